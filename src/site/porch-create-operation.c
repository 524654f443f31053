/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-create-operation.h"
#include "porch-area.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-form-words.h"
#include "porch-mail-identity.h"
#include "porch-publisher.h"
#include "porch-removal.h"
#include "porch-site-private.h"
#include "porch-template.h"

#include "aws-error.h"
#include "aws-json.h"
#include "aws-keyvaluestore.h"
#include "aws-soup.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <openssl/rand.h>
#include <string.h>

/* How long the new address may take to answer, in milliseconds */
#define PATIENCE (3 * 60 * 1000)
#define PRACTICE_PATIENCE (20 * 1000)
#define MAX_PAUSE 8000

/* So many names are tried when one after the other is taken */
#define MAX_NAMES 3

/* How long a new store and the role that writes into it may take to be known everywhere, in milliseconds */
#define STORE_PATIENCE (45 * 1000)
#define PRACTICE_STORE_PATIENCE 400

/**
 * PorchCreateOperation:
 *
 * Makes a site: its resources, its first pages, and a look at the address to see that it answers.
 */
struct _PorchCreateOperation
{
  PorchOperation parent_instance;
};

G_DEFINE_FINAL_TYPE (PorchCreateOperation, porch_create_operation, PORCH_TYPE_OPERATION)

static const char *
get_text (PorchOperation *operation,
          const char     *key)
{
  return aws_json_get_string (porch_operation_get_data (operation), key);
}

static void
set_text (PorchOperation *operation,
          const char     *key,
          const char     *value)
{
  json_object_set_string_member (porch_operation_get_data (operation), key, value);
}

/* Letters and digits that can't be mixed up, from the system's own randomness */
static char *
make_random (guint       length,
             const char *alphabet)
{
  g_autofree guchar *bytes = g_malloc (length);
  char *text = g_malloc0 (length + 1);

  if (RAND_bytes (bytes, length) != 1)
    g_error ("This computer gives no random numbers");

  for (guint i = 0; i < length; i++)
    text[i] = alphabet[bytes[i] % strlen (alphabet)];

  return text;
}

#define NAME_ALPHABET   "abcdefghijkmnpqrstuvwxyz23456789"
#define SECRET_ALPHABET "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

static void
make_site (PorchOperation *operation)
{
  PorchEngine *engine = porch_operation_get_engine (operation);
  PorchAccount *account = porch_engine_find_account (engine, get_text (operation, "account"));
  g_autoptr(PorchSite) site = NULL;

  if (account == NULL)
    return;

  site = porch_site_new (engine, account, get_text (operation, "site"), get_text (operation, "name"),
                         get_text (operation, "region"));
  porch_site_set_slug (site, get_text (operation, "slug"));
  porch_site_set_stack_name (site, get_text (operation, "stack"));
  porch_engine_add_site (engine, site);
  porch_operation_set_site (operation, site);
}

static void
porch_create_operation_setup (PorchOperation *operation)
{
  g_autofree char *title = NULL;

  /* Translators: %s is the name of a site */
  title = g_strdup_printf (_("Creating “%s”"), get_text (operation, "name"));
  porch_operation_set_title (operation, title);

  porch_operation_add_step (operation, "prepare", _("Getting everything ready"), 1);
  porch_operation_add_step (operation, "stack", _("Setting up a place for the site"), 20);
  porch_operation_add_step (operation, "connect", _("Connecting the parts"), 1);
  porch_operation_add_step (operation, "publish", _("Putting the pages online"), 8);
  porch_operation_add_step (operation, "check", _("Visiting the new address"), 2);

  if (porch_operation_get_site (operation) == NULL)
    make_site (operation);
}

static PorchSite *
require_site (PorchOperation  *operation,
              GError         **error)
{
  PorchSite *site = porch_operation_get_site (operation);

  if (site == NULL)
    g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_SIGN_IN,
                         _("The account in which the site was being made is not known on this computer any more."));

  return site;
}

