/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-form-finder.h"
#include "porch-form-proof.h"
#include "porch-form-snippet.h"
#include "porch-mail-identity.h"
#include "porch-settings-operation.h"

#include "aws-json.h"

#include <glib/gi18n.h>
#include <string.h>

static char *form_mail;
static char *form_path;
static char *form_sender;
static char *form_thanks;
static char *form_spam;
static int form_days = -1;
static char *snippet_fields;
static gboolean test_mail;
static gboolean connect_undo;

const GOptionEntry cli_form_enable_options[] = {
  { "to", 0, 0, G_OPTION_ARG_STRING, &form_mail, N_("Who gets its messages; several addresses with commas between"), N_("MAIL") },
  { "path", 0, 0, G_OPTION_ARG_STRING, &form_path, N_("Where on the site the form is sent to"), N_("PATH") },
  { "sender", 0, 0, G_OPTION_ARG_STRING, &form_sender, N_("Where mails come from; “first” for the first who gets them"), N_("MAIL") },
  { "thanks", 0, 0, G_OPTION_ARG_STRING, &form_thanks, N_("The page that is shown afterwards; “built-in” for the usual one"), N_("PATH") },
  { "spam", 0, 0, G_OPTION_ARG_STRING, &form_spam, N_("How soon a message is marked as spam: off, low, normal or high"), N_("LEVEL") },
  { "days", 0, 0, G_OPTION_ARG_INT, &form_days, N_("Delete messages after so many days; 0 keeps them"), N_("DAYS") },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_form_snippet_options[] = {
  { "fields", 0, 0, G_OPTION_ARG_STRING, &snippet_fields,
    N_("What it asks for besides the message: name, email, phone, subject, with commas between"), N_("FIELDS") },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_form_test_options[] = {
  { "mail", 0, 0, G_OPTION_ARG_NONE, &test_mail, N_("Mail the test message, too"), NULL },
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_form_connect_options[] = {
  { "undo", 0, 0, G_OPTION_ARG_NONE, &connect_undo, N_("Let the forms lead where they led before"), NULL },
  G_OPTION_ENTRY_NULL
};

static gboolean
fail_usage (GError     **error,
            const char  *sentence)
{
  g_set_error_literal (error, CLI_ERROR, CLI_ERROR_USAGE, sentence);

  return FALSE;
}

/* Before anything is opened: what can't be right whatever the site is */
static gboolean
check_options (GError **error)
{
  if (form_mail == NULL && form_path == NULL && form_sender == NULL && form_thanks == NULL && form_spam == NULL && form_days < 0)
    return fail_usage (error, _("Wrong usage: it is not said who gets the messages. Add --to MAIL."));

  if (form_spam != NULL && !g_str_equal (porch_spam_level_to_string (porch_spam_level_from_string (form_spam)), form_spam))
    return fail_usage (error, _("Wrong usage: there is no such level. Use --spam off, low, normal or high."));

  if (form_days > PORCH_FORM_MAX_DAYS)
    return fail_usage (error, _("Wrong usage: so many days can’t be kept. Use --days 0 to keep messages for ever."));

  return form_mail == NULL || porch_plan_check_mail (form_mail, error);
}

/* Swallows @form; NULL if there is none or it can't be changed so */
static PorchForm *
change_mails (PorchForm  *form,
              GError    **error)
{
  g_autoptr(PorchForm) before = form;
  g_autoptr(PorchForm) mailed = NULL;

  mailed = form_mail != NULL ? porch_form_with_mails (before, form_mail, error) : porch_form_ref (before);

  if (mailed == NULL || form_sender == NULL)
    return g_steal_pointer (&mailed);

  return porch_form_with_sender (mailed, g_str_equal (form_sender, "first") ? NULL : form_sender, error);
}

static PorchForm *
change_pages (PorchForm  *form,
              GError    **error)
{
  g_autoptr(PorchForm) before = form;
  g_autoptr(PorchForm) moved = NULL;

  if (before == NULL)
    return NULL;

  moved = form_path != NULL ? porch_form_with_path (before, form_path, error) : porch_form_ref (before);

  if (moved == NULL || form_thanks == NULL)
    return g_steal_pointer (&moved);

  return porch_form_with_thanks (moved, g_str_equal (form_thanks, "built-in") ? NULL : form_thanks, error);
}

static PorchForm *
build_form (PorchSite  *site,
            GError    **error)
{
  g_autoptr(PorchForm) enabled = porch_form_with_enabled (porch_site_get_form (site), TRUE);
  g_autoptr(PorchForm) form = change_pages (change_mails (g_steal_pointer (&enabled), error), error);
  PorchForm *next;

  if (form == NULL || !porch_form_check (form, error))
    return NULL;

  if (form_spam != NULL)
    {
      next = porch_form_with_spam_level (form, porch_spam_level_from_string (form_spam));
      porch_form_unref (form);
      form = next;
    }

  if (form_days >= 0)
    {
      next = porch_form_with_days (form, form_days);
      porch_form_unref (form);
      form = next;
    }

  return g_steal_pointer (&form);
}

static gboolean
await_change (Cli        *cli,
              PorchSite  *site,
              PorchForm  *form,
              GError    **error)
{
  g_autoptr(PorchOperation) operation = porch_settings_operation_new (site, form);

  porch_engine_run_operation (cli->engine, operation);

  return cli_run_operation (cli, operation, NULL, error);
}

/* Whoever has to open a link is told so; what can't be asked is no reason to fail */
static void
print_mails (PorchSite *site)
{
  g_autoptr(PorchMailIdentities) identities = porch_mail_identities_new (site);

  if (!dex_await (porch_mail_identities_look (identities), NULL))
    return;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (identities)); i++)
    {
      g_autoptr(PorchMailIdentity) identity = g_list_model_get_item (G_LIST_MODEL (identities), i);
      g_autofree char *sentence = porch_mail_identity_dup_sentence (identity);

      cli_print ("%s: %s\n", porch_mail_identity_get_mail (identity), sentence);
    }
}

gboolean
cli_form_enable (Cli                *cli,
                 const char * const *arguments,
                 GError            **error)
{
  g_autoptr(PorchForm) form = NULL;
  PorchSite *site;

  if (!check_options (error) || !cli_open (cli, error) ||
      (site = cli_find_ready_site (cli, arguments[0], error)) == NULL ||
      (form = build_form (site, error)) == NULL || !await_change (cli, site, form, error))
    return FALSE;

  if (!cli->is_json)
    {
      g_autofree char *mail_to = porch_form_dup_mail_to (form);

      cli_print (_("“%s” takes messages and mails them to %s. The form for its pages: porchlight-cli form snippet %s\n"),
                 porch_site_get_name (site), mail_to, porch_site_get_slug (site));
      print_mails (site);
    }

  return TRUE;
}

gboolean
cli_form_disable (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autoptr(PorchForm) form = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  form = porch_form_with_enabled (porch_site_get_form (site), FALSE);

  if (!await_change (cli, site, form, error))
    return FALSE;

  if (!cli->is_json)
    cli_print (_("“%s” takes no messages any more. Those that came in are kept.\n"), porch_site_get_name (site));

  return TRUE;
}

static PorchSite *
find_site_with_form (Cli         *cli,
                     const char  *name,
                     GError     **error)
{
  PorchSite *site = cli_find_ready_site (cli, name, error);

  if (site != NULL && !porch_site_get_form_enabled (site))
    {
      g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED,
                   _("The site has no contact form: nothing would receive its messages. Enable it with: porchlight-cli form enable %s --to MAIL"),
                   porch_site_get_slug (site));
      return NULL;
    }

  return site;
}

