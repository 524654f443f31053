/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-code-pointer.h"

#include "aws-cloudfront.h"
#include "aws-json.h"
#include "aws-keyvaluestore.h"
#include "aws-retry.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-json.h"
#include "porch-stack.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* What a function of the edge may have, in bytes */
#define MAX_CODE 10240

/* The line of data/functions/edge.js that holds the keys and values */
#define LINE_START "const EMBEDDED"
#define TEXT_START "JSON.parse('"
#define TEXT_END   "')"

#define WRITE_TRIES 6
#define WRITE_PAUSE (100 * 1000)

/**
 * PorchCodePointer:
 *
 * The pointer to the live release for accounts that have no store: kept in the code of the edge's function. What the edge
 * runs is the truth; the stage that is worked on only serves to notice other writers.
 */
struct _PorchCodePointer
{
  PorchKeyPointer  parent_instance;

  AwsClient       *client;
  char            *function;
};

typedef struct
{
  PorchCodePointer  *pointer;
  PorchKeyWriteFunc  func;
  gpointer           user_data;
  GDestroyNotify     destroy;
} Write;

G_DEFINE_FINAL_TYPE (PorchCodePointer, porch_code_pointer, PORCH_TYPE_KEY_POINTER)

/* ---- the code ---- */

/* Whether the value is JSON itself, which takes less room so than as a text in it */
static gboolean
is_json (const char *key)
{
  const char *colon = g_str_has_prefix (key, PORCH_KEY_POINTER_SET) ? strrchr (key, ':') : NULL;

  return g_str_equal (key, PORCH_KEY_POINTER_LIVE) || g_str_equal (key, PORCH_KEY_POINTER_DRAFTS) ||
         g_str_has_prefix (key, PORCH_KEY_POINTER_DRAFT) || (colon != NULL && colon[1] == '*');
}

static char *
entries_to_json (GHashTable *entries)
{
  g_autoptr(GPtrArray) keys = g_hash_table_get_keys_as_ptr_array (entries);
  GString *json = g_string_new ("{");

  g_ptr_array_sort_values (keys, (GCompareFunc) strcmp);

  for (guint i = 0; i < keys->len; i++)
    {
      const char *key = g_ptr_array_index (keys, i);
      const char *value = g_hash_table_lookup (entries, key);

      if (i > 0)
        g_string_append_c (json, ',');

      porch_json_append_string (json, key);
      g_string_append_c (json, ':');

      if (is_json (key))
        g_string_append (json, value);
      else
        porch_json_append_string (json, value);
    }

  g_string_append_c (json, '}');

  return g_string_free_and_steal (json);
}

/* In single quotes, and in ASCII, which no tool on the way to the edge can spoil */
static void
append_literal (GString    *code,
                const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c == '\\' || c == '\'')
        g_string_append_printf (code, "\\%c", (char) c);
      else if (c >= 0x20 && c < 0x7f)
        g_string_append_c (code, c);
      else if (c < 0x10000)
        g_string_append_printf (code, "\\u%04x", c);
      else
        g_string_append_printf (code, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
    }
}

static gunichar
read_unit (const char *text)
{
  gunichar unit = 0;

  for (guint i = 0; i < 4; i++)
    if (!g_ascii_isxdigit (text[i]))
      return 0;
    else
      unit = unit * 16 + g_ascii_xdigit_value (text[i]);

  return unit;
}

/* The other way round; NULL if it isn't what append_literal() makes */
static char *
read_literal (const char *text,
              gsize       length)
{
  g_autoptr(GString) result = g_string_sized_new (length);
  g_autofree char *copy = g_strndup (text, length);

  for (const char *p = copy; *p != '\0'; p++)
    {
      gunichar unit;

      if (*p != '\\')
        {
          g_string_append_c (result, *p);
          continue;
        }

      p++;

      if (*p == '\\' || *p == '\'')
        {
          g_string_append_c (result, *p);
          continue;
        }

      if (*p != 'u' || (unit = read_unit (p + 1)) == 0)
        return NULL;

      p += 4;

      if (unit >= 0xd800 && unit < 0xdc00 && p[1] == '\\' && p[2] == 'u')
        {
          unit = 0x10000 + ((unit - 0xd800) << 10) + (read_unit (p + 3) - 0xdc00);
          p += 6;
        }

      if (!g_unichar_validate (unit))
        return NULL;

      g_string_append_unichar (result, unit);
    }

  return g_strdup (result->str);
}

static gboolean
find_line (const char  *code,
           const char **start,
           const char **end)
{
  const char *line = g_str_has_prefix (code, LINE_START) ? code : strstr (code, "\n" LINE_START);

  if (line == NULL)
    return FALSE;

  *start = *line == '\n' ? line + 1 : line;
  *end = *start + strcspn (*start, "\n");

  return TRUE;
}

