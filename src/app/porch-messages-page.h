/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "porch-site.h"

G_BEGIN_DECLS

#define PORCH_TYPE_MESSAGES_PAGE (porch_messages_page_get_type ())

G_DECLARE_FINAL_TYPE (PorchMessagesPage, porch_messages_page, PORCH, MESSAGES_PAGE, AdwBin)

PorchSite *porch_messages_page_get_site (PorchMessagesPage *self);
void       porch_messages_page_set_site (PorchMessagesPage *self,
                                         PorchSite         *site);

void        porch_messages_page_show      (PorchMessagesPage *self,
                                           const char        *id);
void        porch_messages_page_show_view (PorchMessagesPage *self,
                                           const char        *view);

G_END_DECLS
