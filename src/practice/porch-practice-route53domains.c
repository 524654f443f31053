/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-internet-private.h"
#include "porch-practice-operations.h"
#include "porch-practice-route53domains.h"
#include "porch-practice-ses.h"

#define REGION          "us-east-1"
#define REGISTERING     600.0     /* seconds at AWS, half of them SUBMITTED */
#define CHANGING        60.0
#define MOST_DOMAINS    20
#define YEAR_USEC       (G_USEC_PER_SEC * G_GINT64_CONSTANT (31557600))
#define DAY_USEC        (G_USEC_PER_SEC * G_GINT64_CONSTANT (86400))
#define REACHABLE_DAYS  15
#define CODE            "InvalidInput"
#define DEARER          5
#define REFUSAL         "We can't finish registering your domain. Contact AWS Support"
#define NO_ACTION       "The registrant did not take the action that the registry asked for."

/* Domains: nothing is charged, and the registry is this file. A domain is free unless somebody has it, or its name says
 * that it is not: "taken", "premium", "reserved", "pending" (for the first question) and "unknown" at its beginning. The
 * order of one that begins with "refused" fails, of one with "asking" it waits until its owner opens the link of a mail.
 * What ends in .localhost opens in the browser; the others are there to be looked at.
 */

/* Ends of names with their prices: first year, renewal, transfer, restoration */
static const struct
{
  const char *tld;
  double      registration;
  double      renewal;
  double      transfer;
  double      restoration;
  const char *extra;         /* what the owner must say besides */
} tlds[] = {
  { "blog", 31, 31, 31, 89, NULL },
  { "ch", 14, 14, 12, 66, NULL },
  { "click", 3, 12, 12, 66, NULL },
  { "co.uk", 9, 9, 0, 0, "UK_CONTACT_TYPE" },
  { "com", 14, 14, 14, 66, NULL },
  { "de", 10, 10, 10, 52, NULL },
  { "eu", 13, 13, 13, 57, NULL },
  { "fr", 12, 12, 12, 60, NULL },
  { "info", 26, 26, 26, 66, NULL },
  { "io", 71, 71, 71, 111, NULL },
  { "it", 15, 15, 15, 45, "IT_PIN" },
  { "localhost", 14, 14, 14, 66, NULL },
  { "me", 24, 24, 24, 66, NULL },
  { "net", 17, 17, 17, 66, NULL },
  { "org", 14, 14, 14, 66, NULL },
  { "shop", 38, 38, 38, 79, NULL },
  { "uk", 9, 9, 0, 0, "UK_CONTACT_TYPE" },
};

static int
find_tld (const char *domain)
{
  const char *dot = strchr (domain, '.');

  for (guint i = 0; dot != NULL && i < G_N_ELEMENTS (tlds); i++)
    if (g_ascii_strcasecmp (dot + 1, tlds[i].tld) == 0)
      return i;

  return -1;
}

/* Lower case, without a dot at the end */
static char *
read_domain (JsonObject  *input,
             const char  *member,
             GError     **error)
{
  const char *text = practice_input_require (input, member, CODE, error);
  g_autofree char *name = NULL;

  if (text == NULL)
    return NULL;

  name = g_ascii_strdown (text, -1);
  if (g_str_has_suffix (name, "."))
    name[strlen (name) - 1] = '\0';
  if (strlen (name) > 255 || !g_regex_match_simple ("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z0-9-]{2,63}$", name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    {
      practice_refuse_as (error, 400, CODE, "Invalid domain name: %s", text);

      return NULL;
    }
  if (find_tld (name) < 0)
    {
      practice_refuse_as (error, 400, "UnsupportedTLD", "%s tld is not supported", strchr (name, '.') + 1);

      return NULL;
    }

  return g_steal_pointer (&name);
}

static const char *
get_availability (PracticeCall *call,
                  const char   *name)
{
  static const struct
  {
    const char *beginning;
    const char *availability;
  } rules[] = {
    { "taken", "UNAVAILABLE" }, { "premium", "UNAVAILABLE_PREMIUM" }, { "reserved", "RESERVED" },
    { "restricted", "UNAVAILABLE_RESTRICTED" }, { "unknown", "DONT_KNOW" },
  };
  static const char * const known[] = { "amazon.", "aws.", "example.", "gnome.", "google.", "localhost.", "wikipedia." };
  g_autofree char *asked = NULL;

  if (practice_internet_is_taken (call->practice, name))
    return "UNAVAILABLE";
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_prefix (name, known[i]))
      return "UNAVAILABLE";
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_str_has_prefix (name, rules[i].beginning))
      return rules[i].availability;
  if (strchr (name, '.') - name < 3)
    return "INVALID_NAME_FOR_TLD";

  /* A slow registry has an answer when it is asked again */
  if (!g_str_has_prefix (name, "pending"))
    return "AVAILABLE";
  asked = practice_db_lookup (call->practice->db, "SELECT name FROM domains_asked WHERE name = ?", "s", name);
  practice_db_run (call->practice->db, NULL, "INSERT OR IGNORE INTO domains_asked (name) VALUES (?)", "s", name);

  return asked != NULL ? "AVAILABLE" : "PENDING";
}

