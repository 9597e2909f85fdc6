"""A folder of PDFs: each is saved under its name; what is there already is skipped, what is not ready comes later.

What is there counts only if it is that very document's: each file bears a mark that tells the account and the id, so
that two companies, or two processes, can fill one folder. Names come from a template and are safe on every file system.

Never enters here: how one file gets to its place; that is `downloads`.
"""

from __future__ import annotations

import asyncio
import errno
import filecmp
import json
import os
import re
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from string import Formatter
from typing import TYPE_CHECKING, Any, Final, Generic, TypeAlias, TypeVar
from unicodedata import normalize

from billingo_async.errors import DocumentNotReadyError, RateLimitedError
from billingo_async.fields.reading import IdentifiedModel
from billingo_async.transport.downloads import AtomicDownload, StrPath, is_void, remove_dead

if TYPE_CHECKING:
    from billingo_async.protocol.call import Operation
    from billingo_async.transport.dispatch import Dispatch

PASSING: Final = (DocumentNotReadyError, RateLimitedError)
"""Reasons that pass by themselves: it is not made yet, or another program on this address has used up the limit."""
FIRST_RETURN_SECONDS: Final = 2.0
"""Before a PDF that is not ready is asked for again; doubled each time."""
MAX_RETURN_SECONDS: Final = 30.0
MAX_NAME_BYTES: Final = 200
"""A name may have 255, and a download in progress adds some."""
MARK: Final = "user.billingo_async"
"""The extended attribute of a file that tells whose it is."""
INDEX: Final = ".billingo-async.jsonl"
"""Where that stands on a file system, or under a system, that knows no extended attributes."""
UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\ud800-\udfff]')
"""What some file system gives a meaning to."""
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
"""Windows' devices, whatever their extension."""


D = TypeVar("D", bound=IdentifiedModel)
"""What a PDF is of; its fields may stand in a name."""
Read: TypeAlias = "Callable[[int], Awaitable[D]]"


@dataclass(frozen=True, slots=True)
class Download:
    """What became of one PDF.

    Attributes:
        id: The document's id.
        path: Where it lies; None if it could not be fetched.
        error: Why not; None if it was.
        skipped: True if it was there before, so that nothing was asked for.

    """

    id: int
    path: Path | None = None
    error: Exception | None = None
    skipped: bool = False


class NameTemplate:
    """A template such as `{prefixed_invoice_no}.pdf`, checked before anything is asked for."""

    def __init__(self, template: str, kind: Any) -> None:
        """Raise `ValueError` for one that names no field of this kind of model, or would lead out of the folder."""
        self._template = template
        try:
            parts = list(Formatter().parse(template))
        except (ValueError, TypeError):
            parts = []
        self.fields: list[str] = [name for _, name, _, _ in parts if name is not None]
        unknown = [name for name in self.fields if name not in kind.model_fields]
        if not self.fields or unknown or any(UNSAFE.search(literal) for literal, *_ in parts):
            reason = (
                f"{unknown[0]!r} is no field of {kind.__name__}" if unknown else "it needs a field, and no separators"
            )
            raise ValueError(f"name must be a template such as '{{id}}.pdf', got {template!r:.60}: {reason}")

    @property
    def needs_document(self) -> bool:
        """False if the id alone is enough."""
        return any(name != "id" for name in self.fields)

    def missing(self, document: object) -> list[str]:
        """Return the fields that the document does not have."""
        return [name for name in self.fields if getattr(document, name) in {None, ""}]

    def name(self, values: Mapping[str, object]) -> str:
        """Return the safe name for these fields; raise `ValueError` where nothing is left of it."""
        name = normalize("NFC", UNSAFE.sub("-", self._template.format_map(values))).strip().rstrip(". ").lstrip(".")
        if RESERVED.fullmatch(name):
            name = f"_{name}"
        stem, suffix = PurePath(name).stem, PurePath(name).suffix
        short_stem = stem.encode()[: MAX_NAME_BYTES - len(suffix.encode())].decode(errors="ignore")
        if not short_stem.strip():
            raise ValueError(f"the template {self._template!r:.60} leaves nothing of the name")
        return short_stem + suffix


