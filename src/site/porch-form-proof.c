/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-proof.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-form-words.h"
#include "porch-mail-identity.h"
#include "porch-site-private.h"

#include "aws-dynamodb.h"
#include "aws-error.h"
#include "aws-json.h"
#include "aws-response.h"
#include "aws-soup.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

/* Agreed with the functions, see data/functions/contact.js */
#define MESSAGES "form#contact"
#define PROOFS   "proof"

#define DAY (24 * 60 * 60)

#define TOO_MANY_REQUESTS 429

/* How long one answer may take, in seconds */
#define ANSWER_TIME 30

/* An answer that says that nothing is there, or that something is broken, is believed when it was given so often; a change
 * of the address may not have reached the nearest edge */
#define LOOKS       4
#define LOOK_PAUSE  2.0
#define QUICK_PAUSE 0.2

/* Until the mail of a message is under way, in seconds: a function that nobody has used for long needs some */
#define MAIL_TIME 40.0

/* A form that failed is tried again the next day, and one that is new waits for its owner at first */
#define AGAIN_DAYS 1
#define NEW_DAYS   1

/**
 * PorchFormProof:
 *
 * Whether the form of a site works: a test message goes through its public address and has to be found in its inbox. The
 * functions know it by a word that is written into the table before and is good for once, so that nobody else can make
 * such a message. It is never shown, and removed afterwards.
 */
struct _PorchFormProof
{
  GObject          parent_instance;

  PorchSite       *site;        /* a weak pointer: the site owns its proof */
  PorchProblem    *problem;
  GDateTime       *proven;
  GDateTime       *tried;
  DexFuture       *running;
  DexFuture       *loading;
  char            *detail;
  char            *receipt;
  PorchProofState  state;       /* of the last try */
  gboolean         is_loaded;
};

/* One try */
typedef struct
{
  PorchFormProof *proof;
  PorchSite      *site;
  AwsClient      *client;
  SoupSession    *session;
  char           *table;
  char           *address;
  char           *nonce;
  char           *key;         /* of the message, once it is known */
  gboolean        with_mail;
  gboolean        is_quick;
} Try;

enum
{
  PROP_STATE = 1,
  PROP_PROVEN,
  PROP_TRIED,
  PROP_PROBLEM,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ENUM_TYPE (PorchProofState, porch_proof_state,
                    G_DEFINE_ENUM_VALUE (PORCH_PROOF_NEVER, "never"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROOF_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROOF_PROVEN, "proven"),
                    G_DEFINE_ENUM_VALUE (PORCH_PROOF_FAILED, "failed"))

G_DEFINE_FINAL_TYPE (PorchFormProof, porch_form_proof, G_TYPE_OBJECT)

static void
porch_form_proof_dispose (GObject *object)
{
  PorchFormProof *self = PORCH_FORM_PROOF (object);

  g_clear_weak_pointer (&self->site);
  g_clear_object (&self->problem);
  dex_clear (&self->running);
  dex_clear (&self->loading);

  G_OBJECT_CLASS (porch_form_proof_parent_class)->dispose (object);
}

static void
porch_form_proof_finalize (GObject *object)
{
  PorchFormProof *self = PORCH_FORM_PROOF (object);

  g_clear_pointer (&self->proven, g_date_time_unref);
  g_clear_pointer (&self->tried, g_date_time_unref);
  g_free (self->detail);
  g_free (self->receipt);

  G_OBJECT_CLASS (porch_form_proof_parent_class)->finalize (object);
}

static void
porch_form_proof_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  PorchFormProof *self = PORCH_FORM_PROOF (object);

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_enum (value, porch_form_proof_get_state (self));
      break;
    case PROP_PROVEN:
      g_value_set_boxed (value, self->proven);
      break;
    case PROP_TRIED:
      g_value_set_boxed (value, self->tried);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_form_proof_class_init (PorchFormProofClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = porch_form_proof_dispose;
  object_class->finalize = porch_form_proof_finalize;
  object_class->get_property = porch_form_proof_get_property;

  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_PROOF_STATE, PORCH_PROOF_NEVER, flags);
  properties[PROP_PROVEN] = g_param_spec_boxed ("proven", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_TRIED] = g_param_spec_boxed ("tried", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_form_proof_init (PorchFormProof *self)
{
}

static void
notify_all (PorchFormProof *self)
{
  g_object_freeze_notify (G_OBJECT (self));

  for (guint i = 1; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);

  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_detail (PorchFormProof *self,
            const char     *detail)
{
  if (g_set_str (&self->detail, detail))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DETAIL]);
}

/**
 * porch_site_get_form_proof:
 * @site: a site
 *
 * Returns: (transfer none): whether its form works; made when it is first asked for
 */
PorchFormProof *
porch_site_get_form_proof (PorchSite *site)
{
  static const char * const key = "porch-form-proof";
  PorchFormProof *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  if ((self = g_object_get_data (G_OBJECT (site), key)) != NULL)
    return self;

  self = g_object_new (PORCH_TYPE_FORM_PROOF, NULL);
  g_set_weak_pointer (&self->site, site);
  g_object_set_data_full (G_OBJECT (site), key, self, g_object_unref);

  /* Nobody waits for it: until it is known nothing is said */
  dex_future_disown (porch_form_proof_load (self));

  return self;
}

/**
 * porch_form_proof_get_state:
 * @self: a proof
 *
 * Returns: whether the form is known to work
 */
PorchProofState
porch_form_proof_get_state (PorchFormProof *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), PORCH_PROOF_NEVER);

  return self->running != NULL ? PORCH_PROOF_RUNNING : self->state;
}

