/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-health-row.h"

#include <glib/gi18n.h>

/* A part of a site on the overview, and how it is: the address, the certificate, the form. Each part is a subclass that
 * knows where to look; the row draws the state, and says it to a screen reader too. It hides itself while there is
 * nothing to say.
 */

typedef struct
{
  GtkImage    *image;

  PorchSite   *site;
} PorchHealthRowPrivate;

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (PorchHealthRow, porch_health_row, ADW_TYPE_ACTION_ROW)

#define PRIVATE(self) ((PorchHealthRowPrivate *) porch_health_row_get_instance_private (self))

static const struct
{
  const char *icon;
  const char *style;
  const char *words;
} looks[] = {
  [PORCH_HEALTH_UNKNOWN] = { "porchlight-step-pending-symbolic", "dimmed", NC_("health", "Not known yet") },
  [PORCH_HEALTH_GOOD] = { "porchlight-step-done-symbolic", "success", NC_("health", "Good") },
  [PORCH_HEALTH_WAITING] = { "content-loading-symbolic", "accent", NC_("health", "Under way") },
  [PORCH_HEALTH_WARNING] = { "dialog-warning-symbolic", "warning", NC_("health", "Warning") },
  [PORCH_HEALTH_BAD] = { "dialog-error-symbolic", "error", NC_("health", "Broken") },
};

static void
set_site (PorchHealthRow *self,
          PorchSite      *site)
{
  PorchHealthRowClass *klass = PORCH_HEALTH_ROW_GET_CLASS (self);

  if (!g_set_object (&PRIVATE (self)->site, site))
    return;

  if (klass->site_changed != NULL)
    klass->site_changed (self, site);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}

static void
porch_health_row_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PRIVATE (PORCH_HEALTH_ROW (object))->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_health_row_set_property (GObject      *object,
                               guint         prop_id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      set_site (PORCH_HEALTH_ROW (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_health_row_dispose (GObject *object)
{
  g_clear_object (&PRIVATE (PORCH_HEALTH_ROW (object))->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_HEALTH_ROW);

  G_OBJECT_CLASS (porch_health_row_parent_class)->dispose (object);
}

static void
porch_health_row_class_init (PorchHealthRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_health_row_get_property;
  object_class->set_property = porch_health_row_set_property;
  object_class->dispose = porch_health_row_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-health-row.ui");
  gtk_widget_class_bind_template_child_private (widget_class, PorchHealthRow, image);
}

static void
porch_health_row_init (PorchHealthRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * porch_health_row_get_site:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the site that it tells of
 */
PorchSite *
porch_health_row_get_site (PorchHealthRow *self)
{
  g_return_val_if_fail (PORCH_IS_HEALTH_ROW (self), NULL);

  return PRIVATE (self)->site;
}

/**
 * porch_health_row_set_health:
 * @self: a row
 * @health: how the part is
 * @text: (nullable): the same in a short sentence without a full stop; %NULL hides the row
 *
 * Says how the part of the site is.
 */
void
porch_health_row_set_health (PorchHealthRow *self,
                             PorchHealth     health,
                             const char     *text)
{
  PorchHealthRowPrivate *priv;
  const char *words;

  g_return_if_fail (PORCH_IS_HEALTH_ROW (self));
  g_return_if_fail (health <= PORCH_HEALTH_BAD);

  priv = PRIVATE (self);
  words = g_dpgettext2 (NULL, "health", looks[health].words);

  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text != NULL ? text : "");
  gtk_image_set_from_icon_name (priv->image, looks[health].icon);
  gtk_widget_set_css_classes (GTK_WIDGET (priv->image), (const char *[]) { looks[health].style, NULL });
  gtk_widget_set_tooltip_text (GTK_WIDGET (priv->image), words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (priv->image), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}
