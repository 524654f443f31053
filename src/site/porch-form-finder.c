/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-finder.h"
#include "porch-error.h"
#include "porch-form-reader.h"
#include "porch-thread.h"

#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <string.h>

/* Larger pages were made by a program, and folders deeper than that go round in a circle */
#define MAX_PAGE  (16 * 1024 * 1024)
#define MAX_DEPTH 24
#define MAX_PAGES 20000

/**
 * PorchFoundForm:
 *
 * A form in the pages of an owner. The same form in several pages is one.
 */
struct _PorchFoundForm
{
  GObject          parent_instance;

  char            *id;
  char            *title;
  char            *target;
  GStrv            fields;
  GPtrArray       *pages;     /* ends with NULL */
  guint            line;
  PorchFoundState  state;
};

enum
{
  PROP_ID = 1,
  PROP_STATE,
  PROP_TITLE,
  PROP_TARGET,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (PorchFoundState, porch_found_state,
                    G_DEFINE_ENUM_VALUE (PORCH_FOUND_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOUND_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOUND_ELSEWHERE, "elsewhere"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOUND_SCRIPT, "script"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOUND_FILES, "files"),
                    G_DEFINE_ENUM_VALUE (PORCH_FOUND_PRIVATE, "private"))

G_DEFINE_FINAL_TYPE (PorchFoundForm, porch_found_form, G_TYPE_OBJECT)

/* Going through a folder, on a thread */
typedef struct
{
  GFile           *folder;
  PorchTreatments *treatments;
  char            *form_path;
  GPtrArray       *pages;      /* paths below the folder */
  GPtrArray       *forms;      /* PorchFoundForm */
  GHashTable      *known;      /* id -> PorchFoundForm */
} Search;

static void
porch_found_form_finalize (GObject *object)
{
  PorchFoundForm *self = PORCH_FOUND_FORM (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->target);
  g_strfreev (self->fields);
  g_clear_pointer (&self->pages, g_ptr_array_unref);

  G_OBJECT_CLASS (porch_found_form_parent_class)->finalize (object);
}

static void
porch_found_form_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  PorchFoundForm *self = PORCH_FOUND_FORM (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_TARGET:
      g_value_set_string (value, self->target);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_found_form_class_init (PorchFoundFormClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = porch_found_form_finalize;
  object_class->get_property = porch_found_form_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_FOUND_STATE, PORCH_FOUND_READY, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_found_form_init (PorchFoundForm *self)
{
  self->pages = g_ptr_array_new_null_terminated (1, g_free, TRUE);
}

/**
 * porch_found_form_get_id:
 * @self: a form
 *
 * Returns: (transfer none): what tells it from other forms; see [method@Porch.Treatments.with_form]
 */
const char *
porch_found_form_get_id (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), NULL);

  return self->id;
}

/**
 * porch_found_form_get_state:
 * @self: a form
 *
 * Returns: where it leads, and whether that can be changed
 */
PorchFoundState
porch_found_form_get_state (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), PORCH_FOUND_SCRIPT);

  return self->state;
}

/**
 * porch_found_form_get_pages:
 * @self: a form
 *
 * Returns: (transfer none) (array zero-terminated=1): the paths of the pages it stands in
 */
const char * const *
porch_found_form_get_pages (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), NULL);

  return (const char * const *) self->pages->pdata;
}

/**
 * porch_found_form_get_title:
 * @self: a form
 *
 * Returns: (transfer none) (nullable): what people know it by
 */
const char *
porch_found_form_get_title (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), NULL);

  return self->title;
}

/**
 * porch_found_form_get_target:
 * @self: a form
 *
 * Returns: (transfer none): where it is sent by the owner's page, "" for nowhere
 */
const char *
porch_found_form_get_target (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), NULL);

  return self->target;
}

/**
 * porch_found_form_get_fields:
 * @self: a form
 *
 * Returns: (transfer none) (array zero-terminated=1): what people read beside its fields
 */
const char * const *
porch_found_form_get_fields (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), NULL);

  return (const char * const *) self->fields;
}

/**
 * porch_found_form_get_line:
 * @self: a form
 *
 * Returns: where it begins in the first of its pages, from 1
 */
guint
porch_found_form_get_line (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), 0);

  return self->line;
}

/**
 * porch_found_form_can_connect:
 * @self: a form
 *
 * Returns: whether the copy that is sent can send it to the site
 */
gboolean
porch_found_form_can_connect (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), FALSE);

  return self->state == PORCH_FOUND_ELSEWHERE || self->state == PORCH_FOUND_CONNECTED;
}

