"""An area names the version of the form it uses for a leaving year, and learners are added, checked and sent in it."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.exchange import own_form
from tests.exchange.answers import complete, destination
from tests.exchange.coordinators import only
from tests.exchange.other_areas import other_area
from tests.exchange.world import World
from transition_exchange.exchange.agreed_versions import agreed_version, choices, form_for
from transition_exchange.exchange.coordinating.settings import area_settings, change_settings
from transition_exchange.exchange.errors import NotAllowed, NotReady, Refused
from transition_exchange.exchange.keys.area_rules import rules_for
from transition_exchange.exchange.organisations.activity import activity
from transition_exchange.exchange.receiving.opening import open_transfer
from transition_exchange.exchange.school_calendar import leaving_year_on
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sealing.area_rules import AreaRules
from transition_exchange.store import events
from transition_exchange.store.models import Event, Record, Transfer

CORE = "core/2027.1"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator has added a version of the area's own."""
    own_form.install(tmp_path, monkeypatch)


def agreed_on(world: World, name: str) -> None:
    """The council's administrator chooses a version for those who leave next."""
    administrator = world.people.get("administrator") or world.person(
        "administrator", "Ashdown Council", "NEET group", administrator=True
    )
    change_settings(
        db=world.db,
        actor=administrator,
        send_at="accepted",
        keep_months=12,
        term_starts=None,
        versions={leaving_year_on(world.today): name},
        today=world.today,
    )


def version_of(world: World, record_id: UUID) -> str:
    """The version in which a record was begun."""
    with world.db.read() as session:
        return session.scalars(select(Record.version).where(Record.id == record_id)).one()


def rules_of(world: World) -> AreaRules:
    """The rules that the school believes."""
    with world.db.read() as session:
        return rules_for(session, world.senco)


def fill(world: World, record_id: UUID, **more: dict[str, object]) -> None:
    """Answer everything that the core asks, and whatever a test adds."""
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    answers = complete([destination(world.college.id, "Northway College")])
    answers["learner"] |= draft.answers["learner"]
    world.save(record_id, answers | more)


def test_while_nothing_is_agreed_the_newest_core_version_counts(world: World, installed: None) -> None:
    year = leaving_year_on(world.today)
    assert form_for(db=world.db, actor=world.senco, leaving_year=year).name == CORE
    assert form_for(db=world.db, actor=world.senco, leaving_year=2026).name == "core/2026.1"
    assert version_of(world, world.add()) == CORE


def test_two_areas_may_use_different_versions(world: World, installed: None) -> None:
    other = other_area(world)
    other.sign_rules(versions={leaving_year_on(world.today): own_form.NAME})
    assert version_of(world, world.add()) == CORE
    assert version_of(other, other.add(actor=other.far_senco)) == own_form.NAME


def test_a_version_counts_for_its_leaving_year_alone(world: World, installed: None) -> None:
    agreed_on(world, own_form.NAME)
    year = leaving_year_on(world.today)
    rules = rules_of(world)
    assert agreed_version(rules, year).name == own_form.NAME
    assert agreed_version(rules, year + 1).name == CORE


def test_an_areas_version_is_checked_sent_and_read_by_those_it_names(world: World, installed: None) -> None:
    before = world.add("Sam", "Brown")
    agreed_on(world, own_form.NAME)
    record_id = world.add()
    assert (version_of(world, before), version_of(world, record_id)) == (CORE, own_form.NAME)

    fill(world, record_id)
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    assert [gap.question for gap in draft.report(world.today).counting_gaps] == ["mentoring.mentored"]
    fill(world, record_id, mentoring={"mentored": True, "mentor": "Robin"})
    assert open_draft(db=world.db, actor=world.senco, record_id=record_id).report(world.today).complete

    world.send(record_id)
    with world.db.read() as session:
        transfer_id = session.scalars(select(Transfer.id).where(Transfer.record_id == record_id)).one()
    support = open_transfer(db=world.db, actor=world.college_support, transfer_id=transfer_id)
    assert support.version.name == own_form.NAME
    assert support.answers["mentoring"] == {"mentored": True, "mentor": "Robin"}
    exams = open_transfer(db=world.db, actor=world.college_exams, transfer_id=transfer_id)
    assert "mentoring" not in exams.answers


def test_the_council_reads_what_is_missing_in_the_words_of_that_form(world: World, installed: None) -> None:
    agreed_on(world, own_form.NAME)
    fill(world, world.add())
    assert only(world).missing == ("Has a mentor",)


