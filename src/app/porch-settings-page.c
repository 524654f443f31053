/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-settings-page.h"

#include <glib/gi18n.h>

#include "aws-json.h"
#include "porch-message-export.h"
#include "porch-operation.h"
#include "porch-plan.h"
#include "porch-site-watch.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

/* Turning a number up and down asks nobody until it stands still. */
#define KEPT_PAUSE_MSEC 700

/* So long messages may be kept, in days; 0 is for ever */
static const guint days_of_choice[] = { 0, 365, 183, 30 };

/* What can be changed about a site. Each row takes effect by itself; what takes longer is an operation. */
struct _PorchSettingsPage
{
  AdwBin         parent_instance;

  AdwEntryRow   *name_row;
  GtkLabel      *name_error;
  AdwActionRow  *folder_row;
  AdwActionRow  *where_row;
  AdwSwitchRow  *watch_row;
  AdwSpinRow    *kept_row;
  GtkAdjustment *kept_adjustment;
  AdwSwitchRow  *single_page_row;
  AdwSwitchRow  *strip_row;
  AdwSwitchRow  *shrink_row;
  AdwSwitchRow  *links_row;
  GtkWidget     *confirmed_group;
  GtkListBox    *confirmed_list;
  AdwSwitchRow  *form_row;
  AdwEntryRow   *mail_row;
  AdwComboRow   *keep_row;
  GtkStringList *keep_choices;
  GtkLabel      *mail_error;

  PorchSite     *site;
  GSignalGroup  *signals;
  GSignalGroup  *operation_signals;
  GSignalGroup  *watch_signals;
  DexFuture     *renaming;
  guint          kept_timer;
  guint          updating : 1;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchSettingsPage, porch_settings_page, ADW_TYPE_BIN)

static gboolean
is_practice (GObject      *object,
             PorchAccount *account)
{
  return account != NULL && porch_account_is_practice (account);
}

/* Setting the same text again would make the row think that there is something to apply */
static void
set_text (AdwEntryRow *row,
          const char  *text)
{
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (row)), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
update_name (PorchSettingsPage *self)
{
  set_text (self->name_row, porch_site_get_name (self->site));
}

static void
update_folder (PorchSettingsPage *self)
{
  g_autofree char *text = porch_site_dup_folder (self->site);

  adw_action_row_set_subtitle (self->folder_row, text != NULL ? text : _("None yet"));
}

static void
update_where (PorchSettingsPage *self)
{
  PorchAccount *account = porch_site_get_account (self->site);
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  if (account == NULL)
    return;

  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->where_row), "s", porch_account_get_id (account));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->where_row), "win.show-account");

  if (porch_account_is_practice (account))
    {
      adw_action_row_set_subtitle (self->where_row, _("On this computer, for practice"));
      return;
    }

  name = porch_isolate (porch_account_get_name (account));
  text = g_strdup_printf ("%s, %s", name, porch_account_describe_region (porch_site_get_region (self->site)));
  adw_action_row_set_subtitle (self->where_row, text);
}

/* Another number, set from elsewhere, is one choice more. */
static void
update_keep (PorchSettingsPage *self)
{
  guint days = porch_form_get_days (porch_site_get_form (self->site));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->keep_choices));
  g_autofree char *other = NULL;
  guint chosen = 0;

  while (chosen < G_N_ELEMENTS (days_of_choice) && days_of_choice[chosen] != days)
    chosen++;

  if (chosen == G_N_ELEMENTS (days_of_choice))
    other = g_strdup_printf (ngettext ("%u Day", "%u Days", days), days);

  gtk_string_list_splice (self->keep_choices, G_N_ELEMENTS (days_of_choice), n - G_N_ELEMENTS (days_of_choice),
                          (const char *[]) { other, NULL });
  adw_combo_row_set_selected (self->keep_row, chosen);
}

static void
update_form (PorchSettingsPage *self)
{
  const char *mail_to = porch_site_get_mail_to (self->site);

  self->updating = TRUE;
  adw_switch_row_set_active (self->form_row, porch_site_get_form_enabled (self->site));

  /* What was entered for the form stays at hand while it is off */
  if (mail_to != NULL)
    set_text (self->mail_row, mail_to);

  update_keep (self);
  self->updating = FALSE;
}

static void
update_watch (PorchSettingsPage *self)
{
  PorchFolderWatch *watch = porch_site_get_watch (self->site);

  self->updating = TRUE;
  adw_switch_row_set_active (self->watch_row, porch_folder_watch_get_enabled (watch));
  self->updating = FALSE;
}

