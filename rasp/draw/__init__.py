"""Pictures of computation flows: what each layer and head of an s-op does on one input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rasp.draw import dot as dot_form
from rasp.draw.flow import Flow, flow
from rasp.draw.svg import svg as svg_text
from rasp.draw.writing import ending, picture, write_picture
from rasp.errors import RaspLimitError, RaspTypeError
from rasp.evaluate import evaluate
from rasp.files import write_whole
from rasp.graph.canonical import canonical_forms
from rasp.graph.loops import unrolled
from rasp.graph.nodes import SELECTOR_TYPES, Const, Node, Sop
from rasp.measure import Measurable, node_of
from rasp.values import Tokens

__all__ = ["Drawing", "draw", "write_picture"]

DOT = (".dot", ".gv")

MOST_STEPS = 32
"""Steps of loops that a drawing shows."""


@dataclass(frozen=True)
class Drawing:
    """A picture of a computation flow; notebooks show it as it is."""

    flow: Flow

    def svg(self) -> str:
        """The text of an SVG file."""
        return svg_text(self.flow)

    def dot(self) -> str:
        """The same flow as a graph in Graphviz's language."""
        return dot_form.dot(self.flow)

    def write(self, path: str | Path) -> None:
        """Write the picture to a file, whole or not at all, in the form that its name ends in: .svg, .pdf, .png or .dot.

        Raises:
            RaspError: another ending, a file that can't be written, or Typst is needed (.pdf, .png) and missing.
            RaspLimitError: the picture is too large for the form.
        """
        form = ending(path, *DOT)
        write_whole(path, self.dot().encode("utf-8") if form in DOT else picture(self.svg(), form))

    def _repr_svg_(self) -> str:
        return self.svg()


def draw(value: Measurable, tokens: Tokens, *, names: Mapping[Node, str] | None = None, simplified: bool = True) -> Drawing:
    """The computation flow of an s-op on an input; each step of a loop is drawn.

    Args:
        value: an s-op, its node, or a RASP-L function of one sequence.
        tokens: the input; the first 64 positions are shown.
        names: what the program calls the nodes of the graph; the s-op's own name need not be among them.
        simplified: draw the canonical graph (equal nodes are one, a selector_width is one head) instead of the written one.

    Raises:
        RaspTypeError: a selector, or a function that needs more than its input.
        InputError: the tokens are no input.
        EvaluationError: the s-op has no value on the input.
        RaspLimitError: its loops take more than ``MOST_STEPS`` steps on this input.
    """
    root, name = node_of(value)
    if isinstance(root, SELECTOR_TYPES):
        hint = "draw an aggregate or a selector_width of it"
        raise RaspTypeError("this is a selector; an s-op can be drawn", root.span, hint=hint)
    evaluate(root, tokens)  # an error of the graph as written has its place in the source
    known: dict[Node, str] = {node: known for node, known in (names or {}).items() if not isinstance(node, Const)}
    if name:
        known[root] = name
    root, known = _without_loops(root, known, tokens)
    if not simplified:
        return Drawing(flow(root, tokens, known))
    forms = canonical_forms(root)
    return Drawing(flow(cast(Sop, forms[root]), tokens, {form: known[node] for node, form in forms.items() if node in known}))


def _without_loops(root: Sop, names: Mapping[Node, str], tokens: Tokens) -> tuple[Sop, dict[Node, str]]:
    """The graph with every step of its loops on this input, and its names."""
    left = MOST_STEPS

    def count(times: Sop) -> int:
        nonlocal left
        steps = int(evaluate(times, tokens).to_atoms()[-1])
        left -= steps
        if left < 0:
            hint = "draw it for a shorter input"
            raise RaspLimitError(f"a drawing shows at most {MOST_STEPS} steps of loops", root.span, hint=hint)
        return steps

    forms = unrolled(root, count)
    return cast(Sop, forms[root]), {form: names[node] for node, form in forms.items() if node in names}
