"""Names that a package loads when they are first asked for, so that a program never waits for what it does not use.

Type checkers and editors read the package's stub, `__init__.pyi`, which imports the same names from the same modules; a
test compares both. Nothing is loaded here by itself.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


SHARED: Final[Mapping[str, str]] = {
    "billingo_async.fields.exact": "Json",
    "billingo_async.journal.journal": "Journal",
    "billingo_async.journal.records": "JournalStatus KeyRecord Outcome",
    "billingo_async.paging": "AsyncPager Page",
    "billingo_async.protocol.call": "Attempt CallReport Effect RawResponse",
    "billingo_async.settings": "RateLimit",
    "billingo_async.transport.download_folder": "Download",
    "billingo_async.transport.downloads": "DownloadStream",
}
"""What the packages of both APIs have alike beside the errors: the names that stand in each module."""


def on_demand(
    package: str, places: str, named: Mapping[str, str] | None = None
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a package.

    Of the modules in `places` it has every public class, of those in `named` the names that stand beside them. A module
    whose name begins with a dot is found from the package. A name is looked up once and kept from then on.
    """
    modules = places.split()
    homes = {name: module for module, names in (named or {}).items() for name in names.split()}
    own = vars(sys.modules[package])

    def load(name: str) -> Any:
        if name == "__all__":
            own[name] = sorted({*homes, *(public for module in modules for public in public_names(module, package))})
            return own[name]
        candidates = [homes[name]] if name in homes else modules if name[:1].isupper() else []
        for module in candidates:
            if name in homes or name in public_names(module, package):
                own[name] = getattr(import_module(module, package), name)
                return own[name]
        raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])

    return load, lambda: sorted({*own, *load("__all__")})


def public_names(module: str, package: str | None = None) -> list[str]:
    """Return the names that a package of this kind has, and of any other module its public classes."""
    loaded = import_module(module, package)
    listed: list[str] | None = getattr(loaded, "__all__", None)
    return listed or [
        name
        for name, value in vars(loaded).items()
        if isinstance(value, type) and value.__module__ == loaded.__name__ and not name.startswith("_")
    ]
