/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-answer.h"
#include "porch-practice-private.h"

G_BEGIN_DECLS

#define PRACTICE_API_LIMIT (10 * 1024 * 1024)

/* What an HTTP API is asked. */
typedef struct
{
  const char         *region;
  const char         *api_id;
  const char         *method;
  const char         *raw_path;
  const char         *raw_query;     /* may be NULL */
  SoupMessageHeaders *headers;
  GBytes             *body;          /* may be NULL */
  gboolean            too_large;
  const char         *source_ip;
  const char         *request_id;
} PracticeApiRequest;

/* "<id>.execute-api.<region>.amazonaws.com" or "<id>.execute-api.localhost" (region NULL). */
gboolean practice_api_parse_host (const char                *host,
                                  char                     **api_id,
                                  char                     **region);
void     practice_api_answer     (Practice                  *practice,
                                  const PracticeApiRequest  *request,
                                  PracticeAnswer            *answer);
void     practice_api_shutdown   (Practice                  *practice);

G_END_DECLS
