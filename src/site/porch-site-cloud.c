/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-site-private.h"
#include "porch-account-private.h"
#include "porch-address-operation.h"
#include "porch-code-pointer.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-form-snippet.h"
#include "porch-settings-operation.h"
#include "porch-store-pointer.h"

#include "aws-headers.h"
#include "aws-json.h"
#include "aws-keyvaluestore.h"
#include "aws-route53.h"
#include "aws-s3.h"

#include <glib/gi18n-lib.h>

/* How old what is known of a good certificate may be, in microseconds */
#define CERTIFICATE_AGE (6 * 3600 * (gint64) G_USEC_PER_SEC)

/* The part of a site that talks to the cloud */

/* The pointer is in a store, or where the account has none, in the code of the edge's function. The site may be refreshed
 * meanwhile. */
static PorchPointer *
await_pointer (PorchSite  *self,
               AwsClient  *client,
               GError    **error)
{
  g_autofree char *store = g_strdup (porch_site_get_store_arn (self));
  g_autoptr(AwsClient) pointer_client = NULL;

  if (store == NULL)
    return porch_code_pointer_new (client, porch_site_get_edge_function (self));

  pointer_client = dex_await_object (aws_keyvaluestore_find_client (client, store, porch_site_get_publisher_role (self)), error);

  return pointer_client != NULL ? porch_store_pointer_new (pointer_client, store) : NULL;
}

static DexFuture *
open_target_fiber (gpointer user_data)
{
  PorchSite *self = user_data;
  g_autoptr(AwsClient) client = porch_site_dup_client (self);
  g_autoptr(PorchPointer) pointer = NULL;
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(GError) error = NULL;

  if (porch_site_get_bucket (self) == NULL ||
      (porch_site_get_store_arn (self) == NULL && porch_site_get_edge_function (self) == NULL))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s",
                                  _("The site has not been set up to the end."));

  if (!(pointer = await_pointer (self, client, &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  target = porch_target_new (client, porch_site_get_region (self), porch_site_get_bucket (self), pointer,
                             porch_site_get_store (self), porch_site_get_id (self));
  porch_target_set_kept_versions (target, porch_site_get_kept_versions (self));

  return dex_future_new_take_object (g_steal_pointer (&target));
}

/**
 * porch_site_open_target:
 * @self: a site
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Target], where the site's files live
 */
DexFuture *
porch_site_open_target (PorchSite *self)
{
  dex_return_error_if_fail (PORCH_IS_SITE (self));

  return porch_fiber_spawn (open_target_fiber, g_object_ref (self), g_object_unref, NULL);
}

/* The record of the site beside its files, so that another computer can take over. */
DexFuture *
porch_site_write_record (PorchSite *self)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (self);
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(JsonObject) record = json_object_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *created = g_date_time_format_iso8601 (porch_site_get_created (self));

  json_object_set_int_member (record, "version", 1);
  json_object_set_string_member (record, "id", porch_site_get_id (self));
  json_object_set_string_member (record, "name", porch_site_get_name (self));
  json_object_set_string_member (record, "slug", porch_site_get_slug (self));
  json_object_set_string_member (record, "region", porch_site_get_region (self));
  json_object_set_string_member (record, "stack", porch_site_get_stack (self));
  json_object_set_string_member (record, "address", porch_site_get_address (self));
  json_object_set_string_member (record, "created", created);
  json_object_set_boolean_member (record, "formEnabled", porch_site_get_form_enabled (self));
  json_object_set_string_member (record, "formPath", porch_site_get_form_path (self));
  json_object_set_string_member (record, "mailTo", porch_site_get_mail_to (self));

  /* Known only here once the form is off and the messages are kept */
  if (porch_site_get_table (self) != NULL)
    json_object_set_string_member (record, "table", porch_site_get_table (self));

  json_object_set_object_member (record, "settings", porch_site_build_settings (self));
  bytes = aws_json_object_to_bytes (record);
  aws_headers_set (headers, "Content-Type", "application/json");

  return aws_s3_put_object (client, porch_site_get_bucket (self), PORCH_SITE_RECORD, bytes, headers);
}

/* Resolves to the record as an AwsS3Object with a body. */
DexFuture *
porch_site_read_record (PorchSite *self)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (self);

  return aws_s3_get_object (client, porch_site_get_bucket (self), PORCH_SITE_RECORD);
}

static gboolean
await_stack (PorchSite  *self,
             GError    **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (self);
  g_autoptr(PorchStack) stack = porch_stack_new (client, porch_site_get_stack (self), porch_site_get_id (self));

  if (!dex_await (porch_stack_describe (stack), error))
    return FALSE;

  if (!porch_stack_exists (stack))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND,
                           _("The site is not in this account any more. It may have been deleted from another computer."));
      return FALSE;
    }

  if (!porch_stack_is_ours (stack))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_OURS,
                           _("The site’s resources do not carry the mark of this site."));
      return FALSE;
    }

  if (porch_stack_is_usable (stack))
    porch_site_take_answer (self, porch_stack_get_answer (stack));

  return TRUE;
}

