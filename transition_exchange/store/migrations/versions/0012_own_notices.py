"""Whether people get their teams' notices themselves.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nobody has asked for any yet."""
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_notices", sa.String(10), nullable=False, server_default="none"))
        batch_op.create_check_constraint(
            batch_op.f("ck_principals_own_notices"), "own_notices IN ('none', 'at_once', 'daily')"
        )
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.alter_column("own_notices", server_default=None)


def downgrade() -> None:
    """Remove the column."""
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_principals_own_notices"), type_="check")
        batch_op.drop_column("own_notices")
