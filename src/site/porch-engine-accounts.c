/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-engine-private.h"
#include "porch-account-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-keyring.h"
#include "porch-profile.h"
#include "porch-site-private.h"

#include "aws-environment.h"
#include "aws-json.h"
#include "aws-s3.h"

#include <glib/gi18n-lib.h>

/* A copy of the list of accounts, without secrets, for the day when the store is damaged */
#define ACCOUNTS_FILE "accounts.json"

/* Keys made a moment ago are not known everywhere at once */
#define NEW_KEY_TRIES 6
#define NEW_KEY_PAUSE 2500

#define PRACTICE_REGION "eu-central-1"

static JsonNode *
dup_details_node (PorchAccount *account)
{
  JsonNode *node = json_node_alloc ();

  return json_node_init_object (node, porch_account_get_details (account));
}

static void
write_accounts_file (PorchEngine *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(GFile) file = g_file_get_child (self->folder, ACCOUNTS_FILE);
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  json_builder_begin_array (builder);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "id");
      json_builder_add_string_value (builder, porch_account_get_id (account));
      json_builder_set_member_name (builder, "name");
      json_builder_add_string_value (builder, porch_account_get_name (account));
      json_builder_set_member_name (builder, "kind");
      json_builder_add_string_value (builder, porch_account_kind_to_string (porch_account_get_kind (account)));
      json_builder_set_member_name (builder, "region");
      json_builder_add_string_value (builder, porch_account_get_region (account));

      if (porch_account_get_number (account) != NULL)
        {
          json_builder_set_member_name (builder, "number");
          json_builder_add_string_value (builder, porch_account_get_number (account));
        }

      json_builder_set_member_name (builder, "details");
      json_builder_add_value (builder, dup_details_node (account));
      json_builder_end_object (builder);
    }

  json_builder_end_array (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);

  if (!g_file_set_contents_full (g_file_peek_path (file), text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_warning ("The list of accounts could not be copied: %s", error->message);
}

static gboolean
await_old_account (PorchEngine  *self,
                   JsonObject   *json,
                   GError      **error)
{
  const char *id = aws_json_get_string (json, "id");
  const char *name = aws_json_get_string (json, "name");
  const char *region = aws_json_get_string (json, "region");
  PorchAccountKind kind;
  g_autoptr(PorchAccount) account = NULL;

  if (id == NULL || name == NULL || region == NULL ||
      !porch_account_kind_from_string (aws_json_get_string (json, "kind"), &kind))
    return TRUE;

  account = porch_account_new (self->store, id, kind, name, region);
  porch_account_set_number (account, aws_json_get_string (json, "number"));
  porch_account_set_details (account, aws_json_get_object (json, "details"));

  return dex_await (porch_account_save (account), error);
}

/* After the store had to be begun anew: the accounts that were in the damaged one. */
gboolean
porch_engine_await_old_accounts (PorchEngine  *self,
                                 GError      **error)
{
  g_autoptr(GFile) file = g_file_get_child (self->folder, ACCOUNTS_FILE);
  g_autoptr(GBytes) bytes = g_file_load_bytes (file, NULL, NULL, NULL);
  g_autoptr(JsonNode) root = bytes != NULL ? aws_json_load (bytes, NULL) : NULL;
  JsonArray *array;

  if (root == NULL || !JSON_NODE_HOLDS_ARRAY (root))
    return TRUE;

  array = json_node_get_array (root);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *json = aws_json_array_get_object (array, i);

      if (json != NULL && !await_old_account (self, json, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * porch_engine_find_account:
 * @self: an engine
 * @id_or_name: the id or the name of an account
 *
 * Returns: (transfer none) (nullable): the account
 */
PorchAccount *
porch_engine_find_account (PorchEngine *self,
                           const char  *id_or_name)
{
  PorchAccount *found = NULL;

  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (g_strcmp0 (porch_account_get_id (account), id_or_name) == 0)
        return account;

      if (found == NULL && g_strcmp0 (porch_account_get_name (account), id_or_name) == 0)
        found = account;
    }

  return found;
}

/**
 * porch_engine_get_default_account:
 * @self: an engine
 *
 * Returns: (transfer none) (nullable): the account for new sites: the chosen one, else the first
 */
PorchAccount *
porch_engine_get_default_account (PorchEngine *self)
{
  PorchAccount *chosen;

  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  if (self->default_account != NULL &&
      (chosen = porch_engine_find_account (self, self->default_account)) != NULL)
    return chosen;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (porch_account_get_kind (account) != PORCH_ACCOUNT_ENVIRONMENT)
        return account;
    }

  return NULL;
}

/**
 * porch_engine_set_default_account:
 * @self: an engine
 * @account: an account
 *
 * Chooses the account for new sites.
 *
 * Returns: (transfer full): a future that resolves when it is written
 */
DexFuture *
porch_engine_set_default_account (PorchEngine  *self,
                                  PorchAccount *account)
{
  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (account));

  if (g_set_str (&self->default_account, porch_account_get_id (account)))
    porch_engine_notify_default_account (self);

  return porch_store_set_setting (self->store, "default-account", porch_account_get_id (account));
}

/* What failed for want of a sign-in, in sites of @account */
static gboolean
waits_for (PorchOperation *operation,
           PorchAccount   *account)
{
  PorchSite *site = porch_operation_get_site (operation);
  PorchProblem *problem = porch_operation_get_problem (operation);

  return site != NULL && porch_site_get_account (site) == account &&
         problem != NULL && porch_problem_needs_sign_in (problem) &&
         porch_operation_get_state (operation) == PORCH_OPERATION_FAILED &&
         porch_operation_can_resume (operation);
}

static void
account_renewed_cb (PorchEngine  *self,
                    PorchAccount *account)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; !self->leaves_stopped && i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      if (waits_for (operation, account))
        g_ptr_array_add (waiting, g_steal_pointer (&operation));
    }

  for (guint i = 0; i < waiting->len; i++)
    porch_engine_resume_operation (self, g_ptr_array_index (waiting, i));
}

