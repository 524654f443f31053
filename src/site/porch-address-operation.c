/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-address-private.h"

#include "porch-certificate.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-operation-private.h"
#include "porch-pointer.h"
#include "porch-site-private.h"

#include "aws-cloudfront.h"
#include "aws-error.h"
#include "aws-json.h"
#include "aws-response.h"
#include "aws-soup.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

/* Milliseconds between two looks: at first, and at most where a service or where the owner is waited for */
#define FIRST_PAUSE 3000
#define SERVICE_PAUSE 60000
#define OWNER_PAUSE 300000
#define QUICK_FIRST_PAUSE 60
#define QUICK_PAUSE 1000

/* So often is a step tried for which nobody answered */
#define N_TRIES 6

/* How much of a page is compared, in bytes */
#define COMPARED 65536

/**
 * PorchAddressOperation:
 *
 * Gives a site an address of its own, changes it, or goes back to the free one. Steps that wait for the owner or for the
 * internet are not errors: they look again from time to time, and at once on [method@Porch.AddressOperation.look_again].
 *
 * Nothing is done twice after a kill: zones are made by one reference and certificates by one token that stand in the
 * operation's data before the call; an order is looked for before it is sent again; records are compared before they are
 * changed.
 */
struct _PorchAddressOperation
{
  PorchOperation  parent_instance;

  DexPromise     *look;          /* resolved to look at once */
  GDateTime      *next_look;
  gboolean        needs_owner;
};

G_DEFINE_FINAL_TYPE (PorchAddressOperation, porch_address_operation, PORCH_TYPE_OPERATION)

