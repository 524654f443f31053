/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-private.h"

#include "porch-certificate.h"
#include "porch-engine.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-site-private.h"

#include "aws-cloudfront.h"
#include "aws-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * PorchAddressPlan:
 *
 * What an owner chose for the own address of a site, and what is in its way. Nothing is changed anywhere by it;
 * [method@Porch.Site.change_address] carries it out.
 */
struct _PorchAddressPlan
{
  GObject             parent_instance;

  PorchSite          *site;
  PorchDomainName    *name;
  PorchDomainSurvey  *survey;
  PorchDomainContact *contact;
  PorchDomainOffer   *offer;
  GListStore         *conflicts;
  GHashTable         *left_out;      /* keys of records that are not copied */
  char               *zone;
  char               *certificate;
  PorchAddressWay     way;
  gboolean            with_sibling;
  gboolean            main_is_sibling;
  gboolean            auto_renew;
  gboolean            is_ready;
};

G_DEFINE_FINAL_TYPE (PorchAddressPlan, porch_address_plan, G_TYPE_OBJECT)

enum
{
  PROP_SITE = 1,
  PROP_WAY,
  PROP_NAME,
  PROP_WITH_SIBLING,
  PROP_MAIN_IS_SIBLING,
  PROP_SURVEY,
  PROP_CONTACT,
  PROP_OFFER,
  PROP_AUTO_RENEW,
  PROP_ZONE_ID,
  PROP_CERTIFICATE,
  PROP_CONFLICTS,
  PROP_READY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (PorchAddressPlan *self,
        guint             property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static gboolean
has_what_it_needs (PorchAddressPlan *self)
{
  if (self->way == PORCH_ADDRESS_FREE)
    return TRUE;

  if (self->name == NULL)
    return FALSE;

  return self->way != PORCH_ADDRESS_BUY ||
         (self->offer != NULL && porch_domain_offer_get_state (self->offer) == PORCH_DOMAIN_OFFER_AVAILABLE &&
          self->contact != NULL && porch_domain_contact_check (self->contact, NULL, NULL));
}

static void
update_ready (PorchAddressPlan *self)
{
  gboolean is_ready = has_what_it_needs (self);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->conflicts)); i++)
    {
      g_autoptr(PorchAddressConflict) each = g_list_model_get_item (G_LIST_MODEL (self->conflicts), i);
      PorchAddressConflictKind kind = porch_address_conflict_get_kind (each);

      is_ready &= kind == PORCH_ADDRESS_CONFLICT_HINT ||
                  (kind == PORCH_ADDRESS_CONFLICT_AGREE && porch_address_conflict_is_agreed (each));
    }

  if (self->is_ready == is_ready)
    return;

  self->is_ready = is_ready;
  notify (self, PROP_READY);
}