static GFile *
dup_content_folder (PorchOperation *operation)
{
  const char *uri = get_text (operation, "folder");

  return uri != NULL ? g_file_new_for_uri (uri) : NULL;
}

/* What the site is to remember instead of the folder, or NULL */
static GFile *
dup_source (PorchOperation *operation)
{
  const char *uri = get_text (operation, "source");

  return uri != NULL ? g_file_new_for_uri (uri) : NULL;
}

static GFile *
choose_folder (PorchOperation *operation)
{
  PorchEngine *engine = porch_operation_get_engine (operation);
  const char *slug = get_text (operation, "slug");
  g_autofree char *other = g_strdup_printf ("%s-%s", slug, get_text (operation, "random"));
  GFile *folder = g_file_new_build_filename (g_file_peek_path (porch_engine_get_folder (engine)), "sites", slug, NULL);

  if (g_file_query_exists (folder, NULL))
    {
      g_object_unref (folder);
      folder = g_file_new_build_filename (g_file_peek_path (porch_engine_get_folder (engine)), "sites", other, NULL);
    }

  return folder;
}

/* The template becomes a folder of the person's own. Its name is written down before the first file is. */
static gboolean
await_template (PorchOperation  *operation,
                GError         **error)
{
  g_autoptr(PorchTemplate) template = porch_template_find (get_text (operation, "template"));
  g_autoptr(GFile) folder = NULL;

  if (template == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND,
                   _("There is no template “%s”."), get_text (operation, "template"));
      return FALSE;
    }

  if ((folder = dup_content_folder (operation)) == NULL)
    {
      g_autofree char *uri = NULL;

      folder = choose_folder (operation);
      uri = g_file_get_uri (folder);
      set_text (operation, "folder", uri);

      if (!dex_await (porch_operation_save (operation), error))
        return FALSE;
    }

  return dex_await (porch_template_write (template, folder, get_text (operation, "name"),
                                          aws_json_get_bool (porch_operation_get_data (operation), "withForm")),
                    error);
}

static gboolean
run_prepare (PorchOperation  *operation,
             GError         **error)
{
  PorchSite *site = require_site (operation, error);
  g_autoptr(GFile) folder = NULL;

  if (site == NULL || !dex_await (porch_site_insert (site), error))
    return FALSE;

  if (get_text (operation, "template") != NULL)
    return await_template (operation, error);

  folder = dup_content_folder (operation);

  return folder == NULL || dex_await (porch_plan_check_folder (folder), error);
}

static JsonObject *
build_parameters (PorchOperation *operation)
{
  JsonObject *parameters = json_object_new ();
  const PorchArea *chosen = porch_area_find (get_text (operation, "area"));
  const PorchArea *area = chosen != NULL ? chosen : porch_area_find_of_region (get_text (operation, "region"));
  gboolean with_form = aws_json_get_bool (porch_operation_get_data (operation), "withForm");
  const char *mail_to = get_text (operation, "mailTo");
  g_auto(GStrv) mails = g_strsplit (mail_to != NULL ? mail_to : "", ",", -1);
  g_autofree char *secret = make_random (48, SECRET_ALPHABET);

  json_object_set_string_member (parameters, "SiteId", get_text (operation, "site"));
  json_object_set_string_member (parameters, "SiteName", get_text (operation, "name"));
  json_object_set_string_member (parameters, "PriceClass", area->price_class);
  json_object_set_string_member (parameters, "StoreEnabled", get_text (operation, "store") != NULL ? "false" : "true");
  json_object_set_string_member (parameters, "FormEnabled", with_form ? "true" : "false");
  json_object_set_string_member (parameters, "KeepMessages", with_form ? "true" : "false");
  json_object_set_string_member (parameters, "Owner", mail_to != NULL ? mail_to : "");
  json_object_set_string_member (parameters, "Sender", mails[0] != NULL ? g_strstrip (mails[0]) : "");

  /* Lives in the resources only; nobody has to know it, so it is written down nowhere else */
  json_object_set_string_member (parameters, "ApiSecret", secret);

  return parameters;
}

