"""Withdrawals, rules by host body, and ids of enrolments that are never used again"""
import sqlalchemy as sa
from alembic import op

import jetlms.core.db

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.create_table('withdrawal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('enrolment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('course_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('withdrawn_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('withdrawn_at', jetlms.core.db.Instant(timezone=True), nullable=False),
    sa.Column('via', sa.String(), nullable=False),
    sa.Column('enrolled_at', jetlms.core.db.Instant(timezone=True), nullable=False),
    sa.Column('enrolled_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('required', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('done', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('last_item', sa.String(), nullable=False),
    sa.Column('last_screen', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('started_at', jetlms.core.db.Instant(timezone=True), nullable=True),
    sa.Column('last_at', jetlms.core.db.Instant(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_withdrawal_course_id_course')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_withdrawal_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal')),
    sa.UniqueConstraint('enrolment_id', name=op.f('uq_withdrawal_enrolment_id'))
    )
    with op.batch_alter_table('withdrawal', schema=None) as batch_op:
        batch_op.create_index('ix_withdrawal_course', ['course_id', 'id'], unique=False)
        batch_op.create_index('ix_withdrawal_person', ['person_id', 'course_id', 'id'], unique=False)

    with op.batch_alter_table('enrolment_rule', schema=None) as batch_op:
        batch_op.add_column(sa.Column('host_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), server_default='1', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_enrolment_rule_host_id_organisation'), 'organisation', ['host_id'], ['id'])

    never_again(autoincrement=True)


def downgrade() -> None:
    never_again(autoincrement=False)
    with op.batch_alter_table('enrolment_rule', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_enrolment_rule_host_id_organisation'), type_='foreignkey')
        batch_op.drop_column('version')
        batch_op.drop_column('host_id')

    with op.batch_alter_table('withdrawal', schema=None) as batch_op:
        batch_op.drop_index('ix_withdrawal_person')
        batch_op.drop_index('ix_withdrawal_course')

    op.drop_table('withdrawal')


def never_again(*, autoincrement: bool) -> None:
    # SQLite gives the id of a deleted last row out again unless told otherwise; PostgreSQL's sequences never do.
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table('enrolment', recreate='always', table_kwargs={'sqlite_autoincrement': autoincrement}):
            pass
