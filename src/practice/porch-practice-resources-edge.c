/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "aws-json.h"
#include "porch-practice-acm.h"
#include "porch-practice-cloudfront-private.h"
#include "porch-practice-edge.h"
#include "porch-practice-kvs.h"
#include "porch-practice-resources.h"

#define FUNCTION_TYPE CLOUDFRONT_FUNCTION_TYPE
#define CONTROL_TYPE  "AWS::CloudFront::OriginAccessControl"

/* Stores, edge functions, origin access controls and distributions. */

static gboolean
refuse (PracticeProvision  *provision,
        GError            **error,
        guint               status,
        const char         *format,
        ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  return practice_provision_refuse (provision, error, "CloudFront", status, "%s", text);
}

/* ---- stores ---- */

static gboolean
create_store (PracticeProvision  *provision,
              GError            **error)
{
  const char *name = practice_property_string (provision->properties, "Name");
  const char *comment = practice_property_string (provision->properties, "Comment");
  g_autoptr(GError) problem = NULL;
  g_autoptr(PracticeKvs) store = practice_kvs_create (provision->practice, name, comment, &problem);

  if (store == NULL)
    return refuse (provision, error, g_error_matches (problem, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_EXISTS) ? 409 : 400, "%s", problem->message);

  provision->id = g_strdup (name);
  practice_provision_set (provision, "Arn", store->arn);
  practice_provision_set (provision, "Id", store->id);
  practice_provision_set (provision, "Status", "READY");

  return TRUE;
}

static gboolean
update_store (PracticeProvision  *provision,
              GError            **error)
{
  const char *comment = practice_property_string (provision->properties, "Comment");
  g_autoptr(GError) problem = NULL;

  return practice_kvs_update (provision->practice, provision->id, comment ? comment : "", &problem) ||
         refuse (provision, error, 400, "%s", problem->message);
}

static gboolean
delete_store (PracticeProvision  *provision,
              GError            **error)
{
  g_autoptr(GError) problem = NULL;

  return practice_kvs_delete (provision->practice, provision->id, &problem) ||
         g_error_matches (problem, PRACTICE_KVS_ERROR, PRACTICE_KVS_ERROR_NOT_FOUND) ||
         refuse (provision, error, 409, "%s", problem->message);
}

/* ---- functions ---- */

static gboolean
check_function (PracticeProvision  *provision,
                GError            **error)
{
  const char *code;
  guint status;
  g_autofree char *problem = practice_function_check (provision->practice, provision->properties, &code, &status);

  return problem == NULL || refuse (provision, error, status, "%s", problem);
}

/* The code that the template has becomes the DEVELOPMENT stage, whatever was written there meanwhile. */
static gboolean
put_function (PracticeProvision  *provision,
              GError            **error)
{
  g_autoptr(PracticeResource) known = practice_resource_lookup (provision->practice, FUNCTION_TYPE, "", provision->id);
  g_autoptr(GError) problem = NULL;

  g_clear_pointer (&provision->attributes, json_object_unref);
  provision->attributes = practice_function_next_attributes (provision->id, provision->properties, known ? known->attributes : NULL,
                                                             practice_property_bool (provision->properties, "AutoPublish", FALSE));
  if (!practice_function_use_stores (provision->practice, provision->id, provision->properties, provision->attributes, &problem))
    return refuse (provision, error, 404, "%s", problem->message);

  return practice_provision_save (provision, FUNCTION_TYPE, TRUE, error);
}

static gboolean
create_function (PracticeProvision  *provision,
                 GError            **error)
{
  const char *name = practice_property_string (provision->properties, "Name");
  g_autoptr(PracticeResource) known = NULL;

  provision->id = g_strdup_printf ("arn:aws:cloudfront::%s:function/%s", provision->practice->account, name);
  if ((known = practice_resource_lookup (provision->practice, FUNCTION_TYPE, "", provision->id)))
    {
      g_clear_pointer (&provision->id, g_free);
      return refuse (provision, error, 409, "A function with the same name already exists in this account: %s", name);
    }

  return check_function (provision, error) && put_function (provision, error);
}

static gboolean
update_function (PracticeProvision  *provision,
                 GError            **error)
{
  return check_function (provision, error) && put_function (provision, error);
}