/* What an earlier try left behind is cleared away before the next: it can't be mended, only deleted */
static gboolean
await_removed (PorchOperation  *operation,
               PorchStack      *stack,
               gboolean         is_quick,
               GError         **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *token = g_strconcat ("porchlight-", uuid, NULL);

  porch_operation_set_detail (operation, _("Clearing away what the last try left…"));

  return dex_await (porch_stack_delete (stack, token), error) &&
         porch_stack_await_end (stack, operation, is_quick, error);
}

/* From here on the site is made without a store, also after a restart */
static gboolean
await_no_store (PorchOperation  *operation,
                GError         **error)
{
  set_text (operation, "store", "none");

  return dex_await (porch_operation_save (operation), error);
}

/* The names of a site's parts end at random. Where one is taken nevertheless, there are others. */
static gboolean
await_other_name (PorchOperation  *operation,
                  PorchSite       *site,
                  GError         **error)
{
  JsonObject *data = porch_operation_get_data (operation);
  g_autofree char *random = make_random (6, NAME_ALPHABET);
  g_autofree char *stack = g_strdup_printf ("porchlight-%s-%s", get_text (operation, "slug"), random);

  json_object_set_int_member (data, "names", json_object_get_int_member_with_default (data, "names", 0) + 1);
  json_object_remove_member (data, "changeToken");
  set_text (operation, "random", random);
  set_text (operation, "stack", stack);
  porch_site_set_stack_name (site, stack);

  return dex_await (porch_operation_save (operation), error) && dex_await (porch_site_save (site), error);
}

/* What can be made another way if the first does not work, with no question to anybody */
static gboolean
await_way_out (PorchOperation  *operation,
               PorchSite       *site,
               PorchStack      *stack,
               gboolean         is_quick,
               const GError    *failure,
               GError         **error)
{
  const char *failed = porch_stack_get_failed_part (stack);
  const char *details = porch_error_get_details (failure);
  gboolean is_taken = details != NULL && strstr (details, "already exists") != NULL;

  /* After some tries somebody is told, who finds another name chosen when they try again */
  if (g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_STACK) && is_taken)
    {
      if ((porch_stack_exists (stack) && !await_removed (operation, stack, is_quick, error)) ||
          !await_other_name (operation, site, error))
        return FALSE;

      if (json_object_get_int_member (porch_operation_get_data (operation), "names") % MAX_NAMES != 0)
        return TRUE;

      g_propagate_error (error, g_error_copy (failure));
      return FALSE;
    }

  /* Not every account has stores, or may make the role that writes into one. The site can do without. */
  if (g_error_matches (failure, PORCH_ERROR, PORCH_ERROR_STACK) && get_text (operation, "store") == NULL &&
      (g_strcmp0 (failed, "Store") == 0 || g_strcmp0 (failed, "Publisher") == 0))
    return await_no_store (operation, error) && await_removed (operation, stack, is_quick, error);

  g_propagate_error (error, g_error_copy (failure));

  return FALSE;
}

/* One that was deleted, or has another name now, is another one */
static void
renew_stack (PorchOperation  *operation,
             PorchSite       *site,
             AwsClient       *client,
             PorchStack     **stack)
{
  g_object_unref (*stack);
  *stack = porch_stack_new (client, get_text (operation, "stack"), porch_site_get_id (site));
}

static gboolean
await_stack (PorchOperation  *operation,
             PorchSite       *site,
             AwsClient       *client,
             PorchStack     **stack,
             gboolean         is_quick,
             GError         **error)
{
  for (;;)
    {
      g_autoptr(JsonObject) parameters = build_parameters (operation);
      g_autoptr(GError) failure = NULL;

      if (porch_stack_await_creation (*stack, operation, parameters, &failure))
        return TRUE;

      if (!await_way_out (operation, site, *stack, is_quick, failure, error))
        return FALSE;

      renew_stack (operation, site, client, stack);
    }
}

