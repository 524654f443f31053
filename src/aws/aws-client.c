/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-client-private.h"

#include <string.h>

#include "aws-error-private.h"
#include "aws-profile.h"
#include "aws-soup.h"

#define CONNECTIONS_PER_HOST 64
#define CONNECTIONS          256

/**
 * AwsClient:
 *
 * Sends requests: signs them, tries again where that makes sense, follows a bucket to its region, corrects for a wrong
 * clock, and turns answers that are errors into errors. To be used from the main thread.
 */
G_DEFINE_FINAL_TYPE (AwsClient, aws_client, G_TYPE_OBJECT)

static void
aws_transport_clear (AwsTransport *self)
{
  g_clear_object (&self->session);
  g_clear_pointer (&self->lanes, aws_lanes_close);
  g_clear_pointer (&self->endpoints, g_hash_table_unref);
  g_clear_pointer (&self->buckets, g_hash_table_unref);
  g_clear_pointer (&self->retries, g_hash_table_unref);
  g_clear_pointer (&self->paces, g_hash_table_unref);
  g_clear_pointer (&self->turns, aws_turns_unref);
}

static AwsTransport *
aws_transport_new (void)
{
  AwsTransport *self = g_atomic_rc_box_new0 (AwsTransport);

  self->session = aws_soup_session_new (CONNECTIONS, CONNECTIONS_PER_HOST);
  self->lanes = aws_lanes_new ();
  self->endpoints = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->retries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->paces = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) aws_pace_free);
  self->turns = aws_turns_new ();

  return self;
}

/* The bucket that pays for retries of a service in a region. */
AwsRetryBucket *
aws_transport_get_retries (AwsTransport     *self,
                           const AwsService *service,
                           const char       *region)
{
  g_autofree char *key = g_strdup_printf ("%s %s", service->id, region);
  AwsRetryBucket *bucket = g_hash_table_lookup (self->retries, key);

  if (bucket == NULL)
    {
      bucket = aws_retry_bucket_new ();
      g_hash_table_insert (self->retries, g_steal_pointer (&key), bucket);
    }

  return bucket;
}

/* The pace of requests to a service, or NULL if it needs none. */
AwsPace *
aws_transport_get_pace (AwsTransport     *self,
                        const AwsService *service)
{
  AwsPace *pace = g_hash_table_lookup (self->paces, service->id);

  if (pace == NULL && (pace = aws_pace_new_for_service (service->id)))
    g_hash_table_insert (self->paces, (gpointer) service->id, pace);

  return pace;
}

/* The queues of work that must not be done side by side. */
AwsTurns *
aws_transport_get_turns (AwsTransport *self)
{
  return self->turns;
}

static void
aws_client_finalize (GObject *object)
{
  AwsClient *self = AWS_CLIENT (object);

  if (self->transport != NULL)
    g_atomic_rc_box_release_full (g_steal_pointer (&self->transport), (GDestroyNotify) aws_transport_clear);
  g_clear_object (&self->provider);
  g_clear_pointer (&self->region, g_free);

  G_OBJECT_CLASS (aws_client_parent_class)->finalize (object);
}

static void
aws_client_class_init (AwsClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = aws_client_finalize;
}

static void
aws_client_init (AwsClient *self)
{
}

/**
 * aws_client_new:
 * @provider: (nullable): where credentials come from; with %NULL only requests without a signature can be sent
 * @region: the region of requests that name none
 *
 * Makes a client with connections of its own.
 *
 * Returns: (transfer full): the client
 */
AwsClient *
aws_client_new (AwsCredentialsProvider *provider,
                const char             *region)
{
  AwsClient *self;

  g_return_val_if_fail (provider == NULL || AWS_IS_CREDENTIALS_PROVIDER (provider), NULL);
  g_return_val_if_fail (region != NULL, NULL);

  self = g_object_new (AWS_TYPE_CLIENT, NULL);
  self->transport = aws_transport_new ();
  self->provider = provider != NULL ? g_object_ref (provider) : NULL;
  self->region = g_strdup (region);

  return self;
}

/**
 * aws_client_copy:
 * @self: a client
 * @provider: (nullable): other credentials, or %NULL for the same
 * @region: (nullable): another region, or %NULL for the same
 *
 * Makes a client that shares connections, endpoints and what was learned about the clock with @self,
 * but counts for itself.
 *
 * Returns: (transfer full): the client
 */
AwsClient *
aws_client_copy (AwsClient              *self,
                 AwsCredentialsProvider *provider,
                 const char             *region)
{
  AwsClient *copy;

  g_return_val_if_fail (AWS_IS_CLIENT (self), NULL);
  g_return_val_if_fail (provider == NULL || AWS_IS_CREDENTIALS_PROVIDER (provider), NULL);

  copy = g_object_new (AWS_TYPE_CLIENT, NULL);
  copy->transport = g_atomic_rc_box_acquire (self->transport);
  copy->provider = provider != NULL ? g_object_ref (provider) : self->provider != NULL ? g_object_ref (self->provider) : NULL;
  copy->region = g_strdup (region != NULL ? region : self->region);

  return copy;
}

