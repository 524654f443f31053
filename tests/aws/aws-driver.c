/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The client as a program, for tests that hold it against clients and servers of others:
 *
 *   aws-driver COMMAND [ARGUMENT...]
 *
 * Credentials, region and endpoints come from the environment. One JSON document is printed; a failure is
 * {"error": code, "status": n, "message": text} and exit code 1.
 */

#include <libdex.h>
#include <stdio.h>
#include <string.h>

#include "aws-cloudformation.h"
#include "aws-dynamodb.h"
#include "aws-environment.h"
#include "aws-keyvaluestore.h"
#include "aws-s3.h"
#include "aws-sts.h"
#include "aws-uri.h"
#include "driver-operations.h"

typedef struct
{
  AwsClient  *client;
  char      **arguments;
  JsonNode   *result;
  GError     *error;
} Driver;

typedef gboolean (*Command) (Driver      *self,
                             JsonBuilder *builder,
                             GError     **error);

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_int (JsonBuilder *builder,
         const char  *name,
         gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_object (JsonBuilder *builder,
            AwsS3Object *object)
{
  add_string (builder, "key", aws_s3_object_get_key (object));
  add_string (builder, "etag", aws_s3_object_get_etag (object));
  add_string (builder, "contentType", aws_s3_object_get_content_type (object));
  add_string (builder, "cacheControl", aws_s3_object_get_cache_control (object));
  add_string (builder, "meta", aws_s3_object_get_metadata (object, "note"));
  add_int (builder, "size", aws_s3_object_get_size (object));
}

/* "Name: value" arguments to the end */
static AwsHeaders *
make_headers (char **arguments)
{
  AwsHeaders *headers = aws_headers_new ();

  for (; *arguments != NULL; arguments++)
    {
      char *colon = strstr (*arguments, ": ");

      g_assert_nonnull (colon);
      *colon = '\0';
      aws_headers_append (headers, *arguments, colon + 2);
    }

  return headers;
}

static gboolean
identity (Driver      *self,
          JsonBuilder *builder,
          GError     **error)
{
  g_autoptr(AwsIdentity) who = dex_await_boxed (aws_sts_get_caller_identity (self->client), error);

  if (who == NULL)
    return FALSE;

  add_string (builder, "account", aws_identity_get_account (who));
  add_string (builder, "arn", aws_identity_get_arn (who));

  return TRUE;
}

static gboolean
make_bucket (Driver      *self,
             JsonBuilder *builder,
             GError     **error)
{
  return dex_await (aws_s3_create_bucket (self->client, self->arguments[0]), error);
}

static gboolean
remove_bucket (Driver      *self,
               JsonBuilder *builder,
               GError     **error)
{
  return dex_await (aws_s3_delete_bucket (self->client, self->arguments[0]), error);
}

/* bucket key text [header...] */
static gboolean
put (Driver      *self,
     JsonBuilder *builder,
     GError     **error)
{
  g_autoptr(GBytes) body = g_bytes_new (self->arguments[2], strlen (self->arguments[2]));
  g_autoptr(AwsHeaders) headers = make_headers (self->arguments + 3);
  g_autoptr(AwsS3Object) object = NULL;

  object = dex_await_boxed (aws_s3_put_object (self->client, self->arguments[0], self->arguments[1], body, headers), error);
  if (object == NULL)
    return FALSE;

  add_object (builder, object);

  return TRUE;
}

/* bucket key file [header...] */
static gboolean
upload (Driver      *self,
        JsonBuilder *builder,
        GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (self->arguments[2]);
  g_autoptr(AwsHeaders) headers = make_headers (self->arguments + 3);
  g_autoptr(GFileInfo) info = NULL;
  g_autoptr(AwsS3Object) object = NULL;

  if (!(info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, error)))
    return FALSE;

  object = dex_await_boxed (aws_s3_upload_file (self->client, self->arguments[0], self->arguments[1], file,
                                                g_file_info_get_size (info), NULL, headers, NULL, NULL, NULL), error);
  if (object == NULL)
    return FALSE;

  add_object (builder, object);
  add_int (builder, "requests", aws_client_get_request_count (self->client));

  return TRUE;
}

static gboolean
download (Driver      *self,
          JsonBuilder *builder,
          GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (self->arguments[2]);
  g_autoptr(AwsS3Object) object = NULL;

  object = dex_await_boxed (aws_s3_download (self->client, self->arguments[0], self->arguments[1], file), error);
  if (object == NULL)
    return FALSE;

  add_object (builder, object);

  return TRUE;
}

