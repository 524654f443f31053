/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-sign-in-page.h"

#include <glib/gi18n.h>

#include "porch-widget-util.h"

/* Whoever still waits then is told about the other way */
#define LATE_SECONDS 60

/* So many can be looked through without searching */
#define FEW_CHOICES 7

/* Waits for the person who signs in in the browser. The attempt begins when the page is shown, and ends with it. */
struct _PorchSignInPage
{
  AdwNavigationPage    parent_instance;

  GtkStack            *stack;
  AdwStatusPage       *browser_page;
  GtkButton           *open_button;
  GtkWidget           *late_label;
  AdwEntryRow         *code_row;
  GtkLabel            *code_error;
  GtkLabel            *user_code_label;
  GtkSearchEntry      *search_entry;
  GtkListBox          *choice_list;
  AdwStatusPage       *failed_page;
  GtkWidget           *retry_button;
  GtkWidget           *details_button;

  PorchSignIn         *sign_in;
  GtkFilterListModel  *choices;
  GCancellable        *launching;
  DexFuture           *running;
  char                *opened;
  guint                late_id;
  guint                first : 1;
  guint                no_browser : 1;
};

enum
{
  PROP_0,
  PROP_FIRST,
  PROP_SIGN_IN,
  N_PROPS
};

enum
{
  SIGNED_IN,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PorchSignInPage, porch_sign_in_page, ADW_TYPE_NAVIGATION_PAGE)

/* Status pages say large what they are about, the others have it in the header bar */
static gboolean
has_own_title (GObject    *object,
               const char *page)
{
  return g_strcmp0 (page, "paste") == 0 || g_strcmp0 (page, "choose") == 0;
}

static void
show_late_cb (gpointer user_data)
{
  PorchSignInPage *self = user_data;

  self->late_id = 0;
  gtk_widget_set_visible (self->late_label, TRUE);
  porch_widget_announce (self->late_label, gtk_label_get_label (GTK_LABEL (self->late_label)));
}

static void
update_late (PorchSignInPage *self,
             gboolean         waiting)
{
  if (waiting && self->late_id == 0 && !gtk_widget_get_visible (self->late_label))
    {
      self->late_id = g_timeout_add_seconds_once (LATE_SECONDS, show_late_cb, self);
    }
  else if (!waiting)
    {
      g_clear_handle_id (&self->late_id, g_source_remove);
      gtk_widget_set_visible (self->late_label, FALSE);
    }
}

static void
show_spinner (PorchSignInPage *self)
{
  g_autoptr(AdwSpinnerPaintable) spinner = adw_spinner_paintable_new (GTK_WIDGET (self->browser_page));

  adw_status_page_set_paintable (self->browser_page, GDK_PAINTABLE (spinner));
}

static void
update_browser (PorchSignInPage  *self,
                PorchSignInState  state)
{
  gboolean waiting = state == PORCH_SIGN_IN_BROWSER;

  update_late (self, waiting);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->open_button)), waiting);

  if (waiting && self->no_browser)
    {
      adw_status_page_set_icon_name (self->browser_page, "web-browser-symbolic");
      adw_status_page_set_title (self->browser_page, _("No Web Browser Could Be Opened"));
      adw_status_page_set_description (self->browser_page,
                                       _("Copy the link into a browser on this computer. With a browser elsewhere, enter a code instead."));
      gtk_button_set_label (self->open_button, _("_Try Again"));
    }
  else if (waiting)
    {
      show_spinner (self);
      adw_status_page_set_title (self->browser_page, _("Continue in Your Browser"));
      adw_status_page_set_description (self->browser_page,
                                       _("Sign in there and allow access. This page goes on by itself."));
      gtk_button_set_label (self->open_button, _("_Open Again"));
    }
  else
    {
      show_spinner (self);
      adw_status_page_set_title (self->browser_page, _("One Moment…"));
      adw_status_page_set_description (self->browser_page,
                                       state == PORCH_SIGN_IN_STARTING ? _("Getting ready to sign in")
                                                                       : _("Finding out whose account it is"));
    }

  gtk_stack_set_visible_child_name (self->stack, "browser");
}

static void
update_failed (PorchSignInPage *self)
{
  PorchProblem *problem = porch_sign_in_get_problem (self->sign_in);
  const char *title = problem != NULL ? porch_problem_get_title (problem) : _("Signing In Was Cancelled");
  const char *text = problem != NULL ? porch_problem_get_body (problem) : NULL;
  g_autofree char *body = text != NULL ? g_markup_escape_text (text, -1) : NULL;

  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, body);
  gtk_widget_set_visible (self->details_button,
                          problem != NULL && porch_problem_get_details (problem) != NULL);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  gtk_widget_grab_focus (self->retry_button);
  gtk_accessible_announce (GTK_ACCESSIBLE (self), title, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_HIGH);
}

