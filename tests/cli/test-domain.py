# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""A site gets an address of its own in every way there is, as a script does it, on the internet of the practice cloud.

Each way is killed at every single request, before it arrives or after it was done; with PORCHLIGHT_CUTS=1 both."""

import http.client
import json
import os
import re
import sqlite3
import subprocess
import threading
from pathlib import Path

from cli import Cli, PROGRAM
from practice import Practice
from registrar import Registrar
from tap import case, run

THOROUGH = "PORCHLIGHT_CUTS" in os.environ
PAGE = "<!doctype html><html lang=en><title>Hello</title><h1>Hello</h1>\n"
OWNER = {"firstName": "Anna", "lastName": "Müller", "address1": "Gartenweg 1", "city": "Berlin", "zip": "10115", "country": "DE",
         "phone": "030 1234567", "mail": "anna@example.org"}


class World:
    """A practice cloud, the computer of an owner, and a site."""

    def __init__(self):
        self.cli = Cli()
        self.cli.environment = {name: value for name, value in self.cli.environment.items() if not name.startswith("AWS_")}
        self.state = Path(self.cli.data, "practice")
        self.state.mkdir(parents=True)
        self.cloud = Practice(state=str(self.state))
        self.registrar = Registrar(self.cloud.endpoint)
        self.cli.run("account", "add-practice")
        self.owner = Path(self.cli.folder, "owner.json")
        self.owner.write_text(json.dumps(OWNER))
        self.pages = Path(self.cli.folder, "pages")
        self.pages.mkdir()
        (self.pages / "index.html").write_text(PAGE)
        self.site = self.create("Garden")

    def create(self, name):
        return self.cli.json("site", "create", name, "--from", str(self.pages))[-1]["id"]

    def close(self):
        self.cloud.close()
        self.cli.close()

    def change(self, *arguments, status=None, site=None):
        return self.cli.run("--json", "domain", "set", site or self.site, *arguments, status=status)

    def set(self, *arguments, site=None):
        """The address as it is at the end."""
        lines = self.change(*arguments, status=0, site=site).lines
        assert lines[-1]["done"], lines[-1]
        return lines[-1]["ownAddress"]

    def wanted(self, result):
        """What the owner has to enter, as the command says before it ends."""
        assert result.status == 4, result
        found = [line["wanted"] for line in result.lines if "wanted" in line]
        assert found, result
        return found[-1]

    def operation(self):
        operations = self.cli.document("operation", "list")
        assert len(operations) <= 1, operations
        return operations[0] if operations else None

    def resume(self, status=0):
        return self.cli.run("--json", "operation", "resume", self.operation()["id"], status=status)

    def zone(self, domain):
        """A domain whose records are in the account."""
        made = self.cloud.client("route53").create_hosted_zone(Name=domain, CallerReference=domain)
        self.registrar.own(domain)
        self.registrar.servers(domain, made["DelegationSet"]["NameServers"])
        return made["HostedZone"]["Id"].rpartition("/")[2]

    def records(self, zone):
        found = {}
        for record in self.cloud.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]:
            value = record.get("AliasTarget", {}).get("DNSName") or sorted(each["Value"] for each in record["ResourceRecords"])
            found[record["Name"].rstrip("."), record["Type"]] = value
        return found

    def zones(self, domain):
        zones = self.cloud.client("route53").list_hosted_zones()["HostedZones"]
        return [zone["Id"].rpartition("/")[2] for zone in zones if zone["Name"] == domain + "."]

    def certificates(self, name):
        listed = self.cloud.client("acm", region="us-east-1").list_certificates()["CertificateSummaryList"]
        return [each["CertificateArn"] for each in listed if name in each["SubjectAlternativeNameSummaries"]]

    def visit(self, name, path="/"):
        """Status, where it leads, and the page: as a browser sees them that has asked the name servers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.cloud.port, timeout=30)
        connection.request("GET", path, headers={"Host": f"{name}:{self.cloud.port}"})
        answer = connection.getresponse()
        result = answer.status, answer.headers.get("Location"), answer.read()
        connection.close()
        return result

    def free(self):
        return self.cli.document("site", "show", self.site)["freeAddress"]

    def assert_live(self, name, *others, site=None):
        assert self.visit(name) == (200, None, PAGE.encode()), self.visit(name)
        for other in others:
            status, location, _ = self.visit(other, "/about?x=1")
            assert status == 301 and re.match(rf"https?://{re.escape(name)}(:\d+)?/about\?x=1$", location), (status, location)
        shown = self.cli.document("site", "show", site or self.site)
        assert shown["ownAddress"]["state"] == "live" and shown["address"].startswith(f"http://{name}"), shown
        assert shown["operation"] is None, shown


