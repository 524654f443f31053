/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>
#include <string.h>

#include "porch-practice-states.h"

/* A small part of JSONata. What is not there reads as nothing (NULL) in the middle of an expression; what is not known of
 * the language fails as AWS fails what it can't evaluate. */

typedef struct
{
  const char *text;       /* all of it, for messages */
  const char *at;
  JsonObject *variables;
  GError     *error;
  guint       depth;
} Query;

static JsonNode *read_or (Query *query);

static JsonNode *
fail (Query      *query,
      const char *why)
{
  if (query->error == NULL)
    practice_states_fail (&query->error, "States.QueryEvaluationError", "The JSONata expression '%s' could not be evaluated here: %s", query->text, why);

  return NULL;
}

static void
skip_space (Query *query)
{
  while (g_ascii_isspace (*query->at))
    query->at++;
}

static gboolean
take (Query      *query,
      const char *sign)
{
  gsize length = strlen (sign);

  skip_space (query);
  if (strncmp (query->at, sign, length) != 0 || (g_ascii_isalpha (*sign) && (g_ascii_isalnum (query->at[length]) || query->at[length] == '_')))
    return FALSE;
  query->at += length;

  return TRUE;
}

static char *
take_name (Query *query)
{
  const char *begin = query->at;

  while (g_ascii_isalnum (*query->at) || *query->at == '_')
    query->at++;

  return query->at > begin ? g_strndup (begin, query->at - begin) : NULL;
}

static JsonNode *
new_bool (gboolean value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_boolean (node, value);

  return node;
}

static JsonNode *
new_string (const char *value)
{
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  json_node_set_string (node, value);

  return node;
}

/* As JSONata makes texts of values; nothing is the empty one */
static char *
to_text (JsonNode *node)
{
  if (node == NULL)
    return g_strdup ("");

  return JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : json_to_string (node, FALSE);
}

static gboolean
is_true (JsonNode *node)
{
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_object_get_size (json_node_get_object (node)) > 0;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_array_get_length (json_node_get_array (node)) > 0;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return *json_node_get_string (node) != '\0';
  if (json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    return json_node_get_boolean (node);

  return json_node_get_double (node) != 0;
}

/* .name and [number] after a value */
static JsonNode *
read_steps (Query    *query,
            JsonNode *value)
{
  g_autoptr(JsonNode) node = value;

  while (*query->at == '.' || *query->at == '[')
    {
      g_autofree char *name = NULL;
      JsonNode *next = NULL;

      if (*query->at == '.')
        {
          query->at++;
          name = take_name (query);
          if (name == NULL)
            return fail (query, "a name is missing after a dot");
          if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) && json_object_has_member (json_node_get_object (node), name))
            next = json_object_dup_member (json_node_get_object (node), name);
        }
      else
        {
          char *end = NULL;
          gint64 index = g_ascii_strtoll (query->at + 1, &end, 10);

          if (end == query->at + 1 || *end != ']')
            return fail (query, "only numbers are known in brackets");
          query->at = end + 1;
          if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
            {
              guint length = json_array_get_length (json_node_get_array (node));

              index = index < 0 ? index + length : index;
              if (index >= 0 && index < length)
                next = json_array_dup_element (json_node_get_array (node), index);
            }
        }
      g_clear_pointer (&node, json_node_unref);
      node = next;
    }

  return g_steal_pointer (&node);
}

static JsonNode *
read_function (Query      *query,
               const char *name)
{
  g_autoptr(JsonNode) argument = NULL;
  g_autofree char *text = NULL;
  JsonNode *number;

  argument = read_or (query);
  if (query->error != NULL)
    return NULL;
  if (!take (query, ")"))
    return fail (query, "a function of more than one argument");

  if (g_str_equal (name, "exists"))
    return new_bool (argument != NULL);
  if (g_str_equal (name, "not"))
    return new_bool (!is_true (argument));
  text = to_text (argument);
  if (g_str_equal (name, "string"))
    return new_string (text);
  if (g_str_equal (name, "parse"))
    {
      number = json_from_string (text, NULL);
      return number != NULL ? number : fail (query, "the text is not JSON");
    }
  if (g_str_equal (name, "number"))
    {
      number = json_node_new (JSON_NODE_VALUE);
      json_node_set_double (number, g_ascii_strtod (text, NULL));
      return number;
    }

  return fail (query, "the function is not known here");
}

