/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-fault.h"
#include "porch-practice-internet.h"
#include "porch-practice-mail.h"
#include "porch-practice-operations.h"
#include "porch-practice-route53domains.h"
#include "porch-practice-ses.h"
#include "porch-practice-sts.h"

#define LINK_HOST     "email-verification.localhost"
#define LINK_HOURS    24
#define HOUR_USEC     (G_USEC_PER_SEC * G_GINT64_CONSTANT (3600))
#define LOOKING       60.0      /* seconds at AWS from the records of a domain to its verification */
#define REVIEWING     3600.0    /* seconds at AWS until a person has looked at a request */
#define DAILY_QUOTA   200       /* of a sandbox */
#define ALL_QUOTA     50000

/* An address is verified by the link of a mail in the outbox, a domain by its records in the practice Route 53. Mails come
 * from verified ones only, and go to verified ones only until production access is granted.
 *
 * Mails to an address that begins with "bounce" come back, as those to SES's own bounce@simulator.amazonses.com do: they
 * are taken, a letter about it comes to the sender, and the address is suppressed. Mails to such an address are taken as
 * well and go nowhere.
 */

typedef struct
{
  Practice   *practice;
  const char *region;
  const char *failure;      /* a fault: what becomes of a request for production access */
} Context;

typedef JsonObject *(*Operation) (Context     *context,
                                  JsonObject  *input,
                                  GError     **error);

/* The bare address of "Name <address>", or NULL. */
static char *
find_address (const char *text)
{
  const char *start = strrchr (text, '<');
  const char *end = start ? strchr (start, '>') : NULL;

  if (start == NULL)
    return g_strstrip (g_strdup (text));
  if (end == NULL || end[1] != '\0')
    return NULL;

  return g_strndup (start + 1, end - start - 1);
}

static gboolean
check_address (const char  *text,
               GError     **error)
{
  g_autofree char *address = find_address (text);
  const char *at = address ? strrchr (address, '@') : NULL;

  for (const char *c = text; *c; c++)
    if (g_ascii_iscntrl (*c))
      return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Header value contains control characters.");
  if (at == NULL || at == address)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Missing final '@domain'");
  if (at - address > 64)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Local part is too long");
  if (strpbrk (address, " ,;\"()[]\\"))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Local address contains control or whitespace");
  if (!g_regex_match_simple ("^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z]([A-Za-z0-9-]*[A-Za-z0-9])?$", at + 1, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Domain contains illegal character or is not complete");

  return TRUE;
}

static gboolean
read_addresses (JsonObject   *object,
                const char   *name,
                GStrv        *addresses,
                GError      **error)
{
  JsonArray *list = object ? aws_json_get_array (object, name) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      const char *address = aws_json_array_get_string (list, i);

      if (address == NULL || !check_address (address, error))
        return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Illegal address");
      g_strv_builder_add (builder, address);
    }
  *addresses = g_strv_builder_end (builder);

  return TRUE;
}

static const char *
get_data (JsonObject *object,
          const char *name)
{
  JsonObject *content = object ? aws_json_get_object (object, name) : NULL;

  return content ? aws_json_get_string (content, "Data") : NULL;
}

static gboolean
write_mail (Practice                   *practice,
            const PorchPracticeLetter  *letter,
            GError                    **error)
{
  g_autofree char *time = g_date_time_format (letter->date, "%Y%m%dT%H%M%S");
  g_autofree char *name = g_strdup_printf ("%s.%03d-%s.eml", time, g_date_time_get_microsecond (letter->date) / 1000, letter->id);
  g_autofree char *path = g_build_filename (practice->outbox_folder, name, NULL);
  g_autofree char *text = porch_practice_mail_format (letter);

  return g_file_set_contents (path, text, -1, error);
}

char *
practice_mail_link (Practice   *practice,
                    const char *token)
{
  return g_strdup_printf ("http://" LINK_HOST ":%u/?token=%s", practice->port, token);
}

gboolean
practice_mail_deliver (Practice    *practice,
                       const char  *sender,
                       const char  *recipient,
                       const char  *subject,
                       const char  *text,
                       GError     **error)
{
  const char * const to[] = { recipient, NULL };
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *id = practice_uuid ();
  PorchPracticeLetter letter = { 0, };

  letter.id = id;
  letter.date = now;
  letter.sender = sender;
  letter.subject = subject;
  letter.text = text;
  letter.to = to;

  return write_mail (practice, &letter, error);
}

/* Identities */

static char *
make_token (const char *identity,
            const char *region,
            guint       number)
{
  g_autofree char *seed = g_strdup_printf ("%s %s %u", identity, region, number);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  return g_strndup (sum, 32);
}

static char *
make_dkim_zone (const char *region)
{
  return g_strdup_printf ("dkim.%s.amazonses.com", region);
}

/* The three records of a domain */
static gboolean
has_dkim_records (Context    *context,
                  const char *domain)
{
  g_autofree char *zone = make_dkim_zone (context->region);

  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *token = make_token (domain, context->region, i);
      g_autofree char *name = g_strdup_printf ("%s._domainkey.%s", token, domain);
      g_autofree char *expected = g_strdup_printf ("%s.%s", token, zone);
      g_auto(GStrv) values = practice_internet_dup_values (context->practice, name, "CNAME");

      if (values == NULL || values[0] == NULL)
        return FALSE;
      if (g_str_has_suffix (values[0], "."))
        values[0][strlen (values[0]) - 1] = '\0';
      if (g_ascii_strcasecmp (values[0], expected) != 0)
        return FALSE;
    }

  return TRUE;
}

