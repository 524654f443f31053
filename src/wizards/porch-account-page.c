/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* Whose account somebody has signed in to, and where its sites will live. The page fills as the answers come in. */
struct _PorchAccountPage
{
  PorchWizardPage  parent_instance;

  AdwEntryRow     *name_row;
  GtkLabel        *name_error;
  AdwComboRow     *region_row;

  PorchEngine     *engine;
  PorchSurvey     *survey;
  char            *region;
  guint            named : 1;
  guint            filling : 1;
};

enum
{
  PROP_0,
  PROP_SURVEY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchAccountPage, porch_account_page, PORCH_TYPE_WIZARD_PAGE)

static char *
account_text (GObject    *object,
              const char *alias,
              const char *number)
{
  g_autofree char *spaced = porch_account_number_words (number);
  g_autofree char *name = NULL;

  if (alias == NULL || *alias == '\0')
    return g_steal_pointer (&spaced);

  name = porch_isolate (alias);

  /* Translators: name and number of an account */
  return g_strdup_printf (_("%s, number %s"), name, spaced);
}

static char *
user_text (GObject    *object,
           const char *user,
           gboolean    root)
{
  if (root)
    return g_strdup (_("The owner of the account"));

  return g_strdup (user != NULL ? user : "");
}

static gboolean
is_asking (GObject          *object,
           PorchSurveyState  state)
{
  return state == PORCH_SURVEY_WAITING || state == PORCH_SURVEY_ASKING;
}

static char *
plan_title (GObject          *object,
            PorchAccountPlan  plan,
            PorchSurveyState  state)
{
  if (is_asking (object, state))
    return g_strdup (_("Asking About the Plan"));
  else if (state == PORCH_SURVEY_KNOWN && plan == PORCH_ACCOUNT_PLAN_FREE)
    return g_strdup (_("Free Plan"));
  else if (state == PORCH_SURVEY_KNOWN && plan == PORCH_ACCOUNT_PLAN_PAID)
    return g_strdup (_("Paid Plan"));
  else
    return g_strdup (_("Pay for What You Use"));
}

static char *
plan_subtitle (GObject          *object,
               const char       *text,
               PorchSurveyState  state)
{
  if (text != NULL)
    return g_strdup (text);
  else if (is_asking (object, state))
    return g_strdup ("");
  else if (state == PORCH_SURVEY_UNKNOWN)
    return g_strdup (_("Whether the account has a plan could not be found out. The account’s own pages tell."));
  else
    return g_strdup (_("A small site usually stays within what is free each month"));
}

static char *
region_words (GObject    *object,
              const char *home)
{
  if (home != NULL)
    return g_strdup (_("This account is tied to one place."));

  return g_strdup (_("The best place is near your visitors."));
}

static void
name_changed_cb (PorchAccountPage *self,
                 AdwEntryRow      *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->name_error, NULL);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);

  if (!self->filling)
    self->named = TRUE;
}

static void
region_selected_cb (PorchAccountPage *self)
{
  PorchRegion *region = adw_combo_row_get_selected_item (self->region_row);

  if (!self->filling && region != NULL)
    g_set_str (&self->region, porch_region_get_id (region));
}

/* What the person chose stays, as long as it is possible. The row has a list of its own, since it would choose the first
 * one by itself whenever that of the survey changes.
 */
static void
fill_regions (PorchAccountPage *self)
{
  GListModel *regions = porch_survey_get_regions (self->survey);
  g_autoptr(GListStore) own = g_list_store_new (PORCH_TYPE_REGION);
  const char *fallback = porch_survey_get_default_region (self->survey);
  guint selected = GTK_INVALID_LIST_POSITION, usual = 0;

  for (guint i = 0; i < g_list_model_get_n_items (regions); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (regions, i);

      g_list_store_append (own, region);

      if (g_strcmp0 (porch_region_get_id (region), self->region) == 0)
        selected = i;

      if (g_strcmp0 (porch_region_get_id (region), fallback) == 0)
        usual = i;
    }

  self->filling = TRUE;
  adw_combo_row_set_model (self->region_row, G_LIST_MODEL (own));
  adw_combo_row_set_selected (self->region_row, selected != GTK_INVALID_LIST_POSITION ? selected : usual);
  gtk_widget_set_sensitive (GTK_WIDGET (self->region_row), porch_survey_get_home_region (self->survey) == NULL);
  self->filling = FALSE;
}

