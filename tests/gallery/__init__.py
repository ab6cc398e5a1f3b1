"""Pictures of every shape, mark and size of the table, from a real browser: ``python -m tests.gallery``."""
