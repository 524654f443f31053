/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-acm.h"
#include "porch-practice-cloudfront-private.h"
#include "porch-practice-internet-private.h"

/* Whose a domain is, and moving it from one distribution to another. Between those of the account here that is done at once;
 * of others it is only known which names they have, and whether they are switched off. */

static char *
mask (const char *text,
      guint       shown)
{
  gsize length = strlen (text);
  gsize hidden = length > shown ? length - shown : 0;
  g_autofree char *stars = g_strnfill (hidden, '*');

  return g_strconcat (stars, text + hidden, NULL);
}

gboolean
practice_cloudfront_set_claim (Practice    *practice,
                               const char  *name,
                               gboolean     off,
                               gboolean     disabled,
                               GError     **error)
{
  g_autofree char *id = practice_random_id (13, NULL);
  g_autofree char *account = practice_random_id (12, "123456789");

  if (off)
    return practice_db_run (practice->db, error, "DELETE FROM claims WHERE name = ?", "s", name);

  return practice_db_run (practice->db, error,
                          "INSERT INTO claims (name, id, account, disabled) VALUES (?1, 'E' || ?2, ?3, ?4)"
                          " ON CONFLICT (name) DO UPDATE SET disabled = ?4", "sssi", name, id, account, (gint64) disabled);
}

gboolean
practice_cloudfront_is_claimed (Practice   *practice,
                                const char *name,
                                gboolean   *disabled)
{
  g_autofree char *text = practice_db_lookup (practice->db, "SELECT disabled FROM claims WHERE name = ?", "s", name);

  if (disabled != NULL)
    *disabled = text != NULL && !g_str_equal (text, "0");

  return text != NULL;
}

static char *
read_domain (PracticeCall *call,
             AwsXmlNode   *root)
{
  g_autofree char *domain = aws_xml_node_dup_text (root, "Domain");

  if (domain && *domain)
    return g_ascii_strdown (domain, -1);

  practice_call_answer_error (call, 400, "InvalidArgument", "The parameter Domain is required.");

  return NULL;
}

/* The distribution's certificate says whose a domain is. */
static gboolean
is_covered (PracticeCall         *call,
            PracticeDistribution *target,
            const char           *domain)
{
  const char *arn = practice_property_string (aws_json_get_object (target->config, "ViewerCertificate"), "AcmCertificateArn");
  const char * const names[] = { domain, NULL };

  return arn != NULL && practice_acm_is_usable (call->practice, arn, names);
}

/* The distribution that is to have the domain. Its certificate says whether it may. */
static PracticeDistribution *
read_target (PracticeCall *call,
             AwsXmlNode   *root,
             const char   *member)
{
  g_autofree char *path = g_strconcat (member, "/DistributionId", NULL);
  g_autofree char *id = aws_xml_node_dup_text (root, path);
  g_autofree char *domain = aws_xml_node_dup_text (root, "Domain");
  g_autoptr(PracticeDistribution) target = id ? practice_cloudfront_lookup (call->practice, id) : NULL;

  if (id == NULL)
    practice_call_answer_error (call, 400, "InvalidArgument", "The parameter %s needs a DistributionId.", member);
  else if (target == NULL)
    practice_call_answer_error (call, 404, "EntityNotFound", "The entity was not found.");
  else if (!is_covered (call, target, domain))
    practice_call_answer_error (call, 400, "InvalidArgument",
                                "The resource must have a valid certificate that covers the domain that you provided.");
  else
    return g_steal_pointer (&target);

  return NULL;
}

static gboolean
overlap (const char *one,
         const char *other)
{
  const char *dot;

  if (g_str_equal (one, other))
    return TRUE;
  if (g_str_has_prefix (one, "*.") && (dot = strchr (other, '.')))
    return g_str_equal (one + 1, dot);
  if (g_str_has_prefix (other, "*.") && (dot = strchr (one, '.')))
    return g_str_equal (other + 1, dot);

  return FALSE;
}

void
cloudfront_list_domain_conflicts (PracticeCall *call,
                                  GStrv         parts)
{
  g_autoptr(AwsXml) document = cloudfront_parse_body (call, "ListDomainConflictsRequest");
  g_autofree char *domain = document ? read_domain (call, aws_xml_get_root (document)) : NULL;
  g_autoptr(PracticeDistribution) target = domain ? read_target (call, aws_xml_get_root (document), "DomainControlValidationResource") : NULL;
  g_autoptr(GString) xml = g_string_new ("<DomainConflicts>");
  g_autoptr(PracticeRows) rows = NULL;

  if (target == NULL)
    return;

  rows = practice_db_query (call->practice->db,
                            "SELECT name, distribution, ? FROM aliases WHERE distribution <> ? UNION ALL SELECT name, id, account FROM claims"
                            " ORDER BY name", "ss", call->practice->account, target->id);
  while (practice_rows_next (rows))
    {
      g_autofree char *id = mask (practice_rows_text (rows, 1), 5);
      g_autofree char *account = mask (practice_rows_text (rows, 2), 6);

      if (!overlap (domain, practice_rows_text (rows, 0)))
        continue;
      g_string_append (xml, "<DomainConflicts>");
      aws_xml_append_element (xml, "Domain", practice_rows_text (rows, 0));
      aws_xml_append_element (xml, "ResourceType", "distribution");
      aws_xml_append_element (xml, "ResourceId", id);
      aws_xml_append_element (xml, "AccountId", account);
      g_string_append (xml, "</DomainConflicts>");
    }
  g_string_append (xml, "</DomainConflicts>");
  cloudfront_answer_document (call, 200, "ListDomainConflictsResult", xml);
}

