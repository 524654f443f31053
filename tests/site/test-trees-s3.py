# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine against S3 servers of others: trees from the seeded generator are published by porchlight-bench, changed and
undone, and every object that the pointer leads to is compared byte by byte, with its headers, as boto3 fetches it.

moto does all that the engine needs. radosgw checks every signature, but its simple store can't copy and can't join parts (see
tests/aws/clouds.py), so there folders change altogether or not at all, and no content comes twice.

PORCHLIGHT_SEED=N begins with another seed, PORCHLIGHT_TREES=N takes more or fewer of them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE), os.path.join(HERE, "..", "aws")]

from clouds import Moto, Radosgw  # noqa: E402
from tap import Skip, case, run  # noqa: E402
from treegen import Tree, is_carried  # noqa: E402

PROGRAM = os.environ["PORCHLIGHT_BENCH"]
FIRST_SEED = int(os.environ.get("PORCHLIGHT_SEED", "1"))
N_TREES = int(os.environ.get("PORCHLIGHT_TREES", "12"))
POINTER = "pointer.json"


def publish(cloud, bucket, root, state):
    done = subprocess.run([PROGRAM, "publish", "--endpoint", cloud.endpoint, "--bucket", bucket, "--state", state, root],
                          env=cloud.environment, capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, (done.returncode, done.stdout, done.stderr)
    return json.loads(done.stdout)


def is_utf8(data):
    try:
        data.decode()
        return True
    except UnicodeDecodeError:
        return False


def compare(s3, bucket, served, when):
    """What the edge would show: the object in the release that the pointer names for its folder."""
    pointer = json.loads(s3.get_object(Bucket=bucket, Key=POINTER)["Body"].read())
    for path, data in served.items():
        folder = path.partition("/")[0] if "/" in path else ""
        release = pointer[folder] if folder in pointer and not folder.startswith("?") else pointer[""]
        answer = s3.get_object(Bucket=bucket, Key=f"releases/{release}/{path}")
        body = answer["Body"].read()
        assert body == data, (when, path, len(body), len(data))
        assert answer["ContentLength"] == len(data), (when, path)
        rule = answer["CacheControl"]
        page = answer["ContentType"].startswith("text/html")
        assert rule.startswith("public, max-age=31536000, immutable" if is_carried(path) else
                               "public, max-age=0, s-max" if page else "public, max-age=300, s-max"), (when, path, rule)
        if path.lower().endswith(".html"):
            assert answer["ContentType"] == f"text/html{'; charset=utf-8' if is_utf8(data) else ''}", (when, path, answer["ContentType"])

    # Nothing else is where the edge would find it
    keys = [item["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"releases/{pointer['']}/")
            for item in page.get("Contents", [])]
    strange = [key for key in keys if key.split("/", 2)[2] not in served and not is_carried(key)]
    assert not strange, (when, strange)


def try_seed(cloud, seed, **settings):
    s3 = cloud.client("s3")
    bucket = f"{cloud.bucket}-{seed}"
    s3.create_bucket(Bucket=bucket, **({} if cloud.region == "us-east-1" else
                                       {"CreateBucketConfiguration": {"LocationConstraint": cloud.region}}))
    folder = tempfile.mkdtemp(prefix="porchlight-trees-")
    root, state = os.path.join(folder, "tree"), os.path.join(folder, "state")
    try:
        tree = Tree(root, seed, **settings)
        before = dict(tree.served())
        publish(cloud, bucket, root, state)
        compare(s3, bucket, before, "published")
        old = s3.get_object(Bucket=bucket, Key=POINTER)["Body"].read()
        tree.change()
        publish(cloud, bucket, root, state)
        compare(s3, bucket, tree.served(), "changed")
        again = publish(cloud, bucket, root, state)
        assert again["sent"] == again["copied"] == again["bytesSent"] == 0 and again["requests"] <= 3, again
        s3.put_object(Bucket=bucket, Key=POINTER, Body=old)
        compare(s3, bucket, before, "undone")
        return 2 * len(before) + len(tree.served())
    except Exception as error:
        raise AssertionError(f"PORCHLIGHT_SEED={seed}: {error!r}") from error
    finally:
        shutil.rmtree(folder)


def try_seeds(make, n_trees, **settings):
    try:
        cloud = make()
    except SystemExit:
        raise Skip("the server is not there")
    try:
        n_compared = 0
        for seed in range(FIRST_SEED, FIRST_SEED + n_trees):
            n_compared += try_seed(cloud, seed, **settings)
        print(f"# {n_trees} trees, {n_compared} objects compared", flush=True)
    finally:
        cloud.stop()


@case
def on_moto():
    try_seeds(Moto, max(1, N_TREES // 2))


@case
def on_moto_with_parts():
    try_seeds(Moto, 2, parts=True)


@case
def on_radosgw():
    try_seeds(Radosgw, N_TREES, unique=True)


run()
