/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-keyvaluestore.h"

#include <string.h>

#include "aws-assumed-credentials.h"
#include "aws-document.h"
#include "aws-operations-private.h"
#include "aws-retry.h"

#define PAGE_SIZE    50
#define WRITE_TRIES  6
#define WRITE_PAUSE  (50 * 1000)
#define SESSION_NAME "porchlight"

AWS_DEFINE_DOCUMENT (AwsKeyValueStore, aws_key_value_store)

/**
 * aws_key_value_store_get_arn:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsKeyValueStore, aws_key_value_store, arn, "KvsARN")

/**
 * aws_key_value_store_get_etag:
 * @self: a store
 *
 * Returns: (transfer none): the version of the whole store, which writes must name
 */
AWS_DOCUMENT_STRING (AwsKeyValueStore, aws_key_value_store, etag, "ETag")

/**
 * aws_key_value_store_get_status:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): its status, as `READY`
 */
AWS_DOCUMENT_STRING (AwsKeyValueStore, aws_key_value_store, status, "Status")

/**
 * aws_key_value_store_get_items:
 * @self: a store
 *
 * Returns: how many keys it has
 */
AWS_DOCUMENT_INT (AwsKeyValueStore, aws_key_value_store, items, "ItemCount")

/**
 * aws_key_value_store_get_size:
 * @self: a store
 *
 * Returns: how many bytes it holds
 */
AWS_DOCUMENT_INT (AwsKeyValueStore, aws_key_value_store, size, "TotalSizeInBytes")

AWS_DEFINE_DOCUMENT (AwsKeyValue, aws_key_value)

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
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (key != NULL, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  object = json_object_new ();
  json_object_set_string_member (object, "Key", key);
  json_object_set_string_member (object, "Value", value);

  return aws_document_new (object);
}

/**
 * aws_key_value_get_key:
 * @self: a pair
 *
 * Returns: (transfer none): the key
 */
AWS_DOCUMENT_STRING (AwsKeyValue, aws_key_value, key, "Key")

/**
 * aws_key_value_get_value:
 * @self: a pair
 *
 * Returns: (transfer none): the value
 */
AWS_DOCUMENT_STRING (AwsKeyValue, aws_key_value, value, "Value")

/* The account in the ARN is part of the host */
#define SERVICE "cloudfront-keyvaluestore"
#define PREFIX  .host_prefix = "{KvsARN:account}."

#define ARN_MEMBER   { "KvsARN", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI }
#define KEY_MEMBER   { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI }
#define MATCH_MEMBER { "IfMatch", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_HEADER, "If-Match" }

static const AwsShape store_input[] = {
  ARN_MEMBER,
  { NULL }
};

static const AwsShape describe_output[] = {
  { "ItemCount", AWS_SHAPE_INTEGER },
  { "TotalSizeInBytes", AWS_SHAPE_INTEGER },
  { "KvsARN" },
  { "Created", AWS_SHAPE_TIMESTAMP },
  { "LastModified", AWS_SHAPE_TIMESTAMP },
  { "Status" },
  { "FailureReason" },
  { "ETag", .place = AWS_PLACE_HEADER },
  { NULL }
};

static const AwsOperation describe_store = {
  SERVICE, "DescribeKeyValueStore", "GET", "/key-value-stores/{KvsARN}", store_input, .output = describe_output, PREFIX,
};

static const AwsShape pair[] = {
  { "Key" },
  { "Value", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape list_input[] = {
  ARN_MEMBER,
  { "MaxResults", AWS_SHAPE_INTEGER, .place = AWS_PLACE_QUERY },
  { "NextToken", .place = AWS_PLACE_QUERY },
  { NULL }
};

static const AwsShape list_output[] = {
  { "NextToken" },
  { "Items", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (pair) }) },
  { NULL }
};

static const AwsOperation list_keys = {
  SERVICE, "ListKeys", "GET", "/key-value-stores/{KvsARN}/keys", list_input, .output = list_output,
  .pages = { "Items", "NextToken" }, PREFIX,
};

static const AwsShape get_input[] = {
  ARN_MEMBER,
  KEY_MEMBER,
  { NULL }
};

