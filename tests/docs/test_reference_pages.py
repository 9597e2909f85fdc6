"""The generated reference shows every resource, every model and every error, each with its explanation."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass
from pydoc import locate
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

import billingo_async.sandbox
from billingo_async import AsyncPager, Billingo, BillingoError, v3
from billingo_async.fields.reading import ReadModel
from billingo_async.fields.writing import WrittenModel
from billingo_async.noun import Noun
from billingo_async.on_demand import public_names

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Page:
    """Stands for the generator's own kind of file, so that the pages are made without it."""

    name: str
    text: str

    @classmethod
    def generated(cls, config: object, name: str, *, content: str) -> Page:
        """Take what the hook writes; how the site is set up is not asked."""
        del config
        return cls(name, content)


@pytest.fixture
def pages(script: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Each page of the reference with the names that it explains."""
    stand_in: Any = ModuleType("properdocs.structure.files")
    stand_in.File = Page
    for name in ("properdocs", "properdocs.structure"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "properdocs.structure.files", stand_in)
    written: list[Page] = []
    script("reference_pages").on_files(written, None)
    return {page.name: re.findall(r"^::: (\S+)$", page.text, re.MULTILINE) for page in written}


def _names(entries: list[str]) -> set[str]:
    return {entry.rpartition(".")[2] for entry in entries}


def _public(fits: Callable[[type], bool]) -> set[str]:
    kinds = {name: getattr(billingo_async, name) for name in public_names("billingo_async")}
    return {name for name, kind in kinds.items() if inspect.isclass(kind) and fits(kind)}


def test_every_model_has_its_entry(pages: dict[str, list[str]]) -> None:
    """Whatever is read or written, and the values that it may hold."""
    models = _public(lambda kind: issubclass(kind, ReadModel | WrittenModel))
    assert len(models) > 20
    assert _names(pages["reference/models.md"]) >= models | {"InvoiceType", "InvoiceStatus", "TaxType", "Entitlement"}


def test_every_error_has_its_entry(pages: dict[str, list[str]]) -> None:
    """The whole tree, from the root to the last leaf."""
    errors = _public(lambda kind: issubclass(kind, BillingoError))
    assert len(errors) > 10
    assert _names(pages["reference/errors.md"]) == errors


async def test_every_noun_has_its_entry(pages: dict[str, list[str]]) -> None:
    """Each attribute of `Billingo` that does something, by the class that it is of."""
    account = Billingo("public", "private key of 32 bytes or more..")
    nouns = {type(value).__name__ for _, value in inspect.getmembers(account) if isinstance(value, Noun)}
    assert len(nouns) > 8
    assert _names(pages["reference/resources.md"]) >= nouns


def test_every_public_name_has_one_entry_and_every_entry_is_there(pages: dict[str, list[str]]) -> None:
    """Nothing that can be imported from the package is missing, nothing is named that is gone or says nothing."""
    entries = [entry for page in pages.values() for entry in page]
    assert len(entries) == len(set(entries))
    assert {f"billingo_async.{name}" for name in public_names("billingo_async")} <= set(entries)
    for entry in entries:
        thing = locate(entry)
        assert thing is not None, entry
        assert inspect.getdoc(thing) or not inspect.isclass(thing), entry


async def test_api_v3_has_its_entries(pages: dict[str, list[str]]) -> None:
    """Its models, the nouns of its `Billingo`, and whatever else it does not share with API v2."""
    nouns = {type(value).__name__ for value in vars(v3.Billingo("key")).values() if isinstance(value, Noun)}
    assert _names(pages["reference/v3-resources.md"]) >= nouns
    named = {entry for page in pages.values() for entry in page}
    kinds = {name: getattr(v3, name) for name in set(dir(v3)) - set(dir(billingo_async))}
    own = {name for name, kind in kinds.items() if inspect.isclass(kind) and kind.__name__ == name}
    assert {f"billingo_async.v3.{name}" for name in own | {"Billingo"}} <= named


def test_no_filter_hides_what_a_caller_may_call(pytestconfig: pytest.Config) -> None:
    """The site leaves out what begins with an underscore, and no method of the sandbox, of `Billingo` or of a noun."""
    set_up = (pytestconfig.rootpath / "mkdocs.yml").read_text("utf-8")
    (filters,) = re.findall(r"^ *filters: \[(.*)\]$", set_up, re.MULTILINE)
    hidden = [pattern.removeprefix("!") for pattern in re.findall(r'"(.*?)"', filters)]
    assert "^_" in hidden
    kinds: list[type] = [getattr(billingo_async.sandbox, name) for name in billingo_async.sandbox.__all__]
    kinds += [Billingo, AsyncPager, *Noun.__subclasses__()]
    names = {name for kind in kinds for name in dir(kind) if not name.startswith("_")}
    assert {"always", "drop_after_commit", "snapshot", "with_options", "to_list", "create"} <= names
    assert [name for name in names if any(re.search(pattern, name) for pattern in hidden)] == []


def test_nothing_of_how_the_models_are_built_is_shown(pytestconfig: pytest.Config) -> None:
    """The models' entries leave out every class variable that the models have, and name none that is gone."""
    hook = (pytestconfig.rootpath / "docs" / "reference_pages.py").read_text("utf-8")
    (left_out,) = re.findall(r'^HOW_BUILT = "(.*)"$', hook, re.MULTILINE)
    public = [getattr(package, name) for package in (billingo_async, v3) for name in dir(package)]
    models = [kind for kind in public if inspect.isclass(kind) and issubclass(kind, ReadModel | WrittenModel)]
    variables = {name for kind in models for name in kind.__class_vars__ if not name.startswith("_")}
    assert set(left_out.split()) == variables | {"model_config"}
