/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* What the account's own user is called */
#define IAM_OWNER "practice"

typedef struct
{
  char    *name;
  char    *id;
  char    *arn;
  char    *path;
  gint64   created;       /* microseconds */
  char    *policies;      /* [{"PolicyName", "PolicyDocument"}, ...]; NULL for the account's own user */
  char    *managed;       /* ["arn:...", ...] */
} IamUser;

typedef struct
{
  const char       *name;
  PracticeHandler   handle;
} IamOperation;

IamUser     *iam_user_lookup           (PracticeCall  *call,
                                        const char    *name);
/* The user that the form names, else the caller; answers the error if there is none */
IamUser     *iam_require_user          (PracticeCall  *call);
void         iam_user_free             (IamUser       *user);

gboolean     iam_check_member          (PracticeCall  *call,
                                        const char    *form_name,
                                        const char    *member,
                                        guint          longest,
                                        const char    *pattern);
void         iam_answer_missing        (PracticeCall  *call,
                                        const char    *kind,
                                        const char    *name);
void         iam_append_time           (GString       *xml,
                                        const char    *name,
                                        gint64         time);
GStrv        iam_dup_list              (PracticeCall  *call,
                                        const char    *name);
/* Which part of @n_items the call wants: [@from, @to); answers the error if it can't be known */
gboolean     iam_get_page              (PracticeCall  *call,
                                        guint          n_items,
                                        guint         *from,
                                        guint         *to);
void         iam_append_page           (GString       *xml,
                                        guint          n_items,
                                        guint          to);

extern const IamOperation iam_user_operations[];       /* ended by NULL */
extern const IamOperation iam_policy_operations[];
extern const IamOperation iam_account_operations[];

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IamUser, iam_user_free)

G_END_DECLS
