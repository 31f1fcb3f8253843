"""What other tools take to read the same fields of the same JSONL, streaming or into a table, whichever is their best.

    python3 bench/readers.py orjson|duckdb|polars FILE

Each prints the number of records, the sum of likes and the length of all texts, which must be the same for all.
"""

import sys


def orjson(path):
    import orjson

    records = likes = length = 0
    with open(path, "rb") as lines:
        for line in lines:
            status = orjson.loads(line)
            words = status.get("retweeted_status") or status
            user, entities = status["user"], words["entities"]
            fields = (
                status["id_str"], status["created_at"], words["full_text"], words["lang"], user["screen_name"],
                user["name"], user["followers_count"], words["favorite_count"], words["retweet_count"],
                words["reply_count"], words["quote_count"], [url["expanded_url"] for url in entities["urls"]],
                [tag["text"] for tag in entities["hashtags"]],
            )
            records, likes, length = records + 1, likes + fields[7], length + len(fields[2])
    return records, likes, length


def duckdb(path):
    import duckdb

    words = """full_text VARCHAR, lang VARCHAR, favorite_count BIGINT, retweet_count BIGINT, reply_count BIGINT,
        quote_count BIGINT, entities STRUCT(urls STRUCT(expanded_url VARCHAR)[], hashtags STRUCT("text" VARCHAR)[])"""
    columns = f"""{{id_str: 'VARCHAR', created_at: 'VARCHAR', full_text: 'VARCHAR', lang: 'VARCHAR',
        favorite_count: 'BIGINT', retweet_count: 'BIGINT', reply_count: 'BIGINT', quote_count: 'BIGINT',
        entities: 'STRUCT(urls STRUCT(expanded_url VARCHAR)[], hashtags STRUCT("text" VARCHAR)[])',
        "user": 'STRUCT(screen_name VARCHAR, name VARCHAR, followers_count BIGINT)',
        retweeted_status: 'STRUCT({" ".join(words.split())})'}}"""
    fields = ("full_text", "lang", "favorite_count", "retweet_count", "reply_count", "quote_count", "entities")
    picked = ", ".join(f"coalesce(retweeted_status.{field}, {field}) as w_{field}" for field in fields)
    connection = duckdb.connect()
    connection.execute("set preserve_insertion_order = false")
    connection.execute(f"""create table tweets as select id_str, created_at, "user".screen_name, "user".name,
        "user".followers_count, {picked} from read_ndjson('{path}', columns = {columns})""")
    query = "select count(*), sum(w_favorite_count), sum(length(w_full_text)) from tweets"
    return connection.execute(query).fetchone()


def polars(path):
    import polars as pl

    words = {
        "full_text": pl.String, "lang": pl.String, "favorite_count": pl.Int64, "retweet_count": pl.Int64,
        "reply_count": pl.Int64, "quote_count": pl.Int64,
        "entities": pl.Struct({
            "urls": pl.List(pl.Struct({"expanded_url": pl.String})),
            "hashtags": pl.List(pl.Struct({"text": pl.String})),
        }),
    }
    user = pl.Struct({"screen_name": pl.String, "name": pl.String, "followers_count": pl.Int64})
    schema = {"id_str": pl.String, "created_at": pl.String, **words, "user": user, "retweeted_status": pl.Struct(words)}
    original = pl.col("retweeted_status").struct
    table = (
        pl.scan_ndjson(path, schema=schema)
        .select("id_str", "created_at", "user", *(pl.coalesce(original.field(name), pl.col(name)).alias(name) for name in words))
        .collect()
    )
    sums = table.select(pl.col("favorite_count").sum(), pl.col("full_text").str.len_chars().sum()).row(0)
    return table.height, *sums


if __name__ == "__main__":
    print(*{"orjson": orjson, "duckdb": duckdb, "polars": polars}[sys.argv[1]](sys.argv[2]))
