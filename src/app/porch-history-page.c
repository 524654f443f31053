/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-history-page.h"

#include <glib/gi18n.h>

#include "porch-draft-row.h"
#include "porch-engine.h"
#include "porch-go-live-operation.h"
#include "porch-operation.h"
#include "porch-release-row.h"
#include "porch-release-words.h"
#include "porch-site-words.h"
#include "porch-widget-util.h"

/* How many versions are shown at first, and then at each press. */
#define FIRST_VERSIONS 20
#define MORE_VERSIONS  50

/* Every published state of a site; any of them can be made the live one again. Above them are the drafts. */
struct _PorchHistoryPage
{
  AdwBin              parent_instance;

  GtkStack           *stack;
  GtkWidget          *draft_group;
  GtkListBox         *draft_list;
  GtkWidget          *release_group;
  GtkListBox         *release_list;
  GtkWidget          *more_group;

  PorchSite          *site;
  GtkFilter          *filter;
  GtkFilterListModel *versions;
  GtkSliceListModel  *shown;
  GSignalGroup       *site_signals;
  GSignalGroup       *draft_signals;
  GSignalGroup       *operation_signals;
};

/* What is to be removed, for as long as it is asked for */
typedef struct
{
  PorchHistoryPage *page;
  PorchSite        *site;
  char             *release;
} Removal;

enum
{
  PROP_0,
  PROP_SITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PorchHistoryPage, porch_history_page, ADW_TYPE_BIN)

/* Drafts have a list of their own */
static gboolean
is_version (gpointer item,
            gpointer user_data)
{
  PorchRelease *release = item;

  return porch_release_get_live (release) || porch_release_get_draft (release) == NULL;
}

static void
update (PorchHistoryPage *self)
{
  guint n_versions = g_list_model_get_n_items (G_LIST_MODEL (self->versions));
  guint n_drafts = self->site != NULL ? g_list_model_get_n_items (porch_site_get_drafts (self->site)) : 0;

  gtk_widget_set_visible (self->draft_group, n_drafts > 0);
  gtk_widget_set_visible (self->release_group, n_versions > 0);
  gtk_widget_set_visible (self->more_group, n_versions > gtk_slice_list_model_get_size (self->shown));
  gtk_stack_set_visible_child_name (self->stack, n_versions + n_drafts > 0 ? "releases" : "empty");
}

static void
refilter (PorchHistoryPage *self)
{
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update (self);
}

static void
set_row_busy (GtkWidget *row,
              gboolean   busy)
{
  if (PORCH_IS_DRAFT_ROW (row))
    {
      porch_draft_row_set_busy (PORCH_DRAFT_ROW (row), busy);
    }
  else if (PORCH_IS_RELEASE_ROW (row))
    {
      gtk_widget_action_set_enabled (row, "release.make-live", !busy);
      gtk_widget_action_set_enabled (row, "release.remove", !busy);
    }
}

static void
update_busy (PorchHistoryPage *self)
{
  gboolean busy = self->site != NULL && porch_site_is_busy (self->site);
  GtkListBox *lists[] = { self->draft_list, self->release_list };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (lists[i])); row != NULL;
         row = gtk_widget_get_next_sibling (row))
      set_row_busy (row, busy);
}

static void
operation_changed_cb (PorchHistoryPage *self)
{
  g_signal_group_set_target (self->operation_signals,
                             self->site != NULL ? porch_site_get_operation (self->site) : NULL);
  update_busy (self);
}

static void
removal_free (gpointer data)
{
  Removal *removal = data;

  g_object_unref (removal->page);
  g_object_unref (removal->site);
  g_free (removal->release);
  g_free (removal);
}

static DexFuture *
opened_cb (DexFuture *future,
           gpointer   user_data)
{
  Removal *removal = user_data;
  PorchTarget *target = g_value_get_object (dex_future_get_value (future, NULL));

  return porch_history_remove (porch_site_get_history (removal->site), target, removal->release);
}

static DexFuture *
removed_cb (DexFuture *future,
            gpointer   user_data)
{
  Removal *removal = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL)
    porch_widget_toast_error (GTK_WIDGET (removal->page), error);
  else
    porch_widget_toast (GTK_WIDGET (removal->page), adw_toast_new (_("Version removed")));

  return NULL;
}

static Removal *
removal_copy (const Removal *removal)
{
  Removal *copy = g_new0 (Removal, 1);

  copy->page = g_object_ref (removal->page);
  copy->site = g_object_ref (removal->site);
  copy->release = g_strdup (removal->release);

  return copy;
}

static void
remove_response_cb (AdwAlertDialog *dialog,
                    const char     *response,
                    Removal        *removal)
{
  DexFuture *future;

  if (!g_str_equal (response, "remove"))
    return;

  /* Goes on when the page is left; what fails is said in the window */
  future = dex_future_then (porch_site_open_target (removal->site), opened_cb, removal_copy (removal), removal_free);
  dex_future_disown (dex_future_finally (future, removed_cb, removal_copy (removal), removal_free));
}

static void
free_removal_closure (gpointer  data,
                      GClosure *closure)
{
  removal_free (data);
}

