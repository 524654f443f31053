/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* Checksums, encodings, readers, credentials: what needs no server. */

#include <glib/gstdio.h>
#include <string.h>

#include "aws-checksum.h"
#include "aws-environment.h"
#include "aws-error.h"
#include "aws-headers.h"
#include "aws-json.h"
#include "aws-profile.h"
#include "aws-query.h"
#include "aws-retry.h"
#include "aws-uri.h"
#include "aws-xml.h"
#include "test-util.h"

#define CHECK "123456789"

static void
test_checksums (void)
{
  g_autofree guint8 *data = g_malloc (100000);
  g_autofree char *crc32 = aws_crc32_base64 (aws_crc32 (0, CHECK, 9));
  g_autofree char *crc64 = aws_crc64nvme_base64 (aws_crc64nvme (0, CHECK, 9));
  g_autofree char *sha256 = aws_sha256_hex ("abc", 3);
  g_autofree char *sha256_base64 = aws_sha256_base64 ("abc", 3);
  g_autofree char *from_hex = aws_base64_from_hex (sha256);
  g_autofree char *empty = aws_sha256_hex (NULL, 0);
  g_autofree char *md5 = aws_md5_hex ("abc", 3);
  g_autofree char *md5_base64 = aws_md5_base64 ("", 0);

  g_assert_cmphex (aws_crc32 (0, CHECK, 9), ==, 0xCBF43926);
  g_assert_cmphex (aws_crc64nvme (0, CHECK, 9), ==, G_GUINT64_CONSTANT (0xAE8B14860A799888));
  g_assert_cmpstr (crc32, ==, "y/Q5Jg==");
  g_assert_cmpstr (crc64, ==, "rosUhgp5mIg=");
  g_assert_cmphex (aws_crc32 (0, NULL, 0), ==, 0);
  g_assert_cmphex (aws_crc64nvme (0, NULL, 0), ==, 0);
  g_assert_cmpstr (sha256, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpstr (sha256_base64, ==, "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  g_assert_cmpstr (from_hex, ==, sha256_base64);
  g_assert_cmpstr (empty, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  g_assert_cmpstr (md5, ==, "900150983cd24fb0d6963f7d28e17f72");
  g_assert_cmpstr (md5_base64, ==, "1B2M2Y8AsgTpgAmY7PhCfg==");
  g_assert_null (aws_base64_from_hex ("xyz"));

  /* In pieces of any length the sum is the same */
  for (guint i = 0; i < 100000; i++)
    data[i] = i * 2654435761u >> 13;
  for (guint piece = 1; piece < 40; piece++)
    {
      g_autoptr(AwsDigest) digest = aws_digest_new ("SHA256");
      g_autofree char *whole = aws_sha256_hex (data, 1000);
      g_autofree char *pieces = NULL;
      guint32 narrow = 0;
      guint64 wide = 0;

      for (guint at = 0; at < 1000; at += piece)
        {
          narrow = aws_crc32 (narrow, data + at, MIN (piece, 1000 - at));
          wide = aws_crc64nvme (wide, data + at, MIN (piece, 1000 - at));
          aws_digest_update (digest, data + at, MIN (piece, 1000 - at));
        }
      pieces = aws_digest_finish_hex (digest);
      g_assert_cmphex (narrow, ==, aws_crc32 (0, data, 1000));
      g_assert_cmphex (wide, ==, aws_crc64nvme (0, data, 1000));
      g_assert_cmpstr (pieces, ==, whole);
    }

  /* Long ones are summed up in another way than short ones */
  for (guint length = 1000; length < 100000; length = length * 21 / 20 + 1)
    {
      guint64 wide = 0;

      for (guint at = 0; at < length; at += 100)
        wide = aws_crc64nvme (wide, data + at, MIN (100, length - at));
      g_assert_cmphex (wide, ==, aws_crc64nvme (0, data, length));
      g_assert_cmphex (aws_crc64nvme (wide, data + 7, 2000), ==, aws_crc64nvme (aws_crc64nvme (wide, data + 7, 900), data + 907, 1100));
    }
}

/* The sum of the sums of the parts, however the pieces come */
static void
test_composite (void)
{
  static const gsize lengths[] = { 1, 99, 100, 101, 200, 250 };
  guint8 data[250];

  for (guint i = 0; i < sizeof data; i++)
    data[i] = i * 7;

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr(GByteArray) sums = g_byte_array_new ();
      g_autofree char *whole = NULL;

      for (gsize at = 0; at < lengths[i]; at += 100)
        {
          g_autofree char *hex = aws_sha256_hex (data + at, MIN (100, lengths[i] - at));
          guint8 sum[AWS_SHA256_SIZE];

          g_assert_true (aws_hex_decode (hex, sum, sizeof sum));
          g_byte_array_append (sums, sum, sizeof sum);
        }
      whole = aws_sha256_hex (sums->data, sums->len);

      for (gsize piece = 1; piece <= 250; piece += 3)
        {
          g_autoptr(AwsDigest) digest = aws_digest_new_composite (100);
          g_autoptr(GBytes) parts = NULL;
          g_autofree char *pieces = NULL;

          for (gsize at = 0; at < lengths[i]; at += piece)
            aws_digest_update (digest, data + at, MIN (piece, lengths[i] - at));
          pieces = aws_digest_finish_hex (digest);
          parts = aws_digest_dup_parts (digest);
          g_assert_cmpstr (pieces, ==, whole);
          g_assert_cmpmem (g_bytes_get_data (parts, NULL), g_bytes_get_size (parts), sums->data, sums->len);
        }
    }
}

static void
test_uri (void)
{
  g_autofree char *encoded = aws_uri_encode ("a b/ü+~-_.%");
  g_autofree char *path = aws_uri_encode_path ("a b/ü+~-_.%");
  g_autofree char *decoded = aws_uri_decode (encoded, -1, FALSE);
  g_autofree char *form = aws_uri_decode ("a+b%2B%", -1, TRUE);
  g_autofree char *broken = aws_uri_decode ("%4%zz%41%4", -1, FALSE);
  g_autofree char *part = aws_uri_decode ("%41%42", 5, FALSE);

  g_assert_cmpstr (encoded, ==, "a%20b%2F%C3%BC%2B~-_.%25");
  g_assert_cmpstr (path, ==, "a%20b/%C3%BC%2B~-_.%25");
  g_assert_cmpstr (decoded, ==, "a b/ü+~-_.%");
  g_assert_cmpstr (form, ==, "a b+%");
  g_assert_cmpstr (broken, ==, "%4%zzA%4");
  g_assert_cmpstr (part, ==, "A%4");
}

static void
test_query (void)
{
  g_autoptr(AwsQuery) query = aws_query_new ("Do", "2010-05-15");
  g_autoptr(AwsQuery) parsed = NULL;
  g_autoptr(AwsQuery) odd = aws_query_new_parse ("&a&b=&=c&d=1&d=2&", -1);
  g_autofree char *text = NULL;

  aws_query_add (query, "Name", "a&b=c ü");
  aws_query_add (query, "Nothing", NULL);
  aws_query_add (query, "Tags.member.2.Key", "k");
  text = aws_query_to_string (query);
  g_assert_cmpstr (text, ==, "Action=Do&Version=2010-05-15&Name=a%26b%3Dc%20%C3%BC&Tags.member.2.Key=k");

  parsed = aws_query_new_parse (text, -1);
  g_assert_cmpuint (aws_query_get_length (parsed), ==, aws_query_get_length (query));
  for (guint i = 0; i < aws_query_get_length (query); i++)
    {
      g_assert_cmpstr (aws_query_get_name (parsed, i), ==, aws_query_get_name (query, i));
      g_assert_cmpstr (aws_query_get_value (parsed, i), ==, aws_query_get_value (query, i));
    }

  g_assert_cmpuint (aws_query_get_length (odd), ==, 5);
  g_assert_cmpstr (aws_query_lookup (odd, "a"), ==, "");
  g_assert_cmpstr (aws_query_lookup (odd, "d"), ==, "1");
  g_assert_cmpstr (aws_query_lookup (odd, ""), ==, "c");
  g_assert_null (aws_query_lookup (odd, "x"));
}

static AwsXml *
parse_xml (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return aws_xml_new (bytes, NULL);
}

static void
test_xml (void)
{
  static const char * const bad[] = {
    "", "   ", "text", "<a>", "<a></b>", "<a/><b/>", "<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>",
    "<a>\x01</a>", "{\"a\": 1}",
  };
  g_autoptr(AwsXml) xml = parse_xml ("\n <?xml version=\"1.0\"?><n:R xmlns:n=\"u\" n:a=\"b\"><n:A><B>1</B></n:A><A><B> 2 </B><C>x<![CDATA[<y>]]>&amp;</C></A>"
                                     "<T>true</T><D>2026-01-02T03:04:05Z</D><Big>9223372036854775807</Big></n:R>");
  AwsXmlNode *root = aws_xml_get_root (xml);
  AwsXmlNode *second = aws_xml_node_next (aws_xml_node_first (root, "A"), "A");
  g_autofree char *attribute = aws_xml_node_dup_attribute (root, "a");
  g_autofree char *text = aws_xml_node_dup_text (second, "C");
  g_autoptr(GDateTime) time = aws_xml_node_dup_time (root, "D");
  g_autoptr(GString) written = g_string_new ("<r>");
  g_autoptr(AwsXml) again = NULL;
  g_autofree char *round = NULL;

  g_assert_cmpstr (aws_xml_node_get_name (root), ==, "R");
  g_assert_cmpstr (attribute, ==, "b");
  g_assert_cmpint (aws_xml_node_get_int (root, "A/B", 0), ==, 1);
  g_assert_cmpint (aws_xml_node_get_int (second, "B", 0), ==, 2);
  g_assert_cmpint (aws_xml_node_get_int (second, "C", -7), ==, -7);
  g_assert_cmpint (aws_xml_node_get_int (root, "Big", 0), ==, G_MAXINT64);
  g_assert_cmpstr (text, ==, "x<y>&");
  g_assert_true (aws_xml_node_get_bool (root, "T"));
  g_assert_false (aws_xml_node_get_bool (root, "A"));
  g_assert_cmpint (g_date_time_to_unix (time), ==, 1767323045);
  g_assert_null (aws_xml_node_find (root, "A/B/C"));
  g_assert_null (aws_xml_node_dup_text (NULL, "A"));

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (parse_xml (bad[i]));

  aws_xml_append_element (written, "t", "a<b>&\"c\"\r\n\tü 🏮 ");
  aws_xml_append_element (written, "none", NULL);
  g_string_append (written, "</r>");
  again = parse_xml (written->str);
  round = aws_xml_node_dup_text (aws_xml_get_root (again), "t");
  g_assert_cmpstr (round, ==, "a<b>&\"c\"\r\n\tü 🏮 ");
}

static JsonObject *
parse_json (const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr(GError) error = NULL;
  JsonObject *object = aws_json_load_object (bytes, &error);

  if (object == NULL)
    g_assert_error (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER);

  return object;
}

static void
test_json (void)
{
  static const char * const bad[] = { "[]", "1", "\"a\"", "{", "{\"a\": }", "<a/>", "{\"a\": \"\xff\"}", "nul" };
  g_autoptr(JsonObject) object = parse_json ("{\"s\": \"t\", \"n\": 5, \"big\": 9007199254740993, \"f\": 1.5, \"text\": \"17\", \"b\": true, \"z\": null, \"o\": {\"x\": []}, \"a\": [1, \"y\", {}],"
                                             "\"epoch\": 1767323045.25, \"iso\": \"2026-01-02T04:04:05.5+01:00\", \"rfc\": \"Fri, 02 Jan 2026 03:04:05 GMT\"}");
  g_autoptr(JsonObject) empty = parse_json ("");
  JsonArray *array = aws_json_get_array (object, "a");
  const char * const times[] = { "epoch", "iso", "rfc" };

  g_assert_cmpstr (aws_json_get_string (object, "s"), ==, "t");
  g_assert_null (aws_json_get_string (object, "n"));
  g_assert_null (aws_json_get_string (object, "z"));
  g_assert_null (aws_json_get_string (NULL, "s"));
  g_assert_cmpint (aws_json_get_int (object, "n", 0), ==, 5);
  g_assert_cmpint (aws_json_get_int (object, "big", 0), ==, G_GINT64_CONSTANT (9007199254740993));
  g_assert_cmpint (aws_json_get_int (object, "text", 0), ==, 17);
  g_assert_cmpint (aws_json_get_int (object, "s", -1), ==, -1);
  g_assert_true (aws_json_get_bool (object, "b"));
  g_assert_false (aws_json_get_bool (object, "n"));
  g_assert_nonnull (aws_json_get_object (object, "o"));
  g_assert_null (aws_json_get_object (object, "a"));
  g_assert_cmpstr (aws_json_array_get_string (array, 1), ==, "y");
  g_assert_null (aws_json_array_get_string (array, 0));
  g_assert_null (aws_json_array_get_string (array, 9));
  g_assert_nonnull (aws_json_array_get_object (array, 2));
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr(GDateTime) time = aws_json_dup_time (object, times[i]);

      g_assert_cmpint (g_date_time_to_unix (time), ==, 1767323045);
    }
  g_assert_null (aws_json_dup_time (object, "s"));
  g_assert_cmpuint (json_object_get_size (empty), ==, 0);

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (parse_json (bad[i]));
}

static void
test_headers (void)
{
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(AwsHeaders) copy = NULL;

  aws_headers_append (headers, "A", "1");
  aws_headers_append (headers, "b", "2");
  aws_headers_append (headers, "a", "3");
  copy = aws_headers_copy (headers);
  g_assert_cmpstr (aws_headers_lookup (headers, "a"), ==, "1");
  aws_headers_set (headers, "a", "4");
  g_assert_cmpuint (aws_headers_get_length (headers), ==, 2);
  g_assert_cmpstr (aws_headers_lookup (headers, "A"), ==, "4");
  g_assert_false (aws_headers_remove (headers, "c"));
  g_assert_cmpuint (aws_headers_get_length (copy), ==, 3);
}

static void
test_credentials (void)
{
  g_autofree char *clean = aws_credentials_clean_text (" \xEF\xBB\xBF\"AKIA\xE2\x80\x8B" "X/+y=\"\r\n");
  g_autofree char *broken = aws_credentials_clean_text ("a\xff" "b");
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) soon = g_date_time_add_minutes (now, 4);
  g_autoptr(AwsCredentials) short_lived = aws_credentials_new ("a", "b", "", soon);
  g_autoptr(AwsCredentials) for_ever = aws_credentials_new ("a", "b", NULL, NULL);

  g_assert_cmpstr (clean, ==, "AKIAX/+y=");
  g_assert_cmpstr (broken, ==, "ab");
  g_assert_null (aws_credentials_get_session_token (short_lived));
  g_assert_true (aws_credentials_is_expired (short_lived, 5 * G_TIME_SPAN_MINUTE));
  g_assert_false (aws_credentials_is_expired (short_lived, 0));
  g_assert_false (aws_credentials_is_expired (for_ever, G_TIME_SPAN_DAY));
}

