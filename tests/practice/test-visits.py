# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""An own address as its visitors find it, with curl and a real browser: what the DNS of the practice internet says decides
who answers, and a certificate has to be good. Then the pages of the registrar, on a phone."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

import psite  # noqa: E402
from practice import Practice, expect, refused  # noqa: E402
from registrar import Registrar  # noqa: E402
from tap import Skip, case, run  # noqa: E402

# Operations that are newer than the botocore that is installed
os.environ["AWS_DATA_PATH"] = os.path.join(os.path.dirname(__file__), "..", "aws", "models")

RELEASE = "20261120-101500-abcdef"
PAGE = "<!doctype html><title>Bakery</title><h1>Fresh bread</h1><p id=where></p><script>where.textContent = location.href</script>"
CLOUDFRONT = "Z2FDTNDATAQYW2"


def until(function, what, seconds=60):
    end = time.monotonic() + seconds
    while not (result := function()):
        assert time.monotonic() < end, what
        time.sleep(0.02)
    return result


class Town(Registrar):
    """A site, and what its owner does for an own address."""

    def __init__(self):
        self.cloud = Practice()
        super().__init__(self.cloud.endpoint)
        self.cloudformation = self.cloud.client("cloudformation")
        self.route53 = self.cloud.client("route53")
        self.acm = self.cloud.client("acm", region="us-east-1")
        self.cloudfront = self.cloud.client("cloudfront")
        self.outputs = {}

    def site(self, name):
        """A published site; its host without the port."""
        if name not in self.outputs:
            _, outputs = psite.create(self.cloudformation, f"porchlight-{name}-abc123", psite.load_template(), Parameters=psite.parameters())
            self.outputs[name] = outputs
            self.cloud.client("s3").put_object(Bucket=outputs["Bucket"], Key=f"releases/{RELEASE}/index.html", Body=PAGE, ContentType="text/html")
            self.point(name, {"": RELEASE})
        return self.outputs[name]["DistributionHost"].split(":")[0]

    def point(self, name, value):
        from botocore.crt.auth import CrtSigV4AsymAuth
        path = "/key-value-stores/" + self.outputs[name]["StoreArn"].replace(":", "%3A").replace("/", "%2F")

        def ask(method, path, body=b"", **headers):
            return self.cloud.raw(method, path, body=body, headers={"Content-Type": "application/json", **headers}, region="*",
                                  service="cloudfront-keyvaluestore", signer=CrtSigV4AsymAuth)

        etag = ask("GET", path)[1]["ETag"]
        expect(ask("PUT", path + "/keys/live", json.dumps({"Value": json.dumps(value)}).encode(), **{"If-Match": etag})[0], 200)

    def name(self, site, certificate, *names):
        """Gives a site its names; the state of the stack, and why it is so."""
        changed = psite.parameters(DomainNames=",".join(names), CertificateArn=certificate)
        arn = self.cloudformation.update_stack(StackName=f"porchlight-{site}-abc123", TemplateBody=psite.load_template(), Parameters=changed,
                                               Capabilities=["CAPABILITY_IAM"])["StackId"]
        state = psite.wait(self.cloudformation, arn, "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")["StackStatus"]
        return state, " ".join(psite.reasons(self.cloudformation, arn)[-1:])

    def zone(self, name):
        made = self.route53.create_hosted_zone(Name=name, CallerReference=str(uuid.uuid4()))
        return made["HostedZone"]["Id"], made["DelegationSet"]["NameServers"]

    def change(self, zone, action, name, kind, *values, target=None, ttl=300):
        record = {"Name": name, "Type": kind}
        if target:
            record["AliasTarget"] = {"HostedZoneId": CLOUDFRONT, "DNSName": target, "EvaluateTargetHealth": False}
        else:
            record |= {"TTL": ttl, "ResourceRecords": [{"Value": value} for value in values]}
        self.route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]})

    def request(self, *names):
        arn = self.acm.request_certificate(DomainName=names[0], SubjectAlternativeNames=list(names), ValidationMethod="DNS")["CertificateArn"]
        return arn, until(lambda: self.proofs(arn), "the records are known")

    def describe(self, arn):
        return self.acm.describe_certificate(CertificateArn=arn)["Certificate"]

    def proofs(self, arn):
        options = self.describe(arn)["DomainValidationOptions"]
        return all("ResourceRecord" in option for option in options) and {option["ResourceRecord"]["Name"]: option["ResourceRecord"] for option in options}

    def issued(self, zone, *names):
        arn, proofs = self.request(*names)
        for proof in proofs.values():
            self.change(zone, "UPSERT", proof["Name"], "CNAME", proof["Value"])
        until(lambda: self.describe(arn)["Status"] == "ISSUED", "issued")
        return arn, proofs

    def moved(self, domain, site, *names):
        """A domain whose DNS is in the account, with a certificate, and all names at the site."""
        self.own(domain)
        zone, servers = self.zone(domain)
        self.servers(domain, servers)
        arn, proofs = self.issued(zone, *names)
        for each in names:
            for kind in ("A", "AAAA"):
                self.change(zone, "UPSERT", each, kind, target=self.site(site))
        return zone, arn, proofs

    def visit(self, host, path="/", *options):
        """(status, headers, text) as curl, which knows *.localhost by itself, finds it."""
        text = subprocess.run(["curl", "-sS", "-i", "--max-time", "30", *options, f"http://{host}:{self.cloud.port}{path}"],
                              capture_output=True, text=True, check=True).stdout
        head, _, body = text.partition("\n\n" if "\r\n" not in text else "\r\n\r\n")
        lines = head.splitlines()
        return int(lines[0].split()[1]), {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}, body

    def answers(self, host):
        status, headers, text = self.visit(host)
        return status, headers.get("server"), "Fresh bread" in text


