"""What a key of the case format means."""

from __future__ import annotations

from dataclasses import asdict

import click

from detente.cli import _options as options
from detente.cli._writing import print_json, say


@click.command("explain-format")
@click.argument("key", required=False, metavar="[KEY]")
@click.option("--markdown", is_flag=True, help="Print the whole page, docs/format.md.")
@options.as_json
def explain_format(key: str | None, markdown: bool, as_json: bool) -> None:
    """Say what KEY of a case file means, such as claims.ask.probability, or list all keys."""
    from detente.case import describe_field, format_fields, format_page, format_topics

    if markdown:
        say(format_page(), end=False)
    elif key is not None:
        found = describe_field(key)
        if as_json:
            print_json(asdict(found))
        else:
            say(found)
    elif as_json:
        print_json([asdict(field) for field in format_fields()])
    else:
        for field in format_fields():
            indent = "  " * field.path.count(".")
            say(f"{indent}{field.key}" if indent else field.path)
        say(f"\ntopics: {', '.join(topic.name for topic in format_topics())}")
