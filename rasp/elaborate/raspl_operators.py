"""RASP-L's operators, as NumPy defines them on int and bool arrays, and Python on constants.

On two bool arrays ``+`` is *or*, ``*`` is *and*, ``-`` is undefined; ``& | ^ ~`` are logical on bools and two's complement
on ints; a bool among ints is 0 or 1.
"""

from __future__ import annotations

from fractions import Fraction

from rasp import atoms
from rasp.elaborate.raspl_values import Constant, Element, Frame, Host, Kind, Sequence, Value, describe, host_error, operand
from rasp.elaborate.run import atom_cost
from rasp.errors import RaspError, RaspTypeError, Span
from rasp.graph.nodes import Atom, Const, Map, Op, SelectorAnd, SelectorOr, Sop
from rasp.values import Function, Selector

_COMPARISONS = frozenset({"==", "!=", "<", "<=", ">", ">="})
_BITWISE = {"&": Op.BITAND, "|": Op.BITOR, "^": Op.BITXOR}
_LOGICAL = {"&": Op.AND, "|": Op.OR, "^": Op.NE, "+": Op.OR, "*": Op.AND}
_DIVISIONS = frozenset({Op.DIV, Op.FLOORDIV, Op.MOD})
_COST_OF_BRANCHING = 200
_NO_FLOATS = "RASP-L's sequences hold ints: divide with '//', or inside tok_map or seq_map, which cut the result toward zero"


def binary(op: str, left: Value, right: Value, frame: Frame, span: Span) -> Value:
    """The value of ``left op right``, for every operator but ``and`` and ``or``.

    Raises:
        RaspTypeError: the operator is not defined on these values.
        EvaluationError: it is undefined on these constants (division by zero).
    """
    place = frame.at(span)
    match left, right:
        case (Host() as host, _) | (_, Host() as host):
            raise host_error(host, place)
        case Selector(), Selector():
            return _on_selectors(op, left, right, place)
        case (Sequence(), Element()) | (Element(), Sequence()):
            hint = "a map or a predicate sees one element at a time: pass the other sequence through seq_map"
            raise RaspTypeError("an element meets a whole sequence", place, hint=hint)
        case (Element(choice=(condition, then, otherwise)), _) if _depends_on_kinds(op, left, right):
            frame.run.step(span, _COST_OF_BRANCHING)
            return chosen(condition, binary(op, then, right, frame, span), binary(op, otherwise, right, frame, span), place)
        case (_, Element(choice=(condition, then, otherwise))) if _depends_on_kinds(op, left, right):
            frame.run.step(span, _COST_OF_BRANCHING)
            return chosen(condition, binary(op, left, then, frame, span), binary(op, left, otherwise, frame, span), place)
        case (Sequence() | Element(), _) | (_, Sequence() | Element()):
            return _on_series(op, left, right, frame, place)
        case _:
            result = _on_constants(op, left, right, place)
            frame.run.step(span, _cost(left) + _cost(right) + _cost(result))
            return result


def unary(op: str, value: Value, frame: Frame, span: Span) -> Value:
    """The value of ``- + ~`` applied to a value.

    Raises:
        RaspTypeError: the operator is not defined on it.
    """
    place = frame.at(span)
    match value:
        case Sequence(node=node, kind=kind):
            return Sequence(*_unary_series(op, node, kind, place))
        case Element(choice=(condition, then, otherwise)) if op == "~":  # logical on NumPy's bools, bitwise on Python's
            frame.run.step(span, _COST_OF_BRANCHING)
            return chosen(condition, unary(op, then, frame, span), unary(op, otherwise, frame, span), place)
        case Element(node=node, kind=kind):
            return Element(*_unary_series(op, node, kind, place))
        case bool() | int() | Fraction():
            number = int(value) if isinstance(value, bool) else value
            return apply_constant({"-": Op.NEG, "+": Op.POS, "~": Op.INVERT}[op], place, number)
        case Host():
            raise host_error(value, place)
        case Selector() if op == "~":
            hint = "a causal selector has no causal opposite: write the opposite comparison in its predicate"
            raise RaspTypeError("'~' is not defined on selectors", place, hint=hint)
        case _:
            raise RaspTypeError(f"'{op}' is not defined on {describe(value)}", place)


def truth(value: Value, span: Span) -> bool:
    """Whether a constant counts as true in an ``if``, a ``while``, or between constants.

    Raises:
        RaspTypeError: it is no constant: RASP-L is straight-line.
    """
    match value:
        case Sequence():
            hint = "RASP-L is straight-line: choose element by element with where(c, a, b); join conditions with & | ~"
            raise RaspTypeError("the program can't branch on a sequence", span, hint=hint)
        case Element():
            hint = "RASP-L is straight-line: inside a map or a predicate write 'a if c else b'"
            raise RaspTypeError("the program can't branch on an element", span, hint=hint)
        case Selector():
            raise RaspTypeError("a selector is neither true nor false", span)
        case Host():
            raise host_error(value, span)
        case Function():
            return True
        case _:
            return bool(value)


def _on_selectors(op: str, left: Selector, right: Selector, span: Span) -> Selector:
    match op:
        case "&":
            return Selector(SelectorAnd(left.node, right.node, span=span))
        case "|":
            return Selector(SelectorOr(left.node, right.node, span=span))
        case _:
            raise RaspTypeError(f"'{op}' is not defined on selectors", span, hint="selectors are joined with & and |")


