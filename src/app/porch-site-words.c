/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-words.h"

#include <glib/gi18n.h>

#include "porch-engine.h"
#include "porch-widget-util.h"

const char *
porch_site_state_words (PorchSiteState state)
{
  switch (state)
    {
    case PORCH_SITE_CREATING:
      return C_("site", "Being made");
    case PORCH_SITE_EMPTY:
      return C_("site", "Nothing published yet");
    case PORCH_SITE_LIVE:
      return C_("site", "Live");
    case PORCH_SITE_UNREACHABLE:
      return C_("site", "Out of reach");
    case PORCH_SITE_DELETING:
      return C_("site", "Being deleted");
    case PORCH_SITE_FAILED:
    default:
      return C_("site", "Could not be made");
    }
}

const char *
porch_site_state_icon (PorchSiteState state)
{
  switch (state)
    {
    case PORCH_SITE_LIVE:
      return "porchlight-step-done-symbolic";
    case PORCH_SITE_UNREACHABLE:
      return "network-offline-symbolic";
    case PORCH_SITE_FAILED:
      return "dialog-warning-symbolic";
    case PORCH_SITE_CREATING:
    case PORCH_SITE_EMPTY:
    case PORCH_SITE_DELETING:
    default:
      return "porchlight-step-pending-symbolic";
    }
}

/* What a site is doing, in two or three words. */
char *
porch_site_dup_state (PorchSite *site)
{
  PorchOperation *operation = porch_site_get_operation (site);

  if (operation != NULL)
    {
      switch (porch_operation_get_state (operation))
        {
        case PORCH_OPERATION_PENDING:
        case PORCH_OPERATION_RUNNING:
        case PORCH_OPERATION_WAITING:
          return g_strdup (porch_operation_get_title (operation));
        case PORCH_OPERATION_STOPPED:
          return g_strdup (C_("site", "Work was stopped"));
        case PORCH_OPERATION_FAILED:
          return g_strdup (C_("site", "Needs your attention"));
        case PORCH_OPERATION_DONE:
        default:
          break;
        }
    }

  return g_strdup (porch_site_state_words (porch_site_get_state (site)));
}

/* Only one thing is done to a site at a time; what has stopped keeps nobody from doing another. */
gboolean
porch_site_is_busy (PorchSite *site)
{
  PorchOperation *operation = porch_site_get_operation (site);

  return operation != NULL && (porch_operation_is_busy (operation) || porch_operation_is_elsewhere (operation));
}

/* Whether a folder can be brought to the site now. */
gboolean
porch_site_can_publish (PorchSite *site)
{
  PorchSiteState state = porch_site_get_state (site);

  return (state == PORCH_SITE_LIVE || state == PORCH_SITE_EMPTY || state == PORCH_SITE_UNREACHABLE) &&
         !porch_site_is_busy (site);
}

/* The folder that was published last, or NULL. Folders that Porchlight made itself are deep in a place that nobody knows. */
char *
porch_site_dup_folder (PorchSite *site)
{
  GFile *folder = porch_site_get_folder (site);

  if (folder == NULL)
    return NULL;

  if (g_file_has_prefix (folder, porch_engine_get_folder (porch_site_get_engine (site))))
    return g_strdup (_("The pages that Porchlight made for you"));

  return porch_display_folder (folder);
}

/* That the folder of a site differs from what was published. */
char *
porch_watch_dup_title (PorchFolderWatch *watch)
{
  guint n_changes = porch_folder_watch_get_n_changes (watch);

  return g_strdup_printf (ngettext ("%'u file changed since the last publish",
                                    "%'u files changed since the last publish", n_changes), n_changes);
}

static void
add_count (GString    *text,
           const char *format,
           guint       count)
{
  if (count == 0)
    return;

  if (text->len > 0)
    g_string_append (text, " · ");

  g_string_append_printf (text, format, count);
}

char *
porch_watch_dup_counts (PorchFolderWatch *watch)
{
  GString *text = g_string_new (NULL);
  guint n_added = porch_folder_watch_get_n_added (watch);
  guint n_changed = porch_folder_watch_get_n_changed (watch);
  guint n_removed = porch_folder_watch_get_n_removed (watch);

  add_count (text, ngettext ("%'u new", "%'u new", n_added), n_added);
  add_count (text, ngettext ("%'u changed", "%'u changed", n_changed), n_changed);
  add_count (text, ngettext ("%'u removed", "%'u removed", n_removed), n_removed);

  return g_string_free_and_steal (text);
}

/* The address that shows the live page, or NULL. In a browser that has opened a draft, the plain address goes on to show
 * that; asked this way, the site forgets it. */
char *
porch_site_dup_open_address (PorchSite *site)
{
  const char *address = porch_site_get_address (site);
  GListModel *releases = porch_site_get_releases (site);
  gboolean had_drafts = g_list_model_get_n_items (porch_site_get_drafts (site)) > 0;

  for (guint i = 0; !had_drafts && i < g_list_model_get_n_items (releases); i++)
    {
      g_autoptr(PorchRelease) release = g_list_model_get_item (releases, i);

      had_drafts = porch_release_was_draft (release);
    }

  return address != NULL && had_drafts ? g_strconcat (address, "?porchlight-draft=off", NULL) : g_strdup (address);
}
