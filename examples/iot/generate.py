#!/usr/bin/env python3
"""Writes readings of devices: generate.py DIRECTORY [READINGS]. Same arguments, same bytes."""
import datetime
import json
import os
import random
import sys


def main(directory, readings=60):
    draw = random.Random(11)
    start = datetime.datetime(2024, 3, 1, 12, 0, 0)
    os.makedirs(directory, exist_ok=True)
    with open(os.path.join(directory, "readings.json"), "w") as out:
        for number in range(readings):
            kind = draw.choice(["temperature", "humidity"])
            row = {"device": f"d{draw.randrange(1, 6)}",
                   "ts": f"{start + datetime.timedelta(seconds=number):%Y-%m-%dT%H:%M:%SZ}",
                   "kind": kind}
            if kind == "temperature":
                row["unit"] = draw.choice(["C", "F"])
                celsius = draw.choice([round(draw.uniform(15, 30), 1)] * 9 + [95.0])
                row["value"] = celsius if row["unit"] == "C" else round(celsius * 1.8 + 32, 1)
            else:
                row["unit"] = "%"
                row["value"] = draw.choice([round(draw.uniform(20, 80), 1)] * 12 + [140.0])
            out.write(json.dumps(row) + "\n")
            if number == 30:
                out.write("{\"device\": \"d9\", \"ts\": \n")  # a line that was cut


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
