/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-source.h"

#include "porch-archive.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-finding.h"
#include "porch-project.h"
#include "porch-thread.h"

#include <dirent.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How many folders with nothing else beside them are opened in an archive */
#define MAX_LEVELS 8

/* What nobody has published from for so long is unpacked again when it is needed */
#define KEPT_SECONDS (30 * 24 * 60 * 60)

/**
 * PorchSource:
 *
 * What somebody dropped to publish: a folder with a finished site, an archive of one, or a project that a program makes a
 * site of. It knows the folder with the finished site.
 */
struct _PorchSource
{
  GObject     parent_instance;

  GFile      *dropped;
  GFile      *folder;
  GListStore *findings;
};

G_DEFINE_FINAL_TYPE (PorchSource, porch_source, G_TYPE_OBJECT)

/* What the thread works on. */
typedef struct
{
  char      *dropped;
  char      *cache;
  char      *folder;
  GPtrArray *findings;
  int        cancelled;
} Opening;

static void
porch_source_dispose (GObject *object)
{
  PorchSource *self = PORCH_SOURCE (object);

  g_clear_object (&self->dropped);
  g_clear_object (&self->folder);
  g_clear_object (&self->findings);

  G_OBJECT_CLASS (porch_source_parent_class)->dispose (object);
}

static void
porch_source_class_init (PorchSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = porch_source_dispose;
}

static void
porch_source_init (PorchSource *self)
{
  self->findings = g_list_store_new (PORCH_TYPE_FINDING);
}

static Opening *
opening_new (const char *dropped)
{
  Opening *self = g_atomic_rc_box_new0 (Opening);

  self->dropped = g_strdup (dropped);
  self->cache = g_build_filename (g_get_user_cache_dir (), "porchlight", "unpacked", NULL);
  self->findings = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

static void
clear_opening (gpointer data)
{
  Opening *self = data;

  g_free (self->dropped);
  g_free (self->cache);
  g_free (self->folder);
  g_ptr_array_unref (self->findings);
}

static void
opening_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_opening);
}

static PorchFinding *
add_finding (Opening       *self,
             PorchSeverity  severity,
             const char    *rule,
             const char    *text,
             const char    *fix)
{
  PorchFinding *finding = porch_finding_new (severity, rule, NULL, 0, text, fix);

  g_ptr_array_add (self->findings, finding);

  return finding;
}

static void
remove_tree (const char *path)
{
  DIR *dir = opendir (path);
  struct dirent *entry;

  while (dir != NULL && (entry = readdir (dir)) != NULL)
    {
      g_autofree char *child = NULL;
      struct stat info;

      if (g_str_equal (entry->d_name, ".") || g_str_equal (entry->d_name, ".."))
        continue;

      child = g_build_filename (path, entry->d_name, NULL);
      if (lstat (child, &info) == 0 && S_ISDIR (info.st_mode))
        remove_tree (child);
      else
        g_unlink (child);
    }

  if (dir != NULL)
    closedir (dir);
  g_rmdir (path);
}

/* What was unpacked long ago, and what a killed program left half unpacked */
static void
remove_old (const char *cache)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  GDir *dir = g_dir_open (cache, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (cache, name, NULL);
      gint64 limit = strstr (name, ".part-") != NULL ? 24 * 60 * 60 : KEPT_SECONDS;
      struct stat info;

      if (lstat (path, &info) == 0 && info.st_mtim.tv_sec + limit < now)
        remove_tree (path);
    }

  if (dir != NULL)
    g_dir_close (dir);
}

/* Only folders of its own are opened: a file beside one may be a page. */
static char *
unwrap (char *folder)
{
  for (guint i = 0; i < MAX_LEVELS; i++)
    {
      GDir *dir = g_dir_open (folder, 0, NULL);
      g_autofree char *only = dir != NULL ? g_strdup (g_dir_read_name (dir)) : NULL;
      g_autofree char *inner = only != NULL ? g_build_filename (folder, only, NULL) : NULL;
      gboolean alone = only != NULL && g_dir_read_name (dir) == NULL;

      if (dir != NULL)
        g_dir_close (dir);

      if (!alone || only[0] == '.' || !g_file_test (inner, G_FILE_TEST_IS_DIR))
        break;

      g_free (folder);
      folder = g_steal_pointer (&inner);
    }

  return folder;
}

