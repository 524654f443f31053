/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-local-links.h"

#include <string.h>

/* What changes must change byte for byte, and the HTML parser of libxml2 tells the line of an address but not its place: pages
 * are gone through here only as far as it takes to know what an address is part of. */

/* Deeper folders are not tried as the one that the site was made from. */
#define MAX_DEPTH 24

/* What a place in a file is part of */
typedef enum
{
  IN_TEXT,        /* people read it */
  IN_VALUE,       /* an attribute */
  IN_SCRIPT,
  IN_STYLE,
  IN_XML,
} Context;

/* The state of going through a page. */
typedef struct
{
  const char *text;
  const char *end;
  const char *at;
  const char *start;      /* of the part that @at lies in */
  const char *tag;        /* the name of the element whose attributes are gone through, else NULL */
  const char *name;       /* of the attribute */
  gsize       name_length;
  char        quote;      /* around its value */
  Context     context;
} Walk;

struct _PorchLocalBases
{
  PorchLocalExistsFunc  exists;
  gpointer              data;
  GHashTable           *paths;    /* origin -> set of paths */
  GHashTable           *bases;    /* origin -> base */
};

static void
clear_link (gpointer data)
{
  PorchLocalLink *link = data;

  g_free (link->origin);
  g_free (link->path);
}

/**
 * porch_local_kind_for_type:
 * @type: (nullable): a Content-Type
 *
 * Returns: how addresses stand in files of that type
 */
PorchLocalKind
porch_local_kind_for_type (const char *type)
{
  static const struct
  {
    const char     *type;
    PorchLocalKind  kind;
  } kinds[] = {
    { "text/html", PORCH_LOCAL_PAGE },
    { "application/xhtml", PORCH_LOCAL_PAGE },
    { "text/css", PORCH_LOCAL_STYLE },
    { "text/javascript", PORCH_LOCAL_SCRIPT },
    { "application/javascript", PORCH_LOCAL_SCRIPT },
    { "application/json", PORCH_LOCAL_SCRIPT },
    { "application/ld+json", PORCH_LOCAL_SCRIPT },
    { "application/manifest+json", PORCH_LOCAL_SCRIPT },
    { "application/xml", PORCH_LOCAL_XML },
    { "application/rss", PORCH_LOCAL_XML },
    { "application/atom", PORCH_LOCAL_XML },
    { "text/xml", PORCH_LOCAL_XML },
    { "image/svg", PORCH_LOCAL_XML },
  };

  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_has_prefix (type, kinds[i].type))
      return kinds[i].kind;

  return PORCH_LOCAL_NONE;
}

static gboolean
host_ends_in (const char *host,
              gsize       length,
              const char *ending)
{
  gsize n = strlen (ending);

  return length > n && g_ascii_strncasecmp (host + length - n, ending, n) == 0;
}

/**
 * porch_local_is_host:
 * @rest: what follows the two slashes of an address
 *
 * Returns: whether that names a computer that visitors can't reach: the owner's own, or one of a home network
 */
gboolean
porch_local_is_host (const char *rest)
{
  static const char * const hosts[] = { "localhost", "127.0.0.1", "0.0.0.0", "[::1]", NULL };
  gsize length = strcspn (rest, "/?#\\\"'<> \t\r\n");
  gsize bare = *rest == '[' ? length : MIN (length, strcspn (rest, ":"));

  if (*rest == '[')
    {
      const char *end = memchr (rest, ']', length);

      bare = end != NULL ? (gsize) (end + 1 - rest) : length;
    }

  for (guint i = 0; hosts[i] != NULL; i++)
    if (strlen (hosts[i]) == bare && g_ascii_strncasecmp (rest, hosts[i], bare) == 0)
      return TRUE;

  /* Names that only a home network or a developer's computer knows */
  return host_ends_in (rest, bare, ".local") || host_ends_in (rest, bare, ".test") || host_ends_in (rest, bare, ".localhost");
}

static gsize
skip_slashes (const char *address)
{
  if (g_str_has_prefix (address, "//"))
    return 2;

  return g_str_has_prefix (address, "\\/\\/") ? 4 : 0;
}

