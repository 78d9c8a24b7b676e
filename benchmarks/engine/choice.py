"""Which engine a run measures, from its command line."""

import argparse
from collections.abc import Callable
from functools import partial

from benchmarks.engine.build import temporal_programs
from benchmarks.engine.cache import cache_folder
from benchmarks.engine.development import DevelopmentEngine
from benchmarks.engine.engine import EngineFactory, EngineKind
from benchmarks.engine.postgresql import postgres_programs
from benchmarks.engine.production import ProductionEngine


def add_engine_option(parser: argparse.ArgumentParser) -> None:
    """`--engine`."""
    parser.add_argument(
        "--engine",
        type=EngineKind,
        choices=list(EngineKind),
        default=EngineKind.DEVELOPMENT,
        help="production: the Temporal server of the compose file, on PostgreSQL; needs Go",
    )


def engine_of(kind: EngineKind, say: Callable[[str], None]) -> EngineFactory:
    """That engine; production's is built first, where that has not been done.

    CommandFailed where it cannot be had.
    """
    if kind is EngineKind.DEVELOPMENT:
        return DevelopmentEngine
    cache = cache_folder()
    return partial(ProductionEngine, temporal_programs(cache, say), postgres_programs(cache))
