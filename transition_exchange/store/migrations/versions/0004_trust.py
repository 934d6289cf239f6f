"""The safeguarding team that writes has a purpose of its own, apart from the one that reads.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OWNED = ("attachments", "queries", "revisions")


def upgrade() -> None:
    """Give owners and teams the new word. A team that wrote and read gets both purposes."""
    for name in OWNED:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{name}_owner"), type_="check")
        table = sa.table(name, sa.column("owner", sa.String()))
        op.execute(table.update().where(table.c.owner == "safeguarding").values(owner="school_safeguarding"))
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.create_check_constraint(
                op.f(f"ck_{name}_owner"), "owner IN ('transition', 'school_safeguarding')"
            )
    _rename_purposes()


def _rename_purposes() -> None:
    teams = sa.table(
        "teams",
        sa.column("id", sa.Uuid()),
        sa.column("organisation_id", sa.Uuid()),
        sa.column("purposes", sa.JSON()),
    )
    organisations = sa.table(
        "organisations",
        sa.column("id", sa.Uuid()),
        sa.column("sends", sa.Boolean()),
        sa.column("receives", sa.Boolean()),
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(teams.c.id, teams.c.purposes, organisations.c.sends, organisations.c.receives).join(
            organisations, organisations.c.id == teams.c.organisation_id
        )
    ).all()
    for team_id, purposes, sends, receives in rows:
        if "safeguarding" in purposes and sends:
            kept = [purpose for purpose in purposes if purpose != "safeguarding" or receives]
            connection.execute(
                teams.update()
                .where(teams.c.id == team_id)
                .values(purposes=sorted([*kept, "school_safeguarding"]))
            )
