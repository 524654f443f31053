/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AwsError:
 * @AWS_ERROR_FAILED: anything that no caller decides by
 * @AWS_ERROR_ACCESS_DENIED: the credentials are good, but may not do this
 * @AWS_ERROR_EXPIRED: the credentials have expired; sign in again
 * @AWS_ERROR_SIGNATURE: the secret does not fit the access key id
 * @AWS_ERROR_UNKNOWN_KEY: there is no such access key id
 * @AWS_ERROR_CLOCK: the clock of this computer is off, and correcting for it did not help
 * @AWS_ERROR_CREDENTIALS: there are no credentials, or they can't be read
 * @AWS_ERROR_NOT_FOUND: the thing asked for does not exist
 * @AWS_ERROR_NO_SUCH_BUCKET: the bucket does not exist
 * @AWS_ERROR_WRONG_REGION: the thing lives in another region
 * @AWS_ERROR_CONFLICT: something else is being done to it; or a stale version
 * @AWS_ERROR_PRECONDITION_FAILED: If-Match or If-None-Match or a condition did not hold
 * @AWS_ERROR_NO_UPDATE: the stack is already as asked
 * @AWS_ERROR_ALREADY_EXISTS: the name is taken
 * @AWS_ERROR_NOT_EMPTY: it must be emptied before it can be deleted
 * @AWS_ERROR_THROTTLED: too many requests, even after retrying
 * @AWS_ERROR_LIMIT: a quota of the account is used up
 * @AWS_ERROR_INVALID: the service does not accept what it was sent
 * @AWS_ERROR_CHECKSUM: what arrived is not what was sent
 * @AWS_ERROR_SERVER: the service failed
 * @AWS_ERROR_UNREACHABLE: no connection, no name, no TLS
 * @AWS_ERROR_TIMED_OUT: no answer in time
 * @AWS_ERROR_BAD_ANSWER: an answer that is none of the service's
 * @AWS_ERROR_FILE: a local file can't be read or written, or changed while it was sent
 *
 * The code is what callers decide by; the message is the service's own sentence.
 */
typedef enum
{
  AWS_ERROR_FAILED,
  AWS_ERROR_ACCESS_DENIED,
  AWS_ERROR_EXPIRED,
  AWS_ERROR_SIGNATURE,
  AWS_ERROR_UNKNOWN_KEY,
  AWS_ERROR_CLOCK,
  AWS_ERROR_CREDENTIALS,
  AWS_ERROR_NOT_FOUND,
  AWS_ERROR_NO_SUCH_BUCKET,
  AWS_ERROR_WRONG_REGION,
  AWS_ERROR_CONFLICT,
  AWS_ERROR_PRECONDITION_FAILED,
  AWS_ERROR_NO_UPDATE,
  AWS_ERROR_ALREADY_EXISTS,
  AWS_ERROR_NOT_EMPTY,
  AWS_ERROR_THROTTLED,
  AWS_ERROR_LIMIT,
  AWS_ERROR_INVALID,
  AWS_ERROR_CHECKSUM,
  AWS_ERROR_SERVER,
  AWS_ERROR_UNREACHABLE,
  AWS_ERROR_TIMED_OUT,
  AWS_ERROR_BAD_ANSWER,
  AWS_ERROR_FILE,
} AwsError;

#define AWS_ERROR (aws_error_quark ())

GQuark      aws_error_quark           (void);

const char *aws_error_get_code_string (const GError *error);
const char *aws_error_get_request_id  (const GError *error);
const char *aws_error_get_region      (const GError *error);
guint       aws_error_get_status      (const GError *error);
gboolean    aws_error_is_retryable    (const GError *error);
gboolean    aws_error_is_cancelled    (const GError *error);

G_END_DECLS
