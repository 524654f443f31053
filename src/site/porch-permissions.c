/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "porch-permissions.h"

#include "porch-error.h"
#include "porch-fiber.h"

#include "aws-iam.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define POLICIES "/io/github/porchlight_app/Porchlight/policies/"

/* IAM answers few simulations a second */
#define AT_ONCE 3

#define OWNER_ONLY (1 << PORCH_ROLE_OWNER)
#define BOTH       (1 << PORCH_ROLE_OWNER | 1 << PORCH_ROLE_EDITOR)

typedef struct
{
  const char *id;
  guint       roles;
  gboolean    is_essential;
  const char *title;
  const char *allowed;
  const char *missing;
} Feature;

/* In order of weight */
static const Feature features[] = {
  { "sites", OWNER_ONLY, TRUE, N_("Make Sites"),
    N_("Sites can be made, changed and deleted"), N_("Sites can’t be made, changed or deleted") },
  { "publish", BOTH, TRUE, N_("Publish"),
    N_("Pages can be put online and taken back"), N_("Pages can’t be put online or taken back") },
  { "refresh", BOTH, FALSE, N_("Refresh"),
    N_("The copies of pages around the world can be renewed"), N_("The copies of pages around the world can’t be renewed") },
  { "form", OWNER_ONLY, FALSE, N_("Contact Forms"),
    N_("Sites can take messages from visitors"), N_("Sites can’t take messages from visitors") },
  { "messages", OWNER_ONLY, FALSE, N_("Messages"),
    N_("Messages of visitors can be read and deleted"), N_("Messages of visitors can’t be read or deleted") },
  { "address", OWNER_ONLY, FALSE, N_("Own Addresses"),
    N_("Sites can have addresses of their own"), N_("Sites can’t have addresses of their own") },
  { "account", OWNER_ONLY, FALSE, N_("Account Details"),
    N_("Plan, places and permissions can be looked up"), N_("Plan, places and permissions can’t be looked up") },
};

typedef struct
{
  const char *feature;
  guint       roles;
  const char *resource;   /* an ARN to try the actions on: REGION and ACCOUNT are filled in */
  const char *actions;    /* separated by spaces */
} Right;

#define STACK         "arn:aws:cloudformation:REGION:ACCOUNT:stack/porchlight-example-a1b2c3/0f1e2d3c"
#define BUCKET        "arn:aws:s3:::porchlight-example-a1b2c3-bucket-0f1e2d3c4b5a"
#define DISTRIBUTION  "arn:aws:cloudfront::ACCOUNT:distribution/E1EXAMPLE23456"
#define EDGE_FUNCTION "arn:aws:cloudfront::ACCOUNT:function/porchlight-example-a1b2c3-edge"
#define STORE         "arn:aws:cloudfront::ACCOUNT:key-value-store/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define CONTROL       "arn:aws:cloudfront::ACCOUNT:origin-access-control/E2EXAMPLE34567"
#define ROLE          "arn:aws:iam::ACCOUNT:role/porchlight-example-a1b2c3-Publisher-0F1E2D3C4B5A"
#define TABLE         "arn:aws:dynamodb:REGION:ACCOUNT:table/porchlight-example-a1b2c3-Table-0F1E2D3C4B5A"
#define FUNCTION      "arn:aws:lambda:REGION:ACCOUNT:function:porchlight-example-a1b2c3-Contact-0f1e2d3c4b5a"
#define MAPPING       "arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define APIS          "arn:aws:apigateway:REGION::/apis"
#define API           "arn:aws:apigateway:REGION::/apis/a1b2c3d4e5"
#define API_TAGS      "arn:aws:apigateway:REGION::/tags/arn%3Aaws%3Aapigateway%3AREGION%3A%3A%2Fapis%2Fa1b2c3d4e5"
#define CERTIFICATE   "arn:aws:acm:us-east-1:ACCOUNT:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
#define ZONE          "arn:aws:route53:::hostedzone/Z0EXAMPLE123456789ABC"
#define LOG_GROUP     "arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/porchlight-example-a1b2c3-contact"

/* Every action that the engine or CloudFormation on its behalf needs. data/policies has the same as policies; a test holds
 * both against each other, and against what the engine does. */