static gboolean
try_store (PorchOperation  *operation,
           AwsClient       *client,
           const char      *arn,
           const char      *role,
           GError         **error)
{
  g_autoptr(AwsClient) store_client = NULL;
  g_autoptr(AwsKeyValueStore) store = NULL;

  if (!(store_client = dex_await_object (porch_operation_until_stopped (operation, aws_keyvaluestore_find_client (client, arn, role)),
                                         error)))
    return FALSE;

  store = dex_await_boxed (porch_operation_until_stopped (operation, aws_keyvaluestore_describe (store_client, arn)), error);

  return store != NULL;
}

/* Whether the store that was made lets us in; FALSE without an error if it never will */
static gboolean
await_store (PorchOperation  *operation,
             AwsClient       *client,
             PorchStack      *stack,
             gboolean         is_quick,
             GError         **error)
{
  const char *arn = aws_stack_get_output (porch_stack_get_answer (stack), "StoreArn");
  const char *role = aws_stack_get_output (porch_stack_get_answer (stack), "PublisherRole");
  gint64 end = g_get_monotonic_time () / 1000 + (is_quick ? PRACTICE_STORE_PATIENCE : STORE_PATIENCE);
  guint pause = is_quick ? 50 : 1000;

  if (arn == NULL)
    return TRUE;

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      gboolean is_denied;

      if (try_store (operation, client, arn, role, &local_error))
        return TRUE;

      if (g_error_matches (local_error, AWS_ERROR, AWS_ERROR_LIMIT))
        return FALSE;

      /* Both may be too new to be known where they are asked for */
      is_denied = g_error_matches (local_error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);

      if (is_denied && g_get_monotonic_time () / 1000 > end)
        return FALSE;

      if ((!is_denied && !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND)) || g_get_monotonic_time () / 1000 > end)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (!dex_await (porch_operation_until_stopped (operation, dex_future_new_true ()), error))
        return FALSE;

      dex_await (porch_operation_until_stopped (operation, dex_timeout_new_msec (pause)), NULL);
      pause = MIN (pause * 2, MAX_PAUSE);
    }
}

static gboolean
await_store_removed (PorchOperation  *operation,
                     PorchStack      *stack,
                     GError         **error)
{
  g_autoptr(JsonObject) parameters = json_object_new ();

  json_object_set_string_member (parameters, "StoreEnabled", "false");

  return await_no_store (operation, error) && porch_stack_await_change (stack, operation, parameters, error);
}

static gboolean
await_usable (PorchOperation  *operation,
              PorchSite       *site,
              AwsClient       *client,
              PorchStack     **stack,
              gboolean         is_quick,
              GError         **error)
{
  while (porch_stack_exists (*stack) && !porch_stack_is_ours (*stack))
    {
      if (!await_other_name (operation, site, error))
        return FALSE;

      renew_stack (operation, site, client, stack);

      if (!dex_await (porch_operation_until_stopped (operation, porch_stack_describe (*stack)), error))
        return FALSE;
    }

  /* An earlier try may still be ending, in success or in failure: only its end matters */
  if (porch_stack_exists (*stack) && porch_stack_is_busy (*stack))
    {
      g_autoptr(GError) ended = NULL;

      if (!porch_stack_await_end (*stack, operation, is_quick, &ended) &&
          !g_error_matches (ended, PORCH_ERROR, PORCH_ERROR_STACK))
        {
          g_propagate_error (error, g_steal_pointer (&ended));
          return FALSE;
        }
    }

  if (porch_stack_exists (*stack) && !porch_stack_is_usable (*stack) && !porch_stack_is_empty (*stack))
    {
      if (!await_removed (operation, *stack, is_quick, error))
        return FALSE;

      renew_stack (operation, site, client, stack);
    }

  if (!porch_stack_is_usable (*stack) && !await_stack (operation, site, client, stack, is_quick, error))
    return FALSE;

  if (porch_stack_is_usable (*stack) && porch_stack_is_ours (*stack))
    return TRUE;

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_STACK, _("The site’s parts disappeared while they were made."));

  return FALSE;
}

