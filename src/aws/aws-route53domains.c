/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-route53domains.h"

#include <string.h>

#include "aws-document.h"
#include "aws-operations-private.h"

static const AwsShape extra_param[] = {
  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape contact[] = {
  { "FirstName" },
  { "LastName" },
  { "ContactType" },
  { "OrganizationName" },
  { "AddressLine1" },
  { "AddressLine2" },
  { "City" },
  { "State" },
  { "CountryCode" },
  { "ZipCode" },
  { "PhoneNumber" },
  { "Email" },
  { "Fax" },
  { "ExtraParams", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (extra_param) }) },
  { NULL }
};

static const AwsShape domain_input[] = {
  { "DomainName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape check_availability_output[] = {
  { "Availability" },
  { NULL }
};

static const AwsOperation check_availability = {
  "route53domains", "CheckDomainAvailability", .input = domain_input, .output = check_availability_output,
};

static const AwsShape suggest_input[] = {
  { "DomainName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "SuggestionCount", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "OnlyAvailable", AWS_SHAPE_BOOLEAN, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape suggestion[] = {
  { "DomainName" },
  { "Availability" },
  { NULL }
};

static const AwsShape suggest_output[] = {
  { "SuggestionsList", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (suggestion) }) },
  { NULL }
};

static const AwsOperation suggest = {
  "route53domains", "GetDomainSuggestions", .input = suggest_input, .output = suggest_output,
  .pages = { "SuggestionsList" },
};

static const AwsShape list_prices_input[] = {
  { "Tld" },
  { "Marker" },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape amount[] = {
  { "Price", AWS_SHAPE_DOUBLE },
  { "Currency" },
  { NULL }
};

static const AwsShape price[] = {
  { "Name" },
  { "RegistrationPrice", AWS_STRUCTURE (amount) },
  { "TransferPrice", AWS_STRUCTURE (amount) },
  { "RenewalPrice", AWS_STRUCTURE (amount) },
  { "RestorationPrice", AWS_STRUCTURE (amount) },
  { NULL }
};

static const AwsShape list_prices_output[] = {
  { "Prices", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (price) }) },
  { "NextPageMarker" },
  { NULL }
};

static const AwsOperation list_prices = {
  "route53domains", "ListPrices", .input = list_prices_input, .output = list_prices_output,
  .pages = { "Prices", "NextPageMarker", "Marker" },
};

