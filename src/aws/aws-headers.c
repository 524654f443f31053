/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-headers.h"

typedef struct
{
  char *name;
  char *value;
} Header;

struct _AwsHeaders
{
  GArray *list;
};

static void
header_clear (gpointer data)
{
  Header *header = data;

  g_clear_pointer (&header->name, g_free);
  g_clear_pointer (&header->value, g_free);
}

static void
aws_headers_clear (AwsHeaders *self)
{
  g_clear_pointer (&self->list, g_array_unref);
}

AWS_DEFINE_BOXED (AwsHeaders, aws_headers, aws_headers_clear)

/**
 * aws_headers_new:
 *
 * Makes an empty list.
 *
 * Returns: (transfer full): the list
 */
AwsHeaders *
aws_headers_new (void)
{
  AwsHeaders *self = g_atomic_rc_box_new0 (AwsHeaders);

  self->list = g_array_new (FALSE, TRUE, sizeof (Header));
  g_array_set_clear_func (self->list, header_clear);

  return self;
}

/**
 * aws_headers_copy:
 * @self: a list
 *
 * Makes a copy that can be changed without changing @self.
 *
 * Returns: (transfer full): the copy
 */
AwsHeaders *
aws_headers_copy (AwsHeaders *self)
{
  AwsHeaders *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = aws_headers_new ();
  for (guint i = 0; i < self->list->len; i++)
    aws_headers_append (copy, aws_headers_get_name (self, i), aws_headers_get_value (self, i));

  return copy;
}

/**
 * aws_headers_append:
 * @self: a list
 * @name: a name
 * @value: a value
 *
 * Adds a header at the end, also if there is one with that name.
 */
void
aws_headers_append (AwsHeaders *self,
                    const char *name,
                    const char *value)
{
  Header header;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  header.name = g_strdup (name);
  header.value = g_strdup (value);
  g_array_append_val (self->list, header);
}

/**
 * aws_headers_set:
 * @self: a list
 * @name: a name
 * @value: a value
 *
 * Adds a header in place of those with that name.
 */
void
aws_headers_set (AwsHeaders *self,
                 const char *name,
                 const char *value)
{
  aws_headers_remove (self, name);
  aws_headers_append (self, name, value);
}

/**
 * aws_headers_remove:
 * @self: a list
 * @name: a name
 *
 * Removes all headers with that name.
 *
 * Returns: whether there was one
 */
gboolean
aws_headers_remove (AwsHeaders *self,
                    const char *name)
{
  gboolean found = FALSE;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  for (guint i = self->list->len; i > 0; i--)
    {
      if (g_ascii_strcasecmp (aws_headers_get_name (self, i - 1), name) == 0)
        {
          g_array_remove_index (self->list, i - 1);
          found = TRUE;
        }
    }

  return found;
}

/**
 * aws_headers_lookup:
 * @self: a list
 * @name: a name
 *
 * Finds the first header with that name.
 *
 * Returns: (nullable) (transfer none): its value
 */
const char *
aws_headers_lookup (AwsHeaders *self,
                    const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->list->len; i++)
    {
      if (g_ascii_strcasecmp (aws_headers_get_name (self, i), name) == 0)
        return aws_headers_get_value (self, i);
    }

  return NULL;
}

/**
 * aws_headers_get_length:
 * @self: a list
 *
 * Returns: how many headers there are
 */
guint
aws_headers_get_length (AwsHeaders *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->list->len;
}

/**
 * aws_headers_get_name:
 * @self: a list
 * @index: which one
 *
 * Returns: (transfer none): its name as it was given
 */
const char *
aws_headers_get_name (AwsHeaders *self,
                      guint       index)
{
  g_return_val_if_fail (self != NULL && index < self->list->len, NULL);

  return g_array_index (self->list, Header, index).name;
}

/**
 * aws_headers_get_value:
 * @self: a list
 * @index: which one
 *
 * Returns: (transfer none): its value
 */
const char *
aws_headers_get_value (AwsHeaders *self,
                       guint       index)
{
  g_return_val_if_fail (self != NULL && index < self->list->len, NULL);

  return g_array_index (self->list, Header, index).value;
}
