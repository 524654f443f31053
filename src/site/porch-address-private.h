/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-route53.h"
#include "porch-address-operation.h"
#include "porch-address-plan.h"

G_BEGIN_DECLS

/* What the id of a conflict begins with that is about a name which another website of the account has */
#define PORCH_ADDRESS_CLAIM "claim:"

/* porch-address-conflict.c */
PorchAddressConflict *porch_address_conflict_new         (const char               *id,
                                                          PorchAddressConflictKind  kind,
                                                          const char               *title,
                                                          const char               *cause,
                                                          const char               *remedy);
PorchAddressZone     *porch_address_zone_new             (const char               *id,
                                                          PorchDomainName          *name);
PorchAddressConflict *porch_address_conflict_new_records (const char               *name,
                                                          const char               *type,
                                                          const char               *values);

/* porch-address-plan.c */
JsonObject           *porch_address_plan_build_data      (PorchAddressPlan         *self);
char                 *porch_address_build_record_key     (PorchDomainRecord        *record);

/* porch-address-records.c: the records of an address in a zone of the account. All of them are for fibers; @operation, where
 * there is one, can be stopped meanwhile. */
DexFuture            *porch_address_until_stopped        (PorchOperation           *operation,
                                                          DexFuture                *work);
gboolean              porch_address_await_zone           (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          PorchDns                 *dns,
                                                          PorchDomainName          *name,
                                                          char                    **zone,
                                                          GError                  **error);
GPtrArray            *porch_address_await_conflicts      (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          const char               *zone,
                                                          const char * const       *names,
                                                          const char               *host,
                                                          GError                  **error);
gboolean              porch_address_await_copies         (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          const char               *zone,
                                                          PorchDomainSurvey        *survey,
                                                          const char * const       *names,
                                                          const char * const       *left_out,
                                                          GError                  **error);
gboolean              porch_address_await_proofs         (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          const char               *zone,
                                                          GPtrArray                *proofs,
                                                          GError                  **error);
gboolean              porch_address_await_issue_allowed  (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          const char               *zone,
                                                          GError                  **error);
gboolean              porch_address_await_pointed        (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          const char               *zone,
                                                          const char * const       *names,
                                                          const char               *host,
                                                          GError                  **error);
gboolean              porch_address_await_unpointed      (PorchOperation           *operation,
                                                          AwsClient                *client,
                                                          const char               *zone,
                                                          const char * const       *names,
                                                          const char               *host,
                                                          GError                  **error);

gboolean              porch_address_await_taken_away     (PorchOperation           *operation,
                                                          PorchSite                *site,
                                                          GError                  **error);

/* porch-address-purchase.c */
gboolean              porch_address_await_purchase       (PorchAddressOperation    *self,
                                                          AwsClient                *client,
                                                          GError                  **error);

/* porch-address-operation.c */
gboolean              porch_address_operation_await_pause (PorchAddressOperation   *self,
                                                          guint                    *pause,
                                                          gboolean                  needs_owner,
                                                          GError                  **error);

G_END_DECLS
