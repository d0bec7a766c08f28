"""Két mã: the sealed access tokens of an OA, in a row that all processes share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import Any, Protocol

from khcn_workflow.clock import Clock
from khcn_workflow.context import Context
from khcn_workflow.sealing import seal, unseal
from khcn_workflow.settings import Settings
from notifications.channels.zalo_tokens import SealedTokens, Vault


class Office(Protocol):
    """What is needed of the application: transactions of their own, a clock, the settings."""

    settings: Settings
    clock: Clock

    def run(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """Run a use case in a transaction of its own."""

    def ask(self, use_case: Callable[..., Any], *args: Any) -> Any:
        """Run a use case that only reads."""


@dataclass(frozen=True, slots=True)
class TokenRow:
    """The row of one OA; each call is a transaction, so that others see it at once."""

    office: Office
    alias: str

    def load(self) -> SealedTokens:
        """The row as it is committed now."""
        loaded: SealedTokens = self.office.ask(_load, self.alias)
        return loaded

    def swap(self, expected_version: int, new: bytes, lease_until: datetime | None) -> bool:
        """Write `new` as the next version, unless another process did meanwhile."""
        return bool(self.office.run(_swap, self.alias, expected_version, new, lease_until))


def vault_of(office: Office, alias: str) -> Vault:
    """The tokens of an OA, for `notifications.channels`."""
    return Vault(
        store=TokenRow(office, alias),
        seal=lambda secret: seal(office.settings, secret.decode()).encode(),
        unseal=lambda sealed: unseal(office.settings, sealed.decode()).encode(),
        now=office.clock.now,
        sleep=sleep,
    )


def _load(context: Context, alias: str) -> SealedTokens:
    return context.work.channels.tokens(alias)


def _swap(
    context: Context, alias: str, expected: int, sealed: bytes, lease_until: datetime | None
) -> bool:
    return context.work.channels.swap_tokens(alias, expected, sealed, lease_until)
