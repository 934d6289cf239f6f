"""Whose automatic saves a record's cards and columns do not follow yet.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing waits yet."""
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.add_column(sa.Column("typed_by", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_records_typed_by"), ["typed_by"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_records_typed_by"),
            "principals",
            ["typed_by"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("records", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_records_typed_by"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_records_typed_by"))
        batch_op.drop_column("typed_by")
