/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-error.h"
#include "porch-go-live-operation.h"

#include <glib/gi18n.h>

static JsonArray *
list_pages (PorchRelease *release)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < porch_release_get_n_page_changes (release); i++)
    {
      const PorchPageChange *page = porch_release_get_page_change (release, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", page->path);
      json_object_set_string_member (object, "kind", porch_change_kind_to_string (page->kind));
      json_object_set_string_member (object, "path", page->path);
      json_object_set_string_member (object, "oldPath", page->old_path);
      json_object_set_string_member (object, "title", page->title);
      json_array_add_object_element (array, object);
    }

  return array;
}

static JsonNode *
build_receipt (PorchReceipt *receipt)
{
  g_autofree char *json = receipt != NULL ? porch_receipt_to_json (receipt) : g_strdup ("null");

  return json_from_string (json, NULL);
}

static JsonObject *
build_release (PorchRelease *release)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", porch_release_get_id (release));
  json_object_set_boolean_member (object, "live", porch_release_get_live (release));
  cli_set_time (object, "date", porch_release_get_date (release));
  json_object_set_string_member (object, "note", porch_release_get_note (release));
  json_object_set_string_member (object, "author", porch_release_get_author (release));
  json_object_set_string_member (object, "source", porch_release_get_source (release));
  json_object_set_string_member (object, "previous", porch_release_get_previous (release));
  json_object_set_int_member (object, "files", porch_release_get_n_files (release));
  json_object_set_int_member (object, "bytes", porch_release_get_n_bytes (release));
  json_object_set_int_member (object, "added", porch_release_get_n_added (release));
  json_object_set_int_member (object, "changed", porch_release_get_n_changed (release));
  json_object_set_int_member (object, "removed", porch_release_get_n_removed (release));
  json_object_set_int_member (object, "renamed", porch_release_get_n_renamed (release));
  json_object_set_int_member (object, "pageChanges", porch_release_get_n_pages (release));
  json_object_set_array_member (object, "pages", list_pages (release));
  json_object_set_member (object, "receipt", build_receipt (porch_release_get_receipt (release)));

  if (porch_release_get_draft (release) != NULL)
    json_object_set_object_member (object, "draft", cli_build_draft (porch_release_get_draft (release)));
  else
    json_object_set_null_member (object, "draft");

  return object;
}

static char **
build_row (PorchRelease *release)
{
  char **row = g_new0 (char *, 7);

  row[0] = g_strdup (porch_release_get_live (release) ? "*" : porch_release_get_draft (release) != NULL ? _("draft") : "");
  row[1] = g_strdup (porch_release_get_id (release));
  row[2] = cli_format_time (porch_release_get_date (release));
  row[3] = g_strdup_printf ("%u", porch_release_get_n_files (release));
  row[4] = g_format_size (porch_release_get_n_bytes (release));
  row[5] = cli_clean_text (porch_release_get_note (release), FALSE);

  return row;
}

/* The site with its history as it is now. */
PorchSite *
cli_await_history (Cli          *cli,
                   const char   *name,
                   PorchTarget **target,
                   GError      **error)
{
  PorchSite *site = cli_open (cli, error) ? cli_find_ready_site (cli, name, error) : NULL;
  g_autoptr(PorchTarget) opened = NULL;
  PorchHistory *history;

  if (site == NULL || (opened = dex_await_object (porch_site_open_target (site), error)) == NULL)
    return NULL;

  history = porch_site_get_history (site);

  if (!dex_await (porch_history_refresh (history, opened), error))
    return NULL;

  porch_site_set_live (site, porch_history_get_live (history), NULL);
  *target = g_steal_pointer (&opened);

  return site;
}

static PorchRelease *
find_release (PorchSite   *site,
              const char  *id,
              GError     **error)
{
  PorchRelease *release = porch_history_lookup (porch_site_get_history (site), id);

  if (release == NULL)
    g_set_error (error, PORCH_ERROR, PORCH_ERROR_RELEASE_GONE, _("There is no release “%s”."), id);

  return release;
}

/* A draft goes live by its own name, too. */
static char *
dup_release (PorchSite  *site,
             const char *id)
{
  PorchDraft *draft = porch_history_lookup_draft (porch_site_get_history (site), id);

  return g_strdup (draft != NULL ? porch_draft_get_release (draft) : id);
}

gboolean
cli_release_list (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  const char *titles[] = { _("Live"), _("Release"), _("Published"), _("Files"), _("Size"), _("Note"), NULL };
  g_autoptr(PorchTarget) target = NULL;
  PorchSite *site = cli_await_history (cli, arguments[0], &target, error);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *releases;

  if (site == NULL)
    return FALSE;

  releases = porch_site_get_releases (site);

  for (guint i = 0; i < g_list_model_get_n_items (releases); i++)
    {
      g_autoptr(PorchRelease) release = g_list_model_get_item (releases, i);

      g_ptr_array_add (rows, build_row (release));
      json_array_add_object_element (array, build_release (release));
    }

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len == 0)
    cli_print ("%s\n", _("Nothing has been published yet."));
  else
    cli_print_table (titles, rows);

  return TRUE;
}

static JsonArray *
list_entries (PorchManifest *manifest)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", entry->path);
      json_object_set_string_member (object, "path", entry->path);
      json_object_set_int_member (object, "bytes", entry->size);
      json_object_set_string_member (object, "sha256", entry->sha256);
      json_object_set_string_member (object, "type", entry->type);
      json_object_set_string_member (object, "cacheControl", entry->cache);
      json_object_set_string_member (object, "release", entry->release);
      json_object_set_string_member (object, "title", entry->title);
      json_object_set_boolean_member (object, "carried", entry->carried);
      json_array_add_object_element (array, object);
    }

  return array;
}

