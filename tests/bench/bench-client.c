/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* What our layer costs over libsoup: 24 KB PUTs to a cheap server in another process, by our client and by a loop that uses
 * libsoup alone and hashes each body once; in the same run, by turns. bench-client [REQUESTS] */

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libdex.h>
#include <libsoup/soup.h>

#include "aws-checksum.h"
#include "aws-s3.h"
#include "aws-signer.h"

#define BODY_SIZE   (24 * 1024)
#define VISITORS    512
#define ROUNDS      5
#define SECRET      "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

/* The server: one thread that reads heads and throws bodies away */

typedef struct
{
  char  head[16384];
  gsize length;
  gsize body;           /* what of the body is still to come */
} Visitor;

static const char answer[] =
  "HTTP/1.1 200 OK\r\nx-amz-request-id: 0123456789ABCDEF\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\n"
  "ETag: \"5d41402abc4b2a76b9719d911017c592\"\r\nContent-Length: 0\r\n\r\n";

static void
read_heads (Visitor *visitor,
            int      file)
{
  char *end;

  while (visitor->body == 0 && (end = memmem (visitor->head, visitor->length, "\r\n\r\n", 4)) != NULL)
    {
      gsize head = end + 4 - visitor->head;
      char *length = memmem (visitor->head, head, "Content-Length: ", 16);
      gsize here;

      visitor->body = length != NULL ? strtoul (length + 16, NULL, 10) : 0;
      here = MIN (visitor->body, visitor->length - head);
      visitor->body -= here;
      visitor->length -= head + here;
      memmove (visitor->head, visitor->head + head + here, visitor->length);
      if (visitor->body == 0 && send (file, answer, sizeof answer - 1, MSG_NOSIGNAL) < 0)
        return;
      if (visitor->body > 0)
        return;
    }
}

static gboolean
serve_visitor (Visitor *visitor,
               int      file)
{
  static char rest[256 * 1024];
  gssize length;

  if (visitor->body > 0)
    {
      length = recv (file, rest, MIN (sizeof rest, visitor->body), 0);
      if (length <= 0)
        return FALSE;
      visitor->body -= length;
      if (visitor->body == 0)
        return send (file, answer, sizeof answer - 1, MSG_NOSIGNAL) >= 0;
      return TRUE;
    }

  length = recv (file, visitor->head + visitor->length, sizeof visitor->head - visitor->length, 0);
  if (length <= 0)
    return FALSE;
  visitor->length += length;
  read_heads (visitor, file);

  return TRUE;
}

static void
serve (int listener)
{
  static struct pollfd files[VISITORS];
  static Visitor visitors[VISITORS];
  nfds_t n_files = 1;

  files[0].fd = listener;
  files[0].events = POLLIN;
  while (poll (files, n_files, -1) > 0)
    {
      for (nfds_t i = n_files; i-- > 1;)
        {
          if (files[i].revents == 0 || serve_visitor (&visitors[i], files[i].fd))
            continue;
          close (files[i].fd);
          n_files--;
          files[i] = files[n_files];
          visitors[i] = visitors[n_files];
        }
      if (files[0].revents != 0 && n_files < VISITORS)
        {
          memset (&visitors[n_files], 0, sizeof visitors[n_files]);
          files[n_files].fd = accept (listener, NULL, NULL);
          files[n_files].events = POLLIN;
          files[n_files].revents = 0;
          n_files++;
        }
    }
}

static char *
start_server (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM, 0);

  if (bind (listener, (struct sockaddr *) &address, sizeof address) != 0 || listen (listener, 256) != 0 ||
      getsockname (listener, (struct sockaddr *) &address, &length) != 0)
    g_error ("No server");

  if (fork () == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      serve (listener);
      _exit (0);
    }
  close (listener);

  return g_strdup_printf ("http://127.0.0.1:%d", ntohs (address.sin_port));
}

/* What one process does */
typedef struct
{
  const char  *endpoint;
  GBytes      *body;
  guint        left;            /* to be begun */
  guint        underway;
  guint        failed;

  AwsClient   *client;
  SoupSession *session;
  GUri        *uri;
} Work;

typedef void (*Begin) (Work  *work,
                       guint  in_flight);

static gboolean put_plain (Work *work);

static void
plain_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  Work *work = user_data;
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, NULL);

  work->underway--;
  if (body == NULL)
    work->failed++;
  put_plain (work);
}

static gboolean
put_plain (Work *work)
{
  g_autoptr(SoupMessage) message = NULL;
  g_autofree char *hash = NULL;

  if (work->left == 0)
    return FALSE;

  work->left--;
  work->underway++;
  hash = aws_sha256_hex (g_bytes_get_data (work->body, NULL), BODY_SIZE);
  message = soup_message_new_from_uri ("PUT", work->uri);
  soup_message_headers_append (soup_message_get_request_headers (message), "X-Amz-Content-Sha256", hash);
  soup_message_set_request_body_from_bytes (message, "text/html", work->body);
  soup_session_send_and_read_async (work->session, message, G_PRIORITY_DEFAULT, NULL, plain_cb, work);

  return TRUE;
}

