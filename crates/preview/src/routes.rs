//! What is where, and what is answered.

use std::{path::Path as FilePath, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    http::{
        StatusCode,
        header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    middleware,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use report::{Slug, heading};
use tokio::{sync::watch, task::spawn_blocking};

use crate::{
    cards::cards,
    changes,
    editions::policy,
    evidence::account,
    guard::guard,
    markdown,
    pages::{PageHead, Pages},
    site::Site,
};

/// What every answer is made from.
pub(crate) struct Shared {
    pub(crate) site: Arc<Site>,
    pub(crate) pages: Pages,
    pub(crate) port: u16,
    pub(crate) stamps: watch::Receiver<u64>,
}

type Here = State<Arc<Shared>>;

/// All addresses. `{slug}` is a report's name and days, never a path.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/posts/{slug}", get(post))
        .route("/audits/{slug}", get(audit))
        .route("/audits/{slug}/raw", get(raw_audit))
        .route("/html/{slug}", get(edition))
        .route("/pictures/{slug}/{name}", get(picture))
        .route("/changes", get(|State(shared): Here| async move { changes::events(shared.stamps.clone()) }))
        .route(
            "/assets/preview.css",
            get(|| asset("text/css; charset=utf-8", include_str!("../assets/preview.css"))),
        )
        .route(
            "/assets/preview.js",
            get(|| asset("text/javascript; charset=utf-8", include_str!("../assets/preview.js"))),
        )
        .route("/assets/icon.svg", get(|| asset("image/svg+xml", include_str!("../assets/icon.svg"))))
        .fallback(|State(shared): Here| async move { shared.missing() })
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard))
        .with_state(shared)
}

fn asset(kind: &'static str, text: &'static str) -> impl Future<Output = Response> {
    std::future::ready(([(CONTENT_TYPE, kind)], text).into_response())
}

async fn index(State(shared): Here) -> Response {
    apart(shared, |shared| Some(Shared::page(shared.pages.index(shared.stamp(), &cards(&shared.site))))).await
}

async fn post(State(shared): Here, Path(slug): Path<String>) -> Response {
    apart(shared, move |shared| {
        let slug = Slug::of(&slug)?;
        let bytes = shared.site.post(&slug)?;
        let text = String::from_utf8_lossy(&bytes);
        let picture = |name: &str| {
            kind_of(name)?;
            shared.site.picture(&slug, name).map(|_| format!("/pictures/{slug}/{name}"))
        };
        let html = markdown::html(&text, picture);
        Some(shared.headed(&slug, &heading(&text), |head| shared.pages.post(shared.stamp(), head, &html)))
    })
    .await
}

async fn audit(State(shared): Here, Path(slug): Path<String>) -> Response {
    apart(shared, move |shared| {
        let slug = Slug::of(&slug)?;
        let bytes = shared.site.audit(&slug)?;
        let post = shared.site.post(&slug).unwrap_or_default();
        let title = heading(&String::from_utf8_lossy(&post));
        match account(&bytes, &post) {
            Ok(account) => {
                Some(shared.headed(&slug, &title, |head| shared.pages.audit(shared.stamp(), head, &account)))
            }
            Err(error) => {
                let what = format!("The audit of {slug} cannot be shown: {error}.");
                Some(Shared::page(shared.pages.fault(shared.stamp(), &what)))
            }
        }
    })
    .await
}

async fn raw_audit(State(shared): Here, Path(slug): Path<String>) -> Response {
    apart(shared, move |shared| {
        let bytes = shared.site.audit(&Slug::of(&slug)?)?;
        Some(([(CONTENT_TYPE, "application/json")], bytes).into_response())
    })
    .await
}

async fn edition(State(shared): Here, Path(slug): Path<String>) -> Response {
    apart(shared, move |shared| {
        let bytes = shared.site.edition(&Slug::of(&slug)?)?;
        let head = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, policy(&bytes))];
        Some((head, bytes).into_response())
    })
    .await
}

async fn picture(State(shared): Here, Path((slug, name)): Path<(String, String)>) -> Response {
    apart(shared, move |shared| {
        let kind = kind_of(&name)?;
        let bytes = shared.site.picture(&Slug::of(&slug)?, &name)?;
        // A drawing has its own style; as a picture it runs nothing, and opened by itself neither.
        let policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        Some(([(CONTENT_TYPE, kind), (CONTENT_SECURITY_POLICY, policy)], bytes).into_response())
    })
    .await
}

/// The type of a picture, by its ending and plain name; nothing else is served as one.
fn kind_of(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !name.chars().all(plain) {
        return None;
    }
    match FilePath::new(name).extension()?.to_str()? {
        "jpg" | "jpeg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}

/// Reads the disk outside of the threads that serve; `None` is a page that is not there.
async fn apart(
    shared: Arc<Shared>,
    make: impl FnOnce(&Shared) -> Option<Response> + Send + 'static,
) -> Response {
    let answer = spawn_blocking(move || make(&shared).unwrap_or_else(|| shared.missing())).await;
    answer.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

impl Shared {
    fn stamp(&self) -> u64 {
        *self.stamps.borrow()
    }

    fn page(rendered: Result<String, tera::Error>) -> Response {
        let failed =
            |error: tera::Error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response();
        rendered.map_or_else(failed, |page| Html(page).into_response())
    }

    /// A page of a report, with what else there is of it.
    fn headed(
        &self,
        slug: &Slug,
        title: &str,
        make: impl FnOnce(&PageHead<'_>) -> Result<String, tera::Error>,
    ) -> Response {
        let name = slug.to_string();
        let title = if title.is_empty() { &name } else { title };
        let head = PageHead {
            slug: &name,
            title,
            lang: markdown::language(title),
            post: self.site.post(slug).is_some(),
            audit: self.site.audit(slug).is_some(),
            edition: self.site.edition(slug).is_some(),
        };
        Self::page(make(&head))
    }

    fn missing(&self) -> Response {
        let page = self.pages.fault(self.stamp(), "There is no such page.");
        (StatusCode::NOT_FOUND, Self::page(page)).into_response()
    }
}
