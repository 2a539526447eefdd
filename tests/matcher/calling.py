"""Commands as people call them, in this process; an exception that escapes is no exit code."""

from typer.testing import CliRunner

from matcher.commands.match import app


def invoke(*words, of=app, **options):
    """What the command printed and left with.

    A traceback ends a program with 1, which is how ours says that it failed: so it is not taken.
    """
    called = CliRunner().invoke(of, [str(word) for word in words], **options)
    if called.exception is not None and not isinstance(called.exception, SystemExit):
        raise called.exception
    return called
