/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "calls.h"

#include "aws-document.h"
#include "aws-pkce.h"
#include "aws-signin.h"
#include "aws-sso-oidc.h"
#include "aws-sso.h"

/* Debian's botocore has no model of signin: tests/aws/models has what AWS's reference says of it */

#define START_URL "https://example.awsapps.com/start"
#define REDIRECT  "http://127.0.0.1:4711/oauth/callback"

static AwsSsoRegistration *
new_registration (void)
{
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "clientId", "client");
  json_object_set_string_member (object, "clientSecret", "secret");

  return aws_document_new (object);
}

#define KEY          g_autoptr(AwsDpopKey) key = aws_dpop_key_new (); g_autofree char *verifier = aws_pkce_new_verifier ();
#define REGISTRATION g_autoptr(AwsSsoRegistration) registration = new_registration ();

CALL (redeem, KEY, aws_signin_redeem_code (client, key, AWS_SIGNIN_SAME_DEVICE, "code", verifier, REDIRECT))
CALL (refresh, KEY, aws_signin_refresh (client, key, AWS_SIGNIN_CROSS_DEVICE, verifier))

CALL (oidc_register, , aws_sso_oidc_register_client (client, "Porchlight", START_URL, "http://127.0.0.1/oauth/callback"))
CALL (oidc_device, REGISTRATION, aws_sso_oidc_start_device_authorization (client, registration, START_URL))
CALL (oidc_code, REGISTRATION, aws_sso_oidc_redeem_code (client, registration, "code", "verifier", REDIRECT))
CALL (oidc_device_code, REGISTRATION, aws_sso_oidc_redeem_device (client, registration, "device"))
CALL (oidc_refresh, , aws_sso_oidc_refresh (client, "client", "secret", "token"))

CALL (sso_accounts, , aws_sso_list_accounts (client, "token"))
CALL (sso_roles, , aws_sso_list_account_roles (client, "token", "123456789012"))
CALL (sso_credentials, , aws_sso_get_role_credentials (client, "token", "123456789012", "Role"))
CALL (sso_logout, , aws_sso_logout (client, "token"))

const AwsTestCall signin_calls[] = {
  { "aws_signin_redeem_code", "CreateOAuth2Token", call_redeem },
  { "aws_signin_refresh", "CreateOAuth2Token", call_refresh },
  { "aws_sso_oidc_register_client", "RegisterClient", call_oidc_register },
  { "aws_sso_oidc_start_device_authorization", "StartDeviceAuthorization", call_oidc_device },
  { "aws_sso_oidc_redeem_code", "CreateToken", call_oidc_code },
  { "aws_sso_oidc_redeem_device", "CreateToken", call_oidc_device_code },
  { "aws_sso_oidc_refresh", "CreateToken", call_oidc_refresh },
  { "aws_sso_list_accounts", "ListAccounts", call_sso_accounts },
  { "aws_sso_list_account_roles", "ListAccountRoles", call_sso_roles },
  { "aws_sso_get_role_credentials", "GetRoleCredentials", call_sso_credentials },
  { "aws_sso_logout", "Logout", call_sso_logout },
  { NULL }
};
