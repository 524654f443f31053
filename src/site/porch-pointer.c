/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-pointer-private.h"

#include "aws-json.h"
#include "porch-error.h"
#include "porch-json.h"
#include "porch-manifest.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <openssl/rand.h>
#include <string.h>

/* Belong to a release, not to the settings that outlive one */
#define FILES       "?files"
#define EXACT       "?to"
#define SPLAT       "?splat"
#define SINGLE_PAGE "?app"

/* Length of the id of a set of redirects, and of the token of a draft: 128 bits, five a character */
#define SET_LENGTH   10
#define TOKEN_LENGTH 26

#define BASE32 "abcdefghijklmnopqrstuvwxyz234567"

struct _PorchPointerValue
{
  char           *release;         /* NULL only where nothing but settings is known yet */
  GHashTable     *folders;         /* top-level folder -> release that holds it */
  GPtrArray      *files;           /* paths without an ending that are no folders, sorted */
  GHashTable     *settings;        /* name with its question mark -> JSON text */
  PorchRedirects *redirects;       /* NULL where only the name of the set is known */
  char           *exact_set;
  char           *splat_set;
  guint           n_chunks;        /* of the second set */
  gboolean        is_single_page;  /* says the release, whatever the settings say */
};

struct _PorchPointerDraft
{
  char              *token;
  PorchPointerValue *value;
  gint64             until;
};

G_DEFINE_BOXED_TYPE (PorchPointerValue, porch_pointer_value, porch_pointer_value_ref, porch_pointer_value_unref)
G_DEFINE_BOXED_TYPE (PorchPointerDraft, porch_pointer_draft, porch_pointer_draft_ref, porch_pointer_draft_unref)
G_DEFINE_INTERFACE (PorchPointer, porch_pointer, G_TYPE_OBJECT)

static void
porch_pointer_default_init (PorchPointerInterface *iface)
{
}

static GHashTable *
copy_strings (GHashTable *table)
{
  GHashTable *copy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (table == NULL)
    return copy;

  g_hash_table_iter_init (&iter, table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_hash_table_insert (copy, g_strdup (key), g_strdup (value));

  return copy;
}

static GPtrArray *
copy_files (GPtrArray *files)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; files != NULL && i < files->len; i++)
    g_ptr_array_add (copy, g_strdup (g_ptr_array_index (files, i)));

  g_ptr_array_sort_values (copy, (GCompareFunc) strcmp);

  return copy;
}

/**
 * porch_pointer_value_new:
 * @release: the release that is live
 * @folders: (nullable) (element-type utf8 utf8): top-level folders that an earlier release holds, and that release
 * @files: (nullable) (element-type utf8): paths of files whose names have no ending
 * @settings: (nullable) (element-type utf8 utf8): settings of the edge, name with question mark to JSON text
 *
 * Returns: (transfer full): a new value
 */
PorchPointerValue *
porch_pointer_value_new (const char *release,
                         GHashTable *folders,
                         GPtrArray  *files,
                         GHashTable *settings)
{
  PorchPointerValue *self;

  g_return_val_if_fail (release != NULL, NULL);

  self = g_atomic_rc_box_new0 (PorchPointerValue);
  self->release = g_strdup (release);
  self->folders = copy_strings (folders);
  self->files = copy_files (files);
  self->settings = copy_strings (settings);

  return self;
}

PorchPointerValue *
porch_pointer_value_ref (PorchPointerValue *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_value (gpointer data)
{
  PorchPointerValue *self = data;

  g_clear_pointer (&self->release, g_free);
  g_clear_pointer (&self->folders, g_hash_table_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->settings, g_hash_table_unref);
  g_clear_pointer (&self->redirects, porch_redirects_unref);
  g_clear_pointer (&self->exact_set, g_free);
  g_clear_pointer (&self->splat_set, g_free);
}

void
porch_pointer_value_unref (PorchPointerValue *self)
{
  g_atomic_rc_box_release_full (self, clear_value);
}

static gboolean
take_files (PorchPointerValue *self,
            JsonNode          *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      const char *path = aws_json_array_get_string (array, i);

      if (path == NULL)
        return FALSE;

      g_ptr_array_add (self->files, g_strdup (path));
    }

  g_ptr_array_sort_values (self->files, (GCompareFunc) strcmp);

  return array != NULL;
}

