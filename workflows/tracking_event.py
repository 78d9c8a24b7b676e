"""`DeliverTrackingEvent`: one event, from its plan to the end of each of its deliveries."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.payload import PayloadActivities
    from activities.sms import SmsActivities
    from contracts.delivery import names
    from contracts.delivery.messages import (
        DeliverEvent,
        DeliveryStatus,
        EventStatus,
        Plan,
        PlanEvent,
        PlannedDelivery,
        RetryRequest,
    )
    from contracts.delivery.states import Channel, DeliveryState
    from workflows import policies, search_attributes  # data only: not loaded anew for each run

from workflows.delivery_runner import DeliveryRunner


@workflow.defn(name=names.DELIVER_TRACKING_EVENT)
class DeliverTrackingEvent:
    """Delivers one tracking event. Short-lived: it ends when each delivery has ended, is held, or
    is a dead letter, and the text that stands in for a webhook has gone out or is not needed; a
    retry by hand runs it again on the stored plan."""

    @workflow.init
    def __init__(self, event: DeliverEvent) -> None:
        self._event = event
        self._runners: dict[str, DeliveryRunner] = {}
        self._waiting_requests: list[RetryRequest] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._planned = False
        self._abandoned = False
        self._fell_back = False
        self._shown: list[str] = []

    @workflow.run
    async def run(self, event: DeliverEvent) -> EventStatus:
        """Plan, deliver each, keep what failed, wait for the retries that were asked for.

        Returns the state of every delivery, as the status query does.
        """
        del event  # the same as in __init__
        try:
            self._take(await self._plan())
            await workflow.wait_condition(self._settled)
        except BaseException as error:
            if is_cancelled_exception(error):
                await self._abandon()
            raise
        await workflow.wait_condition(workflow.all_handlers_finished)
        for task in self._tasks:
            task.result()  # raises what stopped a delivery for good
        return self.status()

    @workflow.signal(name=names.REQUEST_RETRY)
    def request_retry(self, request: RetryRequest) -> None:
        """Send named deliveries again, or every dead letter where none is named.

        Deliveries that are not named and have ended are left alone.
        """
        if not request.delivery_ids:
            request = replace(request, resend=False)
        self._waiting_requests.append(request)
        if self._planned:
            self._apply_requests()

    @workflow.query(name=names.STATUS)
    def status(self) -> EventStatus:
        """The state of each delivery and what it waits for."""
        return EventStatus(
            self._event.event_id, [runner.status() for runner in self._runners.values()]
        )

    async def _plan(self) -> Plan:
        """The stored or a new plan; as a local activity once, because that costs a tenth."""
        task = PlanEvent(self._event.event_id, self._event.retry_delays_s)
        try:
            return await workflow.execute_local_activity_method(
                PayloadActivities.build_payload,
                task,
                schedule_to_close_timeout=policies.PLAN_LOCALLY_FOR,
                retry_policy=policies.ONCE,
            )
        except FailureError as error:
            failure = policies.failure_of(error)
            is_final = failure is not None and failure.non_retryable
            if is_final or is_cancelled_exception(error):
                raise
        return await workflow.execute_activity_method(
            PayloadActivities.build_payload,
            task,
            start_to_close_timeout=policies.STORE_CALL,
            retry_policy=policies.OUR_FAULTS,
            summary="plan the deliveries",
        )

    def _take(self, plan: Plan) -> None:
        """Set out with what is open; what has ended only moves when somebody asks for it."""
        for planned in plan.deliveries:
            self._add(planned)
        self._planned = True
        self._apply_requests()
        if plan.fallback_in_s is not None:
            self._tasks.append(asyncio.create_task(self._fall_back_after(plan.fallback_in_s)))
        self._show()

    def _add(self, planned: PlannedDelivery) -> None:
        runner = DeliveryRunner(self._event, planned, self._show_details)
        self._runners[planned.delivery_id] = runner
        if runner.open:
            self._set_out(runner)

    def _set_out(self, runner: DeliveryRunner) -> None:
        runner.set_out()
        self._tasks.append(asyncio.create_task(self._deliver(runner)))

    async def _deliver(self, runner: DeliveryRunner) -> None:
        await runner.run()
        is_dead = runner.state is DeliveryState.DEAD_LETTERED
        if is_dead and runner.planned.channel is Channel.WEBHOOK:
            await self._fall_back_to_sms()
        self._show()

    async def _fall_back_after(self, seconds: float) -> None:
        """Text the customer unless each webhook has arrived by then: one that is held, waits for
        its endpoint or for us never becomes a dead letter in time."""
        try:
            await workflow.wait_condition(
                self._needs_no_fallback,
                timeout=timedelta(seconds=seconds),
                timeout_summary="until the text that stands in for the webhook",
            )
        except TimeoutError:
            await self._fall_back_to_sms()

    def _needs_no_fallback(self) -> bool:
        over = (DeliveryState.DELIVERED, DeliveryState.SKIPPED)
        return (
            self._fell_back
            or self._abandoned
            or all(
                runner.state in over
                for runner in self._runners.values()
                if runner.planned.channel is Channel.WEBHOOK
            )
        )

    def _apply_requests(self) -> None:
        requests, self._waiting_requests = self._waiting_requests, []
        for request in requests:
            for runner in self._asked_for(request):
                if runner.begin_again(request):
                    self._set_out(runner)

    def _asked_for(self, request: RetryRequest) -> list[DeliveryRunner]:
        named = request.delivery_ids or list(self._runners)
        known = [self._runners[one] for one in named if one in self._runners]
        return [runner for runner in known if runner.planned.channel is not None]

    async def _fall_back_to_sms(self) -> None:
        """A text to the customer, once, where the partner wants one."""
        if self._abandoned:
            return
        self._fell_back = True
        planned = await workflow.execute_activity_method(
            SmsActivities.plan_fallback,
            self._event.event_id,
            start_to_close_timeout=policies.STORE_CALL,
            retry_policy=policies.OUR_FAULTS,
            summary="plan the text that stands in for the webhook",
        )
        if planned is not None:
            self._add_fallback(planned)

    def _add_fallback(self, planned: PlannedDelivery) -> None:
        """Carry a text that is new, or that the plan had skipped because of its type."""
        known = self._runners.get(planned.delivery_id)
        if known is None or known.state is DeliveryState.SKIPPED:
            self._add(planned)

    def _settled(self) -> bool:
        return all(task.done() for task in self._tasks)

    async def _abandon(self) -> None:
        self._abandoned = True
        for runner in self._runners.values():
            runner.abandon()
        await workflow.wait_condition(self._settled)

    def _show_details(self) -> None:
        """Say in the Temporal UI how the deliveries stand: that is asked of the workflow, and costs
        its history nothing."""
        workflow.set_current_details("\n".join(map(_in_words, self.status().deliveries)))

    def _show(self) -> None:
        """Say in the Temporal UI, in words and for the search, how the deliveries stand."""
        self._show_details()
        states = {one.state for one in self.status().deliveries}
        shown = search_attributes.values(states)
        if shown == self._shown or not (
            self._shown or states - search_attributes.SAID_BY_THE_STATUS
        ):
            return
        self._shown = shown
        workflow.upsert_search_attributes([search_attributes.DELIVERY_STATE.value_set(shown)])


def _in_words(one: DeliveryStatus) -> str:
    """A delivery as a line of the details: to which host, why it is on hold, its last answer."""
    target = f"{one.channel or 'no channel'}{f' to {one.host}' if one.host else ''}"
    held = f" ({one.hold_reason})" if one.hold_reason else ""
    last = f", last answer {one.last_code}" if one.last_code else ""
    return (
        f"- `{one.delivery_id}`, {target}: **{one.state}**{held}{last}, waits for {one.waits_for}"
    )
