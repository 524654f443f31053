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
  char              *etag;       /* that the next try has to name */
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

/* One try, against the version of the store that the replacement names: what is read now can't be older. */
static DexFuture *
replace_fiber (gpointer user_data)
{
  Replacement *replacement = user_data;
  PorchStorePointer *self = replacement->pointer;
  g_autoptr(PorchPointerValue) current = NULL;
  g_autoptr(PorchPointerValue) next = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;

  if (!(current = await_value (self, &error)) && error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  next = porch_pointer_value_with_settings (replacement->value, current);

  /* Written by an earlier try whose answer got lost. */
  if (porch_pointer_value_equal (current, next))
    return dex_future_new_true ();

  if (g_strcmp0 (current != NULL ? porch_pointer_value_get_release (current) : NULL, replacement->expected) != 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE, "%s",
                                  _("Another version of the site went live meanwhile, perhaps from another computer."));

  json = porch_pointer_value_to_json (next);

  if (strlen (json) > PORCH_POINTER_MAX_SIZE)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FAILED, "%s",
                                  _("The note of which version is live has become too long."));

  return aws_keyvaluestore_put (self->client, self->arn, replacement->etag, PORCH_STORE_POINTER_KEY, json);
}

static void
replacement_clear (gpointer data)
{
  Replacement *replacement = data;

  g_object_unref (replacement->pointer);
  g_free (replacement->expected);
  porch_pointer_value_unref (replacement->value);
  g_free (replacement->etag);
}

static void
replacement_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, replacement_clear);
}

static DexFuture *
replace_version (AwsClient  *client,
                 const char *arn,
                 const char *etag,
                 gpointer    user_data)
{
  Replacement *replacement = user_data;

  g_set_str (&replacement->etag, etag);

  return porch_fiber_spawn (replace_fiber, g_atomic_rc_box_acquire (replacement), replacement_unref, NULL);
}

static DexFuture *
replaced (DexFuture *completed,
          gpointer   user_data)
{
  return dex_future_new_true ();
}

static DexFuture *
replace_failed (DexFuture *completed,
                gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (!aws_keyvaluestore_error_is_stale (error))
    return dex_ref (completed);

  return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE, "%s",
                                _("The site’s settings are being changed by somebody else all the time."));
}

static DexFuture *
porch_store_pointer_replace (PorchPointer      *pointer,
                             const char        *expected_release,
                             PorchPointerValue *value)
{
  PorchStorePointer *self = PORCH_STORE_POINTER (pointer);
  Replacement *replacement = g_atomic_rc_box_new0 (Replacement);
  DexFuture *future;

  replacement->pointer = g_object_ref (self);
  replacement->expected = g_strdup (expected_release);
  replacement->value = porch_pointer_value_ref (value);

  future = aws_keyvaluestore_write (self->client, self->arn, replace_version, replacement, replacement_unref);
  future = dex_future_then (future, replaced, NULL, NULL);

  return dex_future_catch (future, replace_failed, NULL, NULL);
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
