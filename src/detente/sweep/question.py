"""What a sweep asks: which study under whose figures, and what comes out in which unit."""

from collections import Counter

from detente.records.base import Names, Record

from .errors import refused
from .sampling import Plan

_RESERVED = ("row", "status", "reason", "reason_text", "reason_number")


class Field(Record):
    """A number that the model gives for every row, or for every row and every name on an axis.

    Where `null_means` is empty a value that is not finite makes its row fail; otherwise NaN is kept, and
    this is what it means. `is_margin` where at least zero is what a claim asks for.
    """

    name: str
    unit: str
    meaning: str = ""
    axis: str = ""
    null_means: str = ""
    is_margin: bool = False


class Axis(Record):
    """What stands along a dimension of the outputs, by name."""

    name: str
    of: tuple[str, ...]


class Setting(Record):
    """A figure that the user put in place of the position's own."""

    name: str
    value: str


class Question(Record):
    """The study, the position and the outputs of a sweep."""

    study: str
    fields: tuple[Field, ...]
    axes: tuple[Axis, ...] = ()
    case: str = ""
    case_digest: str = ""
    position: str = ""
    settings: tuple[Setting, ...] = ()
    caveat: str = ""
    conventions: Names = ()
    notices: Names = ()

    def names_along(self, field: Field) -> tuple[str, ...]:
        """What stands along the axis of an output; one empty name where it has none."""
        return next((axis.of for axis in self.axes if axis.name == field.axis), ("",))

    def width(self, field: Field) -> int:
        """How many numbers a row has of one output."""
        return len(self.names_along(field))

    def check(self, plan: Plan) -> None:
        """Raise `InputError` where outputs, axes and the plan's parameters do not go together."""
        if not self.fields:
            raise refused("the model has no outputs", "declare at least one field", "fields")
        axes = {axis.name: axis.of for axis in self.axes}
        for field in self.fields:
            if field.axis and not axes.get(field.axis):
                rule = f'output "{field.name}" has an axis "{field.axis}" that names nothing'
                raise refused(rule, "name what stands along it", "axes")
        used = Counter([*_RESERVED, *axes, *(f.name for f in self.fields), *(v.name for v in plan.varied)])
        twice = [name for name, times in used.items() if times > 1]
        if twice:
            raise refused(f'"{twice[0]}" names two things in the results', "rename one", twice[0])
