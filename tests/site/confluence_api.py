"""Confluence Cloud REST v2, put together: which path is answered by what."""

from flask import Flask

from tests.site.accounts import Accounts
from tests.site.answering import View, answering
from tests.site.comments_api import CommentsApi
from tests.site.confluence_answers import refused, unauthorized
from tests.site.confluence_properties import Properties
from tests.site.confluence_reads import Reads
from tests.site.confluence_users import Users
from tests.site.confluence_writes import Writes
from tests.site.store import Store

_ROOT = "/wiki/api/v2"


def register(app: Flask, store: Store, accounts: Accounts) -> None:
    """Add the routes to the application. All are for known accounts only; each runs under the store's lock."""
    reads, writes, properties = Reads(store), Writes(store), Properties(store)
    comments = CommentsApi(store)
    page, value = "/pages/<int:page_id>", "/pages/<int:page_id>/properties"
    routes: tuple[tuple[str, str, View], ...] = (
        ("GET", "/spaces", reads.spaces),
        ("GET", "/spaces/<int:space_id>", reads.space),
        ("GET", "/spaces/<int:space_id>/pages", reads.pages_of_space),
        ("GET", "/pages", reads.pages),
        ("POST", "/pages", writes.create),
        ("GET", page, reads.page),
        ("PUT", page, writes.update),
        ("DELETE", page, writes.delete),
        ("PUT", f"{page}/title", writes.retitle),
        ("GET", f"{page}/operations", reads.operations),
        ("GET", f"{page}/direct-children", reads.direct_children),
        ("GET", f"{page}/versions", reads.versions),
        ("GET", f"{page}/versions/<int:number>", reads.version),
        ("GET", value, properties.of_page),
        ("POST", value, properties.create),
        ("GET", f"{value}/<int:property_id>", properties.one),
        ("PUT", f"{value}/<int:property_id>", properties.update),
        ("DELETE", f"{value}/<int:property_id>", properties.delete),
        ("GET", f"{page}/inline-comments", comments.of_page),
        ("POST", "/inline-comments", comments.create),
        ("GET", "/inline-comments/<int:comment_id>", comments.one),
        ("PUT", "/inline-comments/<int:comment_id>", comments.update),
        ("POST", "/users-bulk", Users(accounts).bulk),
    )
    for method, path, view in routes:
        endpoint = f"confluence {method} {path}"
        guarded = accounts.required(unauthorized)(answering(view, refused))
        app.add_url_rule(_ROOT + path, endpoint, guarded, methods=[method])
