/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-print.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* Messages on paper: as plain text, each beginning on a page of its own. Nothing that a visitor wrote is anything else. */

#define TEXT_FONT "Sans 11"
#define TITLE_FONT "Sans Bold 14"
#define FOOT_FONT "Sans 9"
#define SPACE_AFTER_TITLE 12

/* Around the text, besides what the printer leaves free; the number of the page stands in what is left below */
#define INDENT 24.0
#define FOOT 30.0

/* A line of text and where it stands */
typedef struct
{
  PangoLayout *layout;     /* it holds the line */
  int          line;
  guint        page;
  double       y;          /* of its baseline */
} Line;

typedef struct
{
  GPtrArray *messages;
  GArray    *lines;
  guint      n_pages;
} Print;

static void
line_clear (gpointer data)
{
  Line *line = data;

  g_clear_object (&line->layout);
}

static void
print_free (gpointer  data,
            GClosure *closure)
{
  Print *print = data;

  g_clear_pointer (&print->messages, g_ptr_array_unref);
  g_clear_pointer (&print->lines, g_array_unref);
  g_free (print);
}

static PangoLayout *
create_layout (GtkPrintContext *context,
               const char      *font,
               const char      *text)
{
  PangoLayout *layout = gtk_print_context_create_pango_layout (context);
  g_autoptr(PangoFontDescription) description = pango_font_description_from_string (font);
  g_autoptr(PangoAttrList) plain = pango_attr_list_new ();

  /* A hyphen at the end of a line would look like a part of an address */
  pango_attr_list_insert (plain, pango_attr_insert_hyphens_new (FALSE));
  pango_layout_set_attributes (layout, plain);
  pango_layout_set_font_description (layout, description);
  pango_layout_set_width (layout, (gtk_print_context_get_width (context) - 2 * INDENT) * PANGO_SCALE);
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, text, -1);

  return layout;
}

/* Puts the lines of @layout below those that stand there, on as many pages as they need */
static void
add_layout (Print       *print,
            PangoLayout *layout,
            double       height,
            guint       *page,
            double      *y)
{
  for (int i = 0; i < pango_layout_get_line_count (layout); i++)
    {
      PangoRectangle box;
      double line_height, ascent;
      Line line = { .layout = g_object_ref (layout), .line = i };

      pango_layout_line_get_extents (pango_layout_get_line_readonly (layout, i), NULL, &box);
      line_height = (double) box.height / PANGO_SCALE;
      ascent = (double) PANGO_ASCENT (box) / PANGO_SCALE;

      if (*y > 0 && *y + line_height > height)
        {
          (*page)++;
          *y = 0;
        }

      line.page = *page;
      line.y = *y + ascent;
      g_array_append_val (print->lines, line);
      *y += line_height;
    }
}

static void
begin_cb (GtkPrintOperation *operation,
          GtkPrintContext   *context,
          Print             *print)
{
  double height = gtk_print_context_get_height (context) - INDENT - FOOT;
  guint page = 0;

  g_array_set_size (print->lines, 0);

  for (guint i = 0; i < print->messages->len; i++)
    {
      PorchMessage *message = g_ptr_array_index (print->messages, i);
      g_autofree char *text = porch_message_dup_plain_text (message);
      g_autoptr(PangoLayout) title = create_layout (context, TITLE_FONT, porch_message_get_sender (message));
      g_autoptr(PangoLayout) body = create_layout (context, TEXT_FONT, text);
      double y = 0;

      if (i > 0)
        page++;

      add_layout (print, title, height, &page, &y);
      y += SPACE_AFTER_TITLE;
      add_layout (print, body, height, &page, &y);
    }

  print->n_pages = page + 1;
  gtk_print_operation_set_n_pages (operation, print->n_pages);
}

static void
draw_foot (GtkPrintContext *context,
           guint            page,
           guint            n_pages)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  /* Translators: the number of a printed page, and how many there are */
  g_autofree char *text = g_strdup_printf (_("%u of %u"), page + 1, n_pages);
  g_autoptr(PangoLayout) layout = create_layout (context, FOOT_FONT, text);
  PangoRectangle box;

  pango_layout_get_extents (layout, NULL, &box);
  cairo_move_to (cr, (gtk_print_context_get_width (context) - (double) box.width / PANGO_SCALE) / 2 - (double) box.x / PANGO_SCALE,
                 gtk_print_context_get_height (context) - FOOT + (FOOT - (double) box.height / PANGO_SCALE) / 2);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_cb (GtkPrintOperation *operation,
         GtkPrintContext   *context,
         int                page,
         Print             *print)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);

  for (guint i = 0; i < print->lines->len; i++)
    {
      Line *line = &g_array_index (print->lines, Line, i);
      PangoLayoutLine *text = pango_layout_get_line_readonly (line->layout, line->line);
      PangoRectangle box;
      double x = INDENT;

      if (line->page != (guint) page)
        continue;

      /* Lines know nothing of where their paragraph is aligned */
      if (pango_layout_line_get_resolved_direction (text) == PANGO_DIRECTION_RTL)
        {
          pango_layout_line_get_extents (text, NULL, &box);
          x = gtk_print_context_get_width (context) - INDENT - (double) box.width / PANGO_SCALE;
        }

      cairo_move_to (cr, x, INDENT + line->y);
      pango_cairo_show_layout_line (cr, text);
    }

  if (print->n_pages > 1)
    draw_foot (context, page, print->n_pages);
}

static void
done_cb (GtkPrintOperation       *operation,
         GtkPrintOperationResult  result,
         GtkWidget               *widget)
{
  g_autoptr(GError) error = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;

  gtk_print_operation_get_error (operation, &error);
  porch_widget_toast_error (widget, error);
}

/**
 * porch_message_print_new:
 * @messages: (element-type PorchMessage): complete messages
 *
 * Returns: (transfer full): what prints them
 */
GtkPrintOperation *
porch_message_print_new (GPtrArray *messages)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();
  Print *print = g_new0 (Print, 1);

  print->messages = g_ptr_array_ref (messages);
  print->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (print->lines, line_clear);

  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (operation, ngettext ("Message", "Messages", messages->len));
  gtk_print_operation_set_embed_page_setup (operation, TRUE);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_cb), print);
  g_signal_connect_data (operation, "begin-print", G_CALLBACK (begin_cb), print, print_free, 0);

  return operation;
}

/**
 * porch_message_print:
 * @widget: a widget in the window that asks
 * @messages: (element-type PorchMessage): complete messages
 *
 * Asks on what to print them, and does so.
 */
void
porch_message_print (GtkWidget *widget,
                     GPtrArray *messages)
{
  g_autoptr(GtkPrintOperation) operation = porch_message_print_new (messages);

  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect_object (operation, "done", G_CALLBACK (done_cb), widget, 0);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, GTK_WINDOW (gtk_widget_get_root (widget)), NULL);
}
