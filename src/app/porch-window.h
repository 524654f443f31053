/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-application.h"

G_BEGIN_DECLS

#define PORCH_TYPE_WINDOW (porch_window_get_type ())

G_DECLARE_FINAL_TYPE (PorchWindow, porch_window, PORCH, WINDOW, AdwApplicationWindow)

PorchWindow *porch_window_new         (PorchApplication *application);
void         porch_window_show_site   (PorchWindow      *self,
                                       const char       *id);
void         porch_window_show_message (PorchWindow     *self,
                                       const char       *site,
                                       const char       *id);
void         porch_window_open_files  (PorchWindow      *self,
                                       GPtrArray        *files);
void         porch_window_tell        (PorchWindow      *self,
                                       PorchOperation   *operation);

G_END_DECLS
