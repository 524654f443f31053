/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-practice-private.h"
#include "porch-practice-server.h"

#include "aws-json.h"

#define XML_DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/* The message owns its call; every further reference to the call keeps the message, too. */

PracticeCall *
practice_call_ref (PracticeCall *call)
{
  g_ref_count_inc (&call->ref_count);
  g_object_ref (call->message);

  return call;
}

static void
practice_principal_free (PracticePrincipal *principal)
{
  g_free (principal->arn);
  g_free (principal->user_id);
  g_free (principal->role_arn);
  g_free (principal->user_arn);
  g_free (principal);
}

void
practice_call_unref (PracticeCall *call)
{
  if (!g_ref_count_dec (&call->ref_count))
    {
      g_object_unref (call->message);

      return;
    }

  if (call->upload != NULL)
    call->free_upload (call->upload);
  g_clear_pointer (&call->auth, practice_auth_free);
  g_clear_pointer (&call->principal, practice_principal_free);
  g_clear_pointer (&call->query, g_hash_table_unref);
  g_clear_pointer (&call->form, g_hash_table_unref);
  g_clear_pointer (&call->json, json_object_unref);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_clear_pointer (&call->collected, g_byte_array_unref);
  g_free (call->operation);
  g_free (call->region);
  g_free (call->request_id);
  g_free (call->decoded_path);
  g_free (call->lower_host);
  g_free (call);
}

const char *
practice_call_get_query (PracticeCall *call,
                         const char   *name)
{
  return g_hash_table_lookup (call->query, name);
}

const char *
practice_call_get_header (PracticeCall *call,
                          const char   *name)
{
  return soup_message_headers_get_list (call->headers, name);
}

const char *
practice_call_get_form (PracticeCall *call,
                        const char   *name)
{
  return call->form != NULL ? g_hash_table_lookup (call->form, name) : NULL;
}

gint64
practice_call_now (PracticeCall *call)
{
  return practice_now () + call->clock_offset * G_USEC_PER_SEC;
}

gboolean
practice_call_is_alive (PracticeCall *call)
{
  return !call->gone;
}

void
practice_call_set_header (PracticeCall *call,
                          const char   *name,
                          const char   *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (call->message), name, value);
}

static void
set_general_headers (PracticeCall *call)
{
  g_autoptr(GDateTime) now = g_date_time_new_from_unix_utc (practice_call_now (call) / G_USEC_PER_SEC);
  g_autofree char *date = soup_date_time_to_string (now, SOUP_DATE_HTTP);
  g_autofree char *id = g_base64_encode ((const guchar *) call->request_id, strlen (call->request_id));

  practice_call_set_header (call, "Date", date);
  if (call->protocol == PRACTICE_PROTOCOL_S3)
    {
      practice_call_set_header (call, "x-amz-request-id", call->request_id);
      practice_call_set_header (call, "x-amz-id-2", id);
    }
  else if (call->protocol != PRACTICE_PROTOCOL_SITE)
    {
      practice_call_set_header (call, "x-amzn-RequestId", call->request_id);
    }

  /* a client that was told no before it sent the body will not send it: what comes next would be taken for it */
  if (!call->complete)
    practice_call_set_header (call, "Connection", "close");
}

/* What was asked, what came of it, and how much was sent for it: what tests count */
static void
trace (PracticeCall *call,
       guint         status)
{
  const char *etag = soup_message_headers_get_one (soup_server_message_get_response_headers (call->message), "ETag");
  const char *query = call->raw_query != NULL ? call->raw_query : "";

  g_ptr_array_add (call->practice->trace,
                   g_strdup_printf ("%s %u %" G_GINT64_FORMAT " %s %s?%s", call->operation, status,
                                    soup_message_headers_get_content_length (call->headers),
                                    etag != NULL ? etag : "-", call->raw_path, query));
}

/* Writing the headers makes libsoup forget that there is no body, so it is said afterwards */
static void
keep_alive_cb (SoupServerMessage *message)
{
  soup_message_headers_set_encoding (soup_server_message_get_response_headers (message), SOUP_ENCODING_NONE);
}

