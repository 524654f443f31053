# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The resolver against real name servers: Knot, which holds zones of all kinds, and Unbound, which checks signatures."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path[:0] = [os.path.join(os.path.dirname(__file__), ".."), os.path.dirname(__file__)]

from dnskit import Folder, Relay, free_port, need  # noqa: E402
from tap import case, run  # noqa: E402

ZONE = """$ORIGIN {zone}.
$TTL 300
@       SOA     ns1 hostmaster 1 3600 900 604800 60
@       NS      ns1
@       NS      ns2
ns1     A       127.0.0.1
ns2     A       127.0.0.1
@       A       192.0.2.1
@       A       192.0.2.2
@       AAAA    2001:db8::1
@       MX      10 mail
@       MX      20 backup.example.net.
@       TXT     "v=spf1 -all"
@       TXT     "two " "parts"
@       CAA     0 issue "letsencrypt.org"
@       CAA     128 issuewild ";"
www     CNAME   {zone}.
*.star  A       192.0.2.9
_sip._tcp SRV   1 2 5060 sip
umlaut  TXT     "M\\195\\188ller \\255"
"""


class Servers(Folder):
    def __init__(self):
        need("knotd", "unbound", "kdig")
        super().__init__()
        self.port = free_port()
        head = "$ORIGIN {}.\n$TTL 60\n@ SOA ns h 1 3600 900 604800 60\n@ NS ns\nns A 127.0.0.1\n"
        zones = {zone: ZONE.format(zone=zone) for zone in ("plain.test", "signed.test", "wrong.test")}
        zones["chain.test"] = (head.format("chain.test") + "".join(f"c{n} CNAME c{n + 1}\n" for n in range(9)) +
                               "c9 A 192.0.2.99\nloop1 CNAME loop2\nloop2 CNAME loop1\n")
        zones["large.test"] = head.format("large.test") + "".join(f'@ TXT "{n:03} {"x" * 200}"\n' for n in range(60))
        zones["missing.test"] = None
        try:
            self.knot("domains", ["127.0.0.1"], self.port, zones, signed=("signed.test",))
            self.validating = free_port()
            self.start_unbound()
        except BaseException:
            self.close()
            raise

    def start_unbound(self):
        """It trusts the key of the one zone, and a key that is none for the other."""
        key = self.dnskey("127.0.0.1", self.port, "signed.test")
        self.unbound("127.0.0.1", self.validating,
                     {zone: f"127.0.0.1@{self.port}" for zone in ("plain.test", "chain.test", "signed.test", "wrong.test")},
                     ["domain-insecure: plain.test", "domain-insecure: chain.test", "local-zone: test. nodefault",
                      f'trust-anchor: "{key}"', f'trust-anchor: "{key.replace("signed.test.", "wrong.test.")}"'])

    def ask(self, name, kind, port=None, at=None):
        command = [os.environ["PORCHLIGHT_DNS_DRIVER"], f"127.0.0.1:{port or self.port}", name, kind] + ([at] if at else [])
        return json.loads(subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout)

    def values(self, name, kind, **more):
        return [record["value"] for record in self.ask(name, kind, **more)["records"]]


@case
def every_type_is_read(servers):
    assert servers.values("plain.test", "A") == ["192.0.2.1", "192.0.2.2"]
    assert servers.values("plain.test", "AAAA") == ["2001:db8::1"]
    assert servers.values("plain.test", "NS") == ["ns1.plain.test", "ns2.plain.test"]
    assert servers.values("plain.test", "MX") == ["10 mail.plain.test", "20 backup.example.net"]
    assert servers.values("plain.test", "TXT") == ["two parts", "v=spf1 -all"]
    assert servers.values("plain.test", "CAA") == ["0 issue letsencrypt.org", "128 issuewild ;"]
    assert servers.values("_sip._tcp.plain.test", "SRV") == ["1 2 5060 sip.plain.test"]
    assert servers.values("plain.test", "SOA") == ["ns1.plain.test"]
    assert servers.values("anything.star.plain.test", "A") == ["192.0.2.9"]
    assert servers.values("umlaut.plain.test", "TXT") == ["Müller \ufffd"]
    assert servers.ask("PLAIN.Test.", "A")["records"][0] == {"name": "plain.test", "type": "A", "ttl": 300, "value": "192.0.2.1"}


@case
def an_alias_is_seen_with_its_target(servers):
    records = servers.ask("www.plain.test", "A")["records"]
    assert [record["type"] for record in records] == ["CNAME", "A", "A"], records
    chain = servers.ask("c0.chain.test", "A", port=servers.validating)["records"]
    assert [record["type"] for record in chain] == ["CNAME"] * 9 + ["A"] and chain[-1]["value"] == "192.0.2.99", chain
    loop = servers.ask("loop1.chain.test", "A")
    assert loop["status"] in ("found", "broken") and all(record["type"] == "CNAME" for record in loop["records"]), loop


@case
def what_is_not_there_is_told_apart(servers):
    assert servers.ask("nothing.plain.test", "A")["status"] == "no-name"
    assert servers.ask("mail.plain.test", "MX")["status"] == "no-name"
    assert servers.ask("ns1.plain.test", "MX")["status"] == "no-data"
    assert servers.ask("example.org", "A")["status"] == "broken", "refused"
    assert servers.ask("missing.test", "A")["status"] == "broken", "a zone that can't be loaded"


@case
def answers_that_do_not_fit_come_by_tcp(servers):
    values = servers.values("large.test", "TXT")
    assert len(values) == 60 and values[59].startswith("059 "), len(values)


@case
def a_broken_signature_breaks_the_name(servers):
    assert servers.ask("signed.test", "A", port=servers.validating)["status"] == "found"
    assert servers.values("plain.test", "A", port=servers.validating) == ["192.0.2.1", "192.0.2.2"]
    assert servers.ask("wrong.test", "A", port=servers.validating)["status"] == "broken"


@case
def one_server_is_asked_what_it_knows_itself(servers):
    told = servers.ask("plain.test", "NS", at="127.0.0.1")
    assert told["authoritative"] and told["status"] == "found"
    assert not servers.ask("plain.test", "NS", port=servers.validating)["authoritative"]


@case
def a_lost_question_is_asked_again(servers):
    relay = Relay(servers.port, lambda answer, count: answer if count > 1 else None)
    assert servers.values("plain.test", "A", port=relay.port) == ["192.0.2.1", "192.0.2.2"]
    assert relay.seen == 2


@case
def silence_and_lies_end_in_an_error(servers):
    lies = (lambda answer, count: None,
            lambda answer, count: b"\xff\xff" + answer[2:],
            lambda answer, count: answer[:20],
            lambda answer, count: answer[:12] + answer[12:].replace(b"plain", b"other"))
    with ThreadPoolExecutor(len(lies)) as pool:
        told = list(pool.map(lambda lie: servers.ask("plain.test", "A", port=Relay(servers.port, lie).port), lies))
    assert "error" in told[0], told
    assert all("error" in each or each["status"] == "broken" for each in told), told


@case
def a_server_that_is_not_there_is_an_error(servers):
    told = servers.ask("plain.test", "A", port=free_port())
    assert "plain.test" in told["error"], told


run(setup=Servers, teardown=lambda servers: servers.close())
