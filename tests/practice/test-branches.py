# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""One stack goes through every branch of the template by change sets, made and carried out by the unchanged `aws` program and
by boto3: each says truly what it will do, does it, and asked again finds nothing to do."""

import json
import os
import shutil
import sys
import uuid

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

import psite  # noqa: E402
from practice import Practice, expect  # noqa: E402
from registrar import Registrar  # noqa: E402
from tap import Skip, case, run  # noqa: E402

NAME = "porchlight-branches-abc234"
SECRET = {"Owner": "owner@example.org", "Sender": "owner@example.org", "ApiSecret": "s3cret-of-the-test"}
ON, OFF = "true", "false"
# One thing is switched at a time, but for the last, where all is
STEPS = [
    {}, {"VisitsEnabled": ON}, {"FormEnabled": ON, "KeepMessages": ON}, {"VisitsEnabled": OFF},
    {"FormPath": "/contact-handler"}, {"FormPath": "/_porchlight/contact", "ThanksPath": "/thanks/"}, {"FormEnabled": OFF},
    {"PriceClass": "PriceClass_All"}, {"StoreEnabled": OFF}, {"names": True}, {"names": False},
    {"FormEnabled": ON, "VisitsEnabled": ON, "StoreEnabled": ON, "names": True},
]
BASE = {"Bucket", "BucketPolicy", "Router", "AccessControl", "Distribution"}
API = {"Api", "ApiStage"}
VISITS = {"Visits", "VisitsLog", "VisitsRole", "VisitsIntegration", "VisitsRoute", "VisitsPermission"}
FORM = {"Contact", "ContactLog", "ContactRole", "ApiIntegration", "SecondRoute", "ApiPermission", "Notify", "NotifyLog", "NotifyRole", "NotifySource"}


def wanted(state):
    """The parts that this state has, by hand."""
    form, visits = state.get("FormEnabled") == ON, state.get("VisitsEnabled") == ON
    parts = set(BASE)
    parts |= {"Store", "Publisher"} if state.get("StoreEnabled") != OFF else set()
    parts |= API if form or visits else set()
    parts |= {"Table"} if form or visits or state.get("KeepMessages") == ON else set()
    parts |= FORM if form else set()
    # the route of its own goes when the form moves to the one that is always there: no path ever has two
    parts |= {"ApiRoute"} if form and state.get("FormPath") != "/contact-handler" else set()
    return parts | (VISITS if visits else set())


def setup():
    cloud = Practice()
    cloud.cf = cloud.client("cloudformation")
    cloud.template = os.path.join(cloud.state, "template.json")
    with open(cloud.template, "w", encoding="utf-8") as file:
        file.write(psite.load_template())
    cloud.certificate = None
    return cloud


def certify(cloud):
    """A certificate for a domain that was bought elsewhere and whose servers are a zone of ours."""
    zone = cloud.client("route53").create_hosted_zone(Name="branches.localhost", CallerReference="branches")
    registrar = Registrar(cloud.endpoint)
    registrar.own("branches.localhost")
    registrar.servers("branches.localhost", zone["DelegationSet"]["NameServers"])
    acm = cloud.client("acm", region="us-east-1")
    arn = acm.request_certificate(DomainName="branches.localhost", SubjectAlternativeNames=["www.branches.localhost"],
                                  ValidationMethod="DNS")["CertificateArn"]
    records = [option["ResourceRecord"] for option in acm.describe_certificate(CertificateArn=arn)["Certificate"]["DomainValidationOptions"]]
    cloud.client("route53").change_resource_record_sets(HostedZoneId=zone["HostedZone"]["Id"], ChangeBatch={"Changes": [
        {"Action": "UPSERT", "ResourceRecordSet": {"Name": record["Name"], "Type": "CNAME", "TTL": 60,
                                                   "ResourceRecords": [{"Value": record["Value"]}]}} for record in records]})
    acm.get_waiter("certificate_validated").wait(CertificateArn=arn, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    return arn


def given(cloud, state):
    values = {"SiteId": "site-1", "SiteName": "Branches", **SECRET, **state}
    if values.pop("names", False):
        cloud.certificate = cloud.certificate or certify(cloud)
        values |= {"DomainNames": "branches.localhost,www.branches.localhost", "CertificateArn": cloud.certificate}
    return values


def parts(cloud):
    resources = cloud.cf.describe_stack_resources(StackName=NAME)["StackResources"]
    return {item["LogicalResourceId"] for item in resources if item["ResourceStatus"] not in ("DELETE_COMPLETE", "DELETE_SKIPPED")}


def change(cloud, state, kind):
    """What a change set for this state would do; it is carried out if that is anything."""
    name = f"porchlight-{uuid.uuid4()}"
    arguments = dict(StackName=NAME, ChangeSetName=name, ChangeSetType=kind, ClientToken=name, Capabilities=["CAPABILITY_IAM"],
                     TemplateBody=psite.load_template(),
                     Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in given(cloud, state).items()])
    first = cloud.cf.create_change_set(**arguments)["Id"]
    expect(cloud.cf.create_change_set(**arguments)["Id"], first, "the same call again")
    described = cloud.cf.describe_change_set(ChangeSetName=name, StackName=NAME)
    while described["Status"].endswith("_IN_PROGRESS"):
        described = cloud.cf.describe_change_set(ChangeSetName=name, StackName=NAME)
    if described["Status"] == "FAILED":
        cloud.cf.delete_change_set(ChangeSetName=name, StackName=NAME)
        return None
    for _ in range(2):      # the same call again is the same change
        cloud.cf.execute_change_set(ChangeSetName=name, StackName=NAME, ClientRequestToken=name)
    psite.wait(cloud.cf, NAME, "CREATE_COMPLETE" if kind == "CREATE" else "UPDATE_COMPLETE")
    return [item["ResourceChange"] for item in described["Changes"]]


@case
def every_branch_is_reached_by_change_sets(cloud):
    state, there = {}, set()
    for number, step in enumerate(STEPS):
        state = {**state, **step}
        changes = change(cloud, state, "UPDATE" if number else "CREATE")
        expect(changes is not None, True, f"changes for {step}")
        expect({item["LogicalResourceId"] for item in changes if item["Action"] == "Add"}, wanted(state) - there, f"what {step} adds")
        expect({item["LogicalResourceId"] for item in changes if item["Action"] == "Remove"}, there - wanted(state), f"what {step} removes")
        replaced = {item["LogicalResourceId"] for item in changes if item.get("Replacement") == "True"}
        expect(replaced & {"Bucket", "Table", "Distribution"}, set(), f"what {step} replaces")
        there = parts(cloud)
        expect(there, wanted(state), f"what is there after {step}")
        expect(change(cloud, state, "UPDATE"), None, f"a second change after {step}")
    config = cloud.client("cloudfront").list_distributions()["DistributionList"]["Items"][0]
    expect(config["Aliases"]["Items"], ["branches.localhost", "www.branches.localhost"])
    expect(config["ViewerCertificate"]["MinimumProtocolVersion"], "TLSv1.2_2021")


@case
def aws_does_the_same(cloud):
    if not shutil.which("aws"):
        raise Skip("aws is not installed")
    values = given(cloud, {"FormEnabled": ON, "VisitsEnabled": OFF})
    which = ("--stack-name", NAME, "--change-set-name", "by-hand")
    cloud.aws("cloudformation", "create-change-set", *which, "--template-body", f"file://{cloud.template}", "--capabilities", "CAPABILITY_IAM",
              "--parameters", json.dumps([{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]))
    cloud.aws("cloudformation", "wait", "change-set-create-complete", *which)
    told = json.loads(cloud.aws("cloudformation", "describe-change-set", *which).stdout)["Changes"]
    expect({item["ResourceChange"]["LogicalResourceId"] for item in told if item["ResourceChange"]["Action"] == "Remove"}, VISITS)
    cloud.aws("cloudformation", "execute-change-set", *which)
    cloud.aws("cloudformation", "wait", "stack-update-complete", "--stack-name", NAME)
    expect(parts(cloud) & VISITS, set())


run(setup=setup, teardown=Practice.close)
