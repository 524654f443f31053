/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cli.h"

#include "porch-error.h"

#include <glib/gi18n.h>

static guint extend_days = PORCH_DRAFT_DEFAULT_DAYS;

static gboolean
parse_days (const char  *name,
            const char  *value,
            gpointer     data,
            GError     **error)
{
  return cli_parse_days (value, &extend_days, error);
}

const GOptionEntry cli_draft_extend_options[] = {
  { "days", 0, 0, G_OPTION_ARG_CALLBACK, parse_days, N_("For how many days from now, 7 if none are given"), N_("DAYS") },
  G_OPTION_ENTRY_NULL
};

/**
 * cli_parse_days:
 * @text: (nullable): a number, or %NULL for the usual one
 * @days: (out): for how many days a draft is to be seen
 * @error: return location
 *
 * Returns: whether it is one that a draft can have
 */
gboolean
cli_parse_days (const char  *text,
                guint       *days,
                GError     **error)
{
  guint64 number = PORCH_DRAFT_DEFAULT_DAYS;

  if (text != NULL && !g_ascii_string_to_unsigned (text, 10, PORCH_DRAFT_MIN_DAYS, PORCH_DRAFT_MAX_DAYS, &number, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("“%s” is no number of days from %d to %d"), text,
                   PORCH_DRAFT_MIN_DAYS, PORCH_DRAFT_MAX_DAYS);
      return FALSE;
    }

  *days = number;

  return TRUE;
}

/**
 * cli_build_draft:
 * @draft: a draft
 *
 * Returns: (transfer full): the draft as scripts get it
 */
JsonObject *
cli_build_draft (PorchDraft *draft)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", porch_draft_get_id (draft));
  json_object_set_string_member (object, "release", porch_draft_get_release (draft));
  json_object_set_string_member (object, "draftLink", porch_draft_get_link (draft));
  cli_set_time (object, "until", porch_draft_get_until (draft));
  json_object_set_boolean_member (object, "over", porch_draft_is_over (draft));

  return object;
}

static char **
build_row (PorchSite  *site,
           PorchDraft *draft)
{
  PorchRelease *release = porch_history_lookup (porch_site_get_history (site), porch_draft_get_release (draft));
  char **row = g_new0 (char *, 6);

  row[0] = g_strdup (porch_draft_get_id (draft));
  row[1] = g_strdup (porch_draft_get_release (draft));
  row[2] = cli_format_time (porch_draft_get_until (draft));
  row[3] = cli_clean_text (release != NULL ? porch_release_get_note (release) : NULL, FALSE);
  row[4] = g_strdup (porch_draft_get_link (draft));

  return row;
}

gboolean
cli_draft_list (Cli                *cli,
                const char * const *arguments,
                GError            **error)
{
  const char *titles[] = { _("Id"), _("Release"), _("Until"), _("Note"), _("Link"), NULL };
  g_autoptr(PorchTarget) target = NULL;
  PorchSite *site = cli_await_history (cli, arguments[0], &target, error);
  g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr(JsonArray) array = json_array_new ();
  GListModel *drafts;

  if (site == NULL)
    return FALSE;

  drafts = porch_site_get_drafts (site);

  for (guint i = 0; i < g_list_model_get_n_items (drafts); i++)
    {
      g_autoptr(PorchDraft) draft = g_list_model_get_item (drafts, i);

      g_ptr_array_add (rows, build_row (site, draft));
      json_array_add_object_element (array, cli_build_draft (draft));
    }

  if (cli->is_json)
    cli_print_array (array);
  else if (rows->len == 0)
    cli_print ("%s\n", _("There are no drafts."));
  else
    cli_print_table (titles, rows);

  return TRUE;
}

static PorchDraft *
await_draft (Cli                *cli,
             const char * const *arguments,
             PorchSite         **site,
             GError            **error)
{
  g_autoptr(PorchTarget) target = NULL;
  PorchDraft *draft;

  if ((*site = cli_await_history (cli, arguments[0], &target, error)) == NULL)
    return NULL;

  if ((draft = porch_history_lookup_draft (porch_site_get_history (*site), arguments[1])) == NULL)
    {
      g_set_error (error, PORCH_ERROR, PORCH_ERROR_NOT_FOUND, _("There is no draft “%s”."), arguments[1]);
      return NULL;
    }

  return g_object_ref (draft);
}

gboolean
cli_draft_remove (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  PorchSite *site;
  g_autoptr(PorchDraft) draft = await_draft (cli, arguments, &site, error);

  if (draft == NULL || !dex_await (porch_site_remove_draft (site, draft), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = json_object_new ();

      json_object_set_string_member (object, "id", porch_draft_get_id (draft));
      json_object_set_boolean_member (object, "removed", TRUE);
      cli_print_object (object);
    }
  else
    {
      cli_print (_("Draft %s is removed.\n"), porch_draft_get_id (draft));
    }

  return TRUE;
}

gboolean
cli_draft_extend (Cli                *cli,
                  const char * const *arguments,
                  GError            **error)
{
  PorchSite *site;
  g_autoptr(PorchDraft) draft = await_draft (cli, arguments, &site, error);

  if (draft == NULL || !dex_await (porch_site_extend_draft (site, draft, extend_days), error))
    return FALSE;

  if (cli->is_json)
    {
      g_autoptr(JsonObject) object = cli_build_draft (draft);

      cli_print_object (object);
    }
  else
    {
      g_autofree char *until = cli_format_time (porch_draft_get_until (draft));

      /* Translators: the first %s is the short name of a draft, the second a time */
      cli_print (_("Draft %s can be seen until %s.\n"), porch_draft_get_id (draft), until);
    }

  return TRUE;
}
