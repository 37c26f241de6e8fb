"""A report as one page that loads nothing."""

from __future__ import annotations

import re
from html import escape

from conjecture.report.document import Block, Bullets, Document, Heading, Paragraph, Picture, Pictures, Table

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 76rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
p, ul { max-width: 46rem; }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }
th, td { padding: .15rem .5rem; text-align: right; white-space: nowrap; border-bottom: 1px solid #8884; vertical-align: top; }
th { vertical-align: bottom; white-space: normal; }
.left { text-align: left; }
.first { text-align: left; position: sticky; left: 0; background: Canvas; }
.wide { white-space: normal; min-width: 16rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
figure { margin: 0; max-width: 36rem; }
svg { width: 100%; height: auto; }
""".strip()

LONG = 40
"""Characters from which a cell may break into lines."""


def page(document: Document) -> str:
    """The page."""
    title = escape(document.title)
    body = "\n".join(_block(block) for block in document.blocks)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{STYLE}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{inline(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{inline(text)}</p>"
        case Bullets(items):
            return "<ul>\n" + "\n".join(f"<li>{inline(item)}</li>" for item in items) + "\n</ul>"
        case Table():
            return _table(block)
        case Pictures(pictures):
            return '<div class="pictures">\n' + "\n".join(map(_figure, pictures)) + "\n</div>"


def _table(table: Table) -> str:
    classes = ["first", *("left" if table.is_left(column) else "" for column in range(1, len(table.columns)))]

    def row(cells: tuple[str, ...], tag: str) -> str:
        return f"<tr>{''.join(cell(text, name, tag) for text, name in zip(cells, classes, strict=True))}</tr>"

    def cell(text: str, name: str, tag: str) -> str:
        names = f"{name} wide".strip() if len(text) > LONG else name
        return f'<{tag} class="{names}">{inline(text)}</{tag}>' if names else f"<{tag}>{inline(text)}</{tag}>"

    rows = "\n".join(row(cells, "td") for cells in table.rows)
    head = row(table.columns, "th")
    return f'<div class="scroll"><table>\n<thead>{head}</thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>'


def _figure(picture: Picture) -> str:
    """The drawing, with names of its own for what it refers to: all drawings of a page share one space of names."""
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{picture.name}-", picture.svg)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(picture.says)}" ', 1)
    return f"<figure>{svg}</figure>"


def inline(text: str) -> str:
    """Markdown's bold, code and links as HTML; all else is text."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(f"<code>{escape(part[1:-1], quote=False)}</code>" if part[:1] == "`" else _marked(part) for part in parts)


def _marked(text: str) -> str:
    text = escape(text, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"\[([^\]]+)\]\((https://[^)\s]+)\)", r'<a href="\2">\1</a>', text)
