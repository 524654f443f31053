/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-internet-private.h"

#include <ares.h>
#include <gio/gio.h>
#include <string.h>

/* RFC 1035, 2.3.4 and 4.2.1: what goes without an agreement, and what anything can have */
#define SMALL_MESSAGE 512
#define LARGE_MESSAGE 65535

/* Connections keep it until their ends have come through, which is after the practice cloud is gone. */
struct _PracticeResolver
{
  Practice        *practice;    /* NULL then */
  GSocket         *socket;      /* UDP */
  GSource         *source;
  GSocketListener *listener;    /* TCP, the same port */
  GCancellable    *cancellable;
  char            *address;
};

static void
resolver_clear (gpointer data)
{
  PracticeResolver *self = data;

  g_clear_object (&self->listener);
  g_clear_object (&self->socket);
  g_clear_object (&self->cancellable);
  g_free (self->address);
}

static void
resolver_unref (PracticeResolver *self)
{
  g_rc_box_release_full (self, resolver_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeResolver, resolver_unref)

/* One connection; it may ask several times. */
typedef struct
{
  PracticeResolver  *resolver;
  GSocketConnection *connection;
  guint8             length[2];
  guint8            *question;
  GByteArray        *answer;
} Talk;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ares_dns_record_t, ares_dns_record_destroy)

static const struct
{
  ares_dns_rec_type_t  number;
  const char          *type;
} types[] = {
  { ARES_REC_TYPE_A, "A" },
  { ARES_REC_TYPE_NS, "NS" },
  { ARES_REC_TYPE_CNAME, "CNAME" },
  { ARES_REC_TYPE_SOA, "SOA" },
  { ARES_REC_TYPE_MX, "MX" },
  { ARES_REC_TYPE_TXT, "TXT" },
  { ARES_REC_TYPE_AAAA, "AAAA" },
  { ARES_REC_TYPE_SRV, "SRV" },
  { (ares_dns_rec_type_t) 43, "DS" },
  { ARES_REC_TYPE_CAA, "CAA" },
};

/* "\"one\" \"two\"" as its strings; what is not quoted as it is. Escapes are those of a zone file. */
static GPtrArray *
read_strings (const char *value)
{
  GPtrArray *strings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GByteArray) string = NULL;

  for (const char *c = value; *c != '\0'; c++)
    {
      guint8 byte = (guint8) *c;

      if (*c == '"' && string == NULL)
        {
          string = g_byte_array_new ();
          continue;
        }

      if (*c == '"')
        {
          g_ptr_array_add (strings, g_byte_array_free_to_bytes (g_steal_pointer (&string)));
          continue;
        }

      if (string == NULL)
        continue;

      if (*c == '\\' && g_ascii_isdigit (c[1]) && g_ascii_isdigit (c[2]) && g_ascii_isdigit (c[3]))
        {
          byte = (guint8) (((c[1] - '0') * 8 + c[2] - '0') * 8 + c[3] - '0');
          c += 3;
        }
      else if (*c == '\\' && c[1] != '\0')
        byte = (guint8) *++c;

      g_byte_array_append (string, &byte, 1);
    }

  return strings;
}

static gboolean
set_address (ares_dns_rr_t *rr,
             int            family,
             const char    *value)
{
  struct in_addr v4;
  struct ares_in6_addr v6;

  if (family == AF_INET)
    return ares_inet_pton (AF_INET, value, &v4) == 1 && ares_dns_rr_set_addr (rr, ARES_RR_A_ADDR, &v4) == ARES_SUCCESS;

  return ares_inet_pton (AF_INET6, value, &v6) == 1 && ares_dns_rr_set_addr6 (rr, ARES_RR_AAAA_ADDR, &v6) == ARES_SUCCESS;
}

static gboolean
set_text (ares_dns_rr_t *rr,
          const char    *value)
{
  g_autoptr(GPtrArray) strings = read_strings (value);

  for (guint i = 0; i < strings->len; i++)
    {
      gsize size;
      const guint8 *bytes = g_bytes_get_data (g_ptr_array_index (strings, i), &size);

      if (ares_dns_rr_add_abin (rr, ARES_RR_TXT_DATA, bytes, size) != ARES_SUCCESS)
        return FALSE;
    }

  return strings->len > 0;
}

