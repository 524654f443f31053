/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-redirects-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The file of redirects, in the format that Netlify made known: docs.netlify.com, "Redirects and rewrites". */

/* More of them never fit, and each is tried for every line that follows. */
#define MAX_PATTERNS 200

typedef struct
{
  GPtrArray  *findings;
  GPtrArray  *rules;
  GHashTable *lines;            /* address -> line of the rule that has it */
  GPtrArray  *patterns;         /* those of the rules that are for many addresses */
  gboolean    is_single_page;
} Reader;

typedef struct
{
  char       **words;
  const char  *from;
  const char  *to;
  guint        line;
  guint        status;
  gboolean     forced;
} Line;

static gboolean
refuse (Reader     *self,
        Line       *line,
        const char *rule,
        char       *text,
        const char *fix)
{
  porch_redirects_add_finding (self->findings, rule, line->line, text, fix);

  return FALSE;
}

static gboolean
is_url (const char *word)
{
  return strstr (word, "://") != NULL;
}

static gboolean
is_target (const char *word)
{
  return word[0] == '/' || is_url (word) || g_str_has_prefix (word, "mailto:") || g_str_has_prefix (word, "tel:");
}

/* "301" or "301!" */
static gboolean
take_status (Line       *line,
             const char *word)
{
  if (!g_ascii_isdigit (word[0]) || !g_ascii_isdigit (word[1]) || !g_ascii_isdigit (word[2]) ||
      (word[3] != '\0' && !g_str_equal (word + 3, "!")))
    return FALSE;

  line->status = (word[0] - '0') * 100 + (word[1] - '0') * 10 + (word[2] - '0');
  line->forced = word[3] == '!';

  return TRUE;
}

/* from [field=value…] to [status[!]] [Condition=value…] */
static gboolean
split_line (Reader *self,
            Line   *line)
{
  guint n = g_strv_length (line->words);
  guint i = 1;

  line->from = line->words[0];
  line->status = 301;

  while (i < n && !is_target (line->words[i]) && strchr (line->words[i], '=') != NULL)
    i++;

  if (i > 1)
    return refuse (self, line, "redirects.query",
                   g_strdup_printf (_("The redirect of “%s” depends on what follows the “?” of an address, which is not supported. It is left out."),
                                    line->from),
                   _("Write a redirect for the address alone."));

  if (i >= n || !is_target (line->words[i]))
    return refuse (self, line, "redirects.line",
                   g_strdup_printf (_("The redirect of “%s” does not say where it leads. It is left out."), line->from),
                   _("Write the old address, a space and the new address, as in “/old /new”."));

  line->to = line->words[i++];

  if (i < n && take_status (line, line->words[i]))
    i++;

  if (i < n && strchr (line->words[i], '=') != NULL)
    return refuse (self, line, "redirects.condition",
                   g_strdup_printf (_("The redirect of “%s” is only for some visitors, which is not supported. It is left out."), line->from),
                   _("Write a redirect for all visitors."));

  if (i < n)
    return refuse (self, line, "redirects.line",
                   g_strdup_printf (_("“%s” after the redirect of “%s” can’t be understood. The redirect is left out."),
                                    line->words[i], line->from),
                   _("Write the old address, a space and the new address, as in “/old /new”."));

  return TRUE;
}

static gboolean
check_status (Reader *self,
              Line   *line)
{
  switch (line->status)
    {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return TRUE;

    case 200:
      if (is_url (line->to))
        return refuse (self, line, "redirects.proxy",
                       g_strdup_printf (_("“%s” is to be answered by another server, which is not supported. It is left out."), line->from),
                       _("Send visitors there with 301 or 302 in place of 200."));

      return refuse (self, line, "redirects.rewrite",
                     g_strdup_printf (_("“%s” is to show another page under its own address, which works only as “/* /index.html 200”. It is left out."),
                                      line->from),
                     _("Send visitors there with 301 or 302 in place of 200."));

    default:
      return refuse (self, line, "redirects.status",
                     g_strdup_printf (_("The redirect of “%s” has the number %u, which is not supported. It is left out."), line->from, line->status),
                     _("Use 301, 302, 303, 307 or 308."));
    }
}

static gboolean
is_placeholder (const char *segment)
{
  if (!g_ascii_isalpha (segment[1]))
    return FALSE;

  for (const char *p = segment + 1; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '_')
      return FALSE;

  return TRUE;
}

