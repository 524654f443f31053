/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-fault.h"
#include "porch-practice-internet-private.h"
#include "porch-practice-server.h"

/* Faults, for tests of what a bad day does to a client. The grammar:
 *
 *   SPEC = RULE *(";" RULE)          the first rule that fits a call and fires decides
 *   RULE = ITEM *("," ITEM)
 *
 * Which calls (all that are given must fit):
 *   op=NAME           the operation, "*" and "?" allowed: PutObject, *Stack*; without it every AWS call
 *   service=NAME      the signing name: s3, cloudformation
 *   from=function     only calls that functions of sites make, which no other rule is for; of what can happen to them
 *                     there is status= and cut=
 *   rate=0..1         the chance, 1 without it
 *   after=N           lets the first N calls that fit pass
 *   times=N           fires at most N times
 *   at=N              only the call of that number, from 1, of those that fit
 *   seed=N            makes the chances the same at every run
 * Visitors of a site are left alone, but for rules with op=Visit: status= is what they get instead of a page, and
 * cut=before ends their connection.
 * What a stack makes or changes is for rules whose op= names the type of a resource, with fail=REASON: "unverified" (the
 * account may not use CloudFront yet), "quota", "denied", "taken", or the reason itself. op=Rollback:TYPE is for what a
 * rollback changes back.
 * Questions to the name server are for rules with op=Resolve, which name=NAME ("*" and "?" allowed, no dot at the end) and
 * type=A choose, too; several of them may befall one question: delay= as below, and
 *   dns=STATUS        SERVFAIL, REFUSED, NXDOMAIN, EMPTY (no such record) or LOST (no answer at all)
 *   answer=VALUE      a lie, as in a zone file: answer=192.0.2.66
 *   ttl=whole         the resolver remembers for all of the TTL, where it would be less as all that takes time here
 * What happens:
 *   status=CODE       this HTTP status with AWS's usual code for it; code=NAME for another code
 *   cut=before|after  the connection is cut before or after the work was done
 *   hold=before|after the call gets no answer, before or after the work was done, until there are other faults
 *   delay=MSEC        the call waits, then goes on
 *   token=expired     the answer to credentials that have run out
 *   token=v1          STS gives session tokens of version 1, which stores don't take
 *   etag=stale        as if another writer had been faster (If-Match fails)
 *   skew=SECONDS      the server's clock is off by so much
 *   fail=REASON       the call is taken, but what it begins fails later: a certificate with CAA_ERROR or
 *                     VALIDATION_TIMED_OUT, the registration of a domain with any text, asking for more mails with DENIED;
 *                     ListPrices with "dearer" tells prices that are 5 higher
 */

typedef enum
{
  EFFECT_STATUS,
  EFFECT_CUT_BEFORE,
  EFFECT_CUT_AFTER,
  EFFECT_HOLD_BEFORE,
  EFFECT_HOLD_AFTER,
  EFFECT_DELAY,
  EFFECT_EXPIRED_TOKEN,
  EFFECT_OLD_TOKEN,
  EFFECT_STALE_ETAG,
  EFFECT_SKEW,
  EFFECT_FAIL,
  EFFECT_DNS_STATUS,
  EFFECT_DNS_LOST,
  EFFECT_DNS_ANSWER,
  EFFECT_DNS_WHOLE_TTL,
} Effect;

typedef struct
{
  char    *operation;
  char    *service;
  char    *code;
  char    *failure;
  char    *name;       /* of questions to the name server */
  char    *type;
  double   rate;
  guint    after;
  guint    times;
  Effect   effect;
  gboolean has_effect;
  gboolean from_function;
  int      value;
} Rule;

struct _PracticeFaults
{
  GPtrArray  *rules;
  GRand      *random;
};

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_free (rule->operation);
  g_free (rule->service);
  g_free (rule->code);
  g_free (rule->failure);
  g_free (rule->name);
  g_free (rule->type);
  g_free (rule);
}

static void
set_effect (Rule   *rule,
            Effect  effect,
            int     value)
{
  rule->effect = effect;
  rule->has_effect = TRUE;
  rule->value = value;
}

static gboolean
parse_int (const char *text,
           gint64      minimum,
           gint64      maximum,
           int        *value)
{
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, minimum, maximum, &number, NULL))
    return FALSE;

  *value = (int) number;

  return TRUE;
}

