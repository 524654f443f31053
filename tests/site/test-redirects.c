/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-json.h"
#include "porch-error.h"
#include "porch-finding.h"
#include "porch-redirects.h"
#include "test-util.h"

#include <json-glib/json-glib.h>
#include <string.h>

static GPtrArray *
new_findings (void)
{
  return g_ptr_array_new_with_free_func (g_object_unref);
}

static PorchRedirects *
parse (const char *text,
       GPtrArray  *findings)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  return porch_redirects_new_from_file (bytes, findings);
}

static GPtrArray *
make_paths (const char *first,
            ...)
{
  GPtrArray *paths = g_ptr_array_new ();
  va_list arguments;

  va_start (arguments, first);
  for (const char *path = first; path != NULL; path = va_arg (arguments, const char *))
    g_ptr_array_add (paths, (gpointer) path);
  va_end (arguments);

  return paths;
}

static char *
describe (PorchRedirects *redirects)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < porch_redirects_get_size (redirects); i++)
    {
      const PorchRedirect *rule = porch_redirects_get (redirects, i);

      g_string_append_printf (text, "%s %u %s%s\n", rule->from, rule->status, rule->to, rule->renamed ? " renamed" : "");
    }

  return g_strdup (text->str);
}

static char *
describe_wanted (JsonArray *array)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_string_append_printf (text, "%s\n", json_array_get_string_element (array, i));

  return g_strdup (text->str);
}

static char *
describe_findings (GPtrArray *findings)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      PorchFinding *finding = g_ptr_array_index (findings, i);

      g_assert_cmpstr (porch_finding_get_path (finding), ==, PORCH_REDIRECTS_FILE);
      g_assert_cmpint (porch_finding_get_severity (finding), ==, PORCH_SEVERITY_WARNING);
      g_assert_cmpuint (strlen (porch_finding_get_text (finding)), >, 10);
      g_string_append_printf (text, "%s %u\n", porch_finding_get_rule (finding), porch_finding_get_line (finding));
    }

  return g_strdup (text->str);
}

static char *
describe_wanted_findings (JsonArray *array)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonArray *pair = json_array_get_array_element (array, i);

      g_string_append_printf (text, "%s %u\n", json_array_get_string_element (pair, 0), (guint) json_array_get_int_element (pair, 1));
    }

  return g_strdup (text->str);
}

static void
check_entries (PorchRedirects *redirects,
               JsonObject     *wanted)
{
  g_autoptr(GHashTable) entries = porch_redirects_dup_entries (redirects);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  g_assert_cmpuint (g_hash_table_size (entries), ==, json_object_get_size (wanted));

  json_object_iter_init (&iter, wanted);
  while (json_object_iter_next (&iter, &name, &value))
    {
      g_autoptr(GString) key = g_string_new (name);

      g_string_replace (key, "SET", porch_redirects_get_id (redirects), 1);
      g_assert_cmpstr (g_hash_table_lookup (entries, key->str), ==, json_node_get_string (value));
    }
}

static void
check_asks (PorchRedirects *redirects,
            JsonArray      *asks)
{
  for (guint i = 0; i < json_array_get_length (asks); i++)
    {
      JsonArray *ask = json_array_get_array_element (asks, i);
      const char *path = json_array_get_string_element (ask, 0);
      guint status = 0;
      g_autofree char *to = porch_redirects_resolve (redirects, path, &status);

      if (json_array_get_null_element (ask, 1))
        {
          g_assert_cmpstr (to, ==, NULL);
          continue;
        }

      g_test_message ("%s", path);
      g_assert_cmpstr (to, ==, json_array_get_string_element (ask, 2));
      g_assert_cmpuint (status, ==, json_array_get_int_element (ask, 1));
    }
}

