"""`/ops/platform`: whether it is us or them: the platform's own state, each part good or bad."""

from importlib.metadata import version
from time import perf_counter

from fastapi import APIRouter
from fastapi.responses import Response

from contracts.errors import StoreUnavailable
from dashboard.page_context import OpsPage, PageContext
from dashboard.platform_checks import Check, all_checks
from dispatch.engine_state import EngineState
from store.db.revisions import newest_revision
from store.reports.platform import PlatformState, read_platform

router = APIRouter(prefix="/ops")


@router.get("/platform")
async def platform(context: OpsPage) -> Response:
    """Every part, and the versions. Temporal is asked for a second at most."""
    began = perf_counter()
    state = await _stored(context)
    took_s = perf_counter() - began
    engine = await context.parts.engine.look()
    checks = all_checks(context.words, state, engine, took_s, context.now())
    return context.page(
        "ops_platform",
        checks=[(one, _runbook(context, one)) for one in checks],
        bad=sum(not one.is_good for one in checks),
        engine=engine,
        versions=_versions(context, state, engine),
        now=context.now(),
    )


async def _stored(context: PageContext) -> PlatformState | None:
    try:
        return await context.read(read_platform, context.parts.clock())
    except StoreUnavailable:
        return None


def _runbook(context: PageContext, check: Check) -> str | None:
    """Where the runbook has it; None where nobody has said where it is."""
    base = context.parts.runbook_url
    return f"{base}#{check.anchor}" if base else None


def _versions(
    context: PageContext, state: PlatformState | None, engine: EngineState | None
) -> list[tuple[str, str]]:
    t, unknown = context.words, context.words("ops-platform-unknown")
    schema = state.revision if state else unknown
    if state and schema != newest_revision():
        schema = t("ops-platform-schema-differs", at=schema, needs=newest_revision())
    return [
        (t("ops-platform-app"), version("doorstep")),
        (t("ops-platform-schema"), schema),
        (t("ops-platform-temporal"), engine.version if engine else unknown),
    ]
