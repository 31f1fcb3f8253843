//! Reading from an object store: an S3 server over a folder, in this process.

use std::{fs, path::Path};

use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;

use super::{FIXTURES, digest, printed, scale, statuses};

/// Serves the folders below `root` as buckets, as long as the runtime lives; the address.
async fn serve(root: &Path) -> String {
    let mut service = S3ServiceBuilder::new(FileSystem::new(root).unwrap());
    service.set_auth(SimpleAuth::from_single("reader", "not-a-secret"));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let service = service.clone();
            let connections = Builder::new(TokioExecutor::new());
            tokio::spawn(
                async move { connections.serve_connection(TokioIo::new(socket), service).await.ok() },
            );
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_are_read_as_files_are() {
    let (folder, buckets) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (root, bucket) = (folder.path(), buckets.path().join("archive/2026"));
    fs::create_dir_all(&bucket).unwrap();
    fs::write(bucket.join("large.jsonl"), statuses(400, 3)).unwrap();
    fs::write(bucket.join("picture.png"), "no data").unwrap();
    for entry in fs::read_dir(format!("{FIXTURES}/ai")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, bucket.join(path.file_name().unwrap())).unwrap();
    }
    let address = serve(buckets.path()).await;
    let keys = [
        ("AWS_ENDPOINT", address.as_str()),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "reader"),
        ("AWS_SECRET_ACCESS_KEY", "not-a-secret"),
    ];
    let import = ["import", "--store", "objects", "--split", "1", "s3://archive/2026"];
    tokio::task::block_in_place(|| {
        printed(root, &import, &keys);
        printed(root, &["import", "--store", "files", bucket.to_str().unwrap()], &[]);
        assert_eq!(digest(root, "objects", "without_source"), digest(root, "files", "without_source"));
        let wrong =
            keys.map(|(name, value)| (name, if name == "AWS_SECRET_ACCESS_KEY" { "wrong" } else { value }));
        let refused = scale(root, &["import", "--store", "refused", "s3://archive/2026"], &wrong);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("s3://archive/2026"), "{said}");
        assert!(!said.contains("not-a-secret") && !said.contains("wrong"), "no key is told: {said}");
    });
}
