/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The engine that publishes, against any S3 server, so that it can be measured beside other programs:
 *
 *   porchlight-bench publish --endpoint URL --bucket NAME [--state FOLDER | --no-state] FOLDER
 *
 * Keys and region come from the environment. The pointer to the live release is an object, pointer.json. What was read is
 * remembered from one time to the next, as the application does: in the cache folder, for each endpoint and bucket apart, or
 * in --state. With --no-state every file is read each time. One line of JSON is printed. A folder without a start page is
 * published too, since what is measured need not be a site. Where a server knows no conditions, which is said on the error
 * output, nobody else must publish there at the same time; where it can't copy, files are sent instead.
 */

#include "config.h"

#include "porch-error.h"
#include "porch-pointer.h"
#include "porch-publisher.h"
#include "porch-target.h"

#include "aws-environment.h"
#include "aws-error.h"
#include "aws-s3.h"

#include <json-glib/json-glib.h>
#include <locale.h>
#include <string.h>

#define POINTER_KEY "pointer.json"
#define FIBER_ROOM  (256 * 1024)

#define OBJECT_TYPE_POINTER (object_pointer_get_type ())
G_DECLARE_FINAL_TYPE (ObjectPointer, object_pointer, OBJECT, POINTER, GObject)

/* A pointer that is an object of the bucket, changed with conditions. */
struct _ObjectPointer
{
  GObject    parent_instance;

  AwsClient *client;
  char      *bucket;
};

typedef struct
{
  ObjectPointer     *pointer;
  PorchPointerValue *value;
  char              *expected;
} Replacement;

typedef struct
{
  GMainLoop  *loop;
  char       *endpoint;
  char       *bucket;
  char       *state;
  gboolean    no_state;
  const char *folder;
  int         exit;
} Bench;

static void object_pointer_iface_init (PorchPointerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ObjectPointer, object_pointer, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PORCH_TYPE_POINTER, object_pointer_iface_init))

/* NULL without an error before the first release */
static PorchPointerValue *
await_value (ObjectPointer  *self,
             char          **etag,
             GError        **error)
{
  g_autoptr(AwsS3Object) object = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GError) local = NULL;
  GBytes *body;

  object = dex_await_boxed (aws_s3_get_object (self->client, self->bucket, POINTER_KEY), &local);

  if (object == NULL)
    {
      if (!g_error_matches (local, AWS_ERROR, AWS_ERROR_NOT_FOUND))
        g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  if (etag != NULL)
    *etag = g_strdup (aws_s3_object_get_etag (object));
  body = aws_s3_object_get_body (object);
  json = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));

  return porch_pointer_value_new_from_json (json, error);
}

static DexFuture *
read_fiber (gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  PorchPointerValue *value = await_value (user_data, NULL, &error);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_boxed (PORCH_TYPE_POINTER_VALUE, value);
}

static DexFuture *
object_pointer_read (PorchPointer *pointer)
{
  return dex_scheduler_spawn (NULL, FIBER_ROOM, read_fiber, g_object_ref (pointer), g_object_unref);
}

static gboolean
knows_no_conditions (const GError *error)
{
  const char *code = aws_error_get_code_string (error);

  return aws_error_get_status (error) == 501 || g_strcmp0 (code, "NotImplemented") == 0 ||
         g_strcmp0 (code, "InvalidArgument") == 0;
}

static DexFuture *
replace_fiber (gpointer user_data)
{
  Replacement *replacement = user_data;
  ObjectPointer *self = replacement->pointer;
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autofree char *etag = NULL;
  g_autoptr(PorchPointerValue) current = await_value (self, &etag, &error);
  char *json;

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (g_strcmp0 (current != NULL ? porch_pointer_value_get_release (current) : NULL, replacement->expected) != 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE, "Another release went live meanwhile");

  json = porch_pointer_value_to_json (replacement->value);
  body = g_bytes_new_take (json, strlen (json));
  aws_headers_set (headers, "Content-Type", "application/json");
  aws_headers_set (headers, etag != NULL ? "If-Match" : "If-None-Match", etag != NULL ? etag : "*");
  object = dex_await_boxed (aws_s3_put_object (self->client, self->bucket, POINTER_KEY, body, headers), &error);

  if (object == NULL && knows_no_conditions (error))
    {
      g_printerr ("porchlight-bench: this server does not know conditions; the pointer is written without (%s)\n", error->message);
      g_clear_error (&error);
      aws_headers_remove (headers, "If-Match");
      aws_headers_remove (headers, "If-None-Match");
      object = dex_await_boxed (aws_s3_put_object (self->client, self->bucket, POINTER_KEY, body, headers), &error);
    }

  return object != NULL ? dex_future_new_true () : dex_future_new_for_error (g_steal_pointer (&error));
}

static void
replacement_free (gpointer data)
{
  Replacement *self = data;

  g_object_unref (self->pointer);
  porch_pointer_value_unref (self->value);
  g_free (self->expected);
  g_free (self);
}

static DexFuture *
object_pointer_replace (PorchPointer      *pointer,
                        const char        *expected_release,
                        PorchPointerValue *value)
{
  Replacement *replacement = g_new0 (Replacement, 1);

  replacement->pointer = OBJECT_POINTER (g_object_ref (pointer));
  replacement->value = porch_pointer_value_ref (value);
  replacement->expected = g_strdup (expected_release);

  return dex_scheduler_spawn (NULL, FIBER_ROOM, replace_fiber, replacement, replacement_free);
}

/* Drafts and redirects are things of an edge. */
static DexFuture *
object_pointer_list_drafts (PorchPointer *pointer)
{
  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_new ());
}

static DexFuture *
object_pointer_remove_redirects (PorchPointer       *pointer,
                                 const char * const *kept_sets)
{
  return dex_future_new_true ();
}