/* Puts @account into the list. */
void
porch_engine_insert_account (PorchEngine  *self,
                             PorchAccount *account)
{
  g_signal_connect_object (account, "renewed", G_CALLBACK (account_renewed_cb), self, G_CONNECT_SWAPPED);
  g_list_store_append (self->accounts, account);
}

/**
 * porch_engine_set_goes_on:
 * @self: an engine
 * @goes_on: whether to go on with what stopped
 *
 * Operations that stopped because their account needed signing in go on when that was done, unless this is switched
 * off, as in a program that ends right after it.
 */
void
porch_engine_set_goes_on (PorchEngine *self,
                          gboolean     goes_on)
{
  g_return_if_fail (PORCH_IS_ENGINE (self));

  self->leaves_stopped = !goes_on;
}

static gboolean
await_added (PorchEngine   *self,
             PorchAccount  *account,
             GError       **error)
{
  if (!dex_await (porch_account_save (account), error))
    return FALSE;

  if (!g_list_store_find (self->accounts, account, NULL))
    porch_engine_insert_account (self, account);

  write_accounts_file (self);
  porch_engine_notify_default_account (self);

  return TRUE;
}

/* What the fibers below are given; the secrets live as long as the fiber */
typedef struct
{
  PorchEngine    *engine;
  PorchAccount   *account;
  AwsCredentials *credentials;
  char           *region;
  char           *name;
} Request;

static Request *
request_new (PorchEngine *engine,
             const char  *region,
             const char  *name)
{
  Request *request = g_new0 (Request, 1);

  request->engine = g_object_ref (engine);
  request->region = g_strdup (region);
  request->name = name != NULL ? g_strstrip (g_strdup (name)) : NULL;

  return request;
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_clear_object (&request->engine);
  g_clear_object (&request->account);
  g_clear_pointer (&request->credentials, aws_credentials_unref);
  g_clear_pointer (&request->region, g_free);
  g_clear_pointer (&request->name, g_free);
  g_free (request);
}

