"""A receipt says when a version was given out in a file, and to whom, apart from who opened it.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the moment of a download, and add who it was, which older receipts do not know."""
    with op.batch_alter_table("receipts", schema=None) as batch_op:
        batch_op.alter_column("downloaded_at", new_column_name="given_out_at")
        batch_op.add_column(sa.Column("given_out_by", sa.Uuid(), nullable=True))
        batch_op.create_index(batch_op.f("ix_receipts_given_out_by"), ["given_out_by"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_receipts_given_out_by"),
            "principals",
            ["given_out_by"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
