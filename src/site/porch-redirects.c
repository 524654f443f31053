/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-redirects-private.h"

#include "aws-json.h"
#include "porch-error.h"
#include "porch-finding.h"
#include "porch-json.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* Length of a set's id, five bits a character */
#define ID_LENGTH 10

/* The longest value of a store's key, in bytes */
#define CHUNK_SIZE 1024

/* Browsers give up after about so many redirects in a row */
#define MAX_HOPS 20

/* The longest address that CloudFront takes, in bytes ("Quotas on general entities" in its Developer Guide). A rule that names
 * what it found twice doubles an address with every hop. */
#define MAX_ADDRESS 8192

/* A segment that no site has, to try what rules with a star make of it */
#define SAMPLE "porchlight-sample"

struct _PorchRedirects
{
  GPtrArray  *rules;           /* PorchRedirect, in the order of precedence */
  GHashTable *exact;           /* address -> rule without a star or a placeholder */
  GPtrArray  *chunks;          /* JSON text of the other rules */
  char       *id;
  gboolean    is_single_page;
};

G_DEFINE_BOXED_TYPE (PorchRedirects, porch_redirects, porch_redirects_ref, porch_redirects_unref)

PorchRedirect *
porch_redirect_new (const char *from,
                    const char *to,
                    guint       status)
{
  PorchRedirect *rule = g_new0 (PorchRedirect, 1);

  rule->from = g_strdup (from);
  rule->to = g_strdup (to);
  rule->status = status;

  return rule;
}

void
porch_redirect_free (PorchRedirect *rule)
{
  g_clear_pointer (&rule->from, g_free);
  g_clear_pointer (&rule->to, g_free);
  g_free (rule);
}

static PorchRedirect *
copy_rule (const PorchRedirect *rule)
{
  PorchRedirect *copy = porch_redirect_new (rule->from, rule->to, rule->status);

  copy->line = rule->line;
  copy->forced = rule->forced;
  copy->renamed = rule->renamed;

  return copy;
}

static GPtrArray *
new_rules (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) porch_redirect_free);
}

gboolean
porch_redirect_is_pattern (const char *from)
{
  return strchr (from, '*') != NULL || strstr (from, "/:") != NULL;
}

void
porch_redirects_add_finding (GPtrArray  *findings,
                             const char *rule,
                             guint       line,
                             char       *text,
                             const char *fix)
{
  if (findings != NULL)
    g_ptr_array_add (findings, porch_finding_new (PORCH_SEVERITY_WARNING, rule, PORCH_REDIRECTS_FILE, line, text, fix));

  g_free (text);
}

/* The spelling by which rules are looked up, the same as in data/functions/edge.js: decoded, and without the end that a
 * folder's address may have or not. */
char *
porch_redirect_dup_key (const char *address)
{
  g_autofree char *path = g_strndup (address, strcspn (address, "?#"));
  g_autofree char *decoded = g_uri_unescape_string (path, NULL);
  const char *whole = decoded != NULL && g_utf8_validate (decoded, -1, NULL) ? decoded : path;
  const char *slash = strrchr (whole, '/');

  if (slash != NULL && (slash[1] == '\0' || g_str_equal (slash, "/index.html")))
    return slash == whole ? g_strdup ("/") : g_strndup (whole, slash - whole);

  return g_strdup (whole);
}

/* Statuses apart, a target is good if it can't lead to a host that is not named in it. */
gboolean
porch_redirect_target_is_valid (const char *to)
{
  const char *host;
  gsize length;

  if (!g_utf8_validate (to, -1, NULL) || strlen (to) > PORCH_REDIRECTS_MAX_TO)
    return FALSE;

  for (const char *p = to; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p) || *p == ' ')
      return FALSE;

  if (to[0] == '/')
    return to[1] != '/' && to[1] != '\\';

  if (!g_str_has_prefix (to, "https://") && !g_str_has_prefix (to, "http://"))
    return FALSE;

  host = strstr (to, "//") + 2;
  length = strcspn (host, "/?#");

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (host[i]) && strchr (".-:_", host[i]) == NULL)
      return FALSE;
    else if (host[i] == ':' && !g_ascii_isdigit (host[i + 1]))
      return FALSE;

  return length > 0;
}