static gboolean
run_stack (PorchOperation  *operation,
           GError         **error)
{
  PorchSite *site = require_site (operation, error);
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(PorchStack) stack = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_quick;

  if (site == NULL)
    return FALSE;

  is_quick = porch_account_is_practice (porch_site_get_account (site)) ||
             porch_account_get_endpoint (porch_site_get_account (site)) != NULL;
  client = porch_site_dup_client (site);
  stack = porch_stack_new (client, get_text (operation, "stack"), porch_site_get_id (site));

  if (!dex_await (porch_operation_until_stopped (operation, porch_stack_describe (stack)), error) ||
      !await_usable (operation, site, client, &stack, is_quick, error))
    return FALSE;

  if (!await_store (operation, client, stack, is_quick, &local_error) &&
      (local_error != NULL || !await_store_removed (operation, stack, &local_error)))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  porch_site_take_answer (site, porch_stack_get_answer (stack));

  return dex_await (porch_site_save (site), error);
}

/* A form works without both: messages are kept, pages around it are in English, and nobody is mailed. So a right that the
 * person lacks is no reason to fail. */
static gboolean
await_form (PorchOperation  *operation,
            PorchSite       *site,
            GError         **error)
{
  g_autoptr(PorchMailIdentities) mails = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!porch_site_get_form_enabled (site))
    return TRUE;

  mails = porch_mail_identities_new (site);

  if ((dex_await (porch_operation_until_stopped (operation, porch_form_words_send (site)), &local_error) &&
       dex_await (porch_operation_until_stopped (operation, porch_mail_identities_ask (mails)), &local_error)) ||
      g_error_matches (local_error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
run_connect (PorchOperation  *operation,
             GError         **error)
{
  PorchSite *site = require_site (operation, error);

  return site != NULL &&
         dex_await (porch_operation_until_stopped (operation, porch_site_write_record (site)), error) &&
         await_form (operation, site, error) &&
         dex_await (porch_site_save (site), error);
}

static void
fraction_cb (PorchPublisher *publisher,
             GParamSpec     *pspec,
             PorchOperation *operation)
{
  g_autofree char *text = porch_publisher_dup_progress (publisher);

  porch_operation_set_step_progress (operation, porch_publisher_get_fraction (publisher));
  porch_operation_set_detail (operation, text);
}

static gboolean
run_publish (PorchOperation  *operation,
             GError         **error)
{
  PorchSite *site = require_site (operation, error);
  g_autoptr(GFile) folder = dup_content_folder (operation);
  g_autoptr(GFile) source = NULL;
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchPublishResult) result = NULL;
  PorchHistory *history;

  if (site == NULL)
    return FALSE;

  porch_site_set_state (site, PORCH_SITE_EMPTY);

  if (folder == NULL)
    return dex_await (porch_site_save (site), error);

  source = dup_source (operation);
  porch_site_set_folder (site, source != NULL ? source : folder);
  target = dex_await_object (porch_operation_until_stopped (operation, porch_site_open_target (site)), error);

  if (target == NULL)
    return FALSE;

  /* What looks private stays out of the first version; the sheet that publishes the next one asks about it */
  publisher = porch_publisher_new (target, folder, _("First version"));
  porch_publisher_set_flags (publisher, PORCH_SCAN_LEAVE_OUT);
  g_signal_connect_object (publisher, "notify::fraction", G_CALLBACK (fraction_cb), operation, G_CONNECT_DEFAULT);
  result = dex_await_boxed (porch_operation_until_stopped (operation, porch_publisher_run (publisher)), error);

  if (result == NULL)
    return FALSE;

  set_text (operation, "release", result->release);
  history = porch_site_get_history (site);

  if (!dex_await (porch_history_refresh (history, target), error))
    return FALSE;

  porch_site_set_live (site, porch_history_get_live (history), NULL);

  return dex_await (porch_site_save (site), error);
}

/* Before anything is published, the friendly page that says so comes with 503: the edge is at work */
static gboolean
is_answer (guint    status,
           gboolean has_pages)
{
  return has_pages ? status == SOUP_STATUS_OK : status == SOUP_STATUS_OK || status == SOUP_STATUS_SERVICE_UNAVAILABLE;
}

static gboolean
run_check (PorchOperation  *operation,
           GError         **error)
{
  PorchSite *site = require_site (operation, error);
  gboolean is_practice = site != NULL && porch_account_get_endpoint (porch_site_get_account (site)) != NULL;
  g_autoptr(SoupSession) session = soup_session_new_with_options ("timeout", 10, "user-agent", "Porchlight", NULL);
  guint64 end = g_get_monotonic_time () / 1000 + (is_practice ? PRACTICE_PATIENCE : PATIENCE);
  guint pause = is_practice ? 50 : 1000;

  if (site == NULL)
    return FALSE;

  /* No proxy knows the names of this computer */
  if (is_practice)
    soup_session_set_proxy_resolver (session, NULL);

  for (;;)
    {
      g_autoptr(SoupMessage) message = soup_message_new ("GET", porch_site_get_address (site));

      /* Whatever goes wrong on the way, the next try may do better */
      dex_await (porch_operation_until_stopped (operation, aws_soup_send (session, message, NULL)), NULL);

      if (!dex_await (porch_operation_until_stopped (operation, dex_future_new_true ()), error))
        return FALSE;

      if (is_answer (soup_message_get_status (message), get_text (operation, "folder") != NULL))
        return TRUE;

      if ((guint64) g_get_monotonic_time () / 1000 > end)
        {
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_ADDRESS,
                       _("The site is set up, but %s does not show it yet."), porch_site_get_address (site));
          return FALSE;
        }

      porch_operation_set_waiting (operation, !is_practice);
      dex_await (porch_operation_until_stopped (operation, dex_timeout_new_msec (pause)), NULL);
      pause = MIN (pause * 2, MAX_PAUSE);
    }
}

