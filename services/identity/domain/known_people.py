"""Who has what the business knows people by, while rows about them are decided upon."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.identity.domain.client import Client, Holding
from services.identity.domain.people import Kind


@dataclass(frozen=True, slots=True)
class Coded:
    """A chat contact that has an external code."""

    code: str
    client_id: str | None


class KnownPeople:
    """Clients by their keys, as they are and as rows leave them."""

    def __init__(self, clients: Iterable[Client], coded: Iterable[Coded]) -> None:
        self._now: dict[str, Client] = {}
        self._coded: dict[str, set[str | None]] = {}
        for one in coded:
            self._coded.setdefault(one.code, set()).add(one.client_id)
        self._holders: dict[str, dict[str, Holding]] = {}
        self._by_contact_key: dict[str, str] = {}
        for client in clients:
            self.put(client)

    def get(self, id_: str) -> Client | None:
        return self._now.get(id_)

    def all(self) -> Iterable[Client]:
        return self._now.values()

    def put(self, client: Client) -> None:
        """Know a client as it is now, in the place of what it was before."""
        was = self._now.get(client.id)
        if was is not None:
            for holding in was.holdings:
                self._holders[holding.id].pop(client.id, None)
            if was.contact_key and self._by_contact_key.get(was.contact_key) == client.id:
                del self._by_contact_key[was.contact_key]
        for holding in client.holdings:
            self._holders.setdefault(holding.id, {})[client.id] = holding
        if client.contact_key:
            self._by_contact_key[client.contact_key] = client.id
        self._now[client.id] = client

    def with_key(self, name: str, value: str) -> Client | str | None:
        """Return who has a key, None for nobody, or why that cannot be told."""
        match name:
            case "contact_key":
                id_ = self._by_contact_key.get(value)
                return self._now[id_] if id_ else None
            case "external_code":
                return self._by_code(value)
            case "client_id":
                return self._now.get(value)
            case kind:
                return self._by_value(f"{kind}:{value}")

    def others(self, kind: Kind, value: str, own_id: str | None) -> Iterator[tuple[Client, Holding]]:
        """Give who else holds a value, and how well."""
        for client_id, holding in self._holders.get(f"{kind}:{value}", {}).items():
            if client_id != own_id:
                yield self._now[client_id], holding

    def _by_value(self, id_: str) -> Client | str | None:
        """Return who proved the value, or alone was said to have it; that somebody claims it leads to nobody."""
        holders = self._holders.get(id_, {})
        verified = [client for client, holding in holders.items() if holding.strength == "verified"]
        stated = sorted(client for client, holding in holders.items() if holding.strength == "stated")
        if verified:
            return self._now[verified[0]]
        if len(stated) > 1:
            several = ", ".join(stated[:5])
            return f"several clients have it ({several}); tell them apart by their contact key"
        return self._now[stated[0]] if stated else None

    def _by_code(self, code: str) -> Client | str:
        """Return whose chat contact has an external code: a label links nobody, and makes no client."""
        clients = sorted(id_ for id_ in self._coded.get(code, set()) if id_ is not None and id_ in self._now)
        if len(clients) > 1:
            return f"chat contacts of several clients have this code ({', '.join(clients[:5])})"
        if clients:
            return self._now[clients[0]]
        if code in self._coded:
            return "the chat contact with this code belongs to no client yet; a code makes none. Use another key"
        return "no chat contact has this code, and a code makes no client. Use another key"