static gboolean
check_account_name (PorchEngine  *self,
                    const char   *name,
                    PorchAccount *own,
                    GError      **error)
{
  PorchAccount *other = name != NULL ? porch_engine_find_account (self, name) : NULL;

  if (name != NULL && (*name == '\0' || g_utf8_strlen (name, -1) > 80))
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NAME, _("A name has 1 to 80 characters."));
  else if (other != NULL && other != own)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_EXISTS, _("There is an account “%s” already."), name);
  else
    return TRUE;

  return FALSE;
}

static gboolean
is_same (PorchAccount *a,
         PorchAccount *b)
{
  if (porch_account_get_kind (a) != porch_account_get_kind (b))
    return FALSE;

  if (porch_account_get_kind (a) == PORCH_ACCOUNT_PROFILE)
    return g_strcmp0 (porch_account_get_profile (a), porch_account_get_profile (b)) == 0;

  return g_strcmp0 (porch_account_get_number (a), porch_account_get_number (b)) == 0 &&
         g_strcmp0 (porch_account_get_role (a), porch_account_get_role (b)) == 0;
}

static PorchAccount *
find_same (PorchEngine  *self,
           PorchAccount *account)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(PorchAccount) known = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (is_same (known, account))
        return known;
    }

  return NULL;
}

static gboolean
await_keys_work (PorchAccount  *account,
                 GError       **error)
{
  for (guint left = NEW_KEY_TRIES; ; left--)
    {
      g_autoptr(GError) local_error = NULL;

      if (dex_await (porch_account_check (account), &local_error))
        return TRUE;

      if (left == 0 || !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_UNKNOWN_KEY))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      dex_await (dex_timeout_new_msec (NEW_KEY_PAUSE), NULL);
    }
}

static char *
build_name (const char *number)
{
  /* Translators: the name of an account that was given none; %s are digits */
  return g_strdup_printf (_("Account %s"), number);
}

/* A name given by nobody: that of the account, with a number where there are several ways into it */
static char *
build_free_name (PorchEngine  *self,
                 PorchAccount *account)
{
  g_autofree char *name = build_name (porch_account_get_number (account));

  if (porch_engine_find_account (self, name) == NULL)
    return g_steal_pointer (&name);

  for (guint i = 2; ; i++)
    {
      g_autofree char *numbered = g_strdup_printf ("%s (%u)", name, i);

      if (porch_engine_find_account (self, numbered) == NULL)
        return g_steal_pointer (&numbered);
    }
}

/* Adds an account that was tried out, or gives what it has to the one that is there already */
static PorchAccount *
await_kept (PorchEngine   *self,
            PorchAccount  *tried,
            const char    *wanted_name,
            GError       **error)
{
  PorchAccount *known = find_same (self, tried);
  g_autoptr(PorchAccount) account = g_object_ref (known != NULL ? known : tried);
  g_autofree char *name = NULL;

  if (!check_account_name (self, wanted_name, account, error))
    return NULL;

  name = wanted_name != NULL ? g_strdup (wanted_name)
         : known != NULL ? g_strdup (porch_account_get_name (known))
         : build_free_name (self, account);

  porch_account_take_over (account, tried);

  if (!dex_await (porch_account_rename (account, name), error) ||
      !dex_await (porch_account_keep (account), error) ||
      !await_added (self, account, error))
    return NULL;

  porch_account_note_error (account, NULL);

  return g_steal_pointer (&account);
}

static DexFuture *
try_fiber (gpointer user_data)
{
  Request *request = user_data;
  g_autoptr(GError) error = NULL;

  if (!await_keys_work (request->account, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_object_ref (request->account));
}

static DexFuture *
add_fiber (gpointer user_data)
{
  Request *request = user_data;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  if ((porch_account_get_number (request->account) == NULL && !await_keys_work (request->account, &error)) ||
      (account = await_kept (request->engine, request->account, request->name, &error)) == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_steal_pointer (&account));
}

/**
 * porch_engine_add_account:
 * @self: an open engine
 * @account: an account that was tried out or signed in to, and works
 * @name: (nullable): what to call it
 *
 * Adds an account and puts what is secret into the keyring. One that is there already gets the new secrets.
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Account], which is another object if it was there
 *   already; rejected with %PORCH_ERROR_NAME or %PORCH_ERROR_EXISTS
 */
DexFuture *
porch_engine_add_account (PorchEngine  *self,
                          PorchAccount *account,
                          const char   *name)
{
  Request *request;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (account));

  request = request_new (self, NULL, name);
  request->account = g_object_ref (account);

  return porch_fiber_spawn (add_fiber, request, request_free, NULL);
}

