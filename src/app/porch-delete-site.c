/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-delete-site.h"

#include <glib/gi18n.h>

#include "porch-engine.h"
#include "porch-file-chooser.h"
#include "porch-widget-util.h"

/* Deleting can't be undone, so it is asked about; the messages can be saved first. */
typedef struct
{
  GtkWidget      *widget;
  PorchSite      *site;
  GtkCheckButton *save_button;
} Question;

static void
question_free (gpointer  data,
               GClosure *closure)
{
  Question *question = data;

  g_clear_object (&question->widget);
  g_clear_object (&question->site);
  g_clear_object (&question->save_button);
  g_free (question);
}

static DexFuture *
file_chosen_cb (DexFuture *future,
                gpointer   user_data)
{
  const GValue *value = dex_future_get_value (future, NULL);

  /* Without a file nothing is deleted: the person wanted the messages */
  if (value != NULL)
    porch_engine_delete_site (porch_site_get_engine (user_data), user_data, g_value_get_object (value));

  return NULL;
}

static void
response_cb (AdwAlertDialog *dialog,
             const char     *response,
             Question       *question)
{
  g_autofree char *name = NULL;
  DexFuture *future;

  if (!g_str_equal (response, "delete"))
    return;

  if (!gtk_check_button_get_active (question->save_button))
    {
      porch_engine_delete_site (porch_site_get_engine (question->site), question->site, NULL);
      return;
    }

  /* Translators: the name of a file, without its ending; the placeholder is the short name of a site */
  name = g_strdup_printf (C_("file name", "Messages of %s.csv"), porch_site_get_slug (question->site));
  future = porch_choose_new_file (question->widget, _("Save Messages"), name);

  /* The file chooser keeps this alive, and ends it with the window */
  dex_future_disown (dex_future_finally (future, file_chosen_cb, g_object_ref (question->site), g_object_unref));
}

/* Asks whether @site should be deleted, and does it. */
void
porch_delete_site_ask (GtkWidget *widget,
                       PorchSite *site)
{
  Question *question = g_new0 (Question, 1);
  g_autofree char *name = porch_isolate (porch_site_get_name (site));
  g_autofree char *heading = NULL;
  GtkWidget *save_button;
  gboolean has_messages;
  AdwDialog *dialog;

  /* Translators: the placeholder is the name of a site */
  heading = g_strdup_printf (_("Delete “%s”?"), name);
  dialog = adw_alert_dialog_new (heading,
                                 _("The site goes offline, and everything that belongs to it is deleted: its history and all "
                                   "messages. This can’t be undone. Your own folder stays."));
  adw_alert_dialog_set_heading_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "delete", _("_Delete Site"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");

  has_messages = porch_site_get_form_enabled (site) ||
                 g_list_model_get_n_items (porch_site_get_messages (site)) > 0;
  save_button = gtk_check_button_new_with_mnemonic (_("_Save the messages first"));
  /* The name that GTK makes of the label keeps the underline */
  gtk_accessible_update_property (GTK_ACCESSIBLE (save_button), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Save the messages first"), -1);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (save_button), has_messages);
  gtk_widget_set_visible (save_button, has_messages);
  gtk_widget_set_halign (save_button, GTK_ALIGN_CENTER);
  adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), has_messages ? save_button : NULL);

  question->widget = g_object_ref (widget);
  question->site = g_object_ref (site);
  question->save_button = GTK_CHECK_BUTTON (g_object_ref_sink (save_button));
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), question, question_free, 0);
  porch_dialog_present (dialog, widget);
}