static const AwsShape get_output[] = {
  { "Key" },
  { "Value", AWS_SHAPE_STRING },
  { "ItemCount", AWS_SHAPE_INTEGER },
  { "TotalSizeInBytes", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsOperation get_key = {
  SERVICE, "GetKey", "GET", "/key-value-stores/{KvsARN}/keys/{Key}", get_input, .output = get_output, PREFIX,
};

static const AwsShape put_input[] = {
  KEY_MEMBER,
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  ARN_MEMBER,
  MATCH_MEMBER,
  { NULL }
};

static const AwsShape write_output[] = {
  { "ItemCount", AWS_SHAPE_INTEGER },
  { "TotalSizeInBytes", AWS_SHAPE_INTEGER },
  { "ETag", .place = AWS_PLACE_HEADER },
  { NULL }
};

static const AwsOperation put_key = {
  SERVICE, "PutKey", "PUT", "/key-value-stores/{KvsARN}/keys/{Key}", put_input, .output = write_output, PREFIX,
};

static const AwsShape delete_input[] = {
  ARN_MEMBER,
  KEY_MEMBER,
  MATCH_MEMBER,
  { NULL }
};

static const AwsOperation delete_key = {
  SERVICE, "DeleteKey", "DELETE", "/key-value-stores/{KvsARN}/keys/{Key}", delete_input, .output = write_output, PREFIX,
};

static const AwsShape put_request[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape delete_request[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape update_input[] = {
  ARN_MEMBER,
  MATCH_MEMBER,
  { "Puts", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (put_request) }) },
  { "Deletes", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (delete_request) }) },
  { NULL }
};

static const AwsOperation update_keys = {
  SERVICE, "UpdateKeys", "POST", "/key-value-stores/{KvsARN}/keys", update_input, .output = write_output, PREFIX,
};

const AwsOperation * const aws_keyvaluestore_operations[] = {
  &describe_store,
  &list_keys,
  &get_key,
  &put_key,
  &delete_key,
  &update_keys,
  NULL
};

static JsonObject *
make_input (const char *arn,
            const char *key,
            const char *etag)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "KvsARN", arn);
  aws_input_set_string (input, "Key", key);
  aws_input_set_string (input, "IfMatch", etag);

  return input;
}

static DexFuture *
check_store (DexFuture *completed,
             gpointer   user_data)
{
  if (aws_key_value_store_get_etag (g_value_get_boxed (dex_future_get_value (completed, NULL))) == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer does not name the version of the store");

  return dex_ref (completed);
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
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  return dex_future_then (aws_operation_call_document (&describe_store, client, make_input (arn, NULL, NULL),
                                                       AWS_TYPE_KEY_VALUE_STORE, NULL),
                          check_store, NULL, NULL);
}

static DexFuture *
drop_halves (DexFuture *completed,
             gpointer   user_data)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_key_value_unref);
  GPtrArray *all = g_value_get_boxed (dex_future_get_value (completed, NULL));

  for (guint i = 0; i < all->len; i++)
    {
      AwsKeyValue *each = g_ptr_array_index (all, i);

      if (aws_key_value_get_key (each) != NULL && aws_key_value_get_value (each) != NULL)
        g_ptr_array_add (found, aws_key_value_ref (each));
    }

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&found));
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  input = make_input (arn, NULL, NULL);
  aws_input_set_int (input, "MaxResults", PAGE_SIZE);

  return dex_future_then (aws_operation_call_documents (&list_keys, client, input, AWS_TYPE_KEY_VALUE), drop_halves, NULL, NULL);
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
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  return aws_operation_call_string (&get_key, client, make_input (arn, key, NULL), "Value");
}

/**
 * aws_keyvaluestore_put:
 * @client: a client
 * @arn: the ARN of a store
 * @etag: the version of the store that is to be changed
 * @key: a key, up to 512 bytes
 * @value: its new value, up to 1 KB
 *
 * Writes a key.
 *
 * Returns: (transfer full): resolves to the new ETag as a string, or rejects with an `AWS_ERROR`: one that
 *   aws_keyvaluestore_error_is_stale() knows if the store has another version by now
 */
DexFuture *
aws_keyvaluestore_put (AwsClient  *client,
                       const char *arn,
                       const char *etag,
                       const char *key,
                       const char *value)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL && etag != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');
  dex_return_error_if_fail (value != NULL);

  input = make_input (arn, key, etag);
  aws_input_set_string (input, "Value", value);

  return aws_operation_call_string (&put_key, client, input, "ETag");
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
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL && etag != NULL);
  dex_return_error_if_fail (key != NULL && *key != '\0');

  return aws_operation_call_string (&delete_key, client, make_input (arn, key, etag), "ETag");
}

