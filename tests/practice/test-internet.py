# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The internet around the practice cloud, asked with kdig as anybody would ask: zones, delegations, domains that were
bought elsewhere and the pages where their owner changes them."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import urllib.error
import urllib.request
import uuid

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

from practice import Practice  # noqa: E402
from registrar import Registrar  # noqa: E402
from tap import Skip, case, run  # noqa: E402


class Internet(Registrar):
    def __init__(self):
        self.cloud = Practice()
        super().__init__(self.cloud.endpoint)
        self.host, self.port = self.cloud.info["nameServer"].split(":")

    def ask(self, name, kind, *options):
        """(status, records) as kdig reads them"""
        if not shutil.which("kdig"):
            raise Skip("kdig is not installed")
        text = subprocess.run(["kdig", f"@{self.host}", "-p", self.port, "+retry=0", *options, name, kind],
                              capture_output=True, text=True, timeout=60, check="+time=1" not in options).stdout
        if "status: " not in text:
            return None, []
        status = text.split("status: ")[1].split(";")[0]
        answers = [line.split(None, 4) for line in text.splitlines() if line and not line.startswith(";")]
        return status, [(a[0], a[3], a[4].strip()) for a in answers if a[3] != "OPT"]

    def true(self, name, kind):
        """What the servers of the name say themselves."""
        return self.values(name, kind, "+norec")

    def values(self, name, kind, *options):
        return sorted(value for _, _, value in self.ask(name, kind, *options)[1])

    def zone(self, name):
        made = self.cloud.client("route53").create_hosted_zone(Name=name, CallerReference=str(uuid.uuid4()))
        return made["HostedZone"]["Id"], made["DelegationSet"]["NameServers"]

    def change(self, zone, name, kind, *values, **alias):
        record = {"Name": name, "Type": kind}
        if alias:
            record["AliasTarget"] = {"EvaluateTargetHealth": False, **alias}
        else:
            record |= {"TTL": 300, "ResourceRecords": [{"Value": value} for value in values]}
        self.cloud.client("route53").change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]})


@case
def a_domain_bought_elsewhere_has_a_page_and_mail(net):
    net.own("baker.localhost")
    assert net.ask("baker.localhost", "NS")[0] == "NOERROR"
    assert net.values("baker.localhost", "NS") == ["ns1.pretended-names.localhost.", "ns2.pretended-names.localhost."]
    assert net.values("baker.localhost", "MX") == ["10 mail.pretended-names.localhost."]
    assert net.values("baker.localhost", "A") == ["192.0.2.80"]
    assert net.values("baker.localhost", "TXT") == ['"v=spf1 include:mail.pretended-names.localhost -all"']
    assert ("www.baker.localhost.", "CNAME", "parking.pretended-names.localhost.") in net.ask("www.baker.localhost", "A")[1]
    assert "baker.localhost" in net.page("/registrar")


@case
def what_is_not_there_is_said_as_name_servers_say_it(net):
    net.own("empty.localhost")
    assert net.ask("nobody.localhost", "A") == ("NXDOMAIN", [])
    assert net.ask("nothing.empty.localhost", "A") == ("NXDOMAIN", [])
    assert net.ask("empty.localhost", "AAAA") == ("NOERROR", [])
    assert net.ask("example.org", "A")[0] == "REFUSED"
    # Who climbs up for CAA comes to the ending, which is there
    assert net.ask("localhost", "CAA") == ("NOERROR", [])
    assert net.ask("pretended-names.localhost", "CAA") == ("NOERROR", [])
    assert net.ask("EMPTY.LocalHost.", "A")[1][0][2] == "192.0.2.80"


@case
def records_are_changed_by_hand_at_the_registrar(net):
    net.own("florist.localhost")
    net.page("/registrar/records", domain="florist.localhost", name="_mark.florist.localhost", type="CNAME",
             value="_other.acm-validations.aws.", ttl="60")
    assert net.values("_mark.florist.localhost", "CNAME") == ["_other.acm-validations.aws."]
    net.page("/registrar/records", domain="florist.localhost", name="florist.localhost", type="CAA", value='0 issue "amazon.com"')
    assert net.values("florist.localhost", "CAA") == ['0 issue "amazon.com"']
    net.page("/registrar/records/remove", domain="florist.localhost", name="florist.localhost", type="CAA")
    assert net.values("florist.localhost", "CAA") == []
    for wrong in ({"name": "florist.localhost", "type": "CNAME", "value": "a.example.org."},
                  {"name": "florist.localhost", "type": "A", "value": "not an address"},
                  {"name": "florist.localhost", "type": "TXT", "value": "without quotes"}):
        try:
            net.page("/registrar/records", domain="florist.localhost", **wrong)
            raise AssertionError(f"{wrong} was taken")
        except urllib.error.HTTPError as error:
            assert error.code == 400, error


