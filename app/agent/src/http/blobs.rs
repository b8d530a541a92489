//! The store's part of the interface.

use {
    super::{
        Jobs, Server,
        answer::{Received, Refusal},
        incoming::reader,
    },
    crate::{
        blobs::{Here, Name, NotKept, Put},
        request,
    },
    axum::{
        Json,
        body::Body,
        extract::{Path, Query, State, rejection::QueryRejection},
        http::{HeaderMap, StatusCode, Uri, header},
        response::{IntoResponse, Response},
    },
    serde::Deserialize,
    solana_address::Address,
    std::sync::Arc,
    tokio::{fs::File, task::spawn_blocking},
    tokio_util::io::ReaderStream,
};

/// How much of a blob is here, bytes.
const RECEIVED: &str = "sluice-received";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    job: String,
    len: Option<u64>,
    from: Option<u64>,
}

type Asked = Result<Query<Of>, QueryRejection>;

fn name(text: &str) -> Result<Name, Refusal> {
    let mut name = Name::default();
    hex::decode_to_slice(text, &mut name).map_err(|_| Refusal::Malformed)?;
    Ok(name)
}

fn of(asked: Asked) -> Result<(Address, Of), Refusal> {
    let Query(of) = asked.map_err(|_| Refusal::Malformed)?;
    let job = of.job.parse().map_err(|_| Refusal::Malformed)?;
    Ok((job, of))
}

/// Runs what waits for a disk or a node where it may.
async fn waiting<T: Send + 'static>(
    does: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    spawn_blocking(does).await.map_err(|_| Refusal::Busy)?
}

pub async fn put<J: Jobs>(
    State(server): State<Arc<Server<J>>>,
    Path(blob): Path<String>,
    asked: Asked,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let name = name(&blob)?;
    let signed = server.signed("PUT", &uri, &headers, name)?;
    let (job, of) = of(asked)?;
    let (len, from) = of.len.zip(of.from).ok_or(Refusal::Malformed)?;
    let _transfer = server.transfers.try_acquire().map_err(|_| Refusal::Busy)?;
    let (mut incoming, pump) = reader(body, server.pace);
    let store = server.clone();
    let kept = waiting(move || {
        let known = store.party(&job, &signed)?;
        let put = Put {
            name,
            len,
            job: known.id,
            by: signed.key,
            until: known.until,
            quota: known.quota,
        };
        Ok(store.blobs.put(&put, from, &mut incoming)?)
    });
    let (here, ()) = tokio::join!(kept, pump);
    let (received, whole) = match here? {
        Here::Part(received) => (received, false),
        Here::Whole(received) => (received, true),
    };
    let status = if whole {
        StatusCode::CREATED
    } else {
        StatusCode::ACCEPTED
    };
    let received = received.to_string();
    Ok((status, Json(Received { received, whole })).into_response())
}

pub async fn head<J: Jobs>(
    State(server): State<Arc<Server<J>>>,
    Path(blob): Path<String>,
    asked: Asked,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let name = name(&blob)?;
    let signed = server.signed("HEAD", &uri, &headers, request::body(b""))?;
    let (job, _) = of(asked)?;
    let here = waiting(move || {
        let known = server.party(&job, &signed)?;
        Ok(server.blobs.here(&known.id, &name)?)
    });
    let (status, received) = match here.await? {
        Here::Whole(len) => (StatusCode::OK, len),
        Here::Part(received) => (StatusCode::NOT_FOUND, received),
    };
    Ok((status, [(RECEIVED, received.to_string())]).into_response())
}

pub async fn get<J: Jobs>(
    State(server): State<Arc<Server<J>>>,
    Path(blob): Path<String>,
    asked: Asked,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let name = name(&blob)?;
    let signed = server.signed("GET", &uri, &headers, request::body(b""))?;
    let (job, _) = of(asked)?;
    let (file, len) = waiting(move || {
        let known = server.party(&job, &signed)?;
        let file = server
            .blobs
            .get(&known.id, &name)?
            .ok_or(Refusal::Missing)?;
        let len = file.metadata().map_err(NotKept::from)?.len();
        Ok((file, len))
    })
    .await?;
    let stream = ReaderStream::with_capacity(File::from_std(file), 64 << 10);
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, len.to_string()),
    ];
    Ok((headers, Body::from_stream(stream)).into_response())
}
