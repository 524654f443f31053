/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "cloud-util.h"
#include "aws-dynamodb.h"
#include "porch-error.h"
#include "porch-inbox-private.h"
#include "porch-inbox-search.h"
#include "porch-practice-mail.h"

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

/* The message as it is in the store, with all that was sent */
static PorchMessage *
dup_message (PorchInbox *inbox,
             guint       position)
{
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GError) error = NULL;
  PorchMessage *message;

  g_assert_cmpuint (position, <, n_shown (inbox));
  messages = dex_await_boxed (porch_inbox_fetch (inbox, position, 1), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (messages->len, ==, 1);
  message = dex_await_object (porch_inbox_complete (inbox, g_ptr_array_index (messages, 0)), &error);
  g_assert_no_error (error);
  g_assert_true (porch_message_is_complete (message));

  return message;
}

static PorchInboxUndo *
do_one (PorchInbox     *inbox,
        PorchInboxDeed  deed,
        PorchMessage   *message)
{
  g_autoptr(GError) error = NULL;
  PorchInboxUndo *undo = dex_await_boxed (porch_inbox_do_one (inbox, deed, message), &error);

  g_assert_no_error (error);
  await (porch_inbox_load (inbox));

  return undo;
}

/* Does it, and never takes it back */
static void
just_do (PorchInbox     *inbox,
         PorchInboxDeed  deed,
         PorchMessage   *message)
{
  porch_inbox_undo_unref (do_one (inbox, deed, message));
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
arrived_cb (PorchInbox *inbox,
            GPtrArray  *messages,
            GPtrArray  *batches)
{
  g_ptr_array_add (batches, g_ptr_array_ref (messages));
}

static void
test_arrive (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) newest = NULL;
  g_autofree char *reply = NULL;
  g_autoptr(GPtrArray) batches = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);

  g_assert_false (porch_inbox_has_any (inbox));
  g_signal_connect (inbox, "arrived", G_CALLBACK (arrived_cb), batches);
  post (site, "given_name=J%C3%B6rg&family_name=B&email=j%40example.org&message=Erste%0D%0Azweite+Zeile");
  post (site, "name=Ann&email=a%40example.org&message=Second&topics=a&topics=b");
  post (site, "name=Bot&message=buy&_gotcha=x");
  await (porch_inbox_refresh (inbox));

  /* One word of all that came together, and none of the spam */
  g_assert_cmpuint (batches->len, ==, 1);
  g_assert_cmpuint (((GPtrArray *) g_ptr_array_index (batches, 0))->len, ==, 2);
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
  porch_engine_set_practice_endpoint (cloud->engine, NULL, NULL, NULL, NULL, NULL);
  g_clear_object (&sites);
  sites = g_object_ref (porch_engine_get_sites (cloud->engine));
  site = g_list_model_get_item (sites, 0);
  inbox = porch_site_get_inbox (site);

  /* Read without a connection; marked here, and told later */
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  message = dup_message (inbox, 0);
  just_do (inbox, PORCH_INBOX_MARK_READ, message);
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
  just_do (inbox, PORCH_INBOX_PUT_AWAY, second);
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  just_do (inbox, PORCH_INBOX_MARK_READ, first);
  await (porch_inbox_commit (inbox));
  await (porch_inbox_refresh (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);
  g_assert_cmpuint (porch_inbox_get_unread (other_inbox), ==, 0);

  just_do (inbox, PORCH_INBOX_FETCH_BACK, second);
  just_do (inbox, PORCH_INBOX_IS_SPAM, first);
  await (porch_inbox_commit (inbox));
  await (porch_inbox_refresh_all (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);
  porch_inbox_set_view (other_inbox, PORCH_INBOX_SPAM);
  await (porch_inbox_load (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);

  just_do (inbox, PORCH_INBOX_DELETE, second);
  await (porch_inbox_commit (inbox));
  porch_inbox_set_view (other_inbox, PORCH_INBOX_ALL);
  await (porch_inbox_load (other_inbox));
  await (porch_inbox_refresh (other_inbox));
  g_assert_cmpuint (n_shown (other_inbox), ==, 1);
}

/* An item as the form's function would have stored it long ago */
static void
put_old (PorchSite  *site,
         const char *sort_key,
         const char *id)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(AwsItem) key = aws_item_new ();
  g_autoptr(AwsItem) values = aws_item_new ();
  g_autoptr(AwsItem) fields = aws_item_new ();
  g_autoptr(AwsItemChange) change = NULL;

  aws_item_set_string (key, "pk", "form#contact");
  aws_item_set_string (key, "sk", sort_key);
  aws_item_set_string (fields, "message", id);
  aws_item_set_string (values, ":id", id);
  aws_item_set_string (values, ":received", "2026-01-01T00:00:00.000Z");
  aws_item_set_map (values, ":fields", fields);
  aws_item_set_bool (values, ":true", TRUE);
  change = aws_item_change_new (porch_site_get_table (site), key);
  aws_item_change_set_update (change, "SET id = :id, received = :received, #fields = :fields, unread = :true");
  aws_item_change_add_name (change, "#fields", "fields");
  aws_item_change_set_values (change, values);
  await (aws_dynamodb_update_item (client, change));
}

static PorchMessage *
find (PorchInbox *inbox,
      const char *id)
{
  g_autoptr(GError) error = NULL;
  PorchMessage *message = dex_await_object (porch_inbox_find (inbox, id), &error);

  g_assert_no_error (error);

  return message;
}

/* Two computers that both have a change that the other does not know of */
static void
test_conflict (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = porch_site_get_inbox (site);
  g_autoptr(PorchEngine) other = cloud_open_engine (cloud, "other");
  g_autoptr(PorchSite) other_site = NULL;
  PorchInbox *other_inbox;
  PorchMessage *message;
  g_autoptr(GError) error = NULL;

  put_old (site, "2026-01-01T00:00:00.000Z#one", "one");
  put_old (site, "2026-01-01T00:00:00.000Z#two", "two");
  await (porch_inbox_load (inbox));
  await (porch_inbox_refresh (inbox));
  await (porch_engine_import (other, porch_engine_get_default_account (other)));
  other_site = g_list_model_get_item (porch_engine_get_sites (other), 0);
  other_inbox = open_inbox (other_site);
  g_assert_cmpuint (n_shown (other_inbox), ==, 2);

  /* Different flags: both count. The same flag: who decided last counts, though it is sent first */
  message = find (inbox, "one");
  just_do (inbox, PORCH_INBOX_MARK_READ, message);
  g_object_unref (message);
  cloud_pause (5);
  message = find (other_inbox, "one");
  just_do (other_inbox, PORCH_INBOX_PUT_AWAY, message);
  just_do (other_inbox, PORCH_INBOX_MARK_READ, message);
  cloud_pause (5);
  just_do (other_inbox, PORCH_INBOX_MARK_UNREAD, message);
  g_object_unref (message);
  await (porch_inbox_commit (other_inbox));
  await (porch_inbox_commit (inbox));

  /* Found by the log: neither is so new that it would be looked at anyway */
  await (porch_inbox_refresh (inbox));
  await (porch_inbox_refresh (other_inbox));
  message = find (inbox, "one");
  g_assert_true (porch_message_get_archived (message));
  g_assert_true (porch_message_get_unread (message));
  g_object_unref (message);
  message = find (other_inbox, "one");
  g_assert_true (porch_message_get_archived (message));
  g_assert_true (porch_message_get_unread (message));
  g_object_unref (message);

  /* What is deleted anywhere is deleted, whatever was done with it elsewhere */
  message = find (inbox, "two");
  just_do (inbox, PORCH_INBOX_DELETE, message);
  g_object_unref (message);
  await (porch_inbox_commit (inbox));
  message = find (other_inbox, "two");
  just_do (other_inbox, PORCH_INBOX_IS_SPAM, message);
  g_object_unref (message);
  await (porch_inbox_commit (other_inbox));
  await (porch_inbox_refresh (other_inbox));
  g_assert_false (dex_await (porch_inbox_find (other_inbox, "two"), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
  await (porch_inbox_refresh_all (inbox));
  g_assert_cmpuint (porch_inbox_get_unsent (inbox), ==, 0);
  g_assert_cmpuint (porch_inbox_get_unsent (other_inbox), ==, 0);
}

/* What is done without a connection waits in the store, also when the app ends before it is told */
static void
test_queue (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  const guint both[] = { 0, 1 };
  g_autoptr(PorchEngine) other = NULL;
  g_autoptr(PorchSite) other_site = NULL;
  g_autoptr(PorchInboxUndo) undo = NULL;
  g_autoptr(GError) error = NULL;

  post (site, "message=one");
  post (site, "message=two");
  post (site, "message=three");
  await (porch_inbox_refresh (inbox));
  porch_engine_set_practice_endpoint (cloud->engine, NULL, NULL, NULL, NULL, NULL);
  undo = dex_await_boxed (porch_inbox_do (inbox, PORCH_INBOX_PUT_AWAY, both, 2), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (porch_inbox_undo_get_count (undo), ==, 2);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  g_assert_false (dex_await (porch_inbox_refresh (inbox), &error));
  g_clear_error (&error);
  await (porch_inbox_await_counts (inbox, &error) ? dex_future_new_true () : dex_future_new_for_error (g_steal_pointer (&error)));
  g_assert_cmpuint (porch_inbox_get_unsent (inbox), ==, 2);

  cloud_restart (cloud);
  g_assert_cmpuint (g_list_model_get_n_items (porch_engine_get_sites (cloud->engine)), ==, 1);
  site = g_list_model_get_item (porch_engine_get_sites (cloud->engine), 0);
  inbox = open_inbox (site);
  g_assert_cmpuint (porch_inbox_get_unsent (inbox), ==, 0);
  g_assert_cmpuint (n_shown (inbox), ==, 1);

  other = cloud_open_engine (cloud, "other");
  await (porch_engine_import (other, porch_engine_get_default_account (other)));
  other_site = g_list_model_get_item (porch_engine_get_sites (other), 0);
  g_assert_cmpuint (n_shown (open_inbox (other_site)), ==, 1);

  /* Many at once can be taken back as well */
  await (porch_inbox_undo (inbox, undo));
  g_assert_cmpuint (n_shown (inbox), ==, 3);
  g_object_unref (site);
}

/* What this program does when it is another one, which may be ended at any moment: tells the cloud what waits in the store */
static int
push_and_end (void)
{
  g_autoptr(GFile) folder = g_file_new_for_path (g_getenv ("PORCHLIGHT_TEST_PUSH"));
  g_autoptr(PorchEngine) engine = porch_engine_new (folder);
  g_autoptr(PorchSite) site = NULL;
  g_autoptr(GError) error = NULL;

  if (!test_await (porch_engine_open (engine), &error))
    g_error ("%s", error->message);

  porch_engine_set_practice_endpoint (engine, g_getenv ("PORCHLIGHT_TEST_ENDPOINT"), g_getenv ("PORCHLIGHT_TEST_KEY"),
                                      g_getenv ("PORCHLIGHT_TEST_SECRET"), g_getenv ("PORCHLIGHT_TEST_REGION"), NULL);
  site = g_list_model_get_item (porch_engine_get_sites (engine), 0);

  if (!test_await (porch_inbox_commit (porch_site_get_inbox (site)), &error))
    g_error ("%s", error->message);

  return 0;
}

static GSubprocess *
start_push (Cloud *cloud)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *folder = g_build_filename (cloud->path, "data", NULL);
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_setenv (launcher, "PORCHLIGHT_TEST_PUSH", folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "PORCHLIGHT_TEST_ENDPOINT", porch_practice_get_endpoint (cloud->practice), TRUE);
  g_subprocess_launcher_setenv (launcher, "PORCHLIGHT_TEST_KEY", porch_practice_get_access_key_id (cloud->practice), TRUE);
  g_subprocess_launcher_setenv (launcher, "PORCHLIGHT_TEST_SECRET", porch_practice_get_secret_access_key (cloud->practice), TRUE);
  g_subprocess_launcher_setenv (launcher, "PORCHLIGHT_TEST_REGION", porch_practice_get_region (cloud->practice), TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", NULL);
  g_assert_no_error (error);

  return process;
}

static void
await_end (GSubprocess *process)
{
  while (g_subprocess_get_identifier (process) != NULL)
    cloud_pause (5);
}

/* One decision of each kind, none of which can be told now: messages of this round are deleted and mailed once more, and the
 * others change sides */
static void
decide (Cloud *cloud,
        guint  round)
{
  g_autoptr(PorchSite) site = g_list_model_get_item (porch_engine_get_sites (cloud->engine), 0);
  PorchInbox *inbox = porch_site_get_inbox (site);
  g_autofree char *deleted_text = g_strdup_printf ("deleted-%02u", round);
  g_autofree char *mailed_text = g_strdup_printf ("mailed-%02u", round);
  g_autoptr(PorchMessage) read = NULL;
  g_autoptr(PorchMessage) archived = NULL;
  g_autoptr(PorchMessage) spam = NULL;
  g_autoptr(PorchMessage) deleted = NULL;
  g_autoptr(PorchMessage) mailed = NULL;
  gboolean on = round % 2 == 0;

  await (porch_inbox_refresh (inbox));
  porch_engine_set_practice_endpoint (cloud->engine, NULL, NULL, NULL, NULL, NULL);
  read = find (inbox, "read");
  archived = find (inbox, "archived");
  spam = find (inbox, "spam");
  deleted = find (inbox, deleted_text);
  mailed = find (inbox, mailed_text);
  just_do (inbox, on ? PORCH_INBOX_MARK_READ : PORCH_INBOX_MARK_UNREAD, read);
  just_do (inbox, on ? PORCH_INBOX_PUT_AWAY : PORCH_INBOX_FETCH_BACK, archived);
  just_do (inbox, on ? PORCH_INBOX_IS_SPAM : PORCH_INBOX_IS_GOOD, spam);
  just_do (inbox, PORCH_INBOX_DELETE, deleted);
  await (porch_inbox_mail_again (inbox, mailed));
}

static void
check_decided (PorchEngine *engine,
               guint        round)
{
  g_autoptr(PorchSite) site = g_list_model_get_item (porch_engine_get_sites (engine), 0);
  PorchInbox *inbox = porch_site_get_inbox (site);
  g_autofree char *deleted_text = g_strdup_printf ("deleted-%02u", round);
  g_autoptr(PorchMessage) read = NULL;
  g_autoptr(PorchMessage) archived = NULL;
  g_autoptr(PorchMessage) spam = NULL;
  g_autoptr(GError) error = NULL;
  gboolean on = round % 2 == 0;

  await (porch_inbox_refresh (inbox));
  g_assert_cmpuint (porch_inbox_get_unsent (inbox), ==, 0);
  read = find (inbox, "read");
  archived = find (inbox, "archived");
  spam = find (inbox, "spam");
  g_assert_cmpint (porch_message_get_unread (read), ==, !on);
  g_assert_cmpint (porch_message_get_archived (archived), ==, on);
  g_assert_cmpint (porch_message_get_spam (spam), ==, on);
  g_assert_false (dex_await (porch_inbox_find (inbox, deleted_text), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND);
}

static void
put_numbered (PorchSite  *site,
              const char *name,
              guint       number)
{
  g_autofree char *id = g_strdup_printf ("%s-%02u", name, number);
  g_autofree char *key = g_strconcat ("2026-01-01T00:00:00.000Z#", id, NULL);

  put_old (site, key, id);
}

/* Waits until each was mailed when it came in and when that was asked for again; never more often */
static void
check_mailed (Cloud *cloud,
              guint  n_messages)
{
  guint n_mails = 0;

  while (n_mails < 2 * n_messages)
    {
      g_autoptr(GPtrArray) mails = porch_practice_list_mails (cloud->practice);
      g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

      n_mails = 0;

      for (guint i = 0; i < mails->len; i++)
        {
          const char *text = porch_practice_mail_get_text (g_ptr_array_index (mails, i));
          const char *mark = text != NULL ? strstr (text, "mailed-") : NULL;
          char *name = mark != NULL ? g_strndup (mark, strlen ("mailed-00")) : NULL;

          if (name == NULL)
            continue;

          n_mails++;
          g_assert_cmpint (GPOINTER_TO_INT (g_hash_table_lookup (seen, name)), <, 2);
          g_hash_table_replace (seen, name, GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (seen, name)) + 1));
        }

      cloud_pause (20);
    }
}

/* Ended before and after each of the calls by which changes are told: the next start tells what is left, and nothing is done
 * twice */
static void
test_killed (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  g_autoptr(PorchSite) site = g_object_ref (cloud_create_site (cloud, TRUE));
  g_autoptr(PorchEngine) other = cloud_open_engine (cloud, "other");
  const guint n_calls = 6;
  const guint n_rounds = 2 * n_calls;

  g_assert_cmpuint (cloud_open_links (cloud), >, 0);
  put_old (site, "2026-01-01T00:00:00.000Z#read", "read");
  put_old (site, "2026-01-01T00:00:00.000Z#archived", "archived");
  put_old (site, "2026-01-01T00:00:00.000Z#spam", "spam");

  for (guint i = 0; i < n_rounds; i++)
    {
      put_numbered (site, "deleted", i);
      put_numbered (site, "mailed", i);
    }

  await (porch_engine_import (other, porch_engine_get_default_account (other)));

  for (guint round = 0; round < n_rounds; round++)
    {
      g_autofree char *faults = g_strdup_printf ("op=*teItem,at=%u,hold=%s", 1 + round / 2, round % 2 != 0 ? "after" : "before");
      g_autoptr(GSubprocess) killed = NULL;
      g_autoptr(GSubprocess) next = NULL;

      cloud_restart (cloud);
      decide (cloud, round);
      g_clear_object (&cloud->engine);

      cloud_change_faults (cloud, faults);
      killed = start_push (cloud);
      await (porch_practice_wait_held (cloud->practice));
      g_subprocess_force_exit (killed);
      await_end (killed);
      cloud_change_faults (cloud, NULL);

      next = start_push (cloud);
      await_end (next);
      g_assert_true (g_subprocess_get_successful (next));
      cloud->engine = cloud_open_engine (cloud, "data");
      check_decided (cloud->engine, round);
      check_decided (other, round);
    }

  check_mailed (cloud, n_rounds);
}

static void
test_spam_filter (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  const char *offers[] = { "cheap casino bonus for your website today", "casino bonus cheap rankings offer website",
                           "your website needs casino rankings cheap bonus", "bonus casino cheap rankings today" };
  const char *orders[] = { "please keep two loaves of rye bread for saturday", "is the rye bread sold out on saturday",
                           "two loaves of bread please and some rolls", "do you bake rolls on saturday" };
  g_autoptr(PorchMessage) held = NULL;
  g_autoptr(PorchMessage) kept = NULL;
  const char * const *clues;

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autofree char *offer = g_strdup_printf ("message=%s", offers[i]);
      g_autofree char *order = g_strdup_printf ("message=%s", orders[i]);

      post (site, offer);
      post (site, order);
    }

  await (porch_inbox_refresh (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 8);

  /* Somebody reads them and says which are spam */
  await (porch_inbox_mark_all_read (inbox));

  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      PorchMessage *message;

      porch_inbox_set_search (inbox, "casino");
      await (porch_inbox_load (inbox));
      message = dup_message (inbox, 0);
      just_do (inbox, PORCH_INBOX_IS_SPAM, message);
      g_object_unref (message);
    }

  porch_inbox_set_search (inbox, NULL);
  post (site, "message=casino+bonus+for+cheap+rankings");
  post (site, "message=rye+bread+and+rolls+for+saturday+please");
  await (porch_inbox_refresh (inbox));
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 5);
  kept = dup_message (inbox, 0);
  g_assert_cmpstr (porch_message_get_text (kept), ==, "rye bread and rolls for saturday please");

  porch_inbox_set_view (inbox, PORCH_INBOX_SPAM);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 5);
  held = dup_message (inbox, 0);
  g_assert_cmpstr (porch_message_get_text (held), ==, "casino bonus for cheap rankings");
  g_assert_cmpint (porch_message_get_spam_source (held), ==, PORCH_SPAM_BY_FILTER);
  clues = porch_message_get_clues (held);
  g_assert_nonnull (clues);
  g_assert_true (g_strv_contains (clues, "casino"));

  /* A person's word counts more, and is learned from */
  just_do (inbox, PORCH_INBOX_IS_GOOD, held);
  g_assert_cmpint (porch_message_get_spam_source (held), ==, PORCH_SPAM_BY_PERSON);
  await (porch_inbox_commit (inbox));
  await (porch_inbox_refresh_all (inbox));
  g_assert_false (porch_message_get_spam (held));
}

