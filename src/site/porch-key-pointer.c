/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-key-pointer.h"

#include "aws-json.h"
#include "aws-keyvaluestore.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-pointer-private.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* A set of redirects of up to so many keys goes along with what names it, in one write */
#define SMALL_SET 40

#define UNTIL "?until"

/**
 * PorchKeyPointer:
 *
 * A pointer that is a few keys with values: what they say, and which are written when. Where they are kept is up to those
 * that derive from it.
 */
static void porch_key_pointer_iface_init (PorchPointerInterface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (PorchKeyPointer, porch_key_pointer, G_TYPE_OBJECT,
                                  G_IMPLEMENT_INTERFACE (PORCH_TYPE_POINTER, porch_key_pointer_iface_init))

/* What is to be read or written. Only what the job needs is set. */
typedef struct
{
  PorchKeyPointer   *pointer;
  DexFiberFunc       func;
  PorchKeyVersion   *version;
  char              *expected;
  char              *token;
  PorchPointerValue *value;
  gint64             until;
  GHashTable        *changes;
  GStrv              kept_sets;
} Job;

static void
clear_version (gpointer data)
{
  PorchKeyVersion *self = data;

  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->comment, g_free);
  g_clear_pointer (&self->entries, g_hash_table_unref);
}

PorchKeyVersion *
porch_key_version_new (const char *etag)
{
  PorchKeyVersion *self = g_atomic_rc_box_new0 (PorchKeyVersion);

  self->etag = g_strdup (etag);

  return self;
}

PorchKeyVersion *
porch_key_version_ref (PorchKeyVersion *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
porch_key_version_unref (PorchKeyVersion *self)
{
  g_atomic_rc_box_release_full (self, clear_version);
}

static void
clear_job (gpointer data)
{
  Job *job = data;

  g_clear_object (&job->pointer);
  g_clear_pointer (&job->version, porch_key_version_unref);
  g_clear_pointer (&job->expected, g_free);
  g_clear_pointer (&job->token, g_free);
  g_clear_pointer (&job->value, porch_pointer_value_unref);
  g_clear_pointer (&job->changes, g_hash_table_unref);
  g_clear_pointer (&job->kept_sets, g_strfreev);
}

static void
job_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

static Job *
new_job (PorchPointer *pointer,
         DexFiberFunc  func)
{
  Job *job = g_atomic_rc_box_new0 (Job);

  job->pointer = g_object_ref (PORCH_KEY_POINTER (pointer));
  job->func = func;

  return job;
}

static char *
await_get (Job         *job,
           const char  *key,
           GError     **error)
{
  return PORCH_KEY_POINTER_GET_CLASS (job->pointer)->await_get (job->pointer, job->version, key, error);
}

/* What is live, or nothing but settings; NULL without an error if there is neither. */
static PorchPointerValue *
await_live (Job     *job,
            GError **error)
{
  g_autofree char *json = await_get (job, PORCH_KEY_POINTER_LIVE, error);

  return json != NULL ? porch_pointer_value_parse (json, error) : NULL;
}

static GPtrArray *
new_puts (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) aws_key_value_unref);
}

static gboolean
await_commit (Job        *job,
              GPtrArray  *puts,
              GPtrArray  *deletes,
              GError    **error)
{
  return PORCH_KEY_POINTER_GET_CLASS (job->pointer)->await_commit (job->pointer, job->version, puts, deletes, error);
}

static int
compare_text (gconstpointer a,
              gconstpointer b)
{
  return strcmp (a, b);
}

/* The redirects that the value names, unless they are there. A large set ends with a mark, so that one glance tells. */
static gboolean
await_redirects (Job                *job,
                 PorchPointerValue  *value,
                 GPtrArray          *puts,
                 GError            **error)
{
  PorchRedirects *redirects = porch_pointer_value_get_redirects (value);
  g_autoptr(GHashTable) entries = NULL;
  g_autoptr(GPtrArray) keys = NULL;
  g_autofree char *mark = NULL;

  if (porch_redirects_get_id (redirects) == NULL)
    return TRUE;

  entries = porch_redirects_dup_entries (redirects);
  keys = g_hash_table_get_keys_as_ptr_array (entries);
  g_ptr_array_sort_values (keys, compare_text);

  if (keys->len > SMALL_SET)
    {
      g_autofree char *found = NULL;
      g_autoptr(GError) local_error = NULL;

      mark = g_strconcat (PORCH_KEY_POINTER_SET, porch_redirects_get_id (redirects), NULL);

      if ((found = await_get (job, mark, &local_error)) != NULL)
        return TRUE;

      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  for (guint i = 0; i < keys->len; i++)
    g_ptr_array_add (puts, aws_key_value_new (g_ptr_array_index (keys, i),
                                              g_hash_table_lookup (entries, g_ptr_array_index (keys, i))));

  if (mark != NULL)
    g_ptr_array_add (puts, aws_key_value_new (mark, "1"));

  return TRUE;
}

static gboolean
check_room (const char  *json,
            GError     **error)
{
  if (strlen (json) <= PORCH_POINTER_MAX_SIZE)
    return TRUE;

  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FAILED, _("The note of which version is live has become too long."));

  return FALSE;
}

