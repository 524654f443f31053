/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-page.h"

#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS (HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET)

/* A page while it is read. */
typedef struct
{
  PorchPage        *page;
  htmlParserCtxtPtr context;
  GString          *title;        /* while inside the title */
  guint             form;         /* the line of a form that nothing is sent from, while inside it */
  guint             drawing;      /* how many svg elements are open: their title is another */
} Reader;

/* Elements with an attribute that holds an address. */
static const struct
{
  const char   *element;
  const char   *attribute;
  PorchLinkKind kind;
} addresses[] = {
  { "a", "href", PORCH_LINK_PLACE },
  { "area", "href", PORCH_LINK_PLACE },
  { "audio", "src", PORCH_LINK_RESOURCE },
  { "body", "background", PORCH_LINK_RESOURCE },
  { "embed", "src", PORCH_LINK_RESOURCE },
  { "frame", "src", PORCH_LINK_RESOURCE },
  { "iframe", "src", PORCH_LINK_RESOURCE },
  { "image", "href", PORCH_LINK_RESOURCE },
  { "input", "src", PORCH_LINK_RESOURCE },
  { "object", "data", PORCH_LINK_RESOURCE },
  { "script", "src", PORCH_LINK_RESOURCE },
  { "source", "src", PORCH_LINK_RESOURCE },
  { "track", "src", PORCH_LINK_RESOURCE },
  { "video", "poster", PORCH_LINK_RESOURCE },
  { "video", "src", PORCH_LINK_RESOURCE },
};

static PorchPage *
porch_page_new (void)
{
  PorchPage *self = g_new0 (PorchPage, 1);

  self->strings = g_string_chunk_new (4096);
  self->links = g_array_new (FALSE, FALSE, sizeof (PorchLink));

  return self;
}

/* Browsers drop white space around an address, and line ends and tabs inside it. */
static void
add_link (PorchPage     *self,
          PorchLinkKind  kind,
          const char    *text,
          gssize         length,
          guint          line,
          guint          width)
{
  g_autofree char *address = length < 0 ? g_strdup (text) : g_strndup (text, length);
  PorchLink link = { .kind = kind, .line = line, .width = width };
  char *to = address;

  for (const char *from = address; *from != '\0'; from++)
    if (*from != '\n' && *from != '\r' && *from != '\t')
      *to++ = *from;
  *to = '\0';
  g_strstrip (address);

  if (*address == '\0' && kind != PORCH_LINK_FORM)
    return;

  link.address = g_string_chunk_insert_const (self->strings, address);
  g_array_append_val (self->links, link);
}

static const char *
get_attribute (const xmlChar **attributes,
               const char     *name)
{
  if (attributes == NULL)
    return NULL;

  for (; attributes[0] != NULL; attributes += 2)
    if (g_ascii_strcasecmp ((const char *) attributes[0], name) == 0)
      return attributes[1] != NULL ? (const char *) attributes[1] : "";

  return NULL;
}

static gboolean
has_text (const char *text)
{
  return text != NULL && text[strspn (text, " \t\r\n\f")] != '\0';
}

static gboolean
has_word (const char *words,
          const char *word)
{
  g_auto(GStrv) split = NULL;

  if (words == NULL)
    return FALSE;

  split = g_strsplit_set (words, " \t\r\n\f", -1);

  for (guint i = 0; split[i] != NULL; i++)
    if (g_ascii_strcasecmp (split[i], word) == 0)
      return TRUE;

  return FALSE;
}

/* "small.jpg 480w, large.jpg 2x": addresses may hold commas, but not end in one */
static void
add_source_set (PorchPage  *self,
                const char *text,
                guint       line)
{
  while (*text != '\0')
    {
      gsize length;

      text += strspn (text, " \t\r\n\f,");
      length = strcspn (text, " \t\r\n\f");
      if (length == 0)
        return;

      if (text[length - 1] == ',')
        {
          gsize bare = length;

          while (bare > 0 && text[bare - 1] == ',')
            bare--;
          add_link (self, PORCH_LINK_RESOURCE, text, bare, line, 0);
          text += length;
          continue;
        }

      add_link (self, PORCH_LINK_RESOURCE, text, length, line, 0);
      text += length;
      text += strcspn (text, ",");
    }
}