static gboolean
get (Driver      *self,
     JsonBuilder *builder,
     GError     **error)
{
  g_autoptr(AwsS3Object) object = NULL;
  g_autofree char *text = NULL;
  gconstpointer data;
  gsize length;

  object = dex_await_boxed (aws_s3_get_object (self->client, self->arguments[0], self->arguments[1]), error);
  if (object == NULL)
    return FALSE;

  data = g_bytes_get_data (aws_s3_object_get_body (object), &length);
  text = g_strndup (data != NULL ? data : "", length);
  add_object (builder, object);
  add_string (builder, "body", text);

  return TRUE;
}

static gboolean
head (Driver      *self,
      JsonBuilder *builder,
      GError     **error)
{
  g_autoptr(AwsS3Object) object = dex_await_boxed (aws_s3_head_object (self->client, self->arguments[0], self->arguments[1]), error);

  if (object == NULL)
    return FALSE;

  add_object (builder, object);
  add_string (builder, "sha256", aws_s3_object_get_header (object, "x-amz-checksum-sha256"));

  return TRUE;
}

/* bucket key range: a part of an object, as "bytes=3-9" */
static gboolean
range (Driver      *self,
       JsonBuilder *builder,
       GError     **error)
{
  g_autofree char *encoded = aws_uri_encode_path (self->arguments[1]);
  g_autofree char *path = g_strconcat ("/", encoded, NULL);
  g_autoptr(AwsRequest) request = aws_request_new ("s3", NULL, "GET", path);
  g_autoptr(AwsResponse) response = NULL;
  g_autofree char *text = NULL;
  gconstpointer data;
  gsize length;

  aws_request_set_bucket (request, self->arguments[0]);
  aws_request_set_header (request, "Range", self->arguments[2]);
  response = dex_await_boxed (aws_client_send (self->client, request), error);
  if (response == NULL)
    return FALSE;

  data = g_bytes_get_data (aws_response_get_body (response), &length);
  text = g_strndup (data != NULL ? data : "", length);
  add_string (builder, "body", text);
  add_int (builder, "status", aws_response_get_status (response));

  return TRUE;
}

/* method bucket key seconds */
static gboolean
presign (Driver      *self,
         JsonBuilder *builder,
         GError     **error)
{
  g_autofree char *address = dex_await_string (aws_s3_presign (self->client, self->arguments[0], self->arguments[1],
                                                               self->arguments[2], atoi (self->arguments[3])), error);

  if (address == NULL)
    return FALSE;

  add_string (builder, "address", address);

  return TRUE;
}

/* bucket key bucket key [header...] */
static gboolean
copy (Driver      *self,
      JsonBuilder *builder,
      GError     **error)
{
  g_autoptr(AwsHeaders) headers = make_headers (self->arguments + 4);
  g_autoptr(AwsS3Object) object = NULL;

  object = dex_await_boxed (aws_s3_copy_object (self->client, self->arguments[0], self->arguments[1],
                                                self->arguments[2], self->arguments[3], headers), error);
  if (object == NULL)
    return FALSE;

  add_object (builder, object);

  return TRUE;
}

/* bucket [prefix [delimiter]] */
static gboolean
list (Driver      *self,
      JsonBuilder *builder,
      GError     **error)
{
  const char *prefix = self->arguments[1];
  const char *delimiter = prefix != NULL ? self->arguments[2] : NULL;
  g_autoptr(AwsS3Listing) listing = NULL;
  GPtrArray *objects;

  listing = dex_await_boxed (aws_s3_list_objects (self->client, self->arguments[0], prefix, delimiter), error);
  if (listing == NULL)
    return FALSE;

  objects = aws_s3_listing_get_objects (listing);
  json_builder_set_member_name (builder, "objects");
  json_builder_begin_array (builder);
  for (guint i = 0; i < objects->len; i++)
    {
      json_builder_begin_object (builder);
      add_object (builder, g_ptr_array_index (objects, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "prefixes");
  json_builder_begin_array (builder);
  for (const char * const *each = aws_s3_listing_get_prefixes (listing); *each != NULL; each++)
    json_builder_add_string_value (builder, *each);
  json_builder_end_array (builder);

  return TRUE;
}

static gboolean
add_failures (JsonBuilder *builder,
              GPtrArray   *failures)
{
  if (failures == NULL)
    return FALSE;

  json_builder_set_member_name (builder, "failures");
  json_builder_begin_array (builder);
  for (guint i = 0; i < failures->len; i++)
    json_builder_add_string_value (builder, aws_s3_failure_get_key (g_ptr_array_index (failures, i)));
  json_builder_end_array (builder);

  return TRUE;
}

/* bucket key... */
static gboolean
delete (Driver      *self,
        JsonBuilder *builder,
        GError     **error)
{
  const char * const *keys = (const char * const *) self->arguments + 1;
  g_autoptr(GPtrArray) failures = dex_await_boxed (aws_s3_delete_objects (self->client, self->arguments[0], keys), error);

  return add_failures (builder, failures);
}

static gboolean
empty (Driver      *self,
       JsonBuilder *builder,
       GError     **error)
{
  g_autoptr(GPtrArray) failures = dex_await_boxed (aws_s3_delete_versions (self->client, self->arguments[0]), error);

  return add_failures (builder, failures);
}

/* An item as JSON on the command line, in the form that DynamoDB has */
static AwsItem *
parse_item (const char  *text,
            GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(JsonObject) object = aws_json_load_object (bytes, error);

  return object != NULL ? aws_item_new_from_json (object) : NULL;
}

static void
add_item (JsonBuilder *builder,
          AwsItem     *item)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, aws_item_get_json (item));
  json_builder_add_value (builder, node);
}

