/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-publish-dialog.h"

#include <glib/gi18n.h>

#include "porch-changes.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-finding.h"
#include "porch-folder.h"
#include "porch-publish-operation.h"
#include "porch-publisher.h"
#include "porch-source.h"
#include "porch-target.h"
#include "porch-widget-util.h"

/* Rows that one list shows before it says how many more there are */
#define MAX_ROWS 100
#define MAX_FINDINGS 20

/* A list of changes that is this short is shown at once */
#define SHORT_LIST 4

/* A spinner that is gone at once is only a flicker */
#define LOOKING_DELAY_MSEC 300

/* What a folder holds and what publishing it will change, before it is done. */
struct _PorchPublishDialog
{
  AdwDialog            parent_instance;

  GtkWidget           *publish_button;
  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  AdwStatusPage       *looking_page;
  AdwActionRow        *folder_row;
  GtkWidget           *suggestion_group;
  AdwActionRow        *suggestion_row;
  AdwPreferencesGroup *findings_group;
  AdwPreferencesGroup *changes_group;
  AdwPreferencesGroup *note_group;
  AdwEntryRow         *note_row;

  PorchSite           *site;
  GFile               *chosen;
  PorchSource         *source;
  PorchPublisher      *publisher;
  PorchChanges        *changes;
  GPtrArray           *rows;
  DexFuture           *looking;
  DexFuture           *choosing;
  guint                looking_id;
};

G_DEFINE_FINAL_TYPE (PorchPublishDialog, porch_publish_dialog, ADW_TYPE_DIALOG)

static void
looked_at_cb (PorchPublishDialog *self,
              GParamSpec         *pspec,
              PorchFolder        *folder)
{
  guint n_files = porch_folder_get_n_looked_at (folder);
  g_autofree char *text = NULL;

  text = g_strdup_printf (ngettext ("%'u file so far", "%'u files so far", n_files), n_files);
  adw_status_page_set_description (self->looking_page, text);
}

static DexFuture *
target_opened_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchPublishDialog *self = user_data;
  PorchTarget *target = g_value_get_object (dex_future_get_value (future, NULL));

  self->publisher = porch_publisher_new (target, porch_source_get_folder (self->source), NULL);
  porch_publisher_set_flags (self->publisher, PORCH_SCAN_CHECK);
  g_signal_connect_object (porch_publisher_get_folder (self->publisher), "notify::n-looked-at",
                           G_CALLBACK (looked_at_cb), self, G_CONNECT_SWAPPED);

  return porch_publisher_compare (self->publisher);
}

static DexFuture *
source_opened_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchPublishDialog *self = user_data;

  g_set_object (&self->source, g_value_get_object (dex_future_get_value (future, NULL)));

  return dex_future_then (porch_site_open_target (self->site), target_opened_cb, self, NULL);
}

static const char *
severity_icon (PorchSeverity severity)
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

static const char *
severity_class (PorchSeverity severity)
{
  switch (severity)
    {
    case PORCH_SEVERITY_ERROR:
      return "error";
    case PORCH_SEVERITY_WARNING:
      return "warning";
    case PORCH_SEVERITY_INFO:
    default:
      return "accent";
    }
}

static const char *
severity_word (PorchSeverity severity)
{
  switch (severity)
    {
    case PORCH_SEVERITY_ERROR:
      return C_("finding", "Has to be fixed");
    case PORCH_SEVERITY_WARNING:
      return C_("finding", "Warning");
    case PORCH_SEVERITY_INFO:
    default:
      return C_("finding", "Hint");
    }
}

static void
add_row (PorchPublishDialog  *self,
         AdwPreferencesGroup *group,
         GtkWidget           *row)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
}

static void
clear_rows (PorchPublishDialog *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      GtkWidget *group = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_GROUP);

      adw_preferences_group_remove (ADW_PREFERENCES_GROUP (group), row);
    }

  g_ptr_array_set_size (self->rows, 0);
}

