/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "aws-checksum.h"
#include "aws-pages.h"
#include "aws-retry.h"
#include "aws-s3-private.h"
#include "aws-uri.h"

/* How often a key that could not be deleted is tried in all */
#define DELETE_ATTEMPTS 3

struct _AwsS3Listing
{
  GPtrArray *objects;
  GStrv      prefixes;
};

static void
aws_s3_listing_clear (AwsS3Listing *self)
{
  g_clear_pointer (&self->objects, g_ptr_array_unref);
  g_clear_pointer (&self->prefixes, g_strfreev);
}

AWS_DEFINE_BOXED (AwsS3Listing, aws_s3_listing, aws_s3_listing_clear)

/**
 * aws_s3_listing_get_objects:
 * @self: a listing
 *
 * Returns: (transfer none) (element-type AwsS3Object): the objects, sorted by the bytes of their keys
 */
AWS_DEFINE_GETTER (AwsS3Listing, aws_s3_listing, GPtrArray *, objects)

/**
 * aws_s3_listing_get_prefixes:
 * @self: a listing
 *
 * Returns: (transfer none): what stands for all keys that go on behind the delimiter
 */
const char * const *
aws_s3_listing_get_prefixes (AwsS3Listing *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->prefixes;
}

struct _AwsS3Failure
{
  char *key;
  char *code;
  char *message;
};

static void
aws_s3_failure_clear (AwsS3Failure *self)
{
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->code, g_free);
  g_clear_pointer (&self->message, g_free);
}

AWS_DEFINE_BOXED (AwsS3Failure, aws_s3_failure, aws_s3_failure_clear)

/**
 * aws_s3_failure_get_key:
 * @self: a failure
 *
 * Returns: (transfer none): the key that is still there
 */
AWS_DEFINE_GETTER (AwsS3Failure, aws_s3_failure, const char *, key)

/**
 * aws_s3_failure_get_code:
 * @self: a failure
 *
 * Returns: (transfer none) (nullable): what the service calls the reason
 */
AWS_DEFINE_GETTER (AwsS3Failure, aws_s3_failure, const char *, code)

/**
 * aws_s3_failure_get_message:
 * @self: a failure
 *
 * Returns: (transfer none) (nullable): the sentence of the service
 */
AWS_DEFINE_GETTER (AwsS3Failure, aws_s3_failure, const char *, message)

/* Which list is asked for, and what comes out beside the results */
typedef struct
{
  char         *bucket;
  char         *prefix;
  char         *delimiter;
  GStrvBuilder *prefixes;
} List;

static void
list_clear (gpointer data)
{
  List *self = data;

  g_clear_pointer (&self->bucket, g_free);
  g_clear_pointer (&self->prefix, g_free);
  g_clear_pointer (&self->delimiter, g_free);
  g_clear_pointer (&self->prefixes, g_strv_builder_unref);
}

static void
list_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, list_clear);
}

static List *
list_new (const char *bucket,
          const char *prefix,
          const char *delimiter)
{
  List *self = g_atomic_rc_box_new0 (List);

  self->bucket = g_strdup (bucket);
  self->prefix = g_strdup (prefix);
  self->delimiter = g_strdup (delimiter);
  self->prefixes = g_strv_builder_new ();

  return self;
}

/* XML can't carry every key, so they are asked for, and come, encoded as in a form */
static char *
dup_key (AwsXmlNode *node,
         const char *name,
         gboolean    encoded)
{
  g_autofree char *text = aws_xml_node_dup_text (node, name);

  return text != NULL && encoded ? aws_uri_decode (text, -1, TRUE) : g_steal_pointer (&text);
}

static gboolean
is_encoded (AwsXmlNode *root)
{
  g_autofree char *encoding = aws_xml_node_dup_text (root, "EncodingType");

  return g_strcmp0 (encoding, "url") == 0;
}

static AwsRequest *
make_list_request (AwsPages *pages)
{
  List *list = pages->data;
  AwsRequest *request = aws_s3_bucket_request ("GET", list->bucket);

  aws_request_add_query (request, "list-type", "2");
  aws_request_add_query (request, "encoding-type", "url");
  if (list->prefix != NULL)
    aws_request_add_query (request, "prefix", list->prefix);
  if (list->delimiter != NULL)
    aws_request_add_query (request, "delimiter", list->delimiter);
  if (pages->token != NULL)
    aws_request_add_query (request, "continuation-token", pages->token);

  return request;
}

