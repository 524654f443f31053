/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-cloudfront.h"

#include <string.h>

#include "aws-json.h"

#define DEPLOYING 240.0   /* seconds at AWS */

/* Distributions: the table, and the two forms of a configuration (a template's, and the API's XML). */

G_DEFINE_QUARK (practice-cloudfront-error-quark, practice_cloudfront_error)

/* What the API calls differently from templates */
static const struct
{
  const char *property;
  const char *element;
} renamed[] = {
  { "IPV6Enabled", "IsIPV6Enabled" },
  { "AcmCertificateArn", "ACMCertificateArn" },
  { "IamCertificateId", "IAMCertificateId" },
  { "SslSupportMethod", "SSLSupportMethod" },
  { "OriginCustomHeaders", "CustomHeaders" },
  { "OriginSSLProtocols", "OriginSslProtocols" },
};

/* A list is <Element><Quantity/><Items><Item>...</Items></Element> there */
static const struct
{
  const char *element;
  const char *item;
} lists[] = {
  { "Aliases", "CNAME" },
  { "Origins", "Origin" },
  { "CacheBehaviors", "CacheBehavior" },
  { "CustomErrorResponses", "CustomErrorResponse" },
  { "FunctionAssociations", "FunctionAssociation" },
  { "LambdaFunctionAssociations", "LambdaFunctionAssociation" },
  { "CustomHeaders", "OriginCustomHeader" },
  { "OriginSslProtocols", "SslProtocol" },
  { "AllowedMethods", "Method" },
  { "CachedMethods", "Method" },
  { "TrustedKeyGroups", "KeyGroup" },
  { "TrustedSigners", "AwsAccountNumber" },
  { "Cookies", "Name" },
  { "Headers", "Name" },
  { "QueryStringCacheKeys", "Name" },
  { "Locations", "Location" },
};

static const char *
element_of (const char *property)
{
  for (guint i = 0; i < G_N_ELEMENTS (renamed); i++)
    if (g_str_equal (renamed[i].property, property))
      return renamed[i].element;

  return property;
}

static const char *
item_of (const char *element)
{
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_str_equal (lists[i].element, element))
      return lists[i].item;

  return "Item";
}

static char *
text_of (JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    return json_node_dup_string (node);
  if (type == G_TYPE_BOOLEAN)
    return g_strdup (json_node_get_boolean (node) ? "true" : "false");
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));

  return g_strdup_printf ("%g", json_node_get_double (node));
}

static void append_members (GString    *xml,
                            JsonObject *object);

static void
append_list (GString    *xml,
             const char *element,
             JsonArray  *array)
{
  const char *item = item_of (element);
  guint length = array != NULL ? json_array_get_length (array) : 0;

  g_string_append_printf (xml, "<Quantity>%u</Quantity>", length);
  if (length == 0)
    return;

  g_string_append (xml, "<Items>");
  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        {
          g_string_append_printf (xml, "<%s>", item);
          append_members (xml, json_node_get_object (node));
          g_string_append_printf (xml, "</%s>", item);
        }
      else if (JSON_NODE_HOLDS_VALUE (node))
        {
          g_autofree char *text = text_of (node);

          aws_xml_append_element (xml, item, text);
        }
    }
  g_string_append (xml, "</Items>");
}

static void
append_members (GString    *xml,
                JsonObject *object)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, &node))
    {
      const char *element = element_of (name);

      /* inside of AllowedMethods in the API */
      if (g_str_equal (name, "CachedMethods"))
        continue;

      if (JSON_NODE_HOLDS_VALUE (node))
        {
          g_autofree char *text = text_of (node);

          aws_xml_append_element (xml, element, text);
          continue;
        }

      g_string_append_printf (xml, "<%s>", element);
      if (JSON_NODE_HOLDS_OBJECT (node))
        append_members (xml, json_node_get_object (node));
      else if (JSON_NODE_HOLDS_ARRAY (node))
        append_list (xml, element, json_node_get_array (node));
      if (g_str_equal (name, "AllowedMethods"))
        {
          g_string_append (xml, "<CachedMethods>");
          append_list (xml, "CachedMethods", aws_json_get_array (object, "CachedMethods"));
          g_string_append (xml, "</CachedMethods>");
        }
      g_string_append_printf (xml, "</%s>", element);
    }
}