static GtkWidget *
create_finding_row (PorchFinding *finding)
{
  PorchSeverity severity = porch_finding_get_severity (finding);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (severity_icon (severity));
  const char *fix = porch_finding_get_fix (finding);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_finding_get_text (finding));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);

  if (fix != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), fix);

  gtk_widget_add_css_class (icon, severity_class (severity));
  gtk_widget_set_tooltip_text (icon, severity_word (severity));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);

  return row;
}

static GtkWidget *
create_more_row (guint n_more)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *text = NULL;

  /* Translators: the end of a list that is too long to be shown */
  text = g_strdup_printf (ngettext ("and %'u more", "and %'u more", n_more), n_more);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), text);
  gtk_widget_add_css_class (row, "dimmed");

  return row;
}

/* Of what was dropped, and of the folder in it */
static GListModel *
list_findings (PorchPublishDialog *self)
{
  g_autoptr(GListStore) lists = g_list_store_new (G_TYPE_LIST_MODEL);

  g_list_store_append (lists, porch_source_get_findings (self->source));
  g_list_store_append (lists, porch_folder_get_findings (porch_publisher_get_folder (self->publisher)));

  return G_LIST_MODEL (gtk_flatten_list_model_new (G_LIST_MODEL (g_steal_pointer (&lists))));
}

static void
show_findings (PorchPublishDialog *self)
{
  g_autoptr(GListModel) findings = list_findings (self);
  guint n_findings = g_list_model_get_n_items (findings);
  guint n_shown = 0;

  for (int severity = PORCH_SEVERITY_ERROR; severity >= PORCH_SEVERITY_INFO; severity--)
    {
      for (guint i = 0; i < n_findings && n_shown < MAX_FINDINGS; i++)
        {
          g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

          if ((int) porch_finding_get_severity (finding) != severity)
            continue;

          add_row (self, self->findings_group, create_finding_row (finding));
          n_shown++;
        }
    }

  if (n_shown < n_findings)
    add_row (self, self->findings_group, create_more_row (n_findings - n_shown));

  gtk_widget_set_visible (GTK_WIDGET (self->findings_group), n_findings > 0);
}

static char *
describe_changes (PorchChangeKind kind,
                  guint           n_files)
{
  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return g_strdup_printf (ngettext ("%'u new file", "%'u new files", n_files), n_files);
    case PORCH_CHANGE_CHANGED:
      return g_strdup_printf (ngettext ("%'u changed file", "%'u changed files", n_files), n_files);
    case PORCH_CHANGE_REMOVED:
    default:
      return g_strdup_printf (ngettext ("%'u removed file", "%'u removed files", n_files), n_files);
    }
}

static const char *
change_icon (PorchChangeKind kind)
{
  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return "list-add-symbolic";
    case PORCH_CHANGE_CHANGED:
      return "document-edit-symbolic";
    case PORCH_CHANGE_REMOVED:
    default:
      return "list-remove-symbolic";
    }
}

static void
add_change_rows (PorchPublishDialog *self,
                 PorchChangeKind     kind,
                 guint               n_files)
{
  g_autofree char *title = NULL;
  GtkWidget *expander;
  guint n_shown = 0;
  guint n_changes;

  if (n_files == 0)
    return;

  title = describe_changes (kind, n_files);
  expander = adw_expander_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), title);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (expander), gtk_image_new_from_icon_name (change_icon (kind)));
  n_changes = g_list_model_get_n_items (G_LIST_MODEL (self->changes));

  for (guint i = 0; i < n_changes && n_shown < MAX_ROWS; i++)
    {
      g_autoptr(PorchChange) change = g_list_model_get_item (G_LIST_MODEL (self->changes), i);
      GtkWidget *row;

      if (porch_change_get_kind (change) != kind)
        continue;

      row = adw_action_row_new ();
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_change_get_path (change));

      if (kind != PORCH_CHANGE_REMOVED)
        {
          g_autofree char *size = g_format_size (porch_change_get_size (change));

          adw_action_row_set_subtitle (ADW_ACTION_ROW (row), size);
        }

      adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
      n_shown++;
    }

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), n_files <= SHORT_LIST);

  if (n_shown < n_files)
    adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), create_more_row (n_files - n_shown));

  add_row (self, self->changes_group, expander);
}

