/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-survey-private.h"

#include "porch-fiber.h"

#include "aws-json.h"

#include <string.h>

/**
 * PorchDomainSurvey:
 *
 * What the DNS says about a domain: who serves it, which records it has, and what that means for a site that is to have a
 * name in it. It only asks, and changes nothing anywhere.
 */

enum
{
  PROP_NAME = 1,
  PROP_RUNNING,
  PROP_FRACTION,
  PROP_REGISTRATION,
  PROP_SERVICE,
  PROP_HOST,
  PROP_RECORDS,
  PROP_NOTES,
  PROP_SIGNED,
  PROP_MAIL,
  PROP_ISSUE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchDomainSurvey, porch_domain_survey, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchDomainRegistration, porch_domain_registration,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_REGISTRATION_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_REGISTRATION_FREE, "free"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_REGISTRATION_TAKEN, "taken"))

G_DEFINE_ENUM_TYPE (PorchDomainService, porch_domain_service,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_SERVICE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_SERVICE_GOOD, "good"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_SERVICE_PARTIAL, "partial"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_SERVICE_BROKEN, "broken"))

G_DEFINE_ENUM_TYPE (PorchDomainIssue, porch_domain_issue,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_ISSUE_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_ISSUE_ALLOWED, "allowed"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_ISSUE_FORBIDDEN, "forbidden"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_ISSUE_BROKEN, "broken"))

