/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder-private.h"

#include "porch-error.h"
#include "porch-names.h"
#include "porch-pointer.h"
#include "porch-redirects.h"

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

/* From this size on, it is worth knowing what downloads cost. */
#define LARGE_FILE     (50 * (guint64) 1000 * 1000)

/* US dollars for a GB to visitors in Europe and North America, and the GB a month that cost nothing: CloudFront's list
 * price (aws.amazon.com/cloudfront/pricing, 2025). */
#define GB_PRICE       0.085
#define FREE_GB        1000
#define PRICE_YEAR     2025
#define DOWNLOADS      1000

typedef struct _Level Level;

/* The folders on the way down, to notice a link that leads back up. */
struct _Level
{
  const Level *parent;
  dev_t        device;
  ino_t        inode;
  gboolean     is_confirmed;   /* its owner wants it to be sent although it looks private, and all that is in it */
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

/* Some bundlers give what they made that name too; what npm fetched has its descriptions with it. */
static gboolean
holds_packages (const char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gboolean found = FALSE;

  while (dir != NULL && !found && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *package = g_build_filename (folder, name, "package.json", NULL);

      found = g_str_equal (name, ".package-lock.json") || g_str_equal (name, ".bin") || g_file_test (package, G_FILE_TEST_EXISTS);
    }

  if (dir != NULL)
    g_dir_close (dir);

  return found;
}

/* Names of what systems and tools leave behind; nobody means to publish it, and nobody would miss it. */
static gboolean
is_litter (const char *name,
           const char *filename,
           gboolean    is_folder,
           gboolean    at_top)
{
  static const char * const files[] = {
    ".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", ".directory", ".localized", ".gitignore",
    ".gitattributes", ".gitmodules", ".gitkeep", ".git", ".editorconfig", ".hgignore", ".npmignore", ".eslintcache", NULL
  };
  static const char * const folders[] = {
    "__macosx", ".spotlight-v100", ".trashes", ".fseventsd", "$recycle.bin", "system volume information",
    ".idea", ".vscode", ".vs", ".cache", ".sass-cache", ".jekyll-cache", ".parcel-cache", "lost+found", "cvs", "__pycache__", NULL
  };
  static const char * const endings[] = { "~", ".swp", ".swo", ".swn", ".crdownload", ".part", NULL };

  if (is_folder)
    return porch_name_is_in (name, folders) || g_str_has_prefix (name, ".Trash-") ||
           (g_str_equal (name, "node_modules") && (at_top || holds_packages (filename)));

  return porch_name_is_in (name, files) || porch_name_ends_in (name, endings) || g_str_has_prefix (name, "._") || g_str_has_prefix (name, ".#") ||
         g_str_has_prefix (name, ".~lock.") || (name[0] == '#' && g_str_has_suffix (name, "#"));
}

/* What tells another company's computers how to serve the site; at its top, some of it anywhere */
static gboolean
is_for_others (const char *name,
               gboolean    at_top)
{
  static const char * const anywhere[] = { ".htaccess", "web.config", "_headers", NULL };
  static const char * const top[] = {
    "CNAME", ".nojekyll", "netlify.toml", "vercel.json", "now.json", "firebase.json", ".firebaserc", "staticwebapp.config.json", "_routes.json",
    "_worker.js", "wrangler.toml", "amplify.yml", ".gitlab-ci.yml", ".travis.yml", ".surgeignore", ".user.ini", "php.ini", NULL
  };

  return porch_name_is_in (name, anywhere) || (at_top && porch_name_is_in (name, top));
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

  name = name != NULL ? name + 1 : goal;
  if (porch_secret_kind_for_name (name, S_ISDIR (info->st_mode)) != PORCH_SECRET_NONE || is_litter (name, goal, S_ISDIR (info->st_mode), FALSE))
    {
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "file.secret", path,
                      g_strdup_printf (_("“%s” is a link to something that looks private, so it is left out."), path), NULL);
      return FALSE;
    }