static JsonNode *
read_number (Query *query)
{
  char *end = NULL;
  double value = g_ascii_strtod (query->at, &end);
  JsonNode *number;

  if (end == query->at || !isfinite (value))
    return fail (query, "a number is missing");

  number = json_node_new (JSON_NODE_VALUE);
  if (fabs (value) < 1e15 && value == (gint64) value)
    json_node_set_int (number, (gint64) value);
  else
    json_node_set_double (number, value);
  query->at = end;

  return number;
}

static JsonNode *
read_value (Query *query)
{
  g_autofree char *name = NULL;
  char quote;

  skip_space (query);
  quote = *query->at;
  if (quote == '"' || quote == '\'')
    {
      const char *end = strchr (query->at + 1, quote);

      if (end == NULL || memchr (query->at, '\\', end - query->at) != NULL)
        return fail (query, "a text that does not end, or with escapes");
      name = g_strndup (query->at + 1, end - query->at - 1);
      query->at = end + 1;
      return new_string (name);
    }
  if (g_ascii_isdigit (quote) || quote == '-')
    return read_number (query);
  if (quote == '(')
    {
      JsonNode *inner;

      query->at++;
      inner = read_or (query);
      if (query->error == NULL && !take (query, ")"))
        {
          g_clear_pointer (&inner, json_node_unref);
          return fail (query, "a bracket is not closed");
        }
      return inner;
    }
  if (quote == '$')
    {
      query->at++;
      name = take_name (query);
      if (name == NULL)
        return fail (query, "a name is missing after $");
      if (take (query, "("))
        return read_function (query, name);
      if (!json_object_has_member (query->variables, name))
        return fail (query, "there is no such variable");
      return read_steps (query, json_object_dup_member (query->variables, name));
    }
  if (take (query, "true"))
    return new_bool (TRUE);
  if (take (query, "false"))
    return new_bool (FALSE);
  if (take (query, "null"))
    return json_node_new (JSON_NODE_NULL);

  return fail (query, "this part of the language is not known here");
}

static JsonNode *
read_joined (Query *query)
{
  g_autoptr(JsonNode) left = read_value (query);

  while (query->error == NULL && take (query, "&"))
    {
      g_autoptr(JsonNode) right = read_value (query);
      g_autofree char *first = to_text (left), *second = to_text (right), *both = g_strconcat (first, second, NULL);

      g_clear_pointer (&left, json_node_unref);
      left = new_string (both);
    }

  return query->error == NULL ? g_steal_pointer (&left) : NULL;
}

static int
compare (JsonNode *left,
         JsonNode *right)
{
  g_autofree char *first = NULL, *second = NULL;
  gboolean texts = left && right && JSON_NODE_HOLDS_VALUE (left) && JSON_NODE_HOLDS_VALUE (right) &&
                   (json_node_get_value_type (left) == G_TYPE_STRING || json_node_get_value_type (right) == G_TYPE_STRING);

  if (left && right && JSON_NODE_HOLDS_VALUE (left) && JSON_NODE_HOLDS_VALUE (right) && !texts)
    {
      double difference = json_node_get_double (left) - json_node_get_double (right);

      return difference < 0 ? -1 : difference > 0;
    }

  first = to_text (left);
  second = to_text (right);

  return strcmp (first, second);
}

static gboolean
is_same (JsonNode *left,
         JsonNode *right)
{
  if (left == NULL || right == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_VALUE (left) && JSON_NODE_HOLDS_VALUE (right) &&
      (json_node_get_value_type (left) == G_TYPE_STRING) == (json_node_get_value_type (right) == G_TYPE_STRING) &&
      (json_node_get_value_type (left) == G_TYPE_BOOLEAN) == (json_node_get_value_type (right) == G_TYPE_BOOLEAN))
    return json_node_get_value_type (left) == G_TYPE_BOOLEAN ? json_node_get_boolean (left) == json_node_get_boolean (right) : compare (left, right) == 0;

  return json_node_equal (left, right);
}

