"""Indexes for what monitors ask: what has this reader seen in the last ten minutes; where is this person, and since when"""
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    op.drop_index('ix_audit_entry_reader', table_name='audit_entry')
    op.drop_index('ix_audit_entry_actor_id', table_name='audit_entry')
    op.create_index('ix_audit_entry_reader', 'audit_entry', ['actor_id', 'action', 'at', 'subject_type', 'subject_id'], unique=False)
    op.drop_index('ix_appointment_person', table_name='appointment')
    op.create_index('ix_appointment_person', 'appointment', ['person_id', 'role', 'starts_on', 'ends_on', 'organisation_id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_appointment_person', table_name='appointment')
    op.create_index('ix_appointment_person', 'appointment', ['person_id', 'ends_on'], unique=False)
    op.drop_index('ix_audit_entry_reader', table_name='audit_entry')
    op.create_index('ix_audit_entry_actor_id', 'audit_entry', ['actor_id'], unique=False)
    op.create_index('ix_audit_entry_reader', 'audit_entry', ['action', 'subject_type', 'subject_id', 'actor_id', 'at'], unique=False)
