/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-titles.h"

#include "porch-thread.h"

#include <errno.h>
#include <fcntl.h>
#include <libxml/HTMLparser.h>
#include <string.h>
#include <unistd.h>

#define OPTIONS (HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC)

/* How much of a page is read at first */
#define FIRST_HEAD 4096

/* Where a browser looks for the name of the encoding */
#define CHARSET_HEAD 1024

/* The title while a page is read */
typedef struct
{
  htmlParserCtxtPtr context;
  GString          *title;     /* while inside it and after */
  guint             drawing;   /* how many svg elements are open: their title is another */
  gboolean          is_open;
} Reader;

/* Pages that are read by several threads; each takes the next one. */
typedef struct
{
  PorchFolder *folder;
  GPtrArray   *files;          /* PorchFile */
  char       **titles;
  int          next;
} Reading;

static void
start_element (void           *data,
               const xmlChar  *name,
               const xmlChar **attributes)
{
  Reader *reader = data;

  if (g_ascii_strcasecmp ((const char *) name, "svg") == 0)
    reader->drawing++;
  else if (reader->drawing == 0 && reader->title == NULL && g_ascii_strcasecmp ((const char *) name, "title") == 0)
    {
      reader->title = g_string_new (NULL);
      reader->is_open = TRUE;
    }
}

static void
end_element (void          *data,
             const xmlChar *name)
{
  Reader *reader = data;

  if (g_ascii_strcasecmp ((const char *) name, "svg") == 0 && reader->drawing > 0)
    reader->drawing--;

  if (reader->is_open && g_ascii_strcasecmp ((const char *) name, "title") == 0)
    {
      reader->is_open = FALSE;
      xmlStopParser (reader->context);
    }
}

static void
read_text (void          *data,
           const xmlChar *text,
           int            length)
{
  Reader *reader = data;

  if (reader->is_open)
    g_string_append_len (reader->title, (const char *) text, length);
}

/* One space where there is white space, none at the ends, and no more than fits into a line or two */
static char *
tidy (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *tidied = g_string_new (NULL);
  gboolean gap = FALSE;
  guint length = 0;

  for (const char *p = valid; *p != '\0' && length < PORCH_TITLE_LENGTH; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          gap = tidied->len > 0;
          continue;
        }

      if (gap)
        g_string_append_c (tidied, ' ');

      g_string_append_unichar (tidied, c);
      length += 1 + gap;
      gap = FALSE;
    }

  return g_string_free_and_steal (tidied);
}

/* What is cut off may end in the middle of a character. */
static gboolean
is_utf8 (const char *text,
         gsize       length)
{
  const char *end;

  return g_utf8_validate_len (text, length, &end) || (end >= text + length - MIN (length, 3) && (guchar) *end >= 0xc2);
}

static char *
find_charset (const char *text,
              gsize       length)
{
  static GRegex *regex;
  static gsize once;
  g_autoptr(GMatchInfo) match = NULL;

  if (g_once_init_enter (&once))
    {
      regex = g_regex_new ("<meta[^>]*charset\\s*=\\s*[\"']?\\s*([A-Za-z0-9_:.-]+)", G_REGEX_CASELESS | G_REGEX_RAW,
                           G_REGEX_MATCH_DEFAULT, NULL);
      g_once_init_leave (&once, 1);
    }

  return g_regex_match_full (regex, text, MIN (length, CHARSET_HEAD), 0, G_REGEX_MATCH_DEFAULT, &match, NULL)
         ? g_match_info_fetch (match, 1) : NULL;
}

/* Browsers read what calls itself Latin-1 as Windows-1252, and take that for what names nothing or nothing they know. */
static char *
convert (const char *text,
         gsize       length,
         gsize      *converted)
{
  g_autofree char *named = find_charset (text, length);
  gboolean is_latin = named == NULL || g_ascii_strcasecmp (named, "iso-8859-1") == 0 ||
                      g_ascii_strcasecmp (named, "latin1") == 0 || g_ascii_strncasecmp (named, "utf", 3) == 0 ||
                      g_ascii_strcasecmp (named, "us-ascii") == 0;
  char *result = g_convert_with_fallback (text, length, "UTF-8", is_latin ? "WINDOWS-1252" : named, "\xef\xbf\xbd",
                                          NULL, converted, NULL);

  /* A multi-byte character that is cut, or five bytes that Windows-1252 has no character for */
  return result != NULL ? result : g_convert_with_fallback (text, length, "UTF-8", "ISO-8859-1", "\xef\xbf\xbd", NULL, converted, NULL);
}

