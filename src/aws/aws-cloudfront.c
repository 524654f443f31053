/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cloudfront.h"

#include "aws-uri.h"

#define VERSION   "/2020-05-31/"
#define NAMESPACE "http://cloudfront.amazonaws.com/doc/2020-05-31/"

struct _AwsDistribution
{
  char     *id;
  char     *arn;
  char     *status;
  char     *domain;
  char     *etag;
  GStrv     aliases;
  gboolean  enabled;
};

static void
aws_distribution_clear (AwsDistribution *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->arn, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->domain, g_free);
  g_clear_pointer (&self->etag, g_free);
  g_clear_pointer (&self->aliases, g_strfreev);
}

AWS_DEFINE_BOXED (AwsDistribution, aws_distribution, aws_distribution_clear)

/**
 * aws_distribution_get_id:
 * @self: a distribution
 *
 * Returns: (transfer none): its id
 */
AWS_DEFINE_GETTER (AwsDistribution, aws_distribution, const char *, id)

/**
 * aws_distribution_get_arn:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DEFINE_GETTER (AwsDistribution, aws_distribution, const char *, arn)

/**
 * aws_distribution_get_status:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): `InProgress` or `Deployed`
 */
AWS_DEFINE_GETTER (AwsDistribution, aws_distribution, const char *, status)

/**
 * aws_distribution_get_domain:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): the host name that CloudFront gave it
 */
AWS_DEFINE_GETTER (AwsDistribution, aws_distribution, const char *, domain)

/**
 * aws_distribution_get_etag:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): the version of its configuration
 */
AWS_DEFINE_GETTER (AwsDistribution, aws_distribution, const char *, etag)

/**
 * aws_distribution_get_aliases:
 * @self: a distribution
 *
 * Returns: (transfer none): other host names that it serves
 */
const char * const *
aws_distribution_get_aliases (AwsDistribution *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char * const *) self->aliases;
}

/**
 * aws_distribution_is_enabled:
 * @self: a distribution
 *
 * Returns: whether it serves at all
 */
gboolean
aws_distribution_is_enabled (AwsDistribution *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->enabled;
}

/**
 * aws_distribution_is_deployed:
 * @self: a distribution
 *
 * Returns: whether its configuration has arrived everywhere
 */
gboolean
aws_distribution_is_deployed (AwsDistribution *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return g_strcmp0 (self->status, "Deployed") == 0;
}

struct _AwsInvalidation
{
  char *id;
  char *status;
};

static void
aws_invalidation_clear (AwsInvalidation *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->status, g_free);
}

AWS_DEFINE_BOXED (AwsInvalidation, aws_invalidation, aws_invalidation_clear)

/**
 * aws_invalidation_get_id:
 * @self: an invalidation
 *
 * Returns: (transfer none): its id
 */
AWS_DEFINE_GETTER (AwsInvalidation, aws_invalidation, const char *, id)

/**
 * aws_invalidation_get_status:
 * @self: an invalidation
 *
 * Returns: (transfer none) (nullable): `InProgress` or `Completed`
 */
AWS_DEFINE_GETTER (AwsInvalidation, aws_invalidation, const char *, status)