static JsonObject *
new_answer (const char *name,
            const char *value)
{
  JsonObject *output = json_object_new ();

  json_object_set_string_member (output, name, value);

  return output;
}

static JsonObject *
check_availability (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  g_autofree char *name = read_domain (input, "DomainName", error);

  return name != NULL ? new_answer ("Availability", get_availability (call, name)) : NULL;
}

static JsonObject *
suggest (PracticeCall  *call,
         JsonObject    *input,
         GError       **error)
{
  static const char * const forms[] = {
    "%s", "the%s", "%sonline", "my%s", "%s-site", "get%s", "%shq", "the-%s", "my-%s", "%s-online", "%s-home", "%s24",
  };
  g_autofree char *name = read_domain (input, "DomainName", error);
  g_autofree char *label = NULL;
  gboolean only_available = aws_json_get_bool (input, "OnlyAvailable");
  gint64 count;
  JsonArray *list;
  JsonObject *output;

  if (name == NULL || !practice_input_number (input, "SuggestionCount", 1, 50, 0, CODE, &count, error))
    return NULL;
  if (count == 0 || !json_object_has_member (input, "OnlyAvailable"))
    {
      practice_refuse_as (error, 400, CODE, "SuggestionCount and OnlyAvailable are required.");

      return NULL;
    }

  label = g_strndup (name, strchr (name, '.') - name);
  list = json_array_new ();
  for (guint i = 0; i < G_N_ELEMENTS (forms) * G_N_ELEMENTS (tlds) && json_array_get_length (list) < count; i++)
    {
      const char *form = forms[i / G_N_ELEMENTS (tlds)];
      g_auto(GStrv) parts = g_strsplit (form, "%s", 2);
      g_autofree char *domain = g_strconcat (parts[0], label, parts[1], ".", tlds[i % G_N_ELEMENTS (tlds)].tld, NULL);
      const char *availability = get_availability (call, domain);
      JsonObject *each;

      /* Who asks for a name that opens here wants no other */
      if (g_str_has_suffix (domain, ".localhost") != g_str_has_suffix (name, ".localhost"))
        continue;
      if (g_str_equal (domain, name) || (only_available && !g_str_equal (availability, "AVAILABLE")))
        continue;

      each = new_answer ("DomainName", domain);
      json_object_set_string_member (each, "Availability", availability);
      json_array_add_object_element (list, each);
    }

  output = json_object_new ();
  json_object_set_array_member (output, "SuggestionsList", list);

  return output;
}

static void
set_price (JsonObject *object,
           const char *name,
           double      price)
{
  JsonObject *amount = json_object_new ();

  json_object_set_double_member (amount, "Price", price);
  json_object_set_string_member (amount, "Currency", "USD");
  json_object_set_object_member (object, name, amount);
}

static JsonObject *
list_prices (PracticeCall  *call,
             JsonObject    *input,
             GError       **error)
{
  const char *tld = aws_json_get_string (input, "Tld");
  g_autoptr(GArray) wanted = g_array_new (FALSE, FALSE, sizeof (guint));
  JsonArray *list;
  JsonObject *output;
  guint begin, length;

  if (!practice_page_read (input, "Marker", "MaxItems", 1000, CODE, &begin, &length, error))
    return NULL;

  for (guint i = 0; i < G_N_ELEMENTS (tlds); i++)
    if (tld == NULL || g_ascii_strcasecmp (tld, tlds[i].tld) == 0)
      g_array_append_val (wanted, i);
  if (tld != NULL && wanted->len == 0)
    {
      practice_refuse_as (error, 400, "UnsupportedTLD", "%s tld is not supported", tld);

      return NULL;
    }

  list = json_array_new ();
  for (guint i = begin; i < wanted->len && i - begin < length; i++)
    {
      guint index = g_array_index (wanted, guint, i);
      JsonObject *price = new_answer ("Name", tlds[index].tld);
      double more = g_strcmp0 (call->failure, "dearer") == 0 ? DEARER : 0;

      set_price (price, "RegistrationPrice", tlds[index].registration + more);
      set_price (price, "TransferPrice", tlds[index].transfer);
      set_price (price, "RenewalPrice", tlds[index].renewal + more);
      set_price (price, "ChangeOwnershipPrice", 0);
      set_price (price, "RestorationPrice", tlds[index].restoration);
      json_array_add_object_element (list, price);
    }

  output = json_object_new ();
  json_object_set_array_member (output, "Prices", list);
  practice_page_end (output, "NextPageMarker", begin, length, wanted->len);

  return output;
}

/* Contacts */

