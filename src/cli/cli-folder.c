/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-publish-operation.h"
#include "porch-source.h"

#include <glib/gi18n.h>
#include <string.h>

static char *publish_note;
static gboolean publish_is_dry;
static gboolean publish_is_thorough;

const GOptionEntry cli_publish_options[] = {
  { "note", 0, 0, G_OPTION_ARG_STRING, &publish_note, N_("What the history says about it"), N_("TEXT") },
  { "dry-run", 0, 0, G_OPTION_ARG_NONE, &publish_is_dry, N_("Only say what would change"), NULL },
  { "thorough", 0, 0, G_OPTION_ARG_NONE, &publish_is_thorough, N_("Read every file, also those that look unchanged"), NULL },
  G_OPTION_ENTRY_NULL
};

static PorchFolder *
await_folder (Cli             *cli,
              GFile           *root,
              PorchScanFlags   flags,
              GError         **error)
{
  g_autoptr(PorchFolder) folder = porch_folder_new (root, cli->engine != NULL ? porch_engine_get_store (cli->engine) : NULL);

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

/* Better told before anything is begun that would then have to be taken up again. */
gboolean
cli_await_good_folder (Cli     *cli,
                       GFile   *root,
                       GError **error)
{
  g_autoptr(PorchFolder) folder = await_folder (cli, root, PORCH_SCAN_DEFAULT, error);

  return folder != NULL && check_findings (porch_folder_get_findings (folder), error);
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
  g_autoptr(PorchFolder) folder = NULL;
  g_autoptr(GListModel) findings = NULL;
  g_autofree char *path = NULL;
  g_autofree char *checked = NULL;

  if (source == NULL || (folder = await_folder (cli, porch_source_get_folder (source), PORCH_SCAN_CHECK, error)) == NULL)
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
  static const char * const kinds[] = { "added", "changed", "removed" };

  return kinds[porch_change_get_kind (change)];
}

static JsonObject *
build_changes (PorchSite    *site,
               PorchChanges *changes,
               GListModel   *findings)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  json_object_set_string_member (object, "id", porch_site_get_id (site));
  json_object_set_boolean_member (object, "dryRun", TRUE);
  json_object_set_boolean_member (object, "first", porch_changes_is_first (changes));
  json_object_set_int_member (object, "added", porch_changes_get_n_added (changes));
  json_object_set_int_member (object, "changed", porch_changes_get_n_changed (changes));
  json_object_set_int_member (object, "removed", porch_changes_get_n_removed (changes));
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
    }

  json_object_set_array_member (object, "changes", array);
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

      cli_print ("%-8s %s\n", get_kind (change), path);
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
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchChanges) changes = NULL;
  g_autoptr(GListModel) findings = NULL;

  if (target == NULL)
    return FALSE;

  publisher = porch_publisher_new (target, porch_source_get_folder (source), NULL);

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

static void
print_published (PorchSite  *site,
                 JsonObject *result)
{
  guint sent = json_object_get_int_member (result, "sent");
  guint stayed = json_object_get_int_member (result, "copied") + json_object_get_int_member (result, "shared");
  g_autofree char *size = g_format_size (json_object_get_int_member (result, "bytesSent"));

  if (json_object_get_boolean_member (result, "unchanged"))
    cli_print ("%s\n", _("Nothing has changed since it was published, so nothing was done."));
  else
    {
      /* Translators: %s is a size such as “3 MB”, the last number counts files that were there already */
      cli_print (ngettext ("Sent %u file, %s; %u were there already.\n", "Sent %u files, %s; %u were there already.\n", sent),
                 sent, size, stayed);
      cli_print (_("Live: %s\n"), porch_site_get_address (site));
    }

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
  g_autoptr(JsonObject) result = NULL;
  PorchSite *site;

  if (!cli_open (cli, error) || (site = cli_find_ready_site (cli, arguments[0], error)) == NULL)
    return FALSE;

  if ((source = cli_await_source (arguments[1], error)) == NULL)
    return FALSE;

  if (publish_is_dry)
    return await_dry_run (cli, site, source, error);

  if (!cli_await_good_folder (cli, porch_source_get_folder (source), error))
    return FALSE;

  operation = porch_publish_operation_new (site, porch_source_get_folder (source), publish_note);
  porch_publish_operation_set_source (PORCH_PUBLISH_OPERATION (operation), porch_source_get_dropped (source));
  porch_publish_operation_set_thorough (PORCH_PUBLISH_OPERATION (operation), publish_is_thorough);
  porch_engine_run_operation (cli->engine, operation);

  if (!cli_run_operation (cli, operation, &result, error))
    return FALSE;

  if (!cli->is_json)
    print_published (site, result);

  return TRUE;
}
