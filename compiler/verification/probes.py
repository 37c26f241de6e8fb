"""What the cells of a compiled model say about the program's values, and from when to when they say it.

The lowering answers requests: the integer ``f(value)`` of an s-op, a sum of such integers over what a selector selects, a
number as a pair of integers. Each answer is a combination of cells; a probe is the request together with its answer, so that
the interpreter can tell what the cells must hold.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Protocol, TypeAlias, assert_never

import numpy as np

from compiler.analysis.valuesets import Numbers
from compiler.blueprint import CellUse, NamedValue, stays
from compiler.circuit import Feature, Form
from compiler.compile import Compilation
from rasp.graph.canonical import intern
from rasp.graph.expression import atom_text, expression_text
from rasp.graph.nodes import Atom, Const, Node, Selector, SelectorWidth, Sop, topological

Number: TypeAlias = int | float | Fraction
"""What a probe reads or should read. A float is a cell that holds no integer, or NaN: a value that was held impossible."""

MOST_LISTED = 4
"""Values of a function that a text lists."""


@dataclass(frozen=True, eq=False)
class Image:
    """The integer that stands for a value of an s-op.

    Attributes:
        points: the values that the s-op can take; if they can't be listed, one for each stretch on which the image is constant.
        images: the image of each point.
        cuts: where the stretches end, if the values can't be listed.
    """

    node: Sop
    points: tuple[Atom, ...]
    images: tuple[int, ...]
    cuts: tuple[Fraction, ...] | None = None

    def __call__(self, value: Atom) -> Number:
        """The image; NaN of a value that is none of the points."""
        if self.cuts is not None:
            return self._between(value)
        found = self._by_kind.get((type(value), value))
        return self._by_value.get(value, float("nan")) if found is None else found

    @cached_property
    def _by_kind(self) -> dict[tuple[type, Atom], int]:
        return {(type(point), point): image for point, image in zip(self.points, self.images, strict=True)}

    @cached_property
    def _by_value(self) -> dict[Atom, int]:
        return dict(zip(self.points, self.images, strict=True))

    def _between(self, value: Atom) -> Number:
        """The image of the point that lies in the same stretch."""
        if isinstance(value, str):
            return float("nan")
        return self._by_stretch.get(_stretch(value, self.cuts or ()), float("nan"))

    @cached_property
    def _by_stretch(self) -> dict[int, int]:
        pairs = zip(self.points, self.images, strict=True)
        return {_stretch(point, self.cuts or ()): image for point, image in pairs if not isinstance(point, str)}

    @property
    def text(self) -> str:
        """What the image tells of a value, in a few words."""
        pairs = list(zip(self.points, self.images, strict=True))
        if all(isinstance(point, int) and point == image for point, image in pairs):
            return "the number"
        if self.cuts is None and set(self.images) == {0, 1}:
            ones, zeros = ([point for point, image in pairs if image == k] for k in (1, 0))
            return f"is {_some(ones)}" if len(ones) <= len(zeros) else f"is not {_some(zeros)}"
        shown = ", ".join(f"{_point_text(point)}: {image}" for point, image in pairs[:MOST_LISTED])
        return shown + ", …" * (len(pairs) > MOST_LISTED)


@dataclass(frozen=True, eq=False)
class Sum:
    """The sum of an image over the positions that a selector selects."""

    selector: Selector
    of: Image

    @property
    def node(self) -> Sop:
        """What is summed."""
        return self.of.node

    @property
    def text(self) -> str:
        return f"sum over it of {expression_text(self.of.node, limit=40)}: {self.of.text}"


@dataclass(frozen=True, eq=False)
class Pair:
    """A number as top / bottom + shift, three combinations of cells; ``empty`` + shift where the bottom is 0."""

    node: Sop
    empty: Fraction | None

    @property
    def text(self) -> str:
        return "the number, as a pair of integers"


Question: TypeAlias = Image | Sum | Pair


@dataclass(frozen=True)
class Cells:
    """An integer combination of cells of the residual stream.

    Attributes:
        cells, coefficients: of the same length.
        at_bos: its value at BOS.
    """

    cells: tuple[int, ...]
    coefficients: tuple[int, ...]
    constant: int
    at_bos: int

    @staticmethod
    def of(form: Form, uses: Mapping[Feature, CellUse]) -> Cells:
        cells, coefficients = tuple(uses[f].cell for f, _ in form.terms), tuple(c for _, c in form.terms)
        return Cells(cells, coefficients, form.constant, form.at_bos)

    def read(self, stream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The exact values in a stream of shape (positions, cells), and where all cells hold integers."""
        held = stream[:, self.cells].astype(np.float64)
        return held @ np.array(self.coefficients, np.float64) + self.constant, (np.rint(held) == held).all(axis=1)


@dataclass(frozen=True, eq=False)
class Probe:
    """A request and the cells that answer it.

    Attributes:
        name: what the source calls the value, or the expression.
        named: whether the source gives it that name.
        node: the s-op, or the selector of a sum.
        number: its place in the topological order of the graph.
        asks: the request.
        answers: one combination of cells; for a pair the top, the bottom and the shift.
        ready: the time from which it can be read (``compiler/weights/schedule.py`` says what a time is).
        until: the last time at which it can be read; later its cells may hold something else.
    """

    name: str
    named: bool
    node: Node
    number: int
    asks: Question
    answers: tuple[Cells, ...]
    ready: int
    until: int

    @property
    def cells(self) -> tuple[int, ...]:
        """All cells that it reads."""
        return tuple(sorted({cell for answer in self.answers for cell in answer.cells}))

    @property
    def text(self) -> str:
        """What it asks."""
        return self.asks.text


