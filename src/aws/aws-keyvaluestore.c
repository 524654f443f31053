/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-keyvaluestore.h"

#include <string.h>

#include "aws-error-private.h"
#include "aws-json.h"
#include "aws-pages.h"
#include "aws-uri.h"

#define SERVICE   "cloudfront-keyvaluestore"
#define PAGE_SIZE "50"

struct _AwsKeyValueStore
{
  char    *arn;
  char    *etag;
  char    *status;
  guint    items;
  guint64  size;
};

static void
aws_key_value_store_clear (AwsKeyValueStore *self)
{
  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->status, g_free);
}

AWS_DEFINE_BOXED (AwsKeyValueStore, aws_key_value_store, aws_key_value_store_clear)

/**
 * aws_key_value_store_get_arn:
 * @self: a store
 *
 * Returns: (transfer none): its ARN
 */
AWS_DEFINE_GETTER (AwsKeyValueStore, aws_key_value_store, const char *, arn)

/**
 * aws_key_value_store_get_etag:
 * @self: a store
 *
 * Returns: (transfer none): the version of the whole store, which writes must name
 */
AWS_DEFINE_GETTER (AwsKeyValueStore, aws_key_value_store, const char *, etag)

/**
 * aws_key_value_store_get_status:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): its status, as `READY`
 */
AWS_DEFINE_GETTER (AwsKeyValueStore, aws_key_value_store, const char *, status)

/**
 * aws_key_value_store_get_items:
 * @self: a store
 *
 * Returns: how many keys it has
 */
AWS_DEFINE_GETTER (AwsKeyValueStore, aws_key_value_store, guint, items)

/**
 * aws_key_value_store_get_size:
 * @self: a store
 *
 * Returns: how many bytes it holds
 */
AWS_DEFINE_GETTER (AwsKeyValueStore, aws_key_value_store, guint64, size)

struct _AwsKeyValue
{
  char *key;
  char *value;
};

static void
aws_key_value_clear (AwsKeyValue *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->value, g_free);
}

AWS_DEFINE_BOXED (AwsKeyValue, aws_key_value, aws_key_value_clear)

/**
 * aws_key_value_new:
 * @key: a key
 * @value: its value
 *
 * Makes a pair.
 *
 * Returns: (transfer full): the pair
 */
AwsKeyValue *
aws_key_value_new (const char *key,
                   const char *value)
{
  AwsKeyValue *self;

  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsKeyValue);
  self->key = g_strdup (key);
  self->value = g_strdup (value);

  return self;
}

/**
 * aws_key_value_get_key:
 * @self: a pair
 *
 * Returns: (transfer none): the key
 */
AWS_DEFINE_GETTER (AwsKeyValue, aws_key_value, const char *, key)

/**
 * aws_key_value_get_value:
 * @self: a pair
 *
 * Returns: (transfer none): the value
 */
AWS_DEFINE_GETTER (AwsKeyValue, aws_key_value, const char *, value)

/* The ARN is one segment of the path; the account in it is part of the host */
static AwsRequest *
make_request (const char *method,
              const char *arn,
              const char *key)
{
  g_auto(GStrv) parts = g_strsplit (arn, ":", 6);
  g_autofree char *encoded_arn = aws_uri_encode (arn);
  g_autofree char *encoded_key = key != NULL ? aws_uri_encode (key) : NULL;
  g_autoptr(GString) path = g_string_new ("/key-value-stores/");
  AwsRequest *request;

  g_string_append (path, encoded_arn);
  if (key != NULL)
    {
      g_string_append (path, "/keys");
      if (*key != '\0')
        g_string_append_printf (path, "/%s", encoded_key);
    }

  request = aws_request_new (SERVICE, NULL, method, path->str);
  if (g_strv_length (parts) == 6 && *parts[4] != '\0')
    aws_request_set_host_prefix (request, parts[4]);

  return request;
}

static char *
dup_etag (AwsResponse  *response,
          GError      **error)
{
  const char *etag = aws_response_get_header (response, "ETag");

  if (etag == NULL)
    g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer does not name the version of the store");

  return g_strdup (etag);
}

static DexFuture *
resolve_store (DexFuture *completed,
               gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsKeyValueStore) store = g_atomic_rc_box_new0 (AwsKeyValueStore);
  AwsResponse *response = g_value_get_boxed (value);
  g_autoptr(JsonObject) object = NULL;
  const char *arn;
  GError *error = NULL;

  if (!(object = aws_response_load_json (response, &error)) || !(store->etag = dup_etag (response, &error)))
    return dex_future_new_for_error (error);

  arn = aws_json_get_string (object, "KvsARN");
  store->arn = g_strdup (arn != NULL ? arn : user_data);
  store->status = g_strdup (aws_json_get_string (object, "Status"));
  store->items = aws_json_get_int (object, "ItemCount", 0);
  store->size = aws_json_get_int (object, "TotalSizeInBytes", 0);

  return dex_future_new_take_boxed (AWS_TYPE_KEY_VALUE_STORE, g_steal_pointer (&store));
}

