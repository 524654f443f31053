/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "aws-client.h"
#include "aws-lanes.h"
#include "aws-pace.h"
#include "aws-retry.h"
#include "aws-service.h"
#include "aws-turns.h"

G_BEGIN_DECLS

/* What clients for one account share, whatever their credentials and region. */
typedef struct
{
  SoupSession *session;
  AwsLanes    *lanes;           /* for what is stored in S3 */
  GHashTable  *endpoints;       /* service or "" -> address as it was given */
  GHashTable  *buckets;         /* bucket -> region, as answers told */
  GHashTable  *retries;         /* "service region" -> AwsRetryBucket */
  GHashTable  *paces;           /* service -> AwsPace, of those that need one */
  AwsTurns    *turns;           /* of work on a zone */
  GTimeSpan    clock_offset;    /* of the services against this computer */
} AwsTransport;

struct _AwsClient
{
  GObject                 parent_instance;

  AwsTransport           *transport;
  AwsCredentialsProvider *provider;
  char                   *region;

  guint64                 n_requests;
  guint64                 n_throttled;
  guint64                 bytes_sent;
  guint64                 bytes_received;
};

AwsRetryBucket *aws_transport_get_retries (AwsTransport     *self,
                                           const AwsService *service,
                                           const char       *region);
AwsPace        *aws_transport_get_pace    (AwsTransport     *self,
                                           const AwsService *service);
AwsTurns       *aws_transport_get_turns   (AwsTransport     *self);
GUri           *aws_client_dup_endpoint   (AwsClient        *self,
                                           const AwsService *service,
                                           GError          **error);
DexFuture      *aws_call_run              (AwsClient        *client,
                                           AwsRequest       *request) G_GNUC_WARN_UNUSED_RESULT;
DexFuture      *aws_call_presign          (AwsClient        *client,
                                           AwsRequest       *request,
                                           guint             seconds) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
