/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-overview-page.h"

#include <glib/gi18n.h>

#include "porch-address.h"
#include "porch-address-health-row.h"
#include "porch-certificate-health-row.h"
#include "porch-confirm-row.h"
#include "porch-form-health-row.h"
#include "porch-mail-health-row.h"
#include "porch-history.h"
#include "porch-message.h"
#include "porch-operation-card.h"
#include "porch-release.h"
#include "porch-site-watch.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

/* A site at a glance: where it is, how it is, what it is doing, and the place to drop a folder on. */
struct _PorchOverviewPage
{
  AdwBin               parent_instance;

  GtkLabel            *address_label;
  GtkWidget           *open_button;
  GtkWidget           *state_image;
  GtkLabel            *state_label;
  PorchOperationCard  *operation_card;
  GtkWidget           *problem_group;
  AdwActionRow        *problem_row;
  GtkButton           *problem_button;
  GtkWidget           *changes_group;
  AdwActionRow        *changes_row;
  GtkWidget           *drop_zone;
  GtkLabel            *folder_label;
  GtkWidget           *again_button;
  GtkWidget           *show_button;
  GtkWidget           *health_group;
  GtkWidget           *glance_group;
  AdwActionRow        *messages_row;
  AdwActionRow        *history_row;

  PorchSite           *site;
  GSignalGroup        *site_signals;
  GSignalGroup        *history_signals;
  GSignalGroup        *messages_signals;
  GSignalGroup        *operation_signals;
  GSignalGroup        *watch_signals;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchOverviewPage, porch_overview_page, ADW_TYPE_BIN)

static gboolean
is_secured (GObject      *object,
            PorchAddress *own,
            const char   *address)
{
  return own != NULL && porch_address_get_state (own) == PORCH_ADDRESS_LIVE;
}

static char *
address_words (GObject      *object,
               PorchAddress *own,
               const char   *address)
{
  if (own != NULL && porch_address_get_state (own) != PORCH_ADDRESS_SETTING_UP)
    return g_strconcat ("https://", porch_address_get_shown (own), NULL);

  return porch_host_words (address);
}

static void
update_state (PorchOverviewPage *self)
{
  PorchSiteState state = porch_site_get_state (self->site);
  PorchProblem *problem = porch_site_get_problem (self->site);
  PorchOperation *operation = porch_site_get_operation (self->site);
  gboolean live = state == PORCH_SITE_LIVE;
  gboolean there = live || state == PORCH_SITE_EMPTY || state == PORCH_SITE_UNREACHABLE;

  gtk_image_set_from_icon_name (GTK_IMAGE (self->state_image), porch_site_state_icon (state));
  gtk_label_set_label (self->state_label, porch_site_state_words (state));

  for (GtkWidget *widget = self->state_image; widget != NULL; widget = gtk_widget_get_next_sibling (widget))
    {
      if (live)
        gtk_widget_add_css_class (widget, "success");
      else
        gtk_widget_remove_css_class (widget, "success");
    }

  gtk_widget_set_visible (self->drop_zone, there);
  gtk_widget_set_visible (self->health_group, there);
  gtk_widget_set_visible (self->glance_group, there);

  /* The operation says itself what is wrong with it */
  if (problem != NULL && operation == NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->problem_row), porch_problem_get_title (problem));
      adw_action_row_set_subtitle (self->problem_row, porch_problem_get_body (problem));
      gtk_button_set_label (self->problem_button, porch_problem_needs_sign_in (problem) ? _("_Sign In Again…")
                                                                                       : _("_Try Again"));
    }

  gtk_widget_set_visible (self->problem_group, problem != NULL && operation == NULL);
}