/* NULL when there is no such identity, else PENDING, SUCCESS or FAILED. Domains are looked at again. */
static const char *
get_status (Context    *context,
            const char *identity)
{
  PracticeDb *db = context->practice->db;
  g_autoptr(PracticeRows) rows = practice_db_query (db, "SELECT verified, created, found FROM email_identities WHERE region = ? AND identity = ?",
                                                    "ss", context->region, identity);
  gint64 now = practice_now ();
  gint64 found;

  if (!practice_rows_next (rows))
    return NULL;
  if (practice_rows_int (rows, 0) != 0)
    return "SUCCESS";
  if (strchr (identity, '@') != NULL)
    return now > practice_rows_int (rows, 1) + LINK_HOURS * HOUR_USEC ? "FAILED" : "PENDING";
  if (!has_dkim_records (context, identity))
    return now > practice_rows_int (rows, 1) + 72 * HOUR_USEC ? "FAILED" : "PENDING";

  found = practice_rows_int (rows, 2) != 0 ? practice_rows_int (rows, 2) : now;
  if (now < found + practice_scale_delay (context->practice, LOOKING) * G_GINT64_CONSTANT (1000))
    {
      practice_db_run (db, NULL, "UPDATE email_identities SET found = ? WHERE region = ? AND identity = ?", "iss", found, context->region, identity);

      return "PENDING";
    }

  practice_db_run (db, NULL, "UPDATE email_identities SET verified = 1 WHERE region = ? AND identity = ?", "ss", context->region, identity);

  return "SUCCESS";
}

/* An address is good by itself, by its domain, or by a domain above */
static gboolean
is_verified (Context    *context,
             const char *text)
{
  g_autofree char *address = find_address (text);
  const char *domain = strrchr (address, '@') + 1;

  if (g_strcmp0 (get_status (context, address), "SUCCESS") == 0)
    return TRUE;

  for (; domain != NULL; domain = strchr (domain, '.') != NULL ? strchr (domain, '.') + 1 : NULL)
    if (g_strcmp0 (get_status (context, domain), "SUCCESS") == 0)
      return TRUE;

  return FALSE;
}

/* SES's own addresses for trying things out, good in every sandbox */
static gboolean
is_simulator (const char *text)
{
  g_autofree char *address = find_address (text);

  return g_ascii_strcasecmp (strrchr (address, '@'), "@simulator.amazonses.com") == 0;
}

static gboolean
is_suppressed (Context    *context,
               const char *text)
{
  g_autofree char *address = find_address (text);
  g_autofree char *found = practice_db_lookup (context->practice->db, "SELECT 1 FROM email_suppressed WHERE region = ? AND address = ?",
                                               "ss", context->region, address);

  return found != NULL || g_ascii_strncasecmp (address, "suppressionlist@simulator.", 26) == 0;
}

/* Production access and the review before it */
static const char *
get_review (Context *context)
{
  g_autoptr(PracticeRows) rows = practice_db_query (context->practice->db, "SELECT asked, ready, failure FROM email_accounts WHERE region = ?", "s", context->region);

  if (!practice_rows_next (rows) || practice_rows_int (rows, 0) == 0)
    return NULL;
  if (practice_now () < practice_rows_int (rows, 1))
    return "PENDING";

  return practice_rows_is_null (rows, 2) ? "GRANTED" : "DENIED";
}

static gboolean
has_production_access (Context *context)
{
  return g_strcmp0 (get_review (context), "GRANTED") == 0;
}

static gint64
count_sent (Context *context)
{
  g_autofree char *sent = practice_db_lookup (context->practice->db, "SELECT total (recipients) FROM email_sent WHERE region = ? AND time > ?",
                                              "si", context->region, practice_now () - 24 * HOUR_USEC);

  return g_ascii_strtod (sent, NULL);
}

static void
add_unverified (Context             *context,
                GPtrArray           *unverified,
                const char * const  *addresses)
{
  for (guint i = 0; addresses[i] != NULL; i++)
    if (!is_verified (context, addresses[i]) && !is_simulator (addresses[i]) &&
        !g_ptr_array_find_with_equal_func (unverified, addresses[i], g_str_equal, NULL))
      g_ptr_array_add (unverified, (gpointer) addresses[i]);
}

static gboolean
check_verified (Context                    *context,
                const PorchPracticeLetter  *letter,
                const char * const         *bcc,
                GError                    **error)
{
  const char * const sender[] = { letter->sender, NULL };
  g_autoptr(GPtrArray) unverified = g_ptr_array_new ();
  g_autofree char *list = NULL;
  g_autofree char *region = g_ascii_strup (context->region, -1);

  add_unverified (context, unverified, sender);
  if (!has_production_access (context))
    {
      add_unverified (context, unverified, letter->to);
      add_unverified (context, unverified, letter->cc);
      add_unverified (context, unverified, bcc);
    }
  if (unverified->len == 0)
    return TRUE;

  g_ptr_array_add (unverified, NULL);
  list = g_strjoinv (", ", (char **) unverified->pdata);

  return practice_refuse (error, PRACTICE_FAULT_MESSAGE_REJECTED,
                          "Email address is not verified. The following identities failed the check in region %s: %s", region, list);
}

