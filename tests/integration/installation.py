"""The product as real processes, started by ``okr up`` as an admin would, next to a stand-in site."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import requests

from mapping.interchange import write_okrs
from tests.demo_check import what_is_wrong
from tests.demo_okrs import demo_okrs, moved_to
from tests.site.roster import SYNC
from tests.site.running import Site

ROOT = Path(__file__).resolve().parents[2]
OKR = (sys.executable, "-m", "web.cli.main")
UP_WITHIN = 40.0
RIGHT_WITHIN = 60.0


def until(true: Callable[[], object], within: float, what: str) -> None:
    """Wait for it. AssertionError with ``what`` where it does not come."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if true():
            return
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {within:g} s")


@dataclass
class Installation:
    """One data folder with its settings; ``up`` is the running ``okr up``."""

    folder: Path
    site: Site
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    up: subprocess.Popen[bytes] | None = None
    page_id: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the tests' own OKR_ settings gets in."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OKR_")}
        own = {
            "OKR_DATA_DIR": str(self.folder),
            "OKR_PORT": str(self.port),
            "OKR_ALLOW_PRIVATE_SITES": "true",
            "OKR_GATEWAY_URL": self.site.url,
            "OKR_WRITE_BUCKET": "1000",
            "OKR_POLL_SECONDS": "2",
        }
        return kept | own | self.settings

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "up.log"

    def start(self) -> None:
        """Start ``okr up`` and wait until it answers."""
        with self.log.open("ab") as log:
            self.up = subprocess.Popen(
                (*OKR, "up"), cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        until(self.is_ready, UP_WITHIN, f"the service comes up (see {self.log})")

    def is_ready(self) -> bool:
        """True where the web service answers that it is ready."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=2).ok
        except requests.RequestException:
            return False

    def stop(self) -> None:
        """Ask it to end; every process must be gone then."""
        if self.up is not None:
            self.up.terminate()
            self.up.wait(40)
            self.up = None

    def okr(self, *words: str, token: str = "") -> str:
        """What the command printed; it must succeed."""
        environment = self.environment | ({"OKR_TOKEN": token} if token else {})
        done = subprocess.run((*OKR, *words), cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"okr {words}: {done.stdout}{done.stderr}"
        return done.stdout

    def set_up(self) -> None:
        """Connect, let Jira send its events, import the demo's OKRs, add the table, wait until it is right."""
        parsed = moved_to(demo_okrs(), datetime.now(UTC).date())
        file = self.folder / "okrs.yaml"
        file.write_text(write_okrs(parsed))
        self.okr("connect", self.site.url, "--email", SYNC.email, token=SYNC.classic_tokens[0])
        self.site.register_webhook(*self.webhook())
        self.okr("import", str(file))
        self.page_id = str(self.site.page_called("OKRs Q4 2026")["id"])
        self.okr("table", "add", self.page_id, "--cycle", parsed.cycles[0].key)
        self.wait_until_right()

    def webhook(self) -> tuple[str, str]:
        """Address and secret, as ``okr webhook show`` prints them."""
        said = self.okr("webhook", "show")
        address = re.search(r"http\S+/webhooks/jira/\d+", said)
        secret = re.search(r"Secret\s+(\S+)", said)
        assert address, said
        assert secret, said
        return address.group(), secret.group(1)

    def wait_until_right(self) -> None:
        until(lambda: not what_is_wrong(self.site, self.page_id), RIGHT_WITHIN, "the page becomes right")

    def close_one_issue(self) -> str:
        """Close an open issue below PAY-412 in Jira; returns its key."""
        for child in self.site.children("PAY-412"):
            if child["fields"]["status"]["statusCategory"]["key"] != "done":
                self.site.transition(child["key"], "Done")
                return str(child["key"])
        raise AssertionError("PAY-412 has no open issue left")

    def processes(self, what: str) -> list[int]:
        """Process numbers of the running ``web``, ``worker``, ``redis`` or ``up`` of this installation."""
        assert self.up is not None
        if what == "up":
            return [self.up.pid]
        children = subprocess.run(
            ("ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.up.pid)), capture_output=True, text=True, check=True
        ).stdout
        wanted = "redis-server" if what == "redis" else f"main {what}"
        return [int(line.split()[0]) for line in children.splitlines() if wanted in line]

    def kill(self, what: str) -> None:
        """SIGKILL, without a word before."""
        pids = self.processes(what)
        assert pids, f"no {what} runs"
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        if what == "up" and self.up is not None:
            self.up.wait(10)
            self.up = None

    def deliver(self, issue_id: str, identifier: str, hook: tuple[str, str] | None = None) -> requests.Response:
        """A signed webhook of Jira about one issue, sent by hand; ``hook`` where address and secret are known."""
        address, secret = hook or self.webhook()
        body = json.dumps(
            {
                "timestamp": int(time.time() * 1000),
                "webhookEvent": "jira:issue_updated",
                "issue": {"id": issue_id, "key": "PAY-1", "fields": {}},
            }
        ).encode()
        signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature": f"sha256={signed}",
            "X-Atlassian-Webhook-Identifier": identifier,
        }
        return requests.post(address, data=body, headers=headers, timeout=10)


@contextmanager
def installation(folder: Path, site: Site, port: int, **settings: str) -> Iterator[Installation]:
    """An installation that is ended for sure."""
    folder.mkdir(exist_ok=True)
    made = Installation(folder, site, port, settings)
    try:
        yield made
    finally:
        made.stop()
