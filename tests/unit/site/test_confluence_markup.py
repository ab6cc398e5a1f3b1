"""Reading and writing storage format."""

import pytest

from tests.site.confluence_markup import NotWellFormedError, parse, serialise


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>a &#160;b &nbsp;c</p>", "<p>a &nbsp;b &nbsp;c</p>"),
        ("<p>→ &rarr; ü ✎ ■</p>", "<p>&rarr; &rarr; &uuml; ✎ ■</p>"),
        ('<p>5 &lt; 6 &amp; "x"</p>', "<p>5 &lt; 6 &amp; &quot;x&quot;</p>"),
        ("<p></p><br/>", "<p /><br />"),
        ("<p>a<!-- never kept -->b</p>", "<p>ab</p>"),
        ("<p>a</p>\n<p>b</p>\n", "<p>a</p>\n<p>b</p>\n"),
        ("\n\n<p>a</p>", "\n\n<p>a</p>"),
        ('<a href="?a=1&amp;b=%22&quot;">x</a>', '<a href="?a=1&amp;b=%22&quot;">x</a>'),
        (
            "<ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b & <p>]]></ac:plain-text-body>",
            "<ac:plain-text-body><![CDATA[a]]]]><![CDATA[>b & <p>]]></ac:plain-text-body>",
        ),
    ],
)
def test_text_is_kept_as_confluence_writes_it(sent: str, kept: str) -> None:
    assert serialise(parse(sent)) == kept
    assert serialise(parse(kept)) == kept


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<p>a</b>", "[1,7]"),
        ("<p>one</p>\n<p>&unknown;</p>", "[2,4]"),
        ("a & b", "[1,4]"),
        ("</body><body>", None),
        ("<foo:bar />", "[1,1]"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><p>&a;</p>", None),
        ("<p>" * 300 + "</p>" * 300, None),
    ],
)
def test_what_is_not_well_formed_is_refused_with_its_place(text: str, place: str | None) -> None:
    with pytest.raises(NotWellFormedError, match="Error parsing xhtml") as caught:
        parse(text)
    assert place is None or str(caught.value).endswith(place)
