/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-which-page.h"

#include <glib/gi18n.h>

#include "porch-form-finder.h"
#include "porch-form-snippet.h"
#include "porch-widget-util.h"

/* Which form visitors write through: one of the pages, which may have to be connected, or a new one to be pasted. */
struct _PorchFormWhichPage
{
  PorchWizardPage  parent_instance;

  GtkStack        *stack;
  GtkLabel        *none_label;
  GtkListBox      *forms_list;
  AdwSwitchRow    *name_row;
  AdwSwitchRow    *mail_row;
  AdwSwitchRow    *phone_row;
  AdwSwitchRow    *subject_row;

  PorchSite       *site;
  GListModel      *forms;
  DexFuture       *finding;
};

G_DEFINE_FINAL_TYPE (PorchFormWhichPage, porch_form_which_page, PORCH_TYPE_WIZARD_PAGE)

static char *
list_fields (GObject  *object,
             gboolean  name,
             gboolean  mail,
             gboolean  phone,
             gboolean  subject)
{
  const char *words[] = { name ? _("Name") : NULL, mail ? _("Mail Address") : NULL, phone ? _("Telephone") : NULL,
                          subject ? _("Subject") : NULL, _("Message") };
  g_autoptr(GString) list = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i] != NULL)
      /* Translators: between the parts of a list */
      g_string_append_printf (list, "%s%s", list->len > 0 ? C_("list", ", ") : "", words[i]);

  return g_string_free_and_steal (g_steal_pointer (&list));
}

static char *
describe_form (PorchFoundForm *form)
{
  const char * const *pages = porch_found_form_get_pages (form);
  guint n_others = g_strv_length ((char **) pages) - 1;
  g_autofree char *fields = g_strjoinv (C_("list", ", "), (char **) porch_found_form_get_fields (form));
  g_autofree char *sentence = porch_found_form_dup_sentence (form);
  g_autofree char *first = porch_isolate (pages[0]);
  g_autofree char *where = NULL;

  if (n_others > 0)
    /* Translators: %s is the path of a page */
    where = g_strdup_printf (ngettext ("In %s and %u other page", "In %s and %u other pages", n_others), first, n_others);
  else
    /* Translators: %s is the path of a page */
    where = g_strdup_printf (_("In %s"), first);

  return g_strconcat (sentence, "\n", where, *fields != '\0' ? "\n" : "", fields, NULL);
}

static GtkWidget *
create_form_row (gpointer item,
                 gpointer user_data)
{
  PorchFoundForm *form = item;
  gboolean can_connect = porch_found_form_can_connect (form);
  const char *title = porch_found_form_get_title (form);
  g_autofree char *subtitle = describe_form (form);
  GtkWidget *row;

  row = g_object_new (can_connect ? ADW_TYPE_SWITCH_ROW : ADW_TYPE_ACTION_ROW,
                      "use-markup", FALSE,
                      "subtitle-lines", 0,
                      NULL);
  /* What is set together with it is read as markup first */
  g_object_set (row, "title", title != NULL ? title : _("Form"), "subtitle", subtitle, NULL);

  if (can_connect)
    adw_switch_row_set_active (ADW_SWITCH_ROW (row), porch_found_form_get_state (form) == PORCH_FOUND_CONNECTED);
  else
    adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                               g_object_new (GTK_TYPE_IMAGE,
                                             "icon-name", porch_found_form_get_state (form) == PORCH_FOUND_READY
                                                            ? "object-select-symbolic" : "dialog-information-symbolic",
                                             "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                             NULL));

  g_object_set_data_full (G_OBJECT (row), "form", g_object_ref (form), g_object_unref);

  return row;
}

/* Where there is only one that it can be meant, it is */
static void
suggest (PorchFormWhichPage *self)
{
  GtkListBoxRow *only = NULL;
  guint n = g_list_model_get_n_items (self->forms);

  for (guint i = 0; i < n; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->forms_list, i);
      PorchFoundForm *form = g_object_get_data (G_OBJECT (row), "form");

      if (porch_found_form_get_state (form) == PORCH_FOUND_READY || porch_found_form_get_state (form) == PORCH_FOUND_CONNECTED)
        return;

      if (porch_found_form_can_connect (form))
        {
          if (only != NULL)
            return;

          only = row;
        }
    }

  if (only != NULL)
    adw_switch_row_set_active (ADW_SWITCH_ROW (only), TRUE);
}

static void
show_none (PorchFormWhichPage *self,
           const char         *sentence)
{
  gtk_label_set_label (self->none_label, sentence);
  gtk_stack_set_visible_child_name (self->stack, "none");
}