@case
def name_servers_decide_who_is_asked(net):
    net.own("potter.localhost")
    zone, servers = net.zone("potter.localhost")
    net.change(zone, "potter.localhost", "A", "192.0.2.7")
    assert net.values("potter.localhost", "A") == ["192.0.2.80"]
    net.page("/registrar/servers", domain="potter.localhost", servers="\n".join(servers))
    assert net.values("potter.localhost", "A") == ["192.0.2.7"]
    assert net.values("potter.localhost", "NS") == sorted(server + "." for server in servers)
    assert net.values("potter.localhost", "MX") == []
    net.page("/registrar/servers", domain="potter.localhost", servers="ns1.nobody.localhost ns2.nobody.localhost")
    assert net.ask("potter.localhost", "A")[0] == "SERVFAIL"


@case
def a_second_zone_of_the_name_is_not_asked(net):
    net.own("twice.localhost")
    first, servers = net.zone("twice.localhost")
    second, _ = net.zone("twice.localhost")
    net.change(first, "twice.localhost", "A", "192.0.2.1")
    net.change(second, "twice.localhost", "A", "192.0.2.2")
    net.page("/registrar/servers", domain="twice.localhost", servers=" ".join(servers))
    assert net.values("twice.localhost", "A") == ["192.0.2.1"]


@case
def signatures_left_on_break_a_domain_that_moves(net):
    net.own("signed.localhost")
    net.page("/registrar/signing", domain="signed.localhost", on="1")
    assert net.values("signed.localhost", "DS")[0].startswith("60485 13 2 D4B7D520")
    assert net.values("signed.localhost", "A") == ["192.0.2.80"]
    _, servers = net.zone("signed.localhost")
    net.page("/registrar/servers", domain="signed.localhost", servers=" ".join(servers))
    assert net.ask("signed.localhost", "A")[0] == "SERVFAIL"
    net.page("/registrar/signing", domain="signed.localhost", on="")
    assert net.ask("signed.localhost", "SOA")[0] == "NOERROR"


@case
def a_distribution_is_on_this_computer(net):
    net.own("tailor.localhost")
    zone, servers = net.zone("tailor.localhost")
    net.page("/registrar/servers", domain="tailor.localhost", servers=" ".join(servers))
    for kind in ("A", "AAAA"):
        net.change(zone, "tailor.localhost", kind, HostedZoneId="Z2FDTNDATAQYW2", DNSName="d111111abcdef8.cloudfront.net")
    net.change(zone, "www.tailor.localhost", "CNAME", "tailor.localhost")
    assert net.values("tailor.localhost", "A") == ["127.0.0.1"]
    assert net.values("tailor.localhost", "AAAA") == ["::1"]
    assert [kind for _, kind, _ in net.ask("www.tailor.localhost", "A")[1]] == ["CNAME", "A"]
    assert net.values("d111111abcdef8.cloudfront.net", "A") == ["127.0.0.1"]


@case
def long_answers_go_by_tcp(net):
    net.own("long.localhost")
    for number in range(30):
        net.page("/registrar/records", domain="long.localhost", name="many.long.localhost", type="TXT",
                 value=f'"{number:03} ' + "x" * 150 + '"')
    assert len(net.values("many.long.localhost", "TXT")) == 30
    assert len(net.values("many.long.localhost", "TXT", "+tcp")) == 30
    assert net.ask("many.long.localhost", "TXT", "+ignore", "+noedns")[1] == []


@case
def garbage_gets_no_answer_and_harms_nobody(net):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        for message in (b"", b"x", b"\0" * 11, b"\xff" * 700, os.urandom(400), struct.pack(">6H", 1, 0x8180, 1, 0, 0, 0)):
            udp.sendto(message, (net.host, int(net.port)))
    for message in (b"", b"\0", b"\0\0", b"\xff\xff" + b"y" * 100, b"\0\x0c" + b"\xff" * 12):
        with socket.create_connection((net.host, int(net.port)), timeout=30) as tcp:
            tcp.sendall(message)
    net.own("still.localhost")
    assert net.values("still.localhost", "A") == ["192.0.2.80"]


