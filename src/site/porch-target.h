/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "aws-client.h"
#include "porch-manifest.h"
#include "porch-pointer.h"
#include "porch-store.h"

G_BEGIN_DECLS

/**
 * PorchTarget:
 *
 * Where the files of a site live: the bucket, the client to reach it with, the pointer to the live release, and
 * the store that remembers what was seen there.
 */
#define PORCH_TYPE_TARGET (porch_target_get_type ())
G_DECLARE_FINAL_TYPE (PorchTarget, porch_target, PORCH, TARGET, GObject)

PorchTarget  *porch_target_new          (AwsClient    *client,
                                         const char   *region,
                                         const char   *bucket,
                                         PorchPointer *pointer,
                                         PorchStore   *store,
                                         const char   *site_id);
AwsClient    *porch_target_get_client   (PorchTarget  *self);
const char   *porch_target_get_region   (PorchTarget  *self);
const char   *porch_target_get_bucket   (PorchTarget  *self);
PorchPointer *porch_target_get_pointer  (PorchTarget  *self);
PorchStore   *porch_target_get_store    (PorchTarget  *self);
const char   *porch_target_get_site_id  (PorchTarget  *self);
const char   *porch_target_get_author   (PorchTarget  *self);
void          porch_target_set_author   (PorchTarget  *self,
                                         const char   *author);
guint         porch_target_get_kept_versions
                                        (PorchTarget  *self);
void          porch_target_set_kept_versions
                                        (PorchTarget  *self,
                                         guint         kept);
guint64       porch_target_get_request_count
                                        (PorchTarget  *self);
DexFuture    *porch_target_load_manifest
                                        (PorchTarget  *self,
                                         const char   *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_target_save_manifest
                                        (PorchTarget   *self,
                                         PorchManifest *manifest) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_target_go_live      (PorchTarget   *self,
                                         const char    *expected_release,
                                         PorchManifest *manifest) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_target_write_draft  (PorchTarget   *self,
                                         PorchManifest *manifest,
                                         guint          days) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_target_drop_drafts  (PorchTarget   *self,
                                         const char    *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture    *porch_target_go_back      (PorchTarget   *self,
                                         const char    *release) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
