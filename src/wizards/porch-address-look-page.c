/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-look-page.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-widget-util.h"

/* Looks at the name that somebody has: who serves it, what is there, whether mail is in use. Then there are one or two ways
 * to go on.
 */
struct _PorchAddressLookPage
{
  PorchWizardPage     parent_instance;

  GtkStack           *stack;
  AdwStatusPage      *looking_page;
  GtkProgressBar     *progress_bar;
  GtkLabel           *count_label;
  AdwStatusPage      *failed_page;
  AdwPreferencesGroup *note_group;
  GtkListBox         *note_list;
  AdwPreferencesGroup *way_group;
  GtkWidget          *account_row;
  GtkWidget          *buy_row;
  GtkWidget          *move_row;
  GtkWidget          *move_tag;
  GtkWidget          *leave_row;
  GtkWidget          *leave_tag;

  PorchAddressPlan   *plan;
  GSignalGroup       *survey_signals;
  DexFuture          *looking;
};

G_DEFINE_FINAL_TYPE (PorchAddressLookPage, porch_address_look_page, PORCH_TYPE_WIZARD_PAGE)

static const struct
{
  const char *icon;
  const char *style;
  const char *words;
} looks[] = {
  [PORCH_DOMAIN_WEIGHT_GOOD] = { "porchlight-step-done-symbolic", "success", NC_("finding", "Good") },
  [PORCH_DOMAIN_WEIGHT_NOTICE] = { "dialog-information-symbolic", "accent", NC_("finding", "Hint") },
  [PORCH_DOMAIN_WEIGHT_PROBLEM] = { "dialog-warning-symbolic", "warning", NC_("finding", "Warning") },
};

static GtkWidget *
create_note_row (gpointer item,
                 gpointer user_data)
{
  PorchDomainNote *note = item;
  PorchDomainWeight weight = porch_domain_note_get_weight (note);
  const char *words = g_dpgettext2 (NULL, "finding", looks[weight].words);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[weight].icon);

  gtk_widget_add_css_class (icon, looks[weight].style);
  gtk_widget_set_tooltip_text (icon, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_domain_note_get_title (note));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), porch_domain_note_get_text (note));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);

  return row;
}

static void
progress_cb (PorchAddressLookPage *self)
{
  PorchDomainSurvey *survey = porch_address_plan_get_survey (self->plan);
  guint n_records;
  g_autofree char *text = NULL;

  if (survey == NULL)
    return;

  n_records = g_list_model_get_n_items (porch_domain_survey_get_records (survey));
  text = g_strdup_printf (ngettext ("%u record found so far", "%u records found so far", n_records), n_records);
  gtk_progress_bar_set_fraction (self->progress_bar, porch_domain_survey_get_fraction (survey));
  gtk_label_set_label (self->count_label, n_records > 0 ? text : "");
}

static void
survey_changed_cb (PorchAddressLookPage *self)
{
  PorchDomainSurvey *survey = porch_address_plan_get_survey (self->plan);

  g_signal_group_set_target (self->survey_signals, survey);
  gtk_list_box_bind_model (self->note_list,
                           survey != NULL ? porch_domain_survey_get_notes (survey) : NULL,
                           create_note_row, NULL, NULL);
  progress_cb (self);
}

static void
show_failure (PorchAddressLookPage *self,
              const GError         *error)
{
  g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
  g_autofree char *body = g_markup_escape_text (porch_problem_get_body (problem), -1);

  adw_status_page_set_title (self->failed_page, porch_problem_get_title (problem));
  adw_status_page_set_description (self->failed_page, body);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  porch_widget_announce (GTK_WIDGET (self), porch_problem_get_title (problem));
}

static void
show_ways (PorchAddressLookPage *self)
{
  PorchDomainSurvey *survey = porch_address_plan_get_survey (self->plan);
  gboolean in_account = porch_address_plan_get_zone_id (self->plan) != NULL;
  const char *advice = survey != NULL ? porch_domain_survey_get_advice (survey) : NULL;
  gboolean buy = !in_account && g_strcmp0 (advice, "buy") == 0;
  g_autofree char *text = survey != NULL && !in_account ? porch_domain_survey_dup_advice_text (survey) : NULL;
  g_autofree char *escaped = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  /* What is best comes first */
  if (g_strcmp0 (advice, "elsewhere") == 0)
    {
      g_object_ref (self->move_row);
      adw_preferences_group_remove (self->way_group, self->move_row);
      adw_preferences_group_add (self->way_group, self->move_row);
      g_object_unref (self->move_row);
    }

  gtk_widget_set_visible (self->account_row, in_account);
  gtk_widget_set_visible (self->buy_row, buy);
  gtk_widget_set_visible (self->move_row, !in_account && !buy);
  gtk_widget_set_visible (self->leave_row, !in_account && !buy);
  gtk_widget_set_visible (self->move_tag, g_strcmp0 (advice, "move") == 0);
  gtk_widget_set_visible (self->leave_tag, g_strcmp0 (advice, "elsewhere") == 0);
  adw_preferences_group_set_description (self->way_group, escaped);
  gtk_stack_set_visible_child_name (self->stack, "found");
  porch_widget_announce (GTK_WIDGET (self), text != NULL ? text : _("The name is in your account already"));
}

