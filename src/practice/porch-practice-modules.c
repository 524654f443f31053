/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-cloudformation.h"
#include "porch-practice-cloudfront.h"
#include "porch-practice-dynamodb.h"
#include "porch-practice-edge.h"
#include "porch-practice-kvs.h"
#include "porch-practice-lambda.h"
#include "porch-practice-private.h"
#include "porch-practice-resources.h"
#include "porch-practice-s3.h"
#include "porch-practice-ses.h"
#include "porch-practice-streams.h"
#include "porch-practice-sts.h"

const PracticeModule practice_modules[] = {
  { "sts", practice_sts_init, NULL },
  { "s3", practice_s3_init, NULL },
  { "keyvaluestore", practice_kvs_init, NULL },
  { "cloudfront", practice_cloudfront_init, NULL },
  { "resources", practice_resources_init, practice_lambda_shutdown },
  { "dynamodb", practice_dynamodb_init, NULL },
  { "streams", practice_streams_init, practice_streams_shutdown },
  { "mail", practice_ses_init, NULL },
  { "edge", practice_edge_init, practice_edge_shutdown },
  { "cloudformation", practice_cloudformation_init, NULL },
};

const guint practice_n_modules = G_N_ELEMENTS (practice_modules);
