"""The unit that starts the card agent with a user's session: its own rights, and fewer."""

import shlex
import sys
from pathlib import Path

UNIT = "jiepin-card-agent.service"
_TEXT = """\
[Unit]
Description=Health card for the teacher transfer console

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=2
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_UNIX
RestrictSUIDSGID=yes
SystemCallArchitectures=native
UMask=0077
MemoryMax=200M
TasksMax=32

[Install]
WantedBy=default.target
"""


def unit_text(origin: str, port: int) -> str:
    """The unit for this program on this machine."""
    program = Path(sys.argv[0]).resolve()
    words = [str(program), "card-agent", "run", "--origin", origin, "--port", str(port)]
    # systemd reads % and $ in a command line: both are doubled.
    command = shlex.join(words).replace("%", "%%").replace("$", "$$")
    return _TEXT.format(command=command)
