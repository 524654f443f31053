# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""An own address from beginning to end with the `aws` program alone, unchanged: every operation of Route 53, Route 53
Domains and ACM that we have, change sets of CloudFormation, and CloudFront's conflicts of names."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

DRIVER = os.environ.get("AWS_DRIVER")

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

import psite  # noqa: E402
from aws_program import AwsProgram  # noqa: E402
from practice import Practice, expect  # noqa: E402
from tap import Skip, case, run  # noqa: E402

CONTACT = "FirstName=Rosa,LastName=Beispiel,ContactType=PERSON,AddressLine1=Weg 1,City=Berlin,CountryCode=DE,ZipCode=10115," \
          "PhoneNumber=+49.301234567,Email=rosa@example.org"
CLOUDFRONT = "Z2FDTNDATAQYW2"
CHANGE_SETS = {"create-change-set", "describe-change-set", "list-change-sets", "execute-change-set", "delete-change-set"}
CONFLICTS = {"list-domain-conflicts", "update-domain-association"}


def dashed(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", name).lower().replace("get-dns-sec", "get-dnssec")


def until(function, what):
    end = time.monotonic() + 60
    while not (result := function()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return result


class Owner:
    def __init__(self):
        self.cloud = Practice()
        models = os.path.join(os.path.dirname(__file__), "..", "aws", "models")
        environment = self.cloud.environment(AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1", AWS_DATA_PATH=models)
        try:
            self.aws = AwsProgram(environment)
        except Skip as reason:
            self.aws = None
            self.reason = reason
        self.route53 = lambda *arguments: self.aws("route53", *arguments)
        self.domains = lambda *arguments: self.aws("route53domains", *arguments)
        self.acm = lambda *arguments: self.aws("acm", *arguments)

    def close(self):
        if self.aws:
            self.aws.close()
        self.cloud.close()

    def file(self, name, value):
        path = os.path.join(self.cloud.state, name)
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(value if isinstance(value, str) else json.dumps(value))
        return f"file://{path}"

    def change(self, zone, action, *records):
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": record} for record in records]}
        return self.route53("change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", json.dumps(batch))["ChangeInfo"]

    def stack(self, name, kind, **parameters):
        """Makes or changes a site through a change set, as the app does; its outputs."""
        which = ("--stack-name", f"porchlight-{name}-abc123", "--change-set-name", f"set-{time.monotonic_ns()}", "--region", "eu-central-1")
        given = psite.parameters(**parameters)
        self.aws("cloudformation", "create-change-set", *which, "--change-set-type", kind, "--template-body", self.file("template.json", psite.load_template()),
                 "--parameters", json.dumps(given), "--capabilities", "CAPABILITY_IAM")
        until(lambda: self.aws("cloudformation", "describe-change-set", *which)["Status"] == "CREATE_COMPLETE", "the change set is there")
        self.aws("cloudformation", "execute-change-set", *which)
        done = lambda: (seen := self.aws("cloudformation", "describe-stacks", *which[:2], *which[4:])["Stacks"][0])["StackStatus"].endswith("_COMPLETE") and seen
        stack = until(done, name)
        expect(stack["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), True, stack["StackStatus"])
        return psite.outputs(stack)


def needs_aws(function):
    def checked(owner):
        if owner.aws is None:
            raise owner.reason
        function(owner)
    checked.__name__ = function.__name__
    return case(checked)


@needs_aws
def a_domain_is_bought(owner):
    domains = owner.domains
    expect(domains("check-domain-availability", "--domain-name", "oven.localhost")["Availability"], "AVAILABLE")
    ideas = domains("get-domain-suggestions", "--domain-name", "oven.localhost", "--suggestion-count", "3", "--only-available")["SuggestionsList"]
    expect(len(ideas), 3)
    expect(domains("list-prices", "--tld", "localhost")["Prices"][0]["RegistrationPrice"]["Currency"], "USD")
    operation = domains("register-domain", "--domain-name", "oven.localhost", "--duration-in-years", "1", "--admin-contact", CONTACT,
                        "--registrant-contact", CONTACT, "--tech-contact", CONTACT)["OperationId"]
    until(lambda: domains("get-operation-detail", "--operation-id", operation)["Status"] == "SUCCESSFUL", "registered")
    expect([each["DomainName"] for each in domains("list-domains")["Domains"]], ["oven.localhost"])
    expect(domains("list-operations")["Operations"][0]["OperationId"], operation)
    expect(domains("get-contact-reachability-status", "--domain-name", "oven.localhost")["status"], "PENDING")
    expect(domains("resend-contact-reachability-email", "--domain-name", "oven.localhost")["isAlreadyVerified"], False)
    domains("disable-domain-auto-renew", "--domain-name", "oven.localhost")
    expect(domains("get-domain-detail", "--domain-name", "oven.localhost")["AutoRenew"], False)
    domains("enable-domain-auto-renew", "--domain-name", "oven.localhost")
    assert "(UnsupportedTLD)" in owner.aws.fails("route53domains", "check-domain-availability", "--domain-name", "a.nosuchend")


@needs_aws
def zones_are_found_and_filled(owner):
    route53 = owner.route53
    owner.zone = zone = route53("list-hosted-zones-by-name", "--dns-name", "oven.localhost")["HostedZones"][0]["Id"].rpartition("/")[2]
    expect(int(route53("get-hosted-zone-count")["HostedZoneCount"]), 1)
    expect(len(route53("get-hosted-zone", "--id", zone)["DelegationSet"]["NameServers"]), 4)
    change = owner.change(zone, "UPSERT", {"Name": "oven.localhost", "Type": "MX", "TTL": 300, "ResourceRecords": [{"Value": "10 mail.example.org."}]})
    until(lambda: route53("get-change", "--id", change["Id"])["ChangeInfo"]["Status"] == "INSYNC", "in sync")
    kinds = [each["Type"] for each in route53("list-resource-record-sets", "--hosted-zone-id", zone)["ResourceRecordSets"]]
    expect(sorted(kinds), ["MX", "NS", "SOA"])
    expect(route53("get-dnssec", "--hosted-zone-id", zone)["Status"]["ServeSignature"], "NOT_SIGNING")
    route53("change-tags-for-resource", "--resource-type", "hostedzone", "--resource-id", zone, "--add-tags", "Key=site,Value=oven")
    expect(route53("list-tags-for-resource", "--resource-type", "hostedzone", "--resource-id", zone)["ResourceTagSet"]["Tags"], [{"Key": "site", "Value": "oven"}])

    # A second zone of the name, which the registration is pointed to and back again
    made = route53("create-hosted-zone", "--name", "oven.localhost", "--caller-reference", "second")
    second, servers = made["HostedZone"]["Id"], made["DelegationSet"]["NameServers"]
    assert "(HostedZoneAlreadyExists)" in owner.aws.fails("route53", "create-hosted-zone", "--name", "oven.localhost", "--caller-reference", "second")
    before = [each["Name"] for each in owner.domains("get-domain-detail", "--domain-name", "oven.localhost")["Nameservers"]]
    for wanted in (servers, before):
        operation = owner.domains("update-domain-nameservers", "--domain-name", "oven.localhost", "--nameservers", *(f"Name={name}" for name in wanted))["OperationId"]
        until(lambda: owner.domains("get-operation-detail", "--operation-id", operation)["Status"] == "SUCCESSFUL", "changed")
    expect(len(route53("list-hosted-zones")["HostedZones"]), 2)
    route53("delete-hosted-zone", "--id", second)
    assert "(InvalidChangeBatch)" in owner.aws.fails("route53", "change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", json.dumps(
        {"Changes": [{"Action": "CREATE", "ResourceRecordSet": {"Name": "oven.localhost", "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": "a.org"}]}}]}))


@needs_aws
def a_certificate_is_proven(owner):
    acm = owner.acm
    names = ("--domain-name", "oven.localhost", "--subject-alternative-names", "www.oven.localhost", "other.oven.localhost",
             "--validation-method", "DNS")
    owner.certificate = arn = acm("request-certificate", *names, "--idempotency-token", "oven")["CertificateArn"]
    expect(acm("request-certificate", *names, "--idempotency-token", "oven")["CertificateArn"], arn)

    def proofs():
        options = acm("describe-certificate", "--certificate-arn", arn)["Certificate"]["DomainValidationOptions"]
        return all("ResourceRecord" in option for option in options) and [option["ResourceRecord"] for option in options]

    owner.change(owner.zone, "UPSERT", *({"Name": each["Name"], "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": each["Value"]}]}
                                         for each in until(proofs, "the records are known")))
    until(lambda: acm("describe-certificate", "--certificate-arn", arn)["Certificate"]["Status"] == "ISSUED", "issued")
    expect([each["CertificateArn"] for each in acm("list-certificates", "--certificate-statuses", "ISSUED")["CertificateSummaryList"]], [arn])
    acm("add-tags-to-certificate", "--certificate-arn", arn, "--tags", "Key=site,Value=oven")
    expect(acm("list-tags-for-certificate", "--certificate-arn", arn)["Tags"], [{"Key": "site", "Value": "oven"}])
    unused = acm("request-certificate", "--domain-name", "unused.org", "--validation-method", "DNS")["CertificateArn"]
    acm("delete-certificate", "--certificate-arn", unused)
    assert "(ResourceNotFoundException)" in owner.aws.fails("acm", "describe-certificate", "--certificate-arn", unused)


@needs_aws
def a_site_gets_the_names_by_change_sets(owner):
    first = owner.stack("oven", "CREATE")
    which = ("--stack-name", "porchlight-oven-abc123", "--region", "eu-central-1")
    owner.aws("cloudformation", "create-change-set", *which, "--change-set-name", "dropped", "--template-body", f"file://{owner.cloud.state}/template.json",
              "--parameters", json.dumps(psite.parameters(MessageDays="30", FormEnabled="true", Owner="a@example.org", Sender="a@example.org", ApiSecret="s" * 20)),
              "--capabilities", "CAPABILITY_IAM")
    until(lambda: owner.aws("cloudformation", "describe-change-set", *which, "--change-set-name", "dropped")["Status"] == "CREATE_COMPLETE", "there")
    assert "dropped" in [each["ChangeSetName"] for each in owner.aws("cloudformation", "list-change-sets", *which)["Summaries"]]
    owner.aws("cloudformation", "delete-change-set", *which, "--change-set-name", "dropped")

    owner.stack("oven", "UPDATE", DomainNames="oven.localhost,www.oven.localhost", CertificateArn=owner.certificate)
    host = first["DistributionHost"].split(":")[0]
    owner.change(owner.zone, "UPSERT", *({"Name": name, "Type": kind, "AliasTarget": {"HostedZoneId": CLOUDFRONT, "DNSName": host, "EvaluateTargetHealth": False}}
                                         for name in ("oven.localhost", "www.oven.localhost") for kind in ("A", "AAAA")))
    if shutil.which("curl"):
        seen = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", f"http://www.oven.localhost:{owner.cloud.port}/"], capture_output=True, text=True, check=True)
        expect(seen.stdout, "503", "the function of the empty site")
    assert "(ResourceInUseException)" in owner.aws.fails("acm", "delete-certificate", "--certificate-arn", owner.certificate)

    # Another site wants the name
    other = owner.stack("other", "CREATE", DomainNames="other.oven.localhost", CertificateArn=owner.certificate)
    which = ("--domain", "www.oven.localhost", "--domain-control-validation-resource", f"DistributionId={other['DistributionId']}")
    found = owner.aws("cloudfront", "list-domain-conflicts", *which)["DomainConflicts"]
    expect([each["Domain"] for each in found], ["www.oven.localhost"])
    owner.aws("cloudfront", "update-domain-association", *which[:2], "--target-resource", which[3])
    expect(owner.aws("cloudfront", "list-domain-conflicts", *which).get("DomainConflicts", []), [])


@needs_aws
def every_operation_was_called(owner):
    tables = json.loads(subprocess.run([DRIVER, "tables"], capture_output=True, text=True, check=True).stdout)["operations"]
    wanted = {(operation["service"], dashed(operation["name"])) for operation in tables if operation["service"] in ("route53", "route53domains", "acm")}
    wanted |= {("cloudformation", name) for name in CHANGE_SETS} | {("cloudfront", name) for name in CONFLICTS}
    expect(sorted(wanted - owner.aws.covered), [])


run(setup=Owner, teardown=lambda owner: owner and owner.close())
