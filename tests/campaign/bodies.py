"""Random bodies around our table: what people, macros and old imports leave in a page."""

from __future__ import annotations

from random import Random

_PIECES = (
    "<p>Plain words.</p>",
    "<p>&nbsp;&uuml;&rarr;&#8226;&amp;lt; &lt;T&gt; 💥 e\u0301 \u200f שלום</p>",
    '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[<p>&nbsp;</p> ]] > a < b <tr><td>/kr/C-KR1'
    "</td></tr>]]></ac:plain-text-body></ac:structured-macro>",
    "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body><span>"
    'Ask <ac:link><ri:user ri:account-id="557058:1" /></ac:link></span></ac:task-body></ac:task></ac:task-list>',
    '<p>See <ac:link><ri:page ri:content-title="OKR &amp; more" /><ac:plain-text-link-body><![CDATA[the <page>]]>'
    "</ac:plain-text-link-body></ac:link></p>",
    '<p><ac:inline-comment-marker ac:ref="0b8e1c52-7d3a-4c7e-9a51-{n:012d}">Said</ac:inline-comment-marker> once</p>',
    '<table data-table-width="760"><tbody><tr><th>Key result</th><th>Now</th></tr><tr><td>x</td><td /></tr></tbody>'
    "</table>",
    '<ac:image ac:width="20"><ri:attachment ri:filename="a&quot;b.png" /></ac:image>',
    "<h2>Heading</h2><ul><li>one</li><li>two<ol><li>deep</li></ol></li></ul>",
    "<p class='x' data-y=\"a > b\">quoted<br/>lines</p>",
    '<p>\n  spread   out\n</p><hr /><time datetime="2026-11-25" />',
    "bare words between blocks",
    "<p /><p></p>",
    "<p>C-KR1 and as of 22 Nov 2026, 09:40 UTC stand here as plain words</p>",
)
_WRAPS = (
    "{inner}",
    '<ac:layout><ac:layout-section ac:type="two_equal"><ac:layout-cell>{inner}</ac:layout-cell><ac:layout-cell>'
    "<p>right</p></ac:layout-cell></ac:layout-section></ac:layout>",
    '<ac:structured-macro ac:name="panel"><ac:parameter ac:name="title">T</ac:parameter><ac:rich-text-body>{inner}'
    "</ac:rich-text-body></ac:structured-macro>",
    '<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">another</ac:parameter><ac:rich-text-body>{inner}'
    "</ac:rich-text-body></ac:structured-macro>",
    '<ac:structured-macro ac:name="expand"><ac:rich-text-body>{inner}</ac:rich-text-body></ac:structured-macro>',
)
_BROKEN = (
    "<p>never closed",
    "<p>a & b</p>",
    "</div>",
    "<p><strong>crossed</p></strong>",
    '<ac:structured-macro ac:name="details"><ac:parameter ac:name="id">okr-campaign</ac:parameter><ac:rich-text-body>',
    "<p>\x01</p>",
)


def random_body(chance: Random) -> str:
    """Well-formed; none of it is our region."""
    return "".join(_block(chance, depth=2) for _ in range(chance.randrange(5)))


def malformed_body(chance: Random) -> str:
    """A body that no save would accept."""
    return random_body(chance) + chance.choice(_BROKEN) + random_body(chance)


def random_piece(chance: Random) -> str:
    """One thing that a person adds to a page."""
    return chance.choice(_PIECES).replace("{n:012d}", f"{chance.randrange(10**12):012d}")


def _block(chance: Random, depth: int) -> str:
    if depth == 0 or chance.random() < 0.6:
        return random_piece(chance)
    inner = "".join(_block(chance, depth - 1) for _ in range(chance.randrange(1, 3)))
    return chance.choice(_WRAPS).replace("{inner}", inner)
