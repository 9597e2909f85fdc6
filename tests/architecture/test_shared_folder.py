"""Without the documented samples a test says so: it is skipped at home and fails where everything must run."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_folder import __file__ as fixture_module

ASKS = """
def test_asks(shared):
    assert (shared / "payloads").is_dir()
"""


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A test of its own, in a process of its own, that asks for the samples."""
    monkeypatch.setenv("PYTHONPATH", str(Path(fixture_module).parent))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("BILLINGO_SHARED", raising=False)
    monkeypatch.delenv("CI", raising=False)
    pytester.makeini("[pytest]")
    pytester.makepyfile(ASKS)
    return pytester


def _run(inner: pytest.Pytester) -> pytest.RunResult:
    return inner.runpytest_subprocess("-p", "shared_folder", "-p", "no:cacheprovider", "-rs")


def test_missing_samples_skip_at_home(inner: pytest.Pytester) -> None:
    """On a machine without the samples the test is skipped and the remedy named."""
    result = _run(inner)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["*put the folder `shared` beside the checkout or name it in BILLINGO_SHARED*"])


def test_missing_samples_fail_under_ci(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI=true the same test fails, so that nothing goes untested unseen."""
    monkeypatch.setenv("CI", "true")
    _run(inner).assert_outcomes(errors=1)


def test_named_folder_is_found(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """BILLINGO_SHARED names the folder, wherever it is."""
    (inner.path / "elsewhere" / "payloads").mkdir(parents=True)
    monkeypatch.setenv("BILLINGO_SHARED", str(inner.path / "elsewhere"))
    _run(inner).assert_outcomes(passed=1)
