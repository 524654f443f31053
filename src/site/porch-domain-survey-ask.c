/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-domain-survey-private.h"

#include "porch-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How many questions are underway at once, how long one may take and all of them, in seconds */
#define AT_ONCE       24
#define ANSWER_TIME   9
#define WHOLE_TIME    80

/* So many name servers of a domain are asked, and so many of the registry. */
#define MAX_SERVERS   8
#define MAX_PARENTS   3

/* The longest chain of aliases that is followed; resolvers give up at about as many. */
#define MAX_CHAIN     10

/* Names that are found in other records are looked at as well, but a strange domain must not keep us busy for ever. */
#define MAX_NAMES     220
#define MAX_ROUNDS    4

/* Steps of the whole, for the bar */
#define N_STEPS       6

/* How many names are invented to find out whether any name answers */
#define N_PROBES      2

/* Names below a domain that have addresses, as a rule. Mail first: nobody notices at once that it is gone. */
static const char * const usual_names[] = {
  "mail", "smtp", "imap", "pop", "pop3", "mx", "mx1", "mx2", "webmail", "autodiscover", "autoconfig", "email", "exchange", "relay",
  "send", "bounce", "bounces", "mta-sts", "www", "blog", "shop", "store", "app", "api", "dev", "test", "staging", "beta", "m", "mobile",
  "cdn", "static", "assets", "img", "images", "media", "docs", "help", "support", "status", "portal", "login", "my", "admin", "cpanel",
  "webdisk", "whm", "ftp", "sftp", "ssh", "vpn", "remote", "cloud", "nextcloud", "git", "wiki", "forum", "news", "newsletter", "events",
  "calendar", "drive", "files", "home", "intranet", "office", "server", "ns1", "ns2", "sip", "lyncdiscover", "msoid",
  "enterpriseregistration", "enterpriseenrollment", "links", "link", "go", "track", "em", "en", "de", "fr", "old", "new", NULL
};

/* Names that have texts, or are aliases of such. The keys that sign mail go by the names that the big services use. */
static const char * const text_names[] = {
  "_dmarc", "_mta-sts", "_smtp._tls", "default._bimi", "default._domainkey", "google._domainkey", "selector1._domainkey",
  "selector2._domainkey", "k1._domainkey", "k2._domainkey", "k3._domainkey", "s1._domainkey", "s2._domainkey", "dkim._domainkey",
  "mail._domainkey", "smtp._domainkey", "fm1._domainkey", "fm2._domainkey", "fm3._domainkey", "mesmtp._domainkey",
  "protonmail._domainkey", "protonmail2._domainkey", "protonmail3._domainkey", "zoho._domainkey", "zmail._domainkey", "sig1._domainkey",
  "s1-ionos._domainkey", "s2-ionos._domainkey", "s42582890._domainkey", "mandrill._domainkey", "mailjet._domainkey", "pm._domainkey",
  "resend._domainkey", "brevo1._domainkey", "brevo2._domainkey", "key1._domainkey", "key2._domainkey", "titan1._domainkey",
  "hostingermail1._domainkey", "hostingermail-a._domainkey", "hostingermail-b._domainkey", "hostingermail-c._domainkey",
  "ovhmo._domainkey", "gm1._domainkey", "gm2._domainkey", "gm3._domainkey", "dk1._domainkey", "x._domainkey", NULL
};

static const char * const service_names[] = {
  "_autodiscover._tcp", "_imap._tcp", "_imaps._tcp", "_submission._tcp", "_submissions._tcp", "_pop3._tcp", "_pop3s._tcp",
  "_caldav._tcp", "_caldavs._tcp", "_carddav._tcp", "_carddavs._tcp", "_sip._tls", "_sip._tcp", "_sip._udp", "_sipfederationtls._tcp",
  "_xmpp-client._tcp", "_xmpp-server._tcp", "_matrix._tcp", "_minecraft._tcp", NULL
};

/* A question, and its answer once it is there */
typedef struct
{
  char           *name;
  PorchDnsType    type;
  char          **at;       /* addresses of the servers to ask; NULL: whoever finds it */
  DexFuture      *future;
  PorchDnsAnswer *answer;   /* NULL: none in time */
} Question;