static void
porch_address_plan_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PorchAddressPlan *self = PORCH_ADDRESS_PLAN (object);

  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, self->site);
      break;
    case PROP_WAY:
      g_value_set_enum (value, self->way);
      break;
    case PROP_NAME:
      g_value_set_boxed (value, self->name);
      break;
    case PROP_WITH_SIBLING:
      g_value_set_boolean (value, self->with_sibling);
      break;
    case PROP_MAIN_IS_SIBLING:
      g_value_set_boolean (value, self->main_is_sibling);
      break;
    case PROP_SURVEY:
      g_value_set_object (value, self->survey);
      break;
    case PROP_CONTACT:
      g_value_set_object (value, self->contact);
      break;
    case PROP_OFFER:
      g_value_set_object (value, self->offer);
      break;
    case PROP_AUTO_RENEW:
      g_value_set_boolean (value, self->auto_renew);
      break;
    case PROP_ZONE_ID:
      g_value_set_string (value, self->zone);
      break;
    case PROP_CERTIFICATE:
      g_value_set_string (value, self->certificate);
      break;
    case PROP_CONFLICTS:
      g_value_set_object (value, self->conflicts);
      break;
    case PROP_READY:
      g_value_set_boolean (value, self->is_ready);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_plan_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  PorchAddressPlan *self = PORCH_ADDRESS_PLAN (object);

  switch (prop_id)
    {
    case PROP_WAY:
      porch_address_plan_set_way (self, g_value_get_enum (value));
      break;
    case PROP_NAME:
      porch_address_plan_set_name (self, g_value_get_boxed (value));
      break;
    case PROP_WITH_SIBLING:
      porch_address_plan_set_with_sibling (self, g_value_get_boolean (value));
      break;
    case PROP_MAIN_IS_SIBLING:
      porch_address_plan_set_main_is_sibling (self, g_value_get_boolean (value));
      break;
    case PROP_SURVEY:
      porch_address_plan_set_survey (self, g_value_get_object (value));
      break;
    case PROP_CONTACT:
      porch_address_plan_set_contact (self, g_value_get_object (value));
      break;
    case PROP_OFFER:
      porch_address_plan_set_offer (self, g_value_get_object (value));
      break;
    case PROP_AUTO_RENEW:
      porch_address_plan_set_auto_renew (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_plan_finalize (GObject *object)
{
  PorchAddressPlan *self = PORCH_ADDRESS_PLAN (object);

  g_clear_object (&self->site);
  g_clear_object (&self->survey);
  g_clear_object (&self->contact);
  g_clear_object (&self->offer);
  g_clear_object (&self->conflicts);
  g_clear_pointer (&self->left_out, g_hash_table_unref);
  g_clear_pointer (&self->name, porch_domain_name_unref);
  g_clear_pointer (&self->zone, g_free);
  g_clear_pointer (&self->certificate, g_free);

  G_OBJECT_CLASS (porch_address_plan_parent_class)->finalize (object);
}

static void
porch_address_plan_class_init (PorchAddressPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags writable = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = porch_address_plan_get_property;
  object_class->set_property = porch_address_plan_set_property;
  object_class->finalize = porch_address_plan_finalize;

  properties[PROP_SITE] = g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE, flags);
  properties[PROP_WAY] = g_param_spec_enum ("way", NULL, NULL, PORCH_TYPE_ADDRESS_WAY, PORCH_ADDRESS_FREE, writable);
  properties[PROP_NAME] = g_param_spec_boxed ("name", NULL, NULL, PORCH_TYPE_DOMAIN_NAME, writable);
  properties[PROP_WITH_SIBLING] = g_param_spec_boolean ("with-sibling", NULL, NULL, TRUE, writable);
  properties[PROP_MAIN_IS_SIBLING] = g_param_spec_boolean ("main-is-sibling", NULL, NULL, FALSE, writable);
  properties[PROP_SURVEY] = g_param_spec_object ("survey", NULL, NULL, PORCH_TYPE_DOMAIN_SURVEY, writable);
  properties[PROP_CONTACT] = g_param_spec_object ("contact", NULL, NULL, PORCH_TYPE_DOMAIN_CONTACT, writable);
  properties[PROP_OFFER] = g_param_spec_object ("offer", NULL, NULL, PORCH_TYPE_DOMAIN_OFFER, writable);
  properties[PROP_AUTO_RENEW] = g_param_spec_boolean ("auto-renew", NULL, NULL, TRUE, writable);
  properties[PROP_ZONE_ID] = g_param_spec_string ("zone-id", NULL, NULL, NULL, flags);
  properties[PROP_CERTIFICATE] = g_param_spec_string ("certificate", NULL, NULL, NULL, flags);
  properties[PROP_CONFLICTS] = g_param_spec_object ("conflicts", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_address_plan_init (PorchAddressPlan *self)
{
  self->conflicts = g_list_store_new (PORCH_TYPE_ADDRESS_CONFLICT);
  self->left_out = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->with_sibling = TRUE;
  self->auto_renew = TRUE;
  self->is_ready = TRUE;
}

/**
 * porch_address_plan_new:
 * @site: a site
 *
 * Returns: (transfer full): a plan to stay with the free address, or to go back to it
 */
PorchAddressPlan *
porch_address_plan_new (PorchSite *site)
{
  PorchAddressPlan *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_ADDRESS_PLAN, NULL);
  self->site = g_object_ref (site);

  return self;
}

/**
 * porch_address_plan_get_site:
 * @self: a plan
 *
 * Returns: (transfer none): the site
 */
PorchSite *
porch_address_plan_get_site (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->site;
}

/* What was found out is about another name or way now */
static void
forget_findings (PorchAddressPlan *self)
{
  g_list_store_remove_all (self->conflicts);

  if (g_set_str (&self->zone, NULL))
    notify (self, PROP_ZONE_ID);
  if (g_set_str (&self->certificate, NULL))
    notify (self, PROP_CERTIFICATE);

  update_ready (self);
}

PorchAddressWay
porch_address_plan_get_way (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), PORCH_ADDRESS_FREE);

  return self->way;
}

