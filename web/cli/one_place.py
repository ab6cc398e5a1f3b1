"""Do the five packages come from one place? Their names are plain words, so another distribution may shadow one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

PACKAGES = ("web", "webhooks", "sync", "connector", "mapping")


def shadowed(find: Callable[[str], ModuleSpec | None] = find_spec) -> str:
    """Empty where all five lie in one folder; otherwise which does not, and what to do. Imports none of them."""
    homes = {name: _home(find(name)) for name in PACKAGES}
    strangers = {name: home for name, home in homes.items() if home != homes["web"]}
    return _explain(homes["web"], strangers) if strangers else ""


def _home(spec: ModuleSpec | None) -> Path | None:
    """The folder in which the package lies; None where it is missing, or is no package with a file of its own."""
    return Path(spec.origin).resolve().parent.parent if spec is not None and spec.origin else None


def _explain(own: Path | None, strangers: Mapping[str, Path | None]) -> str:
    lines = [f"  {name}: {home or 'not found'}" for name, home in strangers.items()]
    return "\n".join(
        [
            f"okr lies in {own}, but Python finds a part of it elsewhere:",
            *lines,
            "Another package has the same name. Install OKR Connector into a virtual environment of its own:",
            "  python3 -m venv okr && okr/bin/pip install okr-connector",
        ]
    )
