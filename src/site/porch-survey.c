/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-survey.h"

#include "porch-fiber.h"
#include "porch-stack.h"

#include "aws-account.h"
#include "aws-cloudformation.h"
#include "aws-free-tier.h"
#include "aws-iam.h"
#include "aws-sts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define N_PARTS (PORCH_SURVEY_PERMISSIONS + 1)

/* What organizations put into the refusals of their rules */
#define RULE "service control policy"

/* Accounts of the new kind ("projects") live in one of these, and nowhere else */
static const char * const homes[] = { "us-east-2", "eu-north-1", "ap-southeast-2" };

/* Regions that have to be switched on in an account before they can be used */
static const char * const optional_regions[] = {
  "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
  "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1", "me-central-1", "me-south-1",
  "mx-central-1", NULL,
};

static const char * const usable[] = { "ENABLED", "ENABLED_BY_DEFAULT", NULL };

/* ---- a region ---- */

/**
 * PorchRegion:
 *
 * Where sites can live.
 */
struct _PorchRegion
{
  GObject  parent_instance;

  char    *id;
};

enum
{
  REGION_PROP_ID = 1,
  REGION_PROP_NAME,
  N_REGION_PROPS
};

static GParamSpec *region_properties[N_REGION_PROPS];

G_DEFINE_FINAL_TYPE (PorchRegion, porch_region, G_TYPE_OBJECT)