static void
begin_plain (Work  *work,
             guint  in_flight)
{
  if (work->session == NULL)
    {
      g_autofree char *address = g_strconcat (work->endpoint, "/bucket/releases/20260102-030405-abcdef/index.html", NULL);

      work->session = g_object_new (SOUP_TYPE_SESSION, "max-conns", 256, "max-conns-per-host", 64, NULL);
      work->uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, NULL);
    }
  while (work->underway < in_flight && put_plain (work))
    ;
}

static DexFuture *
put_ours (Work *work)
{
  static const char key[] = "releases/20260102-030405-abcdef/index.html";

  if (work->left == 0)
    return NULL;

  work->left--;
  work->underway++;

  return aws_s3_put_object (work->client, "bucket", key, work->body, NULL);
}

static DexFuture *
ours_done (DexFuture *completed,
           gpointer   user_data)
{
  Work *work = user_data;

  work->underway--;
  if (dex_future_is_rejected (completed))
    work->failed++;

  return put_ours (work);
}

static void
begin_ours (Work  *work,
            guint  in_flight)
{
  if (work->client == NULL)
    {
      g_autoptr(AwsCredentials) credentials = aws_credentials_new ("AKIDEXAMPLE", SECRET, NULL, NULL);
      g_autoptr(AwsCredentialsProvider) provider = aws_static_credentials_new (credentials);

      work->client = aws_client_new (provider, "eu-central-1");
      aws_client_set_endpoint (work->client, NULL, work->endpoint);
    }
  while (work->underway < in_flight && work->left > 0)
    dex_future_disown (dex_future_finally_loop (put_ours (work), ours_done, work, NULL));
}

static double
processor_seconds (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);

  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long
resident_kilobytes (void)
{
  long pages = 0;
  FILE *file = fopen ("/proc/self/statm", "r");

  if (fscanf (file, "%*d %ld", &pages) != 1)
    pages = 0;
  fclose (file);

  return pages * sysconf (_SC_PAGESIZE) / 1024;
}

static void
run (Work  *work,
     Begin  begin,
     guint  in_flight,
     guint  n_requests)
{
  work->left = n_requests;
  begin (work, in_flight);
  while (work->underway > 0)
    g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
}

static void
work_clear (Work *work)
{
  if (work->failed > 0)
    g_error ("%u requests failed", work->failed);
  g_clear_object (&work->client);
  g_clear_object (&work->session);
  g_clear_pointer (&work->uri, g_uri_unref);
  g_clear_pointer (&work->body, g_bytes_unref);
}

static GBytes *
new_body (void)
{
  char *data = g_malloc (BODY_SIZE);

  memset (data, 'x', BODY_SIZE);

  return g_bytes_new_take (data, BODY_SIZE);
}

/* The best of several rounds by turns, since what else runs here disturbs all alike */
static void
compare (const char *endpoint,
         guint       in_flight,
         guint       n_requests)
{
  Begin begins[] = { begin_plain, begin_ours };
  Work works[2] = { { .endpoint = endpoint, .body = new_body () }, { .endpoint = endpoint, .body = new_body () } };
  double processor[2] = { G_MAXDOUBLE, G_MAXDOUBLE };
  double seconds[2] = { G_MAXDOUBLE, G_MAXDOUBLE };

  for (guint i = 0; i < 2; i++)
    run (&works[i], begins[i], in_flight, 200);

  for (guint round = 0; round < ROUNDS; round++)
    {
      for (guint i = 0; i < 2; i++)
        {
          double before = processor_seconds ();
          gint64 began = g_get_monotonic_time ();

          run (&works[i], begins[i], in_flight, n_requests);
          processor[i] = MIN (processor[i], processor_seconds () - before);
          seconds[i] = MIN (seconds[i], (g_get_monotonic_time () - began) / 1e6);
        }
    }
  work_clear (&works[0]);
  work_clear (&works[1]);

  printf ("%9u %8u %12.0f %12.0f %12.1f %12.1f %8.3f\n", 1, in_flight, n_requests / seconds[0], n_requests / seconds[1],
          processor[0] / n_requests * 1e6, processor[1] / n_requests * 1e6, processor[1] / processor[0]);
}

/* One of several processes: what it took is printed for the one that adds it up */
static int
work_alone (const char *who,
            const char *endpoint,
            guint       in_flight,
            guint       n_requests)
{
  Begin begin = g_str_equal (who, "ours") ? begin_ours : begin_plain;
  Work work = { .endpoint = endpoint, .body = new_body () };
  double before;

  run (&work, begin, in_flight, 200);
  before = processor_seconds ();
  run (&work, begin, in_flight, n_requests);
  printf ("%f\n", processor_seconds () - before);
  work_clear (&work);

  return 0;
}

