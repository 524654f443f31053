# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the look at a domain makes of real name servers: right, wrong, partial, slow, lying, broken, signed, with mail, with
records that forbid certificates, with long chains. A registry, two servers of domains and a resolver on this computer."""

import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]

from dnskit import Folder, Relay, free_port, need  # noqa: E402
from tap import case, run  # noqa: E402

RESOLVER, REGISTRY, FIRST, SECOND, DEAD, OTHER, SLOW, LYING = (f"127.0.0.{n}" for n in range(21, 29))

HEAD = "$ORIGIN {zone}.\n$TTL 3600\n@ SOA ns1 h 1 3600 900 604800 60\n@ NS ns1\n@ NS ns2\nns1 A {first}\nns2 A {second}\n"

PLAIN = HEAD + """
@ 300   A 192.0.2.80
www     CNAME parking.example.net.
@       MX 10 mx
@       MX 20 backup.example.net.
mx      A 192.0.2.25
@       TXT "v=spf1 include:_spf.{zone} -all"
_spf    TXT "v=spf1 ip4:192.0.2.0/24 -all"
_dmarc  TXT "v=DMARC1; p=none"
google._domainkey TXT "v=DKIM1; k=rsa; p=" "AAAA"
_autodiscover._tcp SRV 0 0 443 odd-name
odd-name A 192.0.2.44
blog    A 192.0.2.81
blog    AAAA 2001:db8::81
part    NS ns.example.net.
"""

ZONES = {
    "right.com": PLAIN,
    "partial.com": PLAIN,
    "halfway.com": PLAIN,
    "slow.com": HEAD + "@ A 192.0.2.1\n@ MX 5 mail\nmail A 192.0.2.2\n",
    "lying.com": HEAD + "* A 192.0.2.66\n@ A 192.0.2.1\n",
    "star.com": HEAD + "* A 192.0.2.66\n@ A 192.0.2.1\nblog A 192.0.2.7\n* TXT \"anything\"\n",
    "forbids.com": HEAD + '@ CAA 0 issue "letsencrypt.org"\n@ CAA 0 iodef "mailto:x@example.org"\nfree CAA 0 issue "amazontrust.com; x=y"\nfree A 192.0.2.1\n'
                          "@ A 192.0.2.1\nmoved CNAME elsewhere.allows.com.\n",
    "allows.com": HEAD + '@ CAA 0 issue "amazon.com"\n@ CAA 0 issue "letsencrypt.org"\nelsewhere CAA 0 issue "sectigo.com"\nelsewhere A 192.0.2.1\n',
    "strict.com": HEAD + '@ CAA 128 unheard "of"\n',
    "wild-only.com": HEAD + '@ CAA 0 issuewild ";"\n',
    "nomail.com": HEAD + "@ MX 0 .\n@ A 192.0.2.1\n",
    "signed.com": HEAD + "@ A 192.0.2.1\n",
    "broken.com": HEAD + "@ A 192.0.2.1\n",
    "chain.com": HEAD + "".join(f"c{n} CNAME c{n + 1}\n" for n in range(9)) + "c9 A 192.0.2.99\n" +
                 "".join(f"long{n} CNAME long{n + 1}\n" for n in range(20)) + "long20 A 192.0.2.98\n" +
                 "a CNAME b\nb CNAME a\nnowhere CNAME not-there\n",
    "set-up.com": HEAD + "www CNAME site.example.net.\n_proof CNAME _value.example.net.\n@ A 192.0.2.90\n",
    "typo.com": HEAD + "www CNAME sight.example.net.\n_proof.typo.com CNAME _value.example.net.\n",
    "chained.com": HEAD + "www CNAME a\na CNAME b\nb CNAME site.example.net.\n",
    "xn--mller-kva.com": HEAD + "@ A 192.0.2.1\n@ MX 5 mail\nmail A 192.0.2.2\n",
}


class Internet(Folder):
    def __init__(self):
        need("knotd", "unbound", "kdig")
        super().__init__()
        self.port = free_port()
        try:
            zones = {zone: text.format(zone=zone, first=self.addresses(zone)[0], second=self.addresses(zone)[1]) for zone, text in ZONES.items()}
            self.knot("domains", [FIRST, SECOND], self.port, zones | {"missing.com": None}, signed=("signed.com", "broken.com"))
            self.knot("other", [OTHER], self.port, {"example.net": HEAD.format(zone="example.net", first=OTHER, second=OTHER) +
                                                    "parking A 192.0.2.80\nbackup A 192.0.2.26\nsite A 192.0.2.90\n"})
            self.knot("registry", [REGISTRY], self.port, {"com": self.registry()})
            self.unbound(RESOLVER, self.port, {"com": f"{REGISTRY}@{self.port}", "example.net": f"{OTHER}@{self.port}"} |
                         {zone: f"{FIRST}@{self.port}" for zone in [*ZONES, "missing.com"] if zone not in ("dead.com",)},
                         ["cache-max-ttl: 0", "cache-max-negative-ttl: 0", f'trust-anchor: "{self.dnskey(FIRST, self.port, "signed.com")}"',
                          f'trust-anchor: "{self.dnskey(FIRST, self.port, "signed.com").replace("signed.com", "broken.com")}"',
                          "qname-minimisation: no"], first="right.com")
            self.relays = [Relay((FIRST, self.port), self.late, SLOW, self.port), Relay((FIRST, self.port), self.lie, LYING, self.port)]
        except BaseException:
            self.close()
            raise

    @staticmethod
    def addresses(zone):
        return {"partial.com": (FIRST, DEAD), "halfway.com": (FIRST, OTHER), "dead.com": (DEAD, DEAD), "slow.com": (SLOW, SLOW),
                "lying.com": (LYING, LYING)}.get(zone, (FIRST, SECOND))

    def registry(self):
        text = f"$ORIGIN com.\n$TTL 172800\n@ SOA ns h 1 3600 900 604800 60\n@ NS ns\nns A {REGISTRY}\n"
        for zone in [*ZONES, "missing.com", "dead.com"]:
            label = zone.removesuffix(".com")
            first, second = self.addresses(zone)
            text += f"{label} NS ns1.{label}\n{label} NS ns2.{label}\nns1.{label} A {first}\nns2.{label} A {second}\n"
        for zone in ("signed.com", "broken.com"):
            text += f"{zone.removesuffix('.com')} DS {self.ds(FIRST, self.port, zone)}\n"
        return text

    @staticmethod
    def late(answer, count):
        time.sleep(0.8)
        return answer

    @staticmethod
    def lie(answer, count):
        """Another address each time, and one for names that are not there"""
        return answer.replace(bytes([192, 0, 2, 66]), bytes([192, 0, 2, 100 + count % 100]))

    def check(self, name, *options, servers=None):
        environment = os.environ | {"PORCHLIGHT_DNS_SERVERS": servers or f"{RESOLVER}:{self.port},*:{self.port}"}
        done = subprocess.run([os.environ["PORCHLIGHT_CLI"], "--json", *options, "domain", "check", name], env=environment,
                              capture_output=True, text=True, timeout=200)
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"error": done.stderr, "code": done.returncode}


    def look(self, name, *options):
        """What the doctor says about a name that is to lead to site.example.net"""
        zone = ".".join(name.split(".")[-2:])
        command = [os.environ["PORCHLIGHT_DOCTOR_DRIVER"], f"{RESOLVER}:{self.port},*:{self.port}", name, "site.example.net",
                   f"_proof.{zone}", "_value.example.net", *options]
        return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=200, check=True).stdout)


def note(found, name):
    return next((each for each in found["notes"] if each["id"] == name), None)


def values(found, name, kind):
    return sorted(each["value"] for each in found["records"] if each["name"] == name and each["type"] == kind)


@case
def everything_that_is_there_is_found_mail_first(net):
    found = net.check("www.right.com")
    assert (found["registration"], found["service"], found["mail"], found["signed"]) == ("taken", "good", True, False), found
    assert found["nameServers"] == found["ownNameServers"] == ["ns1.right.com", "ns2.right.com"] and found["lameNameServers"] == []
    assert found["delegationTtl"] == 172800 and found["host"] == "unknown" and not found["incomplete"] and not found["wildcard"]
    assert values(found, "right.com", "MX") == ["10 mx.right.com", "20 backup.example.net"]
    assert values(found, "right.com", "A") == ["192.0.2.80"] and values(found, "blog.right.com", "AAAA") == ["2001:db8::81"]
    assert values(found, "_spf.right.com", "TXT") == ["v=spf1 ip4:192.0.2.0/24 -all"], "a name that another record mentions"
    assert values(found, "odd-name.right.com", "A") == ["192.0.2.44"], "likewise"
    assert values(found, "google._domainkey.right.com", "TXT") == ["v=DKIM1; k=rsa; p=AAAA"]
    assert values(found, "part.right.com", "NS") == [] or values(found, "part.right.com", "NS") == ["ns.example.net"]
    groups = [each["group"] for each in found["records"]]
    assert groups == sorted(groups, key=["mail", "web", "proof", "other"].index) and found["records"][0]["type"] == "MX", groups
    assert next(each for each in found["records"] if each["name"] == "mx.right.com")["group"] == "mail"
    assert next(each["ttl"] for each in found["records"] if each["name"] == "right.com" and each["type"] == "A") == 300
    assert found["chain"] == ["parking.example.net"] and found["current"] == ["192.0.2.80"], found["chain"]
    assert next(each for each in found["records"] if each["name"] == "www.right.com").get("obstacle")
    assert found["issue"] == "allowed" and found["advice"] == "elsewhere"
    assert note(found, "mail") and note(found, "current") and not note(found, "incomplete")


@case
def a_bare_domain_at_an_unknown_company_had_better_move(net):
    found = net.check("right.com")
    assert found["advice"] == "move" and note(found, "apex")["weight"] == "notice", found["advice"]


@case
def a_name_that_nobody_has_is_free(net):
    found = net.check("www.nobody-has-this.com")
    assert (found["registration"], found["advice"], found["records"]) == ("free", "buy", []), found


@case
def servers_that_do_not_answer_for_it_are_named(net):
    with ThreadPoolExecutor(2) as pool:
        partial, halfway = pool.map(net.check, ("partial.com", "halfway.com"))
    assert (partial["service"], partial["lameNameServers"]) == ("partial", ["ns2.partial.com"]), partial["service"]
    assert (halfway["service"], halfway["lameNameServers"]) == ("partial", ["ns2.halfway.com"]), halfway["service"]
    assert "ns2.partial.com" in note(partial, "partial")["text"] and values(partial, "mx.partial.com", "A") == ["192.0.2.25"]


@case
def a_domain_that_nobody_serves_is_broken(net):
    with ThreadPoolExecutor(2) as pool:
        dead, missing = pool.map(net.check, ("dead.com", "missing.com"))
    assert (dead["registration"], dead["service"], dead["advice"]) == ("taken", "broken", "move"), dead
    assert (missing["registration"], missing["service"]) == ("taken", "broken"), missing
    assert note(dead, "broken")["weight"] == "problem" and dead["nameServers"] == ["ns1.dead.com", "ns2.dead.com"]


@case
def slow_servers_are_waited_for(net):
    found = net.check("slow.com")
    assert (found["service"], found["mail"], found["incomplete"]) == ("good", True, False), found
    assert values(found, "mail.slow.com", "A") == ["192.0.2.2"]


@case
def a_star_and_a_liar_invent_no_records(net):
    with ThreadPoolExecutor(2) as pool:
        star, lying = pool.map(net.check, ("star.com", "lying.com"))
    assert star["wildcard"] and values(star, "*.star.com", "A") == ["192.0.2.66"] and values(star, "*.star.com", "TXT") == ["anything"]
    assert values(star, "blog.star.com", "A") == ["192.0.2.7"], "what differs from the star is there"
    assert {each["name"] for each in star["records"]} == {"star.com", "*.star.com", "blog.star.com", "ns1.star.com", "ns2.star.com"}, star["records"]
    assert lying["wildcard"] and len(lying["records"]) < 6, lying["records"]
    assert note(lying, "wildcard")


@case
def who_may_issue_certificates_is_found_upwards_and_at_the_end_of_an_alias(net):
    names = ("www.forbids.com", "free.forbids.com", "moved.forbids.com", "www.allows.com", "strict.com", "wild-only.com", "right.com")
    with ThreadPoolExecutor(4) as pool:
        found = dict(zip(names, pool.map(net.check, names)))
    assert {name: each["issue"] for name, each in found.items()} == {
        "www.forbids.com": "forbidden", "free.forbids.com": "allowed", "moved.forbids.com": "forbidden", "www.allows.com": "allowed",
        "strict.com": "forbidden", "wild-only.com": "allowed", "right.com": "allowed"}, {name: each["issue"] for name, each in found.items()}
    assert found["www.forbids.com"]["issueName"] == "forbids.com" and "0 issue letsencrypt.org" in found["www.forbids.com"]["issuers"]
    assert found["moved.forbids.com"]["issuers"] == ["0 issue sectigo.com"]
    assert '0 issue "amazon.com"' in note(found["www.forbids.com"], "caa")["text"]


@case
def mail_that_is_refused_on_purpose_is_none(net):
    assert not net.check("nomail.com")["mail"]


@case
def signatures_are_seen_and_broken_ones_explained(net):
    good, bad = net.check("signed.com"), net.check("broken.com")
    assert (good["signed"], good["service"]) == (True, "good") and note(good, "signed"), good
    assert (bad["signed"], bad["service"], bad["advice"]) == (True, "broken", None) and "DNSSEC" in note(bad, "broken-signature")["text"], bad
    assert values(bad, "broken.com", "A") == ["192.0.2.1"], "its servers tell, though nobody believes them"


@case
def chains_are_followed_to_an_end(net):
    names = ("c0.chain.com", "long0.chain.com", "a.chain.com", "nowhere.chain.com")
    with ThreadPoolExecutor(4) as pool:
        short, long, loop, nowhere = pool.map(net.check, names)
    assert (short["current"], len(short["chain"]), short["loop"]) == (["192.0.2.99"], 9, False), short["chain"]
    assert long["loop"] and loop["loop"] and note(loop, "loop") and note(long, "loop"), (long["chain"], loop["chain"])
    assert nowhere["current"] == [] and note(nowhere, "dangling"), nowhere["chain"]


@case
def international_names_are_shown_as_people_write_them(net):
    found = net.check("Müller.com")
    assert found["name"] == "xn--mller-kva.com" and "müller.com" in note(found, "mail")["text"], found


@case
def without_any_answer_there_is_an_error(net):
    told = net.check("right.com", servers=f"127.0.0.1:{free_port()},*:{free_port()}")
    assert told.get("code") == 1 and "internet" in told["error"], told
    assert not re.search(r"Traceback|CRITICAL|WARNING", told["error"])


def codes(found):
    return {part: step["code"] for part, step in found.items()}


def record(found, name):
    return next(each for each in found["records"]["records"] if each["name"] == name)


@case
def the_doctor_sees_what_is_right_and_what_stands_there_instead(net):
    names = ("www.set-up.com", "set-up.com", "www.right.com", "www.typo.com", "www.chained.com")
    with ThreadPoolExecutor(3) as pool:
        www, bare, parked, typo, chained = pool.map(net.look, names)
    assert codes(www) == {"delegation": "good", "records": "good", "certificate": "pending"}, www
    assert record(bare, "set-up.com")["code"] == "good", "addresses that are those of the site, as of an ALIAS"
    assert parked["records"]["code"] == "exists" and record(parked, "www.right.com")["found"] == "parking.example.net", parked
    assert record(parked, "_proof.right.com")["code"] == "missing" and parked["certificate"]["code"] == "pending-proof"
    assert record(typo, "www.typo.com")["found"] == "sight.example.net" and record(typo, "_proof.typo.com")["code"] == "doubled", typo
    assert record(chained, "www.chained.com")["code"] == "good", "at the end of aliases"


@case
def the_doctor_sees_servers_that_are_wrong_partial_slow_lying_or_broken(net):
    names = ("www.partial.com", "www.dead.com", "www.missing.com", "www.slow.com", "www.lying.com", "www.nobody-has-this.com")
    with ThreadPoolExecutor(3) as pool:
        partial, dead, missing, slow, lying, free = pool.map(net.look, names)
    assert partial["delegation"]["code"] == "partial" and "ns2.partial.com" in partial["delegation"]["sentence"], partial["delegation"]
    assert codes(dead)["delegation"] == codes(missing)["delegation"] == "servers-broken" and codes(dead)["records"] == "silent", (dead, missing)
    assert slow["delegation"]["code"] == "good" and record(slow, "www.slow.com")["code"] == "missing", slow["delegation"]
    assert record(lying, "www.lying.com")["code"] == "other" and record(lying, "www.lying.com")["found"].startswith("192.0.2."), lying["records"]
    assert free["delegation"]["code"] == "free" and free["records"]["code"] == "waits", free


@case
def the_doctor_compares_with_the_servers_that_a_moved_domain_is_to_have(net):
    wrong = net.look("www.right.com", "move", "ns-1.awsdns-1.com", "ns-2.awsdns-2.net")
    assert wrong["delegation"]["code"] == "wrong-servers" and wrong["records"]["code"] == "waits", wrong
    assert {each["found"] for each in wrong["delegation"]["records"]} == {"ns1.right.com, ns2.right.com"}, wrong["delegation"]
    assert net.look("www.set-up.com", "move", "ns1.set-up.com", "ns2.set-up.com")["delegation"]["code"] == "good"
    assert net.look("www.set-up.com", "move", "ns1.set-up.com", "ns9.example.net")["delegation"]["code"] == "partly-servers"
    assert net.look("www.signed.com", "move", "ns-1.awsdns-1.com", "ns-2.awsdns-2.net")["delegation"]["code"] == "signed-first"
    assert net.look("www.signed.com", "move", "ns1.signed.com", "ns2.signed.com")["delegation"]["code"] == "signed"


@case
def the_doctor_sees_what_forbids_the_certificate_and_signatures_that_are_wrong(net):
    forbidden, allowed, broken = net.look("www.forbids.com"), net.look("free.forbids.com"), net.look("www.broken.com")
    assert forbidden["certificate"]["code"] == "caa-forbids" and "letsencrypt.org" in forbidden["certificate"]["cause"], forbidden["certificate"]
    assert allowed["certificate"]["code"] == "pending-proof", allowed["certificate"]
    assert broken["delegation"]["code"] == "signature-broken" and "DNSSEC" in broken["delegation"]["remedy"], broken["delegation"]


run(setup=Internet, teardown=lambda net: net.close())