static gboolean
read_list (AwsPages     *pages,
           AwsResponse  *response,
           GError      **error)
{
  List *list = pages->data;
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, error);
  AwsXmlNode *root;
  gboolean encoded;

  if (xml == NULL)
    return FALSE;

  root = aws_xml_get_root (xml);
  encoded = is_encoded (root);
  for (AwsXmlNode *node = aws_xml_node_first (root, "Contents"); node != NULL; node = aws_xml_node_next (node, "Contents"))
    {
      AwsS3Object *object = g_atomic_rc_box_new0 (AwsS3Object);

      object->key = dup_key (node, "Key", encoded);
      object->size = aws_xml_node_get_int (node, "Size", 0);
      object->etag = aws_xml_node_dup_text (node, "ETag");
      object->modified = aws_xml_node_dup_time (node, "LastModified");
      g_ptr_array_add (pages->results, object);
    }

  for (AwsXmlNode *node = aws_xml_node_first (root, "CommonPrefixes"); node != NULL; node = aws_xml_node_next (node, "CommonPrefixes"))
    {
      g_autofree char *prefix = dup_key (node, "Prefix", encoded);

      if (prefix != NULL)
        g_strv_builder_add (list->prefixes, prefix);
    }

  if (aws_xml_node_get_bool (root, "IsTruncated"))
    pages->token = aws_xml_node_dup_text (root, "NextContinuationToken");

  return TRUE;
}

static DexFuture *
resolve_listing (DexFuture *completed,
                 gpointer   user_data)
{
  List *list = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  AwsS3Listing *listing = g_atomic_rc_box_new0 (AwsS3Listing);

  listing->objects = g_value_dup_boxed (value);
  listing->prefixes = g_strv_builder_end (list->prefixes);

  return dex_future_new_take_boxed (AWS_TYPE_S3_LISTING, listing);
}

/**
 * aws_s3_list_objects:
 * @client: a client
 * @bucket: a bucket
 * @prefix: (nullable): how the keys must begin
 * @delimiter: (nullable): where to cut keys off, usually `/`
 *
 * Lists a bucket, all pages of it.
 *
 * Returns: (transfer full): resolves to an [struct@AwsS3Listing], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_list_objects (AwsClient  *client,
                     const char *bucket,
                     const char *prefix,
                     const char *delimiter)
{
  DexFuture *future;
  List *list;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);

  list = list_new (bucket, prefix, delimiter);
  future = aws_pages_run (client, make_list_request, read_list,
                          g_atomic_rc_box_acquire (list), list_unref,
                          (GDestroyNotify) aws_s3_object_unref);

  return dex_future_then (future, resolve_listing, list, list_unref);
}

/* One object, or one version of it, that is to go */
typedef struct
{
  char  *key;
  char  *version;
  guint  attempts;
} Victim;

static void
victim_free (gpointer data)
{
  Victim *victim = data;

  g_free (victim->key);
  g_free (victim->version);
  g_free (victim);
}

static Victim *
victim_new (const char *key,
            const char *version)
{
  Victim *victim = g_new0 (Victim, 1);

  victim->key = g_strdup (key);
  victim->version = g_strdup (version);

  return victim;
}

typedef struct
{
  AwsClient *client;
  char      *bucket;
  GPtrArray *left;
  GPtrArray *underway;
  GPtrArray *failures;
} Deletion;

static void
deletion_clear (gpointer data)
{
  Deletion *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->bucket, g_free);
  g_clear_pointer (&self->left, g_ptr_array_unref);
  g_clear_pointer (&self->underway, g_ptr_array_unref);
  g_clear_pointer (&self->failures, g_ptr_array_unref);
}

static void
deletion_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, deletion_clear);
}

