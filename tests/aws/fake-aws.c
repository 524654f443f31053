/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fake-aws.h"

#include <libsoup/soup.h>
#include <string.h>

#include "aws-checksum.h"
#include "aws-signer.h"

/* Longer bodies are only summed up */
#define KEPT (1024 * 1024)

typedef struct
{
  guint   status;
  char   *headers;
  GBytes *body;
  char   *raw;
  gboolean hang;
} Answer;

typedef struct
{
  char       *method;
  char       *path;
  char       *query;
  AwsHeaders *headers;
  GString    *body;
  guint64     length;
  AwsDigest  *digest;
  char       *sha256;
} Request;

struct _FakeAws
{
  GObject     parent_instance;

  SoupServer *server;
  char       *endpoint;
  GQueue      answers;
  GPtrArray  *requests;
  GHashTable *connections;
  gboolean    expects_unsigned;
};

G_DEFINE_FINAL_TYPE (FakeAws, fake_aws, G_TYPE_OBJECT)

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_free (answer->headers);
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_free (answer->raw);
  g_free (answer);
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->method);
  g_free (request->path);
  g_free (request->query);
  g_clear_pointer (&request->headers, aws_headers_unref);
  g_string_free (request->body, TRUE);
  aws_digest_free (request->digest);
  g_free (request->sha256);
  g_free (request);
}

static void
check_signature (Request *request)
{
  const char *value = aws_headers_lookup (request->headers, "Authorization");
  const char *time = aws_headers_lookup (request->headers, "X-Amz-Date");
  const char *hash = aws_headers_lookup (request->headers, "X-Amz-Content-Sha256");
  const char *region_set = aws_headers_lookup (request->headers, "X-Amz-Region-Set");
  g_autoptr(AwsAuthorization) authorization = NULL;
  g_autoptr(GDateTime) date_time = NULL;
  g_autoptr(GError) error = NULL;
  AwsSigningRequest signing;

  g_assert_nonnull (value);
  g_assert_nonnull (time);
  authorization = aws_authorization_new_for_header (value, &error);
  g_assert_no_error (error);
  date_time = aws_signing_time_parse (time);
  g_assert_nonnull (date_time);
  if (hash != NULL && !g_str_equal (hash, AWS_PAYLOAD_UNSIGNED))
    g_assert_cmpstr (hash, ==, request->sha256);

  aws_signing_request_init (&signing, aws_authorization_get_version (authorization),
                            aws_authorization_get_service (authorization));
  signing.method = request->method;
  signing.path = request->path;
  signing.query = request->query;
  signing.headers = request->headers;
  signing.payload_hash = hash != NULL ? hash : request->sha256;
  signing.region = region_set;
  signing.time = date_time;
  g_assert_true (aws_verify_request (&signing, authorization, FAKE_AWS_SECRET, NULL, NULL));
}

static void
answer_raw (SoupServerMessage *message,
            const char        *text)
{
  g_autoptr(GIOStream) connection = soup_server_message_steal_connection (message);

  g_output_stream_write_all (g_io_stream_get_output_stream (connection), text, strlen (text), NULL, NULL, NULL);
  g_io_stream_close (connection, NULL, NULL);
}

static void
answer_message (SoupServerMessage *message,
                Answer            *answer)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_auto(GStrv) lines = g_strsplit (answer->headers != NULL ? answer->headers : "", "\n", -1);

  soup_server_message_set_status (message, answer->status, NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *colon = strchr (lines[i], ':');

      if (colon != NULL)
        {
          *colon = '\0';
          soup_message_headers_replace (headers, lines[i], g_strstrip (colon + 1));
        }
    }
  if (answer->body != NULL && g_bytes_get_size (answer->body) > 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (message), answer->body);
}

static void
handler (SoupServer        *server,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           user_data)
{
  FakeAws *self = user_data;
  Request *request = g_object_get_data (G_OBJECT (message), "request");
  Answer *answer = g_queue_pop_head (&self->answers);

  request->sha256 = aws_digest_finish_hex (request->digest);
  if (self->expects_unsigned)
    g_assert_null (aws_headers_lookup (request->headers, "Authorization"));
  else
    check_signature (request);

  if (answer == NULL)
    {
      soup_server_message_set_status (message, 200, NULL);
      return;
    }

  if (answer->hang)
    soup_server_message_pause (message);
  else if (answer->raw != NULL)
    answer_raw (message, answer->raw);
  else
    answer_message (message, answer);

  answer_free (answer);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              Request           *request)
{
  gsize length;
  const char *data = g_bytes_get_data (chunk, &length);

  request->length += length;
  aws_digest_update (request->digest, data, length);
  if (request->body->len + length <= KEPT)
    g_string_append_len (request->body, data, length);
}

