# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains. moto knows registrations, but asks no registry: no availability beyond its own, no prices of AWS, no mails."""

import os
import re
import urllib.error
import urllib.parse
import urllib.request

from . import scenario
from .acm import until

RUN = f"{os.getpid()}"
LACKS = {"CheckDomainAvailability", "GetDomainSuggestions", "ListPrices", "GetContactReachabilityStatus",
         "ResendContactReachabilityEmail", "EnableDomainAutoRenew", "DisableDomainAutoRenew"}
CONTACT = {"FirstName": "Rosa", "LastName": "Beispiel", "ContactType": "PERSON", "AddressLine1": "Weg 1", "City": "Berlin",
           "CountryCode": "DE", "ZipCode": "10115", "PhoneNumber": "+49.301234567", "Email": "rosa@example.org"}


def order(name, **changes):
    return {"DomainName": name, "DurationInYears": 2, "AutoRenew": True, "AdminContact": CONTACT, "RegistrantContact": CONTACT,
            "TechContact": CONTACT, "PrivacyProtectAdminContact": True, "PrivacyProtectRegistrantContact": True,
            "PrivacyProtectTechContact": True, **changes}


def wait_done(cloud, operation):
    def ask():
        detail = cloud.ours("GetOperationDetail", OperationId=operation)
        return detail if detail["Status"] not in ("SUBMITTED", "IN_PROGRESS") else None
    return until(ask, operation)


def mails(cloud):
    """What is in the outbox, newest first."""
    folder = os.path.join(cloud.cloud.path("state"), "outbox")
    for name in sorted(os.listdir(folder), reverse=True):
        with open(os.path.join(folder, name), "rb") as stream:
            yield stream.read()


def open_link(cloud, mail, tamper=""):
    """Follows the link in the text of a mail."""
    import email
    text = email.message_from_bytes(mail).get_payload(decode=True).decode()
    link = urllib.parse.urlsplit(re.search(r"http://\S+", text)[0])
    server = urllib.parse.urlsplit(cloud.cloud.endpoint).netloc
    request = urllib.request.Request(f"http://{server}{link.path}?{link.query}{tamper}", headers={"Host": link.netloc})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@scenario("route53domains", moto_lacks=LACKS)
def registration(cloud):
    name = f"scene{RUN}.com"
    operation = cloud.ours("RegisterDomain", **order(name))["OperationId"]
    detail = wait_done(cloud, operation)
    assert detail["Status"] == "SUCCESSFUL" and detail["DomainName"] == name and detail["Type"] == "REGISTER_DOMAIN", detail
    cloud.same("GetOperationDetail", OperationId=operation)
    assert name in {each["DomainName"] for each in cloud.pages("ListDomains", MaxItems=1)}
    cloud.same("ListDomains")
    listed = cloud.pages("ListOperations", Type=["REGISTER_DOMAIN"], Status=["SUCCESSFUL"], SubmittedSince=detail["SubmittedDate"] - 60)
    assert operation in {each["OperationId"] for each in listed}, listed
    assert cloud.pages("ListOperations", Type=["REGISTER_DOMAIN"], Status=["FAILED"]) == []

    servers = [{"Name": "ns1.elsewhere.org"}, {"Name": "ns2.elsewhere.org"}]
    changed = cloud.ours("UpdateDomainNameservers", DomainName=name, Nameservers=servers)["OperationId"]
    assert wait_done(cloud, changed)["Status"] == "SUCCESSFUL"
    seen = cloud.same("GetDomainDetail", DomainName=name)
    assert [each["Name"] for each in seen["Nameservers"]] == [each["Name"] for each in servers], seen
    assert seen["RegistrantContact"] == CONTACT and seen["RegistrantPrivacy"] and seen["AutoRenew"], seen
    assert 1.9 < (seen["ExpirationDate"] - seen["CreationDate"]) / 31557600 < 2.1, seen
    # moto ends here
    cloud.ours("DisableDomainAutoRenew", DomainName=name)
    assert not cloud.ours("GetDomainDetail", DomainName=name)["AutoRenew"]
    cloud.ours("EnableDomainAutoRenew", DomainName=name)
    assert cloud.same("GetDomainDetail", DomainName=name)["AutoRenew"]


