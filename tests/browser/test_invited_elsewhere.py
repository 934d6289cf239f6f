"""An invitation by somebody of another team, in a real browser: the member asks them before the five words are made."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from tests.browser.conftest import Live
from tests.browser.looking import page_is_good, tab_to
from tests.exchange.claims import name_other_keys
from tests.exchange.coordinators import signed_in
from tests.exchange.members import add_member, join
from tests.exchange.world import World
from transition_exchange.exchange.actor import Actor
from transition_exchange.store.models import Membership, Principal

SCHOOL = "Ashdown School"


def _is(live: Live, context: BrowserContext, person: Actor) -> None:
    """Go on as somebody else."""
    context.clear_cookies()
    live.admit(context, signed_in(person))


def _invite(page: Page) -> None:
    page.goto("/account/teams/invite")
    page.get_by_label("Their name").fill("Sam Okafor")
    page.get_by_label("Their work e-mail address").fill("sam@school.example")
    page.get_by_label("Safeguarding team").check()
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The invitation is on its way")


def test_a_member_asks_an_administrator_of_another_team_first(
    live: Live, page: Page, context: BrowserContext, world: World
) -> None:
    _is(live, context, world.person("head", SCHOOL, "Transition team", administrator=True, signs=True))
    _invite(page)

    _is(live, context, world.safeguarding_lead)
    page.goto("/account/teams")
    expect(page.get_by_text("You are in no team with Head")).to_be_visible()
    page_is_good(page, "teams-told")
    page.get_by_role("button", name="Make the five words for Sam Okafor").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask Head before you make the five words")
    page_is_good(page, "ask-maker")
    page.get_by_role("button", name="Make the five words").click()
    message = "Ask Head whether they invited Sam Okafor, and tick the box if they did"
    page.get_by_role("link", name=message).click()
    expect(page.get_by_role("checkbox")).to_be_focused()
    page_is_good(page, "ask-maker-error")
    page.keyboard.press("Space")
    tab_to(page, "Make the five words")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell them these five words")


def test_whoever_no_newest_key_names_makes_no_invitation_and_an_unchecked_team_is_marked(
    live: Live, page: Page, context: BrowserContext, world: World
) -> None:
    """The head has not taken the newest key of their team, and nobody has confirmed a team that came late."""
    head = world.person("head", SCHOOL, "Transition team", administrator=True, signs=True)
    _is(live, context, head)
    _invite(page)
    with world.db.write() as session:
        theirs = Membership.principal_id == head.principal_id
        session.execute(update(Membership).where(theirs).values(statement=None))
    _is(live, context, world.safeguarding_lead)
    page.goto("/account/teams")
    expect(page.get_by_text("We cannot check that they are still in a team here")).to_be_visible()
    expect(page.get_by_text("Make the five words")).to_have_count(0)
    page_is_good(page, "teams-behind")

    late = world.team(SCHOOL, "Late team", "transition", confirmed=False)
    robin = add_member(world, "Robin", SCHOOL)
    join(world, robin, late.held)
    _is(live, context, head)
    page.goto("/account/teams")
    expect(page.get_by_text("We cannot check this team’s name and work")).to_be_visible()
    page_is_good(page, "teams-unchecked")
    page.goto("/account/teams/invite")
    expect(page.get_by_text("Late team (name not checked)")).to_be_visible()
    page_is_good(page, "invite-unchecked")
    page.goto(f"/account/teams/people/{robin.row.id}")
    expect(page.get_by_text("(name not checked)")).to_be_visible()
    page_is_good(page, "person-unchecked")
    page.goto(f"/account/teams/people/{robin.row.id}/remove")
    expect(page.get_by_text("Late team (we cannot check this name)").first).to_be_visible()
    page_is_good(page, "remove-unchecked")


def test_whom_nobody_can_tell_apart_is_shown_so(
    live: Live, page: Page, context: BrowserContext, world: World
) -> None:
    head = world.person("head", SCHOOL, "Transition team", administrator=True, signs=True)
    _is(live, context, head)
    _invite(page)
    name_other_keys(world, head)
    _is(live, context, world.safeguarding_lead)
    page.goto("/account/teams")
    expect(page.get_by_text("(different keys were named for them)")).to_be_visible()
    expect(page.get_by_text("Two teams name different keys for the person who made")).to_be_visible()
    expect(page.get_by_text("Make the five words")).to_have_count(0)
    page_is_good(page, "teams-doubtful")
    other = world.person("other", SCHOOL, "Safeguarding team", administrator=True, signs=True)
    _is(live, context, other)
    page.goto("/account/teams")
    with world.db.read() as session:
        senco = session.scalars(select(Principal).where(Principal.id == world.senco.principal_id)).one()
    page.get_by_role("link", name=senco.name).click()
    expect(page.get_by_text("We cannot check this name")).to_be_visible()
    page_is_good(page, "person-not-checked")
