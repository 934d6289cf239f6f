"""An area names the version of the form that it uses for each leaving year.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. It begins empty: an area that names none uses the newest core version, as before."""
    op.create_table(
        "agreed_versions",
        sa.Column("area_id", sa.Uuid(), nullable=False),
        sa.Column("leaving_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["area_id"],
            ["areas.id"],
            name=op.f("fk_agreed_versions_area_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("area_id", "leaving_year", name=op.f("pk_agreed_versions")),
    )
