/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-start-page.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-template-card.h"
#include "porch-template.h"
#include "porch-widget-util.h"

/* What the site starts from: one of the designs, or a folder of the person's own. */
struct _PorchStartPage
{
  PorchWizardPage    parent_instance;

  GtkFlowBox        *card_box;

  PorchTemplateCard *folder_card;
  PorchTemplateCard *chosen_card;
  GFile             *folder;
  DexFuture         *choosing;
};

G_DEFINE_FINAL_TYPE (PorchStartPage, porch_start_page, PORCH_TYPE_WIZARD_PAGE)

static void
show_folder (PorchStartPage *self)
{
  g_autofree char *name = g_file_get_basename (self->folder);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *isolated = porch_isolate (shown);
  /* Translators: the placeholder is the name of a folder */
  g_autofree char *text = g_strdup_printf (_("Starts with the folder %s. Click to choose another one."), isolated);

  porch_template_card_set_description (self->folder_card, text);
}

static DexFuture *
folder_chosen_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchStartPage *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    porch_start_page_set_folder (self, g_value_get_object (value));
  else if (self->folder == NULL && self->chosen_card != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chosen_card), TRUE);

  return NULL;
}

static void
choose_folder (PorchStartPage *self)
{
  DexFuture *future = porch_choose_folder (GTK_WIDGET (self), self->folder);

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (future, folder_chosen_cb, self, NULL);
}

static void
card_clicked_cb (PorchStartPage    *self,
                 PorchTemplateCard *card)
{
  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (card)))
    return;

  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);

  if (card == self->folder_card)
    choose_folder (self);
  else
    self->chosen_card = card;
}

static PorchTemplateCard *
add_card (PorchStartPage    *self,
          PorchTemplateCard *card,
          PorchTemplateCard *group)
{
  GtkWidget *child = gtk_flow_box_child_new ();

  if (group != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (card), GTK_TOGGLE_BUTTON (group));

  g_signal_connect_swapped (card, "clicked", G_CALLBACK (card_clicked_cb), self);

  /* The card itself takes the focus, not what the box puts around it */
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), GTK_WIDGET (card));
  gtk_flow_box_append (self->card_box, child);

  return card;
}

static void
add_cards (PorchStartPage *self)
{
  g_autoptr(GListModel) templates = porch_templates_list ();

  for (guint i = 0; i < g_list_model_get_n_items (templates); i++)
    {
      g_autoptr(PorchTemplate) template = g_list_model_get_item (templates, i);
      PorchTemplateCard *card;

      card = porch_template_card_new (porch_template_get_id (template),
                                      porch_template_get_title (template),
                                      porch_template_get_description (template),
                                      porch_template_get_picture (template));
      add_card (self, card, self->chosen_card);

      if (self->chosen_card == NULL)
        self->chosen_card = card;
    }

  self->folder_card = porch_template_card_new (NULL, _("Your Own Folder"),
                                               _("You already have pages? Choose the folder they are in."),
                                               NULL);
  add_card (self, self->folder_card, self->chosen_card);

  if (self->chosen_card != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chosen_card), TRUE);
}

static DexFuture *
porch_start_page_check (PorchWizardPage *page)
{
  PorchStartPage *self = PORCH_START_PAGE (page);
  PorchPlan *plan = porch_wizard_page_get_plan (page);

  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->folder_card)))
    {
      porch_plan_set_folder (plan, NULL);
      porch_plan_set_template (plan, porch_template_card_get_id (self->chosen_card));

      return NULL;
    }

  if (self->folder == NULL)
    {
      choose_folder (self);

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "A folder is asked for");
    }

  porch_plan_set_template (plan, NULL);
  porch_plan_set_folder (plan, self->folder);

  return porch_plan_check_folder (self->folder);
}

static void
porch_start_page_unroot (GtkWidget *widget)
{
  dex_clear (&PORCH_START_PAGE (widget)->choosing);

  GTK_WIDGET_CLASS (porch_start_page_parent_class)->unroot (widget);
}

static void
porch_start_page_dispose (GObject *object)
{
  PorchStartPage *self = PORCH_START_PAGE (object);

  dex_clear (&self->choosing);
  g_clear_object (&self->folder);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_START_PAGE);

  G_OBJECT_CLASS (porch_start_page_parent_class)->dispose (object);
}

static void
porch_start_page_class_init (PorchStartPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_start_page_dispose;

  widget_class->unroot = porch_start_page_unroot;

  page_class->check = porch_start_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, card_box);
}

static void
porch_start_page_init (PorchStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  add_cards (self);
}

/* Starts from @folder, as when the person opened one with the application. */
void
porch_start_page_set_folder (PorchStartPage *self,
                             GFile          *folder)
{
  g_return_if_fail (PORCH_IS_START_PAGE (self));
  g_return_if_fail (G_IS_FILE (folder));

  g_set_object (&self->folder, folder);
  show_folder (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->folder_card), TRUE);
}