/**
 * porch_form_proof_get_proven:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): when a test message arrived last
 */
GDateTime *
porch_form_proof_get_proven (PorchFormProof *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), NULL);

  return self->proven;
}

/**
 * porch_form_proof_get_tried:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): when a test message was sent last
 */
GDateTime *
porch_form_proof_get_tried (PorchFormProof *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), NULL);

  return self->tried;
}

/**
 * porch_form_proof_get_problem:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): why the last test message did not arrive
 */
PorchProblem *
porch_form_proof_get_problem (PorchFormProof *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), NULL);

  return self->problem;
}

/**
 * porch_form_proof_get_detail:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): what is going on, while a test message is under way
 */
const char *
porch_form_proof_get_detail (PorchFormProof *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), NULL);

  return self->detail;
}

/**
 * porch_form_proof_get_receipt:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): the receipt number that the last test message got
 */
const char *
porch_form_proof_get_receipt (PorchFormProof *self)
{
  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), NULL);

  return self->receipt;
}

static char *
dup_setting (PorchSite *site)
{
  return g_strconcat ("form-proof/", porch_site_get_id (site), NULL);
}

static GDateTime *
load_time (JsonObject *object,
           const char *member)
{
  gint64 seconds = aws_json_get_int (object, member, 0);

  return seconds > 0 ? g_date_time_new_from_unix_local (seconds) : NULL;
}

static void
take_json (PorchFormProof *self,
           JsonObject     *object)
{
  JsonObject *problem = aws_json_get_object (object, "problem");

  g_clear_pointer (&self->proven, g_date_time_unref);
  g_clear_pointer (&self->tried, g_date_time_unref);
  g_clear_object (&self->problem);
  self->proven = load_time (object, "proven");
  self->tried = load_time (object, "tried");
  self->problem = problem != NULL ? porch_problem_from_json (problem) : NULL;
  self->state = self->problem != NULL ? PORCH_PROOF_FAILED : self->proven != NULL ? PORCH_PROOF_PROVEN : PORCH_PROOF_NEVER;
}

