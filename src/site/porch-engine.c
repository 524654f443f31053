/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-engine-private.h"
#include "porch-account-private.h"
#include "porch-address-operation.h"
#include "porch-create-operation.h"
#include "porch-delete-operation.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-go-live-operation.h"
#include "porch-operation-private.h"
#include "porch-publish-operation.h"
#include "porch-settings-operation.h"
#include "porch-site-private.h"

#include "aws-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How often the store is asked whether another process wrote to it, in seconds */
#define WATCH_SECONDS 2

/**
 * PorchEngine:
 *
 * The root of everything: accounts, sites and what is underway, from the store in one data folder.
 */
G_DEFINE_FINAL_TYPE (PorchEngine, porch_engine, G_TYPE_OBJECT)

enum
{
  PROP_FOLDER = 1,
  PROP_OPEN,
  PROP_BUSY,
  PROP_NOTICE,
  PROP_DEFAULT_ACCOUNT,
  PROP_ACCOUNTS,
  PROP_SITES,
  PROP_OPERATIONS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
notify (PorchEngine *self,
        guint        property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

void
porch_engine_notify_default_account (PorchEngine *self)
{
  notify (self, PROP_DEFAULT_ACCOUNT);
}

static void
porch_engine_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  PorchEngine *self = PORCH_ENGINE (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      g_value_set_object (value, self->folder);
      break;
    case PROP_OPEN:
      g_value_set_boolean (value, self->is_open);
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, porch_engine_is_busy (self));
      break;
    case PROP_NOTICE:
      g_value_set_string (value, self->notice);
      break;
    case PROP_DEFAULT_ACCOUNT:
      g_value_set_object (value, porch_engine_get_default_account (self));
      break;
    case PROP_ACCOUNTS:
      g_value_set_object (value, self->accounts);
      break;
    case PROP_SITES:
      g_value_set_object (value, self->sites);
      break;
    case PROP_OPERATIONS:
      g_value_set_object (value, self->operations);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_engine_dispose (GObject *object)
{
  PorchEngine *self = PORCH_ENGINE (object);

  g_clear_handle_id (&self->watch, g_source_remove);

  for (guint i = 0; self->operations != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      porch_operation_stop (operation);
    }

  g_clear_object (&self->operations);
  g_clear_object (&self->sites);
  g_clear_object (&self->accounts);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (porch_engine_parent_class)->dispose (object);
}

static void
porch_engine_finalize (GObject *object)
{
  PorchEngine *self = PORCH_ENGINE (object);

  g_clear_object (&self->folder);
  g_clear_pointer (&self->default_account, g_free);
  g_clear_pointer (&self->notice, g_free);
  g_clear_pointer (&self->practice_url, g_free);
  g_clear_pointer (&self->practice_key_id, g_free);
  g_clear_pointer (&self->practice_secret, g_free);
  g_clear_pointer (&self->practice_region, g_free);
  g_clear_pointer (&self->practice_names, g_free);

  G_OBJECT_CLASS (porch_engine_parent_class)->finalize (object);
}

static void
porch_engine_class_init (PorchEngineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_engine_get_property;
  object_class->dispose = porch_engine_dispose;
  object_class->finalize = porch_engine_finalize;

  properties[PROP_FOLDER] = g_param_spec_object ("folder", NULL, NULL, G_TYPE_FILE, flags);
  properties[PROP_OPEN] = g_param_spec_boolean ("open", NULL, NULL, FALSE, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_NOTICE] = g_param_spec_string ("notice", NULL, NULL, NULL, flags);
  properties[PROP_DEFAULT_ACCOUNT] = g_param_spec_object ("default-account", NULL, NULL, PORCH_TYPE_ACCOUNT, flags);
  properties[PROP_ACCOUNTS] = g_param_spec_object ("accounts", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_SITES] = g_param_spec_object ("sites", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_OPERATIONS] = g_param_spec_object ("operations", NULL, NULL, G_TYPE_LIST_MODEL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_engine_init (PorchEngine *self)
{
  self->accounts = g_list_store_new (PORCH_TYPE_ACCOUNT);
  self->sites = porch_site_list_new ();
  self->operations = g_list_store_new (PORCH_TYPE_OPERATION);
}

/**
 * porch_engine_dup_default_folder:
 *
 * Returns: (transfer full): the data folder: `PORCHLIGHT_DATA_DIR` if that is set, else one in the person's home
 */
GFile *
porch_engine_dup_default_folder (void)
{
  const char *path = g_getenv ("PORCHLIGHT_DATA_DIR");

  if (path != NULL && *path != '\0')
    return g_file_new_for_path (path);

  return g_file_new_build_filename (g_get_user_data_dir (), "porchlight", NULL);
}

/**
 * porch_engine_new:
 * @folder: (nullable): the data folder, `NULL` for the default one
 *
 * Returns: (transfer full): an engine, to be opened with [method@Porch.Engine.open]
 */
PorchEngine *
porch_engine_new (GFile *folder)
{
  PorchEngine *self = g_object_new (PORCH_TYPE_ENGINE, NULL);

  self->folder = folder != NULL ? g_object_ref (folder) : porch_engine_dup_default_folder ();
  self->store = porch_store_new (self->folder);

  return self;
}

static void
set_details (PorchAccount *account,
             const char   *text)
{
  g_autoptr(GBytes) bytes = text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
  g_autoptr(JsonObject) details = bytes != NULL ? aws_json_load_object (bytes, NULL) : NULL;

  porch_account_set_details (account, details);
}

static void
add_account_row (PorchEngine *self,
                 PorchRows   *rows,
                 guint        row)
{
  PorchAccountKind kind;
  g_autoptr(PorchAccount) account = NULL;

  if (porch_engine_find_account (self, porch_rows_get_string (rows, row, 0)) != NULL ||
      !porch_account_kind_from_string (porch_rows_get_string (rows, row, 2), &kind))
    return;

  account = porch_account_new (self->store,
                               porch_rows_get_string (rows, row, 0), kind,
                               porch_rows_get_string (rows, row, 1),
                               porch_rows_get_string (rows, row, 3));
  porch_account_set_number (account, porch_rows_get_string (rows, row, 4));
  porch_account_set_key_id (account, porch_rows_get_string (rows, row, 5));
  set_details (account, porch_rows_get_string (rows, row, 6));
  porch_engine_insert_account (self, account);

  if (kind == PORCH_ACCOUNT_PRACTICE && self->practice_url != NULL)
    porch_account_set_practice (account, self->practice_url, self->practice_key_id, self->practice_secret);
}

static gboolean
await_accounts (PorchEngine  *self,
                GError      **error)
{
  g_autoptr(PorchRows) rows = NULL;
  g_autofree char *chosen = NULL;
  g_autoptr(GError) local_error = NULL;

  rows = dex_await_boxed (porch_store_query (self->store,
                                             "SELECT id, name, kind, region, number, key_id, details FROM accounts"
                                             " ORDER BY created, id", NULL), error);

  if (rows == NULL)
    return FALSE;

  chosen = dex_await_string (porch_store_dup_setting (self->store, "default-account"), &local_error);

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    add_account_row (self, rows, i);

  if (g_set_str (&self->default_account, chosen))
    notify (self, PROP_DEFAULT_ACCOUNT);

  return TRUE;
}

static gboolean
has_id (PorchRows  *rows,
        const char *id)
{
  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    if (g_strcmp0 (porch_rows_get_string (rows, i, 0), id) == 0)
      return TRUE;

  return FALSE;
}

/* Sites that another process deleted */
static void
drop_missing_sites (PorchEngine *self,
                    PorchRows   *rows)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->sites)); i > 0; i--)
    {
      g_autoptr(PorchSite) site = g_list_model_get_item (G_LIST_MODEL (self->sites), i - 1);
      PorchOperation *operation = porch_site_get_operation (site);

      if (!has_id (rows, porch_site_get_id (site)) &&
          (operation == NULL || !porch_operation_is_active (operation)))
        porch_site_list_remove (self->sites, site);
    }
}

