//! A receiver of webhooks on this machine, over real sockets: it answers as it is told to, and remembers what came.

use std::{
    collections::{BTreeMap, VecDeque},
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// What a message is answered by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Status(u16),
    /// A redirection to somewhere.
    To(String),
    /// Nothing, until the sender gives up.
    Silence,
    /// The connection is closed without an answer.
    Close,
    /// A good head, and a body that never ends.
    Flood,
}

/// A message that came.
#[derive(Clone, Debug)]
pub struct Message {
    /// In small letters.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Message {
    pub fn id(&self) -> String {
        self.headers["webhook-id"].clone()
    }

    pub fn event(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("an event")
    }
}

#[derive(Default)]
struct Kept {
    next: VecDeque<Answer>,
    then: Option<Answer>,
    messages: Vec<Message>,
}

pub struct Receiver {
    address: SocketAddr,
    kept: Arc<(Mutex<Kept>, Condvar)>,
    open: Arc<AtomicBool>,
}

fn lock(kept: &(Mutex<Kept>, Condvar)) -> MutexGuard<'_, Kept> {
    kept.0.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    /// Answers 204 until it is told otherwise.
    pub fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (kept, open) = (Arc::new((Mutex::default(), Condvar::new())), Arc::new(AtomicBool::new(true)));
        let receiver = Receiver { address, kept: kept.clone(), open: open.clone() };
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                if !open.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(socket), kept) = (socket, kept.clone()) else { continue };
                std::thread::spawn(move || serve(socket, &kept));
            }
        });
        receiver
    }

    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// The next messages are answered by these, one each; those behind them as before.
    pub fn answers(&self, next: &[Answer]) {
        lock(&self.kept).next.extend(next.iter().cloned());
    }

    /// All messages are answered by this from now on.
    pub fn always(&self, answer: Answer) {
        let mut kept = lock(&self.kept);
        kept.next.clear();
        kept.then = Some(answer);
    }

    pub fn messages(&self) -> Vec<Message> {
        lock(&self.kept).messages.clone()
    }

    pub fn ids(&self) -> Vec<String> {
        self.messages().iter().map(Message::id).collect()
    }

    /// Waits until so many messages have come; all of them.
    #[track_caller]
    pub fn waits_for(&self, many: usize, patience: Duration) -> Vec<Message> {
        let until = Instant::now() + patience;
        let mut kept = lock(&self.kept);
        while kept.messages.len() < many {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {many} messages came", kept.messages.len());
            kept = self.kept.1.wait_timeout(kept, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        kept.messages.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.open.store(false, Ordering::SeqCst);
        // The thread that waits for somebody is to see it.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(socket: TcpStream, kept: &(Mutex<Kept>, Condvar)) {
    let Some(message) = read(&socket) else { return };
    let answer = {
        let mut kept = lock(kept);
        kept.messages.push(message);
        let then = kept.then.clone();
        kept.next.pop_front().or(then).unwrap_or(Answer::Status(204))
    };
    kept.1.notify_all();
    let mut socket = socket;
    let head = |status: u16, more: &str| format!("HTTP/1.1 {status} As Told\r\n{more}\r\n");
    let _ = match answer {
        Answer::Status(status) => socket.write_all(head(status, "content-length: 0\r\n").as_bytes()),
        Answer::To(place) => {
            socket.write_all(head(302, &format!("location: {place}\r\ncontent-length: 0\r\n")).as_bytes())
        }
        Answer::Silence => {
            let _ = socket.set_read_timeout(Some(Duration::from_secs(60)));
            socket.read(&mut [0; 1]).map(drop)
        }
        Answer::Close => Ok(()),
        Answer::Flood => {
            let _ = socket.write_all(head(200, "").as_bytes());
            loop {
                if let Err(error) = socket.write_all(&[b'x'; 65536]) {
                    break Err(error);
                }
            }
        }
    };
}

fn read(socket: &TcpStream) -> Option<Message> {
    let mut reader = BufReader::new(socket);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end() {
            "" => break,
            text => lines.push(text.to_owned()),
        }
    }
    let pair = |line: &String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers: BTreeMap<String, String> = lines.iter().skip(1).filter_map(pair).collect();
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Message { headers, body: String::from_utf8(body).ok()? })
}
