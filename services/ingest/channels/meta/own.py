"""A phone or an email of their profile's that a person gave by tapping it."""

from services.ingest.domain.given import read_card_phone, read_email
from shared.contracts.chat import Detail


def own_detail(payload: str | None, title: str | None) -> Detail | None:
    """Return what a quick reply of Messenger's kinds `user_phone_number` and `user_email` gives, or None.

    Messenger puts the value behind the key and onto it; another tool's key has words on it. People write into their
    profiles what they like, and Meta does not say that it looked: a claim.
    """
    if not payload or not title:
        return None
    phone = read_card_phone(payload)
    if phone is not None and phone == read_card_phone(title):
        return Detail(kind="phone", value=phone, strength="claimed")
    email = read_email(payload)
    if email is not None and email == read_email(title):
        return Detail(kind="email", value=email, strength="claimed")
    return None
