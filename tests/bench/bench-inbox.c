/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The inbox with very many messages, in the real window parts: how long until they are seen, how long until what is typed is
 * found, whether scrolling ever misses a frame, and how much memory it takes.
 *
 *   build-aux/with-desktop bench-inbox [MESSAGES]
 *
 * The store is made anew in a temporary folder; 100,000 messages take some twenty seconds. "Seen" is the end of the paint phase of
 * the frame in which every row on the screen is filled. A frame is measured from its first phase to the end of its paint phase,
 * which leaves out what the screen itself waits for. The renderer without a graphics card is GSK_RENDERER=cairo.
 *
 * Beside the time on the clock stands the time that the processor worked for it: that of the main thread for a frame, that of
 * all threads else. On a computer that does nothing else they are the same.
 */

#include "config.h"

#include "porch-engine.h"
#include "porch-inbox-private.h"
#include "porch-messages-page.h"
#include "porch-site-private.h"

#include <adwaita.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "test-util.h"

#define SECOND 1e6
#define N_SCROLLS 300

typedef struct
{
  PorchEngine       *engine;
  PorchSite         *site;
  GtkWindow         *window;
  PorchMessagesPage *page;
  GArray            *frames;      /* double, milliseconds */
  GArray            *worked;      /* double, milliseconds */
  gint64             frame_began;
  gint64             work_began;
  gint64             painted;
  guint              n_frames;
} Bench;

static DexFuture *
ignore_cb (DexFuture *future,
           gpointer   user_data)
{
  return dex_future_new_true ();
}

static void
check (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
await (DexFuture *future)
{
  g_autoptr(GError) error = NULL;

  test_await (future, &error);
  check (error);
}

/* Words as languages have them: a few that are everywhere, and many that are rare */
static char *
pick_word (GRand *random)
{
  static const char *syllables[] = { "ba", "ke", "li", "mo", "ru", "sa", "te", "vi", "wo", "zu", "an", "er", "in", "on", "st" };
  guint number = 20000 * CLAMP (g_rand_double (random) * g_rand_double (random) * g_rand_double (random), 0, 1);
  g_autoptr(GString) word = g_string_new (NULL);

  do
    {
      g_string_append (word, syllables[number % G_N_ELEMENTS (syllables)]);
      number /= G_N_ELEMENTS (syllables);
    }
  while (number > 0);

  return g_string_free (g_steal_pointer (&word), FALSE);
}

static char *
make_text (GRand *random)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = g_rand_int_range (random, 10, 110); i > 0; i--)
    {
      g_autofree char *word = pick_word (random);

      g_string_append_printf (text, "%s%s", word, i % 12 == 0 ? ". " : " ");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct
{
  char  *site;
  guint  first;
  guint  last;
} Filling;

static gboolean
fill (sqlite3   *db,
      gpointer   user_data,
      GError   **error)
{
  Filling *filling = user_data;
  g_autoptr(GRand) random = g_rand_new_with_seed (filling->first + 1);
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "INSERT INTO messages (site, id, sk, received, name, mail, preview, page, form, fields, unread,"
                                 " archived, spam, mail_state, words) VALUES"
                                 " (?1, ?2, ?3, ?4, ?5, 'visitor@example.org', ?6, ?7, 'contact', ?8, ?9, ?10, ?11, 'sent', ?12)",
                                 -1, &statement, NULL);

  for (guint i = filling->first; code == SQLITE_OK && i < filling->last; i++)
    {
      g_autofree char *id = g_strdup_printf ("%012x", i);
      g_autofree char *sort_key = g_strdup_printf ("2026-%08u#%s", i, id);
      g_autofree char *first = pick_word (random);
      g_autofree char *last = pick_word (random);
      g_autofree char *name = g_strdup_printf ("%c%s %c%s", g_ascii_toupper (*first), first + 1, g_ascii_toupper (*last), last + 1);
      g_autofree char *text = make_text (random);
      g_autofree char *preview = g_strndup (text, 200);
      g_autofree char *fields = g_strdup_printf ("[[\"name\",\"%s\"],[\"message\",\"%s\"]]", name, text);
      g_autofree char *words = g_strconcat (name, "\n", text, NULL);
      const char *texts[] = { filling->site, id, sort_key, NULL, name, preview, i % 3 == 0 ? "/" : "/contact/", fields };

      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        sqlite3_bind_text (statement, j + 1, texts[j], -1, SQLITE_STATIC);

      sqlite3_bind_int64 (statement, 4, G_GINT64_CONSTANT (1700000000000) + (gint64) i * 300000);
      sqlite3_bind_int (statement, 9, i % 20 == 0);
      sqlite3_bind_int (statement, 10, i % 4 == 0);
      sqlite3_bind_int (statement, 11, i % 50 == 1);
      sqlite3_bind_text (statement, 12, words, -1, SQLITE_STATIC);
      code = sqlite3_step (statement) == SQLITE_DONE ? sqlite3_reset (statement) : sqlite3_errcode (db);
    }

  sqlite3_finalize (statement);

  return code == SQLITE_OK || porch_store_set_error (error, db, code);
}

