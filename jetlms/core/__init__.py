"""Machinery: transactions, policy, guard, workflow, audit, jobs, notices, files, search. It knows no noun of the domain."""