static void
update_publishing (PorchSettingsPage *self)
{
  self->updating = TRUE;
  adw_switch_row_set_active (self->single_page_row, porch_site_get_single_page (self->site));

  if (self->kept_timer == 0)
    gtk_adjustment_set_value (self->kept_adjustment, porch_site_get_kept_versions (self->site));

  self->updating = FALSE;
}

static void
forget_decision_cb (GtkWidget *button,
                    gpointer   user_data);

static void
add_decisions (PorchSettingsPage *self,
               JsonArray         *paths,
               const char        *what)
{
  for (guint i = 0; paths != NULL && i < json_array_get_length (paths); i++)
    {
      const char *path = json_array_get_string_element (paths, i);
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *button = gtk_button_new_with_label (_("Take Back"));
      g_autofree char *label = NULL;

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), path);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), what);
      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_add_css_class (button, "flat");

      /* Translators: what a screen reader says on the button Take Back; the placeholder is a file */
      label = g_strdup_printf (_("Take Back: %s"), path);
      gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
      g_object_set_data_full (G_OBJECT (button), "path", g_strdup (path), g_free);
      g_signal_connect_object (button, "clicked", G_CALLBACK (forget_decision_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
      gtk_list_box_append (self->confirmed_list, row);
    }
}

static void
update_treatments (PorchSettingsPage *self)
{
  PorchTreatments *treatments = porch_site_get_treatments (self->site);
  g_autoptr(JsonObject) object = NULL;

  self->updating = TRUE;
  adw_switch_row_set_active (self->strip_row, porch_treatments_has (treatments, PORCH_TREATMENT_STRIP_LOCATION));
  adw_switch_row_set_active (self->shrink_row, porch_treatments_has (treatments, PORCH_TREATMENT_SHRINK));
  adw_switch_row_set_active (self->links_row, porch_treatments_has (treatments, PORCH_TREATMENT_LOCAL_LINKS));
  self->updating = FALSE;

  gtk_list_box_remove_all (self->confirmed_list);

  if (treatments != NULL)
    {
      object = porch_treatments_to_json (treatments);
      add_decisions (self, aws_json_get_array (object, "confirmed"), _("Is published"));
      add_decisions (self, aws_json_get_array (object, "leftOut"), _("Is left out"));
    }

  gtk_widget_set_visible (self->confirmed_group, gtk_list_box_get_row_at_index (self->confirmed_list, 0) != NULL);
}

static void
update_all (PorchSettingsPage *self)
{
  update_publishing (self);
  update_treatments (self);
}

static DexFuture *
changed_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchSettingsPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      porch_widget_toast_error (GTK_WIDGET (self), error);

      if (self->site != NULL)
        update_all (self);
    }

  return NULL;
}

/* Goes on when the page is left; a setting that can't be changed shows as it was */
static void
follow (PorchSettingsPage *self,
        DexFuture         *future)
{
  dex_future_disown (dex_future_finally (future, changed_cb, g_object_ref (self), g_object_unref));
}

static void
watch_switched_cb (PorchSettingsPage *self)
{
  if (!self->updating)
    porch_folder_watch_set_enabled (porch_site_get_watch (self->site), adw_switch_row_get_active (self->watch_row));
}

static void
single_page_switched_cb (PorchSettingsPage *self)
{
  if (!self->updating)
    follow (self, porch_site_set_single_page (self->site, adw_switch_row_get_active (self->single_page_row)));
}

static void
save_kept (PorchSettingsPage *self)
{
  guint kept = gtk_adjustment_get_value (self->kept_adjustment);

  g_clear_handle_id (&self->kept_timer, g_source_remove);

  if (kept != porch_site_get_kept_versions (self->site))
    follow (self, porch_site_set_kept_versions (self->site, kept));
}

static gboolean
kept_timer_cb (gpointer user_data)
{
  PorchSettingsPage *self = user_data;

  self->kept_timer = 0;
  save_kept (self);

  return G_SOURCE_REMOVE;
}

static void
kept_changed_cb (PorchSettingsPage *self)
{
  if (self->updating || self->site == NULL)
    return;

  g_clear_handle_id (&self->kept_timer, g_source_remove);
  self->kept_timer = g_timeout_add (KEPT_PAUSE_MSEC, kept_timer_cb, self);
}