static DexFuture *
found_cb (DexFuture *future,
          gpointer   user_data)
{
  PorchFormWhichPage *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value == NULL)
    {
      show_none (self, _("The folder of the site can’t be read at the moment."));
      return NULL;
    }

  g_set_object (&self->forms, g_value_get_object (value));

  if (g_list_model_get_n_items (self->forms) == 0)
    {
      show_none (self, _("There is no form in your pages yet."));
      return NULL;
    }

  gtk_list_box_bind_model (self->forms_list, self->forms, create_form_row, NULL, NULL);
  suggest (self);
  gtk_stack_set_visible_child_name (self->stack, "forms");

  return NULL;
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchFormWhichPage *self = PORCH_FORM_WHICH_PAGE (widget);
  PorchSnippetFields fields = (adw_switch_row_get_active (self->name_row) ? PORCH_SNIPPET_NAME : 0) |
                              (adw_switch_row_get_active (self->mail_row) ? PORCH_SNIPPET_MAIL : 0) |
                              (adw_switch_row_get_active (self->phone_row) ? PORCH_SNIPPET_PHONE : 0) |
                              (adw_switch_row_get_active (self->subject_row) ? PORCH_SNIPPET_SUBJECT : 0);
  g_autofree char *snippet = porch_form_dup_snippet (porch_site_get_form (self->site), fields);

  porch_widget_copy_text (widget, snippet);
}

static void
porch_form_which_page_dispose (GObject *object)
{
  PorchFormWhichPage *self = PORCH_FORM_WHICH_PAGE (object);

  dex_clear (&self->finding);
  g_clear_object (&self->forms);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_FORM_WHICH_PAGE);

  G_OBJECT_CLASS (porch_form_which_page_parent_class)->dispose (object);
}

static void
porch_form_which_page_class_init (PorchFormWhichPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_form_which_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-form-which-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, none_label);
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, forms_list);
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, mail_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, phone_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormWhichPage, subject_row);
  gtk_widget_class_bind_template_callback (widget_class, list_fields);

  gtk_widget_class_install_action (widget_class, "which.copy", NULL, copy_action);
}

static void
porch_form_which_page_init (PorchFormWhichPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
porch_form_which_page_set_site (PorchFormWhichPage *self,
                                PorchSite          *site)
{
  g_return_if_fail (PORCH_IS_FORM_WHICH_PAGE (self));
  g_return_if_fail (PORCH_IS_SITE (site));

  g_set_object (&self->site, site);
  dex_clear (&self->finding);

  if (porch_site_get_folder (site) == NULL)
    {
      show_none (self, _("The folder of the site is not known on this computer, so its pages can’t be looked through."));
      return;
    }

  self->finding = dex_future_finally (porch_form_finder_find (porch_site_get_folder (site), porch_site_get_treatments (site),
                                                              porch_site_get_form_path (site)),
                                      found_cb, self, NULL);
}

static gboolean
is_found (PorchFormWhichPage *self,
          const char         *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (self->forms); i++)
    {
      g_autoptr(PorchFoundForm) form = g_list_model_get_item (self->forms, i);

      if (g_str_equal (porch_found_form_get_id (form), id))
        return TRUE;
    }

  return FALSE;
}

/* Swallows @treatments. What is not in the pages any more was seen to be missing here. */
static PorchTreatments *
forget_lost (PorchFormWhichPage *self,
             PorchTreatments    *treatments)
{
  g_auto(GStrv) ids = porch_treatments_dup_forms (treatments);

  for (guint i = 0; ids[i] != NULL; i++)
    if (!is_found (self, ids[i]))
      {
        PorchTreatments *before = treatments;

        treatments = porch_treatments_without_form (before, ids[i]);
        porch_treatments_unref (before);
      }

  return treatments;
}

/* What the owner agreed to before, with the forms as they were chosen. Those that were sent to the site's form by
 * themselves follow it to another path.
 */
PorchTreatments *
porch_form_which_page_dup_treatments (PorchFormWhichPage *self,
                                      const char         *form_path)
{
  PorchTreatments *treatments;
  gboolean is_moved;

  g_return_val_if_fail (PORCH_IS_FORM_WHICH_PAGE (self), NULL);

  g_return_val_if_fail (form_path != NULL, NULL);

  treatments = porch_treatments_join (porch_site_get_treatments (self->site), NULL);
  is_moved = !g_str_equal (form_path, porch_site_get_form_path (self->site));

  if (self->forms != NULL)
    treatments = forget_lost (self, treatments);

  for (guint i = 0; self->forms != NULL && i < g_list_model_get_n_items (self->forms); i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->forms_list, i);
      PorchFoundForm *form = g_object_get_data (G_OBJECT (row), "form");
      const char *id = porch_found_form_get_id (form);
      gboolean is_ready = porch_found_form_get_state (form) == PORCH_FOUND_READY;
      g_autoptr(PorchTreatments) before = NULL;

      if (!ADW_IS_SWITCH_ROW (row) && !(is_ready && is_moved))
        continue;

      before = treatments;
      treatments = is_ready || adw_switch_row_get_active (ADW_SWITCH_ROW (row)) ? porch_treatments_with_form (before, id)
                                                                                : porch_treatments_without_form (before, id);
    }

  return treatments;
}
