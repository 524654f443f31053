/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-inbox-private.h"
#include "porch-account-private.h"
#include "porch-error.h"
#include "porch-fiber.h"
#include "porch-inbox-search.h"
#include "porch-message-private.h"
#include "porch-site-private.h"
#include "porch-store-private.h"

#include <glib/gi18n-lib.h>

/* So many messages are read together with the list itself: what the window shows first */
#define N_FIRST 60

#define POLL_SECONDS 20
#define PRACTICE_POLL_SECONDS 2

/* A message whose mail was not begun after so long is not mailed. Its owner knows of it without the mail by looking at it,
 * but for the first days that the mail does not come is news, too.
 */
#define MAIL_MINUTES 10
#define MAIL_DAYS 2

/**
 * PorchInbox:
 *
 * The messages that came in over the contact form of a site. The store has them all, so that they can be read and
 * searched without a connection; [method@Porch.Inbox.refresh] fetches what is new and sends what was changed here.
 *
 * Two computers agree in the end: each flag of a message is decided by whoever decided last, wherever that was, and what is
 * deleted anywhere is deleted.
 */
G_DEFINE_FINAL_TYPE (PorchInbox, porch_inbox, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchInboxView, porch_inbox_view,
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_MESSAGES, "messages"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_UNREAD, "unread"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_ARCHIVE, "archive"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_SPAM, "spam"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_ALL, "all"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_UNMAILED, "unmailed"))

G_DEFINE_ENUM_TYPE (PorchInboxDeed, porch_inbox_deed,
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_MARK_READ, "mark-read"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_MARK_UNREAD, "mark-unread"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_PUT_AWAY, "put-away"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_FETCH_BACK, "fetch-back"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_IS_SPAM, "is-spam"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_IS_GOOD, "is-good"),
                    G_DEFINE_ENUM_VALUE (PORCH_INBOX_DELETE, "delete"))

