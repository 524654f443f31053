/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-acm.h"

#include <string.h>

#include "aws-document.h"
#include "aws-operations-private.h"
#include "aws-tag.h"

static const AwsShape tag[] = {
  { "Key", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Value" },
  { NULL }
};

static const AwsShape record[] = {
  { "Name" },
  { "Type" },
  { "Value" },
  { NULL }
};

static const AwsShape validation[] = {
  { "DomainName" },
  { "ValidationStatus" },
  { "ValidationMethod" },
  { "ResourceRecord", AWS_STRUCTURE (record) },
  { NULL }
};

static const AwsShape renewal[] = {
  { "RenewalStatus" },
  { "RenewalStatusReason" },
  { "DomainValidationOptions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (validation) }) },
  { "UpdatedAt", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape certificate[] = {
  { "CertificateArn" },
  { "DomainName" },
  { "SubjectAlternativeNames", AWS_LIST_OF ({ NULL }) },
  { "DomainValidationOptions", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (validation) }) },
  { "CreatedAt", AWS_SHAPE_TIMESTAMP },
  { "IssuedAt", AWS_SHAPE_TIMESTAMP },
  { "Status" },
  { "NotBefore", AWS_SHAPE_TIMESTAMP },
  { "NotAfter", AWS_SHAPE_TIMESTAMP },
  { "KeyAlgorithm" },
  { "InUseBy", AWS_LIST_OF ({ NULL }) },
  { "FailureReason" },
  { "Type" },
  { "RenewalSummary", AWS_STRUCTURE (renewal) },
  { "RenewalEligibility" },
  { "ManagedBy" },
  { NULL }
};

static const AwsShape certificate_arn[] = {
  { "CertificateArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape request_certificate_input[] = {
  { "DomainName", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "ValidationMethod" },
  { "SubjectAlternativeNames", AWS_LIST_OF ({ NULL }) },
  { "IdempotencyToken" },
  { "KeyAlgorithm" },
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag) }) },
  { NULL }
};

static const AwsShape request_certificate_output[] = {
  { "CertificateArn" },
  { NULL }
};

static const AwsOperation request_certificate = {
  "acm", "RequestCertificate", .input = request_certificate_input, .output = request_certificate_output,
};

static const AwsShape describe_certificate_output[] = {
  { "Certificate", AWS_STRUCTURE (certificate) },
  { NULL }
};

static const AwsOperation describe_certificate = {
  "acm", "DescribeCertificate", .input = certificate_arn, .output = describe_certificate_output,
};

static const AwsShape includes[] = {
  { "keyTypes", AWS_LIST_OF ({ NULL }) },
  { NULL }
};

static const AwsShape list_certificates_input[] = {
  { "CertificateStatuses", AWS_LIST_OF ({ NULL }) },
  { "Includes", AWS_STRUCTURE (includes) },
  { "NextToken" },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { NULL }
};

static const AwsShape certificate_summary[] = {
  { "CertificateArn" },
  { "DomainName" },
  { "SubjectAlternativeNameSummaries", AWS_LIST_OF ({ NULL }) },
  { "HasAdditionalSubjectAlternativeNames", AWS_SHAPE_BOOLEAN },
  { "Status" },
  { "Type" },
  { "KeyAlgorithm" },
  { "InUse", AWS_SHAPE_BOOLEAN },
  { "ExportOption" },
  { "ManagedBy" },
  { "NotBefore", AWS_SHAPE_TIMESTAMP },
  { "NotAfter", AWS_SHAPE_TIMESTAMP },
  { "CreatedAt", AWS_SHAPE_TIMESTAMP },
  { "IssuedAt", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape list_certificates_output[] = {
  { "CertificateSummaryList", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (certificate_summary) }) },
  { "NextToken" },
  { NULL }
};

static const AwsOperation list_certificates = {
  "acm", "ListCertificates", .input = list_certificates_input, .output = list_certificates_output,
  .pages = { "CertificateSummaryList", "NextToken" },
};

static const AwsOperation delete_certificate = {
  "acm", "DeleteCertificate", .input = certificate_arn,
};

static const AwsShape add_tags_input[] = {
  { "CertificateArn", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag) }), .flags = AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsOperation add_tags = {
  "acm", "AddTagsToCertificate", .input = add_tags_input,
};

static const AwsShape list_tags_output[] = {
  { "Tags", AWS_LIST_OF ({ NULL, AWS_STRUCTURE (tag) }) },
  { NULL }
};

