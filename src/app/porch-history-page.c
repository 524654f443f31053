/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-history-page.h"

#include "porch-engine.h"
#include "porch-go-live-operation.h"
#include "porch-release-row.h"

/* Every published state of a site; any of them can be made the live one again. */
struct _PorchHistoryPage
{
  AdwBin        parent_instance;

  GtkStack     *stack;
  GtkListBox   *release_list;

  PorchSite    *site;
  GSignalGroup *signals;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchHistoryPage, porch_history_page, ADW_TYPE_BIN)

static void
update (PorchHistoryPage *self)
{
  guint n_releases = g_list_model_get_n_items (porch_site_get_releases (self->site));

  gtk_stack_set_visible_child_name (self->stack, n_releases > 0 ? "releases" : "empty");
}

static void
make_live_cb (PorchHistoryPage *self,
              PorchReleaseRow  *row)
{
  g_autoptr(PorchRelease) release = NULL;
  g_autoptr(PorchOperation) operation = NULL;

  g_object_get (row, "release", &release, NULL);
  operation = porch_site_go_live (self->site, porch_release_get_id (release));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  GtkWidget *row = porch_release_row_new (item);

  g_signal_connect_object (row, "make-live", G_CALLBACK (make_live_cb), user_data, G_CONNECT_SWAPPED);

  return row;
}

static void
porch_history_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_HISTORY_PAGE (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_history_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      porch_history_page_set_site (PORCH_HISTORY_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_history_page_dispose (GObject *object)
{
  PorchHistoryPage *self = PORCH_HISTORY_PAGE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->site);
  /* Else the bin would unparent a child that the template has let go of */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_HISTORY_PAGE);

  G_OBJECT_CLASS (porch_history_page_parent_class)->dispose (object);
}

static void
porch_history_page_class_init (PorchHistoryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_history_page_get_property;
  object_class->set_property = porch_history_page_set_property;
  object_class->dispose = porch_history_page_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, release_list);
}

static void
porch_history_page_init (PorchHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->signals, "items-changed", G_CALLBACK (update), self);
}

void
porch_history_page_set_site (PorchHistoryPage *self,
                             PorchSite        *site)
{
  GListModel *releases;

  g_return_if_fail (PORCH_IS_HISTORY_PAGE (self));
  g_return_if_fail (site == NULL || PORCH_IS_SITE (site));

  if (!g_set_object (&self->site, site))
    return;

  releases = site != NULL ? porch_site_get_releases (site) : NULL;
  g_signal_group_set_target (self->signals, releases);
  gtk_list_box_bind_model (self->release_list, releases, create_row, self, NULL);

  if (site != NULL)
    update (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}
