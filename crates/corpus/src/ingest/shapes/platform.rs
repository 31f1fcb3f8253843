//! Shapes that X itself writes: API v1.1 and what kept its keys (personal archive, syndication), the web client's
//! GraphQL, and Gnip's activity streams. API v2 has a file of its own.

use super::layout::{Layout, Lists};

/// API v1.1: a status, alone or in a page. Streams put everything beyond 140 characters into `extended_tweet`.
pub(super) const API_V1: Layout<'_> = Layout {
    id: &["/id_str", "/id"],
    page: &["/permalink"],
    created_at: &["/created_at", "/timestamp_ms"],
    text: &["/extended_tweet/full_text", "/full_text", "/text"],
    lang: &["/lang"],
    handle: &["/user/screen_name"],
    name: &["/user/name"],
    followers: &["/user/followers_count"],
    likes: &["/favorite_count"],
    reposts: &["/retweet_count"],
    replies: &["/reply_count"],
    quotes: &["/quote_count"],
    bookmarks: &["/bookmark_count"],
    views: &["/view_count", "/views/count", "/views"],
    links: Lists {
        at: &["/extended_tweet/entities/urls", "/entities/urls"],
        item: &["/expanded_url"],
        short: &["/url"],
    },
    hashtags: Lists {
        at: &["/extended_tweet/entities/hashtags", "/entities/hashtags"],
        item: &["/text"],
        ..NONE
    },
    cashtags: Lists {
        at: &["/extended_tweet/entities/symbols", "/entities/symbols"],
        item: &["/text"],
        ..NONE
    },
    mentions: Lists {
        at: &["/extended_tweet/entities/user_mentions", "/entities/user_mentions"],
        item: &["/screen_name"],
        ..NONE
    },
    media: &[Lists {
        at: &["/extended_tweet/extended_entities/media", "/extended_entities/media", "/entities/media"],
        item: &["/media_url_https", "/media_url"],
        short: &[],
    }],
    retweeted: &["/retweeted_status"],
    quoted: &["/quoted_status"],
    quoted_id: &["/quoted_status_id_str", "/quoted_status_id", "/quoted_status_permalink/expanded"],
    replied_id: &["/in_reply_to_status_id_str", "/in_reply_to_status_id"],
    replied_handle: &["/in_reply_to_screen_name"],
    ..EMPTY
};

/// A status of a personal archive: numbers are strings, there is no author, and what is quoted is only linked to.
pub(super) const ARCHIVED: Layout<'_> = Layout { quotes_by_link: true, ..API_V1 };

/// The embed of a single tweet: v1.1 keys, and some of its own.
pub(super) const SYNDICATION: Layout<'_> = Layout {
    replies: &["/conversation_count"],
    media: &[Lists { at: &["/mediaDetails", "/photos"], item: &["/media_url_https", "/url"], short: &[] }],
    quoted: &["/quoted_tweet"],
    replied_id: &["/in_reply_to_status_id_str", "/parent/id_str"],
    replied_handle: &["/in_reply_to_screen_name", "/parent/user/screen_name"],
    ..API_V1
};

/// The web client's GraphQL: the status under `legacy`, everything newer around it. The author's place moved twice.
pub(super) const GRAPHQL: Layout<'_> = Layout {
    id: &["/rest_id", "/legacy/id_str"],
    page: &[],
    created_at: &["/legacy/created_at"],
    text: &["/note_tweet/note_tweet_results/result/text", "/legacy/full_text"],
    article: &["/article/article_results/result/title", "/article/article_results/result/preview_text"],
    lang: &["/legacy/lang"],
    handle: &["/core/user_results/result/core/screen_name", "/core/user_results/result/legacy/screen_name"],
    name: &["/core/user_results/result/core/name", "/core/user_results/result/legacy/name"],
    followers: &[
        "/core/user_results/result/relationship_counts/followers",
        "/core/user_results/result/legacy/followers_count",
    ],
    likes: &["/legacy/favorite_count"],
    reposts: &["/legacy/retweet_count"],
    replies: &["/legacy/reply_count"],
    quotes: &["/legacy/quote_count"],
    bookmarks: &["/legacy/bookmark_count"],
    views: &["/views/count"],
    links: Lists {
        at: &["/note_tweet/note_tweet_results/result/entity_set/urls", "/legacy/entities/urls"],
        item: &["/expanded_url"],
        short: &["/url"],
    },
    hashtags: Lists {
        at: &["/note_tweet/note_tweet_results/result/entity_set/hashtags", "/legacy/entities/hashtags"],
        item: &["/text"],
        ..NONE
    },
    cashtags: Lists {
        at: &["/note_tweet/note_tweet_results/result/entity_set/symbols", "/legacy/entities/symbols"],
        item: &["/text"],
        ..NONE
    },
    mentions: Lists {
        at: &[
            "/note_tweet/note_tweet_results/result/entity_set/user_mentions",
            "/legacy/entities/user_mentions",
        ],
        item: &["/screen_name"],
        ..NONE
    },
    media: &[Lists {
        at: &["/legacy/extended_entities/media", "/legacy/entities/media"],
        item: &["/media_url_https"],
        short: &[],
    }],
    retweeted: &["/legacy/retweeted_status_result/result/tweet", "/legacy/retweeted_status_result/result"],
    quoted: &["/quoted_status_result/result/tweet", "/quoted_status_result/result"],
    quoted_id: &[
        "/legacy/quoted_status_id_str",
        "/quotedRefResult/result/tweet/rest_id",
        "/quotedRefResult/result/rest_id",
        "/legacy/quoted_status_permalink/expanded",
    ],
    replied_id: &["/legacy/in_reply_to_status_id_str"],
    replied_handle: &["/legacy/in_reply_to_screen_name"],
    ..EMPTY
};

/// Gnip's activity streams, as PowerTrack and the historical archives wrote them. `verb: share` is a retweet.
pub(super) const GNIP: Layout<'_> = Layout {
    id: &[],
    page: &["/id", "/link"],
    created_at: &["/postedTime"],
    text: &["/long_object/body", "/body"],
    lang: &["/twitter_lang"],
    handle: &["/actor/preferredUsername"],
    name: &["/actor/displayName"],
    followers: &["/actor/followersCount"],
    likes: &["/favoritesCount"],
    reposts: &["/retweetCount"],
    links: Lists {
        at: &["/long_object/twitter_entities/urls", "/twitter_entities/urls", "/gnip/urls"],
        item: &["/expanded_url"],
        short: &["/url"],
    },
    hashtags: Lists {
        at: &["/long_object/twitter_entities/hashtags", "/twitter_entities/hashtags"],
        item: &["/text"],
        ..NONE
    },
    cashtags: Lists {
        at: &["/long_object/twitter_entities/symbols", "/twitter_entities/symbols"],
        item: &["/text"],
        ..NONE
    },
    mentions: Lists {
        at: &["/long_object/twitter_entities/user_mentions", "/twitter_entities/user_mentions"],
        item: &["/screen_name"],
        ..NONE
    },
    media: &[Lists {
        at: &["/long_object/twitter_extended_entities/media", "/twitter_extended_entities/media"],
        item: &["/media_url_https"],
        short: &[],
    }],
    quoted: &["/twitter_quoted_status"],
    replied_id: &["/inReplyTo/link"],
    ..EMPTY
};

/// A Gnip retweet: the activity's object is the original.
pub(super) const GNIP_SHARE: Layout<'_> = Layout { retweeted: &["/object"], ..GNIP };

const NONE: Lists<'_> = Lists::NONE;
const EMPTY: Layout<'_> = Layout::EMPTY;
