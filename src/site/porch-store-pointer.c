/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-store-pointer.h"

#include "aws-keyvaluestore.h"
#include "porch-key-pointer.h"

/* What one UpdateKeys takes at most */
#define BATCH 50

/**
 * PorchStorePointer:
 *
 * The pointer to the live release, kept in a CloudFront KeyValueStore.
 */
struct _PorchStorePointer
{
  PorchKeyPointer  parent_instance;

  AwsClient       *client;
  char            *arn;
};

/* What a write does, tried with the version that is there */
typedef struct
{
  PorchStorePointer *pointer;
  PorchKeyWriteFunc  func;
  gpointer           user_data;
  GDestroyNotify     destroy;
} Write;

G_DEFINE_FINAL_TYPE (PorchStorePointer, porch_store_pointer, PORCH_TYPE_KEY_POINTER)

static char *
porch_store_pointer_await_get (PorchKeyPointer  *pointer,
                               PorchKeyVersion  *version,
                               const char       *key,
                               GError          **error)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);
  g_autoptr(GError) local_error = NULL;
  g_autofree char *value = dex_await_string (aws_keyvaluestore_get (self->client, self->arn, key), &local_error);

  if (value == NULL && !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local_error));

  return g_steal_pointer (&value);
}

static GHashTable *
porch_store_pointer_await_list (PorchKeyPointer  *pointer,
                                PorchKeyVersion  *version,
                                GError          **error)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);
  g_autoptr(GPtrArray) pairs = dex_await_boxed (aws_keyvaluestore_list (self->client, self->arn), error);
  g_autoptr(GHashTable) entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (pairs == NULL)
    return NULL;

  for (guint i = 0; i < pairs->len; i++)
    {
      AwsKeyValue *pair = g_ptr_array_index (pairs, i);

      g_hash_table_insert (entries, g_strdup (aws_key_value_get_key (pair)), g_strdup (aws_key_value_get_value (pair)));
    }

  return g_steal_pointer (&entries);
}

static gboolean
await_batch (PorchStorePointer  *self,
             PorchKeyVersion    *version,
             GPtrArray          *puts,
             GPtrArray          *deletes,
             GError            **error)
{
  AwsKeyValue *only = puts->len == 1 && deletes->len == 0 ? g_ptr_array_index (puts, 0) : NULL;
  g_autofree char *etag = NULL;

  g_ptr_array_add (deletes, NULL);

  if (only != NULL)
    etag = dex_await_string (aws_keyvaluestore_put (self->client, self->arn, version->etag,
                                                    aws_key_value_get_key (only), aws_key_value_get_value (only)),
                             error);
  else
    etag = dex_await_string (aws_keyvaluestore_update (self->client, self->arn, version->etag, puts,
                                                       (const char * const *) deletes->pdata),
                             error);

  if (etag == NULL)
    return FALSE;

  /* The next batch goes on from here */
  g_set_str (&version->etag, etag);

  return TRUE;
}

/* All in one request where it fits. Else those go first that do nothing until the last pair names them. */
static gboolean
porch_store_pointer_await_commit (PorchKeyPointer  *pointer,
                                  PorchKeyVersion  *version,
                                  GPtrArray        *puts,
                                  GPtrArray        *deletes,
                                  GError          **error)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);
  guint n_puts = puts != NULL ? puts->len : 0;
  guint n_deletes = deletes != NULL ? deletes->len : 0;

  for (guint i = 0; i < n_puts + n_deletes; )
    {
      g_autoptr(GPtrArray) some_puts = g_ptr_array_new ();
      g_autoptr(GPtrArray) some_deletes = g_ptr_array_new ();

      for (guint n = 0; n < BATCH && i < n_puts + n_deletes; n++, i++)
        if (i < n_puts)
          g_ptr_array_add (some_puts, g_ptr_array_index (puts, i));
        else
          g_ptr_array_add (some_deletes, g_ptr_array_index (deletes, i - n_puts));

      if (!await_batch (self, version, some_puts, some_deletes, error))
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
write_version (AwsClient  *client,
               const char *arn,
               const char *etag,
               gpointer    user_data)
{
  Write *write = user_data;
  g_autoptr(PorchKeyVersion) version = porch_key_version_new (etag);

  return write->func (PORCH_KEY_POINTER (write->pointer), version, write->user_data);
}

static void
write_free (gpointer data)
{
  Write *write = data;

  write->destroy (write->user_data);
  g_object_unref (write->pointer);
  g_free (write);
}

static DexFuture *
porch_store_pointer_write (PorchKeyPointer   *pointer,
                           PorchKeyWriteFunc  func,
                           gpointer           user_data,
                           GDestroyNotify     destroy)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);
  Write *write = g_new0 (Write, 1);

  write->pointer = g_object_ref (self);
  write->func = func;
  write->user_data = user_data;
  write->destroy = destroy;

  return aws_keyvaluestore_write (self->client, self->arn, write_version, write, write_free);
}

static guint64
porch_store_pointer_get_request_count (PorchKeyPointer *pointer,
                                       gpointer         client)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);

  return self->client != client ? aws_client_get_request_count (self->client) : 0;
}

static void
porch_store_pointer_dispose (GObject *object)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (object);

  g_clear_object (&self->client);

  G_OBJECT_CLASS (porch_store_pointer_parent_class)->dispose (object);
}

static void
porch_store_pointer_finalize (GObject *object)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (object);

  g_clear_pointer (&self->arn, g_free);

  G_OBJECT_CLASS (porch_store_pointer_parent_class)->finalize (object);
}

static void
porch_store_pointer_class_init (PorchStorePointerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PorchKeyPointerClass *pointer_class = PORCH_KEY_POINTER_CLASS (klass);

  object_class->dispose = porch_store_pointer_dispose;
  object_class->finalize = porch_store_pointer_finalize;

  pointer_class->await_get = porch_store_pointer_await_get;
  pointer_class->await_list = porch_store_pointer_await_list;
  pointer_class->write = porch_store_pointer_write;
  pointer_class->await_commit = porch_store_pointer_await_commit;
  pointer_class->get_request_count = porch_store_pointer_get_request_count;
}

static void
porch_store_pointer_init (PorchStorePointer *self)
{
}

/**
 * porch_store_pointer_new:
 * @client: the client to reach the store with; its credentials must be good for SigV4A
 * @store_arn: the store
 *
 * Returns: (transfer full): a new pointer
 */
PorchPointer *
porch_store_pointer_new (AwsClient  *client,
                         const char *store_arn)
{
  PorchStorePointer *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (store_arn != NULL, NULL);

  self = g_object_new (PORCH_TYPE_STORE_POINTER, NULL);
  self->client = g_object_ref (client);
  self->arn = g_strdup (store_arn);

  return PORCH_POINTER (self);
}