/**
 * aws_keyvaluestore_describe:
 * @client: a client
 * @arn: the ARN of a store
 *
 * Asks how a store is, and for the ETag that the next write must name.
 *
 * Returns: (transfer full): resolves to an [struct@AwsKeyValueStore], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_keyvaluestore_describe (AwsClient  *client,
                            const char *arn)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  request = make_request ("GET", arn, NULL);

  return dex_future_then (aws_client_send (client, request), resolve_store, g_strdup (arn), g_free);
}

static AwsRequest *
make_list_request (AwsPages *pages)
{
  AwsRequest *request = make_request ("GET", pages->data, "");

  aws_request_add_query (request, "MaxResults", PAGE_SIZE);
  if (pages->token != NULL)
    aws_request_add_query (request, "NextToken", pages->token);

  return request;
}

static gboolean
read_list (AwsPages     *pages,
           AwsResponse  *response,
           GError      **error)
{
  g_autoptr(JsonObject) object = aws_response_load_json (response, error);
  JsonArray *items;

  if (object == NULL)
    return FALSE;

  items = aws_json_get_array (object, "Items");
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonObject *item = aws_json_array_get_object (items, i);
      const char *key = aws_json_get_string (item, "Key");
      const char *text = aws_json_get_string (item, "Value");

      if (key != NULL && text != NULL)
        g_ptr_array_add (pages->results, aws_key_value_new (key, text));
    }
  pages->token = g_strdup (aws_json_get_string (object, "NextToken"));

  return TRUE;
}

/**
 * aws_keyvaluestore_list:
 * @client: a client
 * @arn: the ARN of a store
 *
 * Lists all keys with their values.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsKeyValue], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_keyvaluestore_list (AwsClient  *client,
                        const char *arn)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  return aws_pages_run (client, make_list_request, read_list,
                        g_strdup (arn), g_free, (GDestroyNotify) aws_key_value_unref);
}

static DexFuture *
resolve_value (DexFuture *completed,
               gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(JsonObject) object = NULL;
  GError *error = NULL;
  const char *text;

  if (!(object = aws_response_load_json (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  text = aws_json_get_string (object, "Value");
  if (text == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer holds no value");

  return dex_future_new_for_string (text);
}

/**
 * aws_keyvaluestore_get:
 * @client: a client
 * @arn: the ARN of a store
 * @key: a key
 *
 * Asks for the value of a key.
 *
 * Returns: (transfer full): resolves to the value as a string, or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is no
 *   such key or store
 */
DexFuture *
aws_keyvaluestore_get (AwsClient  *client,
                       const char *arn,
                       const char *key)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  request = make_request ("GET", arn, key);

  return dex_future_then (aws_client_send (client, request), resolve_value, NULL, NULL);
}

static DexFuture *
resolve_etag (DexFuture *completed,
              gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  GError *error = NULL;
  char *etag = dup_etag (g_value_get_boxed (value), &error);

  return etag != NULL ? dex_future_new_take_string (etag) : dex_future_new_for_error (error);
}

static DexFuture *
send_write (AwsClient  *client,
            AwsRequest *request,
            const char *etag)
{
  aws_request_set_header (request, "If-Match", etag);

  return dex_future_then (aws_client_send (client, request), resolve_etag, NULL, NULL);
}

/**
 * aws_keyvaluestore_put:
 * @client: a client
 * @arn: the ARN of a store
 * @etag: the version of the store that is to be changed
 * @key: a key
 * @value: its new value
 *
 * Writes a key.
 *
 * Returns: (transfer full): resolves to the new ETag as a string, or rejects with an `AWS_ERROR`: `CONFLICT` or
 *   `PRECONDITION_FAILED` if the store has another version by now
 */
DexFuture *
aws_keyvaluestore_put (AwsClient  *client,
                       const char *arn,
                       const char *etag,
                       const char *key,
                       const char *value)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(JsonObject) body = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL && etag != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (value != NULL);

  body = json_object_new ();
  json_object_set_string_member (body, "Value", value);
  request = make_request ("PUT", arn, key);
  aws_request_set_json (request, body);

  return send_write (client, request, etag);
}

/**
 * aws_keyvaluestore_delete:
 * @client: a client
 * @arn: the ARN of a store
 * @etag: the version of the store that is to be changed
 * @key: a key
 *
 * Deletes a key.
 *
 * Returns: (transfer full): resolves to the new ETag as a string, or rejects with an `AWS_ERROR` as aws_keyvaluestore_put()
 */
DexFuture *
aws_keyvaluestore_delete (AwsClient  *client,
                          const char *arn,
                          const char *etag,
                          const char *key)
{
  g_autoptr(AwsRequest) request = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL && etag != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  request = make_request ("DELETE", arn, key);

  return send_write (client, request, etag);
}

/**
 * aws_keyvaluestore_update:
 * @client: a client
 * @arn: the ARN of a store
 * @etag: the version of the store that is to be changed
 * @puts: (nullable) (element-type AwsKeyValue): what to write
 * @deletes: (nullable): which keys to delete
 *
 * Changes several keys, all or none, at most 50.
 *
 * Returns: (transfer full): resolves to the new ETag as a string, or rejects with an `AWS_ERROR` as aws_keyvaluestore_put()
 */
DexFuture *
aws_keyvaluestore_update (AwsClient          *client,
                          const char         *arn,
                          const char         *etag,
                          GPtrArray          *puts,
                          const char * const *deletes)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autoptr(JsonObject) body = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL && etag != NULL);

  body = json_object_new ();
  if (puts != NULL && puts->len > 0)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; i < puts->len; i++)
        {
          AwsKeyValue *pair = g_ptr_array_index (puts, i);
          JsonObject *object = json_object_new ();

          json_object_set_string_member (object, "Key", pair->key);
          json_object_set_string_member (object, "Value", pair->value);
          json_array_add_object_element (array, object);
        }
      json_object_set_array_member (body, "Puts", array);
    }
  if (deletes != NULL && deletes[0] != NULL)
    {
      JsonArray *array = json_array_new ();

      for (guint i = 0; deletes[i] != NULL; i++)
        {
          JsonObject *object = json_object_new ();

          json_object_set_string_member (object, "Key", deletes[i]);
          json_array_add_object_element (array, object);
        }
      json_object_set_array_member (body, "Deletes", array);
    }

  request = make_request ("POST", arn, "");
  aws_request_set_json (request, body);

  return send_write (client, request, etag);
}
