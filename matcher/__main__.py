"""``python -m matcher``: the same commands as ``jiepin match``."""

from matcher.commands.match import app

if __name__ == "__main__":
    app(prog_name="jiepin match")
