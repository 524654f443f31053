/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-tag.h"

#include "aws-document.h"

AWS_DEFINE_DOCUMENT (AwsTag, aws_tag)

/**
 * aws_tag_get_key:
 * @self: a tag
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsTag, aws_tag, key, "Key")

/**
 * aws_tag_get_value:
 * @self: a tag
 *
 * Returns: (transfer none) (nullable): its value
 */
AWS_DOCUMENT_STRING (AwsTag, aws_tag, value, "Value")

/**
 * aws_input_set_tags:
 * @input: an input
 * @name: the name of a member, a list of structures with `Key` and `Value`
 * @tags: (nullable): name and value of the first tag, of the second and so on; nothing is set for %NULL or an empty list
 *
 * Sets a list of tags.
 */
void
aws_input_set_tags (JsonObject         *input,
                    const char         *name,
                    const char * const *tags)
{
  JsonArray *array;

  g_return_if_fail (input != NULL);
  g_return_if_fail (name != NULL);

  if (tags == NULL || tags[0] == NULL)
    return;

  array = json_array_new ();
  for (guint i = 0; tags[i] != NULL && tags[i + 1] != NULL; i += 2)
    {
      JsonObject *tag = json_object_new ();

      json_object_set_string_member (tag, "Key", tags[i]);
      json_object_set_string_member (tag, "Value", tags[i + 1]);
      json_array_add_object_element (array, tag);
    }
  json_object_set_array_member (input, name, array);
}
