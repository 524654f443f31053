/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PRACTICE_FAULT (practice_fault_quark ())

/**
 * PracticeFault:
 *
 * What an operation of the practice cloud can answer instead of a result. The
 * message of the error is the sentence of the service.
 */
typedef enum
{
  PRACTICE_FAULT_INTERNAL,
  PRACTICE_FAULT_VALIDATION,
  PRACTICE_FAULT_VALIDATION_ERROR,
  PRACTICE_FAULT_SERIALIZATION,
  PRACTICE_FAULT_UNKNOWN_OPERATION,
  PRACTICE_FAULT_INVALID_ACTION,
  PRACTICE_FAULT_RESOURCE_NOT_FOUND,
  PRACTICE_FAULT_RESOURCE_IN_USE,
  PRACTICE_FAULT_CONDITION_FAILED,
  PRACTICE_FAULT_COLLECTION_SIZE,
  PRACTICE_FAULT_ACCESS_DENIED,
  PRACTICE_FAULT_ALREADY_EXISTS_STACK,
  PRACTICE_FAULT_INSUFFICIENT_CAPABILITIES,
  PRACTICE_FAULT_TOKEN_ALREADY_EXISTS,
  PRACTICE_FAULT_CHANGE_SET_NOT_FOUND,
  PRACTICE_FAULT_INVALID_CHANGE_SET_STATUS,
  PRACTICE_FAULT_ALREADY_EXISTS,
  PRACTICE_FAULT_NOT_FOUND,
  PRACTICE_FAULT_BAD_REQUEST,
  PRACTICE_FAULT_MESSAGE_REJECTED,
  PRACTICE_FAULT_TABLE_NOT_FOUND,
} PracticeFault;

GQuark      practice_fault_quark      (void);
const char *practice_fault_get_code   (const GError *error);
guint       practice_fault_get_status (const GError *error);

/* Whether an error is an answer of the service at all, not a failure of ours. */
gboolean    practice_fault_is_refusal (const GError *error);

gboolean    practice_refuse           (GError       **error,
                                       PracticeFault  fault,
                                       const char    *format,
                                       ...) G_GNUC_PRINTF (3, 4);

/* The same for what one service alone answers: @code is static. */
gboolean    practice_refuse_as        (GError       **error,
                                       guint          status,
                                       const char    *code,
                                       const char    *format,
                                       ...) G_GNUC_PRINTF (4, 5);

G_END_DECLS
