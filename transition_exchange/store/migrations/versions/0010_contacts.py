"""Whom to ring at a team that sends, as the team signed it.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; no team has said whom to ring yet."""
    op.create_table(
        "team_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("team_key_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["teams.id"],
            name=op.f("fk_team_contacts_team_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["team_key_id"],
            ["team_keys.id"],
            name=op.f("fk_team_contacts_team_key_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_contacts")),
        sa.UniqueConstraint("team_id", name=op.f("uq_team_contacts_team_id")),
    )
    with op.batch_alter_table("team_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_contacts_team_key_id"), ["team_key_id"], unique=False)


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("team_contacts")