static void
show_changes (PorchPublishDialog *self)
{
  guint n_unchanged = porch_changes_get_n_unchanged (self->changes);

  add_change_rows (self, PORCH_CHANGE_ADDED, porch_changes_get_n_added (self->changes));
  add_change_rows (self, PORCH_CHANGE_CHANGED, porch_changes_get_n_changed (self->changes));
  add_change_rows (self, PORCH_CHANGE_REMOVED, porch_changes_get_n_removed (self->changes));

  if (porch_changes_is_first (self->changes))
    {
      adw_preferences_group_set_description (self->changes_group, _("This is the first time that the site is published."));
    }
  else if (n_unchanged > 0)
    {
      g_autofree char *text = NULL;

      text = g_strdup_printf (ngettext ("%'u file stays as it is.", "%'u files stay as they are.", n_unchanged),
                              n_unchanged);
      adw_preferences_group_set_description (self->changes_group, text);
    }
  else
    {
      adw_preferences_group_set_description (self->changes_group, NULL);
    }

  gtk_widget_set_visible (GTK_WIDGET (self->changes_group), TRUE);
}

/* People often choose the folder of their tools, and mean the one with the finished pages in it */
static void
show_suggestion (PorchPublishDialog *self)
{
  GFile *suggestion = porch_folder_get_suggestion (porch_publisher_get_folder (self->publisher));

  if (suggestion != NULL)
    {
      g_autofree char *base = g_file_get_basename (suggestion);
      g_autofree char *shown = g_filename_display_name (base);
      g_autofree char *name = porch_isolate (shown);
      /* Translators: the placeholder is the name of a folder inside of the one that was chosen */
      g_autofree char *text = g_strdup_printf (_("The pages seem to be in “%s”"), name);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->suggestion_row), text);
    }

  gtk_widget_set_visible (self->suggestion_group, suggestion != NULL);
}

static void
show_folder (PorchPublishDialog *self)
{
  PorchFolder *folder = porch_publisher_get_folder (self->publisher);
  guint n_files = porch_folder_get_n_files (folder);
  g_autofree char *path = g_file_get_basename (self->chosen);
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *size = g_format_size (porch_folder_get_n_bytes (folder));
  g_autofree char *text = NULL;

  /* Translators: number of files and their size together */
  text = g_strdup_printf (ngettext ("%'u file, %s", "%'u files, %s", n_files), n_files, size);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->folder_row), name);
  adw_action_row_set_subtitle (self->folder_row, text);
  show_suggestion (self);
}

static void
show_page (PorchPublishDialog *self,
           const char         *page)
{
  g_clear_handle_id (&self->looking_id, g_source_remove);
  gtk_stack_set_visible_child_name (self->stack, page);
}

static void
show_error (PorchPublishDialog *self,
            const GError       *error)
{
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
  g_autofree char *body = g_markup_escape_text (porch_problem_get_body (problem), -1);

  adw_status_page_set_title (self->failed_page, porch_problem_get_title (problem));
  adw_status_page_set_description (self->failed_page, body);
  porch_widget_announce (GTK_WIDGET (self), porch_problem_get_title (problem));
  show_page (self, "failed");
}

/* A folder that can't be published as it is shows why, in the same place as everything else that was found */
static void
show_blocked (PorchPublishDialog *self)
{
  show_folder (self);
  show_findings (self);
  adw_preferences_group_set_title (self->findings_group, _("Fix This First"));
  gtk_widget_set_visible (GTK_WIDGET (self->changes_group), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->note_group), FALSE);
  show_page (self, "found");
  porch_widget_announce (GTK_WIDGET (self), _("This folder can’t be published yet"));
}