/* A region for new sites: the one given, that of the environment, or the first of all */
static char *
choose_region (const char  *region,
               GError     **error)
{
  g_autofree char *found = region != NULL ? g_strdup (region) : aws_environment_dup_region ();

  if (found == NULL)
    found = g_strdup (porch_account_list_regions ()[0]);

  return porch_account_check_region (found, error) ? g_steal_pointer (&found) : NULL;
}

static PorchAccount *
new_keys_account (PorchEngine  *self,
                  const char   *key_id,
                  const char   *secret,
                  const char   *token,
                  const char   *region,
                  GError      **error)
{
  g_autofree char *found_region = choose_region (region, error);
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr(AwsCredentials) credentials = NULL;
  PorchAccount *account;

  if (found_region == NULL ||
      !porch_account_check_key_id (key_id, error) ||
      !porch_account_check_secret (secret, error))
    return NULL;

  credentials = aws_credentials_new (key_id, secret, token, NULL);
  account = porch_account_new (self->store, id, PORCH_ACCOUNT_KEYS, "", found_region);
  porch_account_use (account, credentials);

  return account;
}

/**
 * porch_engine_try_account_keys:
 * @self: an open engine
 * @key_id: access key id
 * @secret: secret access key
 * @token: (nullable): session token
 * @region: (nullable): the region for its sites
 *
 * Finds out whose keys these are. Keys that were made a moment ago are given some time to become known.
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Account] that was not added; rejected with
 *   %PORCH_ERROR_KEYS, %PORCH_ERROR_REGION, or what the service says about the keys
 */
DexFuture *
porch_engine_try_account_keys (PorchEngine *self,
                               const char  *key_id,
                               const char  *secret,
                               const char  *token,
                               const char  *region)
{
  g_autoptr(PorchAccount) account = NULL;
  GError *error = NULL;
  Request *request;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (key_id != NULL && secret != NULL);

  if ((account = new_keys_account (self, key_id, secret, token, region, &error)) == NULL)
    return dex_future_new_for_error (error);

  request = request_new (self, NULL, NULL);
  request->account = g_steal_pointer (&account);

  return porch_fiber_spawn (try_fiber, request, request_free, NULL);
}

/**
 * porch_engine_add_account_keys:
 * @self: an open engine
 * @key_id: access key id
 * @secret: secret access key
 * @token: (nullable): session token
 * @region: (nullable): the region for its sites
 * @name: (nullable): what to call it
 *
 * Checks that the keys work and adds the account they belong to. An account that is there already gets the new keys.
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Account]; rejected with %PORCH_ERROR_KEYS,
 *   %PORCH_ERROR_NAME, %PORCH_ERROR_EXISTS, %PORCH_ERROR_REGION, or what the service says about the keys
 */
DexFuture *
porch_engine_add_account_keys (PorchEngine *self,
                               const char  *key_id,
                               const char  *secret,
                               const char  *token,
                               const char  *region,
                               const char  *name)
{
  g_autoptr(PorchAccount) account = NULL;
  GError *error = NULL;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (key_id != NULL && secret != NULL);

  if ((account = new_keys_account (self, key_id, secret, token, region, &error)) == NULL)
    return dex_future_new_for_error (error);

  return porch_engine_add_account (self, account, name);
}

