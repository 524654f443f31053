# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice cloud's own life: ports, a second start, kills, full disks, faults on demand."""

import concurrent.futures
import hashlib
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path[:0] = [os.path.dirname(__file__), os.path.join(os.path.dirname(__file__), "..")]

import botocore.auth  # noqa: E402
import botocore.awsrequest  # noqa: E402
import botocore.credentials  # noqa: E402
from botocore.exceptions import BotoCoreError, ClientError  # noqa: E402

from practice import Practice, expect, refused, server_command  # noqa: E402
from tap import case, run  # noqa: E402

HERE = {"LocationConstraint": "eu-central-1"}


def with_bucket(cloud, **config):
    s3 = cloud.client("s3", **config)
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration=HERE)
    return s3


def files_of(cloud):
    return set(os.listdir(os.path.join(cloud.state, "objects")))


def wait_for(condition, what):
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.1)
    expect(False, True, what)


@case
def the_port_stays():
    cloud = Practice()
    try:
        port = cloud.port
        cloud.restart()
        expect(cloud.port, port)
        # somebody else has it now: another one is taken
        cloud.stop()
        with socket.socket() as other:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("127.0.0.1", port))
            other.listen()
            cloud.start()
            expect(cloud.port != port, True)
            cloud.client("sts").get_caller_identity()
    finally:
        cloud.close()


