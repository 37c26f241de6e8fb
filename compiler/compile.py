"""The pipeline: from an s-op to a transformer, every pass in order.

s-op ──canonical──▶ graph ──ValueSets──▶ value sets ──Lowering──▶ circuit ──schedule──▶ layers
     ──lay_out──▶ cells ──certify──▶ certificate ──Emitter──▶ weights
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from compiler.analysis.kinds import KindTable
from compiler.analysis.valuesets import ValueSets
from compiler.blueprint import blueprint, named_values
from compiler.checks.program import checks_of
from compiler.circuit import Circuit, made_for
from compiler.errors import CompileError
from compiler.lowering.clauses import Orders
from compiler.lowering.graph import Lowering
from compiler.model import Model
from compiler.outputs import outputs_of
from compiler.simplify import simplified
from compiler.target import Target
from compiler.undefined import Alarm
from compiler.weights.certificate import certify
from compiler.weights.emit import Emitter
from compiler.weights.layout import Layout, lay_out
from compiler.weights.schedule import Schedule, schedule
from rasp.elaborate.recursion import deep_recursion
from rasp.graph import Graph, canonical
from rasp.graph.nodes import SELECTOR_TYPES, Selector
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
    graph: Graph
    lowering: Lowering
    circuit: Circuit
    layers: Schedule
    layout: Layout


def passes(source: SOp, target: Target, optimize: Optimize) -> Compilation:
    """Every pass in order. Raises as ``compile`` does."""
    kinds = KindTable(target)
    graph = simplified(canonical(source.node), kinds)
    root = graph.root
    assert not isinstance(root, SELECTOR_TYPES)
    values = ValueSets(target, kinds, graph.spans)
    with made_for(graph.spans.get(root)):
        outputs, decoder = outputs_of(lowering := Lowering(values, _ORDERS[optimize]), root)
    circuit = Circuit(lowering.features.bos, outputs, checks_of(lowering, root))
    layers = schedule(circuit)
    layout = lay_out(circuit, layers)
    certificate = certify(circuit, layers, layout, target, graph.spans.get(root))
    transformer = Emitter(circuit, layers, layout, target).transformer()
    plan = blueprint(circuit, layers, layout, named_values(graph))
    model = Model(source, target, transformer, decoder, certificate, plan, tuple(map(Alarm.of, circuit.checks)))
    return Compilation(model, graph, lowering, circuit, layers, layout)


def _as_sop(given: SOp | Function) -> SOp:
    sop = as_sop(given)
    if sop is None:
        raise CompileError(f"only an s-op can be compiled, not {_described(given)}", hint="name an s-op of the program")
    return sop


def _described(value: object) -> str:
    if isinstance(value, Function):
        return "a function"
    return "a selector" if isinstance(value, Selector) or hasattr(value, "node") else f"a value of type {type(value).__name__}"