static gboolean
take_set (char     **set,
          JsonNode  *node)
{
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  if (text == NULL || strlen (text) != SET_LENGTH || strspn (text, BASE32) != SET_LENGTH)
    return FALSE;

  g_set_str (set, text);

  return TRUE;
}

static gboolean
take_splat (PorchPointerValue *self,
            JsonNode          *node)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  JsonNode *number = array != NULL && json_array_get_length (array) == 2 ? json_array_get_element (array, 1) : NULL;

  if (number == NULL || !JSON_NODE_HOLDS_VALUE (number) || json_node_get_int (number) < 1 ||
      json_node_get_int (number) > PORCH_REDIRECTS_MAX_CHUNKS)
    return FALSE;

  self->n_chunks = json_node_get_int (number);

  return take_set (&self->splat_set, json_array_get_element (array, 0));
}

static gboolean
take_member (PorchPointerValue *self,
             const char        *name,
             JsonNode          *node)
{
  const char *release;

  if (g_str_equal (name, FILES))
    return take_files (self, node);

  if (g_str_equal (name, EXACT))
    return take_set (&self->exact_set, node);

  if (g_str_equal (name, SPLAT))
    return take_splat (self, node);

  if (g_str_equal (name, SINGLE_PAGE))
    {
      self->is_single_page = JSON_NODE_HOLDS_VALUE (node) && json_node_get_boolean (node);
      return TRUE;
    }

  if (name[0] == '?')
    {
      g_hash_table_insert (self->settings, g_strdup (name), json_to_string (node, FALSE));
      return TRUE;
    }

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return FALSE;

  release = json_node_get_string (node);

  if (!porch_release_id_is_valid (release) || strchr (name, '/') != NULL)
    return FALSE;

  if (*name == '\0')
    self->release = g_strdup (release);
  else
    g_hash_table_insert (self->folders, g_strdup (name), g_strdup (release));

  return TRUE;
}

/* Takes a value without a release too: settings can be written before there is one. */
PorchPointerValue *
porch_pointer_value_parse (const char  *json,
                           GError     **error)
{
  g_autoptr(PorchPointerValue) self = NULL;
  g_autoptr(JsonNode) node = NULL;
  gboolean good;

  self = g_atomic_rc_box_new0 (PorchPointerValue);
  self->folders = copy_strings (NULL);
  self->files = copy_files (NULL);
  self->settings = copy_strings (NULL);

  node = json_from_string (json, NULL);
  good = node != NULL && JSON_NODE_HOLDS_OBJECT (node);

  if (good)
    {
      JsonObject *object = json_node_get_object (node);
      g_autoptr(GList) names = json_object_get_members (object);

      for (GList *l = names; l != NULL; l = l->next)
        good = good && take_member (self, l->data, json_object_get_member (object, l->data));
    }

  if (good)
    return g_steal_pointer (&self);

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED,
                       _("The note of which version is live can’t be understood."));

  return NULL;
}

/**
 * porch_pointer_value_new_from_json:
 * @json: what the pointer says
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the value, or %NULL with %PORCH_ERROR_DAMAGED set
 */
PorchPointerValue *
porch_pointer_value_new_from_json (const char  *json,
                                   GError     **error)
{
  g_autoptr(PorchPointerValue) self = NULL;

  g_return_val_if_fail (json != NULL, NULL);

  if ((self = porch_pointer_value_parse (json, error)) == NULL)
    return NULL;

  if (self->release != NULL)
    return g_steal_pointer (&self);

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_DAMAGED,
                       _("The note of which version is live can’t be understood."));

  return NULL;
}