/* Rules with a star or placeholders, segment by segment as data/functions/edge.js does it. Returns what the placeholders
 * stand for, or NULL. */
GHashTable *
porch_redirect_match (const char *from,
                      const char *path)
{
  g_autoptr(GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) pattern = g_strsplit (from, "/", -1);
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);
  guint n_parts = g_strv_length (parts);
  guint i;

  for (i = 1; pattern[i] != NULL; i++)
    {
      g_autofree char *decoded = NULL;
      const char *part;

      if (g_str_equal (pattern[i], "*"))
        {
          g_hash_table_insert (found, g_strdup ("splat"), i < n_parts ? g_strjoinv ("/", parts + i) : g_strdup (""));
          return g_steal_pointer (&found);
        }

      part = i < n_parts ? parts[i] : "";

      if (*part == '\0')
        return NULL;

      if (pattern[i][0] == ':')
        {
          g_hash_table_insert (found, g_strdup (pattern[i] + 1), g_strdup (part));
          continue;
        }

      decoded = g_uri_unescape_string (part, NULL);

      if (!g_str_equal (decoded != NULL && g_utf8_validate (decoded, -1, NULL) ? decoded : part, pattern[i]))
        return NULL;
    }

  if (n_parts > i + 1 || (n_parts == i + 1 && *parts[i] != '\0' && !g_str_equal (parts[i], "index.html")))
    return NULL;

  return g_steal_pointer (&found);
}

static gboolean
fill_placeholder (const GMatchInfo *info,
                  GString          *result,
                  gpointer          user_data)
{
  GHashTable *found = user_data;
  g_autofree char *whole = g_match_info_fetch (info, 0);
  const char *value = g_hash_table_lookup (found, whole + 1);

  g_string_append (result, value != NULL ? value : whole);

  return FALSE;
}

static char *
fill_target (const char *to,
             GHashTable *found)
{
  static GRegex *regex;

  if (g_once_init_enter_pointer (&regex))
    g_once_init_leave_pointer (&regex, g_regex_new (":[A-Za-z][A-Za-z0-9_]*", G_REGEX_DEFAULT, 0, NULL));

  return g_regex_replace_eval (regex, to, -1, 0, 0, fill_placeholder, found, NULL);
}

/* The edge shows a page rather than sending its visitor in a circle. */
static gboolean
leads_away (const char *to,
            const char *key)
{
  g_autofree char *other = to[0] == '/' ? porch_redirect_dup_key (to) : NULL;

  return g_strcmp0 (other, key) != 0;
}

static const PorchRedirect *
find_rule (PorchRedirects  *self,
           const char      *path,
           char           **target)
{
  g_autofree char *key = porch_redirect_dup_key (path);
  g_autofree char *plain = g_strndup (path, strcspn (path, "?#"));
  const PorchRedirect *rule = g_hash_table_lookup (self->exact, key);

  if (rule != NULL && leads_away (rule->to, key))
    {
      *target = g_strdup (rule->to);
      return rule;
    }

  for (guint i = 0; i < self->rules->len; i++)
    {
      g_autoptr(GHashTable) found = NULL;
      g_autofree char *to = NULL;

      rule = g_ptr_array_index (self->rules, i);

      if (!porch_redirect_is_pattern (rule->from) || (found = porch_redirect_match (rule->from, plain)) == NULL)
        continue;

      to = fill_target (rule->to, found);

      if (!leads_away (to, key))
        continue;

      *target = g_steal_pointer (&to);
      return rule;
    }

  return NULL;
}