/* A star stands alone at the end, a placeholder for a whole part of the address. */
static gboolean
check_pattern (Reader     *self,
               Line       *line,
               const char *from)
{
  g_auto(GStrv) parts = g_strsplit (from, "/", -1);
  g_autoptr(GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  gboolean has_star = FALSE;

  for (guint i = 1; parts[i] != NULL; i++)
    {
      gboolean is_star = g_str_equal (parts[i], "*");

      has_star = has_star || is_star;

      if ((is_star && parts[i + 1] != NULL) || (!is_star && strchr (parts[i], '*') != NULL))
        return refuse (self, line, "redirects.splat",
                       g_strdup_printf (_("“%s” has a “*” that is not the last part of the address, which is not supported. The redirect is left out."),
                                        line->from),
                       _("Put “/*” at the end, and placeholders such as “:name” in between."));

      if (parts[i][0] == ':' && (!is_placeholder (parts[i]) || !g_hash_table_add (names, parts[i])))
        return refuse (self, line, "redirects.placeholder",
                       g_strdup_printf (_("“%s” in “%s” is no good placeholder. The redirect is left out."), parts[i], line->from),
                       _("Use letters and digits after the “:”, and each name once."));
    }

  if (!has_star && strstr (line->to, ":splat") != NULL && !g_hash_table_contains (names, ":splat"))
    return refuse (self, line, "redirects.splat",
                   g_strdup_printf (_("“%s” has no “*” that “:splat” could stand for. The redirect is left out."), line->from),
                   _("Put “/*” at the end of the old address."));

  return TRUE;
}

/* Decoded, without doubled slashes and dots, as data/functions/edge.js spells addresses. */
static char *
normalize (const char *from)
{
  g_autofree char *decoded = g_uri_unescape_string (from, NULL);
  g_autoptr(GPtrArray) kept = g_ptr_array_new ();
  g_autofree char *joined = NULL;
  g_autofree char *path = NULL;
  g_auto(GStrv) parts = NULL;

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;

  parts = g_strsplit (decoded, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (g_str_equal (parts[i], "..") && kept->len > 0)
      g_ptr_array_remove_index (kept, kept->len - 1);
    else if (*parts[i] != '\0' && !g_str_equal (parts[i], ".") && !g_str_equal (parts[i], ".."))
      g_ptr_array_add (kept, parts[i]);

  g_ptr_array_add (kept, NULL);
  joined = g_strjoinv ("/", (char **) kept->pdata);
  path = g_strconcat ("/", joined, NULL);

  /* Without its last part where that is the start page of a folder */
  if (g_str_has_suffix (path, "/index.html"))
    path[strlen (path) - strlen ("/index.html")] = '\0';

  return g_strdup (*path != '\0' ? path : "/");
}

static char *
dup_from (Reader *self,
          Line   *line)
{
  g_autofree char *from = NULL;

  if (is_url (line->from))
    {
      refuse (self, line, "redirects.host",
              g_strdup_printf (_("“%s” names a server, which is not supported. The redirect is left out."), line->from),
              _("Write the address from its first “/” after the name on."));
      return NULL;
    }

  if (line->from[0] != '/' || strpbrk (line->from, "?#") != NULL || (from = normalize (line->from)) == NULL ||
      strlen (from) > PORCH_REDIRECTS_MAX_FROM)
    {
      refuse (self, line, "redirects.from",
              g_strdup_printf (_("“%s” is no address of a page that a redirect could be for. It is left out."), line->from),
              _("Write the address from its first “/” after the name on, without “?” and “#”."));
      return NULL;
    }

  if (g_str_has_prefix (from, "/system/"))
    {
      refuse (self, line, "redirects.from",
              g_strdup_printf (_("“%s” belongs to Porchlight’s own pages. The redirect is left out."), line->from), NULL);
      return NULL;
    }

  return check_pattern (self, line, from) ? g_steal_pointer (&from) : NULL;
}

static gboolean
check_target (Reader *self,
              Line   *line)
{
  if (!porch_redirect_target_is_valid (line->to) || g_str_has_prefix (line->to, "/.netlify/"))
    return refuse (self, line, "redirects.target",
                   g_strdup_printf (_("“%s” is no address that visitors can be sent to. The redirect is left out."), line->to),
                   _("Write an address of this site from its first “/” on, or a whole address with “https://”."));

  return TRUE;
}

/* The first line for an address counts, as do those before it that are for many. */
static gboolean
check_first (Reader     *self,
             Line       *line,
             const char *from)
{
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (self->lines, from));
  gboolean is_pattern = porch_redirect_is_pattern (from);
  g_autofree char *escaped = NULL;

  if (first > 0)
    return refuse (self, line, "redirects.duplicate",
                   g_strdup_printf (_("“%s” has a redirect in line %u already. This one is left out."), line->from, first),
                   _("Remove one of the two lines."));

  if (self->rules->len == PORCH_REDIRECTS_MAX_RULES || (is_pattern && self->patterns->len == MAX_PATTERNS))
    return refuse (self, line, "redirects.too-many",
                   g_strdup_printf (_("There is no room for the redirect of “%s”: a site can have %d redirects, and about 60 of them with “*” or “:”."),
                                    line->from, PORCH_REDIRECTS_MAX_RULES),
                   _("Leave out redirects that nobody needs any more."));

  escaped = g_uri_escape_string (from, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);

  for (guint i = 0; !is_pattern && i < self->patterns->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (self->patterns, i);
      g_autoptr(GHashTable) found = porch_redirect_match (rule->from, escaped);

      if (found != NULL)
        return refuse (self, line, "redirects.hidden",
                       g_strdup_printf (_("“%s” never comes into effect, as “%s” in line %u catches it first. It is left out."),
                                        line->from, rule->from, rule->line),
                       _("Put this line above the other."));
    }

  return TRUE;
}

static void
take_line (Reader *self,
           Line   *line)
{
  g_autofree char *from = NULL;
  PorchRedirect *rule;

  if (!split_line (self, line))
    return;

  if (g_str_equal (line->from, "/*") && !line->forced)
    {
      if (line->status == 200 && g_str_equal (line->to, "/index.html"))
        {
          self->is_single_page = TRUE;
          return;
        }

      /* So it is anyway */
      if (line->status == 404 && g_str_equal (line->to, "/404.html"))
        return;
    }

  if (!check_status (self, line) || (from = dup_from (self, line)) == NULL || !check_target (self, line) ||
      !check_first (self, line, from))
    return;

  rule = porch_redirect_new (from, line->to, line->status);
  rule->forced = line->forced;
  rule->line = line->line;
  g_ptr_array_add (self->rules, rule);
  if (porch_redirect_is_pattern (rule->from))
    g_ptr_array_add (self->patterns, rule);
  g_hash_table_insert (self->lines, rule->from, GUINT_TO_POINTER (line->line));
}

/* The words of a line up to a comment */
static char **
split_words (const char *text)
{
  g_auto(GStrv) words = g_strsplit_set (text, " \t\r\f\v", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL && words[i][0] != '#'; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);

  return g_strv_builder_end (builder);
}

static void
take_text (Reader     *self,
           const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto(GStrv) words = split_words (lines[i]);
      Line line = { .words = words, .line = i + 1 };

      if (words[0] != NULL)
        take_line (self, &line);
    }
}