static gboolean
set_caa (ares_dns_rr_t  *rr,
         char          **parts,
         const char     *value)
{
  g_autoptr(GPtrArray) strings = read_strings (value);
  gsize size;
  const guint8 *bytes;

  if (g_strv_length (parts) < 3 || strings->len == 0)
    return FALSE;

  bytes = g_bytes_get_data (g_ptr_array_index (strings, 0), &size);

  return ares_dns_rr_set_u8 (rr, ARES_RR_CAA_CRITICAL, (guint8) atoi (parts[0])) == ARES_SUCCESS &&
         ares_dns_rr_set_str (rr, ARES_RR_CAA_TAG, parts[1]) == ARES_SUCCESS &&
         ares_dns_rr_set_bin (rr, ARES_RR_CAA_VALUE, bytes, size) == ARES_SUCCESS;
}

static gboolean
set_soa (ares_dns_rr_t  *rr,
         char          **parts)
{
  static const ares_dns_rr_key_t numbers[] = {
    ARES_RR_SOA_SERIAL, ARES_RR_SOA_REFRESH, ARES_RR_SOA_RETRY, ARES_RR_SOA_EXPIRE, ARES_RR_SOA_MINIMUM
  };

  if (g_strv_length (parts) < 7 || ares_dns_rr_set_str (rr, ARES_RR_SOA_MNAME, parts[0]) != ARES_SUCCESS ||
      ares_dns_rr_set_str (rr, ARES_RR_SOA_RNAME, parts[1]) != ARES_SUCCESS)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (ares_dns_rr_set_u32 (rr, numbers[i], (guint) g_ascii_strtoull (parts[2 + i], NULL, 10)) != ARES_SUCCESS)
      return FALSE;

  return TRUE;
}

static gboolean
set_srv (ares_dns_rr_t  *rr,
         char          **parts)
{
  return g_strv_length (parts) >= 4 &&
         ares_dns_rr_set_u16 (rr, ARES_RR_SRV_PRIORITY, (guint16) atoi (parts[0])) == ARES_SUCCESS &&
         ares_dns_rr_set_u16 (rr, ARES_RR_SRV_WEIGHT, (guint16) atoi (parts[1])) == ARES_SUCCESS &&
         ares_dns_rr_set_u16 (rr, ARES_RR_SRV_PORT, (guint16) atoi (parts[2])) == ARES_SUCCESS &&
         ares_dns_rr_set_str (rr, ARES_RR_SRV_TARGET, parts[3]) == ARES_SUCCESS;
}

/* "12345 13 2 ABCDEF": RFC 4034, 5.1 */
static gboolean
set_ds (ares_dns_rr_t  *rr,
        char          **parts)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  guint16 tag;

  if (g_strv_length (parts) < 4)
    return FALSE;

  tag = GUINT16_TO_BE ((guint16) atoi (parts[0]));
  g_byte_array_append (bytes, (const guint8 *) &tag, 2);
  for (guint i = 1; i < 3; i++)
    {
      guint8 number = (guint8) atoi (parts[i]);

      g_byte_array_append (bytes, &number, 1);
    }
  for (const char *c = parts[3]; c[0] != '\0' && c[1] != '\0'; c += 2)
    {
      guint8 byte = (guint8) (g_ascii_xdigit_value (c[0]) * 16 + g_ascii_xdigit_value (c[1]));

      g_byte_array_append (bytes, &byte, 1);
    }

  return ares_dns_rr_set_u16 (rr, ARES_RR_RAW_RR_TYPE, 43) == ARES_SUCCESS &&
         ares_dns_rr_set_bin (rr, ARES_RR_RAW_RR_DATA, bytes->data, bytes->len) == ARES_SUCCESS;
}

static gboolean
set_value (ares_dns_rr_t       *rr,
           ares_dns_rec_type_t  type,
           const char          *value)
{
  g_auto(GStrv) parts = g_strsplit (value, " ", -1);

  switch ((int) type)
    {
    case ARES_REC_TYPE_A:
      return set_address (rr, AF_INET, value);

    case ARES_REC_TYPE_AAAA:
      return set_address (rr, AF_INET6, value);

    case ARES_REC_TYPE_NS:
      return ares_dns_rr_set_str (rr, ARES_RR_NS_NSDNAME, value) == ARES_SUCCESS;

    case ARES_REC_TYPE_CNAME:
      return ares_dns_rr_set_str (rr, ARES_RR_CNAME_CNAME, value) == ARES_SUCCESS;

    case ARES_REC_TYPE_MX:
      return g_strv_length (parts) >= 2 &&
             ares_dns_rr_set_u16 (rr, ARES_RR_MX_PREFERENCE, (guint16) atoi (parts[0])) == ARES_SUCCESS &&
             ares_dns_rr_set_str (rr, ARES_RR_MX_EXCHANGE, parts[1]) == ARES_SUCCESS;

    case ARES_REC_TYPE_SOA:
      return set_soa (rr, parts);

    case ARES_REC_TYPE_TXT:
      return set_text (rr, value);

    case ARES_REC_TYPE_SRV:
      return set_srv (rr, parts);

    case ARES_REC_TYPE_CAA:
      return set_caa (rr, parts, value);

    case 43:
      return set_ds (rr, parts);

    default:
      return FALSE;
    }
}

