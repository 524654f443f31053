/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-list.h"
#include "porch-inbox-search.h"
#include "porch-message-private.h"
#include "porch-store-private.h"

/* Messages kept though nobody looks at them at the moment: scrolling back a little asks for nothing */
#define N_KEPT 400

/* So many messages are read at a time, so that filling them never holds up what is drawn */
#define N_AT_ONCE 40

/* More differences between two states of the list are told as one, and so are longer ones */
#define MAX_DIFFERENCES 64
#define MAX_REPLACED 64
#define MAX_MOVED 2000

/* A view whose place in the list is gone looks for it among all that is new */
#define N_LOOKED_THROUGH 400

/**
 * PorchInboxList: (skip)
 *
 * The messages of an inbox as a list, of which only the order is in memory: eight bytes for each. A message that is asked
 * for is an empty place at first; those that somebody looks at are read at once, on the store's thread, and the others when
 * there is nothing else to do. So a list of any length opens at once, and the main loop never waits.
 */
struct _PorchInboxList
{
  GObject      parent_instance;

  PorchStore  *store;
  GArray      *keys;       /* gint64, in the order of the list */
  GHashTable  *places;     /* Place, for each message that somebody holds */
  GQueue       kept;       /* PorchMessage, the newest in front */
  GArray      *wanted;     /* gint64 of places to be filled */
  GArray      *hurried;    /* gint64 of those of them that are filled first */
  char        *search;
  guint        idle;
  guint        soon;
};

/* A message that was handed out and may be gone by now */
typedef struct
{
  gint64          key;
  PorchInboxList *list;
  PorchMessage   *message;
  gboolean        is_wanted;
} Place;

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PorchInboxList, porch_inbox_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init))

/* What is read in one go */
typedef struct
{
  PorchInboxList *list;
  GPtrArray      *messages;
  GArray         *keys;
  PorchRows      *rows;
  char           *search;
} Reading;

static void
reading_clear (gpointer data)
{
  Reading *reading = data;

  g_clear_object (&reading->list);
  g_clear_pointer (&reading->messages, g_ptr_array_unref);
  g_clear_pointer (&reading->keys, g_array_unref);
  g_clear_pointer (&reading->rows, porch_rows_unref);
  g_clear_pointer (&reading->search, g_free);
}

/* Held by the work on the store's thread and by what follows it, which end in any order */
static void
reading_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, reading_clear);
}

static void
message_gone_cb (gpointer  user_data,
                 GObject  *where)
{
  Place *place = user_data;

  g_hash_table_remove (place->list->places, &place->key);
}

static PorchMessage *
dup_message (PorchInboxList *self,
             gint64          key,
             gboolean       *is_new)
{
  Place *place = g_hash_table_lookup (self->places, &key);

  *is_new = place == NULL;

  if (place != NULL)
    return g_object_ref (place->message);

  place = g_new0 (Place, 1);
  place->key = key;
  place->list = self;
  place->message = porch_message_new_for_key (key);
  g_object_weak_ref (G_OBJECT (place->message), message_gone_cb, place);
  g_hash_table_replace (self->places, &place->key, place);

  g_queue_push_head (&self->kept, g_object_ref (place->message));

  if (self->kept.length > N_KEPT)
    g_object_unref (g_queue_pop_tail (&self->kept));

  return place->message;
}

/* Takes what porch_inbox_list_read() found with @search. */
static void
fill (PorchInboxList *self,
      const char     *search,
      PorchRows      *rows)
{
  gboolean is_stale = g_strcmp0 (search, self->search) != 0;

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      gint64 key = porch_rows_get_int (rows, i, 0);
      Place *place = g_hash_table_lookup (self->places, &key);

      /* What shows other words by now is read again, as long as it shows any */
      if (place == NULL || (is_stale && porch_message_is_known (place->message)))
        continue;

      porch_message_set_snippet (place->message, porch_rows_get_string (rows, i, 18));
      porch_message_take_row (place->message, rows, i, FALSE);
    }
}

