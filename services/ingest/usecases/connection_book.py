"""The connections that this process knows: kept current from `connection.v1`, secrets open, scenarios read."""

from collections.abc import Iterable

from services.ingest.channels.contract import Account
from services.ingest.domain.scenario import Scenario
from services.ingest.domain.scenario_check import InvalidScenarioError, read_scenario
from services.ingest.store.connections import Connections
from shared.contracts.accounts import ConnectionStateV1
from shared.contracts.event import Event
from shared.sealing.keys import SecretKeys, UnsealError


class ConnectionBook:
    """Answers without asking the database, but for a scenario that has changed."""

    def __init__(self, keys: SecretKeys, connections: Connections) -> None:
        self._keys = keys
        self._connections = connections
        self._states: dict[str, ConnectionStateV1] = {}
        self._accounts: dict[str, Account] = {}
        self._sites: dict[str, str] = {}
        self._scenarios: dict[str, tuple[int, Scenario | None]] = {}

    def take(self, event: Event) -> None:
        """Take in one state; an older rev changes nothing."""
        if not isinstance(event, ConnectionStateV1):
            return
        there = self._states.get(event.id)
        if there is not None and event.rev <= there.rev:
            return
        self._states[event.id] = event
        self._accounts.pop(event.id, None)
        if event.enabled:
            self._open(event)

    def _open(self, state: ConnectionStateV1) -> None:
        try:
            secrets = {
                name: self._keys.unseal(state.workspace_id, f"connection.{name}", sealed)
                for name, sealed in state.sealed_secrets.items()
            }
        except UnsealError:
            return  # its webhooks answer 404 until KITH_SECRET_KEY is put right
        self._accounts[state.id] = Account(
            state.workspace_id, state.id, state.channel, secrets, state.account_id, state.settings
        )
        if state.channel == "widget":
            self._sites[state.account_id] = state.id

    def forget(self, key: str) -> None:
        """Drop a connection that is gone: its webhooks answer 404."""
        self._states.pop(key, None)
        self._accounts.pop(key, None)
        self._scenarios.pop(key, None)

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each connection's workspace, key, and all that is known of it."""
        for state in self._states.values():
            yield state.workspace_id, state.key(), state.kept()

    def fresh(self) -> "ConnectionBook":
        return ConnectionBook(self._keys, self._connections)

    def adopt(self, other: "ConnectionBook") -> None:
        """Hold what the other holds. Scenarios are asked for again."""
        self._states, self._accounts, self._sites = other._states, other._accounts, other._sites  # noqa: SLF001 - a book, too
        self._scenarios = {}

    def account(self, connection_id: str) -> Account | None:
        """Return an enabled connection, its secrets open."""
        return self._accounts.get(connection_id)

    def site(self, key: str) -> Account | None:
        """Return an enabled connection of the website chat by its public site key."""
        return self._accounts.get(self._sites.get(key, ""))

    async def scenario(self, connection_id: str) -> Scenario | None:
        """Return a connection's scenario, or None where it has none or is switched off."""
        state = self._states.get(connection_id)
        rev = state.rev if state is not None else 0
        kept = self._scenarios.get(connection_id)
        if kept is None or kept[0] < rev:
            found = await self._connections.any_workspace(connection_id)
            kept = (found.rev if found else 0, _read(found.scenario if found and found.enabled else None))
            self._scenarios[connection_id] = kept
        return kept[1]


def _read(document: object) -> Scenario | None:
    if document is None:
        return None
    try:
        return read_scenario(document)
    except InvalidScenarioError:
        return None  # it was checked when it was saved, by an older Kith; the page shows what is wrong now