/* ---- what is live ---- */

static DexFuture *
read_fiber (gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(PorchPointerValue) value = await_live (user_data, &error);

  if (error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (value != NULL && porch_pointer_value_get_release (value) == NULL)
    g_clear_pointer (&value, porch_pointer_value_unref);

  return dex_future_new_take_boxed (PORCH_TYPE_POINTER_VALUE, g_steal_pointer (&value));
}

/* One try, against the version that the job names: what is read now can't be older. */
static DexFuture *
replace_fiber (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr(PorchPointerValue) current = NULL;
  g_autoptr(PorchPointerValue) next = NULL;
  g_autoptr(GPtrArray) puts = new_puts ();
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;

  if (!(current = await_live (job, &error)) && error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  next = porch_pointer_value_with_settings (job->value, current);

  /* Written by an earlier try whose answer got lost. */
  if (porch_pointer_value_equal (current, next))
    return dex_future_new_true ();

  if (g_strcmp0 (current != NULL ? porch_pointer_value_get_release (current) : NULL, job->expected) != 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE, "%s",
                                  _("Another version of the site went live meanwhile, perhaps from another computer."));

  json = porch_pointer_value_to_json (next);

  if (!check_room (json, &error) || !await_redirects (job, next, puts, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  g_ptr_array_add (puts, aws_key_value_new (PORCH_KEY_POINTER_LIVE, json));

  if (!await_commit (job, puts, NULL, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* ---- settings ---- */

static DexFuture *
change_settings_fiber (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr(PorchPointerValue) current = NULL;
  g_autoptr(PorchPointerValue) next = NULL;
  g_autoptr(GPtrArray) puts = new_puts ();
  g_autoptr(GError) error = NULL;
  g_autofree char *json = NULL;

  if (!(current = await_live (job, &error)) && error != NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (current == NULL)
    current = porch_pointer_value_new_empty ();

  next = porch_pointer_value_with_changes (current, job->changes);

  if (porch_pointer_value_equal (current, next))
    return dex_future_new_true ();

  json = porch_pointer_value_to_json (next);
  g_ptr_array_add (puts, aws_key_value_new (PORCH_KEY_POINTER_LIVE, json));

  if (!check_room (json, &error) || !await_commit (job, puts, NULL, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* ---- drafts ---- */

static char *
make_draft_key (const char *token)
{
  return g_strconcat (PORCH_KEY_POINTER_DRAFT, token, NULL);
}

/* The tokens with their ends; an empty object if there is no draft */
static JsonObject *
await_index (Job     *job,
             GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *json = await_get (job, PORCH_KEY_POINTER_DRAFTS, &local_error);
  g_autoptr(JsonNode) node = json != NULL ? json_from_string (json, NULL) : NULL;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_object_ref (json_node_get_object (node)) : json_object_new ();
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), object);

  return json_to_string (node, FALSE);
}

static int
compare_drafts (gconstpointer a,
                gconstpointer b)
{
  PorchPointerDraft *first = (PorchPointerDraft *) a;
  PorchPointerDraft *second = (PorchPointerDraft *) b;
  gint64 difference = porch_pointer_draft_get_until (first) - porch_pointer_draft_get_until (second);

  if (difference != 0)
    return difference < 0 ? -1 : 1;

  return strcmp (porch_pointer_draft_get_token (first), porch_pointer_draft_get_token (second));
}

/* A draft that another program wrote in a way that can't be read is left alone, and not shown. */
static gboolean
await_draft (Job         *job,
             const char  *token,
             GPtrArray   *drafts,
             GError     **error)
{
  g_autofree char *key = make_draft_key (token);
  g_autoptr(GError) local_error = NULL;
  g_autofree char *json = await_get (job, key, &local_error);
  g_autoptr(PorchPointerValue) value = json != NULL ? porch_pointer_value_new_from_json (json, NULL) : NULL;
  const char *until;

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (value != NULL && (until = g_hash_table_lookup (porch_pointer_value_get_settings (value), UNTIL)) != NULL)
    {
      g_autoptr(PorchPointerValue) plain = porch_pointer_value_with_settings (value, NULL);

      g_ptr_array_add (drafts, porch_pointer_draft_new (token, plain, g_ascii_strtoll (until, NULL, 10)));
    }

  return TRUE;
}

static DexFuture *
list_drafts_fiber (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) index = await_index (job, &error);
  g_autoptr(GPtrArray) drafts = g_ptr_array_new_with_free_func ((GDestroyNotify) porch_pointer_draft_unref);
  g_autoptr(GList) tokens = NULL;

  if (index == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  tokens = json_object_get_members (index);

  for (GList *l = tokens; l != NULL; l = l->next)
    if (porch_pointer_draft_token_is_valid (l->data) && !await_draft (job, l->data, drafts, &error))
      return dex_future_new_for_error (g_steal_pointer (&error));

  g_ptr_array_sort_values (drafts, compare_drafts);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_steal_pointer (&drafts));
}

/* Takes those out of the index that have ended, and the one that is to go */
static GPtrArray *
drop_drafts (JsonObject *index,
             const char *gone)
{
  GPtrArray *deletes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GList) tokens = json_object_get_members (index);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  for (GList *l = tokens; l != NULL; l = l->next)
    if (g_strcmp0 (l->data, gone) == 0 || aws_json_get_int (index, l->data, 0) <= now)
      {
        g_ptr_array_add (deletes, make_draft_key (l->data));
        json_object_remove_member (index, l->data);
      }

  return deletes;
}

static gboolean
await_new_draft (Job         *job,
                 GPtrArray   *puts,
                 GError     **error)
{
  g_autofree char *key = make_draft_key (job->token);
  g_autoptr(GHashTable) until = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autoptr(PorchPointerValue) plain = porch_pointer_value_with_settings (job->value, NULL);
  g_autoptr(PorchPointerValue) draft = NULL;
  g_autofree char *json = NULL;

  g_hash_table_insert (until, (gpointer) UNTIL, g_strdup_printf ("%" G_GINT64_FORMAT, job->until));
  draft = porch_pointer_value_with_changes (plain, until);
  json = porch_pointer_value_to_json (draft);

  if (!check_room (json, error) || !await_redirects (job, draft, puts, error))
    return FALSE;

  g_ptr_array_add (puts, aws_key_value_new (key, json));

  return TRUE;
}

static DexFuture *
write_draft_fiber (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr(GPtrArray) puts = new_puts ();
  g_autoptr(GPtrArray) deletes = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) index = await_index (job, &error);
  g_autofree char *text = NULL;

  if (index == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (job->value != NULL)
    json_object_set_int_member (index, job->token, G_MAXINT64);

  deletes = drop_drafts (index, job->value == NULL ? job->token : NULL);

  if (json_object_get_size (index) > PORCH_POINTER_MAX_DRAFTS)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FAILED, _("A site can have %d drafts at a time. Remove one that nobody needs any more."),
                                  PORCH_POINTER_MAX_DRAFTS);

  if (job->value != NULL)
    {
      json_object_set_int_member (index, job->token, job->until);

      if (!await_new_draft (job, puts, &error))
        return dex_future_new_for_error (g_steal_pointer (&error));
    }
  else if (deletes->len == 0)
    {
      return dex_future_new_true ();
    }

  text = object_to_text (index);

  if (json_object_get_size (index) > 0)
    g_ptr_array_add (puts, aws_key_value_new (PORCH_KEY_POINTER_DRAFTS, text));
  else
    g_ptr_array_add (deletes, g_strdup (PORCH_KEY_POINTER_DRAFTS));

  if (!await_commit (job, puts, deletes, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* ---- redirects that nobody needs any more ---- */

static void
note_set (GHashTable *sets,
          const char *json)
{
  g_autoptr(PorchPointerValue) value = porch_pointer_value_parse (json, NULL);
  const char *set = value != NULL ? porch_pointer_value_get_redirect_set (value) : NULL;

  if (set != NULL)
    g_hash_table_add (sets, g_strdup (set));
}

/* The set that a key belongs to, or NULL */
static char *
dup_set (const char *key)
{
  const char *name = key + strlen (PORCH_KEY_POINTER_SET);

  if (!g_str_has_prefix (key, PORCH_KEY_POINTER_SET))
    return NULL;

  return g_strndup (name, strcspn (name, ":"));
}

static DexFuture *
remove_redirects_fiber (gpointer user_data)
{
  Job *job = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GHashTable) all = PORCH_KEY_POINTER_GET_CLASS (job->pointer)->await_list (job->pointer, job->version, &error);
  g_autoptr(GHashTable) sets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) deletes = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  if (all == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  for (guint i = 0; job->kept_sets != NULL && job->kept_sets[i] != NULL; i++)
    g_hash_table_add (sets, g_strdup (job->kept_sets[i]));

  g_hash_table_iter_init (&iter, all);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (g_str_equal (key, PORCH_KEY_POINTER_LIVE) || g_str_has_prefix (key, PORCH_KEY_POINTER_DRAFT))
      note_set (sets, value);

  g_hash_table_iter_init (&iter, all);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      g_autofree char *set = dup_set (key);

      if (set != NULL && !g_hash_table_contains (sets, set))
        g_ptr_array_add (deletes, g_strdup (key));
    }

  /* The mark that a set is whole goes before its keys */
  g_ptr_array_sort_values (deletes, compare_text);

  if (deletes->len > 0 && !await_commit (job, NULL, deletes, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* ---- the interface ---- */

static DexFuture *
run (Job *job)
{
  return porch_fiber_spawn (job->func, job, job_unref, NULL);
}

static DexFuture *
try_job (PorchKeyPointer *self,
         PorchKeyVersion *version,
         gpointer         user_data)
{
  Job *job = user_data;

  g_clear_pointer (&job->version, porch_key_version_unref);
  job->version = porch_key_version_ref (version);

  return porch_fiber_spawn (job->func, g_atomic_rc_box_acquire (job), job_unref, NULL);
}

static DexFuture *
written (DexFuture *completed,
         gpointer   user_data)
{
  return dex_future_new_true ();
}

static DexFuture *
write_failed (DexFuture *completed,
              gpointer   user_data)
{
  g_autoptr(GError) error = NULL;

  dex_future_get_value (completed, &error);
  if (!aws_keyvaluestore_error_is_stale (error))
    return dex_ref (completed);

  return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_CHANGED_ELSEWHERE, "%s",
                                _("The site’s settings are being changed by somebody else all the time."));
}

static DexFuture *
write_job (Job *job)
{
  g_autoptr(PorchKeyPointer) self = g_object_ref (job->pointer);
  DexFuture *future = PORCH_KEY_POINTER_GET_CLASS (self)->write (self, try_job, job, job_unref);

  future = dex_future_then (future, written, NULL, NULL);

  return dex_future_catch (future, write_failed, NULL, NULL);
}

static DexFuture *
porch_key_pointer_read (PorchPointer *pointer)
{
  return run (new_job (pointer, read_fiber));
}

static DexFuture *
porch_key_pointer_replace (PorchPointer      *pointer,
                           const char        *expected_release,
                           PorchPointerValue *value)
{
  Job *job = new_job (pointer, replace_fiber);

  job->expected = g_strdup (expected_release);
  job->value = porch_pointer_value_ref (value);

  return write_job (job);
}

static DexFuture *
porch_key_pointer_change_settings (PorchPointer *pointer,
                                   GHashTable   *changes)
{
  Job *job = new_job (pointer, change_settings_fiber);
  GHashTableIter iter;
  gpointer name;
  gpointer value;

  job->changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (job->changes, g_strdup (name), g_strdup (value));

  return write_job (job);
}

static DexFuture *
porch_key_pointer_list_drafts (PorchPointer *pointer)
{
  return run (new_job (pointer, list_drafts_fiber));
}

static DexFuture *
porch_key_pointer_write_draft (PorchPointer      *pointer,
                               const char        *token,
                               PorchPointerValue *value,
                               gint64             until)
{
  Job *job = new_job (pointer, write_draft_fiber);

  job->token = g_strdup (token);
  job->value = value != NULL ? porch_pointer_value_ref (value) : NULL;
  job->until = until;

  return write_job (job);
}

static DexFuture *
porch_key_pointer_remove_redirects (PorchPointer       *pointer,
                                    const char * const *kept_sets)
{
  Job *job = new_job (pointer, remove_redirects_fiber);

  job->kept_sets = g_strdupv ((char **) kept_sets);

  return write_job (job);
}

static guint64
porch_key_pointer_get_request_count (PorchPointer *pointer,
                                     gpointer      client)
{
  return PORCH_KEY_POINTER_GET_CLASS (pointer)->get_request_count (PORCH_KEY_POINTER (pointer), client);
}

static void
porch_key_pointer_iface_init (PorchPointerInterface *iface)
{
  iface->read = porch_key_pointer_read;
  iface->replace = porch_key_pointer_replace;
  iface->change_settings = porch_key_pointer_change_settings;
  iface->list_drafts = porch_key_pointer_list_drafts;
  iface->write_draft = porch_key_pointer_write_draft;
  iface->remove_redirects = porch_key_pointer_remove_redirects;
  iface->get_request_count = porch_key_pointer_get_request_count;
}

static void
porch_key_pointer_class_init (PorchKeyPointerClass *klass)
{
}

static void
porch_key_pointer_init (PorchKeyPointer *self)
{
}
