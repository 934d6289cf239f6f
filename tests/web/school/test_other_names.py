"""What the pages of destinations and of sending say of a provider that the destination calls otherwise."""

from __future__ import annotations

from uuid import UUID

from tests.exchange.other_names import FALSE, TRUE, add_unconfirmed, confirm_truly, misnamed, rename
from tests.exchange.world import World
from tests.web.school.forms import form_to
from tests.web.visitor import Page, Visitor
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.web.problems import REFUSED

SAYS = f"The destination says “{FALSE}”, but the provider is confirmed as “{TRUE}”."


def ticked(page: Page) -> list[bool]:
    """Whether each provider on the page of sending is ticked."""
    return [box.get("checked") is not None for box in page.tree.cssselect("input[name=provider]")]


def name_of(world: World, record_id: UUID) -> str:
    """The name that the first destination has."""
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    return str(draft.answers["destinations"]["destinations"][0]["provider_name"])


def test_a_provider_that_is_not_confirmed_is_offered_with_a_mark(senco: Visitor, world: World) -> None:
    provider_id = add_unconfirmed(world)
    record_id = world.add()
    page = senco.get(f"/learners/{record_id}/destinations/0")
    options = page.texts("#provider option")
    assert options[-2] == f"{FALSE} (not confirmed yet by the council)", "after those that are"
    assert "may be wrong" in page.one("#provider-hint")
    form = page.fields() | {"provider": [f"{provider_id}|"]}
    assert senco.post(f"/learners/{record_id}/destinations/0", form).status == 303
    page = senco.get(f"/learners/{record_id}/destinations")
    assert "Cannot be sent yet: the council has not confirmed this provider" in page.text
    assert SAYS not in page.text


def test_where_everybody_is_confirmed_nothing_is_said_of_it(senco: Visitor, world: World) -> None:
    page = senco.get(f"/learners/{world.add()}/destinations/0")
    assert "not confirmed" not in page.text
    assert "may be wrong" not in page.text


def test_the_page_of_sending_leaves_it_unticked_and_says_why(senco: Visitor, world: World) -> None:
    record_id, _ = misnamed(world)
    page = senco.get(f"/learners/{record_id}/send/transition")
    assert ticked(page) == [False]
    assert page.one(".govuk-warning-text__text") == f"Warning{SAYS} Check the destination, then tick it."
    assert page.texts(".govuk-tag") == ["Check the destination"]
    refused = senco.post(f"/learners/{record_id}/send/transition", page.fields())
    assert "no provider is ticked" in refused.text
    sent = senco.post(
        f"/learners/{record_id}/send/transition",
        page.fields() | {"provider": [box.get("value") for box in page.tree.cssselect("[name=provider]")]},
    )
    assert f"was sent to {TRUE}" in senco.follow(sent).text


def test_one_click_puts_the_confirmed_name_in_and_then_it_is_ticked(senco: Visitor, world: World) -> None:
    record_id, _ = misnamed(world)
    path = f"/learners/{record_id}/destinations"
    page = senco.get(path)
    assert SAYS in page.text
    done = senco.follow(senco.post(f"{path}/0/name", form_to(page, "/destinations/0/name")))
    assert f"The destination says “{TRUE}” now." in done.text
    assert SAYS not in done.text
    assert name_of(world, record_id) == TRUE
    assert ticked(senco.get(f"/learners/{record_id}/send/transition")) == [True]


def test_another_name_than_the_page_showed_is_not_put_in(senco: Visitor, world: World) -> None:
    record_id, _ = misnamed(world)
    path = f"/learners/{record_id}/destinations"
    form = form_to(senco.get(path), "/destinations/0/name")
    refused = senco.post(f"{path}/0/name", form | {"name": "Evil College"})
    assert refused.status == REFUSED
    assert name_of(world, record_id) == FALSE
    assert senco.post(f"{path}/7/name", form).status == 404


def test_a_name_that_nobody_confirmed_is_never_put_in(senco: Visitor, world: World) -> None:
    record_id, _ = misnamed(world)
    path = f"/learners/{record_id}/destinations"
    form = form_to(senco.get(path), "/destinations/0/name")
    world.save(record_id, {"destinations": {"destinations": [{"kind": "job", "provider_name": "Garage"}]}})
    assert senco.post(f"{path}/0/name", form).status == 404


def test_two_people_at_the_list_never_lose_each_others_work(senco: Visitor, world: World) -> None:
    record_id, _ = misnamed(world)
    path = f"/learners/{record_id}/destinations"
    form = form_to(senco.get(path), "/destinations/0/name")
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    rows = [{**draft.answers["destinations"]["destinations"][0], "course": "Joinery"}]
    world.save(record_id, {"destinations": {"destinations": rows}})
    assert senco.post(f"{path}/0/name", form).status == 409
    assert name_of(world, record_id) == FALSE


def test_the_page_of_one_destination_says_it_too(senco: Visitor, world: World) -> None:
    record_id, _ = misnamed(world)
    path = f"/learners/{record_id}/destinations/0"
    page = senco.get(path)
    assert f"{SAYS} Choose again where the learner is going." in page.text
    assert senco.post(path, page.fields()).status == 303
    assert name_of(world, record_id) == TRUE


def test_a_rename_frightens_nobody(senco: Visitor, world: World) -> None:
    record_id = world.add()
    world.fill(record_id)
    rename(world, "Northway College", "Northway Group", {"Exams office": "college_exams"})
    renamed = "This provider has been renamed: “Northway College” is called “Northway Group” now."
    page = senco.get(f"/learners/{record_id}/send/transition")
    assert renamed in page.text
    assert not page.tree.cssselect(".govuk-warning-text")
    assert ticked(page) == [True]
    path = f"/learners/{record_id}/destinations"
    page = senco.get(path)
    assert renamed in page.text
    assert renamed in senco.get(f"{path}/0").text
    senco.post(f"{path}/0/name", form_to(page, "/destinations/0/name"))
    assert name_of(world, record_id) == "Northway Group"


def test_what_is_confirmed_later_under_its_own_name_is_as_it_was(senco: Visitor, world: World) -> None:
    provider_id = add_unconfirmed(world, shown_as=TRUE)
    record_id = world.add()
    world.fill(record_id)
    path = f"/learners/{record_id}/destinations/0"
    senco.post(path, senco.get(path).fields() | {"provider": [f"{provider_id}|"]})
    confirm_truly(world)
    assert ticked(senco.get(f"/learners/{record_id}/send/transition")) == [True]
