/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-dialog.h"

#include "porch-account-page.h"
#include "porch-connect-page.h"
#include "porch-keys-page.h"
#include "porch-open-account-page.h"
#include "porch-organization-page.h"
#include "porch-outside-page.h"
#include "porch-permissions-page.h"
#include "porch-profile-page.h"
#include "porch-profile.h"
#include "porch-sign-in-page.h"
#include "porch-widget-util.h"

/* Connects an account, step by step, or makes one usable again that asks for it. Nothing is added or kept before the
 * last page, so closing the dialog is always harmless.
 */
struct _PorchAccountDialog
{
  AdwDialog           parent_instance;

  AdwNavigationView  *view;

  PorchEngine        *engine;
  PorchAccount       *account;
  PorchSurvey        *survey;
  GListModel         *profiles;
  DexFuture          *surveying;
  DexPromise         *promise;
};

G_DEFINE_FINAL_TYPE (PorchAccountDialog, porch_account_dialog, ADW_TYPE_DIALOG)

static void
finish (PorchAccountDialog *self,
        PorchAccount       *account)
{
  if (dex_future_is_pending (DEX_FUTURE (self->promise)))
    dex_promise_resolve_object (self->promise, g_object_ref (account));

  adw_dialog_force_close (ADW_DIALOG (self));
}

static void
added_cb (PorchAccountDialog   *self,
          PorchPermissionsPage *page)
{
  finish (self, porch_permissions_page_get_account (page));
}

static void
account_confirmed_cb (PorchAccountDialog *self,
                      PorchAccountPage   *page)
{
  PorchPermissionsPage *next = porch_permissions_page_new (self->survey);
  g_autofree char *name = porch_account_page_dup_name (page);

  porch_permissions_page_set_adding (next, self->engine, name);
  g_signal_connect_object (next, "continued", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (next));
}

/* Whoever has signed in does not go back to signing in, only out */
static void
show_account (PorchAccountDialog *self,
              PorchAccount       *account)
{
  PorchAccountPage *page;

  g_clear_object (&self->survey);
  self->survey = porch_survey_new (account);
  dex_clear (&self->surveying);
  self->surveying = porch_survey_run (self->survey);

  page = porch_account_page_new (self->engine, self->survey);
  g_signal_connect_object (page, "continued", G_CALLBACK (account_confirmed_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_replace (self->view, (AdwNavigationPage *[]) { ADW_NAVIGATION_PAGE (page) }, 1);
}

static void
signed_in_cb (PorchAccountDialog *self,
              PorchSignInPage    *page)
{
  if (self->account != NULL)
    finish (self, self->account);
  else
    show_account (self, porch_sign_in_page_get_account (page));
}

static AdwNavigationPage *
create_sign_in_page (PorchAccountDialog *self,
                     PorchSignIn        *sign_in,
                     gboolean            first)
{
  PorchSignInPage *page = porch_sign_in_page_new (sign_in, first);

  g_signal_connect_object (page, "signed-in", G_CALLBACK (signed_in_cb), self, G_CONNECT_SWAPPED);

  return ADW_NAVIGATION_PAGE (page);
}

static void
sign_in_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (widget);
  g_autoptr(PorchSignIn) sign_in = porch_sign_in_new_console (self->engine, NULL);

  adw_navigation_view_push (self->view, create_sign_in_page (self, sign_in, FALSE));
}

static void
organization_found_cb (PorchAccountDialog    *self,
                       PorchOrganizationPage *page)
{
  g_autoptr(PorchSignIn) sign_in = porch_sign_in_new_sso (self->engine,
                                                          porch_organization_page_get_address (page),
                                                          porch_organization_page_get_region (page),
                                                          NULL);

  adw_navigation_view_push (self->view, create_sign_in_page (self, sign_in, FALSE));
}

static void
organization_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (widget);
  AdwNavigationPage *page = g_object_new (PORCH_TYPE_ORGANIZATION_PAGE, NULL);

  g_signal_connect_object (page, "continued", G_CALLBACK (organization_found_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, page);
}

static void
profile_chosen_cb (PorchAccountDialog *self,
                   PorchProfilePage   *page)
{
  show_account (self, porch_profile_page_get_account (page));
}

static void
profile_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (widget);
  PorchProfilePage *page = porch_profile_page_new (self->engine, self->profiles);

  g_signal_connect_object (page, "continued", G_CALLBACK (profile_chosen_cb), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (page));
}

static void
keys_entered_cb (PorchAccountDialog *self,
                 PorchKeysPage      *page)
{
  if (self->account != NULL)
    finish (self, self->account);
  else
    show_account (self, porch_keys_page_get_account (page));
}

static PorchKeysPage *
create_keys_page (PorchAccountDialog *self)
{
  PorchKeysPage *page = porch_keys_page_new (self->engine, self->account);

  g_signal_connect_object (page, "continued", G_CALLBACK (keys_entered_cb), self, G_CONNECT_SWAPPED);

  return page;
}

static void
keys_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (widget);

  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (create_keys_page (self)));
}

static void
open_account_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (widget);

  adw_navigation_view_push (self->view, g_object_new (PORCH_TYPE_OPEN_ACCOUNT_PAGE, NULL));
}

/* A file of keys is welcome wherever somebody has not signed in yet */
static GdkDragAction
drag_accepted_cb (PorchAccountDialog *self)
{
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->view);

  return PORCH_IS_KEYS_PAGE (page) || PORCH_IS_CONNECT_PAGE (page) ? GDK_ACTION_COPY : 0;
}

