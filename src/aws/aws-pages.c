/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-pages.h"

static void
aws_pages_clear (gpointer data)
{
  AwsPages *self = data;

  g_clear_object (&self->client);
  if (self->data_destroy != NULL)
    self->data_destroy (self->data);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->second_token, g_free);
  g_clear_pointer (&self->last_token, g_free);
}

static void
aws_pages_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, aws_pages_clear);
}

static DexFuture *
request_page (AwsPages *self)
{
  g_autoptr(AwsRequest) request = self->make_request (self);

  g_set_str (&self->last_token, self->token);
  g_clear_pointer (&self->token, g_free);

  return aws_client_send (self->client, request);
}

static DexFuture *
page_arrived (DexFuture *completed,
              gpointer   user_data)
{
  AwsPages *self = user_data;
  const GValue *value = dex_future_get_value (completed, NULL);
  GError *error = NULL;

  if (!self->read (self, g_value_get_boxed (value), &error))
    return dex_future_new_for_error (error);

  if (self->token == NULL || *self->token == '\0')
    return NULL;

  /* Or the pages would never end */
  if (g_strcmp0 (self->token, self->last_token) == 0)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The service gave the same page twice");

  return request_page (self);
}

static DexFuture *
all_arrived (DexFuture *completed,
             gpointer   user_data)
{
  AwsPages *self = user_data;

  return dex_future_new_take_boxed (G_TYPE_PTR_ARRAY, g_ptr_array_ref (self->results));
}

/* Asks for page after page. Resolves to a GPtrArray of what @read added to the results. */
DexFuture *
aws_pages_run (AwsClient           *client,
               AwsPagesRequestFunc  make_request,
               AwsPagesReadFunc     read,
               gpointer             data,
               GDestroyNotify       data_destroy,
               GDestroyNotify       result_free)
{
  AwsPages *self = g_atomic_rc_box_new0 (AwsPages);
  DexFuture *future;

  self->client = g_object_ref (client);
  self->make_request = make_request;
  self->read = read;
  self->data = data;
  self->data_destroy = data_destroy;
  self->results = g_ptr_array_new_with_free_func (result_free);

  future = dex_future_then_loop (request_page (self), page_arrived, g_atomic_rc_box_acquire (self), aws_pages_unref);

  return dex_future_then (future, all_arrived, self, aws_pages_unref);
}
