/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-archive.h"

#include "porch-error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK_SIZE  (256 * 1024)
#define MAX_ENTRIES 200000
#define MAX_SIZE    (20 * (guint64) 1024 * 1024 * 1024)

/* Web sites shrink to a third or a tenth; what shrinks to a thousandth was made to fill disks */
#define MAX_RATIO   500
#define SMALL       (64 * 1024 * 1024)

typedef struct
{
  struct archive *archive;
  const char     *name;       /* of the archive, for sentences */
  int             folder;     /* where it goes, open */
  guint64         packed;
  guint64         written;
  guint           n_entries;
  guint           n_skipped;
  int            *cancelled;
} Unpacking;

static gboolean
fail (GError     **error,
      const char  *format,
      const char  *name)
{
  g_set_error (error, PORCH_ERROR, PORCH_ERROR_ARCHIVE, format, name);

  return FALSE;
}

static gboolean
fail_writing (Unpacking   *self,
              GError     **error)
{
  if (errno == ENOSPC || errno == EDQUOT)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_DISK_FULL, _("There is not enough room on the disk to unpack “%s”."), self->name);
  else
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_ARCHIVE, _("“%s” can’t be unpacked: %s."), self->name, g_strerror (errno));

  return FALSE;
}

/* The name as UTF-8. Old ZIP programs wrote the alphabet of DOS, and those of macOS write UTF-8 without saying so. */
static char *
dup_entry_name (struct archive_entry *entry)
{
  const char *utf8 = archive_entry_pathname_utf8 (entry);
  const char *raw = archive_entry_pathname (entry);
  char *name = NULL;

  if (raw != NULL && g_utf8_validate (raw, -1, NULL))
    name = g_strdup (raw);
  else if (utf8 != NULL && g_utf8_validate (utf8, -1, NULL))
    name = g_strdup (utf8);
  else if (raw != NULL)
    name = g_convert (raw, -1, "UTF-8", "CP437", NULL, NULL, NULL);

  /* Some programs of Windows write its own separator */
  for (char *p = name; p != NULL && *p != '\0'; p++)
    if (*p == '\\')
      *p = '/';

  return name;
}

/* The parts of the path, or NULL for a name that leads out of the folder or can't be one */
static GStrv
split_name (const char *name)
{
  g_auto(GStrv) parts = g_strsplit (name, "/", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  if (*name == '/' || (g_ascii_isalpha (name[0]) && name[1] == ':'))
    return NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (g_str_equal (parts[i], "..") || strlen (parts[i]) > NAME_MAX)
        return NULL;

      for (const char *p = parts[i]; *p != '\0'; p = g_utf8_next_char (p))
        if (g_unichar_iscntrl (g_utf8_get_char (p)))
          return NULL;

      if (*parts[i] != '\0' && !g_str_equal (parts[i], "."))
        g_strv_builder_add (builder, parts[i]);
    }

  return g_strv_builder_end (builder);
}

/* What macOS adds to every archive */
static gboolean
is_litter (const char * const *parts)
{
  for (; *parts != NULL; parts++)
    if (g_str_equal (*parts, "__MACOSX") || g_str_equal (*parts, ".DS_Store") || g_str_has_prefix (*parts, "._"))
      return TRUE;

  return FALSE;
}

/* Opens the folder that the last part lies in, step by step, so that nothing can lead elsewhere. */
static int
open_parent (Unpacking          *self,
             const char * const *parts)
{
  int folder = openat (self->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  for (; folder >= 0 && parts[0] != NULL && parts[1] != NULL; parts++)
    {
      int next = -1;

      if (mkdirat (folder, *parts, 0755) == 0 || errno == EEXIST)
        next = openat (folder, *parts, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

      close (folder);
      folder = next;
    }

  return folder;
}

/* Also where a dishonest archive gives holes a size: they count as if they were written. */
static gboolean
take_size (Unpacking  *self,
           guint64     size,
           GError    **error)
{
  self->written += size;

  if (self->written > MAX_SIZE || (self->written > SMALL && self->written / MAX_RATIO > self->packed))
    return fail (error, _("“%s” would unpack to far more than a web site, so it was stopped."), self->name);

  return TRUE;
}

static gboolean
write_all (int         fd,
           const char *data,
           gsize       size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;

      data += n;
      size -= n;
    }

  return TRUE;
}

static gboolean
fail_reading (Unpacking  *self,
              GError    **error)
{
  const char *said = archive_error_string (self->archive);

  g_debug ("%s: %s", self->name, said != NULL ? said : "damaged");

  if (archive_read_has_encrypted_entries (self->archive) == 1)
    return fail (error, _("“%s” is protected by a password. Unpack it, and publish the folder."), self->name);

  return fail (error, _("“%s” is damaged or not complete. Make it or download it again."), self->name);
}

static gboolean
write_data (Unpacking  *self,
            int         fd,
            GError    **error)
{
  for (;;)
    {
      const void *data;
      gint64 offset;
      gint64 position = lseek (fd, 0, SEEK_CUR);
      gsize size;
      int code = archive_read_data_block (self->archive, &data, &size, &offset);

      if (code == ARCHIVE_EOF)
        return TRUE;

      if (code < ARCHIVE_WARN || offset < position)
        return fail_reading (self, error);

      if (!take_size (self, size + (offset - position), error))
        return FALSE;

      if (g_atomic_int_get (self->cancelled))
        {
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Unpacking was stopped");
          return FALSE;
        }

      if (lseek (fd, offset, SEEK_SET) < 0 || !write_all (fd, data, size))
        return fail_writing (self, error);
    }
}

static gboolean
write_file (Unpacking            *self,
            struct archive_entry *entry,
            int                   parent,
            const char           *name,
            GError              **error)
{
  struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = archive_entry_mtime (entry) } };
  int fd = openat (parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  gboolean done;

  if (fd < 0 && errno == EEXIST)
    return fail (error, _("“%s” holds a file twice, so it is not clear which one is meant."), self->name);
  if (fd < 0)
    return fail_writing (self, error);

  done = write_data (self, fd, error);

  if (done && archive_entry_mtime_is_set (entry))
    futimens (fd, times);
  if (close (fd) < 0 && done)
    done = fail_writing (self, error);

  return done;
}