void
practice_distribution_append_config (PracticeDistribution *distribution,
                                     GString              *xml)
{
  static const char * const always[] = { "Aliases", "CacheBehaviors", "CustomErrorResponses" };

  aws_xml_append_element (xml, "CallerReference", distribution->id);
  for (guint i = 0; i < G_N_ELEMENTS (always); i++)
    if (!json_object_has_member (distribution->config, always[i]))
      g_string_append_printf (xml, "<%s><Quantity>0</Quantity></%s>", always[i], always[i]);
  if (!json_object_has_member (distribution->config, "Comment"))
    g_string_append (xml, "<Comment></Comment>");
  append_members (xml, distribution->config);
}

/* The table */

static PracticeDistribution *
distribution_from_rows (Practice     *practice,
                        PracticeRows *rows)
{
  PracticeDistribution *distribution;
  g_autoptr(JsonNode) config = NULL;

  if (!practice_rows_next (rows))
    return NULL;

  config = json_from_string (practice_rows_text (rows, 2), NULL);
  distribution = g_new0 (PracticeDistribution, 1);
  distribution->id = practice_rows_dup_text (rows, 0);
  distribution->arn = g_strdup_printf ("arn:aws:cloudfront::%s:distribution/%s", practice->account, distribution->id);
  distribution->label = practice_rows_dup_text (rows, 1);
  distribution->domain_name = g_strdup_printf ("%s.localhost:%u", distribution->label, practice->port);
  distribution->config = json_node_dup_object (config);
  distribution->etag = practice_rows_dup_text (rows, 3);
  distribution->created = practice_rows_int (rows, 4);
  distribution->modified = practice_rows_int (rows, 5);
  distribution->deployed = practice_now () >= practice_rows_int (rows, 6);

  return distribution;
}

void
practice_distribution_free (PracticeDistribution *distribution)
{
  if (distribution == NULL)
    return;

  g_free (distribution->id);
  g_free (distribution->arn);
  g_free (distribution->label);
  g_free (distribution->domain_name);
  json_object_unref (distribution->config);
  g_free (distribution->etag);
  g_free (distribution);
}

PracticeDistribution *
practice_cloudfront_lookup (Practice   *practice,
                            const char *id)
{
  g_autoptr(PracticeRows) rows = NULL;

  rows = practice_db_query (practice->db,
                            "SELECT id, label, config, etag, created, modified, ready FROM distributions WHERE id = ?", "s", id);

  return distribution_from_rows (practice, rows);
}

PracticeDistribution *
practice_cloudfront_lookup_host (Practice   *practice,
                                 const char *host)
{
  g_autofree char *label = g_str_has_suffix (host, ".localhost") ? g_strndup (host, strlen (host) - strlen (".localhost")) : NULL;
  g_autofree char *star = strchr (host, '.') != NULL ? g_strconcat ("*", strchr (host, '.'), NULL) : NULL;
  g_autofree char *id = practice_db_lookup (practice->db, "SELECT distribution FROM aliases WHERE name IN (?1, ?2) ORDER BY name = ?1 DESC",
                                            "ss", host, star);

  if (id == NULL && label != NULL)
    id = practice_db_lookup (practice->db, "SELECT id FROM distributions WHERE label = ?", "s", label);

  return id != NULL ? practice_cloudfront_lookup (practice, id) : NULL;
}

static gboolean
fail_not_found (GError **error)
{
  g_set_error_literal (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_NOT_FOUND,
                       "The specified distribution does not exist.");

  return FALSE;
}

static gboolean
check_config (JsonObject  *config,
              GError     **error)
{
  JsonArray *origins = aws_json_get_array (config, "Origins");
  JsonObject *behavior = aws_json_get_object (config, "DefaultCacheBehavior");
  const char *target = behavior != NULL ? aws_json_get_string (behavior, "TargetOriginId") : NULL;

  for (guint i = 0; origins != NULL && i < json_array_get_length (origins); i++)
    {
      JsonObject *origin = aws_json_array_get_object (origins, i);

      if (origin == NULL)
        continue;
      if (aws_json_get_object (origin, "S3OriginConfig") == NULL && aws_json_get_object (origin, "CustomOriginConfig") == NULL)
        {
          g_set_error_literal (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_INVALID,
                               "Exactly one of CustomOriginConfig and S3OriginConfig must be specified");

          return FALSE;
        }
      if (target != NULL && g_strcmp0 (aws_json_get_string (origin, "Id"), target) == 0)
        return TRUE;
    }

  g_set_error_literal (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_INVALID,
                       target == NULL ? "The parameter DefaultCacheBehavior is required."
                                      : "One or more of your origins or origin groups do not exist.");

  return FALSE;
}

