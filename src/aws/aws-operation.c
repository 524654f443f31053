/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-operation.h"

#include <string.h>

#include "aws-codec-private.h"
#include "aws-document.h"
#include "aws-error-private.h"

/**
 * aws_operation_new_request:
 * @self: an operation
 * @input: (nullable): the input; members as in the table, see [struct@AwsShape]
 * @error: return location
 *
 * Makes the request for an operation.
 *
 * Returns: (transfer full) (nullable): the request, or %NULL with `AWS_ERROR_INVALID` if the input does not fit the table
 */
AwsRequest *
aws_operation_new_request (const AwsOperation  *self,
                           JsonObject          *input,
                           GError             **error)
{
  const AwsService *service;

  g_return_val_if_fail (self != NULL, NULL);

  service = aws_service_find (self->service);
  g_return_val_if_fail (service != NULL, NULL);

  return aws_codec_new_request (service, self, input, error);
}

/**
 * aws_operation_read_response:
 * @self: an operation
 * @response: a successful answer to it
 * @error: return location
 *
 * Reads an answer.
 *
 * Returns: (transfer full) (nullable): the output, members as in the table, or %NULL with `AWS_ERROR_BAD_ANSWER`
 */
JsonObject *
aws_operation_read_response (const AwsOperation  *self,
                             AwsResponse         *response,
                             GError             **error)
{
  g_autoptr(GError) local_error = NULL;
  const AwsService *service;
  JsonObject *output;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (response != NULL, NULL);

  service = aws_service_find (self->service);
  g_return_val_if_fail (service != NULL, NULL);

  output = aws_codec_read_response (service, self, response, &local_error);
  if (output == NULL)
    g_propagate_error (error, aws_error_new (AWS_ERROR_BAD_ANSWER, NULL, local_error->message,
                                             aws_response_get_status (response), aws_response_get_request_id (response)));

  return output;
}

static DexFuture *
read_answer (DexFuture *completed,
             gpointer   user_data)
{
  const AwsOperation *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  GError *error = NULL;
  JsonObject *output = aws_operation_read_response (self, g_value_get_boxed (value), &error);

  if (output == NULL)
    return dex_future_new_for_error (error);

  return dex_future_new_take_boxed (JSON_TYPE_OBJECT, output);
}

/**
 * aws_operation_send:
 * @self: an operation
 * @client: a client
 * @request: a request of [func@aws_operation_new_request]
 *
 * Sends a request and reads the answer.
 *
 * Returns: (transfer full): resolves to a [struct@Json.Object], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_send (const AwsOperation *self,
                    AwsClient          *client,
                    AwsRequest         *request)
{
  dex_return_error_if_fail (self != NULL);
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (request != NULL);

  return dex_future_then (aws_client_send (client, request), read_answer, (gpointer) self, NULL);
}

static DexFuture *
call (const AwsOperation *self,
      AwsClient          *client,
      JsonObject         *input)
{
  g_autoptr(AwsRequest) request = NULL;
  GError *error = NULL;

  request = aws_operation_new_request (self, input, &error);
  if (request == NULL)
    return dex_future_new_for_error (error);

  return aws_operation_send (self, client, request);
}

/**
 * aws_operation_call:
 * @self: an operation
 * @client: a client
 * @input: (transfer full) (nullable): the input
 *
 * Calls an operation.
 *
 * Returns: (transfer full): resolves to the output, a [struct@Json.Object], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_call (const AwsOperation *self,
                    AwsClient          *client,
                    JsonObject         *input)
{
  g_autoptr(JsonObject) taken = input;

  dex_return_error_if_fail (self != NULL);
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return call (self, client, taken);
}

/* The value at the end of a path of members joined with dots; the last one of lists */
static JsonNode *
find_value (JsonObject *object,
            const char *path)
{
  g_auto(GStrv) names = g_strsplit (path, ".", -1);
  JsonNode *node = NULL;

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (i > 0)
        object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      node = object != NULL ? json_object_get_member (object, names[i]) : NULL;
    }

  return node;
}

