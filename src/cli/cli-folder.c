/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "aws-json.h"
#include "porch-publish-operation.h"
#include "porch-source.h"
#include "porch-visitor.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

static char *publish_note;
static gboolean publish_is_dry;
static gboolean publish_is_thorough;
static char *check_site;
static guint publish_draft;
static double publish_patience = PORCH_VISITOR_PATIENCE;

static gboolean
parse_draft (const char  *name,
             const char  *value,
             gpointer     data,
             GError     **error)
{
  return cli_parse_days (value, &publish_draft, error);
}

static gboolean
parse_patience (const char  *name,
                const char  *value,
                gpointer     data,
                GError     **error)
{
  guint64 seconds;

  if (!g_ascii_string_to_unsigned (value, 10, 0, 3600, &seconds, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no number of seconds from 0 to 3600"), value);
      return FALSE;
    }

  publish_patience = seconds;

  return TRUE;
}

static PorchTreatments *wanted;   /* what the options agree to */
static gboolean is_wanted;

static void
want (PorchTreatments *treatments)
{
  g_clear_pointer (&wanted, porch_treatments_unref);
  wanted = treatments;
  is_wanted = TRUE;
}

static gboolean
parse_fix (const char  *name,
           const char  *value,
           gpointer     data,
           GError     **error)
{
  static const struct
  {
    const char     *name;
    PorchTreatment  treatment;
  } fixes[] = {
    { "photos", PORCH_TREATMENT_STRIP_LOCATION },
    { "pictures", PORCH_TREATMENT_SHRINK },
    { "links", PORCH_TREATMENT_LOCAL_LINKS },
  };
  gboolean is_known = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (fixes); i++)
    if (g_str_equal (value, fixes[i].name) || g_str_equal (value, "all"))
      {
        want (porch_treatments_with (wanted, fixes[i].treatment));
        is_known = TRUE;
      }

  if (!is_known)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” can’t be fixed: only photos, pictures, links or all"), value);

  return is_known;
}

static gboolean
parse_path (const char  *name,
            const char  *value,
            gpointer     data,
            GError     **error)
{
  if (*value == '\0')
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("The path of a file in the folder is needed"));
      return FALSE;
    }

  want (g_str_equal (name, "--confirm") ? porch_treatments_with_confirmed (wanted, value)
                                        : porch_treatments_with_left_out (wanted, value));

  return TRUE;
}

/* What was agreed to for the site before, and now */
static PorchTreatments *
dup_treatments (PorchSite *site)
{
  PorchTreatments *kept = site != NULL ? porch_site_get_treatments (site) : NULL;

  return porch_treatments_join (kept, wanted);
}

#define TREATMENT_OPTIONS \
  { "fix", 0, 0, G_OPTION_ARG_CALLBACK, parse_fix, \
    N_("Send copies without the place of photos, with smaller pictures, with local links mended: photos, pictures, links, all"), N_("WHAT") }, \
  { "confirm", 0, 0, G_OPTION_ARG_CALLBACK, parse_path, N_("Publish this file although it looks private"), N_("PATH") }, \
  { "leave-out", 0, 0, G_OPTION_ARG_CALLBACK, parse_path, N_("Don’t publish this file"), N_("PATH") }

const GOptionEntry cli_check_options[] = {
  { "site", 0, 0, G_OPTION_ARG_STRING, &check_site, N_("Look with what was agreed to for this site: its contact form, and what is mended"), N_("SITE") },
  TREATMENT_OPTIONS,
  G_OPTION_ENTRY_NULL
};

const GOptionEntry cli_publish_options[] = {
  { "note", 0, 0, G_OPTION_ARG_STRING, &publish_note, N_("What the history says about it"), N_("TEXT") },
  { "draft", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, parse_draft,
    N_("Show it only to who has the secret link, for so many days, 7 if none are given"), N_("DAYS") },
  { "patience", 0, 0, G_OPTION_ARG_CALLBACK, parse_patience,
    N_("How long to wait for visitors to see it, 90 if none are given; 0 not to look"), N_("SECONDS") },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &publish_is_dry, N_("Only say what would change"), NULL },
  { "thorough", 0, 0, G_OPTION_ARG_NONE, &publish_is_thorough, N_("Read every file, also those that look unchanged"), NULL },
  TREATMENT_OPTIONS,
  G_OPTION_ENTRY_NULL
};

