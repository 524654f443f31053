/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "porch-practice-fault.h"

G_DEFINE_QUARK (practice-fault-quark, practice_fault)

/* Errors whose code is the quark of the service's code times a thousand, plus the status */
static G_DEFINE_QUARK (practice-refusal-quark, practice_refusal)

static const struct
{
  const char *code;
  guint       status;
} faults[] = {
  [PRACTICE_FAULT_INTERNAL]                  = { "InternalFailure", 500 },
  [PRACTICE_FAULT_VALIDATION]                = { "ValidationException", 400 },
  [PRACTICE_FAULT_VALIDATION_ERROR]          = { "ValidationError", 400 },
  [PRACTICE_FAULT_SERIALIZATION]             = { "SerializationException", 400 },
  [PRACTICE_FAULT_UNKNOWN_OPERATION]         = { "UnknownOperationException", 400 },
  [PRACTICE_FAULT_INVALID_ACTION]            = { "InvalidAction", 400 },
  [PRACTICE_FAULT_RESOURCE_NOT_FOUND]        = { "ResourceNotFoundException", 400 },
  [PRACTICE_FAULT_RESOURCE_IN_USE]           = { "ResourceInUseException", 400 },
  [PRACTICE_FAULT_CONDITION_FAILED]          = { "ConditionalCheckFailedException", 400 },
  [PRACTICE_FAULT_COLLECTION_SIZE]           = { "ItemCollectionSizeLimitExceededException", 400 },
  [PRACTICE_FAULT_ACCESS_DENIED]             = { "AccessDeniedException", 403 },
  [PRACTICE_FAULT_ALREADY_EXISTS_STACK]      = { "AlreadyExistsException", 400 },
  [PRACTICE_FAULT_INSUFFICIENT_CAPABILITIES] = { "InsufficientCapabilitiesException", 400 },
  [PRACTICE_FAULT_TOKEN_ALREADY_EXISTS]      = { "TokenAlreadyExistsException", 400 },
  [PRACTICE_FAULT_CHANGE_SET_NOT_FOUND]      = { "ChangeSetNotFound", 404 },
  [PRACTICE_FAULT_INVALID_CHANGE_SET_STATUS] = { "InvalidChangeSetStatus", 400 },
  [PRACTICE_FAULT_ALREADY_EXISTS]            = { "AlreadyExistsException", 400 },
  [PRACTICE_FAULT_NOT_FOUND]                 = { "NotFoundException", 404 },
  [PRACTICE_FAULT_BAD_REQUEST]               = { "BadRequestException", 400 },
  [PRACTICE_FAULT_TABLE_NOT_FOUND]           = { "TableNotFoundException", 400 },
  [PRACTICE_FAULT_MESSAGE_REJECTED]          = { "MessageRejected", 400 },
};

const char *
practice_fault_get_code (const GError *error)
{
  if (error->domain == practice_refusal_quark ())
    return g_quark_to_string (error->code / 1000);
  if (error->domain != PRACTICE_FAULT)
    return faults[PRACTICE_FAULT_INTERNAL].code;

  return faults[error->code].code;
}

guint
practice_fault_get_status (const GError *error)
{
  if (error->domain == practice_refusal_quark ())
    return error->code % 1000;
  if (error->domain != PRACTICE_FAULT)
    return faults[PRACTICE_FAULT_INTERNAL].status;

  return faults[error->code].status;
}

/* Always FALSE, so that a check can end in "return practice_refuse (...)". */
gboolean
practice_refuse (GError       **error,
                 PracticeFault  fault,
                 const char    *format,
                 ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL && *error == NULL)
    *error = g_error_new_valist (PRACTICE_FAULT, fault, format, args);
  va_end (args);

  return FALSE;
}

gboolean
practice_fault_is_refusal (const GError *error)
{
  return error->domain == PRACTICE_FAULT || error->domain == practice_refusal_quark ();
}

gboolean
practice_refuse_as (GError     **error,
                    guint        status,
                    const char  *code,
                    const char  *format,
                    ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL && *error == NULL)
    *error = g_error_new_valist (practice_refusal_quark (), (int) g_quark_from_static_string (code) * 1000 + (int) status,
                                 format, args);
  va_end (args);

  return FALSE;
}
