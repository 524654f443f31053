/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  AWS_RETRY_NONE,
  AWS_RETRY_TRANSIENT,
  AWS_RETRY_THROTTLING,
} AwsRetryKind;

AwsRetryKind aws_retry_classify (const char   *code_string,
                                 guint         status);
gint64       aws_retry_delay    (AwsRetryKind  kind,
                                 guint         retry,
                                 gint64        base,
                                 const char   *retry_after);

/* What retries may cost in all, so that a service in trouble is not asked ever more often. */
typedef struct
{
  int tokens;
} AwsRetryBucket;

AwsRetryBucket *aws_retry_bucket_new  (void);
int             aws_retry_bucket_take (AwsRetryBucket *self,
                                       AwsRetryKind    kind);
void            aws_retry_bucket_give (AwsRetryBucket *self,
                                       int             taken);

G_END_DECLS
