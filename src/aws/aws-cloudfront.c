/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "aws-cloudfront.h"

#include <string.h>

#include "aws-document.h"
#include "aws-operations-private.h"

#define SERVICE "cloudfront"
#define ROOT    "/2020-05-31/"

#define ETAG_MEMBER  { "ETag", .place = AWS_PLACE_HEADER }
#define MATCH_MEMBER { "IfMatch", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_HEADER, "If-Match" }
#define NAME_MEMBER  { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI }
#define STAGE_MEMBER { "Stage", .place = AWS_PLACE_QUERY }

/* What a distribution is comes as a structure beside its ETag; here they are one. In lists, what belongs to the
 * configuration stands on the upper level.
 */
AWS_DEFINE_DOCUMENT (AwsDistribution, aws_distribution)

/**
 * aws_distribution_get_id:
 * @self: a distribution
 *
 * Returns: (transfer none): its id
 */
AWS_DOCUMENT_STRING (AwsDistribution, aws_distribution, id, "Id")

/**
 * aws_distribution_get_arn:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsDistribution, aws_distribution, arn, "ARN")

/**
 * aws_distribution_get_status:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): `InProgress` or `Deployed`
 */
AWS_DOCUMENT_STRING (AwsDistribution, aws_distribution, status, "Status")

/**
 * aws_distribution_get_domain:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): the host name that CloudFront gave it
 */
AWS_DOCUMENT_STRING (AwsDistribution, aws_distribution, domain, "DomainName")

/**
 * aws_distribution_get_etag:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): the version of its configuration; lists do not tell it
 */
AWS_DOCUMENT_STRING (AwsDistribution, aws_distribution, etag, "ETag")

static JsonObject *
get_config (AwsDistribution *self)
{
  JsonObject *config = aws_json_get_object (self->document.object, "DistributionConfig");

  return config != NULL ? config : self->document.object;
}

/**
 * aws_distribution_get_comment:
 * @self: a distribution
 *
 * Returns: (transfer none) (nullable): what its owner noted about it
 */
const char *
aws_distribution_get_comment (AwsDistribution *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return aws_json_get_string (get_config (self), "Comment");
}

/**
 * aws_distribution_dup_aliases:
 * @self: a distribution
 *
 * Returns: (transfer full): other host names that it serves
 */
GStrv
aws_distribution_dup_aliases (AwsDistribution *self)
{
  AwsDocument aliases = { NULL };

  g_return_val_if_fail (self != NULL, NULL);

  aliases.object = aws_json_get_object (get_config (self), "Aliases");

  return aws_document_dup_strings (&aliases, "Items");
}

/**
 * aws_distribution_dup_origins:
 * @self: a distribution
 *
 * Returns: (transfer full): the host names of where it takes its files from
 */
GStrv
aws_distribution_dup_origins (AwsDistribution *self)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *items;

  g_return_val_if_fail (self != NULL, NULL);

  items = aws_json_get_array (aws_json_get_object (get_config (self), "Origins"), "Items");
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      const char *host = aws_json_get_string (aws_json_array_get_object (items, i), "DomainName");

      if (host != NULL)
        g_strv_builder_add (builder, host);
    }

  return g_strv_builder_end (builder);
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

  return aws_json_get_bool (get_config (self), "Enabled");
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

  return g_strcmp0 (aws_distribution_get_status (self), "Deployed") == 0;
}

AWS_DEFINE_DOCUMENT (AwsInvalidation, aws_invalidation)

/**
 * aws_invalidation_get_id:
 * @self: an invalidation
 *
 * Returns: (transfer none): its id
 */
AWS_DOCUMENT_STRING (AwsInvalidation, aws_invalidation, id, "Id")

/**
 * aws_invalidation_get_status:
 * @self: an invalidation
 *
 * Returns: (transfer none) (nullable): `InProgress` or `Completed`
 */
AWS_DOCUMENT_STRING (AwsInvalidation, aws_invalidation, status, "Status")

/* A function comes as a structure beside its ETag too */
AWS_DEFINE_DOCUMENT (AwsEdgeFunction, aws_edge_function)