static guint
count_lines (const char *from,
             const char *to)
{
  guint n = 0;

  while ((from = memchr (from, '\n', to - from)) != NULL)
    {
      n++;
      from++;
    }

  return n;
}

/* The end of a string or of a plain address in a style sheet */
static const char *
skip_css_address (const char  *text,
                  const char **start,
                  gsize       *length)
{
  const char *end;

  text += strspn (text, " \t\r\n\f");

  if (*text == '"' || *text == '\'')
    {
      if ((end = strchr (text + 1, *text)) == NULL)
        return NULL;
      *start = text + 1;
      *length = end - *start;
      return end + 1;
    }

  end = text + strcspn (text, ") \t\r\n\f;");
  *start = text;
  *length = end - text;

  return end;
}

static gboolean
is_quote (char c)
{
  return c == '"' || c == '\'';
}

/* What a style sheet loads: url(…) and @import "…", outside comments */
static void
add_css (PorchPage  *self,
         const char *text,
         guint       line)
{
  const char *told = text;

  while (*text != '\0')
    {
      const char *start = NULL;
      gsize length = 0;

      if (g_str_has_prefix (text, "/*"))
        {
          if ((text = strstr (text + 2, "*/")) == NULL)
            return;
          text += 2;
          continue;
        }

      /* A name, not an address */
      if (g_ascii_strncasecmp (text, "@namespace", 10) == 0)
        {
          text += strcspn (text, ";");
          continue;
        }

      if (g_ascii_strncasecmp (text, "url(", 4) == 0)
        text = skip_css_address (text + 4, &start, &length);
      else if (g_ascii_strncasecmp (text, "@import", 7) == 0 && is_quote (text[7 + strspn (text + 7, " \t\r\n\f")]))
        text = skip_css_address (text + 7, &start, &length);
      else
        {
          text++;
          continue;
        }

      if (text == NULL)
        return;

      if (start[0] != '#')
        {
          line += count_lines (told, start);
          told = start;
          add_link (self, PORCH_LINK_RESOURCE, start, length, line, 0);
        }
    }
}

static guint
get_line (Reader *self)
{
  return self->context->input != NULL ? MAX (self->context->input->line, 1) : 1;
}

static void
read_link (Reader         *self,
           const xmlChar **attributes,
           guint           line)
{
  static const char * const loaded[] = {
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "preload", "modulepreload", "prefetch", "manifest", NULL
  };
  const char *address = get_attribute (attributes, "href");
  const char *relation = get_attribute (attributes, "rel");

  if (address == NULL)
    return;

  for (guint i = 0; loaded[i] != NULL; i++)
    if (has_word (relation, loaded[i]))
      {
        add_link (self->page, PORCH_LINK_RESOURCE, address, -1, line, 0);
        return;
      }

  if (has_word (relation, "alternate") || has_word (relation, "next") || has_word (relation, "prev") || has_word (relation, "license"))
    add_link (self->page, PORCH_LINK_PLACE, address, -1, line, 0);
}

static void
read_picture (Reader         *self,
              const xmlChar **attributes,
              guint           line)
{
  const char *source = get_attribute (attributes, "src");
  const char *width = get_attribute (attributes, "width");
  gboolean in_percent = width != NULL && strchr (width, '%') != NULL;

  if (source != NULL)
    add_link (self->page, PORCH_LINK_PICTURE, source, -1, line,
              width != NULL && !in_percent ? CLAMP (g_ascii_strtoll (width, NULL, 10), 0, 100000) : 0);

  if (get_attribute (attributes, "alt") == NULL &&
      g_strcmp0 (get_attribute (attributes, "role"), "presentation") != 0 &&
      g_strcmp0 (get_attribute (attributes, "aria-hidden"), "true") != 0 &&
      get_attribute (attributes, "aria-label") == NULL &&
      self->page->n_bare_pictures++ == 0)
    self->page->first_bare_picture = line;
}