static gboolean
await_sites (PorchEngine  *self,
             GError      **error)
{
  g_autoptr(PorchRows) rows = NULL;

  rows = dex_await_boxed (porch_store_query (self->store, "SELECT " PORCH_SITE_COLUMNS " FROM sites", NULL), error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      PorchAccount *account = porch_engine_find_account (self, porch_rows_get_string (rows, i, 1));
      PorchSite *known = porch_engine_find_site (self, porch_rows_get_string (rows, i, 0));
      g_autoptr(PorchSite) site = NULL;

      if (account == NULL)
        continue;

      site = known != NULL ? g_object_ref (known) : porch_site_new_from_row (self, account, rows, i);

      if (known == NULL)
        porch_site_list_add (self->sites, site);

      /* What this process works on is newer than what is written */
      if (porch_site_get_operation (site) != NULL && porch_operation_is_active (porch_site_get_operation (site)))
        continue;

      if (!dex_await (porch_site_reload (site), error))
        return FALSE;
    }

  drop_missing_sites (self, rows);

  return TRUE;
}

static GType
type_for_kind (const char *kind)
{
  GType types[] = {
    PORCH_TYPE_CREATE_OPERATION, PORCH_TYPE_PUBLISH_OPERATION, PORCH_TYPE_GO_LIVE_OPERATION,
    PORCH_TYPE_SETTINGS_OPERATION, PORCH_TYPE_DELETE_OPERATION, PORCH_TYPE_ADDRESS_OPERATION,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr(GTypeClass) klass = g_type_class_ref (types[i]);

      if (g_strcmp0 (((PorchOperationClass *) klass)->kind, kind) == 0)
        return types[i];
    }

  return G_TYPE_INVALID;
}

