/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"
#include "porch-changes.h"
#include "porch-error.h"
#include "porch-folder.h"
#include "porch-go-live-operation.h"
#include "porch-manifest.h"
#include "porch-publish-operation.h"
#include "porch-publisher.h"

#include "aws-json.h"

#include <glib/gi18n.h>

static JsonArray *
findings_to_json (PorchFolder *folder)
{
  GListModel *findings = porch_folder_get_findings (folder);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);
      JsonObject *json = json_object_new ();

      json_object_set_string_member (json, "severity", porch_severity_to_string (porch_finding_get_severity (finding)));
      json_object_set_string_member (json, "rule", porch_finding_get_rule (finding));
      json_object_set_string_member (json, "path", porch_finding_get_path (finding));

      if (porch_finding_get_line (finding) > 0)
        json_object_set_int_member (json, "line", porch_finding_get_line (finding));
      else
        json_object_set_null_member (json, "line");

      json_object_set_string_member (json, "text", porch_finding_get_text (finding));
      json_object_set_string_member (json, "fix", porch_finding_get_fix (finding));
      json_array_add_object_element (array, json);
    }

  return array;
}

/* To stderr, one line each, as compilers do it */
static void
print_findings (PorchFolder   *folder,
                PorchSeverity  least)
{
  GListModel *findings = porch_folder_get_findings (folder);

  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr(PorchFinding) finding = g_list_model_get_item (findings, i);
      g_autoptr(GString) line = g_string_new (NULL);

      if (porch_finding_get_severity (finding) < least)
        continue;

      if (porch_finding_get_path (finding) != NULL)
        g_string_append (line, porch_finding_get_path (finding));
      if (porch_finding_get_line (finding) > 0)
        g_string_append_printf (line, ":%u", porch_finding_get_line (finding));
      if (line->len > 0)
        g_string_append (line, ": ");

      g_string_append_printf (line, "%s: %s", porch_severity_to_string (porch_finding_get_severity (finding)),
                              porch_finding_get_text (finding));

      if (porch_finding_get_fix (finding) != NULL)
        g_string_append_printf (line, " %s", porch_finding_get_fix (finding));

      cli_warn ("%s", line->str);
    }
}

static void
set_findings_error (GError **error)
{
  g_set_error_literal (error, PORCH_ERROR, PORCH_ERROR_FOLDER_FINDINGS, _("Some of what was found has to be corrected first"));
}

gboolean
cli_check (Cli     *cli,
           GError **error)
{
  g_autoptr(GFile) root = cli_get_file (cli, cli->arguments[0]);
  g_autoptr(PorchFolder) folder = porch_folder_new (root, NULL);

  if (!dex_await (porch_plan_check_folder (root), error) ||
      !dex_await (porch_folder_scan (folder, PORCH_SCAN_THOROUGH), error))
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();
      g_autofree char *path = g_file_get_parse_name (root);

      json_object_set_string_member (json, "id", path);
      json_object_set_int_member (json, "files", porch_folder_get_n_files (folder));
      json_object_set_int_member (json, "bytes", porch_folder_get_n_bytes (folder));
      json_object_set_array_member (json, "findings", findings_to_json (folder));
      cli_print_object (json);
    }
  else
    {
      g_autofree char *size = g_format_size (porch_folder_get_n_bytes (folder));

      print_findings (folder, PORCH_SEVERITY_INFO);
      cli_print (ngettext ("%u file, %s.\n", "%u files, %s.\n", porch_folder_get_n_files (folder)),
                 porch_folder_get_n_files (folder), size);
    }

  if (!porch_folder_has_errors (folder))
    return TRUE;

  set_findings_error (error);

  return FALSE;
}

