/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-row.h"

#include <glib/gi18n.h>

#include "porch-site-watch.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

/* A site in the sidebar: its name, what it is doing, and how many messages wait. */
struct _PorchSiteRow
{
  GtkListBoxRow  parent_instance;

  GtkLabel      *name_label;
  GtkLabel      *state_label;
  GtkWidget     *changes_dot;
  GtkLabel      *unread_label;

  PorchSite     *site;
  GSignalGroup  *operation_signals;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchSiteRow, porch_site_row, GTK_TYPE_LIST_BOX_ROW)

static void
update_state (PorchSiteRow *self)
{
  g_autofree char *text = porch_site_dup_state (self->site);

  gtk_label_set_label (self->state_label, text);
}

static void
update_unread (PorchSiteRow *self)
{
  guint n_unread = porch_site_get_unread_count (self->site);
  g_autofree char *text = NULL;

  if (n_unread > 0)
    text = g_strdup_printf (ngettext ("%u unread message", "%u unread messages", n_unread), n_unread);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->unread_label),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, text != NULL ? text : "",
                                  -1);
}

/* Quiet: it is no message, and nobody waits for it */
static void
update_changes (PorchSiteRow *self)
{
  PorchFolderWatch *watch = porch_site_get_watch (self->site);
  gboolean changed = porch_folder_watch_get_state (watch) == PORCH_FOLDER_WATCH_CHANGED && !porch_site_is_busy (self->site);
  g_autofree char *text = changed ? porch_watch_dup_title (watch) : g_strdup ("");

  gtk_widget_set_visible (self->changes_dot, changed);
  gtk_widget_set_tooltip_text (self->changes_dot, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->changes_dot), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

static void
operation_state_cb (PorchSiteRow *self)
{
  update_state (self);
  update_changes (self);
}

static void
operation_changed_cb (PorchSiteRow *self)
{
  g_signal_group_set_target (self->operation_signals, porch_site_get_operation (self->site));
  operation_state_cb (self);
}

static void
porch_site_row_constructed (GObject *object)
{
  PorchSiteRow *self = PORCH_SITE_ROW (object);

  G_OBJECT_CLASS (porch_site_row_parent_class)->constructed (object);

  g_signal_connect_object (self->site, "notify::state", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->site, "notify::unread-count", G_CALLBACK (update_unread), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->site, "notify::operation", G_CALLBACK (operation_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (porch_site_get_watch (self->site), "notify", G_CALLBACK (update_changes), self, G_CONNECT_SWAPPED);
  operation_changed_cb (self);
  update_unread (self);
}

static void
porch_site_row_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_SITE_ROW (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_site_row_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_set_object (&PORCH_SITE_ROW (object)->site, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_site_row_dispose (GObject *object)
{
  PorchSiteRow *self = PORCH_SITE_ROW (object);

  g_clear_object (&self->operation_signals);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_SITE_ROW);

  G_OBJECT_CLASS (porch_site_row_parent_class)->dispose (object);
}

static void
porch_site_row_class_init (PorchSiteRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_site_row_constructed;
  object_class->get_property = porch_site_row_get_property;
  object_class->set_property = porch_site_row_set_property;
  object_class->dispose = porch_site_row_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-site-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchSiteRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteRow, state_label);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteRow, changes_dot);
  gtk_widget_class_bind_template_child (widget_class, PorchSiteRow, unread_label);
  porch_bind_closures (widget_class);
}

static void
porch_site_row_init (PorchSiteRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->name_label, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->state_label, self->changes_dot, self->unread_label, NULL,
                                  -1);

  self->operation_signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->operation_signals, "notify::state", G_CALLBACK (operation_state_cb), self);
}

GtkWidget *
porch_site_row_new (PorchSite *site)
{
  return g_object_new (PORCH_TYPE_SITE_ROW, "site", site, NULL);
}

PorchSite *
porch_site_row_get_site (PorchSiteRow *self)
{
  g_return_val_if_fail (PORCH_IS_SITE_ROW (self), NULL);

  return self->site;
}
