/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-fault.h"
#include "porch-practice-template.h"

/* AWS::NoValue and what becomes of it while a value is put together: null, which a template itself can't contain. */

typedef JsonNode *(*Function) (PracticeResolver  *resolver,
                               JsonNode          *argument,
                               GError           **error);

static JsonNode *
refuse (GError     **error,
        const char  *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "%s", text);

  return NULL;
}

static JsonNode *
new_text (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
new_list (GStrv parts)
{
  JsonNode *node = json_node_init_array (json_node_alloc (), NULL);
  JsonArray *list = json_array_new ();

  for (guint i = 0; parts[i]; i++)
    json_array_add_string_element (list, parts[i]);
  json_node_take_array (node, list);

  return node;
}

/* A scalar as text: numbers and truth values of a template count as such. */
static char *
to_text (JsonNode *node)
{
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);

  return json_to_string (node, FALSE);
}

static JsonArray *
to_list (JsonNode *node,
         guint     length)
{
  if (!JSON_NODE_HOLDS_ARRAY (node) || (length && json_array_get_length (json_node_get_array (node)) != length))
    return NULL;

  return json_node_get_array (node);
}

/* ---- conditions ---- */

static gboolean decide (PracticeResolver  *resolver,
                        JsonNode          *node,
                        guint              depth,
                        gboolean          *result,
                        GError           **error);

static gboolean
decide_by_name (PracticeResolver  *resolver,
                const char        *name,
                guint              depth,
                gboolean          *result,
                GError           **error)
{
  JsonNode *definition = json_object_get_member (resolver->template->conditions, name);

  if (json_object_has_member (resolver->decided, name))
    {
      *result = json_object_get_boolean_member (resolver->decided, name);
      return TRUE;
    }
  if (definition == NULL)
    return refuse (error, "Template format error: Unresolved condition dependency %s in the Conditions block of the template", name) != NULL;
  if (!decide (resolver, definition, depth + 1, result, error))
    return FALSE;

  json_object_set_boolean_member (resolver->decided, name, *result);

  return TRUE;
}

static gboolean
decide_chain (PracticeResolver  *resolver,
              JsonNode          *argument,
              gboolean           stop_at,
              guint              depth,
              gboolean          *result,
              GError           **error)
{
  JsonArray *list = to_list (argument, 0);
  gboolean found = FALSE;

  if (list == NULL || json_array_get_length (list) < 2 || json_array_get_length (list) > 10)
    return refuse (error, "Template error: every Fn::%s object requires a list of at least 2 and at most 10 boolean parameters.",
                   stop_at ? "Or" : "And") != NULL;

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      gboolean one;

      if (!decide (resolver, json_array_get_element (list, i), depth + 1, &one, error))
        return FALSE;
      found |= one == stop_at;
    }
  *result = found ? stop_at : !stop_at;

  return TRUE;
}

static gboolean
decide_equals (PracticeResolver  *resolver,
               JsonNode          *argument,
               gboolean          *result,
               GError           **error)
{
  JsonArray *list = to_list (argument, 2);
  g_autoptr(JsonNode) first = NULL;
  g_autoptr(JsonNode) second = NULL;
  g_autofree char *one = NULL, *two = NULL;

  if (list == NULL)
    return refuse (error, "Template error: every Fn::Equals object requires a list of 2 string parameters.") != NULL;
  if (!(first = practice_resolver_resolve (resolver, json_array_get_element (list, 0), error)) ||
      !(second = practice_resolver_resolve (resolver, json_array_get_element (list, 1), error)))
    return FALSE;

  one = JSON_NODE_HOLDS_VALUE (first) ? to_text (first) : json_to_string (first, FALSE);
  two = JSON_NODE_HOLDS_VALUE (second) ? to_text (second) : json_to_string (second, FALSE);
  *result = g_strcmp0 (one, two) == 0;

  return TRUE;
}

static gboolean
decide (PracticeResolver  *resolver,
        JsonNode          *node,
        guint              depth,
        gboolean          *result,
        GError           **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonObjectIter iter;
  const char *name = NULL;
  JsonNode *argument = NULL;

  if (depth > 32)
    return refuse (error, "Template format error: Circular dependency between conditions") != NULL;
  if (object == NULL || json_object_get_size (object) != 1)
    return refuse (error, "Template format error: Conditions can only be boolean operations on parameters and other conditions") != NULL;

  json_object_iter_init_ordered (&iter, object);
  json_object_iter_next_ordered (&iter, &name, &argument);

  if (g_str_equal (name, "Condition") && JSON_NODE_HOLDS_VALUE (argument) && json_node_get_string (argument))
    return decide_by_name (resolver, json_node_get_string (argument), depth, result, error);
  if (g_str_equal (name, "Fn::Equals"))
    return decide_equals (resolver, argument, result, error);
  if (g_str_equal (name, "Fn::And") || g_str_equal (name, "Fn::Or"))
    return decide_chain (resolver, argument, name[4] == 'O', depth, result, error);
  if (g_str_equal (name, "Fn::Not"))
    {
      JsonArray *list = to_list (argument, 1);

      if (list == NULL)
        return refuse (error, "Template error: every Fn::Not object requires a list of 1 boolean parameter.") != NULL;
      if (!decide (resolver, json_array_get_element (list, 0), depth + 1, result, error))
        return FALSE;
      *result = !*result;
      return TRUE;
    }

  return refuse (error, "Template format error: Conditions can only be boolean operations on parameters and other conditions") != NULL;
}

