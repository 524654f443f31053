/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-client.h"

G_BEGIN_DECLS

typedef struct _AwsPages AwsPages;

/* Makes the request for the page that the tokens name; the first has none. */
typedef AwsRequest *(*AwsPagesRequestFunc) (AwsPages     *pages);

/* Reads a page: adds to the results, and sets the token of the next page if there is one. */
typedef gboolean    (*AwsPagesReadFunc)    (AwsPages     *pages,
                                            AwsResponse  *response,
                                            GError      **error);

/* A call whose answer comes in pages. */
struct _AwsPages
{
  AwsClient           *client;
  AwsPagesRequestFunc  make_request;
  AwsPagesReadFunc     read;
  gpointer             data;
  GDestroyNotify       data_destroy;

  GPtrArray           *results;
  char                *token;
  char                *second_token;
  char                *last_token;
};

DexFuture *aws_pages_run (AwsClient           *client,
                          AwsPagesRequestFunc  make_request,
                          AwsPagesReadFunc     read,
                          gpointer             data,
                          GDestroyNotify       data_destroy,
                          GDestroyNotify       result_free) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
