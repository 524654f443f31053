/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder-private.h"

#include "porch-backup.h"
#include "porch-content-sum.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (256 * 1024)

/* How often a file that changes while it is read is read anew before it counts as one that does not hold still. */
#define TRIES 3

#define NANOSECONDS G_GINT64_CONSTANT (1000000000)

/* Finds out whether bytes that come in pieces are UTF-8. */
typedef struct
{
  guint8   rest[4];
  gsize    n_rest;
  gboolean valid;
} Utf8Check;

typedef struct
{
  AwsDigest *digest;
  Utf8Check  utf8;
  PorchSecretSearch search;
  guint8     head[PORCH_CONTENT_TYPE_HEAD];
  gsize      n_head;
  guint64    size;
} Reading;

/* Why the file should not be public */
typedef struct
{
  PorchSecretKind  kind;
  const char      *service;
  guint            line;
} Privacy;

static void
utf8_check_feed (Utf8Check    *self,
                 const guint8 *data,
                 gsize         length)
{
  const char *end;

  while (self->n_rest > 0 && length > 0 && self->valid)
    {
      gunichar c;

      self->rest[self->n_rest++] = *data++;
      length--;

      c = g_utf8_get_char_validated ((const char *) self->rest, self->n_rest);

      if (c == (gunichar) -1 || (c == (gunichar) -2 && self->n_rest == 4))
        self->valid = FALSE;
      else if (c != (gunichar) -2)
        self->n_rest = 0;
    }

  if (!self->valid || length == 0 || g_utf8_validate_len ((const char *) data, length, &end))
    return;

  self->n_rest = length - (end - (const char *) data);

  /* A character may be cut by the end of the piece, but nothing else may be wrong. */
  if (self->n_rest > 3 || g_utf8_get_char_validated (end, self->n_rest) != (gunichar) -2)
    self->valid = FALSE;
  else
    memcpy (self->rest, end, self->n_rest);
}

static gboolean
is_same (const PorchFile   *file,
         const struct stat *info)
{
  return file->size == (guint64) info->st_size &&
         file->inode == info->st_ino &&
         file->mtime == info->st_mtim.tv_sec * NANOSECONDS + info->st_mtim.tv_nsec &&
         file->ctime == info->st_ctim.tv_sec * NANOSECONDS + info->st_ctim.tv_nsec;
}

static void
take_stat (PorchFile         *file,
           const struct stat *info)
{
  file->size = info->st_size;
  file->inode = info->st_ino;
  file->mtime = info->st_mtim.tv_sec * NANOSECONDS + info->st_mtim.tv_nsec;
  file->ctime = info->st_ctim.tv_sec * NANOSECONDS + info->st_ctim.tv_nsec;
}

/* Stops at more than there should be: the file grows, perhaps faster than it is read. */
static int
read_all (int      fd,
          Reading *reading,
          guint64  size,
          guint8  *buffer,
          int     *cancelled)
{
  for (;;)
    {
      gssize length = read (fd, buffer, BUFFER_SIZE);

      if (length < 0 && errno == EINTR)
        continue;
      if (length < 0)
        return errno;
      if (length == 0)
        return 0;
      if (g_atomic_int_get (cancelled))
        return ECANCELED;
      if (reading->size + length > size)
        return EAGAIN;

      if (reading->n_head < sizeof reading->head)
        {
          gsize n = MIN ((gsize) length, sizeof reading->head - reading->n_head);

          memcpy (reading->head + reading->n_head, buffer, n);
          reading->n_head += n;
        }

      aws_digest_update (reading->digest, buffer, length);
      utf8_check_feed (&reading->utf8, buffer, length);
      porch_secret_search_feed (&reading->search, buffer, length);
      reading->size += length;
    }
}

