"""Bodies of pages as people and Confluence make them, for property tests. Nothing in them is our region."""

from __future__ import annotations

from hypothesis import strategies as st

from mapping.storage_text import text_of

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
_WORDS = st.text(_LETTERS, max_size=12).map(text_of)
_ENTITIES = st.sampled_from(
    ["&nbsp;", "&uuml;", "&rarr;", "&amp;", "&lt;", "&#8226;", "&#x2014;", "&unknown;", "\n", "  "]
)
_VERBATIM = [
    '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[<p>&nbsp;</p> ]] > '
    '<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">okr-q4-2026</ac:parameter></ac:structured-macro>'
    "]]></ac:plain-text-body></ac:structured-macro>",
    "<!-- <ac:structured-macro ac:name='details'> -->",
    "<p>a<br/>b<br />c</p>",
    "<hr/>",
    "<p class='x' data-y=\"a > b\">quoted</p>",
    "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>"
    "<ac:task-body><span>Ask <ac:link><ri:user ri:account-id='5b1:2'/></ac:link></span></ac:task-body></ac:task>"
    "</ac:task-list>",
    '<p>See <ac:link><ri:page ri:content-title="OKR &amp; more" /><ac:plain-text-link-body><![CDATA[the <page>]]>'
    "</ac:plain-text-link-body></ac:link></p>",
    '<p><ac:inline-comment-marker ac:ref="0b8e">commented</ac:inline-comment-marker> text</p>',
    '<ac:image ac:width="20"><ri:attachment ri:filename="a&quot;b.png"/></ac:image>',
    "<p>💥 e\u0301 \u200f שלום</p>",
    '<table data-table-width="760"><tbody><tr><th>Key result</th><th>Now</th></tr><tr><td>x</td><td/></tr></tbody>'
    "</table>",
    "<time datetime='2026-11-25' />",
]
_INLINE = st.lists(_WORDS | _ENTITIES, max_size=4).map("".join)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    many = st.lists(inner, max_size=3).map("".join)
    return st.one_of(
        many.map(lambda body: f"<div>{body}</div>"),
        many.map(
            lambda body: (
                "<ac:layout><ac:layout-section ac:type='two_equal'><ac:layout-cell>"
                f"{body}</ac:layout-cell><ac:layout-cell/></ac:layout-section></ac:layout>"
            )
        ),
        many.map(
            lambda body: (
                '<ac:structured-macro ac:name="panel"><ac:parameter ac:name="title">T</ac:parameter>'
                f"<ac:rich-text-body>{body}</ac:rich-text-body></ac:structured-macro>"
            )
        ),
        many.map(
            lambda body: (
                '<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">another</ac:parameter>'
                f"<ac:rich-text-body>{body}</ac:rich-text-body></ac:structured-macro>"
            )
        ),
    )


def bodies() -> st.SearchStrategy[str]:
    """Well-formed storage format, of some elements side by side and in each other."""
    block = st.one_of(_INLINE.map(lambda words: f"<p>{words}</p>"), st.sampled_from(_VERBATIM), _INLINE)
    return st.lists(st.recursive(block, _wrapped, max_leaves=4), max_size=4).map("".join)
