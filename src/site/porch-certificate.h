/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "aws-acm.h"
#include "porch-problem.h"

G_BEGIN_DECLS

/* Where the network that shows sites takes certificates from; the site itself may live anywhere */
#define PORCH_CERTIFICATE_REGION "us-east-1"

/* How long proofs may take, in hours: then the request is over. ACM User Guide, DNS validation. */
#define PORCH_CERTIFICATE_PATIENCE 72

/**
 * PorchCertificateState:
 * @PORCH_CERTIFICATE_PENDING: asked for; waits for the records that show whose the names are
 * @PORCH_CERTIFICATE_ISSUED: good
 * @PORCH_CERTIFICATE_ENDING: good for a while, but it will not be renewed as things are
 * @PORCH_CERTIFICATE_FAILED: refused, timed out, expired or revoked
 *
 * How a certificate is.
 */
typedef enum
{
  PORCH_CERTIFICATE_PENDING,
  PORCH_CERTIFICATE_ISSUED,
  PORCH_CERTIFICATE_ENDING,
  PORCH_CERTIFICATE_FAILED,
} PorchCertificateState;

#define PORCH_TYPE_CERTIFICATE_STATE (porch_certificate_state_get_type ())
#define PORCH_TYPE_CERTIFICATE (porch_certificate_get_type ())

GType                  porch_certificate_state_get_type    (void) G_GNUC_CONST;

G_DECLARE_FINAL_TYPE (PorchCertificate, porch_certificate, PORCH, CERTIFICATE, GObject)

/* A record that shows that a name is the owner's */
typedef struct
{
  char     *domain;      /* which of the certificate's names */
  char     *name;        /* the record's name, without a dot at its end */
  char     *value;       /* likewise; it is a CNAME */
  gboolean  is_missing;  /* looked for, and not there or something else */
} PorchCertificateProof;

PorchCertificate      *porch_certificate_new               (AwsCertificate     *answer,
                                                            const char * const *missing,
                                                            GDateTime          *now);
const char            *porch_certificate_get_arn           (PorchCertificate   *self);
PorchCertificateState  porch_certificate_get_state         (PorchCertificate   *self);
const char * const    *porch_certificate_get_names         (PorchCertificate   *self);
GDateTime             *porch_certificate_get_issued        (PorchCertificate   *self);
GDateTime             *porch_certificate_get_expires       (PorchCertificate   *self);
const char            *porch_certificate_get_sentence      (PorchCertificate   *self);
PorchProblem          *porch_certificate_get_problem       (PorchCertificate   *self);
GPtrArray             *porch_certificate_get_proofs        (PorchCertificate   *self);

gboolean               porch_certificate_is_fitting        (AwsCertificate     *certificate,
                                                            const char * const *names,
                                                            GDateTime          *now);
void                   porch_certificate_set_failure       (AwsCertificate     *certificate,
                                                            GError            **error);
char                  *porch_certificate_build_token       (const char         *site,
                                                            const char * const *names,
                                                            guint               n_tries);

/* @client is one for PORCH_CERTIFICATE_REGION */
DexFuture             *porch_certificate_find              (AwsClient          *client,
                                                            const char * const *names) G_GNUC_WARN_UNUSED_RESULT;
DexFuture             *porch_certificate_request           (AwsClient          *client,
                                                            const char * const *names,
                                                            const char         *token,
                                                            const char         *site) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
