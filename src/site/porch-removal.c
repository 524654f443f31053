/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-removal.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-publish-store.h"
#include "porch-site-private.h"
#include "porch-stack.h"

#include "aws-dynamodb.h"
#include "aws-error.h"
#include "aws-json.h"
#include "aws-s3.h"

#include <glib/gi18n-lib.h>

/* Somebody may be filling what is being emptied; after so many rounds that is what the person is told */
#define ROUNDS 5

static gboolean
is_gone (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_NO_SUCH_BUCKET) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND);
}

static gboolean
await_uploads_aborted (PorchOperation  *operation,
                       AwsClient       *client,
                       const char      *bucket,
                       GError         **error)
{
  g_autoptr(GPtrArray) uploads = NULL;

  uploads = dex_await_boxed (porch_operation_until_stopped (operation, aws_s3_list_uploads (client, bucket, NULL)), error);

  if (uploads == NULL)
    return FALSE;

  for (guint i = 0; i < uploads->len; i++)
    {
      AwsS3Upload *upload = g_ptr_array_index (uploads, i);
      g_autoptr(GError) local_error = NULL;

      if (!dex_await (aws_s3_abort_upload (client, bucket, aws_s3_upload_get_key (upload),
                                           aws_s3_upload_get_upload_id (upload)), &local_error) &&
          !is_gone (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
await_emptied (PorchOperation  *operation,
               AwsClient       *client,
               const char      *bucket,
               GError         **error)
{
  g_autoptr(GPtrArray) failures = NULL;
  AwsS3Failure *failure;

  failures = dex_await_boxed (porch_operation_until_stopped (operation, aws_s3_delete_versions (client, bucket)), error);

  if (failures == NULL)
    return FALSE;

  if (failures->len > 0)
    {
      g_autoptr(GError) local_error = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_FAILED,
                                                           _("Some of the site’s files could not be deleted."));

      failure = g_ptr_array_index (failures, 0);
      porch_error_set_details (local_error, aws_s3_failure_get_message (failure));
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return await_uploads_aborted (operation, client, bucket, error);
}

/* Makes sure, before the first thing is deleted, that all of it belongs to this very site. That is written down with
 * the names: once the stack is gone, nothing else could tell. */
static gboolean
await_claim (PorchOperation  *operation,
             PorchSite       *site,
             PorchStack      *stack,
             GError         **error)
{
  JsonObject *data = porch_operation_get_data (operation);

  if (!dex_await (porch_operation_until_stopped (operation, porch_stack_describe (stack)), error))
    return FALSE;

  if (!porch_stack_exists (stack))
    return TRUE;

  if (!porch_stack_is_ours (stack))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_OURS,
                           _("The site’s resources do not carry the mark of this site."));
      return FALSE;
    }

  porch_site_take_answer (site, porch_stack_get_answer (stack));
  json_object_set_string_member (data, "bucket", porch_site_get_bucket (site));
  json_object_set_string_member (data, "table", porch_site_get_table (site));

  return dex_await (porch_site_save (site), error) && dex_await (porch_operation_save (operation), error);
}

static gboolean
await_stack_gone (PorchOperation  *operation,
                  PorchSite       *site,
                  PorchStack      *stack,
                  GError         **error)
{
  PorchAccount *account = porch_site_get_account (site);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *token = g_strconcat ("porchlight-", uuid, NULL);

  return dex_await (porch_operation_until_stopped (operation, porch_stack_delete (stack, token)), error) &&
         porch_stack_await_end (stack, operation, porch_account_get_endpoint (account) != NULL, error);
}

gboolean
porch_removal_await_stack (PorchOperation  *operation,
                           PorchSite       *site,
                           GError         **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(PorchStack) stack = NULL;
  g_autoptr(GError) local_error = NULL;

  if (porch_site_get_stack (site) == NULL)
    return TRUE;

  stack = porch_stack_new (client, porch_site_get_stack (site), porch_site_get_id (site));

  if (!await_claim (operation, site, stack, error))
    return FALSE;

  if (!porch_stack_exists (stack) || await_stack_gone (operation, site, stack, &local_error))
    return TRUE;

  /* An older or changed stack may not keep its bucket, and then wants it empty */
  if (g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_STACK) && porch_site_get_bucket (site) != NULL)
    {
      g_clear_error (&local_error);

      return await_emptied (operation, client, porch_site_get_bucket (site), error) &&
             await_stack_gone (operation, site, stack, error);
    }

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
porch_removal_await_files (PorchOperation  *operation,
                           PorchSite       *site,
                           GError         **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  const char *bucket = aws_json_get_string (porch_operation_get_data (operation), "bucket");

  if (bucket == NULL)
    bucket = porch_site_get_bucket (site);

  if (bucket == NULL)
    return TRUE;

  porch_operation_set_detail (operation, _("Removing the files…"));

  for (guint round = 1; ; round++)
    {
      g_autoptr(GError) local_error = NULL;

      if ((await_emptied (operation, client, bucket, &local_error) &&
           dex_await (porch_operation_until_stopped (operation, aws_s3_delete_bucket (client, bucket)), &local_error)) ||
          is_gone (local_error))
        return TRUE;

      if (round == ROUNDS || !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_EMPTY))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
}

gboolean
porch_removal_await_messages (PorchOperation  *operation,
                              PorchSite       *site,
                              GError         **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  const char *table = aws_json_get_string (porch_operation_get_data (operation), "table");
  g_autoptr(GError) local_error = NULL;

  if (table == NULL)
    table = porch_site_get_table (site);

  if (table == NULL)
    return TRUE;

  porch_operation_set_detail (operation, _("Removing the inbox…"));

  if (dex_await (porch_operation_until_stopped (operation, aws_dynamodb_delete_table (client, table)), &local_error) ||
      is_gone (local_error))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

gboolean
porch_removal_await_record (PorchOperation  *operation,
                            PorchSite       *site,
                            GError         **error)
{
  PorchStore *store = porch_site_get_store (site);

  if (!dex_await (porch_publish_store_forget_site (store, porch_site_get_id (site)), error) ||
      !dex_await (porch_store_write (store, "DELETE FROM messages WHERE site = ?", "s", porch_site_get_id (site)), error) ||
      !dex_await (porch_store_write (store, "DELETE FROM sites WHERE id = ?", "s", porch_site_get_id (site)), error))
    return FALSE;

  porch_engine_forget_site (porch_operation_get_engine (operation), site);

  return TRUE;
}
