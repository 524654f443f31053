/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-form-try-page.h"

#include <glib/gi18n.h>

#include "porch-form-proof.h"
#include "porch-mail-identity.h"
#include "porch-step-row.h"
#include "porch-widget-util.h"

/* The end of giving a site its form: the steps of the work while it runs, then whether mail goes where it should, and a test
 * message that is seen to come back.
 */
struct _PorchFormTryPage
{
  AdwNavigationPage     parent_instance;

  GtkStack             *stack;
  GtkProgressBar       *progress_bar;
  GtkListBox           *step_list;
  AdwStatusPage        *failed_page;
  GtkWidget            *retry_button;
  GtkWidget            *publish_group;
  GtkListBox           *mails_list;
  GtkLabel             *mail_problem;
  GtkWidget            *production_group;
  AdwActionRow         *reason_row;
  AdwExpanderRow       *production_row;
  AdwActionRow         *test_row;
  GtkStack             *test_icon_stack;
  GtkImage             *test_icon;
  GtkWidget            *test_button;
  GtkWidget            *practice_row;

  PorchSite            *site;
  PorchOperation       *operation;     /* NULL: nothing is done before */
  PorchMailIdentities  *identities;
  gboolean              needs_publish;
  gboolean              was_tried;
};

G_DEFINE_FINAL_TYPE (PorchFormTryPage, porch_form_try_page, ADW_TYPE_NAVIGATION_PAGE)

static DexFuture *
asked_cb (DexFuture *future,
          gpointer   user_data)
{
  porch_widget_toast (user_data, adw_toast_new (_("Another mail was sent")));

  return dex_ref (future);
}

static void
ask_again_cb (GtkWidget *button,
              gpointer   user_data)
{
  PorchFormTryPage *self = user_data;
  PorchMailIdentity *identity = g_object_get_data (G_OBJECT (button), "identity");

  porch_widget_follow (GTK_WIDGET (self),
                       dex_future_then (porch_mail_identities_ask_again (self->identities, porch_mail_identity_get_mail (identity)),
                                        asked_cb, g_object_ref (self), g_object_unref));
}

static const char *
get_icon (PorchMailIdentity *identity)
{
  switch (porch_mail_identity_get_state (identity))
    {
    case PORCH_MAIL_IDENTITY_CONFIRMED:
      return "object-select-symbolic";
    case PORCH_MAIL_IDENTITY_EXPIRED:
    case PORCH_MAIL_IDENTITY_RETURNED:
      return "dialog-warning-symbolic";
    case PORCH_MAIL_IDENTITY_UNKNOWN:
    case PORCH_MAIL_IDENTITY_NOT_ASKED:
    case PORCH_MAIL_IDENTITY_WAITING:
    default:
      return porch_mail_identity_get_needed (identity) ? "mail-unread-symbolic" : "object-select-symbolic";
    }
}

static gboolean
is_open (PorchMailIdentity *identity)
{
  PorchMailIdentityState state = porch_mail_identity_get_state (identity);

  return porch_mail_identity_get_needed (identity) && state != PORCH_MAIL_IDENTITY_CONFIRMED &&
         state != PORCH_MAIL_IDENTITY_RETURNED && state != PORCH_MAIL_IDENTITY_UNKNOWN;
}

static void
update_row (AdwActionRow      *row,
            GParamSpec        *pspec,
            PorchMailIdentity *identity)
{
  g_autofree char *sentence = porch_mail_identity_dup_sentence (identity);
  GtkWidget *button = g_object_get_data (G_OBJECT (row), "button");

  adw_action_row_set_subtitle (row, sentence);
  gtk_image_set_from_icon_name (g_object_get_data (G_OBJECT (row), "icon"), get_icon (identity));

  /* The focus must not get lost with it */
  if (gtk_widget_has_focus (button) && !is_open (identity))
    gtk_widget_grab_focus (GTK_WIDGET (row));

  gtk_widget_set_visible (button, is_open (identity));

  if (pspec != NULL)
    gtk_accessible_announce (GTK_ACCESSIBLE (row), sentence, GTK_ACCESSIBLE_ANNOUNCEMENT_PRIORITY_MEDIUM);
}

