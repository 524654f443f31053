/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"

G_BEGIN_DECLS

/* Taking down what belongs to a site, part by part; to be called in a fiber. Each may be called again after a kill.
 * In the order of the functions: the site is whole for its visitors until it is gone. */
gboolean  porch_removal_await_stack     (PorchOperation  *operation,
                                         PorchSite       *site,
                                         GError         **error);
gboolean  porch_removal_await_files     (PorchOperation  *operation,
                                         PorchSite       *site,
                                         GError         **error);
gboolean  porch_removal_await_messages  (PorchOperation  *operation,
                                         PorchSite       *site,
                                         GError         **error);
gboolean  porch_removal_await_record    (PorchOperation  *operation,
                                         PorchSite       *site,
                                         GError         **error);

G_END_DECLS
