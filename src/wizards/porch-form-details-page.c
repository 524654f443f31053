/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-details-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "porch-widget-util.h"

/* What follows a message: a page, a judgement, how long it is kept. */
struct _PorchFormDetailsPage
{
  PorchWizardPage  parent_instance;

  AdwComboRow     *thanks_row;
  AdwComboRow     *spam_row;
  AdwComboRow     *keep_row;
  AdwEntryRow     *path_row;
  GtkLabel        *path_error;
  GtkLabel        *path_warning;

  PorchSite       *site;
  GtkStringList   *pages;      /* the first is the built-in one */
  guint            days;       /* as they are, where no choice fits */
};

G_DEFINE_FINAL_TYPE (PorchFormDetailsPage, porch_form_details_page, PORCH_TYPE_WIZARD_PAGE)

static const guint days_of_choice[] = { 0, 365, 183, 30 };

/* The page or file of the site that has the path for its address; NULL for none */
static char *
find_page (PorchSite  *site,
           const char *path)
{
  g_autofree char *start = g_strconcat (path + 1, "/index.html", NULL);
  const char *places[] = { path + 1, start };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(GFile) file = g_file_resolve_relative_path (porch_site_get_folder (site), places[i]);

      if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_REGULAR)
        return g_strdup (places[i]);
    }

  return NULL;
}

static char *
warn_of_path (PorchFormDetailsPage *self,
              const char           *path)
{
  g_autoptr(PorchForm) plain = porch_form_new ();
  g_autoptr(PorchForm) form = porch_form_with_path (plain, path, NULL);
  g_autofree char *page = NULL;

  /* What can't be a path is refused anyway */
  if (form == NULL || self->site == NULL)
    return NULL;

  if (porch_site_get_folder (self->site) != NULL && (page = find_page (self->site, path)) != NULL)
    /* Translators: the first %s is the path of a file, the second an address such as /contact */
    return g_strdup_printf (_("Visitors could not open “%s” any more: the form would answer at its address, “%s”."), page, path);

  if (porch_site_get_form_enabled (self->site) && !g_str_equal (path, porch_site_get_form_path (self->site)))
    /* Translators: %s is an address such as /contact */
    return g_strdup_printf (_("Forms that are sent to “%s” reach nobody until you publish once more."),
                            porch_site_get_form_path (self->site));

  return NULL;
}

static void
path_changed_cb (PorchFormDetailsPage *self,
                 AdwEntryRow          *row)
{
  g_autofree char *path = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  g_autofree char *warning = warn_of_path (self, path);

  porch_row_set_error (GTK_WIDGET (row), self->path_error, NULL);
  gtk_label_set_label (self->path_warning, warning != NULL ? warning : "");
  gtk_widget_set_visible (GTK_WIDGET (self->path_warning), warning != NULL);
}

static DexFuture *
porch_form_details_page_check (PorchWizardPage *page)
{
  PorchFormDetailsPage *self = PORCH_FORM_DETAILS_PAGE (page);
  g_autoptr(PorchForm) plain = porch_form_new ();
  g_autoptr(PorchForm) form = NULL;
  g_autoptr(GError) error = NULL;

  if ((form = porch_form_details_page_dup_form (self, plain, &error)) != NULL)
    return NULL;

  porch_row_set_error (GTK_WIDGET (self->path_row), self->path_error, error->message);
  gtk_widget_grab_focus (GTK_WIDGET (self->path_row));

  return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
}

static void
porch_form_details_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_FORM_DETAILS_PAGE (object)->pages);
  g_clear_object (&PORCH_FORM_DETAILS_PAGE (object)->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_FORM_DETAILS_PAGE);

  G_OBJECT_CLASS (porch_form_details_page_parent_class)->dispose (object);
}

static void
porch_form_details_page_class_init (PorchFormDetailsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_form_details_page_dispose;

  PORCH_WIZARD_PAGE_CLASS (klass)->check = porch_form_details_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-form-details-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFormDetailsPage, thanks_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDetailsPage, spam_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDetailsPage, keep_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDetailsPage, path_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDetailsPage, path_error);
  gtk_widget_class_bind_template_child (widget_class, PorchFormDetailsPage, path_warning);
  gtk_widget_class_bind_template_callback (widget_class, path_changed_cb);
}

