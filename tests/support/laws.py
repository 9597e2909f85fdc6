"""The laws of the house that a machine can hold: each takes one source file and yields what breaks it.

Only laws stand here, free of pytest, so that `tests/architecture` can turn them on the project and on examples of what
they must catch. What ruff, mypy, pyright and import-linter hold already is not repeated.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MODULE_LINES = 250
FUNCTION_LINES = 40
POSITIONAL_ARGUMENTS = 6
REASON_LETTERS = 6
NAMED_TUPLE_METHODS = frozenset({"_asdict", "_fields", "_make", "_replace"})
"""Public in all but their names. Source: Python's documentation of `collections.namedtuple`."""
WALL_CLOCKS = frozenset({"time.time", "datetime.now", "datetime.today", "datetime.utcnow", "date.today"})
"""What shows the time that this machine is set to."""
SILENT_TOKENS = frozenset(
    {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
)
"""What the tokenizer tells of a line that holds no code."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its name for messages and its text."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def tokens(self) -> list[tokenize.TokenInfo]:
        """What the tokenizer reads."""
        return list(tokenize.generate_tokens(io.StringIO(self.text).readline))

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the syntax tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def code_lines(self) -> frozenset[int]:
        """The numbers of the lines that hold code: no blank, no comment, no docstring and no string standing alone."""
        idle = {
            line
            for node in self.nodes
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        }
        lines = {
            line
            for token in self.tokens
            if token.type not in SILENT_TOKENS
            for line in range(token.start[0], token.end[0] + 1)
        }
        return frozenset(lines - idle)

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones included."""
        return (node for node in self.nodes if isinstance(node, Function))


@cache
def sources(folder: Path, root: Path) -> list[Source]:
    """Return every Python file below `folder`, named as seen from `root`; each is read and parsed once."""
    return [Source(str(path.relative_to(root)), path.read_text("utf-8")) for path in sorted(folder.rglob("*.py"))]


def long_modules(source: Source) -> Iterator[str]:
    """Yield the file that has more than 250 lines of code."""
    lines = len(source.code_lines)
    if lines > MODULE_LINES:
        yield f"{source.name}: {lines} lines of code, split it: at most {MODULE_LINES}"


def long_functions(source: Source) -> Iterator[str]:
    """Yield functions of more than 40 lines of code below their signature."""
    for function in source.functions():
        body = range(function.body[0].lineno, (function.body[-1].end_lineno or 0) + 1)
        lines = len(source.code_lines.intersection(body))
        if lines > FUNCTION_LINES:
            yield f"{source.name}:{function.lineno} {function.name}: {lines} lines, at most {FUNCTION_LINES}"


def many_arguments(source: Source) -> Iterator[str]:
    """Yield functions that take more than six arguments by position."""
    for function in source.functions():
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        count = len([name for name in names if name not in {"self", "cls"}])
        if count > POSITIONAL_ARGUMENTS:
            yield f"{source.name}:{function.lineno} {function.name}: {count} arguments by position, at most 6"


def public_names_unexplained(source: Source) -> Iterator[str]:
    """Yield the module and the public names whose docstring does not open with a line that is a sentence."""
    nodes = ((name, node) for name, node in _public(source.tree) if not _is_exempt(node))
    for name, node in (("module", source.tree), *nodes):
        first, _, _ = (ast.get_docstring(node) or "").partition("\n")
        if not first.endswith("."):
            line = getattr(node, "lineno", 1)
            yield f"{source.name}:{line} {name}: the docstring's first line must be a sentence, it is {first!r}"


BOUND = re.compile(
    r"\b(never|nothing|no|none|not|neither|nor|nobody|pure|without|only|alone|elsewhere)\b", re.IGNORECASE
)


def openings_without_bounds(source: Source) -> Iterator[str]:
    """Yield the module whose opening says what it is for and no word of what never enters it."""
    if not BOUND.search(ast.get_docstring(source.tree) or ""):
        yield f"{source.name}: the opening must say what never enters the module, too"


def _public(node: ast.Module | ast.ClassDef) -> Iterator[tuple[str, Function | ast.ClassDef]]:
    for child in node.body:
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            yield child.name, child
            if isinstance(child, ast.ClassDef):
                yield from ((f"{child.name}.{name}", method) for name, method in _public(child))


def _is_exempt(node: Function | ast.ClassDef) -> bool:
    """Tell whether another definition of the same name does the explaining: overloads, setters, overrides."""
    marks = {ast.unparse(mark).rpartition(".")[2] for mark in node.decorator_list}
    return bool(marks & {"overload", "setter", "deleter", "override"})


DIRECTIVE = re.compile(
    r"#\s*(noqa(:\s*[A-Z]+\d+([,\s]+[A-Z]+\d+)*)?|(type|pyright):\s*ignore(\[[\w\-, ]+\])?|pragma:\s*no (cover|branch))"
)


def foreign_privates(source: Source) -> Iterator[str]:
    """Yield private attributes of objects that are not this file's own: a library may drop them in any release.

    What a class inherits is its own; what stands on `self` may be, and is left alone.
    """
    nodes = source.nodes
    own = {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    own |= {node.name for node in nodes if isinstance(node, Function | ast.ClassDef)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in nodes:
        if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.endswith("__"):
            continue
        is_self = isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}
        if not is_self and node.attr not in own | NAMED_TUPLE_METHODS:
            yield f"{source.name}:{node.lineno} {node.attr}: a private attribute of another's"


def bare_suppressions(source: Source) -> Iterator[str]:
    """Yield suppressions of a tool's finding that do not say why on their line."""
    for token in source.tokens:
        if token.type == tokenize.COMMENT and DIRECTIVE.search(token.string):
            reason = DIRECTIVE.sub("", token.string)
            if len(re.findall(r"\w", reason)) < REASON_LETTERS:
                yield f"{source.name}:{token.start[0]} {token.string!r}: say why on the same line"


def clocks_unnamed(source: Source) -> Iterator[str]:
    """Yield uses of a clock or of today's date of which neither their line nor the one above says whose it is."""
    comments = [token for token in source.tokens if token.type == tokenize.COMMENT]
    named = {token.start[0] for token in comments if re.search("(machine|server|person)'s", token.string)}
    imports = [node for node in source.nodes if isinstance(node, ast.ImportFrom) and node.module == "time"]
    clocks = WALL_CLOCKS | {alias.name for node in imports for alias in node.names if alias.name == "time"}
    for node in (node for node in source.nodes if isinstance(node, ast.Attribute | ast.Name)):
        if ast.unparse(node) in clocks and not named & {node.lineno, node.lineno - 1}:
            yield f"{source.name}:{node.lineno} {ast.unparse(node)}: the machine's, the server's or the person's?"


def tests_unexplained(source: Source) -> Iterator[str]:
    """Yield test functions without a one-sentence docstring."""
    for function in source.functions():
        if function.name.startswith("test_"):
            first, _, _ = (ast.get_docstring(function) or "").partition("\n")
            if not first.endswith("."):
                yield f"{source.name}:{function.lineno} {function.name}: say in one sentence what it shows"


def sleeping_tests(source: Source) -> Iterator[str]:
    """Yield real waits: `time.sleep`, and `asyncio.sleep` of more than nothing outside the jumping clock."""
    if _names_jumping(statement for statement in source.tree.body if isinstance(statement, ast.Assign)):
        return
    for node in source.tree.body:
        parts = node.body if isinstance(node, ast.ClassDef) else [node]
        for part in parts:
            jumps = isinstance(part, Function) and _jumps(part)
            for call in ast.walk(part):
                if isinstance(call, ast.Call) and _sleeps(call, jumps=jumps):
                    yield f"{source.name}:{call.lineno} {ast.unparse(call)}: use the fixture jumping_clock"


def _jumps(function: Function) -> bool:
    arguments = (*function.args.args, *function.args.kwonlyargs)
    kinds = {ast.unparse(argument.annotation) for argument in arguments if argument.annotation}
    holds_clock = "JumpingClock" in kinds or "jumping_clock" in {argument.arg for argument in arguments}
    return holds_clock or _names_jumping(function.decorator_list)


def _names_jumping(nodes: Iterable[ast.AST]) -> bool:
    return any("mark.jumping" in ast.unparse(node) for node in nodes)


def _sleeps(call: ast.Call, *, jumps: bool) -> bool:
    name = ast.unparse(call.func)
    if name == "time.sleep":
        return True
    if name not in {"asyncio.sleep", "anyio.sleep", "sleep"} or jumps:
        return False
    return not (call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0)


def imported_packages(source: Source) -> set[str]:
    """Return the top-level names that the file imports from outside its own package."""
    found: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


DIALECT = {
    "reconcile, or resolve where a person does it": "settle settling unsettled SETTLING UNSETTLED",
    "the thing itself: seconds, record, fields": "told untold heard said kept wanted found",
    "params, retry_after": "asked Asked",
    "Sender": "Wire",
    "payload, to_payload": "wire to_wire",
    "JournalSession": "Room",
    "JournalConnection, connect": "line_of",
    "before_send": "departing",
    "SendGuard, cancel, NotSentError": "Departure call_off CalledOffError",
    "heartbeat, abandon": "beat vanish",
    "Slot, slot()": "Place",
    "learn_from_date, sync, record_number, on_attempt": "hear hear_date hear_time",
    "with_attempt_hook": "overheard listening",
    "replace": "but",
    "log_attempt, log_retry": "tell tell_retry",
    "checked_journal, missing_journal": "a_journal no_journal OncePerKey",
    "encode_query, encode_value, encoders": "spell spelt spelled spelling",
    "check_date, check_decimal, check_code, check_str, check_int": "a_day an_amount a_code a_text whole",
    "ThrottledError": "held_back",
    "_adapter, _lenient_adapter, _Adapted, _try_fast": "road long_road OnRoad try_road",
    "Decoder, decoders": "Shape shapes bodies",
    "unwrap, success_flag, has_error, unwrap_single": "answered says_success complains lone",
    "custom_operation": "undescribed",
    "similarity_hash, similar": "likeness alike AlikeRows",
    "server_may_be_working": "may_run_on",
    "last_invoice_number": "highest",
    "KeyResult, record_results, ClaimAnswer": "Note note_all Claimed",
    "claims, inspect, listing": "book hand",
    "release_later, release_claim, release_reconciling": "leave_soon leave_settling",
    "RequestGroup": "Class",
    "dump_result, load_result, dump_error, KeyRecord": "restored Kept",
    "RetryState, Exchange": "Trial Sent",
    "AtomicDownload, TempFile, commit, discard": "Landing land give_up",
    "stream_into, read_bounded": "pour",
    "a noun and a unit, such as MAX_DIGITS or MIN_BATCH": "LONGEST WIDEST MOST FEWEST DEEPEST SHORTEST",
    "Books, Table, Auth, request_log, handle": "Office Shelf visits play",
    "QueryValue, ProgressReporter, Problem, _patched, placeholder": "Plain Teller Complaint mended fitting",
    "operation_cases, fault_cases, expectations": "deed deeds Deed mishap mishaps Mishap cells",
    "cli_env, harness, paged_source, socket_peer, scripted_db": "desk Desk stage Stage shelf far_end told_line",
}
"""What the house once called things, by the field's term for each. The parts of a name are compared, too."""
DIALECT_WORDS = {word: term for term, words in DIALECT.items() for word in words.split()}
EVERYDAY = """
    told heard said kept wanted found asked book hand beat but tell whole wire hear listening
    play spelling spelled answered restored cells shelf bodies
"""
"""Words that a test may use of its own things; in the package each once stood for something that has a name."""
HONEST_PARTS = frozenset({"Class", "Plain", "Sent", "hand", "kept", "whole", "wire"})
"""Words that a longer name may hold: `ClassVar`, `PlainValidator`, `NotSentError`, `in_hand`, `kept_requests`,
`check_whole`, `on_wire`."""
NAME_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
NAMES_GIVEN_UP = {word: term for word, term in DIALECT_WORDS.items() if word not in EVERYDAY.split()}


def dialect(source: Source, words: Mapping[str, str] = DIALECT_WORDS) -> Iterator[str]:
    """Yield identifiers of the house's old dialect, each once a file, with the field's term for it."""
    seen: set[str] = set()
    for token in source.tokens:
        word = token.string.strip("_")
        if token.type != tokenize.NAME or keyword.iskeyword(token.string) or word in seen:
            continue
        seen.add(word)
        is_sentence = word.startswith("test_")
        parts = () if is_sentence else (part for part in NAME_PART.findall(word) if part not in HONEST_PARTS)
        term = next((words[each] for each in (word, *parts) if each in words), None)
        if term is not None:
            yield f"{source.name}:{token.start[0]} {token.string}: the field says {term}"


def classes_defined_twice(sources: Iterable[Source]) -> Iterator[str]:
    """Yield the names that more than one class of these files has."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{source.name}:{node.lineno}")
    yield from (f"class {name} stands more than once: {', '.join(at)}" for name, at in places.items() if len(at) > 1)


def import_graph(sources: Iterable[Source]) -> dict[str, set[str]]:
    """Return which module names which, wherever in a file the import stands: for types, and within functions, too."""
    modules = {_dotted(source.name): source for source in sources}
    graph: dict[str, set[str]] = {name: set() for name in modules}
    for name, source in modules.items():
        for node in source.nodes:
            if isinstance(node, ast.Import):
                graph[name].update(alias.name for alias in node.names if alias.name in modules)
            elif isinstance(node, ast.ImportFrom) and node.module:
                parts = {f"{node.module}.{alias.name}" for alias in node.names}
                graph[name].update(parts & modules.keys())
                if parts - modules.keys() and node.module in modules:
                    graph[name].add(node.module)
    return graph


def import_circle(sources: Iterable[Source]) -> list[str]:
    """Return the modules of one circle of imports, each importing the next; nothing where there is none."""
    try:
        TopologicalSorter(import_graph(sources)).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def _dotted(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
