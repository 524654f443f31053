/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A way to a server that takes time: what is said arrives half of MILLISECONDS later, in both directions, and a new
 * connection is there one whole later. As much as comes is underway at once. It prints its address, and ends with its
 * standard input. bench-relay PORT MILLISECONDS */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#define PIECE   (64 * 1024)
#define WAITING (8 * 1024 * 1024)

typedef struct
{
  gint64 due;
  gsize  length;        /* 0: the end */
  gsize  sent;
  char   data[];
} Piece;

/* One direction of a connection */
typedef struct
{
  int      from;
  int      to;
  GQueue   pieces;
  gsize    waiting;
  gint64   not_before;
  gboolean ended;       /* nothing more comes */
  gboolean closed;      /* nothing more is to be said */
} Way;

typedef struct
{
  Way forth;
  Way back;
} Connection;

static gint64 delay;

static void
take_in (Way *way)
{
  static char data[PIECE];
  gssize length = recv (way->from, data, sizeof data, MSG_DONTWAIT);
  Piece *piece;

  if (length < 0 && errno == EAGAIN)
    return;

  length = MAX (length, 0);
  piece = g_malloc (sizeof (Piece) + length);
  piece->due = MAX (g_get_monotonic_time () + delay / 2, way->not_before);
  piece->length = length;
  piece->sent = 0;
  memcpy (piece->data, data, length);
  way->ended = length == 0;
  way->waiting += length;
  g_queue_push_tail (&way->pieces, piece);
}

static void
give_out (Way    *way,
          gint64  now)
{
  Piece *piece;

  while ((piece = g_queue_peek_head (&way->pieces)) != NULL && piece->due <= now)
    {
      gssize sent = piece->length > 0 ? send (way->to, piece->data + piece->sent, piece->length - piece->sent,
                                              MSG_NOSIGNAL | MSG_DONTWAIT)
                                      : 0;

      if (sent < 0 && errno == EAGAIN)
        return;

      if (piece->length == 0 || sent < 0)
        {
          shutdown (way->to, SHUT_WR);
          way->ended = way->closed = TRUE;
        }
      else if ((piece->sent += sent) < piece->length)
        {
          way->waiting -= sent;
          continue;
        }
      else
        {
          way->waiting -= sent;
        }
      g_free (g_queue_pop_head (&way->pieces));
    }
}

static Connection *
connection_new (int listener,
                int port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK), .sin_port = htons (port) };
  Connection *self = g_new0 (Connection, 1);
  int client = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  int server = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int yes = 1;

  if (connect (server, (struct sockaddr *) &address, sizeof address) != 0)
    g_error ("The server does not answer");

  setsockopt (client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt (server, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  self->forth = (Way) { .from = client, .to = server, .not_before = g_get_monotonic_time () + delay * 3 / 2 };
  self->back = (Way) { .from = server, .to = client };

  return self;
}

static void
connection_free (gpointer data)
{
  Connection *self = data;

  close (self->forth.from);
  close (self->forth.to);
  g_queue_clear_full (&self->forth.pieces, g_free);
  g_queue_clear_full (&self->back.pieces, g_free);
  g_free (self);
}

/* What a socket is watched for: something to take in from it, and room for what is due */
static void
watch (GArray *files,
       Way    *in,
       Way    *out,
       gint64  now,
       gint64 *next)
{
  struct pollfd file = { .fd = in->from };
  const Piece *piece = g_queue_peek_head (&out->pieces);

  if (!in->ended && in->waiting < WAITING)
    file.events |= POLLIN;
  if (piece != NULL && piece->due <= now)
    file.events |= POLLOUT;
  else if (piece != NULL)
    *next = MIN (*next, piece->due);
  if (file.events == 0)
    file.fd = -1;
  g_array_append_val (files, file);
}

static void
serve (int listener,
       int port)
{
  g_autoptr(GPtrArray) connections = g_ptr_array_new_with_free_func (connection_free);
  g_autoptr(GArray) files = g_array_new (FALSE, TRUE, sizeof (struct pollfd));

  for (;;)
    {
      struct pollfd own[2] = { { .fd = listener, .events = POLLIN }, { .fd = STDIN_FILENO, .events = POLLIN } };
      gint64 now = g_get_monotonic_time ();
      gint64 next = G_MAXINT64;
      struct timespec limit = { .tv_sec = 3600 };

      g_array_set_size (files, 0);
      g_array_append_vals (files, own, 2);
      for (guint i = 0; i < connections->len; i++)
        {
          Connection *connection = g_ptr_array_index (connections, i);

          watch (files, &connection->forth, &connection->back, now, &next);
          watch (files, &connection->back, &connection->forth, now, &next);
        }

      if (next != G_MAXINT64)
        limit = (struct timespec) { .tv_sec = (next - now) / G_USEC_PER_SEC, .tv_nsec = (next - now) % G_USEC_PER_SEC * 1000 };
      if (ppoll ((struct pollfd *) files->data, files->len, &limit, NULL) < 0 && errno != EINTR)
        return;
      if (g_array_index (files, struct pollfd, 1).revents != 0)
        return;

      now = g_get_monotonic_time ();
      for (guint i = connections->len; i-- > 0;)
        {
          Connection *connection = g_ptr_array_index (connections, i);

          if ((g_array_index (files, struct pollfd, 2 + 2 * i).revents & ~POLLOUT) != 0)
            take_in (&connection->forth);
          if ((g_array_index (files, struct pollfd, 3 + 2 * i).revents & ~POLLOUT) != 0)
            take_in (&connection->back);
          give_out (&connection->forth, now);
          give_out (&connection->back, now);
          if (connection->back.closed)
            g_ptr_array_remove_index_fast (connections, i);
        }
      if (g_array_index (files, struct pollfd, 0).revents != 0)
        g_ptr_array_add (connections, connection_new (listener, port));
    }
}

int
main (int    argc,
      char **argv)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (argc != 3)
    return 2;

  delay = atoi (argv[2]) * G_GINT64_CONSTANT (1000);
  if (bind (listener, (struct sockaddr *) &address, sizeof address) != 0 || listen (listener, 512) != 0 ||
      getsockname (listener, (struct sockaddr *) &address, &length) != 0)
    g_error ("No server");

  printf ("http://127.0.0.1:%d\n", ntohs (address.sin_port));
  fflush (stdout);
  serve (listener, atoi (argv[1]));

  return 0;
}
