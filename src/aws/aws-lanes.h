/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>
#include <libsoup/soup.h>

#include "aws-request.h"
#include "aws-response.h"

G_BEGIN_DECLS

typedef struct _AwsLanes AwsLanes;

/* Called on the main thread: so many more bytes of the body were written */
typedef void (*AwsLanesFunc) (guint64  length,
                              gpointer user_data);

AwsLanes  *aws_lanes_new   (void);
void       aws_lanes_close (AwsLanes       *self);
gboolean   aws_lanes_take  (AwsRequest     *request);
DexFuture *aws_lanes_send  (AwsLanes       *self,
                            SoupSession    *session,
                            AwsRequest     *request,
                            SoupMessage    *message,
                            AwsLanesFunc    wrote,
                            gpointer        user_data,
                            GDestroyNotify  notify) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
