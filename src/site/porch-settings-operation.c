/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-settings-operation.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-form-words.h"
#include "porch-mail-identity.h"
#include "porch-site-private.h"

#include "aws-error.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>

/**
 * PorchSettingsOperation:
 *
 * Changes how a site takes messages: whether it does, where the form is sent to, who gets the mails and the rest.
 */
struct _PorchSettingsOperation
{
  PorchOperation parent_instance;
};

G_DEFINE_FINAL_TYPE (PorchSettingsOperation, porch_settings_operation, PORCH_TYPE_OPERATION)

static void
porch_settings_operation_setup (PorchOperation *operation)
{
  g_autofree char *title = NULL;

  /* Translators: %s is the name of a site */
  title = g_strdup_printf (_("Changing “%s”"), aws_json_get_string (porch_operation_get_data (operation), "name"));
  porch_operation_set_title (operation, title);
  porch_operation_add_step (operation, "stack", _("Changing the contact form"), 10);
  porch_operation_add_step (operation, "record", _("Noting the change"), 1);
  porch_operation_add_step (operation, "mail", _("Preparing the mail"), 1);
}

static PorchForm *
load_form (PorchOperation *operation)
{
  return porch_form_new_from_json (aws_json_get_object (porch_operation_get_data (operation), "form"));
}

static JsonObject *
build_parameters (PorchOperation *operation,
                  PorchSite      *site)
{
  g_autoptr(PorchForm) form = load_form (operation);
  JsonObject *parameters = porch_form_build_parameters (form);

  json_object_set_string_member (parameters, "SiteName", porch_site_get_name (site));

  /* Messages that came in stay when the form goes */
  json_object_set_string_member (parameters, "KeepMessages",
                                 porch_form_get_enabled (form) || porch_site_get_table (site) != NULL ? "true" : "false");

  return parameters;
}

static gboolean
run_stack (PorchOperation  *operation,
           PorchSite       *site,
           GError         **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(PorchStack) stack = porch_stack_new (client, porch_site_get_stack (site), porch_site_get_id (site));
  g_autoptr(JsonObject) parameters = build_parameters (operation, site);

  if (!porch_stack_await_change (stack, operation, parameters, error))
    return FALSE;

  porch_site_take_answer (site, porch_stack_get_answer (stack));

  return dex_await (porch_site_save (site), error);
}

/* Forms of the pages that are connected follow where the form is sent to, with the next publish. */
static gboolean
run_record (PorchOperation  *operation,
            PorchSite       *site,
            GError         **error)
{
  JsonObject *wanted = aws_json_get_object (porch_operation_get_data (operation), "treatments");
  g_autoptr(PorchTreatments) before = porch_treatments_join (porch_site_get_treatments (site), NULL);
  g_autoptr(PorchTreatments) chosen = wanted != NULL ? porch_treatments_new_from_json (wanted) : porch_treatments_ref (before);
  g_autoptr(PorchTreatments) after = porch_treatments_with_form_path (chosen, porch_site_get_form_enabled (site) ? porch_site_get_form_path (site) : NULL);
  DexFuture *work = porch_treatments_equal (before, after) ? porch_site_write_record (site)
                                                           : porch_site_set_treatments (site, after);

  return dex_await (porch_operation_until_stopped (operation, work), error);
}

/* Nobody is asked twice: who was asked before has a link that still works */
static gboolean
run_mail (PorchOperation  *operation,
          PorchSite       *site,
          GError         **error)
{
  g_autoptr(PorchForm) form = load_form (operation);
  g_autoptr(PorchMailIdentities) identities = NULL;

  if (!porch_form_get_enabled (form))
    return TRUE;

  identities = porch_mail_identities_new (site);

  /* Without the words, what visitors read is English */
  return dex_await (porch_operation_until_stopped (operation, porch_form_words_send (site)), error) &&
         dex_await (porch_operation_until_stopped (operation, porch_mail_identities_ask (identities)), error);
}

static void
take_result (PorchOperation *operation,
             PorchSite      *site)
{
  JsonObject *result = json_object_new ();

  json_object_set_string_member (result, "id", porch_site_get_id (site));
  json_object_set_boolean_member (result, "formEnabled", porch_site_get_form_enabled (site));
  json_object_set_string_member (result, "formPath", porch_site_get_form_path (site));
  json_object_set_string_member (result, "mailTo", porch_site_get_mail_to (site));
  porch_operation_take_result (operation, result);
}

static gboolean
porch_settings_operation_await_step (PorchOperation  *operation,
                                     const char      *step,
                                     GError         **error)
{
  PorchSite *site = porch_operation_get_site (operation);

  if (site == NULL)
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("The site is gone."));
      return FALSE;
    }

  if (g_str_equal (step, "stack"))
    return run_stack (operation, site, error);

  if (g_str_equal (step, "record"))
    return run_record (operation, site, error);

  if (!run_mail (operation, site, error))
    return FALSE;

  take_result (operation, site);

  return TRUE;
}

static DexFuture *
porch_settings_operation_discard (PorchOperation *operation)
{
  /* What the cloud has begun it also ends, and what it did not begin leaves nothing */
  return dex_future_new_true ();
}

static void
porch_settings_operation_class_init (PorchSettingsOperationClass *klass)
{
  PorchOperationClass *operation_class = PORCH_OPERATION_CLASS (klass);

  operation_class->kind = "settings";
  operation_class->setup = porch_settings_operation_setup;
  operation_class->await_step = porch_settings_operation_await_step;
  operation_class->discard = porch_settings_operation_discard;
}

static void
porch_settings_operation_init (PorchSettingsOperation *self)
{
}

/**
 * porch_settings_operation_new:
 * @site: a site
 * @form: how it is to take messages
 *
 * Whoever is to get the mails is asked to confirm the address, where nobody was asked before.
 *
 * Returns: (transfer full): the operation, to be given to [method@Porch.Engine.run_operation]
 */
PorchOperation *
porch_settings_operation_new (PorchSite *site,
                              PorchForm *form)
{
  PorchOperation *self;
  JsonObject *data;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);
  g_return_val_if_fail (form != NULL, NULL);

  self = g_object_new (PORCH_TYPE_SETTINGS_OPERATION,
                       "engine", porch_site_get_engine (site),
                       "site", site,
                       NULL);
  data = porch_operation_get_data (self);
  json_object_set_string_member (data, "name", porch_site_get_name (site));
  json_object_set_object_member (data, "form", porch_form_to_json (form));

  return self;
}

/**
 * porch_settings_operation_set_treatments:
 * @self: an operation that has not begun
 * @treatments: what the owner agrees to for the copies that are published
 *
 * Besides the form, changes which forms of the pages are connected to it.
 */
void
porch_settings_operation_set_treatments (PorchSettingsOperation *self,
                                         PorchTreatments        *treatments)
{
  g_return_if_fail (PORCH_IS_SETTINGS_OPERATION (self));

  json_object_set_object_member (porch_operation_get_data (PORCH_OPERATION (self)), "treatments",
                                 porch_treatments_to_json (treatments));
}
