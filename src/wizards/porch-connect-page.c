/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-connect-page.h"

/* The ways to connect an account. What they lead to is done by the actions of the dialog. */
struct _PorchConnectPage
{
  AdwNavigationPage  parent_instance;

  guint              has_profiles : 1;
};

enum
{
  PROP_0,
  PROP_HAS_PROFILES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchConnectPage, porch_connect_page, ADW_TYPE_NAVIGATION_PAGE)

static void
porch_connect_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_HAS_PROFILES:
      g_value_set_boolean (value, PORCH_CONNECT_PAGE (object)->has_profiles);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_connect_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_HAS_PROFILES:
      porch_connect_page_set_has_profiles (PORCH_CONNECT_PAGE (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_connect_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_CONNECT_PAGE);

  G_OBJECT_CLASS (porch_connect_page_parent_class)->dispose (object);
}

static void
porch_connect_page_class_init (PorchConnectPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_connect_page_get_property;
  object_class->set_property = porch_connect_page_set_property;
  object_class->dispose = porch_connect_page_dispose;

  properties[PROP_HAS_PROFILES] =
    g_param_spec_boolean ("has-profiles", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-connect-page.ui");
}

static void
porch_connect_page_init (PorchConnectPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Whether there are profiles to choose from. */
void
porch_connect_page_set_has_profiles (PorchConnectPage *self,
                                     gboolean          has_profiles)
{
  g_return_if_fail (PORCH_IS_CONNECT_PAGE (self));

  if (self->has_profiles == has_profiles)
    return;

  self->has_profiles = has_profiles;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_PROFILES]);
}
