"""``make demo``: a stand-in Atlassian site on real issues, the service beside it, and a page that stays right.

Everything is done with the ``okr`` command, as an admin would do it; the stand-in site's own admin sets up the webhook.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mapping.interchange import ParsedOkrs, write_okrs
from tests.demo_check import what_is_wrong, words_of
from tests.demo_okrs import demo_okrs, moved_to
from tests.demo_pages import NOW, PAGE_TITLE, TEAM_PAGE_TITLE, add_tables, type_in
from tests.demo_processes import (
    OKR_SETTINGS,
    ROOT,
    DemoFailed,
    Okr,
    Ports,
    kept_ports,
    port_in_use,
    ports_of,
    service_at,
    site_at,
    step,
)
from tests.site.roster import SYNC
from tests.site.running import Site

FOLDER = ROOT / ".demo"
PAGE_RIGHT_WITHIN = 120.0
CHANGE_SEEN_WITHIN = 30.0
TYPING_SEEN_WITHIN = 60.0


def main() -> int:
    """0 if the demo ran (and, with --once, the page was right), 1 if not."""
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end by itself; 0 only if the page is right")
    parser.add_argument("--reset", action="store_true", help="forget the last demo first")
    options = parser.parse_args()
    # The terminal's hang-up and a supervisor's request end it as Ctrl-C does.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    folder = FOLDER.with_name(".demo-once") if options.once else FOLDER
    try:
        if options.reset or options.once:
            forget(folder)
        return run(folder, once=options.once)
    except DemoFailed as error:
        print(f"\nThe demo stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nEnded. `make demo` goes on with the same data; `make demo-reset` starts afresh.")
        return 0


@dataclass(frozen=True, slots=True)
class Demo:
    """Both sides running and set up, and the page right."""

    folder: Path
    ports: Ports
    site: Site
    okr: Okr
    page_id: str

    @property
    def page_url(self) -> str:
        return f"{self.site.url}/wiki/spaces/OKR/pages/{self.page_id}"

    @property
    def team_page_url(self) -> str:
        """The page with the other shapes of tables."""
        return f"{self.site.url}/wiki/spaces/OKR/pages/{self.site.page_called(TEAM_PAGE_TITLE)['id']}"

    @property
    def service_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.service}"

    def first_visit_code(self) -> str:
        """The one-time code from the service's console; empty once somebody has come in."""
        code = re.findall(r"one-time code (\S+)", self.log.read_text(errors="replace"))
        return code[-1] if code else ""

    @property
    def log(self) -> Path:
        return self.folder / "service.log"


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """Start both, set up what is not set up yet, and wait until the page is right. DemoFailed says what went wrong.

    A page of an earlier run is not judged: people may have chosen other columns since, or taken the table out.
    """
    folder.mkdir(exist_ok=True)
    ports = ports_of(folder)
    with site_at(folder, ports) as site, service_at(folder, ports, site) as okr:
        demo = Demo(folder, ports, site, okr, str(site.page_called(PAGE_TITLE)["id"]))
        if not (folder / "set-up").exists():
            _set_up(demo)
            step("Waiting until the page is right", lambda: _wait_until_right(demo, PAGE_RIGHT_WITHIN))
        yield demo


def run(folder: Path, *, once: bool) -> int:
    """Stay until Ctrl-C, or prove that a change arrives and end."""
    with running(folder) as demo:
        if once:
            return _prove(demo)
        _say_where(demo)
        while demo.okr.service.poll() is None:
            time.sleep(1)
        raise DemoFailed(f"the service ended by itself; its log is {demo.log}")


def forget(folder: Path) -> None:
    """All that the last demo left. DemoFailed where it runs still: it would go on without its data."""
    port = port_in_use(kept_ports(folder))
    if port is not None:
        raise DemoFailed(
            f"port {port} is in use, perhaps by the demo that is to be forgotten. End that first; if it is something "
            f"else, remove the folder {folder.name} yourself and run `make demo`."
        )
    shutil.rmtree(folder, ignore_errors=True)


