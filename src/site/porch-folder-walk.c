/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder-private.h"

#include "porch-error.h"
#include "porch-pointer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* CloudFront serves nothing larger. */
#define MAX_FILE_SIZE  (50 * (guint64) 1024 * 1024 * 1024)
#define LARGE_FILE     (1024 * (guint64) 1024 * 1024)

typedef enum
{
  NAME_GOOD,
  NAME_LITTER,
  NAME_SECRET,
} NameKind;

typedef struct _Level Level;

/* The folders on the way down, to notice a link that leads back up. */
struct _Level
{
  const Level *parent;
  dev_t        device;
  ino_t        inode;
};

static gint64
to_nanoseconds (const struct timespec *time)
{
  return (gint64) time->tv_sec * G_GINT64_CONSTANT (1000000000) + time->tv_nsec;
}

/* Bytes that are no UTF-8 and control characters as \xNN, so that the name can be shown and found. */
static char *
escape_name (const char *name)
{
  GString *string = g_string_new (NULL);
  const char *p = name;

  while (*p != '\0')
    {
      gunichar c = g_utf8_get_char_validated (p, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2 || g_unichar_iscntrl (c))
        {
          g_string_append_printf (string, "\\x%02x", (guchar) *p);
          p++;
        }
      else
        {
          g_string_append_unichar (string, c);
          p = g_utf8_next_char (p);
        }
    }

  return g_string_free_and_steal (string);
}

static gboolean
has_control_characters (const char *name)
{
  for (const char *p = name; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;

  return FALSE;
}

static gboolean
is_in (const char         *name,
       const char * const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0)
      return TRUE;

  return FALSE;
}

