/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-dns.h"

#include "porch-error.h"

#include <ares.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Of one try; each further one waits longer */
#define TIMEOUT_MSEC 2500
#define TRIES        3

/**
 * PorchDns:
 *
 * Asks name servers. Nothing is remembered from one question to the next, since whoever waits for a record wants to know
 * what is there now.
 */
struct _PorchDns
{
  GObject         parent_instance;

  char           *servers;   /* instead of those of the system */
  char           *port;      /* where name servers listen that are asked directly; NULL: they are not asked, @servers are */
  ares_channel_t *channel;
  GHashTable     *direct;    /* addresses -> channel to these servers. A channel can't end on its own thread, which is
                              * where a future may be dropped, so they all end with the resolver. */
};

struct _PorchDnsAnswer
{
  GPtrArray      *records;
  GPtrArray      *authority;
  GPtrArray      *additional;
  PorchDnsStatus  status;
  gboolean        is_authoritative;
};

/* One question. Lives until its callback, which the library always calls, on its own thread or in ares_destroy(). */
typedef struct
{
  DexPromise *promise;
  char       *name;
} Question;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ares_dns_record_t, ares_dns_record_destroy)

G_DEFINE_FINAL_TYPE (PorchDns, porch_dns, G_TYPE_OBJECT)
G_DEFINE_BOXED_TYPE (PorchDnsAnswer, porch_dns_answer, porch_dns_answer_ref, porch_dns_answer_unref)

static void
record_free (gpointer data)
{
  PorchDnsRecord *record = data;

  g_free (record->name);
  g_free (record->value);
  g_free (record);
}

/* Names are compared by everybody who asks: one spelling. */
static char *
dup_name (const char *name)
{
  char *lower = g_ascii_strdown (name != NULL ? name : "", -1);
  gsize length = strlen (lower);

  if (length > 0 && lower[length - 1] == '.')
    lower[length - 1] = '\0';

  return lower;
}

static char *
dup_address (const ares_dns_rr_t *rr)
{
  char text[INET6_ADDRSTRLEN];
  const void *address;
  int family;

  if (ares_dns_rr_get_type (rr) == ARES_REC_TYPE_A)
    {
      family = AF_INET;
      address = ares_dns_rr_get_addr (rr, ARES_RR_A_ADDR);
    }
  else
    {
      family = AF_INET6;
      address = ares_dns_rr_get_addr6 (rr, ARES_RR_AAAA_ADDR);
    }

  return address != NULL && ares_inet_ntop (family, address, text, sizeof text) != NULL ? g_strdup (text) : NULL;
}

/* Bytes that somebody else wrote, for the screen */
static char *
dup_text (const unsigned char *bytes,
          gsize                length)
{
  return g_utf8_make_valid ((const char *) bytes, length);
}

static char *
dup_txt (const ares_dns_rr_t *rr)
{
  gsize length = 0;
  const unsigned char *bytes = ares_dns_rr_get_bin (rr, ARES_RR_TXT_DATA, &length);

  return bytes != NULL ? dup_text (bytes, length) : NULL;
}

static char *
dup_caa (const ares_dns_rr_t *rr)
{
  gsize length = 0;
  const unsigned char *bytes = ares_dns_rr_get_bin (rr, ARES_RR_CAA_VALUE, &length);
  g_autofree char *value = bytes != NULL ? dup_text (bytes, length) : g_strdup ("");

  return g_strdup_printf ("%u %s %s", ares_dns_rr_get_u8 (rr, ARES_RR_CAA_CRITICAL), ares_dns_rr_get_str (rr, ARES_RR_CAA_TAG), value);
}

static char *
dup_srv (const ares_dns_rr_t *rr)
{
  g_autofree char *target = dup_name (ares_dns_rr_get_str (rr, ARES_RR_SRV_TARGET));

  return g_strdup_printf ("%u %u %u %s", ares_dns_rr_get_u16 (rr, ARES_RR_SRV_PRIORITY),
                          ares_dns_rr_get_u16 (rr, ARES_RR_SRV_WEIGHT), ares_dns_rr_get_u16 (rr, ARES_RR_SRV_PORT), target);
}

static char *
dup_mx (const ares_dns_rr_t *rr)
{
  g_autofree char *exchange = dup_name (ares_dns_rr_get_str (rr, ARES_RR_MX_EXCHANGE));

  return g_strdup_printf ("%u %s", ares_dns_rr_get_u16 (rr, ARES_RR_MX_PREFERENCE), exchange);
}

/* Of types that the library does not read, such as DS */
static char *
dup_raw (const ares_dns_rr_t *rr)
{
  gsize length = 0;
  const unsigned char *bytes = ares_dns_rr_get_bin (rr, ARES_RR_RAW_RR_DATA, &length);
  GString *text = g_string_sized_new (2 * length);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);

  return g_string_free_and_steal (text);
}