static gboolean
parse_fields (PorchSnippetFields  *fields,
              GError             **error)
{
  static const char * const names[] = { "name", "email", "phone", "subject", NULL };
  g_auto(GStrv) parts = snippet_fields != NULL ? g_strsplit (snippet_fields, ",", -1) : NULL;

  *fields = parts != NULL ? 0 : PORCH_SNIPPET_DEFAULT;

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    {
      guint position = 0;

      while (names[position] != NULL && !g_str_equal (names[position], g_strstrip (parts[i])))
        position++;

      if (names[position] != NULL)
        *fields |= 1u << position;
      else if (*parts[i] != '\0' && !g_str_equal (parts[i], "message"))
        return fail_usage (error, _("Wrong usage: there is no such field. Use --fields name,email,phone,subject."));
    }

  return TRUE;
}

gboolean
cli_form_snippet (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autofree char *html = NULL;
  PorchSnippetFields fields;
  PorchSite *site;

  if (!parse_fields (&fields, error) || !cli_open (cli, error) ||
      (site = find_site_with_form (cli, arguments[0], error)) == NULL)
    return FALSE;

  html = porch_form_dup_snippet (porch_site_get_form (site), fields);

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", porch_site_get_id (site));
      json_object_set_string_member (object, "path", porch_site_get_form_path (site));
      json_object_set_string_member (object, "html", html);
      cli_print_object (object);
    }
  else
    {
      cli_print ("%s", html);
    }

  return TRUE;
}

