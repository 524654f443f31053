/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-choose-site-dialog.h"

#include <glib/gi18n.h>

#include "porch-site-words.h"
#include "porch-widget-util.h"

/* Asks which site a folder is for, when it was opened from the file manager and there are several. */
struct _PorchChooseSiteDialog
{
  AdwDialog           parent_instance;

  AdwPreferencesPage *page;
  GtkListBox         *site_list;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchChooseSiteDialog, porch_choose_site_dialog, ADW_TYPE_DIALOG)

static void
finish (PorchChooseSiteDialog *self,
        PorchSite             *site)
{
  g_autoptr(PorchChooseSiteDialog) held = g_object_ref (self);
  g_autoptr(PorchSite) chosen = site != NULL ? g_object_ref (site) : NULL;

  adw_dialog_close (ADW_DIALOG (held));
  g_signal_emit (held, signals[CHOSEN], 0, chosen);
}

static void
site_activated_cb (PorchChooseSiteDialog *self,
                   GtkListBoxRow         *row)
{
  finish (self, g_object_get_data (G_OBJECT (row), "site"));
}

static void
new_site_cb (PorchChooseSiteDialog *self)
{
  finish (self, NULL);
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  PorchSite *site = item;
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *avatar = adw_avatar_new (32, porch_site_get_name (site), TRUE);
  g_autofree char *state = porch_site_dup_state (site);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_site_get_name (site));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), state);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), avatar);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), porch_decoration_new ("go-next-symbolic"));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (avatar), GTK_ACCESSIBLE_PROPERTY_LABEL, "", -1);

  /* Something else is under way there */
  gtk_widget_set_sensitive (row, porch_site_can_publish (site));
  g_object_set_data_full (G_OBJECT (row), "site", g_object_ref (site), g_object_unref);

  return row;
}

static void
porch_choose_site_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_CHOOSE_SITE_DIALOG);

  G_OBJECT_CLASS (porch_choose_site_dialog_parent_class)->dispose (object);
}

static void
porch_choose_site_dialog_class_init (PorchChooseSiteDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = porch_choose_site_dialog_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                  NULL, NULL, NULL, G_TYPE_NONE, 1, PORCH_TYPE_SITE);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-choose-site-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchChooseSiteDialog, page);
  gtk_widget_class_bind_template_child (widget_class, PorchChooseSiteDialog, site_list);
  gtk_widget_class_bind_template_callback (widget_class, site_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, new_site_cb);
}

static void
porch_choose_site_dialog_init (PorchChooseSiteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Emits “chosen” with the site, or with NULL for a new one. */
AdwDialog *
porch_choose_site_dialog_new (PorchEngine *engine,
                              GFile       *folder)
{
  PorchChooseSiteDialog *self;
  g_autofree char *base = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (PORCH_IS_ENGINE (engine), NULL);
  g_return_val_if_fail (G_IS_FILE (folder), NULL);

  self = g_object_new (PORCH_TYPE_CHOOSE_SITE_DIALOG, NULL);
  base = g_file_get_basename (folder);
  shown = g_filename_display_name (base);
  name = porch_isolate (shown);
  /* Translators: the placeholder is the name of a folder or ZIP file */
  text = g_strdup_printf (_("Which site is “%s” for?"), name);

  adw_preferences_page_set_description (self->page, text);
  gtk_list_box_bind_model (self->site_list, porch_engine_get_sites (engine), create_row, NULL, NULL);

  return ADW_DIALOG (self);
}