/* The path as it is meant: without the backslashes of scripts, decoded */
static char *
decode_path (const char *path)
{
  g_autoptr(GString) plain = g_string_new (NULL);
  gsize length = strcspn (path, "?#");
  char *decoded;

  for (gsize i = 0; i < length; i++)
    if (path[i] != '\\' || path[i + 1] != '/')
      g_string_append_c (plain, path[i]);

  if (plain->len == 0)
    g_string_append_c (plain, '/');

  decoded = g_uri_unescape_string (plain->str, NULL);

  if (decoded != NULL && g_utf8_validate (decoded, -1, NULL))
    return decoded;

  g_free (decoded);

  return NULL;
}

/**
 * porch_local_link_parse:
 * @address: an address, alone
 * @origin: (out) (optional): where it leads
 * @path: (out) (optional): the path there, decoded
 * @path_offset: (out) (optional): where the path begins in @address
 *
 * Takes an address apart that leads to the computer of its owner.
 *
 * Returns: whether it does
 */
gboolean
porch_local_link_parse (const char  *address,
                        char       **origin,
                        char       **path,
                        gsize       *path_offset)
{
  gboolean is_file = g_ascii_strncasecmp (address, "file:", 5) == 0;
  gsize scheme = is_file ? 5 : g_ascii_strncasecmp (address, "http:", 5) == 0 ? 5 : g_ascii_strncasecmp (address, "https:", 6) == 0 ? 6 : 0;
  gsize slashes = skip_slashes (address + scheme);
  const char *host = address + scheme + slashes;
  g_autofree char *decoded = NULL;
  gsize length;

  if (slashes == 0 || (!is_file && !porch_local_is_host (host)))
    return FALSE;

  length = strcspn (host, "/\\?#");
  if (is_file && length > 0 && g_ascii_strncasecmp (host, "localhost", length) != 0)
    return FALSE;

  if ((decoded = decode_path (host + length)) == NULL)
    return FALSE;

  if (origin != NULL)
    *origin = is_file ? g_strdup ("file:") : g_ascii_strdown (host, length);
  if (path != NULL)
    *path = g_steal_pointer (&decoded);
  if (path_offset != NULL)
    *path_offset = host + length - address;

  return TRUE;
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static gboolean
starts_with (const char *at,
             const char *end,
             const char *prefix)
{
  gsize length = strlen (prefix);

  return (gsize) (end - at) >= length && g_ascii_strncasecmp (at, prefix, length) == 0;
}

/* The end of a script or style sheet inside a page */
static const char *
find_close (const char *from,
            const char *end,
            const char *tag)
{
  for (const char *p = from; (p = memmem (p, end - p, "</", 2)) != NULL; p += 2)
    if (starts_with (p + 2, end, tag))
      return p;

  return end;
}

/* Takes the walk to the end of the next attribute of an element, or past the element's end. FALSE at its end */
static gboolean
walk_attribute (Walk *walk)
{
  const char *p = walk->at;

  if (walk->quote != '\0' && p < walk->end && *p == walk->quote)
    p++;
  walk->quote = '\0';

  while (p < walk->end && (is_space (*p) || *p == '/'))
    p++;

  if (p >= walk->end || *p == '>')
    {
      walk->at = MIN (p + 1, walk->end);
      return FALSE;
    }

  walk->name = p;
  while (p < walk->end && !is_space (*p) && *p != '=' && *p != '>' && (*p != '/' || p == walk->name))
    p++;
  walk->name_length = p - walk->name;
  while (p < walk->end && is_space (*p))
    p++;

  walk->start = walk->at = p;
  walk->context = IN_TEXT;
  if (p >= walk->end || *p != '=')
    return TRUE;

  p++;
  while (p < walk->end && is_space (*p))
    p++;

  walk->context = IN_VALUE;
  walk->start = p;
  if (p < walk->end && (*p == '"' || *p == '\''))
    {
      const char *close = memchr (p + 1, *p, walk->end - p - 1);

      walk->quote = *p;
      walk->start = p + 1;
      walk->at = close != NULL ? close : walk->end;
      return TRUE;
    }

  while (p < walk->end && !is_space (*p) && *p != '>')
    p++;
  walk->at = p;

  return TRUE;
}

/* Whether the part that was walked over holds @place; else the walk has gone on. */
static gboolean
holds (const Walk *walk,
       const char *place)
{
  return place >= walk->start && place < walk->at;
}

/* Goes through the attributes of an element until what @place is part of is known. FALSE at the end of the element */
static gboolean
walk_element (Walk       *walk,
              const char *place)
{
  while (walk_attribute (walk))
    if (walk->at > place)
      {
        if (!holds (walk, place))
          walk->context = IN_TEXT;
        return TRUE;
      }

  return FALSE;
}

/* Whether the element whose name begins at @name has content of its own kind; goes over that */
static gboolean
walk_content (Walk       *walk,
              const char *name,
              const char *place)
{
  gboolean is_script = starts_with (name, walk->end, "script");

  if (!is_script && !starts_with (name, walk->end, "style"))
    return FALSE;

  walk->start = walk->at;
  walk->at = find_close (walk->at, walk->end, is_script ? "script" : "style");
  walk->context = is_script ? IN_SCRIPT : IN_STYLE;

  return holds (walk, place);
}

/* Goes on to the next element, or over a comment. FALSE if @place comes before */
static gboolean
walk_text (Walk       *walk,
           const char *place)
{
  const char *tag = memchr (walk->at, '<', walk->end - walk->at);
  const char *close;

  walk->context = IN_TEXT;
  if (tag == NULL || tag > place)
    {
      walk->start = walk->at;
      walk->at = tag != NULL ? tag : walk->end;
      return FALSE;
    }

  walk->at = tag + 1;

  if (starts_with (tag, walk->end, "<!--"))
    {
      close = memmem (tag + 4, walk->end - tag - 4, "-->", 3);
      walk->at = close != NULL ? close + 3 : walk->end;
    }
  else if (walk->at < walk->end && g_ascii_isalpha (*walk->at))
    {
      walk->tag = walk->at;
      while (walk->at < walk->end && !is_space (*walk->at) && *walk->at != '>' && *walk->at != '/')
        walk->at++;
    }

  return TRUE;
}

/* Goes on until what @place is part of is known; places come in their order. */
static void
walk_to (Walk       *walk,
         const char *place)
{
  if (walk->context != IN_TEXT && holds (walk, place))
    return;

  while (walk->at < walk->end && walk->at <= place)
    {
      if (walk->tag == NULL && !walk_text (walk, place))
        return;

      if (walk->tag != NULL)
        {
          const char *tag = walk->tag;

          if (walk_element (walk, place))
            return;

          walk->tag = NULL;
          if (walk_content (walk, tag, place))
            return;
        }

      walk->context = IN_TEXT;
    }
}

/* Words for people may name an address, and so may values that programs take apart. */
static gboolean
is_for_people (const Walk *walk)
{
  static const char * const names[] = { "title", "alt", "placeholder", "value", "aria-label", "label", "summary" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (walk->name_length == strlen (names[i]) && g_ascii_strncasecmp (walk->name, names[i], walk->name_length) == 0)
      return TRUE;

  return FALSE;
}

/* Whether an address can begin here, and not in the middle of another or of a sentence */
static gboolean
is_beginning (const Walk *walk,
              const char *place)
{
  char before = place > walk->start ? place[-1] : '\0';

  if (walk->context == IN_TEXT)
    return FALSE;

  if (before == '"' || before == '\'' || before == '(' || (before == ';' && walk->context != IN_SCRIPT))
    return TRUE;

  switch (walk->context)
    {
    case IN_VALUE:
      return before == '\0' || is_space (before) || before == ',' ||
             (place - walk->start >= 4 && g_ascii_strncasecmp (place - 4, "url=", 4) == 0);
    case IN_STYLE:
      return is_space (before) && place - walk->start > 4;
    case IN_SCRIPT:
      return before == '`';
    case IN_XML:
      return before == '\0' || before == '>' || before == '[' || is_space (before);
    case IN_TEXT:
    default:
      return FALSE;
    }
}

static gboolean
is_in_comment (const Walk *walk,
               const char *place)
{
  const char *open = NULL;

  for (const char *p = walk->start; (p = memmem (p, place - p, "/*", 2)) != NULL;)
    {
      const char *close = memmem (p + 2, place - p - 2, "*/", 2);

      if (close == NULL)
        {
          open = p;
          break;
        }
      p = close + 2;
    }

  return open != NULL;
}

/* Where the address ends that begins at @place */
static const char *
find_end (const Walk *walk,
          const char *place,
          const char *limit)
{
  static const char * const entities[] = { "&quot;", "&#34;", "&#39;", "&#039;", "&apos;", "&lt;", "&gt;", "&#x27;", "&#x22;" };
  gboolean is_bracketed = place > walk->start && place[-1] == '(';
  const char *p = place;

  for (; p < limit; p++)
    {
      if ((guchar) *p <= ' ' || strchr ("\"'<>`", *p) != NULL || (*p == ')' && is_bracketed) ||
          (*p == ']' && walk->context == IN_XML) ||
          (*p == '\\' && (p + 1 >= limit || p[1] != '/')))
        break;

      if (*p == '&')
        for (gsize i = 0; i < G_N_ELEMENTS (entities); i++)
          if (starts_with (p, limit, entities[i]))
            return p;
    }

  /* In a list of pictures, a comma belongs to the list. */
  while (walk->context == IN_VALUE && p > place && p[-1] == ',')
    p--;

  return p;
}

/* Where an address begins that has its two slashes at @slashes; NULL if it can't be a local one */
static const char *
find_beginning (const char *text,
                const char *end,
                const char *slashes,
                gsize       n)
{
  static const char * const schemes[] = { "https:", "http:", "file:" };

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize length = strlen (schemes[i]);

      if ((gsize) (slashes - text) >= length && g_ascii_strncasecmp (slashes - length, schemes[i], length) == 0)
        return i == 2 || porch_local_is_host (slashes + n) ? slashes - length : NULL;
    }

  return slashes > text && slashes[-1] != ':' && porch_local_is_host (slashes + n) ? slashes : NULL;
}

/* Where the search goes on: behind the address, if it is one */
static const char *
add_link (GArray     *links,
          const Walk *walk,
          const char *place,
          guint       line)
{
  const char *end = find_end (walk, place, walk->context == IN_XML ? walk->end : walk->at);
  g_autofree char *address = g_strndup (place, end - place);
  PorchLocalLink link = { .offset = place - walk->text, .end = end - walk->text, .line = line };

  if (!porch_local_link_parse (address, &link.origin, &link.path, &link.path_offset))
    return NULL;

  link.is_in_script = walk->context == IN_SCRIPT;

  /* Scripts put paths behind a bare computer, so that it has no replacement there. */
  if (link.is_in_script && place + link.path_offset == end)
    {
      clear_link (&link);
      return NULL;
    }

  link.is_escaped = strstr (address, "\\/") != NULL;
  link.path_offset += link.offset;
  g_array_append_val (links, link);

  return end;
}

static guint
count_lines (const char *from,
             const char *to)
{
  guint n = 0;

  while ((from = memchr (from, '\n', to - from)) != NULL)
    {
      n++;
      from++;
    }

  return n;
}

/* The next two slashes, plain or as scripts write them */
static const char *
find_slashes (const char *from,
              const char *end,
              gsize      *n)
{
  for (const char *p = from; p < end && (p = memchr (p, '/', end - p)) != NULL; p++)
    {
      if (p + 1 < end && p[1] == '/')
        {
          *n = 2;
          return p;
        }
      if (p > from && p[-1] == '\\' && p + 2 < end && p[1] == '\\' && p[2] == '/')
        {
          *n = 4;
          return p - 1;
        }
    }

  return NULL;
}

/**
 * porch_local_links_find:
 * @text: (array length=length): a file, followed by a zero byte
 * @length: its length in bytes
 * @kind: how addresses stand in it
 *
 * Finds the addresses that only the computer of the owner knows, where a browser or a program follows them: not in what
 * people read, nor in comments.
 *
 * Returns: (transfer full) (element-type PorchLocalLink) (nullable): the addresses in their order, %NULL if there is none
 */
GArray *
porch_local_links_find (const char     *text,
                        gsize           length,
                        PorchLocalKind  kind)
{
  Walk walk = { .text = text, .end = text + length, .at = text, .start = text };
  GArray *links = NULL;
  const char *counted = text;
  const char *p = text;
  guint line = 1;
  gsize n = 0;

  if (kind == PORCH_LOCAL_NONE)
    return NULL;

  if (kind != PORCH_LOCAL_PAGE)
    {
      walk.context = kind == PORCH_LOCAL_STYLE ? IN_STYLE : kind == PORCH_LOCAL_SCRIPT ? IN_SCRIPT : IN_XML;
      walk.at = walk.end;
    }

  while ((p = find_slashes (p, walk.end, &n)) != NULL)
    {
      const char *place = find_beginning (text, walk.end, p, n);
      const char *after;

      p += n;
      if (place == NULL)
        continue;

      if (kind == PORCH_LOCAL_PAGE)
        walk_to (&walk, place);

      if (!is_beginning (&walk, place) || (walk.context == IN_VALUE && is_for_people (&walk)) ||
          (walk.context == IN_STYLE && is_in_comment (&walk, place)))
        continue;

      line += count_lines (counted, place);
      counted = place;

      if (links == NULL)
        {
          links = g_array_new (FALSE, FALSE, sizeof (PorchLocalLink));
          g_array_set_clear_func (links, clear_link);
        }

      if ((after = add_link (links, &walk, place, line)) != NULL)
        p = MAX (p, after);
    }

  return links;
}

/**
 * porch_local_bases_new:
 * @exists: tells whether the site has a file
 * @data: for @exists
 *
 * Returns: (transfer full): nothing known yet
 */
PorchLocalBases *
porch_local_bases_new (PorchLocalExistsFunc exists,
                       gpointer             data)
{
  PorchLocalBases *self = g_new0 (PorchLocalBases, 1);

  self->exists = exists;
  self->data = data;
  self->paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_hash_table_unref);
  self->bases = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return self;
}

