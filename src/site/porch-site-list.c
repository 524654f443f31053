/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-site-list.h"

/**
 * PorchSiteList:
 *
 * The sites, sorted by name: a [iface@Gio.ListModel] of [class@Porch.Site].
 */
struct _PorchSiteList
{
  GObject     parent_instance;

  GListStore *sites;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchSiteList, porch_site_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
porch_site_list_get_item_type (GListModel *model)
{
  return PORCH_TYPE_SITE;
}

static guint
porch_site_list_get_n_items (GListModel *model)
{
  return g_list_model_get_n_items (G_LIST_MODEL (PORCH_SITE_LIST (model)->sites));
}

static gpointer
porch_site_list_get_item (GListModel *model,
                          guint       position)
{
  return g_list_model_get_item (G_LIST_MODEL (PORCH_SITE_LIST (model)->sites), position);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = porch_site_list_get_item_type;
  iface->get_n_items = porch_site_list_get_n_items;
  iface->get_item = porch_site_list_get_item;
}

static int
compare_sites (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  g_autofree char *first = g_utf8_casefold (porch_site_get_name ((PorchSite *) a), -1);
  g_autofree char *second = g_utf8_casefold (porch_site_get_name ((PorchSite *) b), -1);
  int order = g_utf8_collate (first, second);

  return order != 0 ? order : g_strcmp0 (porch_site_get_id ((PorchSite *) a), porch_site_get_id ((PorchSite *) b));
}

static void
renamed_cb (PorchSiteList *self,
            GParamSpec    *pspec,
            PorchSite     *site)
{
  g_list_store_sort (self->sites, compare_sites, NULL);
}

static void
porch_site_list_finalize (GObject *object)
{
  PorchSiteList *self = PORCH_SITE_LIST (object);

  g_clear_object (&self->sites);

  G_OBJECT_CLASS (porch_site_list_parent_class)->finalize (object);
}

static void
porch_site_list_class_init (PorchSiteListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_site_list_finalize;
}

static void
porch_site_list_init (PorchSiteList *self)
{
  self->sites = g_list_store_new (PORCH_TYPE_SITE);
  g_signal_connect_object (self->sites, "items-changed", G_CALLBACK (g_list_model_items_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * porch_site_list_new:
 *
 * Returns: (transfer full): an empty list
 */
PorchSiteList *
porch_site_list_new (void)
{
  return g_object_new (PORCH_TYPE_SITE_LIST, NULL);
}

/**
 * porch_site_list_add:
 * @self: a list
 * @site: a site
 *
 * Adds a site at its place.
 */
void
porch_site_list_add (PorchSiteList *self,
                     PorchSite     *site)
{
  g_return_if_fail (PORCH_IS_SITE_LIST (self));
  g_return_if_fail (PORCH_IS_SITE (site));

  if (g_list_store_find (self->sites, site, NULL))
    return;

  g_signal_connect_object (site, "notify::name", G_CALLBACK (renamed_cb), self, G_CONNECT_SWAPPED);
  g_list_store_insert_sorted (self->sites, site, compare_sites, NULL);
}

/**
 * porch_site_list_remove:
 * @self: a list
 * @site: a site
 *
 * Takes a site off the list.
 */
void
porch_site_list_remove (PorchSiteList *self,
                        PorchSite     *site)
{
  guint position;

  g_return_if_fail (PORCH_IS_SITE_LIST (self));
  g_return_if_fail (PORCH_IS_SITE (site));

  if (!g_list_store_find (self->sites, site, &position))
    return;

  g_signal_handlers_disconnect_by_func (site, renamed_cb, self);
  g_list_store_remove (self->sites, position);
}

/**
 * porch_site_list_find:
 * @self: a list
 * @id: the id of a site
 *
 * Returns: (transfer none) (nullable): the site
 */
PorchSite *
porch_site_list_find (PorchSiteList *self,
                      const char    *id)
{
  guint n_sites;

  g_return_val_if_fail (PORCH_IS_SITE_LIST (self), NULL);

  n_sites = g_list_model_get_n_items (G_LIST_MODEL (self->sites));

  for (guint i = 0; i < n_sites; i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i);

      if (g_strcmp0 (porch_site_get_id (site), id) == 0)
        return site;
    }

  return NULL;
}