static void
update_code (PorchSignInPage *self)
{
  const char *user_code = porch_sign_in_get_user_code (self->sign_in);

  if (user_code != NULL)
    {
      gtk_label_set_label (self->user_code_label, user_code);
      gtk_stack_set_visible_child_name (self->stack, "code");
    }
  else
    {
      gtk_stack_set_visible_child_name (self->stack, "paste");
      gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
    }
}

static void
update_choices (PorchSignInPage *self)
{
  GListModel *choices = porch_sign_in_get_choices (self->sign_in);
  gboolean many = g_list_model_get_n_items (choices) > FEW_CHOICES;

  gtk_filter_list_model_set_model (self->choices, choices);
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), many);
  gtk_stack_set_visible_child_name (self->stack, "choose");
  gtk_widget_grab_focus (many ? GTK_WIDGET (self->search_entry) : GTK_WIDGET (self->choice_list));
}

static void
uri_launched_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(PorchSignInPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean launched = gtk_uri_launcher_launch_finish (GTK_URI_LAUNCHER (object), result, &error);

  if (g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_CANCELLED) ||
      g_error_matches (error, GTK_DIALOG_ERROR, GTK_DIALOG_ERROR_DISMISSED))
    return;

  self->no_browser = !launched;

  if (porch_sign_in_get_state (self->sign_in) == PORCH_SIGN_IN_BROWSER)
    update_browser (self, PORCH_SIGN_IN_BROWSER);
  else if (!launched)
    porch_widget_toast (GTK_WIDGET (self), adw_toast_new (_("No web browser could be opened")));

  if (!launched)
    porch_widget_announce (GTK_WIDGET (self), _("No web browser could be opened"));
}

static void
open_browser (PorchSignInPage *self)
{
  const char *uri = porch_sign_in_get_uri (self->sign_in);
  g_autoptr(GtkUriLauncher) launcher = NULL;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (uri == NULL)
    return;

  g_set_str (&self->opened, uri);
  g_clear_object (&self->launching);
  self->launching = g_cancellable_new ();

  launcher = gtk_uri_launcher_new (uri);
  gtk_uri_launcher_launch (launcher, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, self->launching,
                           uri_launched_cb, g_object_ref (self));
}

static void
update (PorchSignInPage *self)
{
  PorchSignInState state = porch_sign_in_get_state (self->sign_in);
  const char *uri = porch_sign_in_get_uri (self->sign_in);
  gboolean by_code = porch_sign_in_is_by_code (self->sign_in);

  /* Cancelled by leaving the page */
  if (self->running == NULL && state == PORCH_SIGN_IN_FAILED)
    return;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.open", uri != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.copy-link", uri != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.by-code", !by_code || state == PORCH_SIGN_IN_FAILED);

  if (state != PORCH_SIGN_IN_BROWSER)
    update_late (self, FALSE);

  switch (state)
    {
    case PORCH_SIGN_IN_STARTING:
    case PORCH_SIGN_IN_FINISHING:
    case PORCH_SIGN_IN_DONE:
      update_browser (self, state);
      break;

    case PORCH_SIGN_IN_BROWSER:
      update_browser (self, state);

      /* Once for each address: after that, only when the person asks for it */
      if (g_strcmp0 (self->opened, uri) != 0)
        open_browser (self);
      break;

    case PORCH_SIGN_IN_CODE:
      update_code (self);
      break;

    case PORCH_SIGN_IN_CHOOSE:
      update_choices (self);
      break;

    case PORCH_SIGN_IN_FAILED:
      update_failed (self);
      break;

    default:
      g_assert_not_reached ();
    }
}

static DexFuture *
ran_cb (DexFuture *future,
        gpointer   user_data)
{
  PorchSignInPage *self = user_data;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (dex_future_get_value (future, NULL) == NULL)
    return NULL;

  /* The browser lies over it */
  if (GTK_IS_WINDOW (root))
    gtk_window_present (GTK_WINDOW (root));

  g_signal_emit (self, signals[SIGNED_IN], 0);

  return NULL;
}

