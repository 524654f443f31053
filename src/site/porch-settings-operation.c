/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-settings-operation.h"
#include "porch-engine-private.h"
#include "porch-error.h"
#include "porch-site-private.h"

#include "aws-error.h"
#include "aws-json.h"

#include <glib/gi18n-lib.h>

/**
 * PorchSettingsOperation:
 *
 * Switches the contact form of a site on or off, or changes who gets its mails.
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
}

static void
keep_parameter (JsonObject *parameters,
                const char *name)
{
  json_object_set_null_member (parameters, name);
}

static JsonObject *
build_parameters (PorchOperation *operation,
                  PorchSite      *site)
{
  JsonObject *data = porch_operation_get_data (operation);
  JsonObject *parameters = json_object_new ();
  gboolean enabled = aws_json_get_bool (data, "form");
  const char *mail_to = aws_json_get_string (data, "mailTo");
  g_auto(GStrv) mails = g_strsplit (mail_to != NULL ? mail_to : "", ",", -1);

  keep_parameter (parameters, "SiteId");
  keep_parameter (parameters, "ThanksPath");
  keep_parameter (parameters, "ApiSecret");

  if (aws_json_get_string (data, "path") != NULL)
    json_object_set_string_member (parameters, "FormPath", aws_json_get_string (data, "path"));
  else
    keep_parameter (parameters, "FormPath");

  json_object_set_string_member (parameters, "SiteName", porch_site_get_name (site));
  json_object_set_string_member (parameters, "FormEnabled", enabled ? "true" : "false");
  json_object_set_string_member (parameters, "Owner", mail_to != NULL ? mail_to : "");
  json_object_set_string_member (parameters, "Sender", mails[0] != NULL ? g_strstrip (mails[0]) : "");

  /* Messages that came in stay when the form goes */
  json_object_set_string_member (parameters, "KeepMessages",
                                 enabled || porch_site_get_table (site) != NULL ? "true" : "false");

  return parameters;
}

static gboolean
await_change (PorchOperation  *operation,
              PorchSite       *site,
              PorchStack      *stack,
              GError         **error)
{
  g_autoptr(JsonObject) parameters = build_parameters (operation, site);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *token = g_strconcat ("porchlight-", uuid, NULL);
  g_autoptr(GError) local_error = NULL;

  if (dex_await (porch_operation_until_stopped (operation, porch_stack_update (stack, parameters, token)), &local_error) ||
      g_error_matches (local_error, AWS_ERROR, AWS_ERROR_NO_UPDATE))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));

  return FALSE;
}

static gboolean
run_stack (PorchOperation  *operation,
           PorchSite       *site,
           GError         **error)
{
  g_autoptr(AwsClient) client = porch_site_dup_client (site);
  g_autoptr(PorchStack) stack = porch_stack_new (client, porch_site_get_stack (site), porch_site_get_id (site));
  gboolean is_quick = porch_account_get_endpoint (porch_site_get_account (site)) != NULL;
  g_autoptr(GError) earlier = NULL;

  if (!dex_await (porch_operation_until_stopped (operation, porch_stack_describe (stack)), error))
    return FALSE;

  if (!porch_stack_is_ours (stack))
    {
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_NOT_OURS,
                           _("The site’s resources are gone or do not carry the mark of this site."));
      return FALSE;
    }

  /* After a kill the change may be underway; asking for it again when that is done finds nothing to do */
  if (porch_stack_is_busy (stack) && !porch_stack_await_end (stack, operation, is_quick, &earlier) &&
      !g_error_matches (earlier, PORCH_ERROR, PORCH_ERROR_STACK))
    {
      g_propagate_error (error, g_steal_pointer (&earlier));
      return FALSE;
    }

  if (!await_change (operation, site, stack, error) ||
      !porch_stack_await_end (stack, operation, is_quick, error))
    return FALSE;

  porch_site_take_answer (site, porch_stack_get_answer (stack));

  return dex_await (porch_site_save (site), error);
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

  if (!dex_await (porch_operation_until_stopped (operation, porch_site_write_record (site)), error))
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
 * @form_enabled: whether it takes messages
 * @mail_to: (nullable): who is told about them
 *
 * Returns: (transfer full): the operation, to be given to [method@Porch.Engine.run_operation]
 */
PorchOperation *
porch_settings_operation_new (PorchSite  *site,
                              gboolean    form_enabled,
                              const char *mail_to)
{
  PorchOperation *self;
  JsonObject *data;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_SETTINGS_OPERATION,
                       "engine", porch_site_get_engine (site),
                       "site", site,
                       NULL);
  data = porch_operation_get_data (self);
  json_object_set_string_member (data, "name", porch_site_get_name (site));
  json_object_set_boolean_member (data, "form", form_enabled);
  json_object_set_string_member (data, "mailTo", mail_to != NULL ? mail_to : "");

  return self;
}

/**
 * porch_settings_operation_set_path:
 * @self: an operation that has not begun
 * @path: the address on the site that the form is sent to
 * @error: return location
 *
 * Changes where the form is sent to. Forms in pages have to be changed accordingly.
 *
 * Returns: %TRUE; %FALSE with %PORCH_ERROR_NAME if it can't be a path
 */
gboolean
porch_settings_operation_set_path (PorchSettingsOperation  *self,
                                   const char              *path,
                                   GError                 **error)
{
  g_return_val_if_fail (PORCH_IS_SETTINGS_OPERATION (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (!g_regex_match_simple ("^(/[A-Za-z0-9_-]{1,60}){1,4}$", path, G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT))
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NAME,
                   _("“%s” is not a path of letters, digits, dashes and underscores, such as /contact."), path);
      return FALSE;
    }

  json_object_set_string_member (porch_operation_get_data (PORCH_OPERATION (self)), "path", path);

  return TRUE;
}
