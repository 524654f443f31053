/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-check-private.h"

#include "porch-form.h"
#include "porch-location.h"
#include "porch-redirects.h"

#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <libxml/parser.h>
#include <string.h>
#include <unistd.h>

/* A page this large was made by a program and is read by nobody; style sheets and scripts likewise */
#define MAX_PAGE (16 * 1024 * 1024)

static void
problem_free (gpointer data)
{
  Problem *self = data;

  g_array_unref (self->places);
  g_free (self->subject);
  g_free (self->other);
  g_free (self);
}

static gboolean
has_treatments (PorchScan *scan)
{
  return porch_treatments_has (scan->treatments, PORCH_TREATMENT_STRIP_LOCATION) ||
         porch_treatments_has (scan->treatments, PORCH_TREATMENT_SHRINK) ||
         porch_treatments_has (scan->treatments, PORCH_TREATMENT_LOCAL_LINKS) ||
         porch_treatments_has (scan->treatments, PORCH_TREATMENT_FORMS);
}

/* Whether files must be looked into: to tell what is wrong, or to make copies without it. */
gboolean
porch_check_is_needed (PorchScan *scan)
{
  return (scan->flags & PORCH_SCAN_CHECK) != 0 || has_treatments (scan);
}

static gboolean
exists (const char *path,
        gpointer    data)
{
  PorchCheck *self = data;

  return g_hash_table_contains (self->positions, path);
}

/* A check of what @scan has found. Called on the main thread: libxml2 must be set up before several threads use it. */
PorchCheck *
porch_check_new (PorchScan  *scan,
                 GHashTable *rendition_hashes)
{
  PorchCheck *self = g_atomic_rc_box_new0 (PorchCheck);

  xmlInitParser ();

  self->scan = porch_scan_ref (scan);
  self->facts = g_new0 (Facts, MAX (scan->files->len, 1));
  self->positions = g_hash_table_new (g_str_hash, g_str_equal);
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, problem_free);
  self->bases = porch_local_bases_new (exists, self);
  self->hashes = g_hash_table_ref (rendition_hashes);

  for (guint i = 0; i < scan->files->len; i++)
    {
      const PorchFile *file = g_ptr_array_index (scan->files, i);

      if (file->sha256 != NULL)
        g_hash_table_insert (self->positions, file->path, GUINT_TO_POINTER (i + 1));
      else
        g_hash_table_add (scan->left_out, g_strdup (file->path));
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
    {
      g_clear_pointer (&self->facts[i].page, porch_page_free);
      g_clear_pointer (&self->facts[i].local, g_array_unref);
      g_clear_pointer (&self->facts[i].forms, g_ptr_array_unref);
      g_clear_pointer (&self->facts[i].connected, g_array_unref);
    }

  g_free (self->facts);
  g_hash_table_unref (self->positions);
  g_clear_pointer (&self->folded, g_hash_table_unref);
  g_hash_table_unref (self->problems);
  porch_local_bases_free (self->bases);
  g_clear_pointer (&self->renditions, porch_renditions_unref);
  g_hash_table_unref (self->hashes);
  porch_scan_unref (self->scan);
}

void
porch_check_unref (PorchCheck *self)
{
  g_atomic_rc_box_release_full (self, clear_check);
}

gboolean
porch_check_has_type (const PorchFile *file,
                      const char      *type)
{
  return file->type != NULL && g_str_has_prefix (file->type, type);
}

Facts *
porch_check_get_facts (PorchCheck      *self,
                       const PorchFile *file)
{
  return &self->facts[GPOINTER_TO_UINT (g_hash_table_lookup (self->positions, file->path)) - 1];
}

/* At most @size bytes of the file from @offset on, with a zero byte after them; NULL if it can't be read: the scan has said
 * so. */