/**
 * practice_resolver_decide:
 * @resolver: a resolver with the values of all parameters
 * @error: return location for an error
 *
 * Evaluates all conditions of the template.
 *
 * Returns: whether that could be done
 */
gboolean
practice_resolver_decide (PracticeResolver  *resolver,
                          GError           **error)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, resolver->template->conditions);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      gboolean result;

      if (!decide_by_name (resolver, name, 0, &result, error))
        return FALSE;
    }

  return TRUE;
}

/* Whether a resource or output is part of the stack: it has no condition, or one that holds. */
gboolean
practice_resolver_is_included (PracticeResolver *resolver,
                               JsonObject       *entry)
{
  const char *condition = aws_json_get_string (entry, "Condition");

  return condition == NULL || (json_object_has_member (resolver->decided, condition) &&
                               json_object_get_boolean_member (resolver->decided, condition));
}

/* The branch of an Fn::If that is taken, @node itself when it is none, NULL when the choice can't be made. */
JsonNode *
practice_resolver_choose (PracticeResolver *resolver,
                          JsonNode         *node)
{
  while (JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) == 1 &&
         json_object_has_member (json_node_get_object (node), "Fn::If"))
    {
      JsonArray *list = to_list (json_object_get_member (json_node_get_object (node), "Fn::If"), 3);
      const char *name = list ? aws_json_array_get_string (list, 0) : NULL;

      if (name == NULL || !json_object_has_member (resolver->decided, name))
        return NULL;
      node = json_array_get_element (list, json_object_get_boolean_member (resolver->decided, name) ? 1 : 2);
    }

  return node;
}

/* ---- functions ---- */

static JsonNode *
ref_parameter (PracticeResolver *resolver,
               const char       *name)
{
  const char *type = aws_json_get_string (aws_json_get_object (resolver->template->parameters, name), "Type");
  const char *value = json_object_get_string_member (resolver->values, name);
  g_auto(GStrv) parts = NULL;

  if (g_str_equal (type, "String") || g_str_equal (type, "Number"))
    return new_text (value);

  parts = g_strsplit (value, ",", -1);
  for (guint i = 0; parts[i]; i++)
    g_strstrip (parts[i]);

  return new_list (parts);
}

static JsonNode *
ref_pseudo (PracticeResolver *resolver,
            const char       *name)
{
  const struct { const char *name; const char *value; } values[] = {
    { "AWS::AccountId", resolver->account }, { "AWS::Partition", "aws" }, { "AWS::Region", resolver->region },
    { "AWS::StackId", resolver->stack_arn }, { "AWS::StackName", resolver->stack_name }, { "AWS::URLSuffix", "amazonaws.com" },
  };

  if (g_str_equal (name, "AWS::NoValue"))
    return json_node_init_null (json_node_alloc ());
  if (g_str_equal (name, "AWS::NotificationARNs"))
    return new_list ((char *[]) { NULL });

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    if (g_str_equal (values[i].name, name))
      return new_text (values[i].value);

  return NULL;
}

static JsonNode *
look_up (PracticeResolver  *resolver,
         const char        *name,
         const char        *attribute,
         GError           **error)
{
  JsonObject *resource = aws_json_get_object (resolver->template->resources, name);
  JsonNode *pseudo;

  if (attribute == NULL && json_object_has_member (resolver->values, name))
    return ref_parameter (resolver, name);
  if (attribute == NULL && (pseudo = ref_pseudo (resolver, name)))
    return pseudo;
  if (resource == NULL || !practice_resolver_is_included (resolver, resource))
    return refuse (error, "Template format error: Unresolved resource dependencies [%s] in the Resources block of the template", name);

  return resolver->lookup (resolver, name, attribute, error);
}

static JsonNode *
function_ref (PracticeResolver  *resolver,
              JsonNode          *argument,
              GError           **error)
{
  if (!JSON_NODE_HOLDS_VALUE (argument) || json_node_get_string (argument) == NULL)
    return refuse (error, "Template format error: every Ref object must have a single String value.");

  return look_up (resolver, json_node_get_string (argument), NULL, error);
}