/**
 * porch_local_bases_add:
 * @self: the bases
 * @links: (element-type PorchLocalLink): addresses of one file
 *
 * Takes note of addresses. All files come before porch_local_bases_elect().
 */
void
porch_local_bases_add (PorchLocalBases *self,
                       const GArray    *links)
{
  for (guint i = 0; i < links->len; i++)
    {
      const PorchLocalLink *link = &g_array_index (links, PorchLocalLink, i);
      GHashTable *paths = g_hash_table_lookup (self->paths, link->origin);

      if (paths == NULL)
        {
          paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
          g_hash_table_insert (self->paths, g_strdup (link->origin), paths);
        }

      g_hash_table_add (paths, g_strdup (link->path));
    }
}

static gboolean
exists (PorchLocalBases *self,
        const char      *path)
{
  g_autofree char *below = NULL;
  const char *name;

  while (*path == '/')
    path++;

  name = strrchr (path, '/');
  name = name != NULL ? name + 1 : path;

  if (*name != '\0' && self->exists (path, self->data))
    return TRUE;
  if (strchr (name, '.') != NULL)
    return FALSE;

  below = g_strconcat (path, *name != '\0' ? "/" : "", "index.html", NULL);

  return self->exists (below, self->data);
}

static gboolean
is_start (const char *path)
{
  return g_str_equal (path, "") || g_str_equal (path, "/") || g_str_equal (path, "/index.html");
}