/* The text in UTF-8; the mark of byte order decides before anything that is written in the page. */
static char *
decode (const char *text,
        gsize       length,
        gsize      *decoded)
{
  if (length >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0))
    return g_convert_with_fallback (text + 2, (length - 2) & ~(gsize) 1, "UTF-8",
                                    (guchar) text[0] == 0xff ? "UTF-16LE" : "UTF-16BE", "\xef\xbf\xbd", NULL, decoded, NULL);

  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  else if (!is_utf8 (text, length))
    {
      return convert (text, length, decoded);
    }

  *decoded = length;

  return g_strndup (text, length);
}

/* Most of a page is spared the parser: what comes after the last title in it, or all of it if there is none. */
static gsize
find_end (const char *text,
          gsize       length)
{
  const char *last = NULL;

  for (const char *p = text; (p = memchr (p, '<', text + length - p)) != NULL; p++)
    if (text + length - p > 7 && g_ascii_strncasecmp (p + 1, "title", 5) == 0)
      {
        const char *end = p;

        while ((end = memchr (end + 1, '<', text + length - end - 1)) != NULL &&
               (text + length - end < 8 || g_ascii_strncasecmp (end + 1, "/title", 6) != 0))
          ;

        last = end != NULL ? memchr (end, '>', text + length - end) : NULL;

        if (last == NULL)
          return length;

        p = last;
      }

  return last != NULL ? (gsize) (last - text) + 1 : 0;
}

/**
 * porch_title_find:
 * @text: (array length=length): a page or its beginning, in any encoding
 * @length: its length in bytes; what comes after the first 64 KiB is not looked at
 *
 * Finds the title of a page as browsers show it. The encoding is that of a byte order mark, else UTF-8 where the bytes
 * are that, else the one that the page names, else Windows-1252
 * ([HTML](https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding)). Can be called on any
 * thread.
 *
 * Returns: (transfer full): the title, at most 200 characters; empty if the page has none
 */
char *
porch_title_find (const char *text,
                  gsize       length)
{
  htmlSAXHandler handler = {
    .startElement = start_element,
    .endElement = end_element,
    .characters = read_text,
    .cdataBlock = read_text,
    .ignorableWhitespace = read_text,
  };
  Reader reader = { NULL };
  g_autofree char *decoded = NULL;
  char *title;
  gsize size = 0;
  gsize end;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  decoded = length > 0 ? decode (text, MIN (length, PORCH_TITLE_HEAD), &size) : NULL;
  end = decoded != NULL ? find_end (decoded, size) : 0;

  if (end == 0 || (reader.context = htmlNewParserCtxt ()) == NULL)
    return g_strdup ("");

  *reader.context->sax = handler;
  reader.context->userData = &reader;
  xmlFreeDoc (htmlCtxtReadMemory (reader.context, decoded, end, NULL, "UTF-8", OPTIONS));
  htmlFreeParserCtxt (reader.context);

  title = tidy (reader.title != NULL ? reader.title->str : "");

  if (reader.title != NULL)
    g_string_free (reader.title, TRUE);

  return title;
}

/* Reads on until there are so many bytes, or no more. */
static gsize
read_up_to (int    fd,
            char  *head,
            gsize  length,
            gsize  wanted)
{
  gssize n = 0;

  do
    {
      length += MAX (n, 0);
      n = length < wanted ? read (fd, head + length, wanted - length) : 0;
    }
  while (n > 0 || (n < 0 && errno == EINTR));

  return length;
}

