/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-oauth.h"

#include "aws-json.h"
#include "porch-practice-sts.h"

/* IAM Identity Center: programs that register, people who press Allow, and a portal with the one account that is here */

#define SCOPE        "sso:account:access"
#define DEVICE_GRANT "urn:ietf:params:oauth:grant-type:device_code"

#define REGISTRATION_SECONDS (90 * 86400)
#define CODE_SECONDS         600
#define DEVICE_SECONDS       600
#define INTERVAL_SECONDS     1
#define TOKEN_SECONDS        3600
#define REFRESH_SECONDS      (8 * 3600)
#define KEY_SECONDS          3600

/* Letters and digits that nobody takes for others */
#define CODE_ALPHABET "BCDFGHJKLMNPQRSTVWXZ"

#define VIEWER "AWSReservedSSO_ViewOnlyAccess_5ca1ab1e0ff1ce00"
#define ADMIN  "AWSReservedSSO_AdministratorAccess_5ca1ab1e0ff1ce00"

static const char * const roles[] = { "AdministratorAccess", "ViewOnlyAccess" };

/* The person's choice of what a role may do that looks but does not touch */
static const char viewer_policy[] =
  "[{\"PolicyName\":\"view\",\"PolicyDocument\":{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\","
  "\"Action\":[\"cloudformation:Describe*\",\"cloudformation:Get*\",\"cloudformation:List*\",\"cloudfront:Get*\","
  "\"cloudfront:List*\",\"dynamodb:Describe*\",\"dynamodb:List*\",\"s3:GetBucketLocation\",\"s3:ListAllMyBuckets\"]}]}}]";

static void
refuse (PracticeCall *call,
        guint         status,
        const char   *exception,
        const char   *code,
        const char   *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "error", code);
  json_object_set_string_member (object, "error_description", message);
  practice_call_set_header (call, "x-amzn-ErrorType", exception);
  practice_call_answer_json (call, status, object);
}

static void
refuse_request (PracticeCall *call,
                const char   *message)
{
  refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidRequestException", "invalid_request", message);
}

static void
refuse_grant (PracticeCall *call,
              const char   *message)
{
  refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidGrantException", "invalid_grant", message);
}

static gint64
ends_after (PracticeCall *call,
            gint64        seconds)
{
  return practice_call_now (call) + seconds * G_USEC_PER_SEC;
}

static gboolean
has_string (JsonArray  *array,
            const char *text)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_strcmp0 (aws_json_array_get_string (array, i), text) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
is_start_url (const char *url)
{
  return url != NULL && g_regex_match_simple ("^https?://[^/]+/start$", url, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/* Programs */

static void
register_client (PracticeCall *call)
{
  JsonArray *uris = aws_json_get_array (call->json, "redirectUris");
  JsonArray *scopes = aws_json_get_array (call->json, "scopes");
  g_autofree char *id = practice_random_id (22, NULL);
  g_autofree char *secret = practice_random_id (64, NULL);
  gint64 ends = ends_after (call, REGISTRATION_SECONDS);
  JsonObject *record, *answer;

  if (aws_json_get_string (call->json, "clientName") == NULL ||
      g_strcmp0 (aws_json_get_string (call->json, "clientType"), "public") != 0)
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidClientMetadataException", "invalid_client_metadata",
              "clientName is missing, or clientType is not public");
      return;
    }

  if (scopes != NULL && !has_string (scopes, SCOPE))
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidScopeException", "invalid_scope", "The scope is not known");
      return;
    }

  if (uris != NULL && (json_array_get_length (uris) != 1 || !has_string (uris, "http://127.0.0.1/oauth/callback")))
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidRedirectUriException", "invalid_redirect_uri",
              "A program on a computer is called back at http://127.0.0.1/oauth/callback");
      return;
    }

  if (uris != NULL && (!is_start_url (aws_json_get_string (call->json, "issuerUrl")) ||
                       !has_string (aws_json_get_array (call->json, "grantTypes"), "authorization_code")))
    {
      refuse_request (call, "issuerUrl or grantTypes do not fit the redirect URI");
      return;
    }

  record = json_object_new ();
  json_object_set_string_member (record, "secret", secret);
  json_object_set_boolean_member (record, "calledBack", uris != NULL);
  json_object_set_boolean_member (record, "refreshes", scopes != NULL);

  if (!practice_oauth_put (call, "sso-client", id, record, ends))
    return;

  answer = json_object_new ();
  json_object_set_string_member (answer, "clientId", id);
  json_object_set_string_member (answer, "clientSecret", secret);
  json_object_set_int_member (answer, "clientIdIssuedAt", practice_call_now (call) / G_USEC_PER_SEC);
  json_object_set_int_member (answer, "clientSecretExpiresAt", ends / G_USEC_PER_SEC);
  practice_call_answer_json (call, SOUP_STATUS_OK, answer);
}