static void
porch_region_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PorchRegion *self = PORCH_REGION (object);

  switch (prop_id)
    {
    case REGION_PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case REGION_PROP_NAME:
      g_value_set_string (value, porch_region_get_name (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_region_finalize (GObject *object)
{
  PorchRegion *self = PORCH_REGION (object);

  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (porch_region_parent_class)->finalize (object);
}

static void
porch_region_class_init (PorchRegionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_region_get_property;
  object_class->finalize = porch_region_finalize;

  region_properties[REGION_PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  region_properties[REGION_PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_REGION_PROPS, region_properties);
}

static void
porch_region_init (PorchRegion *self)
{
}

/**
 * porch_region_get_id:
 * @self: a region
 *
 * Returns: (transfer none): its id
 */
const char *
porch_region_get_id (PorchRegion *self)
{
  g_return_val_if_fail (PORCH_IS_REGION (self), NULL);

  return self->id;
}

/**
 * porch_region_get_name:
 * @self: a region
 *
 * Returns: (transfer none): where it is, for people
 */
const char *
porch_region_get_name (PorchRegion *self)
{
  g_return_val_if_fail (PORCH_IS_REGION (self), NULL);

  return porch_account_describe_region (self->id);
}

/* ---- the survey ---- */

/**
 * PorchSurvey:
 *
 * What there is to know about an account before the first site is made in it. Each part is asked for on its own, and none
 * of them has to be answered.
 */
struct _PorchSurvey
{
  GObject           parent_instance;

  PorchAccount     *account;
  PorchProblem     *problems[N_PARTS];
  PorchSurveyState  states[N_PARTS];
  gboolean          is_running;
  gboolean          is_dropped;

  char             *number;
  char             *alias;
  char             *arn;
  char             *user;
  gboolean          is_root;

  GDateTime        *plan_end;
  char             *currency;
  char             *plan_text;
  double            credits;
  PorchAccountPlan  plan;

  GListStore       *regions;
  char             *default_region;
  char             *home_region;

  GListModel       *permissions;
  guint             n_missing;
};

G_DEFINE_FINAL_TYPE (PorchSurvey, porch_survey, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchSurveyState, porch_survey_state,
                    G_DEFINE_ENUM_VALUE (PORCH_SURVEY_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (PORCH_SURVEY_ASKING, "asking"),
                    G_DEFINE_ENUM_VALUE (PORCH_SURVEY_KNOWN, "known"),
                    G_DEFINE_ENUM_VALUE (PORCH_SURVEY_UNKNOWN, "unknown"))

G_DEFINE_ENUM_TYPE (PorchAccountPlan, porch_account_plan,
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_PLAN_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_PLAN_FREE, "free"),
                    G_DEFINE_ENUM_VALUE (PORCH_ACCOUNT_PLAN_PAID, "paid"))

enum
{
  PROP_ACCOUNT = 1,
  PROP_RUNNING,
  /* in the order of PorchSurveyPart */
  PROP_IDENTITY_STATE,
  PROP_PLAN_STATE,
  PROP_REGIONS_STATE,
  PROP_PERMISSIONS_STATE,
  PROP_NUMBER,
  PROP_ALIAS,
  PROP_ARN,
  PROP_USER,
  PROP_ROOT,
  PROP_PLAN,
  PROP_PLAN_END,
  PROP_CREDITS,
  PROP_CURRENCY,
  PROP_PLAN_TEXT,
  PROP_REGIONS,
  PROP_DEFAULT_REGION,
  PROP_HOME_REGION,
  PROP_PERMISSIONS,
  PROP_N_MISSING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (PorchSurvey *self,
        guint        property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_string (PorchSurvey  *self,
            char        **field,
            const char   *value,
            guint         property)
{
  if (g_set_str (field, value))
    notify (self, property);
}

static void
set_state (PorchSurvey      *self,
           PorchSurveyPart   part,
           PorchSurveyState  state,
           const GError     *error)
{
  g_clear_object (&self->problems[part]);
  if (error != NULL)
    self->problems[part] = porch_problem_from_error (error);

  if (self->states[part] == state)
    return;

  self->states[part] = state;
  notify (self, PROP_IDENTITY_STATE + part);
}

/* ---- whose account ---- */

static char *
dup_user (const char *arn)
{
  const char *slash = strrchr (arn, '/');

  return slash != NULL && slash[1] != '\0' ? g_strdup (slash + 1) : NULL;
}

static gboolean
await_identity (PorchSurvey *self,
                AwsClient   *client)
{
  g_autoptr(AwsIdentity) identity = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *user = NULL;

  if ((identity = dex_await_boxed (aws_sts_get_caller_identity (client), &error)) == NULL)
    {
      set_state (self, PORCH_SURVEY_IDENTITY, PORCH_SURVEY_UNKNOWN, error);

      return FALSE;
    }

  user = dup_user (aws_identity_get_arn (identity));
  set_string (self, &self->number, aws_identity_get_account (identity), PROP_NUMBER);
  set_string (self, &self->arn, aws_identity_get_arn (identity), PROP_ARN);
  set_string (self, &self->user, user, PROP_USER);

  if (self->is_root != aws_identity_is_root (identity))
    {
      self->is_root = !self->is_root;
      notify (self, PROP_ROOT);
    }

  set_state (self, PORCH_SURVEY_IDENTITY, PORCH_SURVEY_KNOWN, NULL);

  return TRUE;
}

/* Most accounts have no alias, but all have a name, which fewer people may see */
static DexFuture *
name_fiber (gpointer user_data)
{
  PorchSurvey *self = user_data;
  g_autoptr(AwsClient) client = porch_account_dup_client (self->account);
  g_autoptr(AwsAccountInformation) information = NULL;
  g_auto(GStrv) aliases = dex_await_boxed (aws_iam_list_account_aliases (client), NULL);

  if (aliases != NULL && aliases[0] != NULL)
    set_string (self, &self->alias, aliases[0], PROP_ALIAS);
  else if ((information = dex_await_boxed (aws_account_get_account_information (client), NULL)) != NULL)
    set_string (self, &self->alias, aws_account_information_get_name (information), PROP_ALIAS);

  return dex_future_new_true ();
}

/* ---- which plan ---- */

static char *
describe_free_plan (PorchSurvey *self,
                    gboolean     has_ended)
{
  g_autoptr(GDateTime) local = self->plan_end != NULL ? g_date_time_to_local (self->plan_end) : NULL;
  g_autofree char *end = local != NULL ? g_date_time_format (local, C_("day of another year", "%-d %B %Y")) : NULL;

  if (has_ended)
    return g_strdup (_("The free plan of this account has ended. Sites in it go offline unless the plan is changed."));
  if (end != NULL && self->credits >= 0)
    /* Translators: an amount of money, its currency, a date */
    return g_strdup_printf (_("Free plan, with %.2f %s of credit left. On %s at the latest, or when the credit is used up, "
                              "the account and its sites are closed unless the plan is changed."),
                            self->credits, self->currency != NULL ? self->currency : "", end);
  if (end != NULL)
    /* Translators: a date */
    return g_strdup_printf (_("Free plan. On %s at the latest, the account and its sites are closed unless the plan is changed."),
                            end);

  return g_strdup (_("Free plan. The account and its sites are closed when the free time or the credit ends, unless the plan "
                     "is changed."));
}

static void
take_plan (PorchSurvey    *self,
           AwsAccountPlan *answer)
{
  const char *kind = answer != NULL ? aws_account_plan_get_kind (answer) : NULL;
  PorchAccountPlan plan = PORCH_ACCOUNT_PLAN_NONE;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->plan_end, g_date_time_unref);
  self->credits = -1;

  if (answer != NULL)
    {
      self->plan_end = aws_account_plan_dup_end (answer);
      if (aws_account_plan_has_credits (answer))
        self->credits = aws_account_plan_get_credits (answer);
      set_string (self, &self->currency, aws_account_plan_get_currency (answer), PROP_CURRENCY);
    }

  if (g_strcmp0 (kind, "FREE") == 0)
    {
      plan = PORCH_ACCOUNT_PLAN_FREE;
      text = describe_free_plan (self, g_strcmp0 (aws_account_plan_get_status (answer), "EXPIRED") == 0);
    }
  else if (g_strcmp0 (kind, "PAID") == 0)
    {
      plan = PORCH_ACCOUNT_PLAN_PAID;
      text = g_strdup (_("Paid plan. What is used is charged; small sites mostly stay within what is free."));
    }

  self->plan = plan;
  set_string (self, &self->plan_text, text, PROP_PLAN_TEXT);
  notify (self, PROP_PLAN);
  notify (self, PROP_PLAN_END);
  notify (self, PROP_CREDITS);
}

static DexFuture *
plan_fiber (gpointer user_data)
{
  PorchSurvey *self = user_data;
  g_autoptr(AwsClient) client = porch_account_dup_client (self->account);
  g_autoptr(AwsAccountPlan) plan = NULL;
  g_autoptr(GError) error = NULL;

  /* Accounts from before there were plans have none, and say so with some error */
  plan = dex_await_boxed (aws_free_tier_get_account_plan_state (client), &error);
  take_plan (self, plan);
  set_state (self, PORCH_SURVEY_PLAN, plan != NULL ? PORCH_SURVEY_KNOWN : PORCH_SURVEY_UNKNOWN, error);

  return dex_future_new_true ();
}

/* ---- where sites can live ---- */

static int
compare_regions (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  return g_utf8_collate (porch_region_get_name ((PorchRegion *) a), porch_region_get_name ((PorchRegion *) b));
}

/* Whoever selected a region keeps it: one that was there before is the same object */
static PorchRegion *
dup_region (PorchSurvey *self,
            const char  *id)
{
  PorchRegion *created;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->regions)); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (G_LIST_MODEL (self->regions), i);

      if (g_str_equal (region->id, id))
        return g_steal_pointer (&region);
    }

  created = g_object_new (PORCH_TYPE_REGION, NULL);
  created->id = g_strdup (id);

  return created;
}

static void
add_region (PorchSurvey *self,
            GListStore  *store,
            const char  *id)
{
  g_autoptr(PorchRegion) region = dup_region (self, id);

  g_list_store_insert_sorted (store, region, compare_regions, NULL);
}

/* The regions of the program that are also in @ids; @ids NULL: those that every account has */
static void
set_regions (PorchSurvey *self,
             GPtrArray   *ids)
{
  const char * const *all = porch_account_list_regions ();
  g_autoptr(GListStore) store = g_list_store_new (PORCH_TYPE_REGION);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; all[i] != NULL; i++)
    if (ids != NULL ? g_ptr_array_find_with_equal_func (ids, all[i], g_str_equal, NULL)
                    : !g_strv_contains (optional_regions, all[i]))
      add_region (self, store, all[i]);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    g_ptr_array_add (items, g_list_model_get_item (G_LIST_MODEL (store), i));

  g_list_store_splice (self->regions, 0, g_list_model_get_n_items (G_LIST_MODEL (self->regions)), items->pdata, items->len);
}

static gboolean
has_region (PorchSurvey *self,
            const char  *id)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->regions)); i++)
    {
      g_autoptr(PorchRegion) region = g_list_model_get_item (G_LIST_MODEL (self->regions), i);

      if (g_strcmp0 (region->id, id) == 0)
        return TRUE;
    }

  return FALSE;
}

