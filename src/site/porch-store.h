/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define PORCH_TYPE_ROWS (porch_rows_get_type ())

typedef struct _PorchRows PorchRows;

GType        porch_rows_get_type     (void) G_GNUC_CONST;
PorchRows   *porch_rows_ref          (PorchRows  *self);
void         porch_rows_unref        (PorchRows  *self);
guint        porch_rows_get_length   (PorchRows  *self);
const char  *porch_rows_get_string   (PorchRows  *self,
                                      guint       row,
                                      guint       column);
gint64       porch_rows_get_int      (PorchRows  *self,
                                      guint       row,
                                      guint       column);
gboolean     porch_rows_is_null      (PorchRows  *self,
                                      guint       row,
                                      guint       column);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchRows, porch_rows_unref)

#define PORCH_TYPE_STORE (porch_store_get_type ())

G_DECLARE_FINAL_TYPE (PorchStore, porch_store, PORCH, STORE, GObject)

/**
 * PorchStoreFunc:
 * @db: the database, in an open transaction
 * @user_data: what was given to porch_store_run()
 * @error: return location
 *
 * Work on the database; runs on the store's own thread, so it touches nothing but @user_data.
 *
 * Returns: %TRUE to commit, %FALSE with @error set to roll back
 */
typedef gboolean (*PorchStoreFunc) (sqlite3   *db,
                                    gpointer   user_data,
                                    GError   **error);

PorchStore  *porch_store_new          (GFile           *folder);
GFile       *porch_store_get_folder   (PorchStore      *self);
DexFuture   *porch_store_open         (PorchStore      *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean     porch_store_is_rebuilt   (PorchStore      *self);
GFile       *porch_store_get_damaged  (PorchStore      *self);

/* format: one letter for each parameter: s string or NULL, i gint64, d double */
DexFuture   *porch_store_write        (PorchStore      *self,
                                       const char      *sql,
                                       const char      *format,
                                       ...) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_store_query        (PorchStore      *self,
                                       const char      *sql,
                                       const char      *format,
                                       ...) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_store_run          (PorchStore      *self,
                                       PorchStoreFunc   func,
                                       gpointer         user_data,
                                       GDestroyNotify   destroy) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_store_read         (PorchStore      *self,
                                       PorchStoreFunc   func,
                                       gpointer         user_data,
                                       GDestroyNotify   destroy) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_store_dup_setting  (PorchStore      *self,
                                       const char      *key) G_GNUC_WARN_UNUSED_RESULT;
DexFuture   *porch_store_set_setting  (PorchStore      *self,
                                       const char      *key,
                                       const char      *value) G_GNUC_WARN_UNUSED_RESULT;
int          porch_store_lock         (PorchStore      *self,
                                       const char      *name,
                                       GError         **error);
gboolean     porch_store_is_locked    (PorchStore      *self,
                                       const char      *name);

gboolean     porch_store_set_error    (GError         **error,
                                       sqlite3         *db,
                                       int              code);

G_END_DECLS
