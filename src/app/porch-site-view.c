/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-view.h"

#include <glib/gi18n.h>

#include "porch-account-dialog.h"
#include "porch-address-dialog.h"
#include "porch-address-page.h"
#include "porch-delete-site.h"
#include "porch-drop-area.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-file-chooser.h"
#include "porch-form-dialog.h"
#include "porch-history-page.h"
#include "porch-messages-page.h"
#include "porch-operation.h"
#include "porch-overview-page.h"
#include "porch-publish-dialog.h"
#include "porch-settings-page.h"
#include "porch-site-watch.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

/* The pages of one site, and everything that can be done to it. A folder or a ZIP may be dropped on any of them. */
struct _PorchSiteView
{
  AdwBin              parent_instance;

  AdwNavigationView  *navigation_view;
  AdwToastOverlay    *toast_overlay;
  AdwBanner          *account_banner;
  AdwBanner          *banner;
  AdwViewStack       *view_stack;
  GtkWidget          *messages_page;
  PorchDropArea      *drop_area;

  PorchSite          *site;
  GSignalGroup       *site_signals;
  GSignalGroup       *account_signals;
  GSignalGroup       *operation_signals;
  DexFuture          *choosing;
  DexFuture          *refreshing;
  DexFuture          *signing_in;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchSiteView, porch_site_view, ADW_TYPE_BIN)

static char *
site_title (GObject    *object,
            const char *name)
{
  return g_strdup (name != NULL ? name : "");
}

static gboolean
is_halted (PorchOperation *operation)
{
  PorchOperationState state;

  if (operation == NULL)
    return FALSE;

  state = porch_operation_get_state (operation);

  return state == PORCH_OPERATION_STOPPED || state == PORCH_OPERATION_FAILED;
}

static gboolean
is_signed_out (PorchSiteView *self)
{
  PorchAccount *account = self->site != NULL ? porch_site_get_account (self->site) : NULL;

  return account != NULL && porch_account_get_state (account) == PORCH_ACCOUNT_NEEDS_SIGN_IN;
}

/* A keyring that is locked only wants to be asked again, nobody has to sign in for it */
static gboolean
wants_only_retry (PorchAccount *account)
{
  PorchProblem *problem = porch_account_get_problem (account);

  return problem != NULL && porch_problem_get_action (problem) == PORCH_PROBLEM_ACTION_RETRY;
}

static void
update_account_banner (PorchSiteView *self)
{
  gboolean signed_out = is_signed_out (self);

  if (signed_out)
    {
      PorchAccount *account = porch_site_get_account (self->site);
      gboolean retry = wants_only_retry (account);

      adw_banner_set_use_markup (self->account_banner, FALSE);
      adw_banner_set_title (self->account_banner,
                            retry ? porch_problem_get_title (porch_account_get_problem (account))
                                  : _("Your sign-in has ended"));
      adw_banner_set_button_label (self->account_banner, retry ? _("_Try Again") : _("_Sign In Again"));
    }

  adw_banner_set_revealed (self->account_banner, signed_out);
}

/* The overview has a card of its own for this, and one banner at a time is enough */
static void
update_banner (PorchSiteView *self)
{
  PorchOperation *operation = self->site != NULL ? porch_site_get_operation (self->site) : NULL;
  const char *page = adw_view_stack_get_visible_child_name (self->view_stack);
  gboolean halted = is_halted (operation);

  if (halted)
    {
      PorchProblem *problem = porch_operation_get_problem (operation);

      adw_banner_set_title (self->banner,
                            problem != NULL ? porch_problem_get_title (problem) : _("Work on this site was stopped"));
    }

  adw_banner_set_revealed (self->banner, halted && !is_signed_out (self) && g_strcmp0 (page, "overview") != 0);
}

static void
update_actions (PorchSiteView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  PorchOperation *operation = self->site != NULL ? porch_site_get_operation (self->site) : NULL;
  gboolean busy = self->site != NULL && porch_site_is_busy (self->site);
  gboolean can_publish = self->site != NULL && porch_site_can_publish (self->site);
  gboolean has_address = self->site != NULL && porch_site_get_address (self->site) != NULL;
  gboolean has_folder = self->site != NULL && porch_site_get_folder (self->site) != NULL;

  gtk_widget_action_set_enabled (widget, "site.open", has_address);
  gtk_widget_action_set_enabled (widget, "site.copy-address", has_address);
  gtk_widget_action_set_enabled (widget, "site.show-address", has_address);
  gtk_widget_action_set_enabled (widget, "site.change-address", has_address);
  gtk_widget_action_set_enabled (widget, "site.set-up-form", has_address && !busy);
  gtk_widget_action_set_enabled (widget, "site.test-form", has_address);
  gtk_widget_action_set_enabled (widget, "site.open-folder", has_folder);
  gtk_widget_action_set_enabled (widget, "site.choose-folder", can_publish);
  gtk_widget_action_set_enabled (widget, "site.choose-archive", can_publish);
  gtk_widget_action_set_enabled (widget, "site.publish-again", can_publish && has_folder);
  gtk_widget_action_set_enabled (widget, "site.resume", is_halted (operation) && porch_operation_can_resume (operation));
  gtk_widget_action_set_enabled (widget, "site.delete", self->site != NULL && !busy);
  porch_drop_area_set_active (self->drop_area, can_publish);
}

