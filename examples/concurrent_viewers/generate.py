#!/usr/bin/env python3
"""Writes heartbeats of players: generate.py DIRECTORY [MINUTES]. Same arguments, same bytes."""
import datetime
import json
import os
import random
import sys

ALLOWED = {"ann": 1, "bob": 2, "cy": 4}


def main(directory, minutes=6):
    draw = random.Random(3)
    start = datetime.datetime(2024, 3, 1, 20, 0, 0)
    os.makedirs(directory, exist_ok=True)
    beats = []
    for minute in range(minutes):
        for account, allowed in ALLOWED.items():
            devices = 3 if account == "bob" and minute in (2, 3) else draw.randrange(0, allowed + 1)
            for device in range(devices):
                for second in (5, 25, 45):
                    at = start + datetime.timedelta(minutes=minute, seconds=second)
                    beats.append((at, draw.randrange(20), account, allowed, device))
    beats.sort(key=lambda beat: beat[0] + datetime.timedelta(seconds=beat[1]))  # out of order
    with open(os.path.join(directory, "heartbeats.json"), "w") as out:
        for at, _, account, allowed, device in beats:
            out.write(json.dumps({"account": account, "device": f"{account}-{device}",
                                  "allowed": allowed,
                                  "ts": f"{at:%Y-%m-%dT%H:%M:%SZ}"}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
