"""A page's budget: Data Center is written more often than Cloud, and a table may say otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connector.connecting import CLOUD, DATA_CENTER
from connector.settings import Settings
from connector.write_budget import WriteBudget, write_budget


def settings(**changes: Any) -> Settings:
    return Settings(**{"_env_file": None, **changes})


@pytest.mark.parametrize(("deployment", "bucket", "minutes"), [(CLOUD, 4, 30), (DATA_CENTER, 10, 5)])
def test_each_kind_of_site_has_its_own(deployment: str, bucket: int, minutes: int) -> None:
    assert write_budget(settings(), deployment, None, None) == WriteBudget(bucket, timedelta(minutes=minutes))


@pytest.mark.parametrize("deployment", [CLOUD, DATA_CENTER])
def test_what_a_table_says_holds_wherever_it_stands(deployment: str) -> None:
    assert write_budget(settings(), deployment, 7, None).bucket == 7
    assert write_budget(settings(), deployment, None, 2).refill == timedelta(minutes=2)


def test_the_settings_say_both() -> None:
    given = settings(
        write_bucket=1, write_refill_minutes=60, data_center_write_bucket=2, data_center_write_refill_minutes=0.5
    )
    assert write_budget(given, CLOUD, None, None) == WriteBudget(1, timedelta(hours=1))
    assert write_budget(given, DATA_CENTER, None, None) == WriteBudget(2, timedelta(seconds=30))
