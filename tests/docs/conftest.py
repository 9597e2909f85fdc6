"""How the scripts of `docs/`, which are no package, come into a test."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def script(pytestconfig: pytest.Config) -> Callable[[str], Any]:
    """Load a script by its name, anew each time."""

    def load(name: str) -> Any:
        spec = spec_from_file_location(name, pytestconfig.rootpath / "docs" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
