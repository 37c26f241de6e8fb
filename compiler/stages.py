"""From segments to circuits: the values of every slot, and what each stage of the model computes and hands on.

The states of a loop change from step to step, and its block of layers must be exact in every one of them. So the value set of a
state is closed under the step: it holds the values before the first step, and what the step makes of any values in the set. Where
the sets stop to grow the block is exact for any number of steps; else for as many as the loop can take.

What is handed on is written by units of the stage's last layer, straight into the slot's cell. Of a form those terms that units
of that layer make are written by these units themselves; the rest of it, bounded below by r, takes one unit:
``relu(rest - r) + r``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from compiler.analysis.kinds import KindTable, Slot, Slots
from compiler.analysis.valuesets import Numbers, ValueSets
from compiler.checks.program import checks_of
from compiler.circuit import Check, Circuit, Delivery, Feature, Form, FromSlot, FromUnits, Unit, made_for
from compiler.decode import Decoder
from compiler.errors import CompileError
from compiler.lowering.clauses import Orders
from compiler.lowering.features import Embeddings
from compiler.lowering.graph import Lowering
from compiler.outputs import outputs_of
from compiler.segments import Repeated, Segments, Straight
from compiler.simplify import simplified
from compiler.target import Target
from rasp.errors import Span
from rasp.graph import Graph
from rasp.graph.nodes import SELECTOR_TYPES, Node, Sop

MOST_VALUES = 16_384
"""Values of a state, as many as can be told apart one by one."""

LONGEST_LABEL = 60


@dataclass(frozen=True)
class Steps:
    """How often a stage is run.

    Attributes:
        times: the number, or the slot that holds it, at the last position.
        most: how many steps the slot can ask for.
        any_number: whether more would be exact as well.
    """

    times: int | None
    slot: int | None
    most: int
    any_number: bool
    span: Span | None


@dataclass(frozen=True, eq=False)
class Stage:
    """A circuit, and how often it is run.

    Attributes:
        roots: the s-ops that it computes.
        steps: of a loop.
    """

    lowering: Lowering
    roots: tuple[Sop, ...]
    circuit: Circuit
    steps: Steps | None = None

    @property
    def graph(self) -> Graph:
        """What a stage that computes one s-op computes."""
        (root,) = self.roots
        return Graph(root, self.lowering.values.spans)


@dataclass(frozen=True, eq=False)
class Staged:
    """All stages of a model.

    Attributes:
        embedded: slots that the embedding fills.
    """

    stages: tuple[Stage, ...]
    decoder: Decoder
    embedded: Mapping[int, Form]

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the unembedding tells of where the program is undefined."""
        return self.stages[-1].circuit.checks


def stages_of(segments: Segments, target: Target, orders: Orders) -> Staged:
    """The stages of a program.

    Raises:
        CompileError: something can't be computed exactly; the error names the expression.
    """
    maker = _Maker(segments, target, orders)
    for segment in segments.before:
        match segment:
            case Straight():
                maker.straight(segment)
            case Repeated():
                maker.repeated(segment)
    return maker.finished()