static PorchAccount *
new_profile_account (PorchEngine  *self,
                     const char   *name,
                     const char   *region,
                     GError      **error)
{
  g_autoptr(PorchProfile) profile = porch_profile_new (name);
  g_autofree char *found_region = NULL;
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr(JsonObject) details = json_object_new ();
  PorchAccount *account;

  if (!porch_profile_is_usable (profile))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_PROFILE, porch_profile_get_reason (profile));
      return NULL;
    }

  found_region = choose_region (region != NULL ? region : porch_profile_get_region (profile), error);
  if (found_region == NULL)
    return NULL;

  json_object_set_string_member (details, "profile", name);
  account = porch_account_new (self->store, id, PORCH_ACCOUNT_PROFILE, "", found_region);
  porch_account_set_details (account, details);

  return account;
}

/**
 * porch_engine_try_profile:
 * @self: an open engine
 * @profile: the name of a profile of the files that AWS's own tools share
 * @region: (nullable): the region for its sites, else that of the profile
 *
 * Finds out whose account a profile is for.
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Account] that was not added; rejected with
 *   %PORCH_ERROR_PROFILE, %PORCH_ERROR_REGION, or what the service says
 */
DexFuture *
porch_engine_try_profile (PorchEngine *self,
                          const char  *profile,
                          const char  *region)
{
  g_autoptr(PorchAccount) account = NULL;
  GError *error = NULL;
  Request *request;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (profile != NULL);

  if ((account = new_profile_account (self, profile, region, &error)) == NULL)
    return dex_future_new_for_error (error);

  request = request_new (self, NULL, NULL);
  request->account = g_steal_pointer (&account);

  return porch_fiber_spawn (try_fiber, request, request_free, NULL);
}

/**
 * porch_engine_add_profile:
 * @self: an open engine
 * @profile: the name of a profile of the files that AWS's own tools share
 * @region: (nullable): the region for its sites, else that of the profile
 * @name: (nullable): what to call it
 *
 * Finds out whose account a profile is for, and adds it. Nothing of what the files hold is copied.
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Account]; rejected with %PORCH_ERROR_PROFILE,
 *   %PORCH_ERROR_NAME, %PORCH_ERROR_EXISTS, %PORCH_ERROR_REGION, or what the service says
 */
DexFuture *
porch_engine_add_profile (PorchEngine *self,
                          const char  *profile,
                          const char  *region,
                          const char  *name)
{
  g_autoptr(PorchAccount) account = NULL;
  GError *error = NULL;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (profile != NULL);

  if ((account = new_profile_account (self, profile, region, &error)) == NULL)
    return dex_future_new_for_error (error);

  return porch_engine_add_account (self, account, name);
}

/**
 * porch_engine_recheck_account:
 * @self: an open engine
 * @account: an account
 *
 * Asks again whether the account can be used, after somebody entered keys or signed in outside of Porchlight. If it can
 * now, what stopped for it goes on.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected as [method@Porch.Account.check]
 */
DexFuture *
porch_engine_recheck_account (PorchEngine  *self,
                              PorchAccount *account)
{
  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (account));

  porch_account_forget_credentials (account);

  return porch_account_check (account);
}

static PorchAccount *
find_practice (PorchEngine *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->accounts)); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (porch_account_is_practice (account))
        return account;
    }

  return NULL;
}

