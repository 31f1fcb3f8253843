//! A server on loopback that does to its clients whatever a test tells it to, down to broken sockets.
//!
//! HTTP/1.1 by hand, because no server library sends half an answer. Nothing panics in its threads: what is wrong with a
//! request is kept, and the test asks for it at the end.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::Value;
use socket2::{Domain, SockRef, Socket, Type};

/// The longest that a connection is kept for a client that does nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// What happens to one request.
pub(crate) enum Play {
    /// A whole answer.
    Whole(Response),
    /// A whole answer in some pieces, with a pause before each.
    Slow(Response, Duration),
    /// The head and half the body, then an orderly end.
    Short(Response),
    /// The head and half the body, then a reset.
    Broken(Response),
    /// The head and half the body, then silence for as long as the client listens.
    Stalled(Response),
    /// A reset before the first byte.
    Reset,
}

/// An answer; its length is told by itself.
#[derive(Clone)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Sent in chunks, as streams are, rather than with its length in front.
    pub(crate) chunked: bool,
}

impl Response {
    pub(crate) fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Self { status, headers, body: body.into(), chunked: false }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Server-sent events.
    pub(crate) fn events(body: impl Into<Vec<u8>>) -> Self {
        Self { chunked: true, ..Self::new(200, "text/event-stream", body) }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// One request as the player sees it.
pub(crate) struct Call {
    /// How many requests came before it.
    pub(crate) number: usize,
    /// How many requests with the same messages came before it.
    pub(crate) attempt: usize,
    /// The same for the same messages, on every machine.
    pub(crate) question: u64,
    pub(crate) body: Value,
}

impl Call {
    /// Whether server-sent events are asked for.
    pub(crate) fn streams(&self) -> bool {
        self.body["stream"] == true
    }
}

type Player = Box<dyn Fn(&Call) -> Play + Send + Sync>;

/// Serves until it is dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    player: Player,
    seen: Mutex<Seen>,
    stopped: AtomicBool,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    bodies: Vec<Vec<u8>>,
    attempts: BTreeMap<u64, usize>,
    problems: Vec<String>,
}

impl FaultServer {
    pub(crate) fn start(player: impl Fn(&Call) -> Play + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            player: Box::new(player),
            seen: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let served = Arc::clone(&shared);
        thread::spawn(move || accept(&listener, &served));
        Self { address, shared }
    }

    /// `http://127.0.0.1:port`, or with another scheme.
    pub(crate) fn address(&self, scheme: &str) -> String {
        format!("{scheme}://{}", self.address)
    }

    /// The bodies of all requests so far.
    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        self.shared.seen.lock().unwrap().bodies.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.seen.lock().unwrap().connections
    }

    /// What was wrong with requests so far, other than their content.
    pub(crate) fn problems(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().problems.clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for a connection.
        drop(TcpStream::connect(self.address));
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.stopped.load(Ordering::SeqCst) {
            return;
        }
        shared.seen.lock().unwrap().connections += 1;
        let shared = Arc::clone(shared);
        // A client that hangs up in the middle is what clients do.
        thread::spawn(move || stream.and_then(|stream| serve(&stream, &shared)));
    }
}

/// Answers the requests of one connection.
fn serve(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(body) = read_request(&mut reader)? {
        perform(stream, &mut reader, shared.play(body))?;
    }
    // As servers greet a client that speaks TLS to a plain port; one that has left does not mind.
    send(stream, &Response::new(400, "text/plain", "Bad Request"))?;
    stream.shutdown(Shutdown::Both)
}

/// A request's body; `None` at the end of the connection and for what is no POST.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut first = Vec::new();
    reader.take(8192).read_until(b'\n', &mut first)?;
    if !first.starts_with(b"POST ") {
        return Ok(None);
    }
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(body))
}

