/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_MESSAGE_NEWS (porch_message_news_get_type ())

G_DECLARE_FINAL_TYPE (PorchMessageNews, porch_message_news, PORCH, MESSAGE_NEWS, GObject)

PorchMessageNews  *porch_message_news_new                  (GApplication  *application,
                                                            PorchEngine   *engine,
                                                            GSettings     *settings);
GNotification     *porch_message_news_create_notification  (PorchSite     *site,
                                                            GPtrArray     *messages);

G_END_DECLS
