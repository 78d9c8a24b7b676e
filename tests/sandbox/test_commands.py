"""The four programs, started by themselves as a demo starts them."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from activities.smtp_mailer import SmtpMailer
from contracts.clock import utc_now
from contracts.notifications.mail_server import MailServer, MailTls, read_sender
from contracts.payload.signature import new_secret
from sandbox import mail_cli, merchant_cli, oms_cli, twilio_cli
from sandbox.merchant import Merchant
from sandbox.steps import Answer
from tests.support.smtp import a_mail, claim

pytestmark = pytest.mark.extended

ROOT = Path(__file__).parents[2]


async def start(program: str, *arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox", program, *arguments), cwd=ROOT, stdout=PIPE, stderr=PIPE
    )


async def finish(process: Process) -> tuple[int | None, str, str]:
    output, errors = await process.communicate()
    return process.returncode, output.decode(), errors.decode()


@asynccontextmanager
async def running(program: str, *arguments: str) -> AsyncIterator[Process]:
    process = await start(program, *arguments)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        code, _, errors = await finish(process)
    assert (code, errors) == (0, "")


async def announced_url(process: Process) -> str:
    assert process.stdout is not None
    return (await process.stdout.readline()).decode().split()[-1]


async def test_merchants_run_until_they_are_stopped(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    options = ("--name", "Chai & Co", "--behaviour", "503x1,200", "--secret", new_secret())
    more = ("--also", "second@0=410", "--journal", str(journal))
    async with (
        running("merchant", *options, *more) as process,
        httpx.AsyncClient(trust_env=False, verify=False) as client,
    ):
        first, second = [await announced_url(process) for _ in range(2)]
        statuses = [(await client.post(url)).status_code for url in (first, first, second)]
        summary = (await client.get(httpx.URL(first).join("/_sandbox/summary"))).json()
    assert statuses == [503, 200, 410]
    assert (summary["merchant"], summary["requests"], summary["unverified"]) == ("Chai & Co", 2, 2)
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [(line["merchant"], line["answer"]) for line in lines] == [
        ("Chai & Co", 503),
        ("Chai & Co", 200),
        ("second", 410),
    ]


async def test_twilio_runs_until_it_is_stopped() -> None:
    options = ("--account-sid", "AC1", "--auth-token", "t", "--behaviour", "429,accept")
    async with (
        running("twilio", *options) as process,
        httpx.AsyncClient(trust_env=False, verify=False, auth=("AC1", "t")) as client,
    ):
        url = f"{await announced_url(process)}/2010-04-01/Accounts/AC1/Messages.json"
        form = {"To": "+919845012345", "From": "DORSTP", "Body": "x"}
        statuses = [(await client.post(url, data=form)).status_code for _ in range(2)]
    assert statuses == [429, 201]


async def test_the_mail_server_runs_and_shows_what_it_took(tmp_path: Path) -> None:
    journal = tmp_path / "mails.jsonl"
    options = ("--behaviour", "recipient:550,accept", "--journal", str(journal))
    async with running("mail", *options) as process, httpx.AsyncClient(trust_env=False) as client:
        port = int((await announced_url(process)).rpartition(":")[2])
        page = await announced_url(process)
        server = MailServer("127.0.0.1", port, MailTls.NONE, read_sender("a@doorstep.example"))
        mailer = SmtpMailer(server, utc_now)
        answers = [await mailer.send(a_mail(), before_body=claim()) for _ in range(2)]
        pages = [(await client.get(f"{page}{path}")).text for path in ("/", "/0", "/0/html")]
        missing = await client.get(f"{page}/7")
    assert [one.code for one in answers] == ["smtp_550", "smtp_250"]
    assert all("failing" in one for one in pages)
    assert missing.status_code == 404
    assert json.loads(journal.read_text())["subject"] == "Your endpoint is failing"


async def test_the_oms_posts_what_it_makes_up() -> None:
    async with Merchant(behaviour=Answer(202)) as api:
        options = ("--base-url", api.origin, "--api-key", "k", "--partner", "p", "--speed", "1e9")
        oms = await start("oms", "generate", "--orders", "3", "--seed", "7", *options)
        code, output, errors = await finish(oms)
    assert (code, errors) == (0, "")
    seed, summary = output.splitlines()
    assert seed == "seed 7"
    assert json.loads(summary)["accepted"] == len(api.received) >= 9


async def test_the_oms_replays_an_export_and_reports(tmp_path: Path) -> None:
    export, report = tmp_path / "orders.csv", tmp_path / "report.json"
    export.write_text(
        "ID,Delivery_person_ID,Restaurant_latitude,Restaurant_longitude,"
        "Delivery_location_latitude,Delivery_location_longitude,Order_Date,Time_Orderd,"
        "Time_Order_picked,Road_traffic_density,Type_of_vehicle\n"
        "0x1,PUNERES13DEL01,18.5,73.8,18.6,73.9,30-03-2022,NaN,15:05:00,Jam,motorcycle\n"
        "0x2,NaN,18.5,73.8,18.6,73.9,30-03-2022,NaN,15:05:00,Jam,motorcycle\n"
    )
    async with Merchant(behaviour=Answer(202)) as api:
        options = ("--base-url", api.origin, "--api-key", "k", "--partner", "p", "--rate", "1000")
        more = ("--report", str(report), "--seed", "7")
        oms = await start("oms", "replay", str(export), *options, *more)
        code, output, errors = await finish(oms)
    assert (code, errors) == (0, "")
    assert "2 rows, 1 used, 1 unusable" in output
    assert json.loads(report.read_text())["unusable"]["unknown_city"]["count"] == 1
    assert {received.order_id for received in api.received} == {"0x1"}


@pytest.mark.parametrize(
    ("main", "arguments", "complaint"),
    [
        (merchant_cli.main, "--behaviour sometimes", "is not a step"),
        (merchant_cli.main, "--also nobody", "is not NAME@PORT"),
        (twilio_cli.main, "--behaviour sometimes", "is not a step"),
        (twilio_cli.main, "--callbacks sideways", "is not one of"),
        (mail_cli.main, "--behaviour sometimes", "is not a step"),
        (mail_cli.main, "--behaviour recipient:hang-taken", "is not a step"),
        (mail_cli.main, "--user doorstep", "use NAME:PASSWORD"),
        (oms_cli.main, "generate --partner p", "give --api-key or set OMS_API_KEY"),
    ],
)
def test_a_wrong_option_is_explained(
    main: Callable[[Sequence[str]], None],
    arguments: str,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("OMS_API_KEY", raising=False)
    with pytest.raises(SystemExit) as exited:
        main(arguments.split())
    assert exited.value.code == 2
    assert complaint in capsys.readouterr().err
