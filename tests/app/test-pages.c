/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-account-private.h"
#include "porch-create-dialog.h"
#include "porch-draft-row.h"
#include "porch-error.h"
#include "porch-form-page.h"
#include "porch-history-page.h"
#include "porch-keys-page.h"
#include "porch-messages-page.h"
#include "porch-name-page.h"
#include "porch-operation-card.h"
#include "porch-overview-page.h"
#include "porch-progress-page.h"
#include "porch-publish-store.h"
#include "porch-release-row.h"
#include "porch-review-page.h"
#include "porch-settings-page.h"
#include "porch-site-private.h"
#include "porch-site-row.h"
#include "porch-site-view.h"
#include "porch-site-watch.h"
#include "porch-start-page.h"
#include "porch-step-row.h"
#include "porch-template-card.h"
#include "porch-welcome-page.h"
#include "porch-widget-util.h"
#include "porch-wizard-page.h"
#include "test-util.h"

#include <glib/gstdio.h>
#include <string.h>

/* A page whose check takes as long as the test wants */

#define TEST_TYPE_PAGE (test_page_get_type ())

G_DECLARE_FINAL_TYPE (TestPage, test_page, TEST, PAGE, PorchWizardPage)

struct _TestPage
{
  PorchWizardPage  parent_instance;

  DexPromise      *promise;
  guint            n_continued;
};

G_DEFINE_FINAL_TYPE (TestPage, test_page, PORCH_TYPE_WIZARD_PAGE)

static DexFuture *
test_page_check (PorchWizardPage *page)
{
  TestPage *self = TEST_PAGE (page);

  return self->promise != NULL ? DEX_FUTURE (dex_ref (self->promise)) : NULL;
}

static void
test_page_dispose (GObject *object)
{
  dex_clear (&TEST_PAGE (object)->promise);

  G_OBJECT_CLASS (test_page_parent_class)->dispose (object);
}

static void
test_page_class_init (TestPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = test_page_dispose;
  PORCH_WIZARD_PAGE_CLASS (klass)->check = test_page_check;
}

static void
continued_cb (TestPage *self)
{
  self->n_continued++;
}

static void
test_page_init (TestPage *self)
{
  g_signal_connect (self, "continued", G_CALLBACK (continued_cb), NULL);
}

static void
settle (void)
{
  for (int i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
}

static TestPage *
new_page (void)
{
  return g_object_ref_sink (g_object_new (TEST_TYPE_PAGE, "title", "Page", "tag", "page", NULL));
}

static void
test_wizard_page_continue (void)
{
  TestPage *page = new_page ();

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL));
  settle ();
  g_assert_cmpuint (page->n_continued, ==, 1);

  porch_wizard_page_set_complete (PORCH_WIZARD_PAGE (page), FALSE);
  gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL);
  settle ();
  g_assert_cmpuint (page->n_continued, ==, 1);

  g_assert_finalize_object (page);
}

static void
test_wizard_page_busy (void)
{
  TestPage *page = new_page ();

  page->promise = dex_promise_new ();
  gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL);
  g_assert_true (porch_wizard_page_get_busy (PORCH_WIZARD_PAGE (page)));
  g_assert_false (adw_navigation_page_get_can_pop (ADW_NAVIGATION_PAGE (page)));

  dex_promise_resolve_boolean (page->promise, TRUE);
  settle ();
  g_assert_false (porch_wizard_page_get_busy (PORCH_WIZARD_PAGE (page)));
  g_assert_true (adw_navigation_page_get_can_pop (ADW_NAVIGATION_PAGE (page)));
  g_assert_cmpuint (page->n_continued, ==, 1);

  g_assert_finalize_object (page);
}

