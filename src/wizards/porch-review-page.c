/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-review-page.h"

#include <glib/gi18n.h>

#include "porch-account.h"
#include "porch-area.h"
#include "porch-cost.h"
#include "porch-survey.h"
#include "porch-template.h"
#include "porch-widget-util.h"

/* For three sizes of sites: visits a month */
#define FEW_VISITS  1000
#define MORE_VISITS 50000
#define MANY_VISITS 500000

/* One in so many visitors writes */
#define VISITS_PER_MESSAGE 200

/* The whole plan in plain words, before anything happens: with where the visitors are, which is only guessed, and what it
 * costs.
 */
struct _PorchReviewPage
{
  PorchWizardPage      parent_instance;

  AdwActionRow        *start_row;
  AdwActionRow        *form_row;
  AdwActionRow        *where_row;
  AdwComboRow         *area_row;
  AdwComboRow         *region_row;
  AdwPreferencesGroup *cost_group;
  AdwActionRow        *few_row;
  AdwActionRow        *more_row;
  AdwActionRow        *many_row;
  AdwActionRow        *plan_row;
  GtkLabel            *cost_label;

  PorchSurvey         *survey;
  DexFuture           *asking;
  gboolean             is_updating;
  gboolean             has_chosen_region;
};

G_DEFINE_FINAL_TYPE (PorchReviewPage, porch_review_page, PORCH_TYPE_WIZARD_PAGE)

static char *
describe_start (PorchPlan *plan)
{
  GFile *folder = porch_plan_get_source (plan) != NULL ? porch_plan_get_source (plan) : porch_plan_get_folder (plan);
  g_autoptr(PorchTemplate) template = NULL;
  g_autofree char *name = NULL;

  if (folder == NULL)
    {
      template = porch_template_find (porch_plan_get_template (plan));

      return g_strdup (template != NULL ? porch_template_get_title (template) : "");
    }

  name = g_file_get_parse_name (folder);

  return porch_isolate (name);
}

static char *
describe_form (PorchPlan *plan)
{
  g_autofree char *mail = NULL;

  if (!porch_plan_get_with_form (plan))
    return g_strdup (_("None"));

  if (porch_plan_get_mail_to (plan) == NULL)
    return g_strdup (_("Messages appear in Porchlight"));

  mail = porch_isolate (porch_plan_get_mail_to (plan));

  /* Translators: the placeholder is a mail address */
  return g_strdup_printf (_("Messages appear in Porchlight and are sent to %s"), mail);
}

static char *
describe_place (PorchPlan *plan)
{
  PorchAccount *account = porch_plan_get_account (plan);
  g_autofree char *name = NULL;

  if (porch_account_is_practice (account))
    return g_strdup (_("On this computer, for practice. Nobody else can see it."));

  name = porch_isolate (porch_account_get_name (account));

  /* Translators: the placeholder is the name of an account */
  return g_strdup_printf (_("In your account %s. Everybody can see it."), name);
}

static const PorchArea *
get_area (PorchReviewPage *self)
{
  return porch_area_find (porch_plan_get_area (porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self))));
}

static void
show_cost_of (PorchReviewPage *self,
              AdwActionRow    *row,
              guint            visits)
{
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  guint messages = porch_plan_get_with_form (plan) ? visits / VISITS_PER_MESSAGE : 0;
  g_autofree char *amount = porch_cost_describe (porch_cost_estimate (get_area (self), visits, messages));
  g_autofree char *title = NULL;

  /* Translators: the placeholder is a number of visits a month, with separators of thousands */
  title = g_strdup_printf (_("With %'u Visits"), visits);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (row, amount);
}

static void
show_cost (PorchReviewPage *self)
{
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  gboolean is_practice = porch_account_is_practice (porch_plan_get_account (plan));
  g_autoptr(GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr(GDateTime) date = g_date_time_new_from_iso8601 (PORCH_COST_DATE "T00:00:00Z", utc);
  g_autofree char *day = g_date_time_format (date, "%x");
  g_autofree char *text = NULL;

  adw_preferences_group_set_title (self->cost_group, is_practice ? _("What It Would Cost Each Month")
                                                                 : _("What It Costs Each Month"));
  adw_preferences_group_set_description (self->cost_group, is_practice ? _("Practice is free. On the internet it would be:") : NULL);

  show_cost_of (self, self->few_row, FEW_VISITS);
  show_cost_of (self, self->more_row, MORE_VISITS);
  show_cost_of (self, self->many_row, MANY_VISITS);

  /* Translators: the first placeholder is a number of visits, the second a date */
  text = g_strdup_printf (_("Delivering the first %'u visits or so of a month is free, and so are the address and its encrypted "
                            "connection. Estimated by the public prices of %s, without taxes. The provider of the account bills it; "
                            "Porchlight itself costs nothing."),
                          porch_cost_get_free_visits (), day);
  gtk_label_set_label (self->cost_label, text);
}

static void
select_region (PorchReviewPage *self,
               const char      *id)
{
  GListModel *regions = porch_survey_get_regions (self->survey);

  for (guint i = 0; i < g_list_model_get_n_items (regions); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (regions, i);

      if (g_strcmp0 (porch_region_get_id (region), id) == 0)
        adw_combo_row_set_selected (self->region_row, i);
    }
}

/* The files go near to the visitors, unless the person knows better */
static void
follow_area (PorchReviewPage *self)
{
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  const char *home = porch_survey_get_home_region (self->survey);
  const char *chosen = self->has_chosen_region ? porch_plan_get_region (plan)
                                               : porch_area_choose_region (get_area (self), porch_survey_get_regions (self->survey),
                                                                           porch_survey_get_default_region (self->survey));

  self->is_updating = TRUE;
  gtk_widget_set_sensitive (GTK_WIDGET (self->region_row), home == NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->region_row), home != NULL ? _("Your account has this place only") : "");
  select_region (self, home != NULL ? home : chosen);
  porch_plan_set_region (plan, home != NULL ? home : chosen);
  self->is_updating = FALSE;
}

