"""Names beside points, placed so that they cover neither points nor each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rasp.draw.style import LETTER

GAP = 2
"""Between names, and between a name and a point, in points of the page."""

STEPS = 12
"""How many distances from the point are tried."""


class Box(NamedTuple):
    """A rectangle, in points of the page."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether two rectangles have a part in common."""
        return self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top

    def within(self, other: Box) -> bool:
        """Whether it lies in another."""
        return self.left >= other.left and self.right <= other.right and self.bottom >= other.bottom and self.top <= other.top


class Point(NamedTuple):
    """A place, in points of the page."""

    x: float
    y: float


def place(
    points: Sequence[Point], names: Sequence[str], others: Sequence[Point], room: Box, size: float, radius: float
) -> list[Box | None]:
    """Where each name stands: near its point, in the room, on no other name or point; None where there is no such place.

    Args:
        others: points without names.
        size: of the font.
        radius: of the points.
    """
    taken = [Box(x - radius, y - radius, x + radius, y + radius) for x, y in (*points, *others)]
    found: list[Box | None] = [None] * len(points)
    middle = (room.bottom + room.top) / 2
    # Those at the edges have the least choice.
    for number in sorted(range(len(points)), key=lambda one: (-abs(points[one].y - middle), one)):
        for box in _candidates(points[number], LETTER * size * len(names[number]) + GAP, size * 1.05, radius + GAP):
            if box.within(room) and not any(box.meets(other) for other in taken):
                found[number] = box
                taken.append(box)
                break
    return found


def _candidates(point: Point, width: float, height: float, gap: float) -> Iterator[Box]:
    """Places for a name: beside the point, above and below it, and then farther off."""
    x, y = point
    for step in range(STEPS):
        away = step * height
        lefts = (x + gap, x - gap - width, x - width / 2) if step else (x + gap, x - gap - width)
        for bottom in dict.fromkeys((y - height / 2 + away, y - height / 2 - away)):
            for left in lefts:
                yield Box(left, bottom, left + width, bottom + height)
