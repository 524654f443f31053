/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-connect-page.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-widget-util.h"

#define ACCOUNT_PAGE "https://console.aws.amazon.com/iam/home#/security_credentials"

/* A key file is a line of titles and a line of values */
#define KEY_FILE_MAX (64 * 1024)

/* Asks for the keys of an account: of a new one, or those that an old one needs to be used again. */
struct _PorchConnectPage
{
  PorchWizardPage  parent_instance;

  AdwEntryRow     *key_row;
  GtkLabel        *key_error;
  AdwEntryRow     *secret_row;
  GtkLabel        *secret_error;
  AdwComboRow     *region_row;

  PorchEngine     *engine;
  PorchAccount    *account;
  DexFuture       *reading;
};

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_ENGINE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchConnectPage, porch_connect_page, PORCH_TYPE_WIZARD_PAGE)

static void
entry_changed_cb (PorchConnectPage *self,
                  AdwEntryRow      *row)
{
  porch_row_set_error (GTK_WIDGET (row), row == self->key_row ? self->key_error : self->secret_error, NULL);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
}

static void
take_keys (PorchConnectPage *self,
           GBytes           *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *key_id = NULL;
  g_autofree char *secret = NULL;

  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  if (porch_account_parse_keys (text, &key_id, &secret, &error))
    {
      gtk_editable_set_text (GTK_EDITABLE (self->key_row), key_id);
      gtk_editable_set_text (GTK_EDITABLE (self->secret_row), secret);
      porch_widget_announce (GTK_WIDGET (self), _("The key was read from the file"));
    }
  else
    {
      porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), error->message);
    }
}

static DexFuture *
key_file_read_cb (DexFuture *future,
                  gpointer   user_data)
{
  PorchConnectPage *self = user_data;
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
read_key_file (PorchConnectPage *self,
               GFile            *file)
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
  PorchConnectPage *self = user_data;
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
  PorchConnectPage *self = PORCH_CONNECT_PAGE (widget);
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

static gboolean
drop_cb (GtkDropTarget    *target,
         const GValue     *value,
         double            x,
         double            y,
         PorchConnectPage *self)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));

  if (files == NULL)
    return FALSE;

  read_key_file (self, files->data);
  g_slist_free (files);

  return TRUE;
}

/* A start that is near most people in the same part of the world */
static const char *
guess_region (void)
{
  g_autoptr(GTimeZone) zone = g_time_zone_new_local ();
  const char *name = g_time_zone_get_identifier (zone);

  if (g_str_has_prefix (name, "America/"))
    return "us-east-1";
  else if (g_str_has_prefix (name, "Asia/"))
    return "ap-southeast-1";
  else if (g_str_has_prefix (name, "Australia/") || g_str_has_prefix (name, "Pacific/"))
    return "ap-southeast-2";
  else
    return "eu-central-1";
}

static void
fill_regions (PorchConnectPage *self)
{
  const char * const *regions = porch_account_list_regions ();
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
  const char *guess = guess_region ();
  guint selected = 0;

  for (guint i = 0; regions[i] != NULL; i++)
    {
      gtk_string_list_append (list, porch_account_describe_region (regions[i]));

      if (g_str_equal (regions[i], guess))
        selected = i;
    }

  adw_combo_row_set_model (self->region_row, G_LIST_MODEL (list));
  adw_combo_row_set_selected (self->region_row, selected);
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
porch_connect_page_check (PorchWizardPage *page)
{
  PorchConnectPage *self = PORCH_CONNECT_PAGE (page);
  g_autofree char *key_id = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->key_row))));
  g_autofree char *secret = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->secret_row))));
  const char *region = porch_account_list_regions ()[adw_combo_row_get_selected (self->region_row)];
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

  if (self->account != NULL)
    future = porch_account_set_keys (self->account, key_id, secret, NULL);
  else
    future = porch_engine_add_account_keys (self->engine, key_id, secret, NULL, region, NULL);

  explicit_bzero (secret, strlen (secret));

  return future;
}

static void
porch_connect_page_constructed (GObject *object)
{
  PorchConnectPage *self = PORCH_CONNECT_PAGE (object);

  G_OBJECT_CLASS (porch_connect_page_parent_class)->constructed (object);

  if (self->account == NULL)
    return;

  /* Where its sites are can't change with the keys */
  adw_navigation_page_set_title (ADW_NAVIGATION_PAGE (self), _("Sign In Again"));
  gtk_widget_set_visible (GTK_WIDGET (self->region_row), FALSE);
}

static void
porch_connect_page_unroot (GtkWidget *widget)
{
  dex_clear (&PORCH_CONNECT_PAGE (widget)->reading);

  GTK_WIDGET_CLASS (porch_connect_page_parent_class)->unroot (widget);
}

