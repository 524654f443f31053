/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-secret.h"

#include "porch-names.h"

#include <string.h>

/* How many characters of a key's body must follow its first line: in a page fewer than a real one has are an example. */
#define KEY_BODY      "16"
#define KEY_BODY_PAGE "40"

/* All marks have at least so many characters. */
#define MARK_LENGTH 4

typedef enum
{
  IN_ANY      = 0,
  NOT_IN_PAGE = 1 << 0,
  MAY_BE_SEEN = 1 << 1,   /* in what browsers load, it is of the kind that is meant to be there */
  LOOKS_BACK  = 1 << 2,   /* the mark stands inside, and the pattern begins before it */
} TokenFlags;

/* A mark that is searched for, and what has to stand there as a whole. */
typedef struct
{
  const char      *mark;
  const char      *pattern;
  const char      *service;
  PorchSecretKind  kind;
  TokenFlags       flags;
} Token;

/* The shapes are those that the services publish so that leaked keys can be found. */
static const Token tokens[] = {
  { "PRIVATE KEY", NULL, NULL, PORCH_SECRET_KEY, LOOKS_BACK },
  { "PuTTY-User-Key-File-", "PuTTY-User-Key-File-[0-9]: [a-z]", NULL, PORCH_SECRET_KEY, NOT_IN_PAGE },
  { "AKIA", "(?<![A-Za-z0-9+/_%.-])(?<!Credential=)(?<!AccessKeyId=)AKIA[A-Z0-9]{16}(?![A-Za-z0-9+/=_-])", "AWS", PORCH_SECRET_TOKEN, IN_ANY },
  { "ASIA", "(?<![A-Za-z0-9+/_%.-])(?<!Credential=)(?<!AccessKeyId=)ASIA(?=[A-Z]*[0-9])[A-Z0-9]{16}(?![A-Za-z0-9+/=_-])", "AWS", PORCH_SECRET_TOKEN, IN_ANY },
  { "aws_secret_access_key", "aws_secret_access_key[\"']?\\s*[=:]\\s*[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])", "AWS", PORCH_SECRET_TOKEN, IN_ANY },
  { "AWS_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY[\"']?\\s*[=:]\\s*[\"']?[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])", "AWS", PORCH_SECRET_TOKEN, IN_ANY },
  { "ecretAccessKey", "ecretAccessKey[\"']?\\s*[=:]\\s*[\"'][A-Za-z0-9/+]{40}[\"']", "AWS", PORCH_SECRET_TOKEN, IN_ANY },
  { "ghp_", "(?<![A-Za-z0-9_])ghp_[A-Za-z0-9]{36}(?![A-Za-z0-9])", "GitHub", PORCH_SECRET_TOKEN, IN_ANY },
  { "gho_", "(?<![A-Za-z0-9_])gho_[A-Za-z0-9]{36}(?![A-Za-z0-9])", "GitHub", PORCH_SECRET_TOKEN, IN_ANY },
  { "ghu_", "(?<![A-Za-z0-9_])ghu_[A-Za-z0-9]{36}(?![A-Za-z0-9])", "GitHub", PORCH_SECRET_TOKEN, IN_ANY },
  { "ghs_", "(?<![A-Za-z0-9_])ghs_[A-Za-z0-9]{36}(?![A-Za-z0-9])", "GitHub", PORCH_SECRET_TOKEN, IN_ANY },
  { "ghr_", "(?<![A-Za-z0-9_])ghr_[A-Za-z0-9]{36}(?![A-Za-z0-9])", "GitHub", PORCH_SECRET_TOKEN, IN_ANY },
  { "github_pat_", "github_pat_[A-Za-z0-9_]{60,}", "GitHub", PORCH_SECRET_TOKEN, IN_ANY },
  { "glpat-", "(?<![A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20,}", "GitLab", PORCH_SECRET_TOKEN, IN_ANY },
  { "GOCSPX-", "(?<![A-Za-z0-9_])GOCSPX-[A-Za-z0-9_-]{20,}", "Google", PORCH_SECRET_TOKEN, IN_ANY },
  { "AIza", "(?<![A-Za-z0-9+/_-])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9+/_-])", "Google", PORCH_SECRET_TOKEN, MAY_BE_SEEN },
  { "xoxb-", "(?<![A-Za-z0-9_])xoxb-[0-9]{6,}-[A-Za-z0-9-]{10,}", "Slack", PORCH_SECRET_TOKEN, IN_ANY },
  { "xoxp-", "(?<![A-Za-z0-9_])xoxp-[0-9]{6,}-[A-Za-z0-9-]{10,}", "Slack", PORCH_SECRET_TOKEN, IN_ANY },
  { "xoxa-", "(?<![A-Za-z0-9_])xoxa-[0-9]{1,}-[A-Za-z0-9-]{10,}", "Slack", PORCH_SECRET_TOKEN, IN_ANY },
  { "hooks.slack.com/services/", "hooks\\.slack\\.com/services/T[A-Z0-9]{6,}/B[A-Z0-9]{6,}/[A-Za-z0-9]{18,}", "Slack", PORCH_SECRET_TOKEN, IN_ANY },
  { "sk_live_", "(?<![A-Za-z0-9_])sk_live_[A-Za-z0-9]{16,}", "Stripe", PORCH_SECRET_TOKEN, IN_ANY },
  { "rk_live_", "(?<![A-Za-z0-9_])rk_live_[A-Za-z0-9]{16,}", "Stripe", PORCH_SECRET_TOKEN, IN_ANY },
  { "whsec_", "(?<![A-Za-z0-9_])whsec_[A-Za-z0-9]{24,}", "Stripe", PORCH_SECRET_TOKEN, IN_ANY },
  { "sk-ant-", "(?<![A-Za-z0-9_-])sk-ant-[A-Za-z0-9_-]{24,}", "Anthropic", PORCH_SECRET_TOKEN, IN_ANY },
  { "T3BlbkFJ", "T3BlbkFJ(?<=[A-Za-z0-9_-]{20}T3BlbkFJ)[A-Za-z0-9_-]{20,}", "OpenAI", PORCH_SECRET_TOKEN, IN_ANY },
  { "npm_", "(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])", "npm", PORCH_SECRET_TOKEN, IN_ANY },
  { "_authToken=", "_authToken=[A-Za-z0-9_-]{16,}", "npm", PORCH_SECRET_TOKEN, NOT_IN_PAGE },
  { "shpat_", "(?<![A-Za-z0-9_])shpat_[a-f0-9]{32}", "Shopify", PORCH_SECRET_TOKEN, IN_ANY },
  { "dop_v1_", "(?<![A-Za-z0-9_])dop_v1_[a-f0-9]{64}", "DigitalOcean", PORCH_SECRET_TOKEN, IN_ANY },
  { "DB_PASSWORD", "DB_PASSWORD(?:[\"']\\s*,\\s*[\"'](?!password_here)[^\"'\\s]+[\"']|=[^\\s\"'$<{]+)", NULL, PORCH_SECRET_PASSWORDS, NOT_IN_PAGE },
};