impl Shared {
    fn play(&self, body: Vec<u8>) -> Play {
        let parsed = serde_json::from_slice::<Value>(&body);
        let mut seen = self.seen.lock().unwrap();
        let number = seen.bodies.len();
        seen.bodies.push(body);
        let Ok(body) = parsed else {
            seen.problems.push("a request is no JSON".to_owned());
            return Play::Reset;
        };
        let question = fnv(body["messages"].to_string().as_bytes());
        let attempts = seen.attempts.entry(question).or_default();
        let attempt = *attempts;
        *attempts += 1;
        drop(seen);
        (self.player)(&Call { number, attempt, question, body })
    }
}

/// The FNV-1a hash.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

fn perform(stream: &TcpStream, reader: &mut impl Read, play: Play) -> io::Result<()> {
    match play {
        Play::Whole(response) => send(stream, &response),
        Play::Slow(response, pause) => send_slowly(stream, &response, pause),
        Play::Short(response) => {
            send_half(stream, &response)?;
            stream.shutdown(Shutdown::Both)
        }
        Play::Broken(response) => {
            send_half(stream, &response)?;
            // A reset takes with it what the client has not read yet.
            thread::sleep(Duration::from_millis(30));
            reset(stream)
        }
        Play::Stalled(response) => {
            send_half(stream, &response)?;
            io::copy(reader, &mut io::sink()).map(drop)
        }
        Play::Reset => reset(stream),
    }
}

/// Ends a connection as a crash does; the error ends its thread.
fn reset(stream: &TcpStream) -> io::Result<()> {
    SockRef::from(stream).set_linger(Some(Duration::ZERO))?;
    Err(io::ErrorKind::ConnectionReset.into())
}

fn send(mut stream: &TcpStream, response: &Response) -> io::Result<()> {
    let end: &[u8] = if response.chunked { b"0\r\n\r\n" } else { b"" };
    stream.write_all(&[head(response), packed(response, &response.body), end.to_vec()].concat())
}

fn send_half(mut stream: &TcpStream, response: &Response) -> io::Result<()> {
    let half = &response.body[..response.body.len() / 2];
    stream.write_all(&[head(response), packed(response, half)].concat())
}

/// Some bytes of a body; chunks are cut without regard to characters and events, as packets are.
fn packed(response: &Response, bytes: &[u8]) -> Vec<u8> {
    let size = if response.chunked { 97 } else { bytes.len().max(1) };
    bytes.chunks(size).flat_map(|piece| framed(piece, response.chunked)).collect()
}

/// In about 24 pieces.
fn send_slowly(mut stream: &TcpStream, response: &Response, pause: Duration) -> io::Result<()> {
    stream.write_all(&head(response))?;
    for piece in response.body.chunks(response.body.len() / 24 + 1) {
        thread::sleep(pause);
        stream.write_all(&framed(piece, response.chunked))?;
    }
    if response.chunked { stream.write_all(b"0\r\n\r\n") } else { Ok(()) }
}

fn head(response: &Response) -> Vec<u8> {
    let Response { status, headers, body, chunked } = response;
    let length = if *chunked {
        "transfer-encoding: chunked".to_owned()
    } else {
        format!("content-length: {}", body.len())
    };
    let line = |told: String, (name, value): &(String, String)| told + name + ": " + value + "\r\n";
    let headers = headers.iter().fold(String::new(), line);
    format!("HTTP/1.1 {status} Told\r\n{headers}{length}\r\n\r\n").into_bytes()
}

fn framed(piece: &[u8], chunked: bool) -> Vec<u8> {
    if chunked {
        [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat()
    } else {
        piece.to_vec()
    }
}

/// An address that takes no connection and refuses none: its queue is full and nobody empties it.
pub(crate) struct BlackHole {
    address: SocketAddr,
    _listener: Socket,
    _waiting: Vec<TcpStream>,
}

impl BlackHole {
    pub(crate) fn dig() -> Self {
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let knock = || TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok();
        let waiting = std::iter::from_fn(knock).take(64).collect();
        Self { address, _listener: listener, _waiting: waiting }
    }

    /// `http://127.0.0.1:port`.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.address)
    }
}
