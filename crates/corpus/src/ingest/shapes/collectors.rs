//! Shapes that collectors' repositories write, feeds, and flat records: a row of CSV with a header, an object without
//! anything nested.

use super::layout::{Layout, Lists};

/// x-kit's home timeline, one array a day. No id, date or counts: the link tells the first two.
pub(super) const X_KIT_DAILY: Layout<'_> = Layout {
    page: &["/tweetUrl"],
    created_at: &["/created_at"],
    text: &["/fullText"],
    handle: &["/user/screenName"],
    name: &["/user/name"],
    followers: &["/user/followersCount"],
    media: &[
        Lists { at: &["/images"], item: &[], short: &[] },
        Lists { at: &["/videos"], item: &[], short: &[] },
    ],
    ..EMPTY
};

/// x-kit's timelines of single users; the handle may stand once at the head of the file.
pub(super) const X_KIT_USER: Layout<'_> = Layout {
    id: &["/id_str", "/id"],
    created_at: &["/created_at"],
    text: &["/text"],
    lang: &["/lang"],
    handle: &["/_handle"],
    likes: &["/favorite_count"],
    reposts: &["/retweet_count"],
    replies: &["/reply_count"],
    quotes: &["/quote_count"],
    bookmarks: &["/bookmark_count"],
    views: &["/views"],
    media: &[Lists { at: &["/media"], item: &["/url"], short: &[] }],
    is_retweet: &["/is_retweet"],
    is_quote: &["/is_quote"],
    ..EMPTY
};

/// x-digest's days.
pub(super) const X_DIGEST: Layout<'_> = Layout {
    id: &["/id"],
    page: &["/url"],
    created_at: &["/time"],
    text: &["/text"],
    joins_threads: true,
    handle: &["/author"],
    likes: &["/likes"],
    reposts: &["/rts"],
    replies: &["/replies"],
    views: &["/views"],
    links: Lists { at: &["/links"], item: &["/url"], short: &[] },
    retweeted: &["/rt_of"],
    quoted: &["/quoted"],
    replied_handle: &["/reply_to"],
    is_reply: &["/is_reply"],
    ..EMPTY
};

/// follow-builders' snapshots; the author stands beside the list.
pub(super) const FOLLOW_BUILDERS: Layout<'_> = Layout {
    id: &["/id"],
    page: &["/url"],
    created_at: &["/createdAt"],
    text: &["/text"],
    handle: &["/handle"],
    name: &["/name"],
    likes: &["/likes"],
    reposts: &["/retweets"],
    replies: &["/replies"],
    is_quote: &["/isQuote"],
    quoted_id: &["/quotedTweetId"],
    ..EMPTY
};

/// An item of a feed (nitter, RSSHub), as the XML reader hands it on.
pub(super) const FEED: Layout<'_> = Layout {
    id: &["/guid"],
    page: &["/guid", "/link"],
    created_at: &["/pubDate"],
    text: &["/title"],
    handle: &["/creator"],
    name: &["/author"],
    replied_handle: &["/in_reply_to"],
    ..EMPTY
};

/// A flat record under the names that exports commonly use, in lower case with `_`.
pub(super) const FLAT: Layout<'_> = Layout {
    id: &["/id_str", "/tweet_id", "/tweetid", "/status_id", "/post_id", "/id"],
    page: &[
        "/tweet_url",
        "/permalink",
        "/tweet_permalink",
        "/permanenturl",
        "/tweet_link",
        "/status_url",
        "/post_link",
        "/url",
        "/link",
    ],
    created_at: &[
        "/created_at",
        "/createdat",
        "/tweet_time",
        "/timestamp",
        "/posted_at",
        "/datetime",
        "/date",
        "/time",
    ],
    text: &[
        "/full_text",
        "/fulltext",
        "/tweet_text",
        "/post_text",
        "/text",
        "/rawcontent",
        "/content",
        "/tweet",
        "/body",
    ],
    lang: &["/lang", "/language", "/tweet_language"],
    handle: &[
        "/screen_name",
        "/username",
        "/user_screen_name",
        "/user_name",
        "/author_username",
        "/author_handle",
        "/from_user",
        "/handle",
        "/author",
        "/user",
    ],
    name: &[
        "/name",
        "/author_name",
        "/display_name",
        "/displayname",
        "/user_display_name",
        "/from_user_name",
    ],
    followers: &[
        "/followers",
        "/followers_count",
        "/follower_count",
        "/user_followers",
        "/user_followers_count",
        "/author_public_metrics_followers_count",
    ],
    likes: &[
        "/likes",
        "/like_count",
        "/likes_count",
        "/likecount",
        "/favorite_count",
        "/favorites",
        "/public_metrics_like_count",
    ],
    reposts: &[
        "/retweets",
        "/retweet_count",
        "/retweets_count",
        "/retweetcount",
        "/reposts",
        "/repost_count",
        "/public_metrics_retweet_count",
        "/public_metrics_repost_count",
    ],
    replies: &[
        "/replies",
        "/reply_count",
        "/replies_count",
        "/replycount",
        "/comments",
        "/public_metrics_reply_count",
    ],
    quotes: &["/quotes", "/quote_count", "/quotes_count", "/quotecount", "/public_metrics_quote_count"],
    bookmarks: &[
        "/bookmarks",
        "/bookmark_count",
        "/bookmarks_count",
        "/bookmarkcount",
        "/public_metrics_bookmark_count",
    ],
    views: &[
        "/views",
        "/view_count",
        "/views_count",
        "/viewcount",
        "/impressions",
        "/impression_count",
        "/public_metrics_impression_count",
    ],
    links: Lists {
        at: &["/urls", "/links", "/outlinks", "/entities_urls"],
        item: &["/expanded_url", "/url"],
        short: &["/url"],
    },
    hashtags: Lists { at: &["/hashtags", "/entities_hashtags"], item: &["/text", "/tag"], short: &[] },
    cashtags: Lists {
        at: &["/cashtags", "/symbols", "/entities_cashtags"],
        item: &["/text", "/tag"],
        short: &[],
    },
    mentions: Lists {
        at: &["/mentions", "/entities_mentions"],
        item: &["/username", "/screen_name"],
        short: &[],
    },
    media: &[Lists { at: &["/media", "/photos", "/images"], item: &["/url"], short: &[] }],
    is_retweet: &["/is_retweet", "/retweet"],
    retweeted_id: &["/referenced_tweets_retweeted_id"],
    is_quote: &["/is_quote"],
    quoted_id: &["/referenced_tweets_quoted_id"],
    replied_id: &[
        "/in_reply_to_status_id",
        "/in_reply_to_tweetid",
        "/in_reply_to_id",
        "/referenced_tweets_replied_to_id",
    ],
    replied_handle: &["/in_reply_to_screen_name"],
    is_reply: &["/is_reply"],
    ..EMPTY
};

const EMPTY: Layout<'_> = Layout::EMPTY;
