//! The fields of a mapping, in the order in which they are looked for, each with the names and the kind of values that
//! it may have.

use super::{
    super::mapping::{Mapping, Places},
    names::Names,
};

/// What the values of a field look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Page,
    Id,
    Date,
    Handle,
    Text,
    Name,
    Count,
    Language,
    Links,
    Words,
    Truth,
    OtherId,
    OtherHandle,
}

/// How a field is found.
pub(super) struct Rule {
    /// The mapping's key.
    pub(super) field: &'static str,
    pub(super) shape: Shape,
    pub(super) names: Names,
    /// How much the field says for a list being one of tweets.
    pub(super) weight: f64,
    /// Where the mapping keeps it.
    pub(super) of: fn(&mut Mapping) -> &mut Places,
}

const fn count(
    field: &'static str,
    of: fn(&mut Mapping) -> &mut Places,
    words: &'static str,
    against: &'static str,
) -> Rule {
    Rule { field, shape: Shape::Count, names: Names { words, against, ..Names::NONE }, weight: 0.5, of }
}

const fn list(
    field: &'static str,
    shape: Shape,
    of: fn(&mut Mapping) -> &mut Places,
    words: &'static str,
    against: &'static str,
) -> Rule {
    let names = Names { words, against, ..Names::NONE };
    Rule { field, shape, names, weight: 0.2, of }
}

const fn truth(field: &'static str, of: fn(&mut Mapping) -> &mut Places, whole: &'static str) -> Rule {
    Rule {
        field,
        shape: Shape::Truth,
        names: Names { whole, of_other: true, ..Names::NONE },
        weight: 0.2,
        of,
    }
}

const fn other(
    field: &'static str,
    shape: Shape,
    of: fn(&mut Mapping) -> &mut Places,
    words: &'static str,
) -> Rule {
    let names = Names {
        words,
        against: "count text conversation setting",
        of_other: true,
        of_author: matches!(shape, Shape::OtherHandle),
        ..Names::NONE
    };
    Rule { field, shape, names, weight: 0.2, of }
}