static void
identity_changed_cb (PorchMailIdentity *identity,
                     GParamSpec        *pspec,
                     AdwActionRow      *row)
{
  update_row (row, pspec, identity);
}

static GtkWidget *
create_mail_row (gpointer item,
                 gpointer user_data)
{
  PorchMailIdentity *identity = item;
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("Send _Again"));
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "use-markup", FALSE,
                                 "subtitle-lines", 0,
                                 NULL);
  g_autofree char *label = NULL;

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), porch_mail_identity_get_mail (identity));
  /* Translators: what a screen reader says on the button Send Again; %s is a mail address */
  label = g_strdup_printf (_("Send Again: %s"), porch_mail_identity_get_mail (identity));
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  g_object_set_data_full (G_OBJECT (button), "identity", g_object_ref (identity), g_object_unref);
  g_signal_connect_object (button, "clicked", G_CALLBACK (ask_again_cb), user_data, 0);

  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  g_object_set_data (G_OBJECT (row), "icon", icon);
  g_object_set_data (G_OBJECT (row), "button", button);
  g_signal_connect_object (identity, "notify::state", G_CALLBACK (identity_changed_cb), row, 0);
  g_signal_connect_object (identity, "notify::needed", G_CALLBACK (identity_changed_cb), row, 0);
  update_row (ADW_ACTION_ROW (row), NULL, identity);

  return row;
}

static const char *
describe_review (const char *review)
{
  if (g_strcmp0 (review, "PENDING") == 0)
    return _("Asked. The provider answers within a day or two, by mail.");
  if (g_strcmp0 (review, "DENIED") == 0)
    return _("Refused. The provider’s mail says why.");

  return _("Then mail goes to everybody, without confirming");
}

static void
mail_changed_cb (PorchFormTryPage *self)
{
  PorchProblem *problem = porch_mail_identities_get_problem (self->identities);
  const char *review = porch_mail_identities_get_review (self->identities);
  g_autofree char *reason = porch_mail_identities_dup_reason (self->identities);
  g_autofree char *line = NULL;

  if (problem != NULL)
    line = porch_problem_to_line (problem);
  else if (!porch_mail_identities_get_can_send (self->identities))
    line = g_strdup (_("The provider lets this account send no mail at the moment. Its mail to you says why."));

  gtk_widget_set_visible (GTK_WIDGET (self->mail_problem), line != NULL);
  gtk_label_set_label (self->mail_problem, line != NULL ? line : "");
  gtk_widget_set_visible (self->production_group, porch_mail_identities_needs_production (self->identities));
  adw_action_row_set_subtitle (self->reason_row, reason);
  adw_expander_row_set_subtitle (self->production_row, describe_review (review));
}

