/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-domain-doctor.h"
#include "porch-domain-survey.h"
#include "porch-error.h"

#include <glib/gi18n.h>
#include <string.h>

static char *
dup_cell (const char *text)
{
  return cli_clean_text (text != NULL ? text : "", FALSE);
}

static char **
row_new (const char *first,
         const char *second,
         const char *third)
{
  char *cells[] = { dup_cell (first), dup_cell (second), dup_cell (third), NULL };

  return g_memdup2 (cells, sizeof cells);
}

/* Names of the practice cloud are known to its name server only. */
static PorchDns *
await_dns (Cli         *cli,
           gboolean     is_practice,
           GError     **error)
{
  if (!is_practice || g_getenv ("PORCHLIGHT_DNS_SERVERS") != NULL)
    return porch_dns_new (NULL);

  if (!cli_open (cli, error) || !cli_start_practice (cli, error))
    return NULL;

  return porch_dns_new (porch_practice_get_name_server (cli->practice));
}

static gboolean
await_survey (Cli                *cli,
              PorchDomainSurvey  *survey,
              GError            **error)
{
  gboolean is_done;

  cli->interrupt = dex_promise_new ();
  is_done = dex_await (dex_future_first (porch_domain_survey_run (survey), dex_ref (DEX_FUTURE (cli->interrupt)), NULL), error);

  if (!cli->is_stopping)
    return is_done;

  g_clear_error (error);
  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_STOPPED, _("The look at the domain was stopped."));

  return FALSE;
}

static void
print_notes (PorchDomainSurvey *survey)
{
  GListModel *notes = porch_domain_survey_get_notes (survey);
  g_autofree char *advice = porch_domain_survey_dup_advice_text (survey);

  for (guint i = 0; i < g_list_model_get_n_items (notes); i++)
    {
      g_autoptr(PorchDomainNote) note = g_list_model_get_item (notes, i);
      g_autofree char *text = cli_clean_text (porch_domain_note_get_text (note), FALSE);
      PorchDomainWeight weight = porch_domain_note_get_weight (note);

      cli_print ("%s %s\n  %s\n",
                 weight == PORCH_DOMAIN_WEIGHT_PROBLEM ? "✗" : weight == PORCH_DOMAIN_WEIGHT_NOTICE ? "!" : "✓",
                 porch_domain_note_get_title (note), text);
    }

  if (advice != NULL)
    cli_print ("\n%s\n", advice);
}

static void
print_records (PorchDomainSurvey *survey)
{
  const char *titles[] = { _("Record"), _("Value"), _("Purpose"), NULL };
  GListModel *records = porch_domain_survey_get_records (survey);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDomainRecord) record = g_list_model_get_item (records, i);
      g_autofree char *name = g_strconcat (porch_domain_record_get_shown_name (record), " ", porch_domain_record_get_record_type (record), NULL);

      g_ptr_array_add (rows, row_new (name, porch_domain_record_get_value (record), porch_domain_record_get_purpose (record)));
    }

  if (rows->len > 0)
    {
      cli_print ("\n");
      cli_print_table (titles, rows);
    }
}

gboolean
cli_domain_check (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autoptr(PorchDomainSurvey) survey = NULL;
  g_autoptr(PorchDomainName) name = NULL;
  g_autoptr(PorchDns) dns = NULL;
  g_autofree char *typed = g_ascii_strdown (arguments[0], -1);
  gboolean is_practice = strstr (typed, ".localhost") != NULL;

  name = porch_domain_name_parse (arguments[0], is_practice ? PORCH_DOMAIN_PRACTICE : PORCH_DOMAIN_DEFAULT, error);

  if (name == NULL || (dns = await_dns (cli, is_practice, error)) == NULL)
    return FALSE;

  survey = porch_domain_survey_new (dns, name);

  if (!await_survey (cli, survey, error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = porch_domain_survey_to_json (survey);

      cli_print_object (object);
    }
  else
    {
      print_notes (survey);
      print_records (survey);
    }

  return TRUE;
}

static void
print_doctor_records (PorchDoctorStep *step)
{
  GListModel *records = porch_doctor_step_get_records (step);

  for (guint i = 0; i < g_list_model_get_n_items (records); i++)
    {
      g_autoptr(PorchDoctorRecord) record = g_list_model_get_item (records, i);
      g_autofree char *text = cli_clean_text (porch_doctor_record_get_text (record), FALSE);

      if (porch_doctor_record_get_state (record) == PORCH_DOCTOR_GOOD)
        continue;

      cli_print ("    %s  %s  %s\n      %s\n", porch_doctor_record_get_name (record), porch_doctor_record_get_record_type (record),
                 porch_doctor_record_get_value (record), text);
    }
}

static void
print_step (PorchDoctorStep *step)
{
  static const char * const marks[] = { "?", "…", "✓", "!", "✗" };
  PorchDoctorState state = porch_doctor_step_get_state (step);
  const char * const *instructions = porch_doctor_step_get_instructions (step);
  const char *sentences[] = { porch_doctor_step_get_sentence (step), porch_doctor_step_get_cause (step), porch_doctor_step_get_remedy (step) };

  cli_print ("%s %s\n", marks[state], porch_doctor_step_get_title (step));

  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (sentences[i] != NULL)
      {
        g_autofree char *text = cli_clean_text (sentences[i], FALSE);

        cli_print ("  %s\n", text);
      }

  print_doctor_records (step);

  for (guint i = 0; instructions != NULL && instructions[i] != NULL; i++)
    cli_print ("    %u. %s\n", i + 1, instructions[i]);
}

gboolean
cli_domain_status (Cli                *cli,
                   const char * const *arguments,
                   GError            **error)
{
  g_autoptr(PorchDomainDoctor) doctor = NULL;
  PorchSite *site;
  gboolean is_done;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  doctor = g_object_ref (porch_site_get_doctor (site));
  cli->interrupt = dex_promise_new ();
  is_done = dex_await (dex_future_first (porch_domain_doctor_look (doctor), dex_ref (DEX_FUTURE (cli->interrupt)), NULL), error);

  if (cli->is_stopping)
    {
      porch_domain_doctor_stop (doctor);
      g_clear_error (error);
      g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_STOPPED, _("The look at the domain was stopped."));
    }

  if (!is_done || cli->is_stopping)
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = porch_domain_doctor_to_json (doctor);

      json_object_set_string_member (object, "site", porch_site_get_id (site));
      cli_print_object (object);

      return TRUE;
    }

  if (g_list_model_get_n_items (G_LIST_MODEL (doctor)) == 0)
    cli_print (_("“%s” has no address of its own.\n"), porch_site_get_name (site));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (doctor)); i++)
    {
      g_autoptr(PorchDoctorStep) step = g_list_model_get_item (G_LIST_MODEL (doctor), i);

      print_step (step);
    }

  return TRUE;
}
