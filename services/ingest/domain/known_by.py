"""All ids by which one update names one person. WhatsApp has two of them, and either may be missing, or change."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KnownBy:
    """At least one of the ids is there."""

    at: datetime
    """By the provider's clock."""
    user_id: str | None = None
    phone: str | None = None
    """Digits, just as the provider writes them."""
    was_user_id: str | None = None
    was_phone: str | None = None
    """The same person's ids of before, where the update tells that they changed."""
    wrote: bool = True
    """False for a receipt or a preference: it may find a person, and makes nobody known."""

    @property
    def changed(self) -> bool:
        """Whether the update tells that they have other ids now."""
        return self.was_user_id is not None or self.was_phone is not None

    def and_(self, newer: "KnownBy") -> "KnownBy":
        """Return what two of one person's tell together; the newer ids hold."""
        return KnownBy(
            max(self.at, newer.at),
            newer.user_id or self.user_id,
            newer.phone or self.phone,
            newer.was_user_id or self.was_user_id,
            newer.was_phone or self.was_phone,
            wrote=newer.wrote or self.wrote,
        )

    def address_beside(self, contact_id: str) -> str | None:
        """Return what the channel takes to write to them, where their contact id is none of their ids any more."""
        return None if contact_id in (self.user_id, self.phone) else self.user_id or self.phone
