/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-fault.h"
#include "porch-practice-mail.h"
#include "porch-practice-ses.h"
#include "porch-practice-sts.h"

/* Nobody can click the link of a verification mail here, so every address counts as verified, asked for or not.
 * What AWS would check of the address itself is checked. */

typedef JsonObject *(*Operation) (Practice    *practice,
                                  const char  *region,
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

static JsonObject *
send_email (Practice    *practice,
            const char  *region,
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
  if (!write_mail (practice, &letter, error))
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

static JsonObject *
describe_identity (const char *identity)
{
  JsonObject *output = json_object_new ();

  json_object_set_string_member (output, "IdentityType", strchr (identity, '@') ? "EMAIL_ADDRESS" : "DOMAIN");
  json_object_set_boolean_member (output, "VerifiedForSendingStatus", TRUE);

  return output;
}

static JsonObject *
create_identity (Practice    *practice,
                 const char  *region,
                 JsonObject  *input,
                 GError     **error)
{
  const char *identity = require_identity (input, error);
  g_autofree char *known = identity ? practice_db_lookup (practice->db, "SELECT identity FROM mail_identities WHERE region = ? AND identity = ?", "ss", region, identity) : NULL;

  if (identity == NULL)
    return NULL;
  if (known)
    return practice_refuse (error, PRACTICE_FAULT_ALREADY_EXISTS, "Email identity %s already exist.", identity), NULL;
  if (!practice_db_run (practice->db, error, "INSERT INTO mail_identities VALUES (?, ?, ?)", "ssi", region, identity, practice_now ()))
    return NULL;

  return describe_identity (identity);
}

static JsonObject *
get_identity (Practice    *practice,
              const char  *region,
              JsonObject  *input,
              GError     **error)
{
  const char *identity = require_identity (input, error);
  g_autofree char *known = identity ? practice_db_lookup (practice->db, "SELECT identity FROM mail_identities WHERE region = ? AND identity = ?", "ss", region, identity) : NULL;
  JsonObject *output;

  if (identity && known == NULL)
    return practice_refuse (error, PRACTICE_FAULT_NOT_FOUND, "Email identity %s does not exist.", identity), NULL;
  if (identity == NULL)
    return NULL;

  output = describe_identity (identity);
  json_object_set_boolean_member (output, "FeedbackForwardingStatus", TRUE);
  json_object_set_string_member (output, "VerificationStatus", "SUCCESS");

  return output;
}

static JsonObject *
delete_identity (Practice    *practice,
                 const char  *region,
                 JsonObject  *input,
                 GError     **error)
{
  const char *identity = require_identity (input, error);

  if (identity == NULL ||
      !practice_db_run (practice->db, error, "DELETE FROM mail_identities WHERE region = ? AND identity = ?", "ss", region, identity))
    return NULL;
  if (practice_db_changes (practice->db) == 0)
    return practice_refuse (error, PRACTICE_FAULT_NOT_FOUND, "Email identity %s does not exist.", identity), NULL;

  return json_object_new ();
}

static JsonObject *
list_identities (Practice    *practice,
                 const char  *region,
                 JsonObject  *input,
                 GError     **error)
{
  JsonObject *output = json_object_new ();
  JsonArray *list = json_array_new ();
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT identity FROM mail_identities WHERE region = ? ORDER BY identity", "s", region);

  while (practice_rows_next (rows))
    {
      const char *identity = practice_rows_text (rows, 0);
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "IdentityType", strchr (identity, '@') ? "EMAIL_ADDRESS" : "DOMAIN");
      json_object_set_string_member (entry, "IdentityName", identity);
      json_object_set_boolean_member (entry, "SendingEnabled", TRUE);
      json_object_set_string_member (entry, "VerificationStatus", "SUCCESS");
      json_array_add_object_element (list, entry);
    }
  json_object_set_array_member (output, "EmailIdentities", list);

  return output;
}

static JsonObject *
get_account (Practice    *practice,
             const char  *region,
             JsonObject  *input,
             GError     **error)
{
  JsonObject *output = json_object_new ();
  JsonObject *quota = json_object_new ();

  json_object_set_double_member (quota, "Max24HourSend", 200);
  json_object_set_double_member (quota, "MaxSendRate", 1);
  json_object_set_double_member (quota, "SentLast24Hours", 0);
  json_object_set_boolean_member (output, "DedicatedIpAutoWarmupEnabled", FALSE);
  json_object_set_string_member (output, "EnforcementStatus", "HEALTHY");
  json_object_set_boolean_member (output, "ProductionAccessEnabled", FALSE);
  json_object_set_boolean_member (output, "SendingEnabled", TRUE);
  json_object_set_object_member (output, "SendQuota", quota);

  return output;
}

static const struct
{
  const char *name;
  const char *method;
  const char *path;          /* one ending in "/" takes an identity */
  Operation   operation;
} operations[] = {
  { "SendEmail", "POST", "/v2/email/outbound-emails", send_email },
  { "CreateEmailIdentity", "POST", "/v2/email/identities", create_identity },
  { "ListEmailIdentities", "GET", "/v2/email/identities", list_identities },
  { "GetEmailIdentity", "GET", "/v2/email/identities/", get_identity },
  { "DeleteEmailIdentity", "DELETE", "/v2/email/identities/", delete_identity },
  { "GetAccount", "GET", "/v2/email/account", get_account },
};

JsonObject *
practice_mail_call (Practice    *practice,
                    const char  *region,
                    const char  *operation,
                    JsonObject  *input,
                    GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_strcmp0 (operations[i].name, operation) == 0)
      return operations[i].operation (practice, region, input, error);

  practice_refuse (error, PRACTICE_FAULT_UNKNOWN_OPERATION, "Unknown operation: %s", operation);

  return NULL;
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

static const char *
name_operation (PracticeCall *call)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    {
      gsize length = strlen (operations[i].path);

      if (g_str_equal (operations[i].method, call->method) &&
          (g_str_has_suffix (operations[i].path, "/")
           ? g_str_has_prefix (call->raw_path, operations[i].path) && call->raw_path[length] && !strchr (call->raw_path + length, '/')
           : g_str_equal (call->raw_path, operations[i].path)))
        return operations[i].name;
    }

  return NULL;
}

static void
handle (PracticeCall *call)
{
  const char *prefix = "/v2/email/identities/";
  g_autofree char *action = NULL, *resource = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *output;

  if (call->operation == NULL)
    {
      practice_call_answer_unknown_operation (call);
      return;
    }

  if (g_str_has_prefix (call->raw_path, prefix))
    {
      g_autofree char *identity = aws_uri_decode (call->raw_path + strlen (prefix), -1, FALSE);

      json_object_set_string_member (call->json, "EmailIdentity", identity ? identity : "");
    }

  action = g_strconcat ("ses:", call->operation, NULL);
  resource = practice_mail_get_resource (call->practice, call->region, call->json);
  if (!practice_call_authorize (call, action, resource))
    return;

  output = practice_mail_call (call->practice, call->region, call->operation, call->json, &error);
  if (output)
    practice_call_answer_json (call, 200, output);
  else if (error->domain == PRACTICE_FAULT)
    practice_call_answer_error (call, practice_fault_get_status (error), practice_fault_get_code (error), "%s", error->message);
  else
    practice_call_answer_internal (call, error);
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
                           "CREATE TABLE IF NOT EXISTS mail_identities (region TEXT NOT NULL, identity TEXT NOT NULL,"
                           "  created INTEGER NOT NULL, PRIMARY KEY (region, identity)) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &service);

  return TRUE;
}
