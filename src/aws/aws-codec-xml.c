/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Bodies of XML: of REST-XML both ways, and the answers of the query protocol. */

#include "aws-codec-private.h"

#include <string.h>

#include "aws-error.h"

static const char *
get_item_name (const AwsShape *shape,
               const char     *usual)
{
  const char *name = shape != NULL ? aws_shape_get_wire_name (shape) : NULL;

  return name != NULL ? name : usual;
}

static void
append_namespace (GString    *xml,
                  const char *prefix,
                  const char *uri)
{
  if (uri == NULL)
    return;

  g_string_append (xml, prefix != NULL ? " xmlns:" : " xmlns");
  if (prefix != NULL)
    g_string_append (xml, prefix);
  g_string_append (xml, "=\"");
  aws_xml_append_escaped (xml, uri);
  g_string_append_c (xml, '"');
}

static void
append_start (GString        *xml,
              const AwsShape *shape,
              const char     *element,
              const char     *xml_namespace)
{
  g_string_append_printf (xml, "<%s", element);
  append_namespace (xml, shape->xml_namespace != NULL ? shape->xml_prefix : NULL,
                    shape->xml_namespace != NULL ? shape->xml_namespace : xml_namespace);
  g_string_append_c (xml, '>');
}

static gboolean
write_list (GString         *xml,
            const AwsShape  *shape,
            const char      *element,
            const char      *xml_namespace,
            JsonArray       *array,
            GError         **error)
{
  gboolean is_flat = shape->flags & AWS_SHAPE_FLATTENED;
  const char *item = is_flat ? element : get_item_name (shape->item, "member");

  if (!is_flat)
    append_start (xml, shape, element, xml_namespace);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *value = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_NULL (value) &&
          !aws_codec_write_xml (xml, shape->item, item, is_flat ? shape->xml_namespace : NULL, value, error))
        return FALSE;
    }

  if (!is_flat)
    g_string_append_printf (xml, "</%s>", element);

  return TRUE;
}

static gboolean
write_map (GString         *xml,
           const AwsShape  *shape,
           const char      *element,
           const char      *xml_namespace,
           JsonObject      *object,
           GError         **error)
{
  static const AwsShape usual_key = { "key" };
  gboolean is_flat = shape->flags & AWS_SHAPE_FLATTENED;
  const AwsShape *key = shape->key != NULL ? shape->key : &usual_key;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!is_flat)
    append_start (xml, shape, element, xml_namespace);

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    {
      const char *key_element = get_item_name (key, "key");

      if (JSON_NODE_HOLDS_NULL (value))
        continue;

      if (is_flat)
        append_start (xml, shape, element, xml_namespace);
      else
        g_string_append (xml, "<entry>");
      append_start (xml, key, key_element, NULL);
      aws_xml_append_escaped (xml, name);
      g_string_append_printf (xml, "</%s>", key_element);
      if (!aws_codec_write_xml (xml, shape->item, get_item_name (shape->item, "value"), NULL, value, error))
        return FALSE;
      g_string_append_printf (xml, "</%s>", is_flat ? element : "entry");
    }

  if (!is_flat)
    g_string_append_printf (xml, "</%s>", element);

  return TRUE;
}

static gboolean
write_attributes (GString         *xml,
                  const AwsShape  *members,
                  JsonObject      *input,
                  GError         **error)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      g_autoptr(JsonNode) value = NULL;
      g_autofree char *text = NULL;

      if (!(member->flags & AWS_SHAPE_XML_ATTRIBUTE))
        continue;
      if (!aws_codec_get_member (member, input, &value, error))
        return FALSE;
      if (value == NULL)
        continue;
      if (!(text = aws_codec_write_text (member, value, AWS_TIME_ISO_8601, error)))
        return FALSE;

      g_string_append_printf (xml, " %s=\"", aws_shape_get_wire_name (member));
      aws_xml_append_escaped (xml, text);
      g_string_append_c (xml, '"');
    }

  return TRUE;
}

