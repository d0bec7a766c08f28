"""Liên lạc: how people are reached besides mail, and the codes that link their chats."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from khcn_workflow.storage.conflicts import insert_new
from khcn_workflow.storage.records import ContactRow
from khcn_workflow.storage.statements import connection_of, table_of
from notifications.reach import Contact, Wants

_CONTACT = table_of(ContactRow)
_OF = select(_CONTACT).where(_CONTACT.c.person.in_(bindparam("persons", expanding=True)))


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A one-time code that waits to be sent to the bot; only its digest is kept."""

    person: str
    digest: str
    expires_at: datetime


class Contacts:
    """The contacts of one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, persons: Collection[str]) -> Mapping[str, Contact]:
        """What is known of these people; who has no contact is left out."""
        found = connection_of(self._session).execute(_OF, {"persons": sorted(persons)})
        return {row.person: _contact(row) for row in found}

    def save(self, contact: Contact) -> None:
        """Make a person's contact what `contact` says; an open code stays open."""
        self._write(
            contact.person,
            wants=contact.wants.value,
            zalo_chat=contact.zalo_chat,
            zalo_user=contact.zalo_user,
            phone=contact.phone,
        )

    def open_link(self, link: OpenLink) -> None:
        """Keep a new code; one given before is worth nothing from now on."""
        self._write(link.person, link_digest=link.digest, link_expires_at=link.expires_at)

    def open_links(self, now: datetime) -> list[OpenLink]:
        """The codes that are still good."""
        rows = self._session.scalars(
            select(ContactRow)
            .where(ContactRow.link_digest != "", ContactRow.link_expires_at > now)
            .order_by(ContactRow.person)
        )
        return [
            OpenLink(row.person, row.link_digest, row.link_expires_at)
            for row in rows
            if row.link_expires_at
        ]

    def spend_link(self, digest: str, chat: str, now: datetime) -> bool:
        """Link the chat to whose code it is, and spend the code; False if it was spent.

        Who was told by mail alone is told by both from now on.
        """
        spent = self._session.execute(
            update(_CONTACT)
            .where(_CONTACT.c.link_digest == digest, _CONTACT.c.link_expires_at > now)
            .values(zalo_chat=chat, link_digest="", link_expires_at=None)
            .returning(_CONTACT.c.person, _CONTACT.c.wants)
        ).one_or_none()
        if spent is not None and spent.wants == Wants.MAIL:
            self._write(spent.person, wants=Wants.BOTH.value)
        return spent is not None

    def _write(self, person: str, **values: Any) -> None:
        fresh = {"person": person, **_UNKNOWN, **values}
        if not insert_new(self._session, ContactRow, [fresh], [ContactRow.person]):
            self._session.execute(
                update(_CONTACT).where(_CONTACT.c.person == person).values(**values)
            )


_UNKNOWN = {
    "wants": Wants.MAIL.value,
    "zalo_chat": "",
    "zalo_user": "",
    "phone": "",
    "link_digest": "",
    "link_expires_at": None,
}


def _contact(row: Row[Any]) -> Contact:
    return Contact(row.person, Wants(row.wants), row.zalo_chat, row.zalo_user, row.phone)
