/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "aws-client.h"

/* A public function of src/aws with everything in it that it can send. A function that makes several kinds of requests
 * names the operations of all of them, in the order in which they are sent.
 */
typedef struct
{
  const char *function;      /* "aws_acm_request_certificate"; NULL ends a table */
  const char *operations;    /* "RequestCertificate"; several are separated by spaces */
  DexFuture  *(*call) (AwsClient *client);
} AwsTestCall;

/* CALL (name, declarations; of arguments;, aws_service_name (client, ...)) makes call_name() */
#define CALL(name, declare, call) \
  static DexFuture * \
  call_##name (AwsClient *client) \
  { \
    declare \
    return call; \
  }

extern const AwsTestCall core_calls[];
extern const AwsTestCall names_calls[];
extern const AwsTestCall compute_calls[];
extern const AwsTestCall account_calls[];
extern const AwsTestCall signin_calls[];

void core_calls_clean_up (void);
