/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-publish-dialog.h"

#include <glib/gi18n.h>

#include "porch-change-rows.h"
#include "porch-draft-page.h"
#include "porch-drop-area.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-finding-group.h"
#include "porch-finding-rows.h"
#include "porch-long-page.h"
#include "porch-look.h"
#include "porch-publish-operation.h"
#include "porch-source.h"
#include "porch-widget-util.h"

/* A spinner that is gone at once is only a flicker */
#define LOOKING_DELAY_MSEC 300

/* Private files are named at once up to this number */
#define SHORT_LIST 4

/* So many of them are named while the row is closed */
#define MAX_NAMED 3

/* What a folder holds and what publishing it will change, before it is done. */
struct _PorchPublishDialog
{
  AdwDialog            parent_instance;

  AdwNavigationView   *view;
  GtkWidget           *publish_button;
  GtkWidget           *again_spinner;
  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  AdwStatusPage       *looking_page;
  GtkWidget           *command_group;
  AdwActionRow        *command_row;
  AdwActionRow        *folder_row;
  GtkImage            *folder_icon;
  GtkWidget           *folder_button;
  GtkWidget           *again_button;
  GtkWidget           *rest_button;
  GtkWidget           *suggestion_group;
  AdwActionRow        *suggestion_row;
  AdwPreferencesGroup *stops_group;
  AdwPreferencesGroup *changes_group;
  AdwPreferencesGroup *note_group;
  AdwEntryRow         *note_row;
  AdwPreferencesGroup *private_group;
  AdwPreferencesGroup *fixable_group;
  AdwPreferencesGroup *warnings_group;
  AdwPreferencesGroup *hints_group;

  PorchSite           *site;
  GFile               *chosen;
  PorchTreatments     *treatments;
  PorchLook           *look;
  PorchLook           *next_look;    /* the one underway */
  GListModel          *groups;
  GPtrArray           *rows;
  GHashTable          *expanded;     /* keys of rows that the person has opened */
  PorchOperation      *operation;
  DexFuture           *looking;
  DexFuture           *choosing;
  char                *command;
  guint                looking_id;
  guint                thorough : 1;
};

enum
{
  PROP_0,
  PROP_LOCAL_LINKS,
  PROP_SHRINK,
  PROP_STRIP_LOCATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchPublishDialog, porch_publish_dialog, ADW_TYPE_DIALOG)

static void
show_page (PorchPublishDialog *self,
           const char         *page)
{
  g_clear_handle_id (&self->looking_id, g_source_remove);
  gtk_widget_set_visible (self->again_spinner, FALSE);
  gtk_stack_set_visible_child_name (self->stack, page);
}

/* Rows */

static void
row_expanded_cb (PorchPublishDialog *self,
                 GParamSpec         *pspec,
                 AdwExpanderRow     *row)
{
  const char *key = g_object_get_data (G_OBJECT (row), "sheet-key");

  if (adw_expander_row_get_expanded (row))
    g_hash_table_add (self->expanded, g_strdup (key));
  else
    g_hash_table_remove (self->expanded, key);
}

/* What is open stays open when the folder is looked at again */
static void
add_row (PorchPublishDialog  *self,
         AdwPreferencesGroup *group,
         GtkWidget           *row,
         const char          *key)
{
  adw_preferences_group_add (group, row);
  g_ptr_array_add (self->rows, row);
  g_object_set_data_full (G_OBJECT (row), "sheet-key", g_strdup (key), g_free);

  if (!ADW_IS_EXPANDER_ROW (row))
    return;

  if (g_hash_table_contains (self->expanded, key))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);

  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (row_expanded_cb), self, G_CONNECT_SWAPPED);
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

/* The row that has the focus, to be found again among the new ones */
static char *
dup_focused_key (PorchPublishDialog *self)
{
  GtkWidget *focus = adw_dialog_get_focus (ADW_DIALOG (self));

  for (guint i = 0; i < self->rows->len && focus != NULL; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);

      if (focus == row || gtk_widget_is_ancestor (focus, row))
        return g_strdup (g_object_get_data (G_OBJECT (row), "sheet-key"));
    }

  return NULL;
}

