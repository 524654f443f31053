/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-mail-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* The service takes no more, see porch_plan_check_mail() */
#define MAX_MAILS 10

/* Who is told about messages. */
struct _PorchFormMailPage
{
  PorchWizardPage       parent_instance;

  AdwPreferencesGroup  *mails_group;
  GtkLabel             *mail_error;

  GPtrArray            *rows;     /* of the group, which owns them */
  PorchForm            *form;
};

G_DEFINE_FINAL_TYPE (PorchFormMailPage, porch_form_mail_page, PORCH_TYPE_WIZARD_PAGE)

static void
update (PorchFormMailPage *self)
{
  gboolean any = FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      g_autofree char *mail = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));

      any |= *mail != '\0';
      gtk_widget_set_visible (g_object_get_data (G_OBJECT (row), "remove"), self->rows->len > 1);
      porch_row_set_error (row, self->mail_error, NULL);
    }

  porch_wizard_page_set_complete (PORCH_WIZARD_PAGE (self), any);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "mail.add", self->rows->len < MAX_MAILS);
}

static void
remove_cb (GtkWidget *button,
           gpointer   user_data)
{
  PorchFormMailPage *self = user_data;
  GtkWidget *row = gtk_widget_get_ancestor (button, ADW_TYPE_ENTRY_ROW);

  g_ptr_array_remove (self->rows, row);
  adw_preferences_group_remove (self->mails_group, row);
  gtk_widget_grab_focus (g_ptr_array_index (self->rows, 0));
  update (self);
}

static GtkWidget *
add_row (PorchFormMailPage *self,
         const char        *mail)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  GtkWidget *row = g_object_new (ADW_TYPE_ENTRY_ROW,
                                 "title", self->rows->len == 0 ? _("_Mail Address") : _("Another _Mail Address"),
                                 "use-underline", TRUE,
                                 "activates-default", TRUE,
                                 "input-purpose", GTK_INPUT_PURPOSE_EMAIL,
                                 "input-hints", GTK_INPUT_HINT_NO_SPELLCHECK,
                                 "text", mail,
                                 NULL);

  gtk_widget_set_tooltip_text (button, _("Remove This Address"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);
  g_object_set_data (G_OBJECT (row), "remove", button);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_cb), self, 0);
  g_signal_connect_object (row, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  g_ptr_array_add (self->rows, row);
  adw_preferences_group_add (self->mails_group, row);
  update (self);

  return row;
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  gtk_widget_grab_focus (add_row (PORCH_FORM_MAIL_PAGE (widget), ""));
}

static DexFuture *
porch_form_mail_page_check (PorchWizardPage *page)
{
  PorchFormMailPage *self = PORCH_FORM_MAIL_PAGE (page);
  g_autoptr(PorchForm) form = porch_form_with_enabled (self->form, TRUE);
  g_autoptr(GString) mails = g_string_new (NULL);
  PorchForm *changed = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      g_autofree char *mail = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
      g_autoptr(PorchForm) tried = NULL;
      g_autoptr(GError) error = NULL;

      if (*mail == '\0')
        continue;

      tried = porch_form_with_mails (form, mail, &error);
      if (tried != NULL && strchr (mail, ',') == NULL)
        {
          g_string_append_printf (mails, "%s%s", mails->len > 0 ? "," : "", mail);
          changed = porch_form_with_mails (form, mails->str, &error);
        }

      if (error != NULL || changed == NULL)
        {
          porch_row_set_error (row, self->mail_error, error != NULL ? error->message : _("Enter one address in each row."));
          gtk_widget_grab_focus (row);
          g_clear_pointer (&changed, porch_form_unref);

          return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
        }

      porch_form_unref (form);
      form = g_steal_pointer (&changed);
    }

  g_clear_pointer (&self->form, porch_form_unref);
  self->form = g_steal_pointer (&form);

  return NULL;
}

/* As porch_page_begin_at(); which row is the first may change */
static void
porch_form_mail_page_shown (AdwNavigationPage *page)
{
  gtk_widget_grab_focus (g_ptr_array_index (PORCH_FORM_MAIL_PAGE (page)->rows, 0));
}

static void
porch_form_mail_page_dispose (GObject *object)
{
  PorchFormMailPage *self = PORCH_FORM_MAIL_PAGE (object);

  g_clear_pointer (&self->form, porch_form_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_FORM_MAIL_PAGE);

  G_OBJECT_CLASS (porch_form_mail_page_parent_class)->dispose (object);
}

static void
porch_form_mail_page_finalize (GObject *object)
{
  g_ptr_array_unref (PORCH_FORM_MAIL_PAGE (object)->rows);

  G_OBJECT_CLASS (porch_form_mail_page_parent_class)->finalize (object);
}

static void
porch_form_mail_page_class_init (PorchFormMailPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_form_mail_page_dispose;
  object_class->finalize = porch_form_mail_page_finalize;

  ADW_NAVIGATION_PAGE_CLASS (klass)->shown = porch_form_mail_page_shown;

  PORCH_WIZARD_PAGE_CLASS (klass)->check = porch_form_mail_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-form-mail-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFormMailPage, mails_group);
  gtk_widget_class_bind_template_child (widget_class, PorchFormMailPage, mail_error);

  gtk_widget_class_install_action (widget_class, "mail.add", NULL, add_action);
}

static void
porch_form_mail_page_init (PorchFormMailPage *self)
{
  self->rows = g_ptr_array_new ();
  self->form = porch_form_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

void
porch_form_mail_page_set_form (PorchFormMailPage *self,
                               PorchForm         *form)
{
  const char * const *mails;

  g_return_if_fail (PORCH_IS_FORM_MAIL_PAGE (self));
  g_return_if_fail (form != NULL);

  porch_form_unref (self->form);
  self->form = porch_form_ref (form);
  mails = porch_form_get_mails (form);

  if (mails[0] == NULL)
    add_row (self, "");

  for (guint i = 0; mails[i] != NULL; i++)
    add_row (self, mails[i]);
}

/* The form as it was chosen, switched on; to be asked for when the page has been checked. */
PorchForm *
porch_form_mail_page_get_form (PorchFormMailPage *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_MAIL_PAGE (self), NULL);

  return self->form;
}
