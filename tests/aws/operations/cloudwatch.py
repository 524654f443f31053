# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that were put there, those that the practice cloud counts by itself, and alarms on them."""

import datetime
import json
import time
import urllib.request

from operations import scenario
from operations.lambda_ import make

SPACE = "Porchlight/Test"
SITE = [{"Name": "Site", "Value": "a ü"}]


def minute(ago=0):
    """The beginning of a minute; the tests look at whole ones."""
    now = int(time.time()) // 60 * 60 - ago * 60
    return datetime.datetime.fromtimestamp(now, datetime.timezone.utc)


def put(cloud, name, *values, dimensions=SITE):
    """One value in each of the last minutes, the oldest first, the last one two minutes ago."""
    cloud.client().put_metric_data(Namespace=SPACE, MetricData=[
        {"MetricName": name, "Dimensions": dimensions, "Timestamp": minute(len(values) + 1 - number), "Value": value, "Unit": "Count"}
        for number, value in enumerate(values)])


def query(identifier, name, stat="Sum", period=60, dimensions=SITE, space=SPACE):
    return {"Id": identifier, "MetricStat": {"Metric": {"Namespace": space, "MetricName": name, "Dimensions": dimensions}, "Period": period, "Stat": stat},
            "ReturnData": True}


@scenario("cloudwatch")
def metrics(cloud):
    put(cloud, "Visits", 1, 2, 3.5)
    put(cloud, "Visits", 10, 20, 30)
    put(cloud, "Errors", 1, dimensions=[{"Name": "Site", "Value": "b"}])
    found = cloud.pages("ListMetrics", Namespace=SPACE)
    assert sorted((metric["MetricName"], metric["Dimensions"][0]["Value"]) for metric in found) == [("Errors", "b"), ("Visits", "a ü")], found
    assert len(cloud.same("ListMetrics", Namespace=SPACE, MetricName="Visits", Dimensions=SITE)["Metrics"]) == 1
    times = {"StartTime": minute(30), "EndTime": minute()}
    data = cloud.same("GetMetricData", MetricDataQueries=[query("visits", "Visits"), query("largest", "Visits", "Maximum", 3600)],
                      ScanBy="TimestampAscending", **times)["MetricDataResults"]
    assert [(one["Id"], one["StatusCode"]) for one in data] == [("visits", "Complete"), ("largest", "Complete")], data
    assert data[0]["Values"] == [11, 22, 33.5] and max(data[1]["Values"]) == 30, data
    assert [data[0]["Timestamps"][number + 1] - data[0]["Timestamps"][number] for number in (0, 1)] == [60, 60]
    points = cloud.same("GetMetricStatistics", Namespace=SPACE, MetricName="Visits", Dimensions=SITE, Period=60, Statistics=["Sum", "Average", "SampleCount"],
                        **times, ignore={"Unit"}, sort=lambda point: point["Timestamp"])["Datapoints"]
    points.sort(key=lambda point: point["Timestamp"])
    assert [(point["Sum"], point["Average"], point["SampleCount"]) for point in points] == [(11, 5.5, 2), (22, 11, 2), (33.5, 16.75, 2)], points
    if not cloud.is_moto:
        # Pages cut through series
        pages = cloud.pages("GetMetricData", MetricDataQueries=[query("visits", "Visits"), query("again", "Visits")], MaxDatapoints=2,
                            ScanBy="TimestampAscending", **times)
        assert [(one["Id"], len(one["Values"]), one["StatusCode"]) for one in pages] == \
            [("visits", 2, "PartialData"), ("visits", 1, "Complete"), ("again", 1, "PartialData"), ("again", 2, "Complete")], pages
        for bad in (query("Upper", "Visits"), query("a", "Visits", period=61), {"Id": "sum", "Expression": "SUM(METRICS())"}):
            cloud.both_refused("ValidationError", "GetMetricData", MetricDataQueries=[bad], **times)
        cloud.both_refused("ValidationError", "GetMetricData", MetricDataQueries=[query("a", "Visits")], StartTime=minute(), EndTime=minute(5))
        cloud.both_refused("InvalidParameterCombination", "GetMetricStatistics", Namespace=SPACE, MetricName="Visits", Period=60, Statistics=["Sum"],
                           StartTime=minute(60 * 48), EndTime=minute())


