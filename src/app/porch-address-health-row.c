/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-health-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "porch-address.h"
#include "porch-domain-doctor.h"
#include "porch-widget-util.h"

/* Under which address visitors find the site, and whether they do. Leads to the page of the address. */
struct _PorchAddressHealthRow
{
  PorchHealthRow  parent_instance;

  GSignalGroup   *signals;
  GSignalGroup   *doctor_signals;
};

G_DEFINE_FINAL_TYPE (PorchAddressHealthRow, porch_address_health_row, PORCH_TYPE_HEALTH_ROW)

static PorchHealth
get_health (PorchAddress      *own,
            PorchDomainDoctor *doctor)
{
  PorchAddressState state = porch_address_get_state (own);

  switch (porch_domain_doctor_get_state (doctor))
    {
    case PORCH_DOCTOR_WRONG:
      return state == PORCH_ADDRESS_SETTING_UP ? PORCH_HEALTH_WARNING : PORCH_HEALTH_BAD;
    case PORCH_DOCTOR_NOTICE:
      return PORCH_HEALTH_WARNING;
    case PORCH_DOCTOR_WAITING:
      return PORCH_HEALTH_WAITING;
    case PORCH_DOCTOR_GOOD:
      return PORCH_HEALTH_GOOD;
    case PORCH_DOCTOR_UNKNOWN:
    default:
      if (state == PORCH_ADDRESS_BROKEN)
        return PORCH_HEALTH_BAD;

      return state == PORCH_ADDRESS_LIVE ? PORCH_HEALTH_GOOD : PORCH_HEALTH_WAITING;
    }
}

/* Which address it is about is said once, and a row has no full stop. */
static char *
describe (PorchAddress *own,
          const char   *shown,
          const char   *sentence)
{
  g_autofree char *text = g_strdup (sentence);

  if (g_str_has_suffix (text, "."))
    text[strlen (text) - 1] = '\0';

  if (strstr (sentence, porch_address_get_shown (own)) != NULL)
    return g_steal_pointer (&text);

  /* Translators: the first placeholder is an address, the second a sentence about it */
  return g_strdup_printf (_("%s: %s"), shown, text);
}

static void
update (PorchAddressHealthRow *self)
{
  PorchHealthRow *row = PORCH_HEALTH_ROW (self);
  PorchSite *site = porch_health_row_get_site (row);
  PorchAddress *own = site != NULL ? porch_site_get_own_address (site) : NULL;
  PorchDomainDoctor *doctor;
  PorchHealth health;
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;

  if (site == NULL || porch_site_get_free_address (site) == NULL)
    {
      porch_health_row_set_health (row, PORCH_HEALTH_UNKNOWN, NULL);
      return;
    }

  if (own == NULL)
    {
      porch_health_row_set_health (row, PORCH_HEALTH_GOOD, _("The free one. It can have one of its own"));
      return;
    }

  doctor = porch_site_get_doctor (site);
  health = get_health (own, doctor);
  shown = porch_isolate (porch_address_get_shown (own));

  if (health == PORCH_HEALTH_BAD && porch_domain_doctor_get_state (doctor) == PORCH_DOCTOR_UNKNOWN)
    /* Translators: the placeholder is an address, as in “example.org” */
    text = g_strdup_printf (_("%s did not work when it was looked at last"), shown);
  else if (health == PORCH_HEALTH_GOOD)
    /* Translators: the placeholder is an address, as in “example.org” */
    text = g_strdup_printf (_("%s works and is secured"), shown);
  else
    text = describe (own, shown, porch_domain_doctor_get_sentence (doctor));

  porch_health_row_set_health (row, health, text);
}

/* Whoever has an own address wants to know when it stops working */
static void
address_changed_cb (PorchAddressHealthRow *self)
{
  PorchSite *site = porch_health_row_get_site (PORCH_HEALTH_ROW (self));
  gboolean own = site != NULL && porch_site_get_own_address (site) != NULL;

  g_signal_group_set_target (self->doctor_signals, own ? porch_site_get_doctor (site) : NULL);
  update (self);
}

static void
porch_address_health_row_site_changed (PorchHealthRow *row,
                                       PorchSite      *site)
{
  PorchAddressHealthRow *self = PORCH_ADDRESS_HEALTH_ROW (row);

  g_signal_group_set_target (self->signals, site);
  address_changed_cb (self);
}

static void
porch_address_health_row_dispose (GObject *object)
{
  PorchAddressHealthRow *self = PORCH_ADDRESS_HEALTH_ROW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->doctor_signals);

  G_OBJECT_CLASS (porch_address_health_row_parent_class)->dispose (object);
}

static void
porch_address_health_row_class_init (PorchAddressHealthRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PorchHealthRowClass *row_class = PORCH_HEALTH_ROW_CLASS (klass);

  object_class->dispose = porch_address_health_row_dispose;

  row_class->site_changed = porch_address_health_row_site_changed;
}

static void
porch_address_health_row_init (PorchAddressHealthRow *self)
{
  GtkWidget *next = porch_decoration_new ("go-next-symbolic");

  gtk_accessible_update_state (GTK_ACCESSIBLE (next), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), next);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Address"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "site.show-address");

  self->signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->signals, "notify::own-address", G_CALLBACK (address_changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "notify::free-address", G_CALLBACK (update), self);

  self->doctor_signals = g_signal_group_new (PORCH_TYPE_DOMAIN_DOCTOR);
  g_signal_group_connect_swapped (self->doctor_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->doctor_signals, "notify::sentence", G_CALLBACK (update), self);
}
