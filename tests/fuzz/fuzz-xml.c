/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The reader of XML: whatever it takes for a document can be walked through to its end. */

#include "aws-xml.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
walk (AwsXmlNode *node,
      guint       depth)
{
  g_autofree char *text = aws_xml_node_dup_text (node, NULL);
  g_autofree char *attribute = aws_xml_node_dup_attribute (node, "type");
  g_autoptr(GDateTime) time = aws_xml_node_dup_time (node, NULL);
  g_autoptr(GString) written = g_string_new (NULL);

  g_assert_nonnull (aws_xml_node_get_name (node));
  g_assert_true (g_utf8_validate (text, -1, NULL));
  aws_xml_node_get_int (node, NULL, 0);
  aws_xml_node_get_bool (node, NULL);
  aws_xml_node_find (node, "Error/Code");
  aws_xml_append_element (written, "text", text);

  /* Text of an element holds that of all below it, so deep trees take their depth squared */
  if (depth > 64)
    return;
  for (AwsXmlNode *each = aws_xml_node_first (node, NULL); each != NULL; each = aws_xml_node_next (each, NULL))
    walk (each, depth + 1);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(AwsXml) xml = aws_xml_new (bytes, &error);

  if (xml != NULL)
    walk (aws_xml_get_root (xml), 0);
  else
    g_assert_nonnull (error);

  return 0;
}