def _on_series(op: str, left: Value, right: Value, frame: Frame, span: Span) -> Sequence | Element:
    (left_node, left_kind), (right_node, right_kind) = operand(left, span), operand(right, span)
    graph_op, kind = _rule(op, left_kind, right_kind, span)
    whole = isinstance(left, Sequence) or isinstance(right, Sequence)
    if whole and kind == "float":
        raise RaspTypeError("a sequence of fractions", span, hint=_NO_FLOATS)
    if graph_op in _DIVISIONS:
        right_node = _guarded(right_node, frame, span)
    node = Map(graph_op, (left_node, right_node), span=span)
    return Sequence(node, kind) if whole else Element(node, kind)


def _rule(op: str, left: Kind, right: Kind, span: Span) -> tuple[Op, Kind]:
    """The graph's operator and the kind of its result."""
    kinds = {left, right}
    bools = kinds <= {"bool", "truth"}
    numpy_bools = bools and "bool" in kinds
    number: Kind = "float" if "float" in kinds else "int"
    match op:
        case _ if op in _COMPARISONS:
            return Op(op), "bool"
        case "+" | "*" if numpy_bools:
            return _LOGICAL[op], "bool"
        case "-" if numpy_bools:
            hint = "write a ^ b for 'one of the two', or make one an int with tok_map or where"
            raise RaspTypeError("'-' is not defined between bools", span, hint=hint)
        case "+" | "-" | "*" | "//" | "%":
            return Op(op), number
        case "/":
            return Op.DIV, "float"
        case "&" | "|" | "^" if bools:
            return _LOGICAL[op], "bool" if numpy_bools else "truth"
        case "&" | "|" | "^" if number == "float":
            raise RaspTypeError(f"'{op}' is not defined on fractions", span)
        case "&" | "|" | "^":
            return _BITWISE[op], "int" if "int" in kinds else "number"
        case _:
            raise AssertionError(f"the grammar has no operator {op}")


def _guarded(divisor: Sop, frame: Frame, span: Span) -> Sop:
    """A divisor that is 1 where its branch does not count: the graph evaluates both branches everywhere."""
    if frame.guard is None or isinstance(divisor, Const):
        return divisor
    return Map(Op.IF, (frame.guard, divisor, Const(1, span=span)), span=span)


def _unary_series(op: str, node: Sop, kind: Kind, span: Span) -> tuple[Sop, Kind]:
    match op, kind:
        case "-" | "+", "bool":
            hint = "write ~b for 'not b', or make it an int first: tok_map(b, lambda t: t)"
            raise RaspTypeError(f"'{op}' is not defined on bools", span, hint=hint)
        case "-" | "+", _:
            return Map(Op.NEG if op == "-" else Op.POS, (node,), span=span), "float" if kind == "float" else "int"
        case "~", "bool":
            return Map(Op.NOT, (node,), span=span), "bool"
        case "~", "truth":
            return Map(Op.INVERT, (Map(Op.INDICATOR, (node,), span=span),), span=span), "int"
        case "~", "int" | "number":
            return Map(Op.INVERT, (node,), span=span), kind
        case _:
            raise RaspTypeError(f"'{op}' is not defined on fractions", span)


def _on_constants(op: str, left: Value, right: Value, span: Span) -> Constant:
    match left, right:
        case (bool() | int() | Fraction() | str() | None, bool() | int() | Fraction() | str() | None) if op in ("==", "!="):
            return (left == right) == (op == "==")
        case bool() | int() | Fraction(), bool() | int() | Fraction():
            return apply_constant(Op("xor" if op == "^" else op), span, left, right)
        case str(), str() if op in _COMPARISONS or op == "+":
            return apply_constant(Op(op), span, left, right)
        case _:
            raise RaspTypeError(f"'{op}' is not defined between {describe(left)} and {describe(right)}", span)


def _cost(value: Value) -> int:
    return atom_cost(value) if isinstance(value, Atom) else 0


def apply_constant(op: Op, span: Span, *args: bool | int | Fraction | str) -> Atom:
    """The value of an operator on constants; an error is given its place."""
    try:
        return atoms.apply(op, *args)
    except RaspError as error:
        raise error.located(span) from None


def chosen(condition: Sop, then: Value, otherwise: Value, span: Span) -> Element:
    """The element that is the one value where the condition is true, and the other elsewhere.

    Raises:
        RaspTypeError: a value is no number.
    """
    one, other = _element(then, span), _element(otherwise, span)
    kind = _joined(one.kind, other.kind)
    choice = None if one.kind == other.kind else (condition, one, other)
    return Element(Map(Op.IF, (condition, one.node, other.node), span=span), kind, choice)


def _element(value: Value, span: Span) -> Element:
    match value:
        case Element():
            return value
        case bool() | int() | Fraction():
            return Element(*operand(value, span))
        case Host():
            raise host_error(value, span)
        case _:
            raise RaspTypeError(f"a map or a predicate chooses between numbers, not {describe(value)}", span)


def _depends_on_kinds(op: str, left: Value, right: Value) -> bool:
    """Whether an operator means one thing between NumPy's bools and another elsewhere, and these may be either."""
    kinds = {value.kind for value in (left, right) if isinstance(value, Element)}
    return op in ("+", "-", "*") and kinds <= {"bool", "truth", "number"} and not _is_plain_number(left, right)


def _is_plain_number(*values: Value) -> bool:
    return any(isinstance(value, int | Fraction) and not isinstance(value, bool) for value in values)


def _joined(left: Kind, right: Kind) -> Kind:
    """The kind of a value that has one kind here and the other there."""
    match left, right:
        case _ if left == right:
            return left
        case (("bool" | "truth"), ("bool" | "truth")):
            return "bool"
        case ("float", _) | (_, "float"):
            return "float"
        case _:
            return "number"
