/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-profile-page.h"

#include "porch-profile.h"
#include "porch-widget-util.h"

/* The profiles that other tools have set up; choosing one tries it at once. */
struct _PorchProfilePage
{
  PorchWizardPage  parent_instance;

  GtkListBox      *profile_list;

  PorchEngine     *engine;
  PorchAccount    *account;
  char            *profile;
};

G_DEFINE_FINAL_TYPE (PorchProfilePage, porch_profile_page, PORCH_TYPE_WIZARD_PAGE)

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  PorchProfile *profile = item;
  GtkWidget *row = adw_action_row_new ();
  gboolean usable = porch_profile_is_usable (profile);
  const char *words = usable ? porch_profile_get_words (profile) : porch_profile_get_reason (profile);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_profile_get_name (profile));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), words != NULL ? words : "");
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), usable);
  gtk_widget_set_sensitive (row, usable);

  if (usable)
    {
      GtkWidget *next = porch_decoration_new ("go-next-symbolic");

      gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      porch_profile_get_name (profile), -1);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), next);
    }

  return row;
}

static void
profile_activated_cb (PorchProfilePage *self,
                      AdwActionRow     *row)
{
  g_set_str (&self->profile, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  gtk_widget_activate_action (GTK_WIDGET (self), "page.continue", NULL);
}

static DexFuture *
tried_cb (DexFuture *future,
          gpointer   user_data)
{
  PorchProfilePage *self = user_data;

  g_set_object (&self->account, g_value_get_object (dex_future_get_value (future, NULL)));

  return dex_ref (future);
}

static DexFuture *
porch_profile_page_check (PorchWizardPage *page)
{
  PorchProfilePage *self = PORCH_PROFILE_PAGE (page);

  if (self->profile == NULL)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "None is chosen");

  return dex_future_then (porch_engine_try_profile (self->engine, self->profile, NULL), tried_cb, self, NULL);
}

static void
porch_profile_page_dispose (GObject *object)
{
  PorchProfilePage *self = PORCH_PROFILE_PAGE (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  g_clear_pointer (&self->profile, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_PROFILE_PAGE);

  G_OBJECT_CLASS (porch_profile_page_parent_class)->dispose (object);
}

static void
porch_profile_page_class_init (PorchProfilePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_profile_page_dispose;

  page_class->check = porch_profile_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-profile-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchProfilePage, profile_list);
  gtk_widget_class_bind_template_callback (widget_class, profile_activated_cb);
}

static void
porch_profile_page_init (PorchProfilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* @profiles are those to choose from, as of porch_profile_list(). */
PorchProfilePage *
porch_profile_page_new (PorchEngine *engine,
                        GListModel  *profiles)
{
  PorchProfilePage *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (profiles), NULL);

  self = g_object_new (PORCH_TYPE_PROFILE_PAGE, NULL);
  self->engine = g_object_ref (engine);
  gtk_list_box_bind_model (self->profile_list, profiles, create_row, NULL, NULL);

  return self;
}

/* The account of the profile, not added to the engine yet, once the page was continued. */
PorchAccount *
porch_profile_page_get_account (PorchProfilePage *self)
{
  g_return_val_if_fail (PORCH_IS_PROFILE_PAGE (self), NULL);

  return self->account;
}