/**
 * porch_address_plan_set_way:
 * @self: a plan
 * @way: how the site gets the address
 *
 * What is in the way is to be looked for again after it.
 */
void
porch_address_plan_set_way (PorchAddressPlan *self,
                            PorchAddressWay   way)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (self->way == way)
    return;

  self->way = way;
  g_list_store_remove_all (self->conflicts);
  notify (self, PROP_WAY);
  update_ready (self);
}

/**
 * porch_address_plan_get_name:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the name that was chosen
 */
PorchDomainName *
porch_address_plan_get_name (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->name;
}

/**
 * porch_address_plan_set_name:
 * @self: a plan
 * @name: (nullable): a name
 *
 * Chooses a name. What was found out about another one is forgotten.
 */
void
porch_address_plan_set_name (PorchAddressPlan *self,
                             PorchDomainName  *name)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (name == self->name || (name != NULL && self->name != NULL && porch_domain_name_equal (name, self->name)))
    return;

  g_clear_pointer (&self->name, porch_domain_name_unref);
  self->name = name != NULL ? porch_domain_name_ref (name) : NULL;
  g_hash_table_remove_all (self->left_out);
  porch_address_plan_set_survey (self, NULL);
  forget_findings (self);
  notify (self, PROP_NAME);
}

/**
 * porch_address_plan_parse_name:
 * @self: a plan
 * @typed: what somebody typed or pasted
 * @error: return location
 *
 * Chooses a name, see [func@Porch.DomainName.parse].
 *
 * Returns: whether it is one; %FALSE with %PORCH_ERROR_DOMAIN
 */
gboolean
porch_address_plan_parse_name (PorchAddressPlan  *self,
                               const char        *typed,
                               GError           **error)
{
  g_autoptr(PorchDomainName) name = NULL;
  PorchDomainFlags flags;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), FALSE);

  flags = porch_account_is_practice (porch_site_get_account (self->site)) ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT;
  name = porch_domain_name_parse (typed, flags, error);
  porch_address_plan_set_name (self, name);

  return name != NULL;
}

gboolean
porch_address_plan_get_with_sibling (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), FALSE);

  return self->with_sibling;
}

/**
 * porch_address_plan_set_with_sibling:
 * @self: a plan
 * @with_sibling: whether both `example.org` and `www.example.org` are to lead to the site; a name of another kind has no
 *   sibling in any case
 */
void
porch_address_plan_set_with_sibling (PorchAddressPlan *self,
                                     gboolean          with_sibling)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (self->with_sibling == !!with_sibling)
    return;

  self->with_sibling = !!with_sibling;
  forget_findings (self);
  notify (self, PROP_WITH_SIBLING);
}

gboolean
porch_address_plan_get_main_is_sibling (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), FALSE);

  return self->main_is_sibling;
}

/**
 * porch_address_plan_set_main_is_sibling:
 * @self: a plan
 * @main_is_sibling: whether pages are shown under the sibling, and the name that was typed leads there
 */
void
porch_address_plan_set_main_is_sibling (PorchAddressPlan *self,
                                        gboolean          main_is_sibling)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (self->main_is_sibling == !!main_is_sibling)
    return;

  self->main_is_sibling = !!main_is_sibling;
  notify (self, PROP_MAIN_IS_SIBLING);
}

