/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

DexFuture *aws_soup_send (SoupSession *session,
                          SoupMessage *message,
                          GFile       *output) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
