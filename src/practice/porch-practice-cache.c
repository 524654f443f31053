/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-practice-internet-private.h"

/* What a resolver tells that remembers: RFC 2308, 5 for what is not there; failures are asked for again at once */
#define NOTHING_TTL   300
#define MOST_ANSWERS  10000

struct _PracticeCache
{
  GHashTable *answers;   /* "name type" -> Answer */
};

typedef struct
{
  GPtrArray         *records;
  PracticeDnsStatus  status;
  gint64             begun;
  gint64             ends;
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_ptr_array_unref (self->records);
  g_free (self);
}

PracticeCache *
practice_cache_new (void)
{
  PracticeCache *self = g_new0 (PracticeCache, 1);

  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, answer_free);

  return self;
}

void
practice_cache_free (PracticeCache *self)
{
  g_hash_table_unref (self->answers);
  g_free (self);
}

void
practice_cache_age (PracticeCache *self,
                    gint64         seconds)
{
  GHashTableIter iter;
  gpointer answer;

  g_hash_table_iter_init (&iter, self->answers);
  while (g_hash_table_iter_next (&iter, NULL, &answer))
    {
      ((Answer *) answer)->begun -= seconds * G_USEC_PER_SEC;
      ((Answer *) answer)->ends -= seconds * G_USEC_PER_SEC;
    }
}

/* For how long an answer may be remembered, in seconds */
static gint64
get_ttl (PracticeDnsStatus  status,
         GPtrArray         *records)
{
  gint64 ttl = G_MAXINT32;

  if (status == PRACTICE_DNS_BROKEN || status == PRACTICE_DNS_REFUSED)
    return 0;

  if (status != PRACTICE_DNS_FOUND)
    ttl = NOTHING_TTL;

  for (guint i = 0; i < records->len; i++)
    ttl = MIN (ttl, ((PracticeDnsRecord *) g_ptr_array_index (records, i))->ttl);

  return ttl;
}

/* Time goes by faster here where everything does, so what is left of a record's time is told in its own seconds. */
static gboolean
recall (Answer            *answer,
        GPtrArray         *records,
        PracticeDnsStatus *status)
{
  gint64 now = practice_now ();

  if (answer == NULL || now >= answer->ends)
    return FALSE;

  *status = answer->status;
  for (guint i = 0; i < answer->records->len; i++)
    {
      PracticeDnsRecord *record = g_ptr_array_index (answer->records, i);
      double left = (double) (answer->ends - now) / (double) (answer->ends - answer->begun);

      practice_dns_record_add (records, record->name, record->type, (gint64) (left * (double) record->ttl), record->value);
    }

  return TRUE;
}

static void
remember (PracticeCache     *self,
          const char        *key,
          PracticeDnsStatus  status,
          GPtrArray         *records,
          double             factor)
{
  gint64 lasts = (gint64) ((double) (get_ttl (status, records) * G_USEC_PER_SEC) * factor);
  Answer *answer;

  if (lasts <= 0)
    {
      g_hash_table_remove (self->answers, key);

      return;
    }

  if (g_hash_table_size (self->answers) >= MOST_ANSWERS)
    g_hash_table_remove_all (self->answers);

  answer = g_new0 (Answer, 1);
  answer->records = g_ptr_array_new_with_free_func (practice_dns_record_free);
  answer->status = status;
  answer->begun = practice_now ();
  answer->ends = answer->begun + lasts;
  for (guint i = 0; i < records->len; i++)
    {
      PracticeDnsRecord *record = g_ptr_array_index (records, i);

      practice_dns_record_add (answer->records, record->name, record->type, record->ttl, record->value);
    }

  g_hash_table_replace (self->answers, g_strdup (key), answer);
}

/* Whether the fault is an answer by itself */
gboolean
practice_dns_fault_apply (const PracticeDnsFault *fault,
                          const char             *name,
                          const char             *type,
                          GPtrArray              *records,
                          PracticeDnsStatus      *status)
{
  *status = fault->status;

  if (fault->answer != NULL && name != NULL)
    practice_dns_record_add (records, name, type, NOTHING_TTL, fault->answer);

  return fault->has_status || fault->is_lost || fault->answer != NULL;
}

gboolean
practice_internet_resolve (Practice          *practice,
                           const char        *name,
                           const char        *type,
                           GPtrArray         *records,
                           PracticeDnsStatus *status,
                           guint             *delay)
{
  g_autofree char *normal = practice_dns_normalize (name, NULL);
  g_autofree char *key = g_strdup_printf ("%s %s", normal != NULL ? normal : name, type);
  PracticeDnsFault fault = { 0, };

  practice_faults_resolve (practice, normal != NULL ? normal : name, type, &fault);
  if (delay != NULL)
    *delay = fault.delay;

  if (practice_dns_fault_apply (&fault, normal, type, records, status))
    return !fault.is_lost;

  if (recall (g_hash_table_lookup (practice->dns_cache->answers, key), records, status))
    return TRUE;

  *status = practice_internet_look_up (practice, name, type, TRUE, records);
  remember (practice->dns_cache, key, *status, records, fault.whole_ttl ? 1.0 : practice->delay_factor);

  return TRUE;
}
