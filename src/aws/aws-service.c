/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-service.h"

#include <string.h>

/* Uploads are worth more attempts; DynamoDB is fast to try again */
static const AwsService services[] = {
  { "cloudformation", "cloudformation.%s.amazonaws.com", "cloudformation", NULL, "CLOUDFORMATION", AWS_SIGNATURE_V4, 3, 50 },
  { "cloudfront", "cloudfront.amazonaws.com", "cloudfront", "us-east-1", "CLOUDFRONT", AWS_SIGNATURE_V4, 3, 50 },
  { "cloudfront-keyvaluestore", "cloudfront-kvs.global.api.aws", "cloudfront-keyvaluestore", "*", "CLOUDFRONT_KEYVALUESTORE",
    AWS_SIGNATURE_V4A, 3, 50 },
  { "dynamodb", "dynamodb.%s.amazonaws.com", "dynamodb", NULL, "DYNAMODB", AWS_SIGNATURE_V4, 4, 25 },
  { "s3", "s3.%s.amazonaws.com", "s3", NULL, "S3", AWS_SIGNATURE_V4, 5, 50 },
  { "sts", "sts.%s.amazonaws.com", "sts", NULL, "STS", AWS_SIGNATURE_V4, 3, 50 },
};

/* The service with that id, or NULL. */
const AwsService *
aws_service_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (services); i++)
    {
      if (g_str_equal (services[i].id, id))
        return &services[i];
    }

  return NULL;
}

/* All of them. */
const AwsService *
aws_service_list (guint *n_services)
{
  *n_services = G_N_ELEMENTS (services);

  return services;
}

/* The host in a region. */
char *
aws_service_dup_host (const AwsService *self,
                      const char       *region)
{
  g_auto(GStrv) parts = g_strsplit (self->host, "%s", -1);

  return g_strjoinv (region, parts);
}

/* Regions become part of host names, also those that an answer names. */
gboolean
aws_region_is_valid (const char *region)
{
  gsize length = region != NULL ? strlen (region) : 0;

  if (length < 3 || length > 32 || !g_ascii_islower (region[0]) || !g_ascii_isalnum (region[length - 1]))
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_islower (region[i]) && !g_ascii_isdigit (region[i]) && region[i] != '-')
        return FALSE;
    }

  return TRUE;
}
