/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-edge.h"

#include <string.h>

#include "aws-json.h"
#include "aws-uri.h"
#include "porch-practice-acm.h"
#include "porch-practice-api.h"
#include "porch-practice-internet.h"
#include "porch-practice-metrics.h"
#include "porch-practice-policy.h"
#include "porch-practice-resources.h"
#include "porch-practice-s3.h"
#include "porch-practice-server.h"

#define ALL_VIEWER_EXCEPT_HOST "b689b0a8-53d0-40ab-baf2-68738e2966ac"

#define NOT_FOUND_TEXT "There is no site at this address. It may have been deleted, or its name is spelled differently."
#define DISABLED_TEXT  "This site is switched off at the moment."
#define UNKNOWN_TEXT   "Bad request. We can’t connect to the server for this app or website at this time. The name points to CloudFront, but " \
                       "no distribution has it among its alternate domain names."

static gboolean
owns (Practice   *practice,
      const char *host)
{
  g_autoptr(PracticeDistribution) distribution = NULL;
  g_autofree char *api = NULL, *region = NULL;

  if (g_str_has_suffix (host, ".localhost") || practice_api_parse_host (host, &api, &region))
    return TRUE;

  distribution = practice_cloudfront_lookup_host (practice, host);

  /* Domains of the whole world that have a zone here may be asked for with a Host header */
  return distribution != NULL || practice_internet_knows (practice, host);
}

/* The behaviour whose pattern is the first to match, else the default one. */
static JsonObject *
choose_behavior (PracticeDistribution *distribution,
                 const char           *uri)
{
  JsonArray *behaviors = aws_json_get_array (distribution->config, "CacheBehaviors");

  for (guint i = 0; behaviors && i < json_array_get_length (behaviors); i++)
    {
      JsonObject *behavior = aws_json_array_get_object (behaviors, i);
      const char *pattern = practice_property_string (behavior, "PathPattern");

      if (practice_policy_matches (pattern, *pattern == '/' ? uri : uri + 1, FALSE))
        return behavior;
    }

  return aws_json_get_object (distribution->config, "DefaultCacheBehavior");
}

static JsonObject *
find_origin (PracticeDistribution *distribution,
             JsonObject           *behavior)
{
  JsonArray *origins = aws_json_get_array (distribution->config, "Origins");
  const char *wanted = practice_property_string (behavior, "TargetOriginId");

  for (guint i = 0; origins && i < json_array_get_length (origins); i++)
    {
      JsonObject *origin = aws_json_array_get_object (origins, i);

      if (g_strcmp0 (practice_property_string (origin, "Id"), wanted) == 0)
        return origin;
    }

  return NULL;
}

static gboolean
check_method (PracticeCall   *call,
              JsonObject     *behavior,
              PracticeAnswer *answer)
{
  static const char *known[] = { "GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE", NULL };
  JsonArray *allowed = aws_json_get_array (behavior, "AllowedMethods");

  if (!g_strv_contains (known, call->method))
    {
      practice_edge_refuse (answer, 405, "This method is not known.");
      return FALSE;
    }
  if (allowed == NULL && (g_str_equal (call->method, "GET") || g_str_equal (call->method, "HEAD")))
    return TRUE;
  for (guint i = 0; allowed && i < json_array_get_length (allowed); i++)
    if (g_strcmp0 (aws_json_array_get_string (allowed, i), call->method) == 0)
      return TRUE;

  practice_edge_refuse (answer, 403, "This distribution is not configured to allow the HTTP request method that was used for this request. The distribution supports only cachable requests.");

  return FALSE;
}

/* ---- the bucket ---- */

static void
answer_s3_error (PracticeAnswer *answer,
                 guint           status,
                 const char     *code,
                 const char     *message,
                 const char     *key)
{
  g_autofree char *escaped = key ? g_markup_escape_text (key, -1) : NULL;
  g_autofree char *xml = g_strdup_printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>%s</Code><Message>%s</Message>%s%s%s</Error>",
                                          code, message, key ? "<Key>" : "", escaped ? escaped : "", key ? "</Key>" : "");

  practice_answer_set_text (answer, status, "application/xml", xml);
  soup_message_headers_replace (answer->headers, "Server", "AmazonS3");
}