enum
{
  PROP_ADDRESS = 1,
  PROP_NEEDS_OWNER,
  PROP_NEXT_LOOK,
  PROP_CAN_AGREE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (PorchAddressOperation *self,
        guint                  property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static JsonObject *
get_data (PorchAddressOperation *self)
{
  return porch_operation_get_data (PORCH_OPERATION (self));
}

static const char *
get_text (PorchAddressOperation *self,
          const char            *member)
{
  return aws_json_get_string (get_data (self), member);
}

static PorchSite *
get_site (PorchAddressOperation *self)
{
  return porch_operation_get_site (PORCH_OPERATION (self));
}

static gboolean
is_quick (PorchAddressOperation *self)
{
  return porch_account_get_endpoint (porch_site_get_account (get_site (self))) != NULL;
}

static DexFuture *
until_stopped (PorchAddressOperation *self,
               DexFuture             *work)
{
  return porch_operation_until_stopped (PORCH_OPERATION (self), work);
}

static gboolean
await_saved (PorchAddressOperation  *self,
             GError                **error)
{
  return dex_await (porch_operation_save (PORCH_OPERATION (self)), error);
}

static gboolean
await_noted (PorchAddressOperation  *self,
             const char             *member,
             const char             *value,
             GError                **error)
{
  json_object_set_string_member (get_data (self), member, value);

  return await_saved (self, error);
}

static PorchAddress *
read_address (PorchAddressOperation *self,
              const char            *member)
{
  return porch_address_new_from_json (aws_json_get_object (get_data (self), member));
}

static void
porch_address_operation_get_property (GObject    *object,
                                      guint       prop_id,
                                      GValue     *value,
                                      GParamSpec *pspec)
{
  PorchAddressOperation *self = PORCH_ADDRESS_OPERATION (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_take_boxed (value, porch_address_operation_dup_address (self));
      break;
    case PROP_NEEDS_OWNER:
      g_value_set_boolean (value, self->needs_owner);
      break;
    case PROP_NEXT_LOOK:
      g_value_set_boxed (value, self->next_look);
      break;
    case PROP_CAN_AGREE:
      g_value_set_boolean (value, porch_address_operation_can_agree (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_address_operation_dispose (GObject *object)
{
  PorchAddressOperation *self = PORCH_ADDRESS_OPERATION (object);

  dex_clear (&self->look);
  g_clear_pointer (&self->next_look, g_date_time_unref);

  G_OBJECT_CLASS (porch_address_operation_parent_class)->dispose (object);
}

static void
set_needs_owner (PorchAddressOperation *self,
                 gboolean               needs_owner)
{
  if (self->needs_owner == needs_owner)
    return;

  self->needs_owner = needs_owner;
  notify (self, PROP_NEEDS_OWNER);
}

static void
set_next_look (PorchAddressOperation *self,
               guint                  msec)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();

  g_clear_pointer (&self->next_look, g_date_time_unref);
  self->next_look = msec > 0 ? g_date_time_add (now, msec * G_TIME_SPAN_MILLISECOND) : NULL;
  notify (self, PROP_NEXT_LOOK);
}

/* Waits until it is time to look again: longer each time, and at once when somebody asks for it. @pause is 0 at first. */
gboolean
porch_address_operation_await_pause (PorchAddressOperation  *self,
                                     guint                  *pause,
                                     gboolean                needs_owner,
                                     GError                **error)
{
  guint longest = is_quick (self) ? QUICK_PAUSE : needs_owner ? OWNER_PAUSE : SERVICE_PAUSE;

  *pause = *pause == 0 ? (is_quick (self) ? QUICK_FIRST_PAUSE : FIRST_PAUSE) : MIN (*pause + *pause / 3, longest);

  dex_clear (&self->look);
  self->look = dex_promise_new ();
  porch_operation_set_waiting (PORCH_OPERATION (self), TRUE);
  set_needs_owner (self, needs_owner);
  set_next_look (self, *pause);

  /* What goes on by itself after a restart is what is written down as waiting */
  if (!await_saved (self, error))
    return FALSE;

  dex_await (until_stopped (self, dex_future_first (dex_ref (DEX_FUTURE (self->look)), dex_timeout_new_msec (*pause), NULL)), NULL);
  dex_clear (&self->look);
  set_next_look (self, 0);

  return dex_await (until_stopped (self, dex_future_new_true ()), error);
}

/* What the owner has to enter somewhere: records, or name servers as records of type NS */
static void
want (PorchAddressOperation *self,
      const char            *name,
      const char            *type,
      const char            *value)
{
  JsonArray *wanted = aws_json_get_array (get_data (self), "wanted");
  JsonObject *record = json_object_new ();

  if (wanted == NULL)
    {
      wanted = json_array_new ();
      json_object_set_array_member (get_data (self), "wanted", wanted);
    }

  json_object_set_string_member (record, "name", name);
  json_object_set_string_member (record, "type", type);
  json_object_set_string_member (record, "value", value);
  json_array_add_object_element (wanted, record);
}

static void
want_nothing (PorchAddressOperation *self)
{
  json_object_remove_member (get_data (self), "wanted");
}

static void
end_waiting (PorchAddressOperation *self)
{
  want_nothing (self);
  porch_operation_set_waiting (PORCH_OPERATION (self), FALSE);
  set_needs_owner (self, FALSE);
}

/* What passes by itself is waited for, not failed on, where the waiting takes long anyway */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_UNREACHABLE) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_TIMED_OUT) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_THROTTLED) ||
         g_error_matches (error, AWS_ERROR, AWS_ERROR_SERVER) ||
         g_error_matches (error, PORCH_ERROR, PORCH_ERROR_DNS);
}

/* Keeps what is known of the address, here and beside the site's files */
static gboolean
await_known (PorchAddressOperation  *self,
             PorchAddress           *address,
             GError                **error)
{
  PorchSite *site = get_site (self);

  if (address != NULL)
    json_object_set_object_member (get_data (self), "address", porch_address_to_json (address));

  if (porch_address_equal (porch_site_get_own_address (site), address))
    return await_saved (self, error);

  porch_site_set_own_address (site, address);
  notify (self, PROP_ADDRESS);

  return await_saved (self, error) && dex_await (porch_site_save (site), error) &&
         dex_await (until_stopped (self, porch_site_write_record (site)), error);
}

static void
add_steps (PorchOperation  *operation,
           PorchAddressWay  way)
{
  if (way == PORCH_ADDRESS_BUY)
    porch_operation_add_step (operation, "buy", _("Buying the domain"), 8);

  if (way != PORCH_ADDRESS_ELSEWHERE)
    porch_operation_add_step (operation, "zone", _("Preparing the domain’s records"), 1);

  porch_operation_add_step (operation, "certificate", _("Asking for the certificate"), 1);
  porch_operation_add_step (operation, "records", _("Showing that the domain is yours"), way == PORCH_ADDRESS_ELSEWHERE ? 8 : 1);

  if (way != PORCH_ADDRESS_ELSEWHERE)
    porch_operation_add_step (operation, "delegation", _("Connecting the domain"), way == PORCH_ADDRESS_MOVE ? 10 : 3);

  porch_operation_add_step (operation, "issued", _("Waiting for the certificate"), 4);
  porch_operation_add_step (operation, "hosting", _("Teaching the site its new name"), 8);
  porch_operation_add_step (operation, "point", _("Leading the name to the site"), way == PORCH_ADDRESS_ELSEWHERE ? 8 : 1);
  porch_operation_add_step (operation, "answer", _("Visiting the new address"), 2);
  porch_operation_add_step (operation, "canonical", _("Making it the address of the site"), 1);
}

static void
porch_address_operation_setup (PorchOperation *operation)
{
  PorchAddressOperation *self = PORCH_ADDRESS_OPERATION (operation);
  g_autoptr(PorchAddress) address = read_address (self, "address");
  g_autofree char *title = NULL;

  if (address != NULL)
    {
      /* Translators: the first %s is the name of a site, the second an address */
      title = g_strdup_printf (_("Giving “%s” the address %s"), get_text (self, "name"), porch_address_get_shown (address));
      add_steps (operation, porch_address_get_way (address));
    }
  else
    {
      /* Translators: %s is the name of a site */
      title = g_strdup_printf (_("Giving “%s” its free address back"), get_text (self, "name"));
      porch_operation_add_step (operation, "free", _("Using the free address again"), 1);
      porch_operation_add_step (operation, "unpoint", _("Taking the name away"), 1);
      porch_operation_add_step (operation, "unhost", _("Letting the site forget its name"), 6);
      porch_operation_add_step (operation, "forget", _("Noting the change"), 1);
    }

  porch_operation_set_title (operation, title);
}

static gboolean
run_buy (PorchAddressOperation  *self,
         PorchAddress           *address,
         AwsClient              *client,
         GError                **error)
{
  gboolean success;

  success = await_known (self, address, error) && porch_address_await_purchase (self, client, error);
  end_waiting (self);

  return success;
}

/* The whole domain moves, not one name of it. The reference is on the disk before the call, so that it makes one zone. */
static gboolean
await_new_zone (PorchAddressOperation  *self,
                PorchAddress           *address,
                AwsClient              *client,
                char                  **zone,
                GError                **error)
{
  const char *tags[] = { PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE, PORCH_STACK_SITE_TAG, porch_site_get_id (get_site (self)), NULL };
  const char *domain = porch_domain_name_get_registrable (porch_address_get_name (address));
  g_autoptr(AwsHostedZone) answer = NULL;

  if (get_text (self, "zoneReference") == NULL)
    {
      g_autofree char *uuid = g_uuid_string_random ();
      g_autofree char *reference = g_strconcat ("porchlight-", uuid, NULL);

      if (!await_noted (self, "zoneReference", reference, error))
        return FALSE;
    }

  answer = dex_await_boxed (until_stopped (self, aws_route53_create_zone (client, domain, get_text (self, "zoneReference"),
                                                                         "Porchlight")), error);

  if (answer == NULL)
    return FALSE;

  *zone = g_strdup (aws_hosted_zone_get_id (answer));

  return dex_await (until_stopped (self, aws_route53_change_tags (client, *zone, tags, NULL)), error);
}

/* What was made before a kill is found by its reference, whatever else there is */
static gboolean
await_made_zone (PorchAddressOperation  *self,
                 PorchAddress           *address,
                 AwsClient              *client,
                 char                  **zone,
                 GError                **error)
{
  const char *domain = porch_domain_name_get_registrable (porch_address_get_name (address));
  g_autoptr(GPtrArray) found = NULL;

  if (get_text (self, "zoneReference") == NULL)
    return TRUE;

  if (!(found = dex_await_boxed (until_stopped (self, aws_route53_find_zones (client, domain)), error)))
    return FALSE;

  for (guint i = 0; i < found->len; i++)
    if (g_strcmp0 (aws_hosted_zone_get_caller_reference (g_ptr_array_index (found, i)), get_text (self, "zoneReference")) == 0)
      g_set_str (zone, aws_hosted_zone_get_id (g_ptr_array_index (found, i)));

  if (*zone == NULL)
    return TRUE;

  return dex_await (until_stopped (self, aws_route53_change_tags (client, *zone, (const char *[]) {
                                     PORCH_STACK_TAG, PORCH_STACK_TAG_VALUE,
                                     PORCH_STACK_SITE_TAG, porch_site_get_id (get_site (self)), NULL }, NULL)), error);
}

static gboolean
await_any_zone (PorchAddressOperation  *self,
                PorchAddress           *address,
                AwsClient              *client,
                char                  **zone,
                GError                **error)
{
  g_autoptr(PorchDns) dns = porch_site_dup_dns (get_site (self));
  PorchDomainName *name = porch_address_get_name (address);
  PorchAddressWay way = porch_address_get_way (address);
  guint pause = 0;

  for (;;)
    {
      if (!await_made_zone (self, address, client, zone, error) ||
          (*zone == NULL && !porch_address_await_zone (PORCH_OPERATION (self), client, dns, name, zone, error)))
        return FALSE;

      if (*zone != NULL)
        return TRUE;

      if (way == PORCH_ADDRESS_MOVE)
        return await_new_zone (self, address, client, zone, error);

      if (way != PORCH_ADDRESS_BUY)
        {
          /* Translators: %s is the name of a domain */
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("The records of %s are not in this account."),
                       porch_address_get_shown (address));
          return FALSE;
        }

      /* Registering makes the zone, a moment later */
      if (!porch_address_operation_await_pause (self, &pause, FALSE, error))
        return FALSE;
    }
}