static void
porch_form_details_page_init (PorchFormDetailsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->pages = gtk_string_list_new (NULL);
  gtk_string_list_append (self->pages, _("Built-In"));
  adw_combo_row_set_model (self->thanks_row, G_LIST_MODEL (self->pages));
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/* Pages at the top of the folder, and start pages of the folders there: nobody thanks from deep inside */
static GPtrArray *
list_pages (GFile *folder)
{
  g_autoptr(GFileEnumerator) children = NULL;
  GPtrArray *pages = g_ptr_array_new_with_free_func (g_free);
  GFileInfo *info;
  GFile *child;

  children = g_file_enumerate_children (folder, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
                                        G_FILE_QUERY_INFO_NONE, NULL, NULL);

  while (children != NULL && g_file_enumerator_iterate (children, &info, &child, NULL, NULL) && info != NULL)
    {
      const char *name = g_file_info_get_name (info);
      g_autoptr(GFile) start = g_file_get_child (child, "index.html");

      if (*name == '.' || !g_utf8_validate (name, -1, NULL))
        continue;

      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY && g_file_query_exists (start, NULL))
        g_ptr_array_add (pages, g_strconcat ("/", name, "/", NULL));
      else if (g_str_has_suffix (name, ".html") && !g_str_equal (name, "index.html") && !g_str_equal (name, "404.html"))
        g_ptr_array_add (pages, g_strconcat ("/", name, NULL));
    }

  g_ptr_array_sort (pages, compare_names);

  return pages;
}

static void
fill_pages (PorchFormDetailsPage *self,
            PorchSite            *site)
{
  const char *thanks = porch_form_get_thanks (porch_site_get_form (site));
  g_autofree char *shown = thanks != NULL ? g_uri_unescape_string (thanks, NULL) : NULL;
  g_autoptr(GPtrArray) pages = NULL;
  guint selected = 0;

  if (porch_site_get_folder (site) != NULL)
    pages = list_pages (porch_site_get_folder (site));

  for (guint i = 0; pages != NULL && i < pages->len; i++)
    {
      gtk_string_list_append (self->pages, g_ptr_array_index (pages, i));
      if (g_strcmp0 (g_ptr_array_index (pages, i), shown) == 0)
        selected = i + 1;
    }

  /* One that is not in the folder was chosen on another computer */
  if (shown != NULL && selected == 0)
    {
      gtk_string_list_append (self->pages, shown);
      selected = g_list_model_get_n_items (G_LIST_MODEL (self->pages)) - 1;
    }

  adw_combo_row_set_selected (self->thanks_row, selected);
}

/* Another number, set from elsewhere, is one choice more */
static void
fill_days (PorchFormDetailsPage *self,
           guint                 days)
{
  GtkStringList *choices = GTK_STRING_LIST (adw_combo_row_get_model (self->keep_row));
  g_autofree char *other = NULL;
  guint selected = 0;

  self->days = days;
  while (selected < G_N_ELEMENTS (days_of_choice) && days_of_choice[selected] != days)
    selected++;

  if (selected == G_N_ELEMENTS (days_of_choice))
    {
      other = g_strdup_printf (ngettext ("%u Day", "%u Days", days), days);
      gtk_string_list_append (choices, other);
    }

  adw_combo_row_set_selected (self->keep_row, selected);
}

void
porch_form_details_page_set_site (PorchFormDetailsPage *self,
                                  PorchSite            *site)
{
  PorchForm *form;

  g_return_if_fail (PORCH_IS_FORM_DETAILS_PAGE (self));
  g_return_if_fail (PORCH_IS_SITE (site));

  g_set_object (&self->site, site);
  form = porch_site_get_form (site);
  fill_pages (self, site);
  fill_days (self, porch_form_get_days (form));
  adw_combo_row_set_selected (self->spam_row, porch_form_get_spam_level (form));
  gtk_editable_set_text (GTK_EDITABLE (self->path_row), porch_form_get_path (form));
}

/* @form with what is chosen here; NULL with an error if the path can't be one. */
PorchForm *
porch_form_details_page_dup_form (PorchFormDetailsPage  *self,
                                  PorchForm             *form,
                                  GError               **error)
{
  guint thanks = adw_combo_row_get_selected (self->thanks_row);
  guint keep = adw_combo_row_get_selected (self->keep_row);
  g_autofree char *path = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->path_row))));
  g_autoptr(PorchForm) placed = NULL;
  g_autoptr(PorchForm) thanked = NULL;
  g_autoptr(PorchForm) judged = NULL;

  g_return_val_if_fail (PORCH_IS_FORM_DETAILS_PAGE (self), NULL);

  if ((placed = porch_form_with_path (form, path, error)) == NULL ||
      (thanked = porch_form_with_thanks (placed, thanks > 0 ? gtk_string_list_get_string (self->pages, thanks) : NULL, error)) == NULL)
    return NULL;

  judged = porch_form_with_spam_level (thanked, MIN (adw_combo_row_get_selected (self->spam_row), PORCH_SPAM_HIGH));

  return porch_form_with_days (judged, keep < G_N_ELEMENTS (days_of_choice) ? days_of_choice[keep] : self->days);
}