  return TRUE;
}

/* What it costs if many people want it */
static char *
tell_traffic (const char *path,
              guint64     size)
{
  double gb = size / 1e9 * DOWNLOADS;
  g_autofree char *shown = g_format_size (size);
  g_autofree char *traffic = g_format_size (size * DOWNLOADS);

  if (gb <= FREE_GB)
    return g_strdup_printf (_("“%s” is large (%s): %d downloads of it move %s. The first %d GB of a month cost nothing."),
                            path, shown, DOWNLOADS, traffic, FREE_GB);

  /* Translators: a file, its size, a number, an amount such as “3 TB”, dollars, a number, a year */
  return g_strdup_printf (_("“%s” is large (%s): %d downloads of it in a month move %s and cost about %.0f US dollars, "
                            "the first %d GB being free (list price of %d)."),
                          path, shown, DOWNLOADS, traffic, MAX (1, (gb - FREE_GB) * GB_PRICE), FREE_GB, PRICE_YEAR);
}

static void
add_file (PorchScan         *scan,
          const char        *path,
          const struct stat *info,
          gboolean           is_confirmed)
{
  PorchFile *file = g_new0 (PorchFile, 1);

  file->path = g_strdup (path);
  file->size = info->st_size;
  file->mtime = to_nanoseconds (&info->st_mtim);
  file->ctime = to_nanoseconds (&info->st_ctim);
  file->inode = info->st_ino;
  file->is_confirmed = is_confirmed;

  g_ptr_array_add (scan->files, file);
  g_atomic_int_inc (&scan->n_looked_at);

  if (file->size > MAX_FILE_SIZE)
    porch_scan_add (scan, PORCH_SEVERITY_ERROR, "file.too-large", path,
                    g_strdup_printf (_("“%s” is larger than 50 GB; files that large can’t be served."), path),
                    _("Split it, or take it out of the folder."));
  else if (file->size > LARGE_FILE)
    {
      PorchFinding *finding = porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.large", path, tell_traffic (path, file->size),
                                              _("Videos and large downloads are often better kept with a service made for them."));

      porch_finding_set_bytes (finding, file->size);
    }
}

/* Whether something that nobody should see, or miss, is to be published all the same. */
static gboolean
check_privacy (PorchScan  *scan,
               const char *name,
               const char *filename,
               const char *path,
               const char *shown,
               gboolean    is_folder,
               gboolean    at_top,
               gboolean   *is_confirmed)
{
  PorchSecretKind kind = *is_confirmed ? PORCH_SECRET_NONE : porch_secret_kind_for_name (name, is_folder);

  if (porch_treatments_is_left_out (scan->treatments, path) && kind == PORCH_SECRET_NONE)
    {
      porch_finding_set_treatment (porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.left-out", shown,
                                                   g_strdup_printf (_("“%s” is left out, as you wanted."), shown), NULL),
                                   PORCH_TREATMENT_CONFIRM, TRUE);
      return FALSE;
    }

  if (*is_confirmed || porch_treatments_is_confirmed (scan->treatments, path))
    {
      if (!*is_confirmed && kind != PORCH_SECRET_NONE)
        porch_scan_judge_private (scan, kind, NULL, shown, 0, is_folder);
      *is_confirmed |= kind != PORCH_SECRET_NONE;
      return TRUE;
    }

  if (is_litter (name, filename, is_folder, at_top))
    porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.litter", shown,
                    g_strdup_printf (_("“%s” is not part of a website, so it is left out."), shown), NULL);
  else if (!is_folder && is_for_others (name, at_top))
    porch_scan_add (scan, PORCH_SEVERITY_INFO, "file.other-host", shown,
                    g_strdup_printf (_("“%s” tells other web hosts how to serve a site. It is not used here, so it is left out."), shown), NULL);
  else if (kind != PORCH_SECRET_NONE)
    return porch_scan_judge_private (scan, kind, NULL, shown, 0, is_folder);
  else
    return TRUE;

  return FALSE;
}

