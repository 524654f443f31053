/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-long-page.h"

#include "porch-long-item.h"
#include "porch-widget-util.h"

/* A list that is read without a search up to this length */
#define SHORT_LIST 20

/* All of a list that is too long for the page before: rows are made for what is seen only. */
struct _PorchLongPage
{
  AdwNavigationPage   parent_instance;

  GtkWidget          *search_bar;
  GtkSearchEntry     *search_entry;
  GtkListView        *list_view;
  GtkFilterListModel *filtered;
  GtkStringFilter    *filter;
};

G_DEFINE_FINAL_TYPE (PorchLongPage, porch_long_page, ADW_TYPE_NAVIGATION_PAGE)

static char *
page_of_count (GObject *object,
               guint    count)
{
  return g_strdup (count > 0 ? "list" : "none");
}

static void
search_changed_cb (PorchLongPage *self)
{
  gtk_string_filter_set_search (self->filter, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)));
}

static void
porch_long_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_LONG_PAGE);

  G_OBJECT_CLASS (porch_long_page_parent_class)->dispose (object);
}

static void
porch_long_page_class_init (PorchLongPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_long_page_dispose;

  g_type_ensure (PORCH_TYPE_LONG_ITEM);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-long-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchLongPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, PorchLongPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchLongPage, list_view);
  gtk_widget_class_bind_template_child (widget_class, PorchLongPage, filtered);
  gtk_widget_class_bind_template_child (widget_class, PorchLongPage, filter);
  gtk_widget_class_bind_template_callback (widget_class, page_of_count);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  porch_bind_closures (widget_class);
}

static void
porch_long_page_init (PorchLongPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self));
}

/* @items is a list of PorchLongItem. */
PorchLongPage *
porch_long_page_new (const char *title,
                     GListModel *items)
{
  PorchLongPage *self;

  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (G_IS_LIST_MODEL (items), NULL);

  self = g_object_new (PORCH_TYPE_LONG_PAGE, "title", title, "tag", "long", NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list_view), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_filter_list_model_set_model (self->filtered, items);
  gtk_widget_set_visible (self->search_bar, g_list_model_get_n_items (items) > SHORT_LIST);

  return self;
}
