/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-s3-private.h"

#include <string.h>

#define SMALLEST_CHUNK  8192
#define LONGEST_LINE    8192
#define EMPTY_HASH      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* aws-chunked: size[;chunk-signature=hex] CRLF data CRLF ..., a chunk of size 0, trailer lines, an empty line. It comes
 * in pieces that know nothing of lines or chunks. */

typedef enum
{
  STATE_SIZE,
  STATE_DATA,
  STATE_AFTER_DATA,
  STATE_TRAILER,
  STATE_END,
} State;

struct _PracticeChunked
{
  PracticePayload  payload;
  PracticeAuth    *auth;
  PracticeSink     sink;
  gpointer         user_data;

  State            state;
  GString         *line;
  guint64          left;             /* of the chunk */
  guint64          size;
  gboolean         small_before;     /* the chunk before was small: allowed only when it was the last with data */
  GChecksum       *hash;
  char            *signature;        /* that the chunk has */
  char            *previous;
  GHashTable      *trailers;
  GString         *trailer_text;
  gboolean         trailer_signed;
};

PracticeChunked *
practice_chunked_new (PracticePayload  payload,
                      PracticeAuth    *auth,
                      PracticeSink     sink,
                      gpointer         user_data)
{
  PracticeChunked *chunked = g_new0 (PracticeChunked, 1);

  chunked->payload = payload;
  chunked->auth = auth;
  chunked->sink = sink;
  chunked->user_data = user_data;
  chunked->line = g_string_new (NULL);
  chunked->trailer_text = g_string_new (NULL);
  chunked->trailers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return chunked;
}

void
practice_chunked_free (PracticeChunked *chunked)
{
  g_string_free (chunked->line, TRUE);
  g_string_free (chunked->trailer_text, TRUE);
  g_hash_table_unref (chunked->trailers);
  g_clear_pointer (&chunked->hash, g_checksum_free);
  g_free (chunked->signature);
  g_free (chunked->previous);
  g_free (chunked);
}

static gboolean
is_signed (PracticeChunked *chunked)
{
  return chunked->payload != PRACTICE_PAYLOAD_UNSIGNED_TRAILER;
}

static PracticeChunkedResult
begin_chunk (PracticeChunked *chunked)
{
  char *extension = strchr (chunked->line->str, ';');

  g_clear_pointer (&chunked->signature, g_free);
  if (extension != NULL)
    {
      *extension++ = '\0';
      if (g_str_has_prefix (extension, "chunk-signature="))
        chunked->signature = g_strdup (extension + strlen ("chunk-signature="));
    }

  if (!g_ascii_string_to_unsigned (chunked->line->str, 16, 0, G_MAXINT64, &chunked->size, NULL) ||
      (is_signed (chunked) && chunked->signature == NULL))
    return PRACTICE_CHUNKED_MALFORMED;

  if (is_signed (chunked) && chunked->small_before && chunked->size > 0)
    return PRACTICE_CHUNKED_SMALL;

  chunked->small_before = chunked->size < SMALLEST_CHUNK;
  chunked->left = chunked->size;
  if (is_signed (chunked))
    chunked->hash = g_checksum_new (G_CHECKSUM_SHA256);
  chunked->state = STATE_DATA;

  return PRACTICE_CHUNKED_GOOD;
}

static PracticeChunkedResult
end_chunk (PracticeChunked *chunked)
{
  g_autofree char *line = NULL;
  g_autofree char *expected = NULL;

  chunked->state = chunked->size > 0 ? STATE_AFTER_DATA : STATE_TRAILER;
  if (!is_signed (chunked))
    return PRACTICE_CHUNKED_GOOD;

  /* the hash of nothing stands for the headers, of which a chunk has none */
  line = g_strconcat (EMPTY_HASH, "\n", g_checksum_get_string (chunked->hash), NULL);
  g_clear_pointer (&chunked->hash, g_checksum_free);
  expected = practice_auth_sign_chunk (chunked->auth, "AWS4-HMAC-SHA256-PAYLOAD", chunked->previous, line);
  g_set_str (&chunked->previous, expected);

  return g_str_equal (expected, chunked->signature) ? PRACTICE_CHUNKED_GOOD : PRACTICE_CHUNKED_SIGNATURE;
}

static PracticeChunkedResult
end_trailer (PracticeChunked *chunked,
             const char      *signature)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, chunked->trailer_text->str, -1);
  g_autofree char *expected = practice_auth_sign_chunk (chunked->auth, "AWS4-HMAC-SHA256-TRAILER", chunked->previous, hash);

  chunked->trailer_signed = TRUE;

  return g_str_equal (expected, signature) ? PRACTICE_CHUNKED_GOOD : PRACTICE_CHUNKED_SIGNATURE;
}