/* Each address says which folders it could have been made in; its start page says nothing, every site has one. */
static void
count_votes (PorchLocalBases *self,
             GHashTable      *votes,
             const char      *path)
{
  guint depth = 0;

  for (const char *p = path; p != NULL && depth < MAX_DEPTH; p = strchr (p + 1, '/'), depth++)
    if ((p == path || !is_start (p)) && exists (self, p))
      {
        g_autofree char *base = g_strndup (path, p - path);
        guint n = GPOINTER_TO_UINT (g_hash_table_lookup (votes, base));

        g_hash_table_insert (votes, g_steal_pointer (&base), GUINT_TO_POINTER (n + 1));
      }
}

/**
 * porch_local_bases_elect:
 * @self: the bases
 *
 * Decides for each computer which of its folders is the site: the one in which most of the addresses lead to a file of the
 * site. Without any, none.
 */
void
porch_local_bases_elect (PorchLocalBases *self)
{
  GHashTableIter origins;
  gpointer origin;
  gpointer paths;

  g_hash_table_iter_init (&origins, self->paths);
  while (g_hash_table_iter_next (&origins, &origin, &paths))
    {
      g_autoptr(GHashTable) votes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      GHashTableIter iter;
      gpointer base;
      gpointer n;
      const char *best = NULL;
      guint most = 0;

      g_hash_table_iter_init (&iter, paths);
      while (g_hash_table_iter_next (&iter, &base, NULL))
        count_votes (self, votes, base);

      g_hash_table_iter_init (&iter, votes);
      while (g_hash_table_iter_next (&iter, &base, &n))
        if (GPOINTER_TO_UINT (n) > most || (GPOINTER_TO_UINT (n) == most && (strlen (base) < strlen (best) || (strlen (base) == strlen (best) && strcmp (base, best) < 0))))
          {
            most = GPOINTER_TO_UINT (n);
            best = base;
          }

      if (best != NULL)
        g_hash_table_insert (self->bases, g_strdup (origin), g_strdup (best));
    }
}