static gboolean
check_quota (Context  *context,
             guint     recipients,
             GError  **error)
{
  gint64 most = has_production_access (context) ? ALL_QUOTA : DAILY_QUOTA;

  if (count_sent (context) + recipients > most)
    return practice_refuse_as (error, 429, "TooManyRequestsException", "Daily message quota exceeded.");

  return practice_db_run (context->practice->db, error, "INSERT INTO email_sent (region, time, recipients) VALUES (?, ?, ?)", "sii",
                          context->region, practice_now (), (gint64) recipients);
}

/* A mail of the service about one that came back */
static gboolean
bounce (Context                    *context,
        const PorchPracticeLetter  *letter,
        const char                 *recipient,
        GError                    **error)
{
  g_autofree char *address = find_address (recipient);
  g_autofree char *text = g_strdup_printf ("An error occurred while trying to deliver the mail to the following recipients:\n%s\n\n"
                                           "Subject: %s\nMessage-ID: <%s@practice.localhost>\n", address, letter->subject, letter->id);

  if (!is_simulator (recipient) &&
      !practice_db_run (context->practice->db, error,
                        "INSERT OR REPLACE INTO email_suppressed (region, address, reason, time) VALUES (?, ?, 'BOUNCE', ?)", "ssi",
                        context->region, address, practice_now ()))
    return FALSE;

  return practice_mail_deliver (context->practice, "MAILER-DAEMON@amazonses.com", letter->sender,
                                "Delivery Status Notification (Failure)", text, error);
}

/* The recipients a mail reaches */
static gboolean
reach (Context                    *context,
       const PorchPracticeLetter  *letter,
       const char * const         *addresses,
       GStrv                      *reached,
       GError                    **error)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; addresses[i] != NULL; i++)
    {
      g_autofree char *address = find_address (addresses[i]);

      if (is_suppressed (context, addresses[i]))
        continue;
      if (g_ascii_strncasecmp (address, "bounce", strlen ("bounce")) != 0)
        g_strv_builder_add (builder, addresses[i]);
      else if (!bounce (context, letter, addresses[i], error))
        return FALSE;
    }
  *reached = g_strv_builder_end (builder);

  return TRUE;
}

static gboolean
deliver (Context              *context,
         PorchPracticeLetter  *letter,
         const char * const   *bcc,
         GError              **error)
{
  g_auto(GStrv) to = NULL, cc = NULL, hidden = NULL;

  if (!reach (context, letter, letter->to, &to, error) ||
      !reach (context, letter, letter->cc, &cc, error) ||
      !reach (context, letter, bcc, &hidden, error))
    return FALSE;
  if (g_strv_length (to) + g_strv_length (cc) + g_strv_length (hidden) == 0)
    return TRUE;

  letter->to = (const char * const *) to;
  letter->cc = (const char * const *) cc;

  return write_mail (context->practice, letter, error);
}

static JsonObject *
send_email (Context     *context,
            JsonObject  *input,
            GError     **error)
{
  JsonObject *destination = aws_json_get_object (input, "Destination");
  JsonObject *content = aws_json_get_object (input, "Content");
  JsonObject *simple = content ? aws_json_get_object (content, "Simple") : NULL;
  JsonObject *body = simple ? aws_json_get_object (simple, "Body") : NULL;
  g_auto(GStrv) to = NULL, cc = NULL, bcc = NULL, reply_to = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *id = practice_uuid ();
  PorchPracticeLetter letter = { 0, };
  JsonObject *output;

  letter.id = id;
  letter.date = now;
  letter.sender = aws_json_get_string (input, "FromEmailAddress");
  letter.subject = get_data (simple, "Subject");
  letter.text = get_data (body, "Text");
  letter.html = get_data (body, "Html");

  if (content == NULL)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value null at 'content' failed to satisfy constraint: Member must not be null"), NULL;
  if (simple == NULL)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "The practice cloud sends simple mails only, neither raw ones nor templates"), NULL;
  if (letter.subject == NULL || (letter.text == NULL && letter.html == NULL))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Subject and a body of Text or Html are needed"), NULL;
  if (letter.sender == NULL)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "From address is missing"), NULL;

  if (!check_address (letter.sender, error) ||
      !read_addresses (destination, "ToAddresses", &to, error) ||
      !read_addresses (destination, "CcAddresses", &cc, error) ||
      !read_addresses (destination, "BccAddresses", &bcc, error) ||
      !read_addresses (input, "ReplyToAddresses", &reply_to, error))
    return NULL;
  if (g_strv_length (to) + g_strv_length (cc) + g_strv_length (bcc) == 0)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Destination must have at least one address"), NULL;
  if (g_strv_length (to) + g_strv_length (cc) + g_strv_length (bcc) > 50)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Recipient count exceeds 50."), NULL;

  letter.to = (const char * const *) to;
  letter.cc = (const char * const *) cc;
  letter.reply_to = (const char * const *) reply_to;
  if (!check_verified (context, &letter, (const char * const *) bcc, error) ||
      !check_quota (context, g_strv_length (to) + g_strv_length (cc) + g_strv_length (bcc), error) ||
      !deliver (context, &letter, (const char * const *) bcc, error))
    return NULL;

  output = json_object_new ();
  json_object_set_string_member (output, "MessageId", id);

  return output;
}