static AwsCredentials *
load_environment (GError **error)
{
  g_autoptr(AwsCredentialsProvider) provider = aws_environment_credentials_new ();

  return dex_await_boxed (aws_credentials_provider_load (provider), error);
}

static void
test_environment (void)
{
  g_autofree char *folder = test_new_folder ();
  g_autofree char *config = g_build_filename (folder, "config", NULL);
  g_autofree char *credentials = g_build_filename (folder, "credentials", NULL);
  g_autofree char *region = NULL;
  g_autoptr(AwsCredentials) loaded = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (config, "\xEF\xBB\xBF# comment\r\n[profile one] ; note\r\nregion = eu-west-3 # the third\r\ns3 =\r\n  addressing_style = path\r\n"
                                      "aws_access_key_id = config\r\n[profile one]\r\nRegion=eu-west-1\r\n[default]\r\nregion = us-east-2\r\n[broken\r\n", -1, NULL));
  g_assert_true (g_file_set_contents (credentials, "[one]\naws_access_key_id=AKIAONE\naws_secret_access_key = a/b+c=#d\n[two]\naws_access_key_id = x\n", -1, NULL));
  g_setenv ("AWS_CONFIG_FILE", config, TRUE);
  g_setenv ("AWS_SHARED_CREDENTIALS_FILE", credentials, TRUE);
  g_unsetenv ("AWS_REGION");
  g_unsetenv ("AWS_DEFAULT_REGION");

  g_setenv ("AWS_ACCESS_KEY_ID", "AKIAENV", TRUE);
  g_setenv ("AWS_SECRET_ACCESS_KEY", "secret", TRUE);
  g_setenv ("AWS_SESSION_TOKEN", "token", TRUE);
  g_setenv ("AWS_CREDENTIAL_EXPIRATION", "2100-01-01T00:00:00Z", TRUE);
  g_unsetenv ("AWS_PROFILE");
  g_assert_true (aws_environment_has_credentials ());
  loaded = load_environment (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_credentials_get_access_key_id (loaded), ==, "AKIAENV");
  g_assert_cmpstr (aws_credentials_get_session_token (loaded), ==, "token");
  g_assert_nonnull (aws_credentials_get_expiration (loaded));
  region = aws_environment_dup_region ();
  g_assert_cmpstr (region, ==, "us-east-2");

  g_setenv ("AWS_PROFILE", "one", TRUE);
  g_clear_pointer (&loaded, aws_credentials_unref);
  g_clear_pointer (&region, g_free);
  loaded = load_environment (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_credentials_get_access_key_id (loaded), ==, "AKIAONE");
  g_assert_cmpstr (aws_credentials_get_secret_access_key (loaded), ==, "a/b+c=#d");
  g_assert_null (aws_credentials_get_session_token (loaded));
  region = aws_environment_dup_region ();
  g_assert_cmpstr (region, ==, "eu-west-1");

  g_setenv ("AWS_PROFILE", "two", TRUE);
  g_assert_null (load_environment (&error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_CREDENTIALS);
  g_assert_nonnull (strstr (error->message, "two"));

  g_unsetenv ("AWS_PROFILE");
  g_unsetenv ("AWS_ACCESS_KEY_ID");
  g_unsetenv ("AWS_SECRET_ACCESS_KEY");
  g_assert_false (aws_environment_has_credentials ());
  test_remove_folder (folder);
}