/* What a profile or the environment names was chosen by somebody; a browser's sign-in and pasted keys say nothing about
 * where the person is. */
static const char *
prefer_region (PorchSurvey *self)
{
  PorchAccountKind kind = porch_account_get_kind (self->account);
  const char *nearest = porch_survey_find_nearest_region (NULL);

  if ((kind == PORCH_ACCOUNT_PROFILE || kind == PORCH_ACCOUNT_ENVIRONMENT || kind == PORCH_ACCOUNT_PRACTICE) &&
      has_region (self, porch_account_get_region (self->account)))
    return porch_account_get_region (self->account);

  return nearest;
}

static void
choose_region (PorchSurvey *self)
{
  const char *preferred = self->home_region != NULL ? self->home_region : prefer_region (self);
  g_autoptr(PorchRegion) first = g_list_model_get_item (G_LIST_MODEL (self->regions), 0);

  if (!has_region (self, preferred) && first != NULL)
    preferred = has_region (self, "eu-central-1") ? "eu-central-1" : first->id;

  set_string (self, &self->default_region, preferred, PROP_DEFAULT_REGION);
}

typedef enum
{
  REGION_OPEN,
  REGION_FORBIDDEN,
  REGION_UNSURE,
} Access;

static DexFuture *
probe (PorchSurvey *self,
       const char  *region)
{
  g_autoptr(AwsClient) client = porch_account_dup_client_for_region (self->account, region);

  return aws_cloudformation_list_stacks (client, PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE);
}