def setup():
    return World()


def teardown(world):
    if world:
        world.close()


@case
def a_domain_of_the_account(world):
    zone = world.zone("orchard.localhost")
    address = world.set("orchard.localhost", "--www")
    assert address["way"] == "account" and address["zone"] == zone and address["others"] == ["www.orchard.localhost"], address
    world.assert_live("orchard.localhost", "www.orchard.localhost")
    records = world.records(zone)
    host = re.match(r"http://([^:/]+)", world.free())[1]
    for name in ("orchard.localhost", "www.orchard.localhost"):
        assert records[name, "A"] == records[name, "AAAA"] == host + ".", records
    status, location, _ = world.visit(host)
    assert status == 301 and "orchard.localhost" in location, location
    certificate = world.cli.document("certificate", "status", world.site)
    assert certificate["state"] == "issued" and certificate["problem"] is None, certificate
    assert sorted(certificate["names"]) == ["orchard.localhost", "www.orchard.localhost"]


@case
def nothing_is_changed_by_the_same_again(world):
    before = world.records(world.zones("orchard.localhost")[0])
    world.cloud.take_trace()
    world.set("orchard.localhost", "--www")
    changed = [line for line in world.cloud.take_trace() if line.split()[0] in ("RequestCertificate", "CreateHostedZone", "ExecuteChangeSet")]
    assert changed == [] and world.records(world.zones("orchard.localhost")[0]) == before, changed


@case
def another_name_later(world):
    zone = world.zone("meadow.localhost")
    world.set("meadow.localhost", "--www", "--main-www")
    world.assert_live("www.meadow.localhost", "meadow.localhost")
    # what the site had before leads nowhere any more, the rest of its zone is as it was
    records = world.records(world.zones("orchard.localhost")[0])
    assert not [key for key in records if key[1] in ("A", "AAAA")], records
    assert [key for key in records if key[1] == "CNAME"], records
    assert world.records(zone)


@case
def back_to_the_free_address(world):
    lines = world.cli.json("domain", "remove", world.site)
    assert lines[-1]["left"]["zone"] == world.zones("meadow.localhost")[0] and lines[-1]["left"]["certificate"], lines[-1]
    shown = world.cli.document("site", "show", world.site)
    assert shown["ownAddress"] is None and shown["address"] == shown["freeAddress"], shown
    host = re.match(r"http://([^:/]+)", shown["address"])[1]
    assert world.visit(host) == (200, None, PAGE.encode())
    assert not [key for key in world.records(world.zones("meadow.localhost")[0]) if key[1] in ("A", "AAAA")]
    world.cli.fail("domain", "remove", world.site)


@case
def a_moved_domain_keeps_its_mail(world):
    domain = "kitchen.localhost"
    world.registrar.own(domain)
    world.registrar.put(domain, f"_dmarc.{domain}", "TXT", '"v=DMARC1; p=none"')
    refused = world.change(domain, "--www", "--dns", "route53")
    assert refused.status == 1 and "192.0.2.80" in refused.err and world.zones(domain) == [], refused
    wanted = world.wanted(world.change(domain, "--www", "--dns", "route53", "--replace"))
    zone = world.zones(domain)[0]
    copied = world.records(zone)
    assert copied[domain, "MX"] == ["10 mail.pretended-names.localhost."] or copied[domain, "MX"] == ["10 mail.pretended-names.localhost"]
    assert copied[domain, "TXT"] == ['"v=spf1 include:mail.pretended-names.localhost -all"'], copied
    assert copied[f"_dmarc.{domain}", "TXT"] == ['"v=DMARC1; p=none"'], copied
    # until the name servers are changed, everything is as it was
    assert copied[domain, "A"] == ["192.0.2.80"], copied
    assert {record["type"] for record in wanted} == {"NS"} and len(wanted) == 4, wanted
    assert world.resume(status=4)
    world.registrar.servers(domain, [record["value"] for record in wanted])
    world.resume()
    world.assert_live(domain, f"www.{domain}")
    after = world.records(zone)
    assert all(after[key] == copied[key] for key in copied if key[1] in ("MX", "TXT", "NS")), after
    assert world.zones(domain) == [zone]


