/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-credentials.h"
#include "aws-headers.h"

G_BEGIN_DECLS

#define AWS_PAYLOAD_EMPTY    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define AWS_PAYLOAD_UNSIGNED "UNSIGNED-PAYLOAD"

/**
 * AwsSignatureVersion:
 * @AWS_SIGNATURE_V4: HMAC, for one region
 * @AWS_SIGNATURE_V4A: ECDSA, for a set of regions
 */
typedef enum
{
  AWS_SIGNATURE_V4,
  AWS_SIGNATURE_V4A,
} AwsSignatureVersion;

/**
 * AwsSigningRequest:
 * @version: which algorithm
 * @method: the method in upper case
 * @path: the path as it goes on the wire, percent-encoded
 * @query: (nullable): the query as it goes on the wire, without the question mark
 * @headers: the headers that are signed (or, when verifying, were received)
 * @payload_hash: (nullable): hex SHA-256 of the body, or one of the literals of S3; %NULL for the empty body
 * @region: the region, or the region set of SigV4A
 * @service: the signing name
 * @time: when it is signed, UTC
 * @normalize_path: remove dot segments and double slashes first (not for S3)
 * @double_encode: encode the wire path once more (not for S3)
 * @omit_session_token: add the session token after signing
 * @expires: seconds a signed query is valid
 *
 * What is signed. Pure data: whoever fills it owns the strings.
 */
typedef struct
{
  AwsSignatureVersion  version;
  const char          *method;
  const char          *path;
  const char          *query;
  AwsHeaders          *headers;
  const char          *payload_hash;
  const char          *region;
  const char          *service;
  GDateTime           *time;
  gboolean             normalize_path;
  gboolean             double_encode;
  gboolean             omit_session_token;
  guint                expires;
} AwsSigningRequest;

void      aws_signing_request_init   (AwsSigningRequest       *request,
                                      AwsSignatureVersion      version,
                                      const char              *service);

char     *aws_sign_canonical_request (const AwsSigningRequest *request,
                                      const char              *signed_headers);
char     *aws_sign_string_to_sign    (const AwsSigningRequest *request,
                                      const char              *canonical_request);
char     *aws_sign_signature         (const AwsSigningRequest *request,
                                      AwsCredentials          *credentials,
                                      const char              *string_to_sign);
char     *aws_sign_signed_headers    (const AwsSigningRequest *request);
void      aws_sign_prepare_headers   (const AwsSigningRequest *request,
                                      AwsCredentials          *credentials);
char     *aws_sign_prepare_query     (const AwsSigningRequest *request,
                                      AwsCredentials          *credentials);
void      aws_sign_headers           (const AwsSigningRequest *request,
                                      AwsCredentials          *credentials);
char     *aws_sign_query             (const AwsSigningRequest *request,
                                      AwsCredentials          *credentials) G_GNUC_WARN_UNUSED_RESULT;

/* What a received request says about its signature. */

#define AWS_TYPE_AUTHORIZATION (aws_authorization_get_type ())

AWS_DECLARE_BOXED (AwsAuthorization, aws_authorization)

AwsAuthorization    *aws_authorization_new_for_header     (const char        *authorization,
                                                           GError           **error);
AwsAuthorization    *aws_authorization_new_for_query      (const char        *query,
                                                           GError           **error);
gboolean             aws_authorization_is_query           (AwsAuthorization  *self);
AwsSignatureVersion  aws_authorization_get_version        (AwsAuthorization  *self);
const char          *aws_authorization_get_access_key_id  (AwsAuthorization  *self);
const char          *aws_authorization_get_date           (AwsAuthorization  *self);
const char          *aws_authorization_get_region         (AwsAuthorization  *self);
const char          *aws_authorization_get_service        (AwsAuthorization  *self);
const char          *aws_authorization_get_signed_headers (AwsAuthorization  *self);
const char          *aws_authorization_get_signature      (AwsAuthorization  *self);
const char          *aws_authorization_get_session_token  (AwsAuthorization  *self);
GDateTime           *aws_authorization_get_time           (AwsAuthorization  *self);
guint                aws_authorization_get_expires        (AwsAuthorization  *self);

gboolean aws_verify_signature (const AwsSigningRequest  *request,
                               const char               *access_key_id,
                               const char               *secret_access_key,
                               const char               *string_to_sign,
                               const char               *signature);
gboolean aws_verify_request   (const AwsSigningRequest  *request,
                               AwsAuthorization         *authorization,
                               const char               *secret_access_key,
                               char                    **canonical_request,
                               char                    **string_to_sign);

/* SigV4A with a bare key; what the published vectors give. */
gboolean aws_verify_ecdsa     (const char               *public_x,
                               const char               *public_y,
                               const char               *string_to_sign,
                               const char               *signature);
gboolean aws_derive_ecdsa     (const char               *access_key_id,
                               const char               *secret_access_key,
                               char                    **private_key,
                               char                    **public_x,
                               char                    **public_y);

GBytes  *aws_signing_key      (const char               *secret_access_key,
                               const char               *date,
                               const char               *region,
                               const char               *service);

GDateTime *aws_signing_time_parse  (const char *text);
char      *aws_signing_time_format (GDateTime  *time);

G_END_DECLS
