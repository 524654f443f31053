/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "aws-client.h"
#include "aws-json.h"
#include "aws-service.h"
#include "aws-shape.h"

G_BEGIN_DECLS

typedef struct _AwsOperation AwsOperation;

/* One operation of a service. The protocol, the version and the target prefix are the service's (aws-service.c). */
struct _AwsOperation
{
  const char     *service;        /* an id of aws-service.c */
  const char     *name;
  const char     *method;         /* NULL: POST */
  const char     *uri;            /* NULL: "/"; "/2013-04-01/hostedzone/{Id}/rrset?x" for REST protocols */
  const AwsShape *input;          /* members; NULL: none */
  const char     *input_element;  /* REST-XML: the element around the input, where it is not NAMERequest */
  const AwsShape *output;         /* members; NULL: none */
  const char     *output_element; /* query: the element around the output, where it is not NAMEResult */

  const char     *host_prefix;    /* goes before the host: "{AccountId}."; labels may name a part of an ARN: "{Arn:account}." */

  /* For answers that come in pages */
  struct
  {
    const char *items;            /* the list in the output; dots for members of members */
    const char *token;            /* of the output: where the next page begins; dots as above. Several, separated by commas */
    const char *input_token;      /* of the input; NULL: as in the output. As many as there are in token */
    const char *more;             /* a boolean of the output that says whether there are more; NULL: a token says so */
  } pages;

  /* How it is sent */
  guint           attempts;       /* 0: as the service */
  gboolean        unsigned_request;
  gboolean        error_in_200;
  const char     *region;         /* the only one; NULL: the service's or the client's */
};

/* Values are JSON objects, member names as in the tables. A member that is absent or null is not sent; what the answer
 * does not have is absent; members that no table knows are dropped. */
AwsRequest *aws_operation_new_request   (const AwsOperation *self,
                                         JsonObject         *input,
                                         GError            **error);
JsonObject *aws_operation_read_response (const AwsOperation *self,
                                         AwsResponse        *response,
                                         GError            **error);

/* Takes the reference to the input, which may be NULL. Resolves to a JsonObject (boxed). */
DexFuture  *aws_operation_call          (const AwsOperation *self,
                                         AwsClient          *client,
                                         JsonObject         *input) G_GNUC_WARN_UNUSED_RESULT;

/* The same for a request that aws_operation_new_request() made and that was given more, such as a header. */
DexFuture  *aws_operation_send          (const AwsOperation *self,
                                         AwsClient          *client,
                                         AwsRequest         *request) G_GNUC_WARN_UNUSED_RESULT;

/* Asks for page after page. Resolves to a JsonArray (boxed) of the items of all of them. */
DexFuture  *aws_operation_call_pages    (const AwsOperation *self,
                                         AwsClient          *client,
                                         JsonObject         *input) G_GNUC_WARN_UNUSED_RESULT;

/* The same two, with the answer made into typed values: @type is a boxed type of AWS_DEFINE_DOCUMENT().
 * @member is the member of the output that is the value, NULL for the whole output; dots for members of members.
 * call_document resolves to one of them (AWS_ERROR_BAD_ANSWER if the answer has none), call_documents to a GPtrArray (boxed). */
DexFuture  *aws_operation_call_document  (const AwsOperation *self,
                                          AwsClient          *client,
                                          JsonObject         *input,
                                          GType               type,
                                          const char         *member) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_operation_call_documents (const AwsOperation *self,
                                          AwsClient          *client,
                                          JsonObject         *input,
                                          GType               type) G_GNUC_WARN_UNUSED_RESULT;

/* Resolves to a string of the output, or TRUE if only success matters. */
DexFuture  *aws_operation_call_string    (const AwsOperation *self,
                                          AwsClient          *client,
                                          JsonObject         *input,
                                          const char         *member) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_operation_call_done      (const AwsOperation *self,
                                          AwsClient          *client,
                                          JsonObject         *input) G_GNUC_WARN_UNUSED_RESULT;

/* All operations there are, for tests and tools; each file of a service has a table of its own. */
const AwsOperation *aws_operation_find (const char *service,
                                        const char *name);
const AwsOperation * const *aws_operation_list (guint *n_operations);

/* Inputs: NULL strings, NULL or empty lists of strings and NULL times are left out. */
void        aws_input_set_string  (JsonObject         *input,
                                   const char         *name,
                                   const char         *value);
void        aws_input_set_int     (JsonObject         *input,
                                   const char         *name,
                                   gint64              value);
void        aws_input_set_bool    (JsonObject         *input,
                                   const char         *name,
                                   gboolean            value);
void        aws_input_set_strings (JsonObject         *input,
                                   const char         *name,
                                   const char * const *values);
void        aws_input_set_time    (JsonObject         *input,
                                   const char         *name,
                                   GDateTime          *time);
void        aws_input_set_object  (JsonObject         *input,
                                   const char         *name,
                                   JsonObject         *value);
void        aws_input_set_array   (JsonObject         *input,
                                   const char         *name,
                                   JsonArray          *value);

G_END_DECLS