static JsonNode *
function_get_att (PracticeResolver  *resolver,
                  JsonNode          *argument,
                  GError           **error)
{
  JsonArray *list = to_list (argument, 2);
  g_auto(GStrv) parts = NULL;

  if (list)
    return look_up (resolver, aws_json_array_get_string (list, 0), aws_json_array_get_string (list, 1), error);

  parts = g_strsplit (json_node_get_string (argument), ".", 2);

  return look_up (resolver, parts[0], parts[1], error);
}

static JsonNode *
function_if (PracticeResolver  *resolver,
             JsonNode          *argument,
             GError           **error)
{
  JsonArray *list = to_list (argument, 3);
  const char *name = list ? aws_json_array_get_string (list, 0) : NULL;

  if (name == NULL)
    return refuse (error, "Template error: Fn::If requires a list argument with three elements");
  if (!json_object_has_member (resolver->decided, name))
    return refuse (error, "Template format error: Unresolved condition dependency %s in the Resources block of the template", name);

  return practice_resolver_resolve (resolver, json_array_get_element (list, json_object_get_boolean_member (resolver->decided, name) ? 1 : 2), error);
}

static JsonNode *
function_sub (PracticeResolver  *resolver,
              JsonNode          *argument,
              GError           **error)
{
  JsonArray *list = to_list (argument, 2);
  const char *text = list ? aws_json_array_get_string (list, 0) : json_node_get_string (argument);
  JsonObject *variables = list ? aws_json_array_get_object (list, 1) : NULL;
  g_autoptr(GString) result = g_string_new (NULL);

  while (*text)
    {
      g_autofree char *literal = NULL;
      g_autofree char *name = practice_sub_next (&text, &literal);
      g_autofree char *value = NULL;
      g_autoptr(JsonNode) node = NULL;
      char *dot = name ? strchr (name, '.') : NULL;

      g_string_append (result, literal);
      if (name == NULL)
        break;

      if (variables && json_object_has_member (variables, name))
        {
          node = practice_resolver_resolve (resolver, json_object_get_member (variables, name), error);
        }
      else
        {
          if (dot)
            *dot++ = '\0';
          node = look_up (resolver, name, dot, error);
        }
      if (node == NULL)
        return NULL;
      if (!(value = to_text (node)))
        return refuse (error, "Template error: variable %s in Fn::Sub expression does not resolve to a string", name);
      g_string_append (result, value);
    }

  return new_text (result->str);
}

static JsonNode *
function_join (PracticeResolver  *resolver,
               JsonNode          *argument,
               GError           **error)
{
  JsonArray *pair = to_list (argument, 2);
  const char *delimiter = pair ? aws_json_array_get_string (pair, 0) : NULL;
  g_autoptr(JsonNode) parts = NULL;
  g_autoptr(GString) result = g_string_new (NULL);
  JsonArray *list;

  if (delimiter == NULL)
    return refuse (error, "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.");
  if (!(parts = practice_resolver_resolve (resolver, json_array_get_element (pair, 1), error)))
    return NULL;
  if (!(list = to_list (parts, 0)))
    return refuse (error, "Template error: the second parameter of Fn::Join must be a list");

  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      g_autofree char *text = to_text (json_array_get_element (list, i));

      if (text == NULL)
        return refuse (error, "Template error: every element of the list of Fn::Join must be a string");
      g_string_append_printf (result, "%s%s", i ? delimiter : "", text);
    }

  return new_text (result->str);
}

static JsonNode *
function_split (PracticeResolver  *resolver,
                JsonNode          *argument,
                GError           **error)
{
  JsonArray *pair = to_list (argument, 2);
  const char *delimiter = pair ? aws_json_array_get_string (pair, 0) : NULL;
  g_autoptr(JsonNode) source = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) parts = NULL;

  if (delimiter == NULL || *delimiter == '\0')
    return refuse (error, "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.");
  if (!(source = practice_resolver_resolve (resolver, json_array_get_element (pair, 1), error)))
    return NULL;
  if (!(text = to_text (source)))
    return refuse (error, "Template error: the second parameter of Fn::Split must be a string");
  parts = g_strsplit (text, delimiter, -1);

  return new_list (parts);
}

