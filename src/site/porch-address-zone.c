/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-private.h"

#include "porch-fiber.h"

/**
 * PorchAddressZone:
 *
 * A domain whose records are in the account.
 */
struct _PorchAddressZone
{
  GObject          parent_instance;

  char            *id;
  PorchDomainName *name;
};

G_DEFINE_FINAL_TYPE (PorchAddressZone, porch_address_zone, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_NAME,
  PROP_SHOWN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_address_zone_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PorchAddressZone *self = PORCH_ADDRESS_ZONE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_NAME:
      g_value_set_boxed (value, self->name);
      break;
    case PROP_SHOWN:
      g_value_set_string (value, porch_address_zone_get_shown (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_zone_finalize (GObject *object)
{
  PorchAddressZone *self = PORCH_ADDRESS_ZONE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->name, porch_domain_name_unref);

  G_OBJECT_CLASS (porch_address_zone_parent_class)->finalize (object);
}

static void
porch_address_zone_class_init (PorchAddressZoneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_address_zone_get_property;
  object_class->finalize = porch_address_zone_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_boxed ("name", NULL, NULL, PORCH_TYPE_DOMAIN_NAME, flags);
  properties[PROP_SHOWN] = g_param_spec_string ("shown", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_address_zone_init (PorchAddressZone *self)
{
}

PorchAddressZone *
porch_address_zone_new (const char      *id,
                        PorchDomainName *name)
{
  PorchAddressZone *self = g_object_new (PORCH_TYPE_ADDRESS_ZONE, NULL);

  self->id = g_strdup (id);
  self->name = porch_domain_name_ref (name);

  return self;
}

/**
 * porch_address_zone_get_id:
 * @self: a zone
 *
 * Returns: (transfer none): its id
 */
const char *
porch_address_zone_get_id (PorchAddressZone *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_ZONE (self), NULL);

  return self->id;
}

/**
 * porch_address_zone_get_name:
 * @self: a zone
 *
 * Returns: (transfer none): the domain
 */
PorchDomainName *
porch_address_zone_get_name (PorchAddressZone *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_ZONE (self), NULL);

  return self->name;
}

/**
 * porch_address_zone_get_shown:
 * @self: a zone
 *
 * Returns: (transfer none): the domain as people write it
 */
const char *
porch_address_zone_get_shown (PorchAddressZone *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_ZONE (self), NULL);

  return porch_domain_name_get_shown (self->name);
}

static DexFuture *
list_fiber (gpointer user_data)
{
  PorchSite *site = user_data;
  g_autoptr(AwsClient) client = porch_site_dup_address_client (site);
  g_autoptr(GListStore) list = g_list_store_new (PORCH_TYPE_ADDRESS_ZONE);
  PorchDomainFlags flags = porch_account_is_practice (porch_site_get_account (site)) ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) zones = dex_await_boxed (aws_route53_list_zones (client), &error);

  if (zones == NULL)
    g_debug ("The zones of the account are not known: %s", error->message);

  for (guint i = 0; zones != NULL && i < zones->len; i++)
    {
      AwsHostedZone *each = g_ptr_array_index (zones, i);
      g_autofree char *text = aws_hosted_zone_dup_name (each);
      g_autoptr(PorchDomainName) name = text != NULL ? porch_domain_name_parse (text, flags, NULL) : NULL;
      g_autoptr(PorchAddressZone) zone = NULL;

      if (name == NULL || aws_hosted_zone_is_private (each))
        continue;

      zone = porch_address_zone_new (aws_hosted_zone_get_id (each), name);
      g_list_store_append (list, zone);
    }

  return dex_future_new_take_object (g_steal_pointer (&list));
}

/**
 * porch_address_list_zones:
 * @site: a site
 *
 * Lists the domains whose records are in the site's account already.
 *
 * Returns: (transfer full): a future that resolves to a [iface@Gio.ListModel] of [class@Porch.AddressZone], an empty one if
 *   the account does not tell
 */
DexFuture *
porch_address_list_zones (PorchSite *site)
{
  dex_return_error_if_fail (PORCH_IS_SITE (site));

  return porch_fiber_spawn (list_fiber, g_object_ref (site), g_object_unref, NULL);
}
