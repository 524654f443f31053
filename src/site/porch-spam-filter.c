/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-spam-filter.h"

#include <math.h>
#include <string.h>

/* A small filter that counts words. It weighs them as Gary Robinson proposed ("A Statistical Approach to the Spam Problem",
 * Linux Journal 107, 2003) and joins the weights with Fisher's test, so that it is sure only where many words say the same.
 * The counts stay in the store, for each site of its own, and go with the site. */

/* Fewer messages of either kind teach nothing */
#define MIN_MESSAGES 3

/* What is thought of a word that nobody has seen, and how much that counts, in messages */
#define UNKNOWN 0.5
#define STRENGTH 0.45

/* Words that say so little are left out */
#define MIN_DISTANCE 0.1

#define MIN_CLUES 3
#define MAX_CLUES 60
#define SURE 0.95

#define MAX_TEXT (64 * 1024)
#define MAX_WORDS 300
#define MIN_LETTERS 3
#define MAX_LETTERS 40

/* How many words a person is told of */
#define N_SHOWN 4

/* The row under this name counts the messages */
#define ALL_MESSAGES ""

typedef struct
{
  const char *word;
  double      weight;
} Clue;

static void
add_word (GHashTable *words,
          char       *word)
{
  if (g_hash_table_size (words) < MAX_WORDS)
    g_hash_table_add (words, word);
  else
    g_free (word);
}

/* Scripts without spaces between words are taken two signs at a time */
static gboolean
add_pairs (GHashTable *words,
           const char *token)
{
  gboolean has_pairs = FALSE;

  for (const char *sign = token; *sign != '\0'; sign = g_utf8_next_char (sign))
    {
      const char *next = g_utf8_next_char (sign);

      if (g_utf8_get_char (sign) < 0x2e80)
        continue;

      has_pairs = TRUE;

      if (*next != '\0')
        add_word (words, g_strndup (sign, g_utf8_next_char (next) - sign));
    }

  return has_pairs;
}

