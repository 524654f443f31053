/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-mail-health-row.h"

#include <glib/gi18n.h>

#include "porch-message-words.h"
#include "porch-widget-util.h"

/* How many messages were not mailed to the owner; hidden as long as all were. */
struct _PorchMailHealthRow
{
  PorchHealthRow  parent_instance;

  GSignalGroup   *signals;
};

G_DEFINE_FINAL_TYPE (PorchMailHealthRow, porch_mail_health_row, PORCH_TYPE_HEALTH_ROW)

static void
update (PorchMailHealthRow *self)
{
  PorchSite *site = porch_health_row_get_site (PORCH_HEALTH_ROW (self));
  guint count = site != NULL ? porch_inbox_get_unmailed (porch_site_get_inbox (site)) : 0;
  g_autofree char *words = count > 0 ? porch_message_words_for_unmailed (count) : NULL;

  porch_health_row_set_health (PORCH_HEALTH_ROW (self), PORCH_HEALTH_WARNING, words);
}

static void
porch_mail_health_row_site_changed (PorchHealthRow *row,
                                    PorchSite      *site)
{
  PorchMailHealthRow *self = PORCH_MAIL_HEALTH_ROW (row);

  g_signal_group_set_target (self->signals, site != NULL ? porch_site_get_inbox (site) : NULL);
  update (self);
}

static void
porch_mail_health_row_dispose (GObject *object)
{
  g_clear_object (&PORCH_MAIL_HEALTH_ROW (object)->signals);

  G_OBJECT_CLASS (porch_mail_health_row_parent_class)->dispose (object);
}

static void
porch_mail_health_row_class_init (PorchMailHealthRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_mail_health_row_dispose;

  PORCH_HEALTH_ROW_CLASS (klass)->site_changed = porch_mail_health_row_site_changed;
}

static void
porch_mail_health_row_init (PorchMailHealthRow *self)
{
  GtkWidget *next = porch_decoration_new ("go-next-symbolic");

  gtk_accessible_update_state (GTK_ACCESSIBLE (next), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), next);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), TRUE);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self), "site.show-messages::unmailed");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), _("Mail to You"));

  self->signals = g_signal_group_new (PORCH_TYPE_INBOX);
  g_signal_group_connect_swapped (self->signals, "notify::unmailed", G_CALLBACK (update), self);
}