static char *
read_part (PorchCheck      *self,
           const PorchFile *file,
           guint64          offset,
           gsize            size,
           gsize           *length)
{
  g_autofree char *filename = g_build_filename (self->scan->root, file->path, NULL);
  g_autofree char *data = NULL;
  int fd = open (filename, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  gssize n = 1;

  if (fd < 0)
    return NULL;

  size = MIN (size, file->size - MIN (offset, file->size));
  data = g_malloc (size + 1);

  for (*length = 0; *length < size && n > 0; *length += MAX (n, 0))
    n = pread (fd, data + *length, size - *length, offset + *length);

  data[*length] = '\0';
  close (fd);

  return n >= 0 ? g_steal_pointer (&data) : NULL;
}

static void
read_picture (PorchCheck      *self,
              const PorchFile *file,
              Facts           *facts)
{
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;
  gsize length;

  if ((head = read_part (self, file, 0, PORCH_PHOTO_HEAD, &length)) == NULL)
    return;

  porch_photo_read ((const guint8 *) head, length, &facts->photo);

  /* A JPEG has its notes before the picture; others may have them behind it. */
  if (!facts->photo.has_location && file->size > length && !porch_check_has_type (file, "image/jpeg") &&
      (tail = read_part (self, file, file->size - MIN (file->size, PORCH_PHOTO_TAIL), PORCH_PHOTO_TAIL, &length)) != NULL)
    facts->photo.has_location = porch_location_find ((const guint8 *) tail, length);

  facts->was_located = facts->photo.has_location;
}

static gboolean
is_page (const PorchFile *file)
{
  return porch_check_has_type (file, "text/html") || porch_check_has_type (file, "application/xhtml");
}

static gboolean
has_form (const char *text,
          gsize       length)
{
  for (const char *p = text; (p = memchr (p, '<', length - (p - text))) != NULL; p++)
    if (length - (p - text) > 5 && g_ascii_strncasecmp (p + 1, "form", 4) == 0)
      return TRUE;

  return FALSE;
}

static void
read_file (PorchCheck      *self,
           const PorchFile *file,
           Facts           *facts)
{
  gboolean checks = (self->scan->flags & PORCH_SCAN_CHECK) != 0;
  gboolean wants_links = checks || porch_treatments_has (self->scan->treatments, PORCH_TREATMENT_LOCAL_LINKS);
  gboolean wants_forms = porch_treatments_has (self->scan->treatments, PORCH_TREATMENT_FORMS) && is_page (file);
  gboolean wants_pages = checks || porch_treatments_has (self->scan->treatments, PORCH_TREATMENT_SHRINK);
  gboolean wants_pictures = wants_pages || porch_treatments_has (self->scan->treatments, PORCH_TREATMENT_STRIP_LOCATION);
  /* Maps for developers name the files that scripts were made from */
  gboolean is_map = g_str_has_suffix (file->path, ".map");
  PorchLocalKind kind = wants_links && !is_map ? porch_local_kind_for_type (file->type) : PORCH_LOCAL_NONE;
  g_autofree char *data = NULL;
  gsize length;

  if (porch_check_has_type (file, "image/") && !porch_check_has_type (file, "image/svg"))
    {
      if (wants_pictures)
        read_picture (self, file, facts);
      return;
    }

  wants_pages = wants_pages && (is_page (file) || porch_check_has_type (file, "text/css"));

  if ((!wants_pages && !wants_forms && kind == PORCH_LOCAL_NONE) || file->size > MAX_PAGE ||
      (data = read_part (self, file, 0, MAX_PAGE, &length)) == NULL)
    return;

  if (wants_pages)
    facts->page = is_page (file) ? porch_page_new_html (data, length) : porch_page_new_css (data, length);

  facts->local = porch_local_links_find (data, length, kind);
  facts->has_form = wants_forms && has_form (data, length);
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
      const PorchFile *file;

      if (i >= self->scan->files->len || g_atomic_int_get (&self->scan->cancelled))
        return TRUE;

      /* One that can't be read, or is left out, has no hash. */
      file = g_ptr_array_index (self->scan->files, i);
      if (file->sha256 != NULL)
        read_file (self, file, &self->facts[i]);
    }
}