static DexFuture *
loaded_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchFormProof *self = user_data;
  const char *text = g_value_get_string (dex_future_get_value (future, NULL));
  g_autoptr(GBytes) bytes = g_bytes_new (text, text != NULL ? strlen (text) : 0);
  g_autoptr(JsonObject) object = text != NULL ? aws_json_load_object (bytes, NULL) : NULL;

  self->is_loaded = TRUE;

  /* Something newer may have been found out meanwhile */
  if (object != NULL && self->tried == NULL)
    {
      take_json (self, object);
      notify_all (self);
    }

  return dex_future_new_true ();
}

/**
 * porch_form_proof_load:
 * @self: a proof
 *
 * Reads what was found out last time.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected if the store can't be read
 */
DexFuture *
porch_form_proof_load (PorchFormProof *self)
{
  g_autofree char *setting = NULL;

  dex_return_error_if_fail (PORCH_IS_FORM_PROOF (self));

  if (self->is_loaded || self->site == NULL)
    return dex_future_new_true ();

  setting = dup_setting (self->site);

  return dex_future_then (porch_store_dup_setting (porch_site_get_store (self->site), setting),
                          loaded_cb, g_object_ref (self), g_object_unref);
}

static DexFuture *
save (PorchFormProof *self,
      PorchSite      *site)
{
  g_autoptr(JsonObject) object = json_object_new ();
  g_autofree char *setting = dup_setting (site);
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  if (self->proven != NULL)
    json_object_set_int_member (object, "proven", g_date_time_to_unix (self->proven));
  if (self->tried != NULL)
    json_object_set_int_member (object, "tried", g_date_time_to_unix (self->tried));
  if (self->problem != NULL)
    json_object_set_object_member (object, "problem", porch_problem_to_json (self->problem));

  bytes = aws_json_object_to_bytes (object);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  return porch_store_set_setting (porch_site_get_store (site), setting, text);
}

static void
try_free (gpointer data)
{
  Try *try = data;

  g_clear_object (&try->proof);
  g_clear_object (&try->site);
  g_clear_object (&try->client);
  g_clear_object (&try->session);
  g_free (try->table);
  g_free (try->address);
  g_free (try->nonce);
  g_free (try->key);
  g_free (try);
}

static char *
make_nonce (void)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_auto(GStrv) parts = g_strsplit (uuid, "-", -1);

  return g_strjoinv ("", parts);
}

static void
await_pause (Try *try)
{
  dex_await (dex_timeout_new_msec (1000 * (try->is_quick ? QUICK_PAUSE : LOOK_PAUSE)), NULL);
}

static AwsItem *
new_key (const char *partition,
         const char *sort_key)
{
  AwsItem *key = aws_item_new ();

  aws_item_set_string (key, "pk", partition);
  aws_item_set_string (key, "sk", sort_key);

  return key;
}

/* Permits one test message */
static gboolean
await_permit (Try     *try,
              GError **error)
{
  g_autoptr(AwsItem) key = new_key (PROOFS, try->nonce);
  g_autoptr(AwsItemChange) change = aws_item_change_new (try->table, key);
  g_autoptr(AwsItem) values = aws_item_new ();

  aws_item_set_int (values, ":end", g_get_real_time () / G_USEC_PER_SEC + DAY);
  aws_item_set_bool (values, ":mail", try->with_mail);
  aws_item_change_set_update (change, "SET #expires = :end, #mail = :mail");
  aws_item_change_add_name (change, "#expires", "expires");
  aws_item_change_add_name (change, "#mail", "wantsMail");
  aws_item_change_set_values (change, values);

  return dex_await (aws_dynamodb_update_item (try->client, change), error);
}

/* NULL without an error: not there */
static AwsItem *
await_item (Try         *try,
            const char  *partition,
            const char  *sort_key,
            GError     **error)
{
  g_autoptr(AwsTableQuery) query = aws_table_query_new (try->table, "pk = :pk AND sk = :sk");
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(GPtrArray) items = NULL;

  aws_item_set_string (values, ":pk", partition);
  aws_item_set_string (values, ":sk", sort_key);
  aws_table_query_set_values (query, values);
  aws_table_query_set_consistent (query, TRUE);

  if ((items = dex_await_boxed (aws_dynamodb_query (try->client, query), error)) == NULL || items->len == 0)
    return NULL;

  return aws_item_ref (g_ptr_array_index (items, 0));
}