static PorchFolder *
await_folder (Cli             *cli,
              GFile           *root,
              PorchScanFlags   flags,
              PorchTreatments *treatments,
              GError         **error)
{
  g_autoptr(PorchFolder) folder = porch_folder_new (root, cli->engine != NULL ? porch_engine_get_store (cli->engine) : NULL);

  porch_folder_set_treatments (folder, treatments);

  if (!dex_await (porch_folder_scan (folder, flags), error))
    return NULL;

  return g_steal_pointer (&folder);
}

/* What is to be known about what was named, and about the folder in it */
static GListModel *
join_findings (PorchSource *source,
               PorchFolder *folder)
{
  GListStore *all = g_list_store_new (PORCH_TYPE_FINDING);
  GListModel *parts[] = { porch_source_get_findings (source), porch_folder_get_findings (folder) };

  for (guint part = 0; part < G_N_ELEMENTS (parts); part++)
    for (guint i = 0; i < g_list_model_get_n_items (parts[part]); i++)
      {
        g_autoptr(PorchFinding) finding = g_list_model_get_item (parts[part], i);

        g_list_store_append (all, finding);
      }

  return G_LIST_MODEL (all);
}

static guint
count_findings (GListModel    *findings,
                PorchSeverity  severity)
{
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (porch_finding_get_severity (finding) == severity)
        count++;
    }

  return count;
}

static PorchFinding *
dup_first_error (GListModel *findings)
{
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);

      if (porch_finding_get_severity (finding) == PORCH_SEVERITY_ERROR)
        return g_steal_pointer (&finding);
    }

  return NULL;
}

static char *
dup_without_stop (const char *text)
{
  char *sentence = g_strchomp (g_strdup (text != NULL ? text : ""));

  if (g_str_has_suffix (sentence, "."))
    sentence[strlen (sentence) - 1] = '\0';

  return sentence;
}

/* The first thing that is wrong, in the manner of all errors. */
static gboolean
check_findings (GListModel  *findings,
                GError     **error)
{
  g_autoptr(PorchFinding) finding = dup_first_error (findings);
  guint others = count_findings (findings, PORCH_SEVERITY_ERROR) - 1;
  g_autofree char *why = NULL;
  g_autofree char *remedy = NULL;
  g_autofree char *more = NULL;

  if (finding == NULL)
    return TRUE;

  why = dup_without_stop (porch_finding_get_text (finding));
  remedy = dup_without_stop (porch_finding_get_fix (finding));
  more = others > 0 ? g_strdup_printf (ngettext (" (and %u more)", " (and %u more)", others), others) : g_strdup ("");

  g_set_error (error, CLI_ERROR, CLI_ERROR_FAILED, _("The folder can’t be published: %s%s. %s."), why, more,
               *remedy != '\0' ? remedy : _("Correct that and try again"));

  return FALSE;
}

static gboolean
await_good_folder (Cli              *cli,
                   GFile            *root,
                   PorchTreatments  *treatments,
                   GError          **error)
{
  g_autoptr(PorchFolder) folder = await_folder (cli, root, PORCH_SCAN_DEFAULT, treatments, error);

  return folder != NULL && check_findings (porch_folder_get_findings (folder), error);
}

/* Better told before anything is begun that would then have to be taken up again. */
gboolean
cli_await_good_folder (Cli     *cli,
                       GFile   *root,
                       GError **error)
{
  return await_good_folder (cli, root, NULL, error);
}

static JsonArray *
list_places (PorchFinding *finding)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < porch_finding_get_n_kept (finding); i++)
    {
      PorchFindingPlace place = porch_finding_get_place (finding, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "path", place.path);
      if (place.line > 0)
        json_object_set_int_member (object, "line", place.line);
      else
        json_object_set_null_member (object, "line");
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonArray *
list_findings (GListModel *findings)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);
      JsonObject *object = json_object_new ();
      guint line = porch_finding_get_line (finding);
      const char *path = porch_finding_get_path (finding);
      g_autofree char *id = g_strdup_printf ("%s:%s:%u", porch_finding_get_rule (finding), path != NULL ? path : "", line);

      json_object_set_string_member (object, "id", id);
      json_object_set_string_member (object, "severity", porch_severity_to_string (porch_finding_get_severity (finding)));
      json_object_set_string_member (object, "rule", porch_finding_get_rule (finding));
      json_object_set_string_member (object, "path", path);
      json_object_set_string_member (object, "text", porch_finding_get_text (finding));
      json_object_set_string_member (object, "fix", porch_finding_get_fix (finding));

      if (line > 0)
        json_object_set_int_member (object, "line", line);
      else
        json_object_set_null_member (object, "line");

      json_object_set_string_member (object, "treatment", porch_treatment_to_string (porch_finding_get_treatment (finding)));
      json_object_set_boolean_member (object, "treated", porch_finding_get_is_treated (finding));
      json_object_set_string_member (object, "subject", porch_finding_get_subject (finding));
      json_object_set_int_member (object, "bytes", porch_finding_get_bytes (finding));
      json_object_set_int_member (object, "placesFound", porch_finding_get_n_places (finding));
      json_object_set_array_member (object, "places", list_places (finding));
      json_array_add_object_element (array, object);
    }

  return array;
}

