"""Print what symcnn and its tests need, at the lowest versions that pyproject.toml allows."""

import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
needed = [*project["dependencies"], *project["optional-dependencies"]["test"]]
assert all(requirement.count(">=") == 1 for requirement in needed), needed
print(*(requirement.replace(">=", "==") for requirement in needed), sep="\n")
