/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* A store with the protocol of S3 that costs next to nothing, so that what is measured is the client: one thread, everything
 * in memory, no signature looked at, bodies longer than 4 MB thrown away. An ETag is what the client announced as MD5; without
 * that it is one that cannot be taken for an MD5, as those of AWS's encrypted and joined objects. It prints its address, and
 * ends with its standard input. GET /.requests says how many requests came and how the last body was vouched for, and begins to
 * count anew. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#define HEAD_LIMIT  (64 * 1024)
#define KEEP_LIMIT  (4 * 1024 * 1024)
#define PIECE       (256 * 1024)
#define NAMESPACE   "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

typedef struct
{
  char    *headers;     /* as they are answered to HEAD and GET */
  char    *etag;
  GBytes  *body;        /* or NULL when it was thrown away */
  guint64  size;
} Object;

typedef struct
{
  int      file;
  GString *head;
  GString *body;
  GString *answer;
  gsize    answered;
  gsize    head_length; /* of the request whose body comes, or 0 */
  guint64  length;
  guint64  left;
  gboolean waits_for_room;
} Visitor;

typedef struct
{
  const char *head;
  char       *method;
  char       *key;      /* decoded, the bucket first; without a slash in front */
  GHashTable *query;
  Visitor    *visitor;
} Request;

static GTree *objects;          /* "bucket/key" -> Object */
static GHashTable *uploads;     /* id -> size so far */
static guint64 n_requests;
static guint n_etags;
static char *vouched;           /* how the last body with content was */

static void
object_free (gpointer data)
{
  Object *object = data;

  g_free (object->headers);
  g_free (object->etag);
  g_clear_pointer (&object->body, g_bytes_unref);
  g_free (object);
}

static int
compare_keys (gconstpointer a,
              gconstpointer b,
              gpointer      user_data)
{
  return strcmp (a, b);
}

static char *
dup_header (const char *head,
            const char *name)
{
  gsize length = strlen (name);

  for (const char *line = strstr (head, "\r\n"); line != NULL && line[2] != '\r'; line = strstr (line + 2, "\r\n"))
    {
      if (g_ascii_strncasecmp (line + 2, name, length) == 0 && line[2 + length] == ':')
        {
          const char *value = line + 2 + length + 1;

          return g_strstrip (g_strndup (value, strstr (value, "\r\n") - value));
        }
    }

  return NULL;
}

/* What a client stores with an object */
static char *
dup_stored_headers (const char *head)
{
  static const char * const names[] = { "content-type:", "cache-control:", "content-encoding:", "x-amz-meta-" };
  GString *headers = g_string_new (NULL);

  for (const char *line = strstr (head, "\r\n"); line != NULL && line[2] != '\r'; line = strstr (line + 2, "\r\n"))
    {
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          if (g_ascii_strncasecmp (line + 2, names[i], strlen (names[i])) == 0)
            g_string_append_len (headers, line + 2, strstr (line + 2, "\r\n") + 2 - (line + 2));
        }
    }

  return g_string_free (headers, FALSE);
}

static char *
dup_date (gboolean for_header)
{
  char text[64];
  time_t now = time (NULL);
  struct tm broken;

  gmtime_r (&now, &broken);
  strftime (text, sizeof text, for_header ? "%a, %d %b %Y %H:%M:%S GMT" : "%Y-%m-%dT%H:%M:%S.000Z", &broken);

  return g_strdup (text);
}

/* @more: further headers, each with its end of line; @length: what is announced, and sent if there is a @body */
static void
answer (Request    *request,
        guint       status,
        const char *more,
        const char *body,
        guint64     length)
{
  g_autofree char *date = dup_date (TRUE);
  GString *out = request->visitor->answer;

  g_string_append_printf (out, "HTTP/1.1 %u %s\r\nDate: %s\r\nx-amz-request-id: %016" G_GINT64_MODIFIER "X\r\n"
                          "Content-Length: %" G_GUINT64_FORMAT "\r\n%s\r\n", status, status < 300 ? "OK" : "No", date,
                          n_requests, length, more != NULL ? more : "");
  if (body != NULL && !g_str_equal (request->method, "HEAD"))
    g_string_append_len (out, body, length);
}

