/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Policies: are they well formed, and do they allow something. Conditions known: String*, Arn*, Bool, Null, IpAddress not;
 * a condition that isn't known makes an Allow not match and a Deny match. */

typedef enum
{
  PRACTICE_POLICY_IDENTITY,   /* of a role: no Principal */
  PRACTICE_POLICY_RESOURCE,   /* of a bucket: Principal needed */
  PRACTICE_POLICY_TRUST,      /* of a role: Principal, no Resource */
} PracticePolicyKind;

typedef enum
{
  PRACTICE_DECISION_NONE,
  PRACTICE_DECISION_ALLOW,
  PRACTICE_DECISION_DENY,
} PracticeDecision;

typedef struct
{
  const char  *principal_type;   /* "Service", "AWS"; NULL for identity policies and anonymous */
  const char  *principal;        /* "cloudfront.amazonaws.com", an ARN */
  const char  *account;
  const char  *action;           /* "s3:GetObject" */
  const char  *resource;         /* ARN; NULL for trust policies */
  GHashTable  *context;          /* "AWS:SourceArn" (any case) to value; may be NULL */
} PracticeAccess;

/* NULL, or what is wrong in AWS's words. @bucket: the only bucket that resources may name (resource policies). */
char             *practice_policy_check     (JsonNode              *policy,
                                             PracticePolicyKind     kind,
                                             const char            *bucket);
PracticeDecision  practice_policy_evaluate  (JsonNode              *policy,
                                             PracticePolicyKind     kind,
                                             const PracticeAccess  *access);
/* "*" and "?" as policies know them. */
gboolean          practice_policy_matches   (const char            *pattern,
                                             const char            *text,
                                             gboolean               ignore_case);

G_END_DECLS