static JsonNode *
parse (const char *text)
{
  return text != NULL ? json_from_string (text, NULL) : NULL;
}

static void
add_operation_row (PorchEngine *self,
                   PorchRows   *rows,
                   guint        row)
{
  GType type = type_for_kind (porch_rows_get_string (rows, row, 1));
  g_autoptr(JsonNode) done = parse (porch_rows_get_string (rows, row, 5));
  g_autoptr(JsonNode) data = parse (porch_rows_get_string (rows, row, 6));
  g_autoptr(JsonNode) problem = parse (porch_rows_get_string (rows, row, 7));
  const char *site_id = porch_rows_get_string (rows, row, 2);
  PorchSite *site = site_id != NULL ? porch_engine_find_site (self, site_id) : NULL;
  g_autoptr(PorchOperation) operation = NULL;

  /* A newer version may know more kinds; what it began is its own */
  if (type == G_TYPE_INVALID || data == NULL || !JSON_NODE_HOLDS_OBJECT (data))
    return;

  operation = g_object_new (type, "engine", self, "site", site, NULL);
  porch_operation_restore (operation,
                           porch_rows_get_string (rows, row, 0),
                           site_id,
                           porch_rows_get_string (rows, row, 3),
                           porch_rows_get_string (rows, row, 4),
                           done != NULL && JSON_NODE_HOLDS_ARRAY (done) ? json_node_get_array (done) : NULL,
                           json_node_get_object (data),
                           problem != NULL && JSON_NODE_HOLDS_OBJECT (problem) ? json_node_get_object (problem) : NULL,
                           porch_rows_get_int (rows, row, 8));
  g_list_store_append (self->operations, operation);

  if (site != NULL)
    porch_site_set_operation (site, operation);
}

static void
update_known_operations (PorchEngine *self,
                         PorchRows   *rows)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i > 0; i--)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);
      PorchSite *site = porch_operation_get_site (operation);

      if (!porch_operation_is_written (operation))
        continue;

      /* Finished by another process */
      if (!has_id (rows, porch_operation_get_id (operation)))
        {
          if (site != NULL && porch_site_get_operation (site) == operation)
            porch_site_set_operation (site, NULL);
          g_list_store_remove (self->operations, i - 1);
        }
      else
        {
          porch_operation_look_elsewhere (operation);
        }
    }
}

static gboolean
await_operations (PorchEngine  *self,
                  GError      **error)
{
  g_autoptr(PorchRows) rows = NULL;

  rows = dex_await_boxed (porch_store_query (self->store,
                                             "SELECT id, kind, site, title, state, steps, data, error, started"
                                             " FROM operations ORDER BY started, id", NULL), error);

  if (rows == NULL)
    return FALSE;

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    if (porch_engine_find_operation (self, porch_rows_get_string (rows, i, 0)) == NULL)
      add_operation_row (self, rows, i);

  update_known_operations (self, rows);

  return TRUE;
}