static void
answer_xml (Request    *request,
            const char *xml)
{
  answer (request, 200, "Content-Type: application/xml\r\n", xml, strlen (xml));
}

static void
answer_error (Request    *request,
              guint       status,
              const char *code)
{
  g_autofree char *xml = g_strdup_printf ("<Error><Code>%s</Code><Message>%s</Message></Error>", code, code);

  answer (request, status, "Content-Type: application/xml\r\n", xml, strlen (xml));
}

static char *
dup_etag (Request *request)
{
  g_autofree char *md5 = dup_header (request->head, "Content-MD5");
  g_autofree guchar *bytes = NULL;
  GString *etag;
  gsize length;

  if (md5 == NULL || !(bytes = g_base64_decode (md5, &length)) || length != 16)
    return g_strdup_printf ("%032x-1", ++n_etags);

  etag = g_string_new (NULL);
  for (gsize i = 0; i < length; i++)
    g_string_append_printf (etag, "%02x", bytes[i]);

  return g_string_free (etag, FALSE);
}

static void
answer_etag (Request    *request,
             const char *etag)
{
  g_autofree char *header = g_strdup_printf ("ETag: \"%s\"\r\n", etag);

  answer (request, 200, header, NULL, 0);
}

static void
copy_object (Request    *request,
             const char *source)
{
  g_autofree char *key = g_uri_unescape_string (*source == '/' ? source + 1 : source, NULL);
  g_autofree char *directive = dup_header (request->head, "x-amz-metadata-directive");
  g_autofree char *date = dup_date (FALSE);
  g_autofree char *xml = NULL;
  const Object *old = key != NULL ? g_tree_lookup (objects, key) : NULL;
  Object *object;

  if (old == NULL)
    {
      answer_error (request, 404, "NoSuchKey");
      return;
    }

  object = g_new0 (Object, 1);
  object->headers = g_strcmp0 (directive, "REPLACE") == 0 ? dup_stored_headers (request->head) : g_strdup (old->headers);
  object->etag = g_strdup (old->etag);
  object->body = old->body != NULL ? g_bytes_ref (old->body) : NULL;
  object->size = old->size;
  xml = g_strdup_printf ("<CopyObjectResult " NAMESPACE "><LastModified>%s</LastModified><ETag>&quot;%s&quot;</ETag></CopyObjectResult>",
                         date, object->etag);
  g_tree_replace (objects, g_strdup (request->key), object);
  answer_xml (request, xml);
}

static gboolean
conditions_hold (Request *request)
{
  const Object *old = g_tree_lookup (objects, request->key);
  g_autofree char *match = dup_header (request->head, "If-Match");
  g_autofree char *none = dup_header (request->head, "If-None-Match");
  g_autofree char *etag = old != NULL ? g_strdup_printf ("\"%s\"", old->etag) : NULL;

  return (none == NULL || old == NULL) && (match == NULL || g_strcmp0 (match, etag) == 0);
}

/* With signed pieces the length of what they hold is told apart */
static guint64
content_length (Request *request)
{
  g_autofree char *decoded = dup_header (request->head, "x-amz-decoded-content-length");

  return decoded != NULL ? g_ascii_strtoull (decoded, NULL, 10) : request->visitor->length;
}

static void
note_payload (Request *request)
{
  static const char * const sums[] = { "Content-MD5", "x-amz-checksum-sha256", "x-amz-checksum-crc64nvme", "x-amz-checksum-crc32",
                                       "x-amz-checksum-crc32c", "x-amz-trailer" };
  g_autofree char *hash = dup_header (request->head, "x-amz-content-sha256");
  GString *text = g_string_new (hash == NULL ? "not signed" : strlen (hash) == 64 ? "SHA-256" : hash);

  for (guint i = 0; i < G_N_ELEMENTS (sums); i++)
    {
      g_autofree char *sum = dup_header (request->head, sums[i]);

      if (sum != NULL)
        g_string_append_printf (text, " + %s", sums[i]);
    }
  g_free (vouched);
  vouched = g_string_free (text, FALSE);
}

