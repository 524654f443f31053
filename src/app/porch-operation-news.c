/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-operation-news.h"

#include <glib/gi18n.h>
#include <string.h>

#include "porch-address-operation.h"
#include "porch-create-operation.h"
#include "porch-delete-operation.h"
#include "porch-draft.h"
#include "porch-go-live-operation.h"
#include "porch-publish-operation.h"
#include "porch-settings-operation.h"

/* What is said when a long piece of work has ended, in the window and outside of it. */

/* Long enough to look at the result and to change one's mind */
#define UNDO_SECONDS 12

static gboolean
is_draft (PorchOperation *operation)
{
  return PORCH_IS_PUBLISH_OPERATION (operation) && porch_publish_operation_is_draft (PORCH_PUBLISH_OPERATION (operation));
}

static const char *
get_draft_link (PorchOperation *operation)
{
  PorchDraft *draft = NULL;

  if (is_draft (operation))
    draft = porch_publish_operation_get_draft (PORCH_PUBLISH_OPERATION (operation));

  return draft != NULL ? porch_draft_get_link (draft) : NULL;
}

static gboolean
is_back_to_free (PorchOperation *operation)
{
  g_autoptr(PorchAddress) address = porch_address_operation_dup_address (PORCH_ADDRESS_OPERATION (operation));

  return address == NULL;
}

/* Going back, or forward: to a draft, or to what was taken back. Names of releases begin with their time. */
static gboolean
is_older (PorchGoLiveOperation *operation)
{
  const char *previous = porch_go_live_operation_get_previous (operation);

  return previous == NULL || strcmp (porch_go_live_operation_get_release (operation), previous) < 0;
}

static const char *
get_done_text (PorchOperation *operation)
{
  if (PORCH_IS_CREATE_OPERATION (operation))
    return _("Your site is live");
  else if (PORCH_IS_DELETE_OPERATION (operation))
    return _("Site deleted");
  else if (PORCH_IS_ADDRESS_OPERATION (operation))
    return is_back_to_free (operation) ? _("The free address is back") : _("Your address works");
  else if (PORCH_IS_SETTINGS_OPERATION (operation))
    return _("Settings changed");
  else if (PORCH_IS_GO_LIVE_OPERATION (operation))
    return is_older (PORCH_GO_LIVE_OPERATION (operation)) ? _("The earlier state is live again")
                                                          : _("This version is live now");
  else if (is_draft (operation))
    return _("The draft is ready");
  else if (PORCH_IS_PUBLISH_OPERATION (operation))
    return _("Published");
  else
    return porch_operation_get_title (operation);
}

static const char *
get_previous (PorchOperation *operation)
{
  if (PORCH_IS_PUBLISH_OPERATION (operation) && !is_draft (operation))
    return porch_publish_operation_get_previous (PORCH_PUBLISH_OPERATION (operation));
  else if (PORCH_IS_GO_LIVE_OPERATION (operation))
    return porch_go_live_operation_get_previous (PORCH_GO_LIVE_OPERATION (operation));
  else
    return NULL;
}

/**
 * porch_operation_create_toast:
 * @operation: an operation that is done
 *
 * A toast that says so. Where the operation can be taken back, it has an Undo button, and a draft has its link to copy.
 *
 * Returns: (transfer full): the toast
 */
AdwToast *
porch_operation_create_toast (PorchOperation *operation)
{
  AdwToast *toast = adw_toast_new (get_done_text (operation));
  const char *previous = get_previous (operation);
  const char *link = get_draft_link (operation);

  if (link != NULL)
    {
      adw_toast_set_button_label (toast, _("_Copy Link"));
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_action_name (toast, "win.copy");
      adw_toast_set_action_target (toast, "s", link);
    }
  else if (previous != NULL)
    {
      adw_toast_set_button_label (toast, _("_Undo"));
      adw_toast_set_timeout (toast, UNDO_SECONDS);
      adw_toast_set_action_name (toast, "win.go-live");
      adw_toast_set_action_target (toast, "(ss)", porch_operation_get_site_id (operation), previous);
    }

  return toast;
}

/**
 * porch_operation_create_notification:
 * @operation: an operation that is done or failed
 *
 * The same for somebody who looks elsewhere.
 *
 * Returns: (transfer full) (nullable): the notification, or %NULL if it would be of no interest
 */
GNotification *
porch_operation_create_notification (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);
  PorchProblem *problem = porch_operation_get_problem (operation);
  GNotification *notification;

  if (porch_operation_get_state (operation) == PORCH_OPERATION_FAILED)
    {
      notification = g_notification_new (problem != NULL ? porch_problem_get_title (problem)
                                                         : porch_operation_get_title (operation));

      if (problem != NULL)
        g_notification_set_body (notification, porch_problem_get_body (problem));
    }
  else if (PORCH_IS_SETTINGS_OPERATION (operation))
    {
      return NULL;
    }
  else
    {
      notification = g_notification_new (get_done_text (operation));

      if (site != NULL && PORCH_IS_ADDRESS_OPERATION (operation) && porch_site_get_address (site) != NULL)
        g_notification_set_body (notification, porch_site_get_address (site));
      else if (site != NULL)
        g_notification_set_body (notification, porch_site_get_name (site));
    }

  if (site != NULL && !PORCH_IS_DELETE_OPERATION (operation))
    g_notification_set_default_action_and_target (notification, "app.show-site", "s", porch_site_get_id (site));

  return notification;
}
