"""The doors for Atlassian: what Jira sends is verified, committed and answered here, and nothing more."""
