/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-outbox-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "porch-practice-mail.h"
#include "porch-widget-util.h"

/* The mails that practice sites would have sent. New ones appear while the dialog is open. */

struct _PorchOutboxDialog
{
  AdwDialog           parent_instance;

  AdwNavigationView  *navigation_view;
  GtkStack           *stack;
  GtkListBox         *mails_list;

  PorchPractice      *practice;
  GListStore         *mails;
  GFileMonitor       *monitor;
};

G_DEFINE_FINAL_TYPE (PorchOutboxDialog, porch_outbox_dialog, ADW_TYPE_DIALOG)

static GtkWidget *
new_property_row (const char *title,
                  const char *value)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "subtitle-selectable", TRUE,
                                 NULL);

  /* What is set together with it is read as markup first */
  g_object_set (row, "title", title, "subtitle", value, NULL);
  gtk_widget_add_css_class (row, "property");

  return row;
}

/* The first address in a mail, or NULL */
static char *
find_link (const char *text)
{
  const char *http = text != NULL ? strstr (text, "http://") : NULL;
  const char *https = text != NULL ? strstr (text, "https://") : NULL;
  const char *link = http != NULL && (https == NULL || http < https) ? http : https;

  return link != NULL ? g_strndup (link, strcspn (link, " \t\r\n<>\"")) : NULL;
}

static void
link_clicked_cb (GtkWidget *button,
                 gpointer   user_data)
{
  porch_widget_open_uri (button, g_object_get_data (G_OBJECT (button), "link"));
}

/* As in a mail program: where it leads is shown before it is opened */
static GtkWidget *
new_link_button (char *link)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Open the Link"));

  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, link);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  g_object_set_data_full (G_OBJECT (button), "link", link, g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (link_clicked_cb), NULL);

  return button;
}

static GtkWidget *
new_mail_content (PorchPracticeMail *mail)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *text = g_object_new (GTK_TYPE_LABEL,
                                  "label", porch_practice_mail_get_text (mail),
                                  "selectable", TRUE,
                                  "wrap", TRUE,
                                  "wrap-mode", PANGO_WRAP_WORD_CHAR,
                                  "xalign", 0.0,
                                  NULL);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *received = porch_moment_words (porch_practice_mail_get_received (mail), now);
  g_autofree char *link = find_link (porch_practice_mail_get_text (mail));

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), new_property_row (_("Subject"), porch_practice_mail_get_subject (mail)));
  gtk_list_box_append (GTK_LIST_BOX (list), new_property_row (_("To"), porch_practice_mail_get_recipients (mail)));

  if (porch_practice_mail_get_reply_to (mail) != NULL)
    gtk_list_box_append (GTK_LIST_BOX (list), new_property_row (_("Replies Go To"), porch_practice_mail_get_reply_to (mail)));

  gtk_list_box_append (GTK_LIST_BOX (list), new_property_row (_("Sent"), received));

  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), text);

  if (link != NULL)
    gtk_box_append (GTK_BOX (box), new_link_button (g_steal_pointer (&link)));

  return g_object_new (GTK_TYPE_SCROLLED_WINDOW,
                       "hscrollbar-policy", GTK_POLICY_NEVER,
                       "child", g_object_new (ADW_TYPE_CLAMP,
                                              "child", box,
                                              "margin-start", 12,
                                              "margin-end", 12,
                                              "margin-top", 12,
                                              "margin-bottom", 24,
                                              NULL),
                       NULL);
}

static void
mail_activated_cb (PorchOutboxDialog *self,
                   GtkListBoxRow     *row)
{
  g_autoptr(PorchPracticeMail) mail = g_list_model_get_item (G_LIST_MODEL (self->mails), gtk_list_box_row_get_index (row));
  GtkWidget *view = adw_toolbar_view_new ();

  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), new_mail_content (mail));
  adw_navigation_view_push (self->navigation_view, adw_navigation_page_new (view, porch_practice_mail_get_subject (mail)));
}

static GtkWidget *
create_mail_row (gpointer item,
                 gpointer user_data)
{
  PorchPracticeMail *mail = item;
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *received = porch_day_words (porch_practice_mail_get_received (mail), now);
  g_autofree char *to = porch_isolate (porch_practice_mail_get_recipients (mail));
  /* Translators: %s is a mail address */
  g_autofree char *subtitle = g_strdup_printf (_("To %s"), to);
  GtkWidget *date = gtk_label_new (received);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "title-lines", 2,
                                 "activatable", TRUE,
                                 NULL);

  g_object_set (row, "title", porch_practice_mail_get_subject (mail), "subtitle", subtitle, NULL);
  gtk_widget_add_css_class (date, "dimmed");
  gtk_widget_add_css_class (date, "caption");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), date);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), g_object_new (GTK_TYPE_IMAGE,
                                                                 "icon-name", "go-next-symbolic",
                                                                 "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                                                 NULL));

  return row;
}

static void
load (PorchOutboxDialog *self)
{
  g_autoptr(GPtrArray) mails = porch_practice_list_mails (self->practice);

  g_list_store_splice (self->mails, 0, g_list_model_get_n_items (G_LIST_MODEL (self->mails)), mails->pdata, mails->len);
  gtk_stack_set_visible_child_name (self->stack, mails->len > 0 ? "mails" : "empty");
}

static void
porch_outbox_dialog_dispose (GObject *object)
{
  PorchOutboxDialog *self = PORCH_OUTBOX_DIALOG (object);

  g_clear_object (&self->monitor);
  g_clear_object (&self->mails);
  g_clear_object (&self->practice);
  gtk_widget_dispose_template (GTK_WIDGET (self), PORCH_TYPE_OUTBOX_DIALOG);

  G_OBJECT_CLASS (porch_outbox_dialog_parent_class)->dispose (object);
}

static void
porch_outbox_dialog_class_init (PorchOutboxDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_outbox_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-outbox-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchOutboxDialog, navigation_view);
  gtk_widget_class_bind_template_child (widget_class, PorchOutboxDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchOutboxDialog, mails_list);
}

static void
porch_outbox_dialog_init (PorchOutboxDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->mails = g_list_store_new (PORCH_TYPE_PRACTICE_MAIL);
  gtk_list_box_bind_model (self->mails_list, G_LIST_MODEL (self->mails), create_mail_row, NULL, NULL);
  g_signal_connect_object (self->mails_list, "row-activated", G_CALLBACK (mail_activated_cb), self, G_CONNECT_SWAPPED);
}

/**
 * porch_outbox_dialog_new:
 * @practice: the practice cloud that runs
 *
 * Makes a dialog that shows the mails of @practice, newest first.
 *
 * Returns: (transfer floating): the dialog
 */
AdwDialog *
porch_outbox_dialog_new (PorchPractice *practice)
{
  PorchOutboxDialog *self;

  g_return_val_if_fail (PORCH_IS_PRACTICE (practice), NULL);

  self = g_object_new (PORCH_TYPE_OUTBOX_DIALOG, NULL);
  self->practice = g_object_ref (practice);
  self->monitor = g_file_monitor_directory (porch_practice_get_outbox (practice), G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  if (self->monitor != NULL)
    g_signal_connect_object (self->monitor, "changed", G_CALLBACK (load), self, G_CONNECT_SWAPPED);

  load (self);

  return ADW_DIALOG (self);
}
