"""Answers to a contact form: what is taken, how it is put, and what is wrong with the rest."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.contact_form import FormFaultsError, read_answers
from services.ingest.domain.form_words import FAULTS, in_words
from shared.contracts.queues import ContactForm, FormField
from tests.ingest.queues import FIELDS, GIVEN

FORM = ContactForm(fields=FIELDS)


def faults(form: ContactForm = FORM, **answers: Any) -> dict[str, str]:
    with pytest.raises(FormFaultsError) as caught:
        read_answers(form, {**GIVEN, **answers})
    assert set(FAULTS) >= {fault.kind for fault in caught.value.faults}
    return {fault.field: fault.kind for fault in caught.value.faults}


def test_what_is_written_is_put_right_and_told_apart() -> None:
    found = read_answers(
        FORM, {**GIVEN, "name": "  Ann \n Example ", "phone": "+47 22 22 55 55", "text": " a\r\nb\x00 "}
    )
    assert found.texts == {
        "name": "Ann Example",
        "email": "ann@example.com",
        "phone": "+4722225555",
        "text": "a\nb",
    }
    assert found.choices == {"topic": ("order",), "agree": ("yes",)}
    assert [(one.kind, one.value, one.strength) for one in found.details] == [
        ("email", "ann@example.com", "claimed"),
        ("phone", "+4722225555", "claimed"),
    ]
    assert found.name == "Ann Example"
    assert "Ann" not in repr(found)


def test_what_is_optional_may_be_left_out() -> None:
    found = read_answers(FORM, {**GIVEN, "phone": " ", "topic": ""})
    assert set(found.texts) == {"name", "email", "text"}
    assert set(found.choices) == {"agree"}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"name": ""}, {"name": "required"}),
        ({"name": " \u0000 "}, {"name": "required"}),
        ({"name": None, "text": None}, {"name": "required", "text": "required"}),
        ({"name": "x" * 201}, {"name": "too_long"}),
        ({"text": "x" * 4001}, {"text": "too_long"}),
        ({"name": ["Ann"]}, {"name": "no_text"}),
        ({"text": {"a": 1}}, {"text": "no_text"}),
        ({"email": "ann@"}, {"email": "no_email"}),
        ({"email": "x" * 400 + "@example.com"}, {"email": "too_long"}),
        ({"phone": "call me"}, {"phone": "no_phone"}),
        ({"phone": "22 22 55 55"}, {"phone": "no_phone"}),
        ({"topic": "nothing"}, {"topic": "no_choice"}),
        ({"topic": ["order", "else"]}, {"topic": "one_choice"}),
        ({"topic": 1}, {"topic": "no_choice"}),
        ({"topic": [["order"]]}, {"topic": "no_choice"}),
        ({"agree": False}, {"agree": "consent"}),
        ({"agree": None}, {"agree": "consent"}),
        ({"agree": 1}, {"agree": "no_choice"}),
        ({"agree": "perhaps"}, {"agree": "no_choice"}),
        ({"agree": {}}, {"agree": "no_choice"}),
        ({"fax": "1"}, {"fax": "unknown"}),
    ],
)
def test_each_fault_is_told_at_its_field(answers: dict[str, Any], wrong: dict[str, str]) -> None:
    assert faults(**answers) == wrong


def test_several_may_be_chosen_where_the_form_says_so_in_the_forms_order() -> None:
    several = FIELDS[4].model_copy(update={"several": True})
    found = read_answers(ContactForm(fields=(several,)), {"topic": ["else", "order", "else"]})
    assert found.choices == {"topic": ("order", "else")}


def test_a_phone_without_a_country_code_is_read_where_the_region_is_known() -> None:
    phone = ContactForm(fields=(FormField(id="p", kind="phone", label={"en": "Phone"}),))
    assert read_answers(phone, {"p": "22 22 55 55"}, "NO").texts == {"p": "+4722225555"}


@given(
    st.dictionaries(
        st.sampled_from([field.id for field in FIELDS] + ["x"]),
        st.one_of(st.text(), st.booleans(), st.none(), st.integers(), st.lists(st.text()), st.floats()),
    )
)
def test_whatever_comes_is_taken_or_refused_and_never_breaks(answers: dict[str, Any]) -> None:
    try:
        found = read_answers(FORM, answers)
    except FormFaultsError as error:
        if not error.faults:
            pytest.fail("refused for no reason")
        return
    assert {"name", "email", "text"} <= set(found.texts)
    "".join(found.texts.values()).encode()


def test_a_text_is_chosen_by_language_its_stem_or_else_the_first() -> None:
    words = {"en": "Name", "pt": "Nome"}
    assert [in_words(words, tag) for tag in ("pt-BR", "pt", "xx", None)] == ["Nome", "Nome", "Name", "Name"]
    assert in_words({}, "de", {"en": "a", "es": "b", "de": "c"}) == "c"
    assert in_words({}, "de") == ""