static void
put (Request *request)
{
  g_autofree char *source = dup_header (request->head, "x-amz-copy-source");
  const char *upload = g_hash_table_lookup (request->query, "uploadId");
  g_autofree char *etag = NULL;
  Object *object;

  if (strchr (request->key, '/') == NULL)
    {
      answer (request, 200, NULL, NULL, 0);
      return;
    }
  if (source != NULL)
    {
      copy_object (request, source);
      return;
    }

  if (request->visitor->length > 0)
    note_payload (request);
  etag = dup_etag (request);
  if (upload != NULL)
    {
      guint64 *size = g_hash_table_lookup (uploads, upload);

      if (size == NULL)
        {
          answer_error (request, 404, "NoSuchUpload");
          return;
        }
      *size += content_length (request);
      answer_etag (request, etag);
      return;
    }
  if (!conditions_hold (request))
    {
      answer_error (request, 412, "PreconditionFailed");
      return;
    }

  object = g_new0 (Object, 1);
  object->headers = dup_stored_headers (request->head);
  object->size = content_length (request);
  object->etag = g_steal_pointer (&etag);
  if (object->size <= KEEP_LIMIT && object->size == request->visitor->length)
    object->body = g_bytes_new (request->visitor->body->str, request->visitor->body->len);
  g_tree_replace (objects, g_strdup (request->key), object);
  answer_etag (request, object->etag);
}

static void
delete_many (Request *request)
{
  g_autofree char *bucket = g_strndup (request->key, strcspn (request->key, "/"));

  for (const char *at = request->visitor->body->str; (at = strstr (at, "<Key>")) != NULL; at++)
    {
      const char *end = strstr (at, "</Key>");
      g_autofree char *key = g_strndup (at + 5, end - at - 5);
      g_autofree char *whole = g_strconcat (bucket, "/", key, NULL);

      g_tree_remove (objects, whole);
    }
  answer_xml (request, "<DeleteResult " NAMESPACE "/>");
}

static void
post (Request *request)
{
  const char *upload = g_hash_table_lookup (request->query, "uploadId");
  g_autofree char *xml = NULL;
  Object *object;

  if (g_hash_table_contains (request->query, "delete"))
    {
      delete_many (request);
      return;
    }
  if (upload == NULL)
    {
      char *id = g_strdup_printf ("upload-%u", ++n_etags);

      g_hash_table_insert (uploads, id, g_new0 (guint64, 1));
      xml = g_strdup_printf ("<InitiateMultipartUploadResult " NAMESPACE "><UploadId>%s</UploadId></InitiateMultipartUploadResult>", id);
      answer_xml (request, xml);
      return;
    }
  if (!g_hash_table_contains (uploads, upload))
    {
      answer_error (request, 404, "NoSuchUpload");
      return;
    }

  object = g_new0 (Object, 1);
  object->headers = g_strdup ("");
  object->size = *(guint64 *) g_hash_table_lookup (uploads, upload);
  object->etag = g_strdup_printf ("%032x-1", ++n_etags);
  g_hash_table_remove (uploads, upload);
  g_tree_replace (objects, g_strdup (request->key), object);
  xml = g_strdup_printf ("<CompleteMultipartUploadResult " NAMESPACE "><ETag>&quot;%s&quot;</ETag></CompleteMultipartUploadResult>", object->etag);
  answer_xml (request, xml);
}

static const char *
get_start (Request *request)
{
  static const char * const names[] = { "continuation-token", "start-after", "marker" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = g_hash_table_lookup (request->query, names[i]);

      if (value != NULL && *value != '\0')
        return value;
    }

  return NULL;
}

