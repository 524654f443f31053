/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The copy of a page stays as it is byte for byte, but for the tags of its connected forms: the parser of libxml2 finds the
 * forms, and here the places of their tags are found again, in the same order. What is put in is ASCII, so that the
 * encoding of the page does not matter. */

/* Sets how long somebody took, and keeps the scripts of the page from sending the form elsewhere: they are told after this */
#define SCRIPT \
  "<script>(function(f){var t=Date.now();window.addEventListener(\"submit\",function(e){if(e.target===f){" \
  "f.elements._elapsed.value=Date.now()-t;e.stopImmediatePropagation()}},true)})" \
  "(document.forms[document.forms.length-1])</script>"

/* A start tag or end tag */
typedef struct
{
  const char *begin;     /* at its < */
  const char *name;
  gsize       name_length;
  const char *end;       /* behind its > */
  gboolean    is_end;
} Tag;

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static gboolean
is_named (const Tag  *tag,
          const char *name)
{
  return strlen (name) == tag->name_length && g_ascii_strncasecmp (tag->name, name, tag->name_length) == 0;
}

/* Behind the end of what holds no tags: a script, a style sheet, a text field or a title */
static const char *
skip_raw (const Tag  *tag,
          const char *end)
{
  for (const char *p = tag->end; (p = memmem (p, end - p, "</", 2)) != NULL; p += 2)
    if ((gsize) (end - p) > tag->name_length + 2 && g_ascii_strncasecmp (p + 2, tag->name, tag->name_length) == 0 &&
        !g_ascii_isalnum (p[2 + tag->name_length]))
      return p;

  return end;
}

/* Behind the value of an attribute or its name; @p is behind its name */
static const char *
skip_value (const char  *p,
            const char  *end,
            const char **value,
            gsize       *length)
{
  const char *close;

  while (p < end && is_space (*p))
    p++;

  *value = NULL;
  *length = 0;

  if (p >= end || *p != '=')
    return p;

  for (p++; p < end && is_space (*p); p++);

  if (p < end && (*p == '"' || *p == '\''))
    {
      close = memchr (p + 1, *p, end - p - 1);
      *value = p + 1;
      *length = (close != NULL ? close : end) - *value;
      return close != NULL ? close + 1 : end;
    }

  *value = p;
  while (p < end && !is_space (*p) && *p != '>')
    p++;
  *length = p - *value;

  return p;
}

/* The name of the next attribute from @p on, or NULL at the end of the tag, which is then at @after */
static const char *
next_attribute (const char  *p,
                const char  *end,
                gsize       *name_length,
                const char **value,
                gsize       *value_length,
                const char **after)
{
  const char *name;

  while (p < end && (is_space (*p) || *p == '/'))
    p++;

  *after = p;
  if (p >= end || *p == '>')
    return NULL;

  for (name = p++; p < end && !is_space (*p) && *p != '=' && *p != '>' && *p != '/'; p++);

  *name_length = p - name;
  *after = skip_value (p, end, value, value_length);

  /* Spaces before a bare name's successor belong to nobody */
  if (*value == NULL)
    *after = p;

  return name;
}

static gboolean
next_tag (const char *p,
          const char *end,
          Tag        *tag)
{
  const char *value;
  const char *after;
  gsize length;
  gsize value_length;

  while ((p = memchr (p, '<', end - p)) != NULL)
    {
      const char *close;

      if (end - p >= 4 && strncmp (p, "<!--", 4) == 0)
        {
          close = memmem (p + 4, end - p - 4, "-->", 3);
          p = close != NULL ? close + 3 : end;
          continue;
        }

      tag->begin = p++;
      tag->is_end = p < end && *p == '/';
      p += tag->is_end;

      if (p >= end || !g_ascii_isalpha (*p))
        continue;

      for (tag->name = p; p < end && !is_space (*p) && *p != '>' && *p != '/'; p++);
      tag->name_length = p - tag->name;

      for (after = p; next_attribute (after, end, &length, &value, &value_length, &after) != NULL;);

      tag->end = MIN (after + 1, end);
      return TRUE;
    }

  return FALSE;
}

static gboolean
is_raw (const Tag *tag)
{
  return !tag->is_end && (is_named (tag, "script") || is_named (tag, "style") || is_named (tag, "textarea") || is_named (tag, "title"));
}

static gboolean
is_one_of (const char         *name,
           gsize               length,
           const char * const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (strlen (names[i]) == length && g_ascii_strncasecmp (names[i], name, length) == 0)
      return TRUE;

  return FALSE;
}

static void
append_text (GByteArray *bytes,
             const char *text)
{
  g_byte_array_append (bytes, (const guint8 *) text, strlen (text));
}