static void
set_changes (JsonObject         *input,
             GPtrArray          *puts,
             const char * const *deletes)
{
  JsonArray *array;

  if (puts != NULL && puts->len > 0)
    {
      array = json_array_new ();
      for (guint i = 0; i < puts->len; i++)
        json_array_add_object_element (array, json_object_ref (((AwsKeyValue *) g_ptr_array_index (puts, i))->document.object));
      json_object_set_array_member (input, "Puts", array);
    }

  if (deletes != NULL && deletes[0] != NULL)
    {
      array = json_array_new ();
      for (guint i = 0; deletes[i] != NULL; i++)
        {
          JsonObject *object = json_object_new ();

          json_object_set_string_member (object, "Key", deletes[i]);
          json_array_add_object_element (array, object);
        }
      json_object_set_array_member (input, "Deletes", array);
    }
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL && etag != NULL);

  input = make_input (arn, NULL, etag);
  set_changes (input, puts, deletes);

  return aws_operation_call_string (&update_keys, client, input, "ETag");
}

/**
 * aws_keyvaluestore_error_is_stale:
 * @error: (nullable): why a write failed
 *
 * The documentation does not say what the answer to an old ETag is, so a conflict (409), a failed precondition (412) and
 * a validation error that names the ETag all count.
 *
 * Returns: whether somebody else has changed the store since it was described
 */
gboolean
aws_keyvaluestore_error_is_stale (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_CONFLICT) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_PRECONDITION_FAILED);
}

/* A write that is made against the newest version of the store */
typedef struct
{
  AwsClient             *client;
  char                  *arn;
  AwsKeyValueWriteFunc   func;
  gpointer               data;
  GDestroyNotify         destroy;
  guint                  tries;
} Write;

static void
write_clear (gpointer data)
{
  Write *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->arn, g_free);
  if (self->destroy != NULL)
    self->destroy (self->data);
}

static void
write_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, write_clear);
}

static DexFuture *
write_to_version (DexFuture *completed,
                  gpointer   user_data)
{
  AwsKeyValueStore *store = g_value_get_boxed (dex_future_get_value (completed, NULL));
  Write *self = user_data;

  return self->func (self->client, self->arn, aws_key_value_store_get_etag (store), self->data);
}

static DexFuture *try_write (Write *self);

static DexFuture *
try_after_pause (DexFuture *completed,
                 gpointer   user_data)
{
  return try_write (user_data);
}

static DexFuture *
write_failed (DexFuture *completed,
              gpointer   user_data)
{
  Write *self = user_data;
  g_autoptr(GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (!aws_keyvaluestore_error_is_stale (error) || ++self->tries == WRITE_TRIES)
    return dex_ref (completed);

  return dex_future_finally (dex_timeout_new_usec (aws_retry_delay (AWS_RETRY_TRANSIENT, self->tries, WRITE_PAUSE, NULL)),
                             try_after_pause, g_atomic_rc_box_acquire (self), write_unref);
}

static DexFuture *
try_write (Write *self)
{
  DexFuture *future = dex_future_then (aws_keyvaluestore_describe (self->client, self->arn), write_to_version,
                                       g_atomic_rc_box_acquire (self), write_unref);

  return dex_future_catch (future, write_failed, g_atomic_rc_box_acquire (self), write_unref);
}

/**
 * aws_keyvaluestore_write:
 * @client: a client
 * @arn: the ARN of a store
 * @func: what writes, given the version that it must name; what it has to read, it reads then
 * @data: for @func
 * @destroy: (nullable): frees @data
 *
 * Describes a store and calls @func, again with the next version where another writer was faster: up to six times, after
 * growing pauses of random length.
 *
 * Returns: (transfer full): resolves as the future of @func, or rejects as that does for good
 */
DexFuture *
aws_keyvaluestore_write (AwsClient            *client,
                         const char           *arn,
                         AwsKeyValueWriteFunc  func,
                         gpointer              data,
                         GDestroyNotify        destroy)
{
  DexFuture *future;
  Write *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);
  dex_return_error_if_fail (func != NULL);

  self = g_atomic_rc_box_new0 (Write);
  self->client = g_object_ref (client);
  self->arn = g_strdup (arn);
  self->func = func;
  self->data = data;
  self->destroy = destroy;

  future = try_write (self);
  write_unref (self);

  return future;
}

/**
 * aws_keyvaluestore_error_is_token:
 * @error: (nullable): what a store answered
 *
 * The signature that stores want (SigV4A) goes with session tokens of version 2 only. Those of the global STS endpoint
 * have version 1, and the answer to them is this error; they are good for everything else.
 *
 * Returns: whether the session token is of the wrong version
 */
