/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Runs every published case that is found: one folder, one test. */

#include <string.h>

#include "aws-checksum.h"
#include "aws-json.h"
#include "aws-signer.h"
#include "aws-uri.h"

typedef struct
{
  char                *folder;
  AwsSignatureVersion  version;
} Case;

/* A case as it was read */
typedef struct
{
  JsonNode          *context;
  AwsCredentials    *credentials;
  GDateTime         *time;
  char              *method;
  char              *raw_path;
  char              *path;
  char              *query;
  char              *payload_hash;
  AwsSigningRequest  signing;
} Loaded;

static char *
load (const char *folder,
      const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);

  return text;
}

static JsonNode *
load_json (const char *folder,
           const char *name)
{
  g_autofree char *text = load (folder, name);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *node;

  g_assert_nonnull (text);
  bytes = g_bytes_new (text, strlen (text));
  node = aws_json_load (bytes, &error);
  g_assert_no_error (error);

  return node;
}

/* Line folds belong to the value of the line before */
static void
parse_headers (AwsHeaders *headers,
               char      **lines)
{
  g_autofree char *name = NULL;
  g_autoptr(GString) value = g_string_new (NULL);

  for (; *lines != NULL && **lines != '\0'; lines++)
    {
      char *colon = strchr (*lines, ':');

      if (g_ascii_isspace (**lines))
        {
          g_string_append_c (value, '\n');
          g_string_append (value, *lines);
          continue;
        }

      g_assert_nonnull (colon);
      if (name != NULL)
        aws_headers_append (headers, name, value->str);
      g_free (name);
      name = g_strndup (*lines, colon - *lines);
      g_string_assign (value, colon + 1);
    }

  if (name != NULL)
    aws_headers_append (headers, name, value->str);
}

static void
parse_request (Loaded     *self,
               const char *text)
{
  const char *body = strstr (text, "\n\n");
  g_autofree char *head = body != NULL ? g_strndup (text, body - text) : g_strdup (text);
  g_auto(GStrv) lines = g_strsplit (head, "\n", -1);
  char *target = strchr (lines[0], ' ');
  char *question;

  *target++ = '\0';
  *g_strrstr (target, " HTTP/") = '\0';
  question = strchr (target, '?');
  if (question != NULL)
    *question++ = '\0';

  self->method = g_strdup (lines[0]);
  self->raw_path = g_strdup (target);
  self->path = aws_uri_encode_path (target);
  self->query = g_strdup (question);
  self->signing.headers = aws_headers_new ();
  parse_headers (self->signing.headers, lines + 1);

  body = body != NULL ? body + 2 : "";
  self->payload_hash = aws_sha256_hex (body, strlen (body));
}

static void
loaded_init (Loaded     *self,
             const Case *test)
{
  g_autofree char *text = load (test->folder, "request.txt");
  JsonObject *context, *credentials;

  memset (self, 0, sizeof *self);
  aws_signing_request_init (&self->signing, test->version, "service");

  self->context = load_json (test->folder, "context.json");
  context = json_node_get_object (self->context);
  credentials = aws_json_get_object (context, "credentials");
  self->credentials = aws_credentials_new (aws_json_get_string (credentials, "access_key_id"),
                                           aws_json_get_string (credentials, "secret_access_key"),
                                           aws_json_get_string (credentials, "token"), NULL);
  self->time = aws_json_dup_time (context, "timestamp");

  g_assert_nonnull (text);
  parse_request (self, text);

  self->signing.method = self->method;
  self->signing.path = self->path;
  self->signing.query = self->query;
  self->signing.payload_hash = self->payload_hash;
  self->signing.region = aws_json_get_string (context, "region");
  self->signing.service = aws_json_get_string (context, "service");
  self->signing.time = self->time;
  self->signing.normalize_path = aws_json_get_bool (context, "normalize");
  self->signing.double_encode = FALSE;
  self->signing.omit_session_token = aws_json_get_bool (context, "omit_session_token");
  self->signing.expires = aws_json_get_int (context, "expiration_in_seconds", 3600);
}

static void
loaded_clear (Loaded *self)
{
  g_clear_pointer (&self->context, json_node_unref);
  g_clear_pointer (&self->credentials, aws_credentials_unref);
  g_clear_pointer (&self->time, g_date_time_unref);
  g_clear_pointer (&self->signing.headers, aws_headers_unref);
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->raw_path, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->query, g_free);
  g_clear_pointer (&self->payload_hash, g_free);
}

