/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "aws-environment.h"
#include "aws-json.h"
#include "aws-login-credentials.h"
#include "aws-pkce.h"
#include "aws-sso-credentials.h"
#include "aws-sso.h"
#include "aws-xml.h"
#include "fake-aws.h"
#include "test-util.h"

#define TOKEN(key, refresh) \
  "{\"accessToken\":{\"accessKeyId\":\"" key "\",\"secretAccessKey\":\"secret\",\"sessionToken\":\"token\"}," \
  "\"tokenType\":\"aws_sigv4\",\"expiresIn\":900,\"refreshToken\":\"" refresh "\"}"
#define REFUSED "{\"error\":\"TOKEN_EXPIRED\",\"message\":\"The refresh token has expired\"}"
#define DENIED_HEADERS "x-amzn-ErrorType: AccessDeniedException\nx-amzn-RequestId: r"
#define SSO_TOKEN "{\"accessToken\":\"new-token\",\"tokenType\":\"Bearer\",\"expiresIn\":3600,\"refreshToken\":\"new-refresh\"}"
#define ROLE(key) \
  "{\"roleCredentials\":{\"accessKeyId\":\"" key "\",\"secretAccessKey\":\"secret\",\"sessionToken\":\"token\"," \
  "\"expiration\":4102444800000}}"

/* A session that others may change, and that is kept only when the test says so */

#define TEST_TYPE_STORE (test_store_get_type ())

G_DECLARE_FINAL_TYPE (TestStore, test_store, TEST, STORE, GObject)

struct _TestStore
{
  GObject     parent_instance;

  JsonObject *session;
  JsonObject *others;       /* what the second look finds */
  DexPromise *saving;       /* to be waited for, NULL for not at all */
  guint       n_loads;
  guint       n_saves;
};

static DexFuture *
test_store_load (AwsSessionStore *store)
{
  TestStore *self = TEST_STORE (store);
  JsonObject *found = self->n_loads++ > 0 && self->others != NULL ? self->others : self->session;

  return dex_future_new_take_boxed (JSON_TYPE_OBJECT, json_object_ref (found));
}

static DexFuture *
test_store_save (AwsSessionStore *store,
                 JsonObject      *session)
{
  TestStore *self = TEST_STORE (store);

  self->n_saves++;
  json_object_ref (session);
  json_object_unref (self->session);
  self->session = session;

  return self->saving != NULL ? dex_ref (DEX_FUTURE (self->saving)) : dex_future_new_true ();
}

static void
test_store_iface_init (AwsSessionStoreInterface *iface)
{
  iface->load = test_store_load;
  iface->save = test_store_save;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestStore, test_store, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (AWS_TYPE_SESSION_STORE, test_store_iface_init))

static void
test_store_finalize (GObject *object)
{
  TestStore *self = TEST_STORE (object);

  json_object_unref (self->session);
  g_clear_pointer (&self->others, json_object_unref);
  dex_clear (&self->saving);

  G_OBJECT_CLASS (test_store_parent_class)->finalize (object);
}

static void
test_store_class_init (TestStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_store_finalize;
}

static void
test_store_init (TestStore *self)
{
}

static char *
time_in (gint64 seconds)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) then = g_date_time_add_seconds (now, seconds);

  return g_date_time_format (then, "%Y-%m-%dT%H:%M:%SZ");
}

static JsonObject *
new_login (const char *key,
           const char *refresh,
           gint64      seconds)
{
  g_autoptr(AwsDpopKey) dpop = aws_dpop_key_new ();
  g_autofree char *pem = aws_dpop_key_to_pem (dpop);
  g_autofree char *end = time_in (seconds);
  JsonObject *access = json_object_new ();
  JsonObject *session = json_object_new ();

  json_object_set_string_member (access, "accessKeyId", key);
  json_object_set_string_member (access, "secretAccessKey", "old");
  json_object_set_string_member (access, "sessionToken", "old");
  json_object_set_string_member (access, "expiresAt", end);
  json_object_set_object_member (session, "accessToken", access);
  json_object_set_string_member (session, "clientId", AWS_SIGNIN_SAME_DEVICE);
  json_object_set_string_member (session, "refreshToken", refresh);
  json_object_set_string_member (session, "dpopKey", pem);

  return session;
}