/* Base32 in small letters, as in the names of releases */
static char *
make_id (const char *text)
{
  static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  char *id = g_malloc0 (ID_LENGTH + 1);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) text, -1);
  g_checksum_get_digest (checksum, digest, &length);

  for (guint i = 0; i < ID_LENGTH; i++)
    {
      guint bit = i * 5;
      guint pair = digest[bit / 8] << 8 | digest[bit / 8 + 1];

      id[i] = base32[pair >> (11 - bit % 8) & 31];
    }

  return id;
}

static char *
pattern_to_json (const PorchRedirect *rule)
{
  GString *string = g_string_new ("[");

  porch_json_append_string (string, rule->from);
  g_string_append_c (string, ',');
  porch_json_append_string (string, rule->to);
  g_string_append_printf (string, ",%u]", rule->status);

  return g_string_free_and_steal (string);
}

/* Returns FALSE if there is no room left for the rule */
static gboolean
add_pattern (PorchRedirects      *self,
             GString             *chunk,
             const PorchRedirect *rule)
{
  g_autofree char *json = pattern_to_json (rule);

  if (strlen (json) + 2 > CHUNK_SIZE)
    return FALSE;

  if (chunk->len > 0 && chunk->len + 1 + strlen (json) + 1 > CHUNK_SIZE)
    {
      if (self->chunks->len + 1 == PORCH_REDIRECTS_MAX_CHUNKS)
        return FALSE;

      g_ptr_array_add (self->chunks, g_strconcat (chunk->str, "]", NULL));
      g_string_truncate (chunk, 0);
    }

  g_string_append_c (chunk, chunk->len > 0 ? ',' : '[');
  g_string_append (chunk, json);

  return TRUE;
}

static int
compare_text (gconstpointer a,
              gconstpointer b)
{
  return strcmp (a, b);
}

static void
finish (PorchRedirects *self)
{
  g_autoptr(GPtrArray) names = g_hash_table_get_keys_as_ptr_array (self->exact);
  g_autoptr(GString) text = g_string_new (NULL);

  if (self->rules->len == 0)
    return;

  g_ptr_array_sort_values (names, compare_text);

  for (guint i = 0; i < names->len; i++)
    {
      const PorchRedirect *rule = g_hash_table_lookup (self->exact, g_ptr_array_index (names, i));

      g_string_append_printf (text, "%s\n%u %s\n", rule->from, rule->status, rule->to);
    }

  for (guint i = 0; i < self->chunks->len; i++)
    g_string_append_printf (text, "*\n%s\n", (const char *) g_ptr_array_index (self->chunks, i));

  self->id = make_id (text->str);
}

/* Takes the rules as far as there is room for them, and says which were left out. */
PorchRedirects *
porch_redirects_new_from_rules (GPtrArray *rules,
                                gboolean   is_single_page,
                                GPtrArray *findings)
{
  PorchRedirects *self = g_atomic_rc_box_new0 (PorchRedirects);
  g_autoptr(GString) chunk = g_string_new (NULL);

  self->rules = new_rules ();
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  self->exact = g_hash_table_new (g_str_hash, g_str_equal);
  self->is_single_page = is_single_page;

  for (guint i = 0; i < rules->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (rules, i);
      gboolean is_pattern = porch_redirect_is_pattern (rule->from);
      PorchRedirect *copy;

      if (self->rules->len == PORCH_REDIRECTS_MAX_RULES || (is_pattern && !add_pattern (self, chunk, rule)))
        {
          porch_redirects_add_finding (findings, "redirects.too-many", rule->line,
                                       g_strdup_printf (_("There is no room for the redirect of “%s”: a site can have %d redirects, and about 60 of them with “*” or “:”."),
                                                        rule->from, PORCH_REDIRECTS_MAX_RULES),
                                       _("Leave out redirects that nobody needs any more."));
          continue;
        }

      copy = copy_rule (rule);
      g_ptr_array_add (self->rules, copy);

      if (!is_pattern)
        g_hash_table_insert (self->exact, copy->from, copy);
    }

  if (chunk->len > 0)
    g_ptr_array_add (self->chunks, g_strconcat (chunk->str, "]", NULL));

  finish (self);

  return self;
}

