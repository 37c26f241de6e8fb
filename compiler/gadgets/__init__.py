"""The constructions that make weights exact: one file each, with its formula and the condition under which it is exact."""
