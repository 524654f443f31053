/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-search.h"

#include <string.h>

/* What is read of a text to show where a word stands in it, in bytes */
#define MAX_TEXT 4000

/* So many signs stand before what was found, and in the whole line */
#define BEFORE 24
#define LENGTH 200

static gboolean
is_ascii (const char *text,
          gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar) text[i] >= 0x80)
      return FALSE;

  return TRUE;
}

/* Letters without their accents and in lower case, as the index has them */
static char *
fold (const char *text,
      gsize       length)
{
  g_autofree char *apart = NULL;
  g_autofree char *lower = NULL;
  g_autoptr(GString) plain = NULL;

  if (is_ascii (text, length))
    return g_ascii_strdown (text, length);

  apart = g_utf8_normalize (text, length, G_NORMALIZE_ALL);
  lower = apart != NULL ? g_utf8_casefold (apart, -1) : NULL;
  plain = g_string_new (NULL);

  for (const char *sign = lower; sign != NULL && *sign != '\0'; sign = g_utf8_next_char (sign))
    if (!g_unichar_ismark (g_utf8_get_char (sign)))
      g_string_append_len (plain, sign, g_utf8_next_char (sign) - sign);

  return g_string_free (g_steal_pointer (&plain), FALSE);
}

static gboolean
is_letter (gunichar sign)
{
  return g_unichar_isalnum (sign) || g_unichar_ismark (sign);
}

/**
 * porch_inbox_search_split: (skip)
 * @search: what somebody typed
 *
 * Returns: (transfer full): its words as [func@Porch.inbox_search_find] wants them; empty if there are none
 */
GStrv
porch_inbox_search_split (const char *search)
{
  g_auto(GStrv) words = g_str_tokenize_and_fold (search != NULL ? search : "", NULL, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    g_strv_builder_take (builder, fold (words[i], strlen (words[i])));

  return g_strv_builder_end (builder);
}

/**
 * porch_inbox_search_build_match: (skip)
 * @search: what somebody typed
 *
 * Every word has to occur, the beginning of a word is enough. Nothing that was typed is an operator.
 *
 * Returns: (transfer full) (nullable): the question for the full-text index; `NULL` if there is no word in it
 */
char *
porch_inbox_search_build_match (const char *search)
{
  g_auto(GStrv) words = g_str_tokenize_and_fold (search != NULL ? search : "", NULL, NULL);
  g_autoptr(GString) match = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    g_string_append_printf (match, "%s\"%s\"*", match->len > 0 ? " " : "", words[i]);

  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

/**
 * porch_inbox_search_find: (skip)
 * @text: a text
 * @words: (array zero-terminated=1): words, from [func@Porch.inbox_search_split]
 * @start: (inout): where to begin to look; where the word begins that was found, both in bytes
 * @end: (out): where what was found of it ends
 *
 * Finds the next word of @text that begins with one of @words, as the index would.
 *
 * Returns: whether there is one
 */
gboolean
porch_inbox_search_find (const char         *text,
                         const char * const *words,
                         gsize              *start,
                         gsize              *end)
{
  const char *sign = text + *start;

  while (*sign != '\0')
    {
      const char *begin;
      g_autofree char *folded = NULL;

      while (*sign != '\0' && !is_letter (g_utf8_get_char (sign)))
        sign = g_utf8_next_char (sign);

      for (begin = sign; *sign != '\0' && is_letter (g_utf8_get_char (sign)); )
        sign = g_utf8_next_char (sign);

      folded = fold (begin, sign - begin);

      for (guint i = 0; words[i] != NULL; i++)
        if (*words[i] != '\0' && g_str_has_prefix (folded, words[i]))
          {
            *start = begin - text;
            *end = sign - text;
            return TRUE;
          }
    }

  return FALSE;
}

/**
 * porch_inbox_search_dup_snippet: (skip)
 * @text: what the search looks through
 * @words: (array zero-terminated=1): words, from [func@Porch.inbox_search_split]
 *
 * Returns: (transfer full) (nullable): one line with the first word that was found and what stands around it; `NULL` if it
 *   stands so near the beginning that the beginning says it, or if nothing was found
 */
char *
porch_inbox_search_dup_snippet (const char         *text,
                                const char * const *words)
{
  g_autofree char *part = g_utf8_make_valid (text, MIN (strlen (text), MAX_TEXT));
  g_autofree char *line = NULL;
  gsize start = 0, end = 0;
  const char *from;
  const char *to;

  if (!porch_inbox_search_find (part, words, &start, &end))
    return NULL;

  from = part + start;

  for (guint i = 0; i < BEFORE && from > part; i++)
    from = g_utf8_prev_char (from);

  /* Not in the middle of a word */
  for (const char *word = from; from > part && word <= part + start; word = g_utf8_next_char (word))
    if (word == part + start || g_ascii_isspace (word[-1]))
      {
        from = word;
        break;
      }

  to = from;

  for (guint i = 0; i < LENGTH && *to != '\0'; i++)
    to = g_utf8_next_char (to);

  line = g_strndup (from, to - from);

  for (char *sign = line; *sign != '\0'; sign++)
    if (g_ascii_isspace (*sign))
      *sign = ' ';

  return g_strconcat (from > part ? "…" : "", g_strstrip (line), NULL);
}
