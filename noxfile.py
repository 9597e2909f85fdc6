"""Everything that can be run on this project: `nox --list` names it, `nox` runs all checks, `nox -s tests` one."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path

import nox
from packaging.requirements import Requirement

nox.needs_version = ">=2025.5.1"
nox.options.error_on_external_run = True
nox.options.default_venv_backend = "uv|virtualenv"  # uv where there is one

HERE = Path(__file__).parent
PROJECT = nox.project.load_toml(HERE / "pyproject.toml")
MUTANTS_ALIVE = 0.05
WORKERS = ["--numprocesses", str(min(4, os.cpu_count() or 1))]
"""The tests share the machine's processors, a file at a time."""


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group, so that no newer pip is needed than Python brings along."""
    return list(nox.project.dependency_groups(PROJECT, name))


def wheel(session: nox.Session) -> Path:
    """Build the wheel into the session's own folder."""
    folder = Path(session.create_tmp()) / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", str(folder), ".", silent=True)
    (built,) = folder.glob("*.whl")
    return built.resolve()


def libraries() -> list[str]:
    """Return what the package and all its extras need, without the package itself."""
    extras: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
    named = [*PROJECT["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    return [line for line in named if not line.startswith("billingo-async")]


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style with ruff: every rule but those that pyproject.toml excepts, and the formatting."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of package and tests with mypy and pyright, both strict."""
    session.install("--editable", ".[all]", *group("types"))
    session.run("mypy")
    session.run("pyright", "--warnings")
    blocks = session.create_tmp()
    session.run("python", "docs/code_blocks.py", blocks)  # what readers copy
    session.run("mypy", *map(str, Path(blocks).glob("*.py")))
    session.run("pyright", "--warnings", "--project", blocks)


@nox.session
def imports(session: nox.Session) -> None:
    """Check that no room imports upward and that every library stays in its room."""
    session.install(*group("imports"))
    session.run("lint-imports", "--no-cache")


@nox.session
def tests(session: nox.Session) -> None:
    """Run all tests on the built and installed wheel and ask for 98 % coverage; `-- PATH` runs some of them."""
    built = wheel(session)
    session.install(f"billingo-async[all] @ {built.as_uri()}", *group("tests"))
    session.env["PYTHONSAFEPATH"] = "1"  # the checkout is not on the path: what is installed is what is tested
    session.env["COVERAGE_FILE"] = str(Path(session.create_tmp()).resolve() / "coverage")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", *WORKERS, *session.posargs)
    session.run("coverage", "combine", "--quiet")
    session.run("coverage", "report", *(["--fail-under=0"] if session.posargs else []))


@nox.session(default=False)
def thorough(session: nox.Session) -> None:
    """Run the long journeys in full: 3,000 fault scripts a seed, 2,000 keys killed 20 times, engines, stores."""
    session.install(f"billingo-async[all] @ {wheel(session).as_uri()}", *group("tests"))
    full = {"BILLINGO_TEST_SCRIPTS": "3000", "BILLINGO_TEST_KILLS": "20", "BILLINGO_TEST_KEYS": "2000"}
    full |= {"BILLINGO_TEST_LONG": "1", "BILLINGO_TEST_SERVERS": "all", "BILLINGO_TEST_STORIES": "100000"}
    session.env.update({"PYTHONSAFEPATH": "1", **full})
    rooms = [
        "failures/test_matrix.py",
        "failures/test_property.py",
        "examples/test_engines.py",
        "examples/test_killed_shop.py",
        "journal/test_killed.py",
        "performance",
        "transport/test_shared_processes.py",
        "v2",
        "faithful",
        "protocol",
        "transport/test_scripted_servers.py",
    ]
    places = session.posargs or [f"tests/{room}" for room in rooms]
    session.run("python", "-m", "pytest", "--hypothesis-profile=thorough", *places)
    if not session.posargs:  # some ten a second on each processor
        session.run("python", "-m", "pytest", "-n", "auto", "--dist=load", "tests/simulation")


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Change what decides in small ways; fail if the tests let more than 5 % of them live; `-- NAME` takes some."""
    session.install(*libraries(), *group("mutants"))
    session.install("--no-deps", str(wheel(session)))  # its version; the code that is changed stands before it
    session.env["BILLINGO_SHARED"] = os.environ.get("BILLINGO_SHARED", str(HERE.parent / "shared"))
    session.env["BILLINGO_TEST_POSTGRESQL"] = ""  # one database would be emptied by several tests at a time
    shutil.rmtree(HERE / "mutants", ignore_errors=True)  # results of another version of the code
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")
    session.run("mutmut", "export-cicd-stats")
    stats: dict[str, int] = json.loads((HERE / "mutants" / "mutmut-cicd-stats.json").read_text())
    alive = stats["survived"] + stats["no_tests"] + stats["suspicious"]
    total = alive + stats["killed"] + stats["timeout"] + stats["segfault"]  # of the modules that were asked for
    session.log(f"{alive} of {total} mutants are alive: {alive / total:.1%}")
    if alive > total * MUTANTS_ALIVE:
        session.error(f"more than {MUTANTS_ALIVE:.0%} of the mutants are alive")


@nox.session(default=False)
def lowest(session: nox.Session) -> None:
    """Run all tests with the oldest version of every library that pyproject.toml allows; `-- PATH` runs some."""
    wanted = [Requirement(line) for line in libraries()]
    oldest = [f"{each.name}=={bound.version}" for each in wanted for bound in each.specifier if bound.operator == ">="]
    others = [line for line in group("tests") if not line.startswith("taskiq")]  # whose broker asks for a newer Redis
    others.append("pytest<9.2")  # the AnyIO whose plugin knows a later one asks for newer typing_extensions
    session.install(f"billingo-async[all] @ {wheel(session).as_uri()}", *others, *oldest)
    session.env["PYTHONSAFEPATH"] = "1"
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(default=False, python=nox.project.python_versions(PROJECT))
def pythons(session: nox.Session) -> None:
    """Run all tests on each Python that pyproject.toml names and this machine has; `-- PATH` runs some of them."""
    session.install(f"billingo-async[all] @ {wheel(session).as_uri()}", *group("tests"))
    session.env["PYTHONSAFEPATH"] = "1"
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into `site/`; a broken link or an unknown name fails it; `-- serve` shows it live."""
    session.install("--editable", ".[all]", *group("docs"))
    session.env["NO_MKDOCS_2_WARNING"] = "1"
    command = ["serve"] if session.posargs == ["serve"] else ["build", "--strict", "--clean"]
    session.run("properdocs", *command, "--config-file", "mkdocs.yml")


@nox.session
def build(session: nox.Session) -> None:
    """Build sdist and wheel and check what they hold and say."""
    session.install(*group("build"))
    folder = Path(session.create_tmp()).resolve() / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(folder), ".")
    files = sorted(str(path) for path in folder.iterdir())
    session.run("twine", "check", "--strict", *files)
    session.run("check-wheel-contents", *[name for name in files if name.endswith(".whl")])


@nox.session
def bare(session: nox.Session) -> None:
    """Import the wheel where none of the extras is installed, and ask the command line for its remedy."""
    session.install(str(wheel(session)))
    session.run("python", "-I", "-c", "from billingo_async import *; print(Billingo)")
    session.run("python", "-I", "-m", "billingo_async", "demo", success_codes=[1])


@nox.session
def tutorial(session: nox.Session) -> None:
    """Follow the tutorial, block by block, where nothing but the wheel is installed and no checkout is near."""
    session.install(f"billingo-async[all] @ {wheel(session).as_uri()}")
    with tempfile.TemporaryDirectory() as place:
        for name in ("follow_tutorial.py", "quickstart.md"):
            shutil.copy(HERE / "docs" / name, place)
        with session.chdir(place):
            session.run("python", "-I", "follow_tutorial.py", "quickstart.md")


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Measure every claim about speed, about ten minutes of a quiet machine, and write `docs/performance.md`."""
    session.install("--editable", ".[journal,postgresql,sandbox]", *group("bench"))
    session.run("python", "-m", "benchmarks", *session.posargs, success_codes=[0, 3])  # 3: the page says what is missed


@nox.session(default=False)
def verifytypes(session: nox.Session) -> None:
    """Count the public names whose types are fully known to those who install the wheel."""
    session.install(f"billingo-async[all] @ {wheel(session).as_uri()}", *group("types"))
    session.env["PYTHONSAFEPATH"] = "1"
    session.run("pyright", "--verifytypes", "billingo_async", "--ignoreexternal")
