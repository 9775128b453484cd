"""The booth: takes of speeches, and the pieces in which they arrive"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0005'
down_revision = '0004'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = "kind IN ('practice','quiz','task','translation'%s)"


def upgrade() -> None:
    kinds(KINDS % ",'interpreting'")
    op.create_table(
        'take',
        sa.Column('id', ID, nullable=False),
        sa.Column('attempt_id', ID, nullable=False),
        sa.Column('part', sa.String(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('token', sa.String(), nullable=False),
        sa.Column('sha256', sa.String(), nullable=False),
        sa.Column('seconds', sa.Double(), nullable=False),
        sa.Column('recorded_at', jetlms.core.db.Instant(timezone=True), nullable=False),
        sa.Column('deletes_on', sa.Date(), nullable=False),
        sa.Column('rating', ID, nullable=True),
        sa.Column('errors', sa.JSON(), nullable=False),
        sa.CheckConstraint('rating BETWEEN 0 AND 3', name=op.f('ck_take_rating')),
        sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_take_attempt_id_attempt')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_take')),
        sa.UniqueConstraint('attempt_id', 'part', name=op.f('uq_take_attempt_id_part')),
        sa.UniqueConstraint('token', name=op.f('uq_take_token')))
    op.create_index(op.f('ix_take_deletes_on'), 'take', ['deletes_on'], unique=False)
    op.create_table(
        'take_piece',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('number', ID, nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.Column('arrived_at', jetlms.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_take_piece_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', 'key', 'number', name=op.f('pk_take_piece')))
    op.create_index('ix_take_piece_arrived_at', 'take_piece', ['arrived_at'], unique=False)


def downgrade() -> None:
    op.drop_table('take_piece')
    op.drop_table('take')
    op.execute(sa.text("DELETE FROM answer WHERE attempt_id IN (SELECT id FROM attempt WHERE kind = 'interpreting')"))
    op.execute(sa.text("DELETE FROM attempt WHERE kind = 'interpreting'"))
    kinds(KINDS % "")


def kinds(condition: str) -> None:
    with op.batch_alter_table('attempt') as batch_op:
        batch_op.drop_constraint(op.f('ck_attempt_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_attempt_kind'), condition)