@case
def a_domain_elsewhere_shows_what_its_records_say(town):
    town.own("parked.localhost")
    expect(town.answers("parked.localhost"), (200, "Pretended Names", False))
    expect(town.answers("www.parked.localhost"), (200, "Pretended Names", False))
    expect(town.answers("nothing.parked.localhost"), (502, "Practice Internet", False))
    expect(town.answers("nobody.localhost")[0], 404)
    town.put("parked.localhost", "other", "A", "192.0.2.66")
    status, _, text = town.visit("other.parked.localhost")
    assert status == 502 and "192.0.2.66" in text, text
    town.put("parked.localhost", "shop", "CNAME", town.site("bakery"))
    status, headers, text = town.visit("shop.parked.localhost")
    assert status == 403 and "alternate domain names" in text, "CloudFront knows nobody of that name"
    expect(town.answers(town.site("bakery")), (200, "AmazonS3", True))


@case
def an_own_address_opens_in_a_browser_under_one_name(town):
    zone, arn, _ = town.moved("bread.localhost", "bakery", "www.bread.localhost", "bread.localhost")
    expect(town.answers("www.bread.localhost")[0], 403)
    state, reason = town.name("bakery", arn, "www.bread.localhost", "bread.localhost")
    assert state == "UPDATE_COMPLETE", reason
    for host in ("www.bread.localhost", "bread.localhost", town.site("bakery")):
        expect(town.answers(host), (200, "AmazonS3", True), host)

    town.point("bakery", {"": RELEASE, "?host": "www.bread.localhost"})
    wanted = f"http://www.bread.localhost:{town.cloud.port}/menu?a=1"
    for host in ("bread.localhost", town.site("bakery")):
        status, headers, _ = town.visit(host, "/menu?a=1")
        expect((status, headers["location"]), (301, wanted), host)
    final = subprocess.run(["curl", "-sSL", "-o", os.devnull, "-w", "%{url_effective} %{http_code}", f"http://bread.localhost:{town.cloud.port}/"],
                           capture_output=True, text=True, check=True).stdout
    expect(final, f"http://www.bread.localhost:{town.cloud.port}/ 200")
    # The chain of aliases is followed, too
    town.change(zone, "UPSERT", "m.bread.localhost", "CNAME", "www.bread.localhost")
    expect(town.visit("m.bread.localhost")[0], 403)

    if not shutil.which("chromium"):
        assert "CI" not in os.environ, "Chromium has to be there in CI"
        raise Skip("Chromium is not there")
    with tempfile.TemporaryDirectory() as home:
        seen = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-proxy-server",
                               f"--user-data-dir={home}", "--dump-dom", f"http://bread.localhost:{town.cloud.port}/"],
                              env={**os.environ, "HOME": home}, capture_output=True, text=True, timeout=120).stdout
    assert "Fresh bread" in seen and f">http://www.bread.localhost:{town.cloud.port}/<" in seen, seen


