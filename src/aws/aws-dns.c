/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Names and texts as Route 53 writes them: bytes that are not letters, digits, hyphens or underscores are three octal digits
 * after a backslash, a text is a row of quoted strings (Developer Guide, "DNS domain name format" and "TXT record type").
 */

#include "aws-route53.h"

#include <string.h>

#define LONGEST_STRING 255

/* Three octal digits after a backslash are a byte. Returns how many characters were read. */
static guint
read_escape (const char *at,
             guchar     *byte)
{
  if (at[0] != '\\' || at[1] < '0' || at[1] > '3' || at[2] < '0' || at[2] > '7' || at[3] < '0' || at[3] > '7')
    return 0;

  *byte = (at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0');

  return 4;
}

/**
 * aws_dns_name_decode:
 * @name: a name as the service writes it, `\052.example.com.`
 *
 * Makes a name readable: no escapes, no dot at the end. Names whose bytes are no text, and dots and backslashes inside of
 * labels, stay as they are written.
 *
 * Returns: (transfer full): the name, `*.example.com`
 */
char *
aws_dns_name_decode (const char *name)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (name != NULL, NULL);

  for (const char *at = name; *at != '\0';)
    {
      guchar byte;
      guint length = read_escape (at, &byte);

      if (length > 0 && byte > ' ' && byte != '.' && byte != '\\' && byte != 0x7f)
        g_string_append_c (text, byte);
      else
        g_string_append_len (text, at, MAX (length, 1));
      at += MAX (length, 1);
    }

  if (!g_utf8_validate (text->str, text->len, NULL))
    g_string_assign (text, name);
  if (text->len > 1 && text->str[text->len - 1] == '.')
    g_string_truncate (text, text->len - 1);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/**
 * aws_dns_name_equal:
 * @a: a name
 * @b: another
 *
 * Returns: whether they are the same, however they are written: case, a dot at the end and escapes make no difference
 */
gboolean
aws_dns_name_equal (const char *a,
                    const char *b)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_return_val_if_fail (a != NULL, FALSE);
  g_return_val_if_fail (b != NULL, FALSE);

  first = aws_dns_name_decode (a);
  second = aws_dns_name_decode (b);

  return g_ascii_strcasecmp (first, second) == 0;
}

/**
 * aws_dns_text_quote:
 * @text: a text of any length
 *
 * Writes a text as the value of a TXT record: strings of 255 bytes at most, which whoever asks joins again.
 *
 * Returns: (transfer full): the value, with its quotes
 */
char *
aws_dns_text_quote (const char *text)
{
  g_autoptr(GString) value = g_string_new ("\"");
  guint length = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      guchar byte = *at;

      if (length++ == LONGEST_STRING)
        {
          g_string_append (value, "\" \"");
          length = 1;
        }

      if (byte == '"' || byte == '\\')
        g_string_append_printf (value, "\\%c", byte);
      else if (byte < ' ' || byte > '~')
        g_string_append_printf (value, "\\%03o", byte);
      else
        g_string_append_c (value, byte);
    }
  g_string_append_c (value, '"');

  return g_string_free_and_steal (g_steal_pointer (&value));
}

/**
 * aws_dns_text_unquote:
 * @value: the value of a TXT record
 *
 * Returns: (transfer full): the text that its strings are together; what is no text is replaced
 */
char *
aws_dns_text_unquote (const char *value)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gboolean quoted = FALSE;

  g_return_val_if_fail (value != NULL, NULL);

  for (const char *at = value; *at != '\0';)
    {
      guchar byte;
      guint length = read_escape (at, &byte);

      if (length == 0 && *at == '\\' && at[1] != '\0')
        {
          byte = at[1];
          length = 2;
        }

      if (length > 0)
        g_string_append_c (text, byte);
      else if (*at == '"')
        quoted = !quoted;
      else if (quoted || *at != ' ')
        g_string_append_c (text, *at);
      at += MAX (length, 1);
    }

  return g_utf8_make_valid (text->str, text->len);
}