static DexFuture *
add_practice_fiber (gpointer user_data)
{
  Request *request = user_data;
  PorchEngine *self = request->engine;
  const char *name = request->name != NULL ? request->name : _("Practice");
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;

  if (!check_account_name (self, name, NULL, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  account = porch_account_new (self->store, "practice", PORCH_ACCOUNT_PRACTICE, name,
                               self->practice_region != NULL ? self->practice_region : PRACTICE_REGION);

  if (self->practice_url != NULL)
    porch_account_set_practice (account, self->practice_url, self->practice_key_id, self->practice_secret);

  if (!await_added (self, account, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_steal_pointer (&account));
}

/**
 * porch_engine_add_practice:
 * @self: an open engine
 * @name: (nullable): what to call it
 *
 * Adds the account of the practice cloud; there is one. If it is there already, it is what the future resolves to.
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Account]
 */
DexFuture *
porch_engine_add_practice (PorchEngine *self,
                           const char  *name)
{
  PorchAccount *known;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));

  if ((known = find_practice (self)) != NULL)
    return dex_future_new_take_object (g_object_ref (known));

  return porch_fiber_spawn (add_practice_fiber, request_new (self, NULL, name), request_free, NULL);
}

/**
 * porch_engine_set_practice_endpoint:
 * @self: an engine
 * @url: (nullable): where the practice cloud listens, `NULL` when it was stopped
 * @key_id: (nullable): access key id that it lets in
 * @secret: (nullable): the secret that belongs to it
 * @region: (nullable): its region
 * @name_server: (nullable): who answers for the names of its internet, as an address with a port
 *
 * Tells where the practice cloud is. Its keys are kept nowhere, it makes them itself.
 */
void
porch_engine_set_practice_endpoint (PorchEngine *self,
                                    const char  *url,
                                    const char  *key_id,
                                    const char  *secret,
                                    const char  *region,
                                    const char  *name_server)
{
  PorchAccount *account;

  g_return_if_fail (PORCH_IS_ENGINE (self));
  g_return_if_fail (url == NULL || (key_id != NULL && secret != NULL));

  g_set_str (&self->practice_url, url);
  g_set_str (&self->practice_key_id, key_id);
  g_set_str (&self->practice_secret, secret);
  g_set_str (&self->practice_region, region);
  g_set_str (&self->practice_names, name_server);

  if ((account = find_practice (self)) == NULL)
    return;

  porch_account_set_practice (account, url, key_id, secret);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sites)); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i);

      if (porch_site_get_account (site) == account)
        porch_site_update_address (site);
    }
}

/**
 * porch_engine_dup_dns:
 * @self: an engine
 * @account: (nullable): an account
 *
 * Returns: (transfer full): what asks the name servers of the internet; those of the practice cloud's for a practice account
 */
PorchDns *
porch_engine_dup_dns (PorchEngine  *self,
                      PorchAccount *account)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return porch_dns_new (account != NULL && porch_account_is_practice (account) ? self->practice_names : NULL);
}

static DexFuture *
add_environment_fiber (gpointer user_data)
{
  Request *request = user_data;
  PorchEngine *self = request->engine;
  g_autoptr(PorchAccount) account = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = NULL;
  PorchAccount *known;

  account = porch_account_new (self->store, "environment", PORCH_ACCOUNT_ENVIRONMENT, _("Environment"), request->region);

  if (!dex_await (porch_account_check (account), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  id = g_strconcat ("environment-", porch_account_get_number (account), NULL);

  if ((known = porch_engine_find_account (self, id)) != NULL &&
      g_str_equal (porch_account_get_region (known), request->region))
    {
      porch_account_note_error (known, NULL);
      return dex_future_new_take_object (g_object_ref (known));
    }

  if (known != NULL)
    {
      /* Another region than last time: sites know their own region, new ones are made in this one */
      porch_account_take_region (known, request->region);
      porch_account_note_error (known, NULL);
      g_set_object (&account, known);
    }
  else
    {
      g_autofree char *name = build_name (porch_account_get_number (account));
      g_autofree char *number = g_strdup (porch_account_get_number (account));

      g_clear_object (&account);
      account = porch_account_new (self->store, id, PORCH_ACCOUNT_ENVIRONMENT, name, request->region);
      porch_account_set_number (account, number);
      porch_account_note_error (account, NULL);
    }

  if (!await_added (self, account, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_object (g_steal_pointer (&account));
}

/**
 * porch_engine_add_environment:
 * @self: an open engine
 *
 * Adds the account whose keys the environment variables or the profile they name hold; the keys themselves are not kept.
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Account]; rejected with what is wrong with the keys
 */
DexFuture *
porch_engine_add_environment (PorchEngine *self)
{
  g_autofree char *region = NULL;
  g_autoptr(GError) error = NULL;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));

  if ((region = aws_environment_dup_region ()) == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_REGION, "%s",
                                  _("The environment has keys but no region. Set AWS_REGION, for instance to eu-central-1."));

  if (!porch_account_check_region (region, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return porch_fiber_spawn (add_environment_fiber, request_new (self, region, NULL), request_free, NULL);
}

/**
 * porch_engine_check_keyring:
 * @self: an engine
 *
 * Finds out whether keys and sessions can be kept at present, without asking the person for a password.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_KEYRING, the message of which
 *   says whether there is no keyring or it is locked
 */
DexFuture *
porch_engine_check_keyring (PorchEngine *self)
{
  dex_return_error_if_fail (PORCH_IS_ENGINE (self));

  return porch_keyring_check ();
}

static gboolean
has_sites (PorchEngine  *self,
           PorchAccount *account)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sites)); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i);

      if (porch_site_get_account (site) == account)
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_active_site (PorchEngine  *self,
                 PorchAccount *account)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sites)); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i);
      PorchOperation *operation = porch_site_get_operation (site);

      if (porch_site_get_account (site) == account && operation != NULL && porch_operation_is_active (operation))
        return TRUE;
    }

  return FALSE;
}

