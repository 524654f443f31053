/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-content-sum.h"

#include "aws-s3.h"

/**
 * porch_content_sum_new: (skip)
 * @size: the size of the content in bytes
 *
 * Begins the sum of a content that comes in pieces.
 *
 * Returns: (transfer full): a digest for all of it
 */
AwsDigest *
porch_content_sum_new (guint64 size)
{
  return size < AWS_S3_MULTIPART_FROM ? aws_digest_new ("SHA256") : aws_digest_new_composite (AWS_S3_PART);
}

/**
 * porch_content_sum_compute: (skip)
 * @data: (array length=length) (nullable): a content
 * @length: its length in bytes
 *
 * Returns: (transfer full): its sum, in hexadecimal digits
 */
char *
porch_content_sum_compute (gconstpointer data,
                           gsize         length)
{
  g_autoptr(AwsDigest) digest = porch_content_sum_new (length);

  aws_digest_update (digest, data, length);

  return aws_digest_finish_hex (digest);
}
