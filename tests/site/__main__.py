"""`python -m tests.site`: the stand-in Atlassian site as a process of its own."""

import argparse
import os
import signal
import socket
import sys
import threading
import uuid
from dataclasses import asdict
from pathlib import Path

from tests.site import generated, sample, wiki_sample
from tests.site.app import create_app
from tests.site.confluence_drafts import ON_REST_WRITE
from tests.site.server import SiteServer
from tests.site.storage_rewrite import Rewriting
from tests.site.store import Store


def main() -> int:
    """Serve until a signal ends it; 2 if it cannot start."""
    options = _options()
    if options.fresh:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{options.data}{suffix}").unlink(missing_ok=True)
    port = options.port or _free_port()
    if not _is_free(port):
        return _refuse(f"Port {port} is in use. Choose another one with --port.")
    store = Store(options.data)
    known = store.all("meta").get("site")
    if known and known["world"] != options.world:
        return _refuse(f"{options.data} holds the world {known['world']}. Add --fresh to replace it.")
    if not known:
        _fill(store, options.world)
    _apply_settings(store, options)
    cloud_id = store.all("meta")["site"]["cloud_id"]
    url = f"http://127.0.0.1:{port}"
    app = create_app(
        store,
        cloud_id=cloud_id,
        base_url=url,
        retry_scale=options.retry_scale,
        record=options.record,
        data_center=options.data_center,
    )
    server = SiteServer(app, port, store.now)
    _end_quietly(options.until_stdin_closes)
    print(f"ready {url}", flush=True)
    server.serve_forever()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.site", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port and says which")
    parser.add_argument("--data", type=Path, required=True, help="the file that keeps everything")
    parser.add_argument("--world", default="sample", help="sample, or generated:<epics>x<issues of each>")
    parser.add_argument("--fresh", action="store_true", help="forget what the file holds")
    parser.add_argument("--retry-scale", type=float, default=1.0, help="multiplies the waits of webhooks")
    parser.add_argument("--record", type=Path, help="append every call with its bodies to this file, as lines of JSON")
    parser.add_argument("--rewrite", type=Rewriting.named, help="mild, full or wild:<seed>: what saving does to bodies")
    parser.add_argument("--drafts", choices=ON_REST_WRITE, help="what a write by REST does to an open draft")
    parser.add_argument("--data-center", action="store_true", help="be Confluence Data Center: no Cloud interfaces")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started it")
    return parser.parse_args()


def _fill(store: Store, world: str) -> None:
    kind, _, size = world.partition(":")
    if kind == "generated":
        generated.fill(store, *generated.size(size))
    elif world == "sample":
        sample.fill(store)
    else:
        raise SystemExit(f"There is no world {world!r}: take sample or generated:<epics>x<issues>.")
    wiki_sample.fill(store)
    store.put("meta", "site", {"world": world, "cloud_id": str(uuid.uuid4())})


def _apply_settings(store: Store, options: argparse.Namespace) -> None:
    if options.rewrite:
        store.put("meta", "rewriting", asdict(options.rewrite))
    if options.drafts:
        store.put("meta", "drafts", {"on_rest_write": options.drafts})


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)):
            return True
    except OSError:
        return False


def _end_quietly(with_stdin: bool) -> None:
    # Every change is in the file already, so there is nothing to finish.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGINT, lambda *_: os._exit(0))
    if with_stdin:
        threading.Thread(target=_exit_at_end_of_stdin, daemon=True).start()


def _exit_at_end_of_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