static gboolean
focus_row (PorchPublishDialog *self,
           const char         *key)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->rows, i);
      GtkWidget *fix_switch = g_object_get_data (G_OBJECT (row), "switch");

      if (g_strcmp0 (g_object_get_data (G_OBJECT (row), "sheet-key"), key) == 0)
        return fix_switch != NULL ? gtk_widget_grab_focus (fix_switch) : gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
    }

  return FALSE;
}

/* Findings */

static AdwPreferencesGroup *
get_place (PorchPublishDialog *self,
           PorchCare           care)
{
  switch (care)
    {
    case PORCH_CARE_STOPS:
      return self->stops_group;
    case PORCH_CARE_PRIVATE:
      return self->private_group;
    case PORCH_CARE_FIXABLE:
      return self->fixable_group;
    case PORCH_CARE_WARNING:
      return self->warnings_group;
    case PORCH_CARE_HINT:
    case PORCH_N_CARES:
    default:
      return self->hints_group;
    }
}

/* Each is listed, since each is decided about by itself; where there are many, behind one row */
static void
show_private (PorchPublishDialog *self,
              PorchFindingGroup  *group)
{
  guint n_findings = porch_finding_group_get_n_findings (group);
  GtkWidget *expander = NULL;

  if (n_findings > SHORT_LIST)
    {
      g_autofree char *title = porch_finding_group_dup_title (group);
      g_autoptr(GString) names = g_string_new (NULL);

      for (guint i = 0; i < MAX_NAMED; i++)
        {
          g_autofree char *name = porch_isolate (porch_finding_get_path (porch_finding_group_get_finding (group, i)));

          g_string_append_printf (names, "%s · ", name);
        }

      g_string_append (names, "…");
      expander = adw_expander_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (expander), title);
      adw_expander_row_set_subtitle_lines (ADW_EXPANDER_ROW (expander), 1);
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (expander), FALSE);
      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (expander), names->str);
      adw_expander_row_add_prefix (ADW_EXPANDER_ROW (expander), porch_decoration_new ("channel-secure-symbolic"));
      add_row (self, self->private_group, expander, porch_finding_group_get_key (group));
    }

  for (guint i = 0; i < n_findings; i++)
    {
      PorchFinding *finding = porch_finding_group_get_finding (group, i);
      const char *path = porch_finding_get_path (finding);
      GtkWidget *row = porch_finding_rows_create_private (finding, porch_treatments_is_confirmed (self->treatments, path));

      if (expander != NULL)
        adw_expander_row_add_row (ADW_EXPANDER_ROW (expander), row);
      else
        add_row (self, self->private_group, row, path);
    }
}

static void
show_findings (PorchPublishDialog *self)
{
  g_autoptr(GListModel) findings = porch_look_get_findings (self->look);
  gboolean is_there[PORCH_N_CARES] = { FALSE };

  g_clear_object (&self->groups);
  self->groups = porch_finding_groups_new (findings);

  for (guint i = 0; i < g_list_model_get_n_items (self->groups); i++)
    {
      g_autoptr(PorchFindingGroup) group = g_list_model_get_item (self->groups, i);
      PorchCare care = porch_finding_group_get_care (group);

      is_there[care] = TRUE;

      if (care == PORCH_CARE_PRIVATE)
        show_private (self, group);
      else
        add_row (self, get_place (self, care), porch_finding_rows_create (group), porch_finding_group_get_key (group));
    }

  for (int care = 0; care < PORCH_N_CARES; care++)
    gtk_widget_set_visible (GTK_WIDGET (get_place (self, care)), is_there[care]);
}

