/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "porch-inbox-search.h"
#include "porch-widget-util.h"

/* One message in the list. A list makes two hundred rows before anything is seen, and fills as many anew when somebody drags
 * the scroll bar: so a row is three labels that it places itself, and what few messages have is made when one has it.
 */

#define DOT_SIZE 10
#define DOT_SPACE 20
#define SPACING 6
#define LINE_SPACING 2
#define MARGIN 9
#define MIN_WIDTH 160

struct _PorchMessageRow
{
  GtkWidget      parent_instance;

  GtkLabel      *sender;
  GtkLabel      *day;
  GtkLabel      *summary;
  GtkWidget     *dot;        /* these three only while they are wanted */
  GtkWidget     *warning;
  GtkWidget     *check;

  GtkListItem   *item;       /* a weak pointer: it holds the row */
  PorchMessage  *message;
  GStrv          words;      /* what is searched for */
  gulong         changed;
};

G_DEFINE_FINAL_TYPE (PorchMessageRow, porch_message_row, GTK_TYPE_WIDGET)

/* What was made once is only hidden, which costs next to nothing */
static void
show_part (PorchMessageRow  *self,
           GtkWidget       **part,
           gboolean          wanted,
           GtkWidget      *(*create) (void))
{
  if (wanted && *part == NULL)
    {
      *part = create ();
      gtk_widget_set_parent (*part, GTK_WIDGET (self));
    }

  if (*part != NULL && gtk_widget_get_child_visible (*part) != wanted)
    {
      gtk_widget_set_child_visible (*part, wanted);
      gtk_widget_queue_allocate (GTK_WIDGET (self));
    }
}

static gboolean
is_shown (GtkWidget *part)
{
  return part != NULL && gtk_widget_get_child_visible (part);
}

static GtkWidget *
create_dot (void)
{
  return g_object_new (ADW_TYPE_BIN,
                       "css-classes", (const char * const []) { "unread-dot", NULL },
                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                       NULL);
}

static GtkWidget *
create_warning (void)
{
  return g_object_new (GTK_TYPE_IMAGE,
                       "icon-name", "dialog-warning-symbolic",
                       "tooltip-text", _("This message was not mailed to you"),
                       NULL);
}

static GtkWidget *
create_check (void)
{
  return g_object_new (GTK_TYPE_CHECK_BUTTON,
                       "can-target", FALSE,
                       "can-focus", FALSE,
                       "css-classes", (const char * const []) { "selection-mode", NULL },
                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                       NULL);
}

/* Says where in the line it is that something was found */
static void
update_marks (PorchMessageRow *self,
              const char      *summary)
{
  g_autoptr(PangoAttrList) marks = NULL;
  gsize start = 0, end = 0;

  if (self->words != NULL && self->words[0] != NULL)
    marks = pango_attr_list_new ();

  while (marks != NULL && porch_inbox_search_find (summary, (const char * const *) self->words, &start, &end))
    {
      PangoAttribute *mark = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      mark->start_index = start;
      mark->end_index = end;
      pango_attr_list_insert (marks, mark);
      start = end;
    }

  gtk_label_set_attributes (self->summary, marks);
}

static void
show_labels (PorchMessageRow *self,
             gboolean         shown)
{
  GtkLabel *labels[] = { self->sender, self->day, self->summary };

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    gtk_widget_set_child_visible (GTK_WIDGET (labels[i]), shown);
}

/* A message that is not known yet costs no text: most of those that are scrolled past never become known */
static void
update_empty (PorchMessageRow *self)
{
  show_labels (self, FALSE);
  show_part (self, &self->dot, FALSE, create_dot);
  show_part (self, &self->warning, FALSE, create_warning);
}

