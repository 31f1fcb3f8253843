//! An SMTP server that takes mails as RFC 5321 says, and keeps them.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) data: String,
}

pub(crate) struct Smtp {
    pub(crate) port: u16,
    mails: Arc<Mutex<Vec<Taken>>>,
}

impl Smtp {
    /// Answers each `RCPT TO` with this.
    pub(crate) async fn start(recipient: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mails: Arc<Mutex<Vec<Taken>>> = Arc::default();
        let kept = Arc::clone(&mails);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = converse(stream, recipient, &kept).await;
            }
        });
        Self { port, mails }
    }

    pub(crate) fn mails(&self) -> Vec<Taken> {
        self.mails.lock().unwrap().clone()
    }
}

async fn converse(stream: TcpStream, recipient: &str, kept: &Mutex<Vec<Taken>>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut mail = Taken::default();
    stream.write_all(b"220 test ESMTP\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return Some(());
        }
        assert!(line.ends_with("\r\n") && line.len() <= 512, "{line:?}");
        let command = line.trim_end().to_owned();
        let answer = match command.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250-test\r\n250 AUTH PLAIN LOGIN\r\n".to_owned(),
            "AUTH" => "235 ok\r\n".to_owned(),
            "MAIL" => {
                mail.from = command;
                "250 ok\r\n".to_owned()
            }
            "RCPT" => {
                mail.to.push(command);
                format!("{recipient}\r\n")
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n").await.ok()?;
                mail.data = data(&mut stream).await?;
                kept.lock().unwrap().push(std::mem::take(&mut mail));
                "250 taken\r\n".to_owned()
            }
            "QUIT" => "221 bye\r\n".to_owned(),
            _ => "250 ok\r\n".to_owned(),
        };
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        assert!(line.len() <= 1000 && line.is_ascii(), "{line:?}");
        if line == ".\r\n" {
            return Some(data);
        }
        data.push_str(&line);
    }
}
