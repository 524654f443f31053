/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-account.h"
#include "porch-error.h"
#include "porch-plan.h"
#include "porch-template.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

#include "test-util.h"

static void
test_names (void)
{
  g_autofree char *long_name = g_strnfill (61, 'x');
  const struct
  {
    const char *name;
    gboolean    good;
  } table[] = {
    { "Blumen Müller", TRUE }, { "日本語", TRUE }, { "a", TRUE }, { "  a  ", TRUE }, { "<b>", TRUE },
    { "", FALSE }, { "   ", FALSE }, { NULL, FALSE }, { "a\nb", FALSE }, { "a\tb", FALSE }, { long_name, FALSE },
    { "\xff\xfe", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_cmpint (porch_plan_check_name (table[i].name, &error), ==, table[i].good);

      if (!table[i].good)
        g_assert_error (error, PORCH_ERROR, PORCH_ERROR_NAME);
    }
}

static void
test_slugs (void)
{
  const struct
  {
    const char *name;
    const char *slug;
  } table[] = {
    { "Hello World", "hello-world" }, { "  --A--  ", "a" }, { "Café", "cafe" }, { "It's", "its" },
    { "日本語", "site" }, { "", "site" }, { NULL, "site" }, { "a/b\\c..d", "a-b-c-d" },
    { "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyzabcdef" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *slug = porch_plan_dup_slug (table[i].name);

      g_assert_cmpstr (slug, ==, table[i].slug);
    }
}

static void
test_mails (void)
{
  const struct
  {
    const char *mail;
    gboolean    good;
  } table[] = {
    { "a@example.org", TRUE }, { "a.b+c@sub.example.co.uk", TRUE }, { "a@b.de, c@d.de", TRUE }, { " a@b.de ", TRUE },
    { "", FALSE }, { NULL, FALSE }, { "a", FALSE }, { "a@b", FALSE }, { "a@b..de", FALSE }, { "a b@c.de", FALSE },
    { "a@b.de,", FALSE }, { "a@b.de\nBcc: x@y.de", FALSE }, { "ä@b.de", FALSE }, { "a@-b.de", FALSE }, { ".a@b.de", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr(GError) error = NULL;

      if (porch_plan_check_mail (table[i].mail, &error) != table[i].good)
        g_error ("“%s” was judged wrongly", table[i].mail);

      if (!table[i].good)
        g_assert_error (error, PORCH_ERROR, PORCH_ERROR_MAIL);
    }
}

#define KEY    "AKIAIOSFODNN7EXAMPLE"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"

static void
test_keys (void)
{
  const char * const good[] = {
    "\xef\xbb\xbf" "Access key ID,Secret access key\r\n" KEY "," SECRET "\r\n",
    "User name,Password,Access key ID,Secret access key,Console login link\nme,pw," KEY "," SECRET ",https://x\n",
    "user name, access key id, secret access key\n\"me\",\"" KEY "\",\"" SECRET "\"\n",
    "AWSAccessKeyId=" KEY "\nAWSSecretKey=" SECRET "\n",
    "[default]\naws_access_key_id = " KEY "\naws_secret_access_key = " SECRET "\n",
    KEY "\n" SECRET,
    "  " SECRET "\r\n\r\n  " KEY " \n",
  };
  const char * const bad[] = {
    "", "\n\n", "hello", KEY, SECRET,
    "User name,Password,Console sign-in URL\nme,pw,https://x\n",
    "Access key ID,Secret access key\n" KEY "\n",
    "Access key ID,Secret access key\n" KEY ",tooshort\n",
    "\xff\xfe\x41",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autofree char *key_id = NULL;
      g_autofree char *secret = NULL;
      g_autoptr(GError) error = NULL;

      porch_account_parse_keys (good[i], &key_id, &secret, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (key_id, ==, KEY);
      g_assert_cmpstr (secret, ==, SECRET);
    }

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *key_id = NULL;
      g_autofree char *secret = NULL;
      g_autoptr(GError) error = NULL;

      g_assert_false (porch_account_parse_keys (bad[i], &key_id, &secret, &error));
      g_assert_error (error, PORCH_ERROR, PORCH_ERROR_KEYS);
      g_assert_null (strstr (error->message, SECRET));
    }
}

static void
test_regions (void)
{
  const char * const *regions = porch_account_list_regions ();

  for (guint i = 0; regions[i] != NULL; i++)
    {
      g_autoptr(GError) error = NULL;

      porch_account_check_region (regions[i], &error);
      g_assert_no_error (error);
      g_assert_cmpstr (porch_account_describe_region (regions[i]), !=, regions[i]);
    }

  g_assert_true (porch_account_check_region ("xx-newland-12", NULL));
  g_assert_false (porch_account_check_region ("Frankfurt", NULL));
  g_assert_false (porch_account_check_region ("eu-central-1.evil.example", NULL));
  g_assert_false (porch_account_check_region ("", NULL));
}

static void
test_folder (void)
{
  g_autofree char *path = test_new_folder ();
  g_autofree char *file = g_build_filename (path, "index.html", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autoptr(GFile) no_folder = g_file_new_for_path (file);
  g_autoptr(GError) error = NULL;

  g_assert_false (dex_await (porch_plan_check_folder (folder), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_EMPTY);
  g_clear_error (&error);
  g_assert_false (dex_await (porch_plan_check_folder (no_folder), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE);
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  dex_await (porch_plan_check_folder (folder), &error);
  g_assert_no_error (error);
  g_assert_false (dex_await (porch_plan_check_folder (no_folder), &error));
  g_assert_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE);

  test_remove_folder (path);
}

static char *
load (const char *folder,
      const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr(GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);

  return text;
}

static void
check_template (PorchTemplate *template,
                gboolean       with_form)
{
  g_autofree char *path = test_new_folder ();
  g_autofree char *picture = g_build_filename (path, "picture.png", NULL);
  g_autofree char *json = g_build_filename (path, "template.json", NULL);
  g_autofree char *thanks = g_build_filename (path, "thanks", NULL);
  g_autoptr(GFile) folder = g_file_new_for_path (path);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  dex_await (porch_template_write (template, folder, "Tom & <Jerry>", with_form), &error);
  g_assert_no_error (error);
  text = load (path, "index.html");
  g_assert_nonnull (strstr (text, "Tom &amp; &lt;Jerry&gt;"));
  g_assert_null (strstr (text, "{{"));
  g_assert_false (g_file_test (picture, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (json, G_FILE_TEST_EXISTS));

  if (!with_form || !porch_template_get_has_form (template))
    {
      g_assert_null (strstr (text, "<form"));
      g_assert_false (g_file_test (thanks, G_FILE_TEST_EXISTS));
    }
  else
    {
      g_assert_nonnull (strstr (text, "/_porchlight/contact"));
    }

  test_remove_folder (path);
}

static void
test_templates (void)
{
  g_autoptr(GListModel) templates = porch_templates_list ();
  gboolean has_form = FALSE;

  g_assert_cmpuint (g_list_model_get_n_items (templates), >=, 3);

  for (guint i = 0; i < g_list_model_get_n_items (templates); i++)
    {
      g_autoptr(PorchTemplate) template = g_list_model_get_item (templates, i);

      g_assert_cmpstr (porch_template_get_title (template), !=, NULL);
      g_assert_cmpstr (porch_template_get_description (template), !=, NULL);
      has_form = has_form || porch_template_get_has_form (template);
      check_template (template, TRUE);
      check_template (template, FALSE);
    }

  g_assert_true (has_form);
  g_assert_null (porch_template_find ("no-such"));
  g_assert_null (porch_template_find ("../stacks"));
}

int
main (int    argc,
      char **argv)
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);
  dex_init ();

  g_test_add_func ("/site/plan/names", test_names);
  g_test_add_func ("/site/plan/slugs", test_slugs);
  g_test_add_func ("/site/plan/mails", test_mails);
  g_test_add_func ("/site/plan/regions", test_regions);
  test_add_fiber ("/site/plan/folder", test_folder);
  g_test_add_func ("/site/account/keys", test_keys);
  test_add_fiber ("/site/template/write", test_templates);

  return g_test_run ();
}
