"""Countries: whatever a caller may call one, the server's own name leaves; what is none is refused."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from pydantic import ValidationError

from billingo_async import Address, Client, Country, NewClient

STREET: dict[str, Any] = {"street_name": "Deák tér", "city": "Sopron", "postcode": "9400"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hungary", "Magyarország"), ("magyarország", "Magyarország"), ("HU", "Magyarország"),
        (" hungary ", "Magyarország"), (Country.HU, "Magyarország"), ("United Kingdom", "Egyesült Királyság"),
        ("UK", "Egyesült Királyság"), ("Czech Republic", "Csehország"), ("Trinidad and Tobago", "Trinidad és Tobago"),
        ("Németország", "Németország"),
    ],
)  # fmt: skip
def test_a_country_leaves_under_the_servers_own_name(text: str, name: str) -> None:
    """English name, code, or Hungarian name: one country is one text, so it makes one client."""
    address = Address(**STREET, country=text)
    assert address.country == address.to_payload()["country"] == name
    written = NewClient.model_validate({"name": "A", "billing_address": {**STREET, "country": text}})
    assert written.billing_address == address
    assert Address(**STREET, country="Austria").model_copy(update={"country": text}) == address


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Hungry", "did you mean Magyarország"),
        ("Magyarorszag", "did you mean Magyarország"),
        ("Narnia", "is no country"),
        ("XX", "such as Magyarország, Hungary or HU"),
        ("Europe", "is no country"),
    ],
)
def test_what_is_no_country_is_refused_with_the_nearest(text: str, hint: str) -> None:
    """The tax office would refuse the invoice later, when it is made."""
    with pytest.raises(ValueError, match=rf"Address\ncountry\n.*is no country.*{hint}|Address\ncountry\n.*{hint}"):
        Address(**STREET, country=text)
    with pytest.raises(ValidationError, match="country"):
        NewClient.model_validate({"name": "A", "billing_address": {**STREET, "country": text}})


def test_what_the_server_sent_is_written_back_as_it_is() -> None:
    """A client of old times keeps its country when its phone is changed."""
    client = Client.model_validate({"id": 7, "name": "A", "billing_address": {**STREET, "country": "Narnia"}})
    written = client.edit(phone="1")
    assert written.billing_address.country == "Narnia"
    moved = client.billing_address.model_copy(update={"city": "Cair"}) if client.billing_address else None
    assert moved is not None
    assert (moved.country, moved.city) == ("Narnia", "Cair")


def test_countries_are_those_of_iso_3166() -> None:
    """249 of the standard and Kosovo; each has one name, and pickles."""
    assert len(Country) == 250
    assert len({country.value for country in Country}) == 250
    assert all(len(country.name) == 2 for country in Country)
    assert pickle.loads(pickle.dumps(Country.HU)) is Country.HU  # noqa: S301 - made on this line
    assert (Country.HU, Country("Magyarország"), Country["DE"]) == ("Magyarország", Country.HU, "Németország")


def test_an_address_takes_its_fields_by_name() -> None:
    """A text alone is no address, and the error names the class that was called."""
    anything: Any = Address
    with pytest.raises(TypeError, match=r"^Address takes its fields by name: Address\(street_name=…, city=…"):
        anything("9021")