static JsonObject *
new_sso (gint64   seconds,
         gboolean refreshes)
{
  g_autofree char *end = time_in (seconds);
  g_autofree char *registration_end = time_in (86400);
  JsonObject *session = json_object_new ();

  json_object_set_string_member (session, "accessToken", "old-token");
  json_object_set_string_member (session, "expiresAt", end);

  if (refreshes)
    {
      json_object_set_string_member (session, "refreshToken", "old-refresh");
      json_object_set_string_member (session, "clientId", "client");
      json_object_set_string_member (session, "clientSecret", "secret");
      json_object_set_string_member (session, "registrationExpiresAt", registration_end);
    }

  return session;
}

static TestStore *
new_store (JsonObject *session)
{
  TestStore *store = g_object_new (TEST_TYPE_STORE, NULL);

  store->session = session;

  return store;
}

static AwsClient *
new_client (FakeAws *aws)
{
  AwsClient *client = aws_client_new (NULL, FAKE_AWS_REGION);

  fake_aws_expect_unsigned (aws);
  aws_client_set_endpoint (client, NULL, fake_aws_get_endpoint (aws));

  return client;
}

static void
assert_key (AwsCredentialsProvider *provider,
            const char             *key)
{
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  credentials = dex_await_boxed (aws_credentials_provider_load (provider), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (aws_credentials_get_access_key_id (credentials), ==, key);
}

static void
assert_fails (AwsCredentialsProvider *provider,
              AwsError                code)
{
  g_autoptr(AwsCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;

  credentials = dex_await_boxed (aws_credentials_provider_load (provider), &error);
  g_assert_null (credentials);
  g_assert_error (error, AWS_ERROR, (int) code);
}

/* The published example of RFC 7636, appendix B */
static void
test_pkce (void)
{
  g_autofree char *challenge = aws_pkce_dup_challenge ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  g_autofree char *one = aws_pkce_new_verifier ();
  g_autofree char *other = aws_pkce_new_verifier ();

  g_assert_cmpstr (challenge, ==, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  g_assert_cmpstr (one, !=, other);
  g_assert_true (g_regex_match_simple ("^[A-Za-z0-9._~-]{64}$", one, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT));
}

static void
test_base64url (void)
{
  const char * const good[] = { "", "AA", "-_8", "AAECAw", "AAECAw==" };
  const char * const bad[] = { "A", "A?", "A A=", "AAECA" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      gsize size;
      g_autofree guchar *data = aws_base64url_decode (good[i], -1, &size);
      g_autofree char *again = NULL;

      g_assert_nonnull (data);
      again = aws_base64url_encode (data, size);
      g_assert_true (g_str_has_prefix (good[i], again));
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      gsize size;

      g_assert_null (aws_base64url_decode (bad[i], -1, &size));
    }
}

static const char pkcs8[] =
  "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg+PNauWi/ihtwHHbq\n"
  "1tgc8Vgpwx0qQlNSN38y+z0igWehRANCAAR2Ntw6BXJ1v8jb9XjzKZJ+gL5f/3Jq\n"
  "IqiH2PUGKWxoFwNlcNB83FivEXEzlTbuCQK5OezOYb3gbvHuzKkB0nDX\n-----END PRIVATE KEY-----";

static JsonObject *
load_part (const char *proof,
           guint       index)
{
  g_auto(GStrv) parts = g_strsplit (proof, ".", -1);
  g_autoptr(GBytes) bytes = NULL;
  gsize size;
  guchar *data;

  g_assert_cmpuint (g_strv_length (parts), ==, 3);
  data = aws_base64url_decode (parts[index], -1, &size);
  bytes = g_bytes_new_take (data, size);

  return aws_json_load_object (bytes, NULL);
}

static void
test_dpop (void)
{
  g_autoptr(AwsDpopKey) key = NULL;
  g_autoptr(AwsDpopKey) again = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *same = NULL;
  g_autofree char *proof = NULL;
  g_autofree char *second = NULL;
  g_autoptr(JsonObject) header = NULL;
  g_autoptr(JsonObject) claims = NULL;
  g_autoptr(GError) error = NULL;

  key = aws_dpop_key_from_pem (pkcs8, &error);
  g_assert_no_error (error);
  pem = aws_dpop_key_to_pem (key);
  g_assert_true (g_str_has_prefix (pem, "-----BEGIN EC PRIVATE KEY-----\n"));
  again = aws_dpop_key_from_pem (pem, &error);
  g_assert_no_error (error);
  same = aws_dpop_key_to_pem (again);
  g_assert_cmpstr (pem, ==, same);

  proof = aws_dpop_key_dup_proof (key, "POST", "https://eu-central-1.signin.aws.amazon.com/v1/token", 1763510400);
  second = aws_dpop_key_dup_proof (key, "POST", "https://eu-central-1.signin.aws.amazon.com/v1/token", 1763510400);
  g_assert_cmpstr (proof, !=, second);

  /* The coordinates are bytes 1 to 32 and 33 to 64 of the point in the PEM */
  header = load_part (proof, 0);
  g_assert_cmpstr (aws_json_get_string (header, "typ"), ==, "dpop+jwt");
  g_assert_cmpstr (aws_json_get_string (header, "alg"), ==, "ES256");
  g_assert_cmpstr (aws_json_get_string (aws_json_get_object (header, "jwk"), "x"), ==,
                   "djbcOgVydb_I2_V48ymSfoC-X_9yaiKoh9j1BilsaBc");
  g_assert_cmpstr (aws_json_get_string (aws_json_get_object (header, "jwk"), "y"), ==,
                   "A2Vw0HzcWK8RcTOVNu4JArk57M5hveBu8e7MqQHScNc");
  claims = load_part (proof, 1);
  g_assert_cmpint (aws_json_get_int (claims, "iat", 0), ==, 1763510400);
  g_assert_cmpstr (aws_json_get_string (claims, "htm"), ==, "POST");
}

static void
test_dpop_bad_keys (void)
{
  const char * const bad[] = {
    "", "hello", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
    /* P-384 */
    "-----BEGIN PRIVATE KEY-----\nMIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAhUBgh0UDQfjEuXBYf\n-----END PRIVATE KEY-----\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (aws_dpop_key_from_pem (bad[i], &error));
      g_assert_error (error, AWS_ERROR, AWS_ERROR_CREDENTIALS);
    }
}

static void
test_codes (void)
{
  const struct
  {
    const char *text;      /* before Base64 */
    const char *code;
  } table[] = {
    { "state=s&code=abc", "abc" }, { "code=a%2Fb&state=s", "a/b" }, { "state=s&code=x&more=1", "x" },
    { "state=t&code=abc", NULL }, { "state=s", NULL }, { "code=abc", NULL }, { "state=s&code=", NULL }, { "hello", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *base64 = g_base64_encode ((const guchar *) table[i].text, strlen (table[i].text));
      g_autofree char *pasted = g_strdup_printf (" %s\n", base64);
      g_autofree char *bare = g_strndup (base64, strcspn (base64, "="));
      g_autofree char *code = aws_signin_parse_code (pasted, "s", NULL);
      g_autofree char *same = aws_signin_parse_code (bare, "s", NULL);

      g_assert_cmpstr (code, ==, table[i].code);
      g_assert_cmpstr (same, ==, table[i].code);
    }

  g_assert_null (aws_signin_parse_code ("", "s", NULL));
  g_assert_null (aws_signin_parse_code ("ÄÖÜ", "s", NULL));
}

static void
test_addresses (void)
{
  g_autoptr(AwsClient) client = aws_client_new (NULL, "eu-central-1");
  g_autofree char *uri = aws_signin_dup_authorize_uri (client, AWS_SIGNIN_SAME_DEVICE, "http://127.0.0.1:4711/oauth/callback",
                                                       "state", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  g_autofree char *page = aws_signin_dup_confirmation_uri (client);
  g_autofree char *own = NULL;

  g_assert_cmpstr (uri, ==, "https://eu-central-1.signin.aws.amazon.com/v1/authorize?response_type=code"
                            "&client_id=arn%3Aaws%3Asignin%3A%3A%3Adevtools%2Fsame-device&state=state"
                            "&code_challenge_method=SHA-256&scope=openid"
                            "&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711%2Foauth%2Fcallback"
                            "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  g_assert_cmpstr (page, ==, "https://eu-central-1.signin.aws.amazon.com/v1/sessions/confirmation");

  aws_client_set_endpoint (client, "signin", "http://127.0.0.1:5000/aws/");
  own = aws_signin_dup_confirmation_uri (client);
  g_assert_cmpstr (own, ==, "http://127.0.0.1:5000/aws/v1/sessions/confirmation");
}

static void
test_fresh_session_asks_nobody (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", 600));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));

  assert_key (provider, "KEYA");
  assert_key (provider, "KEYA");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 0);
  g_assert_cmpuint (store->n_loads, ==, 1);
}

static void
test_refresh_is_shared_and_kept_first (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", 200));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));
  g_autoptr(DexFuture) first = NULL;
  g_autoptr(DexFuture) second = NULL;

  store->saving = dex_promise_new ();
  fake_aws_answer (aws, 200, NULL, TOKEN ("KEYB", "r2"));
  first = aws_credentials_provider_load (provider);
  second = aws_credentials_provider_load (provider);

  while (store->n_saves == 0)
    dex_await (dex_timeout_new_msec (5), NULL);

  /* The new token has to be safe before anything is done with what came along */
  g_assert_true (dex_future_is_pending (first));
  g_assert_true (dex_future_is_pending (second));
  g_assert_cmpstr (aws_json_get_string (store->session, "refreshToken"), ==, "r2");
  dex_promise_resolve_boolean (store->saving, TRUE);

  g_assert_true (dex_await (dex_ref (first), NULL));
  g_assert_true (dex_await (dex_ref (second), NULL));
  assert_key (provider, "KEYB");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
  g_assert_cmpuint (store->n_saves, ==, 1);
  g_assert_nonnull (strstr (fake_aws_get_body (aws, 0), "\"refresh_token\""));
  g_assert_null (strstr (fake_aws_get_body (aws, 0), "redirectUri"));
}

static void
test_refresh_outlives_its_request (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", -5));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));
  DexFuture *dropped;

  fake_aws_answer (aws, 200, NULL, TOKEN ("KEYB", "r2"));
  dropped = aws_credentials_provider_load (provider);
  dex_clear (&dropped);

  assert_key (provider, "KEYB");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
  g_assert_cmpstr (aws_json_get_string (store->session, "refreshToken"), ==, "r2");
}

static void
test_failed_refresh_keeps_what_is_good (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", 200));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));

  fake_aws_answer (aws, 401, DENIED_HEADERS, REFUSED);
  assert_key (provider, "KEYA");
  assert_key (provider, "KEYA");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
  g_assert_cmpuint (store->n_saves, ==, 0);
}

static void
test_over_is_over (void)
{
  const struct
  {
    guint       status;
    const char *headers;
    const char *body;
    AwsError    error;
  } table[] = {
    { 401, DENIED_HEADERS, REFUSED, AWS_ERROR_EXPIRED },
    { 403, DENIED_HEADERS, "{\"error\":\"USER_CREDENTIALS_CHANGED\",\"message\":\"m\"}", AWS_ERROR_EXPIRED },
    { 403, DENIED_HEADERS, "{\"error\":\"INSUFFICIENT_PERMISSIONS\",\"message\":\"m\"}", AWS_ERROR_ACCESS_DENIED },
    { 400, "x-amzn-ErrorType: ValidationException", "{\"error\":\"INVALID_REQUEST\",\"message\":\"authorization grant is invalid\"}",
      AWS_ERROR_EXPIRED },
    { 200, NULL, "{\"accessToken\":{}}", AWS_ERROR_BAD_ANSWER },
    { 200, NULL, TOKEN ("K", "") "}", AWS_ERROR_BAD_ANSWER },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(FakeAws) aws = fake_aws_new ();
      g_autoptr(AwsClient) client = new_client (aws);
      g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", -1));
      g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));

      fake_aws_answer (aws, table[i].status, table[i].headers, table[i].body);
      assert_fails (provider, table[i].error);
      g_assert_cmpuint (store->n_saves, ==, 0);
    }
}

static void
test_trouble_is_tried_again_with_another_proof (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", -1));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));

  fake_aws_answer (aws, 500, "x-amzn-ErrorType: InternalServerException", "{\"error\":\"server_error\",\"message\":\"m\"}");
  fake_aws_answer (aws, 200, NULL, TOKEN ("KEYB", "r2"));
  assert_key (provider, "KEYB");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "DPoP"), !=, fake_aws_get_header (aws, 1, "DPoP"));
}

static void
test_wrong_clock_is_corrected_in_the_proof (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", -1));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));
  g_autoptr(JsonObject) claims = NULL;
  g_autoptr(GDateTime) end = NULL;
  gint64 there = 1763510400;   /* 2025-11-19T00:00:00Z */

  fake_aws_answer (aws, 400, "x-amzn-ErrorType: ValidationException\nx-amzn-RequestId: r\nDate: Wed, 19 Nov 2025 00:00:00 GMT",
                   "{\"error\":\"INVALID_REQUEST\",\"message\":\"iat\"}");
  fake_aws_answer (aws, 200, "x-amzn-RequestId: r\nDate: Wed, 19 Nov 2025 00:00:00 GMT", TOKEN ("KEYB", "r2"));
  assert_key (provider, "KEYB");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 2);

  claims = load_part (fake_aws_get_header (aws, 1, "DPoP"), 1);
  g_assert_cmpint (ABS (aws_json_get_int (claims, "iat", 0) - there), <, 120);
  end = aws_json_dup_time (aws_json_get_object (store->session, "accessToken"), "expiresAt");
  g_assert_cmpint (ABS (g_date_time_to_unix (end) - there - 900), <, 120);
}

