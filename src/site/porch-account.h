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
 * @PORCH_ACCOUNT_SIGN_IN: a session that was begun in the browser, renewed from time to time
 * @PORCH_ACCOUNT_SSO: the same through IAM Identity Center
 * @PORCH_ACCOUNT_PROFILE: a profile of the files that AWS's own tools share
 *
 * Where an account's keys come from.
 */
typedef enum
{
  PORCH_ACCOUNT_PRACTICE,
  PORCH_ACCOUNT_KEYS,
  PORCH_ACCOUNT_ENVIRONMENT,
  PORCH_ACCOUNT_SIGN_IN,
  PORCH_ACCOUNT_SSO,
  PORCH_ACCOUNT_PROFILE,
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

/**
 * PorchAccountRenewal:
 * @PORCH_ACCOUNT_RENEWAL_NONE: there is nothing to renew: the practice cloud
 * @PORCH_ACCOUNT_RENEWAL_BROWSER: with [ctor@Porch.SignIn.new_renewal]
 * @PORCH_ACCOUNT_RENEWAL_KEYS: with [method@Porch.Account.set_keys]
 * @PORCH_ACCOUNT_RENEWAL_OUTSIDE: outside of Porchlight, followed by [method@Porch.Engine.recheck_account]
 *
 * What makes an account that needs signing in usable again.
 */
typedef enum
{
  PORCH_ACCOUNT_RENEWAL_NONE,
  PORCH_ACCOUNT_RENEWAL_BROWSER,
  PORCH_ACCOUNT_RENEWAL_KEYS,
  PORCH_ACCOUNT_RENEWAL_OUTSIDE,
} PorchAccountRenewal;

#define PORCH_TYPE_ACCOUNT_RENEWAL (porch_account_renewal_get_type ())
#define PORCH_TYPE_ACCOUNT_KIND (porch_account_kind_get_type ())
#define PORCH_TYPE_ACCOUNT_STATE (porch_account_state_get_type ())
#define PORCH_TYPE_ACCOUNT (porch_account_get_type ())

GType               porch_account_renewal_get_type   (void) G_GNUC_CONST;
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
PorchProblem       *porch_account_get_keyring_problem (PorchAccount *self);
PorchAccountRenewal porch_account_get_renewal        (PorchAccount *self);
GDateTime          *porch_account_dup_expires        (PorchAccount *self);
const char         *porch_account_get_arn            (PorchAccount *self);
const char         *porch_account_get_user           (PorchAccount *self);
gboolean            porch_account_is_root            (PorchAccount *self);
const char         *porch_account_get_profile        (PorchAccount *self);
const char         *porch_account_get_start_url      (PorchAccount *self);
const char         *porch_account_get_sign_in_region (PorchAccount *self);
const char         *porch_account_get_role           (PorchAccount *self);
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

DexFuture          *porch_account_set_region         (PorchAccount *self,
                                                      const char   *region) G_GNUC_WARN_UNUSED_RESULT;

/* One pair of keys of a file that has several: the user's name (nullable) beside them */
#define PORCH_TYPE_KEY_ROW (porch_key_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchKeyRow, porch_key_row, PORCH, KEY_ROW, GObject)

const char         *porch_key_row_get_user           (PorchKeyRow  *self);
const char         *porch_key_row_get_key_id         (PorchKeyRow  *self);
const char         *porch_key_row_get_secret         (PorchKeyRow  *self);

/* All pairs of keys in it, a GListModel of PorchKeyRow with at least one item; NULL with an error that says what is wrong */
GListModel         *porch_account_list_keys          (const char   *text,
                                                      GError      **error);

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