/* What one run knows */
typedef struct
{
  PorchDomainSurvey *survey;
  const char        *domain;
  const char        *wanted;
  gint64             begun;
  char             **servers;     /* addresses that answer for the domain; NULL: anybody is asked; may be empty if the resolver is fixed */
  GHashTable        *seen;        /* "name type value" of each record that was found */
  GHashTable        *names;       /* names that were asked about, and those that will be */
  GHashTable        *made_up;     /* "type value" of what names have that nobody ever made; those with "type" alone differ each time */
  guint              n_answers;
  guint              step;
  gboolean           is_refused;  /* resolvers give no answer about the domain */
} Run;

static void
question_free (gpointer data)
{
  Question *question = data;

  dex_clear (&question->future);
  g_clear_pointer (&question->answer, porch_dns_answer_unref);
  g_strfreev (question->at);
  g_free (question->name);
  g_free (question);
}

static GPtrArray *
batch_new (void)
{
  return g_ptr_array_new_with_free_func (question_free);
}

static Question *
batch_add (GPtrArray          *batch,
           const char         *name,
           PorchDnsType        type,
           const char * const *at)
{
  Question *question = g_new0 (Question, 1);

  question->name = g_strdup (name);
  question->type = type;
  question->at = g_strdupv ((char **) at);
  g_ptr_array_add (batch, question);

  return question;
}

static gboolean
is_stopped (Run *run)
{
  return !dex_future_is_pending (DEX_FUTURE (run->survey->stop));
}

static gboolean
is_late (Run *run)
{
  return g_get_monotonic_time () - run->begun > WHOLE_TIME * G_USEC_PER_SEC;
}

static void
begin_question (Run      *run,
                Question *question)
{
  PorchDns *dns = run->survey->dns;
  DexFuture *lookup;

  if (question->at != NULL)
    lookup = porch_dns_lookup_at (dns, (const char * const *) question->at, question->name, question->type);
  else
    lookup = porch_dns_lookup (dns, question->name, question->type);

  question->future = dex_future_first (lookup, dex_timeout_new_seconds (ANSWER_TIME), dex_ref (DEX_FUTURE (run->survey->stop)), NULL);
}

static void
end_question (Run      *run,
              Question *question)
{
  const GValue *value = dex_future_get_value (question->future, NULL);

  if (value != NULL && G_VALUE_HOLDS (value, PORCH_TYPE_DNS_ANSWER))
    {
      question->answer = g_value_dup_boxed (value);
      run->n_answers++;
    }
}

static void
set_fraction (Run    *run,
              double  part)
{
  run->survey->fraction = CLAMP ((run->step + part) / (run->survey->is_brief ? N_STEPS - 2 : N_STEPS), run->survey->fraction, 1);
  g_object_notify (G_OBJECT (run->survey), "fraction");
}

/* Some at a time. What is not asked any more, or not answered, stays without an answer. */
static void
await_batch (Run       *run,
             GPtrArray *batch)
{
  for (guint begin = 0; begin < batch->len && !is_stopped (run) && !is_late (run); begin += AT_ONCE)
    {
      g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);
      guint end = MIN (begin + AT_ONCE, batch->len);

      for (guint i = begin; i < end; i++)
        {
          Question *question = g_ptr_array_index (batch, i);

          begin_question (run, question);
          g_ptr_array_add (futures, dex_ref (question->future));
        }

      dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);

      for (guint i = begin; i < end; i++)
        end_question (run, g_ptr_array_index (batch, i));

      set_fraction (run, (double) end / batch->len);
    }
}

static Question *
batch_get (GPtrArray *batch,
           guint      index)
{
  return g_ptr_array_index (batch, index);
}

static gboolean
is_found (Question *question)
{
  return question->answer != NULL && porch_dns_answer_get_status (question->answer) == PORCH_DNS_FOUND;
}

static gboolean
is_missing (Question *question)
{
  return question->answer != NULL && porch_dns_answer_get_status (question->answer) == PORCH_DNS_NO_NAME;
}

static gboolean
is_broken (Question *question)
{
  return question->answer != NULL && porch_dns_answer_get_status (question->answer) == PORCH_DNS_BROKEN;
}

static void
take_strv (char     ***place,
           GPtrArray  *items)
{
  g_strfreev (*place);
  g_ptr_array_sort_values (items, (GCompareFunc) strcmp);
  g_ptr_array_add (items, NULL);
  *place = g_strdupv ((char **) items->pdata);
  g_ptr_array_remove_index (items, items->len - 1);
}

/* The values of the records of exactly this name, once each */
static void
add_values (GPtrArray    *values,
            GPtrArray    *records,
            const char   *name,
            PorchDnsType  type,
            guint        *ttl)
{
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (records, i);

      if (record->type != type || (name != NULL && !g_str_equal (record->name, name)))
        continue;

      if (!g_ptr_array_find_with_equal_func (values, record->value, g_str_equal, NULL))
        g_ptr_array_add (values, g_strdup (record->value));

      if (ttl != NULL)
        *ttl = MAX (*ttl, record->ttl);
    }
}

