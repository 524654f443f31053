/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-message-row.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "porch-inbox-search.h"
#include "porch-widget-util.h"

/* One message in the list. A list makes two hundred rows of which a dozen are seen, and gives all of them other messages when
 * somebody drags the scroll bar. So a row asks for the same room whatever it says, and has its text only while it is in
 * sight, which it draws itself; what few messages have is made when one has it.
 */

#define DOT_SIZE 10
#define DOT_SPACE 20
#define SPACING 6
#define LINE_SPACING 2
#define MARGIN 9
#define MIN_WIDTH 160

/* What the style sheet does with text of the classes "dimmed" and "caption" */
#define DIMMED 0.55
#define DIMMED_HIGH_CONTRAST 0.9
#define SMALL 0.82

struct _PorchMessageRow
{
  GtkWidget      parent_instance;

  PangoLayout   *sender;     /* these three since they were drawn */
  PangoLayout   *day;
  PangoLayout   *summary;
  GtkWidget     *dot;        /* these three since they were wanted */
  GtkWidget     *warning;
  GtkWidget     *check;

  GtkListItem   *item;       /* a weak pointer: it holds the row */
  PorchMessage  *message;
  char          *search;
  gulong         changed;
  gboolean       in_sight;
  gboolean       selecting;
  gboolean       has_name;   /* for screen readers */
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

static gboolean
is_known (PorchMessageRow *self)
{
  return self->message != NULL && porch_message_is_known (self->message);
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
add_marks (PangoAttrList *attributes,
           const char    *summary,
           const char    *search)
{
  g_auto(GStrv) words = porch_inbox_search_split (search);
  gsize start = 0, end = 0;

  while (words[0] != NULL && porch_inbox_search_find (summary, (const char * const *) words, &start, &end))
    {
      PangoAttribute *mark = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

      mark->start_index = start;
      mark->end_index = end;
      pango_attr_list_insert (attributes, mark);
      start = end;
    }
}

static PangoLayout *
create_layout (PorchMessageRow *self,
               const char      *text,
               PangoAttrList   *attributes)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_attributes (layout, attributes);

  return layout;
}

static PangoLayout *
create_sender (PorchMessageRow *self)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  PangoLayout *layout;

  if (porch_message_get_unread (self->message))
    pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));

  layout = create_layout (self, porch_message_get_sender (self->message), attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);

  return layout;
}

static PangoLayout *
create_day (PorchMessageRow *self)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = porch_day_words (porch_message_get_received (self->message), now);

  pango_attr_list_insert (attributes, pango_attr_scale_new (SMALL));

  return create_layout (self, day, attributes);
}

static PangoLayout *
create_summary (PorchMessageRow *self)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  const char *summary = porch_message_get_summary (self->message);
  PangoLayout *layout;

  if (self->search != NULL && summary != NULL)
    add_marks (attributes, summary, self->search);

  layout = create_layout (self, summary, attributes);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);

  return layout;
}

static void
ensure_layouts (PorchMessageRow *self)
{
  if (self->sender == NULL)
    self->sender = create_sender (self);
  if (self->day == NULL)
    self->day = create_day (self);
  if (self->summary == NULL)
    self->summary = create_summary (self);
}

static void
drop_layouts (PorchMessageRow *self)
{
  g_clear_object (&self->sender);
  g_clear_object (&self->day);
  g_clear_object (&self->summary);
}

/* Nobody sees what a row out of sight has beside its text */
static void
update_parts (PorchMessageRow *self)
{
  gboolean known = is_known (self);

  if (!self->in_sight)
    return;

  show_part (self, &self->dot, known && porch_message_get_unread (self->message), create_dot);
  show_part (self, &self->warning, known && porch_message_get_mail_state (self->message) == PORCH_MAIL_FAILED, create_warning);
  show_part (self, &self->check, self->selecting, create_check);

  if (self->check != NULL && self->item != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), gtk_list_item_get_selected (self->item));
}

static void
update_name (PorchMessageRow *self)
{
  gboolean known = is_known (self);
  g_autofree char *name = NULL;

  if (self->item == NULL || (!known && !self->has_name))
    return;

  name = self->message != NULL ? porch_message_row_build_label (self->message) : g_strdup ("");
  gtk_list_item_set_accessible_label (self->item, name);
  self->has_name = known;
}

