/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-response-private.h"

/* The input as an answer: a byte that says which status, lines of headers, an empty line, the body. */
static inline AwsResponse *
read_answer (const char *text,
             gsize       size)
{
  static const guint statuses[] = { 200, 200, 200, 200, 400, 403, 404, 409, 412, 429, 500, 503, 301, 307, 100, 204 };
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GBytes) body = NULL;
  guint status = size > 0 ? statuses[(guint8) *text % G_N_ELEMENTS (statuses)] : 200;
  const char *at = text + MIN (size, 1);
  const char *end = text + size;

  while (at < end)
    {
      const char *line_end = memchr (at, '\n', end - at);
      const char *colon = line_end != NULL ? memchr (at, ':', line_end - at) : NULL;

      if (colon == NULL || colon == at)
        {
          at = line_end == at ? at + 1 : at;
          break;
        }
      else
        {
          g_autofree char *name = g_strndup (at, colon - at);
          g_autofree char *value = g_strndup (colon + 1, line_end - colon - 1);

          /* No HTTP library lets others through */
          if (g_utf8_validate (name, -1, NULL))
            aws_headers_append (headers, name, value);
        }
      at = line_end + 1;
    }
  body = g_bytes_new (at, end - at);

  return aws_response_new_for_parts (status, headers, body);
}