static gboolean
read_cb (sqlite3   *db,
         gpointer   user_data,
         GError   **error)
{
  Reading *reading = user_data;

  reading->rows = porch_inbox_list_read (db, (const gint64 *) reading->keys->data, reading->keys->len, reading->search, error);

  return reading->rows != NULL;
}

static DexFuture *
filled_cb (DexFuture *future,
           gpointer   user_data)
{
  Reading *reading = user_data;

  fill (reading->list, reading->search, reading->rows);

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (reading->messages));
}

/* Fills @messages; resolves to them. */
static DexFuture *
read_messages (PorchInboxList *self,
               GPtrArray      *messages)
{
  Reading *reading = g_atomic_rc_box_new0 (Reading);

  reading->list = g_object_ref (self);
  reading->messages = g_ptr_array_ref (messages);
  reading->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  reading->search = g_strdup (self->search);

  for (guint i = 0; i < messages->len; i++)
    {
      gint64 key = porch_message_get_key (g_ptr_array_index (messages, i));

      g_array_append_val (reading->keys, key);
    }

  return dex_future_then (porch_store_read (self->store, read_cb, g_atomic_rc_box_acquire (reading), reading_unref),
                          filled_cb, reading, reading_unref);
}

/* Reads the first of @keys, and forgets that they are wanted. */
static void
read_some (PorchInboxList *self,
           GArray         *keys)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_taken = 0;

  /* What was scrolled past meanwhile is not wanted any more */
  for (; n_taken < keys->len && messages->len < N_AT_ONCE; n_taken++)
    {
      Place *place = g_hash_table_lookup (self->places, &g_array_index (keys, gint64, n_taken));

      if (place == NULL || !place->is_wanted)
        continue;

      place->is_wanted = FALSE;
      g_ptr_array_add (messages, g_object_ref (place->message));
    }

  g_array_remove_range (keys, 0, n_taken);

  /* A store that fails is told about by whoever loads the list */
  if (messages->len > 0)
    dex_future_disown (read_messages (self, messages));
}

static gboolean
read_wanted_cb (gpointer user_data)
{
  PorchInboxList *self = user_data;

  read_some (self, self->wanted);

  if (self->wanted->len > 0)
    return G_SOURCE_CONTINUE;

  self->idle = 0;

  return G_SOURCE_REMOVE;
}

static gboolean
read_hurried_cb (gpointer user_data)
{
  PorchInboxList *self = user_data;

  read_some (self, self->hurried);

  if (self->hurried->len > 0)
    return G_SOURCE_CONTINUE;

  self->soon = 0;

  return G_SOURCE_REMOVE;
}

static void
want (PorchInboxList *self,
      Place          *place)
{
  place->is_wanted = TRUE;
  g_array_append_val (self->wanted, place->key);

  /* After what is drawn */
  if (self->idle == 0)
    self->idle = g_idle_add (read_wanted_cb, self);
}

static gpointer
porch_inbox_list_get_item (GListModel *model,
                           guint       position)
{
  PorchInboxList *self = PORCH_INBOX_LIST (model);
  PorchMessage *message;
  gboolean is_new;
  gint64 key;

  if (position >= self->keys->len)
    return NULL;

  key = g_array_index (self->keys, gint64, position);
  message = dup_message (self, key, &is_new);

  if (is_new)
    want (self, g_hash_table_lookup (self->places, &key));

  return message;
}

static GType
porch_inbox_list_get_item_type (GListModel *model)
{
  return PORCH_TYPE_MESSAGE;
}

static guint
porch_inbox_list_get_n_items (GListModel *model)
{
  return PORCH_INBOX_LIST (model)->keys->len;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item = porch_inbox_list_get_item;
  iface->get_item_type = porch_inbox_list_get_item_type;
  iface->get_n_items = porch_inbox_list_get_n_items;
}

static void
place_free (gpointer data)
{
  g_free (data);
}

