/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-dialog.h"

#include <glib/gi18n.h>

#include "porch-address-contact-page.h"
#include "porch-address-leave-page.h"
#include "porch-address-look-page.h"
#include "porch-address-move-page.h"
#include "porch-address-name-page.h"
#include "porch-address-operation.h"
#include "porch-address-plan.h"
#include "porch-address-progress-page.h"
#include "porch-address-review-page.h"
#include "porch-address-shop-page.h"
#include "porch-address-way-page.h"
#include "porch-engine.h"
#include "porch-widget-util.h"

/* Gives a site an address, step by step. Nothing is changed or bought before the last page; from there on the work goes on
 * without the dialog.
 */
struct _PorchAddressDialog
{
  AdwDialog           parent_instance;

  AdwNavigationView  *view;

  PorchSite          *site;
  PorchAddressPlan   *plan;
};

G_DEFINE_FINAL_TYPE (PorchAddressDialog, porch_address_dialog, ADW_TYPE_DIALOG)

static void
push (PorchAddressDialog *self,
      gpointer            page,
      GCallback           continued)
{
  g_signal_connect_object (page, "continued", continued, self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, page);
}

static void
show_progress (PorchAddressDialog *self,
               PorchOperation     *operation)
{
  PorchAddressProgressPage *page = porch_address_progress_page_new (operation);

  adw_navigation_view_replace (self->view, (AdwNavigationPage *[]) { ADW_NAVIGATION_PAGE (page) }, 1);
}

static void
reviewed_cb (PorchAddressDialog *self)
{
  show_progress (self, porch_site_change_address (self->site, self->plan));
}

static void
show_review (PorchAddressDialog *self)
{
  push (self, porch_address_review_page_new (self->plan), G_CALLBACK (reviewed_cb));
}

static void
show_contact (PorchAddressDialog *self)
{
  push (self, porch_address_contact_page_new (self->plan), G_CALLBACK (show_review));
}

static void
show_shop (PorchAddressDialog *self)
{
  push (self, porch_address_shop_page_new (self->plan), G_CALLBACK (show_contact));
}

static void
show_move (PorchAddressDialog *self)
{
  push (self, porch_address_move_page_new (self->plan), G_CALLBACK (show_review));
}

static void
show_leave (PorchAddressDialog *self)
{
  PorchAddressLeavePage *page = porch_address_leave_page_new (self->plan);

  g_signal_connect_object (page, "move-instead", G_CALLBACK (show_move), self, G_CONNECT_SWAPPED);
  push (self, page, G_CALLBACK (show_review));
}

static void
looked_cb (PorchAddressDialog *self)
{
  switch (porch_address_plan_get_way (self->plan))
    {
    case PORCH_ADDRESS_MOVE:
      show_move (self);
      break;
    case PORCH_ADDRESS_ELSEWHERE:
      show_leave (self);
      break;
    case PORCH_ADDRESS_BUY:
      show_shop (self);
      break;
    case PORCH_ADDRESS_ACCOUNT:
    case PORCH_ADDRESS_FREE:
    default:
      show_review (self);
      break;
    }
}

static void
show_look (PorchAddressDialog *self)
{
  push (self, porch_address_look_page_new (self->plan), G_CALLBACK (looked_cb));
}

static void
show_name (PorchAddressDialog *self)
{
  push (self, porch_address_name_page_new (self->plan), G_CALLBACK (show_look));
}