/**
 * aws_client_get_provider:
 * @self: a client
 *
 * Returns: (transfer none) (nullable): where credentials come from
 */
AwsCredentialsProvider *
aws_client_get_provider (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), NULL);

  return self->provider;
}

/**
 * aws_client_get_region:
 * @self: a client
 *
 * Returns: (transfer none): the region of requests that name none
 */
const char *
aws_client_get_region (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), NULL);

  return self->region;
}

/**
 * aws_client_set_endpoint:
 * @self: a client
 * @service: (nullable): a service, or %NULL for all that have no endpoint of their own
 * @url: (nullable): the address to send to, or %NULL for the usual one
 *
 * Sends to another address than that of AWS. A path in it comes before that of each request.
 */
void
aws_client_set_endpoint (AwsClient  *self,
                         const char *service,
                         const char *url)
{
  const char *key = service != NULL ? service : "";

  g_return_if_fail (AWS_IS_CLIENT (self));
  g_return_if_fail (service == NULL || aws_service_find (service) != NULL);

  if (url != NULL && *url != '\0')
    g_hash_table_insert (self->transport->endpoints, g_strdup (key), g_strdup (url));
  else
    g_hash_table_remove (self->transport->endpoints, key);
}

/**
 * aws_client_get_endpoint:
 * @self: a client
 * @service: (nullable): a service, or %NULL for what is set for all
 *
 * Returns: (transfer none) (nullable): the address that was set, or %NULL for the usual one
 */
const char *
aws_client_get_endpoint (AwsClient  *self,
                         const char *service)
{
  const char *url = NULL;

  g_return_val_if_fail (AWS_IS_CLIENT (self), NULL);

  if (service != NULL)
    url = g_hash_table_lookup (self->transport->endpoints, service);

  return url != NULL ? url : g_hash_table_lookup (self->transport->endpoints, "");
}

static void
use_authorities (AwsClient  *self,
                 const char *path)
{
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) error = NULL;

  database = g_tls_file_database_new (path, &error);
  if (database == NULL)
    g_warning ("The certificates in %s can't be used: %s", path, error->message);
  else
    soup_session_set_tls_database (self->transport->session, database);
}

static gboolean
ignores_configured_endpoints (AwsProfile *profile)
{
  const char *ignore = g_getenv ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");

  if (ignore == NULL && profile != NULL)
    ignore = aws_profile_lookup (profile, "ignore_configured_endpoint_urls");

  return ignore != NULL && g_ascii_strcasecmp (ignore, "true") == 0;
}

/**
 * aws_client_set_environment_endpoints:
 * @self: a client
 *
 * Takes over `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>` and `AWS_CA_BUNDLE` from the environment, unless
 * `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is set.
 */
void
aws_client_set_environment_endpoints (AwsClient *self)
{
  const char *authorities = g_getenv ("AWS_CA_BUNDLE");
  const AwsService *services;
  const char *url;
  guint n_services;

  g_return_if_fail (AWS_IS_CLIENT (self));

  if (authorities != NULL && *authorities != '\0')
    use_authorities (self, authorities);

  if (ignores_configured_endpoints (NULL))
    return;

  if ((url = g_getenv ("AWS_ENDPOINT_URL")))
    aws_client_set_endpoint (self, NULL, url);

  services = aws_service_list (&n_services);
  for (guint i = 0; i < n_services; i++)
    {
      g_autofree char *name = g_strconcat ("AWS_ENDPOINT_URL_", services[i].environment, NULL);

      if ((url = g_getenv (name)))
        aws_client_set_endpoint (self, services[i].id, url);
    }
}

static char *
dup_settings_name (const AwsService *service)
{
  return g_ascii_strdown (service->environment, -1);
}

/**
 * aws_client_set_profile_endpoints:
 * @self: a client
 * @name: (nullable): a profile of the shared files, or %NULL for the one that the environment names
 *
 * Takes over what a profile says about endpoints, for each service and for all, and `ca_bundle`. What is set already,
 * by the environment for example, stays.
 */
