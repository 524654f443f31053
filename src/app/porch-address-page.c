/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-page.h"

#include <glib/gi18n.h>

#include "porch-address-dialog.h"
#include "porch-certificate.h"
#include "porch-confirm-row.h"
#include "porch-doctor-view.h"
#include "porch-engine.h"
#include "porch-operation-card.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

/* The address of a site: what it is, how well it works and what to do if it does not, and its certificate. */
struct _PorchAddressPage
{
  AdwNavigationPage    parent_instance;

  PorchOperationCard  *operation_card;
  AdwActionRow        *own_row;
  GtkWidget           *lock_image;
  AdwActionRow        *other_row;
  AdwActionRow        *way_row;
  AdwActionRow        *free_row;
  GtkWidget           *free_label;
  GtkButton           *change_button;
  PorchDoctorView     *doctor_view;
  GtkWidget           *certificate_group;
  AdwActionRow        *problem_row;
  AdwActionRow        *certificate_row;
  AdwActionRow        *names_row;
  AdwActionRow        *expires_row;

  PorchSite           *site;
};

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchAddressPage, porch_address_page, ADW_TYPE_NAVIGATION_PAGE)

static const char *
describe_way (PorchAddress *address)
{
  switch (porch_address_get_way (address))
    {
    case PORCH_ADDRESS_ACCOUNT:
    case PORCH_ADDRESS_MOVE:
      return _("In your account. Porchlight does all that has to be done.");
    case PORCH_ADDRESS_BUY:
      return _("In your account, where it was bought. Porchlight does all that has to be done.");
    case PORCH_ADDRESS_ELSEWHERE:
      return _("At another company. What has to be entered there is shown here.");
    case PORCH_ADDRESS_FREE:
    default:
      return _("It belongs to the site.");
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
update_certificate (PorchAddressPage *self)
{
  PorchCertificate *certificate = porch_site_get_certificate (self->site);
  PorchProblem *problem = certificate != NULL ? porch_certificate_get_problem (certificate) : NULL;
  GDateTime *expires = certificate != NULL ? porch_certificate_get_expires (certificate) : NULL;
  g_autoptr(GPtrArray) names = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->certificate_group, certificate != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_row), problem != NULL);

  if (certificate == NULL)
    return;

  if (problem != NULL)
    {
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->problem_row), porch_problem_get_title (problem));
      adw_action_row_set_subtitle (self->problem_row, porch_problem_get_body (problem));
    }

  for (const char * const *name = porch_certificate_get_names (certificate); name != NULL && *name != NULL; name++)
    g_ptr_array_add (names, porch_domain_name_show (*name));

  text = g_strjoinv ("\n", (char **) names->pdata);
  day = expires != NULL ? porch_day_words (expires, now) : NULL;
  set_row (self->certificate_row, porch_certificate_get_sentence (certificate));
  set_row (self->names_row, *text != '\0' ? text : NULL);
  set_row (self->expires_row, day);
}

static void
update_address (PorchAddressPage *self)
{
  PorchAddress *own = porch_site_get_own_address (self->site);
  PorchDomainName *other = own != NULL ? porch_address_get_other (own) : NULL;
  g_autofree char *free_host = porch_host_words (porch_site_get_free_address (self->site));
  gboolean live = own != NULL && porch_address_get_state (own) == PORCH_ADDRESS_LIVE;

  set_row (self->own_row, own != NULL ? porch_address_get_shown (own) : NULL);
  set_row (self->other_row, other != NULL ? porch_domain_name_get_shown (other) : NULL);
  set_row (self->way_row, own != NULL ? describe_way (own) : NULL);
  set_row (self->free_row, free_host);
  gtk_widget_set_visible (self->lock_image, live);
  gtk_widget_set_visible (self->free_label, own == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->doctor_view), own != NULL);
  gtk_button_set_label (self->change_button, own != NULL ? _("_Change Address…") : _("_Get an Own Address…"));

  if (own != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self->change_button), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->change_button), "suggested-action");
}

static void
update_work (PorchAddressPage *self)
{
  porch_operation_card_set_operation (self->operation_card, porch_address_find_work (self->site));
}

static void
copy_own_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  PorchAddress *own = porch_site_get_own_address (PORCH_ADDRESS_PAGE (widget)->site);
  g_autofree char *uri = own != NULL ? g_strdup_printf ("https://%s/", porch_address_get_ascii (own)) : NULL;

  if (uri != NULL)
    porch_widget_copy_text (widget, uri);
}

static void
copy_free_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_site_get_free_address (PORCH_ADDRESS_PAGE (widget)->site));
}

static void
porch_address_page_constructed (GObject *object)
{
  PorchAddressPage *self = PORCH_ADDRESS_PAGE (object);
  GListModel *operations = porch_engine_get_operations (porch_site_get_engine (self->site));

  G_OBJECT_CLASS (porch_address_page_parent_class)->constructed (object);

  g_signal_connect_object (self->site, "notify::own-address", G_CALLBACK (update_address), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->site, "notify::free-address", G_CALLBACK (update_address), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->site, "notify::certificate", G_CALLBACK (update_certificate), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (operations, "items-changed", G_CALLBACK (update_work), self, G_CONNECT_SWAPPED);
  porch_doctor_view_set_doctor (self->doctor_view, porch_site_get_doctor (self->site));
  update_address (self);
  update_certificate (self);
  update_work (self);
}

static void
porch_address_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_ADDRESS_PAGE (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_set_object (&PORCH_ADDRESS_PAGE (object)->site, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_page_dispose (GObject *object)
{
  g_clear_object (&PORCH_ADDRESS_PAGE (object)->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ADDRESS_PAGE);

  G_OBJECT_CLASS (porch_address_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-address-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, operation_card);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, own_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, lock_image);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, other_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, way_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, free_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, free_label);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, change_button);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, doctor_view);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, certificate_group);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, problem_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, names_row);
  gtk_widget_class_bind_template_child (widget_class, PorchAddressPage, expires_row);
}

static void
porch_address_page_class_init (PorchAddressPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_address_page_constructed;
  object_class->get_property = porch_address_page_get_property;
  object_class->set_property = porch_address_page_set_property;
  object_class->dispose = porch_address_page_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (PORCH_TYPE_CONFIRM_ROW);
  g_type_ensure (PORCH_TYPE_DOCTOR_VIEW);
  g_type_ensure (PORCH_TYPE_OPERATION_CARD);

  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "address-page.copy-own", NULL, copy_own_action);
  gtk_widget_class_install_action (widget_class, "address-page.copy-free", NULL, copy_free_action);
}

static void
porch_address_page_init (PorchAddressPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_address_page_new:
 * @site: a site
 *
 * Returns: (transfer floating): the page of the address of @site
 */
AdwNavigationPage *
porch_address_page_new (PorchSite *site)
{
  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  return g_object_new (PORCH_TYPE_ADDRESS_PAGE, "site", site, NULL);
}
