"""What the routes of tags, contact groups and segments have in common."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.identity.domain.labels import DESCRIPTION_CHARACTERS, NAME_CHARACTERS, Label, LabelKind
from services.identity.routes.asked import Limit, Searched, plain
from services.identity.store.label_counts import NOBODY, People
from services.identity.store.labels import LabelPage, Labels, NameTakenError
from services.identity.usecases.keep_labels import LabelChangedError, MergedLabelError, UnknownLabelError
from shared.web.cursors import read_cursor, write_cursor
from shared.web.problems import FieldError, ProblemError, not_found

L = TypeVar("L", bound=Label)
PLACES: Mapping[LabelKind, str] = {"tag": "tags", "group": "groups", "segment": "segments"}
NOUNS: Mapping[LabelKind, str] = {"tag": "tag", "group": "contact group", "segment": "segment"}


class LabelOut(BaseModel):
    """What a tag, a contact group and a segment have in common."""

    id: str
    name: str
    description: str
    people: int | None
    """How many clients have it. None where it was not asked for, or is asked of a filter."""
    people_exact: bool
    """False where counting stopped at 10,000."""
    created_at: datetime
    rev: int


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class LabelsAsked(_Asked):
    """`search` begins the name, in any case and with or without accents."""

    search: Searched = ""
    limit: Limit = 50
    cursor: Annotated[str, StringConstraints(max_length=1_000)] | None = None
    """`next_cursor` of the page before."""
    people: bool = False
    """Whether to count who has each, to 10,000."""


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARACTERS),
    AfterValidator(plain),
]
Description = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=DESCRIPTION_CHARACTERS),
    AfterValidator(plain),
]


class LabelAsked(_Asked):
    """A name; one that differs by case, accents or spaces alone is the same name."""

    name: Name
    description: Description = ""


def left_out() -> Any:  # noqa: ANN401 - stands for a field that was not sent, and is never read
    """Stand for a field that may be left out, but not be null."""
    return None


class LabelEdit(_Asked):
    """A change; what is left out stays. Nobody's record is written: clients hold ids."""

    name: Name = Field(default_factory=left_out)
    description: Description = Field(default_factory=left_out)
    rev: int | None = None
    """The rev you saw, if the change may only be made to that: 409 otherwise."""

    def news(self) -> dict[str, Any]:
        """Return what was sent, but for the rev."""
        found = {name: getattr(self, name) for name in self.model_fields_set - {"rev"}}
        if "name" in found:
            found["name"] = " ".join(found["name"].split())
        return found


class Counting(Protocol):
    """Counts who has labels of one kind."""

    async def __call__(self, workspace_id: str, labels: Sequence[Any]) -> Mapping[str, People]: ...


async def page_of(
    labels: Labels[L], workspace_id: str, asked: LabelsAsked, count: Counting
) -> tuple[LabelPage[L], str | None, Mapping[str, People]]:
    """Return a page, where it goes on, and who has what of it, where that was asked for."""
    after = read_cursor(asked.cursor, str)[0] if asked.cursor is not None else None
    page = await labels.page(workspace_id, asked.search, after, asked.limit + 1)
    items = page.items[: asked.limit]
    people = await count(workspace_id, items) if asked.people else {}
    return (
        LabelPage(items, page.total),
        write_cursor(items[-1].key) if len(page.items) > asked.limit else None,
        people,
    )


def common(label: Label, people: Mapping[str, People]) -> dict[str, Any]:
    """Return the fields of `LabelOut`."""
    there = people.get(label.id)
    return {
        "id": label.id,
        "name": label.name,
        "description": label.description,
        "people": there.count if there else None,
        "people_exact": (there or NOBODY).exact,
        "created_at": label.created_at,
        "rev": label.rev,
    }


@contextmanager
def told(kind: LabelKind, yours: BaseModel | None = None) -> Generator[None]:
    """Say what is wrong in the words of the API."""
    place, noun = PLACES[kind], NOUNS[kind]
    try:
        yield
    except UnknownLabelError:
        raise not_found(noun) from None
    except MergedLabelError as error:
        address = f"/api/identity/{place}/{error.into}"
        raise ProblemError(
            410,
            "merged",
            f"This {noun} was merged into {error.into}. Use that one: {address}",
            headers={"Link": f'<{address}>; rel="successor-version"'},
            more={"survivor": {"id": error.into, "address": address}},
        ) from error
    except NameTakenError as error:
        message = f"The {noun} {error.label.id} has this name. Choose another name, or merge the two."
        if kind != "tag":
            message = f"The {noun} {error.label.id} has this name. Choose another name."
        raise ProblemError(
            409,
            "name-taken",
            message,
            errors=[FieldError(field="name", message=message)],
            more={f"{kind}_id": error.label.id},
        ) from error
    except LabelChangedError as error:
        raise ProblemError(
            409,
            "changed-meanwhile",
            f"Somebody changed this {noun} since you read it. Look at `current`, and send your change again with its "
            "rev.",
            more={
                "current": common(error.current, {}) | {"created_at": error.current.created_at.isoformat()},
                "yours": yours.model_dump(mode="json", exclude_unset=True) if yours else None,
            },
        ) from error
