/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-review-page.h"

#include <glib/gi18n.h>

#include "porch-account.h"
#include "porch-template.h"
#include "porch-widget-util.h"

/* The whole plan in plain words, before anything happens. */
struct _PorchReviewPage
{
  PorchWizardPage  parent_instance;

  AdwActionRow    *name_row;
  AdwActionRow    *start_row;
  AdwActionRow    *form_row;
  AdwActionRow    *where_row;
  AdwActionRow    *cost_row;
};

G_DEFINE_FINAL_TYPE (PorchReviewPage, porch_review_page, PORCH_TYPE_WIZARD_PAGE)

static char *
describe_start (PorchPlan *plan)
{
  GFile *folder = porch_plan_get_source (plan) != NULL ? porch_plan_get_source (plan) : porch_plan_get_folder (plan);
  g_autoptr(PorchTemplate) template = NULL;
  g_autofree char *name = NULL;

  if (folder == NULL)
    {
      template = porch_template_find (porch_plan_get_template (plan));

      return g_strdup (template != NULL ? porch_template_get_title (template) : "");
    }

  name = g_file_get_parse_name (folder);

  return porch_isolate (name);
}

static char *
describe_form (PorchPlan *plan)
{
  g_autofree char *mail = NULL;

  if (!porch_plan_get_with_form (plan))
    return g_strdup (_("None"));

  if (porch_plan_get_mail_to (plan) == NULL)
    return g_strdup (_("Messages appear in Porchlight"));

  mail = porch_isolate (porch_plan_get_mail_to (plan));

  /* Translators: the placeholder is a mail address */
  return g_strdup_printf (_("Messages appear in Porchlight and are sent to %s"), mail);
}

static char *
describe_place (PorchPlan *plan)
{
  PorchAccount *account = porch_plan_get_account (plan);
  g_autofree char *name = NULL;

  if (porch_account_is_practice (account))
    return g_strdup (_("On this computer, for practice. Nobody else can see it."));

  name = porch_isolate (porch_account_get_name (account));

  /* Translators: the first placeholder is the name of an account, the second a place such as Europe (Frankfurt) */
  return g_strdup_printf (_("In your account %s, %s. Everybody can see it."), name,
                          porch_account_describe_region (porch_plan_get_region (plan)));
}

static const char *
describe_cost (PorchPlan *plan)
{
  if (porch_account_is_practice (porch_plan_get_account (plan)))
    return _("Nothing");

  return _("Usually less than one US dollar a month for a small site. It is billed to your account by its provider; "
           "Porchlight itself costs nothing.");
}

static DexFuture *
porch_review_page_check (PorchWizardPage *page)
{
  return porch_plan_check (porch_wizard_page_get_plan (page));
}

static void
porch_review_page_map (GtkWidget *widget)
{
  PorchReviewPage *self = PORCH_REVIEW_PAGE (widget);
  PorchPlan *plan = porch_wizard_page_get_plan (PORCH_WIZARD_PAGE (widget));
  g_autofree char *start = describe_start (plan);
  g_autofree char *form = describe_form (plan);
  g_autofree char *place = describe_place (plan);

  adw_action_row_set_subtitle (self->start_row, start);
  adw_action_row_set_subtitle (self->form_row, form);
  adw_action_row_set_subtitle (self->where_row, place);
  adw_action_row_set_subtitle (self->cost_row, describe_cost (plan));

  GTK_WIDGET_CLASS (porch_review_page_parent_class)->map (widget);
}

static void
porch_review_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_REVIEW_PAGE);

  G_OBJECT_CLASS (porch_review_page_parent_class)->dispose (object);
}

static void
porch_review_page_class_init (PorchReviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->dispose = porch_review_page_dispose;

  widget_class->map = porch_review_page_map;

  page_class->check = porch_review_page_check;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, start_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, form_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, where_row);
  gtk_widget_class_bind_template_child (widget_class, PorchReviewPage, cost_row);
}

static void
porch_review_page_init (PorchReviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