static const char *
require_identity (JsonObject  *input,
                  GError     **error)
{
  const char *identity = aws_json_get_string (input, "EmailIdentity");
  g_autofree char *probe = NULL;

  if (identity == NULL || *identity == '\0')
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value null at 'emailIdentity' failed to satisfy constraint: Member must not be null"), NULL;

  probe = strchr (identity, '@') ? g_strdup (identity) : g_strconcat ("postmaster@", identity, NULL);

  return check_address (probe, error) ? identity : NULL;
}

static JsonArray *
dup_tags (Context    *context,
          const char *identity)
{
  g_autofree char *text = practice_db_lookup (context->practice->db, "SELECT tags FROM email_identities WHERE region = ? AND identity = ?",
                                              "ss", context->region, identity);
  g_autoptr(JsonNode) node = text != NULL ? json_from_string (text, NULL) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_array_ref (json_node_get_array (node)) : json_array_new ();
}

static void
set_dkim (Context    *context,
          const char *identity,
          const char *status,
          JsonObject *output)
{
  gboolean domain = strchr (identity, '@') == NULL;
  g_autofree char *zone = make_dkim_zone (context->region);
  JsonObject *attributes = json_object_new ();
  JsonArray *tokens = json_array_new ();

  json_object_set_boolean_member (attributes, "SigningEnabled", domain);
  json_object_set_string_member (attributes, "Status", domain ? status : "NOT_STARTED");
  for (guint i = 0; domain && i < 3; i++)
    {
      g_autofree char *token = make_token (identity, context->region, i);

      json_array_add_string_element (tokens, token);
    }
  json_object_set_array_member (attributes, "Tokens", tokens);
  if (domain)
    {
      json_object_set_string_member (attributes, "SigningHostedZone", zone);
      json_object_set_string_member (attributes, "NextSigningKeyLength", "RSA_2048_BIT");
      json_object_set_string_member (attributes, "CurrentSigningKeyLength", "RSA_2048_BIT");
    }
  json_object_set_string_member (attributes, "SigningAttributesOrigin", "AWS_SES");
  json_object_set_object_member (output, "DkimAttributes", attributes);
}

static JsonObject *
describe_identity (Context    *context,
                   const char *identity,
                   const char *status)
{
  JsonObject *output = json_object_new ();

  json_object_set_string_member (output, "IdentityType", strchr (identity, '@') ? "EMAIL_ADDRESS" : "DOMAIN");
  json_object_set_boolean_member (output, "VerifiedForSendingStatus", g_str_equal (status, "SUCCESS"));
  set_dkim (context, identity, status, output);

  return output;
}

static gboolean
send_verification (Context     *context,
                   const char  *address,
                   const char  *token,
                   GError     **error)
{
  g_autofree char *link = practice_mail_link (context->practice, token);
  g_autofree char *subject = NULL;
  g_autofree char *text = NULL;

  subject = g_strdup_printf ("Amazon Web Services – Email Address Verification Request in region %s", context->region);
  text = g_strdup_printf ("Somebody, probably you, wants to send mails from this address: %s\n\n"
                          "If that is right, open this link within %d hours:\n\n%s\n", address, LINK_HOURS, link);

  return practice_mail_deliver (context->practice, "Amazon Web Services <no-reply-aws@amazon.com>", address, subject, text, error);
}

static JsonObject *
create_identity (Context     *context,
                 JsonObject  *input,
                 GError     **error)
{
  const char *identity = require_identity (input, error);
  JsonArray *tags = aws_json_get_array (input, "Tags");
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autofree char *token = practice_uuid ();
  g_autofree char *text = NULL;

  if (identity == NULL)
    return NULL;
  if (get_status (context, identity) != NULL)
    return practice_refuse (error, PRACTICE_FAULT_ALREADY_EXISTS, "Email identity %s already exist.", identity), NULL;
  if (json_object_has_member (input, "DkimSigningAttributes"))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "The practice cloud signs with its own keys only."), NULL;

  json_node_take_array (node, tags != NULL ? json_array_ref (tags) : json_array_new ());
  text = json_to_string (node, FALSE);
  if (!practice_db_run (context->practice->db, error,
                        "INSERT INTO email_identities (region, identity, created, verified, found, token, tags) VALUES (?, ?, ?, 0, 0, ?, ?)",
                        "ssiss", context->region, identity, practice_now (), token, text) ||
      (strchr (identity, '@') != NULL && !send_verification (context, identity, token, error)))
    return NULL;

  return describe_identity (context, identity, "PENDING");
}

/* A domain for returned mails works as soon as its MX and its SPF are there */
static gboolean
has_mail_from_records (Context    *context,
                       const char *domain)
{
  g_autofree char *expected = g_strdup_printf ("10 feedback-smtp.%s.amazonses.com", context->region);
  g_auto(GStrv) exchange = practice_internet_dup_values (context->practice, domain, "MX");
  g_auto(GStrv) texts = practice_internet_dup_values (context->practice, domain, "TXT");
  gboolean allowed = FALSE;

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    allowed |= strstr (texts[i], "v=spf1") != NULL && strstr (texts[i], "include:amazonses.com") != NULL;

  return allowed && exchange != NULL && exchange[0] != NULL && g_str_has_prefix (exchange[0], expected);
}