static const char *
find_parent (const char *name)
{
  const char *dot = strchr (name, '.');

  return dot != NULL ? dot + 1 : NULL;
}

/* The addresses of computers; those that the answer brought along count when nobody else knows any, as is so with servers
 * whose names are in the domain that they serve. */
static void
await_addresses (Run                 *run,
                 const char * const  *names,
                 guint                n_names,
                 GPtrArray           *glue,
                 GPtrArray          **addresses)
{
  g_autoptr(GPtrArray) batch = batch_new ();

  for (guint i = 0; i < n_names; i++)
    {
      batch_add (batch, names[i], PORCH_DNS_A, NULL);
      batch_add (batch, names[i], PORCH_DNS_AAAA, NULL);
    }

  await_batch (run, batch);

  for (guint i = 0; i < n_names; i++)
    {
      addresses[i] = g_ptr_array_new_with_free_func (g_free);

      for (guint family = 0; family < 2; family++)
        {
          Question *question = batch_get (batch, 2 * i + family);

          if (is_found (question))
            add_values (addresses[i], porch_dns_answer_get_records (question->answer), NULL, question->type, NULL);
          if (addresses[i]->len == 0)
            add_values (addresses[i], glue, names[i], question->type, NULL);
        }

      g_ptr_array_add (addresses[i], NULL);
    }
}

static char **
await_parent_servers (Run      *run,
                      Question *parents)
{
  g_auto(GStrv) names = parents->answer != NULL ? porch_dns_answer_dup_values (parents->answer, PORCH_DNS_NS) : NULL;
  guint n = names != NULL ? MIN (g_strv_length (names), MAX_PARENTS) : 0;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  GPtrArray *addresses[MAX_PARENTS];

  await_addresses (run, (const char * const *) names, n, NULL, addresses);

  for (guint i = 0; i < n; i++)
    {
      if (addresses[i]->pdata[0] != NULL)
        g_strv_builder_add (builder, addresses[i]->pdata[0]);
      g_ptr_array_unref (addresses[i]);
    }

  return g_strv_builder_end (builder);
}

/* What the registry says about who serves the domain: its word counts, whatever resolvers remember. Returns the addresses
 * of the servers that it told along. */
static GPtrArray *
await_registry (Run      *run,
                Question *parents)
{
  PorchDomainSurvey *self = run->survey;
  gboolean is_fixed = porch_dns_is_fixed (self->dns);
  g_auto(GStrv) servers = is_fixed ? g_new0 (char *, 1) : await_parent_servers (run, parents);
  g_autoptr(GPtrArray) batch = batch_new ();
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  Question *question;

  if (!is_fixed && servers[0] == NULL)
    return NULL;

  question = batch_add (batch, run->domain, PORCH_DNS_NS, (const char * const *) servers);
  await_batch (run, batch);

  if (question->answer == NULL)
    return NULL;

  self->delegation_ttl = 0;
  add_values (names, porch_dns_answer_get_authority (question->answer), run->domain, PORCH_DNS_NS, &self->delegation_ttl);
  add_values (names, porch_dns_answer_get_records (question->answer), run->domain, PORCH_DNS_NS, &self->delegation_ttl);

  if (names->len > 0)
    {
      take_strv (&self->delegated, names);
      self->registration = PORCH_DOMAIN_REGISTRATION_TAKEN;
    }
  else if (is_missing (question) && porch_dns_answer_is_authoritative (question->answer))
    {
      self->registration = PORCH_DOMAIN_REGISTRATION_FREE;
    }

  return g_ptr_array_ref (porch_dns_answer_get_additional (question->answer));
}

static gboolean
is_signed (Question *question,
           Run      *run)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

  if (!is_found (question))
    return FALSE;

  add_values (values, porch_dns_answer_get_records (question->answer), run->domain, PORCH_DNS_DS, NULL);

  return values->len > 0;
}

