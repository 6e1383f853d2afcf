"""A real SMTP server for the tests: keeps each letter as a file, and is in whatever trouble the story wants.

usage: server.py FOLDER [PORT]

FOLDER/mode says how it behaves, looked at anew for each letter: `ok`; `later` puts letters off; `refuse` takes none;
`silent` keeps the letter, and never says so. Prints `port N` when it listens.
"""

import asyncio
import email
import email.policy
import json
import pathlib
import sys

from aiosmtpd.smtp import SMTP

FOLDER = pathlib.Path(sys.argv[1])
PORT = int(sys.argv[2]) if len(sys.argv) > 2 else 0


class Box:
    kept = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mode = (FOLDER / "mode").read_text().strip()
        if mode == "later":
            return "451 4.3.2 come back later"
        if mode == "refuse":
            return "554 5.7.1 not wanted"
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        letter = {
            "id": message["Message-ID"],
            "from": message["From"],
            "to": message["To"],
            "rcpt": envelope.rcpt_tos,
            "subject": message["Subject"],
            "text": message.get_content(),
        }
        Box.kept += 1
        part = FOLDER / f"{Box.kept:04}.part"
        part.write_text(json.dumps(letter))
        part.rename(part.with_suffix(".json"))
        if mode == "silent":
            await asyncio.sleep(3600)
        return "250 OK"


async def main():
    Box.kept = len(list(FOLDER.glob("*.json")))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Box(), enable_SMTPUTF8=True), "127.0.0.1", PORT)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
