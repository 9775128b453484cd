"""Around the lesson: notes, bookmarks, questions and answers, wordings to accept, plans of study"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0009'
down_revision = '0008'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
INSTANT = jetlms.core.db.Instant(timezone=True)


def upgrade() -> None:
    op.create_table(
        'lesson_note',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('item_key', sa.String(), nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('seq', ID, nullable=False),
        sa.Column('saved_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_lesson_note_course_id_course')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_lesson_note_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', 'item_key', name=op.f('pk_lesson_note')))
    op.create_index('ix_lesson_note_course', 'lesson_note', ['course_id'], unique=False)
    op.create_table(
        'bookmark',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('item_key', sa.String(), nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('made_at', INSTANT, nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_bookmark_course_id_course')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_bookmark_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', 'item_key', name=op.f('pk_bookmark')))
    op.create_table(
        'lesson_post',
        sa.Column('course_id', ID, nullable=False),
        sa.Column('item_key', sa.String(), nullable=False),
        sa.Column('question_id', ID, nullable=True),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('html', sa.String(), nullable=False),
        sa.Column('staff', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('accepted_id', ID, nullable=True),
        sa.Column('edited_at', INSTANT, nullable=True),
        sa.Column('id', ID, nullable=False),
        sa.Column('created_at', INSTANT, nullable=False),
        sa.Column('version', ID, nullable=False),
        sa.CheckConstraint('question_id IS NULL OR accepted_id IS NULL', name=op.f('ck_lesson_post_accepted')),
        sa.CheckConstraint("state IN ('shown','withdrawn','hidden')", name=op.f('ck_lesson_post_state')),
        sa.ForeignKeyConstraint(['accepted_id'], ['lesson_post.id'], name=op.f('fk_lesson_post_accepted_id_lesson_post')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_lesson_post_course_id_course')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_lesson_post_person_id_person')),
        sa.ForeignKeyConstraint(['question_id'], ['lesson_post.id'], name=op.f('fk_lesson_post_question_id_lesson_post')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_post')))
    op.create_index('ix_lesson_post_course', 'lesson_post', ['course_id', 'question_id', 'id'], unique=False)
    op.create_index('ix_lesson_post_item', 'lesson_post', ['item_key', 'course_id'], unique=False)
    op.create_index('ix_lesson_post_question', 'lesson_post', ['question_id', 'id'], unique=False)
    op.create_index('ix_lesson_post_person', 'lesson_post', ['person_id'], unique=False)
    op.create_table(
        'post_report',
        sa.Column('post_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('at', INSTANT, nullable=False),
        sa.Column('settled_at', INSTANT, nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_post_report_person_id_person')),
        sa.ForeignKeyConstraint(['post_id'], ['lesson_post.id'], name=op.f('fk_post_report_post_id_lesson_post')),
        sa.PrimaryKeyConstraint('post_id', 'person_id', name=op.f('pk_post_report')))
    op.create_index('ix_post_report_open', 'post_report', ['settled_at', 'post_id'], unique=False)
    op.create_table(
        'wording_request',
        sa.Column('id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('release_id', ID, nullable=False),
        sa.Column('item_key', sa.String(), nullable=False),
        sa.Column('question_id', sa.String(), nullable=False),
        sa.Column('payload', sa.JSON(), nullable=False),
        sa.Column('folded', sa.String(), nullable=False),
        sa.Column('remark', sa.String(), nullable=False),
        sa.Column('sent_at', INSTANT, nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('decided_by', ID, nullable=True),
        sa.Column('decided_at', INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('waiting','taken','refused')", name=op.f('ck_wording_request_state')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_wording_request_course_id_course')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_wording_request_person_id_person')),
        sa.ForeignKeyConstraint(['release_id'], ['release.id'], name=op.f('fk_wording_request_release_id_release')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_wording_request')),
        sa.UniqueConstraint('person_id', 'question_id', 'folded', name=op.f('uq_wording_request_person_id_question_id_folded')))
    op.create_index('ix_wording_request_queue', 'wording_request', ['state', 'question_id', 'folded'], unique=False)
    op.create_table(
        'study_plan',
        sa.Column('person_id', ID, nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('weekdays', ID, nullable=False),
        sa.Column('minutes', ID, nullable=False),
        sa.Column('starts_at', sa.String(), nullable=False),
        sa.Column('changed_at', INSTANT, nullable=False),
        sa.CheckConstraint('minutes BETWEEN 5 AND 240', name=op.f('ck_study_plan_minutes')),
        sa.CheckConstraint('weekdays BETWEEN 1 AND 127', name=op.f('ck_study_plan_weekdays')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_study_plan_course_id_course')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_study_plan_person_id_person')),
        sa.PrimaryKeyConstraint('person_id', 'course_id', name=op.f('pk_study_plan')))


def downgrade() -> None:
    for name in ('study_plan', 'wording_request', 'post_report', 'lesson_post', 'bookmark', 'lesson_note'):
        op.drop_table(name)
