"""Certificates may expire; results set by hand; terms in more languages"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0007'
down_revision = '0006'
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('award', sa.Column('expires_on', sa.Date(), nullable=True))
    op.add_column('term', sa.Column('more', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('term') as batch_op:
        batch_op.alter_column('more', server_default=None)
    op.create_table(
        'grade_override',
        sa.Column('id', ID, nullable=False),
        sa.Column('person_id', ID, nullable=False),
        sa.Column('course_id', ID, nullable=False),
        sa.Column('item_key', sa.String(), nullable=False),
        sa.Column('old', ID, nullable=True),
        sa.Column('new', ID, nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('actor_id', ID, nullable=False),
        sa.Column('at', jetlms.core.db.Instant(timezone=True), nullable=False),
        sa.CheckConstraint('new BETWEEN 0 AND 100', name=op.f('ck_grade_override_new')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_grade_override_person_id_person')),
        sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_grade_override_course_id_course')),
        sa.ForeignKeyConstraint(['actor_id'], ['person.id'], name=op.f('fk_grade_override_actor_id_person')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_override')))
    op.create_index('ix_grade_override_person', 'grade_override', ['person_id', 'course_id', 'item_key'], unique=False)


def downgrade() -> None:
    op.drop_table('grade_override')
    with op.batch_alter_table('term') as batch_op:
        batch_op.drop_column('more')
    with op.batch_alter_table('award') as batch_op:
        batch_op.drop_column('expires_on')