static gboolean
write_children (GString         *xml,
                const AwsShape  *members,
                JsonObject      *input,
                GError         **error)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      g_autoptr(JsonNode) value = NULL;

      if ((member->flags & AWS_SHAPE_XML_ATTRIBUTE) || member->place != AWS_PLACE_BODY)
        continue;
      if (!aws_codec_get_member (member, input, &value, error) ||
          (value != NULL && !aws_codec_write_xml (xml, member, aws_shape_get_wire_name (member), NULL, value, error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
write_structure (GString         *xml,
                 const AwsShape  *shape,
                 const char      *element,
                 const char      *xml_namespace,
                 JsonObject      *object,
                 GError         **error)
{
  if (!aws_codec_check_names (shape->members, object, error))
    return FALSE;

  g_string_append_printf (xml, "<%s", element);
  append_namespace (xml, shape->xml_namespace != NULL ? shape->xml_prefix : NULL,
                    shape->xml_namespace != NULL ? shape->xml_namespace : xml_namespace);
  if (!write_attributes (xml, shape->members, object, error))
    return FALSE;
  g_string_append_c (xml, '>');
  if (!write_children (xml, shape->members, object, error))
    return FALSE;
  g_string_append_printf (xml, "</%s>", element);

  return TRUE;
}

/* Writes a value as an element; @xml_namespace is for it if the shape has none of its own. */
gboolean
aws_codec_write_xml (GString         *xml,
                     const AwsShape  *shape,
                     const char      *element,
                     const char      *xml_namespace,
                     JsonNode        *value,
                     GError         **error)
{
  g_autofree char *text = NULL;

  if (shape->type == AWS_SHAPE_LIST ? !JSON_NODE_HOLDS_ARRAY (value) : !aws_shape_is_scalar (shape) && !JSON_NODE_HOLDS_OBJECT (value))
    {
      aws_codec_fail_input (shape, shape->type == AWS_SHAPE_LIST ? "a list" : "an object", error);
      return FALSE;
    }

  if (shape->type == AWS_SHAPE_STRUCTURE)
    return write_structure (xml, shape, element, xml_namespace, json_node_get_object (value), error);
  if (shape->type == AWS_SHAPE_LIST)
    return write_list (xml, shape, element, xml_namespace, json_node_get_array (value), error);
  if (shape->type == AWS_SHAPE_MAP)
    return write_map (xml, shape, element, xml_namespace, json_node_get_object (value), error);

  if (!(text = aws_codec_write_text (shape, value, AWS_TIME_ISO_8601, error)))
    return FALSE;

  append_start (xml, shape, element, xml_namespace);
  aws_xml_append_escaped (xml, text);
  g_string_append_printf (xml, "</%s>", element);

  return TRUE;
}

/* Writes the members of an input that belong into the body, in an element around them. Whether the table knows all that
 * the input has was found out before. */
gboolean
aws_codec_write_xml_members (GString         *xml,
                             const AwsShape  *members,
                             const char      *element,
                             const char      *xml_namespace,
                             JsonObject      *input,
                             GError         **error)
{
  g_string_append_printf (xml, "<%s", element);
  append_namespace (xml, NULL, xml_namespace);
  if (!write_attributes (xml, members, input, error))
    return FALSE;
  g_string_append_c (xml, '>');
  if (!write_children (xml, members, input, error))
    return FALSE;
  g_string_append_printf (xml, "</%s>", element);

  return TRUE;
}

static JsonNode *
read_list (const AwsShape  *shape,
           AwsXmlNode      *first,
           const char      *element,
           GError         **error)
{
  g_autoptr(JsonArray) array = json_array_new ();
  JsonNode *node;

  for (AwsXmlNode *each = first; each != NULL; each = aws_xml_node_next (each, element))
    {
      if (!(node = aws_codec_read_xml (shape->item, each, error)))
        return NULL;

      json_array_add_element (array, node);
    }

  node = json_node_new (JSON_NODE_ARRAY);
  json_node_take_array (node, g_steal_pointer (&array));

  return node;
}

static JsonNode *
read_map (const AwsShape  *shape,
          AwsXmlNode      *first,
          const char      *element,
          GError         **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  const char *key = get_item_name (shape->key, "key");
  const char *item = get_item_name (shape->item, "value");
  JsonNode *node;

  for (AwsXmlNode *each = first; each != NULL; each = aws_xml_node_next (each, element))
    {
      g_autofree char *name = aws_xml_node_dup_text (each, key);
      AwsXmlNode *value = aws_xml_node_first (each, item);

      if (name == NULL || value == NULL)
        continue;
      if (!(node = aws_codec_read_xml (shape->item, value, error)))
        return NULL;

      json_object_set_member (object, name, node);
    }

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, g_steal_pointer (&object));

  return node;
}

static JsonNode *
read_structure (const AwsShape  *shape,
                AwsXmlNode      *element,
                GError         **error)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonNode *node;

  if (!aws_codec_read_xml_members (shape->members, element, object, error))
    return NULL;

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, g_steal_pointer (&object));

  return node;
}

