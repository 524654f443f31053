# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail. moto can only send it; an address is verified there through the first version of SES. The practice cloud sends a mail
with a link into its outbox, and looks for the records of domains in its zones."""

import os
import uuid

from . import scenario
from .acm import until
from .route53domains import mails, open_link

RUN = f"{os.getpid()}"
LACKS = {"CreateEmailIdentity", "GetEmailIdentity", "DeleteEmailIdentity", "ListEmailIdentities", "PutEmailIdentityMailFromAttributes",
         "GetAccount", "PutAccountDetails", "GetSuppressedDestination"}


def letter(sender, *recipients, **more):
    return {"FromEmailAddress": sender, "Destination": {"ToAddresses": list(recipients)}, "ReplyToAddresses": ["Zoë <zoe@example.net>"],
            "Content": {"Simple": {"Subject": {"Data": "Grüße", "Charset": "UTF-8"}, "Body": {
                "Text": {"Data": "Text", "Charset": "UTF-8"}, "Html": {"Data": "<p>Text</p>", "Charset": "UTF-8"}}}}, **more}


def status(cloud, identity):
    return cloud.ours("GetEmailIdentity", EmailIdentity=identity)["VerificationStatus"]


def verify(cloud, address):
    mail = next(mail for mail in mails(cloud) if f"To: {address}".encode() in mail)
    assert open_link(cloud, mail) == 200


@scenario("sesv2")
def sending(cloud):
    address = f"sending{RUN}@example.org"
    if cloud.is_moto:
        cloud.cloud.client("ses").verify_email_identity(EmailAddress=address)
    else:
        cloud.ours("CreateEmailIdentity", EmailIdentity=address)
        verify(cloud, address)
    assert cloud.ours("SendEmail", **letter(address, address))["MessageId"]
    assert cloud.theirs("SendEmail", **letter(address, address))["MessageId"]
    cloud.refused("MessageRejected", "SendEmail", **letter(f"nobody{RUN}@example.org", address))


@scenario("sesv2", moto_lacks=LACKS)
def identities(cloud):
    address = f"rosa+{RUN}@example.org"
    tags = [{"Key": "application", "Value": "porchlight"}]
    made = cloud.ours("CreateEmailIdentity", EmailIdentity=address, Tags=tags)
    assert made["IdentityType"] == "EMAIL_ADDRESS", made
    seen = cloud.same("GetEmailIdentity", EmailIdentity=address)
    assert seen["IdentityType"] == "EMAIL_ADDRESS", seen
    other = f"emil{RUN}@example.org"
    cloud.theirs("CreateEmailIdentity", EmailIdentity=other)
    assert {each["IdentityName"] for each in cloud.same("ListEmailIdentities")["EmailIdentities"]} >= {address, other}
    assert {each["IdentityName"] for each in cloud.pages("ListEmailIdentities", PageSize=1)} >= {address, other}
    cloud.ours("DeleteEmailIdentity", EmailIdentity=other)
    cloud.both_refused("NotFoundException", "GetEmailIdentity", EmailIdentity=other, message=False)
    assert other not in {each["IdentityName"] for each in cloud.pages("ListEmailIdentities")}

    verify(cloud, address)
    assert cloud.ours("SendEmail", **letter(address, address))["MessageId"]
    domain = f"mail{RUN}.org"
    cloud.ours("CreateEmailIdentity", EmailIdentity=domain)
    cloud.ours("PutEmailIdentityMailFromAttributes", EmailIdentity=domain, MailFromDomain=f"bounce.{domain}", BehaviorOnMxFailure="USE_DEFAULT_VALUE")
    cloud.ours("DeleteEmailIdentity", EmailIdentity=domain)

    account = cloud.same("GetAccount", ignore={"SentLast24Hours"})
    assert account["SendQuota"]["Max24HourSend"] == 200 and not account["ProductionAccessEnabled"], account
    assert account["SendQuota"]["SentLast24Hours"] >= 1, account


@scenario("sesv2", moto=False)
def the_sandbox_knows_verified_addresses_only(cloud):
    sender, friend, stranger = (f"{who}{RUN}@example.com" for who in ("sender", "friend", "stranger"))

    def rejected(*failing, **changes):
        answer = cloud.both_refused("MessageRejected", "SendEmail", **letter(**changes) if changes else letter(sender, friend))
        assert answer["message"] == ("Email address is not verified. The following identities failed the check in region "
                                     f"{cloud.cloud.region.upper()}: {', '.join(failing)}"), answer

    cloud.ours("CreateEmailIdentity", EmailIdentity=sender)
    cloud.both_refused("AlreadyExistsException", "CreateEmailIdentity", EmailIdentity=sender)
    assert status(cloud, sender) == "PENDING"
    rejected(sender, friend)
    verify(cloud, sender)
    seen = cloud.same("GetEmailIdentity", EmailIdentity=sender)
    assert seen["VerificationStatus"] == "SUCCESS" and seen["VerifiedForSendingStatus"], seen
    rejected(friend)
    cloud.ours("SendEmail", **letter(f"The Site <{sender}>", sender))
    newest = next(mail for mail in mails(cloud) if b"Message-ID" in mail and b"To: " + sender.encode() in mail)
    assert b"Reply-To: =?UTF-8?B?" in newest and b"zoe@example.net" in newest, newest
    cloud.both_refused("NotFoundException", "DeleteEmailIdentity", EmailIdentity=stranger)
    cloud.both_refused("BadRequestException", "CreateEmailIdentity", EmailIdentity="no address")
    cloud.both_refused("BadRequestException", "SendEmail", **letter(sender))


@scenario("sesv2", moto=False)
def domains_are_verified_by_their_records(cloud):
    domain = f"keys{RUN}.org"
    made = cloud.ours("CreateEmailIdentity", EmailIdentity=domain)
    keys = made["DkimAttributes"]
    assert made["IdentityType"] == "DOMAIN" and not made["VerifiedForSendingStatus"] and len(keys["Tokens"]) == 3, made
    assert keys["SigningHostedZone"].endswith("amazonses.com"), made
    zone = cloud.client("route53").create_hosted_zone(Name=domain, CallerReference=str(uuid.uuid4()))["HostedZone"]["Id"]

    def put(*records):
        cloud.client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [
            {"Action": "UPSERT", "ResourceRecordSet": {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}}
            for name, kind, value in records]})

    records = [(f"{token}._domainkey.{domain}", "CNAME", f"{token}.{keys['SigningHostedZone']}") for token in keys["Tokens"]]
    put(*records[:2])
    seen = cloud.same("GetEmailIdentity", EmailIdentity=domain)
    assert seen["VerificationStatus"] == "PENDING" and seen["VerificationInfo"]["ErrorType"] == "HOST_NOT_FOUND", seen
    put(*records[2:])
    until(lambda: status(cloud, domain) == "SUCCESS", "the domain is verified")
    seen = cloud.same("GetEmailIdentity", EmailIdentity=domain)
    assert seen["DkimAttributes"]["Status"] == "SUCCESS" and "ErrorType" not in seen["VerificationInfo"], seen
    # Every address below it may send, and receive in the sandbox
    cloud.ours("SendEmail", **letter(f"hello@{domain}", f"rosa@sub.{domain}"))

    cloud.both_refused("BadRequestException", "PutEmailIdentityMailFromAttributes", EmailIdentity=domain, MailFromDomain="bounce.elsewhere.org")
    cloud.ours("PutEmailIdentityMailFromAttributes", EmailIdentity=domain, MailFromDomain=f"bounce.{domain}", BehaviorOnMxFailure="USE_DEFAULT_VALUE")
    assert cloud.same("GetEmailIdentity", EmailIdentity=domain)["MailFromAttributes"]["MailFromDomainStatus"] == "PENDING"
    put((f"bounce.{domain}", "MX", f"10 feedback-smtp.{cloud.cloud.region}.amazonses.com"), (f"bounce.{domain}", "TXT", '"v=spf1 include:amazonses.com ~all"'))
    assert cloud.same("GetEmailIdentity", EmailIdentity=domain)["MailFromAttributes"]["MailFromDomainStatus"] == "SUCCESS"


@scenario("sesv2", moto=False)
def production_access_is_asked_for(cloud):
    def ask(**changes):
        return {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.org/", "ContactLanguage": "EN",
                "AdditionalContactEmailAddresses": ["rosa@example.org"], "ProductionAccessEnabled": True, **changes}

    cloud.both_refused("BadRequestException", "PutAccountDetails", **ask(MailType="LETTERS"))
    cloud.both_refused("BadRequestException", "PutAccountDetails", **ask(ContactLanguage="DE"))
    cloud.ours("PutAccountDetails", **ask())
    until(lambda: cloud.ours("GetAccount")["ProductionAccessEnabled"], "the review is over")
    account = cloud.same("GetAccount", ignore={"SentLast24Hours"})
    assert account["Details"]["ReviewDetails"]["Status"] == "GRANTED" and account["SendQuota"]["Max24HourSend"] > 200, account
    sender = f"granted{RUN}@example.com"
    cloud.ours("CreateEmailIdentity", EmailIdentity=sender)
    verify(cloud, sender)
    cloud.ours("SendEmail", **letter(sender, f"anybody{RUN}@example.net"))


@scenario("sesv2", moto_lacks=LACKS)
def suppressed(cloud):
    address = f"gone+{RUN}@example.org"
    cloud.both_refused("NotFoundException", "GetSuppressedDestination", EmailAddress=address, message=False)
    cloud.client("sesv2").put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    seen = cloud.same("GetSuppressedDestination", EmailAddress=address)["SuppressedDestination"]
    assert (seen["EmailAddress"], seen["Reason"]) == (address, "BOUNCE"), seen
