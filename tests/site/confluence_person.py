"""What a person does in the wiki with a browser, for tests: over HTTP, through the same forms."""

from collections.abc import Callable
from html import unescape
from re import DOTALL, search

from requests import Response, Session

from tests.site import person_edits
from tests.site.accounts import PERSON_COOKIE, Account


class WikiPerson:
    """One person at a running site. Saving goes through the editor, which rewrites more than the REST interface."""

    def __init__(self, site_url: str, person: Account) -> None:
        self._url = site_url
        self._session = Session()
        self._session.cookies.set(PERSON_COOKIE, person.account_id)

    def publish(self, page_id: str, change: Callable[[str], str]) -> int:
        """Open the box, replace the text by `change(text)`, publish: 200 if it stands, 409 if somebody was faster."""
        return self._save(page_id, change, "publish").status_code

    def keep_draft(self, page_id: str, change: Callable[[str], str]) -> None:
        """Type without publishing."""
        self._save(page_id, change, "draft").raise_for_status()

    def discard_draft(self, page_id: str) -> None:
        """Throw the unpublished typing away."""
        self._save(page_id, str, "discard").raise_for_status()

    def comment(self, page_id: str, words: str) -> None:
        """Comment on words of the page; its version stays."""
        self.act(page_id, "comment", words=words)

    def restore_version(self, page_id: str, number: int) -> None:
        """Publish an old version again."""
        self.act(page_id, "restore-version", number=str(number))

    def copy_page(self, page_id: str) -> str:
        """Copy the page; the answer is the id of the copy."""
        return _found(r"/pages/(\d+)/", self.act(page_id, "copy"))

    def copy_table(self, page_id: str, key: str) -> None:
        """Copy the macro with that key and all in it within the page, right behind itself."""
        self._change(page_id, lambda text: person_edits.with_copied_macro(text, key))

    def sort_rows(self, page_id: str, key: str, column: int, *, descending: bool = False) -> None:
        """Bring the rows below the header into the order of a column's words."""
        self._change(page_id, lambda text: person_edits.with_sorted_rows(text, key, column, descending=descending))

    def double_row(self, page_id: str, key: str, words: str) -> None:
        """Copy the row in which these words stand, right below itself."""
        self._change(page_id, lambda text: person_edits.with_doubled_row(text, key, words))

    def type_in_cell(self, page_id: str, key: str, words: str, column: int, text: str) -> None:
        """Type over a cell of the row in which these words stand."""
        self._change(page_id, lambda body: person_edits.with_typed_cell(body, key, words, column, text))

    def rename_header(self, page_id: str, key: str, column: int, text: str) -> None:
        """Type over the header of a column."""
        self._change(page_id, lambda body: person_edits.with_renamed_header(body, key, column, text))

    def act(self, page_id: str, act: str, **form: str) -> str:
        """Press a button below the page: copy, archive, delete, restore, purge, move (space=…), make-live,
        restrict (viewing=…), open, restore-version (number=…). The answer is the address of what is then shown.

        AssertionError if the page shows a refusal.
        """
        answer = self._session.post(f"{self._url}/wiki/spaces/{self._space(page_id)}/acts/{page_id}/{act}", data=form)
        answer.raise_for_status()
        assert 'role="alert"' not in answer.text, f"{act} was refused"
        return answer.url

    def _change(self, page_id: str, change: Callable[[str], str]) -> None:
        assert self.publish(page_id, change) == 200, "somebody else published first"

    def _save(self, page_id: str, change: Callable[[str], str], button: str) -> Response:
        address = f"{self._url}/wiki/spaces/{self._space(page_id)}/pages/edit-v2/{page_id}"
        box = self._session.get(address)
        box.raise_for_status()
        form = {
            "title": _found(r'name="title" value="([^"]*)"', box.text),
            "version": _found(r'name="version" value="(\d+)"', box.text),
            "body": change(_found(r'<textarea id="body"[^>]*>\n(.*?)</textarea>', box.text)),
            "button": button,
        }
        return self._session.post(address, data=form)

    def _space(self, page_id: str) -> str:
        shown = self._session.get(f"{self._url}/wiki/pages/viewpage.action?pageId={page_id}")
        shown.raise_for_status()
        return _found(r"/wiki/spaces/([^/]+)/", shown.url)


def _found(pattern: str, text: str) -> str:
    match = search(pattern, text, DOTALL)
    assert match, f"{pattern} does not stand on the screen"
    return unescape(match[1])
