//! What holds for every request and every answer.
//!
//! A page of the network must not read this server through the reader's own browser: hence the check of `Host`, against names
//! that were made to lead to 127.0.0.1, and headers that keep other sites from framing or embedding what is here.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
            X_FRAME_OPTIONS,
        },
        uri::Authority,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::routes::Shared;

const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                           connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const ALWAYS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Refuses what is not for us, and sets the headers of every answer.
pub(crate) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let answered = match refusal(&request, shared.port) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    with_headers(answered)
}

fn refusal(request: &Request, port: u16) -> Option<Response> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Some((StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response());
    }
    let named = request.uri().authority().map(Authority::as_str);
    let ours = is_ours(request.headers(), port) && named.is_none_or(|host| is_own(host, port));
    (!ours).then(|| {
        (StatusCode::MISDIRECTED_REQUEST, "this server answers to its own address only\n").into_response()
    })
}

/// One `Host`, and it names this server.
fn is_ours(headers: &HeaderMap, port: u16) -> bool {
    let mut hosts = headers.get_all(HOST).iter();
    let first = hosts.next().and_then(|host| host.to_str().ok());
    first.is_some_and(|host| is_own(host, port)) && hosts.next().is_none()
}

fn is_own(host: &str, port: u16) -> bool {
    let (name, given) = host.split_once(':').unwrap_or((host, "80"));
    matches!(name, "127.0.0.1" | "localhost") && given == port.to_string()
}

fn with_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(PAGE_POLICY));
    response
}
