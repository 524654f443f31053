/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-finding-rows.h"

#include <glib/gi18n.h>

#include "porch-long-item.h"
#include "porch-widget-util.h"

/* Rows of one expander; the rest is a page of its own, where only what is seen takes time */
#define MAX_ROWS 12

/* The rows in which the publish sheet shows what was found. What they do are actions of the sheet. */

static const char *
get_icon (PorchCare care)
{
  switch (care)
    {
    case PORCH_CARE_STOPS:
      return "dialog-error-symbolic";
    case PORCH_CARE_PRIVATE:
      return "channel-secure-symbolic";
    case PORCH_CARE_FIXABLE:
    case PORCH_CARE_WARNING:
      return "dialog-warning-symbolic";
    case PORCH_CARE_HINT:
    case PORCH_N_CARES:
    default:
      return "dialog-information-symbolic";
    }
}

static const char *
get_class (PorchCare care)
{
  switch (care)
    {
    case PORCH_CARE_STOPS:
      return "error";
    case PORCH_CARE_WARNING:
      return "warning";
    case PORCH_CARE_PRIVATE:
    case PORCH_CARE_FIXABLE:
    case PORCH_CARE_HINT:
    case PORCH_N_CARES:
    default:
      return "dimmed";
    }
}

static const char *
get_word (PorchCare care)
{
  switch (care)
    {
    case PORCH_CARE_STOPS:
      return C_("finding", "Has to be fixed");
    case PORCH_CARE_FIXABLE:
    case PORCH_CARE_WARNING:
      return C_("finding", "Warning");
    case PORCH_CARE_PRIVATE:
    case PORCH_CARE_HINT:
    case PORCH_N_CARES:
    default:
      return C_("finding", "Hint");
    }
}

static GtkWidget *
create_icon (PorchCare care)
{
  GtkWidget *icon = gtk_image_new_from_icon_name (get_icon (care));

  gtk_widget_add_css_class (icon, get_class (care));
  gtk_widget_set_tooltip_text (icon, get_word (care));
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, get_word (care), -1);

  return icon;
}

static GtkWidget *
create_row (const char *title,
            const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);

  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  return row;
}

/* What there is to type is given to the clipboard; nobody likes to copy commands by hand */
static void
add_command (GtkWidget  *row,
             const char *command)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  /* Translators: the placeholder is a command such as “hugo” */
  g_autofree char *label = g_strdup_printf (_("Copy the Command “%s”"), command);

  gtk_widget_set_tooltip_text (button, label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "publish.copy");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", command);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* Whether the heading of the group says everything but the place */
static gboolean
is_said_by_heading (PorchFinding *finding)
{
  const char *rule = porch_finding_get_rule (finding);

  return porch_finding_get_subject (finding) != NULL || g_str_has_prefix (rule, "page.") ||
         g_str_equal (rule, "picture.alt") || g_str_equal (rule, "photo.location") || g_str_equal (rule, "file.litter");
}

static char *
describe_place (PorchFinding      *finding,
                PorchFindingPlace  place)
{
  const char *subject = porch_finding_get_subject (finding);
  g_autofree char *line = NULL;
  g_autofree char *isolated = NULL;

  if (!is_said_by_heading (finding))
    return g_strdup (porch_finding_get_text (finding));

  if (place.line > 0)
    /* Translators: a line of a file */
    line = g_strdup_printf (_("Line %'u"), place.line);

  if (subject != NULL && g_strcmp0 (subject, place.path) != 0 && *subject != '\0')
    isolated = porch_isolate (subject);

  if (line != NULL && isolated != NULL)
    return g_strjoin (" · ", line, isolated, NULL);

  return line != NULL ? g_steal_pointer (&line) : g_steal_pointer (&isolated);
}

static void
list_places (GListStore   *items,
             PorchFinding *finding)
{
  guint n_kept = porch_finding_get_n_kept (finding);
  guint n_places = porch_finding_get_n_places (finding);

  for (guint i = 0; i < n_kept; i++)
    {
      PorchFindingPlace place = porch_finding_get_place (finding, i);
      g_autofree char *path = porch_isolate (place.path);
      g_autofree char *where = describe_place (finding, place);
      g_autoptr(PorchLongItem) item = porch_long_item_new (path, where);

      g_list_store_append (items, item);
    }

  if (n_kept == 0)
    {
      g_autoptr(PorchLongItem) item = porch_long_item_new (porch_finding_get_text (finding), porch_finding_get_fix (finding));

      g_list_store_append (items, item);
    }
  else if (n_places > n_kept)
    {
      guint n_more = n_places - n_kept;
      /* Translators: the end of a list that is too long to be shown */
      g_autofree char *text = g_strdup_printf (ngettext ("and %'u more place", "and %'u more places", n_more), n_more);
      g_autoptr(PorchLongItem) item = porch_long_item_new (text, NULL);

      g_list_store_append (items, item);
    }
}

/**
 * porch_finding_rows_list_places:
 * @group: a group of findings
 *
 * Returns: (transfer full): a list of [class@Porch.LongItem], one for each place of each finding
 */
GListModel *
porch_finding_rows_list_places (PorchFindingGroup *group)
{
  GListStore *items = g_list_store_new (PORCH_TYPE_LONG_ITEM);

  for (guint i = 0; i < porch_finding_group_get_n_findings (group); i++)
    list_places (items, porch_finding_group_get_finding (group, i));

  return G_LIST_MODEL (items);
}

/* The last row of an expander, and the way to the whole list; @key is what the sheet knows it by. */
GtkWidget *
porch_long_row_new (GListModel *items,
                    const char *key)
{
  GtkWidget *row = adw_button_row_new ();
  guint n_items = g_list_model_get_n_items (items);
  g_autofree char *title = g_strdup_printf (ngettext ("Show All %'u", "Show All %'u", n_items), n_items);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_button_row_set_end_icon_name (ADW_BUTTON_ROW (row), "go-next-symbolic");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "publish.show-all");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", key);

  return row;
}

