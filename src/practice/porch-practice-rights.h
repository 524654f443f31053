/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-policy.h"
#include "porch-practice-private.h"
#include "porch-practice-resources.h"

G_BEGIN_DECLS

/* Who may do what. A subject is the ARN of a role or user whose policies decide; NULL is the account's own user, whom
 * nothing limits. */

const char       *practice_principal_get_subject (PracticePrincipal  *principal);

/* The policies of a subject, as JsonNode; NULL when there is no such role or user */
GPtrArray        *practice_subject_list_policies (Practice           *practice,
                                                  const char         *subject);
PracticeDecision  practice_subject_decide        (Practice           *practice,
                                                  const char         *subject,
                                                  const char         *action,
                                                  const char         *resource,
                                                  GHashTable         *context);

/* Whether it is one of AWS's own policies that are known here */
gboolean          practice_managed_exists        (const char         *arn);

/* The same for whoever signed, with what the practice cloud knows of the resource's tags. */
PracticeDecision  practice_call_decide           (PracticeCall       *call,
                                                  const char         *action,
                                                  const char         *resource);

/* Answers AccessDenied by the call's protocol. @why: NULL, or what forbids it: "a service control policy" */
void              practice_call_answer_denied    (PracticeCall       *call,
                                                  const char         *action,
                                                  const char         *resource,
                                                  const char         *why);

/* ---- CloudFormation works with the rights of whoever asked it to ---- */

/* (transfer full): the stack that a call is about, "*" if it is about all or none */
char             *practice_stack_call_dup_arn    (PracticeCall       *call);
/* Remembers whose rights count from now on. */
gboolean          practice_stack_note_actor      (PracticeCall       *call,
                                                  const char         *stack_arn,
                                                  GError            **error);

typedef enum
{
  PRACTICE_VERB_CREATE,
  PRACTICE_VERB_UPDATE,
  PRACTICE_VERB_DELETE,
} PracticeVerb;

/* FALSE with the reason of a *_FAILED event when that person may not do what the type needs. */
gboolean          practice_provision_permitted   (PracticeProvision  *provision,
                                                  const char         *type,
                                                  PracticeVerb        verb,
                                                  GError            **error);

gboolean          practice_rights_init           (Practice           *practice,
                                                  GError            **error);

G_END_DECLS