static PorchFindingGroup *
find_group (PorchPublishDialog *self,
            const char         *key)
{
  for (guint i = 0; self->groups != NULL && i < g_list_model_get_n_items (self->groups); i++)
    {
      g_autoptr(PorchFindingGroup) group = g_list_model_get_item (self->groups, i);

      if (g_str_equal (porch_finding_group_get_key (group), key))
        return group;
    }

  return NULL;
}

/* Changes */

static gboolean
is_unchanged (PorchPublishDialog *self)
{
  PorchChanges *changes = porch_look_get_changes (self->look);

  return changes != NULL && porch_changes_is_empty (changes);
}

static char *
describe_changes (PorchPublishDialog *self)
{
  PorchChanges *changes = porch_look_get_changes (self->look);
  guint n_unchanged = porch_changes_get_n_unchanged (changes);

  if (porch_changes_is_empty (changes))
    return g_strdup (_("Nothing. What is live is the same as what is in the folder."));
  else if (porch_changes_is_first (changes))
    return g_strdup (_("This is the first time that the site is published."));
  else if (n_unchanged > 0)
    return g_strdup_printf (ngettext ("%'u file stays as it is.", "%'u files stay as they are.", n_unchanged), n_unchanged);
  else
    return NULL;
}

static void
show_changes (PorchPublishDialog *self)
{
  static const PorchChangeKind kinds[] = {
    PORCH_CHANGE_ADDED, PORCH_CHANGE_CHANGED, PORCH_CHANGE_RENAMED, PORCH_CHANGE_REMOVED,
  };
  PorchChanges *changes = porch_look_get_changes (self->look);
  g_autofree char *text = NULL;

  /* What can't be published changes nothing */
  if (porch_look_is_blocked (self->look))
    changes = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->changes_group), changes != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->note_group), changes != NULL && !porch_changes_is_empty (changes));

  if (changes == NULL)
    return;

  text = describe_changes (self);
  adw_preferences_group_set_description (self->changes_group, text);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkWidget *row = porch_change_rows_create (changes, kinds[i]);

      if (row != NULL)
        add_row (self, self->changes_group, row, porch_change_rows_get_key (kinds[i]));
    }
}

/* People often choose the folder of their tools, and mean the one with the finished pages in it */
static void
show_suggestion (PorchPublishDialog *self)
{
  GFile *suggestion = porch_folder_get_suggestion (porch_look_get_folder (self->look));

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
  PorchFolder *folder = porch_look_get_folder (self->look);
  guint n_files = porch_folder_get_n_files (folder);
  g_autofree char *path = g_file_get_basename (self->chosen);
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *size = g_format_size (porch_folder_get_n_bytes (folder));
  g_autofree char *text = NULL;

  /* Translators: number of files and their size together */
  text = g_strdup_printf (ngettext ("%'u file, %s", "%'u files, %s", n_files), n_files, size);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->folder_row), name);
  adw_action_row_set_subtitle (self->folder_row, text);
  gtk_image_set_from_icon_name (self->folder_icon, porch_source_is_archive (self->chosen) ? "package-x-generic-symbolic"
                                                                                          : "folder-symbolic");
  show_suggestion (self);
}

static void
show_error (PorchPublishDialog *self,
            const GError       *error)
{
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
  g_autofree char *body = g_markup_escape_text (porch_problem_get_body (problem), -1);

  g_set_str (&self->command, porch_error_get_command (error));
  adw_action_row_set_subtitle (self->command_row, self->command != NULL ? self->command : "");
  gtk_widget_set_visible (self->command_group, self->command != NULL);

  adw_status_page_set_title (self->failed_page, porch_problem_get_title (problem));
  adw_status_page_set_description (self->failed_page, body);
  porch_widget_announce (GTK_WIDGET (self), porch_problem_get_title (problem));
  show_page (self, "failed");
  gtk_widget_grab_focus (self->again_button);
}

static gboolean
has_care (PorchPublishDialog *self,
          PorchCare           care)
{
  return gtk_widget_get_visible (GTK_WIDGET (get_place (self, care)));
}

