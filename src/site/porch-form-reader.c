/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-form-reader.h"

#include <libxml/HTMLparser.h>
#include <libxml/HTMLtree.h>
#include <string.h>

#define OPTIONS (HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET)

/* One half tells where a form leads, the other what it asks for */
#define ID_LENGTH  16
#define ID_HALF    8
#define MAX_TITLE  60
#define MAX_FIELDS 30

/* What a page says around a form, on the way through it */
typedef struct
{
  GPtrArray  *forms;
  GHashTable *labels;      /* id of a field -> its words */
  const char *form_path;
  char       *heading;     /* the last one before */
  char       *language;
} Reader;

/* What a form asks for */
typedef struct
{
  GString      *names;
  GPtrArray    *words;
  guint         n_texts;
  guint         n_named;
  guint         n_search;
  guint         n_mail;
  gboolean      has_message;
  gboolean      has_file;
  gboolean      has_secret;
} Fields;

static void
read_form_free (gpointer data)
{
  PorchReadForm *form = data;

  g_free (form->id);
  g_free (form->title);
  g_free (form->target);
  g_free (form->language);
  g_strfreev (form->fields);
  g_free (form);
}

static gboolean
is_element (xmlNode    *node,
            const char *name)
{
  return node->type == XML_ELEMENT_NODE && g_ascii_strcasecmp ((const char *) node->name, name) == 0;
}

static char *
dup_attribute (xmlNode    *node,
               const char *name)
{
  xmlChar *value = xmlGetProp (node, BAD_CAST name);
  char *copy = value != NULL ? g_strdup ((const char *) value) : NULL;

  xmlFree (value);

  return copy;
}

static gboolean
has_value (xmlNode    *node,
           const char *name,
           const char *value)
{
  g_autofree char *found = dup_attribute (node, name);

  return found != NULL && g_ascii_strcasecmp (found, value) == 0;
}

/* On one line, without a star or colon at the end */
static char *
tidy (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  g_auto(GStrv) words = g_strsplit_set (valid, " \t\r\n", -1);
  g_autoptr(GString) line = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (line, "%s%s", line->len > 0 ? " " : "", words[i]);

  while (line->len > 0 && strchr (" *:", line->str[line->len - 1]) != NULL)
    g_string_truncate (line, line->len - 1);

  if (g_utf8_strlen (line->str, -1) > MAX_TITLE)
    {
      g_string_truncate (line, g_utf8_offset_to_pointer (line->str, MAX_TITLE - 1) - line->str);
      g_string_append (line, "…");
    }

  return line->len > 0 ? g_strdup (line->str) : NULL;
}

static void
append_words (xmlNode *node,
              GString *words)
{
  for (xmlNode *child = node->children; child != NULL; child = child->next)
    if (child->type == XML_TEXT_NODE)
      g_string_append_printf (words, " %s", (const char *) child->content);
    else if (child->type == XML_ELEMENT_NODE && !is_element (child, "script") && !is_element (child, "style") &&
             !is_element (child, "select") && !is_element (child, "textarea"))
      append_words (child, words);
}

static char *
dup_words (xmlNode *node)
{
  g_autoptr(GString) words = g_string_new (NULL);

  append_words (node, words);

  return tidy (words->str);
}

static xmlNode *
next_node (xmlNode *node,
           xmlNode *top)
{
  if (node->children != NULL && node->type == XML_ELEMENT_NODE)
    return node->children;

  while (node != top && node->next == NULL)
    node = node->parent;

  return node != top ? node->next : NULL;
}

static void
read_labels (Reader  *self,
             xmlNode *root)
{
  for (xmlNode *node = root; node != NULL; node = next_node (node, root))
    {
      g_autofree char *target = is_element (node, "label") ? dup_attribute (node, "for") : NULL;
      g_autofree char *words = target != NULL ? dup_words (node) : NULL;

      if (words != NULL)
        g_hash_table_replace (self->labels, g_steal_pointer (&target), g_steal_pointer (&words));
    }
}

/* What people read beside a field */
static char *
dup_label (Reader  *self,
           xmlNode *field)
{
  static const char * const attributes[] = { "aria-label", "placeholder", "title", "name" };
  g_autofree char *id = dup_attribute (field, "id");
  const char *words = id != NULL ? g_hash_table_lookup (self->labels, id) : NULL;

  if (words != NULL)
    return g_strdup (words);

  for (xmlNode *parent = field->parent; parent != NULL; parent = parent->parent)
    if (is_element (parent, "label"))
      {
        char *own = dup_words (parent);

        if (own != NULL)
          return own;
      }

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      g_autofree char *value = dup_attribute (field, attributes[i]);
      char *own = tidy (value);

      if (own != NULL)
        return own;
    }

  return NULL;
}