static void
check_ecdsa (const Case *test,
             Loaded     *self,
             const char *string_to_sign,
             const char *expected)
{
  g_autoptr(JsonNode) key = load_json (test->folder, "public-key.json");
  g_autofree char *signature = aws_sign_signature (&self->signing, self->credentials, string_to_sign);
  g_autofree char *other = g_strconcat (string_to_sign, "x", NULL);
  const char *x = aws_json_get_string (json_node_get_object (key), "X");
  const char *y = aws_json_get_string (json_node_get_object (key), "Y");

  g_assert_true (aws_verify_ecdsa (x, y, string_to_sign, expected));
  g_assert_true (aws_verify_ecdsa (x, y, string_to_sign, signature));
  g_assert_false (aws_verify_ecdsa (x, y, other, signature));
}

static void
check_signature (const Case *test,
                 Loaded     *self,
                 const char *string_to_sign,
                 const char *expected)
{
  const char *id = aws_credentials_get_access_key_id (self->credentials);
  const char *secret = aws_credentials_get_secret_access_key (self->credentials);

  g_assert_true (aws_verify_signature (&self->signing, id, secret, string_to_sign, expected));
  g_assert_false (aws_verify_signature (&self->signing, id, "another", string_to_sign, expected));

  if (test->version == AWS_SIGNATURE_V4A)
    {
      check_ecdsa (test, self, string_to_sign, expected);
    }
  else
    {
      g_autofree char *signature = aws_sign_signature (&self->signing, self->credentials, string_to_sign);

      g_assert_cmpstr (signature, ==, expected);
    }
}

/* The stages one by one, and that signing twice with all of it together comes to the same */
static void
check_stages (const Case *test,
              Loaded     *self,
              const char *form,
              const char *canonical_request,
              const char *expected_canonical_request)
{
  g_autofree char *name_sts = g_strdup_printf ("%s-string-to-sign.txt", form);
  g_autofree char *name_signature = g_strdup_printf ("%s-signature.txt", form);
  g_autofree char *expected_string_to_sign = load (test->folder, name_sts);
  g_autofree char *expected_signature = load (test->folder, name_signature);
  g_autofree char *string_to_sign = NULL;

  g_assert_cmpstr (canonical_request, ==, expected_canonical_request);
  string_to_sign = aws_sign_string_to_sign (&self->signing, canonical_request);
  g_assert_nonnull (expected_string_to_sign);
  g_assert_cmpstr (string_to_sign, ==, expected_string_to_sign);
  g_assert_nonnull (expected_signature);
  check_signature (test, self, string_to_sign, g_strstrip (expected_signature));
}

static void
check_header_form (const Case *test)
{
  g_autofree char *expected = load (test->folder, "header-canonical-request.txt");
  g_autofree char *signed_request = load (test->folder, "header-signed-request.txt");
  g_autofree char *canonical_request = NULL;
  g_autofree char *encoded_twice = NULL;
  g_autoptr(AwsAuthorization) authorization = NULL;
  g_autoptr(GError) error = NULL;
  const char *value;
  Loaded self;

  loaded_init (&self, test);
  if (aws_json_get_bool (json_node_get_object (self.context), "sign_body"))
    aws_headers_set (self.signing.headers, "X-Amz-Content-Sha256", self.payload_hash);
  aws_sign_prepare_headers (&self.signing, self.credentials);
  canonical_request = aws_sign_canonical_request (&self.signing, NULL);
  if (expected != NULL)
    check_stages (test, &self, "header", canonical_request, expected);

  /* What is encoded twice when it is signed is encoded once when it is sent */
  self.signing.path = self.raw_path;
  self.signing.double_encode = TRUE;
  encoded_twice = aws_sign_canonical_request (&self.signing, NULL);
  g_assert_cmpstr (encoded_twice, ==, canonical_request);
  self.signing.path = self.path;
  self.signing.double_encode = FALSE;

  aws_sign_headers (&self.signing, self.credentials);
  value = aws_headers_lookup (self.signing.headers, "Authorization");
  g_assert_nonnull (value);
  if (test->version == AWS_SIGNATURE_V4 && signed_request != NULL)
    g_assert_nonnull (strstr (signed_request, value));

  authorization = aws_authorization_new_for_header (value, &error);
  g_assert_no_error (error);
  g_assert_true (aws_verify_request (&self.signing, authorization,
                                     aws_credentials_get_secret_access_key (self.credentials), NULL, NULL));
  g_assert_false (aws_verify_request (&self.signing, authorization, "another", NULL, NULL));

  loaded_clear (&self);
}

