"""Purposes are told apart by side, and confirmations are whole statements.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CONFIRMED = ("confirmation_key_id", "confirmed_at", "confirmed_by")
OWNED = ("attachments", "queries", "revisions")


def upgrade() -> None:
    """Give owners and teams the new word. A team that wrote and read gets both purposes."""
    for name in OWNED:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{name}_owner"), type_="check")
        table = sa.table(name, sa.column("owner", sa.String()))
        op.execute(table.update().where(table.c.owner == "safeguarding").values(owner="school_safeguarding"))
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.create_check_constraint(
                op.f(f"ck_{name}_owner"), "owner IN ('transition', 'school_safeguarding')"
            )
    _rename_purposes()
    # A confirmation is a whole statement now. Those of before cannot be read as one, so the calls are made again.
    with op.batch_alter_table("team_keys", schema=None) as batch_op:
        batch_op.drop_column("confirmation")
        batch_op.add_column(sa.Column("confirmation", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("confirmation_signature", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("principals", schema=None) as batch_op:
        batch_op.drop_column("kem_public")
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_keys", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("transfers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("signature", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("team_key_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_transfers_team_key_id"),
            "team_keys",
            ["team_key_id"],
            ["id"],
            initially="DEFERRED",
            deferrable=True,
        )
        batch_op.create_index(batch_op.f("ix_transfers_team_key_id"), ["team_key_id"], unique=False)
    # Rules that nobody signed are not believed, so the council chooses them again.
    op.drop_table("agreed_versions")
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_areas_send_at_status"), type_="check")
        batch_op.drop_column("send_at_status")
        batch_op.add_column(sa.Column("rules", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("rules_signature", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("rules_key_id", sa.Uuid(), nullable=True))
    # What was asked before was sealed in another way, and no area uses the program yet.
    op.execute(sa.table("query_messages").delete())
    with op.batch_alter_table("query_messages", schema=None) as batch_op:
        batch_op.drop_column("asker_keyring")
        batch_op.drop_column("owner_keyring")
    op.create_table(
        "query_keyrings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("team_key_id", sa.Uuid(), nullable=False),
        sa.Column("keyring", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["query_messages.id"],
            name=op.f("fk_query_keyrings_message_id"),
            ondelete="CASCADE",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["team_id"],
            ["teams.id"],
            name=op.f("fk_query_keyrings_team_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["team_key_id"],
            ["team_keys.id"],
            name=op.f("fk_query_keyrings_team_key_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query_keyrings")),
    )
    with op.batch_alter_table("query_keyrings", schema=None) as batch_op:
        for column in ("message_id", "team_id", "team_key_id"):
            batch_op.create_index(batch_op.f(f"ix_query_keyrings_{column}"), [column], unique=False)
    keys = sa.table("team_keys", *(sa.column(name) for name in CONFIRMED))
    op.execute(keys.update().values(dict.fromkeys(CONFIRMED)))


def _rename_purposes() -> None:
    teams = sa.table(
        "teams",
        sa.column("id", sa.Uuid()),
        sa.column("organisation_id", sa.Uuid()),
        sa.column("purposes", sa.JSON()),
    )
    organisations = sa.table(
        "organisations",
        sa.column("id", sa.Uuid()),
        sa.column("sends", sa.Boolean()),
        sa.column("receives", sa.Boolean()),
    )
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(teams.c.id, teams.c.purposes, organisations.c.sends, organisations.c.receives).join(
            organisations, organisations.c.id == teams.c.organisation_id
        )
    ).all()
    for team_id, purposes, sends, receives in rows:
        if "safeguarding" in purposes and sends:
            kept = [purpose for purpose in purposes if purpose != "safeguarding" or receives]
            connection.execute(
                teams.update()
                .where(teams.c.id == team_id)
                .values(purposes=sorted([*kept, "school_safeguarding"]))
            )
