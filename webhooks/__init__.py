"""The doors for Atlassian: what Jira and Confluence send is verified, committed and answered here, and nothing more."""
