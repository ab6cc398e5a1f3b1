"""OKR tables as people make them by hand in Confluence, in storage format."""

from __future__ import annotations

from collections.abc import Sequence

HEADER_ROW = """<h2>Payments</h2>
<table data-table-width="1200" data-layout="wide" ac:local-id="a1"><colgroup><col style="width: 200.0px;" /></colgroup><tbody>
<tr><th><p><strong>Objective</strong></p></th><th><p><strong>Key Result</strong></p></th><th><p>Owner</p></th><th><p>Baseline</p></th><th><p>Target</p></th><th><p>Current</p></th><th><p>Confidence</p></th><th><p>Epic</p></th><th><p>Next step</p></th></tr>
<tr><td rowspan="3"><p><strong>O1: Paying feels instant</strong></p><p>Slow checkouts cost orders.</p></td>
<td><p>KR1.1: Median checkout time</p></td><td><p><ac:link><ri:user ri:account-id="557058:ana" /></ac:link></p></td><td><p>38&nbsp;s</p></td><td><p>20&nbsp;s</p></td><td><p>29&nbsp;s</p></td>
<td><p><ac:structured-macro ac:name="status" ac:schema-version="1"><ac:parameter ac:name="title">On track</ac:parameter><ac:parameter ac:name="colour">Green</ac:parameter></ac:structured-macro></p></td>
<td><p><ac:structured-macro ac:name="jira" ac:schema-version="1"><ac:parameter ac:name="key">PAY-412</ac:parameter><ac:parameter ac:name="serverId">x</ac:parameter></ac:structured-macro></p></td><td><p>Ship the one-page checkout</p></td></tr>
<tr><td><p>KR1.2: Failed card payments</p></td><td><p>Mads Holm</p></td><td><p>4.6&nbsp;%</p></td><td><p>2.0&nbsp;%</p></td><td><p>3.4&nbsp;%</p></td><td><p>6/10</p></td>
<td><p><a href="https://acme.atlassian.net/browse/PAY-431" data-card-appearance="inline">https://acme.atlassian.net/browse/PAY-431</a></p></td><td><ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Retry at the second bank</ac:task-body></ac:task></ac:task-list></td></tr>
<tr><td><p>KR1.3: Chargebacks stay under 12</p></td><td /><td /><td><p>&lt; 12</p></td><td><p>9</p></td><td><p>n/a</p></td><td><p>PAY-433, PAY-434 and more</p></td><td /></tr>
<tr><td><p>O2: Partners go live alone</p></td><td><p>Partners live</p></td><td><p>Lucie</p></td><td><p>3</p></td><td><p>11</p></td><td><p>about six</p></td><td><p>🟡</p></td><td /><td /></tr>
</tbody></table>"""

SPANNING_ROWS = """<table><tbody>
<tr><th>#</th><th>Key results</th><th>DRI</th><th>From → To</th><th>Now</th><th>RAG</th><th>Comments</th></tr>
<tr><td colspan="7" data-highlight-colour="#deebff"><p><strong>Objective 1: Checkout works everywhere</strong></p></td></tr>
<tr><td>1</td><td>Orders paid with a local method</td><td>Rosa</td><td>40 → 60 %</td><td>57</td><td>Green</td><td>Five of six markets.</td></tr>
<tr><td>2</td><td>Support contacts about paying</td><td>Jonas</td><td>9 -> 5</td><td>7.8</td><td>Amber</td><td></td></tr>
<tr><td colspan="7"><p>Objective 2: We can trust the numbers</p></td></tr>
<tr><td>3</td><td>Launch the ledger</td><td>Rosa</td><td></td><td></td><td></td><td>Not begun.</td></tr>
<tr><td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>
<tr><td>Total</td><td></td><td></td><td></td><td>64.8</td><td></td><td></td></tr>
</tbody></table>"""

GERMAN = """<table class="wrapped"><colgroup><col /></colgroup><tbody>
<tr><th>Ziel</th><th>Schlüsselergebnis</th><th>Verantwortlich</th><th>Startwert</th><th>Zielwert</th><th>Ist</th><th>Zuversicht</th><th>Fortschritt</th><th>Nächster Schritt</th><th>Fällig</th></tr>
<tr><td>Bezahlen fühlt sich sofort an</td><td>Mittlere Dauer der Kasse</td><td>Jürgen Groß</td><td>1.200,5 ms</td><td>800 ms</td><td>1.100 ms</td><td>gefährdet</td><td>25&nbsp;%</td><td>Bank anrufen</td><td>31.12.2026</td></tr>
<tr><td></td><td>Fehlbuchungen von 12 auf 4 senken</td><td>Käthe</td><td></td><td></td><td>9</td><td>im Plan</td><td></td><td></td><td></td></tr>
<tr><td>Partner werden selbständig</td><td>Verfügbarkeit mindestens 99,9 %</td><td></td><td></td><td></td><td>99,95&nbsp;%</td><td>8</td><td></td><td></td><td></td></tr>
</tbody></table>"""