static char *
describe_proof (PorchFormTryPage *self,
                PorchFormProof   *proof,
                const char      **title)
{
  PorchProblem *problem = porch_form_proof_get_problem (proof);
  g_autoptr(GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = NULL;

  switch (porch_form_proof_get_state (proof))
    {
    case PORCH_PROOF_RUNNING:
      *title = _("A test message is under way");
      return g_strdup (porch_form_proof_get_detail (proof));
    case PORCH_PROOF_PROVEN:
      when = porch_moment_words (porch_form_proof_get_proven (proof), now);
      *title = _("The form works");
      /* Translators: %s is a moment, such as: Today, 14:05 */
      return g_strdup_printf (_("Last proven: %s"), when);
    case PORCH_PROOF_FAILED:
      *title = porch_problem_get_title (problem);
      return g_strdup (porch_problem_get_body (problem));
    case PORCH_PROOF_NEVER:
    default:
      *title = _("Not tried yet");
      return NULL;
    }
}

static void
proof_changed_cb (PorchFormTryPage *self)
{
  PorchFormProof *proof = porch_site_get_form_proof (self->site);
  PorchProofState state = porch_form_proof_get_state (proof);
  const char *title;
  g_autofree char *subtitle = describe_proof (self, proof, &title);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->test_row), title);
  adw_action_row_set_subtitle (self->test_row, subtitle != NULL ? subtitle : "");
  gtk_stack_set_visible_child_name (self->test_icon_stack, state == PORCH_PROOF_RUNNING ? "spinner" : "icon");
  gtk_image_set_from_icon_name (self->test_icon, state == PORCH_PROOF_PROVEN ? "object-select-symbolic"
                                               : state == PORCH_PROOF_FAILED ? "dialog-warning-symbolic" : "mail-send-symbolic");

  if (self->was_tried && state != PORCH_PROOF_RUNNING)
    porch_widget_announce (GTK_WIDGET (self), title);
}

/* What became of it stands in the proof, unless it says nothing about the form */
static DexFuture *
tested_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchFormTryPage *self = user_data;
  g_autoptr(GError) error = NULL;

  if (dex_future_get_value (future, &error) == NULL && self->site != NULL &&
      porch_form_proof_get_state (porch_site_get_form_proof (self->site)) != PORCH_PROOF_FAILED)
    porch_widget_toast_error (GTK_WIDGET (self), error);

  return NULL;
}

static void
test_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  PorchFormTryPage *self = PORCH_FORM_TRY_PAGE (widget);
  gboolean with_mail = porch_mail_identities_get_ready (self->identities);

  self->was_tried = TRUE;
  dex_future_disown (dex_future_finally (porch_form_proof_run (porch_site_get_form_proof (self->site), with_mail),
                                         tested_cb, g_object_ref (self), g_object_unref));
}

static void
ask_provider_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  PorchFormTryPage *self = PORCH_FORM_TRY_PAGE (widget);

  if (g_strcmp0 (porch_mail_identities_get_review (self->identities), "PENDING") != 0)
    porch_widget_follow (GTK_WIDGET (self), porch_mail_identities_request_production (self->identities));
}

static void
publish_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  gtk_widget_activate_action (widget, "win.site", "s", "publish-again");
  gtk_widget_activate_action (widget, "window.close", NULL);
}

static void
again_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  porch_operation_resume (PORCH_FORM_TRY_PAGE (widget)->operation);
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  porch_widget_show_details (widget, porch_operation_get_problem (PORCH_FORM_TRY_PAGE (widget)->operation));
}

static void
show_problem (PorchFormTryPage *self)
{
  PorchProblem *problem = porch_operation_get_problem (self->operation);
  const char *title = problem != NULL ? porch_problem_get_title (problem) : _("Stopped");
  g_autofree char *body = problem != NULL ? g_markup_escape_text (porch_problem_get_body (problem), -1) : NULL;

  adw_status_page_set_title (self->failed_page, title);
  adw_status_page_set_description (self->failed_page, body);
  gtk_widget_set_visible (self->retry_button, porch_operation_can_resume (self->operation));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "try.details", problem != NULL);
  gtk_stack_set_visible_child_name (self->stack, "failed");
  porch_widget_announce (GTK_WIDGET (self), title);
}

static void
show_ready (PorchFormTryPage *self)
{
  gtk_widget_set_visible (self->publish_group, self->needs_publish && porch_site_get_folder (self->site) != NULL);
  gtk_stack_set_visible_child_name (self->stack, "ready");
  porch_mail_identities_set_watching (self->identities, TRUE);
  gtk_widget_grab_focus (self->test_button);

  if (self->operation != NULL)
    porch_widget_announce (GTK_WIDGET (self), _("Visitors can write to you"));
}