static PorchDomainName *
dup_sibling (PorchAddressPlan *self)
{
  return self->name != NULL && self->with_sibling ? porch_domain_name_dup_sibling (self->name) : NULL;
}

/**
 * porch_address_plan_dup_canonical:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): the name that pages will be shown under
 */
PorchDomainName *
porch_address_plan_dup_canonical (PorchAddressPlan *self)
{
  g_autoptr(PorchDomainName) sibling = NULL;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  sibling = dup_sibling (self);

  if (sibling != NULL && self->main_is_sibling)
    return g_steal_pointer (&sibling);

  return self->name != NULL ? porch_domain_name_ref (self->name) : NULL;
}

/**
 * porch_address_plan_dup_other:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): the name that will lead to the other
 */
PorchDomainName *
porch_address_plan_dup_other (PorchAddressPlan *self)
{
  g_autoptr(PorchDomainName) sibling = NULL;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  sibling = dup_sibling (self);

  if (sibling != NULL && self->main_is_sibling)
    return porch_domain_name_ref (self->name);

  return g_steal_pointer (&sibling);
}

/**
 * porch_address_plan_dup_address:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): the address as it will be, `NULL` for the free one
 */
PorchAddress *
porch_address_plan_dup_address (PorchAddressPlan *self)
{
  g_autoptr(PorchDomainName) canonical = NULL;
  g_autoptr(PorchDomainName) other = NULL;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  if (self->way == PORCH_ADDRESS_FREE || self->name == NULL)
    return NULL;

  canonical = porch_address_plan_dup_canonical (self);
  other = porch_address_plan_dup_other (self);

  return porch_address_new (self->way, canonical, other);
}

/**
 * porch_address_plan_get_survey:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): what is known of the domain
 */
PorchDomainSurvey *
porch_address_plan_get_survey (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->survey;
}

void
porch_address_plan_set_survey (PorchAddressPlan  *self,
                               PorchDomainSurvey *survey)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (g_set_object (&self->survey, survey))
    notify (self, PROP_SURVEY);
}

/**
 * porch_address_plan_get_contact:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): who is to own the domain that is bought
 */
PorchDomainContact *
porch_address_plan_get_contact (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->contact;
}

void
porch_address_plan_set_contact (PorchAddressPlan   *self,
                                PorchDomainContact *contact)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (contact == self->contact)
    return;

  if (self->contact != NULL)
    g_signal_handlers_disconnect_by_func (self->contact, update_ready, self);

  g_set_object (&self->contact, contact);

  if (contact != NULL)
    g_signal_connect_object (contact, "notify", G_CALLBACK (update_ready), self, G_CONNECT_SWAPPED);

  notify (self, PROP_CONTACT);
  update_ready (self);
}

/**
 * porch_address_plan_get_offer:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the domain to buy at the price that the owner agreed to
 */
PorchDomainOffer *
porch_address_plan_get_offer (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->offer;
}

/**
 * porch_address_plan_set_offer:
 * @self: a plan
 * @offer: (nullable): the domain to buy at the price that the owner agrees to
 *
 * Chooses the name, too, unless it is one of that domain already.
 */
void
porch_address_plan_set_offer (PorchAddressPlan *self,
                              PorchDomainOffer *offer)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (!g_set_object (&self->offer, offer))
    return;

  if (offer != NULL &&
      (self->name == NULL || !g_str_equal (porch_domain_name_get_registrable (self->name),
                                           porch_domain_name_get_ascii (porch_domain_offer_get_name (offer)))))
    porch_address_plan_set_name (self, porch_domain_offer_get_name (offer));

  notify (self, PROP_OFFER);
  update_ready (self);
}

gboolean
porch_address_plan_get_auto_renew (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), FALSE);

  return self->auto_renew;
}