static void
porch_connect_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, PORCH_CONNECT_PAGE (object)->account);
      break;
    case PROP_ENGINE:
      g_value_set_object (value, PORCH_CONNECT_PAGE (object)->engine);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_connect_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_set_object (&PORCH_CONNECT_PAGE (object)->account, g_value_get_object (value));
      break;
    case PROP_ENGINE:
      g_set_object (&PORCH_CONNECT_PAGE (object)->engine, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_connect_page_dispose (GObject *object)
{
  PorchConnectPage *self = PORCH_CONNECT_PAGE (object);

  dex_clear (&self->reading);
  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_CONNECT_PAGE);

  G_OBJECT_CLASS (porch_connect_page_parent_class)->dispose (object);
}

static void
porch_connect_page_class_init (PorchConnectPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->constructed = porch_connect_page_constructed;
  object_class->get_property = porch_connect_page_get_property;
  object_class->set_property = porch_connect_page_set_property;
  object_class->dispose = porch_connect_page_dispose;

  widget_class->unroot = porch_connect_page_unroot;

  page_class->check = porch_connect_page_check;

  properties[PROP_ACCOUNT] =
    g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ENGINE] =
    g_param_spec_object ("engine", NULL, NULL, PORCH_TYPE_ENGINE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-connect-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchConnectPage, key_row);
  gtk_widget_class_bind_template_child (widget_class, PorchConnectPage, key_error);
  gtk_widget_class_bind_template_child (widget_class, PorchConnectPage, secret_row);
  gtk_widget_class_bind_template_child (widget_class, PorchConnectPage, secret_error);
  gtk_widget_class_bind_template_child (widget_class, PorchConnectPage, region_row);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "connect.choose-file", NULL, choose_file_action);
  gtk_widget_class_install_action (widget_class, "connect.open-account-page", NULL, open_account_page_action);
}

static void
porch_connect_page_init (PorchConnectPage *self)
{
  GtkDropTarget *target;

  gtk_widget_init_template (GTK_WIDGET (self));

  fill_regions (self);

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* @account is the one to be used again, or NULL to add a new one. */
PorchConnectPage *
porch_connect_page_new (PorchEngine  *engine,
                        PorchAccount *account)
{
  return g_object_new (PORCH_TYPE_CONNECT_PAGE,
                       "engine", engine,
                       "account", account,
                       NULL);
}

static void
continued_cb (PorchConnectPage *page,
              DexPromise       *promise)
{
  GtkWidget *dialog = gtk_widget_get_ancestor (GTK_WIDGET (page), ADW_TYPE_DIALOG);

  dex_promise_resolve_boolean (promise, TRUE);
  adw_dialog_force_close (ADW_DIALOG (dialog));
}

static void
closed_cb (AdwDialog  *dialog,
           DexPromise *promise)
{
  if (dex_future_is_pending (DEX_FUTURE (promise)))
    dex_promise_reject (promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed"));
}

/**
 * porch_connect_dialog_run:
 * @parent: what the dialog belongs to
 * @engine: the engine
 * @account: (nullable): an account that needs new keys
 *
 * Asks for the keys of an account, and adds or mends it.
 *
 * Returns: (transfer full): resolves to %TRUE when that is done, and is rejected with %G_IO_ERROR_CANCELLED when the
 *   dialog is closed before
 */
DexFuture *
porch_connect_dialog_run (GtkWidget    *parent,
                          PorchEngine  *engine,
                          PorchAccount *account)
{
  PorchConnectPage *page = porch_connect_page_new (engine, account);
  GtkWidget *view = adw_navigation_view_new ();
  AdwDialog *dialog = adw_dialog_new ();
  DexPromise *promise = dex_promise_new ();

  adw_navigation_view_add (ADW_NAVIGATION_VIEW (view), ADW_NAVIGATION_PAGE (page));
  adw_dialog_set_title (dialog, adw_navigation_page_get_title (ADW_NAVIGATION_PAGE (page)));
  adw_dialog_set_content_width (dialog, 480);
  adw_dialog_set_content_height (dialog, 620);
  adw_dialog_set_child (dialog, view);
  g_signal_connect_data (page, "continued", G_CALLBACK (continued_cb),
                         dex_ref (promise), (GClosureNotify) (void (*) (void)) dex_unref, 0);
  g_signal_connect_data (dialog, "closed", G_CALLBACK (closed_cb),
                         dex_ref (promise), (GClosureNotify) (void (*) (void)) dex_unref, 0);
  adw_dialog_present (dialog, parent);

  return DEX_FUTURE (promise);
}
