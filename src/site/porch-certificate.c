/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-certificate.h"

#include "porch-domain-name.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-stack.h"

#include "aws-tag.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A certificate that is to be used for a new address is good for at least so long. Renewals begin 45 days before the end:
 * one that is nearer to it is not being renewed. ACM User Guide, managed renewal. */
#define MIN_DAYS 30

/**
 * PorchCertificate:
 *
 * The certificate of an own address as it was when it was looked at: what it is good for, until when, and what will keep it
 * from being renewed. Never changes.
 */
struct _PorchCertificate
{
  GObject                parent_instance;

  char                  *arn;
  char                 **names;
  GDateTime             *issued;
  GDateTime             *expires;
  GPtrArray             *proofs;
  PorchProblem          *problem;
  char                  *sentence;
  PorchCertificateState  state;
};

G_DEFINE_FINAL_TYPE (PorchCertificate, porch_certificate, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchCertificateState, porch_certificate_state,
                    G_DEFINE_ENUM_VALUE (PORCH_CERTIFICATE_PENDING, "pending"),
                    G_DEFINE_ENUM_VALUE (PORCH_CERTIFICATE_ISSUED, "issued"),
                    G_DEFINE_ENUM_VALUE (PORCH_CERTIFICATE_ENDING, "ending"),
                    G_DEFINE_ENUM_VALUE (PORCH_CERTIFICATE_FAILED, "failed"))

enum
{
  PROP_ARN = 1,
  PROP_STATE,
  PROP_NAMES,
  PROP_ISSUED,
  PROP_EXPIRES,
  PROP_SENTENCE,
  PROP_PROBLEM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
proof_free (gpointer data)
{
  PorchCertificateProof *proof = data;

  g_free (proof->domain);
  g_free (proof->name);
  g_free (proof->value);
  g_free (proof);
}

static void
porch_certificate_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  PorchCertificate *self = PORCH_CERTIFICATE (object);