/**
 * porch_address_plan_set_auto_renew:
 * @self: a plan
 * @auto_renew: whether the domain that is bought is to be renewed, and paid for, each year until that is switched off
 */
void
porch_address_plan_set_auto_renew (PorchAddressPlan *self,
                                   gboolean          auto_renew)
{
  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (self->auto_renew == !!auto_renew)
    return;

  self->auto_renew = !!auto_renew;
  notify (self, PROP_AUTO_RENEW);
}

/**
 * porch_address_plan_get_zone_id:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): the zone in the account that has the name, if the last look found one
 */
const char *
porch_address_plan_get_zone_id (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->zone;
}

/**
 * porch_address_plan_get_certificate:
 * @self: a plan
 *
 * Returns: (transfer none) (nullable): a fitting certificate in the account, if the last look found one
 */
const char *
porch_address_plan_get_certificate (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return self->certificate;
}

/**
 * porch_address_plan_list_conflicts:
 * @self: a plan
 *
 * Returns: (transfer none): what is in the way, as the last look found it: a list of [class@Porch.AddressConflict], always
 *   the same one
 */
GListModel *
porch_address_plan_list_conflicts (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), NULL);

  return G_LIST_MODEL (self->conflicts);
}

/**
 * porch_address_plan_is_ready:
 * @self: a plan
 *
 * Returns: whether it can be carried out: all is chosen, nothing stops it, and whatever will be replaced was agreed to
 */
gboolean
porch_address_plan_is_ready (PorchAddressPlan *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), FALSE);

  return self->is_ready;
}

/* What tells one value of one record from all others */
char *
porch_address_build_record_key (PorchDomainRecord *record)
{
  return g_strdup_printf ("%s %s %s", porch_domain_record_get_record_type (record), porch_domain_record_get_name (record),
                          porch_domain_record_get_value (record));
}

/**
 * porch_address_plan_is_left_out:
 * @self: a plan
 * @record: a record of the survey
 *
 * Returns: whether it stays behind when the DNS moves
 */
gboolean
porch_address_plan_is_left_out (PorchAddressPlan  *self,
                                PorchDomainRecord *record)
{
  g_autofree char *key = NULL;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (self), FALSE);

  key = porch_address_build_record_key (record);

  return g_hash_table_contains (self->left_out, key);
}

/**
 * porch_address_plan_set_left_out:
 * @self: a plan
 * @record: a record of the survey
 * @left_out: whether it stays behind when the DNS moves
 */
void
porch_address_plan_set_left_out (PorchAddressPlan  *self,
                                 PorchDomainRecord *record,
                                 gboolean           left_out)
{
  g_autofree char *key = NULL;

  g_return_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  key = porch_address_build_record_key (record);

  if (left_out)
    g_hash_table_add (self->left_out, g_steal_pointer (&key));
  else
    g_hash_table_remove (self->left_out, key);
}

/* Another site of ours that has one of the names already */
static PorchSite *
find_other_site (PorchAddressPlan *self,
                 PorchAddress     *address)
{
  GListModel *sites = porch_engine_get_sites (porch_site_get_engine (self->site));
  const char * const *names = porch_address_get_names (address);

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);
      PorchAddress *own = porch_site_get_own_address (site);

      for (guint j = 0; site != self->site && own != NULL && names[j] != NULL; j++)
        if (g_strv_contains (porch_address_get_names (own), names[j]))
          return site;
    }

  return NULL;
}

static gboolean
check_name (PorchAddressPlan  *self,
            GError           **error)
{
  g_autoptr(PorchAddress) address = porch_address_plan_dup_address (self);
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (self->site));
  PorchSite *other;

  if (self->way == PORCH_ADDRESS_FREE)
    return TRUE;

  if (address == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DOMAIN, _("No address was chosen."));
      return FALSE;
    }

  if (host == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("The site has not been set up to the end."));
      return FALSE;
    }

  *strchrnul (host, ':') = '\0';

  if (g_strv_contains (porch_address_get_names (address), host))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_DOMAIN, _("“%s” is the address that came with the site."), host);
      return FALSE;
    }

  if ((other = find_other_site (self, address)) == NULL)
    return TRUE;

  /* Translators: the first %s is an address, the second the name of a site */
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_EXISTS, _("“%s” is the address of your site “%s”."),
               porch_address_get_shown (address), porch_site_get_name (other));

  return FALSE;
}

