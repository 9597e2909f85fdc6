"""Tables of routes: which row a request fits, and which names there are; no rule of an API enters here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from billingo_async.sandbox.books import Books
from billingo_async.sandbox.http import Params, Refusal, Response

Handler = Callable[[Books, Params], Response]


class NoRoute(Refusal):
    """No row fits: 404 for the path, 405 for the method."""


_PLACEHOLDERS = {
    "{id}": r"(?P<uid>[0-9]{1,18})",
    "{id?}": r"(?P<uid>[0-9]{0,18})",
    "{lang}": r"(?P<text>[a-z]{2})",
    "{text}": r"(?P<text>[^/]+)",
}
"""What each placeholder of a path matches; ids are ASCII digits only."""


@dataclass(frozen=True, slots=True)
class Route:
    """One row; `schema` names the body's schema, `limited` means the PDF limit, `public` asks for no key."""

    operation: str
    method: str
    path: str
    handler: Handler
    schema: str | None = None
    limited: bool = False
    public: bool = False


def rows_of(noun: Any, name: str, path: str, schema: str, verbs: str = "list create get update delete") -> list[Route]:
    """The rows of a plain noun, whose handlers are named like its verbs."""
    one = f"{path}/{{id}}"
    rows = {
        "list": Route(f"{name}.list", "GET", path, noun.list_),
        "create": Route(f"{name}.create", "POST", path, noun.create, schema),
        "get": Route(f"{name}.get", "GET", one, noun.get),
        "update": Route(f"{name}.update", "PUT", one, noun.update, schema),
        "delete": Route(f"{name}.delete", "DELETE", one, noun.delete),
    }
    return [rows[verb] for verb in verbs.split()]


@dataclass(frozen=True)
class RouteTable:
    """All rows of one API, below `prefix` but for those whose path stands outside it."""

    api: str
    prefix: str
    rows: tuple[Route, ...]

    def match(self, method: str, path: str) -> tuple[Route, int, str]:
        """The row for a request, and the id and the text that its path names.

        Raises:
            NoRoute: 404 where no row has that path, 405 with `Allow` where one has it with another method.
        """
        allowed: list[str] = []
        for route, pattern in self._patterns:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            if route.method == method:
                groups = match.groupdict()
                return route, int(groups.get("uid") or 0), unquote(groups.get("text") or "")
            allowed.append(route.method)
        if allowed:
            raise NoRoute(405, "Method Not Allowed", headers=(("Allow", ", ".join(allowed)),))
        raise NoRoute(404, "Not Found: there is no such endpoint")

    def operation_of(self, method: str, path: str) -> str:
        """The name of the operation that a request asks for, blank where there is none."""
        try:
            return self.match(method, path)[0].operation
        except Refusal:
            return ""

    @cached_property
    def _patterns(self) -> tuple[tuple[Route, re.Pattern[str]], ...]:
        """Each row with its path as a pattern."""
        return tuple(
            (route, re.compile(re.sub(r"\{[a-z]+\??\}", lambda name: _PLACEHOLDERS[name[0]], route.path)))
            for route in self.rows
        )


class Directory:
    """The operations of all APIs that a server speaks. A name that two of them have means the operation at either."""

    def __init__(self, tables: Sequence[RouteTable]) -> None:
        self.tables: tuple[RouteTable, ...] = tuple(tables)
        self.names: frozenset[str] = frozenset(row.operation for table in tables for row in table.rows)

    def table_of(self, path: str) -> RouteTable:
        """The table whose prefix a path begins with; the first one for a path outside all prefixes."""
        return next((table for table in self.tables if f"{path}/".startswith(f"{table.prefix}/")), self.tables[0])

    def checked_name(self, name: str) -> str:
        """The name, if there is such an operation.

        Raises:
            ValueError: there is none; the text names the nearest one, else all of them.
        """
        if name in self.names:
            return name
        near = get_close_matches(name, self.names, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f": they are {', '.join(sorted(self.names))}"
        raise ValueError(f"no operation is named {name!r}{hint}")
