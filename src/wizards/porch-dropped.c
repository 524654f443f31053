/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-dropped.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "porch-source.h"
#include "porch-thread.h"
#include "porch-widget-util.h"

/* What somebody dropped, or opened with the application, is one folder or one ZIP. People also take the pages out of the
 * folder, all of them at once, or something that lies on a server. They are told, and offered what they probably meant.
 */

/* What the thread works on, and finds. */
typedef struct
{
  GPtrArray        *files;
  GFile            *folder;
  PorchDroppedKind  kind;
} Judgement;

static gboolean
is_folder (GFile *file)
{
  return g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY;
}

static gboolean
is_page (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *lower = name != NULL ? g_ascii_strdown (name, -1) : NULL;

  return lower != NULL && (g_str_has_suffix (lower, ".html") || g_str_has_suffix (lower, ".htm"));
}

static gboolean
has_start_page (GFile *folder)
{
  g_autoptr(GFile) page = g_file_get_child (folder, "index.html");

  return g_file_query_exists (page, NULL);
}

/* Where everything of a person lies; nobody means to publish that because of one page in it */
static gboolean
is_common_place (GFile *folder)
{
  const char *path = g_file_peek_path (folder);

  if (g_strcmp0 (path, g_get_home_dir ()) == 0 || g_strcmp0 (path, g_get_tmp_dir ()) == 0)
    return TRUE;

  for (int i = 0; i < G_USER_N_DIRECTORIES; i++)
    {
      if (g_strcmp0 (path, g_get_user_special_dir (i)) == 0)
        return TRUE;
    }

  return FALSE;
}

/* The folder that all of @files lie in, if it looks like that of a site */
static GFile *
find_parent (GPtrArray *files)
{
  g_autoptr(GFile) parent = g_file_get_parent (g_ptr_array_index (files, 0));
  gboolean has_page = FALSE;

  for (guint i = 0; i < files->len && parent != NULL; i++)
    {
      GFile *file = g_ptr_array_index (files, i);
      g_autoptr(GFile) other = g_file_get_parent (file);

      if (other == NULL || !g_file_equal (parent, other))
        return NULL;

      has_page = has_page || is_page (file);
    }

  if (parent == NULL || !(has_start_page (parent) || (has_page && !is_common_place (parent))))
    return NULL;

  return g_steal_pointer (&parent);
}

/**
 * porch_dropped_judge:
 * @files: (element-type Gio.File): what was dropped, at least one
 * @folder: (out) (transfer full) (optional) (nullable): what to publish for %PORCH_DROPPED_SITE; for
 *   %PORCH_DROPPED_FILES and %PORCH_DROPPED_SEVERAL the folder that was probably meant
 *
 * Tells what was dropped. Looks at the disk, so it blocks.
 *
 * Returns: what it is
 */
PorchDroppedKind
porch_dropped_judge (GPtrArray  *files,
                     GFile     **folder)
{
  gboolean has_site = FALSE;

  g_return_val_if_fail (files != NULL && files->len > 0, PORCH_DROPPED_GONE);

  if (folder != NULL)
    *folder = NULL;

  for (guint i = 0; i < files->len; i++)
    {
      GFile *file = g_ptr_array_index (files, i);

      if (g_file_peek_path (file) == NULL)
        return PORCH_DROPPED_ELSEWHERE;

      if (!g_file_query_exists (file, NULL))
        return PORCH_DROPPED_GONE;

      has_site = has_site || is_folder (file) || porch_source_is_archive (file);
    }

  if (has_site && files->len == 1)
    {
      if (folder != NULL)
        *folder = g_object_ref (g_ptr_array_index (files, 0));

      return PORCH_DROPPED_SITE;
    }

  if (folder != NULL)
    *folder = find_parent (files);

  return has_site ? PORCH_DROPPED_SEVERAL : PORCH_DROPPED_FILES;
}

static void
judgement_free (gpointer data)
{
  Judgement *self = data;

  g_ptr_array_unref (self->files);
  g_clear_object (&self->folder);
}

static void
judgement_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, judgement_free);
}

/* Thread function. */
static gboolean
judge (gpointer   data,
       GError   **error)
{
  Judgement *self = data;

  self->kind = porch_dropped_judge (self->files, &self->folder);

  return TRUE;
}

static char *
dup_name (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = name != NULL ? g_filename_display_name (name) : g_file_get_parse_name (file);

  return porch_isolate (shown);
}

static const char *
get_title (Judgement *self)
{
  switch (self->kind)
    {
    case PORCH_DROPPED_ELSEWHERE:
      return _("Not on This Computer");
    case PORCH_DROPPED_GONE:
      return _("It Can’t Be Opened");
    case PORCH_DROPPED_SITE:
    case PORCH_DROPPED_FILES:
    case PORCH_DROPPED_SEVERAL:
    default:
      return _("A Folder Is Needed");
    }
}