static void
test_another_program_was_faster (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", -1));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));

  store->others = new_login ("KEYC", "r3", 800);
  fake_aws_answer (aws, 400, "x-amzn-ErrorType: ValidationException", "{\"error\":\"INVALID_REQUEST\",\"message\":\"used\"}");
  assert_key (provider, "KEYC");
}

static void
test_rejected_credentials_are_renewed (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_login ("KEYA", "r1", 800));
  g_autoptr(AwsCredentialsProvider) provider = aws_login_credentials_new (client, AWS_SESSION_STORE (store));
  g_autoptr(AwsCredentials) credentials = dex_await_boxed (aws_credentials_provider_load (provider), NULL);

  g_assert_true (aws_credentials_provider_reject (provider, credentials));
  fake_aws_answer (aws, 200, NULL, TOKEN ("KEYB", "r2"));
  assert_key (provider, "KEYB");

  /* Signed out everywhere: the rest of the time is worth nothing */
  g_clear_pointer (&credentials, aws_credentials_unref);
  credentials = dex_await_boxed (aws_credentials_provider_load (provider), NULL);
  g_assert_true (aws_credentials_provider_reject (provider, credentials));
  fake_aws_answer (aws, 401, DENIED_HEADERS, REFUSED);
  assert_fails (provider, AWS_ERROR_EXPIRED);
}