static void
update (PorchMessageRow *self)
{
  drop_layouts (self);
  update_name (self);
  update_parts (self);

  /* The room for the day may be another one */
  if (is_shown (self->warning))
    gtk_widget_queue_allocate (GTK_WIDGET (self));

  if (self->in_sight)
    gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* How high the two lines are. All rows have the same font, so what it says of itself is kept. */
static void
measure_lines (PorchMessageRow *self,
               int             *first,
               int             *second)
{
  static PangoFontDescription *known_font;
  static double known_resolution;
  static int height;
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double resolution = pango_cairo_context_get_resolution (context);

  if (known_font == NULL || resolution != known_resolution || !pango_font_description_equal (font, known_font))
    {
      PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);

      height = PANGO_PIXELS_CEIL (pango_font_metrics_get_ascent (metrics) + pango_font_metrics_get_descent (metrics));
      pango_font_metrics_unref (metrics);
      g_clear_pointer (&known_font, pango_font_description_free);
      known_font = pango_font_description_copy (font);
      known_resolution = resolution;
    }

  *first = *second = height;
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
  int first, second;

  *minimum_baseline = *natural_baseline = -1;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = *natural = MIN_WIDTH;
      return;
    }

  measure_lines (PORCH_MESSAGE_ROW (widget), &first, &second);
  *minimum = *natural = first + LINE_SPACING + second + 2 * MARGIN;
}

static GtkAllocation
get_size (GtkWidget *part)
{
  GtkAllocation size = { 0, 0, 0, 0 };

  if (is_shown (part))
    {
      gtk_widget_measure (part, GTK_ORIENTATION_HORIZONTAL, -1, &size.width, NULL, NULL, NULL);
      gtk_widget_measure (part, GTK_ORIENTATION_VERTICAL, -1, &size.height, NULL, NULL, NULL);
    }

  return size;
}

/* Where everything is, as long as one reads from the left */
typedef struct
{
  GtkAllocation check;
  GtkAllocation dot;
  GtkAllocation sender;
  GtkAllocation warning;
  GtkAllocation day;
  GtkAllocation summary;
} Places;

static void
arrange (PorchMessageRow *self,
         int              width,
         int              height,
         Places          *places)
{
  int x = 0, end = width;
  int first, second, day_width = 0;

  measure_lines (self, &first, &second);
  places->check = get_size (self->check);
  places->warning = get_size (self->warning);

  if (self->day != NULL)
    pango_layout_get_pixel_size (self->day, &day_width, NULL);

  if (is_shown (self->check))
    {
      places->check.y = (height - places->check.height) / 2;
      x += places->check.width + SPACING;
    }

  places->dot = (GtkAllocation) { x, MARGIN + (first - DOT_SIZE) / 2, DOT_SIZE, DOT_SIZE };
  x += DOT_SPACE;
  places->day = (GtkAllocation) { end - day_width, MARGIN, day_width, first };
  end -= day_width + SPACING;

  if (is_shown (self->warning))
    {
      places->warning = (GtkAllocation) { end - places->warning.width, MARGIN, places->warning.width, first };
      end -= places->warning.width + SPACING;
    }

  places->sender = (GtkAllocation) { x, MARGIN, MAX (end - x, 0), first };
  places->summary = (GtkAllocation) { x, MARGIN + first + LINE_SPACING, MAX (width - x, 0), second };
}

static gboolean
is_mirrored (PorchMessageRow *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static void
place (PorchMessageRow     *self,
       GtkWidget           *part,
       int                  width,
       const GtkAllocation *where)
{
  GtkAllocation box = *where;

  if (!is_shown (part))
    return;

  if (is_mirrored (self))
    box.x = width - box.x - box.width;

  gtk_widget_size_allocate (part, &box, -1);
}

static void
porch_message_row_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  PorchMessageRow *self = PORCH_MESSAGE_ROW (widget);
  Places places;

  /* It stands beside the day */
  if (is_shown (self->warning) && self->day == NULL)
    self->day = create_day (self);

  arrange (self, width, height, &places);
  place (self, self->check, width, &places.check);
  place (self, self->dot, width, &places.dot);
  place (self, self->warning, width, &places.warning);
}