static void
check_case (JsonObject *item)
{
  g_autoptr(GPtrArray) findings = new_findings ();
  g_autoptr(GPtrArray) paths = g_ptr_array_new ();
  g_autoptr(PorchRedirects) parsed = parse (aws_json_get_string (item, "file"), findings);
  g_autoptr(PorchRedirects) redirects = NULL;
  g_autoptr(PorchRedirects) back = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *given = aws_json_get_array (item, "paths");
  g_autofree char *json = NULL;
  g_autofree char *rules = NULL;
  g_autofree char *wanted = describe_wanted (aws_json_get_array (item, "rules"));
  g_autofree char *found = NULL;
  g_autofree char *wanted_findings = describe_wanted_findings (aws_json_get_array (item, "findings"));

  g_test_message ("%s", aws_json_get_string (item, "name"));

  for (guint i = 0; given != NULL && i < json_array_get_length (given); i++)
    g_ptr_array_add (paths, (gpointer) json_array_get_string_element (given, i));

  redirects = porch_redirects_with_files (parsed, paths, findings);
  rules = describe (redirects);
  g_assert_cmpstr (rules, ==, wanted);
  found = describe_findings (findings);
  g_assert_cmpstr (found, ==, wanted_findings);
  g_assert_true (porch_redirects_is_single_page (redirects) == aws_json_get_bool (item, "singlePage"));

  if (json_object_has_member (item, "entries"))
    check_entries (redirects, aws_json_get_object (item, "entries"));
  check_asks (redirects, aws_json_get_array (item, "asks"));

  json = porch_redirects_to_json (redirects);
  back = porch_redirects_new_from_json (json, &error);
  g_assert_no_error (error);
  g_assert_true (porch_redirects_equal (redirects, back));
  check_asks (back, aws_json_get_array (item, "asks"));
}

static void
test_cases (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PORCHLIGHT_SOURCE"), "tests/functions/redirect-cases.json", NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonArray *cases;

  g_assert_true (g_file_get_contents (path, &text, NULL, &error));
  root = json_from_string (text, &error);
  g_assert_no_error (error);
  cases = aws_json_get_array (json_node_get_object (root), "cases");
  g_assert_cmpuint (json_array_get_length (cases), >, 25);

  for (guint i = 0; i < json_array_get_length (cases); i++)
    check_case (json_array_get_object_element (cases, i));
}

static void
test_json (void)
{
  static const char * const bad[] = {
    "", "[]", "null", "{}", "{\"rules\":{}}", "{\"rules\":[7]}", "{\"rules\":[{}]}", "{\"rules\":[{\"from\":\"/a\"}]}",
    "{\"rules\":[{\"from\":\"a\",\"to\":\"/b\"}]}", "{\"rules\":[{\"from\":\"/a\",\"to\":\"//b\"}]}",
    "{\"rules\":[{\"from\":\"/a\",\"to\":\"/b\",\"status\":200}]}", "{\"rules\":[{\"from\":\"/a\",\"to\":\"/b c\"}]}",
  };
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchRedirects) good = porch_redirects_new_from_json ("{\"rules\":[{\"from\":\"/a\",\"to\":\"/b\"}]}", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (porch_redirects_get (good, 0)->status, ==, 301);
  g_assert_false (porch_redirects_is_empty (good));
  g_assert_true (porch_redirects_is_empty (NULL));

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) bad_error = NULL;

      g_assert_null (porch_redirects_new_from_json (bad[i], &bad_error));
      g_assert_error (bad_error, PORCH_ERROR, PORCH_ERROR_DAMAGED);
    }
}

/* The name of a set is that of what its rules do */
static void
test_id (void)
{
  g_autoptr(PorchRedirects) one = parse ("/a /b\n/c/* /d\n/e/* /f\n", NULL);
  g_autoptr(PorchRedirects) same = parse ("# note\n/c/* /d\n/a /b 301!\n/e/* /f\n", NULL);
  g_autoptr(PorchRedirects) turned = parse ("/a /b\n/e/* /f\n/c/* /d\n", NULL);
  g_autoptr(PorchRedirects) other = parse ("/a /b 302\n/c/* /d\n/e/* /f\n", NULL);
  g_autoptr(PorchRedirects) none = parse ("# nothing\n", NULL);

  g_assert_cmpuint (strlen (porch_redirects_get_id (one)), ==, 10);
  g_assert_cmpuint (strspn (porch_redirects_get_id (one), "abcdefghijklmnopqrstuvwxyz234567"), ==, 10);
  g_assert_true (porch_redirects_equal (one, same));
  g_assert_false (porch_redirects_equal (one, turned));
  g_assert_false (porch_redirects_equal (one, other));
  g_assert_cmpstr (porch_redirects_get_id (none), ==, NULL);
  g_assert_true (porch_redirects_is_empty (none));
  g_assert_true (porch_redirects_has_exact (one));
  g_assert_cmpuint (porch_redirects_get_n_chunks (one), ==, 1);
}