static void
update (PorchSiteView *self)
{
  update_account_banner (self);
  update_banner (self);
  update_actions (self);
}

static void
account_changed_cb (PorchSiteView *self)
{
  g_signal_group_set_target (self->account_signals, self->site != NULL ? porch_site_get_account (self->site) : NULL);
  update (self);
}

static void
operation_changed_cb (PorchSiteView *self)
{
  g_signal_group_set_target (self->operation_signals,
                             self->site != NULL ? porch_site_get_operation (self->site) : NULL);
  update (self);
}

static void
page_changed_cb (PorchSiteView *self)
{
  update_banner (self);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  g_autofree char *address = porch_site_dup_open_address (PORCH_SITE_VIEW (widget)->site);

  porch_widget_open_uri (widget, address);
}

static void
copy_address_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_site_get_address (PORCH_SITE_VIEW (widget)->site));
}

static void
open_folder_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  porch_widget_open_folder (widget, porch_site_get_folder (PORCH_SITE_VIEW (widget)->site));
}

static void
show_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_site_view_show_page (PORCH_SITE_VIEW (widget), g_variant_get_string (parameter, NULL));
}

static void
show_address_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);

  if (g_strcmp0 (adw_navigation_view_get_visible_page_tag (self->navigation_view), "address") != 0)
    adw_navigation_view_push (self->navigation_view, porch_address_page_new (self->site));
}

/* What is being set up is shown again, as it was left */
static void
change_address_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);
  PorchOperation *operation = porch_address_find_work (self->site);
  PorchAddressDialog *dialog = operation != NULL ? porch_address_dialog_new_for_work (operation)
                                                 : porch_address_dialog_new (self->site);

  porch_dialog_present (ADW_DIALOG (dialog), widget);
}

static void
set_up_form_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  porch_dialog_present (ADW_DIALOG (porch_form_dialog_new (PORCH_SITE_VIEW (widget)->site)), widget);
}

static void
test_form_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_dialog_present (ADW_DIALOG (porch_form_dialog_new_test (PORCH_SITE_VIEW (widget)->site)), widget);
}

static void
show_messages_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);

  porch_site_view_show_page (self, "messages");
  porch_messages_page_show_view (PORCH_MESSAGES_PAGE (self->messages_page), g_variant_get_string (parameter, NULL));
}

static DexFuture *
folder_chosen_cb (DexFuture *future,
                  gpointer   user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    porch_site_view_publish (user_data, g_value_get_object (value));

  return NULL;
}

static void
choose_folder_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);
  DexFuture *future = porch_choose_folder (widget, porch_site_get_folder (self->site));

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (future, folder_chosen_cb, self, NULL);
}

static void
choose_archive_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);
  DexFuture *future = porch_choose_archive (widget, porch_site_get_folder (self->site));

  dex_clear (&self->choosing);
  self->choosing = dex_future_finally (future, folder_chosen_cb, self, NULL);
}

static void
publish_again_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);

  porch_site_view_publish (self, porch_site_get_folder (self->site));
}

static void
resume_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);

  porch_engine_resume_operation (porch_site_get_engine (self->site), porch_site_get_operation (self->site));
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  porch_delete_site_ask (widget, PORCH_SITE_VIEW (widget)->site);
}

static DexFuture *
refreshed_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchSiteView *self = user_data;
  g_autoptr(GError) error = NULL;

  /* What stays wrong is a property of the site, and the overview shows it */
  if (dex_future_get_value (future, &error) == NULL && !porch_error_is_cancelled (error))
    g_debug ("Can't refresh: %s", error->message);

  dex_clear (&self->refreshing);

  return NULL;
}

static void
refresh (PorchSiteView *self)
{
  PorchSiteState state;

  if (self->site == NULL)
    return;

  state = porch_site_get_state (self->site);
  if (state == PORCH_SITE_CREATING || state == PORCH_SITE_DELETING)
    return;

  dex_clear (&self->refreshing);
  self->refreshing = dex_future_finally (porch_site_refresh (self->site), refreshed_cb, self, NULL);
}