static void
update (PorchMessageRow *self)
{
  g_autoptr(GDateTime) now = NULL;
  gboolean unread = porch_message_get_unread (self->message);
  const char *sender = porch_message_get_sender (self->message);
  const char *summary = porch_message_get_summary (self->message);
  g_autofree char *label = NULL;
  g_autofree char *day = NULL;

  if (!porch_message_is_known (self->message))
    {
      update_empty (self);
      return;
    }

  now = g_date_time_new_now_local ();
  day = porch_day_words (porch_message_get_received (self->message), now);
  label = porch_message_row_build_label (self->message);
  show_labels (self, TRUE);
  gtk_label_set_text (self->sender, sender != NULL ? sender : "");
  gtk_label_set_text (self->day, day);
  gtk_label_set_text (self->summary, summary != NULL ? summary : "");
  update_marks (self, summary != NULL ? summary : "");

  if (unread)
    gtk_widget_add_css_class (GTK_WIDGET (self->sender), "heading");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->sender), "heading");

  show_part (self, &self->dot, unread, create_dot);
  show_part (self, &self->warning, porch_message_get_mail_state (self->message) == PORCH_MAIL_FAILED, create_warning);

  if (self->item != NULL)
    gtk_list_item_set_accessible_label (self->item, label);
}

static void
selected_cb (PorchMessageRow *self)
{
  if (self->check != NULL && self->item != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), gtk_list_item_get_selected (self->item));
}

static void
measure_part (GtkWidget      *part,
              GtkOrientation  orientation,
              int            *minimum,
              int            *natural)
{
  *minimum = *natural = 0;

  if (part != NULL)
    gtk_widget_measure (part, orientation, -1, minimum, natural, NULL, NULL);
}

static void
porch_message_row_measure (GtkWidget      *widget,
                           GtkOrientation  orientation,
                           int             for_size,
                           int            *minimum,
                           int            *natural,
                           int            *minimum_baseline,
                           int            *natural_baseline)
{
  PorchMessageRow *self = PORCH_MESSAGE_ROW (widget);
  int first, second, unused;

  *minimum_baseline = *natural_baseline = -1;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = MIN_WIDTH;
      return;
    }

  measure_part (GTK_WIDGET (self->sender), orientation, &unused, &first);
  measure_part (GTK_WIDGET (self->summary), orientation, &unused, &second);
  *minimum = *natural = first + LINE_SPACING + second + 2 * MARGIN;
}

static void
place (PorchMessageRow *self,
       GtkWidget       *part,
       int              width,
       int              x,
       int              y,
       int              part_width,
       int              part_height)
{
  GtkAllocation box = { x, y, MAX (part_width, 0), part_height };

  if (gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL)
    box.x = width - x - box.width;

  gtk_widget_size_allocate (part, &box, -1);
}

static void
porch_message_row_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  PorchMessageRow *self = PORCH_MESSAGE_ROW (widget);
  int x = 0, end = width;
  int first, second, day_width, icon_width, check_width, check_height, unused;

  measure_part (GTK_WIDGET (self->sender), GTK_ORIENTATION_VERTICAL, &unused, &first);
  measure_part (GTK_WIDGET (self->summary), GTK_ORIENTATION_VERTICAL, &unused, &second);
  measure_part (GTK_WIDGET (self->day), GTK_ORIENTATION_HORIZONTAL, &unused, &day_width);
  measure_part (self->warning, GTK_ORIENTATION_HORIZONTAL, &unused, &icon_width);

  if (is_shown (self->check))
    {
      measure_part (self->check, GTK_ORIENTATION_HORIZONTAL, &unused, &check_width);
      measure_part (self->check, GTK_ORIENTATION_VERTICAL, &unused, &check_height);
      place (self, self->check, width, 0, (height - check_height) / 2, check_width, check_height);
      x += check_width + SPACING;
    }

  if (is_shown (self->dot))
    place (self, self->dot, width, x, MARGIN + (first - DOT_SIZE) / 2, DOT_SIZE, DOT_SIZE);

  x += DOT_SPACE;
  place (self, GTK_WIDGET (self->day), width, end - day_width, MARGIN, day_width, first);
  end -= day_width + SPACING;

  if (is_shown (self->warning))
    {
      place (self, self->warning, width, end - icon_width, MARGIN, icon_width, first);
      end -= icon_width + SPACING;
    }

  place (self, GTK_WIDGET (self->sender), width, x, MARGIN, end - x, first);
  place (self, GTK_WIDGET (self->summary), width, x, MARGIN + first + LINE_SPACING, width - x, second);
}

