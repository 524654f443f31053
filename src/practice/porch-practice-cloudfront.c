/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-cloudfront-private.h"

#include "aws-json.h"
#include "aws-uri.h"
#include "aws-xml.h"
#include "porch-practice-kvs.h"
#include "porch-practice-sts.h"

#define XMLNS             "http://cloudfront.amazonaws.com/doc/2020-05-31/"
#define ROOT              "/2020-05-31/"
#define INVALIDATING      60.0   /* seconds at AWS */
#define MOST_PATHS        3000

/* The control plane's calls. Distributions are made and changed by CloudFormation; here they are looked at. */

void
cloudfront_answer_document (PracticeCall *call,
                            guint         status,
                            const char   *root,
                            GString      *inner)
{
  g_autofree char *xml = g_strdup_printf ("<%s xmlns=\"" XMLNS "\">%s</%s>", root, inner->str, root);

  practice_call_answer_xml (call, status, xml);
}

/* "/2020-05-31/distribution/E1/invalidation/I1": the parts after the version */
static GStrv
split_path (PracticeCall *call)
{
  GStrv parts;

  if (!g_str_has_prefix (call->raw_path, ROOT))
    return NULL;

  parts = g_strsplit (call->raw_path + strlen (ROOT), "/", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *decoded = aws_uri_decode (parts[i], -1, FALSE);

      g_free (parts[i]);
      parts[i] = decoded;
    }

  return parts;
}

static const char *
name_operation (PracticeCall *call)
{
  static const struct
  {
    const char *method;
    const char *pattern;
    const char *name;
  } operations[] = {
    { "GET", "distribution", "ListDistributions" },
    { "GET", "distribution/*", "GetDistribution" },
    { "DELETE", "distribution/*", "DeleteDistribution" },
    { "GET", "distribution/*/config", "GetDistributionConfig" },
    { "POST", "distribution/*/invalidation", "CreateInvalidation" },
    { "GET", "distribution/*/invalidation", "ListInvalidations" },
    { "GET", "distribution/*/invalidation/*", "GetInvalidation" },
    { "GET", "key-value-store", "ListKeyValueStores" },
    { "POST", "key-value-store", "CreateKeyValueStore" },
    { "GET", "key-value-store/*", "DescribeKeyValueStore" },
    { "PUT", "key-value-store/*", "UpdateKeyValueStore" },
    { "DELETE", "key-value-store/*", "DeleteKeyValueStore" },
    { "GET", "function", "ListFunctions" },
    { "GET", "function/*", "GetFunction" },
    { "PUT", "function/*", "UpdateFunction" },
    { "GET", "function/*/describe", "DescribeFunction" },
    { "POST", "function/*/publish", "PublishFunction" },
    { "POST", "function/*/test", "TestFunction" },
    { "POST", "domain-conflicts", "ListDomainConflicts" },
    { "POST", "domain-association", "UpdateDomainAssociation" },
  };
  g_auto(GStrv) parts = split_path (call);

  for (guint i = 0; parts != NULL && i < G_N_ELEMENTS (operations); i++)
    {
      g_auto(GStrv) pattern = g_strsplit (operations[i].pattern, "/", -1);
      gboolean same = g_strv_length (pattern) == g_strv_length (parts) && g_str_equal (operations[i].method, call->method);

      for (guint j = 0; same && pattern[j] != NULL; j++)
        same = g_str_equal (pattern[j], "*") ? *parts[j] != '\0' : g_str_equal (pattern[j], parts[j]);
      if (same)
        return operations[i].name;
    }

  return NULL;
}

/* Distributions */

static PracticeDistribution *
find_distribution (PracticeCall *call,
                   const char   *id)
{
  PracticeDistribution *distribution = practice_cloudfront_lookup (call->practice, id);

  if (distribution == NULL)
    practice_call_answer_error (call, 404, "NoSuchDistribution", "The specified distribution does not exist.");

  return distribution;
}

