"""Segments: people chosen by hand, or by a filter that is asked each time anybody wants to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from services.identity.domain.facets import BETWEEN_SEARCHES
from services.identity.domain.filter import Filter
from services.identity.domain.labels import Label, LabelKind
from shared.contracts.chat import Channel

NOBODY = Filter(tags=("-",), not_tags=("-",))
"""What lets nobody through: to have a tag and not to have it."""


@dataclass(frozen=True, slots=True)
class Segment(Label):
    """A segment of a workspace."""

    rule: Filter | None = None
    """Who is in it; None where it is kept by hand."""


def uses(rule: Filter, kind: LabelKind) -> tuple[str, ...]:
    """Return the labels of one kind that a rule asks for."""
    match kind:
        case "tag":
            return (*rule.tags, *rule.not_tags)
        case "group":
            return rule.groups
        case "segment":
            return rule.segments


def with_other_tag(rule: Filter, old: str, new: str) -> Filter:
    """Ask for another tag wherever one was asked for."""
    there = {name: tuple(dict.fromkeys(new if tag == old else tag for tag in getattr(rule, name))) for name in _TAGS}
    return replace(rule, **there)


_TAGS = ("tags", "not_tags")


def leads_back(id_: str, rule: Filter, rules: Mapping[str, Filter]) -> bool:
    """Tell whether a rule asks, through however many others, for the segment whose rule it is."""
    seen: set[str] = set()
    ahead = list(rule.segments)
    while ahead:
        here = ahead.pop()
        if here == id_:
            return True
        if here not in seen and here in rules:
            seen.add(here)
            ahead += rules[here].segments
    return False


def expanded(asked: Filter, rules: Mapping[str, Filter]) -> Filter:
    """Put the rules of segments in the place of the segments that have one.

    `rules` holds those that are asked for, through however many others; none leads back to itself.
    """
    by_rule = [rules[id_] for id_ in asked.segments if id_ in rules]
    if not by_rule:
        return asked
    by_hand = replace(asked, segments=tuple(id_ for id_ in asked.segments if id_ not in rules))
    return _all_hold([by_hand, *(expanded(rule, rules) for rule in by_rule)])


def _all_hold(filters: Iterable[Filter]) -> Filter:
    found = Filter()
    for one in filters:
        sources: tuple[Channel, ...] = tuple(source for source in found.sources if source in one.sources)
        if (
            _clash(found.registered, one.registered)
            or _clash(found.refused, one.refused)
            or (found.sources and one.sources and not sources)
        ):
            return NOBODY
        found = Filter(
            search=BETWEEN_SEARCHES.join(dict.fromkeys(text for text in (found.search, one.search) if text)),
            registered=found.registered if one.registered is None else one.registered,
            sources=sources or found.sources or one.sources,
            tags=_together(found.tags, one.tags),
            not_tags=_together(found.not_tags, one.not_tags),
            groups=_together(found.groups, one.groups),
            segments=_together(found.segments, one.segments),
            refused=found.refused if one.refused is None else one.refused,
        )
    return found


def _clash(one: bool | None, other: bool | None) -> bool:  # noqa: FBT001 - a filter's own fields
    return one is not None and other is not None and one != other


def _together(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*ours, *theirs}))