/* A tag with all its attributes but some */
static void
append_tag (GByteArray         *bytes,
            const Tag          *tag,
            const char * const *without,
            const char         *more)
{
  const char *p = tag->name + tag->name_length;
  const char *end = tag->end - 1;
  const char *name;
  const char *value;
  const char *after;
  gsize length;
  gsize value_length;

  g_byte_array_append (bytes, (const guint8 *) tag->begin, p - tag->begin);

  while ((name = next_attribute (p, end, &length, &value, &value_length, &after)) != NULL)
    {
      if (!is_one_of (name, length, without))
        {
          append_text (bytes, " ");
          g_byte_array_append (bytes, (const guint8 *) name, after - name);
        }
      p = after;
    }

  append_text (bytes, more);
  append_text (bytes, ">");
}

/* For an attribute, in ASCII whatever the encoding of the page */
static char *
escape (const char *text)
{
  g_autoptr(GString) escaped = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c < 0x20 || c >= 0x7f || strchr ("&<>\"'", c) != NULL)
        g_string_append_printf (escaped, "&#%u;", c);
      else
        g_string_append_unichar (escaped, c);
    }

  return g_string_free_and_steal (g_steal_pointer (&escaped));
}

static void
append_form (GByteArray          *bytes,
             const Tag           *tag,
             const PorchReadForm *form,
             const char          *form_path)
{
  static const char * const without[] = { "action", "method", "enctype", "accept-charset", "target", "onsubmit", "novalidate",
                                          "data-netlify", "netlify", "data-netlify-recaptcha", "netlify-honeypot", NULL };
  g_autofree char *more = g_strdup_printf (" method=\"post\" action=\"%s\" accept-charset=\"utf-8\"", form_path);
  g_autofree char *title = escape (form->title != NULL ? form->title : "");
  g_autofree char *language = escape (form->language != NULL ? form->language : "");
  g_autofree char *label = escape (_("Please leave this empty"));
  g_autofree char *hidden = NULL;

  append_tag (bytes, tag, without, more);
  hidden = g_strdup_printf ("<input type=\"hidden\" name=\"_form\" value=\"%s\">"
                            "<input type=\"hidden\" name=\"_lang\" value=\"%s\">"
                            "<input type=\"hidden\" name=\"_elapsed\">"
                            "<span style=\"display:none\" aria-hidden=\"true\"><label>%s "
                            "<input name=\"_gotcha\" tabindex=\"-1\" autocomplete=\"off\"></label></span>" SCRIPT,
                            title, language, label);
  append_text (bytes, hidden);
}

/* What another service needed and nobody wants to read among the answers */
static gboolean
is_foreign_field (const Tag *tag)
{
  static const char * const words[] = { "token", "csrf", "nonce", "captcha", "wpcf7", "form_id", "form-name", "bot-field" };
  const char *p = tag->name + tag->name_length;
  gboolean is_hidden = FALSE;
  gboolean is_foreign = FALSE;
  const char *name;
  const char *value;
  gsize length;
  gsize value_length;

  while ((name = next_attribute (p, tag->end - 1, &length, &value, &value_length, &p)) != NULL)
    {
      g_autofree char *text = value != NULL ? g_ascii_strdown (value, value_length) : g_strdup ("");

      if (length == 4 && g_ascii_strncasecmp (name, "type", 4) == 0)
        is_hidden = g_str_equal (text, "hidden");
      else if (length == 4 && g_ascii_strncasecmp (name, "name", 4) == 0)
        {
          is_foreign = *text == '_' && !g_str_equal (text, "_next");
          for (guint i = 0; i < G_N_ELEMENTS (words) && !is_foreign; i++)
            is_foreign = strstr (text, words[i]) != NULL;
        }
    }

  return is_hidden && is_foreign;
}

/* Another honeypot with our name would be sent twice. */
static gboolean
is_own_field (const Tag *tag)
{
  static const char * const names[] = { "_gotcha", "_form", "_lang", "_elapsed", NULL };
  const char *p = tag->name + tag->name_length;
  const char *name;
  const char *value;
  gsize length;
  gsize value_length;

  while ((name = next_attribute (p, tag->end - 1, &length, &value, &value_length, &p)) != NULL)
    if (length == 4 && g_ascii_strncasecmp (name, "name", 4) == 0 && value != NULL && is_one_of (value, value_length, names))
      return TRUE;

  return FALSE;
}

static void
append_inside (GByteArray *bytes,
               const Tag  *tag)
{
  static const char * const nothing[] = { NULL };
  static const char * const without[] = { "formaction", "formmethod", "formenctype", "formnovalidate", "formtarget", NULL };

  if (is_named (tag, "input") && (is_foreign_field (tag) || is_own_field (tag)))
    append_tag (bytes, tag, nothing, " disabled");
  else if (is_named (tag, "button") || is_named (tag, "input"))
    append_tag (bytes, tag, without, "");
  else
    g_byte_array_append (bytes, (const guint8 *) tag->begin, tag->end - tag->begin);
}

