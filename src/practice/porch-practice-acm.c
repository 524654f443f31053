/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-acm.h"
#include "porch-practice-internet.h"
#include "porch-practice-operations.h"

#define REGION          "us-east-1"
#define DESCRIBING      5.0                     /* seconds at AWS until the records are known */
#define ISSUING         60.0                    /* seconds at AWS from the record to the certificate */
#define LOOKING         20.0                    /* seconds at AWS between two looks at the DNS */
#define SHORTEST_LOOK   20                      /* milliseconds */
#define TOKEN_USEC      (G_USEC_PER_SEC * G_GINT64_CONSTANT (3600))
#define DAY_USEC        (G_USEC_PER_SEC * G_GINT64_CONSTANT (86400))
#define VALIDATION_DAYS 3
#define VALID_DAYS      198                     /* since March 2026 */
#define RENEWAL_DAYS    45                      /* before the end */
#define MOST_KEPT       2500
#define MOST_NAMES      10
#define MOST_TAGS       50
#define NAME_PATTERN    "^(\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$"

/* Certificates: asked for, waiting for a record that the practice internet has to show, issued, renewed for as long as the
 * record stays there. What is kept of one is a JSON object: DomainName, Names, KeyAlgorithm, Tags, and Failure when a fault
 * says how it is to end.
 */

typedef enum
{
  PENDING,
  ISSUED,
  TIMED_OUT,
  FAILED,
  EXPIRED,
} Status;

static const char * const status_names[] = { "PENDING_VALIDATION", "ISSUED", "VALIDATION_TIMED_OUT", "FAILED", "EXPIRED" };

typedef enum
{
  RENEWAL_NONE,
  RENEWAL_BEGUN,
  RENEWAL_WAITING,
  RENEWAL_DONE,
  RENEWAL_FAILED,
} Renewal;

static const char * const renewal_names[] = { NULL, "PENDING_AUTO_RENEWAL", "PENDING_VALIDATION", "SUCCESS", "FAILED" };

typedef struct
{
  char       *arn;
  char       *region;
  JsonObject *details;
  Status      status;
  char       *reason;
  gint64      created;
  gint64      found;       /* when its records were seen first; 0 for not yet */
  gint64      issued;
  gint64      valid_from;
  Renewal     renewal;
  char       *renewal_reason;
  gint64      updated;     /* when the state of the renewal changed */
} Certificate;

static void
certificate_free (Certificate *self)
{
  g_free (self->arn);
  g_free (self->region);
  g_clear_pointer (&self->details, json_object_unref);
  g_free (self->reason);
  g_free (self->renewal_reason);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, certificate_free)

#define SELECT "SELECT arn, region, details, status, reason, created, found, issued, valid_from, renewal, renewal_reason, updated" \
               " FROM certificates LEFT JOIN certificate_renewals USING (arn) "

static Certificate *
certificate_read (PracticeRows *rows)
{
  Certificate *self = g_new0 (Certificate, 1);

  self->arn = practice_rows_dup_text (rows, 0);
  self->region = practice_rows_dup_text (rows, 1);
  self->details = practice_parse_object (practice_rows_text (rows, 2));
  self->status = practice_rows_int (rows, 3);
  self->reason = practice_rows_dup_text (rows, 4);
  self->created = practice_rows_int (rows, 5);
  self->found = practice_rows_int (rows, 6);
  self->issued = practice_rows_int (rows, 7);
  self->valid_from = practice_rows_is_null (rows, 8) ? self->issued : practice_rows_int (rows, 8);
  self->renewal = practice_rows_int (rows, 9);
  self->renewal_reason = practice_rows_dup_text (rows, 10);
  self->updated = practice_rows_int (rows, 11);

  return self;
}

/* Midnights */
static gint64
get_begin (Certificate *self)
{
  return self->valid_from - self->valid_from % DAY_USEC;
}

static gint64
get_end (Certificate *self)
{
  return get_begin (self) + VALID_DAYS * DAY_USEC - G_USEC_PER_SEC;
}

/* The record that shows that a name is the account's. It is the same for a name and for all names below it, and for the same
 * name in the next certificate.
 */
static void
make_record (Practice    *practice,
             const char  *name,
             char       **record_name,
             char       **value)
{
  g_autofree char *bare = g_ascii_strdown (g_str_has_prefix (name, "*.") ? name + 2 : name, -1);
  g_autofree char *seed = g_strdup_printf ("%s %s", practice->account, bare);
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);

  *record_name = g_strdup_printf ("_%.32s.%s.", sum, bare);
  *value = g_strdup_printf ("_%.32s.zfyfvmchrl.acm-validations.aws.", sum + 32);
}

