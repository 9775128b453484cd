"""Admission: rounds, applications, draws"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0012'
down_revision = '0011'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
STATES = "'draft','submitted','approved','refused','checked','admitted','waitlisted','declined','active','withdrawn'"


def upgrade() -> None:
    instant = jetlms.core.db.Instant(timezone=True)
    op.create_table(
        'admission_round',
        sa.Column('id', ID, nullable=False),
        sa.Column('created_at', instant, nullable=False),
        sa.Column('version', ID, nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('name', sa.JSON(), nullable=False),
        sa.Column('opens_at', instant, nullable=False),
        sa.Column('closes_at', instant, nullable=False),
        sa.Column('approve_by', sa.Date(), nullable=False),
        sa.Column('check_from', sa.Date(), nullable=False),
        sa.Column('check_until', sa.Date(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('places', ID, nullable=False),
        sa.Column('lottery_places', ID, nullable=False),
        sa.Column('least', ID, nullable=False),
        sa.Column('schooling_places', ID, nullable=False),
        sa.Column('schooling_lottery', ID, nullable=False),
        sa.Column('made_by', ID, nullable=False),
        sa.CheckConstraint('closes_at > opens_at', name=op.f('ck_admission_round_instants')),
        sa.CheckConstraint('check_until >= check_from', name=op.f('ck_admission_round_days')),
        sa.CheckConstraint('places >= 0 AND lottery_places >= 0 AND schooling_places >= 0 AND schooling_lottery >= 0',
                           name=op.f('ck_admission_round_places')),
        sa.CheckConstraint('least BETWEEN 0 AND 100', name=op.f('ck_admission_round_least')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_admission_round_course_id_course')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_admission_round')))
    op.create_index('ix_admission_round_course', 'admission_round', ['course_id', 'closes_at'])
    op.create_table(
        'application',
        sa.Column('id', ID, nullable=False),
        sa.Column('created_at', instant, nullable=False),
        sa.Column('version', ID, nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('round_id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('organisation_id', ID, nullable=False),
        sa.Column('job_type', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('jlpt', sa.String(), nullable=False),
        sa.Column('evidence', sa.String(), nullable=False),
        sa.Column('years', ID, nullable=True),
        sa.Column('motive', sa.String(), nullable=False),
        sa.Column('schooling', sa.Boolean(), nullable=False),
        sa.Column('microphone', sa.Boolean(), nullable=False),
        sa.Column('submitted_at', instant, nullable=True),
        sa.Column('approver', sa.String(), nullable=False),
        sa.Column('travel', sa.Boolean(), nullable=False),
        sa.Column('decided_at', instant, nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('check_seed', ID, nullable=True),
        sa.Column('check_release_id', ID, nullable=True),
        sa.Column('check_until', instant, nullable=True),
        sa.Column('answers', sa.JSON(), nullable=False),
        sa.Column('score', ID, nullable=True),
        sa.Column('place', ID, nullable=True),
        sa.Column('chosen_by', sa.String(), nullable=False),
        sa.Column('seat', sa.Boolean(), nullable=True),
        sa.CheckConstraint(f'state IN ({STATES})', name=op.f('ck_application_state')),
        sa.CheckConstraint('score BETWEEN 0 AND 100', name=op.f('ck_application_score')),
        sa.ForeignKeyConstraint(['round_id'], ['admission_round.id'], name=op.f('fk_application_round_id_admission_round')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_application_person_id_person')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_application_organisation_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
        sa.UniqueConstraint('number', name=op.f('uq_application_number')),
        sa.UniqueConstraint('round_id', 'person_id', name=op.f('uq_application_round_id_person_id')))
    op.create_index('ix_application_person', 'application', ['person_id', 'id'])
    op.create_index('ix_application_organisation', 'application', ['organisation_id', 'state'])
    op.create_index('ix_application_round', 'application', ['round_id', 'state', 'id'])
    op.create_table(
        'draw',
        sa.Column('id', ID, nullable=False),
        sa.Column('round_id', ID, nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('seed', sa.String(), nullable=False),
        sa.Column('commitment', sa.String(), nullable=False),
        sa.Column('made_at', instant, nullable=False),
        sa.Column('drawn_at', instant, nullable=True),
        sa.Column('drawn_by', ID, nullable=True),
        sa.Column('terms', sa.JSON(), nullable=False),
        sa.Column('entries', sa.JSON(), nullable=False),
        sa.Column('outcome', sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('course','schooling')", name=op.f('ck_draw_kind')),
        sa.ForeignKeyConstraint(['round_id'], ['admission_round.id'], name=op.f('fk_draw_round_id_admission_round')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draw')),
        sa.UniqueConstraint('round_id', 'kind', name=op.f('uq_draw_round_id_kind')))


def downgrade() -> None:
    op.drop_table('draw')
    op.drop_table('application')
    op.drop_table('admission_round')
