# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of Route 53, Route 53 Domains and ACM for test-moto.py, which makes them of the practice cloud and of moto.

Ids, times and random parts of names are left out of what is compared."""

import time

NAME = "compared.org"
CLOUDFRONT = "Z2FDTNDATAQYW2"
CONTACT = {"FirstName": "Rosa", "LastName": "Beispiel", "ContactType": "PERSON", "AddressLine1": "Weg 1", "City": "Berlin",
           "CountryCode": "DE", "ZipCode": "10115", "PhoneNumber": "+49.301234567", "Email": "rosa@example.org"}

def record(name, kind, *values, ttl=300, **more):
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": value} for value in values], **more}


def alias(name, kind, target, zone=CLOUDFRONT):
    return {"Name": name, "Type": kind, "AliasTarget": {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}}


BAD_BATCH = (400, "InvalidChangeBatch")
BAD_INPUT = (400, "InvalidInput")
UNCHECKED = "the error is documented for a change batch that is not valid; moto looks at few changes"

# Name of a call: the answer of the practice cloud, and why it is not moto's
DIFFERENCES = {
    "make a zone with a used reference": ((409, "HostedZoneAlreadyExists"), "the model: CallerReference must be unique every time"),
    "make a zone of a bad name": ((400, "InvalidDomainName"), "the model: the specified domain name is not valid"),
    "state of a change": ("PENDING", "the model: PENDING until all of Amazon's servers have the change; moto has none"),
    "list zones from a name": (["compared.org."], "the model: MaxItems; moto ignores it where a name is given"),
    "get a change": ((404, "NoSuchChange"), "the model: a change with the specified change ID does not exist; moto knows every id"),
    "list aliases": ([alias(f"{NAME}.", kind, "d111111abcdef8.cloudfront.net.") for kind in ("A", "AAAA")]
                     + [record(f"www.{NAME}.", "A", "192.0.2.2", "192.0.2.3", ttl=60)], "the Developer Guide's examples have fully qualified names in lists"),
    "a cname at the apex": (BAD_BATCH, UNCHECKED),
    "a cname beside an address": (BAD_BATCH, UNCHECKED),
    "an address beside a cname": (BAD_BATCH, UNCHECKED),
    "a bad address": (BAD_BATCH, UNCHECKED),
    "a bad address of six": (BAD_BATCH, UNCHECKED),
    "text without quotes": (BAD_BATCH, UNCHECKED),
    "a bad mail exchange": (BAD_BATCH, UNCHECKED),
    "two cnames": (BAD_BATCH, UNCHECKED),
    "one value twice": (BAD_BATCH, UNCHECKED),
    "one set twice": (BAD_BATCH, UNCHECKED),
    "an alias to nothing": (BAD_BATCH, UNCHECKED),
    "a good and a bad one": (BAD_BATCH, UNCHECKED),
    "an unknown kind": (BAD_INPUT, "the model: RRType is an enumeration"),
    "both an alias and values": (BAD_INPUT, "the model: TTL and ResourceRecords are omitted for an alias"),
    "no values": (BAD_INPUT, "the model: ResourceRecords has at least one element"),
    "no changes": (BAD_INPUT, "the model: Changes has at least one element; moto fails"),
    "delete what is not there": (BAD_BATCH, "the model: DELETE is for an existing record set, and each error of a batch is told by InvalidChangeBatch"),
    "delete with another value": (BAD_BATCH, "the same: values have to match"),
    "delete the zone's servers": (BAD_BATCH, "the Developer Guide: a zone needs its NS record; moto misses a name"),
    "register again": (BAD_INPUT, "the model: DuplicateRequest is for a request that is in progress, and there is none"),
    "request a bad name": ((400, "ValidationException"), "the model: the pattern of DomainNameString"),
    "request with a bad token": ((400, "ValidationException"), "the model: the pattern of IdempotencyToken"),
}


def order(name, **changes):
    return {"DomainName": name, "DurationInYears": 2, "AutoRenew": True, "AdminContact": CONTACT, "RegistrantContact": CONTACT,
            "TechContact": CONTACT, "PrivacyProtectAdminContact": True, "PrivacyProtectRegistrantContact": True,
            "PrivacyProtectTechContact": True, **changes}


def pick(answer, *names):
    return {name: answer.get(name) for name in names}


class NameCalls:
    """The calls, in order; each may keep things in self.kept."""

    def __init__(self, route53, domains, acm):
        self.route53, self.domains, self.acm, self.kept = route53, domains, acm, {}

    def all(self):
        yield from self.zones()
        yield from self.records()
        yield from self.registrations()
        yield from self.certificates()

    def zones(self):
        route53, kept = self.route53, self.kept

        def make(name, reference, **more):
            answer = route53.create_hosted_zone(Name=name, CallerReference=reference, **more)
            kept.setdefault(reference, answer["HostedZone"]["Id"])
            kept["change"] = answer["ChangeInfo"]
            return (answer["HostedZone"]["Name"], answer["HostedZone"]["Config"], answer["HostedZone"]["CallerReference"],
                    answer["ResponseMetadata"]["HTTPStatusCode"], len(answer["DelegationSet"]["NameServers"]))

        def tidy():
            """What only one of them took"""
            for zone in route53.list_hosted_zones()["HostedZones"]:
                if NAME not in zone["Name"]:
                    route53.delete_hosted_zone(Id=zone["Id"])

        yield "make a zone", lambda: make(NAME, "one", HostedZoneConfig={"Comment": "compared"})
        yield "make a zone of the same name", lambda: make(NAME, "two")
        yield "make a zone with a used reference", lambda: make("other.org", "one")
        yield "make a zone below", lambda: make(f"sub.{NAME}.", "three")
        yield "make a zone of a bad name", lambda: make("a..org", "bad")
        yield "tidy zones", tidy
        yield "state of a change", lambda: kept["change"]["Status"]
        yield "state of a change later", lambda: route53.get_change(Id=kept["change"]["Id"].rpartition("/")[2])["ChangeInfo"]["Status"]
        yield "get a zone", lambda: (lambda a: (pick(a["HostedZone"], "Name", "Config", "CallerReference", "ResourceRecordSetCount"),
                                                 len(a["DelegationSet"]["NameServers"])))(route53.get_hosted_zone(Id=kept["one"]))
        yield "get no zone", lambda: route53.get_hosted_zone(Id="Z00000000000000000000")
        yield "list zones", lambda: sorted(zone["Name"] for zone in route53.list_hosted_zones()["HostedZones"])
        yield "list zones by name", lambda: [zone["Name"] for zone in route53.list_hosted_zones_by_name()["HostedZones"]]
        yield "list zones from a name", lambda: [zone["Name"] for zone in route53.list_hosted_zones_by_name(DNSName=NAME, MaxItems="1")["HostedZones"]]
        yield "count zones", lambda: route53.get_hosted_zone_count()["HostedZoneCount"]
        yield "tag a zone", lambda: route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=kept["one"].rpartition("/")[2],
                                                                     AddTags=[{"Key": "a", "Value": "b"}])["ResponseMetadata"]["HTTPStatusCode"]
        yield "tags of a zone", lambda: route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=kept["one"].rpartition("/")[2])["ResourceTagSet"]["Tags"]
        yield "dnssec of a zone", lambda: route53.get_dnssec(HostedZoneId=kept["one"])["Status"]
        yield "delete a zone", lambda: route53.delete_hosted_zone(Id=kept["two"])["ResponseMetadata"]["HTTPStatusCode"]
        yield "delete a zone again", lambda: route53.delete_hosted_zone(Id=kept["two"])
        yield "get a change", lambda: route53.get_change(Id="C00000000000000000000")

    def records(self):
        route53, kept = self.route53, self.kept

        def change(*changes, zone="one"):
            return route53.change_resource_record_sets(HostedZoneId=kept[zone], ChangeBatch={"Changes": [
                {"Action": action, "ResourceRecordSet": each} for action, each in changes]})["ResponseMetadata"]["HTTPStatusCode"]

        def tidy():
            for each in route53.list_resource_record_sets(HostedZoneId=kept["one"])["ResourceRecordSets"]:
                if each["Name"].startswith(("bad", "good")) or NAME not in each["Name"] or (each["Name"] == f"{NAME}." and each["Type"] == "CNAME"):
                    change(("DELETE", each))

        def listed(**parameters):
            return [{name: value for name, value in each.items()} for each in route53.list_resource_record_sets(HostedZoneId=kept["one"], **parameters)["ResourceRecordSets"]
                    if each["Type"] not in ("NS", "SOA")]

        www = record(f"www.{NAME}", "A", "192.0.2.1")
        yield "new zone's records", lambda: [(each["Name"], each["Type"], each["TTL"], len(each["ResourceRecords"]))
                                             for each in route53.list_resource_record_sets(HostedZoneId=kept["one"])["ResourceRecordSets"]]
        yield "create", lambda: change(("CREATE", www))
        yield "create again", lambda: change(("CREATE", www))
        yield "upsert", lambda: change(("UPSERT", record(f"www.{NAME}", "A", "192.0.2.2", "192.0.2.3", ttl=60)))
        yield "list a record", lambda: listed()
        yield "alias", lambda: change(*(("CREATE", alias(NAME, kind, "d111111abcdef8.cloudfront.net")) for kind in ("A", "AAAA")))
        yield "list aliases", lambda: listed()
        yield "text", lambda: change(("CREATE", record(f"txt.{NAME}", "TXT", '"one" "two"', '"a \\"b\\""')))
        yield "many kinds", lambda: change(("CREATE", record(NAME, "MX", "10 mail.example.org.")), ("CREATE", record(NAME, "CAA", '0 issue "amazon.com"')),
                                           ("CREATE", record(f"_sip._tcp.{NAME}", "SRV", "1 2 5060 sip.example.org.")),
                                           ("CREATE", record(f"blog.{NAME}", "CNAME", "blog.example.org")), ("CREATE", record(f"six.{NAME}", "AAAA", "2001:db8::1")))
        yield "list from a name", lambda: [(each["Name"], each["Type"]) for each in listed(StartRecordName=f"six.{NAME}", MaxItems="2")]
        yield "list from a type", lambda: [(each["Name"], each["Type"]) for each in listed(StartRecordName=NAME, StartRecordType="CAA", MaxItems="1")]
        yield "a cname at the apex", lambda: change(("CREATE", record(NAME, "CNAME", "other.org")))
        yield "a cname beside an address", lambda: change(("CREATE", record(f"www.{NAME}", "CNAME", "other.org")))
        yield "an address beside a cname", lambda: change(("CREATE", record(f"blog.{NAME}", "A", "192.0.2.1")))
        yield "a name outside", lambda: change(("CREATE", record("www.other.org", "A", "192.0.2.1")))
        yield "a bad address", lambda: change(("CREATE", record(f"bad1.{NAME}", "A", "192.0.2.256")))
        yield "a bad address of six", lambda: change(("CREATE", record(f"bad2.{NAME}", "AAAA", "192.0.2.1")))
        yield "text without quotes", lambda: change(("CREATE", record(f"bad3.{NAME}", "TXT", "plain")))
        yield "a bad mail exchange", lambda: change(("CREATE", record(f"bad4.{NAME}", "MX", "mail.example.org")))
        yield "two cnames", lambda: change(("CREATE", record(f"bad5.{NAME}", "CNAME", "a.org", "b.org")))
        yield "one value twice", lambda: change(("CREATE", record(f"bad6.{NAME}", "A", "192.0.2.1", "192.0.2.1")))
        yield "one set twice", lambda: change(("CREATE", record(f"bad7.{NAME}", "A", "192.0.2.1")), ("UPSERT", record(f"bad7.{NAME}", "A", "192.0.2.1")))
        yield "an alias to nothing", lambda: change(("CREATE", alias(f"bad8.{NAME}", "A", f"nothing.{NAME}", kept["one"].rpartition("/")[2])))
        yield "an unknown kind", lambda: change(("CREATE", record(f"bad9.{NAME}", "XYZ", "1")))
        yield "an unknown action", lambda: change(("REPLACE", record(f"bad10.{NAME}", "A", "192.0.2.1")))
        yield "a good and a bad one", lambda: change(("CREATE", record(f"good.{NAME}", "A", "192.0.2.1")), ("CREATE", record(f"bad13.{NAME}", "TXT", "x")))
        yield "tidy records", tidy
        yield "delete what is not there", lambda: change(("DELETE", record(f"nothing.{NAME}", "A", "192.0.2.1")))
        yield "delete with another value", lambda: change(("DELETE", record(f"www.{NAME}", "A", "192.0.2.9", ttl=60)))
        yield "delete the zone's servers", lambda: change(("DELETE", next(each for each in route53.list_resource_record_sets(
            HostedZoneId=kept["one"])["ResourceRecordSets"] if each["Type"] == "NS")))
        yield "delete a zone with records", lambda: route53.delete_hosted_zone(Id=kept["one"])
        yield "records of no zone", lambda: route53.list_resource_record_sets(HostedZoneId="Z00000000000000000000")
        yield "change no zone", lambda: route53.change_resource_record_sets(HostedZoneId="Z00000000000000000000", ChangeBatch={"Changes": [
            {"Action": "CREATE", "ResourceRecordSet": www}]})
        yield "no changes", lambda: route53.change_resource_record_sets(HostedZoneId=kept["one"], ChangeBatch={"Changes": []})

        def empty():
            good = [each for each in route53.list_resource_record_sets(HostedZoneId=kept["one"])["ResourceRecordSets"]
                    if each["Type"] not in ("NS", "SOA")]
            return change(*(("DELETE", each) for each in good))

        yield "delete all", empty
        yield "list nothing", lambda: listed()
        yield "delete the empty zone", lambda: route53.delete_hosted_zone(Id=kept["one"])["ResponseMetadata"]["HTTPStatusCode"]

        # What moto takes of these it can't take away again, so it comes last
        yield "both an alias and values", lambda: change(("CREATE", {**alias(f"a.sub.{NAME}", "A", "d111111abcdef8.cloudfront.net"), "TTL": 60,
                                                                    "ResourceRecords": [{"Value": "192.0.2.1"}]}), zone="three")
        yield "no values", lambda: change(("CREATE", {"Name": f"b.sub.{NAME}", "Type": "A", "TTL": 60}), zone="three")

    def registrations(self):
        domains, kept = self.domains, self.kept

        def done(operation):
            end = time.monotonic() + 60
            while (detail := domains.get_operation_detail(OperationId=operation))["Status"] in ("SUBMITTED", "IN_PROGRESS"):
                assert time.monotonic() < end, detail
                time.sleep(0.02)
            return pick(detail, "Status", "DomainName", "Type")

        def register(name, **changes):
            kept["order"] = domains.register_domain(**order(name, **changes))["OperationId"]
            return done(kept["order"])

        yield "register", lambda: register("compared.com")
        yield "register again", lambda: register("compared.com")
        yield "register for eleven years", lambda: register("long.com", DurationInYears=11)
        yield "register an unknown ending", lambda: register("compared.nosuchend")
        yield "register with a bad phone", lambda: register("phone.com", AdminContact={**CONTACT, "PhoneNumber": "030 123"})
        yield "list domains", lambda: [pick(each, "DomainName", "AutoRenew", "TransferLock") for each in domains.list_domains()["Domains"]]
        yield "detail of a domain", lambda: pick(domains.get_domain_detail(DomainName="compared.com"), "DomainName", "AutoRenew", "AdminPrivacy",
                                                 "RegistrantPrivacy", "TechPrivacy", "AdminContact", "RegistrantContact", "TechContact")
        yield "detail of no domain", lambda: domains.get_domain_detail(DomainName="nobody.com")
        yield "detail of no operation", lambda: domains.get_operation_detail(OperationId="00000000-0000-0000-0000-000000000000")
        yield "years until it ends", lambda: (lambda a: round((a["ExpirationDate"] - a["CreationDate"]).days / 365.25))(domains.get_domain_detail(DomainName="compared.com"))
        yield "change the servers", lambda: done(domains.update_domain_nameservers(DomainName="compared.com", Nameservers=[
            {"Name": "ns1.example.org"}, {"Name": "ns2.example.org"}])["OperationId"])
        yield "servers", lambda: [each["Name"] for each in domains.get_domain_detail(DomainName="compared.com")["Nameservers"]]
        yield "servers of no domain", lambda: domains.update_domain_nameservers(DomainName="nobody.com", Nameservers=[{"Name": "ns1.a.org"}, {"Name": "ns2.a.org"}])
        yield "operations", lambda: sorted((each["Type"], each["DomainName"]) for each in domains.list_operations()["Operations"])
        yield "operations of a type", lambda: [each["Type"] for each in domains.list_operations(Type=["REGISTER_DOMAIN"])["Operations"]]

    def certificates(self):
        acm, kept = self.acm, self.kept

        def request(name, *others, **more):
            arn = acm.request_certificate(DomainName=name, ValidationMethod="DNS", **({"SubjectAlternativeNames": [name, *others]} if others else {}), **more)["CertificateArn"]
            kept.setdefault("arns", []).append(arn)
            return arn.startswith("arn:aws:acm:us-east-1:") and ":certificate/" in arn

        def described(*names):
            seen = acm.describe_certificate(CertificateArn=kept["arns"][0])["Certificate"]
            return pick({**seen, "SubjectAlternativeNames": sorted(seen["SubjectAlternativeNames"])}, *names)

        yield "request", lambda: request("compared.org", "www.compared.org", IdempotencyToken="one", Tags=[{"Key": "a", "Value": "b"}])
        yield "request again", lambda: (request("compared.org", "www.compared.org", IdempotencyToken="one", Tags=[{"Key": "a", "Value": "b"}]),
                                        kept["arns"][0] == kept["arns"][-1])
        yield "describe", lambda: described("DomainName", "SubjectAlternativeNames", "Status", "Type", "Subject", "InUseBy", "KeyAlgorithm", "FailureReason")
        yield "eligible for renewal", lambda: described("RenewalEligibility")

        def proofs():
            end = time.monotonic() + 60
            while True:
                options = acm.describe_certificate(CertificateArn=kept["arns"][0])["Certificate"]["DomainValidationOptions"]
                if all("ResourceRecord" in option for option in options):
                    return sorted((option["DomainName"], option["ValidationMethod"], option["ResourceRecord"]["Type"]) for option in options)
                assert time.monotonic() < end, options
                time.sleep(0.02)

        yield "proofs", proofs
        yield "names of proofs", lambda: all(option["ResourceRecord"]["Name"].endswith(f".{option['DomainName']}.") and option["ResourceRecord"]["Value"].endswith(".")
                                             for option in acm.describe_certificate(CertificateArn=kept["arns"][0])["Certificate"]["DomainValidationOptions"])
        yield "issued by itself", lambda: described("Status")
        yield "tags of a certificate", lambda: acm.list_tags_for_certificate(CertificateArn=kept["arns"][0])["Tags"]
        yield "tag a certificate", lambda: acm.add_tags_to_certificate(CertificateArn=kept["arns"][0], Tags=[{"Key": "c", "Value": "d"}])["ResponseMetadata"]["HTTPStatusCode"]
        yield "tags again", lambda: sorted(tag["Key"] for tag in acm.list_tags_for_certificate(CertificateArn=kept["arns"][0])["Tags"])
        yield "list certificates", lambda: [each["DomainName"] for each in acm.list_certificates()["CertificateSummaryList"]]
        yield "list failed certificates", lambda: [each["DomainName"] for each in acm.list_certificates(CertificateStatuses=["FAILED"])["CertificateSummaryList"]]
        yield "request a bad name", lambda: request("not a name")
        yield "request eleven names", lambda: request("a.org", *(f"n{number}.a.org" for number in range(10)))
        yield "request with a bad token", lambda: request("a.org", IdempotencyToken="a-b")
        yield "describe nothing", lambda: acm.describe_certificate(CertificateArn=kept["arns"][0][:-4] + "0000")
        yield "delete a certificate", lambda: acm.delete_certificate(CertificateArn=kept["arns"][0])["ResponseMetadata"]["HTTPStatusCode"]
        yield "delete it again", lambda: acm.delete_certificate(CertificateArn=kept["arns"][0])
        yield "tags of nothing", lambda: acm.list_tags_for_certificate(CertificateArn=kept["arns"][0])
