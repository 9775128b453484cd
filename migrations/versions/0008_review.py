"""The daily review: cards and the log of every look"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0008'
down_revision = '0007'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    instant = jetlms.core.db.Instant(timezone=True)
    op.create_table(
        'review_card',
        sa.Column('id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('added_at', instant, nullable=False),
        sa.Column('suspended_at', instant, nullable=True),
        sa.Column('due_at', instant, nullable=False),
        sa.Column('reps', ID, nullable=False),
        sa.Column('lapses', ID, nullable=False),
        sa.Column('memory', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_card_person_id_person')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_review_card_course_id_course')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_card')),
        sa.UniqueConstraint('person_id', 'key', name=op.f('uq_review_card_person_id_key')))
    op.create_index('ix_review_card_due', 'review_card', ['person_id', 'due_at'], unique=False)
    op.create_table(
        'review_log',
        sa.Column('id', sa.String(), nullable=False),
        sa.Column('card_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('rating', ID, nullable=False),
        sa.Column('undoes', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('took_ms', ID, nullable=False),
        sa.Column('at', instant, nullable=False),
        sa.Column('arrived_at', instant, nullable=False),
        sa.CheckConstraint('rating BETWEEN 0 AND 4', name=op.f('ck_review_log_rating')),
        sa.ForeignKeyConstraint(['card_id'], ['review_card.id'], name=op.f('fk_review_log_card_id_review_card')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_review_log_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_log')))
    op.create_index('ix_review_log_card', 'review_log', ['card_id', 'at'], unique=False)
    op.create_index('ix_review_log_person', 'review_log', ['person_id', 'at'], unique=False)


def downgrade() -> None:
    op.drop_table('review_log')
    op.drop_table('review_card')
