/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-check.h"

#include "porch-page.h"
#include "porch-photo.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <string.h>
#include <unistd.h>

/* A page this large was made by a program and is read by nobody; style sheets likewise */
#define MAX_PAGE      (8 * 1024 * 1024)
#define HEAVY_PICTURE (1024 * 1024)
/* How much wider than it is shown a picture may be, for sharp screens, and from what size on it matters */
#define SHARPNESS     2.5
#define SMALL_PICTURE (150 * 1024)

typedef struct
{
  PorchPage *page;      /* NULL: no page, or one that could not be read */
  PorchPhoto photo;
} Facts;

/* The same thing wrong in several places is one problem. */
typedef struct
{
  char       *rule;
  char       *subject;     /* what is wrong: an address, or the path of a file */
  const char *path;        /* the first place */
  char       *other;       /* what else the sentence names */
  guint       line;
  guint       n_places;
} Problem;

struct _PorchCheck
{
  PorchScan  *scan;
  Facts      *facts;       /* of each file of the scan */
  GHashTable *positions;   /* path -> position + 1 */
  GHashTable *folded;      /* path without case -> path */
  GHashTable *problems;    /* "rule subject" -> Problem; under the lock of the scan */
  int         next_to_read;
  int         next_to_judge;
};

/* A page or style sheet that is being judged. */
typedef struct
{
  PorchCheck      *check;
  const PorchFile *file;
  const PorchPage *page;
  char            *folder;        /* what its addresses are relative to: "", or "docs/" */
  gboolean         is_elsewhere;  /* they are relative to another site */
} Place;

static void
problem_free (gpointer data)
{
  Problem *self = data;

  g_free (self->rule);
  g_free (self->subject);
  g_free (self->other);
  g_free (self);
}

/* A check of what @scan has found. Called on the main thread: libxml2 must be set up before several threads use it. */
PorchCheck *
porch_check_new (PorchScan *scan)
{
  PorchCheck *self = g_atomic_rc_box_new0 (PorchCheck);

  xmlInitParser ();

  self->scan = porch_scan_ref (scan);
  self->facts = g_new0 (Facts, MAX (scan->files->len, 1));
  self->positions = g_hash_table_new (g_str_hash, g_str_equal);
  self->folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, problem_free);

  for (guint i = 0; i < scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);

      g_hash_table_insert (self->positions, file->path, GUINT_TO_POINTER (i + 1));
      g_hash_table_insert (self->folded, porch_scan_fold (file->path), file->path);
    }

  return self;
}