class _Marks:
    """Whose each file of a folder is: an account's, by id."""

    def __init__(self, folder: Path, account: str) -> None:
        """Read the index, where there is one."""
        self._account = sha256(account.encode()).hexdigest()[:16]
        self._index_path = folder / INDEX
        self._index: dict[str, str] = {}
        with suppress(OSError):
            for line in self._index_path.read_text("utf-8", errors="replace").splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a line that was cut when its process died
                    entry = json.loads(line)
                    self._index[entry["file"].casefold()] = entry["mark"]

    def put(self, path: Path, id: int) -> bool:
        """Mark a file itself; False where the file system cannot."""
        try:
            os.setxattr(path, MARK, self._mark(id).encode())
        except (AttributeError, OSError):
            return False
        return True

    def put_in_index(self, path: Path, id: int) -> None:
        """Note a file in the folder's index."""
        line = json.dumps({"file": path.name, "mark": self._mark(id)})
        descriptor = os.open(self._index_path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, f"\n{line}\n".encode())
        finally:
            os.close(descriptor)
        self._index[path.name.casefold()] = self._mark(id)

    def is_of(self, path: Path, id: int) -> bool | None:
        """Tell whether a file is this document's; None where it bears no mark."""
        try:
            mark = os.getxattr(path, MARK).decode(errors="replace")
        except (AttributeError, OSError):
            mark = self._index.get(path.name.casefold(), "")
        return mark == self._mark(id) if mark else None

    def _mark(self, id: int) -> str:
        return f"{self._account}:{id}"