static gboolean
parse_dns_status (Rule       *rule,
                  const char *value)
{
  static const struct
  {
    const char        *name;
    PracticeDnsStatus  status;
  } statuses[] = {
    { "SERVFAIL", PRACTICE_DNS_BROKEN }, { "REFUSED", PRACTICE_DNS_REFUSED },
    { "NXDOMAIN", PRACTICE_DNS_NO_NAME }, { "EMPTY", PRACTICE_DNS_NO_DATA },
  };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_str_equal (statuses[i].name, value))
      {
        set_effect (rule, EFFECT_DNS_STATUS, statuses[i].status);

        return TRUE;
      }

  set_effect (rule, EFFECT_DNS_LOST, 0);

  return g_str_equal (value, "LOST");
}

/* What only rules for questions to the name server have */
static gboolean
parse_dns_item (Rule       *rule,
                const char *name,
                const char *value)
{
  if (g_str_equal (name, "name"))
    g_set_str (&rule->name, value);
  else if (g_str_equal (name, "type"))
    g_set_str (&rule->type, value);
  else if (g_str_equal (name, "dns"))
    return parse_dns_status (rule, value);
  else if (g_str_equal (name, "ttl") && g_str_equal (value, "whole"))
    set_effect (rule, EFFECT_DNS_WHOLE_TTL, 0);
  else if (g_str_equal (name, "answer") && *value != '\0')
    {
      g_set_str (&rule->failure, value);
      set_effect (rule, EFFECT_DNS_ANSWER, 0);
    }
  else
    return FALSE;

  return TRUE;
}

static gboolean
parse_item (PracticeFaults *faults,
            Rule           *rule,
            const char     *name,
            const char     *value)
{
  int number;

  if (g_str_equal (name, "op"))
    {
      g_set_str (&rule->operation, value);
    }
  else if (g_str_equal (name, "from") && g_str_equal (value, "function"))
    {
      rule->from_function = TRUE;
    }
  else if (g_str_equal (name, "service"))
    {
      g_set_str (&rule->service, value);
    }
  else if (g_str_equal (name, "code"))
    {
      g_set_str (&rule->code, value);
    }
  else if (g_str_equal (name, "rate"))
    {
      char *end;

      rule->rate = g_ascii_strtod (value, &end);

      return end != value && *end == '\0' && rule->rate >= 0.0 && rule->rate <= 1.0;
    }
  else if (g_str_equal (name, "seed") && parse_int (value, 0, G_MAXINT, &number))
    {
      g_rand_set_seed (faults->random, number);
    }
  else if (g_str_equal (name, "after") && parse_int (value, 0, G_MAXINT, &number))
    {
      rule->after = number;
    }
  else if (g_str_equal (name, "times") && parse_int (value, 1, G_MAXINT, &number))
    {
      rule->times = number;
    }
  else if (g_str_equal (name, "at") && parse_int (value, 1, G_MAXINT, &number))
    {
      rule->after = number - 1;
      rule->times = 1;
    }
  else if (g_str_equal (name, "status") && parse_int (value, 400, 599, &number))
    {
      set_effect (rule, EFFECT_STATUS, number);
    }
  else if (g_str_equal (name, "delay") && parse_int (value, 0, G_MAXINT, &number))
    {
      set_effect (rule, EFFECT_DELAY, number);
    }
  else if (g_str_equal (name, "skew") && parse_int (value, -10000000, 10000000, &number))
    {
      set_effect (rule, EFFECT_SKEW, number);
    }
  else if (g_str_equal (name, "cut") && (g_str_equal (value, "before") || g_str_equal (value, "after")))
    {
      set_effect (rule, g_str_equal (value, "after") ? EFFECT_CUT_AFTER : EFFECT_CUT_BEFORE, 0);
    }
  else if (g_str_equal (name, "hold") && (g_str_equal (value, "before") || g_str_equal (value, "after")))
    {
      set_effect (rule, g_str_equal (value, "after") ? EFFECT_HOLD_AFTER : EFFECT_HOLD_BEFORE, 0);
    }
  else if (g_str_equal (name, "token") && g_str_equal (value, "expired"))
    {
      set_effect (rule, EFFECT_EXPIRED_TOKEN, 0);
    }
  else if (g_str_equal (name, "fail") && *value != '\0')
    {
      g_set_str (&rule->failure, value);
      set_effect (rule, EFFECT_FAIL, 0);
    }
  else if (g_str_equal (name, "token") && g_str_equal (value, "v1"))
    {
      set_effect (rule, EFFECT_OLD_TOKEN, 0);
    }
  else if (g_str_equal (name, "etag") && g_str_equal (value, "stale"))
    {
      set_effect (rule, EFFECT_STALE_ETAG, 0);
    }
  else
    {
      return g_strcmp0 (rule->operation, "Resolve") == 0 && parse_dns_item (rule, name, value);
    }

  return TRUE;
}

