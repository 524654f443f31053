/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-preferences-dialog.h"

#include <glib/gi18n.h>

#include "porch-account-details.h"
#include "porch-account-row.h"
#include "porch-application.h"
#include "porch-error.h"

/* What holds for all sites: the accounts that they live in, and who is told of messages. */
struct _PorchPreferencesDialog
{
  AdwPreferencesDialog  parent_instance;

  GtkListBox           *account_list;
  AdwSwitchRow         *background_row;
  GtkWidget            *messages_group;
  AdwActionRow         *keyring_row;
  GtkImage             *keyring_image;

  PorchEngine          *engine;
  DexFuture            *probing;
};

G_DEFINE_FINAL_TYPE (PorchPreferencesDialog, porch_preferences_dialog, ADW_TYPE_PREFERENCES_DIALOG)

static void
update_default (PorchPreferencesDialog *self)
{
  PorchAccount *chosen = porch_engine_get_default_account (self->engine);
  gboolean several = g_list_model_get_n_items (porch_engine_get_accounts (self->engine)) > 1;
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->account_list, i)) != NULL; i++)
    porch_account_row_set_default (PORCH_ACCOUNT_ROW (row),
                                   several && porch_account_row_get_account (PORCH_ACCOUNT_ROW (row)) == chosen);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  return porch_account_row_new (item);
}

static void
account_activated_cb (PorchPreferencesDialog *self,
                      PorchAccountRow        *row)
{
  porch_preferences_dialog_show_account (self, porch_account_row_get_account (row));
}

static DexFuture *
probed_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchPreferencesDialog *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean open = dex_future_get_value (future, &error) != NULL;

  if (porch_error_is_cancelled (error))
    return NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->keyring_row),
                                 open ? _("Sign-Ins Are Kept in Your Keyring") : _("Sign-Ins Are Kept Only Until You Quit"));
  adw_action_row_set_subtitle (self->keyring_row,
                               open ? _("Secrets are there and nowhere else") : error->message);
  gtk_image_set_from_icon_name (self->keyring_image, open ? "channel-secure-symbolic" : "channel-insecure-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (self->keyring_image), (const char *[]) { open ? "success" : "warning", NULL });

  return NULL;
}

static void
check_keyring (PorchPreferencesDialog *self)
{
  dex_clear (&self->probing);
  self->probing = dex_future_finally (porch_engine_check_keyring (self->engine), probed_cb, self, NULL);
}

static void
check_keyring_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  check_keyring (PORCH_PREFERENCES_DIALOG (widget));
}

static void
porch_preferences_dialog_dispose (GObject *object)
{
  PorchPreferencesDialog *self = PORCH_PREFERENCES_DIALOG (object);

  dex_clear (&self->probing);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_PREFERENCES_DIALOG);

  G_OBJECT_CLASS (porch_preferences_dialog_parent_class)->dispose (object);
}

static void
porch_preferences_dialog_class_init (PorchPreferencesDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_preferences_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-preferences-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchPreferencesDialog, account_list);
  gtk_widget_class_bind_template_child (widget_class, PorchPreferencesDialog, background_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPreferencesDialog, messages_group);
  gtk_widget_class_bind_template_child (widget_class, PorchPreferencesDialog, keyring_row);
  gtk_widget_class_bind_template_child (widget_class, PorchPreferencesDialog, keyring_image);
  gtk_widget_class_bind_template_callback (widget_class, account_activated_cb);

  gtk_widget_class_install_action (widget_class, "preferences.check-keyring", NULL, check_keyring_action);
}

static void
porch_preferences_dialog_init (PorchPreferencesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Nothing can be kept where nobody installed the schema */
static void
bind_settings (PorchPreferencesDialog *self)
{
  GApplication *application = g_application_get_default ();
  GSettings *settings = PORCH_IS_APPLICATION (application) ? porch_application_get_settings (PORCH_APPLICATION (application)) : NULL;

  gtk_widget_set_visible (self->messages_group, settings != NULL);

  if (settings != NULL)
    g_settings_bind (settings, "background-check", self->background_row, "active", G_SETTINGS_BIND_DEFAULT);
}

PorchPreferencesDialog *
porch_preferences_dialog_new (PorchEngine *engine)
{
  PorchPreferencesDialog *self;
  GListModel *accounts;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);

  self = g_object_new (PORCH_TYPE_PREFERENCES_DIALOG, NULL);
  self->engine = g_object_ref (engine);

  accounts = porch_engine_get_accounts (engine);
  gtk_list_box_bind_model (self->account_list, accounts, create_row, NULL, NULL);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (update_default), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (engine, "notify::default-account", G_CALLBACK (update_default), self, G_CONNECT_SWAPPED);
  update_default (self);
  check_keyring (self);
  bind_settings (self);

  return self;
}

/* Opens the page of @account. */
void
porch_preferences_dialog_show_account (PorchPreferencesDialog *self,
                                       PorchAccount           *account)
{
  g_return_if_fail (PORCH_IS_PREFERENCES_DIALOG (self));
  g_return_if_fail (PORCH_IS_ACCOUNT (account));

  adw_preferences_dialog_push_subpage (ADW_PREFERENCES_DIALOG (self),
                                       porch_account_details_new (self->engine, account));
}
