# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas. moto has the defaults of one service that is none of ours, and takes no wishes."""

from operations import scenario

LACKS = {"GetAWSDefaultServiceQuota", "ListServiceQuotas", "ListRequestedServiceQuotaChangeHistory", "RequestServiceQuotaIncrease"}
CODES = {"ServiceCode": "lambda", "QuotaCode": "L-B99A9384"}


@scenario("service-quotas", moto_lacks=LACKS)
def quotas(cloud):
    if cloud.is_moto:
        assert cloud.same("GetServiceQuota", ServiceCode="vpc", QuotaCode="L-A4707A72")["Quota"]["Value"] == 5
        cloud.both_refused("NoSuchResourceException", "GetServiceQuota", ServiceCode="vpc", QuotaCode="L-00000000")
        return
    quota = cloud.same("GetServiceQuota", **CODES)["Quota"]
    usual = cloud.same("GetAWSDefaultServiceQuota", **CODES)["Quota"]
    # Fewer than usual, as in new accounts
    assert (quota["QuotaName"], quota["Value"], usual["Value"], quota["Adjustable"]) == ("Concurrent executions", 10, 1000, True), quota
    assert [each["QuotaCode"] for each in cloud.same("ListServiceQuotas", ServiceCode="lambda")["Quotas"]] == ["L-B99A9384"]
    assert cloud.pages("ListServiceQuotas", ServiceCode="lambda")[0]["Value"] == 10
    cloud.both_refused("NoSuchResourceException", "GetServiceQuota", ServiceCode="lambda", QuotaCode="L-00000000")
    cloud.both_refused("NoSuchResourceException", "ListServiceQuotas", ServiceCode="porchlight")
    # Those of global services are in one region only
    assert cloud.pages("ListServiceQuotas", ServiceCode="cloudfront") == []
    assert cloud.pages("ListServiceQuotas", ServiceCode="cloudfront", settings={"AWS_REGION": "us-east-1"})[0]["Value"] == 500


@scenario("service-quotas", moto_lacks=LACKS)
def wishes(cloud):
    cloud.check("RequestServiceQuotaIncrease")
    cloud.both_refused("IllegalArgumentException", "RequestServiceQuotaIncrease", DesiredValue=5, **CODES)
    wish = cloud.ours("RequestServiceQuotaIncrease", DesiredValue=1000, **CODES)["RequestedQuota"]
    assert (wish["DesiredValue"], wish["ServiceCode"]) == (1000, "lambda"), wish
    found = cloud.same("ListRequestedServiceQuotaChangeHistory", ServiceCode="lambda")["RequestedQuotas"]
    assert [each["Id"] for each in found] == [wish["Id"]], found
    assert cloud.pages("ListRequestedServiceQuotaChangeHistory", MaxResults=1)[0]["Id"] == wish["Id"]
    # Without delays they are granted at once
    assert found[0]["Status"] == "APPROVED", found
    assert cloud.same("GetServiceQuota", **CODES)["Quota"]["Value"] == 1000
