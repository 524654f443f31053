# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The account's name and regions. moto knows contacts only."""

from operations import scenario
from operations.freetier import play

LACKS = {"GetAccountInformation", "GetRegionOptStatus", "ListRegions"}


@scenario("account", moto_lacks=LACKS, moto=False)
def regions(cloud):
    try:
        play(cloud, disabledRegions=["eu-south-1"])
        assert cloud.same("GetRegionOptStatus", RegionName="eu-central-1")["RegionOptStatus"] == "ENABLED_BY_DEFAULT"
        assert cloud.same("GetRegionOptStatus", RegionName="eu-south-1")["RegionOptStatus"] == "DISABLED"
        assert cloud.same("GetRegionOptStatus", RegionName="eu-south-2")["RegionOptStatus"] == "ENABLED"
        cloud.both_refused("ValidationException", "GetRegionOptStatus", RegionName="atlantis-1")
        everywhere = cloud.same("ListRegions")["Regions"]
        assert len(everywhere) > 30 and {"RegionName": "eu-south-1", "RegionOptStatus": "DISABLED"} in everywhere, everywhere
        usable = cloud.pages("ListRegions", MaxResults=3, RegionOptStatusContains=["ENABLED", "ENABLED_BY_DEFAULT"])
        assert len(usable) == len(everywhere) - 1 and "eu-south-1" not in [each["RegionName"] for each in usable], usable
        # Keys are not known where a region is not switched on
        cloud.refused("InvalidClientTokenId", "DescribeStacks", service="cloudformation", settings={"AWS_REGION": "eu-south-1"})
    finally:
        play(cloud)


@scenario("account", moto_lacks=LACKS, moto=False)
def home(cloud):
    """An account that may use one region only, and global services."""
    try:
        play(cloud, homeRegion="eu-north-1")
        cloud.both_refused("AccessDeniedException", "GetRegionOptStatus", RegionName="eu-central-1")
        assert len(cloud.pages("ListRegions")) > 30
        answer = cloud.refused("AccessDenied", "DescribeStacks", service="cloudformation", settings={"AWS_REGION": "us-east-1"})
        assert "explicit deny in a service control policy" in answer["message"], answer
        assert cloud.ours("DescribeStacks", service="cloudformation", settings={"AWS_REGION": "eu-north-1"}) is not None
        # Nothing forbids the question who one is
        assert cloud.ours("GetCallerIdentity", service="sts")["Account"]
        assert cloud.ours("ListAccountAliases", service="iam")
    finally:
        play(cloud)


@scenario("account", moto_lacks=LACKS, moto=False)
def name(cloud):
    try:
        play(cloud, name="Anna's bakery")
        known = cloud.same("GetAccountInformation")
        assert (known["AccountName"], known["AccountState"], len(known["AccountId"])) == ("Anna's bakery", "ACTIVE", 12), known
    finally:
        play(cloud)