static void
porch_inbox_list_dispose (GObject *object)
{
  PorchInboxList *self = PORCH_INBOX_LIST (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_handle_id (&self->soon, g_source_remove);
  g_queue_clear_full (&self->kept, g_object_unref);

  G_OBJECT_CLASS (porch_inbox_list_parent_class)->dispose (object);
}

static void
porch_inbox_list_finalize (GObject *object)
{
  PorchInboxList *self = PORCH_INBOX_LIST (object);
  GHashTableIter iter;
  gpointer place;

  g_hash_table_iter_init (&iter, self->places);

  while (g_hash_table_iter_next (&iter, NULL, &place))
    g_object_weak_unref (G_OBJECT (((Place *) place)->message), message_gone_cb, place);

  g_clear_pointer (&self->places, g_hash_table_unref);
  g_clear_pointer (&self->keys, g_array_unref);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_clear_pointer (&self->hurried, g_array_unref);
  g_clear_pointer (&self->search, g_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (porch_inbox_list_parent_class)->finalize (object);
}

static void
porch_inbox_list_class_init (PorchInboxListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_inbox_list_dispose;
  object_class->finalize = porch_inbox_list_finalize;
}

static void
porch_inbox_list_init (PorchInboxList *self)
{
  self->keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->wanted = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->hurried = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->places = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, place_free);
  g_queue_init (&self->kept);
}

PorchInboxList *
porch_inbox_list_new (PorchStore *store)
{
  PorchInboxList *self = g_object_new (PORCH_TYPE_INBOX_LIST, NULL);

  self->store = g_object_ref (store);

  return self;
}

/* A stretch of the list that is replaced */
typedef struct
{
  guint position;     /* in the new list */
  guint removed;
  guint added;
} Difference;

static void
skip_ends (GArray *before,
           GArray *after,
           guint  *start,
           guint  *end_before,
           guint  *end_after)
{
  *start = 0;
  *end_before = before->len;
  *end_after = after->len;

  while (*start < *end_before && *start < *end_after &&
         g_array_index (before, gint64, *start) == g_array_index (after, gint64, *start))
    (*start)++;

  while (*end_before > *start && *end_after > *start &&
         g_array_index (before, gint64, *end_before - 1) == g_array_index (after, gint64, *end_after - 1))
    {
      (*end_before)--;
      (*end_after)--;
    }
}

/* Whether the lists go on alike, or both end, after @removed of the one and @added of the other. */
static gboolean
meet (const gint64     *before,
      guint             n_before,
      const gint64     *after,
      guint             n_after,
      const Difference *difference)
{
  if (difference->removed > n_before || difference->added > n_after)
    return FALSE;

  if (difference->removed == n_before || difference->added == n_after)
    return difference->removed == n_before && difference->added == n_after;

  return before[difference->removed] == after[difference->added];
}

/* The shortest way to where the two lists are alike again: a little of one that stands for a little of the other, or more that is
 * only missing or only new.
 */
static gboolean
find_difference (const gint64 *before,
                 guint         n_before,
                 const gint64 *after,
                 guint         n_after,
                 Difference   *difference)
{
  for (guint length = 1; length <= MAX_MOVED; length++)
    for (difference->removed = 0; difference->removed <= length; difference->removed++)
      {
        difference->added = length - difference->removed;

        if (meet (before, n_before, after, n_after, difference))
          return TRUE;

        /* Only the two ends of a long way are tried */
        if (length > MAX_REPLACED)
          difference->removed += length - 1;
      }

  return FALSE;
}

/* NULL if there is too much between the two. */
static GArray *
compare (GArray *before,
         GArray *after,
         guint   start,
         guint   end_before,
         guint   end_after)
{
  g_autoptr(GArray) differences = g_array_new (FALSE, FALSE, sizeof (Difference));
  guint i = start, j = start;

  while (i < end_before || j < end_after)
    {
      Difference difference = { .position = j };

      if (i < end_before && j < end_after && g_array_index (before, gint64, i) == g_array_index (after, gint64, j))
        {
          i++;
          j++;
          continue;
        }

      if (differences->len == MAX_DIFFERENCES ||
          !find_difference ((const gint64 *) before->data + i, end_before - i, (const gint64 *) after->data + j, end_after - j,
                            &difference))
        return NULL;

      g_array_append_val (differences, difference);
      i += difference.removed;
      j += difference.added;
    }

  return g_steal_pointer (&differences);
}

/* Puts the differences into the list one by one, so that it is as it is told to be at each of them. */
static void
apply (PorchInboxList *self,
       GArray         *after,
       GArray         *differences)
{
  for (guint i = 0; i < differences->len; i++)
    {
      Difference *difference = &g_array_index (differences, Difference, i);

      if (difference->removed > 0)
        g_array_remove_range (self->keys, difference->position, difference->removed);
      if (difference->added > 0)
        g_array_insert_vals (self->keys, difference->position, &g_array_index (after, gint64, difference->position),
                             difference->added);

      g_list_model_items_changed (G_LIST_MODEL (self), difference->position, difference->removed, difference->added);
    }
}

/* Replaces everything between the two ends. What is new beyond the first of it is told afterwards, so that nobody asks for all
 * the messages there are.
 */
static void
replace (PorchInboxList *self,
         GArray         *keys,
         guint           start,
         guint           removed,
         guint           added)
{
  guint first = removed > 0 ? MIN (added, N_LOOKED_THROUGH) : added;

  g_array_remove_range (self->keys, start, removed);
  g_array_insert_vals (self->keys, start, (const gint64 *) keys->data + start, first);
  g_list_model_items_changed (G_LIST_MODEL (self), start, removed, first);

  if (first == added)
    return;

  g_array_insert_vals (self->keys, start + first, (const gint64 *) keys->data + start + first, added - first);
  g_list_model_items_changed (G_LIST_MODEL (self), start + first, 0, added - first);
}

/* Makes the list what @keys say. Of what is the same nothing is told, so that whoever reads on does not lose the place. */
void
porch_inbox_list_set_keys (PorchInboxList *self,
                           GArray         *keys)
{
  g_autoptr(GArray) differences = NULL;
  guint start, end_before, end_after;

  skip_ends (self->keys, keys, &start, &end_before, &end_after);

  if (start == end_before && start == end_after)
    return;

  /* One stretch, as when something arrives or is put away, needs no closer look */
  if (start < end_before && start < end_after)
    differences = compare (self->keys, keys, start, end_before, end_after);

  if (differences != NULL)
    apply (self, keys, differences);
  else
    replace (self, keys, start, end_before - start, end_after - start);
}

/* Which words the messages in the list were found by, for the line that shows where; `NULL` for none. */
void
porch_inbox_list_set_search (PorchInboxList *self,
                             const char     *search)
{
  if (!g_set_str (&self->search, search))
    return;

  /* What nobody shows is read when it is asked for again */
  g_queue_clear_full (&self->kept, g_object_unref);
  porch_inbox_list_look_again (self);
}

/* Fills what the window will ask for first, so that no empty places are seen. */
void
porch_inbox_list_prefill (PorchInboxList *self,
                          PorchRows      *rows)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      gint64 key = porch_rows_get_int (rows, i, 0);
      gboolean is_new;
      Place *place;

      g_ptr_array_add (messages, dup_message (self, key, &is_new));
      place = g_hash_table_lookup (self->places, &key);
      place->is_wanted = FALSE;
    }

  fill (self, self->search, rows);
}