static void
test_sso_credentials (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_sso (3600, TRUE));
  g_autoptr(AwsCredentialsProvider) provider = NULL;
  g_autoptr(AwsCredentials) credentials = NULL;

  provider = aws_sso_credentials_new (client, AWS_SESSION_STORE (store), "123456789012", "My Role");
  fake_aws_answer (aws, 200, NULL, ROLE ("KEYA"));
  credentials = dex_await_boxed (aws_credentials_provider_load (provider), NULL);
  g_assert_nonnull (credentials);
  g_assert_cmpint (g_date_time_to_unix (aws_credentials_get_expiration (credentials)), ==, 4102444800);
  g_assert_cmpstr (fake_aws_get_header (aws, 0, "x-amz-sso_bearer_token"), ==, "old-token");
  g_assert_cmpstr (fake_aws_get_path (aws, 0), ==, "/federation/credentials");
  assert_key (provider, "KEYA");
  g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, 1);
}

static void
test_sso_token_is_refreshed (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(TestStore) store = new_store (new_sso (14 * 60, TRUE));
  g_autoptr(AwsCredentialsProvider) provider = NULL;

  provider = aws_sso_credentials_new (client, AWS_SESSION_STORE (store), "123456789012", "Role");
  fake_aws_answer (aws, 200, NULL, SSO_TOKEN);
  fake_aws_answer (aws, 200, NULL, ROLE ("KEYA"));
  assert_key (provider, "KEYA");
  g_assert_cmpstr (fake_aws_get_path (aws, 0), ==, "/token");
  g_assert_cmpstr (fake_aws_get_header (aws, 1, "x-amz-sso_bearer_token"), ==, "new-token");
  g_assert_cmpstr (aws_json_get_string (store->session, "refreshToken"), ==, "new-refresh");
  g_assert_cmpstr (aws_json_get_string (store->session, "clientId"), ==, "client");
}