static void
check_query_form (const Case *test)
{
  g_autofree char *expected = load (test->folder, "query-canonical-request.txt");
  g_autofree char *signed_request = load (test->folder, "query-signed-request.txt");
  g_autofree char *canonical_request = NULL;
  g_autofree char *prepared = NULL;
  g_autofree char *query = NULL;
  g_autoptr(AwsAuthorization) authorization = NULL;
  g_autoptr(GError) error = NULL;
  Loaded self;

  loaded_init (&self, test);
  prepared = aws_sign_prepare_query (&self.signing, self.credentials);
  query = aws_sign_query (&self.signing, self.credentials);
  self.signing.query = prepared;
  canonical_request = aws_sign_canonical_request (&self.signing, NULL);
  if (expected != NULL)
    check_stages (test, &self, "query", canonical_request, expected);

  if (test->version == AWS_SIGNATURE_V4 && signed_request != NULL)
    g_assert_nonnull (strstr (signed_request, g_strrstr (query, "X-Amz-Signature=")));

  authorization = aws_authorization_new_for_query (query, &error);
  g_assert_no_error (error);
  g_assert_true (aws_authorization_is_query (authorization));
  if (!self.signing.omit_session_token)
    {
      self.signing.query = query;
      g_assert_true (aws_verify_request (&self.signing, authorization,
                                         aws_credentials_get_secret_access_key (self.credentials), NULL, NULL));
    }

  loaded_clear (&self);
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;

  check_header_form (test);
  check_query_form (test);
}

static void
case_free (gpointer data)
{
  Case *test = data;

  g_free (test->folder);
  g_free (test);
}

static void
add_cases (const char          *vectors,
           const char          *name,
           AwsSignatureVersion  version)
{
  g_autofree char *path = g_build_filename (vectors, name, NULL);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *entry;

  while (dir != NULL && (entry = g_dir_read_name (dir)))
    {
      g_autofree char *test_path = g_strdup_printf ("/signing/%s/%s", name, entry);
      Case *test = g_new0 (Case, 1);

      test->folder = g_build_filename (path, entry, NULL);
      test->version = version;
      g_test_add_data_func_full (test_path, test, test_case, case_free);
    }
}

static void
test_no_vectors (void)
{
  g_test_skip ("PORCHLIGHT_VECTORS names no folder with the published cases");
}

static void
test_key_derivation (gconstpointer data)
{
  g_autoptr(JsonNode) root = load_json (data, "key-derivation.json");
  JsonObject *v4 = aws_json_get_object (json_node_get_object (root), "sigv4");
  JsonArray *cases = aws_json_get_array (aws_json_get_object (json_node_get_object (root), "sigv4a"), "cases");
  g_autoptr(GBytes) key = NULL;
  g_autofree char *hex = NULL;

  key = aws_signing_key (aws_json_get_string (v4, "secret_access_key"), aws_json_get_string (v4, "date"),
                         aws_json_get_string (v4, "region"), aws_json_get_string (v4, "service"));
  hex = aws_hex_encode (g_bytes_get_data (key, NULL), g_bytes_get_size (key));
  g_assert_cmpstr (hex, ==, aws_json_get_string (v4, "kSigning"));

  g_assert_cmpuint (json_array_get_length (cases), >, 0);
  for (guint i = 0; i < json_array_get_length (cases); i++)
    {
      JsonObject *each = aws_json_array_get_object (cases, i);
      g_autofree char *private_key = NULL;
      g_autofree char *x = NULL;
      g_autofree char *y = NULL;

      g_assert_true (aws_derive_ecdsa (aws_json_get_string (each, "access_key_id"),
                                       aws_json_get_string (each, "secret_access_key"), &private_key, &x, &y));
      g_assert_cmpstr (private_key, ==, aws_json_get_string (each, "private_key_hex"));
      g_assert_cmpstr (x, ==, aws_json_get_string (each, "public_x_hex"));
      g_assert_cmpstr (y, ==, aws_json_get_string (each, "public_y_hex"));
    }
}

