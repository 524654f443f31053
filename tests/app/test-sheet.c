/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <locale.h>

#include "porch-dropped.h"
#include "porch-finding-group.h"
#include "test-util.h"

static void
add (GListStore     *findings,
     PorchSeverity   severity,
     const char     *rule,
     const char     *path,
     guint           n_places,
     PorchTreatment  treatment,
     gboolean        is_treated)
{
  g_autoptr(PorchFinding) finding = porch_finding_new (severity, rule, path, 0, "Something was found.", "Do something.");
  g_autoptr(GArray) places = NULL;

  if (n_places > 1)
    {
      places = g_array_new (FALSE, FALSE, sizeof (PorchFindingPlace));

      for (guint i = 0; i < n_places; i++)
        {
          PorchFindingPlace place = { path, i + 1 };

          g_array_append_val (places, place);
        }

      porch_finding_set_places (finding, places, n_places);
    }

  porch_finding_set_treatment (finding, treatment, is_treated);
  g_list_store_append (findings, finding);
}

static PorchFindingGroup *
get_group (GListModel *groups,
           guint       position)
{
  g_autoptr(PorchFindingGroup) group = g_list_model_get_item (groups, position);

  g_assert_nonnull (group);

  return group;
}

static void
assert_title (PorchFindingGroup *group,
              const char        *expected)
{
  g_autofree char *title = porch_finding_group_dup_title (group);

  g_assert_cmpstr (title, ==, expected);
}

static void
test_groups_order (void)
{
  g_autoptr(GListStore) findings = g_list_store_new (PORCH_TYPE_FINDING);
  g_autoptr(GListModel) groups = NULL;

  add (findings, PORCH_SEVERITY_INFO, "file.litter", "a/.DS_Store", 1, PORCH_TREATMENT_NONE, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "link.broken", "a.html", 3, PORCH_TREATMENT_NONE, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "picture.heavy", "a.jpg", 1, PORCH_TREATMENT_SHRINK, FALSE);
  add (findings, PORCH_SEVERITY_INFO, "picture.oversized", "b.jpg", 1, PORCH_TREATMENT_SHRINK, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "secret.key", "id_rsa", 1, PORCH_TREATMENT_CONFIRM, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "secret.database", "a.sql", 1, PORCH_TREATMENT_CONFIRM, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "link.broken", "b.html", 1, PORCH_TREATMENT_NONE, FALSE);
  add (findings, PORCH_SEVERITY_ERROR, "file.unreadable", "c.html", 1, PORCH_TREATMENT_NONE, FALSE);
  groups = porch_finding_groups_new (G_LIST_MODEL (findings));

  g_assert_cmpuint (g_list_model_get_n_items (groups), ==, 5);
  g_assert_cmpint (porch_finding_group_get_care (get_group (groups, 0)), ==, PORCH_CARE_STOPS);
  assert_title (get_group (groups, 0), "1 file can’t be read");
  g_assert_cmpint (porch_finding_group_get_care (get_group (groups, 1)), ==, PORCH_CARE_PRIVATE);
  g_assert_cmpuint (porch_finding_group_get_n_findings (get_group (groups, 1)), ==, 2);
  assert_title (get_group (groups, 1), "2 private files");
  g_assert_cmpint (porch_finding_group_get_care (get_group (groups, 2)), ==, PORCH_CARE_FIXABLE);
  assert_title (get_group (groups, 2), "Send Smaller Copies of 2 Pictures");
  g_assert_cmpint (porch_finding_group_get_care (get_group (groups, 3)), ==, PORCH_CARE_WARNING);
  assert_title (get_group (groups, 3), "4 links lead nowhere");
  g_assert_cmpint (porch_finding_group_get_care (get_group (groups, 4)), ==, PORCH_CARE_HINT);
  assert_title (get_group (groups, 4), "1 file of other programs is left out");
}

