/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-release.h"

G_BEGIN_DECLS

char       *porch_release_dup_name        (PorchRelease          *release,
                                           GDateTime             *now);
char       *porch_release_describe        (PorchRelease          *release,
                                           gboolean               with_date,
                                           GDateTime             *now);
char       *porch_release_dup_origin      (PorchRelease          *release);
char       *porch_release_dup_rest        (PorchRelease          *release);
char       *porch_page_change_dup_title   (const PorchPageChange *change);
char       *porch_page_change_dup_detail  (const PorchPageChange *change);
const char *porch_change_kind_icon        (PorchChangeKind        kind);
gboolean    porch_receipt_is_good         (PorchReceipt          *receipt);
char       *porch_receipt_dup_title       (PorchReceipt          *receipt,
                                           GDateTime             *now);
char       *porch_receipt_dup_detail      (PorchReceipt          *receipt);
char       *porch_draft_describe          (PorchDraft            *draft,
                                           GDateTime             *now);

G_END_DECLS
