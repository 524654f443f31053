/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-changes.h"

#include "porch-transfer.h"

#include <string.h>

/**
 * PorchChange:
 *
 * One file that a publish will add, change or remove.
 */
struct _PorchChange
{
  GObject          parent_instance;

  char            *path;
  char            *old_path;
  char            *title;
  guint64          size;
  PorchChangeKind  kind;
};

struct _PorchChanges
{
  GObject    parent_instance;

  GPtrArray *changes;
  guint64    bytes_to_send;
  guint      n_added;
  guint      n_changed;
  guint      n_removed;
  guint      n_renamed;
  guint      n_unchanged;
  guint      n_to_send;
  gboolean   is_first;
};

static void porch_changes_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (PorchChange, porch_change, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (PorchChanges, porch_changes, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, porch_changes_iface_init))

static void
porch_change_finalize (GObject *object)
{
  PorchChange *self = PORCH_CHANGE (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->old_path, g_free);
  g_clear_pointer (&self->title, g_free);

  G_OBJECT_CLASS (porch_change_parent_class)->finalize (object);
}

static void
porch_change_class_init (PorchChangeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = porch_change_finalize;
}

static void
porch_change_init (PorchChange *self)
{
}

PorchChangeKind
porch_change_get_kind (PorchChange *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGE (self), PORCH_CHANGE_ADDED);

  return self->kind;
}

const char *
porch_change_get_path (PorchChange *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGE (self), NULL);

  return self->path;
}

/**
 * porch_change_get_old_path:
 * @self: a change
 *
 * Returns: (nullable): where a renamed page was before
 */
const char *
porch_change_get_old_path (PorchChange *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGE (self), NULL);

  return self->old_path;
}

/**
 * porch_change_get_title:
 * @self: a change
 *
 * Returns: (nullable): what the page calls itself, %NULL if it doesn't or is no page
 */
const char *
porch_change_get_title (PorchChange *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGE (self), NULL);

  return self->title;
}

guint64
porch_change_get_size (PorchChange *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGE (self), 0);

  return self->size;
}

static GType
porch_changes_get_item_type (GListModel *model)
{
  return PORCH_TYPE_CHANGE;
}

static guint
porch_changes_get_n_items (GListModel *model)
{
  return PORCH_CHANGES (model)->changes->len;
}

static gpointer
porch_changes_get_item (GListModel *model,
                        guint       position)
{
  PorchChanges *self = PORCH_CHANGES (model);

  return position < self->changes->len ? g_object_ref (g_ptr_array_index (self->changes, position)) : NULL;
}

static void
porch_changes_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = porch_changes_get_item_type;
  iface->get_n_items = porch_changes_get_n_items;
  iface->get_item = porch_changes_get_item;
}

static void
porch_changes_dispose (GObject *object)
{
  PorchChanges *self = PORCH_CHANGES (object);

  g_clear_pointer (&self->changes, g_ptr_array_unref);

  G_OBJECT_CLASS (porch_changes_parent_class)->dispose (object);
}

static void
porch_changes_class_init (PorchChangesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = porch_changes_dispose;
}

static void
porch_changes_init (PorchChanges *self)
{
  self->changes = g_ptr_array_new_with_free_func (g_object_unref);
}

static PorchChange *
add_item (PorchChanges    *self,
          PorchChangeKind  kind,
          const char      *path)
{
  PorchChange *change = g_object_new (PORCH_TYPE_CHANGE, NULL);

  change->kind = kind;
  change->path = g_strdup (path);
  g_ptr_array_add (self->changes, change);

  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      self->n_added++;
      break;
    case PORCH_CHANGE_CHANGED:
      self->n_changed++;
      break;
    case PORCH_CHANGE_REMOVED:
      self->n_removed++;
      break;
    case PORCH_CHANGE_RENAMED:
      self->n_renamed++;
      break;
    default:
      g_assert_not_reached ();
    }

  return change;
}

static PorchChange *
add_change (PorchChanges             *self,
            PorchChangeKind           kind,
            const PorchManifestEntry *entry)
{
  PorchChange *change = add_item (self, kind, entry->path);

  change->size = entry->size;
  change->title = entry->title != NULL && *entry->title != '\0' ? g_strdup (entry->title) : NULL;

  return change;
}

/* The next entry that belongs to the folder itself */
static const PorchManifestEntry *
peek_own (PorchManifest *manifest,
          guint         *position)
{
  for (; manifest != NULL && *position < porch_manifest_get_n_entries (manifest); (*position)++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, *position);

      if (!entry->carried)
        return entry;
    }

  return NULL;
}

static gboolean
is_same (const PorchManifestEntry *before,
         const PorchManifestEntry *after)
{
  return g_str_equal (before->sha256, after->sha256) &&
         g_str_equal (before->type, after->type) &&
         g_str_equal (before->cache, after->cache);
}

/* Pages that have another address are told once, where they are now. */
static void
add_gone (PorchChanges             *self,
          GHashTable               *moved,
          const PorchManifestEntry *entry)
{
  if (!g_hash_table_contains (moved, entry->path))
    add_change (self, PORCH_CHANGE_REMOVED, entry);
}

static void
add_new (PorchChanges             *self,
         GHashTable               *renames,
         const PorchManifestEntry *entry)
{
  const char *old_path = g_hash_table_lookup (renames, entry->path);
  PorchChange *change = add_change (self, old_path != NULL ? PORCH_CHANGE_RENAMED : PORCH_CHANGE_ADDED, entry);

  change->old_path = g_strdup (old_path);
}

