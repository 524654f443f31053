/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "porch-message.h"

G_BEGIN_DECLS

GtkPrintOperation  *porch_message_print_new  (GPtrArray  *messages);
void                porch_message_print      (GtkWidget  *widget,
                                              GPtrArray  *messages);

G_END_DECLS
