/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-content-type.h"

#include <gio/gio.h>
#include <string.h>

typedef struct
{
  const char *ending;
  const char *type;
} EndingType;

/* What the web expects, where shared-mime-info has no entry, an older one, or one that depends on what is
 * installed. Sorted by ending. */
static const EndingType ending_types[] = {
  { "3gp", "video/3gpp" },
  { "7z", "application/x-7z-compressed" },
  { "aac", "audio/aac" },
  { "aif", "audio/aiff" },
  { "aiff", "audio/aiff" },
  { "apk", "application/vnd.android.package-archive" },
  { "apng", "image/apng" },
  { "appcache", "text/cache-manifest" },
  { "asc", "text/plain" },
  { "atom", "application/atom+xml" },
  { "avi", "video/x-msvideo" },
  { "avif", "image/avif" },
  { "bin", "application/octet-stream" },
  { "bmp", "image/bmp" },
  { "bz2", "application/x-bzip2" },
  { "cjs", "text/javascript" },
  { "crx", "application/x-chrome-extension" },
  { "css", "text/css" },
  { "csv", "text/csv" },
  { "cur", "image/x-icon" },
  { "deb", "application/vnd.debian.binary-package" },
  { "dmg", "application/x-apple-diskimage" },
  { "doc", "application/msword" },
  { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
  { "eot", "application/vnd.ms-fontobject" },
  { "epub", "application/epub+zip" },
  { "exe", "application/vnd.microsoft.portable-executable" },
  { "flac", "audio/flac" },
  { "geojson", "application/geo+json" },
  { "gif", "image/gif" },
  { "glb", "model/gltf-binary" },
  { "gltf", "model/gltf+json" },
  { "gpx", "application/gpx+xml" },
  { "gz", "application/gzip" },
  { "heic", "image/heic" },
  { "heif", "image/heif" },
  { "htm", "text/html" },
  { "html", "text/html" },
  { "ico", "image/x-icon" },
  { "ics", "text/calendar" },
  { "importmap", "application/importmap+json" },
  { "iso", "application/vnd.efi.iso" },
  { "jar", "application/java-archive" },
  { "jfif", "image/jpeg" },
  { "jpe", "image/jpeg" },
  { "jpeg", "image/jpeg" },
  { "jpg", "image/jpeg" },
  { "js", "text/javascript" },
  { "json", "application/json" },
  { "json5", "application/json5" },
  { "jsonl", "application/jsonl" },
  { "jsonld", "application/ld+json" },
  { "jxl", "image/jxl" },
  { "kml", "application/vnd.google-earth.kml+xml" },
  { "kmz", "application/vnd.google-earth.kmz" },
  { "log", "text/plain" },
  { "m3u", "application/vnd.apple.mpegurl" },
  { "m3u8", "application/vnd.apple.mpegurl" },
  { "m4a", "audio/mp4" },
  { "m4b", "audio/mp4" },
  { "m4s", "video/iso.segment" },
  { "m4v", "video/mp4" },
  { "map", "application/json" },
  { "md", "text/markdown" },
  { "mid", "audio/midi" },
  { "midi", "audio/midi" },
  { "mjs", "text/javascript" },
  { "mkv", "video/x-matroska" },
  { "mobileconfig", "application/x-apple-aspen-config" },
  { "mov", "video/quicktime" },
  { "mp3", "audio/mpeg" },
  { "mp4", "video/mp4" },
  { "mpd", "application/dash+xml" },
  { "mpeg", "video/mpeg" },
  { "mpg", "video/mpeg" },
  { "mtl", "model/mtl" },
  { "ndjson", "application/x-ndjson" },
  { "obj", "model/obj" },
  { "odp", "application/vnd.oasis.opendocument.presentation" },
  { "ods", "application/vnd.oasis.opendocument.spreadsheet" },
  { "odt", "application/vnd.oasis.opendocument.text" },
  { "oga", "audio/ogg" },
  { "ogg", "audio/ogg" },
  { "ogv", "video/ogg" },
  { "ogx", "application/ogg" },
  { "opml", "application/xml" },
  { "opus", "audio/ogg" },
  { "otf", "font/otf" },
  { "pdf", "application/pdf" },
  { "pjpeg", "image/jpeg" },
  { "pkpass", "application/vnd.apple.pkpass" },
  { "png", "image/png" },
  { "ppt", "application/vnd.ms-powerpoint" },
  { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
  { "rar", "application/vnd.rar" },
  { "rdf", "application/rdf+xml" },
  { "rss", "application/rss+xml" },
  { "rtf", "application/rtf" },
  { "shtml", "text/html" },
  { "sig", "application/pgp-signature" },
  { "srt", "text/plain" },
  { "stl", "model/stl" },
  { "svg", "image/svg+xml" },
  { "tar", "application/x-tar" },
  { "tgz", "application/gzip" },
  { "tif", "image/tiff" },
  { "tiff", "image/tiff" },
  { "toml", "application/toml" },
  { "topojson", "application/json" },
  { "torrent", "application/x-bittorrent" },
  { "ttc", "font/collection" },
  { "ttf", "font/ttf" },
  { "txt", "text/plain" },
  { "usdz", "model/vnd.usdz+zip" },
  { "vcf", "text/vcard" },
  { "vtt", "text/vtt" },
  { "wasm", "application/wasm" },
  { "wav", "audio/wav" },
  { "weba", "audio/webm" },
  { "webm", "video/webm" },
  { "webmanifest", "application/manifest+json" },
  { "webp", "image/webp" },
  { "woff", "font/woff" },
  { "woff2", "font/woff2" },
  { "xht", "application/xhtml+xml" },
  { "xhtml", "application/xhtml+xml" },
  { "xls", "application/vnd.ms-excel" },
  { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
  { "xml", "application/xml" },
  { "xpi", "application/x-xpinstall" },
  { "xsl", "application/xml" },
  { "xslt", "application/xml" },
  { "xz", "application/x-xz" },
  { "yaml", "application/yaml" },
  { "yml", "application/yaml" },
  { "zip", "application/zip" },
  { "zst", "application/zstd" },
};

static int
compare_ending (gconstpointer key,
                gconstpointer member)
{
  const EndingType *entry = member;

  return g_ascii_strcasecmp (key, entry->ending);
}

static const char *
get_name (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash != NULL ? slash + 1 : path;
}

/* The ending after the last dot; none for dot-files such as .htaccess */
static const char *
get_ending (const char *path)
{
  const char *name = get_name (path);
  const char *dot = strrchr (name, '.');

  return dot != NULL && dot != name && dot[1] != '\0' ? dot + 1 : NULL;
}

static gboolean
begins_as_html (const guint8 *head,
                gsize         length)
{
  static const char * const starts[] = { "<!doctype html", "<html" };
  gsize skip = 0;

  if (length >= 3 && memcmp (head, "\xef\xbb\xbf", 3) == 0)
    skip = 3;

  while (skip < length && g_ascii_isspace (head[skip]))
    skip++;

  for (gsize i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      gsize start_length = strlen (starts[i]);

      if (length - skip >= start_length && g_ascii_strncasecmp ((const char *) head + skip, starts[i], start_length) == 0)
        return TRUE;
    }

  return FALSE;
}

static char *
guess_from_system (const char   *path,
                   const guint8 *head,
                   gsize         head_length,
                   gboolean      is_utf8)
{
  g_autofree char *content_type = NULL;
  g_autofree char *type = NULL;
  gboolean uncertain = FALSE;

  content_type = g_content_type_guess (get_name (path), head, head_length, &uncertain);
  type = g_content_type_get_mime_type (content_type);

  if (type == NULL ||
      g_str_equal (type, "application/octet-stream") ||
      g_str_equal (type, "application/x-zerosize"))
    return g_strdup (is_utf8 ? "text/plain" : "application/octet-stream");

  /* Sources of programs and the like: browsers show plain text and save what they don't know. */
  if (g_str_has_prefix (type, "text/x-") || g_str_has_prefix (type, "text/vnd."))
    return g_strdup ("text/plain");

  return g_steal_pointer (&type);
}

static char *
guess_type (const char   *path,
            const guint8 *head,
            gsize         head_length,
            gboolean      is_utf8)
{
  const char *ending = get_ending (path);
  const EndingType *entry = NULL;

  if (ending != NULL)
    entry = bsearch (ending, ending_types, G_N_ELEMENTS (ending_types), sizeof ending_types[0], compare_ending);

  if (entry != NULL)
    return g_strdup (entry->type);

  /* Both a video stream's piece and a TypeScript source; only the first starts with its sync byte. */
  if (ending != NULL && g_ascii_strcasecmp (ending, "ts") == 0)
    return g_strdup (head_length > 0 && head[0] == 0x47 && !is_utf8 ? "video/mp2t" : "text/plain");

  if (ending == NULL)
    {
      if (g_str_equal (get_name (path), "apple-app-site-association"))
        return g_strdup ("application/json");

      if (begins_as_html (head, head_length))
        return g_strdup ("text/html");
    }

  return guess_from_system (path, head, head_length, is_utf8);
}

/* The encoding that a page or style sheet in another encoding than UTF-8 says it is in. */
static char *
find_declared_charset (const char   *type,
                       const guint8 *head,
                       gsize         length)
{
  g_autoptr(GMatchInfo) match = NULL;
  g_autoptr(GRegex) regex = NULL;
  g_autofree char *text = NULL;
  g_autofree char *charset = NULL;
  const char *pattern;

  if (g_str_equal (type, "text/html"))
    pattern = "<meta[^>]*charset\\s*=\\s*[\"']?\\s*([A-Za-z0-9_:.-]+)";
  else if (g_str_equal (type, "text/css"))
    pattern = "^@charset \"([A-Za-z0-9_:.-]+)\";";
  else
    return NULL;

  text = g_strndup ((const char *) head, length);
  regex = g_regex_new (pattern, G_REGEX_CASELESS | G_REGEX_RAW, G_REGEX_MATCH_DEFAULT, NULL);

  if (!g_regex_match (regex, text, G_REGEX_MATCH_DEFAULT, &match))
    return NULL;

  charset = g_match_info_fetch (match, 1);

  /* It says so, but it is not: leave the decision to the browser. */
  if (g_ascii_strncasecmp (charset, "utf", 3) == 0)
    return NULL;

  return g_ascii_strdown (charset, -1);
}

/**
 * porch_content_type_guess:
 * @path: path of the file, relative or not
 * @head: (array length=head_length) (nullable): the beginning of its content
 * @head_length: how much of it; [const@Porch.CONTENT_TYPE_HEAD] bytes are enough
 * @is_utf8: whether the whole content is UTF-8
 *
 * Finds the Content-Type to serve a file with. Text gets a charset: UTF-8 when that is what it is, else the one that
 * it declares; a text that is neither gets none, so that browsers look for themselves.
 *
 * Returns: (transfer full): value of the Content-Type header
 */
char *
porch_content_type_guess (const char   *path,
                          const guint8 *head,
                          gsize         head_length,
                          gboolean      is_utf8)
{
  g_autofree char *type = NULL;
  g_autofree char *charset = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  type = guess_type (path, head, head_length, is_utf8);

  if (!porch_content_type_is_text (type))
    return g_steal_pointer (&type);

  if (is_utf8)
    return g_strconcat (type, "; charset=utf-8", NULL);

  charset = find_declared_charset (type, head, head_length);

  if (charset != NULL)
    return g_strconcat (type, "; charset=", charset, NULL);

  return g_steal_pointer (&type);
}

gboolean
porch_content_type_is_text (const char *type)
{
  g_return_val_if_fail (type != NULL, FALSE);

  return g_str_has_prefix (type, "text/");
}

/**
 * porch_content_type_is_page:
 * @type: a Content-Type
 *
 * Returns: whether browsers show it as a page
 */
gboolean
porch_content_type_is_page (const char *type)
{
  g_return_val_if_fail (type != NULL, FALSE);

  return g_str_has_prefix (type, "text/html") || g_str_has_prefix (type, "application/xhtml+xml");
}

static gboolean
is_one_of (const char         *ending,
           const char * const *endings)
{
  for (gsize i = 0; ending != NULL && endings[i] != NULL; i++)
    if (g_ascii_strcasecmp (ending, endings[i]) == 0)
      return TRUE;

  return FALSE;
}

/* Digits and letters a-f in one case, and mixed, so that neither a date nor a word is taken for one, nor a word with a year
 * behind it: cafe2024 */
static gboolean
is_hex_hash (const char *text,
             gsize       length,
             gsize       least)
{
  gboolean lower = FALSE;
  gboolean upper = FALSE;
  guint switches = 0;

  if (length < least || length > 128)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isxdigit (text[i]))
        return FALSE;

      lower |= g_ascii_islower (text[i]);
      upper |= g_ascii_isupper (text[i]);
      switches += i > 0 && g_ascii_isdigit (text[i]) != g_ascii_isdigit (text[i - 1]);
    }

  return lower != upper && switches >= 2;
}

/* esbuild and Angular: eight of A-Z and 2-7, and not a word with a number behind it: VERSION2 */
static gboolean
is_base32_hash (const char *text,
                gsize       length)
{
  gboolean upper = FALSE;
  gboolean upper_after_digit = FALSE;
  gboolean digit = FALSE;

  if (length != 8)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (text[i] >= '2' && text[i] <= '7')
        {
          digit = TRUE;
        }
      else if (g_ascii_isupper (text[i]))
        {
          upper = TRUE;
          upper_after_digit |= digit;
        }
      else
        {
          return FALSE;
        }
    }

  return upper && upper_after_digit;
}