/* All tags come at once; read as the only page */
static const AwsOperation list_tags = {
  "acm", "ListTagsForCertificate", .input = certificate_arn, .output = list_tags_output,
  .pages = { "Tags" },
};

const AwsOperation * const aws_acm_operations[] = {
  &request_certificate,
  &describe_certificate,
  &list_certificates,
  &delete_certificate,
  &add_tags,
  &list_tags,
  NULL
};

AWS_DEFINE_DOCUMENT (AwsCertificate, aws_certificate)

/**
 * aws_certificate_get_arn:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, arn, "CertificateArn")

/**
 * aws_certificate_get_domain_name:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): the first of its names
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, domain_name, "DomainName")

/**
 * aws_certificate_dup_names:
 * @self: a certificate
 *
 * Returns: (transfer full): all of its names, the first one among them; a list of certificates names only the first
 *   hundred, see [method@AwsCertificate.has_more_names]
 */
GStrv
aws_certificate_dup_names (AwsCertificate *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_document_dup_strings (&self->document, json_object_has_member (self->document.object, "SubjectAlternativeNames")
                                                    ? "SubjectAlternativeNames" : "SubjectAlternativeNameSummaries");
}

/**
 * aws_certificate_has_more_names:
 * @self: a certificate of a list
 *
 * Returns: whether it has names that the list leaves out
 */
gboolean
aws_certificate_has_more_names (AwsCertificate *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return aws_json_get_bool (self->document.object, "HasAdditionalSubjectAlternativeNames");
}

/**
 * aws_certificate_get_status:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): `PENDING_VALIDATION`, `ISSUED`, `FAILED`, `VALIDATION_TIMED_OUT` after 72 hours,
 *   `EXPIRED`, `INACTIVE` or `REVOKED`
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, status, "Status")

/**
 * aws_certificate_is_issued:
 * @self: a certificate
 *
 * Returns: whether a distribution can use it
 */
gboolean
aws_certificate_is_issued (AwsCertificate *self)
{
  return g_strcmp0 (aws_certificate_get_status (self), "ISSUED") == 0;
}

/**
 * aws_certificate_is_pending:
 * @self: a certificate
 *
 * Returns: whether it waits for its records in the DNS
 */
gboolean
aws_certificate_is_pending (AwsCertificate *self)
{
  return g_strcmp0 (aws_certificate_get_status (self), "PENDING_VALIDATION") == 0;
}

/**
 * aws_certificate_get_failure_reason:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): why it is `FAILED`: `CAA_ERROR`, `DOMAIN_NOT_ALLOWED`, `INVALID_PUBLIC_DOMAIN`,
 *   `ADDITIONAL_VERIFICATION_REQUIRED`, `OTHER` and more
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, failure_reason, "FailureReason")

/**
 * aws_certificate_get_key_algorithm:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): `RSA_2048`, `EC_prime256v1` or another
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, key_algorithm, "KeyAlgorithm")

/**
 * aws_certificate_get_kind:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): `AMAZON_ISSUED`, `IMPORTED` or `PRIVATE`; only the first renews itself
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, kind, "Type")

/**
 * aws_certificate_is_exportable:
 * @self: a certificate of a list
 *
 * Returns: whether it can be taken out of the account; each renewal of such a certificate costs money
 */
gboolean
aws_certificate_is_exportable (AwsCertificate *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (aws_json_get_string (self->document.object, "ExportOption"), "ENABLED") == 0;
}

/**
 * aws_certificate_get_manager:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): the service that made it for itself, such as `CLOUDFRONT`
 */
AWS_DOCUMENT_STRING (AwsCertificate, aws_certificate, manager, "ManagedBy")

/**
 * aws_certificate_get_renewal_status:
 * @self: a certificate
 *
 * Returns: (transfer none) (nullable): how its renewal goes, `PENDING_AUTO_RENEWAL`, `PENDING_VALIDATION` if its record
 *   is gone, `SUCCESS` or `FAILED`; %NULL before the first one
 */
const char *
aws_certificate_get_renewal_status (AwsCertificate *self)
{
  JsonObject *summary;

  g_return_val_if_fail (self != NULL, NULL);

  summary = aws_json_get_object (self->document.object, "RenewalSummary");

  return summary != NULL ? aws_json_get_string (summary, "RenewalStatus") : NULL;
}

