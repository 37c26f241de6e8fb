"""How colours look: contrast, lightness, distance, and what the colour-blind see of them."""

from __future__ import annotations

import numpy as np

SIGHTS = {
    "full": np.eye(3),
    "no red": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "no green": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "no blue": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
"""What becomes of linear RGB without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1)."""

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(color: str) -> np.ndarray:
    """``#rrggbb`` as linear RGB."""
    part = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def luminance(color: str) -> float:
    """From 0, black, to 1, white."""
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(color))


def lightness(color: str) -> float:
    """CIE L*, from 0 to 100: what is left in grey print."""
    part = luminance(color)
    return 116 * np.cbrt(part) - 16 if part > 216 / 24389 else part * 24389 / 27


def contrast(one: str, other: str) -> float:
    """The ratio that WCAG 2 asks for: at least 4.5 for text, 3 for marks."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def distance(one: str, other: str, sight: str = "full") -> float:
    """In OKLab (Ottosson 2020), a hundredth as unit; 2 is just seen."""
    seen = [np.clip(SIGHTS[sight] @ linear(color), 0, 1) for color in (one, other)]
    first, second = (_TO_OKLAB @ np.cbrt(_TO_CONES @ color) for color in seen)
    return 100 * float(np.linalg.norm(first - second))