static const char *
get_type_name (ares_dns_rec_type_t number)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].number == number)
      return types[i].type;

  return NULL;
}

static ares_dns_rec_type_t
get_type_number (const char *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_equal (types[i].type, type))
      return types[i].number;

  return ARES_REC_TYPE_ANY;
}

static gboolean
add_answer (ares_dns_record_t       *answer,
            const PracticeDnsRecord *record)
{
  ares_dns_rec_type_t type = get_type_number (record->type);
  ares_dns_rr_t *rr = NULL;

  return ares_dns_record_rr_add (&rr, answer, ARES_SECTION_ANSWER, record->name, (int) type == 43 ? ARES_REC_TYPE_RAW_RR : type,
                                 ARES_CLASS_IN, (guint) record->ttl) == ARES_SUCCESS &&
         set_value (rr, type, record->value);
}

static ares_dns_rcode_t
get_code (PracticeDnsStatus status)
{
  switch (status)
    {
    case PRACTICE_DNS_NO_NAME:
      return ARES_RCODE_NXDOMAIN;

    case PRACTICE_DNS_BROKEN:
      return ARES_RCODE_SERVFAIL;

    case PRACTICE_DNS_REFUSED:
      return ARES_RCODE_REFUSED;

    case PRACTICE_DNS_FOUND:
    case PRACTICE_DNS_NO_DATA:
    default:
      return ARES_RCODE_NOERROR;
    }
}

static guint
get_room (const ares_dns_record_t *question)
{
  for (gsize i = 0; i < ares_dns_record_rr_cnt (question, ARES_SECTION_ADDITIONAL); i++)
    {
      const ares_dns_rr_t *rr = ares_dns_record_rr_get_const (question, ARES_SECTION_ADDITIONAL, i);

      if (ares_dns_rr_get_type (rr) == ARES_REC_TYPE_OPT)
        return MAX (SMALL_MESSAGE, ares_dns_rr_get_u16 (rr, ARES_RR_OPT_UDP_SIZE));
    }

  return SMALL_MESSAGE;
}

/* Who asks for recursion gets what a resolver says, which remembers; others what the servers of the name know themselves. */
static gboolean
wants_resolver (const ares_dns_record_t *question)
{
  return (ares_dns_record_get_flags (question) & ARES_FLAG_RD) != 0;
}

static GByteArray *
write_answer (const ares_dns_record_t *question,
              const char              *name,
              ares_dns_rec_type_t      type,
              PracticeDnsStatus        status,
              GPtrArray               *records,
              gboolean                 truncated)
{
  g_autoptr(ares_dns_record_t) answer = NULL;
  unsigned short flags = ARES_FLAG_QR | (truncated ? ARES_FLAG_TC : 0);
  GByteArray *message = NULL;
  unsigned char *bytes = NULL;
  size_t length = 0;

  flags |= wants_resolver (question) ? ARES_FLAG_RD | ARES_FLAG_RA : ARES_FLAG_AA;

  if (ares_dns_record_create (&answer, ares_dns_record_get_id (question), flags, ARES_OPCODE_QUERY, get_code (status)) != ARES_SUCCESS ||
      ares_dns_record_query_add (answer, name, type, ARES_CLASS_IN) != ARES_SUCCESS)
    return NULL;

  for (guint i = 0; !truncated && i < records->len; i++)
    if (!add_answer (answer, g_ptr_array_index (records, i)))
      return NULL;

  if (ares_dns_write (answer, &bytes, &length) == ARES_SUCCESS)
    {
      message = g_byte_array_sized_new (length);
      g_byte_array_append (message, bytes, length);
      ares_free_string (bytes);
    }

  return message;
}

/* FALSE for no answer */
static gboolean
find_answer (Practice                *practice,
             const ares_dns_record_t *question,
             const char              *name,
             const char              *type,
             GPtrArray               *records,
             PracticeDnsStatus       *status,
             guint                   *delay)
{
  g_autofree char *normal = practice_dns_normalize (name, NULL);
  PracticeDnsFault fault = { 0, };

  *status = PRACTICE_DNS_NO_DATA;
  if (type == NULL)
    return TRUE;

  if (wants_resolver (question))
    return practice_internet_resolve (practice, name, type, records, status, delay);

  practice_faults_resolve (practice, normal != NULL ? normal : name, type, &fault);
  *delay = fault.delay;
  if (!practice_dns_fault_apply (&fault, normal, type, records, status))
    *status = practice_internet_look_up (practice, name, type, FALSE, records);

  return !fault.is_lost;
}

