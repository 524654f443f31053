/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-manifest.h"

G_BEGIN_DECLS

/* The service copies nothing larger in one piece. */
#define PORCH_MAX_COPY_SIZE (5 * (guint64) 1024 * 1024 * 1024)

/**
 * PorchTransferKind:
 * @PORCH_TRANSFER_SEND: the bytes have to be sent
 * @PORCH_TRANSFER_COPY: an object that is there has the same bytes
 * @PORCH_TRANSFER_COPY_SENT: an object that will be there after the sending has the same bytes
 */
typedef enum
{
  PORCH_TRANSFER_SEND,
  PORCH_TRANSFER_COPY,
  PORCH_TRANSFER_COPY_SENT,
} PorchTransferKind;

/**
 * PorchTransfer:
 * @kind: how the object comes to be
 * @entry: what it is to be
 * @source: (nullable): the entry of the object to copy from
 *
 * One object of a release that has to be made. The entries belong to their manifests.
 */
typedef struct
{
  PorchTransferKind         kind;
  const PorchManifestEntry *entry;
  const PorchManifestEntry *source;
} PorchTransfer;

GArray *porch_transfers_new (PorchManifest *next,
                             PorchManifest *live,
                             GHashTable    *arrived);
void    porch_transfers_use_earlier
                            (GArray        *transfers,
                             PorchManifest *earlier,
                             GHashTable    *arrived);

G_END_DECLS