static void
print_pages (PorchRelease *release)
{
  guint n_named = porch_release_get_n_page_changes (release);
  guint n_more = porch_release_get_n_pages (release) - n_named;

  for (guint i = 0; i < n_named; i++)
    {
      const PorchPageChange *page = porch_release_get_page_change (release, i);
      g_autofree char *title = cli_clean_text (page->title, FALSE);
      g_autofree char *path = cli_clean_text (page->path, FALSE);

      cli_print ("%-12s %-8s %s%s%s%s\n", i == 0 ? _("Pages") : "", porch_change_kind_to_string (page->kind),
                 title, *title != '\0' ? " (" : "", path, *title != '\0' ? ")" : "");
    }

  if (n_more > 0)
    cli_print (ngettext ("%-12s and %u more page\n", "%-12s and %u more pages\n", n_more), "", n_more);
}

static void
print_receipt (PorchRelease *release)
{
  PorchReceipt *receipt = porch_release_get_receipt (release);
  g_autofree char *sentence = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *date = NULL;

  if (receipt == NULL)
    return;

  sentence = porch_receipt_dup_sentence (receipt);
  reason = cli_clean_text (porch_receipt_get_reason (receipt), FALSE);
  date = cli_format_time (porch_receipt_get_date (receipt));
  cli_print ("%-12s %s (%s)\n", _("Seen"), sentence, date);

  if (porch_receipt_get_reason (receipt) != NULL)
    cli_print ("%-12s %s\n", "", reason);
}

static void
print_release (PorchRelease  *release,
               PorchManifest *manifest)
{
  g_autofree char *date = cli_format_time (porch_release_get_date (release));
  g_autofree char *note = cli_clean_text (porch_release_get_note (release), FALSE);
  g_autofree char *author = cli_clean_text (porch_release_get_author (release), FALSE);
  g_autofree char *size = g_format_size (porch_release_get_n_bytes (release));

  cli_print ("%-12s %s%s\n", _("Release"), porch_release_get_id (release), porch_release_get_live (release) ? _(" (live)") : "");
  cli_print ("%-12s %s\n", _("Published"), date);
  cli_print ("%-12s %s\n", _("By"), author);
  cli_print ("%-12s %s\n", _("Note"), note);
  cli_print ("%-12s %u, %s\n", _("Files"), porch_release_get_n_files (release), size);
  cli_print (_("%-12s %u added, %u changed, %u removed\n"), _("Changes"), porch_release_get_n_added (release),
             porch_release_get_n_changed (release), porch_release_get_n_removed (release));
  print_pages (release);
  print_receipt (release);

  if (porch_release_get_draft (release) != NULL)
    cli_print ("%-12s %s\n", _("Draft"), porch_draft_get_link (porch_release_get_draft (release)));

  cli_print ("\n");

  for (guint i = 0; i < porch_manifest_get_n_entries (manifest); i++)
    {
      const PorchManifestEntry *entry = porch_manifest_get_entry (manifest, i);
      g_autofree char *path = cli_clean_text (entry->path, FALSE);

      cli_print ("%12" G_GUINT64_FORMAT " %s\n", entry->size, path);
    }
}

gboolean
cli_release_show (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  g_autoptr(PorchTarget) target = NULL;
  PorchSite *site = cli_await_history (cli, arguments[0], &target, error);
  g_autoptr(PorchManifest) manifest = NULL;
  PorchRelease *release;

  if (site == NULL || (release = find_release (site, arguments[1], error)) == NULL ||
      (manifest = dex_await_object (porch_target_load_manifest (target, arguments[1]), error)) == NULL)
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = build_release (release);

      json_object_set_array_member (object, "entries", list_entries (manifest));
      cli_print_object (object);
    }
  else
    {
      print_release (release, manifest);
    }

  return TRUE;
}

gboolean
cli_release_go_live (Cli                *cli,
                     const char * const *arguments,
                     GError            **error)
{
  g_autoptr(PorchTarget) target = NULL;
  PorchSite *site = cli_await_history (cli, arguments[0], &target, error);
  g_autoptr(PorchOperation) operation = NULL;
  g_autofree char *release = site != NULL ? dup_release (site, arguments[1]) : NULL;

  if (site == NULL || find_release (site, release, error) == NULL)
    return FALSE;

  operation = porch_site_go_live (site, release);

  if (!cli_run_operation (cli, operation, NULL, error))
    return FALSE;

  if (!cli->is_json)
    cli_print (_("Release %s is live: %s\n"), release, porch_site_get_address (site));

  return TRUE;
}

gboolean
cli_release_remove (Cli                *cli,
                    const char * const *arguments,
                    GError            **error)
{
  g_autoptr(PorchTarget) target = NULL;
  PorchSite *site = cli_await_history (cli, arguments[0], &target, error);

  if (site == NULL || find_release (site, arguments[1], error) == NULL ||
      !dex_await (porch_history_remove (porch_site_get_history (site), target, arguments[1]), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", arguments[1]);
      json_object_set_boolean_member (object, "removed", TRUE);
      cli_print_object (object);
    }
  else
    {
      cli_print (_("Release %s is removed.\n"), arguments[1]);
    }

  return TRUE;
}