/* Who asks; NULL after a refusal was answered */
static JsonObject *
check_client (PracticeCall *call)
{
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) client = practice_oauth_dup (call, "sso-client", aws_json_get_string (call->json, "clientId"), &has_ended);

  if (client != NULL && !has_ended &&
      g_strcmp0 (aws_json_get_string (client, "secret"), aws_json_get_string (call->json, "clientSecret")) == 0)
    return g_steal_pointer (&client);

  refuse (call, SOUP_STATUS_UNAUTHORIZED, "InvalidClientException", "invalid_client",
          "The client is not known, its secret is wrong, or it has expired");

  return NULL;
}

/* In the browser */

static const char *
check_authorize (PracticeCall *call,
                 GHashTable   *parameters)
{
  g_autoptr(JsonObject) client = practice_oauth_dup (call, "sso-client", g_hash_table_lookup (parameters, "client_id"), NULL);
  const char *state = g_hash_table_lookup (parameters, "state");

  if (client == NULL || !aws_json_get_bool (client, "calledBack"))
    return "client_id is not known, or was registered without a redirect URI";
  if (g_strcmp0 (g_hash_table_lookup (parameters, "response_type"), "code") != 0)
    return "response_type is not code";
  if (g_strcmp0 (g_hash_table_lookup (parameters, "scopes"), SCOPE) != 0)
    return "scopes is not " SCOPE;
  if (g_strcmp0 (g_hash_table_lookup (parameters, "code_challenge_method"), "S256") != 0)
    return "code_challenge_method is not S256";
  if (!practice_oauth_is_challenge (g_hash_table_lookup (parameters, "code_challenge")))
    return "code_challenge is not the hash of anything";
  if (state == NULL || *state == '\0')
    return "state is missing";

  return practice_oauth_is_loopback (g_hash_table_lookup (parameters, "redirect_uri")) ? NULL : "redirect_uri was not registered";
}

static void
show_authorize (PracticeCall *call)
{
  practice_oauth_show (call, check_authorize (call, call->query), "A program on this computer asks for your accounts.");
}

static void
decide_authorize (PracticeCall *call)
{
  g_autoptr(GHashTable) form = practice_oauth_dup_form (call);
  const char *wrong = form != NULL ? check_authorize (call, form) : "no form was sent";

  practice_oauth_decide (call, form, wrong, "sso-code", CODE_SECONDS, NULL);
}

/* Devices: the record is under the user's code, and under the device's the user's code */

