/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-store.h"

G_BEGIN_DECLS

#define PORCH_STORE_SCHEMA 4

PorchRows  *porch_rows_new         (guint        columns);
void        porch_rows_take        (PorchRows   *self,
                                    char        *cell);

gboolean    porch_store_migrate    (sqlite3     *db,
                                    GError     **error);
gboolean    porch_store_execute    (sqlite3     *db,
                                    const char  *sql,
                                    GError     **error);

G_END_DECLS
