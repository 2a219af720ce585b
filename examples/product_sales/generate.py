#!/usr/bin/env python3
"""Writes orders in three files: generate.py DIRECTORY [ORDERS]. Same arguments, same bytes."""
import datetime
import json
import os
import random
import sys

PRICES = {"tea": "4.50", "coffee": "6.20", "cocoa": "5.10", "mate": "7.00"}


def main(directory, orders=240):
    draw = random.Random(5)
    start = datetime.datetime(2024, 3, 1, 8, 0, 0)
    os.makedirs(directory, exist_ok=True)
    for part in range(3):
        with open(os.path.join(directory, f"orders-{part}.json"), "w") as out:
            for number in range(part * orders // 3, (part + 1) * orders // 3):
                late = draw.randrange(1200) if draw.random() < 0.1 else 0
                at = start + datetime.timedelta(seconds=number * 45 - late)
                product = draw.choices(list(PRICES), [5, 4, 2, 1])[0]
                out.write(json.dumps({"order": number, "product": product,
                                      "units": draw.randrange(1, 5), "price": PRICES[product],
                                      "ts": f"{at:%Y-%m-%dT%H:%M:%SZ}"}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:]))