enum
{
  PROP_SITE = 1,
  PROP_MESSAGES,
  PROP_VIEW,
  PROP_SEARCH,
  PROP_FORM,
  PROP_PAGE,
  PROP_LOADING,
  PROP_LOADED,
  PROP_PROBLEM,
  PROP_UNREAD,
  PROP_UNMAILED,
  PROP_UNSENT,
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
  "archived = 0 AND spam = 0 AND (unread = 1 OR key IN (SELECT value FROM json_each (?4)))",
  "archived = 1 AND spam = 0",
  "spam = 1",
  "1",
  "mail_state = 'failed'",
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

/* What the store's thread looks for, and what it found */
typedef struct
{
  char      *sql;
  char      *site_id;
  char      *form;
  char      *page;
  char      *sticky;
  char      *search;
  char      *match;
  GArray    *base;       /* keys of the view; NULL to read them */
  GArray    *keys;       /* those of them that are found */
  PorchRows *first;      /* the first of the messages */
} Loading;

static void
loading_free (Loading *self)
{
  g_clear_pointer (&self->sql, g_free);
  g_clear_pointer (&self->site_id, g_free);
  g_clear_pointer (&self->form, g_free);
  g_clear_pointer (&self->page, g_free);
  g_clear_pointer (&self->sticky, g_free);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->match, g_free);
  g_clear_pointer (&self->base, g_array_unref);
  g_clear_pointer (&self->keys, g_array_unref);
  g_clear_pointer (&self->first, porch_rows_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

/* The first column of all rows, as a list of keys */
static GArray *
collect_keys (sqlite3       *db,
              sqlite3_stmt  *statement,
              GError       **error)
{
  g_autoptr(GArray) keys = g_array_new (FALSE, FALSE, sizeof (gint64));
  int code;

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      gint64 key = sqlite3_column_int64 (statement, 0);

      g_array_append_val (keys, key);
    }

  if (code == SQLITE_DONE)
    return g_steal_pointer (&keys);

  porch_store_set_error (error, db, code);

  return NULL;
}

static GArray *
query_keys (sqlite3     *db,
            const char  *sql,
            const char **texts,
            guint        n_texts,
            GError     **error)
{
  sqlite3_stmt *statement = NULL;
  GArray *keys = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  /* Some of the parameters may not occur */
  for (guint i = 0; code == SQLITE_OK && i < MIN (n_texts, (guint) sqlite3_bind_parameter_count (statement)); i++)
    sqlite3_bind_text (statement, i + 1, texts[i], -1, SQLITE_STATIC);

  if (code == SQLITE_OK)
    keys = collect_keys (db, statement, error);
  else
    porch_store_set_error (error, db, code);

  sqlite3_finalize (statement);

  return keys;
}

/* The index gives its rows in the order of their keys, and what came in one after the other has keys one after the other: so
 * each is looked for from where the one before was, in steps that grow, and then between the last two of them.
 */
static GArray *
intersect (GArray *base,
           GArray *found)
{
  GArray *keys = g_array_sized_new (FALSE, FALSE, sizeof (gint64), MIN (base->len, found->len));
  const gint64 *all = (const gint64 *) found->data;
  guint at = 0;

  for (guint i = 0; i < base->len && found->len > 0; i++)
    {
      gint64 key = g_array_index (base, gint64, i);
      guint low = at, high = at;

      for (guint step = 1; low > 0 && all[low] > key; step *= 2)
        {
          high = low;
          low -= MIN (step, low);
        }

      for (guint step = 1; high < found->len - 1 && all[high] < key; step *= 2)
        {
          low = high;
          high += MIN (step, found->len - 1 - high);
        }

      while (low < high)
        {
          at = low + (high - low) / 2;

          if (all[at] < key)
            low = at + 1;
          else
            high = at;
        }

      at = low;

      if (all[at] == key)
        g_array_append_val (keys, key);
    }

  return keys;
}

static gboolean
load_keys (sqlite3   *db,
           gpointer   user_data,
           GError   **error)
{
  Loading *loading = user_data;
  const char *texts[] = { loading->site_id, loading->form, loading->page, loading->sticky };

  if (loading->base == NULL && !(loading->base = query_keys (db, loading->sql, texts, G_N_ELEMENTS (texts), error)))
    return FALSE;

  if (loading->match != NULL)
    {
      g_autoptr(GArray) found = query_keys (db, "SELECT rowid FROM messages_words WHERE messages_words MATCH ?1",
                                            (const char **) &loading->match, 1, error);

      if (found == NULL)
        return FALSE;

      loading->keys = intersect (loading->base, found);
    }
  else
    {
      loading->keys = g_array_ref (loading->base);
    }

  loading->first = porch_inbox_list_read (db, (const gint64 *) loading->keys->data, MIN (loading->keys->len, N_FIRST),
                                          loading->search, error);

  return loading->first != NULL;
}

/* The condition on which a row that is not deleted was not mailed: it failed, or was never begun. Of the latter those of
 * the last days are found by their time, and older ones among those that are not read yet.
 */
char *
porch_inbox_build_unmailed (PorchInbox *self)
{
  if (self->site == NULL || porch_site_get_mail_to (self->site) == NULL)
    return g_strdup (conditions[PORCH_INBOX_UNMAILED]);

  return g_strdup_printf ("(mail_state = 'failed' OR (mail_state = 'none' AND spam = 0 AND received < (unixepoch () - %d) * 1000 AND"
                          " (received > (unixepoch () - %d) * 1000 OR (unread = 1 AND archived = 0))))",
                          MAIL_MINUTES * 60, MAIL_DAYS * 24 * 60 * 60);
}

/* The condition on which a row belongs to the view; ?1 to ?4 are the site, the form, the page and what stays in sight. */
static char *
build_where (PorchInbox *self)
{
  g_autofree char *unmailed = porch_inbox_build_unmailed (self);
  g_autofree char *kept = g_strdup_printf ("(%s OR (mail_state = 'none' AND key IN (SELECT value FROM json_each (?4))))", unmailed);
  const char *condition = self->view == PORCH_INBOX_UNMAILED ? kept : conditions[self->view];

  return g_strconcat ("site = ?1 AND deleted = 0 AND ", condition, self->form != NULL ? " AND form = ?2" : "",
                      self->page != NULL ? " AND page = ?3" : "", NULL);
}

static Loading *
loading_new (PorchInbox *self)
{
  Loading *loading = g_new0 (Loading, 1);
  g_autofree char *where = build_where (self);

  loading->sql = g_strconcat ("SELECT key FROM messages WHERE ", where, " ORDER BY received DESC, id DESC", NULL);
  loading->site_id = g_strdup (self->site_id);
  loading->form = g_strdup (self->form);
  loading->page = g_strdup (self->page);
  loading->sticky = porch_inbox_list_format_keys ((gint64 *) self->sticky->data, self->sticky->len);
  loading->match = porch_inbox_search_build_match (self->search);
  loading->search = loading->match != NULL ? g_strdup (self->search) : NULL;
  loading->base = self->base != NULL ? g_array_ref (self->base) : NULL;

  return loading;
}

static gboolean
await_loaded (PorchInbox  *self,
              GError     **error)
{
  guint generation = self->generation;
  g_autoptr(Loading) loading = loading_new (self);

  if (!dex_await (porch_store_read (self->store, load_keys, loading, NULL), error))
    return FALSE;

  /* Something else is wanted by now */
  if (generation != self->generation)
    return TRUE;

  g_clear_pointer (&self->base, g_array_unref);
  self->base = g_array_ref (loading->base);
  porch_inbox_list_set_search (self->messages, loading->search);
  porch_inbox_list_prefill (self->messages, loading->first);
  porch_inbox_list_set_keys (self->messages, loading->keys);

  return TRUE;
}

static DexFuture *
load_fiber (gpointer user_data)
{
  PorchInbox *self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean success;
  guint generation;

  set_loading (self, TRUE);

  /* Whoever types faster than the store answers is shown what was typed last */
  do
    {
      generation = self->generation;
      success = await_loaded (self, &error);
    }
  while (success && generation != self->generation);

  dex_clear (&self->loading);

  if (success && !self->is_loaded)
    {
      success = porch_inbox_await_counts (self, &error);
      self->is_loaded = TRUE;
      notify (self, PROP_LOADED);
    }

  set_loading (self, FALSE);

  if (!success)
    {
      set_problem (self, error);
      return dex_future_new_for_error (g_steal_pointer (&error));
    }

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
    case PROP_FORM:
      g_value_set_string (value, self->form);
      break;
    case PROP_PAGE:
      g_value_set_string (value, self->page);
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
    case PROP_UNMAILED:
      g_value_set_uint (value, self->unmailed);
      break;
    case PROP_UNSENT:
      g_value_set_uint (value, self->unsent);
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
    case PROP_FORM:
      porch_inbox_set_form (self, g_value_get_string (value));
      break;
    case PROP_PAGE:
      porch_inbox_set_page (self, g_value_get_string (value));
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
  dex_clear (&self->loading);
  dex_clear (&self->refreshing);
  dex_clear (&self->push);

  G_OBJECT_CLASS (porch_inbox_parent_class)->dispose (object);
}

static void
porch_inbox_finalize (GObject *object)
{
  PorchInbox *self = PORCH_INBOX (object);

  g_clear_pointer (&self->base, g_array_unref);
  g_clear_pointer (&self->sticky, g_array_unref);
  g_clear_pointer (&self->gone, g_hash_table_unref);
  g_clear_pointer (&self->form, g_free);
  g_clear_pointer (&self->page, g_free);
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
  properties[PROP_FORM] = g_param_spec_string ("form", NULL, NULL, NULL, write_flags);
  properties[PROP_PAGE] = g_param_spec_string ("page", NULL, NULL, NULL, write_flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_object ("problem", NULL, NULL, PORCH_TYPE_PROBLEM, flags);
  properties[PROP_UNREAD] = g_param_spec_uint ("unread", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNMAILED] = g_param_spec_uint ("unmailed", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_UNSENT] = g_param_spec_uint ("unsent", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_HAS_ANY] = g_param_spec_boolean ("has-any", NULL, NULL, FALSE, flags);
  properties[PROP_POLLING] = g_param_spec_boolean ("polling", NULL, NULL, FALSE, write_flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * PorchInbox::arrived:
   * @self: an inbox
   * @messages: (element-type PorchMessage): the messages, the newest first
   *
   * Messages came in that are unread and no spam; once for all that were found together.
   */
  signals[ARRIVED] = g_signal_new ("arrived", PORCH_TYPE_INBOX, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

static void
porch_inbox_init (PorchInbox *self)
{
  self->sticky = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->gone = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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

void
porch_inbox_emit_arrived (PorchInbox *self,
                          GPtrArray  *messages)
{
  g_signal_emit (self, signals[ARRIVED], 0, messages);
}

/* Something in the store is not what it was. */
void
porch_inbox_look_again (PorchInbox *self)
{
  g_clear_pointer (&self->base, g_array_unref);
  porch_inbox_list_look_again (self->messages);

  if (self->is_loaded)
    reload (self);
}

static void
set_count (PorchInbox *self,
           guint      *where,
           guint       count,
           guint       property)
{
  if (*where == count)
    return;

  *where = count;
  notify (self, property);
}

static PorchRows *
await_count_rows (PorchInbox  *self,
                  GError     **error)
{
  gboolean has_mail = self->site != NULL && porch_site_get_mail_to (self->site) != NULL;

  return dex_await_boxed (porch_store_query (self->store,
                                             "SELECT (SELECT count(*) FROM messages WHERE site = ?1 AND unread = 1"
                                             " AND archived = 0 AND spam = 0 AND deleted = 0),"
                                             " (SELECT count(*) FROM messages WHERE site = ?1 AND mail_state = 'failed'"
                                             " AND deleted = 0) +"
                                             " (SELECT count(*) FROM messages WHERE site = ?1 AND ?2 AND received"
                                             " BETWEEN (unixepoch () - ?3) * 1000 + 1 AND (unixepoch () - ?4) * 1000 - 1"
                                             " AND mail_state = 'none' AND spam = 0 AND deleted = 0) +"
                                             " (SELECT count(*) FROM messages WHERE site = ?1 AND ?2 AND unread = 1"
                                             " AND archived = 0 AND spam = 0 AND deleted = 0 AND mail_state = 'none'"
                                             " AND received <= (unixepoch () - ?3) * 1000),"
                                             " (SELECT count(*) FROM messages WHERE site = ?1 AND"
                                             " (pending != 0 OR deleted != 0)),"
                                             " EXISTS (SELECT 1 FROM messages WHERE site = ?1 AND deleted = 0)",
                                             "siii", self->site_id, (gint64) has_mail, (gint64) MAIL_DAYS * 24 * 60 * 60,
                                             (gint64) MAIL_MINUTES * 60),
                          error);
}

gboolean
porch_inbox_await_counts (PorchInbox  *self,
                          GError     **error)
{
  g_autoptr(PorchRows) rows = await_count_rows (self, error);
  guint unread;
  gboolean has_any;

  if (rows == NULL)
    return FALSE;

  unread = porch_rows_get_int (rows, 0, 0);
  has_any = porch_rows_get_int (rows, 0, 3) != 0;
  set_count (self, &self->unread, unread, PROP_UNREAD);
  set_count (self, &self->unmailed, porch_rows_get_int (rows, 0, 1), PROP_UNMAILED);
  set_count (self, &self->unsent, porch_rows_get_int (rows, 0, 2), PROP_UNSENT);

  if (self->has_any != has_any)
    {
      self->has_any = has_any;
      notify (self, PROP_HAS_ANY);
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
  self->messages = porch_inbox_list_new (self->store);

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
 * The messages come as empty places that fill themselves when they are asked for, see [method@Porch.Message.is_known].
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
  g_array_set_size (self->sticky, 0);
  g_clear_pointer (&self->base, g_array_unref);
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
 * porch_inbox_get_form:
 * @self: an inbox
 *
 * Returns: (transfer none) (nullable): the form whose messages the list shows, `NULL` for all
 */
const char *
porch_inbox_get_form (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), NULL);

  return self->form;
}

/**
 * porch_inbox_set_form:
 * @self: an inbox
 * @form: (nullable): the name of a form, `NULL` for all
 *
 * Changes the list to the messages of one form.
 */
void
porch_inbox_set_form (PorchInbox *self,
                      const char *form)
{
  g_return_if_fail (PORCH_IS_INBOX (self));

  if (!g_set_str (&self->form, form))
    return;

  g_clear_pointer (&self->base, g_array_unref);
  notify (self, PROP_FORM);
  reload (self);
}

/**
 * porch_inbox_get_page:
 * @self: an inbox
 *
 * Returns: (transfer none) (nullable): the page of the site whose messages the list shows, `NULL` for all
 */
const char *
porch_inbox_get_page (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), NULL);

  return self->page;
}

/**
 * porch_inbox_set_page:
 * @self: an inbox
 * @page: (nullable): the path of a page, `NULL` for all
 *
 * Changes the list to the messages that were sent from one page.
 */
void
porch_inbox_set_page (PorchInbox *self,
                      const char *page)
{
  g_return_if_fail (PORCH_IS_INBOX (self));

  if (!g_set_str (&self->page, page))
    return;

  g_clear_pointer (&self->base, g_array_unref);
  notify (self, PROP_PAGE);
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
 * porch_inbox_get_unmailed:
 * @self: an inbox
 *
 * Returns: of how many messages the mail to the owner failed or was never begun, whatever the view
 */
guint
porch_inbox_get_unmailed (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), 0);

  return self->unmailed;
}

/**
 * porch_inbox_is_unmailed:
 * @self: an inbox
 * @message: one of its messages
 *
 * Returns: whether it counts for [method@Porch.Inbox.get_unmailed], or did until it was looked at in that view
 */
gboolean
porch_inbox_is_unmailed (PorchInbox   *self,
                         PorchMessage *message)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  GTimeSpan age;

  g_return_val_if_fail (PORCH_IS_INBOX (self), FALSE);
  g_return_val_if_fail (PORCH_IS_MESSAGE (message), FALSE);

  if (porch_message_get_mail_state (message) == PORCH_MAIL_FAILED)
    return TRUE;

  if (porch_message_get_mail_state (message) != PORCH_MAIL_NONE || porch_message_get_spam (message) || self->site == NULL ||
      porch_site_get_mail_to (self->site) == NULL)
    return FALSE;

  age = g_date_time_difference (now, porch_message_get_received (message));

  return age > MAIL_MINUTES * G_TIME_SPAN_MINUTE &&
         (self->view == PORCH_INBOX_UNMAILED || age < MAIL_DAYS * G_TIME_SPAN_DAY ||
          (porch_message_get_unread (message) && !porch_message_get_archived (message)));
}

/**
 * porch_inbox_get_unsent:
 * @self: an inbox
 *
 * Returns: how many messages were changed here in a way that the cloud has not been told yet
 */
guint
porch_inbox_get_unsent (PorchInbox *self)
{
  g_return_val_if_fail (PORCH_IS_INBOX (self), 0);

  return self->unsent;
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

  self->generation++;

  if (self->loading == NULL)
    self->loading = porch_fiber_spawn (load_fiber, g_object_ref (self), g_object_unref, NULL);

  return dex_ref (self->loading);
}

typedef struct
{
  PorchInbox *inbox;
  DexFuture  *before;
  gboolean    all;
} Refresh;

static void
refresh_free (gpointer data)
{
  Refresh *refresh = data;

  dex_clear (&refresh->before);
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

  /* One at a time */
  if (refresh->before != NULL)
    dex_await (g_steal_pointer (&refresh->before), NULL);

  if (site != NULL && porch_site_get_table (site) != NULL)
    success = porch_inbox_await_push (self, FALSE, &error) && porch_inbox_await_sync (self, refresh->all, &error);

  if (success)
    success = porch_inbox_await_counts (self, &error);

  /* What came in is shown before it is said to be there */
  if (success && self->loading != NULL)
    success = dex_await (dex_ref (self->loading), &error);

  /* One that compares everything may be waiting behind it */
  if (self->refreshing != NULL && self->current == refresh)
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
  refresh_data->before = g_steal_pointer (&self->refreshing);
  self->current = refresh_data;
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

  known = porch_inbox_list_lookup (self->messages, porch_rows_get_int (rows, 0, 0));

  if (known == NULL)
    return dex_future_new_take_object (porch_message_new_from_row (rows, 0));

  porch_message_take_row (known, rows, 0, TRUE);

  return dex_future_new_take_object (g_object_ref (known));
}

/**
 * porch_inbox_find:
 * @self: an inbox
 * @id: the id of a message
 *
 * Returns: (transfer full): a future that resolves to the complete [class@Porch.Message]; rejected with
 *   %PORCH_ERROR_NOT_FOUND
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

typedef struct
{
  PorchInbox   *inbox;
  PorchMessage *message;
} Completing;

static void
completing_free (gpointer data)
{
  Completing *completing = data;

  g_clear_object (&completing->inbox);
  g_clear_object (&completing->message);
  g_free (completing);
}

static DexFuture *
completed_cb (DexFuture *future,
              gpointer   user_data)
{
  Completing *completing = user_data;
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (future, NULL));

  if (porch_rows_get_length (rows) == 0)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_NOT_FOUND, "%s", _("There is no such message."));

  porch_message_take_row (completing->message, rows, 0, TRUE);

  return dex_future_new_take_object (g_object_ref (completing->message));
}

/**
 * porch_inbox_complete:
 * @self: an inbox
 * @message: a message out of its list
 *
 * Gets all that was sent, to be shown or answered.
 *
 * Returns: (transfer full): a future that resolves to @message; rejected with %PORCH_ERROR_NOT_FOUND if it is gone
 */
DexFuture *
porch_inbox_complete (PorchInbox   *self,
                      PorchMessage *message)
{
  Completing *completing;

  dex_return_error_if_fail (PORCH_IS_INBOX (self));
  dex_return_error_if_fail (PORCH_IS_MESSAGE (message));

  if (porch_message_is_complete (message))
    return dex_future_new_take_object (g_object_ref (message));

  completing = g_new0 (Completing, 1);
  completing->inbox = g_object_ref (self);
  completing->message = g_object_ref (message);

  return dex_future_then (porch_store_query (self->store, "SELECT " PORCH_MESSAGE_COLUMNS " FROM messages WHERE key = ?", "i",
                                             porch_message_get_key (message)),
                          completed_cb, completing, completing_free);
}

/**
 * porch_inbox_hurry:
 * @self: an inbox
 * @position: a place in the list that somebody looks at
 *
 * Fills this place before the others that were asked for.
 */
void
porch_inbox_hurry (PorchInbox *self,
                   guint       position)
{
  g_return_if_fail (PORCH_IS_INBOX (self));

  porch_inbox_list_hurry (self->messages, position);
}

/**
 * porch_inbox_fetch:
 * @self: an inbox whose list is loaded
 * @position: a place in the list
 * @count: how many messages are wanted
 *
 * Fills places of the list, for those who can't wait until they fill themselves.
 *
 * Returns: (transfer full): a future that resolves to a #GPtrArray of [class@Porch.Message], fewer than @count at the end
 */
DexFuture *
porch_inbox_fetch (PorchInbox *self,
                   guint       position,
                   guint       count)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return porch_inbox_list_fill (self->messages, position, count);
}

static DexFuture *
listed_cb (DexFuture *future,
           gpointer   user_data)
{
  PorchRows *rows = g_value_get_boxed (dex_future_get_value (future, NULL));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < porch_rows_get_length (rows); i++)
    g_strv_builder_add (builder, porch_rows_get_string (rows, i, 0));