static void
await_removed (Try        *try,
               const char *partition,
               const char *sort_key)
{
  g_autoptr(AwsItem) key = new_key (partition, sort_key);
  g_autoptr(AwsItemChange) change = aws_item_change_new (try->table, key);
  g_autoptr(GError) error = NULL;

  /* What stays because of this goes by itself within a day, and is never shown */
  if (!dex_await (aws_dynamodb_delete_item (try->client, change), &error))
    g_debug ("A test message stays for a day: %s", error->message);
}

static SoupMessage *
build_message (Try     *try,
               GError **error)
{
  const char *path = porch_site_get_form_path (try->site);
  g_autofree char *url = g_strconcat (try->address, path + 1, NULL);
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, error);
  g_autofree char *form = NULL;
  g_autoptr(GBytes) body = NULL;
  SoupMessage *message;

  if (uri == NULL)
    return NULL;

  form = soup_form_encode ("name", "Porchlight",
                           "message", _("This is a test of your contact form. Nobody wrote to you."),
                           "_lang", C_("language code", "en"),
                           "_proof", try->nonce,
                           NULL);
  body = g_bytes_new_take (form, strlen (form));
  g_steal_pointer (&form);

  message = soup_message_new_from_uri ("POST", uri);
  soup_message_set_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);

  /* As a browser does whose visitor presses the button */
  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "text/html");

  return message;
}

static gboolean
fail (GError     **error,
      int          code,
      const char  *sentence,
      const char  *details)
{
  g_autoptr(GError) own = g_error_new_literal (PORCH_ERROR, code, sentence);

  if (details != NULL)
    porch_error_set_details (own, details);
  g_propagate_error (error, g_steal_pointer (&own));

  return FALSE;
}

static gboolean
judge_answer (Try          *try,
              SoupMessage  *message,
              GError      **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *receipt = soup_message_headers_get_one (headers, "X-Porchlight-Receipt");
  guint status = soup_message_get_status (message);
  g_autofree char *details = g_strdup_printf ("POST %s: %u", porch_site_get_form_path (try->site), status);

  if (soup_message_headers_get_one (headers, "X-Amz-Cf-Id") == NULL)
    return fail (error, PORCH_ERROR_FORM_SILENT,
                 _("Something between this computer and the site answers in its place."), details);

  if (status >= 500)
    return fail (error, PORCH_ERROR_FORM_SILENT,
                 _("The form answers with an error. Visitors are told that their message did not arrive."), details);

  if (status == TOO_MANY_REQUESTS)
    return fail (error, PORCH_ERROR_FORM_SILENT, _("The form gets more messages at the moment than it can take."), details);

  if (status >= 400)
    return fail (error, PORCH_ERROR_FORM_SILENT,
                 _("There is no form where the pages of the site send messages to."), details);

  if (receipt == NULL || *receipt == '\0')
    return fail (error, PORCH_ERROR_FORM_LOST, _("Something else answers where the form should be."), details);

  g_set_str (&try->proof->receipt, receipt);

  return TRUE;
}

/* TRUE with the answer in @sent, also one that is bad */
static gboolean
await_post (Try          *try,
            SoupMessage **sent,
            GError      **error)
{
  g_autoptr(SoupMessage) message = build_message (try, error);
  g_autoptr(AwsResponse) response = NULL;
  g_autoptr(GError) local_error = NULL;

  if (message == NULL)
    return FALSE;

  if ((response = dex_await_boxed (aws_soup_send (try->session, message, NULL), &local_error)) == NULL)
    return fail (error, PORCH_ERROR_FORM_SILENT, _("The address of the site can’t be reached from this computer."),
                 local_error->message);

  g_set_object (sent, message);

  return judge_answer (try, message, error);
}