/* Whether somebody has the domain, and who serves it according to the registry. */
static GPtrArray *
await_delegation (Run *run)
{
  PorchDomainSurvey *self = run->survey;
  const char *parent = find_parent (run->domain);
  g_autoptr(GPtrArray) batch = batch_new ();
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  Question *own = batch_add (batch, run->domain, PORCH_DNS_NS, NULL);
  Question *start = batch_add (batch, run->domain, PORCH_DNS_SOA, NULL);
  Question *signer = batch_add (batch, run->domain, PORCH_DNS_DS, NULL);
  Question *parents = batch_add (batch, parent != NULL ? parent : run->domain, PORCH_DNS_NS, NULL);

  await_batch (run, batch);

  if (is_found (own))
    add_values (names, porch_dns_answer_get_records (own->answer), run->domain, PORCH_DNS_NS, &self->delegation_ttl);

  take_strv (&self->delegated, names);
  self->is_signed = is_signed (signer, run);
  run->is_refused = is_broken (own) || is_broken (start);
  self->is_below = own->answer != NULL && porch_dns_answer_get_status (own->answer) == PORCH_DNS_NO_DATA &&
                   start->answer != NULL && porch_dns_answer_get_status (start->answer) == PORCH_DNS_NO_DATA;

  if (names->len > 0 || is_found (start) || is_broken (own) || self->is_below)
    self->registration = PORCH_DOMAIN_REGISTRATION_TAKEN;
  else if (is_missing (own) || is_missing (start))
    self->registration = PORCH_DOMAIN_REGISTRATION_FREE;

  if (porch_dns_is_fixed (self->dns))
    self->service = is_found (start) ? PORCH_DOMAIN_SERVICE_GOOD :
                    is_broken (start) ? PORCH_DOMAIN_SERVICE_BROKEN : PORCH_DOMAIN_SERVICE_UNKNOWN;

  return await_registry (run, parents);
}

/* Whether a server answers for the domain; a server that only passes questions on does not. */
static gboolean
answers_for (Question *question)
{
  return is_found (question) && porch_dns_answer_is_authoritative (question->answer);
}

static PorchDomainService
judge_service (PorchDomainSurvey *self,
               guint              n_good,
               guint              n_lame)
{
  if (n_good == 0)
    return n_lame > 0 ? PORCH_DOMAIN_SERVICE_BROKEN : PORCH_DOMAIN_SERVICE_UNKNOWN;

  if (n_lame > 0 || (*self->own_servers != NULL && !g_strv_equal ((const char * const *) self->own_servers, (const char * const *) self->delegated)))
    return PORCH_DOMAIN_SERVICE_PARTIAL;

  return PORCH_DOMAIN_SERVICE_GOOD;
}

/* Where the resolver is fixed, it is asked for what it knows itself if it is one that holds domains. */
static void
await_fixed_server (Run *run)
{
  const char * const none[] = { NULL };
  g_autoptr(GPtrArray) batch = batch_new ();
  Question *question = batch_add (batch, run->domain, PORCH_DNS_SOA, none);

  await_batch (run, batch);

  if (answers_for (question))
    run->servers = g_new0 (char *, 1);
}

/* Asks each of the name servers itself. */
static void
await_servers (Run       *run,
               GPtrArray *glue)
{
  PorchDomainSurvey *self = run->survey;
  guint n = MIN (g_strv_length (self->delegated), MAX_SERVERS);
  g_autoptr(GPtrArray) batch = batch_new ();
  g_autoptr(GPtrArray) lame = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GStrvBuilder) good = g_strv_builder_new ();
  GPtrArray *addresses[MAX_SERVERS];
  guint n_good = 0;

  await_addresses (run, (const char * const *) self->delegated, n, glue, addresses);

  for (guint i = 0; i < n; i++)
    {
      const char *at[] = { addresses[i]->pdata[0], NULL };

      /* Of a server without an address nothing can be asked; the question stands for it all the same. */
      batch_add (batch, run->domain, PORCH_DNS_SOA, at[0] != NULL ? at : (const char *[]) { "0.0.0.0", NULL });
      batch_add (batch, run->domain, PORCH_DNS_NS, at[0] != NULL ? at : (const char *[]) { "0.0.0.0", NULL });
    }

  await_batch (run, batch);

  for (guint i = 0; i < n; i++)
    {
      Question *names = batch_get (batch, 2 * i + 1);

      if (answers_for (batch_get (batch, 2 * i)))
        {
          n_good++;
          g_strv_builder_add (good, addresses[i]->pdata[0]);
          if (is_found (names))
            add_values (own, porch_dns_answer_get_records (names->answer), run->domain, PORCH_DNS_NS, NULL);
        }
      else
        {
          g_ptr_array_add (lame, g_strdup (self->delegated[i]));
        }

      g_ptr_array_unref (addresses[i]);
    }

  take_strv (&self->own_servers, own);
  take_strv (&self->lame, lame);
  self->service = judge_service (self, n_good, lame->len);

  /* They answer, and nobody believes them. */
  if (n_good > 0 && self->is_signed && run->is_refused)
    self->service = PORCH_DOMAIN_SERVICE_BROKEN;

  if (n_good > 0)
    run->servers = g_strv_builder_end (good);
}