static gboolean
take_rule (GPtrArray  *rules,
           JsonObject *object)
{
  const char *from = object != NULL ? aws_json_get_string (object, "from") : NULL;
  const char *to = object != NULL ? aws_json_get_string (object, "to") : NULL;
  gint64 status = object != NULL ? aws_json_get_int (object, "status", 301) : 0;
  PorchRedirect *rule;

  if (from == NULL || from[0] != '/' || strlen (from) > PORCH_REDIRECTS_MAX_FROM || to == NULL ||
      !porch_redirect_target_is_valid (to) || (status != 301 && status != 302 && status != 303 && status != 307 && status != 308))
    return FALSE;

  rule = porch_redirect_new (from, to, status);
  rule->forced = aws_json_get_bool (object, "forced");
  rule->renamed = aws_json_get_bool (object, "renamed");
  g_ptr_array_add (rules, rule);

  return TRUE;
}

/**
 * porch_redirects_new_from_json:
 * @json: a set as kept in a manifest
 * @error: return location
 *
 * Reads a set, trusting nothing.
 *
 * Returns: (transfer full) (nullable): the set, or %NULL with %PORCH_ERROR_DAMAGED set
 */
PorchRedirects *
porch_redirects_new_from_json (const char  *json,
                               GError     **error)
{
  g_autoptr(GPtrArray) rules = new_rules ();
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;
  JsonArray *array;
  gboolean good;

  g_return_val_if_fail (json != NULL, NULL);

  node = json_from_string (json, NULL);
  object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  array = object != NULL ? aws_json_get_array (object, "rules") : NULL;
  good = array != NULL && json_array_get_length (array) <= PORCH_REDIRECTS_MAX_RULES;

  for (guint i = 0; good && i < json_array_get_length (array); i++)
    good = take_rule (rules, aws_json_array_get_object (array, i));

  if (good)
    return porch_redirects_new_from_rules (rules, aws_json_get_bool (object, "singlePage"), NULL);

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED,
                       _("The list of redirects of a published version can’t be understood."));

  return NULL;
}

PorchRedirects *
porch_redirects_ref (PorchRedirects *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_redirects (gpointer data)
{
  PorchRedirects *self = data;

  g_clear_pointer (&self->exact, g_hash_table_unref);
  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_clear_pointer (&self->chunks, g_ptr_array_unref);
  g_clear_pointer (&self->id, g_free);
}

void
porch_redirects_unref (PorchRedirects *self)
{
  g_atomic_rc_box_release_full (self, clear_redirects);
}

/**
 * porch_redirects_to_json:
 * @self: a set
 *
 * Returns: (transfer full): the set as kept in a manifest
 */
char *
porch_redirects_to_json (PorchRedirects *self)
{
  GString *string;

  g_return_val_if_fail (self != NULL, NULL);

  string = g_string_new (self->is_single_page ? "{\"singlePage\":true,\"rules\":[" : "{\"rules\":[");

  for (guint i = 0; i < self->rules->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (self->rules, i);

      g_string_append (string, i > 0 ? ",\n{\"from\":" : "\n{\"from\":");
      porch_json_append_string (string, rule->from);
      porch_json_append_member (string, "to", rule->to);
      g_string_append_printf (string, ",\"status\":%u", rule->status);
      g_string_append (string, rule->forced ? ",\"forced\":true" : "");
      g_string_append (string, rule->renamed ? ",\"renamed\":true}" : "}");
    }

  g_string_append (string, "]}");

  return g_string_free_and_steal (string);
}

/**
 * porch_redirects_get_size:
 * @self: a set
 *
 * Returns: how many rules it has
 */
guint
porch_redirects_get_size (PorchRedirects *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->rules->len;
}

/**
 * porch_redirects_get:
 * @self: a set
 * @position: less than porch_redirects_get_size()
 *
 * Returns: (transfer none): a rule
 */
const PorchRedirect *
porch_redirects_get (PorchRedirects *self,
                     guint           position)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (position < self->rules->len, NULL);

  return g_ptr_array_index (self->rules, position);
}