static JsonArray *
build_identities (PorchMailIdentities *identities)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (identities)); i++)
    {
      g_autoptr(PorchMailIdentity) identity = g_list_model_get_item (G_LIST_MODEL (identities), i);
      JsonObject *object = json_object_new ();
      GEnumValue *state = g_enum_get_value (g_type_class_get (PORCH_TYPE_MAIL_IDENTITY_STATE),
                                            porch_mail_identity_get_state (identity));

      json_object_set_string_member (object, "mail", porch_mail_identity_get_mail (identity));
      json_object_set_string_member (object, "state", state->value_nick);
      json_object_set_boolean_member (object, "needed", porch_mail_identity_get_needed (identity));
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonObject *
build_form_object (PorchSite           *site,
                   PorchMailIdentities *identities)
{
  JsonObject *object = porch_form_to_json (porch_site_get_form (site));
  PorchFormProof *proof = porch_site_get_form_proof (site);
  PorchProblem *problem = porch_form_proof_get_problem (proof);

  json_object_set_string_member (object, "id", porch_site_get_id (site));
  json_object_set_boolean_member (object, "mailReady", porch_mail_identities_get_ready (identities));
  json_object_set_boolean_member (object, "mailToConfirmedOnly", porch_mail_identities_get_sandbox (identities));
  json_object_set_array_member (object, "mails", build_identities (identities));
  cli_set_time (object, "proven", porch_form_proof_get_proven (proof));
  cli_set_time (object, "tried", porch_form_proof_get_tried (proof));

  if (problem != NULL)
    json_object_set_object_member (object, "problem", porch_problem_to_json (problem));

  return object;
}

static void
print_form (PorchSite *site)
{
  PorchForm *form = porch_site_get_form (site);
  PorchFormProof *proof = porch_site_get_form_proof (site);
  PorchProblem *problem = porch_form_proof_get_problem (proof);

  if (!porch_form_get_enabled (form))
    {
      cli_print (_("“%s” takes no messages.\n"), porch_site_get_name (site));
      return;
    }

  cli_print (_("The form is sent to %s\n"), porch_form_get_path (form));
  cli_print (_("Afterwards: %s\n"), porch_form_get_thanks (form) != NULL ? porch_form_get_thanks (form) : _("the built-in page"));
  cli_print (_("Spam filter: %s\n"), porch_spam_level_to_string (porch_form_get_spam_level (form)));

  if (porch_form_get_days (form) > 0)
    cli_print (ngettext ("Messages are deleted after %u day\n", "Messages are deleted after %u days\n", porch_form_get_days (form)),
               porch_form_get_days (form));

  print_mails (site);

  if (porch_form_proof_get_proven (proof) != NULL)
    {
      g_autofree char *proven = cli_format_time (porch_form_proof_get_proven (proof));

      cli_print (_("Last proven: %s\n"), proven);
    }

  if (problem != NULL)
    {
      g_autofree char *line = porch_problem_to_line (problem);

      cli_print ("%s\n", line);
    }
}

gboolean
cli_form_show (Cli                *cli,
               const char * const *arguments,
               GError            **error)
{
  g_autoptr(PorchMailIdentities) identities = NULL;
  g_autoptr(JsonObject) object = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  dex_await (porch_form_proof_load (porch_site_get_form_proof (site)), NULL);

  if (!cli->is_json)
    {
      print_form (site);
      return TRUE;
    }

  identities = porch_mail_identities_new (site);
  dex_await (porch_mail_identities_look (identities), NULL);
  object = build_form_object (site, identities);
  cli_print_object (object);

  return TRUE;
}

gboolean
cli_form_test (Cli                *cli,
               const char * const *arguments,
               GError            **error)
{
  PorchFormProof *proof;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = find_site_with_form (cli, arguments[0], error)) == NULL)
    return FALSE;

  proof = porch_site_get_form_proof (site);

  if (!dex_await (porch_form_proof_run (proof, test_mail), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", porch_site_get_id (site));
      json_object_set_string_member (object, "receipt", porch_form_proof_get_receipt (proof));
      cli_set_time (object, "proven", porch_form_proof_get_proven (proof));
      cli_print_object (object);
    }
  else
    {
      cli_print (_("A test message went through the form and arrived. It was removed again.\n"));
    }

  return TRUE;
}