/* The value in an element. */
JsonNode *
aws_codec_read_xml (const AwsShape  *shape,
                    AwsXmlNode      *element,
                    GError         **error)
{
  g_autofree char *text = NULL;
  const char *item;

  switch (shape->type)
    {
    case AWS_SHAPE_STRUCTURE:
      return read_structure (shape, element, error);

    case AWS_SHAPE_LIST:
      item = get_item_name (shape->item, "member");
      return read_list (shape, aws_xml_node_first (element, item), item, error);

    case AWS_SHAPE_MAP:
      return read_map (shape, aws_xml_node_first (element, "entry"), "entry", error);

    case AWS_SHAPE_STRING:
    case AWS_SHAPE_INTEGER:
    case AWS_SHAPE_DOUBLE:
    case AWS_SHAPE_BOOLEAN:
    case AWS_SHAPE_TIMESTAMP:
    case AWS_SHAPE_BLOB:
    case AWS_SHAPE_DOCUMENT:
    default:
      text = aws_xml_node_dup_text (element, NULL);
      return aws_codec_read_text (shape, text, error);
    }
}

static const char *
skip_prefix (const char *name)
{
  const char *colon = strchr (name, ':');

  return colon != NULL ? colon + 1 : name;
}

static gboolean
read_attribute (const AwsShape  *member,
                AwsXmlNode      *element,
                JsonObject      *output,
                GError         **error)
{
  g_autofree char *text = aws_xml_node_dup_attribute (element, skip_prefix (aws_shape_get_wire_name (member)));
  JsonNode *node;

  if (text == NULL)
    return TRUE;
  if (!(node = aws_codec_read_text (member, text, error)))
    return FALSE;

  json_object_set_member (output, member->name, node);

  return TRUE;
}

/* The members of a structure that are in the body, into @output. */
gboolean
aws_codec_read_xml_members (const AwsShape  *members,
                            AwsXmlNode      *element,
                            JsonObject      *output,
                            GError         **error)
{
  for (const AwsShape *member = members; member != NULL && member->name != NULL; member++)
    {
      gboolean is_flat = member->flags & AWS_SHAPE_FLATTENED;
      const char *name = skip_prefix (aws_shape_get_wire_name (member));
      AwsXmlNode *child;
      JsonNode *node;

      if (member->place != AWS_PLACE_BODY)
        continue;

      if (member->flags & AWS_SHAPE_XML_ATTRIBUTE)
        {
          if (!read_attribute (member, element, output, error))
            return FALSE;
          continue;
        }

      if (!(child = aws_xml_node_first (element, name)))
        continue;

      if (is_flat && member->type == AWS_SHAPE_LIST)
        node = read_list (member, child, name, error);
      else if (is_flat && member->type == AWS_SHAPE_MAP)
        node = read_map (member, child, name, error);
      else
        node = aws_codec_read_xml (member, child, error);
      if (node == NULL)
        return FALSE;

      json_object_set_member (output, member->name, node);
    }

  return TRUE;
}
