/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-way-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* Whether the site gets an own address, and where from. What the account has already is offered first; it is asked for
 * silently, since nobody misses what they don't have.
 */
struct _PorchAddressWayPage
{
  AdwNavigationPage     parent_instance;

  AdwStatusPage        *status_page;
  AdwPreferencesGroup  *zones_group;
  AdwActionRow         *free_row;

  PorchAddressPlan     *plan;
  DexFuture            *listing;
};

enum
{
  ZONE_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchAddressWayPage, porch_address_way_page, ADW_TYPE_NAVIGATION_PAGE)

static void
zone_activated_cb (PorchAddressWayPage *self,
                   GtkWidget           *row)
{
  PorchAddressZone *zone = g_object_get_data (G_OBJECT (row), "zone");

  porch_address_plan_set_name (self->plan, porch_address_zone_get_name (zone));
  g_signal_emit (self, signals[ZONE_CHOSEN], 0);
}

static GtkWidget *
create_zone_row (PorchAddressWayPage *self,
                 PorchAddressZone    *zone)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *next = porch_decoration_new ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_address_zone_get_shown (zone));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), next);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "zone", g_object_ref (zone), g_object_unref);
  g_signal_connect_object (row, "activated", G_CALLBACK (zone_activated_cb), self, G_CONNECT_SWAPPED);

  return row;
}

static DexFuture *
listed_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchAddressWayPage *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);
  GListModel *zones = value != NULL ? g_value_get_object (value) : NULL;

  for (guint i = 0; zones != NULL && i < g_list_model_get_n_items (zones); i++)
    {
      g_autoptr(PorchAddressZone) zone = g_list_model_get_item (zones, i);

      adw_preferences_group_add (self->zones_group, create_zone_row (self, zone));
      gtk_widget_set_visible (GTK_WIDGET (self->zones_group), TRUE);
    }

  return NULL;
}

static void
show_site (PorchAddressWayPage *self)
{
  PorchSite *site = porch_address_plan_get_site (self->plan);
  PorchAddress *own = porch_site_get_own_address (site);
  const char *free_address = porch_site_get_free_address (site);
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;

  if (free_address != NULL)
    {
      g_autofree char *host = porch_host_words (free_address);

      adw_action_row_set_subtitle (self->free_row, host);
    }

  if (own != NULL)
    shown = g_strdup (porch_address_get_shown (own));
  else if (free_address != NULL)
    shown = porch_host_words (free_address);

  if (shown == NULL)
    return;

  text = porch_isolate (shown);
  escaped = g_markup_printf_escaped (_("Now it is %s."), text);
  adw_status_page_set_description (self->status_page, escaped);
}

static void
porch_address_way_page_dispose (GObject *object)
{
  PorchAddressWayPage *self = PORCH_ADDRESS_WAY_PAGE (object);

  dex_clear (&self->listing);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_WAY_PAGE);

  G_OBJECT_CLASS (porch_address_way_page_parent_class)->dispose (object);
}

static void
porch_address_way_page_class_init (PorchAddressWayPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_address_way_page_dispose;

  /* The plan has the name of a zone that is in the account */
  signals[ZONE_CHOSEN] =
    g_signal_new ("zone-chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-way-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressWayPage, status_page);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressWayPage, zones_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressWayPage, free_row);
}

static void
porch_address_way_page_init (PorchAddressWayPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_way_page_new:
 * @plan: what the person chooses goes in here
 *
 * Returns: the first page of the assistant for addresses
 */
PorchAddressWayPage *
porch_address_way_page_new (PorchAddressPlan *plan)
{
  PorchAddressWayPage *self;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_WAY_PAGE, NULL);
  self->plan = g_object_ref (plan);
  show_site (self);
  self->listing = dex_future_finally (porch_address_list_zones (porch_address_plan_get_site (plan)), listed_cb, self, NULL);

  return self;
}
