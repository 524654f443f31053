/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-store-private.h"

/* Answers of the database are plain text cells: all that callers want are short lists of strings and numbers */

struct _PorchRows
{
  GPtrArray *cells;
  guint      columns;
};

G_DEFINE_BOXED_TYPE (PorchRows, porch_rows, porch_rows_ref, porch_rows_unref)

static void
porch_rows_clear (gpointer data)
{
  PorchRows *self = data;

  g_clear_pointer (&self->cells, g_ptr_array_unref);
}

PorchRows *
porch_rows_new (guint columns)
{
  PorchRows *self = g_atomic_rc_box_new0 (PorchRows);

  self->cells = g_ptr_array_new_null_terminated (64, g_free, FALSE);
  self->columns = MAX (columns, 1);

  return self;
}

void
porch_rows_take (PorchRows *self,
                 char      *cell)
{
  g_ptr_array_add (self->cells, cell);
}

/**
 * porch_rows_ref:
 * @self: rows
 *
 * Returns: (transfer full): @self with one more reference
 */
PorchRows *
porch_rows_ref (PorchRows *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * porch_rows_unref:
 * @self: (transfer full): rows
 *
 * Gives up one reference.
 */
void
porch_rows_unref (PorchRows *self)
{
  g_atomic_rc_box_release_full (self, porch_rows_clear);
}

/**
 * porch_rows_get_length:
 * @self: rows
 *
 * Returns: the number of rows
 */
guint
porch_rows_get_length (PorchRows *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->cells->len / self->columns;
}

/**
 * porch_rows_get_string:
 * @self: rows
 * @row: which row
 * @column: which column
 *
 * Returns: (nullable) (transfer none): the text of the cell, `NULL` if it holds none
 */
const char *
porch_rows_get_string (PorchRows *self,
                       guint      row,
                       guint      column)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (column < self->columns, NULL);
  g_return_val_if_fail (row < porch_rows_get_length (self), NULL);

  return g_ptr_array_index (self->cells, row * self->columns + column);
}

/**
 * porch_rows_get_int:
 * @self: rows
 * @row: which row
 * @column: which column
 *
 * Returns: the number in the cell, 0 if it holds none
 */
gint64
porch_rows_get_int (PorchRows *self,
                    guint      row,
                    guint      column)
{
  const char *text = porch_rows_get_string (self, row, column);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/**
 * porch_rows_is_null:
 * @self: rows
 * @row: which row
 * @column: which column
 *
 * Returns: whether the cell is empty
 */
gboolean
porch_rows_is_null (PorchRows *self,
                    guint      row,
                    guint      column)
{
  return porch_rows_get_string (self, row, column) == NULL;
}
