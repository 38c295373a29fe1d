"""Signs of life of a run while its plan is made: deciding a large population takes longer than a silence may last."""

from domain.books import Run
from pipelines.needs import Needs, Progress


def with_signs_of_life(run: Run, needs: Needs, progress: Progress) -> Progress:
    """The same progress, noted in the book of runs too, with the figures that stand there."""

    def tell(stage: str, done: int, total: int | None) -> None:
        progress(stage, done, total)
        known = needs.runs.find(run.run_id)
        if known is not None:
            needs.runs.progress(run.run_id, known.counts, needs.clock())

    return tell