static void
set_mail_from (Context    *context,
               const char *identity,
               JsonObject *output)
{
  g_autoptr(PracticeRows) rows = practice_db_query (context->practice->db, "SELECT mail_from, mx_failure FROM email_identities WHERE region = ? AND identity = ?",
                                                    "ss", context->region, identity);
  JsonObject *attributes;

  if (!practice_rows_next (rows) || practice_rows_is_null (rows, 0))
    return;

  attributes = json_object_new ();
  json_object_set_string_member (attributes, "MailFromDomain", practice_rows_text (rows, 0));
  json_object_set_string_member (attributes, "MailFromDomainStatus", has_mail_from_records (context, practice_rows_text (rows, 0)) ? "SUCCESS" : "PENDING");
  json_object_set_string_member (attributes, "BehaviorOnMxFailure", practice_rows_text (rows, 1));
  json_object_set_object_member (output, "MailFromAttributes", attributes);
}

static JsonObject *
get_identity (Context     *context,
              JsonObject  *input,
              GError     **error)
{
  const char *identity = require_identity (input, error);
  const char *status = identity ? get_status (context, identity) : NULL;
  JsonObject *output;
  JsonObject *info;

  if (identity && status == NULL)
    return practice_refuse (error, PRACTICE_FAULT_NOT_FOUND, "Email identity %s does not exist.", identity), NULL;
  if (identity == NULL)
    return NULL;

  output = describe_identity (context, identity, status);
  json_object_set_boolean_member (output, "FeedbackForwardingStatus", TRUE);
  json_object_set_string_member (output, "VerificationStatus", status);
  set_mail_from (context, identity, output);
  json_object_set_object_member (output, "Policies", json_object_new ());
  json_object_set_array_member (output, "Tags", dup_tags (context, identity));

  info = json_object_new ();
  if (strchr (identity, '@') == NULL && !g_str_equal (status, "SUCCESS"))
    json_object_set_string_member (info, "ErrorType", "HOST_NOT_FOUND");
  json_object_set_object_member (output, "VerificationInfo", info);

  return output;
}

static JsonObject *
delete_identity (Context     *context,
                 JsonObject  *input,
                 GError     **error)
{
  const char *identity = require_identity (input, error);

  if (identity == NULL ||
      !practice_db_run (context->practice->db, error, "DELETE FROM email_identities WHERE region = ? AND identity = ?", "ss", context->region, identity))
    return NULL;
  if (practice_db_changes (context->practice->db) == 0)
    return practice_refuse (error, PRACTICE_FAULT_NOT_FOUND, "Email identity %s does not exist.", identity), NULL;

  return json_object_new ();
}

static JsonObject *
list_identities (Context     *context,
                 JsonObject  *input,
                 GError     **error)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  JsonObject *output;
  JsonArray *list;
  guint begin, length;

  if (!practice_page_read (input, "NextToken", "PageSize", 1000, "BadRequestException", &begin, &length, error))
    return NULL;

  rows = practice_db_query (context->practice->db, "SELECT identity FROM email_identities WHERE region = ? ORDER BY identity", "s", context->region);
  while (practice_rows_next (rows))
    g_ptr_array_add (all, practice_rows_dup_text (rows, 0));

  list = json_array_new ();
  for (guint i = begin; i < all->len && i - begin < length; i++)
    {
      const char *identity = g_ptr_array_index (all, i);
      const char *status = get_status (context, identity);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "IdentityType", strchr (identity, '@') ? "EMAIL_ADDRESS" : "DOMAIN");
      json_object_set_string_member (entry, "IdentityName", identity);
      json_object_set_boolean_member (entry, "SendingEnabled", g_str_equal (status, "SUCCESS"));
      json_object_set_string_member (entry, "VerificationStatus", status);
      json_array_add_object_element (list, entry);
    }
  output = json_object_new ();
  json_object_set_array_member (output, "EmailIdentities", list);
  practice_page_end (output, "NextToken", begin, length, all->len);

  return output;
}

static JsonObject *
put_mail_from (Context     *context,
               JsonObject  *input,
               GError     **error)
{
  const char *identity = require_identity (input, error);
  const char *domain = aws_json_get_string (input, "MailFromDomain");
  const char *failure = aws_json_get_string (input, "BehaviorOnMxFailure");
  g_autofree char *ending = NULL;

  if (identity == NULL)
    return NULL;
  if (get_status (context, identity) == NULL)
    return practice_refuse (error, PRACTICE_FAULT_NOT_FOUND, "Email identity %s does not exist.", identity), NULL;
  if (failure != NULL && !g_str_equal (failure, "USE_DEFAULT_VALUE") && !g_str_equal (failure, "REJECT_MESSAGE"))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value '%s' at 'behaviorOnMxFailure' failed to satisfy constraint: Member must satisfy enum value set: [USE_DEFAULT_VALUE, REJECT_MESSAGE]", failure), NULL;

  ending = g_strconcat (".", strchr (identity, '@') ? strchr (identity, '@') + 1 : identity, NULL);
  if (domain != NULL && *domain != '\0' && !g_str_has_suffix (domain, ending))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Provided MAIL-FROM domain <%s> is not subdomain of the domain of the identity <%s>.", domain, identity), NULL;

  return practice_db_run (context->practice->db, error, "UPDATE email_identities SET mail_from = ?, mx_failure = ? WHERE region = ? AND identity = ?",
                          "ssss", domain != NULL && *domain != '\0' ? domain : NULL, failure != NULL ? failure : "USE_DEFAULT_VALUE",
                          context->region, identity)
         ? json_object_new () : NULL;
}

/* Addresses that nothing is sent to any more */