static void
remove_cb (PorchHistoryPage *self,
           PorchReleaseRow  *row)
{
  PorchRelease *release = porch_release_row_get_release (row);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = porch_release_dup_name (release, now);
  g_autofree char *body = NULL;
  Removal *removal = g_new0 (Removal, 1);
  AdwDialog *dialog;

  removal->page = g_object_ref (self);
  removal->site = g_object_ref (self->site);
  removal->release = g_strdup (porch_release_get_id (release));

  /* Translators: the placeholder is a moment or a note */
  body = g_strdup_printf (_("You can’t go back to “%s” any more then. The live site and your own files stay as they are."),
                          name);
  dialog = adw_alert_dialog_new (_("Remove This Version?"), body);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "remove", _("_Remove"),
                                  NULL);
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "remove", ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_data (dialog, "response", G_CALLBACK (remove_response_cb), removal, free_removal_closure, 0);
  porch_dialog_present (dialog, GTK_WIDGET (self));
}

/* Undo is offered when it is done, as for every change of what is live. */
static void
make_live_cb (PorchHistoryPage *self,
              PorchReleaseRow  *row)
{
  g_autoptr(PorchOperation) operation = NULL;

  operation = porch_site_go_live (self->site, porch_release_get_id (porch_release_row_get_release (row)));
}

static GtkWidget *
create_row (gpointer item,
            gpointer user_data)
{
  PorchHistoryPage *self = user_data;
  GtkWidget *row = porch_release_row_new (item);

  g_signal_connect_object (row, "make-live", G_CALLBACK (make_live_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (remove_cb), self, G_CONNECT_SWAPPED);
  set_row_busy (row, porch_site_is_busy (self->site));

  return row;
}

static GtkWidget *
create_draft_row (gpointer item,
                  gpointer user_data)
{
  PorchHistoryPage *self = user_data;
  GtkWidget *row = porch_draft_row_new (self->site, item);

  set_row_busy (row, porch_site_is_busy (self->site));

  return row;
}

static void
show_more_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  PorchHistoryPage *self = PORCH_HISTORY_PAGE (widget);

  gtk_slice_list_model_set_size (self->shown, gtk_slice_list_model_get_size (self->shown) + MORE_VERSIONS);
  update (self);
}

static void
porch_history_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, PORCH_HISTORY_PAGE (object)->site);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_history_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SITE:
      porch_history_page_set_site (PORCH_HISTORY_PAGE (object), g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_history_page_dispose (GObject *object)
{
  PorchHistoryPage *self = PORCH_HISTORY_PAGE (object);

  g_clear_object (&self->site_signals);
  g_clear_object (&self->draft_signals);
  g_clear_object (&self->operation_signals);
  g_clear_object (&self->shown);
  g_clear_object (&self->versions);
  g_clear_object (&self->filter);
  g_clear_object (&self->site);
  /* Else the bin would unparent a child that the template has let go of */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_HISTORY_PAGE);

  G_OBJECT_CLASS (porch_history_page_parent_class)->dispose (object);
}

static void
porch_history_page_class_init (PorchHistoryPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = porch_history_page_get_property;
  object_class->set_property = porch_history_page_set_property;
  object_class->dispose = porch_history_page_dispose;

  properties[PROP_SITE] =
    g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, draft_group);
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, draft_list);
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, release_group);
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, release_list);
  gtk_widget_class_bind_template_child (widget_class, PorchHistoryPage, more_group);

  gtk_widget_class_install_action (widget_class, "history.show-more", NULL, show_more_action);
}

static void
porch_history_page_init (PorchHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_version, NULL, NULL));
  self->versions = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  self->shown = gtk_slice_list_model_new (G_LIST_MODEL (g_object_ref (self->versions)), 0, FIRST_VERSIONS);
  g_signal_connect_object (self->versions, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->site_signals = g_signal_group_new (PORCH_TYPE_SITE);
  g_signal_group_connect_swapped (self->site_signals, "notify::live-release", G_CALLBACK (refilter), self);
  g_signal_group_connect_swapped (self->site_signals, "notify::operation", G_CALLBACK (operation_changed_cb), self);

  /* Which releases are drafts is known by then */
  self->draft_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_data (self->draft_signals, "items-changed", G_CALLBACK (refilter), self, NULL,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);

  self->operation_signals = g_signal_group_new (PORCH_TYPE_OPERATION);
  g_signal_group_connect_swapped (self->operation_signals, "notify::state", G_CALLBACK (update_busy), self);
}

void
porch_history_page_set_site (PorchHistoryPage *self,
                             PorchSite        *site)
{
  GListModel *drafts;

  g_return_if_fail (PORCH_IS_HISTORY_PAGE (self));
  g_return_if_fail (site == NULL || PORCH_IS_SITE (site));

  if (!g_set_object (&self->site, site))
    return;

  drafts = site != NULL ? porch_site_get_drafts (site) : NULL;
  g_signal_group_set_target (self->site_signals, site);
  g_signal_group_set_target (self->draft_signals, drafts);

  /* The rows of the site before go first, they are made for it */
  gtk_list_box_bind_model (self->release_list, NULL, NULL, NULL, NULL);
  gtk_slice_list_model_set_size (self->shown, FIRST_VERSIONS);
  gtk_filter_list_model_set_model (self->versions, site != NULL ? porch_site_get_releases (site) : NULL);
  gtk_list_box_bind_model (self->draft_list, drafts, create_draft_row, self, NULL);

  if (site != NULL)
    gtk_list_box_bind_model (self->release_list, G_LIST_MODEL (self->shown), create_row, self, NULL);

  operation_changed_cb (self);
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SITE]);
}
