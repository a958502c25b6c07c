"""What an event shows of who somebody is, kept on the chat contact it came through."""

from services.identity.domain.client import Client
from services.identity.domain.people import Evidence, Link, LinkedBy
from shared.contracts.chat import DetailsProvidedV1, SignedInV1

EVIDENCE_KEPT = 50
"""Of one chat contact, the newest; a value counts once for each strength."""


def evidence_of(event: DetailsProvidedV1 | SignedInV1) -> list[Evidence]:
    """Return what an event shows of who somebody is."""
    how = "sign_in" if isinstance(event, SignedInV1) else event.how
    given = [Evidence(event.id, d.kind, d.value, d.strength, how, event.time) for d in event.details]
    if isinstance(event, SignedInV1):
        who = f"{event.chat.connection_id}:{event.external_id}"
        given.append(Evidence(event.id, "site", who, "verified", "sign_in", event.time))
    return given


def how_well(client: Client, evidence: Evidence) -> str | None:
    """Return the strength with which a client holds a value; None where it does not."""
    found = client.holds(evidence.kind, evidence.value)
    return found.strength if found else None


def site_of(value: str) -> str:
    """Return the connection that vouches for a sign-in."""
    return value.partition(":")[0]


def link_by(evidence: Evidence) -> Link:
    """Return the link that evidence makes."""
    how: LinkedBy = "sign_in" if evidence.how == "sign_in" or evidence.kind == "site" else evidence.kind
    return Link(how, evidence.strength, evidence.value, evidence.at)


def with_evidence(kept: tuple[Evidence, ...], new: Evidence) -> tuple[Evidence, ...]:
    """Add evidence; given again, the newer one stands for both."""
    same = next((e for e in kept if (e.kind, e.value, e.strength) == (new.kind, new.value, new.strength)), None)
    if same is not None and (same.at, same.event_id) >= (new.at, new.event_id):
        return kept
    found = [e for e in kept if e is not same] + [new]
    return tuple(sorted(found, key=lambda e: (e.at, e.event_id))[-EVIDENCE_KEPT:])
