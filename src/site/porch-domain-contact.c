/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-contact.h"

#include "porch-error.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Characters of one field, and digits of a phone number (ITU-T E.164) */
#define MAX_LENGTH 255
#define MIN_DIGITS 4
#define MAX_DIGITS 15

/**
 * PorchDomainContact:
 *
 * Who a domain is to belong to, as registries want to know it. Personal: it goes to the registry and into no log.
 */
struct _PorchDomainContact
{
  GObject                 parent_instance;

  char                   *values[PORCH_DOMAIN_CONTACT_N_FIELDS];
  PorchDomainContactKind  kind;
};

G_DEFINE_FINAL_TYPE (PorchDomainContact, porch_domain_contact, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchDomainContactKind, porch_domain_contact_kind,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_PERSON, "person"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_COMPANY, "company"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_ASSOCIATION, "association"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_PUBLIC_BODY, "public-body"))

G_DEFINE_ENUM_TYPE (PorchDomainContactField, porch_domain_contact_field,
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_FIRST_NAME, "first-name"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_LAST_NAME, "last-name"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_ORGANIZATION, "organization"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_ADDRESS_1, "address-1"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_ADDRESS_2, "address-2"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_CITY, "city"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_STATE, "state"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_ZIP, "zip"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_COUNTRY, "country"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_PHONE, "phone"),
                    G_DEFINE_ENUM_VALUE (PORCH_DOMAIN_CONTACT_MAIL, "mail"))

/* The properties that are fields have the number of their field plus one */
enum
{
  PROP_KIND = PORCH_DOMAIN_CONTACT_N_FIELDS + 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* By the order of the fields: as JSON, for the service, and what it says when it is empty */
static const struct
{
  const char            *member;
  AwsDomainContactField  aws;
  const char            *missing;
} fields[PORCH_DOMAIN_CONTACT_N_FIELDS] = {
  { "firstName", AWS_DOMAIN_CONTACT_FIRST_NAME, N_("The first name is missing.") },
  { "lastName", AWS_DOMAIN_CONTACT_LAST_NAME, N_("The last name is missing.") },
  { "organization", AWS_DOMAIN_CONTACT_ORGANIZATION, N_("The name of the organization is missing.") },
  { "address1", AWS_DOMAIN_CONTACT_ADDRESS_1, N_("Street and number are missing.") },
  { "address2", AWS_DOMAIN_CONTACT_ADDRESS_2, "" },
  { "city", AWS_DOMAIN_CONTACT_CITY, N_("The city is missing.") },
  { "state", AWS_DOMAIN_CONTACT_STATE, N_("The state is missing.") },
  { "zip", AWS_DOMAIN_CONTACT_ZIP_CODE, N_("The postal code is missing.") },
  { "country", AWS_DOMAIN_CONTACT_COUNTRY, N_("The country is missing.") },
  { "phone", AWS_DOMAIN_CONTACT_PHONE, N_("The phone number is missing. Registries demand one; it is kept from the public.") },
  { "mail", AWS_DOMAIN_CONTACT_EMAIL, N_("The mail address is missing.") },
};

/* How postal codes look, by the Universal Postal Union: "9" stands for a digit, "A" for a letter. Anything goes elsewhere. */
static const struct
{
  const char *countries;
  const char *pattern;
  const char *form;
} zips[] = {
  { "AT AU BE BG CH CY DK HU LI LU LV MK NO NZ PH SI ZA", "^[0-9]{4}$", "1234" },
  { "DE EE ES FI FR HR IT LT MC ME MX MY RS SM TH TR UA VA", "^[0-9]{5}$", "12345" },
  { "CN CO EC IN RO SG VN", "^[0-9]{6}$", "123456" },
  { "IL", "^[0-9]{5}([0-9]{2})?$", "1234567" },
  { "CZ GR SE SK", "^[0-9]{3} ?[0-9]{2}$", "123 45" },
  { "US PR GU VI AS MP", "^[0-9]{5}(-[0-9]{4})?$", "12345" },
  { "PL", "^[0-9]{2}-[0-9]{3}$", "12-345" },
  { "PT", "^[0-9]{4}-[0-9]{3}$", "1234-567" },
  { "JP", "^[0-9]{3}-?[0-9]{4}$", "123-4567" },
  { "KR", "^[0-9]{5}$", "12345" },
  { "BR", "^[0-9]{5}-?[0-9]{3}$", "12345-678" },
  { "NL", "^[0-9]{4} ?[A-Za-z]{2}$", "1234 AB" },
  { "CA", "^[A-Za-z][0-9][A-Za-z] ?[0-9][A-Za-z][0-9]$", "A1B 2C3" },
  { "GB GG IM JE", "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}$", "AB1 2CD" },
  { "IE", "^[A-Za-z][0-9][0-9Ww] ?[A-Za-z0-9]{4}$", "A12 B3C4" },
  { "IS", "^[0-9]{3}$", "123" },
  { "MT", "^[A-Za-z]{3} ?[0-9]{4}$", "ABC 1234" },
};

/* Countries without postal codes */
static const char without_zips[] =
  " AE AG AO AW BF BI BJ BS BW BZ CD CF CG CM CW DJ DM ER FJ GD GM GQ GY HK KI KM KN LY ML MO MR MW NR NU QA RW SB SC SL SR ST"
  " SX TD TG TK TO TV UG VU YE ZW ";

/* Here the zero at the beginning of a number belongs to it also behind the country's number */
static const char with_zero[] = " IT SM VA ";

static gboolean
is_listed (const char *list,
           const char *country)
{
  g_autofree char *word = g_strdup_printf (" %s ", country);
  g_autofree char *padded = g_strdup_printf (" %s ", list);

  return strstr (padded, word) != NULL;
}

static void
porch_domain_contact_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  PorchDomainContact *self = PORCH_DOMAIN_CONTACT (object);