  switch (prop_id)
    {
    case PROP_ARN:
      g_value_set_string (value, self->arn);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_NAMES:
      g_value_set_boxed (value, self->names);
      break;
    case PROP_ISSUED:
      g_value_set_boxed (value, self->issued);
      break;
    case PROP_EXPIRES:
      g_value_set_boxed (value, self->expires);
      break;
    case PROP_SENTENCE:
      g_value_set_string (value, self->sentence);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_certificate_finalize (GObject *object)
{
  PorchCertificate *self = PORCH_CERTIFICATE (object);

  g_clear_object (&self->problem);
  g_clear_pointer (&self->proofs, g_ptr_array_unref);
  g_clear_pointer (&self->issued, g_date_time_unref);
  g_clear_pointer (&self->expires, g_date_time_unref);
  g_clear_pointer (&self->names, g_strfreev);
  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->sentence, g_free);

  G_OBJECT_CLASS (porch_certificate_parent_class)->finalize (object);
}

static void
porch_certificate_class_init (PorchCertificateClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_certificate_get_property;
  object_class->finalize = porch_certificate_finalize;

  properties[PROP_ARN] = g_param_spec_string ("arn", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_CERTIFICATE_STATE, PORCH_CERTIFICATE_PENDING,
                                              flags);
  properties[PROP_NAMES] = g_param_spec_boxed ("names", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_ISSUED] = g_param_spec_boxed ("issued", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_EXPIRES] = g_param_spec_boxed ("expires", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_certificate_init (PorchCertificate *self)
{
  self->proofs = g_ptr_array_new_with_free_func (proof_free);
}

static char *
dup_without_dot (const char *name)
{
  char *copy = g_strdup (name);

  if (copy != NULL && g_str_has_suffix (copy, "."))
    copy[strlen (copy) - 1] = '\0';

  return copy;
}

static void
take_proofs (PorchCertificate   *self,
             AwsCertificate     *answer,
             const char * const *missing)
{
  g_autoptr(GPtrArray) proofs = aws_certificate_dup_proofs (answer);

  for (guint i = 0; i < proofs->len; i++)
    {
      AwsCertificateProof *each = g_ptr_array_index (proofs, i);
      PorchCertificateProof *proof = g_new0 (PorchCertificateProof, 1);

      proof->domain = g_strdup (aws_certificate_proof_get_domain_name (each));
      proof->name = dup_without_dot (aws_certificate_proof_get_record_name (each));
      proof->value = dup_without_dot (aws_certificate_proof_get_record_value (each));
      proof->is_missing = missing != NULL && g_strv_contains (missing, proof->name);
      g_ptr_array_add (self->proofs, proof);
    }
}

/* The first name whose record is gone */
static const char *
find_missing (PorchCertificate *self)
{
  for (guint i = 0; i < self->proofs->len; i++)
    {
      PorchCertificateProof *proof = g_ptr_array_index (self->proofs, i);

      if (proof->is_missing)
        return proof->domain;
    }

  return NULL;
}

static char *
format_day (GDateTime *time)
{
  g_autoptr(GDateTime) local = g_date_time_to_local (time);

  /* Translators: a day as in 5 March 2027, in the order of the language; see the documentation of g_date_time_format() */
  return g_date_time_format (local, _("%-d %B %Y"));
}

/* What will keep a good certificate from being renewed, if anything. The date matters more and more the nearer it is. */
static GError *
judge_renewal (PorchCertificate *self,
               AwsCertificate   *answer,
               GDateTime        *now)
{
  const char *renewal = aws_certificate_get_renewal_status (answer);
  g_autofree char *day = self->expires != NULL ? format_day (self->expires) : g_strdup ("?");
  const char *missing = find_missing (self);
  g_autofree char *shown = missing != NULL ? porch_domain_name_show (missing) : NULL;
  GTimeSpan left = self->expires != NULL ? g_date_time_difference (self->expires, now) : G_MAXINT64;

  if (shown != NULL)
    return g_error_new (PORCH_ERROR, PORCH_ERROR_CERTIFICATE_ENDS,
                        /* Translators: the first %s is the name of a domain, the second a date */
                        _("The record that keeps the certificate of %s alive is gone. Visitors will be warned off from %s on."), shown, day);

  if (g_strcmp0 (renewal, "PENDING_VALIDATION") == 0 || g_strcmp0 (renewal, "FAILED") == 0)
    return g_error_new (PORCH_ERROR, PORCH_ERROR_CERTIFICATE_ENDS,
                        _("The certificate could not be renewed. Visitors will be warned off from %s on."), day);

  if (left < MIN_DAYS * G_TIME_SPAN_DAY && g_strcmp0 (renewal, "PENDING_AUTO_RENEWAL") != 0)
    return g_error_new (PORCH_ERROR, PORCH_ERROR_CERTIFICATE_ENDS,
                        _("The certificate ends on %s and has not been renewed."), day);

  return NULL;
}

static void
judge (PorchCertificate *self,
       AwsCertificate   *answer,
       GDateTime        *now)
{
  g_autofree char *day = self->expires != NULL ? format_day (self->expires) : NULL;
  g_autoptr(GError) error = NULL;

  if (aws_certificate_is_pending (answer))
    {
      self->state = PORCH_CERTIFICATE_PENDING;
      self->sentence = g_strdup (_("The certificate has been asked for and comes once the records are there."));
      return;
    }

  if (!aws_certificate_is_issued (answer))
    {
      self->state = PORCH_CERTIFICATE_FAILED;
      porch_certificate_set_failure (answer, &error);
    }
  else if ((error = judge_renewal (self, answer, now)) != NULL)
    {
      self->state = PORCH_CERTIFICATE_ENDING;
    }
  else
    {
      self->state = PORCH_CERTIFICATE_ISSUED;
      /* Translators: %s is a date */
      self->sentence = day != NULL ? g_strdup_printf (_("Good until %s, and renewed by itself before."), day)
                                   : g_strdup (_("Good, and renewed by itself."));
      return;
    }

  self->sentence = g_strdup (error->message);
  self->problem = porch_problem_from_error (error);
}

/**
 * porch_certificate_new:
 * @answer: a certificate that was described
 * @missing: (nullable): names of those of its records that were looked for and not found, without dots at their ends
 * @now: the time
 *
 * Judges a certificate.
 *
 * Returns: (transfer full): what it is to its owner
 */
PorchCertificate *
porch_certificate_new (AwsCertificate     *answer,
                       const char * const *missing,
                       GDateTime          *now)
{
  PorchCertificate *self;

  g_return_val_if_fail (answer != NULL && now != NULL, NULL);

  self = g_object_new (PORCH_TYPE_CERTIFICATE, NULL);
  self->arn = g_strdup (aws_certificate_get_arn (answer));
  self->names = aws_certificate_dup_names (answer);
  self->issued = aws_certificate_dup_issued (answer);
  self->expires = aws_certificate_dup_expires (answer);
  take_proofs (self, answer, missing);
  judge (self, answer, now);

  return self;
}

/**
 * porch_certificate_get_arn:
 * @self: a certificate
 *
 * Returns: (transfer none): its ARN
 */
const char *
porch_certificate_get_arn (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return self->arn;
}

PorchCertificateState
porch_certificate_get_state (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), PORCH_CERTIFICATE_FAILED);

  return self->state;
}

/**
 * porch_certificate_get_names:
 * @self: a certificate
 *
 * Returns: (transfer none): the names it is good for, as machines write them
 */
const char * const *
porch_certificate_get_names (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return (const char * const *) self->names;
}

/**
 * porch_certificate_get_issued:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): since when it is there
 */
GDateTime *
porch_certificate_get_issued (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return self->issued;
}

/**
 * porch_certificate_get_expires:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): until when it is good
 */
GDateTime *
porch_certificate_get_expires (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return self->expires;
}

/**
 * porch_certificate_get_sentence:
 * @self: a certificate
 *
 * Returns: (transfer none): how it is, for people
 */
const char *
porch_certificate_get_sentence (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return self->sentence;
}

/**
 * porch_certificate_get_problem:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): what the owner has to see to
 */
PorchProblem *
porch_certificate_get_problem (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return self->problem;
}

/**
 * porch_certificate_get_proofs:
 * @self: a certificate
 *
 * Returns: (transfer none) (element-type PorchCertificateProof): the records that show whose the names are; they have to
 *   stay for the renewals
 */
GPtrArray *
porch_certificate_get_proofs (PorchCertificate *self)
{
  g_return_val_if_fail (PORCH_IS_CERTIFICATE (self), NULL);

  return self->proofs;
}

/* Those that the network takes; written with a hyphen or an underscore, depending on which call tells it */
static gboolean
has_good_key (AwsCertificate *certificate)
{
  g_autofree char *algorithm = g_strdelimit (g_strdup (aws_certificate_get_key_algorithm (certificate)), "-", '_');

  return g_strcmp0 (algorithm, "RSA_2048") == 0 || g_strcmp0 (algorithm, "EC_prime256v1") == 0;
}

/**
 * porch_certificate_is_fitting:
 * @certificate: a certificate, listed or described
 * @names: the names it has to be good for
 * @now: the time
 *
 * A fitting certificate is there, covers all names (`*.example.org` covers `www.example.org`, but neither `example.org` nor
 * `a.b.example.org`), renews itself without cost, belongs to no service, and is not near its end.
 *
 * Returns: whether an address can use it
 */
gboolean
porch_certificate_is_fitting (AwsCertificate     *certificate,
                              const char * const *names,
                              GDateTime          *now)
{
  g_autoptr(GDateTime) expires = NULL;

  g_return_val_if_fail (certificate != NULL && names != NULL && now != NULL, FALSE);

  if (!aws_certificate_is_issued (certificate) || !has_good_key (certificate) ||
      aws_certificate_is_exportable (certificate) || aws_certificate_get_manager (certificate) != NULL ||
      g_strcmp0 (aws_certificate_get_kind (certificate), "AMAZON_ISSUED") != 0)
    return FALSE;

  expires = aws_certificate_dup_expires (certificate);

  if (expires == NULL || g_date_time_difference (expires, now) < MIN_DAYS * G_TIME_SPAN_DAY)
    return FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    if (!aws_certificate_covers (certificate, names[i]))
      return FALSE;

  return TRUE;
}

/**
 * porch_certificate_set_failure:
 * @certificate: a certificate that will not come, or is not good any more
 * @error: (out): why
 *
 * Says in plain words why, as `PORCH_ERROR_CAA` or `PORCH_ERROR_CERTIFICATE`.
 */
void
porch_certificate_set_failure (AwsCertificate  *certificate,
                               GError         **error)
{
  static const struct
  {
    const char *reason;
    int         code;
    const char *sentence;
  } table[] = {
    { "CAA_ERROR", PORCH_ERROR_CAA,
      N_("A record of the domain %s says who may issue certificates for it, and leaves out the one that the site’s certificate comes from.") },
    { "DOMAIN_NOT_ALLOWED", PORCH_ERROR_CERTIFICATE,
      N_("%s is on a list of names for which no certificates are issued, for instance for deceiving people.") },
    { "INVALID_PUBLIC_DOMAIN", PORCH_ERROR_CERTIFICATE, N_("%s is not a name of the public internet.") },
    { "ADDITIONAL_VERIFICATION_REQUIRED", PORCH_ERROR_CERTIFICATE,
      N_("%s is like a well-known name, so that a person has to look at the request. Ask the provider’s support for it.") },
    { "VALIDATION_TIMED_OUT", PORCH_ERROR_CERTIFICATE,
      N_("The records that show that %s is yours were not there within three days.") },
    { "EXPIRED", PORCH_ERROR_CERTIFICATE, N_("The certificate of %s has run out.") },
    { "REVOKED", PORCH_ERROR_CERTIFICATE, N_("The certificate of %s was called back.") },
    { NULL, PORCH_ERROR_CERTIFICATE, N_("The certificate of %s was refused without a reason that Porchlight knows.") },
  };
  const char *status = aws_certificate_get_status (certificate);
  const char *reason = g_strcmp0 (status, "FAILED") == 0 ? aws_certificate_get_failure_reason (certificate) : status;
  const char *name = aws_certificate_get_domain_name (certificate);
  g_autofree char *shown = porch_domain_name_show (name != NULL ? name : "");
  guint i = 0;

  while (table[i].reason != NULL && g_strcmp0 (table[i].reason, reason) != 0)
    i++;

  if (error == NULL)
    return;

  /* Translators: %s is the name of a domain in these sentences */
  g_set_error (error, PORCH_ERROR, table[i].code, _(table[i].sentence), shown);
  porch_error_set_details (*error, reason);
}

/**
 * porch_certificate_build_token:
 * @site: the id of a site
 * @names: the names of the certificate
 * @n_tries: how many were asked for before in vain
 *
 * Returns: (transfer full): what makes two requests the same one: always the same for the same arguments
 */
char *
porch_certificate_build_token (const char         *site,
                               const char * const *names,
                               guint               n_tries)
{
  g_autofree char *joined = g_strjoinv (" ", (char **) names);
  g_autofree char *text = g_strdup_printf ("%s %s %u", site, joined, n_tries);
  char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  sum[32] = '\0';

  return sum;
}

/* What a search or a request is about */
typedef struct
{
  AwsClient  *client;
  char      **names;
  char       *token;
  char       *site;
} Task;

static Task *
task_new (AwsClient          *client,
          const char * const *names,
          const char         *token,
          const char         *site)
{
  Task *task = g_new0 (Task, 1);

  task->client = g_object_ref (client);
  task->names = g_strdupv ((char **) names);
  task->token = g_strdup (token);
  task->site = g_strdup (site);

  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_object_unref (task->client);
  g_strfreev (task->names);
  g_free (task->token);
  g_free (task->site);
  g_free (task);
}

/* A list names only the first hundred names of a certificate, and is a little behind */
static gboolean
await_fitting (Task           *task,
               AwsCertificate *listed,
               GDateTime      *now)
{
  const char * const *names = (const char * const *) task->names;
  g_autoptr(AwsCertificate) described = NULL;

  if (aws_certificate_is_exportable (listed) ||
      (!porch_certificate_is_fitting (listed, names, now) && !aws_certificate_has_more_names (listed)))
    return FALSE;

  described = dex_await_boxed (aws_acm_describe_certificate (task->client, aws_certificate_get_arn (listed)), NULL);

  return described != NULL && porch_certificate_is_fitting (described, names, now);
}

static DexFuture *
find_fiber (gpointer user_data)
{
  static const char * const statuses[] = { "ISSUED", NULL };
  Task *task = user_data;
  g_autoptr(GPtrArray) listed = NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *best = NULL;
  g_autoptr(GDateTime) best_expires = NULL;
  g_autoptr(GError) error = NULL;

  if (!(listed = dex_await_boxed (aws_acm_list_certificates (task->client, statuses), &error)))
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; i < listed->len; i++)
    {
      AwsCertificate *each = g_ptr_array_index (listed, i);
      g_autoptr(GDateTime) expires = aws_certificate_dup_expires (each);

      if (expires == NULL || (best_expires != NULL && g_date_time_compare (expires, best_expires) <= 0) ||
          !await_fitting (task, each, now))
        continue;

      g_set_str (&best, aws_certificate_get_arn (each));
      g_clear_pointer (&best_expires, g_date_time_unref);
      best_expires = g_steal_pointer (&expires);
    }