static void
print_findings (GListModel *findings)
{
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);
      const char *fix = porch_finding_get_fix (finding);
      g_autofree char *text = cli_clean_text (porch_finding_get_text (finding), FALSE);
      g_autofree char *clean_fix = cli_clean_text (fix, FALSE);

      cli_print ("%-8s %s%s%s\n", porch_severity_to_string (porch_finding_get_severity (finding)), text,
                 fix != NULL ? " " : "", clean_fix);
    }
}

static void
print_check (PorchFolder *folder,
             GListModel  *findings)
{
  guint n_files = porch_folder_get_n_files (folder);
  guint errors = count_findings (findings, PORCH_SEVERITY_ERROR);
  guint warnings = count_findings (findings, PORCH_SEVERITY_WARNING);
  g_autofree char *size = g_format_size (porch_folder_get_n_bytes (folder));

  print_findings (findings);

  /* Translators: %s is a size such as “3 MB” */
  cli_print (ngettext ("%u file, %s. ", "%u files, %s. ", n_files), n_files, size);

  if (errors + warnings == 0)
    cli_print ("%s\n", _("Ready to be published."));
  else
    {
      g_autofree char *first = g_strdup_printf (ngettext ("%u error", "%u errors", errors), errors);
      g_autofree char *second = g_strdup_printf (ngettext ("%u warning", "%u warnings", warnings), warnings);

      cli_print ("%s, %s.\n", first, second);
    }
}

/* What was named on the command line: a folder, an archive, or the folder of a project. */
PorchSource *
cli_await_source (const char  *argument,
                  GError     **error)
{
  g_autoptr(GFile) named = g_file_new_for_commandline_arg (argument);

  return dex_await_object (porch_source_open (named), error);
}

gboolean
cli_check (Cli                *cli,
           const char * const *arguments,
           GError            **error)
{
  g_autoptr(PorchSource) source = cli_await_source (arguments[0], error);
  g_autoptr(PorchTreatments) treatments = NULL;
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GListModel) findings = NULL;
  g_autofree char *path = NULL;
  g_autofree char *checked = NULL;
  PorchSite *site = NULL;

  if (source == NULL ||
      (check_site != NULL && (!cli_open (cli, error) || (site = cli_find_site (cli, check_site, error)) == NULL)))
    return FALSE;

  treatments = dup_treatments (site);

  if ((folder = await_folder (cli, porch_source_get_folder (source), PORCH_SCAN_CHECK, treatments, error)) == NULL)
    return FALSE;

  path = g_file_get_parse_name (porch_source_get_dropped (source));
  checked = g_file_get_parse_name (porch_source_get_folder (source));
  findings = join_findings (source, folder);

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", path);
      json_object_set_string_member (object, "path", path);
      json_object_set_string_member (object, "folder", checked);
      json_object_set_int_member (object, "files", porch_folder_get_n_files (folder));
      json_object_set_int_member (object, "bytes", porch_folder_get_n_bytes (folder));
      json_object_set_boolean_member (object, "publishable", !porch_folder_has_errors (folder));
      json_object_set_array_member (object, "findings", list_findings (findings));
      cli_print_object (object);
    }
  else
    {
      print_check (folder, findings);
    }

  return check_findings (findings, error);
}

static const char *
get_kind (PorchChange *change)
{
  return porch_change_kind_to_string (porch_change_get_kind (change));
}

/* What changes by the title of the page */
static void
add_page (JsonArray   *pages,
          PorchChange *change)
{
  JsonObject *object;

  if (porch_change_get_title (change) == NULL && porch_change_get_old_path (change) == NULL)
    return;

  object = json_object_new ();
  json_object_set_string_member (object, "id", porch_change_get_path (change));
  json_object_set_string_member (object, "kind", get_kind (change));
  json_object_set_string_member (object, "path", porch_change_get_path (change));
  json_object_set_string_member (object, "oldPath", porch_change_get_old_path (change));
  json_object_set_string_member (object, "title", porch_change_get_title (change));
  json_array_add_object_element (pages, object);
}