static gboolean
has_record (Practice   *practice,
            const char *name)
{
  g_autofree char *record_name = NULL;
  g_autofree char *expected = NULL;
  g_auto(GStrv) values = NULL;
  g_autofree char *value = NULL;

  make_record (practice, name, &record_name, &expected);
  values = practice_internet_dup_values (practice, record_name, "CNAME");
  if (values == NULL)
    return FALSE;

  value = g_str_has_suffix (values[0], ".") ? g_strdup (values[0]) : g_strconcat (values[0], ".", NULL);

  return g_ascii_strcasecmp (value, expected) == 0;
}

/* "0 issue \"amazon.com; more\"": the tag, and the name that may issue */
static gboolean
read_caa (const char  *value,
          char       **tag,
          char       **issuer,
          gboolean    *is_critical)
{
  g_auto(GStrv) parts = g_strsplit (value, " ", 3);
  g_autofree char *text = NULL;

  if (g_strv_length (parts) != 3 || *parts[2] != '"')
    return FALSE;

  text = g_strndup (parts[2] + 1, strcspn (parts[2] + 1, "\";"));
  *is_critical = (g_ascii_strtoull (parts[0], NULL, 10) & 128) != 0;
  *tag = g_ascii_strdown (parts[1], -1);
  *issuer = g_strdup (g_strstrip (text));

  return TRUE;
}

/* Whether one set of CAA records lets Amazon issue; @star for a certificate with one */
static gboolean
caa_set_allows (GStrv    values,
                gboolean star)
{
  static const char * const issuers[] = { "amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", NULL };
  gboolean any[2] = { FALSE, FALSE };
  gboolean good[2] = { FALSE, FALSE };
  gboolean wild;

  for (guint i = 0; values[i] != NULL; i++)
    {
      g_autofree char *tag = NULL;
      g_autofree char *issuer = NULL;
      gboolean is_critical;

      if (!read_caa (values[i], &tag, &issuer, &is_critical))
        continue;

      wild = g_str_equal (tag, "issuewild");
      if (wild || g_str_equal (tag, "issue"))
        {
          any[wild] = TRUE;
          good[wild] |= g_strv_contains (issuers, issuer);
        }
      else if (is_critical && !g_str_equal (tag, "iodef"))
        return FALSE;
    }

  wild = star && any[TRUE];

  return !any[wild] || good[wild];
}

/* RFC 8659: the first set of CAA records on the way up decides; without any, everybody may issue */
static gboolean
caa_allows (Practice   *practice,
            const char *name)
{
  gboolean star = g_str_has_prefix (name, "*.");
  const char *at = star ? name + 2 : name;

  for (; at != NULL; at = strchr (at, '.') != NULL ? strchr (at, '.') + 1 : NULL)
    {
      g_auto(GStrv) values = practice_internet_dup_values (practice, at, "CAA");

      if (values != NULL)
        return caa_set_allows (values, star);
    }

  return TRUE;
}

static void
look_at_names (Practice    *practice,
               Certificate *self,
               gboolean    *found,
               gboolean    *allowed)
{
  JsonArray *array = aws_json_get_array (self->details, "Names");

  *found = *allowed = TRUE;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *name = json_array_get_string_element (array, i);

      *found &= has_record (practice, name);
      *allowed &= caa_allows (practice, name);
    }
}

static gboolean
certificate_save (Practice    *practice,
                  Certificate *self)
{
  return practice_db_run (practice->db, NULL, "UPDATE certificates SET status = ?, reason = ?, found = ?, issued = ? WHERE arn = ?",
                          "isiis", (gint64) self->status, self->reason, self->found, self->issued, self->arn);
}

static void
certificate_fail (Certificate *self,
                  const char  *reason)
{
  self->status = g_str_equal (reason, "VALIDATION_TIMED_OUT") ? TIMED_OUT : FAILED;
  if (self->status == FAILED)
    g_set_str (&self->reason, reason);
}

/* What time and the DNS have made of a certificate that was waiting. CAA is looked at twice, as soon as the names are known
 * and when all is ready. */
static void
look_at_pending (Practice    *practice,
                 Certificate *self)
{
  const char *failure = aws_json_get_string (self->details, "Failure");
  gint64 now = practice_now ();
  gboolean described = now >= self->created + practice_scale_delay (practice, DESCRIBING) * G_GINT64_CONSTANT (1000);
  gboolean found, allowed;

  look_at_names (practice, self, &found, &allowed);

  if (failure != NULL && described)
    certificate_fail (self, failure);
  else if (now > self->created + VALIDATION_DAYS * DAY_USEC)
    self->status = TIMED_OUT;
  else if (described && !allowed)
    certificate_fail (self, "CAA_ERROR");
  else if (!found)
    self->found = 0;
  else if (self->found == 0)
    self->found = now;

  if (self->status == PENDING && found && now >= self->found + practice_scale_delay (practice, ISSUING) * G_GINT64_CONSTANT (1000))
    {
      self->status = allowed ? ISSUED : FAILED;
      self->issued = self->valid_from = allowed ? now : 0;
      g_set_str (&self->reason, allowed ? NULL : "CAA_ERROR");
    }

  certificate_save (practice, self);
}

