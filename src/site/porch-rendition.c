/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-rendition.h"

#include "porch-content-sum.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LENGTH   64
#define NOTHING      "none"
#define BUFFER_SIZE  (256 * 1024)
#define NANOSECONDS  G_GINT64_CONSTANT (1000000000)
#define DAY          (24 * 60 * 60)

/* What no site has used for so long is made anew when it is needed. */
#define KEPT_SECONDS (30 * DAY)

struct _PorchRenditions
{
  GMutex      lock;
  char       *folder;
  GHashTable *names;    /* key -> name of the copy; under the lock */
  GHashTable *hashes;   /* name -> PorchHash, from last time */
  GPtrArray  *fresh;    /* PorchHash, to be remembered; under the lock */
  gint64      started;
};

/**
 * porch_renditions_dup_folder:
 *
 * Returns: (transfer full) (type filename): where the copies are
 */
char *
porch_renditions_dup_folder (void)
{
  return g_build_filename (g_get_user_cache_dir (), "porchlight", "renditions", NULL);
}

static gboolean
is_name (const char *name)
{
  return strlen (name) > KEY_LENGTH + 1 && name[KEY_LENGTH] == '-' && strspn (name, "0123456789abcdef") == KEY_LENGTH;
}

/* What is there; what nobody uses any more, and what a killed program left half written, goes. */
static void
list_names (PorchRenditions *self)
{
  GDir *dir = g_dir_open (self->folder, 0, NULL);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *filename = g_build_filename (self->folder, name, NULL);
      gboolean is_copy = is_name (name) && strchr (name, '.') == NULL;
      struct stat info;

      if (lstat (filename, &info) < 0)
        continue;

      if (info.st_mtim.tv_sec + (is_copy ? KEPT_SECONDS : DAY) < now)
        g_unlink (filename);
      else if (is_copy && S_ISREG (info.st_mode))
        g_hash_table_insert (self->names, g_strndup (name, KEY_LENGTH), g_strdup (name));
    }

  if (dir != NULL)
    g_dir_close (dir);
}

/**
 * porch_renditions_new: (skip)
 * @hashes: what is remembered of the files in the folder, name to `PorchHash`
 *
 * Opens the folder of treated copies. Blocks shortly; for threads.
 *
 * Returns: (transfer full): the copies
 */
PorchRenditions *
porch_renditions_new (GHashTable *hashes)
{
  PorchRenditions *self = g_atomic_rc_box_new0 (PorchRenditions);

  g_mutex_init (&self->lock);
  self->folder = porch_renditions_dup_folder ();
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->hashes = g_hash_table_ref (hashes);
  self->fresh = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_hash_free);
  self->started = g_get_real_time () * 1000;
  list_names (self);

  return self;
}

PorchRenditions *
porch_renditions_ref (PorchRenditions *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_renditions (gpointer data)
{
  PorchRenditions *self = data;

  g_mutex_clear (&self->lock);
  g_free (self->folder);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->hashes);
  g_ptr_array_unref (self->fresh);
}

void
porch_renditions_unref (PorchRenditions *self)
{
  g_atomic_rc_box_release_full (self, clear_renditions);
}

/**
 * porch_renditions_dup_key: (skip)
 * @sha256: of the file, in hexadecimal digits
 * @treatment: all that decides how it is treated
 *
 * Returns: (transfer full): what the copy is called by
 */
