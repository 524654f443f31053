/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-widget-util.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-message.h"
#include "porch-operation.h"

/* Closures of the templates. Each is a pure function of its arguments. */

static gboolean
has_text (gpointer    object,
          const char *text)
{
  return text != NULL && *text != '\0';
}

/* For properties that take no NULL */
static char *
some_text (gpointer    object,
           const char *text)
{
  return g_strdup (text != NULL ? text : "");
}

static gboolean
is_set (gpointer  object,
        GObject  *value)
{
  return value != NULL;
}

static gboolean
is_not (gpointer object,
        gboolean value)
{
  return !value;
}

static gboolean
both (gpointer object,
      gboolean one,
      gboolean other)
{
  return one && other;
}

static char *
count_text (gpointer object,
            guint    count)
{
  return count > 0 ? g_strdup_printf ("%u", count) : g_strdup ("");
}

static gboolean
is_some (gpointer object,
         guint    count)
{
  return count > 0;
}

static char *
day_words (gpointer   object,
           GDateTime *date)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return porch_day_words (date, now);
}

static char *
moment_words (gpointer   object,
              GDateTime *date)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();

  return porch_moment_words (date, now);
}

static char *
host_text (gpointer    object,
           const char *address)
{
  return porch_host_words (address);
}

static gboolean
mail_failed (gpointer       object,
             PorchMailState state)
{
  return state == PORCH_MAIL_FAILED;
}

static char *
page_of_state (GObject             *object,
               PorchOperationState  state)
{
  switch (state)
    {
    case PORCH_OPERATION_STOPPED:
    case PORCH_OPERATION_FAILED:
      return g_strdup ("failed");
    case PORCH_OPERATION_DONE:
      return g_strdup ("done");
    case PORCH_OPERATION_PENDING:
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
    default:
      return g_strdup ("running");
    }
}

/* Gives every template of @widget_class the closures above, under their own names. */
void
porch_bind_closures (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, has_text);
  gtk_widget_class_bind_template_callback (widget_class, some_text);
  gtk_widget_class_bind_template_callback (widget_class, is_set);
  gtk_widget_class_bind_template_callback (widget_class, is_not);
  gtk_widget_class_bind_template_callback (widget_class, both);
  gtk_widget_class_bind_template_callback (widget_class, count_text);
  gtk_widget_class_bind_template_callback (widget_class, is_some);
  gtk_widget_class_bind_template_callback (widget_class, day_words);
  gtk_widget_class_bind_template_callback (widget_class, moment_words);
  gtk_widget_class_bind_template_callback (widget_class, host_text);
  gtk_widget_class_bind_template_callback (widget_class, mail_failed);
  gtk_widget_class_bind_template_callback (widget_class, page_of_state);
}

/* Names and addresses keep their direction inside a sentence of the other one. */
char *
porch_isolate (const char *text)
{
  return g_strconcat ("\u2068", text, "\u2069", NULL);
}

/* What people call @address: without what comes before the name, and without a slash at its end. NULL for NULL. */
char *
porch_host_words (const char *address)
{
  g_autofree char *host = NULL;

  if (address == NULL)
    return NULL;

  if (g_str_has_prefix (address, "https://"))
    address += strlen ("https://");
  else if (g_str_has_prefix (address, "http://"))
    address += strlen ("http://");

  host = g_strdup (address);

  if (g_str_has_suffix (host, "/"))
    host[strlen (host) - 1] = '\0';

  return g_steal_pointer (&host);
}

/* The twelve digits of an account in groups, as its own pages show them; those who compare them can read them then. */
char *
porch_account_number_words (const char *number)
{
  if (number == NULL)
    return g_strdup ("");

  if (strlen (number) != 12)
    return g_strdup (number);

  return g_strdup_printf ("%.4s-%.4s-%.4s", number, number + 4, number + 8);
}

/* Where @folder is, in words that need no knowledge of paths. */
char *
porch_display_folder (GFile *folder)
{
  g_autoptr(GFile) home = g_file_new_for_path (g_get_home_dir ());
  g_autofree char *relative = g_file_get_relative_path (home, folder);
  g_autofree char *text = NULL;

  if (relative == NULL)
    {
      text = g_file_get_parse_name (folder);
    }
  else
    {
      g_autofree char *shown = g_filename_display_name (relative);

      /* Translators: the placeholder is the path of a folder inside of the home folder */
      text = g_strdup_printf (C_("folder", "Home/%s"), shown);
    }

  return porch_isolate (text);
}

static int
days_between (GDateTime *date,
              GDateTime *now)
{
  GDate day, today;

  g_date_set_dmy (&day, g_date_time_get_day_of_month (date), g_date_time_get_month (date), g_date_time_get_year (date));
  g_date_set_dmy (&today, g_date_time_get_day_of_month (now), g_date_time_get_month (now), g_date_time_get_year (now));

  return g_date_days_between (&day, &today);
}

