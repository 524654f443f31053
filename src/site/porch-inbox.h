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
 * @PORCH_INBOX_SPAM: what is held for spam
 * @PORCH_INBOX_ALL: everything
 * @PORCH_INBOX_UNMAILED: those whose mail to the owner failed
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
  PORCH_INBOX_UNMAILED,
} PorchInboxView;

/**
 * PorchInboxDeed:
 * @PORCH_INBOX_MARK_READ: somebody has read it
 * @PORCH_INBOX_MARK_UNREAD: it is to be read again
 * @PORCH_INBOX_PUT_AWAY: into the archive
 * @PORCH_INBOX_FETCH_BACK: out of the archive
 * @PORCH_INBOX_IS_SPAM: it is spam, and the filter learns from it
 * @PORCH_INBOX_IS_GOOD: it is no spam, and the filter learns from it
 * @PORCH_INBOX_DELETE: out of sight, and gone for good when the time to undo is over
 *
 * What can be done with messages.
 */
typedef enum
{
  PORCH_INBOX_MARK_READ,
  PORCH_INBOX_MARK_UNREAD,
  PORCH_INBOX_PUT_AWAY,
  PORCH_INBOX_FETCH_BACK,
  PORCH_INBOX_IS_SPAM,
  PORCH_INBOX_IS_GOOD,
  PORCH_INBOX_DELETE,
} PorchInboxDeed;

#define PORCH_TYPE_INBOX_VIEW (porch_inbox_view_get_type ())
#define PORCH_TYPE_INBOX_DEED (porch_inbox_deed_get_type ())
#define PORCH_TYPE_INBOX_UNDO (porch_inbox_undo_get_type ())
#define PORCH_TYPE_INBOX (porch_inbox_get_type ())

GType            porch_inbox_view_get_type   (void) G_GNUC_CONST;
GType            porch_inbox_deed_get_type   (void) G_GNUC_CONST;

/* What was done to some messages and how they were before */
typedef struct _PorchInboxUndo PorchInboxUndo;

GType            porch_inbox_undo_get_type   (void) G_GNUC_CONST;
PorchInboxUndo  *porch_inbox_undo_ref        (PorchInboxUndo  *self);
void             porch_inbox_undo_unref      (PorchInboxUndo  *self);
guint            porch_inbox_undo_get_count  (PorchInboxUndo  *self);
PorchInboxDeed   porch_inbox_undo_get_deed   (PorchInboxUndo  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchInboxUndo, porch_inbox_undo_unref)

G_DECLARE_FINAL_TYPE (PorchInbox, porch_inbox, PORCH, INBOX, GObject)

PorchInbox      *porch_inbox_new             (PorchSite       *site);

/* What it shows */
PorchSite       *porch_inbox_get_site        (PorchInbox      *self);
GListModel      *porch_inbox_get_messages    (PorchInbox      *self);
PorchInboxView   porch_inbox_get_view        (PorchInbox      *self);
void             porch_inbox_set_view        (PorchInbox      *self,
                                              PorchInboxView   view);
const char      *porch_inbox_get_search      (PorchInbox      *self);
void             porch_inbox_set_search      (PorchInbox      *self,
                                              const char      *search);
const char      *porch_inbox_get_form        (PorchInbox      *self);
void             porch_inbox_set_form        (PorchInbox      *self,
                                              const char      *form);
const char      *porch_inbox_get_page        (PorchInbox      *self);
void             porch_inbox_set_page        (PorchInbox      *self,
                                              const char      *page);
gboolean         porch_inbox_is_loading      (PorchInbox      *self);
gboolean         porch_inbox_is_loaded       (PorchInbox      *self);
PorchProblem    *porch_inbox_get_problem     (PorchInbox      *self);
guint            porch_inbox_get_unread      (PorchInbox      *self);
guint            porch_inbox_get_unmailed    (PorchInbox      *self);
gboolean         porch_inbox_is_unmailed     (PorchInbox      *self,
                                              PorchMessage    *message);
guint            porch_inbox_get_unsent      (PorchInbox      *self);
gboolean         porch_inbox_has_any         (PorchInbox      *self);
gboolean         porch_inbox_get_polling     (PorchInbox      *self);
void             porch_inbox_set_polling     (PorchInbox      *self,
                                              gboolean         polling);

/* Filling it */
DexFuture       *porch_inbox_load            (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_refresh         (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_refresh_all     (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_find            (PorchInbox      *self,
                                              const char      *id) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_complete        (PorchInbox      *self,
                                              PorchMessage    *message) G_GNUC_WARN_UNUSED_RESULT;
void             porch_inbox_hurry           (PorchInbox      *self,
                                              guint            position);
DexFuture       *porch_inbox_fetch           (PorchInbox      *self,
                                              guint            position,
                                              guint            count) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_list_forms      (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_list_pages      (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;

/* What is done with messages, by their places in the list */
DexFuture       *porch_inbox_do              (PorchInbox      *self,
                                              PorchInboxDeed   deed,
                                              const guint     *positions,
                                              guint            n_positions) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_undo            (PorchInbox      *self,
                                              PorchInboxUndo  *undo) G_GNUC_WARN_UNUSED_RESULT;

/* The same for one message, wherever it is shown */
DexFuture       *porch_inbox_do_one          (PorchInbox      *self,
                                              PorchInboxDeed   deed,
                                              PorchMessage    *message) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_mark_all_read   (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_note_reply      (PorchInbox      *self,
                                              PorchMessage    *message) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_mail_again      (PorchInbox      *self,
                                              PorchMessage    *message) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_commit          (PorchInbox      *self) G_GNUC_WARN_UNUSED_RESULT;

/* CSV if the name ends in .csv, JSON if it ends in .json; resolves to the number of messages */
DexFuture       *porch_inbox_export          (PorchInbox      *self,
                                              GFile           *file) G_GNUC_WARN_UNUSED_RESULT;
DexFuture       *porch_inbox_export_shown    (PorchInbox      *self,
                                              GFile           *file) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
