"""The database: schema, the two places that begin and commit (``read`` and ``write``), and functions per noun."""
