"""Files as people have them: read in whichever encoding, columns guessed, rows checked and put together."""

import pytest

from services.identity.domain.csv_columns import looks_like_header, suggest
from services.identity.domain.csv_file import (
    BadFileError,
    Record,
    codec_of,
    delimiter_of,
    encoding_of,
    names_of,
    plain,
    records,
)
from services.identity.domain.csv_out import csv_of, safe
from services.identity.domain.given_values import (
    country_of,
    label_of,
    language_of,
    time_zone_of,
)
from services.identity.domain.import_rows import Fault, Plan, Reader, Wish, fold_rows, one_of_each_key, tags_of
from services.identity.domain.inputs import email_of, phone_of

TEXT = "name;Straße\nZoë;Müllerstraße 1\n"


@pytest.mark.parametrize(
    ("written", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16"),
        (TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("cp1252"), "windows-1252"),
    ],
)
def test_a_file_is_read_however_it_is_written(written: bytes, encoding: str) -> None:
    try:
        written.decode()
        is_utf_8 = True
    except UnicodeDecodeError:
        is_utf_8 = False
    found = encoding_of(written, is_utf_8=is_utf_8)
    assert found == encoding
    assert written.decode(codec_of(found, written)) == TEXT


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_what_cuts_all_rows_alike(delimiter: str) -> None:
    rows = [["name", "email", "note"], ["Ann", "a@x.org", "one, two; three"], ["Bob", "b@x.org", "a | b"]]
    text = "\n".join(delimiter.join(f'"{c}"' if delimiter in c else c for c in row) for row in rows)
    assert delimiter_of(text) == delimiter
    assert delimiter_of("email\na@x.org\n") == ","


def test_rows_are_numbered_as_a_spreadsheet_does_and_blank_ones_passed_over() -> None:
    lines = ["name,note\n", "\n", ' Ann ,"two\n', 'lines"\n', ",  \n", "Bob,\n"]
    assert list(records(lines, ",")) == [
        Record(1, ["name", "note"]),
        Record(3, ["Ann", "two\nlines"]),
        Record(5, ["Bob", ""]),
    ]


def test_a_quote_that_never_ends_is_named_by_its_row() -> None:
    lines = ["name\n", '"Ann\n', *["x" * 99 + "\n"] * 200]
    with pytest.raises(BadFileError, match=r"row 2 .*quotation mark"):
        list(records(lines, ","))


def test_what_an_export_made_safe_an_import_reads_as_it_was() -> None:
    for cell in ("=1+1", "+47 912 34 567", "-x", "@me", "Ann", "'tis", "a=b"):
        assert plain(safe(cell)) == cell
    assert csv_of([("=HYPERLINK()", 'say "hi"')]) == '\'=HYPERLINK(),"say ""hi"""\r\n'


def test_columns_without_a_name_or_with_the_same_one_are_told_apart() -> None:
    assert names_of(["Mail", "", "Mail"]) == ["Mail", "Column 2", "Mail (3)"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["First name", "Last_Name", "E-Mail", "Mobile", "Tags"], ["name", "surname", "email", "phone", "tags"]),
        (["Vorname", "Nachname", "E-Mail-Adresse", "Handynummer", "PLZ", "Straße", "Ort"],
         ["name", "surname", "email", "phone", "postcode", "street", "city"]),
        (["Nombre", "Apellidos", "Correo electrónico", "Teléfono", "País", "Código postal"],
         ["name", "surname", "email", "phone", "country", "postcode"]),
        (["Kundennummer", "name", "Full name", "shoe SIZE"], ["contact_key", "name", None, "field:fd_1"]),
    ],
)  # fmt: skip
def test_columns_are_guessed_by_their_headers_in_three_languages(headers: list[str], expected: list[str]) -> None:
    assert suggest(headers, [[] for _ in headers], {"fd_1": "Shoe size"}) == expected


def test_columns_are_guessed_by_what_is_in_them() -> None:
    samples = [
        ["ann@x.org", "bob@y.org"],
        ["+47 912 34 567", "0047 912 34 568"],
        ["2026-01-31", "2025-12-01"],
        ["1", "2"],
    ]
    assert suggest(["a", "b", "c", "d"], samples) == ["email", "phone", None, None]
    assert looks_like_header(["name", "email"])
    assert not looks_like_header(["Ann", "ann@x.org"])