  if (best == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("There is no certificate for this address yet."));

  return dex_future_new_take_string (g_steal_pointer (&best));
}

/**
 * porch_certificate_find:
 * @client: a client for `PORCH_CERTIFICATE_REGION`
 * @names: the names it has to be good for
 *
 * Looks for a certificate that is there already, see [func@Porch.certificate_is_fitting]; among several the one that is
 * good for longest.
 *
 * Returns: (transfer full): a future that resolves to its ARN; rejected with %PORCH_ERROR_NOT_FOUND, or an `AWS_ERROR`
 */
DexFuture *
porch_certificate_find (AwsClient          *client,
                        const char * const *names)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (names != NULL && names[0] != NULL);

  return porch_fiber_spawn (find_fiber, task_new (client, names, NULL, NULL), task_free, NULL);
}

static gboolean
has_exactly (AwsCertificate     *certificate,
             const char * const *names)
{
  g_auto(GStrv) own = aws_certificate_dup_names (certificate);

  if (g_strv_length (own) != g_strv_length ((char **) names))
    return FALSE;

  for (guint i = 0; names[i] != NULL; i++)
    if (!g_strv_contains ((const char * const *) own, names[i]))
      return FALSE;

  return TRUE;
}

/* Whether the certificate carries the mark of this very site */
static gboolean
await_ours (Task       *task,
            const char *arn)
{
  g_autoptr(GPtrArray) tags = dex_await_boxed (aws_acm_list_tags (task->client, arn), NULL);
  gboolean is_ours = FALSE;

  for (guint i = 0; tags != NULL && i < tags->len; i++)
    is_ours |= g_strcmp0 (aws_tag_get_key (g_ptr_array_index (tags, i)), PORCH_STACK_SITE_TAG) == 0 &&
               g_strcmp0 (aws_tag_get_value (g_ptr_array_index (tags, i)), task->site) == 0;

  return is_ours;
}