static char
get_kind (char c)
{
  if (g_ascii_isdigit (c))
    return 'd';
  if (g_ascii_islower (c))
    return 'l';
  if (g_ascii_isupper (c))
    return 'u';

  return c == '-' || c == '_' ? 's' : 0;
}

/* Vite and Rollup: eight of base64url. Words in CamelCase, with numbers, are eight letters too: NavPanel, Web3Auth, jQuery36;
 * so it must look thrown together. */
static gboolean
is_base64_hash (const char *text,
                gsize       length)
{
  gboolean digit = FALSE;
  gboolean lower = FALSE;
  gboolean upper = FALSE;
  guint switches = 0;

  if (length != 8)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      char kind = get_kind (text[i]);

      if (kind == 0)
        return FALSE;

      digit |= kind == 'd';
      lower |= kind == 'l';
      upper |= kind == 'u';
      switches += i > 0 && kind != get_kind (text[i - 1]);
    }

  return lower && upper && switches >= (digit ? 3 : 4) &&
         !g_regex_match_simple ("^[a-z]?([A-Z]?[a-z]{2,}|[0-9]+|[-_])+$", text, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT);
}

/* Folders in which a builder puts nothing but names that change with their content */
static gboolean
is_in_builder_folder (const char *path)
{
  static const char * const folders[] = { "_next/static/", "_app/immutable/", "_astro/", "_nuxt/" };

  for (gsize i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      const char *found = strstr (path, folders[i]);

      if (found != NULL && (found == path || found[-1] == '/') && strstr (found, "_nuxt/builds/") == NULL)
        return TRUE;
    }

  return FALSE;
}