/* What is no question gets no answer. */
static GByteArray *
answer_question (Practice     *practice,
                 const guint8 *bytes,
                 gsize         length,
                 gboolean      is_stream,
                 guint        *delay)
{
  g_autoptr(ares_dns_record_t) question = NULL;
  g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func (practice_dns_record_free);
  GByteArray *message;
  PracticeDnsStatus status;
  ares_dns_rec_type_t type;
  const char *name;
  ares_dns_class_t class;

  *delay = 0;
  if (ares_dns_parse (bytes, length, 0, &question) != ARES_SUCCESS || (ares_dns_record_get_flags (question) & ARES_FLAG_QR) != 0 ||
      ares_dns_record_query_get (question, 0, &name, &type, &class) != ARES_SUCCESS ||
      !find_answer (practice, question, name, get_type_name (type), records, &status, delay))
    return NULL;

  message = write_answer (question, name, type, status, records, FALSE);

  if (message != NULL && !is_stream && message->len > get_room (question))
    {
      g_byte_array_unref (message);
      message = write_answer (question, name, type, status, records, TRUE);
    }

  return message;
}

/* An answer by UDP that takes its time */
typedef struct
{
  GSocket        *socket;
  GSocketAddress *to;
  GByteArray     *answer;
} Datagram;

static void
datagram_free (gpointer data)
{
  Datagram *self = data;

  g_object_unref (self->socket);
  g_object_unref (self->to);
  g_byte_array_unref (self->answer);
  g_free (self);
}

static gboolean
send_datagram_cb (gpointer data)
{
  Datagram *self = data;

  g_socket_send_to (self->socket, self->to, (const char *) self->answer->data, self->answer->len, NULL, NULL);

  return G_SOURCE_REMOVE;
}

static void
send_datagram_later (PracticeResolver *self,
                     GSocketAddress   *to,
                     GByteArray       *answer,
                     guint             delay)
{
  Datagram *datagram = g_new0 (Datagram, 1);

  datagram->socket = g_object_ref (self->socket);
  datagram->to = g_object_ref (to);
  datagram->answer = g_byte_array_ref (answer);
  practice_later (self->practice, delay, send_datagram_cb, datagram, datagram_free);
}

static gboolean
datagram_cb (GSocket      *socket,
             GIOCondition  condition,
             gpointer      user_data)
{
  PracticeResolver *self = user_data;
  g_autoptr(GSocketAddress) from = NULL;
  g_autoptr(GByteArray) answer = NULL;
  guint8 question[4096];
  gssize length = g_socket_receive_from (socket, &from, (char *) question, sizeof question, NULL, NULL);
  guint delay;

  if (length > 0)
    answer = answer_question (self->practice, question, (gsize) length, FALSE, &delay);

  if (answer != NULL && delay > 0)
    send_datagram_later (self, from, answer, delay);
  else if (answer != NULL)
    g_socket_send_to (socket, from, (const char *) answer->data, answer->len, NULL, NULL);

  return G_SOURCE_CONTINUE;
}

static void
talk_free (Talk *talk)
{
  g_clear_object (&talk->connection);
  g_clear_pointer (&talk->answer, g_byte_array_unref);
  g_free (talk->question);
  resolver_unref (talk->resolver);
  g_free (talk);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Talk, talk_free)

static void await_question (Talk *talk);

static void
answer_written_cb (GObject      *stream,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(Talk) talk = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, NULL, NULL))
    await_question (g_steal_pointer (&talk));
}

static void
send_answer (Talk *talk)
{
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (talk->connection)), talk->answer->data, talk->answer->len,
                                   G_PRIORITY_DEFAULT, talk->resolver->cancellable, answer_written_cb, talk);
}

static gboolean
send_answer_cb (gpointer data)
{
  Talk **talk = data;

  send_answer (g_steal_pointer (talk));

  return G_SOURCE_REMOVE;
}

/* Nobody answers any more when the practice cloud ends meanwhile. */
static void
drop_answer (gpointer data)
{
  Talk **talk = data;

  g_clear_pointer (talk, talk_free);
  g_free (talk);
}

static void
send_answer_later (Talk  *talk,
                   guint  delay)
{
  Talk **held = g_new (Talk *, 1);

  *held = talk;
  practice_later (talk->resolver->practice, delay, send_answer_cb, held, drop_answer);
}

