"""The checker's walk over the graph as written: what is known of every s-op, and what its selectors may do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from rasp.check import maps
from rasp.check.findings import Findings
from rasp.check.kinds import FAR, LARGEST, SMALLEST, Bool, Count, Idx, Kind, Tok, Top, as_tok, hull
from rasp.errors import Span
from rasp.graph.nodes import (
    Aggregate,
    Carried,
    Compare,
    Comparison,
    Const,
    Input,
    Iterate,
    Lookup,
    Loop,
    Map,
    Node,
    Op,
    Param,
    Predicate,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    Sop,
    topological,
)

_MOST_PASSES = 16
"""How often the step of a loop is looked at until no more of its states changes; from half of that on bounds are given up."""


@dataclass(frozen=True, eq=False)
class _Walk:
    """What is known of the nodes passed so far.

    Attributes:
        tokens: the range of the input.
        kinds: of each s-op.
        carried: of what the loop around carries, inside its step.
        causal: the selectors that look at a position and what is before it only.
        single: the selectors of which a row selects one position at most: by equality of positions.
        loops: the states of each loop after its last step.
    """

    tokens: Tok
    findings: Findings
    kinds: dict[Node, Kind] = field(default_factory=dict)
    carried: tuple[Kind, ...] = ()
    causal: set[Node] = field(default_factory=set)
    single: set[Node] = field(default_factory=set)
    loops: dict[Loop, tuple[Kind, ...]] = field(default_factory=dict)

    def follow(self, *roots: Sop) -> tuple[Kind, ...]:
        """Pass every node of a graph; what is known of its roots."""
        for node in topological(*roots):
            match node:
                case Compare() | Predicate() | SelectorNot() | SelectorAnd() | SelectorOr():
                    _pass_selector(node, self)
                case _:
                    self.kinds[node] = _kind(node, self)
        return tuple(self.kinds[root] for root in roots)

    def inside(self, loop: Loop, states: tuple[Kind, ...], findings: Findings) -> _Walk:
        """The walk over a step of a loop."""
        known = (*states, *(self.kinds[read] for read in loop.carried[len(states) :]))
        return replace(self, findings=findings, kinds={}, carried=known)


def walk(root: Sop, tokens: Tok, findings: Findings) -> None:
    """Add to ``findings`` what the graph of a program does that RASP-L does not allow.

    Args:
        root: the program's result.
        tokens: the range of the input.
    """
    passed = _Walk(tokens, findings)
    (result,) = passed.follow(root)
    _check_result(result, root.span, findings)


def _check_result(kind: Kind, span: Span | None, findings: Findings) -> None:
    match kind:
        case Count():
            findings.add("count-as-token", "the program's result is a count", span)
        case Idx():
            findings.add("position-as-token", "the program's result is a position", span)
        case Tok() | Bool() | Top():
            pass
        case _:
            assert_never(kind)


def _kind(node: Sop, passed: _Walk) -> Kind:
    match node:
        case Input(name="indices"):
            return Idx()
        case Input():
            return passed.tokens
        case Const(value=value, span=span):
            return maps.of_constant(value, span, passed.findings)
        case Map(args=args):
            return maps.of_map(node, tuple(passed.kinds[arg] for arg in args), passed.findings)
        case SelectorWidth(selector=selector):
            _check_causal(selector, passed)
            return Count()
        case Aggregate(selector=selector):
            _check_causal(selector, passed)
            return _of_aggregate(node, passed)
        case Lookup():
            return Top()
        case Carried(index=index):
            return passed.carried[index]
        case Iterate(loop=loop, index=index):
            if loop not in passed.loops:
                passed.loops[loop] = _of_loop(loop, node.span, passed)
            return passed.loops[loop][index]
        case Param():
            raise AssertionError("a parameter outside a predicate")
        case _:
            assert_never(node)


def _of_loop(loop: Loop, span: Span | None, passed: _Walk) -> tuple[Kind, ...]:
    """What is known of the states after any number of steps; only then the step is checked."""
    passed.findings.add("n-rasp-l", "a loop", span)
    states = initial = tuple(passed.kinds[read] for read in loop.carried[: len(loop.steps)])
    for passes in range(_MOST_PASSES):
        after = passed.inside(loop, states, Findings(passed.findings.strict)).follow(*loop.steps)
        joined = tuple(map(hull, states, after))
        if joined == states:
            break
        states = joined if passes < _MOST_PASSES // 2 else tuple(map(_widened, states, joined))
    passed.inside(loop, states, passed.findings).follow(*loop.steps)
    for before, after in zip(initial, states, strict=True):
        if isinstance(after, Tok) and not after.fits and (as_tok(before) or after).fits:
            passed.findings.add("range", f"a state that leaves {SMALLEST} to {LARGEST} after enough steps", span)
    return states


def _widened(before: Kind, after: Kind) -> Kind:
    """What is known of a state that changes with every step."""
    return after if before == after else Tok(-FAR, FAR) if isinstance(after, Tok) else Top()


def _of_aggregate(node: Aggregate, passed: _Walk) -> Kind:
    value, default = passed.kinds[node.value], maps.of_constant(node.default, node.span, passed.findings)
    match value:
        case Idx() if node.reduction == "mean" and node.selector not in passed.single:
            passed.findings.add("mean-of-positions", "a mean of positions", node.span)
            return Idx()
        case Idx():
            return value
        case Bool():
            return hull(Tok(0, 1), default)
        case _:
            return hull(value, default)


def _check_causal(selector: Selector, passed: _Walk) -> None:
    if selector not in passed.causal:
        passed.findings.add("not-causal", "a selector that looks at what comes later", selector.span)


def _pass_selector(selector: Selector, passed: _Walk) -> None:
    match selector:
        case Predicate(key=key, query=query):
            _check_predicate(selector, passed.kinds[key], passed.kinds[query], passed.findings)
            causal, single = False, _compares_positions(selector, passed.kinds)
        case Compare(key=key, query=query, op=op):
            maps.compare(passed.kinds[key], passed.kinds[query], selector.span, passed.findings)
            causal, single = _is_mask(selector), op == Comparison.EQ and _is_mask(selector)
        case SelectorNot():
            causal, single = False, False
        case SelectorAnd(left=left, right=right):
            causal = left in passed.causal or right in passed.causal
            single = left in passed.single or right in passed.single
        case SelectorOr(left=left, right=right):
            causal, single = left in passed.causal and right in passed.causal, False
        case _:
            assert_never(selector)
    passed.causal.update([selector] * causal)
    passed.single.update([selector] * single)


def _is_mask(compare: Compare) -> bool:
    match compare:
        case Compare(key=Input(name="indices"), query=Input(name="indices"), op=op):
            return op in (Comparison.LE, Comparison.LT, Comparison.EQ)
        case _:
            return False


def _compares_positions(predicate: Predicate, kinds: dict[Node, Kind]) -> bool:
    match predicate:
        case Predicate(key=Input(name="indices"), query=query, body=Map(op=Op.EQ, args=(Param(), Param()))):
            return isinstance(kinds[query], Idx)
        case _:
            return False


def _check_predicate(predicate: Predicate, key: Kind, query: Kind, findings: Findings) -> None:
    """The body follows the rules of maps, with the kinds of the key and the query for its parameters."""
    inside: dict[Node, Kind] = {}
    for part in topological(predicate.body):
        match part:
            case Param(role=role):
                inside[part] = key if role == "key" else query
            case Const(value=value, span=span):
                inside[part] = maps.of_constant(value, span, findings)
            case Map(op=op, args=args, span=span):
                kinds = tuple(inside[arg] for arg in args)
                inside[part] = maps.of_map(part, kinds, findings)
                if op == Op.EQ and Count() in kinds:
                    findings.add("count-equality", "a selector asks for an exact count", span)
            case _:
                inside[part] = Top()
    if isinstance(inside[predicate.body], Idx):
        findings.add("absolute-position", "a position is tested for being other than 0", predicate.span)
