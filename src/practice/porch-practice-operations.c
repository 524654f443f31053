/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-operations.h"
#include "porch-practice-resources.h"
#include "porch-practice-sts.h"

static const PracticeOperation *
find_operation (const PracticeOperation *operations,
                const char              *name)
{
  for (; operations->name != NULL; operations++)
    if (g_strcmp0 (operations->name, name) == 0)
      return operations;

  return NULL;
}

/**
 * practice_operations_run:
 * @call: a call
 * @operations: the operations of its service
 * @action_prefix: how policies name the service
 * @dup_resource: (nullable): what an input is about
 * @input: the input
 *
 * Checks the caller's rights and runs the operation that the call names. Refusals, and operations that there are none
 * of, are answered here.
 *
 * Returns: (transfer full) (nullable): the output, or %NULL when the call was answered
 */
JsonObject *
practice_operations_run (PracticeCall            *call,
                         const PracticeOperation *operations,
                         const char              *action_prefix,
                         PracticeResourceFunc     dup_resource,
                         JsonObject              *input)
{
  const PracticeOperation *operation = find_operation (operations, call->operation);
  g_autofree char *action = NULL, *resource = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *output;

  if (operation == NULL)
    {
      practice_call_answer_unknown_operation (call);
      return NULL;
    }

  action = g_strdup_printf ("%s:%s", action_prefix, call->operation);
  resource = dup_resource ? dup_resource (call, input) : g_strdup ("*");
  if (!practice_call_authorize (call, action, resource))
    return NULL;

  output = operation->run (call, input, &error);
  if (output == NULL && practice_fault_is_refusal (error))
    practice_call_answer_error (call, practice_fault_get_status (error), practice_fault_get_code (error), "%s", error->message);
  else if (output == NULL)
    practice_call_answer_internal (call, error);

  return output;
}

/* The same with the call's JSON body as input and a JSON answer. */
void
practice_operations_handle (PracticeCall            *call,
                            const PracticeOperation *operations,
                            const char              *action_prefix,
                            PracticeResourceFunc     dup_resource)
{
  JsonObject *output = practice_operations_run (call, operations, action_prefix, dup_resource, call->json);

  if (output != NULL)
    practice_call_answer_json (call, SOUP_STATUS_OK, output);
}

const char *
practice_input_require (JsonObject  *input,
                        const char  *name,
                        const char  *code,
                        GError     **error)
{
  const char *text = aws_json_get_string (input, name);

  if (text == NULL || *text == '\0')
    practice_refuse_as (error, 400, code,
                        "1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s",
                        text == NULL ? "null" : "''", name, text == NULL ? "not be null" : "have length greater than or equal to 1");

  return text != NULL && *text != '\0' ? text : NULL;
}

gboolean
practice_input_number (JsonObject  *input,
                       const char  *name,
                       gint64       minimum,
                       gint64       maximum,
                       gint64       fallback,
                       const char  *code,
                       gint64      *number,
                       GError     **error)
{
  *number = practice_property_int (input, name, fallback);
  if (!json_object_has_member (input, name) || (*number >= minimum && *number <= maximum))
    return TRUE;

  return practice_refuse_as (error, 400, code,
                             "1 validation error detected: Value '%" G_GINT64_FORMAT "' at '%s' failed to satisfy constraint: Member must have value %s than or equal to %" G_GINT64_FORMAT,
                             *number, name, *number < minimum ? "greater" : "less", *number < minimum ? minimum : maximum);
}

gboolean
practice_page_read (JsonObject  *input,
                    const char  *token_name,
                    const char  *limit_name,
                    gint64       most,
                    const char  *code,
                    guint       *begin,
                    guint       *length,
                    GError     **error)
{
  const char *token = aws_json_get_string (input, token_name);
  g_autofree char *text = NULL;
  guint64 offset = 0;
  gint64 limit = most;
  gsize size = 0;

  if (limit_name != NULL && !practice_input_number (input, limit_name, 1, most, most, code, &limit, error))
    return FALSE;

  if (token != NULL)
    {
      guchar *data = g_base64_decode (token, &size);

      text = g_strndup ((char *) data, size);
      g_free (data);
      if (!g_str_has_prefix (text, "page ") || !g_ascii_string_to_unsigned (text + 5, 10, 0, G_MAXINT32, &offset, NULL))
        return practice_refuse_as (error, 400, code, "The token is not valid.");
    }

  *begin = offset;
  *length = limit;

  return TRUE;
}

void
practice_page_end (JsonObject *output,
                   const char *token_name,
                   guint       begin,
                   guint       length,
                   guint       total)
{
  g_autofree char *text = NULL, *token = NULL;

  if (total <= begin || total - begin <= length)
    return;

  text = g_strdup_printf ("page %u", begin + length);
  token = g_base64_encode ((const guchar *) text, strlen (text));
  json_object_set_string_member (output, token_name, token);
}

void
practice_page_answer (PracticeCall *call,
                      const char   *member,
                      JsonArray    *all,
                      guint64       start,
                      gint64        limit)
{
  g_autoptr(JsonArray) page = json_array_new ();
  guint n = json_array_get_length (all);
  JsonObject *output;

  for (guint i = start; i < n && i < start + limit; i++)
    json_array_add_element (page, json_node_copy (json_array_get_element (all, i)));

  output = json_object_new ();
  json_object_set_array_member (output, member, g_steal_pointer (&page));
  if (start + limit < n)
    {
      g_autofree char *next = g_strdup_printf ("%" G_GUINT64_FORMAT, start + limit);

      json_object_set_string_member (output, "NextToken", next);
    }

  practice_call_answer_json (call, 200, output);
}

JsonObject *
practice_parse_object (const char *text)
{
  g_autoptr(JsonNode) node = text ? json_from_string (text, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : NULL;
}

char *
practice_print_object (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
practice_set_time (JsonObject *object,
                   const char *name,
                   gint64      time)
{
  json_object_set_double_member (object, name, (time / 1000) / 1000.0);
}
