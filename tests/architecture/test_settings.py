"""Every setting stands in ``.env.example`` with its default, and every name there is a setting."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.settings import Settings
from tests.architecture.repository import PACKAGES, ROOT, modules_below

_LINE = re.compile(r"^(OKR_[A-Z_]+)=(.*)$", re.MULTILINE)
# Read by a command beside the settings: a token is given for one call and never kept.
BESIDE_SETTINGS = {"OKR_TOKEN"}


def _in_example() -> dict[str, str]:
    return dict(_LINE.findall((ROOT / ".env.example").read_text()))


def _settings() -> set[str]:
    return {f"OKR_{name.upper()}" for name in Settings.model_fields}


def test_the_example_names_exactly_the_settings() -> None:
    assert set(_in_example()) == _settings()


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)  # where no .env lies
    for name in _settings():
        monkeypatch.delenv(name, raising=False)
    untouched = Settings()
    for name, value in _in_example().items():
        monkeypatch.setenv(name, value)
    assert Settings() == untouched


def test_no_module_reads_a_name_that_is_no_setting() -> None:
    texts = "\n".join(module.read_text("utf-8") for module in modules_below(*PACKAGES))
    # Names that the texts show to people count as well: a wrong one would send them looking. A name that ends in an
    # underscore is the beginning of several.
    named = {name for name in re.findall(r"\bOKR_[A-Z][A-Z_]*", texts) if not name.endswith("_")}
    assert named <= _settings() | BESIDE_SETTINGS