static gboolean
has_word (PorchAddressOperation *self,
          const char            *member,
          const char            *word)
{
  JsonArray *array = aws_json_get_array (get_data (self), member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    if (g_strcmp0 (aws_json_array_get_string (array, i), word) == 0)
      return TRUE;

  return FALSE;
}

static char **
dup_words (PorchAddressOperation *self,
           const char            *member)
{
  JsonArray *array = aws_json_get_array (get_data (self), member);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, aws_json_array_get_string (array, i));

  return g_strv_builder_end (builder);
}

static gboolean
await_zone_filled (PorchAddressOperation  *self,
                   PorchAddress           *address,
                   AwsClient              *client,
                   const char             *zone,
                   GError                **error)
{
  JsonObject *json = aws_json_get_object (get_data (self), "survey");
  g_autoptr(PorchDomainSurvey) survey = json != NULL ? porch_domain_survey_from_json (json) : NULL;
  g_auto(GStrv) left_out = dup_words (self, "leftOut");

  if (survey != NULL &&
      !porch_address_await_copies (PORCH_OPERATION (self), client, zone, survey, porch_address_get_names (address),
                                   (const char * const *) left_out, error))
    return FALSE;

  return !has_word (self, "agreed", "caa") || porch_address_await_issue_allowed (PORCH_OPERATION (self), client, zone, error);
}

static gboolean
run_zone (PorchAddressOperation  *self,
          PorchAddress           *address,
          AwsClient              *client,
          GError                **error)
{
  g_autofree char *zone = g_strdup (porch_address_get_zone (address));
  g_autoptr(PorchAddress) known = NULL;

  if (zone == NULL && !await_any_zone (self, address, client, &zone, error))
    return FALSE;

  end_waiting (self);
  known = porch_address_with_parts (address, zone, porch_address_get_certificate (address));

  return await_zone_filled (self, address, client, zone, error) && await_known (self, known, error);
}

static gboolean
run_certificate (PorchAddressOperation  *self,
                 PorchAddress           *address,
                 AwsClient              *client,
                 GError                **error)
{
  const char *site = porch_site_get_id (get_site (self));
  const char * const *names = porch_address_get_names (address);
  g_autoptr(PorchAddress) known = NULL;
  g_autofree char *arn = g_strdup (porch_address_get_certificate (address));
  g_autofree char *token = NULL;
  g_autoptr(GError) local_error = NULL;

  if (arn == NULL)
    arn = dex_await_string (until_stopped (self, porch_certificate_find (client, names)), &local_error);

  if (arn == NULL && g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND))
    {
      g_clear_error (&local_error);
      token = porch_certificate_build_token (site, names, aws_json_get_int (get_data (self), "certificateTries", 0));
      arn = dex_await_string (until_stopped (self, porch_certificate_request (client, names, token, site)), &local_error);
    }

  if (arn == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  known = porch_address_with_parts (address, porch_address_get_zone (address), arn);

  return await_known (self, known, error);
}

/* The certificate as it is now. The records by which it is proven are known some seconds after it was asked for. */
static PorchCertificate *
await_certificate (PorchAddressOperation  *self,
                   AwsClient              *client,
                   const char             *arn,
                   AwsCertificate        **answer,
                   GError                **error)
{
  guint pause = 0;

  for (;;)
    {
      g_autoptr(AwsCertificate) described = dex_await_boxed (until_stopped (self, aws_acm_describe_certificate (client, arn)), error);
      g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
      g_autoptr(PorchCertificate) certificate = NULL;

      if (described == NULL)
        return NULL;

      certificate = porch_certificate_new (described, NULL, now);

      if (!aws_certificate_is_pending (described) ||
          porch_certificate_get_proofs (certificate)->len >= g_strv_length ((char **) porch_certificate_get_names (certificate)))
        {
          *answer = g_steal_pointer (&described);
          return g_steal_pointer (&certificate);
        }

      if (!porch_address_operation_await_pause (self, &pause, FALSE, error))
        return NULL;
    }
}

/* A certificate that was refused is no use: the next try asks for another. */
static gboolean
fail_certificate (PorchAddressOperation  *self,
                  PorchAddress           *address,
                  AwsCertificate         *answer,
                  GError                **error)
{
  g_autoptr(PorchAddress) without = porch_address_with_parts (address, porch_address_get_zone (address), NULL);
  gint64 n_tries = aws_json_get_int (get_data (self), "certificateTries", 0);

  json_object_set_int_member (get_data (self), "certificateTries", n_tries + 1);

  if (!await_known (self, without, error))
    return FALSE;

  porch_certificate_set_failure (answer, error);

  return FALSE;
}

/* Whether a record that the owner enters can be seen. What can't be asked is not there yet. */
static gboolean
await_seen (PorchAddressOperation *self,
            PorchDns              *dns,
            const char            *name,
            const char            *value)
{
  g_autoptr(PorchDnsAnswer) answer = dex_await_boxed (until_stopped (self, porch_dns_lookup (dns, name, PORCH_DNS_CNAME)), NULL);
  g_auto(GStrv) values = answer != NULL ? porch_dns_answer_dup_values (answer, PORCH_DNS_CNAME) : NULL;

  for (guint i = 0; values != NULL && values[i] != NULL; i++)
    if (aws_dns_name_equal (values[i], value))
      return TRUE;

  return FALSE;
}

static guint
await_missing (PorchAddressOperation *self,
               PorchDns              *dns,
               PorchCertificate      *certificate)
{
  GPtrArray *proofs = porch_certificate_get_proofs (certificate);
  guint n_missing = 0;

  want_nothing (self);

  for (guint i = 0; i < proofs->len; i++)
    {
      PorchCertificateProof *proof = g_ptr_array_index (proofs, i);

      if (proof->name == NULL || await_seen (self, dns, proof->name, proof->value))
        continue;

      want (self, proof->name, "CNAME", proof->value);
      n_missing++;
    }

  return n_missing;
}

static gboolean
await_records_there (PorchAddressOperation  *self,
                     PorchAddress           *address,
                     AwsClient              *client,
                     GError                **error)
{
  g_autoptr(PorchDns) dns = porch_site_dup_dns (get_site (self));
  guint pause = 0;

  for (;;)
    {
      g_autoptr(AwsCertificate) answer = NULL;
      g_autoptr(PorchCertificate) certificate = await_certificate (self, client, porch_address_get_certificate (address), &answer, error);
      guint n_missing;

      if (certificate == NULL)
        return FALSE;

      end_waiting (self);

      if (porch_certificate_get_state (certificate) == PORCH_CERTIFICATE_FAILED)
        return fail_certificate (self, address, answer, error);

      if (porch_address_get_zone (address) != NULL)
        return porch_address_await_proofs (PORCH_OPERATION (self), client, porch_address_get_zone (address),
                                           porch_certificate_get_proofs (certificate), error);

      if (aws_certificate_is_issued (answer) || (n_missing = await_missing (self, dns, certificate)) == 0)
        return TRUE;

      porch_operation_set_detail (PORCH_OPERATION (self),
                                  n_missing == 1 ? _("Waiting until you have entered the record that shows that the domain is yours.")
                                                 : _("Waiting until you have entered the records that show that the domain is yours."));

      if (!porch_address_operation_await_pause (self, &pause, TRUE, error))
        return FALSE;
    }
}

