/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-certificate-health-row.h"

#include <glib/gi18n.h>

#include "porch-certificate.h"
#include "porch-widget-util.h"

/* The certificate of an own address, for as long as something about it has to be said: renewals come by themselves. */
struct _PorchCertificateHealthRow
{
  PorchHealthRow  parent_instance;

  GSignalGroup   *signals;
};

G_DEFINE_FINAL_TYPE (PorchCertificateHealthRow, porch_certificate_health_row, PORCH_TYPE_HEALTH_ROW)

static void
update (PorchCertificateHealthRow *self)
{
  PorchSite *site = porch_health_row_get_site (PORCH_HEALTH_ROW (self));
  PorchCertificate *certificate = site != NULL ? porch_site_get_certificate (site) : NULL;
  PorchProblem *problem = certificate != NULL ? porch_certificate_get_problem (certificate) : NULL;
  gboolean failed = certificate != NULL && porch_certificate_get_state (certificate) == PORCH_CERTIFICATE_FAILED;

  porch_health_row_set_health (PORCH_HEALTH_ROW (self), failed ? PORCH_HEALTH_BAD : PORCH_HEALTH_WARNING,
                               problem != NULL ? porch_problem_get_title (problem) : NULL);
}

static void
porch_certificate_health_row_site_changed (PorchHealthRow *row,
                                           PorchSite      *site)
{
  PorchCertificateHealthRow *self = PORCH_CERTIFICATE_HEALTH_ROW (row);

  g_signal_group_set_target (self->signals, site);
  update (self);
}

static void
porch_certificate_health_row_dispose (GObject *object)
{
  g_clear_object (&PORCH_CERTIFICATE_HEALTH_ROW (object)->signals);

  G_OBJECT_CLASS (porch_certificate_health_row_parent_class)->dispose (object);
}

static void
porch_certificate_health_row_class_init (PorchCertificateHealthRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PorchHealthRowClass *row_class = PORCH_HEALTH_ROW_CLASS (klass);

  object_class->dispose = porch_certificate_health_row_dispose;

  row_class->site_changed = porch_certificate_health_row_site_changed;
}

static void
porch_certificate_health_row_init (PorchCertificateHealthRow *self)
{
  GtkWidget *next = porch_decoration_new ("go-next-symbolic");

  gtk_accessible_update_state (GTK_ACCESSIBLE (next), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), next);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "site.show-address");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Security Certificate"));

  self->signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->signals, "notify::certificate", G_CALLBACK (update), self);
}