/* Hugo: picture_hu_1a2b3c4d5e6f7a8b.webp, before picture_hu3d03a01dcc18bc5be0e67db3d8d209a6_1234_300x0_resize_q75.jpg */
static gboolean
has_hugo_hash (const char *stem)
{
  g_autoptr(GRegex) regex = g_regex_new ("_hu_?([0-9a-f]{16,})(_|$)", G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  int start;
  int end;

  return g_regex_match (regex, stem, G_REGEX_MATCH_DEFAULT, &match) &&
         g_match_info_fetch_pos (match, 1, &start, &end) &&
         is_hex_hash (stem + start, end - start, 16);
}

/* Gatsby: /static/<md5>/<size>/picture.jpg */
static gboolean
has_hashed_folder (const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);

  for (gsize i = 1; parts[i] != NULL && parts[i + 1] != NULL; i++)
    if (g_str_equal (parts[i - 1], "static") && is_hex_hash (parts[i], strlen (parts[i]), 32))
      return TRUE;

  return FALSE;
}

static gboolean
is_in_assets_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const char *name = get_name (folder);

  return g_str_equal (name, "assets") || g_str_equal (name, "chunks") || g_str_equal (name, "_assets");
}

/**
 * porch_content_type_is_fingerprinted:
 * @path: path of a file in a site
 *
 * Finds out whether a builder made the name from the content, so that another content will have another name:
 * `main.8d3f2a1b.js`, `app-0a1b2c3d4e5f.css`, `main-QZ3K7WEA.js`, `assets/index-B4x9d8Kf.js`. When in doubt it says no,
 * since a wrong yes would leave visitors with an old file.
 *
 * Returns: whether the name is a fingerprint of the content
 */
