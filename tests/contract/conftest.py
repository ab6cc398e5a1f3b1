"""Two whole runs, made once, and the descriptions that they are judged by: what is kept here, and Atlassian's own."""

from __future__ import annotations

import pytest

from tests.contract.descriptions import MissingDescriptions, kept_descriptions, official_descriptions
from tests.contract.judge import Judge
from tests.contract.recorded import Call, read_record
from tests.contract.whole_run import run_by_gateway, run_by_site
from tests.databases import SqliteTemplate, closing

Judges = dict[str, Judge]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-descriptions",
        action="store_true",
        help="fail where Atlassian's descriptions (OKR_OPENAPI_DIR) are not at hand",
    )


@pytest.fixture(scope="session", params=["site", "gateway"])
def calls(
    request: pytest.FixtureRequest, sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory
) -> list[Call]:
    """All calls of a whole run by that door."""
    run = run_by_site if request.param == "site" else run_by_gateway
    with closing(sqlite_template.copy()) as database:
        return list(read_record(run(database, tmp_path_factory.mktemp(request.param))))


@pytest.fixture(scope="session")
def kept_judges() -> Judges:
    """By what is kept here."""
    return {product: Judge(description) for product, description in kept_descriptions().items()}


@pytest.fixture(scope="session")
def official_judges(pytestconfig: pytest.Config) -> Judges:
    """By Atlassian's own descriptions; without them the test is not run, or fails where they are required."""
    try:
        found = official_descriptions()
    except MissingDescriptions as error:
        if pytestconfig.getoption("--require-descriptions", default=False):
            pytest.fail(str(error))
        pytest.skip(f"not run: {error}")
    return {product: Judge(description) for product, description in found.items()}


@pytest.fixture(scope="session", params=["kept", "official"])
def judges(request: pytest.FixtureRequest) -> Judges:
    """First by the one, then by the other."""
    found: Judges = request.getfixturevalue(f"{request.param}_judges")
    return found
