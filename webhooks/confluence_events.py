"""The bytes of one webhook of Confluence Data Center → the page to look at again. No I/O.

Its payloads hold ids only: ``{"timestamp": …, "event": "page_updated", "userKey": "…", "page": {"id": 98305}}``
(mattermost/mattermost-plugin-confluence, which takes them in). An event is a hint: the page is read again.
"""

from __future__ import annotations

from dataclasses import dataclass

from webhooks.event_names import Handling
from webhooks.payload import NotAnEvent, an_id, an_object, load_payload, name_in

# A page that was created or copied holds no table of ours yet; comments raise no version; a blog post holds no table.
LOOK_AGAIN = frozenset({"page_updated", "page_restored", "page_trashed", "page_removed", "page_moved"})

TEST = "test"
"""The name under which a test of the connection is kept: ``{"test": true}``, as the webhook plugin of all Data Center
products sends it from the screen on which an administrator sets a webhook up. [U] for Confluence."""

# The other events that Confluence Data Center offers for a webhook, by the beginning of their names [S2: two settings
# pages that list all of them, e.g. roakit's]: what they are about holds no table of ours, and no figure.
LEFT_ALONE = (
    "page_created", "page_children_reordered", "blueprint_page_created", "content_", "blog_", "comment_", "attachment_",
    "label_", "space_", "theme_", "user_", "group_", TEST,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageEvent:
    """One event. ``page_id`` is empty where there is no page to look at."""

    name: str
    page_id: str


def parse_page_event(body: bytes) -> PageEvent:
    """The event in ``body``, which its caller has capped in size. Raises NotJson or NotAnEvent."""
    payload = load_payload(body)
    try:
        name = name_in(payload, "event")
    except NotAnEvent:
        if payload.get("test") is not True:
            raise
        return PageEvent(TEST, "")
    page_ids = an_id(an_object(payload.get("page")).get("id")) if name in LOOK_AGAIN else iter(())
    return PageEvent(name, next(page_ids, ""))


def handling_of_page_event(name: str) -> Handling:
    """What is done about the event of this name."""
    if name in LOOK_AGAIN:
        return Handling.READ_AGAIN
    return Handling.LEFT_ALONE if name.startswith(LEFT_ALONE) else Handling.UNKNOWN