static Rule *
parse_rule (PracticeFaults  *faults,
            const char      *text,
            GError         **error)
{
  g_auto(GStrv) items = g_strsplit (text, ",", -1);
  Rule *rule = g_new0 (Rule, 1);

  rule->rate = 1.0;
  rule->times = G_MAXUINT;

  for (guint i = 0; items[i] != NULL; i++)
    {
      g_auto(GStrv) pair = g_strsplit (g_strstrip (items[i]), "=", 2);

      if (g_strv_length (pair) != 2 || !parse_item (faults, rule, pair[0], pair[1]))
        {
          g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_FAULTS,
                       "“%s” is not known to faults; they look like “op=PutObject,rate=0.1,status=503”", items[i]);
          rule_free (rule);

          return NULL;
        }
    }

  if (!rule->has_effect)
    {
      g_set_error (error, PORCH_PRACTICE_ERROR, PORCH_PRACTICE_ERROR_FAULTS,
                   "“%s” does not say what happens: status=, cut=, hold=, delay=, token=, etag=, skew=, fail= or, with op=Resolve, dns=, answer= or ttl= is needed", text);
      g_clear_pointer (&rule, rule_free);
    }

  return rule;
}

PracticeFaults *
practice_faults_parse (const char  *spec,
                       GError     **error)
{
  g_autoptr(PracticeFaults) faults = g_new0 (PracticeFaults, 1);
  g_auto(GStrv) rules = g_strsplit (spec, ";", -1);

  faults->rules = g_ptr_array_new_with_free_func (rule_free);
  faults->random = g_rand_new ();

  for (guint i = 0; rules[i] != NULL; i++)
    {
      Rule *rule;

      if (*g_strstrip (rules[i]) == '\0')
        continue;
      if (!(rule = parse_rule (faults, rules[i], error)))
        return NULL;
      g_ptr_array_add (faults->rules, rule);
    }

  return g_steal_pointer (&faults);
}

void
practice_faults_free (PracticeFaults *faults)
{
  g_ptr_array_unref (faults->rules);
  g_rand_free (faults->random);
  g_free (faults);
}

static gboolean
rule_fits (Rule         *rule,
           PracticeCall *call)
{
  if (rule->from_function)
    return FALSE;

  if (rule->service != NULL &&
      (call->service == NULL || !g_str_equal (rule->service, call->service->name)))
    return FALSE;

  return rule->operation == NULL ||
         (call->operation != NULL && g_pattern_match_simple (rule->operation, call->operation));
}

static gboolean
rule_fires (PracticeFaults *faults,
            Rule           *rule)
{
  if (rule->after > 0)
    {
      rule->after--;

      return FALSE;
    }

  if (rule->times == 0 || (rule->rate < 1.0 && g_rand_double (faults->random) >= rule->rate))
    return FALSE;

  if (rule->times != G_MAXUINT)
    rule->times--;

  return TRUE;
}

void
practice_faults_prepare (PracticeCall *call)
{
  PracticeFaults *faults = call->practice->faults;

  if (faults == NULL || call->protocol == PRACTICE_PROTOCOL_SITE)
    return;

  for (guint i = 0; i < faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (faults->rules, i);

      if (rule->effect == EFFECT_SKEW && rule_fits (rule, call) && rule_fires (faults, rule))
        call->clock_offset = rule->value;
    }
}

static const char *
usual_code (PracticeCall *call,
            guint         status)
{
  gboolean s3 = call->protocol == PRACTICE_PROTOCOL_S3;

  switch (status)
    {
    case 403:
      return s3 ? "AccessDenied" : "AccessDeniedException";
    case 400:
    case 429:
      return call->protocol == PRACTICE_PROTOCOL_QUERY ? "Throttling" : "ThrottlingException";
    case 503:
      return s3 ? "SlowDown" : "ServiceUnavailable";
    case 500:
      return s3 ? "InternalError" : "InternalFailure";
    default:
      return "ServiceUnavailable";
    }
}

