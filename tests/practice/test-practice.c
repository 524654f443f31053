/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What the practice cloud's own parts offer each other: checksums, policies, faults, and, of a cloud on this test's main
 * loop, roles, stores, distributions and objects. Our client talks to it where a signature is needed. */

#include "aws-keyvaluestore.h"
#include "aws-s3.h"
#include "aws-signer.h"
#include "aws-sts.h"
#include "porch-practice-cloudfront.h"
#include "porch-practice-digest.h"
#include "porch-practice-kvs.h"
#include "porch-practice-policy.h"
#include "porch-practice-s3.h"
#include "porch-practice-server.h"
#include "porch-practice-sts.h"
#include "test-util.h"

typedef struct
{
  char       *folder;
  Practice   *practice;
  AwsClient  *client;
} Cloud;

static AwsClient *
new_client (Cloud          *cloud,
            AwsCredentials *credentials)
{
  g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (credentials);
  AwsClient *client = aws_client_new (provider, cloud->practice->region);

  aws_client_set_endpoint (client, NULL, cloud->practice->endpoint);

  return client;
}

static Cloud *
cloud_new (void)
{
  Cloud *cloud = g_new0 (Cloud, 1);
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  cloud->folder = test_new_folder ();
  cloud->practice = practice_new (cloud->folder, g_main_context_default (), 0, NULL, 0.0, &error);
  g_assert_no_error (error);
  credentials = aws_credentials_new (cloud->practice->access_key_id, cloud->practice->secret_access_key, NULL, NULL);
  cloud->client = new_client (cloud, credentials);

  return cloud;
}

