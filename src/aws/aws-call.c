/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "aws-checksum.h"
#include "aws-client-private.h"
#include "aws-error-private.h"
#include "aws-file-stream.h"
#include "aws-request-private.h"
#include "aws-response-private.h"
#include "aws-signer.h"
#include "aws-soup.h"

/* Services refuse signatures that are five minutes off; below half a minute nothing is corrected */
#define SKEW_LIMIT  (4 * 60 * G_USEC_PER_SEC)
#define SKEW_IGNORE (30 * G_USEC_PER_SEC)

/* How one request is sent: again and again until it succeeds or there is no point in it. */
typedef struct
{
  AwsClient      *client;
  AwsRequest     *request;
  char           *region;

  guint           attempts;
  guint           retries;
  int             taken;
  gboolean        clock_corrected;
  gboolean        redirected;
  gboolean        renewed;

  /* of the attempt underway */
  AwsCredentials *credentials;
  AwsResponse    *response;
  char           *host;
  SoupMessage    *message;      /* NULL when it went to a lane */
  GInputStream   *stream;
  gint64          began;
  gint64          signed_at;
  guint64         sent;
} AwsCall;

static void
aws_call_clear_attempt (AwsCall *self)
{
  g_clear_pointer (&self->credentials, aws_credentials_unref);
  g_clear_pointer (&self->response, aws_response_unref);
  if (self->message != NULL)
    g_signal_handlers_disconnect_by_data (self->message, self);
  g_clear_object (&self->message);
  g_clear_object (&self->stream);
  g_clear_pointer (&self->host, g_free);
  self->sent = 0;
}

static void
aws_call_clear (gpointer data)
{
  AwsCall *self = data;

  aws_call_clear_attempt (self);
  g_clear_object (&self->client);
  g_clear_pointer (&self->request, aws_request_unref);
  g_clear_pointer (&self->region, g_free);
}

static void
aws_call_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, aws_call_clear);
}

static gboolean
is_s3 (AwsCall *self)
{
  return g_str_equal (self->request->service->id, "s3");
}

/* Names with dots don't fit the certificate of the host */
static gboolean
is_virtual_host (AwsCall *self,
                 GUri    *endpoint)
{
  return self->request->bucket != NULL && endpoint == NULL && strchr (self->request->bucket, '.') == NULL;
}

static char *
dup_path (AwsCall *self,
          GUri    *endpoint)
{
  AwsRequest *request = self->request;
  g_autofree char *prefix = g_strdup (endpoint != NULL ? g_uri_get_path (endpoint) : "");

  for (gsize length = strlen (prefix); length > 0 && prefix[length - 1] == '/'; length--)
    prefix[length - 1] = '\0';

  if (request->bucket == NULL || is_virtual_host (self, endpoint))
    return g_strconcat (prefix, request->path, NULL);

  return g_strconcat (prefix, "/", request->bucket, g_str_equal (request->path, "/") ? "" : request->path, NULL);
}

static GUri *
build_uri (AwsCall  *self,
           GError  **error)
{
  AwsRequest *request = self->request;
  const char *query = request->query->len > 0 ? request->query->str : NULL;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GUri) endpoint = NULL;
  g_autofree char *bare = NULL;
  g_autofree char *host = NULL;
  g_autofree char *path = NULL;

  endpoint = aws_client_dup_endpoint (self->client, request->service, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  path = dup_path (self, endpoint);
  if (endpoint != NULL)
    return g_uri_build (SOUP_HTTP_URI_FLAGS, g_uri_get_scheme (endpoint), NULL, g_uri_get_host (endpoint),
                        g_uri_get_port (endpoint), path, query, NULL);

  if (!aws_region_is_valid (self->region) && !g_str_equal (self->region, "*"))
    {
      g_autofree char *message = g_strdup_printf ("“%s” is not a region", self->region);

      g_propagate_error (error, aws_error_new (AWS_ERROR_INVALID, NULL, message, 0, NULL));
      return NULL;
    }

  bare = aws_service_dup_host (request->service, self->region);
  host = is_virtual_host (self, endpoint)
         ? g_strconcat (request->bucket, ".", bare, NULL)
         : g_strconcat (request->host_prefix != NULL ? request->host_prefix : "", bare, NULL);

  return g_uri_build (SOUP_HTTP_URI_FLAGS, "https", NULL, host, -1, path, query, NULL);
}

