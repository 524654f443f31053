/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-draft-row.h"

#include <glib/gi18n.h>

#include "porch-go-live-operation.h"
#include "porch-operation.h"
#include "porch-release-words.h"
#include "porch-widget-util.h"

/* A draft: until when its link works, and what can be done with it. */
struct _PorchDraftRow
{
  AdwPreferencesRow  parent_instance;

  GtkLabel          *title_label;
  GtkLabel          *content_label;
  GtkLabel          *until_label;
  GtkWidget         *over_label;
  GtkWidget         *copy_button;
  GtkWidget         *open_button;
  GtkWidget         *extend_button;
  GtkWidget         *live_button;
  GtkWidget         *menu_button;

  PorchSite         *site;
  PorchDraft        *draft;
  guint              timer;
};

G_DEFINE_FINAL_TYPE (PorchDraftRow, porch_draft_row, ADW_TYPE_PREFERENCES_ROW)

static void
label_button (GtkWidget  *button,
              const char *format,
              const char *name)
{
  g_autofree char *label = g_strdup_printf (format, name);

  /* Else the text on the button goes first */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* Several drafts have the same buttons; who can't see them hears which is meant */
static void
update_accessible (PorchDraftRow *self,
                   const char    *name)
{
  /* Translators: what a screen reader says on a button of a draft; the placeholder is a moment or a note */
  label_button (self->copy_button, _("Copy Link: %s"), name);
  /* Translators: what a screen reader says on a button of a draft; the placeholder is a moment or a note */
  label_button (self->open_button, _("Open: %s"), name);
  /* Translators: what a screen reader says on a button of a draft; the placeholder is a moment or a note */
  label_button (self->extend_button, _("Extend: %s"), name);
  /* Translators: what a screen reader says on a button of a draft; the placeholder is a moment or a note */
  label_button (self->live_button, _("Go Live: %s"), name);
  /* Translators: what a screen reader says on a button of a draft; the placeholder is a moment or a note */
  label_button (self->menu_button, _("More: %s"), name);
}

static void update (PorchDraftRow *self);

static gboolean
over_cb (gpointer user_data)
{
  PorchDraftRow *self = user_data;

  self->timer = 0;
  update (self);

  return G_SOURCE_REMOVE;
}

/* Tells by itself when its time is over; one that is further away is noticed when the page is shown again. */
static void
schedule (PorchDraftRow *self)
{
  gint64 left = g_date_time_to_unix (porch_draft_get_until (self->draft)) - g_get_real_time () / G_USEC_PER_SEC;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (left >= 0 && left < 24 * 60 * 60 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->timer = g_timeout_add_seconds (left + 1, over_cb, self);
}

static void
update (PorchDraftRow *self)
{
  PorchRelease *release = porch_history_lookup (porch_site_get_history (self->site),
                                                porch_draft_get_release (self->draft));
  gboolean over = porch_draft_is_over (self->draft);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = release != NULL ? porch_release_dup_name (release, now) : g_strdup (_("Draft"));
  g_autofree char *content = release != NULL ? porch_release_describe (release, TRUE, now) : NULL;
  g_autofree char *until = porch_draft_describe (self->draft, now);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_label_set_label (self->title_label, name);
  gtk_label_set_label (self->content_label, content != NULL ? content : "");
  gtk_widget_set_visible (GTK_WIDGET (self->content_label), content != NULL);
  gtk_label_set_label (self->until_label, until);
  update_accessible (self, name);

  /* Its link is of no use then, but what it shows is still there */
  gtk_widget_set_visible (self->over_label, over);
  gtk_widget_set_visible (self->copy_button, !over);
  gtk_widget_set_visible (self->open_button, !over);
  gtk_widget_set_visible (self->extend_button, over);
  gtk_widget_set_visible (self->live_button, release != NULL);
  schedule (self);
}

static void
copy_link_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_draft_get_link (PORCH_DRAFT_ROW (widget)->draft));
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  porch_widget_open_uri (widget, porch_draft_get_link (PORCH_DRAFT_ROW (widget)->draft));
}

static void
extend_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchDraftRow *self = PORCH_DRAFT_ROW (widget);

  porch_widget_follow (GTK_WIDGET (self), porch_site_extend_draft (self->site, self->draft, PORCH_DRAFT_DEFAULT_DAYS));
}

static void
go_live_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  PorchDraftRow *self = PORCH_DRAFT_ROW (widget);
  g_autoptr(PorchOperation) operation = porch_site_go_live (self->site, porch_draft_get_release (self->draft));
}

static void
remove_response_cb (PorchDraftRow *self,
                    const char    *response)
{
  if (g_str_equal (response, "remove"))
    porch_widget_follow (GTK_WIDGET (self), porch_site_remove_draft (self->site, self->draft));
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  AdwDialog *dialog;

  dialog = adw_alert_dialog_new (_("Remove the Draft?"),
                                 _("Its link stops working at once. The live site and your own files stay as they are."));
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "remove", _("_Remove"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), widget, G_CONNECT_SWAPPED);
  porch_dialog_present (dialog, widget);
}

static void
porch_draft_row_map (GtkWidget *widget)
{
  PorchDraftRow *self = PORCH_DRAFT_ROW (widget);

  GTK_WIDGET_CLASS (porch_draft_row_parent_class)->map (widget);

  if (self->draft != NULL)
    update (self);
}

static void
porch_draft_row_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&PORCH_DRAFT_ROW (widget)->timer, g_source_remove);

  GTK_WIDGET_CLASS (porch_draft_row_parent_class)->unmap (widget);
}

static void
porch_draft_row_dispose (GObject *object)
{
  PorchDraftRow *self = PORCH_DRAFT_ROW (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_object (&self->draft);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_DRAFT_ROW);

  G_OBJECT_CLASS (porch_draft_row_parent_class)->dispose (object);
}

static void
porch_draft_row_class_init (PorchDraftRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_draft_row_dispose;

  widget_class->map = porch_draft_row_map;
  widget_class->unmap = porch_draft_row_unmap;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-draft-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, content_label);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, until_label);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, over_label);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, open_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, extend_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, live_button);
  gtk_widget_class_bind_template_child (widget_class, PorchDraftRow, menu_button);

  gtk_widget_class_install_action (widget_class, "draft.copy-link", NULL, copy_link_action);
  gtk_widget_class_install_action (widget_class, "draft.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "draft.extend", NULL, extend_action);
  gtk_widget_class_install_action (widget_class, "draft.go-live", NULL, go_live_action);
  gtk_widget_class_install_action (widget_class, "draft.remove", NULL, remove_action);
}

static void
porch_draft_row_init (PorchDraftRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title_label, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->until_label, NULL,
                                  -1);
}

GtkWidget *
porch_draft_row_new (PorchSite  *site,
                     PorchDraft *draft)
{
  PorchDraftRow *self = g_object_new (PORCH_TYPE_DRAFT_ROW, NULL);

  self->site = g_object_ref (site);
  self->draft = g_object_ref (draft);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.copy-link", porch_draft_get_link (draft) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.open", porch_draft_get_link (draft) != NULL);
  g_signal_connect_object (draft, "notify::until", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

/* While something else is done to the site, only looking at the draft is possible. */
void
porch_draft_row_set_busy (PorchDraftRow *self,
                          gboolean       busy)
{
  g_return_if_fail (PORCH_IS_DRAFT_ROW (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.go-live", !busy);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "draft.remove", !busy);
}