static void
forget_sites (PorchEngine  *self,
              PorchAccount *account)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->sites)); i > 0; i--)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i - 1);

      if (porch_site_get_account (site) == account)
        porch_engine_forget_site (self, site);
    }
}

static DexFuture *
remove_account_fiber (gpointer user_data)
{
  Request *request = user_data;
  PorchEngine *self = request->engine;
  g_autoptr(GError) error = NULL;
  guint position;

  /* A keyring that can't be asked must not keep an account from being removed; the person is told */
  if (porch_account_has_secret (request->account) &&
      !porch_account_is_session_only (request->account) &&
      !dex_await (porch_keyring_clear (porch_account_get_id (request->account)), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (!dex_await (porch_store_write (self->store, "DELETE FROM accounts WHERE id = ?",
                                     "s", porch_account_get_id (request->account)), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  forget_sites (self, request->account);

  if (g_list_store_find (self->accounts, request->account, &position))
    g_list_store_remove (self->accounts, position);

  write_accounts_file (self);
  porch_engine_notify_default_account (self);

  return dex_future_new_true ();
}

/**
 * porch_engine_remove_account:
 * @self: an open engine
 * @account: an account without sites
 *
 * Forgets the account and takes its keys out of the keyring. Nothing in the account itself is touched.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_IN_USE if it has sites, or with
 *   %PORCH_ERROR_KEYRING
 */
DexFuture *
porch_engine_remove_account (PorchEngine  *self,
                             PorchAccount *account)
{
  Request *request;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (account));

  if (has_sites (self, account))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_IN_USE,
                                  _("There are sites in “%s”."), porch_account_get_name (account));

  request = request_new (self, NULL, NULL);
  request->account = g_object_ref (account);

  return porch_fiber_spawn (remove_account_fiber, request, request_free, NULL);
}

/**
 * porch_engine_forget_account:
 * @self: an open engine
 * @account: an account
 *
 * Forgets the account and its sites on this computer, and takes its keys out of the keyring. The sites stay online, and
 * are found again when the account is added again.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_BUSY while something is underway
 *   in one of its sites, or with %PORCH_ERROR_KEYRING
 */
DexFuture *
porch_engine_forget_account (PorchEngine  *self,
                             PorchAccount *account)
{
  Request *request;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (account));

  if (has_active_site (self, account))
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_BUSY,
                                  _("Something is underway in a site of “%s”."), porch_account_get_name (account));

  request = request_new (self, NULL, NULL);
  request->account = g_object_ref (account);

  return porch_fiber_spawn (remove_account_fiber, request, request_free, NULL);
}