static void
start_device_authorization (PracticeCall *call)
{
  g_autoptr(JsonObject) client = check_client (call);
  g_autofree char *device_code = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *user_code = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *complete_uri = NULL;
  JsonObject *record, *answer;

  if (client == NULL)
    return;

  if (!is_start_url (aws_json_get_string (call->json, "startUrl")))
    {
      refuse_request (call, "startUrl is not that of an instance");
      return;
    }

  device_code = practice_random_id (86, NULL);
  first = practice_random_id (4, CODE_ALPHABET);
  second = practice_random_id (4, CODE_ALPHABET);
  user_code = g_strconcat (first, "-", second, NULL);
  record = json_object_new ();
  json_object_set_string_member (record, "clientId", aws_json_get_string (call->json, "clientId"));
  json_object_set_string_member (record, "deviceCode", device_code);
  json_object_set_string_member (record, "decision", "pending");

  if (!practice_oauth_put (call, "sso-device", user_code, record, ends_after (call, DEVICE_SECONDS)))
    return;

  record = json_object_new ();
  json_object_set_string_member (record, "userCode", user_code);
  json_object_set_int_member (record, "asked", 0);

  if (!practice_oauth_put (call, "sso-device-code", device_code, record, ends_after (call, DEVICE_SECONDS)))
    return;

  uri = g_strconcat ("http://", call->authority, "/device", NULL);
  complete_uri = g_strconcat (uri, "?user_code=", user_code, NULL);
  answer = json_object_new ();
  json_object_set_string_member (answer, "deviceCode", device_code);
  json_object_set_string_member (answer, "userCode", user_code);
  json_object_set_string_member (answer, "verificationUri", uri);
  json_object_set_string_member (answer, "verificationUriComplete", complete_uri);
  json_object_set_int_member (answer, "expiresIn", DEVICE_SECONDS);
  json_object_set_int_member (answer, "interval", INTERVAL_SECONDS);
  practice_call_answer_json (call, SOUP_STATUS_OK, answer);
}

static void
show_device (PracticeCall *call)
{
  practice_oauth_answer_form (call, "Is this the code that the program shows?", "user_code", call->query);
}

static void
decide_device (PracticeCall *call)
{
  g_autoptr(GHashTable) form = practice_oauth_dup_form (call);
  const char *user_code = form != NULL ? g_hash_table_lookup (form, "user_code") : NULL;
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "sso-device", user_code, &has_ended);
  gboolean allows = form != NULL && g_strcmp0 (g_hash_table_lookup (form, "decision"), "allow") == 0;

  if (record == NULL || has_ended || g_strcmp0 (aws_json_get_string (record, "decision"), "pending") != 0)
    {
      practice_oauth_answer_page (call, SOUP_STATUS_BAD_REQUEST, "Unknown Code", "<p>The code is not known, or too old.</p>");
      return;
    }

  json_object_set_string_member (record, "decision", allows ? "allowed" : "denied");

  if (practice_oauth_put (call, "sso-device", user_code, json_object_ref (record), ends_after (call, DEVICE_SECONDS)))
    practice_oauth_answer_page (call, SOUP_STATUS_OK, allows ? "Allowed" : "Denied", "<p>You can close this page.</p>");
}

/* Tokens */

static void
answer_token (PracticeCall *call,
              gboolean      refreshes)
{
  const char *client_id = aws_json_get_string (call->json, "clientId");
  g_autofree char *token = practice_random_id (120, NULL);
  g_autofree char *refresh_token = practice_random_id (120, NULL);
  JsonObject *record = json_object_new ();
  JsonObject *answer;

  json_object_set_string_member (record, "clientId", client_id);
  json_object_ref (record);

  if (!practice_oauth_put (call, "sso-token", token, record, ends_after (call, TOKEN_SECONDS)) ||
      !practice_oauth_put (call, "sso-refresh", refresh_token, record, ends_after (call, REFRESH_SECONDS)))
    return;

  answer = json_object_new ();
  json_object_set_string_member (answer, "accessToken", token);
  json_object_set_string_member (answer, "tokenType", "Bearer");
  json_object_set_int_member (answer, "expiresIn", TOKEN_SECONDS);
  if (refreshes)
    json_object_set_string_member (answer, "refreshToken", refresh_token);
  practice_call_answer_json (call, SOUP_STATUS_OK, answer);
}