static const char *
require_address (JsonObject  *input,
                 GError     **error)
{
  const char *address = aws_json_get_string (input, "EmailAddress");

  if (address == NULL || *address == '\0')
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value null at 'emailAddress' failed to satisfy constraint: Member must not be null"), NULL;

  return check_address (address, error) ? address : NULL;
}

static gboolean
refuse_unsuppressed (const char  *address,
                     GError     **error)
{
  return practice_refuse (error, PRACTICE_FAULT_NOT_FOUND, "Email address %s does not exist on your suppression list.", address);
}

static JsonObject *
describe_suppressed (PracticeRows *rows)
{
  JsonObject *entry = json_object_new ();

  json_object_set_string_member (entry, "EmailAddress", practice_rows_text (rows, 0));
  json_object_set_string_member (entry, "Reason", practice_rows_text (rows, 1));
  json_object_set_double_member (entry, "LastUpdateTime", practice_rows_int (rows, 2) / (double) G_USEC_PER_SEC);

  return entry;
}

static JsonObject *
get_suppressed (Context     *context,
                JsonObject  *input,
                GError     **error)
{
  const char *address = require_address (input, error);
  g_autoptr(PracticeRows) rows = NULL;
  JsonObject *output;

  if (address == NULL)
    return NULL;

  rows = practice_db_query (context->practice->db, "SELECT address, reason, time FROM email_suppressed WHERE region = ? AND address = ?",
                            "ss", context->region, address);
  if (!practice_rows_next (rows))
    return refuse_unsuppressed (address, error), NULL;

  output = json_object_new ();
  json_object_set_object_member (output, "SuppressedDestination", describe_suppressed (rows));

  return output;
}

static JsonObject *
put_suppressed (Context     *context,
                JsonObject  *input,
                GError     **error)
{
  const char *address = require_address (input, error);
  const char *reason = aws_json_get_string (input, "Reason");

  if (address == NULL)
    return NULL;
  if (g_strcmp0 (reason, "BOUNCE") != 0 && g_strcmp0 (reason, "COMPLAINT") != 0)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value '%s' at 'reason' failed to satisfy constraint: Member must satisfy enum value set: [BOUNCE, COMPLAINT]", reason != NULL ? reason : "null"), NULL;

  return practice_db_run (context->practice->db, error, "INSERT OR REPLACE INTO email_suppressed (region, address, reason, time) VALUES (?, ?, ?, ?)",
                          "sssi", context->region, address, reason, practice_now ())
         ? json_object_new () : NULL;
}

static JsonObject *
delete_suppressed (Context     *context,
                   JsonObject  *input,
                   GError     **error)
{
  const char *address = require_address (input, error);

  if (address == NULL ||
      !practice_db_run (context->practice->db, error, "DELETE FROM email_suppressed WHERE region = ? AND address = ?", "ss", context->region, address))
    return NULL;
  if (practice_db_changes (context->practice->db) == 0)
    return refuse_unsuppressed (address, error), NULL;

  return json_object_new ();
}

static JsonObject *
list_suppressed (Context     *context,
                 JsonObject  *input,
                 GError     **error)
{
  g_autoptr(PracticeRows) rows = NULL;
  JsonObject *output;
  JsonArray *list;
  guint begin, length;
  guint at = 0;

  if (!practice_page_read (input, "NextToken", "PageSize", 1000, "BadRequestException", &begin, &length, error))
    return NULL;

  list = json_array_new ();
  rows = practice_db_query (context->practice->db, "SELECT address, reason, time FROM email_suppressed WHERE region = ? ORDER BY address",
                            "s", context->region);
  for (; practice_rows_next (rows); at++)
    if (at >= begin && at - begin < length)
      json_array_add_object_element (list, describe_suppressed (rows));

  output = json_object_new ();
  json_object_set_array_member (output, "SuppressedDestinationSummaries", list);
  practice_page_end (output, "NextToken", begin, length, at);

  return output;
}

/* The account */

static void
set_details (Context    *context,
             JsonObject *output)
{
  g_autoptr(PracticeRows) rows = practice_db_query (context->practice->db, "SELECT details, case_id FROM email_accounts WHERE region = ?", "s", context->region);
  const char *review = get_review (context);
  JsonObject *details;
  JsonObject *object;

  if (!practice_rows_next (rows))
    return;

  details = practice_parse_object (practice_rows_text (rows, 0));
  if (review != NULL)
    {
      object = json_object_new ();
      json_object_set_string_member (object, "Status", review);
      json_object_set_string_member (object, "CaseId", practice_rows_text (rows, 1));
      json_object_set_object_member (details, "ReviewDetails", object);
    }
  json_object_set_object_member (output, "Details", details);
}

static JsonObject *
get_account (Context     *context,
             JsonObject  *input,
             GError     **error)
{
  gboolean production = has_production_access (context);
  JsonObject *output = json_object_new ();
  JsonObject *quota = json_object_new ();
  JsonObject *suppression = json_object_new ();
  JsonArray *reasons = json_array_new ();

  json_object_set_double_member (quota, "Max24HourSend", production ? ALL_QUOTA : DAILY_QUOTA);
  json_object_set_double_member (quota, "MaxSendRate", production ? 14 : 1);
  json_object_set_double_member (quota, "SentLast24Hours", count_sent (context));
  json_object_set_boolean_member (output, "DedicatedIpAutoWarmupEnabled", FALSE);
  json_object_set_string_member (output, "EnforcementStatus", "HEALTHY");
  json_object_set_boolean_member (output, "ProductionAccessEnabled", production);
  json_object_set_boolean_member (output, "SendingEnabled", TRUE);
  json_object_set_object_member (output, "SendQuota", quota);
  json_array_add_string_element (reasons, "BOUNCE");
  json_array_add_string_element (reasons, "COMPLAINT");
  json_object_set_array_member (suppression, "SuppressedReasons", reasons);
  json_object_set_object_member (output, "SuppressionAttributes", suppression);
  set_details (context, output);

  return output;
}

