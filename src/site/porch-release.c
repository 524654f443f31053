/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-release.h"

struct _PorchRelease
{
  GObject               parent_instance;

  PorchManifestSummary *summary;
  GDateTime            *date;
  PorchReceipt         *receipt;
  PorchDraft           *draft;
  gboolean              live;
};

enum
{
  PROP_0,
  PROP_ID,
  PROP_DATE,
  PROP_NOTE,
  PROP_AUTHOR,
  PROP_SOURCE,
  PROP_N_FILES,
  PROP_N_BYTES,
  PROP_N_ADDED,
  PROP_N_CHANGED,
  PROP_N_REMOVED,
  PROP_N_RENAMED,
  PROP_N_PAGES,
  PROP_LIVE,
  PROP_RECEIPT,
  PROP_DRAFT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchRelease, porch_release, G_TYPE_OBJECT)

static void
porch_release_dispose (GObject *object)
{
  PorchRelease *self = PORCH_RELEASE (object);

  g_clear_object (&self->receipt);
  g_clear_object (&self->draft);

  G_OBJECT_CLASS (porch_release_parent_class)->dispose (object);
}

static void
porch_release_finalize (GObject *object)
{
  PorchRelease *self = PORCH_RELEASE (object);

  g_clear_pointer (&self->summary, porch_manifest_summary_free);
  g_clear_pointer (&self->date, g_date_time_unref);

  G_OBJECT_CLASS (porch_release_parent_class)->finalize (object);
}

static void
porch_release_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  PorchRelease *self = PORCH_RELEASE (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->summary->release);
      break;
    case PROP_DATE:
      g_value_set_boxed (value, self->date);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->summary->note);
      break;
    case PROP_AUTHOR:
      g_value_set_string (value, self->summary->author);
      break;
    case PROP_SOURCE:
      g_value_set_string (value, self->summary->source);
      break;
    case PROP_N_FILES:
      g_value_set_uint (value, self->summary->files);
      break;
    case PROP_N_BYTES:
      g_value_set_uint64 (value, self->summary->bytes);
      break;
    case PROP_N_ADDED:
      g_value_set_uint (value, self->summary->added);
      break;
    case PROP_N_CHANGED:
      g_value_set_uint (value, self->summary->changed);
      break;
    case PROP_N_REMOVED:
      g_value_set_uint (value, self->summary->removed);
      break;
    case PROP_N_RENAMED:
      g_value_set_uint (value, self->summary->renamed);
      break;
    case PROP_N_PAGES:
      g_value_set_uint (value, self->summary->n_pages);
      break;
    case PROP_RECEIPT:
      g_value_set_object (value, self->receipt);
      break;
    case PROP_DRAFT:
      g_value_set_object (value, self->draft);
      break;
    case PROP_LIVE:
      g_value_set_boolean (value, self->live);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_release_class_init (PorchReleaseClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = porch_release_dispose;
  object_class->finalize = porch_release_finalize;
  object_class->get_property = porch_release_get_property;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_DATE] = g_param_spec_boxed ("date", NULL, NULL, G_TYPE_DATE_TIME, flags);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, flags);
  properties[PROP_AUTHOR] = g_param_spec_string ("author", NULL, NULL, NULL, flags);
  properties[PROP_SOURCE] = g_param_spec_string ("source", NULL, NULL, NULL, flags);
  properties[PROP_N_FILES] = g_param_spec_uint ("n-files", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_BYTES] = g_param_spec_uint64 ("n-bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_N_ADDED] = g_param_spec_uint ("n-added", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_CHANGED] = g_param_spec_uint ("n-changed", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_REMOVED] = g_param_spec_uint ("n-removed", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_RENAMED] = g_param_spec_uint ("n-renamed", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_PAGES] = g_param_spec_uint ("n-pages", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_RECEIPT] = g_param_spec_object ("receipt", NULL, NULL, PORCH_TYPE_RECEIPT, flags);
  properties[PROP_DRAFT] = g_param_spec_object ("draft", NULL, NULL, PORCH_TYPE_DRAFT, flags);
  properties[PROP_LIVE] = g_param_spec_boolean ("live", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_release_init (PorchRelease *self)
{
}

/**
 * porch_release_new:
 * @summary: the summary of its manifest
 *
 * Returns: (transfer full): a new release
 */
PorchRelease *
porch_release_new (const PorchManifestSummary *summary)
{
  PorchRelease *self;

  g_return_val_if_fail (summary != NULL, NULL);

  self = g_object_new (PORCH_TYPE_RELEASE, NULL);
  self->summary = porch_manifest_summary_copy (summary);

  if (summary->date != NULL)
    self->date = g_date_time_new_from_iso8601 (summary->date, NULL);
  if (self->date == NULL)
    self->date = porch_release_id_get_time (summary->release);

  return self;
}

const char *
porch_release_get_id (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->summary->release;
}

/**
 * porch_release_get_date:
 * @self: a release
 *
 * Returns: (transfer none): when it was published, in UTC
 */
GDateTime *
porch_release_get_date (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->date;
}

const char *
porch_release_get_note (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->summary->note;
}

const char *
porch_release_get_author (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->summary->author;
}

/**
 * porch_release_get_source:
 * @self: a release
 *
 * Returns: (nullable): name of the folder that it was made from
 */
const char *
porch_release_get_source (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->summary->source;
}

/**
 * porch_release_get_previous:
 * @self: a release
 *
 * Returns: (nullable): id of the release that was live before this one was published
 */
const char *
porch_release_get_previous (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->summary->previous;
}

guint
porch_release_get_n_files (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->files;
}

guint64
porch_release_get_n_bytes (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->bytes;
}

guint
porch_release_get_n_added (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->added;
}

guint
porch_release_get_n_changed (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->changed;
}

guint
porch_release_get_n_removed (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->removed;
}

/**
 * porch_release_get_n_renamed:
 * @self: a release
 *
 * Returns: how many pages have another address than before; they count neither as added nor as removed
 */
guint
porch_release_get_n_renamed (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->renamed;
}

/**
 * porch_release_get_n_pages:
 * @self: a release
 *
 * Returns: how many pages differ from the release before
 */
guint
porch_release_get_n_pages (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->n_pages;
}

/**
 * porch_release_get_n_page_changes:
 * @self: a release
 *
 * Returns: how many of the pages that differ are known by name, 60 at most
 */
guint
porch_release_get_n_page_changes (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), 0);

  return self->summary->pages->len;
}