  return dex_future_new_take_boxed (G_TYPE_STRV, g_strv_builder_end (builder));
}

/**
 * porch_inbox_list_forms:
 * @self: an inbox
 *
 * Returns: (transfer full): a future that resolves to the names of the forms that messages came from, the one with most
 *   first, as a #GStrv; at most 20
 */
DexFuture *
porch_inbox_list_forms (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return dex_future_then (porch_store_query (self->store,
                                             "SELECT form FROM messages WHERE site = ? AND deleted = 0 AND form != ''"
                                             " GROUP BY form ORDER BY count(*) DESC, form LIMIT 20", "s", self->site_id),
                          listed_cb, NULL, NULL);
}

/**
 * porch_inbox_list_pages:
 * @self: an inbox
 *
 * Returns: (transfer full): a future that resolves to the paths of the pages that messages came from, the one with most
 *   first, as a #GStrv; at most 20
 */
DexFuture *
porch_inbox_list_pages (PorchInbox *self)
{
  dex_return_error_if_fail (PORCH_IS_INBOX (self));

  return dex_future_then (porch_store_query (self->store,
                                             "SELECT page FROM messages WHERE site = ? AND deleted = 0 AND page != ''"
                                             " GROUP BY page ORDER BY count(*) DESC, page LIMIT 20", "s", self->site_id),
                          listed_cb, NULL, NULL);
}
