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

static void
add_change (PorchChanges             *self,
            PorchChangeKind           kind,
            const PorchManifestEntry *entry)
{
  PorchChange *change = g_object_new (PORCH_TYPE_CHANGE, NULL);

  change->kind = kind;
  change->path = g_strdup (entry->path);
  change->size = entry->size;
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
    default:
      g_assert_not_reached ();
    }
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

static void
compare (PorchChanges  *self,
         PorchManifest *live,
         PorchManifest *next)
{
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
        add_change (self, PORCH_CHANGE_REMOVED, before);
      else if (order > 0)
        add_change (self, PORCH_CHANGE_ADDED, after);
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
