"""A report as Markdown, with its figures as files beside it."""

from __future__ import annotations

from conjecture.report.document import Block, Bullets, Document, Heading, Paragraph, Pictures, Table

FOLDER = "figures"

UNBRACKETED = str.maketrans("[]", "()")


def markdown(document: Document) -> str:
    """The text; it shows ``figures/NAME.svg``."""
    parts = [f"# {document.title}", *(_block(block) for block in document.blocks)]
    return "\n\n".join(parts) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {text}"
        case Paragraph(text):
            return text
        case Bullets(items):
            return "\n".join(f"* {item}" for item in items)
        case Table():
            return _table(block)
        case Pictures(pictures):
            return "\n".join(f"![{picture.says.translate(UNBRACKETED)}]({FOLDER}/{picture.name}.svg)" for picture in pictures)


def _table(table: Table) -> str:
    marks = [":--" if table.is_left(column) else "--:" for column in range(len(table.columns))]
    rows = [table.columns, marks, *table.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