/* What of the path lies in the folder that the site was made from; NULL if the site has no such file. Scripts put paths
 * behind a bare folder, so that one has no replacement there. */
static const char *
find_rest (PorchLocalBases *self,
           const char      *origin,
           const char      *path,
           gboolean         is_in_script)
{
  const char *base = g_hash_table_lookup (self->bases, origin);
  gsize length = base != NULL ? strlen (base) : 0;

  if (base == NULL || strncmp (path, base, length) != 0 || (path[length] != '/' && path[length] != '\0'))
    return NULL;

  if (is_in_script && path[length] == '\0')
    return NULL;

  return exists (self, path + length) ? path + length : NULL;
}

/**
 * porch_local_bases_resolve:
 * @self: the bases, elected
 * @origin: where an address leads
 * @path: the path there
 * @is_in_script: whether the address stands in a script
 *
 * Returns: (transfer full) (nullable): the path of the same on the site, decoded and with its slash at the start; %NULL if
 *   the site has nothing there
 */
char *
porch_local_bases_resolve (PorchLocalBases *self,
                           const char      *origin,
                           const char      *path,
                           gboolean         is_in_script)
{
  const char *rest = find_rest (self, origin, path, is_in_script);

  return rest != NULL ? g_strdup (*rest != '\0' ? rest : "/") : NULL;
}

