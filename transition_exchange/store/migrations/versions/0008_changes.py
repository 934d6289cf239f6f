"""Changes of teams' names and purposes, the second confirmer, and who signed an invitation.

A team accepts a change of its own, and the NEET group confirms it.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

REFERS = (
    ("team_id", "teams"),
    ("proposed_by", "principals"),
    ("accepted_by", "principals"),
    ("confirmation_key_id", "team_keys"),
    ("confirmed_by", "principals"),
)


def upgrade() -> None:
    """Make the table of changes, and the columns of what no key and no invitation has yet."""
    op.create_table(
        "team_changes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("organisation_name", sa.String(length=200), nullable=True),
        sa.Column("purposes", sa.JSON(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("signature", sa.LargeBinary(), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmation", sa.Text(), nullable=True),
        sa.Column("confirmation_signature", sa.LargeBinary(), nullable=True),
        sa.Column("confirmation_key_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('done', 'refused', 'withdrawn')", name=op.f("ck_team_changes_outcome")
        ),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_team_changes_{column}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in REFERS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_changes")),
    )
    with op.batch_alter_table("team_changes", schema=None) as batch_op:
        for column, _table in REFERS:
            batch_op.create_index(batch_op.f(f"ix_team_changes_{column}"), [column], unique=False)
        batch_op.create_index(
            "uq_team_changes_open",
            ["team_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("team_keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("second_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("second_by", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("second_key_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("second_confirmation", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("second_signature", sa.LargeBinary(), nullable=True))
        for column, table in (("second_by", "principals"), ("second_key_id", "team_keys")):
            batch_op.create_index(batch_op.f(f"ix_team_keys_{column}"), [column], unique=False)
            batch_op.create_foreign_key(
                batch_op.f(f"fk_team_keys_{column}"),
                table,
                [column],
                ["id"],
                initially="DEFERRED",
                deferrable=True,
            )