static double
run_processes (const char *who,
               guint       n_processes,
               const char *endpoint,
               guint       n_requests)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *share = g_strdup_printf ("%u", n_requests / n_processes);
  g_autoptr(GPtrArray) processes = g_ptr_array_new_with_free_func (g_object_unref);
  double seconds = 0;

  for (guint i = 0; i < n_processes; i++)
    g_ptr_array_add (processes, g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                                                  program, "--work", who, endpoint, "16", share, NULL));
  for (guint i = 0; i < n_processes; i++)
    {
      g_autofree char *output = NULL;

      if (!g_subprocess_communicate_utf8 (g_ptr_array_index (processes, i), NULL, NULL, &output, NULL, NULL))
        g_error ("A process failed");
      seconds += g_ascii_strtod (output, NULL);
    }

  return seconds;
}

/* Clients belong to the main thread, so several of them are several processes */
static void
compare_processes (const char *endpoint,
                   guint       n_processes,
                   guint       n_requests)
{
  static const char * const who[] = { "plain", "ours" };
  double processor[2] = { G_MAXDOUBLE, G_MAXDOUBLE };
  double seconds[2] = { G_MAXDOUBLE, G_MAXDOUBLE };

  for (guint round = 0; round < ROUNDS; round++)
    {
      for (guint i = 0; i < 2; i++)
        {
          gint64 began = g_get_monotonic_time ();

          processor[i] = MIN (processor[i], run_processes (who[i], n_processes, endpoint, n_requests));
          seconds[i] = MIN (seconds[i], (g_get_monotonic_time () - began) / 1e6);
        }
    }

  printf ("%9u %8u %12.0f %12.0f %12.1f %12.1f %8.3f\n", n_processes, 16, n_requests / seconds[0], n_requests / seconds[1],
          processor[0] / n_requests * 1e6, processor[1] / n_requests * 1e6, processor[1] / processor[0]);
}

static void
measure_signing (AwsSignatureVersion version,
                 guint               n_times)
{
  g_autoptr(AwsCredentials) credentials = aws_credentials_new ("AKIDEXAMPLE", SECRET, NULL, NULL);
  g_autoptr(GDateTime) time = g_date_time_new_now_utc ();
  double before;

  before = processor_seconds ();
  for (guint i = 0; i < n_times; i++)
    {
      g_autoptr(AwsHeaders) headers = aws_headers_new ();
      AwsSigningRequest request;

      aws_signing_request_init (&request, version, version == AWS_SIGNATURE_V4 ? "s3" : "cloudfront-keyvaluestore");
      aws_headers_append (headers, "Host", "bucket.s3.eu-central-1.amazonaws.com");
      aws_headers_append (headers, "Content-Type", "text/html; charset=utf-8");
      aws_headers_append (headers, "Cache-Control", "public, max-age=0");
      aws_headers_append (headers, "X-Amz-Content-Sha256", AWS_PAYLOAD_EMPTY);
      request.method = "PUT";
      request.path = "/releases/20260102-030405-abcdef/index.html";
      request.headers = headers;
      request.payload_hash = AWS_PAYLOAD_EMPTY;
      request.region = version == AWS_SIGNATURE_V4 ? "eu-central-1" : "*";
      request.time = time;
      aws_sign_headers (&request, credentials);
    }
  printf ("Signing with %-7s %8.1f µs\n", version == AWS_SIGNATURE_V4 ? "SigV4:" : "SigV4A:", (processor_seconds () - before) / n_times * 1e6);
}

static void
measure_memory (const char *endpoint)
{
  Work work = { .endpoint = endpoint, .body = new_body () };
  long before;

  run (&work, begin_ours, 16, 1000);
  before = resident_kilobytes ();
  run (&work, begin_ours, 16, 10000);
  printf ("Memory: %ld KB, and %ld KB more after 10000 requests\n", before, resident_kilobytes () - before);
  work_clear (&work);
}

int
main (int    argc,
      char **argv)
{
  guint n_requests = argc > 1 ? (guint) atoi (argv[1]) : 4000;
  g_autofree char *endpoint = NULL;

  if (argc == 6 && g_str_equal (argv[1], "--work"))
    {
      dex_init ();
      return work_alone (argv[2], argv[3], atoi (argv[4]), atoi (argv[5]));
    }

  endpoint = start_server ();

  setvbuf (stdout, NULL, _IOLBF, 0);
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  dex_init ();

  printf ("24 KB PUTs       requests per second     µs of processor each\n"
          "processes in flight      libsoup         ours      libsoup         ours    ratio\n");
  compare (endpoint, 1, n_requests);
  compare (endpoint, 16, n_requests);
  compare (endpoint, 64, n_requests);
  compare_processes (endpoint, 2, n_requests);
  compare_processes (endpoint, 4, n_requests);
  measure_signing (AWS_SIGNATURE_V4, 20000);
  measure_signing (AWS_SIGNATURE_V4A, 2000);
  measure_memory (endpoint);

  return 0;
}
