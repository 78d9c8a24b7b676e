"""The manifests of deploy/kubernetes, held to the settings, the processes and the compose file.

Its schemas are held by `tests/peers/test_kubernetes_schemas.py`.
"""

import re
from typing import Any

import pytest
import yaml

from api.gauges import families
from api.middleware.request_checks import OPEN_TO_ANY_HOST
from commands.serve_api import _FINISH_WITHIN_S
from contracts.clock import utc_now
from contracts.endpoints.network_guard import _PUBLIC_V6, NEVER
from contracts.payload.signature import new_secret
from settings import load_settings, variable_names
from store.reports.gauges import Gauges
from tests.deployment.deployment_files import (
    DOCKERFILE,
    ROOT,
    TEMPORAL_VARIABLES,
    TRACE_VARIABLES,
    faults_of_command,
    our_services,
    services,
)
from tests.deployment.kubernetes_files import (
    COMPONENTS,
    KUBERNETES,
    SERVICE_OF,
    container,
    kustomization,
    name_of,
    objects,
    of_kind,
    own_variables,
    pod,
    secret_lines,
    set_variables,
    settings_lines,
    workload,
)
from worker import _FAILED_ENDS_WITHIN

_NOT_IN_PRODUCTION = {
    *("DOORSTEP_DATA_DIR", "DOORSTEP_POSTGRES_PORT"),
    *("DOORSTEP_TEMPORAL_PORT", "DOORSTEP_TEMPORAL_UI_PORT"),
    *("DOORSTEP_TIME_SCALE", "TWILIO_BASE_URL"),
}
_ELSEWHERE = {"DOORSTEP_API_HOST", "DOORSTEP_CA_FILE", "DOORSTEP_API_KEY", "DOORSTEP_API_URL"}
"""The image's, a file that an overlay has to mount, and what only the command line goes by."""

_PROBES = ("startup", "liveness", "readiness")

_FILLED_IN = {
    "DOORSTEP_DATABASE_URL": "postgresql+psycopg://doorstep:secret@postgres:5432/doorstep",
    "DOORSTEP_ENCRYPTION_KEYS": "secret",
    "DOORSTEP_OPERATOR_KEY": "a-long-operator-key",
}
"""What has to be filled in, and something that is."""


def labels_of(component: str) -> dict[str, str]:
    """What its pods carry."""
    labels: dict[str, str] = pod(component)["metadata"]["labels"]
    return labels


def picked_by(selector: dict[str, str]) -> set[str]:
    """Whose pods have these labels."""
    return {one for one in COMPONENTS if selector.items() <= labels_of(one).items()}


def ports_of(component: str) -> dict[str, int]:
    """By name, where the container listens."""
    return {one["name"]: one["containerPort"] for one in container(component).get("ports", [])}


def policy(name: str) -> dict[str, Any]:
    """What a network policy says."""
    [found] = [one for one in of_kind("NetworkPolicy") if one["metadata"]["name"] == name]
    spec: dict[str, Any] = found["spec"]
    return spec