static JsonObject *
build_changes (PorchSite    *site,
               PorchChanges *changes,
               GListModel   *findings)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();
  JsonArray *pages = json_array_new ();

  json_object_set_string_member (object, "id", porch_site_get_id (site));
  json_object_set_boolean_member (object, "dryRun", TRUE);
  json_object_set_boolean_member (object, "first", porch_changes_is_first (changes));
  json_object_set_int_member (object, "added", porch_changes_get_n_added (changes));
  json_object_set_int_member (object, "changed", porch_changes_get_n_changed (changes));
  json_object_set_int_member (object, "removed", porch_changes_get_n_removed (changes));
  json_object_set_int_member (object, "renamed", porch_changes_get_n_renamed (changes));
  json_object_set_int_member (object, "unchanged", porch_changes_get_n_unchanged (changes));
  json_object_set_int_member (object, "toSend", porch_changes_get_n_to_send (changes));
  json_object_set_int_member (object, "bytesToSend", porch_changes_get_bytes_to_send (changes));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (changes)); i++)
    {
      g_autoptr(PorchChange) change = g_list_model_get_item (G_LIST_MODEL (changes), i);
      JsonObject *element = json_object_new ();

      json_object_set_string_member (element, "id", porch_change_get_path (change));
      json_object_set_string_member (element, "kind", get_kind (change));
      json_object_set_string_member (element, "path", porch_change_get_path (change));
      json_object_set_int_member (element, "bytes", porch_change_get_size (change));
      json_array_add_object_element (array, element);
      add_page (pages, change);
    }

  json_object_set_array_member (object, "changes", array);
  json_object_set_array_member (object, "pages", pages);
  json_object_set_array_member (object, "findings", list_findings (findings));
  json_object_set_boolean_member (object, "done", TRUE);

  return object;
}

static void
print_changes (PorchChanges *changes,
               GListModel   *findings)
{
  guint to_send = porch_changes_get_n_to_send (changes);
  g_autofree char *size = g_format_size (porch_changes_get_bytes_to_send (changes));

  print_findings (findings);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (changes)); i++)
    {
      g_autoptr(PorchChange) change = g_list_model_get_item (G_LIST_MODEL (changes), i);
      g_autofree char *path = cli_clean_text (porch_change_get_path (change), FALSE);
      g_autofree char *title = cli_clean_text (porch_change_get_title (change), FALSE);

      cli_print ("%-8s %s%s%s%s\n", get_kind (change), path, *title != '\0' ? " (" : "", title, *title != '\0' ? ")" : "");
    }

  if (porch_changes_is_empty (changes))
    cli_print ("%s\n", _("Nothing has changed."));
  else
    /* Translators: %s is a size such as “3 MB” */
    cli_print (ngettext ("%u file would be sent, %s. Nothing was published.\n",
                         "%u files would be sent, %s. Nothing was published.\n", to_send), to_send, size);
}

static gboolean
await_dry_run (Cli          *cli,
               PorchSite    *site,
               PorchSource  *source,
               GError      **error)
{
  g_autoptr(PorchTarget) target = dex_await_object (porch_site_open_target (site), error);
  g_autoptr(PorchTreatments) treatments = dup_treatments (site);
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchChanges) changes = NULL;
  g_autoptr(GListModel) findings = NULL;

  if (target == NULL)
    return FALSE;

  publisher = porch_publisher_new (target, porch_source_get_folder (source), NULL);

  porch_publisher_set_treatments (publisher, treatments);
  porch_publisher_set_flags (publisher, PORCH_SCAN_CHECK | (publish_is_thorough ? PORCH_SCAN_THOROUGH : 0));

  if ((changes = dex_await_object (porch_publisher_compare (publisher), error)) == NULL)
    return FALSE;

  findings = join_findings (source, porch_publisher_get_folder (publisher));

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = build_changes (site, changes, findings);

      cli_print_json_line (object);
    }
  else
    {
      print_changes (changes, findings);
    }

  return check_findings (findings, error);
}

