# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates. moto issues them without looking at the DNS; the practice cloud looks into its own zones, and tells the
record of a proof a moment after the request, as AWS does."""

import os
import time
import uuid

from . import scenario

RUN = f"{os.getpid()}"


def until(function, what, seconds=60):
    """Waits for what the server does by itself."""
    end = time.monotonic() + seconds
    while not (result := function()):
        assert time.monotonic() < end, what
        time.sleep(0.05)
    return result


def records(cloud, arn):
    """The records that prove the names, once they are known."""
    def ask():
        options = cloud.ours("DescribeCertificate", service="acm", CertificateArn=arn)["Certificate"]["DomainValidationOptions"]
        return all("ResourceRecord" in option for option in options) and {option["ResourceRecord"]["Name"]: option["ResourceRecord"] for option in options}
    return until(ask, "the records are known")


def make_zone(cloud, name):
    return cloud.client("route53").create_hosted_zone(Name=name, CallerReference=str(uuid.uuid4()))["HostedZone"]["Id"]


def put_records(cloud, zone, found):
    cloud.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
        {"Action": "UPSERT", "ResourceRecordSet": {"Name": each["Name"], "Type": each["Type"], "TTL": 300, "ResourceRecords": [{"Value": each["Value"]}]}}
        for each in found.values()]})


def wait_status(cloud, arn, status):
    def ask():
        return cloud.ours("DescribeCertificate", service="acm", CertificateArn=arn)["Certificate"]["Status"] == status
    until(ask, f"{arn} is {status}")


def issued(cloud, *names):
    """The ARN of a certificate that a distribution can use, for names of one domain."""
    arn = cloud.client("acm").request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")["CertificateArn"]
    zone = make_zone(cloud, ".".join(names[0].split(".")[-2:]))
    put_records(cloud, zone, records(cloud, arn))
    wait_status(cloud, arn, "ISSUED")
    return arn


@scenario("acm")
def certificates(cloud):
    domain = f"scene{RUN}.org"
    tags = [{"Key": "application", "Value": "porchlight"}, {"Key": "site", "Value": "ä b"}]
    request = {"DomainName": domain, "SubjectAlternativeNames": [f"www.{domain}", f"*.{domain}"], "ValidationMethod": "DNS",
               "IdempotencyToken": "token_1", "Tags": tags}
    arn = cloud.ours("RequestCertificate", **request)["CertificateArn"]
    assert arn.startswith("arn:aws:acm:us-east-1:"), arn
    assert cloud.theirs("RequestCertificate", **request)["CertificateArn"] == arn, "the same token is the same certificate"
    found = records(cloud, arn)
    if not cloud.is_moto:
        assert len(found) == 2, found     # a name and the star below it share one
        assert all(each["Type"] == "CNAME" and each["Name"].endswith(f"{domain}.") and each["Value"].endswith(".") for each in found.values()), found
    seen = cloud.same("DescribeCertificate", CertificateArn=arn)["Certificate"]
    assert sorted(seen["SubjectAlternativeNames"]) == sorted([domain, *request["SubjectAlternativeNames"]]), seen
    assert seen["DomainName"] == domain and seen["InUseBy"] == [], seen
    assert cloud.same("ListTagsForCertificate", CertificateArn=arn)["Tags"] == tags

    cloud.ours("AddTagsToCertificate", CertificateArn=arn, Tags=[{"Key": "site", "Value": "other"}, {"Key": "more"}])
    known = {tag["Key"]: tag.get("Value") for tag in cloud.same("ListTagsForCertificate", CertificateArn=arn)["Tags"]}
    assert known["site"] == "other" and known["application"] == "porchlight" and "more" in known, known

    other = cloud.theirs("RequestCertificate", DomainName=f"other.{domain}", ValidationMethod="DNS")["CertificateArn"]
    assert {each["CertificateArn"] for each in cloud.pages("ListCertificates")} >= {arn, other}
    # moto has no pages
    assert cloud.is_moto or cloud.ours("ListCertificates", MaxItems=1).get("NextToken")
    assert {each["CertificateArn"] for each in cloud.pages("ListCertificates", MaxItems=1)} >= {arn, other}

    cloud.ours("DeleteCertificate", CertificateArn=other)
    cloud.both_refused("ResourceNotFoundException", "DescribeCertificate", CertificateArn=other)
    cloud.both_refused("ResourceNotFoundException", "DeleteCertificate", CertificateArn=other)


@scenario("acm", moto=False)
def certificates_wait_for_their_records(cloud):
    domain = f"waiting{RUN}.org"
    arn = cloud.ours("RequestCertificate", DomainName=domain, SubjectAlternativeNames=[f"*.{domain}"], ValidationMethod="DNS",
                     KeyAlgorithm="EC_prime256v1")["CertificateArn"]
    found = records(cloud, arn)
    assert len(found) == 1, found
    zone = make_zone(cloud, domain)
    issued(cloud, f"look{RUN}.org")      # all that wait are looked at together
    assert cloud.ours("DescribeCertificate", CertificateArn=arn)["Certificate"]["Status"] == "PENDING_VALIDATION"
    # only this kind of key: without a filter AWS lists none but RSA
    assert arn not in {each["CertificateArn"] for each in cloud.pages("ListCertificates")}
    assert arn in {each["CertificateArn"] for each in cloud.pages("ListCertificates", Includes={"keyTypes": ["EC_prime256v1"]},
                                                                 CertificateStatuses=["PENDING_VALIDATION"])}
    put_records(cloud, zone, found)
    wait_status(cloud, arn, "ISSUED")
    seen = cloud.same("DescribeCertificate", CertificateArn=arn)["Certificate"]
    assert 197 * 86400 < seen["NotAfter"] - seen["NotBefore"] < 199 * 86400, seen
    assert {option["ValidationStatus"] for option in seen["DomainValidationOptions"]} == {"SUCCESS"}, seen

    # The same name again has the same record, and needs nothing more
    again = cloud.ours("RequestCertificate", DomainName=domain, ValidationMethod="DNS")["CertificateArn"]
    assert records(cloud, again).keys() == found.keys()
    wait_status(cloud, again, "ISSUED")


@scenario("acm", moto=False)
def certificates_heed_caa(cloud):
    domain = f"caa{RUN}.org"
    zone = make_zone(cloud, domain)

    def allow(issuer):
        cloud.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
            {"Action": "UPSERT", "ResourceRecordSet": {"Name": domain, "Type": "CAA", "TTL": 60, "ResourceRecords": [{"Value": f'0 issue "{issuer}"'}]}}]})

    allow("letsencrypt.org")
    arn = cloud.ours("RequestCertificate", DomainName=f"www.{domain}", ValidationMethod="DNS")["CertificateArn"]
    put_records(cloud, zone, records(cloud, arn))
    wait_status(cloud, arn, "FAILED")
    assert cloud.same("DescribeCertificate", CertificateArn=arn)["Certificate"]["FailureReason"] == "CAA_ERROR"
    allow("amazon.com")
    again = cloud.ours("RequestCertificate", DomainName=f"www.{domain}", ValidationMethod="DNS")["CertificateArn"]
    wait_status(cloud, again, "ISSUED")
    assert cloud.ours("DescribeCertificate", CertificateArn=arn)["Certificate"]["Status"] == "FAILED", "what failed stays so"


@scenario("acm", moto=False)
def what_is_wrong_with_a_request_is_said(cloud):
    cloud.both_refused("ValidationException", "RequestCertificate", DomainName="not a name", ValidationMethod="DNS")
    cloud.both_refused("ValidationException", "RequestCertificate", DomainName="a.org", ValidationMethod="POST")
    cloud.both_refused("ValidationException", "RequestCertificate", DomainName="a.org", ValidationMethod="DNS", IdempotencyToken="a-b")
    cloud.both_refused("InvalidParameterException", "RequestCertificate", DomainName="a.org", ValidationMethod="DNS", KeyAlgorithm="RSA_4096")
    cloud.both_refused("LimitExceededException", "RequestCertificate", DomainName="a.org", ValidationMethod="DNS",
                       SubjectAlternativeNames=[f"n{number}.a.org" for number in range(10)])
    cloud.both_refused("ValidationException", "DescribeCertificate", CertificateArn="arn:aws:acm:nothing-at-all")