static Access
read_probe (DexFuture *future)
{
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) != NULL)
    return REGION_OPEN;
  if (strstr (error->message, RULE) != NULL)
    return REGION_FORBIDDEN;

  /* Somebody who may not list stacks at all learns nothing about regions */
  return REGION_UNSURE;
}

/* Looks whether a rule of an organization forbids regions: that of the default, and the three that can be the only ones. */
static void
await_rules (PorchSurvey *self)
{
  const char *regions[G_N_ELEMENTS (homes) + 1];
  DexFuture *futures[G_N_ELEMENTS (regions)];
  g_autoptr(DexFuture) all = NULL;
  g_autoptr(GPtrArray) open = g_ptr_array_new ();
  guint n_forbidden = 0;
  guint n_open_homes = 0;
  guint n = 0;

  regions[n++] = self->default_region;
  for (guint i = 0; i < G_N_ELEMENTS (homes); i++)
    if (g_strcmp0 (homes[i], self->default_region) != 0)
      regions[n++] = homes[i];

  for (guint i = 0; i < n; i++)
    futures[i] = probe (self, regions[i]);

  all = dex_future_allv (futures, n);
  dex_await (dex_ref (all), NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(DexFuture) future = futures[i];
      Access access = read_probe (future);

      n_forbidden += access == REGION_FORBIDDEN;
      if (access == REGION_OPEN)
        {
          g_ptr_array_add (open, (gpointer) regions[i]);
          n_open_homes += g_strv_contains (homes, regions[i]);
        }
    }

  /* The default counts, too: where it is open and no home, it is no account of that kind */
  if (n_forbidden == n - 1 && open->len == 1 && n_open_homes == 1)
    {
      set_string (self, &self->home_region, g_ptr_array_index (open, 0), PROP_HOME_REGION);
      set_regions (self, open);
    }
  else if (n_forbidden > 0 && open->len > 0 && !g_ptr_array_find (open, regions[0], NULL))
    {
      set_string (self, &self->default_region, g_ptr_array_index (open, 0), PROP_DEFAULT_REGION);
    }
}

static DexFuture *
regions_fiber (gpointer user_data)
{
  PorchSurvey *self = user_data;
  g_autoptr(AwsClient) client = porch_account_dup_client (self->account);
  g_autoptr(GPtrArray) answer = NULL;
  g_autoptr(GPtrArray) ids = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;

  set_string (self, &self->home_region, NULL, PROP_HOME_REGION);
  answer = dex_await_boxed (aws_account_list_regions (client, usable), &error);

  for (guint i = 0; answer != NULL && i < answer->len; i++)
    {
      AwsAccountRegion *region = g_ptr_array_index (answer, i);

      if (aws_account_region_is_enabled (region) && aws_account_region_get_name (region) != NULL)
        g_ptr_array_add (ids, (gpointer) aws_account_region_get_name (region));
    }

  set_regions (self, ids->len > 0 ? ids : NULL);
  choose_region (self);

  if (!self->is_dropped)
    await_rules (self);
  if (self->home_region != NULL)
    choose_region (self);

  if (answer != NULL || self->home_region != NULL)
    set_state (self, PORCH_SURVEY_REGIONS, PORCH_SURVEY_KNOWN, NULL);
  else
    set_state (self, PORCH_SURVEY_REGIONS, PORCH_SURVEY_UNKNOWN, error);

  return dex_future_new_true ();
}

