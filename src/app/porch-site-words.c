/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-words.h"

#include <glib/gi18n.h>

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

/* The state of a site and since when it is so, as a line below its address. */
char *
porch_site_dup_health (PorchSite *site,
                       GDateTime *now)
{
  GDateTime *published = porch_site_get_last_published (site);
  g_autofree char *moment = NULL;

  if (porch_site_get_state (site) != PORCH_SITE_LIVE || published == NULL)
    return g_strdup (porch_site_state_words (porch_site_get_state (site)));

  moment = porch_moment_words (published, now);

  /* Translators: the placeholder is a moment, such as “Today at 14:05” or “5 March at 14:05” */
  return g_strdup_printf (_("Live · Published: %s"), moment);
}
