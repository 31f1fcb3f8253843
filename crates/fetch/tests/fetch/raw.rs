//! A server that answers in bytes, for answers that no honest server gives.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

/// One answer, then silence for so long, then the end of the connection.
pub(crate) struct Bytes(pub(crate) &'static str, pub(crate) Duration);

/// The address of a server that gives these answers, one a connection, the last one for ever.
pub(crate) async fn serve(answers: Vec<Bytes>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let Bytes(answer, silence) = answers.get(turn).unwrap_or_else(|| answers.last().unwrap());
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            tokio::time::sleep(*silence).await;
        }
    });
    format!("http://{address}")
}
