"""Planted bugs: does what we test with notice them? ``python -m tests.mutants``, or ``make mutants``."""