@case
def a_domain_that_stays_where_it_is(world):
    domain = "library.localhost"
    world.registrar.own(domain)
    site = world.create("Library")
    result = world.change(domain, "--www", "--dns", "other", site=site)
    for rounds in range(4):
        if result.status == 0:
            break
        for record in world.wanted(result):
            if not record["name"].startswith("_"):
                for kind in ("A", "CNAME"):
                    world.registrar.remove(domain, record["name"], kind)
            world.registrar.put(domain, record["name"], record["type"], record["value"] + ".")
        result = world.cli.run("--json", "operation", "resume", world.operation()["id"], status=None)
    assert result.status == 0, result
    world.assert_live(domain, f"www.{domain}", site=site)
    assert world.zones(domain) == []
    # the record by which the certificate renews is gone: that is said before it is too late
    proof = world.cli.document("certificate", "status", site)["records"][0]
    world.registrar.remove(domain, proof["name"], "CNAME")
    certificate = world.cli.document("certificate", "status", site)
    assert certificate["state"] == "ending" and certificate["problem"]["remedy"], certificate
    assert [record["missing"] for record in certificate["records"] if record["name"] == proof["name"]] == [True]
    world.cli.run("site", "delete", site, "--yes")


@case
def a_domain_is_bought_once_at_the_price_that_was_agreed(world):
    domain = "pottery.localhost"
    offers = world.cli.document("domain", "search", "pottery")
    assert offers[0]["name"] == domain and offers[0]["state"] == "available" and offers[0]["price"] == 14, offers[0]
    assert len(offers) > 5 and all(offer["state"] == "available" for offer in offers[1:])
    buy = ("--buy", "--contact", str(world.owner))
    assert world.change(domain, "--buy").status == 2
    assert "14" in world.change(domain, *buy, "--price", "9", status=1).err
    world.cloud.change_faults("op=ListPrices,fail=dearer,after=1")
    dearer = world.change(domain, *buy, "--price", "14", status=1)
    assert "19" in dearer.err, dearer
    world.cloud.change_faults()
    assert world.cloud.client("route53domains", region="us-east-1").list_operations()["Operations"] == []
    last = world.change(domain, "--www", *buy, "--price", "14", status=0).lines[-1]
    address = last["ownAddress"]
    assert last["mailPending"] and address["way"] == "buy" and world.zones(domain) == [address["zone"]], address
    world.assert_live(domain, f"www.{domain}")
    orders = world.cloud.client("route53domains", region="us-east-1").list_operations()["Operations"]
    assert len(orders) == 1, orders
    detail = world.cloud.client("route53domains", region="us-east-1").get_domain_detail(DomainName=domain)
    assert detail["RegistrantContact"]["PhoneNumber"] == "+49.301234567" and detail["RegistrantPrivacy"] and detail["AutoRenew"]
    # the owner's details are nowhere on this computer after it
    for path in Path(world.cli.data).glob("*.db*"):
        assert b"Gartenweg" not in path.read_bytes(), path
    taken = world.cli.document("domain", "search", domain)[0]
    assert taken["state"] == "taken", taken


@case
def what_cannot_be_bought_says_why(world):
    for name, state in {"taken-one.localhost": "taken", "premium-one.localhost": "unserved", "reserved-one.localhost": "unserved",
                        "unknown-one.localhost": "unknown", "pending-one.localhost": "available"}.items():
        offer = world.cli.document("domain", "search", name)[0]
        assert offer["state"] == state and offer["sentence"], offer
    world.owner.write_text(json.dumps(OWNER | {"zip": "1234"}))
    wrong = world.change("saddlery.localhost", "--buy", "--contact", str(world.owner), "--price", "14", status=1)
    assert "12345" in wrong.err, wrong
    world.owner.write_text(json.dumps(OWNER))
    failed = world.change("refused-one.localhost", "--buy", "--contact", str(world.owner), "--price", "14", status=1)
    assert "could not be bought" in failed.err, failed
    drop(world)


def drop(world):
    """What failed is given up, as if it had never begun."""
    with sqlite3.connect(Path(world.cli.data, "porchlight.db")) as store:
        store.execute("DELETE FROM operations")
    store.close()