static void
operation_changed_cb (PorchFormTryPage *self)
{
  switch (porch_operation_get_state (self->operation))
    {
    case PORCH_OPERATION_STOPPED:
    case PORCH_OPERATION_FAILED:
      show_problem (self);
      break;
    case PORCH_OPERATION_DONE:
      show_ready (self);
      break;
    case PORCH_OPERATION_PENDING:
    case PORCH_OPERATION_RUNNING:
    case PORCH_OPERATION_WAITING:
    default:
      gtk_stack_set_visible_child_name (self->stack, "running");
      break;
    }
}

static void
porch_form_try_page_map (GtkWidget *widget)
{
  PorchFormTryPage *self = PORCH_FORM_TRY_PAGE (widget);

  GTK_WIDGET_CLASS (porch_form_try_page_parent_class)->map (widget);

  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "ready") == 0)
    gtk_widget_grab_focus (self->test_button);
}

static void
porch_form_try_page_dispose (GObject *object)
{
  PorchFormTryPage *self = PORCH_FORM_TRY_PAGE (object);

  if (self->identities != NULL)
    porch_mail_identities_set_watching (self->identities, FALSE);

  g_clear_object (&self->identities);
  g_clear_object (&self->operation);
  g_clear_object (&self->site);
  gtk_widget_dispose_template (GTK_WIDGET (object), PORCH_TYPE_FORM_TRY_PAGE);

  G_OBJECT_CLASS (porch_form_try_page_parent_class)->dispose (object);
}

static void
porch_form_try_page_class_init (PorchFormTryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = porch_form_try_page_dispose;

  widget_class->map = porch_form_try_page_map;

  gtk_widget_class_set_template_from_resource (widget_class, PORCH_RESOURCE_PATH "/porch-form-try-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, step_list);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, retry_button);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, publish_group);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, mails_list);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, mail_problem);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, production_group);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, production_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, reason_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, test_row);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, test_icon_stack);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, test_icon);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, test_button);
  gtk_widget_class_bind_template_child (widget_class, PorchFormTryPage, practice_row);

  gtk_widget_class_install_action (widget_class, "try.again", NULL, again_action);
  gtk_widget_class_install_action (widget_class, "try.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "try.publish", NULL, publish_action);
  gtk_widget_class_install_action (widget_class, "try.ask-provider", NULL, ask_provider_action);
  gtk_widget_class_install_action (widget_class, "try.test", NULL, test_action);
}

static void
porch_form_try_page_init (PorchFormTryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
connect_site (PorchFormTryPage *self)
{
  PorchFormProof *proof = porch_site_get_form_proof (self->site);

  self->identities = porch_mail_identities_new (self->site);
  gtk_list_box_bind_model (self->mails_list, G_LIST_MODEL (self->identities), create_mail_row, self, NULL);
  g_signal_connect_object (self->identities, "notify", G_CALLBACK (mail_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (proof, "notify", G_CALLBACK (proof_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->practice_row, porch_account_is_practice (porch_site_get_account (self->site)));
  mail_changed_cb (self);
  proof_changed_cb (self);
}

/* @operation, which may be NULL, is what has to be done first. */
PorchFormTryPage *
porch_form_try_page_new (PorchSite      *site,
                         PorchOperation *operation,
                         gboolean        needs_publish)
{
  PorchFormTryPage *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_FORM_TRY_PAGE, NULL);
  self->site = g_object_ref (site);
  self->needs_publish = needs_publish;
  connect_site (self);

  if (operation == NULL)
    {
      show_ready (self);
      return self;
    }

  self->operation = g_object_ref (operation);
  porch_step_row_bind (self->step_list, operation);
  g_object_bind_property (operation, "progress", self->progress_bar, "fraction", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (operation, "notify::state", G_CALLBACK (operation_changed_cb), self, G_CONNECT_SWAPPED);
  operation_changed_cb (self);

  return self;
}