static void
redeem_code (PracticeCall *call,
             JsonObject   *client)
{
  const char *code = aws_json_get_string (call->json, "code");
  const char *verifier = aws_json_get_string (call->json, "codeVerifier");
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "sso-code", code, &has_ended);
  g_autofree char *challenge = verifier != NULL ? practice_oauth_hash (verifier) : NULL;

  if (record != NULL)
    practice_oauth_remove (call, "sso-code", code);

  if (record == NULL || has_ended)
    refuse_grant (call, "The code is not known, was used, or has expired");
  else if (g_strcmp0 (aws_json_get_string (record, "clientId"), aws_json_get_string (call->json, "clientId")) != 0 ||
           g_strcmp0 (aws_json_get_string (record, "redirectUri"), aws_json_get_string (call->json, "redirectUri")) != 0 ||
           verifier == NULL || strlen (verifier) < 43 || strlen (verifier) > 128 ||
           g_strcmp0 (challenge, aws_json_get_string (record, "challenge")) != 0)
    refuse_grant (call, "The client, the redirect URI or the verifier is not that of the code");
  else
    answer_token (call, aws_json_get_bool (client, "refreshes"));
}

static void
redeem_device (PracticeCall *call,
               JsonObject   *client)
{
  const char *code = aws_json_get_string (call->json, "deviceCode");
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) device = practice_oauth_dup (call, "sso-device-code", code, &has_ended);
  const char *user_code = aws_json_get_string (device, "userCode");
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "sso-device", user_code, NULL);
  gint64 asked = aws_json_get_int (device, "asked", 0);
  const char *decision = aws_json_get_string (record, "decision");

  if (record == NULL || g_strcmp0 (aws_json_get_string (record, "clientId"), aws_json_get_string (call->json, "clientId")) != 0)
    {
      refuse_grant (call, "The device code is not known");
      return;
    }

  if (has_ended)
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "ExpiredTokenException", "expired_token", "The device code has expired");
      return;
    }

  json_object_set_int_member (device, "asked", practice_call_now (call));
  if (!practice_oauth_put (call, "sso-device-code", code, json_object_ref (device), ends_after (call, DEVICE_SECONDS)))
    return;

  if (g_strcmp0 (decision, "denied") == 0)
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "AccessDeniedException", "access_denied", "The request was denied");
    }
  else if (g_strcmp0 (decision, "allowed") == 0)
    {
      practice_oauth_remove (call, "sso-device", user_code);
      practice_oauth_remove (call, "sso-device-code", code);
      answer_token (call, aws_json_get_bool (client, "refreshes"));
    }
  else if (practice_call_now (call) - asked < INTERVAL_SECONDS * G_USEC_PER_SEC * 9 / 10)
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "SlowDownException", "slow_down", "The interval was not kept");
    }
  else
    {
      refuse (call, SOUP_STATUS_BAD_REQUEST, "AuthorizationPendingException", "authorization_pending", "Nobody has decided yet");
    }
}

static void
refresh (PracticeCall *call)
{
  const char *token = aws_json_get_string (call->json, "refreshToken");
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "sso-refresh", token, &has_ended);

  if (record == NULL || has_ended ||
      g_strcmp0 (aws_json_get_string (record, "clientId"), aws_json_get_string (call->json, "clientId")) != 0)
    {
      refuse_grant (call, "The refresh token is not known, was used, or has expired");
      return;
    }

  practice_oauth_remove (call, "sso-refresh", token);
  answer_token (call, TRUE);
}

static void
create_token (PracticeCall *call)
{
  const char *grant = aws_json_get_string (call->json, "grantType");
  g_autoptr(JsonObject) client = check_client (call);

  if (client == NULL)
    return;

  if (g_strcmp0 (grant, "authorization_code") == 0)
    redeem_code (call, client);
  else if (g_strcmp0 (grant, DEVICE_GRANT) == 0)
    redeem_device (call, client);
  else if (g_strcmp0 (grant, "refresh_token") == 0)
    refresh (call);
  else
    refuse (call, SOUP_STATUS_BAD_REQUEST, "UnsupportedGrantTypeException", "unsupported_grant_type", "The grant is not known");
}

