//! Shapes of scrapers and of vendors that sell their results: one layout each.

use super::layout::{Layout, Lists};

/// twscrape, and snscrape of both ages, which it grew from.
pub(super) const TWSCRAPE: Layout<'_> = Layout {
    id: &["/id_str", "/id"],
    page: &["/url"],
    created_at: &["/date"],
    text: &["/rawContent", "/content"],
    lang: &["/lang"],
    handle: &["/user/username"],
    name: &["/user/displayname"],
    followers: &["/user/followersCount"],
    likes: &["/likeCount"],
    reposts: &["/retweetCount"],
    replies: &["/replyCount"],
    quotes: &["/quoteCount"],
    bookmarks: &["/bookmarkedCount", "/bookmarkCount"],
    views: &["/viewCount"],
    links: Lists { at: &["/links", "/outlinks"], item: &["/url"], short: &["/tcourl"] },
    short_links: &["/tcooutlinks"],
    hashtags: Lists { at: &["/hashtags"], ..NONE },
    cashtags: Lists { at: &["/cashtags"], ..NONE },
    mentions: Lists { at: &["/mentionedUsers"], item: &["/username"], ..NONE },
    media: &[
        Lists { at: &["/media/photos"], item: &["/url"], short: &[] },
        Lists { at: &["/media/videos"], item: &["/thumbnailUrl"], short: &[] },
        Lists { at: &["/media/animated"], item: &["/videoUrl", "/thumbnailUrl"], short: &[] },
        Lists { at: &["/media"], item: &["/fullUrl", "/previewUrl", "/thumbnailUrl"], short: &[] },
    ],
    retweeted: &["/retweetedTweet"],
    quoted: &["/quotedTweet"],
    replied_id: &["/inReplyToTweetIdStr", "/inReplyToTweetId"],
    replied_handle: &["/inReplyToUser/username", "/inReplyToScreenName"],
    ..EMPTY
};

/// twint, JSON and CSV. Its dates have the name of a zone, so the id tells the time where that name is not known.
pub(super) const TWINT: Layout<'_> = Layout {
    id: &["/id"],
    page: &["/link"],
    created_at: &["/created_at"],
    text: &["/tweet"],
    lang: &["/language"],
    handle: &["/username"],
    name: &["/name"],
    likes: &["/likes_count"],
    reposts: &["/retweets_count"],
    replies: &["/replies_count"],
    links: Lists { at: &["/urls"], ..NONE },
    hashtags: Lists { at: &["/hashtags"], ..NONE },
    cashtags: Lists { at: &["/cashtags"], ..NONE },
    mentions: Lists { at: &["/mentions"], item: &["/screen_name"], ..NONE },
    media: &[Lists { at: &["/photos"], ..NONE }],
    quoted_id: &["/quote_url"],
    // Its older age lists the author first, in every tweet.
    replied_handle: &["/reply_to/0/screen_name", "/reply_to/1/username", "/reply_to/0/username"],
    conversation: &["/conversation_id"],
    ..EMPTY
};

/// A twint retweet: the record is the original, and tells beside it who passed it on. Without an id of its own it is
/// nothing but the original.
pub(super) const TWINT_RETWEET: Layout<'_> = Layout {
    id: &["/retweet_id"],
    page: &[],
    created_at: &["/retweet_date"],
    handle: &["/user_rt"],
    name: &[],
    retweeted_id: &["/id"],
    retweeted_handle: &["/username"],
    ..TWINT
};

/// twitterapi.io; the tweet-scraper actor on Apify writes almost the same.
pub(super) const TWITTERAPI_IO: Layout<'_> = Layout {
    id: &["/id"],
    page: &["/url", "/twitterUrl"],
    created_at: &["/createdAt"],
    text: &["/fullText", "/text"],
    article: &["/article/title", "/article/preview_text"],
    lang: &["/lang"],
    handle: &["/author/userName"],
    name: &["/author/name"],
    followers: &["/author/followers"],
    likes: &["/likeCount"],
    reposts: &["/retweetCount"],
    replies: &["/replyCount"],
    quotes: &["/quoteCount"],
    bookmarks: &["/bookmarkCount"],
    views: &["/viewCount"],
    links: Lists { at: &["/entities/urls"], item: &["/expanded_url"], short: &["/url"] },
    hashtags: Lists { at: &["/entities/hashtags"], item: &["/text"], ..NONE },
    cashtags: Lists { at: &["/entities/symbols"], item: &["/text"], ..NONE },
    mentions: Lists { at: &["/entities/user_mentions"], item: &["/screen_name"], ..NONE },
    media: &[Lists { at: &["/extendedEntities/media"], item: &["/media_url_https"], short: &[] }],
    retweeted: &["/retweeted_tweet", "/retweet"],
    is_retweet: &["/isRetweet"],
    quoted: &["/quoted_tweet", "/quote"],
    quoted_id: &["/quoteId"],
    is_quote: &["/isQuote"],
    replied_id: &["/inReplyToId"],
    replied_handle: &["/inReplyToUsername"],
    is_reply: &["/isReply"],
    ..EMPTY
};