static void
test_wizard_page_error (void)
{
  TestPage *page = new_page ();
  g_autofree char *error = NULL;

  page->promise = dex_promise_new ();
  gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL);
  dex_promise_reject (page->promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "It broke"));
  settle ();

  g_object_get (page, "error", &error, NULL);
  g_assert_nonnull (error);
  g_assert_cmpuint (page->n_continued, ==, 0);

  /* Trying again takes the old error away */
  dex_clear (&page->promise);
  gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL);
  g_clear_pointer (&error, g_free);
  g_object_get (page, "error", &error, NULL);
  g_assert_null (error);
  g_assert_cmpuint (page->n_continued, ==, 1);

  g_assert_finalize_object (page);
}

static void
test_wizard_page_cancelled (void)
{
  TestPage *page = new_page ();
  g_autofree char *error = NULL;

  page->promise = dex_promise_new ();
  gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL);
  dex_promise_reject (page->promise, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Never mind"));
  settle ();

  g_object_get (page, "error", &error, NULL);
  g_assert_null (error);

  g_assert_finalize_object (page);
}

static void
test_wizard_page_closed_while_busy (void)
{
  TestPage *page = new_page ();
  DexPromise *promise = dex_promise_new ();

  page->promise = dex_ref (promise);
  gtk_widget_activate_action (GTK_WIDGET (page), "page.continue", NULL);
  g_assert_finalize_object (page);

  dex_promise_resolve_boolean (promise, TRUE);
  settle ();
  dex_unref (promise);
}

static GtkWidget *
find_by_type (GtkWidget *widget,
              GType      type,
              guint     *index)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type) && (*index)-- == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_by_type (child, type, index);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static GtkWidget *
find (gpointer widget,
      GType    type,
      guint    index)
{
  GtkWidget *found = find_by_type (widget, type, &index);

  g_assert_nonnull (found);

  return found;
}

/* Work that takes as long as the test wants */

#define TEST_TYPE_OPERATION (test_operation_get_type ())

G_DECLARE_FINAL_TYPE (TestOperation, test_operation, TEST, OPERATION, PorchOperation)

struct _TestOperation
{
  PorchOperation  parent_instance;

  DexPromise     *promise;
};

G_DEFINE_FINAL_TYPE (TestOperation, test_operation, PORCH_TYPE_OPERATION)

static void
test_operation_setup (PorchOperation *operation)
{
  porch_operation_set_title (operation, "Testing");
  porch_operation_add_step (operation, "one", "Think", 1);
  porch_operation_add_step (operation, "two", "Act", 1);
}

static DexFuture *
test_operation_run_step (PorchOperation *operation,
                         const char     *step)
{
  return g_str_equal (step, "one") ? dex_future_new_true ()
                                   : DEX_FUTURE (dex_ref (TEST_OPERATION (operation)->promise));
}

static void
test_operation_finalize (GObject *object)
{
  dex_clear (&TEST_OPERATION (object)->promise);

  G_OBJECT_CLASS (test_operation_parent_class)->finalize (object);
}

static void
test_operation_class_init (TestOperationClass *klass)
{
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = test_operation_finalize;

  operation_class->kind = "test";
  operation_class->setup = test_operation_setup;
  operation_class->run_step = test_operation_run_step;
}

static void
test_operation_init (TestOperation *self)
{
  self->promise = dex_promise_new ();
}

typedef struct
{
  char           *folder;
  PorchEngine    *engine;
  PorchOperation *operation;
} Fixture;

static void
wait_for_state (PorchOperation      *operation,
                PorchOperationState  state)
{
  while (porch_operation_get_state (operation) != state)
    g_main_context_iteration (NULL, TRUE);

  settle ();
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GFile) folder = NULL;
  g_autoptr(GError) error = NULL;

  fixture->folder = test_new_folder ();
  folder = g_file_new_for_path (fixture->folder);
  fixture->engine = porch_engine_new (folder);
  g_assert_true (test_await (porch_engine_open (fixture->engine), &error));
  g_assert_no_error (error);

  fixture->operation = g_object_new (TEST_TYPE_OPERATION, "engine", fixture->engine, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->operation);
  g_clear_object (&fixture->engine);
  settle ();
  test_remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static const char *
get_page (gpointer page)
{
  return gtk_stack_get_visible_child_name (GTK_STACK (find (page, GTK_TYPE_STACK, 0)));
}