static DexFuture *
signed_in_cb (DexFuture *future,
              gpointer   user_data)
{
  PorchSiteView *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    {
      refresh (self);
      adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (_("Signed in")));
    }
  else
    {
      porch_widget_toast_error (GTK_WIDGET (self->toast_overlay), error);
    }

  return NULL;
}

static void
sign_in_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);
  PorchAccount *account = porch_site_get_account (self->site);
  PorchEngine *engine = porch_site_get_engine (self->site);
  DexFuture *future = wants_only_retry (account) ? porch_engine_recheck_account (engine, account)
                                                 : porch_account_dialog_run (widget, engine, account);

  dex_clear (&self->signing_in);
  self->signing_in = dex_future_finally (future, signed_in_cb, self, NULL);
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  refresh (PORCH_SITE_VIEW (widget));
}

/* What the button beside a problem of the site does */
static void
solve_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);
  PorchProblem *problem = porch_site_get_problem (self->site);

  if (problem != NULL && porch_problem_needs_sign_in (problem))
    {
      gtk_widget_activate_action (widget, "site.sign-in", NULL);
    }
  else if (problem != NULL && porch_problem_get_action (problem) == PORCH_PROBLEM_ACTION_START_PRACTICE)
    {
      gtk_widget_activate_action (widget, "win.start-practice", NULL);
    }
  else
    {
      refresh (self);
    }
}

static void
dropped_cb (PorchSiteView *self,
            GFile         *folder)
{
  porch_site_view_publish (self, folder);
}

/* Somebody comes back to the window, perhaps from working on the site */
static void
window_active_cb (PorchSiteView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->site != NULL && GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root)))
    porch_folder_watch_look (porch_site_get_watch (self->site));
}

static void
porch_site_view_root (GtkWidget *widget)
{
  PorchSiteView *self = PORCH_SITE_VIEW (widget);
  GtkRoot *root;

  GTK_WIDGET_CLASS (porch_site_view_parent_class)->root (widget);

  root = gtk_widget_get_root (widget);

  if (GTK_IS_WINDOW (root))
    g_signal_connect_object (root, "notify::is-active", G_CALLBACK (window_active_cb), self, G_CONNECT_SWAPPED);
}

static void
porch_site_view_unroot (GtkWidget *widget)
{
  /* No group: a window that is on its way out is no longer found by one, which is then told of its end when it is gone itself */
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget), window_active_cb, widget);

  GTK_WIDGET_CLASS (porch_site_view_parent_class)->unroot (widget);
}

static void
porch_site_view_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_SITE_VIEW (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_site_view_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      porch_site_view_set_site (PORCH_SITE_VIEW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_site_view_dispose (GObject *object)
{
  PorchSiteView *self = PORCH_SITE_VIEW (object);

  dex_clear (&self->choosing);
  dex_clear (&self->refreshing);
  dex_clear (&self->signing_in);
  g_clear_object (&self->site_signals);
  g_clear_object (&self->account_signals);
  g_clear_object (&self->operation_signals);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_SITE_VIEW);

  G_OBJECT_CLASS (porch_site_view_parent_class)->dispose (object);
}

static void
porch_site_view_class_init (PorchSiteViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_site_view_get_property;
  object_class->set_property = porch_site_view_set_property;
  object_class->dispose = porch_site_view_dispose;

  widget_class->root = porch_site_view_root;
  widget_class->unroot = porch_site_view_unroot;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_DROP_AREA);
  g_type_ensure (PORCH_TYPE_OVERVIEW_PAGE);
  g_type_ensure (PORCH_TYPE_MESSAGES_PAGE);
  g_type_ensure (PORCH_TYPE_HISTORY_PAGE);
  g_type_ensure (PORCH_TYPE_SETTINGS_PAGE);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-site-view.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, navigation_view);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, account_banner);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, banner);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, view_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, messages_page);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteView, drop_area);
  gtk_widget_class_bind_template_callback (widget_class, site_title);
  gtk_widget_class_bind_template_callback (widget_class, page_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, dropped_cb);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "site.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "site.copy-address", NULL, copy_address_action);
  gtk_widget_class_install_action (widget_class, "site.open-folder", NULL, open_folder_action);
  gtk_widget_class_install_action (widget_class, "site.show-page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "site.show-messages", "s", show_messages_action);
  gtk_widget_class_install_action (widget_class, "site.show-address", NULL, show_address_action);
  gtk_widget_class_install_action (widget_class, "site.change-address", NULL, change_address_action);
  gtk_widget_class_install_action (widget_class, "site.set-up-form", NULL, set_up_form_action);
  gtk_widget_class_install_action (widget_class, "site.test-form", NULL, test_form_action);
  gtk_widget_class_install_action (widget_class, "site.choose-folder", NULL, choose_folder_action);
  gtk_widget_class_install_action (widget_class, "site.choose-archive", NULL, choose_archive_action);
  gtk_widget_class_install_action (widget_class, "site.publish-again", NULL, publish_again_action);
  gtk_widget_class_install_action (widget_class, "site.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "site.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "site.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "site.solve", NULL, solve_action);
  gtk_widget_class_install_action (widget_class, "site.delete", NULL, delete_action);
}

static void
porch_site_view_init (PorchSiteView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->site_signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->site_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::address", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::folder", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::operation", G_CALLBACK (operation_changed_cb), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::account", G_CALLBACK (account_changed_cb), self);

  self->account_signals = g_signal_group_new (PORCH_TYPE_ACCOUNT);
  g_signal_group_connect_swapped (self->account_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->account_signals, "notify::problem", G_CALLBACK (update), self);

  self->operation_signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->operation_signals, "notify::state", G_CALLBACK (update), self);
}

