/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-store.h"
#include "porch-treatment.h"

G_BEGIN_DECLS

/**
 * PorchFolderWatchState:
 * @PORCH_FOLDER_WATCH_UNKNOWN: nobody has looked yet, or there is nothing to look at or to compare with
 * @PORCH_FOLDER_WATCH_SAME: the folder holds what was published
 * @PORCH_FOLDER_WATCH_CHANGED: something was added, changed or removed since
 * @PORCH_FOLDER_WATCH_GONE: the folder is not there: removed, moved, or on a drive that is not connected
 * @PORCH_FOLDER_WATCH_UNREADABLE: it is there but can't be published as it is
 *
 * What is known of the folder that a site was published from.
 */
typedef enum
{
  PORCH_FOLDER_WATCH_UNKNOWN,
  PORCH_FOLDER_WATCH_SAME,
  PORCH_FOLDER_WATCH_CHANGED,
  PORCH_FOLDER_WATCH_GONE,
  PORCH_FOLDER_WATCH_UNREADABLE,
} PorchFolderWatchState;

#define PORCH_TYPE_FOLDER_WATCH_STATE (porch_folder_watch_state_get_type ())
#define PORCH_TYPE_FOLDER_WATCH (porch_folder_watch_get_type ())

GType                  porch_folder_watch_state_get_type (void) G_GNUC_CONST;

/**
 * PorchFolderWatch:
 *
 * Looks after the folder that a site was last published from, and tells how many files differ from what was published.
 * Compares with the manifest that the store remembers, so it needs no network.
 */
G_DECLARE_FINAL_TYPE (PorchFolderWatch, porch_folder_watch, PORCH, FOLDER_WATCH, GObject)

PorchFolderWatch      *porch_folder_watch_new            (PorchStore       *store,
                                                          const char       *site_id);
DexFuture             *porch_folder_watch_load           (PorchFolderWatch *self) G_GNUC_WARN_UNUSED_RESULT;
gboolean               porch_folder_watch_get_enabled    (PorchFolderWatch *self);
void                   porch_folder_watch_set_enabled    (PorchFolderWatch *self,
                                                          gboolean          enabled);
void                   porch_folder_watch_set_folder     (PorchFolderWatch *self,
                                                          GFile            *folder);
void                   porch_folder_watch_set_release    (PorchFolderWatch *self,
                                                          const char       *release);
void                   porch_folder_watch_set_treatments (PorchFolderWatch *self,
                                                          PorchTreatments  *treatments);
void                   porch_folder_watch_set_paused     (PorchFolderWatch *self,
                                                          gboolean          paused);
void                   porch_folder_watch_look           (PorchFolderWatch *self);
PorchFolderWatchState  porch_folder_watch_get_state      (PorchFolderWatch *self);
const char            *porch_folder_watch_get_problem    (PorchFolderWatch *self);
guint                  porch_folder_watch_get_n_changes  (PorchFolderWatch *self);
guint                  porch_folder_watch_get_n_added    (PorchFolderWatch *self);
guint                  porch_folder_watch_get_n_changed  (PorchFolderWatch *self);
guint                  porch_folder_watch_get_n_removed  (PorchFolderWatch *self);
guint                  porch_folder_watch_get_n_looks    (PorchFolderWatch *self);

G_END_DECLS
