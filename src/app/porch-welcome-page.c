/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-welcome-page.h"

/* The first thing anybody sees. */
struct _PorchWelcomePage
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (PorchWelcomePage, porch_welcome_page, ADW_TYPE_BIN)

static void
porch_welcome_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_WELCOME_PAGE);

  G_OBJECT_CLASS (porch_welcome_page_parent_class)->dispose (object);
}

static void
porch_welcome_page_class_init (PorchWelcomePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_welcome_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-welcome-page.ui");
}

static void
porch_welcome_page_init (PorchWelcomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
