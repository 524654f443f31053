/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-shop-page.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-widget-util.h"

/* How long somebody has to stop typing before the shop is asked */
#define TYPING_MSEC 400

/* Which names are free and what they cost. It searches while one types. */
struct _PorchAddressShopPage
{
  PorchWizardPage    parent_instance;

  AdwEntryRow       *search_row;
  GtkWidget         *search_spinner;
  GtkLabel          *search_error;
  GtkWidget         *offer_group;
  GtkListBox        *offer_list;

  PorchAddressPlan  *plan;
  PorchDomainShop   *shop;
  GtkCheckButton    *first_check;
  DexFuture         *searching;
  guint              typing_id;
};

G_DEFINE_FINAL_TYPE (PorchAddressShopPage, porch_address_shop_page, PORCH_TYPE_WIZARD_PAGE)

static void
choose (PorchAddressShopPage *self,
        PorchDomainOffer     *offer)
{
  porch_address_plan_set_offer (self->plan, offer);

  if (offer != NULL)
    porch_address_plan_set_name (self->plan, porch_domain_offer_get_name (offer));

  porch_wizard_page_set_complete (PORCH_WIZARD_PAGE (self), offer != NULL);
}

static void
check_changed_cb (PorchAddressShopPage *self,
                  GParamSpec           *pspec,
                  GtkCheckButton       *check)
{
  if (gtk_check_button_get_active (check))
    choose (self, g_object_get_data (G_OBJECT (check), "offer"));
}

static void
add_check (PorchAddressShopPage *self,
           GtkWidget            *row,
           PorchDomainOffer     *offer)
{
  GtkWidget *check = gtk_check_button_new ();

  gtk_widget_set_valign (check, GTK_ALIGN_CENTER);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->first_check);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, porch_domain_offer_get_shown (offer),
                                  -1);
  g_object_set_data_full (G_OBJECT (check), "offer", g_object_ref (offer), g_object_unref);
  g_signal_connect_object (check, "notify::active", G_CALLBACK (check_changed_cb), self, G_CONNECT_SWAPPED);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), check);

  if (self->first_check == NULL)
    self->first_check = GTK_CHECK_BUTTON (check);
}

static GtkWidget *
create_row (PorchAddressShopPage *self,
            PorchDomainOffer     *offer)
{
  gboolean available = porch_domain_offer_get_state (offer) == PORCH_DOMAIN_OFFER_AVAILABLE;
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_domain_offer_get_shown (offer));
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);

  if (available)
    {
      g_autofree char *price = porch_domain_offer_dup_price_words (offer);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), price);
      add_check (self, row, offer);
    }
  else
    {
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), porch_domain_offer_get_sentence (offer));
      gtk_widget_set_sensitive (row, FALSE);
    }

  return row;
}

static void
show_offers (PorchAddressShopPage *self,
             GListModel           *offers)
{
  guint n_available = 0;
  g_autofree char *text = NULL;

  gtk_list_box_remove_all (self->offer_list);
  self->first_check = NULL;
  choose (self, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (offers); i++)
    {
      g_autoptr(PorchDomainOffer) offer = g_list_model_get_item (offers, i);

      gtk_list_box_append (self->offer_list, create_row (self, offer));

      if (porch_domain_offer_get_state (offer) == PORCH_DOMAIN_OFFER_AVAILABLE)
        n_available++;

      /* The very name that was typed is what most people want */
      if (i == 0 && self->first_check != NULL)
        gtk_check_button_set_active (self->first_check, TRUE);
    }

  gtk_widget_set_visible (self->offer_group, g_list_model_get_n_items (offers) > 0);
  text = g_strdup_printf (ngettext ("%u address is free", "%u addresses are free", n_available), n_available);
  porch_widget_announce (GTK_WIDGET (self), text);
}

static DexFuture *
searched_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchAddressShopPage *self = user_data;
  g_autoptr(GError) error = NULL;
  const GValue *value = dex_future_get_value (future, &error);

  gtk_widget_set_visible (self->search_spinner, FALSE);

  if (value != NULL)
    {
      show_offers (self, g_value_get_object (value));
    }
  else if (!porch_error_is_cancelled (error))
    {
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
      g_autofree char *line = porch_problem_to_line (problem);

      choose (self, NULL);
      gtk_widget_set_visible (self->offer_group, FALSE);
      porch_row_set_error (GTK_WIDGET (self->search_row), self->search_error, line);
    }

  return NULL;
}

static void
search (PorchAddressShopPage *self)
{
  const char *typed = gtk_editable_get_text (GTK_EDITABLE (self->search_row));
  g_autofree char *text = g_strstrip (g_strdup (typed));

  g_clear_handle_id (&self->typing_id, g_source_remove);
  dex_clear (&self->searching);
  gtk_widget_set_visible (self->search_spinner, *text != '\0');

  if (*text != '\0')
    self->searching = dex_future_finally (porch_domain_shop_search (self->shop, text), searched_cb, self, NULL);
  else
    gtk_widget_set_visible (self->offer_group, FALSE);
}

static void
typed_cb (gpointer user_data)
{
  PorchAddressShopPage *self = user_data;

  self->typing_id = 0;
  search (self);
}

static void
search_changed_cb (PorchAddressShopPage *self)
{
  porch_row_set_error (GTK_WIDGET (self->search_row), self->search_error, NULL);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
  choose (self, NULL);
  g_clear_handle_id (&self->typing_id, g_source_remove);
  self->typing_id = g_timeout_add_once (TYPING_MSEC, typed_cb, self);
}

static void
search_now_cb (PorchAddressShopPage *self)
{
  search (self);
}

static DexFuture *
porch_address_shop_page_check (PorchWizardPage *page)
{
  PorchAddressShopPage *self = PORCH_ADDRESS_SHOP_PAGE (page);

  porch_address_plan_set_way (self->plan, PORCH_ADDRESS_BUY);

  return porch_address_plan_check_name (self->plan);
}

static void
porch_address_shop_page_dispose (GObject *object)
{
  PorchAddressShopPage *self = PORCH_ADDRESS_SHOP_PAGE (object);

  g_clear_handle_id (&self->typing_id, g_source_remove);
  dex_clear (&self->searching);
  g_clear_object (&self->shop);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_SHOP_PAGE);

  G_OBJECT_CLASS (porch_address_shop_page_parent_class)->dispose (object);
}

static void
porch_address_shop_page_class_init (PorchAddressShopPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_address_shop_page_dispose;


  page_class->check = porch_address_shop_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-shop-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressShopPage, search_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressShopPage, search_spinner);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressShopPage, search_error);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressShopPage, offer_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressShopPage, offer_list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_now_cb);
}

static void
porch_address_shop_page_init (PorchAddressShopPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  porch_page_begin_at (ADW_NAVIGATION_PAGE (self), GTK_WIDGET (self->search_row));
}

/**
 * porch_address_shop_page_new:
 * @plan: what the person chooses goes in here; its name, if it has one, is searched for at once
 *
 * Returns: a page that searches for names that can be bought
 */
PorchAddressShopPage *
porch_address_shop_page_new (PorchAddressPlan *plan)
{
  PorchAddressShopPage *self;
  PorchDomainName *name;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_SHOP_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->shop = porch_domain_shop_new (porch_site_get_account (porch_address_plan_get_site (plan)));
  name = porch_address_plan_get_name (plan);

  if (name != NULL)
    {
      g_autofree char *shown = porch_domain_name_show (porch_domain_name_get_registrable (name));

      gtk_editable_set_text (GTK_EDITABLE (self->search_row), shown);
      search (self);
    }

  return self;
}
