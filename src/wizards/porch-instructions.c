/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-instructions.h"

/* What a person does by hand somewhere else, one step a row. */

static GtkWidget *
create_row (guint       number,
            const char *sentence)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *digits = g_strdup_printf ("%'u", number);
  GtkWidget *label = gtk_label_new (digits);

  gtk_widget_add_css_class (label, "step-number");
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), sentence);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), label);

  return row;
}

/**
 * porch_instructions_fill:
 * @list: a list box
 * @sentences: (nullable) (array zero-terminated=1): one step each
 *
 * Fills @list with numbered rows, instead of those that are in it. It hides itself when there are none.
 */
void
porch_instructions_fill (GtkListBox         *list,
                         const char * const *sentences)
{
  g_return_if_fail (GTK_IS_LIST_BOX (list));

  gtk_list_box_remove_all (list);
  gtk_widget_set_visible (GTK_WIDGET (list), sentences != NULL && sentences[0] != NULL);

  for (guint i = 0; sentences != NULL && sentences[i] != NULL; i++)
    gtk_list_box_append (list, create_row (i + 1, sentences[i]));
}
