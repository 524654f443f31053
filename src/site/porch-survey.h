/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-account.h"
#include "porch-permissions.h"

G_BEGIN_DECLS

/**
 * PorchSurveyState:
 * @PORCH_SURVEY_WAITING: not asked yet
 * @PORCH_SURVEY_ASKING: under way
 * @PORCH_SURVEY_KNOWN: answered
 * @PORCH_SURVEY_UNKNOWN: could not be found out, which does no harm
 *
 * How far one part of a survey is.
 */
typedef enum
{
  PORCH_SURVEY_WAITING,
  PORCH_SURVEY_ASKING,
  PORCH_SURVEY_KNOWN,
  PORCH_SURVEY_UNKNOWN,
} PorchSurveyState;

/**
 * PorchSurveyPart:
 * @PORCH_SURVEY_IDENTITY: whose account, and who signed in
 * @PORCH_SURVEY_PLAN: free or paid
 * @PORCH_SURVEY_REGIONS: where sites can live
 * @PORCH_SURVEY_PERMISSIONS: what the person may do
 *
 * The parts of a survey; each fails or succeeds on its own.
 */
typedef enum
{
  PORCH_SURVEY_IDENTITY,
  PORCH_SURVEY_PLAN,
  PORCH_SURVEY_REGIONS,
  PORCH_SURVEY_PERMISSIONS,
} PorchSurveyPart;

/**
 * PorchAccountPlan:
 * @PORCH_ACCOUNT_PLAN_NONE: none is known, as with all accounts from before these plans
 * @PORCH_ACCOUNT_PLAN_FREE: never charged; ends on a date or with the credit, and the account closes then
 * @PORCH_ACCOUNT_PLAN_PAID: charged by use
 *
 * The plan of an account.
 */
typedef enum
{
  PORCH_ACCOUNT_PLAN_NONE,
  PORCH_ACCOUNT_PLAN_FREE,
  PORCH_ACCOUNT_PLAN_PAID,
} PorchAccountPlan;

#define PORCH_TYPE_SURVEY_STATE (porch_survey_state_get_type ())
#define PORCH_TYPE_ACCOUNT_PLAN (porch_account_plan_get_type ())
#define PORCH_TYPE_REGION (porch_region_get_type ())
#define PORCH_TYPE_SURVEY (porch_survey_get_type ())

GType               porch_survey_state_get_type        (void) G_GNUC_CONST;
GType               porch_account_plan_get_type        (void) G_GNUC_CONST;

/* A region that can be chosen. Properties "id" and "name". */
G_DECLARE_FINAL_TYPE (PorchRegion, porch_region, PORCH, REGION, GObject)

const char         *porch_region_get_id                (PorchRegion      *self);   /* "eu-central-1" */
const char         *porch_region_get_name              (PorchRegion      *self);   /* "Frankfurt, Germany" */

/* Properties of the same names as the getters ("identity-state", "number", "alias", "user", "root", "plan-state", "plan",
 * "plan-end", "credits", "currency", "plan-text", "regions-state", "regions", "default-region", "home-region",
 * "permissions-state", "permissions", "n-missing", "running"), all with notify. */
G_DECLARE_FINAL_TYPE (PorchSurvey, porch_survey, PORCH, SURVEY, GObject)

PorchSurvey        *porch_survey_new                   (PorchAccount     *account);
PorchAccount       *porch_survey_get_account           (PorchSurvey      *self);

/* Asks everything at once; again when called again. Resolves to TRUE when each part is KNOWN or UNKNOWN, it is never
 * rejected but by being dropped. Changes nothing at the account. */
DexFuture          *porch_survey_run                   (PorchSurvey      *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean            porch_survey_is_running            (PorchSurvey      *self);
PorchSurveyState    porch_survey_get_state             (PorchSurvey      *self,
                                                        PorchSurveyPart   part);
/* Why a part is UNKNOWN; NULL otherwise. */
PorchProblem       *porch_survey_get_problem           (PorchSurvey      *self,
                                                        PorchSurveyPart   part);

/* Whose account */
const char         *porch_survey_get_number            (PorchSurvey      *self);   /* twelve digits */
const char         *porch_survey_get_alias             (PorchSurvey      *self);   /* the account's name, if it has one */
const char         *porch_survey_get_arn               (PorchSurvey      *self);
const char         *porch_survey_get_user              (PorchSurvey      *self);   /* "anna" */
gboolean            porch_survey_is_root               (PorchSurvey      *self);   /* signed in as the account's owner itself */

/* Which plan */
PorchAccountPlan    porch_survey_get_plan              (PorchSurvey      *self);
GDateTime          *porch_survey_get_plan_end          (PorchSurvey      *self);   /* NULL: none */
double              porch_survey_get_credits           (PorchSurvey      *self);   /* what is left; negative if not known */
const char         *porch_survey_get_currency          (PorchSurvey      *self);   /* "USD" */
/* A sentence for people about the plan, NULL if there is nothing to say. */
const char         *porch_survey_get_plan_text         (PorchSurvey      *self);

/* Where sites can live. While the answer is unknown these are the regions that every account has. */
GListModel         *porch_survey_get_regions           (PorchSurvey      *self);   /* PorchRegion, sorted by name */
const char         *porch_survey_get_default_region    (PorchSurvey      *self);   /* one of the list, never NULL */
/* The only region of an account that is tied to one; NULL otherwise. The list holds only this one then. */
const char         *porch_survey_get_home_region       (PorchSurvey      *self);

/* What the person may do; see porch-permissions.h */
GListModel         *porch_survey_get_permissions       (PorchSurvey      *self);   /* PorchPermission, in order of weight */
guint               porch_survey_get_n_missing         (PorchSurvey      *self);   /* missing or blocked */

/* The region nearest to an IANA time zone ("Europe/Berlin"); NULL: the zone of this computer. */
const char         *porch_survey_find_nearest_region   (const char       *time_zone);

G_END_DECLS