static void
porch_domain_survey_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  PorchDomainSurvey *self = PORCH_DOMAIN_SURVEY (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_boxed (value, self->name);
      break;

    case PROP_RUNNING:
      g_value_set_boolean (value, self->is_running);
      break;

    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;

    case PROP_REGISTRATION:
      g_value_set_enum (value, self->registration);
      break;

    case PROP_SERVICE:
      g_value_set_enum (value, self->service);
      break;

    case PROP_HOST:
      g_value_set_object (value, self->host);
      break;

    case PROP_RECORDS:
      g_value_set_object (value, self->records);
      break;

    case PROP_NOTES:
      g_value_set_object (value, self->notes);
      break;

    case PROP_SIGNED:
      g_value_set_boolean (value, self->is_signed);
      break;

    case PROP_MAIL:
      g_value_set_boolean (value, self->has_mail);
      break;

    case PROP_ISSUE:
      g_value_set_enum (value, self->issue);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_domain_survey_dispose (GObject *object)
{
  PorchDomainSurvey *self = PORCH_DOMAIN_SURVEY (object);

  g_clear_object (&self->dns);
  g_clear_object (&self->records);
  g_clear_object (&self->notes);
  g_clear_object (&self->host);
  dex_clear (&self->stop);

  G_OBJECT_CLASS (porch_domain_survey_parent_class)->dispose (object);
}

static void
porch_domain_survey_finalize (GObject *object)
{
  PorchDomainSurvey *self = PORCH_DOMAIN_SURVEY (object);

  g_clear_pointer (&self->name, porch_domain_name_unref);
  g_clear_pointer (&self->delegated, g_strfreev);
  g_clear_pointer (&self->own_servers, g_strfreev);
  g_clear_pointer (&self->lame, g_strfreev);
  g_clear_pointer (&self->issuers, g_strfreev);
  g_clear_pointer (&self->current, g_strfreev);
  g_clear_pointer (&self->chain, g_strfreev);
  g_clear_pointer (&self->issue_name, g_free);

  G_OBJECT_CLASS (porch_domain_survey_parent_class)->finalize (object);
}

static void
porch_domain_survey_class_init (PorchDomainSurveyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_domain_survey_get_property;
  object_class->dispose = porch_domain_survey_dispose;
  object_class->finalize = porch_domain_survey_finalize;

  properties[PROP_NAME] = g_param_spec_boxed ("name", NULL, NULL, PORCH_TYPE_DOMAIN_NAME, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_REGISTRATION] = g_param_spec_enum ("registration", NULL, NULL, PORCH_TYPE_DOMAIN_REGISTRATION,
                                                     PORCH_DOMAIN_REGISTRATION_UNKNOWN, flags);
  properties[PROP_SERVICE] = g_param_spec_enum ("service", NULL, NULL, PORCH_TYPE_DOMAIN_SERVICE, PORCH_DOMAIN_SERVICE_UNKNOWN, flags);
  properties[PROP_HOST] = g_param_spec_object ("host", NULL, NULL, PORCH_TYPE_DOMAIN_HOST, flags);
  properties[PROP_RECORDS] = g_param_spec_object ("records", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_NOTES] = g_param_spec_object ("notes", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_SIGNED] = g_param_spec_boolean ("signed", NULL, NULL, FALSE, flags);
  properties[PROP_MAIL] = g_param_spec_boolean ("mail", NULL, NULL, FALSE, flags);
  properties[PROP_ISSUE] = g_param_spec_enum ("issue", NULL, NULL, PORCH_TYPE_DOMAIN_ISSUE, PORCH_DOMAIN_ISSUE_UNKNOWN, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
clear_strv (char ***place)
{
  g_strfreev (*place);
  *place = g_new0 (char *, 1);
}

/* As if nothing had been asked */
static void
clear (PorchDomainSurvey *self)
{
  g_list_store_remove_all (self->records);
  g_list_store_remove_all (self->notes);
  g_clear_object (&self->host);
  clear_strv (&self->delegated);
  clear_strv (&self->own_servers);
  clear_strv (&self->lame);
  clear_strv (&self->issuers);
  clear_strv (&self->current);
  clear_strv (&self->chain);
  g_clear_pointer (&self->issue_name, g_free);
  self->registration = PORCH_DOMAIN_REGISTRATION_UNKNOWN;
  self->service = PORCH_DOMAIN_SERVICE_UNKNOWN;
  self->issue = PORCH_DOMAIN_ISSUE_UNKNOWN;
  self->fraction = 0;
  self->delegation_ttl = 0;
  self->current_ttl = 0;
  self->is_incomplete = FALSE;
  self->is_signed = FALSE;
  self->is_loop = FALSE;
  self->is_below = FALSE;
  self->has_mail = FALSE;
  self->has_wildcard = FALSE;
}

static void
porch_domain_survey_init (PorchDomainSurvey *self)
{
  self->records = g_list_store_new (PORCH_TYPE_DOMAIN_RECORD);
  self->notes = g_list_store_new (PORCH_TYPE_DOMAIN_NOTE);
  clear (self);
}

static void
notify_all (PorchDomainSurvey *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_RUNNING; i < N_PROPS; i++)
    if (i != PROP_RECORDS && i != PROP_NOTES)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* What follows from all that was found */
static void
conclude (PorchDomainSurvey *self)
{
  g_clear_object (&self->host);
  self->host = porch_domain_host_find ((const char * const *) self->delegated);
  porch_domain_survey_write_notes (self);
}

static DexFuture *
run_fiber (gpointer user_data)
{
  PorchDomainSurvey *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean is_good = porch_domain_survey_ask (self, &error);

  if (is_good)
    {
      self->fraction = 1;
      conclude (self);
    }

  self->is_running = FALSE;
  notify_all (self);

  return is_good ? dex_future_new_true () : dex_future_new_for_error (g_steal_pointer (&error));
}

static void
stop_run (gpointer data)
{
  porch_domain_survey_stop (data);
}

static DexFuture *
run (PorchDomainSurvey *self,
     gboolean           is_brief)
{
  dex_return_error_if_fail (self->dns != NULL);
  dex_return_error_if_fail (!self->is_running);

  clear (self);
  dex_clear (&self->stop);
  self->stop = dex_promise_new ();
  self->is_brief = is_brief;
  self->is_running = TRUE;
  notify_all (self);

  return porch_fiber_spawn (run_fiber, g_object_ref (self), g_object_unref, stop_run);
}

/**
 * porch_domain_survey_new:
 * @dns: whom to ask
 * @name: the name that a site is to have
 *
 * Returns: (transfer full): a survey that knows nothing before it ran
 */
PorchDomainSurvey *
porch_domain_survey_new (PorchDns        *dns,
                         PorchDomainName *name)
{
  PorchDomainSurvey *self;

  g_return_val_if_fail (PORCH_IS_DNS (dns), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (PORCH_TYPE_DOMAIN_SURVEY, NULL);
  self->dns = g_object_ref (dns);
  self->name = porch_domain_name_ref (name);

  return self;
}

/**
 * porch_domain_survey_run:
 * @self: a survey that isn't underway
 *
 * Asks about everything, and forgets what it knew. Takes at most a minute and a half; what did not answer until then is not
 * known, see [method@Porch.DomainSurvey.is_incomplete]. Dropping the future ends it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_DNS if nobody answers at all, and with
 *   %G_IO_ERROR_CANCELLED if it is stopped
 */
DexFuture *
porch_domain_survey_run (PorchDomainSurvey *self)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_SURVEY (self));

  return run (self, FALSE);
}

/**
 * porch_domain_survey_run_brief:
 * @self: a survey that isn't underway
 *
 * The same without a search for records: who serves the domain, whether a certificate may be issued, and what the name says.
 *
 * Returns: (transfer full): a future as that of [method@Porch.DomainSurvey.run]
 */
DexFuture *
porch_domain_survey_run_brief (PorchDomainSurvey *self)
{
  dex_return_error_if_fail (PORCH_IS_DOMAIN_SURVEY (self));

  return run (self, TRUE);
}

/**
 * porch_domain_survey_stop:
 * @self: a survey
 *
 * Ends a run soon.
 */
void
porch_domain_survey_stop (PorchDomainSurvey *self)
{
  g_return_if_fail (PORCH_IS_DOMAIN_SURVEY (self));

  if (self->stop != NULL && dex_future_is_pending (DEX_FUTURE (self->stop)))
    dex_promise_reject (self->stop, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped"));
}

#define GETTER(ctype, getter, field, fallback) \
  ctype \
  porch_domain_survey_##getter (PorchDomainSurvey *self) \
  { \
    g_return_val_if_fail (PORCH_IS_DOMAIN_SURVEY (self), fallback); \
    \
    return (ctype) self->field; \
  }

GETTER (gboolean, is_running, is_running, FALSE)
GETTER (double, get_fraction, fraction, 0)
GETTER (PorchDomainName *, get_name, name, NULL)
GETTER (PorchDomainRegistration, get_registration, registration, PORCH_DOMAIN_REGISTRATION_UNKNOWN)
GETTER (PorchDomainService, get_service, service, PORCH_DOMAIN_SERVICE_UNKNOWN)
GETTER (PorchDomainHost *, get_host, host, NULL)
GETTER (const char * const *, get_delegated, delegated, NULL)
GETTER (const char * const *, get_lame, lame, NULL)
GETTER (guint, get_delegation_ttl, delegation_ttl, 0)
GETTER (GListModel *, get_records, records, NULL)
GETTER (gboolean, is_incomplete, is_incomplete, FALSE)
GETTER (gboolean, is_signed, is_signed, FALSE)
GETTER (PorchDomainIssue, get_issue, issue, PORCH_DOMAIN_ISSUE_UNKNOWN)
GETTER (const char * const *, get_issuers, issuers, NULL)
GETTER (const char *, get_issue_name, issue_name, NULL)
GETTER (GListModel *, get_notes, notes, NULL)

static const char *
get_nick (GType type,
          int   value)
{
  g_autoptr(GEnumClass) enum_class = g_type_class_ref (type);
  GEnumValue *item = g_enum_get_value (enum_class, value);

  return item != NULL ? item->value_nick : NULL;
}

static int
find_nick (GType       type,
           const char *nick)
{
  g_autoptr(GEnumClass) enum_class = g_type_class_ref (type);
  GEnumValue *item = nick != NULL ? g_enum_get_value_by_nick (enum_class, nick) : NULL;

  return item != NULL ? item->value : 0;
}

static void
set_strv (JsonObject  *object,
          const char  *name,
          char       **items)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; items[i] != NULL; i++)
    json_array_add_string_element (array, items[i]);

  json_object_set_array_member (object, name, array);
}

static void
read_strv (JsonObject   *object,
           const char   *name,
           char       ***place)
{
  JsonArray *array = aws_json_get_array (object, name);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *item = aws_json_array_get_string (array, i);

      if (item != NULL)
        g_strv_builder_add (builder, item);
    }

  g_strfreev (*place);
  *place = g_strv_builder_end (builder);
}