static void
answer_expired (PracticeCall *call)
{
  switch (call->protocol)
    {
    case PRACTICE_PROTOCOL_S3:
      practice_call_answer_error (call, 400, "ExpiredToken", "The provided token has expired.");
      break;

    case PRACTICE_PROTOCOL_QUERY:
    case PRACTICE_PROTOCOL_REST_XML:
      practice_call_answer_error (call, 403, "ExpiredToken", "The security token included in the request is expired");
      break;

    case PRACTICE_PROTOCOL_JSON_1_0:
    case PRACTICE_PROTOCOL_JSON_1_1:
      practice_call_answer_error (call, 400, "ExpiredTokenException",
                                  "The security token included in the request is expired");
      break;

    case PRACTICE_PROTOCOL_REST_JSON:
    case PRACTICE_PROTOCOL_SITE:
      practice_call_answer_error (call, 403, "ExpiredTokenException",
                                  "The security token included in the request is expired");
      break;

    default:
      g_assert_not_reached ();
    }
}

static PracticeFaultEffect
cause (Rule         *rule,
       PracticeCall *call,
       GSourceFunc   resume)
{
  switch (rule->effect)
    {
    case EFFECT_STATUS:
      practice_call_answer_error (call, rule->value,
                                  rule->code != NULL ? rule->code : usual_code (call, rule->value),
                                  "This fault was asked for.");
      return PRACTICE_FAULT_ANSWERED;

    case EFFECT_CUT_BEFORE:
      practice_call_cut (call);
      return PRACTICE_FAULT_ANSWERED;

    case EFFECT_EXPIRED_TOKEN:
      answer_expired (call);
      return PRACTICE_FAULT_ANSWERED;

    case EFFECT_DELAY:
      practice_later (call->practice, rule->value, resume,
                      practice_call_ref (call), (GDestroyNotify) practice_call_unref);
      return PRACTICE_FAULT_DELAYED;

    case EFFECT_CUT_AFTER:
      call->cut_after = TRUE;
      return PRACTICE_FAULT_NONE;

    case EFFECT_HOLD_BEFORE:
      practice_call_hold (call);
      return PRACTICE_FAULT_DELAYED;

    case EFFECT_HOLD_AFTER:
      call->hold_after = TRUE;
      return PRACTICE_FAULT_NONE;

    case EFFECT_STALE_ETAG:
      call->stale_etag = TRUE;
      return PRACTICE_FAULT_NONE;

    case EFFECT_OLD_TOKEN:
      call->old_token = TRUE;
      return PRACTICE_FAULT_NONE;

    case EFFECT_FAIL:
      call->failure = rule->failure;
      return PRACTICE_FAULT_NONE;

    case EFFECT_SKEW:
    case EFFECT_DNS_STATUS:
    case EFFECT_DNS_LOST:
    case EFFECT_DNS_ANSWER:
    case EFFECT_DNS_WHOLE_TTL:
      return PRACTICE_FAULT_NONE;

    default:
      g_assert_not_reached ();
    }
}

gboolean
practice_faults_apply_to_function (Practice    *practice,
                                   const char  *service,
                                   const char  *operation,
                                   gboolean    *cut_before,
                                   gboolean    *cut_after,
                                   GError     **error)
{
  *cut_before = *cut_after = FALSE;

  for (guint i = 0; practice->faults != NULL && i < practice->faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (practice->faults->rules, i);

      if (!rule->from_function ||
          (rule->service != NULL && !g_str_equal (rule->service, service)) ||
          (rule->operation != NULL && !g_pattern_match_simple (rule->operation, operation)) ||
          !rule_fires (practice->faults, rule))
        continue;

      *cut_before = rule->effect == EFFECT_CUT_BEFORE;
      *cut_after = rule->effect == EFFECT_CUT_AFTER;

      return rule->effect != EFFECT_STATUS ||
             practice_refuse_as (error, rule->value, rule->code != NULL ? rule->code : "InternalServiceErrorException", "This fault was asked for.");
    }

  return TRUE;
}

/* The status that a visitor gets instead of a page; 0 if there is no fault, and the connection may be cut. */
guint
practice_faults_visit (PracticeCall *call)
{
  PracticeFaults *faults = call->practice->faults;

  for (guint i = 0; faults != NULL && i < faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (faults->rules, i);

      if (g_strcmp0 (rule->operation, "Visit") != 0 || !rule_fires (faults, rule))
        continue;

      if (rule->effect == EFFECT_STATUS)
        return rule->value;
      if (rule->effect == EFFECT_CUT_BEFORE)
        practice_call_cut (call);
    }

  return 0;
}

