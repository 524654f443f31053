/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keeps requests below what a service takes from an account. Times are microseconds of a clock that never goes back. */
typedef struct _AwsPace AwsPace;

AwsPace *aws_pace_new             (guint        n_requests,
                                   gint64       period);
AwsPace *aws_pace_new_for_service (const char  *id);
void     aws_pace_free            (AwsPace     *self);
gint64   aws_pace_take            (AwsPace     *self,
                                   gint64       now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AwsPace, aws_pace_free)

G_END_DECLS