static void
append_files (GString   *string,
              GPtrArray *files)
{
  if (files->len == 0)
    return;

  g_string_append (string, ",\"" FILES "\":[");

  for (guint i = 0; i < files->len; i++)
    {
      if (i > 0)
        g_string_append_c (string, ',');
      porch_json_append_string (string, g_ptr_array_index (files, i));
    }

  g_string_append_c (string, ']');
}

static void
append_members (GString    *string,
                GHashTable *table,
                gboolean    is_json)
{
  g_autoptr(GPtrArray) names = g_hash_table_get_keys_as_ptr_array (table);

  g_ptr_array_sort_values (names, (GCompareFunc) strcmp);

  for (guint i = 0; i < names->len; i++)
    {
      const char *name = g_ptr_array_index (names, i);
      const char *value = g_hash_table_lookup (table, name);

      g_string_append_c (string, ',');
      porch_json_append_string (string, name);
      g_string_append_c (string, ':');

      if (is_json)
        g_string_append (string, value);
      else
        porch_json_append_string (string, value);
    }
}

/**
 * porch_pointer_value_to_json:
 * @self: a value
 *
 * Returns: (transfer full): what to write into the pointer
 */
char *
porch_pointer_value_to_json (PorchPointerValue *self)
{
  GString *string;

  g_return_val_if_fail (self != NULL, NULL);

  string = g_string_new (NULL);

  if (self->release != NULL)
    {
      g_string_append (string, ",\"\":");
      porch_json_append_string (string, self->release);
    }

  append_members (string, self->folders, FALSE);
  append_files (string, self->files);

  if (self->exact_set != NULL)
    g_string_append_printf (string, ",\"" EXACT "\":\"%s\"", self->exact_set);

  if (self->splat_set != NULL)
    g_string_append_printf (string, ",\"" SPLAT "\":[\"%s\",%u]", self->splat_set, self->n_chunks);

  if (self->is_single_page)
    g_string_append (string, ",\"" SINGLE_PAGE "\":true");

  append_members (string, self->settings, TRUE);

  /* In place of the first comma */
  if (string->len > 0)
    string->str[0] = '{';
  else
    g_string_append_c (string, '{');

  g_string_append_c (string, '}');

  return g_string_free_and_steal (string);
}

const char *
porch_pointer_value_get_release (PorchPointerValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->release;
}

/**
 * porch_pointer_value_get_holder:
 * @self: a value
 * @folder: a top-level folder, or the empty string for the files at the top
 *
 * Returns: the release under which the folder's objects lie
 */
const char *
porch_pointer_value_get_holder (PorchPointerValue *self,
                                const char        *folder)
{
  const char *holder;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  holder = *folder != '\0' ? g_hash_table_lookup (self->folders, folder) : NULL;

  return holder != NULL ? holder : self->release;
}

/**
 * porch_pointer_value_get_folders:
 * @self: a value
 *
 * Returns: (transfer none) (element-type utf8 utf8): the top-level folders that other releases hold
 */
GHashTable *
porch_pointer_value_get_folders (PorchPointerValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->folders;
}

/**
 * porch_pointer_value_get_files:
 * @self: a value
 *
 * Returns: (transfer none) (element-type utf8): paths of files whose names have no ending
 */
GPtrArray *
porch_pointer_value_get_files (PorchPointerValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->files;
}

GHashTable *
porch_pointer_value_get_settings (PorchPointerValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->settings;
}

/**
 * porch_pointer_value_resolve:
 * @self: a value
 * @path: path of a file of the site, without leading slash
 *
 * Returns: (transfer full): key of the object that visitors get
 */
char *
porch_pointer_value_resolve (PorchPointerValue *self,
                             const char        *path)
{
  g_autofree char *folder = NULL;
  const char *slash;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  slash = strchr (path, '/');
  folder = g_strndup (path, slash != NULL ? slash - path : 0);

  return g_strconcat ("releases/", porch_pointer_value_get_holder (self, folder), "/", path, NULL);
}

