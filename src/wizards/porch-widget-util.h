/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>
#include <libdex.h>

#include "porch-problem.h"

G_BEGIN_DECLS

void      porch_bind_closures       (GtkWidgetClass *widget_class);

void      porch_dialog_present      (AdwDialog      *dialog,
                                     GtkWidget      *parent);
void      porch_widget_toast        (GtkWidget      *widget,
                                     AdwToast       *toast);
void      porch_widget_toast_error  (GtkWidget      *widget,
                                     const GError   *error);
void      porch_page_begin_at       (AdwNavigationPage *page,
                                     GtkWidget      *widget);
void      porch_widget_follow       (GtkWidget      *widget,
                                     DexFuture      *future);
void      porch_widget_show_details (GtkWidget      *widget,
                                     PorchProblem   *problem);
void      porch_widget_announce     (GtkWidget      *widget,
                                     const char     *text);
void      porch_widget_copy_text    (GtkWidget      *widget,
                                     const char     *text);
void      porch_widget_open_uri     (GtkWidget      *widget,
                                     const char     *uri);
void      porch_widget_open_folder  (GtkWidget      *widget,
                                     GFile          *folder);
void      porch_row_set_error       (GtkWidget      *row,
                                     GtkLabel       *label,
                                     const char     *error);

GtkWidget *porch_decoration_new             (const char *icon_name);
GtkWidget *porch_technical_label_new        (const char *text);
void       porch_label_wrap_without_hyphens (GtkLabel   *label);

char     *porch_day_words           (GDateTime      *date,
                                     GDateTime      *now);
char     *porch_moment_words        (GDateTime      *date,
                                     GDateTime      *now);
char     *porch_isolate             (const char     *text);
char     *porch_host_words          (const char      *address);
char     *porch_account_number_words (const char    *number);
char     *porch_display_folder      (GFile          *folder);

G_END_DECLS