/* What the examples of S3 have in common */
typedef struct
{
  JsonNode          *root;
  AwsCredentials    *credentials;
  GDateTime         *time;
  AwsSigningRequest  signing;
} S3Examples;

static void
s3_examples_init (S3Examples *self,
                  const char *folder)
{
  JsonObject *root, *credentials;

  self->root = load_json (folder, "s3-doc-examples.json");
  root = json_node_get_object (self->root);
  credentials = aws_json_get_object (root, "credentials");
  self->credentials = aws_credentials_new (aws_json_get_string (credentials, "access_key_id"),
                                           aws_json_get_string (credentials, "secret_access_key"), NULL, NULL);
  self->time = aws_json_dup_time (root, "timestamp");
  aws_signing_request_init (&self->signing, AWS_SIGNATURE_V4, "s3");
  self->signing.region = aws_json_get_string (root, "region");
  self->signing.time = self->time;
}

static void
s3_examples_clear (S3Examples *self)
{
  g_clear_pointer (&self->root, json_node_unref);
  g_clear_pointer (&self->credentials, aws_credentials_unref);
  g_clear_pointer (&self->time, g_date_time_unref);
}

static void
check_s3_headers (S3Examples *self,
                  JsonObject *example)
{
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  JsonObject *given = aws_json_get_object (example, "headers");
  g_autoptr(GList) names = json_object_get_members (given);
  g_autofree char *path = aws_uri_encode_path (aws_json_get_string (example, "object_key_path_unencoded"));
  g_autofree char *canonical_request = NULL;
  g_autofree char *string_to_sign = NULL;
  g_autofree char *signature = NULL;

  for (GList *l = names; l != NULL; l = l->next)
    aws_headers_append (headers, l->data, aws_json_get_string (given, l->data));
  aws_headers_set (headers, "x-amz-content-sha256", aws_json_get_string (example, "x_amz_content_sha256"));

  g_assert_cmpstr (path, ==, aws_json_get_string (example, "wire_path"));
  self->signing.method = aws_json_get_string (example, "method");
  self->signing.path = path;
  self->signing.query = aws_json_get_string (example, "query");
  self->signing.headers = headers;
  self->signing.payload_hash = aws_json_get_string (example, "x_amz_content_sha256");

  aws_sign_prepare_headers (&self->signing, self->credentials);
  canonical_request = aws_sign_canonical_request (&self->signing, NULL);
  g_assert_cmpstr (canonical_request, ==, aws_json_get_string (example, "canonical_request"));
  string_to_sign = aws_sign_string_to_sign (&self->signing, canonical_request);
  g_assert_cmpstr (string_to_sign, ==, aws_json_get_string (example, "string_to_sign"));
  signature = aws_sign_signature (&self->signing, self->credentials, string_to_sign);
  g_assert_cmpstr (signature, ==, aws_json_get_string (example, "signature"));
}

static void
test_s3_headers (gconstpointer data)
{
  JsonArray *examples;
  S3Examples self;

  s3_examples_init (&self, data);
  examples = aws_json_get_array (json_node_get_object (self.root), "header_cases");
  g_assert_cmpuint (json_array_get_length (examples), >, 0);
  for (guint i = 0; i < json_array_get_length (examples); i++)
    check_s3_headers (&self, aws_json_array_get_object (examples, i));

  s3_examples_clear (&self);
}

static void
test_s3_presigned (gconstpointer data)
{
  JsonArray *examples;
  S3Examples self;

  s3_examples_init (&self, data);
  examples = aws_json_get_array (json_node_get_object (self.root), "presigned_cases");
  g_assert_cmpuint (json_array_get_length (examples), >, 0);
  for (guint i = 0; i < json_array_get_length (examples); i++)
    {
      JsonObject *example = aws_json_array_get_object (examples, i);
      g_autoptr(AwsHeaders) headers = aws_headers_new ();
      g_autofree char *query = NULL;
      g_autofree char *url = NULL;

      aws_headers_set (headers, "Host", aws_json_get_string (example, "host"));
      self.signing.method = aws_json_get_string (example, "method");
      self.signing.path = aws_json_get_string (example, "wire_path");
      self.signing.headers = headers;
      self.signing.payload_hash = AWS_PAYLOAD_UNSIGNED;
      self.signing.expires = aws_json_get_int (example, "expires", 0);
      query = aws_sign_query (&self.signing, self.credentials);
      url = g_strdup_printf ("https://%s%s?%s", aws_json_get_string (example, "host"), self.signing.path, query);
      g_assert_cmpstr (url, ==, aws_json_get_string (example, "url"));
    }

  s3_examples_clear (&self);
}

