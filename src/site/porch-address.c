/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address.h"

#include "aws-json.h"

struct _PorchAddress
{
  PorchDomainName    *name;
  PorchDomainName    *other;          /* leads to the first; may be NULL */
  const char         *names[3];       /* of both, for machines */
  char               *zone;
  char               *certificate;
  PorchAddressWay     way;
  PorchAddressState   state;
};

G_DEFINE_BOXED_TYPE (PorchAddress, porch_address, porch_address_ref, porch_address_unref)

G_DEFINE_ENUM_TYPE (PorchAddressWay, porch_address_way,
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_FREE, "free"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_ACCOUNT, "account"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_MOVE, "move"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_ELSEWHERE, "elsewhere"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_BUY, "buy"))

G_DEFINE_ENUM_TYPE (PorchAddressState, porch_address_state,
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_SETTING_UP, "setting-up"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_LIVE, "live"),
                    G_DEFINE_ENUM_VALUE (PORCH_ADDRESS_BROKEN, "broken"))

static const char *
enum_to_nick (GType type,
              int   value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);

  return g_enum_get_value (klass, value)->value_nick;
}

static gboolean
nick_to_enum (GType       type,
              const char *nick,
              int        *value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  if (found != NULL)
    *value = found->value;

  return found != NULL;
}

/**
 * porch_address_new:
 * @way: how the site gets it
 * @name: the name that pages are shown under
 * @other: (nullable): another name that leads there
 *
 * Returns: (transfer full): an address that is being set up
 */
PorchAddress *
porch_address_new (PorchAddressWay  way,
                   PorchDomainName *name,
                   PorchDomainName *other)
{
  PorchAddress *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_atomic_rc_box_new0 (PorchAddress);
  self->way = way;
  self->name = porch_domain_name_ref (name);
  self->names[0] = porch_domain_name_get_ascii (name);

  if (other != NULL && !porch_domain_name_equal (name, other))
    {
      self->other = porch_domain_name_ref (other);
      self->names[1] = porch_domain_name_get_ascii (other);
    }

  return self;
}

static PorchDomainName *
parse_name (const char *ascii)
{
  if (ascii == NULL)
    return NULL;

  return porch_domain_name_parse (ascii, g_str_has_suffix (ascii, ".localhost") ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT,
                                  NULL);
}

/**
 * porch_address_new_from_json:
 * @json: (nullable): what [method@Porch.Address.to_json] made
 *
 * Returns: (transfer full) (nullable): the address, `NULL` if @json is none
 */
PorchAddress *
porch_address_new_from_json (JsonObject *json)
{
  g_autoptr(PorchDomainName) name = NULL;
  g_autoptr(PorchDomainName) other = NULL;
  JsonArray *others;
  PorchAddress *self;
  int way, state;

  if (json == NULL ||
      !nick_to_enum (PORCH_TYPE_ADDRESS_WAY, aws_json_get_string (json, "way"), &way) ||
      !nick_to_enum (PORCH_TYPE_ADDRESS_STATE, aws_json_get_string (json, "state"), &state) ||
      !(name = parse_name (aws_json_get_string (json, "name"))))
    return NULL;

  others = aws_json_get_array (json, "others");
  other = others != NULL && json_array_get_length (others) > 0 ? parse_name (aws_json_array_get_string (others, 0)) : NULL;
  self = porch_address_new (way, name, other);
  self->state = state;
  self->zone = g_strdup (aws_json_get_string (json, "zone"));
  self->certificate = g_strdup (aws_json_get_string (json, "certificate"));

  return self;
}

/**
 * porch_address_to_json:
 * @self: an address
 *
 * Returns: (transfer full): the address as it is kept
 */
JsonObject *
porch_address_to_json (PorchAddress *self)
{
  JsonObject *json = json_object_new ();
  JsonArray *others = json_array_new ();

  g_return_val_if_fail (self != NULL, NULL);

  if (self->other != NULL)
    json_array_add_string_element (others, self->names[1]);

  json_object_set_string_member (json, "way", enum_to_nick (PORCH_TYPE_ADDRESS_WAY, self->way));
  json_object_set_string_member (json, "name", self->names[0]);
  json_object_set_array_member (json, "others", others);
  json_object_set_string_member (json, "zone", self->zone);
  json_object_set_string_member (json, "certificate", self->certificate);
  json_object_set_string_member (json, "state", enum_to_nick (PORCH_TYPE_ADDRESS_STATE, self->state));

  return json;
}

