/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-file-chooser.h"

#include <glib/gi18n.h>

#include "porch-source.h"

typedef GFile *(*FinishFunc) (GtkFileDialog  *dialog,
                              GAsyncResult   *result,
                              GError        **error);

static void
resolve (DexPromise   *promise,
         FinishFunc    finish,
         GObject      *dialog,
         GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;
  GFile *file = finish (GTK_FILE_DIALOG (dialog), result, &error);

  if (file != NULL)
    dex_promise_resolve_object (promise, file);
  else
    dex_promise_reject (promise, g_steal_pointer (&error));

  dex_unref (promise);
}

static void
folder_chosen_cb (GObject      *dialog,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  resolve (user_data, gtk_file_dialog_select_folder_finish, dialog, result);
}

static void
file_chosen_cb (GObject      *dialog,
                GAsyncResult *result,
                gpointer      user_data)
{
  resolve (user_data, gtk_file_dialog_open_finish, dialog, result);
}

static void
new_file_chosen_cb (GObject      *dialog,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  resolve (user_data, gtk_file_dialog_save_finish, dialog, result);
}

static GtkWindow *
get_window (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
set_parent (GtkFileDialog *dialog,
            GFile         *file)
{
  g_autoptr(GFile) parent = g_file_get_parent (file);

  if (parent != NULL)
    gtk_file_dialog_set_initial_folder (dialog, parent);
}

DexFuture *
porch_choose_folder (GtkWidget *widget,
                     GFile     *initial)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, _("Choose a Folder"));
  gtk_file_dialog_set_accept_label (dialog, _("_Choose"));

  /* A ZIP lies in the folder that is looked for */
  if (initial != NULL && porch_source_is_archive (initial))
    set_parent (dialog, initial);
  else if (initial != NULL)
    gtk_file_dialog_set_initial_folder (dialog, initial);

  gtk_file_dialog_select_folder (dialog, get_window (widget), dex_promise_get_cancellable (promise),
                                 folder_chosen_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

static DexFuture *
choose_file (GtkWidget  *widget,
             const char *title,
             const char *filter_name,
             const char *suffix,
             GFile      *initial)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new ();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new ();
  g_autoptr(GListStore) filters = g_list_store_new (GTK_TYPE_FILE_FILTER);

  gtk_file_filter_set_name (filter, filter_name);
  gtk_file_filter_add_suffix (filter, suffix);
  g_list_store_append (filters, filter);

  gtk_file_filter_set_name (all, _("All Files"));
  gtk_file_filter_add_pattern (all, "*");
  g_list_store_append (filters, all);

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_filters (dialog, G_LIST_MODEL (filters));

  if (initial != NULL)
    set_parent (dialog, initial);

  gtk_file_dialog_open (dialog, get_window (widget), dex_promise_get_cancellable (promise),
                        file_chosen_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}

DexFuture *
porch_choose_file (GtkWidget  *widget,
                   const char *title,
                   const char *filter_name,
                   const char *suffix)
{
  return choose_file (widget, title, filter_name, suffix, NULL);
}

/* GTK's chooser picks either a folder or a file, so this is the other half of porch_choose_folder(). @initial may be NULL. */
DexFuture *
porch_choose_archive (GtkWidget *widget,
                      GFile     *initial)
{
  return choose_file (widget, _("Choose a ZIP File"), _("ZIP Files"), "zip", initial);
}

DexFuture *
porch_choose_new_file (GtkWidget  *widget,
                       const char *title,
                       const char *name)
{
  DexPromise *promise = dex_promise_new_cancellable ();
  g_autoptr(GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_set_initial_name (dialog, name);

  gtk_file_dialog_save (dialog, get_window (widget), dex_promise_get_cancellable (promise),
                        new_file_chosen_cb, dex_ref (promise));

  return DEX_FUTURE (promise);
}
