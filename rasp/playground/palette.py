"""The colours of the pictures, for the page around them."""

from __future__ import annotations

from rasp.draw.style import DARK, LIGHT, Palette


def colours(palette: Palette) -> dict[str, str]:
    """All colours by name; those of a scale are numbered, ``scale-0``, ``scale-1``, …"""
    found: dict[str, str] = {}
    for name, given in palette.colors().items():
        found |= {name: given} if isinstance(given, str) else {f"{name}-{place}": color for place, color in enumerate(given)}
    return found


def palette_css() -> str:
    """A style sheet that names them, each for light and for dark."""
    dark = colours(DARK)
    lines = (f"  --{name}: light-dark({light}, {dark[name]});" for name, light in colours(LIGHT).items())
    return "\n".join([":root {", *lines, "}", ""])