static gboolean
has_extra (JsonObject *contact,
           const char *name)
{
  JsonArray *all = aws_json_get_array (contact, "ExtraParams");

  for (guint i = 0; all != NULL && i < json_array_get_length (all); i++)
    {
      JsonObject *each = aws_json_array_get_object (all, i);

      if (each != NULL && g_strcmp0 (aws_json_get_string (each, "Name"), name) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
check_field (JsonObject  *contact,
             const char  *who,
             const char  *name,
             const char  *pattern,
             const char  *wrong,
             GError     **error)
{
  const char *value = aws_json_get_string (contact, name);

  if (value == NULL || *value == '\0')
    return practice_refuse_as (error, 400, CODE, "Errors: [%s: %s can not be empty]", who, name);
  if (pattern != NULL && !g_regex_match_simple (pattern, value, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return practice_refuse_as (error, 400, CODE, "Errors: [%s: %s]", who, wrong);

  return TRUE;
}

static gboolean
check_contact (JsonObject  *input,
               const char  *who,
               const char  *extra,
               GError     **error)
{
  static const char * const types[] = { "PERSON", "COMPANY", "ASSOCIATION", "PUBLIC_BODY", "RESELLER", NULL };
  static const char * const with_states[] = { "AU", "CA", "US", NULL };
  JsonObject *contact = aws_json_get_object (input, who);
  const char *type, *country;

  if (contact == NULL)
    return practice_refuse_as (error, 400, CODE, "1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", who);

  type = aws_json_get_string (contact, "ContactType");
  country = aws_json_get_string (contact, "CountryCode");
  if (type == NULL || !g_strv_contains (types, type))
    return practice_refuse_as (error, 400, CODE, "Errors: [%s: Contact type is not valid]", who);
  if (!check_field (contact, who, "FirstName", NULL, NULL, error) || !check_field (contact, who, "LastName", NULL, NULL, error) ||
      !check_field (contact, who, "AddressLine1", NULL, NULL, error) || !check_field (contact, who, "City", NULL, NULL, error) ||
      !check_field (contact, who, "CountryCode", "^[A-Z]{2}$", "Country code is not valid", error) ||
      !check_field (contact, who, "PhoneNumber", "^\\+[0-9]{1,3}\\.[0-9]{4,14}$", "Phone number is not valid. It must have the format +[country dialing code].[number including any area code]", error) ||
      !check_field (contact, who, "Email", "^[^@ ]+@[^@ ]+\\.[^@ ]+$", "Email is not valid", error) ||
      (!g_str_equal (type, "PERSON") && !check_field (contact, who, "OrganizationName", NULL, NULL, error)) ||
      (g_strv_contains (with_states, country) && !check_field (contact, who, "State", NULL, NULL, error)) ||
      (!g_str_equal (country, "HK") && !check_field (contact, who, "ZipCode", NULL, NULL, error)))
    return FALSE;
  if (extra != NULL && !has_extra (contact, extra))
    return practice_refuse_as (error, 400, "TLDRulesViolation", "Errors: [%s: %s is required for this top-level domain]", who, extra);

  return TRUE;
}

/* Operations: they are SUBMITTED, then IN_PROGRESS, and end at a time that is written down when they begin */

static void finish_later (Practice *practice);

static char *
add_operation (PracticeCall  *call,
               const char    *domain,
               const char    *type,
               double         seconds,
               const char    *message,
               const char    *work,
               GError       **error)
{
  g_autofree char *id = practice_uuid ();
  gint64 now = practice_now ();
  gint64 ready = now + practice_scale_delay (call->practice, seconds) * G_GINT64_CONSTANT (1000);

  if (!practice_db_run (call->practice->db, error,
                        "INSERT INTO domain_operations (id, domain, type, submitted, ready, message, work, done) VALUES (?, ?, ?, ?, ?, ?, ?, 0)",
                        "sssiiss", id, domain, type, now, ready, message, work))
    return NULL;

  finish_later (call->practice);

  return g_steal_pointer (&id);
}

static gboolean
send_mail (Practice    *practice,
           const char  *domain,
           const char  *address,
           const char  *what,
           const char  *or_else,
           GError     **error)
{
  g_autofree char *subject = g_strdup_printf ("%s for %s", what, domain);
  g_autofree char *token = practice_uuid ();
  g_autofree char *link = practice_mail_link (practice, token);
  g_autofree char *text = g_strdup_printf ("You registered the domain %s. Open this link within %d days, or %s:\n\n%s\n",
                                           domain, REACHABLE_DAYS, or_else, link);

  return practice_db_run (practice->db, error, "INSERT OR REPLACE INTO domain_links (token, domain) VALUES (?, ?)", "ss", token, domain) &&
         practice_mail_deliver (practice, "noreply@registrar.amazon", address, subject, text, error);
}

static gboolean
send_reachability_mail (Practice    *practice,
                        const char  *domain,
                        const char  *address,
                        GError     **error)
{
  return send_mail (practice, domain, address, "Verify your email address", "the domain stops working", error);
}

/* What the practice registry does when a registration is through: the domain, its zone, the mail to its owner */
static gboolean
finish_registration (Practice    *practice,
                     const char  *domain,
                     JsonObject  *order,
                     GError     **error)
{
  JsonObject *registrant = aws_json_get_object (order, "RegistrantContact");
  g_autofree char *random = practice_uuid ();
  g_autofree char *reference = g_strconcat ("RISWorkflow-RD:", random, NULL);
  g_autofree char *zone = NULL;
  g_autofree char *text = practice_print_object (order);
  g_auto(GStrv) servers = NULL;
  g_autofree char *joined = NULL;
  gint64 now = practice_now ();

  zone = practice_route53_create_zone (practice, domain, reference, "HostedZone created by Route53 Registrar", error);
  if (zone == NULL)
    return FALSE;

  servers = practice_route53_get_servers (practice, zone);
  joined = g_strjoinv (",", servers);

  return practice_db_run (practice->db, error,
                          "INSERT OR REPLACE INTO domains (name, details, servers, auto_renew, created, expires, reached) VALUES (?, ?, ?, ?, ?, ?, 0)",
                          "sssiii", domain, text, joined,
                          (gint64) (!json_object_has_member (order, "AutoRenew") || aws_json_get_bool (order, "AutoRenew")),
                          now, now + YEAR_USEC * aws_json_get_int (order, "DurationInYears", 1)) &&
         send_reachability_mail (practice, domain, aws_json_get_string (registrant, "Email"), error);
}

static gboolean
finish_operation (Practice    *practice,
                  const char  *domain,
                  const char  *type,
                  const char  *work,
                  GError     **error)
{
  g_autoptr(JsonObject) order = practice_parse_object (work);

  if (g_str_equal (type, "REGISTER_DOMAIN"))
    return finish_registration (practice, domain, order, error);

  return practice_db_run (practice->db, error, "UPDATE domains SET servers = ? WHERE name = ?", "ss", aws_json_get_string (order, "Servers"), domain);
}

/* Another year for those whose owner wants it */
static void
renew_domains (Practice *practice)
{
  practice_db_run (practice->db, NULL,
                   "UPDATE domains SET expires = expires + ((?1 - expires) / ?2 + 1) * ?2 WHERE auto_renew = 1 AND expires <= ?1",
                   "ii", practice_now (), YEAR_USEC);
}

/* Does the work of all operations whose time has come; everything that looks at domains calls it first */
static void
finish_operations (Practice *practice)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GPtrArray) due = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  rows = practice_db_query (practice->db,
                            "SELECT id, domain, type, work FROM domain_operations WHERE done = 0 AND message IS NULL AND ready <= ?"
                            " ORDER BY submitted", "i", practice_now ());
  while (practice_rows_next (rows))
    {
      GStrv row = g_new0 (char *, 5);

      for (guint i = 0; i < 4; i++)
        row[i] = practice_rows_dup_text (rows, i);
      g_ptr_array_add (due, row);
    }

  for (guint i = 0; i < due->len; i++)
    {
      GStrv row = g_ptr_array_index (due, i);
      g_autoptr(GError) error = NULL;

      if (!finish_operation (practice, row[1], row[2], row[3], &error))
        practice_db_run (practice->db, NULL, "UPDATE domain_operations SET message = ? WHERE id = ?", "ss", error->message, row[0]);
      practice_db_run (practice->db, NULL, "UPDATE domain_operations SET done = 1 WHERE id = ?", "s", row[0]);
    }

  renew_domains (practice);
}

/* Zones and answers of the DNS come of a registration even if nobody asks about it */
static gboolean
finish_cb (gpointer data)
{
  finish_operations (data);
  finish_later (data);

  return G_SOURCE_REMOVE;
}

static void
finish_later (Practice *practice)
{
  g_autofree char *ready = practice_db_lookup (practice->db, "SELECT min (ready) FROM domain_operations WHERE done = 0 AND message IS NULL", NULL);
  gint64 msec;

  if (ready == NULL)
    return;

  msec = (g_ascii_strtoll (ready, NULL, 10) - practice_now ()) / 1000 + 1;
  practice_later (practice, CLAMP (msec, 0, G_MAXINT), finish_cb, practice, NULL);
}

/* Waiting for its owner; what happens if nothing does is written down already */
static gboolean
is_asking (PracticeRows *rows)
{
  return !practice_rows_is_null (rows, 5) && g_str_equal (practice_rows_text (rows, 5), NO_ACTION) &&
         practice_now () < practice_rows_int (rows, 4);
}

static const char *
status_of (PracticeRows *rows)
{
  gint64 submitted = practice_rows_int (rows, 3);
  gint64 ready = practice_rows_int (rows, 4);

  if (is_asking (rows))
    return "IN_PROGRESS";
  if (practice_now () < submitted + (ready - submitted) / 2)
    return "SUBMITTED";
  if (practice_now () < ready)
    return "IN_PROGRESS";

  return practice_rows_is_null (rows, 5) ? "SUCCESSFUL" : "FAILED";
}

#define OPERATION_COLUMNS "id, domain, type, submitted, ready, message"

static JsonObject *
describe_operation (PracticeRows *rows)
{
  const char *status = status_of (rows);
  JsonObject *output = new_answer ("OperationId", practice_rows_text (rows, 0));

  json_object_set_string_member (output, "Status", status);
  if (is_asking (rows))
    json_object_set_string_member (output, "StatusFlag", "PENDING_CUSTOMER_ACTION");
  if (g_str_equal (status, "FAILED"))
    json_object_set_string_member (output, "Message", practice_rows_text (rows, 5));
  json_object_set_string_member (output, "DomainName", practice_rows_text (rows, 1));
  json_object_set_string_member (output, "Type", practice_rows_text (rows, 2));
  practice_set_time (output, "SubmittedDate", practice_rows_int (rows, 3));
  practice_set_time (output, "LastUpdatedDate", MIN (practice_now (), practice_rows_int (rows, 4)));

  return output;
}

/* Without an end of its own, an order for the same domain is not taken twice */
static gboolean
check_no_other (PracticeCall  *call,
                const char    *domain,
                GError       **error)
{
  g_autofree char *other = practice_db_lookup (call->practice->db, "SELECT id FROM domain_operations WHERE domain = ? AND ready > ?",
                                               "si", domain, practice_now ());

  if (other != NULL)
    return practice_refuse_as (error, 400, "DuplicateRequest", "Another request is in progress for the domain %s: requestId %s", domain, other);

  return TRUE;
}

static gboolean
check_order (PracticeCall  *call,
             JsonObject    *input,
             const char    *domain,
             GError       **error)
{
  static const char * const contacts[] = { "AdminContact", "RegistrantContact", "TechContact" };
  const char *extra = tlds[find_tld (domain)].extra;
  g_autofree char *count = practice_db_lookup (call->practice->db, "SELECT count(*) FROM domains", NULL);
  const char *availability;
  gint64 years;

  if (!practice_input_number (input, "DurationInYears", 1, 10, 0, CODE, &years, error))
    return FALSE;
  if (years == 0)
    return practice_refuse_as (error, 400, CODE, "1 validation error detected: Value null at 'durationInYears' failed to satisfy constraint: Member must not be null");
  for (guint i = 0; i < G_N_ELEMENTS (contacts); i++)
    if (!check_contact (input, contacts[i], g_str_equal (contacts[i], "RegistrantContact") ? extra : NULL, error))
      return FALSE;
  if (json_object_has_member (input, "BillingContact") && !check_contact (input, "BillingContact", NULL, error))
    return FALSE;
  if (g_ascii_strtoll (count, NULL, 10) >= MOST_DOMAINS)
    return practice_refuse_as (error, 400, "DomainLimitExceeded", "The number of domains has exceeded the allowed threshold for the account.");
  if (!check_no_other (call, domain, error))
    return FALSE;

  availability = get_availability (call, domain);
  if (!g_str_equal (availability, "AVAILABLE") && !g_str_equal (availability, "PENDING"))
    return practice_refuse_as (error, 400, CODE, "The domain %s is not available: %s", domain, availability);

  return TRUE;
}

/* The order of a domain whose registry wants something of the owner first */
static char *
ask_owner (PracticeCall  *call,
           const char    *domain,
           JsonObject    *input,
           const char    *work,
           GError       **error)
{
  const char *address = aws_json_get_string (aws_json_get_object (input, "RegistrantContact"), "Email");
  g_autofree char *id = add_operation (call, domain, "REGISTER_DOMAIN", 0, NO_ACTION, work, error);

  if (id == NULL ||
      !practice_db_run (call->practice->db, error, "UPDATE domain_operations SET ready = submitted + ? WHERE id = ?", "is",
                        REACHABLE_DAYS * DAY_USEC, id) ||
      !send_mail (call->practice, domain, address, "Confirm your registration", "the domain is not registered", error))
    return NULL;

  return g_steal_pointer (&id);
}

static JsonObject *
register_domain (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  g_autofree char *domain = read_domain (input, "DomainName", error);
  g_autofree char *work = NULL;
  g_autofree char *id = NULL;
  const char *message;

  if (domain == NULL || !check_order (call, input, domain, error))
    return NULL;

  work = practice_print_object (input);
  message = call->failure != NULL ? call->failure : g_str_has_prefix (domain, "refused") ? REFUSAL : NULL;
  id = g_str_has_prefix (domain, "asking") ? ask_owner (call, domain, input, work, error)
                                           : add_operation (call, domain, "REGISTER_DOMAIN", REGISTERING, message, work, error);

  return id != NULL ? new_answer ("OperationId", id) : NULL;
}

static JsonObject *
get_operation (PracticeCall  *call,
               JsonObject    *input,
               GError       **error)
{
  const char *id = practice_input_require (input, "OperationId", CODE, error);
  g_autoptr(PracticeRows) rows = NULL;

  if (id == NULL)
    return NULL;

  rows = practice_db_query (call->practice->db, "SELECT " OPERATION_COLUMNS " FROM domain_operations WHERE id = ?", "s", id);
  if (practice_rows_next (rows))
    return describe_operation (rows);

  practice_refuse_as (error, 400, CODE, "No operation found with id: %s", id);

  return NULL;
}

static gboolean
array_allows (JsonObject *input,
              const char *name,
              const char *text)
{
  JsonArray *array = aws_json_get_array (input, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_strcmp0 (aws_json_array_get_string (array, i), text) == 0)
      return TRUE;

  return array == NULL || json_array_get_length (array) == 0;
}

static JsonObject *
list_operations (PracticeCall  *call,
                 JsonObject    *input,
                 GError       **error)
{
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);
  g_autoptr(PracticeRows) rows = NULL;
  gint64 since = 0;
  JsonArray *list;
  JsonObject *output;
  guint begin, length;

  if (!practice_page_read (input, "Marker", "MaxItems", 100, CODE, &begin, &length, error))
    return NULL;
  if (json_object_has_member (input, "SubmittedSince"))
    since = aws_json_get_double (input, "SubmittedSince", 0) * G_USEC_PER_SEC;

  rows = practice_db_query (call->practice->db, "SELECT " OPERATION_COLUMNS " FROM domain_operations WHERE submitted >= ? ORDER BY submitted, id",
                            "i", since);
  while (practice_rows_next (rows))
    if (array_allows (input, "Status", status_of (rows)) && array_allows (input, "Type", practice_rows_text (rows, 2)))
      g_ptr_array_add (wanted, describe_operation (rows));

  list = json_array_new ();
  for (guint i = begin; i < wanted->len && i - begin < length; i++)
    json_array_add_object_element (list, json_object_ref (g_ptr_array_index (wanted, i)));
  output = json_object_new ();
  json_object_set_array_member (output, "Operations", list);
  practice_page_end (output, "NextPageMarker", begin, length, wanted->len);

  return output;
}

/* Domains */

static JsonObject *
list_domains (PracticeCall  *call,
              JsonObject    *input,
              GError       **error)
{
  g_autoptr(PracticeRows) rows = NULL;
  JsonArray *list;
  JsonObject *output;
  guint begin, length;
  guint i;

  if (!practice_page_read (input, "Marker", "MaxItems", 100, CODE, &begin, &length, error))
    return NULL;

  rows = practice_db_query (call->practice->db, "SELECT name, auto_renew, expires FROM domains ORDER BY name", NULL);
  list = json_array_new ();
  for (i = 0; practice_rows_next (rows); i++)
    {
      JsonObject *domain;

      if (i < begin || i - begin >= length)
        continue;

      domain = new_answer ("DomainName", practice_rows_text (rows, 0));
      json_object_set_boolean_member (domain, "AutoRenew", practice_rows_int (rows, 1) != 0);
      json_object_set_boolean_member (domain, "TransferLock", TRUE);
      practice_set_time (domain, "Expiry", practice_rows_int (rows, 2));
      json_array_add_object_element (list, domain);
    }

  output = json_object_new ();
  json_object_set_array_member (output, "Domains", list);
  practice_page_end (output, "NextPageMarker", begin, length, i);

  return output;
}

/* The domain of the account, or NULL with AWS's sentence */
static char *
require_domain (PracticeCall  *call,
                JsonObject    *input,
                const char    *member,
                GError       **error)
{
  g_autofree char *name = read_domain (input, member, error);
  g_autofree char *present = name != NULL ? practice_db_lookup (call->practice->db, "SELECT name FROM domains WHERE name = ?", "s", name) : NULL;

  if (name != NULL && present == NULL)
    practice_refuse_as (error, 400, CODE, "Domain %s not found in %s account", name, call->practice->account);

  return g_steal_pointer (&present);
}

static gboolean
was_reached (Practice   *practice,
             const char *domain,
             gboolean   *expired)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT reached, created FROM domains WHERE name = ?", "s", domain);

  practice_rows_next (rows);
  *expired = practice_now () > practice_rows_int (rows, 1) + REACHABLE_DAYS * DAY_USEC;

  return practice_rows_int (rows, 0) != 0;
}

static void
copy_contact (JsonObject *order,
              JsonObject *output,
              const char *name)
{
  JsonObject *contact = aws_json_get_object (order, name);

  if (contact != NULL)
    json_object_set_object_member (output, name, json_object_ref (contact));
}

static void
set_privacy (JsonObject *order,
             JsonObject *output,
             const char *name,
             const char *member)
{
  json_object_set_boolean_member (output, name, !json_object_has_member (order, member) || aws_json_get_bool (order, member));
}

static void
set_servers (JsonObject *output,
             const char *joined)
{
  g_auto(GStrv) servers = g_strsplit (joined, ",", -1);
  JsonArray *list = json_array_new ();

  for (guint i = 0; servers[i] != NULL; i++)
    {
      JsonObject *server = new_answer ("Name", servers[i]);

      json_object_set_array_member (server, "GlueIps", json_array_new ());
      json_array_add_object_element (list, server);
    }
  json_object_set_array_member (output, "Nameservers", list);
}

static JsonObject *
get_domain (PracticeCall  *call,
            JsonObject    *input,
            GError       **error)
{
  g_autofree char *name = require_domain (call, input, "DomainName", error);
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(JsonObject) order = NULL;
  JsonObject *output;
  JsonArray *statuses;
  gboolean expired;

  if (name == NULL)
    return NULL;

  rows = practice_db_query (call->practice->db, "SELECT details, servers, auto_renew, created, expires FROM domains WHERE name = ?", "s", name);
  practice_rows_next (rows);
  order = practice_parse_object (practice_rows_text (rows, 0));
  output = new_answer ("DomainName", name);
  set_servers (output, practice_rows_text (rows, 1));
  json_object_set_boolean_member (output, "AutoRenew", practice_rows_int (rows, 2) != 0);
  copy_contact (order, output, "AdminContact");
  copy_contact (order, output, "RegistrantContact");
  copy_contact (order, output, "TechContact");
  copy_contact (order, output, "BillingContact");
  set_privacy (order, output, "AdminPrivacy", "PrivacyProtectAdminContact");
  set_privacy (order, output, "RegistrantPrivacy", "PrivacyProtectRegistrantContact");
  set_privacy (order, output, "TechPrivacy", "PrivacyProtectTechContact");
  json_object_set_string_member (output, "RegistrarName", "Amazon Registrar, Inc.");
  json_object_set_string_member (output, "WhoIsServer", "whois.registrar.amazon");
  json_object_set_string_member (output, "RegistrarUrl", "https://registrar.amazon.com");
  practice_set_time (output, "CreationDate", practice_rows_int (rows, 3));
  practice_set_time (output, "UpdatedDate", practice_rows_int (rows, 3));
  practice_set_time (output, "ExpirationDate", practice_rows_int (rows, 4));

  statuses = json_array_new ();
  json_array_add_string_element (statuses, "clientTransferProhibited");
  if (!was_reached (call->practice, name, &expired) && expired)
    json_array_add_string_element (statuses, "clientHold");
  json_object_set_array_member (output, "StatusList", statuses);

  return output;
}

static JsonObject *
update_servers (PracticeCall  *call,
                JsonObject    *input,
                GError       **error)
{
  g_autofree char *name = require_domain (call, input, "DomainName", error);
  JsonArray *servers = aws_json_get_array (input, "Nameservers");
  guint n = servers != NULL ? json_array_get_length (servers) : 0;
  g_autoptr(GString) joined = g_string_new (NULL);
  g_autoptr(JsonObject) work = NULL;
  g_autofree char *text = NULL;
  g_autofree char *id = NULL;

  if (name == NULL || !check_no_other (call, name, error))
    return NULL;
  if (n < 2 || n > 6)
    {
      practice_refuse_as (error, 400, CODE, "Errors: [The number of name servers must be between 2 and 6]");

      return NULL;
    }

  for (guint i = 0; i < n; i++)
    {
      JsonObject *server = aws_json_array_get_object (servers, i);
      const char *host = server != NULL ? aws_json_get_string (server, "Name") : NULL;

      if (host == NULL || !g_regex_match_simple ("^([a-zA-Z0-9_-]+\\.)+[a-zA-Z0-9-]+\\.?$", host, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
        {
          practice_refuse_as (error, 400, CODE, "Errors: [Name server %s is not valid]", host != NULL ? host : "null");

          return NULL;
        }
      g_string_append_printf (joined, "%s%.*s", i > 0 ? "," : "", (int) strlen (host) - g_str_has_suffix (host, "."), host);
    }

  work = new_answer ("Servers", joined->str);
  text = practice_print_object (work);
  id = add_operation (call, name, "UPDATE_NAMESERVER", CHANGING, call->failure, text, error);

  return id != NULL ? new_answer ("OperationId", id) : NULL;
}

static JsonObject *
get_reachability (PracticeCall  *call,
                  JsonObject    *input,
                  GError       **error)
{
  g_autofree char *name = require_domain (call, input, "domainName", error);
  JsonObject *output;
  gboolean expired, reached;

  if (name == NULL)
    return NULL;

  reached = was_reached (call->practice, name, &expired);
  output = new_answer ("domainName", name);
  json_object_set_string_member (output, "status", reached ? "DONE" : expired ? "EXPIRED" : "PENDING");

  return output;
}

static JsonObject *
resend_reachability (PracticeCall  *call,
                     JsonObject    *input,
                     GError       **error)
{
  g_autofree char *name = require_domain (call, input, "domainName", error);
  g_autofree char *details = NULL;
  g_autoptr(JsonObject) order = NULL;
  JsonObject *output;
  const char *address;
  gboolean expired, reached;

  if (name == NULL)
    return NULL;

  details = practice_db_lookup (call->practice->db, "SELECT details FROM domains WHERE name = ?", "s", name);
  order = practice_parse_object (details);
  address = aws_json_get_string (aws_json_get_object (order, "RegistrantContact"), "Email");
  reached = was_reached (call->practice, name, &expired);
  if (!reached && !send_reachability_mail (call->practice, name, address, error))
    return NULL;

  output = new_answer ("domainName", name);
  json_object_set_string_member (output, "emailAddress", address);
  json_object_set_boolean_member (output, "isAlreadyVerified", reached);

  return output;
}

static JsonObject *
set_auto_renew (PracticeCall  *call,
                JsonObject    *input,
                gint64         auto_renew,
                GError       **error)
{
  g_autofree char *name = require_domain (call, input, "DomainName", error);

  if (name == NULL || !practice_db_run (call->practice->db, error, "UPDATE domains SET auto_renew = ? WHERE name = ?", "is", auto_renew, name))
    return NULL;

  return json_object_new ();
}

static JsonObject *
enable_auto_renew (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  return set_auto_renew (call, input, 1, error);
}

static JsonObject *
disable_auto_renew (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  return set_auto_renew (call, input, 0, error);
}

static const PracticeOperation operations[] = {
  { "CheckDomainAvailability", check_availability },
  { "GetDomainSuggestions", suggest },
  { "ListPrices", list_prices },
  { "RegisterDomain", register_domain },
  { "GetOperationDetail", get_operation },
  { "ListOperations", list_operations },
  { "ListDomains", list_domains },
  { "GetDomainDetail", get_domain },
  { "UpdateDomainNameservers", update_servers },
  { "GetContactReachabilityStatus", get_reachability },
  { "ResendContactReachabilityEmail", resend_reachability },
  { "EnableDomainAutoRenew", enable_auto_renew },
  { "DisableDomainAutoRenew", disable_auto_renew },
  { NULL }
};

static void
handle (PracticeCall *call)
{
  finish_operations (call->practice);
  practice_operations_handle (call, operations, "route53domains", NULL);
}

static const PracticeService service = {
  .name = "route53domains",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "Route53Domains_v20140515",
  .handle = handle,
};

gboolean
practice_route53domains_open_link (Practice   *practice,
                                   const char *token)
{
  g_autofree char *domain = practice_db_lookup (practice->db, "SELECT domain FROM domain_links WHERE token = ?", "s", token);

  if (domain == NULL ||
      !practice_db_run (practice->db, NULL, "UPDATE domains SET reached = 1 WHERE name = ?", "s", domain) ||
      !practice_db_run (practice->db, NULL, "UPDATE domain_operations SET ready = ?, message = NULL WHERE domain = ? AND message = ? AND ready > ?",
                        "issi", practice_now (), domain, NO_ACTION, practice_now ()))
    return FALSE;

  finish_operations (practice);

  return TRUE;
}

void
practice_route53domains_look (Practice *practice)
{
  finish_operations (practice);
}

gboolean
practice_route53domains_is_suspended (Practice   *practice,
                                      const char *domain)
{
  g_autofree char *bad = practice_db_lookup (practice->db,
                                             "SELECT 1 FROM domains WHERE name = ? AND ((reached = 0 AND created < ?) OR (auto_renew = 0 AND expires < ?))",
                                             "sii", domain, practice_now () - REACHABLE_DAYS * DAY_USEC, practice_now ());

  return bad != NULL;
}

gboolean
practice_route53domains_init (Practice  *practice,
                              GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS domains (name TEXT PRIMARY KEY, details TEXT NOT NULL, servers TEXT NOT NULL,"
                           "  auto_renew INTEGER NOT NULL, created INTEGER NOT NULL, expires INTEGER NOT NULL, reached INTEGER NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS domain_operations (id TEXT PRIMARY KEY, domain TEXT NOT NULL, type TEXT NOT NULL,"
                           "  submitted INTEGER NOT NULL, ready INTEGER NOT NULL, message TEXT, work TEXT NOT NULL, done INTEGER NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS domain_links (token TEXT PRIMARY KEY, domain TEXT NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS domains_asked (name TEXT PRIMARY KEY);",
                           error))
    return FALSE;

  practice_register_service (practice, &service);
  finish_later (practice);

  return TRUE;
}
