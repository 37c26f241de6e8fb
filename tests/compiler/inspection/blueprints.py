"""Parts of a model made by hand, so that texts and pictures of them do not change with the compiler."""

from compiler.blueprint import BlockUse, Blueprint, CellUse, HeadUse
from compiler.circuit import Reading
from compiler.places import Place

WIDTH = Place("width", "p.rasp", 3, 9, "selector_width(select(tokens, tokens, <))")
FOUND = Place("", "p.rasp", 4, 1, 'aggregate(select(width, indices, ==), tokens, "<&>")')

SMALL = Blueprint(
    layers=2,
    width=7,
    cells=(
        CellUse(0, "BOS", "start", 0, 0, 0, 0, 3, None),
        CellUse(1, "token", "token", -1, 1, 0, 0, 1, None),
        CellUse(1, "table of 13", "table", 0, 12, 2, 2, 3, WIDTH),
        CellUse(2, "token", "token", -3, 0, 0, 0, 1, None),
        CellUse(2, "table of 13", "table", 0, 2, 2, 2, 3, WIDTH),
        CellUse(3, "index", "position", 0, 11, 0, 0, 3, None),
        CellUse(4, "sum", "count", -12, 12, 1, 3, 4, WIDTH),
        CellUse(5, "looked up <&>", "lookup", 0, 1, 3, 3, 5, FOUND),
        CellUse(6, "unread", "token", 0, 1, 0, 0, 0, None),
    ),
    heads=(
        HeadUse(1, "tokens_str < tokens_str", Reading.SUM, (1, 2), (), (4,), WIDTH),
        HeadUse(2, "width == indices", Reading.LOOK_UP, (1, 2, 3), (0,), (5,), FOUND),
        HeadUse(2, "everything", Reading.SUM, (), (3,), (4,), None),
    ),
    blocks=(BlockUse(1, "table of 13", 11, (4,), (1, 2), WIDTH),),
)
