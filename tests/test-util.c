/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "test-util.h"

#include <glib/gstdio.h>

static DexFuture *
run_test_fiber (gpointer user_data)
{
  TestFiberFunc func = (TestFiberFunc) user_data;

  func ();

  return dex_future_new_true ();
}

gboolean
test_await (DexFuture  *future,
            GError    **error)
{
  const GValue *value;

  while (dex_future_is_pending (future))
    g_main_context_iteration (NULL, TRUE);

  value = dex_future_get_value (future, error);
  dex_unref (future);

  return value != NULL;
}

static void
run_test (gconstpointer user_data)
{
  g_autoptr(GError) error = NULL;

  test_await (dex_scheduler_spawn (NULL, 1024 * 1024, run_test_fiber, (gpointer) user_data, NULL), &error);
  g_assert_no_error (error);
}

void
test_add_fiber (const char    *path,
                TestFiberFunc  func)
{
  g_test_add_data_func (path, (gconstpointer) func, run_test);
}

char *
test_new_folder (void)
{
  g_autoptr(GError) error = NULL;
  char *path = g_dir_make_tmp ("porchlight-test-XXXXXX", &error);

  g_assert_no_error (error);

  return path;
}

void
test_remove_folder (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (!g_file_test (child, G_FILE_TEST_IS_SYMLINK) && g_file_test (child, G_FILE_TEST_IS_DIR))
        test_remove_folder (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}