PorchCheck *
porch_check_ref (PorchCheck *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_check (gpointer data)
{
  PorchCheck *self = data;

  for (guint i = 0; i < self->scan->files->len; i++)
    g_clear_pointer (&self->facts[i].page, porch_page_free);

  g_free (self->facts);
  g_hash_table_unref (self->positions);
  g_hash_table_unref (self->folded);
  g_hash_table_unref (self->problems);
  porch_scan_unref (self->scan);
}

void
porch_check_unref (PorchCheck *self)
{
  g_atomic_rc_box_release_full (self, clear_check);
}

/* At most @size bytes of the file, with a zero byte after them; NULL if it can't be read: the scan has said so. */
static char *
read_head (PorchCheck      *self,
           const PorchFile *file,
           gsize            size,
           gsize           *length)
{
  g_autofree char *filename = g_build_filename (self->scan->root, file->path, NULL);
  g_autofree char *data = NULL;
  int fd = open (filename, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize n = 1;

  if (fd < 0)
    return NULL;

  size = MIN (size, file->size);
  data = g_malloc (size + 1);

  for (*length = 0; *length < size && n > 0; *length += MAX (n, 0))
    n = read (fd, data + *length, size - *length);

  data[*length] = '\0';
  close (fd);

  return n >= 0 ? g_steal_pointer (&data) : NULL;
}

static gboolean
has_type (const PorchFile *file,
          const char      *type)
{
  return file->type != NULL && g_str_has_prefix (file->type, type);
}

static void
read_file (PorchCheck      *self,
           const PorchFile *file,
           Facts           *facts)
{
  g_autofree char *data = NULL;
  gsize length;

  if (has_type (file, "image/"))
    {
      if (!has_type (file, "image/svg") && (data = read_head (self, file, PORCH_PHOTO_HEAD, &length)) != NULL)
        porch_photo_read ((const guint8 *) data, length, &facts->photo);
    }
  else if (has_type (file, "text/html") || has_type (file, "application/xhtml") || has_type (file, "text/css"))
    {
      if (file->size > MAX_PAGE || (data = read_head (self, file, MAX_PAGE, &length)) == NULL)
        return;

      facts->page = has_type (file, "text/css") ? porch_page_new_css (data, length) : porch_page_new_html (data, length);
    }
}

/* Thread function: reads files until none is left. */
gboolean
porch_check_read (gpointer   data,
                  GError   **error)
{
  PorchCheck *self = data;

  for (;;)
    {
      guint i = g_atomic_int_add (&self->next_to_read, 1);

      if (i >= self->scan->files->len || g_atomic_int_get (&self->scan->cancelled))
        return TRUE;

      read_file (self, g_ptr_array_index (self->scan->files, i), &self->facts[i]);
    }
}

/* Takes @subject and @other. */
static void
add_problem (PorchCheck *self,
             const char *rule,
             char       *subject,
             const char *path,
             guint       line,
             char       *other)
{
  g_autofree char *key = g_strconcat (rule, " ", subject, NULL);
  Problem *problem;

  g_mutex_lock (&self->scan->lock);

  if ((problem = g_hash_table_lookup (self->problems, key)) == NULL)
    {
      problem = g_new0 (Problem, 1);
      problem->rule = g_strdup (rule);
      problem->subject = g_steal_pointer (&subject);
      g_hash_table_insert (self->problems, g_steal_pointer (&key), problem);
    }

  /* The first place is the first in the order of paths, whichever thread comes first */
  problem->n_places++;
  if (problem->path == NULL || strcmp (path, problem->path) < 0)
    {
      problem->path = path;
      problem->line = line;
      g_free (problem->other);
      problem->other = g_steal_pointer (&other);
    }

  g_mutex_unlock (&self->scan->lock);

  g_free (subject);
  g_free (other);
}

/* Without `.`, `..` and empty segments; nothing lies above the top. A slash at the end stays. */
static char *
normalize_path (const char *path)
{
  g_auto(GStrv) segments = g_strsplit (path, "/", -1);
  g_autoptr(GPtrArray) kept = g_ptr_array_new ();
  gboolean is_folder = TRUE;

  for (guint i = 0; segments[i] != NULL; i++)
    {
      is_folder = *segments[i] == '\0' || g_str_equal (segments[i], ".") || g_str_equal (segments[i], "..");

      if (g_str_equal (segments[i], "..") && kept->len > 0)
        g_ptr_array_remove_index (kept, kept->len - 1);
      else if (!is_folder)
        g_ptr_array_add (kept, segments[i]);
    }

  if (is_folder && kept->len > 0)
    g_ptr_array_add (kept, (char *) "");
  g_ptr_array_add (kept, NULL);

  return g_strjoinv ("/", (char **) kept->pdata);
}

/* The path that an address without host means, or NULL for one that can't be decoded */
static char *
resolve (const Place *place,
         const char  *address)
{
  g_autofree char *bare = g_strndup (address, strcspn (address, "?#"));
  g_autofree char *decoded = g_uri_unescape_string (bare, NULL);
  g_autofree char *whole = NULL;

  if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
    return NULL;

  if (*decoded == '\0')
    return g_strdup (place->file->path);

  whole = *decoded == '/' ? g_strdup (decoded) : g_strconcat (place->folder, decoded, NULL);

  return normalize_path (whole);
}

/* The file that the edge would answer with */
static const PorchFile *
find_file (PorchCheck *self,
           GHashTable *paths,
           const char *path)
{
  const char *name = strrchr (path, '/');
  g_autofree char *start = NULL;
  gpointer found = NULL;

  name = name != NULL ? name + 1 : path;
  if (*name != '\0')
    found = g_hash_table_lookup (paths, path);

  if (found == NULL && strchr (name, '.') == NULL)
    {
      start = g_strconcat (path, *name == '\0' ? "" : "/", "index.html", NULL);
      found = g_hash_table_lookup (paths, start);
    }

  if (found == NULL)
    return NULL;

  if (paths == self->folded)
    found = g_hash_table_lookup (self->positions, found);

  return g_ptr_array_index (self->scan->files, GPOINTER_TO_UINT (found) - 1);
}

/* Addresses that the site's own functions answer */
static gboolean
is_dynamic (const char *path)
{
  return g_str_has_prefix (path, "_porchlight/") || g_str_equal (path, "contact-handler");
}

static void
judge_anchor (const Place     *place,
              const PorchLink *link,
              const PorchFile *file)
{
  PorchCheck *self = place->check;
  const char *sign = strchr (link->address, '#');
  const PorchPage *page = self->facts[GPOINTER_TO_UINT (g_hash_table_lookup (self->positions, file->path)) - 1].page;
  g_autofree char *name = sign != NULL ? g_uri_unescape_string (sign + 1, NULL) : NULL;

  /* Scripts use what begins with ! or / for themselves, and browsers :~: to find text */
  if (name == NULL || *name == '\0' || *name == '!' || *name == '/' || strstr (name, ":~:") != NULL ||
      g_ascii_strcasecmp (name, "top") == 0)
    return;

  if (page == NULL || page->anchors == NULL || page->leads_on ||
      g_hash_table_contains (page->anchors, name) || g_hash_table_contains (page->anchors, sign + 1))
    return;

  add_problem (self, "link.anchor", g_strdup_printf ("%s#%s", file->path, name), place->file->path, link->line, g_strdup (name));
}

static void
judge_picture (const Place     *place,
               const PorchLink *link,
               const PorchFile *file)
{
  PorchCheck *self = place->check;
  const PorchPhoto *photo = &self->facts[GPOINTER_TO_UINT (g_hash_table_lookup (self->positions, file->path)) - 1].photo;

  if (link->width > 0 && photo->width > link->width * SHARPNESS && file->size > SMALL_PICTURE && file->size <= HEAVY_PICTURE)
    add_problem (self, "picture.oversized", g_strdup (file->path), place->file->path, link->line,
                 g_strdup_printf (_("%u pixels wide, shown %u wide"), photo->width, link->width));
}

static void
judge_path (const Place     *place,
            const PorchLink *link)
{
  PorchCheck *self = place->check;
  g_autofree char *path = resolve (place, link->address);
  g_autofree char *folded = NULL;
  const PorchFile *file;

  if (path == NULL || is_dynamic (path))
    return;

  file = find_file (self, self->positions, path);

  if (link->kind == PORCH_LINK_FORM)
    {
      add_problem (self, "form.nowhere", g_strdup (place->file->path), place->file->path, link->line, NULL);
    }
  else if (file != NULL)
    {
      if (link->kind == PORCH_LINK_PLACE)
        judge_anchor (place, link, file);
      else if (link->kind == PORCH_LINK_PICTURE)
        judge_picture (place, link, file);
    }
  else
    {
      folded = porch_scan_fold (path);
      file = find_file (self, self->folded, folded);

      if (file != NULL)
        add_problem (self, "link.case", g_steal_pointer (&path), place->file->path, link->line, g_strdup (file->path));
      else
        add_problem (self, "link.broken", g_steal_pointer (&path), place->file->path, link->line, g_strdup (link->address));
    }
}

static gboolean
is_local_host (const char *rest)
{
  static const char * const hosts[] = { "localhost", "127.0.0.1", "0.0.0.0", "[::1]", NULL };
  gsize length = strcspn (rest, "/?#");
  gsize bare = *rest == '[' ? length : strcspn (rest, ":/?#");

  if (*rest == '[')
    {
      const char *end = memchr (rest, ']', length);

      bare = end != NULL ? (gsize) (end + 1 - rest) : length;
    }

  for (guint i = 0; hosts[i] != NULL; i++)
    if (strlen (hosts[i]) == bare && g_ascii_strncasecmp (rest, hosts[i], bare) == 0)
      return TRUE;

  /* Names that only a home network or a developer's computer knows */
  return bare > 6 && (g_ascii_strncasecmp (rest + bare - 6, ".local", 6) == 0 || g_ascii_strncasecmp (rest + bare - 5, ".test", 5) == 0);
}

static gboolean
is_on_disk (const char *address)
{
  return g_ascii_strncasecmp (address, "file:", 5) == 0 ||
         (g_ascii_isalpha (address[0]) && address[1] == ':' && (address[2] == '\\' || address[2] == '/'));
}

static void
judge_link (const Place     *place,
            const PorchLink *link)
{
  PorchCheck *self = place->check;
  const char *address = link->address;
  g_autofree char *scheme = g_uri_parse_scheme (address);
  gboolean is_web = g_strcmp0 (scheme, "http") == 0 || g_strcmp0 (scheme, "https") == 0;
  gsize rest = is_web ? strlen (scheme) + 1 : 0;

  if (is_on_disk (address))
    add_problem (self, "link.disk", g_strdup (address), place->file->path, link->line, NULL);
  else if ((is_web || scheme == NULL) && g_str_has_prefix (address + rest, "//"))
    {
      if (is_local_host (address + rest + 2))
        add_problem (self, "link.local", g_strdup (address), place->file->path, link->line, NULL);
      else if (g_strcmp0 (scheme, "http") == 0 && link->kind != PORCH_LINK_PLACE)
        add_problem (self, "link.unencrypted", g_strdup (address), place->file->path, link->line, NULL);
    }
  else if (g_strcmp0 (scheme, "mailto") == 0 && link->kind == PORCH_LINK_FORM)
    add_problem (self, "form.mail", g_strdup (place->file->path), place->file->path, link->line, NULL);
  else if (scheme == NULL && !place->is_elsewhere)
    judge_path (place, link);
}

static void
judge_page (const Place *place)
{
  PorchCheck *self = place->check;
  const PorchPage *page = place->page;
  const char *path = place->file->path;

  if (page->anchors == NULL || !page->is_document || page->leads_on)
    return;

  if (page->title == NULL)
    add_problem (self, "page.title", g_strdup (""), path, 0, NULL);
  if (!page->has_language)
    add_problem (self, "page.language", g_strdup (""), path, 0, NULL);
  if (!page->has_description && g_str_equal (path, "index.html"))
    add_problem (self, "page.description", g_strdup (""), path, 0, NULL);
  if (page->n_bare_pictures > 0)
    add_problem (self, "picture.alt", g_strdup (""), path, page->first_bare_picture, NULL);
}

static void
place_init (Place           *place,
            PorchCheck      *self,
            const PorchFile *file,
            const PorchPage *page)
{
  const char *slash = strrchr (file->path, '/');
  g_autofree char *scheme = page->base != NULL ? g_uri_parse_scheme (page->base) : NULL;

  place->check = self;
  place->file = file;
  place->page = page;
  place->folder = slash != NULL ? g_strndup (file->path, slash + 1 - file->path) : g_strdup ("");
  place->is_elsewhere = scheme != NULL || (page->base != NULL && g_str_has_prefix (page->base, "//"));

  if (page->base != NULL && !place->is_elsewhere)
    {
      g_autofree char *path = resolve (place, page->base);
      const char *end = path != NULL ? strrchr (path, '/') : NULL;

      g_free (place->folder);
      place->folder = end != NULL ? g_strndup (path, end + 1 - path) : g_strdup ("");
    }
}

static void
judge_file (PorchCheck      *self,
            const PorchFile *file,
            const Facts     *facts)
{
  Place place = { 0 };

  if (has_type (file, "image/") && file->size > HEAVY_PICTURE)
    {
      g_autofree char *size = g_format_size (file->size);

      add_problem (self, "picture.heavy", g_strdup (file->path), file->path, 0, g_steal_pointer (&size));
    }

  if (facts->photo.has_location)
    add_problem (self, "photo.location", g_strdup (""), file->path, 0, NULL);

  if (facts->page == NULL)
    return;

  place_init (&place, self, file, facts->page);

  for (guint i = 0; i < porch_page_get_n_links (facts->page); i++)
    judge_link (&place, porch_page_get_link (facts->page, i));

  judge_page (&place);
  g_free (place.folder);
}

/* Thread function: judges what was read, until nothing is left. */
gboolean
porch_check_judge (gpointer   data,
                   GError   **error)
{
  PorchCheck *self = data;

  for (;;)
    {
      guint i = g_atomic_int_add (&self->next_to_judge, 1);

      if (i >= self->scan->files->len || g_atomic_int_get (&self->scan->cancelled))
        return TRUE;

      judge_file (self, g_ptr_array_index (self->scan->files, i), &self->facts[i]);
    }
}

/* The first place, and how many others there are */
static char *
tell_where (const Problem *problem)
{
  g_autofree char *first = NULL;
  guint n_others = problem->n_places - 1;

  if (problem->line > 0)
    /* Translators: the path of a file, and where in it */
    first = g_strdup_printf (_("“%s”, line %u"), problem->path, problem->line);
  else
    first = g_strdup_printf (_("“%s”"), problem->path);

  if (n_others == 0)
    return g_steal_pointer (&first);

  /* Translators: %s is a place such as “index.html”, line 12 */
  return g_strdup_printf (ngettext ("%s and %u other place", "%s and %u other places", n_others), first, n_others);
}

static char *
tell_link (const Problem  *problem,
           const char     *where,
           const char    **fix)
{
  if (g_str_equal (problem->rule, "link.broken"))
    {
      *fix = _("Correct the link, or add the file.");
      return g_strdup_printf (_("A link leads to “/%s”, which does not exist (%s)."), problem->subject, where);
    }

  if (g_str_equal (problem->rule, "link.case"))
    {
      *fix = _("Give the file the name that the link uses. On the web, upper and lower case make a difference.");
      return g_strdup_printf (_("A link leads to “/%s”, but the file is called “%s” (%s)."), problem->subject, problem->other, where);
    }

  if (g_str_equal (problem->rule, "link.anchor"))
    {
      *fix = _("The page still opens, but at its top. Correct the link, or give the place that name.");
      return g_strdup_printf (_("A link leads to “/%s”, but that page has no place called “%s” (%s)."), problem->subject, problem->other, where);
    }

  if (g_str_equal (problem->rule, "link.disk"))
    {
      *fix = _("Put the file into the folder and link to it there. Visitors can’t see the files of your computer.");
      return g_strdup_printf (_("“%s” is a file on your computer (%s)."), problem->subject, where);
    }

  if (g_str_equal (problem->rule, "link.local"))
    {
      *fix = _("Replace it by the address on your site. It answers on your own computer or network only.");
      return g_strdup_printf (_("“%s” is an address of your own computer (%s)."), problem->subject, where);
    }

  *fix = _("Write https:// if the other site has that, or use a copy on your own site. Browsers refuse to load it like this.");

  return g_strdup_printf (_("“%s” is loaded without encryption (%s)."), problem->subject, where);
}

static char *
tell_page (const Problem  *problem,
           const char     *where,
           const char    **fix)
{
  guint n = problem->n_places;

  if (g_str_equal (problem->rule, "page.title"))
    {
      *fix = _("Browsers and search engines show the title. Put one between <title> and </title>.");
      return g_strdup_printf (ngettext ("%u page has no title: %s.", "%u pages have no title: %s.", n), n, where);
    }

  if (g_str_equal (problem->rule, "page.language"))
    {
      *fix = _("Screen readers and translators need it. Begin the page with <html lang=\"en\">, or your language instead of “en”.");
      return g_strdup_printf (ngettext ("%u page does not say its language: %s.", "%u pages do not say their language: %s.", n), n, where);
    }

  if (g_str_equal (problem->rule, "page.description"))
    {
      *fix = _("Search engines show it under the title. Add <meta name=\"description\" content=\"…\">.");
      return g_strdup (_("The start page has no description."));
    }

  *fix = _("Say in a few words what they show (alt=\"…\"), or alt=\"\" if they are mere ornament. Who can’t see them hears that instead.");

  return g_strdup_printf (ngettext ("%u page has pictures without a description: %s.",
                                    "%u pages have pictures without a description: %s.", n), n, where);
}

static char *
tell_file (const Problem  *problem,
           const char     *where,
           const char    **fix)
{
  guint n = problem->n_places;

  if (g_str_equal (problem->rule, "picture.heavy"))
    {
      *fix = _("Make it smaller: for a page, 1,600 pixels in width are plenty. On a telephone it takes long to load.");
      return g_strdup_printf (_("The picture “%s” is very large (%s)."), problem->subject, problem->other);
    }

  if (g_str_equal (problem->rule, "picture.oversized"))
    {
      *fix = _("Make it smaller; the page then loads faster and looks the same.");
      return g_strdup_printf (_("The picture “%s” is much larger than it is shown: %s."), problem->subject, problem->other);
    }

  if (g_str_equal (problem->rule, "photo.location"))
    {
      *fix = _("Anyone can read it, perhaps that of your home. Remove it with a picture program if it should stay private.");
      return g_strdup_printf (ngettext ("%u photo says where it was taken: %s.", "%u photos say where they were taken: %s.", n), n, where);
    }

  if (g_str_equal (problem->rule, "form.mail"))
    {
      *fix = _("Many visitors have none set up. Send the form to /_porchlight/contact and switch the contact form on.");
      return g_strdup_printf (_("A form opens the visitor’s mail program (%s)."), where);
    }

  *fix = _("What visitors write is lost. Send the form to /_porchlight/contact and switch the contact form on.");

  return g_strdup_printf (_("A form leads nowhere (%s)."), where);
}

static PorchFinding *
create_finding (const Problem *problem)
{
  static const char * const hints[] = { "link.anchor", "page.description", "picture.oversized", NULL };
  PorchSeverity severity = g_strv_contains (hints, problem->rule) ? PORCH_SEVERITY_INFO : PORCH_SEVERITY_WARNING;
  g_autofree char *where = tell_where (problem);
  g_autofree char *text = NULL;
  const char *fix = NULL;

  if (g_str_has_prefix (problem->rule, "link."))
    text = tell_link (problem, where, &fix);
  else if (g_str_has_prefix (problem->rule, "page.") || g_str_equal (problem->rule, "picture.alt"))
    text = tell_page (problem, where, &fix);
  else
    text = tell_file (problem, where, &fix);

  return porch_finding_new (severity, problem->rule, problem->path, problem->line, text, fix);
}

/* When the threads are through. */
void
porch_check_finish (PorchCheck *self)
{
  GHashTableIter iter;
  gpointer problem;

  g_hash_table_iter_init (&iter, self->problems);
  while (g_hash_table_iter_next (&iter, NULL, &problem))
    g_ptr_array_add (self->scan->findings, create_finding (problem));
}