static void
append_head (GString              *xml,
             PracticeDistribution *distribution)
{
  g_autofree char *modified = practice_format_time (distribution->modified);

  aws_xml_append_element (xml, "Id", distribution->id);
  aws_xml_append_element (xml, "ARN", distribution->arn);
  aws_xml_append_element (xml, "Status", distribution->deployed ? "Deployed" : "InProgress");
  aws_xml_append_element (xml, "LastModifiedTime", modified);
}

static void
get_distribution (PracticeCall *call,
                  GStrv         parts)
{
  g_autoptr(PracticeDistribution) distribution = find_distribution (call, parts[1]);
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autofree char *count = NULL;

  if (distribution == NULL)
    return;

  count = practice_db_lookup (call->practice->db, "SELECT count(*) FROM invalidations WHERE distribution = ? AND ready > ?",
                              "si", distribution->id, practice_now ());
  append_head (xml, distribution);
  aws_xml_append_element (xml, "InProgressInvalidationBatches", count);
  aws_xml_append_element (xml, "DomainName", distribution->domain_name);
  g_string_append (xml, "<ActiveTrustedSigners><Enabled>false</Enabled><Quantity>0</Quantity></ActiveTrustedSigners>"
                   "<ActiveTrustedKeyGroups><Enabled>false</Enabled><Quantity>0</Quantity></ActiveTrustedKeyGroups>"
                   "<DistributionConfig>");
  practice_distribution_append_config (distribution, xml);
  g_string_append (xml, "</DistributionConfig>");
  practice_call_set_header (call, "ETag", distribution->etag);
  cloudfront_answer_document (call, 200, "Distribution", xml);
}

static void
get_distribution_config (PracticeCall *call,
                         GStrv         parts)
{
  g_autoptr(PracticeDistribution) distribution = find_distribution (call, parts[1]);
  g_autoptr(GString) xml = g_string_new (NULL);

  if (distribution == NULL)
    return;

  practice_distribution_append_config (distribution, xml);
  practice_call_set_header (call, "ETag", distribution->etag);
  cloudfront_answer_document (call, 200, "DistributionConfig", xml);
}

gboolean
cloudfront_get_limit (PracticeCall *call,
                      gint64       *limit)
{
  const char *text = practice_call_get_query (call, "MaxItems");

  *limit = 100;
  if (text == NULL || g_ascii_string_to_signed (text, 10, 1, 100, limit, NULL))
    return TRUE;

  practice_call_answer_error (call, 400, "InvalidArgument", "The parameter MaxItems is not valid.");

  return FALSE;
}

/* The head that all of CloudFront's lists have */
static void
append_list (GString    *xml,
             const char *marker,
             const char *next,
             gint64      limit,
             guint       count,
             GString    *items)
{
  aws_xml_append_element (xml, "Marker", marker != NULL ? marker : "");
  aws_xml_append_element (xml, "NextMarker", next);
  g_string_append_printf (xml, "<MaxItems>%" G_GINT64_FORMAT "</MaxItems>", limit);
  aws_xml_append_element (xml, "IsTruncated", next != NULL ? "true" : "false");
  g_string_append_printf (xml, "<Quantity>%u</Quantity>", count);
  if (count > 0)
    g_string_append_printf (xml, "<Items>%s</Items>", items->str);
}

static void
list_distributions (PracticeCall *call,
                    GStrv         parts)
{
  const char *marker = practice_call_get_query (call, "Marker");
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GString) items = g_string_new (NULL);
  g_autofree char *next = NULL;
  guint count = 0;
  gint64 limit;

  if (!cloudfront_get_limit (call, &limit))
    return;

  rows = practice_db_query (call->practice->db, "SELECT id FROM distributions WHERE id > ? ORDER BY id", "s",
                            marker != NULL ? marker : "");
  while (next == NULL && practice_rows_next (rows))
    {
      g_autoptr(PracticeDistribution) distribution = practice_cloudfront_lookup (call->practice, practice_rows_text (rows, 0));

      if (count == limit)
        break;

      count++;
      g_string_append (items, "<DistributionSummary>");
      append_head (items, distribution);
      aws_xml_append_element (items, "DomainName", distribution->domain_name);
      practice_distribution_append_config (distribution, items);
      g_string_append (items, "</DistributionSummary>");
      if (count == limit)
        {
          g_autofree char *more = practice_db_lookup (call->practice->db, "SELECT id FROM distributions WHERE id > ? LIMIT 1",
                                                      "s", distribution->id);

          next = more != NULL ? g_strdup (distribution->id) : NULL;
        }
    }

  append_list (xml, marker, next, limit, count, items);
  cloudfront_answer_document (call, 200, "DistributionList", xml);
}