class _Maker:
    """The stages made so far.

    Attributes:
        slots: what is known of those that are filled.
        checks: of earlier stages, each in a slot of its own.
    """

    def __init__(self, segments: Segments, target: Target, orders: Orders) -> None:
        self.segments = segments
        self.target = target
        self.orders = orders
        self.embeddings = Embeddings()
        self.slots: dict[int, Slot] = {}
        self.stages: list[Stage] = []
        self.embedded: dict[int, Form] = {}
        self.checks: list[Check] = []
        self.next_slot = segments.slots

    def lowering(self, nodes: Sequence[Node], slots: Slots) -> tuple[Lowering, tuple[Sop, ...]]:
        """A lowering of some s-ops, and these in the form that it takes."""
        kinds = KindTable(self.target, slots)
        roots, spans = simplified(nodes, self.segments.spans, kinds)
        assert not any(isinstance(root, SELECTOR_TYPES) for root in roots)
        values = ValueSets(self.target, kinds, spans, slots)
        return Lowering(values, self.orders, self.embeddings), tuple(cast(Sop, root) for root in roots)

    def straight(self, segment: Straight) -> None:
        slots = [slot for slot, _ in segment.fills]
        lowering, roots = self.lowering([value for _, value in segment.fills], self.slots)
        known = [_listed(lowering, root) for root in roots]
        forms = [(slot, lowering.number(root)) for slot, root in zip(slots, roots, strict=True)]
        for slot, values, root in zip(slots, known, roots, strict=True):
            self.slots[slot] = Slot(values, segment.names.get(slot) or lowering.values.text(root)[:LONGEST_LABEL])
        for check in checks_of(lowering, *roots):
            forms.append((self.next_slot, check.form))
            self.slots[self.next_slot] = Slot((check.form.low, check.form.high), "check")
            feature = Feature("check", FromSlot(self.next_slot), check.form.low, check.form.high, span=check.span)
            self.checks.append(replace(check, form=Form.of(feature)))
            self.next_slot += 1
        if not self.stages:
            self.embedded = {slot: form for slot, form in forms if not form.ready}
            forms = [(slot, form) for slot, form in forms if form.ready]
        kept = [(slot, form) for slot, form in forms if form.terms or form.constant]
        self._add(lowering, roots, [(slot, form, None) for slot, form in kept], None)

    def repeated(self, segment: Repeated) -> None:
        slots = [slot for slot, _ in segment.fills]
        times, by, most = self._times(segment)
        lowering, roots, any_number = self._closed(segment, most)
        checks = checks_of(lowering, *roots)
        if checks:
            message = f"this may be undefined in some step of a loop: {checks[0].problem}"
            raise CompileError(message, checks[0].span, hint="guard it: a loop that is undefined on no input can be compiled")
        fills: list[tuple[int, Form, Feature | None]] = []
        for slot, root in zip(slots, roots, strict=True):
            form = lowering.number(root)
            values = self.slots[slot].values
            held = None if len(values) == 1 else Form.of(_held(lowering, slot))
            if held is not None and form != held:
                fills.append((slot, form, held.features[0]))
        self._add(lowering, roots, fills, Steps(times, by, most, any_number, segment.span))

    def _times(self, segment: Repeated) -> tuple[int | None, int | None, int]:
        """How many steps, or the slot that says it; and the most that it can be."""
        if isinstance(segment.times, int):
            return segment.times, None, segment.times
        values = self.slots[segment.times.index].values
        most = int(values[-1])
        if most < 0:
            hint = "the number of steps is below 0 on every input"
            raise CompileError("this loop can't be run on any input", segment.span, hint=hint)
        return (most, None, most) if len(values) == 1 else (None, segment.times.index, most)

    def _closed(self, segment: Repeated, most: int) -> tuple[Lowering, tuple[Sop, ...], bool]:
        """The lowering of a step for all values that its states can take, and whether these are all for any number of steps."""
        nodes = [value for _, value in segment.fills]
        for _ in range(most + 1):
            lowering, roots = self.lowering(nodes, self.slots)
            before = [self.slots[slot] for slot, _ in segment.fills]
            after = [_joined(lowering, slot, root) for slot, root in zip(before, roots, strict=True)]
            if after == before:
                return lowering, roots, True
            self.slots.update({slot: joined for (slot, _), joined in zip(segment.fills, after, strict=True)})
        return *self.lowering(nodes, self.slots), False

    def _add(
        self, lowering: Lowering, roots: tuple[Sop, ...], fills: Sequence[tuple[int, Form, Feature | None]], steps: Steps | None
    ) -> None:
        layer = max((_layers(form) for _, form, _ in fills), default=0)
        deliveries = [Delivery(slot, _delivered(form, max(1, layer), self.slots[slot], old), old) for slot, form, old in fills]
        circuit = Circuit(lowering.features.bos, deliveries=tuple(deliveries))
        self.stages.append(Stage(lowering, roots, circuit, steps))

    def finished(self) -> Staged:
        """All stages, with the one that the unembedding reads."""
        lowering, (root,) = self.lowering([self.segments.root], self.slots)
        with made_for(lowering.values.span(root)):
            outputs, decoder = outputs_of(lowering, root)
        checks = (*self.checks, *checks_of(lowering, root))
        circuit = Circuit(lowering.features.bos, outputs, checks)
        stages = (*self.stages, Stage(lowering, (root,), circuit))
        return Staged(stages, decoder, self.embedded)


def _listed(lowering: Lowering, node: Sop) -> tuple[int, ...]:
    """The values of what goes into a slot, ascending."""
    values = lowering.values.of(node)
    if isinstance(values, Numbers) or len(values) > MOST_VALUES:
        raise lowering.values.refuse(
            node,
            "a loop carries this, and it can take too many values to be told apart one by one",
            hint="compile for a smaller max_length, or keep smaller numbers in the loop",
        )
    if {type(value) for value in values} not in ({int}, {bool}):
        raise lowering.values.refuse(
            node,
            "a loop carries ints, or bools, and this can be something else",
            hint="round numbers, convert bools with indicator, and write symbols as ints",
        )
    return tuple(sorted(cast("tuple[int, ...]", values)))


def _joined(lowering: Lowering, slot: Slot, step: Sop) -> Slot:
    """A state that can also be what the step gives."""
    return replace(slot, values=tuple(sorted({*slot.values, *_listed(lowering, step)})))


def _held(lowering: Lowering, slot: int) -> Feature:
    (feature,) = lowering.features.slot(slot).features
    return feature


def _layers(form: Form) -> int:
    """The layer whose units can write a form: that of its last units, or the one of its last attention."""
    return max(1, (form.ready + 1) // 2)


def _delivered(form: Form, layer: int, slot: Slot, old: Feature | None) -> Feature:
    """A form as a feature of its own, made by units of a layer."""
    parts: list[tuple[Unit, int]] = []
    rest: list[tuple[Feature, int]] = []
    for feature, coefficient in form.terms:
        match feature.origin:
            case FromUnits(parts=units) if feature.ready == 2 * layer:
                parts += [(unit, coefficient * factor) for unit, factor in units]
            case _:
                rest.append((feature, coefficient))
    constant = form.constant
    if rest:
        passed = Form(tuple(rest))
        parts.append((Unit(passed - passed.low), 1))
        constant += passed.low
    if constant:
        parts.append((Unit(Form(constant=1)), constant))
    gathered: dict[Unit, int] = {}
    for unit, factor in parts:
        gathered[unit] = gathered.get(unit, 0) + factor
    origin = FromUnits(tuple(gathered.items()), layer=layer)
    span = old.span if old is not None else None
    return Feature(slot.label, origin, int(slot.values[0]), int(slot.values[-1]), span=span)
