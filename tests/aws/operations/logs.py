# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages that were put there, and those that functions of the practice cloud write."""

import datetime
import json
import time

from operations import scenario
from operations.lambda_ import make

GROUP = "/porchlight/test"


def texts(events):
    return [event["message"] for event in events]


@scenario("logs")
def groups(cloud):
    client = cloud.client()
    for name in (GROUP, GROUP + "/other", "/else"):
        client.create_log_group(logGroupName=name)
    cloud.ours("PutRetentionPolicy", logGroupName=GROUP, retentionInDays=30)
    found = cloud.same("DescribeLogGroups", logGroupNamePrefix=GROUP)["logGroups"]
    assert [(group["logGroupName"], group.get("retentionInDays")) for group in found] == [(GROUP, 30), (GROUP + "/other", None)], found
    assert len(cloud.pages("DescribeLogGroups", logGroupNamePrefix=GROUP, limit=1)) == 2
    cloud.both_refused("ResourceNotFoundException", "PutRetentionPolicy", logGroupName="/missing", retentionInDays=30)
    if not cloud.is_moto:
        cloud.both_refused("InvalidParameterException", "PutRetentionPolicy", logGroupName=GROUP, retentionInDays=31)


@scenario("logs")
def events(cloud):
    client = cloud.client()
    group = GROUP + "/events"
    client.create_log_group(logGroupName=group)
    now = int(time.time() * 1000)
    for stream in ("a", "b"):
        client.create_log_stream(logGroupName=group, logStreamName=stream)
        client.put_log_events(logGroupName=group, logStreamName=stream,
                              logEvents=[{"timestamp": now - 60000 + number, "message": f"{stream} {number} ü"} for number in range(25)])
    found = cloud.same("DescribeLogStreams", logGroupName=group, ignore={"lastIngestionTime"})["logStreams"]
    assert [(stream["logStreamName"], stream["lastEventTimestamp"]) for stream in found] == [("a", now - 60000 + 24), ("b", now - 60000 + 24)], found
    assert [stream["logStreamName"] for stream in cloud.pages("DescribeLogStreams", logGroupName=group, limit=1)] == ["a", "b"]
    assert len(cloud.ours("DescribeLogStreams", logGroupName=group, logStreamNamePrefix="b")["logStreams"]) == 1

    # One stream: from the first on; the end is the page that gives the token back
    first = cloud.same("GetLogEvents", logGroupName=group, logStreamName="a", startFromHead=True, limit=10, ignore={"ingestionTime"})
    assert texts(first["events"]) == [f"a {number} ü" for number in range(10)]
    seen, token = texts(first["events"]), first["nextForwardToken"]
    for _ in range(10):
        page = cloud.ours("GetLogEvents", logGroupName=group, logStreamName="a", startFromHead=True, limit=10, nextToken=token)
        seen += texts(page["events"])
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]
    assert seen == [f"a {number} ü" for number in range(25)], seen
    last = cloud.same("GetLogEvents", logGroupName=group, logStreamName="a", limit=5, ignore={"ingestionTime"})
    assert texts(last["events"]) == [f"a {number} ü" for number in range(20, 25)], last
    back = cloud.ours("GetLogEvents", logGroupName=group, logStreamName="a", limit=5, nextToken=last["nextBackwardToken"])
    assert texts(back["events"]) == [f"a {number} ü" for number in range(15, 20)], back

    # All streams
    every = cloud.pages("FilterLogEvents", logGroupName=group, limit=7)
    assert sorted(texts(every)) == sorted(f"{stream} {number} ü" for stream in "ab" for number in range(25))
    # moto gives one stream after the other
    assert cloud.is_moto or [event["timestamp"] for event in every] == sorted(event["timestamp"] for event in every)
    some = cloud.same("FilterLogEvents", logGroupName=group, logStreamNames=["b"], startTime=now - 60000 + 3, endTime=now - 60000 + 6,
                      ignore={"ingestionTime", "eventId"})["events"]
    # moto counts the end in
    assert texts(some)[:3] == ["b 3 ü", "b 4 ü", "b 5 ü"] and (cloud.is_moto or len(some) == 3), some
    assert texts(cloud.pages("FilterLogEvents", logGroupName=group, filterPattern='"a 1 "')) == ["a 1 ü"]
    cloud.both_refused("ResourceNotFoundException", "FilterLogEvents", logGroupName="/missing")
    cloud.both_refused("ResourceNotFoundException", "GetLogEvents", logGroupName=group, logStreamName="missing")
    if not cloud.is_moto:
        assert texts(cloud.pages("FilterLogEvents", logGroupName=group, filterPattern="?1 ?22 -b")) == [f"a {n} ü" for n in (1, *range(10, 20), 21, 22)]
        cloud.both_refused("InvalidParameterException", "FilterLogEvents", logGroupName=group, filterPattern="{ $.a = 1 }")
        client.delete_log_group(logGroupName=group)
        cloud.refused("ResourceNotFoundException", "DescribeLogStreams", logGroupName=group)


@scenario("logs", moto=False)
def what_functions_write(cloud):
    name = make(cloud, "porch-function-logs")
    group = f"/aws/lambda/{name}"
    cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"n": 21}).encode())
    cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"n": 22, "fail": True}).encode())
    found = texts(cloud.pages("FilterLogEvents", logGroupName=group))
    assert [text.split("\t")[-1] for text in found if "INFO" in text] == ["got 21\n", "got 22\n"], found
    assert [text.split()[0] for text in found].count("REPORT") == 2, found
    assert len(cloud.pages("FilterLogEvents", logGroupName=group, filterPattern="ERROR TypeError")) == 1
    streams = cloud.same("DescribeLogStreams", logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
    assert len(streams) == 1 and streams[0]["logStreamName"].startswith(f"{datetime.datetime.now(datetime.timezone.utc):%Y/%m}"), streams
    page = cloud.same("GetLogEvents", logGroupName=group, logStreamName=streams[0]["logStreamName"], startFromHead=True)
    assert texts(page["events"]) == found