/* Whether something can be published under this name; tells if not. */
static gboolean
check_name (PorchScan  *scan,
            const char *name,
            const char *filename,
            const char *path,
            gboolean    is_folder,
            gboolean    at_top,
            gboolean   *is_confirmed)
{
  g_autofree char *shown = escape_name (path);

  if (!check_privacy (scan, name, filename, path, shown, is_folder, at_top, is_confirmed))
    {
      g_hash_table_add (scan->left_out, g_strdup (path));
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

/* Folders that can be sent but that visitors will not get to see. */
static void
check_address (PorchScan  *scan,
               const char *name,
               const char *path,
               gboolean    at_top)
{
  if (at_top && g_str_equal (name, "system"))
    porch_scan_add (scan, PORCH_SEVERITY_WARNING, "name.reserved", path,
                    g_strdup (_("The folder “system” can’t be opened by visitors; its address is used by the server.")),
                    _("Rename the folder."));
}

static void walk_folder (PorchScan   *scan,
                         const char  *filename,
                         const char  *path,
                         const Level *parent,
                         gboolean     is_confirmed);

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
  gboolean is_confirmed = level->is_confirmed;

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

  if (!check_name (scan, name, filename, path, S_ISDIR (info.st_mode), at_top, &is_confirmed))
    return;

  if (S_ISLNK (info.st_mode) && !follow_link (scan, filename, path, level, &info))
    return;

  if (S_ISDIR (info.st_mode))
    {
      check_address (scan, name, path, at_top);
      walk_folder (scan, filename, path, level, is_confirmed);
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
      if (at_top && g_str_equal (name, PORCH_REDIRECTS_FILE))
        {
          scan->has_redirects = TRUE;
          return;
        }

      add_file (scan, path, &info, is_confirmed);
    }
}

static void
walk_folder (PorchScan   *scan,
             const char  *filename,
             const char  *path,
             const Level *parent,
             gboolean     is_confirmed)
{
  Level level = { .parent = parent, .is_confirmed = is_confirmed };
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

static gboolean
read_small (const char  *filename,
            gsize        limit,
            char       **text,
            gsize       *length)
{
  struct stat info;

  return stat (filename, &info) == 0 && (gsize) info.st_size <= limit && g_file_get_contents (filename, text, length, NULL);
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

  if (has_file (scan, "index.html") || porch_treatments_is_confirmed (scan->treatments, "index.html"))
    return;

  for (guint i = 0; i < scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);

      if (strchr (file->path, '/') == NULL && porch_name_is_in (file->path, near))
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

/* The rules of `_redirects` that can be kept; the others are told of. */
static void
read_redirects (PorchScan *scan)
{
  g_autofree char *filename = g_build_filename (scan->root, PORCH_REDIRECTS_FILE, NULL);
  g_autoptr(PorchRedirects) rules = NULL;
  g_autoptr(GPtrArray) paths = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (!scan->has_redirects)
    return;

  if (!read_small (filename, PORCH_REDIRECTS_MAX_SIZE, &text, &length))
    {
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "redirects.unreadable", PORCH_REDIRECTS_FILE,
                      g_strdup_printf (_("“%s” can’t be read or is too large, so old addresses don’t lead on."), PORCH_REDIRECTS_FILE),
                      _("Put one rule on each line, and no more than needed."));
      return;
    }

  paths = g_ptr_array_sized_new (scan->files->len);
  for (guint i = 0; i < scan->files->len; i++)
    g_ptr_array_add (paths, ((PorchFile *) g_ptr_array_index (scan->files, i))->path);

  bytes = g_bytes_new_take (g_steal_pointer (&text), length);
  rules = porch_redirects_new_from_file (bytes, scan->findings);
  scan->redirects = porch_redirects_with_files (rules, paths, scan->findings);
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

  walk_folder (scan, scan->root, "", NULL, FALSE);
  g_ptr_array_sort (scan->files, compare_files);
  read_redirects (scan);

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