static AwsRequest *
make_delete_request (Deletion *self)
{
  AwsRequest *request = aws_s3_bucket_request ("POST", self->bucket);
  g_autofree char *checksum = NULL;
  GString *xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                               "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>");

  for (guint i = 0; i < self->underway->len; i++)
    {
      Victim *victim = g_ptr_array_index (self->underway, i);

      g_string_append (xml, "<Object>");
      aws_xml_append_element (xml, "Key", victim->key);
      aws_xml_append_element (xml, "VersionId", victim->version);
      g_string_append (xml, "</Object>");
    }
  g_string_append (xml, "</Delete>");

  checksum = aws_sha256_base64 (xml->str, xml->len);
  aws_request_add_query (request, "delete", NULL);
  aws_request_take_xml (request, g_string_free (xml, FALSE));
  aws_request_set_header (request, "x-amz-checksum-sha256", checksum);
  aws_request_set_error_in_200 (request, TRUE);

  return request;
}

static DexFuture *
delete_some (Deletion *self)
{
  guint length = MIN (self->left->len, AWS_S3_MAX_DELETE);
  g_autoptr(AwsRequest) request = NULL;

  g_ptr_array_set_size (self->underway, 0);
  for (guint i = 0; i < length; i++)
    g_ptr_array_add (self->underway, g_ptr_array_steal_index_fast (self->left, self->left->len - 1));

  request = make_delete_request (self);

  return aws_client_send (self->client, request);
}

static DexFuture *
delete_after_pause (DexFuture *completed,
                    gpointer   user_data)
{
  return delete_some (user_data);
}

static Victim *
steal_underway (Deletion   *self,
                const char *key,
                const char *version)
{
  for (guint i = 0; i < self->underway->len; i++)
    {
      Victim *victim = g_ptr_array_index (self->underway, i);

      if (g_strcmp0 (victim->key, key) == 0 && (version == NULL || g_strcmp0 (victim->version, version) == 0))
        return g_ptr_array_steal_index_fast (self->underway, i);
    }

  return NULL;
}

/* What the service was too busy for is tried again, the rest is told */
static gboolean
sort_failures (Deletion   *self,
               AwsXmlNode *root)
{
  gboolean busy = FALSE;

  for (AwsXmlNode *node = aws_xml_node_first (root, "Error"); node != NULL; node = aws_xml_node_next (node, "Error"))
    {
      g_autoptr(AwsS3Failure) failure = g_atomic_rc_box_new0 (AwsS3Failure);
      g_autofree char *version = aws_xml_node_dup_text (node, "VersionId");
      Victim *victim;

      failure->key = aws_xml_node_dup_text (node, "Key");
      failure->code = aws_xml_node_dup_text (node, "Code");
      failure->message = aws_xml_node_dup_text (node, "Message");

      victim = steal_underway (self, failure->key, version);
      if (victim != NULL && ++victim->attempts < DELETE_ATTEMPTS &&
          aws_retry_classify (failure->code, 0) != AWS_RETRY_NONE)
        {
          g_ptr_array_add (self->left, victim);
          busy = TRUE;
        }
      else
        {
          g_clear_pointer (&victim, victim_free);
          g_ptr_array_add (self->failures, g_steal_pointer (&failure));
        }
    }

  return busy;
}

static DexFuture *
some_deleted (DexFuture *completed,
              gpointer   user_data)
{
  Deletion *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  if (sort_failures (self, aws_xml_get_root (xml)))
    return dex_future_finally (dex_timeout_new_usec (aws_retry_delay (AWS_RETRY_THROTTLING, 0, 0, NULL)),
                               delete_after_pause,
                               g_atomic_rc_box_acquire (self), deletion_unref);

  return self->left->len > 0 ? delete_some (self) : NULL;
}

static DexFuture *
resolve_failures (DexFuture *completed,
                  gpointer   user_data)
{
  Deletion *self = user_data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (self->failures));
}

/* Takes @victims over */
static DexFuture *
delete_all (AwsClient  *client,
            const char *bucket,
            GPtrArray  *victims)
{
  Deletion *self = g_atomic_rc_box_new0 (Deletion);
  DexFuture *future;

  self->client = g_object_ref (client);
  self->bucket = g_strdup (bucket);
  self->left = victims;
  self->underway = g_ptr_array_new_with_free_func (victim_free);
  self->failures = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_s3_failure_unref);

  if (victims->len == 0)
    future = dex_future_new_true ();
  else
    future = dex_future_then_loop (delete_some (self), some_deleted,
                                   g_atomic_rc_box_acquire (self), deletion_unref);

  return dex_future_then (future, resolve_failures, self, deletion_unref);
}