/**
 * porch_address_plan_check_name:
 * @self: a plan
 *
 * Whether the name can be used at all, before anybody is asked about it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_DOMAIN, or with %PORCH_ERROR_EXISTS if
 *   another site has the name
 */
DexFuture *
porch_address_plan_check_name (PorchAddressPlan *self)
{
  g_autoptr(GError) error = NULL;

  dex_return_error_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  if (!check_name (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* What the owner agreed to stays agreed to */
static void
take_conflict (PorchAddressPlan     *self,
               GHashTable           *agreed,
               PorchAddressConflict *conflict)
{
  g_autoptr(PorchAddressConflict) taken = conflict;

  porch_address_conflict_set_agreed (conflict, g_hash_table_contains (agreed, porch_address_conflict_get_id (conflict)));
  g_signal_connect_object (conflict, "notify::agreed", G_CALLBACK (update_ready), self, G_CONNECT_SWAPPED);
  g_list_store_append (self->conflicts, conflict);
}

static GHashTable *
list_agreed (PorchAddressPlan *self)
{
  GHashTable *agreed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->conflicts)); i++)
    {
      g_autoptr(PorchAddressConflict) each = g_list_model_get_item (G_LIST_MODEL (self->conflicts), i);

      if (porch_address_conflict_is_agreed (each))
        g_hash_table_add (agreed, g_strdup (porch_address_conflict_get_id (each)));
    }

  return agreed;
}

/* What the move takes along and the site then takes the place of */
static void
add_survey_records (PorchAddressPlan *self,
                    PorchAddress     *address,
                    GHashTable       *agreed)
{
  static const char * const types[] = { "A", "AAAA", "CNAME", "HTTPS", "SVCB", NULL };
  GListModel *records = porch_domain_survey_get_records (self->survey);
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (records, i);
      const char *name = porch_domain_record_get_name (record);
      const char *type = porch_domain_record_get_record_type (record);

      if (g_strv_contains (porch_address_get_names (address), name) && g_strv_contains (types, type) &&
          g_hash_table_add (seen, g_strdup_printf ("%s %s", name, type)))
        take_conflict (self, agreed, porch_address_conflict_new_records (name, type, porch_domain_record_get_value (record)));
    }
}

static void
add_issue (PorchAddressPlan *self,
           GHashTable       *agreed)
{
  g_autofree char *issuers = NULL;
  g_autofree char *cause = NULL;

  if (porch_domain_survey_get_issue (self->survey) != PORCH_DOMAIN_ISSUE_FORBIDDEN)
    return;

  issuers = g_strjoinv (", ", (char **) porch_domain_survey_get_issuers (self->survey));
  /* Translators: %s are the values of records */
  cause = g_strdup_printf (_("A record of the domain lets only others issue certificates: %s."), issuers);

  if (self->way == PORCH_ADDRESS_ELSEWHERE)
    take_conflict (self, agreed,
                   porch_address_conflict_new ("caa", PORCH_ADDRESS_CONFLICT_STOP, _("The Domain Forbids the Certificate"), cause,
                                               _("Add a CAA record with the value 0 issue \"amazon.com\" where the domain’s records are, then look again.")));
  else
    take_conflict (self, agreed,
                   porch_address_conflict_new ("caa", PORCH_ADDRESS_CONFLICT_AGREE, _("The Domain Forbids the Certificate"), cause,
                                               _("Amazon, where the site’s certificate comes from, will be added to it.")));
}

