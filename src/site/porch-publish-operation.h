/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-operation.h"
#include "porch-publisher.h"
#include "porch-site.h"

G_BEGIN_DECLS

/**
 * PorchPublishOperation:
 *
 * Publishes a folder to a site. Stopped, failed or killed, it goes on with what had arrived.
 */
#define PORCH_TYPE_PUBLISH_OPERATION (porch_publish_operation_get_type ())
G_DECLARE_FINAL_TYPE (PorchPublishOperation, porch_publish_operation, PORCH, PUBLISH_OPERATION, PorchOperation)

PorchOperation           *porch_publish_operation_new           (PorchSite             *site,
                                                                 GFile                 *folder,
                                                                 const char            *note);
void                      porch_publish_operation_set_thorough  (PorchPublishOperation *self,
                                                                 gboolean               thorough);
void                      porch_publish_operation_set_source    (PorchPublishOperation *self,
                                                                 GFile                 *source);
void                      porch_publish_operation_set_draft     (PorchPublishOperation *self,
                                                                 guint                  days);
void                      porch_publish_operation_set_treatments
                                                                (PorchPublishOperation *self,
                                                                 PorchTreatments       *treatments);
void                      porch_publish_operation_set_patience  (PorchPublishOperation *self,
                                                                 double                 seconds);
gboolean                  porch_publish_operation_is_draft      (PorchPublishOperation *self);
PorchDraft               *porch_publish_operation_get_draft     (PorchPublishOperation *self);
PorchReceipt             *porch_publish_operation_get_receipt   (PorchPublishOperation *self);
GFile                    *porch_publish_operation_get_folder    (PorchPublishOperation *self);
PorchPublisher           *porch_publish_operation_get_publisher (PorchPublishOperation *self);
const PorchPublishResult *porch_publish_operation_get_result    (PorchPublishOperation *self);
const char               *porch_publish_operation_get_previous  (PorchPublishOperation *self);

G_END_DECLS
