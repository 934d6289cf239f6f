"""Records of the sample's learners, with everything the sample knows of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tests.exchange.world import World
from transition_exchange.exchange.writing.opening import open_draft
from transition_exchange.sample.young_people.learners import SampleLearner, learners


def sample(provision: str) -> SampleLearner:
    """A complete learner of the sample without SEN (`N`), with SEN support (`K`) or with a plan (`E`)."""
    return next(
        learner
        for learner in learners()
        if learner.provision == provision and learner.stage == "complete" and learner.version == "core/2027.1"
    )


def write(world: World, learner: SampleLearner) -> UUID:
    """Add a sample learner at the world's school, going to its college, with everything the sample knows."""
    details = {
        name: value for name, value in learner.answers["learner"].items() if not name.startswith("school")
    }
    record_id = world.add(**_names(details))
    world.fill(record_id)
    draft = open_draft(db=world.db, actor=world.senco, record_id=record_id)
    kept = {"learner", "destinations"}
    world.save(
        record_id,
        {
            name: values
            for name, values in learner.answers.items()
            if name in draft.answers and name not in kept
        },
    )
    return record_id


def _names(details: dict[str, Any]) -> dict[str, Any]:
    return {
        "forename": details["legal_forename"],
        "surname": details["legal_surname"],
        "date_of_birth": details["date_of_birth"],
    }