/* table item [condition] */
static gboolean
put_item (Driver      *self,
          JsonBuilder *builder,
          GError     **error)
{
  g_autoptr(AwsItem) item = parse_item (self->arguments[1], error);
  g_autoptr(AwsItemChange) change = NULL;

  if (item == NULL)
    return FALSE;

  change = aws_item_change_new (self->arguments[0], item);
  aws_item_change_set_condition (change, self->arguments[2]);

  return dex_await (aws_dynamodb_put_item (self->client, change), error);
}

/* table key expression values */
static gboolean
update_item (Driver      *self,
             JsonBuilder *builder,
             GError     **error)
{
  g_autoptr(AwsItem) key = parse_item (self->arguments[1], error);
  g_autoptr(AwsItem) values = key != NULL ? parse_item (self->arguments[3], error) : NULL;
  g_autoptr(AwsItemChange) change = NULL;
  g_autoptr(AwsItem) item = NULL;

  if (values == NULL)
    return FALSE;

  change = aws_item_change_new (self->arguments[0], key);
  aws_item_change_set_update (change, self->arguments[2]);
  aws_item_change_set_values (change, values);
  item = dex_await_boxed (aws_dynamodb_update_item (self->client, change), error);
  if (item == NULL)
    return FALSE;

  json_builder_set_member_name (builder, "item");
  add_item (builder, item);

  return TRUE;
}

static gboolean
get_item (Driver      *self,
          JsonBuilder *builder,
          GError     **error)
{
  g_autoptr(AwsItem) key = parse_item (self->arguments[1], error);
  g_autoptr(AwsItem) item = NULL;

  if (key == NULL || !(item = dex_await_boxed (aws_dynamodb_get_item (self->client, self->arguments[0], key), error)))
    return FALSE;

  json_builder_set_member_name (builder, "item");
  add_item (builder, item);

  return TRUE;
}

static gboolean
delete_item (Driver      *self,
             JsonBuilder *builder,
             GError     **error)
{
  g_autoptr(AwsItem) key = parse_item (self->arguments[1], error);
  g_autoptr(AwsItemChange) change = NULL;

  if (key == NULL)
    return FALSE;

  change = aws_item_change_new (self->arguments[0], key);

  return dex_await (aws_dynamodb_delete_item (self->client, change), error);
}

/* table condition values [limit] */
static gboolean
query (Driver      *self,
       JsonBuilder *builder,
       GError     **error)
{
  g_autoptr(AwsTableQuery) question = aws_table_query_new (self->arguments[0], self->arguments[1]);
  g_autoptr(AwsItem) values = parse_item (self->arguments[2], error);
  g_autoptr(GPtrArray) items = NULL;

  if (values == NULL)
    return FALSE;

  aws_table_query_set_values (question, values);
  aws_table_query_set_backwards (question, TRUE);
  if (self->arguments[3] != NULL)
    aws_table_query_set_limit (question, atoi (self->arguments[3]));
  items = dex_await_boxed (aws_dynamodb_query (self->client, question), error);
  if (items == NULL)
    return FALSE;

  json_builder_set_member_name (builder, "items");
  json_builder_begin_array (builder);
  for (guint i = 0; i < items->len; i++)
    add_item (builder, g_ptr_array_index (items, i));
  json_builder_end_array (builder);

  return TRUE;
}