class PdfFolder(Generic[D]):
    """One run that saves PDFs of one kind of document into one folder."""

    _marks: _Marks

    def __init__(
        self, dispatch: Dispatch, row: Operation[bytes], directory: StrPath, name: str, *, kind: type[D], read: Read[D]
    ) -> None:
        """Take the folder, the template of a name, and what reads a document; raise `ValueError` for a bad template."""
        self._template = NameTemplate(name, kind)
        self._dispatch, self._row, self._kind, self._read = dispatch, row, kind, read
        self._folder = Path(directory)
        self._taken: dict[str, int] = {}
        self._done: asyncio.Queue[Download | None] = asyncio.Queue()

    async def save_many(self, items: Iterable[Any] | AsyncIterable[Any], workers: int) -> AsyncGenerator[Download]:
        """Save so many at a time, and yield what becomes of each, as it comes; nothing is left running.

        Raises `OSError` if the folder cannot be made, and at the end what was wrong with the input.
        """
        self._dispatch.sender.check_open()  # before a folder is made for nothing
        self._open()
        run = asyncio.create_task(self._fill(items, workers), name="billingo-download-many")
        try:
            while (download := await self._done.get()) is not None:
                yield download
            await run
        finally:
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)

    def _open(self) -> None:
        """Make the folder, and those above it that are not there, for their owner alone."""
        try:
            for folder in [*reversed(self._folder.parents), self._folder]:
                if folder == self._folder or not folder.exists():
                    folder.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(f"{self._folder} is a file: name a folder for the PDFs") from None
        remove_dead(self._folder)
        self._marks = _Marks(self._folder, f"{self._dispatch.settings.origin} {self._dispatch.auth.account}")

    async def _fill(self, items: Iterable[Any] | AsyncIterable[Any], workers: int) -> None:
        """Save all, so many at a time, and put into the queue what becomes of each, None at the end.

        The input is taken as it is needed. What is wrong with it ends the taking, not the work, and is raised then.
        """
        places, seen, failure = asyncio.Semaphore(workers), set[int](), None
        source = aiter(items) if isinstance(items, AsyncIterable) else _one_by_one(items)
        try:
            async with asyncio.TaskGroup() as tasks:
                await places.acquire()
                try:
                    async for item in source:
                        id = self._id_of(item)
                        if id not in seen or id <= 0:  # each of these is reported with the error that says so
                            seen.add(id)
                            tasks.create_task(self._fetch(item, id, places))
                            await places.acquire()
                except Exception as error:  # noqa: BLE001 - raised when all that was begun is done
                    failure = error
                finally:
                    places.release()
        finally:
            self._done.put_nowait(None)
            if isinstance(source, AsyncGenerator):
                await source.aclose()  # a list that is read ahead reads no further
        if failure is not None:
            raise failure

    def _id_of(self, item: Any) -> int:
        if isinstance(item, int | self._kind) and not isinstance(item, bool):
            return item if isinstance(item, int) else item.id
        kind, article = self._kind.__name__, "an" if self._kind.__name__[0] in "AEIOU" else "a"
        raise TypeError(f"an id or {article} {kind} is needed here, got {type(item).__name__}")

    async def _fetch(self, item: int | D, id: int, places: asyncio.Semaphore) -> None:
        """Save one, and again a little later what is not ready, within `max_wait`; others have the place meanwhile."""
        waited, pause = 0.0, FIRST_RETURN_SECONDS
        while True:
            try:
                return self._done.put_nowait(await self._save(item, id))
            except Exception as error:  # noqa: BLE001 - one PDF that cannot be had does not stop the others
                waited += pause
                if not isinstance(error, PASSING) or waited > self._dispatch.settings.max_wait:
                    return self._done.put_nowait(Download(id, error=error.with_traceback(None)))
            finally:
                places.release()
            await asyncio.sleep(pause)
            pause = min(2 * pause, MAX_RETURN_SECONDS)
            await places.acquire()

    async def _save(self, item: int | D, id: int) -> Download:
        """Save under the first of two names that is free: the document's own, else the same with the id."""
        name = await self._name(item, id)
        if (first := self._taken.setdefault(name.casefold(), id)) != id:
            noun = self._kind.__name__.lower()
            raise ValueError(f"{noun} {first} and {noun} {id} would both be {name}: put {{id}} into `name`")
        path = self._folder / name
        places = (path, path.with_stem(f"{path.stem}-{id}"))
        for place in places:
            if self._marks.is_of(place, id) and not is_void(place):
                return Download(id, place, skipped=True)
        async with AtomicDownload(path, overwrite=True) as download:
            await self._dispatch.run(self._row.call(id=id), sink=download)
            is_marked = self._marks.put(download.temp_path, id)
            for place in places:
                try:
                    await download.commit(place, overwrite=is_void(place))
                except FileExistsError:
                    if self._marks.is_of(place, id):  # another process was quicker
                        return Download(id, place, skipped=True)
                    if self._marks.is_of(place, id) is False or not _are_equal(download.temp_path, place):
                        continue
                    is_marked = self._marks.put(place, id)  # it was saved otherwise before, or the mark was lost
                if not is_marked:
                    self._marks.put_in_index(place, id)
                return Download(id, place)
        msg = "other files bear both names that the PDF could have: use another folder or another `name`"
        raise FileExistsError(errno.EEXIST, msg, str(path))

    async def _name(self, item: int | D, id: int) -> str:
        if not self._template.needs_document:
            return self._template.name({"id": id})
        document = None if isinstance(item, int) else item
        if document is None or self._template.missing(document):
            document = await self._read(id)
        if missing := self._template.missing(document):
            msg = f"{self._kind.__name__.lower()} {id} has no {missing[0]}: use another `name`, such as '{{id}}.pdf'"
            raise ValueError(msg)
        return self._template.name({name: getattr(document, name) for name in self._template.fields})


def _are_equal(one: Path, other: Path) -> bool:
    """Tell whether two files hold the very same bytes."""
    with suppress(OSError):
        return filecmp.cmp(one, other, shallow=False)
    return False


async def _one_by_one(items: Iterable[Any]) -> AsyncGenerator[Any]:
    for item in items:
        yield item