/* Keeps @other only of the first place, and takes it. */
Problem *
porch_check_add (PorchCheck *self,
                 const char *rule,
                 const char *subject,
                 const char *path,
                 guint       line,
                 char       *other)
{
  PorchFindingPlace place = { path, line };
  const PorchFindingPlace *first;
  g_autofree char *key = g_strconcat (rule, " ", subject, NULL);
  Problem *problem;
  int order;

  g_mutex_lock (&self->scan->lock);

  if ((problem = g_hash_table_lookup (self->problems, key)) == NULL)
    {
      problem = g_new0 (Problem, 1);
      problem->rule = rule;
      problem->subject = g_strdup (subject);
      problem->places = g_array_new (FALSE, FALSE, sizeof (PorchFindingPlace));
      g_hash_table_insert (self->problems, g_steal_pointer (&key), problem);
    }

  /* The first place is the first in the order of paths, whichever thread comes first; it stands at the beginning. */
  first = problem->n_places > 0 ? &g_array_index (problem->places, PorchFindingPlace, 0) : NULL;
  order = first != NULL ? strcmp (path, first->path) : -1;

  if (problem->n_places++ == 0 || order < 0 || (order == 0 && line < first->line))
    {
      g_array_prepend_val (problem->places, place);
      g_free (problem->other);
      problem->other = g_steal_pointer (&other);
    }
  else
    g_array_append_val (problem->places, place);

  if (problem->places->len > PORCH_FINDING_MAX_PLACES)
    g_array_set_size (problem->places, PORCH_FINDING_MAX_PLACES);

  g_mutex_unlock (&self->scan->lock);
  g_free (other);

  return problem;
}

/* Without `.`, `..` and empty segments; nothing lies above the top. A slash at the end stays. In place. */
static void
normalize_path (char *path)
{
  char *to = path;
  const char *from = path;

  while (*from != '\0')
    {
      gsize length = strcspn (from, "/");
      gboolean is_last = from[length] == '\0';
      const char *next = from + length + !is_last;

      if (length == 2 && from[0] == '.' && from[1] == '.')
        {
          if (to > path)
            for (to--; to > path && to[-1] != '/'; to--);
        }
      else if (length > 0 && !(length == 1 && from[0] == '.'))
        {
          memmove (to, from, length);
          to += length;
          if (!is_last)
            *to++ = '/';
        }

      from = next;
    }

  *to = '\0';
}

/* The path that an address without host means, or NULL for one that can't be decoded */
char *
porch_place_resolve (const Place *place,
                     const char  *address)
{
  gsize length = strcspn (address, "?#");
  char *whole;

  if (length == 0)
    return g_strdup (place->file->path);

  if (memchr (address, '%', length) != NULL)
    {
      g_autofree char *decoded = g_uri_unescape_segment (address, address + length, NULL);

      if (decoded == NULL || !g_utf8_validate (decoded, -1, NULL))
        return NULL;

      whole = *decoded == '/' ? g_strdup (decoded) : g_strconcat (place->folder, decoded, NULL);
    }
  else
    whole = g_strdup_printf ("%s%.*s", *address == '/' ? "" : place->folder, (int) length, address);

  normalize_path (whole);

  return whole;
}

