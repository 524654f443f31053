/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-finding.h"
#include "porch-form-finder.h"
#include "porch-form-reader.h"
#include "porch-form.h"
#include "test-util.h"
#include "tree-util.h"

#include <libxml/parser.h>
#include <string.h>

#define FIELDS "<label for=n>Your name *</label><input id=n name=name><input type=email name=email placeholder=\"E-mail\">" \
               "<textarea name=message aria-label=Message></textarea><button>Go</button>"

/* A page as it comes from a site that was taken along: another service, a captcha, a handler, an address of its own on the
 * button, and broken markup around */
#define DOWNLOADED \
  "<!DOCTYPE html>\r\n<html lang=\"de-DE\"><head><title>Kontakt</title><!-- <form action=x> -->" \
  "<script>var a = '<form>';</script></head>\r\n<body><form action=/search role=search><input name=q></form><h2>Schreiben Sie uns</h2><p>Unclosed" \
  "<FORM Action='https://formspree.io/f/abc' method=POST enctype=\"text/plain\" onsubmit='return check(\"a>b\")' class=form  novalidate>\r\n" \
  "<input type=hidden name=_subject value=Hi><input type=hidden name=\"csrf_token\" value=1><input type=\"hidden\" name=\"product\" value=\"boat\">" \
  FIELDS "<input type=submit formaction=\"https://elsewhere.example/\" value=Send></FORM>\r\n<textarea><form></textarea></body></html>\r\n"

static GPtrArray *
read_page (const char *text,
           const char *path)
{
  return porch_form_reader_read (text, strlen (text), path);
}

static const PorchReadForm *
get_form (GPtrArray *forms,
          guint      position)
{
  g_assert_cmpuint (position, <, forms->len);

  return g_ptr_array_index (forms, position);
}