static gboolean
is_sent_by_script (const Tag *tag)
{
  static const char * const prefixes[] = { "v-on:submit", "@submit", "ng-submit", "(ngsubmit)", "x-on:submit", "wire:submit",
                                           "hx-", "data-hx-", "on:submit", "bind:this", "data-reactid", "data-remote" };
  const char *p = tag->name + tag->name_length;
  const char *name;
  const char *value;
  gsize length;
  gsize value_length;

  while ((name = next_attribute (p, tag->end - 1, &length, &value, &value_length, &p)) != NULL)
    {
      for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
        if (length >= strlen (prefixes[i]) && g_ascii_strncasecmp (name, prefixes[i], strlen (prefixes[i])) == 0)
          return TRUE;

      if (length == 6 && g_ascii_strncasecmp (name, "action", 6) == 0 && value_length > 11 &&
          g_ascii_strncasecmp (value, "javascript:", 11) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Of each form in a page whether a script takes its place, so far as its own tag tells: #GArray of gboolean */
GArray *
porch_form_reader_find_scripts (const char *text,
                                gsize       length)
{
  GArray *scripts = g_array_new (FALSE, FALSE, sizeof (gboolean));
  const char *end = text + length;
  Tag tag;

  for (const char *p = text; next_tag (p, end, &tag); p = is_raw (&tag) ? skip_raw (&tag, end) : tag.end)
    if (!tag.is_end && is_named (&tag, "form"))
      {
        gboolean is_script = is_sent_by_script (&tag);

        g_array_append_val (scripts, is_script);
      }

  return scripts;
}

static gboolean
is_wanted (const PorchReadForm *form,
           PorchTreatments     *treatments)
{
  return form->state == PORCH_FOUND_ELSEWHERE && porch_treatments_has_form (treatments, form->id);
}

static GByteArray *
rewrite (const char *text,
         const char *end,
         GPtrArray  *forms,
         PorchTreatments *treatments)
{
  GByteArray *bytes = g_byte_array_new ();
  const char *form_path = porch_treatments_get_form_path (treatments);
  const PorchReadForm *inside = NULL;
  const char *from = text;
  guint n = 0;
  Tag tag;

  for (const char *p = text; next_tag (p, end, &tag); p = is_raw (&tag) ? skip_raw (&tag, end) : tag.end)
    {
      if (is_named (&tag, "form"))
        {
          const PorchReadForm *form = tag.is_end ? NULL : g_ptr_array_index (forms, n++);

          inside = form != NULL && is_wanted (form, treatments) ? form : NULL;
          if (inside == NULL)
            continue;
        }
      else if (inside == NULL || tag.is_end)
        continue;

      g_byte_array_append (bytes, (const guint8 *) from, tag.begin - from);
      if (is_named (&tag, "form"))
        append_form (bytes, &tag, inside, form_path);
      else
        append_inside (bytes, &tag);
      from = tag.end;
    }

  g_byte_array_append (bytes, (const guint8 *) from, end - from);

  return bytes;
}

/**
 * porch_form_reader_connect: (skip)
 * @text: (array length=length): a page
 * @length: its length in bytes
 * @forms: (element-type PorchReadForm): its forms
 * @treatments: what its owner agreed to
 * @lines: (element-type guint): the lines of the forms that are connected are appended
 *
 * Makes a copy of a page whose forms are sent to the site, if their owner wants that.
 *
 * Returns: (transfer full) (nullable): the copy; %NULL if no form is to be connected, or the page is such that it can't be
 *   told where its forms are
 */
GByteArray *
porch_form_reader_connect (const char      *text,
                           gsize            length,
                           GPtrArray       *forms,
                           PorchTreatments *treatments,
                           GArray          *lines)
{
  g_autoptr(GArray) tags = NULL;
  gboolean any = FALSE;

  for (guint i = 0; i < forms->len; i++)
    any |= is_wanted (g_ptr_array_index (forms, i), treatments);

  if (!any || memchr (text, '\0', length) != NULL)
    return NULL;

  tags = porch_form_reader_find_scripts (text, length);
  if (tags->len != forms->len)
    return NULL;

  for (guint i = 0; i < forms->len; i++)
    {
      const PorchReadForm *form = g_ptr_array_index (forms, i);

      if (is_wanted (form, treatments))
        g_array_append_val (lines, form->line);
    }

  return rewrite (text, text + length, forms, treatments);
}
