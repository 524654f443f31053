/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libdex.h>

G_BEGIN_DECLS

#define AWS_TYPE_SESSION_STORE (aws_session_store_get_type ())

G_DECLARE_INTERFACE (AwsSessionStore, aws_session_store, AWS, SESSION_STORE, GObject)

/**
 * AwsSessionStoreInterface:
 * @load: resolves to a #JsonObject (boxed), what is kept at the moment; others may have changed it
 * @save: keeps another one in its place, at once or not at all; resolves to %TRUE
 *
 * Where a session that renews itself is kept. The members are those of the files that AWS's own tools write, see
 * [func@aws_session_file_new].
 */
struct _AwsSessionStoreInterface
{
  GTypeInterface parent_iface;

  DexFuture *(*load) (AwsSessionStore *self);
  DexFuture *(*save) (AwsSessionStore *self,
                      JsonObject      *session);
};

DexFuture       *aws_session_store_load        (AwsSessionStore *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *aws_session_store_save        (AwsSessionStore *self,
                                                JsonObject      *session) G_GNUC_WARN_UNUSED_RESULT;

#define AWS_TYPE_SESSION_FILE (aws_session_file_get_type ())

G_DECLARE_FINAL_TYPE (AwsSessionFile, aws_session_file, AWS, SESSION_FILE, GObject)

AwsSessionStore *aws_session_file_new          (const char      *path);
char            *aws_session_dup_login_path    (const char      *login_session);
char            *aws_session_dup_sso_path      (const char      *name);

/* Copies without the objects inside being shared */
JsonObject      *aws_session_copy              (JsonObject      *session);

G_END_DECLS