static void
show_found (PorchPublishDialog *self)
{
  show_folder (self);
  show_findings (self);
  show_changes (self);
  adw_preferences_group_set_title (self->findings_group, _("Worth a Look"));
  gtk_widget_set_visible (GTK_WIDGET (self->note_group), TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.start", TRUE);
  show_page (self, "found");
  gtk_widget_grab_focus (self->publish_button);
}

static gboolean
is_blocked (PorchPublishDialog *self)
{
  PorchFolder *folder = self->publisher != NULL ? porch_publisher_get_folder (self->publisher) : NULL;

  return folder != NULL && porch_folder_has_errors (folder);
}

static DexFuture *
looked_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchPublishDialog *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    g_set_object (&self->changes, g_value_get_object (value));

  if (is_blocked (self))
    show_blocked (self);
  else if (error != NULL && !porch_error_is_cancelled (error))
    show_error (self, error);
  else if (self->changes != NULL && porch_changes_is_empty (self->changes))
    show_page (self, "unchanged");
  else if (self->changes != NULL)
    show_found (self);

  return NULL;
}

static void
show_looking_cb (gpointer user_data)
{
  PorchPublishDialog *self = user_data;

  self->looking_id = 0;
  gtk_stack_set_visible_child_name (self->stack, "looking");
}

static void
look_again (PorchPublishDialog *self)
{
  DexFuture *future;

  dex_clear (&self->looking);
  clear_rows (self);
  g_clear_object (&self->changes);
  g_clear_object (&self->publisher);
  g_clear_object (&self->source);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.start", FALSE);
  show_page (self, "blank");
  self->looking_id = g_timeout_add_once (LOOKING_DELAY_MSEC, show_looking_cb, self);

  future = dex_future_then (porch_source_open (self->chosen), source_opened_cb, self, NULL);
  self->looking = dex_future_finally (future, looked_cb, self, NULL);
}

static void
look_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  look_again (PORCH_PUBLISH_DIALOG (widget));
}

static DexFuture *
folder_chosen_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchPublishDialog *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    {
      g_set_object (&self->chosen, g_value_get_object (value));
      look_again (self);
    }

  return NULL;
}

static void
choose_folder_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);
  DexFuture *future = porch_choose_folder (widget, self->chosen);

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (future, folder_chosen_cb, self, NULL);
}

static void
use_suggestion_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  g_set_object (&self->chosen, porch_folder_get_suggestion (porch_publisher_get_folder (self->publisher)));
  look_again (self);
}

static void
start_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);
  g_autoptr(PorchOperation) operation = NULL;
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->note_row))));

  operation = porch_publish_operation_new (self->site, porch_source_get_folder (self->source), *note != '\0' ? note : NULL);
  porch_publish_operation_set_source (PORCH_PUBLISH_OPERATION (operation), self->chosen);
  porch_engine_run_operation (porch_site_get_engine (self->site), operation);
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
porch_publish_dialog_dispose (GObject *object)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (object);

  g_clear_handle_id (&self->looking_id, g_source_remove);
  dex_clear (&self->looking);
  dex_clear (&self->choosing);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->site);
  g_clear_object (&self->chosen);
  g_clear_object (&self->source);
  g_clear_object (&self->publisher);
  g_clear_object (&self->changes);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_PUBLISH_DIALOG);

  G_OBJECT_CLASS (porch_publish_dialog_parent_class)->dispose (object);
}

static void
porch_publish_dialog_class_init (PorchPublishDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_publish_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-publish-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, publish_button);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, looking_page);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, suggestion_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, suggestion_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, findings_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, changes_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, note_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, note_row);

  gtk_widget_class_install_action (widget_class, "publish.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "publish.look-again", NULL, look_again_action);
  gtk_widget_class_install_action (widget_class, "publish.use-suggestion", NULL, use_suggestion_action);
  gtk_widget_class_install_action (widget_class, "publish.choose-folder", NULL, choose_folder_action);
}

static void
porch_publish_dialog_init (PorchPublishDialog *self)
{
  self->rows = g_ptr_array_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchPublishDialog *
porch_publish_dialog_new (PorchSite *site,
                          GFile     *chosen)
{
  PorchPublishDialog *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (G_IS_FILE (chosen), NULL);

  self = g_object_new (PORCH_TYPE_PUBLISH_DIALOG, NULL);
  self->site = g_object_ref (site);
  self->chosen = g_object_ref (chosen);
  look_again (self);

  return self;
}