/**
 * porch_redirects_is_empty:
 * @self: (nullable): a set
 *
 * Returns: whether it says nothing
 */
gboolean
porch_redirects_is_empty (PorchRedirects *self)
{
  return self == NULL || (self->rules->len == 0 && !self->is_single_page);
}

/**
 * porch_redirects_without_renames:
 * @self: (nullable): redirects
 *
 * Returns: (transfer full) (nullable): only those that the owner wrote; %NULL if there are no others, so that nothing is gained
 */
PorchRedirects *
porch_redirects_without_renames (PorchRedirects *self)
{
  g_autoptr(GPtrArray) written = g_ptr_array_new ();

  if (self == NULL)
    return NULL;

  for (guint i = 0; i < self->rules->len; i++)
    if (!porch_redirects_get (self, i)->renamed)
      g_ptr_array_add (written, g_ptr_array_index (self->rules, i));

  return written->len < self->rules->len ? porch_redirects_new_from_rules (written, self->is_single_page, NULL) : NULL;
}

/**
 * porch_redirects_is_single_page:
 * @self: (nullable): a set
 *
 * Returns: whether the start page makes all pages, as `/` `*` `/index.html 200` says
 */
gboolean
porch_redirects_is_single_page (PorchRedirects *self)
{
  return self != NULL && self->is_single_page;
}

/**
 * porch_redirects_equal:
 * @self: (nullable): a set
 * @other: (nullable): another
 *
 * Returns: whether both do the same
 */
gboolean
porch_redirects_equal (PorchRedirects *self,
                       PorchRedirects *other)
{
  return g_strcmp0 (porch_redirects_get_id (self), porch_redirects_get_id (other)) == 0 &&
         porch_redirects_is_single_page (self) == porch_redirects_is_single_page (other);
}

/**
 * porch_redirects_get_id:
 * @self: (nullable): a set
 *
 * Returns: (transfer none) (nullable): ten characters that stand for what the rules do, or %NULL if there are none
 */
const char *
porch_redirects_get_id (PorchRedirects *self)
{
  return self != NULL ? self->id : NULL;
}

/**
 * porch_redirects_has_exact:
 * @self: (nullable): a set
 *
 * Returns: whether there are rules without a star or placeholder
 */
gboolean
porch_redirects_has_exact (PorchRedirects *self)
{
  return self != NULL && g_hash_table_size (self->exact) > 0;
}

/**
 * porch_redirects_get_n_chunks:
 * @self: (nullable): a set
 *
 * Returns: how many values the rules with a star or placeholders take in the store
 */
guint
porch_redirects_get_n_chunks (PorchRedirects *self)
{
  return self != NULL ? self->chunks->len : 0;
}

/**
 * porch_redirects_dup_entries:
 * @self: a set
 *
 * What the edge reads: `to:<set>:/about` with `301 /about-us/`, and `to:<set>:*`, `to:<set>:*2` and so on with lists of
 * the rules that have a star or placeholders.
 *
 * Returns: (transfer full) (element-type utf8 utf8): keys and values
 */
GHashTable *
porch_redirects_dup_entries (PorchRedirects *self)
{
  g_autoptr(GHashTable) entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, NULL);

  g_hash_table_iter_init (&iter, self->exact);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const PorchRedirect *rule = value;

      g_hash_table_insert (entries, g_strdup_printf ("to:%s:%s", self->id, rule->from),
                           g_strdup_printf ("%u %s", rule->status, rule->to));
    }

  for (guint i = 0; i < self->chunks->len; i++)
    {
      g_autofree char *number = i > 0 ? g_strdup_printf ("%u", i + 1) : g_strdup ("");

      g_hash_table_insert (entries, g_strdup_printf ("to:%s:*%s", self->id, number),
                           g_strdup (g_ptr_array_index (self->chunks, i)));
    }

  return g_steal_pointer (&entries);
}