static gboolean
dry_run (Cli        *cli,
         PorchSite  *site,
         GFile      *root,
         GError    **error)
{
  g_autoptr(PorchTarget) target = NULL;
  g_autoptr(PorchPublisher) publisher = NULL;
  g_autoptr(PorchChanges) changes = NULL;
  PorchFolder *folder;

  if ((target = dex_await_object (porch_site_open_target (site), error)) == NULL)
    return FALSE;

  publisher = porch_publisher_new (target, root, cli->options.note);
  changes = dex_await_object (porch_publisher_compare (publisher), error);

  if (changes == NULL)
    return FALSE;

  folder = porch_publisher_get_folder (publisher);

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", porch_site_get_id (site));
      json_object_set_boolean_member (json, "done", TRUE);
      json_object_set_boolean_member (json, "dryRun", TRUE);
      json_object_set_int_member (json, "files", porch_folder_get_n_files (folder));
      json_object_set_int_member (json, "bytes", porch_folder_get_n_bytes (folder));
      json_object_set_int_member (json, "added", porch_changes_get_n_added (changes));
      json_object_set_int_member (json, "changed", porch_changes_get_n_changed (changes));
      json_object_set_int_member (json, "removed", porch_changes_get_n_removed (changes));
      json_object_set_int_member (json, "unchanged", porch_changes_get_n_unchanged (changes));
      json_object_set_int_member (json, "toSend", porch_changes_get_n_to_send (changes));
      json_object_set_int_member (json, "bytesToSend", porch_changes_get_bytes_to_send (changes));
      json_object_set_array_member (json, "findings", findings_to_json (folder));
      cli_print_object (json);
    }
  else
    {
      g_autofree char *size = g_format_size (porch_changes_get_bytes_to_send (changes));

      print_findings (folder, PORCH_SEVERITY_WARNING);
      cli_print (_("New: %u, changed: %u, removed: %u, unchanged: %u. To send: %s.\n"),
                 porch_changes_get_n_added (changes), porch_changes_get_n_changed (changes),
                 porch_changes_get_n_removed (changes), porch_changes_get_n_unchanged (changes), size);
    }

  if (!porch_folder_has_errors (folder))
    return TRUE;

  set_findings_error (error);

  return FALSE;
}

static void
print_published (PorchOperation *operation)
{
  JsonObject *result = porch_operation_get_result (operation);
  g_autofree char *size = NULL;

  if (result == NULL)
    return;

  size = g_format_size (aws_json_get_int (result, "bytesSent", 0));

  if (aws_json_get_bool (result, "unchanged"))
    cli_print (_("Nothing has changed; “%s” stays live.\n"), aws_json_get_string (result, "release"));
  else
    cli_print (_("“%s” is live: %d files sent (%s), %d copied, %d left in place.\n"),
               aws_json_get_string (result, "release"), (int) aws_json_get_int (result, "sent", 0), size,
               (int) aws_json_get_int (result, "copied", 0), (int) aws_json_get_int (result, "shared", 0));
}

gboolean
cli_publish (Cli     *cli,
             GError **error)
{
  g_autoptr(GFile) root = cli_get_file (cli, cli->arguments[1]);
  g_autoptr(PorchOperation) operation = NULL;
  PorchPublisher *publisher;
  PorchSite *site = NULL;
  gboolean success;

  if (!dex_await (porch_plan_check_folder (root), error) ||
      (site = cli_await_site (cli, cli->arguments[0], error)) == NULL)
    return FALSE;

  if (cli->options.dry_run)
    return dry_run (cli, site, root, error);

  operation = porch_publish_operation_new (site, root, cli->options.note);
  porch_engine_run_operation (cli->engine, operation);
  success = cli_await_operation (cli, operation, error);
  publisher = porch_publish_operation_get_publisher (PORCH_PUBLISH_OPERATION (operation));

  if (publisher != NULL)
    print_findings (porch_publisher_get_folder (publisher), success ? PORCH_SEVERITY_WARNING : PORCH_SEVERITY_ERROR);

  if (success && !cli->options.json)
    print_published (operation);

  return success;
}

static JsonObject *
release_to_json (PorchRelease *release)
{
  JsonObject *json = json_object_new ();

  json_object_set_string_member (json, "id", porch_release_get_id (release));
  json_object_set_boolean_member (json, "live", porch_release_get_live (release));
  cli_set_time (json, "date", porch_release_get_date (release));
  json_object_set_string_member (json, "note", porch_release_get_note (release));
  json_object_set_string_member (json, "author", porch_release_get_author (release));
  json_object_set_string_member (json, "source", porch_release_get_source (release));
  json_object_set_int_member (json, "files", porch_release_get_n_files (release));
  json_object_set_int_member (json, "bytes", porch_release_get_n_bytes (release));
  json_object_set_int_member (json, "added", porch_release_get_n_added (release));
  json_object_set_int_member (json, "changed", porch_release_get_n_changed (release));
  json_object_set_int_member (json, "removed", porch_release_get_n_removed (release));

  return json;
}

/* The releases as they are in the cloud now */
static PorchTarget *
await_history (Cli         *cli,
               PorchSite  **site,
               GError     **error)
{
  g_autoptr(PorchTarget) target = NULL;

  if ((*site = cli_await_site (cli, cli->arguments[0], error)) == NULL ||
      (target = dex_await_object (porch_site_open_target (*site), error)) == NULL ||
      !dex_await (porch_history_refresh (porch_site_get_history (*site), target), error))
    return NULL;

  return g_steal_pointer (&target);
}