static void
take_result (PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);
  JsonObject *result = json_object_new ();

  json_object_set_string_member (result, "id", porch_site_get_id (site));
  json_object_set_string_member (result, "name", porch_site_get_name (site));
  json_object_set_string_member (result, "address", porch_site_get_address (site));

  if (get_text (operation, "release") != NULL)
    json_object_set_string_member (result, "release", get_text (operation, "release"));

  porch_operation_take_result (operation, result);
}

static gboolean
porch_create_operation_await_step (PorchOperation  *operation,
                                   const char      *step,
                                   GError         **error)
{
  static const struct
  {
    const char *step;
    gboolean  (*run) (PorchOperation  *operation,
                      GError         **error);
  } runs[] = {
    { "prepare", run_prepare }, { "stack", run_stack }, { "connect", run_connect },
    { "publish", run_publish }, { "check", run_check },
  };
  PorchSite *site = porch_operation_get_site (operation);

  if (site != NULL && porch_site_get_state (site) == PORCH_SITE_FAILED)
    porch_site_set_state (site, PORCH_SITE_CREATING);

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    if (g_str_equal (runs[i].step, step) && !runs[i].run (operation, error))
      {
        /* Once the resources are there, a failure is one of the pages and not of the site */
        if (site != NULL && porch_site_get_state (site) == PORCH_SITE_CREATING &&
            !porch_operation_is_stopping (operation))
          {
            porch_site_set_state (site, PORCH_SITE_FAILED);
            dex_await (porch_site_save (site), NULL);
          }

        return FALSE;
      }

  if (g_str_equal (step, "check"))
    take_result (operation);

  return TRUE;
}