static gboolean
has_rule (PorchRedirects      *redirects,
          const PorchRedirect *rule)
{
  for (guint i = 0; redirects != NULL && i < porch_redirects_get_size (redirects); i++)
    {
      const PorchRedirect *other = porch_redirects_get (redirects, i);

      if (!other->renamed && other->status == rule->status && g_str_equal (other->from, rule->from) &&
          g_str_equal (other->to, rule->to))
        return TRUE;
    }

  return FALSE;
}

static guint
count_written (PorchRedirects *redirects)
{
  guint n = 0;

  for (guint i = 0; redirects != NULL && i < porch_redirects_get_size (redirects); i++)
    n += !porch_redirects_get (redirects, i)->renamed;

  return n;
}

/* The file with the redirects is none that is served, but changing it changes the site. */
static void
compare_redirects (PorchChanges   *self,
                   PorchRedirects *live,
                   PorchRedirects *next)
{
  guint before = count_written (live);
  guint after = count_written (next);
  gboolean differs = before != after;

  for (guint i = 0; !differs && next != NULL && i < porch_redirects_get_size (next); i++)
    {
      const PorchRedirect *rule = porch_redirects_get (next, i);

      differs = !rule->renamed && !has_rule (live, rule);
    }

  if (differs)
    add_item (self, before == 0 ? PORCH_CHANGE_ADDED : after == 0 ? PORCH_CHANGE_REMOVED : PORCH_CHANGE_CHANGED,
              PORCH_REDIRECTS_FILE);
}

static int
compare_changes (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (((const PorchChange *) a)->path, ((const PorchChange *) b)->path);
}

static GHashTable *
turn_round (GHashTable *renames)
{
  GHashTable *turned = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer to;
  gpointer from;

  g_hash_table_iter_init (&iter, renames);
  while (g_hash_table_iter_next (&iter, &to, &from))
    g_hash_table_insert (turned, from, to);

  return turned;
}

static void
compare (PorchChanges  *self,
         PorchManifest *live,
         PorchManifest *next)
{
  g_autoptr(GHashTable) renames = porch_manifest_find_renames (next, live);
  g_autoptr(GHashTable) moved = turn_round (renames);
  guint i = 0;
  guint j = 0;

  for (;;)
    {
      const PorchManifestEntry *before = peek_own (live, &i);
      const PorchManifestEntry *after = peek_own (next, &j);
      int order;

      if (before == NULL && after == NULL)
        return;

      order = before == NULL ? 1 : after == NULL ? -1 : strcmp (before->path, after->path);

      if (order < 0)
        add_gone (self, moved, before);
      else if (order > 0)
        add_new (self, renames, after);
      else if (is_same (before, after))
        self->n_unchanged++;
      else
        add_change (self, PORCH_CHANGE_CHANGED, after);

      i += order <= 0;
      j += order >= 0;
    }
}

/**
 * porch_changes_new:
 * @live: (nullable): the manifest of the live release
 * @next: that of the release that would be made
 *
 * Returns: (transfer full): what differs
 */
PorchChanges *
porch_changes_new (PorchManifest *live,
                   PorchManifest *next)
{
  g_autoptr(GArray) transfers = NULL;
  PorchChanges *self;

  g_return_val_if_fail (live == NULL || PORCH_IS_MANIFEST (live), NULL);
  g_return_val_if_fail (PORCH_IS_MANIFEST (next), NULL);

  self = g_object_new (PORCH_TYPE_CHANGES, NULL);
  self->is_first = live == NULL;
  compare (self, live, next);
  compare_redirects (self, live != NULL ? porch_manifest_get_redirects (live) : NULL, porch_manifest_get_redirects (next));
  g_ptr_array_sort_values (self->changes, compare_changes);

  transfers = porch_transfers_new (next, live, NULL);

  for (guint i = 0; i < transfers->len; i++)
    {
      const PorchTransfer *transfer = &g_array_index (transfers, PorchTransfer, i);

      if (transfer->kind == PORCH_TRANSFER_SEND)
        {
          self->n_to_send++;
          self->bytes_to_send += transfer->entry->size;
        }
    }

  return self;
}

guint
porch_changes_get_n_added (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->n_added;
}

guint
porch_changes_get_n_changed (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->n_changed;
}

guint
porch_changes_get_n_removed (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->n_removed;
}

/**
 * porch_changes_get_n_renamed:
 * @self: changes
 *
 * Returns: how many pages have another address; they count neither as added nor as removed
 */
guint
porch_changes_get_n_renamed (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->n_renamed;
}

guint
porch_changes_get_n_unchanged (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->n_unchanged;
}

/**
 * porch_changes_get_n_to_send:
 * @self: changes
 *
 * Returns: how many files' bytes have to be sent
 */
guint
porch_changes_get_n_to_send (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->n_to_send;
}

guint64
porch_changes_get_bytes_to_send (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), 0);

  return self->bytes_to_send;
}

/**
 * porch_changes_is_empty:
 * @self: changes
 *
 * Returns: whether the folder is what is live already
 */
gboolean
porch_changes_is_empty (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), FALSE);

  return !self->is_first && self->changes->len == 0;
}

/**
 * porch_changes_is_first:
 * @self: changes
 *
 * Returns: whether nothing was published before
 */
gboolean
porch_changes_is_first (PorchChanges *self)
{
  g_return_val_if_fail (PORCH_IS_CHANGES (self), FALSE);

  return self->is_first;
}