static void
area_selected_cb (PorchReviewPage *self,
                  GParamSpec      *pspec,
                  AdwComboRow     *row)
{
  guint n_areas;
  const PorchArea *areas = porch_area_list (&n_areas);
  guint selected = adw_combo_row_get_selected (row);

  if (self->is_updating || self->survey == NULL || selected >= n_areas)
    return;

  self->has_chosen_region = FALSE;
  porch_plan_set_area (porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self)), areas[selected].id);
  follow_area (self);
  show_cost (self);
}

static void
region_selected_cb (PorchReviewPage *self,
                    GParamSpec      *pspec,
                    AdwComboRow     *row)
{
  PorchRegion *region = adw_combo_row_get_selected_item (row);

  if (self->is_updating || region == NULL)
    return;

  self->has_chosen_region = TRUE;
  porch_plan_set_region (porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self)), porch_region_get_id (region));
}

static void
show_area (PorchReviewPage *self)
{
  guint n_areas;
  const PorchArea *areas = porch_area_list (&n_areas);

  self->is_updating = TRUE;

  for (guint i = 0; i < n_areas; i++)
    if (&areas[i] == get_area (self))
      adw_combo_row_set_selected (self->area_row, i);

  self->is_updating = FALSE;
}

static DexFuture *
surveyed_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchReviewPage *self = user_data;

  follow_area (self);
  adw_action_row_set_subtitle (self->plan_row, porch_survey_get_plan_text (self->survey));

  return dex_future_new_true ();
}

/* What is selected may go away with others; that is no choice of the person */
static void
regions_change_cb (PorchReviewPage *self)
{
  self->is_updating = TRUE;
}

/* Which places an account may use is asked once for each; until it is known there are those that every account has */
static void
ask_account (PorchReviewPage *self)
{
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (self));
  g_autoptr(GtkExpression) name = gtk_property_expression_new (PORCH_TYPE_REGION, NULL, "name");
  GListModel *regions;

  if (self->survey != NULL && porch_survey_get_account (self->survey) == porch_plan_get_account (plan))
    return;

  dex_clear (&self->asking);
  g_clear_object (&self->survey);
  self->survey = porch_survey_new (porch_plan_get_account (plan));
  self->has_chosen_region = FALSE;
  porch_plan_set_area (plan, porch_area_find_of_region (porch_survey_get_default_region (self->survey))->id);

  /* Around the row, which hears of it in between */
  regions = porch_survey_get_regions (self->survey);
  g_signal_connect_object (regions, "items-changed", G_CALLBACK (regions_change_cb), self, G_CONNECT_SWAPPED);
  self->is_updating = TRUE;
  adw_combo_row_set_expression (self->region_row, name);
  adw_combo_row_set_model (self->region_row, regions);
  self->is_updating = FALSE;
  g_signal_connect_object (regions, "items-changed", G_CALLBACK (follow_area), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  show_area (self);
  follow_area (self);
  self->asking = dex_future_then (porch_survey_run (self->survey), surveyed_cb, self, NULL);
}

static DexFuture *
porch_review_page_check (PorchWizardPage *page)
{
  return porch_plan_check (porch_wizard_page_get_plan (page));
}

static void
porch_review_page_map (GtkWidget *widget)
{
  PorchReviewPage *self = PORCH_REVIEW_PAGE (widget);
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (widget));
  g_autofree char *start = describe_start (plan);
  g_autofree char *form = describe_form (plan);
  g_autofree char *place = describe_place (plan);

  adw_action_row_set_subtitle (self->start_row, start);
  adw_action_row_set_subtitle (self->form_row, form);
  adw_action_row_set_subtitle (self->where_row, place);
  ask_account (self);
  show_cost (self);

  GTK_WIDGET_CLASS (porch_review_page_parent_class)->map (widget);
}

static void
porch_review_page_dispose (GObject *object)
{
  PorchReviewPage *self = PORCH_REVIEW_PAGE (object);

  dex_clear (&self->asking);
  g_clear_object (&self->survey);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_REVIEW_PAGE);

  G_OBJECT_CLASS (porch_review_page_parent_class)->dispose (object);
}

static void
porch_review_page_class_init (PorchReviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_review_page_dispose;

  widget_class->map = porch_review_page_map;

  page_class->check = porch_review_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, start_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, form_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, where_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, area_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, region_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, cost_group);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, few_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, more_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, many_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, plan_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, cost_label);
  gtk_widget_class_bind_template_callback (widget_class, area_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, region_selected_cb);
  porch_bind_closures (widget_class);
}

static void
porch_review_page_init (PorchReviewPage *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint n_areas;
  const PorchArea *areas = porch_area_list (&n_areas);

  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < n_areas; i++)
    gtk_string_list_append (names, porch_area_get_name (&areas[i]));

  self->is_updating = TRUE;
  adw_combo_row_set_model (self->area_row, G_LIST_MODEL (names));
  self->is_updating = FALSE;
}