static JsonArray *
build_records (PorchDomainSurvey *self)
{
  GListModel *records = G_LIST_MODEL (self->records);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (records, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "name", porch_domain_record_get_name (record));
      json_object_set_string_member (object, "type", porch_domain_record_get_record_type (record));
      json_object_set_int_member (object, "ttl", porch_domain_record_get_ttl (record));
      json_object_set_string_member (object, "value", porch_domain_record_get_value (record));
      json_object_set_string_member (object, "group", get_nick (PORCH_TYPE_DOMAIN_GROUP, porch_domain_record_get_group (record)));
      json_object_set_string_member (object, "purpose", porch_domain_record_get_purpose (record));
      if (porch_domain_record_get_obstacle (record) != NULL)
        json_object_set_string_member (object, "obstacle", porch_domain_record_get_obstacle (record));
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonArray *
build_notes (PorchDomainSurvey *self)
{
  GListModel *notes = G_LIST_MODEL (self->notes);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (notes); i++)
    {
      g_autoptr(PorchDomainNote) note = g_list_model_get_item (notes, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", porch_domain_note_get_id (note));
      json_object_set_string_member (object, "weight", get_nick (PORCH_TYPE_DOMAIN_WEIGHT, porch_domain_note_get_weight (note)));
      json_object_set_string_member (object, "title", porch_domain_note_get_title (note));
      json_object_set_string_member (object, "text", porch_domain_note_get_text (note));
      json_array_add_object_element (array, object);
    }

  return array;
}

/**
 * porch_domain_survey_to_json:
 * @self: a survey
 *
 * Returns: (transfer full): all that it knows; "notes", "advice" and "purpose" are in the language of the owner
 */
JsonObject *
porch_domain_survey_to_json (PorchDomainSurvey *self)
{
  JsonObject *object;
  g_autofree char *advice = NULL;

  g_return_val_if_fail (PORCH_IS_DOMAIN_SURVEY (self), NULL);

  object = json_object_new ();
  advice = porch_domain_survey_dup_advice_text (self);

  json_object_set_string_member (object, "name", porch_domain_name_get_ascii (self->name));
  json_object_set_string_member (object, "domain", porch_domain_name_get_registrable (self->name));
  json_object_set_string_member (object, "registration", get_nick (PORCH_TYPE_DOMAIN_REGISTRATION, self->registration));
  json_object_set_string_member (object, "service", get_nick (PORCH_TYPE_DOMAIN_SERVICE, self->service));
  json_object_set_string_member (object, "host", self->host != NULL ? porch_domain_host_get_id (self->host) : NULL);
  set_strv (object, "nameServers", self->delegated);
  set_strv (object, "ownNameServers", self->own_servers);
  set_strv (object, "lameNameServers", self->lame);
  json_object_set_int_member (object, "delegationTtl", self->delegation_ttl);
  json_object_set_boolean_member (object, "below", self->is_below);
  json_object_set_boolean_member (object, "signed", self->is_signed);
  json_object_set_boolean_member (object, "mail", self->has_mail);
  json_object_set_boolean_member (object, "wildcard", self->has_wildcard);
  json_object_set_boolean_member (object, "incomplete", self->is_incomplete);
  json_object_set_string_member (object, "issue", get_nick (PORCH_TYPE_DOMAIN_ISSUE, self->issue));
  set_strv (object, "issuers", self->issuers);
  json_object_set_string_member (object, "issueName", self->issue_name);
  set_strv (object, "current", self->current);
  set_strv (object, "chain", self->chain);
  json_object_set_boolean_member (object, "loop", self->is_loop);
  json_object_set_int_member (object, "currentTtl", self->current_ttl);
  json_object_set_array_member (object, "records", build_records (self));
  json_object_set_array_member (object, "notes", build_notes (self));
  json_object_set_string_member (object, "advice", porch_domain_survey_get_advice (self));
  json_object_set_string_member (object, "adviceText", advice);

  return object;
}

static void
read_records (PorchDomainSurvey *self,
              JsonObject        *json)
{
  JsonArray *array = aws_json_get_array (json, "records");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *object = aws_json_array_get_object (array, i);
      const char *name = object != NULL ? aws_json_get_string (object, "name") : NULL;
      const char *type = object != NULL ? aws_json_get_string (object, "type") : NULL;
      const char *value = object != NULL ? aws_json_get_string (object, "value") : NULL;
      g_autoptr(PorchDomainRecord) record = NULL;

      if (name == NULL || type == NULL || value == NULL)
        continue;

      record = porch_domain_record_new (name, type, (guint) CLAMP (aws_json_get_int (object, "ttl", 0), 0, G_MAXINT), value,
                                        porch_domain_name_get_registrable (self->name), porch_domain_name_get_ascii (self->name));
      if (g_strcmp0 (aws_json_get_string (object, "group"), "mail") == 0)
        porch_domain_record_mark_mail (record);
      g_list_store_append (self->records, record);
    }
}

