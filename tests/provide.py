"""Gets what the tests need beyond Python packages: a Chromium for the browser suite, installed where we are root.

Redis and PostgreSQL are found or unpacked by ``tests.servers`` when a test asks for them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-inter", "fonts-dejavu-core")
INSTALL_WITHIN_SECONDS = 600


def find_chromium() -> str | None:
    """The browser to test with: ``OKR_CHROMIUM``, else the first of the usual names on PATH."""
    return os.environ.get("OKR_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def why_no_chromium() -> str:
    """One line for the test report: what does not run, and the exact command that mends it."""
    return f"browser tests not run: no Chromium here. As root: {' '.join(INSTALL)}"


def main() -> int:
    """Install Chromium where it is missing and we may; a machine where we may not is no failure of ours."""
    if find_chromium():
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(why_no_chromium())
        return 0
    print("Installing Chromium for the browser tests …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (("apt-get", "update", "-qq"), INSTALL):
        done = subprocess.run(command, env=environment, timeout=INSTALL_WITHIN_SECONDS, capture_output=True, text=True)
        if done.returncode:
            print(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}\n{why_no_chromium()}")
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