static gboolean
await_taken (Try          *try,
             SoupMessage **sent,
             GError      **error)
{
  for (guint i = 1;; i++)
    {
      g_autoptr(GError) local_error = NULL;

      set_detail (try->proof, _("Sending a test message to the site…"));

      if (await_post (try, sent, &local_error))
        return TRUE;

      if (i == LOOKS || g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_FORM_LOST))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      await_pause (try);
    }
}

/* The message in the table, or NULL with an error */
static AwsItem *
await_stored (Try     *try,
              GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(AwsItem) permit = NULL;
  g_autoptr(AwsItem) message = NULL;

  set_detail (try->proof, _("Looking for it in the inbox…"));

  if ((permit = await_item (try, PROOFS, try->nonce, &local_error)) != NULL && aws_item_has (permit, "key"))
    {
      g_set_str (&try->key, aws_item_get_string (permit, "key"));
      message = await_item (try, MESSAGES, try->key, &local_error);
    }

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (message == NULL || g_strcmp0 (aws_item_get_string (message, "proof"), try->nonce) != 0)
    fail (error, PORCH_ERROR_FORM_LOST,
          _("The form said that the message has arrived, but it is not in the inbox."), try->proof->receipt);
  else
    return g_steal_pointer (&message);

  return NULL;
}

/* Whether what mails messages has taken notice of this one */
static gboolean
await_mailed (Try     *try,
              GError **error)
{
  gint64 end = g_get_monotonic_time () + MAIL_TIME * G_USEC_PER_SEC;

  set_detail (try->proof, _("Looking whether its mail is sent…"));

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(AwsItem) message = await_item (try, MESSAGES, try->key, &local_error);
      g_autoptr(AwsItem) mail = message != NULL ? aws_item_dup_map (message, "mail") : NULL;
      const char *state = mail != NULL ? aws_item_get_string (mail, "state") : NULL;

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (g_strcmp0 (state, "proven") == 0 || g_strcmp0 (state, "mailed") == 0)
        return TRUE;

      if (g_strcmp0 (state, "failed") == 0)
        return fail (error, PORCH_ERROR_FORM_MAIL, _("The message arrived in the inbox, but its mail was refused."),
                     aws_item_get_string (mail, "error"));

      if (g_get_monotonic_time () > end)
        return fail (error, PORCH_ERROR_FORM_MAIL,
                     _("The message arrived in the inbox, but no mail about it was sent within half a minute."), NULL);

      await_pause (try);
    }
}

/* Whether those who are to get mails would; somebody who may not ask that is told nothing */
static gboolean
await_recipients (Try     *try,
                  GError **error)
{
  g_autoptr(PorchMailIdentities) identities = porch_mail_identities_new (try->site);
  g_autoptr(GError) local_error = NULL;
  g_autofree char *sentence = NULL;
  PorchMailIdentity *identity;

  if (!dex_await (porch_mail_identities_look (identities), &local_error) || porch_mail_identities_get_ready (identities))
    return TRUE;

  if (!porch_mail_identities_get_can_send (identities))
    return fail (error, PORCH_ERROR_FORM_MAIL, _("The account may not send mail at the moment."), NULL);

  if ((identity = porch_mail_identities_get_hindrance (identities)) == NULL)
    return TRUE;

  if (porch_mail_identity_get_state (identity) == PORCH_MAIL_IDENTITY_RETURNED)
    /* Translators: %s is a mail address */
    sentence = g_strdup_printf (_("A mail to %s came back, so that the provider sends no more there. Choose another address."),
                                porch_mail_identity_get_mail (identity));
  else
    /* Translators: %s is a mail address */
    sentence = g_strdup_printf (_("Nobody has opened the link in the mail to %s yet."), porch_mail_identity_get_mail (identity));

  return fail (error, PORCH_ERROR_FORM_MAIL, sentence, NULL);
}