static const Right rights[] = {
  { "sites", OWNER_ONLY, STACK,
    "cloudformation:ContinueUpdateRollback cloudformation:CreateChangeSet cloudformation:DeleteChangeSet "
    "cloudformation:DeleteStack cloudformation:DescribeChangeSet cloudformation:DescribeStackEvents "
    "cloudformation:DescribeStackResources cloudformation:ExecuteChangeSet cloudformation:GetTemplate "
    "cloudformation:TagResource" },
  { "sites", OWNER_ONLY, BUCKET,
    "s3:CreateBucket s3:DeleteBucket s3:DeleteBucketPolicy s3:GetBucketOwnershipControls s3:GetBucketPolicy "
    "s3:GetBucketPublicAccessBlock s3:GetBucketTagging s3:GetLifecycleConfiguration s3:ListBucketVersions "
    "s3:PutBucketOwnershipControls s3:PutBucketPolicy s3:PutBucketPublicAccessBlock s3:PutBucketTagging "
    "s3:PutLifecycleConfiguration s3:TagResource s3:UntagResource" },
  { "sites", OWNER_ONLY, BUCKET "/site.json", "s3:DeleteObject s3:DeleteObjectVersion s3:PutObject" },
  { "sites", OWNER_ONLY, DISTRIBUTION,
    "cloudfront:CreateDistribution cloudfront:CreateDistributionWithTags cloudfront:DeleteDistribution "
    "cloudfront:GetDistribution cloudfront:GetDistributionConfig cloudfront:ListTagsForResource cloudfront:TagResource "
    "cloudfront:UntagResource cloudfront:UpdateDistribution" },
  { "sites", OWNER_ONLY, EDGE_FUNCTION,
    "cloudfront:CreateFunction cloudfront:DeleteFunction cloudfront:DescribeFunction cloudfront:GetFunction "
    "cloudfront:ListTagsForResource cloudfront:PublishFunction cloudfront:TagResource cloudfront:UntagResource "
    "cloudfront:UpdateFunction" },
  { "sites", OWNER_ONLY, STORE,
    "cloudfront:CreateKeyValueStore cloudfront:DeleteKeyValueStore cloudfront:DescribeKeyValueStore "
    "cloudfront:ListTagsForResource cloudfront:TagResource cloudfront:UntagResource cloudfront:UpdateKeyValueStore" },
  { "sites", OWNER_ONLY, CONTROL,
    "cloudfront:CreateOriginAccessControl cloudfront:DeleteOriginAccessControl cloudfront:GetOriginAccessControl "
    "cloudfront:UpdateOriginAccessControl" },
  { "sites", OWNER_ONLY, ROLE,
    "iam:CreateRole iam:DeleteRole iam:DeleteRolePolicy iam:GetRole iam:GetRolePolicy iam:ListAttachedRolePolicies "
    "iam:ListRolePolicies iam:PutRolePolicy iam:TagRole iam:UntagRole iam:UpdateAssumeRolePolicy iam:UpdateRole "
    "iam:UpdateRoleDescription" },

  { "publish", BOTH, "*", "cloudformation:DescribeStacks" },
  { "publish", BOTH, BUCKET, "s3:ListBucket s3:ListBucketMultipartUploads" },
  { "publish", BOTH, BUCKET "/site.json", "s3:GetObject" },
  { "publish", BOTH, BUCKET "/manifests/20261120-100000-abc234.json", "s3:DeleteObject s3:GetObject s3:PutObject" },
  { "publish", BOTH, BUCKET "/releases/20261120-100000-abc234/index.html",
    "s3:AbortMultipartUpload s3:DeleteObject s3:GetObject s3:PutObject" },
  { "publish", BOTH, BUCKET "/system/404.html", "s3:PutObject" },
  { "publish", BOTH, STORE,
    "cloudfront-keyvaluestore:DescribeKeyValueStore cloudfront-keyvaluestore:GetKey cloudfront-keyvaluestore:ListKeys "
    "cloudfront-keyvaluestore:PutKey cloudfront-keyvaluestore:UpdateKeys" },
  { "publish", BOTH, EDGE_FUNCTION,
    "cloudfront:DescribeFunction cloudfront:GetFunction cloudfront:PublishFunction cloudfront:UpdateFunction" },
  { "publish", BOTH, ROLE, "sts:AssumeRole" },

  { "refresh", BOTH, DISTRIBUTION, "cloudfront:CreateInvalidation cloudfront:GetInvalidation" },

  { "form", OWNER_ONLY, TABLE,
    "dynamodb:CreateTable dynamodb:DeleteTable dynamodb:DescribeContinuousBackups dynamodb:DescribeContributorInsights "
    "dynamodb:DescribeKinesisStreamingDestination dynamodb:DescribeTable dynamodb:DescribeTimeToLive "
    "dynamodb:GetResourcePolicy dynamodb:ListTagsOfResource dynamodb:TagResource dynamodb:UntagResource "
    "dynamodb:UpdateTable dynamodb:UpdateTimeToLive" },
  { "form", OWNER_ONLY, FUNCTION,
    "lambda:AddPermission lambda:CreateFunction lambda:DeleteFunction lambda:GetFunction lambda:GetFunctionCodeSigningConfig "
    "lambda:GetFunctionRecursionConfig lambda:GetPolicy lambda:GetRuntimeManagementConfig lambda:ListTags "
    "lambda:RemovePermission lambda:TagResource lambda:UntagResource lambda:UpdateFunctionCode "
    "lambda:UpdateFunctionConfiguration" },
  { "form", OWNER_ONLY, MAPPING,
    "lambda:CreateEventSourceMapping lambda:DeleteEventSourceMapping lambda:GetEventSourceMapping lambda:ListTags "
    "lambda:TagResource lambda:UntagResource lambda:UpdateEventSourceMapping" },
  { "form", OWNER_ONLY, ROLE, "iam:PassRole" },
  { "form", OWNER_ONLY, APIS, "apigateway:GET apigateway:POST" },
  { "form", OWNER_ONLY, API, "apigateway:DELETE apigateway:GET apigateway:PATCH apigateway:POST" },
  { "form", OWNER_ONLY, API_TAGS, "apigateway:PUT apigateway:TagResource" },
  { "form", OWNER_ONLY, "*", "logs:DescribeLogGroups" },
  { "form", OWNER_ONLY, LOG_GROUP,
    "logs:CreateLogGroup logs:DeleteLogGroup logs:ListTagsForResource logs:PutRetentionPolicy logs:TagResource "
    "logs:UntagResource" },

  { "form", OWNER_ONLY, "*",
    "ses:CreateEmailIdentity ses:DeleteEmailIdentity ses:GetAccount ses:GetEmailIdentity ses:GetSuppressedDestination "
    "ses:PutAccountDetails ses:TagResource" },

  { "messages", OWNER_ONLY, TABLE, "dynamodb:DeleteItem dynamodb:Query dynamodb:UpdateItem" },

  { "address", OWNER_ONLY, CERTIFICATE, "acm:AddTagsToCertificate acm:RequestCertificate" },
  { "address", OWNER_ONLY, DISTRIBUTION, "cloudfront:UpdateDomainAssociation" },
  { "address", OWNER_ONLY, ZONE, "route53:ChangeResourceRecordSets route53:ChangeTagsForResource" },
  { "address", OWNER_ONLY, "*",
    "acm:DescribeCertificate acm:ListCertificates acm:ListTagsForCertificate cloudfront:ListDistributions "
    "cloudfront:ListDomainConflicts route53:CreateHostedZone route53:GetChange route53:GetHostedZone route53:ListHostedZones "
    "route53:ListHostedZonesByName route53:ListResourceRecordSets route53domains:CheckDomainAvailability "
    "route53domains:DisableDomainAutoRenew route53domains:EnableDomainAutoRenew "
    "route53domains:GetContactReachabilityStatus route53domains:GetDomainSuggestions route53domains:GetOperationDetail "
    "route53domains:ListOperations route53domains:ListPrices route53domains:RegisterDomain "
    "route53domains:ResendContactReachabilityEmail" },

  { "account", OWNER_ONLY, "*",
    "account:GetAccountInformation account:ListRegions freetier:GetAccountPlanState iam:ListAccountAliases "
    "iam:SimulatePrincipalPolicy" },
};