static char *
dup_value (const ares_dns_rr_t *rr)
{
  switch ((int) ares_dns_rr_get_type (rr))
    {
    case ARES_REC_TYPE_A:
    case ARES_REC_TYPE_AAAA:
      return dup_address (rr);

    case ARES_REC_TYPE_NS:
      return dup_name (ares_dns_rr_get_str (rr, ARES_RR_NS_NSDNAME));

    case ARES_REC_TYPE_CNAME:
      return dup_name (ares_dns_rr_get_str (rr, ARES_RR_CNAME_CNAME));

    case ARES_REC_TYPE_SOA:
      return dup_name (ares_dns_rr_get_str (rr, ARES_RR_SOA_MNAME));

    case ARES_REC_TYPE_MX:
      return dup_mx (rr);

    case ARES_REC_TYPE_TXT:
      return dup_txt (rr);

    case ARES_REC_TYPE_SRV:
      return dup_srv (rr);

    case ARES_REC_TYPE_CAA:
      return dup_caa (rr);

    case ARES_REC_TYPE_RAW_RR:
      return dup_raw (rr);

    default:
      return NULL;
    }
}

static GPtrArray *
copy_records (const ares_dns_record_t *message,
              ares_dns_section_t       section)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (record_free);

  for (gsize i = 0; i < ares_dns_record_rr_cnt (message, section); i++)
    {
      const ares_dns_rr_t *rr = ares_dns_record_rr_get_const (message, section, i);
      g_autofree char *value = dup_value (rr);
      PorchDnsRecord *record;

      if (value == NULL)
        continue;

      record = g_new0 (PorchDnsRecord, 1);
      record->name = dup_name (ares_dns_rr_get_name (rr));
      record->type = (PorchDnsType) (ares_dns_rr_get_type (rr) == ARES_REC_TYPE_RAW_RR
                                     ? ares_dns_rr_get_u16 (rr, ARES_RR_RAW_RR_TYPE)
                                     : (int) ares_dns_rr_get_type (rr));
      record->ttl = ares_dns_rr_get_ttl (rr);
      record->value = g_steal_pointer (&value);
      g_ptr_array_add (records, record);
    }

  return records;
}

static PorchDnsStatus
get_status (const ares_dns_record_t *message,
            ares_status_t            status)
{
  if (status == ARES_SUCCESS)
    return ares_dns_record_rr_cnt (message, ARES_SECTION_ANSWER) > 0 ? PORCH_DNS_FOUND : PORCH_DNS_NO_DATA;

  if (status == ARES_ENOTFOUND)
    return PORCH_DNS_NO_NAME;

  return status == ARES_ENODATA ? PORCH_DNS_NO_DATA : PORCH_DNS_BROKEN;
}

static PorchDnsAnswer *
answer_new (const ares_dns_record_t *message,
            ares_status_t            status)
{
  PorchDnsAnswer *self = g_atomic_rc_box_new0 (PorchDnsAnswer);

  self->status = get_status (message, status);
  self->records = copy_records (message, ARES_SECTION_ANSWER);
  self->authority = copy_records (message, ARES_SECTION_AUTHORITY);
  self->additional = copy_records (message, ARES_SECTION_ADDITIONAL);
  self->is_authoritative = (ares_dns_record_get_flags (message) & ARES_FLAG_AA) != 0;

  return self;
}

static void
question_free (Question *question)
{
  dex_unref (question->promise);
  g_free (question->name);
  g_free (question);
}

static void
reject (Question      *question,
        ares_status_t  status)
{
  g_autoptr(GError) error = NULL;

  if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, ares_strerror (status));
  else
    g_set_error (&error, PORCH_ERROR, PORCH_ERROR_DNS,
                 /* Translators: the name of a site on the internet, then what happened */
                 _("The name servers could not be asked about “%s”: %s."), question->name, ares_strerror (status));

  dex_promise_reject (question->promise, g_steal_pointer (&error));
}

/* On the library's thread. An answer with a code of failure is an answer; a broken one comes as nothing at all. */
static void
answered (void                    *arg,
          ares_status_t            status,
          size_t                   timeouts,
          const ares_dns_record_t *message)
{
  Question *question = arg;

  if (message != NULL || status == ARES_ESERVFAIL || status == ARES_EREFUSED || status == ARES_ENOTFOUND)
    {
      g_autoptr(ares_dns_record_t) empty = NULL;

      if (message == NULL && ares_dns_record_create (&empty, 0, 0, ARES_OPCODE_QUERY, ARES_RCODE_NOERROR) == ARES_SUCCESS)
        message = empty;

      dex_promise_resolve_boxed (question->promise, PORCH_TYPE_DNS_ANSWER, answer_new (message, status));
    }
  else
    reject (question, status);

  question_free (question);
}

