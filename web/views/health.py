"""What machines ask: is the process alive, can it work, and how much of everything there is."""

from __future__ import annotations

from flask import Blueprint, Response

from sync.queries.measures import Sample, load_samples
from sync.queries.readiness import look
from web.access import is_local
from web.pages import resources

views = Blueprint("health", __name__)


@views.get("/healthz")
def alive() -> Response:
    """The process answers. Nothing else is looked at, so that a database that is away never gets it restarted."""
    return _text("alive\n")


@views.get("/readyz")
def ready() -> Response:
    """200 where the database answers and has this version's tables; Redis is told, and its absence is no failure.

    Why it is not ready names hosts and accounts: that is told on this machine, and to nobody elsewhere."""
    found = look(resources())
    if not is_local():
        return _text("ready\n" if found.is_ready else "not ready\n", 200 if found.is_ready else 503)
    lines = [f"database: {found.database}", f"redis: {found.redis}"]
    return _text("\n".join(lines) + "\n", 200 if found.is_ready else 503)


@views.get("/metrics")
def metrics() -> Response:
    """Counts of the present, in the text format of Prometheus (version 0.0.4)."""
    text = render(load_samples(resources(), resources().clock.now()))
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def render(samples: tuple[Sample, ...]) -> str:
    """One block for each name, in the order in which the names come first."""
    lines: list[str] = []
    for name in dict.fromkeys(sample.name for sample in samples):
        same = [sample for sample in samples if sample.name == name]
        lines += [f"# HELP {name} {same[0].meaning}", f"# TYPE {name} {same[0].kind}"]
        lines += [f"{name}{_labels(sample)} {sample.value:g}" for sample in same]
    return "\n".join(lines) + "\n"


def _labels(sample: Sample) -> str:
    parts = (f'{name}="{_escaped(value)}"' for name, value in sample.labels)
    inside = ",".join(parts)
    return f"{{{inside}}}" if inside else ""


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _text(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
