/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-cloudfront.h"
#include "porch-practice-kvs.h"
#include "porch-practice-private.h"
#include "porch-practice-s3.h"
#include "porch-practice-sts.h"

const PracticeModule practice_modules[] = {
  { "sts", practice_sts_init, NULL },
  { "s3", practice_s3_init, NULL },
  { "keyvaluestore", practice_kvs_init, NULL },
  { "cloudfront", practice_cloudfront_init, NULL },
};

const guint practice_n_modules = G_N_ELEMENTS (practice_modules);
