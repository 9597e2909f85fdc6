"""The tests that guides print are run by pytest, as a reader's own would be."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize(("guide", "tests"), [("testing", 6), ("tools", 3)])
def test_the_guides_tests_pass(
    guide: str, tests: int, pytester: pytest.Pytester, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All blocks of the page make one test module, and each of its tests passes with the plugin's fixtures."""
    page = (pytestconfig.rootpath / "docs" / "guides" / f"{guide}.md").read_text("utf-8")
    code = "\n".join(re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    count = len(re.findall(r"^async def test_", code, re.MULTILINE))
    assert count == tests
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # an installed wheel would bring the plugin a second time
    pytester.makeini("[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(test_guide=code)
    plugins = ("pytest_asyncio.plugin", "pytest_httpx", "billingo_async.sandbox.pytest_plugin", "no:cacheprovider")
    # A process of its own: what is first imported within pytester is forgotten after, which SQLAlchemy does not bear.
    result = pytester.runpytest_subprocess(*(word for plugin in plugins for word in ("-p", plugin)))
    result.assert_outcomes(passed=count)
