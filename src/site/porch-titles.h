/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-folder.h"
#include "porch-manifest.h"

G_BEGIN_DECLS

/* A title is looked for in so many bytes at the start of a page, and is cut at so many characters. */
#define PORCH_TITLE_HEAD   (64 * 1024)
#define PORCH_TITLE_LENGTH 200

char      *porch_title_find   (const char    *text,
                               gsize          length);
DexFuture *porch_titles_read  (PorchFolder   *folder,
                               PorchManifest *live) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
