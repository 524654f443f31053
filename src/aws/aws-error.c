/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-error-private.h"

#include <gio/gio.h>
#include <libdex.h>
#include <string.h>

#include "aws-json.h"
#include "aws-retry.h"

typedef struct
{
  char    *code_string;
  char    *request_id;
  char    *region;
  guint    status;
  gboolean retryable;
} AwsErrorPrivate;

static void
aws_error_private_init (AwsErrorPrivate *priv)
{
}

static void
aws_error_private_copy (const AwsErrorPrivate *source,
                        AwsErrorPrivate       *copy)
{
  copy->code_string = g_strdup (source->code_string);
  copy->request_id = g_strdup (source->request_id);
  copy->region = g_strdup (source->region);
  copy->status = source->status;
  copy->retryable = source->retryable;
}

static void
aws_error_private_clear (AwsErrorPrivate *priv)
{
  g_clear_pointer (&priv->code_string, g_free);
  g_clear_pointer (&priv->request_id, g_free);
  g_clear_pointer (&priv->region, g_free);
}

G_DEFINE_EXTENDED_ERROR (AwsError, aws_error)

typedef struct
{
  const char *code_string;
  const char *part;          /* of the message, where one code stands for several things */
  AwsError    code;
} Mapping;

/* The first row that fits counts */
static const Mapping mappings[] = {
  { "ValidationError", "No updates are to be performed", AWS_ERROR_NO_UPDATE },
  { "ValidationError", "does not exist", AWS_ERROR_NOT_FOUND },
  { "ValidationError", "_IN_PROGRESS state", AWS_ERROR_CONFLICT },
  { "ValidationError", NULL, AWS_ERROR_INVALID },
  { "ValidationException", "ETag", AWS_ERROR_PRECONDITION_FAILED },
  { "ValidationException", "If-Match", AWS_ERROR_PRECONDITION_FAILED },
  { "ValidationException", NULL, AWS_ERROR_INVALID },

  { "SignatureDoesNotMatch", "Signature expired", AWS_ERROR_CLOCK },
  { "SignatureDoesNotMatch", "Signature not yet current", AWS_ERROR_CLOCK },
  { "SignatureDoesNotMatch", NULL, AWS_ERROR_SIGNATURE },
  { "InvalidSignatureException", "Signature expired", AWS_ERROR_CLOCK },
  { "InvalidSignatureException", "Signature not yet current", AWS_ERROR_CLOCK },
  { "InvalidSignatureException", NULL, AWS_ERROR_SIGNATURE },
  { "IncompleteSignature", NULL, AWS_ERROR_SIGNATURE },
  { "IncompleteSignatureException", NULL, AWS_ERROR_SIGNATURE },
  { "AuthorizationHeaderMalformed", "region", AWS_ERROR_WRONG_REGION },
  { "AuthorizationHeaderMalformed", NULL, AWS_ERROR_SIGNATURE },
  { "MissingAuthenticationToken", NULL, AWS_ERROR_CREDENTIALS },
  { "MissingAuthenticationTokenException", NULL, AWS_ERROR_CREDENTIALS },
  { "RequestTimeTooSkewed", NULL, AWS_ERROR_CLOCK },
  { "RequestInTheFuture", NULL, AWS_ERROR_CLOCK },
  { "RequestExpired", NULL, AWS_ERROR_CLOCK },

  { "InvalidAccessKeyId", NULL, AWS_ERROR_UNKNOWN_KEY },
  { "InvalidClientTokenId", NULL, AWS_ERROR_UNKNOWN_KEY },
  { "UnrecognizedClientException", NULL, AWS_ERROR_UNKNOWN_KEY },
  { "InvalidToken", NULL, AWS_ERROR_UNKNOWN_KEY },
  { "ExpiredToken", NULL, AWS_ERROR_EXPIRED },
  { "ExpiredTokenException", NULL, AWS_ERROR_EXPIRED },
  { "TokenRefreshRequired", NULL, AWS_ERROR_EXPIRED },
  { "TOKEN_EXPIRED", NULL, AWS_ERROR_EXPIRED },
  { "AUTHCODE_EXPIRED", NULL, AWS_ERROR_EXPIRED },
  { "USER_CREDENTIALS_CHANGED", NULL, AWS_ERROR_EXPIRED },
  { "InvalidGrantException", NULL, AWS_ERROR_EXPIRED },

  { "AccessDenied", NULL, AWS_ERROR_ACCESS_DENIED },
  { "AccessDeniedException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "AllAccessDisabled", NULL, AWS_ERROR_ACCESS_DENIED },
  { "AuthFailure", NULL, AWS_ERROR_ACCESS_DENIED },
  { "OptInRequired", NULL, AWS_ERROR_ACCESS_DENIED },
  { "RegionDisabledException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "UnauthorizedException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "UnauthorizedOperation", NULL, AWS_ERROR_ACCESS_DENIED },
  { "AccountSuspendedException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "DependencyAccessDeniedException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "InvalidClientException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "SendingPausedException", NULL, AWS_ERROR_ACCESS_DENIED },
  { "UnauthorizedClientException", NULL, AWS_ERROR_ACCESS_DENIED },

  { "NoSuchBucket", NULL, AWS_ERROR_NO_SUCH_BUCKET },
  { "NoSuchKey", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchUpload", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchEntity", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchDistribution", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchFunctionExists", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchInvalidation", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchResource", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchHostedZone", NULL, AWS_ERROR_NOT_FOUND },
  { "ChangeSetNotFound", NULL, AWS_ERROR_NOT_FOUND },
  { "EntityNotFound", NULL, AWS_ERROR_NOT_FOUND },
  { "NotFound", NULL, AWS_ERROR_NOT_FOUND },
  { "NotFoundException", NULL, AWS_ERROR_NOT_FOUND },
  { "ResourceNotFoundException", NULL, AWS_ERROR_NOT_FOUND },
  { "TableNotFoundException", NULL, AWS_ERROR_NOT_FOUND },
  { "DataUnavailableException", NULL, AWS_ERROR_NOT_FOUND },
  { "ExecutionDoesNotExist", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchDelegationSet", NULL, AWS_ERROR_NOT_FOUND },
  { "NoSuchResourceException", NULL, AWS_ERROR_NOT_FOUND },
  { "PipelineExecutionNotFoundException", NULL, AWS_ERROR_NOT_FOUND },
  { "PipelineNotFoundException", NULL, AWS_ERROR_NOT_FOUND },
  { "PipelineVersionNotFoundException", NULL, AWS_ERROR_NOT_FOUND },
  { "ResourceNotFound", NULL, AWS_ERROR_NOT_FOUND },
  { "StateMachineDoesNotExist", NULL, AWS_ERROR_NOT_FOUND },

  { "PermanentRedirect", NULL, AWS_ERROR_WRONG_REGION },
  { "TemporaryRedirect", NULL, AWS_ERROR_WRONG_REGION },
  { "InvalidRequestRegionException", NULL, AWS_ERROR_WRONG_REGION },
  { "IllegalLocationConstraintException", NULL, AWS_ERROR_WRONG_REGION },

  { "ConditionalRequestConflict", NULL, AWS_ERROR_CONFLICT },
  { "ContinuousBackupsUnavailableException", NULL, AWS_ERROR_CONFLICT },
  { "ConflictException", NULL, AWS_ERROR_CONFLICT },
  { "DistributionNotDisabled", NULL, AWS_ERROR_CONFLICT },
  { "OperationAborted", NULL, AWS_ERROR_CONFLICT },
  { "ResourceConflictException", NULL, AWS_ERROR_CONFLICT },
  { "ResourceInUseException", NULL, AWS_ERROR_CONFLICT },
  { "TokenAlreadyExistsException", NULL, AWS_ERROR_CONFLICT },
  { "TransactionConflictException", NULL, AWS_ERROR_CONFLICT },
  { "ConcurrentModification", NULL, AWS_ERROR_CONFLICT },
  { "ConcurrentModificationException", NULL, AWS_ERROR_CONFLICT },
  { "DuplicateRequest", NULL, AWS_ERROR_CONFLICT },
  { "DuplicatedStopRequestException", NULL, AWS_ERROR_CONFLICT },
  { "InvalidChangeSetStatus", NULL, AWS_ERROR_CONFLICT },
  { "InvalidResourceStateException", NULL, AWS_ERROR_CONFLICT },
  { "OperationAbortedException", NULL, AWS_ERROR_CONFLICT },
  { "PipelineExecutionNotStoppableException", NULL, AWS_ERROR_CONFLICT },
  { "RequestChangedException", NULL, AWS_ERROR_CONFLICT },
  { "ResourceNotReadyException", NULL, AWS_ERROR_CONFLICT },
  { "StateMachineDeleting", NULL, AWS_ERROR_CONFLICT },

  { "ConditionalCheckFailedException", NULL, AWS_ERROR_PRECONDITION_FAILED },
  { "InvalidIfMatchVersion", NULL, AWS_ERROR_PRECONDITION_FAILED },
  { "PreconditionFailed", NULL, AWS_ERROR_PRECONDITION_FAILED },
  { "PreconditionFailedException", NULL, AWS_ERROR_PRECONDITION_FAILED },

  { "AlreadyExistsException", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "BucketAlreadyExists", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "BucketAlreadyOwnedByYou", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "CNAMEAlreadyExists", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "DuplicateRecordException", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "EntityAlreadyExists", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "HostedZoneAlreadyExists", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "ConflictingDomainExists", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "ExecutionAlreadyExists", NULL, AWS_ERROR_ALREADY_EXISTS },
  { "ResourceAlreadyExistsException", NULL, AWS_ERROR_ALREADY_EXISTS },

  { "BucketNotEmpty", NULL, AWS_ERROR_NOT_EMPTY },
  { "DeleteConflict", NULL, AWS_ERROR_NOT_EMPTY },
  { "HostedZoneNotEmpty", NULL, AWS_ERROR_NOT_EMPTY },

  { "AccountLimitExceededException", NULL, AWS_ERROR_LIMIT },
  { "CreationLimitExceededException", NULL, AWS_ERROR_LIMIT },
  { "DomainLimitExceeded", NULL, AWS_ERROR_LIMIT },
  { "LimitExceeded", NULL, AWS_ERROR_LIMIT },
  { "LimitExceededException", NULL, AWS_ERROR_LIMIT },
  { "ServiceQuotaExceededException", NULL, AWS_ERROR_LIMIT },
  { "TooManyBuckets", NULL, AWS_ERROR_LIMIT },
  { "TooManyDistributions", NULL, AWS_ERROR_LIMIT },
  { "TooManyInvalidationsInProgress", NULL, AWS_ERROR_LIMIT },
  { "CodeStorageExceededException", NULL, AWS_ERROR_LIMIT },
  { "ConcurrentPipelineExecutionsLimitExceededException", NULL, AWS_ERROR_LIMIT },
  { "ExecutionLimitExceeded", NULL, AWS_ERROR_LIMIT },
  { "OperationLimitExceeded", NULL, AWS_ERROR_LIMIT },
  { "QuotaExceededException", NULL, AWS_ERROR_LIMIT },
  { "TooManyHostedZones", NULL, AWS_ERROR_LIMIT },
  { "TooManyTagsException", NULL, AWS_ERROR_LIMIT },

  { "BadDigest", NULL, AWS_ERROR_CHECKSUM },
  { "InvalidDigest", NULL, AWS_ERROR_CHECKSUM },
  { "XAmzContentChecksumMismatch", NULL, AWS_ERROR_CHECKSUM },
  { "XAmzContentSHA256Mismatch", NULL, AWS_ERROR_CHECKSUM },

  { "RequestTimeout", NULL, AWS_ERROR_TIMED_OUT },
  { "RequestTimeoutException", NULL, AWS_ERROR_TIMED_OUT },

  { "InternalError", NULL, AWS_ERROR_SERVER },
  { "InternalFailure", NULL, AWS_ERROR_SERVER },
  { "InternalServerError", NULL, AWS_ERROR_SERVER },
  { "InternalServerException", NULL, AWS_ERROR_SERVER },
  { "ServiceUnavailable", NULL, AWS_ERROR_SERVER },
  { "ServiceUnavailableException", NULL, AWS_ERROR_SERVER },
  { "InternalErrorException", NULL, AWS_ERROR_SERVER },
  { "InternalServiceError", NULL, AWS_ERROR_SERVER },
  { "ServiceException", NULL, AWS_ERROR_SERVER },
  { "ServiceFailure", NULL, AWS_ERROR_SERVER },
};

static AwsError
map_status (guint status)
{
  switch (status)
    {
    case 301:
    case 302:
    case 307:
    case 308:
      return AWS_ERROR_WRONG_REGION;
    case 401:
    case 403:
      return AWS_ERROR_ACCESS_DENIED;
    case 402:
      return AWS_ERROR_LIMIT;
    case 404:
      return AWS_ERROR_NOT_FOUND;
    case 408:
      return AWS_ERROR_TIMED_OUT;
    case 409:
      return AWS_ERROR_CONFLICT;
    case 412:
      return AWS_ERROR_PRECONDITION_FAILED;
    case 429:
      return AWS_ERROR_THROTTLED;
    default:
      return status >= 500 ? AWS_ERROR_SERVER : status >= 400 ? AWS_ERROR_INVALID : AWS_ERROR_FAILED;
    }
}

static AwsError
map_code (const char *code_string,
          const char *message,
          guint       status)
{
  for (guint i = 0; code_string != NULL && i < G_N_ELEMENTS (mappings); i++)
    {
      if (g_str_equal (mappings[i].code_string, code_string) &&
          (mappings[i].part == NULL || (message != NULL && strstr (message, mappings[i].part) != NULL)))
        return mappings[i].code;
    }

  if (aws_retry_classify (code_string, status) == AWS_RETRY_THROTTLING)
    return AWS_ERROR_THROTTLED;

  return map_status (status);
}

/* An error with everything that is known of it. */
GError *
aws_error_new (AwsError    code,
               const char *code_string,
               const char *message,
               guint       status,
               const char *request_id)
{
  GError *error = g_error_new_literal (AWS_ERROR, code, message);
  AwsErrorPrivate *priv = aws_error_get_private (error);

  priv->code_string = g_strdup (code_string);
  priv->request_id = g_strdup (request_id);
  priv->status = status;
  priv->retryable = code == AWS_ERROR_UNREACHABLE || code == AWS_ERROR_TIMED_OUT ||
                    aws_retry_classify (code_string, status) != AWS_RETRY_NONE;

  return error;
}

/* An error from what the service calls it. */
GError *
aws_error_new_for_code (const char *code_string,
                        const char *message,
                        guint       status,
                        const char *request_id)
{
  g_autofree char *fallback = NULL;

  if (message == NULL || *message == '\0')
    message = fallback = code_string != NULL
                         ? g_strdup_printf ("The service answered “%s”", code_string)
                         : g_strdup_printf ("The service answered with status %u", status);

  return aws_error_new (map_code (code_string, message, status), code_string, message, status, request_id);
}

/* The parts of an error document, whatever the protocol */
typedef struct
{
  char *code_string;
  char *message;
  char *request_id;
  char *region;
} Document;

static void
document_clear (Document *document)
{
  g_clear_pointer (&document->code_string, g_free);
  g_clear_pointer (&document->message, g_free);
  g_clear_pointer (&document->request_id, g_free);
  g_clear_pointer (&document->region, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Document, document_clear)

static void
read_xml (AwsXml   *xml,
          Document *document)
{
  AwsXmlNode *root = aws_xml_get_root (xml);
  const char *name = aws_xml_node_get_name (root);
  AwsXmlNode *node = root;

  /* Route 53 lists what is wrong with a batch in a document of its own */
  if (g_str_equal (name, "InvalidChangeBatch"))
    {
      g_autoptr(GString) messages = g_string_new (NULL);

      for (AwsXmlNode *each = aws_xml_node_find (root, "Messages/Message"); each != NULL; each = aws_xml_node_next (each, "Message"))
        {
          g_autofree char *text = aws_xml_node_dup_text (each, NULL);

          g_string_append_printf (messages, "%s%s", messages->len > 0 ? " " : "", text);
        }
      g_set_str (&document->code_string, name);
      document->message = g_string_free (g_steal_pointer (&messages), FALSE);
      document->request_id = aws_xml_node_dup_text (root, "RequestId");
      return;
    }

  if (!g_str_equal (name, "Error") && !(node = aws_xml_node_find (root, "Error")) &&
      !(node = aws_xml_node_find (root, "Errors/Error")))
    return;

  g_free (document->code_string);
  document->code_string = aws_xml_node_dup_text (node, "Code");
  document->message = aws_xml_node_dup_text (node, "Message");
  if (!(document->request_id = aws_xml_node_dup_text (node, "RequestId")) &&
      !(document->request_id = aws_xml_node_dup_text (root, "RequestId")))
    document->request_id = aws_xml_node_dup_text (root, "RequestID");
}

/* "com.amazon.coral#Code:http://internal" is "Code" */
static char *
strip_type (const char *type)
{
  g_autofree char *name = type != NULL ? g_utf8_make_valid (type, strcspn (type, ":;")) : NULL;
  const char *hash = name != NULL ? strrchr (name, '#') : NULL;
  const char *bare = hash != NULL ? hash + 1 : name;

  return bare != NULL && *bare != '\0' ? g_strdup (bare) : NULL;
}

static const char *
first_string (JsonObject         *object,
              const char * const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      const char *text = aws_json_get_string (object, names[i]);

      if (text != NULL)
        return text;
    }

  return NULL;
}

static void
read_json (JsonObject *object,
           Document   *document)
{
  static const char * const codes[] = { "__type", "code", "Code", "error", NULL };
  static const char * const messages[] = { "message", "Message", "error_description", "errorMessage", NULL };

  const char *reason = aws_json_get_string (object, "error");

  /* Where one refusal stands for several reasons that callers tell apart, the reason has a member of its own */
  if (g_strcmp0 (document->code_string, "AccessDeniedException") == 0 && reason != NULL && g_ascii_isupper (*reason))
    g_set_str (&document->code_string, reason);

  if (document->code_string == NULL)
    document->code_string = strip_type (first_string (object, codes));
  document->region = g_strdup (aws_json_get_string (object, "region"));
  document->message = g_strdup (first_string (object, messages));
}

/* An error from an answer that is one: the status is none of success, or the body of a success says so. */
GError *
aws_error_new_for_response (AwsResponse *response)
{
  g_auto(Document) document = { NULL };
  GBytes *body = aws_response_get_body (response);
  guint status = aws_response_get_status (response);
  const char *request_id = aws_response_get_request_id (response);
  const char *text;
  gsize length;
  GError *error;

  /* Services that once spoke the query protocol keep the code that they had then: "Code;Sender" */
  document.code_string = strip_type (aws_response_get_header (response, "x-amzn-query-error"));
  if (document.code_string == NULL)
    document.code_string = strip_type (aws_response_get_header (response, "x-amzn-errortype"));

  text = g_bytes_get_data (body, &length);
  while (length > 0 && g_ascii_isspace (*text))
    {
      text++;
      length--;
    }

  if (length > 0 && *text == '<')
    {
      g_autoptr(AwsXml) xml = aws_xml_new (body, NULL);

      if (xml != NULL)
        read_xml (xml, &document);
    }
  else if (length > 0 && *text == '{')
    {
      g_autoptr(JsonObject) object = aws_json_load_object (body, NULL);

      if (object != NULL)
        read_json (object, &document);
    }

  if (request_id == NULL)
    request_id = document.request_id;

  /* A captive portal or a proxy: an answer with text, but nothing of a service in it */
  if (document.code_string == NULL && length > 0 && (request_id == NULL || status < 300))
    {
      g_autofree char *message = g_strdup_printf ("Something between this computer and the service answered (status %u)", status);

      /* Not what is in it: it may repeat what was sent */
      g_debug ("Unknown answer: status %u, %" G_GSIZE_FORMAT " bytes", status, length);

      return aws_error_new (AWS_ERROR_BAD_ANSWER, NULL, message, status, NULL);
    }

  error = aws_error_new_for_code (document.code_string, document.message, status, request_id);
  aws_error_get_private (error)->region = g_steal_pointer (&document.region);

  return error;
}

/* An error from a request that got no answer. Cancelling stays what it is. */
GError *
aws_error_new_for_failure (const GError *failure,
                           const char   *host)
{
  g_autofree char *message = NULL;
  AwsError code = AWS_ERROR_UNREACHABLE;
  GError *error;

  if (aws_error_is_cancelled (failure) || failure->domain == AWS_ERROR)
    return g_error_copy (failure);

  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    code = AWS_ERROR_TIMED_OUT;

  message = g_strdup_printf ("%s: %s", host, failure->message);
  error = aws_error_new (code, NULL, message, 0, NULL);

  /* A certificate does not get better by asking again */
  if (g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    aws_error_get_private (error)->retryable = FALSE;

  return error;
}

/**
 * aws_error_get_code_string:
 * @error: an error of `AWS_ERROR`
 *
 * Returns: (transfer none) (nullable): the name that the service gives it
 */
const char *
aws_error_get_code_string (const GError *error)
{
  return error != NULL && error->domain == AWS_ERROR ? aws_error_get_private (error)->code_string : NULL;
}

/**
 * aws_error_get_request_id:
 * @error: an error of `AWS_ERROR`
 *
 * Returns: (transfer none) (nullable): the number of the request, which support asks for
 */
const char *
aws_error_get_request_id (const GError *error)
{
  return error != NULL && error->domain == AWS_ERROR ? aws_error_get_private (error)->request_id : NULL;
}

/**
 * aws_error_get_region:
 * @error: an error of `AWS_ERROR`
 *
 * Returns: (transfer none) (nullable): the region that the service says to ask in instead
 */
const char *
aws_error_get_region (const GError *error)
{
  return error != NULL && error->domain == AWS_ERROR ? aws_error_get_private (error)->region : NULL;
}

/**
 * aws_error_get_status:
 * @error: an error of `AWS_ERROR`
 *
 * Returns: the HTTP status, or 0 if there was no answer
 */
guint
aws_error_get_status (const GError *error)
{
  return error != NULL && error->domain == AWS_ERROR ? aws_error_get_private (error)->status : 0;
}

/**
 * aws_error_is_retryable:
 * @error: an error of `AWS_ERROR`
 *
 * Returns: whether the same request may succeed later
 */
gboolean
aws_error_is_retryable (const GError *error)
{
  return error != NULL && error->domain == AWS_ERROR && aws_error_get_private (error)->retryable;
}

/**
 * aws_error_is_cancelled:
 * @error: (nullable): an error
 *
 * Returns: whether it only says that the work was cancelled
 */
gboolean
aws_error_is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, DEX_ERROR, DEX_ERROR_FIBER_CANCELLED);
}