/* One that was refused is asked for again here, after its cause was mended */
static gboolean
run_records (PorchAddressOperation  *self,
             PorchAddress           *address,
             AwsClient              *client,
             GError                **error)
{
  g_autoptr(PorchAddress) known = NULL;

  if (porch_address_get_certificate (address) != NULL)
    return await_records_there (self, address, client, error);

  if (!run_certificate (self, address, client, error))
    return FALSE;

  known = read_address (self, "address");

  return await_records_there (self, known, client, error);
}

/* All that are asked have to be the zone's: any other would answer something else from time to time */
static gboolean
are_all_own (const char * const *servers,
             const char * const *own)
{
  for (guint i = 0; servers[i] != NULL; i++)
    {
      gboolean is_own = FALSE;

      for (guint j = 0; own[j] != NULL; j++)
        is_own |= aws_dns_name_equal (servers[i], own[j]);

      if (!is_own)
        return FALSE;
    }

  return servers[0] != NULL;
}

/* What the registry says is newer than what resolvers remember, for up to two days */
static gboolean
await_registered_servers (PorchAddressOperation *self,
                          PorchAddress          *address,
                          PorchDns              *dns,
                          const char * const    *own)
{
  g_autoptr(PorchDomainSurvey) survey = porch_domain_survey_new (dns, porch_address_get_name (address));

  return dex_await (until_stopped (self, porch_domain_survey_run_brief (survey)), NULL) &&
         are_all_own (porch_domain_survey_get_delegated (survey), own);
}

/* Whether the internet asks the zone's own name servers about its domain */
static gboolean
await_delegated (PorchAddressOperation  *self,
                 PorchAddress           *address,
                 AwsClient              *client,
                 PorchDns               *dns,
                 gboolean               *is_delegated,
                 GError                **error)
{
  const char *zone = porch_address_get_zone (address);
  g_autoptr(AwsHostedZone) answer = dex_await_boxed (until_stopped (self, aws_route53_get_zone (client, zone)), error);
  g_autofree char *name = NULL;
  g_auto(GStrv) own = NULL;
  g_autoptr(PorchDnsAnswer) seen = NULL;
  g_auto(GStrv) values = NULL;

  *is_delegated = FALSE;

  if (answer == NULL)
    return FALSE;

  name = aws_hosted_zone_dup_name (answer);
  own = aws_hosted_zone_dup_name_servers (answer);
  seen = dex_await_boxed (until_stopped (self, porch_dns_lookup (dns, name, PORCH_DNS_NS)), NULL);
  values = seen != NULL ? porch_dns_answer_dup_values (seen, PORCH_DNS_NS) : NULL;
  want_nothing (self);

  for (guint i = 0; own[i] != NULL; i++)
    want (self, name, "NS", own[i]);

  *is_delegated = (values != NULL && are_all_own ((const char * const *) values, (const char * const *) own)) ||
                  (aws_dns_name_equal (name, porch_domain_name_get_registrable (porch_address_get_name (address))) &&
                   await_registered_servers (self, address, dns, (const char * const *) own));

  return TRUE;
}

static gboolean
run_delegation (PorchAddressOperation  *self,
                PorchAddress           *address,
                AwsClient              *client,
                GError                **error)
{
  g_autoptr(PorchDns) dns = porch_site_dup_dns (get_site (self));
  gboolean is_owners = porch_address_get_way (address) != PORCH_ADDRESS_BUY;
  guint pause = 0;

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      gboolean is_delegated;

      if (!await_delegated (self, address, client, dns, &is_delegated, &local_error))
        {
          if (is_passing (local_error))
            g_clear_error (&local_error);

          if (local_error != NULL)
            {
              g_propagate_error (error, g_steal_pointer (&local_error));
              return FALSE;
            }
        }

      if (is_delegated)
        {
          end_waiting (self);
          return TRUE;
        }

      porch_operation_set_detail (PORCH_OPERATION (self),
                                  is_owners ? _("Waiting until you have entered the name servers where the domain was bought. After that it takes an hour or two, seldom a day.")
                                            : _("Waiting until the internet knows the new domain."));

      if (!porch_address_operation_await_pause (self, &pause, is_owners, error))
        return FALSE;
    }
}

/* A certificate whose proofs were there counts hours, up to the limit of the service */
static void
show_hours (PorchAddressOperation *self,
            AwsCertificate        *answer)
{
  g_autoptr(GDateTime) created = aws_certificate_dup_created (answer);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  double hours = created != NULL ? (double) g_date_time_difference (now, created) / G_TIME_SPAN_HOUR : 0;

  /* Most come within minutes: half of the bar is for the first half hour */
  porch_operation_set_step_progress (PORCH_OPERATION (self),
                                     hours < 0.5 ? hours : 0.5 + 0.5 * MIN (hours / PORCH_CERTIFICATE_PATIENCE, 1));
  porch_operation_set_detail (PORCH_OPERATION (self),
                              hours < 1 ? _("The certificate is on its way. Most come within half an hour.")
                                        : _("The certificate is still on its way. It can take up to three days."));
}