static void
make_messages (Bench *bench,
               guint  count)
{
  gint64 began = g_get_monotonic_time ();

  for (guint i = 0; i < count; i += 5000)
    {
      Filling filling = { (char *) porch_site_get_id (bench->site), i, MIN (i + 5000, count) };

      await (porch_store_run (porch_engine_get_store (bench->engine), fill, &filling, NULL));
    }

  printf ("# %u messages made in %.1f s\n", count, (g_get_monotonic_time () - began) / SECOND);
}

/* The app as it would be after a start: nothing of the messages is in memory */
static void
open_engine (Bench      *bench,
             const char *path,
             guint       count)
{
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  PorchAccount *account;

  bench->engine = porch_engine_new (folder);
  await (porch_engine_open (bench->engine));
  porch_engine_set_practice_endpoint (bench->engine, "http://127.0.0.1:9", "AKIAEXAMPLE", "secret", "eu-central-1", NULL);
  await (porch_engine_add_practice (bench->engine, NULL));
  account = porch_engine_get_default_account (bench->engine);
  bench->site = porch_site_new (bench->engine, account, "bench", "Bench", "eu-central-1");
  porch_site_set_synced (bench->site, g_get_real_time () / G_USEC_PER_SEC);
  await (porch_site_insert (bench->site));
  make_messages (bench, count);
}

static gint64
get_time (clockid_t which)
{
  struct timespec time;

  clock_gettime (which, &time);

  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static void
before_cb (GdkFrameClock *clock,
           Bench         *bench)
{
  bench->frame_began = g_get_monotonic_time ();
  bench->work_began = get_time (CLOCK_THREAD_CPUTIME_ID);
}

static void
after_cb (GdkFrameClock *clock,
          Bench         *bench)
{
  double took;

  bench->painted = g_get_monotonic_time ();
  bench->n_frames++;
  took = (bench->painted - bench->frame_began) / 1000.0;
  g_array_append_val (bench->frames, took);
  took = (get_time (CLOCK_THREAD_CPUTIME_ID) - bench->work_began) / 1000.0;
  g_array_append_val (bench->worked, took);
}

static void
find_rows (GtkWidget *widget,
           int        height,
           GtkWidget *list,
           guint     *n_shown,
           guint     *n_filled)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t box;

      if (g_str_equal (G_OBJECT_TYPE_NAME (child), "PorchMessageRow"))
        {
          GtkWidget *label = gtk_widget_get_first_child (child);

          if (gtk_widget_get_mapped (child) && gtk_widget_compute_bounds (child, list, &box) &&
              box.origin.y < height && box.origin.y + box.size.height > 0)
            {
              (*n_shown)++;
              *n_filled += *gtk_label_get_text (GTK_LABEL (label)) != '\0';
            }
        }
      else
        {
          find_rows (child, height, list, n_shown, n_filled);
        }
    }
}

static GtkWidget *
find_widget (GtkWidget  *widget,
             const char *type)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), type))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static gboolean
is_filled (Bench *bench,
           guint  at_least)
{
  GtkWidget *list = find_widget (GTK_WIDGET (bench->page), "GtkListView");
  guint n_shown = 0, n_filled = 0;

  find_rows (list, gtk_widget_get_height (list), list, &n_shown, &n_filled);

  return n_shown >= at_least && n_filled == n_shown;
}

/* Until a frame was painted in which all that is on the screen is filled; milliseconds since @began */
static double
wait_until_seen (Bench  *bench,
                 gint64  began,
                 guint   at_least)
{
  for (;;)
    {
      guint before = bench->n_frames;
      gboolean filled = !porch_inbox_is_loading (porch_site_get_inbox (bench->site)) && is_filled (bench, at_least);

      if (filled)
        gtk_widget_queue_draw (GTK_WIDGET (bench->page));

      while (bench->n_frames == before && (filled || g_main_context_pending (NULL)))
        g_main_context_iteration (NULL, TRUE);

      if (filled)
        return (bench->painted - began) / 1000.0;

      g_main_context_iteration (NULL, FALSE);
    }
}

static void
rest (guint msec)
{
  await (dex_future_finally (dex_timeout_new_msec (msec), ignore_cb, NULL, NULL));
}

static double
percentile (GArray *values,
            double  share)
{
  return g_array_index (values, double, MIN ((guint) (values->len * share), values->len - 1));
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
report (const char *name,
        GArray     *values,
        double      limit)
{
  guint n_over = 0;

  g_array_sort (values, compare_doubles);

  for (guint i = 0; i < values->len; i++)
    n_over += g_array_index (values, double, i) > limit;

  printf ("%s: %u, median %.1f ms, p95 %.1f ms, longest %.1f ms; %u over %.0f ms\n", name, values->len,
          percentile (values, 0.5), percentile (values, 0.95), percentile (values, 1), n_over, limit);
}

static double
read_memory (const char *name)
{
  g_autofree char *text = NULL;
  const char *line;

  g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL);
  line = text != NULL ? strstr (text, name) : NULL;

  return line != NULL ? g_ascii_strtod (line + strlen (name), NULL) / 1024 : 0;
}

