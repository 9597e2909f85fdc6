"""The script: which request meets which fault, and what was met so far; it carries nothing out.

Source of the idea: a test that must show "the line dropped after the invoice was made" says so in one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Lock
from typing import TYPE_CHECKING

from billingo_async.sandbox.routes import OPERATIONS, PREFIX, no_such_operation, operation_of

if TYPE_CHECKING:
    from billingo_async.sandbox.faults import Fault

_Test = Callable[[str, str, str], bool]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A fault still to come: for which requests, which fault, and how often; `times` is None for every time."""

    where: str
    fault: Fault
    times: int | None


@dataclass(frozen=True, slots=True)
class Met:
    """A fault that a request met: the operation (blank for an unknown endpoint) and the fault."""

    operation: str
    fault: Fault


@dataclass(slots=True)
class _Scene:
    where: str
    fits: _Test
    fault: Fault
    left: int | None

    def __repr__(self) -> str:
        return f"{self.where}: {self.fault!r}"


class Faults:
    """Scripts what goes wrong. Each request takes the first fault in the script that is meant for it, and uses it up.

    `where` names the requests that a fault is meant for:

    - an operation, `"invoices.create"`, or several, `"invoices.*"` or `"*"`;
    - a method and a path below the base URL, `"GET /invoices/42/cancel"`, in which `*` stands for one segment.

    Example:
        >>> sandbox.faults.next("invoices.create", Fault.answer(503), Fault.drop_after_commit())
        >>> sandbox.faults.always("*", Fault.wrong_clock(-600))
    """

    def __init__(self) -> None:
        self._script: list[_Scene] = []
        self._met: list[Met] = []
        self._one_at_a_time = Lock()

    def __repr__(self) -> str:
        return f"Faults({len(self._script)} to come, {len(self._met)} met)"

    @property
    def pending(self) -> tuple[str, ...]:
        """What is still to come, in words; empty when the script was played to its end."""
        return tuple(map(repr, self._script))

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What is still to come, in the order in which it is met."""
        with self._one_at_a_time:
            return tuple(Waiting(scene.where, scene.fault, scene.left) for scene in self._script)

    @property
    def met(self) -> tuple[Met, ...]:
        """What requests met so far, oldest first."""
        return tuple(self._met)

    def next(self, where: str, *faults: Fault) -> None:
        """The next requests of that kind meet these faults, one each, in this order.

        Raises:
            ValueError: no operation has that name, or no fault was given.
        """
        if not faults:
            raise ValueError("name at least one fault: faults.next(where, Fault.drop_after_commit())")
        for fault in faults:
            self.add(where, fault)

    def add(self, where: str, fault: Fault, times: int = 1) -> None:
        """The next `times` requests of that kind meet this fault.

        Raises:
            ValueError: no operation has that name, or `times` is below 1.
        """
        if times < 1:
            raise ValueError(f"a fault is met once or more, not {times} times")
        self._script.append(_Scene(where, _test_of(where), fault, times))

    def always(self, where: str, fault: Fault) -> None:
        """Every request of that kind meets this fault, until `clear()`; what was scripted earlier comes first.

        Raises:
            ValueError: no operation has that name.
        """
        self._script.append(_Scene(where, _test_of(where), fault, None))

    def clear(self) -> None:
        """Forget the rest of the script; what was met stays known."""
        self._script.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, if any, used up by being asked for; called by the doors."""
        if not self._script:
            return None
        operation = operation_of(method, path)
        with self._one_at_a_time:
            for scene in self._script:
                if scene.fits(operation, method, path):
                    self._met.append(Met(operation, scene.fault))
                    self._use(scene)
                    return scene.fault
        return None

    def _use(self, scene: _Scene) -> None:
        if scene.left is None:
            return
        scene.left -= 1
        if scene.left == 0:
            self._script = [other for other in self._script if other is not scene]


def _test_of(where: str) -> _Test:
    method, blank, path = where.partition(" ")
    if blank:
        pattern = re.compile(re.escape(path).replace(r"\*", "[^/]*"))
        wanted = method.upper()
        return lambda _, method, path: method == wanted and pattern.fullmatch(path.removeprefix(PREFIX)) is not None
    if not any(fnmatchcase(operation, where) for operation in OPERATIONS):
        raise no_such_operation(where)
    return lambda operation, _, __: where == "*" or fnmatchcase(operation, where)
