"""What a ``load`` shows: the names that it defined and the errors of the file, without examples."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rasp.elaborate.outcomes import Assigned, Binding, Evaluated, ExamplesShown, Loaded, Outcome
from rasp.errors import RaspError
from rasp.repl.display import Display
from rasp.repl.frames import error_lines

_Entry = Binding | ExamplesShown | RaspError


@dataclass
class _Pending:
    """What has been executed and not yet shown. The end of each file shows it, that of an inner file too."""

    display: Display
    entries: list[_Entry] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def show(self) -> None:
        failed = any(isinstance(entry, RaspError) for entry in self.entries)
        for entry in self.entries if failed else _last_of_each_name(self.entries):
            match entry:
                case Binding(name=name, value=value):
                    self.lines.extend(self.display.binding(name, value))
                case ExamplesShown(subset=subset):
                    self.lines.extend(self.display.examples(subset))
                case RaspError():
                    self.lines.extend(error_lines(entry, self.display.paint))
        self.entries.clear()


def load_lines(loaded: Loaded, display: Display) -> list[str]:
    """All lines of a load. Every definition is shown if the file has an error, the last of each name if it has none."""
    pending = _Pending(_without_examples(display, loaded))
    _collect(loaded, pending)
    return pending.lines


def _collect(loaded: Loaded, pending: _Pending) -> None:
    for item in loaded.items:
        if isinstance(item, Loaded):
            _collect(item, pending)
        else:
            pending.entries.extend(_entries(item))
    pending.show()


def _entries(item: Outcome | RaspError) -> list[_Entry]:
    """What of an item is shown: nothing private, and no plain results."""
    match item:
        case Assigned(bindings=bindings):
            return [binding for binding in bindings if not binding.name.startswith("_")]
        case Evaluated(name=name, value=value) if name != "out" and not name.startswith("_"):
            return [Binding(name, value)]
        case ExamplesShown() | RaspError():
            return [item]
        case _:
            return []


def _last_of_each_name(entries: list[_Entry]) -> list[_Entry]:
    last = {entry.name: place for place, entry in enumerate(entries) if isinstance(entry, Binding)}
    return [entry for place, entry in enumerate(entries) if not isinstance(entry, Binding) or last[entry.name] == place]


def _without_examples(display: Display, loaded: Loaded) -> Display:
    return Display(replace(loaded.settings, show_sops=False, show_selectors=False), display.paint)