/* What the conditions of our policies ask for; a policy that asks for something else shows as missing */
static const AwsContextEntry context[] = {
  { "aws:ResourceTag/application", "porchlight" },
  { "aws:RequestTag/application", "porchlight" },
  { "iam:PassedToService", "lambda.amazonaws.com" },
  { "lambda:FunctionArn", "arn:aws:lambda:us-east-1:123456789012:function:porchlight-example-a1b2c3-Notify-0f1e2d3c4b5a" },
  { NULL }
};

/* ---- one feature ---- */

/**
 * PorchPermission:
 *
 * One feature, and whether the person who signed in may use it.
 */
struct _PorchPermission
{
  GObject               parent_instance;

  const Feature        *feature;
  GPtrArray            *missing;     /* NULL at the end */
  PorchPermissionState  state;
  guint                 role;
};

G_DEFINE_FINAL_TYPE (PorchPermission, porch_permission, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (PorchRole, porch_role,
                    G_DEFINE_ENUM_VALUE (PORCH_ROLE_OWNER, "owner"),
                    G_DEFINE_ENUM_VALUE (PORCH_ROLE_EDITOR, "editor"))

G_DEFINE_ENUM_TYPE (PorchPermissionState, porch_permission_state,
                    G_DEFINE_ENUM_VALUE (PORCH_PERMISSION_UNCHECKED, "unchecked"),
                    G_DEFINE_ENUM_VALUE (PORCH_PERMISSION_ALLOWED, "allowed"),
                    G_DEFINE_ENUM_VALUE (PORCH_PERMISSION_MISSING, "missing"),
                    G_DEFINE_ENUM_VALUE (PORCH_PERMISSION_BLOCKED, "blocked"))

enum
{
  PROP_ID = 1,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_STATE,
  PROP_ESSENTIAL,
  PROP_MISSING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
porch_permission_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  PorchPermission *self = PORCH_PERMISSION (object);

  switch (prop_id)
    {
    case PROP_ID:
      g_value_set_string (value, self->feature->id);
      break;
    case PROP_TITLE:
      g_value_set_string (value, porch_permission_get_title (self));
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, porch_permission_get_subtitle (self));
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_ESSENTIAL:
      g_value_set_boolean (value, self->feature->is_essential);
      break;
    case PROP_MISSING:
      g_value_set_boxed (value, porch_permission_get_missing (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
porch_permission_finalize (GObject *object)
{
  PorchPermission *self = PORCH_PERMISSION (object);

  g_clear_pointer (&self->missing, g_ptr_array_unref);

  G_OBJECT_CLASS (porch_permission_parent_class)->finalize (object);
}

static void
porch_permission_class_init (PorchPermissionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = porch_permission_get_property;
  object_class->finalize = porch_permission_finalize;

  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, PORCH_TYPE_PERMISSION_STATE,
                                              PORCH_PERMISSION_UNCHECKED, flags);
  properties[PROP_ESSENTIAL] = g_param_spec_boolean ("essential", NULL, NULL, FALSE, flags);
  properties[PROP_MISSING] = g_param_spec_boxed ("missing", NULL, NULL, G_TYPE_STRV, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
porch_permission_init (PorchPermission *self)
{
  self->missing = g_ptr_array_new_null_terminated (0, g_free, TRUE);
}

static void
take_result (PorchPermission      *self,
             PorchPermissionState  state,
             GPtrArray            *missing)
{
  g_ptr_array_unref (self->missing);
  self->missing = missing;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MISSING]);

  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBTITLE]);
}

/**
 * porch_role_to_string:
 * @role: a role
 *
 * Returns: (transfer none): its name for scripts
 */
const char *
porch_role_to_string (PorchRole role)
{
  return role == PORCH_ROLE_EDITOR ? "editor" : "owner";
}

/**
 * porch_role_from_string:
 * @text: the name of a role
 * @role: (out): the role
 *
 * Returns: whether there is such a role
 */
gboolean
porch_role_from_string (const char *text,
                        PorchRole  *role)
{
  g_return_val_if_fail (role != NULL, FALSE);

  *role = g_strcmp0 (text, "editor") == 0 ? PORCH_ROLE_EDITOR : PORCH_ROLE_OWNER;

  return g_strcmp0 (text, porch_role_to_string (*role)) == 0;
}

/**
 * porch_permission_get_id:
 * @self: a feature
 *
 * Returns: (transfer none): its name for programs
 */
const char *
porch_permission_get_id (PorchPermission *self)
{
  g_return_val_if_fail (PORCH_IS_PERMISSION (self), NULL);

  return self->feature->id;
}

/**
 * porch_permission_get_title:
 * @self: a feature
 *
 * Returns: (transfer none): its name for people
 */
const char *
porch_permission_get_title (PorchPermission *self)
{
  g_return_val_if_fail (PORCH_IS_PERMISSION (self), NULL);

  return _(self->feature->title);
}

/**
 * porch_permission_get_subtitle:
 * @self: a feature
 *
 * Returns: (transfer none): what works or does not work, for people; it changes with the state
 */
const char *
porch_permission_get_subtitle (PorchPermission *self)
{
  g_return_val_if_fail (PORCH_IS_PERMISSION (self), NULL);

  switch (self->state)
    {
    case PORCH_PERMISSION_MISSING:
    case PORCH_PERMISSION_BLOCKED:
      return _(self->feature->missing);

    case PORCH_PERMISSION_UNCHECKED:
      return _("Not checked");

    case PORCH_PERMISSION_ALLOWED:
    default:
      return _(self->feature->allowed);
    }
}

/**
 * porch_permission_get_state:
 * @self: a feature
 *
 * Returns: what the check found
 */
PorchPermissionState
porch_permission_get_state (PorchPermission *self)
{
  g_return_val_if_fail (PORCH_IS_PERMISSION (self), PORCH_PERMISSION_UNCHECKED);

  return self->state;
}

/**
 * porch_permission_is_essential:
 * @self: a feature
 *
 * Returns: whether nothing can be done without it
 */
gboolean
porch_permission_is_essential (PorchPermission *self)
{
  g_return_val_if_fail (PORCH_IS_PERMISSION (self), FALSE);

  return self->feature->is_essential;
}

/**
 * porch_permission_get_missing:
 * @self: a feature
 *
 * Returns: (transfer none) (array zero-terminated=1): the actions that are not allowed, for the person who administers the
 *   account
 */
const char * const *
porch_permission_get_missing (PorchPermission *self)
{
  static const char * const none[] = { NULL };

  g_return_val_if_fail (PORCH_IS_PERMISSION (self), NULL);

  /* An empty array has no memory at all */
  if (self->missing->len == 0)
    return none;

  return (const char * const *) self->missing->pdata;
}

/* ---- all of them ---- */

/**
 * porch_permissions_new_list:
 * @role: a role
 *
 * Returns: (transfer full): what people in that role can do, as a list of [class@Porch.Permission], not checked yet
 */
GListModel *
porch_permissions_new_list (PorchRole role)
{
  GListStore *store = g_list_store_new (PORCH_TYPE_PERMISSION);

  for (guint i = 0; i < G_N_ELEMENTS (features); i++)
    {
      g_autoptr(PorchPermission) permission = NULL;

      if ((features[i].roles & 1 << role) == 0)
        continue;

      permission = g_object_new (PORCH_TYPE_PERMISSION, NULL);
      permission->feature = &features[i];
      permission->role = role;
      g_list_store_append (store, permission);
    }

  return G_LIST_MODEL (store);
}

/**
 * porch_permissions_dup_policy:
 * @role: a role
 *
 * Returns: (transfer full): the policy that allows what people in that role do, as JSON that can be pasted into a new
 *   policy of the account; at most 6,144 characters without white space
 */
char *
porch_permissions_dup_policy (PorchRole role)
{
  g_autofree char *path = g_strconcat (POLICIES, porch_role_to_string (role), ".json", NULL);
  g_autoptr(GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_return_val_if_fail (bytes != NULL, NULL);

  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* ---- the check ---- */

typedef struct
{
  GListModel *permissions;
  AwsClient  *client;
  char       *arn;
  char       *account;
  GHashTable *answers;       /* resource -> (action -> AwsSimulation) */
  gboolean    is_dropped;
} Check;

static void
check_free (gpointer data)
{
  Check *check = data;

  g_clear_object (&check->permissions);
  g_clear_object (&check->client);
  g_clear_pointer (&check->answers, g_hash_table_unref);
  g_free (check->arn);
  g_free (check->account);
  g_free (check);
}

static void
check_dropped (gpointer data)
{
  Check *check = data;

  check->is_dropped = TRUE;
}

static guint
get_role (Check *check)
{
  g_autoptr(PorchPermission) first = g_list_model_get_item (check->permissions, 0);

  return first != NULL ? first->role : PORCH_ROLE_OWNER;
}

static char *
fill_in (Check      *check,
         const char *resource)
{
  g_autoptr(GString) text = g_string_new (resource);

  g_string_replace (text, "REGION", aws_client_get_region (check->client), 0);
  g_string_replace (text, "ACCOUNT", check->account, 0);

  return g_string_free_and_steal (g_steal_pointer (&text));
}

/* The resources that have to be asked about, each once */
static GPtrArray *
list_resources (guint role)
{
  GPtrArray *resources = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    if ((rights[i].roles & 1 << role) != 0 &&
        !g_ptr_array_find_with_equal_func (resources, rights[i].resource, g_str_equal, NULL))
      g_ptr_array_add (resources, (gpointer) rights[i].resource);

  return resources;
}

static GStrv
list_actions (guint       role,
              const char *resource)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    if ((rights[i].roles & 1 << role) != 0 && g_str_equal (rights[i].resource, resource))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", rights[i].actions);

  return g_strsplit (text->str, " ", -1);
}

static DexFuture *
ask (Check      *check,
     guint       role,
     const char *resource)
{
  g_auto(GStrv) actions = list_actions (role, resource);
  g_autofree char *arn = fill_in (check, resource);
  const char * const arns[] = { arn, NULL };

  return aws_iam_simulate_principal_policy (check->client, check->arn, (const char * const *) actions,
                                            g_str_equal (resource, "*") ? NULL : arns, context);
}

static void
keep_answer (Check      *check,
             const char *resource,
             GPtrArray  *results)
{
  GHashTable *by_action = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) aws_simulation_unref);

  for (guint i = 0; i < results->len; i++)
    {
      AwsSimulation *result = g_ptr_array_index (results, i);

      /* The key belongs to the value, so both are replaced where an action is there twice. */
      if (aws_simulation_get_action (result) != NULL)
        g_hash_table_replace (by_action, (gpointer) aws_simulation_get_action (result), aws_simulation_ref (result));
    }

  g_hash_table_insert (check->answers, (gpointer) resource, by_action);
}

