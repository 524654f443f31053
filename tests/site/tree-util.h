/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "porch-folder.h"

G_BEGIN_DECLS

/* Writes a file below @root and the folders it needs; the content is @text, or @length bytes made from @seed. */
void         tree_write       (const char *root,
                               const char *path,
                               const char *text);
void         tree_write_bytes (const char *root,
                               const char *path,
                               guint32     seed,
                               gsize       length);
void         tree_remove      (const char *root,
                               const char *path);

/* A scanned folder; the scan must not fail. */
PorchFolder *tree_scan        (const char *root,
                               PorchStore *store);

G_END_DECLS