static gboolean
await_data_version (PorchEngine  *self,
                    gint64       *version,
                    GError      **error)
{
  g_autoptr(PorchRows) rows = dex_await_boxed (porch_store_query (self->store, "PRAGMA data_version", NULL), error);

  if (rows == NULL)
    return FALSE;

  *version = porch_rows_get_int (rows, 0, 0);

  return TRUE;
}

static DexFuture *
watch_fiber (gpointer user_data)
{
  PorchEngine *self = user_data;
  g_autoptr(GError) error = NULL;
  gint64 version = 0;

  /* The number changes only by what others write */
  if (await_data_version (self, &version, &error) && version != self->data_version)
    {
      self->data_version = version;

      if (await_accounts (self, &error) && await_sites (self, &error))
        await_operations (self, &error);
    }

  if (error != NULL)
    g_debug ("Could not take over what another process wrote: %s", error->message);

  self->is_watching = FALSE;

  return dex_future_new_true ();
}

static gboolean
watch_cb (gpointer user_data)
{
  PorchEngine *self = user_data;

  if (!self->is_watching)
    {
      self->is_watching = TRUE;
      dex_future_disown (porch_fiber_spawn (watch_fiber, g_object_ref (self), g_object_unref, NULL));
    }

  return G_SOURCE_CONTINUE;
}

static void
explain_rebuild (PorchEngine *self)
{
  g_autofree char *path = g_file_get_path (porch_store_get_damaged (self->store));

  /* Translators: %s is the path of a file */
  self->notice = g_strdup_printf (_("The record of the sites on this computer was damaged and has been put aside as %s. "
                                    "The sites are safe and online, and are being looked up again."), path);
  notify (self, PROP_NOTICE);
}

static DexFuture *
open_fiber (gpointer user_data)
{
  PorchEngine *self = user_data;
  g_autoptr(GError) error = NULL;

  if (self->is_open)
    return dex_future_new_true ();

  if (!dex_await (porch_store_open (self->store), &error) ||
      (porch_store_is_rebuilt (self->store) && !porch_engine_await_old_accounts (self, &error)) ||
      !await_accounts (self, &error) ||
      !await_sites (self, &error) ||
      !await_operations (self, &error) ||
      !await_data_version (self, &self->data_version, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  if (porch_store_is_rebuilt (self->store))
    explain_rebuild (self);

  self->is_open = TRUE;
  notify (self, PROP_OPEN);
  notify (self, PROP_DEFAULT_ACCOUNT);
  self->watch = g_timeout_add_seconds (WATCH_SECONDS, watch_cb, self);

  return dex_future_new_true ();
}

/**
 * porch_engine_open:
 * @self: an engine
 *
 * Opens the store and fills the lists from it, without asking the cloud. Operations that an earlier process left
 * unfinished are in the list of operations, stopped, and can be resumed.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; rejected with %PORCH_ERROR_STORE,
 *   %PORCH_ERROR_STORE_NEWER or %PORCH_ERROR_DISK_FULL
 */
DexFuture *
porch_engine_open (PorchEngine *self)
{
  dex_return_error_if_fail (PORCH_IS_ENGINE (self));

  return porch_fiber_spawn (open_fiber, g_object_ref (self), g_object_unref, NULL);
}

/**
 * porch_engine_is_open:
 * @self: an engine
 *
 * Returns: whether the lists are filled
 */
gboolean
porch_engine_is_open (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), FALSE);

  return self->is_open;
}

/**
 * porch_engine_get_folder:
 * @self: an engine
 *
 * Returns: (transfer none): the data folder
 */
GFile *
porch_engine_get_folder (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return self->folder;
}

/**
 * porch_engine_get_store:
 * @self: an engine
 *
 * Returns: (transfer none): the local record
 */
PorchStore *
porch_engine_get_store (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return self->store;
}

/**
 * porch_engine_get_notice:
 * @self: an open engine
 *
 * Returns: (transfer none) (nullable): what the person should know about the start, once
 */
const char *
porch_engine_get_notice (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return self->notice;
}

