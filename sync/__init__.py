"""The work: what happens between an event in Jira and the table in a page, and what people may do and see."""
