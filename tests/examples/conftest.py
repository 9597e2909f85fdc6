"""What the examples stand on: a sandbox on loopback, found through the environment, and a file for the journal."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.urls import clear_url_caches
from django.utils.functional import empty

from billingo_async.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path


@pytest.fixture
async def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Sandbox]:
    """Serve a sandbox and put keys, address and journal where the examples look for them."""
    sandbox = Sandbox()
    async with sandbox.serve() as url:
        monkeypatch.setenv("BILLINGO_PUBLIC_KEY", sandbox.public_key)
        monkeypatch.setenv("BILLINGO_PRIVATE_KEY", sandbox.private_key)
        monkeypatch.setenv("BILLINGO_BASE_URL", url)
        monkeypatch.setenv("SHOP_JOURNAL", f"sqlite+aiosqlite:///{tmp_path / 'shop.db'}")
        yield sandbox


@pytest.fixture
def example(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Import an example by the name of its file, as a server does that is told to run it."""

    def load(name: str) -> Any:
        if name == "django_shop":  # it configures Django, which wants that once a process
            settings._wrapped = empty
            clear_url_caches()
        spec = spec_from_file_location(name, pytestconfig.rootpath / "examples" / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load