static void
read_meta (Reader         *self,
           const xmlChar **attributes)
{
  const char *name = get_attribute (attributes, "name");
  const char *equivalent = get_attribute (attributes, "http-equiv");
  const char *content = get_attribute (attributes, "content");

  if (name != NULL && g_ascii_strcasecmp (name, "description") == 0 && has_text (content))
    self->page->has_description = TRUE;

  if (equivalent != NULL && g_ascii_strcasecmp (equivalent, "refresh") == 0 && content != NULL && strstr (content, "=") != NULL)
    self->page->leads_on = TRUE;
}

static void
read_form (Reader         *self,
           const xmlChar **attributes,
           guint           line)
{
  const char *action = get_attribute (attributes, "action");
  const char *method = get_attribute (attributes, "method");
  gboolean is_handled = get_attribute (attributes, "onsubmit") != NULL || get_attribute (attributes, "id") != NULL ||
                        get_attribute (attributes, "class") != NULL;

  self->form = 0;

  /* A search form asks its own page with ?q=…, and one with a name may be sent by a script */
  if (method == NULL || g_ascii_strcasecmp (method, "post") != 0)
    {
      if (has_text (action) && action[0] != '#')
        add_link (self->page, PORCH_LINK_PLACE, action, -1, line, 0);
      else if (!is_handled)
        self->form = line;
      return;
    }

  if (has_text (action) || !is_handled)
    add_link (self->page, PORCH_LINK_FORM, action != NULL ? action : "", -1, line, 0);
}

/* Who is asked for an address or a message expects that somebody gets it. */
static void
read_field (Reader         *self,
            const xmlChar **attributes,
            gboolean        is_message)
{
  const char *type = get_attribute (attributes, "type");

  if (self->form == 0 || (!is_message && (type == NULL || g_ascii_strcasecmp (type, "email") != 0)))
    return;

  add_link (self->page, PORCH_LINK_FORM, "", -1, self->form, 0);
  self->form = 0;
}

static void
read_common (Reader         *self,
             const xmlChar **attributes,
             gboolean        is_anchor,
             guint           line)
{
  const char *id = get_attribute (attributes, "id");
  const char *name = is_anchor ? get_attribute (attributes, "name") : NULL;
  const char *style = get_attribute (attributes, "style");
  const char *sources = get_attribute (attributes, "srcset");

  if (has_text (id))
    g_hash_table_add (self->page->anchors, g_string_chunk_insert_const (self->page->strings, id));
  if (has_text (name))
    g_hash_table_add (self->page->anchors, g_string_chunk_insert_const (self->page->strings, name));
  if (style != NULL)
    add_css (self->page, style, line);
  if (sources != NULL)
    add_source_set (self->page, sources, line);
}

static void
start_element (void           *data,
               const xmlChar  *tag,
               const xmlChar **attributes)
{
  Reader *self = data;
  const char *name = (const char *) tag;
  guint line = get_line (self);

  read_common (self, attributes, g_ascii_strcasecmp (name, "a") == 0, line);

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      const char *value;

      if (g_ascii_strcasecmp (addresses[i].element, name) == 0 && (value = get_attribute (attributes, addresses[i].attribute)) != NULL)
        add_link (self->page, addresses[i].kind, value, -1, line, 0);
    }

  if (g_ascii_strcasecmp (name, "img") == 0)
    read_picture (self, attributes, line);
  else if (g_ascii_strcasecmp (name, "link") == 0)
    read_link (self, attributes, line);
  else if (g_ascii_strcasecmp (name, "form") == 0)
    read_form (self, attributes, line);
  else if (g_ascii_strcasecmp (name, "textarea") == 0 || g_ascii_strcasecmp (name, "input") == 0)
    read_field (self, attributes, g_ascii_strcasecmp (name, "textarea") == 0);
  else if (g_ascii_strcasecmp (name, "meta") == 0)
    read_meta (self, attributes);
  else if (g_ascii_strcasecmp (name, "html") == 0)
    {
      self->page->has_language |= has_text (get_attribute (attributes, "lang"));
      self->page->html_line = self->page->html_line > 0 ? self->page->html_line : line;
    }
  else if (g_ascii_strcasecmp (name, "head") == 0 && self->page->head_line == 0)
    self->page->head_line = line;
  else if (g_ascii_strcasecmp (name, "svg") == 0)
    self->drawing++;
  else if (g_ascii_strcasecmp (name, "title") == 0 && self->drawing == 0 && self->page->title == NULL && self->title == NULL)
    self->title = g_string_new (NULL);
  else if (g_ascii_strcasecmp (name, "base") == 0 && self->page->base == NULL && has_text (get_attribute (attributes, "href")))
    self->page->base = g_string_chunk_insert (self->page->strings, get_attribute (attributes, "href"));
}