/* The folder that this archive, as it is now, is unpacked into */
static char *
choose_target (Opening           *self,
               const struct stat *info)
{
  g_autofree char *text = g_strdup_printf ("%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT ".%09ld",
                                           self->dropped, (guint64) info->st_ino, (guint64) info->st_size,
                                           (gint64) info->st_mtim.tv_sec, (long) info->st_mtim.tv_nsec);
  g_autofree char *key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  key[32] = '\0';

  return g_build_filename (self->cache, key, NULL);
}

static gboolean
make_folder (char        *template,
             GError     **error)
{
  g_autofree char *parent = g_path_get_dirname (template);

  if (g_mkdir_with_parents (parent, 0700) == 0 && g_mkdtemp (template) != NULL)
    return TRUE;

  g_set_error (error, PORCH_ERROR, PORCH_ERROR_ARCHIVE, _("There is no place to unpack to: %s."), g_strerror (errno));

  return FALSE;
}

static gboolean
unpack (Opening            *self,
        const struct stat  *info,
        GError            **error)
{
  g_autofree char *target = choose_target (self, info);
  g_autofree char *part = g_strconcat (target, ".part-XXXXXX", NULL);
  guint n_skipped = 0;

  remove_old (self->cache);

  if (!g_file_test (target, G_FILE_TEST_IS_DIR))
    {
      if (!make_folder (part, error))
        return FALSE;

      /* Another program may have been faster */
      if (!porch_archive_unpack (self->dropped, part, &self->cancelled, &n_skipped, error) ||
          (g_rename (part, target) < 0 && !g_file_test (target, G_FILE_TEST_IS_DIR)))
        {
          if (error != NULL && *error == NULL)
            g_set_error (error, PORCH_ERROR, PORCH_ERROR_ARCHIVE, _("There is no place to unpack to: %s."), g_strerror (errno));
          remove_tree (part);
          return FALSE;
        }
      remove_tree (part);
    }

  if (n_skipped > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u link in the archive was left out: a link means nothing on the web.",
                                                         "%u links in the archive were left out: a link means nothing on the web.",
                                                         n_skipped), n_skipped);

      add_finding (self, PORCH_SEVERITY_WARNING, "archive.link", text, _("Put the files themselves into the archive."));
    }

  self->folder = unwrap (g_steal_pointer (&target));

  return TRUE;
}

/* A start page that needs no program: no head of fields, no template's braces, no sources that a bundler reads */
static gboolean
is_finished (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "index.html", NULL);
  g_autofree char *page = NULL;

  return g_file_get_contents (path, &page, NULL, NULL) && !g_str_has_prefix (page, "---") && strstr (page, "{{") == NULL &&
         strstr (page, "{%") == NULL && strstr (page, "src/") == NULL;
}

static gboolean
use_project (Opening       *self,
             PorchProject  *project,
             GError       **error)
{
  g_autofree char *text = NULL;
  g_autofree char *fix = NULL;

  if (project->output == NULL && is_finished (self->folder))
    return TRUE;

  if (project->output == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_BUILT,
                   /* Translators: the name of a program such as “Hugo”, then a command to type */
                   _("This is a project for %s, and its site has not been made yet. It is made with “%s”."),
                   project->maker, project->command);

      if (error != NULL)
        porch_error_set_details (*error, project->command);

      return FALSE;
    }

  if (project->is_stale)
    {
      /* Translators: %s is the name of a program such as “Hugo” */
      text = g_strdup_printf (_("Something has changed since %s made the site."), project->maker);
      /* Translators: %s is a command to type */
      fix = g_strdup_printf (_("Make it again with “%s” first, if visitors should see the change."), project->command);
      porch_finding_set_command (add_finding (self, PORCH_SEVERITY_WARNING, "project.stale", text, fix), project->command);
    }
  else
    {
      /* Translators: %s is the name of a program such as “Hugo” */
      text = g_strdup_printf (_("The site that %s made was found inside."), project->maker);
      add_finding (self, PORCH_SEVERITY_INFO, "project.found", text, NULL);
    }

  g_free (self->folder);
  self->folder = g_steal_pointer (&project->output);

  return TRUE;
}