/* What visitors see afterwards */
static gboolean
await_thanks (Try          *try,
              SoupMessage  *sent,
              GError      **error)
{
  const char *location = soup_message_headers_get_one (soup_message_get_response_headers (sent), "Location");
  g_autoptr(GUri) uri = location != NULL ? g_uri_parse_relative (soup_message_get_uri (sent), location, SOUP_HTTP_URI_FLAGS, NULL) : NULL;
  g_autoptr(SoupMessage) message = uri != NULL ? soup_message_new_from_uri ("GET", uri) : NULL;
  g_autoptr(AwsResponse) response = NULL;
  g_autofree char *sentence = NULL;

  if (message == NULL)
    return fail (error, PORCH_ERROR_FORM_THANKS, _("Visitors are not told that their message has arrived."), NULL);

  soup_message_headers_replace (soup_message_get_request_headers (message), "Accept", "text/html");
  response = dex_await_boxed (aws_soup_send (try->session, message, NULL), NULL);

  if (response != NULL && soup_message_get_status (message) < 400)
    return TRUE;

  sentence = g_strdup_printf (_("Messages arrive, but visitors see an error afterwards: the page “%s” does not answer."),
                              g_uri_get_path (uri));

  return fail (error, PORCH_ERROR_FORM_THANKS, sentence, NULL);
}

static gboolean
await_try (Try     *try,
           GError **error)
{
  g_autoptr(SoupMessage) sent = NULL;
  g_autoptr(AwsItem) message = NULL;

  /* Also puts right what another version of the app has left, and is no reason to fail */
  dex_await (porch_form_words_send (try->site), NULL);

  if (!await_permit (try, error))
    return FALSE;

  return await_taken (try, &sent, error) &&
         (message = await_stored (try, error)) != NULL &&
         await_mailed (try, error) &&
         await_recipients (try, error) &&
         await_thanks (try, sent, error);
}

/* What the form is to blame for, and not the connection of this computer or the rights of its owner */
static gboolean
is_verdict (const GError *error)
{
  return g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORM_SILENT) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORM_LOST) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORM_MAIL) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_FORM_THANKS);
}

static void
take_verdict (PorchFormProof *self,
              const GError   *error)
{
  g_clear_object (&self->problem);
  g_clear_pointer (&self->tried, g_date_time_unref);
  self->tried = g_date_time_new_now_local ();
  self->state = error == NULL ? PORCH_PROOF_PROVEN : PORCH_PROOF_FAILED;
  self->is_loaded = TRUE;

  if (error == NULL)
    {
      g_clear_pointer (&self->proven, g_date_time_unref);
      self->proven = g_date_time_ref (self->tried);
    }
  else
    {
      self->problem = porch_problem_from_error (error);
    }
}

static gboolean
prepare (Try     *try,
         GError **error)
{
  PorchSite *site = try->site;

  if (!porch_site_get_form_enabled (site) || porch_site_get_table (site) == NULL || porch_site_get_address (site) == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FORM_OFF, _("The site takes no messages."));
      return FALSE;
    }

  try->client = porch_site_dup_client (site);
  try->table = g_strdup (porch_site_get_table (site));
  try->address = g_strdup (porch_site_get_address (site));
  try->nonce = make_nonce ();
  try->is_quick = porch_account_get_endpoint (porch_site_get_account (site)) != NULL;
  try->session = soup_session_new_with_options ("timeout", ANSWER_TIME, "user-agent", "Porchlight", NULL);

  return TRUE;
}

static DexFuture *
run_fiber (gpointer user_data)
{
  Try *try = user_data;
  PorchFormProof *self = try->proof;
  g_autoptr(GError) error = NULL;

  /* What was found out before is not to come after this */
  dex_await (porch_form_proof_load (self), NULL);

  if (prepare (try, &error))
    {
      await_try (try, &error);

      if (try->key != NULL)
        await_removed (try, MESSAGES, try->key);
      await_removed (try, PROOFS, try->nonce);
    }

  if (error == NULL || is_verdict (error))
    {
      take_verdict (self, error);
      dex_await (save (self, try->site), NULL);
    }

  dex_clear (&self->running);
  g_set_str (&self->detail, NULL);
  notify_all (self);

  return error != NULL ? dex_future_new_for_error (g_steal_pointer (&error)) : dex_future_new_true ();
}

