/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-template-card.h"

#include <adwaita.h>

/* One of the ways to start a site: a picture, a title and a sentence, to be chosen by a click. */
struct _PorchTemplateCard
{
  GtkToggleButton  parent_instance;

  GtkPicture      *picture;
  GtkLabel        *title_label;
  GtkLabel        *description_label;

  char            *id;
  char            *title;
  char            *description;
  char            *resource;
};

enum
{
  PROP_0,
  PROP_DESCRIPTION,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchTemplateCard, porch_template_card, GTK_TYPE_TOGGLE_BUTTON)

static gboolean
has_resource (const char *path)
{
  return g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL);
}

/* Designs have a second picture of how they look in the dark */
static void
update_picture (PorchTemplateCard *self)
{
  g_autofree char *dark = NULL;

  if (self->resource == NULL)
    return;

  if (adw_style_manager_get_dark (adw_style_manager_get_default ()) && g_str_has_suffix (self->resource, ".png"))
    {
      g_autofree char *stem = g_strndup (self->resource, strlen (self->resource) - strlen (".png"));

      dark = g_strconcat (stem, "-dark.png", NULL);
    }

  gtk_picture_set_resource (self->picture, dark != NULL && has_resource (dark) ? dark : self->resource);
}

static void
porch_template_card_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchTemplateCard *self = PORCH_TEMPLATE_CARD (object);

  switch (prop_id)
    {
    case PROP_DESCRIPTION:
      g_value_set_string (value, self->description);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_template_card_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  PorchTemplateCard *self = PORCH_TEMPLATE_CARD (object);

  switch (prop_id)
    {
    case PROP_DESCRIPTION:
      porch_template_card_set_description (self, g_value_get_string (value));
      break;
    case PROP_TITLE:
      porch_template_card_set_title (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_template_card_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_TEMPLATE_CARD);

  G_OBJECT_CLASS (porch_template_card_parent_class)->dispose (object);
}

static void
porch_template_card_finalize (GObject *object)
{
  PorchTemplateCard *self = PORCH_TEMPLATE_CARD (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->description);
  g_free (self->resource);

  G_OBJECT_CLASS (porch_template_card_parent_class)->finalize (object);
}

static void
porch_template_card_class_init (PorchTemplateCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_template_card_get_property;
  object_class->set_property = porch_template_card_set_property;
  object_class->dispose = porch_template_card_dispose;
  object_class->finalize = porch_template_card_finalize;

  properties[PROP_DESCRIPTION] =
    g_param_spec_string ("description", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-template-card.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchTemplateCard, picture);
  gtk_widget_class_bind_template_child (widget_class, PorchTemplateCard, title_label);
  gtk_widget_class_bind_template_child (widget_class, PorchTemplateCard, description_label);
}

static void
porch_template_card_init (PorchTemplateCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_accessible_update_relation (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, self->title_label, NULL,
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->description_label, NULL,
                                  -1);

  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_picture), self, G_CONNECT_SWAPPED);
}

/* @picture is the resource of an image; without one the card shows a folder. */
PorchTemplateCard *
porch_template_card_new (const char *id,
                         const char *title,
                         const char *description,
                         const char *picture)
{
  PorchTemplateCard *self = g_object_new (PORCH_TYPE_TEMPLATE_CARD,
                                          "title", title,
                                          "description", description,
                                          NULL);

  self->id = g_strdup (id);

  self->resource = g_strdup (picture != NULL ? picture : PORCH_RESOURCE_PATH "/folder-card.svg");
  update_picture (self);

  return self;
}

const char *
porch_template_card_get_id (PorchTemplateCard *self)
{
  g_return_val_if_fail (PORCH_IS_TEMPLATE_CARD (self), NULL);

  return self->id;
}

void
porch_template_card_set_title (PorchTemplateCard *self,
                               const char        *title)
{
  g_return_if_fail (PORCH_IS_TEMPLATE_CARD (self));

  if (g_set_str (&self->title, title))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

void
porch_template_card_set_description (PorchTemplateCard *self,
                                     const char        *description)
{
  g_return_if_fail (PORCH_IS_TEMPLATE_CARD (self));

  if (g_set_str (&self->description, description))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DESCRIPTION]);
}
