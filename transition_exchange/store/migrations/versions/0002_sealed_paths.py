"""Where a late save was sent lies sealed with what was typed.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the plain path. What came too late before this cannot be put back; it is kept for a day only."""
    with op.batch_alter_table("late_saves", schema=None) as batch_op:
        batch_op.drop_column("path")