static ares_channel_t *
channel_new (const char *servers,
             gboolean    recurse)
{
  ares_channel_t *channel = NULL;
  struct ares_options options = { 0 };

  options.timeout = TIMEOUT_MSEC;
  options.tries = TRIES;
  options.evsys = ARES_EVSYS_DEFAULT;
  options.flags = ARES_FLAG_EDNS | (recurse ? 0 : ARES_FLAG_NORECURSE);

  /* No memory of earlier answers: a query cache of no length */
  if (ares_init_options (&channel, &options,
                         ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EVENT_THREAD | ARES_OPT_FLAGS | ARES_OPT_QUERY_CACHE)
      != ARES_SUCCESS)
    return NULL;

  if (servers != NULL && ares_set_servers_ports_csv (channel, servers) != ARES_SUCCESS)
    g_clear_pointer (&channel, ares_destroy);

  return channel;
}

static DexFuture *
ask (ares_channel_t *channel,
     const char     *name,
     PorchDnsType    type)
{
  Question *question = g_new0 (Question, 1);
  DexPromise *promise = dex_promise_new ();

  question->promise = dex_ref (promise);
  question->name = g_strdup (name);

  /* Whatever happens, the callback is called, and perhaps before this returns. */
  ares_query_dnsrec (channel, name, ARES_CLASS_IN, (ares_dns_rec_type_t) type, answered, question, NULL);

  return DEX_FUTURE (promise);
}

static void
porch_dns_finalize (GObject *object)
{
  PorchDns *self = PORCH_DNS (object);

  g_clear_pointer (&self->channel, ares_destroy);
  g_clear_pointer (&self->direct, g_hash_table_unref);
  g_clear_pointer (&self->servers, g_free);
  g_clear_pointer (&self->port, g_free);

  G_OBJECT_CLASS (porch_dns_parent_class)->finalize (object);
}

static void
porch_dns_class_init (PorchDnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = porch_dns_finalize;

  ares_library_init (ARES_LIB_INIT_ALL);
}

static void
porch_dns_init (PorchDns *self)
{
  self->direct = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) ares_destroy);
}

static DexFuture *
reject_unusable (void)
{
  return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_DNS, "%s", _("This computer knows no name server to ask."));
}

/* Takes "*:PORT" out of the list. */
static void
take_servers (PorchDns   *self,
              const char *servers)
{
  g_auto(GStrv) items = g_strsplit (servers, ",", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) others = NULL;

  for (guint i = 0; items[i] != NULL; i++)
    {
      if (g_str_has_prefix (items[i], "*:"))
        g_set_str (&self->port, items[i] + strlen ("*:"));
      else if (*items[i] != '\0')
        g_strv_builder_add (builder, items[i]);
    }

  others = g_strv_builder_end (builder);

  if (others[0] != NULL)
    self->servers = g_strjoinv (",", others);
}

/**
 * porch_dns_new:
 * @servers: (nullable): the servers to ask, as addresses with ports (`127.0.0.1:5353`), separated by commas; those of the
 *   variable `PORCHLIGHT_DNS_SERVERS` if %NULL, and those of the system without it
 *
 * They are asked for everything, also where certain servers are meant. With `*:PORT` among them, those are asked themselves,
 * at that port.
 *
 * Returns: (transfer full): a new resolver
 */
PorchDns *
porch_dns_new (const char *servers)
{
  PorchDns *self = g_object_new (PORCH_TYPE_DNS, NULL);

  if (servers == NULL)
    servers = g_getenv ("PORCHLIGHT_DNS_SERVERS");

  if (servers != NULL)
    take_servers (self, servers);

  self->channel = channel_new (self->servers, TRUE);

  return self;
}

/**
 * porch_dns_is_fixed:
 * @self: a resolver
 *
 * Returns: whether the same servers are asked for everything, so that nothing can be said about any other
 */
gboolean
porch_dns_is_fixed (PorchDns *self)
{
  g_return_val_if_fail (PORCH_IS_DNS (self), FALSE);

  return self->servers != NULL && self->port == NULL;
}

/**
 * porch_dns_lookup:
 * @self: a resolver
 * @name: a name as machines write it
 * @type: the type of the records to ask for
 *
 * Asks the resolver's servers, which find the answer wherever it is. Aliases on the way are in the answer, too.
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.DnsAnswer]; rejected with %PORCH_ERROR_DNS if no
 *   server could be asked
 */
DexFuture *
porch_dns_lookup (PorchDns     *self,
                  const char   *name,
                  PorchDnsType  type)
{
  dex_return_error_if_fail (PORCH_IS_DNS (self));
  dex_return_error_if_fail (name != NULL);

  return self->channel != NULL ? ask (self->channel, name, type) : reject_unusable ();
}