/* What lies below a folder counts as one when a delimiter is given */
static void
list (Request *request)
{
  g_autofree char *bucket = g_strndup (request->key, strcspn (request->key, "/"));
  const char *prefix = g_hash_table_lookup (request->query, "prefix");
  const char *delimiter = g_hash_table_lookup (request->query, "delimiter");
  const char *limit = g_hash_table_lookup (request->query, "max-keys");
  const char *start = get_start (request);
  g_autofree char *whole = g_strconcat (bucket, "/", prefix != NULL ? prefix : "", NULL);
  g_autofree char *from = start != NULL ? g_strconcat (bucket, "/", start, NULL) : g_strdup (whole);
  g_autofree char *date = dup_date (FALSE);
  g_autofree char *last = NULL;
  g_autofree char *last_folder = NULL;
  guint left = limit != NULL ? MIN (1000, atoi (limit)) : 1000;
  g_autoptr(GString) xml = g_string_new ("<ListBucketResult " NAMESPACE ">");
  gboolean truncated = FALSE;

  for (GTreeNode *node = g_tree_lower_bound (objects, from); node != NULL; node = g_tree_node_next (node))
    {
      const char *key = g_tree_node_key (node);
      const Object *object = g_tree_node_value (node);
      const char *cut;

      if (start != NULL && (g_str_equal (key, from) || (g_str_has_suffix (from, "/") && g_str_has_prefix (key, from))))
        continue;
      if (!g_str_has_prefix (key, whole))
        {
          if (strcmp (key, whole) > 0)
            break;
          continue;
        }

      cut = delimiter != NULL && *delimiter != '\0' ? strstr (key + strlen (whole), delimiter) : NULL;
      if (cut != NULL && last_folder != NULL && g_str_has_prefix (key, last_folder))
        continue;
      if (left-- == 0)
        {
          truncated = TRUE;
          break;
        }

      g_free (last);
      if (cut != NULL)
        {
          g_free (last_folder);
          last_folder = g_strndup (key, cut + strlen (delimiter) - key);
          last = g_uri_escape_string (last_folder + strlen (bucket) + 1, "/", FALSE);
          g_string_append_printf (xml, "<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>", last);
        }
      else
        {
          last = g_uri_escape_string (key + strlen (bucket) + 1, "/", FALSE);
          g_string_append_printf (xml, "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>&quot;%s&quot;</ETag>"
                                  "<Size>%" G_GUINT64_FORMAT "</Size><StorageClass>STANDARD</StorageClass></Contents>",
                                  last, date, object->etag, object->size);
        }
    }

  if (truncated)
    g_string_append_printf (xml, "<NextContinuationToken>%s</NextContinuationToken><NextMarker>%s</NextMarker>", last, last);
  g_string_append_printf (xml, "<EncodingType>url</EncodingType><Name>%s</Name><IsTruncated>%s</IsTruncated></ListBucketResult>",
                          bucket, truncated ? "true" : "false");
  answer_xml (request, xml->str);
}

static void
get_bucket (Request *request)
{
  if (g_hash_table_contains (request->query, "location"))
    answer_xml (request, "<LocationConstraint " NAMESPACE "/>");
  else if (g_hash_table_contains (request->query, "uploads"))
    answer_xml (request, "<ListMultipartUploadsResult " NAMESPACE "><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>");
  else if (g_hash_table_contains (request->query, "versioning"))
    answer_xml (request, "<VersioningConfiguration " NAMESPACE "/>");
  else if (g_str_equal (request->method, "HEAD"))
    answer (request, 200, NULL, NULL, 0);
  else
    list (request);
}

static void
get (Request *request)
{
  const Object *object;
  g_autofree char *date = NULL;
  g_autofree char *headers = NULL;

  if (g_str_equal (request->key, ".requests"))
    {
      headers = g_strdup_printf ("{\"requests\": %" G_GUINT64_FORMAT ", \"payload\": \"%s\"}\n", n_requests - 1,
                                 vouched != NULL ? vouched : "");
      n_requests = 0;
      g_clear_pointer (&vouched, g_free);
      answer (request, 200, NULL, headers, strlen (headers));
      return;
    }
  if (strchr (request->key, '/') == NULL)
    {
      get_bucket (request);
      return;
    }
  if (!(object = g_tree_lookup (objects, request->key)))
    {
      answer_error (request, 404, "NoSuchKey");
      return;
    }
  if (object->body == NULL && g_str_equal (request->method, "GET"))
    {
      answer_error (request, 501, "NotImplemented");
      return;
    }

  date = dup_date (TRUE);
  headers = g_strdup_printf ("%sETag: \"%s\"\r\nLast-Modified: %s\r\n", object->headers, object->etag, date);
  answer (request, 200, headers, object->body != NULL ? g_bytes_get_data (object->body, NULL) : NULL, object->size);
}

