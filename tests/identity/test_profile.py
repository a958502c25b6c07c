"""What a profile holds: kept whole, and put together where two turn out to be one."""

from dataclasses import replace

import bson

from services.identity.domain.client import Client, Holding
from services.identity.domain.facets import facets_of
from services.identity.domain.merging import merge
from services.identity.domain.people import Evidence
from services.identity.domain.profile import Address, Application, Device, Location, PushToken, Refusal, Subscription
from services.identity.store.client_documents import client_from, client_to
from tests.identity.happenings import NOON

BARE = Client(id="cl_1", workspace_id="ws_1", name="Ann", created_at=NOON, changed_at=NOON, rev=1)
WHOLE = replace(
    BARE,
    holdings=(Holding("phone", "+4791234567", "verified", NOON, "e1"),),
    language="nb",
    time_zone="Europe/Oslo",
    address=Address("NO", None, "Oslo", "Storgata 1", "0155", "order", NOON),
    location=Location(59.9, 10.7, "NO", None, "Oslo", "shared", NOON),
    groups=("gr_1",),
    segments=("sg_1",),
    fields={"fd_1": "blue", "fd_2": 3.5, "fd_3": False, "fd_4": ("a", "b")},
    subscriptions=(Subscription("ct_1", subscribed=True, at=NOON),),
    applications=(Application("app", "Shop", (Device("d1", "ios", "iPhone", NOON),)),),
    push_tokens=(PushToken("mobile", "t1", "Shop", NOON),),
    refusals=(Refusal("phone", "+4791234567", "blacklisted", NOON, "asked by phone"),),
    imported_by="im_1",
)
SHOWN = Evidence("e9", "phone", "+4791234567", "verified", "typed", NOON)


def again(client: Client) -> Client:
    return client_from(bson.decode(bson.encode(client_to(client)), bson.CodecOptions(tz_aware=True)))


def test_a_profile_comes_back_as_it_was_kept() -> None:
    assert again(WHOLE) == WHOLE
    assert again(BARE) == BARE


def test_who_was_kept_before_there_were_profiles_is_read_as_one_without() -> None:
    assert not {"language", "fields", "refusals"} & client_to(BARE).keys()


def test_groups_segments_refusals_and_either_end_of_a_phone_are_found_by() -> None:
    assert {"g:gr_1", "sg:sg_1", "refused:yes", "p:4791234567", "P:7654321974"} <= set(facets_of(WHOLE))
    assert "refused:yes" not in facets_of(BARE)


def test_what_the_survivor_lacks_it_takes_over_and_no_stays_no() -> None:
    absorbed = replace(
        WHOLE,
        id="cl_2",
        fields={"fd_1": "red", "fd_5": "new"},
        subscriptions=(Subscription("ct_1", subscribed=False, at=NOON), Subscription("ct_2", subscribed=True, at=NOON)),
        applications=(Application("app", "Shop", (Device("d1"), Device("d2"))), Application("other")),
        push_tokens=(PushToken("mobile", "t1"), PushToken("web", "t1")),
        refusals=(Refusal("email", "ann@example.com", "spam", NOON),),
    )

    after = merge(WHOLE, absorbed, SHOWN, NOON).after

    assert after.fields == {"fd_1": "blue", "fd_2": 3.5, "fd_3": False, "fd_4": ("a", "b"), "fd_5": "new"}
    assert {one.category_id: one.subscribed for one in after.subscriptions} == {"ct_1": False, "ct_2": True}
    assert [[device.id for device in one.devices] for one in after.applications] == [["d1", "d2"], []]
    assert [(one.kind, one.label) for one in after.push_tokens] == [("mobile", "Shop"), ("web", None)]
    assert {one.kind for one in after.refusals} == {"email", "phone"}
    assert merge(BARE, WHOLE, SHOWN, NOON).after.address == WHOLE.address
