//! Redirects out of the public Internet: here, because loopback must count as public for once.

use std::net::{IpAddr, Ipv4Addr};

use wiremock::{Mock, MockServer, ResponseTemplate, matchers::path};

use super::*;
use crate::{Forbidden, Settings, address::Reach};

fn client(folder: &std::path::Path, reach: Reach) -> Client {
    Client::within(&Settings { folder: folder.to_owned(), ..Settings::default() }, reach).unwrap()
}

async fn server(location: &str) -> MockServer {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(302).insert_header("location", location);
    Mock::given(path("/moved")).respond_with(moved).mount(&server).await;
    Mock::given(path("/day"))
        .respond_with(ResponseTemplate::new(200).set_body_string("{}"))
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_redirect_to_a_private_address_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path(), Reach::PublicAnd(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    for location in
        ["http://127.0.0.2/day", "http://169.254.169.254/latest/", "http://[::1]/day", "http://10.0.0.1/"]
    {
        let server = server(location).await;
        let result = download(&client, &format!("{}/moved", server.uri())).await;
        assert!(
            matches!(&result, Err(FetchError::Forbidden { reason: Forbidden::Private(_), .. })),
            "{location}: {result:?}"
        );
    }
    let server = server("/day").await;
    download(&client, &format!("{}/moved", server.uri())).await.unwrap();
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused_without_a_connection() {
    let folder = tempfile::tempdir().unwrap();
    let client = client(folder.path(), Reach::Public);
    let server = server("/day").await;
    let url = server.uri().replace("127.0.0.1", "localhost");
    let error = download(&client, &format!("{url}/day")).await.unwrap_err();
    assert!(matches!(&error, FetchError::Forbidden { reason: Forbidden::Private(_), .. }), "{error:?}");
    assert!(error.hint().unwrap().contains("allow_private"));
    assert!(server.received_requests().await.unwrap().is_empty());
}