static JsonNode *
read_comparison (Query *query)
{
  static const char * const signs[] = { "!=", "<=", ">=", "=", "<", ">" };
  g_autoptr(JsonNode) left = read_joined (query);

  for (guint i = 0; query->error == NULL && i < G_N_ELEMENTS (signs); i++)
    {
      g_autoptr(JsonNode) right = NULL;
      int order;

      if (!take (query, signs[i]))
        continue;
      right = read_joined (query);
      if (query->error != NULL)
        return NULL;
      if (i == 0 || i == 3)
        return new_bool (is_same (left, right) == (i == 3));

      order = compare (left, right);

      return new_bool (i == 1 ? order <= 0 : i == 2 ? order >= 0 : i == 4 ? order < 0 : order > 0);
    }

  return query->error == NULL ? g_steal_pointer (&left) : NULL;
}

static JsonNode *
read_and (Query *query)
{
  g_autoptr(JsonNode) left = read_comparison (query);

  while (query->error == NULL && take (query, "and"))
    {
      g_autoptr(JsonNode) right = read_comparison (query);
      gboolean both = is_true (left) && is_true (right);

      g_clear_pointer (&left, json_node_unref);
      left = new_bool (both);
    }

  return query->error == NULL ? g_steal_pointer (&left) : NULL;
}

static JsonNode *
read_or (Query *query)
{
  g_autoptr(JsonNode) left = NULL;

  if (++query->depth > 64)
    return fail (query, "it is nested too deeply");

  left = read_and (query);
  while (query->error == NULL && take (query, "or"))
    {
      g_autoptr(JsonNode) right = read_and (query);
      gboolean either = is_true (left) || is_true (right);

      g_clear_pointer (&left, json_node_unref);
      left = new_bool (either);
    }
  query->depth--;

  return query->error == NULL ? g_steal_pointer (&left) : NULL;
}

static JsonNode *
evaluate (const char  *text,
          JsonObject  *variables,
          GError     **error)
{
  g_autofree char *inner = g_strndup (text + 2, strlen (text) - 4);
  Query query = { g_strstrip (inner), NULL, variables, NULL, 0 };
  g_autoptr(JsonNode) value = NULL;

  query.at = query.text;
  value = read_or (&query);
  skip_space (&query);
  if (query.error == NULL && *query.at != '\0')
    fail (&query, "there is more than one expression");
  if (query.error == NULL && value == NULL)
    fail (&query, "it is undefined");
  if (query.error != NULL)
    {
      g_propagate_error (error, query.error);
      return NULL;
    }

  return g_steal_pointer (&value);
}

static JsonNode *
fill_object (JsonObject  *template,
             JsonObject  *variables,
             GError     **error)
{
  g_autoptr(JsonObject) filled = json_object_new ();
  JsonNode *node;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, template);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      JsonNode *inner = practice_query_fill (value, variables, error);

      if (inner == NULL)
        return NULL;
      json_object_set_member (filled, name, inner);
    }
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, filled);

  return node;
}

JsonNode *
practice_query_fill (JsonNode    *template,
                     JsonObject  *variables,
                     GError     **error)
{
  g_autoptr(JsonArray) filled = NULL;
  const char *text;
  JsonNode *node;

  if (JSON_NODE_HOLDS_OBJECT (template))
    return fill_object (json_node_get_object (template), variables, error);
  if (JSON_NODE_HOLDS_VALUE (template) && json_node_get_value_type (template) == G_TYPE_STRING)
    {
      text = json_node_get_string (template);
      if (strlen (text) >= 4 && g_str_has_prefix (text, "{%") && g_str_has_suffix (text, "%}"))
        return evaluate (text, variables, error);
    }
  if (!JSON_NODE_HOLDS_ARRAY (template))
    return json_node_copy (template);

  filled = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (template)); i++)
    {
      JsonNode *inner = practice_query_fill (json_array_get_element (json_node_get_array (template), i), variables, error);

      if (inner == NULL)
        return NULL;
      json_array_add_element (filled, inner);
    }
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, filled);

  return node;
}