static char *
dup_body (Judgement *self)
{
  g_autofree char *name = dup_name (g_ptr_array_index (self->files, 0));

  switch (self->kind)
    {
    case PORCH_DROPPED_ELSEWHERE:
      return g_strdup (_("Only folders and ZIP files of this computer can be published. Copy it here first, then try again."));
    case PORCH_DROPPED_GONE:
      /* Translators: the placeholder is the name of a file or folder */
      return g_strdup_printf (_("“%s” is not there any more, or you may not look into it."), name);
    case PORCH_DROPPED_SEVERAL:
      return g_strdup (_("A site is one folder, or one ZIP file. Choose the one that holds everything."));
    case PORCH_DROPPED_SITE:
    case PORCH_DROPPED_FILES:
    default:
      return g_strdup (_("A site is one folder with all its pages and pictures, or a ZIP file of one. Single files can’t be "
                         "published."));
    }
}

static void
response_cb (AdwAlertDialog *dialog,
             const char     *response,
             DexPromise     *promise)
{
  GFile *folder = g_object_get_data (G_OBJECT (dialog), "folder");

  if (g_str_equal (response, "take") && folder != NULL)
    dex_promise_resolve_object (promise, g_object_ref (folder));
  else
    dex_promise_reject (promise, g_error_new_literal (GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED, "Nothing to publish"));
}

static void
release_promise (gpointer  data,
                 GClosure *closure)
{
  dex_unref (data);
}

/* Says why it can't be published, and offers what can. */
static DexFuture *
explain (GtkWidget *widget,
         Judgement *self)
{
  DexPromise *promise = dex_promise_new ();
  g_autofree char *body = dup_body (self);
  AdwDialog *dialog = adw_alert_dialog_new (get_title (self), body);

  adw_alert_dialog_set_body_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);

  if (self->folder != NULL)
    {
      g_autofree char *name = dup_name (self->folder);
      /* Translators: the placeholder is the name of a folder */
      g_autofree char *label = g_strdup_printf (_("Use the Folder “%s”"), name);
      g_auto(GStrv) parts = g_strsplit (label, "_", -1);
      g_autofree char *escaped = g_strjoinv ("__", parts);

      adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _("_Cancel"), "take", escaped, NULL);
      adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "take", ADW_RESPONSE_SUGGESTED);
      adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "take");
      g_object_set_data_full (G_OBJECT (dialog), "folder", g_object_ref (self->folder), g_object_unref);
    }
  else
    {
      adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog), "cancel", _("_Close"), NULL);
    }

  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), dex_ref (promise), release_promise, 0);
  porch_dialog_present (dialog, widget);

  return DEX_FUTURE (promise);
}

typedef struct
{
  GWeakRef   widget;
  Judgement *judgement;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_weak_ref_clear (&question->widget);
  judgement_unref (question->judgement);
  g_free (question);
}

static DexFuture *
judged_cb (DexFuture *future,
           gpointer   user_data)
{
  Question *question = user_data;
  g_autoptr(GtkWidget) widget = g_weak_ref_get (&question->widget);

  if (question->judgement->kind == PORCH_DROPPED_SITE)
    return dex_future_new_take_object (g_object_ref (question->judgement->folder));

  if (widget == NULL)
    return dex_future_new_reject (GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED, "Nobody to ask");

  return explain (widget, question->judgement);
}

/**
 * porch_dropped_resolve:
 * @widget: a widget in the window that it was dropped on
 * @files: (element-type Gio.File): what was dropped, at least one
 *
 * Finds the folder or ZIP in what was dropped. Where there is none, says so in a dialog and offers what was probably
 * meant.
 *
 * Returns: (transfer full): a future that resolves to a [iface@Gio.File], or is rejected with
 *   %GTK_DIALOG_ERROR_DISMISSED when there is nothing to publish
 */
DexFuture *
porch_dropped_resolve (GtkWidget *widget,
                       GPtrArray *files)
{
  Question *question;
  Judgement *judgement;

  dex_return_error_if_fail (GTK_IS_WIDGET (widget));
  dex_return_error_if_fail (files != NULL && files->len > 0);

  judgement = g_atomic_rc_box_new0 (Judgement);
  judgement->files = g_ptr_array_ref (files);

  question = g_new0 (Question, 1);
  g_weak_ref_init (&question->widget, widget);
  question->judgement = judgement;

  return dex_future_then (porch_thread_run (judge, g_atomic_rc_box_acquire (judgement), judgement_unref),
                          judged_cb, question, question_free);
}
