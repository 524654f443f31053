/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-target.h"

G_BEGIN_DECLS

/* How many releases the clean-up keeps if nobody says otherwise, and for how long it keeps any. */
#define PORCH_CLEAN_UP_KEEP 10
#define PORCH_CLEAN_UP_DAYS 7

DexFuture  *porch_clean_up_run         (PorchTarget        *target,
                                        GDateTime          *now) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_clean_up_remove      (PorchTarget        *target,
                                        const char         *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_clean_up_drop_draft  (PorchTarget        *target,
                                        const char         *token,
                                        const char         *release) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *porch_clean_up_note_draft  (PorchTarget        *target,
                                        gint64              until) G_GNUC_WARN_UNUSED_RESULT;
GPtrArray  *porch_clean_up_choose      (const char * const *releases,
                                        GHashTable         *spared,
                                        guint               keep,
                                        GDateTime          *now);

G_END_DECLS