/**
 * aws_s3_delete_objects:
 * @client: a client
 * @bucket: a bucket
 * @keys: any number of keys
 *
 * Deletes objects, many with one request. It is no error if one is not there.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsS3Failure] for what is still there, empty if all
 *   went well, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_delete_objects (AwsClient          *client,
                       const char         *bucket,
                       const char * const *keys)
{
  GPtrArray *victims;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);
  dex_return_error_if_fail (keys != NULL);

  victims = g_ptr_array_new_with_free_func (victim_free);
  for (guint i = 0; keys[i] != NULL; i++)
    g_ptr_array_add (victims, victim_new (keys[i], NULL));

  return delete_all (client, bucket, victims);
}

static AwsRequest *
make_versions_request (AwsPages *pages)
{
  List *list = pages->data;
  AwsRequest *request = aws_s3_bucket_request ("GET", list->bucket);

  aws_request_add_query (request, "versions", NULL);
  aws_request_add_query (request, "encoding-type", "url");
  if (pages->token != NULL)
    aws_request_add_query (request, "key-marker", pages->token);
  if (pages->second_token != NULL)
    aws_request_add_query (request, "version-id-marker", pages->second_token);

  return request;
}

static gboolean
read_versions (AwsPages     *pages,
               AwsResponse  *response,
               GError      **error)
{
  g_autoptr(AwsXml) xml = aws_response_load_xml (response, error);
  AwsXmlNode *root;
  gboolean encoded;

  if (xml == NULL)
    return FALSE;

  root = aws_xml_get_root (xml);
  encoded = is_encoded (root);
  for (AwsXmlNode *node = aws_xml_node_first (root, NULL); node != NULL; node = aws_xml_node_next (node, NULL))
    {
      const char *name = aws_xml_node_get_name (node);
      g_autofree char *key = NULL;
      g_autofree char *version = NULL;

      if (!g_str_equal (name, "Version") && !g_str_equal (name, "DeleteMarker"))
        continue;

      key = dup_key (node, "Key", encoded);
      version = aws_xml_node_dup_text (node, "VersionId");
      if (key != NULL)
        g_ptr_array_add (pages->results, victim_new (key, version));
    }

  g_clear_pointer (&pages->second_token, g_free);
  if (aws_xml_node_get_bool (root, "IsTruncated"))
    {
      pages->token = dup_key (root, "NextKeyMarker", encoded);
      pages->second_token = aws_xml_node_dup_text (root, "NextVersionIdMarker");

      /* Versions of one key can go over several pages */
      if (g_strcmp0 (pages->token, pages->last_token) == 0)
        g_clear_pointer (&pages->last_token, g_free);
    }

  return TRUE;
}

typedef struct
{
  AwsClient *client;
  char      *bucket;
} Place;

static void
place_free (gpointer data)
{
  Place *place = data;

  g_clear_object (&place->client);
  g_free (place->bucket);
  g_free (place);
}

static DexFuture *
delete_listed (DexFuture *completed,
               gpointer   user_data)
{
  Place *place = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);

  return delete_all (place->client, place->bucket, g_value_dup_boxed (value));
}

/**
 * aws_s3_delete_versions:
 * @client: a client
 * @bucket: a bucket
 *
 * Deletes everything in a bucket: all versions of all objects, and what marks objects as deleted.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsS3Failure] for what is still there, empty if all
 *   went well, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_s3_delete_versions (AwsClient  *client,
                        const char *bucket)
{
  DexFuture *future;
  Place *place;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (bucket != NULL);

  place = g_new0 (Place, 1);
  place->client = g_object_ref (client);
  place->bucket = g_strdup (bucket);
  future = aws_pages_run (client, make_versions_request, read_versions,
                          list_new (bucket, NULL, NULL), list_unref, victim_free);

  return dex_future_then (future, delete_listed, place, place_free);
}
