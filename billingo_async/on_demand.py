"""Names that a package loads when they are first asked for, so that nobody waits for what is not used.

The package lists its names by the module that holds them (PEP 562); type checkers, editors and the documentation read
the ordinary imports beside that table. Knows no name of its own.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def on_demand(package: str, holders: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a package; `holders` maps its modules to the names they hold.

    A name is looked up once and kept by the package from then on. A module of the table can be asked for by its own
    name too, as if it had been imported.
    """
    homes = {name: module for module, names in holders.items() for name in names.split()}
    rooms = {module.partition(".")[0] for module in holders}
    own = vars(sys.modules[package])

    def load(name: str) -> object:
        if name in homes:
            own[name] = getattr(import_module(f"{package}.{homes[name]}"), name)
        elif name in rooms:
            import_module(f"{package}.{name}")
        else:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        return own[name]

    return load, lambda: sorted({*own, *homes, *rooms})