static gboolean
ends_in (const char         *name,
         const char * const *endings)
{
  gsize length = strlen (name);

  for (gsize i = 0; endings[i] != NULL; i++)
    {
      gsize ending_length = strlen (endings[i]);

      if (length > ending_length && g_ascii_strcasecmp (name + length - ending_length, endings[i]) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Names that nobody means to publish: what systems and tools leave behind, and what must stay private. */
static NameKind
classify_name (const char *name,
               gboolean    is_folder,
               gboolean    at_top)
{
  static const char * const litter[] = {
    ".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".directory", ".localized", ".gitignore",
    ".gitattributes", ".gitmodules", ".gitkeep", ".editorconfig", ".hgignore", NULL
  };
  static const char * const litter_folders[] = {
    ".git", ".svn", ".hg", ".bzr", "__macosx", ".spotlight-v100", ".trashes", ".fseventsd", "$recycle.bin",
    "system volume information", ".idea", ".vscode", ".cache", ".sass-cache", ".jekyll-cache", "lost+found", NULL
  };
  static const char * const litter_endings[] = { "~", ".swp", ".swo", ".bak", ".orig", NULL };
  static const char * const secrets[] = {
    "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "wp-config.php", ".htpasswd", ".netrc", ".npmrc", ".pypirc",
    ".pgpass", ".my.cnf", ".git-credentials", ".bash_history", ".zsh_history", NULL
  };
  static const char * const secret_folders[] = { ".aws", ".ssh", ".gnupg", ".docker", ".kube", NULL };
  static const char * const secret_endings[] = { ".p12", ".pfx", ".kdbx", ".ppk", ".keystore", ".jks", NULL };

  if (is_folder)
    {
      if (is_in (name, secret_folders))
        return NAME_SECRET;

      if (is_in (name, litter_folders) || (at_top && g_str_equal (name, "node_modules")) || g_str_has_prefix (name, ".Trash-"))
        return NAME_LITTER;

      return NAME_GOOD;
    }

  if (is_in (name, secrets) || ends_in (name, secret_endings) ||
      g_str_equal (name, ".env") || g_str_has_prefix (name, ".env."))
    return NAME_SECRET;

  if (is_in (name, litter) || ends_in (name, litter_endings) || g_str_has_prefix (name, "._") || g_str_has_prefix (name, ".#"))
    return NAME_LITTER;

  return NAME_GOOD;
}

static gboolean
is_inside (const char *root,
           const char *path)
{
  gsize length = strlen (root);

  if (g_str_equal (root, "/"))
    return TRUE;

  return strncmp (root, path, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static gboolean
is_loop (const Level       *level,
         const struct stat *info)
{
  for (; level != NULL; level = level->parent)
    if (level->device == info->st_dev && level->inode == info->st_ino)
      return TRUE;

  return FALSE;
}

static void
add_unreadable (PorchScan  *scan,
                const char *path,
                int         code)
{
  porch_scan_add (scan, PORCH_SEVERITY_ERROR, "file.unreadable", path,
                  g_strdup_printf (_("“%s” can’t be read: %s."), path, g_strerror (code)),
                  _("Allow yourself to read it, or take it out of the folder."));
}

/* Looks where a link leads. TRUE if it is to be followed; @info then is that of its goal. */
static gboolean
follow_link (PorchScan   *scan,
             const char  *filename,
             const char  *path,
             const Level *level,
             struct stat *info)
{
  char goal[PATH_MAX];
  const char *name;

  if (realpath (filename, goal) == NULL || stat (goal, info) < 0)
    {
      int code = errno;

      if (code == EACCES)
        add_unreadable (scan, path, code);
      else
        porch_scan_add (scan, PORCH_SEVERITY_WARNING, "link.broken", path,
                        g_strdup_printf (_("“%s” is a link that leads nowhere, so it is left out."), path),
                        _("Put the file itself into the folder, or remove the link."));

      return FALSE;
    }

  if (!is_inside (scan->root, goal))
    {
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "link.outside", path,
                      g_strdup_printf (_("“%s” is a link that leads out of the folder, so it is left out."), path),
                      _("Put a copy of the file into the folder if it is meant to be public."));
      return FALSE;
    }

  if (S_ISDIR (info->st_mode) && is_loop (level, info))
    {
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "link.loop", path,
                      g_strdup_printf (_("“%s” is a link to a folder that it lies in, so it is left out."), path),
                      _("Remove the link."));
      return FALSE;
    }

  name = strrchr (goal, '/');

  if (classify_name (name != NULL ? name + 1 : goal, S_ISDIR (info->st_mode), FALSE) != NAME_GOOD)
    {
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "file.secret", path,
                      g_strdup_printf (_("“%s” is a link to something that looks private, so it is left out."), path), NULL);
      return FALSE;
    }

  return TRUE;
}

static void
add_file (PorchScan         *scan,
          const char        *path,
          const struct stat *info)
{
  PorchFile *file = g_new0 (PorchFile, 1);

  file->path = g_strdup (path);
  file->size = info->st_size;
  file->mtime = to_nanoseconds (&info->st_mtim);
  file->ctime = to_nanoseconds (&info->st_ctim);
  file->inode = info->st_ino;

  g_ptr_array_add (scan->files, file);
  g_atomic_int_inc (&scan->n_looked_at);

  if (file->size > MAX_FILE_SIZE)
    porch_scan_add (scan, PORCH_SEVERITY_ERROR, "file.too-large", path,
                    g_strdup_printf (_("“%s” is larger than 50 GB; files that large can’t be served."), path),
                    _("Split it, or take it out of the folder."));
  else if (file->size > LARGE_FILE)
    {
      g_autofree char *size = g_format_size (file->size);

      porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.large", path,
                      g_strdup_printf (_("“%s” is large (%s): sending it takes a while, and every download of it counts as traffic."),
                                       path, size),
                      NULL);
    }
}

/* Whether something can be published under this name; tells if not. */
static gboolean
check_name (PorchScan  *scan,
            const char *name,
            const char *path,
            gboolean    is_folder,
            gboolean    at_top)
{
  g_autofree char *shown = escape_name (path);
  NameKind kind = classify_name (name, is_folder, at_top);

  if (kind == NAME_LITTER)
    {
      porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.litter", shown,
                      g_strdup_printf (_("“%s” is not part of a website, so it is left out."), shown), NULL);
      return FALSE;
    }

  if (kind == NAME_SECRET)
    {
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "file.secret", shown,
                      g_strdup_printf (_("“%s” usually holds passwords or keys, so it is left out."), shown),
                      _("Take it out of the folder. If it should be public, give it another name."));
      return FALSE;
    }

  if (!g_utf8_validate (name, -1, NULL))
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "name.encoding", shown,
                      g_strdup_printf (_("The name of “%s” is in an old encoding that web addresses can’t carry."), shown),
                      _("Rename it."));
      return FALSE;
    }

  if (has_control_characters (name))
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "name.control", shown,
                      g_strdup_printf (_("The name of “%s” contains invisible control characters."), shown),
                      _("Rename it."));
      return FALSE;
    }

  if (strlen (path) > PORCH_MAX_PATH)
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "name.too-long", shown,
                      g_strdup_printf (_("The address of “%s” is too long."), shown),
                      _("Give it, or the folders it lies in, shorter names."));
      return FALSE;
    }

  return TRUE;
}