/* The last step only looks: whoever waits may know before it that the site is live. */
static void
step_changed_cb (PorchOperation *operation,
                 GParamSpec     *pspec,
                 Cli            *cli)
{
  PorchStep *step = porch_operation_get_current_step (operation);
  JsonObject *result = porch_operation_get_result (operation);

  if (step == NULL || result == NULL || cli->is_json || !g_str_equal (porch_step_get_id (step), "watch") ||
      aws_json_get_bool (result, "unchanged"))
    return;

  cli_wipe_bar ();
  cli_print (_("Live: %s\n"), porch_site_get_address (porch_operation_get_site (operation)));
  fflush (stdout);
}

static void
print_draft (JsonObject *result)
{
  g_autoptr(GDateTime) until = g_date_time_new_from_iso8601 (aws_json_get_string (result, "until"), NULL);
  g_autofree char *time = cli_format_time (until);

  /* Translators: %s is an address */
  cli_print (_("Draft: %s\n"), aws_json_get_string (result, "draftLink"));
  /* Translators: the first %s is a time, the second the short name of a draft */
  cli_print (_("It can be seen until %s. To remove it: draft remove, with the id %s.\n"), time, aws_json_get_string (result, "draft"));
}

static void
print_receipt (JsonObject *result)
{
  JsonObject *object = aws_json_get_object (result, "receipt");
  g_autoptr(PorchReceipt) receipt = NULL;
  g_autofree char *sentence = NULL;

  if (object != NULL)
    {
      g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);
      g_autofree char *json = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

      receipt = porch_receipt_new_from_json (json, NULL);
    }

  if (receipt == NULL)
    return;

  sentence = porch_receipt_dup_sentence (receipt);
  cli_print ("%s%s%s\n", sentence, porch_receipt_get_reason (receipt) != NULL ? " " : "",
             porch_receipt_get_reason (receipt) != NULL ? porch_receipt_get_reason (receipt) : "");
}

static void
print_published (PorchSite  *site,
                 JsonObject *result)
{
  guint sent = json_object_get_int_member (result, "sent");
  guint stayed = json_object_get_int_member (result, "copied") + json_object_get_int_member (result, "shared");
  g_autofree char *size = g_format_size (json_object_get_int_member (result, "bytesSent"));

  if (json_object_get_boolean_member (result, "unchanged") && aws_json_get_string (result, "draftLink") == NULL)
    cli_print ("%s\n", _("Nothing has changed since it was published, so nothing was done."));
  else
    {
      /* Translators: %s is a size such as “3 MB”, the last number counts files that were there already */
      cli_print (ngettext ("Sent %u file, %s; %u were there already.\n", "Sent %u files, %s; %u were there already.\n", sent),
                 sent, size, stayed);
    }

  if (aws_json_get_string (result, "draftLink") != NULL)
    print_draft (result);
  else
    print_receipt (result);

  cli_print (_("Release %s, %.1f seconds.\n"), json_object_get_string_member (result, "release"),
             json_object_get_double_member (result, "seconds"));
}

gboolean
cli_publish (Cli                *cli,
             const char * const *arguments,
             GError            **error)
{
  g_autoptr(PorchSource) source = NULL;
  g_autoptr(PorchOperation) operation = NULL;
  g_autoptr(PorchTreatments) treatments = NULL;
  g_autoptr(JsonObject) result = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  if ((source = cli_await_source (arguments[1], error)) == NULL)
    return FALSE;

  if (publish_is_dry)
    return await_dry_run (cli, site, source, error);

  treatments = dup_treatments (site);
  if (!await_good_folder (cli, porch_source_get_folder (source), treatments, error))
    return FALSE;

  operation = porch_publish_operation_new (site, porch_source_get_folder (source), publish_note);
  porch_publish_operation_set_source (PORCH_PUBLISH_OPERATION (operation), porch_source_get_dropped (source));
  porch_publish_operation_set_thorough (PORCH_PUBLISH_OPERATION (operation), publish_is_thorough);
  if (is_wanted)
    porch_publish_operation_set_treatments (PORCH_PUBLISH_OPERATION (operation), treatments);
  porch_publish_operation_set_draft (PORCH_PUBLISH_OPERATION (operation), publish_draft);
  porch_publish_operation_set_patience (PORCH_PUBLISH_OPERATION (operation), publish_patience);
  g_signal_connect (operation, "notify::current-step", G_CALLBACK (step_changed_cb), cli);
  porch_engine_run_operation (cli->engine, operation);

  if (!cli_run_operation (cli, operation, &result, error))
    return FALSE;

  if (!cli->is_json)
    print_published (site, result);

  return TRUE;
}
