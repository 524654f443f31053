/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-site-watch.h"

#include "porch-operation.h"

/* A watch and what keeps it up to date with its site, which owns it. */
typedef struct
{
  PorchFolderWatch *watch;
  GSignalGroup     *signals;
  GSignalGroup     *history_signals;
  GSignalGroup     *operation_signals;
  PorchSite        *site;
} SiteWatch;

static void
site_watch_free (gpointer data)
{
  SiteWatch *self = data;

  g_clear_object (&self->signals);
  g_clear_object (&self->history_signals);
  g_clear_object (&self->operation_signals);
  g_object_run_dispose (G_OBJECT (self->watch));
  g_clear_object (&self->watch);
  g_free (self);
}

static void
folder_changed_cb (SiteWatch *self)
{
  porch_folder_watch_set_folder (self->watch, porch_site_get_folder (self->site));
}

static void
treatments_changed_cb (SiteWatch *self)
{
  porch_folder_watch_set_treatments (self->watch, porch_site_get_treatments (self->site));
}

/* What was published last, also if something older was made live again since: the owner has taken that back, and need
 * not be told that the folder still holds it. */
static const char *
find_release (PorchSite *site)
{
  GListModel *releases = porch_site_get_releases (site);

  for (guint i = 0; i < g_list_model_get_n_items (releases); i++)
    {
      g_autoptr(PorchRelease) release = g_list_model_get_item (releases, i);

      if (porch_release_get_live (release) || !porch_release_was_draft (release))
        return porch_release_get_id (release);
    }

  return porch_site_get_live_release (site);
}

static void
releases_changed_cb (SiteWatch *self)
{
  porch_folder_watch_set_release (self->watch, find_release (self->site));
}

/* The folder is being read anyway, and what is live may be another release in a moment. */
static void
update_paused (SiteWatch *self)
{
  PorchOperation *operation = porch_site_get_operation (self->site);

  porch_folder_watch_set_paused (self->watch, operation != NULL && porch_operation_is_active (operation));
}

static void
operation_changed_cb (SiteWatch *self)
{
  g_signal_group_set_target (self->operation_signals, porch_site_get_operation (self->site));
  update_paused (self);
}

static void
connect_site (SiteWatch *self)
{
  self->signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->signals, "notify::folder", G_CALLBACK (folder_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::treatments", G_CALLBACK (treatments_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::live-release", G_CALLBACK (releases_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::operation", G_CALLBACK (operation_changed_cb), self);
  g_signal_group_set_target (self->signals, self->site);

  self->history_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->history_signals, "items-changed", G_CALLBACK (releases_changed_cb), self);
  g_signal_group_set_target (self->history_signals, porch_site_get_releases (self->site));

  self->operation_signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->operation_signals, "notify::state", G_CALLBACK (update_paused), self);
}

/**
 * porch_site_get_watch:
 * @site: a site
 *
 * The watch on the folder that the site was last published from. It is made when it is first asked for, and then follows
 * what the site is published from.
 *
 * Returns: (transfer none): the watch
 */
PorchFolderWatch *
porch_site_get_watch (PorchSite *site)
{
  static const char * const key = "porch-site-watch";
  SiteWatch *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_get_data (G_OBJECT (site), key);

  if (self == NULL)
    {
      self = g_new0 (SiteWatch, 1);
      self->site = site;
      self->watch = porch_folder_watch_new (porch_site_get_store (site), porch_site_get_id (site));
      connect_site (self);
      releases_changed_cb (self);
      treatments_changed_cb (self);
      operation_changed_cb (self);
      folder_changed_cb (self);
      g_object_set_data_full (G_OBJECT (site), key, self, site_watch_free);

      /* Nobody waits for it: until it is known the folder is not watched */
      dex_future_disown (porch_folder_watch_load (self->watch));
    }

  return self->watch;
}