static void
test_states (void)
{
  static const struct
  {
    const char      *text;
    PorchFoundState  state;
    gboolean         is_search;
  } pages[] = {
    { "<form method=post action=\"/_porchlight/contact\">" FIELDS "</form>", PORCH_FOUND_READY, FALSE },
    { "<form method=POST action=\"/contact-handler\">" FIELDS "</form>", PORCH_FOUND_READY, FALSE },
    { "<form method=post action=\"/_porchlight/contact?x=1\">" FIELDS "</form>", PORCH_FOUND_READY, FALSE },
    { "<form action=\"/_porchlight/contact\">" FIELDS "</form>", PORCH_FOUND_ELSEWHERE, FALSE },
    { "<form method=post action=\"mailto:me@example.org\">" FIELDS "</form>", PORCH_FOUND_ELSEWHERE, FALSE },
    { "<form method=post action=\"send.php\">" FIELDS "</form>", PORCH_FOUND_ELSEWHERE, FALSE },
    { "<form>" FIELDS "</form>", PORCH_FOUND_ELSEWHERE, FALSE },
    { "<form @submit.prevent=\"send\">" FIELDS "</form>", PORCH_FOUND_SCRIPT, FALSE },
    { "<form v-on:submit=\"send\">" FIELDS "</form>", PORCH_FOUND_SCRIPT, FALSE },
    { "<form hx-post=\"/x\">" FIELDS "</form>", PORCH_FOUND_SCRIPT, FALSE },
    { "<form action=\"javascript:void(0)\">" FIELDS "</form>", PORCH_FOUND_SCRIPT, FALSE },
    { "<form><input placeholder=Name><textarea></textarea></form>", PORCH_FOUND_SCRIPT, FALSE },
    { "<form method=post action=x>" FIELDS "<input type=file name=cv></form>", PORCH_FOUND_FILES, FALSE },
    { "<form method=post action=x><input name=user><input type=password name=p></form>", PORCH_FOUND_PRIVATE, FALSE },
    { "<form method=post action=x><input name=card autocomplete=cc-number></form>", PORCH_FOUND_PRIVATE, FALSE },
    { "<form action=/search><input type=search name=words></form>", PORCH_FOUND_ELSEWHERE, TRUE },
    { "<form role=search action=/><input name=w></form>", PORCH_FOUND_ELSEWHERE, TRUE },
    { "<form id=f method=post action=x></form><input form=f name=name><textarea form=f name=m></textarea>", PORCH_FOUND_ELSEWHERE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autoptr(GPtrArray) forms = read_page (pages[i].text, "/_porchlight/contact");
      const PorchReadForm *form = get_form (forms, 0);

      g_test_message ("%s", pages[i].text);
      g_assert_cmpint (form->state, ==, pages[i].state);
      g_assert_cmpint (form->is_search, ==, pages[i].is_search);
    }
}

static void
test_words (void)
{
  g_autoptr(GPtrArray) forms = read_page (DOWNLOADED, "/_porchlight/contact");
  const PorchReadForm *form;

  g_assert_cmpuint (forms->len, ==, 2);
  g_assert_true (get_form (forms, 0)->is_search);
  form = get_form (forms, 1);
  g_assert_cmpstr (form->title, ==, "Schreiben Sie uns");
  g_assert_cmpstr (form->target, ==, "https://formspree.io/f/abc");
  g_assert_cmpstr (form->language, ==, "de-DE");
  g_assert_cmpstr (form->fields[0], ==, "Your name");
  g_assert_cmpstr (form->fields[1], ==, "E-mail");
  g_assert_cmpstr (form->fields[2], ==, "Message");
  g_assert_null (form->fields[3]);
}

static char *
connect (const char *text,
         const char *path,
         guint       position)
{
  g_autoptr(GPtrArray) forms = read_page (text, path);
  g_autoptr(PorchTreatments) wanted = porch_treatments_with_form (NULL, get_form (forms, position)->id);
  g_autoptr(PorchTreatments) treatments = porch_treatments_with_form_path (wanted, path);
  g_autoptr(GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GByteArray) bytes = porch_form_reader_connect (text, strlen (text), forms, treatments, lines);

  return bytes != NULL ? g_strndup ((const char *) bytes->data, bytes->len) : NULL;
}

/* What is outside of the form stays byte for byte; the form's own tags say where it is sent now */
static void
test_connect (void)
{
  g_autofree char *copy = connect (DOWNLOADED, "/write/us", 1);
  const char *begin = strstr (DOWNLOADED, "<FORM");
  const char *end = strstr (DOWNLOADED, "</FORM>");

  g_assert_nonnull (copy);
  g_assert_true (strncmp (copy, DOWNLOADED, begin - DOWNLOADED) == 0);
  g_assert_true (g_str_has_suffix (copy, end));
  g_assert_nonnull (strstr (copy, "<FORM class=form method=\"post\" action=\"/write/us\" accept-charset=\"utf-8\">"));
  g_assert_null (strstr (copy, "formspree"));
  g_assert_null (strstr (copy, "elsewhere.example"));
  g_assert_null (strstr (copy, "onsubmit"));
  g_assert_nonnull (strstr (copy, "name=_subject value=Hi disabled>"));
  g_assert_nonnull (strstr (copy, "name=\"csrf_token\" value=1 disabled>"));
  g_assert_nonnull (strstr (copy, "<input type=\"hidden\" name=\"product\" value=\"boat\">"));
  g_assert_nonnull (strstr (copy, "name=\"_gotcha\""));
  g_assert_nonnull (strstr (copy, "name=\"_lang\" value=\"de-DE\""));
  g_assert_nonnull (strstr (copy, "name=\"_form\" value=\"Schreiben Sie uns\""));
  g_assert_nonnull (strstr (copy, FIELDS));
}

/* Read again, the copy is what was wanted, and nothing is left to be done */
static void
test_connected_again (void)
{
  g_autofree char *copy = connect (DOWNLOADED, PORCH_FORM_DEFAULT_PATH, 1);
  g_autoptr(GPtrArray) forms = read_page (copy, PORCH_FORM_DEFAULT_PATH);
  g_autofree char *again = NULL;

  g_assert_cmpint (get_form (forms, 1)->state, ==, PORCH_FOUND_READY);
  again = connect (copy, PORCH_FORM_DEFAULT_PATH, 1);
  g_assert_null (again);
}

static void
test_not_connected (void)
{
  g_autofree char *script = connect ("<form @submit=x>" FIELDS "</form>", "/c", 0);
  g_autofree char *secret = connect ("<form action=x><input type=password name=p></form>", "/c", 0);
  g_autofree char *latin = connect ("<meta charset=iso-8859-1><h1>Gr\xfc\xdf" "e</h1><form action=x>" FIELDS "</form>", "/c", 0);
  g_autofree char *cut = connect ("<form action=x>" FIELDS "<input name=\"a", "/c", 0);

  g_assert_null (script);
  g_assert_null (secret);

  /* What is put in fits any encoding */
  g_assert_nonnull (latin);
  g_assert_nonnull (strstr (latin, "Gr\xfc\xdf" "e</h1>"));
  g_assert_nonnull (strstr (latin, "value=\"Gr&#252;&#223;e\""));
  g_assert_nonnull (cut);
}

/* Whatever a page looks like, nothing outside of it is touched */
static void
test_cuts (void)
{
  gsize length = strlen (DOWNLOADED);

  for (gsize n = 1; n <= length; n++)
    {
      g_autofree char *text = g_strndup (DOWNLOADED, n);
      g_autofree char *exact = g_memdup2 (text, n);
      g_autoptr(GPtrArray) forms = porch_form_reader_read (exact, n, "/c");
      g_autoptr(PorchTreatments) treatments = porch_treatments_new ();
      g_autoptr(GArray) lines = g_array_new (FALSE, FALSE, sizeof (guint));
      g_autoptr(GByteArray) bytes = NULL;

      for (guint i = 0; i < forms->len; i++)
        {
          PorchTreatments *more = porch_treatments_with_form (treatments, get_form (forms, i)->id);

          porch_treatments_unref (treatments);
          treatments = more;
        }

      bytes = porch_form_reader_connect (exact, n, forms, treatments, lines);
    }
}

static PorchFoundForm *
dup_found (GListModel *forms,
           guint       position)
{
  g_assert_cmpuint (position, <, g_list_model_get_n_items (forms));

  return g_list_model_get_item (forms, position);
}

/* The same form in many pages is one, and what can be used comes first */
static void
test_folder (void)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(GFile) folder = g_file_new_for_path (root);
  g_autoptr(GListModel) forms = NULL;
  g_autoptr(PorchFoundForm) first = NULL;
  g_autoptr(PorchFoundForm) second = NULL;
  g_autoptr(PorchFoundForm) connected = NULL;
  g_autoptr(PorchTreatments) treatments = NULL;
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  tree_write (root, "a.html", "<h1>Write</h1><form action=\"https://formspree.io/f/1\" method=post>" FIELDS "</form>");
  tree_write (root, "deep/er/b.htm", "<h1>Write</h1>\n<form action=\"https://formspree.io/f/1#top\" method=post>" FIELDS "</form>");
  tree_write (root, "c.html", "<form method=post action=/_porchlight/contact>" FIELDS "</form><form><input type=search name=q></form>");
  tree_write (root, ".git/d.html", "<form>" FIELDS "</form>");
  tree_write (root, "notes.txt", "<form>" FIELDS "</form>");

  forms = dex_await_object (porch_form_finder_find (folder, NULL, NULL), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (forms), ==, 2);

  first = dup_found (forms, 0);
  g_assert_cmpint (porch_found_form_get_state (first), ==, PORCH_FOUND_READY);
  second = dup_found (forms, 1);
  g_assert_true (porch_found_form_can_connect (second));
  g_assert_cmpstr (porch_found_form_get_pages (second)[0], ==, "a.html");
  g_assert_cmpstr (porch_found_form_get_pages (second)[1], ==, "deep/er/b.htm");
  sentence = porch_found_form_dup_sentence (second);
  g_assert_cmpstr (sentence, ==, "Goes to formspree.io now");

  treatments = porch_treatments_with_form (NULL, porch_found_form_get_id (second));
  g_clear_object (&forms);
  forms = dex_await_object (porch_form_finder_find (folder, treatments, NULL), &error);
  g_assert_no_error (error);
  connected = dup_found (forms, 1);
  g_assert_cmpint (porch_found_form_get_state (connected), ==, PORCH_FOUND_CONNECTED);
  test_remove_folder (root);
}

