"""Passwords that many people choose, by a rule in place of a list.

NIST SP 800-63B (3.1.1.2) asks to refuse what is common or expected. Of twelve characters and more
such passwords are made in a few ways: one piece again and again, a row of the keyboard or of the
alphabet, or a common word with numbers around it. (A vendored list of millions would say the same
of these, and be one more thing to keep.)
"""

import re

LEAST_DIFFERENT = 5
_LEAST_OWN_DEAD_LETTERS = 4
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_LONGEST_ROW_LEFT = 3
_COMMON = re.compile(
    "password|passwort|passw0rd|welcome|letmein|administrator|admin|qwerty|iloveyou|monkey|dragon|"
    "football|cricket|sunshine|princess|master|superman|trustno|changeme|secret|default|"
    "login|hello|india|bharat|mumbai|delhi|krishna|ganesh|doorstep"
)
_AS_LETTERS = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s"})


def is_common(password: str) -> bool:
    """Whether it is made in one of the ways that are guessed first."""
    plain = password.casefold()
    return (
        len(set(plain)) < LEAST_DIFFERENT
        or _is_repeated(plain)
        or _is_mostly_rows(plain)
        or _is_a_common_word(plain)
    )


def _is_repeated(text: str) -> bool:
    """Whether it is one piece, at least twice, and perhaps the start of it once more."""
    return any(
        text == (text[:length] * (len(text) // length + 1))[: len(text)]
        for length in range(1, len(text) // 2 + 1)
    )


def _is_mostly_rows(text: str) -> bool:
    """Whether next to nothing is left without pieces of four and more of a row, in either order."""
    left = text
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), 3, -1):
            for start in range(len(row) - length + 1):
                left = left.replace(row[start : start + length], "")
    return len(left) <= _LONGEST_ROW_LEFT


def _is_a_common_word(text: str) -> bool:
    """Whether fewer than four letters are left without common words, numbers and signs."""
    if not (_COMMON.search(text) or _COMMON.search(text.translate(_AS_LETTERS))):
        return False
    left = _COMMON.sub("", text), _COMMON.sub("", text.translate(_AS_LETTERS))
    return any(sum(map(str.isalpha, one)) < _LEAST_OWN_DEAD_LETTERS for one in left)