static void
add_hosts (GHashTable *words,
           const char *text)
{
  g_autoptr(GRegex) pattern = g_regex_new ("(?:https?://|\\bwww\\.)([a-z0-9.-]+)", G_REGEX_CASELESS, G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr(GMatchInfo) match = NULL;

  for (g_regex_match (pattern, text, G_REGEX_MATCH_DEFAULT, &match);
       g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *host = g_match_info_fetch (match, 1);
      g_autofree char *lower = g_ascii_strdown (host, -1);

      add_word (words, g_strdup_printf ("http://%.60s", lower));
    }
}

/**
 * porch_spam_filter_split:
 * @text: what was written, all fields
 * @mail: (nullable): the sender's mail address, of which only the part after the @ is used
 *
 * Takes a message apart into what the filter counts. Nothing by which a person could be told is among it but words.
 *
 * Returns: (transfer full): at most 300 words, each once
 */
GStrv
porch_spam_filter_split (const char *text,
                         const char *mail)
{
  g_autoptr(GHashTable) words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *part = g_utf8_make_valid (text, MIN (strlen (text), MAX_TEXT));
  g_auto(GStrv) tokens = g_str_tokenize_and_fold (part, NULL, NULL);
  const char *at = mail != NULL ? strrchr (mail, '@') : NULL;
  g_autoptr(GPtrArray) keys = NULL;

  add_hosts (words, part);

  if (at != NULL && at[1] != '\0')
    {
      g_autofree char *domain = g_utf8_strdown (at, -1);

      add_word (words, g_strdup_printf ("%.60s", domain));
    }

  for (guint i = 0; tokens[i] != NULL; i++)
    {
      glong length = g_utf8_strlen (tokens[i], -1);

      if (!add_pairs (words, tokens[i]) && length >= MIN_LETTERS && length <= MAX_LETTERS)
        add_word (words, g_strdup (tokens[i]));
    }

  keys = g_hash_table_steal_all_keys (words);
  g_ptr_array_set_free_func (keys, NULL);
  g_ptr_array_sort_values (keys, (GCompareFunc) strcmp);
  g_ptr_array_add (keys, NULL);

  return (GStrv) g_ptr_array_free (g_steal_pointer (&keys), FALSE);
}

static gboolean
count_word (sqlite3_stmt *statement,
            const char   *site,
            const char   *word,
            int           spam,
            int           good)
{
  sqlite3_bind_text (statement, 1, site, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, word, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 3, spam);
  sqlite3_bind_int (statement, 4, good);

  return sqlite3_step (statement) == SQLITE_DONE && sqlite3_reset (statement) == SQLITE_OK;
}

/**
 * porch_spam_filter_learn:
 * @db: the store's database
 * @site: the id of the site
 * @words: (array zero-terminated=1): a message, as [func@Porch.spam_filter_split] took it apart
 * @before: what was learned from this message until now; it is unlearned
 * @now: what to learn from it
 * @error: return location
 *
 * Counts the words of a message as those of spam or of a good message.
 *
 * Returns: %FALSE with @error set if the store failed
 */
gboolean
porch_spam_filter_learn (sqlite3             *db,
                         const char          *site,
                         const char * const  *words,
                         PorchSpamLesson      before,
                         PorchSpamLesson      now,
                         GError             **error)
{
  int spam = (now == PORCH_SPAM_BAD) - (before == PORCH_SPAM_BAD);
  int good = (now == PORCH_SPAM_GOOD) - (before == PORCH_SPAM_GOOD);
  sqlite3_stmt *statement = NULL;
  gboolean success;

  if (before == now)
    return TRUE;

  success = sqlite3_prepare_v2 (db,
                                "INSERT INTO spam_words (site, word, spam, good) VALUES (?1, ?2, max (?3, 0), max (?4, 0))"
                                " ON CONFLICT (site, word) DO UPDATE SET spam = max (spam + ?3, 0), good = max (good + ?4, 0)",
                                -1, &statement, NULL) == SQLITE_OK;

  success = success && count_word (statement, site, ALL_MESSAGES, spam, good);

  for (guint i = 0; success && words[i] != NULL; i++)
    success = count_word (statement, site, words[i], spam, good);

  if (!success)
    porch_store_set_error (error, db, sqlite3_errcode (db));

  sqlite3_finalize (statement);

  return success;
}

/* How much a word speaks for spam, from 0 to 1; a word that was seen seldom says little */
static double
weigh (int spam,
       int good,
       int n_spam,
       int n_good)
{
  double bad = n_spam > 0 ? MIN ((double) spam / n_spam, 1) : 0;
  double fine = n_good > 0 ? MIN ((double) good / n_good, 1) : 0;
  double seen = spam + good;
  double share = bad + fine > 0 ? bad / (bad + fine) : UNKNOWN;

  return (STRENGTH * UNKNOWN + seen * share) / (STRENGTH + seen);
}

/* The probability that a chi-squared variable with @freedom (an even number of) degrees of freedom is larger than @value */
static double
chi_squared (double value,
             guint  freedom)
{
  double half = value / 2;
  double term = exp (-half);
  double sum = term;

  for (guint i = 1; i < freedom / 2; i++)
    {
      term *= half / i;
      sum += term;
    }

  return MIN (sum, 1);
}

static double
join_weights (GArray *clues)
{
  double spam = 0, good = 0;

  for (guint i = 0; i < clues->len; i++)
    {
      double weight = g_array_index (clues, Clue, i).weight;

      spam += log (1 - weight);
      good += log (weight);
    }

  /* How unlikely it is that so many words speak for spam, and against it, by chance */
  spam = 1 - chi_squared (-2 * spam, 2 * clues->len);
  good = 1 - chi_squared (-2 * good, 2 * clues->len);

  return (1 + spam - good) / 2;
}

static int
compare_clues (gconstpointer a,
               gconstpointer b)
{
  double first = fabs (((const Clue *) a)->weight - 0.5);
  double second = fabs (((const Clue *) b)->weight - 0.5);

  if (first != second)
    return first < second ? 1 : -1;

  return strcmp (((const Clue *) a)->word, ((const Clue *) b)->word);
}

static gboolean
look_up (sqlite3_stmt *statement,
         const char   *site,
         const char   *word,
         int          *spam,
         int          *good)
{
  int code;

  sqlite3_bind_text (statement, 1, site, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, 2, word, -1, SQLITE_STATIC);
  code = sqlite3_step (statement);
  *spam = code == SQLITE_ROW ? sqlite3_column_int (statement, 0) : 0;
  *good = code == SQLITE_ROW ? sqlite3_column_int (statement, 1) : 0;

  return (code == SQLITE_ROW || code == SQLITE_DONE) && sqlite3_reset (statement) == SQLITE_OK;
}

static gboolean
find_clues (sqlite3_stmt       *statement,
            const char         *site,
            const char * const *words,
            GArray             *clues)
{
  int n_spam, n_good;

  if (!look_up (statement, site, ALL_MESSAGES, &n_spam, &n_good))
    return FALSE;

  if (n_spam < MIN_MESSAGES || n_good < MIN_MESSAGES)
    return TRUE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      Clue clue = { .word = words[i] };
      int spam, good;

      if (!look_up (statement, site, words[i], &spam, &good))
        return FALSE;

      clue.weight = weigh (spam, good, n_spam, n_good);

      if (fabs (clue.weight - 0.5) >= MIN_DISTANCE)
        g_array_append_val (clues, clue);
    }

  g_array_sort (clues, compare_clues);
  g_array_set_size (clues, MIN (clues->len, MAX_CLUES));

  return TRUE;
}