/* A short word for when @date was, seen from @now: the time today, then the weekday, then the date. */
char *
porch_day_words (GDateTime *date,
                 GDateTime *now)
{
  g_autoptr(GDateTime) local = NULL;
  int days;

  if (date == NULL)
    return g_strdup ("");

  local = g_date_time_to_local (date);
  days = days_between (local, now);

  if (days == 0)
    /* Translators: a time of day, as in 14:05; see the manual of g_date_time_format() */
    return g_date_time_format (local, C_("time of day", "%H:%M"));
  else if (days == 1)
    return g_strdup (_("Yesterday"));
  else if (days > 1 && days < 7)
    return g_date_time_format (local, "%A");
  else if (g_date_time_get_year (local) == g_date_time_get_year (now))
    /* Translators: a day of this year, as in 5 March */
    return g_date_time_format (local, C_("day of this year", "%-d %B"));
  else
    /* Translators: a day of another year, as in 5 March 2025 */
    return g_date_time_format (local, C_("day of another year", "%-d %B %Y"));
}

/* Day and time of @date for a sentence or a subtitle, seen from @now. */
char *
porch_moment_words (GDateTime *date,
                    GDateTime *now)
{
  g_autoptr(GDateTime) local = NULL;
  int days;

  if (date == NULL)
    return g_strdup ("");

  local = g_date_time_to_local (date);
  days = days_between (local, now);

  if (days == 0)
    /* Translators: a moment of today; see the manual of g_date_time_format() */
    return g_date_time_format (local, _("Today at %H:%M"));
  else if (days == 1)
    return g_date_time_format (local, _("Yesterday at %H:%M"));
  else if (days > 1 && days < 7)
    /* Translators: a weekday and a time, as in Monday at 14:05 */
    return g_date_time_format (local, _("%A at %H:%M"));
  else if (g_date_time_get_year (local) == g_date_time_get_year (now))
    /* Translators: a day of this year and a time, as in 5 March at 14:05 */
    return g_date_time_format (local, _("%-d %B at %H:%M"));
  else
    return g_date_time_format (local, C_("day of another year", "%-d %B %Y"));
}

static void
keep_a_while (AdwDialog *dialog)
{
  g_idle_add_once (g_object_unref, g_object_ref (dialog));
}

/**
 * porch_dialog_present:
 * @dialog: a dialog
 * @parent: (nullable): what it belongs to
 *
 * Shows a dialog. As [method@Adw.Dialog.present], but it outlives the press of its close button: without animations
 * libadwaita 1.7 closes at once, lets the dialog go and then still tells its sheet that it is closed.
 */
void
porch_dialog_present (AdwDialog *dialog,
                      GtkWidget *parent)
{
  g_return_if_fail (ADW_IS_DIALOG (dialog));

  g_signal_connect (dialog, "closed", G_CALLBACK (keep_a_while), NULL);
  adw_dialog_present (dialog, parent);
}

/**
 * porch_widget_toast:
 * @widget: a widget in a window of ours
 * @toast: (transfer full): what to say
 *
 * Says @toast in the window of @widget. Nothing happens when the window is gone.
 */
void
porch_widget_toast (GtkWidget *widget,
                    AdwToast  *toast)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (toast);
}

static void
details_response_cb (AdwAlertDialog *dialog,
                     const char     *response,
                     const char     *details)
{
  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (dialog)), details);
}

static DexFuture *
followed_cb (DexFuture *future,
             gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    porch_widget_toast_error (user_data, error);

  return NULL;
}

/**
 * porch_page_begin_at:
 * @page: a page
 * @widget: what one does first on it
 *
 * Gives it the focus whenever the page comes. The view gives that to the first button of the page, after it was mapped.
 */
void
porch_page_begin_at (AdwNavigationPage *page,
                     GtkWidget         *widget)
{
  g_return_if_fail (ADW_IS_NAVIGATION_PAGE (page) && GTK_IS_WIDGET (widget));

  g_signal_connect_object (page, "shown", G_CALLBACK (gtk_widget_grab_focus), widget, G_CONNECT_SWAPPED);
}

/**
 * porch_widget_follow:
 * @widget: where it was wanted
 * @future: (transfer full): what goes on
 *
 * Lets it go on, even without the widget in its window; when it fails, a toast says why.
 */
void
porch_widget_follow (GtkWidget *widget,
                     DexFuture *future)
{
  g_return_if_fail (GTK_IS_WIDGET (widget));

  dex_future_disown (dex_future_finally (future, followed_cb, g_object_ref (widget), g_object_unref));
}

/**
 * porch_decoration_new:
 * @icon_name: an icon
 *
 * Returns: (transfer floating): an image that says nothing which is not said beside it; screen readers pass it by
 */
GtkWidget *
porch_decoration_new (const char *icon_name)
{
  return g_object_new (GTK_TYPE_IMAGE,
                       "icon-name", icon_name,
                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                       NULL);
}

/**
 * porch_label_wrap_without_hyphens:
 * @label: a label with names or addresses
 *
 * A hyphen at the end of a line would look like a part of what it says.
 */
