/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-content-type.h"
#include "porch-finding.h"
#include "porch-store.h"
#include "porch-treatment.h"

G_BEGIN_DECLS

/* What `_redirects` says; see porch-redirects.h */
typedef struct _PorchRedirects PorchRedirects;

/**
 * PorchFile:
 * @path: relative to the folder, with slashes, UTF-8
 * @sha256: the sum of the content, in hexadecimal digits; see porch_content_sum_new()
 * @parts: (nullable): the SHA-256s of its parts, if it is sent in some and was just read
 * @type: the Content-Type it is served with
 * @rendition: (nullable) (type filename): the treated copy that is sent instead; hash, size and type are those of the copy then
 * @is_confirmed: it looks private, and its owner wants it to be public
 * @is_listed: its name has no ending, and the pointer lists it so that the edge does not take it for a folder
 *
 * A file of a scanned folder that will be published. Belongs to its folder and does not change.
 */
typedef struct
{
  char           *path;
  char           *sha256;
  GBytes         *parts;
  char           *type;
  PorchCacheRule  cache;
  guint64         size;
  gint64          mtime;   /* nanoseconds, as ctime */
  gint64          ctime;
  guint64         inode;
  char           *rendition;
  gboolean        is_confirmed;
  gboolean        is_listed;
} PorchFile;

/**
 * PorchScanFlags:
 * @PORCH_SCAN_DEFAULT: a file whose size, dates and inode are those of last time is not read again
 * @PORCH_SCAN_THOROUGH: every file is read
 * @PORCH_SCAN_LEAVE_OUT: what looks private and has no answer from its owner is left out, with a warning instead of an error
 * @PORCH_SCAN_CHECK: pages, style sheets and pictures are looked into for what visitors may stumble over
 */
typedef enum
{
  PORCH_SCAN_DEFAULT   = 0,
  PORCH_SCAN_THOROUGH  = 1 << 0,
  PORCH_SCAN_CHECK     = 1 << 1,
  PORCH_SCAN_LEAVE_OUT = 1 << 2,
} PorchScanFlags;

/* Files from here on are offered by porch_folder_take_hashed(), in bytes. */
#define PORCH_FOLDER_LARGE (1024 * 1024)

#define PORCH_TYPE_FOLDER (porch_folder_get_type ())
G_DECLARE_FINAL_TYPE (PorchFolder, porch_folder, PORCH, FOLDER, GObject)

PorchFolder      *porch_folder_new              (GFile           *root,
                                                 PorchStore      *store);
DexFuture        *porch_folder_scan             (PorchFolder     *self,
                                                 PorchScanFlags   flags) G_GNUC_WARN_UNUSED_RESULT;
void              porch_folder_set_treatments   (PorchFolder     *self,
                                                 PorchTreatments *treatments);
PorchTreatments  *porch_folder_get_treatments   (PorchFolder     *self);
PorchRedirects   *porch_folder_get_redirects    (PorchFolder     *self);
GFile            *porch_folder_get_root         (PorchFolder     *self);
guint             porch_folder_get_n_files      (PorchFolder     *self);
guint64           porch_folder_get_n_bytes      (PorchFolder     *self);
const PorchFile  *porch_folder_get_file         (PorchFolder     *self,
                                                 guint            position);
GPtrArray        *porch_folder_take_hashed      (PorchFolder     *self);
const PorchFile  *porch_folder_lookup           (PorchFolder     *self,
                                                 const char      *path);
char             *porch_folder_build_filename   (PorchFolder     *self,
                                                 const PorchFile *file);
GListModel       *porch_folder_get_findings     (PorchFolder     *self);
gboolean          porch_folder_has_errors       (PorchFolder     *self);
GFile            *porch_folder_get_suggestion   (PorchFolder     *self);
guint             porch_folder_get_n_looked_at  (PorchFolder     *self);
guint             porch_folder_get_n_read       (PorchFolder     *self);
DexFuture        *porch_folder_check_unchanged  (PorchFolder     *self,
                                                 const PorchFile *file) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