/* What the simulation says of the rights of one feature */
static PorchPermissionState
judge (Check           *check,
       PorchPermission *permission,
       GPtrArray       *missing)
{
  PorchPermissionState state = PORCH_PERMISSION_ALLOWED;

  for (guint i = 0; i < G_N_ELEMENTS (rights); i++)
    {
      g_auto(GStrv) actions = NULL;

      if (!g_str_equal (rights[i].feature, permission->feature->id) || (rights[i].roles & 1 << permission->role) == 0)
        continue;

      actions = g_strsplit (rights[i].actions, " ", -1);
      for (guint j = 0; actions[j] != NULL; j++)
        {
          AwsSimulation *result = g_hash_table_lookup (g_hash_table_lookup (check->answers, rights[i].resource), actions[j]);

          if (result == NULL || aws_simulation_is_allowed (result))
            continue;

          state = MAX (state, aws_simulation_is_organization (result) ? PORCH_PERMISSION_BLOCKED : PORCH_PERMISSION_MISSING);
          if (!g_ptr_array_find_with_equal_func (missing, actions[j], g_str_equal, NULL))
            g_ptr_array_add (missing, g_strdup (actions[j]));
        }
    }

  return state;
}

static guint
take_answers (Check    *check,
              gboolean  all_allowed)
{
  guint n_missing = 0;

  for (guint i = 0; i < g_list_model_get_n_items (check->permissions); i++)
    {
      g_autoptr(PorchPermission) permission = g_list_model_get_item (check->permissions, i);
      GPtrArray *missing = g_ptr_array_new_null_terminated (0, g_free, TRUE);
      PorchPermissionState state = all_allowed ? PORCH_PERMISSION_ALLOWED : judge (check, permission, missing);

      take_result (permission, state, missing);
      n_missing += state != PORCH_PERMISSION_ALLOWED;
    }

  return n_missing;
}

