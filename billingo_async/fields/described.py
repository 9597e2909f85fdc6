"""What `help()` and `inspect.signature` show of a model: its fields, with plain types and their documentation.

Both are put together when they are asked for, from the fields and from the texts that stand under them in the source,
so that an import pays nothing for them. Never enters here: how a field is read or written.
"""

import ast
import inspect
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict


def plain_type(annotation: Any) -> Any:
    """Return a type without what only validation needs to know of it."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return plain_type(args[0])
    if origin in {Union, UnionType}:
        first, *others = dict.fromkeys(plain_type(each) for each in args)
        for other in others:
            first |= other
        return first
    if origin is not None and args:
        return origin[tuple(each if each is ... else plain_type(each) for each in args)]
    return annotation


def signature_of(model: type[BaseModel]) -> inspect.Signature:
    """Return the signature of a model's constructor: every field, by keyword."""
    needed: tuple[str, ...] = getattr(model, "required", ())
    return inspect.Signature(
        [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                annotation=plain_type(field.annotation),
                default=inspect.Parameter.empty if field.is_required() or name in needed else field.default,
            )
            for name, field in model.model_fields.items()
        ],
        return_annotation=None,
    )


def description_of(model: type[BaseModel], words: str) -> str:
    """Return a model's docstring, followed by its fields."""
    documented = field_docs(model)
    lines = [inspect.cleandoc(words), "", "Fields:"]
    for parameter in signature_of(model).parameters.values():
        lines.append(f"    {parameter}")
        lines += [f"        {line}" for line in documented.get(parameter.name, "").splitlines()]
    return "\n".join(lines)


def field_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the text that stands under each field of a model in the source; nothing where there is no source."""
    docs: dict[str, str] = {}
    for base in reversed(model.__mro__):
        docs |= _docs_in(base.__module__).get(base.__name__, {})
    return {name: docs[name] for name in model.model_fields if name in docs}


@cache
def _docs_in(module: str) -> Mapping[str, dict[str, str]]:
    try:
        tree = ast.parse(inspect.getsource(sys.modules[module]))
    except (OSError, TypeError, KeyError):
        return {}
    return {node.name: _docs_of(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _docs_of(node: ast.ClassDef) -> dict[str, str]:
    docs: dict[str, str] = {}
    for field, words in zip(node.body, node.body[1:], strict=False):
        match field, words:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                docs[name] = inspect.cleandoc(text)
            case _:
                continue
    return docs


if TYPE_CHECKING:
    _Base = BaseModel
else:

    class _Described(type(BaseModel)):
        """The type of all models: it answers for them what an editor or a reader asks."""

        def _signature(cls) -> inspect.Signature:
            return signature_of(cls)

        def _doc(cls) -> str | None:
            words = vars(cls).get("__doc__")
            has_fields = isinstance(words, str) and bool(getattr(cls, "__pydantic_fields__", None))
            return description_of(cls, words) if has_fields else words

        def _leave(cls, value: object) -> None:
            """Take what pydantic would put in its place when the model is first used, and leave things as they are."""

        __signature__ = property(_signature, _leave)
        __doc__ = property(_doc, _leave)

    class _Base(BaseModel, metaclass=_Described):
        """A model that describes its fields."""


class DescribedModel(_Base):
    """What both kinds of model have in common: they describe their fields, and are silent about personal data."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, hide_input_in_errors=True, defer_build=True, protected_namespaces=()
    )

    shown: ClassVar[tuple[str, ...]] = ()
    """The fields that `repr` and `str` show, where they have a value."""

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Name what may be seen in a log, and nothing else."""
        for name in self.shown:
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def __str__(self) -> str:
        """Read like `repr`: it may end in a log as easily."""
        return repr(self)