/* The records that say who may issue certificates for a name: those of the name itself, or else of the next one above that
 * has any. Those at the end of an alias count as the name's own ([RFC 8659](https://www.rfc-editor.org/rfc/rfc8659), 3). */
static PorchDomainIssue
await_issue (Run         *run,
             const char  *name,
             char      ***issuers,
             char       **issue_name)
{
  g_autoptr(GPtrArray) batch = batch_new ();

  for (const char *end = name; end != NULL; end = find_parent (end))
    batch_add (batch, end, PORCH_DNS_CAA, NULL);

  await_batch (run, batch);

  for (guint i = 0; i < batch->len; i++)
    {
      Question *question = batch_get (batch, i);
      g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);

      /* What fails above the domain is nothing that its owner could mend, or that is held against them. */
      if ((question->answer == NULL || is_broken (question)) && strlen (question->name) < strlen (run->domain))
        continue;
      if (question->answer == NULL || is_broken (question))
        return PORCH_DOMAIN_ISSUE_BROKEN;

      add_values (values, porch_dns_answer_get_records (question->answer), NULL, PORCH_DNS_CAA, NULL);

      if (values->len == 0)
        continue;

      take_strv (issuers, values);
      g_set_str (issue_name, question->name);

      return porch_domain_judge_issuers ((const char * const *) *issuers);
    }

  return PORCH_DOMAIN_ISSUE_ALLOWED;
}

/* For the name and for its sibling, since one certificate covers both: the stricter of them counts. */
static void
await_issues (Run *run)
{
  PorchDomainSurvey *self = run->survey;
  g_autoptr(PorchDomainName) sibling = porch_domain_name_dup_sibling (self->name);

  self->issue = await_issue (run, run->wanted, &self->issuers, &self->issue_name);

  if (sibling != NULL && self->issue == PORCH_DOMAIN_ISSUE_ALLOWED)
    {
      g_auto(GStrv) issuers = g_new0 (char *, 1);
      g_autofree char *issue_name = NULL;
      PorchDomainIssue issue = await_issue (run, porch_domain_name_get_ascii (sibling), &issuers, &issue_name);

      if (issue == PORCH_DOMAIN_ISSUE_ALLOWED)
        return;

      self->issue = issue;
      g_strfreev (self->issuers);
      self->issuers = g_steal_pointer (&issuers);
      g_set_str (&self->issue_name, issue_name);
    }
}

static const char *
find_alias (GPtrArray  *records,
            const char *name)
{
  for (guint i = 0; records != NULL && i < records->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (records, i);

      if (record->type == PORCH_DNS_CNAME && g_str_equal (record->name, name))
        return record->value;
    }

  return NULL;
}

/* Follows the aliases in an answer. Returns the end. */
static const char *
follow (PorchDomainSurvey *self,
        GPtrArray         *chain,
        GPtrArray         *records,
        const char        *name)
{
  const char *next;

  while ((next = find_alias (records, name)) != NULL)
    {
      if (chain->len >= MAX_CHAIN || g_ptr_array_find_with_equal_func (chain, next, g_str_equal, NULL))
        {
          self->is_loop = TRUE;
          break;
        }

      g_ptr_array_add (chain, g_strdup (next));
      name = g_ptr_array_index (chain, chain->len - 1);
    }

  return name;
}

/* One step on a chain that the resolver gave up: it tells the next name if it is asked for nothing more. */
static const char *
await_step (Run        *run,
            GPtrArray  *chain,
            const char *name)
{
  g_autoptr(GPtrArray) batch = batch_new ();
  Question *question = batch_add (batch, name, PORCH_DNS_CNAME, NULL);

  await_batch (run, batch);

  return is_found (question) ? follow (run->survey, chain, porch_dns_answer_get_records (question->answer), name) : name;
}

