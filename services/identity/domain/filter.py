"""Which clients somebody means: the filter of lists, of segments by rule, of jobs and of exports."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.identity.domain.client import Client
from services.identity.domain.facets import facets_of, search_for
from shared.contracts.chat import Channel

REFUSED = "refused:yes"


@dataclass(frozen=True, slots=True)
class Filter:
    """All that is asked must hold; what is left out lets everybody through."""

    search: str = ""
    """Begins a word of the name or the email, or is at either end of the phone. All words must be found."""
    registered: bool | None = None
    sources: tuple[Channel, ...] = ()
    """Came through one of these."""
    tags: tuple[str, ...] = ()
    """Has every one of these, by id; so with groups and segments."""
    not_tags: tuple[str, ...] = ()
    """Has none of these."""
    groups: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    refused: bool | None = None
    """Whether the email or the phone is blacklisted, unsubscribed or was reported as spam."""

    def matches(self, client: Client) -> bool:
        """Tell whether this client is meant."""
        return self.matches_facets(facets_of(client))

    def matches_facets(self, facets: Sequence[str]) -> bool:
        """Tell whether who has these facets is meant. `facets` is sorted."""
        there = set(facets)
        return (
            there.issuperset(self.all_of)
            and (not self.one_of or not there.isdisjoint(self.one_of))
            and there.isdisjoint(self.none_of)
            and (not self.search or any(start.first_match(facets) is not None for start in search_for(self.search)))
        )

    @property
    def all_of(self) -> tuple[str, ...]:
        """The facets that everybody meant has."""
        found = [*_named("t", self.tags), *_named("g", self.groups), *_named("sg", self.segments)]
        if self.registered is not None:
            found.append(f"registered:{'yes' if self.registered else 'no'}")
        if self.refused:
            found.append(REFUSED)
        if len(set(self.sources)) == 1:
            found.append(f"source:{self.sources[0]}")
        return tuple(sorted(set(found)))

    @property
    def one_of(self) -> tuple[str, ...]:
        """The facets of which everybody meant has exactly one: several sources. Empty where nothing is asked."""
        return tuple(sorted(set(_named("source", self.sources)))) if len(set(self.sources)) > 1 else ()

    @property
    def none_of(self) -> tuple[str, ...]:
        """The facets that nobody meant has."""
        return tuple(sorted({*_named("t", self.not_tags), *([REFUSED] if self.refused is False else [])}))

    @property
    def is_empty(self) -> bool:
        """Whether everybody is meant."""
        return self == EVERYBODY


EVERYBODY = Filter()


def _named(kind: str, ids: Sequence[str]) -> list[str]:
    return [f"{kind}:{id_}" for id_ in ids]
