/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-boxed.h"
#include "aws-client.h"

G_BEGIN_DECLS

#define AWS_TYPE_CERTIFICATE       (aws_certificate_get_type ())
#define AWS_TYPE_CERTIFICATE_PROOF (aws_certificate_proof_get_type ())

/* A certificate for names of a site. */
AWS_DECLARE_BOXED (AwsCertificate, aws_certificate)

const char *aws_certificate_get_arn            (AwsCertificate *self);
const char *aws_certificate_get_domain_name    (AwsCertificate *self);
GStrv       aws_certificate_dup_names          (AwsCertificate *self);
gboolean    aws_certificate_has_more_names     (AwsCertificate *self);
const char *aws_certificate_get_status         (AwsCertificate *self);
gboolean    aws_certificate_is_issued          (AwsCertificate *self);
gboolean    aws_certificate_is_pending         (AwsCertificate *self);
const char *aws_certificate_get_failure_reason (AwsCertificate *self);
const char *aws_certificate_get_key_algorithm  (AwsCertificate *self);
const char *aws_certificate_get_kind           (AwsCertificate *self);
gboolean    aws_certificate_is_exportable      (AwsCertificate *self);
const char *aws_certificate_get_manager        (AwsCertificate *self);
const char *aws_certificate_get_renewal_status (AwsCertificate *self);
GDateTime  *aws_certificate_dup_created        (AwsCertificate *self);
GDateTime  *aws_certificate_dup_issued         (AwsCertificate *self);
GDateTime  *aws_certificate_dup_expires        (AwsCertificate *self);
GStrv       aws_certificate_dup_users          (AwsCertificate *self);
GPtrArray  *aws_certificate_dup_proofs         (AwsCertificate *self);
gboolean    aws_certificate_covers             (AwsCertificate *self,
                                                const char     *name);

/* What shows that a name of a certificate is the account's: a record in the DNS. */
AWS_DECLARE_BOXED (AwsCertificateProof, aws_certificate_proof)

const char *aws_certificate_proof_get_domain_name  (AwsCertificateProof *self);
const char *aws_certificate_proof_get_status       (AwsCertificateProof *self);
const char *aws_certificate_proof_get_record_name  (AwsCertificateProof *self);
const char *aws_certificate_proof_get_record_type  (AwsCertificateProof *self);
const char *aws_certificate_proof_get_record_value (AwsCertificateProof *self);

DexFuture  *aws_acm_request_certificate  (AwsClient          *client,
                                          const char         *domain_name,
                                          const char * const *other_names,
                                          const char         *key_algorithm,
                                          const char         *token,
                                          const char * const *tags) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_acm_describe_certificate (AwsClient          *client,
                                          const char         *arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_acm_list_certificates    (AwsClient          *client,
                                          const char * const *statuses) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_acm_delete_certificate   (AwsClient          *client,
                                          const char         *arn) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_acm_add_tags             (AwsClient          *client,
                                          const char         *arn,
                                          const char * const *tags) G_GNUC_WARN_UNUSED_RESULT;
DexFuture  *aws_acm_list_tags            (AwsClient          *client,
                                          const char         *arn) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