  if (prop_id == PROP_KIND)
    g_value_set_enum (value, self->kind);
  else if (prop_id <= PORCH_DOMAIN_CONTACT_N_FIELDS)
    g_value_set_string (value, self->values[prop_id - 1]);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
porch_domain_contact_set_property (GObject      *object,
                                   guint         prop_id,
                                   const GValue *value,
                                   GParamSpec   *pspec)
{
  PorchDomainContact *self = PORCH_DOMAIN_CONTACT (object);

  if (prop_id == PROP_KIND)
    porch_domain_contact_set_kind (self, g_value_get_enum (value));
  else if (prop_id <= PORCH_DOMAIN_CONTACT_N_FIELDS)
    porch_domain_contact_set (self, prop_id - 1, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
porch_domain_contact_finalize (GObject *object)
{
  PorchDomainContact *self = PORCH_DOMAIN_CONTACT (object);

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    g_clear_pointer (&self->values[i], g_free);

  G_OBJECT_CLASS (porch_domain_contact_parent_class)->finalize (object);
}

static void
porch_domain_contact_class_init (PorchDomainContactClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  g_autoptr(GEnumClass) names = g_type_class_ref (PORCH_TYPE_DOMAIN_CONTACT_FIELD);

  object_class->get_property = porch_domain_contact_get_property;
  object_class->set_property = porch_domain_contact_set_property;
  object_class->finalize = porch_domain_contact_finalize;

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    properties[i + 1] = g_param_spec_string (g_enum_get_value (names, i)->value_nick, NULL, NULL, NULL, flags);

  properties[PROP_KIND] = g_param_spec_enum ("kind", NULL, NULL, PORCH_TYPE_DOMAIN_CONTACT_KIND, PORCH_DOMAIN_CONTACT_PERSON,
                                             flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_domain_contact_init (PorchDomainContact *self)
{
  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    self->values[i] = g_strdup ("");
}

/**
 * porch_domain_contact_new:
 *
 * Returns: (transfer full): a person of whom nothing is known but, if the system tells it, the country
 */
PorchDomainContact *
porch_domain_contact_new (void)
{
  PorchDomainContact *self = g_object_new (PORCH_TYPE_DOMAIN_CONTACT, NULL);

  porch_domain_contact_set (self, PORCH_DOMAIN_CONTACT_COUNTRY, porch_country_guess ());

  return self;
}

/**
 * porch_domain_contact_new_from_json:
 * @json: details: `kind`, `firstName`, `lastName`, `organization`, `address1`, `address2`, `city`, `state`, `zip`,
 *   `country`, `phone` and `mail`
 * @error: return location
 *
 * Returns: (transfer full): the contact, or %NULL with %PORCH_ERROR_CONTACT if there is something in it that is no detail
 */
PorchDomainContact *
porch_domain_contact_new_from_json (JsonObject  *json,
                                    GError     **error)
{
  g_autoptr(PorchDomainContact) self = NULL;
  g_autoptr(GEnumClass) kinds = g_type_class_ref (PORCH_TYPE_DOMAIN_CONTACT_KIND);
  g_autoptr(GList) members = NULL;
  const char *kind;

  g_return_val_if_fail (json != NULL, NULL);

  self = g_object_new (PORCH_TYPE_DOMAIN_CONTACT, NULL);
  kind = aws_json_get_string (json, "kind");
  members = json_object_get_members (json);

  if (kind != NULL && g_enum_get_value_by_nick (kinds, kind) != NULL)
    self->kind = g_enum_get_value_by_nick (kinds, kind)->value;

  for (GList *member = members; member != NULL; member = member->next)
    {
      guint i = 0;

      while (i < PORCH_DOMAIN_CONTACT_N_FIELDS && !g_str_equal (fields[i].member, member->data))
        i++;

      if (i < PORCH_DOMAIN_CONTACT_N_FIELDS)
        {
          porch_domain_contact_set (self, i, aws_json_get_string (json, member->data));
        }
      else if (!g_str_equal (member->data, "kind"))
        {
          g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONTACT, _("“%s” is no detail of an owner of a domain."),
                       (const char *) member->data);
          return NULL;
        }
    }

  return g_steal_pointer (&self);
}

/**
 * porch_domain_contact_to_json:
 * @self: a contact
 *
 * Returns: (transfer full): the details, as porch_domain_contact_new_from_json() reads them
 */
JsonObject *
porch_domain_contact_to_json (PorchDomainContact *self)
{
  JsonObject *json;
  g_autoptr(GEnumClass) kinds = g_type_class_ref (PORCH_TYPE_DOMAIN_CONTACT_KIND);

  g_return_val_if_fail (PORCH_IS_DOMAIN_CONTACT (self), NULL);

  json = json_object_new ();
  json_object_set_string_member (json, "kind", g_enum_get_value (kinds, self->kind)->value_nick);

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    if (*self->values[i] != '\0')
      json_object_set_string_member (json, fields[i].member, self->values[i]);

  return json;
}

/* The digits behind the number of the country, which is taken off; NULL if the number does not begin with one */
static const char *
cut_dial_code (const char  *digits,
               const char **code)
{
  GListModel *list = porch_country_list ();
  gsize longest = 0;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(PorchCountry) country = g_list_model_get_item (list, i);
      const char *each = porch_country_get_dial_code (country);

      if (strlen (each) > longest && g_str_has_prefix (digits, each))
        {
          longest = strlen (each);
          *code = each;
        }
    }

  return longest > 0 ? digits + longest : NULL;
}

/* What was typed in any of the usual forms becomes the one that registries take: `+49.301234567`. NULL if it can't be one. */
static char *
build_phone (const char *typed,
             const char *country)
{
  g_autoptr(GString) digits = g_string_new (NULL);
  PorchCountry *home = porch_country_find (country);
  gboolean is_whole = *typed == '+' || g_str_has_prefix (typed, "00");
  const char *code = NULL;
  const char *number;

  for (const char *at = typed; *at != '\0'; at++)
    if (g_ascii_isdigit (*at))
      g_string_append_c (digits, *at);
    else if (strchr ("+ .-/()", *at) == NULL || (*at == '+' && at != typed))
      return NULL;

  if (is_whole)
    {
      number = cut_dial_code (digits->str + (*typed == '+' ? 0 : 2), &code);
    }
  else
    {
      number = digits->str;
      code = home != NULL ? porch_country_get_dial_code (home) : NULL;
    }

  if (number == NULL || code == NULL)
    return NULL;

  if (*number == '0' && !is_listed (with_zero, country != NULL ? country : ""))
    number++;

  if (strlen (number) < MIN_DIGITS || strlen (code) + strlen (number) > MAX_DIGITS)
    return NULL;

  return g_strdup_printf ("+%s.%s", code, number);
}

/**
 * porch_domain_contact_to_aws:
 * @self: a contact that was checked
 *
 * Returns: (transfer full): the details as the service takes them
 */
AwsDomainContact *
porch_domain_contact_to_aws (PorchDomainContact *self)
{
  static const char * const types[] = { "PERSON", "COMPANY", "ASSOCIATION", "PUBLIC_BODY" };
  AwsDomainContact *contact;
  g_autofree char *phone = NULL;

  g_return_val_if_fail (PORCH_IS_DOMAIN_CONTACT (self), NULL);

  contact = aws_domain_contact_new ();
  aws_domain_contact_set (contact, AWS_DOMAIN_CONTACT_TYPE, types[self->kind]);

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    if (*self->values[i] != '\0' && (i != PORCH_DOMAIN_CONTACT_ORGANIZATION || self->kind != PORCH_DOMAIN_CONTACT_PERSON))
      aws_domain_contact_set (contact, fields[i].aws, self->values[i]);

  phone = build_phone (self->values[PORCH_DOMAIN_CONTACT_PHONE], self->values[PORCH_DOMAIN_CONTACT_COUNTRY]);

  if (phone != NULL)
    aws_domain_contact_set (contact, AWS_DOMAIN_CONTACT_PHONE, phone);

  return contact;
}

PorchDomainContactKind
porch_domain_contact_get_kind (PorchDomainContact *self)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_CONTACT (self), PORCH_DOMAIN_CONTACT_PERSON);

  return self->kind;
}

void
porch_domain_contact_set_kind (PorchDomainContact     *self,
                               PorchDomainContactKind  kind)
{
  g_return_if_fail (PORCH_IS_DOMAIN_CONTACT (self));

  if (self->kind == kind)
    return;

  self->kind = kind;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KIND]);
}