/**
 * aws_certificate_dup_created:
 * @self: a certificate
 *
 * Returns: (transfer full) (nullable): when it was asked for
 */
AWS_DOCUMENT_TIME (AwsCertificate, aws_certificate, created, "CreatedAt")

/**
 * aws_certificate_dup_issued:
 * @self: a certificate
 *
 * Returns: (transfer full) (nullable): since when it is there
 */
AWS_DOCUMENT_TIME (AwsCertificate, aws_certificate, issued, "IssuedAt")

/**
 * aws_certificate_dup_expires:
 * @self: a certificate
 *
 * Returns: (transfer full) (nullable): until when it is good
 */
AWS_DOCUMENT_TIME (AwsCertificate, aws_certificate, expires, "NotAfter")

/**
 * aws_certificate_dup_users:
 * @self: a certificate that was described
 *
 * Returns: (transfer full): the ARNs of the distributions that use it
 */
AWS_DOCUMENT_STRINGS (AwsCertificate, aws_certificate, users, "InUseBy")

/**
 * aws_certificate_dup_proofs:
 * @self: a certificate that was described
 *
 * What the certificate waits for. `example.com` and `*.example.com` share one record, which is there once here, since a
 * batch of changes may name it only once. Some seconds pass after the request until the records are known.
 *
 * Returns: (transfer full) (element-type AwsCertificateProof): the proofs, those without a record left out
 */
GPtrArray *
aws_certificate_dup_proofs (AwsCertificate *self)
{
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *proofs = g_ptr_array_new_with_free_func ((GDestroyNotify) aws_certificate_proof_unref);

  g_return_val_if_fail (self != NULL, proofs);

  all = aws_document_dup_list (&self->document, "DomainValidationOptions");
  for (guint i = 0; i < all->len; i++)
    {
      AwsCertificateProof *proof = g_ptr_array_index (all, i);
      const char *name = aws_certificate_proof_get_record_name (proof);

      if (name != NULL && aws_certificate_proof_get_record_value (proof) != NULL && g_hash_table_add (seen, (gpointer) name))
        g_ptr_array_add (proofs, aws_certificate_proof_ref (proof));
    }

  return proofs;
}

static gboolean
name_covers (const char *pattern,
             const char *name)
{
  const char *dot;

  if (g_ascii_strcasecmp (pattern, name) == 0)
    return TRUE;

  /* A star stands for one label */
  dot = strchr (name, '.');

  return g_str_has_prefix (pattern, "*.") && dot != NULL && dot > name && g_ascii_strcasecmp (pattern + 1, dot) == 0;
}

/**
 * aws_certificate_covers:
 * @self: a certificate
 * @name: the name of a site, such as `www.example.com`
 *
 * Returns: whether one of its names, possibly one with a star, is good for @name
 */
gboolean
aws_certificate_covers (AwsCertificate *self,
                        const char     *name)
{
  g_auto(GStrv) names = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  names = aws_certificate_dup_names (self);
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (name_covers (names[i], name))
        return TRUE;
    }

  return aws_certificate_get_domain_name (self) != NULL && name_covers (aws_certificate_get_domain_name (self), name);
}

AWS_DEFINE_DOCUMENT (AwsCertificateProof, aws_certificate_proof)

static const char *
get_record (AwsCertificateProof *self,
            const char          *member)
{
  JsonObject *object;

  g_return_val_if_fail (self != NULL, NULL);

  object = aws_json_get_object (self->document.object, "ResourceRecord");

  return object != NULL ? aws_json_get_string (object, member) : NULL;
}

/**
 * aws_certificate_proof_get_domain_name:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): the name that it is for
 */
AWS_DOCUMENT_STRING (AwsCertificateProof, aws_certificate_proof, domain_name, "DomainName")

/**
 * aws_certificate_proof_get_status:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): `PENDING_VALIDATION`, `SUCCESS` or `FAILED`
 */
AWS_DOCUMENT_STRING (AwsCertificateProof, aws_certificate_proof, status, "ValidationStatus")

/**
 * aws_certificate_proof_get_record_name:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): the name of the record, with a dot at its end
 */
const char *
aws_certificate_proof_get_record_name (AwsCertificateProof *self)
{
  return get_record (self, "Name");
}

/**
 * aws_certificate_proof_get_record_type:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): the type of the record, `CNAME`
 */
const char *
aws_certificate_proof_get_record_type (AwsCertificateProof *self)
{
  return get_record (self, "Type");
}