static PorchMailState
await_mail_state (PorchInbox     *inbox,
                  PorchMailState  wanted)
{
  PorchMailState state = PORCH_MAIL_NONE;

  for (guint i = 0; i < 200 && state != wanted; i++)
    {
      g_autoptr(PorchMessage) message = NULL;

      await (porch_inbox_refresh (inbox));
      message = dup_message (inbox, 0);
      state = porch_message_get_mail_state (message);

      if (state != wanted)
        cloud_pause (50);
    }

  return state;
}

/* Nobody confirmed the owner's address, so that no mail can go: the message is here, and a wish for another try is answered */
static void
test_unmailed (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) message = NULL;

  post (site, "message=one");
  await (porch_inbox_refresh (inbox));
  g_assert_cmpint (await_mail_state (inbox, PORCH_MAIL_FAILED), ==, PORCH_MAIL_FAILED);
  message = dup_message (inbox, 0);
  g_assert_true (porch_message_get_given_up (message));
  g_assert_nonnull (strstr (porch_message_get_mail_error (message), "not verified"));
  g_assert_cmpuint (porch_inbox_get_unmailed (inbox), ==, 1);
  porch_inbox_set_view (inbox, PORCH_INBOX_UNMAILED);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  porch_inbox_set_view (inbox, PORCH_INBOX_MESSAGES);

  /* Until it is answered, what the cloud says is from before */
  await (porch_inbox_mail_again (inbox, NULL));
  await (porch_inbox_load (inbox));
  g_clear_object (&message);
  message = dup_message (inbox, 0);
  g_assert_cmpint (porch_message_get_mail_state (message), ==, PORCH_MAIL_WAITING);
  await (porch_inbox_commit (inbox));
  g_assert_cmpint (await_mail_state (inbox, PORCH_MAIL_FAILED), ==, PORCH_MAIL_FAILED);
  g_assert_cmpuint (porch_inbox_get_unsent (inbox), ==, 0);
}