static gboolean
unpack_entry (Unpacking            *self,
              struct archive_entry *entry,
              GError              **error)
{
  g_autofree char *name = dup_entry_name (entry);
  g_auto(GStrv) parts = name != NULL ? split_name (name) : NULL;
  guint n_parts = parts != NULL ? g_strv_length (parts) : 0;
  mode_t kind = archive_entry_filetype (entry);
  gboolean done;
  int parent;

  if (archive_entry_is_encrypted (entry))
    return fail (error, _("“%s” is protected by a password. Unpack it, and publish the folder."), self->name);

  if (parts == NULL)
    return fail (error, _("“%s” holds a file whose name leads out of the archive or can’t be used. Unpack it with another program first, and look what is in it."), self->name);

  if (n_parts == 0 || is_litter ((const char * const *) parts))
    return TRUE;

  /* Links could lead anywhere, and a web server knows neither them nor devices */
  if (kind != AE_IFDIR && kind != AE_IFREG)
    {
      self->n_skipped++;
      return TRUE;
    }

  if ((parent = open_parent (self, (const char * const *) parts)) < 0)
    return fail_writing (self, error);

  if (kind == AE_IFREG)
    done = write_file (self, entry, parent, parts[n_parts - 1], error);
  else
    done = mkdirat (parent, parts[n_parts - 1], 0755) == 0 || errno == EEXIST || fail_writing (self, error);

  close (parent);

  return done;
}

static gboolean
unpack_entries (Unpacking  *self,
                GError    **error)
{
  for (;;)
    {
      struct archive_entry *entry;
      int code = archive_read_next_header (self->archive, &entry);

      if (code == ARCHIVE_EOF)
        return TRUE;

      if (code < ARCHIVE_WARN)
        return fail_reading (self, error);

      if (++self->n_entries > MAX_ENTRIES)
        return fail (error, _("“%s” holds far more files than a web site, so it was stopped."), self->name);

      if (!unpack_entry (self, entry, error))
        return FALSE;
    }
}

/**
 * porch_archive_is_name:
 * @name: the name of a file
 *
 * Returns: whether it ends as archives do that porch_archive_unpack() understands
 */
gboolean
porch_archive_is_name (const char *name)
{
  static const char * const endings[] = { ".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tar.zst", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; endings[i] != NULL; i++)
    if (g_str_has_suffix (lower, endings[i]))
      return TRUE;

  return FALSE;
}

/**
 * porch_archive_unpack:
 * @archive: the path of a ZIP file, or of a tar file however compressed
 * @folder: the path of an empty folder
 * @cancelled: becomes 1 from another thread to stop it
 * @n_skipped: (out): how many links and other things that are no files were left out
 * @error: return location
 *
 * Unpacks an archive. Nothing is written outside of @folder. An archive that is damaged, protected by a password, made to
 * fill the disk, or that holds names leading elsewhere is refused. Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PORCH_ERROR_ARCHIVE or %PORCH_ERROR_DISK_FULL; @folder then holds a part
 */
gboolean
porch_archive_unpack (const char  *archive,
                      const char  *folder,
                      int         *cancelled,
                      guint       *n_skipped,
                      GError     **error)
{
  g_autofree char *name = g_filename_display_basename (archive);
  Unpacking self = { .name = name, .cancelled = cancelled };
  struct stat info;
  gboolean done;

  *n_skipped = 0;

  if (stat (archive, &info) < 0)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_ARCHIVE, _("“%s” can’t be read: %s."), name, g_strerror (errno));
      return FALSE;
    }

  self.packed = MAX (info.st_size, 1);
  if ((self.folder = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
    return fail_writing (&self, error);

  self.archive = archive_read_new ();
  archive_read_support_filter_all (self.archive);
  archive_read_support_format_zip (self.archive);
  archive_read_support_format_tar (self.archive);
  archive_read_set_options (self.archive, "zip:hdrcharset=BINARY");

  if (archive_read_open_filename (self.archive, archive, BLOCK_SIZE) != ARCHIVE_OK)
    done = fail (error, _("“%s” is no archive that can be unpacked. Use a ZIP file or a folder."), name);
  else
    done = unpack_entries (&self, error);

  archive_read_free (self.archive);
  close (self.folder);
  *n_skipped = self.n_skipped;

  return done;
}