/**
 * aws_certificate_proof_get_record_value:
 * @self: a proof
 *
 * Returns: (transfer none) (nullable): the value of the record, a name with a dot at its end
 */
const char *
aws_certificate_proof_get_record_value (AwsCertificateProof *self)
{
  return get_record (self, "Value");
}

/**
 * aws_acm_request_certificate:
 * @client: a client
 * @domain_name: the first name, possibly `*.example.com`
 * @other_names: (nullable): further names, 9 at most unless the account may have more
 * @key_algorithm: (nullable): `EC_prime256v1`, or %NULL for `RSA_2048`
 * @token: (nullable): 1 to 32 letters, digits and underscores; asking with the same one within an hour gives the same
 *   certificate
 * @tags: (nullable): name and value of the first tag, of the second and so on
 *
 * Asks for a certificate that CloudFront can use, with proofs in the DNS. CloudFront takes them only from `us-east-1`.
 *
 * Returns: (transfer full): resolves to the ARN, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_acm_request_certificate (AwsClient          *client,
                             const char         *domain_name,
                             const char * const *other_names,
                             const char         *key_algorithm,
                             const char         *token,
                             const char * const *tags)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain_name != NULL);

  input = json_object_new ();
  aws_input_set_string (input, "DomainName", domain_name);
  aws_input_set_string (input, "ValidationMethod", "DNS");
  if (other_names != NULL && other_names[0] != NULL)
    aws_input_set_strings (input, "SubjectAlternativeNames", other_names);
  aws_input_set_string (input, "IdempotencyToken", token);
  aws_input_set_string (input, "KeyAlgorithm", key_algorithm);
  aws_input_set_tags (input, "Tags", tags);

  return aws_operation_call_string (&request_certificate, client, input, "CertificateArn");
}

static JsonObject *
new_arn_input (const char *arn)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "CertificateArn", arn);

  return input;
}

/**
 * aws_acm_describe_certificate:
 * @client: a client
 * @arn: a certificate
 *
 * Looks at a certificate.
 *
 * Returns: (transfer full): resolves to an [struct@AwsCertificate], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_acm_describe_certificate (AwsClient  *client,
                              const char *arn)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  return aws_operation_call_document (&describe_certificate, client, new_arn_input (arn), AWS_TYPE_CERTIFICATE, "Certificate");
}

/**
 * aws_acm_list_certificates:
 * @client: a client
 * @statuses: (nullable): statuses that are looked for, or %NULL for all
 *
 * Lists certificates, of every kind of key: the service itself lists only RSA keys of 2048 bits unless asked.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsCertificate], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_acm_list_certificates (AwsClient          *client,
                           const char * const *statuses)
{
  static const char * const key_types[] = {
    "RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1", NULL,
  };
  JsonObject *input;
  JsonObject *wanted;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  input = json_object_new ();
  wanted = json_object_new ();
  aws_input_set_strings (wanted, "keyTypes", key_types);
  json_object_set_object_member (input, "Includes", wanted);
  aws_input_set_strings (input, "CertificateStatuses", statuses);

  return aws_operation_call_documents (&list_certificates, client, input, AWS_TYPE_CERTIFICATE);
}

/**
 * aws_acm_delete_certificate:
 * @client: a client
 * @arn: a certificate
 *
 * Deletes a certificate; `AWS_ERROR_CONFLICT` while a distribution uses it.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_acm_delete_certificate (AwsClient  *client,
                            const char *arn)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  return aws_operation_call_done (&delete_certificate, client, new_arn_input (arn));
}

/**
 * aws_acm_add_tags:
 * @client: a client
 * @arn: a certificate
 * @tags: name and value of the first tag, of the second and so on
 *
 * Sets tags of a certificate; others stay.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_acm_add_tags (AwsClient          *client,
                  const char         *arn,
                  const char * const *tags)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);
  dex_return_error_if_fail (tags != NULL);

  input = new_arn_input (arn);
  aws_input_set_tags (input, "Tags", tags);

  return aws_operation_call_done (&add_tags, client, input);
}

/**
 * aws_acm_list_tags:
 * @client: a client
 * @arn: a certificate
 *
 * Lists the tags of a certificate.
 *
 * Returns: (transfer full): resolves to a `GPtrArray` of [struct@AwsTag], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_acm_list_tags (AwsClient  *client,
                   const char *arn)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  return aws_operation_call_documents (&list_tags, client, new_arn_input (arn), AWS_TYPE_TAG);
}