/* The name that the account has there, unless something else was entered */
static void
fill_name (PorchAccountPage *self)
{
  PorchAccount *account = porch_survey_get_account (self->survey);
  const char *alias = porch_survey_get_alias (self->survey);
  const char *name = porch_account_get_name (account);
  g_autofree char *spaced = NULL;
  g_autofree char *text = NULL;

  if (self->named)
    return;

  if (alias != NULL && *alias != '\0')
    {
      text = g_strdup (alias);
    }
  else if (name != NULL && *name != '\0')
    {
      text = g_strdup (name);
    }
  else if (porch_survey_get_number (self->survey) != NULL)
    {
      spaced = porch_account_number_words (porch_survey_get_number (self->survey));
      /* Translators: the name of an account that was given none; %s are digits */
      text = g_strdup_printf (_("Account %s"), spaced);
    }

  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), text != NULL ? text : "");
  self->filling = FALSE;
}

static DexFuture *
porch_account_page_check (PorchWizardPage *page)
{
  PorchAccountPage *self = PORCH_ACCOUNT_PAGE (page);
  PorchAccount *account = porch_survey_get_account (self->survey);
  PorchRegion *region = adw_combo_row_get_selected_item (self->region_row);
  g_autofree char *name = porch_account_page_dup_name (self);
  PorchAccount *other = porch_engine_find_account (self->engine, name);

  if (*name == '\0' ||
      (other != NULL && g_strcmp0 (porch_account_get_number (other), porch_account_get_number (account)) != 0))
    {
      porch_row_set_error (GTK_WIDGET (self->name_row), self->name_error,
                           *name == '\0' ? _("A name is needed.") : _("Another account has this name already."));
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  return porch_account_set_region (account, porch_region_get_id (region));
}

static void
porch_account_page_constructed (GObject *object)
{
  PorchAccountPage *self = PORCH_ACCOUNT_PAGE (object);

  G_OBJECT_CLASS (porch_account_page_parent_class)->constructed (object);

  if (self->survey == NULL)
    return;

  g_signal_connect_object (porch_survey_get_regions (self->survey), "items-changed", G_CALLBACK (fill_regions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->survey, "notify::default-region", G_CALLBACK (fill_regions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->survey, "notify::home-region", G_CALLBACK (fill_regions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->survey, "notify::alias", G_CALLBACK (fill_name), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->survey, "notify::number", G_CALLBACK (fill_name), self, G_CONNECT_SWAPPED);
  fill_regions (self);
  fill_name (self);
}

static void
porch_account_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SURVEY:
      g_value_set_object (value, PORCH_ACCOUNT_PAGE (object)->survey);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SURVEY:
      g_set_object (&PORCH_ACCOUNT_PAGE (object)->survey, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_page_dispose (GObject *object)
{
  PorchAccountPage *self = PORCH_ACCOUNT_PAGE (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->survey);
  g_clear_pointer (&self->region, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ACCOUNT_PAGE);

  G_OBJECT_CLASS (porch_account_page_parent_class)->dispose (object);
}

static void
porch_account_page_class_init (PorchAccountPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->constructed = porch_account_page_constructed;
  object_class->get_property = porch_account_page_get_property;
  object_class->set_property = porch_account_page_set_property;
  object_class->dispose = porch_account_page_dispose;

  page_class->check = porch_account_page_check;

  properties[PROP_SURVEY] =
    g_param_spec_object ("survey", NULL, NULL, PORCH_TYPE_SURVEY,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_REGION);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-account-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAccountPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountPage, name_error);
  gtk_widget_class_bind_template_child (widget_class, PorchAccountPage, region_row);
  gtk_widget_class_bind_template_callback (widget_class, account_text);
  gtk_widget_class_bind_template_callback (widget_class, user_text);
  gtk_widget_class_bind_template_callback (widget_class, is_asking);
  gtk_widget_class_bind_template_callback (widget_class, plan_title);
  gtk_widget_class_bind_template_callback (widget_class, plan_subtitle);
  gtk_widget_class_bind_template_callback (widget_class, region_words);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, region_selected_cb);
  porch_bind_closures (widget_class);
}

static void
porch_account_page_init (PorchAccountPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @survey is of an account that need not be added to @engine yet; somebody else runs it. */
PorchAccountPage *
porch_account_page_new (PorchEngine *engine,
                        PorchSurvey *survey)
{
  PorchAccountPage *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PORCH_IS_SURVEY (survey), NULL);

  self = g_object_new (PORCH_TYPE_ACCOUNT_PAGE, "survey", survey, NULL);
  self->engine = g_object_ref (engine);

  return self;
}

/* What the account is to be called here. */
char *
porch_account_page_dup_name (PorchAccountPage *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT_PAGE (self), NULL);

  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
}