/* arn:aws:sts::A:assumed-role/R/S is nothing that policies belong to; the role is, and only IAM knows its path. */
static void
await_principal (Check *check)
{
  g_auto(GStrv) parts = g_strsplit (check->arn, ":", 6);
  g_autoptr(AwsRole) role = NULL;
  g_auto(GStrv) names = NULL;

  if (!g_str_equal (parts[2], "sts") || !g_str_has_prefix (parts[5], "assumed-role/"))
    return;

  names = g_strsplit (parts[5], "/", 3);
  g_free (check->arn);

  if ((role = dex_await_boxed (aws_iam_get_role (check->client, names[1]), NULL)) != NULL && aws_role_get_arn (role) != NULL)
    check->arn = g_strdup (aws_role_get_arn (role));
  else
    check->arn = g_strdup_printf ("arn:%s:iam::%s:role/%s", parts[1], parts[4], names[1]);
}

static gboolean
await_answers (Check   *check,
               guint    role,
               GError **error)
{
  g_autoptr(GPtrArray) resources = list_resources (role);

  for (guint i = 0; i < resources->len && !check->is_dropped; i += AT_ONCE)
    {
      DexFuture *futures[AT_ONCE] = { NULL, };
      guint n = MIN (AT_ONCE, resources->len - i);

      for (guint j = 0; j < n; j++)
        futures[j] = ask (check, role, g_ptr_array_index (resources, i + j));

      for (guint j = 0; j < n; j++)
        {
          g_autoptr(GError) failure = NULL;
          g_autoptr(GPtrArray) results = dex_await_boxed (futures[j], &failure);

          if (results != NULL)
            keep_answer (check, g_ptr_array_index (resources, i + j), results);
          else if (*error == NULL)
            *error = g_steal_pointer (&failure);
        }

      if (*error != NULL)
        return FALSE;
    }

  return TRUE;
}

