/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-pointer.h"

#include "aws-json.h"
#include "porch-error.h"
#include "porch-json.h"
#include "porch-manifest.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* Belongs to a release, not to the settings that outlive one */
#define FILES "?files"

struct _PorchPointerValue
{
  char       *release;
  GHashTable *folders;    /* top-level folder -> release that holds it */
  GPtrArray  *files;      /* paths without an ending that are no folders, sorted */
  GHashTable *settings;   /* name with its question mark -> JSON text */
};

G_DEFINE_BOXED_TYPE (PorchPointerValue, porch_pointer_value, porch_pointer_value_ref, porch_pointer_value_unref)
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
take_member (PorchPointerValue *self,
             const char        *name,
             JsonNode          *node)
{
  const char *release;

  if (g_str_equal (name, FILES))
    return take_files (self, node);

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
  g_autoptr(JsonNode) node = NULL;
  gboolean good;

  g_return_val_if_fail (json != NULL, NULL);

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

  if (good && self->release != NULL)
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

  string = g_string_new ("{\"\":");
  porch_json_append_string (string, self->release);
  append_members (string, self->folders, FALSE);
  append_files (string, self->files);
  append_members (string, self->settings, TRUE);
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

  return porch_pointer_value_new (self->release, self->folders, self->files, other != NULL ? other->settings : NULL);
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