/* A site that is as it was, and about which there is nothing to decide */
static gboolean
is_at_rest (PorchPublishDialog *self)
{
  return is_unchanged (self) && !has_care (self, PORCH_CARE_PRIVATE) && !has_care (self, PORCH_CARE_FIXABLE) &&
         !has_care (self, PORCH_CARE_WARNING);
}

static void
show_look (PorchPublishDialog *self)
{
  g_autofree char *focused = dup_focused_key (self);
  gboolean is_ready = porch_look_get_changes (self->look) != NULL && !is_unchanged (self) && !porch_look_is_blocked (self->look);

  clear_rows (self);
  show_folder (self);
  show_findings (self);
  show_changes (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.start", is_ready);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.draft", is_ready);
  show_page (self, is_at_rest (self) ? "unchanged" : "found");

  if (porch_look_is_blocked (self->look))
    porch_widget_announce (GTK_WIDGET (self), _("This folder can’t be published yet"));
  else if (is_unchanged (self))
    porch_widget_announce (GTK_WIDGET (self), _("Nothing has changed"));

  if (focused != NULL && focus_row (self, focused))
    return;

  if (is_ready)
    gtk_widget_grab_focus (self->publish_button);
  else
    gtk_widget_grab_focus (is_at_rest (self) ? self->rest_button : self->folder_button);
}

/* Looking */

static void
seen_cb (PorchPublishDialog *self,
         GParamSpec         *pspec,
         PorchLook          *look)
{
  guint n_files = porch_look_get_n_seen (look);
  g_autofree char *text = g_strdup_printf (ngettext ("%'u file so far", "%'u files so far", n_files), n_files);

  adw_status_page_set_description (self->looking_page, text);
}

static DexFuture *
looked_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchPublishDialog *self = user_data;
  g_autoptr(PorchLook) look = g_steal_pointer (&self->next_look);
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    {
      g_set_object (&self->look, look);
      show_look (self);
    }
  else if (!porch_error_is_cancelled (error))
    {
      show_error (self, error);
    }

  return NULL;
}

static void
show_looking_cb (gpointer user_data)
{
  PorchPublishDialog *self = user_data;
  gboolean is_again = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "found") == 0;

  self->looking_id = 0;

  /* What was found stays in sight while one switch is being tried */
  if (is_again)
    gtk_widget_set_visible (self->again_spinner, TRUE);
  else
    gtk_stack_set_visible_child_name (self->stack, "looking");
}

static void
look_again (PorchPublishDialog *self,
            gboolean            in_place)
{
  dex_clear (&self->looking);
  g_clear_object (&self->next_look);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.start", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "publish.draft", FALSE);

  if (!in_place)
    show_page (self, "blank");

  g_clear_handle_id (&self->looking_id, g_source_remove);
  self->looking_id = g_timeout_add_once (LOOKING_DELAY_MSEC, show_looking_cb, self);

  self->next_look = porch_look_new (self->site, self->chosen, self->treatments, self->thorough);
  g_signal_connect_object (self->next_look, "notify::n-seen", G_CALLBACK (seen_cb), self, G_CONNECT_SWAPPED);
  self->looking = dex_future_finally (porch_look_run (self->next_look), looked_cb, self, NULL);
}

static void
choose (PorchPublishDialog *self,
        GFile              *chosen)
{
  g_set_object (&self->chosen, chosen);
  g_hash_table_remove_all (self->expanded);
  look_again (self, FALSE);
}

static void
dropped_cb (PorchPublishDialog *self,
            GFile              *chosen)
{
  choose (self, chosen);
}

/* Actions */

static void
look_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  self->thorough = FALSE;
  look_again (self, FALSE);
}

static void
look_thoroughly_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  self->thorough = TRUE;
  look_again (self, FALSE);
}

static DexFuture *
chosen_cb (DexFuture *future,
           gpointer   user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    choose (user_data, g_value_get_object (value));

  return NULL;
}

static void
choose_folder_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (porch_choose_folder (widget, self->chosen), chosen_cb, self, NULL);
}