static GStrv
read_items (AwsXmlNode *list,
            const char *name)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  AwsXmlNode *items = aws_xml_node_find (list, "Items");

  for (AwsXmlNode *node = aws_xml_node_first (items, name); node != NULL; node = aws_xml_node_next (node, name))
    {
      g_autofree char *text = aws_xml_node_dup_text (node, NULL);

      g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

static DexFuture *
resolve_distribution (DexFuture *completed,
                      gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsDistribution) distribution = g_atomic_rc_box_new0 (AwsDistribution);
  AwsResponse *response = g_value_get_boxed (value);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;
  AwsXmlNode *root;

  if (!(xml = aws_response_load_xml (response, &error)))
    return dex_future_new_for_error (error);

  root = aws_xml_get_root (xml);
  distribution->id = aws_xml_node_dup_text (root, "Id");
  distribution->arn = aws_xml_node_dup_text (root, "ARN");
  distribution->status = aws_xml_node_dup_text (root, "Status");
  distribution->domain = aws_xml_node_dup_text (root, "DomainName");
  distribution->etag = g_strdup (aws_response_get_header (response, "ETag"));
  distribution->aliases = read_items (aws_xml_node_find (root, "DistributionConfig/Aliases"), "CNAME");
  distribution->enabled = aws_xml_node_get_bool (root, "DistributionConfig/Enabled");
  if (distribution->id == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer shows no distribution");

  return dex_future_new_take_boxed (AWS_TYPE_DISTRIBUTION, g_steal_pointer (&distribution));
}

/**
 * aws_cloudfront_get_distribution:
 * @client: a client
 * @id: the id of a distribution
 *
 * Asks how a distribution is.
 *
 * Returns: (transfer full): resolves to an [struct@AwsDistribution], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_cloudfront_get_distribution (AwsClient  *client,
                                 const char *id)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *path = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL && *id != '\0');

  encoded = aws_uri_encode (id);
  path = g_strconcat (VERSION "distribution/", encoded, NULL);
  request = aws_request_new ("cloudfront", NULL, "GET", path);

  return dex_future_then (aws_client_send (client, request), resolve_distribution, NULL, NULL);
}

static DexFuture *
resolve_invalidation (DexFuture *completed,
                      gpointer   user_data)
{
  const GValue *value = dex_future_get_value (completed, NULL);
  g_autoptr(AwsInvalidation) invalidation = g_atomic_rc_box_new0 (AwsInvalidation);
  g_autoptr(AwsXml) xml = NULL;
  GError *error = NULL;

  if (!(xml = aws_response_load_xml (g_value_get_boxed (value), &error)))
    return dex_future_new_for_error (error);

  invalidation->id = aws_xml_node_dup_text (aws_xml_get_root (xml), "Id");
  invalidation->status = aws_xml_node_dup_text (aws_xml_get_root (xml), "Status");
  if (invalidation->id == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer shows no invalidation");

  return dex_future_new_take_boxed (AWS_TYPE_INVALIDATION, g_steal_pointer (&invalidation));
}

static char *
invalidation_path (const char *id,
                   const char *invalidation)
{
  g_autofree char *encoded = aws_uri_encode (id);
  g_autofree char *encoded_invalidation = invalidation != NULL ? aws_uri_encode (invalidation) : NULL;

  return g_strconcat (VERSION "distribution/", encoded, "/invalidation",
                      encoded_invalidation != NULL ? "/" : NULL, encoded_invalidation, NULL);
}

/**
 * aws_cloudfront_create_invalidation:
 * @client: a client
 * @id: the id of a distribution
 * @paths: the paths to forget, encoded as visitors ask for them, with `*` at the end only
 * @caller_reference: what makes a repeated call the same call
 *
 * Lets caches forget what they have.
 *
 * Returns: (transfer full): resolves to an [struct@AwsInvalidation], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudfront_create_invalidation (AwsClient          *client,
                                    const char         *id,
                                    const char * const *paths,
                                    const char         *caller_reference)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autofree char *path = NULL;
  GString *xml;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL && *id != '\0');
  dex_return_error_if_fail (paths != NULL && paths[0] != NULL);
  dex_return_error_if_fail (caller_reference != NULL);

  xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?><InvalidationBatch xmlns=\"" NAMESPACE "\">");
  g_string_append_printf (xml, "<Paths><Quantity>%u</Quantity><Items>", g_strv_length ((GStrv) paths));
  for (guint i = 0; paths[i] != NULL; i++)
    aws_xml_append_element (xml, "Path", paths[i]);
  g_string_append (xml, "</Items></Paths>");
  aws_xml_append_element (xml, "CallerReference", caller_reference);
  g_string_append (xml, "</InvalidationBatch>");

  path = invalidation_path (id, NULL);
  request = aws_request_new ("cloudfront", NULL, "POST", path);
  aws_request_take_xml (request, g_string_free (xml, FALSE));

  return dex_future_then (aws_client_send (client, request), resolve_invalidation, NULL, NULL);
}

/**
 * aws_cloudfront_get_invalidation:
 * @client: a client
 * @id: the id of a distribution
 * @invalidation: the id of an invalidation
 *
 * Asks how far an invalidation is.
 *
 * Returns: (transfer full): resolves to an [struct@AwsInvalidation], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudfront_get_invalidation (AwsClient  *client,
                                 const char *id,
                                 const char *invalidation)
{
  g_autoptr(AwsRequest) request = NULL;
  g_autofree char *path = NULL;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL && *id != '\0');
  dex_return_error_if_fail (invalidation != NULL && *invalidation != '\0');

  path = invalidation_path (id, invalidation);
  request = aws_request_new ("cloudfront", NULL, "GET", path);

  return dex_future_then (aws_client_send (client, request), resolve_invalidation, NULL, NULL);
}