/* Distributions that use a certificate */
static JsonArray *
list_users (Practice   *practice,
            const char *arn)
{
  g_autofree char *pattern = g_strdup_printf ("\"%s\"", arn);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, "SELECT id FROM distributions WHERE instr (config, ?) > 0", "s", pattern);
  JsonArray *users = json_array_new ();

  while (practice_rows_next (rows))
    {
      g_autofree char *user = g_strdup_printf ("arn:aws:cloudfront::%s:distribution/%s", practice->account, practice_rows_text (rows, 0));

      json_array_add_string_element (users, user);
    }

  return users;
}

static gboolean
is_used (Practice    *practice,
         Certificate *self)
{
  g_autoptr(JsonArray) users = list_users (practice, self->arn);

  return json_array_get_length (users) > 0;
}

static void
set_renewal (Certificate *self,
             Renewal      renewal,
             const char  *reason)
{
  if (self->renewal != renewal)
    self->updated = practice_now ();

  self->renewal = renewal;
  g_set_str (&self->renewal_reason, reason);
}

/* A certificate that is used is renewed before its end, if its names can still be proven then. Time may have passed all at
 * once: what would have been renewed meanwhile was. */
static void
renew (Practice    *practice,
       Certificate *self)
{
  gboolean found, allowed;
  gint64 now;

  if (self->renewal != RENEWAL_BEGUN && self->renewal != RENEWAL_WAITING && self->renewal != RENEWAL_FAILED)
    set_renewal (self, RENEWAL_BEGUN, NULL);

  now = practice_now ();
  if (now < get_end (self) && now < self->updated + practice_scale_delay (practice, ISSUING) * G_GINT64_CONSTANT (1000))
    return;

  look_at_names (practice, self, &found, &allowed);
  if (!found)
    set_renewal (self, RENEWAL_WAITING, NULL);
  else if (!allowed)
    set_renewal (self, RENEWAL_FAILED, "CAA_ERROR");
  else
    {
      while (now >= get_end (self))
        self->valid_from = get_end (self) - RENEWAL_DAYS * DAY_USEC;
      if (now >= get_end (self) - RENEWAL_DAYS * DAY_USEC)
        self->valid_from = now;
      set_renewal (self, RENEWAL_DONE, NULL);
    }
}

static void
look_at_issued (Practice    *practice,
                Certificate *self)
{
  gint64 now = practice_now ();

  if (now < get_end (self) - RENEWAL_DAYS * DAY_USEC)
    return;

  if (is_used (practice, self))
    renew (practice, self);

  if (now >= get_end (self))
    {
      self->status = EXPIRED;
      if (self->renewal != RENEWAL_NONE)
        set_renewal (self, RENEWAL_FAILED, self->renewal_reason);
    }

  certificate_save (practice, self);
  practice_db_run (practice->db, NULL,
                   "INSERT OR REPLACE INTO certificate_renewals (arn, valid_from, renewal, renewal_reason, updated) VALUES (?, ?, ?, ?, ?)",
                   "siisi", self->arn, self->valid_from, (gint64) self->renewal, self->renewal_reason, self->updated);
}

static Certificate *
certificate_load (Practice   *practice,
                  const char *arn)
{
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, SELECT "WHERE arn = ?", "s", arn);
  Certificate *self = practice_rows_next (rows) ? certificate_read (rows) : NULL;

  g_clear_pointer (&rows, practice_rows_free);
  if (self != NULL && self->status == ISSUED)
    look_at_issued (practice, self);

  return self;
}

static gboolean look_cb (gpointer data);

static void
look_soon (Practice *practice,
           guint     msec)
{
  if (practice->next_look == NULL)
    practice->next_look = practice_later (practice, msec, look_cb, practice, NULL);
}

/* Looks at all that wait, for as long as some do */
static gboolean
look_cb (gpointer data)
{
  Practice *practice = data;
  g_autoptr(GPtrArray) pending = g_ptr_array_new_with_free_func ((GDestroyNotify) certificate_free);
  g_autoptr(PracticeRows) rows = practice_db_query (practice->db, SELECT "WHERE status = 0", NULL);

  practice->next_look = NULL;
  while (practice_rows_next (rows))
    g_ptr_array_add (pending, certificate_read (rows));
  for (guint i = 0; i < pending->len; i++)
    look_at_pending (practice, g_ptr_array_index (pending, i));

  if (pending->len > 0)
    look_soon (practice, MAX (SHORTEST_LOOK, practice_scale_delay (practice, LOOKING)));

  return G_SOURCE_REMOVE;
}