static void
test_sso_failures (void)
{
  static const char grant[] = "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid refresh token provided\"}";
  const struct
  {
    gint64      seconds;
    gboolean    refreshes;
    guint       status;      /* of refreshing; 0: not asked */
    guint       role_status; /* 0: not asked */
    int         error;       /* -1: none */
  } table[] = {
    { 14 * 60, TRUE, 400, 200, -1 },                    /* the old token serves to its end */
    { 14 * 60, FALSE, 0, 200, -1 },
    { -1, TRUE, 400, 0, AWS_ERROR_EXPIRED },
    { -1, FALSE, 0, 0, AWS_ERROR_EXPIRED },
    { 3600, TRUE, 0, 401, AWS_ERROR_EXPIRED },
    { 3600, TRUE, 0, 404, AWS_ERROR_NOT_FOUND },
    { 3600, TRUE, 0, 403, AWS_ERROR_ACCESS_DENIED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(FakeAws) aws = fake_aws_new ();
      g_autoptr(AwsClient) client = new_client (aws);
      g_autoptr(TestStore) store = new_store (new_sso (table[i].seconds, table[i].refreshes));
      g_autoptr(AwsCredentialsProvider) provider = NULL;

      provider = aws_sso_credentials_new (client, AWS_SESSION_STORE (store), "123456789012", "Role");
      if (table[i].status != 0)
        fake_aws_answer (aws, table[i].status, "x-amzn-ErrorType: InvalidGrantException", grant);
      if (table[i].role_status == 200)
        fake_aws_answer (aws, 200, NULL, ROLE ("KEYA"));
      else if (table[i].role_status != 0)
        fake_aws_answer (aws, table[i].role_status,
                         table[i].role_status == 404 ? "x-amzn-ErrorType: ResourceNotFoundException"
                         : table[i].role_status == 401 ? "x-amzn-ErrorType: UnauthorizedException"
                         : "x-amzn-ErrorType: ForbiddenException", "{\"message\":\"m\"}");

      if (table[i].error < 0)
        assert_key (provider, "KEYA");
      else
        assert_fails (provider, table[i].error);

      g_assert_cmpuint (fake_aws_get_n_requests (aws), ==, (table[i].status != 0) + (table[i].role_status != 0));
    }
}

static void
test_sso_pages (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(GPtrArray) accounts = NULL;

  fake_aws_answer (aws, 200, NULL, "{\"accountList\":[{\"accountId\":\"111111111111\",\"accountName\":\"A\"}],\"nextToken\":\"n+1\"}");
  fake_aws_answer (aws, 200, NULL, "{\"accountList\":[{\"accountId\":\"222222222222\"}],\"nextToken\":null}");
  accounts = dex_await_boxed (aws_sso_list_accounts (client, "token"), NULL);
  g_assert_nonnull (accounts);
  g_assert_cmpuint (accounts->len, ==, 2);
  g_assert_cmpstr (aws_sso_account_get_id (g_ptr_array_index (accounts, 1)), ==, "222222222222");
  g_assert_cmpstr (fake_aws_get_query (aws, 0), ==, "max_result=100");
  g_assert_nonnull (strstr (fake_aws_get_query (aws, 1), "next_token=n%2B1"));
}

static void
test_sso_other_region (void)
{
  g_autoptr(FakeAws) aws = fake_aws_new ();
  g_autoptr(AwsClient) client = new_client (aws);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) copy = NULL;

  fake_aws_answer (aws, 400, "x-amzn-ErrorType: InvalidRequestRegionException\nx-amzn-RequestId: r",
                   "{\"error\":\"invalid_request\",\"error_description\":\"elsewhere\",\"endpoint\":\"https://x\",\"region\":\"eu-west-2\"}");
  g_assert_false (dex_await (aws_sso_oidc_register_client (client, "p", "https://a.awsapps.com/start", "http://127.0.0.1/oauth/callback"),
                             &error));
  g_assert_error (error, AWS_ERROR, AWS_ERROR_WRONG_REGION);
  copy = g_error_copy (error);
  g_assert_cmpstr (aws_error_get_region (copy), ==, "eu-west-2");
  g_assert_cmpstr (copy->message, ==, "elsewhere");
}