static void
run (PorchSignInPage *self)
{
  self->no_browser = FALSE;
  g_clear_pointer (&self->opened, g_free);
  gtk_editable_set_text (GTK_EDITABLE (self->code_row), "");

  dex_clear (&self->running);
  self->running = dex_future_finally (porch_sign_in_run (self->sign_in), ran_cb, self, NULL);
}

static void
stop (PorchSignInPage *self)
{
  if (self->launching != NULL)
    g_cancellable_cancel (self->launching);

  g_clear_object (&self->launching);
  g_clear_handle_id (&self->late_id, g_source_remove);

  if (self->running == NULL)
    return;

  dex_clear (&self->running);

  if (porch_sign_in_get_state (self->sign_in) != PORCH_SIGN_IN_DONE)
    porch_sign_in_cancel (self->sign_in);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  open_browser (PORCH_SIGN_IN_PAGE (widget));
}

static void
copy_link_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_sign_in_get_uri (PORCH_SIGN_IN_PAGE (widget)->sign_in));
}

static void
copy_code_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  porch_widget_copy_text (widget, porch_sign_in_get_user_code (PORCH_SIGN_IN_PAGE (widget)->sign_in));
}

static void
set_by_code (PorchSignInPage *self,
             gboolean         by_code)
{
  gboolean failed = porch_sign_in_get_state (self->sign_in) == PORCH_SIGN_IN_FAILED;

  porch_sign_in_set_by_code (self->sign_in, by_code);

  if (failed)
    run (self);
}

static void
by_code_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  set_by_code (PORCH_SIGN_IN_PAGE (widget), TRUE);
}

static void
by_browser_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  set_by_code (PORCH_SIGN_IN_PAGE (widget), FALSE);
}

static void
submit_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (widget);
  g_autoptr(GError) error = NULL;

  if (porch_sign_in_submit_code (self->sign_in, gtk_editable_get_text (GTK_EDITABLE (self->code_row)), &error))
    return;

  porch_row_set_error (GTK_WIDGET (self->code_row), self->code_error, error->message);
  gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
}

static void
retry_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  run (PORCH_SIGN_IN_PAGE (widget));
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  porch_widget_show_details (widget, porch_sign_in_get_problem (PORCH_SIGN_IN_PAGE (widget)->sign_in));
}

static void
code_changed_cb (PorchSignInPage *self,
                 AdwEntryRow     *row)
{
  porch_row_set_error (GTK_WIDGET (row), self->code_error, NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.submit",
                                 *gtk_editable_get_text (GTK_EDITABLE (row)) != '\0');
}

static void
code_entered_cb (PorchSignInPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "sign-in.submit", NULL);
}

static gboolean
contains (const char *text,
          const char *needle)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, needle) != NULL;
}

static gboolean
is_wanted (gpointer item,
           gpointer user_data)
{
  PorchSignInPage *self = user_data;
  g_autofree char *needle = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search_entry)), -1);

  return contains (porch_sign_in_choice_get_name (item), needle) ||
         contains (porch_sign_in_choice_get_number (item), needle) ||
         contains (porch_sign_in_choice_get_mail (item), needle) ||
         contains (porch_sign_in_choice_get_role (item), needle);
}

static void
search_changed_cb (PorchSignInPage *self)
{
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->choices), GTK_FILTER_CHANGE_DIFFERENT);
}

static GtkWidget *
create_choice_row (gpointer item,
                   gpointer user_data)
{
  PorchSignInChoice *choice = item;
  const char *name = porch_sign_in_choice_get_name (choice);
  const char *number = porch_sign_in_choice_get_number (choice);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *next = porch_decoration_new ("go-next-symbolic");
  g_autofree char *role = porch_isolate (porch_sign_in_choice_get_role (choice));
  g_autofree char *shown = porch_account_number_words (number);
  g_autofree char *subtitle = NULL;

  /* Translators: a role that somebody has in an account, such as SiteEditor, and the number of the account */
  subtitle = g_strdup_printf (_("As %s, in account %s"), role, shown);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name != NULL && *name != '\0' ? name : shown);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), next);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);

  return row;
}

static void
choice_activated_cb (PorchSignInPage *self,
                     GtkListBoxRow   *row)
{
  g_autoptr(PorchSignInChoice) choice = g_list_model_get_item (G_LIST_MODEL (self->choices),
                                                               gtk_list_box_row_get_index (row));

  porch_sign_in_choose (self->sign_in, choice);
}

static void
porch_sign_in_page_shown (AdwNavigationPage *page)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (page);

  if (self->running == NULL)
    run (self);
}