void
practice_acm_look (Practice *practice)
{
  practice_cancel_later (practice, g_steal_pointer (&practice->next_look));
  look_cb (practice);
}

static gboolean
covers (const char *pattern,
        const char *name)
{
  const char *dot = strchr (name, '.');

  return g_ascii_strcasecmp (pattern, name) == 0 ||
         (g_str_has_prefix (pattern, "*.") && dot != NULL && g_ascii_strcasecmp (pattern + 1, dot) == 0);
}

gboolean
practice_acm_is_usable (Practice            *practice,
                        const char          *arn,
                        const char * const  *names)
{
  g_autoptr(Certificate) certificate = certificate_load (practice, arn);
  JsonArray *array;

  if (certificate == NULL || certificate->status != ISSUED || !g_str_equal (certificate->region, REGION))
    return FALSE;

  array = aws_json_get_array (certificate->details, "Names");
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      gboolean covered = FALSE;

      for (guint j = 0; j < json_array_get_length (array); j++)
        covered |= covers (json_array_get_string_element (array, j), names[i]);
      if (!covered)
        return FALSE;
    }

  return TRUE;
}

/* Operations */

static gboolean
check_name (const char  *name,
            const char  *member,
            GError     **error)
{
  if (name == NULL || strlen (name) > 253 || !g_regex_match_simple (NAME_PATTERN, name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return practice_refuse_as (error, 400, "ValidationException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", name != NULL ? name : "null", member, NAME_PATTERN);

  return TRUE;
}

/* All names, each once, the first one first */
static JsonArray *
read_names (JsonObject  *input,
            GError     **error)
{
  const char *first = practice_input_require (input, "DomainName", "ValidationException", error);
  JsonArray *others = aws_json_get_array (input, "SubjectAlternativeNames");
  g_autoptr(JsonArray) names = json_array_new ();
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (first == NULL || !check_name (first, "domainName", error))
    return NULL;

  json_array_add_string_element (names, first);
  g_hash_table_add (seen, g_ascii_strdown (first, -1));
  for (guint i = 0; others != NULL && i < json_array_get_length (others); i++)
    {
      const char *name = aws_json_array_get_string (others, i);

      if (!check_name (name, "subjectAlternativeNames", error))
        return NULL;
      if (g_hash_table_add (seen, g_ascii_strdown (name, -1)))
        json_array_add_string_element (names, name);
    }

  if (json_array_get_length (names) > MOST_NAMES)
    {
      practice_refuse_as (error, 400, "LimitExceededException", "Error: the number of domain names in a certificate request exceeds the limit of %d.", MOST_NAMES);

      return NULL;
    }

  return g_steal_pointer (&names);
}

static gboolean
check_tags (JsonArray  *tags,
            GError    **error)
{
  for (guint i = 0; tags != NULL && i < json_array_get_length (tags); i++)
    {
      JsonObject *tag = aws_json_array_get_object (tags, i);
      const char *key = tag != NULL ? aws_json_get_string (tag, "Key") : NULL;

      if (key == NULL || *key == '\0' || strlen (key) > 128)
        return practice_refuse_as (error, 400, "ValidationException", "1 validation error detected: Value at 'tags.%u.member.key' failed to satisfy constraint: Member must have length between 1 and 128", i + 1);
      if (g_str_has_prefix (key, "aws:"))
        return practice_refuse_as (error, 400, "InvalidTagException", "AWS internal tags cannot be changed with this API");
    }

  return TRUE;
}

static char *
tag_key (JsonArray *tags,
         guint      index)
{
  return g_strdup (aws_json_get_string (json_array_get_object_element (tags, index), "Key"));
}

/* New values for known names, more names at the end */
static JsonArray *
merge_tags (JsonArray *present,
            JsonArray *added)
{
  JsonArray *all = json_array_new ();
  g_autoptr(GHashTable) replaced = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; added != NULL && i < json_array_get_length (added); i++)
    g_hash_table_add (replaced, tag_key (added, i));
  for (guint i = 0; present != NULL && i < json_array_get_length (present); i++)
    {
      g_autofree char *key = tag_key (present, i);

      if (!g_hash_table_contains (replaced, key))
        json_array_add_element (all, json_array_dup_element (present, i));
    }
  for (guint i = 0; added != NULL && i < json_array_get_length (added); i++)
    json_array_add_element (all, json_array_dup_element (added, i));

  return all;
}

static gboolean
check_choice (JsonObject          *input,
              const char          *name,
              const char * const  *choices,
              GError             **error)
{
  const char *value = aws_json_get_string (input, name);
  g_autofree char *list = g_strjoinv (", ", (char **) choices);

  if (value != NULL && !g_strv_contains (choices, value))
    return practice_refuse_as (error, 400, "ValidationException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, name, list);

  return TRUE;
}

static gboolean
check_request (JsonObject  *input,
               GError     **error)
{
  static const char * const methods[] = { "EMAIL", "DNS", NULL };
  static const char * const algorithms[] = {
    "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", NULL,
  };
  static const char * const public_algorithms[] = { "RSA_2048", "EC_prime256v1", "EC_secp384r1", NULL };
  const char *token = aws_json_get_string (input, "IdempotencyToken");
  const char *algorithm = aws_json_get_string (input, "KeyAlgorithm");

  if (!check_choice (input, "ValidationMethod", methods, error) || !check_choice (input, "KeyAlgorithm", algorithms, error) ||
      !check_tags (aws_json_get_array (input, "Tags"), error))
    return FALSE;
  if (g_strcmp0 (aws_json_get_string (input, "ValidationMethod"), "DNS") != 0)
    return practice_refuse_as (error, 400, "InvalidParameterException", "The practice cloud has no mail for owners of domains: only validation by DNS works.");
  if (algorithm != NULL && !g_strv_contains (public_algorithms, algorithm))
    return practice_refuse_as (error, 400, "InvalidParameterException", "The key algorithm %s is not supported for public certificates.", algorithm);
  if (token != NULL && (strlen (token) > 32 || !g_regex_match_simple ("^\\w+$", token, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT)))
    return practice_refuse_as (error, 400, "ValidationException", "1 validation error detected: Value '%s' at 'idempotencyToken' failed to satisfy constraint: Member must satisfy regular expression pattern: \\w+", token);

  return TRUE;
}

static JsonObject *
answer_arn (const char *arn)
{
  JsonObject *output = json_object_new ();

  json_object_set_string_member (output, "CertificateArn", arn);

  return output;
}

/* The certificate that the same request made within the hour before */
static char *
find_repeated (PracticeCall *call,
               const char   *token,
               const char   *request)
{
  if (token == NULL)
    return NULL;

  return practice_db_lookup (call->practice->db,
                             "SELECT arn FROM certificates WHERE region = ? AND token = ? AND request = ? AND created > ?", "sssi",
                             call->region, token, request, practice_now () - TOKEN_USEC);
}

static gboolean
check_room (Practice  *practice,
            GError   **error)
{
  g_autofree char *count = practice_db_lookup (practice->db, "SELECT count(*) FROM certificates", NULL);

  if (g_ascii_strtoll (count, NULL, 10) >= MOST_KEPT)
    return practice_refuse_as (error, 400, "LimitExceededException", "Error: you have reached your limit of %d certificates.", MOST_KEPT);

  return TRUE;
}

static JsonObject *
request_certificate (PracticeCall  *call,
                     JsonObject    *input,
                     GError       **error)
{
  Practice *practice = call->practice;
  g_autoptr(JsonArray) names = read_names (input, error);
  g_autoptr(JsonObject) details = json_object_new ();
  g_autofree char *uuid = practice_uuid ();
  g_autofree char *arn = g_strdup_printf ("arn:aws:acm:%s:%s:certificate/%s", call->region, practice->account, uuid);
  const char *token = aws_json_get_string (input, "IdempotencyToken");
  const char *algorithm = aws_json_get_string (input, "KeyAlgorithm");
  g_autofree char *request = NULL;
  g_autofree char *text = NULL;
  g_autofree char *repeated = NULL;

  if (names == NULL || !check_request (input, error))
    return NULL;

  json_object_set_string_member (details, "DomainName", json_array_get_string_element (names, 0));
  json_object_set_array_member (details, "Names", json_array_ref (names));
  json_object_set_string_member (details, "KeyAlgorithm", algorithm != NULL ? algorithm : "RSA_2048");
  request = practice_print_object (details);
  if ((repeated = find_repeated (call, token, request)))
    return answer_arn (repeated);

  if (!check_room (practice, error))
    return NULL;

  json_object_set_array_member (details, "Tags", merge_tags (NULL, aws_json_get_array (input, "Tags")));
  if (call->failure != NULL)
    json_object_set_string_member (details, "Failure", call->failure);
  text = practice_print_object (details);
  if (!practice_db_run (practice->db, error,
                        "INSERT INTO certificates (arn, region, details, request, token, status, created, found, issued)"
                        " VALUES (?, ?, ?, ?, ?, 0, ?, 0, 0)", "sssssi", arn, call->region, text, request, token, practice_now ()))
    return NULL;

  look_soon (practice, SHORTEST_LOOK);

  return answer_arn (arn);
}

static Certificate *
require_certificate (PracticeCall  *call,
                     JsonObject    *input,
                     GError       **error)
{
  const char *arn = practice_input_require (input, "CertificateArn", "ValidationException", error);
  g_autoptr(Certificate) certificate = NULL;

  if (arn == NULL)
    return NULL;
  if (!g_regex_match_simple ("^arn:[\\w+=/,.@-]+:acm:[\\w+=/,.@-]*:[0-9]+:[\\w+=,.@-]+(/[\\w+=,.@-]+)*$", arn, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    {
      practice_refuse_as (error, 400, "ValidationException", "1 validation error detected: Value '%s' at 'certificateArn' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:[\\w+=/,.@-]+:acm:[\\w+=/,.@-]*:[0-9]+:[\\w+=,.@-]+(/[\\w+=,.@-]+)*", arn);

      return NULL;
    }

  certificate = certificate_load (call->practice, arn);
  if (certificate == NULL || !g_str_equal (certificate->region, call->region))
    {
      practice_refuse_as (error, 400, "ResourceNotFoundException", "Could not find certificate %s.", arn);

      return NULL;
    }

  return g_steal_pointer (&certificate);
}

static void
set_validation (PracticeCall *call,
                Certificate  *certificate,
                JsonObject   *output)
{
  static const char * const states[] = { "PENDING_VALIDATION", "SUCCESS", "FAILED", "FAILED", "SUCCESS" };
  JsonArray *names = aws_json_get_array (certificate->details, "Names");
  JsonArray *options = json_array_new ();
  gboolean known = practice_now () >= certificate->created + practice_scale_delay (call->practice, DESCRIBING) * G_GINT64_CONSTANT (1000);

  for (guint i = 0; i < json_array_get_length (names); i++)
    {
      const char *name = json_array_get_string_element (names, i);
      JsonObject *option = json_object_new ();

      json_object_set_string_member (option, "DomainName", name);
      json_object_set_string_member (option, "ValidationDomain", name);
      json_object_set_string_member (option, "ValidationStatus", states[certificate->status]);
      json_object_set_string_member (option, "ValidationMethod", "DNS");
      if (known)
        {
          JsonObject *record = json_object_new ();
          g_autofree char *record_name = NULL;
          g_autofree char *value = NULL;

          make_record (call->practice, name, &record_name, &value);
          json_object_set_string_member (record, "Name", record_name);
          json_object_set_string_member (record, "Type", "CNAME");
          json_object_set_string_member (record, "Value", value);
          json_object_set_object_member (option, "ResourceRecord", record);
        }
      json_array_add_object_element (options, option);
    }
  json_object_set_array_member (output, "DomainValidationOptions", options);
}

static void
set_times (Certificate *certificate,
           JsonObject  *output)
{
  practice_set_time (output, "CreatedAt", certificate->created);
  if (certificate->status != ISSUED && certificate->status != EXPIRED)
    return;

  practice_set_time (output, "IssuedAt", certificate->issued);
  practice_set_time (output, "NotBefore", get_begin (certificate));
  practice_set_time (output, "NotAfter", get_end (certificate));
}

static const char *
get_eligibility (Practice    *practice,
                 Certificate *certificate)
{
  return certificate->status == ISSUED && is_used (practice, certificate) ? "ELIGIBLE" : "INELIGIBLE";
}

/* What the names look like to whoever renews */
static void
set_renewal_summary (PracticeCall *call,
                     Certificate  *certificate,
                     JsonObject   *output)
{
  JsonObject *summary;
  JsonArray *options;

  if (certificate->renewal == RENEWAL_NONE)
    return;

  summary = json_object_new ();
  json_object_set_string_member (summary, "RenewalStatus", renewal_names[certificate->renewal]);
  set_validation (call, certificate, summary);
  options = aws_json_get_array (summary, "DomainValidationOptions");
  for (guint i = 0; i < json_array_get_length (options); i++)
    {
      JsonObject *option = aws_json_array_get_object (options, i);
      gboolean good = certificate->renewal == RENEWAL_DONE || has_record (call->practice, aws_json_get_string (option, "DomainName"));

      json_object_set_string_member (option, "ValidationStatus",
                                     good ? "SUCCESS" : certificate->status == EXPIRED ? "FAILED" : "PENDING_VALIDATION");
    }
  if (certificate->renewal_reason != NULL)
    json_object_set_string_member (summary, "RenewalStatusReason", certificate->renewal_reason);
  practice_set_time (summary, "UpdatedAt", certificate->updated);
  json_object_set_object_member (output, "RenewalSummary", summary);
}

static const char *
get_signature_algorithm (const char *key_algorithm)
{
  return g_str_has_prefix (key_algorithm, "EC_") ? "SHA384WITHECDSA" : "SHA256WITHRSA";
}

static JsonObject *
describe_certificate (PracticeCall  *call,
                      JsonObject    *input,
                      GError       **error)
{
  g_autoptr(Certificate) certificate = require_certificate (call, input, error);
  g_autofree char *subject = NULL;
  JsonObject *output;
  JsonObject *inner;
  const char *algorithm;

  if (certificate == NULL)
    return NULL;

  inner = json_object_new ();
  subject = g_strconcat ("CN=", aws_json_get_string (certificate->details, "DomainName"), NULL);
  algorithm = aws_json_get_string (certificate->details, "KeyAlgorithm");
  json_object_set_string_member (inner, "CertificateArn", certificate->arn);
  json_object_set_string_member (inner, "DomainName", aws_json_get_string (certificate->details, "DomainName"));
  json_object_set_array_member (inner, "SubjectAlternativeNames", json_array_ref (aws_json_get_array (certificate->details, "Names")));
  set_validation (call, certificate, inner);
  json_object_set_string_member (inner, "Subject", subject);
  json_object_set_string_member (inner, "Issuer", "Amazon");
  set_times (certificate, inner);
  json_object_set_string_member (inner, "Status", status_names[certificate->status]);
  json_object_set_string_member (inner, "KeyAlgorithm", algorithm);
  json_object_set_string_member (inner, "SignatureAlgorithm", get_signature_algorithm (algorithm));
  json_object_set_array_member (inner, "InUseBy", list_users (call->practice, certificate->arn));
  if (certificate->reason != NULL)
    json_object_set_string_member (inner, "FailureReason", certificate->reason);
  json_object_set_string_member (inner, "Type", "AMAZON_ISSUED");
  set_renewal_summary (call, certificate, inner);
  json_object_set_string_member (inner, "RenewalEligibility", get_eligibility (call->practice, certificate));

  output = json_object_new ();
  json_object_set_object_member (output, "Certificate", inner);

  return output;
}

static JsonObject *
summarize (PracticeCall *call,
           Certificate  *certificate)
{
  JsonObject *summary = json_object_new ();
  JsonArray *users = list_users (call->practice, certificate->arn);

  json_object_set_string_member (summary, "CertificateArn", certificate->arn);
  json_object_set_string_member (summary, "DomainName", aws_json_get_string (certificate->details, "DomainName"));
  json_object_set_array_member (summary, "SubjectAlternativeNameSummaries", json_array_ref (aws_json_get_array (certificate->details, "Names")));
  json_object_set_boolean_member (summary, "HasAdditionalSubjectAlternativeNames", FALSE);
  json_object_set_string_member (summary, "Status", status_names[certificate->status]);
  json_object_set_string_member (summary, "Type", "AMAZON_ISSUED");
  json_object_set_string_member (summary, "KeyAlgorithm", aws_json_get_string (certificate->details, "KeyAlgorithm"));
  json_object_set_boolean_member (summary, "InUse", json_array_get_length (users) > 0);
  json_object_set_string_member (summary, "RenewalEligibility", get_eligibility (call->practice, certificate));
  set_times (certificate, summary);
  json_array_unref (users);

  return summary;
}

static gboolean
array_has (JsonArray  *array,
           const char *text)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_strcmp0 (aws_json_array_get_string (array, i), text) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_wanted (Certificate *certificate,
           JsonObject  *input)
{
  JsonObject *includes = aws_json_get_object (input, "Includes");
  JsonArray *types = includes != NULL ? aws_json_get_array (includes, "keyTypes") : NULL;
  JsonArray *statuses = aws_json_get_array (input, "CertificateStatuses");
  const char *algorithm = aws_json_get_string (certificate->details, "KeyAlgorithm");

  if (statuses != NULL && json_array_get_length (statuses) > 0 && !array_has (statuses, status_names[certificate->status]))
    return FALSE;

  /* Without a filter AWS lists these only */
  return types != NULL && json_array_get_length (types) > 0 ? array_has (types, algorithm)
                                                            : g_str_equal (algorithm, "RSA_1024") || g_str_equal (algorithm, "RSA_2048");
}

static GStrv
list_arns (PracticeCall *call)
{
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT arn FROM certificates WHERE region = ? ORDER BY created, arn",
                                                    "s", call->region);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  while (practice_rows_next (rows))
    g_strv_builder_add (builder, practice_rows_text (rows, 0));

  return g_strv_builder_end (builder);
}

static JsonObject *
list_certificates (PracticeCall  *call,
                   JsonObject    *input,
                   GError       **error)
{
  g_autoptr(GPtrArray) wanted = g_ptr_array_new_with_free_func ((GDestroyNotify) certificate_free);
  g_auto(GStrv) known = NULL;
  JsonArray *list;
  JsonObject *output;
  guint begin, length;

  if (!practice_page_read (input, "NextToken", "MaxItems", 1000, "ValidationException", &begin, &length, error))
    return NULL;

  known = list_arns (call);
  for (guint i = 0; known[i] != NULL; i++)
    {
      g_autoptr(Certificate) certificate = certificate_load (call->practice, known[i]);

      if (certificate != NULL && is_wanted (certificate, input))
        g_ptr_array_add (wanted, g_steal_pointer (&certificate));
    }

  list = json_array_new ();
  for (guint i = begin; i < wanted->len && i - begin < length; i++)
    json_array_add_object_element (list, summarize (call, g_ptr_array_index (wanted, i)));
  output = json_object_new ();
  json_object_set_array_member (output, "CertificateSummaryList", list);
  practice_page_end (output, "NextToken", begin, length, wanted->len);

  return output;
}

static JsonObject *
delete_certificate (PracticeCall  *call,
                    JsonObject    *input,
                    GError       **error)
{
  g_autoptr(Certificate) certificate = require_certificate (call, input, error);
  g_autoptr(JsonArray) users = NULL;

  if (certificate == NULL)
    return NULL;

  users = list_users (call->practice, certificate->arn);
  if (json_array_get_length (users) > 0)
    {
      practice_refuse_as (error, 400, "ResourceInUseException", "Certificate %s in account %s is in use.", certificate->arn, call->practice->account);

      return NULL;
    }

  return practice_db_run (call->practice->db, error, "DELETE FROM certificate_renewals WHERE arn = ?", "s", certificate->arn) &&
         practice_db_run (call->practice->db, error, "DELETE FROM certificates WHERE arn = ?", "s", certificate->arn)
         ? json_object_new () : NULL;
}

static JsonObject *
add_tags (PracticeCall  *call,
          JsonObject    *input,
          GError       **error)
{
  g_autoptr(Certificate) certificate = require_certificate (call, input, error);
  JsonArray *tags = aws_json_get_array (input, "Tags");
  g_autoptr(JsonArray) all = NULL;
  g_autofree char *text = NULL;

  if (certificate == NULL || !check_tags (tags, error))
    return NULL;
  if (tags == NULL || json_array_get_length (tags) == 0)
    {
      practice_refuse_as (error, 400, "ValidationException", "1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member must not be null");

      return NULL;
    }

  all = merge_tags (aws_json_get_array (certificate->details, "Tags"), tags);
  if (json_array_get_length (all) > MOST_TAGS)
    {
      practice_refuse_as (error, 400, "TooManyTagsException", "The request contains too many tags. Try the request again with fewer tags.");

      return NULL;
    }

  json_object_set_array_member (certificate->details, "Tags", json_array_ref (all));
  text = practice_print_object (certificate->details);

  return practice_db_run (call->practice->db, error, "UPDATE certificates SET details = ? WHERE arn = ?", "ss", text, certificate->arn)
         ? json_object_new () : NULL;
}

static JsonObject *
list_tags (PracticeCall  *call,
           JsonObject    *input,
           GError       **error)
{
  g_autoptr(Certificate) certificate = require_certificate (call, input, error);
  JsonObject *output;

  if (certificate == NULL)
    return NULL;

  output = json_object_new ();
  json_object_set_array_member (output, "Tags", json_array_ref (aws_json_get_array (certificate->details, "Tags")));

  return output;
}

static const PracticeOperation operations[] = {
  { "RequestCertificate", request_certificate },
  { "DescribeCertificate", describe_certificate },
  { "ListCertificates", list_certificates },
  { "DeleteCertificate", delete_certificate },
  { "AddTagsToCertificate", add_tags },
  { "ListTagsForCertificate", list_tags },
  { NULL }
};

static char *
dup_resource (PracticeCall *call,
              JsonObject   *input)
{
  const char *arn = aws_json_get_string (input, "CertificateArn");

  return g_strdup (arn != NULL ? arn : "*");
}

static void
handle (PracticeCall *call)
{
  practice_operations_handle (call, operations, "acm", dup_resource);
}

static const PracticeService service = {
  .name = "acm",
  .protocol = PRACTICE_PROTOCOL_JSON_1_1,
  .target_prefix = "CertificateManager",
  .handle = handle,
};

gboolean
practice_acm_init (Practice  *practice,
                   GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS certificates (arn TEXT PRIMARY KEY, region TEXT NOT NULL, details TEXT NOT NULL,"
                           "  request TEXT NOT NULL, token TEXT, status INTEGER NOT NULL, reason TEXT, created INTEGER NOT NULL,"
                           "  found INTEGER NOT NULL, issued INTEGER NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS certificate_renewals (arn TEXT PRIMARY KEY, valid_from INTEGER NOT NULL,"
                           "  renewal INTEGER NOT NULL, renewal_reason TEXT, updated INTEGER NOT NULL);",
                           error))
    return FALSE;

  practice_register_service (practice, &service);
  practice->next_look = NULL;
  look_soon (practice, SHORTEST_LOOK);

  return TRUE;
}
