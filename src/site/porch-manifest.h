/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-folder.h"
#include "porch-pointer.h"
#include "porch-redirects.h"

G_BEGIN_DECLS

/* How many of the changed pages a summary names. */
#define PORCH_MANIFEST_MAX_PAGES 60

/**
 * PorchChangeKind:
 * @PORCH_CHANGE_ADDED: was not there
 * @PORCH_CHANGE_CHANGED: other content, or served with other headers
 * @PORCH_CHANGE_REMOVED: is not there any more
 * @PORCH_CHANGE_RENAMED: a page that has another address now; the old one leads to it
 */
typedef enum
{
  PORCH_CHANGE_ADDED,
  PORCH_CHANGE_CHANGED,
  PORCH_CHANGE_REMOVED,
  PORCH_CHANGE_RENAMED,
} PorchChangeKind;

const char *porch_change_kind_to_string (PorchChangeKind kind);

/**
 * PorchPageChange:
 * @kind: what became of it
 * @path: the page's file; for a renamed one where it is now
 * @old_path: (nullable): where a renamed page was
 * @title: (nullable): what the page calls itself
 *
 * A page that differs from the release before. Belongs to its summary.
 */
typedef struct
{
  PorchChangeKind  kind;
  char            *path;
  char            *old_path;
  char            *title;
} PorchPageChange;

/**
 * PorchManifestEntry:
 * @path: what visitors ask for, without the leading slash
 * @release: the release under whose prefix the object lies
 * @sha256: the sum of the content, in hexadecimal digits; see porch_content_sum_new()
 * @type: Content-Type of the object
 * @cache: Cache-Control of the object
 * @title: (nullable): what a page calls itself; empty if it doesn't, %NULL if nobody looked
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
  const char *title;
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

/**
 * PorchManifestSummary:
 * @release: its id
 * @date: when it was made, ISO 8601, UTC
 * @note: (nullable): what the owner said about it
 * @author: (nullable): who made it
 * @source: (nullable): name of the folder that it was made from
 * @previous: (nullable): the release that was live when it was made
 * @pages: (element-type PorchPageChange): pages that differ from the release before, at most 60
 * @n_pages: how many pages differ
 * @renamed: pages that have another address; they are among neither @added nor @removed
 * @is_draft: whether it was published as a draft
 *
 * What the history shows of a release, without its files.
 */
typedef struct
{
  char      *release;
  char      *date;
  char      *note;
  char      *author;
  char      *source;
  char      *previous;
  GPtrArray *pages;
  guint64    bytes;
  guint      files;
  guint      added;
  guint      changed;
  guint      removed;
  guint      renamed;
  guint      n_pages;
  gboolean   is_draft;
} PorchManifestSummary;

char                       *porch_release_id_new            (GDateTime                   *time);
gboolean                    porch_release_id_is_valid       (const char                  *id);
GDateTime                  *porch_release_id_get_time       (const char                  *id);
char                       *porch_manifest_build_key        (const char                  *release);

PorchManifest              *porch_manifest_new_for_folder   (PorchFolder                 *folder,
                                                             PorchManifest               *live,
                                                             GHashTable                  *titles,
                                                             const char                  *release,
                                                             const char                  *note,
                                                             const char                  *author,
                                                             gboolean                     is_draft);
PorchManifest              *porch_manifest_new_from_json    (GBytes                      *json,
                                                             GError                     **error);
GBytes                     *porch_manifest_to_json          (PorchManifest               *self);
DexFuture                  *porch_manifest_parse            (GBytes                      *json) G_GNUC_WARN_UNUSED_RESULT;
DexFuture                  *porch_manifest_print            (PorchManifest               *self) G_GNUC_WARN_UNUSED_RESULT;
const char                 *porch_manifest_get_release      (PorchManifest               *self);
const PorchManifestSummary *porch_manifest_get_summary      (PorchManifest               *self);
PorchPointerValue          *porch_manifest_get_pointer      (PorchManifest               *self);
PorchRedirects             *porch_manifest_get_redirects    (PorchManifest               *self);
GHashTable                 *porch_manifest_find_renames     (PorchManifest               *self,
                                                             PorchManifest               *before);
gboolean                    porch_manifest_differs          (PorchManifest               *self);
guint                       porch_manifest_get_n_entries    (PorchManifest               *self);
const PorchManifestEntry   *porch_manifest_get_entry        (PorchManifest               *self,
                                                             guint                        position);
const PorchManifestEntry   *porch_manifest_lookup           (PorchManifest               *self,
                                                             const char                  *path);
char                       *porch_manifest_entry_build_key  (const PorchManifestEntry    *entry);
gboolean                    porch_manifest_entry_is_page    (const PorchManifestEntry    *entry);
GPtrArray                  *porch_manifest_list_pages       (PorchManifest               *self,
                                                             PorchManifest               *before);

PorchManifestSummary       *porch_manifest_summary_new_from_json
                                                            (const char                  *json);
char                       *porch_manifest_summary_to_json  (const PorchManifestSummary  *self);
PorchManifestSummary       *porch_manifest_summary_copy     (const PorchManifestSummary  *self);
void                        porch_manifest_summary_free     (PorchManifestSummary        *self);
PorchPageChange            *porch_page_change_new           (PorchChangeKind              kind,
                                                             const char                  *path,
                                                             const char                  *old_path,
                                                             const char                  *title);
void                        porch_page_change_free          (PorchPageChange             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchManifestSummary, porch_manifest_summary_free)

G_END_DECLS