void
practice_call_answer_pieces (PracticeCall *call,
                             guint         status,
                             const char   *content_type,
                             GPtrArray    *pieces)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (call->message);
  gboolean head = g_str_equal (call->method, "HEAD");
  goffset length = 0;

  g_return_if_fail (!call->answered);

  if (call->practice->trace != NULL && call->protocol != PRACTICE_PROTOCOL_SITE && call->operation != NULL)
    trace (call, status);

  if (call->hold_after)
    {
      practice_call_hold (call);

      return;
    }

  call->answered = TRUE;
  if (call->gone)
    return;

  if (call->cut_after)
    {
      practice_call_cut (call);

      return;
    }

  /* libsoup would cut the answer by itself, and not as S3 does */
  if (call->protocol != PRACTICE_PROTOCOL_SITE)
    soup_message_headers_remove (call->headers, "Range");

  for (guint i = 0; pieces != NULL && i < pieces->len; i++)
    {
      GBytes *piece = g_ptr_array_index (pieces, i);

      length += g_bytes_get_size (piece);
      if (!head && g_bytes_get_size (piece) > 0)
        soup_message_body_append_bytes (soup_server_message_get_response_body (call->message), piece);
    }

  set_general_headers (call);
  if (content_type != NULL)
    soup_message_headers_replace (headers, "Content-Type", content_type);
  /* libsoup ends an answer without a length by closing the connection. A HEAD answer says what a GET would send. */
  if (status == SOUP_STATUS_NO_CONTENT || status == SOUP_STATUS_NOT_MODIFIED)
    g_signal_connect (call->message, "wrote-headers", G_CALLBACK (keep_alive_cb), NULL);
  else if (soup_message_headers_get_one (headers, "Content-Length") == NULL)
    soup_message_headers_set_content_length (headers, length);

  soup_server_message_set_status (call->message, status, NULL);
  if (call->paused)
    {
      call->paused = FALSE;
      soup_server_message_unpause (call->message);
    }
}

void
practice_call_answer (PracticeCall *call,
                      guint         status,
                      const char   *content_type,
                      GBytes       *body)
{
  g_autoptr(GPtrArray) pieces = g_ptr_array_new ();

  if (body != NULL)
    g_ptr_array_add (pieces, body);

  practice_call_answer_pieces (call, status, content_type, pieces);
}

void
practice_call_answer_text (PracticeCall *call,
                           guint         status,
                           const char   *content_type,
                           const char   *text)
{
  g_autoptr(GBytes) body = g_bytes_new (text, strlen (text));

  practice_call_answer (call, status, content_type, body);
}

void
practice_call_answer_empty (PracticeCall *call,
                            guint         status)
{
  practice_call_answer (call, status, NULL, NULL);
}

void
practice_call_answer_json (PracticeCall *call,
                           guint         status,
                           JsonObject   *object)
{
  g_autoptr(JsonObject) owned = object;
  g_autoptr(GBytes) body = aws_json_object_to_bytes (owned);
  const char *content_type = call->protocol == PRACTICE_PROTOCOL_JSON_1_0 ? "application/x-amz-json-1.0"
                           : call->protocol == PRACTICE_PROTOCOL_JSON_1_1 ? "application/x-amz-json-1.1"
                           : "application/json";

  practice_call_answer (call, status, content_type, body);
}

void
practice_call_answer_xml (PracticeCall *call,
                          guint         status,
                          const char   *xml)
{
  g_autofree char *document = g_strconcat (XML_DECLARATION, xml, NULL);

  practice_call_answer_text (call, status,
                             call->protocol == PRACTICE_PROTOCOL_S3 ? "application/xml" : "text/xml",
                             document);
}

void
practice_call_answer_query (PracticeCall *call,
                            const char   *result_xml)
{
  g_autoptr(GString) xml = g_string_new (NULL);

  g_string_append_printf (xml, "<%sResponse xmlns=\"%s\">", call->operation, call->service->xmlns);
  if (result_xml != NULL)
    g_string_append_printf (xml, "<%sResult>%s</%sResult>", call->operation, result_xml, call->operation);
  g_string_append_printf (xml, "<ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata></%sResponse>",
                          call->request_id, call->operation);

  practice_call_answer_xml (call, SOUP_STATUS_OK, xml->str);
}

static void
answer_xml_error (PracticeCall *call,
                  guint         status,
                  const char   *code,
                  const char   *extra,
                  const char   *message)
{
  g_autoptr(GString) xml = g_string_new (NULL);
  const char *xmlns = call->service != NULL ? call->service->xmlns : NULL;

  g_string_append_printf (xml, xmlns != NULL ? "<ErrorResponse xmlns=\"%s\">" : "<ErrorResponse>", xmlns);
  g_string_append_printf (xml, "<Error><Type>%s</Type>", status < 500 ? "Sender" : "Receiver");
  aws_xml_append_element (xml, "Code", code);
  aws_xml_append_element (xml, "Message", message);
  if (extra != NULL)
    g_string_append (xml, extra);
  g_string_append_printf (xml, "</Error><RequestId>%s</RequestId></ErrorResponse>", call->request_id);

  practice_call_answer_xml (call, status, xml->str);
}

