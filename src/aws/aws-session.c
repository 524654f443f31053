/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-session.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <openssl/crypto.h>

#include "aws-error-private.h"
#include "aws-json.h"
#include "aws-thread.h"

/* Nothing that holds a session is larger */
#define SIZE_LIMIT (256 * 1024)

G_DEFINE_INTERFACE (AwsSessionStore, aws_session_store, G_TYPE_OBJECT)

static void
aws_session_store_default_init (AwsSessionStoreInterface *iface)
{
}

/**
 * aws_session_store_load:
 * @self: a store
 *
 * Reads the session as it is kept now.
 *
 * Returns: (transfer full): resolves to a #JsonObject, or rejects with `AWS_ERROR_CREDENTIALS` if there is none
 */
DexFuture *
aws_session_store_load (AwsSessionStore *self)
{
  dex_return_error_if_fail (AWS_IS_SESSION_STORE (self));

  return AWS_SESSION_STORE_GET_IFACE (self)->load (self);
}

/**
 * aws_session_store_save:
 * @self: a store
 * @session: what to keep
 *
 * Keeps a session in place of the one before.
 *
 * Returns: (transfer full): resolves to %TRUE
 */
DexFuture *
aws_session_store_save (AwsSessionStore *self,
                        JsonObject      *session)
{
  dex_return_error_if_fail (AWS_IS_SESSION_STORE (self));
  dex_return_error_if_fail (session != NULL);

  return AWS_SESSION_STORE_GET_IFACE (self)->save (self, session);
}

/**
 * aws_session_copy:
 * @session: a session
 *
 * Returns: (transfer full): a copy that can be changed
 */
JsonObject *
aws_session_copy (JsonObject *session)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (session != NULL, NULL);

  bytes = aws_json_object_to_bytes (session);

  return aws_json_load_object (bytes, NULL);
}

/**
 * AwsSessionFile:
 *
 * A session in a file of the folders that AWS's own tools share, for profiles that they signed in.
 */
struct _AwsSessionFile
{
  GObject  parent_instance;

  char    *path;
};

typedef struct
{
  char   *path;
  GBytes *bytes;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->path);
  g_clear_pointer (&work->bytes, g_bytes_unref);
  g_free (work);
}

static DexFuture *
reject (const char *message)
{
  return dex_future_new_for_error (aws_error_new (AWS_ERROR_CREDENTIALS, NULL, message, 0, NULL));
}

static DexFuture *
load_thread (gpointer user_data)
{
  Work *work = user_data;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonObject) object = NULL;
  gsize length;

  if (!g_file_get_contents (work->path, &text, &length, NULL) || length > SIZE_LIMIT)
    return reject ("The profile is not signed in");

  bytes = g_bytes_new (text, length);
  object = aws_json_load_object (bytes, NULL);
  OPENSSL_cleanse (text, length);

  return object != NULL ? dex_future_new_take_boxed (JSON_TYPE_OBJECT, g_steal_pointer (&object))
                        : reject ("What is kept of the session can't be read");
}

static DexFuture *
aws_session_file_load (AwsSessionStore *store)
{
  Work *work = g_new0 (Work, 1);

  work->path = g_strdup (AWS_SESSION_FILE (store)->path);

  return aws_thread_run (load_thread, work, work_free);
}

static DexFuture *
save_thread (gpointer user_data)
{
  Work *work = user_data;
  g_autofree char *folder = g_path_get_dirname (work->path);
  GError *error = NULL;
  gsize length;
  const char *text = g_bytes_get_data (work->bytes, &length);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return dex_future_new_reject (G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", folder, g_strerror (errno));

  if (!g_file_set_contents_full (work->path, text, length, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, &error))
    return dex_future_new_for_error (error);

  /* One that was there keeps its mode, whoever made it */
  g_chmod (work->path, 0600);

  return dex_future_new_true ();
}

static DexFuture *
aws_session_file_save (AwsSessionStore *store,
                       JsonObject      *session)
{
  Work *work = g_new0 (Work, 1);

  work->path = g_strdup (AWS_SESSION_FILE (store)->path);
  work->bytes = aws_json_object_to_bytes (session);

  return aws_thread_run (save_thread, work, work_free);
}

static void
aws_session_file_store_init (AwsSessionStoreInterface *iface)
{
  iface->load = aws_session_file_load;
  iface->save = aws_session_file_save;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (AwsSessionFile, aws_session_file, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_SESSION_STORE, aws_session_file_store_init))

static void
aws_session_file_finalize (GObject *object)
{
  g_clear_pointer (&AWS_SESSION_FILE (object)->path, g_free);

  G_OBJECT_CLASS (aws_session_file_parent_class)->finalize (object);
}

static void
aws_session_file_class_init (AwsSessionFileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_session_file_finalize;
}

static void
aws_session_file_init (AwsSessionFile *self)
{
}

/**
 * aws_session_file_new:
 * @path: the file
 *
 * Makes a store in a file, which is replaced as a whole and readable by its owner only.
 *
 * Returns: (transfer full): the store
 */
AwsSessionStore *
aws_session_file_new (const char *path)
{
  AwsSessionFile *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (AWS_TYPE_SESSION_FILE, NULL);
  self->path = g_strdup (path);

  return AWS_SESSION_STORE (self);
}

/**
 * aws_session_dup_login_path:
 * @login_session: what the profile says in `login_session`
 *
 * Returns: (transfer full): the file in which AWS's own tools keep that session, below `AWS_LOGIN_CACHE_DIRECTORY`
 */
char *
aws_session_dup_login_path (const char *login_session)
{
  const char *folder = g_getenv ("AWS_LOGIN_CACHE_DIRECTORY");
  g_autofree char *usual = g_build_filename (g_get_home_dir (), ".aws", "login", "cache", NULL);
  g_autofree char *sum = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (login_session != NULL, NULL);

  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, login_session, -1);
  name = g_strconcat (sum, ".json", NULL);

  return g_build_filename (folder != NULL && *folder != '\0' ? folder : usual, name, NULL);
}

/**
 * aws_session_dup_sso_path:
 * @name: the name of a section `sso-session`, or the address of the sign-in page where a profile has it itself
 *
 * Returns: (transfer full): the file in which AWS's own tools keep that session
 */
char *
aws_session_dup_sso_path (const char *name)
{
  g_autofree char *sum = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (name != NULL, NULL);

  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA1, name, -1);
  file = g_strconcat (sum, ".json", NULL);

  return g_build_filename (g_get_home_dir (), ".aws", "sso", "cache", file, NULL);
}
