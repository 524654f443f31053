/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

typedef enum
{
  PRACTICE_KVS_ERROR_FAILED,
  PRACTICE_KVS_ERROR_EXISTS,        /* EntityAlreadyExists */
  PRACTICE_KVS_ERROR_NOT_FOUND,     /* EntityNotFound */
  PRACTICE_KVS_ERROR_IN_USE,        /* CannotDeleteEntityWhileInUse */
  PRACTICE_KVS_ERROR_INVALID,
} PracticeKvsError;

#define PRACTICE_KVS_ERROR (practice_kvs_error_quark ())
GQuark    practice_kvs_error_quark   (void);

typedef struct
{
  char     *name;
  char     *id;
  char     *arn;
  char     *comment;
  char     *status;            /* PROVISIONING, READY */
  char     *control_etag;      /* of the control plane; the data plane's is another one */
  char     *data_etag;
  gint64    created;           /* microseconds */
  gint64    modified;
  guint     item_count;
  guint64   size;
} PracticeKvs;

gboolean      practice_kvs_init       (Practice     *practice,
                                       GError      **error);

/* Control plane, for CloudFormation and the CloudFront API. The name is unique in the account. */
PracticeKvs  *practice_kvs_create     (Practice     *practice,
                                       const char   *name,
                                       const char   *comment,
                                       GError      **error);
gboolean      practice_kvs_update     (Practice     *practice,
                                       const char   *name,
                                       const char   *comment,
                                       GError      **error);
gboolean      practice_kvs_delete     (Practice     *practice,
                                       const char   *name,
                                       GError      **error);
/* By name or by ARN or by id. */
PracticeKvs  *practice_kvs_lookup     (Practice     *practice,
                                       const char   *name_or_arn);
void          practice_kvs_free       (PracticeKvs  *kvs);

/* Functions that read a store hold it: delete is refused (IN_USE) while one does. @function is the function's ARN or name. */
gboolean      practice_kvs_associate  (Practice     *practice,
                                       const char   *arn,
                                       const char   *function,
                                       GError      **error);
void          practice_kvs_dissociate (Practice     *practice,
                                       const char   *function);

/* Data, for cf.kvs() of the edge function. */
char         *practice_kvs_get        (Practice     *practice,
                                       const char   *arn,
                                       const char   *key);      /* NULL: no such key */
/* What workflows write. */
PracticeKvs  *practice_kvs_put        (Practice     *practice,
                                       const char   *arn,
                                       const char   *key,
                                       const char   *value,
                                       const char   *etag,
                                       GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeKvs, practice_kvs_free)

G_END_DECLS
