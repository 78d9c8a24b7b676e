"""Everything that `doorstep doctor` looks at."""

from commands.doctor.channels import check_channels
from commands.doctor.checks import Check, Finding
from commands.doctor.database import check_database
from commands.doctor.identity_provider import check_identity_provider
from commands.doctor.machine import check_machine
from commands.doctor.temporal import check_temporal
from commands.system import System, probe
from contracts.clock import Clock, utc_now
from settings import Settings


async def examine(settings: Settings, clock: Clock = utc_now) -> list[Check]:
    """Look at everything, in the order in which one would set it up."""
    return [
        *check_machine(settings),
        *await check_database(settings, clock),
        *await check_temporal(settings, clock),
        await _api(settings),
        *await check_channels(settings),
        await check_identity_provider(settings, clock),
    ]


async def _api(settings: Settings) -> Check:
    url = System.from_environment(settings).api_url
    alive, ready = await probe(f"{url}/healthz"), await probe(f"{url}/readyz")
    if alive is None:
        advice = "run `doorstep api` or `doorstep up`, or correct DOORSTEP_API_PORT"
        return Check("API", Finding.MISSING, f"no answer at {url}", advice)
    if ready is not None and ready.status_code == 200:
        return Check("API", Finding.OK, f"alive and ready at {url}")
    advice = "mend the database as said above: until then no event is taken"
    return Check("API", Finding.MISSING, f"alive at {url} but not ready", advice)
