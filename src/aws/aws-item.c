/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-dynamodb.h"

struct _AwsItem
{
  JsonObject *attributes;
};

static void
aws_item_clear (AwsItem *self)
{
  g_clear_pointer (&self->attributes, json_object_unref);
}

AWS_DEFINE_BOXED (AwsItem, aws_item, aws_item_clear)

/**
 * aws_item_new:
 *
 * Makes an empty item.
 *
 * Returns: (transfer full): the item
 */
AwsItem *
aws_item_new (void)
{
  AwsItem *self = g_atomic_rc_box_new0 (AwsItem);

  self->attributes = json_object_new ();

  return self;
}

/**
 * aws_item_new_from_json:
 * @attributes: names with typed values, as DynamoDB writes them
 *
 * Makes an item of what came from a table.
 *
 * Returns: (transfer full): the item
 */
AwsItem *
aws_item_new_from_json (JsonObject *attributes)
{
  AwsItem *self;

  g_return_val_if_fail (attributes != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsItem);
  self->attributes = json_object_ref (attributes);

  return self;
}

/**
 * aws_item_get_json:
 * @self: an item
 *
 * Returns: (transfer none): the item as DynamoDB writes it
 */
JsonObject *
aws_item_get_json (AwsItem *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->attributes;
}

static JsonObject *
add_value (AwsItem    *self,
           const char *name)
{
  JsonObject *value = json_object_new ();

  json_object_set_object_member (self->attributes, name, value);

  return value;
}

/**
 * aws_item_set_string:
 * @self: an item
 * @name: the name of an attribute
 * @value: a text
 *
 * Sets an attribute to a text.
 */
void
aws_item_set_string (AwsItem    *self,
                     const char *name,
                     const char *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && value != NULL);

  json_object_set_string_member (add_value (self, name), "S", value);
}

/**
 * aws_item_set_int:
 * @self: an item
 * @name: the name of an attribute
 * @value: a number
 *
 * Sets an attribute to a number.
 */
void
aws_item_set_int (AwsItem    *self,
                  const char *name,
                  gint64      value)
{
  char text[32];

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  g_snprintf (text, sizeof text, "%" G_GINT64_FORMAT, value);
  json_object_set_string_member (add_value (self, name), "N", text);
}

/**
 * aws_item_set_bool:
 * @self: an item
 * @name: the name of an attribute
 * @value: a truth value
 *
 * Sets an attribute to a truth value.
 */
void
aws_item_set_bool (AwsItem    *self,
                   const char *name,
                   gboolean    value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  json_object_set_boolean_member (add_value (self, name), "BOOL", value);
}

/**
 * aws_item_set_map:
 * @self: an item
 * @name: the name of an attribute
 * @value: the map
 *
 * Sets an attribute to a map.
 */
void
aws_item_set_map (AwsItem    *self,
                  const char *name,
                  AwsItem    *value)
{
  g_return_if_fail (self != NULL && value != NULL);
  g_return_if_fail (name != NULL);

  json_object_set_object_member (add_value (self, name), "M", json_object_ref (value->attributes));
}

/**
 * aws_item_set_strings:
 * @self: an item
 * @name: the name of an attribute
 * @values: texts
 *
 * Sets an attribute to a list of texts.
 */
void
aws_item_set_strings (AwsItem            *self,
                      const char         *name,
                      const char * const *values)
{
  JsonArray *array;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL && values != NULL);

  array = json_array_new ();
  for (guint i = 0; values[i] != NULL; i++)
    {
      JsonObject *element = json_object_new ();

      json_object_set_string_member (element, "S", values[i]);
      json_array_add_object_element (array, element);
    }
  json_object_set_array_member (add_value (self, name), "L", array);
}

/**
 * aws_item_set_null:
 * @self: an item
 * @name: the name of an attribute
 *
 * Sets an attribute to nothing.
 */
void
aws_item_set_null (AwsItem    *self,
                   const char *name)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  json_object_set_boolean_member (add_value (self, name), "NULL", TRUE);
}

static JsonObject *
get_value (AwsItem    *self,
           const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return aws_json_get_object (self->attributes, name);
}

/**
 * aws_item_has:
 * @self: an item
 * @name: the name of an attribute
 *
 * Returns: whether the item has it
 */
gboolean
aws_item_has (AwsItem    *self,
              const char *name)
{
  return get_value (self, name) != NULL;
}

/**
 * aws_item_get_string:
 * @self: an item
 * @name: the name of an attribute
 *
 * Returns: (transfer none) (nullable): its text, or %NULL if it is none
 */
const char *
aws_item_get_string (AwsItem    *self,
                     const char *name)
{
  return aws_json_get_string (get_value (self, name), "S");
}

/**
 * aws_item_get_int:
 * @self: an item
 * @name: the name of an attribute
 * @fallback: what to return if it is no number
 *
 * Returns: its number
 */
gint64
aws_item_get_int (AwsItem    *self,
                  const char *name,
                  gint64      fallback)
{
  return aws_json_get_int (get_value (self, name), "N", fallback);
}

/**
 * aws_item_get_bool:
 * @self: an item
 * @name: the name of an attribute
 *
 * Returns: whether it is there and true
 */
gboolean
aws_item_get_bool (AwsItem    *self,
                   const char *name)
{
  return aws_json_get_bool (get_value (self, name), "BOOL");
}

/**
 * aws_item_dup_map:
 * @self: an item
 * @name: the name of an attribute
 *
 * Returns: (transfer full) (nullable): its map
 */
AwsItem *
aws_item_dup_map (AwsItem    *self,
                  const char *name)
{
  JsonObject *map = aws_json_get_object (get_value (self, name), "M");

  return map != NULL ? aws_item_new_from_json (map) : NULL;
}

/**
 * aws_item_dup_strings:
 * @self: an item
 * @name: the name of an attribute
 *
 * Returns: (transfer full) (nullable): its texts, if it is a list or a set of them; a single text counts as a list of one
 */
GStrv
aws_item_dup_strings (AwsItem    *self,
                      const char *name)
{
  JsonObject *value = get_value (self, name);
  JsonArray *list = aws_json_get_array (value, "L");
  JsonArray *set = aws_json_get_array (value, "SS");
  const char *single = aws_json_get_string (value, "S");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (list == NULL && set == NULL && single == NULL)
    return NULL;

  if (single != NULL)
    g_strv_builder_add (builder, single);

  for (guint i = 0; list != NULL && i < json_array_get_length (list); i++)
    {
      const char *text = aws_json_get_string (aws_json_array_get_object (list, i), "S");

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }

  for (guint i = 0; set != NULL && i < json_array_get_length (set); i++)
    {
      const char *text = aws_json_array_get_string (set, i);

      if (text != NULL)
        g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

/**
 * aws_item_dup_names:
 * @self: an item
 *
 * Returns: (transfer full): the names of all attributes, in the order in which they came
 */
GStrv
aws_item_dup_names (AwsItem *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GList) names = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  names = json_object_get_members (self->attributes);
  for (GList *l = names; l != NULL; l = l->next)
    g_strv_builder_add (builder, l->data);

  return g_strv_builder_end (builder);
}