/* As resource providers write it */
static char *
describe_failure (Practice   *practice,
                  const char *type,
                  const char *name,
                  const char *failure)
{
  g_autofree char *token = practice_uuid ();
  g_autofree char *request = practice_uuid ();

  if (g_str_equal (failure, "unverified"))
    return g_strdup_printf ("Resource handler returned message: \"Access denied for operation '%s: Your account must be verified before you"
                            " can add new CloudFront resources. To verify your account, please contact AWS Support"
                            " (https://console.aws.amazon.com/support/home#/) and include this error message.'.\""
                            " (RequestToken: %s, HandlerErrorCode: AccessDenied)", type, token);
  if (g_str_equal (failure, "quota"))
    return g_strdup_printf ("Resource handler returned message: \"Invalid request provided: %s: The maximum number of resources of this kind"
                            " for your account has been reached. (Status Code: 400, Request ID: %s)\""
                            " (RequestToken: %s, HandlerErrorCode: ServiceLimitExceeded)", type, request, token);
  if (g_str_equal (failure, "denied"))
    return g_strdup_printf ("Resource handler returned message: \"User: %s is not authorized to perform this operation on resource: %s because"
                            " no identity-based policy allows the action\" (RequestToken: %s, HandlerErrorCode: AccessDenied)",
                            practice->user_arn, name, token);
  if (g_str_equal (failure, "taken"))
    return g_strdup_printf ("Resource of type '%s' with identifier '%s' already exists. (RequestToken: %s, HandlerErrorCode: AlreadyExists)",
                            type, name, token);

  return g_strdup (failure);
}

gboolean
practice_faults_provision (Practice    *practice,
                           const char  *type,
                           const char  *name,
                           gboolean     is_rollback,
                           GError     **error)
{
  g_autofree char *operation = g_strconcat (is_rollback ? "Rollback:" : "", type, NULL);

  for (guint i = 0; practice->faults != NULL && i < practice->faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (practice->faults->rules, i);
      g_autofree char *reason = NULL;

      if (rule->effect != EFFECT_FAIL || rule->operation == NULL || !g_pattern_match_simple (rule->operation, operation) ||
          !rule_fires (practice->faults, rule))
        continue;

      reason = describe_failure (practice, type, name, rule->failure);

      return practice_refuse (error, PRACTICE_FAULT_VALIDATION_ERROR, "%s", reason);
    }

  return TRUE;
}

static gboolean
rule_fits_question (Rule       *rule,
                    const char *name,
                    const char *type)
{
  return g_strcmp0 (rule->operation, "Resolve") == 0 &&
         (rule->name == NULL || g_pattern_match_simple (rule->name, name)) &&
         (rule->type == NULL || g_str_equal (rule->type, type));
}

void
practice_faults_resolve (Practice         *practice,
                         const char       *name,
                         const char       *type,
                         PracticeDnsFault *fault)
{
  g_autofree char *bare = g_strndup (name, strlen (name) - (g_str_has_suffix (name, ".") ? 1 : 0));

  for (guint i = 0; practice->faults != NULL && i < practice->faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (practice->faults->rules, i);

      if (!rule_fits_question (rule, bare, type) || !rule_fires (practice->faults, rule))
        continue;

      if (rule->effect == EFFECT_DELAY)
        fault->delay = rule->value;
      else if (rule->effect == EFFECT_DNS_LOST)
        fault->is_lost = TRUE;
      else if (rule->effect == EFFECT_DNS_WHOLE_TTL)
        fault->whole_ttl = TRUE;
      else if (rule->effect == EFFECT_DNS_ANSWER)
        fault->answer = rule->failure;
      else if (rule->effect == EFFECT_DNS_STATUS)
        {
          fault->has_status = TRUE;
          fault->status = rule->value;
        }
    }
}

PracticeFaultEffect
practice_faults_apply (PracticeCall *call,
                       GSourceFunc   resume)
{
  PracticeFaults *faults = call->practice->faults;

  if (faults == NULL || call->protocol == PRACTICE_PROTOCOL_SITE)
    return PRACTICE_FAULT_NONE;

  for (guint i = 0; i < faults->rules->len; i++)
    {
      Rule *rule = g_ptr_array_index (faults->rules, i);

      if (rule->effect != EFFECT_SKEW && rule_fits (rule, call) && rule_fires (faults, rule))
        return cause (rule, call, resume);
    }

  return PRACTICE_FAULT_NONE;
}
