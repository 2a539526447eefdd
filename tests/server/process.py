"""The server as a process of its own, to be killed."""

import asyncio
import os
import sys

READY_S = 90.0


class Server:
    """The server as a process of its own."""

    def __init__(self, home, database_url, root):
        self.home, self.database_url, self.root = home, database_url, root
        self.address = home / "address"
        self.process = None

    async def start(self, listen="127.0.0.1:0", log=None):
        """Its address, once it serves; what it logs goes into the file ``log``."""
        self.address.unlink(missing_ok=True)
        words = ["server", "run", "--home", str(self.home), "--database", self.database_url]
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(self.root / "jiepin.py"),
            *words,
            "--listen",
            listen,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
            env=os.environ | {"PYTHONPATH": str(self.root)},
        )
        async with asyncio.timeout(READY_S):
            while not self.address.exists():
                assert self.process.returncode is None
                await asyncio.sleep(0.02)
        return self.address.read_text().strip()

    async def stop(self, how):
        """Send a signal; the exit code."""
        self.process.send_signal(how)
        return await self.process.wait()