typedef struct
{
  GRegex *patterns[G_N_ELEMENTS (tokens)];
  GRegex *key;
  GRegex *key_in_page;
  guint8  shifts[65536];
} Finder;

/* What files begin with that are no text */
static const struct
{
  const char      *bytes;
  gsize            offset;
  gsize            length;
  PorchSecretKind  kind;
} heads[] = {
  { "SQLite format 3\0", 0, 16, PORCH_SECRET_DATABASE },
  { "\0\1\0\0Standard Jet DB", 0, 19, PORCH_SECRET_DATABASE },
  { "\0\1\0\0Standard ACE DB", 0, 19, PORCH_SECRET_DATABASE },
  { "PGDMP", 0, 5, PORCH_SECRET_DATABASE },
  { "REDIS0", 0, 6, PORCH_SECRET_DATABASE },
  { "\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5", 0, 8, PORCH_SECRET_PASSWORDS },   /* KeePass 2 */
  { "\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", 0, 8, PORCH_SECRET_PASSWORDS },   /* KeePass 1 */
  { "\xfe\xed\xfe\xed\0\0\0\2", 0, 8, PORCH_SECRET_KEY },                 /* Java keystore, version 2 */
};

static gboolean
begins_with (const char *text,
             gsize       length,
             const char *beginning)
{
  gsize n = strlen (beginning);

  return length >= n && memcmp (text, beginning, n) == 0;
}

static gboolean
is_environment (const char *name)
{
  static const char * const harmless[] = { ".example", ".sample", ".template", ".dist", ".defaults", NULL };

  return g_ascii_strcasecmp (name, ".env") == 0 || (g_ascii_strncasecmp (name, ".env.", 5) == 0 && !porch_name_ends_in (name, harmless));
}

