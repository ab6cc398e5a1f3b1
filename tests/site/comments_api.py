"""Confluence Cloud REST v2: inline comments.

Paths, fields and statuses: [S: confluence-v2 description] unless a line says otherwise.
"""

from html import escape
from typing import Any

from flask import Response, g, jsonify, request

from tests.site.confluence_answers import base_address, results
from tests.site.confluence_pages import RefusedError, Wiki
from tests.site.confluence_requests import one_of, sent_json, storage_text
from tests.site.page_comments import PageComments
from tests.site.store import Document, Store

_STATUSES = ("open", "reopened", "resolved", "dangling")


class CommentsApi:
    """One method per path. Each may raise RefusedError; the caller is in `flask.g.account`."""

    def __init__(self, store: Store) -> None:
        self._wiki = Wiki(store)
        self._comments = PageComments(store)

    def of_page(self, page_id: int) -> Response:
        """The comments on a page, by `resolution-status`."""
        page = self._wiki.page(str(page_id), g.account)
        wanted = one_of("resolution-status", _STATUSES) or list(_STATUSES)
        refs = self._comments.refs(page)
        shown = [each for each in self._comments.of(page) if self._comments.status(each, refs) in wanted]
        return results(shown, lambda each: self._json(each, refs))

    def one(self, comment_id: int) -> Response:
        """One comment."""
        comment, page = self._found(comment_id)
        return jsonify({**self._json(comment, self._comments.refs(page)), "_links": {"base": base_address()}})

    def create(self) -> Response:
        """A comment on words of a page."""
        sent = sent_json("pageId", "body", "inlineCommentProperties")
        page = self._wiki.page(str(sent["pageId"]), g.account)
        words = str(sent["inlineCommentProperties"].get("textSelection") or "")
        index = sent["inlineCommentProperties"].get("textSelectionMatchIndex", 0)
        if index != 0:
            # A gap of this stand-in.
            raise RefusedError(501, "The stand-in site comments on the first place only")
        comment = self._comments.add(page, g.account, words, storage_text({"body": sent["body"]}))
        answer = jsonify(self._json(comment, self._comments.refs(page)))
        answer.status_code = 201
        return answer

    def update(self, comment_id: int) -> Response:
        """Resolve a comment or open it again; one that dangles cannot be changed."""
        comment, page = self._found(comment_id)
        refs = self._comments.refs(page)
        if self._comments.status(comment, refs) == "dangling":
            raise RefusedError(400, "A dangling comment cannot be updated")
        self._comments.resolve(comment, sent_json("version").get("resolved") is True)
        return jsonify(self._json(self._comments.one(comment["id"]), refs))

    def _found(self, comment_id: int) -> tuple[Document, Document]:
        comment = self._comments.one(str(comment_id))
        return comment, self._wiki.page(comment["pageId"], g.account)

    def _json(self, comment: Document, refs: set[str]) -> dict[str, Any]:
        said = comment["said"] or f"<p>{escape(comment['words'])}?</p>"
        wanted = request.args.get("body-format") == "storage"
        return {
            "id": comment["id"],
            "status": "current",
            "title": "Re: comment",
            "pageId": comment["pageId"],
            "version": {
                "number": 1,
                "message": "",
                "minorEdit": False,
                "authorId": comment["authorId"],
                "createdAt": comment["createdAt"],
            },
            "body": {"storage": {"representation": "storage", "value": said}} if wanted else {},
            "resolutionStatus": self._comments.status(comment, refs),
            # [U] Atlassian's own answers carry both spellings of these; the description names this one.
            "properties": {"inlineMarkerRef": comment["ref"], "inlineOriginalSelection": comment["words"]},
            "_links": {},
        }
