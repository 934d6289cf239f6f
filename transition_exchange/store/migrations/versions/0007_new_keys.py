"""Team keys that take the place of others: what is signed about them, and how they reach the other members.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A succession is a whole statement now. No key has one yet, so none is carried over."""
    with op.batch_alter_table("team_keys", schema=None) as batch_op:
        batch_op.drop_column("succession")
        for name, type_ in (
            ("succession", sa.Text()),
            ("succession_signature", sa.LargeBinary()),
            ("maker_signature", sa.LargeBinary()),
            ("voucher", sa.Text()),
            ("voucher_signature", sa.LargeBinary()),
            ("voucher_key_id", sa.Uuid()),
            ("retirement", sa.Text()),
            ("retirement_signature", sa.LargeBinary()),
        ):
            batch_op.add_column(sa.Column(name, type_, nullable=True))
        _refer(batch_op, "team_keys", "voucher_key_id")
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address_book", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("kept_key_id", sa.Uuid(), nullable=True))
        _refer(batch_op, "grants", "kept_key_id")
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("team_key_id", sa.Uuid(), nullable=False),
        sa.Column("taker_id", sa.Uuid(), nullable=False),
        sa.Column("giver_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [f"{table}.id"],
                name=op.f(f"fk_handovers_{column}"),
                initially="DEFERRED",
                deferrable=True,
            )
            for column, table in (
                ("team_key_id", "team_keys"),
                ("taker_id", "principals"),
                ("giver_id", "principals"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("taker_id", "team_key_id", name=op.f("uq_handovers_taker_id_team_key_id")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        for column in ("team_key_id", "giver_id"):
            batch_op.create_index(batch_op.f(f"ix_handovers_{column}"), [column], unique=False)


def _refer(batch_op: BatchOperations, table: str, column: str) -> None:
    batch_op.create_foreign_key(
        batch_op.f(f"fk_{table}_{column}"),
        "team_keys",
        [column],
        ["id"],
        initially="DEFERRED",
        deferrable=True,
    )
    batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)
