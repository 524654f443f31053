/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-sso-oidc.h"

#include "aws-document.h"
#include "aws-operation.h"
#include "aws-operations-private.h"
#include "aws-pkce.h"
#include "aws-uri.h"

/* Without a scope there is no refresh token */
#define SCOPE       "sso:account:access"
#define DEVICE_CODE "urn:ietf:params:oauth:grant-type:device_code"

static const AwsShape register_client_input[] = {
  { "clientName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "clientType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "scopes", AWS_LIST_OF ({ "member" }) },
  { "redirectUris", AWS_LIST_OF ({ "member" }) },
  { "grantTypes", AWS_LIST_OF ({ "member" }) },
  { "issuerUrl" },
  { NULL }
};

static const AwsShape register_client_output[] = {
  { "clientId" },
  { "clientSecret" },
  { "clientIdIssuedAt", AWS_SHAPE_INTEGER },
  { "clientSecretExpiresAt", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsOperation register_client = {
  "sso-oidc", "RegisterClient", "POST", "/client/register",
  .input = register_client_input, .output = register_client_output, .unsigned_request = TRUE,
};

static const AwsShape start_device_authorization_input[] = {
  { "clientId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "clientSecret", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "startUrl", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape start_device_authorization_output[] = {
  { "deviceCode" },
  { "userCode" },
  { "verificationUri" },
  { "verificationUriComplete" },
  { "expiresIn", AWS_SHAPE_INTEGER },
  { "interval", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsOperation start_device_authorization = {
  "sso-oidc", "StartDeviceAuthorization", "POST", "/device_authorization",
  .input = start_device_authorization_input, .output = start_device_authorization_output, .unsigned_request = TRUE,
};

static const AwsShape create_token_input[] = {
  { "clientId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "clientSecret", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "grantType", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "deviceCode" },
  { "code" },
  { "refreshToken" },
  { "redirectUri" },
  { "codeVerifier" },
  { NULL }
};

static const AwsShape create_token_output[] = {
  { "accessToken" },
  { "tokenType" },
  { "expiresIn", AWS_SHAPE_INTEGER },
  { "refreshToken" },
  { "idToken" },
  { NULL }
};

static const AwsOperation create_token = {
  "sso-oidc", "CreateToken", "POST", "/token",
  .input = create_token_input, .output = create_token_output, .unsigned_request = TRUE,
};

const AwsOperation * const aws_sso_oidc_operations[] = {
  &register_client,
  &start_device_authorization,
  &create_token,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsSsoRegistration, aws_sso_registration)

/**
 * aws_sso_registration_get_client_id:
 * @self: a registration
 *
 * Returns: (transfer none) (nullable): what the program is called there
 */
AWS_DOCUMENT_STRING (AwsSsoRegistration, aws_sso_registration, client_id, "clientId")

/**
 * aws_sso_registration_get_client_secret:
 * @self: a registration
 *
 * Returns: (transfer none) (nullable): its secret; never to be logged
 */
AWS_DOCUMENT_STRING (AwsSsoRegistration, aws_sso_registration, client_secret, "clientSecret")

/**
 * aws_sso_registration_dup_expires:
 * @self: a registration
 *
 * Returns: (transfer full) (nullable): when it ends
 */
AWS_DOCUMENT_TIME (AwsSsoRegistration, aws_sso_registration, expires, "clientSecretExpiresAt")

AWS_DEFINE_DOCUMENT (AwsSsoDevice, aws_sso_device)

/**
 * aws_sso_device_get_device_code:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): what to ask with whether it was let in; never to be logged
 */
AWS_DOCUMENT_STRING (AwsSsoDevice, aws_sso_device, device_code, "deviceCode")

/**
 * aws_sso_device_get_user_code:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): what the person compares or types in the browser
 */
AWS_DOCUMENT_STRING (AwsSsoDevice, aws_sso_device, user_code, "userCode")

/**
 * aws_sso_device_get_uri:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): the page that asks for the code
 */
AWS_DOCUMENT_STRING (AwsSsoDevice, aws_sso_device, uri, "verificationUri")

/**
 * aws_sso_device_get_complete_uri:
 * @self: a device
 *
 * Returns: (transfer none) (nullable): the page with the code filled in
 */
AWS_DOCUMENT_STRING (AwsSsoDevice, aws_sso_device, complete_uri, "verificationUriComplete")

/**
 * aws_sso_device_get_seconds:
 * @self: a device
 *
 * Returns: for how many seconds from the answer on it may be asked
 */
AWS_DOCUMENT_INT (AwsSsoDevice, aws_sso_device, seconds, "expiresIn")

/**
 * aws_sso_device_get_interval:
 * @self: a device
 *
 * Returns: how many seconds to wait between questions; 0 if the service leaves it open, which means 5
 */
AWS_DOCUMENT_INT (AwsSsoDevice, aws_sso_device, interval, "interval")

AWS_DEFINE_DOCUMENT (AwsSsoToken, aws_sso_token)

/**
 * aws_sso_token_get_access_token:
 * @self: a token
 *
 * Returns: (transfer none) (nullable): what the portal asks for; never to be logged
 */
AWS_DOCUMENT_STRING (AwsSsoToken, aws_sso_token, access_token, "accessToken")

/**
 * aws_sso_token_get_refresh_token:
 * @self: a token
 *
 * Returns: (transfer none) (nullable): what the next one is got with; never to be logged
 */
AWS_DOCUMENT_STRING (AwsSsoToken, aws_sso_token, refresh_token, "refreshToken")

/**
 * aws_sso_token_get_seconds:
 * @self: a token
 *
 * Returns: for how many seconds from the answer on it is good
 */
AWS_DOCUMENT_INT (AwsSsoToken, aws_sso_token, seconds, "expiresIn")

/**
 * aws_sso_oidc_register_client:
 * @client: a client for the region of the instance
 * @name: what to call the program
 * @start_url: (nullable): the person's sign-in page; needed for @redirect_uri
 * @redirect_uri: (nullable): where the browser comes back to, without a port; %NULL for device codes
 *
 * Makes the program known. That does not tell who the person is.
 *
 * Returns: (transfer full): resolves to an [struct@AwsSsoRegistration]
 */
DexFuture *
aws_sso_oidc_register_client (AwsClient  *client,
                              const char *name,
                              const char *start_url,
                              const char *redirect_uri)
{
  static const char * const scopes[] = { SCOPE, NULL };
  static const char * const code_grants[] = { "authorization_code", "refresh_token", NULL };
  const char *redirect_uris[] = { redirect_uri, NULL };
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL);
  dex_return_error_if_fail (redirect_uri == NULL || start_url != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "clientName", name);
  aws_input_set_string (input, "clientType", "public");
  aws_input_set_strings (input, "scopes", scopes);

  if (redirect_uri != NULL)
    {
      aws_input_set_strings (input, "redirectUris", redirect_uris);
      aws_input_set_strings (input, "grantTypes", code_grants);
      aws_input_set_string (input, "issuerUrl", start_url);
    }

  return aws_operation_call_document (&register_client, client, input, AWS_TYPE_SSO_REGISTRATION, NULL);
}

/**
 * aws_sso_oidc_start_device_authorization:
 * @client: a client for the region of the instance
 * @registration: the program
 * @start_url: the person's sign-in page
 *
 * Asks for a code that the person confirms on any device.
 *
 * Returns: (transfer full): resolves to an [struct@AwsSsoDevice]
 */
DexFuture *
aws_sso_oidc_start_device_authorization (AwsClient          *client,
                                         AwsSsoRegistration *registration,
                                         const char         *start_url)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (registration != NULL);
  dex_return_error_if_fail (start_url != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "clientId", aws_sso_registration_get_client_id (registration));
  aws_input_set_string (input, "clientSecret", aws_sso_registration_get_client_secret (registration));
  aws_input_set_string (input, "startUrl", start_url);

  return aws_operation_call_document (&start_device_authorization, client, input, AWS_TYPE_SSO_DEVICE, NULL);
}

static JsonObject *
new_token_input (const char *client_id,
                 const char *client_secret,
                 const char *grant_type)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "clientId", client_id);
  aws_input_set_string (input, "clientSecret", client_secret);
  aws_input_set_string (input, "grantType", grant_type);

  return input;
}

/**
 * aws_sso_oidc_redeem_code:
 * @client: a client for the region of the instance
 * @registration: the program
 * @code: what the browser came back with
 * @verifier: what the challenge in the address was made of
 * @redirect_uri: where the browser came back to, with the port
 *
 * Returns: (transfer full): resolves to an [struct@AwsSsoToken]
 */
DexFuture *
aws_sso_oidc_redeem_code (AwsClient          *client,
                          AwsSsoRegistration *registration,
                          const char         *code,
                          const char         *verifier,
                          const char         *redirect_uri)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (registration != NULL);
  dex_return_error_if_fail (code != NULL && verifier != NULL && redirect_uri != NULL);

  input = new_token_input (aws_sso_registration_get_client_id (registration),
                           aws_sso_registration_get_client_secret (registration), "authorization_code");
  aws_input_set_string (input, "redirectUri", redirect_uri);
  aws_input_set_string (input, "codeVerifier", verifier);
  aws_input_set_string (input, "code", code);

  return aws_operation_call_document (&create_token, client, input, AWS_TYPE_SSO_TOKEN, NULL);
}

/**
 * aws_sso_oidc_redeem_device:
 * @client: a client for the region of the instance
 * @registration: the program
 * @device_code: of the device
 *
 * Asks whether the person has confirmed the code. `AuthorizationPendingException` means not yet, `SlowDownException`
 * to wait five seconds longer from now on, `ExpiredTokenException` that it is too late, `AccessDeniedException` no.
 *
 * Returns: (transfer full): resolves to an [struct@AwsSsoToken]
 */
DexFuture *
aws_sso_oidc_redeem_device (AwsClient          *client,
                            AwsSsoRegistration *registration,
                            const char         *device_code)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (registration != NULL);
  dex_return_error_if_fail (device_code != NULL);

  input = new_token_input (aws_sso_registration_get_client_id (registration),
                           aws_sso_registration_get_client_secret (registration), DEVICE_CODE);
  aws_input_set_string (input, "deviceCode", device_code);

  return aws_operation_call_document (&create_token, client, input, AWS_TYPE_SSO_TOKEN, NULL);
}

