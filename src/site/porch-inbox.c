/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-account-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-message-private.h"
#include "porch-site-private.h"

#include <glib/gi18n-lib.h>

/* Rows taken from the store at once, so that a large inbox never keeps the window waiting */
#define CHUNK 500

#define POLL_SECONDS 20
#define PRACTICE_POLL_SECONDS 2

/**
 * PorchInbox:
 *
 * The messages that came in over the contact form of a site. The store has them all, so that they can be read and
 * searched without a connection; [method@Porch.Inbox.refresh] fetches what is new and sends what was changed here.
 */
G_DEFINE_FINAL_TYPE (PorchInbox, porch_inbox, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchInboxView, porch_inbox_view,
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_MESSAGES, "messages"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_UNREAD, "unread"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_ARCHIVE, "archive"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_SPAM, "spam"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_ALL, "all"))

enum
{
  PROP_SITE = 1,
  PROP_MESSAGES,
  PROP_VIEW,
  PROP_SEARCH,
  PROP_LOADING,
  PROP_LOADED,
  PROP_PROBLEM,
  PROP_UNREAD,
  PROP_HAS_ANY,
  PROP_POLLING,
  N_PROPS
};

enum
{
  ARRIVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const char * const conditions[] = {
  "archived = 0 AND spam = 0",
  "archived = 0 AND spam = 0 AND unread = 1",
  "archived = 1 AND spam = 0",
  "spam = 1",
  "1",
};

static void
notify (PorchInbox *self,
        guint       property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
set_loading (PorchInbox *self,
             gboolean    is_loading)
{
  if (self->is_loading == is_loading)
    return;

  self->is_loading = is_loading;
  notify (self, PROP_LOADING);
}

static void
set_problem (PorchInbox   *self,
             const GError *error)
{
  g_autoptr(PorchProblem) problem = error != NULL ? porch_problem_from_error (error) : NULL;

  if (g_set_object (&self->problem, problem))
    notify (self, PROP_PROBLEM);
}

/* Every word has to occur, the beginning of a word is enough */
static char *
build_match (const char *search)
{
  g_auto(GStrv) words = g_str_tokenize_and_fold (search, NULL, NULL);
  g_autoptr(GString) match = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    g_string_append_printf (match, "%s\"%s\"*", match->len > 0 ? " " : "", words[i]);

  return match->len > 0 ? g_string_free (g_steal_pointer (&match), FALSE) : NULL;
}

static gboolean
matches_view (PorchInbox   *self,
              PorchMessage *message)
{
  switch (self->view)
    {
    case PORCH_INBOX_MESSAGES:
    case PORCH_INBOX_UNREAD:
      /* One that was just read stays in sight until the view is opened again */
      return !porch_message_get_archived (message) && !porch_message_get_spam (message);
    case PORCH_INBOX_ARCHIVE:
      return porch_message_get_archived (message) && !porch_message_get_spam (message);
    case PORCH_INBOX_SPAM:
      return porch_message_get_spam (message);
    case PORCH_INBOX_ALL:
    default:
      return TRUE;
    }
}

static int
compare_messages (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  PorchMessage *first = (PorchMessage *) a;
  PorchMessage *second = (PorchMessage *) b;
  int order = g_date_time_compare (porch_message_get_received (second), porch_message_get_received (first));

  return order != 0 ? order : g_strcmp0 (porch_message_get_id (second), porch_message_get_id (first));
}

static void
append_rows (PorchInbox *self,
             PorchRows  *rows)
{
  g_autoptr(GPtrArray) added = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    {
      PorchMessage *message;

      if (g_hash_table_contains (self->by_id, porch_rows_get_string (rows, i, 0)))
        continue;

      message = porch_message_new_from_row (rows, i);
      g_hash_table_insert (self->by_id, g_strdup (porch_message_get_id (message)), message);
      g_ptr_array_add (added, message);
    }

  g_list_store_splice (self->messages, g_list_model_get_n_items (G_LIST_MODEL (self->messages)), 0,
                       added->pdata, added->len);
}

static DexFuture *
load_fiber (gpointer user_data)
{
  PorchInbox *self = user_data;
  guint generation = ++self->generation;
  g_autofree char *match = self->search != NULL ? build_match (self->search) : NULL;
  g_autofree char *sql = NULL;
  g_autofree char *last_id = g_strdup ("");
  gint64 last = G_MAXINT64;
  g_autoptr(GError) error = NULL;
  gboolean is_first = TRUE;
  guint n_rows;

  sql = g_strdup_printf ("SELECT " PORCH_MESSAGE_COLUMNS " FROM messages WHERE site = ?1 AND deleted = 0 AND %s"
                         " AND (?2 IS NULL OR key IN (SELECT rowid FROM messages_words WHERE messages_words MATCH ?2))"
                         " AND (received, id) < (?3, ?4) ORDER BY received DESC, id DESC LIMIT ?5",
                         conditions[self->view]);
  set_loading (self, TRUE);

  do
    {
      g_autoptr(PorchRows) rows = dex_await_boxed (porch_store_query (self->store, sql, "ssisi", self->site_id, match,
                                                                      last, last_id, (gint64) CHUNK), &error);

      if (generation != self->generation)
        return dex_future_new_true ();

      if (rows == NULL)
        {
          set_loading (self, FALSE);
          set_problem (self, error);
          return dex_future_new_for_error (g_steal_pointer (&error));
        }

      /* The old list stays in sight until the new one is there */
      if (is_first)
        {
          g_hash_table_remove_all (self->by_id);
          g_list_store_remove_all (self->messages);
        }

      append_rows (self, rows);
      n_rows = porch_rows_get_length (rows);
      is_first = FALSE;

      if (n_rows > 0)
        {
          last = porch_rows_get_int (rows, n_rows - 1, 2);
          g_set_str (&last_id, porch_rows_get_string (rows, n_rows - 1, 0));
        }
    }
  while (n_rows == CHUNK);

  if (!self->is_loaded)
    {
      self->is_loaded = TRUE;
      notify (self, PROP_LOADED);
    }

  set_loading (self, FALSE);

  if (!porch_inbox_await_counts (self, &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static void
reload (PorchInbox *self)
{
  /* A failure is shown by the property "problem" */
  dex_future_disown (porch_inbox_load (self));
}

static void
porch_inbox_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  PorchInbox *self = PORCH_INBOX (object);

  switch (prop_id)
    {
    case PROP_SITE:
      g_value_set_object (value, self->site);
      break;
    case PROP_MESSAGES:
      g_value_set_object (value, self->messages);
      break;
    case PROP_VIEW:
      g_value_set_enum (value, self->view);
      break;
    case PROP_SEARCH:
      g_value_set_string (value, self->search);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->is_loading);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->is_loaded);
      break;
    case PROP_PROBLEM:
      g_value_set_object (value, self->problem);
      break;
    case PROP_UNREAD:
      g_value_set_uint (value, self->unread);
      break;
    case PROP_HAS_ANY:
      g_value_set_boolean (value, self->has_any);
      break;
    case PROP_POLLING:
      g_value_set_boolean (value, porch_inbox_get_polling (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_inbox_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  PorchInbox *self = PORCH_INBOX (object);

  switch (prop_id)
    {
    case PROP_VIEW:
      porch_inbox_set_view (self, g_value_get_enum (value));
      break;
    case PROP_SEARCH:
      porch_inbox_set_search (self, g_value_get_string (value));
      break;
    case PROP_POLLING:
      porch_inbox_set_polling (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_inbox_dispose (GObject *object)
{
  PorchInbox *self = PORCH_INBOX (object);

  g_clear_handle_id (&self->poll, g_source_remove);
  g_clear_handle_id (&self->commit, g_source_remove);
  g_clear_weak_pointer (&self->site);
  dex_clear (&self->refreshing);
  dex_clear (&self->push);

  G_OBJECT_CLASS (porch_inbox_parent_class)->dispose (object);
}

static void
porch_inbox_finalize (GObject *object)
{
  PorchInbox *self = PORCH_INBOX (object);

  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_object (&self->messages);
  g_clear_object (&self->problem);
  g_clear_object (&self->store);
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->search, g_free);

  G_OBJECT_CLASS (porch_inbox_parent_class)->finalize (object);
}

static void
porch_inbox_class_init (PorchInboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GParamFlags write_flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = porch_inbox_get_property;
  object_class->set_property = porch_inbox_set_property;
  object_class->dispose = porch_inbox_dispose;
  object_class->finalize = porch_inbox_finalize;

  properties[PROP_SITE] = g_param_spec_object ("site", NULL, NULL, PORCH_TYPE_SITE, flags);
  properties[PROP_MESSAGES] = g_param_spec_object ("messages", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_VIEW] = g_param_spec_enum ("view", NULL, NULL, PORCH_TYPE_INBOX_VIEW, PORCH_INBOX_MESSAGES, write_flags);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, NULL, write_flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HAS_ANY] = g_param_spec_boolean ("has-any", NULL, NULL, FALSE, flags);
  properties[PROP_POLLING] = g_param_spec_boolean ("polling", NULL, NULL, FALSE, write_flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PorchInbox::arrived:
   * @self: an inbox
   * @message: the message
   *
   * A message came in that is unread and no spam.
   */
  signals[ARRIVED] = g_signal_new ("arrived", PORCH_TYPE_INBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, PORCH_TYPE_MESSAGE);
}

static void
porch_inbox_init (PorchInbox *self)
{
  self->messages = g_list_store_new (PORCH_TYPE_MESSAGE);

  /* The messages themselves belong to the list */
  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

PorchStore *
porch_inbox_get_store (PorchInbox *self)
{
  return self->store;
}

const char *
porch_inbox_get_site_id (PorchInbox *self)
{
  return self->site_id;
}

/* Shows a message that is new or has changed, as far as it belongs into the list. */
void
porch_inbox_take_message (PorchInbox   *self,
                          PorchMessage *message,
                          gboolean      is_new)
{
  PorchMessage *known = g_hash_table_lookup (self->by_id, porch_message_get_id (message));

  if (known != NULL && known != message)
    porch_message_take (known, message);

  if (known != NULL && !matches_view (self, known))
    porch_inbox_take_removal (self, porch_message_get_id (message));
  else if (known == NULL && self->is_loaded && self->search == NULL && matches_view (self, message) &&
           (self->view != PORCH_INBOX_UNREAD || porch_message_get_unread (message)))
    {
      g_hash_table_insert (self->by_id, g_strdup (porch_message_get_id (message)), message);
      g_list_store_insert_sorted (self->messages, message, compare_messages, NULL);
    }

  if (is_new && porch_message_get_unread (message) && !porch_message_get_spam (message))
    g_signal_emit (self, signals[ARRIVED], 0, message);
}

void
porch_inbox_take_removal (PorchInbox *self,
                          const char *id)
{
  PorchMessage *known = g_hash_table_lookup (self->by_id, id);
  guint position;

  if (known == NULL)
    return;

  g_hash_table_remove (self->by_id, porch_message_get_id (known));

  if (g_list_store_find (self->messages, known, &position))
    g_list_store_remove (self->messages, position);
}

gboolean
porch_inbox_await_counts (PorchInbox  *self,
                          GError     **error)
{
  g_autoptr(PorchRows) rows = NULL;
  gboolean has_any;
  guint unread;

  rows = dex_await_boxed (porch_store_query (self->store,
                                             "SELECT count(*) FILTER (WHERE unread = 1 AND archived = 0 AND spam = 0),"
                                             " count(*) > 0 FROM messages WHERE site = ? AND deleted = 0",
                                             "s", self->site_id), error);

  if (rows == NULL)
    return FALSE;

  unread = porch_rows_get_int (rows, 0, 0);
  has_any = porch_rows_get_int (rows, 0, 1) != 0;

  if (self->has_any != has_any)
    {
      self->has_any = has_any;
      notify (self, PROP_HAS_ANY);
    }

  if (self->unread != unread)
    {
      self->unread = unread;
      notify (self, PROP_UNREAD);
    }

  if (self->site != NULL && porch_site_get_unread_count (self->site) != unread)
    {
      porch_site_set_unread (self->site, unread);
      return dex_await (porch_site_save (self->site), error);
    }

  return TRUE;
}

/**
 * porch_inbox_new:
 * @site: the site; the inbox belongs to it
 *
 * Returns: (transfer full): its inbox, empty until [method@Porch.Inbox.load]
 */
PorchInbox *
porch_inbox_new (PorchSite *site)
{
  PorchInbox *self;

  g_return_val_if_fail (PORCH_IS_SITE (site), NULL);

  self = g_object_new (PORCH_TYPE_INBOX, NULL);
  g_set_weak_pointer (&self->site, site);
  self->store = g_object_ref (porch_site_get_store (site));
  self->site_id = g_strdup (porch_site_get_id (site));

  return self;
}

/**
 * porch_inbox_get_site:
 * @self: an inbox
 *
 * Returns: (transfer none): the site
 */
PorchSite *
porch_inbox_get_site (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), NULL);

  return self->site;
}

/**
 * porch_inbox_get_messages:
 * @self: an inbox
 *
 * Returns: (transfer none): a list of [class@Porch.Message], newest first, as view and search want it
 */
GListModel *
porch_inbox_get_messages (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), NULL);

  return G_LIST_MODEL (self->messages);
}

/**
 * porch_inbox_get_view:
 * @self: an inbox
 *
 * Returns: which messages the list shows
 */
PorchInboxView
porch_inbox_get_view (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), PORCH_INBOX_MESSAGES);

  return self->view;
}

/**
 * porch_inbox_set_view:
 * @self: an inbox
 * @view: which messages the list shall show
 *
 * Changes the list.
 */
void
porch_inbox_set_view (PorchInbox     *self,
                      PorchInboxView  view)
{
  g_return_if_fail (PORCH_IS_INBOX (self));

  if (self->view == view)
    return;

  self->view = view;
  notify (self, PROP_VIEW);
  reload (self);
}

/**
 * porch_inbox_get_search:
 * @self: an inbox
 *
 * Returns: (transfer none) (nullable): the words that the messages in the list have
 */
const char *
porch_inbox_get_search (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), NULL);

