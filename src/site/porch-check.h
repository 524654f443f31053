/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-folder-private.h"

G_BEGIN_DECLS

/* Looks into the pages, style sheets and pictures of a scanned folder, and makes the copies that its owner wants to be sent
 * in their stead. Shared by the threads that do it: they run porch_check_read() until all is read; then one plans; then
 * they treat, then judge what will be sent; porch_check_finish() adds what was found to the scan.
 */
typedef struct _PorchCheck PorchCheck;

gboolean    porch_check_is_needed  (PorchScan   *scan);
PorchCheck *porch_check_new        (PorchScan   *scan,
                                    GHashTable  *rendition_hashes);
PorchCheck *porch_check_ref        (PorchCheck  *self);
void        porch_check_unref      (PorchCheck  *self);
gboolean    porch_check_read       (gpointer     data,
                                    GError     **error);
gboolean    porch_check_plan       (gpointer     data,
                                    GError     **error);
gboolean    porch_check_treat      (gpointer     data,
                                    GError     **error);
gboolean    porch_check_judge      (gpointer     data,
                                    GError     **error);
void        porch_check_finish     (PorchCheck  *self);
GPtrArray  *porch_check_get_fresh  (PorchCheck  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchCheck, porch_check_unref)

G_END_DECLS
