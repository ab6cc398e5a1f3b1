"""The Connect descriptor, as the file says it with only the base address filled in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, jsonify

import web
from web.pages import resources

views = Blueprint("connect", __name__)

FILE_NAME = "atlassian-connect.json"


@views.get(f"/{FILE_NAME}")
def descriptor() -> Response:
    return jsonify({**_in_file(), "baseUrl": resources().settings.public_url})


@lru_cache
def _in_file() -> Mapping[str, object]:
    """Installed, the file lies in this package; in a checkout it lies at the top, where it is edited."""
    package = Path(web.__file__).parent
    places = (package / FILE_NAME, package.parent / FILE_NAME)
    content: Mapping[str, object] = json.loads(next(place for place in places if place.is_file()).read_text("utf-8"))
    return content