/* A call whose answer comes in pages */
typedef struct
{
  const AwsOperation *operation;
  AwsClient          *client;
  JsonObject         *input;
  JsonArray          *items;
  GStrv               tokens;
  GStrv               input_tokens;
} Pages;

static void
pages_clear (gpointer data)
{
  Pages *self = data;

  g_clear_object (&self->client);
  g_clear_pointer (&self->input, json_object_unref);
  g_clear_pointer (&self->items, json_array_unref);
  g_clear_pointer (&self->tokens, g_strfreev);
  g_clear_pointer (&self->input_tokens, g_strfreev);
}

static void
pages_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, pages_clear);
}

static Pages *
pages_new (const AwsOperation *operation,
           AwsClient          *client,
           JsonObject         *input)
{
  Pages *self = g_atomic_rc_box_new0 (Pages);
  const char *token = operation->pages.token != NULL ? operation->pages.token : "";
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  self->operation = operation;
  self->client = g_object_ref (client);
  self->items = json_array_new ();
  self->tokens = g_strsplit (token, ",", -1);
  self->input_tokens = g_strsplit (operation->pages.input_token != NULL ? operation->pages.input_token : token, ",", -1);

  /* The caller's object stays as it is */
  self->input = json_object_new ();
  if (input != NULL)
    {
      json_object_iter_init_ordered (&iter, input);
      while (json_object_iter_next_ordered (&iter, &name, &value))
        json_object_set_member (self->input, name, json_node_ref (value));
    }

  return self;
}

/* An empty text is none */
static gboolean
is_token (JsonNode *node)
{
  return node != NULL && !JSON_NODE_HOLDS_NULL (node) &&
         !(JSON_NODE_HOLDS_VALUE (node) && g_strcmp0 (json_node_get_string (node), "") == 0);
}

/* Puts where the next page begins into the input: FALSE if that is nowhere, or, with an error, where it was before */
static gboolean
turn_page (Pages       *self,
           JsonObject  *output,
           GError     **error)
{
  const char *more = self->operation->pages.more;
  JsonNode *says_more = more != NULL ? find_value (output, more) : NULL;
  gboolean any = FALSE;
  gboolean moved = FALSE;

  if (more != NULL && (says_more == NULL || !JSON_NODE_HOLDS_VALUE (says_more) || !json_node_get_boolean (says_more)))
    return FALSE;

  for (guint i = 0; self->tokens[i] != NULL && self->input_tokens[i] != NULL; i++)
    {
      JsonNode *token = find_value (output, self->tokens[i]);
      JsonNode *last = json_object_get_member (self->input, self->input_tokens[i]);
      gboolean there = is_token (token);

      any |= there;
      moved |= there != (last != NULL) || (there && !json_node_equal (token, last));
      if (there)
        json_object_set_member (self->input, self->input_tokens[i], json_node_ref (token));
      else if (json_object_has_member (self->input, self->input_tokens[i]))
        json_object_remove_member (self->input, self->input_tokens[i]);
    }

  if (!any && more == NULL)
    return FALSE;

  /* Or the pages would never end */
  if (!any || !moved)
    {
      g_set_error_literal (error, AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The service gave the same page twice");
      return FALSE;
    }

  return TRUE;
}

static DexFuture *
page_arrived (DexFuture *completed,
              gpointer   user_data)
{
  Pages *self = user_data;
  JsonObject *output = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonNode *items = find_value (output, self->operation->pages.items);
  GError *error = NULL;

  if (items != NULL && JSON_NODE_HOLDS_ARRAY (items))
    {
      JsonArray *array = json_node_get_array (items);

      for (guint i = 0; i < json_array_get_length (array); i++)
        json_array_add_element (self->items, json_array_dup_element (array, i));
    }

  if (turn_page (self, output, &error))
    return call (self->operation, self->client, self->input);

  return error != NULL ? dex_future_new_for_error (error) : NULL;
}

static DexFuture *
pages_ended (DexFuture *completed,
             gpointer   user_data)
{
  Pages *self = user_data;

  return dex_future_new_take_boxed (JSON_TYPE_ARRAY, json_array_ref (self->items));
}

/**
 * aws_operation_call_pages:
 * @self: an operation whose table says how its answers go on
 * @client: a client
 * @input: (transfer full) (nullable): the input for the first page
 *
 * Calls an operation until it has given all items.
 *
 * Returns: (transfer full): resolves to all of them, a [struct@Json.Array], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_call_pages (const AwsOperation *self,
                          AwsClient          *client,
                          JsonObject         *input)
{
  g_autoptr(JsonObject) taken = input;
  DexFuture *future;
  Pages *pages;

  dex_return_error_if_fail (self != NULL);
  dex_return_error_if_fail (self->pages.items != NULL);
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  pages = pages_new (self, client, taken);
  future = dex_future_then_loop (call (self, client, pages->input), page_arrived, g_atomic_rc_box_acquire (pages), pages_unref);

  return dex_future_then (future, pages_ended, pages, pages_unref);
}

/* What is to be made of an answer */
typedef struct
{
  const AwsOperation *operation;
  char               *member;
  GType               type;
} Wanted;

static Wanted *
wanted_new (const AwsOperation *operation,
            const char         *member,
            GType               type)
{
  Wanted *self = g_new0 (Wanted, 1);

  self->operation = operation;
  self->member = g_strdup (member);
  self->type = type;

  return self;
}

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  g_free (self->member);
  g_free (self);
}