/* Not unroot, which also comes when the dialog changes its form with the width of the window */
static void
porch_sign_in_page_hidden (AdwNavigationPage *page)
{
  stop (PORCH_SIGN_IN_PAGE (page));
}

static void
porch_sign_in_page_constructed (GObject *object)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (object);

  G_OBJECT_CLASS (porch_sign_in_page_parent_class)->constructed (object);

  g_signal_connect_object (self->sign_in, "notify::state", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sign_in, "notify::uri", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
porch_sign_in_page_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (object);

  switch (prop_id)
    {
    case PROP_FIRST:
      g_value_set_boolean (value, self->first);
      break;
    case PROP_SIGN_IN:
      g_value_set_object (value, self->sign_in);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_sign_in_page_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (object);

  switch (prop_id)
    {
    case PROP_FIRST:
      self->first = g_value_get_boolean (value);
      break;
    case PROP_SIGN_IN:
      g_set_object (&self->sign_in, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_sign_in_page_dispose (GObject *object)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (object);

  stop (self);
  g_clear_object (&self->choices);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_SIGN_IN_PAGE);

  G_OBJECT_CLASS (porch_sign_in_page_parent_class)->dispose (object);
}

static void
porch_sign_in_page_finalize (GObject *object)
{
  PorchSignInPage *self = PORCH_SIGN_IN_PAGE (object);

  g_clear_object (&self->sign_in);
  g_free (self->opened);

  G_OBJECT_CLASS (porch_sign_in_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, browser_page);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, open_button);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, late_label);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, code_row);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, code_error);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, user_code_label);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, choice_list);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PorchSignInPage, details_button);
  gtk_widget_class_bind_template_callback (widget_class, has_own_title);
  gtk_widget_class_bind_template_callback (widget_class, code_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, code_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choice_activated_cb);
}

static void
porch_sign_in_page_class_init (PorchSignInPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  AdwNavigationPageClass *page_class = ADW_NAVIGATION_PAGE_CLASS (klass);

  object_class->constructed = porch_sign_in_page_constructed;
  object_class->get_property = porch_sign_in_page_get_property;
  object_class->set_property = porch_sign_in_page_set_property;
  object_class->dispose = porch_sign_in_page_dispose;
  object_class->finalize = porch_sign_in_page_finalize;

  page_class->shown = porch_sign_in_page_shown;
  page_class->hidden = porch_sign_in_page_hidden;

  properties[PROP_FIRST] =
    g_param_spec_boolean ("first", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SIGN_IN] =
    g_param_spec_object ("sign-in", NULL, NULL, PORCH_TYPE_SIGN_IN,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNED_IN] =
    g_signal_new ("signed-in", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "sign-in.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "sign-in.copy-link", NULL, copy_link_action);
  gtk_widget_class_install_action (widget_class, "sign-in.copy-code", NULL, copy_code_action);
  gtk_widget_class_install_action (widget_class, "sign-in.by-code", NULL, by_code_action);
  gtk_widget_class_install_action (widget_class, "sign-in.by-browser", NULL, by_browser_action);
  gtk_widget_class_install_action (widget_class, "sign-in.submit", NULL, submit_action);
  gtk_widget_class_install_action (widget_class, "sign-in.retry", NULL, retry_action);
  gtk_widget_class_install_action (widget_class, "sign-in.details", NULL, details_action);
}

static void
porch_sign_in_page_init (PorchSignInPage *self)
{
  GtkFilter *filter;

  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.submit", FALSE);

  filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));
  self->choices = gtk_filter_list_model_new (NULL, filter);
  gtk_list_box_bind_model (self->choice_list, G_LIST_MODEL (self->choices), create_choice_row, NULL, NULL);
}

/**
 * porch_sign_in_page_new:
 * @sign_in: an attempt that does not run yet
 * @first: whether there is no page before this one
 *
 * Returns: a page that runs @sign_in when it is shown, and cancels it when it is left
 */
PorchSignInPage *
porch_sign_in_page_new (PorchSignIn *sign_in,
                        gboolean     first)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN (sign_in), NULL);

  return g_object_new (PORCH_TYPE_SIGN_IN_PAGE,
                       "first", first,
                       "sign-in", sign_in,
                       NULL);
}

/* The account, once somebody has signed in; a new one is not added to the engine yet. */
PorchAccount *
porch_sign_in_page_get_account (PorchSignInPage *self)
{
  g_return_val_if_fail (PORCH_IS_SIGN_IN_PAGE (self), NULL);

  return porch_sign_in_get_account (self->sign_in);
}