static DexFuture *
check_fiber (gpointer user_data)
{
  Check *check = user_data;
  g_autoptr(GError) error = NULL;

  await_principal (check);

  if (!await_answers (check, get_role (check), &error))
    return dex_future_new_for_error (g_steal_pointer (&error));

  return dex_future_new_for_uint (check->is_dropped ? 0 : take_answers (check, FALSE));
}

/**
 * porch_permissions_check:
 * @permissions: a list of [func@Porch.permissions_new_list]
 * @client: a client of the region where sites are to live
 * @arn: who signed in, as STS tells
 *
 * Asks whether the person may do what the features need, and sets the states in the list. It is a hint: policies of
 * an organization can't always be seen, and the question needs a permission of its own. Root may do everything.
 *
 * Returns: (transfer full): a future that resolves to the number of features that are not allowed; rejected if it could not
 *   be checked, which is never a reason to stop: the features stay unchecked
 */
DexFuture *
porch_permissions_check (GListModel *permissions,
                         AwsClient  *client,
                         const char *arn)
{
  g_auto(GStrv) parts = NULL;
  Check *check;

  dex_return_error_if_fail (G_IS_LIST_MODEL (permissions));
  dex_return_error_if_fail (AWS_IS_CLIENT (client));
  dex_return_error_if_fail (arn != NULL);

  parts = g_strsplit (arn, ":", 6);
  if (g_strv_length (parts) != 6)
    return dex_future_new_reject (PORCH_ERROR, PORCH_ERROR_FAILED, _("It can’t be checked what “%s” may do."), arn);

  check = g_new0 (Check, 1);
  check->permissions = g_object_ref (permissions);
  check->client = g_object_ref (client);
  check->arn = g_strdup (arn);
  check->account = g_strdup (parts[4]);
  check->answers = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_hash_table_unref);

  if (g_str_equal (parts[5], "root"))
    {
      take_answers (check, TRUE);
      check_free (check);

      return dex_future_new_for_uint (0);
    }

  return porch_fiber_spawn (check_fiber, check, check_free, check_dropped);
}