static void
test_profile (void)
{
  static const char config_text[] =
    "\xEF\xBB\xBF; made by hand\r\n"
    "[default]\r\nregion = us-east-2\r\noutput = json\r\n"
    "[profile default]\r\nregion = us-west-2\r\n"
    "[ profile  'my site' ] # quoted\r\n"
    "region=eu-west-3 # the third\r\n"
    "services = local\r\n"
    "s3 =\r\n  addressing_style = path\r\n\tmax_concurrent_requests = 4 ; few\r\n"
    "endpoint_url = https://all.example:8443/a#b\r\n"
    "empty =\r\n"
    "no equals sign\r\n"
    "[services other]\r\ns3 =\r\n  endpoint_url = http://wrong.example\r\n"
    "[services local]\r\ns3 =\r\n  endpoint_url = http://s3.example\r\ncloudfront_keyvaluestore =\r\n  endpoint_url = http://kvs.example\r\n"
    "[sso-session x]\r\nsso_region = us-east-1\r\n"
    "[profile my site]\r\nREGION = eu-west-1\r\naws_access_key_id = config\r\n"
    "[broken\r\nregion = nowhere\r\n";
  g_autofree char *folder = test_new_folder ();
  g_autofree char *config = g_build_filename (folder, "config", NULL);
  g_autofree char *credentials = g_build_filename (folder, "credentials", NULL);
  g_autoptr(AwsProfile) site = NULL;
  g_autoptr(AwsProfile) usual = NULL;
  g_autoptr(AwsProfile) missing = NULL;
  g_auto(GStrv) names = NULL;
  const char * const expected[] = { "default", "keys", "my site", NULL };

  g_assert_true (g_file_set_contents (config, config_text, -1, NULL));
  g_assert_true (g_file_set_contents (credentials, "[my site]\naws_access_key_id = AKIA ; mine\n[keys]\n", -1, NULL));
  g_setenv ("AWS_CONFIG_FILE", config, TRUE);
  g_setenv ("AWS_SHARED_CREDENTIALS_FILE", credentials, TRUE);
  g_unsetenv ("AWS_PROFILE");

  site = aws_profile_new ("my site");
  g_assert_true (aws_profile_exists (site));
  g_assert_cmpstr (aws_profile_get_name (site), ==, "my site");
  g_assert_cmpstr (aws_profile_lookup (site, "region"), ==, "eu-west-1");
  g_assert_cmpstr (aws_profile_lookup (site, "aws_access_key_id"), ==, "AKIA");
  g_assert_cmpstr (aws_profile_lookup (site, "s3.addressing_style"), ==, "path");
  g_assert_cmpstr (aws_profile_lookup (site, "s3.max_concurrent_requests"), ==, "4");
  g_assert_cmpstr (aws_profile_lookup (site, "endpoint_url"), ==, "https://all.example:8443/a#b");
  g_assert_null (aws_profile_lookup (site, "addressing_style"));
  g_assert_null (aws_profile_lookup (site, "empty"));
  g_assert_cmpstr (aws_profile_lookup_service (site, "s3", "endpoint_url"), ==, "http://s3.example");
  g_assert_cmpstr (aws_profile_lookup_service (site, "cloudfront_keyvaluestore", "endpoint_url"), ==, "http://kvs.example");
  g_assert_null (aws_profile_lookup_service (site, "sts", "endpoint_url"));

  usual = aws_profile_new (NULL);
  g_assert_cmpstr (aws_profile_lookup (usual, "region"), ==, "us-west-2");
  g_assert_cmpstr (aws_profile_lookup (usual, "output"), ==, "json");
  g_assert_null (aws_profile_lookup_service (usual, "s3", "endpoint_url"));

  missing = aws_profile_new ("missing");
  g_assert_false (aws_profile_exists (missing));
  names = aws_profile_list_names ();
  g_assert_cmpstrv (names, expected);
  test_remove_folder (folder);
}