static gboolean
delete_function (PracticeProvision  *provision,
                 GError            **error)
{
  practice_kvs_dissociate (provision->practice, provision->id);

  return practice_resource_remove (provision->practice, FUNCTION_TYPE, "", provision->id, error);
}

/* ---- origin access control ---- */

static gboolean
put_control (PracticeProvision  *provision,
             GError            **error)
{
  JsonObject *config = aws_json_get_object (provision->properties, "OriginAccessControlConfig");
  const char *name = practice_property_string (config, "Name");
  g_autoptr(GPtrArray) all = practice_resource_list (provision->practice, CONTROL_TYPE, "");

  for (guint i = 0; i < all->len; i++)
    {
      PracticeResource *other = g_ptr_array_index (all, i);

      if (g_strcmp0 (other->id, provision->id) != 0 &&
          g_str_equal (practice_property_string (aws_json_get_object (other->properties, "OriginAccessControlConfig"), "Name"), name))
        return refuse (provision, error, 409, "An origin access control with the same name already exists.");
    }

  if (provision->id == NULL)
    {
      g_autofree char *random = practice_random_id (13, NULL);

      provision->id = g_strconcat ("E", random, NULL);
    }
  practice_provision_set (provision, "Id", provision->id);

  return practice_provision_save (provision, CONTROL_TYPE, TRUE, error);
}

static gboolean
delete_control (PracticeProvision  *provision,
                GError            **error)
{
  return practice_resource_remove (provision->practice, CONTROL_TYPE, "", provision->id, error);
}

/* ---- distributions ---- */

typedef enum { POLICY_CACHE, POLICY_ORIGIN_REQUEST, POLICY_RESPONSE_HEADERS } PolicyKind;

