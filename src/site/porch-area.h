/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A part of the world in which visitors live. */
typedef struct
{
  const char *id;            /* "europe" */
  const char *name;          /* for people, translated by porch_area_get_name() */
  const char *price_class;   /* the smallest that has places near to them */
} PorchArea;

const PorchArea  *porch_area_list            (guint            *n_areas);
const PorchArea  *porch_area_find            (const char       *id);
const PorchArea  *porch_area_find_of_region  (const char       *region);
const char       *porch_area_get_name        (const PorchArea  *self);
const char       *porch_area_choose_region   (const PorchArea  *self,
                                              GListModel       *regions,
                                              const char       *preferred);

G_END_DECLS
