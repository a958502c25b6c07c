"""Undoing an import takes out what it brought in, and nothing else."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.identity.domain.client import Client, Holding
from services.identity.domain.client_editing import Saying, edited
from services.identity.domain.import_people import Imported, Known, apply, decide
from services.identity.domain.import_rows import Plan, Wish
from services.identity.domain.import_undo import differences, undone
from services.identity.domain.people import Kind
from services.identity.domain.profile import Address, Refusal
from services.identity.store.client_documents import client_from, client_to
from shared.contracts.chat import Strength
from tests.identity.happenings import NOON, after

IMPORT = Imported("imp_1", "ws_1", after(60), {"vip": "tg_vip", "new": "tg_new"})
PLAN = Plan((), (), "email")


def a_client(**fields: Any) -> Client:
    return replace(Client("cl_1", "ws_1", "Ann", NOON, NOON, rev=3), **fields)


def holds(value: str, strength: Strength = "stated", kind: Kind = "email") -> Holding:
    return Holding(kind, value, strength, NOON, "evt_1")


def without_import(before: Client, imported: Client, since: Client) -> Client:
    was, is_ = differences(client_to(before), client_to(imported))
    return client_from(undone(client_to(since), was, is_))


VALUES = st.fixed_dictionaries(
    {"email": st.sampled_from(["a@x.org", "b@x.org"])},
    optional={
        "name": st.sampled_from(["Ann", "Bea"]),
        "surname": st.sampled_from(["Berg", "Dahl"]),
        "phone": st.sampled_from(["+4791234567", "+4791234568"]),
        "city": st.sampled_from(["Oslo", "Bergen"]),
        "language": st.sampled_from(["no", "en"]),
        "source": st.just("telegram"),
    },
)
CLIENTS = st.builds(
    a_client,
    surname=st.sampled_from([None, "Berg"]),
    tags=st.sampled_from([(), ("tg_vip",), ("tg_old", "tg_new")]),
    holdings=st.sampled_from(
        [(), (holds("a@x.org"),), (holds("c@x.org"),), (holds("a@x.org", "verified"), holds("c@x.org", "claimed"))]
    ),
    address=st.sampled_from([None, Address(city="Oslo", street="Storgata 1", at=NOON)]),
    fields=st.sampled_from([{}, {"fd_1": "x"}]),
)


@settings(max_examples=200, deadline=None)
@given(client=CLIENTS, values=VALUES, tags=st.sampled_from([(), ("VIP",), ("new", "VIP")]), fills=st.booleans())
def test_an_import_that_is_undone_at_once_never_was(
    client: Client, values: dict[str, str], tags: tuple[str, ...], *, fills: bool
) -> None:
    plan = Plan((), (), "email", "fill" if fills else "update")
    wish = Wish((2,), values, tags, {"fd_1": "y", "fd_2": 3.0})
    imported = apply(client, wish, plan, IMPORT)
    back = without_import(client, imported, imported)
    assert set(back.holdings) == set(client.holdings)
    assert back == replace(client, holdings=back.holdings)


def test_what_was_changed_since_stays() -> None:
    before = a_client(surname="Berg", tags=("tg_old",), fields={"fd_1": "x"})
    wish = Wish((2,), {"email": "a@x.org", "name": "Anna", "surname": "Dahl"}, ("vip", "new"), {"fd_1": "y"})
    imported = apply(before, wish, PLAN, IMPORT)
    since = edited(
        imported,
        {"name": "Anja", "tags": ("tg_old", "tg_new", "tg_own"), "fields": {"fd_1": "z", "fd_9": "own"}},
        Saying("ed_1", "by_hand", after(90)),
    )
    back = without_import(before, imported, since)
    assert (back.name, back.surname, back.tags) == ("Anja", "Berg", ("tg_old", "tg_own"))
    assert (back.fields, back.holdings) == ({"fd_1": "z", "fd_9": "own"}, ())


def test_an_email_that_was_corrected_since_stays() -> None:
    before = a_client(holdings=(holds("old@x.org"),))
    imported = apply(before, Wish((2,), {"email": "new@x.org"}), PLAN, IMPORT)
    since = edited(imported, {"email": "right@x.org"}, Saying("ed_1", "by_hand", after(90)))
    assert [h.value for h in without_import(before, imported, since).holdings] == ["right@x.org"]


@pytest.mark.parametrize("existing", ["update", "fill", "skip"])
def test_nothing_that_was_forbidden_is_allowed_by_an_import(existing: Any) -> None:
    refusal = Refusal("email", "a@x.org", "unsubscribed", NOON)
    before = a_client(holdings=(holds("a@x.org"),), refusals=(refusal,))
    plan = Plan((), (), "email", existing)
    wish = Wish((2,), {"email": "a@x.org", "name": "Anna", "phone": "+4791234567"})
    outcome = decide([wish], Known([before], "email"), plan, IMPORT, ["cl_2"])
    for _, changed in outcome.changed:
        assert (changed.refusals, changed.subscriptions, changed.registered) == ((refusal,), (), False)
    assert len(outcome.changed) == (existing != "skip")


def test_who_is_found_by_a_key() -> None:
    claimed = a_client(holdings=(holds("a@x.org", "claimed"),))
    verified = Client("cl_2", "ws_1", "V", NOON, NOON, rev=1, holdings=(holds("a@x.org", "verified"),))
    stated = [Client(f"cl_{n}", "ws_1", "S", NOON, NOON, rev=1, holdings=(holds("a@x.org"),)) for n in (3, 4)]
    wish = Wish((2, 5), {"email": "a@x.org"})
    for there, made, changed, faults in (
        ([claimed], 1, 0, 0),
        ([claimed, verified, *stated], 0, 1, 0),
        (stated, 0, 0, 2),
        (stated[:1], 0, 1, 0),
    ):
        found = decide([wish], Known(there, "email"), Plan((), (), "email", tags=("tg_vip",)), IMPORT, ["cl_9"])
        assert (len(found.made), len(found.changed), len(found.faults)) == (made, changed, faults)


def test_a_contact_key_of_somebody_else_is_a_fault() -> None:
    other = Client("cl_2", "ws_1", "Other", NOON, NOON, rev=1, contact_key="K1")
    wish = Wish((2,), {"email": "a@x.org", "contact_key": "K1"})
    found = decide([wish], Known([other], "email"), PLAN, IMPORT, ["cl_9"])
    assert "cl_2" in found.faults[0].message
    assert not found.made


def test_who_has_no_name_is_called_by_how_they_are_reached() -> None:
    found = decide([Wish((2,), {"email": "a@x.org"})], Known([], "email"), PLAN, IMPORT, ["cl_9"])
    assert (found.made[0].name, found.made[0].rev, found.made[0].imported_by) == ("a@x.org", 1, "imp_1")


@settings(max_examples=100, deadline=None)
@given(values=VALUES, tags=st.sampled_from([(), ("VIP",), ("new", "VIP")]))
def test_a_newcomer_is_as_nobody_with_what_the_row_says(values: dict[str, str], tags: tuple[str, ...]) -> None:
    wish = Wish((2,), {"name": "Ann", **values}, tags, {"fd_1": "y"})
    (made,) = decide([wish], Known([], "email"), PLAN, IMPORT, ["cl_9"]).made
    nobody = Client("cl_9", "ws_1", "", after(60), after(60), rev=1, imported_by="imp_1")
    applied = apply(nobody, wish, PLAN, IMPORT)
    assert made == replace(applied, holdings=made.holdings, chosen=made.chosen)
    assert set(made.holdings) == set(applied.holdings)
    assert set(made.chosen) == set(applied.chosen)
    assert client_from(client_to(made)) == made
