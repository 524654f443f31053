/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "aws-cloudformation.h"
#include "porch-error.h"
#include "porch-stack.h"

#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

static char *create_region;
static char *create_folder;
static char *create_template;
static char *create_form;
static char *delete_messages;
static gboolean delete_is_sure;

const GOptionEntry cli_site_create_options[] = {
  { "region", 0, 0, G_OPTION_ARG_STRING, &create_region, N_("Where to make it, such as eu-central-1"), N_("REGION") },
  { "from", 0, 0, G_OPTION_ARG_FILENAME, &create_folder, N_("The folder with its first pages"), N_("PATH") },
  { "template", 0, 0, G_OPTION_ARG_STRING, &create_template,
    N_("The template of its first pages: business, personal or coming-soon"), N_("NAME") },
  { "form", 0, 0, G_OPTION_ARG_STRING, &create_form, N_("Give it a contact form whose messages are mailed there"), N_("MAIL") },
  G_OPTION_ENTRY_NULL
};

static char *set_single_page;
static int set_kept;

const GOptionEntry cli_site_set_options[] = {
  { "keep", 0, 0, G_OPTION_ARG_INT, &set_kept, N_("How many versions to keep whatever their age, 2 to 100"), N_("N") },
  { "single-page", 0, 0, G_OPTION_ARG_STRING, &set_single_page,
    N_("Whether every address without a file shows the start page: on or off"), N_("on|off") },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_site_delete_options[] = {
  { "keep-messages", 0, 0, G_OPTION_ARG_FILENAME, &delete_messages, N_("Save its messages first, to a .csv or .json file"), N_("FILE") },
  { "yes", 0, 0, G_OPTION_ARG_NONE, &delete_is_sure, N_("Don’t ask on a terminal"), NULL },
  G_OPTION_ENTRY_NULL
};

static const char *
get_state (PorchSite *site)
{
  g_autoptr(GEnumClass) states = g_type_class_ref (PORCH_TYPE_SITE_STATE);

  return g_enum_get_value (states, porch_site_get_state (site))->value_nick;
}

static JsonObject *
build_site (PorchSite *site)
{
  JsonObject *object = json_object_new ();
  PorchOperation *operation = porch_site_get_operation (site);
  PorchProblem *problem = porch_site_get_problem (site);
  GFile *folder = porch_site_get_folder (site);
  g_autofree char *path = folder != NULL ? g_file_get_parse_name (folder) : NULL;

  json_object_set_string_member (object, "id", porch_site_get_id (site));
  json_object_set_string_member (object, "name", porch_site_get_name (site));
  json_object_set_string_member (object, "slug", porch_site_get_slug (site));
  json_object_set_string_member (object, "address", porch_site_get_address (site));
  json_object_set_string_member (object, "freeAddress", porch_site_get_free_address (site));

  if (porch_site_get_own_address (site) != NULL)
    json_object_set_object_member (object, "ownAddress", porch_address_to_json (porch_site_get_own_address (site)));
  else
    json_object_set_null_member (object, "ownAddress");

  json_object_set_string_member (object, "state", get_state (site));
  json_object_set_string_member (object, "account", porch_account_get_id (porch_site_get_account (site)));
  json_object_set_string_member (object, "region", porch_site_get_region (site));
  json_object_set_string_member (object, "liveRelease", porch_site_get_live_release (site));
  cli_set_time (object, "created", porch_site_get_created (site));
  cli_set_time (object, "lastPublished", porch_site_get_last_published (site));
  json_object_set_int_member (object, "unread", porch_site_get_unread_count (site));
  json_object_set_boolean_member (object, "formEnabled", porch_site_get_form_enabled (site));
  json_object_set_string_member (object, "formPath", porch_site_get_form_path (site));
  json_object_set_string_member (object, "mailTo", porch_site_get_mail_to (site));
  json_object_set_int_member (object, "keptVersions", porch_site_get_kept_versions (site));
  json_object_set_boolean_member (object, "singlePage", porch_site_get_single_page (site));
  json_object_set_string_member (object, "folder", path);
  json_object_set_string_member (object, "stack", porch_site_get_stack (site));
  json_object_set_string_member (object, "operation", operation != NULL ? porch_operation_get_id (operation) : NULL);

  if (problem != NULL)
    json_object_set_object_member (object, "problem", porch_problem_to_json (problem));
  else
    json_object_set_null_member (object, "problem");

  return object;
}

static char **
build_row (PorchSite *site)
{
  const char *address = porch_site_get_address (site);
  char **row = g_new0 (char *, 6);

  row[0] = cli_clean_text (porch_site_get_name (site), FALSE);
  row[1] = g_strdup (get_state (site));
  row[2] = cli_format_time (porch_site_get_last_published (site));
  row[3] = g_strdup_printf ("%u", porch_site_get_unread_count (site));
  row[4] = g_strdup (address != NULL ? address : "–");

  return row;
}

/* Asks every account in question; what one can't tell is no reason to hide what the others do. */
static gboolean
await_sites (Cli     *cli,
             GError **error)
{
  GListModel *accounts = porch_engine_get_accounts (cli->engine);

  for (guint i = 0; i < g_list_model_get_n_items (accounts); i++)
    {
      g_autoptr(PorchAccount) account = g_list_model_get_item (accounts, i);
      g_autoptr(GError) local_error = NULL;

      if (cli->is_chosen ? account != cli->account : porch_account_get_kind (account) == PORCH_ACCOUNT_ENVIRONMENT)
        continue;

      if (cli_may_use (cli, account, &local_error) &&
          dex_await (porch_engine_import (cli->engine, account), &local_error))
        continue;

      if (*error == NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
    }

  return *error == NULL;
}

static gboolean
is_listed (Cli       *cli,
           PorchSite *site)
{
  return !cli->is_chosen || porch_site_get_account (site) == cli->account;
}

/* How they are is each site's own matter, and shown beside it */
static void
await_refreshed (Cli *cli)
{
  GListModel *sites = porch_engine_get_sites (cli->engine);
  g_autoptr(GPtrArray) futures = g_ptr_array_new_with_free_func (dex_unref);

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      if (is_listed (cli, site) &&
          (cli->is_chosen || porch_account_get_kind (porch_site_get_account (site)) != PORCH_ACCOUNT_ENVIRONMENT))
        g_ptr_array_add (futures, porch_site_refresh (site));
    }

  if (futures->len > 0)
    dex_await (dex_future_allv ((DexFuture **) futures->pdata, futures->len), NULL);
}

gboolean
cli_site_list (Cli                *cli,
               const char * const *arguments,
               GError            **error)
{
  const char *titles[] = { _("Name"), _("State"), _("Published"), _("Unread"), _("Address"), NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  g_autoptr(GError) local_error = NULL;
  GListModel *sites;

  if (!cli_open (cli, error) || (cli->account == NULL && cli_require_account (cli, error) == NULL))
    return FALSE;

  if (await_sites (cli, &local_error))
    await_refreshed (cli);

  sites = porch_engine_get_sites (cli->engine);

  for (guint i = 0; i < g_list_model_get_n_items (sites); i++)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (sites, i);

      if (!is_listed (cli, site))
        continue;

      g_ptr_array_add (rows, build_row (site));
      json_array_add_object_element (array, build_site (site));
    }

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len > 0)
    cli_print_table (titles, rows);
  else if (local_error == NULL)
    cli_print ("%s\n", _("No sites yet. Make one: porchlight-cli site create NAME --template business"));

  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return *error == NULL;
}