@scenario("route53domains", moto=False)
def a_registration_makes_a_zone_and_asks_its_owner(cloud):
    name = f"zone{RUN}.org"
    wait_done(cloud, cloud.ours("RegisterDomain", **order(name, RegistrantContact={**CONTACT, "Email": f"owner{RUN}@example.org"}))["OperationId"])
    zones = cloud.client("route53").list_hosted_zones_by_name(DNSName=name)["HostedZones"]
    assert zones[0]["Name"] == f"{name}." and zones[0]["CallerReference"].startswith("RISWorkflow-RD:"), zones
    servers = cloud.client("route53").get_hosted_zone(Id=zones[0]["Id"])["DelegationSet"]["NameServers"]
    assert [each["Name"] for each in cloud.ours("GetDomainDetail", DomainName=name)["Nameservers"]] == servers

    assert cloud.same("GetContactReachabilityStatus", domainName=name)["status"] == "PENDING"
    again = cloud.ours("ResendContactReachabilityEmail", domainName=name)
    assert again["emailAddress"] == f"owner{RUN}@example.org" and not again["isAlreadyVerified"], again
    mail = next(mail for mail in mails(cloud) if f"owner{RUN}@".encode() in mail)
    assert open_link(cloud, mail, "x") == 404
    assert cloud.ours("GetContactReachabilityStatus", domainName=name)["status"] == "PENDING"
    assert open_link(cloud, mail) == 200
    assert cloud.same("GetContactReachabilityStatus", domainName=name)["status"] == "DONE"
    assert cloud.ours("ResendContactReachabilityEmail", domainName=name)["isAlreadyVerified"]
    cloud.theirs("ResendContactReachabilityEmail", domainName=name)

    # Records count only where the registration says that the internet is to look
    assert cloud.ours("CheckDomainAvailability", DomainName=name)["Availability"] == "UNAVAILABLE"


@scenario("route53domains", moto=False)
def names_and_prices(cloud):
    def availability(name):
        return cloud.ours("CheckDomainAvailability", DomainName=name)["Availability"]

    assert cloud.same("CheckDomainAvailability", DomainName=f"free{RUN}.com")["Availability"] == "AVAILABLE"
    assert availability("google.com") == "UNAVAILABLE"
    assert availability("premium-name.com") == "UNAVAILABLE_PREMIUM"
    assert availability(f"pending{RUN}.org") == "PENDING" and availability(f"pending{RUN}.org") == "AVAILABLE"
    assert availability("unknown.net") == "DONT_KNOW"
    cloud.both_refused("UnsupportedTLD", "CheckDomainAvailability", DomainName="porchlight.nosuchend")
    cloud.both_refused("InvalidInput", "CheckDomainAvailability", DomainName="-a-.com")

    ideas = cloud.same("GetDomainSuggestions", DomainName=f"free{RUN}.com", SuggestionCount=20, OnlyAvailable=True)["SuggestionsList"]
    assert len(ideas) == 20 and {each["Availability"] for each in ideas} == {"AVAILABLE"}, ideas
    assert f"free{RUN}.com" not in {each["DomainName"] for each in ideas}
    cloud.both_refused("InvalidInput", "GetDomainSuggestions", DomainName="a.com", SuggestionCount=51, OnlyAvailable=True)

    com = cloud.same("ListPrices", Tld="com")["Prices"]
    assert len(com) == 1 and com[0]["RenewalPrice"]["Currency"] == "USD" and com[0]["RegistrationPrice"]["Price"] > 0, com
    every = cloud.pages("ListPrices", MaxItems=5)
    assert len(every) > 10 and len({each["Name"] for each in every}) == len(every), every
    cloud.both_refused("UnsupportedTLD", "ListPrices", Tld="nosuchend")


@scenario("route53domains", moto=False)
def orders_are_looked_at(cloud):
    def refused(code, expected, name, **changes):
        answer = cloud.both_refused(code, "RegisterDomain", **order(name, **changes))
        assert expected in answer["message"], answer

    name = f"orders{RUN}.com"
    refused("InvalidInput", "Phone number", name, AdminContact={**CONTACT, "PhoneNumber": "030 1234567"})
    refused("InvalidInput", "Email", name, RegistrantContact={**CONTACT, "Email": "rosa"})
    refused("InvalidInput", "OrganizationName", name, RegistrantContact={**CONTACT, "ContactType": "COMPANY"})
    refused("InvalidInput", "State", name, TechContact={**CONTACT, "CountryCode": "US"})
    refused("InvalidInput", "DurationInYears", name, DurationInYears=11)
    refused("InvalidInput", "not available", "google.com")
    refused("TLDRulesViolation", "UK_CONTACT_TYPE", f"orders{RUN}.uk")
    with_extra = {**CONTACT, "ExtraParams": [{"Name": "UK_CONTACT_TYPE", "Value": "IND"}]}
    wait_done(cloud, cloud.ours("RegisterDomain", **order(f"orders{RUN}.uk", RegistrantContact=with_extra))["OperationId"])
    assert cloud.same("GetDomainDetail", DomainName=f"orders{RUN}.uk")["RegistrantContact"] == with_extra
    cloud.both_refused("InvalidInput", "GetOperationDetail", OperationId="none")
    cloud.both_refused("InvalidInput", "GetDomainDetail", DomainName=f"nobody{RUN}.com")
    cloud.both_refused("InvalidInput", "UpdateDomainNameservers", DomainName=f"orders{RUN}.uk", Nameservers=[{"Name": "ns1.elsewhere.org"}])
