#!/usr/bin/env python3
"""Writes payments by card: generate.py DIRECTORY [PAYMENTS]. Same arguments, same bytes."""
import datetime
import json
import os
import random
import sys

PLACES = {"Berlin": (52.52, 13.40), "Hamburg": (53.55, 9.99), "Lisbon": (38.72, -9.14)}


def main(directory, payments=200):
    draw = random.Random(17)
    start = datetime.datetime(2024, 3, 1, 10, 0, 0)
    for name in ("payments", "blocklist", "merchants"):
        os.makedirs(os.path.join(directory, name), exist_ok=True)
    with open(os.path.join(directory, "blocklist", "cards.json"), "w") as out:
        out.write(json.dumps({"card": "c7", "reason": "reported stolen"}) + "\n")
    with open(os.path.join(directory, "merchants", "merchants.json"), "w") as out:
        for number, place in enumerate(PLACES):
            latitude, longitude = PLACES[place]
            out.write(json.dumps({"merchant": number, "place": place, "latitude": latitude,
                                  "longitude": longitude}) + "\n")
    with open(os.path.join(directory, "payments", "1.json"), "w") as out:
        for number in range(payments):
            at = start + datetime.timedelta(seconds=number * 20)
            card, merchant = f"c{draw.randrange(1, 40)}", draw.randrange(2)
            amount = 5 + draw.randrange(80)
            if 60 <= number < 66:
                card, amount = "c3", 19  # many small ones
            elif number in (100, 104):
                card, merchant = "c5", 0 if number == 100 else 2  # two places at once
            elif number == 140:
                card, amount = "c9", 2400
            out.write(json.dumps({"payment": number, "card": card, "merchant": merchant,
                                  "amount": f"{amount}.00",
                                  "ts": f"{at:%Y-%m-%dT%H:%M:%SZ}"}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
