"""A destination that calls its provider otherwise than the council confirmed it: nobody gets a record unasked."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.exchange.answers import destination
from tests.exchange.other_names import FALSE, TRUE, add_unconfirmed, call, choose, misnamed, rename
from tests.exchange.seconding import named, require
from tests.exchange.world import World
from transition_exchange.exchange.errors import Refused
from transition_exchange.exchange.sending.plans import ProviderPlan
from transition_exchange.exchange.sending.send import Sent, preview, send

COLLEGE, GROUP = "Northway College", "Northway College Group"
EVERYBODY = {
    "Admissions": "college_admissions",
    "Learning support": "college_support",
    "Safeguarding": "college_safeguarding",
    "Exams office": "college_exams",
}


def planned(world: World, record_id: UUID) -> ProviderPlan:
    """What sending would do for the only provider."""
    (provider,) = world.plan(record_id).providers
    return provider


def send_to(world: World, record_id: UUID, *providers: UUID) -> Sent:
    """Send to the providers that are ticked."""
    return send(
        db=world.db,
        actor=world.senco,
        renderer=world.renderer,
        record_id=record_id,
        seen=world.plan(record_id).seen,
        providers=providers,
        today=world.today,
    )


def test_a_provider_chosen_under_a_false_name_gets_nothing_unless_it_is_ticked(world: World) -> None:
    record_id, provider_id = misnamed(world)
    provider = planned(world, record_id)
    assert (provider.name, provider.state, provider.chosen, provider.expected) == (TRUE, "new", True, False)
    assert provider.other_name is not None
    assert provider.other_name.words == (
        f"The destination says “{FALSE}”, but the provider is confirmed as “{TRUE}”."
    )
    with pytest.raises(Refused, match="nothing to send"):
        world.send(record_id)
    assert send_to(world, record_id, provider_id).providers == (TRUE,)


def test_one_that_has_a_version_gets_the_next_only_if_it_is_ticked(world: World) -> None:
    """The name was put back after a version went there."""
    record_id, provider_id = misnamed(world)
    send_to(world, record_id, provider_id)
    world.save(record_id, {"known_as": {"preferred_name": "Mina"}})
    provider = planned(world, record_id)
    assert (provider.state, provider.chosen, provider.expected) == ("again", True, False)
    with pytest.raises(Refused, match="nothing to send"):
        send_to(world, record_id)
    assert send_to(world, record_id, provider_id) == Sent(number=2, providers=(TRUE,))


def test_a_team_that_it_added_since_waits_for_the_tick_too(world: World) -> None:
    record_id, provider_id = misnamed(world)
    send_to(world, record_id, provider_id)
    world.team(TRUE, "Second support team", "learning_support")
    provider = planned(world, record_id)
    assert (provider.state, provider.chosen, provider.expected) == ("added", True, False)


def test_with_the_confirmed_name_it_goes_as_always_and_makes_no_new_version(world: World) -> None:
    record_id, provider_id = misnamed(world)
    send_to(world, record_id, provider_id)
    rows = [destination(provider_id, TRUE)]
    world.save(record_id, {"destinations": {"destinations": rows}})
    provider = planned(world, record_id)
    assert (provider.state, provider.other_name, provider.expected) == ("current", None, True)
    assert not world.plan(record_id).changed, "a provider knows its own name"


def test_spaces_and_composed_letters_make_no_other_name(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rows = [destination(world.college.id, "  Northway   College ")]
    world.save(record_id, {"destinations": {"destinations": rows}})
    assert planned(world, record_id).other_name is None


@pytest.mark.parametrize("accepted", [["Exams office"], list(EVERYBODY)])
def test_a_provider_that_was_renamed_on_purpose_stays_ticked_and_is_said_to_be_renamed(
    world: World, accepted: list[str]
) -> None:
    """Whether some of its teams still keep the earlier name, or none does."""
    record_id = world.add()
    world.fill(record_id)
    rename(world, COLLEGE, GROUP, {team: EVERYBODY[team] for team in accepted})
    provider = planned(world, record_id)
    assert (provider.name, provider.state, provider.expected) == (GROUP, "new", True)
    assert provider.other_name is not None
    assert provider.other_name.renamed
    assert provider.other_name.words == (
        f"This provider has been renamed: “{COLLEGE}” is called “{GROUP}” now."
    )
    assert world.send(record_id).providers == (GROUP,)


def test_a_name_that_was_never_confirmed_makes_no_rename(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"destinations": {"destinations": [destination(world.college.id, "Southway")]}})
    rename(world, COLLEGE, GROUP, EVERYBODY)
    other = planned(world, record_id).other_name
    assert other is not None
    assert not other.renamed


def test_a_rename_counts_for_the_organisation_that_it_was_signed_about_only(world: World) -> None:
    """Somebody moves the row of a change to another organisation's team."""
    rename(world, COLLEGE, GROUP, EVERYBODY)
    record_id = world.add()
    world.fill(record_id)
    boxing = world.places["Riverside Boxing"]
    world.save(record_id, {"destinations": {"destinations": [destination(boxing.id, COLLEGE)]}})
    other = planned(world, record_id).other_name
    assert other is not None
    assert not other.renamed


def test_where_a_second_confirmer_is_required_the_council_alone_renames_nobody(world: World) -> None:
    """Its earlier signature was about the earlier name, and is not kept; so the usual warning stands."""
    record_id = world.add()
    world.fill(record_id)
    rename(world, COLLEGE, GROUP, EVERYBODY)
    require(world, named(world.places["Riverside Boxing"].teams["Riverside Boxing"]))
    assert planned(world, record_id).other_name is not None


def test_a_provider_that_nobody_has_confirmed_is_marked_and_gets_nothing(world: World) -> None:
    provider_id = add_unconfirmed(world)
    record_id = world.add()
    world.fill(record_id)
    world.save(record_id, {"destinations": {"destinations": [choose(world, provider_id)]}})
    provider = planned(world, record_id)
    assert (provider.confirmed, provider.state, provider.other_name) == (False, "not_ready", None)
    assert [team.name for team in provider.teams] == ["Office (not confirmed)"]


def test_a_provider_without_any_team_gets_nothing_under_the_name_of_its_row(world: World) -> None:
    place = world.place("Nobody There", kind="training_provider", receives=True)
    record_id = world.add()
    world.fill(record_id)
    rows = [destination(place.id, "Nobody There")]
    world.save(record_id, {"destinations": {"destinations": rows}})
    provider = planned(world, record_id)
    assert (provider.state, provider.goes) == ("not_ready", False)
    assert provider.problem == "The council has not confirmed Nobody There yet."


def test_the_reason_why_a_team_waits_names_it_as_it_was_confirmed(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    world.team(COLLEGE, "Second support team", "learning_support", ready=False)
    call(world, COLLEGE, "Somewhere Else")
    assert "Second support team at Northway College is not ready" in planned(world, record_id).problem


def test_the_school_on_a_pack_is_called_as_its_session_holds_it(world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    call(world, "Ashdown School", "Somewhere Else")
    plan = world.plan(record_id)
    packs = preview(db=world.db, actor=world.senco, planned=plan, provider=plan.providers[0])
    assert {pack.from_school for pack in packs.values()} == {"Ashdown School"}


def test_a_new_learner_goes_to_the_school_as_the_session_holds_it(world: World) -> None:
    call(world, "Ashdown School", "Somewhere Else")
    record_id = world.add("Ben", "Clark")
    assert world.plan(record_id).draft.answers["learner"]["school_name"] == "Ashdown School"