/**
 * porch_domain_contact_get:
 * @self: a contact
 * @field: a detail
 *
 * Returns: (transfer none): what was entered, "" for nothing
 */
const char *
porch_domain_contact_get (PorchDomainContact      *self,
                          PorchDomainContactField  field)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_CONTACT (self), NULL);
  g_return_val_if_fail (field < PORCH_DOMAIN_CONTACT_N_FIELDS, NULL);

  return self->values[field];
}

/**
 * porch_domain_contact_set:
 * @self: a contact
 * @field: a detail
 * @value: (nullable): what was entered; blanks around it are cut off
 *
 * Takes over a detail, whether it is right or not.
 */
void
porch_domain_contact_set (PorchDomainContact      *self,
                          PorchDomainContactField  field,
                          const char              *value)
{
  g_autofree char *clean = g_strstrip (g_strdup (value != NULL ? value : ""));

  g_return_if_fail (PORCH_IS_DOMAIN_CONTACT (self));
  g_return_if_fail (field < PORCH_DOMAIN_CONTACT_N_FIELDS);

  if (g_set_str (&self->values[field], clean))
    g_object_notify_by_pspec (G_OBJECT (self), properties[field + 1]);
}

/**
 * porch_domain_contact_needs:
 * @country: (nullable): the two letters of a country
 * @field: a detail
 *
 * Returns: whether an address in that country is not complete without it; the organization is up to
 *   [property@Porch.DomainContact:kind]
 */
