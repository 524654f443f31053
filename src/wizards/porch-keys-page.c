/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-keys-page.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-widget-util.h"

#define ACCOUNT_PAGE "https://console.aws.amazon.com/iam/home#/security_credentials"

/* A key file is a line of titles and a line of values */
#define KEY_FILE_MAX (64 * 1024)

/* Asks for the keys of an account: of a new one, or those that an old one needs to be used again. */
struct _PorchKeysPage
{
  PorchWizardPage  parent_instance;

  AdwEntryRow     *key_row;
  GtkLabel        *key_error;
  AdwEntryRow     *secret_row;
  GtkLabel        *secret_error;
  AdwComboRow     *user_row;
  GtkStack        *keyring_stack;
  AdwActionRow    *locked_row;

  PorchEngine     *engine;
  PorchAccount    *account;
  GListModel      *rows;
  DexFuture       *reading;
  DexFuture       *probing;
  guint            renewing : 1;
};

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_ENGINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchKeysPage, porch_keys_page, PORCH_TYPE_WIZARD_PAGE)

static void
entry_changed_cb (PorchKeysPage *self,
                  AdwEntryRow      *row)
{
  porch_row_set_error (GTK_WIDGET (row), row == self->key_row ? self->key_error : self->secret_error, NULL);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
}

static void
fill_in (PorchKeysPage *self,
         guint          position)
{
  g_autoptr(PorchKeyRow) row = g_list_model_get_item (self->rows, position);

  if (row == NULL)
    return;

  gtk_editable_set_text (GTK_EDITABLE (self->key_row), porch_key_row_get_key_id (row));
  gtk_editable_set_text (GTK_EDITABLE (self->secret_row), porch_key_row_get_secret (row));
}

static void
user_selected_cb (PorchKeysPage *self,
                  GParamSpec    *pspec,
                  AdwComboRow   *row)
{
  if (self->rows != NULL && gtk_widget_get_visible (GTK_WIDGET (row)))
    fill_in (self, adw_combo_row_get_selected (row));
}

/* A file of several keys tells whose each of them is, or there is only the key to tell them apart */
static void
offer_users (PorchKeysPage *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint n_rows = g_list_model_get_n_items (self->rows);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autoptr(PorchKeyRow) row = g_list_model_get_item (self->rows, i);
      const char *user = porch_key_row_get_user (row);

      gtk_string_list_append (names, user != NULL ? user : porch_key_row_get_key_id (row));
    }

  gtk_widget_set_visible (GTK_WIDGET (self->user_row), FALSE);
  adw_combo_row_set_model (self->user_row, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->user_row), n_rows > 1);

  if (n_rows > 1)
    gtk_widget_grab_focus (GTK_WIDGET (self->user_row));
}

static void
take_keys (PorchKeysPage *self,
           GBytes        *bytes)
{
  g_autoptr(GListModel) rows = NULL;
  g_autoptr(GError) error = NULL;
  char *text;

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  rows = porch_account_list_keys (text, &error);
  explicit_bzero (text, strlen (text));
  g_free (text);

  if (rows == NULL)
    {
      porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), error->message);
      return;
    }

  g_set_object (&self->rows, rows);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
  fill_in (self, 0);
  offer_users (self);

  if (g_list_model_get_n_items (rows) > 1)
    porch_widget_announce (GTK_WIDGET (self), _("There are several keys in the file; choose one"));
  else
    porch_widget_announce (GTK_WIDGET (self), _("The key was read from the file"));
}

static DexFuture *
key_file_read_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchKeysPage *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  if (value != NULL)
    take_keys (self, g_value_get_boxed (value));
  else if (!porch_error_is_cancelled (error))
    porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), _("The file could not be read."));

  return NULL;
}

static DexFuture *
key_file_sized_cb (DexFuture *future,
                   gpointer   user_data)
{
  GFileInfo *info = g_value_get_object (dex_future_get_value (future, NULL));
  GFile *file = user_data;

  if (g_file_info_get_size (info) > KEY_FILE_MAX)
    return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The file is too large for a key file");

  return dex_file_load_contents_bytes (file);
}

static void
read_key_file (PorchKeysPage *self,
               GFile         *file)
{
  DexFuture *future;

  future = dex_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, G_PRIORITY_DEFAULT);
  future = dex_future_then (future, key_file_sized_cb, g_object_ref (file), g_object_unref);
  dex_clear (&self->reading);
  self->reading = dex_future_finally (future, key_file_read_cb, self, NULL);
}

static DexFuture *
key_file_chosen_cb (DexFuture *future,
                    gpointer   user_data)
{
  PorchKeysPage *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    read_key_file (self, g_value_get_object (value));

  return NULL;
}

static void
choose_file_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  PorchKeysPage *self = PORCH_KEYS_PAGE (widget);
  DexFuture *future = porch_choose_file (widget, _("Choose the Key File"), _("Key Files"), "csv");

  dex_clear (&self->reading);
  self->reading = dex_future_finally (future, key_file_chosen_cb, self, NULL);
}

static void
open_account_page_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  porch_widget_open_uri (widget, ACCOUNT_PAGE);
}

static DexFuture *
probed_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchKeysPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    {
      gtk_stack_set_visible_child_name (self->keyring_stack, "open");
    }
  else if (!porch_error_is_cancelled (error))
    {
      adw_action_row_set_subtitle (self->locked_row, error->message);
      gtk_stack_set_visible_child_name (self->keyring_stack, "locked");
    }

  return NULL;
}

/* Whether what is entered here can be kept; the answer changes nothing but what is said about it */
static void
probe_keyring (PorchKeysPage *self)
{
  dex_clear (&self->probing);
  self->probing = dex_future_finally (porch_engine_check_keyring (self->engine), probed_cb, self, NULL);
}