/* The managed policies of AWS. What the edge here does not do is known by name, to say so. */
static const struct
{
  PolicyKind  kind;
  const char *id;
  const char *name;
  gboolean    known_here;
} policies[] = {
  { POLICY_CACHE, "658327ea-f89d-4fab-a63d-7e88639e58f6", "CachingOptimized", TRUE },
  { POLICY_CACHE, "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "CachingDisabled", TRUE },
  { POLICY_CACHE, "b2884449-e4de-46a7-ac36-70bc7f1ddd6d", "CachingOptimizedForUncompressedObjects", TRUE },
  { POLICY_CACHE, "83da9c7e-98b4-4e11-a168-04f0df8e2c65", "UseOriginCacheControlHeaders", FALSE },
  { POLICY_ORIGIN_REQUEST, "b689b0a8-53d0-40ab-baf2-68738e2966ac", "AllViewerExceptHostHeader", TRUE },
  { POLICY_ORIGIN_REQUEST, "216adef6-5c7f-47e4-b989-5492eafa07d3", "AllViewer", FALSE },
  { POLICY_ORIGIN_REQUEST, "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf", "CORS-S3Origin", FALSE },
  { POLICY_RESPONSE_HEADERS, "67f7725c-6f97-4210-82d7-5512b31e9d03", "SecurityHeadersPolicy", TRUE },
  { POLICY_RESPONSE_HEADERS, "60669652-455b-4ae9-85a4-c4c02393f86c", "SimpleCORS", FALSE },
  { POLICY_RESPONSE_HEADERS, "e61eb60c-9c35-4d20-a928-2b84e02af89c", "CORS-and-SecurityHeadersPolicy", FALSE },
};

static gboolean
check_policy (PracticeProvision  *provision,
              PolicyKind          kind,
              const char         *id,
              GError            **error)
{
  static const char *names[] = { "cache policy", "origin request policy", "response headers policy" };

  if (id == NULL)
    return TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    if (policies[i].kind == kind && g_str_equal (policies[i].id, id))
      return policies[i].known_here ||
             refuse (provision, error, 400, "The practice cloud has no %s %s", names[kind], policies[i].name);

  return refuse (provision, error, 404, "The specified %s does not exist.", names[kind]);
}

static gboolean
is_s3_domain (const char *domain)
{
  return g_regex_match_simple ("^[a-z0-9.-]+\\.s3([.-][a-z0-9-]+)?\\.amazonaws\\.com$", domain, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

static gboolean
check_origin (PracticeProvision  *provision,
              JsonObject         *origin,
              GHashTable         *ids,
              GError            **error)
{
  const char *domain = practice_property_string (origin, "DomainName");
  const char *path = practice_property_string (origin, "OriginPath");
  const char *control = practice_property_string (origin, "OriginAccessControlId");
  JsonObject *s3 = aws_json_get_object (origin, "S3OriginConfig");
  JsonObject *custom = aws_json_get_object (origin, "CustomOriginConfig");
  JsonArray *headers = aws_json_get_array (origin, "OriginCustomHeaders");

  if (!g_hash_table_add (ids, (gpointer) practice_property_string (origin, "Id")))
    return refuse (provision, error, 400, "The parameter Origin Id contains duplicates.");
  if ((s3 != NULL) == (custom != NULL))
    return refuse (provision, error, 400, "Invalid request provided: Exactly one of CustomOriginConfig, VpcOriginConfig and S3OriginConfig must be specified");
  if (*domain == '\0' || strpbrk (domain, "/ "))
    return refuse (provision, error, 400, "The parameter origin name cannot contain a colon or a slash, or be empty.");
  if (s3 && !is_s3_domain (domain))
    return refuse (provision, error, 400, "The parameter Origin DomainName does not refer to a valid S3 bucket.");
  if (path && *path && (*path != '/' || g_str_has_suffix (path, "/")))
    return refuse (provision, error, 400, "The parameter OriginPath must begin with a slash and must not end with one.");
  if (headers && json_array_get_length (headers) > 30)
    return refuse (provision, error, 400, "Your request contains more custom headers than are allowed per origin.");

  if (control && *control)
    {
      g_autoptr(PracticeResource) known = practice_resource_lookup (provision->practice, CONTROL_TYPE, "", control);

      if (known == NULL)
        return refuse (provision, error, 404, "The origin access control does not exist.");
      if (s3 && practice_property_string (s3, "OriginAccessIdentity") && *practice_property_string (s3, "OriginAccessIdentity"))
        return refuse (provision, error, 400, "Illegal configuration: an origin can have an origin access control or an origin access identity, not both.");
    }

  return TRUE;
}

static gboolean
check_associations (PracticeProvision  *provision,
                    JsonArray          *associations,
                    GError            **error)
{
  g_autoptr(GHashTable) events = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; associations && i < json_array_get_length (associations); i++)
    {
      JsonObject *association = aws_json_array_get_object (associations, i);
      const char *event = practice_property_string (association, "EventType");
      const char *arn = practice_property_string (association, "FunctionARN");
      g_autoptr(PracticeResource) function = arn ? practice_resource_lookup (provision->practice, FUNCTION_TYPE, "", arn) : NULL;

      if (function == NULL)
        return refuse (provision, error, 404, "The function ARN must reference a function that exists: %s", arn ? arn : "");
      if (g_strcmp0 (practice_property_string (function->attributes, "Stage"), "LIVE") != 0)
        return refuse (provision, error, 400, "The function must be published to the LIVE stage before it is associated with a cache behavior");
      if (event == NULL || !g_hash_table_add (events, (gpointer) event))
        return refuse (provision, error, 400, "A cache behavior can have one function for each event type only");
      if (!g_str_equal (event, "viewer-request"))
        return refuse (provision, error, 400, "The practice cloud runs functions for viewer requests only");
    }

  return TRUE;
}

static gboolean
has_method (JsonArray  *methods,
            const char *method)
{
  for (guint i = 0; i < json_array_get_length (methods); i++)
    if (g_str_equal (json_array_get_string_element (methods, i), method))
      return TRUE;

  return FALSE;
}

/* GET and HEAD, these and OPTIONS, or all seven. */
static gboolean
check_methods (PracticeProvision  *provision,
               JsonObject         *behavior,
               GError            **error)
{
  static const char *known[] = { "GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE" };
  JsonArray *methods = aws_json_get_array (behavior, "AllowedMethods");
  guint n = methods ? json_array_get_length (methods) : 0;
  gboolean good = n == 2 || n == 3 || n == G_N_ELEMENTS (known);

  for (guint i = 0; good && i < n; i++)
    good = has_method (methods, known[i]);

  return methods == NULL || good ||
         refuse (provision, error, 400, "The parameter AllowedMethods contains invalid elements.");
}

static gboolean
check_behavior (PracticeProvision  *provision,
                JsonObject         *behavior,
                GHashTable         *origins,
                GError            **error)
{
  if (!g_hash_table_contains (origins, practice_property_string (behavior, "TargetOriginId")))
    return refuse (provision, error, 404, "One or more of your origins or origin groups do not exist.");
  if (!practice_property_string (behavior, "CachePolicyId"))
    return refuse (provision, error, 400, "The parameter ForwardedValues is required.");

  return check_policy (provision, POLICY_CACHE, practice_property_string (behavior, "CachePolicyId"), error) &&
         check_policy (provision, POLICY_ORIGIN_REQUEST, practice_property_string (behavior, "OriginRequestPolicyId"), error) &&
         check_policy (provision, POLICY_RESPONSE_HEADERS, practice_property_string (behavior, "ResponseHeadersPolicyId"), error) &&
         check_methods (provision, behavior, error) &&
         check_associations (provision, aws_json_get_array (behavior, "FunctionAssociations"), error);
}

static gboolean
check_error_responses (PracticeProvision  *provision,
                       JsonArray          *list,
                       GError            **error)
{
  static const gint64 codes[] = { 400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504 };

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      JsonObject *response = aws_json_array_get_object (list, i);
      const char *page = practice_property_string (response, "ResponsePagePath");
      gint64 code = practice_property_int (response, "ErrorCode", 0);
      gboolean good = FALSE;

      for (guint j = 0; j < G_N_ELEMENTS (codes); j++)
        good |= codes[j] == code;
      if (!good)
        return refuse (provision, error, 400, "The parameter ErrorCode is invalid: %" G_GINT64_FORMAT, code);
      if ((page != NULL) != json_object_has_member (response, "ResponseCode"))
        return refuse (provision, error, 400, "Your request must specify both ResponsePagePath and ResponseCode together or not at all.");
      if (page && *page != '/')
        return refuse (provision, error, 400, "The parameter ResponsePagePath must begin with a slash.");
    }

  return TRUE;
}

static gboolean
check_certificate (PracticeProvision  *provision,
                   JsonObject         *config,
                   GError            **error)
{
  JsonArray *aliases = aws_json_get_array (config, "Aliases");
  JsonObject *certificate = aws_json_get_object (config, "ViewerCertificate");
  const char *arn = practice_property_string (certificate, "AcmCertificateArn");

  if (aliases && json_array_get_length (aliases) > 0 && arn == NULL)
    return refuse (provision, error, 400, "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name.");
  if (arn && !g_str_has_prefix (arn, "arn:aws:acm:us-east-1:"))
    return refuse (provision, error, 400, "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.");
  if (arn && !practice_property_string (certificate, "SslSupportMethod"))
    return refuse (provision, error, 400, "SslSupportMethod must be specified together with AcmCertificateArn.");
  if (arn && !practice_acm_is_usable (provision->practice, arn, NULL))
    return refuse (provision, error, 400, "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.");

  for (guint i = 0; aliases && i < json_array_get_length (aliases); i++)
    {
      const char * const names[] = { aws_json_array_get_string (aliases, i), NULL };

      if (!practice_acm_is_usable (provision->practice, arn, names))
        return refuse (provision, error, 400, "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add.");
    }

  return TRUE;
}

static gboolean
check_distribution (PracticeProvision  *provision,
                    GError            **error)
{
  JsonObject *config = aws_json_get_object (provision->properties, "DistributionConfig");
  JsonArray *origins = aws_json_get_array (config, "Origins");
  JsonArray *behaviors = aws_json_get_array (config, "CacheBehaviors");
  const char *root = practice_property_string (config, "DefaultRootObject");
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) patterns = g_hash_table_new (g_str_hash, g_str_equal);

  if (origins == NULL || json_array_get_length (origins) == 0)
    return refuse (provision, error, 400, "The parameter Origins is required.");
  if (root && *root == '/')
    return refuse (provision, error, 400, "The parameter DefaultRootObject is invalid: it must not begin with a slash.");

  for (guint i = 0; i < json_array_get_length (origins); i++)
    if (!check_origin (provision, aws_json_array_get_object (origins, i), ids, error))
      return FALSE;
  if (!check_behavior (provision, aws_json_get_object (config, "DefaultCacheBehavior"), ids, error))
    return FALSE;

  for (guint i = 0; behaviors && i < json_array_get_length (behaviors); i++)
    {
      JsonObject *behavior = aws_json_array_get_object (behaviors, i);

      if (!g_hash_table_add (patterns, (gpointer) practice_property_string (behavior, "PathPattern")))
        return refuse (provision, error, 400, "The parameter PathPattern contains duplicates.");
      if (!check_behavior (provision, behavior, ids, error))
        return FALSE;
    }

  return check_error_responses (provision, aws_json_get_array (config, "CustomErrorResponses"), error) &&
         check_certificate (provision, config, error);
}

