"""Steps of a tandem's check in tests: press, read the answer."""

from collections.abc import Mapping

from domain.people import CaseId
from pipelines import registration_check
from tests.builders import CASE_ID
from tests.pipelines.world import World


def press(world: World, message_id: str = "M1", case_id: CaseId = CASE_ID) -> Mapping[str, str]:
    """Take a check in and answer it."""
    accepted = registration_check.accept(message_id, case_id, "tandem", world.needs)
    answer = registration_check.run(accepted.request.message_id, world.needs)
    assert answer is not None
    return answer