/* table number: puts so many items, or with a negative number deletes them */
static gboolean
batch (Driver      *self,
       JsonBuilder *builder,
       GError     **error)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_item_unref);
  int number = atoi (self->arguments[1]);

  for (int i = 0; i < ABS (number); i++)
    {
      g_autofree char *sk = g_strdup_printf ("%05d", i);
      AwsItem *item = aws_item_new ();

      aws_item_set_string (item, "pk", "batch");
      aws_item_set_string (item, "sk", sk);
      g_ptr_array_add (items, item);
    }

  return dex_await (aws_dynamodb_batch_write (self->client, self->arguments[0],
                                              number > 0 ? items : NULL, number < 0 ? items : NULL), error);
}

/* name template key=value... */
static gboolean
create_stack (Driver      *self,
              JsonBuilder *builder,
              GError     **error)
{
  g_autoptr(AwsStackSpec) spec = aws_stack_spec_new (self->arguments[0], self->arguments[1]);
  g_autofree char *id = NULL;

  aws_stack_spec_add_capability (spec, "CAPABILITY_IAM");
  aws_stack_spec_add_tag (spec, "application", "porchlight");
  for (char **each = self->arguments + 2; *each != NULL; each++)
    {
      char *equals = strchr (*each, '=');

      *equals = '\0';
      aws_stack_spec_add_parameter (spec, *each, equals + 1);
    }
  id = dex_await_string (aws_cloudformation_create_stack (self->client, spec), error);
  if (id == NULL)
    return FALSE;

  add_string (builder, "id", id);

  return TRUE;
}

static void
add_stack (JsonBuilder *builder,
           AwsStack    *stack)
{
  add_string (builder, "id", aws_stack_get_id (stack));
  add_string (builder, "name", aws_stack_get_name (stack));
  add_string (builder, "status", aws_stack_get_status (stack));
  add_string (builder, "output", aws_stack_get_output (stack, "Bucket"));
  add_string (builder, "tag", aws_stack_get_tag (stack, "application"));
}

static gboolean
describe_stack (Driver      *self,
                JsonBuilder *builder,
                GError     **error)
{
  g_autoptr(AwsStack) stack = dex_await_boxed (aws_cloudformation_describe_stack (self->client, self->arguments[0]), error);

  if (stack == NULL)
    return FALSE;

  add_stack (builder, stack);

  return TRUE;
}