static PracticeChunkedResult
read_trailer (PracticeChunked *chunked)
{
  char *colon = strchr (chunked->line->str, ':');
  g_autofree char *name = NULL;
  char *value;

  if (chunked->line->len == 0)
    {
      chunked->state = STATE_END;

      return chunked->payload == PRACTICE_PAYLOAD_CHUNKED_TRAILER && !chunked->trailer_signed
             ? PRACTICE_CHUNKED_SIGNATURE : PRACTICE_CHUNKED_GOOD;
    }

  if (colon == NULL || chunked->payload == PRACTICE_PAYLOAD_CHUNKED)
    return PRACTICE_CHUNKED_MALFORMED;

  *colon = '\0';
  name = g_ascii_strdown (g_strstrip (chunked->line->str), -1);
  value = g_strstrip (colon + 1);

  if (g_str_equal (name, "x-amz-trailer-signature"))
    return chunked->payload == PRACTICE_PAYLOAD_CHUNKED_TRAILER ? end_trailer (chunked, value) : PRACTICE_CHUNKED_GOOD;

  g_string_append_printf (chunked->trailer_text, "%s:%s\n", name, value);
  g_hash_table_insert (chunked->trailers, g_steal_pointer (&name), g_strdup (value));

  return PRACTICE_CHUNKED_GOOD;
}

static PracticeChunkedResult
end_line (PracticeChunked *chunked)
{
  PracticeChunkedResult result = PRACTICE_CHUNKED_MALFORMED;

  switch (chunked->state)
    {
    case STATE_SIZE:
      result = begin_chunk (chunked);
      if (result == PRACTICE_CHUNKED_GOOD && chunked->size == 0)
        result = end_chunk (chunked);
      break;

    case STATE_AFTER_DATA:
      chunked->state = STATE_SIZE;
      result = chunked->line->len == 0 ? PRACTICE_CHUNKED_GOOD : PRACTICE_CHUNKED_MALFORMED;
      break;

    case STATE_TRAILER:
      result = read_trailer (chunked);
      break;

    case STATE_DATA:
    case STATE_END:
    default:
      break;
    }

  g_string_truncate (chunked->line, 0);

  return result;
}

PracticeChunkedResult
practice_chunked_feed (PracticeChunked *chunked,
                       gconstpointer    data,
                       gsize            length)
{
  const char *bytes = data;
  const char *end = bytes + length;
  PracticeChunkedResult result = PRACTICE_CHUNKED_GOOD;

  while (bytes < end && result == PRACTICE_CHUNKED_GOOD)
    {
      if (chunked->state == STATE_DATA)
        {
          gsize size = MIN (chunked->left, (guint64) (end - bytes));

          if (chunked->hash != NULL)
            g_checksum_update (chunked->hash, (const guchar *) bytes, size);
          if (!chunked->sink (bytes, size, chunked->user_data))
            return PRACTICE_CHUNKED_GOOD;   /* the sink knows what is wrong */
          bytes += size;
          chunked->left -= size;
          if (chunked->left == 0)
            result = end_chunk (chunked);
        }
      else if (chunked->state == STATE_END)
        {
          return PRACTICE_CHUNKED_MALFORMED;
        }
      else
        {
          const char *newline = memchr (bytes, '\n', end - bytes);
          const char *stop = newline != NULL ? newline : end;

          g_string_append_len (chunked->line, bytes, stop - bytes);
          bytes = newline != NULL ? newline + 1 : end;

          if (chunked->line->len > LONGEST_LINE)
            return PRACTICE_CHUNKED_MALFORMED;
          if (newline != NULL && chunked->line->len > 0 && chunked->line->str[chunked->line->len - 1] == '\r')
            g_string_truncate (chunked->line, chunked->line->len - 1);
          if (newline != NULL)
            result = end_line (chunked);
        }
    }

  return result;
}

PracticeChunkedResult
practice_chunked_finish (PracticeChunked *chunked)
{
  /* some clients leave out the empty line when there is no trailer */
  if (chunked->state == STATE_TRAILER && chunked->payload == PRACTICE_PAYLOAD_CHUNKED && chunked->line->len == 0)
    chunked->state = STATE_END;

  return chunked->state == STATE_END ? PRACTICE_CHUNKED_GOOD : PRACTICE_CHUNKED_MALFORMED;
}

const char *
practice_chunked_get_trailer (PracticeChunked *chunked,
                              const char      *name)
{
  return g_hash_table_lookup (chunked->trailers, name);
}
