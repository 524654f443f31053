/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-inbox.h"
#include "porch-inbox-list.h"
#include "porch-spam-filter.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* How long a deletion can be taken back before it becomes real, in seconds */
#define PORCH_INBOX_UNDO_SECONDS 12

/* The form's messages in the table; the key is agreed with the function that stores them */
#define PORCH_INBOX_PARTITION "form#contact"

/* What of a message the cloud has not been told, a mark for each in the column "pending" */
typedef enum
{
  PORCH_PENDING_UNREAD   = 1 << 0,
  PORCH_PENDING_ARCHIVED = 1 << 1,
  PORCH_PENDING_SPAM     = 1 << 2,
  PORCH_PENDING_MAIL     = 1 << 3,
} PorchPending;

struct _PorchInbox
{
  GObject         parent_instance;

  PorchSite      *site;          /* a weak pointer: the site owns its inbox */
  PorchStore     *store;
  char           *site_id;
  PorchInboxList *messages;
  PorchProblem   *problem;
  GArray         *base;          /* keys of all that the view shows, without the search; NULL if they have to be read anew */
  GArray         *sticky;        /* keys of what was read in the view of the unread; it stays until that is opened again */
  GHashTable     *gone;          /* sort keys of what was deleted here; an older answer may still have them */
  DexFuture      *loading;
  DexFuture      *refreshing;
  gpointer        current;       /* which one that is */
  DexFuture      *push;          /* what tells the cloud of changes in the background */
  char           *search;
  char           *form;
  char           *page;
  guint           generation;    /* of what the list is to show */
  guint           unread;
  guint           unmailed;
  guint           unsent;
  guint           poll;
  guint           commit;
  PorchInboxView  view;
  gboolean        to_push;       /* something was changed since the push began its round */
  gboolean        has_any;
  gboolean        is_loading;
  gboolean        is_loaded;
};

/* porch-inbox.c */
PorchStore  *porch_inbox_get_store      (PorchInbox      *self);
const char  *porch_inbox_get_site_id    (PorchInbox      *self);
void         porch_inbox_emit_arrived   (PorchInbox      *self,
                                         GPtrArray       *messages);
void         porch_inbox_look_again     (PorchInbox      *self);
char        *porch_inbox_build_unmailed (PorchInbox      *self);
gboolean     porch_inbox_await_counts   (PorchInbox      *self,
                                         GError         **error);

/* porch-inbox-sync.c */
gboolean     porch_inbox_await_sync     (PorchInbox      *self,
                                         gboolean         all,
                                         GError         **error);
gboolean     porch_inbox_await_message  (PorchInbox      *self,
                                         const char      *sort_key,
                                         GError         **error);

/* porch-inbox-push.c */
gboolean     porch_inbox_await_push     (PorchInbox      *self,
                                         gboolean         now,
                                         GError         **error);

/* porch-inbox-lessons.c; on the store's thread */
gboolean     porch_inbox_learn          (sqlite3         *db,
                                         const char      *site,
                                         gint64           key,
                                         PorchSpamLesson  lesson,
                                         GError         **error);
gboolean     porch_inbox_learn_kept     (sqlite3         *db,
                                         const char      *site,
                                         GError         **error);

G_END_DECLS
