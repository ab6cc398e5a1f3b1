"""Views that refuse by raising: the refusal becomes the answer, in the form of their interface."""

from collections.abc import Callable
from typing import Any

from flask import Response

from tests.site.confluence_pages import RefusedError

View = Callable[..., Response]


def answering(view: View, refused: Callable[[RefusedError], Response]) -> View:
    """The view, with its refusals as answers."""

    def answer(**path_values: Any) -> Response:
        try:
            return view(**path_values)
        except RefusedError as refusal:
            return refused(refusal)

    return answer
