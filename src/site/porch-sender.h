/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libdex.h>

#include "porch-folder.h"
#include "porch-target.h"
#include "porch-transfer.h"

G_BEGIN_DECLS

/**
 * PorchSender:
 *
 * Brings the objects of a release into the bucket: sends, copies, many at once.
 */
#define PORCH_TYPE_SENDER (porch_sender_get_type ())
G_DECLARE_FINAL_TYPE (PorchSender, porch_sender, PORCH, SENDER, GObject)

PorchSender *porch_sender_new              (PorchTarget *target,
                                            PorchFolder *folder,
                                            GArray      *transfers);
DexFuture   *porch_sender_run              (PorchSender *self) G_GNUC_WARN_UNUSED_RESULT;
void         porch_sender_stop             (PorchSender *self);
guint        porch_sender_get_n_files      (PorchSender *self);
guint        porch_sender_get_n_done       (PorchSender *self);
guint64      porch_sender_get_n_bytes      (PorchSender *self);
guint64      porch_sender_get_bytes_done   (PorchSender *self);
double       porch_sender_get_fraction     (PorchSender *self);
int          porch_sender_get_seconds_left (PorchSender *self);
guint        porch_sender_get_n_sent       (PorchSender *self);
guint        porch_sender_get_n_copied     (PorchSender *self);
guint64      porch_sender_get_bytes_sent   (PorchSender *self);

G_END_DECLS
