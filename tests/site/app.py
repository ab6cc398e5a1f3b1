"""The site put together: the API gateway in front, both products' interfaces and the screens behind it."""

import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, make_response, redirect, request
from werkzeug.wrappers.response import Response as BaseResponse

from tests.site import (
    confluence_api,
    control,
    control_answers,
    control_webhooks,
    control_world,
    data_center_api,
    jira_api,
    screens,
    wiki_screens,
)
from tests.site.accounts import PERSON_COOKIE, Account, Accounts
from tests.site.data_center_webhooks import PageWebhooks
from tests.site.jira_call import Jira
from tests.site.jira_search import Search
from tests.site.jira_webhooks import JIRA_SENDERS, Webhooks
from tests.site.late_rule import LateRule
from tests.site.notifications import Notifications
from tests.site.parts import SiteParts
from tests.site.postman import Post, Postman
from tests.site.site_clock import SiteClock
from tests.site.store import Store
from tests.site.traffic import Traffic
from tests.site.webhook_trouble import Troubles
from tests.site.world import World

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Wsgi = Callable[[Environ, StartResponse], Iterable[bytes]]

_GATEWAY = re.compile(r"^/ex/(jira|confluence)/([^/]+)(/.*)$")
_PRODUCT_PATHS = {"jira": "/rest/", "confluence": "/wiki/"}


def create_app(store: Store, **options: Any) -> Flask:
    """The site over a filled store, as a WSGI application; the options are those of `assemble`."""
    return assemble(store, **options).app


def assemble(
    store: Store,
    *,
    cloud_id: str,
    base_url: str = "http://localhost",
    retry_scale: float = 1.0,
    record: Path | None = None,
    data_center: bool = False,
    post: Post | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> SiteParts:
    """The site over a filled store.

    `base_url` stands in links of webhook payloads; the waits of webhooks are multiplied by `retry_scale`; `record` is a
    file that gets every call with its bodies. With `data_center` the interfaces of Cloud are not there; those of
    Confluence Data Center always are. With `post`, no thread is ever started: deliveries of webhooks are handed to it,
    and only when `deliver_due` is called. `sleep` is how a slow answer takes its time.
    """
    app = Flask(__name__)
    app.url_rule_class = LateRule
    app.json.sort_keys = False  # type: ignore[attr-defined]
    accounts, world, clock = Accounts(store), World(store), SiteClock(store)
    search = Search(world)
    Notifications(store)
    hooks, page_hooks = Webhooks(store, world, search, base_url, retry_scale), PageWebhooks(store, accounts)
    postmen = Postman(store, clock, hooks, post, JIRA_SENDERS), Postman(store, clock, page_hooks, post, 1)
    for postman in postmen:
        postman.outbox.take_up()
    _register_edges(app, store, accounts, cloud_id)
    jira_api.register(app, Jira(store, accounts, world, search))
    confluence_api.register(app, store, accounts)
    data_center_api.register(app, store, accounts, lambda: world.search_index.lag)
    screens.register(app, store, accounts, world)
    wiki_screens.register(app, store, accounts)
    behind = Gateway(app.wsgi_app, cloud_id)
    traffic = Traffic(data_center_api.OnlyDataCenter(behind) if data_center else behind, record, store.now, sleep)
    app.wsgi_app = traffic  # type: ignore[method-assign]
    parts = SiteParts(app, store, accounts, world, clock, Troubles(store), traffic, *postmen)
    control.register(app, store, accounts, world)
    control_world.register(app, world, accounts)
    control_answers.register(app, traffic)
    control_webhooks.register(app, parts)
    return parts


def _register_edges(app: Flask, store: Store, accounts: Accounts, cloud_id: str) -> None:
    @app.context_processor
    def frame() -> dict[str, Any]:
        return {**frame_values(accounts), "version_of": store.version}

    @app.get("/_edge/tenant_info")
    def tenant_info() -> Response:
        # [S] The address that Atlassian's own tools use to look up a cloud id; no credentials needed.
        return jsonify({"cloudId": cloud_id})

    @app.get("/favicon.ico")
    def no_icon() -> tuple[str, int]:
        return "", 204

    @app.get("/_site/version")
    def version() -> Response:
        return jsonify({"version": store.version(request.args.get("of", ""))})

    @app.post("/_site/person")
    def choose_person() -> BaseResponse:
        response = make_response(redirect(_own_path(request.form.get("back", "/"))))
        response.set_cookie(PERSON_COOKIE, request.form["person"], samesite="Lax")
        return response


def frame_values(accounts: Accounts) -> dict[str, Any]:
    """What `frame.html` needs on every screen."""
    people: list[Account] = accounts.people()
    return {"people": people, "person": accounts.person(request) if people else None, "here": request.full_path}


def _own_path(path: str) -> str:
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


class Gateway:
    """`/ex/<product>/<cloudId>/…` leads to the same interface as the site address, with other tokens.

    [S] developer.atlassian.com: api.atlassian.com/ex/jira/{cloudId} and /ex/confluence/{cloudId}. The environment
    then holds `site.gateway`, and the prefix is the script name, so that links in answers carry it.
    """

    def __init__(self, inner: Wsgi, cloud_id: str) -> None:
        self._inner = inner
        self._cloud_id = cloud_id

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        match = _GATEWAY.match(environ["PATH_INFO"])
        if not match:
            return self._inner(environ, start_response)
        product, cloud_id, path = match.groups()
        if cloud_id != self._cloud_id or not path.startswith(_PRODUCT_PATHS[product]):
            return _unknown(environ, start_response)
        environ["site.gateway"] = True
        environ["SCRIPT_NAME"] = f"/ex/{product}/{cloud_id}"
        environ["PATH_INFO"] = path
        return self._inner(environ, start_response)


def _unknown(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    # [U] The gateway's body for a cloud id or path that it does not know.
    answer = Response('{"code":404,"message":"Not Found"}', 404, content_type="application/json")
    return answer(environ, start_response)