class TestTheSettings:
    def test_all_that_the_manifests_name_is_known(self) -> None:
        known = {*variable_names(), *TEMPORAL_VARIABLES, *TRACE_VARIABLES}
        for component in COMPONENTS:
            assert {name for _, name, _ in secret_lines(component)} <= known
            assert set(own_variables(component)) <= known
        assert {name for _, name, _ in settings_lines()} <= known

    def test_everything_can_be_set_that_a_production_process_goes_by(self) -> None:
        assert _offered() & {*variable_names()} == (
            {*variable_names()} - _NOT_IN_PRODUCTION - _ELSEWHERE
        )

    def test_it_is_what_can_be_set_in_the_compose_file(self) -> None:
        given = {name for one in our_services().values() for name in one["environment"]}
        assert _offered() == given

    @pytest.mark.parametrize("component", COMPONENTS)
    def test_a_pod_has_the_secrets_of_its_service_and_no_other(self, component: str) -> None:
        secret = {name for one in COMPONENTS for _, name, _ in secret_lines(one)}
        assert {name for _, name, _ in secret_lines(component)} == secret & set(
            services()[SERVICE_OF[component]]["environment"]
        )

    @pytest.mark.parametrize("component", COMPONENTS)
    def test_the_settings_take_what_a_pod_is_given(
        self, component: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        given = set_variables(component)
        assert {name for name, value in given.items() if not value} <= set(_FILLED_IN)
        for name, value in given.items():
            monkeypatch.setenv(name, value or _FILLED_IN[name])
        settings = load_settings()
        assert settings.database_url == _FILLED_IN["DOORSTEP_DATABASE_URL"]
        assert settings.encryption_keys is not None
        assert (settings.operator_key is not None) == (component == "api")

    @pytest.mark.parametrize("component", COMPONENTS)
    def test_the_names_that_the_service_injects_change_nothing(
        self, component: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As they would be there for whoever takes `enableServiceLinks: false` away."""
        given = {
            name: value or _FILLED_IN[name] for name, value in set_variables(component).items()
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        without = load_settings()
        for name, value in _injected().items():
            if name not in given:  # what a manifest sets comes before it
                monkeypatch.setenv(name, value)
        assert load_settings() == without

    def test_what_is_switched_off_shows_values_that_the_settings_take(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("DOORSTEP_OMS_WEBHOOK_SECRET", "DOORSTEP_OPS_WEBHOOK_SECRET"):
            monkeypatch.setenv(name, new_secret())
        monkeypatch.setenv("DOORSTEP_OIDC_CLIENT_SECRET", "secret")
        for _, name, value in settings_lines():
            assert value, name
            monkeypatch.setenv(name, value)
        assert load_settings().public_url == "https://doorstep.example.com"

    def test_no_secret_is_written_down(self) -> None:
        for component in COMPONENTS:
            assert {value for _, _, value in secret_lines(component)} == {""}
        assert "/deploy/kubernetes/**/secrets/*.env" in (ROOT / ".gitignore").read_text()
        assert not list(KUBERNETES.rglob("Secret*"))

    def test_the_metrics_ports_are_those_of_the_compose_file(self) -> None:
        for component in ("api", "worker"):
            environment = services()[SERVICE_OF[component]]["environment"]
            for name, value in own_variables(component).items():
                assert environment[name] == value


@pytest.mark.parametrize("component", COMPONENTS)
class TestThePods:
    def test_they_have_no_rights(self, component: str) -> None:
        spec, one = pod(component)["spec"], container(component)
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert [mount["mountPath"] for mount in one["volumeMounts"]] == ["/tmp"]

    def test_they_run_as_the_user_of_the_image(self, component: str) -> None:
        [uid] = re.findall(r"--uid (\d+)", DOCKERFILE.read_text())
        assert pod(component)["spec"]["securityContext"]["runAsUser"] == int(uid)

    def test_no_service_s_name_is_put_among_their_settings(self, component: str) -> None:
        assert pod(component)["spec"]["enableServiceLinks"] is False

    def test_their_command_is_one(self, component: str) -> None:
        assert "command" not in container(component), "the image's own"
        assert faults_of_command(container(component)["args"]) == []
        assert container(component)["args"] == services()[SERVICE_OF[component]]["command"]

    def test_their_memory_is_bounded_and_their_cpu_is_not(self, component: str) -> None:
        resources = container(component)["resources"]
        assert set(resources["requests"]) == {"cpu", "memory"}
        assert set(resources["limits"]) == {"memory"}

    def test_their_image_is_the_one_that_an_overlay_names(self, component: str) -> None:
        [image] = kustomization("example")["images"]
        assert container(component)["image"] == image["name"]


@pytest.mark.parametrize("component", ["api", "worker"])
class TestTheDeployments:
    def test_the_ports_are_those_that_the_process_listens_on(self, component: str) -> None:
        assert sorted(map(str, ports_of(component).values())) == sorted(
            own_variables(component).values()
        )

    def test_each_probe_asks_a_path_and_a_port_that_are_there(self, component: str) -> None:
        one = container(component)
        asked = {name: one[f"{name}Probe"]["httpGet"] for name in _PROBES}
        assert {name: probe["path"] for name, probe in asked.items()} == {
            "startup": "/healthz",
            "liveness": "/healthz",
            "readiness": "/readyz",
        }
        assert {probe["path"] for probe in asked.values()} == set(OPEN_TO_ANY_HOST)
        assert {probe["port"] for probe in asked.values()} <= set(ports_of(component))

    def test_each_probe_waits_as_long_as_an_answer_may_take(self, component: str) -> None:
        one = container(component)
        waits = {one[f"{name}Probe"]["timeoutSeconds"] for name in _PROBES}
        asked = services()[component].get("healthcheck", {}).get("test", [""])[-1]
        answered = re.findall(r"timeout=(\d+)", asked or "") or ["5"]  # the image's own
        assert waits == {int(answered[0])}

    def test_a_roll_out_takes_no_pod_away_before_the_next_is_ready(self, component: str) -> None:
        rolling = workload(component)["spec"]["strategy"]["rollingUpdate"]
        assert rolling == {"maxSurge": 1, "maxUnavailable": 0}

    def test_every_selector_picks_its_own_pods(self, component: str) -> None:
        spec = workload(component)["spec"]
        selectors = [spec["selector"]["matchLabels"]]
        for spread in pod(component)["spec"]["topologySpreadConstraints"]:
            selectors.append(spread["labelSelector"]["matchLabels"])
        [budget] = [
            one
            for one in of_kind("PodDisruptionBudget")
            if one["metadata"]["name"] == f"doorstep-{component}"
        ]
        selectors.append(budget["spec"]["selector"]["matchLabels"])
        assert len(selectors) == 4
        assert all(picked_by(selector) == {component} for selector in selectors)

    def test_one_pod_at_a_time_may_be_evicted(self, component: str) -> None:
        budgets = {one["metadata"]["name"]: one["spec"] for one in of_kind("PodDisruptionBudget")}
        assert budgets[f"doorstep-{component}"]["maxUnavailable"] == 1


class TestStopping:
    def test_an_api_may_finish_its_requests_once_nobody_sends_more(self) -> None:
        waits = container("api")["lifecycle"]["preStop"]["sleep"]["seconds"]
        grace = pod("api")["spec"]["terminationGracePeriodSeconds"]
        assert grace > waits + _FINISH_WITHIN_S

    def test_a_worker_may_finish_its_attempts(self) -> None:
        grace = pod("worker")["spec"]["terminationGracePeriodSeconds"]
        assert grace > _FAILED_ENDS_WITHIN.total_seconds()
        assert services()["worker"]["stop_grace_period"] == f"{grace}s"


class TestScaling:
    def test_each_scaler_scales_what_is_there(self) -> None:
        scaled = {
            name_of(one): one["spec"]["scaleTargetRef"]["name"]
            for one in objects()
            if "scaleTargetRef" in one["spec"]
        }
        assert scaled == {
            "HorizontalPodAutoscaler/doorstep-api": "doorstep-api",
            "ScaledObject/doorstep-worker": "doorstep-worker",
        }

    def test_nobody_but_the_scaler_says_how_many_there_are(self) -> None:
        assert "replicas" not in workload("api")["spec"]
        [patch] = kustomization("keda")["patches"]
        assert patch["target"] == {"kind": "Deployment", "name": "doorstep-worker"}
        assert yaml.safe_load(patch["patch"]) == [{"op": "remove", "path": "/spec/replicas"}]
        assert "replicas" in workload("worker")["spec"]

    def test_workers_follow_an_age_that_the_api_serves(self) -> None:
        [scaled] = of_kind("ScaledObject")
        [trigger] = scaled["spec"]["triggers"]
        [asked] = re.findall(r"^max\((\w+)\)$", trigger["metadata"]["query"])
        assert asked == "doorstep_outbox_oldest_age_seconds"
        assert asked in {family.name for family in families(Gauges(), utc_now())}
        assert float(trigger["metadata"]["threshold"]) < 30, "before anybody is called"

    def test_its_fields_are_keda_s(self) -> None:
        [scaled] = of_kind("ScaledObject")
        assert scaled["apiVersion"] == "keda.sh/v1alpha1"
        assert set(scaled["spec"]) == {
            *("scaleTargetRef", "pollingInterval", "minReplicaCount", "maxReplicaCount"),
            *("advanced", "triggers"),
        }
        [trigger] = scaled["spec"]["triggers"]
        assert trigger["type"] == "prometheus"
        assert set(trigger["metadata"]) == {
            *("serverAddress", "query", "threshold", "ignoreNullValues")
        }
        assert all(isinstance(value, str) for value in trigger["metadata"].values())

    def test_the_readme_says_how_many_connections_that_makes(self) -> None:
        apis = of_kind("HorizontalPodAutoscaler")[0]["spec"]["maxReplicas"]
        workers = of_kind("ScaledObject")[0]["spec"]["maxReplicaCount"]
        text = " ".join((KUBERNETES / "README.md").read_text().split())
        assert f"{apis} APIs with 20, {workers} workers with 22" in text
        most = 20 * (apis + 1) + 22 * (workers + 1) + 20
        [said] = re.findall(r"allow (\d+) connections for Doorstep", text)
        assert most <= int(said) < most + 10


class TestTheNetwork:
    def test_all_pods_are_closed_both_ways_but_for_what_is_listed(self) -> None:
        assert picked_by(policy("doorstep")["podSelector"]["matchLabels"]) == set(COMPONENTS)
        assert set(policy("doorstep")["policyTypes"]) == {"Ingress", "Egress"}

    def test_prometheus_reaches_the_metrics_and_nothing_else(self) -> None:
        [rule] = policy("doorstep")["ingress"]
        metrics = {
            port
            for component in COMPONENTS
            for name, port in ports_of(component).items()
            if name != "http"
        }
        assert {one["port"] for one in rule["ports"]} == metrics

    def test_the_ingress_reaches_the_api_s_own_port_and_nothing_else(self) -> None:
        spec = policy("doorstep-api")
        assert picked_by(spec["podSelector"]["matchLabels"]) == {"api"}
        [rule] = spec["ingress"]
        assert [one["port"] for one in rule["ports"]] == [ports_of("api")["http"]]

    def test_workers_reach_no_address_that_a_webhook_may_not_reach(self) -> None:
        spec = policy("doorstep-worker")
        assert picked_by(spec["podSelector"]["matchLabels"]) == {"worker"}
        public, _ = spec["egress"]
        assert "ports" not in public, "an endpoint may have any"
        four, six = (one["ipBlock"] for one in public["to"])
        assert (four["cidr"], six["cidr"]) == ("0.0.0.0/0", str(_PUBLIC_V6))
        for block, version in ((four, 4), (six, 6)):
            never = [str(network) for network in NEVER if network.version == version]
            assert block["except"] == never

    def test_inside_only_ports_are_reached_that_something_of_ours_has(self) -> None:
        rules = [*policy("doorstep")["egress"], policy("doorstep-worker")["egress"][1]]
        assert {one["port"] for rule in rules for one in rule["ports"]} == {
            *(53, 465, 587, 4318, 5432, 6379, 6432, 7233)
        }


class TestTheService:
    def test_it_leads_to_the_api_s_port_and_not_to_its_metrics(self) -> None:
        [service] = of_kind("Service")
        assert picked_by(service["spec"]["selector"]) == {"api"}
        [port] = service["spec"]["ports"]
        assert port["targetPort"] == "http"
        assert "http" in ports_of("api")

    def test_the_example_s_ingress_leads_to_it_from_the_public_address(self) -> None:
        [service], [ingress] = of_kind("Service"), of_kind("Ingress")
        [rule] = ingress["spec"]["rules"]
        backend = rule["http"]["paths"][0]["backend"]["service"]
        assert backend["name"] == service["metadata"]["name"]
        assert backend["port"]["name"] == service["spec"]["ports"][0]["name"]
        assert set_variables("api")["DOORSTEP_PUBLIC_URL"] == f"https://{rule['host']}"
        assert ingress["spec"]["tls"][0]["hosts"] == [rule["host"]]


class TestTheFolders:
    @pytest.mark.parametrize("folder", ["base", "example", "keda", "temporal-cloud"])
    def test_each_is_put_together_from_files_that_exist_and_all_of_them(self, folder: str) -> None:
        wanted = kustomization(folder)
        for name in (*wanted.get("resources", []), *wanted.get("components", [])):
            assert (KUBERNETES / folder / name).exists(), name
        files = {file.name for file in (KUBERNETES / folder).glob("*.yaml")}
        assert files - {"kustomization.yaml"} == {
            name for name in wanted["resources"] if name.endswith(".yaml")
        }
        for made in wanted.get("configMapGenerator", []):
            assert all((KUBERNETES / folder / file).is_file() for file in made["envs"])
        for made in wanted.get("secretGenerator", []):
            assert all((KUBERNETES / folder / f"{file}.example").is_file() for file in made["envs"])

    def test_every_map_and_secret_that_a_pod_asks_for_is_made(self) -> None:
        made = {
            kind: {one["name"] for one in kustomization("example")[f"{kind}Generator"]}
            for kind in ("configMap", "secret")
        }
        for component in COMPONENTS:
            for source in container(component)["envFrom"]:
                [(kind, reference)] = source.items()
                assert reference["name"] in made[kind.removesuffix("Ref")]

    def test_what_runs_first_can_be_told_from_the_rest(self) -> None:
        text = (KUBERNETES / "README.md").read_text()
        [first] = re.findall(r"'app\.kubernetes\.io/component in \((.*)\)'", text)
        options = [
            kustomization("base")["configMapGenerator"][0]["options"],
            kustomization("example")["generatorOptions"],
        ]
        made = {one["labels"]["app.kubernetes.io/component"] for one in options}
        assert {*made, labels_of("migrate")["app.kubernetes.io/component"]} == set(
            first.split(", ")
        )

    def test_no_namespace_is_written_down(self) -> None:
        assert all("namespace" not in one["metadata"] for one in objects())


class TestTemporal:
    def test_its_chart_gets_what_the_compose_file_gives_to_its_server(self) -> None:
        values, compose = _values(), services()
        assert compose["temporal"]["image"].endswith(f":{values['server']['image']['tag']}")
        assert compose["temporal-schema"]["image"].endswith(
            f":{values['admintools']['image']['tag']}"
        )
        assert compose["temporal-ui"]["image"].endswith(f":{values['web']['image']['tag']}")
        environment = compose["temporal"]["environment"]
        stores = values["server"]["config"]["persistence"]["datastores"]
        assert stores["default"]["sql"]["databaseName"] == environment["DBNAME"]
        assert stores["visibility"]["sql"]["databaseName"] == environment["VISIBILITY_DBNAME"]
        for store in stores.values():
            assert store["sql"]["pluginName"] == environment["DB"]
            assert store["sql"]["user"] == environment["POSTGRES_USER"]
            assert "password" not in store["sql"]

    def test_its_dynamic_configuration_is_the_one_of_deploy(self) -> None:
        file = ROOT / "deploy" / "temporal" / "dynamic-config.yaml"
        assert _values()["server"]["dynamicConfig"] == yaml.safe_load(file.read_text())

    def test_its_namespace_is_the_one_that_the_pods_ask_for(self) -> None:
        [namespace] = _values()["server"]["config"]["namespaces"]["namespace"]
        assert namespace["name"] == set_variables("worker")["TEMPORAL_NAMESPACE"]
        retention = services()["temporal-namespace"]["environment"]["RETENTION"]
        assert namespace["retention"] == retention

    def test_with_temporal_cloud_the_migrations_leave_temporal_alone(self) -> None:
        [patch] = kustomization("temporal-cloud")["patches"]
        assert patch["target"] == {"kind": "Job", "name": "doorstep-migrate"}
        [added] = yaml.safe_load(patch["patch"])
        assert added["path"] == "/spec/template/spec/containers/0/args/-"
        assert faults_of_command([*container("migrate")["args"], added["value"]]) == []


class TestPrometheus:
    def test_it_scrapes_the_jobs_of_the_alerts_at_ports_that_the_pods_name(self) -> None:
        folder = ROOT / "deploy" / "prometheus"
        names = [
            [
                job["job_name"]
                for job in yaml.safe_load((folder / file).read_text())["scrape_configs"]
            ]
            for file in ("scrape.yml", "scrape-kubernetes.yml")
        ]
        assert names[0] == names[1]
        jobs = yaml.safe_load((folder / "scrape-kubernetes.yml").read_text())["scrape_configs"]
        asked = {tuple(job["relabel_configs"][0]["regex"].split(";")) for job in jobs}
        assert asked == {
            (component, name)
            for component in ("api", "worker")
            for name in ports_of(component)
            if name != "http"
        }
        for job in jobs:
            [discovery] = job["kubernetes_sd_configs"]
            [selector] = discovery["selectors"]
            name, _, value = selector["label"].partition("=")
            assert picked_by({name: value}) == set(COMPONENTS)


def _values() -> dict[str, Any]:
    values: dict[str, Any] = yaml.safe_load((KUBERNETES / "temporal" / "values.yaml").read_text())
    return values


def _injected() -> dict[str, str]:
    """What Kubernetes sets in every pod for our own Service."""
    [service] = of_kind("Service")
    [port] = service["spec"]["ports"]
    prefix = service["metadata"]["name"].upper().replace("-", "_")
    number, address = port["port"], "10.96.7.11"
    return {
        f"{prefix}_SERVICE_HOST": address,
        f"{prefix}_SERVICE_PORT": str(number),
        f"{prefix}_SERVICE_PORT_{port['name'].upper()}": str(number),
        f"{prefix}_PORT": f"tcp://{address}:{number}",
        f"{prefix}_PORT_{number}_TCP": f"tcp://{address}:{number}",
        f"{prefix}_PORT_{number}_TCP_PROTO": "tcp",
        f"{prefix}_PORT_{number}_TCP_PORT": str(number),
        f"{prefix}_PORT_{number}_TCP_ADDR": address,
    }


def _offered() -> set[str]:
    """Every variable that one of the pods may be given."""
    found = {name for _, name, _ in settings_lines()}
    for component in COMPONENTS:
        found |= {name for _, name, _ in secret_lines(component)} | set(own_variables(component))
    return found
