#!/usr/bin/env python3
"""Writes an access log and a syslog of any size: the same bytes for the same arguments.

    generate.py DIRECTORY [MINUTES [LINES_PER_MINUTE]]

In the twelfth minute the shop answers slowly and fails often, asked by one address: what the
pipeline shall find.
"""
import datetime
import os
import random
import sys

SERVICES = ["shop", "search", "login"]
PROGRAMS = ["cron", "sshd", "kernel"]


def main(directory, minutes=30, lines_per_minute=40):
    draw = random.Random(7)
    start = datetime.datetime(2024, 3, 1, 9, 0, 0)
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "access.log"), "w") as access, \
            open(os.path.join(directory, "syslog"), "w") as syslog:
        for minute in range(minutes):
            storm = minute == 12
            requests = lines_per_minute * (4 if storm else 1)
            for second in sorted(draw.randrange(60) for _ in range(requests)):
                at = start + datetime.timedelta(minutes=minute, seconds=second)
                access.write(access_line(draw, at, storm))
            for second in sorted(draw.randrange(60) for _ in range(max(1, lines_per_minute // 10))):
                at = start + datetime.timedelta(minutes=minute, seconds=second)
                program = draw.choice(PROGRAMS)
                bad = draw.random() < 0.1
                what = "error: connection reset" if bad else "session opened"
                syslog.write(f"{at:%Y-%m-%dT%H:%M:%S}.000000+00:00 web1 "
                             f"{program}[{draw.randrange(999)}]: {what}\n")


def access_line(draw, at, storm):
    service = "shop" if storm and draw.random() < 0.9 else draw.choice(SERVICES)
    failing = storm and service == "shop" and draw.random() < 0.6
    address = "203.0.113.9" if failing else f"198.51.100.{draw.randrange(1, 40)}"
    usual = draw.choices([200, 304, 404, 500], [90, 6, 3, 1])[0]
    status = draw.choice([500, 503]) if failing else usual
    latency = draw.randrange(800, 3000) if failing else draw.randrange(3, 120)
    return (f'{address} - - [{at:%d/%b/%Y:%H:%M:%S} +0000] "GET /{service}/{draw.randrange(100)} '
            f'HTTP/1.1" {status} {draw.randrange(200, 9000)} {latency}\n')


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
