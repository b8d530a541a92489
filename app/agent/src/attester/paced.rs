//! A connection whose client has to take what it asked for.

use {
    std::{
        io::{self, IoSlice},
        pin::Pin,
        task::{Context, Poll},
        time::Duration,
    },
    tokio::{
        io::{AsyncRead, AsyncWrite, ReadBuf},
        time::{Instant, Sleep, sleep},
    },
};

/// Least bytes that a client takes in a second.
const PACE: u64 = 16 << 10;

/// A stream that fails where what is written waits too long for its client: so long at once, or in all, less what it takes at [`PACE`].
pub struct Paced<S> {
    stream: S,
    longest: Duration,
    /// How long it was waited for the client.
    waited: Duration,
    /// Since when it is.
    since: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

impl<S> Paced<S> {
    /// The stream, with so much patience.
    pub fn new(stream: S, longest: Duration) -> Self {
        Self {
            stream,
            longest,
            waited: Duration::ZERO,
            since: None,
            timer: Box::pin(sleep(longest)),
        }
    }

    fn hold(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match polled {
            Poll::Pending => {
                let since = *self.since.get_or_insert_with(Instant::now);
                let left = self.longest.saturating_sub(self.waited);
                self.timer.as_mut().reset(since + left);
                let over = self.timer.as_mut().poll(context);
                over.map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
            Poll::Ready(Ok(written)) => {
                if let Some(since) = self.since.take() {
                    self.waited = self.waited.saturating_add(since.elapsed());
                }
                let micros = u64::try_from(written)
                    .unwrap_or(u64::MAX)
                    .saturating_mul(1_000_000)
                    .checked_div(PACE);
                let taken = Duration::from_micros(micros.unwrap_or_default());
                self.waited = self.waited.saturating_sub(taken);
                Poll::Ready(Ok(written))
            }
            failed => failed,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.hold(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.hold(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use {
        super::*,
        tokio::{
            io::{AsyncReadExt, AsyncWriteExt, duplex},
            time::timeout,
        },
    };

    #[tokio::test]
    async fn a_client_that_takes_a_byte_now_and_then_takes_nothing() {
        for pause in [60_000, 20] {
            let (server, mut client) = duplex(64);
            let mut server = Paced::new(server, Duration::from_millis(100));
            let written = tokio::spawn(async move { server.write_all(&[7; 10_000]).await });
            let read = tokio::spawn(async move {
                loop {
                    sleep(Duration::from_millis(pause)).await;
                    if client.read_u8().await.is_err() {
                        return;
                    }
                }
            });
            let failed = timeout(Duration::from_secs(10), written).await.unwrap();
            read.abort();
            let failed = failed.unwrap().unwrap_err();
            assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
        }
    }

    #[tokio::test]
    async fn a_client_that_takes_enough_takes_all() {
        let (server, mut client) = duplex(64 << 10);
        let mut server = Paced::new(server, Duration::from_secs(2));
        let written = tokio::spawn(async move { server.write_all(&vec![7; 2 << 20]).await });
        let mut buffer = vec![0; 32 << 10];
        while client.read(&mut buffer).await.unwrap() > 0 {
            sleep(Duration::from_millis(40)).await;
        }
        assert!(written.await.unwrap().is_ok());
    }
}
