"""Programs that the compiler must carry, with a vocabulary to compile them for."""

LIBRARY = """
same = select(tokens, tokens, ==);
histogram = selector_width(same);
first = not has_focus(same and select(indices, indices, <));
double_histogram = selector_width(select(histogram, histogram, ==) and select(first, True, ==));
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);
sort_unique = aggregate(select(selector_width(select(tokens, tokens, <)), indices, ==), tokens, "-");
sorted = sort(tokens, tokens);
shifted = shift(tokens, 1, "_");
shifted_back = shift(tokens, -2, "_");
some_a = contains(tokens, "a");
fraction_a = aggregate(select(indices, indices, <=), indicator(tokens == "a"));
mostly_a = fraction_a > 0.5;
earlier = selector_width(select(tokens, tokens, <=) and select(indices, indices, <));
parity = histogram % 2 == 0;
word = "odd" if histogram % 2 == 1 else tokens + "!";
"""

NAMES = [line.split(" =")[0] for line in LIBRARY.strip().splitlines() if not line.startswith("same")]
ISSUE_NAMES = ["histogram", "double_histogram", "reverse", "sort_unique", "shifted"]
"""The five programs that issue and docs promise at every input up to length 6 and on random inputs of length 64."""