static void
parse_query (Request *request,
             char    *query)
{
  g_auto(GStrv) parts = g_strsplit (query, "&", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');

      if (equals != NULL)
        *equals = '\0';
      g_hash_table_insert (request->query, g_uri_unescape_string (parts[i], NULL),
                           equals != NULL ? g_uri_unescape_string (equals + 1, NULL) : g_strdup (""));
    }
}

static void
handle (Visitor *visitor)
{
  g_autofree char *head = g_strndup (visitor->head->str, visitor->head_length);
  g_autofree char *target = NULL;
  g_autoptr(GHashTable) query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Request request = { .head = head, .query = query, .visitor = visitor };
  const char *first = strchr (head, ' ');
  const char *second = first != NULL ? strchr (first + 1, ' ') : NULL;
  char *mark;

  if (second == NULL)
    return;

  n_requests++;
  request.method = g_strndup (head, first - head);
  target = g_strndup (first + 1, second - first - 1);
  if ((mark = strchr (target, '?')) != NULL)
    {
      *mark = '\0';
      parse_query (&request, mark + 1);
    }
  request.key = g_uri_unescape_string (target + (*target == '/'), NULL);
  if (request.key == NULL)
    request.key = g_strdup ("");
  /* The bucket itself may have a slash behind it */
  if (strchr (request.key, '/') == request.key + strlen (request.key) - 1 && *request.key != '\0')
    request.key[strlen (request.key) - 1] = '\0';

  if (g_str_equal (request.method, "PUT"))
    put (&request);
  else if (g_str_equal (request.method, "POST"))
    post (&request);
  else if (g_str_equal (request.method, "GET") || g_str_equal (request.method, "HEAD"))
    get (&request);
  else
    {
      if (g_hash_table_contains (query, "uploadId"))
        g_hash_table_remove (uploads, g_hash_table_lookup (query, "uploadId"));
      else
        g_tree_remove (objects, request.key);
      answer (&request, 204, NULL, NULL, 0);
    }
  g_free (request.method);
  g_free (request.key);
}

/* Writes what it can; the rest waits until there is room */
static gboolean
flush (Visitor *visitor)
{
  while (visitor->answered < visitor->answer->len)
    {
      gssize n = send (visitor->file, visitor->answer->str + visitor->answered, visitor->answer->len - visitor->answered,
                       MSG_NOSIGNAL | MSG_DONTWAIT);

      if (n < 0)
        return errno == EAGAIN;
      visitor->answered += n;
    }
  g_string_truncate (visitor->answer, 0);
  visitor->answered = 0;

  return TRUE;
}

static gboolean
begin_request (Visitor *visitor)
{
  char *end = strstr (visitor->head->str, "\r\n\r\n");
  g_autofree char *length = NULL;
  g_autofree char *expect = NULL;
  gsize here;

  if (end == NULL)
    return FALSE;

  visitor->head_length = end + 4 - visitor->head->str;
  length = dup_header (visitor->head->str, "Content-Length");
  visitor->length = visitor->left = length != NULL ? g_ascii_strtoull (length, NULL, 10) : 0;
  expect = dup_header (visitor->head->str, "Expect");
  if (expect != NULL && visitor->left > 0)
    {
      g_string_append (visitor->answer, "HTTP/1.1 100 Continue\r\n\r\n");
      flush (visitor);
    }

  here = MIN (visitor->left, visitor->head->len - visitor->head_length);
  g_string_truncate (visitor->body, 0);
  if (visitor->length <= KEEP_LIMIT)
    g_string_append_len (visitor->body, visitor->head->str + visitor->head_length, here);
  visitor->left -= here;
  g_string_erase (visitor->head, visitor->head_length, here);

  return TRUE;
}