/* The file that the edge would answer with */
const PorchFile *
porch_check_find_file (PorchCheck *self,
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
is_dynamic (PorchCheck *self,
            const char *path)
{
  const char *form_path = porch_treatments_get_form_path (self->scan->treatments) + 1;

  if (g_str_equal (path, form_path) || g_str_equal (path, "contact-handler"))
    return TRUE;

  /* Nobody answers there any more once the form has another path */
  return g_str_has_prefix (path, "_porchlight/") && !g_str_equal (path, PORCH_FORM_DEFAULT_PATH + 1);
}

/* Addresses that lead on to another */
static gboolean
is_redirected (PorchCheck *self,
               const char *path)
{
  PorchRedirects *redirects = self->scan->redirects;
  const char *name = strrchr (path, '/');
  g_autofree char *address = NULL;
  g_autofree char *goal = NULL;

  if (redirects == NULL)
    return FALSE;

  address = g_strconcat ("/", path, NULL);
  goal = porch_redirects_resolve (redirects, address, NULL);

  return goal != NULL || (porch_redirects_is_single_page (redirects) && strchr (name != NULL ? name : path, '.') == NULL);
}

/* Whether the file is there, but is not sent */
static gboolean
is_left_out (PorchCheck *self,
             const char *path)
{
  g_autofree char *part = g_strdup (path);

  for (char *slash = part + strlen (part); slash != NULL; slash = strrchr (part, '/'))
    {
      *slash = '\0';
      if (g_hash_table_contains (self->scan->left_out, part))
        return TRUE;
    }

  return FALSE;
}

static void
judge_anchor (const Place     *place,
              const PorchLink *link,
              const PorchFile *file)
{
  PorchCheck *self = place->check;
  const char *sign = strchr (link->address, '#');
  const PorchPage *page = sign != NULL ? porch_check_get_facts (self, file)->page : NULL;
  g_autofree char *name = page != NULL ? g_uri_unescape_string (sign + 1, NULL) : NULL;
  g_autofree char *subject = NULL;

  /* Scripts use what begins with ! or / for themselves, and browsers :~: to find text */
  if (name == NULL || *name == '\0' || *name == '!' || *name == '/' || strstr (name, ":~:") != NULL ||
      g_ascii_strcasecmp (name, "top") == 0)
    return;

  if (page->anchors == NULL || page->leads_on ||
      g_hash_table_contains (page->anchors, name) || g_hash_table_contains (page->anchors, sign + 1))
    return;

  subject = g_strdup_printf ("%s#%s", file->path, name);
  porch_check_add (self, "link.anchor", subject, place->file->path, link->line, g_strdup (name));
}

/* Far wider than it is shown, wherever that is; the heavy ones are told of anyway. */
gboolean
porch_check_is_oversized (const PorchFile *file,
                          const Facts     *facts)
{
  return facts->shown > 0 && facts->shown != SHOWN_ANYHOW &&
         facts->photo.width > facts->shown * SHARPNESS && file->size > SMALL_PICTURE && file->size <= HEAVY_PICTURE;
}

static void
judge_picture (const Place     *place,
               const PorchLink *link,
               const PorchFile *file)
{
  PorchCheck *self = place->check;
  const Facts *facts = porch_check_get_facts (self, file);
  Problem *problem;

  if (link->width == 0 || !porch_check_is_oversized (file, facts) || facts->is_shrunk)
    return;

  problem = porch_check_add (self, "picture.oversized", file->path, place->file->path, link->line,
                             g_strdup_printf (_("%u pixels wide, shown %u wide"), facts->photo.width, facts->shown));
  problem->bytes = file->size;
  problem->treatment = facts->has_failed ? PORCH_TREATMENT_NONE : PORCH_TREATMENT_SHRINK;
}

static void
judge_missing (const Place     *place,
               const PorchLink *link,
               const char      *path)
{
  PorchCheck *self = place->check;
  g_autofree char *folded = porch_scan_fold (path);
  const PorchFile *file = porch_check_find_file (self, self->folded, folded);
  Problem *problem;

  if (is_redirected (self, path))
    return;

  if (file != NULL)
    problem = porch_check_add (self, "link.case", path, place->file->path, link->line, g_strdup (file->path));
  else if (is_left_out (self, path))
    problem = porch_check_add (self, "link.left-out", path, place->file->path, link->line, g_strdup (link->address));
  else
    problem = porch_check_add (self, "link.broken", path, place->file->path, link->line, g_strdup (link->address));

  problem->kind = link->kind;
}

static void
judge_path (const Place     *place,
            const PorchLink *link)
{
  PorchCheck *self = place->check;
  g_autofree char *path = porch_place_resolve (place, link->address);
  const PorchFile *file;

  if (path == NULL || is_dynamic (self, path))
    return;

  if (link->kind == PORCH_LINK_FORM)
    {
      porch_check_add (self, "form.nowhere", place->file->path, place->file->path, link->line, NULL);
      return;
    }

  if ((file = porch_check_find_file (self, self->positions, path)) == NULL)
    judge_missing (place, link, path);
  else if (link->kind == PORCH_LINK_PLACE)
    judge_anchor (place, link, file);
  else if (link->kind == PORCH_LINK_PICTURE)
    judge_picture (place, link, file);
}

static gboolean
is_on_disk (const char *address)
{
  return g_ascii_strncasecmp (address, "file:", 5) == 0 || g_str_has_prefix (address, "\\\\") ||
         (g_ascii_isalpha (address[0]) && address[1] == ':' && (address[2] == '\\' || address[2] == '/'));
}

/* A link to the owner's own computer that means a file of the site was counted with the file it stands in; once mended, it
 * is a link like others. */
static gboolean
judge_local (const Place     *place,
             const PorchLink *link)
{
  PorchCheck *self = place->check;
  g_autofree char *origin = NULL;
  g_autofree char *path = NULL;
  g_autofree char *rest = NULL;
  g_autofree char *address = NULL;
  PorchLink mended = *link;

  if (!porch_local_link_parse (link->address, &origin, &path, NULL) ||
      (rest = porch_local_bases_resolve (self->bases, origin, path, FALSE)) == NULL)
    return FALSE;

  if (porch_check_get_facts (self, place->file)->n_mended > 0)
    {
      g_autofree char *escaped = g_uri_escape_string (rest, "/", TRUE);

      address = g_strconcat (escaped, link->address + strcspn (link->address, "?#"), NULL);
      mended.address = address;
      judge_path (place, &mended);
    }

  return TRUE;
}

/* The copy that is sent leads elsewhere than the page does. */
static gboolean
is_connected (const Facts     *facts,
              const PorchLink *link)
{
  for (guint i = 0; link->kind == PORCH_LINK_FORM && facts->connected != NULL && i < facts->connected->len; i++)
    if (g_array_index (facts->connected, guint, i) == link->line)
      return TRUE;

  return FALSE;
}

static void
judge_link (const Place     *place,
            const PorchLink *link)
{
  PorchCheck *self = place->check;
  const char *address = link->address;
  const char *path = place->file->path;
  gsize scheme = porch_page_measure_scheme (address);
  gboolean is_web = (scheme == 5 && g_ascii_strncasecmp (address, "http:", 5) == 0) ||
                    (scheme == 6 && g_ascii_strncasecmp (address, "https:", 6) == 0);

  if (is_on_disk (address))
    {
      if (!judge_local (place, link))
        porch_check_add (self, "link.disk", address, path, link->line, NULL);
    }
  else if ((is_web || scheme == 0) && g_str_has_prefix (address + scheme, "//"))
    {
      if (porch_local_is_host (address + scheme + 2))
        {
          if (!judge_local (place, link))
            porch_check_add (self, "link.local", address, path, link->line, NULL);
        }
      else if (scheme == 5 && link->kind != PORCH_LINK_PLACE)
        porch_check_add (self, link->kind == PORCH_LINK_FORM ? "form.unencrypted" : "link.unencrypted", address, path, link->line, NULL);
    }
  else if (link->kind == PORCH_LINK_FORM && g_ascii_strncasecmp (address, "mailto:", 7) == 0)
    porch_check_add (self, "form.mail", path, path, link->line, NULL);
  else if (scheme == 0 && !place->is_elsewhere)
    judge_path (place, link);
}

static void
judge_page (const Place *place)
{
  PorchCheck *self = place->check;
  const PorchPage *page = place->page;
  const char *path = place->file->path;
  guint head_line = page->head_line > 0 ? page->head_line : page->html_line;

  if (page->anchors == NULL || !page->is_document || page->leads_on)
    return;

  if (page->title == NULL)
    porch_check_add (self, "page.title", "", path, head_line, NULL);
  if (!page->has_language)
    porch_check_add (self, "page.language", "", path, page->html_line, NULL);
  if (!page->has_description)
    porch_check_add (self, "page.description", "", path, head_line, NULL);
  if (page->n_bare_pictures > 0)
    porch_check_add (self, "picture.alt", "", path, page->first_bare_picture, NULL);
}

void
porch_place_init (Place           *place,
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
      g_autofree char *path = porch_place_resolve (place, page->base);
      const char *end = path != NULL ? strrchr (path, '/') : NULL;

      g_free (place->folder);
      place->folder = end != NULL ? g_strndup (path, end + 1 - path) : g_strdup ("");
    }
}