@case
def what_is_half_moved_answers_now_so_and_now_so(net):
    net.own("half.localhost")
    zone, servers = net.zone("half.localhost")
    net.change(zone, "half.localhost", "A", "192.0.2.7")
    net.servers("half.localhost", ["ns1.pretended-names.localhost", servers[0]])
    assert {tuple(net.values("half.localhost", "A")) for _ in range(4)} == {("192.0.2.7",), ("192.0.2.80",)}
    # Servers that nobody has are passed over
    net.servers("half.localhost", ["ns1.nobody.localhost", servers[1]])
    assert {tuple(net.values("half.localhost", "A")) for _ in range(3)} == {("192.0.2.7",)}


@case
def a_zone_below_is_asked_only_where_the_upper_one_says_so(net):
    net.own("upper.localhost")
    lower, servers = net.zone("blog.upper.localhost")
    net.change(lower, "blog.upper.localhost", "A", "192.0.2.3")
    assert net.ask("blog.upper.localhost", "A")[0] == "NXDOMAIN"
    for server in servers:
        net.put("upper.localhost", "blog", "NS", server + ".")
    assert net.values("blog.upper.localhost", "A") == ["192.0.2.3"]
    # And a zone of a domain that nobody has is on no server that is asked
    nobody, _ = net.zone("unregistered.localhost")
    net.change(nobody, "unregistered.localhost", "A", "192.0.2.3")
    assert net.ask("unregistered.localhost", "A")[0] == "NXDOMAIN"


@case
def the_bare_domain_can_be_an_alias_elsewhere_or_be_sent_on(net):
    net.own("bare.localhost")
    try:
        net.put("bare.localhost", "@", "ALIAS", "d111111abcdef8.cloudfront.net")
        raise AssertionError("an alias beside an address was taken")
    except urllib.error.HTTPError as error:
        assert error.code == 400 and "Remove that one first" in error.read().decode()
    net.remove("bare.localhost", "bare.localhost", "A")
    net.put("bare.localhost", "@", "ALIAS", "d111111abcdef8.cloudfront.net")
    assert net.ask("bare.localhost", "A") == ("NOERROR", [("bare.localhost.", "A", "127.0.0.1")])
    assert net.values("bare.localhost", "AAAA") == ["::1"]
    assert net.values("bare.localhost", "MX") == ["10 mail.pretended-names.localhost."]
    net.remove("bare.localhost", "bare.localhost", "ALIAS")
    net.put("bare.localhost", "@", "FORWARD", "www.bare.localhost")
    assert net.values("bare.localhost", "A") == ["192.0.2.80"]


@case
def servers_and_the_company_itself_have_addresses(net):
    _, servers = net.zone("addresses.org")
    assert net.values(servers[0], "A") == ["127.0.0.1"]
    assert net.values("ns1.pretended-names.localhost", "A") == ["127.0.0.1"]
    assert net.values("parking.pretended-names.localhost", "A") == ["192.0.2.80"]


@case
def servers_check_no_signatures(net):
    net.own("sealed.localhost")
    net.sign("sealed.localhost", True)
    zone, servers = net.zone("sealed.localhost")
    net.change(zone, "sealed.localhost", "A", "192.0.2.7")
    net.servers("sealed.localhost", servers)
    assert net.ask("sealed.localhost", "A")[0] == "SERVFAIL"
    assert net.true("sealed.localhost", "A") == ["192.0.2.7"]
    net.sign("sealed.localhost", False)
    assert net.values("sealed.localhost", "A") == ["192.0.2.7"]