gint64
porch_inbox_list_get_key (PorchInboxList *self,
                          guint           position)
{
  return position < self->keys->len ? g_array_index (self->keys, gint64, position) : 0;
}

/* The message with @key, if anybody has it at the moment. */
PorchMessage *
porch_inbox_list_lookup (PorchInboxList *self,
                         gint64          key)
{
  Place *place = g_hash_table_lookup (self->places, &key);

  return place != NULL ? place->message : NULL;
}

/* Takes messages out of sight at once. */
void
porch_inbox_list_take_out (PorchInboxList *self,
                           const gint64   *keys,
                           guint           n_keys)
{
  g_autoptr(GHashTable) gone = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr(GArray) left = g_array_sized_new (FALSE, FALSE, sizeof (gint64), self->keys->len);

  for (guint i = 0; i < n_keys; i++)
    g_hash_table_add (gone, (gpointer) &keys[i]);

  for (guint i = 0; i < self->keys->len; i++)
    if (!g_hash_table_contains (gone, &g_array_index (self->keys, gint64, i)))
      g_array_append_val (left, g_array_index (self->keys, gint64, i));

  porch_inbox_list_set_keys (self, left);
}

/* How many messages are in memory. */
guint
porch_inbox_list_count_kept (PorchInboxList *self)
{
  return g_hash_table_size (self->places);
}

