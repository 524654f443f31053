/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-health-row.h"

#include <glib/gi18n.h>

#include "porch-form-proof.h"
#include "porch-mail-identity.h"
#include "porch-widget-util.h"

/* When the contact form was last proven to work, or why it does not; and whether somebody gets no mail. */
struct _PorchFormHealthRow
{
  PorchHealthRow        parent_instance;

  GSignalGroup         *signals;
  GSignalGroup         *proof_signals;
  PorchMailIdentities  *identities;     /* of the site's form, watched while the row is seen */
};

G_DEFINE_FINAL_TYPE (PorchFormHealthRow, porch_form_health_row, PORCH_TYPE_HEALTH_ROW)

static void
set_proven (PorchFormHealthRow *self,
            PorchFormProof     *proof)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = porch_moment_words (porch_form_proof_get_proven (proof), now);
  /* Translators: %s is a moment, such as: Today, 14:05 */
  g_autofree char *text = g_strdup_printf (_("Last proven: %s"), when);

  porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_GOOD, text);
}

static void
set_failed (PorchFormHealthRow *self,
            PorchFormProof     *proof)
{
  PorchProblem *problem = porch_form_proof_get_problem (proof);
  g_autofree char *text = g_strdup_printf ("%s\n%s", porch_problem_get_title (problem), porch_problem_get_body (problem));

  porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_BAD, text);
}

/* An address that gets no mail: the service takes what is sent there all the same. */
static gboolean
set_hindered (PorchFormHealthRow *self)
{
  PorchMailIdentity *identity = self->identities != NULL ? porch_mail_identities_get_hindrance (self->identities) : NULL;
  g_autofree char *mail = NULL;
  g_autofree char *sentence = NULL;
  g_autofree char *text = NULL;

  if (self->identities != NULL && porch_mail_identities_get_looked (self->identities) &&
      !porch_mail_identities_get_can_send (self->identities))
    {
      porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_WARNING,
                                   _("The provider lets this account send no mail at the moment. Its mail to you says why."));
      return TRUE;
    }

  if (identity == NULL)
    return FALSE;

  mail = porch_isolate (porch_mail_identity_get_mail (identity));
  sentence = porch_mail_identity_dup_sentence (identity);
  text = g_strdup_printf ("%s: %s", mail, sentence);
  porch_health_row_set_health (PORCH_HEALTH_ROW (self),
                               porch_mail_identity_get_state (identity) == PORCH_MAIL_IDENTITY_WAITING ? PORCH_HEALTH_WAITING
                                                                                                       : PORCH_HEALTH_WARNING,
                               text);

  return TRUE;
}

static void
update (PorchFormHealthRow *self)
{
  PorchSite *site = porch_health_row_get_site (PORCH_HEALTH_ROW (self));
  PorchFormProof *proof;

  if (site == NULL || !porch_site_get_form_enabled (site))
    {
      porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_UNKNOWN, NULL);
      return;
    }

  proof = porch_site_get_form_proof (site);

  switch (porch_form_proof_get_state (proof))
    {
    case PORCH_PROOF_RUNNING:
      porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_WAITING, _("A test message is under way"));
      break;
    case PORCH_PROOF_PROVEN:
      if (!set_hindered (self))
        set_proven (self, proof);
      break;
    case PORCH_PROOF_FAILED:
      set_failed (self, proof);
      break;
    case PORCH_PROOF_NEVER:
    default:
      if (!set_hindered (self))
        porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_UNKNOWN, _("Not tried yet"));
    }
}

/* Who can't ask now is not asked again and again: what keeps from it is said elsewhere. */
static void
identities_changed_cb (PorchFormHealthRow *self)
{
  if (porch_mail_identities_get_problem (self->identities) != NULL)
    porch_mail_identities_set_watching (self->identities, FALSE);

  update (self);
}

static void
clear_identities (PorchFormHealthRow *self)
{
  if (self->identities == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->identities, self);
  porch_mail_identities_set_watching (self->identities, FALSE);
  g_clear_object (&self->identities);
}

static void
watch_mails (PorchFormHealthRow *self)
{
  PorchSite *site = porch_health_row_get_site (PORCH_HEALTH_ROW (self));

  clear_identities (self);

  if (site == NULL || !porch_site_get_form_enabled (site) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  self->identities = porch_mail_identities_new (site);
  g_signal_connect_object (self->identities, "notify", G_CALLBACK (identities_changed_cb), self, G_CONNECT_SWAPPED);
  porch_mail_identities_set_watching (self->identities, TRUE);
}

static void
form_changed_cb (PorchFormHealthRow *self)
{
  watch_mails (self);
  update (self);
}

static void
porch_form_health_row_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (porch_form_health_row_parent_class)->map (widget);

  watch_mails (PORCH_FORM_HEALTH_ROW (widget));
}

static void
porch_form_health_row_unmap (GtkWidget *widget)
{
  PorchFormHealthRow *self = PORCH_FORM_HEALTH_ROW (widget);

  /* What is known stays until somebody looks again */
  if (self->identities != NULL)
    porch_mail_identities_set_watching (self->identities, FALSE);

  GTK_WIDGET_CLASS (porch_form_health_row_parent_class)->unmap (widget);
}

static void
porch_form_health_row_site_changed (PorchHealthRow *row,
                                    PorchSite      *site)
{
  PorchFormHealthRow *self = PORCH_FORM_HEALTH_ROW (row);

  g_signal_group_set_target (self->signals, site);
  g_signal_group_set_target (self->proof_signals, site != NULL ? porch_site_get_form_proof (site) : NULL);
  form_changed_cb (self);
}

static void
porch_form_health_row_dispose (GObject *object)
{
  PorchFormHealthRow *self = PORCH_FORM_HEALTH_ROW (object);

  clear_identities (self);
  g_clear_object (&self->signals);
  g_clear_object (&self->proof_signals);

  G_OBJECT_CLASS (porch_form_health_row_parent_class)->dispose (object);
}

static void
porch_form_health_row_class_init (PorchFormHealthRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_form_health_row_dispose;

  widget_class->map = porch_form_health_row_map;
  widget_class->unmap = porch_form_health_row_unmap;

  PORCH_HEALTH_ROW_CLASS (klass)->site_changed = porch_form_health_row_site_changed;
}

static void
porch_form_health_row_init (PorchFormHealthRow *self)
{
  GtkWidget *next = porch_decoration_new ("go-next-symbolic");

  gtk_accessible_update_state (GTK_ACCESSIBLE (next), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), next);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self), "site.test-form");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Contact Form"));

  self->signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->signals, "notify::form", G_CALLBACK (form_changed_cb), self);

  self->proof_signals = g_signal_group_new (PORCH_TYPE_FORM_PROOF);
  g_signal_group_connect_swapped (self->proof_signals, "notify", G_CALLBACK (update), self);
}
