/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "raw-server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct _RawServer
{
  int       listener;
  int       stop[2];
  char     *endpoint;
  GThread  *thread;

  GMutex    lock;
  GCond     ended;
  guint     n_visits;
  GBytes   *answer;
  gboolean  keeps_open;
  gboolean  hangs_up;
  guint     n_connections;
  char     *request;
};

/* FALSE when the server is to stop */
static gboolean
wait_readable (RawServer *self,
               int        file)
{
  struct pollfd files[] = { { .fd = file, .events = POLLIN }, { .fd = self->stop[0], .events = POLLIN } };

  while (poll (files, G_N_ELEMENTS (files), -1) < 0)
    ;

  return files[1].revents == 0;
}

static gsize
find_length (const char *head)
{
  g_autofree char *lower = g_ascii_strdown (head, -1);
  const char *length = strstr (lower, "\r\ncontent-length:");

  return length != NULL ? strtoul (length + strlen ("\r\ncontent-length:"), NULL, 10) : 0;
}

/* Reads head and body; FALSE if the client left before */
static gboolean
read_request (RawServer *self,
              int        connection)
{
  g_autoptr(GString) text = g_string_new (NULL);
  const char *end = NULL;
  char buffer[16384];
  gsize wanted = 0;

  while (end == NULL || text->len < wanted)
    {
      gssize length;

      if (!wait_readable (self, connection) || (length = recv (connection, buffer, sizeof buffer, 0)) <= 0)
        return FALSE;
      g_string_append_len (text, buffer, length);
      if (end == NULL && (end = strstr (text->str, "\r\n\r\n")) != NULL)
        {
          gsize head = end + 4 - text->str;
          g_autofree char *only_head = g_strndup (text->str, head);

          wanted = head + find_length (only_head);
          g_mutex_lock (&self->lock);
          g_set_str (&self->request, only_head);
          g_mutex_unlock (&self->lock);
        }
    }

  return TRUE;
}

static void
send_answer (RawServer *self,
             int        connection)
{
  g_autoptr(GBytes) answer = NULL;
  gboolean keeps_open;
  const char *data;
  gsize length;
  char byte;

  g_mutex_lock (&self->lock);
  answer = self->answer != NULL ? g_bytes_ref (self->answer) : NULL;
  keeps_open = self->keeps_open;
  g_mutex_unlock (&self->lock);

  data = answer != NULL ? g_bytes_get_data (answer, &length) : NULL;
  while (data != NULL && length > 0)
    {
      gssize sent = send (connection, data, length, MSG_NOSIGNAL);

      if (sent <= 0)
        break;
      data += sent;
      length -= sent;
    }

  /* Until the client goes, since closing too early may take back what was sent */
  if (!keeps_open)
    shutdown (connection, SHUT_WR);
  while (wait_readable (self, connection) && recv (connection, &byte, 1, 0) > 0)
    ;
}

typedef struct
{
  RawServer *server;
  int        connection;
} Visit;

static gpointer
serve_one (gpointer data)
{
  Visit *visit = data;
  gboolean hangs_up;

  g_mutex_lock (&visit->server->lock);
  hangs_up = visit->server->hangs_up;
  g_mutex_unlock (&visit->server->lock);

  if (!hangs_up && read_request (visit->server, visit->connection))
    send_answer (visit->server, visit->connection);
  close (visit->connection);
  g_mutex_lock (&visit->server->lock);
  visit->server->n_visits--;
  g_cond_signal (&visit->server->ended);
  g_mutex_unlock (&visit->server->lock);
  g_free (visit);

  return NULL;
}

/* Each connection has a thread, since one may stay open while the next begins */
static gpointer
serve (gpointer data)
{
  RawServer *self = data;

  while (wait_readable (self, self->listener))
    {
      int connection = accept (self->listener, NULL, NULL);
      Visit *visit;

      if (connection < 0)
        continue;

      g_mutex_lock (&self->lock);
      self->n_connections++;
      self->n_visits++;
      g_mutex_unlock (&self->lock);
      visit = g_new0 (Visit, 1);
      visit->server = self;
      visit->connection = connection;
      g_thread_unref (g_thread_new ("visit", serve_one, visit));
    }

  g_mutex_lock (&self->lock);
  while (self->n_visits > 0)
    g_cond_wait (&self->ended, &self->lock);
  g_mutex_unlock (&self->lock);

  return NULL;
}

RawServer *
raw_server_new (void)
{
  RawServer *self = g_new0 (RawServer, 1);
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  g_mutex_init (&self->lock);
  g_cond_init (&self->ended);
  self->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (self->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (self->listener, 64), ==, 0);
  g_assert_cmpint (getsockname (self->listener, (struct sockaddr *) &address, &length), ==, 0);
  g_assert_cmpint (pipe (self->stop), ==, 0);
  self->endpoint = g_strdup_printf ("http://127.0.0.1:%d", ntohs (address.sin_port));
  self->thread = g_thread_new ("raw-server", serve, self);

  return self;
}

void
raw_server_free (RawServer *self)
{
  close (self->stop[1]);
  g_thread_join (self->thread);
  close (self->stop[0]);
  close (self->listener);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_clear_pointer (&self->request, g_free);
  g_clear_pointer (&self->endpoint, g_free);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->ended);
  g_free (self);
}

const char *
raw_server_get_endpoint (RawServer *self)
{
  return self->endpoint;
}

void
raw_server_answer (RawServer  *self,
                   const char *bytes,
                   gsize       length,
                   gboolean    keeps_open)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = g_bytes_new (bytes, length);
  self->keeps_open = keeps_open;
}

void
raw_server_hang_up (RawServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->hangs_up = TRUE;
}

guint
raw_server_get_n_connections (RawServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_connections;
}

guint
raw_server_get_n_visits (RawServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_visits;
}

char *
raw_server_dup_request (RawServer *self)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_strdup (self->request);
}
