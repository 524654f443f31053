/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-query.h"

#include <string.h>

#include "aws-uri.h"

typedef struct
{
  char *name;
  char *value;
} Pair;

struct _AwsQuery
{
  GArray *pairs;
};

static void
pair_clear (gpointer data)
{
  Pair *pair = data;

  g_clear_pointer (&pair->name, g_free);
  g_clear_pointer (&pair->value, g_free);
}

static void
aws_query_clear (AwsQuery *self)
{
  g_clear_pointer (&self->pairs, g_array_unref);
}

AWS_DEFINE_BOXED (AwsQuery, aws_query, aws_query_clear)

/**
 * aws_query_new:
 * @action: (nullable): the operation
 * @version: (nullable): the version of the service
 *
 * Makes a form for the query protocol; without an action, an empty one.
 *
 * Returns: (transfer full): the form
 */
AwsQuery *
aws_query_new (const char *action,
               const char *version)
{
  AwsQuery *self = g_atomic_rc_box_new0 (AwsQuery);

  self->pairs = g_array_new (FALSE, FALSE, sizeof (Pair));
  g_array_set_clear_func (self->pairs, pair_clear);

  if (action != NULL)
    aws_query_add (self, "Action", action);
  if (version != NULL)
    aws_query_add (self, "Version", version);

  return self;
}

/**
 * aws_query_new_parse:
 * @text: an encoded form
 * @length: its length, or -1
 *
 * Reads a form as it was sent. A name without `=` gets the empty value.
 *
 * Returns: (transfer full): the form
 */
AwsQuery *
aws_query_new_parse (const char *text,
                     gssize      length)
{
  AwsQuery *self;
  const char *at;
  const char *end;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  self = aws_query_new (NULL, NULL);
  if (text == NULL)
    return self;

  at = text;
  end = text + (length < 0 ? strlen (text) : (gsize) length);

  while (at < end)
    {
      const char *stop = memchr (at, '&', end - at);
      const char *equals;
      Pair pair;

      if (stop == NULL)
        stop = end;
      equals = memchr (at, '=', stop - at);

      if (stop > at)
        {
          pair.name = aws_uri_decode (at, (equals ? equals : stop) - at, TRUE);
          pair.value = equals ? aws_uri_decode (equals + 1, stop - equals - 1, TRUE) : g_strdup ("");
          g_array_append_val (self->pairs, pair);
        }

      at = stop + 1;
    }

  return self;
}

/**
 * aws_query_add:
 * @self: a form
 * @name: the name of a parameter
 * @value: (nullable): its value; nothing is added for %NULL
 *
 * Adds a parameter.
 */
void
aws_query_add (AwsQuery   *self,
               const char *name,
               const char *value)
{
  Pair pair;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);

  if (value == NULL)
    return;

  pair.name = g_strdup (name);
  pair.value = g_strdup (value);
  g_array_append_val (self->pairs, pair);
}

/**
 * aws_query_lookup:
 * @self: a form
 * @name: the name of a parameter
 *
 * Returns: (nullable) (transfer none): the first value with that name
 */
const char *
aws_query_lookup (AwsQuery   *self,
                  const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->pairs->len; i++)
    {
      if (g_str_equal (g_array_index (self->pairs, Pair, i).name, name))
        return g_array_index (self->pairs, Pair, i).value;
    }

  return NULL;
}

/**
 * aws_query_get_length:
 * @self: a form
 *
 * Returns: how many parameters it has
 */
guint
aws_query_get_length (AwsQuery *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->pairs->len;
}

/**
 * aws_query_get_name:
 * @self: a form
 * @index: which parameter
 *
 * Returns: (transfer none): its name
 */
const char *
aws_query_get_name (AwsQuery *self,
                    guint     index)
{
  g_return_val_if_fail (self != NULL && index < self->pairs->len, NULL);

  return g_array_index (self->pairs, Pair, index).name;
}

/**
 * aws_query_get_value:
 * @self: a form
 * @index: which parameter
 *
 * Returns: (transfer none): its value
 */
const char *
aws_query_get_value (AwsQuery *self,
                     guint     index)
{
  g_return_val_if_fail (self != NULL && index < self->pairs->len, NULL);

  return g_array_index (self->pairs, Pair, index).value;
}

/**
 * aws_query_to_string:
 * @self: a form
 *
 * Encodes the form with everything but unreserved bytes escaped.
 *
 * Returns: (transfer full): the form as it goes on the wire
 */
char *
aws_query_to_string (AwsQuery *self)
{
  GString *string;

  g_return_val_if_fail (self != NULL, NULL);

  string = g_string_sized_new (256);
  for (guint i = 0; i < self->pairs->len; i++)
    {
      if (i > 0)
        g_string_append_c (string, '&');
      aws_uri_append_encoded (string, aws_query_get_name (self, i), -1, FALSE);
      g_string_append_c (string, '=');
      aws_uri_append_encoded (string, aws_query_get_value (self, i), -1, FALSE);
    }

  return g_string_free (string, FALSE);
}

/**
 * aws_query_to_bytes:
 * @self: a form
 *
 * Returns: (transfer full): the form as the body of a request
 */
GBytes *
aws_query_to_bytes (AwsQuery *self)
{
  char *text = aws_query_to_string (self);

  return g_bytes_new_take (text, strlen (text));
}
