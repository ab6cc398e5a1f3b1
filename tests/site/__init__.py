"""A stand-in Atlassian site: Jira Cloud and Confluence Cloud over HTTP, for tests, measurements and the demo.

It shares no code with the product and is its judge. Marks beside each behaviour: [S] stands in a source that is named,
[U] unsure, our best guess.
"""