static gboolean
handle_all (Visitor *visitor)
{
  while (visitor->left == 0 && (visitor->head_length > 0 || begin_request (visitor)))
    {
      if (visitor->left > 0)
        break;
      handle (visitor);
      g_string_erase (visitor->head, 0, visitor->head_length);
      visitor->head_length = 0;
    }

  return flush (visitor) && visitor->head->len < HEAD_LIMIT;
}

static gboolean
serve_visitor (Visitor *visitor)
{
  static char piece[PIECE];
  gsize room = visitor->left > 0 ? MIN (sizeof piece, visitor->left) : sizeof piece / 8;
  gssize length = recv (visitor->file, piece, room, 0);

  if (length <= 0)
    return FALSE;

  if (visitor->left == 0)
    g_string_append_len (visitor->head, piece, length);
  else
    {
      if (visitor->length <= KEEP_LIMIT)
        g_string_append_len (visitor->body, piece, length);
      visitor->left -= length;
      if (visitor->left > 0)
        return TRUE;
    }

  return handle_all (visitor);
}

static void
visitor_free (Visitor *visitor)
{
  close (visitor->file);
  g_string_free (visitor->head, TRUE);
  g_string_free (visitor->body, TRUE);
  g_string_free (visitor->answer, TRUE);
  g_free (visitor);
}

static void
accept_visitor (int poll_file,
                int listener)
{
  Visitor *visitor = g_new0 (Visitor, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = visitor };
  int yes = 1;

  visitor->file = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
  setsockopt (visitor->file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  visitor->head = g_string_new (NULL);
  visitor->body = g_string_new (NULL);
  visitor->answer = g_string_new (NULL);
  epoll_ctl (poll_file, EPOLL_CTL_ADD, visitor->file, &event);
}

/* Room is waited for only as long as something is left to say */
static void
watch (int      poll_file,
       Visitor *visitor)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = visitor };

  if ((visitor->answer->len > 0) == visitor->waits_for_room)
    return;

  visitor->waits_for_room = visitor->answer->len > 0;
  if (visitor->waits_for_room)
    event.events |= EPOLLOUT;
  epoll_ctl (poll_file, EPOLL_CTL_MOD, visitor->file, &event);
}

static void
serve (int listener)
{
  struct epoll_event events[64];
  struct epoll_event event = { .events = EPOLLIN };
  int poll_file = epoll_create1 (EPOLL_CLOEXEC);

  epoll_ctl (poll_file, EPOLL_CTL_ADD, listener, &event);
  event.data.ptr = stdin;
  epoll_ctl (poll_file, EPOLL_CTL_ADD, STDIN_FILENO, &event);

  for (;;)
    {
      int n = epoll_wait (poll_file, events, G_N_ELEMENTS (events), -1);

      for (int i = 0; i < n; i++)
        {
          Visitor *visitor = events[i].data.ptr;

          if (visitor == (gpointer) stdin)
            return;
          if (visitor == NULL)
            accept_visitor (poll_file, listener);
          else if (((events[i].events & EPOLLOUT) != 0 && !flush (visitor)) ||
                   ((events[i].events & ~EPOLLOUT) != 0 && !serve_visitor (visitor)))
            visitor_free (visitor);
          else
            watch (poll_file, visitor);
        }
    }
}

int
main (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  objects = g_tree_new_full (compare_keys, NULL, g_free, object_free);
  uploads = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  if (bind (listener, (struct sockaddr *) &address, sizeof address) != 0 || listen (listener, 512) != 0 ||
      getsockname (listener, (struct sockaddr *) &address, &length) != 0)
    g_error ("No server");

  printf ("http://127.0.0.1:%d\n", ntohs (address.sin_port));
  fflush (stdout);
  serve (listener);

  return 0;
}
