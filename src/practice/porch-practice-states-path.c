/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "porch-practice-states.h"

/* The paths of the States Language: members and elements, no searches and no functions. */

/* Takes one step off the path: a member (*name) or an element (*index). FALSE at the end and for what is no path. */
static gboolean
take_step (const char **path,
           char       **name,
           gint64      *index)
{
  const char *at = *path;
  char *end = NULL;
  gsize length;

  g_clear_pointer (name, g_free);
  if (*at == '.')
    {
      length = strcspn (++at, ".[");
      *name = g_strndup (at, length);
      *path = at + length;

      return length > 0;
    }
  if (at[0] == '[' && (at[1] == '\'' || at[1] == '"'))
    {
      const char *close = strchr (at + 2, at[1]);

      if (close == NULL || close[1] != ']')
        return FALSE;
      *name = g_strndup (at + 2, close - at - 2);
      *path = close + 2;

      return TRUE;
    }
  if (*at == '[')
    {
      *index = g_ascii_strtoll (at + 1, &end, 10);
      if (end == at + 1 || *end != ']')
        return FALSE;
      *path = end + 1;

      return TRUE;
    }

  return FALSE;
}

static JsonNode *
follow (JsonNode   *node,
        const char *name,
        gint64      index)
{
  if (node == NULL)
    return NULL;
  if (name != NULL)
    return JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), name) : NULL;

  return JSON_NODE_HOLDS_ARRAY (node) && index >= 0 && index < json_array_get_length (json_node_get_array (node))
         ? json_array_get_element (json_node_get_array (node), index) : NULL;
}

JsonNode *
practice_path_read (const char  *path,
                    JsonNode    *data,
                    JsonObject  *context,
                    GError     **error)
{
  g_autoptr(JsonNode) whole = NULL;
  g_autofree char *name = NULL;
  const char *at = path;
  gint64 index = 0;
  JsonNode *node;

  if (g_str_has_prefix (path, "$$"))
    {
      whole = json_node_new (JSON_NODE_OBJECT);
      json_node_set_object (whole, context);
      node = whole;
      at += 2;
    }
  else if (*path == '$')
    {
      node = data;
      at++;
    }
  else
    {
      practice_states_fail (error, "States.Runtime", "The practice cloud has paths like $.a.b[0] only, and no functions of the language: %s", path);
      return NULL;
    }

  while (*at != '\0')
    {
      if (!take_step (&at, &name, &index))
        {
          practice_states_fail (error, "States.Runtime", "The practice cloud has paths like $.a.b[0] only: %s", path);
          return NULL;
        }
      node = follow (node, name, index);
      if (node == NULL)
        {
          practice_states_fail (error, "States.ParameterPathFailure", "The JSONPath '%s' could not be found in the input", path);
          return NULL;
        }
    }

  return json_node_copy (node);
}

gboolean
practice_path_exists (const char *path,
                      JsonNode   *data,
                      JsonObject *context)
{
  g_autoptr(JsonNode) node = practice_path_read (path, data, context, NULL);

  return node != NULL;
}

JsonNode *
practice_path_write (const char  *path,
                     JsonNode    *data,
                     JsonNode    *value,
                     GError     **error)
{
  g_autoptr(JsonNode) result = NULL;
  g_autofree char *name = NULL, *text = NULL;
  const char *at = path + 1;
  JsonObject *object;
  gint64 index = 0;

  if (g_strcmp0 (path, "$") == 0)
    return json_node_copy (value);

  /* A copy all the way down */
  text = data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? json_to_string (data, FALSE) : NULL;
  result = text != NULL ? json_from_string (text, NULL) : NULL;
  if (*path != '$' || result == NULL)
    {
      practice_states_fail (error, "States.ResultPathMatchFailure", "Unable to apply Reference Path %s to the input", path);
      return NULL;
    }

  object = json_node_get_object (result);
  while (take_step (&at, &name, &index) && name != NULL && *at != '\0')
    {
      if (!json_object_has_member (object, name) || !JSON_NODE_HOLDS_OBJECT (json_object_get_member (object, name)))
        json_object_set_object_member (object, name, json_object_new ());
      object = json_object_get_object_member (object, name);
    }
  if (name == NULL || *at != '\0')
    {
      practice_states_fail (error, "States.ResultPathMatchFailure", "Unable to apply Reference Path %s to the input", path);
      return NULL;
    }

  json_object_set_member (object, name, json_node_copy (value));

  return g_steal_pointer (&result);
}

static JsonNode *
fill_object (JsonObject  *template,
             JsonNode    *data,
             JsonObject  *context,
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
      gboolean path = g_str_has_suffix (name, ".$");
      g_autofree char *bare = path ? g_strndup (name, strlen (name) - 2) : g_strdup (name);
      JsonNode *inner;

      if (path && (!JSON_NODE_HOLDS_VALUE (value) || json_node_get_value_type (value) != G_TYPE_STRING))
        {
          practice_states_fail (error, "States.Runtime", "The value of %s must be a path", name);
          return NULL;
        }
      inner = path ? practice_path_read (json_node_get_string (value), data, context, error) : practice_template_fill (value, data, context, error);
      if (inner == NULL)
        return NULL;
      json_object_set_member (filled, bare, inner);
    }

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, filled);

  return node;
}

JsonNode *
practice_template_fill (JsonNode    *template,
                        JsonNode    *data,
                        JsonObject  *context,
                        GError     **error)
{
  g_autoptr(JsonArray) filled = NULL;
  JsonNode *node;

  if (JSON_NODE_HOLDS_OBJECT (template))
    return fill_object (json_node_get_object (template), data, context, error);
  if (!JSON_NODE_HOLDS_ARRAY (template))
    return json_node_copy (template);

  filled = json_array_new ();
  for (guint i = 0; i < json_array_get_length (json_node_get_array (template)); i++)
    {
      JsonNode *inner = practice_template_fill (json_array_get_element (json_node_get_array (template), i), data, context, error);

      if (inner == NULL)
        return NULL;
      json_array_add_element (filled, inner);
    }
  node = json_node_new (JSON_NODE_ARRAY);
  json_node_set_array (node, filled);

  return node;
}