/* Invalidations */

static void
append_invalidation (GString      *xml,
                     PracticeRows *rows,
                     gboolean      with_batch)
{
  g_autofree char *created = practice_format_time (practice_rows_int (rows, 1));

  aws_xml_append_element (xml, "Id", practice_rows_text (rows, 0));
  aws_xml_append_element (xml, "Status", practice_now () >= practice_rows_int (rows, 2) ? "Completed" : "InProgress");
  aws_xml_append_element (xml, "CreateTime", created);
  if (with_batch)
    g_string_append (xml, practice_rows_text (rows, 3));
}

static void
answer_invalidation (PracticeCall *call,
                     const char   *distribution,
                     const char   *id,
                     guint         status)
{
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);

  rows = practice_db_query (call->practice->db,
                            "SELECT id, created, ready, batch FROM invalidations WHERE distribution = ? AND id = ?",
                            "ss", distribution, id);
  if (!practice_rows_next (rows))
    {
      practice_call_answer_error (call, 404, "NoSuchInvalidation", "The specified invalidation does not exist.");

      return;
    }

  append_invalidation (xml, rows, TRUE);
  if (status == 201)
    {
      g_autofree char *location = g_strdup_printf ("https://cloudfront.amazonaws.com" ROOT "distribution/%s/invalidation/%s",
                                                   distribution, id);

      practice_call_set_header (call, "Location", location);
    }
  cloudfront_answer_document (call, status, "Invalidation", xml);
}

/* As viewers ask for it: a slash first, a star only last, nothing that a URL can't hold */
static gboolean
is_path (const char *path)
{
  const char *star = strchr (path, '*');

  if (*path != '/' || (star != NULL && star[1] != '\0') || strlen (path) > 4000)
    return FALSE;

  for (const char *c = path; *c != '\0'; c++)
    if ((guchar) *c <= ' ' || (guchar) *c >= 0x7f || strchr ("\"<>\\^`{|}~", *c) != NULL)
      return FALSE;

  return TRUE;
}

static GPtrArray *
read_paths (PracticeCall *call,
            AwsXmlNode   *root)
{
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  AwsXmlNode *items = aws_xml_node_find (root, "Paths/Items");

  for (AwsXmlNode *node = items != NULL ? aws_xml_node_first (items, "Path") : NULL; node != NULL;
       node = aws_xml_node_next (node, "Path"))
    {
      char *path = aws_xml_node_dup_text (node, NULL);

      g_ptr_array_add (paths, path);
      if (path == NULL || !is_path (path))
        {
          practice_call_answer_error (call, 400, "InvalidArgument", "Your request contains one or more invalid invalidation paths.");

          return NULL;
        }
    }

  if (paths->len == 0 || (guint) aws_xml_node_get_int (root, "Paths/Quantity", 0) != paths->len)
    {
      practice_call_answer_error (call, 400, paths->len == 0 ? "MissingArgument" : "InconsistentQuantities",
                                  paths->len == 0 ? "At least one path is needed."
                                                  : "The value of Quantity and the size of Items do not match.");

      return NULL;
    }

  if (paths->len > MOST_PATHS)
    {
      practice_call_answer_error (call, 400, "TooManyInvalidationsInProgress",
                                  "Your request exceeds the number of paths that may be invalidated at once.");

      return NULL;
    }

  g_ptr_array_add (paths, NULL);

  return g_steal_pointer (&paths);
}

