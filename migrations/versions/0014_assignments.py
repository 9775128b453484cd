"""Assignments are marked as tests are"""
import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'


def upgrade() -> None:
    # The constraint comes with its column: SQLite would have to make the table anew for it, and marks refer to the table.
    op.add_column('submission', sa.Column('kind', sa.String(), sa.CheckConstraint(
        "kind IN ('translation','interpreting','task')", name=op.f('ck_submission_kind')), nullable=False, server_default='translation'))
    op.execute("UPDATE submission SET kind = 'interpreting' WHERE spoken")
    op.drop_column('submission', 'spoken')


def downgrade() -> None:
    op.add_column('submission', sa.Column('spoken', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE submission SET spoken = (kind = 'interpreting')")
    op.drop_column('submission', 'kind')
