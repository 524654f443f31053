/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

SoupSession *aws_soup_session_new (guint         connections,
                                   guint         connections_per_host);
gboolean     aws_soup_check_whole (SoupMessage  *message,
                                   guint64       length,
                                   GError      **error);
DexFuture   *aws_soup_send        (SoupSession  *session,
                                   SoupMessage  *message,
                                   GFile        *output) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