/**
 * porch_redirects_resolve:
 * @self: (nullable): a set
 * @path: an address of the site as a visitor asks for it, with its slash at the start
 * @status: (out) (optional): the status
 *
 * Returns: (transfer full) (nullable): where the edge sends the visitor, or %NULL if it shows what is there
 */
char *
porch_redirects_resolve (PorchRedirects *self,
                         const char     *path,
                         guint          *status)
{
  const PorchRedirect *rule;
  char *target = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  if (self == NULL || (rule = find_rule (self, path, &target)) == NULL)
    return NULL;

  if (status != NULL)
    *status = rule->status;

  return target;
}

/* An address that the rule applies to */
static char *
make_sample (const char *from)
{
  g_auto(GStrv) parts = g_strsplit (from, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (parts[i][0] == ':' || g_str_equal (parts[i], "*"))
      g_set_str (&parts[i], SAMPLE);

  return g_strjoinv ("/", parts);
}

/* Whether a visitor whom the rule sends away comes back to it, or is sent on without end. An exact rule that only leads
 * into a circle of others is good once those are gone: it counts if @is_strict. */
static gboolean
is_in_loop (PorchRedirects      *self,
            const PorchRedirect *rule,
            gboolean             is_strict)
{
  g_autofree char *sample = make_sample (rule->from);
  g_autofree char *path = NULL;

  if (!porch_redirect_is_pattern (rule->from) && !leads_away (rule->to, rule->from))
    return TRUE;

  if (find_rule (self, sample, &path) != rule)
    return FALSE;

  for (guint i = 0; i < MAX_HOPS; i++)
    {
      g_autofree char *next = NULL;
      const PorchRedirect *other;

      if (strlen (path) > MAX_ADDRESS)
        return TRUE;

      if (path[0] != '/' || (other = find_rule (self, path, &next)) == NULL)
        return FALSE;

      if (other == rule && !porch_redirect_is_pattern (rule->from))
        return TRUE;

      g_free (path);
      path = g_steal_pointer (&next);
    }

  return is_strict || porch_redirect_is_pattern (rule->from);
}

static GPtrArray *
drop_loops_once (PorchRedirects *self,
                 gboolean        is_strict,
                 GPtrArray      *findings)
{
  GPtrArray *rules = new_rules ();

  for (guint i = 0; i < self->rules->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (self->rules, i);

      if (is_in_loop (self, rule, is_strict))
        porch_redirects_add_finding (findings, "redirects.loop", rule->line,
                                     g_strdup_printf (_("The redirect of “%s” leads back to itself, so its visitors would go in circles. It is left out."),
                                                      rule->from),
                                     _("Give it an address that shows a page."));
      else
        g_ptr_array_add (rules, copy_rule (rule));
    }

  return rules;
}

/* Where a rule is gone, another may apply: until nothing goes in circles */
static PorchRedirects *
drop_loops (PorchRedirects *self,
            GPtrArray      *findings)
{
  g_autoptr(PorchRedirects) left = porch_redirects_ref (self);
  gboolean is_strict = FALSE;

  for (;;)
    {
      g_autoptr(GPtrArray) rules = drop_loops_once (left, is_strict, findings);
      PorchRedirects *next;

      if (rules->len == left->rules->len && is_strict)
        return g_steal_pointer (&left);

      is_strict = rules->len == left->rules->len;

      next = porch_redirects_new_from_rules (rules, left->is_single_page, NULL);
      porch_redirects_unref (left);
      left = next;
    }
}

/* Address as rules spell it -> the file that is shown under it */
static GHashTable *
index_pages (GPtrArray *paths,
             GPtrArray *keys)
{
  GHashTable *pages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < paths->len; i++)
    {
      const char *path = g_ptr_array_index (paths, i);
      g_autofree char *address = porch_redirects_dup_page_address (path);

      char *key = porch_redirect_dup_key (address);

      if (keys != NULL)
        g_ptr_array_add (keys, g_strdup (key));

      g_hash_table_insert (pages, key, (gpointer) path);
    }

  return pages;
}

