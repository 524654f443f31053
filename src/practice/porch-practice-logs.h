/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

gboolean practice_logs_init          (Practice    *practice,
                                      GError     **error);

/* Groups as CloudFormation makes them. @days is 0 for messages that are kept. */
gboolean practice_log_group_exists   (Practice    *practice,
                                      const char  *region,
                                      const char  *name);
gboolean practice_log_group_put      (Practice    *practice,
                                      const char  *region,
                                      const char  *name,
                                      gint64       days,
                                      GError     **error);
gboolean practice_log_group_delete   (Practice    *practice,
                                      const char  *region,
                                      const char  *name,
                                      GError     **error);

/* A message of something that runs here; group and stream are made when they are not there. */
void     practice_log_write          (Practice    *practice,
                                      const char  *region,
                                      const char  *group,
                                      const char  *stream,
                                      gint64       time,
                                      const char  *text);

G_END_DECLS
