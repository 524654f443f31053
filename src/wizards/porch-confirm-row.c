/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-confirm-row.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* Reminds whoever bought a domain of the link in the registry's mail. Hidden as long as there is none to be opened. */
struct _PorchConfirmRow
{
  AdwActionRow   parent_instance;

  PorchSite     *site;
  GSignalGroup  *signals;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchConfirmRow, porch_confirm_row, ADW_TYPE_ACTION_ROW)

static char *
build_text (PorchSite *site)
{
  GDateTime *until = porch_site_get_confirm_until (site);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *shown = porch_domain_name_show (porch_site_get_unconfirmed_domain (site));
  g_autofree char *isolated = porch_isolate (shown);
  g_autofree char *day = NULL;

  if (until == NULL || g_date_time_compare (until, now) <= 0)
    /* Translators: the placeholder is an address, as in “example.org” */
    return g_strdup_printf (_("The registry switches %s off: the link in its mail was not opened in time. Have it sent again and open it."),
                            isolated);

  day = porch_day_words (until, now);

  /* Translators: the first placeholder is an address, as in “example.org”, the second a day, as in “5 March” */
  return g_strdup_printf (_("Open the link in the mail that the registry of %s has sent you. Without it, the address stops working on %s."),
                          isolated, day);
}

static void
update (PorchConfirmRow *self)
{
  gboolean has_link = self->site != NULL && porch_site_get_unconfirmed_domain (self->site) != NULL;
  g_autofree char *text = has_link ? build_text (self->site) : NULL;

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self), has_link);
}

static DexFuture *
sent_cb (DexFuture *future,
         gpointer   user_data)
{
  PorchConfirmRow *self = user_data;
  g_autoptr(GError) error = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "confirm.send", TRUE);

  if (dex_future_get_value (future, &error) == NULL)
    porch_widget_toast_error (GTK_WIDGET (self), error);
  else if (porch_site_get_unconfirmed_domain (self->site) == NULL)
    porch_widget_toast (GTK_WIDGET (self), adw_toast_new (_("Your mail address is confirmed")));
  else
    porch_widget_toast (GTK_WIDGET (self), adw_toast_new (_("The mail was sent again")));

  return NULL;
}

static void
send_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchConfirmRow *self = PORCH_CONFIRM_ROW (widget);

  gtk_widget_action_set_enabled (widget, "confirm.send", FALSE);
  dex_future_disown (dex_future_finally (porch_site_send_confirmation (self->site), sent_cb, g_object_ref (self), g_object_unref));
}

static void
porch_confirm_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_CONFIRM_ROW (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_confirm_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  PorchConfirmRow *self = PORCH_CONFIRM_ROW (object);

  switch (prop_id)
    {
    case PROP_SITE:
      if (!g_set_object (&self->site, g_value_get_object (value)))
        break;

      g_signal_group_set_target (self->signals, self->site);
      update (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_confirm_row_dispose (GObject *object)
{
  PorchConfirmRow *self = PORCH_CONFIRM_ROW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->site);

  G_OBJECT_CLASS (porch_confirm_row_parent_class)->dispose (object);
}

static void
porch_confirm_row_class_init (PorchConfirmRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_confirm_row_get_property;
  object_class->set_property = porch_confirm_row_set_property;
  object_class->dispose = porch_confirm_row_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "confirm.send", NULL, send_action);
}

static void
porch_confirm_row_init (PorchConfirmRow *self)
{
  GtkWidget *image = gtk_image_new_from_icon_name ("mail-unread-symbolic");
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Send Again"));

  gtk_widget_add_css_class (image, "warning");
  gtk_accessible_update_state (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "confirm.send");
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Confirm Your Mail Address"));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), image);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  self->signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->signals, "notify::unconfirmed-domain", G_CALLBACK (update), self);
}
