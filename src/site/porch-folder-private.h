/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-folder.h"
#include "porch-publish-store.h"
#include "porch-secret.h"

G_BEGIN_DECLS

/* Room that the prefix of a release takes of the 1,024 bytes of a key: "releases/YYYYMMDD-HHMMSS-xxxxxx/" */
#define PORCH_MAX_PATH (1024 - 32)

/* One look at a folder: shared by the threads that do it. What the threads write is either theirs alone, atomic, or
 * under the lock. */
typedef struct
{
  GMutex          lock;
  char           *root;
  PorchScanFlags  flags;
  GHashTable     *hashes;       /* path -> PorchHash, from last time */
  GPtrArray      *files;        /* PorchFile, sorted by path */
  GPtrArray      *findings;     /* PorchFinding */
  GPtrArray      *fresh;        /* PorchHash, to be remembered */
  GPtrArray      *hashed;       /* PorchFile, large ones that nobody took yet; NULL if they may still be treated */
  GHashTable     *left_out;     /* paths of files and folders that are not published, as a set */
  PorchTreatments *treatments;  /* nullable */
  PorchRedirects *redirects;    /* nullable */
  char           *suggestion;
  gint64          started;      /* nanoseconds since 1970 */
  gboolean        has_redirects;
  int             cancelled;
  int             n_looked_at;
  int             n_read;
  int             next;
} PorchScan;

PorchScan *porch_scan_new    (const char      *root,
                              PorchScanFlags   flags,
                              GHashTable      *hashes,
                              PorchTreatments *treatments);
PorchScan *porch_scan_ref    (PorchScan       *self);
void       porch_scan_unref  (PorchScan       *self);
/* Takes the text. The finding belongs to the scan; what is set on it must be set before another thread looks. */
PorchFinding *
           porch_scan_add    (PorchScan       *self,
                              PorchSeverity    severity,
                              const char      *rule,
                              const char      *path,
                              char            *text,
                              const char      *fix);
/* Tells of something private; TRUE if its owner wants it to be published all the same. */
gboolean   porch_scan_judge_private
                             (PorchScan       *self,
                              PorchSecretKind  kind,
                              const char      *service,
                              const char      *path,
                              guint            line,
                              gboolean         is_folder);
/* A path without the difference of upper and lower case, and of accents written in two ways. */
char      *porch_scan_fold    (const char      *path);
gboolean   porch_scan_walk   (gpointer         data,
                              GError         **error);
gboolean   porch_scan_hash   (gpointer         data,
                              GError         **error);

void       porch_file_free   (PorchFile       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchScan, porch_scan_unref)

G_END_DECLS
