/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-field-private.h"

#include <glib/gi18n-lib.h>

/**
 * PorchField:
 *
 * One field of a message as it was sent: its name, and its value or values.
 */
struct _PorchField
{
  GObject   parent_instance;

  char     *name;
  char     *label;
  char     *value;
  GStrv     values;
  gboolean  is_list;
};

G_DEFINE_FINAL_TYPE (PorchField, porch_field, G_TYPE_OBJECT)

enum
{
  PROP_NAME = 1,
  PROP_LABEL,
  PROP_VALUE,
  PROP_VALUES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* The standard field names of contact forms, in words */
static const struct
{
  const char *name;
  const char *label;
} labels[] = {
  { "given_name", N_("First Name") }, { "family_name", N_("Last Name") }, { "name", N_("Name") },
  { "company", N_("Company") }, { "company_size", N_("Company Size") }, { "industry", N_("Industry") },
  { "revenue", N_("Revenue") }, { "email", N_("E-Mail") }, { "phone", N_("Phone") },
  { "phone_number_home", N_("Phone at Home") }, { "phone_number_mobile", N_("Mobile Phone") },
  { "phone_number_work", N_("Phone at Work") }, { "phone_number_work_ext", N_("Extension") },
  { "address_1", N_("Address") }, { "address_2", N_("Address, Second Line") }, { "city", N_("City") },
  { "state", N_("State") }, { "zip_code", N_("Postcode") }, { "county", N_("County") },
  { "message", N_("Message") }, { "subject", N_("Subject") }, { "topics", N_("Topics") },
};

static char *
make_label (const char *name)
{
  g_autoptr(GString) label = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    if (g_str_equal (name, labels[i].name))
      return g_strdup (_(labels[i].label));

  /* A name of the person's own: favourite_colour is Favourite colour */
  label = g_string_new (name);
  g_string_replace (label, "_", " ", 0);

  if (label->len > 0)
    label->str[0] = g_ascii_toupper (label->str[0]);

  return g_string_free (g_steal_pointer (&label), FALSE);
}

static void
porch_field_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  PorchField *self = PORCH_FIELD (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_VALUE:
      g_value_set_string (value, self->value);
      break;
    case PROP_VALUES:
      g_value_set_boxed (value, self->values);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_field_finalize (GObject *object)
{
  PorchField *self = PORCH_FIELD (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->value, g_free);
  g_clear_pointer (&self->values, g_strfreev);

  G_OBJECT_CLASS (porch_field_parent_class)->finalize (object);
}

static void
porch_field_class_init (PorchFieldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_field_get_property;
  object_class->finalize = porch_field_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_VALUE] = g_param_spec_string ("value", NULL, NULL, NULL, flags);
  properties[PROP_VALUES] = g_param_spec_boxed ("values", NULL, NULL, G_TYPE_STRV, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_field_init (PorchField *self)
{
}

PorchField *
porch_field_new (const char         *name,
                 const char * const *values,
                 gboolean            is_list)
{
  PorchField *self = g_object_new (PORCH_TYPE_FIELD, NULL);

  self->name = g_strdup (name);
  self->label = make_label (name);
  self->values = g_strdupv ((char **) values);
  self->value = g_strjoinv (", ", self->values);
  self->is_list = is_list;

  return self;
}

/* Whether it was sent several times, even if only one value was left. */
gboolean
porch_field_is_list (PorchField *self)
{
  return self->is_list;
}

/**
 * porch_field_get_name:
 * @self: a field
 *
 * Returns: (transfer none): its name in the form
 */
const char *
porch_field_get_name (PorchField *self)
{
  g_return_val_if_fail (PORCH_IS_FIELD (self), NULL);

  return self->name;
}

/**
 * porch_field_get_label:
 * @self: a field
 *
 * Returns: (transfer none): its name for people
 */
const char *
porch_field_get_label (PorchField *self)
{
  g_return_val_if_fail (PORCH_IS_FIELD (self), NULL);

  return self->label;
}

/**
 * porch_field_get_value:
 * @self: a field
 *
 * Returns: (transfer none): its value; several are joined by commas
 */
const char *
porch_field_get_value (PorchField *self)
{
  g_return_val_if_fail (PORCH_IS_FIELD (self), NULL);

  return self->value;
}

/**
 * porch_field_get_values:
 * @self: a field
 *
 * Returns: (transfer none): its values
 */
const char * const *
porch_field_get_values (PorchField *self)
{
  g_return_val_if_fail (PORCH_IS_FIELD (self), NULL);

  return (const char * const *) self->values;
}
