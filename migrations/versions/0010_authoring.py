"""Authoring: the files of each release, drafts, results that a new key changes"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0010'
down_revision = '0009'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    instant = jetlms.core.db.Instant(timezone=True)
    op.create_table(
        'release_source',
        sa.Column('release_id', ID, nullable=False),
        sa.Column('texts', sa.LargeBinary(), nullable=False),
        sa.Column('assets', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_release_source_release_id_release')),
        sa.PrimaryKeyConstraint('release_id', name=op.f('pk_release_source')))
    op.create_table(
        'draft',
        sa.Column('id', ID, nullable=False),
        sa.Column('created_at', instant, nullable=False),
        sa.Column('version', ID, nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('release_id', ID, nullable=False),
        sa.Column('assets', sa.JSON(), nullable=False),
        sa.Column('changed_at', instant, nullable=False),
        sa.Column('changed_by', ID, nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_draft_course_id_course')),
        sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_draft_release_id_release')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
        sa.UniqueConstraint('course_id', name=op.f('uq_draft_course_id')))
    op.create_table(
        'draft_file',
        sa.Column('draft_id', ID, nullable=False),
        sa.Column('path', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('seq', ID, nullable=False),
        sa.Column('window', sa.String(), nullable=False),
        sa.Column('count', ID, nullable=False),
        sa.Column('changed_at', instant, nullable=False),
        sa.Column('changed_by', ID, nullable=True),
        sa.ForeignKeyConstraint(['draft_id'], ['draft.id'], name=op.f('fk_draft_file_draft_id_draft')),
        sa.PrimaryKeyConstraint('draft_id', 'path', name=op.f('pk_draft_file')))
    op.create_table(
        'regrade',
        sa.Column('id', ID, nullable=False),
        sa.Column('attempt_id', ID, nullable=False),
        sa.Column('release_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('before', ID, nullable=False),
        sa.Column('after', ID, nullable=False),
        sa.Column('marks', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('made_by', ID, nullable=False),
        sa.Column('made_at', instant, nullable=False),
        sa.Column('decided_at', instant, nullable=True),
        sa.CheckConstraint("state IN ('raised','offered','accepted','kept')", name=op.f('ck_regrade_state')),
        sa.CheckConstraint('before BETWEEN 0 AND 100 AND after BETWEEN 0 AND 100', name=op.f('ck_regrade_percent')),
        sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_regrade_attempt_id_attempt')),
        sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_regrade_release_id_release')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_regrade_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_regrade')),
        sa.UniqueConstraint('attempt_id', 'release_id', name=op.f('uq_regrade_attempt_id_release_id')))
    op.create_index('ix_regrade_person', 'regrade', ['person_id', 'state'], unique=False)


def downgrade() -> None:
    for table in ('regrade', 'draft_file', 'draft', 'release_source'):
        op.drop_table(table)
