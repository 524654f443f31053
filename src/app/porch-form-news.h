/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "porch-engine.h"

G_BEGIN_DECLS

#define PORCH_TYPE_FORM_NEWS (porch_form_news_get_type ())

G_DECLARE_FINAL_TYPE (PorchFormNews, porch_form_news, PORCH, FORM_NEWS, GObject)

PorchFormNews *porch_form_news_new (GApplication *application,
                                    PorchEngine  *engine);

G_END_DECLS