static void
end_element (void          *data,
             const xmlChar *tag)
{
  Reader *self = data;
  const char *name = (const char *) tag;

  if (g_ascii_strcasecmp (name, "svg") == 0 && self->drawing > 0)
    {
      self->drawing--;
    }
  else if (g_ascii_strcasecmp (name, "form") == 0)
    {
      self->form = 0;
    }
  else if (g_ascii_strcasecmp (name, "title") == 0 && self->title != NULL)
    {
      g_strstrip (self->title->str);
      if (*self->title->str != '\0')
        self->page->title = g_string_chunk_insert (self->page->strings, self->title->str);
      g_string_free (g_steal_pointer (&self->title), TRUE);
    }
}

static void
read_characters (void          *data,
                 const xmlChar *text,
                 int            length)
{
  Reader *self = data;

  if (self->title != NULL)
    g_string_append_len (self->title, (const char *) text, length);
}

/* What is inside a style element */
static void
read_block (void          *data,
            const xmlChar *text,
            int            length)
{
  Reader *self = data;

  if (self->context->name != NULL && xmlStrcasecmp (self->context->name, BAD_CAST "style") == 0)
    {
      g_autofree char *copy = g_strndup ((const char *) text, length);
      guint lines = count_lines (copy, copy + strlen (copy));
      guint line = get_line (self);

      add_css (self->page, copy, line > lines ? line - lines : 1);
    }
}

static gboolean
is_document (const char *text)
{
  return g_regex_match_simple ("<(!doctype|html|head|body)[\\s>]", text, G_REGEX_CASELESS | G_REGEX_RAW, G_REGEX_MATCH_DEFAULT);
}

/* The parser makes the html element up itself where something stands before it, and loses the language then. */
static gboolean
names_language (const char *text)
{
  return g_regex_match_simple ("<html[^>]*\\slang\\s*=\\s*[\"']?[A-Za-z]", text,
                               G_REGEX_CASELESS | G_REGEX_RAW, G_REGEX_MATCH_DEFAULT);
}

/* What browsers take a page for that is no UTF-8 and names no encoding. Five bytes mean nothing in it, and would end the
 * reading; the encoding that it is made from has all. */
static const char *
choose_encoding (const char *text,
                 gsize       length)
{
  static const guint8 strange[] = { 0x81, 0x8d, 0x8f, 0x90, 0x9d };

  for (gsize i = 0; i < G_N_ELEMENTS (strange); i++)
    if (memchr (text, strange[i], length) != NULL)
      return "ISO-8859-1";

  return "windows-1252";
}

/* The parser's complaints, which it would print */
static void
ignore_error (void        *data,
              xmlErrorPtr  error)
{
}

static void
parse (Reader     *self,
       const char *text,
       gsize       length,
       const char *encoding)
{
  htmlSAXHandler handler = {
    .startElement = start_element,
    .endElement = end_element,
    .characters = read_characters,
    .cdataBlock = read_block,
    .ignorableWhitespace = read_characters,
  };
  xmlStructuredErrorFunc told = xmlStructuredError;
  void *told_data = xmlStructuredErrorContext;
  htmlDocPtr document;

  if ((self->context = htmlNewParserCtxt ()) == NULL)
    return;

  xmlSetStructuredErrorFunc (NULL, (xmlStructuredErrorFunc) ignore_error);
  *self->context->sax = handler;
  self->context->userData = self;

  if ((document = htmlCtxtReadMemory (self->context, text, length, NULL, encoding, OPTIONS)) != NULL)
    xmlFreeDoc (document);

  if (self->title != NULL)
    end_element (self, BAD_CAST "title");

  htmlFreeParserCtxt (self->context);
  xmlSetStructuredErrorFunc (told_data, told);
}