void
aws_client_set_profile_endpoints (AwsClient  *self,
                                  const char *name)
{
  g_autoptr(AwsProfile) profile = NULL;
  const char *authorities = g_getenv ("AWS_CA_BUNDLE");
  const AwsService *services;
  const char *url;
  guint n_services;

  g_return_if_fail (AWS_IS_CLIENT (self));

  profile = aws_profile_new (name);
  if ((authorities == NULL || *authorities == '\0') && (authorities = aws_profile_lookup (profile, "ca_bundle")))
    use_authorities (self, authorities);

  if (ignores_configured_endpoints (profile) || g_hash_table_contains (self->transport->endpoints, ""))
    return;

  services = aws_service_list (&n_services);
  for (guint i = 0; i < n_services; i++)
    {
      g_autofree char *service = dup_settings_name (&services[i]);

      url = aws_profile_lookup_service (profile, service, "endpoint_url");
      if (url != NULL && !g_hash_table_contains (self->transport->endpoints, services[i].id))
        aws_client_set_endpoint (self, services[i].id, url);
    }

  if ((url = aws_profile_lookup (profile, "endpoint_url")))
    aws_client_set_endpoint (self, NULL, url);
}

/* The address that was set for a service: %NULL without an error if there is none. */
GUri *
aws_client_dup_endpoint (AwsClient         *self,
                         const AwsService  *service,
                         GError           **error)
{
  const char *url = aws_client_get_endpoint (self, service->id);
  g_autoptr(GUri) uri = NULL;

  if (url == NULL)
    return NULL;

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      (!g_str_equal (g_uri_get_scheme (uri), "http") && !g_str_equal (g_uri_get_scheme (uri), "https")))
    {
      g_autofree char *message = g_strdup_printf ("“%s” is not the address of a server", url);

      g_propagate_error (error, aws_error_new (AWS_ERROR_INVALID, NULL, message, 0, NULL));
      return NULL;
    }

  return g_steal_pointer (&uri);
}

/**
 * aws_client_dup_address:
 * @self: a client
 * @service: the id of a service
 * @path: a path, encoded
 *
 * Finds the address to which requests for @path of @service go, for what is opened in a browser or signed as a text.
 *
 * Returns: (transfer full): the address
 */
char *
aws_client_dup_address (AwsClient  *self,
                        const char *service,
                        const char *path)
{
  const AwsService *found;
  const char *url;
  g_autofree char *base = NULL;

  g_return_val_if_fail (AWS_IS_CLIENT (self), NULL);
  g_return_val_if_fail (service != NULL && path != NULL, NULL);

  found = aws_service_find (service);
  g_return_val_if_fail (found != NULL, NULL);

  if ((url = aws_client_get_endpoint (self, service)) != NULL)
    {
      base = g_strdup (url);
    }
  else
    {
      g_autofree char *host = aws_service_dup_host (found, found->region != NULL ? found->region : self->region);

      base = g_strconcat ("https://", host, NULL);
    }

  while (g_str_has_suffix (base, "/"))
    base[strlen (base) - 1] = '\0';

  return g_strconcat (base, path, NULL);
}

/**
 * aws_client_set_timeout:
 * @self: a client
 * @seconds: how long a connection may be silent
 *
 * Sets when a request that gets no answer is given up, for all clients that share the connections.
 */
void
aws_client_set_timeout (AwsClient *self,
                        guint      seconds)
{
  g_return_if_fail (AWS_IS_CLIENT (self));

  soup_session_set_timeout (self->transport->session, seconds);
}

/**
 * aws_client_get_request_count:
 * @self: a client
 *
 * Returns: how many requests were sent, each attempt counted
 */
guint64
aws_client_get_request_count (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), 0);

  return self->n_requests;
}

/**
 * aws_client_get_throttle_count:
 * @self: a client
 *
 * Returns: how often a service asked to be asked less, also where trying again helped
 */
guint64
aws_client_get_throttle_count (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), 0);

  return self->n_throttled;
}

/**
 * aws_client_get_bytes_sent:
 * @self: a client
 *
 * Returns: how many bytes of bodies were sent
 */
guint64
aws_client_get_bytes_sent (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), 0);

  return self->bytes_sent;
}

/**
 * aws_client_get_bytes_received:
 * @self: a client
 *
 * Returns: how many bytes of bodies were received
 */
guint64
aws_client_get_bytes_received (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), 0);

  return self->bytes_received;
}

/**
 * aws_client_get_clock_offset:
 * @self: a client
 *
 * Returns: how far the clock of this computer is behind that of the services, in microseconds; 0 if it is about right
 */
GTimeSpan
aws_client_get_clock_offset (AwsClient *self)
{
  g_return_val_if_fail (AWS_IS_CLIENT (self), 0);

  return self->transport->clock_offset;
}

/**
 * aws_client_send:
 * @self: a client
 * @request: what to send
 *
 * Sends a request, again if need be. Letting go of the future cancels it.
 *
 * Returns: (transfer full): resolves to an [struct@AwsResponse] that is a success, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_client_send (AwsClient  *self,
                 AwsRequest *request)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (self));
  dex_return_error_if_fail (request != NULL);

  return aws_call_run (self, request);
}