  return self->search;
}

/**
 * porch_inbox_set_search:
 * @self: an inbox
 * @search: (nullable): words, or beginnings of words, in any field
 *
 * Changes the list to those messages of the view that have all the words.
 */
void
porch_inbox_set_search (PorchInbox *self,
                        const char *search)
{
  g_return_if_fail (PORCH_IS_INBOX (self));

  if (!g_set_str (&self->search, search != NULL && *search != '\0' ? search : NULL))
    return;

  notify (self, PROP_SEARCH);
  reload (self);
}

/**
 * porch_inbox_is_loading:
 * @self: an inbox
 *
 * Returns: whether the list is being filled
 */
gboolean
porch_inbox_is_loading (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), FALSE);

  return self->is_loading;
}

/**
 * porch_inbox_is_loaded:
 * @self: an inbox
 *
 * Returns: whether the list has been filled once
 */
gboolean
porch_inbox_is_loaded (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), FALSE);

  return self->is_loaded;
}

/**
 * porch_inbox_get_problem:
 * @self: an inbox
 *
 * Returns: (transfer none) (nullable): why the last refresh failed
 */
PorchProblem *
porch_inbox_get_problem (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), NULL);

  return self->problem;
}

/**
 * porch_inbox_get_unread:
 * @self: an inbox
 *
 * Returns: how many messages nobody has read, whatever the view
 */