static void
test_progress_page_done (Fixture       *fixture,
                         gconstpointer  data)
{
  PorchProgressPage *page = g_object_ref_sink (porch_progress_page_new (fixture->operation));

  porch_engine_run_operation (fixture->engine, fixture->operation);
  wait_for_state (fixture->operation, PORCH_OPERATION_RUNNING);
  g_assert_cmpstr (get_page (page), ==, "running");
  g_assert_true (PORCH_IS_STEP_ROW (find (page, PORCH_TYPE_STEP_ROW, 1)));

  dex_promise_resolve_boolean (TEST_OPERATION (fixture->operation)->promise, TRUE);
  wait_for_state (fixture->operation, PORCH_OPERATION_DONE);
  g_assert_cmpstr (get_page (page), ==, "done");

  g_assert_finalize_object (page);
}

static void
test_progress_page_failed (Fixture       *fixture,
                           gconstpointer  data)
{
  PorchProgressPage *page = g_object_ref_sink (porch_progress_page_new (fixture->operation));

  porch_engine_run_operation (fixture->engine, fixture->operation);
  wait_for_state (fixture->operation, PORCH_OPERATION_RUNNING);
  dex_promise_reject (TEST_OPERATION (fixture->operation)->promise,
                      g_error_new_literal (PORCH_ERROR, PORCH_ERROR_FAILED, "It broke"));
  wait_for_state (fixture->operation, PORCH_OPERATION_FAILED);
  g_assert_cmpstr (get_page (page), ==, "failed");

  g_assert_finalize_object (page);
}

static void
test_progress_page_closed (Fixture       *fixture,
                           gconstpointer  data)
{
  PorchProgressPage *page = g_object_ref_sink (porch_progress_page_new (fixture->operation));

  porch_engine_run_operation (fixture->engine, fixture->operation);
  wait_for_state (fixture->operation, PORCH_OPERATION_RUNNING);
  g_assert_finalize_object (page);

  /* The work goes on */
  dex_promise_resolve_boolean (TEST_OPERATION (fixture->operation)->promise, TRUE);
  wait_for_state (fixture->operation, PORCH_OPERATION_DONE);
}

static void
test_operation_card (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *card = g_object_ref_sink (g_object_new (PORCH_TYPE_OPERATION_CARD, NULL));

  g_assert_false (gtk_widget_get_visible (card));

  porch_operation_card_set_operation (PORCH_OPERATION_CARD (card), fixture->operation);
  porch_engine_run_operation (fixture->engine, fixture->operation);
  wait_for_state (fixture->operation, PORCH_OPERATION_RUNNING);
  g_assert_true (gtk_widget_get_visible (card));
  g_assert_true (gtk_widget_get_visible (find (card, GTK_TYPE_PROGRESS_BAR, 0)));

  dex_promise_reject (TEST_OPERATION (fixture->operation)->promise,
                      g_error_new_literal (PORCH_ERROR, PORCH_ERROR_FAILED, "It broke"));
  wait_for_state (fixture->operation, PORCH_OPERATION_FAILED);
  g_assert_true (gtk_widget_get_visible (card));
  g_assert_false (gtk_widget_get_visible (find (card, GTK_TYPE_PROGRESS_BAR, 0)));

  porch_operation_card_set_operation (PORCH_OPERATION_CARD (card), NULL);
  g_assert_false (gtk_widget_get_visible (card));

  g_assert_finalize_object (card);
}

static gboolean
is_complete (gpointer page)
{
  gboolean complete;

  g_object_get (page, "complete", &complete, NULL);

  return complete;
}