/* The portal */

static gboolean
check_token (PracticeCall *call)
{
  gboolean has_ended = FALSE;
  g_autoptr(JsonObject) record = practice_oauth_dup (call, "sso-token", practice_call_get_header (call, "x-amz-sso_bearer_token"),
                                                     &has_ended);

  if (record != NULL && !has_ended)
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_UNAUTHORIZED, "UnauthorizedException", "Session token not found or invalid");

  return FALSE;
}

/* Which of @n_items to give, by max_result and next_token; FALSE after a refusal was answered */
static gboolean
get_page (PracticeCall *call,
          guint         n_items,
          guint        *first,
          guint        *end)
{
  const char *most = practice_call_get_query (call, "max_result");
  const char *token = practice_call_get_query (call, "next_token");
  guint64 length = 20;
  guint64 begin = 0;

  if ((most != NULL && *most != '\0' && !g_ascii_string_to_unsigned (most, 10, 1, 100, &length, NULL)) ||
      (token != NULL && *token != '\0' && !g_ascii_string_to_unsigned (token, 10, 0, n_items, &begin, NULL)))
    {
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidRequestException", "max_result or next_token is not valid");
      return FALSE;
    }

  *first = begin;
  *end = MIN (begin + length, n_items);

  return TRUE;
}

static void
answer_page (PracticeCall *call,
             const char   *member,
             JsonArray    *items,
             guint         end,
             guint         n_items)
{
  JsonObject *answer = json_object_new ();
  g_autofree char *next = end < n_items ? g_strdup_printf ("%u", end) : NULL;

  json_object_set_array_member (answer, member, items);
  if (next != NULL)
    json_object_set_string_member (answer, "nextToken", next);
  practice_call_answer_json (call, SOUP_STATUS_OK, answer);
}

static void
list_accounts (PracticeCall *call)
{
  JsonArray *items;
  JsonObject *item;
  guint first, end;

  if (!check_token (call) || !get_page (call, 1, &first, &end))
    return;

  items = json_array_new ();
  if (first < end)
    {
      item = json_object_new ();
      json_object_set_string_member (item, "accountId", call->practice->account);
      json_object_set_string_member (item, "accountName", "Practice");
      json_object_set_string_member (item, "emailAddress", "practice@example.org");
      json_array_add_object_element (items, item);
    }

  answer_page (call, "accountList", items, end, 1);
}

static gboolean
check_account (PracticeCall *call)
{
  if (g_strcmp0 (practice_call_get_query (call, "account_id"), call->practice->account) == 0)
    return TRUE;

  practice_call_answer_error (call, SOUP_STATUS_FORBIDDEN, "ForbiddenException", "No access");

  return FALSE;
}

static void
list_account_roles (PracticeCall *call)
{
  JsonArray *items;
  guint first, end;

  if (!check_token (call) || !check_account (call) || !get_page (call, G_N_ELEMENTS (roles), &first, &end))
    return;

  items = json_array_new ();
  for (guint i = first; i < end; i++)
    {
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "roleName", roles[i]);
      json_object_set_string_member (item, "accountId", call->practice->account);
      json_array_add_object_element (items, item);
    }

  answer_page (call, "roleList", items, end, G_N_ELEMENTS (roles));
}