/* ---- what the person may do ---- */

static void
set_n_missing (PorchSurvey *self,
               guint        n_missing)
{
  if (self->n_missing == n_missing)
    return;

  self->n_missing = n_missing;
  notify (self, PROP_N_MISSING);
}

static DexFuture *
permissions_fiber (gpointer user_data)
{
  PorchSurvey *self = user_data;
  g_autoptr(AwsClient) client = porch_account_dup_client_for_region (self->account, self->default_region);
  g_autoptr(GError) error = NULL;
  guint n_missing;

  n_missing = dex_await_uint (porch_permissions_check (self->permissions, client, self->arn), &error);
  set_n_missing (self, error == NULL ? n_missing : 0);
  set_state (self, PORCH_SURVEY_PERMISSIONS, error == NULL ? PORCH_SURVEY_KNOWN : PORCH_SURVEY_UNKNOWN, error);

  return dex_future_new_true ();
}

/* ---- all of it ---- */

static void
set_running (PorchSurvey *self,
             gboolean     is_running)
{
  self->is_running = is_running;
  notify (self, PROP_RUNNING);
}

static void
survey_dropped (gpointer data)
{
  PorchSurvey *self = data;

  self->is_dropped = TRUE;
}

static DexFuture *
start (PorchSurvey  *self,
       DexFiberFunc  func)
{
  return porch_fiber_spawn (func, g_object_ref (self), g_object_unref, survey_dropped);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchSurvey *self = user_data;
  g_autoptr(AwsClient) client = porch_account_dup_client (self->account);

  if (!await_identity (self, client))
    {
      for (guint i = PORCH_SURVEY_PLAN; i < N_PARTS; i++)
        set_state (self, i, PORCH_SURVEY_UNKNOWN, NULL);
    }
  else if (!self->is_dropped)
    {
      /* Each part keeps its own problem; here only the end of all matters */
      dex_await (dex_future_all (start (self, name_fiber), start (self, plan_fiber), start (self, regions_fiber), NULL), NULL);

      /* What may be done depends on where */
      if (!self->is_dropped)
        dex_await (start (self, permissions_fiber), NULL);
    }

  for (guint i = 0; i < N_PARTS; i++)
    if (self->states[i] == PORCH_SURVEY_ASKING)
      set_state (self, i, PORCH_SURVEY_WAITING, NULL);

  set_running (self, FALSE);

  return dex_future_new_true ();
}

static void
porch_survey_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PorchSurvey *self = PORCH_SURVEY (object);

  switch (prop_id)
    {
    case PROP_ACCOUNT:
      g_value_set_object (value, self->account);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->is_running);
      break;
    case PROP_IDENTITY_STATE:
    case PROP_PLAN_STATE:
    case PROP_REGIONS_STATE:
    case PROP_PERMISSIONS_STATE:
      g_value_set_enum (value, self->states[prop_id - PROP_IDENTITY_STATE]);
      break;
    case PROP_NUMBER:
      g_value_set_string (value, self->number);
      break;
    case PROP_ALIAS:
      g_value_set_string (value, self->alias);
      break;
    case PROP_ARN:
      g_value_set_string (value, self->arn);
      break;
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_ROOT:
      g_value_set_boolean (value, self->is_root);
      break;
    case PROP_PLAN:
      g_value_set_enum (value, self->plan);
      break;
    case PROP_PLAN_END:
      g_value_set_boxed (value, self->plan_end);
      break;
    case PROP_CREDITS:
      g_value_set_double (value, self->credits);
      break;
    case PROP_CURRENCY:
      g_value_set_string (value, self->currency);
      break;
    case PROP_PLAN_TEXT:
      g_value_set_string (value, self->plan_text);
      break;
    case PROP_REGIONS:
      g_value_set_object (value, self->regions);
      break;
    case PROP_DEFAULT_REGION:
      g_value_set_string (value, self->default_region);
      break;
    case PROP_HOME_REGION:
      g_value_set_string (value, self->home_region);
      break;
    case PROP_PERMISSIONS:
      g_value_set_object (value, self->permissions);
      break;
    case PROP_N_MISSING:
      g_value_set_uint (value, self->n_missing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_survey_finalize (GObject *object)
{
  PorchSurvey *self = PORCH_SURVEY (object);

  for (guint i = 0; i < N_PARTS; i++)
    g_clear_object (&self->problems[i]);

  g_clear_object (&self->account);
  g_clear_object (&self->regions);
  g_clear_object (&self->permissions);
  g_clear_pointer (&self->plan_end, g_date_time_unref);
  g_clear_pointer (&self->number, g_free);
  g_clear_pointer (&self->alias, g_free);
  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->currency, g_free);
  g_clear_pointer (&self->plan_text, g_free);
  g_clear_pointer (&self->default_region, g_free);
  g_clear_pointer (&self->home_region, g_free);

  G_OBJECT_CLASS (porch_survey_parent_class)->finalize (object);
}