/* As if the function that mails had never run for a message of so many days ago; of one that has another number all is read anew */
static void
make_unbegun (PorchInbox *inbox,
              gint64      days)
{
  g_autoptr(GError) error = NULL;

  await (porch_store_write (porch_inbox_get_store (inbox),
                            "UPDATE messages SET id = lower (hex (randomblob (6))), mail_state = 'none', given_up = 0, unread = 1, archived = 0,"
                            " received = (unixepoch () - ? * 86400 - 3600) * 1000 WHERE site = ?", "is", days,
                            porch_inbox_get_site_id (inbox)));
  porch_inbox_await_counts (inbox, &error);
  g_assert_no_error (error);
  await (porch_inbox_load (inbox));
}

/* A mail that was never begun counts for as long as nobody has looked at the message, however old it is */
static void
test_unbegun (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) message = NULL;

  post (site, "message=one");
  await (porch_inbox_refresh (inbox));
  g_assert_cmpint (await_mail_state (inbox, PORCH_MAIL_FAILED), ==, PORCH_MAIL_FAILED);
  porch_inbox_set_view (inbox, PORCH_INBOX_UNMAILED);
  make_unbegun (inbox, 40);
  g_assert_cmpuint (porch_inbox_get_unmailed (inbox), ==, 1);
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  message = dup_message (inbox, 0);
  g_assert_true (porch_inbox_is_unmailed (inbox, message));

  /* It stays in sight, but is nothing to worry about any more */
  just_do (inbox, PORCH_INBOX_MARK_READ, message);
  g_assert_cmpuint (porch_inbox_get_unmailed (inbox), ==, 0);
  g_assert_cmpuint (n_shown (inbox), ==, 1);

  /* One of today is news even to whoever has read it, and can be mailed */
  make_unbegun (inbox, 0);
  g_clear_object (&message);
  message = dup_message (inbox, 0);
  just_do (inbox, PORCH_INBOX_MARK_READ, message);
  g_assert_cmpuint (porch_inbox_get_unmailed (inbox), ==, 1);
  await (porch_inbox_mail_again (inbox, NULL));
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
}