static void
porch_message_row_dispose (GObject *object)
{
  PorchMessageRow *self = PORCH_MESSAGE_ROW (object);
  GtkWidget *child;

  porch_message_row_unbind (self);
  g_clear_weak_pointer (&self->item);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  self->dot = self->warning = self->check = NULL;

  G_OBJECT_CLASS (porch_message_row_parent_class)->dispose (object);
}

static void
porch_message_row_class_init (PorchMessageRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_message_row_dispose;

  widget_class->measure = porch_message_row_measure;
  widget_class->size_allocate = porch_message_row_size_allocate;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static GtkLabel *
add_label (PorchMessageRow *self,
           float            align,
           const char      *first_class,
           const char      *second_class)
{
  const char *classes[] = { first_class, second_class, NULL };
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                   "xalign", align,
                                   "ellipsize", PANGO_ELLIPSIZE_END,
                                   "single-line-mode", TRUE,
                                   "css-classes", classes,
                                   NULL);

  gtk_widget_set_parent (label, GTK_WIDGET (self));

  return GTK_LABEL (label);
}

static void
porch_message_row_init (PorchMessageRow *self)
{
  self->sender = add_label (self, 0, NULL, NULL);
  self->day = add_label (self, 1, "caption", "dimmed");
  self->summary = add_label (self, 0, "dimmed", NULL);
  gtk_label_set_ellipsize (self->day, PANGO_ELLIPSIZE_NONE);
}

/* What a screen reader says of @message in the list. */
char *
porch_message_row_build_label (PorchMessage *message)
{
  const char *sender = porch_message_get_sender (message);
  const char *summary = porch_message_get_summary (message);

  if (!porch_message_is_known (message))
    return g_strdup ("");
  else if (porch_message_get_unread (message))
    /* Translators: what a screen reader says of a message in the list: its sender, then its first words */
    return g_strdup_printf (_("Unread message from %s: %s"), sender, summary);
  else
    /* Translators: what a screen reader says of a message in the list: its sender, then its first words */
    return g_strdup_printf (_("Message from %s: %s"), sender, summary);
}

/* A row for @item, which holds it. */
GtkWidget *
porch_message_row_new (GtkListItem *item)
{
  PorchMessageRow *self = g_object_new (PORCH_TYPE_MESSAGE_ROW, NULL);

  g_set_weak_pointer (&self->item, item);
  g_signal_connect_object (item, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/* Shows the message of its list item; @search is what somebody looks for. */
void
porch_message_row_bind (PorchMessageRow *self,
                        const char      *search)
{
  porch_message_row_unbind (self);
  self->message = g_object_ref (PORCH_MESSAGE (gtk_list_item_get_item (self->item)));
  self->words = search != NULL ? porch_inbox_search_split (search) : NULL;
  self->changed = g_signal_connect_swapped (self->message, "changed", G_CALLBACK (update), self);
  update (self);
  selected_cb (self);
}

void
porch_message_row_unbind (PorchMessageRow *self)
{
  if (self->message != NULL)
    g_clear_signal_handler (&self->changed, self->message);

  g_clear_object (&self->message);
  g_clear_pointer (&self->words, g_strfreev);
}

/* Whether it has a mark that says that it is selected. */
void
porch_message_row_set_selecting (PorchMessageRow *self,
                                 gboolean         selecting)
{
  show_part (self, &self->check, selecting, create_check);
  selected_cb (self);
}

guint
porch_message_row_get_position (PorchMessageRow *self)
{
  return self->item != NULL ? gtk_list_item_get_position (self->item) : GTK_INVALID_LIST_POSITION;
}