static void
cloud_free (Cloud *cloud)
{
  g_object_unref (cloud->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  practice_free (cloud->practice);
  test_remove_folder (cloud->folder);
  g_free (cloud->folder);
  g_free (cloud);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Cloud, cloud_free)

static JsonNode *
json (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_from_string (quoted, &error);

  g_assert_no_error (error);

  return node;
}

static void
test_digest (void)
{
  static const struct
  {
    PracticeSum  sum;
    const char  *value;   /* of "123456789" */
  } cases[] = {
    { PRACTICE_SUM_CRC32, "y/Q5Jg==" },
    { PRACTICE_SUM_CRC32C, "4waSgw==" },
    { PRACTICE_SUM_CRC64NVME, "rosUhgp5mIg=" },
    { PRACTICE_SUM_SHA1, "98O8HYCOBHMq32eZZczDTKeuNEE=" },
    { PRACTICE_SUM_SHA256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=" },
    { PRACTICE_SUM_MD5, "JfnnlDI7RTiF9RgfG2JNCw==" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(PracticeDigest) whole = practice_digest_new (1u << cases[i].sum);
      g_autoptr(PracticeDigest) pieces = practice_digest_new (1u << cases[i].sum);
      g_autofree char *a = NULL;
      g_autofree char *b = NULL;

      practice_digest_update (whole, "123456789", 9);
      practice_digest_update (pieces, "1", 1);
      practice_digest_update (pieces, "", 0);
      practice_digest_update (pieces, "23456789", 8);
      a = practice_digest_finish_base64 (whole, cases[i].sum);
      b = practice_digest_finish_base64 (pieces, cases[i].sum);
      g_assert_cmpstr (a, ==, cases[i].value);
      g_assert_cmpstr (b, ==, cases[i].value);
    }
}

static void
test_crc_combine (void)
{
  static const PracticeSum sums[] = { PRACTICE_SUM_CRC32, PRACTICE_SUM_CRC32C, PRACTICE_SUM_CRC64NVME };
  g_autoptr(GRand) random = g_rand_new_with_seed (1);
  guint8 data[20000];

  for (guint i = 0; i < sizeof data; i++)
    data[i] = g_rand_int (random);

  for (guint round = 0; round < 100; round++)
    {
      PracticeSum sum = sums[round % G_N_ELEMENTS (sums)];
      gsize split = round < 6 ? (round < 3 ? 0 : sizeof data) : (gsize) g_rand_int_range (random, 0, sizeof data);
      char *values[3];
      g_autofree char *combined = NULL;
      const struct { const guint8 *start; gsize length; } parts[] = {
        { data, split }, { data + split, sizeof data - split }, { data, sizeof data },
      };

      for (guint i = 0; i < 3; i++)
        {
          g_autoptr(PracticeDigest) digest = practice_digest_new (1u << sum);

          practice_digest_update (digest, parts[i].start, parts[i].length);
          values[i] = practice_digest_finish_base64 (digest, sum);
        }

      combined = practice_crc_combine (sum, values[0], values[1], sizeof data - split);
      g_assert_cmpstr (combined, ==, values[2]);
      for (guint i = 0; i < 3; i++)
        g_free (values[i]);
    }

  g_assert_null (practice_crc_combine (PRACTICE_SUM_CRC32, "AAAA", "y/Q5Jg==", 1));
}

static void
test_policy_matches (void)
{
  static const struct
  {
    const char *pattern;
    const char *text;
    gboolean    matches;
  } cases[] = {
    { "*", "", TRUE }, { "*", "anything", TRUE }, { "s3:Get*", "s3:GetObject", TRUE }, { "s3:Get*", "s3:PutObject", FALSE },
    { "a?c", "abc", TRUE }, { "a?c", "ac", FALSE }, { "*b*d", "abcd", TRUE }, { "*b*d", "abcde", FALSE },
    { "a*b*c", "axxbxxbxxc", TRUE }, { "", "", TRUE }, { "", "a", FALSE }, { "a**", "a", TRUE },
    { "arn:aws:s3:::b/*", "arn:aws:s3:::b/", TRUE }, { "arn:aws:s3:::b/*", "arn:aws:s3:::bb/x", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (practice_policy_matches (cases[i].pattern, cases[i].text, FALSE), ==, cases[i].matches);

  g_assert_true (practice_policy_matches ("S3:getobject", "s3:GetObject", TRUE));
  g_assert_false (practice_policy_matches ("S3:getobject", "s3:GetObject", FALSE));
}

static PracticeDecision
decide (const char *policy,
        const char *principal_type,
        const char *principal,
        const char *resource,
        const char *source)
{
  g_autoptr(JsonNode) node = json (policy);
  g_autoptr(GHashTable) context = g_hash_table_new (g_str_hash, g_str_equal);
  PracticeAccess access = {
    .principal_type = principal_type, .principal = principal, .account = "123456789012", .action = "s3:GetObject",
    .resource = resource, .context = context,
  };

  if (source != NULL)
    g_hash_table_insert (context, (gpointer) "AWS:SourceArn", (gpointer) source);

  return practice_policy_evaluate (node, PRACTICE_POLICY_RESOURCE, &access);
}

static void
test_policy_evaluate (void)
{
  const char *edge = "{'Statement':[{'Effect':'Allow','Principal':{'Service':'cloudfront.amazonaws.com'},'Action':'s3:GetObject',"
                     "'Resource':'arn:aws:s3:::b/*','Condition':{'StringEquals':{'aws:sourcearn':'arn:d'}}}]}";
  const char *deny = "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'},"
                     "{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::b/secret/*'}]}";
  const char *unknown = "{'Statement':{'Effect':'%s','Principal':'*','Action':'*','Resource':'*','Condition':{'IpAddress':{'aws:SourceIp':'1.2.3.4'}}}}";
  const char *root = "{'Statement':{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::123456789012:root'},'Action':'*','Resource':'*'}}";
  g_autofree char *allow_unknown = g_strdup_printf (unknown, "Allow");
  g_autofree char *deny_unknown = g_strdup_printf (unknown, "Deny");

  g_assert_cmpint (decide (edge, "Service", "cloudfront.amazonaws.com", "arn:aws:s3:::b/k", "arn:d"), ==, PRACTICE_DECISION_ALLOW);
  g_assert_cmpint (decide (edge, "Service", "cloudfront.amazonaws.com", "arn:aws:s3:::b/k", "arn:e"), ==, PRACTICE_DECISION_NONE);
  g_assert_cmpint (decide (edge, "Service", "cloudfront.amazonaws.com", "arn:aws:s3:::b/k", NULL), ==, PRACTICE_DECISION_NONE);
  g_assert_cmpint (decide (edge, "Service", "lambda.amazonaws.com", "arn:aws:s3:::b/k", "arn:d"), ==, PRACTICE_DECISION_NONE);
  g_assert_cmpint (decide (edge, "Service", "cloudfront.amazonaws.com", "arn:aws:s3:::b", "arn:d"), ==, PRACTICE_DECISION_NONE);
  g_assert_cmpint (decide (deny, NULL, NULL, "arn:aws:s3:::b/k", NULL), ==, PRACTICE_DECISION_ALLOW);
  g_assert_cmpint (decide (deny, NULL, NULL, "arn:aws:s3:::b/secret/k", NULL), ==, PRACTICE_DECISION_DENY);
  g_assert_cmpint (decide (allow_unknown, NULL, NULL, "x", NULL), ==, PRACTICE_DECISION_NONE);
  g_assert_cmpint (decide (deny_unknown, NULL, NULL, "x", NULL), ==, PRACTICE_DECISION_DENY);
  g_assert_cmpint (decide (root, "AWS", "arn:aws:iam::123456789012:user/u", "x", NULL), ==, PRACTICE_DECISION_ALLOW);
  g_assert_cmpint (decide (root, NULL, NULL, "x", NULL), ==, PRACTICE_DECISION_NONE);
}

static void
test_policy_check (void)
{
  static const struct
  {
    PracticePolicyKind  kind;
    const char         *policy;
    const char         *problem;   /* NULL: well formed */
  } cases[] = {
    { PRACTICE_POLICY_TRUST, "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},"
      "'Action':'sts:AssumeRole'}]}", NULL },
    { PRACTICE_POLICY_TRUST, "{'Statement':[{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole',"
      "'Resource':'*'}]}", "Has prohibited field Resource" },
    { PRACTICE_POLICY_IDENTITY, "{'Statement':[{'Effect':'Allow','Action':['dynamodb:PutItem'],'Resource':'arn:aws:dynamodb:x'}]}", NULL },
    { PRACTICE_POLICY_IDENTITY, "{'Statement':[{'Effect':'Allow','Action':'dynamodb:PutItem'}]}", "Missing required field Resource" },
    { PRACTICE_POLICY_IDENTITY, "{'Statement':[{'Effect':'Allow','Action':'dynamodb:PutItem','Resource':'table'}]}",
      "Resource table must be in ARN format or \"*\"." },
    { PRACTICE_POLICY_IDENTITY, "{'Statement':[{'Effect':'Allow','Principal':'*','Action':'*','Resource':'*'}]}",
      "Policy document should not specify a principal." },
    { PRACTICE_POLICY_IDENTITY, "{'Statement':[{'Effect':'Allow','Action':'PutItem','Resource':'*'}]}", "Policy has invalid action" },
    { PRACTICE_POLICY_IDENTITY, "[]", "Policies must be valid JSON and the first byte must be '{'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(JsonNode) policy = json (cases[i].policy);
      g_autofree char *problem = practice_policy_check (policy, cases[i].kind, NULL);

      g_assert_cmpstr (problem, ==, cases[i].problem);
    }
}

static void
test_db (void)
{
  g_autofree char *folder = test_new_folder ();
  g_autofree char *path = g_build_filename (folder, "test.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_bytes_new ("\0x", 2);
  g_autoptr(GBytes) back = NULL;
  PracticeDb *db = practice_db_open (path, &error);
  PracticeRows *rows;

  g_assert_no_error (error);
  g_assert_true (practice_db_script (db, "CREATE TABLE t (a TEXT, b INTEGER, c REAL, d BLOB)", &error));
  g_assert_true (practice_db_run (db, &error, "INSERT INTO t VALUES (?, ?, ?, ?)", "sidb", "text", G_GINT64_CONSTANT (1) << 40, 1.5, bytes));
  g_assert_true (practice_db_run (db, &error, "INSERT INTO t VALUES (?, ?, ?, ?)", "sidb", NULL, G_GINT64_CONSTANT (2), 2.5, NULL));

  rows = practice_db_query (db, "SELECT a, b, c, d FROM t ORDER BY b DESC", NULL);
  g_assert_true (practice_rows_next (rows));
  g_assert_cmpstr (practice_rows_text (rows, 0), ==, "text");
  g_assert_cmpint (practice_rows_int (rows, 1), ==, G_GINT64_CONSTANT (1) << 40);
  g_assert_cmpfloat (practice_rows_double (rows, 2), ==, 1.5);
  back = practice_rows_dup_bytes (rows, 3);
  g_assert_true (g_bytes_equal (bytes, back));
  g_assert_true (practice_rows_next (rows));
  g_assert_true (practice_rows_is_null (rows, 0));
  g_assert_false (practice_rows_next (rows));
  practice_rows_free (rows);

  /* inside out, and back */
  g_assert_true (practice_db_begin (db, &error));
  g_assert_true (practice_db_run (db, &error, "DELETE FROM t WHERE b = 2", NULL));
  g_assert_true (practice_db_begin (db, &error));
  g_assert_true (practice_db_run (db, &error, "DELETE FROM t", NULL));
  practice_db_rollback (db);
  g_assert_true (practice_db_commit (db, &error));
  {
    g_autofree char *count = practice_db_lookup (db, "SELECT count(*) FROM t", NULL);

    g_assert_cmpstr (count, ==, "1");
  }

  g_assert_false (practice_db_run (db, &error, "INSERT INTO settings VALUES (?, ?)", "ss", "a", NULL));
  g_assert_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_STATE);
  practice_db_close (db);
  test_remove_folder (folder);
}

/* Roles */

static void
put_publisher (Cloud       *cloud,
               const char  *store,
               char       **arn)
{
  g_autofree char *trust = g_strdup_printf ("{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::%s:root'},"
                                            "'Action':'sts:AssumeRole'}]}", cloud->practice->account);
  g_autofree char *policies = g_strdup_printf ("[{'PolicyName':'live','PolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',"
                                               "'Action':'cloudfront-keyvaluestore:*','Resource':'%s'}]}}]", store);
  g_autoptr(JsonNode) trust_node = json (trust);
  g_autoptr(JsonNode) policies_node = json (policies);
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (practice_role_put (cloud->practice, "publisher", trust_node, json_node_get_array (policies_node), NULL, 0,
                                    arn, &id, &error));
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (id, "AROA"));
}

static void
test_assume_role (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PracticeKvs) mine = NULL;
  g_autoptr(PracticeKvs) other = NULL;
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(AwsIdentity) identity = NULL;
  g_autoptr(AwsKeyValueStore) store = NULL;
  g_autoptr(AwsClient) publisher = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *arn = NULL;
  g_autofree char *nobody = g_strdup_printf ("arn:aws:iam::%s:role/nobody", cloud->practice->account);

  mine = practice_kvs_create (cloud->practice, "mine", NULL, &error);
  other = practice_kvs_create (cloud->practice, "other", NULL, &error);
  g_assert_no_error (error);
  put_publisher (cloud, mine->arn, &arn);

  credentials = dex_await_boxed (aws_sts_assume_role (cloud->client, arn, "test", NULL, 900), &error);
  g_assert_no_error (error);
  g_assert_nonnull (aws_credentials_get_session_token (credentials));
  publisher = new_client (cloud, credentials);

  identity = dex_await_boxed (aws_sts_get_caller_identity (publisher), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (aws_identity_get_arn (identity), ":assumed-role/publisher/test"));

  /* what its policy names, and nothing else */
  store = dex_await_boxed (aws_keyvaluestore_describe (publisher, mine->arn), &error);
  g_assert_no_error (error);
  g_assert_null (dex_await_boxed (aws_keyvaluestore_describe (publisher, other->arn), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  g_assert_null (dex_await_string (aws_s3_head_bucket (publisher, "some-bucket"), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_clear_error (&error);

  /* a role that isn't there, one that doesn't trust, too long a session */
  g_assert_null (dex_await_boxed (aws_sts_assume_role (cloud->client, nobody, "test", NULL, 900), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  g_assert_null (dex_await_boxed (aws_sts_assume_role (publisher, arn, "test", NULL, 900), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED);
  g_clear_error (&error);
  g_assert_null (dex_await_boxed (aws_sts_assume_role (cloud->client, arn, "test", NULL, 7200), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  /* with the role go its sessions */
  g_assert_true (practice_role_delete (cloud->practice, "publisher", &error));
  g_assert_null (dex_await_boxed (aws_sts_get_caller_identity (publisher), &error));
  g_assert_nonnull (error);
}

static void
test_role_allows (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(JsonNode) trust = json ("{'Statement':[{'Effect':'Allow','Principal':{'Service':'lambda.amazonaws.com'},'Action':'sts:AssumeRole'}]}");
  g_autoptr(JsonNode) policies = json ("[{'PolicyName':'a','PolicyDocument':{'Statement':[{'Effect':'Allow','Action':'dynamodb:*','Resource':'arn:t'},"
                                       "{'Effect':'Deny','Action':'dynamodb:DeleteTable','Resource':'*'}]}}]");
  g_autoptr(JsonNode) managed = json ("['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole']");
  g_autoptr(GError) error = NULL;
  g_autofree char *arn = NULL;

  g_assert_true (practice_role_put (cloud->practice, "r", trust, json_node_get_array (policies), json_node_get_array (managed), 0,
                                    &arn, NULL, &error));
  g_assert_true (practice_role_trusts_service (cloud->practice, arn, "lambda.amazonaws.com"));
  g_assert_false (practice_role_trusts_service (cloud->practice, arn, "states.amazonaws.com"));
  g_assert_true (practice_role_allows (cloud->practice, arn, "dynamodb:PutItem", "arn:t"));
  g_assert_false (practice_role_allows (cloud->practice, arn, "dynamodb:PutItem", "arn:u"));
  g_assert_false (practice_role_allows (cloud->practice, arn, "dynamodb:DeleteTable", "arn:t"));
  g_assert_true (practice_role_allows (cloud->practice, arn, "logs:PutLogEvents", "arn:log"));
  g_assert_false (practice_role_allows (cloud->practice, arn, "ses:SendEmail", "arn:identity"));
  g_assert_false (practice_role_allows (cloud->practice, "arn:aws:iam::000000000000:role/r", "dynamodb:PutItem", "arn:t"));
}

/* Stores, distributions, objects */

static void
test_store (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PracticeKvs) kvs = NULL;
  g_autoptr(AwsKeyValueStore) store = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *etag = NULL;
  g_autofree char *value = NULL;

  kvs = practice_kvs_create (cloud->practice, "store", "comment", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kvs->status, ==, "READY");
  g_assert_null (practice_kvs_create (cloud->practice, "store", NULL, &error));
  g_assert_error (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_EXISTS);
  g_clear_error (&error);

  store = dex_await_boxed (aws_keyvaluestore_describe (cloud->client, kvs->arn), &error);
  g_assert_no_error (error);
  etag = dex_await_string (aws_keyvaluestore_put (cloud->client, kvs->arn, aws_key_value_store_get_etag (store), "live", "{}"), &error);
  g_assert_no_error (error);
  value = practice_kvs_get (cloud->practice, kvs->arn, "live");
  g_assert_cmpstr (value, ==, "{}");
  g_assert_null (practice_kvs_get (cloud->practice, kvs->arn, "dead"));

  g_assert_true (practice_kvs_associate (cloud->practice, kvs->arn, "router", &error));
  g_assert_false (practice_kvs_delete (cloud->practice, "store", &error));
  g_assert_error (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_IN_USE);
  g_clear_error (&error);
  practice_kvs_dissociate (cloud->practice, "router");
  g_assert_true (practice_kvs_delete (cloud->practice, "store", &error));
  g_assert_false (practice_kvs_delete (cloud->practice, "store", &error));
  g_assert_error (error, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_NOT_FOUND);
}

static void
test_distribution (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(JsonNode) config = json ("{'Enabled':true,'Aliases':['WWW.example.localhost'],'Origins':[{'Id':'site','DomainName':'b.s3.amazonaws.com',"
                                     "'S3OriginConfig':{'OriginAccessIdentity':''}}],'DefaultCacheBehavior':{'TargetOriginId':'site'}}");
  g_autoptr(JsonNode) wrong = json ("{'Enabled':true,'Origins':[{'Id':'site','DomainName':'b','S3OriginConfig':{}}],"
                                    "'DefaultCacheBehavior':{'TargetOriginId':'other'}}");
  g_autoptr(PracticeDistribution) made = NULL;
  g_autoptr(PracticeDistribution) by_label = NULL;
  g_autoptr(PracticeDistribution) by_alias = NULL;
  g_autoptr(PracticeDistribution) changed = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object = json_node_get_object (config);

  made = practice_cloudfront_create_distribution (cloud->practice, "my-site-abc123", object, &error);
  g_assert_no_error (error);
  g_assert_true (made->deployed);
  g_assert_cmpstr (made->label, ==, "my-site-abc123");
  g_assert_true (g_str_has_prefix (made->domain_name, "my-site-abc123.localhost:"));

  by_label = practice_cloudfront_lookup_host (cloud->practice, "my-site-abc123.localhost");
  by_alias = practice_cloudfront_lookup_host (cloud->practice, "www.example.localhost");
  g_assert_cmpstr (by_label->id, ==, made->id);
  g_assert_cmpstr (by_alias->id, ==, made->id);
  g_assert_null (practice_cloudfront_lookup_host (cloud->practice, "example.localhost"));

  g_assert_null (practice_cloudfront_create_distribution (cloud->practice, NULL, object, &error));
  g_assert_error (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_ALIAS_TAKEN);
  g_clear_error (&error);
  g_assert_null (practice_cloudfront_create_distribution (cloud->practice, NULL, json_node_get_object (wrong), &error));
  g_assert_error (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_false (practice_cloudfront_delete_distribution (cloud->practice, made->id, &error));
  g_assert_error (error, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_NOT_DISABLED);
  g_clear_error (&error);
  json_object_set_boolean_member (object, "Enabled", FALSE);
  g_assert_true (practice_cloudfront_update_distribution (cloud->practice, made->id, object, &error));
  changed = practice_cloudfront_lookup (cloud->practice, made->id);
  g_assert_cmpstr (changed->etag, !=, made->etag);
  g_assert_true (practice_cloudfront_delete_distribution (cloud->practice, made->id, &error));
  g_assert_null (practice_cloudfront_lookup_host (cloud->practice, "www.example.localhost"));
}

static void
test_objects (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(AwsS3Object) put = NULL;
  g_autoptr(PracticeObject) object = NULL;
  g_autoptr(GBytes) body = g_bytes_new_static ("0123456789", 10);
  g_autoptr(GBytes) back = NULL;
  g_autoptr(GPtrArray) pieces = NULL;
  g_autoptr(JsonNode) policy = json ("{'Statement':[{'Effect':'Allow','Principal':{'Service':'cloudfront.amazonaws.com'},'Action':'s3:GetObject',"
                                     "'Resource':'arn:aws:s3:::objects/*','Condition':{'StringEquals':{'AWS:SourceArn':'arn:d'}}}]}");
  g_autoptr(GError) error = NULL;

  g_assert_true (practice_s3_create_bucket (cloud->practice, "objects", "eu-central-1", &error));
  g_assert_false (practice_s3_create_bucket (cloud->practice, "objects", "eu-central-1", &error));
  g_assert_error (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (practice_s3_create_bucket (cloud->practice, "No", "eu-central-1", &error));
  g_assert_error (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_INVALID_NAME);
  g_clear_error (&error);

  aws_headers_set (headers, "Content-Type", "text/css");
  aws_headers_set (headers, "Cache-Control", "max-age=1");
  put = dex_await_boxed (aws_s3_put_object (cloud->client, "objects", "a/ü.css", body, headers), &error);
  g_assert_no_error (error);

  object = practice_s3_lookup (cloud->practice, "objects", "a/ü.css");
  g_assert_cmpstr (object->content_type, ==, "text/css");
  g_assert_cmpstr (object->cache_control, ==, "max-age=1");
  g_assert_cmpstr (object->etag, ==, "\"781e5e245d69b566979b86e28d23f2c7\"");
  g_assert_cmpint (object->size, ==, 10);
  back = practice_object_dup_body (cloud->practice, object, &error);
  g_assert_true (g_bytes_equal (back, body));
  pieces = practice_object_read (cloud->practice, object, 3, 4, &error);
  g_assert_cmpuint (pieces->len, ==, 1);
  g_assert_cmpmem (g_bytes_get_data (pieces->pdata[0], NULL), g_bytes_get_size (pieces->pdata[0]), "3456", 4);
  g_assert_null (practice_s3_lookup (cloud->practice, "objects", "a/"));

  g_assert_false (practice_s3_edge_allowed (cloud->practice, "objects", "a/ü.css", "s3:GetObject", "arn:d"));
  g_assert_true (practice_s3_set_bucket_config (cloud->practice, "objects", "policy", policy, &error));
  g_assert_true (practice_s3_edge_allowed (cloud->practice, "objects", "a/ü.css", "s3:GetObject", "arn:d"));
  g_assert_false (practice_s3_edge_allowed (cloud->practice, "objects", "a/ü.css", "s3:GetObject", "arn:e"));
  g_assert_false (practice_s3_edge_allowed (cloud->practice, "objects", NULL, "s3:ListBucket", "arn:d"));

  g_assert_false (practice_s3_delete_bucket (cloud->practice, "objects", &error));
  g_assert_error (error, PRACTICE_S3_ERROR, PRACTICE_S3_ERROR_NOT_EMPTY);
  g_clear_error (&error);
  g_assert_true (dex_await (aws_s3_delete_object (cloud->client, "objects", "a/ü.css"), &error));
  g_assert_true (practice_s3_delete_bucket (cloud->practice, "objects", &error));
}

static void
test_faults (void)
{
  static const char * const good[] = {
    "op=PutObject,rate=0.1,status=503", "status=500", "op=*Stack,cut=before;op=Put*,cut=after", " op=PutKey, etag=stale ,times=1; ",
    "service=s3,skew=-600", "seed=1,delay=10", "token=expired", "op=RequestCertificate,fail=CAA_ERROR", "",
  };
  static const char * const bad[] = {
    "op=PutObject", "status=200", "status=abc", "rate=1.5,status=503", "rate=,status=503", "cut", "cut=maybe", "token=valid", "x=y,status=500",
    "times=0,status=500", "op=RequestCertificate,fail=",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(PracticeFaults) faults = practice_faults_parse (good[i], &error);

      g_assert_no_error (error);
      g_assert_nonnull (faults);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (practice_faults_parse (bad[i], &error));
      g_assert_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_FAULTS);
    }
}

static void
test_start_and_stop (void)
{
  g_autofree char *path = test_new_folder ();
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autoptr(PorchPractice) practice = porch_practice_new (folder);
  g_autoptr(PorchPractice) second = porch_practice_new (folder);
  g_autoptr(PorchPractice) third = porch_practice_new (folder);
  g_autoptr(GError) error = NULL;
  g_autofree char *endpoint = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (dex_await (porch_practice_start (practice), &error));
      g_assert_false (porch_practice_is_attached (practice));
      if (endpoint != NULL)
        g_assert_cmpstr (endpoint, ==, porch_practice_get_endpoint (practice));
      g_set_str (&endpoint, porch_practice_get_endpoint (practice));

      g_assert_true (dex_await (porch_practice_start (second), &error));
      g_assert_true (porch_practice_is_attached (second));
      g_assert_cmpstr (porch_practice_get_endpoint (second), ==, endpoint);
      g_assert_cmpstr (porch_practice_get_secret_access_key (second), ==, porch_practice_get_secret_access_key (practice));

      g_assert_true (dex_await (porch_practice_stop (second), &error));
      g_assert_true (dex_await (porch_practice_stop (practice), &error));
    }

  /* one that is dropped while it runs stops by itself */
  g_assert_true (dex_await (porch_practice_start (third), &error));
  g_clear_object (&third);
  test_remove_folder (path);
}

static gboolean
count_cb (gpointer data)
{
  (*(guint *) data)++;

  return G_SOURCE_REMOVE;
}

static void
test_later (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  guint ran = 0;
  guint dropped = 0;
  gpointer handle;

  practice_later (cloud->practice, 0, count_cb, &ran, NULL);
  practice_later (cloud->practice, 10, count_cb, &ran, NULL);
  handle = practice_later (cloud->practice, 10, count_cb, &ran, NULL);
  practice_cancel_later (cloud->practice, handle);
  practice_later (cloud->practice, 1000000, count_cb, &dropped, NULL);
  while (ran < 2)
    dex_await (dex_timeout_new_msec (5), NULL);
  dex_await (dex_timeout_new_msec (50), NULL);
  g_assert_cmpuint (ran, ==, 2);
  g_assert_cmpuint (dropped, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/practice/digest", test_digest);
  g_test_add_func ("/practice/crc-combine", test_crc_combine);
  g_test_add_func ("/practice/policy/matches", test_policy_matches);
  g_test_add_func ("/practice/policy/evaluate", test_policy_evaluate);
  g_test_add_func ("/practice/policy/check", test_policy_check);
  g_test_add_func ("/practice/db", test_db);
  g_test_add_func ("/practice/faults", test_faults);
  test_add_fiber ("/practice/assume-role", test_assume_role);
  test_add_fiber ("/practice/role-allows", test_role_allows);
  test_add_fiber ("/practice/store", test_store);
  test_add_fiber ("/practice/distribution", test_distribution);
  test_add_fiber ("/practice/objects", test_objects);
  test_add_fiber ("/practice/start-and-stop", test_start_and_stop);
  test_add_fiber ("/practice/later", test_later);

  return g_test_run ();
}