@case
def old_answers_are_remembered_for_their_time(net):
    net.cloud.change_faults("op=Resolve,name=*slow-to-forget.localhost,ttl=whole")
    try:
        net.own("slow-to-forget.localhost")
        assert net.values("slow-to-forget.localhost", "A") == ["192.0.2.80"]
        assert net.ask("new.slow-to-forget.localhost", "A")[0] == "NXDOMAIN"
        zone, servers = net.zone("slow-to-forget.localhost")
        for name in ("slow-to-forget.localhost", "new.slow-to-forget.localhost"):
            net.change(zone, name, "A", "192.0.2.7")
        net.servers("slow-to-forget.localhost", servers)
        assert net.values("slow-to-forget.localhost", "A") == ["192.0.2.80"], "ten minutes are remembered"
        assert net.true("slow-to-forget.localhost", "A") == ["192.0.2.7"], "the servers know better"
        net.cloud.pass_time("5m")
        assert net.values("new.slow-to-forget.localhost", "A") == ["192.0.2.7"], "that there is nothing is forgotten earlier"
        assert net.values("slow-to-forget.localhost", "A") == ["192.0.2.80"]
        net.pass_time("1h")
        assert net.values("slow-to-forget.localhost", "A") == ["192.0.2.7"]
    finally:
        net.cloud.change_faults()


@case
def name_servers_can_fail_lie_and_be_slow(net):
    net.own("faulty.localhost")
    try:
        for fault, status, values in (("dns=SERVFAIL", "SERVFAIL", []), ("dns=REFUSED", "REFUSED", []), ("dns=NXDOMAIN", "NXDOMAIN", []),
                                      ("dns=EMPTY", "NOERROR", []), ("answer=192.0.2.66", "NOERROR", ["192.0.2.66"]),
                                      ("delay=50", "NOERROR", ["192.0.2.80"])):
            net.cloud.change_faults(f"op=Resolve,name=faulty.localhost,type=A,{fault}")
            for way in ((), ("+tcp",), ("+norec",)):
                seen = net.ask("faulty.localhost", "A", *way)
                assert (seen[0], [value for _, _, value in seen[1]]) == (status, values), (fault, way, seen)
            assert net.values("faulty.localhost", "MX") == ["10 mail.pretended-names.localhost."], fault
        net.cloud.change_faults("op=Resolve,name=faulty.localhost,dns=LOST")
        assert net.ask("faulty.localhost", "A", "+time=1") == (None, [])
        for wrong in ("op=Resolve,dns=WRONG", "op=GetObject,dns=SERVFAIL", "op=Resolve,name=a"):
            assert "error" in net.cloud.ask(f"faults {wrong}"), wrong
    finally:
        net.cloud.change_faults()


@case
def names_are_completed_as_most_companies_do(net):
    net.own("short.localhost")
    net.put("short.localhost", "_mark.www", "CNAME", "a.example.org.")
    net.put("short.localhost", "Full.short.localhost.", "A", "192.0.2.5")
    assert net.values("_mark.www.short.localhost", "CNAME") == ["a.example.org."]
    assert net.values("full.short.localhost", "A") == ["192.0.2.5"]


@case
def only_its_own_pages_change_something(net):
    request = urllib.request.Request(net.endpoint + "/registrar/domains", b"domain=stolen.localhost", {"Origin": "https://example.org"})
    try:
        urllib.request.urlopen(request, timeout=30)
        raise AssertionError("a form of another page was taken")
    except urllib.error.HTTPError as error:
        assert error.code == 403
    assert net.ask("stolen.localhost", "A")[0] == "NXDOMAIN"


@case
def a_name_that_has_a_meaning_is_not_sold(net):
    for name in ("console.localhost", "pretended-names.localhost", "example.org", "a.b.localhost"):
        try:
            net.own(name)
            raise AssertionError(f"{name} was sold")
        except urllib.error.HTTPError as error:
            assert error.code == 400
    net.own("sold.localhost")
    domains = net.cloud.client("route53domains", region="us-east-1")
    assert domains.check_domain_availability(DomainName="sold.localhost")["Availability"] == "UNAVAILABLE"
    assert domains.check_domain_availability(DomainName="unsold.localhost")["Availability"] == "AVAILABLE"


@case
def domains_and_changes_outlast_a_restart(net):
    net.own("lasting.localhost")
    net.page("/registrar/records", domain="lasting.localhost", name="x.lasting.localhost", type="A", value="192.0.2.9")
    net.cloud.stop()
    net.cloud.start()
    net.endpoint = net.cloud.endpoint
    net.host, net.port = net.cloud.info["nameServer"].split(":")
    assert net.values("x.lasting.localhost", "A") == ["192.0.2.9"]


run(setup=Internet, teardown=lambda net: net.cloud.close())