static void
set_object_headers (PracticeAnswer *answer,
                    PracticeObject *object)
{
  const struct { const char *name; const char *value; } headers[] = {
    { "Content-Type", object->content_type ? object->content_type : "binary/octet-stream" },
    { "ETag", object->etag }, { "Cache-Control", object->cache_control }, { "Content-Encoding", object->content_encoding },
    { "Content-Disposition", object->content_disposition }, { "Content-Language", object->content_language },
    { "Expires", object->expires }, { "Accept-Ranges", "bytes" }, { "Server", "AmazonS3" }, { "x-amz-server-side-encryption", "AES256" },
  };
  g_autoptr(GDateTime) modified = g_date_time_new_from_unix_utc (object->modified / G_USEC_PER_SEC);
  g_autofree char *date = soup_date_time_to_string (modified, SOUP_DATE_HTTP);
  GHashTableIter iter;
  gpointer name, value;

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    if (headers[i].value)
      soup_message_headers_replace (answer->headers, headers[i].name, headers[i].value);
  soup_message_headers_replace (answer->headers, "Last-Modified", date);

  if (object->metadata == NULL)
    return;
  g_hash_table_iter_init (&iter, object->metadata);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      g_autofree char *header = g_strconcat ("x-amz-meta-", name, NULL);

      soup_message_headers_replace (answer->headers, header, value);
    }
}

/* Whether the origin's requests are signed for the distribution, which the bucket's policy then knows. */
static gboolean
signs (Practice   *practice,
       JsonObject *origin)
{
  const char *id = practice_property_string (origin, "OriginAccessControlId");
  g_autoptr(PracticeResource) control = id && *id ? practice_resource_lookup (practice, "AWS::CloudFront::OriginAccessControl", "", id) : NULL;
  JsonObject *config = control ? aws_json_get_object (control->properties, "OriginAccessControlConfig") : NULL;

  return config && g_strcmp0 (practice_property_string (config, "OriginAccessControlOriginType"), "s3") == 0 &&
         g_strcmp0 (practice_property_string (config, "SigningBehavior"), "never") != 0;
}

static char *
object_key (PracticeDistribution *distribution,
            JsonObject           *origin,
            const char           *uri)
{
  const char *prefix = practice_property_string (origin, "OriginPath");
  const char *root = practice_property_string (distribution->config, "DefaultRootObject");
  g_autofree char *decoded = aws_uri_decode (uri, -1, FALSE);
  g_autofree char *path = NULL;

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;
  path = g_strconcat (prefix ? prefix : "", decoded, g_str_equal (decoded, "/") && root ? root : "", NULL);

  return g_strdup (path + 1);
}

static void
fetch_from_s3 (PracticeCall         *call,
               PracticeDistribution *distribution,
               JsonObject           *origin,
               const char           *uri,
               PracticeAnswer       *answer)
{
  const char *domain = practice_property_string (origin, "DomainName");
  const char *end = strstr (domain, ".s3");
  g_autofree char *bucket = end ? g_strndup (domain, end - domain) : NULL;
  g_autofree char *key = object_key (distribution, origin, uri);
  g_autoptr(PracticeObject) object = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_signed = signs (call->practice, origin);

  if (key == NULL)
    answer_s3_error (answer, 400, "InvalidURI", "Couldn't parse the specified URI.", NULL);
  else if (bucket == NULL || !practice_s3_bucket_exists (call->practice, bucket))
    answer_s3_error (answer, 404, "NoSuchBucket", "The specified bucket does not exist", NULL);
  else if (*key == '\0' || !is_signed || !practice_s3_edge_allowed (call->practice, bucket, key, "s3:GetObject", distribution->arn))
    answer_s3_error (answer, 403, "AccessDenied", "Access Denied", NULL);
  else if (!(object = practice_s3_lookup (call->practice, bucket, key)))
    {
      if (practice_s3_edge_allowed (call->practice, bucket, NULL, "s3:ListBucket", distribution->arn))
        answer_s3_error (answer, 404, "NoSuchKey", "The specified key does not exist.", key);
      else
        answer_s3_error (answer, 403, "AccessDenied", "Access Denied", NULL);
    }
  else if (!(answer->body = practice_object_dup_body (call->practice, object, &error)))
    {
      g_warning ("An object can’t be read: %s", error->message);
      answer_s3_error (answer, 500, "InternalError", "We encountered an internal error. Please try again.", NULL);
    }
  else
    {
      set_object_headers (answer, object);
    }
}

