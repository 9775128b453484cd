"""A life cycle as data: states, the steps between them, who may take each and when.

Steps are taken by compare-and-swap in the database: of two people who press at once, one wins and the other is told.
Buttons, history, filters, the diagram in docs/ and the role × state × step test are derived from the same data.
"""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from jetlms.core import audit, policy
from jetlms.core.db import db
from jetlms.core.errors import Refused
from jetlms.core.i18n import Text, _

SYSTEM = None  # the actor of steps that the clock takes
Guard = Callable[[Any], Text | None]  # returns the reason why not, or None


@dataclass(frozen=True)
class State:
    """One state. `public` is what the person concerned reads; `label` what staff read."""

    name: str
    label: Text
    public: Text | None = None
    kind: str = "wait"                 # the tag's look: ok, wait, late, new, done, stop, info


@dataclass(frozen=True)
class Step:
    """One arrow. `source` lists states separated by spaces."""

    name: str
    source: str
    target: str
    needs: str                         # an action of the policy; "" for steps only the system takes
    label: Text
    reason: bool = False               # a reason must be written
    guards: tuple[Guard, ...] = ()


class Workflow:
    """States and steps of one model, which has the columns `id`, `state` and `version`."""

    def __init__(self, name: str, states: Sequence[State], steps: Sequence[Step]) -> None:
        self.name = name
        self.states = {state.name: state for state in states}
        self.steps = {step.name: step for step in steps}
        self.initial = states[0].name
        unknown = {s for step in steps for s in (*step.source.split(), step.target)} - self.states.keys()
        if unknown:
            raise ValueError(f"{name}: unknown states {sorted(unknown)}")

    def open(self, thing: Any, user: Any) -> list[Step]:
        """Return the steps `user` may take on `thing` now: its buttons."""
        return [step for step in self.steps.values() if self._blocked(step, thing, user) is None]

    def take(self, thing: Any, name: str, *, by: Any, reason: str = "") -> Step:
        """Take step `name`; raises Refused. `by` is a User, or SYSTEM."""
        step = self.steps.get(name)
        if step is None:
            raise Refused(code=name)
        why = self._blocked(step, thing, by)
        if why is not None:
            raise Refused(str(why), code=name)
        if step.reason and not reason.strip():
            raise Refused(_("Please write a reason."), code=name)
        self._swap(thing, step)
        audit.record(f"{self.name}.{name}", thing, by=by, from_state=thing.state, to_state=step.target, note=reason)
        thing_state = step.target
        db.session.refresh(thing)
        assert thing.state == thing_state  # noqa: S101 -- the row is ours until commit
        return step

    def diagram(self) -> str:
        """Return the life cycle as a Mermaid state diagram."""
        arrows = [f"    {src} --> {step.target}: {step.name}" for step in self.steps.values() for src in step.source.split()]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.initial}", *arrows])

    def _blocked(self, step: Step, thing: Any, user: Any) -> Text | None:
        if thing.state not in step.source.split():
            return _("This step is no longer open: somebody may have been faster. Please look at the present state.")
        if user is not SYSTEM and (not step.needs or not policy.can(user, step.needs, thing)):
            return _("You may not take this step.")
        return next((why for guard in step.guards if (why := guard(thing)) is not None), None)

    def _swap(self, thing: Any, step: Step) -> None:
        table = type(thing).__table__
        db.session.flush()
        swapped: Any = db.session.execute(
            update(table)
            .where(table.c.id == thing.id, table.c.state.in_(step.source.split()), table.c.version == thing.version)
            .values(state=step.target, version=table.c.version + 1)
        )
        if swapped.rowcount != 1:
            raise Refused(_("Somebody was faster. Please look at the present state."), code=step.name)
