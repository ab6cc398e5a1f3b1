"""Pure rules of OKRs, Jira issues and Confluence tables: no input, no output, no clock, no configuration.

Everything here is a frozen dataclass or a function of its arguments; time and settings are passed in.
"""