static gboolean
drop_cb (PorchAccountDialog *self,
         const GValue       *value)
{
  AdwNavigationPage *page = adw_navigation_view_get_visible_page (self->view);
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));

  if (files == NULL || drag_accepted_cb (self) == 0)
    return FALSE;

  if (!PORCH_IS_KEYS_PAGE (page))
    {
      page = ADW_NAVIGATION_PAGE (create_keys_page (self));
      adw_navigation_view_push (self->view, page);
    }

  porch_keys_page_read (PORCH_KEYS_PAGE (page), files->data);
  g_slist_free (files);

  return TRUE;
}

static void
show_ways (PorchAccountDialog *self)
{
  AdwNavigationPage *page = g_object_new (PORCH_TYPE_CONNECT_PAGE, NULL);

  self->profiles = porch_profile_list ();
  porch_connect_page_set_has_profiles (PORCH_CONNECT_PAGE (page), g_list_model_get_n_items (self->profiles) > 0);
  adw_navigation_view_push (self->view, page);
}

static void
show_renewal (PorchAccountDialog *self)
{
  g_autoptr(PorchSignIn) sign_in = NULL;
  AdwNavigationPage *page;

  switch (porch_account_get_renewal (self->account))
    {
    case PORCH_ACCOUNT_RENEWAL_BROWSER:
      sign_in = porch_sign_in_new_renewal (self->engine, self->account);
      page = create_sign_in_page (self, sign_in, TRUE);
      break;

    case PORCH_ACCOUNT_RENEWAL_KEYS:
      page = ADW_NAVIGATION_PAGE (create_keys_page (self));
      break;

    case PORCH_ACCOUNT_RENEWAL_NONE:
    case PORCH_ACCOUNT_RENEWAL_OUTSIDE:
    default:
      page = ADW_NAVIGATION_PAGE (porch_outside_page_new (self->engine, self->account));
      g_signal_connect_object (page, "continued", G_CALLBACK (keys_entered_cb), self, G_CONNECT_SWAPPED);
      break;
    }

  adw_dialog_set_title (ADW_DIALOG (self), adw_navigation_page_get_title (page));
  adw_navigation_view_push (self->view, page);
}

static void
porch_account_dialog_closed (AdwDialog *dialog)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (dialog);

  if (dex_future_is_pending (DEX_FUTURE (self->promise)))
    dex_promise_reject (self->promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Closed"));
}

static void
porch_account_dialog_dispose (GObject *object)
{
  PorchAccountDialog *self = PORCH_ACCOUNT_DIALOG (object);

  dex_clear (&self->surveying);
  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  g_clear_object (&self->survey);
  g_clear_object (&self->profiles);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ACCOUNT_DIALOG);

  G_OBJECT_CLASS (porch_account_dialog_parent_class)->dispose (object);
}

static void
porch_account_dialog_finalize (GObject *object)
{
  dex_clear (&PORCH_ACCOUNT_DIALOG (object)->promise);

  G_OBJECT_CLASS (porch_account_dialog_parent_class)->finalize (object);
}

static void
porch_account_dialog_class_init (PorchAccountDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AdwDialogClass *dialog_class = ADW_DIALOG_CLASS (klass);

  object_class->dispose = porch_account_dialog_dispose;
  object_class->finalize = porch_account_dialog_finalize;

  dialog_class->closed = porch_account_dialog_closed;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-account-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAccountDialog, view);

  gtk_widget_class_install_action (widget_class, "account.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "account.organization", NULL, organization_action);
  gtk_widget_class_install_action (widget_class, "account.profile", NULL, profile_action);
  gtk_widget_class_install_action (widget_class, "account.keys", NULL, keys_action);
  gtk_widget_class_install_action (widget_class, "account.open-account", NULL, open_account_action);
}

static void
porch_account_dialog_init (PorchAccountDialog *self)
{
  GtkDropTarget *target;

  gtk_widget_init_template (GTK_WIDGET (self));

  self->promise = dex_promise_new ();

  target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect_swapped (target, "enter", G_CALLBACK (drag_accepted_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), GTK_EVENT_CONTROLLER (target));
}

/**
 * porch_account_dialog_new:
 * @engine: an open engine
 * @account: (nullable): an account that asks for signing in again; `NULL` to connect a new one
 *
 * Returns: a dialog to be presented
 */
PorchAccountDialog *
porch_account_dialog_new (PorchEngine  *engine,
                          PorchAccount *account)
{
  PorchAccountDialog *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (account == NULL || PORCH_IS_ACCOUNT (account), NULL);

  self = g_object_new (PORCH_TYPE_ACCOUNT_DIALOG, NULL);
  self->engine = g_object_ref (engine);
  g_set_object (&self->account, account);

  if (account != NULL)
    show_renewal (self);
  else
    show_ways (self);

  return self;
}

/* Resolves to the PorchAccount that was connected or renewed; rejected with G_IO_ERROR_CANCELLED when the dialog is
 * closed before.
 */
DexFuture *
porch_account_dialog_wait (PorchAccountDialog *self)
{
  dex_return_error_if_fail (PORCH_IS_ACCOUNT_DIALOG (self));

  return dex_ref (DEX_FUTURE (self->promise));
}

/**
 * porch_account_dialog_run:
 * @parent: what the dialog belongs to
 * @engine: an open engine
 * @account: (nullable): an account that asks for signing in again; `NULL` to connect a new one
 *
 * Presents the dialog over @parent.
 *
 * Returns: (transfer full): as of [method@Porch.AccountDialog.wait]
 */
DexFuture *
porch_account_dialog_run (GtkWidget    *parent,
                          PorchEngine  *engine,
                          PorchAccount *account)
{
  PorchAccountDialog *self = porch_account_dialog_new (engine, account);
  DexFuture *future = porch_account_dialog_wait (self);

  porch_dialog_present (ADW_DIALOG (self), parent);

  return future;
}
