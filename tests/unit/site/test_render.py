"""Storage format as readers see it."""

import pytest

from tests.site.render import Surroundings, render


@pytest.mark.parametrize(
    ("storage", "html"),
    [
        ("<p>a &lt;b&gt; &amp; &nbsp;c<br /></p>", "<p>a &lt;b&gt; &amp; \xa0c<br></p>"),
        ('<a href="https://x.example/?a=1&amp;b=2">x</a>', '<a href="https://x.example/?a=1&amp;b=2">x</a>'),
        ('<a href="javascript:steal()">x</a>', "x"),
        ("<p onclick='x()'>a</p><blink>b</blink>", "<p>a</p>b"),
        ('<span style="color: rgb(7,71,166);">■</span>', '<span class="c-blue">■</span>'),
        ('<span style="color: #123456;">■</span>', '<span class="c-other" style="--own:#123456">■</span>'),
        ('<span style="background: url(x)">■</span>', "■"),
    ],
)
def test_html_elements(storage: str, html: str) -> None:
    assert render(storage) == html


def _macro(name: str, inside: str = "", attributes: str = "", **parameters: str) -> str:
    given = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    body = f"<ac:rich-text-body>{inside}</ac:rich-text-body>" if inside else ""
    return f'<ac:structured-macro ac:name="{name}"{attributes}>{given}{body}</ac:structured-macro>'


@pytest.mark.parametrize(
    ("storage", "html"),
    [
        (_macro("status", title="Off &lt;pace", colour="Red"), '<span class="loz red">Off &lt;pace</span>'),
        (_macro("status", title="Planned", colour='"&gt;'), '<span class="loz grey">Planned</span>'),
        (_macro("details", "<p>a</p>", id="okr"), '<div class="props"><p>a</p></div>'),
        (_macro("details", "<p>a</p>", id="okr", hidden="true"), ""),
        (
            _macro("expand", "<p>a</p>", title="More"),
            "<details><summary>More</summary><div><p>a</p></div></details>",
        ),
        (_macro("info", "<p>a</p>"), '<div class="panel info"><div><p>a</p></div></div>'),
        (_macro("acme-map", "<p>a</p>"), '<div class="cf-unknown">Macro acme-map<p>a</p></div>'),
    ],
)
def test_macros(storage: str, html: str) -> None:
    assert render(storage) == html


def test_code_is_shown_as_it_is() -> None:
    code = "<ac:plain-text-body><![CDATA[<p>&nbsp;]]></ac:plain-text-body>"
    html = render(f'<ac:structured-macro ac:name="code">{code}</ac:structured-macro>')
    assert "<pre><code>&lt;p&gt;&amp;nbsp;</code></pre>" in html


def test_a_table_has_its_column_widths_spans_and_colours() -> None:
    html = render(
        '<table data-table-width="760"><colgroup><col style="width: 190.0px;" /><col style="width: 570.0px;" />'
        '</colgroup><tbody><tr><th data-highlight-colour="#E6FCFF">a</th><td colspan="2">b</td>'
        '<td data-highlight-colour="#123456">c</td></tr></tbody></table>'
    )
    assert "max-width:760px" in html
    assert '<col style="width:25.00%"><col style="width:75.00%">' in html
    assert '<th class="hl-teal">a</th><td colspan="2">b</td>' in html
    assert '<td class="hl-other" style="--own:#123456">c</td>' in html


@pytest.mark.parametrize(("layout", "width"), [("", 760), (' data-layout="wide"', 960)])
def test_a_table_is_as_wide_as_the_macro_around_it_allows(layout: str, width: int) -> None:
    html = render(_macro("details", '<table data-table-width="960"></table>', layout))
    assert f"max-width:{width}px" in html
    assert ('class="wide"' in html) is (width > 760)


def test_a_table_after_a_macro_is_not_bound_by_it() -> None:
    after = render(_macro("details", "<p>a</p>") + '<table data-table-width="960"></table>')
    assert "max-width:960px" in after


def test_links_to_pages_and_people_are_looked_up() -> None:
    around = Surroundings(
        lambda title, space: f"/{space}/{title}" if title == "Here" else None,
        lambda account_id: "Ana Duarte" if account_id == "a" else None,
    )
    page = '<ac:link><ri:page ri:content-title="{}" ri:space-key="K" /></ac:link>'
    assert render(page.format("Here"), around) == '<a href="/K/Here">Here</a>'
    assert render(page.format("Gone"), around) == '<span class="cf-missing">Gone</span>'
    mention = '<ac:link><ri:user ri:account-id="a" /></ac:link>'
    assert render(mention, around) == '<span class="cf-mention">@Ana Duarte</span>'


def test_tasks_and_comments_are_shown() -> None:
    task = "<ac:task><ac:task-status>complete</ac:task-status><ac:task-body>x</ac:task-body></ac:task>"
    assert '<input type="checkbox" disabled checked><span>x</span>' in render(f"<ac:task-list>{task}</ac:task-list>")
    marked = '<p><ac:inline-comment-marker ac:ref="1">x</ac:inline-comment-marker></p>'
    assert ">x</mark>" in render(marked)


def test_a_body_that_cannot_be_read_says_so() -> None:
    assert render("<p>").startswith('<p class="cf-broken">Error parsing xhtml')


def test_a_panel_that_the_editor_made_is_shown_once() -> None:
    node = (
        '<ac:adf-extension><ac:adf-node type="panel"><ac:adf-attribute key="panel-type">note</ac:adf-attribute>'
        "<ac:adf-content><p>a</p></ac:adf-content></ac:adf-node><ac:adf-fallback><p>a</p></ac:adf-fallback>"
        "</ac:adf-extension>"
    )
    assert render(node) == '<div class="panel note"><div><p>a</p></div></div>'
    assert render(node.replace("ac:adf-content", "ac:adf-other")) == "<p>a</p>"


def test_numbers_of_rows_and_colours_behind_tokens_are_shown() -> None:
    cells = (
        '<tr><td class="numberingColumn">1</td>'
        '<td data-highlight-colour="var(--ds-background-accent-red-subtlest, #ffebe6)">a</td></tr>'
    )
    assert '<td class="number">1</td><td class="hl-red">a</td>' in render(f"<table><tbody>{cells}</tbody></table>")


@pytest.mark.parametrize(
    ("columns", "narrowest"),
    [("", 96), ('<colgroup><col style="width: 100px;" /><col style="width: 300px;" /></colgroup>', 192)],
)
def test_a_table_shrinks_until_its_narrowest_column_has_48_pixels(columns: str, narrowest: int) -> None:
    table = f"<table>{columns}<tbody><tr><td /><td /></tr></tbody></table>"
    assert f"--narrowest:{narrowest}px" in render(table)