NO_HEADER = """<table><tbody>
<tr><td>KR1</td><td>Increase weekly active merchants from 5% to 10%</td><td><ac:link><ri:user ri:account-id="557058:ana" /></ac:link></td><td>PAY-412</td></tr>
<tr><td>KR2</td><td>Reduce the time to first payment from 38 to 20 s</td><td><ac:link><ri:user ri:account-id="557058:gone" /></ac:link></td><td>PAY-431</td></tr>
<tr><td>KR3</td><td>Grow revenue by 20 %</td><td></td><td></td></tr>
</tbody></table>"""

HEADER_COLUMN = """<table><tbody>
<tr><th>Objective</th><td colspan="2">Merchants love the dashboard</td></tr>
<tr><th>Key result</th><td>NPS of merchants</td><td>Median load time</td></tr>
<tr><th>Owner</th><td>Ana</td><td>Mads</td></tr>
<tr><th>Start</th><td>31</td><td>4.2 s</td></tr>
<tr><th>Target</th><td>45</td><td>1.5 s</td></tr>
<tr><th>Actual</th><td>38</td><td>3 s</td></tr>
</tbody></table>"""

LABELLED_ROWS = """<table><tbody>
<tr><th>Objective</th><td>Incidents are boring</td></tr>
<tr><th>KR 1</th><td>Time to recover from 90 to 30 min</td></tr>
<tr><th>KR 2</th><td>On-call pages below 5</td></tr>
<tr><th>Owner</th><td>Platform lead</td></tr>
</tbody></table>"""

ONE_PER_OBJECTIVE = """<h1>OKRs Q4</h1><h2>1. Paying feels instant</h2>
<table><tbody><tr><th>Key result</th><th>Start</th><th>Goal</th><th>Now</th></tr>
<tr><td>Checkout time (s)</td><td>38</td><td>20</td><td>29</td></tr></tbody></table>
<p>Between.</p><h2>2. Partners go live alone</h2>
<table><tbody><tr><th>Key result</th><th>Start</th><th>Goal</th><th>Now</th></tr>
<tr><td>Partners live</td><td>3</td><td>11</td><td>6</td></tr></tbody></table>
<h2>Meetings</h2><table><tbody><tr><th>Date</th><th>Topic</th></tr><tr><td>1 Oct</td><td>Start</td></tr></tbody></table>"""

LISTS_IN_CELLS = """<ac:layout><ac:layout-section ac:type="fixed-width"><ac:layout-cell>
<table><tbody><tr><th>🎯 Objective</th><th>📈 Key Results</th><th>👤 Owner</th><th>Current value</th></tr>
<tr><td>Delight &amp; retain</td><td><ul><li><p>Churn from 5 % to 3 %</p></li><li><p>NPS ≥ 50 💥</p></li></ul></td><td>Ana</td><td><ul><li>4.1 %</li><li>47</li></ul></td></tr>
<tr><td>Grow</td><td><p>KR1: 10 new markets</p><p>KR2: Win 3 partners</p></td><td>Mads</td><td>two</td></tr>
</tbody></table></ac:layout-cell></ac:layout-section></ac:layout>"""

WIDE = (
    "<table><tbody><tr><th>Team</th><th>Objective</th><th>KR</th><th>Description</th><th>Sponsor</th><th>Owner</th>"
    "<th>Metric</th><th>Unit</th><th>Baseline</th><th>Target</th><th>Current</th><th>% done</th><th>Status</th>"
    "<th>Jira</th><th>Due date</th><th>Risks</th>"
    + "".join(f"<th>CW {week}</th>" for week in range(40, 45))
    + "</tr><tr><td>Payments</td><td>Paying feels instant</td><td>KR1</td><td>Median checkout time in the shop</td>"
    "<td>Rosa Klein</td><td>Ana</td><td>38 → 20</td><td>s</td><td></td><td></td><td>29</td><td>50%</td><td>In progress"
    "</td><td>PAY-412 PAY-431</td><td>2026-12-31</td><td>Black Friday freeze</td>"
    + "".join(f"<td>{value}</td>" for value in (38, 36, 33, 30, 29))
    + "</tr><tr><td>Payments</td><td>Paying feels instant</td><td>KR2</td><td>Failed payments of the week</td><td>Rosa "
    "Klein</td><td></td><td>failed / all</td><td>%</td><td>4.6</td><td>2</td><td></td><td></td><td></td><td></td><td>"
    "</td><td></td>" + "<td></td>" * 5 + "</tr></tbody></table>"
)

MERGED_HEADERS = """<table><tbody>
<tr><th rowspan="2">Objective</th><th rowspan="2">Key result</th><th colspan="3">Value</th><th rowspan="2">Initiatives</th></tr>
<tr><th>Baseline</th><th>Target (%)</th><th>Now</th></tr>
<tr><td rowspan="3">Ship weekly</td><td rowspan="2">Deployments without rollback</td><td rowspan="2">80</td><td rowspan="2">95</td><td rowspan="2">88</td><td>PAY-412</td></tr>
<tr><td>PAY-431</td></tr>
<tr><td>Failed deployments</td><td>12</td><td>4</td><td>12</td><td>Tidy up the pipeline</td></tr>
</tbody></table>"""

ALL: Sequence[str] = (
    HEADER_ROW,
    SPANNING_ROWS,
    GERMAN,
    NO_HEADER,
    HEADER_COLUMN,
    LABELLED_ROWS,
    ONE_PER_OBJECTIVE,
    LISTS_IN_CELLS,
    WIDE,
    MERGED_HEADERS,
)
