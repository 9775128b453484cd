"""Levels: placement quizzes; an enrolment says whether the organisation sees it"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0011'
down_revision = '0010'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    instant = jetlms.core.db.Instant(timezone=True)
    op.create_table(
        'placement',
        sa.Column('id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('ladder', sa.String(), nullable=False),
        sa.Column('seed', ID, nullable=False),
        sa.Column('levels', sa.JSON(), nullable=False),
        sa.Column('started_at', instant, nullable=False),
        sa.Column('finished_at', instant, nullable=True),
        sa.Column('course_id', ID, nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_placement_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')))
    op.create_index('ix_placement_person', 'placement', ['person_id', 'ladder', 'id'])
    op.create_index('uq_placement_open', 'placement', ['person_id', 'ladder'], unique=True,
                    sqlite_where=sa.text('finished_at IS NULL'), postgresql_where=sa.text('finished_at IS NULL'))
    op.create_table(
        'placement_answer',
        sa.Column('placement_id', ID, nullable=False),
        sa.Column('number', ID, nullable=False),
        sa.Column('level', ID, nullable=False),
        sa.Column('question_id', sa.String(), nullable=False),
        sa.Column('payload', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('right', sa.Boolean(), nullable=False),
        sa.Column('answered_at', instant, nullable=False),
        sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_placement_answer_placement_id_placement')),
        sa.PrimaryKeyConstraint('placement_id', 'number', name=op.f('pk_placement_answer')))
    op.add_column('enrolment', sa.Column('employer_sees', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column('enrolment', 'employer_sees')
    op.drop_table('placement_answer')
    op.drop_table('placement')