/* What the store that the edge reads may hold */
static void
test_limits (void)
{
  g_autoptr(GPtrArray) findings = new_findings ();
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *longest = g_strnfill (PORCH_REDIRECTS_MAX_FROM - 1, 'x');
  g_autofree char *longest_to = g_strnfill (PORCH_REDIRECTS_MAX_TO - 1, 'y');
  g_autoptr(PorchRedirects) redirects = NULL;
  g_autoptr(GHashTable) entries = NULL;
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_string_append_printf (text, "/%s /%s\n/%sx /a\n/b /%sy\n", longest, longest_to, longest, longest_to);
  for (guint i = 0; i < 100; i++)
    g_string_append_printf (text, "/pattern-%u/* /quite-a-long-target-for-a-rule-%u/:splat\n", i, i);
  for (guint i = 0; i < 1200; i++)
    g_string_append_printf (text, "/exact-%u /target-%u\n", i, i);

  redirects = parse (text->str, findings);
  g_assert_cmpuint (porch_redirects_get_size (redirects), <=, PORCH_REDIRECTS_MAX_RULES);
  g_assert_cmpuint (porch_redirects_get_n_chunks (redirects), ==, PORCH_REDIRECTS_MAX_CHUNKS);
  g_assert_cmpuint (porch_redirects_get_size (redirects) + findings->len, ==, 1303);
  g_assert_cmpstr (porch_finding_get_rule (g_ptr_array_index (findings, 0)), ==, "redirects.from");
  g_assert_cmpuint (porch_finding_get_line (g_ptr_array_index (findings, 0)), ==, 2);
  g_assert_cmpstr (porch_finding_get_rule (g_ptr_array_index (findings, 1)), ==, "redirects.target");
  g_assert_cmpstr (porch_finding_get_rule (g_ptr_array_index (findings, 2)), ==, "redirects.too-many");

  entries = porch_redirects_dup_entries (redirects);
  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_assert_cmpuint (strlen (key), <=, 512);
      g_assert_cmpuint (strlen (value), <=, 1024);
      if (strchr (key, '*') != NULL)
        {
          g_autoptr(JsonNode) node = json_from_string (value, NULL);

          g_assert_true (node != NULL && JSON_NODE_HOLDS_ARRAY (node));
        }
    }
}

static void
test_large_file (void)
{
  g_autoptr(GPtrArray) findings = new_findings ();
  g_autofree char *text = g_strnfill (PORCH_REDIRECTS_MAX_SIZE + 1, '\n');
  g_autoptr(PorchRedirects) redirects = parse (text, findings);
  static const char odd_text[] = "/a\0b /c\n/\xff /d\n/e /f\xc3\n/g /h\n";
  g_autoptr(GBytes) odd = g_bytes_new_static (odd_text, sizeof odd_text - 1);
  g_autoptr(PorchRedirects) left = NULL;

  g_assert_cmpuint (porch_redirects_get_size (redirects), ==, 0);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpstr (porch_finding_get_rule (g_ptr_array_index (findings, 0)), ==, "redirects.too-large");

  /* Bytes that are no text end nothing */
  left = porch_redirects_new_from_file (odd, NULL);
  g_assert_cmpuint (porch_redirects_get_size (left), >, 0);
}

static void
test_renames (void)
{
  g_autoptr(GHashTable) renames = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) paths = make_paths ("index.html", "about-us/index.html", "team.html", "files/a b.html", NULL);
  g_autoptr(PorchRedirects) file = parse ("/old /team.html\n/elsewhere.html /about-us/ 302\n", NULL);
  g_autoptr(PorchRedirects) first = NULL;
  g_autofree char *text = NULL;

  g_hash_table_insert (renames, (gpointer) "about/index.html", (gpointer) "about-us/index.html");
  g_hash_table_insert (renames, (gpointer) "we.html", (gpointer) "team.html");
  g_hash_table_insert (renames, (gpointer) "über uns/a.html", (gpointer) "files/a b.html");
  /* said otherwise in the file, which goes before */
  g_hash_table_insert (renames, (gpointer) "elsewhere.html", (gpointer) "team.html");
  /* still a page */
  g_hash_table_insert (renames, (gpointer) "index.html", (gpointer) "team.html");

  first = porch_redirects_with_renames (file, renames, NULL, paths);
  text = describe (first);
  g_assert_cmpstr (text, ==,
                   "/old 301 /team.html\n"
                   "/elsewhere.html 302 /about-us/\n"
                   "/about 301 /about-us/ renamed\n"
                   "/we.html 301 /team.html renamed\n"
                   "/über uns/a.html 301 /files/a%20b.html renamed\n");
}