gboolean
porch_content_type_is_fingerprinted (const char *path)
{
  static const char * const code_endings[] = { "js", "mjs", "css", "map", "wasm", "woff", "woff2", NULL };
  static const char * const picture_endings[] = {
    "avif", "eot", "gif", "ico", "jpeg", "jpg", "json", "mp3", "mp4", "otf", "png", "svg", "ttf", "webm", "webmanifest", "webp", NULL
  };
  static const char * const inner_endings[] = { "min", "chunk", "bundle", "js", "mjs", "css", "module", "lean", NULL };
  const char *ending;
  const char *hash;
  g_autofree char *stem = NULL;
  gboolean is_code;
  char *dot;

  g_return_val_if_fail (path != NULL, FALSE);

  ending = get_ending (path);

  if (ending == NULL)
    return FALSE;

  if (is_in_builder_folder (path) || has_hashed_folder (path))
    return TRUE;

  /* main.8d3f2a1b.chunk.js.map */
  stem = g_strndup (get_name (path), ending - 1 - get_name (path));
  while ((dot = strrchr (stem, '.')) != NULL && is_one_of (dot + 1, inner_endings))
    *dot = '\0';

  if (is_hex_hash (stem, strlen (stem), 16) || has_hugo_hash (stem))
    return TRUE;

  is_code = is_one_of (ending, code_endings);

  for (hash = stem + strlen (stem); hash > stem && strchr ("-._", hash[-1]) == NULL; hash--)
    ;

  /* Documents and downloads have numbers in their names that look like short ones. */
  if (hash - stem > 1 && is_hex_hash (hash, strlen (hash), is_code || is_one_of (ending, picture_endings) ? 8 : 16))
    return TRUE;

  if (!is_code)
    return FALSE;

  if (hash - stem > 1 && is_base32_hash (hash, strlen (hash)))
    return TRUE;

  /* The hash may hold the separator itself, so it is counted from the end. */
  if (strlen (stem) > 9 && is_in_assets_folder (path))
    {
      hash = stem + strlen (stem) - 8;

      return (hash[-1] == '-' || hash[-1] == '.') && is_base64_hash (hash, 8);
    }

  return FALSE;
}

