/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-long-item.h"

/* A row of a long list: what, and where or how much. */
struct _PorchLongItem
{
  GObject  parent_instance;

  char    *title;
  char    *subtitle;
};

enum
{
  PROP_0,
  PROP_SUBTITLE,
  PROP_TEXT,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchLongItem, porch_long_item, G_TYPE_OBJECT)

static void
porch_long_item_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PorchLongItem *self = PORCH_LONG_ITEM (object);

  switch (prop_id)
    {
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;
    case PROP_TEXT:
      g_value_take_string (value, g_strjoin ("\n", self->title, self->subtitle, NULL));
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_long_item_finalize (GObject *object)
{
  PorchLongItem *self = PORCH_LONG_ITEM (object);

  g_free (self->title);
  g_free (self->subtitle);

  G_OBJECT_CLASS (porch_long_item_parent_class)->finalize (object);
}

static void
porch_long_item_class_init (PorchLongItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = porch_long_item_get_property;
  object_class->finalize = porch_long_item_finalize;

  properties[PROP_SUBTITLE] =
    g_param_spec_string ("subtitle", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TEXT] =
    g_param_spec_string ("text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_long_item_init (PorchLongItem *self)
{
}

/* @subtitle may be NULL. */
PorchLongItem *
porch_long_item_new (const char *title,
                     const char *subtitle)
{
  PorchLongItem *self;

  g_return_val_if_fail (title != NULL, NULL);

  self = g_object_new (PORCH_TYPE_LONG_ITEM, NULL);
  self->title = g_strdup (title);
  self->subtitle = g_strdup (subtitle);

  return self;
}

const char *
porch_long_item_get_title (PorchLongItem *self)
{
  g_return_val_if_fail (PORCH_IS_LONG_ITEM (self), NULL);

  return self->title;
}

const char *
porch_long_item_get_subtitle (PorchLongItem *self)
{
  g_return_val_if_fail (PORCH_IS_LONG_ITEM (self), NULL);

  return self->subtitle;
}
