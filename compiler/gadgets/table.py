"""Any comparison of a key with a query as an attention score, one dimension for each way that keys behave.

Formula: keys that accept the same queries form a group. The query carries, for each group, -1 if the group rejects it and 0
if not; the key carries the indicator of its group. The score is 0 where the comparison holds and -1 where it does not.
``key < query`` is the case in which the query side is a thermometer and the key side a one-hot code.

Exact: always. One product of the sum is not zero, and it is 0 or -1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rasp.graph.nodes import Atom


@dataclass(frozen=True)
class Group:
    """Keys that accept the same queries, and the queries that they reject."""

    keys: frozenset[int]
    rejected: frozenset[int]


def groups(holds: Callable[[Atom, Atom], bool], keys: Sequence[Atom], queries: Sequence[Atom]) -> list[Group]:
    """The groups of keys (as indices into ``keys``) that reject some query (as indices into ``queries``)."""
    members: dict[frozenset[int], list[int]] = {}
    for k, key in enumerate(keys):
        rejected = frozenset(q for q, query in enumerate(queries) if not holds(key, query))
        if rejected:
            members.setdefault(rejected, []).append(k)
    return [Group(frozenset(indices), rejected) for rejected, indices in members.items()]