static void
test_form_page_complete (void)
{
  static const struct
  {
    gboolean    with_form;
    const char *mail;
    gboolean    complete;
  } cases[] = {
    { TRUE, "", FALSE },
    { TRUE, "me@example.org", TRUE },
    { FALSE, "", TRUE },
    { FALSE, "me@example.org", TRUE },
  };
  GtkWidget *page = g_object_ref_sink (g_object_new (PORCH_TYPE_FORM_PAGE, NULL));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      adw_switch_row_set_active (ADW_SWITCH_ROW (find (page, ADW_TYPE_SWITCH_ROW, 0)), cases[i].with_form);
      gtk_editable_set_text (GTK_EDITABLE (find (page, ADW_TYPE_ENTRY_ROW, 0)), cases[i].mail);
      g_assert_cmpint (is_complete (page), ==, cases[i].complete);
    }

  g_assert_finalize_object (page);
}

static void
test_name_page_complete (void)
{
  GtkWidget *page = g_object_ref_sink (g_object_new (PORCH_TYPE_NAME_PAGE, NULL));
  GtkEditable *row = GTK_EDITABLE (find (page, ADW_TYPE_ENTRY_ROW, 0));

  g_assert_false (is_complete (page));
  gtk_editable_set_text (row, "Café");
  g_assert_true (is_complete (page));
  gtk_editable_set_text (row, "");
  g_assert_false (is_complete (page));

  g_assert_finalize_object (page);
}

static void
test_keys_page_complete (void)
{
  static const struct
  {
    const char *key;
    const char *secret;
    gboolean    complete;
  } cases[] = {
    { "", "", FALSE },
    { "AKIAIOSFODNN7EXAMPLE", "", FALSE },
    { "", "wJalrXUtnFEMI", FALSE },
    { "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", TRUE },
  };
  g_autofree char *folder = test_new_folder ();
  g_autoptr(GFile) file = g_file_new_for_path (folder);
  PorchEngine *engine = porch_engine_new (file);
  GtkWidget *page = GTK_WIDGET (g_object_ref_sink (porch_keys_page_new (engine, NULL)));

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (find (page, ADW_TYPE_ENTRY_ROW, 0)), cases[i].key);
      gtk_editable_set_text (GTK_EDITABLE (find (page, ADW_TYPE_PASSWORD_ENTRY_ROW, 0)), cases[i].secret);
      g_assert_cmpint (is_complete (page), ==, cases[i].complete);
    }

  /* A key that can't be one is refused under its row, before anybody is asked */
  gtk_editable_set_text (GTK_EDITABLE (find (page, ADW_TYPE_ENTRY_ROW, 0)), "nonsense key");
  gtk_widget_activate_action (page, "page.continue", NULL);
  settle ();
  g_assert_true (gtk_widget_has_css_class (find (page, ADW_TYPE_ENTRY_ROW, 0), "error"));

  g_assert_finalize_object (page);
  g_assert_finalize_object (engine);
  test_remove_folder (folder);
}

static void
test_start_page (void)
{
  GtkWidget *page = g_object_ref_sink (g_object_new (PORCH_TYPE_START_PAGE, NULL));
  GtkWidget *first = find (page, PORCH_TYPE_TEMPLATE_CARD, 0);
  g_autoptr(GFile) folder = g_file_new_for_path ("/srv/café");
  guint n_cards = 0;
  guint index;

  do
    index = n_cards;
  while (find_by_type (page, PORCH_TYPE_TEMPLATE_CARD, &index) != NULL && ++n_cards);

  /* Three designs and a folder of one's own; the first design is chosen */
  g_assert_cmpuint (n_cards, ==, 4);
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (first)));

  porch_start_page_set_folder (PORCH_START_PAGE (page), folder);
  g_assert_false (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (first)));
  g_assert_true (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (find (page, PORCH_TYPE_TEMPLATE_CARD, 3))));

  g_assert_finalize_object (page);
}

/* A site that nobody has to be asked about */

typedef struct
{
  char         *folder;
  char         *pages;
  PorchEngine  *engine;
  PorchAccount *account;
  PorchSite    *site;
} SiteFixture;

