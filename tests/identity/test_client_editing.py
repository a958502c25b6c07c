"""What an edit does to a client: what is shown, what is let go of, what stays proved."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.identity.domain.client import Client, Holding
from services.identity.domain.client_editing import Saying, edited
from services.identity.domain.definitions import (
    AdditionalField,
    BadValueError,
    Choice,
    FieldType,
    key_from,
    read_value,
    still_valid,
)
from services.identity.domain.merging import merge
from services.identity.domain.people import Evidence
from services.identity.domain.profile import Address, Location, Subscription
from shared.contracts.chat import Strength

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
BEFORE = NOW - timedelta(days=3)
SAID = Saying("ed_1", "by_hand", NOW)


def a_client(*holdings: Holding, id_: str = "cl_1") -> Client:
    return Client(id_, "w", "Ann", BEFORE, BEFORE, rev=1, holdings=holdings)


def mail(value: str, strength: Strength, at: datetime = BEFORE) -> Holding:
    return Holding("email", value, strength, at, f"ev_{value}")


def shown(client: Client) -> tuple[str, Strength] | None:
    found = client.shown("email")
    return (found.value, found.strength) if found else None


@pytest.mark.parametrize("strength", ["stated", "claimed"])
def test_what_nobody_proved_is_let_go_of_when_it_is_replaced(strength: Strength) -> None:
    after = edited(a_client(mail("old@x.no", strength)), {"email": "new@x.no"}, SAID)
    assert shown(after) == ("new@x.no", "stated")
    assert [h.value for h in after.holdings] == ["new@x.no"]


def test_what_was_proved_still_leads_to_its_client_and_is_not_shown() -> None:
    after = edited(a_client(mail("proved@x.no", "verified")), {"email": "new@x.no"}, SAID)
    assert shown(after) == ("new@x.no", "stated")
    assert after.ids == ("email:proved@x.no",)
    again = edited(after, {"email": "proved@x.no"}, SAID)
    assert shown(again) == ("proved@x.no", "verified")
    assert [h.value for h in again.holdings] == ["proved@x.no"], "what was only said is let go of"


def test_what_is_proved_after_the_edit_does_not_change_what_was_chosen() -> None:
    after = edited(a_client(), {"email": "new@x.no"}, SAID)
    proved = replace(after, holdings=(*after.holdings, mail("proved@x.no", "verified", NOW + timedelta(days=1))))
    assert shown(proved) == ("new@x.no", "stated")
    taken = replace(proved, holdings=tuple(h for h in proved.holdings if h.value != "new@x.no"))
    assert shown(taken) == ("proved@x.no", "verified"), "what was chosen is somebody else's by now"


def test_a_claim_that_the_business_confirms_is_stated_and_one_that_was_proved_stays_so() -> None:
    claimed = edited(a_client(mail("a@x.no", "claimed"), mail("b@x.no", "verified")), {"email": "a@x.no"}, SAID)
    assert shown(claimed) == ("a@x.no", "stated")
    assert claimed.ids == ("email:b@x.no",)


def test_cleared_it_shows_none_and_lets_go_of_all() -> None:
    whole = a_client(
        mail("a@x.no", "verified"), mail("b@x.no", "claimed"), Holding("site", "c:1", "verified", NOW, "e")
    )
    after = edited(edited(whole, {"email": "c@x.no"}, SAID), {"email": None}, SAID)
    assert shown(after) is None
    assert after.ids == ("site:c:1",), "who signed in is who they are"
    assert after.chosen == ()


def test_a_phone_is_edited_beside_an_email() -> None:
    after = edited(a_client(mail("a@x.no", "verified")), {"phone": "+4791234567"}, SAID)
    assert shown(after) == ("a@x.no", "verified")
    phone = after.shown("phone")
    assert phone is not None
    assert (phone.value, phone.strength, phone.event_id, phone.at) == ("+4791234567", "stated", "ed_1", NOW)


def test_an_edit_that_says_what_stands_changes_nothing() -> None:
    client = edited(
        a_client(mail("a@x.no", "verified")),
        {"address": Address("NO", city="Oslo"), "location": Location(59.9, 10.7), "subscriptions": {"sc_1": False}},
        SAID,
    )
    assert client.address == Address("NO", city="Oslo", source="by_hand", at=NOW)
    later = Saying("ed_2", "api", NOW + timedelta(days=1))
    same = edited(
        client,
        {
            "name": "Ann",
            "email": "a@x.no",
            "address": Address("NO", city="Oslo"),
            "location": Location(59.9, 10.7),
            "subscriptions": {"sc_1": False},
            "fields": {"fd_none": None},
        },
        later,
    )
    assert same == client, "sources and dates among it"
    moved = edited(client, {"address": Address("NO", city="Bergen")}, later)
    assert moved.address == Address("NO", city="Bergen", source="api", at=later.at)
    assert edited(moved, {"address": None}, later).address is None


def test_fields_and_subscriptions_change_one_by_one() -> None:
    first = edited(a_client(), {"fields": {"fd_1": "x", "fd_2": 4.5}, "subscriptions": {"sc_1": True}}, SAID)
    after = edited(first, {"fields": {"fd_1": None, "fd_3": True}, "subscriptions": {"sc_2": False}}, SAID)
    assert after.fields == {"fd_2": 4.5, "fd_3": True}
    assert after.subscriptions == (Subscription("sc_1", True, NOW), Subscription("sc_2", False, NOW))  # noqa: FBT003


def test_a_merge_keeps_what_the_survivor_shows() -> None:
    survivor = edited(a_client(mail("proved@x.no", "verified")), {"email": "mine@x.no"}, SAID)
    absorbed = edited(a_client(id_="cl_2"), {"email": "other@x.no", "phone": "+4791234567"}, SAID)
    better = replace(absorbed, holdings=(*absorbed.holdings, Holding("phone", "+4798765432", "verified", NOW, "e")))
    after = merge(survivor, better, Evidence("e", "email", "x", "verified", "sign_in", NOW), NOW).after
    assert shown(after) == ("mine@x.no", "stated")
    phone = after.shown("phone")
    assert phone is not None
    assert phone.value == "+4791234567", "chosen there, and the survivor had none"


def a_field(type_: FieldType) -> AdditionalField:
    choices = (Choice("c1", "Rød"), Choice("c2", "Blå")) if type_ in {"one_of", "several_of"} else ()
    return AdditionalField("fd_1", "w", "k", "K", type_, 0, NOW, choices)


@pytest.mark.parametrize(
    ("type_", "given", "kept"),
    [
        ("text", "  你好 ", "你好"),
        ("text", "", None),
        ("text", "   ", None),
        ("number", "4.5", 4.5),
        ("number", 42, 42.0),
        ("date", "2026-02-28", "2026-02-28"),
        ("yes_no", "Yes", True),
        ("yes_no", False, False),
        ("one_of", "rod", None),
        ("one_of", "BLÅ", "c2"),
        ("one_of", "c1", "c1"),
        ("several_of", ["Blå", "c1", "c2"], ("c1", "c2")),
        ("several_of", [], None),
    ],
)
def test_a_field_takes_what_its_type_says(type_: FieldType, given: object, kept: object) -> None:
    if given == "rod":  # ø is a letter of its own, no o with an accent
        with pytest.raises(BadValueError, match="Rød"):
            read_value(a_field(type_), given)
        return
    assert read_value(a_field(type_), given) == kept


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        ("text", 5),
        ("text", "x" * 1001),
        ("text", "a\x00b"),
        ("number", "many"),
        ("number", True),
        ("number", "nan"),
        ("number", float("inf")),
        ("number", 10**400),
        ("date", "28.11.2026"),
        ("date", "2026-02-30"),
        ("date", 5),
        ("yes_no", "maybe"),
        ("one_of", "c9"),
        ("one_of", ["c1"]),
        ("several_of", ["c1", "c9"]),
        ("several_of", {"c1": 1}),
    ],
)
def test_and_nothing_else(type_: FieldType, given: object) -> None:
    with pytest.raises(BadValueError):
        read_value(a_field(type_), given)


def test_choices_that_are_gone_are_not_shown() -> None:
    one, several = a_field("one_of"), a_field("several_of")
    assert (still_valid(one, "c1"), still_valid(one, "c9")) == ("c1", None)
    assert (still_valid(several, ("c9", "c2")), still_valid(several, ("c9",))) == (("c2",), None)


def test_a_key_is_made_of_a_name() -> None:
    assert [key_from(name) for name in ("Shoe size", "Größe (EU)", "42nd", "誕生日")] == [
        "shoe_size",
        "große_eu".replace("ß", "ss"),
        "field_42nd",
        "field",
    ]
