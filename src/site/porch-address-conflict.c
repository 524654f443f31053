/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-private.h"

#include <glib/gi18n-lib.h>

/**
 * PorchAddressConflict:
 *
 * Something that is in the way of an address, with what can be done about it.
 */
struct _PorchAddressConflict
{
  GObject                   parent_instance;

  char                     *id;
  char                     *title;
  char                     *cause;
  char                     *remedy;
  PorchAddressConflictKind  kind;
  gboolean                  is_agreed;
};

G_DEFINE_FINAL_TYPE (PorchAddressConflict, porch_address_conflict, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchAddressConflictKind, porch_address_conflict_kind,
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_CONFLICT_AGREE, "agree"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_CONFLICT_STOP, "stop"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_CONFLICT_HINT, "hint"))

enum
{
  PROP_ID = 1,
  PROP_KIND,
  PROP_TITLE,
  PROP_CAUSE,
  PROP_REMEDY,
  PROP_AGREED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_address_conflict_get_property (GObject    *object,
                                     guint       prop_id,
                                     GValue     *value,
                                     GParamSpec *pspec)
{
  PorchAddressConflict *self = PORCH_ADDRESS_CONFLICT (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_KIND:
      g_value_set_enum (value, self->kind);
      break;
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_CAUSE:
      g_value_set_string (value, self->cause);
      break;
    case PROP_REMEDY:
      g_value_set_string (value, self->remedy);
      break;
    case PROP_AGREED:
      g_value_set_boolean (value, self->is_agreed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_conflict_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  PorchAddressConflict *self = PORCH_ADDRESS_CONFLICT (object);

  if (prop_id == PROP_AGREED)
    porch_address_conflict_set_agreed (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
porch_address_conflict_finalize (GObject *object)
{
  PorchAddressConflict *self = PORCH_ADDRESS_CONFLICT (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->cause, g_free);
  g_clear_pointer (&self->remedy, g_free);

  G_OBJECT_CLASS (porch_address_conflict_parent_class)->finalize (object);
}

static void
porch_address_conflict_class_init (PorchAddressConflictClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_address_conflict_get_property;
  object_class->set_property = porch_address_conflict_set_property;
  object_class->finalize = porch_address_conflict_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, PORCH_TYPE_ADDRESS_CONFLICT_KIND, PORCH_ADDRESS_CONFLICT_AGREE,
                                             flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_CAUSE] = g_param_spec_string ("cause", NULL, NULL, NULL, flags);
  properties[PROP_REMEDY] = g_param_spec_string ("remedy", NULL, NULL, NULL, flags);
  properties[PROP_AGREED] = g_param_spec_boolean ("agreed", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_address_conflict_init (PorchAddressConflict *self)
{
}

PorchAddressConflict *
porch_address_conflict_new (const char               *id,
                            PorchAddressConflictKind  kind,
                            const char               *title,
                            const char               *cause,
                            const char               *remedy)
{
  PorchAddressConflict *self = g_object_new (PORCH_TYPE_ADDRESS_CONFLICT, NULL);

  self->id = g_strdup (id);
  self->kind = kind;
  self->title = g_strdup (title);
  self->cause = g_strdup (cause);
  self->remedy = g_strdup (remedy);

  return self;
}

/* Records of a name of the address that lead somewhere else. */
PorchAddressConflict *
porch_address_conflict_new_records (const char *name,
                                    const char *type,
                                    const char *values)
{
  g_autofree char *id = g_strdup_printf ("record:%s:%s", name, type);
  g_autofree char *shown = porch_domain_name_show (name);
  /* Translators: %s is the name of a domain */
  g_autofree char *title = g_strdup_printf (_("“%s” Shows Something Else Now"), shown);
  g_autofree char *cause = NULL;

  /* Translators: the first %s is the type of a record, such as CNAME, the second its value */
  cause = g_strdup_printf (_("A record of the type %s leads to %s."), type, values);

  return porch_address_conflict_new (id, PORCH_ADDRESS_CONFLICT_AGREE, title, cause,
                                     _("It will be replaced, so that the name shows your site. What was there is not shown any more."));
}

/**
 * porch_address_conflict_get_id:
 * @self: a conflict
 *
 * Returns: (transfer none): a word that stays the same from look to look
 */
const char *
porch_address_conflict_get_id (PorchAddressConflict *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_CONFLICT (self), NULL);

  return self->id;
}

PorchAddressConflictKind
porch_address_conflict_get_kind (PorchAddressConflict *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_CONFLICT (self), PORCH_ADDRESS_CONFLICT_HINT);

  return self->kind;
}

/**
 * porch_address_conflict_get_title:
 * @self: a conflict
 *
 * Returns: (transfer none): what is in the way
 */
const char *
porch_address_conflict_get_title (PorchAddressConflict *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_CONFLICT (self), NULL);

  return self->title;
}

/**
 * porch_address_conflict_get_cause:
 * @self: a conflict
 *
 * Returns: (transfer none): why
 */
const char *
porch_address_conflict_get_cause (PorchAddressConflict *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_CONFLICT (self), NULL);

  return self->cause;
}

/**
 * porch_address_conflict_get_remedy:
 * @self: a conflict
 *
 * Returns: (transfer none): what is to be done, or will be
 */
const char *
porch_address_conflict_get_remedy (PorchAddressConflict *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_CONFLICT (self), NULL);

  return self->remedy;
}

gboolean
porch_address_conflict_is_agreed (PorchAddressConflict *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_CONFLICT (self), FALSE);

  return self->is_agreed;
}

void
porch_address_conflict_set_agreed (PorchAddressConflict *self,
                                   gboolean              agreed)
{
  g_return_if_fail (PORCH_IS_ADDRESS_CONFLICT (self));

  if (self->is_agreed == !!agreed)
    return;

  self->is_agreed = !!agreed;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AGREED]);
}