static void
write_process (const char *config,
               const char *command)
{
  g_autofree char *text = g_strdup_printf ("[profile p]\ncredential_process = %s\n[profile role]\nrole_arn = arn\nsource_profile = p\n", command);

  g_assert_true (g_file_set_contents (config, text, -1, NULL));
}

static void
test_credential_process (void)
{
  static const char * const bad[] = {
    "/no/such/program", "false", "echo no", "echo '{\"Version\": 2, \"AccessKeyId\": \"a\", \"SecretAccessKey\": \"b\"}'",
    "sh -c 'echo {\\\"Version\\\": 1}'", "'unbalanced", "sh -c 'printf SECRETTEXT; exit 3'",
  };
  g_autofree char *folder = test_new_folder ();
  g_autofree char *config = g_build_filename (folder, "config", NULL);
  g_autoptr(AwsCredentialsProvider) provider = aws_profile_credentials_new ("p");
  g_autoptr(AwsCredentialsProvider) role = aws_profile_credentials_new ("role");
  g_autoptr(AwsCredentials) loaded = NULL;
  g_autoptr(AwsCredentials) again = NULL;
  g_autoptr(GError) error = NULL;

  g_setenv ("AWS_CONFIG_FILE", config, TRUE);
  g_setenv ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", TRUE);
  write_process (config, "echo '{\"Version\": 1, \"AccessKeyId\": \"ASIA\", \"SecretAccessKey\": \"s +/\", \"SessionToken\": \"t\", \"Expiration\": \"2100-01-01T00:00:00Z\"}'");
  loaded = dex_await_boxed (aws_credentials_provider_load (provider), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_credentials_get_access_key_id (loaded), ==, "ASIA");
  g_assert_cmpstr (aws_credentials_get_secret_access_key (loaded), ==, "s +/");
  g_assert_cmpstr (aws_credentials_get_session_token (loaded), ==, "t");

  /* It is not run for every request, but when they are no longer taken */
  write_process (config, "false");
  again = dex_await_boxed (aws_credentials_provider_load (provider), &error);
  g_assert_true (again == loaded);
  g_assert_true (aws_credentials_provider_reject (provider, loaded));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      write_process (config, bad[i]);
      g_assert_false (dex_await (aws_credentials_provider_load (provider), &error));
      g_assert_error (error, AWS_ERROR, AWS_ERROR_CREDENTIALS);
      g_assert_null (strstr (error->message, "SECRETTEXT"));
      g_clear_error (&error);
    }

  /* A role says of its source what the source says */
  g_assert_false (dex_await (aws_credentials_provider_load (role), &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_CREDENTIALS);
  g_assert_nonnull (strstr (error->message, "credential_process"));
  test_remove_folder (folder);
}

