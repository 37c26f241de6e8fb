"""What leaves the model, and how it is read."""

from __future__ import annotations

from fractions import Fraction

from compiler.analysis.kinds import FLOAT, INT
from compiler.analysis.valuesets import Numbers
from compiler.circuit import Form
from compiler.decode import Choice, Decoder, Mean, Number, Quotient
from compiler.lowering.forms import scaled
from compiler.lowering.graph import Lowering
from rasp.graph.nodes import Aggregate, Atom, Map, Op, Sop


def outputs_of(lowering: Lowering, root: Sop) -> tuple[tuple[Form, ...], Decoder]:
    """The forms that the unembedding reads, and the decoder that turns them into the values of the root.

    Raises:
        CompileError: the values can't be told apart.
    """
    values = lowering.values.of(root)
    if not isinstance(values, Numbers) and {type(value) for value in values} == {int}:
        return (lowering.number(root),), Number()
    return _mean(lowering, root) or _quotient(lowering, root) or _choice(lowering, root)


def _mean(lowering: Lowering, root: Sop) -> tuple[tuple[Form, ...], Decoder] | None:
    """A mean as sum and width; where one position is selected, also a code of its value: the sum, if that tells values apart."""
    if not (isinstance(root, Aggregate) and lowering.values.is_mean(root)):
        return None
    inner = lowering.values.of(root.value)
    if isinstance(inner, Numbers) or {type(value) for value in (*inner, root.default)} <= {Fraction}:
        return None
    total, scale = lowering.ratios.total(root)
    width = lowering.heads.width(root.selector)
    numbers = tuple(scaled(value, scale) for value in inner if not isinstance(value, str))
    if len(set(numbers)) == len(inner):
        return (total, width, total), Mean(root.default, scale, inner, numbers)
    places = {(type(value), value): place for place, value in enumerate(inner)}
    which = lowering.heads.sum(root.selector, root.value, lambda value: places[type(value), value], "which")
    return (total, width, which), Mean(root.default, scale, inner, tuple(places.values()))


def _quotient(lowering: Lowering, root: Sop) -> tuple[tuple[Form, ...], Decoder] | None:
    kinds = lowering.values.kinds.of(root)
    if not kinds <= INT | FLOAT:
        return None
    ratio = lowering.ratios.structural(root)
    if ratio is None:
        if not isinstance(lowering.values.of(root), Numbers):
            return None
        ratio = lowering.ratios.of(root)
    ratio = lowering.ratios.arithmetic.filled(ratio) if isinstance(root, Map) else ratio
    empty: Atom = root.default if isinstance(root, Aggregate) else 0
    forms = (ratio.top, ratio.bottom, ratio.shift)
    if len(kinds) == 1:
        return forms, Quotient(empty, "int" if kinds == INT else "float")
    is_float = _is_float(lowering, root)
    return None if is_float is None else ((*forms, is_float), Quotient(empty, "told"))


def _is_float(lowering: Lowering, node: Sop) -> Form | None:
    """1 where a number is a float, 0 where it is an int."""
    kinds = lowering.values.kinds.of(node)
    if Fraction not in kinds:
        return Form()
    if kinds == FLOAT:
        return Form(constant=1)
    match node:
        case Map(op=Op.IF, args=(condition, then, otherwise)):
            a, b = _is_float(lowering, then), _is_float(lowering, otherwise)
            return None if a is None or b is None else lowering.features.choice(lowering.truth(condition), a, b)
        case Map(op=Op.ADD | Op.SUB | Op.MUL | Op.MOD | Op.FLOORDIV | Op.NEG | Op.POS | Op.ABS, args=args):
            floats = [_is_float(lowering, arg) for arg in args]
            known = [form for form in floats if form is not None and (form.terms or form.constant)]
            if None in floats:
                return None
            both = Form.total(known)
            return both if len(known) < 2 else lowering.features.staircase(node, both, [(0, 0), (1, 1)])
        case Aggregate(value=value, default=default) if isinstance(lowering.values.of(node), Numbers):
            inner = _is_float(lowering, value)
            if inner is None or lowering.values.is_mean(node):
                return None if inner is None else lowering.means.is_float(node, inner)
            return lowering.heads.looked_up_form(node, inner, int(isinstance(default, Fraction)))
        case _ if isinstance(lowering.values.of(node), Numbers):
            return None
        case _:
            return lowering.form(node, lambda value: int(isinstance(value, Fraction)))


def _choice(lowering: Lowering, root: Sop) -> tuple[tuple[Form, ...], Decoder]:
    """One logit for each value: ``2·p·x - p²`` is largest where the place x of the value is p."""
    values = lowering.values.listed(root)
    places = {(type(value), value): place for place, value in enumerate(values)}
    x = lowering.form(root, lambda value: places[type(value), value])
    return tuple(x * (2 * place) - place * place for place in range(len(values))), Choice(values)
