"""Partners: the customers and suppliers of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from billingo_async.v3 import deferred, operations
from billingo_async.v3.resources.resource import MAX_PER_PAGE, Resource

if TYPE_CHECKING:
    from billingo_async.paging import AsyncPager
    from billingo_async.v3.models import NewPartner, Partner


class Partners(Resource):
    """The customers and suppliers of the account; ids of another profile's are refused.

    Source: specification, Partner.
    """

    def list(
        self, *, query: str | None = None, page: int = 1, per_page: int = MAX_PER_PAGE, read_ahead: int = 1
    ) -> AsyncPager[Partner]:
        """List partners, page after page.

        Args:
            query: Free text; it was seen to match names alone, so compare tax numbers and addresses yourself.
            page: The page to begin with, from 1.
            per_page: Rows of a page, 1 to 100.
            read_ahead: Pages on the wire while the caller works on one.

        Raises:
            ValueError: For a page size that the API would refuse; nothing is sent.

        Example:
            ```python
            by_tax_code = {partner.taxcode: partner.id async for partner in billingo.partners.list()}
            ```

        Source: specification, ListPartner.

        """
        return self._pager(operations.PARTNERS_LIST, page, per_page, read_ahead, query=query)

    async def get(self, id: int) -> Partner:
        """Return one partner.

        Raises:
            NotFoundError: If there is none with this id.
            PermissionDeniedError: If it is another profile's.
            ValueError: If the id is not a positive int; nothing is sent.

        Example:
            ```python
            partner = await billingo.partners.get(1800000001)
            ```

        Source: specification 3.0.14, GetPartner.

        """
        return await self._dispatch.run(operations.PARTNERS_GET.call(id=id))

    async def create(self, new: NewPartner, *, key: str | None = None) -> Partner:
        """Make a partner and return it; the same request twice makes two, see `guess`.

        With a `key` it happens once under this key, for ever: calling again, in another process or after a crash,
        returns the first call's result. That needs `Billingo(journal=…)`.

        Raises:
            InvalidRequestError: If the server finds fault with a field.
            OutcomeUnknownError: If it may or may not have been made.

        Example:
            ```python
            partner = await billingo.partners.create(
                NewPartner(
                    name="Példa Vevő Kft.",
                    address=PartnerAddress(country_code="HU", post_code="9400", city="Sopron", address="Deák tér 6."),
                )
            )
            ```

        Source: specification, CreatePartner.

        """
        return await self._create(operations.PARTNERS_CREATE, new, deferred.models.NewPartner, key)

    async def guess(self, new: NewPartner) -> Partner:
        """Return the partner with this tax number or e-mail address, made now if there is none.

        Nothing tells whether it was found or made. Two calls at the same time may make two.

        Example:
            ```python
            partner = await billingo.partners.guess(new_partner)
            ```

        Source: specification, PartnerGuess; seen.
        """
        return await self._create(operations.PARTNERS_GUESS, new, deferred.models.NewPartner)

    async def update(self, id: int, new: NewPartner) -> Partner:
        """Replace a partner and return it; `partner.edit(…)` makes the `NewPartner` from one that was read.

        What `new` does not say is gone afterwards: always begin with a partner that was read.

        Raises:
            NotFoundError: If there is none with this id.

        Example:
            ```python
            partner = await billingo.partners.get(1800000001)
            partner = await billingo.partners.update(partner.id, partner.edit(phone="+36 99 123 456"))
            ```

        Source: specification 3.0.14, UpdatePartner.

        """
        return await self._write(operations.PARTNERS_UPDATE, id, new, deferred.models.NewPartner)

    async def delete(self, id: int) -> None:
        """Delete a partner.

        Raises:
            NotFoundError: If there was none with this id at the first attempt.

        Example:
            ```python
            await billingo.partners.delete(partner.id)
            ```

        Source: specification 3.0.14, DeletePartner.

        """
        await self._delete(operations.PARTNERS_DELETE, id)
