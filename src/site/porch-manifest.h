/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-folder.h"
#include "porch-pointer.h"

G_BEGIN_DECLS

/**
 * PorchManifestEntry:
 * @path: what visitors ask for, without the leading slash
 * @release: the release under whose prefix the object lies
 * @sha256: of the content, in hexadecimal digits
 * @type: Content-Type of the object
 * @cache: Cache-Control of the object
 * @carried: not in the folder any more; kept for pages that are still open in browsers
 *
 * One served file of a release. Belongs to its manifest.
 */
typedef struct
{
  char       *path;
  const char *release;
  char       *sha256;
  const char *type;
  const char *cache;
  guint64     size;
  gboolean    carried;
} PorchManifestEntry;

/**
 * PorchManifest:
 *
 * What a release serves, and where each object lies. It does not change once made.
 */
#define PORCH_TYPE_MANIFEST (porch_manifest_get_type ())
G_DECLARE_FINAL_TYPE (PorchManifest, porch_manifest, PORCH, MANIFEST, GObject)

/* What the history shows of a release, without its files. */
typedef struct
{
  char  *release;
  char  *date;      /* ISO 8601, UTC */
  char  *note;
  char  *author;
  char  *source;
  char  *previous;  /* the release that was live before, or NULL */
  guint64 bytes;
  guint  files;
  guint  added;
  guint  changed;
  guint  removed;
} PorchManifestSummary;

char                       *porch_release_id_new            (GDateTime                   *time);
gboolean                    porch_release_id_is_valid       (const char                  *id);
GDateTime                  *porch_release_id_get_time       (const char                  *id);
char                       *porch_manifest_build_key        (const char                  *release);

PorchManifest              *porch_manifest_new_for_folder   (PorchFolder                 *folder,
                                                             PorchManifest               *live,
                                                             const char                  *release,
                                                             const char                  *note,
                                                             const char                  *author);
PorchManifest              *porch_manifest_new_from_json    (GBytes                      *json,
                                                             GError                     **error);
GBytes                     *porch_manifest_to_json          (PorchManifest               *self);
DexFuture                  *porch_manifest_parse            (GBytes                      *json) G_GNUC_WARN_UNUSED_RESULT;
DexFuture                  *porch_manifest_print            (PorchManifest               *self) G_GNUC_WARN_UNUSED_RESULT;
const char                 *porch_manifest_get_release      (PorchManifest               *self);
const PorchManifestSummary *porch_manifest_get_summary      (PorchManifest               *self);
PorchPointerValue          *porch_manifest_get_pointer      (PorchManifest               *self);
gboolean                    porch_manifest_differs          (PorchManifest               *self);
guint                       porch_manifest_get_n_entries    (PorchManifest               *self);
const PorchManifestEntry   *porch_manifest_get_entry        (PorchManifest               *self,
                                                             guint                        position);
const PorchManifestEntry   *porch_manifest_lookup           (PorchManifest               *self,
                                                             const char                  *path);
char                       *porch_manifest_entry_build_key  (const PorchManifestEntry    *entry);

PorchManifestSummary       *porch_manifest_summary_new_from_json
                                                            (const char                  *json);
char                       *porch_manifest_summary_to_json  (const PorchManifestSummary  *self);
PorchManifestSummary       *porch_manifest_summary_copy     (const PorchManifestSummary  *self);
void                        porch_manifest_summary_free     (PorchManifestSummary        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchManifestSummary, porch_manifest_summary_free)

G_END_DECLS
