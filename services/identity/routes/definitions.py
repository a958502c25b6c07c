"""Everything under /api/identity/fields and /api/identity/categories: what an admin defines for all profiles."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from services.identity.domain.definitions import (
    CHOICES_KEPT,
    FIELDS_KEPT,
    KEY_PATTERN,
    NAME_CHARACTERS,
    AdditionalField,
    Category,
    FieldType,
)
from services.identity.domain.inputs import Id, plain
from services.identity.routes.asked import Asked, left_out
from services.identity.store.definitions import TakenError
from services.identity.usecases.define import (
    BadDefinitionError,
    DefineCategories,
    DefineFields,
    DefinitionChangedError,
    GivenChoice,
    UnknownDefinitionError,
)
from shared.web.access import ReadsPeople, WritesWorkspace
from shared.web.problems import FieldError, ProblemError, invalid, not_found

T = TypeVar("T")
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_CHARACTERS),
    AfterValidator(plain),
]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(plain)]


class ChoiceOut(BaseModel):
    """One of the answers that a field offers."""

    id: str
    label: str


class FieldDefinitionOut(BaseModel):
    """An additional field of the workspace."""

    id: str
    key: str
    """By what programs, files and templates name it; it never changes."""
    name: str
    type: FieldType
    choices: list[ChoiceOut]
    retired: bool
    """Kept where it is filled in, and offered nowhere."""
    rev: int
    created_at: datetime


class FieldDefinitionsOut(BaseModel):
    """All of them, in their order."""

    items: list[FieldDefinitionOut]
    next_cursor: str | None = None
    total: int
    total_is_exact: bool = True


class ChoiceAsked(Asked):
    """A choice; one that is there already keeps its id, and a new one has none."""

    id: Id | None = None
    label: Name


Choices = Annotated[list[ChoiceAsked], Field(max_length=CHOICES_KEPT)]


class FieldAsked(Asked):
    """A new field."""

    name: Name
    type: FieldType
    """It never changes."""
    key: Annotated[str, StringConstraints(pattern=KEY_PATTERN)] | None = None
    """Small letters, digits and _; made of the name where it is left out. It never changes."""
    choices: Choices = Field(default_factory=list[ChoiceAsked])
    """Of one_of and several_of."""


class FieldEdit(Asked):
    """A change; what is left out stays."""

    name: Name = Field(default_factory=left_out)
    choices: Choices = Field(default_factory=left_out)
    """All of them, in their order. One that is left out is shown on nobody any more."""
    retired: bool = Field(default_factory=left_out)
    rev: int | None = None


class FieldsInOrder(Asked):
    """Every field's id, in the order that profiles show them in."""

    ids: Annotated[list[Id], Field(max_length=FIELDS_KEPT)]


class CategoryOut(BaseModel):
    """A kind of message that people may want or not."""

    id: str
    name: str
    description: str
    by_default: bool
    """What holds for whoever chose nothing."""
    rev: int
    created_at: datetime


class CategoriesOut(BaseModel):
    """All of them, the oldest first."""

    items: list[CategoryOut]
    next_cursor: str | None = None
    total: int
    total_is_exact: bool = True


class CategoryAsked(Asked):
    """A new category. People read its name and description on their preference page."""

    name: Name
    description: Description = ""
    by_default: bool = False


class CategoryEdit(Asked):
    """A change; what is left out stays."""

    name: Name = Field(default_factory=left_out)
    description: Description = Field(default_factory=left_out)
    by_default: bool = Field(default_factory=left_out)
    rev: int | None = None


