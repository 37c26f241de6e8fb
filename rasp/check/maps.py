"""The rules for elementwise operators, in maps, in operators on sequences, and in the bodies of predicates."""

from __future__ import annotations

from fractions import Fraction
from typing import assert_never

from rasp.check.findings import Findings
from rasp.check.kinds import LARGEST, SMALLEST, Bool, Count, Idx, Kind, Tok, Top, as_tok, hull, on_one, on_two
from rasp.errors import Span
from rasp.graph.nodes import Atom, Const, Map, Op, Sop

_COMPARISONS = frozenset({Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE})
_TRUTHS = frozenset({Op.AND, Op.OR, Op.NOT, Op.INDICATOR})


def of_constant(value: Atom, span: Span | None, findings: Findings) -> Kind:
    match value:
        case bool():
            return Bool()
        case int():
            constant = Tok(value, value)
            if not constant.fits:
                findings.add("range", f"the constant {value}, beyond {SMALLEST} to {LARGEST}", span)
            return constant
        case Fraction():
            findings.add("float", "a fraction", span)
            return Top()
        case str():
            return Top()
        case _:
            assert_never(value)


def of_map(node: Map, args: tuple[Kind, ...], findings: Findings) -> Kind:
    """What an operator makes of its arguments."""
    result = _result(node, args, findings)
    if isinstance(result, Tok) and not result.fits and all(_fits(arg) for arg in args):
        findings.add("range", f"values from {result}, beyond {SMALLEST} to {LARGEST}", node.span)
    return result


def _fits(kind: Kind) -> bool:
    return not isinstance(kind, Tok) or kind.fits


def _result(node: Map, args: tuple[Kind, ...], findings: Findings) -> Kind:
    match node.op, args:
        case op, _ if op in _TRUTHS:
            for arg in args:
                _test(arg, node.span, findings)
            return Tok(0, 1) if op == Op.INDICATOR else Bool()
        case op, (left, right) if op in _COMPARISONS:
            compare(left, right, node.span, findings)
            return Bool()
        case Op.IN, _:
            return Bool()
        case Op.IF, (condition, then, otherwise):
            _test(condition, node.span, findings)
            return _choice(then, otherwise, node.span, findings)
        case Op.ADD, (kept, filled) if _is_where(node):
            return hull(kept, filled)
        case _:
            return _arithmetic(node, args, findings)


def compare(left: Kind, right: Kind, span: Span | None, findings: Findings) -> None:
    """Positions are compared with positions; a negative constant is a mark that no position has."""
    match left, right:
        case Idx(), Idx():
            return
        case (Idx(), Tok(hi=hi)) | (Tok(hi=hi), Idx()) if hi < 0:
            return
        case (Idx(), _) | (_, Idx()):
            findings.add("absolute-position", "a position is compared with a number", span)
        case _:
            return


def _test(kind: Kind, span: Span | None, findings: Findings) -> None:
    if isinstance(kind, Idx):
        findings.add("absolute-position", "a position is tested for being other than 0", span)


def _choice(then: Kind, otherwise: Kind, span: Span | None, findings: Findings) -> Kind:
    if isinstance(then, Idx) or isinstance(otherwise, Idx):
        findings.add("index-choice", "a map chooses between positions", span)
    return hull(then, otherwise)


def _is_where(node: Map) -> bool:
    """Whether a sum is what ``where`` makes: of two choices by one condition, each has 0 where the other has its value."""
    match tuple(_untruncated(arg) for arg in node.args):
        case (Map(op=Op.IF, args=(one, _, Const(value=0))), Map(op=Op.IF, args=(other, Const(value=0), _))):
            return one is other
        case _:
            return False


def _untruncated(sop: Sop) -> Sop:
    match sop:
        case Map(op=Op.TRUNC, args=(inner,)):
            return inner
        case _:
            return sop


def _arithmetic(node: Map, args: tuple[Kind, ...], findings: Findings) -> Kind:
    if node.op == Op.DIV:
        findings.add("float", "'/' makes fractions", node.span)
    match args:
        case (Idx() as index,) if node.op in (Op.POS, Op.TRUNC):
            return index
        case _ if any(isinstance(arg, Idx) for arg in args):
            return _on_positions(node, args, findings)
        case _ if any(isinstance(arg, Count) for arg in args):
            return _on_counts(node, args, findings)
    intervals = [as_tok(arg) for arg in args]
    match intervals:
        case [Tok() as arg]:
            return on_one(node.op, arg)
        case [Tok() as left, Tok() as right]:
            return on_two(node.op, left, right)
        case _:
            return Top()


def _on_positions(node: Map, args: tuple[Kind, ...], findings: Findings) -> Kind:
    """A position may be moved by a constant; one place at a time in strict mode."""
    match node.op, args, node.args:
        case Op.ADD, (Idx(shift=shift), _), (_, Const(value=int() as by)):
            return _moved(shift + by, node, findings)
        case Op.ADD, (_, Idx(shift=shift)), (Const(value=int() as by), _):
            return _moved(shift + by, node, findings)
        case Op.SUB, (Idx(shift=shift), _), (_, Const(value=int() as by)):
            return _moved(shift - by, node, findings)
        case _:
            findings.add("index-arithmetic", f"'{node.op}' on positions", node.span)
            return Idx() if node.op in (Op.ADD, Op.SUB) else Top()


def _moved(shift: int, node: Map, findings: Findings) -> Kind:
    if abs(shift) > 1:
        findings.add("iterated-successor", f"positions are moved by {abs(shift)} places", node.span)
    return Idx(shift)


def _on_counts(node: Map, args: tuple[Kind, ...], findings: Findings) -> Kind:
    match node.op, node.args:
        case ((Op.TRUNC | Op.POS), _):
            return Count()
        case Op.MOD, (_, Const(value=int() as modulus)) if modulus != 0:
            findings.add("count-as-token", "'%' on a count", node.span)
            return on_two(Op.MOD, Tok(0, 0), Tok(modulus, modulus))
        case _:
            findings.add("count-as-token", f"'{node.op}' on a count", node.span)
            return Count()