/* Nearly all titles stand in the first few kilobytes; only pages without one there are read further. */
static char *
read_title (const char *filename,
            char       *head)
{
  int fd = open (filename, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gsize length = fd >= 0 ? read_up_to (fd, head, 0, FIRST_HEAD) : 0;
  char *title = porch_title_find (head, length);

  if (*title == '\0' && length == FIRST_HEAD)
    {
      g_free (title);
      title = porch_title_find (head, read_up_to (fd, head, length, PORCH_TITLE_HEAD));
    }

  if (fd >= 0)
    close (fd);

  return title;
}

/* A file that can't be read is found out when it is sent; here it only has no title. */
static gboolean
read_titles (gpointer   data,
             GError   **error)
{
  Reading *reading = data;
  g_autofree char *head = g_malloc (PORCH_TITLE_HEAD);
  int i;

  while ((i = g_atomic_int_add (&reading->next, 1)) < (int) reading->files->len)
    {
      g_autofree char *filename = porch_folder_build_filename (reading->folder, g_ptr_array_index (reading->files, i));

      reading->titles[i] = read_title (filename, head);
    }

  return TRUE;
}

static void
clear_reading (gpointer data)
{
  Reading *reading = data;

  for (guint i = 0; i < reading->files->len; i++)
    g_free (reading->titles[i]);

  g_free (reading->titles);
  g_ptr_array_unref (reading->files);
  g_object_unref (reading->folder);
}

static void
reading_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_reading);
}

static DexFuture *
answer_titles (DexFuture *completed,
               gpointer   user_data)
{
  Reading *reading = user_data;
  GHashTable *titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < reading->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (reading->files, i);

      g_hash_table_insert (titles, g_strdup (file->path), g_steal_pointer (&reading->titles[i]));
    }

  return dex_future_new_take_boxed (G_TYPE_HASH_TABLE, titles);
}

static gboolean
is_unknown (const PorchFile *file,
            PorchManifest   *live)
{
  const PorchManifestEntry *entry;

  if (!g_str_has_prefix (file->type, "text/html") && !g_str_has_prefix (file->type, "application/xhtml+xml"))
    return FALSE;

  entry = live != NULL ? porch_manifest_lookup (live, file->path) : NULL;

  return entry == NULL || entry->title == NULL || !g_str_equal (entry->sha256, file->sha256);
}

/**
 * porch_titles_read:
 * @folder: a folder that was scanned
 * @live: (nullable): the manifest that knows the titles of what has not changed
 *
 * Reads the titles of those pages that are new or changed, on as many threads as there are processors, four at most.
 *
 * Returns: (transfer full): a future that resolves to a [struct@GLib.HashTable], path to title
 */
DexFuture *
porch_titles_read (PorchFolder   *folder,
                   PorchManifest *live)
{
  Reading *reading;
  DexFuture *threads[4];
  guint n_threads;

  dex_return_error_if_fail (PORCH_IS_FOLDER (folder));
  dex_return_error_if_fail (live == NULL || PORCH_IS_MANIFEST (live));

  /* Threads that use the library first, at once, would set it up several times. */
  xmlInitParser ();

  reading = g_atomic_rc_box_new0 (Reading);
  reading->folder = g_object_ref (folder);
  reading->files = g_ptr_array_new ();

  for (guint i = 0; i < porch_folder_get_n_files (folder); i++)
    {
      const PorchFile *file = porch_folder_get_file (folder, i);

      if (is_unknown (file, live))
        g_ptr_array_add (reading->files, (gpointer) file);
    }

  reading->titles = g_new0 (char *, reading->files->len);

  if (reading->files->len == 0)
    return dex_future_finally (dex_future_new_true (), answer_titles, reading, reading_unref);

  n_threads = CLAMP (MIN (g_get_num_processors (), (reading->files->len + 15) / 16), 1, G_N_ELEMENTS (threads));

  for (guint i = 0; i < n_threads; i++)
    threads[i] = porch_thread_run (read_titles, g_atomic_rc_box_acquire (reading), reading_unref);

  return dex_future_then (dex_future_allv (threads, n_threads), answer_titles, reading, reading_unref);
}