static gboolean
await_issued (PorchAddressOperation  *self,
              PorchAddress           *address,
              AwsClient              *client,
              GError                **error)
{
  guint pause = 0;

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(AwsCertificate) answer = NULL;
      g_autoptr(PorchCertificate) certificate = await_certificate (self, client, porch_address_get_certificate (address), &answer,
                                                                   &local_error);

      if (certificate == NULL && !is_passing (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      if (answer != NULL && aws_certificate_is_issued (answer))
        return TRUE;

      if (certificate != NULL && porch_certificate_get_state (certificate) == PORCH_CERTIFICATE_FAILED)
        return fail_certificate (self, address, answer, error);

      if (answer != NULL)
        show_hours (self, answer);

      if (!porch_address_operation_await_pause (self, &pause, FALSE, error))
        return FALSE;
    }
}

static gboolean
run_issued (PorchAddressOperation  *self,
            PorchAddress           *address,
            AwsClient              *client,
            GError                **error)
{
  g_autoptr(PorchAddress) known = porch_address_ref (address);
  gboolean success;

  if (porch_address_get_certificate (known) == NULL)
    {
      if (!run_records (self, known, client, error))
        return FALSE;

      g_clear_pointer (&known, porch_address_unref);
      known = read_address (self, "address");
    }

  success = await_issued (self, known, client, error);
  end_waiting (self);

  return success;
}

/* The site's parts are changed by one operation at a time; the others keep this lock for as long as they run */
static gboolean
await_site_lock (PorchAddressOperation  *self,
                 int                    *lock,
                 GError                **error)
{
  g_autofree char *name = g_strconcat ("site-", porch_site_get_id (get_site (self)), NULL);
  guint pause = 0;

  for (;;)
    {
      g_autoptr(GError) local_error = NULL;

      if ((*lock = porch_store_lock (porch_site_get_store (get_site (self)), name, &local_error)) >= 0)
        {
          end_waiting (self);
          return TRUE;
        }

      if (!g_error_matches (local_error, PORCH_ERROR, PORCH_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      porch_operation_set_detail (PORCH_OPERATION (self), _("Waiting until the site’s other work is done."));

      if (!porch_address_operation_await_pause (self, &pause, FALSE, error))
        return FALSE;
    }
}

/* Which name the edge sends all others to; NULL to show pages under any */
static gboolean
await_edge_told (PorchAddressOperation  *self,
                 const char             *name,
                 GError                **error)
{
  g_autoptr(PorchTarget) target = dex_await_object (until_stopped (self, porch_site_open_target (get_site (self))), error);
  g_autoptr(GHashTable) settings = NULL;
  g_autofree char *value = name != NULL ? g_strdup_printf ("\"%s\"", name) : NULL;

  if (target == NULL)
    return FALSE;

  settings = g_hash_table_new (g_str_hash, g_str_equal);
  g_hash_table_insert (settings, (gpointer) PORCH_POINTER_HOST, value);

  return dex_await (until_stopped (self, porch_pointer_change_settings (porch_target_get_pointer (target), settings)), error);
}

/* What the service says about names that others have, in the stack's own words */
static gboolean
explain_hosting (PorchAddressOperation  *self,
                 const char             *shown,
                 GError                 *failure,
                 GError                **error)
{
  const char *details = porch_error_get_details (failure);
  g_autoptr(GError) owned = failure;
  GError *explained = NULL;

  if (details != NULL && (strstr (details, "CNAMEAlreadyExists") != NULL || strstr (details, "already associated") != NULL ||
                          strstr (details, "incorrectly configured DNS record") != NULL))
    explained = g_error_new (PORCH_ERROR, PORCH_ERROR_CLAIMED,
                             /* Translators: %s is the name of a domain */
                             _("Another website at the same provider has the address %s, perhaps an earlier one of yours in another account."),
                             shown);
  else if (details != NULL && (strstr (details, "InvalidViewerCertificate") != NULL || strstr (details, "SSL certificate") != NULL))
    explained = g_error_new (PORCH_ERROR, PORCH_ERROR_CERTIFICATE,
                             _("The certificate for %s is not accepted: it is gone, or too new to be known everywhere."), shown);

  if (explained == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&owned));
      return FALSE;
    }

  porch_error_set_details (explained, details);
  g_propagate_error (error, explained);

  return FALSE;
}

/* @names: those that the site is to answer to, divided by commas; may be fewer than @address has, and "" without it */
static gboolean
await_hosted_as (PorchAddressOperation  *self,
                 PorchAddress           *address,
                 const char             *names,
                 GError                **error)
{
  PorchSite *site = get_site (self);
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(PorchStack) stack = porch_stack_new (client, porch_site_get_stack (site), porch_site_get_id (site));
  g_autoptr(JsonObject) parameters = json_object_new ();
  g_autoptr(GError) local_error = NULL;

  json_object_set_string_member (parameters, "DomainNames", names);
  json_object_set_string_member (parameters, "CertificateArn", address != NULL ? porch_address_get_certificate (address) : "");

  if (!porch_stack_await_change (stack, PORCH_OPERATION (self), parameters, &local_error))
    return explain_hosting (self, address != NULL ? porch_address_get_shown (address) : "", g_steal_pointer (&local_error), error);

  porch_site_take_answer (site, porch_stack_get_answer (stack));

  return dex_await (porch_site_save (site), error);
}

/* @address: (nullable): whose names the site is to answer to; `NULL` for none */
static gboolean
await_hosted (PorchAddressOperation  *self,
              PorchAddress           *address,
              GError                **error)
{
  g_autofree char *names = address != NULL ? g_strjoinv (",", (char **) porch_address_get_names (address)) : g_strdup ("");

  return await_hosted_as (self, address, names, error);
}

/* Names of the address that another website of the account has, and that its owner agreed to take away from it */
static char **
dup_claimed (PorchAddressOperation *self,
             PorchAddress          *address,
             const char * const    *aliases)
{
  const char * const *names = porch_address_get_names (address);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *word = g_strconcat (PORCH_ADDRESS_CLAIM, names[i], NULL);

      if (has_word (self, "agreed", word) && !g_strv_contains (aliases, names[i]))
        g_strv_builder_add (builder, names[i]);
    }

  return g_strv_builder_end (builder);
}

/* Those of the address that the site answers to already, divided by commas */
static char *
dup_kept (PorchAddress       *address,
          const char * const *aliases)
{
  const char * const *names = porch_address_get_names (address);
  g_autoptr(GString) kept = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    if (g_strv_contains (aliases, names[i]))
      g_string_append_printf (kept, "%s%s", kept->len > 0 ? "," : "", names[i]);

  return g_string_free_and_steal (g_steal_pointer (&kept));
}

/* A name moves in one go, without a moment in which nobody answers to it; for that the site has to have the certificate, and
 * the name only after it. */
static gboolean
await_claimed (PorchAddressOperation  *self,
               PorchAddress           *address,
               AwsClient              *client,
               GError                **error)
{
  g_autofree char *id = g_strdup (porch_site_get_distribution (get_site (self)));
  g_autoptr(AwsDistribution) own = dex_await_boxed (until_stopped (self, aws_cloudfront_get_distribution (client, id)), error);
  g_auto(GStrv) aliases = NULL;
  g_auto(GStrv) claimed = NULL;
  g_autofree char *kept = NULL;

  if (own == NULL)
    return FALSE;

  aliases = aws_distribution_dup_aliases (own);
  claimed = dup_claimed (self, address, (const char * const *) aliases);
  kept = dup_kept (address, (const char * const *) aliases);

  if (claimed[0] == NULL)
    return TRUE;

  if (!await_hosted_as (self, address, kept, error))
    return FALSE;

  for (guint i = 0; claimed[i] != NULL; i++)
    {
      g_autoptr(GError) local_error = NULL;

      /* Nobody has it any more: all the better */
      if (!dex_await (until_stopped (self, aws_cloudfront_update_domain_association (client, claimed[i], id, NULL)), &local_error) &&
          !g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NOT_FOUND))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return TRUE;
}

/* The site does not answer to its address of before any more: the free one is the one to share until the next works */
static gboolean
await_retired (PorchAddressOperation  *self,
               PorchAddress           *before,
               GError                **error)
{
  g_autoptr(PorchAddress) retired = porch_address_with_state (before, PORCH_ADDRESS_SETTING_UP);

  porch_site_set_last_address (get_site (self), retired);

  return dex_await (porch_site_save (get_site (self)), error) &&
         dex_await (until_stopped (self, porch_site_write_record (get_site (self))), error);
}

