/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

/* How each thing that can be wrong with an own address looks: the row that says it, and the card that says what to do. With
 * PORCHLIGHT_PICTURES=FOLDER it leaves a picture of each, as wide as the narrowest window.
 */

#include "config.h"

#include "../site/doctor-cases.h"
#include "picture.h"
#include "porch-doctor-card.h"
#include "porch-doctor-row.h"

#include <adwaita.h>

#define WIDTH 360

static GtkWidget *
find_label (GtkWidget  *widget,
            const char *text)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_visible (widget))
    return NULL;

  if (GTK_IS_LABEL (widget) && g_strcmp0 (gtk_label_get_text (GTK_LABEL (widget)), text) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_label (child, text);

  return found;
}

static void
assert_said (GtkWidget  *widget,
             const char *text)
{
  if (text != NULL && find_label (widget, text) == NULL)
    g_error ("Nobody reads “%s”", text);
}

static GtkWidget *
create_box (PorchDoctorStep *step)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 24);
  GtkWidget *list = gtk_list_box_new ();

  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 12);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_list_box_append (GTK_LIST_BOX (list), porch_doctor_row_new (step));
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), porch_doctor_card_new (NULL, step));

  return box;
}

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr(PorchDoctorFacts) facts = build_facts ();
  g_autoptr(PorchDoctorStep) step = porch_doctor_step_new (rows[i].part);
  g_autoptr(PorchDoctorVerdict) verdict = NULL;
  g_autofree char *picture = g_strdup_printf ("doctor-%s-%s", porch_doctor_step_get_id (step), rows[i].name);
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box, *card;

  rows[i].change (facts);
  verdict = porch_doctor_judge (facts, rows[i].part);
  porch_doctor_step_take (step, verdict, facts->domain);

  box = create_box (step);
  card = gtk_widget_get_last_child (box);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, -1);
  gtk_window_present (GTK_WINDOW (window));

  assert_said (box, porch_doctor_step_get_title (step));
  assert_said (box, porch_doctor_step_get_sentence (step));

  /* Where something has to be done, it is said what; where nothing has, nobody is kept from reading on */
  if (rows[i].state == PORCH_DOCTOR_WRONG || rows[i].state == PORCH_DOCTOR_NOTICE)
    {
      g_assert_true (gtk_widget_get_visible (card));
      assert_said (card, porch_doctor_step_get_cause (step));
      assert_said (card, porch_doctor_step_get_remedy (step));
    }

  if (rows[i].state == PORCH_DOCTOR_GOOD || rows[i].state == PORCH_DOCTOR_UNKNOWN)
    g_assert_false (gtk_widget_get_visible (card));

  /* Long names and values don't make the window wider than a telephone */
  g_assert_cmpint (gtk_widget_get_width (window) > 0 ? gtk_widget_get_width (window) : WIDTH, <=, WIDTH);
  take_picture (window, picture);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* A record that is there at last is closed, and its card goes when all is well */
static void
test_changes (void)
{
  g_autoptr(PorchDoctorFacts) facts = build_facts ();
  g_autoptr(PorchDoctorStep) step = porch_doctor_step_new (PORCH_DOCTOR_RECORDS);
  g_autoptr(PorchDoctorVerdict) before = NULL;
  g_autoptr(PorchDoctorVerdict) after = NULL;
  g_autoptr(PorchDoctorFacts) good = build_facts ();
  GtkWidget *card = g_object_ref_sink (porch_doctor_card_new (NULL, step));

  g_assert_false (gtk_widget_get_visible (card));

  pointer_missing (facts);
  before = porch_doctor_judge (facts, PORCH_DOCTOR_RECORDS);
  porch_doctor_step_take (step, before, facts->domain);
  g_assert_true (gtk_widget_get_visible (card));

  after = porch_doctor_judge (good, PORCH_DOCTOR_RECORDS);
  porch_doctor_step_take (step, after, good->domain);
  g_assert_false (gtk_widget_get_visible (card));

  g_assert_finalize_object (card);
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  dex_init ();
  adw_init ();

  g_object_set (gtk_settings_get_default (), "gtk-cursor-blink", FALSE, NULL);

  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()), PORCH_RESOURCE_PATH "/icons");

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(PorchDoctorStep) step = porch_doctor_step_new (rows[i].part);
      g_autofree char *path = g_strdup_printf ("/app/doctor/%s/%s", porch_doctor_step_get_id (step), rows[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }

  g_test_add_func ("/app/doctor/changes", test_changes);

  return g_test_run ();
}