static gboolean
await_releases (PorchSite  *self,
                GError    **error)
{
  PorchHistory *history = porch_site_get_history (self);
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (self), error);
  PorchRelease *live;

  if (target == NULL || !dex_await (porch_history_refresh (history, target), error))
    return FALSE;

  live = porch_history_get_live (history);
  porch_site_set_live (self, live, NULL);

  return TRUE;
}

/* An editor may publish but not read messages: nothing is wrong with the site then, and the inbox says so itself */
static gboolean
await_messages (PorchSite  *self,
                GError    **error)
{
  g_autoptr(GError) local_error = NULL;

  if (porch_site_get_table (self) == NULL || dex_await (porch_inbox_refresh (porch_site_get_inbox (self)), &local_error) ||
      g_error_matches (local_error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
is_out_of_reach (const GError *error)
{
  return error->domain == AWS_ERROR ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_PRACTICE_OFF) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_KEYRING) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_OURS);
}

/* The names of those records of a certificate that are gone, or something else by now. What can't be asked counts as there. */
static char **
await_missing_proofs (PorchSite      *self,
                      AwsCertificate *answer)
{
  g_autoptr(PorchDns) dns = porch_site_dup_dns (self);
  g_autoptr(GPtrArray) proofs = aws_certificate_dup_proofs (answer);
  g_autoptr(GStrvBuilder) missing = g_strv_builder_new ();

  for (guint i = 0; i < proofs->len; i++)
    {
      AwsCertificateProof *proof = g_ptr_array_index (proofs, i);
      g_autofree char *name = aws_dns_name_decode (aws_certificate_proof_get_record_name (proof));
      g_autoptr(PorchDnsAnswer) seen = dex_await_boxed (porch_dns_lookup (dns, name, PORCH_DNS_CNAME), NULL);
      g_auto(GStrv) values = NULL;
      gboolean is_there = FALSE;

      if (seen == NULL || porch_dns_answer_get_status (seen) == PORCH_DNS_BROKEN)
        continue;

      values = porch_dns_answer_dup_values (seen, PORCH_DNS_CNAME);

      for (guint j = 0; values[j] != NULL; j++)
        is_there |= aws_dns_name_equal (values[j], aws_certificate_proof_get_record_value (proof));

      if (!is_there)
        g_strv_builder_add (missing, name);
    }

  return g_strv_builder_end (missing);
}

/* Looks at the certificate of the own address, in a fiber. */
gboolean
porch_site_await_certificate (PorchSite  *self,
                              GError    **error)
{
  PorchAddress *address = porch_site_get_own_address (self);
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(AwsCertificate) answer = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(PorchCertificate) certificate = NULL;
  g_auto(GStrv) missing = NULL;

  if (address == NULL || porch_address_get_certificate (address) == NULL)
    {
      porch_site_set_certificate (self, NULL);
      return TRUE;
    }

  client = porch_site_dup_address_client (self);

  if (!(answer = dex_await_boxed (aws_acm_describe_certificate (client, porch_address_get_certificate (address)), error)))
    return FALSE;

  if (aws_certificate_is_issued (answer))
    missing = await_missing_proofs (self, answer);

  certificate = porch_certificate_new (answer, (const char * const *) missing, now);
  self->certificate_seen = g_get_monotonic_time ();
  porch_site_set_certificate (self, certificate);

  return TRUE;
}

/* It changes slowly: a good one is looked at a few times a day. An editor may not look at all, and has no need to. */
static void
await_certificate_sometimes (PorchSite *self)
{
  PorchCertificate *known = porch_site_get_certificate (self);
  g_autoptr(GError) error = NULL;

  if (known != NULL && porch_certificate_get_state (known) == PORCH_CERTIFICATE_ISSUED && self->certificate_seen != 0 &&
      g_get_monotonic_time () - self->certificate_seen < CERTIFICATE_AGE)
    return;

  if (!porch_site_await_certificate (self, &error))
    g_debug ("The certificate is not known: %s", error->message);
}