@case
def what_is_wrong_with_the_dns_is_seen_from_outside(town):
    zone, arn, _ = town.moved("wrong.localhost", "bakery", "wrong.localhost")
    servers = town.route53.get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]
    town.point("bakery", {"": RELEASE})
    town.name("bakery", arn, "wrong.localhost")
    good = (200, "AmazonS3", True)
    expect(town.answers("wrong.localhost"), good)

    town.servers("wrong.localhost", ["ns1.nobody.localhost", "ns2.nobody.localhost"])
    expect(town.answers("wrong.localhost"), (502, "Practice Internet", False))
    town.servers("wrong.localhost", ["ns1.pretended-names.localhost", servers[0]])
    expect({town.answers("wrong.localhost") for _ in range(6)}, {good, (200, "Pretended Names", False)})
    town.servers("wrong.localhost", servers)
    town.sign("wrong.localhost", True)
    expect(town.answers("wrong.localhost"), (502, "Practice Internet", False))
    town.sign("wrong.localhost", False)
    expect(town.answers("wrong.localhost"), good)

    try:
        town.cloud.change_faults("op=Resolve,name=wrong.localhost,ttl=whole")
        town.servers("wrong.localhost")
        expect(town.answers("wrong.localhost"), (200, "Pretended Names", False))
        town.servers("wrong.localhost", servers)
        expect(town.answers("wrong.localhost"), (200, "Pretended Names", False), "the old answer is remembered")
        town.cloud.pass_time("1h")
        expect(town.answers("wrong.localhost"), good)
        for fault in ("dns=SERVFAIL", "dns=LOST", "dns=NXDOMAIN", "answer=192.0.2.66"):
            town.cloud.change_faults(f"op=Resolve,name=wrong.localhost,{fault}")
            expect(town.answers("wrong.localhost"), (502, "Practice Internet", False), fault)
    finally:
        town.cloud.change_faults()


@case
def records_elsewhere_lead_here_too(town):
    town.own("flour.localhost")
    arn, proofs = town.request("www.flour.localhost", "flour.localhost")
    for proof in proofs.values():
        town.put("flour.localhost", proof["Name"], "CNAME", proof["Value"])
    until(lambda: town.describe(arn)["Status"] == "ISSUED", "issued")
    town.name("bakery", arn, "www.flour.localhost", "flour.localhost")
    town.put("flour.localhost", "www", "CNAME", town.site("bakery"))
    expect(town.answers("www.flour.localhost"), (200, "AmazonS3", True))
    expect(town.answers("flour.localhost"), (200, "Pretended Names", False))
    town.remove("flour.localhost", "flour.localhost", "A")
    expect(town.answers("flour.localhost"), (502, "Practice Internet", False))
    town.put("flour.localhost", "@", "FORWARD", "www.flour.localhost")
    expect(town.visit("flour.localhost", "/a?b")[1]["location"], f"http://www.flour.localhost:{town.cloud.port}/a?b")
    town.remove("flour.localhost", "flour.localhost", "FORWARD")
    town.put("flour.localhost", "@", "ALIAS", town.site("bakery"))
    expect(town.answers("flour.localhost"), (200, "AmazonS3", True))


@case
def certificates_are_renewed_as_long_as_their_record_is_there(town):
    zone, arn, proofs = town.moved("crumb.localhost", "bakery", "crumb.localhost")
    expect(town.describe(arn)["RenewalEligibility"], "INELIGIBLE", "nobody uses it")
    town.name("bakery", arn, "crumb.localhost")
    first = town.describe(arn)
    expect((first["RenewalEligibility"], "RenewalSummary" in first), ("ELIGIBLE", False))
    town.cloud.pass_time("152d")
    assert "RenewalSummary" not in town.describe(arn), "too early"
    town.cloud.pass_time("2d")
    seen = town.describe(arn)
    expect((seen["Status"], seen["RenewalSummary"]["RenewalStatus"]), ("ISSUED", "SUCCESS"))
    assert abs((seen["NotAfter"] - first["NotAfter"]).total_seconds()) <= 86400, "as many days are left as at the beginning"
    expect((seen["NotAfter"] - seen["NotBefore"]).days, 197)
    proof = next(iter(proofs.values()))
    town.change(zone, "DELETE", proof["Name"], "CNAME", proof["Value"])
    town.cloud.pass_time("160d")
    seen = town.describe(arn)
    expect((seen["Status"], seen["RenewalSummary"]["RenewalStatus"]), ("ISSUED", "PENDING_VALIDATION"))
    expect(seen["RenewalSummary"]["DomainValidationOptions"][0]["ValidationStatus"], "PENDING_VALIDATION")
    expect(seen["RenewalSummary"]["DomainValidationOptions"][0]["ResourceRecord"]["Name"], proof["Name"])
    expect(town.answers("crumb.localhost"), (200, "AmazonS3", True))
    town.change(zone, "UPSERT", proof["Name"], "CNAME", proof["Value"])
    expect(town.describe(arn)["RenewalSummary"]["RenewalStatus"], "SUCCESS")

    town.change(zone, "UPSERT", "crumb.localhost", "CAA", '0 issue "letsencrypt.org"')
    town.cloud.pass_time("160d")
    summary = town.describe(arn)["RenewalSummary"]
    expect((summary["RenewalStatus"], summary["RenewalStatusReason"]), ("FAILED", "CAA_ERROR"))
    town.cloud.pass_time("40d")
    expect(town.describe(arn)["Status"], "EXPIRED")
    status, headers, text = town.visit("crumb.localhost")
    assert status == 502 and "no longer valid" in text, text
    # Nobody renews what nobody uses
    town.change(zone, "DELETE", "crumb.localhost", "CAA", '0 issue "letsencrypt.org"')
    unused, _ = town.issued(zone, "unused.crumb.localhost")
    town.cloud.pass_time("199d")
    expect((town.describe(unused)["Status"], "RenewalSummary" in town.describe(unused)), ("EXPIRED", False))