static PorchSecretKind
kind_for_folder (const char *name)
{
  static const char * const history[] = { ".git", ".svn", ".hg", ".bzr", "_darcs", NULL };
  static const char * const secrets[] = { ".aws", ".ssh", ".gnupg", ".docker", ".kube", ".password-store", NULL };
  static const char * const backups[] = { ".bak", ".old", ".backup", NULL };

  if (porch_name_is_in (name, history))
    return PORCH_SECRET_HISTORY;
  if (porch_name_is_in (name, secrets))
    return PORCH_SECRET_PASSWORDS;
  if (porch_name_ends_in (name, backups))
    return PORCH_SECRET_BACKUP;

  return PORCH_SECRET_NONE;
}

/**
 * porch_secret_kind_for_name:
 * @name: the name of a file or folder, without the folders it lies in
 * @is_folder: whether it is a folder
 *
 * Returns: why nobody means to publish something of that name, or %PORCH_SECRET_NONE
 */
PorchSecretKind
porch_secret_kind_for_name (const char *name,
                            gboolean    is_folder)
{
  static const char * const passwords[] = {
    "wp-config.php", ".htpasswd", ".htdigest", ".netrc", "_netrc", ".pypirc", ".pgpass", ".my.cnf", ".mylogin.cnf", ".s3cfg",
    ".boto", ".git-credentials", ".dockercfg", ".bash_history", ".zsh_history", ".mysql_history", ".psql_history", ".ftpconfig",
    ".remote-sync.json", "sftp-config.json", "filezilla.xml", "sitemanager.xml", NULL
  };
  static const char * const password_endings[] = { ".kdbx", ".kdb", ".htpasswd", NULL };
  static const char * const keys[] = { "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", NULL };
  static const char * const key_endings[] = { ".p12", ".pfx", ".ppk", ".keystore", ".jks", NULL };
  static const char * const databases[] = {
    ".sqlite", ".sqlite3", ".db3", ".mdb", ".accdb", ".sql", ".sql.gz", ".sql.bz2", ".sql.xz", ".sql.zst", ".sql.zip",
    ".frm", ".ibd", ".myd", ".dump", NULL
  };
  static const char * const backups[] = { ".bak", ".old", ".orig", ".backup", ".save", NULL };

  g_return_val_if_fail (name != NULL, PORCH_SECRET_NONE);

  if (is_folder)
    return kind_for_folder (name);

  if (porch_name_is_in (name, passwords) || porch_name_ends_in (name, password_endings) || is_environment (name))
    return PORCH_SECRET_PASSWORDS;
  if (porch_name_is_in (name, keys) || porch_name_ends_in (name, key_endings))
    return PORCH_SECRET_KEY;
  if (porch_name_ends_in (name, databases))
    return PORCH_SECRET_DATABASE;
  if (porch_name_ends_in (name, backups))
    return PORCH_SECRET_BACKUP;

  return PORCH_SECRET_NONE;
}

/**
 * porch_secret_is_archive:
 * @name: a file name
 *
 * Returns: whether it is that of an archive, which may hold a copy of the site
 */
gboolean
porch_secret_is_archive (const char *name)
{
  static const char * const archives[] = {
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".zip", ".7z", ".rar", NULL
  };

  return porch_name_ends_in (name, archives);
}

/* For each pair of bytes, how far the end of a mark's first MARK_LENGTH bytes is at least. */
static void
fill_shifts (Finder *finder)
{
  memset (finder->shifts, MARK_LENGTH - 1, sizeof finder->shifts);

  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
    for (gsize at = 0; at + 1 < MARK_LENGTH; at++)
      {
        const guint8 *pair = (const guint8 *) tokens[i].mark + at;
        guint8 *shift = &finder->shifts[pair[0] << 8 | pair[1]];

        *shift = MIN (*shift, MARK_LENGTH - 2 - at);
      }
}