def fields(define: DefineFields) -> APIRouter:
    """Make the routes of additional fields."""
    router = APIRouter(tags=["fields"], prefix="/fields")

    @router.get("")
    async def list_fields(who: ReadsPeople) -> FieldDefinitionsOut:
        """List every additional field, in order."""
        return _fields_out(await define.all(who.workspace_id))

    @router.post("", status_code=201)
    async def add_field(who: WritesWorkspace, asked: FieldAsked) -> FieldDefinitionOut:
        """Define a field. It comes last."""
        return _field_out(
            await _answered(
                define.add(who.workspace_id, asked.name, asked.key, asked.type, _choices(asked.choices)), "field"
            )
        )

    @router.put("/order")
    async def order_fields(who: WritesWorkspace, asked: FieldsInOrder) -> FieldDefinitionsOut:
        """Put the fields into another order."""
        return _fields_out(await _answered(define.reorder(who.workspace_id, asked.ids), "field"))

    @router.patch("/{id}")
    async def change_field(who: WritesWorkspace, id: str, edit: FieldEdit) -> FieldDefinitionOut:  # noqa: A002
        """Rename a field, change its choices, retire it or take it back."""
        sent = edit.model_fields_set
        work = define.change(
            who.workspace_id,
            id,
            name=edit.name if "name" in sent else None,
            choices=_choices(edit.choices) if "choices" in sent else None,
            retired=edit.retired if "retired" in sent else None,
            rev=edit.rev,
        )
        return _field_out(await _answered(work, "field"))

    @router.delete("/{id}", status_code=204)
    async def delete_field(who: WritesWorkspace, id: str) -> None:  # noqa: A002 - the path's own word
        """Delete a field. What it held is shown nowhere any more, and is taken out of every client."""
        await _answered(define.delete(who.workspace_id, id), "field")

    return router


def categories(define: DefineCategories) -> APIRouter:
    """Make the routes of subscription categories."""
    router = APIRouter(tags=["subscription categories"], prefix="/categories")

    @router.get("")
    async def list_categories(who: ReadsPeople) -> CategoriesOut:
        """List every subscription category."""
        found = await define.all(who.workspace_id)
        return CategoriesOut(items=[_category_out(one) for one in found], total=len(found))

    @router.post("", status_code=201)
    async def add_category(who: WritesWorkspace, asked: CategoryAsked) -> CategoryOut:
        """Define a category."""
        work = define.add(who.workspace_id, asked.name, asked.description, by_default=asked.by_default)
        return _category_out(await _answered(work, "category"))

    @router.patch("/{id}")
    async def change_category(who: WritesWorkspace, id: str, edit: CategoryEdit) -> CategoryOut:  # noqa: A002
        """Change a category. What people chose of it stays."""
        sent = edit.model_fields_set
        work = define.change(
            who.workspace_id,
            id,
            name=edit.name if "name" in sent else None,
            description=edit.description if "description" in sent else None,
            by_default=edit.by_default if "by_default" in sent else None,
            rev=edit.rev,
        )
        return _category_out(await _answered(work, "category"))

    @router.delete("/{id}", status_code=204)
    async def delete_category(who: WritesWorkspace, id: str) -> None:  # noqa: A002 - the path's own word
        """Delete a category. What people chose of it is shown nowhere any more, and is taken out of every client."""
        await _answered(define.delete(who.workspace_id, id), "category")

    return router


async def _answered(work: Awaitable[T], what: str) -> T:
    """Do it; what goes wrong is said as a problem."""
    try:
        return await work
    except UnknownDefinitionError:
        raise not_found(what) from None
    except BadDefinitionError as error:
        raise invalid(error.field, str(error)) from error
    except TakenError as error:
        message = f"Another {what} of your workspace has this {error.what}. Choose another one."
        errors = [FieldError(field=error.what, message=message)]
        raise ProblemError(409, f"{error.what}-taken", message, errors=errors) from error
    except DefinitionChangedError as error:
        there = error.current
        current = _field_out(there) if isinstance(there, AdditionalField) else _category_out(there)
        raise ProblemError(
            409,
            "changed-meanwhile",
            f"Somebody changed this {what} since you read it. Look at `current`, and send your change with its rev.",
            more={"current": current.model_dump(mode="json")},
        ) from error


def _choices(asked: list[ChoiceAsked]) -> list[GivenChoice]:
    return [GivenChoice(one.id, one.label) for one in asked]


def _fields_out(found: list[AdditionalField]) -> FieldDefinitionsOut:
    return FieldDefinitionsOut(items=[_field_out(one) for one in found], total=len(found))


def _field_out(field: AdditionalField) -> FieldDefinitionOut:
    return FieldDefinitionOut(
        id=field.id,
        key=field.key,
        name=field.name,
        type=field.type,
        choices=[ChoiceOut(id=one.id, label=one.label) for one in field.choices],
        retired=field.retired,
        rev=field.rev,
        created_at=field.created_at,
    )


def _category_out(category: Category) -> CategoryOut:
    return CategoryOut(
        id=category.id,
        name=category.name,
        description=category.description,
        by_default=category.by_default,
        rev=category.rev,
        created_at=category.created_at,
    )