static void
install_state (guint       property,
               const char *name)
{
  properties[property] = g_param_spec_enum (name, NULL, NULL, PORCH_TYPE_SURVEY_STATE, PORCH_SURVEY_WAITING,
                                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
install_string (guint       property,
                const char *name)
{
  properties[property] = g_param_spec_string (name, NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
porch_survey_class_init (PorchSurveyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_survey_get_property;
  object_class->finalize = porch_survey_finalize;

  install_state (PROP_IDENTITY_STATE, "identity-state");
  install_state (PROP_PLAN_STATE, "plan-state");
  install_state (PROP_REGIONS_STATE, "regions-state");
  install_state (PROP_PERMISSIONS_STATE, "permissions-state");
  install_string (PROP_NUMBER, "number");
  install_string (PROP_ALIAS, "alias");
  install_string (PROP_ARN, "arn");
  install_string (PROP_USER, "user");
  install_string (PROP_CURRENCY, "currency");
  install_string (PROP_PLAN_TEXT, "plan-text");
  install_string (PROP_DEFAULT_REGION, "default-region");
  install_string (PROP_HOME_REGION, "home-region");

  properties[PROP_ACCOUNT] = g_param_spec_object ("account", NULL, NULL, PORCH_TYPE_ACCOUNT, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_ROOT] = g_param_spec_boolean ("root", NULL, NULL, FALSE, flags);
  properties[PROP_PLAN] = g_param_spec_enum ("plan", NULL, NULL, PORCH_TYPE_ACCOUNT_PLAN, PORCH_ACCOUNT_PLAN_NONE, flags);
  properties[PROP_PLAN_END] = g_param_spec_boxed ("plan-end", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_CREDITS] = g_param_spec_double ("credits", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
  properties[PROP_REGIONS] = g_param_spec_object ("regions", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_PERMISSIONS] = g_param_spec_object ("permissions", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_N_MISSING] = g_param_spec_uint ("n-missing", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_survey_init (PorchSurvey *self)
{
  self->credits = -1;
  self->regions = g_list_store_new (PORCH_TYPE_REGION);
  self->permissions = porch_permissions_new_list (PORCH_ROLE_OWNER);
}

/**
 * porch_survey_new:
 * @account: an account; it need not be one of an engine's
 *
 * Returns: (transfer full): a survey of it, in which nothing is known yet
 */
PorchSurvey *
porch_survey_new (PorchAccount *account)
{
  PorchSurvey *self;

  g_return_val_if_fail (PORCH_IS_ACCOUNT (account), NULL);

  self = g_object_new (PORCH_TYPE_SURVEY, NULL);
  self->account = g_object_ref (account);
  set_regions (self, NULL);
  choose_region (self);

  return self;
}

/**
 * porch_survey_get_account:
 * @self: a survey
 *
 * Returns: (transfer none): the account it is about
 */
PorchAccount *
porch_survey_get_account (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->account;
}

/**
 * porch_survey_run:
 * @self: a survey that is not running
 *
 * Asks everything; the properties change as answers come in. Nothing in the account is changed, and nothing is charged.
 *
 * Returns: (transfer full): a future that resolves to %TRUE when each part is known or can't be known
 */
DexFuture *
porch_survey_run (PorchSurvey *self)
{
  dex_return_error_if_fail (PORCH_IS_SURVEY (self));
  dex_return_error_if_fail (!self->is_running);

  self->is_dropped = FALSE;
  set_running (self, TRUE);
  for (guint i = 0; i < N_PARTS; i++)
    set_state (self, i, PORCH_SURVEY_ASKING, NULL);

  return start (self, run_fiber);
}

/**
 * porch_survey_is_running:
 * @self: a survey
 *
 * Returns: whether answers are still awaited
 */
gboolean
porch_survey_is_running (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), FALSE);

  return self->is_running;
}

/**
 * porch_survey_get_state:
 * @self: a survey
 * @part: a part of it
 *
 * Returns: how far that part is
 */
PorchSurveyState
porch_survey_get_state (PorchSurvey     *self,
                        PorchSurveyPart  part)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), PORCH_SURVEY_WAITING);
  g_return_val_if_fail (part < N_PARTS, PORCH_SURVEY_WAITING);

  return self->states[part];
}

/**
 * porch_survey_get_problem:
 * @self: a survey
 * @part: a part of it
 *
 * Returns: (transfer none) (nullable): why that part is not known
 */
PorchProblem *
porch_survey_get_problem (PorchSurvey     *self,
                          PorchSurveyPart  part)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);
  g_return_val_if_fail (part < N_PARTS, NULL);

  return self->problems[part];
}

