"""A folder of PDFs: one at a time is saved under its name, what is there already is skipped.

What is there counts only if it is that very document's: each file bears a mark that tells the account and the id, so
that two companies, or two processes, can fill one folder. Names come from a template and are safe on every file system.

Never enters here: in which order many are saved (`download_run`), and how one file gets to its place (`downloads`).
"""

from __future__ import annotations

import errno
import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath
from string import Formatter
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar
from unicodedata import normalize

from billingo_async.errors import DocumentNotReadyError, RateLimitedError
from billingo_async.transport.downloads import AtomicDownload, is_void, remove_dead

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Mapping

    from billingo_async.protocol.call import Operation
    from billingo_async.transport.dispatch import Dispatch

PASSING: Final = (DocumentNotReadyError, RateLimitedError)
"""Reasons that pass by themselves: it is not made yet, or another program on this address has used up the limit."""
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


class Downloadable(Protocol):
    """What a PDF is of; its fields may stand in a name."""

    @property
    def id(self) -> int:
        """Its id."""
        ...


D = TypeVar("D", bound=Downloadable)


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

    def __init__(self, template: str, fields: Collection[str]) -> None:
        """Raise `ValueError` for one that names no field of the document, or would lead out of the folder."""
        self._template = template
        try:
            parts = list(Formatter().parse(template))
        except (ValueError, TypeError):
            parts = []
        self.fields: list[str] = [name for _, name, _, _ in parts if name is not None]
        unknown = [name for name in self.fields if name not in fields]
        if not self.fields or unknown or any(UNSAFE.search(literal) for literal, *_ in parts):
            reason = f"{unknown[0]!r} is no field of an invoice" if unknown else "it needs a field, and no separators"
            msg = f"name must be a template such as '{{prefixed_invoice_no}}.pdf' or '{{id}}.pdf', got {template!r:.60}"
            raise ValueError(f"{msg}: {reason}")

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
    """Saves one PDF at a time into one folder."""

    def __init__(
        self,
        dispatch: Dispatch,
        row: Operation[bytes],
        directory: str | os.PathLike[str],
        template: NameTemplate,
        read: Callable[[int], Awaitable[D]],
    ) -> None:
        """Make the folder; raise `OSError` if that cannot be."""
        self._folder, self._template = Path(directory), template
        try:
            _make_private(self._folder)
        except FileExistsError:
            raise NotADirectoryError(f"{self._folder} is a file: name a folder for the PDFs") from None
        remove_dead(self._folder)
        self._dispatch, self._row, self._read = dispatch, row, read
        self._marks = _Marks(self._folder, f"{dispatch.settings.origin} {dispatch.auth.account}")
        self._taken: dict[str, int] = {}

    async def save(self, item: int | D) -> Download:
        """Save one, or say why not; raise what is `PASSING` if it is to be asked for again."""
        id = id_of(item)
        try:
            name = await self._name(item, id)
            first = self._taken.setdefault(name.casefold(), id)
            if first != id:
                msg = f"invoices {first} and {id} would both be {name}: put {{id}} into `name`"
                return Download(id, error=ValueError(msg))
            return await self._save(id, self._folder / name)
        except PASSING:
            raise
        except Exception as error:  # noqa: BLE001 - one PDF that cannot be had does not stop the others
            return Download(id, error=error.with_traceback(None))

    async def _save(self, id: int, path: Path) -> Download:
        """Save under the first of two names that is free: the document's own, else the same with the id."""
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
                    if self._marks.is_of(place, id) is False or not download.equals(place):
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
            msg = f"invoice {id} has no {missing[0]}: use another `name`, such as '{{id}}.pdf'"
            raise ValueError(msg)
        return self._template.name({name: getattr(document, name) for name in self._template.fields})


def _make_private(folder: Path) -> None:
    """Make a folder, and those above it that are not there, for their owner alone."""
    for parent in [*reversed(folder.parents), folder]:
        if parent == folder or not parent.exists():
            parent.mkdir(mode=0o700, exist_ok=True)


def id_of(item: int | Downloadable) -> int:
    """Return the id of what is to be downloaded."""
    return item if isinstance(item, int) else item.id
