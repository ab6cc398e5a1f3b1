"""Starting the stand-in site for a test, and doing there what people do."""

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from requests import Session, get

from tests.site.accounts import Account
from tests.site.adversary_hand import AdversaryHand
from tests.site.hand import HAND, Json
from tests.site.jira_hand import JiraHand
from tests.site.process import start_process, wait_for_end
from tests.site.roster import PEOPLE
from tests.site.wiki_hand import WikiHand

__all__ = ["Json", "Site", "start_site"]


@dataclass
class Site(JiraHand, WikiHand, AdversaryHand):
    """A running site. What its verbs do goes over HTTP, as a person of the world unless another account is given."""

    url: str
    cloud_id: str
    command: list[str]
    log: Path
    process: subprocess.Popen[bytes]
    person: Account = PEOPLE[0]
    _session: Session = field(default_factory=Session)

    @property
    def port(self) -> int:
        """The port that it listens on; a restart keeps it."""
        return int(self.url.rpartition(":")[2])

    @property
    def jira_gateway(self) -> str:
        """Where scoped tokens reach Jira."""
        return f"{self.url}/ex/jira/{self.cloud_id}"

    @property
    def confluence_gateway(self) -> str:
        """Where scoped tokens reach Confluence."""
        return f"{self.url}/ex/confluence/{self.cloud_id}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process; its data stays in the file."""
        self.process.terminate()
        self._gone()

    def kill(self) -> None:
        """End the process at once, as a failing machine would."""
        self.process.kill()
        self._gone()

    def _gone(self) -> None:
        wait_for_end(self.process)
        self._session.close()

    def restart(self) -> None:
        """Start again on the same port with the same data."""
        self.process, _ = start_process(self.command, self.log)


def start_site(
    folder: Path,
    world: str = "sample",
    *,
    port: int = 0,
    fresh: bool = False,
    retry_scale: float = 0.001,
    record: Path | None = None,
    data_center: bool = False,
) -> Site:
    """Start a site with its data (site.db) and log (site.log) in `folder` and wait until it answers.

    Port 0 takes a free one. Webhooks are tried again 1,000 times sooner than Jira would, unless `retry_scale` says
    otherwise. With `data_center` it is Confluence Data Center to all but this `Site`. RuntimeError with what it printed
    if it does not start.
    """
    command = [sys.executable, "-m", "tests.site", "--data", str(folder / "site.db"), "--world", world,
               "--retry-scale", str(retry_scale), "--until-stdin-closes"]  # fmt: skip
    command += ["--fresh"] if fresh else []
    command += ["--record", str(record)] if record else []
    command += ["--data-center"] if data_center else []
    log = folder / "site.log"
    process, url = start_process([*command, "--port", str(port)], log)
    cloud_id = get(f"{url}/_edge/tenant_info", headers={HAND: "1"}, timeout=10).json()["cloudId"]
    again = [part for part in command if part != "--fresh"]
    return Site(url, cloud_id, [*again, "--port", url.rpartition(":")[2]], log, process)