class Interpreter(Protocol):
    """The values of the program on one input."""

    def values(self, node: Sop) -> Sequence[Atom] | None:
        """The values of an s-op; None where it is undefined."""
        ...

    def selected(self, selector: Selector) -> np.ndarray | None:
        """The matrix of a selector; None if it is undefined or too large."""
        ...


def expected(question: Question, interpreter: Interpreter) -> list[Number] | None:
    """What a probe must read at each position; None if the interpreter can't tell."""
    match question:
        case Image(node=node):
            values = interpreter.values(node)
            return None if values is None else [question(value) for value in values]
        case Sum(selector=selector, of=image):
            matrix, summands = interpreter.selected(selector), expected(image, interpreter)
            return None if matrix is None or summands is None else (matrix @ np.array(summands, np.float64)).tolist()
        case Pair(node=node):
            values = interpreter.values(node)
            return None if values is None else [Fraction(value) for value in values if not isinstance(value, str)]
        case _:
            assert_never(question)


def probes_of(made: Compilation, named: Iterable[NamedValue]) -> tuple[Probe, ...]:
    """Every request of a compilation that can be read from the cells, each once, in the order of the graph."""
    maker = _Maker(made, stays(made.parts[-1]), tuple(named))
    found = {(probe.node, probe.text, probe.answers): probe for probe in maker.probes() if probe is not None}
    return tuple(sorted(found.values(), key=lambda probe: (probe.number, probe.ready)))


@dataclass(frozen=True, eq=False)
class _Maker:
    made: Compilation
    uses: Mapping[Feature, CellUse]
    named: tuple[NamedValue, ...]

    @cached_property
    def _order(self) -> dict[Node, int]:
        return {node: number for number, node in enumerate(topological(self.made.graph.root))}

    @cached_property
    def _names(self) -> dict[Node, str]:
        nodes = list(self._order)
        return {nodes[named.number]: named.place.name for named in self.named}

    def probes(self) -> Iterator[Probe | None]:
        lowering = self.made.lowering
        yield self._marker()
        for (node, images, *cuts), form in lowering.forms.items():
            yield self._probe(node, self._image(node, images, *cuts), form)
        for selector, form in lowering.heads.widths.items():
            counts = tuple(range(form.low, form.high + 1))
            yield self._probe(selector, Image(SelectorWidth(selector), counts, counts), form)
        for (selector, value, images), form in lowering.heads.sums.items():
            yield self._probe(selector, Sum(selector, self._image(value, images)), form)
        for node, ratio in lowering.ratios.known().items():
            if self._is_plain_number(node):
                yield self._probe(node, Pair(node, ratio.empty), ratio.top, ratio.bottom, ratio.shift)

    def _marker(self) -> Probe:
        """The cell that tells BOS from the input, where it is 0."""
        bos, zero = self.made.parts[-1].circuit.bos, Const(0)
        answer = Cells.of(Form.of(bos), self.uses)
        return Probe("BOS", False, zero, -1, Image(zero, (0,), (0,)), (answer,), 0, max(0, self.uses[bos].last_read - 1))

    def _image(self, node: Sop, images: tuple[int, ...], cuts: Sequence[Atom] = ()) -> Image:
        values = self.made.lowering.values
        if not isinstance(values.of(node), Numbers):
            return Image(node, values.listed(node), images)
        points = values.representatives(node, cuts)
        return Image(node, points, images, tuple(sorted({Fraction(cut) for cut in cuts if not isinstance(cut, str)})))

    def _is_plain_number(self, node: Sop) -> bool:
        """Whether a value is all in its pair: a selected bool among numbers is told apart elsewhere."""
        return self.made.lowering.values.kinds.of(node) <= {int, Fraction}

    def _probe(self, node: Node, asks: Question, *forms: Form) -> Probe | None:
        """The probe, if its value varies, belongs to the graph, and stands in the cells at some time as a whole."""
        uses = [self.uses.get(feature) for form in forms for feature in form.features]
        times = [(use.complete, max(use.complete, use.last_read - 1)) for use in uses if use is not None]
        if node not in self._order or not uses or len(times) < len(uses):
            return None
        ready, until = max(complete for complete, _ in times), min(last for _, last in times)
        if until < ready:
            return None
        owner = intern(asks.node) if isinstance(asks, Image) else node
        answers = tuple(Cells.of(form, self.uses) for form in forms)
        number = self._order.get(owner, self._order[node])
        name = self._names.get(owner) or expression_text(owner, self._names, limit=80)
        return Probe(name, owner in self._names, owner, number, asks, answers, ready, until)


def _stretch(number: int | Fraction, cuts: Sequence[Fraction]) -> int:
    """Which stretch between cuts a number lies in; a cut is a stretch of its own."""
    place = bisect_left(cuts, number)
    return 2 * place + int(place < len(cuts) and cuts[place] == number)


def _some(points: Sequence[Atom]) -> str:
    shown = " or ".join(map(_point_text, points[:MOST_LISTED]))
    return shown + " or …" * (len(points) > MOST_LISTED)


def _point_text(point: Atom) -> str:
    return atom_text(point) if isinstance(point, str) else str(point)
