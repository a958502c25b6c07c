"""Rows in, clients out: who a row is about, and what it changes, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from services.identity.domain.catalog import Catalog, Meant, meant_by, names_of
from services.identity.domain.client import Client, Holding
from services.identity.domain.client_editing import Saying
from services.identity.domain.contact_row import BadRow, ContactRow, DedupeOn, read_row
from services.identity.domain.known_people import Coded
from services.identity.domain.people import Kind
from services.identity.domain.profile import ProfileSource, Subscription
from services.identity.domain.upserting import Outcome, Upserting
from shared.contracts.chat import Strength
from tests.identity.happenings import NOON, after

EMAIL = "ann@example.com"
PHONE = "+4791234567"
CATALOG = Catalog(
    tags=names_of([("tg_1", "vip"), ("tg_2", "slow")]),
    groups=names_of([("gr_1", "wholesale")]),
    categories=names_of([("ct_1", "news")]),
)


def a_client(id_: str, *held: tuple[Kind, str, Strength], **more: Any) -> Client:
    holdings = tuple(Holding(kind, value, strength, NOON, "e1") for kind, value, strength in held)
    found = Client(id=id_, workspace_id="ws_1", name=id_, created_at=NOON, changed_at=NOON, rev=1, holdings=holdings)
    return replace(found, **more)


def a_row(**said: Any) -> Meant:
    row = read_row(said)
    assert isinstance(row, ContactRow), row
    found = meant_by(row, CATALOG)
    assert isinstance(found, Meant), found
    return found


def fold(
    *clients: Client,
    on: DedupeOn = "email",
    coded: Sequence[Coded] = (),
    source: ProfileSource = "api",
    alone: bool = False,
) -> Upserting:
    numbers = count(1)
    return Upserting(
        clients,
        coded,
        workspace_id="ws_1",
        dedupe_on=on,
        saying=Saying("ed_1", source, after(60)),
        imported_by="im_1" if source == "import" else None,
        new_id=lambda: f"cl_new{next(numbers)}",
        alone=alone,
    )


def taken(folding: Upserting, *rows: Meant) -> list[Outcome]:
    found = [folding.take(place, row) for place, row in enumerate(rows)]
    assert None not in found
    return [one for one in found if one is not None]


def test_somebody_new_is_added_once_and_updated_by_the_next_row() -> None:
    folding = fold()
    outcomes = taken(
        folding, a_row(email="Ann@Example.com", name="Ann"), a_row(email=EMAIL, surname="Example"), a_row(email=EMAIL)
    )
    assert [one.result for one in outcomes] == ["created", "updated", "unchanged"]
    (ann,) = folding.changed
    assert (ann.name, ann.surname, ann.rev) == ("Ann", "Example", 1)
    shown = ann.shown("email")
    assert shown is not None
    assert (shown.value, shown.strength, ann.ids) == (EMAIL, "stated", ())


def test_a_row_is_about_whoever_proved_the_value_else_who_alone_is_said_to_have_it() -> None:
    proved, said, also = (
        a_client("cl_1", ("email", EMAIL, "verified")),
        a_client("cl_2", ("email", EMAIL, "stated")),
        a_client("cl_3", ("email", EMAIL, "stated")),
    )
    assert taken(fold(proved, said, also), a_row(email=EMAIL, surname="X"))[0].client_id == "cl_1"
    assert taken(fold(said), a_row(email=EMAIL, surname="X"))[0].client_id == "cl_2"
    (refused,) = taken(fold(said, also), a_row(email=EMAIL, surname="X"))
    assert (refused.result, refused.errors[0].field) == ("refused", "email")
    assert "cl_2, cl_3" in refused.errors[0].message


def test_what_somebody_claims_leads_nowhere_and_goes_to_whom_the_business_says() -> None:
    claimer = a_client("cl_1", ("email", EMAIL, "claimed"), ("phone", PHONE, "verified"))
    together = fold(claimer)
    assert together.take(0, a_row(email=EMAIL)) is None, "it concerns two, and goes alone"
    assert together.take(1, a_row(email=EMAIL, name="Ann")) is None, "it must not overtake the other"
    assert together.changed == []

    alone = fold(claimer, alone=True)
    (outcome,) = taken(alone, a_row(email=EMAIL, name="Ann"))
    assert (outcome.result, outcome.notes[0].field) == ("created", "email")
    loser, ann = alone.changed
    assert (loser.id, loser.holds("email", EMAIL), loser.taken[0].by) == ("cl_1", None, ann.id)
    assert (alone.contests[0].claimer.id, alone.contests[0].by) == ("cl_1", ann.id)


def test_what_another_has_for_good_refuses_the_row_and_nothing_else() -> None:
    others = a_client("cl_1", ("phone", PHONE, "verified"), contact_key="k1")
    folding = fold(others)
    outcomes = taken(
        folding,
        a_row(email=EMAIL, phone=PHONE),
        a_row(email=EMAIL, contact_key="k1"),
        a_row(name="Nobody"),
        a_row(email=EMAIL, name="Ann"),
    )
    assert [(one.result, [wrong.field for wrong in one.errors]) for one in outcomes] == [
        ("refused", ["phone"]),
        ("refused", ["contact_key"]),
        ("refused", ["email"]),
        ("created", []),
    ]
    assert [client.name for client in folding.changed] == ["Ann"]


def test_a_contact_key_finds_its_client_also_after_it_moved_within_the_call() -> None:
    folding = fold(a_client("cl_1", contact_key="old"), on="contact_key")
    first, second = taken(folding, a_row(contact_key="old", name="A"), a_row(contact_key="new", email=EMAIL))
    assert (first.client_id, second.result) == ("cl_1", "created")
    folding = fold(a_client("cl_1", ("email", EMAIL, "stated"), contact_key="old"))
    moves, follows = a_row(email=EMAIL, contact_key="new"), a_row(email="b@example.com", contact_key="old")
    first, second = taken(folding, moves, follows)
    assert (first.result, second.result) == ("updated", "created"), "the old key is free again"


def test_an_external_code_finds_the_client_of_its_chat_contact_and_makes_none() -> None:
    ann, bob = a_client("cl_1"), a_client("cl_2")
    coded = [Coded("c1", "cl_1"), Coded("c1", "cl_1"), Coded("c2", None), Coded("c3", "cl_1"), Coded("c3", "cl_2")]
    outcomes = taken(
        fold(ann, bob, on="external_code", coded=coded),
        *(a_row(external_code=code, surname="X") for code in ("c1", "c2", "c3", "c4")),
    )
    assert [one.result for one in outcomes] == ["updated", "refused", "refused", "refused"]
    assert outcomes[0].client_id == "cl_1"


def test_lists_are_added_to_and_taken_from_and_nothing_is_cleared() -> None:
    before = a_client("cl_1", ("email", EMAIL, "stated"), tags=("tg_2",), surname="Example", language="nb")
    folding = fold(before)
    taken(folding, a_row(email=EMAIL, surname=None, tags=["VIP"], remove_tags=["slow", "unheard of"], groups=["gr_1"]))
    (ann,) = folding.changed
    assert (ann.tags, ann.groups, ann.surname, ann.language) == (("tg_1",), ("gr_1",), "Example", "nb")


def test_an_import_never_permits_what_somebody_refused() -> None:
    refused = a_client(
        "cl_1", ("email", EMAIL, "stated"), subscriptions=(Subscription("ct_1", subscribed=False, at=NOON),)
    )
    row = a_row(email=EMAIL, subscriptions={"News": True})
    assert taken(fold(refused, source="import"), row)[0].result == "unchanged"
    folding = fold(refused)
    assert taken(folding, row)[0].result == "updated", "the business's own preference page may"
    made = fold(source="import")
    taken(made, row)
    assert (made.changed[0].imported_by, made.changed[0].subscriptions[0].subscribed) == ("im_1", True)


def test_tokens_and_applications_are_added_each_once() -> None:
    folding = fold()
    token = {"kind": "web", "token": "t1"}
    application = {"id": "app", "devices": [{"id": "d1", "platform": "ios"}]}
    renamed = {"id": "app", "name": "Shop", "devices": [{"id": "d2"}]}
    outcomes = taken(
        folding,
        a_row(email=EMAIL, push_tokens=[token, {"kind": "mobile", "token": "t1"}], applications=[application]),
        a_row(email=EMAIL, push_tokens=[token], applications=[renamed]),
        a_row(email=EMAIL, push_tokens=[token], applications=[application]),
        a_row(email=EMAIL, push_tokens=[{"kind": "web", "token": str(number)} for number in range(50)]),
        a_row(email=EMAIL, push_tokens=[{"kind": "web", "token": f"x{number}"} for number in range(49)]),
    )
    assert [one.result for one in outcomes] == ["created", "updated", "unchanged", "updated", "refused"]
    (ann,) = folding.changed
    assert len(ann.push_tokens) == 52
    assert [(app.name, [device.id for device in app.devices]) for app in ann.applications] == [("Shop", ["d1", "d2"])]


def test_what_is_wrong_with_a_row_is_said_field_by_field() -> None:
    given = {"email": "no", "phone": "12", "time_zone": "Mars/X", "tags": [""], "naem": "Ann", "address": {"x": 1}}
    bad = read_row(given)
    assert isinstance(bad, BadRow)
    assert {one.field for one in bad.errors} == {"email", "phone", "time_zone", "tags.0", "naem", "address.x"}
    assert isinstance(read_row("Ann"), BadRow)
    unknown = meant_by(ContactRow(groups=("none",), subscriptions={"none": True}, fields={"none": 1.0}), CATALOG)
    assert isinstance(unknown, list)
    assert [one.field for one in unknown] == ["groups", "fields.none", "subscriptions"]
