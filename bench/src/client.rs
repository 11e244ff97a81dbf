//! The driver: threads that each keep one connection and ask again as soon as they are answered.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A connection that is kept.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

/// An answer as far as the driver looks at it.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The lines of the head after the first.
    pub(crate) head: Vec<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .iter()
            .filter_map(|line| line.split_once(':'))
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Client {
    /// Connects.
    pub(crate) fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        Ok(Self {
            stream: BufReader::with_capacity(64 * 1024, stream),
        })
    }

    /// Sends a request and reads its answer.
    pub(crate) fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.get_mut().write_all(request)?;
        let first = self.line()?;
        let status = first.split(' ').nth(1).context("an HTTP answer")?;
        let mut answer = Answer {
            status: status.parse()?,
            head: Vec::new(),
            body: Vec::new(),
        };
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            answer.head.push(line);
        }
        let length = answer.header("content-length").unwrap_or("0");
        let mut body = vec![0; length.parse()?];
        self.stream.read_exact(&mut body)?;
        answer.body = body;
        Ok(answer)
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            bail!("the server hung up");
        }
        Ok(line.trim_end().to_owned())
    }
}

/// A request's bytes.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let headers: String = headers
        .iter()
        .flat_map(|(name, value)| [*name, ": ", *value, "\r\n"])
        .collect();
    let length = match body.len() {
        0 => String::new(),
        length => format!("content-length: {length}\r\n"),
    };
    let text =
        format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{headers}{length}\r\n{body}");
    text.into_bytes()
}

/// How long the answers took, shortest first.
pub(crate) struct Times {
    sorted: Vec<Duration>,
    whole: Duration,
}

impl Times {
    /// Times of one run that took `whole`.
    pub(crate) fn new(mut times: Vec<Duration>, whole: Duration) -> Self {
        times.sort_unstable();
        Self {
            sorted: times,
            whole,
        }
    }

    /// The time that this many percent of the answers did not exceed, in milliseconds.
    pub(crate) fn percentile_ms(&self, percent: usize) -> f64 {
        let place = (self.sorted.len() * percent / 100).min(self.sorted.len().saturating_sub(1));
        let time = self.sorted.get(place).copied().unwrap_or_default();
        time.as_secs_f64() * 1000.0
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        let count = u32::try_from(self.sorted.len()).unwrap_or(u32::MAX);
        f64::from(count) / self.whole.as_secs_f64()
    }

    /// How many answers there were.
    pub(crate) fn count(&self) -> usize {
        self.sorted.len()
    }
}

/// How hard to ask.
#[derive(Clone, Copy)]
pub(crate) struct Load {
    /// Connections that are kept at the same time.
    pub(crate) connections: usize,
    /// How long.
    pub(crate) stretch: Duration,
}

/// Asks `address` for what `ask` makes, numbered by connection and request; every answer must have
/// the status `expected`.
pub(crate) fn drive(
    address: SocketAddr,
    load: Load,
    expected: u16,
    ask: impl Fn(usize, usize) -> Vec<u8> + Sync,
) -> Result<Times> {
    let begun = Instant::now();
    let one = |connection: usize| -> Result<Vec<Duration>> {
        let mut client = Client::connect(address)?;
        let mut times = Vec::new();
        for number in 0.. {
            if begun.elapsed() >= load.stretch {
                break;
            }
            let request = ask(connection, number);
            let asked = Instant::now();
            let answer = client.send(&request)?;
            times.push(asked.elapsed());
            if answer.status != expected {
                bail!("status {}: {}", answer.status, answer.text());
            }
        }
        Ok(times)
    };
    let one = &one;
    let all: Vec<Result<Vec<Duration>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..load.connections)
            .map(|connection| scope.spawn(move || one(connection)))
            .collect();
        let joined = threads.into_iter().map(|thread| match thread.join() {
            Ok(times) => times,
            Err(_) => bail!("a driver's thread panicked"),
        });
        joined.collect()
    });
    let mut times = Vec::new();
    for part in all {
        times.extend(part?);
    }
    Ok(Times::new(times, begun.elapsed()))
}