/* The names of a distribution; each belongs to one distribution only. */
static gboolean
set_aliases (Practice    *practice,
             const char  *id,
             JsonObject  *config,
             GError     **error)
{
  JsonArray *aliases = aws_json_get_array (config, "Aliases");

  if (!practice_db_run (practice->db, error, "DELETE FROM aliases WHERE distribution = ?", "s", id))
    return FALSE;

  for (guint i = 0; aliases != NULL && i < json_array_get_length (aliases); i++)
    {
      const char *alias = aws_json_array_get_string (aliases, i);
      g_autofree char *name = alias != NULL ? g_ascii_strdown (alias, -1) : NULL;
      g_autofree char *owner = NULL;

      if (name == NULL)
        continue;

      owner = practice_db_lookup (practice->db, "SELECT distribution FROM aliases WHERE name = ?", "s", name);
      if ((owner != NULL && !g_str_equal (owner, id)) || practice_cloudfront_is_claimed (practice, name, NULL))
        {
          g_set_error_literal (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_ALIAS_TAKEN,
                               "One or more of the CNAMEs you provided are already associated with a different resource.");

          return FALSE;
        }
      if (!practice_db_run (practice->db, error, "INSERT OR IGNORE INTO aliases (name, distribution) VALUES (?, ?)", "ss", name, id))
        return FALSE;
    }

  return TRUE;
}

static char *
config_text (JsonObject *config)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (node, config);

  return json_to_string (node, FALSE);
}

/* Ends the transaction that began before; @written says whether all went well so far. */
static gboolean
end_write (Practice  *practice,
           gboolean   written,
           GError   **error)
{
  if (written)
    return practice_db_commit (practice->db, error);

  practice_db_rollback (practice->db);

  return FALSE;
}

PracticeDistribution *
practice_cloudfront_create_distribution (Practice    *practice,
                                         const char  *label,
                                         JsonObject  *config,
                                         GError     **error)
{
  g_autofree char *random = practice_random_id (13, NULL);
  g_autofree char *id = g_strconcat ("E", random, NULL);
  g_autofree char *lower = g_ascii_strdown (id, -1);
  g_autofree char *etag = practice_random_id (14, NULL);
  g_autofree char *text = config_text (config);
  g_autofree char *taken = NULL;
  gint64 now = practice_now ();
  gint64 ready = now + practice_scale_delay (practice, DEPLOYING) * G_GINT64_CONSTANT (1000);

  if (label != NULL)
    taken = practice_db_lookup (practice->db, "SELECT id FROM distributions WHERE label = ?", "s", label);

  if (!check_config (config, error) || !practice_db_begin (practice->db, error))
    return NULL;

  if (!end_write (practice,
                  practice_db_run (practice->db, error,
                                   "INSERT INTO distributions (id, label, config, etag, created, modified, ready) "
                                   "VALUES (?, ?, ?, ?, ?, ?, ?)", "ssssiii", id,
                                   label != NULL && taken == NULL ? label : lower, text, etag, now, now, ready) &&
                  set_aliases (practice, id, config, error), error))
    return NULL;

  return practice_cloudfront_lookup (practice, id);
}

gboolean
practice_cloudfront_update_distribution (Practice    *practice,
                                         const char  *id,
                                         JsonObject  *config,
                                         GError     **error)
{
  g_autoptr(PracticeDistribution) distribution = practice_cloudfront_lookup (practice, id);
  g_autofree char *etag = practice_random_id (14, NULL);
  g_autofree char *text = config_text (config);
  gint64 now = practice_now ();
  gint64 ready = now + practice_scale_delay (practice, DEPLOYING) * G_GINT64_CONSTANT (1000);

  if (distribution == NULL)
    return fail_not_found (error);

  if (!check_config (config, error) || !practice_db_begin (practice->db, error))
    return FALSE;

  return end_write (practice,
                    practice_db_run (practice->db, error,
                                     "UPDATE distributions SET config = ?, etag = ?, modified = ?, ready = ? WHERE id = ?",
                                     "ssiis", text, etag, now, ready, id) &&
                    set_aliases (practice, id, config, error), error);
}

gboolean
practice_cloudfront_delete_distribution (Practice    *practice,
                                         const char  *id,
                                         GError     **error)
{
  g_autoptr(PracticeDistribution) distribution = practice_cloudfront_lookup (practice, id);

  if (distribution == NULL)
    return fail_not_found (error);

  if (aws_json_get_bool (distribution->config, "Enabled"))
    {
      g_set_error_literal (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_NOT_DISABLED,
                           "The distribution you are trying to delete has not been disabled.");

      return FALSE;
    }

  return practice_db_run (practice->db, error, "DELETE FROM distributions WHERE id = ?", "s", id);
}
