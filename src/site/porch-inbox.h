/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-message.h"
#include "porch-problem.h"

G_BEGIN_DECLS

typedef struct _PorchSite PorchSite;

/**
 * PorchInboxView:
 * @PORCH_INBOX_MESSAGES: what is neither archived nor spam
 * @PORCH_INBOX_UNREAD: the unread ones of these
 * @PORCH_INBOX_ARCHIVE: what was put away
 * @PORCH_INBOX_SPAM: what was marked as spam
 * @PORCH_INBOX_ALL: everything
 *
 * Which messages of a site the list shows.
 */
typedef enum
{
  PORCH_INBOX_MESSAGES,
  PORCH_INBOX_UNREAD,
  PORCH_INBOX_ARCHIVE,
  PORCH_INBOX_SPAM,
  PORCH_INBOX_ALL,
} PorchInboxView;

#define PORCH_TYPE_INBOX_VIEW (porch_inbox_view_get_type ())
#define PORCH_TYPE_INBOX (porch_inbox_get_type ())

GType            porch_inbox_view_get_type   (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchInbox, porch_inbox, PORCH, INBOX, GObject)

PorchInbox      *porch_inbox_new             (PorchSite       *site);

PorchSite       *porch_inbox_get_site        (PorchInbox      *self);
GListModel      *porch_inbox_get_messages    (PorchInbox      *self);
PorchInboxView   porch_inbox_get_view        (PorchInbox      *self);
void             porch_inbox_set_view        (PorchInbox      *self,
                                              PorchInboxView   view);
const char      *porch_inbox_get_search      (PorchInbox      *self);
void             porch_inbox_set_search      (PorchInbox      *self,
                                              const char      *search);
gboolean         porch_inbox_is_loading      (PorchInbox      *self);
gboolean         porch_inbox_is_loaded       (PorchInbox      *self);
PorchProblem    *porch_inbox_get_problem     (PorchInbox      *self);
guint            porch_inbox_get_unread      (PorchInbox      *self);
gboolean         porch_inbox_has_any         (PorchInbox      *self);
gboolean         porch_inbox_get_polling     (PorchInbox      *self);
void             porch_inbox_set_polling     (PorchInbox      *self,
                                              gboolean         polling);

DexFuture       *porch_inbox_load            (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_refresh         (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_refresh_all     (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_find            (PorchInbox      *self,
                                              const char      *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_mark_read       (PorchInbox      *self,
                                              PorchMessage    *message,
                                              gboolean         read) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_mark_all_read   (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_archive         (PorchInbox      *self,
                                              PorchMessage    *message,
                                              gboolean         archived) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_mark_spam       (PorchInbox      *self,
                                              PorchMessage    *message,
                                              gboolean         spam) G_GNUC_WARN_UNUSED_RESULT;

/* Takes the message out of sight; gone for good when the time to undo is over, or at once by porch_inbox_commit() */
DexFuture       *porch_inbox_delete          (PorchInbox      *self,
                                              PorchMessage    *message) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_undelete        (PorchInbox      *self,
                                              PorchMessage    *message) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_commit          (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;

/* CSV if the name ends in .csv, JSON if it ends in .json; resolves to the number of messages */
DexFuture       *porch_inbox_export          (PorchInbox      *self,
                                              GFile           *file) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
