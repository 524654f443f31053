/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "porch-domain-name.h"

G_BEGIN_DECLS

/**
 * PorchAddressWay:
 * @PORCH_ADDRESS_FREE: the address that comes with the site
 * @PORCH_ADDRESS_ACCOUNT: a domain whose DNS is in the account already
 * @PORCH_ADDRESS_MOVE: a domain whose DNS moves into the account
 * @PORCH_ADDRESS_ELSEWHERE: a domain whose DNS stays where it is
 * @PORCH_ADDRESS_BUY: a domain that is bought with the account
 *
 * How a site gets its address.
 */
typedef enum
{
  PORCH_ADDRESS_FREE,
  PORCH_ADDRESS_ACCOUNT,
  PORCH_ADDRESS_MOVE,
  PORCH_ADDRESS_ELSEWHERE,
  PORCH_ADDRESS_BUY,
} PorchAddressWay;

/**
 * PorchAddressState:
 * @PORCH_ADDRESS_SETTING_UP: being set up; the free address is the one to share
 * @PORCH_ADDRESS_LIVE: works
 * @PORCH_ADDRESS_BROKEN: has worked, and something is wrong with it now
 *
 * How far an own address is.
 */
typedef enum
{
  PORCH_ADDRESS_SETTING_UP,
  PORCH_ADDRESS_LIVE,
  PORCH_ADDRESS_BROKEN,
} PorchAddressState;

#define PORCH_TYPE_ADDRESS_WAY (porch_address_way_get_type ())
#define PORCH_TYPE_ADDRESS_STATE (porch_address_state_get_type ())

GType porch_address_way_get_type   (void) G_GNUC_CONST;
GType porch_address_state_get_type (void) G_GNUC_CONST;

/**
 * PorchAddress:
 *
 * The own address of a site. Never changes once made.
 */
typedef struct _PorchAddress PorchAddress;

#define PORCH_TYPE_ADDRESS (porch_address_get_type ())

GType                porch_address_get_type         (void) G_GNUC_CONST;
PorchAddress        *porch_address_new              (PorchAddressWay      way,
                                                     PorchDomainName     *name,
                                                     PorchDomainName     *other);
PorchAddress        *porch_address_new_from_json    (JsonObject          *json);
JsonObject          *porch_address_to_json          (PorchAddress        *self);
PorchAddress        *porch_address_with_parts       (PorchAddress        *self,
                                                     const char          *zone,
                                                     const char          *certificate);
PorchAddress        *porch_address_with_state       (PorchAddress        *self,
                                                     PorchAddressState    state);
PorchAddress        *porch_address_ref              (PorchAddress        *self);
void                 porch_address_unref            (PorchAddress        *self);
PorchAddressWay      porch_address_get_way          (PorchAddress        *self);
PorchDomainName     *porch_address_get_name         (PorchAddress        *self);
PorchDomainName     *porch_address_get_other        (PorchAddress        *self);
const char          *porch_address_get_ascii        (PorchAddress        *self);
const char          *porch_address_get_shown        (PorchAddress        *self);
const char * const  *porch_address_get_names        (PorchAddress        *self);
const char          *porch_address_get_zone         (PorchAddress        *self);
const char          *porch_address_get_certificate  (PorchAddress        *self);
PorchAddressState    porch_address_get_state        (PorchAddress        *self);
gboolean             porch_address_is_in_account    (PorchAddress        *self);
gboolean             porch_address_equal            (PorchAddress        *self,
                                                     PorchAddress        *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchAddress, porch_address_unref)

G_END_DECLS
