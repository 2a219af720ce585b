#!/usr/bin/env python3
"""Writes impressions and clicks: generate.py DIRECTORY [IMPRESSIONS], always the same bytes."""
import datetime
import json
import os
import random
import sys


def main(directory, impressions=400):
    draw = random.Random(9)
    start = datetime.datetime(2024, 3, 1, 18, 0, 0)
    for name in ("impressions", "clicks", "campaigns"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    with open(os.path.join(directory, "campaigns", "campaigns.json"), "w") as out:
        for number, name in enumerate(["spring", "brand", "sale"], 1):
            out.write(json.dumps({"campaign": number, "name": name, "cent": 2 * number}) + "\n")
    with open(os.path.join(directory, "impressions", "1.json"), "w") as shown, \
            open(os.path.join(directory, "clicks", "1.json"), "w") as clicked:
        for number in range(impressions):
            at = start + datetime.timedelta(milliseconds=number * 600)
            campaign = draw.randrange(1, 4)
            shown.write(json.dumps({"ad": number, "campaign": campaign,
                                    "ts": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"}) + "\n")
            if draw.random() < 0.05 * campaign:
                at += datetime.timedelta(seconds=draw.randrange(1, 20))
                clicked.write(json.dumps({"ad": number, "campaign": campaign,
                                          "ts": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