static void
open_window (Bench *bench)
{
  GtkWidget *view = adw_navigation_view_new ();
  AdwNavigationPage *page;

  bench->page = g_object_ref_sink (g_object_new (PORCH_TYPE_MESSAGES_PAGE, NULL));
  page = adw_navigation_page_new (GTK_WIDGET (bench->page), "Messages");
  adw_navigation_view_push (ADW_NAVIGATION_VIEW (view), page);
  bench->window = g_object_new (GTK_TYPE_WINDOW, "default-width", 1020, "default-height", 720, "child", view, NULL);
  gtk_window_present (bench->window);

  while (!gtk_widget_get_mapped (GTK_WIDGET (bench->page)))
    g_main_context_iteration (NULL, TRUE);

  rest (500);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench->page)), "before-paint", G_CALLBACK (before_cb), bench);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (bench->page)), "after-paint", G_CALLBACK (after_cb), bench);
}

static void
measure_opening (Bench *bench)
{
  gint64 began = g_get_monotonic_time ();
  gint64 work = get_time (CLOCK_PROCESS_CPUTIME_ID);
  double took;

  porch_messages_page_set_site (bench->page, bench->site);
  took = wait_until_seen (bench, began, 8);
  printf ("first paint: %.0f ms, %.0f ms of work (%u messages in the list, %u in memory)\n", took,
          (get_time (CLOCK_PROCESS_CPUTIME_ID) - work) / 1000.0,
          g_list_model_get_n_items (porch_site_get_messages (bench->site)),
          porch_inbox_list_count_kept (PORCH_INBOX_LIST (porch_site_get_messages (bench->site))));
}

static void
measure_search (Bench *bench)
{
  static const char *words[] = { "bake", "limo ru", "vianer", "sa te", "wozu", "onst", "keruba" };
  GtkWidget *entry = find_widget (GTK_WIDGET (bench->page), "GtkSearchEntry");
  g_autoptr(GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr(GArray) worked = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      for (guint length = 1; length <= strlen (words[i]); length++)
        {
          g_autofree char *typed = g_strndup (words[i], length);
          gint64 began = g_get_monotonic_time ();
          gint64 work = get_time (CLOCK_PROCESS_CPUTIME_ID);
          double took;

          gtk_editable_set_text (GTK_EDITABLE (entry), typed);
          took = wait_until_seen (bench, began, 0);
          g_array_append_val (times, took);
          took = (get_time (CLOCK_PROCESS_CPUTIME_ID) - work) / 1000.0;
          g_array_append_val (worked, took);
          rest (60);
        }

      gtk_editable_set_text (GTK_EDITABLE (entry), "");
      wait_until_seen (bench, g_get_monotonic_time (), 8);
      rest (60);
    }

  report ("search as you type", times, 50);
  report ("  work for it", worked, 50);
}

/* By the wheel, a few rows at each frame, then by the scroll bar, anywhere at each frame */
static void
measure_scrolling (Bench *bench)
{
  GtkWidget *list = find_widget (GTK_WIDGET (bench->page), "GtkListView");
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  for (guint kind = 0; kind < 2; kind++)
    {
      g_array_set_size (bench->frames, 0);
      g_array_set_size (bench->worked, 0);

      for (guint i = 0; i < N_SCROLLS; i++)
        {
          guint before = bench->n_frames;

          gtk_adjustment_set_value (adjustment, kind == 0 ? i * 120 : end * ((i * 37) % N_SCROLLS) / N_SCROLLS);

          while (bench->n_frames == before)
            g_main_context_iteration (NULL, TRUE);
        }

      report (kind == 0 ? "frames while the wheel turns" : "frames while the scroll bar is dragged", bench->frames, 16);
      report ("  work for them", bench->worked, 16);
      wait_until_seen (bench, g_get_monotonic_time (), 8);
    }
}

int
main (int    argc,
      char **argv)
{
  guint count = argc > 1 ? strtoul (argv[1], NULL, 10) : 100000;
  g_autofree char *path = NULL;
  Bench bench = { 0 };

  bench.frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench.worked = g_array_new (FALSE, FALSE, sizeof (double));
  setvbuf (stdout, NULL, _IOLBF, 0);
  dex_init ();
  adw_init ();
  path = test_new_folder ();
  open_engine (&bench, path, count);
  printf ("memory before: %.0f MB\n", read_memory ("Pss:"));

  open_window (&bench);
  measure_opening (&bench);
  measure_search (&bench);
  measure_scrolling (&bench);
  printf ("memory: %.0f MB, of its own %.0f MB\n", read_memory ("Pss:"), read_memory ("Private_Dirty:"));

  gtk_window_destroy (bench.window);
  test_remove_folder (path);

  return 0;
}
