"""The s-op graph: its nodes and its simplified, hash-consed form."""

from rasp.graph.canonical import Graph, canonical, intern
from rasp.graph.nodes import Atom, Node, Selector, Sop

__all__ = ["Atom", "Graph", "Node", "Selector", "Sop", "canonical", "intern"]