/* ---- the API ---- */

static SoupMessageHeaders *
headers_for_origin (PracticeCall        *call,
                    JsonObject          *behavior,
                    JsonObject          *origin,
                    PracticeEdgeRequest *request)
{
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  gboolean all = g_strcmp0 (practice_property_string (behavior, "OriginRequestPolicyId"), ALL_VIEWER_EXCEPT_HOST) == 0;
  JsonArray *custom = aws_json_get_array (origin, "OriginCustomHeaders");
  const char *before = soup_message_headers_get_list (request->headers, "X-Forwarded-For");
  const char *address = soup_server_message_get_remote_host (call->message);
  g_autofree char *forwarded = before ? g_strdup_printf ("%s, %s", before, address) : g_strdup (address);
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, request->headers);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (g_ascii_strcasecmp (name, "Host") != 0 && g_ascii_strcasecmp (name, "Connection") != 0 &&
        (all || g_ascii_strcasecmp (name, "Content-Type") == 0))
      soup_message_headers_append (headers, name, value);

  if (!all)
    soup_message_headers_replace (headers, "User-Agent", "Amazon CloudFront");
  soup_message_headers_replace (headers, "Host", practice_property_string (origin, "DomainName"));
  soup_message_headers_replace (headers, "X-Forwarded-For", forwarded);
  soup_message_headers_replace (headers, "X-Forwarded-Port", "443");
  soup_message_headers_replace (headers, "X-Forwarded-Proto", "https");
  soup_message_headers_replace (headers, "Via", "1.1 practice.cloudfront.net (CloudFront)");
  soup_message_headers_replace (headers, "X-Amz-Cf-Id", call->request_id);
  for (guint i = 0; custom && i < json_array_get_length (custom); i++)
    {
      JsonObject *header = aws_json_array_get_object (custom, i);

      soup_message_headers_replace (headers, practice_property_string (header, "HeaderName"), practice_property_string (header, "HeaderValue"));
    }

  return headers;
}

static void
fetch_from_api (PracticeCall        *call,
                JsonObject          *behavior,
                JsonObject          *origin,
                PracticeEdgeRequest *request,
                PracticeAnswer      *answer)
{
  gboolean all = g_strcmp0 (practice_property_string (behavior, "OriginRequestPolicyId"), ALL_VIEWER_EXCEPT_HOST) == 0;
  g_autofree char *api = NULL, *region = NULL;
  g_autoptr(SoupMessageHeaders) headers = NULL;
  PracticeApiRequest asked = { NULL, };

  if (!practice_api_parse_host (practice_property_string (origin, "DomainName"), &api, &region) || region == NULL)
    {
      practice_edge_refuse (answer, 502, "CloudFront wasn't able to resolve the origin domain name. The practice cloud reaches buckets and HTTP APIs of its own only.");
      return;
    }

  headers = headers_for_origin (call, behavior, origin, request);
  asked.region = region;
  asked.api_id = api;
  asked.method = call->method;
  asked.raw_path = request->uri;
  asked.raw_query = all ? request->query : NULL;
  asked.headers = headers;
  asked.body = call->body;
  asked.too_large = call->body_too_large;
  asked.source_ip = soup_server_message_get_remote_host (call->message);
  asked.request_id = call->request_id;
  practice_api_answer (call->practice, &asked, answer);
}

