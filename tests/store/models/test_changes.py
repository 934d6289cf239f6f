"""Changes of teams: one at a time is open, and an outcome is one of a few words."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from tests.store import rows
from transition_exchange.store.database import Database
from transition_exchange.store.models import CHANGE_OUTCOMES, TeamChange


def test_one_change_of_a_team_is_open_at_a_time(db: Database) -> None:
    school = rows.organisation(db)
    with db.write() as session:
        team_id = rows.team(session, school, "transition").id
        for outcome in CHANGE_OUTCOMES:
            session.add(TeamChange(team_id=team_id, outcome=outcome))
        session.add(TeamChange(team_id=team_id, name="Second"))
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(TeamChange(team_id=team_id, name="Third"))


def test_an_outcome_is_one_of_a_few_words(db: Database) -> None:
    school = rows.organisation(db)
    with pytest.raises(IntegrityError), db.write() as session:
        session.add(TeamChange(team_id=rows.team(session, school, "transition").id, outcome="forgotten"))