/* Puts the first of @items into @row, and behind them the way to all. */
void
porch_long_row_add_items (AdwExpanderRow *row,
                          GListModel     *items,
                          const char     *key)
{
  guint n_items = g_list_model_get_n_items (items);

  for (guint i = 0; i < MIN (n_items, MAX_ROWS); i++)
    {
      g_autoptr(PorchLongItem) item = g_list_model_get_item (items, i);

      adw_expander_row_add_row (row, create_row (porch_long_item_get_title (item), porch_long_item_get_subtitle (item)));
    }

  if (n_items > MAX_ROWS)
    adw_expander_row_add_row (row, porch_long_row_new (items, key));
}

/* Rows that nobody asks for are not made */
static void
expanded_cb (AdwExpanderRow    *row,
             GParamSpec        *pspec,
             PorchFindingGroup *group)
{
  g_autoptr(GListModel) items = NULL;

  if (!adw_expander_row_get_expanded (row) || g_object_get_data (G_OBJECT (row), "filled") != NULL)
    return;

  items = porch_finding_rows_list_places (group);
  porch_long_row_add_items (row, items, porch_finding_group_get_key (group));
  g_object_set_data (G_OBJECT (row), "filled", row);
}

static void
add_switch (GtkWidget         *row,
            PorchFindingGroup *group,
            const char        *title)
{
  GtkWidget *fix_switch = gtk_switch_new ();
  PorchTreatment treatment = porch_finding_group_get_treatment (group);
  g_autofree char *action = g_strconcat ("publish.", porch_treatment_to_string (treatment), NULL);

  gtk_widget_set_valign (fix_switch, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (fix_switch), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (fix_switch), action);
  adw_expander_row_add_suffix (ADW_EXPANDER_ROW (row), fix_switch);
  g_object_set_data (G_OBJECT (row), "switch", fix_switch);
}

/* One thing in one place needs nothing to be opened */
static gboolean
is_simple (PorchFindingGroup *group)
{
  return porch_finding_group_get_care (group) != PORCH_CARE_FIXABLE &&
         porch_finding_group_get_n_findings (group) == 1 &&
         porch_finding_get_n_places (porch_finding_group_get_finding (group, 0)) <= 1;
}

/**
 * porch_finding_rows_create:
 * @group: a group of findings, of any care but %PORCH_CARE_PRIVATE
 *
 * Returns: (transfer floating): a row: one that opens where there is more than one thing, with a switch where it can be
 *   put right
 */
GtkWidget *
porch_finding_rows_create (PorchFindingGroup *group)
{
  PorchCare care = porch_finding_group_get_care (group);
  g_autofree char *reason = porch_finding_group_dup_reason (group);
  g_autofree char *title = NULL;
  GtkWidget *row;

  if (is_simple (group))
    {
      PorchFinding *finding = porch_finding_group_get_finding (group, 0);

      row = create_row (porch_finding_get_text (finding), reason);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_icon (care));

      if (porch_finding_get_command (finding) != NULL)
        add_command (row, porch_finding_get_command (finding));

      return row;
    }

  title = porch_finding_group_dup_title (group);
  row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_title_lines (ADW_EXPANDER_ROW (row), 0);
  adw_expander_row_set_subtitle_lines (ADW_EXPANDER_ROW (row), 0);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), reason != NULL ? reason : "");

  if (care == PORCH_CARE_FIXABLE)
    add_switch (row, group, title);
  else
    adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), create_icon (care));

  g_signal_connect_data (row, "notify::expanded", G_CALLBACK (expanded_cb),
                         g_object_ref (group), (GClosureNotify) (void (*) (void)) g_object_unref, 0);

  return row;
}

/* What a private file probably is, in a word or two */
static const char *
name_private (PorchFinding *finding)
{
  const char *rule = porch_finding_get_rule (finding);

  if (g_str_equal (rule, "file.database"))
    return C_("private file", "Database");
  else if (g_str_equal (rule, "file.backup"))
    return C_("private file", "Backup");
  else if (g_str_equal (rule, "file.history"))
    return C_("private file", "Earlier versions of your files");
  else if (g_str_equal (rule, "file.left-out"))
    return C_("private file", "Left out before");
  else
    return C_("private file", "Passwords or keys");
}

/**
 * porch_finding_rows_create_private:
 * @finding: a finding about a file that looks private
 * @is_sent: whether its owner has said that it is to be sent
 *
 * Returns: (transfer floating): a row with the one thing that can be decided: to send the file anyway, or to leave it out
 *   after all
 */
GtkWidget *
porch_finding_rows_create_private (PorchFinding *finding,
                                   gboolean      is_sent)
{
  const char *path = porch_finding_get_path (finding);
  g_autofree char *name = porch_isolate (path);
  g_autofree char *label = NULL;
  GtkWidget *row = create_row (name, is_sent ? C_("private file", "Will be public") : name_private (finding));
  GtkWidget *button = gtk_button_new_with_mnemonic (is_sent ? _("_Leave Out") : _("_Send Anyway…"));

  /* Translators: the placeholder is the name of a file */
  label = g_strdup_printf (is_sent ? _("Leave Out “%s”") : _("Send “%s” Anyway…"), path);

  /* Its own label comes first otherwise, and is that of all the others too */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (row, porch_finding_get_text (finding));

  if (is_sent)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), create_icon (PORCH_CARE_WARNING));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), is_sent ? "publish.leave-out" : "publish.send-anyway");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", path);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}