static void
fetch (PracticeCall         *call,
       PracticeDistribution *distribution,
       JsonObject           *behavior,
       PracticeEdgeRequest  *request,
       PracticeAnswer       *answer)
{
  JsonObject *origin = find_origin (distribution, behavior);

  if (origin && aws_json_get_object (origin, "S3OriginConfig"))
    fetch_from_s3 (call, distribution, origin, request->uri, answer);
  else if (origin)
    fetch_from_api (call, behavior, origin, request, answer);
  else
    practice_edge_refuse (answer, 502, "The origin of this path does not exist.");
}

/* ---- errors ---- */

static JsonObject *
find_error_response (PracticeDistribution *distribution,
                     guint                 status)
{
  JsonArray *list = aws_json_get_array (distribution->config, "CustomErrorResponses");

  for (guint i = 0; list && i < json_array_get_length (list); i++)
    {
      JsonObject *response = aws_json_array_get_object (list, i);

      if (practice_property_int (response, "ErrorCode", 0) == status && practice_property_string (response, "ResponsePagePath"))
        return response;
    }

  return NULL;
}

/* The distribution's own page in the place of an origin's error. It is fetched as its path says, but not for a visitor:
 * the function is not asked. When it is missing, the error stays what it was. */
static void
replace_error (PracticeCall         *call,
               PracticeDistribution *distribution,
               PracticeAnswer       *answer)
{
  JsonObject *response = find_error_response (distribution, answer->status);
  const char *path = response ? practice_property_string (response, "ResponsePagePath") : NULL;
  JsonObject *behavior = path ? choose_behavior (distribution, path) : NULL;
  JsonObject *origin = behavior ? find_origin (distribution, behavior) : NULL;
  g_auto(PracticeAnswer) page = { 0, };

  if (origin == NULL || !aws_json_get_object (origin, "S3OriginConfig"))
    return;

  practice_answer_init (&page);
  fetch_from_s3 (call, distribution, origin, path, &page);
  if (page.status != 200)
    return;

  page.status = practice_property_int (response, "ResponseCode", answer->status);
  practice_answer_clear (answer);
  *answer = page;
  answer->cache_result = "Error from cloudfront";
  memset (&page, 0, sizeof page);
}

/* ---- one request ---- */

static const char *
find_function (JsonObject *behavior)
{
  JsonArray *associations = aws_json_get_array (behavior, "FunctionAssociations");

  for (guint i = 0; associations && i < json_array_get_length (associations); i++)
    {
      JsonObject *association = aws_json_array_get_object (associations, i);

      if (g_strcmp0 (practice_property_string (association, "EventType"), "viewer-request") == 0)
        return practice_property_string (association, "FunctionARN");
    }

  return NULL;
}

static void
copy_headers (SoupMessageHeaders *from,
              SoupMessageHeaders *to)
{
  SoupMessageHeadersIter iter;
  const char *name, *value;

  soup_message_headers_iter_init (&iter, from);
  while (soup_message_headers_iter_next (&iter, &name, &value))
    soup_message_headers_append (to, name, value);
}

