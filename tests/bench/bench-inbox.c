/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* The inbox with very many messages, in the real window parts: how long until they are seen, how long until what is typed is
 * found, whether scrolling ever misses a frame, and how much memory it takes.
 *
 *   build-aux/with-desktop bench-inbox [MESSAGES [FOLDER]]
 *
 * The store is made anew in a temporary folder; 100,000 messages take some twenty seconds. One that is made in FOLDER is kept,
 * and used the next time. "Seen" is the end of the paint phase of the frame in which every row on the screen is filled. A frame
 * is measured from its first phase to the end of its paint phase, which leaves out what the screen itself waits for. The
 * renderer without a graphics card is GSK_RENDERER=cairo.
 *
 * Beside the time on the clock stands the time that the processor worked for it: that of the main thread for a frame, that of
 * all threads else. On a computer that does nothing else they are the same. A frame "with all before it" is what the main thread
 * did since the frame before: rows that change their messages, and messages that come in.
 *
 * Last comes what the toolkit takes by itself: a list as long, scrolled in the same way, whose rows are one label each.
 */

#include "config.h"

#include "porch-engine.h"
#include "porch-inbox-private.h"
#include "porch-message-row.h"
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
  GArray            *between;     /* double, milliseconds */
  gint64             frame_began;
  gint64             work_began;
  gint64             work_ended;
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

  /* As a program leaves it that comes to its end */
  await (porch_store_query (porch_engine_get_store (bench->engine), "PRAGMA wal_checkpoint (TRUNCATE)", NULL));
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
  bench->site = porch_engine_find_site (bench->engine, "bench");

  if (bench->site != NULL)
    return;

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
  gint64 work;
  double took;

  bench->painted = g_get_monotonic_time ();
  bench->n_frames++;
  took = (bench->painted - bench->frame_began) / 1000.0;
  g_array_append_val (bench->frames, took);
  work = get_time (CLOCK_THREAD_CPUTIME_ID);
  took = (work - bench->work_began) / 1000.0;
  g_array_append_val (bench->worked, took);
  took = (work - bench->work_ended) / 1000.0;
  g_array_append_val (bench->between, took);
  bench->work_ended = work;
}

static gboolean
is_known (PorchMessageRow *row,
          GListModel      *messages)
{
  g_autoptr(PorchMessage) message = g_list_model_get_item (messages, porch_message_row_get_position (row));

  return message != NULL && porch_message_is_known (message);
}

static void
find_rows (GtkWidget  *widget,
           GtkWidget  *list,
           GListModel *messages,
           guint      *n_shown,
           guint      *n_filled)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t box;

      if (!PORCH_IS_MESSAGE_ROW (child))
        {
          find_rows (child, list, messages, n_shown, n_filled);
        }
      else if (gtk_widget_get_mapped (child) && gtk_widget_compute_bounds (child, list, &box) &&
               box.origin.y < gtk_widget_get_height (list) && box.origin.y + box.size.height > 0)
        {
          (*n_shown)++;
          *n_filled += is_known (PORCH_MESSAGE_ROW (child), messages);
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

  find_rows (list, list, porch_site_get_messages (bench->site), &n_shown, &n_filled);

  return n_shown >= at_least && n_filled == n_shown;
}