/* The owner's own files stay as they are; the copies that are sent lead to the site, and the check says so */
static void
test_publish (void)
{
  static const char text[] = "<!DOCTYPE html><html lang=en><head><title>T</title><meta name=description content=d></head><body>"
                             "<form action=\"mailto:me@example.org\" method=post>" FIELDS "</form></body></html>";
  g_autofree char *root = test_new_folder ();
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GPtrArray) forms = read_page (text, NULL);
  g_autoptr(PorchTreatments) treatments = porch_treatments_with_form (NULL, get_form (forms, 0)->id);
  g_autofree char *own = NULL;
  g_autoptr(PorchFinding) finding = NULL;
  g_autofree char *page = g_build_filename (root, "index.html", NULL);
  g_autoptr(GError) error = NULL;

  tree_write (root, "index.html", text);
  folder = porch_folder_new (file, NULL);
  porch_folder_set_treatments (folder, treatments);
  dex_await (porch_folder_scan (folder, PORCH_SCAN_CHECK), &error);
  g_assert_no_error (error);

  g_assert_cmpuint (g_list_model_get_n_items (porch_folder_get_findings (folder)), ==, 1);
  finding = g_list_model_get_item (porch_folder_get_findings (folder), 0);
  g_assert_cmpstr (porch_finding_get_rule (finding), ==, "form.connected");
  g_assert_true (porch_finding_get_is_treated (finding));

  g_assert_true (g_file_get_contents (page, &own, NULL, NULL));
  g_assert_cmpstr (own, ==, text);
  test_remove_folder (root);
}

