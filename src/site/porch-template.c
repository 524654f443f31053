/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-template.h"
#include "porch-error.h"
#include "porch-thread.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROOT PORCH_RESOURCE_PATH "/templates/"
#define FORM_BEGIN "<!-- porchlight:form -->"
#define FORM_END "<!-- /porchlight:form -->"
#define FORM_PATH "/_porchlight/contact"

/**
 * PorchTemplate:
 *
 * A website to begin with. Its files are copied to a folder of the person's own, where they can be changed.
 */
struct _PorchTemplate
{
  GObject   parent_instance;

  char     *id;
  char     *title;
  char     *description;
  char     *picture;
  gint64    order;
  gboolean  has_form;
};

G_DEFINE_FINAL_TYPE (PorchTemplate, porch_template, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_TITLE,
  PROP_DESCRIPTION,
  PROP_PICTURE,
  PROP_HAS_FORM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_template_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  PorchTemplate *self = PORCH_TEMPLATE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_PICTURE:
      g_value_set_string (value, self->picture);
      break;
    case PROP_HAS_FORM:
      g_value_set_boolean (value, self->has_form);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_template_finalize (GObject *object)
{
  PorchTemplate *self = PORCH_TEMPLATE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->description, g_free);
  g_clear_pointer (&self->picture, g_free);

  G_OBJECT_CLASS (porch_template_parent_class)->finalize (object);
}

