# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The company where domains were bought that were not bought with the account, as its pages are used by hand.

    registrar = Registrar(cloud.endpoint)
    registrar.own("bakery.localhost")
    registrar.put("bakery.localhost", "www", "CNAME", "d111111abcdef8.cloudfront.net")
    registrar.servers("bakery.localhost", ["ns-1.awsdns-01.com", ...])
"""

import urllib.parse
import urllib.request

OWN_SERVERS = ["ns1.pretended-names.localhost", "ns2.pretended-names.localhost"]


class Registrar:
    def __init__(self, endpoint):
        self.endpoint = endpoint

    def page(self, path, **form):
        """The page that comes after a form was sent, as text."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with urllib.request.urlopen(self.endpoint + path, data, timeout=30) as answer:
            return answer.read().decode()

    def own(self, domain):
        self.page("/registrar/domains", domain=domain)

    def servers(self, domain, names=None):
        """Other name servers; without names those of the company itself."""
        self.page("/registrar/servers", domain=domain, servers="\n".join(names or OWN_SERVERS))

    def sign(self, domain, on):
        self.page("/registrar/signing", domain=domain, on="1" if on else "")

    def put(self, domain, name, kind, value, ttl=300):
        self.page("/registrar/records", domain=domain, name=name, type=kind, value=value, ttl=str(ttl))

    def remove(self, domain, name, kind):
        self.page("/registrar/records/remove", domain=domain, name=name, type=kind)

    def claim(self, name, *, disabled=False, off=False):
        """A name that a distribution of somebody else has."""
        self.page("/registrar/claims", name=name, disabled="1" if disabled else "", **({"off": "1"} if off else {}))

    def pass_time(self, time):
        self.page("/registrar/time", time=time)