/* The lines of the findings of a rule in a page, with those that its group stands for; "" for none */
static char *
check (const char      *page,
       PorchTreatments *treatments,
       const char      *rule)
{
  g_autofree char *root = test_new_folder ();
  g_autoptr(GFile) file = g_file_new_for_path (root);
  g_autoptr(PorchFolder) folder = porch_folder_new (file, NULL);
  g_autoptr(GString) lines = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  GListModel *findings;

  tree_write (root, "contact/index.html", page);
  porch_folder_set_treatments (folder, treatments);
  dex_await (porch_folder_scan (folder, PORCH_SCAN_CHECK), &error);
  g_assert_no_error (error);
  findings = porch_folder_get_findings (folder);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (!g_str_equal (porch_finding_get_rule (finding), rule))
        continue;

      g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_WARNING);
      g_assert_nonnull (porch_finding_get_fix (finding));

      for (guint j = 0; j < porch_finding_get_n_places (finding); j++)
        g_string_append_printf (lines, "%u ", porch_finding_get_place (finding, j).line);
    }

  test_remove_folder (root);

  return g_string_free_and_steal (g_steal_pointer (&lines));
}

/* The two forms of this page are connected, and then it becomes another page */
static void
test_lost (void)
{
  static const char before[] = "<form action=https://a.example/ method=post><input name=name><textarea name=m></textarea></form>\n"
                               "<form action=mailto:me@example.org><input name=name><textarea name=text></textarea></form>\n";
  static const struct
  {
    const char *text;
    const char *rule;
    const char *lines;
  } pages[] = {
    { before, "form.lost", "" },
    { before, "form.unconnected", "" },
    /* Another field, another goal; a form that has nothing to do with them */
    { "<form action=https://b.example/><input name=mail type=email></form>\n"
      "<form action=https://a.example/ method=post><input name=name><input name=phone><textarea name=m></textarea></form>\n"
      "<form action=https://c.example/><input name=name><textarea name=text></textarea></form>\n", "form.lost", "2 3 " },
    /* Both; nothing can be said but that there is one */
    { "\n<form action=https://b.example/><input name=mail type=email></form>\n", "form.lost", "2 " },
    /* Gone, and nothing else leads elsewhere */
    { "<form action=/_porchlight/contact method=post><input name=mail type=email></form><form role=search><input name=q></form>", "form.lost", "" },
    /* Changed, and connected again */
    { "<form action=https://a.example/ method=post><input name=name><textarea name=m></textarea></form>\n"
      "<form action=/_porchlight/contact method=post><input name=name><textarea name=text></textarea></form>\n"
      "<form action=https://b.example/><input name=mail type=email></form>\n", "form.lost", "" },
    /* What can't be connected any more */
    { "<form action=https://a.example/ method=post @submit=x><input name=name><textarea name=m></textarea></form>\n"
      "<form action=mailto:me@example.org><input name=name><textarea name=text></textarea></form>\n", "form.unconnected", "1 " },
    { "<form action=https://a.example/ method=post><input name=name><textarea name=m></textarea></form>\n"
      "<form action=mailto:me@example.org><input name=name><textarea name=text></textarea></form>\n"
      "<svg><title><form></title></svg>", "form.unconnected", "1 2 " },
  };
  g_autoptr(GPtrArray) forms = read_page (before, NULL);
  g_autoptr(PorchTreatments) one = porch_treatments_with_form (NULL, get_form (forms, 0)->id);
  g_autoptr(PorchTreatments) both = porch_treatments_with_form (one, get_form (forms, 1)->id);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *lines = check (pages[i].text, both, pages[i].rule);

      g_test_message ("%s", pages[i].text);
      g_assert_cmpstr (lines, ==, pages[i].lines);
    }
}

