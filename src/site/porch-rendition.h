/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-publish-store.h"

G_BEGIN_DECLS

/* Treated copies of files, in the user's cache folder; shared by threads. A copy is named by what it was made of and how,
 * and by its own content, so that one that was damaged is noticed. */
typedef struct _PorchRenditions PorchRenditions;

/**
 * PorchRendition:
 * @filename: (nullable): where the copy lies; %NULL if there is nothing to be gained from treating the file
 * @sha256: (nullable): of its content, in hexadecimal digits
 * @size: in bytes
 * @inode: what stands for its identity
 *
 * A treated copy of a file.
 */
typedef struct
{
  char    *filename;
  char    *sha256;
  guint64  size;
  guint64  inode;
} PorchRendition;

char            *porch_renditions_dup_folder (void);
PorchRenditions *porch_renditions_new        (GHashTable       *hashes);
PorchRenditions *porch_renditions_ref        (PorchRenditions  *self);
void             porch_renditions_unref      (PorchRenditions  *self);
char            *porch_renditions_dup_key    (const char       *sha256,
                                              const char       *treatment);
gboolean         porch_renditions_find       (PorchRenditions  *self,
                                              const char       *key,
                                              PorchRendition   *rendition);
gboolean         porch_renditions_add        (PorchRenditions  *self,
                                              const char       *key,
                                              const guint8     *data,
                                              gsize             length,
                                              PorchRendition   *rendition,
                                              GError          **error);
GPtrArray       *porch_renditions_get_fresh  (PorchRenditions  *self);
void             porch_rendition_clear       (PorchRendition   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchRenditions, porch_renditions_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PorchRendition, porch_rendition_clear)

G_END_DECLS