static void
test_retry_delays (void)
{
  for (guint i = 0; i < 1000; i++)
    {
      gint64 delay;

      g_assert_cmpint (aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 50000, NULL), <=, 50000);
      g_assert_cmpint (aws_retry_delay (AWS_RETRY_TRANSIENT, 3, 50000, NULL), <=, 400000);
      g_assert_cmpint (aws_retry_delay (AWS_RETRY_THROTTLING, 40, 50000, NULL), <=, 20 * G_USEC_PER_SEC);
      delay = aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 50000, "1500");
      g_assert_cmpint (delay, ==, 1500000);
      delay = aws_retry_delay (AWS_RETRY_TRANSIENT, 0, 50000, "900000");
      g_assert_cmpint (delay, >=, 5 * G_USEC_PER_SEC);
      g_assert_cmpint (delay, <=, 5 * G_USEC_PER_SEC + 50000);
    }

  g_assert_cmpint (aws_retry_classify ("SlowDown", 503), ==, AWS_RETRY_THROTTLING);
  g_assert_cmpint (aws_retry_classify ("RequestTimeout", 400), ==, AWS_RETRY_TRANSIENT);
  g_assert_cmpint (aws_retry_classify (NULL, 502), ==, AWS_RETRY_TRANSIENT);
  g_assert_cmpint (aws_retry_classify (NULL, 429), ==, AWS_RETRY_THROTTLING);
  g_assert_cmpint (aws_retry_classify ("AccessDenied", 403), ==, AWS_RETRY_NONE);
  g_assert_cmpint (aws_retry_classify (NULL, 501), ==, AWS_RETRY_NONE);
}