static void
print_line (const char *title,
            const char *text)
{
  g_autofree char *clean = cli_clean_text (text, FALSE);

  if (text != NULL && *text != '\0')
    cli_print ("%-12s %s\n", title, clean);
}

static void
print_site (PorchSite *site)
{
  g_autofree char *published = cli_format_time (porch_site_get_last_published (site));
  g_autofree char *unread = g_strdup_printf ("%u", porch_site_get_unread_count (site));
  guint n_kept = porch_site_get_kept_versions (site);
  g_autofree char *kept = g_strdup_printf (ngettext ("%u version", "%u versions", n_kept), n_kept);
  PorchOperation *operation = porch_site_get_operation (site);
  PorchProblem *problem = porch_site_get_problem (site);

  print_line (_("Name"), porch_site_get_name (site));
  print_line (_("Address"), porch_site_get_address (site));
  print_line (_("State"), get_state (site));
  print_line (_("Published"), published);
  print_line (_("Release"), porch_site_get_live_release (site));

  if (porch_site_get_form_enabled (site))
    {
      print_line (_("Messages to"), porch_site_get_mail_to (site) != NULL ? porch_site_get_mail_to (site) : "–");
      print_line (_("Unread"), unread);
    }

  print_line (_("Account"), porch_account_get_name (porch_site_get_account (site)));
  print_line (_("Region"), porch_site_get_region (site));
  print_line (_("Kept"), kept);

  if (porch_site_get_single_page (site))
    print_line (_("Addresses"), _("every address without a file shows the start page"));

  print_line (_("Id"), porch_site_get_id (site));

  if (problem != NULL)
    {
      g_autofree char *line = porch_problem_to_line (problem);

      print_line (_("Problem"), line);
    }

  if (operation != NULL)
    cli_print ("%-12s %s (%s)\n", _("Operation"), porch_operation_get_title (operation), porch_operation_get_id (operation));
}