gboolean
aws_keyvaluestore_error_is_token (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED) &&
         strstr (error->message, "Authentication failed") != NULL;
}

/* Which client a store takes */
typedef struct
{
  AwsClient *client;
  AwsClient *role_client;
  char      *arn;
  char      *role;
  GError    *refusal;
} Search;

static void
search_clear (gpointer data)
{
  Search *self = data;

  g_clear_object (&self->client);
  g_clear_object (&self->role_client);
  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->role, g_free);
  g_clear_error (&self->refusal);
}

static void
search_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, search_clear);
}

/* A provider is asked only once */
#define IS_GOOD "aws-keyvaluestore-takes-these"

static DexFuture *
probe_taken (DexFuture *completed,
             gpointer   user_data)
{
  Search *self = user_data;

  g_object_set_data (G_OBJECT (aws_client_get_provider (self->client)), IS_GOOD, GINT_TO_POINTER (TRUE));

  return dex_future_new_for_object (self->client);
}

static DexFuture *
role_assumed (DexFuture *completed,
              gpointer   user_data)
{
  Search *self = user_data;

  return dex_future_new_for_object (self->role_client);
}

/* Sessions of the root user can't assume roles: then the answer of the store is what matters */
static DexFuture *
role_refused (DexFuture *completed,
              gpointer   user_data)
{
  Search *self = user_data;
  g_autoptr(GError) error = NULL;

  dex_future_get_value (completed, &error);

  return g_error_matches (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED) ? dex_future_new_for_error (g_steal_pointer (&self->refusal))
                                                                     : dex_ref (completed);
}

static DexFuture *
probe_refused (DexFuture *completed,
               gpointer   user_data)
{
  Search *self = user_data;
  g_autoptr(AwsCredentialsProvider) provider = NULL;
  DexFuture *future;

  g_clear_error (&self->refusal);
  dex_future_get_value (completed, &self->refusal);
  if (self->role == NULL || !g_error_matches (self->refusal, AWS_ERROR, AWS_ERROR_ACCESS_DENIED))
    return dex_ref (completed);

  provider = aws_assumed_credentials_new (self->client, self->role, SESSION_NAME, NULL, 0);
  self->role_client = aws_client_copy (self->client, provider, NULL);
  future = dex_future_then (aws_credentials_provider_load (provider), role_assumed, g_atomic_rc_box_acquire (self), search_unref);

  return dex_future_catch (future, role_refused, g_atomic_rc_box_acquire (self), search_unref);
}

static DexFuture *
probe_store (DexFuture *completed,
             gpointer   user_data)
{
  AwsCredentials *credentials = g_value_get_boxed (dex_future_get_value (completed, NULL));
  Search *self = user_data;
  DexFuture *future;

  if (aws_credentials_get_session_token (credentials) == NULL ||
      g_object_get_data (G_OBJECT (aws_client_get_provider (self->client)), IS_GOOD) != NULL)
    return dex_future_new_for_object (self->client);

  future = dex_future_then (aws_keyvaluestore_describe (self->client, self->arn), probe_taken,
                            g_atomic_rc_box_acquire (self), search_unref);

  return dex_future_catch (future, probe_refused, g_atomic_rc_box_acquire (self), search_unref);
}

/**
 * aws_keyvaluestore_find_client:
 * @client: a client
 * @arn: the ARN of a store
 * @role_arn: (nullable): a role that may use the store
 *
 * Finds out whether the store takes the credentials of a client. Only where they have a session token that is asked, and
 * only until it was once answered well. If it does not take them, the role is assumed, whose tokens are good: those of the
 * regional STS endpoints have version 2.
 *
 * Returns: (transfer full): resolves to an [class@AwsClient] for the store, @client or another; or rejects with an
 *   `AWS_ERROR`: `ACCESS_DENIED` if there is no way, where aws_keyvaluestore_error_is_token() says whether it is the token
 */
DexFuture *
aws_keyvaluestore_find_client (AwsClient  *client,
                               const char *arn,
                               const char *role_arn)
{
  AwsCredentialsProvider *provider;
  Search *self;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  provider = aws_client_get_provider (client);
  dex_return_error_if_fail (provider != NULL);

  self = g_atomic_rc_box_new0 (Search);
  self->client = g_object_ref (client);
  self->arn = g_strdup (arn);
  self->role = g_strdup (role_arn);

  return dex_future_then (aws_credentials_provider_load (provider), probe_store, self, search_unref);
}
