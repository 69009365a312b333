"""What can be known about the docker-compose files and server/Dockerfile without Docker: that they parse, and that every
path, command, service, volume and variable that they name exists. Run from the root of the checkout."""

import pathlib
import re
import subprocess
import tomllib
import unittest

import yaml

ROOT = pathlib.Path(__file__).parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DEMO = yaml.safe_load((ROOT / "docker-compose.demo.yml").read_text())
DOCKERFILE = (ROOT / "server/Dockerfile").read_text().replace("\\\n", " ").splitlines()
BUILT = {"build/release/switchboard", "build/libraries", "console/dist"}  # by the steps that the Dockerfile runs


def instructions(name):
    return [line.split(None, 1)[1] for line in DOCKERFILE if line.startswith(name + " ")]


def settings():
    table = tomllib.loads((ROOT / "config/switchboard.toml").read_text())
    return {f"SWITCHBOARD_{section}_{key}".upper() for section, keys in table.items() for key in keys}


class Compose(unittest.TestCase):
    def test_builds_from_files_that_exist(self):
        build = COMPOSE["services"]["server"]["build"]
        self.assertTrue((ROOT / build["context"] / build["dockerfile"]).is_file())

    def test_sets_only_variables_that_the_server_reads(self):
        variables = set(COMPOSE["services"]["server"]["environment"])
        self.assertIn("SWITCHBOARD_DATABASE_URL", variables)
        self.assertLessEqual(variables, settings())

    def test_the_server_waits_for_a_healthy_database(self):
        self.assertEqual(COMPOSE["services"]["server"]["depends_on"], {"database": {"condition": "service_healthy"}})
        for service in COMPOSE["services"].values():
            self.assertIn("test", service["healthcheck"])

    def test_the_database_url_fits_the_database(self):
        database = COMPOSE["services"]["database"]["environment"]
        url = COMPOSE["services"]["server"]["environment"]["SWITCHBOARD_DATABASE_URL"]
        self.assertEqual(
            url,
            f"postgresql://{database['POSTGRES_USER']}:{database['POSTGRES_PASSWORD']}"
            f"@database:5432/{database['POSTGRES_DB']}",
        )

    def test_data_is_in_a_named_volume(self):
        mounts = [m.split(":")[0] for s in COMPOSE["services"].values() for m in s.get("volumes", [])]
        self.assertEqual(set(mounts), set(COMPOSE["volumes"]))

    def test_durability_is_not_tuned_away(self):
        command = " ".join(COMPOSE["services"]["database"]["command"])
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self.assertNotIn(setting, command)


    def test_has_no_secret_of_its_own_and_says_which_one_is_missing(self):
        for file in ("docker-compose.yml", "docker-compose.demo.yml"):
            for name, rest in re.findall(r"\$\{?(\w+)([^}]*)\}?", (ROOT / file).read_text()):
                with self.subTest(file=file, variable=name):
                    self.assertRegex(rest, rf"^:\?set {name} ")
        used = COMPOSE["services"]["database"]["environment"] | COMPOSE["services"]["server"]["environment"]
        for name in ("POSTGRES_PASSWORD", "SWITCHBOARD_SECRET_KEY"):
            self.assertTrue(used[name].startswith("${" + name + ":?"), used[name])

    def test_is_asked_for_its_health_without_a_login(self):
        self.assertEqual(
            COMPOSE["services"]["server"]["healthcheck"]["test"], ["CMD", "curl", "-fsS", "http://localhost:8080/readyz"]
        )

    def test_is_without_the_demo(self):
        self.assertEqual(COMPOSE["services"]["server"]["command"], ["serve"])


class Demo(unittest.TestCase):
    """The second file: the services of the first with the demo, beside them and not over their data."""

    def test_has_every_service_of_the_first_file_and_no_other(self):
        self.assertEqual(set(DEMO["services"]), set(COMPOSE["services"]))
        for name, service in DEMO["services"].items():
            self.assertEqual(service["extends"], {"file": "docker-compose.yml", "service": name})

    def test_differs_by_the_demo_only(self):
        server = DEMO["services"]["server"]
        self.assertEqual(server["command"], ["serve", "--demo"])
        self.assertEqual(server["depends_on"], COMPOSE["services"]["server"]["depends_on"])  # `extends` may leave it out
        self.assertEqual(set(server), {"extends", "command", "depends_on"})
        self.assertEqual(set(DEMO["services"]["database"]), {"extends"})

    def test_keeps_its_data_apart(self):
        self.assertEqual(DEMO["name"], "switchboard-demo")
        self.assertEqual(DEMO["volumes"], COMPOSE["volumes"])


class Dockerfile(unittest.TestCase):
    def test_copies_what_exists_or_what_its_steps_make(self):
        ignored = {line.strip("/") for line in (ROOT / ".dockerignore").read_text().split()}
        for copy in instructions("COPY"):
            words = copy.split()
            from_build = words[0] == "--from=build"
            for source in words[1:-1] if from_build else words[:-1]:
                with self.subTest(source):
                    path = source.removeprefix("/src/").rstrip("/")
                    if from_build:
                        self.assertIn(path, BUILT)
                    else:
                        self.assertTrue((ROOT / path).exists())
                        self.assertNotIn(path, ignored)

    def test_runs_commands_that_exist(self):
        known = subprocess.run(["./run", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        used = re.findall(r"\./run ([a-z-]+)", "\n".join(instructions("RUN")))
        self.assertEqual(used, ["setup", "build", "libraries"])
        for command in used:
            self.assertRegex(known, rf"(?m)^  {command} ")

    def test_sets_only_variables_that_the_server_reads(self):
        variables = set(re.findall(r"(SWITCHBOARD_\w+)=", " ".join(instructions("ENV"))))
        self.assertTrue(variables)
        self.assertLessEqual(variables, settings())

    def test_gets_nobodys_secrets(self):
        self.assertIn("/.env", (ROOT / ".dockerignore").read_text().split())

    def test_does_not_serve_as_root(self):
        self.assertEqual(instructions("USER"), ["switchboard"])


if __name__ == "__main__":
    unittest.main()
