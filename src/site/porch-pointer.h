/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

G_BEGIN_DECLS

/* What the edge can read: the value's limit in bytes. */
#define PORCH_POINTER_MAX_SIZE 1024

/* Shares of it: for the files whose names have no ending, and for all that belongs to a release. The rest is left to
 * settings of the edge, which may be added later and have to fit beside any release that can be made live again. */
#define PORCH_POINTER_FILES_SIZE   256
#define PORCH_POINTER_RELEASE_SIZE 768

/**
 * PorchPointerValue:
 *
 * What the pointer says: the live release, the earlier releases that hold some of its top-level folders, the files
 * whose names have no ending, and the settings of the edge, whose names start with a question mark. Never changes once
 * made.
 */
typedef struct _PorchPointerValue PorchPointerValue;

#define PORCH_TYPE_POINTER_VALUE (porch_pointer_value_get_type ())

GType               porch_pointer_value_get_type       (void);
PorchPointerValue  *porch_pointer_value_new            (const char         *release,
                                                        GHashTable         *folders,
                                                        GPtrArray          *files,
                                                        GHashTable         *settings);
PorchPointerValue  *porch_pointer_value_new_from_json  (const char         *json,
                                                        GError            **error);
PorchPointerValue  *porch_pointer_value_ref            (PorchPointerValue  *self);
void                porch_pointer_value_unref          (PorchPointerValue  *self);
char               *porch_pointer_value_to_json        (PorchPointerValue  *self);
const char         *porch_pointer_value_get_release    (PorchPointerValue  *self);
const char         *porch_pointer_value_get_holder     (PorchPointerValue  *self,
                                                        const char         *folder);
GHashTable         *porch_pointer_value_get_folders    (PorchPointerValue  *self);
GPtrArray          *porch_pointer_value_get_files      (PorchPointerValue  *self);
GHashTable         *porch_pointer_value_get_settings   (PorchPointerValue  *self);
char               *porch_pointer_value_resolve        (PorchPointerValue  *self,
                                                        const char         *path);
PorchPointerValue  *porch_pointer_value_with_settings  (PorchPointerValue  *self,
                                                        PorchPointerValue  *other);
gboolean            porch_pointer_value_equal          (PorchPointerValue  *self,
                                                        PorchPointerValue  *other);

gsize               porch_pointer_measure_file         (const char         *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPointerValue, porch_pointer_value_unref)

/**
 * PorchPointer:
 *
 * The one place that says which release is live. Reading and replacing it is all there is; a write goes through
 * only while the release that the writer knows as the live one still is.
 */
#define PORCH_TYPE_POINTER (porch_pointer_get_type ())
G_DECLARE_INTERFACE (PorchPointer, porch_pointer, PORCH, POINTER, GObject)

struct _PorchPointerInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*read)    (PorchPointer      *self);
  DexFuture *(*replace) (PorchPointer      *self,
                         const char        *expected_release,
                         PorchPointerValue *value);
  guint64    (*get_request_count)
                        (PorchPointer      *self,
                         gpointer           client);
};

DexFuture *porch_pointer_read    (PorchPointer      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_pointer_replace (PorchPointer      *self,
                                  const char        *expected_release,
                                  PorchPointerValue *value) G_GNUC_WARN_UNUSED_RESULT;
guint64    porch_pointer_get_request_count
                                 (PorchPointer      *self,
                                  gpointer           client);

G_END_DECLS