def test_values_are_kept_in_one_spelling() -> None:
    assert email_of("Ann.B+x@Example.ORG") == "ann.b+x@example.org"
    assert email_of("jörg@exämple.org") == "jörg@exämple.org"
    assert phone_of("0047 912 34 567") == phone_of("+47-912-34-567") == phone_of("912 34 567", "NO") == "+4791234567"
    assert (language_of("DE_at"), time_zone_of("europe/berlin"), country_of("no")) == ("de-at", "Europe/Berlin", "NO")
    assert label_of("ناصر 👩‍👩‍👧") == "ناصر 👩‍👩‍👧"


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *[(email_of, bad) for bad in ("ann", "ann@", "@x.org", "a..b@x.org", ".a@x.org", "a@x", "a b@x.org", "a@-x.org",
                                      "a@localhost", f"{'a' * 250}@x.org")],
        *[(phone_of, bad) for bad in ("912 34 567", "+47 1", "call me", "")],
        *[(language_of, bad) for bad in ("German!", "d")],
        (time_zone_of, "Europe/Nowhere"),
        (country_of, "Norway"),
        (label_of, "a\x00b"),
        (label_of, "x" * 257),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_what_to_do(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"\w{4}"):
        read(text)


def a_plan(*targets: str | None, dedupe_on: str = "email", **more: object) -> Plan:
    columns = tuple((place, target) for place, target in enumerate(targets) if target)
    headers = tuple(f"h{place}" for place in range(len(targets)))
    return Plan(columns, headers, dedupe_on, **more)  # type: ignore[arg-type]


def test_a_row_says_all_that_is_wrong_with_it_at_once() -> None:
    reader = Reader(a_plan("name", "email", "phone", None, "tags"))
    read = reader.read(Record(7, ["Ann", "ann@", "12", "left out", "x" * 65]))
    assert isinstance(read, list)
    assert [(fault.row, fault.column) for fault in read] == [(7, "h1"), (7, "h2"), (7, "h4")]
    assert reader.read(Record(8, ["Ann", "a@x.org"])) == Wish((8,), {"name": "Ann", "email": "a@x.org"})
    (empty,) = _faults(reader.read(Record(9, ["Ann"])))
    assert (empty.column, "found again by their email" in empty.message) == ("h1", True)
    (wide,) = _faults(reader.read(Record(10, ["Ann", "a@x.org", "", "", "", "more"])))
    assert "6 cells" in wide.message


def _faults(read: Wish | list[Fault]) -> list[Fault]:
    assert isinstance(read, list)
    return read


def test_rows_of_one_person_are_put_together_the_later_one_wins() -> None:
    reader = Reader(a_plan("name", "email", "phone", "tags"))
    rows = [
        reader.read(Record(2, ["Ann", "a@x.org", "+4791234567", "vip, new"])),
        reader.read(Record(3, ["Bob", "b@x.org"])),
        reader.read(Record(4, ["Anna", "A@X.org", "", "VIP;old"])),
    ]
    ann, bob = fold_rows([row for row in rows if isinstance(row, Wish)], "email")
    assert ann.values == {"name": "Anna", "email": "a@x.org", "phone": "+4791234567"}
    assert (ann.rows, ann.tags, bob.rows) == ((2, 4), ("VIP", "new", "old"), (3,))


def test_a_contact_key_of_two_people_in_one_file_is_a_fault_of_the_second() -> None:
    first = Wish((2,), {"email": "a@x.org", "contact_key": "K1"})
    second = Wish((3,), {"email": "b@x.org", "contact_key": "K1"})
    kept, faults = one_of_each_key([first, second])
    assert (kept, [fault.row for fault in faults]) == ([first], [3])
    assert "row 2" in faults[0].message


def test_tags_are_told_apart_by_commas_semicolons_and_bars() -> None:
    assert tags_of(" a , b;B | c  d ,,") == ("a", "B", "c d")
