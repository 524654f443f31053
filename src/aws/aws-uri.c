/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-uri.h"

#include <string.h>

static inline gboolean
is_unreserved (guchar byte)
{
  return g_ascii_isalnum (byte) || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

/**
 * aws_uri_append_encoded:
 * @string: where to write
 * @text: what to write
 * @length: its length, or -1
 * @keep_slash: whether `/` stays as it is
 *
 * Percent-encodes every byte but the unreserved ones, as AWS wants it.
 */
void
aws_uri_append_encoded (GString    *string,
                        const char *text,
                        gssize      length,
                        gboolean    keep_slash)
{
  static const char digits[] = "0123456789ABCDEF";
  gsize size = length < 0 ? strlen (text) : (gsize) length;

  for (gsize i = 0; i < size; i++)
    {
      guchar byte = text[i];

      if (is_unreserved (byte) || (keep_slash && byte == '/'))
        {
          g_string_append_c (string, byte);
        }
      else
        {
          g_string_append_c (string, '%');
          g_string_append_c (string, digits[byte >> 4]);
          g_string_append_c (string, digits[byte & 15]);
        }
    }
}

/**
 * aws_uri_encode:
 * @text: a name, a value or one segment of a path
 *
 * Percent-encodes everything but the unreserved bytes, slashes too.
 *
 * Returns: (transfer full): the encoded text
 */
char *
aws_uri_encode (const char *text)
{
  GString *string;

  g_return_val_if_fail (text != NULL, NULL);

  string = g_string_sized_new (strlen (text) + 16);
  aws_uri_append_encoded (string, text, -1, FALSE);

  return g_string_free (string, FALSE);
}

/**
 * aws_uri_encode_path:
 * @path: a path or the key of an object
 *
 * Percent-encodes everything but the unreserved bytes and slashes.
 *
 * Returns: (transfer full): the path as it goes on the wire
 */
char *
aws_uri_encode_path (const char *path)
{
  GString *string;

  g_return_val_if_fail (path != NULL, NULL);

  string = g_string_sized_new (strlen (path) + 16);
  aws_uri_append_encoded (string, path, -1, TRUE);

  return g_string_free (string, FALSE);
}

/**
 * aws_uri_append_parameter:
 * @uri: an address that has a query already
 * @name: the name of a parameter
 * @value: its value, encoded here
 *
 * Adds a parameter to an address.
 */
void
aws_uri_append_parameter (GString    *uri,
                          const char *name,
                          const char *value)
{
  g_return_if_fail (uri != NULL);
  g_return_if_fail (name != NULL && value != NULL);

  g_string_append_c (uri, '&');
  g_string_append (uri, name);
  g_string_append_c (uri, '=');
  aws_uri_append_encoded (uri, value, -1, FALSE);
}

/**
 * aws_uri_decode:
 * @text: an encoded text
 * @length: its length, or -1
 * @plus_is_space: whether `+` stands for a space, as in forms
 *
 * Undoes percent-encoding. What is not a valid escape stays as it is. A `%00` ends the text.
 *
 * Returns: (transfer full): the bytes, which need not be UTF-8
 */
char *
aws_uri_decode (const char *text,
                gssize      length,
                gboolean    plus_is_space)
{
  gsize size;
  char *decoded;
  char *out;

  g_return_val_if_fail (text != NULL, NULL);

  size = length < 0 ? strlen (text) : (gsize) length;
  out = decoded = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    {
      if (text[i] == '%' && size - i > 2 && g_ascii_isxdigit (text[i + 1]) && g_ascii_isxdigit (text[i + 2]))
        {
          *out++ = g_ascii_xdigit_value (text[i + 1]) << 4 | g_ascii_xdigit_value (text[i + 2]);
          i += 2;
        }
      else if (text[i] == '+' && plus_is_space)
        {
          *out++ = ' ';
        }
      else
        {
          *out++ = text[i];
        }
    }
  *out = '\0';

  return decoded;
}