static PorchPointerValue *
copy_value (PorchPointerValue *self,
            GHashTable        *settings)
{
  PorchPointerValue *copy = g_atomic_rc_box_new0 (PorchPointerValue);

  copy->release = g_strdup (self->release);
  copy->folders = copy_strings (self->folders);
  copy->files = copy_files (self->files);
  copy->settings = copy_strings (settings);
  copy->redirects = self->redirects != NULL ? porch_redirects_ref (self->redirects) : NULL;
  copy->exact_set = g_strdup (self->exact_set);
  copy->splat_set = g_strdup (self->splat_set);
  copy->n_chunks = self->n_chunks;
  copy->is_single_page = self->is_single_page;

  return copy;
}

/**
 * porch_pointer_value_with_settings:
 * @self: a value
 * @other: (nullable): the value that is there now
 *
 * Returns: (transfer full): @self with the settings of @other
 */
PorchPointerValue *
porch_pointer_value_with_settings (PorchPointerValue *self,
                                   PorchPointerValue *other)
{
  g_return_val_if_fail (self != NULL, NULL);

  return copy_value (self, other != NULL ? other->settings : NULL);
}

/* The same with other settings: JSON text, or NULL for one that is to go */
PorchPointerValue *
porch_pointer_value_with_changes (PorchPointerValue *self,
                                  GHashTable        *changes)
{
  PorchPointerValue *copy = copy_value (self, self->settings);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (value != NULL)
      g_hash_table_insert (copy->settings, g_strdup (name), g_strdup (value));
    else
      g_hash_table_remove (copy->settings, name);

  return copy;
}

/* Where nothing was published yet */
PorchPointerValue *
porch_pointer_value_new_empty (void)
{
  PorchPointerValue *self = g_atomic_rc_box_new0 (PorchPointerValue);

  self->folders = copy_strings (NULL);
  self->files = copy_files (NULL);
  self->settings = copy_strings (NULL);

  return self;
}

/**
 * porch_pointer_value_with_redirects:
 * @self: a value
 * @redirects: (nullable): the redirects of the release
 *
 * Returns: (transfer full): @self with those redirects and no others
 */
PorchPointerValue *
porch_pointer_value_with_redirects (PorchPointerValue *self,
                                    PorchRedirects    *redirects)
{
  PorchPointerValue *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = copy_value (self, self->settings);
  g_clear_pointer (&copy->redirects, porch_redirects_unref);
  g_clear_pointer (&copy->exact_set, g_free);
  g_clear_pointer (&copy->splat_set, g_free);
  copy->n_chunks = porch_redirects_get_n_chunks (redirects);
  copy->is_single_page = porch_redirects_is_single_page (redirects);

  if (redirects != NULL)
    copy->redirects = porch_redirects_ref (redirects);

  if (porch_redirects_has_exact (redirects))
    copy->exact_set = g_strdup (porch_redirects_get_id (redirects));

  if (copy->n_chunks > 0)
    copy->splat_set = g_strdup (porch_redirects_get_id (redirects));

  return copy;
}

/**
 * porch_pointer_value_get_redirects:
 * @self: a value
 *
 * Returns: (transfer none) (nullable): the redirects that it was made with; a value that was read knows their set only
 */
PorchRedirects *
porch_pointer_value_get_redirects (PorchPointerValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->redirects;
}

/**
 * porch_pointer_value_get_redirect_set:
 * @self: a value
 *
 * Returns: (transfer none) (nullable): id of the set of redirects that the edge looks into, or %NULL if there is none
 */
const char *
porch_pointer_value_get_redirect_set (PorchPointerValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->exact_set != NULL ? self->exact_set : self->splat_set;
}

gboolean
porch_pointer_value_equal (PorchPointerValue *self,
                           PorchPointerValue *other)
{
  g_autofree char *json = NULL;
  g_autofree char *other_json = NULL;

  if (self == NULL || other == NULL)
    return self == other;

  json = porch_pointer_value_to_json (self);
  other_json = porch_pointer_value_to_json (other);

  return g_str_equal (json, other_json);
}

