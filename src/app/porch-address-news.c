/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-news.h"

#include <glib/gi18n.h>

#include "porch-address.h"
#include "porch-certificate.h"
#include "porch-domain-doctor.h"
#include "porch-site.h"

/* Keeps an eye on the own addresses of all sites, and tells their owner outside of the window when one that worked stops
 * working, is about to, or works again. That an address works for the first time is told by the work that sets it up.
 */
struct _PorchAddressNews
{
  GObject        parent_instance;

  GApplication  *application;  /* owns this */
  PorchEngine   *engine;
};

G_DEFINE_FINAL_TYPE (PorchAddressNews, porch_address_news, G_TYPE_OBJECT)

static char *
dup_id (PorchSite *site)
{
  return g_strconcat ("address-", porch_site_get_id (site), NULL);
}

static void
tell (PorchAddressNews *self,
      PorchSite        *site,
      const char       *title,
      const char       *body)
{
  g_autoptr(GNotification) notification = g_notification_new (title);
  g_autofree char *id = dup_id (site);

  g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-site", "s", porch_site_get_id (site));
  g_application_send_notification (self->application, id, notification);
}

/* The doctor has looked, and the site still has what was known before: what is the same as then was told then. */
static void
look_at (PorchAddressNews *self,
         PorchSite        *site)
{
  PorchAddress *own = porch_site_get_own_address (site);
  PorchDomainDoctor *doctor = porch_site_get_doctor (site);
  PorchDoctorState state = porch_domain_doctor_get_state (doctor);
  gboolean was_broken;
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;

  if (own == NULL || porch_address_get_state (own) == PORCH_ADDRESS_SETTING_UP)
    return;

  was_broken = porch_address_get_state (own) == PORCH_ADDRESS_BROKEN;

  if ((state == PORCH_DOCTOR_WRONG && !was_broken) || state == PORCH_DOCTOR_NOTICE)
    {
      /* Translators: the placeholder is an address, as in “example.org” */
      title = g_strdup_printf (state == PORCH_DOCTOR_WRONG ? _("Something Is Wrong with %s") : _("%s Needs Your Attention"),
                               porch_address_get_shown (own));
      tell (self, site, title, porch_domain_doctor_get_sentence (doctor));
    }
  else if (state == PORCH_DOCTOR_GOOD && was_broken)
    {
      /* Translators: the placeholder is an address, as in “example.org” */
      title = g_strdup_printf (_("%s Works Again"), porch_address_get_shown (own));
      tell (self, site, title, porch_domain_doctor_get_sentence (doctor));
    }
  else if (state == PORCH_DOCTOR_GOOD)
    {
      id = dup_id (site);
      g_application_withdraw_notification (self->application, id);
    }
}

static PorchSite *
find_site (PorchAddressNews  *self,
           PorchDomainDoctor *doctor)
{
  PorchSite *site = porch_domain_doctor_get_site (doctor);

  return site != NULL && porch_engine_find_site (self->engine, porch_site_get_id (site)) == site ? site : NULL;
}

static void
state_changed_cb (PorchAddressNews  *self,
                  GParamSpec        *pspec,
                  PorchDomainDoctor *doctor)
{
  PorchSite *site = find_site (self, doctor);

  if (site != NULL)
    look_at (self, site);
}

static void
watch (PorchAddressNews *self,
       PorchSite        *site)
{
  PorchDomainDoctor *doctor;

  if (porch_site_get_own_address (site) == NULL)
    return;

  doctor = porch_site_get_doctor (site);
  g_signal_handlers_disconnect_by_func (doctor, state_changed_cb, self);
  g_signal_connect_object (doctor, "notify::state", G_CALLBACK (state_changed_cb), self, G_CONNECT_SWAPPED);
  porch_domain_doctor_set_watching (doctor, TRUE);
}

static void
address_changed_cb (PorchAddressNews *self,
                    GParamSpec       *pspec,
                    PorchSite        *site)
{
  watch (self, site);
}

static void
sites_changed_cb (PorchAddressNews *self,
                  guint             position,
                  guint             removed,
                  guint             added,
                  GListModel       *sites)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      g_signal_connect_object (site, "notify::own-address", G_CALLBACK (address_changed_cb), self, G_CONNECT_SWAPPED);
      watch (self, site);
    }
}

static void
porch_address_news_finalize (GObject *object)
{
  g_clear_object (&PORCH_ADDRESS_NEWS (object)->engine);

  G_OBJECT_CLASS (porch_address_news_parent_class)->finalize (object);
}

static void
porch_address_news_class_init (PorchAddressNewsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = porch_address_news_finalize;
}

static void
porch_address_news_init (PorchAddressNews *self)
{
}

/**
 * porch_address_news_new:
 * @application: what notifies; has to live longer than the result
 * @engine: whose sites are watched
 *
 * Returns: (transfer full): what keeps an eye on the addresses for as long as it lives
 */
PorchAddressNews *
porch_address_news_new (GApplication *application,
                        PorchEngine  *engine)
{
  PorchAddressNews *self;
  GListModel *sites;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_NEWS, NULL);
  self->application = application;
  self->engine = g_object_ref (engine);

  sites = porch_engine_get_sites (engine);
  g_signal_connect_object (sites, "items-changed", G_CALLBACK (sites_changed_cb), self, G_CONNECT_SWAPPED);
  sites_changed_cb (self, 0, 0, g_list_model_get_n_items (sites), sites);

  return self;
}