/* Windows writes it with a mark at the beginning; what has none is nothing that a browser could read. */
static char *
convert_wide (const char *text,
              gsize       length,
              gsize      *converted)
{
  gboolean is_little = length >= 2 && memcmp (text, "\xff\xfe", 2) == 0;

  if (!is_little && (length < 2 || memcmp (text, "\xfe\xff", 2) != 0))
    return NULL;

  return g_convert_with_fallback (text + 2, (length - 2) & ~(gsize) 1, "UTF-8", is_little ? "UTF-16LE" : "UTF-16BE", "?",
                                  NULL, converted, NULL);
}

/**
 * porch_page_new_html:
 * @text: (array length=length): a page, followed by a zero byte
 * @length: its length in bytes
 *
 * Reads a page, however well or badly it is written. One that is no UTF-8 is read in the encoding that it names or begins
 * with, or as Windows-1252, as browsers do.
 *
 * Returns: (transfer full): what it says
 */
PorchPage *
porch_page_new_html (const char *text,
                     gsize       length)
{
  Reader reader = { .page = porch_page_new () };
  gsize converted = 0;
  g_autofree char *narrow = convert_wide (text, length, &converted);
  gboolean is_utf8;
  gboolean names_encoding;

  g_return_val_if_fail (text != NULL, NULL);

  /* A conversion that fails writes a length too */
  if (narrow != NULL)
    {
      text = narrow;
      length = converted;
    }

  is_utf8 = g_utf8_validate_len (text, length, NULL);
  names_encoding = !is_utf8 && g_regex_match_simple ("charset\\s*=", text, G_REGEX_CASELESS | G_REGEX_RAW, G_REGEX_MATCH_DEFAULT);
  reader.page->anchors = g_hash_table_new (g_str_hash, g_str_equal);

  if (length > 0 && length < G_MAXINT)
    parse (&reader, text, length, is_utf8 ? "UTF-8" : names_encoding ? NULL : choose_encoding (text, length));

  if (!reader.page->has_language && names_language (text))
    reader.page->has_language = TRUE;

  reader.page->is_document = is_document (text);

  return reader.page;
}

/**
 * porch_page_new_css:
 * @text: (array length=length): a style sheet, followed by a zero byte
 * @length: its length in bytes
 *
 * Reads what a style sheet loads.
 *
 * Returns: (transfer full): what it says
 */
PorchPage *
porch_page_new_css (const char *text,
                    gsize       length)
{
  PorchPage *self;

  g_return_val_if_fail (text != NULL, NULL);

  self = porch_page_new ();
  add_css (self, text, 1);

  return self;
}

/**
 * porch_page_measure_scheme:
 * @address: an address
 *
 * Returns: how many bytes its scheme takes, with the colon: 6 of `https://…`; 0 if it has none (RFC 3986, 3.1)
 */
gsize
porch_page_measure_scheme (const char *address)
{
  gsize length = 0;

  if (!g_ascii_isalpha (*address))
    return 0;

  while (g_ascii_isalnum (address[length]) || address[length] == '+' || address[length] == '-' || address[length] == '.')
    length++;

  return address[length] == ':' ? length + 1 : 0;
}

/**
 * porch_page_get_n_links:
 * @self: a page
 *
 * Returns: how many addresses stand in it
 */
guint
porch_page_get_n_links (const PorchPage *self)
{
  return self->links->len;
}

/**
 * porch_page_get_link:
 * @self: a page
 * @position: less than [func@Porch.page_get_n_links] says
 *
 * Returns: (transfer none): one of its addresses
 */
const PorchLink *
porch_page_get_link (const PorchPage *self,
                     guint            position)
{
  g_return_val_if_fail (position < self->links->len, NULL);

  return &g_array_index (self->links, PorchLink, position);
}

/**
 * porch_page_free:
 * @self: (transfer full): a page
 *
 * Frees it.
 */
void
porch_page_free (PorchPage *self)
{
  g_clear_pointer (&self->anchors, g_hash_table_unref);
  g_array_unref (self->links);
  g_string_chunk_free (self->strings);
  g_free (self);
}