static gboolean
run_hosting (PorchAddressOperation  *self,
             PorchAddress           *address,
             AwsClient              *client,
             GError                **error)
{
  g_autoptr(PorchAddress) before = read_address (self, "before");
  int lock = -1;
  gboolean success;

  if (!await_site_lock (self, &lock, error))
    return FALSE;

  /* A name that the site is about to forget must not be the one that visitors are sent to */
  success = (before == NULL || g_strv_contains (porch_address_get_names (address), porch_address_get_ascii (before)) ||
             await_edge_told (self, NULL, error)) &&
            await_claimed (self, address, client, error) && await_hosted (self, address, error);
  g_clear_fd (&lock, NULL);

  if (success && before != NULL && !g_strv_contains (porch_address_get_names (address), porch_address_get_ascii (before)))
    success = await_retired (self, before, error);

  return success;
}

/* What leads elsewhere and was not agreed to is not touched. */
static gboolean
await_agreed (PorchAddressOperation  *self,
              PorchAddress           *address,
              AwsClient              *client,
              GError                **error)
{
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (get_site (self)));
  g_autoptr(GPtrArray) conflicts = porch_address_await_conflicts (PORCH_OPERATION (self), client, porch_address_get_zone (address),
                                                                  porch_address_get_names (address), host, error);
  g_autoptr(JsonArray) open = NULL;
  PorchAddressConflict *first = NULL;

  if (conflicts == NULL)
    return FALSE;

  open = json_array_new ();

  for (guint i = 0; i < conflicts->len; i++)
    {
      PorchAddressConflict *each = g_ptr_array_index (conflicts, i);

      if (has_word (self, "agreed", porch_address_conflict_get_id (each)))
        continue;

      if (first == NULL)
        first = each;

      json_array_add_string_element (open, porch_address_conflict_get_id (each));
    }

  if (first == NULL)
    return TRUE;

  json_object_set_array_member (get_data (self), "open", g_steal_pointer (&open));
  /* Translators: two sentences: what is in the way, such as “example.org” Shows Something Else Now, and why */
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_IN_THE_WAY, _("%s: %s"), porch_address_conflict_get_title (first),
               porch_address_conflict_get_cause (first));

  return FALSE;
}

static char **
dup_addresses (PorchDnsAnswer *answer)
{
  return answer != NULL ? porch_dns_answer_dup_values (answer, PORCH_DNS_A) : g_new0 (char *, 1);
}

/* Whether a name leads to the site, by whatever kind of record: over the site's own host, or to the same addresses */
static gboolean
await_leads_here (PorchAddressOperation *self,
                  PorchDns              *dns,
                  const char            *name)
{
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (get_site (self)));
  g_autoptr(PorchDnsAnswer) answer = dex_await_boxed (until_stopped (self, porch_dns_lookup (dns, name, PORCH_DNS_A)), NULL);
  g_autoptr(PorchDnsAnswer) own = NULL;
  g_auto(GStrv) aliases = answer != NULL ? porch_dns_answer_dup_values (answer, PORCH_DNS_CNAME) : NULL;
  g_auto(GStrv) addresses = dup_addresses (answer);
  g_auto(GStrv) wanted = NULL;

  *strchrnul (host, ':') = '\0';

  for (guint i = 0; aliases != NULL && aliases[i] != NULL; i++)
    if (aws_dns_name_equal (aliases[i], host))
      return TRUE;

  own = dex_await_boxed (until_stopped (self, porch_dns_lookup (dns, host, PORCH_DNS_A)), NULL);
  wanted = dup_addresses (own);

  for (guint i = 0; addresses[i] != NULL; i++)
    if (g_strv_contains ((const char * const *) wanted, addresses[i]))
      return TRUE;

  return FALSE;
}

/* A bare domain can't have a CNAME; companies call what does the same ALIAS, ANAME or else */
static void
want_leads (PorchAddressOperation *self,
            PorchAddress          *address,
            const char            *host)
{
  PorchDomainName *names[] = { porch_address_get_name (address), porch_address_get_other (address) };
  g_autofree char *target = g_strndup (host, strcspn (host, ":"));

  for (guint i = 0; i < G_N_ELEMENTS (names) && names[i] != NULL; i++)
    want (self, porch_domain_name_get_ascii (names[i]),
          porch_domain_name_get_kind (names[i]) == PORCH_DOMAIN_APEX ? "ALIAS" : "CNAME", target);
}

static gboolean
run_point (PorchAddressOperation  *self,
           PorchAddress           *address,
           AwsClient              *client,
           GError                **error)
{
  g_autoptr(PorchDns) dns = porch_site_dup_dns (get_site (self));
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (get_site (self)));
  guint pause = 0;

  if (porch_address_get_zone (address) != NULL)
    return await_agreed (self, address, client, error) &&
           porch_address_await_pointed (PORCH_OPERATION (self), client, porch_address_get_zone (address),
                                        porch_address_get_names (address), host, error);

  /* The other name may be forwarded by the company where the domain is, so only the one that pages are shown under counts */
  while (!await_leads_here (self, dns, porch_address_get_ascii (address)))
    {
      want_nothing (self);
      want_leads (self, address, host);
      porch_operation_set_detail (PORCH_OPERATION (self), _("Waiting until you have entered the records that lead the name to the site."));

      if (!porch_address_operation_await_pause (self, &pause, TRUE, error))
        return FALSE;
    }

  end_waiting (self);

  return TRUE;
}

/* The start page as a visitor gets it at @uri; NULL if nobody gets one. Redirects are not followed: with them anybody could
 * be meant. */
static GBytes *
await_page (PorchAddressOperation *self,
            SoupSession           *session,
            const char            *uri)
{
  g_autoptr(SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr(AwsResponse) response = NULL;
  GBytes *body;
  guint status;

  if (message == NULL)
    return NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  response = dex_await_boxed (until_stopped (self, aws_soup_send (session, message, NULL)), NULL);
  status = soup_message_get_status (message);

  /* Before anything is published a friendly page says so */
  if (response == NULL || (body = aws_response_get_body (response)) == NULL || (status != SOUP_STATUS_OK && status != SOUP_STATUS_SERVICE_UNAVAILABLE))
    return NULL;

  return g_bytes_new_from_bytes (body, 0, MIN (g_bytes_get_size (body), COMPARED));
}

static gboolean
run_answer (PorchAddressOperation  *self,
            PorchAddress           *address,
            AwsClient              *client,
            GError                **error)
{
  PorchSite *site = get_site (self);
  g_autoptr(SoupSession) session = soup_session_new_with_options ("timeout", 15, "user-agent", "Porchlight", NULL);
  g_autofree char *own = porch_account_dup_address (porch_site_get_account (site), porch_address_get_ascii (address));
  g_autofree char *given = g_strdup (porch_site_get_free_address (site));
  guint pause = 0;

  /* No proxy knows the names of this computer */
  if (is_quick (self))
    soup_session_set_proxy_resolver (session, NULL);

  for (;;)
    {
      g_autoptr(GBytes) there = await_page (self, session, own);
      g_autoptr(GBytes) here = there != NULL ? await_page (self, session, given) : NULL;

      /* Once the edge knows the name, the free address leads there itself and shows no page */
      if (there != NULL && (here == NULL || g_bytes_equal (there, here)))
        {
          end_waiting (self);
          return TRUE;
        }

      porch_operation_set_detail (PORCH_OPERATION (self),
                                  there == NULL ? _("The new address does not answer yet. It takes some minutes until everybody knows it.")
                                                : _("The new address still shows what it showed before. That passes when the old answer is forgotten everywhere, within a day or two at most."));

      if (!porch_address_operation_await_pause (self, &pause, FALSE, error))
        return FALSE;
    }
}

/* Names that the site had before and has no more */
static char **
dup_gone_names (PorchAddress *before,
                PorchAddress *now)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  const char * const *names = before != NULL ? porch_address_get_names (before) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (now == NULL || !g_strv_contains (porch_address_get_names (now), names[i]))
      g_strv_builder_add (builder, names[i]);

  return g_strv_builder_end (builder);
}