/**
 * porch_pointer_measure_file:
 * @path: path of a file whose name has no ending
 *
 * Returns: the room that it takes in the pointer
 */
gsize
porch_pointer_measure_file (const char *path)
{
  g_autoptr(GString) string = g_string_new (",");

  g_return_val_if_fail (path != NULL, 0);

  porch_json_append_string (string, path);

  return string->len;
}

/**
 * porch_pointer_read:
 * @self: a pointer
 *
 * Returns: (transfer full): a future that resolves to a [struct@Porch.PointerValue], or %NULL when nothing was
 *   published yet
 */
DexFuture *
porch_pointer_read (PorchPointer *self)
{
  dex_return_error_if_fail (PORCH_IS_POINTER (self));

  return PORCH_POINTER_GET_IFACE (self)->read (self);
}

/**
 * porch_pointer_replace:
 * @self: a pointer
 * @expected_release: (nullable): the release that must still be live, or %NULL if none may be
 * @value: what it is to say; settings of the edge that are there stay
 *
 * The one write that makes a release live.
 *
 * Returns: (transfer full): a future that resolves to %TRUE, or is rejected with %PORCH_ERROR_CHANGED_ELSEWHERE when
 *   another release went live meanwhile; nothing is changed then
 */
DexFuture *
porch_pointer_replace (PorchPointer      *self,
                       const char        *expected_release,
                       PorchPointerValue *value)
{
  dex_return_error_if_fail (PORCH_IS_POINTER (self));
  dex_return_error_if_fail (value != NULL);

  return PORCH_POINTER_GET_IFACE (self)->replace (self, expected_release, value);
}

static DexFuture *
reject_missing (void)
{
  return dex_future_new_reject (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "This pointer only says which release is live");
}

/**
 * porch_pointer_change_settings:
 * @self: a pointer
 * @changes: (element-type utf8 utf8): names with their question mark, and JSON text, or %NULL for one that is to go
 *
 * Changes settings of the edge. They outlive releases and can be written before there is one.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_FAILED when there is no room
 */
DexFuture *
porch_pointer_change_settings (PorchPointer *self,
                               GHashTable   *changes)
{
  dex_return_error_if_fail (PORCH_IS_POINTER (self));
  dex_return_error_if_fail (changes != NULL);

  if (PORCH_POINTER_GET_IFACE (self)->change_settings == NULL)
    return reject_missing ();

  return PORCH_POINTER_GET_IFACE (self)->change_settings (self, changes);
}

/**
 * porch_pointer_list_drafts:
 * @self: a pointer
 *
 * Returns: (transfer full): a future that resolves to a #GPtrArray of [struct@Porch.PointerDraft], those that end first
 *   first; also such as have ended but were not removed yet
 */
DexFuture *
porch_pointer_list_drafts (PorchPointer *self)
{
  dex_return_error_if_fail (PORCH_IS_POINTER (self));

  if (PORCH_POINTER_GET_IFACE (self)->list_drafts == NULL)
    return reject_missing ();

  return PORCH_POINTER_GET_IFACE (self)->list_drafts (self);
}

/**
 * porch_pointer_write_draft:
 * @self: a pointer
 * @token: the secret of the draft, see porch_pointer_make_draft_token()
 * @value: (nullable): what is to be shown, or %NULL to remove the draft
 * @until: when it ends, in seconds since 1970
 *
 * Makes, changes, extends or removes a draft. Drafts that have ended are removed with it.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_FAILED when there is no room
 */
DexFuture *
porch_pointer_write_draft (PorchPointer      *self,
                           const char        *token,
                           PorchPointerValue *value,
                           gint64             until)
{
  dex_return_error_if_fail (PORCH_IS_POINTER (self));
  dex_return_error_if_fail (porch_pointer_draft_token_is_valid (token));

  if (PORCH_POINTER_GET_IFACE (self)->write_draft == NULL)
    return reject_missing ();

  return PORCH_POINTER_GET_IFACE (self)->write_draft (self, token, value, until);
}

