# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Budgets and who is told. moto does not change budgets, and keeps no subscribers."""

from operations import scenario
from operations.freetier import play

BUDGET = {"BudgetName": "Porchlight", "BudgetLimit": {"Amount": "5", "Unit": "USD"}, "TimeUnit": "MONTHLY", "BudgetType": "COST"}
ACTUAL = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0, "ThresholdType": "PERCENTAGE"}
FORECAST = {"NotificationType": "FORECASTED", "ComparisonOperator": "GREATER_THAN", "Threshold": 100.0, "ThresholdType": "PERCENTAGE"}
PEOPLE = [{"SubscriptionType": "EMAIL", "Address": "anna@example.org"}, {"SubscriptionType": "EMAIL", "Address": "rosa@example.org"}]
LACKS = {"UpdateBudget", "DescribeSubscribersForNotification"}


def get_account(cloud):
    return cloud.client("sts").get_caller_identity()["Account"]


def create(cloud, account, name, **more):
    return cloud.ours("CreateBudget", AccountId=account, Budget={**BUDGET, "BudgetName": name}, **more)


@scenario("budgets", moto_lacks=LACKS)
def life(cloud):
    account = get_account(cloud)
    create(cloud, account, "porch-life", NotificationsWithSubscribers=[{"Notification": each, "Subscribers": PEOPLE} for each in (ACTUAL, FORECAST)])
    budget = cloud.same("DescribeBudget", AccountId=account, BudgetName="porch-life")["Budget"]
    assert budget["BudgetLimit"]["Unit"] == "USD" and float(budget["BudgetLimit"]["Amount"]) == 5, budget
    assert float(budget["CalculatedSpend"]["ActualSpend"]["Amount"]) == 0, budget
    assert [each["BudgetName"] for each in cloud.pages("DescribeBudgets", AccountId=account)] == ["porch-life"]
    cloud.same("DescribeBudgets", AccountId=account)
    cloud.both_refused("DuplicateRecordException", "CreateBudget", AccountId=account, Budget={**BUDGET, "BudgetName": "porch-life"})
    warnings = cloud.same("DescribeNotificationsForBudget", AccountId=account, BudgetName="porch-life")["Notifications"]
    assert {each["NotificationType"]: each["Threshold"] for each in warnings} == {"ACTUAL": 80, "FORECASTED": 100}, warnings
    cloud.ours("DeleteBudget", AccountId=account, BudgetName="porch-life")
    cloud.both_refused("NotFoundException", "DescribeBudget", AccountId=account, BudgetName="porch-life")
    cloud.both_refused("NotFoundException", "DeleteBudget", AccountId=account, BudgetName="porch-life")


@scenario("budgets", moto_lacks=LACKS)
def change(cloud):
    account = get_account(cloud)
    cloud.check("UpdateBudget")
    create(cloud, account, "porch-change", NotificationsWithSubscribers=[{"Notification": ACTUAL, "Subscribers": PEOPLE}])
    cloud.ours("UpdateBudget", AccountId=account, NewBudget={**BUDGET, "BudgetName": "porch-change", "BudgetLimit": {"Amount": "7.5", "Unit": "USD"}})
    assert float(cloud.same("DescribeBudget", AccountId=account, BudgetName="porch-change")["Budget"]["BudgetLimit"]["Amount"]) == 7.5
    # Who is told and when stays
    told = cloud.same("DescribeSubscribersForNotification", AccountId=account, BudgetName="porch-change", Notification=ACTUAL)["Subscribers"]
    assert told == PEOPLE, told
    cloud.both_refused("NotFoundException", "DescribeSubscribersForNotification", AccountId=account, BudgetName="porch-change", Notification=FORECAST)
    cloud.both_refused("NotFoundException", "UpdateBudget", AccountId=account, NewBudget={**BUDGET, "BudgetName": "porch-nothing"})
    cloud.ours("DeleteBudget", AccountId=account, BudgetName="porch-change")


@scenario("budgets", moto_lacks=LACKS)
def pages(cloud):
    account = get_account(cloud)
    names = [f"porch-page-{number}" for number in range(5)]
    for name in names:
        create(cloud, account, name)
    # moto gives all of them at once, whatever is asked
    found = [each["BudgetName"] for each in cloud.pages("DescribeBudgets", AccountId=account, MaxResults=2)]
    assert found == names, found
    for name in names:
        cloud.ours("DeleteBudget", AccountId=account, BudgetName=name)


@scenario("budgets", moto=False)
def refusals(cloud):
    account = get_account(cloud)
    for wrong in ({"BudgetName": "a:b"}, {"BudgetLimit": {"Amount": "0", "Unit": "USD"}}, {"BudgetLimit": {"Amount": "5", "Unit": "INR"}}):
        cloud.both_refused("InvalidParameterException", "CreateBudget", AccountId=account, Budget={**BUDGET, **wrong})
    cloud.both_refused("InvalidParameterException", "CreateBudget", AccountId=account, Budget=BUDGET,
                       NotificationsWithSubscribers=[{"Notification": ACTUAL, "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "nobody"}]}])
    cloud.both_refused("AccessDeniedException", "DescribeBudgets", AccountId="000000000001")


@scenario("budgets", moto=False)
def spend(cloud):
    account = get_account(cloud)
    create(cloud, account, "porch-spend")
    try:
        play(cloud, dailyCost={"AmazonS3": 1.5})
        counted = cloud.same("DescribeBudget", AccountId=account, BudgetName="porch-spend")["Budget"]["CalculatedSpend"]
        assert float(counted["ActualSpend"]["Amount"]) % 1.5 == 0 and float(counted["ForecastedSpend"]["Amount"]) >= 42, counted
    finally:
        play(cloud)
        cloud.ours("DeleteBudget", AccountId=account, BudgetName="porch-spend")