/**
 * aws_sso_oidc_refresh:
 * @client: a client for the region of the instance
 * @client_id: of the registration with which the session began
 * @client_secret: its secret
 * @refresh_token: of the last token
 *
 * Returns: (transfer full): resolves to an [struct@AwsSsoToken], the refresh token of which, if it has one, replaces the old
 */
DexFuture *
aws_sso_oidc_refresh (AwsClient  *client,
                      const char *client_id,
                      const char *client_secret,
                      const char *refresh_token)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (client_id != NULL && client_secret != NULL && refresh_token != NULL);

  input = new_token_input (client_id, client_secret, "refresh_token");
  aws_input_set_string (input, "refreshToken", refresh_token);

  return aws_operation_call_document (&create_token, client, input, AWS_TYPE_SSO_TOKEN, NULL);
}

/**
 * aws_sso_oidc_dup_authorize_uri:
 * @client: a client for the region of the instance
 * @registration: the program
 * @redirect_uri: where the browser comes back to, with the port
 * @state: a random text that it brings along
 * @verifier: the secret of this attempt
 *
 * Returns: (transfer full): what to open in the browser
 */
char *
aws_sso_oidc_dup_authorize_uri (AwsClient          *client,
                                AwsSsoRegistration *registration,
                                const char         *redirect_uri,
                                const char         *state,
                                const char         *verifier)
{
  g_autofree char *base = NULL;
  g_autofree char *challenge = NULL;
  g_autoptr(GString) uri = NULL;

  g_return_val_if_fail (AWS_IS_CLIENT (client), NULL);
  g_return_val_if_fail (registration != NULL, NULL);
  g_return_val_if_fail (redirect_uri != NULL && state != NULL && verifier != NULL, NULL);

  base = aws_client_dup_address (client, "sso-oidc", "/authorize");
  challenge = aws_pkce_dup_challenge (verifier);
  uri = g_string_new (base);
  g_string_append (uri, "?response_type=code");
  aws_uri_append_parameter (uri, "client_id", aws_sso_registration_get_client_id (registration));
  aws_uri_append_parameter (uri, "redirect_uri", redirect_uri);
  aws_uri_append_parameter (uri, "state", state);
  aws_uri_append_parameter (uri, "code_challenge_method", "S256");
  aws_uri_append_parameter (uri, "scopes", SCOPE);
  aws_uri_append_parameter (uri, "code_challenge", challenge);

  return g_string_free (g_steal_pointer (&uri), FALSE);
}