static char *
dup_authority (GUri *uri)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri);
  int usual = g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
  g_autofree char *shown = strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_ascii_strdown (host, -1);

  return port == -1 || port == usual ? g_steal_pointer (&shown) : g_strdup_printf ("%s:%d", shown, port);
}

static AwsHeaders *
sign (AwsCall *self,
      GUri    *uri)
{
  AwsRequest *request = self->request;
  g_autoptr(AwsHeaders) headers = aws_headers_copy (request->headers);
  g_autofree char *authority = dup_authority (uri);
  g_autoptr(GDateTime) time = NULL;
  AwsSigningRequest signing;

  aws_signing_request_init (&signing, request->service->version, request->service->signing_name);
  self->signed_at = g_get_real_time () + self->client->transport->clock_offset;
  time = g_date_time_new_from_unix_utc_usec (self->signed_at);

  aws_headers_set (headers, "Host", authority);
  signing.method = request->method;
  signing.path = g_uri_get_path (uri);
  signing.query = g_uri_get_query (uri);
  signing.headers = headers;
  signing.payload_hash = aws_request_get_payload_hash (request);
  signing.region = self->region;
  signing.time = time;
  if (is_s3 (self))
    aws_headers_set (headers, "X-Amz-Content-Sha256", signing.payload_hash ? signing.payload_hash : AWS_PAYLOAD_EMPTY);

  if (!request->is_unsigned)
    aws_sign_headers (&signing, self->credentials);

  return g_steal_pointer (&headers);
}

static void
set_body (AwsCall *self)
{
  AwsRequest *request = self->request;
  guint64 length = aws_request_get_length (request);

  g_clear_object (&self->stream);
  self->sent = 0;

  if (length == 0)
    {
      if (g_str_equal (request->method, "PUT") || g_str_equal (request->method, "POST"))
        soup_message_headers_set_content_length (soup_message_get_request_headers (self->message), 0);
    }
  else
    {
      self->stream = aws_request_open_body (request);
      soup_message_set_request_body (self->message, NULL, self->stream, length);
    }
}

static void
wrote (guint64  length,
       gpointer user_data)
{
  AwsCall *self = user_data;

  self->sent += length;
  self->client->bytes_sent += length;

  if (self->request->progress != NULL)
    self->request->progress (self->sent, aws_request_get_length (self->request), self->request->progress_data);
}

static void
message_wrote_body_data_cb (SoupMessage *message,
                            guint        length,
                            AwsCall     *self)
{
  wrote (length, self);
}

static void
message_restarted_cb (SoupMessage *message,
                      AwsCall     *self)
{
  set_body (self);
}

