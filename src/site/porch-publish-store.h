/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-manifest.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* The tables of the store that belong to publishing: hashes of files seen, manifests, and what is underway. */

typedef struct
{
  char    *path;
  char    *sha256;
  char    *type;
  guint64  size;
  gint64   mtime;
  gint64   ctime;
  guint64  inode;
} PorchHash;

typedef struct
{
  char   *release;
  char   *folder;
  char   *note;
  gint64  started;
  GBytes *manifest;
} PorchJournal;

#define PORCH_TYPE_JOURNAL (porch_journal_get_type ())

GType      porch_journal_get_type            (void);
void       porch_hash_free                   (PorchHash          *self);
void       porch_journal_free                (PorchJournal       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchJournal, porch_journal_free)

DexFuture *porch_publish_store_load_hashes   (PorchStore         *store,
                                              const char         *folder) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_save_hashes   (PorchStore         *store,
                                              const char         *folder,
                                              GPtrArray          *hashes) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_load_manifest (PorchStore         *store,
                                              const char         *site,
                                              const char         *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_save_manifest (PorchStore         *store,
                                              const char         *site,
                                              const char         *release,
                                              const char         *summary,
                                              GBytes             *body) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_list_manifests
                                             (PorchStore         *store,
                                              const char         *site) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_drop_manifest (PorchStore         *store,
                                              const char         *site,
                                              const char         *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_load_journal  (PorchStore         *store,
                                              const char         *site) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_note_manifest (PorchStore         *store,
                                              const char         *site,
                                              PorchManifest      *planned,
                                              GFile              *folder,
                                              const char         *note) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_save_journal  (PorchStore         *store,
                                              const char         *site,
                                              const PorchJournal *journal) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_drop_journal  (PorchStore         *store,
                                              const char         *site) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_list_arrivals (PorchStore         *store,
                                              const char         *site) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_save_arrival  (PorchStore         *store,
                                              const char         *site,
                                              const char         *key,
                                              const char         *sha256) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_publish_store_forget_site   (PorchStore         *store,
                                              const char         *site) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
