"""Options and arguments that several commands share."""

from collections.abc import Mapping

import click

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print the result as JSON.")
case_argument = click.argument("case", metavar="CASE")
between_option = click.option(
    "--between",
    nargs=2,
    metavar="A B",
    help="The two positions to compare; the case names a default pair.",
)
position_option = click.option("--position", required=True, help="Whose figures to use.")
launch_option = click.option(
    "--launch", "launches", multiple=True, help="Only this launch area; may be repeated."
)
aim_option = click.option("--aim", "aims", multiple=True, help="Only this sample point; may be repeated.")


def _settings(ctx: click.Context, _: click.Parameter, pairs: tuple[str, ...]) -> Mapping[str, str]:
    settings: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise click.BadParameter(f'"{pair}" is not KEY=VALUE, such as interceptor_speed="7.0 km/s"', ctx)
        if key.strip() in settings:
            raise click.BadParameter(f'"{key.strip()}" is set twice', ctx)
        settings[key.strip()] = value.strip()
    return settings


set_option = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    callback=_settings,
    help='Override a figure of the position, such as --set commit_delay="340 s"; may be repeated.',
)
