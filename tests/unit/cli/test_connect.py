"""``okr connect``: which kind of site is meant, and what is asked for each."""

from __future__ import annotations

import pytest

from tests.unit.cli.conftest import Run
from tests.unit.commands.data_center_stand_in import WIKI, with_data_center
from tests.unit.commands.stand_in import Stand


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("https://acme.atlassian.net",), "--email, or --data-center"),
        ((WIKI, "--data-center", "--jira"), "Jira Data Center cannot be connected yet"),
        ((WIKI, "--data-center", "--scoped"), "no scoped tokens"),
        ((WIKI, "--data-center"), "no terminal to ask for the token"),
        (("https://acme.atlassian.net", "--data-center", "--token-stdin"), "without --data-center"),
        (("https://10.0.0.1", "--data-center", "--token-stdin"), "OKR_ALLOW_PRIVATE_SITES=true"),
    ],
)
def test_what_was_not_given_as_it_should_be_is_said(run: Run, words: tuple[str, ...], said: str) -> None:
    result = run("connect", *words, input="t0ken\n")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_a_data_center_that_is_connected_needs_no_word_about_it(service: Stand, run: Run) -> None:
    """The advice to renew a token names the address alone."""
    with_data_center(service)
    result = run("connect", f"{WIKI}/display/OKR")
    assert "no terminal to ask for the token" in " ".join(result.stderr.split())