static DexFuture *
reject_without (Wanted *self)
{
  return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer to %s has no %s",
                                self->operation->name, self->member);
}

static DexFuture *
make_document (DexFuture *completed,
               gpointer   user_data)
{
  Wanted *self = user_data;
  JsonObject *object = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonNode *node = self->member != NULL ? find_value (object, self->member) : NULL;

  if (self->member != NULL && (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)))
    return reject_without (self);

  return dex_future_new_take_boxed (self->type, aws_document_new (node != NULL ? json_node_get_object (node) : object));
}

/**
 * aws_operation_call_document:
 * @self: an operation
 * @client: a client
 * @input: (transfer full) (nullable): the input
 * @type: a type of AWS_DEFINE_DOCUMENT()
 * @member: (nullable): the structure of the output to take, with dots for one in another; %NULL for all of it
 *
 * Calls an operation and makes a value of its answer.
 *
 * Returns: (transfer full): resolves to a value of @type, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_call_document (const AwsOperation *self,
                             AwsClient          *client,
                             JsonObject         *input,
                             GType               type,
                             const char         *member)
{
  return dex_future_then (aws_operation_call (self, client, input),
                          make_document, wanted_new (self, member, type), wanted_free);
}

static DexFuture *
make_documents (DexFuture *completed,
                gpointer   user_data)
{
  JsonArray *array = g_value_get_boxed (dex_future_get_value (completed, NULL));

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, aws_document_new_list (array));
}

/**
 * aws_operation_call_documents:
 * @self: an operation whose table says how its answers go on
 * @client: a client
 * @input: (transfer full) (nullable): the input
 * @type: a type of AWS_DEFINE_DOCUMENT()
 *
 * Calls an operation until it has given all items, and makes values of them.
 *
 * Returns: (transfer full): resolves to a [struct@GLib.PtrArray] of values of @type, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_call_documents (const AwsOperation *self,
                              AwsClient          *client,
                              JsonObject         *input,
                              GType               type)
{
  return dex_future_then (aws_operation_call_pages (self, client, input), make_documents, NULL, NULL);
}

static DexFuture *
make_string (DexFuture *completed,
             gpointer   user_data)
{
  Wanted *self = user_data;
  JsonObject *object = g_value_get_boxed (dex_future_get_value (completed, NULL));
  JsonNode *node = find_value (object, self->member);
  const char *text = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  return text != NULL ? dex_future_new_take_string (g_strdup (text)) : reject_without (self);
}

/**
 * aws_operation_call_string:
 * @self: an operation
 * @client: a client
 * @input: (transfer full) (nullable): the input
 * @member: the string of the output to take, with dots for one in a structure
 *
 * Calls an operation of whose answer one string is wanted.
 *
 * Returns: (transfer full): resolves to the string, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_call_string (const AwsOperation *self,
                           AwsClient          *client,
                           JsonObject         *input,
                           const char         *member)
{
  dex_return_error_if_fail (member != NULL);

  return dex_future_then (aws_operation_call (self, client, input),
                          make_string, wanted_new (self, member, G_TYPE_STRING), wanted_free);
}

static DexFuture *
make_true (DexFuture *completed,
           gpointer   user_data)
{
  return dex_future_new_true ();
}

/**
 * aws_operation_call_done:
 * @self: an operation
 * @client: a client
 * @input: (transfer full) (nullable): the input
 *
 * Calls an operation of which only success matters.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_operation_call_done (const AwsOperation *self,
                         AwsClient          *client,
                         JsonObject         *input)
{
  return dex_future_then (aws_operation_call (self, client, input), make_true, NULL, NULL);
}

/**
 * aws_input_set_string:
 * @input: an input
 * @name: the name of a member
 * @value: (nullable): its value; nothing is set for %NULL
 *
 * Sets a string.
 */