static void
treatment_switched_cb (PorchSettingsPage *self,
                       GParamSpec        *pspec,
                       AdwSwitchRow      *row)
{
  PorchTreatments *before;
  g_autoptr(PorchTreatments) after = NULL;
  PorchTreatment treatment = row == self->strip_row ? PORCH_TREATMENT_STRIP_LOCATION
                           : row == self->shrink_row ? PORCH_TREATMENT_SHRINK
                                                     : PORCH_TREATMENT_LOCAL_LINKS;

  if (self->updating)
    return;

  before = porch_site_get_treatments (self->site);
  after = adw_switch_row_get_active (row) ? porch_treatments_with (before, treatment)
                                          : porch_treatments_without (before, treatment);
  follow (self, porch_site_set_treatments (self->site, after));
}

static void
forget_decision_cb (GtkWidget *button,
                    gpointer   user_data)
{
  PorchSettingsPage *self = user_data;
  const char *path = g_object_get_data (G_OBJECT (button), "path");
  g_autoptr(PorchTreatments) after = porch_treatments_without_path (porch_site_get_treatments (self->site), path);

  follow (self, porch_site_set_treatments (self->site, after));
}

static void
update_sensitivity (PorchSettingsPage *self)
{
  gboolean busy = porch_site_is_busy (self->site);

  gtk_widget_set_sensitive (GTK_WIDGET (self->form_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->single_page_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->kept_row), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (self->keep_row), !busy);
  adw_entry_row_set_show_apply_button (self->mail_row, !busy);

  if (!busy)
    update_form (self);
}

static void
operation_changed_cb (PorchSettingsPage *self)
{
  g_signal_group_set_target (self->operation_signals, porch_site_get_operation (self->site));
  update_sensitivity (self);
}

static DexFuture *
renamed_cb (DexFuture *future,
            gpointer   user_data)
{
  PorchSettingsPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    {
      porch_widget_toast_error (GTK_WIDGET (self), error);
      update_name (self);
    }

  return NULL;
}

static void
name_applied_cb (PorchSettingsPage *self,
                 AdwEntryRow       *row)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (row))));
  g_autoptr(GError) error = NULL;

  if (!porch_plan_check_name (name, &error))
    {
      porch_row_set_error (GTK_WIDGET (row), self->name_error, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (row));
      return;
    }

  dex_clear (&self->renaming);
  self->renaming = dex_future_finally (porch_site_rename (self->site, name), renamed_cb, self, NULL);
}

static void
name_changed_cb (PorchSettingsPage *self,
                 AdwEntryRow       *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->name_error, NULL);
}

static void
mail_changed_cb (PorchSettingsPage *self,
                 AdwEntryRow       *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->mail_error, NULL);
}

/* Nothing happens before the address is entered or mended. */
static void
change_form (PorchSettingsPage *self,
             gboolean           enabled)
{
  g_autoptr(PorchForm) form = porch_form_with_enabled (porch_site_get_form (self->site), enabled);
  g_autoptr(PorchForm) mailed = NULL;
  g_autoptr(GError) error = NULL;

  mailed = enabled ? porch_form_with_mails (form, gtk_editable_get_text (GTK_EDITABLE (self->mail_row)), &error)
                   : porch_form_ref (form);

  if (mailed == NULL)
    {
      porch_row_set_error (GTK_WIDGET (self->mail_row), self->mail_error, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->mail_row));
      return;
    }

  if (!porch_form_equal (mailed, porch_site_get_form (self->site)))
    porch_site_change_form (self->site, mailed);
}

static void
mail_applied_cb (PorchSettingsPage *self,
                 AdwEntryRow       *row)
{
  change_form (self, TRUE);
}

static void
form_switched_cb (PorchSettingsPage *self)
{
  if (!self->updating)
    change_form (self, adw_switch_row_get_active (self->form_row));
}

static void
keep_chosen_cb (PorchSettingsPage *self)
{
  guint chosen = adw_combo_row_get_selected (self->keep_row);
  g_autoptr(PorchForm) form = NULL;

  if (self->updating || self->site == NULL || chosen >= G_N_ELEMENTS (days_of_choice))
    return;

  form = porch_form_with_days (porch_site_get_form (self->site), days_of_choice[chosen]);

  if (!porch_form_equal (form, porch_site_get_form (self->site)))
    porch_site_change_form (self->site, form);
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  porch_message_export_ask (widget, PORCH_SETTINGS_PAGE (widget)->site, FALSE);
}

