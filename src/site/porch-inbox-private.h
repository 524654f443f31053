/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-inbox.h"
#include "porch-store.h"

G_BEGIN_DECLS

/* How long a deletion can be taken back before it becomes real, in seconds */
#define PORCH_INBOX_UNDO_SECONDS 12


struct _PorchInbox
{
  GObject         parent_instance;

  PorchSite      *site;          /* a weak pointer: the site owns its inbox */
  PorchStore     *store;
  char           *site_id;
  GListStore     *messages;
  GHashTable     *by_id;         /* id -> PorchMessage in the list */
  PorchProblem   *problem;
  DexFuture      *refreshing;
  DexFuture      *push;          /* what tells the cloud of changes in the background */
  char           *search;
  guint           generation;    /* of the list; an older load gives up */
  guint           n_changes;     /* made here or told to the cloud; an answer from before one is out of date */
  guint           unread;
  guint           poll;
  guint           commit;
  PorchInboxView  view;
  gboolean        unsent;        /* something was changed since the push began its round */
  gboolean        has_any;
  gboolean        is_loading;
  gboolean        is_loaded;
};

PorchStore  *porch_inbox_get_store      (PorchInbox      *self);
const char  *porch_inbox_get_site_id    (PorchInbox      *self);
void         porch_inbox_take_message   (PorchInbox      *self,
                                         PorchMessage    *message,
                                         gboolean         is_new);
void         porch_inbox_take_removal   (PorchInbox      *self,
                                         const char      *id);
gboolean     porch_inbox_await_counts   (PorchInbox      *self,
                                         GError         **error);
gboolean     porch_inbox_await_sync     (PorchInbox      *self,
                                         gboolean         all,
                                         GError         **error);
gboolean     porch_inbox_await_push     (PorchInbox      *self,
                                         gboolean         now,
                                         GError         **error);

G_END_DECLS