static GStrv
list_clues (GArray *clues)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  guint n_shown = 0;

  for (guint i = 0; i < clues->len && n_shown < N_SHOWN; i++)
    if (g_array_index (clues, Clue, i).weight > 0.5)
      {
        g_strv_builder_add (builder, g_array_index (clues, Clue, i).word);
        n_shown++;
      }

  return g_strv_builder_end (builder);
}

/**
 * porch_spam_filter_judge:
 * @db: the store's database
 * @site: the id of the site
 * @words: (array zero-terminated=1): a message, as [func@Porch.spam_filter_split] took it apart
 * @verdict: (out): what the filter thinks of it
 * @clues: (out) (transfer full) (nullable): the words that gave it away, at most 4, the strongest first; `NULL` unless
 *   @verdict is %PORCH_SPAM_LIKELY
 * @error: return location
 *
 * Judges a message by what was learned from others of the same site.
 *
 * Returns: %FALSE with @error set if the store failed
 */
gboolean
porch_spam_filter_judge (sqlite3             *db,
                         const char          *site,
                         const char * const  *words,
                         PorchSpamVerdict    *verdict,
                         GStrv               *clues,
                         GError             **error)
{
  g_autoptr(GArray) found = g_array_new (FALSE, FALSE, sizeof (Clue));
  sqlite3_stmt *statement = NULL;
  double score = 0.5;
  gboolean success;

  *verdict = PORCH_SPAM_UNSURE;
  *clues = NULL;

  success = sqlite3_prepare_v2 (db, "SELECT spam, good FROM spam_words WHERE site = ? AND word = ?", -1, &statement, NULL) == SQLITE_OK &&
            find_clues (statement, site, words, found);

  if (!success)
    porch_store_set_error (error, db, sqlite3_errcode (db));

  sqlite3_finalize (statement);

  if (success && found->len >= MIN_CLUES)
    score = join_weights (found);

  if (score >= SURE)
    {
      *verdict = PORCH_SPAM_LIKELY;
      *clues = list_clues (found);
    }
  else if (score <= 1 - SURE)
    {
      *verdict = PORCH_SPAM_UNLIKELY;
    }

  return success;
}
