"""The workbench: exercises in releases, segments as they are translated, each person's translation memory"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0004'
down_revision = '0003'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
KINDS = "kind IN ('practice','quiz','task'%s)"


def upgrade() -> None:
    kinds(KINDS % ",'translation'")
    op.add_column('lesson_text', sa.Column('exercise', sa.JSON(), nullable=True))
    op.create_table(
        'segment_answer',
        sa.Column('attempt_id', ID, nullable=False),
        sa.Column('segment', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('seq', ID, nullable=False),
        sa.Column('saved_at', jetlms.core.db.Instant(timezone=True), nullable=False),
        sa.Column('first_text', sa.String(), nullable=False),
        sa.Column('committed_at', jetlms.core.db.Instant(timezone=True), nullable=True),
        sa.Column('rating', ID, nullable=True),
        sa.Column('errors', sa.JSON(), nullable=False),
        sa.CheckConstraint('rating BETWEEN 0 AND 3', name=op.f('ck_segment_answer_rating')),
        sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_segment_answer_attempt_id_attempt')),
        sa.PrimaryKeyConstraint('attempt_id', 'segment', name=op.f('pk_segment_answer')))
    op.create_table(
        'memory_unit',
        sa.Column('id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('source_lang', sa.String(), nullable=False),
        sa.Column('target_lang', sa.String(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('target', sa.String(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('origin', sa.String(), nullable=False),
        sa.Column('changed_at', jetlms.core.db.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_memory_unit_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_memory_unit')),
        sa.UniqueConstraint('person_id', 'source_lang', 'target_lang', 'digest', name=op.f('uq_memory_unit_person_id_source_lang_target_lang_digest')))
    op.create_index('ix_memory_unit_person', 'memory_unit', ['person_id', 'source_lang', 'target_lang', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('memory_unit')
    op.drop_table('segment_answer')
    with op.batch_alter_table('lesson_text') as batch_op:
        batch_op.drop_column('exercise')
    kinds(KINDS % "")


def kinds(condition: str) -> None:
    with op.batch_alter_table('attempt') as batch_op:
        batch_op.drop_constraint(op.f('ck_attempt_kind'), type_='check')
        batch_op.create_check_constraint(op.f('ck_attempt_kind'), condition)
