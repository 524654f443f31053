/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-start-page.h"

#include <glib/gi18n.h>

#include "porch-drop-area.h"
#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-folder.h"
#include "porch-problem.h"
#include "porch-source.h"
#include "porch-template-card.h"
#include "porch-template.h"
#include "porch-widget-util.h"

/* What the site starts from: one of the designs, or a folder or ZIP of the person's own. That is looked into as soon as
 * it is chosen: a folder without a start page is better known of now than when everything else has been made.
 */
struct _PorchStartPage
{
  PorchWizardPage    parent_instance;

  GtkScrolledWindow *scroller;
  GtkFlowBox        *card_box;
  GtkWidget         *told_group;
  AdwActionRow      *told_row;
  GtkImage          *told_icon;
  GtkWidget         *command_row;

  PorchTemplateCard *folder_card;
  PorchTemplateCard *chosen_card;
  GFile             *chosen;       /* a folder or ZIP */
  PorchSource       *source;       /* what is in it, once that is known */
  PorchFolder       *folder;
  PorchStore        *store;
  char              *command;
  DexFuture         *choosing;
  DexFuture         *looking;
};

G_DEFINE_FINAL_TYPE (PorchStartPage, porch_start_page, PORCH_TYPE_WIZARD_PAGE)

/* One thing that is to be said about what was chosen, the worst; @command is what to type. All may be NULL. */
static void
tell (PorchStartPage *self,
      const char     *icon,
      const char     *text,
      const char     *remedy,
      const char     *command)
{
  g_set_str (&self->command, command);
  gtk_image_set_from_icon_name (self->told_icon, icon);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->told_row), text != NULL ? text : "");
  adw_action_row_set_subtitle (self->told_row, remedy != NULL ? remedy : "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->command_row), command != NULL ? command : "");
  gtk_widget_set_visible (self->command_row, command != NULL);
  gtk_widget_set_visible (self->told_group, text != NULL);

  if (text == NULL)
    return;

  /* It stands at the top, and what was chosen may be at the foot */
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  porch_widget_announce (GTK_WIDGET (self), text);
}

static const char *
get_icon (PorchSeverity severity)
{
  switch (severity)
    {
    case PORCH_SEVERITY_ERROR:
      return "dialog-error-symbolic";
    case PORCH_SEVERITY_WARNING:
      return "dialog-warning-symbolic";
    case PORCH_SEVERITY_INFO:
    default:
      return "dialog-information-symbolic";
    }
}

/* The worst of what was found; what only concerns single pages is said when they are published */
static PorchFinding *
find_worst (PorchStartPage *self)
{
  GListModel *lists[] = { porch_source_get_findings (self->source), porch_folder_get_findings (self->folder) };
  PorchFinding *worst = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      for (guint j = 0; j < g_list_model_get_n_items (lists[i]); j++)
        {
          g_autoptr(PorchFinding) finding = g_list_model_get_item (lists[i], j);

          /* Borrowed: the list keeps it */
          if ((worst == NULL || porch_finding_get_severity (finding) > porch_finding_get_severity (worst)) &&
              (lists[i] == lists[0] || porch_finding_get_severity (finding) >= PORCH_SEVERITY_WARNING))
            worst = finding;
        }
    }

  return worst;
}

static DexFuture *
scanned_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchStartPage *self = user_data;
  PorchFinding *worst = find_worst (self);

  if (worst != NULL)
    tell (self, get_icon (porch_finding_get_severity (worst)), porch_finding_get_text (worst),
          porch_finding_get_fix (worst), porch_finding_get_command (worst));

  if (porch_folder_has_errors (self->folder))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FOLDER_FINDINGS, _("This folder can’t be published yet."));

  return dex_future_new_true ();
}

static DexFuture *
opened_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchStartPage *self = user_data;

  g_set_object (&self->source, g_value_get_object (dex_future_get_value (future, NULL)));
  g_clear_object (&self->folder);
  self->folder = porch_folder_new (porch_source_get_folder (self->source), self->store);

  return dex_future_then (porch_folder_scan (self->folder, PORCH_SCAN_LEAVE_OUT), scanned_cb, self, NULL);
}

static DexFuture *
failed_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchStartPage *self = user_data;
  g_autoptr(GError) error = NULL;

  dex_future_get_value (future, &error);

  if (!porch_error_is_cancelled (error) && !g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FOLDER_FINDINGS))
    {
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);

      tell (self, "dialog-warning-symbolic", porch_problem_get_title (problem), porch_problem_get_body (problem),
            porch_error_get_command (error));
    }

  return dex_ref (future);
}

/* Resolves when the site can start from what was chosen. */
static DexFuture *
look (PorchStartPage *self)
{
  DexFuture *future;

  tell (self, NULL, NULL, NULL, NULL);
  future = dex_future_then (porch_source_open (self->chosen), opened_cb, self, NULL);

  return dex_future_catch (future, failed_cb, self, NULL);
}

static void
look_at_once (PorchStartPage *self)
{
  dex_clear (&self->looking);
  self->looking = look (self);
}