@case
def requests_fail_after_three_days_and_for_caa(town):
    town.own("late.localhost")
    arn, proofs = town.request("late.localhost")
    town.cloud.pass_time("71h")
    expect(town.describe(arn)["Status"], "PENDING_VALIDATION")
    town.cloud.pass_time("2h")
    expect(town.describe(arn)["Status"], "VALIDATION_TIMED_OUT")
    proof = next(iter(proofs.values()))
    town.put("late.localhost", proof["Name"], "CNAME", proof["Value"])
    expect(town.describe(arn)["Status"], "VALIDATION_TIMED_OUT", "what timed out stays so")

    # At once when it is forbidden from the start, without any record
    for number, (caa, good) in enumerate((('0 issue "letsencrypt.org"', False), ('0 issue ";"', False), ('0 iodef "mailto:a@example.org"', True),
                                          ('0 issue "amazontrust.com; policy=x"', True), ('128 unknown "x"', False))):
        town.put("late.localhost", f"c{number}", "CAA", caa)
        arn, _ = town.request(f"www.c{number}.late.localhost")
        if good:
            expect(town.describe(arn)["Status"], "PENDING_VALIDATION", caa)
        else:
            until(lambda: town.describe(arn)["Status"] == "FAILED", caa)
            expect(town.describe(arn)["FailureReason"], "CAA_ERROR")

    # Signatures left on: the record is there, and nobody finds it
    town.own("sealed.localhost")
    zone, servers = town.zone("sealed.localhost")
    town.sign("sealed.localhost", True)
    town.servers("sealed.localhost", servers)
    arn, proofs = town.request("sealed.localhost")
    proof = next(iter(proofs.values()))
    town.change(zone, "UPSERT", proof["Name"], "CNAME", proof["Value"])
    town.cloud.pass_time("1h")
    expect(town.describe(arn)["Status"], "PENDING_VALIDATION")
    town.sign("sealed.localhost", False)
    until(lambda: town.describe(arn)["Status"] == "ISSUED", "issued")


@case
def a_name_of_somebody_else_is_moved_only_with_proof(town):
    zone, arn, _ = town.moved("taken.localhost", "bakery", "www.taken.localhost", "taken.localhost")
    town.claim("www.taken.localhost")
    expect(town.answers("www.taken.localhost"), (200, "CloudFront", False))
    state, reason = town.name("bakery", arn, "www.taken.localhost")
    assert state == "UPDATE_ROLLBACK_COMPLETE" and "already associated with a different resource" in reason, (state, reason)

    state, reason = town.name("bakery", arn, "taken.localhost")
    assert state == "UPDATE_COMPLETE", reason
    own = town.outputs["bakery"]["DistributionId"]
    found = town.cloudfront.list_domain_conflicts(Domain="www.taken.localhost", DomainControlValidationResource={"DistributionId": own})["DomainConflicts"]
    assert len(found) == 1 and found[0]["ResourceId"].startswith("****") and found[0]["AccountId"].startswith("******"), found
    move = {"Domain": "www.taken.localhost", "TargetResource": {"DistributionId": own}}
    expect(refused(town.cloudfront.update_domain_association, **move)[1], "IllegalUpdate")
    town.claim("www.taken.localhost", disabled=True)
    expect(town.answers("www.taken.localhost")[0], 403)
    expect(refused(town.cloudfront.update_domain_association, **move)[1], "AccessDenied")
    town.change(zone, "UPSERT", "_www.taken.localhost", "TXT", f'"{town.site("bakery")}"')
    town.cloudfront.update_domain_association(**move)
    expect(town.answers("www.taken.localhost"), (200, "AmazonS3", True))
    expect(town.cloudfront.list_domain_conflicts(Domain="www.taken.localhost", DomainControlValidationResource={"DistributionId": own})["DomainConflicts"], [])
    state, reason = town.name("bakery", arn, "taken.localhost", "www.taken.localhost")
    assert state == "UPDATE_COMPLETE", reason


