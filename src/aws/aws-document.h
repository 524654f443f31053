/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "aws-boxed.h"
#include "aws-json.h"

G_BEGIN_DECLS

/* Typed values over the answer of an operation: AWS_DECLARE_BOXED() in the header, AWS_DEFINE_DOCUMENT() in the source, and
 * one of the getters below for each member, with a gi-docgen block above it. Absent members read as NULL, 0 or FALSE.
 */
typedef struct
{
  JsonObject *object;
} AwsDocument;

gpointer    aws_document_new      (JsonObject  *object);
GPtrArray  *aws_document_new_list (JsonArray   *array);
void        aws_document_clear    (AwsDocument *self);

#define AWS_DEFINE_DOCUMENT(TypeName, type_name) \
  struct _##TypeName { AwsDocument document; }; \
  AWS_DEFINE_BOXED (TypeName, type_name, aws_document_clear)

#define AWS_DOCUMENT_STRING(TypeName, type_name, getter, member) \
  const char * \
  type_name##_get_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, NULL); \
    \
    return aws_json_get_string (self->document.object, member); \
  }

/* A string of a structure in the structure */
#define AWS_DOCUMENT_INNER_STRING(TypeName, type_name, getter, outer, member) \
  const char * \
  type_name##_get_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, NULL); \
    \
    return aws_json_get_string (aws_json_get_object (self->document.object, outer), member); \
  }

#define AWS_DOCUMENT_INT(TypeName, type_name, getter, member) \
  gint64 \
  type_name##_get_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, 0); \
    \
    return aws_json_get_int (self->document.object, member, 0); \
  }

#define AWS_DOCUMENT_DOUBLE(TypeName, type_name, getter, member) \
  double \
  type_name##_get_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, 0); \
    \
    return aws_json_get_double (self->document.object, member, 0); \
  }

#define AWS_DOCUMENT_BOOL(TypeName, type_name, getter, member) \
  gboolean \
  type_name##_get_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, FALSE); \
    \
    return aws_json_get_bool (self->document.object, member); \
  }

/* (transfer full) (nullable) */
#define AWS_DOCUMENT_TIME(TypeName, type_name, getter, member) \
  GDateTime * \
  type_name##_dup_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, NULL); \
    \
    return aws_json_dup_time (self->document.object, member); \
  }

/* (transfer full) (element-type): the structures of a list as documents of another type; empty where there are none */
#define AWS_DOCUMENT_LIST(TypeName, type_name, getter, member) \
  GPtrArray * \
  type_name##_dup_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, NULL); \
    \
    return aws_document_dup_list (&self->document, member); \
  }

/* (transfer full) (nullable): a structure in the structure as a document of another type */
#define AWS_DOCUMENT_DOCUMENT(TypeName, type_name, getter, OtherName, member) \
  OtherName * \
  type_name##_dup_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, NULL); \
    \
    return aws_document_dup_document (&self->document, member); \
  }

/* (transfer full): the strings of a list, empty where there are none */
#define AWS_DOCUMENT_STRINGS(TypeName, type_name, getter, member) \
  GStrv \
  type_name##_dup_##getter (TypeName *self) \
  { \
    g_return_val_if_fail (self != NULL, NULL); \
    \
    return aws_document_dup_strings (&self->document, member); \
  }

GPtrArray  *aws_document_dup_list     (AwsDocument *self,
                                       const char  *member);
gpointer    aws_document_dup_document (AwsDocument *self,
                                       const char  *member);
GStrv       aws_document_dup_strings  (AwsDocument *self,
                                       const char  *member);

G_END_DECLS