char *
porch_renditions_dup_key (const char *sha256,
                          const char *treatment)
{
  g_autofree char *text = g_strconcat (sha256, " ", treatment, NULL);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static char *
hash_file (const char *filename,
           guint64     size)
{
  g_autoptr(AwsDigest) digest = porch_content_sum_new (size);
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  int fd = open (filename, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize length;

  if (fd < 0)
    return NULL;

  while ((length = read (fd, buffer, BUFFER_SIZE)) > 0)
    aws_digest_update (digest, buffer, length);
  close (fd);

  return length == 0 ? aws_digest_finish_hex (digest) : NULL;
}

static gint64
to_nanoseconds (const struct timespec *time)
{
  return (gint64) time->tv_sec * NANOSECONDS + time->tv_nsec;
}

static gboolean
is_remembered (PorchRenditions   *self,
               const char        *name,
               const struct stat *info)
{
  const PorchHash *hash = g_hash_table_lookup (self->hashes, name);

  return hash != NULL && hash->size == (guint64) info->st_size && hash->inode == info->st_ino &&
         hash->mtime == to_nanoseconds (&info->st_mtim) && hash->ctime == to_nanoseconds (&info->st_ctim);
}

/* A file that was just written may change again without another date. */
static void
remember (PorchRenditions   *self,
          const char        *name,
          const char        *sha256,
          const struct stat *info)
{
  PorchHash *hash;

  if (MAX (to_nanoseconds (&info->st_mtim), to_nanoseconds (&info->st_ctim)) + 2 * NANOSECONDS > self->started)
    return;

  hash = g_new0 (PorchHash, 1);
  hash->path = g_strdup (name);
  hash->sha256 = g_strdup (sha256);
  hash->type = g_strdup ("");
  hash->size = info->st_size;
  hash->mtime = to_nanoseconds (&info->st_mtim);
  hash->ctime = to_nanoseconds (&info->st_ctim);
  hash->inode = info->st_ino;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->fresh, hash);
  g_mutex_unlock (&self->lock);
}

/* Whether the copy is as it was written. Once a day it is marked as used. */
static gboolean
is_whole (PorchRenditions *self,
          const char      *filename,
          const char      *name,
          struct stat     *info)
{
  const char *sha256 = name + KEY_LENGTH + 1;
  g_autofree char *found = NULL;

  if (stat (filename, info) < 0 || !S_ISREG (info->st_mode))
    return FALSE;

  if (info->st_mtim.tv_sec + DAY < g_get_real_time () / G_USEC_PER_SEC)
    {
      utimensat (AT_FDCWD, filename, NULL, 0);
      if (stat (filename, info) < 0)
        return FALSE;
    }

  if (g_str_equal (sha256, NOTHING) || is_remembered (self, name, info))
    return TRUE;

  found = hash_file (filename, info->st_size);
  if (g_strcmp0 (found, sha256) != 0)
    return FALSE;

  remember (self, name, sha256, info);

  return TRUE;
}

static void
fill (PorchRendition    *rendition,
      const char        *filename,
      const char        *name,
      const struct stat *info)
{
  memset (rendition, 0, sizeof *rendition);

  if (g_str_equal (name + KEY_LENGTH + 1, NOTHING))
    return;

  rendition->filename = g_strdup (filename);
  rendition->sha256 = g_strdup (name + KEY_LENGTH + 1);
  rendition->size = info->st_size;
  rendition->inode = info->st_ino;
}

/**
 * porch_renditions_find: (skip)
 * @self: the copies
 * @key: from porch_renditions_dup_key()
 * @rendition: (out): the copy
 *
 * Looks for a copy. One that was damaged is removed. Blocks; for threads.
 *
 * Returns: whether it is there, or is known not to be worth making
 */
gboolean
porch_renditions_find (PorchRenditions *self,
                       const char      *key,
                       PorchRendition  *rendition)
{
  g_autofree char *name = NULL;
  g_autofree char *filename = NULL;
  struct stat info;

  g_mutex_lock (&self->lock);
  name = g_strdup (g_hash_table_lookup (self->names, key));
  g_mutex_unlock (&self->lock);

  if (name == NULL)
    return FALSE;

  filename = g_build_filename (self->folder, name, NULL);

  if (is_whole (self, filename, name, &info))
    {
      fill (rendition, filename, name, &info);
      return TRUE;
    }

  g_unlink (filename);
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->names, key);
  g_mutex_unlock (&self->lock);

  return FALSE;
}

/**
 * porch_renditions_add: (skip)
 * @self: the copies
 * @key: from porch_renditions_dup_key()
 * @data: (array length=length) (nullable): the content of the copy, or %NULL if none is worth making
 * @length: its length in bytes
 * @rendition: (out): the copy
 * @error: return location
 *
 * Keeps a copy. It is there as a whole or not at all. Blocks; for threads.
 *
 * Returns: whether it could be written
 */
gboolean
porch_renditions_add (PorchRenditions  *self,
                      const char       *key,
                      const guint8     *data,
                      gsize             length,
                      PorchRendition   *rendition,
                      GError          **error)
{
  g_autofree char *sha256 = data != NULL ? porch_content_sum_compute (data, length) : g_strdup (NOTHING);
  g_autofree char *name = g_strconcat (key, "-", sha256, NULL);
  g_autofree char *filename = g_build_filename (self->folder, name, NULL);
  struct stat info;

  g_mkdir_with_parents (self->folder, 0700);

  if (!g_file_set_contents_full (filename, data != NULL ? (const char *) data : "", data != NULL ? length : 0,
                                 G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;

  if (stat (filename, &info) < 0)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "The copy is gone");
      return FALSE;
    }

  fill (rendition, filename, name, &info);

  g_mutex_lock (&self->lock);
  g_hash_table_insert (self->names, g_strdup (key), g_steal_pointer (&name));
  g_mutex_unlock (&self->lock);

  return TRUE;
}

/**
 * porch_renditions_get_fresh: (skip)
 * @self: the copies, when no thread works on them
 *
 * Returns: (transfer none) (element-type PorchHash): what was read, to be remembered
 */
GPtrArray *
porch_renditions_get_fresh (PorchRenditions *self)
{
  return self->fresh;
}

void
porch_rendition_clear (PorchRendition *self)
{
  g_clear_pointer (&self->filename, g_free);
  g_clear_pointer (&self->sha256, g_free);
}