static void
test_groups_treated (void)
{
  g_autoptr(GListStore) findings = g_list_store_new (PORCH_TYPE_FINDING);
  g_autoptr(GListModel) groups = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  add (findings, PORCH_SEVERITY_WARNING, "photo.location", "a.jpg", 3, PORCH_TREATMENT_STRIP_LOCATION, FALSE);
  groups = porch_finding_groups_new (G_LIST_MODEL (findings));
  before = porch_finding_group_dup_reason (get_group (groups, 0));
  g_assert_false (porch_finding_group_get_is_treated (get_group (groups, 0)));
  assert_title (get_group (groups, 0), "Remove the Place from 3 Photos");

  /* The switch stays where it is when it has been switched on, and tells what came of it */
  g_list_store_remove_all (findings);
  g_clear_object (&groups);
  add (findings, PORCH_SEVERITY_INFO, "photo.location", "a.jpg", 3, PORCH_TREATMENT_STRIP_LOCATION, TRUE);
  groups = porch_finding_groups_new (G_LIST_MODEL (findings));
  after = porch_finding_group_dup_reason (get_group (groups, 0));
  g_assert_true (porch_finding_group_get_is_treated (get_group (groups, 0)));
  g_assert_cmpint (porch_finding_group_get_care (get_group (groups, 0)), ==, PORCH_CARE_FIXABLE);
  g_assert_cmpstr (porch_finding_group_get_key (get_group (groups, 0)), ==, "strip-location");
  g_assert_cmpstr (before, !=, after);
}

/* A rule that has no heading of its own is headed by what was said first */
static void
test_groups_unknown_rule (void)
{
  g_autoptr(GListStore) findings = g_list_store_new (PORCH_TYPE_FINDING);
  g_autoptr(GListModel) groups = NULL;

  add (findings, PORCH_SEVERITY_WARNING, "some.rule", "a", 1, PORCH_TREATMENT_NONE, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "some.rule", "b", 1, PORCH_TREATMENT_NONE, FALSE);
  add (findings, PORCH_SEVERITY_WARNING, "other.rule", "c", 1, PORCH_TREATMENT_NONE, FALSE);
  groups = porch_finding_groups_new (G_LIST_MODEL (findings));

  assert_title (get_group (groups, 0), "Something was found. (and 1 more)");
  assert_title (get_group (groups, 1), "Something was found.");
}

static void
write_file (const char *folder,
            const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static void
remove_all (const char *folder)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }

  g_rmdir (folder);
}

static PorchDroppedKind
judge (const char         *folder,
       const char * const *names,
       char              **meant)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GFile) found = NULL;
  PorchDroppedKind kind;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (strstr (names[i], "://") != NULL)
        g_ptr_array_add (files, g_file_new_for_uri (names[i]));
      else
        g_ptr_array_add (files, g_file_new_build_filename (folder, names[i], NULL));
    }

  kind = porch_dropped_judge (files, &found);
  *meant = found != NULL ? g_file_get_basename (found) : NULL;

  return kind;
}

static void
test_dropped (void)
{
  static const struct
  {
    const char       *names[4];
    PorchDroppedKind  kind;
    const char       *meant;    /* "." is the folder that they lie in */
  } drops[] = {
    { { "inner" }, PORCH_DROPPED_SITE, "inner" },
    { { "site.ZIP" }, PORCH_DROPPED_SITE, "site.ZIP" },
    { { "about.html" }, PORCH_DROPPED_FILES, "." },
    { { "about.html", "style.css" }, PORCH_DROPPED_FILES, "." },
    { { "style.css" }, PORCH_DROPPED_FILES, NULL },
    { { "inner", "about.html" }, PORCH_DROPPED_SEVERAL, "." },
    { { "inner", "site.ZIP" }, PORCH_DROPPED_SEVERAL, NULL },
    { { "sftp://server.example/site" }, PORCH_DROPPED_ELSEWHERE, NULL },
    { { "inner", "https://choir.example/" }, PORCH_DROPPED_ELSEWHERE, NULL },
    { { "gone" }, PORCH_DROPPED_GONE, NULL },
  };
  g_autofree char *folder = g_dir_make_tmp ("porch-dropped-XXXXXX", NULL);
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *inner = g_build_filename (folder, "inner", NULL);

  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  write_file (folder, "site.ZIP");
  write_file (folder, "about.html");
  write_file (folder, "style.css");

  for (gsize i = 0; i < G_N_ELEMENTS (drops); i++)
    {
      g_autofree char *meant = NULL;
      const char *expected = g_strcmp0 (drops[i].meant, ".") == 0 ? base : drops[i].meant;

      g_assert_cmpint (judge (folder, drops[i].names, &meant), ==, drops[i].kind);
      g_assert_cmpstr (meant, ==, expected);
    }

  remove_all (folder);
}

int
main (int   argc,
      char *argv[])
{
  /* The words are compared in English */
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);
  setlocale (LC_ALL, "");

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/app/sheet/groups/order", test_groups_order);
  g_test_add_func ("/app/sheet/groups/treated", test_groups_treated);
  g_test_add_func ("/app/sheet/groups/unknown-rule", test_groups_unknown_rule);
  g_test_add_func ("/app/sheet/dropped", test_dropped);

  return g_test_run ();
}
