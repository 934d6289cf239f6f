"""One first day of the autumn term for each leaving year, and not one for the whole area.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

AREAS = sa.table("areas", sa.column("id", sa.Uuid()), sa.column("term_starts", sa.Date()))
TERMS = sa.table(
    "term_starts",
    sa.column("id", sa.Uuid()),
    sa.column("area_id", sa.Uuid()),
    sa.column("first_day", sa.Date()),
)


def upgrade() -> None:
    """Make the table, with the day that each area has set."""
    op.create_table(
        "term_starts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["areas.id"],
            name=op.f("fk_term_starts_area_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_starts")),
        sa.UniqueConstraint("area_id", "first_day", name=op.f("uq_term_starts_area_id_first_day")),
    )
    connection = op.get_bind()
    for area_id, first_day in connection.execute(sa.select(AREAS.c.id, AREAS.c.term_starts)).all():
        if first_day is not None:
            connection.execute(TERMS.insert().values(id=uuid4(), area_id=area_id, first_day=first_day))
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_column("term_starts")


def downgrade() -> None:
    """Put the newest day of each area back into its row, and remove the table."""
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("term_starts", sa.Date(), nullable=True))
    newest = sa.select(sa.func.max(TERMS.c.first_day)).where(TERMS.c.area_id == AREAS.c.id).scalar_subquery()
    op.execute(AREAS.update().values(term_starts=newest))
    op.drop_table("term_starts")
