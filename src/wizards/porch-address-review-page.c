/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-review-page.h"

#include <glib/gi18n.h>

#include "porch-error.h"
#include "porch-widget-util.h"

/* The whole plan in plain words, what is in its way, and what it costs. Nothing is replaced that nobody has agreed to. */
struct _PorchAddressReviewPage
{
  PorchWizardPage    parent_instance;

  AdwPreferencesGroup *conflict_group;
  GtkListBox        *conflict_list;
  AdwActionRow      *name_row;
  AdwActionRow      *other_row;
  AdwActionRow      *way_row;
  GtkWidget         *certificate_row;
  AdwActionRow      *owner_row;
  AdwActionRow      *cost_row;
  AdwSwitchRow      *renew_row;

  PorchAddressPlan  *plan;
  PorchDomainShop   *shop;
  DexFuture         *looking;
};

G_DEFINE_FINAL_TYPE (PorchAddressReviewPage, porch_address_review_page, PORCH_TYPE_WIZARD_PAGE)

static const struct
{
  const char *icon;
  const char *style;
  const char *words;
} looks[] = {
  [PORCH_ADDRESS_CONFLICT_AGREE] = { "dialog-warning-symbolic", "warning", NC_("finding", "Warning") },
  [PORCH_ADDRESS_CONFLICT_STOP] = { "dialog-error-symbolic", "error", NC_("finding", "Has to be fixed") },
  [PORCH_ADDRESS_CONFLICT_HINT] = { "dialog-information-symbolic", "accent", NC_("finding", "Hint") },
};

static GtkWidget *
create_conflict_row (gpointer item,
                     gpointer user_data)
{
  PorchAddressConflict *conflict = item;
  PorchAddressConflictKind kind = porch_address_conflict_get_kind (conflict);
  const char *cause = porch_address_conflict_get_cause (conflict);
  const char *remedy = porch_address_conflict_get_remedy (conflict);
  const char *words = g_dpgettext2 (NULL, "finding", looks[kind].words);
  gboolean agree = kind == PORCH_ADDRESS_CONFLICT_AGREE;
  GtkWidget *row = agree ? adw_switch_row_new () : adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name (looks[kind].icon);
  g_autofree char *text = g_strjoin (cause != NULL && remedy != NULL ? "\n" : "", cause != NULL ? cause : "",
                                     remedy != NULL ? remedy : "", NULL);

  gtk_widget_add_css_class (icon, looks[kind].style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_address_conflict_get_title (conflict));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);

  if (agree)
    g_object_bind_property (conflict, "agreed", row, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);

  return row;
}

static char *
describe_way (PorchAddressReviewPage *self)
{
  PorchDomainSurvey *survey = porch_address_plan_get_survey (self->plan);
  PorchDomainHost *host = survey != NULL ? porch_domain_survey_get_host (survey) : NULL;
  const char *name = host != NULL ? porch_domain_host_get_name (host) : NULL;
  g_autofree char *isolated = name != NULL ? porch_isolate (name) : NULL;

  switch (porch_address_plan_get_way (self->plan))
    {
    case PORCH_ADDRESS_ACCOUNT:
      return g_strdup (_("In your account, as before"));
    case PORCH_ADDRESS_MOVE:
      if (isolated != NULL)
        /* Translators: the placeholder is the name of a company */
        return g_strdup_printf (_("Moves from %s into your account"), isolated);

      return g_strdup (_("Moves into your account"));
    case PORCH_ADDRESS_ELSEWHERE:
      if (isolated != NULL)
        /* Translators: the placeholder is the name of a company */
        return g_strdup_printf (_("Stays at %s, where you enter a few records"), isolated);

      return g_strdup (_("Stays where it is; you enter a few records there"));
    case PORCH_ADDRESS_BUY:
      return g_strdup (_("In your account"));
    case PORCH_ADDRESS_FREE:
    default:
      return g_strdup (_("Nowhere: it belongs to the site"));
    }
}

static char *
describe_owner (PorchAddressReviewPage *self)
{
  PorchDomainContact *contact = porch_address_plan_get_contact (self->plan);
  g_autofree char *name = NULL;
  g_autofree char *mail = NULL;

  if (contact == NULL || porch_address_plan_get_way (self->plan) != PORCH_ADDRESS_BUY)
    return NULL;

  name = g_strdup_printf ("%s %s", porch_domain_contact_get (contact, PORCH_DOMAIN_CONTACT_FIRST_NAME),
                          porch_domain_contact_get (contact, PORCH_DOMAIN_CONTACT_LAST_NAME));
  mail = porch_isolate (porch_domain_contact_get (contact, PORCH_DOMAIN_CONTACT_MAIL));

  /* Translators: the first placeholder is the name of a person, the second a mail address */
  return g_strdup_printf (_("%s, %s. Not shown to the public."), name, mail);
}