static void
porch_template_class_init (PorchTemplateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_template_get_property;
  object_class->finalize = porch_template_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_DESCRIPTION] = g_param_spec_string ("description", NULL, NULL, NULL, flags);
  properties[PROP_PICTURE] = g_param_spec_string ("picture", NULL, NULL, NULL, flags);
  properties[PROP_HAS_FORM] = g_param_spec_boolean ("has-form", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_template_init (PorchTemplate *self)
{
}

static PorchTemplate *
load_template (const char *id)
{
  g_autofree char *path = g_strconcat (ROOT, id, "/template.json", NULL);
  g_autofree char *picture = g_strconcat (ROOT, id, "/picture.png", NULL);
  g_autoptr(GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr(JsonObject) json = bytes != NULL ? aws_json_load_object (bytes, NULL) : NULL;
  PorchTemplate *self;

  if (json == NULL || aws_json_get_string (json, "title") == NULL)
    return NULL;

  self = g_object_new (PORCH_TYPE_TEMPLATE, NULL);
  self->id = g_strdup (id);
  self->title = g_strdup (aws_json_get_string (json, "title"));
  self->description = g_strdup (aws_json_get_string (json, "description"));
  self->has_form = aws_json_get_bool (json, "hasForm");
  self->order = aws_json_get_int (json, "order", G_MAXINT);

  if (g_resources_get_info (picture, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL))
    self->picture = g_steal_pointer (&picture);

  return self;
}

static int
compare_templates (gconstpointer a,
                   gconstpointer b,
                   gpointer      user_data)
{
  const PorchTemplate *first = a;
  const PorchTemplate *second = b;

  return first->order != second->order ? (first->order < second->order ? -1 : 1)
                                       : g_strcmp0 (first->id, second->id);
}

/**
 * porch_templates_list:
 *
 * Returns: (transfer full): a list of [class@Porch.Template], in the order to show them
 */
GListModel *
porch_templates_list (void)
{
  GListStore *list = g_list_store_new (PORCH_TYPE_TEMPLATE);
  g_auto(GStrv) names = g_resources_enumerate_children (ROOT, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      g_autofree char *id = g_strndup (names[i], strcspn (names[i], "/"));
      g_autoptr(PorchTemplate) template = load_template (id);

      if (template != NULL)
        g_list_store_insert_sorted (list, template, compare_templates, NULL);
    }

  return G_LIST_MODEL (list);
}

/**
 * porch_template_find:
 * @id: the id of a template
 *
 * Returns: (transfer full) (nullable): the template
 */
PorchTemplate *
porch_template_find (const char *id)
{
  g_return_val_if_fail (id != NULL, NULL);

  return strchr (id, '/') == NULL ? load_template (id) : NULL;
}

/**
 * porch_template_get_id:
 * @self: a template
 *
 * Returns: (transfer none): the word by which it is known
 */
const char *
porch_template_get_id (PorchTemplate *self)
{
  g_return_val_if_fail (PORCH_IS_TEMPLATE (self), NULL);

  return self->id;
}

/**
 * porch_template_get_title:
 * @self: a template
 *
 * Returns: (transfer none): what kind of website it is
 */
const char *
porch_template_get_title (PorchTemplate *self)
{
  g_return_val_if_fail (PORCH_IS_TEMPLATE (self), NULL);

  return self->title;
}

/**
 * porch_template_get_description:
 * @self: a template
 *
 * Returns: (transfer none): a sentence about it
 */
const char *
porch_template_get_description (PorchTemplate *self)
{
  g_return_val_if_fail (PORCH_IS_TEMPLATE (self), NULL);

  return self->description;
}

/**
 * porch_template_get_has_form:
 * @self: a template
 *
 * Returns: whether it has a place for the contact form
 */
gboolean
porch_template_get_has_form (PorchTemplate *self)
{
  g_return_val_if_fail (PORCH_IS_TEMPLATE (self), FALSE);

  return self->has_form;
}

/**
 * porch_template_get_picture:
 * @self: a template
 *
 * Returns: (transfer none) (nullable): the resource path of a picture of its first page
 */
const char *
porch_template_get_picture (PorchTemplate *self)
{
  g_return_val_if_fail (PORCH_IS_TEMPLATE (self), NULL);

  return self->picture;
}

typedef struct
{
  char     *source;
  GFile    *folder;
  char     *name;
  gboolean  with_form;
} Copy;

static void
copy_free (gpointer data)
{
  Copy *copy = data;

  g_clear_pointer (&copy->source, g_free);
  g_clear_pointer (&copy->name, g_free);
  g_clear_object (&copy->folder);
  g_free (copy);
}

static char *
remove_forms (const char *text)
{
  g_autoptr(GString) result = g_string_new (NULL);
  const char *begin;
  const char *end;

  while ((begin = strstr (text, FORM_BEGIN)) != NULL && (end = strstr (begin, FORM_END)) != NULL)
    {
      g_string_append_len (result, text, begin - text);
      text = end + strlen (FORM_END);
    }

  g_string_append (result, text);

  return g_string_free (g_steal_pointer (&result), FALSE);
}

static GBytes *
fill_in (GBytes     *bytes,
         const char *file_name,
         Copy       *copy)
{
  gboolean is_html = g_str_has_suffix (file_name, ".html");
  g_autoptr(GString) text = NULL;
  g_autofree char *plain = NULL;
  g_autofree char *without = NULL;
  g_autofree char *name = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (!is_html && !g_str_has_suffix (file_name, ".css") && !g_str_has_suffix (file_name, ".svg"))
    return g_bytes_ref (bytes);

  plain = g_strndup (data, size);
  without = is_html && !copy->with_form ? remove_forms (plain) : g_strdup (plain);
  name = g_markup_escape_text (copy->name, -1);
  text = g_string_new (without);
  g_string_replace (text, "{{name}}", name, 0);
  g_string_replace (text, "{{form-path}}", FORM_PATH, 0);

  return g_string_free_to_bytes (g_steal_pointer (&text));
}

static gboolean
is_part_of_site (const char *file_name,
                 Copy       *copy)
{
  return !g_str_equal (file_name, "template.json") &&
         !g_str_equal (file_name, "picture.png") &&
         !g_str_equal (file_name, "picture-dark.png") &&
         (copy->with_form || !g_str_equal (file_name, "thanks/"));
}

static gboolean
make_folder (GFile   *folder,
             GError **error)
{
  g_autoptr(GError) local_error = NULL;

  if (g_file_make_directory_with_parents (folder, NULL, &local_error) ||
      g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
copy_tree (const char *source,
           GFile      *folder,
           Copy       *copy,
           GError    **error)
{
  g_auto(GStrv) names = g_resources_enumerate_children (source, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  if (names == NULL || !make_folder (folder, error))
    return FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (source, names[i], NULL);
      g_autoptr(GFile) child = g_file_get_child (folder, names[i]);
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(GBytes) filled = NULL;

      if (!is_part_of_site (names[i], copy))
        continue;

      if (g_str_has_suffix (names[i], "/"))
        {
          if (!copy_tree (path, child, copy, error))
            return FALSE;
          continue;
        }

      if ((bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error)) == NULL)
        return FALSE;

      filled = fill_in (bytes, names[i], copy);

      if (!g_file_replace_contents (child, g_bytes_get_data (filled, NULL), g_bytes_get_size (filled), NULL, FALSE,
                                    G_FILE_CREATE_REPLACE_DESTINATION, NULL, NULL, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
copy_template (gpointer   data,
               GError   **error)
{
  Copy *copy = data;

  return copy_tree (copy->source, copy->folder, copy, error);
}

/**
 * porch_template_write:
 * @self: a template
 * @folder: where to; made if it is missing
 * @name: the name of the site, put in where the pages name it
 * @with_form: whether to keep the contact form
 *
 * Copies the template to a folder, where it can be changed with any program.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with a %G_IO_ERROR
 */
DexFuture *
porch_template_write (PorchTemplate *self,
                      GFile         *folder,
                      const char    *name,
                      gboolean       with_form)
{
  Copy *copy;

  dex_return_error_if_fail (PORCH_IS_TEMPLATE (self));
  dex_return_error_if_fail (G_IS_FILE (folder));
  dex_return_error_if_fail (name != NULL);

  copy = g_new0 (Copy, 1);
  copy->source = g_strconcat (ROOT, self->id, "/", NULL);
  copy->folder = g_object_ref (folder);
  copy->name = g_strdup (name);
  copy->with_form = with_form && self->has_form;

  return porch_thread_run (copy_template, copy, copy_free);
}
