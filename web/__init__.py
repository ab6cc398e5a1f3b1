"""The doors for people: the web pages and the `okr` command."""
