"""Sessions and known browsers say what they are, and count wrong tries of their own.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Devices that needed no code go on needing none; counts of wrong tries begin anew."""
    with op.batch_alter_table("remembered_devices", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("no_code_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("browser", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE remembered_devices "
        "SET last_used_at = created_at, no_code_until = expires_at, browser = '', failures = 0"
    )
    with op.batch_alter_table("remembered_devices", schema=None) as batch_op:
        for name in ("last_used_at", "browser", "failures"):
            batch_op.alter_column(name, nullable=False)

    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("device_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("proven_by", sa.String(length=10), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_sign_in_sessions_device_id"),
            "remembered_devices",
            ["device_id"],
            ["id"],
            ondelete="SET NULL",
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_device_id"), ["device_id"], unique=False)
    op.execute("UPDATE sign_in_sessions SET browser = '', failures = 0")
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        for name in ("browser", "failures"):
            batch_op.alter_column(name, nullable=False)
        batch_op.create_check_constraint(
            batch_op.f("ck_sign_in_sessions_proven_by"), "proven_by IN ('passphrase', 'code')"
        )

    op.add_column("principals", sa.Column("second_factor_next", sa.LargeBinary(), nullable=True))
    for name in ("failures", "last_failure_at", "locked_until"):
        op.drop_column("principals", name)
