"""Whether a message may be requested at this very moment."""

import time
from collections.abc import Callable

import structlog

from services.broadcast.channels.sender import SendingAccount
from services.broadcast.domain.connections import ConnectionBook
from services.broadcast.domain.delivery import Delivery
from services.broadcast.domain.outcomes import Forbidden
from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.permissions import PermissionBook
from shared.sealing.keys import SecretKeys, UnsealError

log = structlog.get_logger(__name__)

STALE_SECONDS = 2.0
"""A "no" older than this must be known, or nothing is requested."""
NEW_CONNECTION_SECONDS = 10.0
"""How long messages may be ahead of what `connection.v1` tells of their connection."""

_GONE = Forbidden("connection_refused", "this connection is gone")
_OFF = Forbidden("connection_refused", "this connection is switched off; switch it on and send again")


class Gate:
    """Looks at what the tails told, which costs no wait. `ages` gives how old that is, in seconds."""

    def __init__(
        self,
        permissions: PermissionBook,
        connections: ConnectionBook,
        keys: SecretKeys,
        ages: Callable[[], tuple[float, ...]],
    ) -> None:
        self._permissions = permissions
        self._connections = connections
        self._keys = keys
        self._ages = ages
        self._accounts: dict[str, tuple[int, SendingAccount | None]] = {}
        self._missing_since: dict[str, float] = {}

    def is_open(self) -> bool:
        """Tell whether what we know is fresh enough to act upon."""
        return max(self._ages()) <= STALE_SECONDS

    def account(self, connection_id: str) -> SendingAccount | Forbidden | None:
        """Return the account to send with, or why there is none and will be none; None means to wait."""
        connection = self._connections.get(connection_id)
        if connection is None:
            since = self._missing_since.setdefault(connection_id, time.monotonic())
            return _GONE if time.monotonic() - since > NEW_CONNECTION_SECONDS else None
        self._missing_since.pop(connection_id, None)
        if not connection.enabled:
            return _OFF
        known = self._accounts.get(connection_id)
        if known is None or known[0] != connection.rev:
            known = self._accounts[connection_id] = (connection.rev, self._open(connection))
        return known[1]

    def refusal(self, row: Delivery) -> Forbidden | None:
        """Say why this message must not be requested, or None."""
        connection = self._connections.get(row.connection_id)
        if connection is not None and connection.workspace_id != row.workspace_id:
            return _GONE
        speaks = row.origin == "scenario" and not row.says_nothing
        fact = self._permissions.forbids(row.chat_contact_id, "reactive" if speaks else "agent")
        return Forbidden("not_permitted", f"forbidden by: {fact}") if fact is not None else None

    def _open(self, connection: ConnectionStateV1) -> SendingAccount | None:
        try:
            secrets = {
                name: self._keys.unseal(connection.workspace_id, f"connection.{name}", sealed)
                for name, sealed in connection.sealed_secrets.items()
            }
        except UnsealError as error:
            log.error(  # noqa: TRY400 - a traceback would say nothing more
                "a connection's secret does not open, so its messages wait; give this process the version of"
                " KITH_SECRET_KEY it was sealed with, or enter it again",
                connection_id=connection.id,
                why=str(error),
            )
            return None
        return SendingAccount(connection.id, connection.account_id, secrets, connection.settings)
