"""Words for people: numbers, names, counts, lists, and hints for words that are not known."""