static GHashTable *
entries_from_json (const char *json)
{
  g_autoptr(GHashTable) entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(JsonNode) node = json_from_string (json, NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  json_object_iter_init (&iter, json_node_get_object (node));
  while (json_object_iter_next (&iter, &key, &value))
    if (JSON_NODE_HOLDS_VALUE (value) && json_node_get_value_type (value) == G_TYPE_STRING)
      g_hash_table_insert (entries, g_strdup (key), g_strdup (json_node_get_string (value)));
    else
      g_hash_table_insert (entries, g_strdup (key), json_to_string (value, FALSE));

  return g_steal_pointer (&entries);
}

/* The keys and values in a function's code; none if the line was never filled. */
static GHashTable *
read_code (GBytes  *bytes,
           GError **error)
{
  g_autofree char *code = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autoptr(GHashTable) entries = NULL;
  g_autofree char *line = NULL;
  g_autofree char *json = NULL;
  const char *start;
  const char *end;

  if (find_line (code, &start, &end))
    {
      const char *text;
      const char *text_end;

      line = g_strndup (start, end - start);
      text = strstr (line, TEXT_START);
      text_end = g_strrstr (line, TEXT_END);

      if (text != NULL && text_end >= text + strlen (TEXT_START))
        json = read_literal (text + strlen (TEXT_START), text_end - text - strlen (TEXT_START));
      else if (strstr (line, "null") != NULL)
        json = g_strdup ("{}");

      entries = json != NULL ? entries_from_json (json) : NULL;
    }

  if (entries == NULL)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED,
                         _("The note of which version is live can’t be understood."));

  return g_steal_pointer (&entries);
}

/* The function as this version of the app has it */
static char *
load_code (GError **error)
{
  g_autoptr(GBytes) bytes = porch_stack_load_template (error);
  g_autoptr(JsonObject) template = bytes != NULL ? aws_json_load_object (bytes, error) : NULL;
  JsonObject *resources = template != NULL ? aws_json_get_object (template, "Resources") : NULL;
  JsonObject *router = resources != NULL ? aws_json_get_object (resources, "Router") : NULL;
  JsonObject *properties = router != NULL ? aws_json_get_object (router, "Properties") : NULL;

  return properties != NULL ? g_strdup (aws_json_get_string (properties, "FunctionCode")) : NULL;
}

static GBytes *
make_code (GHashTable  *entries,
           GError     **error)
{
  g_autofree char *json = entries_to_json (entries);
  g_autofree char *code = load_code (error);
  g_autoptr(GString) filled = NULL;
  const char *start;
  const char *end;

  if (code == NULL || !find_line (code, &start, &end))
    {
      if (error != NULL && *error == NULL)
        g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FAILED, _("A part of Porchlight is missing. Install it again."));
      return NULL;
    }

  filled = g_string_new_len (code, start - code);
  g_string_append (filled, LINE_START "=" TEXT_START);
  append_literal (filled, json);
  g_string_append (filled, TEXT_END ";");
  g_string_append (filled, end);

  if (filled->len > MAX_CODE)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_FAILED,
                   _("The redirects and drafts of the site take %'u bytes more than there is room for in this account. Leave out redirects or remove a draft."),
                   (guint) (filled->len - MAX_CODE));
      return NULL;
    }

  return g_string_free_to_bytes (g_steal_pointer (&filled));
}

/* ---- keys and values ---- */

static GHashTable *
await_entries (PorchCodePointer  *self,
               GError           **error)
{
  g_autoptr(GBytes) code = dex_await_boxed (aws_cloudfront_get_function (self->client, self->function, TRUE), error);

  return code != NULL ? read_code (code, error) : NULL;
}

static GHashTable *
porch_code_pointer_await_list (PorchKeyPointer  *pointer,
                               PorchKeyVersion  *version,
                               GError          **error)
{
  return version != NULL ? g_hash_table_ref (version->entries) : await_entries (PORCH_CODE_POINTER (pointer), error);
}

static char *
porch_code_pointer_await_get (PorchKeyPointer  *pointer,
                              PorchKeyVersion  *version,
                              const char       *key,
                              GError          **error)
{
  g_autoptr(GHashTable) entries = porch_code_pointer_await_list (pointer, version, error);

  return entries != NULL ? g_strdup (g_hash_table_lookup (entries, key)) : NULL;
}

static AwsEdgeFunction *
await_update (PorchCodePointer  *self,
              PorchKeyVersion   *version,
              GBytes            *code,
              GError           **error)
{
  return dex_await_boxed (aws_cloudfront_update_function (self->client, self->function, version->etag, code,
                                                          version->comment != NULL ? version->comment : "", NULL),
                          error);
}

