//! The store's part of the interface.

use {
    super::{
        Jobs, Server, Standing, answer::Refusal, denied::Denied, incoming::reader, server::waiting,
    },
    crate::{
        blobs::{Here, Name, NotKept, Put},
        member::RECEIVED,
        request,
        wire::Received,
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
    tokio::fs::File,
    tokio_util::io::ReaderStream,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Of {
    job: String,
    node: Option<String>,
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

pub async fn put<J: Jobs>(
    State(server): State<Arc<Server<J>>>,
    Path(blob): Path<String>,
    asked: Asked,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let name = name(&blob)?;
    let signed = server.signed("PUT", &uri, &headers, name).await?;
    let (job, of) = of(asked)?;
    let (len, from) = of.len.zip(of.from).ok_or(Refusal::Malformed)?;
    // Who may not ask takes nobody's place, and is not waited for.
    let asks = server.clone();
    let (known, signed) = waiting(move || {
        let (known, _) = asks.asker(&job, None, &signed)?;
        Ok((known, signed))
    })
    .await?;
    let _transfer = server.transfers.begin(known.id).ok_or(Refusal::Busy)?;
    let (mut incoming, pump) = reader(body, server.pace);
    let store = server.clone();
    let kept = waiting(move || {
        store.remember(&signed)?;
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
    tokio::pin!(kept);
    // What is refused needs no more of its body.
    let here = tokio::select! {
        here = &mut kept => here,
        () = pump => kept.await,
    };
    let (received, whole) = match here? {
        Here::Part(received) => (received, false),
        Here::Whole(received) => (received, true),
    };
    let status = if whole {
        StatusCode::CREATED
    } else {
        StatusCode::ACCEPTED
    };
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
    let signed = server.signed("HEAD", &uri, &headers, request::body(b""));
    let signed = signed.await?;
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
    let signed = server.signed("GET", &uri, &headers, request::body(b""));
    let signed = signed.await?;
    let (job, of) = of(asked)?;
    let node: Option<Address> = match of.node {
        Some(node) => Some(node.parse().map_err(|_| Refusal::Malformed)?),
        None => None,
    };
    let (file, len) = waiting(move || {
        let (known, standing) = server.asker(&job, node.as_ref(), &signed)?;
        if standing == Standing::Registered && !server.jobs.shown(&known.id)?.contains(&name) {
            return Err(Refusal::NoParty);
        }
        server.remember(&signed)?;
        let file = server.blobs.get(&known.id, &name)?;
        let file = file.ok_or_else(|| Denied::missing(name))?;
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