static gboolean
is_any (const char         *text,
        const char * const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, names[i]) == 0)
      return TRUE;

  return FALSE;
}

static void
read_field (Reader  *self,
            xmlNode *field,
            Fields  *fields)
{
  static const char * const silent[] = { "hidden", "submit", "button", "image", "reset", NULL };
  static const char * const searches[] = { "q", "s", "query", "search", "keyword", "keywords", "suche", NULL };
  g_autofree char *type = is_element (field, "input") ? dup_attribute (field, "type") : NULL;
  g_autofree char *name = dup_attribute (field, "name");
  g_autofree char *fill = dup_attribute (field, "autocomplete");
  g_autofree char *words = NULL;

  if (type != NULL && is_any (type, silent))
    return;

  fields->has_file |= type != NULL && g_ascii_strcasecmp (type, "file") == 0;
  fields->has_secret |= (type != NULL && g_ascii_strcasecmp (type, "password") == 0) ||
                        (fill != NULL && g_str_has_prefix (fill, "cc-"));
  fields->has_message |= is_element (field, "textarea");
  fields->n_texts++;

  if (type != NULL && g_ascii_strcasecmp (type, "email") == 0)
    fields->n_mail++;
  if ((type != NULL && g_ascii_strcasecmp (type, "search") == 0) || (name != NULL && is_any (name, searches)))
    fields->n_search++;

  if (name == NULL || *name == '\0')
    return;

  fields->n_named++;
  g_string_append_printf (fields->names, "%s\n", name);

  if (fields->words->len < MAX_FIELDS && (words = dup_label (self, field)) != NULL &&
      !g_ptr_array_find_with_equal_func (fields->words, words, g_str_equal, NULL))
    g_ptr_array_add (fields->words, g_steal_pointer (&words));
}

static void
read_fields (Reader  *self,
             xmlNode *root,
             xmlNode *form,
             Fields  *fields)
{
  g_autofree char *id = dup_attribute (form, "id");

  for (xmlNode *node = root; node != NULL; node = next_node (node, root))
    {
      gboolean is_inside = FALSE;

      if (!is_element (node, "input") && !is_element (node, "textarea") && !is_element (node, "select"))
        continue;

      for (xmlNode *parent = node->parent; parent != NULL && !is_inside; parent = parent->parent)
        is_inside = parent == form;

      if (is_inside || (id != NULL && has_value (node, "form", id)))
        read_field (self, node, fields);
    }
}

static gboolean
leads_here (const char *target,
            const char *form_path)
{
  static const char * const always[] = { "/_porchlight/contact", "/contact-handler" };
  gsize length = strcspn (target, "?#");

  if (form_path != NULL && strlen (form_path) == length && strncmp (target, form_path, length) == 0)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    if (strlen (always[i]) == length && strncmp (target, always[i], length) == 0)
      /* The first is the usual one, which a site may have changed */
      return i > 0 || form_path == NULL;

  return FALSE;
}

static PorchFoundState
judge (xmlNode      *node,
       const Fields *fields,
       const char   *target,
       const char   *form_path)
{
  if (fields->has_secret)
    return PORCH_FOUND_PRIVATE;
  if (leads_here (target, form_path) && has_value (node, "method", "post"))
    return fields->has_file ? PORCH_FOUND_FILES : PORCH_FOUND_READY;
  if (fields->has_file)
    return PORCH_FOUND_FILES;
  if (fields->n_named == 0)
    return PORCH_FOUND_SCRIPT;

  return PORCH_FOUND_ELSEWHERE;
}

/* The same for the same form in other pages, and after changes of what people don't see */
static char *
dup_id (const char   *target,
        const Fields *fields)
{
  g_autofree char *goal = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) target, strcspn (target, "?#"));
  g_autofree char *names = g_compute_checksum_for_string (G_CHECKSUM_SHA256, fields->names->str, -1);

  return g_strdup_printf ("%.*s%.*s", ID_HALF, goal, ID_HALF, names);
}

static char *
dup_title (Reader  *self,
           xmlNode *form)
{
  static const char * const attributes[] = { "aria-label", "data-name", "title" };

  for (guint i = 0; i < G_N_ELEMENTS (attributes); i++)
    {
      g_autofree char *value = dup_attribute (form, attributes[i]);
      char *title = tidy (value);

      if (title != NULL)
        return title;
    }

  for (xmlNode *node = form; node != NULL; node = next_node (node, form))
    if (is_element (node, "legend") || is_element (node, "h1") || is_element (node, "h2") || is_element (node, "h3"))
      {
        char *title = dup_words (node);

        if (title != NULL)
          return title;
      }

  return g_strdup (self->heading);
}