/* Length of what an address has to begin with for a rule with a star or placeholders */
static gsize
get_fixed_length (const char *from)
{
  const char *end = strstr (from, "/*");
  const char *placeholder = strstr (from, "/:");

  return (placeholder != NULL && (end == NULL || placeholder < end) ? placeholder : end) - from;
}

/* The file that a rule would hide; @keys has the addresses of @paths as rules spell them. */
static const char *
find_shadow (const PorchRedirect *rule,
             GPtrArray           *paths,
             GPtrArray           *keys,
             GHashTable          *pages)
{
  gsize length;

  if (rule->forced || rule->renamed)
    return NULL;

  if (!porch_redirect_is_pattern (rule->from))
    return g_hash_table_lookup (pages, rule->from);

  length = get_fixed_length (rule->from);

  for (guint i = 0; i < paths->len; i++)
    {
      g_autoptr(GHashTable) found = NULL;
      g_autofree char *address = NULL;

      if (strncmp (g_ptr_array_index (keys, i), rule->from, length) != 0)
        continue;

      address = porch_redirects_dup_page_address (g_ptr_array_index (paths, i));

      if ((found = porch_redirect_match (rule->from, address)) != NULL)
        return g_ptr_array_index (paths, i);
    }

  return NULL;
}

/**
 * porch_redirects_with_files:
 * @self: a set
 * @paths: (element-type utf8): the paths of all files of the site
 * @findings: (nullable) (element-type Porch.Finding): where to put what is left out, and why
 *
 * A rule does not go before a file of its name unless it is forced. The edge can't see which files there are, so that is
 * settled here, as are rules that would send visitors in circles.
 *
 * Returns: (transfer full): the set without them
 */
PorchRedirects *
porch_redirects_with_files (PorchRedirects *self,
                            GPtrArray      *paths,
                            GPtrArray      *findings)
{
  g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GHashTable) pages = NULL;
  g_autoptr(GPtrArray) shown = new_rules ();
  g_autoptr(PorchRedirects) left = NULL;

  g_return_val_if_fail (self != NULL && paths != NULL, NULL);

  if (self->rules->len == 0)
    return porch_redirects_ref (self);

  pages = index_pages (paths, keys);

  for (guint i = 0; i < self->rules->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (self->rules, i);
      const char *shadow = find_shadow (rule, paths, keys, pages);

      if (shadow == NULL)
        g_ptr_array_add (shown, copy_rule (rule));
      else
        porch_redirects_add_finding (findings, "redirects.shadowed", rule->line,
                                     g_strdup_printf (_("The redirect of “%s” is left out, as it would hide the file “%s”."), rule->from, shadow),
                                     _("Remove the redirect or the file, or write “!” after the number of the redirect to hide the file."));
    }

  left = porch_redirects_new_from_rules (shown, self->is_single_page, NULL);

  return drop_loops (left, findings);
}

/* The page that an inherited rule leads to by now, or NULL if it is no more */
static char *
find_page_now (const char *to,
               GHashTable *renamed,
               GHashTable *pages)
{
  g_autofree char *key = to[0] == '/' ? porch_redirect_dup_key (to) : NULL;
  const char *path;

  if (key == NULL)
    return NULL;

  if ((path = g_hash_table_lookup (renamed, key)) == NULL)
    path = g_hash_table_lookup (pages, key);

  return path != NULL ? porch_redirects_dup_page_address (path) : NULL;
}

static void
add_renamed (GHashTable *rules,
             GHashTable *pages,
             const char *from,
             char       *to)
{
  PorchRedirect *rule;

  if (to == NULL || g_hash_table_contains (pages, from) || strlen (from) > PORCH_REDIRECTS_MAX_FROM ||
      porch_redirect_is_pattern (from) || !porch_redirect_target_is_valid (to))
    {
      g_free (to);
      return;
    }

  rule = porch_redirect_new (from, to, 301);
  rule->renamed = TRUE;
  g_hash_table_replace (rules, rule->from, rule);
  g_free (to);
}

