"""A mail server for tests: Debian's aiosmtpd on 127.0.0.1. Prints "listening <port>", then each message that it took as
one line of JSON. Lines on its standard input say how it answers from then on: "250", "451 4.3.0 later", and where:
"rcpt 550 5.1.1 nobody" answers at RCPT, everything else at the end of DATA. It ends with its input."""

import asyncio
import json
import sys

from aiosmtpd.smtp import SMTP


class Sink:
    def __init__(self):
        self.rcpt = self.data = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if not self.rcpt.startswith("250"):
            return self.rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if not self.data.startswith("250"):
            print(json.dumps({"refused": self.data}), flush=True)
            return self.data
        text = envelope.content.decode("latin-1")
        print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "message": text}), flush=True)
        return "250 OK"


async def main():
    sink = Sink()
    loop = asyncio.get_running_loop()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.example", loop=loop), "127.0.0.1", port)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := (await orders.readline()).decode().strip():
        if line.startswith("rcpt "):
            sink.rcpt = line[5:]
        else:
            sink.rcpt, sink.data = "250 OK", line
        print("agreed", flush=True)


asyncio.run(main())