PorchSite *
porch_site_view_get_site (PorchSiteView *self)
{
  g_return_val_if_fail (PORCH_IS_SITE_VIEW (self), NULL);

  return self->site;
}

void
porch_site_view_set_site (PorchSiteView *self,
                          PorchSite     *site)
{
  g_return_if_fail (PORCH_IS_SITE_VIEW (self));
  g_return_if_fail (site == NULL || PORCH_IS_SITE (site));

  if (!g_set_object (&self->site, site))
    return;

  dex_clear (&self->choosing);
  dex_clear (&self->refreshing);
  dex_clear (&self->signing_in);
  adw_navigation_view_pop_to_tag (self->navigation_view, "site");
  g_signal_group_set_target (self->site_signals, site);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
  operation_changed_cb (self);
  account_changed_cb (self);
  window_active_cb (self);
  refresh (self);
}

void
porch_site_view_show_page (PorchSiteView *self,
                           const char    *page)
{
  g_return_if_fail (PORCH_IS_SITE_VIEW (self));

  adw_navigation_view_pop_to_tag (self->navigation_view, "site");
  adw_view_stack_set_visible_child_name (self->view_stack, page);
}

/* Goes to the search entry of the messages. */
void
porch_site_view_search (PorchSiteView *self)
{
  g_return_if_fail (PORCH_IS_SITE_VIEW (self));

  porch_site_view_show_page (self, "messages");
  gtk_widget_activate_action (self->messages_page, "messages.search", NULL);
}

/* Shows one message of the site, as when its notification was clicked. */
void
porch_site_view_show_message (PorchSiteView *self,
                              const char    *id)
{
  g_return_if_fail (PORCH_IS_SITE_VIEW (self));

  porch_site_view_show_page (self, "messages");
  porch_messages_page_show (PORCH_MESSAGES_PAGE (self->messages_page), id);
}

/**
 * porch_site_view_toast:
 * @self: a view
 * @toast: (transfer none): what to say
 *
 * Says @toast above the bar at the bottom of a narrow window.
 *
 * Returns: %FALSE if nobody would see it here
 */
gboolean
porch_site_view_toast (PorchSiteView *self,
                       AdwToast      *toast)
{
  g_return_val_if_fail (PORCH_IS_SITE_VIEW (self), FALSE);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self->toast_overlay)))
    return FALSE;

  adw_toast_overlay_add_toast (self->toast_overlay, g_object_ref (toast));

  return TRUE;
}

/**
 * porch_site_view_shows:
 * @self: a view
 * @operation: an operation
 *
 * Returns: whether the pages show now how @operation goes: the overview has its card, the others a banner
 */
gboolean
porch_site_view_shows (PorchSiteView  *self,
                       PorchOperation *operation)
{
  g_return_val_if_fail (PORCH_IS_SITE_VIEW (self), FALSE);
  g_return_val_if_fail (PORCH_IS_OPERATION (operation), FALSE);

  return self->site != NULL && porch_site_get_operation (self->site) == operation &&
         gtk_widget_get_mapped (GTK_WIDGET (self->toast_overlay));
}

/* Shows what publishing @folder would change; the person decides there. */
void
porch_site_view_publish (PorchSiteView *self,
                         GFile         *folder)
{
  g_return_if_fail (PORCH_IS_SITE_VIEW (self));
  g_return_if_fail (G_IS_FILE (folder));

  porch_dialog_present (ADW_DIALOG (porch_publish_dialog_new (self->site, folder)), GTK_WIDGET (self));
}
