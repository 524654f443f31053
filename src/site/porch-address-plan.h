/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-address.h"
#include "porch-domain-shop.h"
#include "porch-domain-survey.h"
#include "porch-site.h"

G_BEGIN_DECLS

/**
 * PorchAddressConflictKind:
 * @PORCH_ADDRESS_CONFLICT_AGREE: something would be replaced; goes on once the owner agrees
 * @PORCH_ADDRESS_CONFLICT_STOP: has to be solved first
 * @PORCH_ADDRESS_CONFLICT_HINT: worth knowing
 *
 * What a conflict asks for.
 */
typedef enum
{
  PORCH_ADDRESS_CONFLICT_AGREE,
  PORCH_ADDRESS_CONFLICT_STOP,
  PORCH_ADDRESS_CONFLICT_HINT,
} PorchAddressConflictKind;

#define PORCH_TYPE_ADDRESS_CONFLICT_KIND (porch_address_conflict_kind_get_type ())
#define PORCH_TYPE_ADDRESS_CONFLICT (porch_address_conflict_get_type ())
#define PORCH_TYPE_ADDRESS_PLAN (porch_address_plan_get_type ())

GType                     porch_address_conflict_kind_get_type  (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchAddressConflict, porch_address_conflict, PORCH, ADDRESS_CONFLICT, GObject)

const char               *porch_address_conflict_get_id         (PorchAddressConflict     *self);
PorchAddressConflictKind  porch_address_conflict_get_kind       (PorchAddressConflict     *self);
const char               *porch_address_conflict_get_title      (PorchAddressConflict     *self);
const char               *porch_address_conflict_get_cause      (PorchAddressConflict     *self);
const char               *porch_address_conflict_get_remedy     (PorchAddressConflict     *self);
gboolean                  porch_address_conflict_is_agreed      (PorchAddressConflict     *self);
void                      porch_address_conflict_set_agreed     (PorchAddressConflict     *self,
                                                                 gboolean                  agreed);

G_DECLARE_FINAL_TYPE (PorchAddressPlan, porch_address_plan, PORCH, ADDRESS_PLAN, GObject)

PorchAddressPlan         *porch_address_plan_new                (PorchSite                *site);
PorchSite                *porch_address_plan_get_site           (PorchAddressPlan         *self);
PorchAddressWay           porch_address_plan_get_way            (PorchAddressPlan         *self);
void                      porch_address_plan_set_way            (PorchAddressPlan         *self,
                                                                 PorchAddressWay           way);
PorchDomainName          *porch_address_plan_get_name           (PorchAddressPlan         *self);
void                      porch_address_plan_set_name           (PorchAddressPlan         *self,
                                                                 PorchDomainName          *name);
gboolean                  porch_address_plan_parse_name         (PorchAddressPlan         *self,
                                                                 const char               *typed,
                                                                 GError                  **error);
gboolean                  porch_address_plan_get_with_sibling   (PorchAddressPlan         *self);
void                      porch_address_plan_set_with_sibling   (PorchAddressPlan         *self,
                                                                 gboolean                  with_sibling);
gboolean                  porch_address_plan_get_main_is_sibling (PorchAddressPlan        *self);
void                      porch_address_plan_set_main_is_sibling (PorchAddressPlan        *self,
                                                                 gboolean                  main_is_sibling);
PorchDomainName          *porch_address_plan_dup_canonical      (PorchAddressPlan         *self);
PorchDomainName          *porch_address_plan_dup_other          (PorchAddressPlan         *self);
PorchAddress             *porch_address_plan_dup_address        (PorchAddressPlan         *self);
PorchDomainSurvey        *porch_address_plan_get_survey         (PorchAddressPlan         *self);
void                      porch_address_plan_set_survey         (PorchAddressPlan         *self,
                                                                 PorchDomainSurvey        *survey);
PorchDomainContact       *porch_address_plan_get_contact        (PorchAddressPlan         *self);
void                      porch_address_plan_set_contact        (PorchAddressPlan         *self,
                                                                 PorchDomainContact       *contact);
PorchDomainOffer         *porch_address_plan_get_offer          (PorchAddressPlan         *self);
void                      porch_address_plan_set_offer          (PorchAddressPlan         *self,
                                                                 PorchDomainOffer         *offer);
gboolean                  porch_address_plan_get_auto_renew     (PorchAddressPlan         *self);
void                      porch_address_plan_set_auto_renew     (PorchAddressPlan         *self,
                                                                 gboolean                  auto_renew);
const char               *porch_address_plan_get_zone_id        (PorchAddressPlan         *self);
const char               *porch_address_plan_get_certificate    (PorchAddressPlan         *self);
GListModel               *porch_address_plan_list_conflicts     (PorchAddressPlan         *self);
gboolean                  porch_address_plan_is_left_out        (PorchAddressPlan         *self,
                                                                 PorchDomainRecord        *record);
void                      porch_address_plan_set_left_out       (PorchAddressPlan         *self,
                                                                 PorchDomainRecord        *record,
                                                                 gboolean                  left_out);
gboolean                  porch_address_plan_is_ready           (PorchAddressPlan         *self);
DexFuture                *porch_address_plan_check_name         (PorchAddressPlan         *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture                *porch_address_plan_look               (PorchAddressPlan         *self) G_GNUC_WARN_UNUSED_RESULT;

/* A zone of the account, for a list to choose from */
#define PORCH_TYPE_ADDRESS_ZONE (porch_address_zone_get_type ())

G_DECLARE_FINAL_TYPE (PorchAddressZone, porch_address_zone, PORCH, ADDRESS_ZONE, GObject)

const char               *porch_address_zone_get_id             (PorchAddressZone         *self);
PorchDomainName          *porch_address_zone_get_name           (PorchAddressZone         *self);
const char               *porch_address_zone_get_shown          (PorchAddressZone         *self);
DexFuture                *porch_address_list_zones              (PorchSite                *site) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
