"""Elementwise expressions on columns: constants, operators, lookups, and the parameters of a predicate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from rasp.errors import EvaluationError, RaspTypeError
from rasp.evaluate.column import FLOAT, Column, constant
from rasp.evaluate.distinct import apply_to_distinct
from rasp.evaluate.elementwise import apply_elementwise
from rasp.evaluate.text import described, host_text
from rasp.graph import Atom, Sop
from rasp.graph.nodes import Const, Lookup, Map, Param, ParamRole, topological


def lookup(node: Lookup, index: Column) -> Column:
    """The column of ``values[index]``.

    Raises:
        EvaluationError: an index that is out of range, missing, or of the wrong kind.
    """
    if node.keys is None:
        return _gathered(node.values, index) or apply_to_distinct(partial(_list_item, node.values), [index])
    return apply_to_distinct(partial(_dict_item, dict(zip(node.keys, node.values, strict=True))), [index])


def _gathered(values: tuple[Atom, ...], index: Column) -> Column | None:
    """The list's items where all indices are ints in range and the list is of one sort, else None."""
    if len({isinstance(value, str) for value in values}) != 1 or index.is_text or bool((index.tag == FLOAT).any()):
        return None
    if int(index.num.min()) < -len(values) or int(index.num.max()) >= len(values):
        return None
    return Column.from_atoms(values).take(np.where(index.num < 0, index.num + len(values), index.num).astype(np.intp))


def _list_item(values: Sequence[Atom], index: Atom) -> Atom:
    if not isinstance(index, int):
        raise RaspTypeError(f"a list is indexed by an int, not by {described(index)}")
    if not -len(values) <= index < len(values):
        raise EvaluationError(f"index {host_text(index)} is out of range for a list of length {len(values)}")
    return values[index]


def _dict_item(table: Mapping[Atom, Atom], key: Atom) -> Atom:
    if key not in table:
        raise EvaluationError(f"{described(key)} is no key of the dictionary")
    return table[key]


def evaluate_expression(root: Sop, params: Mapping[ParamRole, Column], length: int) -> Column:
    """The column of a predicate's body for columns of keys and queries, both of this length."""
    columns: dict[object, Column] = {}
    for node in topological(root):
        match node:
            case Param(role=role):
                columns[node] = params[role]
            case Const(value=value):
                columns[node] = constant(value, length)
            case Map(op=op, args=args):
                columns[node] = apply_elementwise(op, tuple(columns[arg] for arg in args))
            case Lookup(index=index):
                columns[node] = lookup(node, columns[index])
            case _:
                raise AssertionError(f"a predicate's body has no {type(node).__name__}")
    return columns[root]
