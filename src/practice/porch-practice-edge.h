/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-answer.h"
#include "porch-practice-cloudfront.h"

G_BEGIN_DECLS

gboolean practice_edge_init           (Practice    *practice,
                                       GError     **error);
void     practice_edge_shutdown       (Practice    *practice);

/* ---- porch-practice-edge-function.c ---- */

/* A visitor's request, as the function may change it and the origin gets it. */
typedef struct
{
  const char         *method;
  char               *uri;          /* percent-encoded */
  char               *query;        /* without "?", may be NULL */
  SoupMessageHeaders *headers;
} PracticeEdgeRequest;

typedef enum
{
  PRACTICE_EDGE_GO_ON,              /* the request, changed or not, goes to the origin */
  PRACTICE_EDGE_ANSWERED,           /* the function made the answer */
  PRACTICE_EDGE_THROWN,             /* it failed */
  PRACTICE_EDGE_INVALID,            /* what it returned can't be used */
} PracticeEdgeOutcome;

/* Whether the code of a function (properties of the resource) can be loaded. */
gboolean            practice_edge_check_function (Practice             *practice,
                                                  JsonObject           *properties,
                                                  GError              **error);
char               *practice_edge_test_function  (Practice             *practice,
                                                  JsonObject           *properties,
                                                  const char           *event,
                                                  GPtrArray            *logs,
                                                  GError              **error);
PracticeEdgeOutcome practice_edge_run_function   (PracticeCall         *call,
                                                  PracticeDistribution *distribution,
                                                  const char           *function_arn,
                                                  PracticeEdgeRequest  *request,
                                                  PracticeAnswer       *answer);
void                practice_edge_forget_functions (void);
void                practice_edge_request_clear  (PracticeEdgeRequest  *request);

/* ---- porch-practice-edge-deliver.c ---- */

/* Everything between the origin's answer and the visitor: ranges, conditions, compression, headers. */
void                practice_edge_deliver        (PracticeCall         *call,
                                                  PracticeDistribution *distribution,
                                                  JsonObject           *behavior,
                                                  PracticeAnswer       *answer);
/* CloudFront's own page for what can't be served. */
void                practice_edge_refuse         (PracticeAnswer       *answer,
                                                  guint                 status,
                                                  const char           *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeEdgeRequest, practice_edge_request_clear)

G_END_DECLS
