"""Which pipeline a test is about: the one of the bundle around the test, or the one it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from millpond import codes
from millpond.errors import MillpondError
from millpond.sources.choice import ChosenPipeline, PipelineChoice, choose

_ROOT = "databricks.yml"


@dataclass(frozen=True, slots=True)
class Source:
    """What to run, as `millpond run` takes it; what is not given is looked for or defaulted.

    Attributes:
        path: a bundle, or a file or folder of source; None finds `databricks.yml` upwards of
            the test.
        target, pipeline: of the bundle; they may stay out where there is a default or only one.
        variables: values of the bundle's variables.
        configuration: laid over the pipeline's own.
        catalog, schema: where unqualified names live.
    """

    path: Path | None = None
    target: str | None = None
    pipeline: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    configuration: Mapping[str, str] = field(default_factory=dict)
    catalog: str | None = None
    schema: str | None = None

    def over(self, other: Source) -> Source:
        """This source, with what it leaves out taken from another one."""
        mine = {each.name: getattr(self, each.name) for each in fields(self)}
        rest = {name: getattr(other, name) for name, value in mine.items() if not value}
        return Source(**{**mine, **rest})

    def chosen(self, start: Path) -> ChosenPipeline:
        """The pipeline, and what `millpond.yml` says for it.

        Args:
            start: the folder of the test; a relative `path` starts there.

        Raises:
            MillpondError, Failures: TEST_PROJECT_NOT_FOUND, or what is wrong with the bundle.
        """
        path = start / self.path if self.path else _bundle_above(start)
        return choose(
            PipelineChoice(
                path,
                target=self.target,
                pipeline=self.pipeline,
                variables=self.variables,
                configuration=self.configuration,
                catalog=self.catalog,
                schema=self.schema,
            )
        )


def _bundle_above(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / _ROOT).is_file():
            return folder
    raise MillpondError(codes.TEST_PROJECT_NOT_FOUND, folder=start)