static void
choose_archive_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (porch_choose_archive (widget, self->chosen), chosen_cb, self, NULL);
}

static void
use_suggestion_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  choose (self, porch_folder_get_suggestion (porch_look_get_folder (self->look)));
}

/* Takes @treatments. */
static void
take_treatments (PorchPublishDialog *self,
                 PorchTreatments    *treatments)
{
  porch_treatments_unref (self->treatments);
  self->treatments = treatments;
  look_again (self, TRUE);
}

static void
treat (PorchPublishDialog *self,
       PorchTreatment      treatment,
       gboolean            wanted,
       GParamSpec         *pspec)
{
  if (porch_treatments_has (self->treatments, treatment) == wanted)
    return;

  take_treatments (self, wanted ? porch_treatments_with (self->treatments, treatment)
                                : porch_treatments_without (self->treatments, treatment));
  g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
send_answered_cb (PorchPublishDialog *self,
                  const char         *response,
                  AdwAlertDialog     *dialog)
{
  const char *path = g_object_get_data (G_OBJECT (dialog), "path");

  if (g_str_equal (response, "send"))
    take_treatments (self, porch_treatments_with_confirmed (self->treatments, path));
}

static const char *
describe_danger (PorchPublishDialog *self,
                 const char         *path)
{
  PorchFindingGroup *group = find_group (self, "private");
  const char *rule = "";

  for (guint i = 0; group != NULL && i < porch_finding_group_get_n_findings (group); i++)
    {
      PorchFinding *finding = porch_finding_group_get_finding (group, i);

      if (g_strcmp0 (porch_finding_get_path (finding), path) == 0)
        rule = porch_finding_get_rule (finding);
    }

  if (g_str_equal (rule, "file.database"))
    return _("It is a database or a copy of one, and may hold data about people.");
  else if (g_str_equal (rule, "file.backup"))
    return _("It looks like a backup, and may hold what was never meant to be public.");
  else if (g_str_equal (rule, "file.history"))
    return _("It holds all earlier versions of your files, also what you took out again.");
  else
    return _("It looks as if it held passwords or keys. Who has them can act as you.");
}

/* Once it was public, taking it away does not bring it back; so this is asked, and the safe answer is the first */
static void
send_anyway_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  const char *path = g_variant_get_string (parameter, NULL);
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = porch_isolate (base);
  /* Translators: the placeholder is the name of a file */
  g_autofree char *which = g_strdup_printf (_("“%s” would be public."), name);
  g_autofree char *body = NULL;
  AdwDialog *dialog;

  body = g_strjoin ("\n\n", which, describe_danger (PORCH_PUBLISH_DIALOG (widget), path),
                    _("On the site everybody who knows or guesses its address can read it, and copies may stay around even if "
                      "you take it away later."), NULL);
  dialog = adw_alert_dialog_new (_("Send This File Anyway?"), body);
  adw_alert_dialog_set_body_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _("_Leave It Out"), "send", _("_Make It Public"), NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "send", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "path", g_strdup (path), g_free);
  g_signal_connect_object (dialog, "response", G_CALLBACK (send_answered_cb), widget, G_CONNECT_SWAPPED);
  porch_dialog_present (dialog, widget);
}

static void
leave_out_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  take_treatments (self, porch_treatments_without_path (self->treatments, g_variant_get_string (parameter, NULL)));
}

static void
show_all_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);
  const char *key = g_variant_get_string (parameter, NULL);
  PorchChanges *changes = porch_look_get_changes (self->look);
  PorchFindingGroup *group = find_group (self, key);
  g_autoptr(GListModel) items = NULL;
  g_autofree char *title = NULL;

  if (group != NULL)
    {
      items = porch_finding_rows_list_places (group);
      title = porch_finding_group_dup_title (group);
    }

  for (int kind = PORCH_CHANGE_ADDED; items == NULL && changes != NULL && kind <= PORCH_CHANGE_RENAMED; kind++)
    {
      if (g_str_equal (porch_change_rows_get_key (kind), key))
        {
          items = porch_change_rows_list (changes, kind);
          title = porch_change_rows_dup_title (changes, kind);
        }
    }

  if (items != NULL)
    adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (porch_long_page_new (title, items)));
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_widget_copy_text (GTK_WIDGET (PORCH_PUBLISH_DIALOG (widget)->stack), g_variant_get_string (parameter, NULL));
}

