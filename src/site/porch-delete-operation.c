/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-delete-operation.h"
#include "porch-address-private.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-removal.h"
#include "porch-site-private.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>

/**
 * PorchDeleteOperation:
 *
 * Takes a site down with all that belongs to it, after saving its messages if that is wanted.
 */
struct _PorchDeleteOperation
{
  PorchOperation parent_instance;
};

G_DEFINE_FINAL_TYPE (PorchDeleteOperation, porch_delete_operation, PORCH_TYPE_OPERATION)

static void
porch_delete_operation_setup (PorchOperation *operation)
{
  JsonObject *data = porch_operation_get_data (operation);
  g_autofree char *title = NULL;

  /* Translators: %s is the name of a site */
  title = g_strdup_printf (_("Deleting “%s”"), aws_json_get_string (data, "name"));
  porch_operation_set_title (operation, title);

  if (aws_json_get_string (data, "messages") != NULL)
    porch_operation_add_step (operation, "export", _("Saving the messages"), 2);

  porch_operation_add_step (operation, "stack", _("Taking the site down"), 20);
  porch_operation_add_step (operation, "files", _("Removing the files"), 4);
  porch_operation_add_step (operation, "messages", _("Removing the inbox"), 1);
  porch_operation_add_step (operation, "record", _("Clearing up"), 1);
}

static gboolean
await_export (PorchOperation  *operation,
              PorchSite       *site,
              GError         **error)
{
  JsonObject *data = porch_operation_get_data (operation);
  g_autoptr(GFile) file = g_file_new_for_uri (aws_json_get_string (data, "messages"));
  PorchInbox *inbox = porch_site_get_inbox (site);
  g_autoptr(GError) local_error = NULL;
  guint count;

  /* All of them, as they are in the cloud now, not only those that this computer has seen */
  if (porch_site_get_table (site) != NULL &&
      !dex_await (porch_operation_until_stopped (operation, porch_inbox_refresh_all (inbox)), error))
    return FALSE;

  count = dex_await_uint (porch_inbox_export (inbox, file), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  json_object_set_int_member (data, "saved", count);

  return TRUE;
}

static gboolean
await_down (PorchOperation  *operation,
            PorchSite       *site,
            GError         **error)
{
  return porch_address_await_taken_away (operation, site, error) && porch_removal_await_stack (operation, site, error);
}

static void
take_result (PorchOperation *operation)
{
  JsonObject *data = porch_operation_get_data (operation);
  JsonObject *result = json_object_new ();

  json_object_set_string_member (result, "id", porch_operation_get_site_id (operation));
  json_object_set_string_member (result, "name", aws_json_get_string (data, "name"));
  json_object_set_int_member (result, "messages", aws_json_get_int (data, "saved", 0));
  porch_operation_take_result (operation, result);
}

static gboolean
porch_delete_operation_await_step (PorchOperation  *operation,
                                   const char      *step,
                                   GError         **error)
{
  static const struct
  {
    const char *step;
    gboolean  (*run) (PorchOperation  *operation,
                      PorchSite       *site,
                      GError         **error);
  } runs[] = {
    { "export", await_export }, { "stack", await_down }, { "files", porch_removal_await_files },
    { "messages", porch_removal_await_messages }, { "record", porch_removal_await_record },
  };
  PorchSite *site = porch_operation_get_site (operation);

  /* The record of the site goes last; without it there is nothing left to do */
  if (site == NULL)
    return TRUE;

  if (!g_str_equal (step, "export"))
    porch_site_set_state (site, PORCH_SITE_DELETING);

  if (!dex_await (porch_site_save (site), error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    if (g_str_equal (runs[i].step, step) && !runs[i].run (operation, site, error))
      return FALSE;

  if (g_str_equal (step, "record"))
    take_result (operation);

  return TRUE;
}

static DexFuture *
discard_fiber (gpointer user_data)
{
  PorchOperation *operation = user_data;
  PorchSite *site = porch_operation_get_site (operation);
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(PorchStack) stack = NULL;
  g_autoptr(GError) error = NULL;

  if (site == NULL)
    return dex_future_new_true ();

  client = porch_site_dup_client (site);
  stack = porch_stack_new (client, porch_site_get_stack (site), porch_site_get_id (site));

  if (!dex_await (porch_stack_describe (stack), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!porch_stack_is_usable (stack))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FAILED, "%s",
                                  _("Parts of the site are deleted already, so it can only be deleted to the end."));

  porch_site_set_state (site, porch_site_get_live_release (site) != NULL ? PORCH_SITE_LIVE : PORCH_SITE_EMPTY);

  return porch_site_save (site);
}

static DexFuture *
porch_delete_operation_discard (PorchOperation *operation)
{
  return porch_fiber_spawn (discard_fiber, g_object_ref (operation), g_object_unref, NULL);
}

static void
porch_delete_operation_class_init (PorchDeleteOperationClass *klass)
{
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);

  operation_class->kind = "delete";
  operation_class->setup = porch_delete_operation_setup;
  operation_class->await_step = porch_delete_operation_await_step;
  operation_class->discard = porch_delete_operation_discard;
}

static void
porch_delete_operation_init (PorchDeleteOperation *self)
{
}

/**
 * porch_delete_operation_new:
 * @site: a site
 * @messages: (nullable): a file, `.csv` or `.json`, to save its messages to first
 *
 * Returns: (transfer full): the operation, to be given to [method@Porch.Engine.run_operation]
 */
PorchOperation *
porch_delete_operation_new (PorchSite *site,
                            GFile     *messages)
{
  PorchOperation *self;
  JsonObject *data;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_DELETE_OPERATION,
                       "engine", porch_site_get_engine (site),
                       "site", site,
                       NULL);
  data = porch_operation_get_data (self);
  json_object_set_string_member (data, "name", porch_site_get_name (site));

  if (messages != NULL)
    {
      g_autofree char *uri = g_file_get_uri (messages);

      json_object_set_string_member (data, "messages", uri);
    }

  return self;
}
