/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-sign-in.h"

G_BEGIN_DECLS

#define PORCH_TYPE_SIGN_IN_PAGE (porch_sign_in_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchSignInPage, porch_sign_in_page, PORCH, SIGN_IN_PAGE, AdwNavigationPage)

PorchSignInPage *porch_sign_in_page_new         (PorchSignIn     *sign_in,
                                                 gboolean         first);
PorchAccount    *porch_sign_in_page_get_account (PorchSignInPage *self);

G_END_DECLS