static void
copy_command_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);

  porch_widget_copy_text (GTK_WIDGET (self->stack), self->command);
}

/* What was looked at is what is published, with the same answers */
static PorchOperation *
create_operation (PorchPublishDialog *self)
{
  g_autofree char *note = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->note_row))));
  g_autoptr(PorchTreatments) answers = porch_look_dup_answers (self->look);
  PorchOperation *operation;

  operation = porch_publish_operation_new (self->site, porch_look_get_root (self->look), *note != '\0' ? note : NULL);
  porch_publish_operation_set_source (PORCH_PUBLISH_OPERATION (operation), self->chosen);
  porch_publish_operation_set_treatments (PORCH_PUBLISH_OPERATION (operation), answers);
  porch_publish_operation_set_thorough (PORCH_PUBLISH_OPERATION (operation), self->thorough);

  return operation;
}

static void
start_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);
  g_autoptr(PorchOperation) operation = create_operation (self);

  porch_engine_run_operation (porch_site_get_engine (self->site), operation);
  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
draft_started_cb (PorchPublishDialog *self,
                  PorchDraftPage     *page)
{
  g_autoptr(PorchOperation) operation = create_operation (self);

  g_set_object (&self->operation, operation);
  porch_publish_operation_set_draft (PORCH_PUBLISH_OPERATION (operation), porch_draft_page_get_days (page));
  porch_engine_run_operation (porch_site_get_engine (self->site), operation);
  porch_draft_page_set_operation (page, operation);
}

static void
draft_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (widget);
  PorchDraftPage *page = porch_draft_page_new ();

  g_signal_connect_object (page, "start", G_CALLBACK (draft_started_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (page));
}

/* Enter publishes on the sheet only; other pages name their own button */
static void
visible_page_cb (PorchPublishDialog *self)
{
  const char *tag = adw_navigation_view_get_visible_page_tag (self->view);

  if (g_strcmp0 (tag, "sheet") == 0)
    adw_dialog_set_default_widget (ADW_DIALOG (self), self->publish_button);
  else if (g_strcmp0 (tag, "long") == 0)
    adw_dialog_set_default_widget (ADW_DIALOG (self), NULL);
}