/* What all readers of AWS's cache of sessions have to do, in cases that AWS's own tools share */

typedef struct
{
  FakeAws *aws;
  char    *folder;
} Vector;

static void
write_vector (Vector     *self,
              JsonObject *vector)
{
  g_autofree char *config = g_build_filename (self->folder, "config", NULL);
  JsonObject *files = json_object_get_object_member (vector, "cacheContents");
  g_autoptr(GList) names = json_object_get_members (files);

  g_assert_true (g_file_set_contents (config, json_object_get_string_member (vector, "configContents"), -1, NULL));
  g_setenv ("AWS_CONFIG_FILE", config, TRUE);
  g_setenv ("AWS_LOGIN_CACHE_DIRECTORY", self->folder, TRUE);
  g_setenv ("AWS_ENDPOINT_URL_SIGNIN", fake_aws_get_endpoint (self->aws), TRUE);

  for (GList *link = names; link != NULL; link = link->next)
    {
      g_autofree char *path = g_build_filename (self->folder, link->data, NULL);
      g_autofree char *text = json_to_string (json_object_get_member (files, link->data), FALSE);

      g_assert_true (g_file_set_contents (path, text, -1, NULL));
    }
}

static void
prepare_answers (Vector     *self,
                 JsonObject *vector)
{
  JsonArray *calls = aws_json_get_array (vector, "mockApiCalls");

  fake_aws_expect_unsigned (self->aws);

  for (guint i = 0; calls != NULL && i < json_array_get_length (calls); i++)
    {
      JsonObject *call = json_array_get_object_element (calls, i);
      JsonObject *output = aws_json_get_object (aws_json_get_object (call, "response"), "tokenOutput");
      g_autoptr(GBytes) body = output != NULL ? aws_json_object_to_bytes (output) : g_bytes_new_static ("", 0);

      /* The day on which the cases play */
      fake_aws_answer_bytes (self->aws, aws_json_get_int (call, "responseCode", 200),
                             "x-amzn-RequestId: r\nDate: Wed, 19 Nov 2025 00:00:00 GMT", body);
    }
}

