"""The table of actions: what a job may do, by the word that it is asked for with. A new action is a row."""

from collections.abc import Mapping

from services.identity.store.stores import Stores
from services.identity.usecases.actions.relabel import Clock, Relabel
from services.identity.usecases.actions.remove import Blacklist, Delete
from services.identity.usecases.actions.step import Step
from services.identity.usecases.delete_clients import DeleteClients
from services.identity.usecases.refuse import Refuse
from shared.messaging.outbox import Outbox


def actions(stores: Stores, outbox: Outbox, clock: Clock) -> Mapping[str, Step]:
    """Make the table."""
    return {
        "tag": Relabel(stores, clock, "tag", adds="label"),
        "untag": Relabel(stores, clock, "tag", removes="label"),
        "group": Relabel(stores, clock, "group", adds="label"),
        "ungroup": Relabel(stores, clock, "group", removes="label"),
        "segment": Relabel(stores, clock, "segment", adds="label"),
        "unsegment": Relabel(stores, clock, "segment", removes="label"),
        "delete": Delete(DeleteClients(stores, outbox, clock)),
        "blacklist": Blacklist(Refuse(stores, outbox, clock)),
        "delete_tag": Relabel(stores, clock, "tag", removes="label", ends=True),
        "delete_group": Relabel(stores, clock, "group", removes="label", ends=True),
        "delete_segment": Relabel(stores, clock, "segment", removes="label", ends=True),
        "merge_tags": Relabel(stores, clock, "tag", adds="into", removes="label", ends=True),
    }
