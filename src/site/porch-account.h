/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "aws-client.h"
#include "porch-problem.h"

G_BEGIN_DECLS

typedef struct _PorchEngine PorchEngine;

/**
 * PorchAccountKind:
 * @PORCH_ACCOUNT_PRACTICE: the practice cloud on this computer
 * @PORCH_ACCOUNT_KEYS: access keys, kept in the keyring
 * @PORCH_ACCOUNT_ENVIRONMENT: whatever the environment variables name
 *
 * Where an account's keys come from.
 */
typedef enum
{
  PORCH_ACCOUNT_PRACTICE,
  PORCH_ACCOUNT_KEYS,
  PORCH_ACCOUNT_ENVIRONMENT,
} PorchAccountKind;

/**
 * PorchAccountState:
 * @PORCH_ACCOUNT_UNKNOWN: not asked yet
 * @PORCH_ACCOUNT_READY: the keys work
 * @PORCH_ACCOUNT_NEEDS_SIGN_IN: no keys, or keys that are not accepted
 * @PORCH_ACCOUNT_UNREACHABLE: nobody answers
 *
 * Whether an account can be used at the moment.
 */
typedef enum
{
  PORCH_ACCOUNT_UNKNOWN,
  PORCH_ACCOUNT_READY,
  PORCH_ACCOUNT_NEEDS_SIGN_IN,
  PORCH_ACCOUNT_UNREACHABLE,
} PorchAccountState;

#define PORCH_TYPE_ACCOUNT_KIND (porch_account_kind_get_type ())
#define PORCH_TYPE_ACCOUNT_STATE (porch_account_state_get_type ())
#define PORCH_TYPE_ACCOUNT (porch_account_get_type ())

GType               porch_account_kind_get_type      (void) G_GNUC_CONST;
GType               porch_account_state_get_type     (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchAccount, porch_account, PORCH, ACCOUNT, GObject)

const char         *porch_account_get_id             (PorchAccount *self);
const char         *porch_account_get_name           (PorchAccount *self);
PorchAccountKind    porch_account_get_kind           (PorchAccount *self);
PorchAccountState   porch_account_get_state          (PorchAccount *self);
PorchProblem       *porch_account_get_problem        (PorchAccount *self);
const char         *porch_account_get_region         (PorchAccount *self);
const char         *porch_account_get_number         (PorchAccount *self);
const char         *porch_account_get_key_id         (PorchAccount *self);
gboolean            porch_account_is_session_only    (PorchAccount *self);
gboolean            porch_account_is_practice        (PorchAccount *self);
const char         *porch_account_get_endpoint       (PorchAccount *self);

AwsClient          *porch_account_dup_client         (PorchAccount *self);
AwsClient          *porch_account_dup_client_for_region (PorchAccount *self,
                                                      const char   *region);
char               *porch_account_dup_address        (PorchAccount *self,
                                                      const char   *host);
DexFuture          *porch_account_check              (PorchAccount *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture          *porch_account_rename             (PorchAccount *self,
                                                      const char   *name) G_GNUC_WARN_UNUSED_RESULT;
DexFuture          *porch_account_set_keys           (PorchAccount *self,
                                                      const char   *key_id,
                                                      const char   *secret,
                                                      const char   *token) G_GNUC_WARN_UNUSED_RESULT;

/* Cleans what was pasted or read from the file that the console offers; FALSE with an error that says what is wrong */
gboolean            porch_account_parse_keys         (const char   *text,
                                                      char        **key_id,
                                                      char        **secret,
                                                      GError      **error);
gboolean            porch_account_check_key_id       (const char   *key_id,
                                                      GError      **error);
gboolean            porch_account_check_secret       (const char   *secret,
                                                      GError      **error);
gboolean            porch_account_check_region       (const char   *region,
                                                      GError      **error);
const char * const *porch_account_list_regions       (void);
const char         *porch_account_describe_region    (const char   *region);

G_END_DECLS