static char *
describe_cost (PorchAddressReviewPage *self)
{
  PorchDomainOffer *offer = porch_address_plan_get_offer (self->plan);
  PorchSite *site = porch_address_plan_get_site (self->plan);
  g_autofree char *price = NULL;
  g_autofree char *renewal = NULL;

  if (porch_account_is_practice (porch_site_get_account (site)))
    return g_strdup (_("Nothing: this is practice, and nothing is really bought."));

  switch (porch_address_plan_get_way (self->plan))
    {
    case PORCH_ADDRESS_BUY:
      price = porch_domain_shop_format_price (porch_domain_offer_get_price (offer), porch_domain_offer_get_currency (offer));
      renewal = porch_domain_shop_format_price (porch_domain_offer_get_renewal (offer), porch_domain_offer_get_currency (offer));
      /* Translators: the placeholders are prices */
      return g_strdup_printf (_("%s for the first year, now, then %s a year, and 50 US cents a month for looking after the name. "
                                "All of it is charged to your account; taxes may be added."), price, renewal);
    case PORCH_ADDRESS_MOVE:
      return g_strdup (_("50 US cents a month for looking after the name. What you pay for the name itself stays as it is."));
    case PORCH_ADDRESS_ACCOUNT:
    case PORCH_ADDRESS_ELSEWHERE:
    case PORCH_ADDRESS_FREE:
    default:
      return g_strdup (_("Nothing more than now"));
    }
}

static char *
dup_button_label (PorchAddressReviewPage *self)
{
  PorchDomainOffer *offer = porch_address_plan_get_offer (self->plan);
  g_autofree char *price = NULL;

  switch (porch_address_plan_get_way (self->plan))
    {
    case PORCH_ADDRESS_BUY:
      price = porch_domain_shop_format_price (porch_domain_offer_get_price (offer), porch_domain_offer_get_currency (offer));
      /* Translators: the placeholder is a price */
      return g_strdup_printf (_("_Buy for %s"), price);
    case PORCH_ADDRESS_FREE:
      return g_strdup (_("_Go Back to It"));
    case PORCH_ADDRESS_ACCOUNT:
    case PORCH_ADDRESS_MOVE:
    case PORCH_ADDRESS_ELSEWHERE:
    default:
      return g_strdup (_("_Set It Up"));
    }
}

static void
set_row (AdwActionRow *row,
         const char   *text)
{
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL);
  adw_action_row_set_subtitle (row, text != NULL ? text : "");
}

static void
update_names (PorchAddressReviewPage *self)
{
  g_autoptr(PorchDomainName) main = NULL;
  g_autoptr(PorchDomainName) other = NULL;

  if (porch_address_plan_get_way (self->plan) == PORCH_ADDRESS_FREE)
    {
      PorchSite *site = porch_address_plan_get_site (self->plan);
      g_autofree char *host = porch_host_words (porch_site_get_free_address (site));

      set_row (self->name_row, host);
      set_row (self->other_row, NULL);
      return;
    }

  main = porch_address_plan_dup_canonical (self->plan);
  other = porch_address_plan_dup_other (self->plan);
  set_row (self->name_row, porch_domain_name_get_shown (main));
  set_row (self->other_row, other != NULL ? porch_domain_name_get_shown (other) : NULL);
}

static void
update (PorchAddressReviewPage *self)
{
  PorchAddressWay way = porch_address_plan_get_way (self->plan);
  g_autofree char *way_words = describe_way (self);
  g_autofree char *owner = describe_owner (self);
  g_autofree char *cost = describe_cost (self);
  g_autofree char *label = dup_button_label (self);

  update_names (self);
  set_row (self->way_row, way_words);
  set_row (self->owner_row, owner);
  set_row (self->cost_row, cost);
  gtk_widget_set_visible (self->certificate_row, way != PORCH_ADDRESS_FREE);
  gtk_widget_set_visible (GTK_WIDGET (self->renew_row), way == PORCH_ADDRESS_BUY);
  adw_switch_row_set_active (self->renew_row, porch_address_plan_get_auto_renew (self->plan));
  g_object_set (self, "continue-label", label, NULL);
}

static void
conflicts_changed_cb (PorchAddressReviewPage *self)
{
  GListModel *conflicts = porch_address_plan_list_conflicts (self->plan);
  guint n_conflicts = g_list_model_get_n_items (conflicts);
  gboolean agree = FALSE;

  for (guint i = 0; i < n_conflicts; i++)
    {
      g_autoptr(PorchAddressConflict) conflict = g_list_model_get_item (conflicts, i);

      agree = agree || porch_address_conflict_get_kind (conflict) == PORCH_ADDRESS_CONFLICT_AGREE;
    }

  adw_preferences_group_set_description (self->conflict_group,
                                         agree ? _("Switch on what you agree to. Before that, nothing is begun.") : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_group), n_conflicts > 0);
}