static gboolean
await_names_gone (PorchAddressOperation  *self,
                  PorchAddress           *before,
                  PorchAddress           *now,
                  AwsClient              *client,
                  GError                **error)
{
  g_auto(GStrv) gone = dup_gone_names (before, now);
  g_autofree char *host = g_strdup (porch_site_get_distribution_host (get_site (self)));

  if (before == NULL || porch_address_get_zone (before) == NULL || gone[0] == NULL)
    return TRUE;

  return porch_address_await_unpointed (PORCH_OPERATION (self), client, porch_address_get_zone (before),
                                        (const char * const *) gone, host, error);
}

/* Those of the address that the site had, and of one that was begun and never finished */
static gboolean
await_old_names_gone (PorchAddressOperation  *self,
                      PorchAddress           *now,
                      AwsClient              *client,
                      GError                **error)
{
  g_autoptr(PorchAddress) before = read_address (self, "before");
  g_autoptr(PorchAddress) begun = read_address (self, "begun");

  return await_names_gone (self, before, now, client, error) && await_names_gone (self, begun, now, client, error);
}

static void
take_result (PorchAddressOperation *self,
             PorchAddress          *address)
{
  PorchSite *site = get_site (self);
  JsonObject *result = json_object_new ();
  g_autoptr(PorchAddress) before = read_address (self, "before");

  json_object_set_string_member (result, "id", porch_site_get_id (site));
  json_object_set_string_member (result, "address", porch_site_get_address (site));
  json_object_set_string_member (result, "freeAddress", porch_site_get_free_address (site));

  if (address != NULL)
    json_object_set_object_member (result, "ownAddress", porch_address_to_json (address));
  if (address != NULL && porch_address_get_way (address) == PORCH_ADDRESS_BUY)
    json_object_set_boolean_member (result, "mailPending", porch_site_get_unconfirmed_domain (site) != NULL);

  /* What others may need as well is left alone, and named */
  if (address == NULL && before != NULL)
    {
      JsonObject *left = json_object_new ();

      json_object_set_string_member (left, "zone", porch_address_get_zone (before));
      json_object_set_string_member (left, "certificate", porch_address_get_certificate (before));
      json_object_set_object_member (result, "left", left);
    }

  porch_operation_take_result (PORCH_OPERATION (self), result);
}

static gboolean
run_canonical (PorchAddressOperation  *self,
               PorchAddress           *address,
               AwsClient              *client,
               GError                **error)
{
  g_autoptr(PorchAddress) live = porch_address_with_state (address, PORCH_ADDRESS_LIVE);

  if (!await_edge_told (self, porch_address_get_ascii (address), error) || !await_known (self, live, error) ||
      !await_old_names_gone (self, address, client, error))
    return FALSE;

  if (!porch_site_await_certificate (get_site (self), NULL))
    g_debug ("How the certificate is will be seen later");

  porch_site_await_confirmed (get_site (self));
  take_result (self, live);

  return TRUE;
}

static gboolean
run_free (PorchAddressOperation  *self,
          PorchAddress           *address,
          AwsClient              *client,
          GError                **error)
{
  return await_edge_told (self, NULL, error);
}

static gboolean
run_unpoint (PorchAddressOperation  *self,
             PorchAddress           *address,
             AwsClient              *client,
             GError                **error)
{
  return await_old_names_gone (self, NULL, client, error);
}

static gboolean
run_unhost (PorchAddressOperation  *self,
            PorchAddress           *address,
            AwsClient              *client,
            GError                **error)
{
  int lock = -1;
  gboolean success;

  if (!await_site_lock (self, &lock, error))
    return FALSE;

  success = await_hosted (self, NULL, error);
  g_clear_fd (&lock, NULL);

  return success;
}

static gboolean
run_forget (PorchAddressOperation  *self,
            PorchAddress           *address,
            AwsClient              *client,
            GError                **error)
{
  if (!await_known (self, NULL, error))
    return FALSE;

  take_result (self, NULL);

  return TRUE;
}

typedef gboolean (*Run) (PorchAddressOperation  *self,
                         PorchAddress           *address,
                         AwsClient              *client,
                         GError                **error);

/* Each step finds what it did before. So one that only failed because nobody answered is done again some times: an address is
 * set up while nobody watches. */
static gboolean
await_run (PorchAddressOperation  *self,
           Run                     run,
           GError                **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_address_client (get_site (self));
  guint pause = 0;

  for (guint i = 0;; i++)
    {
      g_autoptr(PorchAddress) address = read_address (self, "address");
      g_autoptr(GError) local_error = NULL;
      gboolean success = run (self, address, client, &local_error);

      end_waiting (self);

      if (success)
        return TRUE;

      if (!is_passing (local_error) || i + 1 == N_TRIES)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }

      porch_operation_set_detail (PORCH_OPERATION (self), _("The service does not answer. Trying again…"));

      if (!porch_address_operation_await_pause (self, &pause, FALSE, error))
        return FALSE;
    }
}

static gboolean
porch_address_operation_await_step (PorchOperation  *operation,
                                    const char      *step,
                                    GError         **error)
{
  static const struct
  {
    const char *step;
    Run         run;
  } runs[] = {
    { "buy", run_buy }, { "zone", run_zone }, { "certificate", run_certificate }, { "records", run_records },
    { "delegation", run_delegation }, { "issued", run_issued }, { "hosting", run_hosting }, { "point", run_point },
    { "answer", run_answer }, { "canonical", run_canonical },
    { "free", run_free }, { "unpoint", run_unpoint }, { "unhost", run_unhost }, { "forget", run_forget },
  };
  PorchAddressOperation *self = PORCH_ADDRESS_OPERATION (operation);

  if (get_site (self) == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("The site is gone."));
      return FALSE;
    }

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    if (g_str_equal (runs[i].step, step))
      return await_run (self, runs[i].run, error);

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_FAILED, "There is no step “%s”", step);

  return FALSE;
}