guint
porch_inbox_get_unread (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), 0);

  return self->unread;
}

/**
 * porch_inbox_has_any:
 * @self: an inbox
 *
 * Returns: whether there is any message, whatever the view and the search
 */
gboolean
porch_inbox_has_any (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), FALSE);

  return self->has_any;
}

/**
 * porch_inbox_load:
 * @self: an inbox
 *
 * Fills the list from the store, without asking the cloud.
 *
 * Returns: (transfer full): a future that resolves when the list is complete
 */
DexFuture *
porch_inbox_load (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return porch_fiber_spawn (load_fiber, g_object_ref (self), g_object_unref, NULL);
}

typedef struct
{
  PorchInbox *inbox;
  gboolean    all;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  g_clear_object (&refresh->inbox);
  g_free (refresh);
}

static DexFuture *
refresh_fiber (gpointer user_data)
{
  Refresh *refresh = user_data;
  PorchInbox *self = refresh->inbox;
  g_autoptr(PorchSite) site = self->site != NULL ? g_object_ref (self->site) : NULL;
  g_autoptr(GError) error = NULL;
  gboolean success = TRUE;

  if (site != NULL && porch_site_get_table (site) != NULL)
    success = porch_inbox_await_push (self, FALSE, &error) && porch_inbox_await_sync (self, refresh->all, &error);

  if (success)
    success = porch_inbox_await_counts (self, &error);

  dex_clear (&self->refreshing);

  if (site != NULL && (success || error->domain == AWS_ERROR))
    porch_account_note_error (porch_site_get_account (site), error);

  set_problem (self, error);

  if (!success)
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_true ();
}