@case
def a_port_that_was_asked_for_is_not_changed():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        cloud = Practice()
        try:
            cloud.stop()
            result = subprocess.run(server_command(cloud.state, port), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            expect((result.returncode, f"Port {port} of this computer is in use" in result.stderr), (1, True), result.stderr)
        finally:
            cloud.close()


@case
def both_loopbacks_and_names():
    cloud = Practice()
    try:
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            try:
                with socket.socket(family) as client:
                    client.connect((address, cloud.port))
            except OSError:
                # a machine without IPv6
                expect(family, socket.AF_INET6)
        expect(cloud.client("sts", endpoint=f"http://localhost:{cloud.port}").get_caller_identity()["Account"],
               cloud.client("sts").get_caller_identity()["Account"])
    finally:
        cloud.close()


@case
def nobody_else_on_the_network():
    cloud = Practice()
    try:
        with open("/proc/net/tcp") as table:
            listening = [line.split()[1] for line in table if line.split()[3] == "0A"]
        expect([address.split(":")[0] for address in listening if int(address.split(":")[1], 16) == cloud.port], ["0100007F"])
    finally:
        cloud.close()


@case
def a_second_start_attaches():
    cloud = Practice()
    try:
        with_bucket(cloud)
        second = Practice(state=cloud.state)
        expect((second.info["attached"], second.endpoint, second.key), (True, cloud.endpoint, cloud.key))
        expect([b["Name"] for b in second.client("s3").list_buckets()["Buckets"]], ["bucket"])
        second.stop()
        cloud.client("sts").get_caller_identity()
        # the secret is for nobody else
        expect(os.stat(os.path.join(cloud.state, "lock")).st_mode & 0o777, 0o600)
        expect(os.stat(cloud.state).st_mode & 0o077, 0)
        # after a kill the next one serves itself
        cloud.kill()
        cloud.start()
        expect(cloud.info["attached"], False)
    finally:
        cloud.close()


@case
def a_state_that_can_not_be_used():
    for prepare in (lambda path: open(path, "w").close(), lambda path: (os.mkdir(path), open(path + "/practice.db", "w").write("no database" * 200))):
        path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"porchlight-no-state-{os.getpid()}")
        prepare(path)
        try:
            result = subprocess.run(server_command(path), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            expect((result.returncode, len(result.stderr.strip()) > 20), (1, True), result.stderr)
        finally:
            subprocess.run(["rm", "-r", path], check=True)


@case
def faults_that_are_not_understood():
    cloud = Practice()
    try:
        cloud.stop()
        for spec in ("op=PutObject", "status=200", "rate=2,status=503", "nonsense", "cut=sometimes", "op=PutObject,staus=503"):
            result = subprocess.run(server_command(cloud.state, 0, spec), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
            expect((result.returncode, "“" in result.stderr), (1, True), spec)
    finally:
        cloud.close()


@case
def faults_on_demand():
    cloud = Practice(faults="op=GetObject,status=503,times=2;op=HeadObject,after=1,status=500,times=1;"
                            "op=ListBuckets,token=expired,times=1;op=DeleteObject,delay=300,times=1;op=GetCallerIdentity,skew=7200,times=1")
    try:
        s3 = with_bucket(cloud)
        s3.put_object(Bucket="bucket", Key="k", Body=b"1")
        get = lambda: s3.get_object(Bucket="bucket", Key="k")  # noqa: E731
        expect([refused(get)[:2], refused(get)[:2]], [(503, "SlowDown")] * 2)
        get()
        s3.head_object(Bucket="bucket", Key="k")
        expect(refused(s3.head_object, Bucket="bucket", Key="k")[0], 500)
        s3.head_object(Bucket="bucket", Key="k")
        expect(refused(s3.list_buckets)[:2], (400, "ExpiredToken"))
        s3.list_buckets()
        begun = time.monotonic()
        s3.delete_object(Bucket="bucket", Key="k")
        expect(time.monotonic() - begun >= 0.3, True)
        sts = cloud.client("sts")
        expect(refused(sts.get_caller_identity)[:2], (403, "SignatureDoesNotMatch"))
        sts.get_caller_identity()
    finally:
        cloud.close()


@case
def connections_that_break():
    cloud = Practice(faults="op=PutObject,cut=before,times=1;op=CopyObject,cut=after,times=1")
    try:
        s3 = with_bucket(cloud)
        for call in (lambda: s3.put_object(Bucket="bucket", Key="k", Body=b"1"),
                     lambda: s3.copy_object(Bucket="bucket", Key="c", CopySource="bucket/k")):
            try:
                call()
                raise AssertionError("The connection was not cut")
            except BotoCoreError:
                pass
            s3.put_object(Bucket="bucket", Key="k", Body=b"1")
        # what was cut after the work is done all the same
        expect(s3.get_object(Bucket="bucket", Key="c")["Body"].read(), b"1")
    finally:
        cloud.close()


@case
def chances_are_the_same_with_a_seed():
    outcomes = []
    for _ in range(2):
        cloud = Practice(faults="seed=7,op=ListBuckets,rate=0.5,status=503")
        try:
            s3 = cloud.client("s3")
            row = []
            for _ in range(30):
                try:
                    s3.list_buckets()
                    row.append(True)
                except ClientError:
                    row.append(False)
            outcomes.append(row)
        finally:
            cloud.close()
    expect(outcomes[0], outcomes[1])
    expect(5 < sum(outcomes[0]) < 25, True)


def body_of(number, version):
    return random.Random(f"{number}-{version}").randbytes(1 + (number * 7919) % 60_000)


@case
def a_kill_while_writing_loses_nothing_that_was_acknowledged():
    cloud = Practice()
    try:
        with_bucket(cloud)
        for round_number in range(3):
            done, lock = {}, threading.Lock()
            begun = threading.Event()

            def write(numbers):
                s3 = cloud.client("s3", connect_timeout=30, read_timeout=30)
                for number in numbers:
                    try:
                        s3.put_object(Bucket="bucket", Key=f"k{number}", Body=body_of(number, round_number))
                    except (BotoCoreError, ClientError):
                        return
                    with lock:
                        done[number] = round_number
                        if len(done) > 60:
                            begun.set()

            threads = [threading.Thread(target=write, args=(range(i, 200, 4),)) for i in range(4)]
            for thread in threads:
                thread.start()
            expect(begun.wait(60), True)
            cloud.kill()
            for thread in threads:
                thread.join()
            cloud.start()
            s3 = cloud.client("s3")
            for number in range(200):
                try:
                    answer = s3.get_object(Bucket="bucket", Key=f"k{number}")
                except ClientError:
                    expect(number in done, False, f"The loss of k{number}")
                    continue
                body = answer["Body"].read()
                whole = [v for v in range(round_number + 1) if body == body_of(number, v)]
                expect(len(whole), 1, f"k{number}, {len(body)} bytes")
                expect(answer["ETag"], f'"{hashlib.md5(body).hexdigest()}"')
                if number in done:
                    expect(whole[0], round_number)
            # what was half written is gone
            keys = s3.list_objects_v2(Bucket="bucket")["KeyCount"]
            expect(len(files_of(cloud)), keys)
    finally:
        cloud.close()


@case
def a_kill_in_a_multipart_upload():
    cloud = Practice()
    try:
        s3 = with_bucket(cloud)
        where = {"Bucket": "bucket", "Key": "big"}
        where["UploadId"] = s3.create_multipart_upload(**where)["UploadId"]
        one = s3.upload_part(PartNumber=1, Body=b"a" * 5 * 1024 * 1024, **where)["ETag"]
        cloud.kill()
        cloud.start()
        s3 = cloud.client("s3")
        expect([p["ETag"] for p in s3.list_parts(**where)["Parts"]], [one])
        two = s3.upload_part(PartNumber=2, Body=b"b", **where)["ETag"]
        s3.complete_multipart_upload(MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": one}, {"PartNumber": 2, "ETag": two}]}, **where)
        expect(s3.get_object(Bucket="bucket", Key="big")["Body"].read(), b"a" * 5 * 1024 * 1024 + b"b")
    finally:
        cloud.close()


@case
def uploads_that_break_off_leave_nothing():
    cloud = Practice()
    try:
        s3 = with_bucket(cloud)
        s3.put_object(Bucket="bucket", Key="k", Body=b"old")
        before = files_of(cloud)
        request = botocore.awsrequest.AWSRequest("PUT", f"{cloud.endpoint}/bucket/k",
                                                 headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD", "Host": f"127.0.0.1:{cloud.port}"})
        botocore.auth.S3SigV4Auth(botocore.credentials.Credentials(cloud.key, cloud.secret), "s3", cloud.region).add_auth(request)
        lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        with socket.create_connection(("127.0.0.1", cloud.port)) as client:
            client.sendall(f"PUT /bucket/k HTTP/1.1\r\n{lines}Content-Length: 1000000\r\n\r\n".encode() + bytes(500_000))
            wait_for(lambda: len(files_of(cloud)) == len(before) + 1, "The begun file")
        wait_for(lambda: files_of(cloud) == before, "The end of the begun file")
        expect(s3.get_object(Bucket="bucket", Key="k")["Body"].read(), b"old")
    finally:
        cloud.close()


@case
def a_full_disk():
    """A limit on the size of files stands for it: writing fails in the same place with another errno."""
    cloud = Practice()
    try:
        s3 = with_bucket(cloud)
        s3.put_object(Bucket="bucket", Key="k", Body=b"old")
        cloud.stop()

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))

        real = subprocess.Popen
        subprocess.Popen = lambda *a, **k: real(*a, preexec_fn=limit, **k)
        try:
            cloud.start()
        finally:
            subprocess.Popen = real
        s3 = cloud.client("s3")
        before = files_of(cloud)
        expect(refused(s3.put_object, Bucket="bucket", Key="k", Body=bytes(3_000_000))[:2], (500, "InternalError"))
        expect(s3.get_object(Bucket="bucket", Key="k")["Body"].read(), b"old")
        expect(files_of(cloud), before)
        s3.put_object(Bucket="bucket", Key="small", Body=b"fits")
    finally:
        cloud.close()


@case
def a_thousand_small_objects_are_quick():
    """Only that nothing is out of proportion; the benchmark measures."""
    cloud = Practice()
    try:
        with_bucket(cloud)
        local = threading.local()

        def put(number):
            if not hasattr(local, "s3"):
                local.s3 = cloud.client("s3")
            local.s3.put_object(Bucket="bucket", Key=f"k{number}", Body=b"x" * 2000)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(put, range(1000)))
        with open(f"/proc/{cloud.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        print(f"# 1,000 puts took {seconds:.2f} s of the server's processor time", flush=True)
        expect(seconds < 10, True)
        expect(cloud.client("s3").list_objects_v2(Bucket="bucket")["KeyCount"], 1000)
    finally:
        cloud.close()


run()
