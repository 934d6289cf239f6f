"""The leaving years that the council has closed.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; no year is closed yet."""
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_year", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_column("closed_year")