static void
test_s3_chunked (gconstpointer data)
{
  JsonObject *example;
  JsonArray *chunks;
  S3Examples self;

  s3_examples_init (&self, data);
  example = aws_json_get_object (json_node_get_object (self.root), "chunked_case");
  check_s3_headers (&self, aws_json_get_object (example, "seed"));

  chunks = aws_json_get_array (example, "chunks");
  g_assert_cmpuint (json_array_get_length (chunks), >, 0);
  for (guint i = 0; i < json_array_get_length (chunks); i++)
    {
      JsonObject *chunk = aws_json_array_get_object (chunks, i);
      g_autofree char *signature = aws_sign_signature (&self.signing, self.credentials,
                                                       aws_json_get_string (chunk, "string_to_sign"));

      g_assert_cmpstr (signature, ==, aws_json_get_string (chunk, "signature"));
    }

  s3_examples_clear (&self);
}

static void
test_malformed (void)
{
  static const char * const headers[] = {
    "", "AWS4-HMAC-SHA256", "AWS3 Credential=a", "Basic YTpi",
    "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=00",
    "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request, Signature=00",
    "AWS4-HMAC-SHA256 Credential=AKID/20150830/us-east-1/s3/aws4_request, SignedHeaders=host",
    "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00", "AWS4-ECDSA-P256-SHA256 Credential=a/b",
  };
  static const char * const queries[] = {
    "", "X-Amz-Algorithm=AWS4-HMAC-SHA256",
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20150830%2Fr%2Fs3%2Faws4_request&X-Amz-Date=now&X-Amz-Expires=9&"
    "X-Amz-SignedHeaders=host&X-Amz-Signature=0",
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=A%2F20150830%2Fr%2Fs3%2Faws4_request&X-Amz-Date=20150830T123600Z&"
    "X-Amz-Expires=604801&X-Amz-SignedHeaders=host&X-Amz-Signature=0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (aws_authorization_new_for_header (headers[i], &error));
      g_assert_nonnull (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (aws_authorization_new_for_query (queries[i], &error));
      g_assert_nonnull (error);
    }

  g_assert_false (aws_verify_ecdsa ("00", "00", "text", "00"));
  g_assert_null (aws_signing_time_parse ("20150830T1236000"));
  g_assert_null (aws_signing_time_parse ("20151330T123600Z"));
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *vectors = g_strdup (g_getenv ("PORCHLIGHT_VECTORS"));
  g_autofree char *extra = NULL;

  if (vectors == NULL && g_getenv ("PORCHLIGHT_SOURCE") != NULL)
    vectors = g_build_filename (g_getenv ("PORCHLIGHT_SOURCE"), "..", "shared", "vectors", "sigv4", NULL);

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();

  g_test_add_func ("/signing/malformed", test_malformed);
  if (vectors == NULL || !g_file_test (vectors, G_FILE_TEST_IS_DIR))
    {
      g_test_add_func ("/signing/vectors", test_no_vectors);
      return g_test_run ();
    }

  add_cases (vectors, "v4", AWS_SIGNATURE_V4);
  add_cases (vectors, "v4a", AWS_SIGNATURE_V4A);

  extra = g_build_filename (vectors, "extra", NULL);
  if (g_file_test (extra, G_FILE_TEST_IS_DIR))
    {
      g_test_add_data_func ("/signing/extra/key-derivation", extra, test_key_derivation);
      g_test_add_data_func ("/signing/extra/s3-headers", extra, test_s3_headers);
      g_test_add_data_func ("/signing/extra/s3-presigned", extra, test_s3_presigned);
      g_test_add_data_func ("/signing/extra/s3-chunked", extra, test_s3_chunked);
    }

  return g_test_run ();
}
