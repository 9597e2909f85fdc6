"""Names that a package loads when they are first asked for, so that a program never waits for what it does not use.

Type checkers, editors and the documentation read the ordinary imports beside the call (PEP 562). Knows no name of its
own.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def on_demand(
    package: str, holders: Mapping[str, str], *, others: str
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a package.

    `holders` maps modules to the names they hold; every other name of its `__all__` is held by the module `others`,
    which can be asked for by the last part of its own name, too. A name is looked up once and kept from then on.
    """
    homes = {name: module for module, names in holders.items() for name in names.split()}
    own = vars(sys.modules[package])

    def load(name: str) -> object:
        if name == others.rpartition(".")[2]:
            return import_module(others)
        if name not in own.get("__all__", ()):
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        own[name] = getattr(import_module(homes.get(name, others)), name)
        return own[name]

    return load, lambda: sorted({*own, *own["__all__"]})
