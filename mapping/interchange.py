"""OKRs in and out of files: the one place that callers need. YAML is described in ``docs/okr-yaml.md``."""

from __future__ import annotations

from mapping.okr_set import ParsedLink, ParsedOkrs, Problem, Refused
from mapping.okr_yaml_read import parse_okrs
from mapping.okr_yaml_write import write_okrs

__all__ = ["ParsedLink", "ParsedOkrs", "Problem", "Refused", "parse_okrs", "write_okrs"]
