"""That a team has deleted what it kept of a record that was taken back.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; nobody has said so yet."""
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("deleted_by", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_receipts_deleted_by"), ["deleted_by"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_receipts_deleted_by"),
            "principals",
            ["deleted_by"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )


def downgrade() -> None:
    """Remove the columns."""
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_receipts_deleted_by"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_receipts_deleted_by"))
        batch_op.drop_column("deleted_by")
        batch_op.drop_column("deleted_at")