static DexFuture *
discard_fiber (gpointer user_data)
{
  PorchOperation *operation = user_data;
  PorchSite *site = porch_operation_get_site (operation);
  g_autoptr(GError) error = NULL;

  if (site == NULL)
    return dex_future_new_true ();

  porch_site_set_state (site, PORCH_SITE_DELETING);

  /* What has the name of the site's parts but not its mark was never made by this operation, and stays */
  if (!porch_removal_await_stack (operation, site, &error) && g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_OURS))
    g_clear_error (&error);

  if (error != NULL ||
      !porch_removal_await_files (operation, site, &error) ||
      !porch_removal_await_messages (operation, site, &error) ||
      !porch_removal_await_record (operation, site, &error))
    {
      porch_site_set_state (site, PORCH_SITE_FAILED);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

  return dex_future_new_true ();
}

static DexFuture *
porch_create_operation_discard (PorchOperation *operation)
{
  return porch_fiber_spawn (discard_fiber, g_object_ref (operation), g_object_unref, NULL);
}

static void
porch_create_operation_class_init (PorchCreateOperationClass *klass)
{
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);

  operation_class->kind = "create";
  operation_class->setup = porch_create_operation_setup;
  operation_class->await_step = porch_create_operation_await_step;
  operation_class->discard = porch_create_operation_discard;
}

static void
porch_create_operation_init (PorchCreateOperation *self)
{
}

/**
 * porch_create_operation_new:
 * @engine: the engine
 * @plan: what the person chose
 *
 * Returns: (transfer full): the operation, to be given to [method@Porch.Engine.run_operation]
 */
PorchOperation *
porch_create_operation_new (PorchEngine *engine,
                            PorchPlan   *plan)
{
  PorchOperation *self;
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = NULL;
  g_autofree char *slug = NULL;
  g_autofree char *random = make_random (6, NAME_ALPHABET);
  g_autofree char *stack = NULL;
  GFile *folder;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PORCH_IS_PLAN (plan), NULL);
  g_return_val_if_fail (porch_plan_get_account (plan) != NULL, NULL);

  self = g_object_new (PORCH_TYPE_CREATE_OPERATION, "engine", engine, NULL);
  name = g_strstrip (g_strdup (porch_plan_get_name (plan)));
  slug = porch_plan_dup_slug (name);
  stack = g_strdup_printf ("porchlight-%s-%s", slug, random);
  folder = porch_plan_get_folder (plan);

  set_text (self, "site", id);
  set_text (self, "account", porch_account_get_id (porch_plan_get_account (plan)));
  set_text (self, "name", name);
  set_text (self, "slug", slug);
  set_text (self, "random", random);
  set_text (self, "stack", stack);
  set_text (self, "region", porch_plan_get_region (plan));
  set_text (self, "area", porch_plan_get_area (plan));

  if (folder != NULL)
    {
      g_autofree char *uri = g_file_get_uri (folder);

      set_text (self, "folder", uri);

      if (porch_plan_get_source (plan) != NULL)
        {
          g_autofree char *source = g_file_get_uri (porch_plan_get_source (plan));

          set_text (self, "source", source);
        }
    }
  else if (porch_plan_get_template (plan) != NULL)
    {
      set_text (self, "template", porch_plan_get_template (plan));
    }

  json_object_set_boolean_member (porch_operation_get_data (self), "withForm", porch_plan_get_with_form (plan));

  if (porch_plan_get_with_form (plan) && porch_plan_get_mail_to (plan) != NULL)
    set_text (self, "mailTo", porch_plan_get_mail_to (plan));

  return self;
}
