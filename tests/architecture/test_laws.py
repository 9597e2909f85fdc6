"""The laws of the house hold for the package, its tests and its examples."""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import laws
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from laws import Source

EVERYWHERE = ("billingo_async", "tests", "examples", "benchmarks")
LAWS: Mapping[Callable[[Source], Iterator[str]], tuple[str, ...]] = {
    laws.long_modules: EVERYWHERE,
    laws.long_functions: EVERYWHERE,
    laws.many_arguments: EVERYWHERE,
    laws.bare_suppressions: EVERYWHERE,
    laws.foreign_privates: ("billingo_async",),
    laws.clocks_unnamed: ("billingo_async",),
    laws.public_names_unexplained: ("billingo_async",),
    laws.openings_without_bounds: ("billingo_async",),
    laws.tests_unexplained: ("tests",),
    laws.sleeping_tests: ("tests",),
}
"""Where each law holds."""
EXTRAS_ROOMS = ("journal", "cli", "sandbox")  # rooms whose libraries come with an extra
EXTRAS_FILES = ("/limit_stores.py",)  # likewise


@pytest.fixture(scope="session")
def root(pytestconfig: pytest.Config) -> Path:
    """The checkout."""
    return pytestconfig.rootpath


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law_holds(law: Callable[[Source], Iterator[str]], root: Path) -> None:
    """Nothing breaks the law where it holds."""
    sources = [source for place in LAWS[law] for source in _in(root, place)]
    assert sources, "nothing to look at"
    if broken := [line for source in sources for line in law(source)]:
        pytest.fail("\n".join(broken), pytrace=False)


def test_dependencies_are_what_is_imported(root: Path) -> None:
    """Installing the package without extras brings what its rooms import, and httpx for a caller's own client."""
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[<>=~! \[]", line)[0].lower() for line in project["dependencies"]}
    declared = {{"pyjwt": "jwt"}.get(name, name) for name in names}
    sources = [source for source in _in(root, "billingo_async") if not _is_extra(source)]
    imported = set[str]().union(*(laws.imported_packages(source) for source in sources))
    outside = imported - sys.stdlib_module_names - {"billingo_async"}
    assert outside - {"pydantic_core"} | {"httpx"} == declared  # pydantic cannot work without its core


@pytest.mark.skipif(not sys.flags.safe_path, reason="only `nox -s tests` promises to test the installed wheel")
def test_wheel_is_what_is_tested(root: Path) -> None:
    """The package under test is the installed one, and it is marked as typed."""
    spec = find_spec("billingo_async")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    assert package.parent != root
    assert (package / "py.typed").is_file()


@pytest.mark.skipif(not sys.flags.safe_path, reason="only `nox -s tests` promises to test the installed wheel")
def test_what_a_package_index_shows_leads_somewhere() -> None:
    """The wheel's description is the README without pictures of, and links to, files that an index does not have."""
    shown = metadata("billingo-async")["Description"]
    assert "## What it guarantees" in shown
    assert "What changed, how to take part, security" in shown
    assert re.findall(r"\]\((?!https://)[^)]*\)", shown) == []


def _in(root: Path, place: str) -> list[Source]:
    return laws.sources(root / place, root)


def _is_extra(source: Source) -> bool:
    rooms = tuple(f"billingo_async/{room}/" for room in EXTRAS_ROOMS)
    return source.name.startswith(rooms) or "__main__" in source.name or source.name.endswith(EXTRAS_FILES)
