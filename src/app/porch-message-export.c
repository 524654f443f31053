/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-export.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* The messages of @site are being saved for @widget. */
typedef struct
{
  GtkWidget *widget;
  PorchSite *site;
  gboolean   only_shown;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->widget);
  g_object_unref (export->site);
  g_free (export);
}

static DexFuture *
exported_cb (DexFuture *future,
             gpointer   user_data)
{
  Export *export = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);
  g_autofree char *title = NULL;

  if (value == NULL)
    {
      porch_widget_toast_error (export->widget, error);
      return NULL;
    }

  /* Translators: how many messages were written into a file */
  title = g_strdup_printf (ngettext ("%u message exported", "%u messages exported", g_value_get_uint (value)), g_value_get_uint (value));
  porch_widget_toast (export->widget, adw_toast_new (title));

  return NULL;
}

static void
chosen_cb (GObject      *dialog,
           GAsyncResult *result,
           gpointer      user_data)
{
  Export *export = user_data;
  PorchInbox *inbox;
  g_autoptr(GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (dialog), result, NULL);

  if (file == NULL)
    {
      export_free (export);
      return;
    }

  inbox = porch_site_get_inbox (export->site);
  dex_future_disown (dex_future_finally (export->only_shown ? porch_inbox_export_shown (inbox, file)
                                                            : porch_inbox_export (inbox, file),
                                         exported_cb, export, export_free));
}

static void
add_filter (GListStore *filters,
            const char *name,
            const char *ending)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_suffix (filter, ending);
  g_list_store_append (filters, filter);
}

/**
 * porch_message_export_ask:
 * @widget: where it is asked, and where a toast says what became of it
 * @site: a site
 * @only_shown: whether to leave out what the list of the inbox does not show at the moment
 *
 * Asks for a file and writes the messages of @site into it.
 */
void
porch_message_export_ask (GtkWidget *widget,
                          PorchSite *site,
                          gboolean   only_shown)
{
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr(GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);
  g_autofree char *name = g_strdup_printf ("%s.csv", porch_site_get_slug (site));
  Export *export = g_new0 (Export, 1);

  export->widget = g_object_ref (widget);
  export->site = g_object_ref (site);
  export->only_shown = only_shown;
  add_filter (filters, _("Spreadsheet (CSV)"), "csv");
  add_filter (filters, _("Everything, for Programs (JSON)"), "json");

  gtk_file_dialog_set_title (dialog, _("Export Messages"));
  gtk_file_dialog_set_accept_label (dialog, _("_Export"));
  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (widget)), NULL, chosen_cb, export);
}
