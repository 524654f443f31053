/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-site-private.h"
#include "porch-fiber.h"

#include "aws-json.h"

#include <string.h>

/* The row of a site in the store */

static const char * const states[] = { "creating", "empty", "live", "unreachable", "deleting", "failed" };

static PorchSiteState
state_from_string (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (text, states[i]) == 0)
      return i;

  return PORCH_SITE_UNREACHABLE;
}

static void
set_outputs (PorchSite  *self,
             const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text != NULL ? text : "{}", text != NULL ? strlen (text) : 2);
  JsonObject *outputs = aws_json_load_object (bytes, NULL);

  if (outputs == NULL)
    return;

  g_clear_pointer (&self->outputs, json_object_unref);
  self->outputs = outputs;
  porch_site_update_address (self);
}

static void
set_settings (PorchSite  *self,
              const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, text != NULL ? strlen (text) : 0);
  g_autoptr(JsonObject) settings = text != NULL ? aws_json_load_object (bytes, NULL) : NULL;

  porch_site_take_settings (self, settings);
}

/* Three of its settings have columns of their own, the others stand among those of the site. */
static void
set_form (PorchSite *self,
          PorchRows *rows,
          guint      row)
{
  const char *text = porch_rows_get_string (rows, row, 17);
  g_autoptr(GBytes) bytes = g_bytes_new (text, text != NULL ? strlen (text) : 0);
  g_autoptr(JsonObject) settings = text != NULL ? aws_json_load_object (bytes, NULL) : NULL;
  JsonObject *kept = settings != NULL ? aws_json_get_object (settings, "form") : NULL;
  g_autoptr(JsonObject) object = kept != NULL ? json_object_ref (kept) : json_object_new ();

  json_object_set_boolean_member (object, "enabled", porch_rows_get_int (rows, row, 11) != 0);

  if (porch_rows_get_string (rows, row, 12) != NULL)
    json_object_set_string_member (object, "path", porch_rows_get_string (rows, row, 12));
  if (porch_rows_get_string (rows, row, 13) != NULL)
    json_object_set_string_member (object, "mailTo", porch_rows_get_string (rows, row, 13));

  porch_site_take_form (self, porch_form_new_from_json (object));
}

static void
take_row (PorchSite *self,
          PorchRows *rows,
          guint      row)
{
  const char *folder = porch_rows_get_string (rows, row, 14);
  g_autoptr(GFile) file = folder != NULL ? g_file_new_for_uri (folder) : NULL;

  g_object_freeze_notify (G_OBJECT (self));

  porch_site_set_name (self, porch_rows_get_string (rows, row, 2));
  porch_site_set_slug (self, porch_rows_get_string (rows, row, 3));
  porch_site_set_state (self, state_from_string (porch_rows_get_string (rows, row, 5)));
  g_set_str (&self->stack, porch_rows_get_string (rows, row, 6));
  porch_site_set_time (self, &self->created, porch_rows_get_int (rows, row, 7), "created");
  porch_site_set_time (self, &self->published, porch_rows_get_int (rows, row, 8), "last-published");

  if (g_set_str (&self->live, porch_rows_get_string (rows, row, 9)))
    g_object_notify (G_OBJECT (self), "live-release");

  porch_site_set_unread (self, porch_rows_get_int (rows, row, 10));
  set_form (self, rows, row);

  if (g_set_object (&self->folder, file))
    g_object_notify (G_OBJECT (self), "folder");

  set_outputs (self, porch_rows_get_string (rows, row, 15));
  self->synced = porch_rows_get_int (rows, row, 16);
  set_settings (self, porch_rows_get_string (rows, row, 17));

  g_object_thaw_notify (G_OBJECT (self));
}

PorchSite *
porch_site_new_from_row (PorchEngine  *engine,
                         PorchAccount *account,
                         PorchRows    *rows,
                         guint         row)
{
  PorchSite *self = porch_site_new (engine, account,
                                    porch_rows_get_string (rows, row, 0),
                                    porch_rows_get_string (rows, row, 2),
                                    porch_rows_get_string (rows, row, 4));

  take_row (self, rows, row);

  return self;
}

static DexFuture *
reload_fiber (gpointer user_data)
{
  PorchSite *self = user_data;
  g_autoptr(PorchRows) rows = NULL;
  g_autoptr(GError) error = NULL;

  rows = dex_await_boxed (porch_store_query (self->store, "SELECT " PORCH_SITE_COLUMNS " FROM sites WHERE id = ?",
                                             "s", self->id), &error);

  if (rows == NULL)
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (porch_rows_get_length (rows) > 0)
    take_row (self, rows, 0);

  if (!dex_await (porch_history_load (self->history), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

/* Takes over what another process wrote into the store. */
DexFuture *
porch_site_reload (PorchSite *self)
{
  return porch_fiber_spawn (reload_fiber, g_object_ref (self), g_object_unref, NULL);
}

static char *
object_to_text (JsonObject *object)
{
  g_autoptr(GBytes) bytes = aws_json_object_to_bytes (object);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static DexFuture *
write_row (PorchSite  *self,
           const char *sql)
{
  g_autoptr(JsonObject) settings = porch_site_build_settings (self);
  g_autofree char *settings_text = object_to_text (settings);
  g_autofree char *outputs = object_to_text (self->outputs);
  g_autofree char *folder = self->folder != NULL ? g_file_get_uri (self->folder) : NULL;

  return porch_store_write (self->store, sql, "sssssssiisiissssis",
                            self->id, porch_account_get_id (self->account), self->name, self->slug, self->region,
                            states[self->state], self->stack, g_date_time_to_unix (self->created),
                            self->published != NULL ? g_date_time_to_unix (self->published) : (gint64) 0,
                            self->live, (gint64) self->unread, (gint64) porch_form_get_enabled (self->form), porch_form_get_path (self->form),
                            self->mail_to, folder, outputs, self->synced, settings_text);
}

/* Writes a new site to the store. */
DexFuture *
porch_site_insert (PorchSite *self)
{
  return write_row (self, "INSERT OR REPLACE INTO sites (" PORCH_SITE_COLUMNS ") VALUES"
                          " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)");
}

/**
 * porch_site_save:
 * @self: a site
 *
 * Writes the site to the store. A site that was deleted meanwhile, perhaps by another process, stays deleted.
 *
 * Returns: (transfer full): a future that resolves when it is on the disk
 */
DexFuture *
porch_site_save (PorchSite *self)
{
  dex_return_error_if_fail (PORCH_IS_SITE (self));

  return write_row (self, "UPDATE sites SET account = ?2, name = ?3, slug = ?4, region = ?5, state = ?6, stack = ?7,"
                          " created = ?8, published = ?9, live = ?10, unread = ?11, form = ?12, form_path = ?13,"
                          " mail_to = ?14, folder = ?15, outputs = ?16, synced = ?17, settings = ?18 WHERE id = ?1");
}
