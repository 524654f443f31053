/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cloud-util.h"

G_BEGIN_DECLS

/* Users of a practice cloud with limits, made by its own user; to be used in a fiber. */

/* The text of an element of the answer, NULL if there is none; @more are names and values, ended by NULL */
char       *user_call_iam     (Cloud       *cloud,
                               const char  *action,
                               const char  *element,
                               ...) G_GNUC_NULL_TERMINATED;
/* (transfer full): the ARN of a new user with that policy */
char       *user_make         (Cloud       *cloud,
                               const char  *name,
                               const char  *policy);
/* From now on the engine's account works with that user's keys */
void        user_become       (Cloud       *cloud,
                               const char  *name);
/* (transfer full): a client of the cloud's own user */
AwsClient  *user_new_client   (Cloud       *cloud);
/* What kind of account the cloud plays, as JSON */
void        user_play_account (Cloud       *cloud,
                               const char  *json);

G_END_DECLS
