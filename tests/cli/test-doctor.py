# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the doctor says about an own address when something is wrong with it, as `domain status` tells it: each failure is
brought about in the practice cloud by its cause, seen, and put right again."""

import json
from pathlib import Path

from cli import Cli
from practice import Practice
from registrar import Registrar
from tap import case, run

PAGE = "<!doctype html><html lang=en><title>Hello</title><h1>Hello</h1>\n"


class World:
    """A practice cloud and two sites: one whose name stays where it was bought, one whose name is in the account."""

    def __init__(self):
        self.cli = Cli()
        self.cli.environment = {name: value for name, value in self.cli.environment.items() if not name.startswith("AWS_")}
        self.state = Path(self.cli.data, "practice")
        self.state.mkdir(parents=True)
        self.cloud = Practice(state=str(self.state))
        self.registrar = Registrar(self.cloud.endpoint)
        self.cli.run("account", "add-practice")
        self.pages = Path(self.cli.folder, "pages")
        self.pages.mkdir()
        (self.pages / "index.html").write_text(PAGE)
        self.away = self.create("Bakery")
        self.here = self.create("Orchard")
        made = self.cloud.client("route53").create_hosted_zone(Name="orchard.localhost", CallerReference="orchard")
        self.zone, self.servers = made["HostedZone"]["Id"], made["DelegationSet"]["NameServers"]
        self.registrar.own("orchard.localhost")
        self.registrar.servers("orchard.localhost", self.servers)
        self.registrar.own("bakery.localhost")

    def create(self, name):
        return self.cli.json("site", "create", name, "--from", str(self.pages))[-1]["id"]

    def close(self):
        self.cloud.close()
        self.cli.close()

    def look(self, site):
        document = self.cli.document("domain", "status", site)
        return document | {step["id"]: step for step in document["steps"]}

    def codes(self, site):
        return {step["id"]: step["code"] for step in self.look(site)["steps"]}

    def put(self, name, kind, *values, action="UPSERT"):
        self.cloud.client("route53").change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": [
            {"Action": action, "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 300,
                                                     "ResourceRecords": [{"Value": value} for value in values]}}]})

    def records(self, name):
        listed = self.cloud.client("route53").list_resource_record_sets(HostedZoneId=self.zone)["ResourceRecordSets"]
        return [record for record in listed if record["Name"].rstrip(".") == name and record["Type"] in ("A", "AAAA", "CNAME")]

    def change(self, action, records):
        self.cloud.client("route53").change_resource_record_sets(HostedZoneId=self.zone, ChangeBatch={"Changes": [
            {"Action": action, "ResourceRecordSet": record} for record in records]})


GOOD = {"delegation": "good", "records": "good", "certificate": "good", "distribution": "good", "answer": "good"}


@case
def without_an_own_address_there_is_nothing_to_say(world):
    assert world.look(world.here)["steps"] == []
    assert "no address of its own" in world.cli.run("domain", "status", world.here).out


@case
def records_are_awaited_shown_and_checked_one_by_one(world):
    result = world.cli.run("--json", "domain", "set", world.away, "bakery.localhost", "--www", "--dns", "other", status=None)
    assert result.status == 4, result
    seen = world.look(world.away)
    assert (seen["state"], seen["works"], seen["host"]) == ("wrong", False, "Pretended Names"), seen
    assert seen["delegation"]["code"] == "good" and seen["certificate"]["code"] == "pending-proof" and seen["answer"]["code"] == "waits", seen
    proofs = [record for record in seen["records"]["records"] if record["name"].startswith("_")]
    assert proofs and all(record["code"] == "missing" for record in proofs), seen["records"]
    assert seen["records"]["code"] == "missing" and seen["records"]["remedy"] and "Pretended Names" in seen["records"]["cause"], seen["records"]
    # the old page stays until the site answers to the name
    assert {record["code"] for record in seen["records"]["records"] if not record["name"].startswith("_")} == {"later"}, seen["records"]

    # who enters the whole name gets the domain twice
    world.registrar.put("bakery.localhost", proofs[0]["name"] + ".bakery.localhost", "CNAME", proofs[0]["value"] + ".")
    twice = next(record for record in world.look(world.away)["records"]["records"] if record["name"] == proofs[0]["name"])
    assert twice["code"] == "doubled" and twice["found"].endswith(".bakery.localhost.bakery.localhost"), twice
    world.registrar.remove("bakery.localhost", proofs[0]["name"] + ".bakery.localhost", "CNAME")

    # another value than the wanted one is named
    world.registrar.put("bakery.localhost", proofs[0]["name"], "CNAME", "_wrong.acm-validations.aws.")
    wrong = next(record for record in world.look(world.away)["records"]["records"] if record["name"] == proofs[0]["name"])
    assert (wrong["code"], wrong["found"]) == ("other", "_wrong.acm-validations.aws"), wrong
    world.registrar.remove("bakery.localhost", proofs[0]["name"], "CNAME")

    for record in proofs:
        world.registrar.put("bakery.localhost", record["name"], "CNAME", record["value"] + ".")
    pointers = [record for record in seen["records"]["records"] if not record["name"].startswith("_")]
    assert {record["name"]: record["type"] for record in pointers} == {"bakery.localhost": "ALIAS", "www.bakery.localhost": "CNAME"}, pointers

    operation = world.cli.document("operation", "list")[0]["id"]
    assert world.cli.run("--json", "operation", "resume", operation, status=None).status == 4
    parked = world.look(world.away)
    assert parked["records"]["code"] == "exists" and "192.0.2.80" in parked["records"]["cause"], parked["records"]
    for record in pointers:
        for kind in ("A", "CNAME"):
            world.registrar.remove("bakery.localhost", record["name"], kind)
        world.registrar.put("bakery.localhost", record["name"], record["type"], record["value"] + ".")
    assert world.cli.run("--json", "operation", "resume", operation, status=None).status == 0
    assert world.codes(world.away) == GOOD, world.look(world.away)
    text = world.cli.run("domain", "status", world.away).out
    assert text.count("✓") == 5 and "Certificate" in text, text


@case
def an_address_in_the_account_is_well(world):
    world.cli.run("--json", "domain", "set", world.here, "orchard.localhost", "--www")
    seen = world.look(world.here)
    assert {step["id"]: step["code"] for step in seen["steps"]} == GOOD and (seen["state"], seen["works"]) == ("good", True), seen
    assert {record["type"] for record in seen["delegation"]["records"]} == {"NS"} and len(seen["delegation"]["records"]) == 4, seen["delegation"]


@case
def name_servers_that_are_not_the_right_ones(world):
    world.registrar.servers("orchard.localhost")
    seen = world.look(world.here)
    assert seen["delegation"]["code"] == "wrong-servers" and "pretended-names" in seen["delegation"]["sentence"], seen["delegation"]
    assert [record["code"] for record in seen["delegation"]["records"]] == ["other"] * 4 and seen["records"]["code"] == "waits", seen
    world.registrar.servers("orchard.localhost", [*world.servers[:2], "ns1.pretended-names.localhost"])
    assert world.codes(world.here)["delegation"] == "partly-servers"
    world.registrar.servers("orchard.localhost", world.servers[:2])
    assert world.codes(world.here)["delegation"] == "few-servers"
    world.registrar.servers("orchard.localhost", world.servers)
    assert world.codes(world.here) == GOOD


@case
def signatures_that_were_left_on(world):
    world.registrar.sign("orchard.localhost", True)
    seen = world.look(world.here)
    assert seen["delegation"]["code"] == "signed" and "DNSSEC" in seen["delegation"]["remedy"], seen["delegation"]
    world.registrar.servers("orchard.localhost")
    assert world.codes(world.here)["delegation"] == "signed-first"
    world.registrar.sign("orchard.localhost", False)
    world.registrar.servers("orchard.localhost", world.servers)


@case
def records_that_somebody_removed_or_replaced(world):
    old = world.records("orchard.localhost")
    world.change("DELETE", old)
    seen = world.look(world.here)
    assert seen["records"]["code"] == "gone" and seen["answer"]["code"] in ("no-name", "silent", "foreign"), seen
    world.put("orchard.localhost", "A", "192.0.2.80")
    seen = world.look(world.here)
    assert seen["records"]["code"] == "exists-here" and "192.0.2.80" in seen["records"]["cause"], seen["records"]
    assert seen["answer"]["code"] == "foreign" and "Pretended Names" in seen["answer"]["sentence"], seen["answer"]
    world.put("orchard.localhost", "A", "192.0.2.80", action="DELETE")
    world.change("CREATE", old)
    assert world.codes(world.here) == GOOD


@case
def an_old_answer_is_remembered_and_says_until_when(world):
    old = world.records("www.orchard.localhost")
    world.change("DELETE", old)
    world.put("www.orchard.localhost", "A", "192.0.2.80")
    world.cloud.change_faults("op=Resolve,name=www.orchard.localhost,ttl=whole")
    world.look(world.here)
    world.put("www.orchard.localhost", "A", "192.0.2.80", action="DELETE")
    world.change("CREATE", old)
    seen = world.look(world.here)
    assert seen["records"]["code"] == "old" and seen["records"]["state"] == "waiting" and seen["records"]["until"], seen["records"]
    assert "minutes" in seen["records"]["sentence"], seen["records"]
    world.cloud.pass_time("1h")
    world.cloud.change_faults()
    assert world.codes(world.here) == GOOD


@case
def name_servers_that_fail_lie_or_are_slow(world):
    world.cloud.change_faults("op=Resolve,name=*orchard.localhost,dns=SERVFAIL")
    failing = world.look(world.here)
    assert failing["delegation"]["code"] == "silent" and failing["certificate"]["code"] == "good", failing
    assert failing["records"]["code"] == "silent" and failing["delegation"]["remedy"], failing["records"]
    world.cloud.change_faults("op=Resolve,name=www.orchard.localhost,dns=SERVFAIL")
    silent = {record["name"]: record["code"] for record in world.look(world.here)["records"]["records"]}
    assert silent["www.orchard.localhost"] == "silent" and silent["orchard.localhost"] == "good", silent
    world.cloud.change_faults("op=Resolve,name=*orchard.localhost,type=A,answer=192.0.2.66")
    lying = world.look(world.here)
    found = {record["name"]: record["found"] for record in lying["records"]["records"]}
    assert found["orchard.localhost"] == "192.0.2.66" and lying["answer"]["code"] == "foreign" and lying["state"] == "wrong", lying
    world.cloud.change_faults("op=Resolve,name=*orchard.localhost,delay=300")
    assert world.codes(world.here) == GOOD
    world.cloud.change_faults()


@case
def a_domain_that_forbids_certificates(world):
    world.put("orchard.localhost", "CAA", '0 issue "letsencrypt.org"')
    seen = world.look(world.here)
    assert seen["certificate"]["code"] == "caa-renewal" and '0 issue "amazon.com"' in seen["certificate"]["remedy"], seen["certificate"]
    assert (seen["state"], seen["works"]) == ("notice", True), seen["state"]
    world.put("orchard.localhost", "CAA", '0 issue "letsencrypt.org"', action="DELETE")


@case
def a_proof_that_is_gone_and_a_certificate_that_ends(world):
    proof = next(record for record in world.look(world.away)["records"]["records"] if record["name"].startswith("_"))
    world.registrar.remove("bakery.localhost", proof["name"], "CNAME")
    seen = world.look(world.away)
    assert (seen["certificate"]["code"], seen["state"], seen["works"]) == ("proof-gone", "notice", True), seen
    assert seen["records"]["state"] == "notice" and proof["name"].partition(".")[2] in seen["certificate"]["cause"], seen["records"]
    world.cloud.pass_time("175d")
    seen = world.look(world.away)
    assert (seen["certificate"]["code"], seen["state"]) == ("ending-proof-gone", "wrong"), seen["certificate"]
    world.cloud.pass_time("30d")
    seen = world.look(world.away)
    assert seen["certificate"]["code"] == "expired" and seen["answer"]["state"] == "wrong", seen
    # that of the other site has its proof, and was renewed all the while
    assert world.codes(world.here)["certificate"] == "good"


@case
def a_name_that_somebody_else_has(world):
    site = world.create("Theatre")
    made = world.cloud.client("route53").create_hosted_zone(Name="theatre.localhost", CallerReference="theatre")
    world.registrar.own("theatre.localhost")
    world.registrar.servers("theatre.localhost", made["DelegationSet"]["NameServers"])
    world.registrar.claim("theatre.localhost")
    world.cli.run("--json", "domain", "set", site, "theatre.localhost", status=1)
    seen = world.look(site)
    assert seen["distribution"]["code"] == "claimed-elsewhere" and "theatre.localhost" in seen["distribution"]["sentence"], seen["distribution"]
    assert seen["distribution"]["remedy"] and seen["state"] == "wrong"


def setup():
    return World()


def teardown(world):
    if world:
        world.close()


run(setup=setup, teardown=teardown)