static guint
count_segments (const char *path)
{
  guint n = 0;

  for (; *path != '\0'; path++)
    n += *path == '/';

  return n;
}

/* The place in the file where the path goes on after so many folders */
static gsize
skip_segments (const char *text,
               gsize       at,
               gsize       end,
               guint       n)
{
  for (; at < end; at++)
    {
      gboolean is_escaped = text[at] == '\\' && at + 1 < end && text[at + 1] == '/';

      if (text[at] == '?' || text[at] == '#')
        return at;
      if ((text[at] == '/' || is_escaped) && n-- == 0)
        return at;
      at += is_escaped;
    }

  return at;
}

/**
 * porch_local_bases_rewrite:
 * @self: the bases, elected
 * @text: (array length=length): a file
 * @length: its length in bytes
 * @links: (element-type PorchLocalLink): its addresses, from [func@Porch.local_links_find]
 *
 * Makes the addresses that lead to files of the site begin at its top. Nothing else changes, byte for byte.
 *
 * Returns: (transfer full) (nullable): the file as it should be, or %NULL if there is nothing to change
 */
GByteArray *
porch_local_bases_rewrite (PorchLocalBases *self,
                           const char      *text,
                           gsize            length,
                           const GArray    *links)
{
  GByteArray *result = NULL;
  gsize told = 0;

  for (guint i = 0; i < links->len; i++)
    {
      const PorchLocalLink *link = &g_array_index (links, PorchLocalLink, i);
      const char *rest = find_rest (self, link->origin, link->path, link->is_in_script);
      gsize at;

      if (rest == NULL || link->end > length)
        continue;

      at = skip_segments (text, link->path_offset, link->end, count_segments (link->path) - count_segments (rest));

      if (result == NULL)
        result = g_byte_array_sized_new (length);
      g_byte_array_append (result, (const guint8 *) text + told, link->offset - told);
      if (at >= link->end || (text[at] != '/' && text[at] != '\\'))
        g_byte_array_append (result, (const guint8 *) (link->is_escaped ? "\\/" : "/"), link->is_escaped ? 2 : 1);
      told = at;
    }

  if (result != NULL)
    g_byte_array_append (result, (const guint8 *) text + told, length - told);

  return result;
}

/**
 * porch_local_bases_free:
 * @self: (transfer full): the bases
 *
 * Frees them.
 */
void
porch_local_bases_free (PorchLocalBases *self)
{
  g_hash_table_unref (self->paths);
  g_hash_table_unref (self->bases);
  g_free (self);
}
