/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PORCH_TYPE_PROFILE (porch_profile_get_type ())

G_DECLARE_FINAL_TYPE (PorchProfile, porch_profile, PORCH, PROFILE, GObject)

/* The profiles of the files that AWS's own tools share, as a list of PorchProfile; empty if there are none */
GListModel   *porch_profile_list          (void);
PorchProfile *porch_profile_new           (const char   *name);

const char   *porch_profile_get_name      (PorchProfile *self);
const char   *porch_profile_get_words     (PorchProfile *self);   /* how it signs in, for people */
const char   *porch_profile_get_region    (PorchProfile *self);   /* nullable */
const char   *porch_profile_get_number    (PorchProfile *self);   /* nullable: the account, if the files tell it */
gboolean      porch_profile_is_usable     (PorchProfile *self);
const char   *porch_profile_get_reason    (PorchProfile *self);   /* nullable: why it can't be used */

G_END_DECLS