def okrs_of_today() -> ParsedOkrs:
    """What the demo imports."""
    return moved_to(demo_okrs(), datetime.now(UTC).date())


def _set_up(demo: Demo) -> None:
    parsed = okrs_of_today()
    okrs = demo.folder / "okrs.yaml"
    okrs.write_text(write_okrs(parsed))
    okr, site = demo.okr, demo.site
    step(
        "Connecting it to Jira and Confluence, with a service account",
        lambda: okr("connect", site.url, "--email", SYNC.email, token=SYNC.classic_tokens[0]),
    )
    step("Letting Jira send its events (as Jira's admin)", lambda: _register_webhook(site, okr))
    step("Importing three objectives, nine key results, fifteen linked epics", lambda: okr("import", str(okrs)))
    step("Adding tables to two pages", lambda: add_tables(site, okr, parsed.cycles[0].key))
    (demo.folder / "set-up").touch()


def _register_webhook(site: Site, okr: Okr) -> None:
    said = okr("webhook", "show")
    address = re.search(r"http\S+/webhooks/jira/\d+", said)
    secret = re.search(r"Secret\s+(\S+)", said)
    if not address or not secret:
        raise DemoFailed(f"`okr webhook show` names no address or secret:\n{said}")
    site.register_webhook(address.group(), secret.group(1))


def _wait_until_right(demo: Demo, within: float) -> None:
    deadline = time.monotonic() + within
    wrong = ["nothing was looked at"]
    while time.monotonic() < deadline:
        wrong = what_is_wrong(demo.site, demo.page_id)
        if not wrong:
            return
        time.sleep(0.3)
    raise DemoFailed(f"after {within:g} s the page is not right: {'; '.join(wrong)}")


def wait_until_said(demo: Demo, words: str, within: float) -> None:
    """DemoFailed if the page does not say these words in time."""
    deadline = time.monotonic() + within
    while words not in words_of(demo.site.body(demo.page_id)):
        if time.monotonic() > deadline:
            raise DemoFailed(f"after {within:g} s the page does not say “{words}”")
        time.sleep(0.3)


def _prove(demo: Demo) -> int:
    """Close an issue below PAY-412 and wait until the page says so; then check in by typing into the page."""
    children = demo.site.children("PAY-412")
    child = next(c for c in children if c["fields"]["status"]["statusCategory"]["key"] != "done")
    before = words_of(demo.site.body(demo.page_id))
    began = time.monotonic()
    demo.site.transition(child["key"], "Done")
    _wait_until_right(demo, CHANGE_SEEN_WITHIN)
    if words_of(demo.site.body(demo.page_id)) == before:
        raise DemoFailed("a change in Jira made no difference to what the page should say")
    print(f"Closed {child['key']} in Jira: the page was right again after {time.monotonic() - began:.1f} s.")
    began = time.monotonic()
    type_in(demo.site, demo.page_id, okrs_of_today().cycles[0].key, "PAY-KR1", NOW, "27.5")
    wait_until_said(demo, "PAY-KR1 58 %", TYPING_SEEN_WITHIN)
    print(f"Ana typed 27.5 into the page: it was her check-in after {time.monotonic() - began:.1f} s.")
    print("The page is right.")
    return 0


def _say_where(demo: Demo) -> None:
    code = demo.first_visit_code()
    print(f"""
  The page in Confluence    {demo.page_url}
  A team's page             {demo.team_page_url}
  The epic in Jira          {demo.site.url}/browse/PAY-412
  The service               {demo.service_url}{f"   (first visit: code {code})" if code else ""}

Try this: open the page and the epic side by side, move an issue of PAY-412 to Done, and watch the table. Then edit the
page, type over a figure under Now, publish, and wait ten seconds: it is your check-in. Other shapes: the team's page.
The okr command, in another terminal: source {demo.folder.name}/{OKR_SETTINGS} && okr table list
Ctrl-C ends everything; the service's log is {demo.folder.name}/{demo.log.name}.""")


if __name__ == "__main__":
    sys.exit(main())
