/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PORCH_TYPE_TEMPLATE_CARD (porch_template_card_get_type ())

G_DECLARE_FINAL_TYPE (PorchTemplateCard, porch_template_card, PORCH, TEMPLATE_CARD, GtkToggleButton)

PorchTemplateCard *porch_template_card_new             (const char        *id,
                                                        const char        *title,
                                                        const char        *description,
                                                        const char        *picture);
const char        *porch_template_card_get_id          (PorchTemplateCard *self);
void               porch_template_card_set_title       (PorchTemplateCard *self,
                                                        const char        *title);
void               porch_template_card_set_description (PorchTemplateCard *self,
                                                        const char        *description);

G_END_DECLS