/* What the name says now. A resolver follows aliases; where it stops on the way, the rest is asked for. */
static void
await_current (Run *run)
{
  PorchDomainSurvey *self = run->survey;
  g_autoptr(GPtrArray) chain = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *name = g_strdup (run->wanted);
  gboolean has_ended = FALSE;

  while (!has_ended && !self->is_loop && !is_stopped (run))
    {
      g_autoptr(GPtrArray) batch = batch_new ();
      Question *a = batch_add (batch, name, PORCH_DNS_A, NULL);
      guint length = chain->len;

      batch_add (batch, name, PORCH_DNS_AAAA, NULL);
      await_batch (run, batch);

      if (is_broken (a))
        g_set_str (&name, await_step (run, chain, name));
      else if (a->answer != NULL)
        g_set_str (&name, follow (self, chain, porch_dns_answer_get_records (a->answer), name));

      for (guint i = 0; i < batch->len; i++)
        if (batch_get (batch, i)->answer != NULL)
          add_values (addresses, porch_dns_answer_get_records (batch_get (batch, i)->answer), name, batch_get (batch, i)->type, &self->current_ttl);

      has_ended = chain->len == length || addresses->len > 0;
    }

  g_strfreev (self->chain);
  g_ptr_array_add (chain, NULL);
  self->chain = g_strdupv ((char **) chain->pdata);
  take_strv (&self->current, addresses);
}

static gboolean
is_made_up (Run        *run,
            const char *type,
            const char *value)
{
  g_autofree char *key = g_strconcat (type, " ", value, NULL);

  return g_hash_table_contains (run->made_up, key) || g_hash_table_contains (run->made_up, type);
}

/* A name in the domain that a text mentions, such as that of a mail server */
static void
add_mentioned_names (Run        *run,
                     const char *value)
{
  g_auto(GStrv) words = g_strsplit_set (value, " \t\"=:,;/", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = g_ascii_strdown (words[i], -1);
      gsize length = strlen (word);
      gsize end = strlen (run->domain);

      if (length > end + 1 && length < 254 && g_str_has_suffix (word, run->domain) && word[length - end - 1] == '.' &&
          strspn (word, "abcdefghijklmnopqrstuvwxyz0123456789-._") == length && g_hash_table_size (run->names) < MAX_NAMES)
        g_hash_table_add (run->names, g_steal_pointer (&word));
    }
}

static void
add_record (Run                  *run,
            const PorchDnsRecord *record)
{
  const char *type = porch_dns_type_to_string (record->type);
  g_autofree char *key = g_strjoin (" ", record->name, type, record->value, NULL);
  g_autoptr(PorchDomainRecord) item = NULL;

  if (!g_hash_table_add (run->seen, g_steal_pointer (&key)))
    return;

  item = porch_domain_record_new (record->name, type, record->ttl, record->value, run->domain, run->wanted);
  g_list_store_insert_sorted (run->survey->records, item, porch_domain_record_compare, NULL);
  add_mentioned_names (run, record->value);
}

/* Only what was asked for, and an alias in its place; never what an alias leads to. Names that are meant to be there are
 * believed even where any name is answered for: the domain itself, and the one that was asked for. */
static void
add_answer (Run      *run,
            Question *question)
{
  gboolean is_sure = g_str_equal (question->name, run->domain) || g_str_has_prefix (question->name, "*.");
  GPtrArray *records = porch_dns_answer_get_records (question->answer);
  GPtrArray *authority = porch_dns_answer_get_authority (question->answer);

  for (guint i = 0; i < records->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (records, i);

      if (!g_str_equal (record->name, question->name) || (record->type != question->type && record->type != PORCH_DNS_CNAME))
        continue;

      if (is_sure || !is_made_up (run, porch_dns_type_to_string (record->type), record->value))
        add_record (run, record);
    }

  /* Name servers of a part of the domain that others look after */
  for (guint i = 0; !porch_dns_answer_is_authoritative (question->answer) && i < authority->len; i++)
    {
      const PorchDnsRecord *record = g_ptr_array_index (authority, i);

      if (record->type == PORCH_DNS_NS && strlen (record->name) > strlen (run->domain) && g_str_has_suffix (question->name, record->name))
        add_record (run, record);
    }
}

static void
add_answers (Run       *run,
             GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    {
      Question *question = batch_get (batch, i);

      if (question->answer == NULL || is_broken (question))
        run->survey->is_incomplete = TRUE;
      else
        add_answer (run, question);
    }
}

/* Whether any name at all is answered for: names are asked for that nobody ever made. Two that get the same have a star in
 * their place; two that get different answers are lies, and nothing of their kind can be believed. */
