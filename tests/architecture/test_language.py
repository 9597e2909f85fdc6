"""The house speaks the field's language: no identifier of its old dialect, and one class for one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import laws
import pytest
from laws import Source

if TYPE_CHECKING:
    from pathlib import Path


def package(root: Path) -> list[Source]:
    """Return the sources of the package."""
    return laws.sources(root / "billingo_async", root)


def test_identifiers_are_the_fields(pytestconfig: pytest.Config) -> None:
    """No identifier of the package is one of the words that only this house understood."""
    foreign = [line for source in package(pytestconfig.rootpath) for line in laws.dialect(source)]
    assert not foreign, "\n".join(foreign)


@pytest.mark.parametrize("place", ["tests", "benchmarks", "examples"])
def test_what_stands_around_speaks_as_the_package_does(place: str, pytestconfig: pytest.Config) -> None:
    """Tests, benchmarks and examples use none of the names that the package has given up."""
    root = pytestconfig.rootpath
    foreign = [
        line for source in laws.sources(root / place, root) for line in laws.dialect(source, laws.NAMES_GIVEN_UP)
    ]
    assert not foreign, "\n".join(foreign)


@pytest.mark.parametrize("wing", ["v2", "v3"])
def test_a_class_name_is_defined_once_in_the_library(wing: str, pytestconfig: pytest.Config) -> None:
    """Among the shared rooms and one wing no two classes share a name; the two wings name alike what is alike."""
    others = ("billingo_async/sandbox/", "billingo_async/cli/", f"billingo_async/{'v3' if wing == 'v2' else 'v2'}/")
    sources = [source for source in package(pytestconfig.rootpath) if not source.name.startswith(others)]
    assert not list(laws.classes_defined_twice(sources))


@pytest.mark.parametrize("room", ["sandbox", "cli"])
def test_a_class_name_is_defined_once_in_a_room(room: str, pytestconfig: pytest.Config) -> None:
    """The sandbox is a second statement, and the command line stands above all: each has its own names."""
    sources = [s for s in package(pytestconfig.rootpath) if s.name.startswith(f"billingo_async/{room}/")]
    assert sources
    assert not list(laws.classes_defined_twice(sources))


def test_a_word_of_the_dialect_is_noticed() -> None:
    """A forbidden identifier is named with its place and the field's term, in a signature as in a body."""
    text = '"""Told."""\ndef call(told: int) -> int:\n    return _asked(told)\n'
    assert list(laws.dialect(Source("room/file.py", text))) == [
        "room/file.py:2 told: the field says the thing itself: seconds, record, fields",
        "room/file.py:3 _asked: the field says params, retry_after",
    ]


@pytest.mark.parametrize("name", ["is_told", "_any_spelling", "asked_wait", "OnRoad"])
def test_a_word_of_the_dialect_is_noticed_within_a_name(name: str) -> None:
    """A longer name hides it no better."""
    assert list(laws.dialect(Source("room/file.py", f"{name} = 1\n")))


@pytest.mark.parametrize("name", ["ClassVar", "NotSentError", "check_whole", "test_it_is_told"])
def test_an_honest_name_is_let_alone(name: str) -> None:
    """Some words are the field's within a longer name, and a test's name is a sentence."""
    assert not list(laws.dialect(Source("room/file.py", f"{name} = 1\n")))


def test_a_second_class_of_one_name_is_noticed() -> None:
    """Two classes of one name are told with both places, wherever they stand."""
    sources = [Source("a.py", "class Row: ...\n"), Source("b.py", "def make():\n    class Row: ...\n")]
    assert list(laws.classes_defined_twice(sources)) == ["class Row stands more than once: a.py:1, b.py:2"]
