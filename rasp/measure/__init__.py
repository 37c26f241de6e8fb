"""Program length: how long an s-op is, in every measure (``docs/language/measures.md`` defines them).

The lab sets these numbers against measured length generalization: the RASP-L conjecture of Zhou et al. 2023 speaks of
'short' programs without saying in which measure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

from rasp.errors import RaspTypeError
from rasp.graph import canonical
from rasp.graph.nodes import SELECTOR_TYPES, Aggregate, Lookup, Map, Node, SelectorWidth, with_steps
from rasp.measure.bits import graph_bits
from rasp.measure.schedule import Schedule, schedule
from rasp.measure.source import TextMeasures, text_measures
from rasp.syntax import ast
from rasp.values import Function, Selector, SOp, as_sop

__all__ = ["GraphMeasures", "Measurable", "Measures", "Schedule", "TextMeasures", "measure", "measure_graph", "schedule"]


Measurable: TypeAlias = SOp | Selector | Function | Node


@dataclass(frozen=True)
class GraphMeasures:
    """Lengths of a graph; what a predicate computes on a pair (its body) counts in ``bits`` only, the step of a loop once.

    Attributes:
        nodes: all nodes, inputs and constants among them.
        attention: operations that read a selector (aggregate, selector_width).
        selectors: selectors, each ``select``, ``and``, ``or`` and ``not`` counted.
        elementwise: elementwise operations and lookups.
        depth: attention layers below the result (Weiss et al. 2021).
        heads_by_layer: attention heads of layers 1, 2, …
        bits: length of a code for the graph.
    """

    nodes: int
    attention: int
    selectors: int
    elementwise: int
    depth: int
    heads_by_layer: tuple[int, ...]
    bits: float

    @property
    def layers(self) -> int:
        return len(self.heads_by_layer)

    @property
    def heads(self) -> int:
        return sum(self.heads_by_layer)


@dataclass(frozen=True)
class Measures:
    """The length of one s-op.

    Attributes:
        name: what the program calls it.
        written: of the graph as the program made it: every operation that it executed is a node of its own.
        simplified: of the canonical graph: equal nodes are one.
        text: of the program's text, where it was given.
    """

    name: str | None
    written: GraphMeasures
    simplified: GraphMeasures
    text: TextMeasures | None

    def as_dict(self) -> dict[str, Any]:
        """All measures by name, for JSON."""
        forms = {"written": self.written, "simplified": self.simplified}
        graphs = {form: asdict(graph) | {"layers": graph.layers, "heads": graph.heads} for form, graph in forms.items()}
        return {"name": self.name, **graphs, "text": asdict(self.text) if self.text else None}

    def table(self) -> str:
        """The measures as lines of text."""
        rows = [("", "as written", "simplified")]
        rows += [(label, getter(self.written), getter(self.simplified)) for label, getter in _ROWS]
        if self.text is not None:
            rows += [("", "this s-op", "whole program")]
            rows += [("tokens", str(self.text.tokens), str(self.text.total_tokens))]
            rows += [("syntax tree nodes", str(self.text.ast_nodes), str(self.text.total_ast_nodes))]
        widths = [max(len(row[column]) for row in rows) for column in range(3)]
        return "\n".join(f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}" for row in rows)


_ROWS = (
    ("nodes", lambda graph: str(graph.nodes)),
    ("attention operations", lambda graph: str(graph.attention)),
    ("selectors", lambda graph: str(graph.selectors)),
    ("elementwise operations", lambda graph: str(graph.elementwise)),
    ("depth", lambda graph: str(graph.depth)),
    ("layers", lambda graph: str(graph.layers)),
    ("heads", lambda graph: str(graph.heads)),
    ("heads by layer", lambda graph: ", ".join(map(str, graph.heads_by_layer)) or "none"),
    ("bits", lambda graph: f"{graph.bits:.1f}"),
)


def measure(value: Measurable, *, program: ast.Program | None = None) -> Measures:
    """The length of an s-op, in every measure.

    Args:
        value: an s-op, a selector, a graph node, or a RASP-L function of one sequence (measured as the s-op that it gives).
        program: the program that made it; its text is then measured too.

    Raises:
        RaspTypeError: a function that needs more than its input.
    """
    root, name = node_of(value)
    text = text_measures(root, name, program) if program is not None else None
    return Measures(name, measure_graph(root), measure_graph(canonical(root).root), text)


def node_of(value: Measurable) -> tuple[Node, str | None]:
    """The graph of a value and its name."""
    match value:
        case SOp(node=node, name=name) | Selector(node=node, name=name):
            return node, name
        case Function():
            sop = as_sop(value)
            if sop is not None:
                return sop.node, value.name
            hint = f"call it and name the result: x = {value.name}(…);"
            raise RaspTypeError(f"'{value.name}' is a function; an s-op is needed", hint=hint)
        case _:
            return value, None


def measure_graph(root: Node) -> GraphMeasures:
    """The measures of a graph as it stands."""
    nodes = with_steps(root)
    plan = schedule(root)
    return GraphMeasures(
        nodes=len(nodes),
        attention=sum(isinstance(node, Aggregate | SelectorWidth) for node in nodes),
        selectors=sum(isinstance(node, SELECTOR_TYPES) for node in nodes),
        elementwise=sum(isinstance(node, Map | Lookup) for node in nodes),
        depth=plan.depths[root],
        heads_by_layer=tuple(len(layer.heads) for layer in plan.layers[1:]),
        bits=graph_bits(root),
    )