/* The page can't be opened where the form answers, and what is sent to the path before is lost */
static void
test_path (void)
{
  static const char page[] = "<form action=/_porchlight/contact method=post>" FIELDS "</form>";
  g_autoptr(PorchTreatments) here = porch_treatments_with_form_path (NULL, "/contact");
  g_autoptr(PorchTreatments) there = porch_treatments_with_form_path (NULL, "/write");
  g_autofree char *taken = check (page, here, "form.path");
  g_autofree char *free = check (page, there, "form.path");
  g_autofree char *usual = check (page, NULL, "form.path");
  g_autofree char *moved = check (page, there, "form.nowhere");
  g_autofree char *stays = check (page, NULL, "form.nowhere");

  g_assert_cmpstr (taken, ==, "0 ");
  g_assert_cmpstr (free, ==, "");
  g_assert_cmpstr (usual, ==, "");
  g_assert_cmpstr (moved, ==, "1 ");
  g_assert_cmpstr (stays, ==, "");
}

static void
test_treatments (void)
{
  g_autoptr(PorchTreatments) one = porch_treatments_with_form (NULL, "aaaaaaaaaaaaaaaa");
  g_autoptr(PorchTreatments) placed = porch_treatments_with_form_path (one, "/write");
  g_autoptr(PorchTreatments) none = porch_treatments_without_form (placed, "aaaaaaaaaaaaaaaa");
  g_autoptr(JsonObject) json = porch_treatments_to_json (placed);
  g_autoptr(PorchTreatments) again = porch_treatments_new_from_json (json);
  g_autoptr(PorchTreatments) joined = porch_treatments_join (NULL, placed);

  g_assert_true (porch_treatments_equal (placed, again));
  g_assert_true (porch_treatments_equal (placed, joined));
  g_assert_false (porch_treatments_equal (one, placed));
  g_assert_true (porch_treatments_has_form (again, "aaaaaaaaaaaaaaaa"));
  g_assert_cmpstr (porch_treatments_get_form_path (again), ==, "/write");
  g_assert_cmpstr (porch_treatments_get_form_path (one), ==, PORCH_FORM_DEFAULT_PATH);
  g_assert_true (porch_treatments_has (placed, PORCH_TREATMENT_FORMS));
  g_assert_false (porch_treatments_has (none, PORCH_TREATMENT_FORMS));
  g_assert_true (porch_treatments_is_empty (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  xmlInitParser ();

  g_test_add_func ("/form-finder/states", test_states);
  g_test_add_func ("/form-finder/words", test_words);
  g_test_add_func ("/form-finder/connect", test_connect);
  g_test_add_func ("/form-finder/connected-again", test_connected_again);
  g_test_add_func ("/form-finder/not-connected", test_not_connected);
  g_test_add_func ("/form-finder/cuts", test_cuts);
  test_add_fiber ("/form-finder/folder", test_folder);
  test_add_fiber ("/form-finder/publish", test_publish);
  test_add_fiber ("/form-finder/lost", test_lost);
  test_add_fiber ("/form-finder/path", test_path);
  g_test_add_func ("/form-finder/treatments", test_treatments);

  return g_test_run ();
}