static void
note_made_up (Run        *run,
              GPtrArray  *batch,
              guint       n_types)
{
  for (guint i = 0; i < n_types; i++)
    {
      g_autofree char *first = NULL;

      for (guint probe = 0; probe < N_PROBES; probe++)
        {
          Question *question = batch_get (batch, probe * n_types + i);
          g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
          g_autofree char *joined = NULL;
          GPtrArray *records = question->answer != NULL ? porch_dns_answer_get_records (question->answer) : NULL;

          for (guint j = 0; records != NULL && j < records->len; j++)
            {
              const PorchDnsRecord *record = g_ptr_array_index (records, j);

              if (!g_str_equal (record->name, question->name))
                continue;

              run->survey->has_wildcard = TRUE;
              g_ptr_array_add (values, g_strdup (record->value));
              g_hash_table_add (run->made_up, g_strjoin (" ", porch_dns_type_to_string (record->type), record->value, NULL));
            }

          g_ptr_array_sort_values (values, (GCompareFunc) strcmp);
          g_ptr_array_add (values, NULL);
          joined = g_strjoinv (" ", (char **) values->pdata);

          if (probe > 0 && *joined != '\0' && g_strcmp0 (first, joined) != 0)
            g_hash_table_add (run->made_up, g_strdup (porch_dns_type_to_string (question->type)));

          g_set_str (&first, joined);
        }
    }
}

static void
await_wildcard (Run *run)
{
  static const struct { const char *before; const char *after; PorchDnsType type; } probes[] = {
    { "", ".", PORCH_DNS_A },
    { "", ".", PORCH_DNS_AAAA },
    { "", ".", PORCH_DNS_TXT },
    { "", ".", PORCH_DNS_MX },
    { "", "._domainkey.", PORCH_DNS_TXT },
    { "_", "._tcp.", PORCH_DNS_SRV },
  };
  g_autoptr(GPtrArray) batch = batch_new ();
  g_autoptr(GPtrArray) stars = batch_new ();
  g_autofree char *star = g_strconcat ("*.", run->domain, NULL);

  for (guint probe = 0; probe < N_PROBES; probe++)
    for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
      {
        g_autofree char *name = g_strdup_printf ("%sporchlight-%08x%s%s", probes[i].before, g_random_int (), probes[i].after, run->domain);

        batch_add (batch, name, probes[i].type, (const char * const *) run->servers);
      }

  await_batch (run, batch);
  note_made_up (run, batch, G_N_ELEMENTS (probes));

  if (!run->survey->has_wildcard)
    return;

  /* The star is a name like any other, and a record to be copied. */
  for (guint i = 0; i < 4; i++)
    batch_add (stars, star, probes[i].type, (const char * const *) run->servers);

  await_batch (run, stars);
  add_answers (run, stars);
}

static void
add_usual_names (Run                *run,
                 GPtrArray          *batch,
                 const char * const *names,
                 PorchDnsType        type)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *name = g_strconcat (names[i], ".", run->domain, NULL);

      batch_add (batch, name, type, (const char * const *) run->servers);

      if (type == PORCH_DNS_A)
        g_hash_table_add (run->names, g_steal_pointer (&name));
    }
}

/* The other types of a name that is there and no alias */
static void
add_other_types (Run       *run,
                 GPtrArray *batch,
                 GPtrArray *asked)
{
  static const PorchDnsType types[] = { PORCH_DNS_AAAA, PORCH_DNS_MX, PORCH_DNS_TXT };

  for (guint i = 0; i < asked->len; i++)
    {
      Question *question = batch_get (asked, i);

      if (question->type != PORCH_DNS_A || question->answer == NULL || is_missing (question) || is_broken (question) ||
          find_alias (porch_dns_answer_get_records (question->answer), question->name) != NULL)
        continue;

      for (guint j = 0; j < G_N_ELEMENTS (types); j++)
        batch_add (batch, question->name, types[j], (const char * const *) run->servers);
    }
}

/* Names that were mentioned since the last round, and are not asked about yet */
static void
add_new_names (Run        *run,
               GPtrArray  *batch,
               GHashTable *asked)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, run->names);

  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_hash_table_add (asked, g_strdup (name)))
      batch_add (batch, name, PORCH_DNS_A, (const char * const *) run->servers);
}

