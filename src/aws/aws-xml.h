/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"

G_BEGIN_DECLS

#define AWS_TYPE_XML (aws_xml_get_type ())

/* A parsed document. Elements belong to it and are found by local name; namespaces are ignored. */
AWS_DECLARE_BOXED (AwsXml, aws_xml)

typedef struct _xmlNode AwsXmlNode;

AwsXml     *aws_xml_new             (GBytes       *bytes,
                                     GError      **error);
AwsXmlNode *aws_xml_get_root        (AwsXml       *self);

const char *aws_xml_node_get_name   (AwsXmlNode   *node);
AwsXmlNode *aws_xml_node_find       (AwsXmlNode   *node,
                                     const char   *path);
AwsXmlNode *aws_xml_node_first      (AwsXmlNode   *node,
                                     const char   *name);
AwsXmlNode *aws_xml_node_next       (AwsXmlNode   *node,
                                     const char   *name);
char       *aws_xml_node_dup_text   (AwsXmlNode   *node,
                                     const char   *path);
gint64      aws_xml_node_get_int    (AwsXmlNode   *node,
                                     const char   *path,
                                     gint64        fallback);
gboolean    aws_xml_node_get_bool   (AwsXmlNode   *node,
                                     const char   *path);
GDateTime  *aws_xml_node_dup_time   (AwsXmlNode   *node,
                                     const char   *path);
char       *aws_xml_node_dup_attribute (AwsXmlNode *node,
                                        const char *name);

void        aws_xml_append_escaped  (GString      *xml,
                                     const char   *text);
void        aws_xml_append_element  (GString      *xml,
                                     const char   *name,
                                     const char   *text);

GDateTime  *aws_time_from_seconds   (double        seconds);
GDateTime  *aws_time_parse          (const char   *text);
char       *aws_time_format         (GDateTime    *time);

G_END_DECLS