static gboolean
porch_code_pointer_await_commit (PorchKeyPointer  *pointer,
                                 PorchKeyVersion  *version,
                                 GPtrArray        *puts,
                                 GPtrArray        *deletes,
                                 GError          **error)
{
  PorchCodePointer *self = PORCH_CODE_POINTER (pointer);
  g_autoptr(AwsEdgeFunction) updated = NULL;
  g_autoptr(AwsEdgeFunction) published = NULL;
  g_autoptr(GBytes) code = NULL;

  for (guint i = 0; puts != NULL && i < puts->len; i++)
    {
      AwsKeyValue *pair = g_ptr_array_index (puts, i);

      g_hash_table_replace (version->entries, g_strdup (aws_key_value_get_key (pair)), g_strdup (aws_key_value_get_value (pair)));
    }

  for (guint i = 0; deletes != NULL && i < deletes->len; i++)
    g_hash_table_remove (version->entries, g_ptr_array_index (deletes, i));

  if (!(code = make_code (version->entries, error)) || !(updated = await_update (self, version, code, error)))
    return FALSE;

  published = dex_await_boxed (aws_cloudfront_publish_function (self->client, self->function, aws_edge_function_get_etag (updated)),
                               error);

  return published != NULL;
}

/* Publishing does not change the version of the stage that is worked on. So where that stage is not what the edge runs,
 * another writer may be between its two steps: it is made stale first, and what the edge runs is read again. */
static PorchKeyVersion *
await_version (PorchCodePointer  *self,
               GError           **error)
{
  g_autoptr(AwsEdgeFunction) function = dex_await_boxed (aws_cloudfront_describe_function (self->client, self->function, FALSE), error);
  g_autoptr(PorchKeyVersion) version = NULL;
  g_autoptr(GBytes) draft = NULL;
  g_autoptr(GBytes) live = NULL;

  if (function == NULL ||
      !(draft = dex_await_boxed (aws_cloudfront_get_function (self->client, self->function, FALSE), error)) ||
      !(live = dex_await_boxed (aws_cloudfront_get_function (self->client, self->function, TRUE), error)))
    return NULL;

  version = porch_key_version_new (aws_edge_function_get_etag (function));
  version->comment = g_strdup (aws_edge_function_get_comment (function));

  if (!g_bytes_equal (draft, live))
    {
      g_autoptr(AwsEdgeFunction) claimed = await_update (self, version, live, error);

      if (claimed != NULL)
        g_set_error_literal (error, AWS_ERROR, AWS_ERROR_CONFLICT, "Another writer did not come to an end");

      return NULL;
    }

  if (!(version->entries = read_code (live, error)))
    return NULL;

  return g_steal_pointer (&version);
}

static DexFuture *
write_fiber (gpointer user_data)
{
  Write *write = user_data;

  for (guint tries = 1; ; tries++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(PorchKeyVersion) version = await_version (write->pointer, &error);

      if (version != NULL && dex_await (write->func (PORCH_KEY_POINTER (write->pointer), version, write->user_data), &error))
        return dex_future_new_true ();

      if (!aws_keyvaluestore_error_is_stale (error) || tries == WRITE_TRIES)
        return dex_future_new_for_error (g_steal_pointer (&error));

      dex_await (dex_timeout_new_usec (aws_retry_delay (AWS_RETRY_TRANSIENT, tries, WRITE_PAUSE, NULL)), NULL);
    }
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
porch_code_pointer_write (PorchKeyPointer   *pointer,
                          PorchKeyWriteFunc  func,
                          gpointer           user_data,
                          GDestroyNotify     destroy)
{
  Write *write = g_new0 (Write, 1);

  write->pointer = g_object_ref (PORCH_CODE_POINTER (pointer));
  write->func = func;
  write->user_data = user_data;
  write->destroy = destroy;

  return porch_fiber_spawn (write_fiber, write, write_free, NULL);
}

static guint64
porch_code_pointer_get_request_count (PorchKeyPointer *pointer,
                                      gpointer         client)
{
  PorchCodePointer *self = PORCH_CODE_POINTER (pointer);

  return self->client != client ? aws_client_get_request_count (self->client) : 0;
}

static void
porch_code_pointer_finalize (GObject *object)
{
  PorchCodePointer *self = PORCH_CODE_POINTER (object);

  g_clear_object (&self->client);
  g_clear_pointer (&self->function, g_free);

  G_OBJECT_CLASS (porch_code_pointer_parent_class)->finalize (object);
}

static void
porch_code_pointer_class_init (PorchCodePointerClass *klass)
{
  PorchKeyPointerClass *pointer_class = PORCH_KEY_POINTER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = porch_code_pointer_finalize;

  pointer_class->await_get = porch_code_pointer_await_get;
  pointer_class->await_list = porch_code_pointer_await_list;
  pointer_class->write = porch_code_pointer_write;
  pointer_class->await_commit = porch_code_pointer_await_commit;
  pointer_class->get_request_count = porch_code_pointer_get_request_count;
}

static void
porch_code_pointer_init (PorchCodePointer *self)
{
}

/**
 * porch_code_pointer_new:
 * @client: the client to reach the function with
 * @function: its name
 *
 * Returns: (transfer full): a new pointer
 */
PorchPointer *
porch_code_pointer_new (AwsClient  *client,
                        const char *function)
{
  PorchCodePointer *self;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (function != NULL, NULL);

  self = g_object_new (PORCH_TYPE_CODE_POINTER, NULL);
  self->client = g_object_ref (client);
  self->function = g_strdup (function);

  return PORCH_POINTER (self);
}
