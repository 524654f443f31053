# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies for owners and editors: as AWS takes them, enough for what the product does and for nothing else. They are
held against an evaluator of this file's own, against what AWS knows of actions and resource types, against what our
programs really call, and users that have nothing else go through the whole journey."""

import json
import os
import re
import tempfile
from pathlib import Path
from types import SimpleNamespace

import botocore.session

from cli import Cli, Cloud, sha256, write_site
from tap import Skip, case, run

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = Path(os.environ.get("PORCHLIGHT_VECTORS", ROOT.parent / "shared" / "vectors" / "sigv4")).parent / "cfn-schemas"
LIMIT = 6144
ACCOUNT = "123456789012"

# Actions of IAM are not always operations; these are none that botocore could know
NO_OPERATIONS = {
    "s3:AbortMultipartUpload", "s3:DeleteObjectVersion", "s3:GetBucketPublicAccessBlock", "s3:GetLifecycleConfiguration",
    "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:PutBucketPublicAccessBlock",
    "s3:PutLifecycleConfiguration", "s3:TagResource", "s3:UntagResource", "iam:PassRole", "apigateway:DELETE", "apigateway:GET",
    "apigateway:PATCH", "apigateway:POST", "apigateway:PUT", "apigateway:TagResource", "cloudformation:TagResource",
    # from after the botocore that is installed
    "account:GetAccountInformation", "cloudfront:ListDomainConflicts", "cloudfront:UpdateDomainAssociation",
    "freetier:GetAccountPlanState",
}

# What the engine's code calls -> what has to be allowed for it, and on what
CALLS = {
    "aws_acm_describe_certificate": [("acm:DescribeCertificate", "CERTIFICATE")],
    "aws_acm_list_certificates": [("acm:ListCertificates", "*")],
    "aws_acm_list_tags": [("acm:ListTagsForCertificate", "CERTIFICATE")],
    "aws_acm_request_certificate": [("acm:RequestCertificate", "CERTIFICATE"), ("acm:AddTagsToCertificate", "CERTIFICATE")],
    "aws_cloudformation_continue_update_rollback": [("cloudformation:ContinueUpdateRollback", "STACK")],
    "aws_cloudformation_create_change_set": [("cloudformation:CreateChangeSet", "STACK"), ("cloudformation:TagResource", "STACK")],
    "aws_cloudformation_delete_change_set": [("cloudformation:DeleteChangeSet", "STACK")],
    "aws_cloudformation_describe_change_set": [("cloudformation:DescribeChangeSet", "STACK")],
    "aws_cloudformation_execute_change_set": [("cloudformation:ExecuteChangeSet", "STACK")],
    "aws_cloudformation_list_changes": [("cloudformation:DescribeChangeSet", "STACK")],
    "aws_cloudformation_describe_stack_resources": [("cloudformation:DescribeStackResources", "STACK")],
    "aws_cloudformation_delete_stack": [("cloudformation:DeleteStack", "STACK")],
    "aws_cloudformation_describe_stack": [("cloudformation:DescribeStacks", "STACK")],
    "aws_cloudformation_describe_stack_events": [("cloudformation:DescribeStackEvents", "STACK")],
    "aws_cloudformation_get_template": [("cloudformation:GetTemplate", "STACK")],
    "aws_cloudformation_list_stacks": [("cloudformation:DescribeStacks", "*")],
    "aws_cloudfront_get_distribution": [("cloudfront:GetDistribution", "DISTRIBUTION")],
    "aws_cloudfront_list_distributions": [("cloudfront:ListDistributions", "*")],
    "aws_cloudfront_list_domain_conflicts": [("cloudfront:ListDomainConflicts", "*")],
    "aws_cloudfront_update_domain_association": [("cloudfront:UpdateDomainAssociation", "DISTRIBUTION")],
    "aws_cloudfront_describe_function": [("cloudfront:DescribeFunction", "EDGE")],
    "aws_cloudfront_get_function": [("cloudfront:GetFunction", "EDGE")],
    "aws_cloudfront_publish_function": [("cloudfront:PublishFunction", "EDGE")],
    "aws_cloudfront_update_function": [("cloudfront:UpdateFunction", "EDGE")],
    "aws_dynamodb_delete_item": [("dynamodb:DeleteItem", "TABLE")],
    "aws_dynamodb_delete_table": [("dynamodb:DeleteTable", "TABLE")],
    "aws_dynamodb_query": [("dynamodb:Query", "TABLE")],
    "aws_dynamodb_update_item": [("dynamodb:UpdateItem", "TABLE")],
    "aws_keyvaluestore_describe": [("cloudfront-keyvaluestore:DescribeKeyValueStore", "STORE")],
    "aws_keyvaluestore_find_client": [("cloudfront-keyvaluestore:DescribeKeyValueStore", "STORE"), ("sts:AssumeRole", "ROLE")],
    "aws_keyvaluestore_get": [("cloudfront-keyvaluestore:GetKey", "STORE")],
    "aws_keyvaluestore_list": [("cloudfront-keyvaluestore:ListKeys", "STORE")],
    "aws_keyvaluestore_put": [("cloudfront-keyvaluestore:PutKey", "STORE")],
    "aws_keyvaluestore_update": [("cloudfront-keyvaluestore:UpdateKeys", "STORE")],
    "aws_keyvaluestore_write": [("cloudfront-keyvaluestore:GetKey", "STORE"), ("cloudfront-keyvaluestore:DescribeKeyValueStore", "STORE"),
                                ("cloudfront-keyvaluestore:PutKey", "STORE")],
    "aws_s3_abort_upload": [("s3:AbortMultipartUpload", "OBJECT")],
    "aws_s3_copy_object": [("s3:GetObject", "OBJECT"), ("s3:PutObject", "OBJECT")],
    "aws_s3_delete_bucket": [("s3:DeleteBucket", "BUCKET")],
    "aws_s3_delete_object": [("s3:DeleteObject", "OBJECT")],
    "aws_s3_delete_objects": [("s3:DeleteObject", "OBJECT")],
    "aws_s3_delete_versions": [("s3:ListBucketVersions", "BUCKET"), ("s3:DeleteObject", "OBJECT"), ("s3:DeleteObjectVersion", "OBJECT")],
    "aws_s3_get_object": [("s3:GetObject", "OBJECT")],
    "aws_s3_head_object": [("s3:GetObject", "OBJECT")],
    "aws_s3_list_objects": [("s3:ListBucket", "BUCKET")],
    "aws_s3_list_uploads": [("s3:ListBucketMultipartUploads", "BUCKET")],
    "aws_s3_put_file": [("s3:PutObject", "OBJECT")],
    "aws_s3_put_object": [("s3:PutObject", "OBJECT")],
    "aws_s3_upload_file": [("s3:PutObject", "OBJECT"), ("s3:AbortMultipartUpload", "OBJECT")],
    "aws_sts_assume_role": [("sts:AssumeRole", "ROLE")],
    "aws_route53_change_records": [("route53:ChangeResourceRecordSets", "ZONE")],
    "aws_route53_change_tags": [("route53:ChangeTagsForResource", "ZONE")],
    "aws_route53_create_zone": [("route53:CreateHostedZone", "*")],
    "aws_route53_find_zones": [("route53:ListHostedZones", "*"), ("route53:ListHostedZonesByName", "*")],
    "aws_route53_get_change": [("route53:GetChange", "*")],
    "aws_route53_get_zone": [("route53:GetHostedZone", "ZONE")],
    "aws_route53_list_records": [("route53:ListResourceRecordSets", "ZONE")],
    "aws_route53_list_zones": [("route53:ListHostedZones", "*")],
    "aws_route53domains_check_availability": [("route53domains:CheckDomainAvailability", "*")],
    "aws_route53domains_disable_auto_renew": [("route53domains:DisableDomainAutoRenew", "*")],
    "aws_route53domains_enable_auto_renew": [("route53domains:EnableDomainAutoRenew", "*")],
    "aws_route53domains_get_operation": [("route53domains:GetOperationDetail", "*")],
    "aws_route53domains_get_reachability": [("route53domains:GetContactReachabilityStatus", "*")],
    "aws_route53domains_list_operations": [("route53domains:ListOperations", "*")],
    "aws_route53domains_list_prices": [("route53domains:ListPrices", "*")],
    "aws_route53domains_register": [("route53domains:RegisterDomain", "*")],
    "aws_route53domains_resend_reachability": [("route53domains:ResendContactReachabilityEmail", "*")],
    "aws_route53domains_suggest": [("route53domains:GetDomainSuggestions", "*")],
    "aws_sesv2_create_identity": [("ses:CreateEmailIdentity", "*"), ("ses:TagResource", "*")],
    "aws_sesv2_delete_identity": [("ses:DeleteEmailIdentity", "*")],
    "aws_sesv2_get_account": [("ses:GetAccount", "*")],
    "aws_sesv2_get_identity": [("ses:GetEmailIdentity", "*")],
    "aws_sesv2_is_suppressed": [("ses:GetSuppressedDestination", "*")],
    "aws_sesv2_request_production_access": [("ses:PutAccountDetails", "*")],
    # nothing can forbid this one
    "aws_sts_get_caller_identity": [],
    "aws_iam_simulate_principal_policy": [("iam:SimulatePrincipalPolicy", "USER")],
    "aws_iam_get_role": [("iam:GetRole", "ROLE")],
    "aws_iam_list_account_aliases": [("iam:ListAccountAliases", "*")],
    "aws_account_list_regions": [("account:ListRegions", "ACCOUNT")],
    "aws_account_get_account_information": [("account:GetAccountInformation", "ACCOUNT")],
    "aws_free_tier_get_account_plan_state": [("freetier:GetAccountPlanState", "*")],
}
# These are signed by nobody, or with what the browser gave
UNSIGNED = re.compile(r"aws_(sso|sso_oidc|signin)_")
SERVICES = ("account", "acm", "budgets", "cloudformation", "cloudfront", "cloudwatch", "codebuild", "codeconnections", "codepipeline",
            "cost_explorer", "dynamodb", "free_tier", "iam", "keyvaluestore", "lambda", "logs", "route53", "route53domains", "s3",
            "service_quotas", "sesv2", "sso", "sso_oidc", "signin", "step_functions", "sts")

RESOURCES = {
    "STACK": f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/porchlight-garden-65rude/0f1e2d3c",
    "BUCKET": "arn:aws:s3:::porchlight-garden-65rude-bucket-0123456789ab",
    "OBJECT": "arn:aws:s3:::porchlight-garden-65rude-bucket-0123456789ab/releases/x/index.html",
    "TABLE": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/porchlight-garden-65rude-Table-0123456789AB",
    "EDGE": f"arn:aws:cloudfront::{ACCOUNT}:function/porchlight-garden-65rude-edge",
    "STORE": f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/0f1e2d3c",
    "ROLE": f"arn:aws:iam::{ACCOUNT}:role/porchlight-garden-65rude-Publisher-0123456789AB",
    "USER": f"arn:aws:iam::{ACCOUNT}:user/anna",
    "ACCOUNT": f"arn:aws:account::{ACCOUNT}:account",
    "CERTIFICATE": f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0f1e2d3c",
    "ZONE": "arn:aws:route53:::hostedzone/Z1ABC",
    "DISTRIBUTION": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1ABC",
    "FUNCTION": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:porchlight-garden-65rude-Contact-0123456789ab",
    "*": "*",
}
OURS = {"aws:ResourceTag/application": "porchlight", "iam:PassedToService": "lambda.amazonaws.com",
        "lambda:FunctionArn": RESOURCES["FUNCTION"]}


# ---- an evaluator that shares nothing with the program's ----

def as_list(value):
    return value if isinstance(value, list) else [value]


def like(pattern, text, flags=0):
    parts = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(parts, text, flags | re.DOTALL) is not None


def condition_holds(conditions, context):
    tests = {"StringEquals": lambda wanted, actual: wanted == actual, "ArnLike": like}
    return all(key in context and any(tests[operator](wanted, context[key]) for wanted in as_list(values))
               for operator, keys in conditions.items() for key, values in keys.items())


def allows(policy, action, resource, context=OURS):
    allowed = False
    for statement in policy["Statement"]:
        if (any(like(each, action, re.IGNORECASE) for each in as_list(statement["Action"]))
                and any(like(each, resource) for each in as_list(statement["Resource"]))
                and condition_holds(statement.get("Condition", {}), context)):
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def actions_of(policy):
    return sorted({action for statement in policy["Statement"] for action in as_list(statement["Action"])})


# ---- setting up ----

def make_user(world, name, policy):
    """A user with that policy and no other right, and porchlight-cli with its keys."""
    iam = world.cloud.client("iam")
    iam.create_user(UserName=name)
    made = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(policy))["Policy"]
    iam.attach_user_policy(UserName=name, PolicyArn=made["Arn"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    cli = Cli(world.cloud)
    cli.environment.update(AWS_ACCESS_KEY_ID=key["AccessKeyId"], AWS_SECRET_ACCESS_KEY=key["SecretAccessKey"])
    world.clients.append(cli)
    return cli


def setup():
    world = SimpleNamespace(cloud=Cloud(), folder=tempfile.TemporaryDirectory(prefix="porchlight-site-"), clients=[])
    plain = Cli()
    world.clients.append(plain)
    world.plain = plain
    world.policies = {role: plain.document("policy", role) for role in ("owner", "editor")}
    world.owner = make_user(world, "olga", world.policies["owner"])
    world.editor = make_user(world, "edgar", world.policies["editor"])
    world.root = Path(world.folder.name)
    write_site(world.root)
    return world


def teardown(world):
    if world:
        world.cloud.close()
        for client in world.clients:
            client.close()
        world.folder.cleanup()


# ---- the documents ----

@case
def the_command(world):
    """It needs neither an account nor keys, and prints JSON with and without --json."""
    for role, policy in world.policies.items():
        assert json.loads(world.plain.run("policy", role).out) == policy
        assert policy == json.loads((ROOT / "data" / "policies" / f"{role}.json").read_text())
    world.plain.fail("policy", "reader", status=2, has=["reader", "owner", "editor"])
    world.plain.fail("policy", status=2)
    world.plain.fail("policy", "owner", "more", status=2)
    assert "policy" in world.plain.run("--help").out


@case
def form(world):
    for role, policy in world.policies.items():
        size = len("".join(json.dumps(policy).split()))
        print(f"# {role}: {size} of {LIMIT} characters, {len(actions_of(policy))} actions")
        assert size <= LIMIT, (role, size)
        assert policy["Version"] == "2012-10-17"
        names = [statement["Sid"] for statement in policy["Statement"]]
        assert len(set(names)) == len(names) and all(re.fullmatch("[A-Za-z0-9]+", name) for name in names), names
        for statement in policy["Statement"]:
            assert set(statement) <= {"Sid", "Effect", "Action", "Resource", "Condition"} and statement["Effect"] == "Allow", statement
            assert as_list(statement["Action"]) == sorted(set(as_list(statement["Action"]))), statement
            for resource in as_list(statement["Resource"]):
                assert resource == "*" or re.fullmatch(r"arn:aws:[a-z0-9-]+:(\*|us-east-1)?:\*?:.+", resource), resource


# Domains have no resources, new zones no id yet, and mail addresses are whatever people have
WIDE = {
    "route53:CreateHostedZone", "route53domains:CheckDomainAvailability", "route53domains:DisableDomainAutoRenew",
    "route53domains:EnableDomainAutoRenew", "route53domains:RegisterDomain", "route53domains:ResendContactReachabilityEmail",
    "ses:CreateEmailIdentity", "ses:DeleteEmailIdentity", "ses:PutAccountDetails", "ses:TagResource",
}


@case
def no_wildcards(world):
    """Actions are named one by one; what may be done to everything only reads, or a condition narrows it, or AWS knows no
    narrower way."""
    for role, policy in world.policies.items():
        for action in actions_of(policy):
            assert re.fullmatch(r"[a-z0-9-]+:[A-Za-z]+", action), action
        for statement in policy["Statement"]:
            for resource in as_list(statement["Resource"]):
                if resource == "*" and "Condition" not in statement:
                    for action in as_list(statement["Action"]):
                        assert action in WIDE or re.match(r"[a-z0-9-]+:(Describe|Get|List|Simulate)", action), (role, action)
                # an own name, or ids that AWS makes up
                elif "porchlight-" not in resource and "Condition" not in statement:
                    assert re.match(r"arn:aws:(acm|apigateway|cloudfront|lambda|route53):", resource), (role, resource)


@case
def aws_knows_every_action(world):
    session = botocore.session.get_session()
    prefixes = {}
    for name in session.get_available_services():
        metadata = session.get_service_model(name).metadata
        prefixes.setdefault(metadata.get("signingName", metadata["endpointPrefix"]), set()).add(name)
    prefixes["ses"] = {"sesv2"}
    for policy in world.policies.values():
        for action in actions_of(policy):
            if action in NO_OPERATIONS:
                continue
            prefix, operation = action.split(":")
            known = {each for name in prefixes[prefix] for each in session.get_service_model(name).operation_names}
            assert operation in known, f"{prefix} has no {operation}"
    assert NO_OPERATIONS <= set(actions_of(world.policies["owner"])) | {"s3:AbortMultipartUpload"}, "the list of exceptions has grown old"


# ---- enough ----

def find_calls():
    """Functions of src/aws that ask a service, as the engine and the command line call them."""
    headers = "".join((ROOT / "src" / "aws").joinpath(name).read_text() for name in os.listdir(ROOT / "src" / "aws") if name.endswith(".h"))
    declared = set(re.findall(r"DexFuture\s*\*\s*(aws_(?:%s)_\w+)\s*\(" % "|".join(SERVICES), headers))
    found = set()
    for folder in ("site", "cli", "wizards", "app"):
        for path in (ROOT / "src" / folder).glob("*.c"):
            found |= declared & set(re.findall(r"\b(aws_\w+) \(", path.read_text()))
    return found


@case
def owners_may_do_all_that_the_engine_does(world):
    calls = {name for name in find_calls() if not UNSIGNED.match(name)}
    assert len(calls) > 25, calls
    unknown = calls - set(CALLS)
    assert not unknown, f"say in this test which permissions these need, and put them into data/policies: {sorted(unknown)}"
    for name in sorted(calls):
        for action, resource in CALLS[name]:
            assert allows(world.policies["owner"], action, RESOURCES[resource]), (name, action, RESOURCES[resource])


# Handlers' lists name what any property might need. What ours do not need:
NOT_NEEDED = [
    # other services for properties that are not used
    r"(kms|kinesis|ec2|elasticfilesystem|s3files|firehose|s3tables|events):", r"iam:CreateServiceLinkedRole$",
    # buckets: everything but names, tags, ownership, public access, lifecycle
    r"s3:(Get|Put|Delete)(Bucket)?(Analytics|Encryption|Inventory|Metrics|Replication|Website|Accelerate|Logging|Versioning|Notification|CORS|Cors|"
    r"ObjectLock|IntelligentTiering|Abac|Acl|MetadataTable|BucketAnalytics|BucketMetrics|BucketEncryption|BucketLifecycle|BucketReplication)",
    r"s3:(Put|Get)BucketObjectLockConfiguration$", r"s3:(Get|Create|Delete|Update)BucketMetadata", r"[sS]3:GetBucketWebsite$", r"s3:PutObjectAcl$",
    r"s3:PutObjectLockConfiguration$", r"s3:Put(Accelerate|IntelligentTiering)", r"s3:ListTagsForResource$", r"s3:REST.PUT.OBJECT$",
    # a store that is filled from a file, functions from a bucket, tables from an import
    r"s3:(HeadObject|GetBucketLocation|GetObjectMetadata|GetObjectVersion)$",
    # distributions: no tenants, no private origins, no staging
    r"cloudfront:(CreateConnectionGroup|GetConnectionGroup|GetVpcOrigin|UpdateDistributionWithStagingConfig)$",
    # roles: policies are written into them, nothing is attached, no boundary
    r"iam:(Attach|Detach)RolePolicy$", r"iam:(Put|Delete)RolePermissionsBoundary$",
    # tables: no replicas, streams to elsewhere, imports, insights, backups, policies
    r"dynamodb:(.*Replica.*|(Enable|Disable|Update)Kinesis.*|DescribeImport|ImportTable|UpdateContributorInsights|UpdateContinuousBackups|"
    r"(Put|Delete)ResourcePolicy|Scan|PutItem|GetItem|BatchWriteItem)$",
    # functions: no layers, signed code, networks, reserved or scaled capacity, recursion settings
    r"lambda:(PutFunction\w+|DeleteFunctionConcurrency|DeleteFunctionCodeSigningConfig|GetCodeSigningConfig|GetLayerVersion|PutRuntimeManagementConfig|"
    r"PassCapacityProvider|PublishVersion|GetFunctionScalingConfig)$",
    # logs: retention only
    r"logs:(\w*DataProtectionPolicy|CreateLogDelivery|CreateLogStream|DescribeLogStreams|PutLogEvents|\w*ResourcePolic\w+|\w*IndexPolic\w+|"
    r"(Associate|Disassociate)KmsKey|DeleteRetentionPolicy|PutLogGroupDeletionProtection|PutBearerTokenAuthentication)$",
]


@case
def owners_may_do_what_cloudformation_does_for_them(world):
    """Its handlers work with the rights of whoever asked; the schemas of AWS say which they use."""
    if not SCHEMAS.is_dir():
        raise Skip("the schemas are not there")
    granted = {action.lower() for action in actions_of(world.policies["owner"])}
    template = json.loads(world.plain.run("stack", "template").out)
    checked = set()
    for kind in sorted({resource["Type"] for resource in template["Resources"].values()}):
        path = SCHEMAS / ("-".join(kind.removeprefix("AWS::").lower().split("::")) + ".json")
        if not path.is_file():
            print(f"# no schema of {kind}")
            continue
        handlers = json.loads(path.read_text())["handlers"]
        needed = {action for name in ("create", "read", "update", "delete") for action in handlers.get(name, {}).get("permissions", [])}
        missing = sorted(action for action in needed if action.lower() not in granted and not any(re.match(each, action) for each in NOT_NEEDED))
        assert not missing, (kind, missing)
        checked.add(kind)
    assert len(checked) >= 10, checked


@case
def nothing_superfluous(world):
    """Each action of the owner's policy is in the program's table of rights, which the permission check asks about."""
    table = (ROOT / "src" / "site" / "porch-permissions.c").read_text()
    asked = set(re.findall(r"[a-z0-9-]+:[A-Z][A-Za-z]+", table.split("static const Right rights[]")[1].split("};")[0]))
    assert asked == set(actions_of(world.policies["owner"])), asked ^ set(actions_of(world.policies["owner"]))
    assert set(actions_of(world.policies["editor"])) <= asked


# ---- and no more ----

@case
def others_things_are_out_of_reach(world):
    foreign = {
        "s3:GetObject": "arn:aws:s3:::holiday-photos/a.jpg", "s3:DeleteBucket": "arn:aws:s3:::holiday-photos",
        "dynamodb:DeleteTable": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders", "dynamodb:Query": f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders",
        "iam:PutRolePolicy": f"arn:aws:iam::{ACCOUNT}:role/admin", "iam:PassRole": f"arn:aws:iam::{ACCOUNT}:role/admin",
        "sts:AssumeRole": f"arn:aws:iam::{ACCOUNT}:role/admin", "lambda:UpdateFunctionCode": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:billing",
        "cloudformation:DeleteStack": f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/production/0f1e",
        "logs:DeleteLogGroup": f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/billing",
    }
    for policy in world.policies.values():
        for action, resource in foreign.items():
            assert not allows(policy, action, resource), (action, resource)
        # a distribution that does not carry the mark, another service that is given a role, somebody else's function
        assert not allows(policy, "cloudfront:CreateInvalidation", RESOURCES["DISTRIBUTION"], {})
        assert not allows(policy, "cloudfront:DeleteDistribution", RESOURCES["DISTRIBUTION"], {"aws:ResourceTag/application": "shop"})
        assert not allows(policy, "iam:PassRole", RESOURCES["ROLE"], {"iam:PassedToService": "ec2.amazonaws.com"})
        assert not allows(policy, "lambda:CreateEventSourceMapping", "*", {"lambda:FunctionArn": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:billing"})
        for action in ("iam:CreateUser", "iam:AttachRolePolicy", "iam:CreateAccessKey", "freetier:UpgradeAccountPlan", "account:EnableRegion",
                       "organizations:CreateOrganization", "ec2:RunInstances"):
            assert not allows(policy, action, "*"), action


@case
def editors_publish_and_refresh_only(world):
    policy = world.policies["editor"]
    for action, resource in (("s3:PutObject", "OBJECT"), ("s3:GetObject", "OBJECT"), ("s3:ListBucket", "BUCKET"),
                             ("cloudfront-keyvaluestore:PutKey", "STORE"), ("cloudfront:CreateInvalidation", "DISTRIBUTION"),
                             ("cloudformation:DescribeStacks", "*"), ("sts:AssumeRole", "ROLE")):
        assert allows(policy, action, RESOURCES[resource]), action
    # the record of the site is its owner's
    for action in ("s3:PutObject", "s3:DeleteObject"):
        assert not allows(policy, action, RESOURCES["BUCKET"] + "/site.json"), action
    may = set(actions_of(policy))
    assert {action.split(":")[0] for action in may} == {"cloudformation", "cloudfront", "cloudfront-keyvaluestore", "s3", "sts"}, may
    for action in actions_of(world.policies["owner"]):
        for name, resource in RESOURCES.items():
            if allows(policy, action, resource):
                assert action in may, (action, name)
    for action in may:
        assert not re.search(r":(Create(?!Invalidation)|Update(?!Keys$|Function$)|Delete(?!Object$)|Tag|Put(?!Object$|Key$))", action), action


# ---- the journey, with users who may do nothing else ----

@case
def an_owner_goes_all_the_way(world):
    world.site = world.owner.json("site", "create", "Garden", "--from", str(world.root), "--form", "olga@example.org")[-1]
    assert world.cloud.get(world.site["address"], "/about/")[2] == (world.root / "about/index.html").read_bytes()
    assert world.cloud.post(world.site["address"], "given_name=Anna&email=anna%40example.org&message=Hello")[0] == 200
    messages = world.owner.document("message", "list", "garden")
    assert [message["name"] for message in messages] == ["Anna"], messages
    world.owner.run("message", "mark-read", "garden", messages[0]["id"])
    write_site(world.root, version="two")
    world.owner.json("publish", "garden", str(world.root))
    assert b"two" in world.cloud.get(world.site["address"])[2]
    world.owner.json("form", "disable", "garden")
    world.owner.json("form", "enable", "garden", "--to", "rosa@example.org")


@case
def an_editor_publishes(world):
    sites = world.editor.document("site", "list")
    assert [site["name"] for site in sites] == ["Garden"], sites
    # Messages that may not be read are nothing that is wrong with the site
    assert (sites[0]["state"], sites[0]["problem"]) == ("live", None), sites
    write_site(world.root, version="three")
    before = world.editor.document("release", "list", "garden")
    done = world.editor.json("publish", "garden", str(world.root), "--note", "by Edgar")[-1]
    assert sha256(world.cloud.get(world.site["address"])[2]) == sha256((world.root / "index.html").read_bytes())
    earlier = next(release for release in before if release["live"])["id"]
    world.editor.json("release", "go-live", "garden", earlier)
    assert b"two" in world.cloud.get(world.site["address"])[2]
    world.editor.json("release", "go-live", "garden", done["release"])
    assert b"three" in world.cloud.get(world.site["address"])[2]


@case
def an_editor_refreshes_the_cache(world):
    distribution = next(output["OutputValue"] for output in world.cloud.client("cloudformation").describe_stacks()["Stacks"][0]["Outputs"]
                        if output["OutputKey"] == "DistributionId")
    keys = {"key": world.editor.environment["AWS_ACCESS_KEY_ID"], "secret": world.editor.environment["AWS_SECRET_ACCESS_KEY"]}
    cloudfront = world.cloud.client("cloudfront", **keys)
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch={
        "Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": "editor"})
    for call in (lambda: cloudfront.get_distribution_config(Id=distribution), cloudfront.list_distributions, cloudfront.list_functions):
        try:
            call()
        except cloudfront.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDenied", error
        else:
            raise AssertionError("that was allowed")


@case
def an_editor_is_stopped_where_it_must(world):
    for arguments, action in ((("message", "list", "garden"), "dynamodb:Query"), (("site", "create", "Other"), "cloudformation:CreateChangeSet")):
        result = world.editor.fail(*arguments, has=action)
        assert "is not authorized to perform" in result.err, result
    other = Cli(world.cloud)
    other.environment.update(world.editor.environment, PORCHLIGHT_DATA_DIR=other.data)
    world.clients.append(other)
    other.fail("site", "delete", "garden", has="cloudformation:DeleteStack")
    assert world.cloud.get(world.site["address"])[0] == 200
    assert len(world.cloud.client("cloudformation").describe_stacks()["Stacks"]) == 1


@case
def cloudformation_stops_where_the_person_may_not(world):
    """An owner whose policy lacks one right for the form: sites without a form work, one with a form is rolled back."""
    policy = json.loads(json.dumps(world.policies["owner"]))
    for statement in policy["Statement"]:
        if "lambda:CreateFunction" in as_list(statement["Action"]):
            statement["Action"].remove("lambda:CreateFunction")
    limited = make_user(world, "lara", policy)
    site = limited.json("site", "create", "Plain", "--from", str(world.root))[-1]
    assert world.cloud.get(site["address"])[0] == 200
    limited.fail("site", "create", "With Form", "--template", "business", "--form", "lara@example.org", has="lambda:CreateFunction")
    stacks = {stack["StackName"]: stack["StackStatus"] for stack in world.cloud.client("cloudformation").describe_stacks()["Stacks"]}
    assert all(status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "ROLLBACK_COMPLETE") for status in stacks.values()), stacks
    limited.json("site", "delete", "plain")


@case
def an_owner_takes_it_all_away(world):
    world.owner.json("site", "delete", "garden", "--keep-messages", str(world.root / "messages.csv"))
    left = [name for name in world.cloud.leftovers() if "garden" in name]
    assert not left, left


if __name__ == "__main__":
    run(setup=setup, teardown=teardown)
