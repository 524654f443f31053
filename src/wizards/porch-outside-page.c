/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-outside-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* For an account that another tool signs in to: what to do there, and a way to see whether it helped. */
struct _PorchOutsidePage
{
  PorchWizardPage  parent_instance;

  PorchEngine     *engine;
  PorchAccount    *account;
};

enum
{
  PROP_0,
  PROP_ACCOUNT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchOutsidePage, porch_outside_page, PORCH_TYPE_WIZARD_PAGE)

static char *
outside_text (GObject    *object,
              const char *profile)
{
  g_autofree char *escaped = NULL;
  g_autofree char *name = NULL;

  if (profile == NULL)
    return g_strdup (_("The keys were given to Porchlight when it was started. Start it again with keys that are valid."));

  escaped = g_markup_escape_text (profile, -1);
  name = porch_isolate (escaped);

  /* Translators: the placeholder is the name of a profile */
  return g_strdup_printf (_("The profile “%s” belongs to another tool on this computer. Sign in with that tool, then check "
                            "again."), name);
}

static DexFuture *
porch_outside_page_check (PorchWizardPage *page)
{
  PorchOutsidePage *self = PORCH_OUTSIDE_PAGE (page);

  return porch_engine_recheck_account (self->engine, self->account);
}

static void
porch_outside_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, PORCH_OUTSIDE_PAGE (object)->account);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_outside_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_set_object (&PORCH_OUTSIDE_PAGE (object)->account, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_outside_page_dispose (GObject *object)
{
  PorchOutsidePage *self = PORCH_OUTSIDE_PAGE (object);

  g_clear_object (&self->engine);
  g_clear_object (&self->account);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_OUTSIDE_PAGE);

  G_OBJECT_CLASS (porch_outside_page_parent_class)->dispose (object);
}

static void
porch_outside_page_class_init (PorchOutsidePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  PorchWizardPageClass *page_class = PORCH_WIZARD_PAGE_CLASS (klass);

  object_class->get_property = porch_outside_page_get_property;
  object_class->set_property = porch_outside_page_set_property;
  object_class->dispose = porch_outside_page_dispose;

  page_class->check = porch_outside_page_check;

  properties[PROP_ACCOUNT] =
    g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-outside-page.ui");
  gtk_widget_class_bind_template_callback (widget_class, outside_text);
}

static void
porch_outside_page_init (PorchOutsidePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

PorchOutsidePage *
porch_outside_page_new (PorchEngine  *engine,
                        PorchAccount *account)
{
  PorchOutsidePage *self;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (PORCH_IS_ACCOUNT (account), NULL);

  self = g_object_new (PORCH_TYPE_OUTSIDE_PAGE, "account", account, NULL);
  self->engine = g_object_ref (engine);

  return self;
}