void
aws_input_set_string (JsonObject *input,
                      const char *name,
                      const char *value)
{
  if (value != NULL)
    json_object_set_string_member (input, name, value);
}

/**
 * aws_input_set_int:
 * @input: an input
 * @name: the name of a member
 * @value: its value
 *
 * Sets a whole number.
 */
void
aws_input_set_int (JsonObject *input,
                   const char *name,
                   gint64      value)
{
  json_object_set_int_member (input, name, value);
}

/**
 * aws_input_set_bool:
 * @input: an input
 * @name: the name of a member
 * @value: its value
 *
 * Sets a truth value.
 */
void
aws_input_set_bool (JsonObject *input,
                    const char *name,
                    gboolean    value)
{
  json_object_set_boolean_member (input, name, value);
}

/**
 * aws_input_set_strings:
 * @input: an input
 * @name: the name of a member
 * @values: (nullable): its values; nothing is set for %NULL or no values
 *
 * Sets a list of strings.
 */
void
aws_input_set_strings (JsonObject         *input,
                       const char         *name,
                       const char * const *values)
{
  JsonArray *array;

  if (values == NULL || values[0] == NULL)
    return;

  array = json_array_new ();
  for (guint i = 0; values[i] != NULL; i++)
    json_array_add_string_element (array, values[i]);
  json_object_set_array_member (input, name, array);
}

/**
 * aws_input_set_time:
 * @input: an input
 * @name: the name of a member
 * @time: (nullable): its value; nothing is set for %NULL
 *
 * Sets a time.
 */
void
aws_input_set_time (JsonObject *input,
                    const char *name,
                    GDateTime  *time)
{
  if (time == NULL)
    return;

  if (g_date_time_get_microsecond (time) == 0)
    json_object_set_int_member (input, name, g_date_time_to_unix (time));
  else
    json_object_set_double_member (input, name, g_date_time_to_unix_usec (time) / (double) G_USEC_PER_SEC);
}

/**
 * aws_input_set_object:
 * @input: an input
 * @name: the name of a member
 * @value: (transfer full) (nullable): its value; nothing is set for %NULL
 *
 * Sets a structure or a map.
 */
void
aws_input_set_object (JsonObject *input,
                      const char *name,
                      JsonObject *value)
{
  if (value != NULL)
    json_object_set_object_member (input, name, value);
}

/**
 * aws_input_set_array:
 * @input: an input
 * @name: the name of a member
 * @value: (transfer full) (nullable): its value; nothing is set for %NULL
 *
 * Sets a list.
 */
void
aws_input_set_array (JsonObject *input,
                     const char *name,
                     JsonArray  *value)
{
  if (value != NULL)
    json_object_set_array_member (input, name, value);
}
