"""All contact with the outside: settings, logs, database, Jira, Confluence."""
