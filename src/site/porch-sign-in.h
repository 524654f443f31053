/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-account.h"
#include "porch-engine.h"
#include "porch-problem.h"

G_BEGIN_DECLS

/**
 * PorchSignInKind:
 * @PORCH_SIGN_IN_CONSOLE: with whatever the browser signs in to the account's own pages with
 * @PORCH_SIGN_IN_SSO: through IAM Identity Center
 *
 * How somebody signs in.
 */
typedef enum
{
  PORCH_SIGN_IN_CONSOLE,
  PORCH_SIGN_IN_SSO,
} PorchSignInKind;

/**
 * PorchSignInState:
 * @PORCH_SIGN_IN_STARTING: getting ready
 * @PORCH_SIGN_IN_BROWSER: waits for the person, who is at [property@Porch.SignIn:uri] in the browser
 * @PORCH_SIGN_IN_CODE: as before, and there is a code: the page shows one that is to be pasted
 *   ([method@Porch.SignIn.submit_code]), or asks for [property@Porch.SignIn:user-code]
 * @PORCH_SIGN_IN_CHOOSE: waits for a choice from [property@Porch.SignIn:choices]
 * @PORCH_SIGN_IN_FINISHING: asks whose account it is and keeps it
 * @PORCH_SIGN_IN_DONE: there is an account
 * @PORCH_SIGN_IN_FAILED: there is a problem, or it was cancelled
 *
 * Where an attempt to sign in is.
 */
typedef enum
{
  PORCH_SIGN_IN_STARTING,
  PORCH_SIGN_IN_BROWSER,
  PORCH_SIGN_IN_CODE,
  PORCH_SIGN_IN_CHOOSE,
  PORCH_SIGN_IN_FINISHING,
  PORCH_SIGN_IN_DONE,
  PORCH_SIGN_IN_FAILED,
} PorchSignInState;

#define PORCH_TYPE_SIGN_IN_KIND (porch_sign_in_kind_get_type ())
#define PORCH_TYPE_SIGN_IN_STATE (porch_sign_in_state_get_type ())
#define PORCH_TYPE_SIGN_IN_CHOICE (porch_sign_in_choice_get_type ())
#define PORCH_TYPE_SIGN_IN (porch_sign_in_get_type ())

GType             porch_sign_in_kind_get_type         (void) G_GNUC_CONST;
GType             porch_sign_in_state_get_type        (void) G_GNUC_CONST;

/* An account and a role in it that the person may use: properties number, name, mail, role */
G_DECLARE_FINAL_TYPE (PorchSignInChoice, porch_sign_in_choice, PORCH, SIGN_IN_CHOICE, GObject)

const char       *porch_sign_in_choice_get_number     (PorchSignInChoice *self);
const char       *porch_sign_in_choice_get_name       (PorchSignInChoice *self);
const char       *porch_sign_in_choice_get_mail       (PorchSignInChoice *self);
const char       *porch_sign_in_choice_get_role       (PorchSignInChoice *self);

G_DECLARE_FINAL_TYPE (PorchSignIn, porch_sign_in, PORCH, SIGN_IN, GObject)

PorchSignIn      *porch_sign_in_new_console           (PorchEngine       *engine,
                                                       const char        *region);
PorchSignIn      *porch_sign_in_new_sso               (PorchEngine       *engine,
                                                       const char        *start_url,
                                                       const char        *sso_region,
                                                       const char        *region);
PorchSignIn      *porch_sign_in_new_renewal           (PorchEngine       *engine,
                                                       PorchAccount      *account);

/* Before it runs; while the person is in the browser, it begins anew with the other way and another address */
void              porch_sign_in_set_by_code           (PorchSignIn       *self,
                                                       gboolean           by_code);

void              porch_sign_in_set_time_limit        (PorchSignIn       *self,
                                                       guint              seconds);

/* Resolves to the PorchAccount; a new one is not among the accounts of the engine before porch_engine_add_account().
 * Dropping the future does not cancel, porch_sign_in_cancel() does. Can be called again after a failure. */
DexFuture        *porch_sign_in_run                   (PorchSignIn       *self) G_GNUC_WARN_UNUSED_RESULT;
void              porch_sign_in_cancel                (PorchSignIn       *self);

/* While it runs */
gboolean          porch_sign_in_submit_code           (PorchSignIn       *self,
                                                       const char        *text,
                                                       GError           **error);
void              porch_sign_in_choose                (PorchSignIn       *self,
                                                       PorchSignInChoice *choice);

PorchSignInKind   porch_sign_in_get_kind              (PorchSignIn       *self);
PorchSignInState  porch_sign_in_get_state             (PorchSignIn       *self);
gboolean          porch_sign_in_is_by_code            (PorchSignIn       *self);
const char       *porch_sign_in_get_uri               (PorchSignIn       *self);
const char       *porch_sign_in_get_user_code         (PorchSignIn       *self);
GListModel       *porch_sign_in_get_choices           (PorchSignIn       *self);
PorchAccount     *porch_sign_in_get_account           (PorchSignIn       *self);
PorchProblem     *porch_sign_in_get_problem           (PorchSignIn       *self);

/* What was typed as the address of the sign-in page; FALSE with an error that says what is wrong. @region is NULL where
 * the address does not tell it. */
gboolean          porch_sign_in_parse_start_url       (const char        *text,
                                                       char             **url,
                                                       char             **region,
                                                       GError           **error);

G_END_DECLS
