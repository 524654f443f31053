/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "porch-error.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "test-util.h"

static void
await (DexFuture *future)
{
  g_autoptr(GError) error = NULL;

  dex_await (future, &error);
  g_assert_no_error (error);
}

static guint
n_shown (PorchInbox *inbox)
{
  return g_list_model_get_n_items (porch_inbox_get_messages (inbox));
}

static PorchMessage *
dup_message (PorchInbox *inbox,
             guint       position)
{
  g_assert_cmpuint (position, <, n_shown (inbox));

  return g_list_model_get_item (porch_inbox_get_messages (inbox), position);
}

static void
post (PorchSite  *site,
      const char *form)
{
  g_assert_cmpuint (cloud_post (site, form), ==, 200);

  /* The time of arrival has milliseconds, and the order shall be sure */
  cloud_pause (5);
}

static PorchInbox *
open_inbox (PorchSite *site)
{
  PorchInbox *inbox = porch_site_get_inbox (site);

  await (porch_inbox_load (inbox));
  await (porch_inbox_refresh (inbox));

  return inbox;
}

static void
arrived_cb (PorchInbox   *inbox,
            PorchMessage *message,
            guint        *count)
{
  (*count)++;
}

static void
test_arrive (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) newest = NULL;
  g_autofree char *reply = NULL;
  guint count = 0;

  g_assert_false (porch_inbox_has_any (inbox));
  g_signal_connect (inbox, "arrived", G_CALLBACK (arrived_cb), &count);
  post (site, "given_name=J%C3%B6rg&family_name=B&email=j%40example.org&message=Erste%0D%0Azweite+Zeile");
  post (site, "name=Ann&email=a%40example.org&message=Second&topics=a&topics=b");
  post (site, "name=Bot&message=buy&_gotcha=x");
  await (porch_inbox_refresh (inbox));

  g_assert_cmpuint (count, ==, 2);
  g_assert_cmpuint (n_shown (inbox), ==, 2);
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 2);
  g_assert_cmpuint (porch_site_get_unread_count (site), ==, 2);
  g_assert_true (porch_inbox_has_any (inbox));

  newest = dup_message (inbox, 0);
  g_assert_cmpstr (porch_message_get_sender (newest), ==, "Ann");
  g_assert_cmpstr (porch_message_get_sender_mail (newest), ==, "a@example.org");
  g_assert_cmpuint (g_list_model_get_n_items (porch_message_get_fields (newest)), ==, 4);
  reply = porch_message_dup_reply_uri (newest);
  g_assert_true (g_str_has_prefix (reply, "mailto:a@example.org?subject="));

  g_clear_object (&newest);
  newest = dup_message (inbox, 1);
  g_assert_cmpstr (porch_message_get_sender (newest), ==, "Jörg B");
  g_assert_cmpstr (porch_message_get_preview (newest), ==, "Erste zweite Zeile");
  g_assert_cmpstr (porch_message_get_text (newest), ==, "Erste\nzweite Zeile");

  porch_inbox_set_view (inbox, PORCH_INBOX_SPAM);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
}

static void
test_offline (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) message = NULL;
  g_autoptr(GListModel) sites = NULL;
  g_autoptr(GError) error = NULL;

  post (site, "name=Ann&message=hello");
  await (porch_inbox_refresh (inbox));
  cloud_restart (cloud);
  porch_engine_set_practice_endpoint (cloud->engine, NULL, NULL, NULL, NULL);
  g_clear_object (&sites);
  sites = g_object_ref (porch_engine_get_sites (cloud->engine));
  site = g_list_model_get_item (sites, 0);
  inbox = porch_site_get_inbox (site);

  /* Read without a connection; marked here, and told later */
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  message = dup_message (inbox, 0);
  await (porch_inbox_mark_read (inbox, message, TRUE));
  g_assert_false (dex_await (porch_inbox_refresh (inbox), &error));
  g_assert_nonnull (porch_inbox_get_problem (inbox));
  g_assert_false (porch_message_get_unread (message));

  cloud_set_faults (cloud, NULL);
  await (porch_inbox_refresh_all (inbox));
  g_assert_null (porch_inbox_get_problem (inbox));
  g_assert_false (porch_message_get_unread (message));
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 0);
  g_object_unref (site);
}

static void
test_search (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  const struct
  {
    const char *search;
    guint       found;
  } table[] = {
    { "müll", 1 }, { "MULLER", 1 }, { "ann hello", 1 }, { "hello", 2 }, { "zzz", 0 }, { "\"*' OR 1", 0 },
    { "hel", 2 }, { "", 2 }, { NULL, 2 }, { "%", 2 }, { "blue", 1 },
  };

  post (site, "name=Ann&message=hello+there&colour=blue");
  post (site, "name=M%C3%BCller&message=hello");
  await (porch_inbox_refresh (inbox));

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      porch_inbox_set_search (inbox, table[i].search);
      await (porch_inbox_load (inbox));

      if (n_shown (inbox) != table[i].found)
        g_error ("“%s” finds %u", table[i].search, n_shown (inbox));
    }
}

