"""Settings from the environment and ``.env``; every name stands in ``.env.example``.

A missing or wrong value is reported with its name and what to write; all at once, not one by one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class BadSettings(ValueError):
    """One or more settings cannot be used; the text lists each with what to write."""


class Settings(BaseSettings):
    """All settings. Times in seconds. ``data_dir`` holds the database, keys and Redis of the embedded default."""

    model_config = SettingsConfigDict(env_prefix="OKR_", env_file=".env", extra="ignore", frozen=True)

    base_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8400, ge=1, le=65535)
    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    redis_url: SecretStr = SecretStr("")
    secret_keys: SecretStr = SecretStr("")
    trusted_proxies: int = Field(default=0, ge=0, le=8)
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    allow_private_sites: bool = False
    gateway_url: str = "https://api.atlassian.com"
    workers: int = Field(default=2, ge=1, le=32)
    web_threads: int = Field(default=8, ge=1, le=64)
    poll_seconds: int = Field(default=60, ge=1, le=3600)
    full_check_hours: float = Field(default=24, gt=0, le=168)
    write_bucket: int = Field(default=4, ge=1, le=1000)
    write_refill_minutes: float = Field(default=30, gt=0, le=1440)
    data_center_write_bucket: int = Field(default=10, ge=1, le=1000)
    data_center_write_refill_minutes: float = Field(default=5, gt=0, le=1440)
    webhook_max_bytes: int = Field(default=26_214_400, ge=1024)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    log_format: str = Field(default="text", pattern="^(text|json)$")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write the address under which people reach the service, e.g. https://okr.example.com")
        return value.rstrip("/")

    @field_validator("gateway_url")
    @classmethod
    def _check_gateway_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("write the address of the API gateway, e.g. https://api.atlassian.com")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(("sqlite:///", "postgresql://")):
            raise ValueError("write postgresql://user:password@host/database, or nothing for SQLite in the data folder")
        return value

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not value.get_secret_value().startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("write redis://host:6379/0 or unix:///path/to/socket, or nothing")
        return value

    @property
    def public_url(self) -> str:
        """The address under which people and Jira reach the service, without a trailing slash."""
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def redis_socket(self) -> Path:
        """Where the Redis of the embedded default listens while ``okr up`` runs."""
        return self.data_dir.absolute() / "redis.sock"

    @property
    def redis_address(self) -> str:
        """The Redis to use: as set, else the embedded one where it is there; empty: none. So a command that is run
        beside ``okr up`` wakes its workers."""
        given = self.redis_url.get_secret_value()
        return given or (f"unix://{self.redis_socket}" if self.redis_socket.is_socket() else "")

    @property
    def engine_url(self) -> str:
        """The database's address; SQLite in the data folder where none is set."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir.absolute() / 'okr.sqlite3'}"


def load_settings() -> Settings:
    """Read the environment and ``.env``. Raises BadSettings with every problem in one text."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"OKR_{'_'.join(map(str, each['loc'])).upper()}: {each['msg'].removeprefix('Value error, ')}"
            for each in error.errors(include_input=False)
        ]
        raise BadSettings("Some settings cannot be used:\n  " + "\n  ".join(lines)) from None
