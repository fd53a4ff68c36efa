"""A pipeline's graph from its source alone: no Java, and no code of the user's is executed."""

from millpond.graph.static.model import EXTERNAL, Edge, Node, StaticGraph
from millpond.graph.static.read import static_graph

__all__ = ["EXTERNAL", "Edge", "Node", "StaticGraph", "static_graph"]
