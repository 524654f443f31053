/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "porch-manifest.h"

G_BEGIN_DECLS

PorchManifest  *porch_manifest_new    (const char            *release);
void            porch_manifest_append (PorchManifest         *self,
                                       const char            *path,
                                       const char            *release,
                                       guint64                size,
                                       const char            *sha256,
                                       const char            *type,
                                       const char            *cache,
                                       const char            *title,
                                       gboolean               carried);
void            porch_manifest_sort   (PorchManifest         *self);
void            porch_manifest_take_redirects
                                      (PorchManifest         *self,
                                       PorchRedirects        *redirects,
                                       PorchRedirects        *before);
gboolean        porch_manifest_finish (PorchManifest         *self,
                                       GHashTable            *folders,
                                       GPtrArray             *files);
PorchManifestSummary *
                porch_manifest_edit_summary
                                      (PorchManifest         *self);

PorchManifestSummary *
                porch_manifest_summary_new_from_object
                                      (JsonObject            *object);

G_END_DECLS