static DexFuture *
refresh (PorchInbox *self,
         gboolean    all)
{
  Refresh *refresh_data;

  if (self->refreshing != NULL && !all)
    return dex_ref (self->refreshing);

  refresh_data = g_new0 (Refresh, 1);
  refresh_data->inbox = g_object_ref (self);
  refresh_data->all = all;

  dex_clear (&self->refreshing);
  self->refreshing = porch_fiber_spawn (refresh_fiber, refresh_data, refresh_free, NULL);

  return dex_ref (self->refreshing);
}

/**
 * porch_inbox_refresh:
 * @self: an inbox
 *
 * Sends what was changed here and fetches what is new. A refresh that is underway is waited for.
 *
 * Returns: (transfer full): a future that resolves to %TRUE; when it is rejected, [property@Porch.Inbox:problem] says why
 */
DexFuture *
porch_inbox_refresh (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return refresh (self, FALSE);
}

/**
 * porch_inbox_refresh_all:
 * @self: an inbox
 *
 * As [method@Porch.Inbox.refresh], but compares every message with the cloud, however old.
 *
 * Returns: (transfer full): a future that resolves to %TRUE
 */
DexFuture *
porch_inbox_refresh_all (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return refresh (self, TRUE);
}

static gboolean
poll_cb (gpointer user_data)
{
  PorchInbox *self = user_data;

  /* A failure is shown by the property "problem", and the next turn tries again */
  if (self->refreshing == NULL && self->site != NULL)
    dex_future_disown (porch_inbox_refresh (self));

  return G_SOURCE_CONTINUE;
}