/* Text begins on the side where one begins to read the window, in whatever direction it runs itself */
static void
draw (PorchMessageRow     *self,
      GtkSnapshot         *snapshot,
      PangoLayout         *layout,
      const GtkAllocation *where,
      const GdkRGBA       *color)
{
  PangoRectangle box;
  int x = where->x;

  if (pango_layout_get_ellipsize (layout) != PANGO_ELLIPSIZE_NONE)
    pango_layout_set_width (layout, where->width * PANGO_SCALE);

  pango_layout_get_pixel_extents (layout, NULL, &box);

  if (is_mirrored (self))
    x = gtk_widget_get_width (GTK_WIDGET (self)) - where->x - box.width;

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x - box.x, where->y + (where->height - box.height) / 2 - box.y));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
porch_message_row_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  PorchMessageRow *self = PORCH_MESSAGE_ROW (widget);
  GdkRGBA color;
  Places places;

  if (self->in_sight && is_known (self))
    {
      ensure_layouts (self);
      arrange (self, gtk_widget_get_width (widget), gtk_widget_get_height (widget), &places);
      gtk_widget_get_color (widget, &color);
      draw (self, snapshot, self->sender, &places.sender, &color);
      color.alpha *= adw_style_manager_get_high_contrast (adw_style_manager_get_default ()) ? DIMMED_HIGH_CONTRAST : DIMMED;
      draw (self, snapshot, self->day, &places.day, &color);
      draw (self, snapshot, self->summary, &places.summary, &color);
    }

  GTK_WIDGET_CLASS (porch_message_row_parent_class)->snapshot (widget, snapshot);
}

static void
porch_message_row_css_changed (GtkWidget         *widget,
                               GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (porch_message_row_parent_class)->css_changed (widget, change);
  drop_layouts (PORCH_MESSAGE_ROW (widget));
}

static void
porch_message_row_system_setting_changed (GtkWidget        *widget,
                                          GtkSystemSetting  setting)
{
  GTK_WIDGET_CLASS (porch_message_row_parent_class)->system_setting_changed (widget, setting);
  drop_layouts (PORCH_MESSAGE_ROW (widget));
}

static void
porch_message_row_direction_changed (GtkWidget        *widget,
                                     GtkTextDirection  before)
{
  GTK_WIDGET_CLASS (porch_message_row_parent_class)->direction_changed (widget, before);
  drop_layouts (PORCH_MESSAGE_ROW (widget));
}

static void
porch_message_row_dispose (GObject *object)
{
  PorchMessageRow *self = PORCH_MESSAGE_ROW (object);
  GtkWidget *child;

  porch_message_row_unbind (self);
  drop_layouts (self);
  g_clear_pointer (&self->search, g_free);
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
  widget_class->snapshot = porch_message_row_snapshot;
  widget_class->css_changed = porch_message_row_css_changed;
  widget_class->system_setting_changed = porch_message_row_system_setting_changed;
  widget_class->direction_changed = porch_message_row_direction_changed;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
porch_message_row_init (PorchMessageRow *self)
{
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
  g_signal_connect_object (item, "notify::selected", G_CALLBACK (update_parts), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

/* What somebody looks for, whose words are marked. */
void
porch_message_row_set_search (PorchMessageRow *self,
                              const char      *search)
{
  if (!g_set_str (&self->search, search))
    return;

  g_clear_object (&self->summary);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Shows the message of its list item; @search is what somebody looks for. */
void
porch_message_row_bind (PorchMessageRow *self,
                        const char      *search)
{
  porch_message_row_unbind (self);
  self->message = g_object_ref (PORCH_MESSAGE (gtk_list_item_get_item (self->item)));
  g_set_str (&self->search, search);
  self->changed = g_signal_connect_swapped (self->message, "changed", G_CALLBACK (update), self);
  update (self);
}

void
porch_message_row_unbind (PorchMessageRow *self)
{
  if (self->message != NULL)
    g_clear_signal_handler (&self->changed, self->message);

  g_clear_object (&self->message);
}

/* Whether it has a mark that says that it is selected. */
void
porch_message_row_set_selecting (PorchMessageRow *self,
                                 gboolean         selecting)
{
  self->selecting = selecting;
  update_parts (self);
}

/* Whether anybody can see it: only then it has anything to be seen. */
void
porch_message_row_set_in_sight (PorchMessageRow *self,
                                gboolean         in_sight)
{
  if (self->in_sight == in_sight)
    return;

  self->in_sight = in_sight;

  if (in_sight)
    {
      update_parts (self);
      gtk_widget_queue_draw (GTK_WIDGET (self));
    }
}

guint
porch_message_row_get_position (PorchMessageRow *self)
{
  return self->item != NULL ? gtk_list_item_get_position (self->item) : GTK_INVALID_LIST_POSITION;
}
