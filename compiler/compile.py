"""The pipeline: from an s-op to a transformer, every pass in order.

s-op ──canonical──▶ graph ──segments_of──▶ segments ──stages_of──▶ circuits ──schedule──▶ layers
     ──lay_out──▶ cells ──certify──▶ certificate ──transformer_of──▶ weights

``stages_of`` finds the values of everything (``ValueSets``) and turns each segment into a circuit (``Lowering``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from compiler.blueprint import blueprint, named_values
from compiler.circuit import FromPosition, FromSlot, FromToken, IsBos
from compiler.errors import CompileError
from compiler.lowering.clauses import Orders
from compiler.lowering.graph import Lowering
from compiler.model import Model
from compiler.segments import Segments, segments_of
from compiler.stages import Staged, stages_of
from compiler.target import Target
from compiler.undefined import Alarm
from compiler.weights.certificate import certify
from compiler.weights.emit import transformer_of
from compiler.weights.layout import Ground, lay_out
from compiler.weights.part import Part
from compiler.weights.schedule import schedule
from rasp.elaborate.recursion import deep_recursion
from rasp.graph import Graph, canonical
from rasp.graph.nodes import Selector
from rasp.values import Function, SOp, as_sop

Optimize: TypeAlias = Literal["depth", "width"]

_ORDERS: Mapping[Optimize, Orders] = {"depth": Orders(whole=16, base=0), "width": Orders(whole=2, base=2)}
"""With few heads an order of more than 16 ranks is two digits; for the narrowest stream it is bits."""


def compile(
    sop: SOp | Function,
    vocab: Iterable[object],
    max_length: int,
    *,
    causal: bool = False,
    optimize: Optimize = "depth",
) -> Model:
    """Compile an s-op to exact transformer weights.

    Args:
        sop: what to compute; a RASP-L function of one sequence is applied to the input.
        vocab: the tokens that inputs may hold: a string of characters, or any iterable of atoms.
        max_length: the longest input, in tokens.
        causal: whether attention sees earlier positions only; the program must then look back only.
        optimize: "depth" for the fewest layers and few heads; "width" for the narrowest residual stream, which takes more heads.

    Returns:
        A model that gives the interpreter's values on every input over the vocabulary of at most that length.

    Raises:
        CompileError: the program can't be compiled exactly; the error names the expression.
    """
    if optimize not in tuple(_ORDERS):
        raise CompileError(f"optimize is 'depth' or 'width', not {optimize!r}")
    target = Target.of(vocab, max_length, causal)
    with deep_recursion():
        return passes(_as_sop(sop), target, optimize).model


@dataclass(frozen=True, eq=False)
class Compilation:
    """A model, and what the passes made on the way to it."""

    model: Model
    segments: Segments
    staged: Staged
    parts: tuple[Part, ...]

    @property
    def lowering(self) -> Lowering:
        """Of the last stage, which is the whole of a model without loops."""
        return self.staged.stages[-1].lowering

    @property
    def graph(self) -> Graph:
        """What the last stage computes."""
        return self.staged.stages[-1].graph


def passes(source: SOp, target: Target, optimize: Optimize) -> Compilation:
    """Every pass in order. Raises as ``compile`` does."""
    graph = canonical(source.node)
    segments = segments_of(graph)
    staged = stages_of(segments, target, _ORDERS[optimize])
    parts = _laid_out(staged)
    certificate = certify(parts, target, graph.spans.get(graph.root))
    slots = parts[-1].ground.slots
    embedded = {slots[slot]: form for slot, form in staged.embedded.items()}
    plan = blueprint(parts, named_values(staged.stages[-1].graph))
    transformer = transformer_of(parts, embedded, plan.repeats, target)
    alarms = tuple(map(Alarm.of, staged.checks))
    model = Model(source, target, transformer, staged.decoder, certificate, plan, alarms)
    return Compilation(model, segments, staged, parts)


def _laid_out(staged: Staged) -> tuple[Part, ...]:
    """The layers and the cells of every stage. Stages share the cells of the embedding and of the slots, and reuse the others."""
    schedules = [schedule(stage.circuit) for stage in staged.stages]
    ground = Ground()
    if len(schedules) > 1:
        features = dict.fromkeys(feature for plan in schedules for feature in plan.features)
        read = {feature.origin.slot for feature in features if isinstance(feature.origin, FromSlot)}
        filled = {delivery.slot for stage in staged.stages for delivery in stage.circuit.deliveries}
        asked = {stage.steps.slot for stage in staged.stages if stage.steps and stage.steps.slot is not None}
        stay = (feature for feature in features if isinstance(feature.origin, FromToken | FromPosition | IsBos))
        ground = Ground.of(stay, sorted(read | filled | asked | set(staged.embedded)))
    parts: list[Part] = []
    for stage, plan in zip(staged.stages, schedules, strict=True):
        layout = lay_out(stage.circuit, plan, ground)
        ground = replace(ground, resting=layout.resting)
        before = parts[-1].end if parts else 0
        parts.append(Part(stage.circuit, plan, layout, ground, before, stage.steps))
    return tuple(parts)


def _as_sop(given: SOp | Function) -> SOp:
    sop = as_sop(given)
    if sop is None:
        raise CompileError(f"only an s-op can be compiled, not {_described(given)}", hint="name an s-op of the program")
    return sop


def _described(value: object) -> str:
    if isinstance(value, Function):
        return "a function"
    return "a selector" if isinstance(value, Selector) or hasattr(value, "node") else f"a value of type {type(value).__name__}"