/**
 * porch_inbox_get_polling:
 * @self: an inbox
 *
 * Returns: whether it looks for new messages by itself
 */
gboolean
porch_inbox_get_polling (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), FALSE);

  return self->poll != 0;
}

/**
 * porch_inbox_set_polling:
 * @self: an inbox
 * @polling: whether to look for new messages again and again
 *
 * To be set while somebody looks at the messages.
 */
void
porch_inbox_set_polling (PorchInbox *self,
                         gboolean    polling)
{
  gboolean is_near;

  g_return_if_fail (PORCH_IS_INBOX (self));

  if (porch_inbox_get_polling (self) == !!polling)
    return;

  if (polling)
    {
      is_near = self->site != NULL && porch_account_get_endpoint (porch_site_get_account (self->site)) != NULL;
      self->poll = g_timeout_add_seconds (is_near ? PRACTICE_POLL_SECONDS : POLL_SECONDS, poll_cb, self);
      poll_cb (self);
    }
  else
    {
      g_clear_handle_id (&self->poll, g_source_remove);
    }

  notify (self, PROP_POLLING);
}

static DexFuture *
found_cb (DexFuture *future,
          gpointer   user_data)
{
  PorchInbox *self = user_data;
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (future, NULL));
  PorchMessage *known;

  if (porch_rows_get_length (rows) == 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("There is no such message."));

  known = g_hash_table_lookup (self->by_id, porch_rows_get_string (rows, 0, 0));

  return dex_future_new_take_object (known != NULL ? g_object_ref (known) : porch_message_new_from_row (rows, 0));
}

/**
 * porch_inbox_find:
 * @self: an inbox
 * @id: the id of a message
 *
 * Returns: (transfer full): a future that resolves to the [class@Porch.Message]; rejected with %PORCH_ERROR_NOT_FOUND
 */
DexFuture *
porch_inbox_find (PorchInbox *self,
                  const char *id)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (id != NULL);

  return dex_future_then (porch_store_query (self->store,
                                             "SELECT " PORCH_MESSAGE_COLUMNS " FROM messages"
                                             " WHERE site = ? AND id = ? AND deleted = 0", "ss", self->site_id, id),
                          found_cb, g_object_ref (self), g_object_unref);
}
