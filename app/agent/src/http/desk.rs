//! What an attester is asked about jobs and windows, and what it is told.

use {
    super::{Jobs, Known, Server, Standing, answer::Refusal, denied::Why, server::waiting},
    crate::{
        request::{self, Signed},
        wire::{
            Admission, Admitted, Claimed, Claims, Countersigned, Finding, OfWindow, Submission,
            Terms,
        },
    },
    axum::{
        Json,
        body::{Body, to_bytes},
        extract::State,
        http::{HeaderMap, Uri},
    },
    serde::de::DeserializeOwned,
    serde_json::{Value, json},
    solana_address::Address,
    std::sync::Arc,
    tokio::time::timeout,
};

/// Most bytes of a body that is JSON.
const BODY: usize = 256 << 10;

/// Who answers. Each call may take as long as the work that it is about.
pub trait Desk: Jobs {
    /// What the attester says of itself.
    fn terms(&self) -> Terms;

    /// Says whether the job's windows will be checked. A party of the job may have said what its blobs are.
    ///
    /// # Errors
    /// See [`Refusal`].
    fn admit(&self, known: &Known, asked: &Admission) -> Result<Admitted, Refusal>;

    /// Checks what the job's worker claims of a window, and signs it.
    ///
    /// # Errors
    /// See [`Refusal`].
    fn countersign(&self, known: &Known, asked: &Submission) -> Result<Countersigned, Refusal>;

    /// What was claimed of a window of the job, here or to a member that told it.
    ///
    /// # Errors
    /// See [`Refusal`].
    fn claims(&self, known: &Known, window: u32) -> Result<Vec<Claimed>, Refusal>;

    /// Hears what the member `by` found false.
    ///
    /// # Errors
    /// See [`Refusal`].
    fn hear(&self, known: &Known, by: &Address, told: &Finding) -> Result<(), Refusal>;
}

type Answer<T> = Result<Json<T>, Refusal>;

pub async fn terms<J: Desk>(State(server): State<Arc<Server<J>>>) -> Json<Terms> {
    Json(server.jobs.terms())
}

pub async fn jobs<J: Desk>(
    State(server): State<Arc<Server<J>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer<Admitted> {
    let (signed, asked) = read::<J, Admission>(&server, &uri, &headers, body).await?;
    let about = (asked.job, None);
    answer(server, about, move |server| {
        let (known, standing) = server.asker(&asked.job, asked.node.as_ref(), &signed)?;
        let says = asked.spec.is_some() || asked.inputs.is_some();
        if says && standing != Standing::Party {
            return Err(Refusal::NoParty);
        }
        server.remember(&signed)?;
        server.jobs.admit(&known, &asked)
    })
    .await
}

pub async fn windows<J: Desk>(
    State(server): State<Arc<Server<J>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer<Countersigned> {
    let (signed, asked) = read::<J, Submission>(&server, &uri, &headers, body).await?;
    let about = (asked.job, Some(asked.window));
    answer(server, about, move |server| {
        let (known, _) = server.asker(&asked.job, None, &signed)?;
        if signed.key != known.worker {
            return Err(Refusal::NoParty);
        }
        server.remember(&signed)?;
        server.jobs.countersign(&known, &asked)
    })
    .await
}

pub async fn claims<J: Desk>(
    State(server): State<Arc<Server<J>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer<Claims> {
    let (signed, asked) = read::<J, OfWindow>(&server, &uri, &headers, body).await?;
    let about = (asked.job, Some(asked.window));
    answer(server, about, move |server| {
        let known = server.party(&asked.job, &signed)?;
        if known.id.incarnation != asked.incarnation {
            return Err(Why::Incarnation.into());
        }
        let claims = server.jobs.claims(&known, asked.window)?;
        Ok(Claims { claims })
    })
    .await
}

pub async fn findings<J: Desk>(
    State(server): State<Arc<Server<J>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answer<Value> {
    let (signed, told) = read::<J, Finding>(&server, &uri, &headers, body).await?;
    let about = (told.claim.job, Some(told.claim.window));
    answer(server, about, move |server| {
        let (known, _) = server.asker(&told.claim.job, None, &signed)?;
        if !known.members.contains(&signed.key) {
            return Err(Refusal::NoParty);
        }
        server.remember(&signed)?;
        server.jobs.hear(&known, &signed.key, &told)?;
        Ok(json!({}))
    })
    .await
}

/// The body, which the request's key signed.
async fn read<J: Jobs, B: DeserializeOwned>(
    server: &Arc<Server<J>>,
    uri: &Uri,
    headers: &HeaderMap,
    body: Body,
) -> Result<(Signed, B), Refusal> {
    let bytes = timeout(server.pace.silence, to_bytes(body, BODY)).await;
    let bytes = bytes.map_err(|_| Refusal::Body)?;
    let bytes = bytes.map_err(|_| Refusal::Body)?;
    let signed = server.signed("POST", uri, headers, request::body(&bytes));
    let signed = signed.await?;
    let asked = serde_json::from_slice(&bytes).map_err(|_| Refusal::Body)?;
    Ok((signed, asked))
}

/// Works on the answer where it may wait. What takes too long goes on, and its outcome is there for whoever asks again.
async fn answer<J: Desk, T: Send + 'static>(
    server: Arc<Server<J>>,
    (job, window): (Address, Option<u32>),
    does: impl FnOnce(&Server<J>) -> Result<T, Refusal> + Send + 'static,
) -> Answer<T> {
    let longest = server.answer;
    let answered = timeout(longest, waiting(move || does(&server))).await;
    let answered = answered.unwrap_or(Err(Refusal::Busy));
    if let Err(refusal) = &answered {
        let (code, chunk) = (refusal.code(), refusal.body().chunk);
        tracing::info!(code, %job, window, chunk, "refused");
        metrics::counter!("sluice_attester_refusals_total", "code" => code).increment(1);
    }
    answered.map(Json)
}