static DexFuture *
keep_cb (DexFuture *future,
         gpointer   user_data)
{
  return NULL;
}

/**
 * porch_form_proof_run:
 * @self: a proof
 * @with_mail: whether the test message is also mailed to those who get messages
 *
 * Sends a test message and looks whether it arrives. It is removed again. If one is under way, that one is waited for.
 *
 * Returns: (transfer full): a future that resolves to %TRUE if the form works; is rejected with
 *   %PORCH_ERROR_FORM_SILENT, %PORCH_ERROR_FORM_LOST, %PORCH_ERROR_FORM_MAIL or %PORCH_ERROR_FORM_THANKS if it does not,
 *   which is kept, and with another error if that could not be found out
 */
DexFuture *
porch_form_proof_run (PorchFormProof *self,
                      gboolean        with_mail)
{
  Try *try;

  dex_return_error_if_fail (PORCH_IS_FORM_PROOF (self));

  if (self->site == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("The site is gone."));

  if (self->running == NULL)
    {
      try = g_new0 (Try, 1);
      try->proof = g_object_ref (self);
      try->site = g_object_ref (self->site);
      try->with_mail = with_mail;
      self->running = porch_fiber_spawn (run_fiber, try, try_free, NULL);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }

  return dex_future_finally (dex_ref (self->running), keep_cb, NULL, NULL);
}

/**
 * porch_form_proof_is_due:
 * @self: a proof that was loaded
 * @now: the time
 *
 * Returns: whether the form is to be tried again by itself: a week after it was proven, a day after it failed
 */
gboolean
porch_form_proof_is_due (PorchFormProof *self,
                         GDateTime      *now)
{
  PorchOperation *operation;
  GDateTime *since;
  guint days;

  g_return_val_if_fail (PORCH_IS_FORM_PROOF (self), FALSE);

  if (self->site == NULL || self->running != NULL || !porch_site_get_form_enabled (self->site) ||
      porch_site_get_table (self->site) == NULL)
    return FALSE;

  /* What is being changed may not answer meanwhile */
  operation = porch_site_get_operation (self->site);
  if (operation != NULL && porch_operation_is_active (operation))
    return FALSE;

  since = self->tried != NULL ? self->tried : porch_site_get_created (self->site);
  days = self->state == PORCH_PROOF_PROVEN ? PORCH_FORM_PROOF_DAYS : self->tried != NULL ? AGAIN_DAYS : NEW_DAYS;

  /* A clock that was set back must not put it off for ever */
  return since == NULL || ABS (g_date_time_difference (now, since)) >= days * G_TIME_SPAN_DAY;
}

static DexFuture *
run_due_fiber (gpointer user_data)
{
  PorchEngine *engine = user_data;
  GListModel *sites = porch_engine_get_sites (engine);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    g_ptr_array_add (all, g_list_model_get_item (sites, i));

  for (guint i = 0; i < all->len; i++)
    {
      PorchFormProof *proof = porch_site_get_form_proof (g_ptr_array_index (all, i));
      g_autoptr(GDateTime) now = NULL;

      dex_await (porch_form_proof_load (proof), NULL);
      now = g_date_time_new_now_local ();

      if (!porch_form_proof_is_due (proof, now))
        continue;

      /* What became of it stands in the proof */
      dex_await (porch_form_proof_run (proof, FALSE), NULL);
      n++;
    }

  return dex_future_new_for_uint (n);
}

/**
 * porch_form_proof_run_due:
 * @engine: an engine that is open
 *
 * Tries the forms of all sites whose turn it is, one after the other.
 *
 * Returns: (transfer full): a future that resolves to how many were tried
 */
DexFuture *
porch_form_proof_run_due (PorchEngine *engine)
{
  dex_return_error_if_fail (PORCH_IS_ENGINE (engine));

  return porch_fiber_spawn (run_due_fiber, g_object_ref (engine), g_object_unref, NULL);
}