static gboolean
check_details (JsonObject  *input,
               GError     **error)
{
  const char *type = aws_json_get_string (input, "MailType");
  const char *website = aws_json_get_string (input, "WebsiteURL");
  const char *language = aws_json_get_string (input, "ContactLanguage");
  JsonArray *contacts = aws_json_get_array (input, "AdditionalContactEmailAddresses");

  if (g_strcmp0 (type, "MARKETING") != 0 && g_strcmp0 (type, "TRANSACTIONAL") != 0)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value '%s' at 'mailType' failed to satisfy constraint: Member must satisfy enum value set: [MARKETING, TRANSACTIONAL]", type != NULL ? type : "null");
  if (website == NULL || *website == '\0' || strlen (website) > 1000)
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value '%s' at 'websiteURL' failed to satisfy constraint: Member must have length between 1 and 1000", website != NULL ? website : "null");
  if (language != NULL && !g_str_equal (language, "EN") && !g_str_equal (language, "JA"))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value '%s' at 'contactLanguage' failed to satisfy constraint: Member must satisfy enum value set: [EN, JA]", language);
  if (contacts != NULL && (json_array_get_length (contacts) == 0 || json_array_get_length (contacts) > 4))
    return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "1 validation error detected: Value at 'additionalContactEmailAddresses' failed to satisfy constraint: Member must have length between 1 and 4");

  for (guint i = 0; contacts != NULL && i < json_array_get_length (contacts); i++)
    if (aws_json_array_get_string (contacts, i) == NULL || !check_address (aws_json_array_get_string (contacts, i), error))
      return practice_refuse (error, PRACTICE_FAULT_BAD_REQUEST, "Illegal address");

  return TRUE;
}

static JsonObject *
put_account_details (Context     *context,
                     JsonObject  *input,
                     GError     **error)
{
  gboolean wants = aws_json_get_bool (input, "ProductionAccessEnabled");
  gint64 ready = practice_now () + practice_scale_delay (context->practice, REVIEWING) * G_GINT64_CONSTANT (1000);
  g_autofree char *id = NULL;
  g_autofree char *text = NULL;

  if (!check_details (input, error))
    return NULL;
  if (g_strcmp0 (get_review (context), "PENDING") == 0)
    return practice_refuse_as (error, 409, "ConflictException", "There is already an ongoing account details update."), NULL;
  if (has_production_access (context))
    {
      wants = TRUE;
      ready = 0;
    }

  id = g_strdup_printf ("case-%s-practice", context->practice->account);
  if (json_object_has_member (input, "ProductionAccessEnabled"))
    json_object_remove_member (input, "ProductionAccessEnabled");
  text = practice_print_object (input);

  return practice_db_run (context->practice->db, error,
                          "INSERT OR REPLACE INTO email_accounts (region, details, asked, ready, failure, case_id) VALUES (?, ?, ?, ?, ?, ?)",
                          "ssiiss", context->region, text, (gint64) wants, ready, context->failure, id)
         ? json_object_new () : NULL;
}

#define IDENTITIES "/v2/email/identities"
#define SUPPRESSED "/v2/email/suppression/addresses"

static const struct
{
  const char *name;
  const char *method;
  const char *path;
  const char *member;        /* what stands behind the path */
  const char *ending;        /* and behind that */
  Operation   operation;
} operations[] = {
  { "SendEmail", "POST", "/v2/email/outbound-emails", NULL, "", send_email },
  { "CreateEmailIdentity", "POST", IDENTITIES, NULL, "", create_identity },
  { "ListEmailIdentities", "GET", IDENTITIES, NULL, "", list_identities },
  { "GetEmailIdentity", "GET", IDENTITIES, "EmailIdentity", "", get_identity },
  { "DeleteEmailIdentity", "DELETE", IDENTITIES, "EmailIdentity", "", delete_identity },
  { "PutEmailIdentityMailFromAttributes", "PUT", IDENTITIES, "EmailIdentity", "/mail-from", put_mail_from },
  { "ListSuppressedDestinations", "GET", SUPPRESSED, NULL, "", list_suppressed },
  { "GetSuppressedDestination", "GET", SUPPRESSED, "EmailAddress", "", get_suppressed },
  { "PutSuppressedDestination", "PUT", SUPPRESSED, NULL, "", put_suppressed },
  { "DeleteSuppressedDestination", "DELETE", SUPPRESSED, "EmailAddress", "", delete_suppressed },
  { "GetAccount", "GET", "/v2/email/account", NULL, "", get_account },
  { "PutAccountDetails", "POST", "/v2/email/account/details", NULL, "", put_account_details },
};

static JsonObject *
run_operation (Context     *context,
               const char  *operation,
               JsonObject  *input,
               GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_strcmp0 (operations[i].name, operation) == 0)
      return operations[i].operation (context, input, error);

  practice_refuse (error, PRACTICE_FAULT_UNKNOWN_OPERATION, "Unknown operation: %s", operation);

  return NULL;
}