static GHashTable *
index_renames (GHashTable *renames)
{
  GHashTable *renamed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer old_path;
  gpointer new_path;

  if (renames == NULL)
    return renamed;

  g_hash_table_iter_init (&iter, renames);
  while (g_hash_table_iter_next (&iter, &old_path, &new_path))
    {
      g_autofree char *address = porch_redirects_dup_page_address (old_path);

      g_hash_table_insert (renamed, porch_redirect_dup_key (address), new_path);
    }

  return renamed;
}

/* Rules of the file first, then those of renamed pages by name */
static PorchRedirects *
join_rules (PorchRedirects *self,
            GHashTable     *more)
{
  g_autoptr(GPtrArray) rules = new_rules ();
  g_autoptr(GPtrArray) names = g_hash_table_get_keys_as_ptr_array (more);

  for (guint i = 0; self != NULL && i < self->rules->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (self->rules, i);

      if (!rule->renamed)
        g_ptr_array_add (rules, copy_rule (rule));
    }

  g_ptr_array_sort_values (names, compare_text);

  for (guint i = 0; i < names->len; i++)
    {
      const char *from = g_ptr_array_index (names, i);

      if (self == NULL || !g_hash_table_contains (self->exact, from))
        g_ptr_array_add (rules, copy_rule (g_hash_table_lookup (more, from)));
    }

  return porch_redirects_new_from_rules (rules, porch_redirects_is_single_page (self), NULL);
}

/**
 * porch_redirects_with_renames:
 * @self: (nullable): what the file of the site says, after porch_redirects_with_files()
 * @renames: (nullable) (element-type utf8 utf8): old and new paths of pages that got another name
 * @live: (nullable): the set of the release that is live
 * @paths: (element-type utf8): the paths of all files of the site
 *
 * Adds redirects for renamed pages, those that the live release has too as long as they lead somewhere and their old
 * address is not used again. A page that was renamed twice is found from both old addresses in one step. What the file of
 * the site says goes before.
 *
 * Returns: (transfer full): the redirects of the release
 */
PorchRedirects *
porch_redirects_with_renames (PorchRedirects *self,
                              GHashTable     *renames,
                              PorchRedirects *live,
                              GPtrArray      *paths)
{
  g_autoptr(GHashTable) pages = NULL;
  g_autoptr(GHashTable) renamed = NULL;
  g_autoptr(GHashTable) more = NULL;
  g_autoptr(PorchRedirects) joined = NULL;
  GHashTableIter iter;
  gpointer from;
  gpointer path;

  g_return_val_if_fail (paths != NULL, NULL);

  pages = index_pages (paths, NULL);
  renamed = index_renames (renames);
  more = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) porch_redirect_free);

  for (guint i = 0; live != NULL && i < live->rules->len; i++)
    {
      const PorchRedirect *rule = g_ptr_array_index (live->rules, i);

      if (rule->renamed)
        add_renamed (more, pages, rule->from, find_page_now (rule->to, renamed, pages));
    }

  g_hash_table_iter_init (&iter, renamed);
  while (g_hash_table_iter_next (&iter, &from, &path))
    add_renamed (more, pages, from, porch_redirects_dup_page_address (path));

  joined = join_rules (self, more);

  return drop_loops (joined, NULL);
}

/**
 * porch_redirects_dup_page_address:
 * @path: path of a file of the site, without a slash at the start
 *
 * Returns: (transfer full): the address that shows it, escaped: `/about/` for `about/index.html`
 */
char *
porch_redirects_dup_page_address (const char *path)
{
  gsize length;

  g_autofree char *escaped = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  escaped = g_uri_escape_string (path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);
  length = strlen (escaped);

  if (g_str_equal (escaped, "index.html") || g_str_has_suffix (escaped, "/index.html"))
    escaped[length - strlen ("index.html")] = '\0';

  return g_strconcat ("/", escaped, NULL);
}