static void
early_handler (SoupServer        *server,
               SoupServerMessage *message,
               const char        *path,
               GHashTable        *query,
               gpointer           user_data)
{
  FakeAws *self = user_data;
  Request *request = g_new0 (Request, 1);
  GUri *uri = soup_server_message_get_uri (message);
  SoupMessageHeadersIter iter;
  const char *name, *value;
  GSocketAddress *remote;

  request->method = g_strdup (soup_server_message_get_method (message));
  request->path = g_strdup (g_uri_get_path (uri));
  request->query = g_strdup (g_uri_get_query (uri));
  request->headers = aws_headers_new ();
  request->body = g_string_new (NULL);
  request->digest = aws_digest_new ("SHA256");
  soup_message_headers_iter_init (&iter, soup_server_message_get_request_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    aws_headers_append (request->headers, name, value);
  g_ptr_array_add (self->requests, request);

  g_object_set_data (G_OBJECT (message), "request", request);
  remote = soup_server_message_get_remote_address (message);
  g_hash_table_add (self->connections, GUINT_TO_POINTER (g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (remote))));
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), request);
}

static void
fake_aws_dispose (GObject *object)
{
  FakeAws *self = FAKE_AWS (object);

  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (fake_aws_parent_class)->dispose (object);
}

static void
fake_aws_finalize (GObject *object)
{
  FakeAws *self = FAKE_AWS (object);

  g_queue_clear_full (&self->answers, answer_free);
  g_clear_pointer (&self->requests, g_ptr_array_unref);
  g_clear_pointer (&self->connections, g_hash_table_unref);
  g_clear_pointer (&self->endpoint, g_free);

  G_OBJECT_CLASS (fake_aws_parent_class)->finalize (object);
}

static void
fake_aws_class_init (FakeAwsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = fake_aws_dispose;
  G_OBJECT_CLASS (klass)->finalize = fake_aws_finalize;
}

static void
fake_aws_init (FakeAws *self)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  g_queue_init (&self->answers);
  self->requests = g_ptr_array_new_with_free_func (request_free);
  self->connections = g_hash_table_new (NULL, NULL);
  self->server = soup_server_new ("raw-paths", TRUE, NULL);
  soup_server_add_early_handler (self->server, NULL, early_handler, self, NULL);
  soup_server_add_handler (self->server, NULL, handler, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (self->server);
  self->endpoint = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

FakeAws *
fake_aws_new (void)
{
  return g_object_new (FAKE_TYPE_AWS, NULL);
}

const char *
fake_aws_get_endpoint (FakeAws *self)
{
  return self->endpoint;
}

AwsClient *
fake_aws_new_client (FakeAws *self)
{
  g_autoptr(AwsCredentials) credentials = aws_credentials_new (FAKE_AWS_KEY, FAKE_AWS_SECRET, "session-token", NULL);
  g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (credentials);
  AwsClient *client = aws_client_new (provider, FAKE_AWS_REGION);

  aws_client_set_endpoint (client, NULL, self->endpoint);

  return client;
}

static Answer *
push_answer (FakeAws    *self,
             guint       status,
             const char *headers)
{
  Answer *answer = g_new0 (Answer, 1);

  answer->status = status;
  answer->headers = g_strdup (headers);
  g_queue_push_tail (&self->answers, answer);

  return answer;
}

void
fake_aws_answer (FakeAws    *self,
                 guint       status,
                 const char *headers,
                 const char *body)
{
  Answer *answer = push_answer (self, status, headers);

  answer->body = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
}

void
fake_aws_answer_bytes (FakeAws    *self,
                       guint       status,
                       const char *headers,
                       GBytes     *body)
{
  push_answer (self, status, headers)->body = g_bytes_ref (body);
}

void
fake_aws_answer_raw (FakeAws    *self,
                     const char *text)
{
  push_answer (self, 0, NULL)->raw = g_strdup (text);
}

void
fake_aws_expect_unsigned (FakeAws *self)
{
  self->expects_unsigned = TRUE;
}

void
fake_aws_hang (FakeAws *self)
{
  push_answer (self, 0, NULL)->hang = TRUE;
}

guint
fake_aws_get_n_requests (FakeAws *self)
{
  return self->requests->len;
}

guint
fake_aws_get_n_connections (FakeAws *self)
{
  return g_hash_table_size (self->connections);
}

static Request *
get_request (FakeAws *self,
             guint    index)
{
  g_assert_cmpuint (index, <, self->requests->len);

  return g_ptr_array_index (self->requests, index);
}

const char *
fake_aws_get_method (FakeAws *self,
                     guint    index)
{
  return get_request (self, index)->method;
}

const char *
fake_aws_get_path (FakeAws *self,
                   guint    index)
{
  return get_request (self, index)->path;
}

const char *
fake_aws_get_query (FakeAws *self,
                    guint    index)
{
  return get_request (self, index)->query;
}

const char *
fake_aws_get_header (FakeAws    *self,
                     guint       index,
                     const char *name)
{
  return aws_headers_lookup (get_request (self, index)->headers, name);
}

const char *
fake_aws_get_body (FakeAws *self,
                   guint    index)
{
  return get_request (self, index)->body->str;
}

guint64
fake_aws_get_body_length (FakeAws *self,
                          guint    index)
{
  return get_request (self, index)->length;
}

const char *
fake_aws_get_body_sha256 (FakeAws *self,
                          guint    index)
{
  return get_request (self, index)->sha256;
}

void
fake_aws_assert_gone (AwsClient *client)
{
  gpointer pointer = client;

  g_object_add_weak_pointer (G_OBJECT (client), &pointer);
  g_object_unref (client);
  for (guint i = 0; i < 1000 && pointer != NULL; i++)
    dex_await (dex_timeout_new_msec (10), NULL);
  g_assert_null (pointer);
}