/* The host of a site is "<slug>-<random>.localhost" for our own stacks. */
static char *
make_label (PracticeProvision *provision)
{
  g_autoptr(PracticeDistribution) taken = NULL;
  g_autofree char *label = NULL, *host = NULL;

  if (!g_regex_match_simple ("^porchlight-[a-z0-9-]+-[a-z0-9]{6}$", provision->stack_name, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    return NULL;

  label = g_strdup (provision->stack_name + strlen ("porchlight-"));
  host = g_strconcat (label, ".localhost", NULL);
  taken = practice_cloudfront_lookup_host (provision->practice, host);

  return taken ? NULL : g_steal_pointer (&label);
}

static gboolean
create_distribution (PracticeProvision  *provision,
                     GError            **error)
{
  JsonObject *config = aws_json_get_object (provision->properties, "DistributionConfig");
  g_autofree char *label = NULL;
  g_autoptr(PracticeDistribution) distribution = NULL;
  g_autoptr(GError) problem = NULL;

  if (!check_distribution (provision, error))
    return FALSE;

  label = make_label (provision);
  distribution = practice_cloudfront_create_distribution (provision->practice, label, config, &problem);
  if (distribution == NULL)
    return refuse (provision, error, g_error_matches (problem, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_ALIAS_TAKEN) ? 409 : 400, "%s", problem->message);

  provision->id = g_strdup (distribution->id);
  practice_provision_set (provision, "Id", distribution->id);
  practice_provision_set (provision, "DomainName", distribution->domain_name);

  return TRUE;
}

static gboolean
update_distribution (PracticeProvision  *provision,
                     GError            **error)
{
  JsonObject *config = aws_json_get_object (provision->properties, "DistributionConfig");
  g_autoptr(GError) problem = NULL;

  return check_distribution (provision, error) &&
         (practice_cloudfront_update_distribution (provision->practice, provision->id, config, &problem) ||
          refuse (provision, error, g_error_matches (problem, PRACTICE_CLOUDFRONT_ERROR, PRACTICE_CLOUDFRONT_ERROR_ALIAS_TAKEN) ? 409 : 400, "%s", problem->message));
}

static gboolean
delete_distribution (PracticeProvision  *provision,
                     GError            **error)
{
  g_autoptr(PracticeDistribution) distribution = practice_cloudfront_lookup (provision->practice, provision->id);
  g_autoptr(GError) problem = NULL;

  if (distribution == NULL)
    return TRUE;

  /* CloudFormation switches a distribution off before it deletes it */
  json_object_set_boolean_member (distribution->config, "Enabled", FALSE);
  if (practice_cloudfront_update_distribution (provision->practice, provision->id, distribution->config, &problem) &&
      practice_cloudfront_delete_distribution (provision->practice, provision->id, &problem))
    return TRUE;

  return refuse (provision, error, 409, "%s", problem->message);
}

const PracticeResourceHandler practice_edge_handlers[] = {
  { "AWS::CloudFront::KeyValueStore", 8, create_store, update_store, delete_store },
  { FUNCTION_TYPE, 8, create_function, update_function, delete_function },
  { CONTROL_TYPE, 5, put_control, put_control, delete_control },
  { "AWS::CloudFront::Distribution", 40, create_distribution, update_distribution, delete_distribution },
  { NULL, }
};