/**
 * porch_cache_rule_for:
 * @path: path of a file in a site
 * @type: its Content-Type
 *
 * Returns: how long it may be kept
 */
PorchCacheRule
porch_cache_rule_for (const char *path,
                      const char *type)
{
  g_return_val_if_fail (path != NULL, PORCH_CACHE_REST);
  g_return_val_if_fail (type != NULL, PORCH_CACHE_REST);

  if (porch_content_type_is_page (type))
    return PORCH_CACHE_PAGE;

  if (porch_content_type_is_fingerprinted (path))
    return PORCH_CACHE_ASSET;

  return PORCH_CACHE_REST;
}

/**
 * porch_cache_rule_get_header:
 * @rule: a cache rule
 *
 * Returns: value of the Cache-Control header
 */
const char *
porch_cache_rule_get_header (PorchCacheRule rule)
{
  switch (rule)
    {
    case PORCH_CACHE_PAGE:
      return "public, max-age=0, s-maxage=31536000, must-revalidate";
    case PORCH_CACHE_ASSET:
      return "public, max-age=31536000, immutable";
    case PORCH_CACHE_REST:
      return "public, max-age=300, s-maxage=31536000";
    default:
      g_return_val_if_reached ("no-store");
    }
}

/**
 * porch_cache_header_is_immutable:
 * @header: value of a Cache-Control header
 *
 * Returns: whether it is that of a fingerprinted file
 */
gboolean
porch_cache_header_is_immutable (const char *header)
{
  g_return_val_if_fail (header != NULL, FALSE);

  return strstr (header, "immutable") != NULL;
}
