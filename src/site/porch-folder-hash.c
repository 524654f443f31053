/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-folder-private.h"

#include "aws-checksum.h"

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
  guint8     head[PORCH_CONTENT_TYPE_HEAD];
  gsize      n_head;
  guint64    size;
} Reading;

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
      reading->size += length;
    }
}

static gboolean
is_private_key (const Reading *reading)
{
  g_autofree char *head = g_strndup ((const char *) reading->head, MIN (reading->n_head, 256));

  return g_regex_match_simple ("^\\s*-----BEGIN ([A-Z]+ )?PRIVATE KEY( BLOCK)?-----", head,
                               G_REGEX_RAW, G_REGEX_MATCH_DEFAULT);
}

/* Reads the file once. 0, or the error; EAGAIN if it changed meanwhile, and @file then is as it is now. */
static int
read_once (PorchScan *scan,
           PorchFile *file,
           guint8    *buffer,
           gboolean  *is_key)
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
  reading.digest = aws_digest_new ("SHA256");
  code = read_all (fd, &reading, file->size, buffer, &scan->cancelled);

  if (code == 0 && (fstat (fd, &info) < 0 || !is_same (file, &info) || reading.size != file->size))
    code = EAGAIN;

  close (fd);

  if (code == 0)
    {
      gboolean is_utf8 = reading.utf8.valid && reading.utf8.n_rest == 0;

      file->sha256 = aws_digest_finish_hex (reading.digest);
      file->type = porch_content_type_guess (file->path, reading.head, reading.n_head, is_utf8);
      *is_key = is_private_key (&reading);
    }

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

static void
hash_file (PorchScan *scan,
           PorchFile *file,
           guint8    *buffer)
{
  gboolean is_key = FALSE;
  int code = EAGAIN;

  if (recall (scan, file))
    return;

  for (guint i = 0; i < TRIES && code == EAGAIN; i++)
    code = read_once (scan, file, buffer, &is_key);

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
  else if (is_key)
    {
      /* Not remembered, so that the next look finds the key again. */
      g_clear_pointer (&file->sha256, g_free);
      porch_scan_add (scan, PORCH_SEVERITY_WARNING, "file.secret", file->path,
                      g_strdup_printf (_("“%s” holds a private key, so it is left out."), file->path),
                      _("Take it out of the folder."));
    }
  else if (is_settled (scan, file))
    {
      remember (scan, file);
    }
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

      if (file->type != NULL)
        file->cache = porch_cache_rule_for (file->path, file->type);
    }
}