static gpointer
create_finder (gpointer data)
{
  /* What may stand between the first line and the key: line ends, written or meant, quotes, and lines like those of a message */
  static const char between[] = "(?:\\s|\\\\[nr]|[\"'+,]|[A-Za-z-]{1,40}: [^\\n\\\\]{0,200})*+";
  static const char first[] = "-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----";
  g_autofree char *key = g_strconcat (first, between, "[A-Za-z0-9+/=]{" KEY_BODY "}", NULL);
  g_autofree char *key_in_page = g_strconcat (first, between, "[A-Za-z0-9+/=]{" KEY_BODY_PAGE ",}+(?!\\.\\.)", NULL);
  const GRegexCompileFlags flags = G_REGEX_RAW | G_REGEX_OPTIMIZE;
  Finder *finder = g_new0 (Finder, 1);

  fill_shifts (finder);
  finder->key = g_regex_new (key, flags, G_REGEX_MATCH_ANCHORED, NULL);
  finder->key_in_page = g_regex_new (key_in_page, flags, G_REGEX_MATCH_ANCHORED, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
    if (tokens[i].pattern != NULL)
      finder->patterns[i] = g_regex_new (tokens[i].pattern, flags, G_REGEX_MATCH_ANCHORED, NULL);

  return finder;
}

static const Finder *
get_finder (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, create_finder, NULL);
}

/* Documentation shows how a key looks with one that is none. */
static gboolean
is_example (const char *text,
            gsize       length)
{
  guint run = 1;

  for (gsize i = 1; i < length; i++)
    {
      run = text[i] == text[i - 1] ? run + 1 : 1;
      if (run >= 6)
        return TRUE;
    }

  return memmem (text, length, "EXAMPLE", 7) != NULL || memmem (text, length, "xample", 6) != NULL ||
         memmem (text, length, "your", 4) != NULL || memmem (text, length, "YOUR", 4) != NULL;
}

/* Where the line begins that has "PRIVATE KEY" at @at, or @at if it is no such line */
static gsize
find_first_line (const char *text,
                 gsize       at)
{
  gsize start = at > 80 ? at - 80 : 0;

  for (gsize i = at; i-- > start;)
    if (at - i >= 11 && memcmp (text + i, "-----BEGIN ", 11) == 0)
      return i;

  return at;
}

static gboolean
match_token (PorchSecretSearch *self,
             gsize              number,
             const char        *text,
             gsize              length,
             gsize              at,
             guint64            offset)
{
  const Finder *finder = get_finder ();
  const Token *token = &tokens[number];
  const GRegex *regex = finder->patterns[number];
  g_autoptr(GMatchInfo) match = NULL;
  int start = 0;
  int end = 0;

  if (self->is_page && (token->flags & NOT_IN_PAGE) != 0)
    return FALSE;

  if ((token->flags & LOOKS_BACK) != 0)
    {
      at = find_first_line (text, at);
      regex = self->is_page ? finder->key_in_page : finder->key;
    }

  if (!g_regex_match_full (regex, text, length, at, G_REGEX_MATCH_DEFAULT, &match, NULL) ||
      !g_match_info_fetch_pos (match, 0, &start, &end) ||
      (token->kind == PORCH_SECRET_TOKEN && is_example (text + start, end - start)) ||
      (token->kind == PORCH_SECRET_KEY && self->is_page && memmem (text + start, end - start, "EXAMPLE", 7) != NULL))
    return FALSE;

  self->kind = self->is_loaded && (token->flags & MAY_BE_SEEN) != 0 ? PORCH_SECRET_BROWSER_KEY : token->kind;
  self->service = token->service;
  self->offset = offset + at;

  return TRUE;
}

/* Goes through the text in steps as long as no mark can be missed. */
static void
search_text (PorchSecretSearch *self,
             const char        *text,
             gsize              length,
             guint64            offset)
{
  const Finder *finder = get_finder ();
  const guint8 *bytes = (const guint8 *) text;
  gsize at = MARK_LENGTH - 2;

  while (at + 1 < length)
    {
      guint shift = finder->shifts[bytes[at] << 8 | bytes[at + 1]];
      gsize start = at - (MARK_LENGTH - 2);

      if (shift > 0)
        {
          at += shift;
          continue;
        }

      for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++)
        if (text[start] == tokens[i].mark[0] && begins_with (text + start, length - start, tokens[i].mark) &&
            match_token (self, i, text, length, start, offset) && self->kind != PORCH_SECRET_BROWSER_KEY)
          return;

      at++;
    }
}

/* RFC 7292, 4: a sequence that begins with version 3 and another sequence, whose first member says "data" */
static gboolean
is_key_box (const guint8 *data,
            gsize         length)
{
  static const guint8 kind[] = { 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07 };
  static const guint8 version[] = { 0x02, 0x01, 0x03, 0x30 };
  gsize head = MIN (length, 64);

  return head > 8 && data[0] == 0x30 && memmem (data, MIN (head, 16), version, sizeof version) != NULL &&
         memmem (data, head, kind, sizeof kind) != NULL;
}

