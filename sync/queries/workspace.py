"""What holds for the whole: its name, who may read it, and the settings that only whoever runs the service changes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from connector.store import workspaces
from connector.store.connections import load_connections
from mapping.figures import Thresholds
from sync.ports import Resources


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """``sites``: hosts of what is connected. ``settings``: name of the variable and its value, none of them secret."""

    name: str
    open_to_readers: bool
    address: str
    sites: tuple[str, ...]
    settings: dict[str, str]
    thresholds: Thresholds


def load_workspace(on: Resources, workspace_id: int) -> WorkspaceView:
    """As it is now."""
    with on.database.read() as conn:
        workspace = workspaces.load_workspace(conn, workspace_id)
        connections = load_connections(conn, workspace_id)
    sites = dict.fromkeys(urlsplit(connection.site_url).netloc for connection in connections)
    return WorkspaceView(
        name=workspace.name,
        open_to_readers=workspace.open_to_readers,
        address=on.settings.public_url,
        sites=tuple(sites),
        settings=_shown(on),
        thresholds=Thresholds(),
    )


def _shown(on: Resources) -> dict[str, str]:
    """By name, so that a new setting is not shown before somebody decided that it holds no secret."""
    has = on.settings
    return {
        "OKR_BASE_URL": has.public_url,
        "OKR_POLL_SECONDS": f"{has.poll_seconds}",
        "OKR_FULL_CHECK_HOURS": f"{has.full_check_hours:g}",
        "OKR_WRITE_BUCKET": f"{has.write_bucket}",
        "OKR_WRITE_REFILL_MINUTES": f"{has.write_refill_minutes:g}",
        "OKR_DATA_CENTER_WRITE_BUCKET": f"{has.data_center_write_bucket}",
        "OKR_DATA_CENTER_WRITE_REFILL_MINUTES": f"{has.data_center_write_refill_minutes:g}",
    }
