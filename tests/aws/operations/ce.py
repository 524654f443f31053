# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account has cost. moto knows the question, not the forecast. The practice cloud costs nothing and says what new
accounts are told, unless it is told to play an account with costs."""

import datetime

from operations import scenario
from operations.freetier import play

MONTH = {"TimePeriod": {"Start": "2026-09-15", "End": "2026-11-01"}, "Granularity": "MONTHLY"}
QUESTION = {**MONTH, "Metrics": ["UnblendedCost"], "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}]}


def money(metrics):
    assert metrics["UnblendedCost"]["Unit"] == "USD", metrics
    return round(float(metrics["UnblendedCost"]["Amount"]), 6)


@scenario("ce", moto_lacks={"GetCostForecast"})
def costs(cloud):
    if cloud.is_moto:
        cloud.same("GetCostAndUsage", **QUESTION)
        cloud.pages("GetCostAndUsage", **QUESTION)
        return
    try:
        play(cloud, dailyCost={"AmazonS3": 0.01, "AmazonCloudFront": 0.02})
        september, october = cloud.same("GetCostAndUsage", **QUESTION)["ResultsByTime"]
        assert september["TimePeriod"] == {"Start": "2026-09-15", "End": "2026-10-01"}, september
        assert [(each["Keys"], money(each["Metrics"])) for each in september["Groups"]] == [(["AmazonCloudFront"], 0.32), (["AmazonS3"], 0.16)], september
        assert [money(each["Metrics"]) for each in october["Groups"]] == [0.62, 0.31], october
        ungrouped = {name: value for name, value in QUESTION.items() if name != "GroupBy"}
        assert [money(each["Total"]) for each in cloud.pages("GetCostAndUsage", **ungrouped)] == [0.48, 0.93]
        daily = cloud.same("GetCostAndUsage", **{**ungrouped, "Granularity": "DAILY"})["ResultsByTime"]
        assert len(daily) == 47 and {money(each["Total"]) for each in daily} == {0.03}, daily
        ours = cloud.same("GetCostAndUsage", Filter={"Tags": {"Key": "application", "Values": ["porchlight"]}}, **ungrouped)
        assert money(ours["ResultsByTime"][0]["Total"]) == 0.48, ours
        others = cloud.same("GetCostAndUsage", Filter={"Tags": {"Key": "application", "Values": ["shop"]}}, **ungrouped)
        assert money(others["ResultsByTime"][0]["Total"]) == 0, others
        today = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=1)
        ahead = {"TimePeriod": {"Start": str(today), "End": str(today + datetime.timedelta(days=10))}, "Granularity": "DAILY", "Metric": "UNBLENDED_COST"}
        total = cloud.same("GetCostForecast", **ahead)["Total"]
        assert (round(float(total["Amount"]), 6), total["Unit"]) == (0.3, "USD"), total
    finally:
        play(cloud)


@scenario("ce", moto=False)
def refusals(cloud):
    cloud.both_refused("DataUnavailableException", "GetCostAndUsage", **QUESTION)
    ahead = {"TimePeriod": {"Start": "2199-01-01", "End": "2199-02-01"}, "Granularity": "MONTHLY", "Metric": "UNBLENDED_COST"}
    cloud.both_refused("DataUnavailableException", "GetCostForecast", **ahead)
    cloud.both_refused("ValidationException", "GetCostForecast", **{**ahead, "TimePeriod": {"Start": "2020-01-01", "End": "2199-02-01"}})
    backwards = {"TimePeriod": {"Start": "2026-11-01", "End": "2026-10-01"}}
    cloud.both_refused("ValidationException", "GetCostAndUsage", **{**QUESTION, **backwards})
    cloud.both_refused("ValidationException", "GetCostAndUsage", **{**QUESTION, "Metrics": ["Happiness"]})