/* A page that was renamed twice is found in one step; rules go when their page does or its old name is used again */
static void
test_renames_inherited (void)
{
  g_autoptr(PorchRedirects) live = porch_redirects_new_from_json ("{\"rules\":["
    "{\"from\":\"/a.html\",\"to\":\"/b.html\",\"renamed\":true},"
    "{\"from\":\"/gone.html\",\"to\":\"/away.html\",\"renamed\":true},"
    "{\"from\":\"/again.html\",\"to\":\"/stays/\",\"renamed\":true},"
    "{\"from\":\"/kept\",\"to\":\"/stays/\",\"renamed\":true},"
    "{\"from\":\"/typed\",\"to\":\"/stays/\"}]}", NULL);
  g_autoptr(GHashTable) renames = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) paths = make_paths ("index.html", "c.html", "again.html", "stays/index.html", NULL);
  g_autoptr(PorchRedirects) next = NULL;
  g_autoptr(PorchRedirects) back = NULL;
  g_autofree char *text = NULL;
  g_autofree char *back_text = NULL;

  g_hash_table_insert (renames, (gpointer) "b.html", (gpointer) "c.html");
  next = porch_redirects_with_renames (NULL, renames, live, paths);
  text = describe (next);
  g_assert_cmpstr (text, ==,
                   "/a.html 301 /c.html renamed\n"
                   "/b.html 301 /c.html renamed\n"
                   "/kept 301 /stays/ renamed\n");

  /* Back to the first name: no circle */
  g_hash_table_remove_all (renames);
  g_hash_table_insert (renames, (gpointer) "c.html", (gpointer) "a.html");
  g_ptr_array_index (paths, 1) = (gpointer) "a.html";
  back = porch_redirects_with_renames (NULL, renames, next, paths);
  back_text = describe (back);
  g_assert_cmpstr (back_text, ==,
                   "/b.html 301 /a.html renamed\n"
                   "/c.html 301 /a.html renamed\n"
                   "/kept 301 /stays/ renamed\n");
}

static void
test_renames_and_rules (void)
{
  g_autoptr(GHashTable) renames = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) paths = make_paths ("index.html", "b.html", NULL);
  g_autoptr(PorchRedirects) file = parse ("/b.html /a.html 301!\n/* /index.html 200\n", NULL);
  g_autoptr(PorchRedirects) merged = NULL;
  g_autofree char *to = NULL;

  /* The file sends visitors of the new page to its old address: they must not go in circles */
  g_hash_table_insert (renames, (gpointer) "a.html", (gpointer) "b.html");
  merged = porch_redirects_with_renames (file, renames, NULL, paths);
  to = porch_redirects_resolve (merged, "/a.html", NULL);
  g_assert_cmpstr (to, ==, NULL);
  g_assert_true (porch_redirects_is_single_page (merged));
}

static void
test_addresses (void)
{
  static const struct
  {
    const char *path;
    const char *address;
  } cases[] = {
    { "index.html", "/" }, { "about/index.html", "/about/" }, { "a.html", "/a.html" }, { "myindex.html", "/myindex.html" },
    { "a b/ü.html", "/a%20b/%C3%BC.html" }, { "100%.html", "/100%25.html" }, { "a?b#c.html", "/a%3Fb%23c.html" }, { "c++.html", "/c++.html" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *address = porch_redirects_dup_page_address (cases[i].path);

      g_assert_cmpstr (address, ==, cases[i].address);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/site/redirects/cases", test_cases);
  g_test_add_func ("/site/redirects/json", test_json);
  g_test_add_func ("/site/redirects/id", test_id);
  g_test_add_func ("/site/redirects/limits", test_limits);
  g_test_add_func ("/site/redirects/large-file", test_large_file);
  g_test_add_func ("/site/redirects/renames", test_renames);
  g_test_add_func ("/site/redirects/renames-inherited", test_renames_inherited);
  g_test_add_func ("/site/redirects/renames-and-rules", test_renames_and_rules);
  g_test_add_func ("/site/redirects/addresses", test_addresses);

  return g_test_run ();
}
