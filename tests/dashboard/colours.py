"""The stylesheet's colours, and how well two of them are told apart."""

import re
from collections.abc import Mapping

from dashboard.assets import content_of

STYLE = re.sub(r"/\*.*?\*/", "", content_of("doorstep.css").decode(), flags=re.DOTALL)
LOOKS = ("light", "dark")
_PAIR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")

Rgb = tuple[float, float, float]

_DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
"""Machado, Oliveira and Fernandes 2009, at full severity, on linear light."""


def colours(look: str) -> Mapping[str, str]:
    """Every colour of a look, by its role."""
    return {name: (light, dark)[LOOKS.index(look)] for name, light, dark in _PAIR.findall(STYLE)}


def contrast(one: str, other: str) -> float:
    """By WCAG 2.2."""
    return _ratio(_linear(one), _linear(other))


def contrast_without_green(one: str, other: str) -> float:
    """As somebody with deuteranopia sees the two."""
    return _ratio(_seen(_linear(one)), _seen(_linear(other)))


def _linear(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _channel(red), _channel(green), _channel(blue)


def _channel(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _seen(light: Rgb) -> Rgb:
    red, green, blue = (
        min(1.0, max(0.0, sum(part * of for part, of in zip(row, light, strict=True))))
        for row in _DEUTERANOPIA
    )
    return red, green, blue


def _ratio(one: Rgb, other: Rgb) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(light: Rgb) -> float:
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