static void
set_up_site (SiteFixture   *fixture,
             gconstpointer  data)
{
  g_autoptr(GFile) folder = NULL;
  g_autoptr(GError) error = NULL;

  fixture->folder = test_new_folder ();
  fixture->pages = test_new_folder ();
  folder = g_file_new_for_path (fixture->folder);
  fixture->engine = porch_engine_new (folder);
  g_assert_true (test_await (porch_engine_open (fixture->engine), &error));
  g_assert_no_error (error);

  fixture->account = porch_account_new (porch_engine_get_store (fixture->engine), "keys", PORCH_ACCOUNT_KEYS, "Keys",
                                        "eu-central-1");
  fixture->site = porch_site_new (fixture->engine, fixture->account, "rosa-1234", "Rosa’s Bakery", "eu-central-1");
  porch_site_set_state (fixture->site, PORCH_SITE_LIVE);
}

static void
tear_down_site (SiteFixture   *fixture,
                gconstpointer  data)
{
  settle ();
  g_clear_object (&fixture->site);
  g_clear_object (&fixture->account);
  g_clear_object (&fixture->engine);
  settle ();
  test_remove_folder (fixture->folder);
  test_remove_folder (fixture->pages);
  g_free (fixture->folder);
  g_free (fixture->pages);
}

static PorchManifestSummary *
new_summary (guint number)
{
  PorchManifestSummary *summary = g_new0 (PorchManifestSummary, 1);
  g_autoptr(GDateTime) first = g_date_time_new_utc (2026, 1, 1, 12, 0, 0);
  g_autoptr(GDateTime) date = g_date_time_add_hours (first, number);

  summary->release = porch_release_id_new (date);
  summary->date = g_date_time_format_iso8601 (date);
  summary->author = g_strdup ("Rosa");
  summary->source = g_strdup ("bakery");
  summary->previous = g_strdup ("20251231-120000-aaaaaa");
  summary->files = 12;
  summary->bytes = 34000;
  summary->pages = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_page_change_free);

  return summary;
}

static void
add_page (PorchManifestSummary *summary,
          PorchChangeKind       kind,
          const char           *path,
          const char           *title)
{
  g_ptr_array_add (summary->pages, porch_page_change_new (kind, path, NULL, title));
  summary->n_pages++;
}

static guint
count_type (GtkWidget *widget,
            GType      type)
{
  guint n = G_TYPE_CHECK_INSTANCE_TYPE (widget, type);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_type (child, type);

  return n;
}

static gboolean
has_row (GtkWidget  *widget,
         const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_row (child, title))
      return TRUE;

  return FALSE;
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_release_row (void)
{
  g_autoptr(PorchManifestSummary) summary = new_summary (1);
  g_autoptr(PorchRelease) release = NULL;
  g_autoptr(PorchReceipt) receipt = NULL;
  GtkWidget *row;
  guint n_made_live = 0;
  guint n_removed = 0;

  summary->note = g_strdup ("Winter <prices>");
  summary->changed = 3;
  add_page (summary, PORCH_CHANGE_CHANGED, "prices.html", "Prices");
  add_page (summary, PORCH_CHANGE_REMOVED, "old.html", NULL);
  release = porch_release_new (summary);
  receipt = porch_receipt_new (porch_release_get_id (release), NULL, "https://example.org/");
  row = g_object_ref_sink (porch_release_row_new (release));
  g_signal_connect_swapped (row, "make-live", G_CALLBACK (count_cb), &n_made_live);
  g_signal_connect_swapped (row, "remove", G_CALLBACK (count_cb), &n_removed);

  /* Nothing is made for what nobody has opened */
  g_assert_cmpstr (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), ==, "Winter <prices>");
  g_assert_cmpuint (count_type (row, ADW_TYPE_ACTION_ROW), ==, 1);

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (row), TRUE);
  g_assert_true (has_row (row, "Prices"));
  g_assert_true (has_row (row, "/old.html"));
  g_assert_true (has_row (row, "And 1 other file, such as a picture or a style"));
  g_assert_true (has_row (row, "By \u2068Rosa\u2069, from the folder “\u2068bakery\u2069”"));
  g_assert_true (has_row (row, "_Remove This Version…"));
  g_assert_false (has_row (row, "The start page does not answer as it should."));

  porch_receipt_set_state (receipt, PORCH_RECEIPT_BROKEN, NULL);
  porch_release_set_receipt (release, receipt);
  g_assert_true (has_row (row, "The start page does not answer as it should."));
  g_assert_nonnull (strstr (adw_expander_row_get_subtitle (ADW_EXPANDER_ROW (row)), "The start page"));

  gtk_widget_activate_action (row, "release.make-live", NULL);
  gtk_widget_activate_action (row, "release.remove", NULL);
  g_assert_cmpuint (n_made_live, ==, 1);
  g_assert_cmpuint (n_removed, ==, 1);

  /* What is live can't be removed */
  porch_release_set_live (release, TRUE);
  g_assert_false (has_row (row, "_Remove This Version…"));
  g_assert_true (has_row (row, "Prices"));

  g_assert_finalize_object (row);
}

