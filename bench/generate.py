"""Writes JSONL that looks like Twitter API v1.1 statuses (about 3 KB a record), for the ingest benchmark.

Nothing in it is real: words, names and numbers come from a seeded generator, so the same arguments give the same bytes.
"""

import argparse
import json
import random
import sys

WORDS = (
    "model agent release benchmark open source weights inference latency token context window price stock chip robot "
    "launch update paper dataset training compiler memory cluster vector browser startup funding quarter revenue"
).split()
HAN = "模型发布开源推理芯片市场上涨下跌智能体更新数据训练成本公司今天表示用户产品研究性能提升价格季度收入机器人"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
EPOCH_MS = 1_288_834_974_657
FIRST_MS = 1_767_225_600_000  # 2026-01-01T00:00:00Z


def words(rng, count):
    return " ".join(rng.choice(WORDS) for _ in range(count))


def text_of(rng):
    if rng.random() < 0.3:
        return "".join(rng.choice(HAN) for _ in range(rng.randint(20, 90))) + "，" + words(rng, 3)
    return words(rng, rng.randint(8, 32))


def user_of(rng):
    number = rng.randrange(50_000)
    colour = f"{rng.randrange(1 << 24):06X}"
    base = f"https://pbs.example.net/profile_images/{number:019d}"
    return {
        "id": 10**9 + number,
        "id_str": str(10**9 + number),
        "name": words(rng, 2).title(),
        "screen_name": f"writer_{number}",
        "location": "Somewhere & Elsewhere",
        "url": None,
        "description": words(rng, 14),
        "translator_type": "none",
        "protected": False,
        "verified": number % 17 == 0,
        "followers_count": rng.randrange(10**6),
        "friends_count": rng.randrange(5_000),
        "listed_count": rng.randrange(500),
        "favourites_count": rng.randrange(90_000),
        "statuses_count": rng.randrange(90_000),
        "created_at": "Tue Mar 03 08:00:00 +0000 2015",
        "utc_offset": None,
        "time_zone": None,
        "geo_enabled": False,
        "lang": None,
        "contributors_enabled": False,
        "is_translator": False,
        "profile_background_color": colour,
        "profile_background_image_url_https": f"https://abs.example.net/images/themes/theme{number % 20}/bg.png",
        "profile_background_tile": False,
        "profile_link_color": colour,
        "profile_sidebar_border_color": "C0DEED",
        "profile_sidebar_fill_color": "DDEEF6",
        "profile_text_color": "333333",
        "profile_use_background_image": True,
        "profile_image_url_https": f"{base}/photo_normal.jpg",
        "profile_banner_url": f"https://pbs.example.net/profile_banners/{number}/1500000000",
        "default_profile": True,
        "default_profile_image": False,
        "following": None,
        "follow_request_sent": None,
        "notifications": None,
    }


def status_of(rng, ms, number, nested=False):
    identity = ((ms - EPOCH_MS) << 22) + number % (1 << 12)
    text, tag, link = text_of(rng), rng.choice(WORDS), f"https://t.co/{number:010d}"
    days, rest = divmod((ms - FIRST_MS) // 1000, 86_400)
    created = f"Thu {MONTHS[days // 28 % 12]} {days % 28 + 1:02d} {rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d} +0000 2026"
    status = {
        "created_at": created,
        "id": identity,
        "id_str": str(identity),
        "full_text": f"{text} #{tag} {link}",
        "display_text_range": [0, len(text)],
        "source": '<a href="https://mobile.example.com" rel="nofollow">Some Web App</a>',
        "truncated": False,
        "in_reply_to_status_id": None,
        "in_reply_to_status_id_str": None,
        "in_reply_to_user_id": None,
        "in_reply_to_user_id_str": None,
        "in_reply_to_screen_name": None,
        "user": user_of(rng),
        "geo": None,
        "coordinates": None,
        "place": None,
        "contributors": None,
        "is_quote_status": False,
        "quote_count": rng.randrange(50),
        "reply_count": rng.randrange(90),
        "retweet_count": rng.randrange(900),
        "favorite_count": rng.randrange(9_000),
        "entities": {
            "hashtags": [{"text": tag, "indices": [len(text) + 1, len(text) + 2 + len(tag)]}],
            "urls": [
                {
                    "url": link,
                    "expanded_url": f"https://news.example.org/{tag}/{number}?ref=home&lang=en",
                    "display_url": f"news.example.org/{tag}…",
                    "indices": [len(text) + 3 + len(tag), len(text) + 26 + len(tag)],
                }
            ],
            "user_mentions": [],
            "symbols": [],
        },
        "favorited": False,
        "retweeted": False,
        "filter_level": "low",
        "possibly_sensitive": False,
        "lang": "en" if text.isascii() else "zh",
        "timestamp_ms": str(ms),
    }
    if not nested and rng.random() < 0.1:
        original = status_of(rng, ms - 60_000, number + 1, nested=True)
        status["retweeted_status"] = original
        status["full_text"] = f"RT @{original['user']['screen_name']}: {original['full_text'][:100]}…"
    return status


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mb", type=int, required=True, help="size of the file, in 10^6 bytes")
    parser.add_argument("--days", type=int, default=28, help="days that the tweets are spread over")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--most", type=int, default=10**12, help="records; another seed gives the same tweets with other texts and counts")
    parser.add_argument("out")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    written = number = 0
    step = max(1, args.days * 86_400_000 * 3000 // (args.mb * 1_000_000))
    with open(args.out, "wb") as out:
        while written < args.mb * 1_000_000 and number < args.most:
            ms = FIRST_MS + min(number * step, args.days * 86_400_000 - 1)
            # Twitter wrote everything beyond ASCII as \u escapes.
            line = json.dumps(status_of(rng, ms, number), separators=(",", ":")).encode() + b"\n"
            out.write(line)
            written += len(line)
            number += 1
    print(f"{args.out}: {number} records, {written} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
