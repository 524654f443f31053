/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-redirects.h"

G_BEGIN_DECLS

/* What the edge can read: the value's limit in bytes. */
#define PORCH_POINTER_MAX_SIZE 1024

/* Shares of it: for the files whose names have no ending, and for all that belongs to a release. The rest is left to
 * settings of the edge, which may be added later and have to fit beside any release that can be made live again. */
#define PORCH_POINTER_FILES_SIZE   256
#define PORCH_POINTER_RELEASE_SIZE 768

/* The settings of the edge, which outlive a release: the only host name that pages are shown under, a JSON string; and
 * whether every page is made by the start page, a JSON boolean. */
#define PORCH_POINTER_HOST        "?host"
#define PORCH_POINTER_SINGLE_PAGE "?spa"

/* What naming a set of redirects takes of the share of a release */
#define PORCH_POINTER_REDIRECTS_SIZE 60

/* Room that the settings may take, in bytes of JSON */
#define PORCH_POINTER_SETTINGS_SIZE (PORCH_POINTER_MAX_SIZE - PORCH_POINTER_RELEASE_SIZE)

/* A draft can be seen for so many days at most, and there may be so many at a time. */
#define PORCH_POINTER_MAX_DRAFT_DAYS 90
#define PORCH_POINTER_MAX_DRAFTS     20

/* What a visitor's address carries in front of the token of a draft; the cookie has the same name. */
#define PORCH_POINTER_DRAFT_FIELD "porchlight-draft"

/**
 * PorchPointerValue:
 *
 * What the pointer says: the live release, the earlier releases that hold some of its top-level folders, the files
 * whose names have no ending, the redirects, and the settings of the edge, whose names start with a question mark. Never
 * changes once made.
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
PorchPointerValue  *porch_pointer_value_with_redirects (PorchPointerValue  *self,
                                                        PorchRedirects     *redirects);
PorchRedirects     *porch_pointer_value_get_redirects  (PorchPointerValue  *self);
const char         *porch_pointer_value_get_redirect_set
                                                       (PorchPointerValue  *self);
gboolean            porch_pointer_value_equal          (PorchPointerValue  *self,
                                                        PorchPointerValue  *other);

gsize               porch_pointer_measure_file         (const char         *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPointerValue, porch_pointer_value_unref)

/**
 * PorchPointerDraft:
 *
 * A release that only those see who have its secret link. Never changes once made.
 */
typedef struct _PorchPointerDraft PorchPointerDraft;

#define PORCH_TYPE_POINTER_DRAFT (porch_pointer_draft_get_type ())

GType               porch_pointer_draft_get_type       (void);
PorchPointerDraft  *porch_pointer_draft_new            (const char         *token,
                                                        PorchPointerValue  *value,
                                                        gint64              until);
PorchPointerDraft  *porch_pointer_draft_ref            (PorchPointerDraft  *self);
void                porch_pointer_draft_unref          (PorchPointerDraft  *self);
const char         *porch_pointer_draft_get_token      (PorchPointerDraft  *self);
PorchPointerValue  *porch_pointer_draft_get_value      (PorchPointerDraft  *self);
gint64              porch_pointer_draft_get_until      (PorchPointerDraft  *self);
gboolean            porch_pointer_draft_is_over        (PorchPointerDraft  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPointerDraft, porch_pointer_draft_unref)

char               *porch_pointer_make_draft_token     (void);
gboolean            porch_pointer_draft_token_is_valid (const char         *token);

/**
 * PorchPointer:
 *
 * The one place that says which release is live, which others can be seen by a secret link, and how the edge is set. A
 * write of what is live goes through only while the release that the writer knows as the live one still is.
 */
#define PORCH_TYPE_POINTER (porch_pointer_get_type ())
G_DECLARE_INTERFACE (PorchPointer, porch_pointer, PORCH, POINTER, GObject)

struct _PorchPointerInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*read)             (PorchPointer       *self);
  DexFuture *(*replace)          (PorchPointer       *self,
                                  const char         *expected_release,
                                  PorchPointerValue  *value);
  DexFuture *(*change_settings)  (PorchPointer       *self,
                                  GHashTable         *changes);
  DexFuture *(*list_drafts)      (PorchPointer       *self);
  DexFuture *(*write_draft)      (PorchPointer       *self,
                                  const char         *token,
                                  PorchPointerValue  *value,
                                  gint64              until);
  DexFuture *(*remove_redirects) (PorchPointer       *self,
                                  const char * const *kept_sets);
  guint64    (*get_request_count)
                                 (PorchPointer       *self,
                                  gpointer            client);
};

DexFuture *porch_pointer_read              (PorchPointer       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_pointer_replace           (PorchPointer       *self,
                                            const char         *expected_release,
                                            PorchPointerValue  *value) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_pointer_change_settings   (PorchPointer       *self,
                                            GHashTable         *changes) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_pointer_list_drafts       (PorchPointer       *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_pointer_write_draft       (PorchPointer       *self,
                                            const char         *token,
                                            PorchPointerValue  *value,
                                            gint64              until) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_pointer_remove_redirects  (PorchPointer       *self,
                                            const char * const *kept_sets) G_GNUC_WARN_UNUSED_RESULT;
guint64    porch_pointer_get_request_count (PorchPointer       *self,
                                            gpointer            client);

G_END_DECLS