/// rettiwt-api.
pub(super) const RETTIWT: Layout<'_> = Layout {
    id: &["/id"],
    page: &["/url"],
    created_at: &["/createdAt"],
    text: &["/fullText"],
    lang: &["/lang"],
    handle: &["/tweetBy/userName"],
    name: &["/tweetBy/fullName"],
    followers: &["/tweetBy/followersCount"],
    likes: &["/likeCount"],
    reposts: &["/retweetCount"],
    replies: &["/replyCount"],
    quotes: &["/quoteCount"],
    bookmarks: &["/bookmarkCount"],
    views: &["/viewCount"],
    links: Lists { at: &["/entities/urls"], ..NONE },
    hashtags: Lists { at: &["/entities/hashtags"], ..NONE },
    mentions: Lists { at: &["/entities/mentionedUsers"], ..NONE },
    media: &[Lists { at: &["/media"], item: &["/url"], short: &[] }],
    retweeted: &["/retweetedTweet"],
    quoted: &["/quoted"],
    quoted_id: &["/quoted"],
    replied_id: &["/replyTo"],
    ..EMPTY
};

/// agent-twitter-client and the-convocation's scraper; apps around them rename counts.
pub(super) const AGENT: Layout<'_> = Layout {
    id: &["/id"],
    page: &["/permanentUrl"],
    created_at: &["/timeParsed", "/timestamp"],
    text: &["/text"],
    escaped_lines: true,
    handle: &["/username"],
    name: &["/name"],
    likes: &["/likes", "/likeCount"],
    reposts: &["/retweets", "/retweetCount"],
    replies: &["/replies", "/replyCount"],
    bookmarks: &["/bookmarkCount"],
    views: &["/views"],
    links: Lists { at: &["/urls"], ..NONE },
    hashtags: Lists { at: &["/hashtags"], ..NONE },
    mentions: Lists { at: &["/mentions"], item: &["/username"], ..NONE },
    media: &[
        Lists { at: &["/photos"], item: &["/url"], short: &[] },
        Lists { at: &["/videos"], item: &["/url", "/preview"], short: &[] },
    ],
    retweeted: &["/retweetedStatus"],
    retweeted_id: &["/retweetedStatusId"],
    is_retweet: &["/isRetweet"],
    quoted: &["/quotedStatus", "/quotedTweet"],
    quoted_id: &["/quotedStatusId"],
    is_quote: &["/isQuoted"],
    replied_id: &["/inReplyToStatusId"],
    replied_handle: &["/inReplyToStatus/username"],
    is_reply: &["/isReply"],
    ..EMPTY
};

/// The same client in Go.
pub(super) const AGENT_GO: Layout<'_> = Layout {
    id: &["/ID"],
    page: &["/PermanentURL"],
    created_at: &["/TimeParsed", "/Timestamp"],
    text: &["/Text"],
    escaped_lines: true,
    handle: &["/Username"],
    name: &["/Name"],
    likes: &["/Likes"],
    reposts: &["/Retweets"],
    replies: &["/Replies"],
    bookmarks: &["/BookmarkCount"],
    views: &["/Views"],
    links: Lists { at: &["/URLs"], ..NONE },
    hashtags: Lists { at: &["/Hashtags"], ..NONE },
    mentions: Lists { at: &["/Mentions"], item: &["/Username"], ..NONE },
    media: &[
        Lists { at: &["/Photos"], item: &["/URL"], short: &[] },
        Lists { at: &["/Videos"], item: &["/URL", "/Preview"], short: &[] },
        Lists { at: &["/GIFs"], item: &["/URL", "/Preview"], short: &[] },
    ],
    retweeted: &["/RetweetedStatus"],
    retweeted_id: &["/RetweetedStatusID"],
    is_retweet: &["/IsRetweet"],
    quoted: &["/QuotedStatus"],
    quoted_id: &["/QuotedStatusID"],
    is_quote: &["/IsQuoted"],
    replied_id: &["/InReplyToStatusID"],
    replied_handle: &["/InReplyToStatus/Username"],
    is_reply: &["/IsReply"],
    ..EMPTY
};

/// twitter154 on RapidAPI.
pub(super) const TWITTER154: Layout<'_> = Layout {
    id: &["/tweet_id"],
    created_at: &["/creation_date", "/timestamp"],
    text: &["/text"],
    lang: &["/language"],
    handle: &["/user/username"],
    name: &["/user/name"],
    followers: &["/user/follower_count"],
    likes: &["/favorite_count"],
    reposts: &["/retweet_count"],
    replies: &["/reply_count"],
    quotes: &["/quote_count"],
    bookmarks: &["/bookmark_count"],
    views: &["/views"],
    links: Lists { at: &["/expanded_url"], ..NONE },
    media: &[Lists {
        at: &["/extended_entities/media", "/video_url", "/media_url"],
        item: &["/media_url_https", "/url"],
        short: &[],
    }],
    retweeted: &["/retweet_status"],
    retweeted_id: &["/retweet_tweet_id"],
    is_retweet: &["/retweet"],
    quoted: &["/quoted_status"],
    quoted_id: &["/quoted_status_id"],
    replied_id: &["/in_reply_to_status_id"],
    ..EMPTY
};

const NONE: Lists<'_> = Lists::NONE;
const EMPTY: Layout<'_> = Layout::EMPTY;
