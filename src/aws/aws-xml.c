/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "aws-error.h"

struct _AwsXml
{
  xmlDoc *document;
};

static void
aws_xml_clear (AwsXml *self)
{
  g_clear_pointer (&self->document, xmlFreeDoc);
}

AWS_DEFINE_BOXED (AwsXml, aws_xml, aws_xml_clear)

/**
 * aws_xml_new:
 * @bytes: a body
 * @error: return location
 *
 * Reads XML. White space before it is passed over, since S3 sends some to keep connections open. Nothing is
 * fetched, and a document type is refused, so entities can't be defined.
 *
 * Returns: (transfer full) (nullable): the document, or %NULL with `AWS_ERROR_BAD_ANSWER`
 */
AwsXml *
aws_xml_new (GBytes  *bytes,
             GError **error)
{
  g_autoptr(AwsXml) self = g_atomic_rc_box_new0 (AwsXml);
  const char *text;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  text = g_bytes_get_data (bytes, &length);
  for (; length > 0 && g_ascii_isspace (*text); text++)
    length--;

  if (length > 0 && length <= G_MAXINT)
    self->document = xmlReadMemory (text, length, NULL, NULL,
                                    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                    XML_PARSE_NOCDATA | XML_PARSE_COMPACT);

  if (self->document == NULL || self->document->intSubset != NULL || xmlDocGetRootElement (self->document) == NULL)
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer is not XML");
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * aws_xml_get_root:
 * @self: a document
 *
 * Returns: (transfer none): its root element, which lives as long as @self
 */
AwsXmlNode *
aws_xml_get_root (AwsXml *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return xmlDocGetRootElement (self->document);
}

/**
 * aws_xml_node_get_name:
 * @node: an element
 *
 * Returns: (transfer none): its local name
 */
const char *
aws_xml_node_get_name (AwsXmlNode *node)
{
  g_return_val_if_fail (node != NULL, NULL);

  return (const char *) node->name;
}

static AwsXmlNode *
find_sibling (xmlNode    *node,
              const char *name,
              gsize       length)
{
  for (; node != NULL; node = node->next)
    {
      if (node->type == XML_ELEMENT_NODE &&
          (name == NULL || (strncmp ((const char *) node->name, name, length) == 0 && node->name[length] == '\0')))
        return node;
    }

  return NULL;
}

/**
 * aws_xml_node_first:
 * @node: (nullable): an element
 * @name: (nullable): a local name, or %NULL for any
 *
 * Returns: (transfer none) (nullable): its first child with that name
 */
AwsXmlNode *
aws_xml_node_first (AwsXmlNode *node,
                    const char *name)
{
  return node != NULL ? find_sibling (node->children, name, name ? strlen (name) : 0) : NULL;
}

/**
 * aws_xml_node_next:
 * @node: an element
 * @name: (nullable): a local name, or %NULL for any
 *
 * Returns: (transfer none) (nullable): its next sibling with that name
 */
AwsXmlNode *
aws_xml_node_next (AwsXmlNode *node,
                   const char *name)
{
  g_return_val_if_fail (node != NULL, NULL);

  return find_sibling (node->next, name, name ? strlen (name) : 0);
}

/**
 * aws_xml_node_find:
 * @node: (nullable): an element
 * @path: (nullable): local names joined with `/`; %NULL for @node itself
 *
 * Goes down from one element to another, always by the first child with the name.
 *
 * Returns: (transfer none) (nullable): the element at the end of the path
 */
AwsXmlNode *
aws_xml_node_find (AwsXmlNode *node,
                   const char *path)
{
  while (node != NULL && path != NULL && *path != '\0')
    {
      gsize length = strcspn (path, "/");

      node = find_sibling (node->children, path, length);
      path += length;
      if (*path == '/')
        path++;
    }

  return node;
}

/**
 * aws_xml_node_dup_text:
 * @node: (nullable): an element
 * @path: (nullable): where to go from there
 *
 * Returns: (transfer full) (nullable): the text in the element, or %NULL if there is no such element
 */
char *
aws_xml_node_dup_text (AwsXmlNode *node,
                       const char *path)
{
  xmlChar *content;
  char *text;

  node = aws_xml_node_find (node, path);
  if (node == NULL)
    return NULL;

  content = xmlNodeGetContent (node);
  text = g_strdup (content != NULL ? (const char *) content : "");
  xmlFree (content);

  return text;
}

/**
 * aws_xml_node_get_int:
 * @node: (nullable): an element
 * @path: (nullable): where to go from there
 * @fallback: what to return if there is no number
 *
 * Returns: the number in the element
 */
gint64
aws_xml_node_get_int (AwsXmlNode *node,
                      const char *path,
                      gint64      fallback)
{
  g_autofree char *text = aws_xml_node_dup_text (node, path);
  gint64 number;

  if (text == NULL || !g_ascii_string_to_signed (g_strstrip (text), 10, G_MININT64, G_MAXINT64, &number, NULL))
    return fallback;

  return number;
}

/**
 * aws_xml_node_get_bool:
 * @node: (nullable): an element
 * @path: (nullable): where to go from there
 *
 * Returns: whether the element says `true`
 */
gboolean
aws_xml_node_get_bool (AwsXmlNode *node,
                       const char *path)
{
  g_autofree char *text = aws_xml_node_dup_text (node, path);

  return text != NULL && g_ascii_strcasecmp (g_strstrip (text), "true") == 0;
}

/**
 * aws_xml_node_dup_time:
 * @node: (nullable): an element
 * @path: (nullable): where to go from there
 *
 * Returns: (transfer full) (nullable): the time in the element
 */
GDateTime *
aws_xml_node_dup_time (AwsXmlNode *node,
                       const char *path)
{
  g_autofree char *text = aws_xml_node_dup_text (node, path);

  return text != NULL ? aws_time_parse (g_strstrip (text)) : NULL;
}

/**
 * aws_xml_node_dup_attribute:
 * @node: an element
 * @name: the local name of an attribute
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
aws_xml_node_dup_attribute (AwsXmlNode *node,
                            const char *name)
{
  xmlChar *value;
  char *text;

  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  value = xmlGetProp (node, (const xmlChar *) name);
  text = g_strdup ((const char *) value);
  xmlFree (value);

  return text;
}

/**
 * aws_xml_append_escaped:
 * @xml: where to write
 * @text: a text
 *
 * Writes text so that it reads the same again. Line ends and control characters are written as numbers,
 * since readers of XML change the first and take the second in no other form.
 */
void
aws_xml_append_escaped (GString    *xml,
                        const char *text)
{
  g_return_if_fail (xml != NULL);
  g_return_if_fail (text != NULL);

  for (; *text != '\0'; text++)
    {
      switch (*text)
        {
        case '&':
          g_string_append (xml, "&amp;");
          break;
        case '<':
          g_string_append (xml, "&lt;");
          break;
        case '>':
          g_string_append (xml, "&gt;");
          break;
        case '"':
          g_string_append (xml, "&quot;");
          break;
        default:
          if ((guchar) *text < 0x20)
            g_string_append_printf (xml, "&#%d;", *text);
          else
            g_string_append_c (xml, *text);
        }
    }
}

/**
 * aws_xml_append_element:
 * @xml: where to write
 * @name: the name of an element
 * @text: (nullable): its text; nothing is written for %NULL
 *
 * Writes an element that holds text.
 */
void
aws_xml_append_element (GString    *xml,
                        const char *name,
                        const char *text)
{
  g_return_if_fail (xml != NULL);
  g_return_if_fail (name != NULL);

  if (text == NULL)
    return;

  g_string_append_printf (xml, "<%s>", name);
  aws_xml_append_escaped (xml, text);
  g_string_append_printf (xml, "</%s>", name);
}
