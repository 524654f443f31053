/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "porch-message.h"

G_BEGIN_DECLS

#define PORCH_TYPE_MESSAGE_ROW (porch_message_row_get_type ())

G_DECLARE_FINAL_TYPE (PorchMessageRow, porch_message_row, PORCH, MESSAGE_ROW, GtkWidget)

GtkWidget  *porch_message_row_new            (GtkListItem      *item);
void        porch_message_row_bind           (PorchMessageRow  *self,
                                              const char       *search);
void        porch_message_row_unbind         (PorchMessageRow  *self);
void        porch_message_row_set_search     (PorchMessageRow  *self,
                                              const char       *search);
void        porch_message_row_set_selecting  (PorchMessageRow  *self,
                                              gboolean          selecting);
void        porch_message_row_set_in_sight   (PorchMessageRow  *self,
                                              gboolean          in_sight);
guint       porch_message_row_get_position   (PorchMessageRow  *self);
char       *porch_message_row_build_label    (PorchMessage     *message);

G_END_DECLS