/* What CloudWatch knows of a distribution. Rates are the mean of hundreds and zeros. */
static void
count_visit (PracticeCall         *call,
             PracticeDistribution *distribution)
{
  guint status = soup_server_message_get_status (call->message);
  const struct { const char *name, *unit; double value; } counts[] = {
    { "Requests", "None", 1 },
    { "BytesDownloaded", "None", soup_server_message_get_response_body (call->message)->length },
    { "BytesUploaded", "None", call->body != NULL ? g_bytes_get_size (call->body) : 0 },
    { "4xxErrorRate", "Percent", status >= 400 && status < 500 ? 100 : 0 },
    { "5xxErrorRate", "Percent", status >= 500 ? 100 : 0 },
    { "TotalErrorRate", "Percent", status >= 400 ? 100 : 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    practice_metric_add (call->practice, "us-east-1", "AWS/CloudFront", counts[i].name, counts[i].unit, counts[i].value,
                         "DistributionId", distribution->id, "Region", "Global", NULL);
}

static void
serve (PracticeCall         *call,
       PracticeDistribution *distribution)
{
  JsonObject *behavior = choose_behavior (distribution, call->raw_path);
  const char *function = find_function (behavior);
  g_auto(PracticeAnswer) answer = { 0, };
  g_auto(PracticeEdgeRequest) request = { NULL, };
  PracticeEdgeOutcome outcome = PRACTICE_EDGE_GO_ON;
  guint fault = practice_faults_visit (call);

  if (call->answered)
    return;

  practice_answer_init (&answer);
  if (fault != 0)
    practice_edge_refuse (&answer, fault, "This fault was asked for.");
  if (fault != 0 || !check_method (call, behavior, &answer))
    {
      practice_edge_deliver (call, distribution, behavior, &answer);
      return;
    }

  request.method = call->method;
  request.uri = g_strdup (call->raw_path);
  request.query = g_strdup (call->raw_query);
  request.headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  copy_headers (call->headers, request.headers);

  if (function)
    outcome = practice_edge_run_function (call, distribution, function, &request, &answer);

  if (outcome == PRACTICE_EDGE_THROWN)
    {
      practice_edge_refuse (&answer, 503, "The CloudFront function associated with the CloudFront distribution is invalid or could not run.");
      answer.cache_result = "FunctionExecutionError from cloudfront";
    }
  else if (outcome == PRACTICE_EDGE_INVALID)
    {
      practice_edge_refuse (&answer, 502, "The CloudFront function tried to add, delete, or change something that is not allowed, or returned an invalid value.");
    }
  else if (outcome == PRACTICE_EDGE_GO_ON)
    {
      fetch (call, distribution, behavior, &request, &answer);
      if (answer.status >= 400)
        replace_error (call, distribution, &answer);
    }

  practice_edge_deliver (call, distribution, behavior, &answer);
}

static void
answer_refusal (PracticeCall *call,
                guint         status,
                const char   *text)
{
  g_auto(PracticeAnswer) answer = { 0, };

  practice_answer_init (&answer);
  practice_edge_refuse (&answer, status, text);
  practice_edge_deliver (call, NULL, NULL, &answer);
}

static void
visit_distribution (PracticeCall         *call,
                    PracticeDistribution *distribution)
{
  if (!practice_property_bool (distribution->config, "Enabled", FALSE))
    {
      answer_refusal (call, SOUP_STATUS_FORBIDDEN, DISABLED_TEXT);

      return;
    }

  serve (call, distribution);
  count_visit (call, distribution);
}

static void
serve_api (PracticeCall *call,
           const char   *api,
           const char   *region)
{
  g_auto(PracticeAnswer) answer = { 0, };
  PracticeApiRequest asked = { NULL, };

  practice_answer_init (&answer);
  asked.region = region ? region : call->practice->region;
  asked.api_id = api;
  asked.method = call->method;
  asked.raw_path = call->raw_path;
  asked.raw_query = call->raw_query;
  asked.headers = call->headers;
  asked.body = call->body;
  asked.too_large = call->body_too_large;
  asked.source_ip = soup_server_message_get_remote_host (call->message);
  asked.request_id = call->request_id;
  practice_api_answer (call->practice, &asked, &answer);
  practice_edge_deliver (call, NULL, NULL, &answer);
}

/* What a visitor finds whom the DNS leads somewhere else: a page in the place of another company's server, or of a
 * browser's own. */
static void
answer_from_elsewhere (PracticeCall *call,
                       guint         status,
                       const char   *server,
                       const char   *title,
                       const char   *format,
                       ...)
{
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *page = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);

  escaped = g_markup_escape_text (text, -1);
  page = g_strdup_printf ("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
                          "<meta name=\"color-scheme\" content=\"light dark\"><title>%s</title></head>"
                          "<body style=\"font:1.1em system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em\"><h1>%s</h1><p>%s</p></body></html>\n",
                          title, title, escaped);
  practice_call_set_header (call, "Server", server);
  practice_call_set_header (call, "Cache-Control", "no-store");
  practice_call_answer_text (call, status, "text/html; charset=utf-8", page);
}

static void
forward (PracticeCall *call,
         const char   *target)
{
  gsize length = strlen (target) - (g_str_has_suffix (target, ".") ? 1 : 0);
  g_autofree char *location = NULL;

  location = g_strdup_printf ("http://%.*s:%u%s%s%s", (int) length, target, call->practice->port, call->raw_path,
                              call->raw_query != NULL ? "?" : "", call->raw_query != NULL ? call->raw_query : "");
  practice_call_set_header (call, "Server", "Pretended Names");
  practice_call_set_header (call, "Location", location);
  practice_call_answer_empty (call, SOUP_STATUS_MOVED_PERMANENTLY);
}

/* A browser would see it before anything else, with TLS. */
static gboolean
check_certificate (PracticeCall         *call,
                   PracticeDistribution *distribution)
{
  JsonObject *certificate = aws_json_get_object (distribution->config, "ViewerCertificate");
  const char *arn = certificate != NULL ? practice_property_string (certificate, "AcmCertificateArn") : NULL;
  const char * const names[] = { call->host, NULL };

  if (arn != NULL && practice_acm_is_usable (call->practice, arn, names))
    return TRUE;

  answer_from_elsewhere (call, SOUP_STATUS_BAD_GATEWAY, "Practice Internet", "This Connection Is Not Private",
                         "The certificate of %s is no longer valid. Browsers warn here, and open nothing.", call->host);

  return FALSE;
}

/* What CloudFront answers for a name that no distribution here has */
static void
visit_other_account (PracticeCall *call)
{
  gboolean disabled;

  if (practice_cloudfront_is_claimed (call->practice, call->host, &disabled) && !disabled)
    answer_from_elsewhere (call, SOUP_STATUS_OK, "CloudFront", "Another Site",
                           "%s is served by a distribution of another account.", call->host);
  else
    answer_refusal (call, SOUP_STATUS_FORBIDDEN, UNKNOWN_TEXT);
}

/* A name of the owner's own: whether a visitor gets here at all is the DNS's business. */
static void
visit_name (PracticeCall         *call,
            PracticeDistribution *distribution)
{
  g_autofree char *text = NULL;

  switch (practice_internet_visit (call->practice, call->host, &text))
    {
    case PRACTICE_VISIT_EDGE:
      if (distribution == NULL)
        visit_other_account (call);
      else if (check_certificate (call, distribution))
        visit_distribution (call, distribution);
      break;

    case PRACTICE_VISIT_PARKED:
      answer_from_elsewhere (call, SOUP_STATUS_OK, "Pretended Names", "This Domain Is Parked",
                             "%s was bought at Pretended Names. Its owner has not put anything here yet.", call->host);
      break;

    case PRACTICE_VISIT_FORWARDED:
      forward (call, text);
      break;

    case PRACTICE_VISIT_ELSEWHERE:
      answer_from_elsewhere (call, SOUP_STATUS_BAD_GATEWAY, "Practice Internet", "Another Computer",
                             "%s points to %s, which is a computer somewhere else. Visitors don’t get to a site of this account.",
                             call->host, text);
      break;

    case PRACTICE_VISIT_NOWHERE:
      answer_from_elsewhere (call, SOUP_STATUS_BAD_GATEWAY, "Practice Internet", "This Site Can’t Be Reached", "%s: %s", call->host, text);
      break;

    case PRACTICE_VISIT_NOBODY:
    default:
      answer_refusal (call, SOUP_STATUS_NOT_FOUND, NOT_FOUND_TEXT);
      break;
    }
}

static void
handle (PracticeCall *call)
{
  g_autoptr(PracticeDistribution) distribution = practice_cloudfront_lookup_host (call->practice, call->host);
  g_autofree char *api = NULL, *region = NULL, *own = NULL;

  if (distribution != NULL)
    own = g_strconcat (distribution->label, ".localhost", NULL);

  if (practice_api_parse_host (call->host, &api, &region))
    serve_api (call, api, region);
  else if (g_strcmp0 (own, call->host) == 0)
    visit_distribution (call, distribution);
  else
    visit_name (call, distribution);
}

gboolean
practice_edge_init (Practice  *practice,
                    GError   **error)
{
  practice_register_hosts (practice, owns, handle);

  return TRUE;
}

void
practice_edge_shutdown (Practice *practice)
{
  practice_edge_forget_functions ();
  practice_api_shutdown (practice);
}