static const AwsShape register_domain_input[] = {
  { "DomainName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "DurationInYears", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "AutoRenew", AWS_SHAPE_BOOLEAN },
  { "AdminContact", AWS_STRUCTURE (contact), .flags = AWS_SHAPE_REQUIRED },
  { "RegistrantContact", AWS_STRUCTURE (contact), .flags = AWS_SHAPE_REQUIRED },
  { "TechContact", AWS_STRUCTURE (contact), .flags = AWS_SHAPE_REQUIRED },
  { "BillingContact", AWS_STRUCTURE (contact) },
  { "PrivacyProtectAdminContact", AWS_SHAPE_BOOLEAN },
  { "PrivacyProtectRegistrantContact", AWS_SHAPE_BOOLEAN },
  { "PrivacyProtectTechContact", AWS_SHAPE_BOOLEAN },
  { "PrivacyProtectBillingContact", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsShape operation_output[] = {
  { "OperationId" },
  { NULL }
};

/* There is no token that would tell a repetition from a second order, so it is sent once */
static const AwsOperation register_domain = {
  "route53domains", "RegisterDomain", .input = register_domain_input, .output = operation_output, .attempts = 1,
};

static const AwsShape get_operation_input[] = {
  { "OperationId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape operation[] = {
  { "OperationId" },
  { "Status" },
  { "Message" },
  { "DomainName" },
  { "Type" },
  { "SubmittedDate", AWS_SHAPE_TIMESTAMP },
  { "LastUpdatedDate", AWS_SHAPE_TIMESTAMP },
  { "StatusFlag" },
  { NULL }
};

static const AwsOperation get_operation = {
  "route53domains", "GetOperationDetail", .input = get_operation_input, .output = operation,
};

static const AwsShape list_operations_input[] = {
  { "SubmittedSince", AWS_SHAPE_TIMESTAMP },
  { "Marker" },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { "Status", AWS_LIST_OF ({ NULL }) },
  { "Type", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsShape list_operations_output[] = {
  { "Operations", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (operation) }) },
  { "NextPageMarker" },
  { NULL }
};

static const AwsOperation list_operations = {
  "route53domains", "ListOperations", .input = list_operations_input, .output = list_operations_output,
  .pages = { "Operations", "NextPageMarker", "Marker" },
};

static const AwsShape list_domains_input[] = {
  { "Marker" },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape domain_summary[] = {
  { "DomainName" },
  { "AutoRenew", AWS_SHAPE_BOOLEAN },
  { "TransferLock", AWS_SHAPE_BOOLEAN },
  { "Expiry", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape list_domains_output[] = {
  { "Domains", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (domain_summary) }) },
  { "NextPageMarker" },
  { NULL }
};

static const AwsOperation list_domains = {
  "route53domains", "ListDomains", .input = list_domains_input, .output = list_domains_output,
  .pages = { "Domains", "NextPageMarker", "Marker" },
};

static const AwsShape name_server[] = {
  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "GlueIps", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsShape domain_detail[] = {
  { "DomainName" },
  { "Nameservers", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (name_server) }) },
  { "AutoRenew", AWS_SHAPE_BOOLEAN },
  { "AdminContact", AWS_STRUCTURE (contact) },
  { "RegistrantContact", AWS_STRUCTURE (contact) },
  { "TechContact", AWS_STRUCTURE (contact) },
  { "BillingContact", AWS_STRUCTURE (contact) },
  { "AdminPrivacy", AWS_SHAPE_BOOLEAN },
  { "RegistrantPrivacy", AWS_SHAPE_BOOLEAN },
  { "TechPrivacy", AWS_SHAPE_BOOLEAN },
  { "RegistrarName" },
  { "CreationDate", AWS_SHAPE_TIMESTAMP },
  { "UpdatedDate", AWS_SHAPE_TIMESTAMP },
  { "ExpirationDate", AWS_SHAPE_TIMESTAMP },
  { "StatusList", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsOperation get_domain = {
  "route53domains", "GetDomainDetail", .input = domain_input, .output = domain_detail,
};

static const AwsShape set_name_servers_input[] = {
  { "DomainName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Nameservers", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (name_server) }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation set_name_servers = {
  "route53domains", "UpdateDomainNameservers", .input = set_name_servers_input, .output = operation_output,
};

/* These two begin their names in lower case */
static const AwsShape reachability_input[] = {
  { "domainName" },
  { NULL }
};

static const AwsShape get_reachability_output[] = {
  { "domainName" },
  { "status" },
  { NULL }
};

static const AwsOperation get_reachability = {
  "route53domains", "GetContactReachabilityStatus", .input = reachability_input, .output = get_reachability_output,
};

static const AwsShape resend_reachability_output[] = {
  { "domainName" },
  { "emailAddress" },
  { "isAlreadyVerified", AWS_SHAPE_BOOLEAN },
  { NULL }
};

static const AwsOperation resend_reachability = {
  "route53domains", "ResendContactReachabilityEmail", .input = reachability_input, .output = resend_reachability_output,
};

static const AwsOperation enable_auto_renew = {
  "route53domains", "EnableDomainAutoRenew", .input = domain_input,
};

static const AwsOperation disable_auto_renew = {
  "route53domains", "DisableDomainAutoRenew", .input = domain_input,
};

const AwsOperation * const aws_route53domains_operations[] = {
  &check_availability,
  &suggest,
  &list_prices,
  &register_domain,
  &get_operation,
  &list_operations,
  &list_domains,
  &get_domain,
  &set_name_servers,
  &get_reachability,
  &resend_reachability,
  &enable_auto_renew,
  &disable_auto_renew,
  NULL
};

/* Contacts */

AWS_DEFINE_DOCUMENT (AwsDomainContact, aws_domain_contact)

static const char * const contact_members[] = {
  [AWS_DOMAIN_CONTACT_FIRST_NAME] = "FirstName",
  [AWS_DOMAIN_CONTACT_LAST_NAME] = "LastName",
  [AWS_DOMAIN_CONTACT_TYPE] = "ContactType",
  [AWS_DOMAIN_CONTACT_ORGANIZATION] = "OrganizationName",
  [AWS_DOMAIN_CONTACT_ADDRESS_1] = "AddressLine1",
  [AWS_DOMAIN_CONTACT_ADDRESS_2] = "AddressLine2",
  [AWS_DOMAIN_CONTACT_CITY] = "City",
  [AWS_DOMAIN_CONTACT_STATE] = "State",
  [AWS_DOMAIN_CONTACT_COUNTRY] = "CountryCode",
  [AWS_DOMAIN_CONTACT_ZIP_CODE] = "ZipCode",
  [AWS_DOMAIN_CONTACT_PHONE] = "PhoneNumber",
  [AWS_DOMAIN_CONTACT_EMAIL] = "Email",
  [AWS_DOMAIN_CONTACT_FAX] = "Fax",
};

/**
 * aws_domain_contact_new:
 *
 * Returns: (transfer full): a contact, still empty
 */
AwsDomainContact *
aws_domain_contact_new (void)
{
  g_autoptr(JsonObject) object = json_object_new ();

  return aws_document_new (object);
}

/**
 * aws_domain_contact_set:
 * @self: a contact that was not sent yet
 * @field: what to set
 * @value: (nullable): its value; %NULL and "" take it away
 *
 * Sets something about the contact. Only Latin letters are safe at all registries.
 */
void
aws_domain_contact_set (AwsDomainContact      *self,
                        AwsDomainContactField  field,
                        const char            *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (field < G_N_ELEMENTS (contact_members));

  if (value != NULL && *value != '\0')
    json_object_set_string_member (self->document.object, contact_members[field], value);
  else if (json_object_has_member (self->document.object, contact_members[field]))
    json_object_remove_member (self->document.object, contact_members[field]);
}

/**
 * aws_domain_contact_get:
 * @self: a contact
 * @field: what to get
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_domain_contact_get (AwsDomainContact      *self,
                        AwsDomainContactField  field)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (field < G_N_ELEMENTS (contact_members), NULL);

  return aws_json_get_string (self->document.object, contact_members[field]);
}

static JsonObject *
find_extra (AwsDomainContact *self,
            const char       *name)
{
  JsonArray *all = aws_json_get_array (self->document.object, "ExtraParams");

  for (guint i = 0; all != NULL && i < json_array_get_length (all); i++)
    {
      JsonObject *each = aws_json_array_get_object (all, i);

      if (each != NULL && g_strcmp0 (aws_json_get_string (each, "Name"), name) == 0)
        return each;
    }

  return NULL;
}

/**
 * aws_domain_contact_set_extra:
 * @self: a contact that was not sent yet
 * @name: what some registries ask for besides, such as `UK_CONTACT_TYPE`
 * @value: its value
 *
 * Sets something more about the contact.
 */
void
aws_domain_contact_set_extra (AwsDomainContact *self,
                              const char       *name,
                              const char       *value)
{
  JsonObject *each;

  g_return_if_fail (self != NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (value != NULL);

  each = find_extra (self, name);
  if (each == NULL)
    {
      if (!json_object_has_member (self->document.object, "ExtraParams"))
        json_object_set_array_member (self->document.object, "ExtraParams", json_array_new ());
      each = json_object_new ();
      json_object_set_string_member (each, "Name", name);
      json_array_add_object_element (aws_json_get_array (self->document.object, "ExtraParams"), each);
    }
  json_object_set_string_member (each, "Value", value);
}

/**
 * aws_domain_contact_get_extra:
 * @self: a contact
 * @name: what some registries ask for besides
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
aws_domain_contact_get_extra (AwsDomainContact *self,
                              const char       *name)
{
  JsonObject *each;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  each = find_extra (self, name);

  return each != NULL ? aws_json_get_string (each, "Value") : NULL;
}

/* Suggestions */

AWS_DEFINE_DOCUMENT (AwsDomainSuggestion, aws_domain_suggestion)

/**
 * aws_domain_suggestion_get_name:
 * @self: a suggestion
 *
 * Returns: (transfer none) (nullable): the domain
 */
AWS_DOCUMENT_STRING (AwsDomainSuggestion, aws_domain_suggestion, name, "DomainName")

/**
 * aws_domain_suggestion_get_availability:
 * @self: a suggestion
 *
 * Returns: (transfer none) (nullable): `AVAILABLE` or another, see [func@aws_route53domains_check_availability]
 */
AWS_DOCUMENT_STRING (AwsDomainSuggestion, aws_domain_suggestion, availability, "Availability")

/* Prices */

AWS_DEFINE_DOCUMENT (AwsDomainPrice, aws_domain_price)

static double
get_amount (AwsDomainPrice *self,
            const char     *member)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, -1);

  object = aws_json_get_object (self->document.object, member);

  return object != NULL ? aws_json_get_double (object, "Price", -1) : -1;
}

/**
 * aws_domain_price_get_name:
 * @self: a price
 *
 * Returns: (transfer none) (nullable): the end of names that it is for, such as `com`
 */
AWS_DOCUMENT_STRING (AwsDomainPrice, aws_domain_price, name, "Name")

/**
 * aws_domain_price_get_currency:
 * @self: a price
 *
 * Returns: (transfer none) (nullable): the currency of all amounts, `USD`
 */
const char *
aws_domain_price_get_currency (AwsDomainPrice *self)
{
  static const char * const members[] = { "RenewalPrice", "RegistrationPrice", "TransferPrice", "RestorationPrice" };

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      JsonObject *object = aws_json_get_object (self->document.object, members[i]);

      if (object != NULL && aws_json_get_string (object, "Currency") != NULL)
        return aws_json_get_string (object, "Currency");
    }

  return NULL;
}

/**
 * aws_domain_price_get_registration:
 * @self: a price
 *
 * Returns: what the first year costs, or -1 if new names can't be had
 */
double
aws_domain_price_get_registration (AwsDomainPrice *self)
{
  return get_amount (self, "RegistrationPrice");
}

/**
 * aws_domain_price_get_renewal:
 * @self: a price
 *
 * Returns: what every further year costs, or -1
 */
double
aws_domain_price_get_renewal (AwsDomainPrice *self)
{
  return get_amount (self, "RenewalPrice");
}

/**
 * aws_domain_price_get_transfer:
 * @self: a price
 *
 * Returns: what it costs to bring a name from elsewhere, or -1
 */
double
aws_domain_price_get_transfer (AwsDomainPrice *self)
{
  return get_amount (self, "TransferPrice");
}

/**
 * aws_domain_price_get_restoration:
 * @self: a price
 *
 * Returns: what it costs to get a name back that was not renewed in time, or -1
 */
double
aws_domain_price_get_restoration (AwsDomainPrice *self)
{
  return get_amount (self, "RestorationPrice");
}

/* Operations */

AWS_DEFINE_DOCUMENT (AwsDomainOperation, aws_domain_operation)

/**
 * aws_domain_operation_get_id:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): its id
 */
AWS_DOCUMENT_STRING (AwsDomainOperation, aws_domain_operation, id, "OperationId")

/**
 * aws_domain_operation_get_status:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): `SUBMITTED`, `IN_PROGRESS`, `SUCCESSFUL`, `FAILED` or `ERROR`
 */
AWS_DOCUMENT_STRING (AwsDomainOperation, aws_domain_operation, status, "Status")

/**
 * aws_domain_operation_is_done:
 * @self: an operation
 *
 * Returns: whether nothing more will come of it
 */
gboolean
aws_domain_operation_is_done (AwsDomainOperation *self)
{
  const char *status = aws_domain_operation_get_status (self);

  return status != NULL && !g_str_equal (status, "SUBMITTED") && !g_str_equal (status, "IN_PROGRESS");
}

/**
 * aws_domain_operation_is_successful:
 * @self: an operation
 *
 * Returns: whether it did what it was to do
 */
gboolean
aws_domain_operation_is_successful (AwsDomainOperation *self)
{
  return g_strcmp0 (aws_domain_operation_get_status (self), "SUCCESSFUL") == 0;
}

/**
 * aws_domain_operation_get_message:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): why it failed, or what it waits for
 */
AWS_DOCUMENT_STRING (AwsDomainOperation, aws_domain_operation, message, "Message")

/**
 * aws_domain_operation_get_status_flag:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): whom it waits for: `PENDING_CUSTOMER_ACTION`, `PENDING_PAYMENT_VERIFICATION`,
 *   `PENDING_AUTHORIZATION`, `PENDING_ACCEPTANCE` or `PENDING_SUPPORT_CASE`
 */
AWS_DOCUMENT_STRING (AwsDomainOperation, aws_domain_operation, status_flag, "StatusFlag")

/**
 * aws_domain_operation_get_domain_name:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): the domain
 */
AWS_DOCUMENT_STRING (AwsDomainOperation, aws_domain_operation, domain_name, "DomainName")

/**
 * aws_domain_operation_get_operation_type:
 * @self: an operation
 *
 * Returns: (transfer none) (nullable): `REGISTER_DOMAIN`, `UPDATE_NAMESERVER` or another
 */
AWS_DOCUMENT_STRING (AwsDomainOperation, aws_domain_operation, operation_type, "Type")

/**
 * aws_domain_operation_dup_submitted:
 * @self: an operation
 *
 * Returns: (transfer full) (nullable): when it was asked for
 */
AWS_DOCUMENT_TIME (AwsDomainOperation, aws_domain_operation, submitted, "SubmittedDate")

/**
 * aws_domain_operation_dup_updated:
 * @self: an operation
 *
 * Returns: (transfer full) (nullable): when something happened last
 */
AWS_DOCUMENT_TIME (AwsDomainOperation, aws_domain_operation, updated, "LastUpdatedDate")

/* Domains */

AWS_DEFINE_DOCUMENT (AwsDomain, aws_domain)

/**
 * aws_domain_get_name:
 * @self: a domain
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsDomain, aws_domain, name, "DomainName")

/**
 * aws_domain_get_auto_renew:
 * @self: a domain
 *
 * Returns: whether it renews itself, and is paid for, every year
 */
AWS_DOCUMENT_BOOL (AwsDomain, aws_domain, auto_renew, "AutoRenew")

/**
 * aws_domain_dup_created:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer full) (nullable): when it was registered
 */
AWS_DOCUMENT_TIME (AwsDomain, aws_domain, created, "CreationDate")

/**
 * aws_domain_dup_expires:
 * @self: a domain
 *
 * Returns: (transfer full) (nullable): until when it is paid for
 */
GDateTime *
aws_domain_dup_expires (AwsDomain *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_dup_time (self->document.object,
                            json_object_has_member (self->document.object, "ExpirationDate") ? "ExpirationDate" : "Expiry");
}

/**
 * aws_domain_dup_name_servers:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer full): the servers that the internet asks about it, as they are written
 */
GStrv
aws_domain_dup_name_servers (AwsDomain *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *servers;

  g_return_val_if_fail (self != NULL, NULL);

  servers = aws_json_get_array (self->document.object, "Nameservers");
  for (guint i = 0; servers != NULL && i < json_array_get_length (servers); i++)
    {
      JsonObject *each = aws_json_array_get_object (servers, i);
      const char *name = each != NULL ? aws_json_get_string (each, "Name") : NULL;

      if (name != NULL)
        g_strv_builder_add (builder, name);
    }

  return g_strv_builder_end (builder);
}

/**
 * aws_domain_dup_statuses:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer full): what the registry says of it, such as `clientTransferProhibited`
 */
AWS_DOCUMENT_STRINGS (AwsDomain, aws_domain, statuses, "StatusList")

/**
 * aws_domain_has_status:
 * @self: a domain that was looked at, not one of a list
 * @status: such as `clientHold`, with which a domain answers nothing
 *
 * Returns: whether the registry says so
 */
gboolean
aws_domain_has_status (AwsDomain  *self,
                       const char *status)
{
  g_auto(GStrv) statuses = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (status != NULL, FALSE);

  statuses = aws_domain_dup_statuses (self);
  for (guint i = 0; statuses[i] != NULL; i++)
    {
      if (g_ascii_strcasecmp (statuses[i], status) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * aws_domain_get_registrar:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer none) (nullable): who registered it
 */
AWS_DOCUMENT_STRING (AwsDomain, aws_domain, registrar, "RegistrarName")

/**
 * aws_domain_get_registrant_privacy:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: whether the name of the owner is kept from the public
 */
AWS_DOCUMENT_BOOL (AwsDomain, aws_domain, registrant_privacy, "RegistrantPrivacy")

/**
 * aws_domain_dup_registrant:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer full) (nullable): its owner
 */
AWS_DOCUMENT_DOCUMENT (AwsDomain, aws_domain, registrant, AwsDomainContact, "RegistrantContact")

/**
 * aws_domain_dup_admin:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer full) (nullable): who administers it
 */
AWS_DOCUMENT_DOCUMENT (AwsDomain, aws_domain, admin, AwsDomainContact, "AdminContact")

/**
 * aws_domain_dup_tech:
 * @self: a domain that was looked at, not one of a list
 *
 * Returns: (transfer full) (nullable): who looks after its technique
 */
AWS_DOCUMENT_DOCUMENT (AwsDomain, aws_domain, tech, AwsDomainContact, "TechContact")

/* Reachability */

AWS_DEFINE_DOCUMENT (AwsDomainReachability, aws_domain_reachability)

/**
 * aws_domain_reachability_get_status:
 * @self: what is known
 *
 * Returns: (transfer none) (nullable): `PENDING` until the link in the mail is opened, `DONE`, or `EXPIRED` after 15 days,
 *   when the domain stops working
 */
AWS_DOCUMENT_STRING (AwsDomainReachability, aws_domain_reachability, status, "status")

/**
 * aws_domain_reachability_get_email:
 * @self: what was done
 *
 * Returns: (transfer none) (nullable): where the mail was sent
 */
AWS_DOCUMENT_STRING (AwsDomainReachability, aws_domain_reachability, email, "emailAddress")

/**
 * aws_domain_reachability_is_already_verified:
 * @self: what was done
 *
 * Returns: whether no mail was sent, since the address is confirmed
 */
gboolean
aws_domain_reachability_is_already_verified (AwsDomainReachability *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return aws_json_get_bool (self->document.object, "isAlreadyVerified");
}

/* Calls */

static JsonObject *
new_domain_input (const char *member,
                  const char *domain)
{
  JsonObject *input = json_object_new ();

  json_object_set_string_member (input, member, domain);

  return input;
}

/**
 * aws_route53domains_check_availability:
 * @client: a client
 * @domain: a domain, such as `example.com`
 *
 * Asks whether a domain can be registered. The answer is no promise.
 *
 * Returns: (transfer full): resolves to a string: `AVAILABLE`, or `PENDING` if it is to be asked again in some seconds,
 *   `DONT_KNOW`, `UNAVAILABLE`, `UNAVAILABLE_PREMIUM`, `UNAVAILABLE_RESTRICTED`, `RESERVED`, `INVALID_NAME_FOR_TLD` and
 *   others that are not to be registered; or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_check_availability (AwsClient  *client,
                                       const char *domain)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  return aws_operation_call_string (&check_availability, client, new_domain_input ("DomainName", domain), "Availability");
}

/**
 * aws_route53domains_suggest:
 * @client: a client
 * @domain: a domain that is wanted
 * @count: how many others, 1 to 50
 * @only_available: whether those that somebody has are left out
 *
 * Asks for domains that are like one.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsDomainSuggestion], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_suggest (AwsClient  *client,
                            const char *domain,
                            guint       count,
                            gboolean    only_available)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  input = new_domain_input ("DomainName", domain);
  aws_input_set_int (input, "SuggestionCount", count);
  aws_input_set_bool (input, "OnlyAvailable", only_available);

  return aws_operation_call_documents (&suggest, client, input, AWS_TYPE_DOMAIN_SUGGESTION);
}

/**
 * aws_route53domains_list_prices:
 * @client: a client
 * @tld: (nullable): the end of names, such as `com`, or %NULL for all
 *
 * Asks what domains cost. Prices change seldom; a day is a good time to keep them.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsDomainPrice], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_list_prices (AwsClient  *client,
                                const char *tld)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_string (input, "Tld", tld);
  aws_input_set_int (input, "MaxItems", 1000);

  return aws_operation_call_documents (&list_prices, client, input, AWS_TYPE_DOMAIN_PRICE);
}

static void
set_contact (JsonObject       *input,
             const char       *member,
             AwsDomainContact *value)
{
  if (value != NULL)
    aws_input_set_object (input, member, json_object_ref (value->document.object));
}

/**
 * aws_route53domains_register:
 * @client: a client
 * @domain: a domain
 * @years: for how long, 1 to 10
 * @auto_renew: whether it renews itself, and is paid for, until that is switched off
 * @privacy: whether names are kept from the public where the registry allows it
 * @registrant: who owns it
 * @admin: who administers it
 * @tech: who looks after its technique
 * @billing: (nullable): who pays for it
 *
 * Orders a domain. It costs money at once, and that does not come back. If no answer comes, look at
 * [func@aws_route53domains_list_operations] before ordering again. A zone is made for the domain.
 *
 * Returns: (transfer full): resolves to the id of an operation that takes minutes to days, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_register (AwsClient        *client,
                             const char       *domain,
                             guint             years,
                             gboolean          auto_renew,
                             gboolean          privacy,
                             AwsDomainContact *registrant,
                             AwsDomainContact *admin,
                             AwsDomainContact *tech,
                             AwsDomainContact *billing)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);
  dex_return_error_if_fail (registrant != NULL);
  dex_return_error_if_fail (admin != NULL);
  dex_return_error_if_fail (tech != NULL);

  input = new_domain_input ("DomainName", domain);
  aws_input_set_int (input, "DurationInYears", years);
  aws_input_set_bool (input, "AutoRenew", auto_renew);
  set_contact (input, "RegistrantContact", registrant);
  set_contact (input, "AdminContact", admin);
  set_contact (input, "TechContact", tech);
  set_contact (input, "BillingContact", billing);
  aws_input_set_bool (input, "PrivacyProtectRegistrantContact", privacy);
  aws_input_set_bool (input, "PrivacyProtectAdminContact", privacy);
  aws_input_set_bool (input, "PrivacyProtectTechContact", privacy);
  if (billing != NULL)
    aws_input_set_bool (input, "PrivacyProtectBillingContact", privacy);

  return aws_operation_call_string (&register_domain, client, input, "OperationId");
}

/**
 * aws_route53domains_get_operation:
 * @client: a client
 * @id: an operation
 *
 * Asks how far an operation has got.
 *
 * Returns: (transfer full): resolves to an [struct@AwsDomainOperation], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_get_operation (AwsClient  *client,
                                  const char *id)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL);

  return aws_operation_call_document (&get_operation, client, new_domain_input ("OperationId", id),
                                      AWS_TYPE_DOMAIN_OPERATION, NULL);
}

/**
 * aws_route53domains_list_operations:
 * @client: a client
 * @since: (nullable): the earliest time of an order
 * @statuses: (nullable): statuses that are looked for
 * @types: (nullable): types that are looked for, such as `REGISTER_DOMAIN`
 *
 * Lists what was ordered, of the last year.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsDomainOperation], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_list_operations (AwsClient          *client,
                                    GDateTime          *since,
                                    const char * const *statuses,
                                    const char * const *types)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_time (input, "SubmittedSince", since);
  aws_input_set_int (input, "MaxItems", 100);
  aws_input_set_strings (input, "Status", statuses);
  aws_input_set_strings (input, "Type", types);

  return aws_operation_call_documents (&list_operations, client, input, AWS_TYPE_DOMAIN_OPERATION);
}

/**
 * aws_route53domains_list_domains:
 * @client: a client
 *
 * Lists the domains that the account has registered.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsDomain], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_list_domains (AwsClient *client)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  aws_input_set_int (input, "MaxItems", 100);

  return aws_operation_call_documents (&list_domains, client, input, AWS_TYPE_DOMAIN);
}

/**
 * aws_route53domains_get_domain:
 * @client: a client
 * @domain: a domain of the account
 *
 * Looks at a domain.
 *
 * Returns: (transfer full): resolves to an [struct@AwsDomain], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_get_domain (AwsClient  *client,
                               const char *domain)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  return aws_operation_call_document (&get_domain, client, new_domain_input ("DomainName", domain), AWS_TYPE_DOMAIN, NULL);
}

/**
 * aws_route53domains_set_name_servers:
 * @client: a client
 * @domain: a domain of the account
 * @servers: 2 to 6 names
 *
 * Says which servers the internet is to ask about a domain.
 *
 * Returns: (transfer full): resolves to the id of an operation, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_set_name_servers (AwsClient          *client,
                                     const char         *domain,
                                     const char * const *servers)
{
  JsonObject *input;
  JsonArray *array;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);
  dex_return_error_if_fail (servers != NULL);

  array = json_array_new ();
  for (guint i = 0; servers[i] != NULL; i++)
    json_array_add_object_element (array, new_domain_input ("Name", servers[i]));
  input = new_domain_input ("DomainName", domain);
  aws_input_set_array (input, "Nameservers", array);

  return aws_operation_call_string (&set_name_servers, client, input, "OperationId");
}

/**
 * aws_route53domains_get_reachability:
 * @client: a client
 * @domain: a domain of the account
 *
 * Asks whether the owner has confirmed the mail address.
 *
 * Returns: (transfer full): resolves to an [struct@AwsDomainReachability], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_get_reachability (AwsClient  *client,
                                     const char *domain)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  return aws_operation_call_document (&get_reachability, client, new_domain_input ("domainName", domain),
                                      AWS_TYPE_DOMAIN_REACHABILITY, NULL);
}

/**
 * aws_route53domains_resend_reachability:
 * @client: a client
 * @domain: a domain of the account
 *
 * Sends the mail again that the owner is to confirm the address with.
 *
 * Returns: (transfer full): resolves to an [struct@AwsDomainReachability], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_resend_reachability (AwsClient  *client,
                                        const char *domain)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  return aws_operation_call_document (&resend_reachability, client, new_domain_input ("domainName", domain),
                                      AWS_TYPE_DOMAIN_REACHABILITY, NULL);
}

/**
 * aws_route53domains_enable_auto_renew:
 * @client: a client
 * @domain: a domain of the account
 *
 * Makes a domain renew itself.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_enable_auto_renew (AwsClient  *client,
                                      const char *domain)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  return aws_operation_call_done (&enable_auto_renew, client, new_domain_input ("DomainName", domain));
}

/**
 * aws_route53domains_disable_auto_renew:
 * @client: a client
 * @domain: a domain of the account
 *
 * Lets a domain end when its time is over.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_route53domains_disable_auto_renew (AwsClient  *client,
                                       const char *domain)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);

  return aws_operation_call_done (&disable_auto_renew, client, new_domain_input ("DomainName", domain));
}