def test_the_choice_is_an_event_once_and_no_other_year_moves(world: World, installed: None) -> None:
    for _ in range(2):
        agreed_on(world, own_form.NAME)
    year = leaving_year_on(world.today)
    actions = activity(db=world.db, actor=world.people["administrator"]).actions
    assert [action.what for action in actions] == ["changed the area’s settings"]
    with world.db.read() as session:
        about = [
            events.read(row).about for row in session.scalars(select(Event)) if "area.changed" in row.body
        ]
    assert about[0][f"form_{year}"] == own_form.NAME
    assert rules_of(world).versions == {str(year): own_form.NAME}


def test_the_newest_common_form_can_be_chosen_again(world: World, installed: None) -> None:
    agreed_on(world, own_form.NAME)
    agreed_on(world, "")
    assert version_of(world, world.add()) == CORE
    assert rules_of(world).versions == {}


@pytest.mark.parametrize("name", ["ourtown/2099.1", "elsewhere/2027.1", "nonsense", "core/2027"])
def test_what_is_not_installed_is_refused_at_its_field(world: World, installed: None, name: str) -> None:
    year = leaving_year_on(world.today)
    with pytest.raises(Refused) as refused:
        agreed_on(world, name)
    assert refused.value.fields == {f"form_{year}": f"Choose one of the forms for {year} that are installed"}


def test_a_form_for_later_leavers_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    year = leaving_year_on(world.today)
    source = own_form.SOURCE.replace("2027", str(year + 1)).replace(f"v{year + 1}_1", "v2027_1")
    (tmp_path / "ourtown").mkdir()
    (tmp_path / "ourtown" / f"v{year + 1}_1.py").write_text(source)
    monkeypatch.setenv("TRANSITION_EXCHANGE_SCHEMAS", str(tmp_path))
    with pytest.raises(Refused, match="not right"):
        agreed_on(world, f"ourtown/{year + 1}.1")
    now, then = choices(rules_of(world), (year, year + 1))
    assert not now.takes(f"ourtown/{year + 1}.1")
    assert then.takes(f"ourtown/{year + 1}.1")


def test_only_the_coming_years_can_be_chosen_for_and_only_by_an_administrator_of_the_neet_group(
    world: World, installed: None
) -> None:
    administrator = world.person("administrator", "Ashdown Council", "NEET group", administrator=True)
    outside = world.person("outside", "Ashdown Council", administrator=True)
    with pytest.raises(Refused) as refused:
        change_settings(
            db=world.db,
            actor=administrator,
            send_at="accepted",
            keep_months=12,
            term_starts=None,
            versions={2020: "core/2026.1"},
        )
    assert set(refused.value.fields) == {"form_2020"}
    for actor in (world.coordinator, outside):
        with pytest.raises(NotAllowed):
            change_settings(
                db=world.db,
                actor=actor,
                send_at="accepted",
                keep_months=12,
                term_starts=None,
                versions={leaving_year_on(world.today): CORE},
            )
    assert rules_of(world).versions == {}


def test_a_broken_file_is_not_offered_and_the_log_says_so(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    own_form.install(
        tmp_path, monkeypatch, own_form.SOURCE.replace('"support": Mentoring', '"hobbies": Mentoring')
    )
    with caplog.at_level(logging.ERROR):
        forms = area_settings(db=world.db, actor=world.coordinator, today=world.today).forms
    assert all(not choice.takes(own_form.NAME) for choice in forms)
    assert all(choice.takes(CORE) for choice in forms)
    assert "ourtown/2027.1 cannot be used: ourtown/2027.1: there is no section hobbies" in caplog.text


def test_a_form_that_was_taken_away_is_named_to_whoever_needs_it(
    world: World, installed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed_on(world, own_form.NAME)
    year = leaving_year_on(world.today)
    monkeypatch.delenv("TRANSITION_EXCHANGE_SCHEMAS")
    for ask in (world.add, lambda: form_for(db=world.db, actor=world.senco, leaving_year=year)):
        with pytest.raises(
            NotReady, match=f"{own_form.NAME} for those who leave in {year}, .* does not have it"
        ):
            ask()
    now, _ = area_settings(db=world.db, actor=world.coordinator, today=world.today).forms
    assert (now.agreed, now.takes(now.agreed)) == (own_form.NAME, False)
