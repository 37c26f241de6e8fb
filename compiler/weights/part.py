"""A stage of a model when it is laid out."""

from __future__ import annotations

from dataclasses import dataclass, field

from compiler.circuit import Circuit
from compiler.stages import Steps
from compiler.weights.layout import Ground, Layout
from compiler.weights.schedule import Schedule


@dataclass(frozen=True, eq=False)
class Part:
    """Some layers of a model, one after the other.

    Attributes:
        ground: the cells that all parts share.
        before: how many layers come before them.
        steps: how often they are run, if they are the step of a loop.
    """

    circuit: Circuit
    schedule: Schedule
    layout: Layout
    ground: Ground = field(default_factory=Ground)
    before: int = 0
    steps: Steps | None = None

    @property
    def end(self) -> int:
        """How many layers there are up to its last."""
        return self.before + self.schedule.layers
