"""The languages that texts are written in."""

from enum import StrEnum


class Language(StrEnum):
    """By ISO 639-1. English is there for every type of event, and stands in for the others."""

    ENGLISH = "en"
    HINDI = "hi"
    TAMIL = "ta"
    KANNADA = "kn"
