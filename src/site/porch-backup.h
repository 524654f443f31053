/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-folder-private.h"

G_BEGIN_DECLS

gboolean porch_backup_is_of_site (PorchScan       *scan,
                                  const PorchFile *file);

G_END_DECLS