@case
def a_name_below_a_domain_has_no_sibling(world):
    zone = world.zone("harbour.localhost")
    address = world.set("boats.harbour.localhost", "--www")
    assert address["name"] == "boats.harbour.localhost" and address["others"] == [] and address["zone"] == zone, address
    world.assert_live("boats.harbour.localhost")
    assert ("harbour.localhost", "A") not in world.records(zone)


@case
def letters_of_other_scripts(world):
    ascii = "xn--bckerei-5wa.localhost"
    world.zone(ascii)
    address = world.set("https://Bäckerei.localhost/about", "--www")
    assert address["name"] == ascii and address["others"] == ["www." + ascii], address
    world.assert_live(ascii, "www." + ascii)


@case
def what_is_in_the_way_is_not_touched(world):
    zone = world.zone("museum.localhost")
    world.cloud.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "www.museum.localhost", "Type": "CNAME", "TTL": 300,
                                                   "ResourceRecords": [{"Value": "elsewhere.pretended-names.localhost"}]}}]})
    before = world.records(zone)
    refused = world.change("museum.localhost", "--www", status=1)
    assert "www.museum.localhost" in refused.err and "--replace" in refused.err, refused
    assert world.records(zone) == before and world.operation() is None
    world.set("museum.localhost", "--www", "--replace")
    world.assert_live("museum.localhost", "www.museum.localhost")
    assert ("www.museum.localhost", "CNAME") not in world.records(zone)


@case
def another_site_has_the_name(world):
    site = world.create("Museum")
    refused = world.change("museum.localhost", site=site, status=1)
    assert "Garden" in refused.err, refused
    world.cli.run("site", "delete", site, "--yes")


@case
def somebody_else_has_the_name(world):
    world.zone("theatre.localhost")
    world.registrar.claim("theatre.localhost")
    failed = world.change("theatre.localhost", status=1)
    assert "another website" in failed.err.lower(), failed
    # the address before still works, and the new one comes when it is free
    world.registrar.claim("theatre.localhost", off=True)
    world.resume()
    world.assert_live("theatre.localhost")


@case
def the_domain_forbids_the_certificate(world):
    zone = world.zone("chapel.localhost")
    world.cloud.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "chapel.localhost", "Type": "CAA", "TTL": 300,
                                                   "ResourceRecords": [{"Value": '0 issue "letsencrypt.org"'}]}}]})
    refused = world.change("chapel.localhost", status=1)
    assert "letsencrypt" in refused.err, refused
    world.set("chapel.localhost", "--replace")
    world.assert_live("chapel.localhost")
    assert world.records(zone)["chapel.localhost", "CAA"] == ['0 issue "amazon.com"', '0 issue "letsencrypt.org"']


@case
def a_refused_certificate_is_asked_for_again(world):
    world.zone("mill.localhost")
    for reason, word in {"CAA_ERROR": "CAA", "VALIDATION_TIMED_OUT": "three days", "ADDITIONAL_VERIFICATION_REQUIRED": "support"}.items():
        world.cloud.change_faults(f"op=RequestCertificate,fail={reason}")
        failed = world.change("mill.localhost", status=1) if reason == "CAA_ERROR" else world.resume(status=1)
        assert word in failed.err, failed
    world.cloud.change_faults()
    world.resume()
    world.assert_live("mill.localhost")


@case
def a_bad_day_is_outlived(world):
    world.zone("forge.localhost")
    world.cloud.change_faults("rate=0.25,status=503,seed=7,times=40")
    world.set("forge.localhost", "--www")
    world.cloud.change_faults()
    world.assert_live("forge.localhost", "www.forge.localhost")
    world.zone("anvil.localhost")
    world.cloud.change_faults("service=route53,rate=0.3,status=400,code=Throttling,seed=5,times=12")
    world.set("anvil.localhost")
    world.cloud.change_faults()
    world.assert_live("anvil.localhost")