/* Thread function. */
static gboolean
open_dropped (gpointer   data,
              GError   **error)
{
  Opening *self = data;
  g_autoptr(PorchProject) project = NULL;
  g_autofree char *name = g_filename_display_basename (self->dropped);
  struct stat info;

  if (stat (self->dropped, &info) < 0)
    {
      if (errno == ENOENT)
        g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE,
                     _("“%s” was moved or removed, or is on a drive that isn’t connected."), name);
      else
        g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE, _("“%s” can’t be read: %s."), name, g_strerror (errno));

      return FALSE;
    }

  if (S_ISDIR (info.st_mode))
    self->folder = g_strdup (self->dropped);
  else if (!S_ISREG (info.st_mode) || !porch_archive_is_name (self->dropped))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE,
                   _("“%s” is neither a folder nor a ZIP file."), name);
      return FALSE;
    }
  else if (!unpack (self, &info, error))
    return FALSE;

  project = porch_project_find (self->folder);

  return project == NULL || use_project (self, project, error);
}

static DexFuture *
open_fiber (gpointer user_data)
{
  Opening *opening = user_data;
  g_autoptr(GError) error = NULL;
  PorchSource *self;

  if (!dex_await (porch_thread_run (open_dropped, g_atomic_rc_box_acquire (opening), opening_unref), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  self = g_object_new (PORCH_TYPE_SOURCE, NULL);
  self->dropped = g_file_new_for_path (opening->dropped);
  self->folder = g_file_new_for_path (opening->folder);
  g_list_store_splice (self->findings, 0, 0, opening->findings->pdata, opening->findings->len);

  return dex_future_new_take_object (self);
}

/* Unpacking ends at the next block. */
static void
stop_opening (gpointer data)
{
  Opening *opening = data;

  g_atomic_int_set (&opening->cancelled, TRUE);
}

/**
 * porch_source_is_archive:
 * @file: a file
 *
 * Returns: whether its name is that of an archive that can be published
 */
gboolean
porch_source_is_archive (GFile *file)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (G_IS_FILE (file), FALSE);

  name = g_file_get_basename (file);

  return name != NULL && porch_archive_is_name (name);
}

/**
 * porch_source_open:
 * @dropped: a folder or an archive of this computer
 *
 * Finds the finished site in what somebody dropped. An archive is unpacked into the cache folder of the user, an extra
 * level in it opened. A folder of a known program that makes sites gives the one that it made. Dropping the future ends
 * it.
 *
 * Returns: (transfer full): a future that resolves to a [class@Porch.Source]; rejected with
 *   %PORCH_ERROR_FOLDER_UNREADABLE, %PORCH_ERROR_ARCHIVE, %PORCH_ERROR_DISK_FULL, or %PORCH_ERROR_NOT_BUILT for a project
 *   whose site has not been made
 */
DexFuture *
porch_source_open (GFile *dropped)
{
  const char *path;

  dex_return_error_if_fail (G_IS_FILE (dropped));

  if ((path = g_file_peek_path (dropped)) == NULL)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE,
                                  _("Only folders of this computer can be published."));

  return porch_fiber_spawn (open_fiber, opening_new (path), opening_unref, stop_opening);
}

/**
 * porch_error_get_command:
 * @error: an error of porch_source_open()
 *
 * Returns: (nullable): what to type in the folder of a project whose site has not been made yet, for
 *   %PORCH_ERROR_NOT_BUILT
 */
const char *
porch_error_get_command (const GError *error)
{
  return g_error_matches (error, PORCH_ERROR, PORCH_ERROR_NOT_BUILT) ? porch_error_get_details (error) : NULL;
}

/**
 * porch_source_get_dropped:
 * @self: a source
 *
 * Returns: (transfer none): what was dropped
 */
GFile *
porch_source_get_dropped (PorchSource *self)
{
  g_return_val_if_fail (PORCH_IS_SOURCE (self), NULL);

  return self->dropped;
}

/**
 * porch_source_get_folder:
 * @self: a source
 *
 * Returns: (transfer none): the folder with the finished site
 */
GFile *
porch_source_get_folder (PorchSource *self)
{
  g_return_val_if_fail (PORCH_IS_SOURCE (self), NULL);

  return self->folder;
}

/**
 * porch_source_get_findings:
 * @self: a source
 *
 * Returns: (transfer none): what its owner should know, as [class@Porch.Finding]s
 */
GListModel *
porch_source_get_findings (PorchSource *self)
{
  g_return_val_if_fail (PORCH_IS_SOURCE (self), NULL);

  return G_LIST_MODEL (self->findings);
}