/* A folder as it is typed, or the one that a site was last published from */
static GFile *
find_folder (Cli         *cli,
             const char  *argument,
             PorchSite  **site,
             GError     **error)
{
  g_autoptr(GFile) folder = g_file_new_for_commandline_arg (argument);

  *site = NULL;

  if (g_file_query_file_type (folder, G_FILE_QUERY_INFO_NONE, NULL) == G_FILE_TYPE_DIRECTORY)
    return g_steal_pointer (&folder);

  if (!cli_open (cli, error) || (*site = cli_find_site (cli, argument, error)) == NULL)
    return NULL;

  if (porch_site_get_folder (*site) == NULL)
    {
      g_set_error_literal (error, CLI_ERROR, CLI_ERROR_FAILED,
                           _("The folder of the site is not known: it was published from another computer. Name the folder."));
      return NULL;
    }

  return g_object_ref (porch_site_get_folder (*site));
}

static void
print_found (GListModel *forms)
{
  const char * const titles[] = { _("Form"), _("Page"), _("Title"), _("Where it leads"), NULL };
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
    {
      g_autoptr(PorchFoundForm) form = g_list_model_get_item (forms, i);
      const char * const *pages = porch_found_form_get_pages (form);
      guint n_others = g_strv_length ((char **) pages) - 1;
      g_autofree char *sentence = porch_found_form_dup_sentence (form);
      g_autofree char *page = n_others > 0 ? g_strdup_printf (ngettext ("%s and %u other", "%s and %u others", n_others), pages[0], n_others)
                                           : g_strdup (pages[0]);
      const char *title = porch_found_form_get_title (form);
      g_autofree char *clean = cli_clean_text (title != NULL ? title : "", FALSE);
      const char * const row[] = { porch_found_form_get_id (form), page, clean, sentence, NULL };

      g_ptr_array_add (rows, g_strdupv ((char **) row));
    }

  if (rows->len > 0)
    cli_print_table (titles, rows);
  else
    cli_print (_("There is no form in the pages.\n"));
}

gboolean
cli_form_find (Cli                *cli,
               const char * const *arguments,
               GError            **error)
{
  PorchSite *site;
  g_autoptr(GFile) folder = find_folder (cli, arguments[0], &site, error);
  g_autoptr(GListModel) forms = NULL;

  if (folder == NULL)
    return FALSE;

  forms = dex_await_object (porch_form_finder_find (folder, site != NULL ? porch_site_get_treatments (site) : NULL,
                                                    site != NULL ? porch_site_get_form_path (site) : NULL),
                            error);

  if (forms == NULL)
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonArray) array = json_array_new ();

      for (guint i = 0; i < g_list_model_get_n_items (forms); i++)
        {
          g_autoptr(PorchFoundForm) form = g_list_model_get_item (forms, i);

          json_array_add_object_element (array, porch_found_form_to_json (form));
        }

      cli_print_array (array);
    }
  else
    {
      print_found (forms);
    }

  return TRUE;
}

gboolean
cli_form_connect (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autoptr(PorchTreatments) treatments = NULL;
  g_autoptr(PorchTreatments) placed = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = find_site_with_form (cli, arguments[0], error)) == NULL)
    return FALSE;

  if (strlen (arguments[1]) != 16 || strspn (arguments[1], "0123456789abcdef") != 16)
    return fail_usage (error, _("Wrong usage: that is no form. The ones there are: porchlight-cli form find SITE"));

  treatments = connect_undo ? porch_treatments_without_form (porch_site_get_treatments (site), arguments[1])
                            : porch_treatments_with_form (porch_site_get_treatments (site), arguments[1]);
  placed = porch_treatments_with_form_path (treatments, porch_site_get_form_path (site));

  if (!dex_await (porch_site_set_treatments (site, placed), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", porch_site_get_id (site));
      json_object_set_object_member (object, "treatments", porch_treatments_to_json (placed));
      cli_print_object (object);
    }
  else
    {
      cli_print (_("Publish the site for it to take effect; your own files stay as they are.\n"));
    }

  return TRUE;
}
