"""What holds for every test: its servers, no network beyond this machine, and no bound on time.

A test takes as long as a busy machine needs: Hypothesis has no deadline, and under `CI=true` draws the same examples
every time.
"""

import os

from hypothesis import HealthCheck, settings

from tests.network import keep_to_this_machine

pytest_plugins = ["tests.services"]

settings.register_profile(
    "house",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("house")
keep_to_this_machine()