static void
test_places (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_auto(GStrv) forms = NULL;
  g_autoptr(GError) error = NULL;

  post (site, "message=one");
  post (site, "message=two&_form=booking");
  post (site, "message=three&_form=booking");
  await (porch_inbox_refresh (inbox));
  forms = dex_await_boxed (porch_inbox_list_forms (inbox), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (forms), ==, 2);
  g_assert_cmpstr (forms[0], ==, "booking");

  porch_inbox_set_form (inbox, "booking");
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 2);
  porch_inbox_set_search (inbox, "three");
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  porch_inbox_set_form (inbox, NULL);
  porch_inbox_set_page (inbox, "/nowhere/");
  porch_inbox_set_search (inbox, NULL);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
}

static void
test_snippets (void)
{
  const struct
  {
    const char *text;
    const char *search;
    const char *snippet;
  } table[] = {
    { "Grüße aus Köln", "koln", "Grüße aus Köln" },
    { "one two three", "zzz", NULL },
    { "a line that is much longer than what stands before it\nand then MÜLLER comes", "müll", "…before it and then MÜLLER comes" },
    { "x", "x", "x" },
    { "", "x", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto(GStrv) words = porch_inbox_search_split (table[i].search);
      g_autofree char *snippet = porch_inbox_search_dup_snippet (table[i].text, (const char * const *) words);

      g_assert_cmpstr (snippet, ==, table[i].snippet);
    }
}

static void
test_delete (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = open_inbox (site);
  g_autoptr(PorchMessage) message = NULL;
  g_autoptr(PorchInboxUndo) undo = NULL;
  g_autoptr(GError) error = NULL;

  post (site, "message=one");
  await (porch_inbox_refresh (inbox));
  await (porch_inbox_load (inbox));
  message = dup_message (inbox, 0);

  /* Out of sight, also after looking for new ones, but still to be had back */
  undo = do_one (inbox, PORCH_INBOX_DELETE, message);
  g_assert_cmpuint (n_shown (inbox), ==, 0);
  await (porch_inbox_refresh_all (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 0);
  await (porch_inbox_undo (inbox, undo));
  g_assert_cmpuint (n_shown (inbox), ==, 1);
  await (porch_inbox_refresh_all (inbox));
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 1);

  g_clear_pointer (&undo, porch_inbox_undo_unref);
  undo = do_one (inbox, PORCH_INBOX_DELETE, message);
  await (porch_inbox_commit (inbox));
  g_assert_false (dex_await (porch_inbox_undo (inbox, undo), &error));
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

  /* Spreadsheets know the character set by it */
  g_assert_true (g_str_has_prefix (text, "\xef\xbb\xbf"));
  text += 3;

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
  g_assert_cmpstr (get_cell (rows, 2, "wide"), ==, "'＝1+1");
  g_assert_cmpstr (get_cell (rows, 2, "cells"), ==, "a;'=cmd|' /C calc'!A0;b");
  g_assert_cmpstr (get_cell (rows, 2, "lines"), ==, "hello\n'@SUM(1)\n '-1\n\"'+2 minus-3");
  g_assert_cmpstr (get_cell (rows, 2, "quoted"), ==, "\"'=1");
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

/* Only what is in sight, and what was in the file before stays until the new one is whole */
static void
check_shown (PorchInbox *inbox,
             const char *path)
{
  g_autoptr(GFile) file = g_file_new_build_filename (path, "messages.csv", NULL);
  g_autoptr(GPtrArray) rows = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  porch_inbox_set_search (inbox, "hyperlink");
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (dex_await_uint (porch_inbox_export_shown (inbox, file), &error), ==, 1);
  g_assert_no_error (error);
  text = load (file);
  rows = parse_csv (text);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (get_cell (rows, 1, "message"), ==, "'=HYPERLINK(\"http://x\")");
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
  post (site, "message=a%2Cb%0A%22c%22%3Bd&%3Devil=%2B1&topics=x&topics=y&wide=%EF%BC%9D1%2B1"
              "&cells=a%3B%3Dcmd%7C%27+%2FC+calc%27%21A0%3Bb&lines=hello%0A%40SUM%281%29%0A+-1%0A%22%2B2+minus-3&quoted=%22%3D1");
  post (site, "message=%E6%97%A5%E6%9C%AC%E8%AA%9E+%F0%9F%98%80+%E2%80%8F&id=mine");
  post (site, "message=spam&_gotcha=1");
  await (porch_inbox_refresh (inbox));
  check_csv (inbox, cloud->path);
  check_json (inbox, cloud->path);
  check_shown (inbox, cloud->path);

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

/* A list of many is opened without its messages; this fails when it gets loaded whole */
static void
test_many (void)
{
  g_autoptr(Cloud) cloud = cloud_new ();
  PorchSite *site = cloud_create_site (cloud, TRUE);
  PorchInbox *inbox = porch_site_get_inbox (site);
  const char *sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)"
                    " INSERT INTO messages (site, id, sk, received, fields, unread, archived, spam, words)"
                    " SELECT ?, 'm' || i, 'k' || i, i * 1000, '[[\"message\",\"hello\"]]', i % 2, 0, 0, 'word' || i FROM n";
  g_autoptr(PorchInboxUndo) undo = NULL;
  g_autoptr(PorchMessage) deep = NULL;
  g_autoptr(GArray) positions = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GError) error = NULL;

  await (porch_store_write (porch_engine_get_store (cloud->engine), sql, "s", porch_site_get_id (site)));
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 20000);
  g_assert_cmpuint (porch_inbox_get_unread (inbox), ==, 10000);
  g_assert_cmpuint (porch_inbox_list_count_kept (inbox->messages), <, 500);

  /* What is scrolled past is let go of */
  for (guint i = 0; i < 20000; i += 7)
    {
      g_autoptr(PorchMessage) message = g_list_model_get_item (porch_inbox_get_messages (inbox), i);

      g_assert_nonnull (message);
    }

  g_assert_cmpuint (porch_inbox_list_count_kept (inbox->messages), <, 500);

  /* An empty place fills itself */
  deep = g_list_model_get_item (porch_inbox_get_messages (inbox), 15000);
  g_assert_false (porch_message_is_known (deep));

  while (!porch_message_is_known (deep))
    cloud_pause (5);

  g_assert_cmpstr (porch_message_get_id (deep), ==, "m5000");
  g_assert_null (porch_message_get_text (deep));
  g_assert_false (porch_message_is_complete (deep));
  await (porch_inbox_complete (inbox, deep));
  g_assert_cmpstr (porch_message_get_text (deep), ==, "hello");

  porch_inbox_set_search (inbox, "word1999");
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 11);
  porch_inbox_set_search (inbox, NULL);
  await (porch_inbox_load (inbox));

  for (guint i = 0; i < 20000; i++)
    g_array_append_val (positions, i);

  porch_engine_set_practice_endpoint (cloud->engine, NULL, NULL, NULL, NULL, NULL);
  undo = dex_await_boxed (porch_inbox_do (inbox, PORCH_INBOX_PUT_AWAY, (guint *) positions->data, positions->len), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_shown (inbox), ==, 0);
  await (porch_inbox_undo (inbox, undo));
  g_assert_cmpuint (n_shown (inbox), ==, 20000);
  await (porch_inbox_mark_all_read (inbox));
  porch_inbox_set_view (inbox, PORCH_INBOX_UNREAD);
  await (porch_inbox_load (inbox));
  g_assert_cmpuint (n_shown (inbox), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  dex_init ();

  if (g_getenv ("PORCHLIGHT_TEST_PUSH") != NULL)
    return push_and_end ();

  g_test_init (&argc, &argv, NULL);

  test_add_fiber ("/site/inbox/arrive", test_arrive);
  test_add_fiber ("/site/inbox/offline", test_offline);
  test_add_fiber ("/site/inbox/search", test_search);
  test_add_fiber ("/site/inbox/states", test_states);
  test_add_fiber ("/site/inbox/conflict", test_conflict);
  test_add_fiber ("/site/inbox/queue", test_queue);
  test_add_fiber ("/site/inbox/killed", test_killed);
  test_add_fiber ("/site/inbox/spam-filter", test_spam_filter);
  test_add_fiber ("/site/inbox/unmailed", test_unmailed);
  test_add_fiber ("/site/inbox/unbegun", test_unbegun);
  test_add_fiber ("/site/inbox/places", test_places);
  test_add_fiber ("/site/inbox/snippets", test_snippets);
  test_add_fiber ("/site/inbox/delete", test_delete);
  test_add_fiber ("/site/inbox/export", test_export);
  test_add_fiber ("/site/inbox/polling", test_polling);
  test_add_fiber ("/site/inbox/many", test_many);

  return g_test_run ();
}