/* Where the site is published from, and what is wrong with that */
static char *
dup_folder_text (PorchOverviewPage *self,
                 PorchFolderWatch  *watch)
{
  g_autofree char *folder = porch_site_dup_folder (self->site);

  if (folder == NULL)
    return g_strdup (_("Only what has changed is sent."));

  if (porch_folder_watch_get_state (watch) == PORCH_FOLDER_WATCH_GONE)
    return g_strconcat (folder, "\n",
                        _("It can’t be found: it was moved or removed, or is on a drive that isn’t connected."), NULL);

  if (porch_folder_watch_get_problem (watch) != NULL)
    return g_strdup_printf ("%s\n%s", folder, porch_folder_watch_get_problem (watch));

  return g_steal_pointer (&folder);
}

static void
update_folder (PorchOverviewPage *self)
{
  PorchFolderWatch *watch = porch_site_get_watch (self->site);
  PorchFolderWatchState state = porch_folder_watch_get_state (watch);
  gboolean gone = state == PORCH_FOLDER_WATCH_GONE;
  gboolean has_folder = porch_site_get_folder (self->site) != NULL;
  gboolean changed = state == PORCH_FOLDER_WATCH_CHANGED && !porch_site_is_busy (self->site);
  g_autofree char *text = dup_folder_text (self, watch);

  gtk_label_set_label (self->folder_label, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->folder_label),
                              gone || state == PORCH_FOLDER_WATCH_UNREADABLE ? (const char *[]) { "caption", "warning", NULL }
                                                                             : (const char *[]) { "caption", "dimmed", NULL });
  gtk_widget_set_visible (self->show_button, has_folder && !gone);
  gtk_widget_set_visible (self->again_button, has_folder && !gone && !changed);
  gtk_widget_set_visible (self->changes_group, changed);

  /* One thing is suggested at a time */
  gtk_widget_set_css_classes (self->open_button, changed || porch_site_get_operation (self->site) != NULL
                                                   ? (const char *[]) { "pill", NULL }
                                                   : (const char *[]) { "pill", "suggested-action", NULL });

  if (changed)
    {
      g_autofree char *title = porch_watch_dup_title (watch);
      g_autofree char *counts = porch_watch_dup_counts (watch);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->changes_row), title);
      adw_action_row_set_subtitle (self->changes_row, counts);
    }
}

static void
operation_changed_cb (PorchOverviewPage *self)
{
  g_signal_group_set_target (self->operation_signals, porch_site_get_operation (self->site));
  update_state (self);
  update_folder (self);
}

static void
update_messages (PorchOverviewPage *self)
{
  g_autoptr(PorchMessage) message = NULL;
  g_autofree char *text = NULL;
  guint n_unread = porch_site_get_unread_count (self->site);

  if (!porch_site_get_form_enabled (self->site))
    {
      adw_action_row_set_subtitle (self->messages_row, _("The site has no contact form"));
      return;
    }

  message = g_list_model_get_item (porch_site_get_messages (self->site), 0);

  if (n_unread > 0)
    text = g_strdup_printf (ngettext ("%u unread message", "%u unread messages", n_unread), n_unread);
  else if (message != NULL)
    /* Translators: the placeholders are the writer of a message and its beginning */
    text = g_strdup_printf (_("%s: %s"), porch_message_get_sender (message), porch_message_get_preview (message));
  else
    text = g_strdup (_("Nobody has written yet"));

  adw_action_row_set_subtitle (self->messages_row, text);
}

static void
update_history (PorchOverviewPage *self)
{
  GDateTime *published = porch_site_get_last_published (self->site);
  PorchRelease *release = porch_history_get_live (porch_site_get_history (self->site));
  const char *note = release != NULL ? porch_release_get_note (release) : NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *moment = NULL;
  g_autofree char *text = NULL;

  if (published == NULL)
    {
      adw_action_row_set_subtitle (self->history_row, _("Not yet"));
      return;
    }

  moment = porch_moment_words (published, now);

  if (note != NULL && *note != '\0')
    text = g_strdup_printf ("%s · %s", moment, note);

  adw_action_row_set_subtitle (self->history_row, text != NULL ? text : moment);
}