/* Takes the name out of the configuration of one distribution, or puts it into that of another. */
static gboolean
set_alias (Practice              *practice,
           PracticeDistribution  *distribution,
           const char            *domain,
           gboolean               add,
           GError               **error)
{
  JsonArray *known = aws_json_get_array (distribution->config, "Aliases");
  JsonArray *aliases = json_array_new ();

  for (guint i = 0; known && i < json_array_get_length (known); i++)
    {
      const char *alias = aws_json_array_get_string (known, i);

      if (alias && g_ascii_strcasecmp (alias, domain) != 0)
        json_array_add_string_element (aliases, alias);
    }
  if (add)
    json_array_add_string_element (aliases, domain);
  json_object_set_array_member (distribution->config, "Aliases", aliases);

  return practice_cloudfront_update_distribution (practice, distribution->id, distribution->config, error);
}

static gboolean
move_domain (PracticeCall          *call,
             PracticeDistribution  *source,
             PracticeDistribution  *target,
             const char            *domain,
             GError               **error)
{
  PracticeDb *db = call->practice->db;

  if (!practice_db_begin (db, error))
    return FALSE;
  if (set_alias (call->practice, source, domain, FALSE, error) && set_alias (call->practice, target, domain, TRUE, error))
    return practice_db_commit (db, error);

  practice_db_rollback (db);

  return FALSE;
}

/* A record that only who holds the domain can write: the name with an underscore before it, and the host of the target */
static gboolean
is_proven (PracticeCall         *call,
           PracticeDistribution *target,
           const char           *domain)
{
  g_autofree char *normal = practice_dns_normalize (domain, NULL);
  g_autofree char *registered = normal != NULL ? practice_internet_find_domain (call->practice, normal) : NULL;
  g_autofree char *name = g_strconcat (g_strcmp0 (registered, domain) == 0 ? "_." : "_", domain, NULL);
  g_autofree char *expected = g_strdup_printf ("\"%s.localhost\"", target->label);
  g_auto(GStrv) values = practice_internet_dup_values (call->practice, name, "TXT");

  return values != NULL && g_strv_contains ((const char * const *) values, expected);
}

/* Takes the name from a distribution of another account, if that has given it up. */
static gboolean
take_claim (PracticeCall         *call,
            PracticeDistribution *target,
            const char           *domain)
{
  g_autoptr(GError) error = NULL;
  gboolean disabled;

  practice_cloudfront_is_claimed (call->practice, domain, &disabled);
  if (!disabled)
    practice_call_answer_error (call, 400, "IllegalUpdate", "The source distribution must be disabled before the domain can be moved.");
  else if (!is_proven (call, target, domain))
    practice_call_answer_error (call, 403, "AccessDenied",
                                "The TXT record that shows that you control the domain was not found, or does not name the target distribution.");
  else if (!practice_cloudfront_set_claim (call->practice, domain, TRUE, FALSE, &error) ||
           !set_alias (call->practice, target, domain, TRUE, &error))
    practice_call_answer_internal (call, error);
  else
    return TRUE;

  return FALSE;
}

static void
answer_moved (PracticeCall         *call,
              PracticeDistribution *target,
              const char           *domain)
{
  g_autoptr(PracticeDistribution) changed = practice_cloudfront_lookup (call->practice, target->id);
  g_autoptr(GString) xml = g_string_new (NULL);

  aws_xml_append_element (xml, "Domain", domain);
  aws_xml_append_element (xml, "ResourceId", target->id);
  practice_call_set_header (call, "ETag", changed->etag);
  cloudfront_answer_document (call, 200, "UpdateDomainAssociationResult", xml);
}

void
cloudfront_update_domain_association (PracticeCall *call,
                                      GStrv         parts)
{
  g_autoptr(AwsXml) document = cloudfront_parse_body (call, "UpdateDomainAssociationRequest");
  g_autofree char *domain = document ? read_domain (call, aws_xml_get_root (document)) : NULL;
  g_autoptr(PracticeDistribution) target = domain ? read_target (call, aws_xml_get_root (document), "TargetResource") : NULL;
  g_autofree char *owner = NULL;
  g_autoptr(PracticeDistribution) source = NULL;
  g_autoptr(GError) error = NULL;

  if (target == NULL || (practice_call_get_header (call, "If-Match") && !cloudfront_check_version (call, target->etag)))
    return;

  if (practice_cloudfront_is_claimed (call->practice, domain, NULL))
    {
      if (take_claim (call, target, domain))
        answer_moved (call, target, domain);
      return;
    }

  owner = practice_db_lookup (call->practice->db, "SELECT distribution FROM aliases WHERE name = ?", "s", domain);
  source = owner ? practice_cloudfront_lookup (call->practice, owner) : NULL;
  if (source == NULL)
    {
      practice_call_answer_error (call, 404, "EntityNotFound", "The domain is not associated with any resource.");
      return;
    }
  if (g_str_equal (source->id, target->id))
    {
      practice_call_answer_error (call, 400, "IllegalUpdate", "The domain is associated with the target already.");
      return;
    }
  if (!move_domain (call, source, target, domain, &error))
    {
      practice_call_answer_internal (call, error);
      return;
    }

  answer_moved (call, target, domain);
}