/* A name that ends in .localhost is one of the practice cloud; nothing else is. */
static PorchDomainName *
read_name (JsonObject *json)
{
  const char *name = aws_json_get_string (json, "name");

  if (name == NULL)
    return NULL;

  return porch_domain_name_parse (name, g_str_has_suffix (name, ".localhost") ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT, NULL);
}

/**
 * porch_domain_survey_from_json:
 * @json: what [method@Porch.DomainSurvey.to_json] gave
 *
 * Returns: (transfer full) (nullable): a survey that knows what that one knew, and can't run; %NULL if it is none
 */
PorchDomainSurvey *
porch_domain_survey_from_json (JsonObject *json)
{
  g_autoptr(PorchDomainSurvey) self = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  self = g_object_new (PORCH_TYPE_DOMAIN_SURVEY, NULL);

  if ((self->name = read_name (json)) == NULL)
    return NULL;

  self->registration = find_nick (PORCH_TYPE_DOMAIN_REGISTRATION, aws_json_get_string (json, "registration"));
  self->service = find_nick (PORCH_TYPE_DOMAIN_SERVICE, aws_json_get_string (json, "service"));
  self->issue = find_nick (PORCH_TYPE_DOMAIN_ISSUE, aws_json_get_string (json, "issue"));
  read_strv (json, "nameServers", &self->delegated);
  read_strv (json, "ownNameServers", &self->own_servers);
  read_strv (json, "lameNameServers", &self->lame);
  read_strv (json, "issuers", &self->issuers);
  read_strv (json, "current", &self->current);
  read_strv (json, "chain", &self->chain);
  g_set_str (&self->issue_name, aws_json_get_string (json, "issueName"));
  self->delegation_ttl = (guint) CLAMP (aws_json_get_int (json, "delegationTtl", 0), 0, G_MAXINT);
  self->current_ttl = (guint) CLAMP (aws_json_get_int (json, "currentTtl", 0), 0, G_MAXINT);
  self->is_below = aws_json_get_bool (json, "below");
  self->is_signed = aws_json_get_bool (json, "signed");
  self->is_incomplete = aws_json_get_bool (json, "incomplete");
  self->is_loop = aws_json_get_bool (json, "loop");
  self->has_mail = aws_json_get_bool (json, "mail");
  self->has_wildcard = aws_json_get_bool (json, "wildcard");
  read_records (self, json);
  self->fraction = 1;
  conclude (self);

  return g_steal_pointer (&self);
}