static void
await_records (Run *run)
{
  static const PorchDnsType types[] = { PORCH_DNS_A, PORCH_DNS_AAAA, PORCH_DNS_MX, PORCH_DNS_TXT, PORCH_DNS_CAA };
  g_autoptr(GHashTable) asked = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) batch = batch_new ();

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    batch_add (batch, run->domain, types[i], (const char * const *) run->servers);

  g_hash_table_add (asked, g_strdup (run->domain));
  add_usual_names (run, batch, text_names, PORCH_DNS_TXT);
  add_usual_names (run, batch, service_names, PORCH_DNS_SRV);
  add_usual_names (run, batch, usual_names, PORCH_DNS_A);
  g_hash_table_add (run->names, g_strdup (run->wanted));

  for (guint i = 0; usual_names[i] != NULL; i++)
    g_hash_table_add (asked, g_strconcat (usual_names[i], ".", run->domain, NULL));

  for (guint round = 0; round < MAX_ROUNDS && batch->len > 0 && !is_stopped (run); round++)
    {
      g_autoptr(GPtrArray) others = batch_new ();

      await_batch (run, batch);
      add_answers (run, batch);
      add_other_types (run, others, batch);
      await_batch (run, others);
      add_answers (run, others);

      g_ptr_array_set_size (batch, 0);
      add_new_names (run, batch, asked);
    }
}

/* "10 mail.example.org"; a lone dot says that there is no mail on purpose ([RFC 7505](https://www.rfc-editor.org/rfc/rfc7505)). */
static void
find_mail (Run *run)
{
  PorchDomainSurvey *self = run->survey;
  GListModel *records = G_LIST_MODEL (self->records);
  g_autoptr(GHashTable) servers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (records, i);
      const char *space = strchr (porch_domain_record_get_value (record), ' ');

      if (g_str_equal (porch_domain_record_get_record_type (record), "MX") && space != NULL && space[1] != '\0')
        g_hash_table_add (servers, g_strdup (space + 1));
    }

  self->has_mail = g_hash_table_size (servers) > 0;

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (records, i);

      if (g_hash_table_contains (servers, porch_domain_record_get_name (record)))
        porch_domain_record_mark_mail (record);
    }

  g_list_store_sort (self->records, porch_domain_record_compare, NULL);
}

/* Without a search for records: whether there is mail at all */
static void
await_mail (Run *run)
{
  g_autoptr(GPtrArray) batch = batch_new ();
  Question *question = batch_add (batch, run->domain, PORCH_DNS_MX, (const char * const *) run->servers);

  await_batch (run, batch);

  if (question->answer != NULL && !is_broken (question))
    add_answer (run, question);
}

static void
end_step (Run *run)
{
  run->step++;
  set_fraction (run, 0);
}

static void
await_taken (Run       *run,
             GPtrArray *glue)
{
  PorchDomainSurvey *self = run->survey;

  if (porch_dns_is_fixed (self->dns))
    await_fixed_server (run);
  else
    await_servers (run, glue);
  end_step (run);

  /* Of what nobody serves there is nothing more to be heard. */
  if (self->service != PORCH_DOMAIN_SERVICE_BROKEN)
    await_issues (run);
  end_step (run);

  if (self->service != PORCH_DOMAIN_SERVICE_BROKEN)
    await_current (run);
  end_step (run);

  if (self->service == PORCH_DOMAIN_SERVICE_BROKEN && run->servers == NULL)
    return;

  if (self->is_brief)
    {
      await_mail (run);
    }
  else if (!self->is_below)
    {
      await_wildcard (run);
      end_step (run);
      await_records (run);
    }
}

static void
await_all (Run *run)
{
  PorchDomainSurvey *self = run->survey;
  g_autoptr(GPtrArray) glue = await_delegation (run);

  end_step (run);

  if (self->registration == PORCH_DOMAIN_REGISTRATION_TAKEN && !is_stopped (run))
    await_taken (run, glue);

  find_mail (run);
  self->is_incomplete = self->is_incomplete || is_late (run);
}

/* In a fiber: fills the survey, which is empty. */
gboolean
porch_domain_survey_ask (PorchDomainSurvey  *self,
                         GError            **error)
{
  Run run = { .survey = self, .begun = g_get_monotonic_time () };

  run.domain = porch_domain_name_get_registrable (self->name);
  run.wanted = porch_domain_name_get_ascii (self->name);
  run.seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run.names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  run.made_up = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  await_all (&run);

  g_strfreev (run.servers);
  g_hash_table_unref (run.seen);
  g_hash_table_unref (run.names);
  g_hash_table_unref (run.made_up);

  if (is_stopped (&run))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");
      return FALSE;
    }

  if (run.n_answers == 0)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_DNS,
                   /* Translators: %s is a domain */
                   _("No name server answered when it was asked about “%s”. Is this computer connected to the internet?"),
                   porch_domain_name_get_shown (self->name));
      return FALSE;
    }

  return TRUE;
}