static DexFuture *
refresh_fiber (gpointer user_data)
{
  PorchSite *self = user_data;
  PorchSiteState state = porch_site_get_state (self);
  g_autoptr(GError) error = NULL;

  /* What is being made or taken down is looked after by its operation */
  if (state == PORCH_SITE_CREATING || state == PORCH_SITE_DELETING || state == PORCH_SITE_FAILED ||
      porch_site_get_stack (self) == NULL)
    return dex_future_new_true ();

  if (!await_stack (self, &error) || !await_releases (self, &error) || !await_messages (self, &error))
    {
      if (porch_error_is_cancelled (error))
        return dex_future_new_for_error (g_steal_pointer (&error));

      porch_account_note_error (porch_site_get_account (self), error);
      porch_site_set_problem (self, error);

      if (is_out_of_reach (error))
        porch_site_set_state (self, PORCH_SITE_UNREACHABLE);

      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  await_certificate_sometimes (self);
  porch_site_await_confirmed (self);
  porch_account_note_error (porch_site_get_account (self), NULL);
  porch_site_set_problem (self, NULL);

  return porch_site_save (self);
}

/**
 * porch_site_refresh:
 * @self: a site
 *
 * Asks the cloud for the state of the site, its releases and new messages. What is known stays shown when it fails.
 *
 * Returns: (transfer full): a future that resolves when all is up to date; rejected with what kept it, which
 *   [property@Porch.Site:problem] shows too
 */
DexFuture *
porch_site_refresh (PorchSite *self)
{
  dex_return_error_if_fail (PORCH_IS_SITE (self));

  return porch_fiber_spawn (refresh_fiber, g_object_ref (self), g_object_unref, NULL);
}

static DexFuture *
rename_fiber (gpointer user_data)
{
  PorchSite *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!dex_await (porch_site_save (self), &error) ||
      (porch_site_get_bucket (self) != NULL && !dex_await (porch_site_write_record (self), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/**
 * porch_site_rename:
 * @self: a site
 * @name: the new name
 *
 * Gives the site another name; its address stays.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_NAME, or when the record beside
 *   the site's files could not be written
 */
DexFuture *
porch_site_rename (PorchSite  *self,
                   const char *name)
{
  g_autoptr(GError) error = NULL;

  dex_return_error_if_fail (PORCH_IS_SITE (self));

  if (!porch_plan_check_name (name, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_site_set_name (self, name);

  return porch_fiber_spawn (rename_fiber, g_object_ref (self), g_object_unref, NULL);
}

/**
 * porch_site_change_form:
 * @self: a site
 * @form: how it is to take messages
 *
 * Changes the contact form: on or off, who gets the mails and the rest. Messages are kept.
 *
 * Returns: (transfer none): the operation that does it, already begun
 */
PorchOperation *
porch_site_change_form (PorchSite *self,
                        PorchForm *form)
{
  g_autoptr(PorchOperation) operation = NULL;

  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  operation = porch_settings_operation_new (self, form);
  porch_engine_run_operation (porch_site_get_engine (self), operation);

  return operation;
}

/* A change of address that has to end an earlier one first */
typedef struct
{
  PorchEngine    *engine;
  PorchOperation *earlier;
  PorchOperation *next;
} Exchange;

static void
exchange_free (gpointer data)
{
  Exchange *exchange = data;

  g_object_unref (exchange->engine);
  g_object_unref (exchange->earlier);
  g_object_unref (exchange->next);
  g_free (exchange);
}

static DexFuture *
exchange_fiber (gpointer user_data)
{
  Exchange *exchange = user_data;

  porch_operation_stop (exchange->earlier);
  dex_await (porch_operation_wait (exchange->earlier), NULL);
  porch_engine_run_operation (exchange->engine, exchange->next);

  return dex_future_new_true ();
}

static PorchOperation *
find_address_operation (PorchSite *self)
{
  GListModel *operations = porch_engine_get_operations (self->engine);

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      if (porch_operation_get_site (operation) == self && PORCH_IS_ADDRESS_OPERATION (operation) &&
          porch_operation_is_active (operation))
        return operation;
    }

  return NULL;
}

/**
 * porch_site_change_address:
 * @self: a site
 * @plan: what the owner chose
 *
 * Gives the site an address of its own, another one, or the free one back. An earlier change that is still underway is
 * stopped first; what it made is used where it fits.
 *
 * Returns: (transfer none): the operation that does it, begun or about to
 */
PorchOperation *
porch_site_change_address (PorchSite        *self,
                           PorchAddressPlan *plan)
{
  g_autoptr(PorchOperation) operation = NULL;
  PorchOperation *earlier;
  Exchange *exchange;

  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  operation = porch_address_operation_new (plan);

  if ((earlier = find_address_operation (self)) == NULL)
    {
      porch_engine_run_operation (self->engine, operation);
      return operation;
    }

  exchange = g_new0 (Exchange, 1);
  exchange->engine = g_object_ref (self->engine);
  exchange->earlier = g_object_ref (earlier);
  exchange->next = g_object_ref (operation);
  porch_engine_keep_operation (self->engine, operation);

  /* The engine holds the operation that this leads to */
  dex_future_disown (porch_fiber_spawn (exchange_fiber, exchange, exchange_free, NULL));

  return operation;
}

/**
 * porch_site_dup_form_snippet:
 * @self: a site
 *
 * Returns: (transfer full): a plain, accessible form to be put into a page of the site
 */
char *
porch_site_dup_form_snippet (PorchSite *self)
{
  g_return_val_if_fail (PORCH_IS_SITE (self), NULL);

  return porch_form_dup_snippet (porch_site_get_form (self), PORCH_SNIPPET_DEFAULT);
}