static void
fields_clear (Fields *fields)
{
  g_string_free (fields->names, TRUE);
  g_ptr_array_unref (fields->words);
}

static void
read_form (Reader  *self,
           xmlNode *root,
           xmlNode *node)
{
  PorchReadForm *form = g_new0 (PorchReadForm, 1);
  Fields fields = { .names = g_string_new (NULL), .words = g_ptr_array_new_with_free_func (g_free) };
  g_autofree char *action = dup_attribute (node, "action");

  read_fields (self, root, node, &fields);

  form->target = g_strstrip (g_strdup (action != NULL ? action : ""));
  form->id = dup_id (form->target, &fields);
  form->title = dup_title (self, node);
  form->language = g_strdup (self->language);
  form->line = xmlGetLineNo (node);
  form->position = self->forms->len;
  form->state = judge (node, &fields, form->target, self->form_path);
  form->is_search = fields.n_texts == 0 || has_value (node, "role", "search") ||
                    (fields.n_search > 0 && !fields.has_message && fields.n_mail == 0);

  g_ptr_array_add (fields.words, NULL);
  form->fields = g_strdupv ((char **) fields.words->pdata);
  g_ptr_array_add (self->forms, form);
  fields_clear (&fields);
}

/* The parser takes what stands in a text field for elements, too. */
static gboolean
is_text (xmlNode *node)
{
  for (xmlNode *parent = node->parent; parent != NULL; parent = parent->parent)
    if (is_element (parent, "textarea"))
      return TRUE;

  return FALSE;
}

static void
read_page (Reader  *self,
           xmlNode *root)
{
  read_labels (self, root);
  self->language = dup_attribute (root, "lang");

  for (xmlNode *node = root; node != NULL; node = next_node (node, root))
    if (is_element (node, "form") && !is_text (node))
      {
        read_form (self, root, node);
      }
    else if (is_element (node, "h1") || is_element (node, "h2") || is_element (node, "h3") || is_element (node, "h4"))
      {
        char *heading = dup_words (node);

        if (heading != NULL)
          {
            g_free (self->heading);
            self->heading = heading;
          }
      }
}

/* The parser leaves out attributes with names such as @submit. */
static void
mark_scripts (GPtrArray  *forms,
              const char *text,
              gsize       length)
{
  g_autoptr(GArray) scripts = porch_form_reader_find_scripts (text, length);

  for (guint i = 0; scripts->len == forms->len && i < forms->len; i++)
    {
      PorchReadForm *form = g_ptr_array_index (forms, i);

      if (form->state == PORCH_FOUND_ELSEWHERE && g_array_index (scripts, gboolean, i))
        form->state = PORCH_FOUND_SCRIPT;
    }
}

/**
 * porch_form_reader_is_like: (skip)
 * @form: a form of a page
 * @id: what told a form that is not there any more from others
 *
 * Returns: whether it may be that form after a change: it leads to the same place, or asks for the same
 */
gboolean
porch_form_reader_is_like (const PorchReadForm *form,
                           const char          *id)
{
  if (strlen (id) != ID_LENGTH)
    return FALSE;

  /* Forms that lead nowhere have nothing in common */
  return (strcspn (form->target, "?#") > 0 && strncmp (form->id, id, ID_HALF) == 0) ||
         strcmp (form->id + ID_HALF, id + ID_HALF) == 0;
}

/**
 * porch_form_reader_read: (skip)
 * @text: (array length=length): a page
 * @length: its length in bytes
 * @form_path: (nullable): where the form of the site is sent to
 *
 * Finds the forms of a page, however well or badly it is written.
 *
 * Returns: (transfer full) (element-type PorchReadForm): the forms in their order
 */
GPtrArray *
porch_form_reader_read (const char *text,
                        gsize       length,
                        const char *form_path)
{
  Reader reader = { .form_path = form_path };
  gboolean is_utf8 = g_utf8_validate_len (text, length, NULL);
  htmlDocPtr document;

  reader.forms = g_ptr_array_new_with_free_func (read_form_free);

  if (length == 0 || length > G_MAXINT)
    return reader.forms;

  reader.labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if ((document = htmlReadMemory (text, length, NULL, is_utf8 ? "UTF-8" : NULL, OPTIONS)) != NULL)
    {
      if (xmlDocGetRootElement (document) != NULL)
        read_page (&reader, xmlDocGetRootElement (document));
      xmlFreeDoc (document);
    }

  mark_scripts (reader.forms, text, length);
  g_hash_table_unref (reader.labels);
  g_free (reader.heading);
  g_free (reader.language);

  return reader.forms;
}