def start(world, number, when, *arguments):
    """A command that is held at one of its requests, and the lines that it will have printed."""
    world.cloud.change_faults(f"at={number},hold={when}")
    process = subprocess.Popen([PROGRAM, "--json", *arguments], env=world.cli.environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return process, []


def kill(world, process, out):
    """Kills a command at the request at which it is held; False if it came to its end before."""
    held = world.cloud.wait_held(process)
    if held:
        process.kill()
    out += process.communicate()[0].splitlines()
    world.cloud.change_faults()
    return held


def enter(world, domain, wanted):
    if wanted[0]["type"] == "NS":
        world.registrar.servers(domain, [record["value"] for record in wanted])
        return
    for record in wanted:
        if not record["name"].startswith("_"):
            for kind in ("A", "CNAME"):
                world.registrar.remove(domain, record["name"], kind)
        world.registrar.put(domain, record["name"], record["type"], record["value"] + ".")


def check_once(world, domain, way):
    world.assert_live(domain, f"www.{domain}")
    assert len(world.certificates(domain)) == 1, world.certificates(domain)
    assert len(world.zones(domain)) == (0 if way == "elsewhere" else 1), world.zones(domain)
    if way == "move":
        records = world.records(world.zones(domain)[0])
        assert (domain, "MX") in records and (domain, "TXT") in records and (f"autodiscover.{domain}", "CNAME") in records, records
    if way == "buy":
        orders = world.cloud.client("route53domains", region="us-east-1").list_operations()["Operations"]
        assert len([order for order in orders if order["DomainName"] == domain]) == 1, orders


def options(world, way):
    return {"account": [], "move": ["--dns", "route53", "--replace"], "elsewhere": ["--dns", "other"],
            "buy": ["--buy", "--contact", str(world.owner), "--price", "14"]}[way]


def prepare(world, domain, way):
    if way == "account":
        world.zone(domain)
    elif way != "buy":
        world.registrar.own(domain)


def get_step(operation):
    return next((step["id"] for step in operation["steps"] if step["state"] != "done"), None) if operation else None


def kill_each(world, domain, way, when):
    """A change that is killed at the first request of each step, then at the second, and so on until the step gets to its end."""
    prepare(world, domain, way)
    cuts = 0
    number, step = 1, None
    while True:
        operation = world.operation()
        if get_step(operation) != step:
            number, step = 1, get_step(operation)
        arguments = ["operation", "resume", operation["id"]] if operation else \
                    ["domain", "set", world.site, domain, "--www", *options(world, way)]
        process, out = start(world, number, when, *arguments)
        if kill(world, process, out):
            cuts += 1
            number += 1
            continue
        assert process.returncode in (0, 4), (way, when, number, step, process.returncode)
        if process.returncode == 0:
            break
        enter(world, domain, [json.loads(line)["wanted"] for line in out if "wanted" in json.loads(line)][-1])
    check_once(world, domain, way)
    return cuts


def side_by_side(functions):
    """Runs them in threads; the first error of any is raised."""
    errors = []

    def guarded(function):
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def kill_ways(ways):
    world = World()
    try:
        for way, when in ways:
            cuts = kill_each(world, f"{way}-{when}.localhost", way, when)
            print(f"# {way}: {cuts} kills, {when} the request was done", flush=True)
            assert cuts > 20, (way, when, cuts)
    finally:
        world.close()


@case
def a_deleted_site_leaves_no_name_behind(world):
    zone = world.zone("stable.localhost")
    site = world.create("Stable")
    world.set("stable.localhost", "--www", site=site)
    world.cli.run("site", "delete", site, "--yes")
    records = world.records(zone)
    assert not [key for key in records if key[1] in ("A", "AAAA")] and ("stable.localhost", "NS") in records, records


@case
def a_sign_in_that_ran_out_is_no_loss(world):
    world.zone("barn.localhost")
    world.cloud.change_faults("op=CreateChangeSet,token=expired")
    failed = world.change("barn.localhost", status=3)
    assert world.operation()["canResume"], failed
    world.cloud.change_faults()
    world.resume()
    world.assert_live("barn.localhost")


@case
def killed_at_every_request_nothing_is_done_twice(world):
    lanes = [[("move", "before"), ("elsewhere", "after")], [("buy", "after"), ("account", "before")]]
    if THOROUGH:
        lanes = [[("move", "before"), ("buy", "before"), ("elsewhere", "before"), ("account", "before")],
                 [("move", "after"), ("buy", "after"), ("elsewhere", "after"), ("account", "after")]]
    side_by_side([lambda ways=ways: kill_ways(ways) for ways in lanes])


run(setup=setup, teardown=teardown)