static char *
describe_target (PorchFoundForm *self)
{
  g_autoptr(GUri) uri = g_uri_parse (self->target, G_URI_FLAGS_PARSE_RELAXED, NULL);

  if (*self->target == '\0')
    return g_strdup (_("Leads nowhere now"));
  if (uri != NULL && g_str_equal (g_uri_get_scheme (uri), "mailto"))
    return g_strdup (_("Opens the visitor’s mail program now"));
  if (uri != NULL && g_uri_get_host (uri) != NULL)
    /* Translators: %s is the name of a server such as formspree.io */
    return g_strdup_printf (_("Goes to %s now"), g_uri_get_host (uri));

  /* Translators: %s is a path such as /send.php */
  return g_strdup_printf (_("Goes to “%s” now, which does not answer here"), self->target);
}

/**
 * porch_found_form_dup_sentence:
 * @self: a form
 *
 * Returns: (transfer full): where it leads, for people
 */
char *
porch_found_form_dup_sentence (PorchFoundForm *self)
{
  g_return_val_if_fail (PORCH_IS_FOUND_FORM (self), NULL);

  switch (self->state)
    {
    case PORCH_FOUND_READY:
      return g_strdup (_("Comes to your inbox"));
    case PORCH_FOUND_CONNECTED:
      return g_strdup (_("Comes to your inbox, once it is published"));
    case PORCH_FOUND_SCRIPT:
      return g_strdup (_("A program in the page sends it, which can’t be changed from here"));
    case PORCH_FOUND_FILES:
      return g_strdup (_("Asks for files, which an inbox can’t take"));
    case PORCH_FOUND_PRIVATE:
      return g_strdup (_("Asks for a password or a payment"));
    case PORCH_FOUND_ELSEWHERE:
    default:
      return describe_target (self);
    }
}

/**
 * porch_found_form_to_json:
 * @self: a form
 *
 * Returns: (transfer full): all about it
 */
JsonObject *
porch_found_form_to_json (PorchFoundForm *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *pages = json_array_new ();
  JsonArray *fields = json_array_new ();
  g_autofree char *sentence = porch_found_form_dup_sentence (self);

  for (guint i = 0; i < self->pages->len; i++)
    json_array_add_string_element (pages, g_ptr_array_index (self->pages, i));
  for (guint i = 0; self->fields[i] != NULL; i++)
    json_array_add_string_element (fields, self->fields[i]);

  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "state",
                                 g_enum_get_value (g_type_class_get (PORCH_TYPE_FOUND_STATE), self->state)->value_nick);
  json_object_set_string_member (object, "title", self->title);
  json_object_set_string_member (object, "target", self->target);
  json_object_set_string_member (object, "sentence", sentence);
  json_object_set_int_member (object, "line", self->line);
  json_object_set_array_member (object, "pages", pages);
  json_object_set_array_member (object, "fields", fields);

  return object;
}

static void
clear_search (gpointer data)
{
  Search *search = data;

  g_object_unref (search->folder);
  g_clear_pointer (&search->treatments, porch_treatments_unref);
  g_free (search->form_path);
  g_ptr_array_unref (search->pages);
  g_ptr_array_unref (search->forms);
  g_hash_table_unref (search->known);
}

/* Whoever waits may let go before the thread is through. */
static void
search_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_search);
}

