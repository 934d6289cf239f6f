"""`docs/sealing.md` lists every label, every use, every name of a format, and every column that holds sealed bytes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, String, Text

import transition_exchange
from tests.docs.sealed_words import VARIES, Code, Unreadable
from transition_exchange.store.base import Base

PAGE = (Path(__file__).parents[2] / "docs" / "sealing.md").read_text(encoding="utf-8")
HASH, SIGNATURE = 64, 128
"""The lengths of digests and signatures in hexadecimal."""


@pytest.fixture(scope="module")
def code() -> Code:
    """The code of the program."""
    return Code.under(Path(transition_exchange.__file__).parent)


def first_cells(heading: str) -> dict[str, str]:
    """What stands in backticks in the first cells of the tables that begin with a heading, with the row's last cell."""
    table = PAGE.partition(f"\n| {heading} |")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    return {name: row[-1] for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


def test_the_document_lists_every_label_and_no_other(code: Code) -> None:
    assert set(first_cells("label")) == code.labels()


def test_the_document_describes_the_bytes_of_every_label(code: Code) -> None:
    """Before the list, but for the tag that is stored nowhere."""
    described = PAGE.partition("\n## Labels and uses\n")[0]
    missing = {
        label
        for label in code.labels()
        if f'frame("{label}"' not in described and f"`{label}`" not in described
    }
    assert missing == {"content-tag"}


def test_the_document_lists_every_use_and_no_other(code: Code) -> None:
    listed = {re.sub(r"\b[A-Z][A-Z-]+\b", VARIES, use) for use in first_cells("use | bound by")}
    assert listed == code.uses()


def test_the_document_names_every_format(code: Code) -> None:
    assert len(code.formats()) > 2
    assert [name for name in code.formats() if f"`{name}`" not in PAGE] == []


def test_the_document_says_of_every_column_with_sealed_bytes_what_it_holds() -> None:
    """Bytes, long texts, digests and signatures: nothing else holds what is sealed or signed."""
    columns = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary | Text)
        or (isinstance(column.type, String) and column.type.length in (HASH, SIGNATURE))
    }
    assert len(columns) > 30
    listed = first_cells("column")
    assert set(listed) == columns
    assert all(listed.values())


WRITTEN = {
    "a label that is put together": 'framed("part" + kind, b"")',
    "a use that is put together": 'hpke.seal(public, b"", info="late " + "save")',
    "a use by position that is put together": 'ledger.seal(key, "card " + name, b"")',
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_word_that_cannot_be_read_is_an_error_and_not_left_out(written: str, tmp_path: Path) -> None:
    (tmp_path / "ledger.py").write_text("def seal(key, use, plaintext): ...\n", encoding="utf-8")
    (tmp_path / "sealing.py").write_text(WRITTEN[written], encoding="utf-8")
    spoilt = Code.under(tmp_path)
    with pytest.raises(Unreadable, match=r"sealing\.py:1"):
        spoilt.labels() or spoilt.uses()


def test_words_are_found_wherever_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "sealing.py").write_text(
        """
_FOR = "constant use"
_WORDS = {"a": "use of a", "b": "use of b"}

class Kind(Statement):
    kind: ClassVar[str] = "kind of statement"

def one_use(id): return f"one {id}"

def seal(stage, id, *, use="default use"):
    keys, own = {}, f"local {id}"
    open(keys, use=own)
    open(keys, use=one_use(id))
    open(keys, use=_WORDS[stage])
    open(keys, info=_FOR)
    framed("label", use)
    framed(self.kind, id)
""",
        encoding="utf-8",
    )
    written = Code.under(tmp_path)
    assert written.labels() == {"kind of statement", "label"}
    assert written.uses() == {"constant use", "use of a", "use of b", "one *", "local *", "default use"}