static void
answer_s3_error (PracticeCall *call,
                 guint         status,
                 const char   *code,
                 const char   *extra,
                 const char   *message)
{
  g_autoptr(GString) xml = g_string_new ("<Error>");
  g_autofree char *id = g_base64_encode ((const guchar *) call->request_id, strlen (call->request_id));

  aws_xml_append_element (xml, "Code", code);
  aws_xml_append_element (xml, "Message", message);
  if (extra != NULL)
    g_string_append (xml, extra);
  aws_xml_append_element (xml, "RequestId", call->request_id);
  aws_xml_append_element (xml, "HostId", id);
  g_string_append (xml, "</Error>");

  /* S3 doesn't send the length of what a HEAD does not carry */
  if (g_str_equal (call->method, "HEAD") || status == SOUP_STATUS_NOT_MODIFIED)
    {
      practice_call_set_header (call, "Content-Type", "application/xml");
      practice_call_answer_empty (call, status);
    }
  else
    {
      practice_call_answer_xml (call, status, xml->str);
    }
}

static void
answer_json_error (PracticeCall *call,
                   guint         status,
                   const char   *code,
                   JsonObject   *extra,
                   const char   *message)
{
  JsonObject *object = extra != NULL ? extra : json_object_new ();
  const char *member = "message";

  if (call->protocol != PRACTICE_PROTOCOL_REST_JSON)
    json_object_set_string_member (object, "__type", code);
  else if (call->service != NULL && call->service->message_member != NULL)
    member = call->service->message_member;

  json_object_set_string_member (object, member, message);
  if (call->protocol == PRACTICE_PROTOCOL_REST_JSON)
    practice_call_set_header (call, "x-amzn-ErrorType", code);

  practice_call_answer_json (call, status, object);
}

void
practice_call_answer_error_extra (PracticeCall *call,
                                  guint         status,
                                  const char   *code,
                                  const char   *extra_xml,
                                  JsonObject   *extra_json,
                                  const char   *message)
{
  switch (call->protocol)
    {
    case PRACTICE_PROTOCOL_S3:
      answer_s3_error (call, status, code, extra_xml, message);
      break;

    case PRACTICE_PROTOCOL_REST_XML:
    case PRACTICE_PROTOCOL_QUERY:
      answer_xml_error (call, status, code, extra_xml, message);
      break;

    case PRACTICE_PROTOCOL_JSON_1_0:
    case PRACTICE_PROTOCOL_JSON_1_1:
    case PRACTICE_PROTOCOL_REST_JSON:
      answer_json_error (call, status, code, extra_json, message);
      return;

    case PRACTICE_PROTOCOL_SITE:
      practice_call_answer_text (call, status, "text/plain; charset=utf-8", message);
      break;

    default:
      g_assert_not_reached ();
    }

  g_clear_pointer (&extra_json, json_object_unref);
}

void
practice_call_answer_error (PracticeCall *call,
                            guint         status,
                            const char   *code,
                            const char   *format,
                            ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  practice_call_answer_error_extra (call, status, code, NULL, NULL, message);
}

void
practice_call_answer_unknown_operation (PracticeCall *call)
{
  switch (call->protocol)
    {
    case PRACTICE_PROTOCOL_S3:
      practice_call_answer_error (call, SOUP_STATUS_METHOD_NOT_ALLOWED, "MethodNotAllowed",
                                  "The specified method is not allowed against this resource.");
      break;

    case PRACTICE_PROTOCOL_QUERY:
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "InvalidAction",
                                  "Could not find operation %s for version %s",
                                  call->operation != NULL ? call->operation : "",
                                  practice_call_get_form (call, "Version") != NULL ? practice_call_get_form (call, "Version")
                                                                                   : "NO_VERSION_SPECIFIED");
      break;

    case PRACTICE_PROTOCOL_JSON_1_0:
    case PRACTICE_PROTOCOL_JSON_1_1:
      practice_call_answer_error (call, SOUP_STATUS_BAD_REQUEST, "com.amazon.coral.service#UnknownOperationException",
                                  "The operation is not known to this service.");
      break;

    case PRACTICE_PROTOCOL_REST_XML:
    case PRACTICE_PROTOCOL_REST_JSON:
      practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "UnknownOperationException",
                                  "The operation is not known to this service.");
      break;

    case PRACTICE_PROTOCOL_SITE:
      practice_call_answer_error (call, SOUP_STATUS_NOT_FOUND, "NotFound", "Nothing is here.");
      break;

    default:
      g_assert_not_reached ();
    }
}

void
practice_call_answer_internal (PracticeCall *call,
                               const GError *error)
{
  g_autofree char *message = g_strdup_printf ("We encountered an internal error. Please try again. (%s)",
                                              error != NULL ? error->message : "no reason is known");
  const char *code = "InternalServerError";

  g_debug ("%s failed: %s", call->operation, message);

  if (call->protocol == PRACTICE_PROTOCOL_S3)
    code = "InternalError";
  else if (call->protocol == PRACTICE_PROTOCOL_QUERY || call->protocol == PRACTICE_PROTOCOL_REST_XML)
    code = "InternalFailure";
  else if (call->protocol == PRACTICE_PROTOCOL_REST_JSON)
    code = "InternalServerException";

  practice_call_answer_error_extra (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, code, NULL, NULL, message);
}
