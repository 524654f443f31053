/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-release-row.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* A state of the site in the history. */
struct _PorchReleaseRow
{
  AdwActionRow  parent_instance;

  GtkWidget    *live_button;

  PorchRelease *release;
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
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchReleaseRow, porch_release_row, ADW_TYPE_ACTION_ROW)

static void
add_part (GString    *text,
          const char *part)
{
  if (text->len > 0)
    g_string_append (text, " · ");

  g_string_append (text, part);
}

static void
add_count (GString    *text,
           const char *format,
           guint       count)
{
  g_autofree char *part = NULL;

  if (count == 0)
    return;

  part = g_strdup_printf (format, count);
  add_part (text, part);
}

/* What a release holds and how it differs from the one before, as one line. */
char *
porch_release_describe (PorchRelease *release,
                        gboolean      with_date,
                        GDateTime    *now)
{
  GString *text = g_string_new (NULL);
  guint n_files = porch_release_get_n_files (release);
  guint n_added = porch_release_get_n_added (release);
  guint n_changed = porch_release_get_n_changed (release);
  guint n_removed = porch_release_get_n_removed (release);
  g_autofree char *size = g_format_size (porch_release_get_n_bytes (release));
  g_autofree char *content = NULL;

  if (with_date)
    {
      g_autofree char *date = porch_moment_words (porch_release_get_date (release), now);

      add_part (text, date);
    }

  /* Translators: number of files and their size together */
  content = g_strdup_printf (ngettext ("%'u file, %s", "%'u files, %s", n_files), n_files, size);
  add_part (text, content);

  /* The first one differs from nothing */
  if (porch_release_get_previous (release) != NULL)
    {
      add_count (text, ngettext ("%'u new", "%'u new", n_added), n_added);
      add_count (text, ngettext ("%'u changed", "%'u changed", n_changed), n_changed);
      add_count (text, ngettext ("%'u removed", "%'u removed", n_removed), n_removed);
    }

  return g_string_free_and_steal (text);
}

static void
make_live_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_signal_emit (widget, signals[MAKE_LIVE], 0);
}

static void
porch_release_row_constructed (GObject *object)
{
  PorchReleaseRow *self = PORCH_RELEASE_ROW (object);
  const char *note = porch_release_get_note (self->release);
  gboolean has_note = note != NULL && *note != '\0';
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *moment = porch_moment_words (porch_release_get_date (self->release), now);
  g_autofree char *subtitle = porch_release_describe (self->release, has_note, now);
  g_autofree char *label = NULL;

  G_OBJECT_CLASS (porch_release_row_parent_class)->constructed (object);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), has_note ? note : moment);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), subtitle);

  /* Translators: what a screen reader says on the button Make Live; the placeholder is a moment or a note */
  label = g_strdup_printf (_("Make Live: %s"), has_note ? note : moment);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->live_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
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
  g_clear_object (&PORCH_RELEASE_ROW (object)->release);
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

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-release-row.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchReleaseRow, live_button);
  porch_bind_closures (widget_class);

  gtk_widget_class_install_action (widget_class, "release.make-live", NULL, make_live_action);
}

static void
porch_release_row_init (PorchReleaseRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
porch_release_row_new (PorchRelease *release)
{
  return g_object_new (PORCH_TYPE_RELEASE_ROW, "release", release, NULL);
}