static DexFuture *
looked_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchAddressLookPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    show_ways (self);
  else if (!porch_error_is_cancelled (error))
    show_failure (self, error);

  return NULL;
}

/* What is in the way depends on the way; until that is chosen, it is looked at as if all of the name moved */
static void
look (PorchAddressLookPage *self)
{
  gtk_stack_set_visible_child_name (self->stack, "looking");
  porch_address_plan_set_survey (self->plan, NULL);
  porch_address_plan_set_way (self->plan, PORCH_ADDRESS_MOVE);
  dex_clear (&self->looking);
  self->looking = dex_future_finally (porch_address_plan_look (self->plan), looked_cb, self, NULL);
}

static void
try_again_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  look (PORCH_ADDRESS_LOOK_PAGE (widget));
}

static void
go_on (GtkWidget       *widget,
       PorchAddressWay  way)
{
  porch_address_plan_set_way (PORCH_ADDRESS_LOOK_PAGE (widget)->plan, way);
  g_signal_emit_by_name (widget, "continued");
}

static DexFuture *
looked_in_account_cb (DexFuture *future,
                      gpointer   user_data)
{
  PorchAddressLookPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "found");
      g_signal_emit_by_name (self, "continued");
    }
  else if (!porch_error_is_cancelled (error))
    {
      show_failure (self, error);
    }

  return NULL;
}

static void
account_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchAddressLookPage *self = PORCH_ADDRESS_LOOK_PAGE (widget);

  porch_address_plan_set_way (self->plan, PORCH_ADDRESS_ACCOUNT);
  gtk_stack_set_visible_child_name (self->stack, "looking");
  dex_clear (&self->looking);
  self->looking = dex_future_finally (porch_address_plan_look (self->plan), looked_in_account_cb, self, NULL);
}

static void
buy_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  go_on (widget, PORCH_ADDRESS_BUY);
}

static void
move_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  go_on (widget, PORCH_ADDRESS_MOVE);
}

static void
leave_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  go_on (widget, PORCH_ADDRESS_ELSEWHERE);
}

static void
porch_address_look_page_dispose (GObject *object)
{
  PorchAddressLookPage *self = PORCH_ADDRESS_LOOK_PAGE (object);

  dex_clear (&self->looking);
  g_clear_object (&self->survey_signals);

  if (self->note_list != NULL)
    gtk_list_box_bind_model (self->note_list, NULL, NULL, NULL, NULL);

  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_LOOK_PAGE);

  G_OBJECT_CLASS (porch_address_look_page_parent_class)->dispose (object);
}

static void
porch_address_look_page_class_init (PorchAddressLookPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_address_look_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-look-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, looking_page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, note_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, note_list);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, way_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, account_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, buy_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, move_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, move_tag);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, leave_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressLookPage, leave_tag);

  gtk_widget_class_install_action (widget_class, "look.try-again", NULL, try_again_action);
  gtk_widget_class_install_action (widget_class, "look.account", NULL, account_action);
  gtk_widget_class_install_action (widget_class, "look.buy", NULL, buy_action);
  gtk_widget_class_install_action (widget_class, "look.move", NULL, move_action);
  gtk_widget_class_install_action (widget_class, "look.leave", NULL, leave_action);
}

static void
porch_address_look_page_init (PorchAddressLookPage *self)
{
  g_autoptr(AdwSpinnerPaintable) spinner = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));

  spinner = adw_spinner_paintable_new (GTK_WIDGET (self->looking_page));
  adw_status_page_set_paintable (self->looking_page, GDK_PAINTABLE (spinner));

  self->survey_signals = g_signal_group_new (PORCH_TYPE_DOMAIN_SURVEY);
  g_signal_group_connect_swapped (self->survey_signals, "notify::fraction", G_CALLBACK (progress_cb), self);
}

/**
 * porch_address_look_page_new:
 * @plan: has the name; the way that the person chooses goes in here
 *
 * Returns: a page that looks at the name as soon as it is made
 */
PorchAddressLookPage *
porch_address_look_page_new (PorchAddressPlan *plan)
{
  PorchAddressLookPage *self;
  PorchDomainName *name;
  g_autofree char *shown = NULL;
  g_autofree char *title = NULL;
  g_autofree char *escaped = NULL;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_LOOK_PAGE, NULL);
  self->plan = g_object_ref (plan);
  name = porch_address_plan_get_name (plan);
  shown = porch_isolate (porch_domain_name_get_shown (name));
  /* Translators: the placeholder is an address, as in “example.org” */
  title = g_strdup_printf (_("Looking at %s"), shown);
  adw_status_page_set_title (self->looking_page, title);
  adw_preferences_group_set_title (self->note_group, porch_domain_name_get_shown (name));

  g_signal_connect_object (plan, "notify::survey", G_CALLBACK (survey_changed_cb), self, G_CONNECT_SWAPPED);
  survey_changed_cb (self);
  look (self);

  return self;
}
