"""Saving that rewrites mildly, fully and wildly: other text, the same page."""

import itertools
import re
from collections.abc import Callable

import pytest

from tests.site.render import render
from tests.site.storage_rewrite import Rewriting
from tests.unit.site.confluence_world import SampleWiki

BODY = (
    '<h2>T</h2><table data-table-width="960"><colgroup><col style="width: 144px" /></colgroup>'
    '<thead><tr><th data-highlight-colour="#e6fcff">Now &mdash; &auml;</th></tr></thead>'
    "<tbody><tr><td /></tr><tr><td><p><strong>a</strong><strong>b</strong>"
    '<em><a href="https://x.example/">y</a></em></p></td></tr></tbody></table>'
    '<p>x <ac:structured-macro ac:name="status"><ac:parameter ac:name="title">On</ac:parameter>'
    '<ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro></p>'
    '<p><a href="https://x.example/">https://x.example/</a></p><ul><li><p>1</p></li></ul>'
    '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[a  <b> &nbsp; ]]></ac:plain-text-body>'
    "</ac:structured-macro>"
)


@pytest.fixture
def new_id() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{next(numbers):08d}-0000-4000"


def _words(text: str) -> str:
    return "".join(re.sub("<[^>]*>", "", render(text)).split())


@pytest.mark.parametrize(
    "expected",
    [
        r'<table data-table-width="960" data-layout="default" ac:local-id="\w{12}">',
        r'<col style="width: 144\.0px;" />',
        r'<tbody><tr ac:local-id="\w{12}"><th data-highlight-colour="#e6fcff" ac:local-id="\w{12}">',
        r'<td ac:local-id="\w{12}"><p local-id="\w{12}" /></td>',
        r"<strong>ab</strong>",
        r'<a href="https://x\.example/"><em>y</em></a>',
        r'ac:name="status" ac:schema-version="1" ac:local-id="\w{12}" ac:macro-id="[\w-]+"',
        r"</ac:structured-macro> </p>",
        r'data-card-appearance="inline"',
        r"Now &mdash; &auml;",
    ],
)
def test_fully_all_that_is_seen_somewhere_is_done(expected: str, new_id: Callable[[], str]) -> None:
    assert re.search(expected, Rewriting("full").by_rest(BODY, new_id))


@pytest.mark.parametrize("level", ["mild", "full"])
def test_what_was_kept_is_kept_again_byte_for_byte(level: str, new_id: Callable[[], str]) -> None:
    for save in (Rewriting(level).by_rest, Rewriting(level).by_editor):
        kept = save(BODY, new_id)
        assert save(kept, new_id) == kept
        assert Rewriting(level).by_rest(kept, new_id) == kept


@pytest.mark.parametrize("seed", range(12))
def test_wildly_the_page_stays_the_same_to_its_readers(seed: int, new_id: Callable[[], str]) -> None:
    kept = Rewriting("wild", seed).by_rest(BODY, new_id)
    assert _words(kept) == _words(BODY)
    assert "<![CDATA[a  <b> &nbsp; ]]>" in kept
    assert render(kept).count("<tr>") == 3
    assert 'class="hl-teal"' in render(kept)


def test_wildly_each_seed_makes_another_text_and_one_seed_always_the_same(new_id: Callable[[], str]) -> None:
    def same_id() -> str:
        return "00000000-0000-4000"

    texts = {Rewriting("wild", seed).by_rest(BODY, same_id) for seed in range(20)}
    assert len(texts) > 15
    assert Rewriting("wild", 3).by_rest(BODY, same_id) == Rewriting("wild", 3).by_rest(BODY, same_id)
    assert any("&#8212;" in text for text in texts)
    assert any("—" in text for text in texts)
    assert any("<p></p>" in re.sub(' [a-z:-]*local-id="[^"]*"', "", text) for text in texts)
    assert any("var(--ds-background-accent-teal-subtlest, #e6fcff)" in text for text in texts)


def test_a_level_that_is_not_known_is_refused() -> None:
    assert Rewriting.named("wild:7") == Rewriting("wild", 7)
    for wrong in ("tame", "wild:x"):
        with pytest.raises(ValueError, match=r"rewriting|invalid literal"):
            Rewriting.named(wrong)


def test_a_site_is_told_how_to_rewrite() -> None:
    wiki = SampleWiki()
    assert wiki.client.post("/_site/rewrite", json={"how": "tame"}).status_code == 400
    assert wiki.client.post("/_site/rewrite", json={"how": "full"}).status_code == 204
    wiki.put(wiki.page_id(), "<p>x</p>", 4)
    assert re.fullmatch(r'<p local-id="\w{12}">x</p>', wiki.page(wiki.page_id())["body"]["storage"]["value"])