static void
check_calls (Vector     *self,
             JsonObject *vector)
{
  JsonArray *calls = aws_json_get_array (vector, "mockApiCalls");
  guint n_calls = calls != NULL ? json_array_get_length (calls) : 0;

  /* One that is refused is sent once more when it turns out that the clock was wrong */
  if (n_calls == 0)
    g_assert_cmpuint (fake_aws_get_n_requests (self->aws), ==, 0);

  for (guint i = 0; i < n_calls; i++)
    {
      JsonObject *request = aws_json_get_object (json_array_get_object_element (calls, i), "request");
      g_autoptr(GBytes) body = g_bytes_new (fake_aws_get_body (self->aws, i), strlen (fake_aws_get_body (self->aws, i)));
      g_autoptr(JsonNode) sent = aws_json_load (body, NULL);

      g_assert_true (json_node_equal (sent, json_object_get_member (request, "tokenInput")));
    }
}

/* Times may be off by what the answer took */
static void
assert_same (JsonNode   *found,
             JsonNode   *expected,
             const char *name)
{
  if (JSON_NODE_HOLDS_OBJECT (expected))
    {
      JsonObject *object = json_node_get_object (expected);
      g_autoptr(GList) names = json_object_get_members (object);

      g_assert_true (JSON_NODE_HOLDS_OBJECT (found));
      g_assert_cmpuint (json_object_get_size (json_node_get_object (found)), ==, json_object_get_size (object));
      for (GList *link = names; link != NULL; link = link->next)
        {
          g_assert_true (json_object_has_member (json_node_get_object (found), link->data));
          assert_same (json_object_get_member (json_node_get_object (found), link->data),
                       json_object_get_member (object, link->data), link->data);
        }
    }
  else if (g_strcmp0 (name, "expiresAt") == 0)
    {
      g_autoptr(GDateTime) a = aws_time_parse (json_node_get_string (found));
      g_autoptr(GDateTime) b = aws_time_parse (json_node_get_string (expected));

      g_assert_cmpint (ABS (g_date_time_difference (a, b)), <=, 60 * G_TIME_SPAN_SECOND);
    }
  else
    {
      g_assert_true (json_node_equal (found, expected));
    }
}