/**
 * porch_redirects_new_from_file:
 * @text: the file `_redirects`
 * @findings: (nullable) (element-type Porch.Finding): where to put what is not supported, with its line
 *
 * Reads the simple forms of Netlify's format: `from to [status][!]`, a line each, `#` before a comment, a `*` at the end of
 * `from` that is `:splat` in `to`, and placeholders such as `:year`. `/` `*` `/index.html 200` means that the start page
 * makes all pages. Everything else gets a finding and stays out. Can be called on any thread.
 *
 * Returns: (transfer full): the set
 */
PorchRedirects *
porch_redirects_new_from_file (GBytes    *text,
                               GPtrArray *findings)
{
  g_autoptr(GPtrArray) rules = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_redirect_free);
  g_autoptr(GHashTable) lines = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) patterns = g_ptr_array_new ();
  Reader reader = { .findings = findings, .rules = rules, .lines = lines, .patterns = patterns };
  g_autofree char *valid = NULL;
  const char *data;
  gsize length;

  g_return_val_if_fail (text != NULL, NULL);

  data = g_bytes_get_data (text, &length);

  if (length > PORCH_REDIRECTS_MAX_SIZE)
    porch_redirects_add_finding (findings, "redirects.too-large", 0,
                                 g_strdup_printf (_("The file “%s” is too large. Its redirects are left out."), PORCH_REDIRECTS_FILE),
                                 _("Leave out redirects that nobody needs any more."));
  else if (length > 0)
    {
      valid = g_utf8_make_valid (data, length);
      take_text (&reader, g_str_has_prefix (valid, "\357\273\277") ? valid + 3 : valid);
    }

  return porch_redirects_new_from_rules (rules, reader.is_single_page, findings);
}
