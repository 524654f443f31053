/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PorchReceiptState:
 * @PORCH_RECEIPT_SEEN: visitors see the release
 * @PORCH_RECEIPT_FLAWED: visitors see its start page, but not all pages that were looked at
 * @PORCH_RECEIPT_NOT_YET: visitors still saw what was there before when the waiting ended
 * @PORCH_RECEIPT_NOT_LOOKED: this computer could not look
 * @PORCH_RECEIPT_BROKEN: the start page does not answer as it should, and there was nothing to go back to
 * @PORCH_RECEIPT_WENT_BACK: the start page did not answer as it should, so the release before is live again
 *
 * What a look at the site showed after a release went live.
 */
typedef enum
{
  PORCH_RECEIPT_SEEN,
  PORCH_RECEIPT_FLAWED,
  PORCH_RECEIPT_NOT_YET,
  PORCH_RECEIPT_NOT_LOOKED,
  PORCH_RECEIPT_BROKEN,
  PORCH_RECEIPT_WENT_BACK,
} PorchReceiptState;

#define PORCH_TYPE_RECEIPT_STATE (porch_receipt_state_get_type ())
GType porch_receipt_state_get_type (void) G_GNUC_CONST;

/**
 * PorchReceiptPage:
 * @path: the file, as in the manifest
 * @title: (nullable): its title
 * @status: what the site answered, an HTTP status; 0 if it did not answer
 * @is_good: whether it was the page of the release
 * @is_old: whether it was the page of the release before
 *
 * One page that was looked at. Belongs to its receipt.
 */
typedef struct
{
  char     *path;
  char     *title;
  guint     status;
  gboolean  is_good;
  gboolean  is_old;
} PorchReceiptPage;

/**
 * PorchReceipt:
 *
 * What was seen of a release after it went live, as its visitors see it. Never changes once made.
 */
#define PORCH_TYPE_RECEIPT (porch_receipt_get_type ())
G_DECLARE_FINAL_TYPE (PorchReceipt, porch_receipt, PORCH, RECEIPT, GObject)

PorchReceipt            *porch_receipt_new            (const char         *release,
                                                       const char         *previous,
                                                       const char         *address);
PorchReceipt            *porch_receipt_new_from_json  (const char         *json,
                                                       GError            **error);
char                    *porch_receipt_to_json        (PorchReceipt       *self);
char                    *porch_receipt_build_key      (const char         *release);
const char              *porch_receipt_get_release    (PorchReceipt       *self);
const char              *porch_receipt_get_previous   (PorchReceipt       *self);
const char              *porch_receipt_get_address    (PorchReceipt       *self);
PorchReceiptState        porch_receipt_get_state      (PorchReceipt       *self);
GDateTime               *porch_receipt_get_date       (PorchReceipt       *self);
double                   porch_receipt_get_seconds    (PorchReceipt       *self);
const char              *porch_receipt_get_reason     (PorchReceipt       *self);
guint                    porch_receipt_get_n_pages    (PorchReceipt       *self);
const PorchReceiptPage  *porch_receipt_get_page       (PorchReceipt       *self,
                                                       guint               position);
char                    *porch_receipt_dup_sentence   (PorchReceipt       *self);

/* While it is being made */
void                     porch_receipt_set_state      (PorchReceipt       *self,
                                                       PorchReceiptState   state,
                                                       const char         *reason);
void                     porch_receipt_set_seconds    (PorchReceipt       *self,
                                                       double              seconds);
void                     porch_receipt_add_page       (PorchReceipt       *self,
                                                       const char         *path,
                                                       const char         *title,
                                                       guint               status,
                                                       gboolean            is_good,
                                                       gboolean            is_old);

G_END_DECLS
