/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-retry.h"

#define CAPACITY        500
#define TRANSIENT_COST  14
#define THROTTLING_COST 5
#define LONGEST         (20 * G_USEC_PER_SEC)
#define THROTTLING_BASE G_USEC_PER_SEC

static const char * const throttling_codes[] = {
  "BandwidthLimitExceeded", "EC2ThrottledException", "LimitExceededException", "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException",
  "SlowDown", "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
  "TransactionInProgressException", NULL,
};

static const char * const transient_codes[] = {
  "ConditionalRequestConflict", "IDPCommunicationError", "InternalError", "InternalFailure", "InternalServerError",
  "InternalServerException", "OperationAborted", "RequestTimeout", "RequestTimeoutException", "ServiceUnavailable",
  "ServiceUnavailableException", NULL,
};

/* Whether trying again makes sense, by the code of the error first and by the status then. */
AwsRetryKind
aws_retry_classify (const char *code_string,
                    guint       status)
{
  if (code_string != NULL && g_strv_contains (throttling_codes, code_string))
    return AWS_RETRY_THROTTLING;
  if (code_string != NULL && g_strv_contains (transient_codes, code_string))
    return AWS_RETRY_TRANSIENT;
  if (status == 429)
    return AWS_RETRY_THROTTLING;
  if (status == 500 || status == 502 || status == 503 || status == 504)
    return AWS_RETRY_TRANSIENT;

  return AWS_RETRY_NONE;
}

/* How long to wait in microseconds before retry number @retry (0 is the first). @base is for transient errors;
 * @retry_after is what the service asks for, in milliseconds. */
gint64
aws_retry_delay (AwsRetryKind  kind,
                 guint         retry,
                 gint64        base,
                 const char   *retry_after)
{
  gint64 longest = kind == AWS_RETRY_THROTTLING ? THROTTLING_BASE : base;
  guint64 asked;
  gint64 computed;

  for (guint i = 0; i < retry && longest < LONGEST; i++)
    longest *= 2;

  computed = g_random_double () * MIN (longest, LONGEST);
  if (retry_after != NULL && g_ascii_string_to_unsigned (retry_after, 10, 0, G_MAXUINT32, &asked, NULL))
    return CLAMP ((gint64) asked * 1000, computed, computed + 5 * G_USEC_PER_SEC);

  return computed;
}

/* A full bucket. */
AwsRetryBucket *
aws_retry_bucket_new (void)
{
  AwsRetryBucket *self = g_new0 (AwsRetryBucket, 1);

  self->tokens = CAPACITY;

  return self;
}

/* What the retry cost, or 0 if it can't be afforded. */
int
aws_retry_bucket_take (AwsRetryBucket *self,
                       AwsRetryKind    kind)
{
  int cost = kind == AWS_RETRY_THROTTLING ? THROTTLING_COST : TRANSIENT_COST;

  if (self->tokens < cost)
    return 0;

  self->tokens -= cost;

  return cost;
}

/* A success gives back what its last retry cost, or one if there was none. */
void
aws_retry_bucket_give (AwsRetryBucket *self,
                       int             taken)
{
  self->tokens = MIN (self->tokens + MAX (taken, 1), CAPACITY);
}
