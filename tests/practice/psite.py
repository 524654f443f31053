# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stack of a site, as the app makes it, for tests of the practice cloud."""

import importlib.util
import json
import os
import pathlib
import time
import uuid

from practice import Practice, expect, refused

SOURCE = pathlib.Path(os.environ["PORCHLIGHT_SOURCE"])


def load_template():
    """The template with the functions in it, as text."""
    specification = importlib.util.spec_from_file_location("assemble", SOURCE / "data/stacks/assemble.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.assemble(SOURCE / "data/stacks/site.json", SOURCE / "data/functions").decode()


def parameters(**values):
    given = {"SiteId": "site-1", "SiteName": "Café Morgenrot"}
    given.update(values)
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


FORM = {"FormEnabled": "true", "Owner": "owner@example.org", "Sender": "owner@example.org", "ApiSecret": "s3cret-of-the-test"}


def verify(cloud, address="owner@example.org", region=None):
    """An address that mails may come from and go to: its owner opens the link of the mail in the outbox."""
    cloud.client("sesv2", region=region or cloud.region).create_email_identity(EmailIdentity=address)
    assert cloud.open_mail_links(address) > 0, address


def leave_sandbox(cloud):
    """More than 200 mails a day, to anybody."""
    ses = cloud.client("sesv2")
    ses.put_account_details(MailType="TRANSACTIONAL", WebsiteURL="https://example.org", ProductionAccessEnabled=True)
    expect(ses.get_account()["ProductionAccessEnabled"], True)


def wait(cloudformation, stack, *states, seconds=180):
    """Waits until the stack (best its ARN) is in one of the states and returns its description."""
    end = time.monotonic() + seconds
    while True:
        description = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        if description["StackStatus"] in states:
            return description
        if not description["StackStatus"].endswith("_IN_PROGRESS"):
            raise AssertionError(f"The stack is {description['StackStatus']}: {reasons(cloudformation, stack)}")
        if time.monotonic() > end:
            raise AssertionError(f"The stack is still {description['StackStatus']}")
        time.sleep(0.02)


def events(cloudformation, stack):
    """All events, oldest first."""
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack)
    return [event for page in pages for event in page["StackEvents"]][::-1]


def reasons(cloudformation, stack):
    return [event["ResourceStatusReason"] for event in events(cloudformation, stack)
            if event["ResourceStatus"].endswith("_FAILED") and "ResourceStatusReason" in event]


def statuses(cloudformation, stack, logical):
    return [event["ResourceStatus"] for event in events(cloudformation, stack) if event["LogicalResourceId"] == logical]


def outputs(description):
    return {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}


def create(cloudformation, name, template, **options):
    """Makes a stack and waits for it: (description, outputs)."""
    if not isinstance(template, str):
        template = json.dumps(template)
    options.setdefault("Capabilities", ["CAPABILITY_IAM"])
    arn = cloudformation.create_stack(StackName=name, TemplateBody=template, **options)["StackId"]
    description = wait(cloudformation, arn, "CREATE_COMPLETE")
    return description, outputs(description)


def token():
    return str(uuid.uuid4())


class Cloud:
    """A practice cloud and the ways in which tests make stacks in it."""

    def __init__(self):
        self.cloud = Practice()
        self.connect()

    def connect(self):
        self.cf = self.cloud.client("cloudformation")
        self.s3 = self.cloud.client("s3")

    def close(self):
        self.cloud.close()

    def create(self, name, template, **options):
        return create(self.cf, name, template, **options)

    def start(self, name, template, **options):
        options.setdefault("Capabilities", ["CAPABILITY_IAM"])
        text = template if isinstance(template, str) else json.dumps(template, separators=(",", ":"))
        return self.cf.create_stack(StackName=name, TemplateBody=text, **options)["StackId"]

    def refuse(self, template, **options):
        return refused(self.start, "refused", template, **options)

    def fail(self, name, template, **options):
        """Creates a stack that must fail: the first reason, after all was taken back."""
        arn = self.start(name, template, **options)
        wait(self.cf, arn, "ROLLBACK_COMPLETE")
        left = [one for one in self.cf.describe_stack_resources(StackName=arn)["StackResources"] if one["ResourceStatus"] != "DELETE_COMPLETE"]
        expect(left, [], "what the rollback left")
        reason = reasons(self.cf, arn)[0]
        self.cf.delete_stack(StackName=arn)
        wait(self.cf, arn, "DELETE_COMPLETE")
        return reason


def resources(**all_of_them):
    return {"Resources": all_of_them}


def changed(path, value, template):
    """The template with one thing changed; None takes it away."""
    root = json.loads(template)
    at = root
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return root