static gboolean
await_found_site (PorchEngine   *self,
                  PorchAccount  *account,
                  AwsStack      *answer,
                  GError       **error)
{
  const char *id = aws_stack_get_tag (answer, PORCH_STACK_SITE_TAG);
  const char *name = aws_stack_get_output (answer, "SiteName");
  g_autoptr(PorchSite) site = NULL;
  g_autoptr(AwsS3Object) object = NULL;
  g_autoptr(JsonObject) record = NULL;
  g_autofree char *slug = NULL;

  site = porch_site_new (self, account, id, name != NULL ? name : aws_stack_get_name (answer),
                         porch_account_get_region (account));
  porch_site_take_answer (site, answer);
  porch_site_set_state (site, PORCH_SITE_EMPTY);

  /* The record has the newest name; without it the one from the beginning has to do */
  object = dex_await_boxed (porch_site_read_record (site), NULL);

  if (object != NULL)
    record = aws_json_load_object (aws_s3_object_get_body (object), NULL);

  if (record != NULL && porch_plan_check_name (aws_json_get_string (record, "name"), NULL))
    porch_site_set_name (site, aws_json_get_string (record, "name"));

  if (record != NULL)
    porch_site_take_settings (site, aws_json_get_object (record, "settings"));

  slug = porch_plan_dup_slug (porch_site_get_name (site));
  porch_site_set_slug (site, record != NULL && aws_json_get_string (record, "slug") != NULL
                             ? aws_json_get_string (record, "slug") : slug);

  if (!dex_await (porch_site_insert (site), error))
    return FALSE;

  porch_site_list_add (self->sites, site);

  return TRUE;
}

static DexFuture *
import_fiber (gpointer user_data)
{
  Request *request = user_data;
  PorchEngine *self = request->engine;
  g_autoptr(AwsClient) client = porch_account_dup_client (request->account);
  g_autoptr(GPtrArray) stacks = NULL;
  g_autoptr(GError) error = NULL;
  guint found = 0;

  stacks = dex_await_boxed (aws_cloudformation_list_stacks (client, PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE), &error);

  if (stacks == NULL)
    {
      porch_account_note_error (request->account, error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  for (guint i = 0; i < stacks->len; i++)
    {
      AwsStack *answer = g_ptr_array_index (stacks, i);
      const char *id = aws_stack_get_tag (answer, PORCH_STACK_SITE_TAG);

      if (id == NULL || !aws_stack_is_usable (answer) || porch_engine_find_site (self, id) != NULL)
        continue;

      if (!await_found_site (self, request->account, answer, &error))
        return dex_future_new_for_error (g_steal_pointer (&error));

      found++;
    }

  porch_account_note_error (request->account, NULL);

  return dex_future_new_for_uint (found);
}

/**
 * porch_engine_import:
 * @self: an open engine
 * @account: an account
 *
 * Looks for sites that were made in the account from another computer, or that the store has lost, and adds them.
 *
 * Returns: (transfer full): a future that resolves to the number of sites added
 */
DexFuture *
porch_engine_import (PorchEngine  *self,
                     PorchAccount *account)
{
  Request *request;

  dex_return_error_if_fail (PORCH_IS_ENGINE (self));
  dex_return_error_if_fail (PORCH_IS_ACCOUNT (account));

  request = request_new (self, NULL, NULL);
  request->account = g_object_ref (account);

  return porch_fiber_spawn (import_fiber, request, request_free, NULL);
}

static DexFuture *
refresh_fiber (gpointer user_data)
{
  PorchEngine *self = user_data;
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
  guint n_accounts = g_list_model_get_n_items (G_LIST_MODEL (self->accounts));
  guint n_sites;

  for (guint i = 0; i < n_accounts; i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (G_LIST_MODEL (self->accounts), i);

      if (!porch_account_is_practice (account) || self->practice_url != NULL)
        g_ptr_array_add (futures, porch_engine_import (self, account));
    }

  /* Each account and each site keeps its own problem; here only the end of all matters */
  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);

  g_ptr_array_set_size (futures, 0);
  n_sites = g_list_model_get_n_items (G_LIST_MODEL (self->sites));

  for (guint i = 0; i < n_sites; i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i);

      g_ptr_array_add (futures, porch_site_refresh (site));
    }

  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);

  return dex_future_new_true ();
}

/**
 * porch_engine_refresh:
 * @self: an open engine
 *
 * Asks the cloud about all accounts and sites. What fails is told by the accounts and sites themselves.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when all have answered or failed
 */
DexFuture *
porch_engine_refresh (PorchEngine *self)
{
  dex_return_error_if_fail (PORCH_IS_ENGINE (self));

  return porch_fiber_spawn (refresh_fiber, g_object_ref (self), g_object_unref, NULL);
}