static PracticeSession *
new_role_session (PracticeCall  *call,
                  const char    *role,
                  GError       **error)
{
  Practice *practice = call->practice;
  gboolean is_admin = g_str_equal (role, roles[0]);
  const char *name = is_admin ? ADMIN : VIEWER;
  g_autofree char *arn = g_strdup_printf ("arn:aws:sts::%s:assumed-role/%s/practice", practice->account, name);
  g_autofree char *role_arn = NULL;
  g_autofree char *role_id = NULL;
  g_autofree char *user_id = NULL;
  g_autoptr(JsonNode) trust = json_from_string ("{\"Version\":\"2012-10-17\",\"Statement\":[]}", NULL);
  g_autoptr(JsonNode) policies = json_from_string (viewer_policy, NULL);
  g_autoptr(JsonNode) managed = json_from_string ("[\"arn:aws:iam::aws:policy/AdministratorAccess\"]", NULL);

  if (!practice_role_put (practice, name, trust, is_admin ? NULL : json_node_get_array (policies),
                          is_admin ? json_node_get_array (managed) : NULL, KEY_SECONDS, &role_arn, &role_id, error))
    return NULL;

  user_id = g_strconcat (role_id, ":practice", NULL);

  return practice_session_new (practice, practice_call_now (call), KEY_SECONDS, arn, user_id, role_arn, error);
}

static void
get_role_credentials (PracticeCall *call)
{
  const char *role = practice_call_get_query (call, "role_name");
  g_autoptr(PracticeSession) session = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *answer, *credentials;

  if (!check_token (call) || !check_account (call))
    return;

  if (role == NULL || (!g_str_equal (role, roles[0]) && !g_str_equal (role, roles[1])))
    {
      practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "ResourceNotFoundException", "The role is not there");
      return;
    }

  session = new_role_session (call, role, &error);
  if (session != NULL)
    practice_call_age_session (call, session);
  if (session == NULL ||
      !practice_db_run (call->practice->db, &error, "INSERT INTO sign_ins (kind, id, record, expires) VALUES ('key', ?, '{}', ?)",
                        "si", session->access_key_id, session->expires))
    {
      practice_call_answer_internal (call, error);
      return;
    }

  answer = json_object_new ();
  credentials = json_object_new ();
  json_object_set_string_member (credentials, "accessKeyId", session->access_key_id);
  json_object_set_string_member (credentials, "secretAccessKey", session->secret);
  json_object_set_string_member (credentials, "sessionToken", session->token);
  json_object_set_int_member (credentials, "expiration", session->expires / 1000);
  json_object_set_object_member (answer, "roleCredentials", credentials);
  practice_call_answer_json (call, SOUP_STATUS_OK, answer);
}

static void
log_out (PracticeCall *call)
{
  if (!check_token (call))
    return;

  practice_oauth_remove (call, "sso-token", practice_call_get_header (call, "x-amz-sso_bearer_token"));
  practice_call_answer_empty (call, SOUP_STATUS_OK);
}

static const PracticeService oidc_service = {
  .name = "sso-oauth",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = practice_call_answer_unknown_operation,
};

static const PracticeRoute oidc_routes[] = {
  { "POST", "/client/register", "RegisterClient", register_client },
  { "GET", "/authorize", NULL, show_authorize },
  { "POST", "/authorize", NULL, decide_authorize },
  { "POST", "/device_authorization", "StartDeviceAuthorization", start_device_authorization },
  { "GET", "/device", NULL, show_device },
  { "POST", "/device", NULL, decide_device },
  { "POST", "/token", "CreateToken", create_token },
  { NULL }
};

static const PracticeService portal_service = {
  .name = "awsssoportal",
  .protocol = PRACTICE_PROTOCOL_REST_JSON,
  .handle = practice_call_answer_unknown_operation,
};

static const PracticeRoute portal_routes[] = {
  { "GET", "/assignment/accounts", "ListAccounts", list_accounts },
  { "GET", "/assignment/roles", "ListAccountRoles", list_account_roles },
  { "GET", "/federation/credentials", "GetRoleCredentials", get_role_credentials },
  { "POST", "/logout", "Logout", log_out },
  { NULL }
};

gboolean
practice_sso_init (Practice  *practice,
                   GError   **error)
{
  practice_register_routes (practice, &oidc_service, oidc_routes);
  practice_register_routes (practice, &portal_service, portal_routes);

  return TRUE;
}
