"""Marking: tutors, windows of tests, tests as handed in, marks and comments; the role of a tutor"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0006'
down_revision = '0005'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ROLES = "role IN ('participant','supervisor','host_staff','adviser','clair_desk','author',%s'counsellor','administrator')"


def upgrade() -> None:
    roles(ROLES % "'tutor',")
    instant = jetlms.core.db.Instant(timezone=True)
    op.create_table(
        'course_tutor',
        sa.Column('course_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('added_by', ID, nullable=False),
        sa.Column('added_at', instant, nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_tutor_course_id_course')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_course_tutor_person_id_person')),
        sa.PrimaryKeyConstraint('course_id', 'person_id', name=op.f('pk_course_tutor')))
    op.create_index(op.f('ix_course_tutor_person_id'), 'course_tutor', ['person_id'], unique=False)
    op.create_table(
        'sitting',
        sa.Column('course_id', ID, nullable=False),
        sa.Column('module_key', sa.String(), nullable=False),
        sa.Column('opens_on', sa.Date(), nullable=False),
        sa.Column('closes_on', sa.Date(), nullable=False),
        sa.Column('late_days', ID, nullable=False),
        sa.Column('late_cap', ID, nullable=False),
        sa.CheckConstraint('closes_on >= opens_on', name=op.f('ck_sitting_days')),
        sa.CheckConstraint('late_cap BETWEEN 0 AND 100', name=op.f('ck_sitting_late_cap')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_sitting_course_id_course')),
        sa.PrimaryKeyConstraint('course_id', 'module_key', name=op.f('pk_sitting')))
    op.create_table(
        'submission',
        sa.Column('id', ID, nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('attempt_id', ID, nullable=False),
        sa.Column('round', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('release_id', ID, nullable=False),
        sa.Column('module_key', sa.String(), nullable=False),
        sa.Column('item_key', sa.String(), nullable=False),
        sa.Column('spoken', sa.Boolean(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('marker_id', ID, nullable=True),
        sa.Column('second_wanted', sa.Boolean(), nullable=False),
        sa.Column('handed_in_at', instant, nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('late', sa.Boolean(), nullable=False),
        sa.Column('cap', ID, nullable=False),
        sa.Column('score', ID, nullable=True),
        sa.Column('returned_at', instant, nullable=True),
        sa.Column('took_days', sa.Double(), nullable=True),
        sa.Column('revise_until', sa.Date(), nullable=True),
        sa.Column('version', ID, nullable=False),
        sa.CheckConstraint("state IN ('waiting','marking','second_waiting','second_marking','moderation','returned')",
                           name=op.f('ck_submission_state')),
        sa.CheckConstraint('score BETWEEN 0 AND 100', name=op.f('ck_submission_score')),
        sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_submission_attempt_id_attempt')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_submission_person_id_person')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_submission_course_id_course')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
        sa.UniqueConstraint('attempt_id', 'round', name=op.f('uq_submission_attempt_id_round')),
        sa.UniqueConstraint('number', name=op.f('uq_submission_number')))
    op.create_index('ix_submission_course', 'submission', ['course_id', 'state', 'due_on', 'id'], unique=False)
    op.create_index('ix_submission_person', 'submission', ['person_id', 'course_id'], unique=False)
    op.create_table(
        'mark',
        sa.Column('id', ID, nullable=False),
        sa.Column('submission_id', ID, nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('marker_id', ID, nullable=False),
        sa.Column('scores', sa.JSON(), nullable=False),
        sa.Column('remark', sa.String(), nullable=False),
        sa.Column('seq', ID, nullable=False),
        sa.Column('saved_at', instant, nullable=False),
        sa.Column('done_at', instant, nullable=True),
        sa.CheckConstraint("kind IN ('first','second','moderation')", name=op.f('ck_mark_kind')),
        sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_mark_submission_id_submission')),
        sa.ForeignKeyConstraint(['marker_id'], ['person.id'], name=op.f('fk_mark_marker_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mark')),
        sa.UniqueConstraint('submission_id', 'kind', name=op.f('uq_mark_submission_id_kind')))
    op.create_index(op.f('ix_mark_marker_id'), 'mark', ['marker_id'], unique=False)
    op.create_table(
        'mark_comment',
        sa.Column('id', ID, nullable=False),
        sa.Column('mark_id', ID, nullable=False),
        sa.Column('place', sa.String(), nullable=False),
        sa.Column('second', sa.Double(), nullable=True),
        sa.Column('error', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('made_at', instant, nullable=False),
        sa.ForeignKeyConstraint(['mark_id'], ['mark.id'], name=op.f('fk_mark_comment_mark_id_mark')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mark_comment')))
    op.create_index(op.f('ix_mark_comment_mark_id'), 'mark_comment', ['mark_id'], unique=False)
    op.create_table(
        'snippet',
        sa.Column('id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_snippet_person_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_snippet')),
        sa.UniqueConstraint('person_id', 'text', name=op.f('uq_snippet_person_id_text')))


def downgrade() -> None:
    for table in ('snippet', 'mark_comment', 'mark', 'submission', 'sitting', 'course_tutor'):
        op.drop_table(table)
    op.execute(sa.text("DELETE FROM appointment WHERE role = 'tutor'"))
    roles(ROLES % "")


def roles(condition: str) -> None:
    with op.batch_alter_table('appointment') as batch_op:
        batch_op.drop_constraint(op.f('ck_appointment_role'), type_='check')
        batch_op.create_check_constraint(op.f('ck_appointment_role'), condition)