/**
 * porch_survey_get_number:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): the twelve digits of the account
 */
const char *
porch_survey_get_number (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->number;
}

/**
 * porch_survey_get_alias:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): what its owner calls the account
 */
const char *
porch_survey_get_alias (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->alias;
}

/**
 * porch_survey_get_arn:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): who signed in, for a details view
 */
const char *
porch_survey_get_arn (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->arn;
}

/**
 * porch_survey_get_user:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): the name of who signed in; the root user has none
 */
const char *
porch_survey_get_user (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->user;
}

/**
 * porch_survey_is_root:
 * @self: a survey
 *
 * Returns: whether it is the root user who signed in, whom nothing limits
 */
gboolean
porch_survey_is_root (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), FALSE);

  return self->is_root;
}

/**
 * porch_survey_get_plan:
 * @self: a survey
 *
 * Returns: the plan of the account
 */
PorchAccountPlan
porch_survey_get_plan (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), PORCH_ACCOUNT_PLAN_NONE);

  return self->plan;
}

/**
 * porch_survey_get_plan_end:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): when the plan ends
 */
GDateTime *
porch_survey_get_plan_end (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->plan_end;
}

/**
 * porch_survey_get_credits:
 * @self: a survey
 *
 * Returns: how much credit is left, negative if it is not known
 */
double
porch_survey_get_credits (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), -1);

  return self->credits;
}

/**
 * porch_survey_get_currency:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): what the credit is counted in
 */
const char *
porch_survey_get_currency (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->currency;
}

/**
 * porch_survey_get_plan_text:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): a sentence or two about the plan, for people; %NULL if none is known
 */
const char *
porch_survey_get_plan_text (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->plan_text;
}

/**
 * porch_survey_get_regions:
 * @self: a survey
 *
 * Returns: (transfer none): the regions to choose from, as [class@Porch.Region]; those that every account has while there
 *   is no answer
 */
GListModel *
porch_survey_get_regions (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return G_LIST_MODEL (self->regions);
}

/**
 * porch_survey_get_default_region:
 * @self: a survey
 *
 * Returns: (transfer none): the region to propose
 */
const char *
porch_survey_get_default_region (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->default_region;
}

/**
 * porch_survey_get_home_region:
 * @self: a survey
 *
 * Returns: (transfer none) (nullable): the only region of an account that has no more than one
 */
const char *
porch_survey_get_home_region (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->home_region;
}

/**
 * porch_survey_get_permissions:
 * @self: a survey
 *
 * Returns: (transfer none): what the person may do, as [class@Porch.Permission]
 */
GListModel *
porch_survey_get_permissions (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), NULL);

  return self->permissions;
}

/**
 * porch_survey_get_n_missing:
 * @self: a survey
 *
 * Returns: how many features are not allowed
 */
guint
porch_survey_get_n_missing (PorchSurvey *self)
{
  g_return_val_if_fail (PORCH_IS_SURVEY (self), 0);

  return self->n_missing;
}