static void
check_files (Vector     *self,
             JsonObject *outcome)
{
  g_autoptr(GList) names = json_object_get_members (outcome);

  for (GList *link = names; link != NULL; link = link->next)
    {
      g_autofree char *path = g_build_filename (self->folder, link->data, NULL);
      g_autofree char *text = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(JsonNode) node = NULL;
      GStatBuf info;

      if (!g_str_has_suffix (link->data, ".json"))
        continue;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      bytes = g_bytes_new (text, strlen (text));
      node = aws_json_load (bytes, NULL);
      assert_same (node, json_object_get_member (outcome, link->data), NULL);
      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
}

static void
check_outcome (Vector         *self,
               JsonObject     *outcome,
               AwsCredentials *credentials)
{
  const char *result = json_object_get_string_member (outcome, "result");
  g_autoptr(GDateTime) end = NULL;

  if (g_str_equal (result, "cacheContents"))
    {
      check_files (self, outcome);
      return;
    }

  if (g_str_equal (result, "error"))
    {
      g_assert_null (credentials);
      return;
    }

  g_assert_cmpstr (result, ==, "credentials");
  g_assert_nonnull (credentials);
  g_assert_cmpstr (aws_credentials_get_access_key_id (credentials), ==, json_object_get_string_member (outcome, "accessKeyId"));
  g_assert_cmpstr (aws_credentials_get_secret_access_key (credentials), ==, json_object_get_string_member (outcome, "secretAccessKey"));
  g_assert_cmpstr (aws_credentials_get_session_token (credentials), ==, json_object_get_string_member (outcome, "sessionToken"));
  end = aws_time_parse (json_object_get_string_member (outcome, "expiresAt"));
  g_assert_cmpint (ABS (g_date_time_difference (end, aws_credentials_get_expiration (credentials))), <=, 60 * G_TIME_SPAN_SECOND);
}

static JsonArray *
load_vectors (void)
{
  const char *folder = g_getenv ("PORCHLIGHT_VECTORS");
  g_autofree char *usual = g_build_filename (g_getenv ("PORCHLIGHT_SOURCE"), "..", "shared", "vectors", "sigv4", NULL);
  g_autofree char *path = g_build_filename (folder != NULL ? folder : usual, "extra", "login-provider-test-cases.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return NULL;

  bytes = g_bytes_new (text, strlen (text));
  node = aws_json_load (bytes, NULL);

  return json_node_dup_array (node);
}

static void
run_vector (JsonObject *vector)
{
  Vector self = { fake_aws_new (), test_new_folder () };
  g_autoptr(AwsCredentialsProvider) provider = NULL;
  g_autoptr(AwsCredentials) credentials = NULL;
  JsonArray *outcomes = json_object_get_array_member (vector, "outcomes");

  g_test_message ("%s", json_object_get_string_member (vector, "documentation"));
  write_vector (&self, vector);
  prepare_answers (&self, vector);
  provider = aws_profile_credentials_new ("signin");
  credentials = dex_await_boxed (aws_credentials_provider_load (provider), NULL);
  check_calls (&self, vector);

  for (guint i = 0; i < json_array_get_length (outcomes); i++)
    check_outcome (&self, json_array_get_object_element (outcomes, i), credentials);

  g_clear_object (&provider);
  g_object_unref (self.aws);
  test_remove_folder (self.folder);
  g_free (self.folder);
}

static void
test_vectors (void)
{
  g_autoptr(JsonArray) vectors = load_vectors ();

  if (vectors == NULL)
    {
      g_test_skip ("There are no vectors here; PORCHLIGHT_VECTORS says where those of signing are");
      return;
    }

  g_assert_cmpuint (json_array_get_length (vectors), ==, 8);
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    run_vector (json_array_get_object_element (vectors, i));
}

int
main (int   argc,
      char *argv[])
{
  g_unsetenv ("AWS_PROFILE");
  g_setenv ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", TRUE);
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/aws/sign-in/pkce", test_pkce);
  g_test_add_func ("/aws/sign-in/base64url", test_base64url);
  g_test_add_func ("/aws/sign-in/dpop", test_dpop);
  g_test_add_func ("/aws/sign-in/dpop-bad-keys", test_dpop_bad_keys);
  g_test_add_func ("/aws/sign-in/codes", test_codes);
  g_test_add_func ("/aws/sign-in/addresses", test_addresses);
  test_add_fiber ("/aws/sign-in/login/fresh", test_fresh_session_asks_nobody);
  test_add_fiber ("/aws/sign-in/login/shared", test_refresh_is_shared_and_kept_first);
  test_add_fiber ("/aws/sign-in/login/outlives", test_refresh_outlives_its_request);
  test_add_fiber ("/aws/sign-in/login/keeps", test_failed_refresh_keeps_what_is_good);
  test_add_fiber ("/aws/sign-in/login/over", test_over_is_over);
  test_add_fiber ("/aws/sign-in/login/trouble", test_trouble_is_tried_again_with_another_proof);
  test_add_fiber ("/aws/sign-in/login/clock", test_wrong_clock_is_corrected_in_the_proof);
  test_add_fiber ("/aws/sign-in/login/faster", test_another_program_was_faster);
  test_add_fiber ("/aws/sign-in/login/rejected", test_rejected_credentials_are_renewed);
  test_add_fiber ("/aws/sign-in/sso/credentials", test_sso_credentials);
  test_add_fiber ("/aws/sign-in/sso/refreshed", test_sso_token_is_refreshed);
  test_add_fiber ("/aws/sign-in/sso/failures", test_sso_failures);
  test_add_fiber ("/aws/sign-in/sso/pages", test_sso_pages);
  test_add_fiber ("/aws/sign-in/sso/other-region", test_sso_other_region);
  test_add_fiber ("/aws/sign-in/vectors", test_vectors);

  return g_test_run ();
}
