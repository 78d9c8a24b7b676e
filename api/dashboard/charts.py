"""Charts as SVG inside the page, drawn by pygal and coloured by our stylesheet.

pygal's own style, script and tooltips are taken out: the policy of the pages allows no inline ones,
and a chart has to follow light and dark. Each comes with a table of the same numbers.
"""

import sys
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element

import pygal
from markupsafe import Markup

_WIDTH, _HEIGHT = 880, 220
_LEFT_OUT = ("style", "script", "desc", "title")

# pygal puts a hook for its plugins into the import system, in a way that Python 3.11 warns of at
# every import that fails and 3.12 calls no more; we use no plugins
sys.meta_path[:] = [one for one in sys.meta_path if type(one).__module__ != pygal.__name__]


def stacked_bars(labels: Sequence[str], series: Mapping[str, Sequence[int]], title: str) -> Markup:
    """Bars on top of each other: one for each label, in the order and colours of the series."""
    chart = pygal.StackedBar(
        css=[],
        js=[],
        width=_WIDTH,
        height=_HEIGHT,
        margin=4,
        spacing=4,
        show_legend=False,
        no_prefix=True,
        disable_xml_declaration=True,
        show_minor_x_labels=False,
        x_labels=list(labels),
        x_labels_major_every=max(1, len(labels) // 8),
        truncate_label=-1,
        min_scale=2,
        max_scale=5,
        value_formatter=lambda value: f"{value:.0f}",
        range=_range_of(series),
    )
    for name, values in series.items():
        chart.add(name, list(values))
    chart.add_xml_filter(_bare)
    return Markup(_labelled(chart.render(is_unicode=True), title))  # noqa: S704 - numbers and `title`


def _range_of(series: Mapping[str, Sequence[int]]) -> tuple[int, int]:
    """From nothing to the highest bar; never an empty scale."""
    highest = max((sum(values) for values in zip(*series.values(), strict=True)), default=0)
    return 0, max(highest, 4)


def _labelled(svg: str, title: str) -> str:
    label = Markup('<svg role="img" aria-label="{}"').format(title)
    return svg.replace("<svg", label, 1).replace(' id=""', "", 1)


def _bare(root: Element) -> Element:
    """Without style, script, tooltips and descriptions, and without the bars of nothing."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_left_out(child):
                parent.remove(child)
    return root


def _is_left_out(element: Element) -> bool:
    kind = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    flat = kind == "rect" and float(element.get("height", 0)) == 0
    return flat or kind in _LEFT_OUT or element.get("style") is not None
