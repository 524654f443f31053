/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-checksum.h"

G_BEGIN_DECLS

/* By what contents are told apart, in manifests, caches and copies: the SHA-256; of what is sent in parts, S3's composite
 * SHA-256, so that it need not be read twice. A change of this is one of PORCH_CONTENT_SUM_RULES. */
#define PORCH_CONTENT_SUM_RULES 2

AwsDigest *porch_content_sum_new     (guint64       size);
char      *porch_content_sum_compute (gconstpointer data,
                                      gsize         length);

G_END_DECLS