@case
def a_bought_domain_opens_and_is_lost_without_its_owner(town):
    domains = town.cloud.client("route53domains", region="us-east-1")
    contact = {"FirstName": "Rosa", "LastName": "Beispiel", "ContactType": "PERSON", "AddressLine1": "Weg 1", "City": "Berlin",
               "CountryCode": "DE", "ZipCode": "10115", "PhoneNumber": "+49.301234567", "Email": "rosa@example.org"}

    def order(name):
        operation = domains.register_domain(DomainName=name, DurationInYears=1, AutoRenew=False, AdminContact=contact, RegistrantContact=contact,
                                            TechContact=contact)["OperationId"]
        return until(lambda: (seen := domains.get_operation_detail(OperationId=operation))["Status"] != "SUBMITTED" and seen, name), operation

    expect(domains.list_prices(Tld="localhost")["Prices"][0]["RegistrationPrice"]["Price"], 14.0)
    ideas = domains.get_domain_suggestions(DomainName="rolls.localhost", SuggestionCount=5, OnlyAvailable=True)["SuggestionsList"]
    assert len(ideas) == 5 and all(idea["DomainName"].endswith(".localhost") for idea in ideas), ideas
    expect(order("refused-rolls.localhost")[0]["Status"], "FAILED")
    waiting, operation = order("asking-rolls.localhost")
    expect((waiting["Status"], waiting["StatusFlag"]), ("IN_PROGRESS", "PENDING_CUSTOMER_ACTION"))
    town.cloud.pass_time("16d")
    expect(domains.get_operation_detail(OperationId=operation)["Status"], "FAILED")
    town.cloud.change_faults("op=ListPrices,fail=dearer,after=1")
    expect([domains.list_prices(Tld="localhost")["Prices"][0]["RegistrationPrice"]["Price"] for _ in range(2)], [14.0, 19.0])
    town.cloud.change_faults()

    expect(order("rolls.localhost")[0]["Status"], "SUCCESSFUL")
    expect(domains.check_domain_availability(DomainName="rolls.localhost")["Availability"], "UNAVAILABLE")
    zone = town.route53.list_hosted_zones_by_name(DNSName="rolls.localhost")["HostedZones"][0]["Id"]
    arn, _ = town.issued(zone, "rolls.localhost")
    town.change(zone, "UPSERT", "rolls.localhost", "A", target=town.site("bakery"))
    town.name("bakery", arn, "rolls.localhost")
    expect(town.answers("rolls.localhost"), (200, "AmazonS3", True))
    town.cloud.pass_time("16d")
    expect(domains.get_contact_reachability_status(domainName="rolls.localhost")["status"], "EXPIRED")
    assert "clientHold" in domains.get_domain_detail(DomainName="rolls.localhost")["StatusList"]
    expect(town.answers("rolls.localhost"), (502, "Practice Internet", False))


@case
def a_stack_fails_as_it_is_told_to(town):
    town.site("bakery")
    for what, expected in (("unverified", "must be verified before you can add"), ("quota", "ServiceLimitExceeded"), ("Something else", "Something else")):
        town.cloud.change_faults(f"op=AWS::CloudFront::Distribution,fail={what}")
        state, reason = town.name("bakery", town.request("a.localhost")[0], "a.localhost")
        assert state == "UPDATE_ROLLBACK_COMPLETE" and expected in reason, (state, reason)
    town.cloud.change_faults()


@case
def the_registrar_can_be_used_on_a_phone(town):
    if not shutil.which("chromium") or not os.environ.get("PORCHLIGHT_NODE_MODULES"):
        assert "CI" not in os.environ, "Chromium and the packages have to be there in CI"
        raise Skip("Chromium or the npm packages (build-aux/node-modules) are not there")
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(["node", os.path.join(os.path.dirname(__file__), "registrar.mjs"), town.endpoint, os.environ.get("PORCHLIGHT_PICTURES", "")],
                       env={**os.environ, "HOME": home}, check=True, timeout=200)
    assert "phone.localhost" in town.page("/registrar")


run(setup=Town, teardown=lambda town: town and town.cloud.close())
