# Copyright 2026 The Porchlight developers
# SPDX-License-Identifier: GPL-3.0-or-later
"""porchlight-cli on a practice cloud of its own, and the site as a visitor sees it."""

import http.client
import json
import os
import shutil
import subprocess
import tempfile
from urllib.parse import quote, urlsplit


class Kit:
    """A data folder, a practice cloud that is served all the time, and a site on it."""

    def __init__(self, faults=""):
        self.folder = tempfile.mkdtemp(prefix="porchlight-kit-")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment.update(PORCHLIGHT_DATA_DIR=os.path.join(self.folder, "data"), LC_ALL="C.UTF-8")
        self.process = None
        self.serve(faults)
        self.address = None

    def serve(self, faults=""):
        command = [os.environ["PORCHLIGHT_CLI"], "practice", "serve"]
        if faults:
            command += ["--faults", faults]
        self.process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The practice cloud did not start.")
        self.cloud = json.loads(line)
        self.port = urlsplit(self.cloud["endpoint"]).port

    def stop(self):
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()

    def restart(self, faults=""):
        self.stop()
        self.serve(faults)

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *arguments):
        return [os.environ["PORCHLIGHT_CLI"], "--json", *arguments]

    def run(self, *arguments, check=True, timeout=300):
        """The last JSON document that the program prints; with check=False, that and the whole result."""
        result = subprocess.run(self.command(*arguments), env=self.environment, capture_output=True, text=True, timeout=timeout)
        if check and result.returncode != 0:
            raise AssertionError(f"porchlight-cli {' '.join(arguments)}: {result.returncode} {result.stdout[-500:]} {result.stderr}")
        last = None
        if result.stdout.strip():
            try:
                last = json.loads(result.stdout)
            except ValueError:
                last = json.loads(result.stdout.strip().splitlines()[-1])
        return last if check else (last, result)

    def create_site(self, name):
        self.run("account", "add-practice")
        self.run("site", "create", name, "--template", "coming-soon")
        self.address = self.run("site", "show", name)["address"]
        return name

    def get(self, path, headers=None):
        """As a browser: status, headers and body of a path that is not yet encoded."""
        return self.get_raw("/" + quote(path), headers)

    def get_raw(self, path, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Host": urlsplit(self.address).netloc, **(headers or {})})
            response = connection.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            connection.close()