static char *
describe_batch (GPtrArray  *paths,
                const char *reference)
{
  g_autoptr(GString) xml = g_string_new ("<InvalidationBatch>");

  g_string_append_printf (xml, "<Paths><Quantity>%u</Quantity><Items>", paths->len - 1);
  for (guint i = 0; i + 1 < paths->len; i++)
    aws_xml_append_element (xml, "Path", g_ptr_array_index (paths, i));
  g_string_append (xml, "</Items></Paths>");
  aws_xml_append_element (xml, "CallerReference", reference);
  g_string_append (xml, "</InvalidationBatch>");

  return g_string_free_and_steal (g_steal_pointer (&xml));
}

AwsXml *
cloudfront_parse_body (PracticeCall *call,
                       const char   *root)
{
  g_autoptr(AwsXml) document = g_bytes_get_size (call->body) > 0 ? aws_xml_new (call->body, NULL) : NULL;

  if (document != NULL && g_strcmp0 (aws_xml_node_get_name (aws_xml_get_root (document)), root) == 0)
    return g_steal_pointer (&document);

  practice_call_answer_error (call, 400, "MalformedInput", "Could not parse the request body: %s was expected", root);

  return NULL;
}

static void
create_invalidation (PracticeCall *call,
                     GStrv         parts)
{
  g_autoptr(PracticeDistribution) distribution = find_distribution (call, parts[1]);
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(GPtrArray) paths = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *reference = NULL;
  g_autofree char *batch = NULL;
  g_autofree char *random = practice_random_id (25, NULL);
  g_autofree char *id = g_strconcat ("I", random, NULL);
  g_autofree char *present = NULL;
  g_autofree char *present_batch = NULL;
  gint64 ready = practice_now () + practice_scale_delay (call->practice, INVALIDATING) * G_GINT64_CONSTANT (1000);

  if (distribution == NULL || !(document = cloudfront_parse_body (call, "InvalidationBatch")))
    return;

  reference = aws_xml_node_dup_text (aws_xml_get_root (document), "CallerReference");
  if (reference == NULL || *reference == '\0')
    {
      practice_call_answer_error (call, 400, "MissingArgument", "The parameter CallerReference is required.");

      return;
    }

  if (!(paths = read_paths (call, aws_xml_get_root (document))))
    return;

  /* the same batch again is the same invalidation; another one may not have its reference */
  batch = describe_batch (paths, reference);
  present = practice_db_lookup (call->practice->db, "SELECT id FROM invalidations WHERE distribution = ? AND reference = ?",
                                "ss", distribution->id, reference);
  if (present != NULL)
    {
      present_batch = practice_db_lookup (call->practice->db, "SELECT batch FROM invalidations WHERE id = ?", "s", present);
      if (g_str_equal (batch, present_batch))
        answer_invalidation (call, distribution->id, present, 201);
      else
        practice_call_answer_error (call, 400, "InvalidArgument",
                                    "The value for CallerReference has been used with a different invalidation batch.");

      return;
    }

  if (!practice_db_run (call->practice->db, &error,
                        "INSERT INTO invalidations (id, distribution, reference, created, ready, batch) VALUES (?, ?, ?, ?, ?, ?)",
                        "sssiis", id, distribution->id, reference, practice_now (), ready, batch))
    {
      practice_call_answer_internal (call, error);

      return;
    }

  if (call->practice->invalidated != NULL)
    call->practice->invalidated (call->practice, distribution->id, (const char * const *) paths->pdata);
  answer_invalidation (call, distribution->id, id, 201);
}

static void
get_invalidation (PracticeCall *call,
                  GStrv         parts)
{
  g_autoptr(PracticeDistribution) distribution = find_distribution (call, parts[1]);

  if (distribution != NULL)
    answer_invalidation (call, distribution->id, parts[3], 200);
}