static void
remember_versions (SiteFixture *fixture,
                   guint        n_versions)
{
  PorchStore *store = porch_engine_get_store (fixture->engine);
  g_autoptr(GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < n_versions; i++)
    {
      g_autoptr(PorchManifestSummary) summary = new_summary (i);
      g_autofree char *json = porch_manifest_summary_to_json (summary);

      g_assert_true (test_await (porch_publish_store_save_manifest (store, "rosa-1234", summary->release, json, body), &error));
      g_assert_no_error (error);
    }

  g_assert_true (test_await (porch_history_load (porch_site_get_history (fixture->site)), &error));
  g_assert_no_error (error);
}

static void
test_history_page (SiteFixture   *fixture,
                   gconstpointer  data)
{
  GtkWidget *page = g_object_ref_sink (g_object_new (PORCH_TYPE_HISTORY_PAGE, "site", fixture->site, NULL));

  g_assert_cmpstr (get_page (page), ==, "empty");

  /* However many there are, only so many are made */
  remember_versions (fixture, 90);
  settle ();
  g_assert_cmpstr (get_page (page), ==, "releases");
  g_assert_cmpuint (count_type (page, PORCH_TYPE_RELEASE_ROW), ==, 20);

  g_assert_true (gtk_widget_activate_action (page, "history.show-more", NULL));
  settle ();
  g_assert_cmpuint (count_type (page, PORCH_TYPE_RELEASE_ROW), ==, 70);
  gtk_widget_activate_action (page, "history.show-more", NULL);
  settle ();
  g_assert_cmpuint (count_type (page, PORCH_TYPE_RELEASE_ROW), ==, 90);

  porch_history_page_set_site (PORCH_HISTORY_PAGE (page), NULL);
  g_assert_cmpuint (count_type (page, PORCH_TYPE_RELEASE_ROW), ==, 0);

  g_assert_finalize_object (page);
}

static PorchDraft *
new_draft (gint64 seconds)
{
  g_autoptr(PorchPointerValue) value = porch_pointer_value_new ("20261120-140500-aaaaaa", NULL, NULL, NULL);
  g_autofree char *token = porch_pointer_make_draft_token ();
  g_autoptr(PorchPointerDraft) entry = NULL;

  entry = porch_pointer_draft_new (token, value, g_get_real_time () / G_USEC_PER_SEC + seconds);

  return porch_draft_new (entry, "https://example.org/");
}

static GtkWidget *
find_button (GtkWidget  *widget,
             const char *action)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_button (child, action);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
test_draft_row (SiteFixture   *fixture,
                gconstpointer  data)
{
  g_autoptr(PorchDraft) draft = new_draft (60 * 60);
  GtkWidget *row = g_object_ref_sink (porch_draft_row_new (fixture->site, draft));

  g_assert_true (gtk_widget_get_visible (find_button (row, "draft.copy-link")));
  g_assert_true (gtk_widget_get_visible (find_button (row, "draft.open")));
  g_assert_false (gtk_widget_get_visible (find_button (row, "draft.extend")));

  /* An expired link is of no use, but it can be made to work again */
  porch_draft_set_until (draft, g_get_real_time () / G_USEC_PER_SEC - 1);
  g_assert_false (gtk_widget_get_visible (find_button (row, "draft.copy-link")));
  g_assert_false (gtk_widget_get_visible (find_button (row, "draft.open")));
  g_assert_true (gtk_widget_get_visible (find_button (row, "draft.extend")));

  g_assert_finalize_object (row);
}