static char *
build_servers (PorchDns           *self,
               const char * const *addresses)
{
  g_autoptr(GString) list = g_string_new (NULL);

  if (porch_dns_is_fixed (self))
    return g_strdup (self->servers);

  for (guint i = 0; addresses[i] != NULL; i++)
    g_string_append_printf (list, strchr (addresses[i], ':') != NULL ? "%s[%s]:%s" : "%s%s:%s",
                            i > 0 ? "," : "", addresses[i], self->port != NULL ? self->port : "53");

  return g_string_free_and_steal (g_steal_pointer (&list));
}

/**
 * porch_dns_lookup_at:
 * @self: a resolver
 * @addresses: (array zero-terminated=1): addresses of name servers; may be empty if the resolver is fixed
 * @name: a name as machines write it
 * @type: the type of the records to ask for
 *
 * Asks these very servers what they know themselves. Where other servers than the system's are to be asked for everything,
 * they are asked here as well.
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.DnsAnswer]; rejected with %PORCH_ERROR_DNS if none
 *   of them answers
 */
DexFuture *
porch_dns_lookup_at (PorchDns           *self,
                     const char * const *addresses,
                     const char         *name,
                     PorchDnsType        type)
{
  g_autofree char *servers = NULL;
  ares_channel_t *channel;

  dex_return_error_if_fail (PORCH_IS_DNS (self));
  dex_return_error_if_fail (addresses != NULL && (addresses[0] != NULL || porch_dns_is_fixed (self)));
  dex_return_error_if_fail (name != NULL);

  servers = build_servers (self, addresses);

  if ((channel = g_hash_table_lookup (self->direct, servers)) == NULL)
    {
      if ((channel = channel_new (servers, FALSE)) == NULL)
        return reject_unusable ();

      g_hash_table_insert (self->direct, g_steal_pointer (&servers), channel);
    }

  return ask (channel, name, type);
}

/**
 * porch_dns_type_to_string:
 * @type: a type
 *
 * Returns: (transfer none): its name, such as `CNAME`
 */
const char *
porch_dns_type_to_string (PorchDnsType type)
{
  return type == PORCH_DNS_DS ? "DS" : ares_dns_rec_type_tostr ((ares_dns_rec_type_t) type);
}

PorchDnsAnswer *
porch_dns_answer_ref (PorchDnsAnswer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_atomic_rc_box_acquire (self);
}

static void
porch_dns_answer_clear (gpointer data)
{
  PorchDnsAnswer *self = data;

  g_ptr_array_unref (self->records);
  g_ptr_array_unref (self->authority);
  g_ptr_array_unref (self->additional);
}

void
porch_dns_answer_unref (PorchDnsAnswer *self)
{
  g_return_if_fail (self != NULL);

  g_atomic_rc_box_release_full (self, porch_dns_answer_clear);
}

PorchDnsStatus
porch_dns_answer_get_status (PorchDnsAnswer *self)
{
  g_return_val_if_fail (self != NULL, PORCH_DNS_BROKEN);

  return self->status;
}

/**
 * porch_dns_answer_is_authoritative:
 * @self: an answer
 *
 * Returns: whether the server that answered is one of those that hold the name
 */
gboolean
porch_dns_answer_is_authoritative (PorchDnsAnswer *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->is_authoritative;
}

/**
 * porch_dns_answer_get_records:
 * @self: an answer
 *
 * Returns: (transfer none) (element-type PorchDnsRecord): the records, aliases on the way among them
 */
GPtrArray *
porch_dns_answer_get_records (PorchDnsAnswer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->records;
}

/**
 * porch_dns_answer_get_authority:
 * @self: an answer
 *
 * Returns: (transfer none) (element-type PorchDnsRecord): who else to ask: the `NS` records of a server that does not hold
 *   the name itself, or the `SOA` record of the zone
 */
GPtrArray *
porch_dns_answer_get_authority (PorchDnsAnswer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->authority;
}

/**
 * porch_dns_answer_get_additional:
 * @self: an answer
 *
 * Returns: (transfer none) (element-type PorchDnsRecord): what was not asked for but may help: addresses of name servers
 */
GPtrArray *
porch_dns_answer_get_additional (PorchDnsAnswer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->additional;
}

static int
compare_values (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}

/**
 * porch_dns_answer_dup_values:
 * @self: an answer
 * @type: a type
 *
 * Returns: (transfer full) (array zero-terminated=1): the values of all records of the type, sorted
 */
char **
porch_dns_answer_dup_values (PorchDnsAnswer *self,
                             PorchDnsType    type)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  char **values;

  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->records->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (self->records, i);

      if (record->type == type)
        g_strv_builder_add (builder, record->value);
    }

  values = g_strv_builder_end (builder);
  qsort (values, g_strv_length (values), sizeof *values, compare_values);

  return values;
}
