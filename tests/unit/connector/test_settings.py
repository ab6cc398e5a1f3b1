"""Settings that cannot be used are refused by name, all in one text, without showing a secret."""

from __future__ import annotations

import pytest

from connector.settings import BadSettings, load_settings


def test_every_bad_setting_is_named_with_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "OKR_PORT": "abc",
        "OKR_DATABASE_URL": "mysql://okr:hunter2@db/okr",
        "OKR_REDIS_URL": "hunter2",
        "OKR_BASE_URL": "okr.acme.example",
    }.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refused:
        load_settings()
    said = str(refused.value)
    for named in ("OKR_PORT", "OKR_DATABASE_URL", "postgresql://", "OKR_REDIS_URL", "unix:///", "OKR_BASE_URL"):
        assert named in said
    assert "hunter2" not in said


def test_usable_addresses_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OKR_DATABASE_URL", "postgresql://okr@db/okr")
    monkeypatch.setenv("OKR_REDIS_URL", "rediss://redis:6379/0")
    assert load_settings().engine_url == "postgresql://okr@db/okr"