gboolean
cli_site_show (Cli                *cli,
               const char * const *arguments,
               GError            **error)
{
  g_autoptr(JsonObject) object = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_site (cli, arguments[0], error)) == NULL ||
      !dex_await (porch_site_refresh (site), error))
    return FALSE;

  object = build_site (site);

  if (cli->is_json)
    cli_print_object (object);
  else
    print_site (site);

  return TRUE;
}

static gboolean
check_settings (GError **error)
{
  if (set_single_page == NULL && set_kept == 0)
    g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE,
                         _("Wrong usage: nothing to change was given. Give --keep or --single-page."));
  else if (set_kept != 0 && (set_kept < PORCH_SITE_MIN_KEPT_VERSIONS || set_kept > PORCH_SITE_MAX_KEPT_VERSIONS))
    g_set_error (error, CLI_ERROR, CLI_ERROR_USAGE, _("Wrong usage: --keep takes a number from %d to %d."),
                 PORCH_SITE_MIN_KEPT_VERSIONS, PORCH_SITE_MAX_KEPT_VERSIONS);
  else if (set_single_page != NULL && !g_str_equal (set_single_page, "on") && !g_str_equal (set_single_page, "off"))
    g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, _("Wrong usage: --single-page takes on or off."));
  else
    return TRUE;

  return FALSE;
}

gboolean
cli_site_set (Cli                *cli,
              const char * const *arguments,
              GError            **error)
{
  g_autoptr(JsonObject) object = NULL;
  PorchSite *site;

  if (!check_settings (error) || !cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  if ((set_kept != 0 && !dex_await (porch_site_set_kept_versions (site, set_kept), error)) ||
      (set_single_page != NULL && !dex_await (porch_site_set_single_page (site, g_str_equal (set_single_page, "on")), error)))
    return FALSE;

  object = build_site (site);

  if (cli->is_json)
    cli_print_object (object);
  else
    print_site (site);

  return TRUE;
}

static PorchPlan *
build_plan (Cli          *cli,
            PorchAccount *account,
            const char   *name,
            PorchSource  *source)
{
  PorchPlan *plan = porch_plan_new (account);

  porch_plan_set_name (plan, name);
  porch_plan_set_template (plan, create_template);
  porch_plan_set_folder (plan, source != NULL ? porch_source_get_folder (source) : NULL);
  porch_plan_set_source (plan, source != NULL ? porch_source_get_dropped (source) : NULL);
  porch_plan_set_region (plan, create_region);
  porch_plan_set_with_form (plan, create_form != NULL);
  porch_plan_set_mail_to (plan, create_form);

  return plan;
}

gboolean
cli_site_create (Cli                *cli,
                 const char * const *arguments,
                 GError            **error)
{
  g_autoptr(PorchPlan) plan = NULL;
  g_autoptr(PorchSource) source = NULL;
  g_autoptr(JsonObject) result = NULL;
  PorchAccount *account;

  if (create_folder != NULL && create_template != NULL)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE,
                           _("Wrong usage: a site starts from a folder or from a template, not from both. Leave out --from or --template."));
      return FALSE;
    }

  if ((create_form != NULL && !porch_plan_check_mail (create_form, error)) ||
      !cli_open (cli, error) || (account = cli_require_account (cli, error)) == NULL ||
      (create_folder != NULL && (source = cli_await_source (create_folder, error)) == NULL))
    return FALSE;

  plan = build_plan (cli, account, arguments[0], source);

  if (!dex_await (porch_plan_check (plan), error) ||
      (porch_plan_get_folder (plan) != NULL && !cli_await_good_folder (cli, porch_plan_get_folder (plan), error)) ||
      !cli_run_operation (cli, porch_engine_create_site (cli->engine, plan), &result, error))
    return FALSE;

  if (!cli->is_json)
    /* Translators: the first %s is the name of a site, the second its address */
    cli_print (_("“%s” is online: %s\n"), json_object_get_string_member (result, "name"),
               json_object_get_string_member (result, "address"));

  /* It ends with this process */
  if (!cli->is_json && cli->practice != NULL && !porch_practice_is_attached (cli->practice))
    cli_print ("%s\n", _("To visit it, run the practice cloud: porchlight-cli practice serve"));

  return TRUE;
}

static gboolean
check_messages_file (GFile   *file,
                     GError **error)
{
  g_autofree char *name = g_file_get_basename (file);

  if (g_str_has_suffix (name, ".csv") || g_str_has_suffix (name, ".json"))
    return TRUE;

  g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE,
                       _("Wrong usage: messages are saved as .csv or .json. Give --keep-messages a name that ends in one of these."));

  return FALSE;
}

