/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-site.h"

#include <libdex.h>

G_BEGIN_DECLS

DexFuture *porch_form_words_send (PorchSite *site) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