static void
test_states (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchEngine) other = cloud_open_engine (cloud, "other");
  g_autoptr(PorchMessage) first = NULL;
  g_autoptr(PorchMessage) second = NULL;
  g_autoptr(PorchSite) other_site = NULL;
  PorchInbox *other_inbox;

  post (site, "message=one");
  post (site, "message=two");
  await (porch_inbox_refresh (inbox));
  await (porch_engine_import (other, porch_engine_get_default_account (other)));
  other_site = g_list_model_get_item (porch_engine_get_sites (other), 0);
  other_inbox = open_inbox (other_site);
  g_assert_cmpuint (n_shown (other_inbox), ==, 2);
  g_assert_cmpuint (porch_inbox_get_unread (other_inbox), ==, 2);

  /* What is done on one computer is seen on the other */
  second = dup_message (inbox, 0);
  first = dup_message (inbox, 1);
  await (porch_inbox_archive (inbox, second, TRUE));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  await (porch_inbox_mark_read (inbox, first, TRUE));
  await (porch_inbox_commit (inbox));
  await (porch_inbox_refresh (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);
  g_assert_cmpuint (porch_inbox_get_unread (other_inbox), ==, 0);

  await (porch_inbox_archive (inbox, second, FALSE));
  await (porch_inbox_mark_spam (inbox, first, TRUE));
  await (porch_inbox_commit (inbox));
  await (porch_inbox_refresh_all (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);
  porch_inbox_set_view (other_inbox, PORCH_INBOX_SPAM);
  await (porch_inbox_load (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);

  await (porch_inbox_delete (inbox, second));
  await (porch_inbox_commit (inbox));
  porch_inbox_set_view (other_inbox, PORCH_INBOX_ALL);
  await (porch_inbox_load (other_inbox));
  await (porch_inbox_refresh (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);
}

static void
test_delete (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  post (site, "message=one");
  await (porch_inbox_refresh (inbox));
  message = dup_message (inbox, 0);

  /* Out of sight, also after looking for new ones, but still to be had back */
  await (porch_inbox_delete (inbox, message));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
  await (porch_inbox_refresh_all (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 0);
  await (porch_inbox_undelete (inbox, message));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  await (porch_inbox_refresh_all (inbox));
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 1);

  await (porch_inbox_delete (inbox, message));
  await (porch_inbox_commit (inbox));
  g_assert_false (dex_await (porch_inbox_undelete (inbox, message), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  await (porch_inbox_load (inbox));
  await (porch_inbox_refresh_all (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
  g_assert_false (porch_inbox_has_any (inbox));
}

/* A strict reader of RFC 4180, which shares nothing with the writer */
static GPtrArray *
parse_csv (const char *text)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  while (*text != '\0')
    {
      GPtrArray *row = g_ptr_array_new_with_free_func (g_free);

      for (;;)
        {
          g_autoptr(GString) cell = g_string_new (NULL);

          if (*text == '"')
            {
              for (text++; ; text++)
                {
                  g_assert_cmpint (*text, !=, '\0');

                  if (*text == '"' && text[1] == '"')
                    text++;
                  else if (*text == '"')
                    break;

                  g_string_append_c (cell, *text);
                }

              text++;
            }
          else
            {
              for (; strchr (",\r\n", *text) == NULL; text++)
                {
                  g_assert_cmpint (*text, !=, '"');
                  g_string_append_c (cell, *text);
                }
            }

          g_ptr_array_add (row, g_string_free (g_steal_pointer (&cell), FALSE));

          if (*text != ',')
            break;

          text++;
        }

      g_assert_true (g_str_has_prefix (text, "\r\n"));
      text += 2;
      g_ptr_array_add (rows, row);
    }

  return rows;
}

static const char *
get_cell (GPtrArray  *rows,
          guint       row,
          const char *column)
{
  GPtrArray *header = g_ptr_array_index (rows, 0);

  for (guint i = 0; i < header->len; i++)
    if (g_str_equal (g_ptr_array_index (header, i), column))
      return g_ptr_array_index ((GPtrArray *) g_ptr_array_index (rows, row), i);

  g_error ("There is no column “%s”", column);
}

static char *
load (GFile *file)
{
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_load_contents (file, NULL, &text, NULL, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static void
check_csv (PorchInbox *inbox,
           const char *path)
{
  g_autoptr(GFile) file = g_file_new_build_filename (path, "messages.csv", NULL);
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (dex_await_uint (porch_inbox_export (inbox, file), &error), ==, 4);
  g_assert_no_error (error);
  text = load (file);
  rows = parse_csv (text);
  g_assert_cmpuint (rows->len, ==, 5);

  for (guint i = 0; i < rows->len; i++)
    {
      GPtrArray *row = g_ptr_array_index (rows, i);

      g_assert_cmpuint (row->len, ==, ((GPtrArray *) g_ptr_array_index (rows, 0))->len);

      /* No cell begins like a formula */
      for (guint j = 0; j < row->len; j++)
        {
          const char *cell = g_ptr_array_index (row, j);

          g_assert_true (*cell == '\0' || strchr ("=+-@\t\r", *cell) == NULL);
        }
    }

  g_assert_cmpstr (get_cell (rows, 1, "message"), ==, "'=HYPERLINK(\"http://x\")");
  g_assert_cmpstr (get_cell (rows, 2, "message"), ==, "a,b\n\"c\";d");
  g_assert_cmpstr (get_cell (rows, 2, "'=evil"), ==, "'+1");
  g_assert_cmpstr (get_cell (rows, 2, "topics"), ==, "x, y");
  g_assert_cmpstr (get_cell (rows, 3, "message"), ==, "日本語 😀 \u200f");
  g_assert_cmpstr (get_cell (rows, 3, "id (field)"), ==, "mine");
  g_assert_cmpstr (get_cell (rows, 4, "spam"), ==, "true");
}

static void
check_json (PorchInbox *inbox,
            const char *path)
{
  g_autoptr(GFile) file = g_file_new_build_filename (path, "messages.json", NULL);
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  JsonObject *fields;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (dex_await_uint (porch_inbox_export (inbox, file), &error), ==, 4);
  g_assert_no_error (error);
  text = load (file);
  root = json_from_string (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (root)), ==, 4);

  /* As sent, letter for letter */
  fields = json_object_get_object_member (json_array_get_object_element (json_node_get_array (root), 1), "fields");
  g_assert_cmpstr (json_object_get_string_member (fields, "message"), ==, "a,b\n\"c\";d");
  g_assert_cmpstr (json_object_get_string_member (fields, "=evil"), ==, "+1");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (fields, "topics")), ==, 2);
}

static void
test_export (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(GFile) odd = g_file_new_build_filename (cloud->path, "messages.txt", NULL);
  g_autoptr(GFile) nowhere = g_file_new_for_path ("/proc/none/messages.csv");
  g_autoptr(GError) error = NULL;

  post (site, "message=%3DHYPERLINK(%22http://x%22)");
  post (site, "message=a%2Cb%0A%22c%22%3Bd&%3Devil=%2B1&topics=x&topics=y");
  post (site, "message=%E6%97%A5%E6%9C%AC%E8%AA%9E+%F0%9F%98%80+%E2%80%8F&id=mine");
  post (site, "message=spam&_gotcha=1");
  await (porch_inbox_refresh (inbox));
  check_csv (inbox, cloud->path);
  check_json (inbox, cloud->path);

  g_assert_cmpuint (dex_await_uint (porch_inbox_export (inbox, odd), &error), ==, 0);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_EXPORT);
  g_clear_error (&error);
  g_assert_cmpuint (dex_await_uint (porch_inbox_export (inbox, nowhere), &error), ==, 0);
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_EXPORT);
}

static void
test_polling (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);

  porch_inbox_set_polling (inbox, TRUE);
  g_assert_true (porch_inbox_get_polling (inbox));
  post (site, "message=while+the+page+is+open");

  for (guint i = 0; i < 100 && n_shown (inbox) == 0; i++)
    cloud_pause (100);

  g_assert_cmpuint (n_shown (inbox), ==, 1);
  porch_inbox_set_polling (inbox, FALSE);
}

static void
test_many (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = porch_site_get_inbox (site);
  const char *sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
                    " INSERT INTO messages (site, id, sk, received, fields, unread, archived, spam, words)"
                    " SELECT ?, 'm' || i, 'k' || i, i * 1000, '[[\"message\",\"hello\"]]', i % 2, 0, 0, 'word' || i FROM n";
  gint64 began;

  await (porch_store_write (porch_engine_get_store (cloud->engine), sql, "s", porch_site_get_id (site)));
  began = g_get_monotonic_time ();
  await (porch_inbox_load (inbox));
  g_test_message ("2,000 messages: %.0f ms", (g_get_monotonic_time () - began) / 1000.0);
  g_assert_cmpuint (n_shown (inbox), ==, 2000);
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 1000);

  began = g_get_monotonic_time ();
  porch_inbox_set_search (inbox, "word1999");
  await (porch_inbox_load (inbox));
  g_test_message ("found among them: %.0f ms", (g_get_monotonic_time () - began) / 1000.0);
  g_assert_cmpuint (n_shown (inbox), ==, 1);

  await (porch_inbox_mark_all_read (inbox));
  porch_inbox_set_search (inbox, NULL);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 0);

  await (porch_inbox_commit (inbox));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  test_add_fiber ("/site/inbox/arrive", test_arrive);
  test_add_fiber ("/site/inbox/offline", test_offline);
  test_add_fiber ("/site/inbox/search", test_search);
  test_add_fiber ("/site/inbox/states", test_states);
  test_add_fiber ("/site/inbox/delete", test_delete);
  test_add_fiber ("/site/inbox/export", test_export);
  test_add_fiber ("/site/inbox/polling", test_polling);
  test_add_fiber ("/site/inbox/many", test_many);

  return g_test_run ();
}