/**
 * porch_pointer_remove_redirects:
 * @self: a pointer
 * @kept_sets: (nullable) (array zero-terminated=1): sets that stay in any case
 *
 * Removes the sets of redirects that neither the live release nor a draft names.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_pointer_remove_redirects (PorchPointer       *self,
                                const char * const *kept_sets)
{
  dex_return_error_if_fail (PORCH_IS_POINTER (self));

  if (PORCH_POINTER_GET_IFACE (self)->remove_redirects == NULL)
    return reject_missing ();

  return PORCH_POINTER_GET_IFACE (self)->remove_redirects (self, kept_sets);
}

/**
 * porch_pointer_get_request_count: (skip)
 * @self: a pointer
 * @client: a client whose requests are counted elsewhere
 *
 * Returns: how many requests were made through clients other than @client
 */
guint64
porch_pointer_get_request_count (PorchPointer *self,
                                 gpointer      client)
{
  g_return_val_if_fail (PORCH_IS_POINTER (self), 0);

  if (PORCH_POINTER_GET_IFACE (self)->get_request_count == NULL)
    return 0;

  return PORCH_POINTER_GET_IFACE (self)->get_request_count (self, client);
}

/**
 * porch_pointer_draft_new:
 * @token: its secret
 * @value: what is shown
 * @until: when it ends, in seconds since 1970
 *
 * Returns: (transfer full): a new draft
 */
PorchPointerDraft *
porch_pointer_draft_new (const char        *token,
                         PorchPointerValue *value,
                         gint64             until)
{
  PorchPointerDraft *self;

  g_return_val_if_fail (porch_pointer_draft_token_is_valid (token), NULL);
  g_return_val_if_fail (value != NULL, NULL);

  self = g_atomic_rc_box_new0 (PorchPointerDraft);
  self->token = g_strdup (token);
  self->value = porch_pointer_value_ref (value);
  self->until = until;

  return self;
}

PorchPointerDraft *
porch_pointer_draft_ref (PorchPointerDraft *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_draft (gpointer data)
{
  PorchPointerDraft *self = data;

  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->value, porch_pointer_value_unref);
}

void
porch_pointer_draft_unref (PorchPointerDraft *self)
{
  g_atomic_rc_box_release_full (self, clear_draft);
}

/**
 * porch_pointer_draft_get_token:
 * @self: a draft
 *
 * Returns: (transfer none): what stands in its secret link
 */
const char *
porch_pointer_draft_get_token (PorchPointerDraft *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->token;
}

/**
 * porch_pointer_draft_get_value:
 * @self: a draft
 *
 * Returns: (transfer none): what is shown
 */
PorchPointerValue *
porch_pointer_draft_get_value (PorchPointerDraft *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->value;
}

/**
 * porch_pointer_draft_get_until:
 * @self: a draft
 *
 * Returns: when it ends, in seconds since 1970
 */
gint64
porch_pointer_draft_get_until (PorchPointerDraft *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->until;
}

/**
 * porch_pointer_draft_is_over:
 * @self: a draft
 *
 * Returns: whether the edge shows it no longer
 */
gboolean
porch_pointer_draft_is_over (PorchPointerDraft *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return self->until <= g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * porch_pointer_make_draft_token:
 *
 * Returns: (transfer full): 128 random bits for the secret link of a draft
 */
char *
porch_pointer_make_draft_token (void)
{
  char *token = g_malloc0 (TOKEN_LENGTH + 1);
  guint8 bytes[TOKEN_LENGTH];

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    g_error ("This computer gives no random numbers");

  for (guint i = 0; i < TOKEN_LENGTH; i++)
    token[i] = BASE32[bytes[i] % 32];

  return token;
}

/**
 * porch_pointer_draft_token_is_valid:
 * @token: (nullable): a text
 *
 * Returns: whether the edge takes it for the token of a draft
 */
gboolean
porch_pointer_draft_token_is_valid (const char *token)
{
  return token != NULL && strlen (token) == TOKEN_LENGTH && strspn (token, BASE32) == TOKEN_LENGTH;
}