/* Resolves to a GPtrArray of the messages from @position on, filled. */
DexFuture *
porch_inbox_list_fill (PorchInboxList *self,
                       guint           position,
                       guint           count)
{
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = position; i < self->keys->len && i - position < count; i++)
    {
      gboolean is_new;

      g_ptr_array_add (messages, dup_message (self, g_array_index (self->keys, gint64, i), &is_new));
    }

  return read_messages (self, messages);
}

/* Reads anew what is in memory, after it was changed in the store. */
void
porch_inbox_list_look_again (PorchInboxList *self)
{
  GHashTableIter iter;
  gpointer place;

  g_hash_table_iter_init (&iter, self->places);

  while (g_hash_table_iter_next (&iter, NULL, &place))
    want (self, place);
}

/* Fills the place at @position before the others, if it is to be filled. */
void
porch_inbox_list_hurry (PorchInboxList *self,
                        guint           position)
{
  Place *place;

  if (position >= self->keys->len)
    return;

  place = g_hash_table_lookup (self->places, &g_array_index (self->keys, gint64, position));

  if (place == NULL || !place->is_wanted)
    return;

  g_array_append_val (self->hurried, place->key);

  if (self->soon == 0)
    self->soon = g_idle_add_full (G_PRIORITY_DEFAULT, read_hurried_cb, self, NULL);
}

/* The columns are those of PORCH_MESSAGE_HEAD and, of those that were searched for, the line that shows where. */
PorchRows *
porch_inbox_list_read (sqlite3       *db,
                       const gint64  *keys,
                       guint          n_keys,
                       const char    *search,
                       GError       **error)
{
  g_autoptr(PorchRows) rows = NULL;
  g_auto(GStrv) words = search != NULL ? porch_inbox_search_split (search) : NULL;
  g_autofree char *list = porch_inbox_list_format_keys (keys, n_keys);
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "SELECT " PORCH_MESSAGE_HEAD ", CASE ?2 WHEN 1 THEN substr (words, 1, 4000) END"
                                 " FROM messages WHERE key IN (SELECT value FROM json_each (?1))",
                                 -1, &statement, NULL);
  int n_columns = code == SQLITE_OK ? sqlite3_column_count (statement) : 0;

  rows = porch_rows_new (n_columns);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, list, -1, SQLITE_STATIC);
      sqlite3_bind_int (statement, 2, words != NULL && words[0] != NULL);

      while ((code = sqlite3_step (statement)) == SQLITE_ROW)
        {
          const char *text = (const char *) sqlite3_column_text (statement, n_columns - 1);

          for (int i = 0; i < n_columns - 1; i++)
            porch_rows_take (rows, g_strdup ((const char *) sqlite3_column_text (statement, i)));

          porch_rows_take (rows, text != NULL ? porch_inbox_search_dup_snippet (text, (const char * const *) words) : NULL);
        }
    }

  sqlite3_finalize (statement);

  if (code == SQLITE_DONE)
    return g_steal_pointer (&rows);

  porch_store_set_error (error, db, code);

  return NULL;
}

char *
porch_inbox_list_format_keys (const gint64 *keys,
                              guint         n_keys)
{
  GString *list = g_string_sized_new (n_keys * 8 + 2);

  g_string_append_c (list, '[');

  for (guint i = 0; i < n_keys; i++)
    g_string_append_printf (list, "%s%" G_GINT64_FORMAT, i > 0 ? "," : "", keys[i]);

  g_string_append_c (list, ']');

  return g_string_free (list, FALSE);
}
