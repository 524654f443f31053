/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-release-row.h"

#include <glib/gi18n.h>

#include "porch-release-words.h"
#include "porch-widget-util.h"

/* A version of the site in the history. Opened, it tells which pages differ, and what a visitor saw of it. */
struct _PorchReleaseRow
{
  AdwExpanderRow  parent_instance;

  GtkWidget      *warning_image;
  GtkWidget      *live_button;

  PorchRelease   *release;
  GPtrArray      *rows;       /* what it shows opened; NULL as long as nobody opened it */
};

enum
{
  PROP_0,
  PROP_RELEASE,
  N_PROPS
};

enum
{
  MAKE_LIVE,
  REMOVE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchReleaseRow, porch_release_row, ADW_TYPE_EXPANDER_ROW)

static void
take_row (PorchReleaseRow *self,
          GtkWidget       *row)
{
  g_ptr_array_add (self->rows, row);
  adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
}

static GtkWidget *
create_row (const char *icon,
            const char *style,
            const char *title,
            const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);

  if (subtitle != NULL)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  if (icon != NULL)
    {
      GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                       "icon-name", icon,
                                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                       NULL);

      gtk_widget_add_css_class (image, style);
      adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
    }

  return row;
}

static void
add_pages (PorchReleaseRow *self)
{
  g_autofree char *rest = NULL;

  /* The first one differs from nothing */
  if (porch_release_get_previous (self->release) == NULL)
    return;

  for (guint i = 0; i < porch_release_get_n_page_changes (self->release); i++)
    {
      const PorchPageChange *change = porch_release_get_page_change (self->release, i);
      g_autofree char *title = porch_page_change_dup_title (change);
      g_autofree char *detail = porch_page_change_dup_detail (change);

      take_row (self, create_row (porch_change_kind_icon (change->kind), "dimmed", title, detail));
    }

  if ((rest = porch_release_dup_rest (self->release)) != NULL)
    {
      GtkWidget *row = create_row (NULL, NULL, rest, NULL);

      gtk_widget_add_css_class (row, "dimmed");
      take_row (self, row);
    }
}

static void
add_receipt (PorchReleaseRow *self)
{
  PorchReceipt *receipt = porch_release_get_receipt (self->release);
  gboolean good = porch_receipt_is_good (receipt);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;

  if (receipt == NULL)
    return;

  title = porch_receipt_dup_title (receipt, now);
  detail = porch_receipt_dup_detail (receipt);
  take_row (self, create_row (good ? "porchlight-step-done-symbolic" : "dialog-warning-symbolic",
                              !good ? "warning" : porch_receipt_get_state (receipt) == PORCH_RECEIPT_SEEN ? "success" : "dimmed",
                              title, detail));
}

static void
add_origin (PorchReleaseRow *self)
{
  g_autofree char *origin = porch_release_dup_origin (self->release);

  if (origin != NULL)
    take_row (self, create_row ("avatar-default-symbolic", "dimmed", origin, NULL));
}

static void
add_removal (PorchReleaseRow *self)
{
  GtkWidget *row;

  if (porch_release_get_live (self->release))
    return;

  row = adw_button_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("_Remove This Version…"));
  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  gtk_widget_add_css_class (row, "destructive-action");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "release.remove");
  take_row (self, row);
}

static void
clear_rows (PorchReleaseRow *self)
{
  for (guint i = 0; self->rows != NULL && i < self->rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), g_ptr_array_index (self->rows, i));

  g_clear_pointer (&self->rows, g_ptr_array_unref);
}

static void
fill (PorchReleaseRow *self)
{
  clear_rows (self);
  self->rows = g_ptr_array_new ();
  add_receipt (self);
  add_pages (self);
  add_origin (self);
  add_removal (self);
}

static void
expanded_cb (PorchReleaseRow *self)
{
  if (self->rows == NULL && adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    fill (self);
}

static void
update (PorchReleaseRow *self)
{
  PorchReceipt *receipt = porch_release_get_receipt (self->release);
  const char *note = porch_release_get_note (self->release);
  gboolean has_note = note != NULL && *note != '\0';
  gboolean good = porch_receipt_is_good (receipt);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = porch_release_dup_name (self->release, now);
  g_autofree char *subtitle = porch_release_describe (self->release, has_note, now);
  g_autofree char *label = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);

  if (!good)
    {
      g_autofree char *sentence = porch_receipt_dup_sentence (receipt);
      g_autofree char *both = g_strconcat (subtitle, "\n", sentence, NULL);

      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), both);
    }
  else
    {
      adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
    }

  gtk_widget_set_visible (self->warning_image, !good);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->warning_image),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Visitors could not see all of it"),
                                  -1);

  /* Translators: what a screen reader says on the button Make Live; the placeholder is a moment or a note */
  label = g_strdup_printf (_("Make Live: %s"), name);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->live_button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->live_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  if (self->rows != NULL)
    fill (self);
}

static void
make_live_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_signal_emit (widget, signals[MAKE_LIVE], 0);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_signal_emit (widget, signals[REMOVE], 0);
}

static void
porch_release_row_constructed (GObject *object)
{
  PorchReleaseRow *self = PORCH_RELEASE_ROW (object);

  G_OBJECT_CLASS (porch_release_row_parent_class)->constructed (object);

  g_signal_connect_object (self->release, "notify::live", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->release, "notify::receipt", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

static void
porch_release_row_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_RELEASE:
      g_value_set_object (value, PORCH_RELEASE_ROW (object)->release);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_release_row_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_RELEASE:
      g_set_object (&PORCH_RELEASE_ROW (object)->release, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_release_row_dispose (GObject *object)
{
  PorchReleaseRow *self = PORCH_RELEASE_ROW (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->release);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_RELEASE_ROW);

  G_OBJECT_CLASS (porch_release_row_parent_class)->dispose (object);
}

static void
porch_release_row_class_init (PorchReleaseRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = porch_release_row_constructed;
  object_class->get_property = porch_release_row_get_property;
  object_class->set_property = porch_release_row_set_property;
  object_class->dispose = porch_release_row_dispose;

  properties[PROP_RELEASE] =
    g_param_spec_object ("release", NULL, NULL, PORCH_TYPE_RELEASE,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[MAKE_LIVE] =
    g_signal_new ("make-live", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[REMOVE] =
    g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-release-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchReleaseRow, warning_image);
  gtk_widget_class_bind_template_child (widget_class, PorchReleaseRow, live_button);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "release.make-live", NULL, make_live_action);
  gtk_widget_class_install_action (widget_class, "release.remove", NULL, remove_action);
}

static void
porch_release_row_init (PorchReleaseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_release_row_new (PorchRelease *release)
{
  PorchReleaseRow *self = g_object_new (PORCH_TYPE_RELEASE_ROW, "release", release, NULL);

  /* While it is made, the header would hear of the title before it hears that titles are no markup */
  update (self);

  return GTK_WIDGET (self);
}

PorchRelease *
porch_release_row_get_release (PorchReleaseRow *self)
{
  g_return_val_if_fail (PORCH_IS_RELEASE_ROW (self), NULL);

  return self->release;
}
