"""The wheel holds the five packages and installs into an empty environment, where the service runs from it alone."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.repository import PACKAGES, ROOT

INSTALL_WITHIN_SECONDS = 600
UP_WITHIN_SECONDS = 30.0
_PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    _run([sys.executable, *_PIP, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def okr(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment that holds nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    _run([str(folder / "bin" / "python"), *_PIP, "install", str(wheel)], cwd=folder)
    return folder / "bin" / "okr"


def test_the_wheel_holds_the_five_packages_and_the_descriptor(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert "web/atlassian-connect.json" in names
    # What Python does not import would be missed only when it is used.
    for suffix in (".html", ".css", ".js"):
        kept = {str(path.relative_to(ROOT)) for path in (ROOT / "web").rglob(f"*{suffix}")}
        assert kept <= set(names)


def test_every_module_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    modules = {str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("*.py")}
    assert modules == {name for name in names if name.endswith(".py")}


def test_help_names_the_commands(okr: Path, tmp_path: Path) -> None:
    said = _run([str(okr), "--help"], cwd=tmp_path)
    assert all(command in said for command in ("up", "migrate", "connect", "doctor"))


def test_migrate_makes_the_database(okr: Path, tmp_path: Path) -> None:
    _run([str(okr), "migrate"], cwd=tmp_path)
    assert (tmp_path / "data" / "okr.sqlite3").exists()
    assert "up to date" in _run([str(okr), "migrate"], cwd=tmp_path)


def test_the_descriptor_is_served(okr: Path, tmp_path: Path) -> None:
    port = _free_port()
    _run([str(okr), "migrate"], cwd=tmp_path)
    with (
        _serving(okr, tmp_path, port) as url,
        urllib.request.urlopen(f"{url}/atlassian-connect.json", timeout=10) as answer,
    ):
        served = json.load(answer)
    source = json.loads((ROOT / "atlassian-connect.json").read_text())
    assert served == {**source, "baseUrl": url}


def _run(command: list[str], cwd: Path) -> str:
    """What it says. The folder is not the checkout, so that nothing is found there by chance."""
    done = subprocess.run(
        command, cwd=cwd, env=_environment(), capture_output=True, text=True, timeout=INSTALL_WITHIN_SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _environment() -> dict[str, str]:
    dropped = ("OKR_", "PYTHON", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(dropped)}


@contextmanager
def _serving(okr: Path, folder: Path, port: int) -> Iterator[str]:
    url = f"http://127.0.0.1:{port}"
    log = (folder / "log").open("wb")
    process = subprocess.Popen(
        [str(okr), "web"], cwd=folder, env={**_environment(), "OKR_PORT": str(port)}, stdout=log, stderr=log
    )
    try:
        _wait_until_up(f"{url}/healthz", process, folder / "log")
        yield url
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + UP_WITHIN_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the service did not come up: {log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
