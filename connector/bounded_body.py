"""Reading an answer within a size and a time, also one that trickles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from urllib3.exceptions import HTTPError

from connector.errors import Unavailable

_CHUNK = 65536


class RawBody(Protocol):
    """What we need of urllib3's answer."""

    def read1(self, amt: int | None = ..., decode_content: bool | None = ...) -> bytes: ...

    def close(self) -> None: ...

    def release_conn(self) -> None: ...


class BoundedBody:
    """A file-like wrapper that requests reads to the end. It takes what has arrived rather than waiting for a full
    chunk, so that the deadline is looked at even if a byte comes each minute."""

    def __init__(self, raw: RawBody, most_bytes: int, too_late: Callable[[], bool]) -> None:
        self._raw = raw
        self._left = most_bytes
        self._too_late = too_late

    def read(self, size: int = _CHUNK) -> bytes:
        """The next bytes, decompressed; empty at the end. Unavailable if it is too much, too slow or breaks off."""
        try:
            chunk = self._raw.read1(max(size, _CHUNK), decode_content=True)
        except (HTTPError, OSError):
            self.close()
            raise Unavailable("The answer broke off before its end.") from None
        self._left -= len(chunk)
        if self._left < 0:
            self._refuse("The answer is larger than this service reads.")
        if chunk and self._too_late():
            self._refuse("The answer took too long to arrive.")
        return chunk

    def close(self) -> None:
        """Give up the connection."""
        self._raw.close()

    def release_conn(self) -> None:
        """Hand the connection back for the next request."""
        self._raw.release_conn()

    def _refuse(self, why: str) -> None:
        self.close()
        raise Unavailable(why)
