/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-signer.h"

G_BEGIN_DECLS

typedef enum
{
  AWS_PROTOCOL_QUERY,
  AWS_PROTOCOL_JSON,
  AWS_PROTOCOL_REST_JSON,
  AWS_PROTOCOL_REST_XML,
} AwsProtocol;

/* What differs between services on the way to them. */
typedef struct
{
  const char          *id;            /* how requests name it */
  const char          *host;          /* with %s for the region */
  const char          *signing_name;
  const char          *region;        /* the only one to sign for, if there is only one */
  const char          *environment;   /* the end of AWS_ENDPOINT_URL_... */
  AwsSignatureVersion  version;
  guint                attempts;      /* in all */
  guint                delay;         /* before the first retry after a transient error, in milliseconds */
  AwsProtocol          protocol;
  const char          *api_version;
  const char          *target_prefix; /* JSON: what comes before the operation in X-Amz-Target */
  const char          *json_version;  /* JSON: "1.0" or "1.1" */
  const char          *xml_namespace; /* REST-XML: of the elements that are sent */
} AwsService;

const AwsService *aws_service_find     (const char       *id);
char             *aws_service_dup_host (const AwsService *self,
                                        const char       *region);
const AwsService *aws_service_list     (guint            *n_services);

gboolean          aws_region_is_valid  (const char       *region);

G_END_DECLS