/**
 * porch_engine_get_accounts:
 * @self: an engine
 *
 * Returns: (transfer none): a list of [class@Porch.Account], oldest first
 */
GListModel *
porch_engine_get_accounts (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return G_LIST_MODEL (self->accounts);
}

/**
 * porch_engine_get_sites:
 * @self: an engine
 *
 * Returns: (transfer none): a list of [class@Porch.Site], sorted by name
 */
GListModel *
porch_engine_get_sites (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return G_LIST_MODEL (self->sites);
}

/**
 * porch_engine_get_operations:
 * @self: an engine
 *
 * Returns: (transfer none): a list of [class@Porch.Operation]: underway, stopped, failed, and those that ended since
 *   the start and were not dismissed
 */
GListModel *
porch_engine_get_operations (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return G_LIST_MODEL (self->operations);
}

/**
 * porch_engine_find_site:
 * @self: an engine
 * @id: the id of a site
 *
 * Returns: (transfer none) (nullable): the site
 */
PorchSite *
porch_engine_find_site (PorchEngine *self,
                        const char  *id)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  return porch_site_list_find (self->sites, id);
}

/**
 * porch_engine_find_operation:
 * @self: an engine
 * @id: the id of an operation
 *
 * Returns: (transfer none) (nullable): the operation
 */
PorchOperation *
porch_engine_find_operation (PorchEngine *self,
                             const char  *id)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      if (g_strcmp0 (porch_operation_get_id (operation), id) == 0)
        return operation;
    }

  return NULL;
}

void
porch_engine_add_site (PorchEngine *self,
                       PorchSite   *site)
{
  porch_site_list_add (self->sites, site);
}

void
porch_engine_forget_site (PorchEngine *self,
                          PorchSite   *site)
{
  porch_site_list_remove (self->sites, site);
}

/* Whether quitting would interrupt work */
static void
update_busy (PorchEngine *self)
{
  gboolean is_busy = FALSE;

  for (guint i = 0; self->operations != NULL && i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      is_busy |= porch_operation_is_busy (operation);
    }

  if (self->is_busy == is_busy)
    return;

  self->is_busy = is_busy;
  notify (self, PROP_BUSY);
}

void
porch_engine_operation_began (PorchEngine    *self,
                              PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);

  if (site != NULL)
    porch_site_set_operation (site, operation);

  g_signal_connect_object (operation, "notify::state", G_CALLBACK (update_busy), self, G_CONNECT_SWAPPED);
  update_busy (self);
}

/* Another that is underway or waits to be taken up again */
static PorchOperation *
find_operation_of (PorchEngine *self,
                   PorchSite   *site)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i > 0; i--)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

      if (porch_operation_get_site (operation) == site && porch_operation_get_state (operation) != PORCH_OPERATION_DONE &&
          porch_operation_get_state (operation) != PORCH_OPERATION_PENDING)
        return operation;
    }

  return NULL;
}

static void
drop_superseded (PorchEngine    *self,
                 PorchOperation *operation)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i > 0; i--)
    {
      g_autoptr(PorchOperation) other = g_list_model_get_item (G_LIST_MODEL (self->operations), i - 1);

      if (porch_operation_supersedes (operation, other))
        porch_engine_dismiss_operation (self, other);
    }
}

void
porch_engine_operation_ended (PorchEngine    *self,
                              PorchOperation *operation)
{
  PorchSite *site = porch_operation_get_site (operation);

  if (porch_operation_get_state (operation) == PORCH_OPERATION_DONE)
    drop_superseded (self, operation);

  if (site != NULL && porch_operation_get_state (operation) == PORCH_OPERATION_DONE &&
      porch_site_get_operation (site) == operation)
    porch_site_set_operation (site, find_operation_of (self, site));

  g_signal_handlers_disconnect_by_func (operation, update_busy, self);
  update_busy (self);
}

/* Puts @operation into the list, to be begun later. */
void
porch_engine_keep_operation (PorchEngine    *self,
                             PorchOperation *operation)
{
  if (!g_list_store_find (self->operations, operation, NULL))
    g_list_store_append (self->operations, operation);
}

/**
 * porch_engine_run_operation:
 * @self: an engine
 * @operation: an operation
 *
 * Keeps the operation in the list and begins it. It goes on whatever becomes of the window that wanted it.
 */