pub(super) static RULES: [Rule; 26] = [
    Rule {
        field: "page",
        shape: Shape::Page,
        names: Names {
            whole: "url link permalink permanenturl tweeturl statusurl posturl href 链接 网址",
            words: "url link permalink href uri 链接 网址 地址",
            against: "quote quoted retweet reply profile image media 引用 转发 图片",
            ..Names::NONE
        },
        weight: 1.0,
        of: |mapping| &mut mapping.page,
    },
    Rule {
        field: "id",
        shape: Shape::Id,
        names: Names {
            whole: "id idstr tweetid statusid postid restid tid 编号 推文id 推文编号 帖子id",
            words: "id 编号",
            against: "user author account conversation thread reply quoted quote retweet parent media \
                job list session 用户 作者 会话 回复 引用 转发",
            ..Names::NONE
        },
        weight: 3.0,
        of: |mapping| &mut mapping.id,
    },
    Rule {
        field: "created_at",
        shape: Shape::Date,
        names: Names {
            whole: "createdat created date time datetime timestamp postedat posted publishedat \
                published publishtime posttime pubdate when ts 时间 日期 发布时间 发表时间 发推时间 创建时间 发布日期",
            words: "created posted published date time timestamp 时间 日期 发布 发表",
            against: "update updated edited modified fetched crawled scraped collected retrieved \
                indexed inserted joined expires 更新 采集 抓取 爬取 入库 修改 注册",
            ..Names::NONE
        },
        weight: 2.0,
        of: |mapping| &mut mapping.created_at,
    },
    Rule {
        field: "handle",
        shape: Shape::Handle,
        names: Names {
            whole: "handle screenname username user author account authorhandle authorusername by \
                from poster who 账号 帐号 用户名 作者 博主 用户 发布者",
            words: "handle screen username login account 账号 帐号 用户名",
            against: "id reply mention quote quoted retweet url type kind role status location source \
                lang 回复 引用",
            of_author: true,
            ..Names::NONE
        },
        weight: 2.0,
        of: |mapping| &mut mapping.handle,
    },
    Rule {
        field: "text",
        shape: Shape::Text,
        names: Names {
            whole: "text fulltext content body message tweet tweettext tweetcontent rawcontent post \
                正文 内容 文本 推文 推文内容 原文 全文",
            words: "text content body message tweet words 正文 内容 文本 推文 原文",
            against: "html translated translation alt context title bio description summary quote \
                quoted reply 译文 翻译 标题 摘要 简介 引用 评论",
            ..Names::NONE
        },
        weight: 3.0,
        of: |mapping| &mut mapping.text,
    },
    Rule {
        field: "name",
        shape: Shape::Name,
        names: Names {
            whole: "name displayname fullname authorname nickname nick 昵称 姓名 名字 显示名",
            words: "name nick 昵称 姓名",
            against: "screen type label file list place source reply quote id 用户名",
            of_author: true,
            ..Names::NONE
        },
        weight: 0.3,
        of: |mapping| &mut mapping.name,
    },
    Rule {
        field: "followers",
        shape: Shape::Count,
        names: Names {
            words: "follower fan 粉丝",
            against: "following 关注 id",
            of_author: true,
            ..Names::NONE
        },
        weight: 0.3,
        of: |mapping| &mut mapping.followers,
    },
    count("likes", |m| &mut m.likes, "like fav favorite favourite heart 点赞 赞 喜欢", "dislike id"),
    count("reposts", |m| &mut m.reposts, "retweet repost rt reshare share 转发 转推", "quote id"),
    count("replies", |m| &mut m.replies, "reply replies comment 评论 回复", "to id user"),
    count("quotes", |m| &mut m.quotes, "quote 引用", "id"),
    count("bookmarks", |m| &mut m.bookmarks, "bookmark save 收藏 书签", "id"),
    count(
        "views",
        |m| &mut m.views,
        "view impression read 浏览 阅读 曝光 展现 查看",
        "id review preview thread",
    ),
    Rule {
        field: "lang",
        shape: Shape::Language,
        names: Names { words: "lang language locale 语言 语种", ..Names::NONE },
        weight: 0.3,
        of: |mapping| &mut mapping.lang,
    },
    list(
        "media",
        Shape::Links,
        |m| &mut m.media,
        "media photo image picture pic video img 图片 视频 配图",
        "id count profile avatar",
    ),
    list(
        "urls",
        Shape::Links,
        |m| &mut m.urls,
        "url link outlink 链接",
        "media photo image picture video img profile avatar id count",
    ),
    list(
        "hashtags",
        Shape::Words,
        |m| &mut m.hashtags,
        "hashtag tag topic 话题 标签",
        "id count profile avatar",
    ),
    list(
        "cashtags",
        Shape::Words,
        |m| &mut m.cashtags,
        "cashtag symbol ticker 股票",
        "id count profile avatar",
    ),
    list("mentions", Shape::Words, |m| &mut m.mentions, "mention 提及", "id count profile avatar"),
    truth("is_retweet", |m| &mut m.is_retweet, "isretweet retweet isrt isrepost repost 是否转发 转发"),
    truth("is_quote", |m| &mut m.is_quote, "isquote isquotestatus quote 是否引用 引用"),
    truth("is_reply", |m| &mut m.is_reply, "isreply reply 是否回复 回复"),
    other("quoted_id", Shape::OtherId, |m| &mut m.quoted_id, "quote quoted 引用"),
    other("replied_id", Shape::OtherId, |m| &mut m.replied_id, "reply replied parent 回复"),
    other("replied_handle", Shape::OtherHandle, |m| &mut m.replied_handle, "reply replied 回复"),
    truth(
        "promoted",
        |m| &mut m.promoted,
        "promoted ispromoted sponsored issponsored isad ad paid 广告 推广 是否广告",
    ),
];
