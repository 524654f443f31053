/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_sts_init            (Practice    *practice,
                                       GError     **error);

/* Roles, as CloudFormation makes them. @trust is the AssumeRolePolicyDocument, @policies an array of
 * {"PolicyName", "PolicyDocument"} as in the template (may be NULL), @managed an array of ARNs (may be NULL).
 * Putting a role that is there changes it. @arn is set to the role's ARN. */
gboolean practice_role_put            (Practice    *practice,
                                       const char  *name,
                                       JsonNode    *trust,
                                       JsonArray   *policies,
                                       JsonArray   *managed,
                                       guint        max_session_seconds,
                                       char       **arn,
                                       char       **role_id,
                                       GError     **error);
gboolean practice_role_exists         (Practice    *practice,
                                       const char  *name);
gboolean practice_role_delete         (Practice    *practice,
                                       const char  *name,
                                       GError     **error);

/* Whether the role's policies allow @action ("dynamodb:PutItem") on @resource. For Lambda functions' own calls. */
gboolean practice_role_allows         (Practice    *practice,
                                       const char  *role_arn,
                                       const char  *action,
                                       const char  *resource);
/* Whether the role lets @service ("lambda.amazonaws.com") assume it. */
gboolean practice_role_trusts_service (Practice    *practice,
                                       const char  *role_arn,
                                       const char  *service);

/* Keys for a while, for whoever signed in; @role_arn is NULL for somebody who may do everything. */
typedef struct
{
  char    *access_key_id;
  char    *secret;
  char    *token;
  gint64   expires;    /* microseconds */
} PracticeSession;

PracticeSession *practice_session_new (Practice     *practice,
                                       gint64        now,
                                       gint64        seconds,
                                       const char   *arn,
                                       const char   *user_id,
                                       const char   *role_arn,
                                       GError      **error);
void             practice_session_free (PracticeSession *session);

/* Session tokens of version 1 are good for everything but SigV4A. */
gboolean         practice_call_has_new_token (PracticeCall    *call);
void             practice_call_age_session   (PracticeCall    *call,
                                              PracticeSession *session);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeSession, practice_session_free)

/* Answers AccessDenied by the call's protocol and returns FALSE when the caller is a role without the permission. */
gboolean practice_call_authorize      (PracticeCall *call,
                                       const char   *action,
                                       const char   *resource);

G_END_DECLS