/**
 * porch_release_get_page_change:
 * @self: a release
 * @position: less than [method@Porch.Release.get_n_page_changes] says
 *
 * Returns: (transfer none): a page that differs from the release before
 */
const PorchPageChange *
porch_release_get_page_change (PorchRelease *self,
                               guint         position)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);
  g_return_val_if_fail (position < self->summary->pages->len, NULL);

  return g_ptr_array_index (self->summary->pages, position);
}

/**
 * porch_release_was_draft:
 * @self: a release
 *
 * Returns: whether it was made as a draft; it may have gone live since
 */
gboolean
porch_release_was_draft (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), FALSE);

  return self->summary->is_draft;
}

gboolean
porch_release_get_live (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), FALSE);

  return self->live;
}

/**
 * porch_release_set_live:
 * @self: a release
 * @live: whether visitors see it
 */
void
porch_release_set_live (PorchRelease *self,
                        gboolean      live)
{
  g_return_if_fail (PORCH_IS_RELEASE (self));

  live = !!live;

  if (self->live == live)
    return;

  self->live = live;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LIVE]);
}

/**
 * porch_release_get_receipt:
 * @self: a release
 *
 * Returns: (transfer none) (nullable): what visitors saw when it went live, if somebody looked
 */
PorchReceipt *
porch_release_get_receipt (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->receipt;
}

/**
 * porch_release_set_receipt:
 * @self: a release
 * @receipt: (nullable): what visitors saw
 */
void
porch_release_set_receipt (PorchRelease *self,
                           PorchReceipt *receipt)
{
  g_return_if_fail (PORCH_IS_RELEASE (self));
  g_return_if_fail (receipt == NULL || PORCH_IS_RECEIPT (receipt));

  if (g_set_object (&self->receipt, receipt))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RECEIPT]);
}

/**
 * porch_release_get_draft:
 * @self: a release
 *
 * Returns: (transfer none) (nullable): the draft that shows it to whoever has its secret link
 */
PorchDraft *
porch_release_get_draft (PorchRelease *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE (self), NULL);

  return self->draft;
}

/**
 * porch_release_set_draft:
 * @self: a release
 * @draft: (nullable): the draft that shows it
 */
void
porch_release_set_draft (PorchRelease *self,
                         PorchDraft   *draft)
{
  g_return_if_fail (PORCH_IS_RELEASE (self));
  g_return_if_fail (draft == NULL || PORCH_IS_DRAFT (draft));

  if (g_set_object (&self->draft, draft))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAFT]);
}