static DexFuture *
discard_fiber (gpointer user_data)
{
  PorchAddressOperation *self = user_data;
  PorchSite *site = get_site (self);
  g_autoptr(PorchAddress) address = read_address (self, "address");
  g_autoptr(PorchAddress) before = read_address (self, "before");
  g_autoptr(AwsClient) client = NULL;
  g_autofree char *host = NULL;
  g_autoptr(GError) error = NULL;

  if (site == NULL || address == NULL || porch_address_equal (porch_site_get_own_address (site), before))
    return dex_future_new_true ();

  client = porch_site_dup_address_client (site);
  host = g_strdup (porch_site_get_distribution_host (site));

  /* What it had begun is another change than taking it back */
  json_object_remove_member (get_data (self), "changeToken");

  if ((porch_address_get_zone (address) != NULL && host != NULL && before == NULL &&
       !porch_address_await_unpointed (NULL, client, porch_address_get_zone (address), porch_address_get_names (address), host, &error)) ||
      !await_hosted (self, before, &error) ||
      !await_edge_told (self, before != NULL ? porch_address_get_ascii (before) : NULL, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  porch_site_set_own_address (site, before);
  porch_site_set_last_address (site, before);

  if (!dex_await (porch_site_save (site), &error) || !dex_await (porch_site_write_record (site), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static DexFuture *
porch_address_operation_discard (PorchOperation *operation)
{
  return porch_fiber_spawn (discard_fiber, g_object_ref (operation), g_object_unref, NULL);
}

static void
state_cb (PorchAddressOperation *self)
{
  notify (self, PROP_CAN_AGREE);
}

static void
porch_address_operation_constructed (GObject *object)
{
  G_OBJECT_CLASS (porch_address_operation_parent_class)->constructed (object);

  g_signal_connect (object, "notify::state", G_CALLBACK (state_cb), NULL);
}

static void
porch_address_operation_class_init (PorchAddressOperationClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->constructed = porch_address_operation_constructed;
  object_class->get_property = porch_address_operation_get_property;
  object_class->dispose = porch_address_operation_dispose;

  operation_class->kind = "address";
  operation_class->lock = "address";
  operation_class->goes_on = TRUE;
  operation_class->setup = porch_address_operation_setup;
  operation_class->await_step = porch_address_operation_await_step;
  operation_class->discard = porch_address_operation_discard;

  properties[PROP_ADDRESS] = g_param_spec_boxed ("address", NULL, NULL, PORCH_TYPE_ADDRESS, flags);
  properties[PROP_NEEDS_OWNER] = g_param_spec_boolean ("needs-owner", NULL, NULL, FALSE, flags);
  properties[PROP_NEXT_LOOK] = g_param_spec_boxed ("next-look", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_CAN_AGREE] = g_param_spec_boolean ("can-agree", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_address_operation_init (PorchAddressOperation *self)
{
}

/**
 * porch_address_operation_new:
 * @plan: what the owner chose
 *
 * Returns: (transfer full): the operation, to be given to [method@Porch.Engine.run_operation]
 */
PorchOperation *
porch_address_operation_new (PorchAddressPlan *plan)
{
  PorchOperation *self;
  PorchSite *site;
  g_autoptr(JsonObject) chosen = NULL;
  g_autoptr(GList) members = NULL;

  g_return_val_if_fail (PORCH_IS_ADDRESS_PLAN (plan), NULL);

  site = porch_address_plan_get_site (plan);
  self = g_object_new (PORCH_TYPE_ADDRESS_OPERATION, "engine", porch_site_get_engine (site), "site", site, NULL);
  chosen = porch_address_plan_build_data (plan);
  members = json_object_get_members (chosen);

  for (GList *member = members; member != NULL; member = member->next)
    json_object_set_member (porch_operation_get_data (self), member->data,
                            json_node_copy (json_object_get_member (chosen, member->data)));

  return self;
}

/**
 * porch_address_operation_dup_address:
 * @self: an operation
 *
 * Returns: (transfer full) (nullable): the address that is set up, as far as its parts are known; `NULL` if it is the free one
 */
PorchAddress *
porch_address_operation_dup_address (PorchAddressOperation *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (self), NULL);

  return read_address (self, "address");
}

/**
 * porch_address_operation_needs_owner:
 * @self: an operation
 *
 * Returns: whether it can't go on before the owner has done something, which [class@Porch.DomainDoctor] explains
 */
gboolean
porch_address_operation_needs_owner (PorchAddressOperation *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (self), FALSE);

  return self->needs_owner;
}

/**
 * porch_address_operation_get_wanted:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): what the owner has to enter before it can go on: objects with `name`, `type` and
 *   `value`; those of type `NS` are name servers
 */
JsonArray *
porch_address_operation_get_wanted (PorchAddressOperation *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (self), NULL);

  return self->needs_owner ? aws_json_get_array (get_data (self), "wanted") : NULL;
}

/**
 * porch_address_operation_get_next_look:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): when it looks again by itself, `NULL` if it isn't waiting
 */
GDateTime *
porch_address_operation_get_next_look (PorchAddressOperation *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (self), NULL);

  return self->next_look;
}

/**
 * porch_address_operation_look_again:
 * @self: an operation
 *
 * Looks at once; goes on if it had stopped.
 */
void
porch_address_operation_look_again (PorchAddressOperation *self)
{
  g_return_if_fail (PORCH_IS_ADDRESS_OPERATION (self));

  if (self->look != NULL && dex_future_is_pending (DEX_FUTURE (self->look)))
    dex_promise_resolve_boolean (self->look, TRUE);
  else if (porch_operation_can_resume (PORCH_OPERATION (self)))
    porch_engine_resume_operation (porch_operation_get_engine (PORCH_OPERATION (self)), PORCH_OPERATION (self));
}

static gboolean
has_failed_with (PorchAddressOperation *self,
                 const char            *member)
{
  return porch_operation_get_state (PORCH_OPERATION (self)) == PORCH_OPERATION_FAILED &&
         json_object_has_member (get_data (self), member);
}

/**
 * porch_address_operation_can_agree:
 * @self: an operation
 *
 * Returns: whether it failed only for want of the owner's word: something would be replaced, or the price is another
 */
gboolean
porch_address_operation_can_agree (PorchAddressOperation *self)
{
  g_return_val_if_fail (PORCH_IS_ADDRESS_OPERATION (self), FALSE);

  return has_failed_with (self, "open") || has_failed_with (self, "newPrice");
}

/**
 * porch_address_operation_agree:
 * @self: an operation for which [property@Porch.AddressOperation:can-agree] is true
 *
 * Agrees to exactly what its problem says, and goes on.
 */
void
porch_address_operation_agree (PorchAddressOperation *self)
{
  JsonObject *data;
  JsonArray *open;

  g_return_if_fail (PORCH_IS_ADDRESS_OPERATION (self));

  if (!porch_address_operation_can_agree (self))
    return;

  data = get_data (self);
  open = aws_json_get_array (data, "open");

  for (guint i = 0; open != NULL && i < json_array_get_length (open); i++)
    json_array_add_string_element (aws_json_get_array (data, "agreed"), aws_json_array_get_string (open, i));

  if (json_object_has_member (data, "newPrice"))
    {
      json_object_set_double_member (data, "price", aws_json_get_double (data, "newPrice", 0));
      json_object_set_string_member (data, "currency", aws_json_get_string (data, "newCurrency"));
    }

  json_object_remove_member (data, "open");
  json_object_remove_member (data, "newPrice");
  json_object_remove_member (data, "newCurrency");
  porch_engine_resume_operation (porch_operation_get_engine (PORCH_OPERATION (self)), PORCH_OPERATION (self));
}