static void
porch_publish_dialog_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (object);

  switch (prop_id)
    {
    case PROP_LOCAL_LINKS:
      g_value_set_boolean (value, porch_treatments_has (self->treatments, PORCH_TREATMENT_LOCAL_LINKS));
      break;
    case PROP_SHRINK:
      g_value_set_boolean (value, porch_treatments_has (self->treatments, PORCH_TREATMENT_SHRINK));
      break;
    case PROP_STRIP_LOCATION:
      g_value_set_boolean (value, porch_treatments_has (self->treatments, PORCH_TREATMENT_STRIP_LOCATION));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_publish_dialog_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (object);

  switch (prop_id)
    {
    case PROP_LOCAL_LINKS:
      treat (self, PORCH_TREATMENT_LOCAL_LINKS, g_value_get_boolean (value), pspec);
      break;
    case PROP_SHRINK:
      treat (self, PORCH_TREATMENT_SHRINK, g_value_get_boolean (value), pspec);
      break;
    case PROP_STRIP_LOCATION:
      treat (self, PORCH_TREATMENT_STRIP_LOCATION, g_value_get_boolean (value), pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
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
  g_clear_object (&self->look);
  g_clear_object (&self->next_look);
  g_clear_object (&self->groups);
  g_clear_object (&self->operation);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_PUBLISH_DIALOG);

  G_OBJECT_CLASS (porch_publish_dialog_parent_class)->dispose (object);
}

static void
porch_publish_dialog_finalize (GObject *object)
{
  PorchPublishDialog *self = PORCH_PUBLISH_DIALOG (object);

  g_free (self->command);
  g_hash_table_unref (self->expanded);
  porch_treatments_unref (self->treatments);

  G_OBJECT_CLASS (porch_publish_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, view);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, publish_button);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, again_spinner);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, looking_page);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, command_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, command_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, folder_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, folder_icon);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, folder_button);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, again_button);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, rest_button);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, suggestion_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, suggestion_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, stops_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, changes_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, note_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, note_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, private_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, fixable_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, warnings_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPublishDialog, hints_group);
  gtk_widget_class_bind_template_callback (widget_class, dropped_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_page_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "publish.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "publish.draft", NULL, draft_action);
  gtk_widget_class_install_action (widget_class, "publish.look-again", NULL, look_again_action);
  gtk_widget_class_install_action (widget_class, "publish.look-thoroughly", NULL, look_thoroughly_action);
  gtk_widget_class_install_action (widget_class, "publish.use-suggestion", NULL, use_suggestion_action);
  gtk_widget_class_install_action (widget_class, "publish.choose-folder", NULL, choose_folder_action);
  gtk_widget_class_install_action (widget_class, "publish.choose-archive", NULL, choose_archive_action);
  gtk_widget_class_install_action (widget_class, "publish.send-anyway", "s", send_anyway_action);
  gtk_widget_class_install_action (widget_class, "publish.leave-out", "s", leave_out_action);
  gtk_widget_class_install_action (widget_class, "publish.show-all", "s", show_all_action);
  gtk_widget_class_install_action (widget_class, "publish.copy", "s", copy_action);
  gtk_widget_class_install_action (widget_class, "publish.copy-command", NULL, copy_command_action);

  /* Named as the treatments are */
  gtk_widget_class_install_property_action (widget_class, "publish.local-links", "local-links");
  gtk_widget_class_install_property_action (widget_class, "publish.shrink", "shrink");
  gtk_widget_class_install_property_action (widget_class, "publish.strip-location", "strip-location");
}

static void
porch_publish_dialog_class_init (PorchPublishDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_publish_dialog_get_property;
  object_class->set_property = porch_publish_dialog_set_property;
  object_class->dispose = porch_publish_dialog_dispose;
  object_class->finalize = porch_publish_dialog_finalize;

  properties[PROP_LOCAL_LINKS] =
    g_param_spec_boolean ("local-links", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHRINK] =
    g_param_spec_boolean ("shrink", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STRIP_LOCATION] =
    g_param_spec_boolean ("strip-location", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_DROP_AREA);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-publish-dialog.ui");
  bind_children (widget_class);
  install_actions (widget_class);
}

static void
porch_publish_dialog_init (PorchPublishDialog *self)
{
  self->rows = g_ptr_array_new ();
  self->expanded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->treatments = porch_treatments_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
}

/* What publishing @chosen, a folder or a ZIP, to @site will change; the person decides here. */
PorchPublishDialog *
porch_publish_dialog_new (PorchSite *site,
                          GFile     *chosen)
{
  PorchPublishDialog *self;
  PorchTreatments *agreed;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (G_IS_FILE (chosen), NULL);

  self = g_object_new (PORCH_TYPE_PUBLISH_DIALOG, NULL);
  self->site = g_object_ref (site);
  self->chosen = g_object_ref (chosen);

  if ((agreed = porch_site_get_treatments (site)) != NULL)
    {
      porch_treatments_unref (self->treatments);
      self->treatments = porch_treatments_ref (agreed);
    }

  look_again (self, FALSE);

  return self;
}

/* The draft that is being made, and shown here; NULL before. */
PorchOperation *
porch_publish_dialog_get_operation (PorchPublishDialog *self)
{
  g_return_val_if_fail (PORCH_IS_PUBLISH_DIALOG (self), NULL);

  return self->operation;
}
