/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-drop-area.h"

#include "porch-dropped.h"

/* Content on which a folder or a ZIP may be dropped. It lights up under one, and tells of what was found in the drop. */
struct _PorchDropArea
{
  AdwBin       parent_instance;

  AdwBin      *content_bin;
  GtkRevealer *revealer;

  char        *label;
  DexFuture   *resolving;
  guint        active : 1;
};

enum
{
  PROP_0,
  PROP_ACTIVE,
  PROP_CONTENT,
  PROP_LABEL,
  N_PROPS
};

enum
{
  DROPPED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchDropArea, porch_drop_area, ADW_TYPE_BIN)

static DexFuture *
resolved_cb (DexFuture *future,
             gpointer   user_data)
{
  PorchDropArea *self = user_data;
  const GValue *value = dex_future_get_value (future, NULL);

  if (value != NULL)
    g_signal_emit (self, signals[DROPPED], 0, g_value_get_object (value));

  return NULL;
}

static gboolean
drop_cb (PorchDropArea *self,
         const GValue  *value)
{
  GSList *files = gdk_file_list_get_files (g_value_get_boxed (value));
  g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func (g_object_unref);

  for (GSList *l = files; l != NULL; l = l->next)
    g_ptr_array_add (dropped, g_object_ref (l->data));

  g_slist_free (files);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);

  if (dropped->len == 0 || !self->active)
    return FALSE;

  dex_clear (&self->resolving);
  self->resolving = dex_future_finally (porch_dropped_resolve (GTK_WIDGET (self), dropped), resolved_cb, self, NULL);

  return TRUE;
}

static GdkDragAction
drag_entered_cb (PorchDropArea *self)
{
  if (!self->active)
    return 0;

  gtk_revealer_set_reveal_child (self->revealer, TRUE);

  return GDK_ACTION_COPY;
}

static void
drag_left_cb (PorchDropArea *self)
{
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

static void
porch_drop_area_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  PorchDropArea *self = PORCH_DROP_AREA (object);

  switch (prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, porch_drop_area_get_active (self));
      break;
    case PROP_CONTENT:
      g_value_set_object (value, adw_bin_get_child (self->content_bin));
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_drop_area_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  PorchDropArea *self = PORCH_DROP_AREA (object);

  switch (prop_id)
    {
    case PROP_ACTIVE:
      porch_drop_area_set_active (self, g_value_get_boolean (value));
      break;
    case PROP_CONTENT:
      adw_bin_set_child (self->content_bin, g_value_get_object (value));
      break;
    case PROP_LABEL:
      if (g_set_str (&self->label, g_value_get_string (value)))
        g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_drop_area_dispose (GObject *object)
{
  PorchDropArea *self = PORCH_DROP_AREA (object);

  dex_clear (&self->resolving);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_DROP_AREA);

  G_OBJECT_CLASS (porch_drop_area_parent_class)->dispose (object);
}

static void
porch_drop_area_finalize (GObject *object)
{
  g_free (PORCH_DROP_AREA (object)->label);

  G_OBJECT_CLASS (porch_drop_area_parent_class)->finalize (object);
}

static void
porch_drop_area_class_init (PorchDropAreaClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_drop_area_get_property;
  object_class->set_property = porch_drop_area_set_property;
  object_class->dispose = porch_drop_area_dispose;
  object_class->finalize = porch_drop_area_finalize;

  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, TRUE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CONTENT] =
    g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DROPPED] = g_signal_new ("dropped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_FILE);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-drop-area.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchDropArea, content_bin);
  gtk_widget_class_bind_template_child (widget_class, PorchDropArea, revealer);
}

static void
porch_drop_area_init (PorchDropArea *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->active = TRUE;

  gtk_widget_init_template (GTK_WIDGET (self));

  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect_swapped (target, "enter", G_CALLBACK (drag_entered_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drag_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));

  /* A source that goes away in the middle of a drag does not say goodbye; the pointer moves by itself only after one */
  gtk_event_controller_set_propagation_phase (motion, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (drag_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
}

/* Whether a drop is taken at the moment. */
gboolean
porch_drop_area_get_active (PorchDropArea *self)
{
  g_return_val_if_fail (PORCH_IS_DROP_AREA (self), FALSE);

  return self->active;
}

void
porch_drop_area_set_active (PorchDropArea *self,
                            gboolean       active)
{
  g_return_if_fail (PORCH_IS_DROP_AREA (self));

  if (self->active == active)
    return;

  self->active = active;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}