void
porch_engine_run_operation (PorchEngine    *self,
                            PorchOperation *operation)
{
  g_return_if_fail (PORCH_IS_ENGINE (self));
  g_return_if_fail (PORCH_IS_OPERATION (operation));

  porch_engine_keep_operation (self, operation);
  porch_operation_start (operation);
}

/**
 * porch_engine_resume_operation:
 * @self: an engine
 * @operation: an operation that is stopped or failed
 *
 * Goes on with it.
 */
void
porch_engine_resume_operation (PorchEngine    *self,
                               PorchOperation *operation)
{
  porch_engine_run_operation (self, operation);
}

/**
 * porch_engine_go_on:
 * @self: an open engine
 *
 * Goes on with the operations that wait for days and were underway when an earlier process ended, once their accounts can
 * be used. Everything else stays stopped until somebody wants to go on with it.
 */
void
porch_engine_go_on (PorchEngine *self)
{
  g_autoptr(GPtrArray) waiting = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (PORCH_IS_ENGINE (self));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      if (porch_operation_may_go_on (operation))
        g_ptr_array_add (waiting, g_steal_pointer (&operation));
    }

  for (guint i = 0; i < waiting->len; i++)
    porch_engine_resume_operation (self, g_ptr_array_index (waiting, i));
}

/**
 * porch_engine_dismiss_operation:
 * @self: an engine
 * @operation: an operation that isn't running
 *
 * Takes it off the list. One that can go on comes back with the next start unless it is discarded.
 */
void
porch_engine_dismiss_operation (PorchEngine    *self,
                                PorchOperation *operation)
{
  PorchSite *site;
  guint position;

  g_return_if_fail (PORCH_IS_ENGINE (self));
  g_return_if_fail (PORCH_IS_OPERATION (operation));

  site = porch_operation_get_site (operation);

  if (porch_operation_is_active (operation) || !g_list_store_find (self->operations, operation, &position))
    return;

  if (site != NULL && porch_site_get_operation (site) == operation)
    porch_site_set_operation (site, NULL);

  g_list_store_remove (self->operations, position);
}

/**
 * porch_engine_is_busy:
 * @self: an engine
 *
 * Returns: whether an operation is at work in this process; those that wait for days don't count
 */
gboolean
porch_engine_is_busy (PorchEngine *self)
{
  g_return_val_if_fail (PORCH_IS_ENGINE (self), FALSE);

  return self->is_busy;
}

/**
 * porch_engine_create_site:
 * @self: an engine
 * @plan: what the person chose
 *
 * Begins to make a site.
 *
 * Returns: (transfer none): the operation that does it
 */
PorchOperation *
porch_engine_create_site (PorchEngine *self,
                          PorchPlan   *plan)
{
  g_autoptr(PorchOperation) operation = NULL;

  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);
  g_return_val_if_fail (PORCH_IS_PLAN (plan), NULL);

  operation = porch_create_operation_new (self, plan);
  porch_engine_run_operation (self, operation);

  return operation;
}

/* What waits for days has nothing to wait for any more */
static void
stop_waiting_operations (PorchEngine *self,
                         PorchSite   *site)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->operations)); i++)
    {
      g_autoptr(PorchOperation) operation = g_list_model_get_item (G_LIST_MODEL (self->operations), i);

      if (porch_operation_get_site (operation) == site && porch_operation_is_active (operation) &&
          !porch_operation_is_busy (operation))
        porch_operation_stop (operation);
    }
}

/**
 * porch_engine_delete_site:
 * @self: an engine
 * @site: a site
 * @messages: (nullable): a file, `.csv` or `.json`, to save its messages to first
 *
 * Begins to delete a site and all that belongs to it.
 *
 * Returns: (transfer none): the operation that does it
 */
PorchOperation *
porch_engine_delete_site (PorchEngine *self,
                          PorchSite   *site,
                          GFile       *messages)
{
  g_autoptr(PorchOperation) operation = NULL;

  g_return_val_if_fail (PORCH_IS_ENGINE (self), NULL);
  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  stop_waiting_operations (self, site);
  operation = porch_delete_operation_new (site, messages);
  porch_engine_run_operation (self, operation);

  return operation;
}