gboolean
porch_domain_contact_needs (const char              *country,
                            PorchDomainContactField  field)
{
  if (field == PORCH_DOMAIN_CONTACT_STATE)
    return porch_country_list_states (country) != NULL;

  if (field == PORCH_DOMAIN_CONTACT_ZIP)
    return country == NULL || !is_listed (without_zips, country);

  return field != PORCH_DOMAIN_CONTACT_ADDRESS_2 && field != PORCH_DOMAIN_CONTACT_ORGANIZATION;
}

static gboolean
fail (GError     **error,
      const char  *format,
      const char  *value)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_CONTACT, format, value);

  return FALSE;
}

/* Registries take no other letters */
static gboolean
is_latin (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (at));

      if (script != G_UNICODE_SCRIPT_LATIN && script != G_UNICODE_SCRIPT_COMMON && script != G_UNICODE_SCRIPT_INHERITED)
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_zip (const char  *zip,
           const char  *country,
           GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (zips); i++)
    if (is_listed (zips[i].countries, country))
      return g_regex_match_simple (zips[i].pattern, zip, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT) ||
             /* Translators: %s is an example of a postal code */
             fail (error, _("Postal codes of this country look like “%s”."), zips[i].form);

  return TRUE;
}

static gboolean
check_state (const char  *state,
             const char  *country,
             GError     **error)
{
  const PorchCountryState *states = porch_country_list_states (country);

  for (guint i = 0; states != NULL && states[i].code != NULL; i++)
    if (g_str_equal (states[i].code, state))
      return TRUE;

  return states == NULL ||
         /* Translators: %s is the abbreviation of a state */
         fail (error, _("The state is written with its abbreviation, such as “%s”."), states[0].code);
}