static void
probe_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  probe_keyring (PORCH_KEYS_PAGE (widget));
}

static void
fail_row (AdwEntryRow  *row,
          GtkLabel     *label,
          const GError *error)
{
  porch_row_set_error (GTK_WIDGET (row), label, error->message);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static DexFuture *
keys_set_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchKeysPage *self = user_data;

  return porch_engine_recheck_account (self->engine, self->account);
}

static DexFuture *
tried_cb (DexFuture *future,
          gpointer   user_data)
{
  PorchKeysPage *self = user_data;

  g_set_object (&self->account, g_value_get_object (dex_future_get_value (future, NULL)));

  return dex_ref (future);
}

static DexFuture *
porch_keys_page_check (PorchWizardPage *page)
{
  PorchKeysPage *self = PORCH_KEYS_PAGE (page);
  g_autofree char *key_id = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->key_row))));
  g_autofree char *secret = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->secret_row))));
  g_autoptr(GError) error = NULL;
  DexFuture *future;

  if (!porch_account_check_key_id (key_id, &error))
    {
      fail_row (self->key_row, self->key_error, error);
      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  if (!porch_account_check_secret (secret, &error))
    {
      fail_row (self->secret_row, self->secret_error, error);
      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown under the row");
    }

  if (self->renewing)
    future = dex_future_then (porch_account_set_keys (self->account, key_id, secret, NULL), keys_set_cb, self, NULL);
  else
    future = dex_future_then (porch_engine_try_account_keys (self->engine, key_id, secret, NULL, NULL), tried_cb, self, NULL);

  explicit_bzero (secret, strlen (secret));

  return future;
}

static void
porch_keys_page_constructed (GObject *object)
{
  PorchKeysPage *self = PORCH_KEYS_PAGE (object);

  G_OBJECT_CLASS (porch_keys_page_parent_class)->constructed (object);

  self->renewing = self->account != NULL;

  if (!self->renewing)
    return;

  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Sign In Again"));
  g_object_set (self, "first", TRUE, "continue-label", _("_Sign In"), NULL);
}

static void
porch_keys_page_map (GtkWidget *widget)
{
  PorchKeysPage *self = PORCH_KEYS_PAGE (widget);

  GTK_WIDGET_CLASS (porch_keys_page_parent_class)->map (widget);

  probe_keyring (self);
}

static void
porch_keys_page_unroot (GtkWidget *widget)
{
  dex_clear (&PORCH_KEYS_PAGE (widget)->reading);
  dex_clear (&PORCH_KEYS_PAGE (widget)->probing);

  GTK_WIDGET_CLASS (porch_keys_page_parent_class)->unroot (widget);
}

static void
porch_keys_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, PORCH_KEYS_PAGE (object)->account);
      break;
    case PROP_ENGINE:
      g_value_set_object (value, PORCH_KEYS_PAGE (object)->engine);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_keys_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_set_object (&PORCH_KEYS_PAGE (object)->account, g_value_get_object (value));
      break;
    case PROP_ENGINE:
      g_set_object (&PORCH_KEYS_PAGE (object)->engine, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_keys_page_dispose (GObject *object)
{
  PorchKeysPage *self = PORCH_KEYS_PAGE (object);

  dex_clear (&self->reading);
  dex_clear (&self->probing);
  g_clear_object (&self->rows);
  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_KEYS_PAGE);

  G_OBJECT_CLASS (porch_keys_page_parent_class)->dispose (object);
}

static void
porch_keys_page_class_init (PorchKeysPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->constructed = porch_keys_page_constructed;
  object_class->get_property = porch_keys_page_get_property;
  object_class->set_property = porch_keys_page_set_property;
  object_class->dispose = porch_keys_page_dispose;

  widget_class->map = porch_keys_page_map;
  widget_class->unroot = porch_keys_page_unroot;

  page_class->check = porch_keys_page_check;

  properties[PROP_ACCOUNT] =
    g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ENGINE] =
    g_param_spec_object ("engine", NULL, NULL, PORCH_TYPE_ENGINE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-keys-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, key_row);
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, key_error);
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, secret_row);
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, secret_error);
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, user_row);
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, keyring_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchKeysPage, locked_row);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, user_selected_cb);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "keys.choose-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "keys.open-account-page", NULL, open_account_page_action);
  gtk_widget_class_install_action (widget_class, "keys.probe", NULL, probe_action);
}

static void
porch_keys_page_init (PorchKeysPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  porch_page_begin_at (ADW_NAVIGATION_PAGE (self), GTK_WIDGET (self->key_row));
}

/* @account is the one to be used again, or NULL to enter the keys of a new one. */
PorchKeysPage *
porch_keys_page_new (PorchEngine  *engine,
                     PorchAccount *account)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (account == NULL || PORCH_IS_ACCOUNT (account), NULL);

  return g_object_new (PORCH_TYPE_KEYS_PAGE,
                       "engine", engine,
                       "account", account,
                       NULL);
}

/* Reads the keys from @file, as when it is dropped. */
void
porch_keys_page_read (PorchKeysPage *self,
                      GFile         *file)
{
  g_return_if_fail (PORCH_IS_KEYS_PAGE (self));
  g_return_if_fail (G_IS_FILE (file));

  read_key_file (self, file);
}

/* The account of the keys, not added to the engine yet, once the page was continued. */
PorchAccount *
porch_keys_page_get_account (PorchKeysPage *self)
{
  g_return_val_if_fail (PORCH_IS_KEYS_PAGE (self), NULL);

  return self->account;
}