static void
list_invalidations (PracticeCall *call,
                    GStrv         parts)
{
  g_autoptr(PracticeDistribution) distribution = find_distribution (call, parts[1]);
  const char *marker = practice_call_get_query (call, "Marker");
  g_autoptr(PracticeRows) rows = NULL;
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GString) items = g_string_new (NULL);
  g_autofree char *last = NULL;
  gboolean more = FALSE;
  guint count = 0;
  gint64 limit;

  if (distribution == NULL || !cloudfront_get_limit (call, &limit))
    return;

  /* newest first */
  rows = practice_db_query (call->practice->db,
                            "SELECT id, created, ready FROM invalidations WHERE distribution = ?1 AND "
                            "(?2 IS NULL OR created < (SELECT created FROM invalidations WHERE id = ?2)) ORDER BY created DESC",
                            "ss", distribution->id, marker);
  while (!more && practice_rows_next (rows))
    {
      more = count == limit;
      if (more)
        break;

      count++;
      g_set_str (&last, practice_rows_text (rows, 0));
      g_string_append (items, "<InvalidationSummary>");
      append_invalidation (items, rows, FALSE);
      g_string_append (items, "</InvalidationSummary>");
    }

  append_list (xml, marker, more ? last : NULL, limit, count, items);
  cloudfront_answer_document (call, 200, "InvalidationList", xml);
}

/* Key value stores, their control plane */

static void
append_kvs (GString     *xml,
            PracticeKvs *kvs)
{
  g_autofree char *modified = practice_format_time (kvs->modified);

  aws_xml_append_element (xml, "Name", kvs->name);
  aws_xml_append_element (xml, "Id", kvs->id);
  aws_xml_append_element (xml, "Comment", kvs->comment);
  aws_xml_append_element (xml, "ARN", kvs->arn);
  aws_xml_append_element (xml, "Status", kvs->status);
  aws_xml_append_element (xml, "LastModifiedTime", modified);
}

static void
answer_kvs (PracticeCall *call,
            guint         status,
            PracticeKvs  *kvs)
{
  g_autoptr(GString) xml = g_string_new (NULL);

  append_kvs (xml, kvs);
  practice_call_set_header (call, "ETag", kvs->control_etag);
  if (status == 201)
    practice_call_set_header (call, "Location", kvs->arn);
  cloudfront_answer_document (call, status, "KeyValueStore", xml);
}

static void
answer_kvs_error (PracticeCall *call,
                  const GError *error)
{
  if (g_error_matches (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_EXISTS))
    practice_call_answer_error (call, 409, "EntityAlreadyExists", "%s", error->message);
  else if (g_error_matches (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_NOT_FOUND))
    practice_call_answer_error (call, 404, "EntityNotFound", "%s", error->message);
  else if (g_error_matches (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_IN_USE))
    practice_call_answer_error (call, 409, "CannotDeleteEntityWhileInUse", "%s", error->message);
  else if (g_error_matches (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_INVALID))
    practice_call_answer_error (call, 400, "InvalidArgument", "%s", error->message);
  else if (error->domain == PRACTICE_KVS_ERROR)
    practice_call_answer_error (call, 400, "EntityLimitExceeded", "%s", error->message);
  else
    practice_call_answer_internal (call, error);
}

static PracticeKvs *
find_kvs (PracticeCall *call,
          const char   *name)
{
  PracticeKvs *kvs = practice_kvs_lookup (call->practice, name);

  /* only by name here */
  if (kvs != NULL && g_str_equal (kvs->name, name))
    return kvs;

  practice_kvs_free (kvs);
  practice_call_answer_error (call, 404, "EntityNotFound", "The key value store %s was not found.", name);

  return NULL;
}

gboolean
cloudfront_check_version (PracticeCall *call,
                          const char   *current)
{
  const char *etag = practice_call_get_header (call, "If-Match");

  if (etag == NULL || *etag == '\0')
    practice_call_answer_error (call, 400, "InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.");
  else if (call->stale_etag || !g_str_equal (etag, current))
    practice_call_answer_error (call, 412, "PreconditionFailed",
                                "The precondition given in one or more of the request-header fields evaluated to false.");
  else
    return TRUE;

  return FALSE;
}