/* What is particular about one field; all others take any text */
static gboolean
check_form (PorchDomainContact       *self,
            PorchDomainContactField   field,
            GError                  **error)
{
  const char *value = self->values[field];
  const char *country = self->values[PORCH_DOMAIN_CONTACT_COUNTRY];
  g_autofree char *phone = NULL;

  if (field == PORCH_DOMAIN_CONTACT_COUNTRY)
    return porch_country_find (value) != NULL || fail (error, _("There is no country “%s” that domains are sold to."), value);

  if (field == PORCH_DOMAIN_CONTACT_STATE)
    return check_state (value, country, error);

  if (field == PORCH_DOMAIN_CONTACT_ZIP)
    return check_zip (value, country, error);

  if (field == PORCH_DOMAIN_CONTACT_MAIL)
    return g_regex_match_simple ("^[^@\\s]+@[^@\\s]+\\.[^@\\s.]+$", value, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT) ||
           fail (error, _("“%s” is no mail address."), value);

  if (field != PORCH_DOMAIN_CONTACT_PHONE)
    return TRUE;

  phone = build_phone (value, country);

  return phone != NULL || fail (error, "%s", _("That is no phone number. Write it like “+49 30 1234567”."));
}

/**
 * porch_domain_contact_check_field:
 * @self: a contact
 * @field: a detail
 * @error: return location
 *
 * Returns: whether the detail can be used; %FALSE with %PORCH_ERROR_CONTACT and a sentence to be shown below its row
 */
gboolean
porch_domain_contact_check_field (PorchDomainContact       *self,
                                  PorchDomainContactField   field,
                                  GError                  **error)
{
  const char *value;
  gboolean is_needed;

  g_return_val_if_fail (PORCH_IS_DOMAIN_CONTACT (self), FALSE);
  g_return_val_if_fail (field < PORCH_DOMAIN_CONTACT_N_FIELDS, FALSE);

  value = self->values[field];
  is_needed = porch_domain_contact_needs (self->values[PORCH_DOMAIN_CONTACT_COUNTRY], field) ||
              (field == PORCH_DOMAIN_CONTACT_ORGANIZATION && self->kind != PORCH_DOMAIN_CONTACT_PERSON);

  if (*value == '\0')
    return !is_needed || fail (error, "%s", _(fields[field].missing));

  if (!g_utf8_validate (value, -1, NULL) || g_utf8_strlen (value, -1) > MAX_LENGTH)
    return fail (error, "%s", _("That is too long."));

  if (!is_latin (value))
    return fail (error, _("Registries only take Latin letters. Write “%s” with them, as in a passport."), value);

  return check_form (self, field, error);
}

/**
 * porch_domain_contact_check:
 * @self: a contact
 * @field: (out) (optional): the first detail that is wrong
 * @error: return location
 *
 * Returns: whether a domain can be bought with it; %FALSE with %PORCH_ERROR_CONTACT
 */
gboolean
porch_domain_contact_check (PorchDomainContact       *self,
                            PorchDomainContactField  *field,
                            GError                  **error)
{
  g_return_val_if_fail (PORCH_IS_DOMAIN_CONTACT (self), FALSE);

  for (guint i = 0; i < PORCH_DOMAIN_CONTACT_N_FIELDS; i++)
    if (!porch_domain_contact_check_field (self, i, error))
      {
        if (field != NULL)
          *field = i;

        return FALSE;
      }

  return TRUE;
}
