/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-change-rows.h"

#include <glib/gi18n.h>

#include "porch-finding-rows.h"
#include "porch-long-item.h"
#include "porch-widget-util.h"

/* So many pages are named while the row is closed */
#define MAX_NAMED 3

static guint
count (PorchChanges    *changes,
       PorchChangeKind  kind)
{
  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return porch_changes_get_n_added (changes);
    case PORCH_CHANGE_CHANGED:
      return porch_changes_get_n_changed (changes);
    case PORCH_CHANGE_RENAMED:
      return porch_changes_get_n_renamed (changes);
    case PORCH_CHANGE_REMOVED:
    default:
      return porch_changes_get_n_removed (changes);
    }
}

static const char *
get_icon (PorchChangeKind kind)
{
  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return "list-add-symbolic";
    case PORCH_CHANGE_CHANGED:
      return "document-edit-symbolic";
    case PORCH_CHANGE_RENAMED:
      return "edit-redo-symbolic";
    case PORCH_CHANGE_REMOVED:
    default:
      return "list-remove-symbolic";
    }
}

/* What the sheet knows the list by. */
const char *
porch_change_rows_get_key (PorchChangeKind kind)
{
  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return "added";
    case PORCH_CHANGE_CHANGED:
      return "changed";
    case PORCH_CHANGE_RENAMED:
      return "renamed";
    case PORCH_CHANGE_REMOVED:
    default:
      return "removed";
    }
}

/* How many changes there are of @kind, in words. */
char *
porch_change_rows_dup_title (PorchChanges    *changes,
                             PorchChangeKind  kind)
{
  guint n = count (changes, kind);

  switch (kind)
    {
    case PORCH_CHANGE_ADDED:
      return g_strdup_printf (ngettext ("%'u new file", "%'u new files", n), n);
    case PORCH_CHANGE_CHANGED:
      return g_strdup_printf (ngettext ("%'u changed file", "%'u changed files", n), n);
    case PORCH_CHANGE_RENAMED:
      return g_strdup_printf (ngettext ("%'u renamed page", "%'u renamed pages", n), n);
    case PORCH_CHANGE_REMOVED:
    default:
      return g_strdup_printf (ngettext ("%'u removed file", "%'u removed files", n), n);
    }
}

static gboolean
has_title (PorchChange *change)
{
  const char *title = porch_change_get_title (change);

  return title != NULL && *title != '\0';
}

static char *
describe_details (PorchChange *change)
{
  g_autofree char *path = porch_isolate (porch_change_get_path (change));
  g_autofree char *size = NULL;

  if (porch_change_get_kind (change) == PORCH_CHANGE_RENAMED && porch_change_get_old_path (change) != NULL)
    {
      g_autofree char *old_path = porch_isolate (porch_change_get_old_path (change));

      /* Translators: the placeholders are paths of a page, the old one and the new one */
      return g_strdup_printf (_("%s → %s"), old_path, path);
    }

  if (porch_change_get_kind (change) != PORCH_CHANGE_REMOVED)
    size = g_format_size (porch_change_get_size (change));

  if (has_title (change))
    return size != NULL ? g_strjoin (" · ", path, size, NULL) : g_steal_pointer (&path);

  return g_steal_pointer (&size);
}

/* Takes @item. */
static gpointer
describe_change (gpointer item,
                 gpointer user_data)
{
  g_autoptr(PorchChange) change = item;
  g_autofree char *details = describe_details (change);
  g_autofree char *title = porch_isolate (has_title (change) ? porch_change_get_title (change) : porch_change_get_path (change));

  return porch_long_item_new (title, details);
}

/* The changes of @kind; pages with a title are what people know, so they come first. */
static GListModel *
collect (PorchChanges    *changes,
         PorchChangeKind  kind)
{
  g_autoptr(GPtrArray) others = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func (g_object_unref);
  GListStore *all = g_list_store_new (PORCH_TYPE_CHANGE);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (changes)); i++)
    {
      g_autoptr(PorchChange) change = g_list_model_get_item (G_LIST_MODEL (changes), i);

      GPtrArray *place = has_title (change) ? pages : others;

      if (porch_change_get_kind (change) == kind)
        g_ptr_array_add (place, g_steal_pointer (&change));
    }

  g_list_store_splice (all, 0, 0, pages->pdata, pages->len);
  g_list_store_splice (all, pages->len, 0, others->pdata, others->len);

  return G_LIST_MODEL (all);
}

/**
 * porch_change_rows_list:
 * @changes: what publishing will change
 * @kind: which of the changes
 *
 * Returns: (transfer full): a list of [class@Porch.LongItem], made while they are looked at
 */
GListModel *
porch_change_rows_list (PorchChanges    *changes,
                        PorchChangeKind  kind)
{
  return G_LIST_MODEL (gtk_map_list_model_new (collect (changes, kind), describe_change, NULL, NULL));
}

static char *
name_some (GListModel *items)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < MIN (g_list_model_get_n_items (items), MAX_NAMED); i++)
    {
      g_autoptr(PorchLongItem) item = g_list_model_get_item (items, i);

      g_ptr_array_add (names, g_strdup (porch_long_item_get_title (item)));
    }

  if (g_list_model_get_n_items (items) > MAX_NAMED)
    g_ptr_array_add (names, g_strdup ("…"));

  g_ptr_array_add (names, NULL);

  return g_strjoinv (" · ", (char **) names->pdata);
}

/* Rows that nobody asks for are not made */
static void
expanded_cb (AdwExpanderRow *row,
             GParamSpec     *pspec,
             GListModel     *items)
{
  if (!adw_expander_row_get_expanded (row) || g_object_get_data (G_OBJECT (row), "filled") != NULL)
    return;

  porch_long_row_add_items (row, items, g_object_get_data (G_OBJECT (row), "key"));
  g_object_set_data (G_OBJECT (row), "filled", row);
}

/**
 * porch_change_rows_create:
 * @changes: what publishing will change
 * @kind: which of the changes
 *
 * Returns: (transfer floating) (nullable): a row that says how many, and opens to tell which; %NULL if there are none
 */
GtkWidget *
porch_change_rows_create (PorchChanges    *changes,
                          PorchChangeKind  kind)
{
  guint n = count (changes, kind);
  g_autofree char *title = NULL;
  g_autofree char *names = NULL;
  g_autoptr(GListModel) items = NULL;
  GtkWidget *row;

  if (n == 0)
    return NULL;

  title = porch_change_rows_dup_title (changes, kind);
  items = porch_change_rows_list (changes, kind);
  names = name_some (items);

  row = adw_expander_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle_lines (ADW_EXPANDER_ROW (row), 1);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), porch_decoration_new (get_icon (kind)));
  g_object_set_data (G_OBJECT (row), "key", (gpointer) porch_change_rows_get_key (kind));
  g_signal_connect_data (row, "notify::expanded", G_CALLBACK (expanded_cb),
                         g_object_ref (items), (GClosureNotify) (void (*) (void)) g_object_unref, 0);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), names);

  return row;
}