static gboolean
is_sure (PorchSite *site)
{
  g_autofree char *question = NULL;
  g_autofree char *answer = NULL;

  if (delete_is_sure || !isatty (STDIN_FILENO) || !isatty (STDERR_FILENO))
    return TRUE;

  /* Translators: %s is the name of a site; y is the letter to be typed */
  question = g_strdup_printf (_("Delete “%s” with its pages and messages for good? Type y to delete it:"), porch_site_get_name (site));
  answer = cli_ask (question, FALSE);

  return answer != NULL && g_ascii_tolower (*answer) == 'y';
}

gboolean
cli_site_delete (Cli                *cli,
                 const char * const *arguments,
                 GError            **error)
{
  g_autoptr(GFile) messages = delete_messages != NULL ? g_file_new_for_commandline_arg (delete_messages) : NULL;
  g_autoptr(JsonObject) result = NULL;
  PorchSite *site;

  if ((messages != NULL && !check_messages_file (messages, error)) ||
      !cli_open (cli, error) || (site = cli_find_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  if (!is_sure (site))
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_FAILED, _("Nothing was deleted: you did not type y. The site is as it was."));
      return FALSE;
    }

  if (!cli_run_operation (cli, porch_engine_delete_site (cli->engine, site, messages), &result, error))
    return FALSE;

  if (cli->is_json)
    return TRUE;

  cli_print (_("“%s” is deleted.\n"), json_object_get_string_member (result, "name"));

  if (messages != NULL)
    {
      g_autofree char *name = g_file_get_parse_name (messages);
      gint64 count = json_object_get_int_member (result, "messages");

      cli_print (ngettext ("%" G_GINT64_FORMAT " message was saved to %s\n",
                           "%" G_GINT64_FORMAT " messages were saved to %s\n", count), count, name);
    }

  return TRUE;
}

static GBytes *
await_template (Cli         *cli,
                const char  *name,
                GError     **error)
{
  PorchSite *site;
  g_autoptr(AwsClient) client = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (name == NULL)
    return porch_stack_load_template (error);

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, name, error)) == NULL)
    return NULL;

  client = porch_site_dup_client (site);
  text = dex_await_string (aws_cloudformation_get_template (client, porch_site_get_stack (site)), error);

  if (text == NULL)
    return NULL;

  length = strlen (text);

  return g_bytes_new_take (g_steal_pointer (&text), length);
}

gboolean
cli_stack_template (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  g_autoptr(GBytes) template = await_template (cli, arguments[0], error);
  const char *text;
  gsize size;

  if (template == NULL)
    return FALSE;

  text = g_bytes_get_data (template, &size);
  cli_print ("%.*s%s", (int) size, text, size > 0 && text[size - 1] == '\n' ? "" : "\n");

  return TRUE;
}

static JsonObject *
build_changes (PorchSite         *site,
               PorchStackChanges *changes)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();
  const char * const *sentences = porch_stack_changes_get_sentences (changes);

  for (guint i = 0; sentences[i] != NULL; i++)
    json_array_add_string_element (array, sentences[i]);

  json_object_set_string_member (object, "id", porch_site_get_id (site));
  json_object_set_array_member (object, "sentences", array);
  json_object_set_array_member (object, "changes", porch_stack_changes_to_json (changes));

  return object;
}

gboolean
cli_stack_changes (Cli                *cli,
                   const char * const *arguments,
                   GError            **error)
{
  g_autoptr(JsonObject) parameters = json_object_new ();
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *token = g_strconcat ("porchlight-", uuid, NULL);
  g_autoptr(PorchStackChanges) changes = NULL;
  g_autoptr(AwsClient) client = NULL;
  g_autoptr(PorchStack) stack = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  client = porch_site_dup_client (site);
  stack = porch_stack_new (client, porch_site_get_stack (site), porch_site_get_id (site));

  if ((changes = dex_await_boxed (porch_stack_prepare (stack, parameters, token), error)) == NULL)
    return FALSE;

  /* Only told, not done: nothing of it stays */
  if (!porch_stack_changes_is_empty (changes) && !dex_await (porch_stack_drop_changes (stack, token), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = build_changes (site, changes);

      cli_print_object (object);
    }
  else if (porch_stack_changes_is_empty (changes))
    {
      cli_print ("%s\n", _("Everything is as it should be."));
    }
  else
    {
      for (const char * const *sentence = porch_stack_changes_get_sentences (changes); *sentence != NULL; sentence++)
        cli_print ("%s\n", *sentence);
    }

  return TRUE;
}