JsonObject *
practice_mail_call (Practice    *practice,
                    const char  *region,
                    const char  *operation,
                    JsonObject  *input,
                    GError     **error)
{
  Context context = { practice, region, NULL };

  return run_operation (&context, operation, input, error);
}

char *
practice_mail_get_resource (Practice   *practice,
                            const char *region,
                            JsonObject *input)
{
  const char *sender = aws_json_get_string (input, "FromEmailAddress");
  const char *identity = sender ? sender : aws_json_get_string (input, "EmailIdentity");
  g_autofree char *address = identity ? find_address (identity) : NULL;

  return g_strdup_printf ("arn:aws:ses:%s:%s:identity/%s", region, practice->account, address ? address : "*");
}

/* Whether a path is that of an operation, and the value in it */
static gboolean
match_path (guint        operation,
            const char  *path,
            char       **value)
{
  const char *ending = operations[operation].ending;
  const char *begin = path + strlen (operations[operation].path);
  const char *end;

  if (!g_str_has_prefix (path, operations[operation].path))
    return FALSE;
  if (operations[operation].member == NULL)
    return *begin == '\0';
  if (*begin != '/')
    return FALSE;

  end = begin + 1 + strcspn (begin + 1, "/");
  if (end == begin + 1 || !g_str_equal (end, ending))
    return FALSE;

  if (value != NULL)
    *value = aws_uri_decode (begin + 1, end - begin - 1, FALSE);

  return TRUE;
}

static const char *
name_operation (PracticeCall *call)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].method, call->method) && match_path (i, call->raw_path, NULL))
      return operations[i].name;

  return NULL;
}

/* Members that are in the path and the query */
static void
collect_input (PracticeCall *call)
{
  const char *token = practice_call_get_query (call, "NextToken");
  const char *size = practice_call_get_query (call, "PageSize");

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      g_autofree char *value = NULL;

      if (g_str_equal (operations[i].name, call->operation) && match_path (i, call->raw_path, &value) && value != NULL)
        json_object_set_string_member (call->json, operations[i].member, value);
    }
  if (token != NULL)
    json_object_set_string_member (call->json, "NextToken", token);
  if (size != NULL)
    json_object_set_int_member (call->json, "PageSize", g_ascii_strtoll (size, NULL, 10));
}

static void
handle (PracticeCall *call)
{
  Context context = { call->practice, call->region, call->failure };
  g_autofree char *action = NULL, *resource = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *output;

  if (call->operation == NULL)
    {
      practice_call_answer_unknown_operation (call);
      return;
    }

  collect_input (call);
  action = g_strconcat ("ses:", call->operation, NULL);
  resource = practice_mail_get_resource (call->practice, call->region, call->json);
  if (!practice_call_authorize (call, action, resource))
    return;

  output = run_operation (&context, call->operation, call->json, &error);
  if (output)
    practice_call_answer_json (call, 200, output);
  else if (practice_fault_is_refusal (error))
    practice_call_answer_error (call, practice_fault_get_status (error), practice_fault_get_code (error), "%s", error->message);
  else
    practice_call_answer_internal (call, error);
}

/* Links of mails */

static gboolean
owns_host (Practice   *practice,
           const char *host)
{
  return g_str_equal (host, LINK_HOST);
}

static void
open_link (PracticeCall *call)
{
  const char *token = practice_call_get_query (call, "token");
  PracticeDb *db = call->practice->db;
  gboolean known = FALSE;

  if (token != NULL)
    known = practice_db_run (db, NULL, "UPDATE email_identities SET verified = 1 WHERE token = ? AND created > ?", "si", token,
                             practice_now () - LINK_HOURS * HOUR_USEC) &&
            practice_db_changes (db) > 0;

  if (known || (token != NULL && practice_route53domains_open_link (call->practice, token)))
    practice_call_answer_text (call, 200, "text/html; charset=utf-8",
                               "<!DOCTYPE html><title>Verified</title><p>The address is verified.</p>");
  else
    practice_call_answer_text (call, 404, "text/html; charset=utf-8",
                               "<!DOCTYPE html><title>Not verified</title><p>This link is not known, or too old.</p>");
}

static const PracticeService service = {
  .name = "ses",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = handle,
  .name_operation = name_operation,
};

gboolean
practice_ses_init (Practice  *practice,
                   GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS email_identities (region TEXT NOT NULL, identity TEXT NOT NULL,"
                           "  created INTEGER NOT NULL, verified INTEGER NOT NULL, found INTEGER NOT NULL, token TEXT NOT NULL, tags TEXT,"
                           "  mail_from TEXT, mx_failure TEXT, PRIMARY KEY (region, identity)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS email_accounts (region TEXT PRIMARY KEY, details TEXT NOT NULL, asked INTEGER NOT NULL,"
                           "  ready INTEGER NOT NULL, failure TEXT, case_id TEXT NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS email_suppressed (region TEXT NOT NULL, address TEXT NOT NULL COLLATE NOCASE,"
                           "  reason TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (region, address)) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS email_sent (region TEXT NOT NULL, time INTEGER NOT NULL, recipients INTEGER NOT NULL);",
                           error))
    return FALSE;

  practice_register_service (practice, &service);
  practice_register_hosts (practice, owns_host, open_link);

  return TRUE;
}