/**
 * aws_edge_function_get_name:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsEdgeFunction, aws_edge_function, name, "Name")

/**
 * aws_edge_function_get_status:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): what has become of this stage, as `UNPUBLISHED` or `DEPLOYED`
 */
AWS_DOCUMENT_STRING (AwsEdgeFunction, aws_edge_function, status, "Status")

/**
 * aws_edge_function_get_etag:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the version of this stage, which the next change must name; publishing does not tell it
 */
AWS_DOCUMENT_STRING (AwsEdgeFunction, aws_edge_function, etag, "ETag")

/**
 * aws_edge_function_get_comment:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): what its owner noted about it
 */
AWS_DOCUMENT_INNER_STRING (AwsEdgeFunction, aws_edge_function, comment, "FunctionConfig", "Comment")

/**
 * aws_edge_function_get_runtime:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): what runs it, as `cloudfront-js-2.0`
 */
AWS_DOCUMENT_INNER_STRING (AwsEdgeFunction, aws_edge_function, runtime, "FunctionConfig", "Runtime")

/**
 * aws_edge_function_get_arn:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_INNER_STRING (AwsEdgeFunction, aws_edge_function, arn, "FunctionMetadata", "FunctionARN")

/**
 * aws_edge_function_get_stage:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): `DEVELOPMENT` or `LIVE`
 */
AWS_DOCUMENT_INNER_STRING (AwsEdgeFunction, aws_edge_function, stage, "FunctionMetadata", "Stage")

/**
 * aws_edge_function_get_store:
 * @self: a function
 *
 * Returns: (transfer none) (nullable): the ARN of the store that it reads
 */
const char *
aws_edge_function_get_store (AwsEdgeFunction *self)
{
  JsonObject *config;
  JsonArray *items;

  g_return_val_if_fail (self != NULL, NULL);

  config = aws_json_get_object (self->document.object, "FunctionConfig");
  items = aws_json_get_array (aws_json_get_object (config, "KeyValueStoreAssociations"), "Items");

  return items != NULL && json_array_get_length (items) > 0
         ? aws_json_get_string (aws_json_array_get_object (items, 0), "KeyValueStoreARN") : NULL;
}

AWS_DEFINE_DOCUMENT (AwsFunctionTest, aws_function_test)

/**
 * aws_function_test_get_output:
 * @self: a test
 *
 * Returns: (transfer none) (nullable): what the function made of the event, as JSON
 */
AWS_DOCUMENT_STRING (AwsFunctionTest, aws_function_test, output, "FunctionOutput")

/**
 * aws_function_test_get_problem:
 * @self: a test
 *
 * Returns: (transfer none) (nullable): why it failed, if it did; empty if not
 */
AWS_DOCUMENT_STRING (AwsFunctionTest, aws_function_test, problem, "FunctionErrorMessage")

/**
 * aws_function_test_get_utilization:
 * @self: a test
 *
 * Returns: (transfer none) (nullable): how much of the time that it may take it took, from 0 to 100
 */
AWS_DOCUMENT_STRING (AwsFunctionTest, aws_function_test, utilization, "ComputeUtilization")

/**
 * aws_function_test_dup_logs:
 * @self: a test
 *
 * Returns: (transfer full): the lines that it wrote
 */
AWS_DOCUMENT_STRINGS (AwsFunctionTest, aws_function_test, logs, "FunctionExecutionLogs")

AWS_DEFINE_DOCUMENT (AwsEdgeStore, aws_edge_store)

/**
 * aws_edge_store_get_name:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): its name
 */
AWS_DOCUMENT_STRING (AwsEdgeStore, aws_edge_store, name, "Name")

/**
 * aws_edge_store_get_arn:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): its ARN
 */
AWS_DOCUMENT_STRING (AwsEdgeStore, aws_edge_store, arn, "ARN")

/**
 * aws_edge_store_get_status:
 * @self: a store
 *
 * Returns: (transfer none) (nullable): `PROVISIONING` or `READY`
 */
AWS_DOCUMENT_STRING (AwsEdgeStore, aws_edge_store, status, "Status")

AWS_DEFINE_DOCUMENT (AwsDomainConflict, aws_domain_conflict)