static void
add_signing (PorchAddressPlan *self,
             GHashTable       *agreed)
{
  if (self->way == PORCH_ADDRESS_MOVE && porch_domain_survey_is_signed (self->survey))
    take_conflict (self, agreed,
                   porch_address_conflict_new ("signed", PORCH_ADDRESS_CONFLICT_STOP, _("The Domain Is Signed"),
                                               _("With other name servers its signatures (DNSSEC) would be wrong, and neither pages nor mail would arrive any more."),
                                               _("Switch DNSSEC off where the domain was bought, wait a day, then look again.")));
}

/* Who in the account has one of the names. Others can't be asked before the site has the certificate; they are told then. */
static gboolean
await_claims (PorchAddressPlan  *self,
              AwsClient         *client,
              PorchAddress      *address,
              GHashTable        *agreed,
              GError           **error)
{
  const char * const *names = porch_address_get_names (address);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) all = dex_await_boxed (aws_cloudfront_list_distributions (client), &local_error);

  /* Not everybody may list them, and nothing is lost by not knowing yet */
  if (all == NULL && !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_ACCESS_DENIED))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      AwsDistribution *each = g_ptr_array_index (all, i);
      g_auto(GStrv) aliases = aws_distribution_dup_aliases (each);

      if (g_strcmp0 (aws_distribution_get_id (each), porch_site_get_distribution (self->site)) == 0)
        continue;

      for (guint j = 0; names[j] != NULL; j++)
        if (g_strv_contains ((const char * const *) aliases, names[j]))
          {
            g_autofree char *shown = porch_domain_name_show (names[j]);
            const char *comment = aws_distribution_get_comment (each);
            g_autofree char *id = g_strconcat (PORCH_ADDRESS_CLAIM, names[j], NULL);
            /* Translators: %s is the name of a domain */
            g_autofree char *title = g_strdup_printf (_("“%s” Belongs to Another Website"), shown);
            g_autofree char *cause = NULL;

            /* Translators: %s is what the other website is called there */
            cause = g_strdup_printf (_("A website in this account has it: %s."),
                                     comment != NULL && *comment != '\0' ? comment : aws_distribution_get_domain (each));
            take_conflict (self, agreed,
                           porch_address_conflict_new (id, PORCH_ADDRESS_CONFLICT_AGREE, title, cause,
                                                       _("It will be taken away from that website and given to this one.")));
          }
    }

  return TRUE;
}

static gboolean
await_survey (PorchAddressPlan  *self,
              GError           **error)
{
  g_autoptr(PorchDns) dns = NULL;
  g_autoptr(PorchDomainSurvey) survey = NULL;

  if (self->survey != NULL || self->way == PORCH_ADDRESS_BUY)
    return TRUE;

  dns = porch_site_dup_dns (self->site);
  survey = porch_domain_survey_new (dns, self->name);
  porch_address_plan_set_survey (self, survey);

  if (dex_await (porch_domain_survey_run (survey), error))
    return TRUE;

  porch_address_plan_set_survey (self, NULL);

  return FALSE;
}

static gboolean
await_found (PorchAddressPlan  *self,
             AwsClient         *client,
             PorchAddress      *address,
             GError           **error)
{
  g_autoptr(PorchDns) dns = porch_site_dup_dns (self->site);
  g_autofree char *zone = NULL;
  g_autofree char *certificate = NULL;
  g_autoptr(GError) local_error = NULL;

  if (!porch_address_await_zone (NULL, client, dns, self->name, &zone, error))
    return FALSE;

  certificate = dex_await_string (porch_certificate_find (client, porch_address_get_names (address)), &local_error);

  if (certificate == NULL && !g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (g_set_str (&self->zone, zone))
    notify (self, PROP_ZONE_ID);
  if (g_set_str (&self->certificate, certificate))
    notify (self, PROP_CERTIFICATE);

  return TRUE;
}

static gboolean
await_conflicts (PorchAddressPlan  *self,
                 AwsClient         *client,
                 PorchAddress      *address,
                 GError           **error)
{
  g_autoptr(GHashTable) agreed = list_agreed (self);
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (self->site));
  g_autoptr(GPtrArray) records = NULL;
  gboolean is_there = self->zone != NULL && porch_address_is_in_account (address);

  if (is_there && !(records = porch_address_await_conflicts (NULL, client, self->zone, porch_address_get_names (address), host, error)))
    return FALSE;

  g_list_store_remove_all (self->conflicts);

  for (guint i = 0; records != NULL && i < records->len; i++)
    take_conflict (self, agreed, g_object_ref (g_ptr_array_index (records, i)));

  if (self->survey != NULL && self->way == PORCH_ADDRESS_MOVE && records == NULL)
    add_survey_records (self, address, agreed);

  if (self->survey != NULL)
    {
      add_issue (self, agreed);
      add_signing (self, agreed);
    }

  return await_claims (self, client, address, agreed, error);
}

