"""The worker as a process. It ends in good order on TERM."""

from activities.metrics import Meters
from background.health import WorkerHealth
from commands.signals import stop_on_signals
from commands.traced import traced
from commands.worker_http import served_worker
from settings import Settings
from worker import run_worker


async def serve_worker(settings: Settings) -> None:
    """Run workflows and activities until a signal, then finish the attempts on the wire."""
    stop, meters, health = stop_on_signals(), Meters(), WorkerHealth()
    with (
        traced("doorstep-worker") as telemetry,
        served_worker(meters.registry, health, settings.api_host, settings.worker_metrics_port),
    ):
        await run_worker(settings, stop, meters=meters, telemetry=telemetry, health=health)