static PorchRelease *
require_release (Cli         *cli,
                 PorchSite   *site,
                 GError     **error)
{
  PorchRelease *release = porch_history_lookup (porch_site_get_history (site), cli->arguments[1]);

  if (release == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE,
                 _("“%s” has no release “%s”"), porch_site_get_name (site), cli->arguments[1]);

  return release;
}

gboolean
cli_release_list (Cli     *cli,
                  GError **error)
{
  PorchSite *site = NULL;
  g_autoptr(PorchTarget) target = await_history (cli, &site, error);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *releases;

  if (target == NULL)
    return FALSE;

  releases = porch_site_get_releases (site);

  for (guint i = 0; i < g_list_model_get_n_items (releases); i++)
    {
      g_autoptr(PorchRelease) release = g_list_model_get_item (releases, i);
      g_autofree char *date = cli_format_time (porch_release_get_date (release));
      g_autofree char *size = g_format_size (porch_release_get_n_bytes (release));

      json_array_add_object_element (array, release_to_json (release));

      if (!cli->options.json)
        cli_print ("%c %s  %s  %6u  %10s  %s\n", porch_release_get_live (release) ? '*' : ' ',
                   porch_release_get_id (release), date, porch_release_get_n_files (release), size,
                   porch_release_get_note (release) != NULL ? porch_release_get_note (release) : "");
    }

  if (cli->options.json)
    cli_print_array (array);
  else if (json_array_get_length (array) == 0)
    cli_print (_("Nothing has been published yet.\n"));

  return TRUE;
}

static void
add_entries (JsonObject    *json,
             PorchManifest *manifest)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "id", entry->path);
      json_object_set_string_member (item, "path", entry->path);
      json_object_set_int_member (item, "bytes", entry->size);
      json_object_set_string_member (item, "type", entry->type);
      json_object_set_string_member (item, "cacheControl", entry->cache);
      json_object_set_string_member (item, "sha256", entry->sha256);
      json_object_set_string_member (item, "release", entry->release);
      json_object_set_boolean_member (item, "carried", entry->carried);
      json_array_add_object_element (array, item);
    }

  json_object_set_array_member (json, "entries", array);
}

gboolean
cli_release_show (Cli     *cli,
                  GError **error)
{
  PorchSite *site = NULL;
  g_autoptr(PorchTarget) target = await_history (cli, &site, error);
  PorchRelease *release = target != NULL ? require_release (cli, site, error) : NULL;
  g_autoptr(PorchManifest) manifest = NULL;
  g_autoptr(JsonObject) json = NULL;

  if (release == NULL ||
      (manifest = dex_await_object (porch_target_load_manifest (target, porch_release_get_id (release)), error)) == NULL)
    return FALSE;

  json = release_to_json (release);
  add_entries (json, manifest);

  if (cli->options.json)
    {
      cli_print_object (json);
      return TRUE;
    }

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);

      cli_print ("%10" G_GUINT64_FORMAT "  %-32s  /%s\n", entry->size, entry->type, entry->path);
    }

  return TRUE;
}

gboolean
cli_release_go_live (Cli     *cli,
                     GError **error)
{
  PorchSite *site = NULL;
  g_autoptr(PorchTarget) target = await_history (cli, &site, error);
  g_autoptr(PorchOperation) operation = NULL;

  if (target == NULL || require_release (cli, site, error) == NULL)
    return FALSE;

  operation = porch_site_go_live (site, cli->arguments[1]);

  if (!cli_await_operation (cli, operation, error))
    return FALSE;

  if (!cli->options.json)
    cli_print (_("“%s” is live.\n"), cli->arguments[1]);

  return TRUE;
}

gboolean
cli_release_remove (Cli     *cli,
                    GError **error)
{
  PorchSite *site = NULL;
  g_autoptr(PorchTarget) target = await_history (cli, &site, error);

  if (target == NULL || require_release (cli, site, error) == NULL ||
      !dex_await (porch_history_remove (porch_site_get_history (site), target, cli->arguments[1]), error))
    return FALSE;

  if (cli->options.json)
    {
      g_autoptr(JsonObject) json = json_object_new ();

      json_object_set_string_member (json, "id", cli->arguments[1]);
      json_object_set_boolean_member (json, "done", TRUE);
      cli_print_object (json);
    }
  else
    {
      cli_print (_("Removed.\n"));
    }

  return TRUE;
}