static SoupMessage *
make_message (AwsCall  *self,
              GError  **error)
{
  AwsRequest *request = self->request;
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(AwsHeaders) headers = NULL;
  SoupMessageHeaders *message_headers;
  g_autoptr(GUri) uri = NULL;

  uri = build_uri (self, error);
  if (uri == NULL)
    return NULL;

  headers = sign (self, uri);
  message = soup_message_new_from_uri (request->method, uri);
  if (message == NULL)
    {
      g_propagate_error (error, aws_error_new (AWS_ERROR_INVALID, NULL, "The address is not valid", 0, NULL));
      return NULL;
    }

  /* Calls that may be tried again can be repeated, by a token if need be. What is not called so gets a new connection for
   * each POST, so that libsoup has no reason to send it twice. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE);
  if (request->attempts > 1)
    soup_message_add_flags (message, SOUP_MESSAGE_IDEMPOTENT);
  message_headers = soup_message_get_request_headers (message);
  for (guint i = 0; i < aws_headers_get_length (headers); i++)
    soup_message_headers_append (message_headers, aws_headers_get_name (headers, i), aws_headers_get_value (headers, i));
  g_set_str (&self->host, g_uri_get_host (uri));

  return g_steal_pointer (&message);
}

/* Time of the service against the time half-way between request and answer. Whole seconds are sent. What stands between
 * this computer and the service may have any time; a service is known by the number it gives requests or by its errors. */
static gboolean
learn_clock (AwsCall      *self,
             const GError *error,
             gint64       *server_time)
{
  const char *date = aws_response_get_header (self->response, "Date");
  gint64 now = g_get_real_time ();
  g_autoptr(GDateTime) time = NULL;
  GTimeSpan offset;

  if (date == NULL ||
      (aws_response_get_request_id (self->response) == NULL && (error == NULL || aws_error_get_code_string (error) == NULL)) ||
      !(time = aws_time_parse (date)))
    return FALSE;

  *server_time = g_date_time_to_unix (time) * G_USEC_PER_SEC + G_USEC_PER_SEC / 2;
  offset = *server_time - (self->began + (now - self->began) / 2);
  self->client->transport->clock_offset = ABS (offset) < SKEW_IGNORE ? 0 : offset;

  return TRUE;
}

static gboolean
has_error_in_200 (AwsCall *self)
{
  g_autoptr(AwsXml) xml = NULL;

  if (!self->request->error_in_200 || g_bytes_get_size (aws_response_get_body (self->response)) == 0)
    return FALSE;

  xml = aws_response_load_xml (self->response, NULL);

  return xml == NULL || g_str_equal (aws_xml_node_get_name (aws_xml_get_root (xml)), "Error");
}

static gboolean
has_wrong_sum (AwsCall *self)
{
  const char *sum = aws_response_get_header (self->response, "x-amz-crc32");
  GBytes *body = aws_response_get_body (self->response);
  guint64 expected;

  return sum != NULL &&
         g_ascii_string_to_unsigned (sum, 10, 0, G_MAXUINT32, &expected, NULL) &&
         expected != aws_crc32 (0, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
}

static void
hide (GString    *message,
      const char *secret)
{
  if (secret != NULL && *secret != '\0')
    g_string_replace (message, secret, "…", 0);
}

/* Some services repeat what should have been signed in their sentence, the session token included */
static void
hide_secrets (AwsCall *self,
              GError  *error)
{
  GString *message = g_string_new (error->message);

  if (self->credentials != NULL)
    {
      hide (message, aws_credentials_get_session_token (self->credentials));
      hide (message, aws_credentials_get_secret_access_key (self->credentials));
    }
  hide (message, aws_headers_lookup (self->request->headers, "x-amz-sso_bearer_token"));

  g_free (error->message);
  error->message = g_string_free (message, FALSE);
}

static DexFuture *
answered (DexFuture *completed,
          gpointer   user_data)
{
  AwsCall *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  guint status;

  self->response = g_value_dup_boxed (value);
  self->client->bytes_received += aws_response_get_length (self->response);
  status = aws_response_get_status (self->response);

  if (has_wrong_sum (self))
    return dex_future_new_for_error (aws_error_new (AWS_ERROR_CHECKSUM, "InternalError",
                                                    "The answer was damaged on the way", status,
                                                    aws_response_get_request_id (self->response)));

  if (!SOUP_STATUS_IS_SUCCESSFUL (status) || has_error_in_200 (self))
    {
      GError *error = aws_error_new_for_response (self->response);

      hide_secrets (self, error);
      g_debug ("%s %s: %s (%u, request %s)", self->request->service->id, self->request->method,
               aws_error_get_code_string (error), status, aws_error_get_request_id (error));

      return dex_future_new_for_error (error);
    }

  return NULL;
}

static DexFuture *
not_answered (DexFuture *completed,
              gpointer   user_data)
{
  AwsCall *self = user_data;
  g_autoptr(GError) failure = NULL;
  const GError *file_error;

  dex_future_get_value (completed, &failure);

  file_error = AWS_IS_FILE_STREAM (self->stream) ? aws_file_stream_get_error (AWS_FILE_STREAM (self->stream)) : NULL;
  if (file_error != NULL)
    return dex_future_new_for_error (g_error_copy (file_error));

  return dex_future_new_for_error (aws_error_new_for_failure (failure, self->host));
}

static DexFuture *
send_prepared (AwsCall *self)
{
  AwsTransport *transport = self->client->transport;
  SoupMessage *message;
  GError *error = NULL;
  DexFuture *future;

  message = make_message (self, &error);
  if (message == NULL)
    return dex_future_new_for_error (error);

  self->attempts++;
  self->client->n_requests++;
  self->began = g_get_real_time ();

  if (aws_lanes_take (self->request))
    {
      future = aws_lanes_send (transport->lanes, transport->session, self->request, message,
                               wrote, g_atomic_rc_box_acquire (self), aws_call_unref);
    }
  else
    {
      self->message = message;
      set_body (self);
      g_signal_connect (message, "wrote-body-data", G_CALLBACK (message_wrote_body_data_cb), self);
      g_signal_connect (message, "restarted", G_CALLBACK (message_restarted_cb), self);
      future = aws_soup_send (transport->session, message, self->request->output);
    }

  future = dex_future_catch (future, not_answered, g_atomic_rc_box_acquire (self), aws_call_unref);

  return dex_future_then (future, answered, g_atomic_rc_box_acquire (self), aws_call_unref);
}

static DexFuture *
send_signed (DexFuture *completed,
             gpointer   user_data)
{
  AwsCall *self = user_data;

  self->credentials = g_value_dup_boxed (dex_future_get_value (completed, NULL));

  return send_prepared (self);
}

static DexFuture *
send_attempt (AwsCall *self)
{
  if (self->request->is_unsigned)
    return send_prepared (self);

  if (self->client->provider == NULL)
    return dex_future_new_for_error (aws_error_new (AWS_ERROR_CREDENTIALS, NULL, "There are no credentials", 0, NULL));

  return dex_future_then (aws_credentials_provider_load (self->client->provider),
                          send_signed,
                          g_atomic_rc_box_acquire (self), aws_call_unref);
}

static DexFuture *
place_came (DexFuture *completed,
            gpointer   user_data)
{
  return send_attempt (user_data);
}

/* Attempts wait for their place in what the service takes from the account, also those that are repeated */
static DexFuture *
begin_attempt (AwsCall *self)
{
  AwsPace *pace = aws_transport_get_pace (self->client->transport, self->request->service);
  gint64 delay = pace != NULL ? aws_pace_take (pace, g_get_monotonic_time ()) : 0;

  aws_call_clear_attempt (self);
  if (delay <= 0)
    return send_attempt (self);

  return dex_future_finally (dex_timeout_new_usec (delay), place_came, g_atomic_rc_box_acquire (self), aws_call_unref);
}

static DexFuture *
paused (DexFuture *completed,
        gpointer   user_data)
{
  return begin_attempt (user_data);
}

static DexFuture *
begin_after (AwsCall *self,
             gint64   delay)
{
  return dex_future_finally (dex_timeout_new_usec (delay),
                             paused,
                             g_atomic_rc_box_acquire (self), aws_call_unref);
}

static gboolean
is_clock_error (AwsCall      *self,
                const GError *error)
{
  static const char * const codes[] = {
    "RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure",
    "AccessDeniedException", "RequestExpired", "RequestInTheFuture", NULL,
  };
  const char *code_string = aws_error_get_code_string (error);

  /* An answer to HEAD has no body to name the error in */
  if (code_string == NULL)
    return aws_error_get_status (error) == 403 && g_str_equal (self->request->method, "HEAD");

  return g_strv_contains (codes, code_string);
}

/* Whether the request went to a region where the bucket is not. The answer to HEAD has no body that could say so. */
static gboolean
is_elsewhere (AwsCall      *self,
              const GError *error)
{
  return g_error_matches (error, AWS_ERROR, AWS_ERROR_WRONG_REGION) ||
         (aws_error_get_status (error) == 400 && aws_error_get_code_string (error) == NULL &&
          g_str_equal (self->request->method, "HEAD"));
}

/* Where the bucket is, if that is what the answer says */
static char *
dup_right_region (AwsCall *self)
{
  g_autoptr(AwsXml) xml = NULL;
  g_autofree char *region = NULL;

  region = g_strdup (aws_response_get_header (self->response, "x-amz-bucket-region"));
  if (region == NULL && (xml = aws_response_load_xml (self->response, NULL)))
    region = aws_xml_node_dup_text (aws_xml_get_root (xml), "Region");

  if (region == NULL || !aws_region_is_valid (region) || g_str_equal (region, self->region))
    return NULL;

  return g_steal_pointer (&region);
}

/* Whether something was learned from the answer that makes another attempt right away worth it */
static gboolean
can_correct (AwsCall      *self,
             const GError *error)
{
  g_autofree char *region = NULL;
  gint64 server_time;

  if (self->response == NULL)
    return FALSE;

  if (learn_clock (self, error, &server_time) && !self->clock_corrected && is_clock_error (self, error) &&
      ABS (server_time - self->signed_at) > SKEW_LIMIT)
    {
      g_debug ("The clock is off by %" G_GINT64_FORMAT " s", self->client->transport->clock_offset / G_USEC_PER_SEC);
      return self->clock_corrected = TRUE;
    }

  if (!self->redirected && is_s3 (self) && self->request->bucket != NULL &&
      is_elsewhere (self, error) && (region = dup_right_region (self)))
    {
      g_hash_table_insert (self->client->transport->buckets, g_strdup (self->request->bucket), g_strdup (region));
      g_set_str (&self->region, region);
      return self->redirected = TRUE;
    }

  if (!self->renewed && self->credentials != NULL && g_error_matches (error, AWS_ERROR, AWS_ERROR_EXPIRED) &&
      aws_credentials_provider_reject (self->client->provider, self->credentials))
    return self->renewed = TRUE;

  return FALSE;
}

/* In milliseconds; the plain header has seconds */
static char *
dup_retry_after (AwsCall *self)
{
  const char *text;
  guint64 seconds;

  if (self->response == NULL)
    return NULL;

  if ((text = aws_response_get_header (self->response, "x-amz-retry-after")))
    return g_strdup (text);

  if ((text = aws_response_get_header (self->response, "Retry-After")) &&
      g_ascii_string_to_unsigned (text, 10, 0, 3600, &seconds, NULL))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, seconds * 1000);

  return NULL;
}

static AwsRetryKind
classify (const GError *error)
{
  const char *code_string = aws_error_get_code_string (error);
  guint status = aws_error_get_status (error);

  if (!aws_error_is_retryable (error))
    return AWS_RETRY_NONE;

  return status == 0 ? AWS_RETRY_TRANSIENT : aws_retry_classify (code_string, status);
}

static DexFuture *
attempted (DexFuture *completed,
           gpointer   user_data)
{
  AwsCall *self = user_data;
  const AwsService *service = self->request->service;
  AwsRetryBucket *bucket = aws_transport_get_retries (self->client->transport, service, self->region);
  g_autoptr(GError) error = NULL;
  g_autofree char *retry_after = NULL;
  AwsRetryKind kind;
  gint64 server_time;

  if (dex_future_get_value (completed, &error) != NULL)
    {
      learn_clock (self, NULL, &server_time);
      aws_retry_bucket_give (bucket, self->taken);
      return NULL;
    }

  if (can_correct (self, error))
    return begin_attempt (self);

  kind = classify (error);
  if (kind == AWS_RETRY_THROTTLING || aws_error_get_status (error) == 503)
    self->client->n_throttled++;

  /* This code means a quota more often than haste */
  if (kind == AWS_RETRY_NONE || self->attempts >= self->request->attempts ||
      (self->retries > 0 && g_error_matches (error, AWS_ERROR, AWS_ERROR_LIMIT)) ||
      !(self->taken = aws_retry_bucket_take (bucket, kind)))
    return NULL;

  retry_after = dup_retry_after (self);

  return begin_after (self, aws_retry_delay (kind, self->retries++, service->delay * 1000, retry_after));
}

static AwsCall *
aws_call_new (AwsClient  *client,
              AwsRequest *request)
{
  AwsCall *self = g_atomic_rc_box_new0 (AwsCall);
  const char *known = NULL;

  self->client = g_object_ref (client);
  self->request = aws_request_ref (request);

  if (request->bucket != NULL)
    known = g_hash_table_lookup (client->transport->buckets, request->bucket);
  if (request->service->region != NULL)
    self->region = g_strdup (request->service->region);
  else
    self->region = g_strdup (known != NULL ? known : request->region != NULL ? request->region : client->region);

  return self;
}

/* Only the host is signed: whoever has the address sends no other headers. */
static char *
dup_signed_address (AwsCall         *self,
                    AwsCredentials  *credentials,
                    guint            seconds,
                    GError         **error)
{
  AwsRequest *request = self->request;
  g_autoptr(AwsHeaders) headers = aws_headers_new ();
  g_autoptr(GDateTime) time = NULL;
  g_autoptr(GUri) uri = NULL;
  g_autofree char *authority = NULL;
  g_autofree char *query = NULL;
  AwsSigningRequest signing;

  uri = build_uri (self, error);
  if (uri == NULL)
    return NULL;

  authority = dup_authority (uri);
  time = g_date_time_new_from_unix_utc_usec (g_get_real_time () + self->client->transport->clock_offset);
  aws_headers_set (headers, "Host", authority);
  aws_signing_request_init (&signing, request->service->version, request->service->signing_name);
  signing.method = request->method;
  signing.path = g_uri_get_path (uri);
  signing.query = g_uri_get_query (uri);
  signing.headers = headers;
  signing.payload_hash = is_s3 (self) ? "UNSIGNED-PAYLOAD" : NULL;
  signing.region = self->region;
  signing.time = time;
  signing.expires = seconds;
  query = aws_sign_query (&signing, credentials);

  return g_strdup_printf ("%s://%s%s?%s", g_uri_get_scheme (uri), authority, g_uri_get_path (uri), query);
}

typedef struct
{
  AwsCall *call;
  guint    seconds;
} Presigning;

static void
presigning_free (gpointer data)
{
  Presigning *self = data;

  aws_call_unref (self->call);
  g_free (self);
}

static DexFuture *
presign (DexFuture *completed,
         gpointer   user_data)
{
  Presigning *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  GError *error = NULL;
  char *address = dup_signed_address (self->call, g_value_get_boxed (value), self->seconds, &error);

  return address != NULL ? dex_future_new_take_string (address) : dex_future_new_for_error (error);
}

/* Resolves to the address of @request, signed for @seconds (1 to 604800). Nothing is sent. */
DexFuture *
aws_call_presign (AwsClient  *client,
                  AwsRequest *request,
                  guint       seconds)
{
  Presigning *self;

  if (client->provider == NULL)
    return dex_future_new_for_error (aws_error_new (AWS_ERROR_CREDENTIALS, NULL, "There are no credentials", 0, NULL));

  self = g_new0 (Presigning, 1);
  self->call = aws_call_new (client, request);
  self->seconds = seconds;

  return dex_future_then (aws_credentials_provider_load (client->provider), presign, self, presigning_free);
}

/* Sends @request, as often as makes sense. */
DexFuture *
aws_call_run (AwsClient  *client,
              AwsRequest *request)
{
  AwsCall *self = aws_call_new (client, request);

  return dex_future_finally_loop (begin_attempt (self), attempted, self, aws_call_unref);
}