static DexFuture *
looked_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchAddressReviewPage *self = user_data;
  g_autoptr(GError) error = NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "review.look-again", TRUE);

  if (dex_future_get_value (future, &error) == NULL && !porch_error_is_cancelled (error))
    {
      g_autoptr(PorchProblem) problem = porch_problem_from_error (error);
      g_autofree char *line = porch_problem_to_line (problem);

      porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), line);
    }

  return NULL;
}

/* Somebody has put something right elsewhere */
static void
look_again_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  PorchAddressReviewPage *self = PORCH_ADDRESS_REVIEW_PAGE (widget);

  gtk_widget_action_set_enabled (widget, "review.look-again", FALSE);
  porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), NULL);
  porch_address_plan_set_survey (self->plan, NULL);
  dex_clear (&self->looking);
  self->looking = dex_future_finally (porch_address_plan_look (self->plan), looked_cb, self, NULL);
}

static void
renew_changed_cb (PorchAddressReviewPage *self)
{
  if (self->plan != NULL)
    porch_address_plan_set_auto_renew (self->plan, adw_switch_row_get_active (self->renew_row));
}

static gboolean
has_same_price (PorchDomainOffer *offer,
                PorchDomainOffer *other)
{
  return porch_domain_offer_get_price (offer) == porch_domain_offer_get_price (other) &&
         porch_domain_offer_get_renewal (offer) == porch_domain_offer_get_renewal (other) &&
         g_strcmp0 (porch_domain_offer_get_currency (offer), porch_domain_offer_get_currency (other)) == 0;
}

/* What was agreed to is asked for once more; nobody pays a price that was not on this page */
static DexFuture *
quoted_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchAddressReviewPage *self = user_data;
  PorchDomainOffer *agreed = porch_address_plan_get_offer (self->plan);
  PorchDomainOffer *offer = g_value_get_object (dex_future_get_value (future, NULL));

  if (porch_domain_offer_get_state (offer) != PORCH_DOMAIN_OFFER_AVAILABLE)
    {
      porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), porch_domain_offer_get_sentence (offer));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown in the banner");
    }

  if (!has_same_price (agreed, offer))
    {
      porch_address_plan_set_offer (self->plan, offer);
      update (self);
      porch_wizard_page_set_error (PORCH_WIZARD_PAGE (self), _("The price has changed just now. Look at it again."));

      return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shown in the banner");
    }

  return dex_future_new_true ();
}

static DexFuture *
porch_address_review_page_check (PorchWizardPage *page)
{
  PorchAddressReviewPage *self = PORCH_ADDRESS_REVIEW_PAGE (page);
  PorchDomainOffer *offer = porch_address_plan_get_offer (self->plan);

  if (porch_address_plan_get_way (self->plan) != PORCH_ADDRESS_BUY)
    return NULL;

  return dex_future_then (porch_domain_shop_quote (self->shop, porch_domain_offer_get_name (offer)),
                          quoted_cb, g_object_ref (self), g_object_unref);
}

static void
porch_address_review_page_dispose (GObject *object)
{
  PorchAddressReviewPage *self = PORCH_ADDRESS_REVIEW_PAGE (object);

  dex_clear (&self->looking);

  if (self->conflict_list != NULL)
    gtk_list_box_bind_model (self->conflict_list, NULL, NULL, NULL, NULL);

  g_clear_object (&self->shop);
  g_clear_object (&self->plan);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_REVIEW_PAGE);

  G_OBJECT_CLASS (porch_address_review_page_parent_class)->dispose (object);
}

static void
porch_address_review_page_class_init (PorchAddressReviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_address_review_page_dispose;

  page_class->check = porch_address_review_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, conflict_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, conflict_list);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, other_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, way_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, owner_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, cost_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressReviewPage, renew_row);
  gtk_widget_class_bind_template_callback (widget_class, renew_changed_cb);

  gtk_widget_class_install_action (widget_class, "review.look-again", NULL, look_again_action);
}

static void
porch_address_review_page_init (PorchAddressReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_review_page_new:
 * @plan: all that was chosen
 *
 * Returns: the last page before anything happens
 */
PorchAddressReviewPage *
porch_address_review_page_new (PorchAddressPlan *plan)
{
  PorchAddressReviewPage *self;
  GListModel *conflicts;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_REVIEW_PAGE, NULL);
  self->plan = g_object_ref (plan);
  self->shop = porch_domain_shop_new (porch_site_get_account (porch_address_plan_get_site (plan)));
  conflicts = porch_address_plan_list_conflicts (plan);
  gtk_list_box_bind_model (self->conflict_list, conflicts, create_conflict_row, NULL, NULL);
  g_signal_connect_object (conflicts, "items-changed", G_CALLBACK (conflicts_changed_cb), self, G_CONNECT_SWAPPED);
  g_object_bind_property (plan, "ready", self, "complete", G_BINDING_SYNC_CREATE);
  conflicts_changed_cb (self);
  update (self);

  return self;
}
