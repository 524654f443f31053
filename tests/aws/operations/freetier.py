# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of an account. moto has nothing of it."""

import datetime
import json
import pathlib

from operations import scenario

LACKS = {"GetAccountPlanState", "GetFreeTierUsage", "UpgradeAccountPlan"}
END = "2027-02-01T00:00:00Z"


def play(cloud, **account):
    """What kind of account the practice cloud plays."""
    (pathlib.Path(cloud.cloud.path("state"), "account.json")).write_text(json.dumps(account))


@scenario("freetier", moto_lacks=LACKS, moto=False)
def plan(cloud):
    try:
        # An account from before there were plans
        cloud.both_refused("ResourceNotFoundException", "GetAccountPlanState")
        cloud.both_refused("ResourceNotFoundException", "UpgradeAccountPlan", accountPlanType="PAID")
        play(cloud, plan="FREE", credits=87.5, planEnds=END)
        state = cloud.same("GetAccountPlanState")
        assert (state["accountPlanType"], state["accountPlanStatus"]) == ("FREE", "ACTIVE"), state
        assert state["accountPlanRemainingCredits"] == {"amount": 87.5, "unit": "USD"}, state
        assert state["accountPlanExpirationDate"] == datetime.datetime.fromisoformat(END).timestamp(), state
        cloud.both_refused("ValidationException", "UpgradeAccountPlan", accountPlanType="GOLD")
        paid = cloud.ours("UpgradeAccountPlan", accountPlanType="PAID")
        assert paid["accountPlanType"] == "PAID", paid
        assert cloud.same("GetAccountPlanState")["accountPlanType"] == "PAID"
        # There is no way back
        cloud.both_refused("ValidationException", "UpgradeAccountPlan", accountPlanType="FREE")
    finally:
        play(cloud)


@scenario("freetier", moto_lacks=LACKS, moto=False)
def usage(cloud):
    assert cloud.same("GetFreeTierUsage")["freeTierUsages"] == []
    assert cloud.pages("GetFreeTierUsage", maxResults=10) == []
    cloud.both_refused("ValidationException", "GetFreeTierUsage", maxResults=1001)