static JsonNode *
function_select (PracticeResolver  *resolver,
                 JsonNode          *argument,
                 GError           **error)
{
  JsonArray *pair = to_list (argument, 2);
  g_autoptr(JsonNode) position = NULL;
  g_autoptr(JsonNode) source = NULL;
  g_autofree char *text = NULL;
  JsonArray *list;
  guint64 index;

  if (pair == NULL)
    return refuse (error, "Template error: Fn::Select requires a list argument with two elements: an integer index and a list");
  if (!(position = practice_resolver_resolve (resolver, json_array_get_element (pair, 0), error)) ||
      !(source = practice_resolver_resolve (resolver, json_array_get_element (pair, 1), error)))
    return NULL;

  text = to_text (position);
  list = to_list (source, 0);
  if (text == NULL || list == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, &index, NULL))
    return refuse (error, "Template error: Fn::Select requires a list argument with two elements: an integer index and a list");
  if (index >= json_array_get_length (list))
    return refuse (error, "Template error: Fn::Select cannot select nonexistent value at index %u", (guint) index);

  return json_node_copy (json_array_get_element (list, index));
}

static JsonNode *
function_find_in_map (PracticeResolver  *resolver,
                      JsonNode          *argument,
                      GError           **error)
{
  JsonArray *list = to_list (argument, 3);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  JsonObject *map;
  JsonNode *value;
  const char *name, *key, *attribute;

  if (list == NULL)
    return refuse (error, "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value");

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(JsonNode) part = practice_resolver_resolve (resolver, json_array_get_element (list, i), error);

      if (part == NULL)
        return NULL;
      g_ptr_array_add (names, to_text (part));
      if (g_ptr_array_index (names, i) == NULL)
        return refuse (error, "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value");
    }

  name = g_ptr_array_index (names, 0);
  key = g_ptr_array_index (names, 1);
  attribute = g_ptr_array_index (names, 2);
  map = aws_json_get_object (resolver->template->mappings, name);
  if (map == NULL)
    return refuse (error, "Template error: Mapping named '%s' is not present in the 'Mappings' section of template.", name);
  map = aws_json_get_object (map, key);
  value = map ? json_object_get_member (map, attribute) : NULL;

  return value && !JSON_NODE_HOLDS_OBJECT (value) ? json_node_copy (value)
                                                  : refuse (error, "Template error: Unable to get mapping for %s::%s::%s", name, key, attribute);
}

static JsonNode *
function_base64 (PracticeResolver  *resolver,
                 JsonNode          *argument,
                 GError           **error)
{
  g_autoptr(JsonNode) source = practice_resolver_resolve (resolver, argument, error);
  g_autofree char *text = source ? to_text (source) : NULL;
  g_autofree char *encoded = NULL;

  if (source == NULL)
    return NULL;
  if (text == NULL)
    return refuse (error, "Template error: every Fn::Base64 object must have a String-typed value.");
  encoded = g_base64_encode ((guchar *) text, strlen (text));

  return new_text (encoded);
}

static const struct
{
  const char *name;
  Function    call;
} functions[] = {
  { "Ref", function_ref },
  { "Fn::GetAtt", function_get_att },
  { "Fn::If", function_if },
  { "Fn::Sub", function_sub },
  { "Fn::Join", function_join },
  { "Fn::Split", function_split },
  { "Fn::Select", function_select },
  { "Fn::FindInMap", function_find_in_map },
  { "Fn::Base64", function_base64 },
};

static JsonNode *
resolve_object (PracticeResolver  *resolver,
                JsonObject        *object,
                GError           **error)
{
  g_autoptr(JsonNode) result = json_node_init_object (json_node_alloc (), NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_node_take_object (result, json_object_new ());
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      JsonNode *inner;

      if (json_object_get_size (object) == 1)
        for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
          if (g_str_equal (functions[i].name, name))
            return functions[i].call (resolver, value, error);
      if (g_str_has_prefix (name, "Fn::"))
        return refuse (error, "Template error: the practice cloud has no function %s", name);

      if (!(inner = practice_resolver_resolve (resolver, value, error)))
        return NULL;
      if (JSON_NODE_HOLDS_NULL (inner))
        json_node_unref (inner);
      else
        json_object_set_member (json_node_get_object (result), name, inner);
    }

  return g_steal_pointer (&result);
}

/**
 * practice_resolver_resolve:
 * @resolver: a resolver whose conditions are decided
 * @node: a value of the template
 * @error: return location for an error
 *
 * Returns: (transfer full): the value with all functions carried out; a null node for AWS::NoValue
 */
JsonNode *
practice_resolver_resolve (PracticeResolver  *resolver,
                           JsonNode          *node,
                           GError           **error)
{
  g_autoptr(JsonNode) result = NULL;
  JsonArray *list;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return resolve_object (resolver, json_node_get_object (node), error);
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return json_node_copy (node);

  result = json_node_init_array (json_node_alloc (), NULL);
  json_node_take_array (result, json_array_new ());
  list = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *inner = practice_resolver_resolve (resolver, json_array_get_element (list, i), error);

      if (inner == NULL)
        return NULL;
      if (JSON_NODE_HOLDS_NULL (inner))
        json_node_unref (inner);
      else
        json_array_add_element (json_node_get_array (result), inner);
    }

  return g_steal_pointer (&result);
}