static void
list_kvs (PracticeCall *call,
          GStrv         parts)
{
  const char *status = practice_call_get_query (call, "Status");
  g_autoptr(PracticeRows) rows = practice_db_query (call->practice->db, "SELECT name FROM stores ORDER BY name", NULL);
  g_autoptr(GString) xml = g_string_new (NULL);
  g_autoptr(GString) items = g_string_new (NULL);
  guint count = 0;

  while (practice_rows_next (rows))
    {
      g_autoptr(PracticeKvs) kvs = practice_kvs_lookup (call->practice, practice_rows_text (rows, 0));

      if (status != NULL && !g_str_equal (status, kvs->status))
        continue;
      g_string_append (items, "<KeyValueStore>");
      append_kvs (items, kvs);
      g_string_append (items, "</KeyValueStore>");
      count++;
    }

  g_string_append_printf (xml, "<MaxItems>%u</MaxItems><Quantity>%u</Quantity>", MAX (count, 100), count);
  if (count > 0)
    g_string_append_printf (xml, "<Items>%s</Items>", items->str);
  cloudfront_answer_document (call, 200, "KeyValueStoreList", xml);
}

static void
create_kvs (PracticeCall *call,
            GStrv         parts)
{
  g_autoptr(AwsXml) document = cloudfront_parse_body (call, "CreateKeyValueStoreRequest");
  g_autoptr(PracticeKvs) kvs = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *comment = NULL;

  if (document == NULL)
    return;

  name = aws_xml_node_dup_text (aws_xml_get_root (document), "Name");
  comment = aws_xml_node_dup_text (aws_xml_get_root (document), "Comment");
  if (aws_xml_node_find (aws_xml_get_root (document), "ImportSource") != NULL)
    practice_call_answer_error (call, 400, "UnsupportedOperation", "The practice cloud makes key value stores without an import.");
  else if ((kvs = practice_kvs_create (call->practice, name != NULL ? name : "", comment, &error)))
    answer_kvs (call, 201, kvs);
  else
    answer_kvs_error (call, error);
}

static void
describe_kvs (PracticeCall *call,
              GStrv         parts)
{
  g_autoptr(PracticeKvs) kvs = find_kvs (call, parts[1]);

  if (kvs != NULL)
    answer_kvs (call, 200, kvs);
}

static void
update_kvs (PracticeCall *call,
            GStrv         parts)
{
  g_autoptr(PracticeKvs) kvs = find_kvs (call, parts[1]);
  g_autoptr(PracticeKvs) changed = NULL;
  g_autoptr(AwsXml) document = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *comment = NULL;

  if (kvs == NULL || !cloudfront_check_version (call, kvs->control_etag) || !(document = cloudfront_parse_body (call, "UpdateKeyValueStoreRequest")))
    return;

  comment = aws_xml_node_dup_text (aws_xml_get_root (document), "Comment");
  if (practice_kvs_update (call->practice, parts[1], comment, &error) &&
      (changed = practice_kvs_lookup (call->practice, parts[1])))
    answer_kvs (call, 200, changed);
  else
    answer_kvs_error (call, error);
}

static void
delete_kvs (PracticeCall *call,
            GStrv         parts)
{
  g_autoptr(PracticeKvs) kvs = find_kvs (call, parts[1]);
  g_autoptr(GError) error = NULL;

  if (kvs == NULL || !cloudfront_check_version (call, kvs->control_etag))
    return;

  if (practice_kvs_delete (call->practice, parts[1], &error))
    practice_call_answer_empty (call, 204);
  else
    answer_kvs_error (call, error);
}