static void
write_page (SiteFixture *fixture,
            const char  *name,
            const char  *text)
{
  g_autofree char *path = g_build_filename (fixture->pages, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* The pages as they are now are what was published */
static void
remember_published (SiteFixture *fixture)
{
  PorchStore *store = porch_engine_get_store (fixture->engine);
  g_autoptr(GFile) root = g_file_new_for_path (fixture->pages);
  g_autoptr(PorchFolder) folder = porch_folder_new (root, NULL);
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(GBytes) json = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *summary = NULL;

  g_assert_true (test_await (porch_folder_scan (folder, PORCH_SCAN_DEFAULT), &error));
  g_assert_no_error (error);
  manifest = porch_manifest_new_for_folder (folder, NULL, NULL, "20260101-120000-aaaaaa", NULL, NULL, FALSE);
  json = porch_manifest_to_json (manifest);
  summary = porch_manifest_summary_to_json (porch_manifest_get_summary (manifest));
  g_assert_true (test_await (porch_publish_store_save_manifest (store, "rosa-1234", "20260101-120000-aaaaaa", summary, json),
                             &error));
  g_assert_true (test_await (porch_history_load (porch_site_get_history (fixture->site)), &error));
  g_assert_no_error (error);
  porch_site_set_folder (fixture->site, root);
}

static void
await_watch (PorchFolderWatch      *watch,
             PorchFolderWatchState  state)
{
  while (porch_folder_watch_get_state (watch) != state)
    g_main_context_iteration (NULL, TRUE);

  settle ();
}

static void
test_overview_changes (SiteFixture   *fixture,
                       gconstpointer  data)
{
  GtkWidget *page = g_object_ref_sink (g_object_new (PORCH_TYPE_OVERVIEW_PAGE, "site", fixture->site, NULL));
  GtkWidget *row = g_object_ref_sink (g_object_new (PORCH_TYPE_SITE_ROW, "site", fixture->site, NULL));
  PorchFolderWatch *watch = porch_site_get_watch (fixture->site);

  write_page (fixture, "index.html", "<title>Start</title>");
  write_page (fixture, "prices.html", "<title>Prices</title>");
  remember_published (fixture);
  porch_folder_watch_set_enabled (watch, TRUE);
  await_watch (watch, PORCH_FOLDER_WATCH_SAME);
  g_assert_false (has_row (page, "1 file changed since the last publish"));

  write_page (fixture, "prices.html", "<title>New Prices</title>");
  await_watch (watch, PORCH_FOLDER_WATCH_CHANGED);
  g_assert_true (has_row (page, "1 file changed since the last publish"));

  write_page (fixture, "prices.html", "<title>Prices</title>");
  await_watch (watch, PORCH_FOLDER_WATCH_SAME);

  test_remove_folder (fixture->pages);
  await_watch (watch, PORCH_FOLDER_WATCH_GONE);
  g_assert_false (gtk_widget_get_visible (find_button (page, "site.open-folder")));
  g_mkdir (fixture->pages, 0700);

  g_assert_finalize_object (row);
  g_assert_finalize_object (page);
}

static void
test_settings_watch (SiteFixture   *fixture,
                     gconstpointer  data)
{
  GtkWidget *page = g_object_ref_sink (g_object_new (PORCH_TYPE_SETTINGS_PAGE, "site", fixture->site, NULL));
  PorchFolderWatch *watch = porch_site_get_watch (fixture->site);
  AdwSwitchRow *row = ADW_SWITCH_ROW (find (page, ADW_TYPE_SWITCH_ROW, 0));

  settle ();
  g_assert_false (adw_switch_row_get_active (row));
  adw_switch_row_set_active (row, TRUE);
  g_assert_true (porch_folder_watch_get_enabled (watch));
  porch_folder_watch_set_enabled (watch, FALSE);
  g_assert_false (adw_switch_row_get_active (row));

  g_assert_cmpfloat (adw_spin_row_get_value (ADW_SPIN_ROW (find (page, ADW_TYPE_SPIN_ROW, 0))), ==,
                     PORCH_SITE_DEFAULT_KEPT_VERSIONS);

  g_assert_finalize_object (page);
}

static void
test_row_error (void)
{
  GtkWidget *row = g_object_ref_sink (adw_entry_row_new ());
  GtkWidget *label = g_object_ref_sink (gtk_label_new (NULL));

  porch_row_set_error (row, GTK_LABEL (label), "That is no name");
  g_assert_true (gtk_widget_has_css_class (row, "error"));
  g_assert_true (gtk_widget_get_visible (label));
  g_assert_cmpstr (gtk_label_get_label (GTK_LABEL (label)), ==, "That is no name");

  porch_row_set_error (row, GTK_LABEL (label), NULL);
  g_assert_false (gtk_widget_has_css_class (row, "error"));
  g_assert_false (gtk_widget_get_visible (label));

  g_assert_finalize_object (row);
  g_assert_finalize_object (label);
}

/* Made and finalized, with nothing to show yet */
static void
test_made (gconstpointer data)
{
  GType type = ((GType (*) (void)) data) ();
  GtkWidget *widget = g_object_ref_sink (g_object_new (type, NULL));

  settle ();
  g_assert_finalize_object (widget);
}

#define ADD_OPERATION(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

#define ADD_SITE(path, func) g_test_add (path, SiteFixture, NULL, set_up_site, func, tear_down_site)

#define ADD_MADE(name, get_type) g_test_add_data_func ("/app/pages/made/" name, (gconstpointer) get_type, test_made)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  dex_init ();
  adw_init ();

  g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL);

  g_test_add_func ("/app/wizard-page/continue", test_wizard_page_continue);
  g_test_add_func ("/app/wizard-page/busy", test_wizard_page_busy);
  g_test_add_func ("/app/wizard-page/error", test_wizard_page_error);
  g_test_add_func ("/app/wizard-page/cancelled", test_wizard_page_cancelled);
  g_test_add_func ("/app/wizard-page/closed-while-busy", test_wizard_page_closed_while_busy);
  g_test_add_func ("/app/form-page/complete", test_form_page_complete);
  g_test_add_func ("/app/name-page/complete", test_name_page_complete);
  g_test_add_func ("/app/keys-page/complete", test_keys_page_complete);
  g_test_add_func ("/app/start-page/cards", test_start_page);
  g_test_add_func ("/app/row-error", test_row_error);

  ADD_OPERATION ("/app/progress-page/done", test_progress_page_done);
  ADD_OPERATION ("/app/progress-page/failed", test_progress_page_failed);
  ADD_OPERATION ("/app/progress-page/closed", test_progress_page_closed);
  ADD_OPERATION ("/app/operation-card", test_operation_card);

  g_test_add_func ("/app/release-row", test_release_row);
  ADD_SITE ("/app/draft-row", test_draft_row);
  ADD_SITE ("/app/history-page", test_history_page);
  ADD_SITE ("/app/overview-page/changes", test_overview_changes);
  ADD_SITE ("/app/settings-page/watch", test_settings_watch);

  ADD_MADE ("history-page", porch_history_page_get_type);
  ADD_MADE ("messages-page", porch_messages_page_get_type);
  ADD_MADE ("operation-card", porch_operation_card_get_type);
  ADD_MADE ("overview-page", porch_overview_page_get_type);
  ADD_MADE ("settings-page", porch_settings_page_get_type);
  ADD_MADE ("site-view", porch_site_view_get_type);
  ADD_MADE ("create-dialog", porch_create_dialog_get_type);
  ADD_MADE ("welcome-page", porch_welcome_page_get_type);

  return g_test_run ();
}
