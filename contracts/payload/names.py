"""Names of people as they may be shown to whoever need not know the whole one."""

_TITLES = frozenset({"mr", "mrs", "ms", "dr", "md", "mohd", "shri", "smt", "sri"})


def first_name(name: str) -> str | None:
    """The first word of a name that is no title; None where that is no name."""
    words = [word for word in name.split() if word.strip(".").lower() not in _TITLES]
    word = words[0].strip(".,") if words else ""
    return word if word and not any(one.isdigit() for one in word) else None
