/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>
#include <libdex.h>

G_BEGIN_DECLS

/* Each resolves to the GFile that was chosen, and is rejected with GTK_DIALOG_ERROR_DISMISSED when none was. */
DexFuture *porch_choose_folder   (GtkWidget  *widget,
                                  GFile      *initial) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_choose_archive  (GtkWidget  *widget,
                                  GFile      *initial) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_choose_file     (GtkWidget  *widget,
                                  const char *title,
                                  const char *filter_name,
                                  const char *suffix) G_GNUC_WARN_UNUSED_RESULT;
DexFuture *porch_choose_new_file (GtkWidget  *widget,
                                  const char *title,
                                  const char *name) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