static void
show_chosen (PorchStartPage *self)
{
  g_autofree char *name = g_file_get_basename (self->chosen);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *isolated = porch_isolate (shown);
  g_autofree char *text = NULL;

  if (porch_source_is_archive (self->chosen))
    /* Translators: the placeholder is the name of a ZIP file */
    text = g_strdup_printf (_("Starts with the ZIP file %s. Click to choose a folder instead."), isolated);
  else
    /* Translators: the placeholder is the name of a folder */
    text = g_strdup_printf (_("Starts with the folder %s. Click to choose another one."), isolated);

  porch_template_card_set_description (self->folder_card, text);
}

static DexFuture *
chosen_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchStartPage *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    porch_start_page_set_folder (self, g_value_get_object (value));
  else if (self->chosen == NULL && self->chosen_card != NULL)
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chosen_card), TRUE);

  return NULL;
}

static void
choose_folder (PorchStartPage *self)
{
  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (porch_choose_folder (GTK_WIDGET (self), self->chosen), chosen_cb, self, NULL);
}

static void
choose_archive_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchStartPage *self = PORCH_START_PAGE (widget);

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (porch_choose_archive (widget, self->chosen), chosen_cb, self, NULL);
}

static void
copy_command_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  porch_widget_copy_text (widget, PORCH_START_PAGE (widget)->command);
}

static void
look_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (widget), NULL);
  look_at_once (PORCH_START_PAGE (widget));
}

static void
dropped_cb (PorchStartPage *self,
            GFile          *chosen)
{
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
  porch_start_page_set_folder (self, chosen);
}

static void
card_clicked_cb (PorchStartPage    *self,
                 PorchTemplateCard *card)
{
  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (card)))
    return;

  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);

  if (card == self->folder_card)
    {
      choose_folder (self);
    }
  else
    {
      self->chosen_card = card;
      dex_clear (&self->looking);
      tell (self, NULL, NULL, NULL, NULL);
    }
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
looked_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchStartPage *self = user_data;
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));

  porch_plan_set_template (plan, NULL);
  porch_plan_set_folder (plan, porch_source_get_folder (self->source));
  porch_plan_set_source (plan, self->chosen);

  return dex_future_new_true ();
}

static DexFuture *
porch_start_page_check (PorchWizardPage *page)
{
  PorchStartPage *self = PORCH_START_PAGE (page);
  PorchPlan *plan = porch_wizard_page_get_plan (page);

  if (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->folder_card)))
    {
      porch_plan_set_folder (plan, NULL);
      porch_plan_set_source (plan, NULL);
      porch_plan_set_template (plan, porch_template_card_get_id (self->chosen_card));

      return NULL;
    }

  if (self->chosen == NULL)
    {
      choose_folder (self);

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "A folder is asked for");
    }

  /* It may have changed meanwhile */
  dex_clear (&self->looking);

  return dex_future_then (look (self), looked_cb, self, NULL);
}

static void
porch_start_page_unroot (GtkWidget *widget)
{
  dex_clear (&PORCH_START_PAGE (widget)->choosing);
  dex_clear (&PORCH_START_PAGE (widget)->looking);

  GTK_WIDGET_CLASS (porch_start_page_parent_class)->unroot (widget);
}

static void
porch_start_page_dispose (GObject *object)
{
  PorchStartPage *self = PORCH_START_PAGE (object);

  dex_clear (&self->choosing);
  dex_clear (&self->looking);
  g_clear_object (&self->chosen);
  g_clear_object (&self->source);
  g_clear_object (&self->folder);
  g_clear_object (&self->store);
  g_clear_pointer (&self->command, g_free);
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

  g_type_ensure (PORCH_TYPE_DROP_AREA);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-start-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, card_box);
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, told_group);
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, told_row);
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, told_icon);
  gtk_widget_class_bind_template_child (widget_class, PorchStartPage, command_row);
  gtk_widget_class_bind_template_callback (widget_class, dropped_cb);

  gtk_widget_class_install_action (widget_class, "start.choose-archive", NULL, choose_archive_action);
  gtk_widget_class_install_action (widget_class, "start.copy-command", NULL, copy_command_action);
  gtk_widget_class_install_action (widget_class, "start.look-again", NULL, look_again_action);
}

static void
porch_start_page_init (PorchStartPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  add_cards (self);
}

/* Where what was read is remembered, so that publishing it need not read it again. */
void
porch_start_page_set_store (PorchStartPage *self,
                            PorchStore     *store)
{
  g_return_if_fail (PORCH_IS_START_PAGE (self));

  g_set_object (&self->store, store);
}

/* Starts from @folder, which may be a ZIP, as when the person opened one with the application. */
void
porch_start_page_set_folder (PorchStartPage *self,
                             GFile          *folder)
{
  g_return_if_fail (PORCH_IS_START_PAGE (self));
  g_return_if_fail (G_IS_FILE (folder));

  g_set_object (&self->chosen, folder);
  show_chosen (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->folder_card), TRUE);
  look_at_once (self);
}