/* It uses the client of the target, which counts. */
static guint64
object_pointer_get_request_count (PorchPointer *pointer,
                                  gpointer      client)
{
  return 0;
}

static void
object_pointer_iface_init (PorchPointerInterface *iface)
{
  iface->read = object_pointer_read;
  iface->replace = object_pointer_replace;
  iface->list_drafts = object_pointer_list_drafts;
  iface->remove_redirects = object_pointer_remove_redirects;
  iface->get_request_count = object_pointer_get_request_count;
}

static void
object_pointer_finalize (GObject *object)
{
  ObjectPointer *self = OBJECT_POINTER (object);

  g_clear_object (&self->client);
  g_free (self->bucket);

  G_OBJECT_CLASS (object_pointer_parent_class)->finalize (object);
}

static void
object_pointer_class_init (ObjectPointerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = object_pointer_finalize;
}

static void
object_pointer_init (ObjectPointer *self)
{
}

static GFile *
find_state (Bench *self)
{
  g_autofree char *place = NULL;
  g_autofree char *name = NULL;

  if (self->no_state)
    return NULL;
  if (self->state != NULL)
    return g_file_new_for_path (self->state);

  place = g_strconcat (self->endpoint, " ", self->bucket, NULL);
  name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, place, -1);

  return g_file_new_build_filename (g_get_user_cache_dir (), "porchlight-bench", name, NULL);
}

static PorchTarget *
await_target (Bench   *self,
              GError **error)
{
  g_autofree char *region = aws_environment_dup_region ();
  g_autoptr(AwsCredentialsProvider) provider = aws_environment_credentials_new ();
  g_autoptr(AwsClient) client = aws_client_new (provider, region != NULL ? region : "us-east-1");
  g_autoptr(ObjectPointer) pointer = g_object_new (OBJECT_TYPE_POINTER, NULL);
  g_autoptr(GFile) folder = find_state (self);
  g_autoptr(PorchStore) store = folder != NULL ? porch_store_new (folder) : NULL;

  aws_client_set_endpoint (client, NULL, self->endpoint);
  pointer->client = g_object_ref (client);
  pointer->bucket = g_strdup (self->bucket);

  if (store != NULL && !dex_await (porch_store_open (store), error))
    return NULL;

  return porch_target_new (client, region, self->bucket, PORCH_POINTER (pointer), store, "bench");
}

static void
print_result (const PorchPublishResult *result,
              double                    seconds)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  const struct { const char *name; gint64 value; } counts[] = {
    { "sent", result->sent }, { "copied", result->copied }, { "shared", result->shared },
    { "bytesSent", result->bytes_sent }, { "requests", result->requests },
  };

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "seconds");
  json_builder_add_double_value (builder, seconds);

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      json_builder_set_member_name (builder, counts[i].name);
      json_builder_add_int_value (builder, counts[i].value);
    }

  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  g_print ("%s\n", text);
}

/* In words for those who try another server */
static void
explain (Bench        *self,
         const GError *error)
{
  g_printerr ("porchlight-bench: %s\n", error->message);
  if (g_error_matches (error, AWS_ERROR, AWS_ERROR_NO_SUCH_BUCKET))
    g_printerr ("porchlight-bench: The bucket “%s” must be there before.\n", self->bucket);
}

static DexFuture *
publish_fiber (gpointer user_data)
{
  Bench *self = user_data;
  gint64 started = g_get_monotonic_time ();
  g_autoptr(GFile) folder = g_file_new_for_commandline_arg (self->folder);
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchTarget) target = await_target (self, &error);
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchTreatments) none = porch_treatments_new ();
  g_autoptr(PorchTreatments) treatments = porch_treatments_with_confirmed (none, "index.html");
  g_autoptr(PorchPublishResult) result = NULL;

  if (target != NULL)
    {
      publisher = porch_publisher_new (target, folder, NULL);
      porch_publisher_set_treatments (publisher, treatments);
      result = dex_await_boxed (porch_publisher_run (publisher), &error);
    }

  if (result != NULL)
    print_result (result, (g_get_monotonic_time () - started) / 1e6);
  else
    explain (self, error);

  self->exit = result != NULL ? 0 : 1;
  g_main_loop_quit (self->loop);

  return dex_future_new_true ();
}

int
main (int   argc,
      char *argv[])
{
  Bench self = { 0 };
  const GOptionEntry entries[] = {
    { "endpoint", 0, 0, G_OPTION_ARG_STRING, &self.endpoint, "Address of the S3 server", "URL" },
    { "bucket", 0, 0, G_OPTION_ARG_STRING, &self.bucket, "A bucket that is there", "NAME" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &self.state, "Where to remember what files hold", "FOLDER" },
    { "no-state", 0, 0, G_OPTION_ARG_NONE, &self.no_state, "Remember nothing", NULL },
    G_OPTION_ENTRY_NULL
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("publish FOLDER");
  g_autoptr(GError) error = NULL;

  setlocale (LC_ALL, "");
  g_option_context_add_main_entries (context, entries, NULL);

  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 3 || !g_str_equal (argv[1], "publish") ||
      self.endpoint == NULL || self.bucket == NULL)
    {
      g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

      g_printerr ("%s%s", error != NULL ? error->message : "", help);
      return 2;
    }

  dex_init ();
  self.folder = argv[2];
  self.loop = g_main_loop_new (NULL, FALSE);
  dex_future_disown (dex_scheduler_spawn (NULL, FIBER_ROOM, publish_fiber, &self, NULL));
  g_main_loop_run (self.loop);
  g_main_loop_unref (self.loop);
  g_free (self.endpoint);
  g_free (self.bucket);
  g_free (self.state);

  return self.exit;
}
