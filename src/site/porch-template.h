/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

#define PORCH_TYPE_TEMPLATE (porch_template_get_type ())

G_DECLARE_FINAL_TYPE (PorchTemplate, porch_template, PORCH, TEMPLATE, GObject)

GListModel     *porch_templates_list            (void);
PorchTemplate  *porch_template_find             (const char    *id);

const char     *porch_template_get_id           (PorchTemplate *self);
const char     *porch_template_get_title        (PorchTemplate *self);
const char     *porch_template_get_description  (PorchTemplate *self);
gboolean        porch_template_get_has_form     (PorchTemplate *self);
const char     *porch_template_get_picture      (PorchTemplate *self);

DexFuture      *porch_template_write            (PorchTemplate *self,
                                                 GFile         *folder,
                                                 const char    *name,
                                                 gboolean       with_form) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