/* The service remembers a token for an hour only. A request of ours from before that waits in the list. */
static char *
await_earlier (Task    *task,
               GError **error)
{
  static const char * const statuses[] = { "PENDING_VALIDATION", NULL };
  g_autoptr(GPtrArray) listed = dex_await_boxed (aws_acm_list_certificates (task->client, statuses), error);

  for (guint i = 0; listed != NULL && i < listed->len; i++)
    {
      AwsCertificate *each = g_ptr_array_index (listed, i);

      if (has_exactly (each, (const char * const *) task->names) && await_ours (task, aws_certificate_get_arn (each)))
        return g_strdup (aws_certificate_get_arn (each));
    }

  return NULL;
}

static DexFuture *
request_fiber (gpointer user_data)
{
  Task *task = user_data;
  const char *tags[] = { PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE, PORCH_STACK_SITE_TAG, task->site, NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *arn = await_earlier (task, &error);

  if (arn == NULL && error == NULL)
    arn = dex_await_string (aws_acm_request_certificate (task->client, task->names[0], (const char * const *) task->names + 1,
                                                         NULL, task->token, tags), &error);

  if (arn == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_take_string (g_steal_pointer (&arn));
}

/**
 * porch_certificate_request:
 * @client: a client for `PORCH_CERTIFICATE_REGION`
 * @names: the names it is to be good for
 * @token: what makes two requests the same one, see [func@Porch.certificate_build_token]
 * @site: the id of the site, which becomes its mark
 *
 * Asks for a certificate, or goes on with one that was asked for earlier and still waits.
 *
 * Returns: (transfer full): a future that resolves to its ARN; rejected with an `AWS_ERROR`
 */
DexFuture *
porch_certificate_request (AwsClient          *client,
                           const char * const *names,
                           const char         *token,
                           const char         *site)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (names != NULL && names[0] != NULL);
  dex_return_error_if_fail (token != NULL && site != NULL);

  return porch_fiber_spawn (request_fiber, task_new (client, names, token, site), task_free, NULL);
}
