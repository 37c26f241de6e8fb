"""The pipeline: from an s-op to a transformer, every pass in order.

s-op ──canonical──▶ graph ──ValueSets──▶ value sets ──Lowering──▶ circuit ──schedule──▶ layers
     ──lay_out──▶ cells ──certify──▶ certificate ──Emitter──▶ weights
"""

from __future__ import annotations

from collections.abc import Iterable

from compiler.blueprint import blueprint
from compiler.certificate import certify
from compiler.circuit import Circuit, made_for
from compiler.emit import Emitter
from compiler.errors import CompileError
from compiler.kinds import KindTable
from compiler.layout import lay_out
from compiler.lowering import Lowering
from compiler.model import Model
from compiler.outputs import outputs_of
from compiler.schedule import schedule
from compiler.target import Target
from compiler.valuesets import ValueSets
from rasp.elaborate.recursion import deep_recursion
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Selector
from rasp.values import Function, SOp


WHOLE_ORDER = 16
"""An order comparison of more ranks is split into two digits, each a head of its own."""


def compile(sop: SOp | Function, vocab: Iterable[object], max_length: int, *, causal: bool = False) -> Model:
    """Compile an s-op to exact transformer weights.

    Args:
        sop: what to compute; a RASP-L function of one sequence is applied to the input.
        vocab: the tokens that inputs may hold: a string of characters, or any iterable of atoms.
        max_length: the longest input, in tokens.
        causal: whether attention sees earlier positions only; the program must then look back only.

    Returns:
        A model that gives the interpreter's values on every input over the vocabulary of at most that length.

    Raises:
        CompileError: the program can't be compiled exactly; the error names the expression.
    """
    target = Target.of(vocab, max_length, causal)
    with deep_recursion():
        source = _as_sop(sop)
        graph = canonical(source.node)
        root = graph.root
        assert not isinstance(root, SELECTOR_TYPES)
        values = ValueSets(target, KindTable(target), graph.spans)
        with made_for(graph.spans.get(root)):
            outputs, decoder = outputs_of(lowering := Lowering(values, WHOLE_ORDER, 0), root)
        circuit = Circuit(lowering.bos, outputs)
        layers = schedule(circuit)
        layout = lay_out(layers)
        certificate = certify(circuit, layers, target)
        transformer = Emitter(circuit, layers, layout, target).transformer()
    return Model(source, target, transformer, decoder, certificate, blueprint(circuit, layers, layout))


def _as_sop(sop: SOp | Function) -> SOp:
    if isinstance(sop, SOp):
        return sop
    applied = getattr(sop, "sop", None)
    if callable(applied):
        made = applied()
        assert isinstance(made, SOp)
        return made
    raise CompileError(f"only an s-op can be compiled, not {_described(sop)}", hint="name an s-op of the program")


def _described(value: object) -> str:
    if isinstance(value, Function):
        return "a function"
    return "a selector" if isinstance(value, Selector) or hasattr(value, "node") else f"a value of type {type(value).__name__}"