static void
test_times (void)
{
  static const struct { const char *text; gint64 seconds; } good[] = {
    { "2026-01-02T03:04:05Z", 1767323045 }, { "2026-01-02T03:04:05.123456Z", 1767323045 }, { "2026-01-02T03:04:05", 1767323045 },
    { "2026-01-02T05:04:05+02:00", 1767323045 }, { "2026-01-02T03:04:05.000+0000", 1767323045 }, { "Fri, 02 Jan 2026 03:04:05 GMT", 1767323045 },
    { "1767323045", 1767323045 }, { "1.767323045E9", 1767323045 }, { "1767323045.9", 1767323045 },
  };
  static const char * const bad[] = { "", "yesterday", "2026-13-02T03:04:05Z", "Fri, 02 Foo 2026 03:04:05 GMT", ", ", "nan", "1e300" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr(GDateTime) time = aws_time_parse (good[i].text);

      g_test_message ("%s", good[i].text);
      g_assert_nonnull (time);
      g_assert_cmpint (g_date_time_to_unix (time), ==, good[i].seconds);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_test_message ("%s", bad[i]);
      g_assert_null (aws_time_parse (bad[i]));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/formats/checksums", test_checksums);
  g_test_add_func ("/formats/composite", test_composite);
  g_test_add_func ("/formats/uri", test_uri);
  g_test_add_func ("/formats/query", test_query);
  g_test_add_func ("/formats/xml", test_xml);
  g_test_add_func ("/formats/json", test_json);
  g_test_add_func ("/formats/headers", test_headers);
  g_test_add_func ("/formats/times", test_times);
  g_test_add_func ("/formats/retry-delays", test_retry_delays);
  g_test_add_func ("/formats/credentials", test_credentials);
  g_test_add_func ("/formats/profile", test_profile);
  test_add_fiber ("/formats/environment", test_environment);
  test_add_fiber ("/formats/credential-process", test_credential_process);

  return g_test_run ();
}