static DexFuture *
look_fiber (gpointer user_data)
{
  PorchAddressPlan *self = user_data;
  g_autoptr(AwsClient) client = porch_site_dup_address_client (self->site);
  g_autoptr(PorchAddress) address = NULL;
  g_autoptr(GError) error = NULL;

  if (!check_name (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if ((address = porch_address_plan_dup_address (self)) == NULL)
    return dex_future_new_true ();

  if (!await_survey (self, &error) || !await_found (self, client, address, &error) ||
      !await_conflicts (self, client, address, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  update_ready (self);

  return dex_future_new_true ();
}

/**
 * porch_address_plan_look:
 * @self: a plan with a way and a name
 *
 * Finds out all that matters before anything is changed: how the domain is served and what records it has
 * ([property@Porch.AddressPlan:survey] is there from the beginning and tells how far it is), whether its records are in the
 * account, whether there is a certificate, and what is in the way.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_DOMAIN, %PORCH_ERROR_EXISTS,
 *   %PORCH_ERROR_DNS or an `AWS_ERROR`
 */
DexFuture *
porch_address_plan_look (PorchAddressPlan *self)
{
  dex_return_error_if_fail (PORCH_IS_ADDRESS_PLAN (self));

  return porch_fiber_spawn (look_fiber, g_object_ref (self), g_object_unref, NULL);
}

static JsonArray *
build_array (GHashTable *words)
{
  JsonArray *array = json_array_new ();
  GHashTableIter iter;
  gpointer word;

  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    json_array_add_string_element (array, word);

  return array;
}

/* What an operation has to remember of the plan. */
JsonObject *
porch_address_plan_build_data (PorchAddressPlan *self)
{
  JsonObject *data = json_object_new ();
  g_autoptr(PorchAddress) address = porch_address_plan_dup_address (self);
  g_autoptr(GHashTable) agreed = list_agreed (self);
  PorchAddress *before = porch_site_get_last_address (self->site);
  PorchAddress *begun = porch_site_get_own_address (self->site);

  json_object_set_string_member (data, "name", porch_site_get_name (self->site));
  json_object_set_array_member (data, "agreed", build_array (agreed));

  if (address != NULL)
    json_object_set_object_member (data, "address", porch_address_to_json (address));
  if (before != NULL)
    json_object_set_object_member (data, "before", porch_address_to_json (before));
  if (begun != NULL && !porch_address_equal (begun, before))
    json_object_set_object_member (data, "begun", porch_address_to_json (begun));

  if (self->way == PORCH_ADDRESS_MOVE && self->survey != NULL)
    {
      json_object_set_object_member (data, "survey", porch_domain_survey_to_json (self->survey));
      json_object_set_array_member (data, "leftOut", build_array (self->left_out));
    }

  if (self->way == PORCH_ADDRESS_BUY && self->offer != NULL && self->contact != NULL)
    {
      json_object_set_string_member (data, "domain", porch_domain_name_get_ascii (porch_domain_offer_get_name (self->offer)));
      json_object_set_double_member (data, "price", porch_domain_offer_get_price (self->offer));
      json_object_set_string_member (data, "currency", porch_domain_offer_get_currency (self->offer));
      json_object_set_object_member (data, "contact", porch_domain_contact_to_json (self->contact));
      json_object_set_boolean_member (data, "autoRenew", self->auto_renew);
    }

  return data;
}