/* Names that can be sent but that visitors will not get to see as meant. */
static void
check_address (PorchScan  *scan,
               const char *name,
               const char *path,
               gboolean    is_folder,
               gboolean    at_top)
{
  if (is_folder)
    {
      if (at_top && g_str_equal (name, "system"))
        porch_scan_add (scan, PORCH_SEVERITY_WARNING, "name.reserved", path,
                        g_strdup (_("The folder “system” can’t be opened by visitors; its address is used by the server.")),
                        _("Rename the folder."));
      return;
    }

  if (name[0] == '.')
    {
      if (!g_str_has_prefix (path, ".well-known/"))
        porch_scan_add (scan, PORCH_SEVERITY_WARNING, "file.hidden", path,
                        g_strdup_printf (_("“%s” is a hidden file and will be public."), path),
                        _("Take it out of the folder if nobody should see it."));
    }
}

static void walk_folder (PorchScan   *scan,
                         const char  *filename,
                         const char  *path,
                         const Level *parent);

static void
look_at (PorchScan   *scan,
         const char  *folder,
         const char  *folder_path,
         const char  *name,
         const Level *level)
{
  g_autofree char *filename = g_build_filename (folder, name, NULL);
  g_autofree char *path = *folder_path != '\0' ? g_strconcat (folder_path, "/", name, NULL) : g_strdup (name);
  struct stat info;
  gboolean at_top = *folder_path == '\0';

  /* Gone since the folder was read: as if it had never been there. */
  if (lstat (filename, &info) < 0)
    {
      if (errno != ENOENT)
        {
          g_autofree char *shown = escape_name (path);

          add_unreadable (scan, shown, errno);
        }
      return;
    }

  if (!check_name (scan, name, path, S_ISDIR (info.st_mode), at_top))
    return;

  if (S_ISLNK (info.st_mode) && !follow_link (scan, filename, path, level, &info))
    return;

  if (S_ISDIR (info.st_mode))
    {
      check_address (scan, name, path, TRUE, at_top);
      walk_folder (scan, filename, path, level);
    }
  else if (!S_ISREG (info.st_mode))
    {
      porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.special", path,
                      g_strdup_printf (_("“%s” is a device, pipe or socket and no file, so it is left out."), path), NULL);
    }
  else if (faccessat (AT_FDCWD, filename, R_OK, AT_EACCESS) < 0)
    {
      add_unreadable (scan, path, errno);
    }
  else
    {
      check_address (scan, name, path, FALSE, at_top);
      add_file (scan, path, &info);
    }
}

static void
walk_folder (PorchScan   *scan,
             const char  *filename,
             const char  *path,
             const Level *parent)
{
  Level level = { .parent = parent };
  struct stat info;
  struct dirent *entry;
  DIR *dir = opendir (filename);

  if (dir == NULL || fstat (dirfd (dir), &info) < 0)
    {
      add_unreadable (scan, path, errno);
      if (dir != NULL)
        closedir (dir);
      return;
    }

  level.device = info.st_dev;
  level.inode = info.st_ino;

  errno = 0;
  while (!g_atomic_int_get (&scan->cancelled) && (entry = readdir (dir)) != NULL)
    {
      if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
        look_at (scan, filename, path, entry->d_name, &level);
      errno = 0;
    }

  if (errno != 0)
    add_unreadable (scan, path, errno);

  closedir (dir);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  const PorchFile *file_a = *(const PorchFile * const *) a;
  const PorchFile *file_b = *(const PorchFile * const *) b;

  return strcmp (file_a->path, file_b->path);
}

char *
porch_scan_fold (const char *path)
{
  g_autofree char *normal = g_utf8_normalize (path, -1, G_NORMALIZE_NFC);

  return g_utf8_casefold (normal != NULL ? normal : path, -1);
}

static void
check_case (PorchScan *scan)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);
      g_autofree char *folded = porch_scan_fold (file->path);
      const char *other = g_hash_table_lookup (seen, folded);

      if (other != NULL)
        porch_scan_add (scan, PORCH_SEVERITY_WARNING, "name.case", file->path,
                        g_strdup_printf (_("“%s” and “%s” differ only in upper and lower case or accents; they are two different addresses."),
                                         other, file->path),
                        _("Keep one of them, and check which one the pages link to."));
      else
        g_hash_table_insert (seen, g_steal_pointer (&folded), file->path);
    }
}

static gboolean
has_file (PorchScan  *scan,
          const char *path)
{
  PorchFile key = { .path = (char *) path };
  PorchFile *pointer = &key;

  return bsearch (&pointer, scan->files->pdata, scan->files->len, sizeof (gpointer), compare_files) != NULL;
}