static void
porch_settings_page_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_SETTINGS_PAGE (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_settings_page_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      porch_settings_page_set_site (PORCH_SETTINGS_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_settings_page_dispose (GObject *object)
{
  PorchSettingsPage *self = PORCH_SETTINGS_PAGE (object);

  g_clear_handle_id (&self->kept_timer, g_source_remove);
  dex_clear (&self->renaming);
  g_clear_object (&self->signals);
  g_clear_object (&self->operation_signals);
  g_clear_object (&self->watch_signals);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_SETTINGS_PAGE);

  G_OBJECT_CLASS (porch_settings_page_parent_class)->dispose (object);
}

static void
porch_settings_page_class_init (PorchSettingsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_settings_page_get_property;
  object_class->set_property = porch_settings_page_set_property;
  object_class->dispose = porch_settings_page_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-settings-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, name_error);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, folder_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, where_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, watch_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, kept_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, kept_adjustment);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, single_page_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, strip_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, shrink_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, links_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, confirmed_group);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, confirmed_list);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, form_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, mail_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, keep_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, keep_choices);
  gtk_widget_class_bind_template_child (widget_class, PorchSettingsPage, mail_error);
  gtk_widget_class_bind_template_callback (widget_class, is_practice);
  gtk_widget_class_bind_template_callback (widget_class, name_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_applied_cb);
  gtk_widget_class_bind_template_callback (widget_class, mail_changed_cb);

  gtk_widget_class_install_action (widget_class, "settings.export", NULL, export_action);
}

static void
porch_settings_page_init (PorchSettingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (self->form_row, "notify::active", G_CALLBACK (form_switched_cb), self);
  g_signal_connect_swapped (self->keep_row, "notify::selected", G_CALLBACK (keep_chosen_cb), self);
  g_signal_connect_swapped (self->watch_row, "notify::active", G_CALLBACK (watch_switched_cb), self);
  g_signal_connect_swapped (self->single_page_row, "notify::active", G_CALLBACK (single_page_switched_cb), self);
  g_signal_connect_swapped (self->strip_row, "notify::active", G_CALLBACK (treatment_switched_cb), self);
  g_signal_connect_swapped (self->shrink_row, "notify::active", G_CALLBACK (treatment_switched_cb), self);
  g_signal_connect_swapped (self->links_row, "notify::active", G_CALLBACK (treatment_switched_cb), self);

  gtk_adjustment_set_lower (self->kept_adjustment, PORCH_SITE_MIN_KEPT_VERSIONS);
  gtk_adjustment_set_upper (self->kept_adjustment, PORCH_SITE_MAX_KEPT_VERSIONS);
  g_signal_connect_swapped (self->kept_adjustment, "value-changed", G_CALLBACK (kept_changed_cb), self);

  self->signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->signals, "notify::name", G_CALLBACK (update_name), self);
  g_signal_group_connect_swapped (self->signals, "notify::folder", G_CALLBACK (update_folder), self);
  g_signal_group_connect_swapped (self->signals, "notify::account", G_CALLBACK (update_where), self);
  g_signal_group_connect_swapped (self->signals, "notify::form", G_CALLBACK (update_sensitivity), self);
  g_signal_group_connect_swapped (self->signals, "notify::kept-versions", G_CALLBACK (update_publishing), self);
  g_signal_group_connect_swapped (self->signals, "notify::single-page", G_CALLBACK (update_publishing), self);
  g_signal_group_connect_swapped (self->signals, "notify::treatments", G_CALLBACK (update_treatments), self);
  g_signal_group_connect_swapped (self->signals, "notify::operation", G_CALLBACK (operation_changed_cb), self);

  self->watch_signals = g_signal_group_new (PORCH_TYPE_FOLDER_WATCH);
  g_signal_group_connect_swapped (self->watch_signals, "notify::enabled", G_CALLBACK (update_watch), self);

  self->operation_signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->operation_signals, "notify::state", G_CALLBACK (update_sensitivity), self);
}

void
porch_settings_page_set_site (PorchSettingsPage *self,
                              PorchSite         *site)
{
  g_return_if_fail (PORCH_IS_SETTINGS_PAGE (self));
  g_return_if_fail (site == NULL || PORCH_IS_SITE (site));

  if (self->site == site)
    return;

  /* What was just chosen still belongs to the site before */
  if (self->kept_timer != 0)
    save_kept (self);

  g_set_object (&self->site, site);
  g_signal_group_set_target (self->signals, site);
  g_signal_group_set_target (self->watch_signals, site != NULL ? porch_site_get_watch (site) : NULL);

  if (site != NULL)
    {
      update_name (self);
      update_folder (self);
      update_where (self);
      update_watch (self);
      update_all (self);
      set_text (self->mail_row, "");
      operation_changed_cb (self);
    }
  else
    {
      /* The work that deletes a site outlives it */
      g_signal_group_set_target (self->operation_signals, NULL);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}
