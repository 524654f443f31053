/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-keyring.h"
#include "porch-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

/* A locked keyring asks the person; somebody who is not there must not keep a script waiting for ever */
#define PATIENCE_SECONDS 90

static const SecretSchema schema = {
  PORCH_APP_ID ".Account", SECRET_SCHEMA_NONE,
  { { "account", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } }
};

/* The keyring's own sentences are about D-Bus; what matters is that it can't be used */
static GError *
explain (GError *error)
{
  GError *explained;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;

  explained = g_error_new_literal (PORCH_ERROR, PORCH_ERROR_KEYRING,
                                   g_error_matches (error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED)
                                   ? _("The keyring is locked.")
                                   : _("There is no keyring on this computer, or it does not answer."));
  porch_error_set_details (explained, error->message);
  g_error_free (error);

  return explained;
}

static DexFuture *
with_patience (DexFuture *future)
{
  return dex_future_first (future, dex_timeout_new_seconds (PATIENCE_SECONDS), NULL);
}

static DexFuture *
timed_out_cb (DexFuture *future,
              gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  dex_future_get_value (future, &error);

  if (g_error_matches (error, DEX_ERROR, DEX_ERROR_TIMED_OUT))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_KEYRING, "%s", _("The keyring does not answer."));

  return dex_future_new_for_error (g_steal_pointer (&error));
}

static void
store_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  GError *error = NULL;

  if (secret_password_store_finish (result, &error))
    dex_promise_resolve_boolean (promise, TRUE);
  else
    dex_promise_reject (promise, explain (error));
}

static void
lookup_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  GError *error = NULL;
  char *password = secret_password_lookup_finish (result, &error);

  if (error != NULL)
    {
      dex_promise_reject (promise, explain (error));
      return;
    }

  dex_promise_resolve_string (promise, g_strdup (password));
  secret_password_free (password);
}

static void
clear_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  GError *error = NULL;

  secret_password_clear_finish (result, &error);

  if (error != NULL)
    dex_promise_reject (promise, explain (error));
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

/**
 * porch_keyring_store:
 * @account_id: the account
 * @label: what the keyring shows for it
 * @secret: what to keep
 *
 * Keeps @secret in the person's keyring.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_KEYRING if there is no
 *   keyring or it stays locked
 */
DexFuture *
porch_keyring_store (const char *account_id,
                     const char *label,
                     const char *secret)
{
  DexPromise *promise;

  dex_return_error_if_fail (account_id != NULL);
  dex_return_error_if_fail (secret != NULL);

  promise = dex_promise_new_cancellable ();
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, secret,
                         dex_promise_get_cancellable (promise), store_cb, dex_ref (promise),
                         "account", account_id, NULL);

  return dex_future_catch (with_patience (DEX_FUTURE (promise)), timed_out_cb, NULL, NULL);
}

/**
 * porch_keyring_lookup:
 * @account_id: the account
 *
 * Returns: (transfer full): a future that resolves to the secret, `NULL` if the keyring has none; rejected with
 *   %PORCH_ERROR_KEYRING
 */
DexFuture *
porch_keyring_lookup (const char *account_id)
{
  DexPromise *promise;

  dex_return_error_if_fail (account_id != NULL);

  promise = dex_promise_new_cancellable ();
  secret_password_lookup (&schema, dex_promise_get_cancellable (promise), lookup_cb, dex_ref (promise),
                          "account", account_id, NULL);

  return dex_future_catch (with_patience (DEX_FUTURE (promise)), timed_out_cb, NULL, NULL);
}

/**
 * porch_keyring_clear:
 * @account_id: the account
 *
 * Takes the secret of an account out of the keyring.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, also if there was none; rejected with %PORCH_ERROR_KEYRING
 */
DexFuture *
porch_keyring_clear (const char *account_id)
{
  DexPromise *promise;

  dex_return_error_if_fail (account_id != NULL);

  promise = dex_promise_new_cancellable ();
  secret_password_clear (&schema, dex_promise_get_cancellable (promise), clear_cb, dex_ref (promise),
                         "account", account_id, NULL);

  return dex_future_catch (with_patience (DEX_FUTURE (promise)), timed_out_cb, NULL, NULL);
}

static void
collection_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  g_autoptr(SecretCollection) collection = NULL;
  GError *error = NULL;

  collection = secret_collection_for_alias_finish (result, &error);

  if (error != NULL)
    dex_promise_reject (promise, explain (error));
  else if (collection != NULL && secret_collection_get_locked (collection))
    dex_promise_reject (promise, explain (g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "Locked")));
  else
    dex_promise_resolve_boolean (promise, TRUE);
}

static void
service_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(DexPromise) promise = user_data;
  g_autoptr(SecretService) service = NULL;
  GError *error = NULL;

  service = secret_service_get_finish (result, &error);

  if (service == NULL)
    dex_promise_reject (promise, explain (error));
  else
    secret_collection_for_alias (service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                                 dex_promise_get_cancellable (promise), collection_cb, dex_ref (promise));
}

static DexFuture *
looked_cb (DexFuture *future,
           gpointer   user_data)
{
  return dex_future_new_true ();
}

/**
 * porch_keyring_check:
 *
 * Finds out whether something can be kept, without asking the person for a password. A keyring that is yet to be made
 * is good: it is made when something is kept.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_KEYRING if there is no keyring
 *   or it is locked
 */
DexFuture *
porch_keyring_check (void)
{
  DexPromise *promise;

  /* Where secrets are in a file, as in a sandbox, there is nothing that could be locked */
  if (g_strcmp0 (g_getenv ("SECRET_BACKEND"), "file") == 0 || g_getenv ("SNAP_NAME") != NULL ||
      g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS))
    return dex_future_then (porch_keyring_lookup ("check"), looked_cb, NULL, NULL);

  promise = dex_promise_new_cancellable ();
  secret_service_get (SECRET_SERVICE_NONE, dex_promise_get_cancellable (promise), service_cb, dex_ref (promise));

  return dex_future_catch (with_patience (DEX_FUTURE (promise)), timed_out_cb, NULL, NULL);
}