/* A site that has no other address keeps the one it has, and nothing is left to do */
static void
show_kept (PorchAddressDialog *self)
{
  GtkWidget *status_page = adw_status_page_new ();
  GtkWidget *view = adw_toolbar_view_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Done"));
  g_autofree char *host = porch_host_words (porch_site_get_free_address (self->site));
  g_autofree char *text = g_markup_printf_escaped (_("%s\nIt costs nothing and works for as long as the site is there."),
                                                   host != NULL ? host : "");

  adw_status_page_set_icon_name (ADW_STATUS_PAGE (status_page), "porchlight-address-symbolic");
  adw_status_page_set_title (ADW_STATUS_PAGE (status_page), _("The Address Stays as It Is"));
  adw_status_page_set_description (ADW_STATUS_PAGE (status_page), text);
  adw_status_page_set_child (ADW_STATUS_PAGE (status_page), button);
  gtk_widget_add_css_class (status_page, "compact");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "window.close");
  adw_toolbar_view_add_top_bar (ADW_TOOLBAR_VIEW (view), adw_header_bar_new ());
  adw_toolbar_view_set_content (ADW_TOOLBAR_VIEW (view), status_page);
  adw_navigation_view_push (self->view, adw_navigation_page_new (view, _("Internet Address")));
}

static void
keep_free_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  PorchAddressDialog *self = PORCH_ADDRESS_DIALOG (widget);

  if (porch_site_get_own_address (self->site) == NULL)
    {
      show_kept (self);
      return;
    }

  porch_address_plan_set_way (self->plan, PORCH_ADDRESS_FREE);
  show_review (self);
}

static void
have_one_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  show_name (PORCH_ADDRESS_DIALOG (widget));
}

static void
find_one_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  show_shop (PORCH_ADDRESS_DIALOG (widget));
}

static void
show_ways (PorchAddressDialog *self)
{
  PorchAddressWayPage *page = porch_address_way_page_new (self->plan);

  g_signal_connect_object (page, "zone-chosen", G_CALLBACK (show_name), self, G_CONNECT_SWAPPED);
  adw_navigation_view_push (self->view, ADW_NAVIGATION_PAGE (page));
}

static void
porch_address_dialog_dispose (GObject *object)
{
  PorchAddressDialog *self = PORCH_ADDRESS_DIALOG (object);

  g_clear_object (&self->site);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_DIALOG);

  G_OBJECT_CLASS (porch_address_dialog_parent_class)->dispose (object);
}

static void
porch_address_dialog_class_init (PorchAddressDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_address_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressDialog, view);

  gtk_widget_class_install_action (widget_class, "address.keep-free", NULL, keep_free_action);
  gtk_widget_class_install_action (widget_class, "address.have-one", NULL, have_one_action);
  gtk_widget_class_install_action (widget_class, "address.find-one", NULL, find_one_action);
}

static void
porch_address_dialog_init (PorchAddressDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_dialog_new:
 * @site: a site
 *
 * Returns: the assistant that gives @site an address, to be presented
 */
PorchAddressDialog *
porch_address_dialog_new (PorchSite *site)
{
  PorchAddressDialog *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_DIALOG, NULL);
  self->site = g_object_ref (site);
  self->plan = porch_address_plan_new (site);
  show_ways (self);

  return self;
}

/**
 * porch_address_dialog_new_for_work:
 * @operation: a [class@Porch.AddressOperation]
 *
 * Returns: the last page alone, for an address that is being set up
 */
PorchAddressDialog *
porch_address_dialog_new_for_work (PorchOperation *operation)
{
  PorchAddressDialog *self;

  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (operation), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_DIALOG, NULL);
  g_set_object (&self->site, porch_operation_get_site (operation));
  show_progress (self, operation);

  return self;
}

/* The site whose address it is; NULL if that is gone. */
PorchSite *
porch_address_dialog_get_site (PorchAddressDialog *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_DIALOG (self), NULL);

  return self->site;
}

/**
 * porch_address_find_work:
 * @site: a site
 *
 * Returns: (transfer none) (nullable): the [class@Porch.AddressOperation] of @site that is not done yet
 */
PorchOperation *
porch_address_find_work (PorchSite *site)
{
  GListModel *operations;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  operations = porch_engine_get_operations (porch_site_get_engine (site));

  for (guint i = 0; i < g_list_model_get_n_items (operations); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (operations, i);

      if (PORCH_IS_ADDRESS_OPERATION (operation) && porch_operation_get_site (operation) == site &&
          porch_operation_get_state (operation) != PORCH_OPERATION_DONE)
        return operation;
    }

  return NULL;
}
