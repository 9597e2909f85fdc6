"""What every entry of API v2 has, whatever it is of: an id, told twice. Nothing else enters here."""

from billingo_async.fields.lenient import Whole
from billingo_async.fields.reading import IdentifiedModel


class EntryModel(IdentifiedModel):
    """What the server tells of a thing under its id and, once more, among its attributes."""

    uid: Whole = None
    """The id again, as the API repeats it among the attributes."""
