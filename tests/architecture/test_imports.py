"""Who may not import whom, beyond what ``make contracts`` keeps: the product and its tests stand apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.architecture.repository import PACKAGES, ROOT, imported_by, modules_below


def _tops(module: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported_by(module)}


def _name(module: Path) -> str:
    return str(module.relative_to(ROOT))


@pytest.mark.parametrize("module", modules_below(*PACKAGES), ids=_name)
def test_the_product_imports_nothing_of_the_tests(module: Path) -> None:
    assert "tests" not in _tops(module)


@pytest.mark.parametrize("module", modules_below("tests/site"), ids=_name)
def test_the_stand_in_site_imports_nothing_of_the_product(module: Path) -> None:
    # Otherwise a fault of the product would be a fault of the site as well, and no test would see it.
    assert not _tops(module) & set(PACKAGES)


@pytest.mark.parametrize("module", modules_below("tests/site"), ids=_name)
def test_the_stand_in_site_needs_nothing_of_other_tests(module: Path) -> None:
    assert not {name for name in imported_by(module) if name.startswith("tests.") and not name.startswith("tests.site")}


def test_imports_are_read_as_python_reads_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.architecture.repository.ROOT", tmp_path)
    module = tmp_path / "sync" / "deep" / "x.py"
    module.parent.mkdir(parents=True)
    module.write_text("import a.b\nfrom .c import d\nfrom .. import e\ndef f():\n    from tests.g import h\n")
    assert imported_by(module) == {"a.b", "sync.deep.c", "sync", "tests.g"}