void
porch_place_clear (Place *place)
{
  g_clear_pointer (&place->folder, g_free);
}

static void
judge_photo (PorchCheck      *self,
             const PorchFile *file,
             const Facts     *facts)
{
  Problem *problem;

  if (facts->is_shrunk)
    {
      problem = porch_check_add (self, "picture.heavy", "", file->path, 0, NULL);
      problem->is_treated = TRUE;
      problem->treatment = PORCH_TREATMENT_SHRINK;
      g_mutex_lock (&self->scan->lock);
      problem->bytes += facts->saved;
      g_mutex_unlock (&self->scan->lock);
    }
  else if (file->size > HEAVY_PICTURE)
    {
      problem = porch_check_add (self, "picture.heavy", file->path, file->path, 0, g_format_size (file->size));
      problem->bytes = file->size;
      problem->treatment = porch_check_can_shrink (file, facts) ? PORCH_TREATMENT_SHRINK : PORCH_TREATMENT_NONE;
    }

  if (facts->photo.has_location)
    {
      problem = porch_check_add (self, "photo.location", facts->has_failed ? "failed" : "", file->path, 0, NULL);
      problem->treatment = facts->has_failed ? PORCH_TREATMENT_NONE : PORCH_TREATMENT_STRIP_LOCATION;
    }
  else if (facts->was_located && porch_treatments_has (self->scan->treatments, PORCH_TREATMENT_STRIP_LOCATION))
    {
      problem = porch_check_add (self, "photo.location", "treated", file->path, 0, NULL);
      problem->is_treated = TRUE;
      problem->treatment = PORCH_TREATMENT_STRIP_LOCATION;
    }
}

