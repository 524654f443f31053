/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-changes.h"
#include "porch-folder.h"
#include "porch-manifest.h"
#include "porch-target.h"

G_BEGIN_DECLS

/**
 * PorchPublishPhase:
 * @PORCH_PUBLISH_LOOKING: the folder is read
 * @PORCH_PUBLISH_SENDING: new files are sent, unchanged ones copied
 * @PORCH_PUBLISH_CHECKING: what arrived is compared with what should have
 * @PORCH_PUBLISH_GOING_LIVE: the pointer is written
 * @PORCH_PUBLISH_CLEANING_UP: the release is live; old ones are removed
 * @PORCH_PUBLISH_DONE: nothing left to do
 */
typedef enum
{
  PORCH_PUBLISH_LOOKING,
  PORCH_PUBLISH_SENDING,
  PORCH_PUBLISH_CHECKING,
  PORCH_PUBLISH_GOING_LIVE,
  PORCH_PUBLISH_CLEANING_UP,
  PORCH_PUBLISH_DONE,
} PorchPublishPhase;

/**
 * PorchPublishResult:
 * @release: the release that is live now
 * @previous: (nullable): the one that was live before, if that was another
 * @sent: files whose bytes were sent
 * @copied: files copied inside the storage
 * @shared: files that stay where an earlier release put them
 * @kept: files that an earlier, stopped try had already brought there
 * @removed: objects of old releases that were removed
 * @unchanged: nothing differed, so nothing was done
 * @unseen: it went live in an earlier try that ended before anybody looked whether visitors see it
 * @draft: (nullable): the draft that was made instead of going live
 */
typedef struct
{
  char     *release;
  char     *previous;
  guint     sent;
  guint     copied;
  guint     shared;
  guint     kept;
  guint     removed;
  guint64   bytes_sent;
  guint     requests;
  double    seconds;
  gboolean  unchanged;
  gboolean  unseen;
  PorchPointerDraft *draft;
} PorchPublishResult;

#define PORCH_TYPE_PUBLISH_RESULT (porch_publish_result_get_type ())

GType                porch_publish_result_get_type (void);
PorchPublishResult  *porch_publish_result_copy     (const PorchPublishResult *self);
void                 porch_publish_result_free     (PorchPublishResult       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchPublishResult, porch_publish_result_free)

/**
 * PorchPublisher:
 *
 * Brings a folder to a target as a new release and makes it live. Its properties say how far it is.
 */
#define PORCH_TYPE_PUBLISHER (porch_publisher_get_type ())
G_DECLARE_FINAL_TYPE (PorchPublisher, porch_publisher, PORCH, PUBLISHER, GObject)

PorchPublisher    *porch_publisher_new             (PorchTarget    *target,
                                                    GFile          *folder,
                                                    const char     *note);
void               porch_publisher_set_flags       (PorchPublisher *self,
                                                    PorchScanFlags  flags);
void               porch_publisher_set_treatments  (PorchPublisher  *self,
                                                    PorchTreatments *treatments);
void               porch_publisher_set_draft       (PorchPublisher *self,
                                                    guint           days);
void               porch_publisher_set_watched     (PorchPublisher *self,
                                                    gboolean        watched);
DexFuture         *porch_publisher_compare         (PorchPublisher *self) G_GNUC_WARN_UNUSED_RESULT;
DexFuture         *porch_publisher_run             (PorchPublisher *self) G_GNUC_WARN_UNUSED_RESULT;
void               porch_publisher_stop            (PorchPublisher *self);
PorchTarget       *porch_publisher_get_target      (PorchPublisher *self);
PorchFolder       *porch_publisher_get_folder      (PorchPublisher *self);
PorchManifest     *porch_publisher_get_manifest    (PorchPublisher *self);
const char        *porch_publisher_get_previous    (PorchPublisher *self);
PorchPublishPhase  porch_publisher_get_phase       (PorchPublisher *self);
double             porch_publisher_get_fraction    (PorchPublisher *self);
guint              porch_publisher_get_n_files     (PorchPublisher *self);
guint              porch_publisher_get_n_done      (PorchPublisher *self);
guint64            porch_publisher_get_n_bytes     (PorchPublisher *self);
guint64            porch_publisher_get_bytes_done  (PorchPublisher *self);
int                porch_publisher_get_seconds_left
                                                   (PorchPublisher *self);
char              *porch_publisher_dup_progress    (PorchPublisher *self);

G_END_DECLS
