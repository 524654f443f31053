# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains, their DNS, certificates and mail as they go together, with boto3: what moves by itself, what is kept over a
restart, what fails when a fault says so, and what a distribution needs before it answers for a name."""

import email
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
import uuid

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

from practice import Practice, refused  # noqa: E402
from tap import case, run  # noqa: E402

CONTACT = {"FirstName": "Rosa", "LastName": "Beispiel", "ContactType": "PERSON", "AddressLine1": "Weg 1", "City": "Berlin",
           "CountryCode": "DE", "ZipCode": "10115", "PhoneNumber": "+49.301234567", "Email": "rosa@example.org"}


def until(function, what, seconds=60):
    end = time.monotonic() + seconds
    while not (result := function()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return result


def code(function, *arguments, **keywords):
    return refused(function, *arguments, **keywords)[1]


class Cloud:
    def __init__(self):
        self.cloud = Practice()

    @property
    def acm(self):
        return self.cloud.client("acm", region="us-east-1")

    @property
    def route53(self):
        return self.cloud.client("route53")

    @property
    def domains(self):
        return self.cloud.client("route53domains", region="us-east-1")

    def register(self, name, client=None):
        client = client or self.domains
        return client.register_domain(DomainName=name, DurationInYears=1, AdminContact=CONTACT, RegistrantContact=CONTACT,
                                      TechContact=CONTACT)["OperationId"]

    def zone(self, name):
        return self.route53.create_hosted_zone(Name=name, CallerReference=str(uuid.uuid4()))["HostedZone"]["Id"]

    def put(self, zone, name, kind, *values):
        return self.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
            {"Action": "UPSERT", "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 60,
                                                       "ResourceRecords": [{"Value": value} for value in values]}}]})["ChangeInfo"]

    def describe(self, arn):
        return self.acm.describe_certificate(CertificateArn=arn)["Certificate"]

    def request(self, *names):
        return self.acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")["CertificateArn"]

    def proof(self, arn):
        def ask():
            return self.describe(arn)["DomainValidationOptions"][0].get("ResourceRecord")
        return until(ask, "the record is known")

    def prove(self, arn, zone):
        record = self.proof(arn)
        self.put(zone, record["Name"], record["Type"], record["Value"])

    def wait(self, arn, status):
        until(lambda: self.describe(arn)["Status"] == status, f"{arn} is {status}")

    def issued(self, name):
        arn = self.request(name)
        self.prove(arn, self.zone(name.removeprefix("*.")))
        self.wait(arn, "ISSUED")
        return arn


@case
def states_take_their_time(cloud):
    # As long as at AWS: half a minute, five seconds, ten minutes
    cloud.cloud.restart(delays="1")
    try:
        zone = cloud.zone("slow.org")
        change = cloud.put(zone, "www.slow.org", "A", "192.0.2.1")
        assert change["Status"] == "PENDING", change
        assert cloud.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "PENDING"
        arn = cloud.request("slow.org")
        assert "ResourceRecord" not in cloud.describe(arn)["DomainValidationOptions"][0]
        cloud.register("slowly.com")
        assert code(cloud.domains.get_domain_detail, DomainName="slowly.com") == "InvalidInput"
        assert code(cloud.register, "slowly.com") == "DuplicateRequest"

        operation = cloud.register("quicker.com")
        states = [cloud.domains.get_operation_detail(OperationId=operation)["Status"]]
        for _ in range(2):
            cloud.cloud.pass_time("301s")
            states.append(cloud.domains.get_operation_detail(OperationId=operation)["Status"])
        assert states == ["SUBMITTED", "IN_PROGRESS", "SUCCESSFUL"], states
        assert cloud.route53.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"
        assert "ResourceRecord" in cloud.describe(arn)["DomainValidationOptions"][0]
    finally:
        cloud.cloud.restart()


@case
def everything_is_kept_over_a_restart(cloud):
    cloud.cloud.restart(delays="1")
    arn = cloud.request("kept.org")
    operation = cloud.register("kept.com")
    cloud.cloud.kill()
    cloud.cloud.restart()
    assert cloud.domains.get_operation_detail(OperationId=operation)["Status"] == "SUBMITTED"
    cloud.cloud.pass_time("10m")
    until(lambda: cloud.domains.get_operation_detail(OperationId=operation)["Status"] == "SUCCESSFUL", "what was begun is ended")
    assert cloud.route53.list_hosted_zones_by_name(DNSName="kept.com")["HostedZones"][0]["Name"] == "kept.com."
    cloud.prove(arn, cloud.zone("kept.org"))
    cloud.wait(arn, "ISSUED")
    cloud.cloud.restart()
    assert cloud.describe(arn)["Status"] == "ISSUED"


@case
def faults_end_what_was_begun(cloud):
    cloud.cloud.restart(faults="op=RequestCertificate,fail=VALIDATION_TIMED_OUT,times=1;op=RequestCertificate,fail=DOMAIN_NOT_ALLOWED,times=1;"
                               "op=RegisterDomain,fail=We can't finish registering your domain. Contact AWS Support,times=1;"
                               "op=PutAccountDetails,fail=DENIED,times=1")
    try:
        late = cloud.request("late.org")
        cloud.wait(late, "VALIDATION_TIMED_OUT")
        assert "FailureReason" not in cloud.describe(late)
        famous = cloud.request("famous.org")
        cloud.wait(famous, "FAILED")
        assert cloud.describe(famous)["FailureReason"] == "DOMAIN_NOT_ALLOWED"

        operation = cloud.register("refused.com")
        detail = until(lambda: (seen := cloud.domains.get_operation_detail(OperationId=operation))["Status"] == "FAILED" and seen, "it failed")
        assert detail["Message"] == "We can't finish registering your domain. Contact AWS Support", detail
        assert code(cloud.domains.get_domain_detail, DomainName="refused.com") == "InvalidInput"
        assert cloud.domains.check_domain_availability(DomainName="refused.com")["Availability"] == "AVAILABLE"

        mail = cloud.cloud.client("sesv2", region="eu-west-1")
        mail.put_account_details(MailType="TRANSACTIONAL", WebsiteURL="https://a.org/", ProductionAccessEnabled=True)
        account = until(lambda: (seen := mail.get_account())["Details"]["ReviewDetails"]["Status"] != "PENDING" and seen, "the review is over")
        assert account["Details"]["ReviewDetails"]["Status"] == "DENIED" and not account["ProductionAccessEnabled"], account
    finally:
        cloud.cloud.restart()


@case
def the_registration_says_which_zone_is_asked(cloud):
    operation = cloud.register("two.com")
    until(lambda: cloud.domains.get_operation_detail(OperationId=operation)["Status"] == "SUCCESSFUL", "registered")
    right = cloud.route53.list_hosted_zones_by_name(DNSName="two.com")["HostedZones"][0]["Id"]
    wrong = cloud.zone("two.com")
    arn = cloud.request("two.com")
    cloud.prove(arn, wrong)
    cloud.issued("first-look.org")     # all that wait are looked at together
    assert cloud.describe(arn)["Status"] == "PENDING_VALIDATION", "nobody asks the second zone"

    # Whoever changes the name servers changes whom the internet asks
    servers = cloud.route53.get_hosted_zone(Id=wrong)["DelegationSet"]["NameServers"]
    cloud.domains.update_domain_nameservers(DomainName="two.com", Nameservers=[{"Name": name} for name in servers])
    cloud.wait(arn, "ISSUED")
    again = cloud.request("www.two.com")
    cloud.prove(again, right)
    cloud.issued("second-look.org")
    assert cloud.describe(again)["Status"] == "PENDING_VALIDATION", "nobody asks the first zone any more"


def front(certificate, *aliases):
    config = {"Enabled": True, "Aliases": list(aliases), "Origins": [{"Id": "site", "DomainName": "b.s3.eu-central-1.amazonaws.com", "S3OriginConfig": {}}],
              "DefaultCacheBehavior": {"TargetOriginId": "site", "ViewerProtocolPolicy": "allow-all",
                                       "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
              "ViewerCertificate": {"AcmCertificateArn": certificate, "SslSupportMethod": "sni-only", "MinimumProtocolVersion": "TLSv1.2_2021"}}
    return json.dumps({"Resources": {"Front": {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}}})


@case
def a_distribution_needs_a_certificate_for_its_names(cloud):
    formation = cloud.cloud.client("cloudformation")

    def create(name, *arguments):
        formation.create_stack(StackName=name, TemplateBody=front(*arguments))
        stack = until(lambda: (seen := formation.describe_stacks(StackName=name)["Stacks"][0])["StackStatus"] in ("CREATE_COMPLETE", "ROLLBACK_COMPLETE") and seen, name)
        reasons = [event.get("ResourceStatusReason", "") for event in formation.describe_stack_events(StackName=name)["StackEvents"]]
        return stack["StackStatus"] == "CREATE_COMPLETE", "\n".join(reasons)

    pending = cloud.request("pending.org")
    made, reasons = create("pending", pending, "www.pending.org")
    assert not made and "isn't valid" in reasons, reasons
    good = cloud.issued("*.good.org")
    made, reasons = create("uncovered", good, "good.org")
    assert not made and "doesn't cover" in reasons, reasons
    made, reasons = create("covered", good, "www.good.org")
    assert made, reasons

    users = cloud.describe(good)["InUseBy"]
    assert len(users) == 1 and ":distribution/" in users[0], users
    assert cloud.acm.list_certificates(CertificateStatuses=["ISSUED"])["CertificateSummaryList"][-1]["InUse"]
    assert code(cloud.acm.delete_certificate, CertificateArn=good) == "ResourceInUseException"
    formation.delete_stack(StackName="covered")
    formation.get_waiter("stack_delete_complete").wait(StackName="covered", WaiterConfig={"Delay": 0.05, "MaxAttempts": 4000})
    cloud.acm.delete_certificate(CertificateArn=good)
    assert code(cloud.describe, good) == "ResourceNotFoundException"


@case
def links_of_mails_are_pages(cloud):
    mail = cloud.cloud.client("sesv2")
    mail.create_email_identity(EmailIdentity="rosa@porch.org")
    outbox = os.path.join(cloud.cloud.state, "outbox")
    newest = sorted(os.listdir(outbox))[-1]
    with open(os.path.join(outbox, newest), "rb") as stream:
        message = email.message_from_bytes(stream.read())
    assert message["To"] == "rosa@porch.org", message["To"]
    link = re.search(r"http://\S+", message.get_payload(decode=True).decode())[0]
    # Browsers and Python find every name below .localhost here
    try:
        urllib.request.urlopen(link + "0", timeout=30)
        raise AssertionError("a wrong token is taken")
    except urllib.error.HTTPError as error:
        assert error.code == 404
    with urllib.request.urlopen(link, timeout=30) as answer:
        assert answer.status == 200 and b"verified" in answer.read()
    assert mail.get_email_identity(EmailIdentity="rosa@porch.org")["VerificationStatus"] == "SUCCESS"
    # Regions have identities of their own
    other = cloud.cloud.client("sesv2", region="eu-west-2")
    assert code(other.get_email_identity, EmailIdentity="rosa@porch.org") == "NotFoundException"


@case
def what_is_not_there_is_said_so(cloud):
    assert code(cloud.acm.renew_certificate, CertificateArn=cloud.request("a.org")) == "UnknownOperationException"
    assert code(cloud.domains.delete_domain, DomainName="a.com") == "UnknownOperationException"
    assert code(cloud.route53.list_health_checks) == "UnknownOperationException"
    assert code(cloud.cloud.client("sesv2").list_contact_lists) == "UnknownOperationException"


run(setup=Cloud, teardown=lambda cloud: cloud and cloud.cloud.close())