/**
 * aws_domain_conflict_get_domain:
 * @self: a conflict
 *
 * Returns: (transfer none) (nullable): the name that is in use
 */
AWS_DOCUMENT_STRING (AwsDomainConflict, aws_domain_conflict, domain, "Domain")

/**
 * aws_domain_conflict_get_resource_type:
 * @self: a conflict
 *
 * Returns: (transfer none) (nullable): `distribution` or `distribution-tenant`
 */
AWS_DOCUMENT_STRING (AwsDomainConflict, aws_domain_conflict, resource_type, "ResourceType")

/**
 * aws_domain_conflict_get_resource_id:
 * @self: a conflict
 *
 * Returns: (transfer none) (nullable): the id of what uses the name, the first part hidden by stars
 */
AWS_DOCUMENT_STRING (AwsDomainConflict, aws_domain_conflict, resource_id, "ResourceId")

/**
 * aws_domain_conflict_get_account:
 * @self: a conflict
 *
 * Returns: (transfer none) (nullable): the number of its account, the first part hidden by stars
 */
AWS_DOCUMENT_STRING (AwsDomainConflict, aws_domain_conflict, account, "AccountId")

/* What the configuration of a distribution has, and an entry of a list too */
static const AwsShape aliases[] = {
  { "Quantity", AWS_SHAPE_INTEGER },
  { "Items", AWS_LIST_OF ({ "CNAME" }) },
  { NULL }
};

static const AwsShape origin[] = {
  { "Id" },
  { "DomainName" },
  { "OriginPath" },
  { NULL }
};

static const AwsShape origins[] = {
  { "Quantity", AWS_SHAPE_INTEGER },
  { "Items", AWS_LIST_OF ({ "Origin", AWS_STRUCTURE (origin) }) },
  { NULL }
};

#define CONFIG_MEMBERS \
  { "Aliases", AWS_STRUCTURE (aliases) }, \
  { "Origins", AWS_STRUCTURE (origins) }, \
  { "Comment" }, \
  { "Enabled", AWS_SHAPE_BOOLEAN }

#define HEAD_MEMBERS \
  { "Id" }, \
  { "ARN" }, \
  { "Status" }, \
  { "LastModifiedTime", AWS_SHAPE_TIMESTAMP }, \
  { "DomainName" }

static const AwsShape distribution_config[] = {
  CONFIG_MEMBERS,
  { NULL }
};

static const AwsShape distribution_shape[] = {
  HEAD_MEMBERS,
  { "DistributionConfig", AWS_STRUCTURE (distribution_config) },
  { NULL }
};

