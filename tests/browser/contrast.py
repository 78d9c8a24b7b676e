"""Contrast as a browser has computed it: of controls that are switched off, which axe leaves out,
and of what charts are drawn with."""

from typing import Any

from playwright.async_api import Page

_LEAST_OF_TEXT, _LEAST_OF_SHAPES, _LEAST_OF_NEIGHBOURS = 4.5, 3.0, 1.5

_COLOURS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const drawn = (shape) => { // what is hollow is seen by its edge
    const { fill, stroke } = getComputedStyle(shape);
    return shape.classList.contains("quiet") ? stroke : fill;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgb(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const disabled = [...document.querySelectorAll(":is(button, input, select, textarea):disabled")];
  const charts = [...document.querySelectorAll(".chart")];
  return {
    disabled: disabled.map((one) => ({
      name: one.outerHTML.slice(0, 90),
      ink: rgb(getComputedStyle(one).color).slice(0, 3),
      ground: ground(one),
    })),
    charts: charts.map((one) => ({
      name: one.querySelector("figcaption").textContent,
      ground: ground(one),
      shapes: Object.fromEntries([...one.querySelectorAll("rect:not(.hatched)")].map(
        (shape) => [shape.getAttribute("class"), rgb(drawn(shape)).slice(0, 3)])),
    })),
  };
}"""


async def faint(page: Page) -> list[str]:
    """What is hard to read, or to tell from what is beside it."""
    there: Any = await page.evaluate(_COLOURS)
    found = [
        f"disabled, {ratio:.2f}: {one['name']}"
        for one in there["disabled"]
        if (ratio := _contrast(one["ink"], one["ground"])) < _LEAST_OF_TEXT
    ]
    for chart in there["charts"]:
        found += _faint_in(chart)
    return found


def _faint_in(chart: Any) -> list[str]:
    shapes = sorted(chart["shapes"].items())
    found = [
        f"{chart['name']}: {name} on its ground, {ratio:.2f}"
        for name, colour in shapes
        if (ratio := _contrast(colour, chart["ground"])) < _LEAST_OF_SHAPES
    ]
    filled = [(name, colour) for name, colour in shapes if name != "quiet"]
    for number, (name, colour) in enumerate(filled):
        for other, beside in filled[number + 1 :]:
            if (ratio := _contrast(colour, beside)) < _LEAST_OF_NEIGHBOURS:
                found.append(f"{chart['name']}: {name} beside {other}, {ratio:.2f}")
    return found


def _contrast(one: list[float], other: list[float]) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: list[float]) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
