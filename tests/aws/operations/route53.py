# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Zones and records. moto looks at little of what it is sent, so what is refused is for the practice cloud alone; it leaves
stars as they are, and ListHostedZonesByName ends there with the name."""

import os
import uuid

import botocore.exceptions

from . import scenario

RUN = f"{os.getpid()}"
CLOUDFRONT = "Z2FDTNDATAQYW2"


def zone_id(zone):
    return zone["HostedZone"]["Id"].rpartition("/")[2]


def record(name, kind, *values, ttl=300):
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value} for value in values]}


def alias(name, kind, target):
    return {"Name": name, "Type": kind, "AliasTarget": {"HostedZoneId": CLOUDFRONT, "DNSName": target, "EvaluateTargetHealth": False}}


def batch(*changes):
    return {"Comment": "a scene", "Changes": [{"Action": action, "ResourceRecordSet": each} for action, each in changes]}


def by_name(records):
    return {(each["Name"], each["Type"]): each for each in records}


def make(cloud, name):
    return zone_id(cloud.ours("CreateHostedZone", Name=name, CallerReference=str(uuid.uuid4()), HostedZoneConfig={"Comment": "a scene"}))


@scenario("route53")
def zones(cloud):
    name = f"zones{RUN}.org"
    made = cloud.ours("CreateHostedZone", Name=name, CallerReference=f"scene-{RUN}", HostedZoneConfig={"Comment": "a scene"})
    assert made["HostedZone"]["Name"] == f"{name}.", made
    assert len(made["DelegationSet"]["NameServers"]) == 4, made
    one = zone_id(made)
    seen = cloud.same("GetHostedZone", Id=one)
    assert seen["HostedZone"]["Config"] == {"Comment": "a scene", "PrivateZone": False}, seen
    assert seen["DelegationSet"] == made["DelegationSet"], seen
    two = make(cloud, name)
    other = make(cloud, f"a.{name}")

    # The one that is asked for comes first, and the same name is there twice
    listed = cloud.ours("ListHostedZonesByName", DNSName=name)["HostedZones"]
    assert {each["Id"].rpartition("/")[2] for each in listed[:2]} == {one, two}, listed
    assert [each["Name"] for each in listed[:3]] == [f"{name}.", f"{name}."] + ([] if cloud.is_moto else [f"a.{name}."]), listed
    ids = {each["Id"].rpartition("/")[2] for each in cloud.pages("ListHostedZones", MaxItems="1")}
    assert ids >= {one, two, other}, ids
    assert cloud.same("GetHostedZoneCount")["HostedZoneCount"] == len(ids)

    change = cloud.ours("DeleteHostedZone", Id=other)["ChangeInfo"]
    assert cloud.ours("GetChange", Id=change["Id"].rpartition("/")[2])["ChangeInfo"]["Status"] == "INSYNC"
    cloud.both_refused("NoSuchHostedZone", "GetHostedZone", Id=other)

    # moto does not escape what it writes
    tags = [{"Key": "application", "Value": "porchlight"}, {"Key": "site", "Value": "ä b" if cloud.is_moto else "ä & <b>"}]
    cloud.ours("ChangeTagsForResource", ResourceType="hostedzone", ResourceId=one, AddTags=tags)
    assert sorted(cloud.same("ListTagsForResource", ResourceType="hostedzone", ResourceId=one)["ResourceTagSet"]["Tags"],
                  key=lambda tag: tag["Key"]) == tags
    cloud.ours("ChangeTagsForResource", ResourceType="hostedzone", ResourceId=one, AddTags=[{"Key": "more", "Value": "1"}])
    cloud.ours("ChangeTagsForResource", ResourceType="hostedzone", ResourceId=one, RemoveTagKeys=["site"])
    assert {tag["Key"] for tag in cloud.same("ListTagsForResource", ResourceType="hostedzone", ResourceId=one)["ResourceTagSet"]["Tags"]} == {"application", "more"}

    assert cloud.same("GetDNSSEC", HostedZoneId=one)["Status"] == {"ServeSignature": "NOT_SIGNING"}


@scenario("route53")
def records(cloud):
    name = f"records{RUN}.org"
    zone = make(cloud, name)
    long = " ".join(f'"{part}"' for part in ("x" * 255, "y" * 45))
    made = cloud.ours("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(
        ("CREATE", record(f"www.{name}", "A", "192.0.2.1", "192.0.2.2")),
        ("UPSERT", record(f"txt.{name}", "TXT", long, '"a \\"b\\" c"')),
        ("UPSERT", record(f"*.{name}", "CNAME", f"www.{name}")),
        ("UPSERT", alias(name, "A", "d111111abcdef8.cloudfront.net.")),
        ("UPSERT", alias(name, "AAAA", "d111111abcdef8.cloudfront.net."))))
    assert made["ChangeInfo"]["Id"].startswith("/change/"), made
    seen = by_name(cloud.same("ListResourceRecordSets", HostedZoneId=zone)["ResourceRecordSets"])
    assert {"NS", "SOA", "A", "AAAA"} <= {kind for each, kind in seen if each == f"{name}."}, seen
    assert seen[f"{name}.", "A"]["AliasTarget"] == alias(name, "A", "d111111abcdef8.cloudfront.net.")["AliasTarget"], seen
    assert [each["Value"] for each in seen[f"txt.{name}.", "TXT"]["ResourceRecords"]] == [long, '"a \\"b\\" c"'], seen
    assert (f"*.{name}." if cloud.is_moto else f"\\052.{name}.", "CNAME") in seen, seen

    # Pages of one: by name, type and identifier
    assert len(cloud.pages("ListResourceRecordSets", HostedZoneId=zone, MaxItems="1")) == len(seen)
    cloud.ours("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(
        ("UPSERT", record(f"www.{name}", "A", "192.0.2.3", ttl=60)), ("DELETE", seen[f"txt.{name}.", "TXT"])))
    after = by_name(cloud.same("ListResourceRecordSets", HostedZoneId=zone)["ResourceRecordSets"])
    assert after[f"www.{name}.", "A"] == record(f"www.{name}.", "A", "192.0.2.3", ttl=60), after
    assert (f"txt.{name}.", "TXT") not in after
    cloud.both_refused("HostedZoneNotEmpty", "DeleteHostedZone", Id=zone)


@scenario("route53", moto=False)
def batches_are_all_or_nothing(cloud):
    name = f"batches{RUN}.org"
    zone = make(cloud, name)

    def refused(expected, *changes, code="InvalidChangeBatch"):
        answer = cloud.both_refused(code, "ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(*changes))
        assert expected in answer["message"], (expected, answer)

    good = ("CREATE", record(f"good.{name}", "A", "192.0.2.1"))
    refused("is not permitted at apex", good, ("CREATE", record(name, "CNAME", "other.org")))
    refused("is not permitted in zone", good, ("CREATE", record("www.other.org", "A", "192.0.2.1")))
    refused("not a valid IPv4 address", ("CREATE", record(f"a.{name}", "A", "192.0.2.256")))
    refused("not a valid IPv6 address", ("CREATE", record(f"a.{name}", "AAAA", "192.0.2.1")))
    refused("enclosed in quotation marks", ("CREATE", record(f"a.{name}", "TXT", "plain")))
    refused("Value is too long", ("CREATE", record(f"a.{name}", "TXT", f'"{"x" * 256}"')))
    refused("but it was not found", ("DELETE", record(f"a.{name}", "A", "192.0.2.1")))
    refused("does not lie within the target zone", ("CREATE", alias(f"a.{name}", "A", "elsewhere.org")))
    refused("found more than one", ("CREATE", {**alias(f"a.{name}", "A", "d1.cloudfront.net"), "TTL": 60}), code="InvalidInput")
    refused("Missing field 'TTL'", ("CREATE", {"Name": f"a.{name}", "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]}), code="InvalidInput")
    # All problems at once
    answer = cloud.both_refused("InvalidChangeBatch", "ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(
        ("DELETE", record(f"a.{name}", "A", "192.0.2.1")), ("CREATE", record(name, "CNAME", "other.org"))))
    assert answer["message"].count("],") + answer["message"].count(", ") >= 1 and "apex" in answer["message"], answer
    assert len(cloud.pages("ListResourceRecordSets", HostedZoneId=zone)) == 2, "nothing of a bad batch is done"

    # More of it with boto3 alone, since our client shows errors of one kind alike
    client = cloud.client("route53")

    def bad(expected, *changes, code="InvalidChangeBatch"):
        try:
            client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch(*changes))
        except botocore.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == code and expected in error.response["Error"]["Message"], (expected, error)
        else:
            raise AssertionError(f"{changes} were taken")

    # Values, one kind after the other
    for kind, values in {"MX": ("mail.org", "ten mail.org", "70000 mail.org", "10 a..b"), "SRV": ("1 2 mail.org", "1 2 x mail.org"),
                         "CAA": ("issue amazon.com", '0 issue amazon.com', '256 issue "amazon.com"'), "CNAME": ("a b", "a..b"), "NS": ("", "a..b"),
                         "AAAA": ("::g", "1.2.3"), "A": ("1.2.3", "::1", ""), "TXT": ("", '"a', '"a" b'), "DS": ("1 2 3",)}.items():
        for value in values:
            bad("Invalid Resource Record", good, ("CREATE", record(f"a.{name}", kind, value)))
    bad("has one value", ("CREATE", record(f"a.{name}", "CNAME", "a.org", "b.org")))
    bad("Duplicate Resource Record", ("CREATE", record(f"a.{name}", "A", "192.0.2.1", "192.0.2.1")))
    bad("has a wildcard", ("CREATE", record(f"*.{name}", "NS", "ns.example.org")))
    bad("not at apex", ("CREATE", record(f"a.{name}", "SOA", "ns.a.org. me.a.org. 1 7200 900 1209600 86400")))
    # One thing for each set; but it may be taken away and made anew
    bad("invalid set of changes", good, ("UPSERT", record(f"good.{name}", "A", "192.0.2.2")))
    bad("invalid set of changes", ("DELETE", good[1]), ("UPSERT", good[1]))
    # Aliases: to what is there at the end, of the same type, and not to health
    own = lambda kind, target: {"Name": f"alias.{name}", "Type": kind, "AliasTarget": {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}}
    bad("that target was not found", ("CREATE", own("A", f"nothing.{name}")))
    bad("that target was not found", good, ("CREATE", own("AAAA", f"good.{name}")))
    bad("does not lie within the target zone", ("CREATE", own("A", "www.other.org")))
    bad("can't be of that type", ("CREATE", own("NS", name)))
    bad("EvaluateTargetHealth", ("CREATE", {**alias(f"a.{name}", "A", "d1.cloudfront.net"), "AliasTarget": {
        "HostedZoneId": CLOUDFRONT, "DNSName": "d1.cloudfront.net", "EvaluateTargetHealth": True}}))
    bad("is not of that type", ("CREATE", alias(f"a.{name}", "TXT", "d1.cloudfront.net")))
    bad("is not permitted at apex", ("CREATE", alias(name, "CNAME", "d1.cloudfront.net")))
    bad("does not lie within the target zone", ("CREATE", alias(f"a.{name}", "A", "no-such-site-abc123.localhost")))
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch(("CREATE", own("A", f"good.{name}")), good))
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch(("DELETE", good[1]), ("CREATE", record(f"good.{name}", "A", "192.0.2.9")),
                                                                               ("DELETE", own("A", f"good.{name}"))))
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch(("DELETE", record(f"good.{name}", "A", "192.0.2.9"))))
    # What tells sets of one name apart is all or nothing
    bad("Missing field 'SetIdentifier'", ("CREATE", {**good[1], "Weight": 1}), code="InvalidInput")
    bad("tells record sets apart", ("CREATE", {**good[1], "SetIdentifier": "one"}), code="InvalidInput")
    bad("other RRSets exist", good, ("CREATE", {**good[1], "SetIdentifier": "one", "Weight": 1}))
    # Limits
    bad("more than 400 values", ("CREATE", record(f"a.{name}", "A", *(f"10.0.{number // 256}.{number % 256}" for number in range(401)))))
    bad("Number of records limit", *(("UPSERT", record(f"n{number}.{name}", "A", "192.0.2.1")) for number in range(501)))
    bad("less than or equal to 4000", ("CREATE", record(f"a.{name}", "TXT", " ".join(f'"{"x" * 250}"' for _ in range(16)))), code="InvalidInput")

    cloud.ours("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(good))
    refused("but it already exists", good)
    refused("values provided do not match", ("DELETE", record(f"good.{name}", "A", "192.0.2.1", ttl=301)))
    refused("conflicts with other records", ("CREATE", record(f"good.{name}", "CNAME", "other.org")))
    refused("at least one NS record", ("DELETE", by_name(cloud.pages("ListResourceRecordSets", HostedZoneId=zone))[f"{name}.", "NS"]))
    cloud.ours("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(("DELETE", record(f"good.{name}", "A", "192.0.2.1"))))
    cloud.ours("DeleteHostedZone", Id=zone)


@scenario("route53", moto=False)
def names_are_sorted_and_escaped(cloud):
    name = f"names{RUN}.org"
    zone = make(cloud, name)
    cloud.ours("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=batch(
        *(("CREATE", record(f"{each}.{name}", "A", "192.0.2.1")) for each in ("b", "a.b", "a", "ü", "UPPER"))))
    seen = [each["Name"] for each in cloud.same("ListResourceRecordSets", HostedZoneId=zone)["ResourceRecordSets"] if each["Type"] == "A"]
    assert seen == [f"\\303\\274.{name}.", f"a.{name}.", f"b.{name}.", f"a.b.{name}.", f"upper.{name}."], seen
    # From one on
    part = cloud.same("ListResourceRecordSets", HostedZoneId=zone, StartRecordName=f"b.{name}", StartRecordType="A", MaxItems="2")
    assert [each["Name"] for each in part["ResourceRecordSets"]] == [f"b.{name}.", f"a.b.{name}."], part
    assert part["IsTruncated"] and part["NextRecordName"] == f"upper.{name}.", part


@scenario("route53", moto=False)
def zones_are_made_once(cloud):
    reference = str(uuid.uuid4())
    cloud.ours("CreateHostedZone", Name=f"once{RUN}.org", CallerReference=reference)
    cloud.both_refused("HostedZoneAlreadyExists", "CreateHostedZone", Name=f"once{RUN}.org", CallerReference=reference)
    cloud.both_refused("InvalidDomainName", "CreateHostedZone", Name="a..org", CallerReference=str(uuid.uuid4()))
    cloud.both_refused("NoSuchHostedZone", "ListResourceRecordSets", HostedZoneId="ZNONE")
    cloud.both_refused("NoSuchHostedZone", "DeleteHostedZone", Id="ZNONE")
    cloud.both_refused("NoSuchChange", "GetChange", Id="CNONE")
    cloud.both_refused("NoSuchHealthCheck", "ListTagsForResource", ResourceType="healthcheck", ResourceId="none")