void
porch_label_wrap_without_hyphens (GtkLabel *label)
{
  g_autoptr(PangoAttrList) plain = pango_attr_list_new ();

  g_return_if_fail (GTK_IS_LABEL (label));

  pango_attr_list_insert (plain, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, plain);
}

/**
 * porch_technical_label_new:
 * @text: names, addresses or what a service answered
 *
 * Returns: (transfer floating): a label that wraps and adds nothing to @text
 */
GtkWidget *
porch_technical_label_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  porch_label_wrap_without_hyphens (GTK_LABEL (label));
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);

  return label;
}

/* Everything that is known about @problem, to be read or to be sent to somebody who can help. */
void
porch_widget_show_details (GtkWidget    *widget,
                           PorchProblem *problem)
{
  const char *title = porch_problem_get_title (problem);
  const char *body = porch_problem_get_body (problem);
  const char *details = porch_problem_get_details (problem);
  AdwDialog *dialog = adw_alert_dialog_new (title, body);
  char *text = g_strjoin ("\n", title, body, details, NULL);

  adw_alert_dialog_set_heading_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_set_body_use_markup (ADW_ALERT_DIALOG (dialog), FALSE);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "close", _("_Close"),
                                  "copy", _("C_opy Details"),
                                  NULL);

  if (details != NULL)
    {
      GtkWidget *label = porch_technical_label_new (details);

      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_widget_add_css_class (label, "dimmed");
      gtk_widget_add_css_class (label, "caption");
      adw_alert_dialog_set_extra_child (ADW_ALERT_DIALOG (dialog), label);
    }

  g_signal_connect_data (dialog, "response", G_CALLBACK (details_response_cb),
                         text, (GClosureNotify) (void (*) (void)) g_free, 0);
  porch_dialog_present (dialog, widget);
}

static void
details_clicked_cb (AdwToast  *toast,
                    GtkWidget *widget)
{
  porch_widget_show_details (widget, g_object_get_data (G_OBJECT (toast), "problem"));
}

/* Says in the window of @widget that something in the background failed; the details are one click away. */
void
porch_widget_toast_error (GtkWidget    *widget,
                          const GError *error)
{
  g_autoptr(PorchProblem) problem = NULL;
  AdwToast *toast;

  if (error == NULL || porch_error_is_cancelled (error))
    return;

  problem = porch_problem_from_error (error);
  toast = adw_toast_new (porch_problem_get_title (problem));
  adw_toast_set_use_markup (toast, FALSE);
  adw_toast_set_timeout (toast, 8);
  adw_toast_set_button_label (toast, _("_Details"));
  g_object_set_data_full (G_OBJECT (toast), "problem", g_object_ref (problem), g_object_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (details_clicked_cb), widget, 0);

  porch_widget_toast (widget, toast);
}

/* Lets a screen reader say @text without moving the focus. */
void
porch_widget_announce (GtkWidget  *widget,
                       const char *text)
{
  gtk_accessible_announce (GTK_ACCESSIBLE (widget), text, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

void
porch_widget_copy_text (GtkWidget  *widget,
                        const char *text)
{
  AdwToast *toast = adw_toast_new (_("Copied to clipboard"));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  adw_toast_set_timeout (toast, 2);
  porch_widget_toast (widget, toast);
}

static void
uri_launched_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GtkWidget) widget = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (object), result, &error) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    porch_widget_toast (widget, adw_toast_new (_("No web browser could be opened")));
}

/* Opens @uri in the person's browser or mail program. */
void
porch_widget_open_uri (GtkWidget  *widget,
                       const char *uri)
{
  g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_uri_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                           uri_launched_cb, g_object_ref (widget));
}

static void
folder_launched_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GtkWidget) widget = user_data;
  g_autoptr(GError) error = NULL;

  if (!gtk_file_launcher_launch_finish (GTK_FILE_LAUNCHER (object), result, &error) &&
      !g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    porch_widget_toast (widget, adw_toast_new (_("The folder could not be opened")));
}

/* Shows what is in @folder in the person's file manager. */
void
porch_widget_open_folder (GtkWidget *widget,
                          GFile     *folder)
{
  g_autoptr(GtkFileLauncher) launcher = gtk_file_launcher_new (folder);
  GtkRoot *root = gtk_widget_get_root (widget);

  gtk_file_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, NULL,
                            folder_launched_cb, g_object_ref (widget));
}

/* Puts @error under @row, or takes it away when it is NULL. */
void
porch_row_set_error (GtkWidget  *row,
                     GtkLabel   *label,
                     const char *error)
{
  if (error != NULL)
    {
      gtk_widget_add_css_class (row, "error");
      gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID, GTK_ACCESSIBLE_INVALID_TRUE, -1);

      if (g_strcmp0 (gtk_label_get_label (label), error) != 0)
        porch_widget_announce (row, error);
    }
  else
    {
      gtk_widget_remove_css_class (row, "error");
      gtk_accessible_reset_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID);
    }

  gtk_label_set_label (label, error != NULL ? error : "");
  gtk_widget_set_visible (GTK_WIDGET (label), error != NULL);
}