/* Addresses of the owner's own computer that mean files of the site: one problem for each computer */
static void
judge_local_links (PorchCheck      *self,
                   const PorchFile *file,
                   const Facts     *facts)
{
  for (guint i = 0; i < facts->local->len; i++)
    {
      const PorchLocalLink *link = &g_array_index (facts->local, PorchLocalLink, i);
      g_autofree char *path = porch_local_bases_resolve (self->bases, link->origin, link->path, link->is_in_script);
      g_autofree char *subject = NULL;
      Problem *problem;

      if (path == NULL)
        continue;

      subject = g_strconcat (link->origin, facts->n_mended > 0 ? " treated" : "", NULL);
      problem = porch_check_add (self, g_str_equal (link->origin, "file:") ? "link.disk" : "link.local", subject, file->path, link->line,
                                 g_strdup (link->origin));
      problem->is_treated = facts->n_mended > 0;
      problem->treatment = facts->has_failed ? PORCH_TREATMENT_NONE : PORCH_TREATMENT_LOCAL_LINKS;
    }
}

static void
judge_file (PorchCheck      *self,
            const PorchFile *file,
            const Facts     *facts)
{
  Place place = { 0 };

  if (porch_check_has_type (file, "image/"))
    judge_photo (self, file, facts);

  if (facts->local != NULL)
    judge_local_links (self, file, facts);

  if (facts->forms != NULL)
    porch_check_judge_forms (self, file, facts);

  if (facts->page == NULL)
    return;

  porch_place_init (&place, self, file, facts->page);

  for (guint i = 0; i < porch_page_get_n_links (facts->page); i++)
    if (!is_connected (facts, porch_page_get_link (facts->page, i)))
      judge_link (&place, porch_page_get_link (facts->page, i));

  judge_page (&place);
  porch_place_clear (&place);
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
      const PorchFile *file;

      if (i >= self->scan->files->len || g_atomic_int_get (&self->scan->cancelled))
        return TRUE;

      file = g_ptr_array_index (self->scan->files, i);
      if (file->sha256 != NULL)
        judge_file (self, file, &self->facts[i]);
    }
}

/* When the threads are through. */
void
porch_check_finish (PorchCheck *self)
{
  GHashTableIter iter;
  gpointer problem;

  porch_check_judge_lost_forms (self);
  porch_check_judge_form_path (self);

  g_hash_table_iter_init (&iter, self->problems);
  while (g_hash_table_iter_next (&iter, NULL, &problem))
    g_ptr_array_add (self->scan->findings, porch_problem_to_finding (problem));
}

/* What was found out about copies, to be remembered; NULL if there are none */
GPtrArray *
porch_check_get_fresh (PorchCheck *self)
{
  return self->renditions != NULL ? porch_renditions_get_fresh (self->renditions) : NULL;
}
