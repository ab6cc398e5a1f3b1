"""Which version each changed cell got its text in, and how few of them are read for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast

from connector.errors import Gone
from mapping.region_reading import TypedChange
from mapping.table_parts import Column
from sync.ports import Page, PageStore, PageVersion
from sync.typed_versions import MOST_VERSIONS, NOBODY, Since, Traced, trace

REGION = "okr"
START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
HEADER = "<tr><th>Key result</th><th>Now</th><th>Confidence</th></tr>"


def body(now: str, confidence: str = "6", header: str = HEADER) -> str:
    row = f'<tr><td><a href="https://okr.example/kr/T-KR1">T-KR1</a></td><td>{now}</td><td>{confidence}</td></tr>'
    return (
        f'<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">{REGION}</ac:parameter>'
        f"<ac:rich-text-body><table><tbody>{header}{row}</tbody></table></ac:rich-text-body></ac:structured-macro>"
    )


@dataclass
class Versions:
    """The bodies of a page, version 1 first, each by an account of its own (``p2`` made version 2)."""

    bodies: list[str]
    gone: frozenset[int] = frozenset()
    purged: frozenset[int] = frozenset()
    read: list[int] = field(default_factory=list)
    listed: int = 0

    def page(self, number: int) -> Page:
        at = START + timedelta(minutes=number)
        return Page("1", "2", "OKRs", "current", number, f"p{number}", self.bodies[number - 1], "", "", at, "")

    def read_version(self, page_id: str, number: int) -> Page:
        self.read.append(number)
        if number in self.gone:
            raise Gone("not there")
        return self.page(number)

    def versions(self, page_id: str, after: int) -> tuple[PageVersion, ...]:
        self.listed += 1
        numbers = [number for number in range(after + 1, len(self.bodies) + 1) if number not in self.purged]
        return tuple(PageVersion(n, f"p{n}", START + timedelta(minutes=n), "") for n in numbers)


def now_is(text: str) -> TypedChange:
    return TypedChange("T-KR1", Column.NOW, "29", text)


def traced(site: Versions, *changes: TypedChange, looked_at: int, ours: frozenset[int] = frozenset()) -> Traced:
    since = Since(1, looked_at, ours, REGION, "en")
    return trace(cast("PageStore", site), site.page(len(site.bodies)), since, changes)


def authors(site: Versions, *changes: TypedChange, ours: frozenset[int] = frozenset()) -> list[str]:
    """Where all versions but the present one were looked at before."""
    found = traced(site, *changes, looked_at=len(site.bodies) - 1, ours=ours)
    return [each.version.author_id for each in found.typed]


def typed_over(site: Versions, *changes: TypedChange, looked_at: int = 1) -> list[tuple[str, str]]:
    found = traced(site, *changes, looked_at=looked_at)
    return [(each.change.new, each.version.author_id) for each in found.typed_over]


def test_one_version_since_ours_is_explained_without_a_call() -> None:
    site = Versions([body("29"), body("27")])
    assert authors(site, now_is("27")) == ["p2"]
    assert (site.read, site.listed) == ([], 0)


def test_each_cell_has_the_author_of_its_present_text() -> None:
    site = Versions([body("29"), body("28"), body("27"), body("27", "8"), body("27", "8") + "<p>x</p>"])
    confidence = TypedChange("T-KR1", Column.CONFIDENCE, "6", "8")
    assert authors(site, now_is("27"), confidence) == ["p3", "p4"]


def test_no_version_is_read_that_explains_nothing() -> None:
    site = Versions([body("29"), body("28"), body("28"), body("27")])
    assert authors(site, now_is("27")) == ["p4"]
    assert site.read == [3]


def test_a_text_that_came_back_is_of_whoever_brought_it_back() -> None:
    site = Versions([body("29"), body("27"), body("28"), body("27")])
    assert authors(site, now_is("27")) == ["p4"]


def test_our_own_versions_are_nobodys_typing() -> None:
    site = Versions([body("29"), body("27"), body("27"), body("27")])
    assert authors(site, now_is("27"), ours=frozenset({3, 4})) == ["p2"]
    assert site.read == []


def test_versions_that_cannot_be_read_are_passed_over() -> None:
    without = body("27", header="<tr><th>What</th></tr>")
    site = Versions([body("29"), body("27"), body("27"), "<p>taken out</p>", without, "<p>", body("27")])
    site.gone = frozenset({3})
    assert authors(site, now_is("27")) == ["p2"]


def test_only_the_newest_are_walked_and_nobody_has_the_rest() -> None:
    """Not whoever made the oldest of these: it may well have stood there before, typed by somebody who may not."""
    site = Versions([body("29"), *[body("27")] * 40])
    assert authors(site, now_is("27")) == [NOBODY]
    assert len(site.read) == MOST_VERSIONS - 1
    walked_to_the_end = Versions([body("29"), *[body("27")] * MOST_VERSIONS])
    assert authors(walked_to_the_end, now_is("27")) == ["p2"]


def test_a_version_taken_out_of_the_history_makes_nobody_else_the_author() -> None:
    """Before the oldest that is listed, and between two of them; our own versions are no such gap."""
    first = Versions([body("29"), body("27"), body("27")], purged=frozenset({2}))
    assert authors(first, now_is("27")) == [NOBODY]
    between = Versions([body("29"), body("28"), body("27"), body("27")], purged=frozenset({3}))
    assert authors(between, now_is("27")) == [NOBODY]
    later = Versions([body("29"), body("27"), body("27"), body("27")], purged=frozenset({3}))
    assert authors(later, now_is("27")) == ["p2"]
    assert authors(first, now_is("27"), ours=frozenset({2})) == ["p3"]


def test_a_version_that_cannot_be_read_may_have_brought_it() -> None:
    """It went between the list and the reading, or its markup is broken: the author need not be who published next."""
    unread = Versions([body("29"), body("27"), body("27")], gone=frozenset({2}))
    assert authors(unread, now_is("27")) == [NOBODY]
    broken = Versions([body("29"), "<p>", body("27")])
    assert authors(broken, now_is("27")) == [NOBODY]
    no_table = Versions([body("29"), "<p>Away.</p>", body("27")])
    assert authors(no_table, now_is("27")) == ["p3"]


def test_what_differs_in_our_own_version_nobody_typed() -> None:
    assert authors(Versions([body("27")]), now_is("27")) == []
    assert authors(Versions([body("29"), body("27")]), now_is("27"), ours=frozenset({2})) == []


def test_a_version_that_is_listed_no_more_is_nobody_we_know() -> None:
    site = Versions([body("29"), body("27"), body("27")], purged=frozenset({2}))
    assert authors(site, now_is("27"), ours=frozenset({3})) == [NOBODY]


def test_without_a_change_nothing_is_asked() -> None:
    site = Versions([body("29"), body("27"), body("27")])
    assert authors(site) == []
    assert site.listed == 0


def test_what_was_typed_over_before_anybody_looked_is_told_once_with_who_typed_it_first() -> None:
    site = Versions([body("29"), body("28"), body("28"), body("26"), body("29"), body(""), body("27"), body("27")])
    assert typed_over(site, now_is("27")) == [("28", "p2"), ("26", "p4")]


def test_what_was_looked_at_is_not_told_again() -> None:
    site = Versions([body("29"), body("28"), body("26"), body("27")])
    assert typed_over(site, now_is("27"), looked_at=2) == [("26", "p3")]
    assert site.read == [3]


def test_figures_of_ours_that_were_typed_over_are_replaced_anyway() -> None:
    site = Versions([body("29", "6"), body("29", "5"), body("29", "4")])
    computed = TypedChange("T-KR1", Column.KEY_RESULT, "T-KR1", "x")
    assert typed_over(site, computed) == []


def test_who_publishes_while_the_versions_are_listed_typed_nothing_of_what_was_read() -> None:
    site = Versions([body("29"), body("29", "7"), body("30", "7"), body("31", "7"), body("31", "8")])
    since = Since(1, 2, frozenset(), REGION, "en")
    found = trace(cast("PageStore", site), site.page(3), since, [now_is("30")])
    assert [each.version.author_id for each in found.typed] == ["p3"]
    assert found.typed_over == ()


def test_what_stood_there_before_a_text_that_is_kept_was_not_typed_over() -> None:
    """A visit took "30" and came to no end: nobody typed the "29" that is seen on the way back."""
    site = Versions([body("29"), body("29", "7"), body("30", "7"), body("31", "7"), body("32", "7")])
    since = Since(1, 1, frozenset(), REGION, "en", {("T-KR1", Column.NOW): 3})
    change = TypedChange("T-KR1", Column.NOW, "30", "32")
    found = trace(cast("PageStore", site), site.page(5), since, [change])
    assert [(each.change.new, each.version.author_id) for each in found.typed_over] == [("31", "p4")]
