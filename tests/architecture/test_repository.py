"""What no file of the repository may hold: addresses of one machine or company, and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, repository_files

_BINARY = frozenset({".gz", ".png", ".ico", ".woff2", ".jpg", ".sqlite3"})
# Written in parts, so that this file does not hold what it looks for.
_UNWANTED = {
    "a package index by name": re.compile(
        r"https?://[^\s/]*(?:artifact" r"ory|nex" r"us|pypi\.or" r"g|pythonhos" r"ted)|index[-_]u" r"rl"
    ),
    "a path of one machine": re.compile(r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|ho" r"me/\w+)/\w"),
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "an Atlassian token": re.compile(r"\bATA" r"TT[0-9A-Za-z_\-=]{20,}|\bATC" r"TT[0-9A-Za-z_\-=]{20,}"),
    "a token of a code host": re.compile(r"\b(?:gh[pousr]|github_pat)_[0-9A-Za-z_]{20,}"),
    "a cloud's key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
}
# A part of a hash, which stands after a dollar sign, gives nothing away.
_LONG = re.compile(r"(?<![$0-9A-Za-z+/_\-])[0-9A-Za-z+/_\-]{40,}={0,2}")
ENOUGH_DIGITS = 3
# What only looks so, by its first eight characters, and what it is.
HARMLESS = {
    "0-SNAPSH": "the version of Atlassian's description",
}


EXAMPLES = {
    "a package index by name": "https://art" + "ifactory.acme.example/simple",
    "a path of one machine": "see /ro" + "ot/notes",
    "a private key": "-----BEGIN " + "RSA PRIVATE KEY-----",
    "an Atlassian token": "ATA" + "TT" + "x" * 20,
    "a token of a code host": "gh" + "p_" + "x" * 20,
    "a cloud's key": "AK" + "IA" + "A" * 16,
}


@pytest.mark.parametrize("what", _UNWANTED)
def test_an_example_is_found(what: str) -> None:
    assert _UNWANTED[what].search(EXAMPLES[what])


def _texts() -> Iterator[tuple[Path, str]]:
    for path in repository_files():
        if path.suffix not in _BINARY:
            yield path, path.read_text("utf-8")


@pytest.mark.parametrize("what", _UNWANTED)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in _texts()
        for match in _UNWANTED[what].finditer(text)
    ]
    assert not found


def test_no_file_holds_a_long_secret() -> None:
    found = {secret[:8]: str(path.relative_to(ROOT)) for path, text in _texts() for secret in _secrets(text)}
    assert set(found) == set(HARMLESS), found


def _secrets(text: str) -> list[str]:
    """Long runs of letters of both cases with digits, which no word and no hash in hexadecimal has."""
    return [run for run in _LONG.findall(text) if _looks_random(run)]


def _looks_random(run: str) -> bool:
    kinds = (any(map(str.islower, run)), any(map(str.isupper, run)), sum(map(str.isdigit, run)) >= ENOUGH_DIGITS)
    return all(kinds) and "/" not in run


def test_what_looks_like_a_secret_is_found() -> None:
    made_up = "".join(f"{chr(97 + n)}{chr(70 + n)}{n}" for n in range(15))
    assert _secrets(f'token = "{made_up}"') == [made_up]
    assert _secrets("b9e7f99b7fb1bfeab2badb10ae14670118ca70b2e02e0d73c81d94124a585f26") == []