static void
question_read_cb (GObject      *stream,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Talk) talk = user_data;
  g_autoptr(GByteArray) answer = NULL;
  guint8 length[2];
  gsize n_read = 0;
  guint delay;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &n_read, NULL) ||
      n_read != (gsize) (talk->length[0] << 8 | talk->length[1]) || talk->resolver->practice == NULL)
    return;

  answer = answer_question (talk->resolver->practice, talk->question, n_read, TRUE, &delay);
  if (answer == NULL || answer->len > LARGE_MESSAGE)
    return;

  length[0] = (guint8) (answer->len >> 8);
  length[1] = (guint8) answer->len;
  g_clear_pointer (&talk->answer, g_byte_array_unref);
  talk->answer = g_byte_array_new ();
  g_byte_array_append (talk->answer, length, 2);
  g_byte_array_append (talk->answer, answer->data, answer->len);

  if (delay > 0)
    send_answer_later (g_steal_pointer (&talk), delay);
  else
    send_answer (g_steal_pointer (&talk));
}

static void
length_read_cb (GObject      *stream,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(Talk) talk = user_data;
  gsize n_read = 0;
  gsize length;
  Talk *next;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, &n_read, NULL) || n_read != 2)
    return;

  length = (gsize) (talk->length[0] << 8 | talk->length[1]);
  g_free (talk->question);
  talk->question = g_malloc (MAX (length, 1));

  next = g_steal_pointer (&talk);
  g_input_stream_read_all_async (G_INPUT_STREAM (stream), next->question, length, G_PRIORITY_DEFAULT, next->resolver->cancellable,
                                 question_read_cb, next);
}

static void
await_question (Talk *talk)
{
  g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (talk->connection)), talk->length, 2, G_PRIORITY_DEFAULT,
                                 talk->resolver->cancellable, length_read_cb, talk);
}

static void
accepted_cb (GObject      *listener,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(PracticeResolver) self = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  Talk *talk;

  connection = g_socket_listener_accept_finish (G_SOCKET_LISTENER (listener), result, NULL, NULL);

  if (self->practice == NULL)
    return;

  if (connection != NULL)
    {
      talk = g_new0 (Talk, 1);
      talk->resolver = g_rc_box_acquire (self);
      talk->connection = g_steal_pointer (&connection);
      await_question (talk);
    }

  g_socket_listener_accept_async (self->listener, self->cancellable, accepted_cb, g_rc_box_acquire (self));
}

/* UDP and TCP have one port. */
static gboolean
listen_once (PracticeResolver  *self,
             GError           **error)
{
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) local = NULL;

  g_clear_object (&self->socket);
  g_clear_object (&self->listener);
  self->listener = g_socket_listener_new ();

  if (!(self->socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error)) ||
      !g_socket_bind (self->socket, any_port, FALSE, error) || !(local = g_socket_get_local_address (self->socket, error)) ||
      !g_socket_listener_add_address (self->listener, local, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, NULL, error))
    return FALSE;

  g_free (self->address);
  self->address = g_strdup_printf ("127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (local)));

  return TRUE;
}

gboolean
practice_resolver_start (Practice  *practice,
                         GError   **error)
{
  PracticeResolver *self = g_rc_box_new0 (PracticeResolver);
  gboolean listening = FALSE;

  practice->resolver = self;
  self->practice = practice;
  self->cancellable = g_cancellable_new ();

  /* Another program may have the TCP port of the UDP port that was given out. */
  for (guint tries = 0; !listening && tries < 20; tries++)
    {
      g_clear_error (error);
      listening = listen_once (self, error);
    }

  if (!listening)
    {
      practice_resolver_stop (practice);

      return FALSE;
    }

  g_socket_set_blocking (self->socket, FALSE);
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (datagram_cb), self, NULL);
  g_source_attach (self->source, practice->context);

  /* The context is the thread's default here. */
  g_socket_listener_accept_async (self->listener, self->cancellable, accepted_cb, g_rc_box_acquire (self));

  return TRUE;
}

void
practice_resolver_stop (Practice *practice)
{
  g_autoptr(PracticeResolver) self = g_steal_pointer (&practice->resolver);

  if (self == NULL)
    return;

  self->practice = NULL;
  g_cancellable_cancel (self->cancellable);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
  if (self->listener != NULL)
    g_socket_listener_close (self->listener);
}

const char *
practice_internet_get_server (Practice *practice)
{
  return practice->resolver != NULL ? practice->resolver->address : NULL;
}