/* The line that holds this byte, from 1; 0 if the file can't be read any more */
static guint
find_line (const char *filename,
           guint64     offset,
           guint8     *buffer)
{
  guint line = 1;
  guint64 left = offset;
  int fd = open (filename, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

  if (fd < 0)
    return 0;

  while (left > 0)
    {
      gssize length = read (fd, buffer, MIN (left, BUFFER_SIZE));
      const guint8 *end = buffer + MAX (length, 0);

      if (length <= 0)
        break;

      for (const guint8 *p = buffer; (p = memchr (p, '\n', end - p)) != NULL; p++)
        line++;
      left -= length;
    }

  close (fd);

  return left == 0 ? line : 0;
}

/* Reads the file once. 0, or the error; EAGAIN if it changed meanwhile, and @file then is as it is now. */
static int
read_once (PorchScan *scan,
           PorchFile *file,
           guint8    *buffer,
           Privacy   *privacy)
{
  g_autofree char *filename = g_build_filename (scan->root, file->path, NULL);
  Reading reading = { .utf8.valid = TRUE };
  struct stat info;
  int fd;
  int code;

  /* It may have become a pipe since it was looked at, and opening one would wait for a writer. */
  if ((fd = open (filename, O_RDONLY | O_CLOEXEC | O_NONBLOCK)) < 0)
    return errno;

  if (fstat (fd, &info) < 0 || !S_ISREG (info.st_mode))
    {
      close (fd);
      return EAGAIN;
    }

  take_stat (file, &info);
  porch_secret_search_init (&reading.search, file->path);
  reading.digest = porch_content_sum_new (file->size);
  code = read_all (fd, &reading, file->size, buffer, &scan->cancelled);

  if (code == 0 && (fstat (fd, &info) < 0 || !is_same (file, &info) || reading.size != file->size))
    code = EAGAIN;

  close (fd);

  if (code == 0)
    {
      gboolean is_utf8 = reading.utf8.valid && reading.utf8.n_rest == 0;

      file->sha256 = aws_digest_finish_hex (reading.digest);
      file->parts = aws_digest_dup_parts (reading.digest);
      file->type = porch_content_type_guess (file->path, reading.head, reading.n_head, is_utf8);
      privacy->kind = reading.search.kind;
      privacy->service = reading.search.service;
      privacy->line = reading.search.kind != PORCH_SECRET_NONE && !reading.search.is_binary
                        ? find_line (filename, reading.search.offset, buffer) : 0;
    }

  porch_secret_search_clear (&reading.search);

  aws_digest_free (reading.digest);

  return code;
}

/* Dates are only as fine as the file system's clock: a file written just before it was read may change again without
 * another date. */
static gboolean
is_settled (PorchScan       *scan,
            const PorchFile *file)
{
  gint64 newest = MAX (file->mtime, file->ctime);
  gint64 grain = newest % NANOSECONDS == 0 ? 2 * NANOSECONDS : NANOSECONDS / 20;

  return newest + grain < scan->started;
}

static void
remember (PorchScan       *scan,
          const PorchFile *file)
{
  PorchHash *hash = g_new0 (PorchHash, 1);

  hash->path = g_strdup (file->path);
  hash->sha256 = g_strdup (file->sha256);
  hash->type = g_strdup (file->type);
  hash->size = file->size;
  hash->mtime = file->mtime;
  hash->ctime = file->ctime;
  hash->inode = file->inode;

  g_mutex_lock (&scan->lock);
  g_ptr_array_add (scan->fresh, hash);
  g_mutex_unlock (&scan->lock);
}

static gboolean
recall (PorchScan *scan,
        PorchFile *file)
{
  const PorchHash *hash;

  if ((scan->flags & PORCH_SCAN_THOROUGH) != 0)
    return FALSE;

  hash = g_hash_table_lookup (scan->hashes, file->path);

  if (hash == NULL || hash->size != file->size || hash->mtime != file->mtime ||
      hash->ctime != file->ctime || hash->inode != file->inode)
    return FALSE;

  file->sha256 = g_strdup (hash->sha256);
  file->type = g_strdup (hash->type);

  return TRUE;
}

/* FALSE if something is to be said each time, and so the file must be read each time. */
static gboolean
judge_privacy (PorchScan *scan,
               PorchFile *file,
               Privacy   *privacy)
{
  const char *slash = strrchr (file->path, '/');

  if (file->is_confirmed)
    return TRUE;

  if (privacy->kind == PORCH_SECRET_NONE && porch_secret_is_archive (slash != NULL ? slash + 1 : file->path) &&
      porch_backup_is_of_site (scan, file))
    privacy->kind = PORCH_SECRET_BACKUP;

  if (privacy->kind == PORCH_SECRET_NONE)
    return TRUE;

  if (!porch_scan_judge_private (scan, privacy->kind, privacy->service, file->path, privacy->line, FALSE))
    g_clear_pointer (&file->sha256, g_free);

  return FALSE;
}

static void
hash_file (PorchScan *scan,
           PorchFile *file,
           guint8    *buffer)
{
  Privacy privacy = { 0 };
  int code = EAGAIN;

  if (recall (scan, file))
    return;

  for (guint i = 0; i < TRIES && code == EAGAIN; i++)
    code = read_once (scan, file, buffer, &privacy);

  g_atomic_int_inc (&scan->n_read);

  if (code == ECANCELED)
    return;

  if (code == EAGAIN || code == ENOENT)
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "file.changing", file->path,
                      g_strdup_printf (_("“%s” changed while it was read."), file->path),
                      _("Wait until the program that writes it has finished, then try again."));
    }
  else if (code != 0)
    {
      porch_scan_add (scan, PORCH_SEVERITY_ERROR, "file.unreadable", file->path,
                      g_strdup_printf (_("“%s” can’t be read: %s."), file->path, g_strerror (code)),
                      _("Allow yourself to read it, or take it out of the folder."));
    }
  else if (judge_privacy (scan, file, &privacy) && is_settled (scan, file))
    {
      remember (scan, file);
    }
}

/* Some are meant to be public, most are not. */
static void
check_hidden (PorchScan       *scan,
              const PorchFile *file)
{
  const char *slash = strrchr (file->path, '/');

  if ((slash != NULL ? slash[1] : file->path[0]) != '.' || g_str_has_prefix (file->path, ".well-known/") ||
      file->is_confirmed || porch_treatments_is_confirmed (scan->treatments, file->path))
    return;

  porch_scan_add (scan, PORCH_SEVERITY_WARNING, "file.hidden", file->path,
                  g_strdup_printf (_("“%s” is a hidden file and will be public."), file->path),
                  _("Take it out of the folder if nobody should see it."));
}

/* From here on the file is only read, so whoever sends it need not wait for the others. */
static void
offer (PorchScan *scan,
       PorchFile *file)
{
  g_mutex_lock (&scan->lock);
  if (scan->hashed != NULL)
    g_ptr_array_add (scan->hashed, file);
  g_mutex_unlock (&scan->lock);
}

/* Thread function, run by several at once: takes one file after the other until none is left. */
gboolean
porch_scan_hash (gpointer   data,
                 GError   **error)
{
  PorchScan *scan = data;
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);

  for (;;)
    {
      guint position = g_atomic_int_add (&scan->next, 1);
      PorchFile *file;

      if (position >= scan->files->len || g_atomic_int_get (&scan->cancelled))
        return TRUE;

      file = g_ptr_array_index (scan->files, position);
      hash_file (scan, file, buffer);

      if (file->sha256 != NULL)
        check_hidden (scan, file);
      if (file->type != NULL)
        file->cache = porch_cache_rule_for (file->path, file->type);
      if (file->sha256 != NULL && file->size >= PORCH_FOLDER_LARGE)
        offer (scan, file);
    }
}
