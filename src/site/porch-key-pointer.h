/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-pointer.h"

G_BEGIN_DECLS

/* The keys that data/functions/edge.js reads: `live`, `draft:<token>`, `to:<set>:…`; and two that only we read: `drafts`,
 * which lists those that there are, and `to:<set>`, which says that a set of redirects is there as a whole. */
#define PORCH_KEY_POINTER_LIVE   "live"
#define PORCH_KEY_POINTER_DRAFTS "drafts"
#define PORCH_KEY_POINTER_DRAFT  "draft:"
#define PORCH_KEY_POINTER_SET    "to:"

#define PORCH_TYPE_KEY_POINTER (porch_key_pointer_get_type ())
G_DECLARE_DERIVABLE_TYPE (PorchKeyPointer, porch_key_pointer, PORCH, KEY_POINTER, GObject)

/**
 * PorchKeyVersion:
 * @etag: what a commit has to name
 * @comment: (nullable): for the one who made it
 * @entries: (nullable) (element-type utf8 utf8): all keys and values, where they come together
 *
 * What was there when a write began.
 */
typedef struct
{
  char       *etag;
  char       *comment;
  GHashTable *entries;
} PorchKeyVersion;

PorchKeyVersion *porch_key_version_new   (const char      *etag);
PorchKeyVersion *porch_key_version_ref   (PorchKeyVersion *self);
void             porch_key_version_unref (PorchKeyVersion *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchKeyVersion, porch_key_version_unref)

/**
 * PorchKeyWriteFunc:
 * @self: the pointer
 * @version: what was there when the write began; a commit goes through only while it still is
 * @user_data: what was given with the function
 *
 * One try of a write. What it has to read, it reads with @version.
 *
 * Returns: (transfer full): a future of the try
 */
typedef DexFuture *(*PorchKeyWriteFunc) (PorchKeyPointer *self,
                                         PorchKeyVersion *version,
                                         gpointer         user_data);

/**
 * PorchKeyPointerClass:
 * @await_get: the value of a key, %NULL without an error if there is none. @version is %NULL outside of a write
 * @await_list: all keys and values
 * @write: calls the function with the version that is there, again with the next one where another writer was faster
 * @await_commit: writes pairs of key and value in their order and deletes keys; the last pair makes the others count
 *
 * Where keys with values are kept. The functions that await are called in fibers.
 */
struct _PorchKeyPointerClass
{
  GObjectClass parent_class;

  char       *(*await_get)         (PorchKeyPointer    *self,
                                    PorchKeyVersion    *version,
                                    const char         *key,
                                    GError            **error);
  GHashTable *(*await_list)        (PorchKeyPointer    *self,
                                    PorchKeyVersion    *version,
                                    GError            **error);
  DexFuture  *(*write)             (PorchKeyPointer    *self,
                                    PorchKeyWriteFunc   func,
                                    gpointer            user_data,
                                    GDestroyNotify      destroy);
  gboolean    (*await_commit)      (PorchKeyPointer    *self,
                                    PorchKeyVersion    *version,
                                    GPtrArray          *puts,
                                    GPtrArray          *deletes,
                                    GError            **error);
  guint64     (*get_request_count) (PorchKeyPointer    *self,
                                    gpointer            client);
};

G_END_DECLS