static void
update (PorchOverviewPage *self)
{
  update_state (self);
  update_folder (self);
  update_messages (self);
  update_history (self);
}

static void
porch_overview_page_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_OVERVIEW_PAGE (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_overview_page_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      porch_overview_page_set_site (PORCH_OVERVIEW_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_overview_page_dispose (GObject *object)
{
  PorchOverviewPage *self = PORCH_OVERVIEW_PAGE (object);

  g_clear_object (&self->site_signals);
  g_clear_object (&self->history_signals);
  g_clear_object (&self->messages_signals);
  g_clear_object (&self->operation_signals);
  g_clear_object (&self->watch_signals);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_OVERVIEW_PAGE);

  G_OBJECT_CLASS (porch_overview_page_parent_class)->dispose (object);
}

static void
porch_overview_page_class_init (PorchOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_overview_page_get_property;
  object_class->set_property = porch_overview_page_set_property;
  object_class->dispose = porch_overview_page_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_ADDRESS_HEALTH_ROW);
  g_type_ensure (PORCH_TYPE_CERTIFICATE_HEALTH_ROW);
  g_type_ensure (PORCH_TYPE_CONFIRM_ROW);
  g_type_ensure (PORCH_TYPE_FORM_HEALTH_ROW);
  g_type_ensure (PORCH_TYPE_MAIL_HEALTH_ROW);
  g_type_ensure (PORCH_TYPE_OPERATION_CARD);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, address_label);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, open_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, state_image);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, operation_card);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, problem_group);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, problem_row);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, problem_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, changes_group);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, changes_row);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, drop_zone);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, folder_label);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, again_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, show_button);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, health_group);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, glance_group);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, messages_row);
  gtk_widget_class_bind_template_child (widget_class, PorchOverviewPage, history_row);
  gtk_widget_class_bind_template_callback (widget_class, is_secured);
  gtk_widget_class_bind_template_callback (widget_class, address_words);
  porch_bind_closures (widget_class);
}

static void
porch_overview_page_init (PorchOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  porch_label_wrap_without_hyphens (self->address_label);

  self->site_signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->site_signals, "notify::state", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::problem", G_CALLBACK (update_state), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::operation", G_CALLBACK (operation_changed_cb), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::folder", G_CALLBACK (update_folder), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::unread-count", G_CALLBACK (update_messages), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::form-enabled", G_CALLBACK (update_messages), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::last-published", G_CALLBACK (update_history), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::live-release", G_CALLBACK (update_history), self);

  self->history_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->history_signals, "items-changed", G_CALLBACK (update_history), self);

  self->messages_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->messages_signals, "items-changed", G_CALLBACK (update_messages), self);

  self->operation_signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->operation_signals, "notify::state", G_CALLBACK (update_folder), self);

  self->watch_signals = g_signal_group_new (PORCH_TYPE_FOLDER_WATCH);
  g_signal_group_connect_swapped (self->watch_signals, "notify", G_CALLBACK (update_folder), self);
}

void
porch_overview_page_set_site (PorchOverviewPage *self,
                              PorchSite         *site)
{
  g_return_if_fail (PORCH_IS_OVERVIEW_PAGE (self));
  g_return_if_fail (site == NULL || PORCH_IS_SITE (site));

  if (!g_set_object (&self->site, site))
    return;

  g_signal_group_set_target (self->site_signals, site);
  g_signal_group_set_target (self->history_signals, site != NULL ? porch_site_get_releases (site) : NULL);
  g_signal_group_set_target (self->messages_signals, site != NULL ? porch_site_get_messages (site) : NULL);

  g_signal_group_set_target (self->watch_signals, site != NULL ? porch_site_get_watch (site) : NULL);

  if (site != NULL)
    {
      operation_changed_cb (self);
      update (self);
    }
  else
    {
      /* The work that deletes a site outlives it */
      g_signal_group_set_target (self->operation_signals, NULL);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}
