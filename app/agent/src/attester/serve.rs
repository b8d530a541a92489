//! The listener: connections, headers and rates are bounded, and it ends in order.

use {
    super::{crowd::Crowd, paced::Paced},
    crate::http::answer::Refusal,
    axum::{
        Router,
        body::Body,
        extract::{ConnectInfo, Request},
        response::IntoResponse,
    },
    hyper::server::conn::http1,
    hyper_util::{
        rt::{TokioIo, TokioTimer},
        server::graceful::GracefulShutdown,
        service::TowerToHyperService,
    },
    std::{
        io,
        net::{IpAddr, Ipv6Addr, SocketAddr},
        sync::Arc,
        time::Duration,
    },
    tokio::{
        net::{TcpListener, TcpStream},
        sync::Semaphore,
        time::{sleep, timeout},
    },
    tower::ServiceExt,
    tower_governor::{
        GovernorError, GovernorLayer, governor::GovernorConfigBuilder, key_extractor::KeyExtractor,
    },
};

/// Longest time for a request's head, and between two requests of a connection.
const HEAD: Duration = Duration::from_secs(15);
/// Longest time for the requests that are under way when the process ends.
const LAST: Duration = Duration::from_secs(10);
/// How often it is forgotten which addresses asked.
const FORGET: Duration = Duration::from_secs(60);

/// How much a listener takes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Connections at once, a quarter of them of one address that is no proxy.
    pub connections: usize,
    /// How long it is waited for a client that takes nothing of its answer.
    pub silence: Duration,
    /// Requests a second of one address.
    pub requests_a_second: u32,
    /// The address of who asks is the last in `X-Forwarded-For`.
    pub is_behind_proxy: bool,
}

/// Answers until `stop`.
///
/// # Errors
/// None after it began: a connection that cannot be taken is tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: impl Future<Output = ()>,
) -> io::Result<()> {
    let router = limited(router, &bounds)?;
    let room = Arc::new(Semaphore::new(bounds.connections));
    let most_of_one = if bounds.is_behind_proxy {
        bounds.connections
    } else {
        bounds.connections.div_ceil(4)
    };
    let crowd = Crowd::new(most_of_one);
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let next = async {
            let room = room.clone().acquire_owned().await;
            (room, listener.accept().await)
        };
        let (room, (stream, from)) = tokio::select! {
            () = &mut stop => break,
            (Ok(room), Ok(stream)) = next => (room, stream),
            // No file is left, or the like.
            else => {
                sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Some(held) = crowd.take(network_of(from.ip())) else {
            continue;
        };
        let stream = Paced::new(stream, bounds.silence);
        let connection = connections.watch(connection(stream, from, router.clone()));
        tokio::spawn(async move {
            // The first is dropped first.
            let _held = (held, room);
            // A connection that breaks is its client's business.
            let _ = connection.await;
        });
    }
    let _ = timeout(LAST, connections.shutdown()).await;
    Ok(())
}

type Service = tower::util::BoxCloneSyncService<
    Request<hyper::body::Incoming>,
    axum::response::Response,
    std::convert::Infallible,
>;

fn connection(
    stream: Paced<TcpStream>,
    from: SocketAddr,
    router: Router,
) -> http1::Connection<TokioIo<Paced<TcpStream>>, TowerToHyperService<Service>> {
    let service = router.map_request(move |mut request: Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        request.map(Body::new)
    });
    let service = TowerToHyperService::new(Service::new(service));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), service)
}

/// The router behind a limit of requests for each address.
fn limited(router: Router, bounds: &Bounds) -> io::Result<Router> {
    let rate = bounds.requests_a_second.max(1);
    let mut config = GovernorConfigBuilder::default().key_extractor(Asker {
        is_behind_proxy: bounds.is_behind_proxy,
    });
    let config = config
        .period(Duration::from_secs(1) / rate)
        .burst_size(rate.saturating_mul(2))
        .finish();
    let config = Arc::new(config.ok_or(io::ErrorKind::InvalidInput)?);
    let limiter = Arc::downgrade(config.limiter());
    tokio::spawn(async move {
        while let Some(limiter) = limiter.upgrade() {
            limiter.retain_recent();
            drop(limiter);
            sleep(FORGET).await;
        }
    });
    let layer = GovernorLayer::new(config).error_handler(|_| Refusal::Busy.into_response());
    Ok(router.layer(layer))
}

/// Who asks, as far as an address tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asker {
    is_behind_proxy: bool,
}

impl KeyExtractor for Asker {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        let address = if self.is_behind_proxy {
            // The proxy adds the address that it sees behind whatever the client wrote.
            let mut lists = request.headers().get_all("x-forwarded-for").iter();
            let last = lists.next_back();
            let last = last.and_then(|value| value.to_str().ok());
            let last = last.and_then(|list| list.rsplit(',').next());
            last.and_then(|address| address.trim().parse().ok())
        } else {
            let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
            from.map(|ConnectInfo(from)| from.ip())
        };
        let address = address.ok_or(GovernorError::UnableToExtractKey)?;
        Ok(network_of(address))
    }
}

/// One who has an IPv6 address has 2^64 of them.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [one, two, three, four, ..] = address.segments();
            Ipv6Addr::new(one, two, three, four, 0, 0, 0, 0).into()
        }
        address => address,
    }
}