@scenario("cloudwatch")
def alarms(cloud):
    alarm = {"Namespace": SPACE, "MetricName": "Failures", "Dimensions": SITE, "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1,
             "Threshold": 2.5, "ComparisonOperator": "GreaterThanThreshold", "AlarmDescription": "a & b ü" if not cloud.is_moto else "a b ü"}
    names = [f"porch-{number}" for number in range(3)]
    for name in names:
        cloud.ours("PutMetricAlarm", AlarmName=name, TreatMissingData="missing", AlarmActions=["arn:aws:sns:eu-central-1:123456789012:porch"],
                   Tags=[{"Key": "application", "Value": "porchlight"}], **alarm)
    # moto gives another time in each answer
    found = cloud.same("DescribeAlarms", AlarmNames=names, ignore={"StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp"})["MetricAlarms"]
    assert sorted(one["AlarmName"] for one in found) == names
    assert {(one["Threshold"], one["AlarmDescription"], one["MetricName"], one["Period"]) for one in found} == {(2.5, alarm["AlarmDescription"], "Failures", 300)}
    assert {one["StateValue"] for one in found} <= {"INSUFFICIENT_DATA", "OK"}, found
    assert len(cloud.pages("DescribeAlarms", AlarmNamePrefix="porch-", MaxRecords=2)) == 3
    cloud.ours("DeleteAlarms", AlarmNames=names[1:])
    assert [one["AlarmName"] for one in cloud.pages("DescribeAlarms", AlarmNamePrefix="porch-")] == names[:1]
    if cloud.is_moto:
        return
    cloud.both_refused("ResourceNotFound", "DeleteAlarms", AlarmNames=names)
    cloud.both_refused("ValidationError", "PutMetricAlarm", AlarmName="x", **{**alarm, "Period": 61})
    assert cloud.ours("DescribeAlarms", AlarmNames=names[:1])["MetricAlarms"][0]["StateValue"] == "INSUFFICIENT_DATA"
    # States follow what was measured
    cloud.client().put_metric_data(Namespace=SPACE, MetricData=[{"MetricName": "Failures", "Dimensions": SITE, "Value": 3}])
    one = cloud.same("DescribeAlarms", AlarmNames=names[:1])["MetricAlarms"][0]
    assert one["StateValue"] == "ALARM" and "greater than the threshold (2.5)" in one["StateReason"], one
    cloud.ours("PutMetricAlarm", AlarmName=names[0], **{**alarm, "Threshold": 1000})
    assert cloud.ours("DescribeAlarms", AlarmNames=names[:1])["MetricAlarms"][0]["StateValue"] == "OK"
    cloud.ours("PutMetricAlarm", AlarmName="porch-silence", **{**alarm, "MetricName": "Never", "TreatMissingData": "breaching"})
    assert cloud.ours("DescribeAlarms", StateValue="ALARM")["MetricAlarms"][0]["AlarmName"] == "porch-silence"


@scenario("cloudwatch", moto=False)
def what_the_cloud_counts(cloud):
    name = make(cloud, "porch-function-metrics")
    for event in ({"n": 1}, {"n": 2}, {"n": 3, "fail": True}):
        cloud.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    dimensions = [{"Name": "FunctionName", "Value": name}]
    times = {"StartTime": minute(5), "EndTime": minute(-5)}

    def total(metric, stat="Sum"):
        data = cloud.same("GetMetricData", MetricDataQueries=[query("a", metric, stat, 3600, dimensions, "AWS/Lambda")], **times)
        return sum(data["MetricDataResults"][0]["Values"])

    assert (total("Invocations"), total("Errors"), total("Throttles")) == (3, 1, 0)
    assert total("Duration", "Maximum") > 0
    listed = cloud.pages("ListMetrics", Namespace="AWS/Lambda", Dimensions=dimensions)
    assert {metric["MetricName"] for metric in listed} == {"Invocations", "Errors", "Throttles", "Duration"}, listed

    # The same question in JSON, as newer clients of AWS put it
    import botocore.auth
    import botocore.awsrequest
    import botocore.session
    body = json.dumps({"Namespace": "AWS/Lambda", "MetricName": "Invocations", "Dimensions": dimensions, "Period": 3600, "Statistics": ["Sum"],
                       "StartTime": minute(5).timestamp(), "EndTime": minute(-5).timestamp()})
    request = botocore.awsrequest.AWSRequest("POST", cloud.cloud.endpoint + "/", data=body, headers={
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "GraniteServiceVersion20100801.GetMetricStatistics"})
    credentials = cloud.client()._request_signer._credentials
    botocore.auth.SigV4Auth(credentials, "monitoring", cloud.cloud.environment["AWS_REGION"]).add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(request.url, data=body.encode(), headers=dict(request.headers.items())), timeout=30) as answer:
        assert answer.headers["Content-Type"] == "application/x-amz-json-1.0"
        assert sum(point["Sum"] for point in json.load(answer)["Datapoints"]) == 3