/* Only one that is switched off, everywhere */
static void
delete_distribution (PracticeCall *call,
                     GStrv         parts)
{
  g_autoptr(PracticeDistribution) distribution = find_distribution (call, parts[1]);
  g_autoptr(GError) error = NULL;

  if (distribution == NULL || !cloudfront_check_version (call, distribution->etag))
    return;

  if (!distribution->deployed)
    practice_call_answer_error (call, 409, "DistributionNotDisabled",
                                "The distribution you are trying to delete has not been disabled.");
  else if (practice_cloudfront_delete_distribution (call->practice, distribution->id, &error))
    practice_call_answer_empty (call, 204);
  else if (g_error_matches (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_NOT_DISABLED))
    practice_call_answer_error (call, 409, "DistributionNotDisabled", "%s", error->message);
  else
    practice_call_answer_internal (call, error);
}

static void
handle_cloudfront (PracticeCall *call)
{
  static const struct
  {
    const char  *name;
    void       (*handle) (PracticeCall *call, GStrv parts);
  } operations[] = {
    { "ListDistributions", list_distributions },
    { "GetDistribution", get_distribution },
    { "DeleteDistribution", delete_distribution },
    { "GetDistributionConfig", get_distribution_config },
    { "CreateInvalidation", create_invalidation },
    { "ListInvalidations", list_invalidations },
    { "GetInvalidation", get_invalidation },
    { "ListKeyValueStores", list_kvs },
    { "CreateKeyValueStore", create_kvs },
    { "DescribeKeyValueStore", describe_kvs },
    { "UpdateKeyValueStore", update_kvs },
    { "DeleteKeyValueStore", delete_kvs },
    { "ListFunctions", cloudfront_list_functions },
    { "GetFunction", cloudfront_get_function },
    { "UpdateFunction", cloudfront_update_function },
    { "DescribeFunction", cloudfront_describe_function },
    { "PublishFunction", cloudfront_publish_function },
    { "TestFunction", cloudfront_test_function },
    { "ListDomainConflicts", cloudfront_list_domain_conflicts },
    { "UpdateDomainAssociation", cloudfront_update_domain_association },
  };
  g_auto(GStrv) parts = split_path (call);
  g_autofree char *action = g_strconcat ("cloudfront:", call->operation, NULL);
  g_autofree char *arn = g_strdup_printf ("arn:aws:cloudfront::%s:%s/%s", call->practice->account, parts[0],
                                          parts[1] != NULL ? parts[1] : "*");

  if (!practice_call_authorize (call, action, arn))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (g_str_equal (operations[i].name, call->operation))
      operations[i].handle (call, parts);
}

static const PracticeService cloudfront_service = {
  .name = "cloudfront",
  .protocol = PRACTICE_PROTOCOL_REST_XML,
  .xmlns = XMLNS,
  .handle = handle_cloudfront,
  .name_operation = name_operation,
};

gboolean
practice_cloudfront_init (Practice  *practice,
                          GError   **error)
{
  if (!practice_db_script (practice->db,
                           "CREATE TABLE IF NOT EXISTS distributions ("
                           "  id TEXT PRIMARY KEY, label TEXT NOT NULL UNIQUE, config TEXT NOT NULL, etag TEXT NOT NULL,"
                           "  created INTEGER NOT NULL, modified INTEGER NOT NULL, ready INTEGER NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS aliases ("
                           "  name TEXT PRIMARY KEY, distribution TEXT NOT NULL REFERENCES distributions ON DELETE CASCADE) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS claims ("
                           "  name TEXT PRIMARY KEY, id TEXT NOT NULL, account TEXT NOT NULL, disabled INTEGER NOT NULL) WITHOUT ROWID;"
                           "CREATE TABLE IF NOT EXISTS invalidations ("
                           "  id TEXT PRIMARY KEY, distribution TEXT NOT NULL REFERENCES distributions ON DELETE CASCADE,"
                           "  reference TEXT NOT NULL, created INTEGER NOT NULL, ready INTEGER NOT NULL, batch TEXT NOT NULL,"
                           "  UNIQUE (distribution, reference)) WITHOUT ROWID;",
                           error))
    return FALSE;

  practice_register_service (practice, &cloudfront_service);

  return TRUE;
}