/* The only folder inside that has a start page, or the one that builders put the finished site into */
static char *
find_site_folder (PorchScan *scan)
{
  static const char * const usual[] = {
    "public", "dist", "build", "_site", "site", "out", "output", "www", "html", "docs", NULL
  };
  g_autofree char *only = NULL;
  guint found = 0;

  for (gsize i = 0; usual[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (usual[i], "/index.html", NULL);

      if (has_file (scan, path))
        return g_strdup (usual[i]);
    }

  for (guint i = 0; i < scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);
      const char *slash = strchr (file->path, '/');

      if (slash != NULL && g_str_equal (slash, "/index.html") && found++ == 0)
        only = g_strndup (file->path, slash - file->path);
    }

  return found == 1 ? g_steal_pointer (&only) : NULL;
}

static void
check_start_page (PorchScan *scan)
{
  static const char * const near[] = { "index.html", "index.htm", "index.xhtml", "default.html", "default.htm", "home.html", NULL };
  g_autofree char *text = g_strdup (_("The folder has no start page: a file called “index.html”."));

  if (has_file (scan, "index.html"))
    return;

  for (guint i = 0; i < scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);

      if (strchr (file->path, '/') == NULL && is_in (file->path, near))
        {
          g_autofree char *fix = g_strdup_printf (_("Rename “%s” to “index.html”."), file->path);

          porch_scan_add (scan, PORCH_SEVERITY_ERROR, "folder.no-start-page", file->path, g_steal_pointer (&text), fix);
          return;
        }
    }

  if ((scan->suggestion = find_site_folder (scan)) != NULL)
    {
      g_autofree char *fix = g_strdup_printf (_("The folder “%s” inside has one: publish that folder."), scan->suggestion);

      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "folder.no-start-page", NULL, g_steal_pointer (&text), fix);
    }
  else if (has_file (scan, "index.php"))
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "folder.no-start-page", "index.php",
                      g_strdup (_("The folder holds a program that makes pages (PHP), not the finished pages.")),
                      _("Export the site as plain files first, and publish those."));
    }
  else
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "folder.no-start-page", NULL, g_steal_pointer (&text),
                      _("Choose the folder that holds the finished site, or name the first page “index.html”."));
    }
}

static gboolean
has_errors (PorchScan *scan)
{
  for (guint i = 0; i < scan->findings->len; i++)
    if (porch_finding_get_severity (g_ptr_array_index (scan->findings, i)) == PORCH_SEVERITY_ERROR)
      return TRUE;

  return FALSE;
}

/* The edge takes an address without an ending for that of a folder, except where the pointer lists it. */
static void
check_endings (PorchScan *scan)
{
  gsize room = PORCH_POINTER_FILES_SIZE;

  for (guint i = 0; i < scan->files->len; i++)
    {
      PorchFile *file = g_ptr_array_index (scan->files, i);
      const char *slash = strrchr (file->path, '/');
      gsize size = porch_pointer_measure_file (file->path);

      if (strchr (slash != NULL ? slash : file->path, '.') != NULL || file->path[0] == '.' || strstr (file->path, "/.") != NULL)
        continue;

      file->is_listed = size <= room;

      if (file->is_listed)
        room -= size;
      else
        porch_scan_add (scan, PORCH_SEVERITY_WARNING, "name.no-ending", file->path,
                        g_strdup_printf (_("“%s” has no ending such as .html or .txt, so its address is taken for that of a folder."),
                                         file->path),
                        _("Give it a name with an ending."));
    }
}

/* Thread function: finds the files of the folder and what is wrong with their names. */
gboolean
porch_scan_walk (gpointer   data,
                 GError   **error)
{
  PorchScan *scan = data;
  char root[PATH_MAX];
  struct stat info;

  if (realpath (scan->root, root) == NULL || stat (root, &info) < 0)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE,
                   _("The folder “%s” can’t be opened: %s."), scan->root, g_strerror (errno));
      return FALSE;
    }

  if (!S_ISDIR (info.st_mode))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE, _("“%s” is not a folder."), scan->root);
      return FALSE;
    }

  if (access (root, R_OK | X_OK) < 0)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_FOLDER_UNREADABLE,
                   _("The folder “%s” can’t be read: %s."), scan->root, g_strerror (errno));
      return FALSE;
    }

  g_free (scan->root);
  scan->root = g_strdup (root);

  walk_folder (scan, scan->root, "", NULL);
  g_ptr_array_sort (scan->files, compare_files);

  if (scan->files->len == 0)
    {
      /* What can't be read is the reason then, and was said. */
      if (has_errors (scan))
        return TRUE;

      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "folder.empty", NULL,
                      g_strdup (_("The folder holds nothing that can be published.")),
                      _("Choose the folder that holds the finished site."));
      return TRUE;
    }

  check_start_page (scan);
  check_case (scan);
  check_endings (scan);

  return TRUE;
}