static gboolean
is_page (const char *name)
{
  static const char * const endings[] = { ".html", ".htm", ".xhtml" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      gsize length = strlen (name);
      gsize n = strlen (endings[i]);

      if (length > n && g_ascii_strcasecmp (name + length - n, endings[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
list_pages (Search      *search,
            GFile       *folder,
            const char  *path,
            guint        depth,
            GError     **error)
{
  g_autoptr(GFileEnumerator) children = NULL;

  children = g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                        G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, NULL, error);

  while (children != NULL && search->pages->len < MAX_PAGES)
    {
      GFileInfo *info;
      GFile *child;
      g_autofree char *own = NULL;

      if (!g_file_enumerator_iterate (children, &info, &child, NULL, error))
        return FALSE;
      if (info == NULL)
        return TRUE;

      if (*g_file_info_get_name (info) == '.' || g_str_equal (g_file_info_get_name (info), "node_modules"))
        continue;

      own = g_strconcat (path, g_file_info_get_name (info), NULL);

      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY && depth < MAX_DEPTH)
        {
          g_autofree char *below = g_strconcat (own, "/", NULL);

          /* A folder below that can't be read holds no form that could be published */
          list_pages (search, child, below, depth + 1, NULL);
        }
      else if (g_file_info_get_file_type (info) == G_FILE_TYPE_REGULAR && is_page (g_file_info_get_name (info)))
        {
          g_ptr_array_add (search->pages, g_steal_pointer (&own));
        }
    }

  return children != NULL;
}

static void
add_form (Search        *search,
          const char    *page,
          PorchReadForm *form)
{
  PorchFoundForm *found = g_hash_table_lookup (search->known, form->id);

  if (form->is_search)
    return;

  if (found == NULL)
    {
      found = g_object_new (PORCH_TYPE_FOUND_FORM, NULL);
      found->id = g_strdup (form->id);
      found->title = g_strdup (form->title);
      found->target = g_strdup (form->target);
      found->fields = g_strdupv (form->fields);
      found->line = form->line;
      found->state = form->state;

      if (found->state == PORCH_FOUND_ELSEWHERE && porch_treatments_has_form (search->treatments, form->id))
        found->state = PORCH_FOUND_CONNECTED;

      g_hash_table_insert (search->known, found->id, found);
      g_ptr_array_add (search->forms, found);
    }

  if (found->pages->len == 0 || !g_str_equal (g_ptr_array_index (found->pages, found->pages->len - 1), page))
    g_ptr_array_add (found->pages, g_strdup (page));
}

static void
read_page (Search     *search,
           const char *page)
{
  g_autoptr(GFile) file = g_file_resolve_relative_path (search->folder, page);
  g_autofree char *text = NULL;
  g_autoptr(GPtrArray) forms = NULL;
  gsize length;

  if (!g_file_load_contents (file, NULL, &text, &length, NULL, NULL) || length > MAX_PAGE)
    return;

  forms = porch_form_reader_read (text, length, search->form_path);

  for (guint i = 0; i < forms->len; i++)
    add_form (search, page, g_ptr_array_index (forms, i));
}

static int
compare_paths (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* What can be used comes first, else the order of the pages stays. */
static int
compare_forms (gconstpointer a,
               gconstpointer b)
{
  const PorchFoundForm *form_a = *(PorchFoundForm * const *) a;
  const PorchFoundForm *form_b = *(PorchFoundForm * const *) b;
  int order = (int) form_a->state - (int) form_b->state;

  return order != 0 ? order : strcmp (g_ptr_array_index (form_a->pages, 0), g_ptr_array_index (form_b->pages, 0));
}

static gboolean
search_folder (gpointer   data,
               GError   **error)
{
  Search *search = data;

  if (!list_pages (search, search->folder, "", 0, error))
    return FALSE;

  g_ptr_array_sort (search->pages, compare_paths);

  for (guint i = 0; i < search->pages->len; i++)
    read_page (search, g_ptr_array_index (search->pages, i));

  g_ptr_array_sort (search->forms, compare_forms);

  return TRUE;
}

static DexFuture *
searched_cb (DexFuture *future,
             gpointer   user_data)
{
  Search *search = user_data;
  GListStore *forms = g_list_store_new (PORCH_TYPE_FOUND_FORM);

  for (guint i = 0; i < search->forms->len; i++)
    g_list_store_append (forms, g_ptr_array_index (search->forms, i));

  return dex_future_new_take_object (forms);
}

/**
 * porch_form_finder_find:
 * @folder: the folder of a site
 * @treatments: (nullable): what its owner agreed to
 * @form_path: (nullable): where the form of the site is sent to
 *
 * Looks for forms in the pages below @folder. Those that only search the site are none.
 *
 * Returns: (transfer full): a future that resolves to a [iface@Gio.ListModel] of [class@Porch.FoundForm], those first that
 *   can be used; or is rejected with a `G_IO_ERROR` if the folder can't be read
 */
DexFuture *
porch_form_finder_find (GFile           *folder,
                        PorchTreatments *treatments,
                        const char      *form_path)
{
  Search *search;

  dex_return_error_if_fail (G_IS_FILE (folder));

  /* libxml2 must be set up before a thread uses it */
  xmlInitParser ();

  search = g_atomic_rc_box_new0 (Search);
  search->folder = g_object_ref (folder);
  search->treatments = treatments != NULL ? porch_treatments_ref (treatments) : NULL;
  search->form_path = g_strdup (form_path);
  search->pages = g_ptr_array_new_with_free_func (g_free);
  search->forms = g_ptr_array_new_with_free_func (g_object_unref);
  search->known = g_hash_table_new (g_str_hash, g_str_equal);

  return dex_future_then (porch_thread_run (search_folder, g_atomic_rc_box_acquire (search), search_unref),
                          searched_cb, search, search_unref);
}