static void
search_head (PorchSecretSearch *self,
             const guint8      *data,
             gsize              length)
{
  static const char * const dumps[] = {
    "-- MySQL dump", "-- MariaDB dump", "-- phpMyAdmin SQL Dump", "-- PostgreSQL database dump", "/*M!999999\\- enable the sandbox mode",
    "-- Adminer ", "-- mysqldump", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;"
  };
  static const char * const keys[] = { "-----BEGIN ", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY" };
  const char *text = (const char *) data;
  gsize bare = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (heads); i++)
    if (length >= heads[i].offset + heads[i].length && memcmp (data + heads[i].offset, heads[i].bytes, heads[i].length) == 0)
      self->kind = heads[i].kind;

  if (is_key_box (data, length))
    self->kind = PORCH_SECRET_KEY;

  self->is_binary = self->kind != PORCH_SECRET_NONE;

  if (length >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    bare = 3;
  while (bare < length && g_ascii_isspace (text[bare]))
    bare++;

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (begins_with (text + bare, length - bare, keys[i]) &&
        memmem (text + bare, MIN (length - bare, 64), "PRIVATE KEY", 11) != NULL)
      self->kind = PORCH_SECRET_KEY;

  for (gsize i = 0; i < G_N_ELEMENTS (dumps); i++)
    if (begins_with (text + bare, length - bare, dumps[i]))
      self->kind = PORCH_SECRET_DATABASE;
}

/**
 * porch_secret_search_init:
 * @self: a search
 * @path: the path of the file that is searched
 *
 * Begins a search.
 */
void
porch_secret_search_init (PorchSecretSearch *self,
                          const char        *path)
{
  static const char * const pages[] = { ".html", ".htm", ".xhtml", ".md", ".rst", ".rst.txt", ".md.txt", ".xml", ".svg", NULL };
  static const char * const loaded[] = { ".html", ".htm", ".xhtml", ".js", ".mjs", ".cjs", ".map", ".css", ".svg", NULL };

  memset (self, 0, sizeof *self);
  self->is_page = porch_name_ends_in (path, pages);
  self->is_loaded = porch_name_ends_in (path, loaded);
}

/* Of short pieces, more than the last one is kept. */
static void
keep_tail (PorchSecretSearch *self,
           const guint8      *data,
           gsize              length)
{
  gsize n = MIN (length, PORCH_SECRET_ROOM);
  gsize kept = MIN (self->n_tail, PORCH_SECRET_ROOM - n);

  memmove (self->tail, self->tail + self->n_tail - kept, kept);
  memcpy (self->tail + kept, data + length - n, n);
  self->n_tail = kept + n;
}

/**
 * porch_secret_search_feed:
 * @self: a search
 * @data: (array length=length): the next piece of the file
 * @length: its length in bytes
 *
 * Goes on with the search; what was found stays.
 */
void
porch_secret_search_feed (PorchSecretSearch *self,
                          const guint8      *data,
                          gsize              length)
{
  guint8 joint[2 * PORCH_SECRET_ROOM];
  gsize n = MIN (length, PORCH_SECRET_ROOM);

  if ((self->kind != PORCH_SECRET_NONE && self->kind != PORCH_SECRET_BROWSER_KEY) || self->is_binary || length == 0)
    return;

  if (!self->is_begun)
    {
      search_head (self, data, length);
      self->is_begun = TRUE;
      self->is_binary |= memchr (data, '\0', MIN (length, 4096)) != NULL;
      if (self->is_binary || self->kind != PORCH_SECRET_NONE)
        return;
    }
  else if (self->n_tail > 0)
    {
      memcpy (joint, self->tail, self->n_tail);
      memcpy (joint + self->n_tail, data, n);
      search_text (self, (const char *) joint, self->n_tail + n, self->fed - self->n_tail);
    }

  if (self->kind == PORCH_SECRET_NONE || self->kind == PORCH_SECRET_BROWSER_KEY)
    search_text (self, (const char *) data, length, self->fed);

  keep_tail (self, data, length);
  self->fed += length;
}

/**
 * porch_secret_search_clear:
 * @self: a search
 *
 * Forgets what of the file is still in memory.
 */
void
porch_secret_search_clear (PorchSecretSearch *self)
{
  explicit_bzero (self->tail, sizeof self->tail);
  self->n_tail = 0;
}
