/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-document.h"

static void
aws_document_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, (GDestroyNotify) aws_document_clear);
}

/**
 * aws_document_new:
 * @object: the members of the value
 *
 * Makes a value of any type of AWS_DEFINE_DOCUMENT(); the types differ in their getters only.
 *
 * Returns: (transfer full): the value, on `g_atomic_rc_box`
 */
gpointer
aws_document_new (JsonObject *object)
{
  AwsDocument *self;

  g_return_val_if_fail (object != NULL, NULL);

  self = g_atomic_rc_box_new0 (AwsDocument);
  self->object = json_object_ref (object);

  return self;
}

/**
 * aws_document_new_list:
 * @array: (nullable): an array
 *
 * Makes values of the objects in an array. What is no object is passed over.
 *
 * Returns: (transfer full): the values, empty where there are none
 */
GPtrArray *
aws_document_new_list (JsonArray *array)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (aws_document_unref);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = aws_json_array_get_object (array, i);

      if (object != NULL)
        g_ptr_array_add (list, aws_document_new (object));
    }

  return list;
}

/* Lets go of the members, for AWS_DEFINE_DOCUMENT(). */
void
aws_document_clear (AwsDocument *self)
{
  g_clear_pointer (&self->object, json_object_unref);
}

/**
 * aws_document_dup_list:
 * @self: a value
 * @member: the name of a list of structures
 *
 * Returns: (transfer full): the structures as values, empty where there are none
 */
GPtrArray *
aws_document_dup_list (AwsDocument *self,
                       const char  *member)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (member != NULL, NULL);

  return aws_document_new_list (aws_json_get_array (self->object, member));
}

/**
 * aws_document_dup_document:
 * @self: a value
 * @member: the name of a structure
 *
 * Returns: (transfer full) (nullable): the structure as a value
 */
gpointer
aws_document_dup_document (AwsDocument *self,
                           const char  *member)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (member != NULL, NULL);

  object = aws_json_get_object (self->object, member);

  return object != NULL ? aws_document_new (object) : NULL;
}

/**
 * aws_document_dup_strings:
 * @self: a value
 * @member: the name of a list of strings
 *
 * Returns: (transfer full): the strings, empty where there are none
 */
GStrv
aws_document_dup_strings (AwsDocument *self,
                          const char  *member)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (member != NULL, NULL);

  array = aws_json_get_array (self->object, member);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *string = aws_json_array_get_string (array, i);

      if (string != NULL)
        g_strv_builder_add (builder, string);
    }

  return g_strv_builder_end (builder);
}