/* Until a frame was painted in which all that is on the screen is filled; milliseconds since @began */
static double
wait_until_seen (Bench  *bench,
                 gint64  began,
                 guint   at_least)
{
  guint before;

  while (porch_inbox_is_loading (porch_site_get_inbox (bench->site)) || !is_filled (bench, at_least))
    g_main_context_iteration (NULL, TRUE);

  before = bench->n_frames;
  gtk_widget_queue_draw (GTK_WIDGET (bench->page));

  while (bench->n_frames == before)
    g_main_context_iteration (NULL, TRUE);

  return (bench->painted - began) / 1000.0;
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
watch_frames (Bench     *bench,
              GtkWidget *widget)
{
  g_signal_connect (gtk_widget_get_frame_clock (widget), "before-paint", G_CALLBACK (before_cb), bench);
  g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint", G_CALLBACK (after_cb), bench);
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
  watch_frames (bench, GTK_WIDGET (bench->page));
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

static void
forget_frames (Bench *bench)
{
  g_array_set_size (bench->frames, 0);
  g_array_set_size (bench->worked, 0);
  g_array_set_size (bench->between, 0);
  bench->work_ended = get_time (CLOCK_THREAD_CPUTIME_ID);
}

/* By the wheel, a few rows at each frame, then by the scroll bar, anywhere at each frame */
static void
measure_scrolling (Bench      *bench,
                   GtkWidget  *list,
                   const char *whose)
{
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  for (guint kind = 0; kind < 2; kind++)
    {
      forget_frames (bench);

      for (guint i = 0; i < N_SCROLLS; i++)
        {
          guint before = bench->n_frames;

          gtk_adjustment_set_value (adjustment, kind == 0 ? i * 120 : end * ((i * 37) % N_SCROLLS) / N_SCROLLS);
          gtk_widget_queue_draw (list);

          while (bench->n_frames == before)
            g_main_context_iteration (NULL, TRUE);
        }

      printf ("%s, frames while %s\n", whose, kind == 0 ? "the wheel turns" : "the scroll bar is dragged");
      report ("  on the clock", bench->frames, 16);
      report ("  work", bench->worked, 16);
      report ("  work, with all before it", bench->between, 16);
      rest (500);
    }
}

static void
setup_label_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  gtk_list_item_set_child (item, g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END, NULL));
}

static void
bind_label_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      gtk_string_object_get_string (gtk_list_item_get_item (item)));
}

static void
measure_toolkit (Bench *bench,
                 guint  count)
{
  GtkStringList *strings = gtk_string_list_new (NULL);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list = gtk_list_view_new (NULL, factory);
  GtkWidget *view = gtk_scrolled_window_new ();
  GtkWindow *window = g_object_new (GTK_TYPE_WINDOW, "default-width", 320, "default-height", 720, "child", view, NULL);

  for (guint i = 0; i < count; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u is the number of this message in the list of them all", i);

      gtk_string_list_append (strings, text);
    }

  g_signal_connect (factory, "setup", G_CALLBACK (setup_label_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_label_cb), NULL);
  gtk_list_view_set_model (GTK_LIST_VIEW (list), GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (strings))));
  gtk_widget_add_css_class (list, "navigation-sidebar");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (view), list);
  gtk_window_present (window);

  while (!gtk_widget_get_mapped (list))
    g_main_context_iteration (NULL, TRUE);

  rest (500);
  watch_frames (bench, list);
  measure_scrolling (bench, list, "the toolkit alone");
  gtk_window_destroy (window);
}

int
main (int    argc,
      char **argv)
{
  guint count = argc > 1 ? strtoul (argv[1], NULL, 10) : 100000;
  g_autofree char *path = argc > 2 ? g_strdup (argv[2]) : NULL;
  Bench bench = { 0 };

  bench.frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench.worked = g_array_new (FALSE, FALSE, sizeof (double));
  bench.between = g_array_new (FALSE, FALSE, sizeof (double));
  setvbuf (stdout, NULL, _IOLBF, 0);
  dex_init ();
  adw_init ();

  if (path == NULL)
    path = test_new_folder ();

  open_engine (&bench, path, count);
  printf ("memory before: %.0f MB\n", read_memory ("Pss:"));

  open_window (&bench);
  measure_opening (&bench);
  measure_search (&bench);
  measure_scrolling (&bench, find_widget (GTK_WIDGET (bench.page), "GtkListView"), "the inbox");
  printf ("memory: %.0f MB, of its own %.0f MB\n", read_memory ("Pss:"), read_memory ("Private_Dirty:"));

  gtk_window_destroy (bench.window);
  measure_toolkit (&bench, count);

  if (argc < 3)
    test_remove_folder (path);

  return 0;
}
