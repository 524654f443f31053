/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-sesv2.h"

#include <string.h>

#include "aws-document.h"
#include "aws-error.h"
#include "aws-operations-private.h"
#include "aws-tag.h"

/* Where answers of older regions leave out the zone of the keys */
#define DKIM_ZONE "dkim.amazonses.com"

static const AwsShape tag[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape dkim_attributes[] = {
  { "SigningEnabled", AWS_SHAPE_BOOLEAN },
  { "Status" },
  { "Tokens", AWS_LIST_OF ({ NULL }) },
  { "SigningHostedZone" },
  { NULL }
};

static const AwsShape create_identity_input[] = {
  { "EmailIdentity", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag) }) },
  { NULL }
};

static const AwsShape create_identity_output[] = {
  { "IdentityType" },
  { "VerifiedForSendingStatus", AWS_SHAPE_BOOLEAN },
  { "DkimAttributes", AWS_STRUCTURE (dkim_attributes) },
  { NULL }
};

static const AwsOperation create_identity = {
  "sesv2", "CreateEmailIdentity", "POST", "/v2/email/identities",
  .input = create_identity_input, .output = create_identity_output,
};

static const AwsShape identity_input[] = {
  { "EmailIdentity", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { NULL }
};

static const AwsShape mail_from_attributes[] = {
  { "MailFromDomain" },
  { "MailFromDomainStatus" },
  { "BehaviorOnMxFailure" },
  { NULL }
};

static const AwsShape verification_info[] = {
  { "LastCheckedTimestamp", AWS_SHAPE_TIMESTAMP },
  { "LastSuccessTimestamp", AWS_SHAPE_TIMESTAMP },
  { "ErrorType" },
  { NULL }
};

static const AwsShape get_identity_output[] = {
  { "IdentityType" },
  { "VerifiedForSendingStatus", AWS_SHAPE_BOOLEAN },
  { "DkimAttributes", AWS_STRUCTURE (dkim_attributes) },
  { "MailFromAttributes", AWS_STRUCTURE (mail_from_attributes) },
  { "VerificationStatus" },
  { "VerificationInfo", AWS_STRUCTURE (verification_info) },
  { NULL }
};

static const AwsOperation get_identity = {
  "sesv2", "GetEmailIdentity", "GET", "/v2/email/identities/{EmailIdentity}",
  .input = identity_input, .output = get_identity_output,
};

static const AwsOperation delete_identity = {
  "sesv2", "DeleteEmailIdentity", "DELETE", "/v2/email/identities/{EmailIdentity}", .input = identity_input,
};

static const AwsShape list_identities_input[] = {
  { "NextToken", AWS_SHAPE_STRING, .place = AWS_PLACE_QUERY },
  { "PageSize", AWS_SHAPE_INTEGER, .place = AWS_PLACE_QUERY },
  { NULL }
};

static const AwsShape identity_info[] = {
  { "IdentityType" },
  { "IdentityName" },
  { "SendingEnabled", AWS_SHAPE_BOOLEAN },
  { "VerificationStatus" },
  { NULL }
};

static const AwsShape list_identities_output[] = {
  { "EmailIdentities", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (identity_info) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation list_identities = {
  "sesv2", "ListEmailIdentities", "GET", "/v2/email/identities",
  .input = list_identities_input, .output = list_identities_output, .pages = { "EmailIdentities", "NextToken" },
};

static const AwsShape set_mail_from_input[] = {
  { "EmailIdentity", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "MailFromDomain" },
  { "BehaviorOnMxFailure" },
  { NULL }
};

static const AwsOperation set_mail_from = {
  "sesv2", "PutEmailIdentityMailFromAttributes", "PUT", "/v2/email/identities/{EmailIdentity}/mail-from",
  .input = set_mail_from_input,
};

static const AwsShape send_quota[] = {
  { "Max24HourSend", AWS_SHAPE_DOUBLE },
  { "MaxSendRate", AWS_SHAPE_DOUBLE },
  { "SentLast24Hours", AWS_SHAPE_DOUBLE },
  { NULL }
};

static const AwsShape review_details[] = {
  { "Status" },
  { "CaseId" },
  { NULL }
};

static const AwsShape account_details[] = {
  { "MailType" },
  { "WebsiteURL" },
  { "ContactLanguage" },
  { "ReviewDetails", AWS_STRUCTURE (review_details) },
  { NULL }
};

static const AwsShape get_account_output[] = {
  { "EnforcementStatus" },
  { "ProductionAccessEnabled", AWS_SHAPE_BOOLEAN },
  { "SendQuota", AWS_STRUCTURE (send_quota) },
  { "SendingEnabled", AWS_SHAPE_BOOLEAN },
  { "Details", AWS_STRUCTURE (account_details) },
  { NULL }
};

static const AwsOperation get_account = {
  "sesv2", "GetAccount", "GET", "/v2/email/account", .output = get_account_output,
};

static const AwsShape put_account_details_input[] = {
  { "MailType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "WebsiteURL", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "ContactLanguage" },
  { "AdditionalContactEmailAddresses", AWS_LIST_OF ({ NULL }) },
  { "ProductionAccessEnabled", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsOperation put_account_details = {
  "sesv2", "PutAccountDetails", "POST", "/v2/email/account/details", .input = put_account_details_input,
};

static const AwsShape destination[] = {
  { "ToAddresses", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsShape text[] = {
  { "Data", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Charset" },
  { NULL }
};

static const AwsShape body[] = {
  { "Text", AWS_STRUCTURE (text) },
  { "Html", AWS_STRUCTURE (text) },
  { NULL }
};

static const AwsShape simple[] = {
  { "Subject", AWS_STRUCTURE (text), .flags = AWS_SHAPE_REQUIRED },
  { "Body", AWS_STRUCTURE (body), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape content[] = {
  { "Simple", AWS_STRUCTURE (simple) },
  { NULL }
};

static const AwsShape send_email_input[] = {
  { "FromEmailAddress" },
  { "Destination", AWS_STRUCTURE (destination) },
  { "ReplyToAddresses", AWS_LIST_OF ({ NULL }) },
  { "Content", AWS_STRUCTURE (content), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape send_email_output[] = {
  { "MessageId" },
  { NULL }
};

/* A mail is sent once: an answer that got lost does not say that the mail was */
static const AwsOperation send_email = {
  "sesv2", "SendEmail", "POST", "/v2/email/outbound-emails",
  .input = send_email_input, .output = send_email_output, .attempts = 1,
};

static const AwsShape suppressed_input[] = {
  { "EmailAddress", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { NULL }
};

static const AwsShape suppressed_destination[] = {
  { "EmailAddress" },
  { "Reason" },
  { "LastUpdateTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape suppressed_output[] = {
  { "SuppressedDestination", AWS_STRUCTURE (suppressed_destination) },
  { NULL }
};

static const AwsOperation get_suppressed = {
  "sesv2", "GetSuppressedDestination", "GET", "/v2/email/suppression/addresses/{EmailAddress}",
  .input = suppressed_input, .output = suppressed_output,
};

const AwsOperation * const aws_sesv2_operations[] = {
  &create_identity,
  &get_identity,
  &delete_identity,
  &list_identities,
  &set_mail_from,
  &get_account,
  &put_account_details,
  &send_email,
  &get_suppressed,
  NULL
};

/* Identities */

AWS_DEFINE_DOCUMENT (AwsEmailIdentity, aws_email_identity)

/**
 * aws_email_identity_get_name:
 * @self: an identity of a list
 *
 * Returns: (transfer none) (nullable): the address or the domain
 */
AWS_DOCUMENT_STRING (AwsEmailIdentity, aws_email_identity, name, "IdentityName")

/**
 * aws_email_identity_is_domain:
 * @self: an identity
 *
 * Returns: whether it is a domain rather than an address
 */
gboolean
aws_email_identity_is_domain (AwsEmailIdentity *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (self->document.object, "IdentityType"), "DOMAIN") == 0;
}

/**
 * aws_email_identity_is_verified:
 * @self: an identity
 *
 * Returns: whether mails may come from it
 */
gboolean
aws_email_identity_is_verified (AwsEmailIdentity *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return aws_json_get_bool (self->document.object, "VerifiedForSendingStatus") ||
         (aws_json_get_bool (self->document.object, "SendingEnabled") &&
          g_strcmp0 (aws_json_get_string (self->document.object, "VerificationStatus"), "SUCCESS") == 0);
}

/**
 * aws_email_identity_get_status:
 * @self: an identity that was looked at or is of a list
 *
 * Returns: (transfer none) (nullable): `PENDING` until the link in the mail is opened or the records are found, `SUCCESS`,
 *   `FAILED`, `TEMPORARY_FAILURE` or `NOT_STARTED`
 */
AWS_DOCUMENT_STRING (AwsEmailIdentity, aws_email_identity, status, "VerificationStatus")

/**
 * aws_email_identity_get_verification_error:
 * @self: an identity that was looked at
 *
 * Returns: (transfer none) (nullable): why it could not be verified: `HOST_NOT_FOUND`, `TYPE_NOT_FOUND`, `INVALID_VALUE`,
 *   `DNS_SERVER_ERROR`, `SERVICE_ERROR` and others
 */
AWS_DOCUMENT_INNER_STRING (AwsEmailIdentity, aws_email_identity, verification_error, "VerificationInfo", "ErrorType")

/**
 * aws_email_identity_get_dkim_status:
 * @self: an identity that was made or looked at
 *
 * Returns: (transfer none) (nullable): how it is with the keys in the DNS: `PENDING`, `SUCCESS`, `FAILED`,
 *   `TEMPORARY_FAILURE` or `NOT_STARTED`
 */
AWS_DOCUMENT_INNER_STRING (AwsEmailIdentity, aws_email_identity, dkim_status, "DkimAttributes", "Status")

/**
 * aws_email_identity_dup_dkim_tokens:
 * @self: a domain that was made or looked at
 *
 * The keys in the DNS: for each token, the record `TOKEN._domainkey.DOMAIN` is a CNAME for `TOKEN.ZONE`, with the zone of
 * [method@AwsEmailIdentity.get_dkim_zone].
 *
 * Returns: (transfer full): the tokens, usually three
 */
GStrv
aws_email_identity_dup_dkim_tokens (AwsEmailIdentity *self)
{
  AwsDocument attributes;

  g_return_val_if_fail (self != NULL, NULL);

  attributes.object = aws_json_get_object (self->document.object, "DkimAttributes");
  if (attributes.object == NULL)
    return g_new0 (char *, 1);

  return aws_document_dup_strings (&attributes, "Tokens");
}

/**
 * aws_email_identity_get_dkim_zone:
 * @self: a domain that was made or looked at
 *
 * Returns: (transfer none): where the keys are, not the same in every region
 */
const char *
aws_email_identity_get_dkim_zone (AwsEmailIdentity *self)
{
  JsonObject *attributes;
  const char *zone = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  attributes = aws_json_get_object (self->document.object, "DkimAttributes");
  if (attributes != NULL)
    zone = aws_json_get_string (attributes, "SigningHostedZone");

  return zone != NULL ? zone : DKIM_ZONE;
}

/**
 * aws_email_identity_get_mail_from:
 * @self: a domain that was looked at
 *
 * Returns: (transfer none) (nullable): the domain that mails are returned to, if that was set
 */
AWS_DOCUMENT_INNER_STRING (AwsEmailIdentity, aws_email_identity, mail_from, "MailFromAttributes", "MailFromDomain")

/**
 * aws_email_identity_get_mail_from_status:
 * @self: a domain that was looked at
 *
 * Returns: (transfer none) (nullable): `PENDING`, `SUCCESS`, `FAILED` or `TEMPORARY_FAILURE`
 */
AWS_DOCUMENT_INNER_STRING (AwsEmailIdentity, aws_email_identity, mail_from_status, "MailFromAttributes", "MailFromDomainStatus")

/* Accounts */

AWS_DEFINE_DOCUMENT (AwsEmailAccount, aws_email_account)

/**
 * aws_email_account_has_production_access:
 * @self: an account
 *
 * Returns: whether mails may go to everybody; without it, only to verified addresses and domains
 */
gboolean
aws_email_account_has_production_access (AwsEmailAccount *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return aws_json_get_bool (self->document.object, "ProductionAccessEnabled");
}

/**
 * aws_email_account_can_send:
 * @self: an account
 *
 * Returns: whether mails are sent at all
 */
gboolean
aws_email_account_can_send (AwsEmailAccount *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return aws_json_get_bool (self->document.object, "SendingEnabled");
}

/**
 * aws_email_account_get_enforcement:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): `HEALTHY`, `PROBATION` or `SHUTDOWN`
 */
AWS_DOCUMENT_STRING (AwsEmailAccount, aws_email_account, enforcement, "EnforcementStatus")

static double
get_quota (AwsEmailAccount *self,
           const char      *member)
{
  JsonObject *quota;

  g_return_val_if_fail (self != NULL, 0);

  quota = aws_json_get_object (self->document.object, "SendQuota");

  return quota != NULL ? aws_json_get_double (quota, member, 0) : 0;
}

/**
 * aws_email_account_get_daily_quota:
 * @self: an account
 *
 * Returns: how many mails it may send in 24 hours; -1 for any number
 */
double
aws_email_account_get_daily_quota (AwsEmailAccount *self)
{
  return get_quota (self, "Max24HourSend");
}

/**
 * aws_email_account_get_sent_today:
 * @self: an account
 *
 * Returns: how many mails it has sent in the last 24 hours
 */
double
aws_email_account_get_sent_today (AwsEmailAccount *self)
{
  return get_quota (self, "SentLast24Hours");
}

/**
 * aws_email_account_get_rate:
 * @self: an account
 *
 * Returns: how many mails it may send in a second
 */
double
aws_email_account_get_rate (AwsEmailAccount *self)
{
  return get_quota (self, "MaxSendRate");
}

static const char *
get_review (AwsEmailAccount *self,
            const char      *member)
{
  JsonObject *details;
  JsonObject *review;

  g_return_val_if_fail (self != NULL, NULL);

  details = aws_json_get_object (self->document.object, "Details");
  review = details != NULL ? aws_json_get_object (details, "ReviewDetails") : NULL;

  return review != NULL ? aws_json_get_string (review, member) : NULL;
}

/**
 * aws_email_account_get_review_status:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): what came of asking for production access: `PENDING`, `GRANTED`, `DENIED` or `FAILED`
 */
const char *
aws_email_account_get_review_status (AwsEmailAccount *self)
{
  return get_review (self, "Status");
}

/**
 * aws_email_account_get_review_case:
 * @self: an account
 *
 * Returns: (transfer none) (nullable): the support case in which it is decided
 */
const char *
aws_email_account_get_review_case (AwsEmailAccount *self)
{
  return get_review (self, "CaseId");
}

/* Mails */

AWS_DEFINE_DOCUMENT (AwsEmail, aws_email)

static JsonObject *
new_text (const char *data)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "Data", data);
  json_object_set_string_member (object, "Charset", "UTF-8");

  return object;
}

/**
 * aws_email_new:
 * @sender: an address, or a name and an address: `Site <me@example.com>`
 * @recipients: up to 50 addresses
 * @subject: the subject
 *
 * Begins a mail, which needs a text or HTML besides.
 *
 * Returns: (transfer full): the mail
 */
AwsEmail *
aws_email_new (const char         *sender,
               const char * const *recipients,
               const char         *subject)
{
  g_autoptr(JsonObject) object = json_object_new ();
  JsonObject *to = json_object_new ();
  JsonObject *message = json_object_new ();
  JsonObject *outer = json_object_new ();

  json_object_set_string_member (object, "FromEmailAddress", sender);
  aws_input_set_strings (to, "ToAddresses", recipients);
  json_object_set_object_member (object, "Destination", to);
  json_object_set_object_member (message, "Subject", new_text (subject));
  json_object_set_object_member (message, "Body", json_object_new ());
  json_object_set_object_member (outer, "Simple", message);
  json_object_set_object_member (object, "Content", outer);

  return aws_document_new (object);
}

static void
set_body (AwsEmail   *self,
          const char *member,
          const char *data)
{
  JsonObject *message = aws_json_get_object (aws_json_get_object (self->document.object, "Content"), "Simple");

  json_object_set_object_member (aws_json_get_object (message, "Body"), member, new_text (data));
}

/**
 * aws_email_set_text:
 * @self: a mail that was not sent yet
 * @plain: the text
 *
 * Sets the text.
 */
void
aws_email_set_text (AwsEmail   *self,
                    const char *plain)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (plain != NULL);

  set_body (self, "Text", plain);
}

/**
 * aws_email_set_html:
 * @self: a mail that was not sent yet
 * @html: its text as HTML
 *
 * Sets the text for readers that show HTML.
 */
void
aws_email_set_html (AwsEmail   *self,
                    const char *html)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (html != NULL);

  set_body (self, "Html", html);
}

/**
 * aws_email_set_reply_to:
 * @self: a mail that was not sent yet
 * @addresses: where answers go
 *
 * Sets where answers go if that is not the sender.
 */
void
aws_email_set_reply_to (AwsEmail           *self,
                        const char * const *addresses)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (addresses != NULL);

  aws_input_set_strings (self->document.object, "ReplyToAddresses", addresses);
}

/* Calls */

static JsonObject *
new_identity_input (const char *identity)
{
  JsonObject *input = json_object_new ();

  json_object_set_string_member (input, "EmailIdentity", identity);

  return input;
}

/**
 * aws_sesv2_create_identity:
 * @client: a client
 * @identity: an address, to which a mail with a link is sent that is good for a day; or a domain, which needs records in
 *   the DNS
 * @tags: (nullable): name and value of the first tag, of the second and so on
 *
 * Asks that mails may come from an address or a domain, in the region of @client. `AWS_ERROR_ALREADY_EXISTS` if that was
 * asked before.
 *
 * Returns: (transfer full): resolves to an [struct@AwsEmailIdentity], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_create_identity (AwsClient          *client,
                           const char         *identity,
                           const char * const *tags)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (identity != NULL);

  input = new_identity_input (identity);
  aws_input_set_tags (input, "Tags", tags);

  return aws_operation_call_document (&create_identity, client, input, AWS_TYPE_EMAIL_IDENTITY, NULL);
}

/**
 * aws_sesv2_get_identity:
 * @client: a client
 * @identity: an address or a domain
 *
 * Looks at an identity.
 *
 * Returns: (transfer full): resolves to an [struct@AwsEmailIdentity], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_get_identity (AwsClient  *client,
                        const char *identity)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (identity != NULL);

  return aws_operation_call_document (&get_identity, client, new_identity_input (identity), AWS_TYPE_EMAIL_IDENTITY, NULL);
}

/**
 * aws_sesv2_list_identities:
 * @client: a client
 *
 * Lists the identities in the region of @client.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsEmailIdentity], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_list_identities (AwsClient *client)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_int (input, "PageSize", 1000);

  return aws_operation_call_documents (&list_identities, client, input, AWS_TYPE_EMAIL_IDENTITY);
}

/**
 * aws_sesv2_delete_identity:
 * @client: a client
 * @identity: an address or a domain
 *
 * Deletes an identity, so that no mails may come from it any more. Making it again sends a new mail with a link.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_delete_identity (AwsClient  *client,
                           const char *identity)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (identity != NULL);

  return aws_operation_call_done (&delete_identity, client, new_identity_input (identity));
}

/**
 * aws_sesv2_set_mail_from:
 * @client: a client
 * @identity: a domain
 * @domain: (nullable): a domain below it that mails are returned to, or %NULL for the service's own
 *
 * Says where mails are returned to that can't be delivered. The usual way is taken while the records of @domain are missing.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_set_mail_from (AwsClient  *client,
                         const char *identity,
                         const char *domain)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (identity != NULL);

  input = new_identity_input (identity);
  aws_input_set_string (input, "MailFromDomain", domain);
  aws_input_set_string (input, "BehaviorOnMxFailure", "USE_DEFAULT_VALUE");

  return aws_operation_call_done (&set_mail_from, client, input);
}

/**
 * aws_sesv2_get_account:
 * @client: a client
 *
 * Asks what the account may send in the region of @client.
 *
 * Returns: (transfer full): resolves to an [struct@AwsEmailAccount], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_get_account (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_document (&get_account, client, NULL, AWS_TYPE_EMAIL_ACCOUNT, NULL);
}

/**
 * aws_sesv2_request_production_access:
 * @client: a client
 * @website: the address of the site that the mails are about
 * @language: `EN` or `JA`, in which to answer
 * @contacts: (nullable): up to four addresses that get the answer besides the account's own
 *
 * Asks that mails may go to everybody. People look at it, mostly within a day; `AWS_ERROR_CONFLICT` while they do.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_request_production_access (AwsClient          *client,
                                     const char         *website,
                                     const char         *language,
                                     const char * const *contacts)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (website != NULL);
  dex_return_error_if_fail (language != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "MailType", "TRANSACTIONAL");
  aws_input_set_string (input, "WebsiteURL", website);
  aws_input_set_string (input, "ContactLanguage", language);
  if (contacts != NULL && contacts[0] != NULL)
    aws_input_set_strings (input, "AdditionalContactEmailAddresses", contacts);
  aws_input_set_bool (input, "ProductionAccessEnabled", TRUE);

  return aws_operation_call_done (&put_account_details, client, input);
}

/**
 * aws_sesv2_send:
 * @client: a client
 * @email: a mail
 *
 * Sends a mail, once: it is not tried again if no answer comes.
 *
 * Returns: (transfer full): resolves to the id of the mail, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_send (AwsClient *client,
                AwsEmail  *email)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (email != NULL);

  return aws_operation_call_string (&send_email, client, json_object_ref (email->document.object), "MessageId");
}

static DexFuture *
suppressed_cb (DexFuture *future,
               gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    return dex_future_new_true ();

  return g_error_matches (error, AWS_ERROR, AWS_ERROR_NOT_FOUND) ? dex_future_new_false () : dex_ref (future);
}

/**
 * aws_sesv2_is_suppressed:
 * @client: a client
 * @address: a mail address
 *
 * Asks whether mails to an address are dropped in the region of @client, because one came back or its reader complained.
 * Such mails are accepted all the same.
 *
 * Returns: (transfer full): resolves to a boolean, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_sesv2_is_suppressed (AwsClient  *client,
                         const char *address)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (address != NULL);

  input = json_object_new ();
  json_object_set_string_member (input, "EmailAddress", address);

  return dex_future_finally (aws_operation_call (&get_suppressed, client, input), suppressed_cb, NULL, NULL);
}
