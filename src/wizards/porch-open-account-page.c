/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-open-account-page.h"

#include "porch-widget-util.h"

/* Both lead to the sign-up and to the terms of the day, whichever of its forms the visitor is offered */
#define SIGN_UP_PAGE "https://portal.aws.amazon.com/billing/signup"
#define PLANS_PAGE "https://aws.amazon.com/free/"

/* How to open an account, step by step, and what it costs. */
struct _PorchOpenAccountPage
{
  AdwNavigationPage parent_instance;
};

G_DEFINE_FINAL_TYPE (PorchOpenAccountPage, porch_open_account_page, ADW_TYPE_NAVIGATION_PAGE)

static void
sign_up_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  porch_widget_open_uri (widget, SIGN_UP_PAGE);
}

static void
plans_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  porch_widget_open_uri (widget, PLANS_PAGE);
}

static void
porch_open_account_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_OPEN_ACCOUNT_PAGE);

  G_OBJECT_CLASS (porch_open_account_page_parent_class)->dispose (object);
}

static void
porch_open_account_page_class_init (PorchOpenAccountPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_open_account_page_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-open-account-page.ui");

  gtk_widget_class_install_action (widget_class, "open-account.sign-up", NULL, sign_up_action);
  gtk_widget_class_install_action (widget_class, "open-account.plans", NULL, plans_action);
}

static void
porch_open_account_page_init (PorchOpenAccountPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
