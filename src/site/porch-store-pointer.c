/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-store-pointer.h"

#include "aws-keyvaluestore.h"
#include "porch-error.h"
#include "porch-fiber.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How often a write is tried again when somebody else changed the store between reading and writing */
#define TRIES 6
#define PAUSE_MSEC 100

/**
 * PorchStorePointer:
 *
 * The pointer to the live release, kept in a CloudFront KeyValueStore.
 */
struct _PorchStorePointer
{
  GObject    parent_instance;

  AwsClient *client;
  char      *arn;
};

typedef struct
{
  PorchStorePointer *pointer;
  char              *expected;
  PorchPointerValue *value;
} Replacement;

static void porch_store_pointer_iface_init (PorchPointerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchStorePointer, porch_store_pointer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PORCH_TYPE_POINTER, porch_store_pointer_iface_init))

static PorchPointerValue *
await_value (PorchStorePointer  *self,
             GError            **error)
{
  g_autoptr(GError) local = NULL;
  g_autofree char *json = dex_await_string (aws_keyvaluestore_get (self->client, self->arn, PORCH_STORE_POINTER_KEY), &local);

  if (json != NULL)
    return porch_pointer_value_new_from_json (json, error);

  /* Nothing was published yet. */
  if (!g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&local));

  return NULL;
}

static DexFuture *
read_fiber (gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  PorchPointerValue *value = await_value (user_data, &error);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (PORCH_TYPE_POINTER_VALUE, value);
}

static DexFuture *
porch_store_pointer_read (PorchPointer *pointer)
{
  return porch_fiber_spawn (read_fiber, g_object_ref (pointer), g_object_unref, NULL);
}

static gboolean
is_stale (const GError *error)
{
  const char *code;

  if (g_error_matches (error, AWS_ERROR, AWS_ERROR_CONFLICT) ||
      g_error_matches (error, AWS_ERROR, AWS_ERROR_PRECONDITION_FAILED))
    return TRUE;

  if (!g_error_matches (error, AWS_ERROR, AWS_ERROR_INVALID))
    return FALSE;

  code = aws_error_get_code_string (error);

  return g_strcmp0 (code, "ValidationException") == 0 && strstr (error->message, "ETag") != NULL;
}

/* One try. TRUE when it is written; without an error, it has to be tried again. */
static gboolean
try_replace (Replacement  *replacement,
             GError      **error)
{
  PorchStorePointer *self = replacement->pointer;
  g_autoptr(AwsKeyValueStore) store = NULL;
  g_autoptr(PorchPointerValue) current = NULL;
  g_autoptr(PorchPointerValue) next = NULL;
  g_autoptr(GError) local = NULL;
  g_autofree char *json = NULL;
  g_autofree char *etag = NULL;

  if (!(store = dex_await_boxed (aws_keyvaluestore_describe (self->client, self->arn), error)))
    return FALSE;

  if (!(current = await_value (self, &local)) && local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  next = porch_pointer_value_with_settings (replacement->value, current);

  /* Written by an earlier try whose answer got lost. */
  if (porch_pointer_value_equal (current, next))
    return TRUE;

  if (g_strcmp0 (current != NULL ? porch_pointer_value_get_release (current) : NULL, replacement->expected) != 0)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE,
                           _("Another version of the site went live meanwhile, perhaps from another computer."));
      return FALSE;
    }

  json = porch_pointer_value_to_json (next);

  if (strlen (json) > PORCH_POINTER_MAX_SIZE)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FAILED,
                           _("The note of which version is live has become too long."));
      return FALSE;
    }

  etag = dex_await_string (aws_keyvaluestore_put (self->client, self->arn, aws_key_value_store_get_etag (store),
                                                  PORCH_STORE_POINTER_KEY, json),
                           &local);

  if (etag != NULL)
    return TRUE;

  if (!is_stale (local))
    g_propagate_error (error, g_steal_pointer (&local));

  return FALSE;
}

static DexFuture *
replace_fiber (gpointer user_data)
{
  Replacement *replacement = user_data;

  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr(GError) error = NULL;
      guint pause = g_random_int_range (PAUSE_MSEC / 2, PAUSE_MSEC << i);

      if (try_replace (replacement, &error))
        return dex_future_new_true ();

      if (error != NULL)
        return dex_future_new_for_error (g_steal_pointer (&error));

      dex_await (dex_timeout_new_msec (pause), &error);
      if (porch_error_is_cancelled (error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE,
                                _("The site’s settings are being changed by somebody else all the time."));
}

static void
replacement_free (gpointer data)
{
  Replacement *replacement = data;

  g_object_unref (replacement->pointer);
  g_free (replacement->expected);
  porch_pointer_value_unref (replacement->value);
  g_free (replacement);
}

static DexFuture *
porch_store_pointer_replace (PorchPointer      *pointer,
                             const char        *expected_release,
                             PorchPointerValue *value)
{
  Replacement *replacement = g_new0 (Replacement, 1);

  replacement->pointer = g_object_ref (PORCH_STORE_POINTER (pointer));
  replacement->expected = g_strdup (expected_release);
  replacement->value = porch_pointer_value_ref (value);

  return porch_fiber_spawn (replace_fiber, replacement, replacement_free, NULL);
}

static guint64
porch_store_pointer_get_request_count (PorchPointer *pointer,
                                       gpointer      client)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);

  return self->client != client ? aws_client_get_request_count (self->client) : 0;
}

static void
porch_store_pointer_iface_init (PorchPointerInterface *iface)
{
  iface->read = porch_store_pointer_read;
  iface->replace = porch_store_pointer_replace;
  iface->get_request_count = porch_store_pointer_get_request_count;
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

  object_class->dispose = porch_store_pointer_dispose;
  object_class->finalize = porch_store_pointer_finalize;
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
