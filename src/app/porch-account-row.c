/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-row.h"

#include <glib/gi18n.h>

#include "porch-account-words.h"

/* One account in a list. */
struct _PorchAccountRow
{
  AdwActionRow   parent_instance;

  PorchAccount  *account;
  guint          is_default : 1;
};

enum
{
  PROP_0,
  PROP_ACCOUNT,
  PROP_DEFAULT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchAccountRow, porch_account_row, ADW_TYPE_ACTION_ROW)

static gboolean
needs_sign_in (GObject           *object,
               PorchAccountState  state)
{
  return state == PORCH_ACCOUNT_NEEDS_SIGN_IN;
}

static char *
account_icon (GObject  *object,
              gboolean  practice)
{
  return g_strdup (practice ? "computer-symbolic" : "avatar-default-symbolic");
}

static char *
account_subtitle (GObject           *object,
                  PorchAccountKind   kind,
                  const char        *number,
                  PorchAccountState  state)
{
  if (needs_sign_in (object, state))
    return g_strdup (_("Your sign-in has ended"));

  return porch_account_summary_words (kind, number);
}

static void
porch_account_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, PORCH_ACCOUNT_ROW (object)->account);
      break;
    case PROP_DEFAULT:
      g_value_set_boolean (value, PORCH_ACCOUNT_ROW (object)->is_default);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_set_object (&PORCH_ACCOUNT_ROW (object)->account, g_value_get_object (value));
      break;
    case PROP_DEFAULT:
      porch_account_row_set_default (PORCH_ACCOUNT_ROW (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_account_row_dispose (GObject *object)
{
  g_clear_object (&PORCH_ACCOUNT_ROW (object)->account);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_ACCOUNT_ROW);

  G_OBJECT_CLASS (porch_account_row_parent_class)->dispose (object);
}

static void
porch_account_row_class_init (PorchAccountRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_account_row_get_property;
  object_class->set_property = porch_account_row_set_property;
  object_class->dispose = porch_account_row_dispose;

  properties[PROP_ACCOUNT] =
    g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_DEFAULT] =
    g_param_spec_boolean ("default", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-account-row.ui");
  gtk_widget_class_bind_template_callback (widget_class, needs_sign_in);
  gtk_widget_class_bind_template_callback (widget_class, account_icon);
  gtk_widget_class_bind_template_callback (widget_class, account_subtitle);
}

static void
porch_account_row_init (PorchAccountRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_account_row_new (PorchAccount *account)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT (account), NULL);

  return g_object_new (PORCH_TYPE_ACCOUNT_ROW, "account", account, NULL);
}

PorchAccount *
porch_account_row_get_account (PorchAccountRow *self)
{
  g_return_val_if_fail (PORCH_IS_ACCOUNT_ROW (self), NULL);

  return self->account;
}

/* Whether new sites are made in it. */
void
porch_account_row_set_default (PorchAccountRow *self,
                               gboolean         is_default)
{
  g_return_if_fail (PORCH_IS_ACCOUNT_ROW (self));

  if (self->is_default == is_default)
    return;

  self->is_default = is_default;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT]);
}