static PorchAddress *
copy (PorchAddress *self)
{
  PorchAddress *other = porch_address_new (self->way, self->name, self->other);

  other->state = self->state;
  other->zone = g_strdup (self->zone);
  other->certificate = g_strdup (self->certificate);

  return other;
}

/**
 * porch_address_with_parts:
 * @self: an address
 * @zone: (nullable): the id of the zone that holds its records, if that is in the account
 * @certificate: (nullable): the ARN of its certificate
 *
 * Returns: (transfer full): the same address with these parts
 */
PorchAddress *
porch_address_with_parts (PorchAddress *self,
                          const char   *zone,
                          const char   *certificate)
{
  PorchAddress *other;

  g_return_val_if_fail (self != NULL, NULL);

  other = copy (self);
  g_set_str (&other->zone, zone);
  g_set_str (&other->certificate, certificate);

  return other;
}

/**
 * porch_address_with_state:
 * @self: an address
 * @state: how far it is
 *
 * Returns: (transfer full): the same address in another state
 */
PorchAddress *
porch_address_with_state (PorchAddress      *self,
                          PorchAddressState  state)
{
  PorchAddress *other;

  g_return_val_if_fail (self != NULL, NULL);

  other = copy (self);
  other->state = state;

  return other;
}

PorchAddress *
porch_address_ref (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
porch_address_clear (gpointer data)
{
  PorchAddress *self = data;

  porch_domain_name_unref (self->name);
  g_clear_pointer (&self->other, porch_domain_name_unref);
  g_free (self->zone);
  g_free (self->certificate);
}

void
porch_address_unref (PorchAddress *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, porch_address_clear);
}

PorchAddressWay
porch_address_get_way (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, PORCH_ADDRESS_FREE);

  return self->way;
}

/**
 * porch_address_get_name:
 * @self: an address
 *
 * Returns: (transfer none): the name that pages are shown under
 */
PorchDomainName *
porch_address_get_name (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * porch_address_get_other:
 * @self: an address
 *
 * Returns: (transfer none) (nullable): another name that leads to the first
 */
PorchDomainName *
porch_address_get_other (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->other;
}

/**
 * porch_address_get_ascii:
 * @self: an address
 *
 * Returns: (transfer none): the name that pages are shown under, as machines write it
 */
const char *
porch_address_get_ascii (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->names[0];
}

/**
 * porch_address_get_shown:
 * @self: an address
 *
 * Returns: (transfer none): the name that pages are shown under, as people write it
 */
const char *
porch_address_get_shown (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return porch_domain_name_get_shown (self->name);
}

/**
 * porch_address_get_names:
 * @self: an address
 *
 * Returns: (transfer none): all names as machines write them, the one that pages are shown under first
 */
const char * const *
porch_address_get_names (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->names;
}

/**
 * porch_address_get_zone:
 * @self: an address
 *
 * Returns: (transfer none) (nullable): the id of the zone that holds its records, if that is in the account and known
 */
const char *
porch_address_get_zone (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->zone;
}

/**
 * porch_address_get_certificate:
 * @self: an address
 *
 * Returns: (transfer none) (nullable): the ARN of its certificate, once that is known
 */
const char *
porch_address_get_certificate (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->certificate;
}

PorchAddressState
porch_address_get_state (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, PORCH_ADDRESS_SETTING_UP);

  return self->state;
}

/**
 * porch_address_is_in_account:
 * @self: an address
 *
 * Returns: whether its records are in the account, so that nobody has to enter them anywhere
 */
gboolean
porch_address_is_in_account (PorchAddress *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->way == PORCH_ADDRESS_ACCOUNT || self->way == PORCH_ADDRESS_MOVE || self->way == PORCH_ADDRESS_BUY;
}

/**
 * porch_address_equal:
 * @self: (nullable): an address
 * @other: (nullable): another
 *
 * Returns: whether both are the same in every respect
 */
gboolean
porch_address_equal (PorchAddress *self,
                     PorchAddress *other)
{
  if (self == NULL || other == NULL)
    return self == other;

  return self->way == other->way && self->state == other->state &&
         g_strcmp0 (self->names[0], other->names[0]) == 0 && g_strcmp0 (self->names[1], other->names[1]) == 0 &&
         g_strcmp0 (self->zone, other->zone) == 0 && g_strcmp0 (self->certificate, other->certificate) == 0;
}