static const AwsShape get_distribution_input[] = {
  { "Id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { NULL }
};

static const AwsShape get_distribution_output[] = {
  { "Distribution", AWS_STRUCTURE (distribution_shape), .place = AWS_PLACE_PAYLOAD },
  ETAG_MEMBER,
  { NULL }
};

static const AwsOperation get_distribution = {
  SERVICE, "GetDistribution", "GET", ROOT "distribution/{Id}", get_distribution_input, .output = get_distribution_output,
};

static const AwsShape list_distributions_input[] = {
  { "Marker", .place = AWS_PLACE_QUERY },
  { "MaxItems", .place = AWS_PLACE_QUERY },
  { NULL }
};

static const AwsShape distribution_summary[] = {
  HEAD_MEMBERS,
  CONFIG_MEMBERS,
  { NULL }
};

static const AwsShape distribution_list[] = {
  { "NextMarker" },
  { "IsTruncated", AWS_SHAPE_BOOLEAN },
  { "Items", AWS_LIST_OF ({ "DistributionSummary", AWS_STRUCTURE (distribution_summary) }) },
  { NULL }
};

static const AwsShape list_distributions_output[] = {
  { "DistributionList", AWS_STRUCTURE (distribution_list), .place = AWS_PLACE_PAYLOAD },
  { NULL }
};

static const AwsOperation list_distributions = {
  SERVICE, "ListDistributions", "GET", ROOT "distribution", list_distributions_input, .output = list_distributions_output,
  .pages = { "DistributionList.Items", "DistributionList.NextMarker", "Marker", "DistributionList.IsTruncated" },
};

static const AwsShape path_list[] = {
  { "Quantity", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "Items", AWS_LIST_OF ({ "Path" }) },
  { NULL }
};

static const AwsShape invalidation_batch[] = {
  { "Paths", AWS_STRUCTURE (path_list), .flags = AWS_SHAPE_REQUIRED },
  { "CallerReference", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape create_invalidation_input[] = {
  { "DistributionId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "InvalidationBatch", AWS_STRUCTURE (invalidation_batch), .flags = AWS_SHAPE_REQUIRED, .place = AWS_PLACE_PAYLOAD },
  { NULL }
};

static const AwsShape invalidation_shape[] = {
  { "Id" },
  { "Status" },
  { "CreateTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape invalidation_output[] = {
  { "Invalidation", AWS_STRUCTURE (invalidation_shape), .place = AWS_PLACE_PAYLOAD },
  { NULL }
};

static const AwsOperation create_invalidation = {
  SERVICE, "CreateInvalidation", "POST", ROOT "distribution/{DistributionId}/invalidation", create_invalidation_input,
  .output = invalidation_output,
};

static const AwsShape get_invalidation_input[] = {
  { "DistributionId", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { "Id", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED, AWS_PLACE_URI },
  { NULL }
};

static const AwsOperation get_invalidation = {
  SERVICE, "GetInvalidation", "GET", ROOT "distribution/{DistributionId}/invalidation/{Id}", get_invalidation_input,
  .output = invalidation_output,
};

static const AwsShape store_association[] = {
  { "KeyValueStoreARN", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape store_associations[] = {
  { "Quantity", AWS_SHAPE_INTEGER, AWS_SHAPE_REQUIRED },
  { "Items", AWS_LIST_OF ({ "KeyValueStoreAssociation", AWS_STRUCTURE (store_association) }) },
  { NULL }
};

static const AwsShape function_config[] = {
  { "Comment", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "Runtime", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "KeyValueStoreAssociations", AWS_STRUCTURE (store_associations) },
  { NULL }
};

static const AwsShape function_metadata[] = {
  { "FunctionARN" },
  { "Stage" },
  { "CreatedTime", AWS_SHAPE_TIMESTAMP },
  { "LastModifiedTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape function_summary[] = {
  { "Name" },
  { "Status" },
  { "FunctionConfig", AWS_STRUCTURE (function_config) },
  { "FunctionMetadata", AWS_STRUCTURE (function_metadata) },
  { NULL }
};

static const AwsShape function_input[] = {
  NAME_MEMBER,
  STAGE_MEMBER,
  { NULL }
};

static const AwsShape describe_function_output[] = {
  { "FunctionSummary", AWS_STRUCTURE (function_summary), .place = AWS_PLACE_PAYLOAD },
  ETAG_MEMBER,
  { NULL }
};

static const AwsOperation describe_function = {
  SERVICE, "DescribeFunction", "GET", ROOT "function/{Name}/describe", function_input, .output = describe_function_output,
};

static const AwsShape get_function_output[] = {
  { "FunctionCode", AWS_SHAPE_BLOB, .place = AWS_PLACE_PAYLOAD },
  ETAG_MEMBER,
  { "ContentType", .place = AWS_PLACE_HEADER, .wire_name = "Content-Type" },
  { NULL }
};

static const AwsOperation get_function = {
  SERVICE, "GetFunction", "GET", ROOT "function/{Name}", function_input, .output = get_function_output,
};

static const AwsShape update_function_input[] = {
  NAME_MEMBER,
  MATCH_MEMBER,
  { "FunctionConfig", AWS_STRUCTURE (function_config), .flags = AWS_SHAPE_REQUIRED },
  { "FunctionCode", AWS_SHAPE_BLOB, AWS_SHAPE_REQUIRED },
  { NULL }
};

/* The header is really spelled so */
static const AwsShape update_function_output[] = {
  { "FunctionSummary", AWS_STRUCTURE (function_summary), .place = AWS_PLACE_PAYLOAD },
  { "ETag", .place = AWS_PLACE_HEADER, .wire_name = "ETtag" },
  { NULL }
};

static const AwsOperation update_function = {
  SERVICE, "UpdateFunction", "PUT", ROOT "function/{Name}", update_function_input, .output = update_function_output,
};

static const AwsShape publish_function_input[] = {
  NAME_MEMBER,
  MATCH_MEMBER,
  { NULL }
};

static const AwsShape publish_function_output[] = {
  { "FunctionSummary", AWS_STRUCTURE (function_summary), .place = AWS_PLACE_PAYLOAD },
  { NULL }
};

static const AwsOperation publish_function = {
  SERVICE, "PublishFunction", "POST", ROOT "function/{Name}/publish", publish_function_input, .output = publish_function_output,
};

static const AwsShape test_function_input[] = {
  NAME_MEMBER,
  MATCH_MEMBER,
  { "Stage" },
  { "EventObject", AWS_SHAPE_BLOB, AWS_SHAPE_REQUIRED },
  { NULL }
};

static const AwsShape test_result[] = {
  { "ComputeUtilization" },
  { "FunctionExecutionLogs", AWS_LIST_OF ({ NULL }) },
  { "FunctionErrorMessage", AWS_SHAPE_STRING },
  { "FunctionOutput", AWS_SHAPE_STRING },
  { NULL }
};

static const AwsShape test_function_output[] = {
  { "TestResult", AWS_STRUCTURE (test_result), .place = AWS_PLACE_PAYLOAD },
  { NULL }
};

static const AwsOperation test_function = {
  SERVICE, "TestFunction", "POST", ROOT "function/{Name}/test", test_function_input, .output = test_function_output,
};

static const AwsShape describe_store_input[] = {
  NAME_MEMBER,
  { NULL }
};

static const AwsShape edge_store[] = {
  { "Name" },
  { "Id" },
  { "Comment" },
  { "ARN" },
  { "Status" },
  { "LastModifiedTime", AWS_SHAPE_TIMESTAMP },
  { NULL }
};

static const AwsShape describe_store_output[] = {
  { "KeyValueStore", AWS_STRUCTURE (edge_store), .place = AWS_PLACE_PAYLOAD },
  ETAG_MEMBER,
  { NULL }
};

static const AwsOperation describe_store = {
  SERVICE, "DescribeKeyValueStore", "GET", ROOT "key-value-store/{Name}", describe_store_input, .output = describe_store_output,
};

static const AwsShape distribution_id[] = {
  { "DistributionId" },
  { NULL }
};

static const AwsShape list_conflicts_input[] = {
  { "Domain", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "DomainControlValidationResource", AWS_STRUCTURE (distribution_id), .flags = AWS_SHAPE_REQUIRED },
  { "MaxItems", AWS_SHAPE_INTEGER },
  { "Marker" },
  { NULL }
};

static const AwsShape domain_conflict[] = {
  { "Domain" },
  { "ResourceType" },
  { "ResourceId" },
  { "AccountId" },
  { NULL }
};

static const AwsShape list_conflicts_output[] = {
  { "DomainConflicts", AWS_LIST_OF ({ "DomainConflicts", AWS_STRUCTURE (domain_conflict) }) },
  { "NextMarker" },
  { NULL }
};

static const AwsOperation list_domain_conflicts = {
  SERVICE, "ListDomainConflicts", "POST", ROOT "domain-conflicts", list_conflicts_input, .output = list_conflicts_output,
  .pages = { "DomainConflicts", "NextMarker", "Marker" },
};

static const AwsShape update_association_input[] = {
  { "Domain", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
  { "TargetResource", AWS_STRUCTURE (distribution_id), .flags = AWS_SHAPE_REQUIRED },
  { "IfMatch", .place = AWS_PLACE_HEADER, .wire_name = "If-Match" },
  { NULL }
};

static const AwsShape update_association_output[] = {
  { "Domain" },
  { "ResourceId" },
  ETAG_MEMBER,
  { NULL }
};

static const AwsOperation update_domain_association = {
  SERVICE, "UpdateDomainAssociation", "POST", ROOT "domain-association", update_association_input,
  .output = update_association_output,
};

const AwsOperation * const aws_cloudfront_operations[] = {
  &get_distribution,
  &list_distributions,
  &create_invalidation,
  &get_invalidation,
  &describe_function,
  &get_function,
  &update_function,
  &publish_function,
  &test_function,
  &describe_store,
  &list_domain_conflicts,
  &update_domain_association,
  NULL
};

/* Makes one document of a structure and its ETag */
typedef struct
{
  const char *member;
  GType       type;
} Join;

static DexFuture *
join_etag (DexFuture *completed,
           gpointer   user_data)
{
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  const Join *join = user_data;
  JsonObject *structure = aws_json_get_object (answer, join->member);
  const char *etag = aws_json_get_string (answer, "ETag");

  if (structure == NULL || json_object_get_size (structure) == 0)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer lacks “%s”", join->member);

  if (etag != NULL)
    json_object_set_string_member (structure, "ETag", etag);

  return dex_future_new_take_boxed (join->type, aws_document_new (structure));
}

static DexFuture *
call_joined (const AwsOperation *operation,
             AwsClient          *client,
             JsonObject         *input,
             const char         *member,
             GType               type)
{
  Join *join = g_new0 (Join, 1);

  join->member = member;
  join->type = type;

  return dex_future_then (aws_operation_call (operation, client, input), join_etag, join, g_free);
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL && *id != '\0');

  input = json_object_new ();
  aws_input_set_string (input, "Id", id);

  return call_joined (&get_distribution, client, input, "Distribution", AWS_TYPE_DISTRIBUTION);
}

/**
 * aws_cloudfront_list_distributions:
 * @client: a client
 *
 * Lists all distributions of the account.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsDistribution], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudfront_list_distributions (AwsClient *client)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));

  return aws_operation_call_documents (&list_distributions, client, NULL, AWS_TYPE_DISTRIBUTION);
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
  JsonObject *input;
  JsonObject *batch;
  JsonObject *list;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL && *id != '\0');
  dex_return_error_if_fail (paths != NULL && paths[0] != NULL);
  dex_return_error_if_fail (caller_reference != NULL);

  list = json_object_new ();
  aws_input_set_int (list, "Quantity", g_strv_length ((GStrv) paths));
  aws_input_set_strings (list, "Items", paths);

  batch = json_object_new ();
  aws_input_set_object (batch, "Paths", list);
  aws_input_set_string (batch, "CallerReference", caller_reference);

  input = json_object_new ();
  aws_input_set_string (input, "DistributionId", id);
  aws_input_set_object (input, "InvalidationBatch", batch);

  return aws_operation_call_document (&create_invalidation, client, input, AWS_TYPE_INVALIDATION, "Invalidation");
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
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (id != NULL && *id != '\0');
  dex_return_error_if_fail (invalidation != NULL && *invalidation != '\0');

  input = json_object_new ();
  aws_input_set_string (input, "DistributionId", id);
  aws_input_set_string (input, "Id", invalidation);

  return aws_operation_call_document (&get_invalidation, client, input, AWS_TYPE_INVALIDATION, "Invalidation");
}

static JsonObject *
new_function_input (const char *name,
                    const char *etag,
                    gboolean    live)
{
  JsonObject *input = json_object_new ();

  aws_input_set_string (input, "Name", name);
  aws_input_set_string (input, "IfMatch", etag);
  if (live)
    aws_input_set_string (input, "Stage", "LIVE");

  return input;
}

static void
set_blob (JsonObject *input,
          const char *name,
          GBytes     *bytes)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_base64_encode (data, length);

  aws_input_set_string (input, name, text);
}

/**
 * aws_cloudfront_describe_function:
 * @client: a client
 * @name: the name of a function
 * @live: whether the published stage is meant, which the edge runs, or the one that is worked on
 *
 * Asks how a function is.
 *
 * Returns: (transfer full): resolves to an [struct@AwsEdgeFunction], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_cloudfront_describe_function (AwsClient  *client,
                                  const char *name,
                                  gboolean    live)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL && *name != '\0');

  return call_joined (&describe_function, client, new_function_input (name, NULL, live), "FunctionSummary", AWS_TYPE_EDGE_FUNCTION);
}

static DexFuture *
resolve_code (DexFuture *completed,
              gpointer   user_data)
{
  JsonObject *answer = g_value_get_boxed (dex_future_get_value (completed, NULL));
  const char *text = aws_json_get_string (answer, "FunctionCode");
  gsize length = 0;
  guchar *data;

  if (text == NULL)
    return dex_future_new_reject (AWS_ERROR, AWS_ERROR_BAD_ANSWER, "The answer holds no code");

  data = g_base64_decode (text, &length);

  return dex_future_new_take_boxed (G_TYPE_BYTES, g_bytes_new_take (data, length));
}

/**
 * aws_cloudfront_get_function:
 * @client: a client
 * @name: the name of a function
 * @live: whether the published stage is meant, which the edge runs, or the one that is worked on
 *
 * Asks for the code of a function.
 *
 * Returns: (transfer full): resolves to the code as [struct@GLib.Bytes], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_cloudfront_get_function (AwsClient  *client,
                             const char *name,
                             gboolean    live)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL && *name != '\0');

  return dex_future_then (aws_operation_call (&get_function, client, new_function_input (name, NULL, live)),
                          resolve_code, NULL, NULL);
}

static JsonObject *
new_function_config (const char *comment,
                     const char *store_arn)
{
  JsonObject *config = json_object_new ();
  JsonObject *associations = json_object_new ();

  aws_input_set_string (config, "Comment", comment);
  aws_input_set_string (config, "Runtime", "cloudfront-js-2.0");
  aws_input_set_int (associations, "Quantity", store_arn != NULL ? 1 : 0);
  if (store_arn != NULL)
    {
      JsonObject *association = json_object_new ();
      JsonArray *items = json_array_new ();

      aws_input_set_string (association, "KeyValueStoreARN", store_arn);
      json_array_add_object_element (items, association);
      aws_input_set_array (associations, "Items", items);
    }
  aws_input_set_object (config, "KeyValueStoreAssociations", associations);

  return config;
}

/**
 * aws_cloudfront_update_function:
 * @client: a client
 * @name: the name of a function
 * @etag: the version of its stage `DEVELOPMENT`
 * @code: the new code for `cloudfront-js-2.0`, up to 10 KB
 * @comment: a note about it; an empty one is one too
 * @store_arn: (nullable): the store that it reads
 *
 * Changes the stage of a function that is worked on. What the edge runs is changed by aws_cloudfront_publish_function().
 *
 * Returns: (transfer full): resolves to an [struct@AwsEdgeFunction] with the new ETag, or rejects with an `AWS_ERROR`:
 *   `PRECONDITION_FAILED` if it has another version by now
 */
DexFuture *
aws_cloudfront_update_function (AwsClient  *client,
                                const char *name,
                                const char *etag,
                                GBytes     *code,
                                const char *comment,
                                const char *store_arn)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL && *name != '\0');
  dex_return_error_if_fail (etag != NULL);
  dex_return_error_if_fail (code != NULL);
  dex_return_error_if_fail (comment != NULL);

  input = new_function_input (name, etag, FALSE);
  aws_input_set_object (input, "FunctionConfig", new_function_config (comment, store_arn));
  set_blob (input, "FunctionCode", code);

  return call_joined (&update_function, client, input, "FunctionSummary", AWS_TYPE_EDGE_FUNCTION);
}

/**
 * aws_cloudfront_publish_function:
 * @client: a client
 * @name: the name of a function
 * @etag: the version of its stage `DEVELOPMENT`
 *
 * Makes the stage of a function that is worked on the one that the edge runs.
 *
 * Returns: (transfer full): resolves to an [struct@AwsEdgeFunction], or rejects with an `AWS_ERROR`: `PRECONDITION_FAILED` if
 *   it has another version by now
 */
DexFuture *
aws_cloudfront_publish_function (AwsClient  *client,
                                 const char *name,
                                 const char *etag)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL && *name != '\0');
  dex_return_error_if_fail (etag != NULL);

  return call_joined (&publish_function, client, new_function_input (name, etag, FALSE), "FunctionSummary", AWS_TYPE_EDGE_FUNCTION);
}

/**
 * aws_cloudfront_test_function:
 * @client: a client
 * @name: the name of a function
 * @etag: the version of the stage that is tested
 * @live: whether that is the published stage
 * @event: the event, as JSON, up to 40 KB
 *
 * Runs a function without a visitor.
 *
 * Returns: (transfer full): resolves to an [struct@AwsFunctionTest], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudfront_test_function (AwsClient  *client,
                              const char *name,
                              const char *etag,
                              gboolean    live,
                              const char *event)
{
  g_autoptr(GBytes) bytes = NULL;
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL && *name != '\0');
  dex_return_error_if_fail (etag != NULL);
  dex_return_error_if_fail (event != NULL);

  bytes = g_bytes_new (event, strlen (event));
  input = new_function_input (name, etag, live);
  set_blob (input, "EventObject", bytes);

  return aws_operation_call_document (&test_function, client, input, AWS_TYPE_FUNCTION_TEST, "TestResult");
}

/**
 * aws_cloudfront_describe_store:
 * @client: a client
 * @name: the name of a key value store
 *
 * Asks whether a store is ready. Its keys and the ETag for writing them are asked for elsewhere:
 * aws_keyvaluestore_describe().
 *
 * Returns: (transfer full): resolves to an [struct@AwsEdgeStore], or rejects with an `AWS_ERROR`: `NOT_FOUND` if there is none
 */
DexFuture *
aws_cloudfront_describe_store (AwsClient  *client,
                               const char *name)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (name != NULL && *name != '\0');

  input = json_object_new ();
  aws_input_set_string (input, "Name", name);

  return aws_operation_call_document (&describe_store, client, input, AWS_TYPE_EDGE_STORE, "KeyValueStore");
}

static JsonObject *
new_domain_input (const char *domain,
                  const char *member,
                  const char *id)
{
  JsonObject *input = json_object_new ();
  JsonObject *target = json_object_new ();

  aws_input_set_string (input, "Domain", domain);
  aws_input_set_string (target, "DistributionId", id);
  aws_input_set_object (input, member, target);

  return input;
}

/**
 * aws_cloudfront_list_domain_conflicts:
 * @client: a client
 * @domain: a host name
 * @distribution: the id of the distribution that is to have it, whose certificate covers it
 *
 * Asks who in all of CloudFront uses a host name already.
 *
 * Returns: (transfer full): resolves to a #GPtrArray of [struct@AwsDomainConflict], or rejects with an `AWS_ERROR`
 */
DexFuture *
aws_cloudfront_list_domain_conflicts (AwsClient  *client,
                                      const char *domain,
                                      const char *distribution)
{
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);
  dex_return_error_if_fail (distribution != NULL);

  return aws_operation_call_documents (&list_domain_conflicts, client,
                                       new_domain_input (domain, "DomainControlValidationResource", distribution),
                                       AWS_TYPE_DOMAIN_CONFLICT);
}

/**
 * aws_cloudfront_update_domain_association:
 * @client: a client
 * @domain: a host name that another distribution has
 * @distribution: the id of the distribution that is to have it
 * @etag: (nullable): the version of that distribution
 *
 * Moves a host name from one distribution to another. Within an account that is done at once; from another account it
 * needs a TXT record `_www.example.com` with the host name of the distribution, and the other distribution disabled. The
 * stack that made the distribution does not know of it: its next update has to name the alias.
 *
 * Returns: (transfer full): resolves to %TRUE, or rejects with an `AWS_ERROR`: `NOT_FOUND` if nobody has the name
 */
DexFuture *
aws_cloudfront_update_domain_association (AwsClient  *client,
                                          const char *domain,
                                          const char *distribution,
                                          const char *etag)
{
  JsonObject *input;

  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (domain != NULL);
  dex_return_error_if_fail (distribution != NULL);

  input = new_domain_input (domain, "TargetResource", distribution);
  aws_input_set_string (input, "IfMatch", etag);

  return aws_operation_call_done (&update_domain_association, client, input);
}