static gboolean
list_stacks (Driver      *self,
             JsonBuilder *builder,
             GError     **error)
{
  g_autoptr(GPtrArray) stacks = dex_await_boxed (aws_cloudformation_list_stacks (self->client, "application", "porchlight"), error);

  if (stacks == NULL)
    return FALSE;

  json_builder_set_member_name (builder, "stacks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < stacks->len; i++)
    json_builder_add_string_value (builder, aws_stack_get_name (g_ptr_array_index (stacks, i)));
  json_builder_end_array (builder);

  return TRUE;
}

static gboolean
stack_events (Driver      *self,
              JsonBuilder *builder,
              GError     **error)
{
  g_autoptr(GPtrArray) events = dex_await_boxed (aws_cloudformation_describe_stack_events (self->client, self->arguments[0], NULL), error);

  if (events == NULL)
    return FALSE;

  json_builder_set_member_name (builder, "events");
  json_builder_begin_array (builder);
  for (guint i = 0; i < events->len; i++)
    json_builder_add_string_value (builder, aws_stack_event_get_status (g_ptr_array_index (events, i)));
  json_builder_end_array (builder);

  return TRUE;
}

static gboolean
get_template (Driver      *self,
              JsonBuilder *builder,
              GError     **error)
{
  g_autofree char *text = dex_await_string (aws_cloudformation_get_template (self->client, self->arguments[0]), error);

  if (text == NULL)
    return FALSE;

  add_string (builder, "template", text);

  return TRUE;
}

static gboolean
delete_stack (Driver      *self,
              JsonBuilder *builder,
              GError     **error)
{
  return dex_await (aws_cloudformation_delete_stack (self->client, self->arguments[0], NULL, NULL), error);
}

static DexFuture *
put_key (AwsClient  *client,
         const char *arn,
         const char *etag,
         gpointer    user_data)
{
  Driver *self = user_data;

  return aws_keyvaluestore_put (client, arn, etag, self->arguments[1], self->arguments[2]);
}

/* arn key value [role]: finds out how the store is reached, writes, reads back */
static gboolean
kvs_put (Driver      *self,
         JsonBuilder *builder,
         GError     **error)
{
  g_autoptr(AwsClient) client = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *value = NULL;

  if (!(client = dex_await_object (aws_keyvaluestore_find_client (self->client, self->arguments[0], self->arguments[3]), error)) ||
      !(etag = dex_await_string (aws_keyvaluestore_write (client, self->arguments[0], put_key, self, NULL), error)) ||
      !(value = dex_await_string (aws_keyvaluestore_get (client, self->arguments[0], self->arguments[1]), error)))
    return FALSE;

  add_string (builder, "etag", etag);
  add_string (builder, "value", value);

  return TRUE;
}

/* service operation input, see aws-operation.h */
static gboolean
operation (Driver      *self,
           JsonBuilder *builder,
           GError     **error)
{
  return driver_operation (self->client, self->arguments, builder, error);
}

static gboolean
pages (Driver      *self,
       JsonBuilder *builder,
       GError     **error)
{
  return driver_pages (self->client, self->arguments, builder, error);
}

static gboolean
tables (Driver      *self,
        JsonBuilder *builder,
        GError     **error)
{
  return driver_tables (builder);
}

static const struct
{
  const char *name;
  Command     run;
  guint       n_arguments;
} commands[] = {
  { "identity", identity, 0 },
  { "make-bucket", make_bucket, 1 },
  { "remove-bucket", remove_bucket, 1 },
  { "put", put, 3 },
  { "upload", upload, 3 },
  { "download", download, 3 },
  { "get", get, 2 },
  { "head", head, 2 },
  { "range", range, 3 },
  { "presign", presign, 4 },
  { "copy", copy, 4 },
  { "list", list, 1 },
  { "delete", delete, 1 },
  { "empty", empty, 1 },
  { "put-item", put_item, 2 },
  { "update-item", update_item, 4 },
  { "get-item", get_item, 2 },
  { "delete-item", delete_item, 2 },
  { "query", query, 3 },
  { "batch", batch, 2 },
  { "create-stack", create_stack, 2 },
  { "describe-stack", describe_stack, 1 },
  { "list-stacks", list_stacks, 0 },
  { "stack-events", stack_events, 1 },
  { "get-template", get_template, 1 },
  { "delete-stack", delete_stack, 1 },
  { "kvs-put", kvs_put, 3 },
  { "operation", operation, 3 },
  { "pages", pages, 3 },
  { "tables", tables, 0 },
};

static Command
find_command (const char *name,
              guint       n_arguments)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_str_equal (commands[i].name, name) && n_arguments >= commands[i].n_arguments)
        return commands[i].run;
    }

  return NULL;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Driver *self = user_data;
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(GError) error = NULL;
  Command command = find_command (self->arguments[0], g_strv_length (self->arguments) - 1);

  self->arguments++;
  json_builder_begin_object (builder);
  if (!command (self, builder, &error))
    {
      g_clear_object (&builder);
      builder = json_builder_new ();
      json_builder_begin_object (builder);
      add_string (builder, "error", aws_error_get_code_string (error));
      add_int (builder, "code", error->code);
      add_int (builder, "status", aws_error_get_status (error));
      add_string (builder, "message", error->message);
      self->error = g_steal_pointer (&error);
    }
  json_builder_end_object (builder);
  self->result = json_builder_get_root (builder);

  return dex_future_new_true ();
}

int
main (int    argc,
      char **argv)
{
  g_autoptr(AwsCredentialsProvider) provider = NULL;
  g_autofree char *region = aws_environment_dup_region ();
  g_autofree char *text = NULL;
  Driver self = { NULL };
  DexFuture *future;
  int status;

  dex_init ();
  if (argc < 2 || find_command (argv[1], argc - 2) == NULL)
    {
      fprintf (stderr, "Usage: aws-driver COMMAND [ARGUMENT...]\n");
      return 2;
    }

  provider = aws_environment_credentials_new ();
  self.client = aws_client_new (provider, region != NULL ? region : "us-east-1");
  aws_client_set_environment_endpoints (self.client);
  aws_client_set_profile_endpoints (self.client, NULL);
  self.arguments = argv + 1;

  future = dex_scheduler_spawn (NULL, 1024 * 1024, run_fiber, &self, NULL);
  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);
  dex_unref (future);

  text = json_to_string (self.result, FALSE);
  printf ("%s\n", text);
  status = self.error != NULL ? 1 : 0;
  json_node_unref (self.result);
  g_clear_error (&self.error);
  g_clear_object (&self.client);

  return status;
}
