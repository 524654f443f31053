# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real name servers for tests: Knot, which holds zones, and Unbound, which finds answers and checks signatures. All of them
listen on one free port, each at an address of its own on the loopback network, so that delegations work as they do outside."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time


def free_port():
    with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        udp.bind(("127.0.0.1", tcp.getsockname()[1]))
        return tcp.getsockname()[1]


def need(*programs):
    for program in programs:
        if not shutil.which(program):
            print(f"1..0 # SKIP {program} is not installed")
            sys.exit(0)


class Relay(threading.Thread):
    """Between a resolver and a server: what a function makes of each answer, or no answer at all."""

    def __init__(self, port, change, address="127.0.0.1", listen=0):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, listen))
        self.port = self.socket.getsockname()[1]
        self.to = port if isinstance(port, tuple) else ("127.0.0.1", port)
        self.change = change
        self.seen = 0
        self.start()

    def answer(self, question, sender, count):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
            server.settimeout(10)
            server.sendto(question, self.to)
            answer = self.change(server.recv(65535), count)
        if answer is not None:
            self.socket.sendto(answer, sender)

    def run(self):
        while True:
            question, sender = self.socket.recvfrom(65535)
            self.seen += 1
            threading.Thread(target=self.answer, args=(question, sender, self.seen), daemon=True).start()


class Folder:
    """A folder and the servers that work in it; all of it ends with close()."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="porchlight-dns-")
        self.processes = []

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def begin(self, command, address, port, name, kind="SOA"):
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        end = time.monotonic() + 60
        while "NOERROR" not in self.dig(address, port, name, kind):
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < end, f"{command[0]} does not answer"
            time.sleep(0.05)
        return process

    @staticmethod
    def dig(address, port, name, kind):
        return subprocess.run(["kdig", f"@{address}", "-p", str(port), "+time=1", "+retry=0", name, kind],
                              capture_output=True, text=True).stdout

    def knot(self, name, addresses, port, zones, signed=()):
        """@zones: text by name; None stands for one that can't be loaded."""
        place = os.path.join(self.folder, name)
        os.mkdir(place)
        for zone, text in zones.items():
            if text is not None:
                self.write(f"{name}/{zone}.zone", text)
        user = "root" if os.geteuid() == 0 else os.environ.get("USER", "nobody")
        listen = ", ".join(f"{address}@{port}" for address in addresses)
        more = "\n    dnssec-signing: on\n    dnssec-policy: quick\n    zonefile-sync: -1\n    journal-content: none"
        items = "\n".join(f"  - domain: {zone}{more if zone in signed else ''}" for zone in zones)
        self.write(f"{name}/knot.conf", f"""
server:
    rundir: "{place}"
    user: {user}
    listen: [ {listen} ]
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "{place}"
log:
  - target: stderr
    any: error
policy:
  - id: quick
    algorithm: ecdsap256sha256
template:
  - id: default
    storage: "{place}"
    file: "%s.zone"
zone:
{items}
""")
        first = next(zone for zone, text in zones.items() if text is not None)
        return self.begin(["knotd", "-c", f"{place}/knot.conf"], addresses[0], port, first)

    def unbound(self, address, port, stubs, lines=(), first=None):
        """@stubs: "ADDRESS@PORT" by zone"""
        self.write("unbound.conf", "\n".join([
            "server:", f"  interface: {address}", f"  port: {port}", "  do-daemonize: no", '  chroot: ""', '  username: ""',
            f'  directory: "{self.folder}"', f'  pidfile: "{self.folder}/unbound.pid"', "  use-syslog: no", "  verbosity: 0",
            "  do-not-query-localhost: no", *(f"  {line}" for line in lines),
            *(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {where}' for zone, where in stubs.items()),
        ]) + "\n")
        return self.begin(["unbound", "-c", f"{self.folder}/unbound.conf"], address, port, first or next(iter(stubs)))

    def ds(self, address, port, zone):
        """The DS record that its registry has to have for a signed zone, once it is signed"""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            lines = [" ".join(line.split()) for line in self.dig(address, port, zone, "CDS").splitlines() if "\tCDS\t" in line.replace(" ", "\t")]
            if lines:
                return lines[0].split(" ", 4)[4]
            time.sleep(0.05)
        raise AssertionError(f"{zone} is not signed")

    def dnskey(self, address, port, zone):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            keys = [" ".join(line.split()) for line in self.dig(address, port, zone, "DNSKEY").splitlines() if "DNSKEY" in line and "257 3" in line]
            if keys:
                return keys[0]
            time.sleep(0.05)
        raise AssertionError(f"{zone} is not signed")

    def close(self):
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(30)
        shutil.rmtree(self.folder)
